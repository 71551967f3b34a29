"""Comes in: the columns of a lot in DuckDB. Goes out: them as a kernel reads them, judged.

What a cell says is for the judges of the usual door to tell. A column of numbers or days is judged
at its ends, any other once for each different cell, which then is looked up. A row with a cell that
is refused is left to the usual door: its day is blanked, and no kernel decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any, Final

from voucher_rules.batch.cells import CellShaper, FloatCounter
from voucher_rules.batch.duck_values import (
    as_typed,
    find_digits,
    is_too_wide,
    quote,
    quote_text,
)
from voucher_rules.batch.jobs import Job
from voucher_rules.batch.stated import try_judge, was_refused
from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.facts import Judge, list_places, make_extra_judges, make_judge
from voucher_rules.compiled.nodes import KernelInput, NotLoweredError, Shape
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.language.types import Kind

MOST_PARTS: Final = 10**9
"""Ratios that share no denominator up to this are left to the executors in memory."""
_WHOLE: Final = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
)
_LOOKED_UP: Final = _WHOLE | {"BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP"}
_SQL_TYPES: Final[Mapping[Shape, str]] = {
    Shape.BOOL: "BOOLEAN",
    Shape.DAY: "DATE",
    Shape.CODE: "VARCHAR",
    Shape.TEXT: "VARCHAR",
}
"""How the columns that kernels read are typed; all others are BIGINT."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What a lot holds of a column: how many cells say something, the least and the greatest."""

    count: int
    low: Any = None
    high: Any = None


@dataclass(slots=True)
class Typed:
    """The columns of a lot as kernels read them, in SQL over its raw ones.

    ``odd`` are tests of rows that are left to the usual door. The rest is what is known of all
    rows: see :class:`~voucher_rules.compiled.sql_inputs.Known`.
    """

    columns: dict[str, str] = field(default_factory=dict)
    joins: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    denominators: dict[str, int] = field(default_factory=dict)
    days: tuple[date, date] | None = None
    """Days between which that of every row lies that has one; None where they were not seen."""


@dataclass(slots=True)
class DuckDoor:
    """Judges the columns of lots; ``facts`` is the column of each fact that has one."""

    job: Job
    types: Mapping[str, str]
    facts: Mapping[str, str]
    execute: Callable[..., Any]
    settled: dict[str, Ends] = field(default_factory=dict)
    """The columns that are judged for the whole table: all of one is well stated, or nothing."""
    plain: set[str] = field(default_factory=set)
    """Those of them that hold nothing but options, as they are written."""

    def check(self) -> None:
        """Check that every column of a fact can be judged. Raises :class:`NotLoweredError`."""
        declared = self.job.program.ruleset.inputs
        for name, column in self.facts.items():
            kind = self.types[column]
            if not (kind in _LOOKED_UP or kind.startswith("DECIMAL")):
                raise NotLoweredError("a column of a type that is judged in memory", column)
            if declared[name].type.kind is Kind.LIST:
                raise NotLoweredError("a list of records in SQL", column)

    def survey(self, table: str, rows: int) -> None:
        """Judge the whole table, a relation in SQL: what all of it is, every lot of it is."""
        ends = self._measure(table, self.facts.values())
        self.settled |= {x: found for x, found in ends.items() if found.count in (0, rows)}
        program = self.job.program
        choices = {}
        for item in list_door_inputs(program):
            column = self.facts.get(item.name)
            if column not in self.settled or not ends[column].count:
                continue
            judge = make_judge(program, program.inputs[item.name], item)
            if item.shape is Shape.CODE and self.types[column] == "VARCHAR":
                choices[column] = self._list_options(item)
            if not self._is_direct(item, column, ends[column], judge):
                del self.settled[column]
        for column in self._find_plain(table, choices):
            self.settled[column] = ends[column]
            self.plain.add(column)

    def _find_plain(self, table: str, choices: Mapping[str, Collection[str]]) -> Iterator[str]:
        """Yield the columns that hold nothing but these options."""
        # a filter of its own for each is found out from the dictionaries of Parquet
        counts = [
            f"SELECT count(*) FROM {table} WHERE {quote(column)} NOT IN"
            f" ({', '.join(map(quote_text, options))})"
            for column, options in choices.items()
        ]
        told = " UNION ALL ".join(f"({count})" for count in counts)
        found = self.execute(told).fetchall() if counts else ()
        yield from (column for column, (other,) in zip(choices, found, strict=True) if not other)

    def judge(self, lot: str, rows: int) -> Typed:
        """Judge the columns of a lot, a relation in SQL. Raises :class:`NotLoweredError`."""
        made = Typed()
        ends = self._measure(lot, {*self.facts.values()} - self.settled.keys())
        ends |= {x: replace(y, count=y.count and rows) for x, y in self.settled.items()}
        program = self.job.program
        for item in list_door_inputs(program):
            judge = make_judge(program, program.inputs[item.name], item)
            rest = self._find_rest(item.name, judge)
            column = self.facts.get(item.name)
            if column is None or ends[column].count == 0:
                self._take_constant(made, item, rest)
            elif self._is_direct(item, column, ends[column], judge):
                filled = ends[column].count == rows
                self._take_direct(made, item, column, rest, filled=filled)
                if item.name == program.decision.as_of and (filled or rest is MISSING):
                    made.days = (ends[column].low, ends[column].high)
            else:
                self._look_up(made, item, column, rest, lot, judge)
        for name, judge in make_extra_judges(program).items():
            self._judge_extra(made, name, judge, lot, ends)
        if made.odd:
            day = program.decision.as_of
            made.columns[day] = (
                f"CASE WHEN {' OR '.join(made.odd)} THEN NULL ELSE {made.columns[day]} END"
            )
            made.filled.discard(day)
        return made

    # -- what a lot holds ------------------------------------------------------------------------

    def _measure(self, lot: str, some: Iterable[str]) -> dict[str, Ends]:
        """Return the ends of some columns."""
        columns = sorted(set(some))
        if not columns:
            return {}
        parts = []
        for column in columns:
            name = quote(column)
            parts.append(f"count({name})")
            if self._has_ends(column):
                parts += [f"min({name})", f"max({name})"]
        told = iter(self.execute(f"SELECT {', '.join(parts)} FROM {lot}").fetchone())
        return {
            column: Ends(next(told), *([next(told), next(told)] if self._has_ends(column) else []))
            for column in columns
        }

    def _has_ends(self, column: str) -> bool:
        kind = self.types[column]
        return kind in _WHOLE or kind == "DATE" or kind.startswith("DECIMAL")

    def _find_rest(self, name: str, judge: Judge) -> Any:  # noqa: ANN401 - what stands in a row
        """Return what a row says that has no cell for a fact."""
        layout, program = self.job.layout, self.job.program
        if name in layout.facts:
            return try_judge(judge, layout.facts[name])
        if name == program.decision.as_of and layout.on is not None:
            return try_judge(judge, layout.on)
        return MISSING

    # -- one column ------------------------------------------------------------------------------

    def _take_constant(self, made: Typed, item: KernelInput, rest: Any) -> None:  # noqa: ANN401
        """A fact of which every row says the same, or nothing."""
        kind = _SQL_TYPES.get(item.shape, "BIGINT")
        if was_refused(rest):
            made.odd.append("TRUE")
            rest = MISSING
        if item.shape is Shape.LIST:
            raise NotLoweredError("a list of records in SQL", item.name)
        if rest is MISSING:
            made.absent.add(item.name)
        size = self._count_in(made, item, [rest])
        if rest is not MISSING and rest is not None:
            made.filled.add(item.name)
        value = self._write_constant(item, rest, size)
        made.columns[item.name] = f"CAST({value} AS {kind})"
        if item.may_be_none:
            made.columns[f"{item.name}.none"] = str(rest is None).upper()

    def _count_in(self, made: Typed, item: KernelInput, values: Sequence[Any]) -> int:
        """Return what the values of a column are counted in; noted where each has its own."""
        if item.shape is not Shape.NUMBER or item.denominator:
            return 1
        size = lcm(*(x.denominator for x in values if isinstance(x, int | Fraction)))
        if size > MOST_PARTS:
            raise NotLoweredError("ratios that share no denominator", item.name)
        made.denominators[item.name] = size
        return size

    def _write_constant(self, item: KernelInput, value: Any, size: int) -> str:  # noqa: ANN401
        told = as_typed(item, value, size)
        if told is None:
            return "NULL"
        if isinstance(told, bool):
            return str(told).upper()
        return str(told) if isinstance(told, int) else quote_text(str(told))

    def _is_direct(self, item: KernelInput, column: str, ends: Ends, judge: Judge) -> bool:
        """Return whether every cell of a column is its value as it stands, and well stated."""
        kind = self.types[column]
        if item.shape is Shape.BOOL:
            return kind == "BOOLEAN"
        whole = item.type.kind in (Kind.MONEY, Kind.COUNT)
        fits = kind == "DATE" if item.shape is Shape.DAY else whole and self._is_whole(item, kind)
        return fits and not any(was_refused(try_judge(judge, x)) for x in (ends.low, ends.high))

    def _is_whole(self, item: KernelInput, kind: str) -> bool:
        """Return whether numbers of a type are whole ones of the smallest unit."""
        if not kind.startswith("DECIMAL"):
            return kind in _WHOLE
        width, scale = (int(x) for x in kind[8:-1].split(","))
        return scale <= find_digits(item) and width + find_digits(item) < _WIDEST_DECIMAL

    def _take_direct(
        self,
        made: Typed,
        item: KernelInput,
        column: str,
        rest: Any,  # noqa: ANN401 - what stands in a row
        *,
        filled: bool,
    ) -> None:
        name = quote(column)
        kind = _SQL_TYPES.get(item.shape, "BIGINT")
        text = f"CAST({name} AS {kind})"
        digits = find_digits(item)
        if kind == "BIGINT" and digits:
            decimal = self.types[column].startswith("DECIMAL")
            text = f"CAST({name} * {10**digits} AS BIGINT)" if decimal else f"{text} * {10**digits}"
        self._take_cells(made, item, text, f"{name} IS NULL", rest, filled=filled, size=1)

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

    def _list_cells(self, column: str, lot: str) -> list[Any]:
        found = self.execute(f"SELECT DISTINCT {quote(column)} FROM {lot}").fetchall()
        return [cell for (cell,) in found]

    def _judge_cell(self, name: str, column: str, judge: Judge, cell: Any) -> Any:  # noqa: ANN401
        declared = self.job.program.ruleset.inputs[name]
        shaper = CellShaper(column, declared, FloatCounter(accepts=False))
        return try_judge(judge, shaper.shape(cell, 0))

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
        if column in self.plain:
            empty = f"{quote(column)} IS NULL"
            self._take_cells(made, item, quote(column), empty, rest, filled=True, size=1)
            return
        cells = self._list_cells(column, lot)
        silent = [x for x in cells if x is None or x == ""]  # a cell may be 0
        spoken = [x for x in cells if not (x is None or x == "")]
        if item.shape is Shape.CODE and self._is_plain(item, column, spoken) and "" not in silent:
            text, empty = quote(column), f"{quote(column)} IS NULL"
            self._take_cells(made, item, text, empty, rest, filled=not silent, size=1)
            return
        judged = [self._judge_cell(item.name, column, judge, cell) for cell in spoken]
        held = [x for x in judged if not was_refused(x)]
        size = self._count_in(made, item, [*held, rest])
        table = self._make_table(item, column, spoken, judged, size)
        made.joins.append(f"LEFT JOIN {table} ON {quote(column)} = {table}.cell")
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
        if self.types[column] != "VARCHAR":
            return False
        places = self._list_options(item)
        return all(cell in places for cell in cells)

    def _list_options(self, item: KernelInput) -> Collection[str]:
        """Return the options of a choice, as they are written."""
        program = self.job.program
        return list_places(program.inputs[item.name], program.ruleset.zone)

    def _make_table(
        self,
        item: KernelInput,
        column: str,
        cells: Sequence[Any],
        judged: Sequence[Any],
        size: int,
    ) -> str:
        """Make the table that tells what each different cell stands for; return its name."""
        at = [x.name for x in list_door_inputs(self.job.program)].index(item.name)
        name = f"cells_{at}"
        kind = _SQL_TYPES.get(item.shape, "BIGINT")
        values = [None if was_refused(x) else as_typed(item, x, size) for x in judged]
        odd = [was_refused(x) or is_too_wide(y) for x, y in zip(judged, values, strict=True)]
        kept = [None if x else y for x, y in zip(odd, values, strict=True)]
        none = [x is None for x in judged]
        self.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT"
            f" unnest(CAST($1 AS {self.types[column]}[])) AS cell,"
            f" unnest(CAST($2 AS {kind}[])) AS value,"
            " unnest(CAST($3 AS BOOLEAN[])) AS none, unnest(CAST($4 AS BOOLEAN[])) AS odd",
            [list(cells), kept, none, odd],
        )
        return name

    def _judge_extra(
        self, made: Typed, name: str, judge: Judge, lot: str, ends: Mapping[str, Ends]
    ) -> None:
        """Judge a fact that is declared, but which the decision does not read."""
        layout, column = self.job.layout, self.facts.get(name)
        if name in layout.facts and was_refused(try_judge(judge, layout.facts[name])):
            made.odd.append("TRUE" if column is None else f"{quote(column)} IS NULL")
        if column is None or ends[column].count == 0 or self.types[column] == "BOOLEAN":
            declared = self.job.program.ruleset.inputs[name].type.kind
            if column is None or ends[column].count == 0 or declared is Kind.BOOLEAN:
                return
        cells = [x for x in self._list_cells(column, lot) if not (x is None or x == "")]
        bad = [x for x in cells if was_refused(self._judge_cell(name, column, judge, x))]
        if bad:
            self.execute(
                f"CREATE OR REPLACE TEMP TABLE {quote(f'bad {name}')} AS"
                f" SELECT unnest(CAST($1 AS {self.types[column]}[])) AS cell",
                [bad],
            )
            made.odd.append(f"{quote(column)} IN (SELECT cell FROM {quote(f'bad {name}')})")


_WIDEST_DECIMAL: Final = 38
