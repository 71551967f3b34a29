"""Comes in: what is stated in the rows of a table. Goes out: their cases, as typed rows at first.

A row that states only what programs usually state is judged by the quick door of kernels. Its case
is read in full when someone asks for it: most rows of a large table never are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import NoneType
from typing import Any, Final, TypeAlias, overload

from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.facts import Judge, make_extra_judges, make_judge
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING, Row
from voucher_rules.compiled.rows import NoRowError, make_row
from voucher_rules.decision.case import Case, read_case
from voucher_rules.decision.stated import RefusedError
from voucher_rules.language.terms import Role
from voucher_rules.program.build import Program
from voucher_rules.values.model import Mark, Period, Value

Stated: TypeAlias = tuple[Mapping[str, Any], date | None]
"""What is stated of a case, and the day given beside it."""


@dataclass(frozen=True, slots=True)
class CaseSource:
    """Where the cases of one program come from; ``rows`` has the typed row of each that has one.

    ``held`` are the cases read in full, by place; ``tell`` returns what is stated of any other.
    """

    program: Program
    rows: Sequence[Row | None]
    held: dict[int, Case]
    tell: Callable[[int], Stated]

    def read(self, place: int) -> Case:
        """Return a case in full."""
        if place not in self.held:
            facts, on = self.tell(place)
            self.held[place] = read_case(self.program, facts, None, on)
        return self.held[place]


class StatedCases(Sequence[Case]):
    """Cases in their order, each at its place in a source; ``rows`` are their typed rows."""

    __slots__ = ("_kept", "_places", "_source", "rows")

    def __init__(self, source: CaseSource, places: Sequence[int] | None = None) -> None:
        self._source = source
        self._places = range(len(source.rows)) if places is None else places
        self.rows = source.rows if places is None else [source.rows[at] for at in places]
        self._kept: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Case: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Case]: ...

    def __getitem__(self, at: int | slice) -> Case | Sequence[Case]:
        if isinstance(at, slice):
            return StatedCases(self._source, self._places[at])
        return self._source.read(self._places[at])

    def pick(self, places: Sequence[int]) -> StatedCases:
        """Return the cases at some places; none is read twice for it."""
        return StatedCases(self._source, [self._places[at] for at in places])

    def list_held(self) -> list[int]:
        """Return the places of the cases that were read in full."""
        return [at for at, place in enumerate(self._places) if place in self._source.held]

    def keep(self, key: Hashable, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - anything is kept
        """Return what was made of these cases once, by a key that tells all else it rests on."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def list_values(self, name: str) -> Iterator[Value]:
        """Yield what each case says of a fact."""
        inputs = list_door_inputs(self._source.program)
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


# -- rows, column by column ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table states: the cells of each fact, then what every row states that does not itself.

    A cell that says nothing is None; ``on`` is the day of each row that tells none of its own.
    """

    cells: Mapping[str, Sequence[object]]
    shared: Mapping[str, Any]
    on: date | None
    count: int


def judge_columns(program: Program, columns: Columns) -> list[Row | None]:
    """Return the typed row of each case; None where the usual door must judge what it states.

    Whether what is stated of facts under a condition goes together is not judged here.
    """
    refused: set[int] = set()
    made = []
    for item in list_door_inputs(program):
        judge = make_judge(program, program.inputs[item.name], item)
        empty = columns.on if item.name == program.decision.as_of else None
        made.append(_judge_cells(columns, item.name, judge, empty, refused))
    extra = make_extra_judges(program)
    for name, judge in extra.items():
        _judge_cells(columns, name, judge, None, refused)
    judged = {*program.inputs, *extra}
    if not judged.issuperset([*columns.cells, *columns.shared]):
        return [None] * columns.count
    rows: list[Row | None] = list(zip(*made, strict=True))
    for at in refused:
        rows[at] = None
    return rows


def _judge_cells(
    columns: Columns, name: str, judge: Judge, empty: object, refused: set[int]
) -> Sequence[Any]:
    """Return what stands in the rows for one fact; the places of what is refused are noted."""
    shared = columns.shared.get(name, empty)
    silent = name not in columns.shared and empty is None
    rest = MISSING if silent else try_judge(judge, shared)
    cells = columns.cells.get(name)
    made = [rest] * columns.count if cells is None else _judge_distinct(judge, cells, rest)
    if _REFUSED in made:
        refused.update(at for at, item in enumerate(made) if item is _REFUSED)
    return made


def _judge_distinct(judge: Judge, cells: Sequence[object], rest: object) -> list[Any]:
    """Return what each cell stands for; of what is equal and stated alike one is judged for all.

    A cell that says nothing stands for ``rest``; what is refused is told by a mark.
    """
    held: dict[Hashable, Any] = {None: rest}
    kinds = set(map(type, cells)) - {NoneType}
    if kinds <= _ALIKE and not kinds >= {bool, int}:
        held |= {cell: try_judge(judge, cell) for cell in set(cells) if cell is not None}
        return list(map(held.__getitem__, cells))
    return [rest if cell is None else _judge_once(judge, cell, held) for cell in cells]


def _judge_once(judge: Judge, cell: Any, held: dict[Hashable, Any]) -> Any:  # noqa: ANN401 - anything may be stated
    kind = type(cell)
    if kind not in _ALIKE:
        return try_judge(judge, cell)
    key = (kind, cell)
    if key not in held:
        held[key] = try_judge(judge, cell)
    return held[key]


def try_judge(judge: Judge, cell: Any) -> Any:  # noqa: ANN401 - as above
    """Return what stands in a row for a cell, or a mark where the usual door must judge it."""
    try:
        return judge(cell)
    except (NoRowError, RefusedError):
        return _REFUSED


def was_refused(made: object) -> bool:
    """Return whether this is the mark of a cell that the usual door must judge."""
    return made is _REFUSED


_REFUSED: Final = object()
_ALIKE: Final = frozenset({str, int, bool, date, Mark, Period, frozenset})
"""Types of which what is equal is stated alike; decimals may tell the same in other digits."""


class Reader:
    """Reads the cases of one program, one after the other."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.rows: list[Row | None] = []
        self.held: dict[int, Case] = {}
        self._applying = _find_applying(program)
        self._settled: set[Row] = set()

    def read(self, row: Row | None, tell: Callable[[], Stated]) -> None:
        """Read one case, from its typed row or from what is told of it.

        Raises :class:`~.errors.InputError` with every fault of it.
        """
        key = None if row is None else self._applying.key(row)
        if row is None or not (key is None or key in self._settled):
            facts, on = tell()
            case = read_case(self.program, facts, None, on)
            self.held[len(self.rows)] = case
            row = make_row(list_door_inputs(self.program), case.values)
            if key is not None:
                self._settled.add(key)
        self.rows.append(row)

    def close(self, tell: Callable[[int], Stated]) -> StatedCases:
        """Return the cases read."""
        return StatedCases(CaseSource(self.program, self.rows, self.held, tell))


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
