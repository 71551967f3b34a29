"""Comes in: drawn cases. Goes out: what `decide_table` makes of them in a file, by both executors.

The cells are those a person or a program would write: days and truths in types of their own where
a column has one for all its cells, else texts. Some are no values at all, and are refused. Records
of lists stand in files of their own, in any order; some are nobody's, and some rows share a key.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from drawn_cases import Array
from evaluator_share import state_fact

import voucher_rules as vr
from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING, Row
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.testing.write import write_fact

ODD: Final = ("?", "-1", "2020-02-30", "unknown", "1e3", "none", "１0", " ", "3.5", "0.001元", "[]")
"""Cells that are refused of most facts."""
_ODD_SHARE: Final = 0.002
KEY: Final = "key of the row"
_DISTURBED: Final = 0.01
"""How many rows have no key, or that of another row, and how many records that of no row."""
_TYPED: Final = {bool: "bool_", date: "date32", int: "int64"}
Law = Mapping[str, Any]
Owned = tuple[str | None, Row]
"""A record, and the key of the row it belongs to."""


class TablesDifferError(Exception):
    """Both executors of tables tell something else; tells of which rows, and what."""


def hold_tables(
    ruleset: vr.Ruleset, decision: str, law: Law, rows: Sequence[Row], random: Array
) -> int:
    """Decide rows by both executors of tables; return how many were decided, and not refused.

    ``law`` are the readings, and whether the document is assumed in force. Raises
    :class:`TablesDifferError`.
    """
    program = ruleset.program(decision)
    with tempfile.TemporaryDirectory(prefix="vr-tables-") as name:
        folder = Path(name)
        table = folder / "cases.parquet"
        records = _write_tables(table, program, rows, random)
        told = []
        for executor in ("duckdb", "rows"):
            out = folder / executor
            vr.decide_table(
                ruleset,
                decision,
                table,
                out,
                executor=executor,
                form="parquet",
                threads=1,
                records=records,
                **law,
            )
            told.append(_read_results(out))
    results, others = told
    if results != others:
        pairs = zip(results, others, strict=False)
        first = next(((a, b) for a, b in pairs if a != b), (len(results), len(others)))
        raise TablesDifferError(_tell_pair(*first))
    return sum("outcome" in x for x in results)


def _tell_pair(one: Any, other: Any) -> str:  # noqa: ANN401 - rows, or how many there are
    if not isinstance(one, dict):
        return f"duckdb, rows: {one} and {other} rows"
    keys = [x for x in one.keys() | other.keys() if one.get(x) != other.get(x)]
    return f"row {one.get('row')}: " + "; ".join(
        f"{x}: duckdb {one.get(x)!r}, rows {other.get(x)!r}" for x in sorted(keys)
    )


def _read_results(folder: Path) -> list[dict[str, Any]]:
    """Return what is told of every row, decided or refused, in their order."""
    parquet = import_module("pyarrow.parquet")
    rows: list[dict[str, Any]] = []
    for path in sorted(folder.glob("part-*.parquet")):
        rows += parquet.read_table(path).to_pylist()
    places = {row["row"]: row for row in rows}
    for path in sorted(folder.glob("open-*.parquet")):
        for row in parquet.read_table(path).to_pylist():
            # what is told of a row that has no result stands by itself, and differs
            places.setdefault(row["row"], {}).update(row)
    rows = [*places.values()]
    for path in sorted(folder.glob("part-*.rejected.jsonl")):
        rows += [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return sorted(rows, key=lambda row: int(row["row"]))


# -- cells -----------------------------------------------------------------------------------------


def _write_tables(
    path: Path, program: Program, rows: Sequence[Row], random: Array
) -> dict[str, vr.Records]:
    """Write the rows, and the records of each list beside them; return where these are."""
    inputs = list_door_inputs(program)
    lists = [(at, item) for at, item in enumerate(inputs) if item.shape is Shape.LIST]
    keys = _draw_keys(len(rows), random)
    columns = {
        item.name: _make_column(program, item, [row[at] for row in rows], random)
        for at, item in enumerate(inputs)
        if item.shape is not Shape.LIST
    }
    _write_file(path, (columns | {KEY: keys}) if lists else columns)
    made = {}
    for at, item in lists:
        other = path.with_name(f"{item.name}.parquet")
        owned = [
            (key, record)
            for key, row in zip(keys, rows, strict=True)
            # what is no list, or is empty, has no records
            if row[at] is not None and row[at] is not MISSING
            for record in row[at]
        ]
        _write_records(other, program, item, owned, random)
        made[item.name] = vr.Records(other, KEY, complete=bool(random.random() < 0.5))
    return made


def _draw_keys(count: int, random: Array) -> list[str | None]:
    """Return a key for each row; a few have none, or that of the row before."""
    keys: list[str | None] = []
    for at in range(count):
        drawn = random.random()
        again = keys[-1] if keys and drawn < _DISTURBED else f"R{at}"
        keys.append(None if drawn > 1 - _DISTURBED else again)
    return keys


def _write_records(
    path: Path, program: Program, item: KernelInput, owned: Sequence[Owned], random: Array
) -> None:
    """Write the records of a list in any order, a few of them as those of no row."""
    pairs = [
        ("nobody" if random.random() < _DISTURBED else owned[at][0], owned[at][1])
        for at in random.permutation(len(owned)).tolist()
    ]
    columns = {
        one.name.removeprefix(f"{item.name}."): _make_column(
            program, one, [record[at] for _, record in pairs], random
        )
        for at, one in enumerate(item.fields)
    }
    _write_file(path, columns | {KEY: [key for key, _ in pairs]})


def _write_file(path: Path, columns: Mapping[str, Any]) -> None:
    pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    text = pa.string()
    typed = {n: pa.array(x, text) if isinstance(x, list) else x for n, x in columns.items()}
    parquet.write_table(pa.table(typed), path)


def _make_column(program: Program, item: KernelInput, values: Sequence[Any], random: Array) -> Any:  # noqa: ANN401 - a column of Arrow
    """Return cells in a type of their own where they share one, else as texts."""
    pa = import_module("pyarrow")
    cells = [_make_cell(program, item, value) for value in values]
    kinds = {type(x) for x in cells if x is not None}
    typed = len(kinds) == 1 and random.random() < 0.7
    kind = next(iter(kinds)) if typed else str
    if kind is Decimal:
        places = max(-int(x.as_tuple().exponent) for x in cells if x is not None)
        return pa.array(cells, pa.decimal128(38, max(places, 0)))
    if kind in _TYPED:
        return pa.array(cells, getattr(pa, _TYPED[kind])())
    return pa.array([_as_text(x, random) for x in cells], pa.string())


def _make_cell(program: Program, item: KernelInput, value: Any) -> Any:  # noqa: ANN401 - any cell
    """Return a cell in a type of its own where there is one, else as a case file writes it."""
    if value is MISSING:
        return None
    if value is None:
        return "none"
    stated = state_fact(program, item, value)
    if isinstance(stated, bool) or item.shape is Shape.DAY:
        return stated
    if item.shape is Shape.NUMBER:
        if item.type.kind is Kind.COUNT:
            return int(stated)
        whole = Fraction(stated)
        if (10**12) % whole.denominator == 0:
            return Decimal(whole.numerator) / Decimal(whole.denominator)
    if item.type.kind is Kind.MONEY:
        stated = value
    return write_fact(frozenset(stated) if item.shape is Shape.SET else stated, item.type)


def _as_text(cell: Any, random: Array) -> str | None:  # noqa: ANN401 - any cell
    if random.random() < _ODD_SHARE:
        return str(random.choice(ODD))
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
