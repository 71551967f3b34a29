"""Comes in: the stretches of a decision along one fact. Goes out: one output of it, piece by piece.

Between pieces the turns are told: a kink, where the amount goes on from where it was; a jump; a
cliff, where a little more of the fact gives less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from voucher_rules.checked.symbols import Output
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.language.types import QUANTITIES
from voucher_rules.values.model import Exact, Value
from voucher_rules.whatif.joins import Stretch
from voucher_rules.whatif.lines import Line, Reach, Stair
from voucher_rules.whatif.paths import Trend, round_line
from voucher_rules.whatif.positions import Axis, find_position


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring values of a fact on which one output is one line, or one value.

    ``first`` and ``last`` are its ends; the flags tell whether they belong to it. ``line`` is the
    amount before rounding in minor units, ``const + slope · x`` with ``x`` the position of the fact
    (its minor units, its days); None where the output is no quantity, is not payable, or varies in
    another way. ``starts_at`` and ``ends_at`` are what is payable at the ends, 0 under a denial.
    ``binding`` are the limits that fix it, ``stopping`` the rules that fail or wait for a person.
    """

    first: Value
    last: Value
    holds_first: bool
    holds_last: bool
    outcome: Outcome
    line: Line | None
    value: Value | None
    starts_at: Exact | None
    ends_at: Exact | None
    binding: tuple[str, ...]
    stopping: tuple[str, ...]
    exact: bool
    reach: Reach
    trend: Trend = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Where one piece ends and the next begins.

    ``kind`` is ``kink``, ``rise``, ``fall`` (a cliff: a little more gives less), ``outcome`` where
    only that changes, or ``value``. ``rules`` are those that bind or stop on one side only.
    """

    at: Value
    kind: str
    before: Exact | None
    after: Exact | None
    rules: tuple[str, ...]


def make_pieces(stretches: list[Stretch], axis: Axis, output: Output | None) -> list[Piece]:
    """Return the pieces of one output, like neighbours joined."""
    made: list[Piece] = []
    for stretch in stretches:
        piece = make_piece(stretch, axis, output)
        if made and _are_one(made[-1], piece):
            piece = _join(made.pop(), piece)
        made.append(piece)
    return made


def make_piece(stretch: Stretch, axis: Axis, output: Output | None) -> Piece:
    """Return one output along one stretch."""
    facet, reach = stretch.facet, stretch.reach
    trend: Trend = None
    binding: tuple[str, ...] = ()
    if output is not None:
        payable = dict(facet.amounts).get(output.name)
        trend = dict(facet.values).get(output.name) if payable is None else payable.line
        binding = () if payable is None else payable.binding
    counted = output is not None and output.type.kind in QUANTITIES
    starts, ends = (_pay(facet.outcome, trend, output, x) for x in (reach.low, reach.high))
    level = isinstance(trend, Line | Stair) or trend is None
    return Piece(
        axis.value_at(reach.low),
        axis.value_at(reach.high),
        reach.holds_low,
        reach.holds_high,
        facet.outcome,
        _find_line(trend) if counted else None,
        None if level else trend,  # type: ignore[arg-type] # no line is left
        starts if counted else None,
        ends if counted else None,
        binding,
        stretch.stopping,
        stretch.proved,
        reach,
        trend,
    )


def pay_at(piece: Piece, output: Output, x: Exact) -> Exact | None:
    """Return what is payable at a position of a piece; None where that is not known."""
    return _pay(piece.outcome, piece.trend, output, x)


def _find_line(trend: Trend) -> Line | None:
    """Return the line a quantity is before rounding; of one with several rounded parts none."""
    if isinstance(trend, Stair):
        single = len(trend.rounded) == 1 and trend.line == Line(0) and trend.rounded[0][0] == 1
        return trend.rounded[0][1] if single else None
    if isinstance(trend, Line):
        return trend
    position = find_position(trend)
    return None if position is None else Line(position)


def _pay(outcome: Outcome, trend: Trend, output: Output | None, x: Exact) -> Exact | None:
    """Return what is payable at a position; None where that is not known."""
    if outcome in VALUELESS:
        return 0
    if isinstance(trend, Line) and output is not None and output.limited:
        return round_line(trend, output.rounding, x)
    if isinstance(trend, Line | Stair):
        return trend.at(x)
    return find_position(trend)


def _are_one(left: Piece, right: Piece) -> bool:
    same = (left.outcome, left.trend, left.binding, left.value, left.exact)
    return same == (right.outcome, right.trend, right.binding, right.value, right.exact)


def _join(left: Piece, right: Piece) -> Piece:
    stopping = tuple(rule for rule in left.stopping if rule in right.stopping)
    reach = Reach(
        left.reach.low,
        right.reach.high,
        left.reach.holds_low,
        right.reach.holds_high,
        left.reach.whole,
    )
    return Piece(
        left.first,
        right.last,
        left.holds_first,
        right.holds_last,
        left.outcome,
        left.line,
        left.value,
        left.starts_at,
        right.ends_at,
        left.binding,
        stopping,
        left.exact,
        reach,
        left.trend,
    )


def list_turns(pieces: list[Piece], output: Output | None) -> Iterator[Turn]:
    """Yield where one piece goes over into the next."""
    for left, right in pairwise(pieces):
        rules = dict.fromkeys((*left.binding, *left.stopping, *right.binding, *right.stopping))
        both = {*left.binding, *left.stopping} & {*right.binding, *right.stopping}
        told = tuple(rule for rule in rules if rule not in both)
        kind = _name_turn(left, right, output)
        # where the next line begins with the last value of this one, that value is the kink
        early = kind == "kink" and _meets_at(left, right, left.reach.high)
        at = left.last if early else right.first
        yield Turn(at, kind, left.ends_at, right.starts_at, told)


def _meets_at(left: Piece, right: Piece, x: Exact) -> bool:
    lines = [piece.line for piece in (left, right) if piece.line is not None]
    return len(lines) == 2 and lines[0].at(x) == lines[1].at(x)  # noqa: PLR2004 - both sides


def _name_turn(left: Piece, right: Piece, output: Output | None) -> str:
    before, after = left.ends_at, right.starts_at
    if before is None or after is None:
        return "outcome" if left.outcome is not right.outcome else "value"
    # from one value to the next an amount may move by a step of its lines, and of its rounding
    lines = [piece.line for piece in (left, right) if piece.line is not None]
    near = Fraction(0)
    for line in lines if left.reach.whole else []:
        step = Fraction(line.slope)
        near = max(near, step, -step)
    near += output.rounding.to if output is not None and output.rounds else 0
    gap = Fraction(after) - Fraction(before)
    if max(gap, -gap) > near:
        return "fall" if after < before else "rise"
    return "outcome" if left.outcome is not right.outcome else "kink"
