"""Comes in: the typed rows of some cases. Goes out: them by the law they fall under, turned.

What is worked out of a group is kept with it: a study decides the same cases under many laws.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

from voucher_rules.batch.cases.stated import StatedCases
from voucher_rules.compiled.build import stretches_of
from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.python_names import MISSING, Row
from voucher_rules.compiled.rows import make_row
from voucher_rules.decision.case import Case
from voucher_rules.program.build import Program

Made = TypeVar("Made")
Starts: TypeAlias = tuple[int, ...]
"""The first days of the stretches on which one law holds, counted from the first of year 1."""


class Group:
    """The rows of the cases whose law is that of one stretch of days.

    ``day`` lies in it; ``places`` are where the cases stand among all.
    """

    def __init__(
        self, program: Program, day: int, places: Sequence[int], rows: Sequence[Row]
    ) -> None:
        self.inputs = list_door_inputs(program)
        self._sure = frozenset(name for name, x in program.inputs.items() if x.applies is None)
        self.day = day
        self.places = places
        self.rows = rows
        self._kept: dict[Hashable, Any] = {}

    @cached_property
    def columns(self) -> list[Sequence[Any]]:
        """The values of each input, in the order of the rows."""
        return list(zip(*self.rows, strict=True))

    @cached_property
    def lacks(self) -> bool:
        """Whether something is missing of what surely exists."""
        return any(
            (item.name in self._sure and MISSING in values) or _lacks_field(values)
            for item, values in zip(self.inputs, self.columns, strict=True)
        )

    def keep(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made of the group once, by a key that tells all else it rests on."""
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made


def _lacks_field(values: Sequence[Any]) -> bool:
    """Return whether something is missing in a record of some lists."""
    lists = (some for some in values if isinstance(some, tuple))
    return any(MISSING in record for some in lists for record in some)


def group_cases(program: Program, cases: Sequence[Case]) -> list[Group]:
    """Return the cases that have a typed row, by the stretch of days that fixes their law."""
    starts = tuple(first.toordinal() for first, _ in stretches_of(program))
    if not isinstance(cases, StatedCases):
        inputs = list_door_inputs(program)
        rows = [make_row(inputs, case.values) for case in cases]
        return _group_rows(program, starts, rows)
    found: list[Group] = cases.keep(starts, lambda: _group_rows(program, starts, cases.rows))
    return found


def _group_rows(program: Program, starts: Starts, rows: Sequence[Row | None]) -> list[Group]:
    inputs = list_door_inputs(program)
    day = next(at for at, item in enumerate(inputs) if item.name == program.decision.as_of)
    places: dict[int, list[int]] = {}
    for at, row in enumerate(rows):
        if row is not None and row[day] is not MISSING:
            places.setdefault(bisect_right(starts, row[day]) - 1, []).append(at)
    return [
        Group(program, starts[stretch], places[stretch], [rows[at] for at in places[stretch]])  # type: ignore[misc] # rows that are none have no place
        for stretch in sorted(places)
    ]
