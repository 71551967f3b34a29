"""Comes in: nothing. Goes out: what the code of a kernel is made of, and how its rows stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias
from unicodedata import normalize

from voucher_rules.compiled.days import (
    add_months,
    first_of_year,
    last_of_year,
    month_of,
    year_of,
)
from voucher_rules.compiled.nodes import Op
from voucher_rules.decision.outcomes import VALUELESS, Outcome

Row: TypeAlias = tuple[Any, ...]
"""The inputs of a kernel, in its order: whole numbers, truths, texts, None for none."""
MISSING: Final = ...
"""Stands in a row for what was not told, of what exists under a condition only."""


def is_same_text(left: str, right: str) -> bool:
    """Return whether two texts are the same, however their characters are encoded."""
    if left == right:
        return True
    if left.isascii() and right.isascii():
        return False
    return normalize("NFC", left) == normalize("NFC", right)


HELPERS: Final[Mapping[str, Callable[..., Any]]] = {
    "year_of": year_of,
    "month_of": month_of,
    "first_of_year": first_of_year,
    "last_of_year": last_of_year,
    "add_months": add_months,
    "is_same_text": is_same_text,
    "len": len,
    "set": set,
}
CALLS: Final = {
    Op.YEAR: "year_of",
    Op.MONTH: "month_of",
    Op.FIRST_OF_YEAR: "first_of_year",
    Op.LAST_OF_YEAR: "last_of_year",
    Op.ADD_MONTHS: "add_months",
    Op.SAME: "is_same_text",
}
INFIX: Final = {
    Op.AND: " and ",
    Op.OR: " or ",
    Op.LE: " <= ",
    Op.EQ: " == ",
    Op.ADD: " + ",
    Op.SUB: " - ",
    Op.MUL: " * ",
    Op.FLOORDIV: " // ",
    Op.BIT_AND: " & ",
    Op.BIT_OR: " | ",
}
TURNED: Final = {Op.LE: " > ", Op.EQ: " != "}
"""What the comparisons are called where they do not hold."""
CODES: Final = (
    Outcome.NOT_IN_FORCE,
    Outcome.DENIED,
    Outcome.REFERRED,
    Outcome.GRANTED,
    Outcome.DETERMINED,
)
"""Outcomes by the number a kernel gives; the first that holds counts."""
REFERRED_CODE: Final = CODES.index(Outcome.REFERRED)
VALUELESS_CODES: Final = tuple(at for at, outcome in enumerate(CODES) if outcome in VALUELESS)
"""The numbers of the outcomes under which nothing is payable."""
WAITING: Final = 2
"""Stands for what becomes of a rule that waits for a person."""
AT_AMOUNTS: Final = 2
"""Where the amounts begin among what the code of a kernel gives."""
PER_AMOUNT: Final = 5
"""How many places each of them takes."""
STARTS: Final = {
    Op.FOLD_ANY: "False",
    Op.FOLD_ALL: "True",
    Op.FOLD_MIN: "None",
    Op.FOLD_MAX: "None",
    Op.FOLD_DISTINCT: "set()",
}
