"""Comes in: the columns of a lot in SQL. Goes out: them as a kernel reads them, judged.

What a cell says is for the judges of the usual door to tell. A column of numbers or days is judged
at its ends, any other once for each different cell, which then is looked up. A row with a cell that
is refused is left to the usual door: its day is blanked, and no kernel decides it. What engines
differ in is asked of an :class:`Engine`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from voucher_rules.batch.cases.cells import CellShaper, FloatCounter
from voucher_rules.batch.cases.column_judging import count_in, find_rest, is_too_wide
from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.cases.stated import try_judge, was_refused
from voucher_rules.batch.reading.far_days import read_told
from voucher_rules.batch.reading.json_lines import read_cell
from voucher_rules.batch.sql.dialects import as_typed
from voucher_rules.batch.sql.engine import WHOLE, CellTable, Ends, Engine, read_decimal
from voucher_rules.batch.sql.typed import HeldRecords, Typed
from voucher_rules.checked.symbols import Input
from voucher_rules.compiled.door import find_digits, list_door_inputs
from voucher_rules.compiled.facts import Judge, list_places, make_extra_judges, make_judge
from voucher_rules.compiled.nodes import KernelInput, NotLoweredError, Shape
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.language.types import Kind

MOST_PARTS: Final = 10**9
"""Ratios that share no denominator up to this are left to the executors in memory."""
_LOOKED_UP: Final = WHOLE | {"BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP"}
"""Types by one name whatever the engine calls them; a TIMESTAMP has no zone."""


@dataclass(slots=True)
class SqlDoor:
    """Judges the columns of lots; ``facts`` is the column of each fact that has one.

    The columns of records are judged alike: ``sql.fields`` says what is asked otherwise.
    """

    job: Job
    types: Mapping[str, str]
    facts: Mapping[str, str]
    engine: Engine
    coded: frozenset[str] = frozenset()
    """The columns whose cells are written as JSON."""
    settled: dict[str, Ends] = field(default_factory=dict)
    """What a whole table holds of columns that all of it has, or none, and states well."""
    plain: set[str] = field(default_factory=set)
    """Those of them that hold nothing but options, as they are written."""

    def _name(self, column: str) -> str:
        """Return a column of the lot: tables it is joined with may have one called alike."""
        return f"lot.{self.engine.speech.quote(column)}"

    def _type(self, item: KernelInput) -> str:
        return self.engine.speech.type_of(item.shape)

    def check(self) -> None:
        """Check that every column of a fact can be judged. Raises :class:`NotLoweredError`."""
        for name, column in self.facts.items():
            kind = self.types[column]
            if not (kind in _LOOKED_UP or kind.startswith("DECIMAL")):
                raise NotLoweredError("a column of a type that is judged in memory", column)
            if self.find_declared(name).type.kind is Kind.LIST:
                raise NotLoweredError("a list of records in a column", column)

    def list_looked_up(self) -> list[str]:
        """Return the columns that are surely judged cell by cell."""
        held = [(item, self.facts.get(item.name)) for item in self.list_inputs()]
        made = [
            column
            for item, column in held
            if column and not (self._fits(item, column) or self._seems_plain(item, column))
        ]
        extra = [self.facts.get(name) for name in make_extra_judges(self.job.program)]
        return made + [x for x in extra if x and self.types[x] != "BOOLEAN"]

    def list_inputs(self) -> tuple[KernelInput, ...]:
        """Return what the columns are judged as."""
        return list_door_inputs(self.job.program)

    def find_declared(self, name: str) -> Input:
        """Return how a fact is declared, also one that the decision does not read."""
        return self.job.program.ruleset.inputs[name]

    def find_rest(self, item: KernelInput, judge: Judge) -> Any:  # noqa: ANN401 - what stands in a row
        """Return what a row says that has no cell for a fact."""
        return find_rest(self.job.program, self.job.layout, item.name, judge)

    def name_table(self, item: KernelInput) -> str:
        """Return what the table of the different cells of a fact is called."""
        return f"cells_{[x.name for x in self.list_inputs()].index(item.name)}"

    def judge(self, lot: str, held: Mapping[str, HeldRecords] | None = None) -> Typed:
        """Judge the columns of a lot, a relation in SQL; ``held`` tells of the records of its rows.

        Raises :class:`NotLoweredError`.
        """
        made = Typed()
        ends = self.engine.measure(lot, sorted({*self.facts.values()} - self.settled.keys()))
        ends |= self.settled
        self.judge_columns(made, lot, ends)
        for name, judge in make_extra_judges(self.job.program).items():
            self._judge_extra(made, name, judge, lot, ends)
        for name, own in (held or {}).items():
            self._take_records(made, name, own)
        if made.odd:
            day = self.job.program.decision.as_of
            made.columns[day] = (
                f"CASE WHEN {' OR '.join(made.odd)} THEN NULL ELSE {made.columns[day]} END"
            )
            made.filled.discard(day)
        return made

    def judge_columns(self, made: Typed, lot: str, ends: Mapping[str, Ends]) -> None:
        """Judge each column of what is read. Raises :class:`NotLoweredError`."""
        program = self.job.program
        for item in self.list_inputs():
            judge = make_judge(program, self.find_declared(item.name), item)
            rest = self.find_rest(item, judge)
            column = self.facts.get(item.name)
            if column is None or not ends[column].some:
                self._take_constant(made, item, rest)
            elif self.is_direct(item, column, ends[column], judge):
                self._take_direct(made, item, column, rest, ends[column])
            elif column in self.plain:
                name = self._name(column)
                self._take_cells(made, item, name, f"{name} IS NULL", rest, filled=True, size=1)
            elif self._seems_plain(item, column):
                self._take_options(made, item, column, rest, filled=ends[column].all)
            else:
                self._look_up(made, item, column, rest, lot, judge)

    # -- one column ------------------------------------------------------------------------------

    def _take_constant(self, made: Typed, item: KernelInput, rest: Any) -> None:  # noqa: ANN401
        """A fact of which every row says the same, or nothing."""
        kind = self._type(item)
        if was_refused(rest):
            made.odd.append("TRUE")
            rest = MISSING
        if item.shape is Shape.LIST and rest is not MISSING:
            raise NotLoweredError("a list of records in a column", item.name)
        if rest is MISSING:
            made.absent.add(item.name)
        size = count_in(made.denominators, item, [rest], MOST_PARTS)
        if rest is not MISSING and rest is not None:
            made.filled.add(item.name)
        self._note_days(made, item, [rest])
        value = self._write_constant(item, rest, size)
        made.columns[item.name] = f"CAST({value} AS {kind})"
        if item.may_be_none:
            made.columns[f"{item.name}.none"] = str(rest is None).upper()

    def _note_days(self, made: Typed, item: KernelInput, days: Sequence[Any]) -> None:
        """Keep the ends of the days that fix the law."""
        if item.name == self.job.program.decision.as_of:
            stated = [x for x in days if type(x) is int]
            made.days += stated

    def _write_constant(self, item: KernelInput, value: Any, size: int) -> str:  # noqa: ANN401
        told = as_typed(item, value, size)
        if told is None:
            return "NULL"
        if isinstance(told, bool):
            return str(told).upper()
        if isinstance(told, int):
            return str(told)
        return self.engine.speech.quote_text(str(told))

    def is_direct(self, item: KernelInput, column: str, ends: Ends, judge: Judge) -> bool:
        """Return whether every cell of a column is its value as it stands, and well stated."""
        if not self._fits(item, column):
            return False
        stated = () if item.shape is Shape.BOOL else (ends.low, ends.high)
        return not any(was_refused(try_judge(judge, x)) for x in stated)

    def _fits(self, item: KernelInput, column: str) -> bool:
        """Return whether the cells of a column are of the type that a fact is of."""
        kind = self.types[column]
        if item.shape is Shape.BOOL:
            return kind == "BOOLEAN"
        if item.shape is Shape.DAY:
            return kind == "DATE"
        return item.type.kind in (Kind.MONEY, Kind.COUNT) and self._is_whole(item, kind)

    def _is_whole(self, item: KernelInput, kind: str) -> bool:
        """Return whether numbers of a type are whole ones of the smallest unit."""
        if not kind.startswith("DECIMAL"):
            return kind in WHOLE
        width, scale = read_decimal(kind)
        return scale <= find_digits(item) and width + find_digits(item) < _WIDEST_DECIMAL

    def _take_direct(
        self,
        made: Typed,
        item: KernelInput,
        column: str,
        rest: Any,  # noqa: ANN401 - what stands in a row
        ends: Ends,
    ) -> None:
        name = self._name(column)
        kind = self._type(item)
        text = f"CAST({name} AS {kind})"
        digits = find_digits(item)
        if kind == "BIGINT" and digits:
            decimal = self.types[column].startswith("DECIMAL")
            text = f"CAST({name} * {10**digits} AS BIGINT)" if decimal else f"{text} * {10**digits}"
        if item.shape is Shape.DAY:
            self._note_days(made, item, [x.toordinal() for x in (ends.low, ends.high)])
        self._take_cells(made, item, text, f"{name} IS NULL", rest, filled=ends.all, size=1)

    def _take_cells(  # noqa: PLR0913 - what one column is made of
        self,
        made: Typed,
        item: KernelInput,
        text: str,
        empty: str,
        rest: Any,  # noqa: ANN401
        *,
        filled: bool,
        size: int,
    ) -> None:
        """A fact that rows have cells for; what says nothing stands for the rest."""
        self._note_days(made, item, [rest])
        if filled or rest is MISSING:
            made.columns[item.name] = text
        elif was_refused(rest):
            made.columns[item.name] = text
            made.odd.append(empty)
        else:
            made.columns[item.name] = (
                f"CASE WHEN {empty} THEN {self._write_constant(item, rest, size)} ELSE {text} END"
            )
        none = rest is None and not filled
        if item.may_be_none:
            made.columns.setdefault(f"{item.name}.none", empty if none else "FALSE")
        if filled or (rest is not MISSING and rest is not None and not was_refused(rest)):
            made.filled.add(item.name)

    # -- cell by cell ----------------------------------------------------------------------------

    def _judge_cell(self, name: str, column: str, judge: Judge, cell: Any) -> Any:  # noqa: ANN401
        declared = self.find_declared(name)
        shaper = CellShaper(column, declared, FloatCounter(accepts=False))
        stated = read_cell(cell) if column in self.coded else read_told(self.types[column], cell)
        return try_judge(judge, shaper.shape(stated, 0))

    def _look_up(  # noqa: PLR0913, PLR0917 - what one column is made of
        self,
        made: Typed,
        item: KernelInput,
        column: str,
        rest: Any,  # noqa: ANN401
        lot: str,
        judge: Judge,
    ) -> None:
        """Judge each different cell of a column once; rows look up what it stands for."""
        cells = self.engine.list_cells(lot, column)
        silent = [x for x in cells if x is None or x == ""]  # a cell may be 0
        spoken = [x for x in cells if not (x is None or x == "")]
        if item.shape is Shape.CODE and self._is_plain(item, column, spoken) and "" not in silent:
            text, empty = self._name(column), f"{self._name(column)} IS NULL"
            self._take_cells(made, item, text, empty, rest, filled=not silent, size=1)
            return
        judged = [self._judge_cell(item.name, column, judge, cell) for cell in spoken]
        held = [x for x in judged if not was_refused(x)]
        self._note_days(made, item, held)
        size = count_in(made.denominators, item, [*held, rest], MOST_PARTS)
        table = self._make_table(item, column, spoken, judged, size)
        made.joins.append(f"LEFT JOIN {table} ON {self._name(column)} = {table}.cell")
        text, empty = f"{table}.value", f"{table}.cell IS NULL"
        if any(was_refused(x) for x in judged):
            made.odd.append(f"COALESCE({table}.odd, FALSE)")
        if item.may_be_none and None in held:
            none = f"COALESCE({table}.none, {str(rest is None).upper()})"
            made.columns[f"{item.name}.none"] = none
        filled = not silent and not any(was_refused(x) or x is None for x in judged)
        self._take_cells(made, item, text, empty, rest, filled=filled, size=size)

    def _is_plain(self, item: KernelInput, column: str, cells: Sequence[Any]) -> bool:
        """Return whether every cell of a choice is one of its options, as it is written."""
        if not self.holds_texts(column):
            return False
        options = self.list_options(item)
        return all(cell in options for cell in cells)

    def list_options(self, item: KernelInput) -> Mapping[str, int]:
        """Return the options of a choice, as they are written, with their places."""
        return list_places(self.find_declared(item.name), self.job.program.ruleset.zone)

    def holds_texts(self, column: str) -> bool:
        """Return whether the cells of a column are the texts that stand there."""
        return self.types[column] == "VARCHAR" and column not in self.coded

    def _seems_plain(self, item: KernelInput, column: str) -> bool:
        """Return whether some cells of a choice are all options, as they are written."""
        if item.shape is not Shape.CODE or not self.holds_texts(column):
            return False
        some = self.engine.sample(column)
        options = self.list_options(item)
        return some is not None and all(x is None or x in options for x in some)

    def _take_options(
        self,
        made: Typed,
        item: KernelInput,
        column: str,
        rest: Any,  # noqa: ANN401 - what stands in a row
        *,
        filled: bool,
    ) -> None:
        """Take a choice as it is written; a row with any other text is left to the usual door."""
        name, options = self._name(column), self.list_options(item)
        if not self.engine.holds_only(column, options):
            listed = ", ".join(map(self.engine.speech.quote_text, options))
            made.odd.append(f"COALESCE({name} NOT IN ({listed}), FALSE)")
        self._take_cells(made, item, name, f"{name} IS NULL", rest, filled=filled, size=1)

    def _make_table(
        self,
        item: KernelInput,
        column: str,
        cells: Sequence[Any],
        judged: Sequence[Any],
        size: int,
    ) -> str:
        """Make the table that tells what each different cell stands for; return its name."""
        name = self.name_table(item)
        values = [None if was_refused(x) else as_typed(item, x, size) for x in judged]
        odd = [was_refused(x) or is_too_wide(y) for x, y in zip(judged, values, strict=True)]
        kept = [None if x else y for x, y in zip(odd, values, strict=True)]
        none = [x is None for x in judged]
        self.engine.keep_cells(
            CellTable(name, self.types[column], self._type(item), list(cells), kept, none, odd)
        )
        return name

    def _take_records(self, made: Typed, name: str, held: HeldRecords) -> None:
        """Take how many records a row has; a row with one that is not well stated is odd."""
        made.joins.append(f"LEFT JOIN {held.counts} ON {held.number} = {held.counts}.row")
        if held.some_odd:
            made.odd.append(f"COALESCE({held.counts}.odd, FALSE)")
        if name not in self.job.program.inputs:
            return
        count = f"{held.counts}.held"
        if held.key:
            key = self._name(held.key)
            said = f"{key} <> ''" if self.types[held.key] == "VARCHAR" else f"{key} IS NOT NULL"
            count = f"CASE WHEN {count} IS NULL AND {said} THEN 0 ELSE {count} END"
        made.absent.discard(name)
        made.columns[name] = f"CAST({count} AS BIGINT)"
        made.lists[name] = held.records
        made.filled |= held.filled
        made.absent |= held.absent
        made.denominators |= held.denominators

    def _judge_extra(
        self, made: Typed, name: str, judge: Judge, lot: str, ends: Mapping[str, Ends]
    ) -> None:
        """Judge a fact that is declared, but which the decision does not read."""
        layout, column = self.job.layout, self.facts.get(name)
        if name in layout.facts and was_refused(try_judge(judge, layout.facts[name])):
            made.odd.append("TRUE" if column is None else f"{self._name(column)} IS NULL")
        if column is None or not ends[column].some:
            return
        declared = self.job.program.ruleset.inputs[name].type.kind
        if self.types[column] == "BOOLEAN" and declared is Kind.BOOLEAN:
            return
        cells = [x for x in self.engine.list_cells(lot, column) if not (x is None or x == "")]
        bad = [x for x in cells if was_refused(self._judge_cell(name, column, judge, x))]
        if bad:
            table = f"bad_{sorted(self.facts).index(name)}"
            true = [True] * len(bad)
            kind = self.types[column]
            self.engine.keep_cells(CellTable(table, kind, "BOOLEAN", bad, true, true, true))
            made.joins.append(f"LEFT JOIN {table} ON {self._name(column)} = {table}.cell")
            made.odd.append(f"COALESCE({table}.odd, FALSE)")


_WIDEST_DECIMAL: Final = 38
