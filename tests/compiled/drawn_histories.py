"""Comes in: a ruleset and chance. Goes out: histories, cases, and what the ledger says of each.

Moments are few and lie at the ends of years, quarters and months, so that many entries share one;
some come late, some are corrected, some withdrawn. What the ledger refuses is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

import voucher_rules as vr
from voucher_rules.checked.histories import Balance, Histories, Lifecycle, Measure
from voucher_rules.decision.case import read_case
from voucher_rules.errors import LedgerError
from voucher_rules.language.types import Kind
from voucher_rules.ledger.asking import Asking, list_questions
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.books import FoldedBooks
from voucher_rules.ledger.entries import Body, Entry, Grouped, Moved, Withdrawn
from voucher_rules.ledger.history import History, fold, list_effective
from voucher_rules.values.model import NONE

PARTIES: Final = ("甲公司", "B", "C")
TICK: Final = timedelta(microseconds=1)
DAYS: Final = (
    *(date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 31)),
    *(date(2024, 4, 1), date(2024, 12, 31), date(2025, 1, 1)),
)
Told = dict[str, Any]


@dataclass
class Drawn:
    """A history that the ledger took."""

    ruleset: vr.Ruleset
    rng: Random
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        zone = self.ruleset.checked.zone
        starts = [datetime(x.year, x.month, x.day, tzinfo=zone) for x in DAYS]
        near = [x + step for x in starts for step in (-TICK, timedelta(), timedelta(hours=15))]
        self.moments = [x.astimezone(UTC) for x in near]

    @property
    def histories(self) -> Mapping[str, Histories]:
        return {self.ruleset.id: self.ruleset.checked.histories}

    def draw(self, lifecycles: Sequence[str], count: int) -> None:
        """Try some entries; those that the ledger refuses are left out."""
        standing = fold([], self.histories)
        for _ in range(count):
            lifecycle = self._find(self.rng.choice(lifecycles))
            body, corrects = self._draw_body(lifecycle, standing)
            seq = len(self.entries) + 1
            at = self._draw_moment(body)
            known = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=seq)
            tried = [*self.entries, Entry(seq, f"e{seq}", at, known, body, corrects)]
            try:
                standing = fold(tried, self.histories)
            except LedgerError:
                continue
            self.entries = tried

    def _draw_moment(self, body: Body) -> datetime:
        """Return a moment; mostly one after all that happened to the thing."""
        mine = [
            x.at for x in self.entries if getattr(x.body, "thing", 0) == getattr(body, "thing", 1)
        ]
        late = [x for x in self.moments if x >= max(mine, default=x)]
        return self.rng.choice(late[:5] if late and self.rng.random() < 0.8 else self.moments)

    def _find(self, name: str) -> Lifecycle:
        return self.ruleset.checked.histories.lifecycles[name]

    def _draw_body(self, lifecycle: Lifecycle, standing: History) -> tuple[Body, str]:
        rng, chance = self.rng, self.rng.randrange(100)
        counting = [x for x in list_effective(self.entries) if isinstance(x.body, Moved)]
        if counting and chance < 12:
            return self._draw_correction(rng.choice(counting))
        opens = [way.name for way in lifecycle.transitions.values() if not way.sources]
        things = [x for x in standing.things.values() if x.lifecycle == lifecycle.name]
        thing = rng.choice(things) if things and chance >= 30 else None
        ways = [
            way
            for way in lifecycle.transitions.values()
            if thing is not None and any(map(thing.stands_in, way.sources))
        ]
        if thing is None or not ways:
            return self._draw_opening(lifecycle, rng.choice(opens)), ""
        further = [
            x for x in ways if any(x.target in y.sources for y in lifecycle.transitions.values())
        ]
        way = rng.choice(further if further and rng.random() < 0.7 else ways)
        there = thing.amount_in(way.sources)
        amount = rng.choice((None, there, rng.randrange(1, there + 1))) if there else None
        source = rng.choice(way.sources) if rng.random() < 0.3 else ""
        carries = {name: self._draw_carried(lifecycle, name) for name in way.sets}
        names = (self.ruleset.id, self.ruleset.edition, lifecycle.name, thing.id, way.name)
        return Moved(*names, amount=amount, source=source, carries=carries), ""

    def _draw_correction(self, old: Entry) -> tuple[Body, str]:
        assert isinstance(old.body, Moved)
        if self.rng.random() < 0.3:
            return Withdrawn("doubled"), old.id
        amount = old.body.amount and max(1, old.body.amount + self.rng.randrange(-20, 20))
        return replace(old.body, amount=amount), old.id

    def _draw_opening(self, lifecycle: Lifecycle, event: str) -> Moved:
        later = lifecycle.list_set_later()
        names = [x for x in lifecycle.carries if x not in later]
        carries = {name: self._draw_carried(lifecycle, name) for name in names}
        return Moved(
            self.ruleset.id,
            self.ruleset.edition,
            lifecycle.name,
            f"T{self.rng.randrange(10)}",
            event,
            amount=self.rng.randrange(40, 100) if lifecycle.currency else None,
            carries=carries,
        )

    def _draw_carried(self, lifecycle: Lifecycle, name: str) -> str:
        kind = lifecycle.carries[name].type
        if kind.kind is Kind.DATE:
            return self.rng.choice(DAYS).isoformat()
        if kind.kind is Kind.CHOICE:
            return self.rng.choice(kind.options[:3])
        return self.rng.choice(PARTIES)


def draw_cases(drawn: Drawn, code: vr.SqlBalances, count: int) -> list[Told]:
    """Return cases at, just before and just after entries, with some of what they say left out."""
    rng, rows = drawn.rng, []
    inputs = drawn.ruleset.checked.inputs
    lifecycles = drawn.ruleset.checked.histories.lifecycles.values()
    options = {f"of.{x.name}": x.type.options for y in lifecycles for x in y.carries.values()}
    options |= {name: x.type.options for name, x in inputs.items()}
    for _ in range(count):
        row: Told = {}
        for column in code.reads:
            name = column.name
            if name == "at":
                row[name] = rng.choice(drawn.moments) + rng.choice((-TICK, timedelta(), TICK))
            elif rng.random() < 0.06:
                row[name] = None
            elif name == "thing":
                row[name] = f"T{rng.randrange(11)}"
            elif column.holds == "day":
                row[name] = rng.choice(DAYS)
            elif column.holds == "truth":
                row[name] = rng.random() < 0.2
            elif options.get(name):
                row[name] = rng.choice(options[name][:3])
            else:
                row[name] = rng.choice((*PARTIES, "nobody"))
        for name in [x for x in row if row.get(f"{x}.none")]:
            row[name] = None
        rows.append(row)
    return rows


# -- what the ledger says --------------------------------------------------------------------------


def ask_ledger(
    drawn: Drawn, decision: str, row: Told, known: datetime | None = None
) -> dict[str, Any]:
    """Return what the ledger says of each balance of a case; nothing of what is unknown."""
    checked = drawn.ruleset.checked
    program = drawn.ruleset.program(decision)
    facts = dict(_list_facts(checked.inputs, row))
    as_of = program.decision.as_of
    told = any(as_of in x.tells for x in checked.histories.lifecycles.values())
    on = None
    if as_of not in facts and not (told and row["thing"]):
        on = local_day(row["at"], checked.zone)
    case = read_case(program, facts, None, on)
    carries = {
        name.removeprefix("of."): text
        for name, text in row.items()
        if name.startswith("of.") and text is not None
    }
    asking = Asking(program, case, row["thing"] or "", carries)
    history = fold(drawn.entries, drawn.histories, until=row["at"], known=known)
    books = FoldedBooks(history, drawn.histories)
    found = {}
    for asked in list_questions(asking, books, program.inputs):
        value: Any = books.read(asked)
        if value is NONE and asked.balance.otherwise:
            value = asking.find_value(asked.balance.otherwise)
            value = value if isinstance(value, date) else None
        found[asked.balance.name] = value
    return found


def _list_facts(inputs: Mapping[str, Any], row: Told) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name in inputs and row.get(f"{name}.none"):
            yield name, NONE
        elif name in inputs and value is not None:
            yield name, value.isoformat() if isinstance(value, date) else value


def tell(balance: Balance, found: Mapping[str, Any], options: Sequence[str]) -> Any:  # noqa: ANN401
    """Return what the ledger says as a column tells it."""
    value = found.get(balance.name)
    if value is NONE:
        return None
    if balance.measure is Measure.SET and value is not None:
        return sum(1 << options.index(x) for x in value)
    return value


# -- as columns ------------------------------------------------------------------------------------


def list_rows(entries: Sequence[Entry], carried: Sequence[str]) -> list[Told]:
    """Return entries as the columns that statements read."""
    rows = []
    for entry in entries:
        body = entry.body
        row: Told = {
            "seq": entry.seq,
            "id": entry.id,
            "at": entry.at,
            "known": entry.known,
            "corrects": entry.corrects,
            "kind": KINDS[type(body)],
        }
        for name in ("ruleset", "lifecycle", "thing", "event", "source", "amount"):
            row[name] = getattr(body, name, None)
        for name in carried:
            row[f"carries.{name}"] = getattr(body, "carries", {}).get(name)
        rows.append(row)
    return rows


KINDS: Final = {Moved: "moved", Withdrawn: "withdrawn", Grouped: "grouped"}
