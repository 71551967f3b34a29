"""Comes in: stages with their steps. Goes out: what every balance comes to at each case.

The cases and the steps of all stages stand in one relation and are added up in the order of time,
apart for each stage, each of whom it is and each period. A step at the moment of a case counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voucher_rules.compiled.history_steps import Stage
from voucher_rules.compiled.history_text import Speech, nest, select


@dataclass(frozen=True, slots=True)
class Sums:
    """Adds up the steps of all stages at every case; ``keys`` tell the cases apart."""

    speech: Speech
    stages: Sequence[Stage]
    keys: Sequence[str]

    def write(self) -> str:
        """Return the query: the keys, whether no other case has them, and what is told."""
        rows = "\nUNION ALL\n".join(
            text for stage in self.stages for text in self._list_rows(stage)
        )
        sums = select(["*", *self._list_sums()], self._nest(rows))
        told = [
            f"CAST(MAX(CASE WHEN vr_stage = {stage.number} THEN {text} END) AS BIGINT) AS {name}"
            for stage in self.stages
            for name, text in stage.list_told()
        ]
        once = f"COUNT(*) = {len(self.stages)} AS vr_once"
        text = select([*self.keys, once, *told], self._nest(sums), "vr_is_case = 1")
        return f"{text}\nGROUP BY {', '.join(self.keys)}" if self.keys else text

    def _nest(self, text: str) -> str:
        return nest(text, self.speech.dialect.fence)

    def _list_apart(self) -> list[str]:
        """Return the columns by which rows stand apart: those of the widest stage."""
        whose = max(len(stage.asked.whose) for stage in self.stages)
        days = max(len(stage.asked.days) for stage in self.stages)
        return [*(f"vr_q{at}" for at in range(whose)), *(f"vr_p{at}" for at in range(days))]

    def _list_changes(self) -> list[str]:
        return max((stage.list_changes() for stage in self.stages), key=len)

    def _list_rows(self, stage: Stage) -> Iterator[str]:
        """Yield the cases of a stage and its steps, in the columns that all stages have."""
        mine = stage.list_keys()
        keys = [x if x in mine else f"{self._blank(x)} AS {x}" for x in self._list_apart()]
        changes, all_changes = stage.list_changes(), self._list_changes()
        cases = [
            *self.keys,
            f"{stage.number} AS vr_stage",
            *("vr_t", "vr_w"),
            *keys,
            *(f"0 AS {name}" for name in all_changes),
            *("vr_x", "vr_known", "1 AS vr_is_case"),
        ]
        steps = [
            *(f"NULL AS {key}" for key in self.keys),
            f"{stage.number} AS vr_stage",
            *("vr_t", "vr_w"),
            *keys,
            *(name if name in changes else f"0 AS {name}" for name in all_changes),
            *("NULL AS vr_x", "NULL AS vr_known", "0 AS vr_is_case"),
        ]
        yield select(cases, self._nest(stage.write_cases(self.keys)))
        yield select(steps, stage.steps)

    def _blank(self, column: str) -> str:
        kind = self.speech.dialect.text if column.startswith("vr_q") else "BIGINT"
        return f"CAST('0' AS {kind})"

    def _list_sums(self) -> Iterator[str]:
        apart = ", ".join(["vr_stage", *self._list_apart()])
        for at, name in enumerate(self._list_changes()):
            yield f"SUM({name}) OVER (PARTITION BY {apart} ORDER BY vr_t) AS vr_all{at}"
        own = {
            at
            for stage in self.stages
            for at, planned in enumerate(stage.planned)
            if planned.balance.others_only
        }
        for at in sorted(own):
            yield f"SUM(vr_n{at}) OVER (PARTITION BY {apart}, vr_w ORDER BY vr_t) AS vr_own{at}"
