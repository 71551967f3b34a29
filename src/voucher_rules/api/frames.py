"""Comes in: a ruleset and a table in memory. Goes out: a table of results, a line for each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Unpack

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.table_reading import (
    ReadingOptions,
    check_key_names,
    check_options,
    make_layout,
    make_options,
)
from voucher_rules.arguments import check_language
from voucher_rules.batch.cases.jobs import Reading
from voucher_rules.batch.cases.tables import Rejected
from voucher_rules.batch.cases.unknown_counts import MISSING, UNTOLD, pick_counts
from voucher_rules.batch.reading.frames import KINDS, import_package
from voucher_rules.batch.results.columns import list_masks, name_words, tell_bits
from voucher_rules.batch.results.fault_counts import FaultCount, count_rejected
from voucher_rules.batch.results.report_lines import Told, list_lines
from voucher_rules.compiled.sql_results import WORD
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program

if TYPE_CHECKING:
    from voucher_rules.batch.memory.whole_tables import Tabled


class FrameOptions(ReadingOptions, total=False):
    """How a table in memory is read and decided, and what comes out."""

    kind: str
    """``pandas``, ``polars`` or ``pyarrow``; that of the table, else pandas."""


@dataclass(frozen=True, slots=True)
class FrameReport:
    """What a table came to.

    ``results`` has a line for each row that is a case, ``bits`` tells which bit of a mask is which
    rule; both are tables of the kind asked for. ``rejected`` are the rows that are no cases.
    """

    results: Any
    bits: Any
    rejected: tuple[Rejected, ...]
    rows: Mapping[str, int]
    """How many rows were ``read``, ``decided``, ``rejected``, decided ``by_reference``."""
    outcomes: Mapping[str, int]
    converted: Mapping[str, int]
    """How many binary floats were turned into decimals, by column."""
    dated: int
    """Of how many rows the day was assumed."""
    absent: tuple[str, ...]
    """The facts that the decision reads and nothing tells, a misspelt column's among them."""
    unused: tuple[str, ...]
    """The columns that are of no fact and no key, misspelt ones among them; so are columns of
    records that are of no field, such as ``orders.typo``."""
    unmatched: Mapping[str, int]
    """How many records of a list have a key that no row has, by list."""
    untold: Mapping[str, int]
    """Of the rows that the reference decided, how many do not tell a fact, the most first."""
    missing: Mapping[str, int]
    """Of how many undetermined rows a fact is among what would settle them, the most first."""
    _program: Program = field(repr=False)
    _told: Any = field(repr=False)

    def list_faults(self) -> list[FaultCount]:
        """Return each different fault of rejected rows, the most frequent first."""
        return count_rejected(self.rejected)

    def summary(self, language: str = "zh") -> str:
        """Return the report as a few lines, with hints. Raises ValueError for another language."""
        check_language(language)
        told = Told(
            rows=self.rows,
            outcomes=self.outcomes,
            faults=self.list_faults(),
            absent=self.absent,
            unused=self.unused,
            unmatched=self.unmatched,
            untold=self.untold,
            missing=self.missing,
        )
        return "\n".join(list_lines(told, language))

    def __str__(self) -> str:
        return self.summary("en")

    def name_rules(self, mask: str = "failed") -> Iterator[tuple[str, ...]]:
        """Yield, for each line of the results, the rules or limits that a mask tells of.

        ``mask`` is ``failed``, ``waiting``, ``undetermined`` or ``….binding`` of an output. Raises
        :class:`~voucher_rules.InputError` for another.
        """
        names: dict[int, str] = {}
        for column, bit, rule, _ in tell_bits(self._program):
            base, _, number = column.rpartition(".")
            told, word = (base, int(number)) if number.isdecimal() else (column, 1)
            if told == mask:
                names[(word - 1) * WORD + bit] = rule
        masks = list_masks(self._program)
        if mask not in masks:
            arguments = {"found": str(mask), "options": ", ".join(masks), "near": ""}
            raise InputError([Diagnostic("not-one-of", arguments, path="mask")])
        listed = name_words(mask, len(names))
        columns = [self._told.column(name).to_pylist() for name in listed]

        @cache
        def find(key: tuple[int | None, ...]) -> tuple[str, ...]:
            whole = sum((part or 0) << at * WORD for at, part in enumerate(key))
            return tuple(name for bit, name in names.items() if whole >> bit & 1)

        yield from map(find, zip(*columns, strict=True))


def decide_frame(
    ruleset: Ruleset,
    decision: str,
    table: Any,  # noqa: ANN401 - a table of any package
    **options: Unpack[FrameOptions],
) -> FrameReport:
    """Decide every row of a table in memory: of pandas, Polars or Arrow, rows, columns or a file.

    Columns are judged and decided as they stand, what no kernel tells row by row; a row that is no
    case is kept aside with its faults. Needs the extra ``tables``. Raises
    :class:`~voucher_rules.InputError` for what is wrong with the table as a whole.
    """
    from voucher_rules.batch.memory.whole_tables import decide_in_memory

    check_options(options, FrameOptions.__annotations__, {"kind": KINDS})
    program = ruleset.program(decision)
    keys = tuple(options.get("keys", ()))
    check_key_names(program, keys)
    chosen, layout = make_options(ruleset, options), make_layout(options)
    reading = Reading(program, chosen, layout, options.get("jobs", 1))
    made = decide_in_memory(reading, table, keys)
    return _report(program, made, options.get("kind") or _find_kind(table))


def _find_kind(table: Any) -> str:  # noqa: ANN401
    package = type(table).__module__.partition(".")[0]
    return package if package in KINDS else KINDS[0]


def _report(program: Program, made: Tabled, kind: str) -> FrameReport:
    arrow = import_package("pyarrow", "tables")
    names = ("column", "bit", "rule", "kind")
    columns = list(zip(*tell_bits(program), strict=True)) or [()] * len(names)
    bits = arrow.table([list(x) for x in columns], names=names)
    decided = made.results.num_rows
    rows = {
        "read": made.count,
        "decided": decided,
        "rejected": len(made.rejected),
        "by_reference": made.by_reference,
    }
    counted = made.results.column("outcome").value_counts().to_pylist()
    outcomes = Counter({item["values"]: item["counts"] for item in counted})
    return FrameReport(
        _turn(made.results, kind),
        _turn(bits, kind),
        made.rejected,
        rows,
        dict(sorted(outcomes.items())),
        dict(made.converted),
        made.dated,
        made.absent,
        made.unused,
        dict(made.unmatched),
        pick_counts(made.notes, UNTOLD),
        pick_counts(made.notes, MISSING),
        program,
        made.results,
    )


def _turn(table: Any, kind: str) -> Any:  # noqa: ANN401 - a table of Arrow, and of any package
    """Return a table of Arrow as one of a kind; whole numbers stay such where some are null."""
    if kind == "pyarrow":
        return table
    package = import_package(kind, "tables")
    if kind == "polars":
        return package.from_arrow(table)
    return table.to_pandas(types_mapper=package.ArrowDtype)
