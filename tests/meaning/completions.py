"""What is told of unknown values, held against every way they may turn out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from math import prod
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from voucher_rules.values.model import (
    NONE,
    OPEN,
    AnyText,
    Domain,
    Exact,
    Interval,
    Mark,
    OneOf,
    SetBetween,
    Unknown,
    Value,
)

THOROUGHNESS: Final = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
"""How many times over each law is tried; a plain run tries the same cases every time."""
TEXTS: Final = ("甲", "乙", "丙")
"""Some texts, where nothing is known of one."""
MARKS: Final = st.one_of(
    st.just(frozenset[Mark]()), st.frozensets(st.sampled_from([NONE, OPEN]), max_size=2)
)
_STRIDE: Final = 7919

Item = TypeVar("Item")


def try_law(times: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Try a law so many times in a plain run."""
    return settings(
        max_examples=times * THOROUGHNESS,
        deadline=None,
        database=None,
        derandomize=THOROUGHNESS == 1,
        suppress_health_check=list(HealthCheck),
    )


def spell_out(value: Any) -> tuple[Domain | None, frozenset[Mark]]:  # noqa: ANN401 - any value
    """Return a value as a domain, none where it is a mark, and its marks."""
    if isinstance(value, Unknown):
        return value.domain, value.marks
    if isinstance(value, Mark):
        return None, frozenset({value})
    if isinstance(value, frozenset):
        return SetBetween(value, value), frozenset()
    if isinstance(value, bool | str):
        return OneOf(frozenset({value})), frozenset()
    return Interval(value, value), frozenset()


def covers(whole: Value, part: Value) -> bool:
    """Return whether every way ``part`` may turn out is a way ``whole`` may turn out."""
    domain, marks = spell_out(whole)
    inner, fewer = spell_out(part)
    return fewer <= marks and (inner is None or _holds(domain, inner))


def _holds(whole: Domain | None, part: Domain) -> bool:
    match whole, part:
        case AnyText(), AnyText() | OneOf():
            return True
        case OneOf(options), OneOf(some):
            return some <= options
        case SetBetween(a, b), SetBetween(c, d):
            return a <= c and d <= b
        case Interval(a, b), Interval(c, d):
            return bool(a <= c and d <= b)  # type: ignore[operator]
        case _:
            return False


def find_hull(values: Iterable[Value]) -> tuple[Domain | None, frozenset[Mark]]:
    """Return the smallest domain and the marks that hold every one of some settled values."""
    found: list[Any] = list(values)
    marks = frozenset(item for item in found if isinstance(item, Mark))
    there = [item for item in found if not isinstance(item, Mark)]
    if not there:
        return None, marks
    if isinstance(there[0], frozenset):
        certain: frozenset[str] = frozenset.intersection(*there)
        return SetBetween(certain, certain.union(*there)), marks
    if isinstance(there[0], bool | str):
        return OneOf(frozenset(there)), marks
    return Interval(min(there), max(there)), marks


def complete(value: Value, between: Iterable[Exact] = ()) -> list[Any]:
    """Return every way a value may turn out; of a range its ends and what of ``between`` is in."""
    domain, marks = spell_out(value)
    found: list[Any] = sorted(marks, key=str)
    match domain:
        case Interval(low, high):
            inside = [x for x in between if low < x < high]  # type: ignore[operator]
            found += dict.fromkeys([low, *inside, high])
        case OneOf(options):
            found += sorted(options, key=str)
        case SetBetween(certain, possible):
            found += [certain | more for more in list_subsets(sorted(possible - certain))]
        case AnyText():
            found += TEXTS
        case _:
            pass
    return found


def list_subsets(options: Iterable[str]) -> list[frozenset[str]]:
    """Return every set of some options."""
    found: list[frozenset[str]] = [frozenset()]
    for option in options:
        found += [some | {option} for some in found]
    return found


def combine(ways: list[list[Item]], most: int = 400) -> Iterator[list[Item]]:
    """Yield one of each list, in every way where these are few, else in many evenly spread ways."""
    total = prod(len(item) for item in ways)
    return islice(_spread(ways, total), min(total, most))


def _spread(ways: list[list[Item]], total: int) -> Iterator[list[Item]]:
    for step in range(total):
        at = step * _STRIDE % total
        picked = []
        for item in ways:
            at, here = divmod(at, len(item))
            picked.append(item[here])
        yield picked
