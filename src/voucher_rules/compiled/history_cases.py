"""Comes in: the balances a decision reads. Goes out: of each case, whose they are and which days.

What a row does not say is null, and so is then every balance that goes by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from voucher_rules.checked.histories import UNKNOWN, Balance, SpanKind, Within
from voucher_rules.checked.symbols import DatedValue
from voucher_rules.compiled.history_plan import Planned, Plans
from voucher_rules.compiled.history_text import Speech
from voucher_rules.compiled.sql_columns import SqlColumn
from voucher_rules.language.types import Kind
from voucher_rules.values.model import Period, PeriodUnit

CALENDAR: Final = {
    SpanKind.CALENDAR_YEAR: "",
    SpanKind.CALENDAR_QUARTER: "QUARTER",
    SpanKind.CALENDAR_MONTH: "MONTH",
}
"""The part of a year that a span is; nothing for the year itself."""
_UNITS: Final = {PeriodUnit.DAY: "DAY", PeriodUnit.MONTH: "MONTH", PeriodUnit.YEAR: "YEAR"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a stage asks of each case: its columns of whose it is, and of the days.

    ``days`` is one column, the number of a period, or two, the numbers of the first and of the last
    day, or none; ``otherwise`` that of the day which holds where none is found, empty for none.
    """

    whose: tuple[str, ...]
    days: tuple[str, ...]
    otherwise: str = ""


@dataclass(slots=True)
class Cases:
    """Writes what balances go by, as columns of a relation of cases."""

    speech: Speech
    plans: Plans
    reads: dict[str, SqlColumn] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    """The columns made, by their text."""

    def __post_init__(self) -> None:
        self._read("at", "moment")
        self._read("thing", "text")

    def ask(self, planned: Planned) -> Asked:
        """Return what a balance goes by, as columns."""
        balance = planned.balance
        whose = tuple(self._make("vr_u", self._tell_key(balance, name)) for name in balance.per)
        days = tuple(self._make("vr_d", x) for x in self._list_days(balance.within))
        fact = balance.otherwise
        other = self._make("vr_d", self._read_fact(fact)) if fact not in ("", UNKNOWN) else ""
        return Asked(whose, days, other)

    def _make(self, prefix: str, text: str) -> str:
        return self.columns.setdefault(text, f"{prefix}{len(self.columns)}")

    def _read(self, name: str, holds: str) -> str:
        self.reads.setdefault(name, SqlColumn(name, holds))
        return self.speech.name(name)

    def _read_fact(self, name: str) -> str:
        """Return a fact of the case; null where it is not stated, or does not exist."""
        if name == self.plans.program.decision.as_of:
            return self._tell_day()
        declared = self.plans.program.ruleset.inputs[name]
        is_day = declared.type.kind is Kind.DATE
        column = self._read(name, "day" if is_day else "text")
        if self._may_be_none(name):
            return f"CASE WHEN {self._read_none(name)} THEN NULL ELSE {column} END"
        return column

    def _may_be_none(self, name: str) -> bool:
        declared = self.plans.program.ruleset.inputs[name]
        return declared.optional or declared.applies is not None

    def _read_none(self, name: str) -> str:
        if not self._may_be_none(name):
            return "FALSE"
        return f"COALESCE({self._read(f'{name}.none', 'truth')}, FALSE)"

    def _tell_key(self, balance: Balance, name: str) -> str:
        ruleset = self.plans.program.ruleset
        lifecycle = ruleset.histories.lifecycles[balance.lifecycle]
        if name == lifecycle.name:
            return self._hold_tidy(f"NULLIF({self.speech.name('thing')}, '')")
        carried = lifecycle.carries[name]
        if carried.fact not in ruleset.inputs:
            return self._hold_tidy(self._read(f"of.{name}", "text"))
        told = self._read_fact(carried.fact)
        if carried.type.kind is Kind.DATE:
            return f"CAST({told} AS {self.speech.dialect.text})"
        return told if carried.type.kind is Kind.CHOICE else self._hold_tidy(told)

    def _hold_tidy(self, text: str) -> str:
        """Return a name; null where no ledger takes it, as it looks like another."""
        return f"CASE WHEN {self.speech.is_tidy(text)} THEN {text} END"

    # -- days ------------------------------------------------------------------------------------

    def _tell_day(self) -> str:
        """Return the day the decision goes by."""
        as_of = self.plans.program.decision.as_of
        stated = self._read(as_of, "day")
        now = self.speech.day(self.speech.name("at"))
        lifecycles = self.plans.program.ruleset.histories.lifecycles.values()
        if any(as_of in lifecycle.tells for lifecycle in lifecycles):
            # a thing that is there would tell it
            now = f"CASE WHEN NULLIF({self.speech.name('thing')}, '') IS NULL THEN {now} END"
        return f"COALESCE({stated}, {now})"

    def _list_days(self, within: Within) -> list[str]:
        if within.kind is SpanKind.LIFETIME:
            return []
        if within.kind is SpanKind.BETWEEN and not within.opens:
            closes = self._read_fact(within.closes)
            opens = f"CASE WHEN {closes} IS NOT NULL THEN DATE '0001-01-01' END"
            return self._number(opens, closes)
        anchor = self._read_fact(within.anchor) if within.anchor else self._tell_day()
        if within.kind is SpanKind.BETWEEN:
            return self._list_between(within, anchor)
        if within.kind is SpanKind.ROLLING:
            return self._number(self._tell_start(within, anchor), anchor)
        return [number_period(within.kind, anchor)]

    def _list_between(self, within: Within, anchor: str) -> list[str]:
        opens, closes = self._read_fact(within.opens), self._read_fact(within.closes)
        none = f"{self._read_none(within.opens)} OR {self._read_none(within.closes)}"
        year = f"CAST(EXTRACT(YEAR FROM {anchor}) AS INTEGER)"
        return self._number(
            *(
                f"CASE WHEN {none} THEN make_date({year}, {ends})"
                f" WHEN {opens} <= {closes} THEN {day} END"
                for ends, day in (("1, 1", opens), ("12, 31", closes))
            )
        )

    def _number(self, *days: str) -> list[str]:
        """Return days as numbers."""
        return [self.speech.number(f"({day})") for day in days]

    def _tell_start(self, within: Within, anchor: str) -> str:
        """Return the first day of a span that rolls along."""
        parameter = self.plans.program.ruleset.parameters[within.lasts]
        day = f"COALESCE({self._tell_day()}, {anchor})"
        whens = []
        for item in parameter.values:
            if isinstance(item.value, Period):
                back = f"INTERVAL '{item.value.count}' {_UNITS[item.value.unit]}"
                before = f"CAST({anchor} - {back} AS DATE)"
                start = f"CAST({before} + INTERVAL '1' DAY AS DATE)"
                whens.append(f"WHEN {_covers(item, day)} THEN {start}")
        return f"CASE {' '.join(whens)} END" if whens else "CAST(NULL AS DATE)"

    def list_reads(self) -> tuple[SqlColumn, ...]:
        """Return the columns a relation of cases must have."""
        return tuple(self.reads.values())


def _covers(item: DatedValue, day: str) -> str:
    ends: list[tuple[str, date | None]] = [(">=", item.start), ("<=", item.until)]
    return " AND ".join(f"{day} {sign} DATE '{x}'" for sign, x in ends if x) or "TRUE"


def number_period(kind: SpanKind, day: str) -> str:
    """Return the number of the year, quarter or month of a day; no two of a kind have the same."""
    part = CALENDAR[kind]
    year = f"CAST(EXTRACT(YEAR FROM {day}) AS INTEGER)"
    return f"{year} * 12 + CAST(EXTRACT({part} FROM {day}) AS INTEGER)" if part else year
