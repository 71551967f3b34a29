"""Comes in: names, texts and what stands in typed rows. Goes out: them as DuckDB has them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from voucher_rules.batch.stated import was_refused
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.language.types import Kind
from voucher_rules.values.model import CURRENCIES

WIDEST: Final = 2**63 - 1


def quote(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Return a text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def find_digits(item: KernelInput) -> int:
    """Return how many decimals the main unit of an input's money has."""
    return CURRENCIES[item.type.unit].digits if item.type.kind is Kind.MONEY else 0


def as_typed(item: KernelInput, value: Any, size: int) -> Any:  # noqa: ANN401 - what stands in a row
    """Return what stands in a typed row as a column of SQL holds it; None for none or nothing."""
    if value is None or value is MISSING or was_refused(value):
        return None
    match item.shape:
        case Shape.DAY:
            return date.fromordinal(value)
        case Shape.CODE:
            return item.type.options[value]
        case Shape.NUMBER:
            return int(value * size)
        case _:
            return value


def is_too_wide(value: Any) -> bool:  # noqa: ANN401 - a cell of SQL
    """Return whether a whole number needs more than 64 bits."""
    return type(value) is int and not -WIDEST <= value <= WIDEST
