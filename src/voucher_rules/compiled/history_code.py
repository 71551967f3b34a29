"""Comes in: a plan of balances and a dialect. Goes out: one SELECT that tells them of each case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from voucher_rules.checked.histories import Measure
from voucher_rules.compiled.history_cases import Cases
from voucher_rules.compiled.history_events import COLUMNS, count_faults, write_events
from voucher_rules.compiled.history_plan import Form, Planned, Plans
from voucher_rules.compiled.history_steps import Stage
from voucher_rules.compiled.history_sums import Sums
from voucher_rules.compiled.history_text import Speech, open_with, select
from voucher_rules.compiled.history_things import Things
from voucher_rules.compiled.sql_columns import SqlColumn
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.diagnostics import Diagnostic

_MOST: Final = 9 * 10**18
"""So much may all amounts there ever were come to, in minor units."""
_SURE: Final = "vr_ok AND vr_once"
"""Every entry fits, and no other case has the same keys."""
_HOLDS: Final = {
    Measure.SUM: "whole number",
    Measure.COUNT: "whole number",
    Measure.DISTINCT: "whole number",
    Measure.HOLDS: "truth",
    Measure.SET: "mask",
    Measure.FIRST: "day",
    Measure.LAST: "day",
}


@dataclass(frozen=True, slots=True)
class SqlBalances:
    """The balances a decision reads, as one statement over cases and the entries of a ledger.

    ``reads`` are the columns the cases must have beside the keys, ``reads_of_events`` those of the
    entries, ``gives`` those of the result beside the keys. ``refused`` are the balances that cannot
    be told, each with its reason and its name as its path. ``relation`` is the cases with their
    balances, as a query that :func:`voucher_rules.sql` takes. ``unfit`` is a statement that lists
    the entries no ledger would hold; while there is one, every balance is null.
    """

    decision: str
    dialect: str
    text: str
    relation: str
    unfit: str
    reads: tuple[SqlColumn, ...]
    reads_of_events: tuple[SqlColumn, ...]
    gives: tuple[SqlColumn, ...]
    refused: tuple[Diagnostic, ...]


def write_balances(  # noqa: PLR0913, PLR0917 - each argument is one thing the text rests on
    plans: Plans,
    dialect: str,
    cases: str,
    events: str,
    keys: Sequence[str],
    known: datetime | None = None,
) -> SqlBalances:
    """Write balances as one SELECT over two relations, each a name or a query in brackets."""
    ahead = plans.program.ruleset.zone.utcoffset(None) // timedelta(minutes=1)
    speech = Speech(DIALECTS[dialect], ahead)
    writer = _Writer(plans, speech, cases, events, tuple(keys), known)
    text, unfit = writer.write()
    return SqlBalances(
        plans.program.decision.name,
        dialect,
        text,
        writer.write_relation(text),
        unfit,
        writer.cases.list_reads(),
        tuple(writer.list_reads_of_events()),
        tuple(column for column, _ in writer.list_gives()),
        tuple(list_refused(plans)),
    )


def list_refused(plans: Plans) -> Iterator[Diagnostic]:
    """Yield why each of the other balances cannot be told."""
    for name, reason in plans.refused.items():
        told = {"name": name, "reason": reason}
        yield Diagnostic("no-balance-sql", told, path=name)


@dataclass(slots=True)
class _Writer:
    plans: Plans
    speech: Speech
    relation: str
    events: str
    keys: tuple[str, ...]
    known: datetime | None
    carried: tuple[str, ...] = field(init=False)
    cases: Cases = field(init=False)
    things: Mapping[str, Things] = field(init=False)
    stages: tuple[Stage, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = dict.fromkeys(x for item in self.plans.planned for x in self._list_carried(item))
        self.carried = tuple(names)
        self.cases = Cases(self.speech, self.plans)
        lifecycles = dict.fromkeys(item.balance.lifecycle for item in self.plans.planned)
        self.things = {name: self._read_things(at, name) for at, name in enumerate(lifecycles)}
        self.stages = tuple(self._list_stages())

    # -- what is read ----------------------------------------------------------------------------

    def _list_carried(self, item: Planned) -> Iterator[str]:
        """Yield what a balance reads of what things carry."""
        balance = item.balance
        carries = self.plans.flows[balance.lifecycle].lifecycle.carries
        days = (balance.dated_by,) if item.is_dated else ()
        yield from (name for name in (*balance.per, *days, balance.of) if name in carries)

    def _list_entered(self, item: Planned) -> Iterator[str]:
        """Yield the states whose day a balance reads."""
        balance = item.balance
        states = self.plans.flows[balance.lifecycle].lifecycle.states
        days = (balance.dated_by,) if item.is_dated else ()
        yield from (name for name in (*days, balance.of) if name in states)

    def _read_things(self, number: int, name: str) -> Things:
        mine = [item for item in self.plans.planned if item.balance.lifecycle == name]
        carried = dict.fromkeys(x for item in mine for x in self._list_carried(item))
        entered = dict.fromkeys(x for item in mine for x in self._list_entered(item))
        dated = [x.balance.dated_by for x in mine if x.form is Form.ENTERED]
        kept = dict.fromkeys([*(x for item in mine for x in item.balance.states), *dated])
        places = {x: self.carried.index(x) for x in carried}
        flow = self.plans.flows[name]
        return Things(number, self.speech, flow, places, tuple(entered), tuple(kept))

    def _list_stages(self) -> Iterator[Stage]:
        together: dict[tuple[object, ...], list[Planned]] = {}
        for item in self.plans.planned:
            together.setdefault(item.stage, []).append(item)
        types = {name: x.type for name, x in self.plans.program.inputs.items()}
        for number, planned in enumerate(together.values()):
            things = self.things[planned[0].balance.lifecycle]
            yield Stage(number, tuple(planned), self.cases.ask(planned[0]), things, types)

    def list_reads_of_events(self) -> Iterator[SqlColumn]:
        """Yield the columns a relation of entries must have."""
        for name, holds in COLUMNS:
            if name != "known" or self.known is not None:
                yield SqlColumn(name, holds)
        yield from (SqlColumn(f"carries.{name}", "text") for name in self.carried)

    # -- the statement ---------------------------------------------------------------------------

    def write(self) -> tuple[str, str]:
        """Return the statement, and the one that lists entries which do not fit."""
        ruleset = self.plans.program.ruleset
        before = list(
            write_events(
                self.speech, self.events, ruleset.id, list(self.things), self.carried, self.known
            )
        )
        for things in self.things.values():
            before += things.write()
        unfit = f"{open_with(before)}\n{self._write_unfit()}\nORDER BY vr_seq"
        before.append(self.speech.query("vr_fit", self._write_fit(), once=True))
        before += self._write_sums()
        name = self.speech.name
        columns = [name(key) for key in self.keys]
        columns += [f"{text} AS {name(column.name)}" for column, text in self.list_gives()]
        return f"{open_with(before)}\n{select(columns, 'vr_sums CROSS JOIN vr_fit')}", unfit

    def _write_sums(self) -> Iterator[str]:
        """Yield the cases, the steps of each stage, and what all come to at each case."""
        keys = [self.speech.name(key) for key in self.keys]
        own = [
            f"{self.speech.name('at')} AS vr_t",
            f"NULLIF({self.speech.name('thing')}, '') AS vr_w",
        ]
        made = [f"{text} AS {column}" for text, column in self.cases.columns.items()]
        yield self.speech.query("vr_cases", select([*keys, *own, *made], self.relation), once=True)
        for stage in self.stages:
            yield self.speech.query(stage.steps, stage.write_steps())
        yield self.speech.query("vr_sums", Sums(self.speech, self.stages, keys).write())

    def list_gives(self) -> list[tuple[SqlColumn, str]]:
        """Return the columns of the result, each with its text."""
        places = {
            item.balance.name: stage.tell(at)
            for stage in self.stages
            for at, item in enumerate(stage.planned)
        }
        made = []
        for item in self.plans.planned:
            name, measure = item.balance.name, item.balance.measure
            declared = self.plans.program.inputs[name]
            named = declared.type.options if measure is Measure.SET else ()
            told = self._tell(item, places[name])
            made.append((SqlColumn(name, _HOLDS[measure], tuple(named)), told))
            if declared.optional or declared.applies is not None:
                none = "FALSE"
                if item.form is Form.DAYS and not item.balance.otherwise:
                    none = f"COALESCE({_SURE} AND {places[name]}_none = 0, FALSE)"
                made.append((SqlColumn(f"{name}.none", "truth"), none))
        return made

    def _tell(self, item: Planned, place: str) -> str:
        """Return a balance in the form its column has."""
        told = f"CASE WHEN {_SURE} THEN {place} END"
        match item.form:
            case Form.DAYS:
                return self.speech.of_number(told)
            case _ if item.balance.measure is Measure.HOLDS:
                return f"{told} > 0"
        return told

    def _write_fit(self) -> str:
        """Return whether every entry is one that a ledger could hold."""
        counts = [count_faults()]
        for things in self.things.values():
            counts.append(select(["COUNT(*) AS vr_count"], things.table, "vr_fits IS NOT TRUE"))
            if things.flow.lifecycle.currency:
                total = "COALESCE(SUM(CAST(vr_face AS DECIMAL(38, 0))), 0)"
                much = f"CASE WHEN {total} < {_MOST} THEN 0 ELSE 1 END AS vr_count"
                counts.append(select([much], things.table))
        rows = "\nUNION ALL\n".join(counts)
        return select(["SUM(vr_count) = 0 AS vr_ok"], f"(\n{rows}\n) AS vr_rows")

    def _write_unfit(self) -> str:
        rows = [
            select(
                ["vr_seq", f"{self.speech.text(name)} AS vr_lifecycle", "vr_thing"],
                things.table,
                "vr_fits IS NOT TRUE",
            )
            for name, things in self.things.items()
        ]
        return "\nUNION ALL\n".join(rows)

    def write_relation(self, text: str) -> str:
        """Return the cases with their balances as a query in brackets."""
        name = self.speech.name
        alike = " AND ".join(f"vr_case.{name(x)} = vr_balances.{name(x)}" for x in self.keys)
        columns = ["vr_case.*", *(f"vr_balances.{name(x.name)}" for x, _ in self.list_gives())]
        joined = (
            f"(\n{select(['*'], self.relation)}\n) AS vr_case"
            f"\nLEFT JOIN (\n{text}\n) AS vr_balances ON {alike}"
        )
        return f"(\n{select(columns, joined)}\n) AS cases"
