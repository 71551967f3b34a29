"""Comes in: verdicts. Goes out: what is spent under them: surely, at the least, at the most.

What is granted is spent. What waits for a person may come to nothing, or to all the limits allow;
what waits for facts lies within its range. All sums are whole minor units, never rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from voucher_rules.batch.tables import CaseTable
from voucher_rules.batch.verdicts import Executor, Verdicts, list_payables
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
    rows = opened = 0
    settled: Exact = 0
    low: Exact = 0
    high: Exact = 0
    for span in spans:
        rows += 1
        low += span.low
        high += span.high
        if span.known:
            settled += span.low
        else:
            opened += 1
    return Spend(rows, settled, low, high, opened)


@dataclass(frozen=True, slots=True)
class Judged:
    """A table decided under a regime; ``spans`` is what ``output`` comes to in each case.

    ``output`` is the money looked at, empty where the decision gives none.
    """

    regime: Regime
    table: CaseTable
    verdicts: Verdicts
    output: str
    spans: tuple[Span, ...]


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


def list_spans(verdicts: Verdicts, output: str) -> tuple[Span, ...]:
    """Return the least and the greatest that may be paid in each case."""
    if not output:
        return (NOTHING,) * len(verdicts)
    column = verdicts.payables[output]
    return tuple(
        find_span(outcome, possible, low, high)
        for outcome, possible, low, high in zip(
            verdicts.outcome, verdicts.possible, column.low, column.high, strict=True
        )
    )


def find_span(outcome: Outcome, possible: Sequence[Outcome], low: Exact, high: Exact) -> Span:
    """Return what may be paid on one case: a person who is asked may always refuse."""
    if outcome is Outcome.GRANTED:
        return Span(low, high)
    if outcome in VALUELESS:
        return NOTHING
    if outcome is Outcome.REFERRED or Outcome.REFERRED in possible:
        return Span(min(low, 0), max(high, 0))
    return Span(low, high)


def pick_nearest_rank(values: Sequence[Exact], percent: int) -> Exact | None:
    """Return a percentile by nearest rank: the least value that many percent are not above.

    It is always one of the values, so nothing is averaged or rounded; None where there are none.
    """
    if not values:
        return None
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(rank, 1) - 1]
