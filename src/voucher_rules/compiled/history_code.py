"""Comes in: a plan of balances and a dialect. Goes out: one SELECT that tells them of each case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from voucher_rules.checked.histories import UNKNOWN, Measure
from voucher_rules.compiled.history_cases import Cases
from voucher_rules.compiled.history_events import COLUMNS, count_faults, write_events
from voucher_rules.compiled.history_plan import Form, Planned, Plans
from voucher_rules.compiled.history_steps import Stage
from voucher_rules.compiled.history_text import Speech, open_with, select
from voucher_rules.compiled.history_things import Things
from voucher_rules.compiled.sql_columns import SqlColumn
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.diagnostics import Diagnostic

_MOST: Final = 9 * 10**18
"""So much may all amounts there ever were come to, in minor units."""
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


def write_balances(  # noqa: PLR0913 - each argument is one thing the text rests on
    plans: Plans,
    dialect: str,
    cases: str,
    events: str,
    keys: Sequence[str],
    known: datetime | None = None,
) -> SqlBalances:
    """Write balances as one SELECT over two relations, each a name or a query in brackets."""
    writer = _Writer(plans, Speech(DIALECTS[dialect]), cases, events, tuple(keys), known)
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
    minutes: int = field(init=False)
    carried: tuple[str, ...] = field(init=False)
    cases: Cases = field(init=False)
    things: Mapping[str, Things] = field(init=False)
    stages: tuple[Stage, ...] = field(init=False)
    others: Mapping[str, str] = field(init=False)
    """What holds where a balance finds no day, by its name."""

    def __post_init__(self) -> None:
        offset = self.plans.program.ruleset.zone.utcoffset(None)
        self.minutes = offset // timedelta(minutes=1)
        names = dict.fromkeys(x for item in self.plans.planned for x in self._list_carried(item))
        self.carried = tuple(names)
        self.cases = Cases(self.speech, self.plans, self.minutes)
        lifecycles = dict.fromkeys(item.balance.lifecycle for item in self.plans.planned)
        self.things = {name: self._read_things(name) for name in lifecycles}
        self.stages = tuple(self._list_stages())
        found = {item.balance.name: item.balance.otherwise for item in self.plans.planned}
        self.others = {
            name: self.cases.otherwise(fact)
            for name, fact in found.items()
            if fact not in ("", UNKNOWN)
        }

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

    def _read_things(self, name: str) -> Things:
        mine = [item for item in self.plans.planned if item.balance.lifecycle == name]
        carried = dict.fromkeys(x for item in mine for x in self._list_carried(item))
        entered = dict.fromkeys(x for item in mine for x in self._list_entered(item))
        dated = [x.balance.dated_by for x in mine if x.form is Form.ENTERED]
        kept = dict.fromkeys([*(x for item in mine for x in item.balance.states), *dated])
        places = {x: self.carried.index(x) for x in carried}
        flow = self.plans.flows[name]
        return Things(self.speech, flow, self.minutes, places, tuple(entered), tuple(kept))

    def _list_stages(self) -> Iterator[Stage]:
        together: dict[tuple[object, ...], list[Planned]] = {}
        for item in self.plans.planned:
            together.setdefault(item.stage, []).append(item)
        types = {name: x.type for name, x in self.plans.program.inputs.items()}
        lives = list(self.things)
        for number, planned in enumerate(together.values()):
            name = planned[0].balance.lifecycle
            asked = self.cases.ask(planned[0])
            table = f"vr_lives_{lives.index(name)}"
            yield Stage(number, tuple(planned), asked, self.things[name], table, types)

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
        for at, things in enumerate(self.things.values()):
            before.append(self.speech.query(f"vr_lives_{at}", things.write(), once=True))
        unfit = f"{open_with(before)}\n{self._write_unfit()}\nORDER BY vr_seq"
        before.append(self.speech.query("vr_fit", self._write_fit(), once=True))
        before += self._list_cases()
        name = self.speech.name
        last = f"vr_sums_{len(self.stages) - 1}" if self.stages else "vr_cases"
        columns = [name(key) for key in self.keys]
        columns += [f"{text} AS {name(column.name)}" for column, text in self.list_gives()]
        body = select(columns, f"{last} CROSS JOIN vr_fit")
        return f"{open_with(before)}\n{body}", unfit

    def _list_cases(self) -> Iterator[str]:
        """Yield the cases, and after each stage the cases with what it told."""
        name = self.speech.name
        keys = [name(key) for key in self.keys]
        own = [f"{name('at')} AS vr_t", f"NULLIF({name('thing')}, '') AS vr_w"]
        made = [f"{text} AS {column}" for text, column in self.cases.columns.items()]
        first = select([*keys, *own, *made], self.relation)
        yield self.speech.query("vr_cases", first, once=True)
        always = [*keys, "vr_t", "vr_w"]
        columns, told, source = list(self.cases.columns.values()), [], "vr_cases"
        for at, stage in enumerate(self.stages):
            yield self.speech.query(stage.steps, stage.write_steps())
            later = {x for s in self.stages[at + 1 :] for x in (*s.asked.whose, *s.asked.days)}
            left = [x for x in columns if x in later or x in self.others.values()]
            sums = stage.write_sums(source, [*always, *columns, *told], [*always, *left, *told])
            source, columns = f"vr_sums_{stage.number}", left
            yield self.speech.query(source, sums)
            told += stage.list_told()

    def list_gives(self) -> list[tuple[SqlColumn, str]]:
        """Return the columns of the result, each with its text."""
        places = {
            item.balance.name: f"vr_told_{stage.number}_{at}"
            for stage in self.stages
            for at, item in enumerate(stage.planned)
        }
        made = []
        for item in self.plans.planned:
            name = item.balance.name
            declared = self.plans.program.inputs[name]
            named = declared.type.options if item.balance.measure is Measure.SET else ()
            column = SqlColumn(name, _HOLDS[item.balance.measure], tuple(named))
            made.append((column, f"CASE WHEN vr_ok THEN {self._tell(item, places[name])} END"))
            if declared.optional or declared.applies is not None:
                none = "FALSE"
                if item.form is Form.DAYS and not item.balance.otherwise:
                    none = f"vr_ok AND {places[name]}_none"
                made.append((SqlColumn(f"{name}.none", "truth"), none))
        return made

    def _tell(self, item: Planned, place: str) -> str:
        name = item.balance.name
        if name in self.others:
            return f"CASE WHEN {place}_none THEN {self.others[name]} ELSE {place} END"
        return place

    def _write_fit(self) -> str:
        """Return whether every entry is one that a ledger could hold."""
        counts = [count_faults()]
        for at, things in enumerate(self.things.values()):
            table = f"vr_lives_{at}"
            counts.append(select(["COUNT(*) AS vr_count"], table, "vr_fits IS NOT TRUE"))
            if things.flow.lifecycle.currency:
                total = "COALESCE(SUM(CAST(vr_face AS DECIMAL(38, 0))), 0)"
                much = f"CASE WHEN {total} < {_MOST} THEN 0 ELSE 1 END AS vr_count"
                counts.append(select([much], table))
        rows = "\nUNION ALL\n".join(counts)
        return select(["SUM(vr_count) = 0 AS vr_ok"], f"(\n{rows}\n) AS vr_rows")

    def _write_unfit(self) -> str:
        rows = [
            select(
                ["vr_seq", f"{self.speech.text(name)} AS vr_lifecycle", "vr_thing", "vr_event"],
                f"vr_lives_{at}",
                "vr_fits IS NOT TRUE",
            )
            for at, name in enumerate(self.things)
        ]
        return "\nUNION ALL\n".join(rows)

    def write_relation(self, text: str) -> str:
        """Return the cases with their balances as a query in brackets."""
        name = self.speech.name
        alike = " AND ".join(f"vr_case.{name(x)} = vr_balances.{name(x)}" for x in self.keys)
        columns = ["vr_case.*", *(f"vr_balances.{name(x.name)}" for x, _ in self.list_gives())]
        joined = (
            f"(SELECT * FROM {self.relation}) AS vr_case"
            f"\nLEFT JOIN (\n{text}\n) AS vr_balances ON {alike}"
        )
        return f"(\n{select(columns, joined)}\n) AS cases"
