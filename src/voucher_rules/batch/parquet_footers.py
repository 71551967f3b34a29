"""Comes in: the bytes of a struct in Thrift's compact form. Goes out: its fields; and back.

Only what footers and page headers of Parquet are made of is read: no maps, no sets. A struct is
its fields by number; numbers of doubles stay the bytes they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

_TRUE: Final = 1
_FALSE: Final = 2
_BYTE: Final = 3
I32: Final = 5
I64: Final = 6
_DOUBLE: Final = 7
BINARY: Final = 8
LIST: Final = 9
STRUCT: Final = 12
_WHOLE: Final = (4, I32, I64)
MAGIC: Final = b"PAR1"
_TAIL: Final = 8
"""How many bytes follow the footer: its length, and the magic number."""
SCHEMA: Final = 2
ROWS: Final = 3
GROUPS: Final = 4
ORDERS: Final = 7
"""Fields of a footer: the columns, how many rows there are and their groups, and how the values of
each leaf compare."""
_NAME: Final = 4
CHILDREN: Final = 5
"""How many columns one consists of; a leaf has no such field."""
_SHORT: Final = 15
"""Steps between field numbers, and lists, that are shorter stand in the first byte."""

Field: TypeAlias = tuple[int, Any]
"""The type of a field and its value; of a list, the type of its items and they."""
Struct: TypeAlias = dict[int, Field]


def decode(data: bytes, last: int | None = None) -> Struct:
    """Return the struct that bytes begin with, or its fields up to the ``last`` one asked for.

    Raises :class:`ValueError`.
    """
    try:
        return _Decoder(data).read_struct(last)
    except IndexError:
        message = "the struct is cut short"
        raise ValueError(message) from None


def read_footer(path: Path) -> tuple[int, bytes]:
    """Return where the footer of a file begins, and its bytes. Raises :class:`ValueError`."""
    with path.open("rb") as file:
        whole = file.seek(0, 2)
        file.seek(max(0, whole - _TAIL))
        tail = file.read(_TAIL)
        size = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC or size > whole - _TAIL:
            message = f"{path.name} is no Parquet"
            raise ValueError(message)
        start = file.seek(whole - _TAIL - size)
        return start, file.read(size)


def describe_table(path: Path) -> tuple[tuple[str, ...], int]:
    """Return the columns of a table and how many rows it has. Raises :class:`ValueError`."""
    _, data = read_footer(path)
    try:
        footer = decode(data, ROWS)
        return tuple(_list_columns(footer[SCHEMA][1][1])), int(footer[ROWS][1])
    except (AttributeError, LookupError, RecursionError, TypeError):
        message = f"{path.name} has no footer of Parquet"
        raise ValueError(message) from None


def _list_columns(schema: Sequence[Struct]) -> Iterator[str]:
    """Yield the columns of a table, without what they consist of."""
    inner = 0
    for item in schema[1:]:
        if not inner:
            yield item[_NAME][1].decode()
        inner = max(0, inner - 1) + (item[CHILDREN][1] if CHILDREN in item else 0)


class _Decoder:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def read_struct(self, last: int | None = None) -> Struct:
        made: Struct = {}
        number = 0
        while number != last and (head := self._read_byte()):
            step, kind = head >> 4, head & _SHORT
            number = number + step if step else self._read_signed()
            made[number] = (kind, self._read(kind))
        return made

    def _read_byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _read_bytes(self, count: int) -> bytes:
        self.at += count
        if self.at > len(self.data):
            raise IndexError
        return self.data[self.at - count : self.at]

    def _read_number(self) -> int:
        made = shift = 0
        while (byte := self._read_byte()) > 0x7F:  # noqa: PLR2004 - seven bits of each byte
            made |= (byte & 0x7F) << shift
            shift += 7
        return made | byte << shift

    def _read_signed(self) -> int:
        made = self._read_number()
        return made >> 1 ^ -(made & 1)

    def _read(self, kind: int) -> Any:  # noqa: ANN401 - a value of any type
        if kind in _WHOLE:
            return self._read_signed()
        if kind in (_TRUE, _FALSE):
            return kind == _TRUE
        if kind == BINARY:
            return self._read_bytes(self._read_number())
        if kind == STRUCT:
            return self.read_struct()
        if kind == LIST:
            return self._read_list()
        if kind in (_BYTE, _DOUBLE):
            return self._read_bytes(1 if kind == _BYTE else 8)
        message = f"a field of type {kind}"
        raise ValueError(message)

    def _read_list(self) -> Field:
        head = self._read_byte()
        count, kind = head >> 4, head & _SHORT
        count = self._read_number() if count == _SHORT else count
        if kind in (_TRUE, _FALSE):
            return kind, [self._read_byte() == _TRUE for _ in range(count)]
        return kind, [self._read(kind) for _ in range(count)]


def encode(struct: Mapping[int, Field]) -> bytes:
    """Return a struct as bytes."""
    made = bytearray()
    last = 0
    for number, (given, value) in sorted(struct.items()):
        kind = given
        if given in (_TRUE, _FALSE):
            kind = _TRUE if value else _FALSE
        step = number - last
        if 0 < step <= _SHORT:
            made.append(step << 4 | kind)
        else:
            made.append(kind)
            made += _encode_signed(number)
        if kind not in (_TRUE, _FALSE):
            made += _encode_value(kind, value)
        last = number
    made.append(0)
    return bytes(made)


def _encode_value(kind: int, value: Any) -> bytes:  # noqa: ANN401 - a value of any type
    if kind in _WHOLE:
        return _encode_signed(value)
    if kind == BINARY:
        return b"".join((encode_number(len(value)), value))
    if kind == STRUCT:
        return encode(value)
    if kind == LIST:
        inner, items = value
        short = len(items) < _SHORT
        head = bytes([(len(items) if short else _SHORT) << 4 | inner])
        head += b"" if short else encode_number(len(items))
        if inner in (_TRUE, _FALSE):
            return head + bytes(_TRUE if item else _FALSE for item in items)
        return head + b"".join(_encode_value(inner, item) for item in items)
    return bytes(value)


def encode_number(number: int) -> bytes:
    """Return a whole number of zero or more, seven bits to a byte."""
    made = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits to a byte
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


def _encode_signed(number: int) -> bytes:
    return encode_number(number << 1 if number >= 0 else (-number << 1) - 1)
