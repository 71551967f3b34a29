"""Comes in: the files of a bundle. Goes out: the bytes of one zip, the same every time; and back.

A bundle is stored, not packed: sorted names, one fixed time, no extra fields, nothing between or
after. What is read has to be, byte for byte, what would be written of the same files. So links,
hidden bytes, two directories that disagree and zips that grow when unpacked are no bundles.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NoReturn

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.ledger.stores.files import open_file
from voucher_rules.record.scanning import telling

MOST_FILES: Final = 4096
MOST_BYTES: Final = 1 << 27
"""How long the files of a bundle may be together."""
MOST_NAME: Final = 240
_OVERHEAD: Final = MOST_FILES * (2 * MOST_NAME + 80)
_PART: Final = re.compile(
    r"(?![\s.-])[^\x00-\x1f\x7f/\\'\"`$:*?<>|\u2028\u2029\ud800-\udfff]+(?<![\s.])"
)
"""A name of a file or folder that every system can hold and no shell takes for anything else."""

_OF_SYSTEMS: Final = frozenset({".DS_Store", "__MACOSX", "Thumbs.db", "desktop.ini"})
"""What systems leave in folders that someone looked at."""

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_VERSION: Final = 20
_MADE_ON_UNIX: Final = 3 << 8 | _VERSION
_UTF8: Final = 1 << 11
_DAY: Final = 1 << 5 | 1  # 1 January 1980, the first there is
_MODE: Final = (stat.S_IFREG | 0o644) << 16


def pack_files(files: Mapping[str, bytes], place: str) -> bytes:
    """Return the zip of files by name. Raises :class:`RecordError` where they are too many."""
    _check_size(len(files), sum(map(len, files.values())), place)
    body, directory, offset = [], [], 0
    for name, data in sorted(files.items()):
        if not is_safe_name(name):
            refuse_name(name, place)
        written = name.encode()
        flags = 0 if name.isascii() else _UTF8
        shared = (flags, 0, 0, _DAY, zlib.crc32(data), len(data), len(data), len(written), 0)
        local = _LOCAL.pack(b"PK\3\4", _VERSION, *shared) + written
        place_of = (0, 0, 0, _MODE, offset)
        head = _CENTRAL.pack(b"PK\1\2", _MADE_ON_UNIX, _VERSION, *shared, *place_of)
        body += [local, data]
        directory.append(head + written)
        offset += len(local) + len(data)
    listed = b"".join(directory)
    end = _END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(listed), offset, 0)
    return b"".join([*body, listed, end])


def unpack_files(written: bytes, place: str) -> dict[str, bytes]:
    """Return the files in the bytes of a bundle. Raises :class:`RecordError` for any other zip."""
    files: dict[str, bytes] = {}
    names, offset = _Names(place), 0
    while written[offset : offset + 4] == b"PK\3\4" and len(written) >= offset + _LOCAL.size:
        _, _, _, packed, *_, size, length, extra = _LOCAL.unpack_from(written, offset)
        begin = offset + _LOCAL.size
        offset = begin + length + extra + size
        name = written[begin : begin + length].decode(errors="replace")
        if name.endswith("/"):  # a folder of its own, as zip tools write them
            raise RecordError([Diagnostic("bundle-packed-anew", {}, path=place)])
        names.take(name)
        if packed or len(files) >= MOST_FILES:
            break  # what is packed is left packed; the comparison below tells of both
        files[name] = written[begin + length + extra : offset]
    if not files and not written.startswith(b"PK"):
        raise RecordError([Diagnostic("bundle-not-a-bundle", {}, path=place)])
    if pack_files(files, place) != written:
        raise RecordError([Diagnostic("bundle-written-otherwise", {}, path=place)])
    return files


def load_files(path: str | Path) -> dict[str, bytes]:
    """Return the files of a bundle: a zip, or the folder it was unpacked into.

    Raises :class:`RecordError` for what is no bundle, and for names and sizes of none.
    """
    place = str(path)
    with telling(place):
        if Path(path).is_dir():
            return _load_folder(Path(path), place)
        with os.fdopen(open_file(Path(path)), "rb") as file:
            written = file.read(MOST_BYTES + _OVERHEAD + 1)
    if len(written) > MOST_BYTES + _OVERHEAD:
        _check_size(0, len(written), place)
    return unpack_files(written, place)


def _load_folder(folder: Path, place: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    names, size = _Names(place), 0
    for entry in _walk(folder):
        name = Path(entry.path).relative_to(folder).as_posix()
        names.take(name)
        if not entry.is_file(follow_symlinks=False):
            refuse_name(name, place)
        size += entry.stat(follow_symlinks=False).st_size
        _check_size(len(files) + 1, size, place)
        files[name] = Path(entry.path).read_bytes()
    return files


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield what stands in a folder and those below, no link being followed."""
    for entry in sorted(os.scandir(folder), key=lambda item: item.name):
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        else:
            yield entry


def is_safe_name(name: str) -> bool:
    """Return whether a name is that of a file below the folder it is unpacked into."""
    parts = name.split("/")
    short = len(name.encode(errors="replace")) <= MOST_NAME
    return short and all(_PART.fullmatch(part) for part in parts)


def refuse_name(name: str, place: str) -> NoReturn:
    """Refuse a name. Raises :class:`RecordError`."""
    shown = ascii(name)[1:-1][:MOST_NAME]
    code = "bundle-name-refused"
    if not _OF_SYSTEMS.isdisjoint(name.split("/")):
        code = "bundle-name-of-system"
    raise RecordError([Diagnostic(code, {"name": shown}, path=place)])


class _Names:
    """Takes the names of files, one by one, and refuses what no bundle has."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._taken: set[str] = set()

    def take(self, name: str) -> None:
        """Take the next name. Raises :class:`RecordError`."""
        if not is_safe_name(name):
            refuse_name(name, self._place)
        # Some systems hold `a` and `A` for one file: what is checked has to be what is unpacked.
        if name.casefold() in self._taken:
            raise RecordError([Diagnostic("bundle-name-twice", {"name": name}, path=self._place)])
        self._taken.add(name.casefold())


def _check_size(count: int, size: int, place: str) -> None:
    if count > MOST_FILES or size > MOST_BYTES:
        arguments = {"files": str(MOST_FILES), "bytes": str(MOST_BYTES)}
        raise RecordError([Diagnostic("bundle-too-large", arguments, path=place)])
