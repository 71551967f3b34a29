"""Comes in: a checked ruleset as data. Goes out: the ruleset, or the refusal of data that is none.

Nothing is trusted: kinds come from a closed list, and a part may refer only to parts before it.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from fractions import Fraction
from itertools import islice, repeat
from typing import Any, Final

from voucher_rules.catalog.kept.layout import (
    CLASSES,
    CONSTANTS,
    ENUMS,
    MAPPING,
    SEPARATOR,
    SET,
    TUPLE,
    list_fields,
    read_references,
)
from voucher_rules.checked.model import CheckedRuleset

_PLAIN: Final[dict[str, Callable[[str], Any]]] = {
    "Fraction": Fraction,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "timezone": lambda text: timezone(timedelta(seconds=int(text))),
}
MOST_ALIKE: Final = 1 << 17
"""How many objects one batch may hold; those of a class without fields take no room in a file."""


class UnpackError(Exception):
    """Data that is no packed ruleset."""


def unpack_ruleset(data: bytes) -> CheckedRuleset:
    """Return the ruleset that was packed. Raises :class:`UnpackError` for anything else."""
    try:
        line, _, rest = data.partition(b"\n")
        made = _unpack(json.loads(line), rest)
    except Exception as error:
        raise UnpackError(repr(error)) from error
    if not isinstance(made, CheckedRuleset):
        raise UnpackError(type(made).__name__)
    return made


def _unpack(head: Any, rest: bytes) -> object:  # noqa: ANN401 - data of any shape
    references, texts = read_references(rest, head["references"])
    numbers = head["numbers"]
    if not {*map(type, numbers)} <= {int}:
        raise UnpackError("numbers")
    made: list[Any] = [*CONSTANTS, *texts.decode().split(SEPARATOR), *numbers]
    made += [_read_written(kind, text) for kind, text in head["written"]]
    stream = iter(references)
    for kind, count, lengths in head["batches"]:
        make = _make_objects if kind in CLASSES else _make_others
        made.extend(make(kind, count, lengths, stream, made))
    if next(stream, None) is not None:
        raise UnpackError("references")
    whole: object = made[-1]
    return whole


def _read_written(kind: str, text: str) -> Enum | Any:  # noqa: ANN401 - a value of any kind
    return ENUMS[kind][text] if kind in ENUMS else _PLAIN[kind](text)


def _make_objects(
    kind: str, count: int, lengths: Sequence[int], stream: Iterator[int], made: Sequence[Any]
) -> list[Any]:
    """Make objects of one class, a field of all of them at a time."""
    cls, get = CLASSES[kind], made.__getitem__
    if count > MOST_ALIKE or not {*lengths} <= {1, count}:
        raise UnpackError(kind)
    objects = list(map(object.__new__, repeat(cls, count)))
    for name, length in zip(list_fields(kind), lengths, strict=True):
        values = list(map(get, islice(stream, length)))
        # What a frozen class of slots sets its own fields by, without a call of Python for each.
        place = getattr(cls, name).__set__
        held = values if len(values) == count else repeat(values[0], count)
        deque(map(place, objects, held), maxlen=0)
    return objects


def _make_others(
    kind: str, count: int, lengths: Sequence[int], stream: Iterator[int], made: Sequence[Any]
) -> list[Any]:
    """Make tuples, sets or mappings, each of a row."""
    if len(lengths) != count:
        raise UnpackError(kind)
    get = made.__getitem__
    held = (map(get, islice(stream, length)) for length in lengths)
    if kind == TUPLE:
        return [tuple(x) for x in held]
    if kind == SET:
        return [frozenset(x) for x in held]
    if kind == MAPPING:
        return [dict(zip(x, x, strict=True)) for x in held]  # a key and its value in turn
    raise UnpackError(kind)
