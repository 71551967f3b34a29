"""Comes in: what is stated in the rows of a table. Goes out: their cases, as typed rows at first.

A row that states only what programs usually state is judged by the quick door of kernels. Its case
is read in full when someone asks for it: most rows of a large table never are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias, overload

from voucher_rules.compiled.door import find_door, list_door_inputs
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING, Row
from voucher_rules.compiled.rows import NoRowError, make_row
from voucher_rules.decision.case import Case, read_case
from voucher_rules.decision.stated import RefusedError
from voucher_rules.language.terms import Role
from voucher_rules.program.build import Program
from voucher_rules.values.model import Value

Stated: TypeAlias = tuple[Mapping[str, Any], date | None]
"""What is stated of a case, and the day given beside it."""


class StatedCases(Sequence[Case]):
    """Cases of one program in their order; ``rows`` has the typed row of each that has one.

    ``tell`` returns what is stated of a case, by its place.
    """

    __slots__ = ("_held", "_kept", "_tell", "program", "rows")

    def __init__(
        self,
        program: Program,
        rows: Sequence[Row | None],
        held: Mapping[int, Case],
        tell: Callable[[int], Stated],
    ) -> None:
        self.program = program
        self.rows = rows
        self._held = dict(held)
        self._tell = tell
        self._kept: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Case: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Case]: ...

    def __getitem__(self, at: int | slice) -> Case | Sequence[Case]:
        places = range(len(self.rows))
        if isinstance(at, slice):
            return self.pick(places[at])
        place = places[at]
        if place not in self._held:
            facts, on = self._tell(place)
            self._held[place] = read_case(self.program, facts, None, on)
        return self._held[place]

    def pick(self, places: Sequence[int]) -> StatedCases:
        """Return the cases at some places."""
        rows = [self.rows[at] for at in places]
        held = {new: self._held[at] for new, at in enumerate(places) if at in self._held}
        return StatedCases(self.program, rows, held, lambda at: self._tell(places[at]))

    def keep(self, key: Hashable, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - anything is kept
        """Return what was made of these cases once, by a key that tells all else it rests on."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def list_values(self, name: str) -> Iterator[Value]:
        """Yield what each case says of a fact."""
        inputs = list_door_inputs(self.program)
        place = next(at for at, item in enumerate(inputs) if item.name == name)
        read = _READERS.get(inputs[place].shape)
        for at, row in enumerate(self.rows):
            plain = None if row is None else row[place]
            if read is None or plain is None or plain is MISSING:
                yield self[at].values[name]
            else:
                yield read(inputs[place], plain)


_READERS: Final[Mapping[Shape, Callable[[KernelInput, Any], Value]]] = {
    Shape.NUMBER: lambda _, plain: plain,
    Shape.BOOL: lambda _, plain: plain,
    Shape.TEXT: lambda _, plain: plain,
    Shape.CODE: lambda item, plain: item.type.options[plain],
    Shape.DAY: lambda _, plain: date.fromordinal(plain),
}
"""What the usual values of a row are values of."""


def pick_cases(cases: Sequence[Case], places: Sequence[int]) -> Sequence[Case]:
    """Return the cases at some places; none is read for it that was not."""
    if isinstance(cases, StatedCases):
        return cases.pick(places)
    return [cases[at] for at in places]


@dataclass(slots=True)
class Reader:
    """Reads the cases of one program, one after the other."""

    program: Program
    rows: list[Row | None] = field(default_factory=list)
    held: dict[int, Case] = field(default_factory=dict)
    _settled: set[Row] = field(default_factory=set)
    """What was found to be well stated of facts that exist under a condition."""

    def read(self, facts: Mapping[str, Any], on: date | None) -> None:
        """Read one case. Raises :class:`~.errors.InputError` with every fault of it."""
        row = self._read_quickly(facts, on)
        key = None if row is None else _find_applying(self.program).key(row)
        if row is None or not (key is None or key in self._settled):
            case = read_case(self.program, facts, None, on)
            self.held[len(self.rows)] = case
            row = make_row(list_door_inputs(self.program), case.values)
            if key is not None:
                self._settled.add(key)
        self.rows.append(row)

    def _read_quickly(self, facts: Mapping[str, Any], on: date | None) -> Row | None:
        try:
            return find_door(self.program).read(facts, on)[0]
        except (NoRowError, RefusedError):
            return None

    def close(self, tell: Callable[[int], Stated]) -> StatedCases:
        """Return the cases read."""
        return StatedCases(self.program, self.rows, self.held, tell)


@dataclass(frozen=True, slots=True)
class _Applying:
    """Which facts exist under a condition, and what these conditions read, by place in a row."""

    named: tuple[int, ...]
    read: tuple[int, ...]

    def key(self, row: Row) -> Row | None:
        """Return all that tells whether such facts are well stated; None where nothing can be ill.

        Two rows of one key are well stated together, or neither is.
        """
        if not self.named:
            return None
        kinds = tuple(None if row[at] is None else row[at] is MISSING for at in self.named)
        return (*kinds, *(row[at] for at in self.read))


@lru_cache(maxsize=256)
def _find_applying(program: Program) -> _Applying:
    places = {item.name: at for at, item in enumerate(list_door_inputs(program))}
    conditions = [x for x in (program.inputs[n].applies for n in program.applying) if x is not None]
    parts = [part for term in conditions for part in term.walk()]
    read = {part.name for part in parts if part.name in places}
    if any(part.role in {Role.AGGREGATE, Role.FIELD} for part in parts):
        read |= set(program.lists)
    return _Applying(
        tuple(places[name] for name in program.applying),
        tuple(sorted(places[name] for name in read)),
    )
