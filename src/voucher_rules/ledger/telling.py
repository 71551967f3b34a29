"""Comes in: a thing. Goes out: what it says of itself, as values of facts and as text.

One that a balance takes is told as far as it is taken: of the other lots it says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timezone

from voucher_rules.checked.histories import UNKNOWN, Balance, Lifecycle
from voucher_rules.checked.read_records import STATE
from voucher_rules.checked.symbols import ListSpec
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.records import name_field
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.asking import Asking
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.lots import Thing
from voucher_rules.values.model import NONE, Mark, Unknown, Value
from voucher_rules.values.write import write_money_exactly


def tell_facts(thing: Thing, lifecycle: Lifecycle, asking: Asking) -> Iterator[tuple[str, Value]]:
    """Yield each fact a thing tells; a moment that never was is none."""
    for fact, word in lifecycle.tells.items():
        declared = asking.ruleset.inputs[fact]
        value = tell_word(thing, lifecycle, word, asking.ruleset.zone)
        if value is not None:
            yield fact, value
        elif declared.optional or declared.applies is not None:
            yield fact, NONE


def tell_word(thing: Thing, lifecycle: Lifecycle, word: str, zone: timezone) -> Value | None:
    """Return what a thing says for a word of ``tells``; None where it never came to be."""
    if word in lifecycle.carries:
        return _read_carried(thing.carries.get(word), lifecycle.carries[word].type)
    if word == "amount":
        return thing.amount_in(lifecycle.states)
    kind, _, state = word.partition(".")
    if kind == "amount":
        return thing.amount_in((state,))
    asked = word.removeprefix("is_")
    if asked != word and asked in lifecycle.states:
        return thing.stands_in(asked)
    moment = thing.entered(word[: -len("_at")])
    if moment is None:
        return None
    return _tell_moment(moment, zone, whole=word.endswith("_at"))


def _tell_moment(moment: datetime, zone: timezone, *, whole: bool) -> datetime | date:
    return moment.astimezone(zone) if whole else local_day(moment, zone)


def _read_carried(text: str | None, kind: Type) -> Value | None:
    if text is None:
        return None
    return date.fromisoformat(text) if kind.kind is Kind.DATE else text


def tell_value(value: Value, kind: Type) -> str:
    """Return a value read from history as text for machines."""
    if isinstance(value, Mark):
        return value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return json.dumps(sorted(value), ensure_ascii=False)
    if isinstance(value, Unknown):
        return UNKNOWN
    if kind.kind is Kind.MONEY and isinstance(value, int):
        return write_money_exactly(value, kind.unit)
    return str(value)


def tell_record_values(
    things: tuple[Thing, ...], balance: Balance, asking: Asking
) -> dict[str, Value]:
    """Return how many records a list has and, by its name, each field of each of them.

    Raises :class:`InputError` where there are more than the list may have.
    """
    listed = asking.ruleset.lists[balance.name]
    if len(things) > listed.most:
        arguments = {"limit": str(listed.most)}
        raise InputError([Diagnostic("too-many-records", arguments, path=listed.name)])
    found: dict[str, Value] = {listed.name: len(things)}
    lifecycle = asking.ruleset.histories.lifecycles[balance.lifecycle]
    for number, thing in enumerate(things, 1):
        for full, declared in listed.fields.items():
            value = _tell_field(thing, lifecycle, balance.fields[full], asking.ruleset.zone)
            if value is None:
                value = NONE if declared.optional else declared.domain
            found[name_field(listed.name, number, full.removeprefix(f"{listed.name}."))] = value
    return found


def _tell_field(thing: Thing, lifecycle: Lifecycle, word: str, zone: timezone) -> Value | None:
    if word == STATE and word not in lifecycle.carries:
        return thing.lots[0].state
    return tell_word(thing, lifecycle, word, zone)


def write_records(listed: ListSpec, values: Mapping[str, Value]) -> str:
    """Return the records of a list as text for machines."""
    length = values[listed.name]
    keys = {full.removeprefix(f"{listed.name}."): x.type for full, x in listed.fields.items()}
    records = [
        {
            key: tell_value(values[name_field(listed.name, number, key)], kind)
            for key, kind in keys.items()
        }
        for number in range(1, length + 1 if isinstance(length, int) else 1)
    ]
    return json.dumps(records, ensure_ascii=False)
