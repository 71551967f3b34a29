"""Comes in: the tree of a parameter. Goes out: its dated blocks, cut where a new value begins.

A block is the mapping that holds a value, table or brackets: the parameter itself where it has one
for every day, each of its ``values`` where it has several.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from voucher_rules.ruleset.notice import Days
from voucher_rules.sources.tree import Mapping, Scalar, Sequence
from voucher_rules.values.read import read_date

VALUE_KEYS: Final = ("value", "table", "brackets")


def list_blocks(declared: Mapping) -> list[Mapping]:
    """Return the blocks of a parameter, which is one itself where it has no dated values."""
    dated = dict(declared).get("values")  # type: ignore[call-overload]
    return [declared] if dated is None else list(dated)


def find_value(block: Mapping, part: str) -> tuple[Mapping, Scalar]:
    """Return the mapping that holds a value of a block, and under which key.

    ``part`` is empty for a plain value and for all brackets, else the options of a cell or the
    number of a bracket.
    """
    if "table" in block:
        return _find_cell(block[_key(block, "table")], part)
    if part:
        brackets = block[_key(block, "brackets")]
        return brackets[int(part) - 1], _key(block, "value")
    return block, _key(block, "brackets" if "brackets" in block else "value")


def _find_cell(table: Mapping, part: str) -> tuple[Mapping, Scalar]:
    *outer, last = part.split(", ")
    for option in outer:
        table = table[_key(table, option)]
    return table, _key(table, last)


def _key(mapping: Mapping, name: str) -> Scalar:
    """Return the key of a mapping that reads ``name``, or a new one."""
    found = (key for key in mapping if key == name)
    return next(found, None) or Scalar(name, mapping.span, exact=False)


def cut_blocks(declared: Mapping, days: Days) -> list[Mapping]:
    """Cut the blocks of a parameter at the ends of ``days``, and return those that lie within.

    Days on which no value stood get a block in which everything is unset.
    """
    kept: list[Mapping] = []
    within: list[Mapping] = []
    for block in _open_blocks(declared):
        own = read_block_days(block)
        if not own.meets(days):
            kept.append(block)
            continue
        before, middle, after = _cut(own, days)
        kept += [_copy_block(block, part) for part in (before, after) if part is not None]
        within.append(_copy_block(block, middle))
    pattern = within[0] if within else kept[0]
    within += [_empty_block(pattern, gap) for gap in _list_gaps(within, days)]
    ordered = sorted([*kept, *within], key=lambda x: read_block_days(x).start or date.min)
    sequence = Sequence(ordered)
    sequence.span = declared.span
    declared[_key(declared, "values")] = sequence
    return sorted(within, key=lambda x: read_block_days(x).start or date.min)


def _open_blocks(declared: Mapping) -> list[Mapping]:
    """Return the dated blocks; a value for every day becomes one block without dates."""
    if "values" in declared:
        return list_blocks(declared)
    block = Mapping({key: declared.pop(key) for key in list(declared) if key in VALUE_KEYS})
    block.span = declared.span
    return [block]


def read_block_days(block: Mapping) -> Days:
    """Return the days of a block of a ruleset that was found sound."""
    held = {str(key): value for key, value in block.items()}
    start, until = held.get("from"), held.get("until")
    return Days(
        read_date(start) if start is not None else None,
        read_date(until) if until is not None else None,
    )


def _cut(own: Days, days: Days) -> tuple[Days | None, Days, Days | None]:
    """Return what lies before ``days``, within and after; ``own`` meets them."""
    start, until = own.start, own.until
    before = after = None
    if days.start is not None and (start is None or start < days.start):
        before, start = Days(start, _shift(days.start, -1)), days.start
    if days.until is not None and (until is None or until > days.until):
        after, until = Days(_shift(days.until, 1), until), days.until
    return before, Days(start, until), after


def _list_gaps(blocks: list[Mapping], days: Days) -> Iterator[Days]:
    """Yield the parts of ``days``, which have a start, that no block covers."""
    start = days.start
    for own in sorted((read_block_days(x) for x in blocks), key=lambda x: x.start or date.min):
        if start is not None and own.start is not None and start < own.start:
            yield Days(start, _shift(own.start, -1))
        start = None if own.until is None else _shift(own.until, 1)
    if start is not None and (days.until is None or start <= days.until):
        yield Days(start, days.until)


def _shift(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _copy_block(block: Mapping, days: Days) -> Mapping:
    held = {key: copy_node(value) for key, value in block.items() if key not in {"from", "until"}}
    made = Mapping(_write_days(days, block) | held)
    made.span = block.span
    return made


def _empty_block(pattern: Mapping, days: Days) -> Mapping:
    held = {key: _empty(value) for key, value in pattern.items() if key in VALUE_KEYS}
    made = Mapping(_write_days(days, pattern) | held)
    made.span = pattern.span
    return made


def _empty(node: Any) -> Any:  # noqa: ANN401 - a node of any kind
    """Return the same table or scale with every value unset; the ends of brackets stay."""
    if isinstance(node, Mapping):
        ends = {"from", "above", "up_to", "below"}
        made = Mapping({key: x if key in ends else _empty(x) for key, x in node.items()})
        made.span = node.span
        return made
    if isinstance(node, Sequence):
        sequence = Sequence(_empty(item) for item in node)
        sequence.span = node.span
        return sequence
    return Scalar("unset", node.span, exact=False)


def _write_days(days: Days, block: Mapping) -> dict[Scalar, Scalar]:
    written = {"from": days.start, "until": days.until}
    return {
        _key(block, name): Scalar(day.isoformat(), block.span, exact=False)
        for name, day in written.items()
        if day is not None
    }


def copy_node(node: Any) -> Any:  # noqa: ANN401 - a node of any kind
    """Return a copy of a tree that may be changed without changing the tree."""
    if isinstance(node, Mapping):
        mapping = Mapping({key: copy_node(value) for key, value in node.items()})
        mapping.span = node.span
        return mapping
    if isinstance(node, Sequence):
        sequence = Sequence(copy_node(item) for item in node)
        sequence.span = node.span
        return sequence
    return node
