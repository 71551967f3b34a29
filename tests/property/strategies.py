"""Random cases of any ruleset: values of each input's type, turning points likely."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from voucher_rules.api.rulesets import Ruleset, load, rulesets
from voucher_rules.checked.symbols import Input, Parameter
from voucher_rules.decision.case import read_case
from voucher_rules.decision.gather import gather_values
from voucher_rules.language.types import Kind
from voucher_rules.meaning.terms import find_value
from voucher_rules.meaning.unknowns import FALSE, find_truths
from voucher_rules.program.build import Program
from voucher_rules.values.model import CURRENCIES, NONE, Interval, Period, PeriodUnit

Facts = dict[str, Any]
MEASURES = Path(__file__).resolve().parents[1] / "measures"

THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
"""How many times over each law is tried; `make fuzz` raises it."""

MOST_UNKNOWN = 5
"""How many facts of a case are left out at most, where some are: a search with many is long."""

# The tests try the same cases every time; `make fuzz` tries new ones.
QUICK = ("cn-nx-service-voucher", "cn-bj-service-voucher", "cn-sme-size")
"""The rulesets on which every run tries the laws; the others take too long for that."""

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
    wide = st.dates(date(2010, 1, 1), date(2025, 12, 31))
    del declared
    if not starts:
        return wide
    last = program.ruleset.document.until or max(starts) + timedelta(days=730)
    return st.one_of(st.dates(min(starts), last), st.sampled_from(near), wide)


def draw_count(declared: Input) -> st.SearchStrategy[int]:
    """Draw a count within its bounds, and no larger than people are likely to state."""
    domain = declared.domain.domain
    assert isinstance(domain, Interval)
    assert isinstance(domain.low, int)
    assert isinstance(domain.high, int)
    return st.integers(domain.low, min(domain.high, max(domain.low, 0) + 1000))


def draw_period(declared: Input) -> st.SearchStrategy[Period]:
    """Draw a period within its bounds."""
    domain = declared.domain.domain
    assert isinstance(domain, Interval)
    assert isinstance(domain.low, Period)
    assert isinstance(domain.high, Period)
    counts = st.integers(domain.low.count, min(domain.high.count, domain.low.count + 100))
    return counts.map(lambda n: Period(n, PeriodUnit(declared.type.unit or "day")))


def draw_fraction(declared: Input) -> st.SearchStrategy[Any]:
    """Draw a ratio, or a number within its bounds."""
    if declared.type.kind is Kind.RATIO:
        return st.fractions(0, 1, max_denominator=1000)
    domain = declared.domain.domain
    assert isinstance(domain, Interval)
    assert isinstance(domain.low, int | Fraction)
    assert isinstance(domain.high, int | Fraction)
    return st.fractions(domain.low, domain.high, max_denominator=10_000)


def draw_value(declared: Input, program: Program) -> st.SearchStrategy[Any]:
    """Draw a value as a Python program would state it."""
    kind = declared.type
    match kind.kind:
        case Kind.BOOLEAN:
            value: st.SearchStrategy[Any] = st.booleans()
        case Kind.MONEY:
            value = draw_money(declared, program)
        case Kind.COUNT:
            value = draw_count(declared)
        case Kind.DATE:
            value = draw_date(declared, program)
        case Kind.INSTANT:
            value = st.datetimes(datetime(2015, 1, 1), datetime(2025, 1, 1)).map(  # noqa: DTZ001
                lambda moment: moment.replace(microsecond=0, tzinfo=program.ruleset.zone)
            )
        case Kind.CHOICE:
            value = st.sampled_from(kind.options)
        case Kind.SET:
            masks = st.lists(st.booleans(), min_size=len(kind.options), max_size=len(kind.options))
            value = masks.map(
                lambda mask: [o for o, taken in zip(kind.options, mask, strict=True) if taken]
            )
        case Kind.RATIO | Kind.NUMBER:
            value = draw_fraction(declared)
        case Kind.LIST:
            return draw_records(declared, program)
        case Kind.PERIOD:
            value = draw_period(declared)
        case Kind.TIME:
            value = st.times().map(lambda moment: moment.replace(microsecond=0))
        case _:
            value = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
    return st.one_of(value, st.just(NONE)) if declared.optional else value


def draw_records(declared: Input, program: Program) -> st.SearchStrategy[Any]:
    """Draw a short list of records, each field stated."""
    spec = program.ruleset.lists[declared.name]
    fields = {
        name.removeprefix(f"{spec.name}."): draw_value(item, program)
        for name, item in spec.fields.items()
    }
    return st.lists(st.fixed_dictionaries(fields), max_size=3)


def draw_facts(program: Program, *, unknown: bool = False) -> st.SearchStrategy[Facts]:
    """Draw a case: a value for every input of a decision, or for all but a few of them."""
    values = {name: draw_value(item, program) for name, item in program.inputs.items()}
    complete = st.fixed_dictionaries(values).map(lambda facts: repair_facts(program, facts))
    if not unknown:
        return complete
    names = st.sets(st.sampled_from(sorted(values)), max_size=MOST_UNKNOWN)
    return st.builds(leave_out, complete, names)


def leave_out(facts: Facts, names: set[str]) -> Facts:
    """Return the facts without some of them."""
    return {name: value for name, value in facts.items() if name not in names}


def repair_facts(program: Program, facts: Facts) -> Facts:
    """Return the facts without those that do not exist in the case they make."""
    kept = leave_out(facts, set(program.applying))
    readings = {name: item.default for name, item in program.ruleset.readings.items()}
    for name in program.applying:
        stated = facts.get(name)
        applies = program.inputs[name].applies
        values = gather_values(program, read_case(program, kept).values, readings)
        if stated is not None and applies and find_truths(find_value(applies, values)) != FALSE:
            kept[name] = stated
    return kept


def load_rulesets() -> list[Ruleset]:
    """Load three shipped rulesets; where laws are tried many times over, all and invented ones."""
    if THOROUGHNESS == 1:
        return [load(name) for name in QUICK]
    shipped = [load(item.id, item.edition) for item in rulesets()]
    return [*shipped, *(load(path) for path in sorted(MEASURES.glob("*/2024.yaml")))]


def list_decisions(rulesets: list[Ruleset]) -> list[tuple[Ruleset, str]]:
    """Return every decision of every ruleset."""
    return [(ruleset, name) for ruleset in rulesets for name in ruleset.decisions]
