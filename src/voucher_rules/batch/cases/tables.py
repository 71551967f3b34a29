"""Comes in: a table and a program. Goes out: a case for each row, and the rows that are none.

The door of cases alone judges values. A row it refuses is kept with what it said of it: the rows
that came in are those read and those rejected, and nothing is lost between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from voucher_rules.batch.cases.cells import (
    EXACT_DECIMAL,
    FLOATS,
    READY,
    CellShaper,
    FloatCounter,
    check_floats,
    tell_converted,
)
from voucher_rules.batch.cases.joining import Gathered, Records, join_records, name_records
from voucher_rules.batch.cases.stated import Columns, Reader, Stated, StatedCases, judge_columns
from voucher_rules.batch.reading.columns import Cells, RawTable, open_table
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.compiled.python_names import Row
from voucher_rules.decision.stated import UNKNOWN_WORD
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program
from voucher_rules.ruleset.names import suggest_name


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is no case, by its number from 1, and every reason why."""

    number: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read.

    ``columns`` names the fact of a column that is not called like it; ``facts`` are those of every
    row that does not state them itself, ``on`` the day of every row that states none. ``records``
    are tables of what a case has several of, or the lists of the rows. ``floats`` says what becomes
    of binary floats in a column of money, ratios, counts or numbers: ``refuse``, or
    ``exact_decimal``.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    on: date | None = None
    records: Mapping[str, Records | Gathered] = field(default_factory=dict)
    floats: str = "refuse"


PLAIN: Final = Layout()


@dataclass(frozen=True, slots=True)
class CaseTable:
    """A table as read: the cases, and all that must be known of how they came about.

    ``numbers`` are the row numbers of the cases, from 1; ``raw`` is the whole table, for grouping;
    ``facts`` is the fact of each column that has one; ``absent`` are facts the decision reads that
    no column tells. ``converted`` counts the binary floats turned into decimals, by column,
    ``dated`` the rows whose day was assumed, ``unmatched`` the records of no row, by list.
    """

    program: Program
    layout: Layout
    raw: RawTable
    cases: StatedCases
    numbers: tuple[int, ...]
    rejected: tuple[Rejected, ...]
    facts: Mapping[str, str]
    absent: tuple[str, ...]
    converted: Mapping[str, int]
    dated: int
    unmatched: Mapping[str, int]
    unused_fields: tuple[str, ...] = ()
    """The columns of records that are of no field, each with its list's name before it."""
    shaped: Mapping[str, tuple[str, Sequence[object]]] = field(repr=False, default_factory=dict)
    """By column, the fact and the cells as the door of cases takes them."""

    @property
    def count(self) -> int:
        """How many rows came in: those read and those rejected."""
        return self.raw.count

    def list_stated(self) -> Iterator[dict[str, Any]]:
        """Yield what is stated of each case."""
        for number in self.numbers:
            yield gather_facts(self.layout, self.shaped, number)

    def pick(self, column: str) -> list[object]:
        """Return the cells of a column for the cases. Raises :class:`InputError`."""
        cells = pick_column(self.raw, column)
        return [cells[number - 1] for number in self.numbers]


def pick_column(raw: RawTable, column: str) -> Cells:
    """Return the cells of a column. Raises :class:`InputError` where there is none of the name."""
    if column not in raw.columns:
        near = suggest_name(str(column), list(raw.columns))
        listed = ", ".join(raw.columns)
        arguments = {"found": str(column), "options": listed, "near": near}
        raise InputError([Diagnostic("not-one-of", arguments, path="column")])
    return raw.columns[column]


def check_keys(keys: Iterable[str], names: Collection[str]) -> None:
    """Check that keys are columns. Raises :class:`InputError`."""
    for key in keys:
        if key not in names:
            near = suggest_name(str(key), list(names))
            told = {"found": str(key), "options": ", ".join(names), "near": near}
            raise InputError([Diagnostic("not-one-of", told, path="keys")])


def read_table(table: Any, program: Program, layout: Layout = PLAIN) -> CaseTable:  # noqa: ANN401 - a table of any package
    """Read the rows of a table as cases of a program.

    Raises :class:`InputError` for what is wrong with the table as a whole: a column mapped to a
    fact there is not, binary floats that were not accepted, a key that is not there.
    """
    if layout.floats not in FLOATS:
        arguments = {"found": str(layout.floats), "options": ", ".join(FLOATS), "near": ""}
        raise InputError([Diagnostic("not-one-of", arguments, path="floats")])
    # most cases are read in full much later: nothing the caller does until then may reach them
    layout = replace(layout, facts=deepcopy(dict(layout.facts)))
    raw = open_table(table)
    check_shared(program.ruleset, layout)
    facts = find_facts(raw, program.ruleset, layout)
    floats = FloatCounter(layout.floats == EXACT_DECIMAL)
    columns = _shape_columns(raw, program.ruleset, facts, floats)
    counters, lists = [floats], {}
    for name, held in layout.records.items():
        counters.append(FloatCounter(floats.accepts, name_records(name)))
        lists[name] = join_records(raw, program.ruleset, name, held, counters[-1])
    check_floats(*counters)
    columns |= {joined.column: (name, joined.cells) for name, joined in lists.items()}
    facts = {**facts, **{joined.column: name for name, joined in lists.items()}}
    reader = _RowReader(program, layout, columns, Reader(program), _find_days(program, columns))
    stated = Columns(dict(columns.values()), layout.facts, layout.on, raw.count)
    for number, row in enumerate(judge_columns(program, stated), start=1):
        reader.read(number, row)
    given = {*facts.values(), *layout.facts}
    return CaseTable(
        program=program,
        layout=layout,
        raw=raw,
        cases=reader.close(),
        numbers=tuple(reader.numbers),
        rejected=tuple(reader.rejected),
        facts=facts,
        absent=list_absent(program, given, layout),
        converted=tell_converted(*counters),
        dated=reader.dated,
        unmatched={name: joined.unmatched for name, joined in lists.items() if joined.unmatched},
        unused_fields=tuple(column for joined in lists.values() for column in joined.unused),
        shaped=columns,
    )


def gather_facts(
    layout: Layout, shaped: Mapping[str, tuple[str, Sequence[object]]], number: int
) -> dict[str, Any]:
    """Return what is stated in one row: its own cells over the facts of all rows."""
    facts = dict(layout.facts)
    for fact, cells in shaped.values():
        cell = cells[number - 1]
        if cell is not None:
            facts[fact] = cell
    return facts


def find_facts(raw: RawTable, ruleset: CheckedRuleset, layout: Layout) -> Mapping[str, str]:
    """Return the fact of each column that has one: as mapped, else by its name.

    Raises :class:`InputError` for a mapping from or to what there is not, or twice to one fact.
    """
    found = []
    for column, fact in layout.columns.items():
        pick_column(raw, column)
        if fact not in ruleset.inputs:
            near = suggest_name(str(fact), list(ruleset.inputs))
            found.append(Diagnostic("unknown-fact", {"name": str(fact), "near": near}, path=column))
    made = {name: name for name in raw.columns if name in ruleset.inputs}
    made |= dict(layout.columns)
    owners: dict[str, str] = {}
    taken = {name: name_records(name) for name in layout.records}
    for column, fact in made.items():
        if fact in owners or fact in taken:
            told = {"fact": fact, "first": owners.get(fact, taken.get(fact, "")), "again": column}
            found.append(Diagnostic("fact-of-two-columns", told, path=column))
        owners.setdefault(fact, column)
    if found:
        raise InputError(found)
    return made


def check_shared(ruleset: CheckedRuleset, layout: Layout) -> None:
    """Check that the facts of every row are facts of the ruleset. Raises :class:`InputError`."""
    unknown = [name for name in layout.facts if name not in ruleset.inputs]
    if unknown:
        known = list(ruleset.inputs)
        told = [{"name": str(x), "near": suggest_name(str(x), known)} for x in unknown]
        raise InputError([Diagnostic("unknown-fact", x, path="facts") for x in told])


def _shape_columns(
    raw: RawTable, ruleset: CheckedRuleset, facts: Mapping[str, str], floats: FloatCounter
) -> dict[str, tuple[str, Sequence[object]]]:
    """Return, for each column of a fact, the fact and its cells as the door takes them."""
    made: dict[str, tuple[str, Sequence[object]]] = {}
    for column, fact in facts.items():
        shaper = CellShaper(column, ruleset.inputs[fact], floats, ruleset.lists.get(fact))
        cells = raw.columns[column]
        if not READY.issuperset(map(type, cells)):
            cells = [
                cell if type(cell) in READY else shaper.shape(cell, row)
                for row, cell in enumerate(cells, start=1)
            ]
        made[column] = (fact, cells)
    return made


def list_absent(program: Program, given: set[str], layout: Layout) -> tuple[str, ...]:
    """Return the facts a decision reads that nothing in the table or beside it tells."""
    day = program.decision.as_of
    return tuple(
        name
        for name in program.inputs
        if name not in given and not (name == day and layout.on is not None)
    )


def list_unused(
    names: Iterable[str], facts: Mapping[str, str], layout: Layout, keys: Collection[str]
) -> tuple[str, ...]:
    """Return the columns that are of no fact and no key, neither of results nor of records."""
    joined = {held.key for held in layout.records.values()}
    return tuple(x for x in names if x not in facts and x not in keys and x not in joined)


def _find_days(
    program: Program, columns: Mapping[str, tuple[str, Sequence[object]]]
) -> Sequence[object] | None:
    """Return the cells of the day that fixes the law, where a column tells it."""
    return dict(columns.values()).get(program.decision.as_of)


@dataclass(slots=True)
class _RowReader:
    program: Program
    layout: Layout
    columns: Mapping[str, tuple[str, Sequence[object]]]
    cases: Reader
    days: Sequence[object] | None
    numbers: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    dated: int = 0

    def read(self, number: int, row: Row | None) -> None:
        """Read one row, as a case or as a rejection."""
        try:
            self.cases.read(row, lambda: self._find_stated(number))
        except InputError as error:
            told = tuple(self._place(item, number) for item in error.diagnostics)
            self.rejected.append(Rejected(number, told))
            return
        self.numbers.append(number)
        self.dated += self._find_day(number) is not None

    def close(self) -> StatedCases:
        """Return the cases of the rows read."""
        return self.cases.close(lambda at: self._find_stated(self.numbers[at]))

    def _find_stated(self, number: int) -> Stated:
        return gather_facts(self.layout, self.columns, number), self._find_day(number)

    def _find_day(self, number: int) -> date | None:
        """Return the day to assume: where the row tells none of its own."""
        stated = None if self.days is None else self.days[number - 1]
        if stated is None:
            stated = self.layout.facts.get(self.program.decision.as_of, UNKNOWN_WORD)
        return self.layout.on if stated == UNKNOWN_WORD else None

    def _place(self, item: Diagnostic, number: int) -> Diagnostic:
        """Say in which row and column a fault is, and of which fact."""
        fact = item.path.partition("[")[0]
        owners = [column for column, (name, _) in self.columns.items() if name == fact]
        parts = [f"rows.{number}", *(x for x in owners if x != fact), item.path]
        return replace(item, path=": ".join(filter(None, parts)))


def read_alike(left: Program, right: Program) -> bool:
    """Return whether whatever is a case of one program is the same case of the other."""
    if left is right:
        return True
    domains = [{n: x.domain for n, x in program.parameters.items()} for program in (left, right)]
    options = [
        {n: tuple(x.options) for n, x in program.ruleset.readings.items()}
        for program in (left, right)
    ]
    return (
        left.ruleset.inputs == right.ruleset.inputs
        and left.ruleset.lists == right.ruleset.lists
        and list(left.inputs) == list(right.inputs)
        and left.decision.as_of == right.decision.as_of
        and left.ruleset.zone == right.ruleset.zone
        and (left.lists, left.applying, left.asked) == (right.lists, right.applying, right.asked)
        and domains[0] == domains[1]
        and options[0] == options[1]
    )


def read_again(table: CaseTable, program: Program) -> CaseTable:
    """Return a table read as cases of another program; nothing is read twice to the same end."""
    if read_alike(table.program, program):
        return replace(table, program=program)
    return read_table(table.raw, program, table.layout)


def keep_rows(table: CaseTable, numbers: Sequence[int]) -> CaseTable:
    """Return a table with the cases of these rows alone; who is rejected stays rejected."""
    if tuple(numbers) == table.numbers:
        return table
    kept = frozenset(numbers)
    places = [at for at, number in enumerate(table.numbers) if number in kept]
    return replace(
        table,
        cases=table.cases.pick(places),
        numbers=tuple(table.numbers[at] for at in places),
    )
