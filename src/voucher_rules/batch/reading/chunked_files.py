"""Comes in: the path of a table. Goes out: it lot by lot, never more than one of them in memory.

What a cell says is what it says to those who read the table whole: CSV holds texts alone, numbers
of JSON are read exactly, and a fault of the file is told as there.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.reading.columns import RawTable, open_table
from voucher_rules.batch.reading.csv_looks import CsvLook
from voucher_rules.batch.reading.duckdb_columns import Named, describe_parquet
from voucher_rules.batch.reading.duckdb_connection import DuckConnection
from voucher_rules.batch.reading.file_digests import (
    FileDigest,
    Stamp,
    is_changed,
    stamp_file,
    tell_digest,
)
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.reading.json_lines import Held, survey_rows
from voucher_rules.batch.reading.whole_files import read_lines
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.sources.characters import find_hidden, name_character
from voucher_rules.sources.yaml import SourceError
from voucher_rules.spans import Span

SUFFIXES: Final = (".csv", ".jsonl", ".parquet")
_CHUNK: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file of a table: its size and its SHA-256, as it is now, and the columns it has.

    The digest of a file nobody reads through before is being worked out in the meantime. ``even``
    tells of CSV whether every reader makes the same of it (:class:`CsvLook`). A folder of files of
    Parquet is one table: its rows are those of its files in the order of their names.
    """

    path: Path
    suffix: str
    size: int
    digest: FileDigest | str
    names: tuple[str, ...]
    even: bool = True
    rows: int | None = None
    """How many rows it has, where looking at it tells: not of CSV, nor of a folder."""
    members: tuple[Path, ...] = ()
    held: Mapping[str, Held] = field(default_factory=dict)
    """What each column holds, of JSON lines."""
    stamps: tuple[Stamp, ...] = ()
    """The files as they were before anyone read them."""

    def check_same(self) -> None:
        """Check that nobody wrote to it since. Raises :class:`InputError`."""
        changed = [path for path, *_ in filter(is_changed, self.stamps)]
        if changed:
            told = [Diagnostic("file-changed-meanwhile", {"path": str(x)}) for x in changed]
            raise InputError(told)

    @property
    def coded(self) -> frozenset[str]:
        """The columns that are staged as JSON: they hold more than one type of Parquet does."""
        return frozenset(name for name, held in self.held.items() if held is Held.OTHERS)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of a folder; else the file."""
        return self.members or (self.path,)

    def tell(self) -> dict[str, Any]:
        """Return which file it is, as plain data."""
        return {"name": self.path.name, "bytes": self.size, "digest": self.wait_for_digest()}

    def wait_for_digest(self) -> str:
        """Return its SHA-256, which may take as long as the file is. Raises :class:`InputError`."""
        if isinstance(self.digest, str):
            return self.digest
        try:
            return self.digest.wait()
        except OSError as error:
            raise _refuse_file(self.path, error.strerror or type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class Lot:
    """Some rows that follow each other; ``first`` is the number of the first, from 1."""

    first: int
    raw: RawTable


def open_file(path: Path, duck: DuckConnection | None = None) -> TableFile:
    """Look at a file of a table, at one of Parquet by DuckDB where it is given, else by Arrow.

    Raises :class:`InputError` for one that cannot be read in lots.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES and not path.is_dir():
        arguments = {"found": path.name, "options": ", ".join(SUFFIXES), "near": ""}
        raise InputError([Diagnostic("not-one-of", arguments, path="table")])
    try:
        if path.is_dir():
            return _open_folder(path)
        if suffix == ".parquet":
            return _open_table(path, duck)
        return _open_text(path, suffix)
    except FileNotFoundError:
        raise InputError([Diagnostic("file-not-found", {"path": str(path)})]) from None
    except UnicodeDecodeError:
        raise InputError([Diagnostic("not-utf8", {}, Span(str(path), 1, 1))]) from None
    except OSError as error:
        raise _refuse_file(path, error.strerror or type(error).__name__) from None


def _open_text(path: Path, suffix: str) -> TableFile:
    stamps = (stamp_file(path),)
    size, digest, look = _read_through(path)
    made = TableFile(path, suffix, size, digest, (), stamps=stamps)
    if suffix == ".jsonl":
        found = survey_rows(_open_lines(path))
        return replace(made, names=tuple(found.columns), rows=found.rows, held=found.columns)
    names = _name_csv(path)
    return replace(made, names=names, even=look.fits(len(names)))


def _open_table(path: Path, duck: DuckConnection | None) -> TableFile:
    stamp = stamp_file(path)
    _, size, _ = stamp
    told = describe_parquet(path, duck) if duck else None
    names, rows = told or _name_parquet(path)
    suffix, digest = path.suffix.lower(), FileDigest(path)
    return TableFile(path, suffix, size, digest, names, rows=rows, stamps=(stamp,))


def _open_folder(path: Path) -> TableFile:
    """Look at a folder of Parquet. Raises :class:`InputError`."""
    held = sorted(x for x in path.iterdir() if not x.name.startswith((".", "_")))
    if not held:
        raise _refuse_file(path, "a folder without files")
    for inner in held:
        if inner.is_dir() or inner.suffix.lower() != ".parquet":
            raise _refuse_file(inner, "not a file of Parquet")
    files = [_open_member(x) for x in held]
    schema = _open_parquet(held[0]).schema_arrow
    for inner in held:
        if not _open_parquet(inner).schema_arrow.equals(schema):
            raise _refuse_file(inner, "other columns or types than in the first file")
    made = sha256("".join(f"{x.path.name} {x.digest}\n" for x in files).encode())
    digest, size = tell_digest(made), sum(x.size for x in files)
    names, stamps = files[0].names, tuple(stamp for x in files for stamp in x.stamps)
    return TableFile(path, ".parquet", size, digest, names, members=tuple(held), stamps=stamps)


def _open_member(path: Path) -> TableFile:
    """Look at a file of a folder; one digest is worked out after the other."""
    file = open_file(path)
    return replace(file, digest=file.wait_for_digest())


def _refuse_file(path: Path, problem: str) -> InputError:
    arguments = {"path": str(path), "problem": problem}
    return InputError([Diagnostic("file-not-readable", arguments)])


def _read_through(path: Path) -> tuple[int, str, CsvLook]:
    """Return the size and the digest of a file of text, and what it looks like as CSV.

    No text in it may hide characters.
    """
    made, size, rest, lines, look = sha256(), 0, b"", 1, CsvLook()
    listed = path.suffix.lower() == ".csv"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            made.update(chunk)
            whole, cut, tail = (rest + chunk).rpartition(b"\n")
            lines += _judge_text(path, whole + cut, lines, first=lines == 1)
            if listed and cut:
                look.read(whole + cut)
            rest = tail
            size += len(chunk)
    _judge_text(path, rest, lines, first=lines == 1)
    if rest and listed:
        look.read(rest)
    return size, tell_digest(made), look


def _judge_text(path: Path, data: bytes, line: int, *, first: bool) -> int:
    """Check that bytes are text that hides nothing; return how many lines end in them."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = line + data.count(b"\n", 0, error.start)
        raise InputError([Diagnostic("not-utf8", {}, Span(str(path), at, 1))]) from None
    text = text.removeprefix("\ufeff") if first else text
    hidden = find_hidden(text)
    if hidden:
        start = hidden.start()
        at = line + text.count("\n", 0, start)
        column = start - (text.rfind("\n", 0, start) + 1) + 1
        told = {"character": name_character(text[start])}
        raise InputError([Diagnostic("hidden-character", told, Span(str(path), at, column))])
    return data.count(b"\n")


# -- what columns there are ------------------------------------------------------------------------


def _name_csv(path: Path) -> tuple[str, ...]:
    _, cells = next(_read_records(path), (1, []))
    head = tuple(cells)
    if not head:
        raise InputError([Diagnostic("empty-file", {}, Span(str(path), 1, 1))])
    faults = [Diagnostic("column-unnamed", {}, Span(str(path), 1, 1)) for x in head if not x]
    faults += [
        Diagnostic("column-twice", {"name": name}, Span(str(path), 1, 1))
        for at, name in enumerate(head)
        if name and name in head[:at]
    ]
    if faults:
        raise InputError(faults[:1])
    return head


def _name_parquet(path: Path) -> Named:
    table = _open_parquet(path)
    return tuple(table.schema_arrow.names), table.metadata.num_rows


def read_schema(file: TableFile) -> Any:  # noqa: ANN401 - of pyarrow
    """Return the columns of a table in Parquet with their types. Raises :class:`InputError`."""
    return _open_parquet(file.paths[0]).schema_arrow


def _open_parquet(path: Path) -> Any:  # noqa: ANN401 - a file of pyarrow
    arrow = import_package("pyarrow", "tables")
    parquet = import_package("pyarrow.parquet", "tables")
    try:
        return parquet.ParquetFile(path)
    except arrow.ArrowException as error:
        raise _refuse_file(path, str(error).partition("\n")[0]) from None


# -- lot by lot ------------------------------------------------------------------------------------


def read_lots(file: TableFile, size: int) -> Iterator[Lot]:
    """Yield the rows of a file in lots of so many. Raises :class:`InputError`."""
    first = 1
    for raw in _READERS[file.suffix](file, size):
        yield Lot(first, raw)
        first += raw.count


def _read_csv(file: TableFile, size: int) -> Iterator[RawTable]:
    rows = _read_records(file.path)
    next(rows)
    width = len(file.names)
    while lot := list(islice(rows, size)):
        for line, row in lot:
            if len(row) != width:
                told = {"found": str(len(row)), "expected": str(width)}
                span = Span(str(file.path), line, 1)
                raise InputError([Diagnostic("row-of-other-length", told, span)])
        columns = zip(*(row for _, row in lot), strict=True)
        yield open_table(dict(zip(file.names, columns, strict=True)))


def begins_with_names(file: TableFile) -> bool:
    """Return whether the first line of CSV, by itself, names the columns."""
    with file.path.open(encoding="utf-8-sig", newline="") as text:
        return tuple(next(csv.reader([text.readline()]), ())) == file.names


def _read_records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of CSV that say something, each with the line it ends on."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            yield from ((reader.line_num, row) for row in reader if any(row))
        except csv.Error as error:
            raise _refuse_file(path, f"{reader.line_num}: {error}") from None


def _open_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="\n") as text:
        try:
            yield from read_lines(text, str(path))
        except SourceError as error:
            raise InputError(error.diagnostics) from None


def _read_lines(file: TableFile, size: int) -> Iterator[RawTable]:
    rows = _open_lines(file.path)
    while lot := list(islice(rows, size)):
        made = open_table({name: [row.get(name) for row in lot] for name in file.names})
        yield made if file.names else RawTable({}, len(lot))


def _read_parquet(file: TableFile, size: int) -> Iterator[RawTable]:
    arrow = import_package("pyarrow", "tables")
    opened = (_open_parquet(path) for path in file.paths)
    batches = (batch for one in opened for batch in one.iter_batches(batch_size=size))
    for batch in _gather(batches, size):
        yield open_table(arrow.Table.from_batches(batch))


def _gather(batches: Iterator[Any], size: int) -> Iterator[Sequence[Any]]:
    """Yield batches so that each lot but the last has just so many rows."""
    held: list[Any] = []
    count = 0
    for batch in batches:
        rest = batch
        while count + rest.num_rows >= size:
            yield [*held, rest.slice(0, size - count)]
            rest = rest.slice(size - count)
            held, count = [], 0
        if rest.num_rows:
            held.append(rest)
            count += rest.num_rows
    if held:
        yield held


_READERS: Final[Mapping[str, Callable[[TableFile, int], Iterator[RawTable]]]] = {
    ".csv": _read_csv,
    ".jsonl": _read_lines,
    ".parquet": _read_parquet,
}
