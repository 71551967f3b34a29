"""Random cases of any ruleset: values of each input's type, turning points likely."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from voucher_rules.api import Ruleset
from voucher_rules.checked.model import Input, Parameter
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.values.model import CURRENCIES, NONE, Interval

Facts = dict[str, Any]

THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
"""How many times over each law is tried; `make fuzz` raises it."""

# The tests try the same cases every time; `make fuzz` tries new ones.
settings.register_profile("same", derandomize=THOROUGHNESS == 1, database=None)
settings.load_profile("same")


def list_numbers(parameters: Mapping[str, Parameter], kind: Kind) -> list[int]:
    """Return the whole numbers of a kind that parameters name, and those beside them."""
    found: set[int] = set()
    for parameter in parameters.values():
        for item in parameter.values:
            if parameter.type.kind is kind and isinstance(item.value, int):
                found |= {item.value - 1, item.value, item.value + 1, 2 * item.value}
    return sorted(found)


def draw_money(declared: Input, program: Program) -> st.SearchStrategy[Any]:
    domain = declared.domain.domain
    assert isinstance(domain, Interval)
    assert isinstance(domain.low, int)
    assert isinstance(domain.high, int)
    likely = [
        fen
        for fen in list_numbers(program.ruleset.parameters, Kind.MONEY)
        if domain.low <= fen <= domain.high
    ]
    wide = st.integers(domain.low, min(domain.high, 10**8))
    numbers = st.one_of(st.sampled_from(likely), wide) if likely else wide
    digits = CURRENCIES[declared.type.unit].digits
    return numbers.map(lambda fen: Fraction(fen, 10**digits))


def draw_date(declared: Input, program: Program) -> st.SearchStrategy[Any]:
    starts = list(program.ruleset.document.starts.values())
    near = [day + timedelta(days=gap) for day in starts for gap in (-1, 0, 1, 30, 31, 365, 366)]
    wide = st.dates(date(2010, 1, 1), date(2030, 12, 31))
    del declared
    return st.one_of(st.sampled_from(near), wide) if near else wide


def draw_value(declared: Input, program: Program) -> st.SearchStrategy[Any]:
    """Draw a value as a Python program would state it."""
    kind = declared.type
    match kind.kind:
        case Kind.BOOLEAN:
            value: st.SearchStrategy[Any] = st.booleans()
        case Kind.MONEY:
            value = draw_money(declared, program)
        case Kind.COUNT:
            value = st.integers(0, 1000)
        case Kind.DATE:
            value = draw_date(declared, program)
        case Kind.INSTANT:
            value = st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
                lambda moment: moment.replace(microsecond=0, tzinfo=program.ruleset.zone)
            )
        case Kind.CHOICE:
            value = st.sampled_from(kind.options)
        case Kind.SET:
            masks = st.lists(st.booleans(), min_size=len(kind.options), max_size=len(kind.options))
            value = masks.map(
                lambda mask: [o for o, taken in zip(kind.options, mask, strict=True) if taken]
            )
        case Kind.RATIO:
            value = st.fractions(0, 1, max_denominator=1000)
        case _:
            value = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
    return st.one_of(value, st.just(NONE)) if declared.optional else value


def draw_facts(program: Program, *, unknown: bool = False) -> st.SearchStrategy[Facts]:
    """Draw a case: a value for every input of a decision, or for some of them."""
    values = {name: draw_value(item, program) for name, item in program.inputs.items()}
    return st.fixed_dictionaries({}, optional=values) if unknown else st.fixed_dictionaries(values)


def list_decisions(rulesets: list[Ruleset]) -> list[tuple[Ruleset, str]]:
    """Return every decision of every ruleset."""
    return [(ruleset, name) for ruleset in rulesets for name in ruleset.decisions]
