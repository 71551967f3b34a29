"""Comes in: data of a record. Goes out: them as people write them, in Chinese or English.

A log is held to no good will: whatever stands where a value should is told as it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from voucher_rules.diagnostics import fill_texts
from voucher_rules.explain.replay_words import REPLAY_WORDS, tell
from voucher_rules.language.types import Kind
from voucher_rules.values.model import CURRENCIES
from voucher_rules.values.write import write_money, write_ratio

_NUMBER: Final = re.compile(r"-?[0-9]{1,100}(\.[0-9]{1,100}|/[0-9]{1,100})?")
_STATES: Final = ("none", "open", "unknown")
_MOST: Final = 300
"""So many characters of what is no value are shown."""


def tell_money(text: object, currency: str, language: str) -> str:
    """Return an amount (main unit, as text) as people write money."""
    number = read_number(text)
    if number is None or currency not in CURRENCIES:
        return tell_raw(text)
    return write_money(number * 10 ** CURRENCIES[currency].digits, currency, language)


def read_number(text: object) -> Fraction | None:
    """Return the number in a text, None where there is none."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        return None
    try:
        return Fraction(text)
    except ZeroDivisionError:
        return None


def tell_value(data: object, kind: Mapping[str, Any] | None, language: str) -> str:
    """Return a value of a step as people write it; ``kind`` is its type as data."""
    named = str(kind["kind"]) if kind else ""
    if isinstance(data, bool):
        return tell(language, "value.true" if data else "value.false")
    if isinstance(data, dict) and "commitment" in data:
        return tell(language, "hidden")
    if isinstance(data, dict) and data.get("state") in _STATES:
        return tell(language, f"value.{data['state']}")
    if kind and named == Kind.MONEY:
        return tell_money(data, str(kind["unit"]), language)
    number = read_number(data)
    if named == Kind.RATIO and number is not None:
        return write_ratio(number)
    return tell_raw(data)


def tell_raw(data: object) -> str:
    """Return data as it stands, cut where it is long."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def tell_named(word: object, prefix: str, language: str) -> str:
    """Return a word of a closed list in words; one that is not of the list as it stands."""
    key = f"{prefix}.{word}"
    return tell(language, key) if key in REPLAY_WORDS else tell_raw(word)


def tell_wording(texts: Mapping[str, str] | None, otherwise: str, language: str) -> str:
    """Return a text in a language, or what stands for it where there is none."""
    return texts[language] if texts and texts.get(language) else otherwise


def tell_fault(fault: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Return what is wrong and what to do about it, from the code and its arguments."""
    try:
        return fill_texts(str(fault["code"]), fault["arguments"], language)
    except KeyError:  # a report of another version: another code, or a text of other arguments
        return str(fault["code"]), ""
