"""Comes in: what each case is due, and when it came. Goes out: whom a fund of money reaches.

First come, first served; of one moment, the name settles who is first. Who finds less than is due
gets what is left, and whoever comes later nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from voucher_rules.values.model import Exact

Moment: TypeAlias = date | datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What one case asks of a fund: when, under which name, and how much is due to it."""

    at: Moment
    name: str
    due: Exact


@dataclass(frozen=True, slots=True)
class Drained:
    """How far a fund went.

    ``paid`` is what each case got, in the order they were given. ``ran_out`` is the moment at which
    someone first got less than was due; None where the money sufficed.
    """

    paid: tuple[Exact, ...]
    left: Exact
    ran_out: Moment | None


def drain_fund(budget: Exact, asked: Sequence[Asked]) -> Drained:
    """Pay the cases in the order they came, until nothing is left."""
    order = sorted(range(len(asked)), key=lambda at: (order_moment(asked[at].at), asked[at].name))
    paid: list[Exact] = [0] * len(asked)
    left, ran_out = budget, None
    for at in order:
        item = asked[at]
        paid[at] = min(left, item.due)
        left -= paid[at]
        if paid[at] < item.due and ran_out is None:
            ran_out = item.at
    return Drained(tuple(paid), left, ran_out)


def order_moment(at: Moment) -> tuple[str, str]:
    """Return a key that puts days and moments of one zone in order; a day is before its moments."""
    if isinstance(at, datetime):
        return (at.date().isoformat(), at.time().isoformat())
    return (at.isoformat(), "")
