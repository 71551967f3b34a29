"""Comes in: stretches of one fact. Goes out: fewer: neighbours that are alike are joined."""

from __future__ import annotations

from dataclasses import dataclass

from voucher_rules.values.model import Exact, settle_exact
from voucher_rules.whatif.lines import Line, Reach, Stair
from voucher_rules.whatif.paths import Facet, Payable, Trend


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring values of a fact on which the decision is one ``facet``.

    ``proved`` tells that it is so for every value, not only for those tried. ``stopping`` are the
    rules that failed, or waited for a person, where it was looked at.
    """

    reach: Reach
    facet: Facet
    proved: bool
    stopping: tuple[str, ...] = ()


def join_stretches(stretches: list[Stretch], *, whole: bool) -> list[Stretch]:
    """Join neighbours that are alike; a single value joins a line that runs through it."""
    made: list[Stretch] = []
    for item in stretches:
        joined = _join(made[-1], item, whole=whole) if made else None
        if joined is None:
            made.append(item)
        else:
            made[-1] = joined
            # what it was joined with may now be like what came before
            while len(made) > 1:
                again = _join(made[-2], made[-1], whole=whole)
                if again is None:
                    break
                made[-2:] = [again]
    return made


def _join(left: Stretch, right: Stretch, *, whole: bool) -> Stretch | None:
    gap = right.reach.low - left.reach.high
    touching = gap == 1 if whole else gap == 0 and left.reach.holds_high != right.reach.holds_low
    if not touching or left.proved != right.proved:
        return None
    if left.facet == right.facet or (right.reach.is_point and _runs_through(left.facet, right)):
        facet = left.facet
    elif left.reach.is_point and _runs_through(right.facet, left):
        facet = right.facet
    else:
        return None
    common = tuple(rule for rule in left.stopping if rule in right.stopping)
    reach = Reach(
        left.reach.low, right.reach.high, left.reach.holds_low, right.reach.holds_high, whole=whole
    )
    return Stretch(reach, facet, left.proved, common)


def _runs_through(facet: Facet, point: Stretch) -> bool:
    """Return whether the lines of a facet run through a single value beside them."""
    other = point.facet
    if facet.outcome is not other.outcome:
        return False
    x = point.reach.low
    pairs = zip(facet.amounts, other.amounts, strict=True)
    return all(_meet_at(one, two, x) for (_, one), (_, two) in pairs) and all(
        _trend_at(one, x) == _trend_at(two, x)
        for (_, one), (_, two) in zip(facet.values, other.values, strict=True)
    )


def _meet_at(one: Payable, two: Payable, x: Exact) -> bool:
    if one.line is None or two.line is None:
        return one.line is two.line
    return settle_exact(one.line.at(x)) == two.line.at(x) and set(one.binding) <= set(two.binding)


def _trend_at(trend: Trend, x: Exact) -> object:
    return trend.at(x) if isinstance(trend, Line | Stair) else trend
