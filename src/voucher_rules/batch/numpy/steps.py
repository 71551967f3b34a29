"""Comes in: one step of a kernel and the columns it reads. Goes out: the column it gives.

Whole numbers are int64 and truths are booleans; days are turned by NumPy's own calendar, which is
that of Python's dates. Every step is exact where its bounds fit into int64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.compiled.days import FIRST, LAST
from voucher_rules.compiled.nodes import Op

np: Final[Any] = import_package("numpy", "tables")
Array: TypeAlias = Any
"""A column of NumPy, or one number for all rows."""
Step: TypeAlias = Callable[..., Array]

_EPOCH: Final = 719_163
"""The first day of 1970, counted from the first of year 1."""
_FIRST_MONTH: Final = (1 - 1970) * 12
_LAST_MONTH: Final = (9999 - 1970) * 12 + 11


def _as_days(ordinals: Array) -> Array:
    return (np.asarray(ordinals, np.int64) - _EPOCH).astype("datetime64[D]")


def _as_ordinals(days: Array) -> Array:
    return days.astype("datetime64[D]").astype(np.int64) + _EPOCH


def year_of(ordinals: Array) -> Array:
    """Return the years of days."""
    return _as_days(ordinals).astype("datetime64[Y]").astype(np.int64) + 1970


def month_of(ordinals: Array) -> Array:
    """Return the months of days."""
    return _as_days(ordinals).astype("datetime64[M]").astype(np.int64) % 12 + 1


def first_of_year(ordinals: Array) -> Array:
    """Return the first days of the years of days."""
    return _as_ordinals(_as_days(ordinals).astype("datetime64[Y]"))


def last_of_year(ordinals: Array) -> Array:
    """Return the last days of the years of days."""
    return _as_ordinals(_as_days(ordinals).astype("datetime64[Y]") + np.timedelta64(1, "Y")) - 1


def add_months(ordinals: Array, count: Array) -> Array:
    """Return the corresponding days some months later, or the last of their months."""
    days = _as_days(ordinals)
    months = days.astype("datetime64[M]")
    since = (days - months.astype("datetime64[D]")).astype(np.int64)
    reached = months.astype(np.int64) + count
    inside = np.clip(reached, _FIRST_MONTH, _LAST_MONTH).astype("datetime64[M]")
    start = _as_ordinals(inside)
    length = _as_ordinals(inside + np.timedelta64(1, "M")) - start
    made = start + np.minimum(since, length - 1)
    made = np.where(reached < _FIRST_MONTH, FIRST, made)
    return np.where(reached > _LAST_MONTH, LAST, made)


def _whole(ufunc: Any) -> Step:  # noqa: ANN401 - a function of NumPy
    def run(left: Array, right: Array) -> Array:
        return ufunc(left, right, dtype=np.int64)

    return run


def _fold(ufunc: Any) -> Step:  # noqa: ANN401
    def run(first: Array, second: Array, *more: Array) -> Array:
        made = ufunc(first, second)
        for item in more:
            ufunc(made, item, out=made)
        return made

    return run


def _fold_whole(ufunc: Any) -> Step:  # noqa: ANN401
    def run(first: Array, second: Array, *more: Array) -> Array:
        made = ufunc(first, second, dtype=np.int64)
        for item in more:
            made = ufunc(made, item, dtype=np.int64)
        return made

    return run


def select(test: Array, then: Array, other: Array) -> Array:
    """Return, row by row, one of two columns."""
    return np.where(test, _widen(then), _widen(other))


def _widen(values: Array) -> Array:
    """Return whole numbers as int64, truths as they are: a narrow column holds no wide constant."""
    held = np.asarray(values)
    return held if held.dtype == bool else held.astype(np.int64, copy=False)


def count_bits(mask: Array) -> Array:
    """Return how many bits are set, row by row."""
    left = np.array(mask, np.int64)
    made = np.zeros_like(left)
    while left.any():
        made += left & 1
        left >>= 1
    return made


STEPS: Final[Mapping[Op, Step]] = {
    Op.AND: _fold(np.logical_and),
    Op.OR: _fold(np.logical_or),
    Op.NOT: np.logical_not,
    Op.LE: np.less_equal,
    Op.EQ: np.equal,
    Op.SELECT: select,
    Op.ADD: _whole(np.add),
    Op.SUB: _whole(np.subtract),
    Op.MUL: _whole(np.multiply),
    Op.FLOORDIV: _whole(np.floor_divide),
    Op.MIN: _fold_whole(np.minimum),
    Op.MAX: _fold_whole(np.maximum),
    Op.BIT_AND: _whole(np.bitwise_and),
    Op.BIT_OR: _whole(np.bitwise_or),
    Op.BIT: lambda place: np.left_shift(1, place, dtype=np.int64),
    Op.COUNT_BITS: count_bits,
    Op.YEAR: year_of,
    Op.MONTH: month_of,
    Op.FIRST_OF_YEAR: first_of_year,
    Op.LAST_OF_YEAR: last_of_year,
    Op.ADD_MONTHS: add_months,
}
"""What each step does to columns; look-ups and lists have functions of their own."""
TURNED: Final[Mapping[Op, Step]] = {Op.LE: np.greater, Op.EQ: np.not_equal}
"""The comparisons, where they do not hold."""


def make_table(cells: tuple[int, ...]) -> Step:
    """Return the function that looks cells up in a table."""
    held = np.array(cells, np.int64)

    def run(places: Array) -> Array:
        return held[np.asarray(places, np.intp)]  # narrow places are looked up half as fast

    return run


# -- lists: `starts` are where each row's records begin, with where the last row's end -------------


def sum_records(values: Array, starts: Array) -> Array:
    """Return the sum over each row's records; sums wrap around within int64 and come back."""
    total = np.concatenate((np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)))
    return total[starts[1:]] - total[starts[:-1]]


def pick_records(ufunc: Any, values: Array, starts: Array, empty: int) -> Array:  # noqa: ANN401
    """Return the least, the greatest or the union over each row's records; ``empty`` of none."""
    made = np.full(len(starts) - 1, empty, np.int64)
    filled = starts[:-1] < starts[1:]
    if filled.any():
        made[filled] = ufunc.reduceat(values, starts[:-1][filled])
    return made


def count_distinct(counts: Array, values: Array, starts: Array) -> Array:
    """Return how many different values the records of each row that count have."""
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    pairs = np.stack((rows[counts], np.asarray(values, np.int64)[counts]), axis=1)
    found = np.unique(pairs, axis=0) if len(pairs) else pairs
    return np.bincount(found[:, 0], minlength=len(starts) - 1).astype(np.int64)
