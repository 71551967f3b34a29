"""Comes in: verdicts. Goes out: what is spent under them: surely, at the least, at the most.

What is granted is spent. What waits for a person may come to nothing, or to all the limits allow;
what waits for facts lies within its range. All sums are whole minor units, never rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, overload

from voucher_rules.batch.cases.tables import CaseTable
from voucher_rules.batch.verdicts.model import Executor, Verdicts, list_payables
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.values.model import Exact
from voucher_rules.whatif.regimes import Regime

SETTLED: Final = frozenset({Outcome.GRANTED, Outcome.DETERMINED})
UNSETTLED: Final = frozenset({Outcome.REFERRED, Outcome.UNDETERMINED})


class Span(NamedTuple):
    """The least and the greatest that may be paid on a case; equal where that is known."""

    low: Exact
    high: Exact

    @property
    def known(self) -> bool:
        """Whether it is settled what is paid."""
        return self.low == self.high


NOTHING: Final = Span(0, 0)


class Spans(Sequence[Span]):
    """What many cases may come to, kept by column: the least of each, and the greatest.

    Columns are added up and subtracted far sooner than spans one by one.
    """

    __slots__ = ("high", "low")
    __hash__ = None  # type: ignore[assignment]  # as of any list

    def __init__(self, low: Sequence[Exact], high: Sequence[Exact]) -> None:
        self.low = low
        self.high = high

    @classmethod
    def gather(cls, spans: Iterable[Span]) -> Spans:
        """Return spans by column."""
        if isinstance(spans, Spans):
            return spans
        held = list(spans)
        return cls([span.low for span in held], [span.high for span in held])

    def pick(self, places: Sequence[int]) -> Spans:
        """Return the spans of the cases at these places."""
        low = [self.low[at] for at in places]
        return Spans(low, low if self.high is self.low else [self.high[at] for at in places])

    def __len__(self) -> int:
        return len(self.low)

    def __iter__(self) -> Iterator[Span]:
        return map(Span, self.low, self.high)

    @overload
    def __getitem__(self, at: int) -> Span: ...

    @overload
    def __getitem__(self, at: slice) -> Spans: ...

    def __getitem__(self, at: int | slice) -> Span | Spans:
        if isinstance(at, slice):
            return Spans(self.low[at], self.high[at])
        return Span(self.low[at], self.high[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)


@dataclass(frozen=True, slots=True)
class Spend:
    """What some cases come to together. ``settled`` counts what is granted as it stands.

    ``low`` and ``high`` are the least and the greatest it may yet come to; ``open_rows`` are the
    cases for which that is not settled.
    """

    rows: int = 0
    settled: Exact = 0
    low: Exact = 0
    high: Exact = 0
    open_rows: int = 0


def add_spend(spans: Iterable[Span]) -> Spend:
    """Return the sums over some cases."""
    held = Spans.gather(spans)
    low = sum(held.low)
    if held.high is held.low:
        return Spend(len(held), low, low, low, 0)
    unknown = [x for x, y in zip(held.low, held.high, strict=True) if x != y]
    return Spend(len(held), low - sum(unknown), low, sum(held.high), len(unknown))


@dataclass(frozen=True, slots=True)
class Judged:
    """A table decided under a regime; ``spans`` is what ``output`` comes to in each case.

    ``output`` is the money looked at, empty where the decision gives none.
    """

    regime: Regime
    table: CaseTable
    verdicts: Verdicts
    output: str
    spans: Spans


def judge_table(regime: Regime, table: CaseTable, execute: Executor, output: str = "") -> Judged:
    """Decide every case of a table, which must have been read for the regime's program."""
    verdicts = execute(regime.program, regime.options, table.cases)
    chosen = choose_output(regime, output)
    return Judged(regime, table, verdicts, chosen, list_spans(verdicts, chosen))


def choose_output(regime: Regime, output: str = "") -> str:
    """Return the money to look at: as chosen, else the first. Raises :class:`InputError`."""
    named = list_payables(regime.program)
    if output and output not in named:
        arguments = {"found": str(output), "options": ", ".join(named), "near": ""}
        raise InputError([Diagnostic("not-one-of", arguments, path="output")])
    return output or next(iter(named), "")


def list_spans(verdicts: Verdicts, output: str) -> Spans:
    """Return the least and the greatest that may be paid in each case.

    A person who is asked may always refuse.
    """
    if not output:
        nothing = [0] * len(verdicts)
        return Spans(nothing, nothing)
    column = verdicts.payables[output]
    reached = set(verdicts.outcome)
    if reached.isdisjoint(UNSETTLED) and column.low is column.high:
        low = [
            0 if x in VALUELESS else y for x, y in zip(verdicts.outcome, column.low, strict=True)
        ]
        return Spans(low, low)
    asked = [
        x in UNSETTLED and Outcome.REFERRED in y
        for x, y in zip(verdicts.outcome, verdicts.possible, strict=True)
    ]
    return Spans(
        [
            0 if x in VALUELESS else min(low, 0) if y else low
            for x, y, low in zip(verdicts.outcome, asked, column.low, strict=True)
        ],
        [
            0 if x in VALUELESS else max(high, 0) if y else high
            for x, y, high in zip(verdicts.outcome, asked, column.high, strict=True)
        ],
    )


def pick_nearest_rank(values: Sequence[Exact], percent: int) -> Exact | None:
    """Return a percentile by nearest rank: the least value that many percent are not above.

    It is always one of the values, so nothing is averaged or rounded; None where there are none.
    """
    if not values:
        return None
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(rank, 1) - 1]
