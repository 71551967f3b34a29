"""Comes in: the path of a table. Goes out: its rows, or a table of Arrow; numbers stay exact.

CSV holds texts alone. Of JSON, a number with decimals becomes a ``Decimal`` of just the digits
written, so that no binary float comes between.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, NoReturn

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.sources.characters import name_character
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
                yield _read_object(_parse(line))
            except _NotReadError as error:
                span = Span(name, number, error.column)
                told = Diagnostic(error.code, error.arguments, span, source=line)
                raise SourceError([told]) from None


def _read_list(text: str, path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        for row in _read_array(_parse(text)):
            yield _read_object(row)
    except _NotReadError as error:
        span = Span(str(path), error.line, error.column)
        raise SourceError([Diagnostic(error.code, error.arguments, span)]) from None


# -- one text of JSON ------------------------------------------------------------------------------


_DEEPEST: Final = 100
"""How many lists and objects a row may have within each other."""


class _NotReadError(Exception):
    """A text is no JSON that is taken; ``line`` and ``column`` are those within it, from 1."""

    def __init__(self, code: str, line: int = 1, column: int = 1, **arguments: str) -> None:
        self.code = code
        self.line = line
        self.column = column
        self.arguments = arguments
        super().__init__(code)


def _read_array(rows: object) -> list[Any]:
    if not isinstance(rows, list):
        raise _NotReadError("row-expected", found=type(rows).__name__)
    return rows


def _read_object(row: object) -> Mapping[str, Any]:
    if not isinstance(row, dict):
        raise _NotReadError("row-expected", found=type(row).__name__)
    return row


def _parse(text: str) -> Any:  # noqa: ANN401 - JSON is any of five kinds
    """Return what a text of JSON holds. Raises :class:`_NotReadError`."""
    try:
        found = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        problem = error.msg
        raise _NotReadError("json-syntax", error.lineno, error.colno, problem=problem) from None
    except InvalidOperation:
        problem = "a number with too long an exponent"
        raise _NotReadError("json-syntax", problem=problem) from None
    except (RecursionError, ValueError) as error:
        raise _NotReadError("json-syntax", problem=str(error)) from None
    if text.count("[") + text.count("{") > _DEEPEST and _is_too_deep(found):
        raise _NotReadError("json-syntax", problem=f"more than {_DEEPEST} layers")
    if "\\ud" in text or "\\uD" in text:
        _check_paired(found)
    return found


def _is_too_deep(found: object) -> bool:
    """Return whether lists and objects within each other are more than anyone goes through."""
    layer = [found]
    for _ in range(_DEEPEST + 2):
        held = [
            x.values() if isinstance(x, dict) else x for x in layer if isinstance(x, dict | list)
        ]
        layer = [inner for some in held for inner in some]
    return bool(layer)


def _check_paired(found: object) -> None:
    """Check that no escape stands for half a character, which nothing could write again."""
    told = json.dumps(found, ensure_ascii=False, default=str)
    half = next((x for x in told if "\ud800" <= x <= "\udfff"), None)
    if half is not None:
        raise _NotReadError("hidden-character", character=name_character(half))


def _refuse_constant(found: str) -> NoReturn:
    raise _NotReadError("not-finite", found=found, fix="")


def _build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        again = next(name for at, name in enumerate(names) if name in names[:at])
        raise _NotReadError("duplicate-member", key=again)
    return made


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_build, parse_float=Decimal, parse_constant=_refuse_constant
)
"""Made once: to make one for each line takes longer than to read it."""
