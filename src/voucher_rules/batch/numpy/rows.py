"""Comes in: rows of typed values. Goes out: the same as columns, and what they count in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import Any

from voucher_rules.batch.numpy.checks import WIDEST, Column, ListColumn
from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING


def find_denominators(
    inputs: tuple[KernelInput, ...], columns: Sequence[Sequence[Any]]
) -> dict[str, int]:
    """Return, for each ratio and number, what all its values in some rows can be counted in.

    ``columns`` are these rows turned: the values of each input. Raises OverflowError where int64
    does not hold it.
    """
    found: dict[str, int] = {}
    for item, values in zip(inputs, columns, strict=True):
        if item.shape is Shape.NUMBER and not item.denominator:
            found[item.name] = _share(values)
        if not any(one.shape is Shape.NUMBER and not one.denominator for one in item.fields):
            continue
        records = [record for some in values if isinstance(some, tuple) for record in some]
        for number, one in enumerate(item.fields):
            if one.shape is Shape.NUMBER and not one.denominator:
                found[one.name] = _share([record[number] for record in records])
    return found


def _share(values: Sequence[Any]) -> int:
    shared = 1
    for denominator in {x.denominator for x in values if isinstance(x, int | Fraction)}:
        shared = lcm(shared, denominator)
        if shared > WIDEST:
            raise OverflowError
    return shared


def make_columns(
    inputs: tuple[KernelInput, ...], columns: Sequence[Sequence[Any]]
) -> dict[str, Column | ListColumn]:
    """Return the values of each input as columns of NumPy.

    Raises OverflowError for a number that int64 does not hold.
    """
    made: dict[str, Column | ListColumn] = {}
    for item, values in zip(inputs, columns, strict=True):
        is_list = item.shape is Shape.LIST
        made[item.name] = _make_lists(item, values) if is_list else _make_column(item, values)
    return made


def _make_column(item: KernelInput, values: Sequence[Any]) -> Column:
    none, missing = _make_masks(values)
    empty: Any = {Shape.BOOL: False, Shape.TEXT: ""}.get(item.shape, item.low)
    size = item.denominator if item.shape is Shape.NUMBER else 1
    filled: Sequence[Any] = values
    if none is not None or missing is not None:
        filled = [empty if x is None or x is MISSING else x for x in values]
    if item.shape is Shape.BOOL:
        return Column(np.array(filled, bool), none, missing)
    if item.shape is Shape.TEXT:
        return Column(np.array(filled, object), none, missing)
    if size == 1:
        return Column(np.array(filled, np.int64), none, missing)
    return Column(np.array([int(x * size) for x in filled], np.int64), none, missing)


def _make_masks(values: Sequence[Any]) -> tuple[Any, Any]:
    none = np.array([x is None for x in values], bool) if None in values else None
    missing = np.array([x is MISSING for x in values], bool) if MISSING in values else None
    return none, missing


def _make_lists(item: KernelInput, values: Sequence[Any]) -> ListColumn:
    none, missing = _make_masks(values)
    lists = [() if x is None or x is MISSING else x for x in values]
    starts = np.array([0, *accumulate(len(x) for x in lists)], np.int64)
    records = [record for some in lists for record in some]
    fields: Mapping[str, Column] = {
        one.name: _make_column(one, [record[number] for record in records])
        for number, one in enumerate(item.fields)
    }
    return ListColumn(starts, fields, none, missing)
