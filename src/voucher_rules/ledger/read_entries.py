"""Comes in: the text of an entry, as it was written. Goes out: the entry, or why it is none.

There is one text for an entry and no other: what was read is written again, and both must agree.
So spaces, keys in another order, escapes, ``-0`` and all else are refused without a rule for each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import StoreError
from voucher_rules.ledger.entries import Body, Entry, Rested
from voucher_rules.ledger.entry_shapes import (
    BODIES,
    ENTRY,
    MOST_BYTES,
    MOST_DEEP,
    MOST_DIGITS,
    RESTED,
    Form,
    Misfit,
    Shape,
    UnfitError,
    refuse_value,
    shorten_text,
)
from voucher_rules.ledger.write_entries import write_text
from voucher_rules.spans import Span

_Reader: TypeAlias = Callable[[Any, str, Form], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which keys a mapping has, and what is done for some of them, looked up once."""

    keys: frozenset[str]
    readers: tuple[tuple[str, Form, _Reader], ...]


_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_entry(text: str, at: Span | None = None) -> Entry:
    """Read the text of one entry. ``at`` is where it stands.

    Raises :class:`StoreError` where it is not exactly what :func:`write_entry` writes.
    """
    entry, end = read_next_entry(text, 0, at)
    if end != len(text):
        raise StoreError([Diagnostic("entry-not-canonical", {}, at)])
    return entry


def read_next_entry(text: str, start: int, at: Span | None = None) -> tuple[Entry, int]:
    """Read the entry that begins at ``text[start]``, and return it with the index of its end."""
    try:
        return _read_from(text, start)
    except UnfitError as error:
        raise StoreError([Diagnostic(error.code, error.arguments, at)]) from None


def _read_from(text: str, start: int) -> tuple[Entry, int]:
    try:
        data, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise UnfitError("entry-not-json", problem=error.msg) from None
    except RecursionError:
        raise UnfitError("entry-too-deep", limit=str(MOST_DEEP)) from None
    if end - start > MOST_BYTES:
        raise UnfitError("entry-too-large", limit=str(MOST_BYTES))
    entry = _read_entry(data)
    if write_text(entry) != text[start:end]:
        raise UnfitError("entry-not-canonical")
    return entry, end


def _collect_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise UnfitError("entry-key-twice", name=shorten_text(key))
        made[key] = value
    return made


def _read_digits(digits: str) -> int | Misfit:
    """Read a whole number, unless it is too long: then no work is done on its digits."""
    return int(digits) if len(digits.lstrip("-")) <= MOST_DIGITS else Misfit(digits)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_collect_members,
    parse_int=_read_digits,
    parse_float=Misfit,
    parse_constant=Misfit,
)


def _read_entry(data: Any) -> Entry:  # noqa: ANN401 - JSON
    fields = _read_fields(data, _ENTRY, "entry", "")
    fields["body"] = _read_body(fields["body"])
    return Entry(**fields)


def _read_body(data: Any) -> Body:  # noqa: ANN401
    kind = data.get("kind") if type(data) is dict else None
    if type(kind) is not str or kind not in BODIES:
        raise refuse_value("body.kind", " | ".join(BODIES), kind)
    fields = _read_fields(data, _BODIES[kind], "body", "body.")
    del fields["kind"]
    return BODIES[kind][0](**fields)


def _read_fields(data: Any, plan: _Plan, name: str, before: str) -> dict[str, Any]:  # noqa: ANN401
    """Return a mapping with exactly the keys planned, read where JSON has no value of its own.

    The rest stays as it came: that it is right is proved when the entry is written again.
    """
    if type(data) is not dict:
        raise refuse_value(name, "mapping", data)
    if data.keys() != plan.keys:
        for key in sorted(plan.keys - data.keys()):
            raise UnfitError("entry-key-missing", name=f"{before}{key}")
        for key in sorted(data.keys() - plan.keys):
            raise UnfitError("entry-key-unknown", name=f"{before}{shorten_text(key)}")
    for key, form, read in plan.readers:
        data[key] = read(data[key], f"{before}{key}", form)
    return data


def _read_moment(value: Any, name: str, form: Form) -> datetime:  # noqa: ANN401
    if type(value) is not str or not _MOMENT.fullmatch(value):
        raise refuse_value(name, form.value, value)
    try:
        return datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise refuse_value(name, form.value, value) from None


def _read_day(value: Any, name: str, form: Form) -> date | None:  # noqa: ANN401
    if value is None and form is Form.DAY_OR_NULL:
        return None
    if type(value) is not str or not _DAY.fullmatch(value):
        raise refuse_value(name, form.value, value)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise refuse_value(name, form.value, value) from None


def _read_names(value: Any, name: str, form: Form) -> dict[str, tuple[str, ...]]:  # noqa: ANN401
    if type(value) is not dict:
        raise refuse_value(name, form.value, value)
    for key, held in value.items():
        if type(held) is not list:
            raise refuse_value(f"{name}.{shorten_text(key)}", "list of texts", held)
    return {key: tuple(held) for key, held in value.items()}


def _read_rested(value: Any, name: str, form: Form) -> tuple[Rested, ...]:  # noqa: ANN401
    if type(value) is not list:
        raise refuse_value(name, form.value, value)
    places = [f"{name}[{at}]" for at in range(len(value))]
    return tuple(
        Rested(**_read_fields(held, _RESTED, place, f"{place}."))
        for held, place in zip(value, places, strict=True)
    )


_READERS: Final[Mapping[Form, _Reader]] = {
    Form.MOMENT: _read_moment,
    Form.DAY: _read_day,
    Form.DAY_OR_NULL: _read_day,
    Form.NAMES: _read_names,
    Form.RESTED: _read_rested,
}


def _plan_fields(shape: Shape, beside: str = "") -> _Plan:
    readers = [(key, form, _READERS[form]) for key, form in shape.items() if form in _READERS]
    return _Plan(frozenset({*shape, beside} - {""}), tuple(readers))


_ENTRY: Final = _plan_fields(ENTRY, "body")
_RESTED: Final = _plan_fields(RESTED)
_BODIES: Final = {kind: _plan_fields(shape, "kind") for kind, (_, shape) in BODIES.items()}
