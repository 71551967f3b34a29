"""Comes in: an entry. Goes out: its one text, in JSON: one line, keys sorted, nothing lost.

What the text could not give back exactly is refused, by exact type: a subclass of a text or of a
number, a moment in another zone, a float. Mappings are read once and copied.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import StoreError
from voucher_rules.ledger.entries import Entry, Rested
from voucher_rules.ledger.entry_shapes import (
    BODIES,
    ENTRY,
    KINDS,
    MOST_BYTES,
    MOST_DEEP,
    MOST_DIGITS,
    RESTED,
    Form,
    Shape,
    UnfitError,
    refuse_value,
    shorten_text,
)
from voucher_rules.sources.characters import find_hidden, name_character

_Writer: TypeAlias = Callable[[Any, str, Form], object]
_Plan: TypeAlias = tuple[tuple[str, str, Form, _Writer], ...]
"""For each key: how it is called in messages, what it holds, and what is done with it."""

_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
)
_TOO_LONG: Final = 10**MOST_DIGITS
_NO_SHIFT: Final = timedelta(0)


def write_entry(entry: Entry) -> str:
    """Return the text of an entry. Raises :class:`StoreError` where it cannot be kept exactly."""
    try:
        return write_text(entry)
    except UnfitError as error:
        seq = getattr(entry, "seq", None)
        path = f"entries[{seq}]" if type(seq) is int and abs(seq) < _TOO_LONG else "entries"
        raise StoreError([Diagnostic(error.code, error.arguments, path=path)]) from None


def write_text(entry: Entry) -> str:
    """Return the text of an entry. Raises :class:`UnfitError`."""
    if type(entry) is not Entry:
        raise refuse_value("entry", "Entry", entry)
    text = _ENCODER.encode(_write_fields(entry, _ENTRY) | {"body": _write_body(entry.body)})
    if len(text) > MOST_BYTES or len(text.encode()) > MOST_BYTES:
        raise UnfitError("entry-too-large", limit=str(MOST_BYTES))
    return text


def write_moment(value: datetime) -> str:
    """Write a moment in UTC, always with six digits of a second: so texts sort as moments do."""
    return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def check_body(body: object) -> None:
    """Check that what an entry says can be stored. Raises :class:`UnfitError`."""
    _write_body(body)


def _write_body(body: object) -> dict[str, object]:
    plan = _BODIES.get(type(body))
    if plan is None:
        raise refuse_value("body", " | ".join(item.__name__ for item in KINDS), body)
    return _write_fields(body, plan) | {"kind": KINDS[type(body)]}


def _write_fields(holder: object, plan: _Plan) -> dict[str, object]:
    return {key: write(getattr(holder, key), name, form) for key, name, form, write in plan}


def _check_text(value: Any, name: str, form: Form) -> str:  # noqa: ANN401 - whatever was given
    if type(value) is not str or (form is Form.NAME and not value):
        raise refuse_value(name, form.value, value)
    hidden = find_hidden(value)
    if hidden:
        character = name_character(hidden[0])
        raise UnfitError("entry-hidden-character", name=name, character=character)
    return value


def _check_flag(value: Any, name: str, form: Form) -> bool:  # noqa: ANN401
    if type(value) is not bool:
        raise refuse_value(name, form.value, value)
    return value


def _check_number(value: Any, name: str, form: Form) -> int | None:  # noqa: ANN401
    if value is None and form is Form.AMOUNT_OR_NULL:
        return None
    if type(value) is not int or (form is Form.PLACE and value < 1):
        raise refuse_value(name, form.value, value)
    if not -_TOO_LONG < value < _TOO_LONG:
        raise UnfitError("entry-number-too-long", name=name, limit=str(MOST_DIGITS))
    return value


def _write_moment(value: Any, name: str, form: Form) -> str:  # noqa: ANN401
    if type(value) is not datetime:
        raise refuse_value(name, form.value, value)
    # Only a fixed zone of Python's own is asked for its offset: any other may answer as it likes.
    zone = value.tzinfo
    if type(zone) is not timezone or zone.utcoffset(None) != _NO_SHIFT:
        found = value.replace(tzinfo=None).isoformat()
        raise UnfitError("entry-moment-not-utc", name=name, found=found)
    return write_moment(value)


def _write_day(value: Any, name: str, form: Form) -> str | None:  # noqa: ANN401
    if value is None and form is Form.DAY_OR_NULL:
        return None
    if type(value) is not date:
        raise refuse_value(name, form.value, value)
    return value.isoformat()


def _list_members(value: Any, name: str, form: Form) -> list[tuple[str, Any]]:  # noqa: ANN401
    """Return the members of a mapping, once, with their keys checked."""
    if type(value) not in (dict, MappingProxyType):
        raise refuse_value(name, form.value, value)
    return [(_check_text(key, name, Form.TEXT), held) for key, held in value.items()]


def _write_texts(value: Any, name: str, form: Form) -> dict[str, str]:  # noqa: ANN401
    return {
        key: _check_text(held, f"{name}.{shorten_text(key)}", Form.TEXT)
        for key, held in _list_members(value, name, form)
    }


def _write_amounts(value: Any, name: str, form: Form) -> dict[str, int | None]:  # noqa: ANN401
    return {
        key: _check_number(held, f"{name}.{shorten_text(key)}", Form.AMOUNT)
        for key, held in _list_members(value, name, form)
    }


def _write_data(value: Any, name: str, form: Form) -> object:  # noqa: ANN401
    if type(value) not in (dict, MappingProxyType):
        raise refuse_value(name, form.value, value)
    return _Copier().copy(value, name, 1)


class _Copier:
    """Copies JSON data: text, whole numbers, true and false, null, lists and mappings of these.

    One list may stand in many places; what its copies would fill is counted as they are made.
    """

    def __init__(self) -> None:
        self.left = MOST_BYTES // 2

    def copy(self, value: Any, name: str, depth: int) -> object:  # noqa: ANN401
        self.left -= 1
        if self.left < 0:
            raise UnfitError("entry-too-large", limit=str(MOST_BYTES))
        if value is None or type(value) is bool:
            return value
        if type(value) is str:
            return _check_text(value, name, Form.TEXT)
        if type(value) is int:
            return _check_number(value, name, Form.AMOUNT)
        if type(value) not in (list, dict, MappingProxyType):
            raise refuse_value(name, "JSON data without fractions", value)
        if depth > MOST_DEEP:
            raise UnfitError("entry-too-deep", limit=str(MOST_DEEP))
        if type(value) is list:
            return [self.copy(x, f"{name}[{at}]", depth + 1) for at, x in enumerate(value)]
        return {
            key: self.copy(held, f"{name}.{shorten_text(key)}", depth + 1)
            for key, held in _list_members(value, name, Form.DATA)
        }


def _write_names(value: Any, name: str, form: Form) -> dict[str, list[str]]:  # noqa: ANN401
    return {
        key: _write_list(held, f"{name}.{shorten_text(key)}")
        for key, held in _list_members(value, name, form)
    }


def _write_list(value: Any, name: str) -> list[str]:  # noqa: ANN401
    if type(value) is not tuple:
        raise refuse_value(name, "list of texts", value)
    return [_check_text(held, f"{name}[{at}]", Form.TEXT) for at, held in enumerate(value)]


def _write_rested(value: Any, name: str, form: Form) -> list[dict[str, object]]:  # noqa: ANN401
    if type(value) is not tuple:
        raise refuse_value(name, form.value, value)
    for at, held in enumerate(value):
        if type(held) is not Rested:
            raise refuse_value(f"{name}[{at}]", "Rested", held)
    return [_write_fields(held, _plan_rested(f"{name}[{at}].")) for at, held in enumerate(value)]


_WRITERS: Final[Mapping[Form, _Writer]] = {
    Form.TEXT: _check_text,
    Form.NAME: _check_text,
    Form.FLAG: _check_flag,
    Form.PLACE: _check_number,
    Form.AMOUNT: _check_number,
    Form.AMOUNT_OR_NULL: _check_number,
    Form.MOMENT: _write_moment,
    Form.DAY: _write_day,
    Form.DAY_OR_NULL: _write_day,
    Form.TEXTS: _write_texts,
    Form.AMOUNTS: _write_amounts,
    Form.DATA: _write_data,
    Form.NAMES: _write_names,
    Form.RESTED: _write_rested,
}


def _plan_fields(shape: Shape, before: str) -> _Plan:
    """Return what is done for each key, looked up once: there are many entries."""
    return tuple((key, f"{before}{key}", form, _WRITERS[form]) for key, form in shape.items())


@lru_cache(maxsize=256)
def _plan_rested(before: str) -> _Plan:
    return _plan_fields(RESTED, before)


_ENTRY: Final = _plan_fields(ENTRY, "")
_BODIES: Final[Mapping[type, _Plan]] = {
    made: _plan_fields(shape, "body.") for made, shape in BODIES.values()
}
