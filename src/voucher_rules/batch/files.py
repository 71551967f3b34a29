"""Comes in: the path of a table. Goes out: its rows, or a table of Arrow; numbers stay exact.

CSV holds texts alone. Of JSON, a number with decimals becomes a ``Decimal`` of just the digits
written, so that no binary float comes between.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NoReturn

from voucher_rules.batch.frames import import_package
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.sources.csv import read_csv
from voucher_rules.sources.files import read_bytes
from voucher_rules.sources.yaml import SourceError, decode_text
from voucher_rules.spans import Span

SUFFIXES: Final = (".csv", ".jsonl", ".json", ".parquet")
MOST_BYTES: Final = 1 << 30
"""A table of a population is larger than one that someone writes."""


def read_table_file(path: Path) -> Any:  # noqa: ANN401 - rows, columns, or a table of Arrow
    """Read a table by the ending of its name. Raises :class:`~.errors.InputError`."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        arguments = {"found": path.name, "options": ", ".join(SUFFIXES), "near": ""}
        raise InputError([Diagnostic("not-one-of", arguments, path="table")])
    data = read_bytes(path, str(path))
    if suffix == ".parquet":
        return _read_parquet(data, str(path))
    try:
        if suffix == ".csv":
            return _read_csv(data, str(path))
        text = decode_text(data, str(path), MOST_BYTES)
        lines = text.split("\n")
        return list(read_lines(lines, str(path)) if suffix == ".jsonl" else _read_list(text, path))
    except SourceError as error:
        raise InputError(error.diagnostics) from None


def _read_parquet(data: bytes, name: str) -> Any:  # noqa: ANN401 - a table of Arrow
    arrow, parquet = (
        import_package("pyarrow", "tables"),
        import_package("pyarrow.parquet", "tables"),
    )
    try:
        return parquet.read_table(io.BytesIO(data))
    except (arrow.ArrowException, OSError) as error:
        problem = str(error).partition("\n")[0]
        arguments = {"path": name, "problem": problem}
        raise InputError([Diagnostic("file-not-readable", arguments)]) from None


def _read_csv(data: bytes, name: str) -> dict[str, list[str]]:
    """Read CSV fast; where anything is odd about it, the strict reader says what and where."""
    text = decode_text(data, name, MOST_BYTES)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(row)]
    except csv.Error:
        rows = []
    head = rows[0] if rows else []
    if not all(head) or len(set(head)) < len(head) or any(len(x) != len(head) for x in rows):
        head, rows = [], []
    if not head:
        strict = read_csv(data, name)
        return {str(key): [str(row.get(key, "")) for row in strict.rows] for key in strict.head}
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else [() for _ in head]
    return dict(zip(head, map(list, columns), strict=True))


def read_lines(lines: Iterable[str], name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of JSON lines; blank lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _read_object(_parse(line, Span(name, number, 1)), Span(name, number, 1))
            except SourceError as error:
                found = [
                    replace(x, span=Span(name, number, x.span.column if x.span else 1), source=line)
                    for x in error.diagnostics
                ]
                raise SourceError(found) from None


def _read_list(text: str, path: Path) -> Iterator[Mapping[str, Any]]:
    span = Span(str(path), 1, 1)
    rows = _parse(text, span)
    if not isinstance(rows, list):
        raise SourceError([Diagnostic("row-expected", {"found": type(rows).__name__}, span)])
    for row in rows:
        yield _read_object(row, span)


def _read_object(row: object, span: Span) -> Mapping[str, Any]:
    if not isinstance(row, dict):
        raise SourceError([Diagnostic("row-expected", {"found": type(row).__name__}, span)])
    return row


def _parse(text: str, at: Span) -> Any:  # noqa: ANN401 - JSON is any of five kinds
    def refuse_constant(found: str) -> NoReturn:
        raise SourceError([Diagnostic("not-finite", {"found": found, "fix": ""}, at)])

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in pairs:
            if key in made:
                raise SourceError([Diagnostic("duplicate-member", {"key": key}, at)])
            made[key] = value
        return made

    try:
        return json.loads(
            text,
            object_pairs_hook=build,
            parse_float=Decimal,
            parse_constant=refuse_constant,
        )
    except json.JSONDecodeError as error:
        span = Span(at.file, error.lineno, error.colno)
        raise SourceError([Diagnostic("json-syntax", {"problem": error.msg}, span)]) from None
    except (RecursionError, ValueError) as error:
        raise SourceError([Diagnostic("json-syntax", {"problem": str(error)}, at)]) from None
