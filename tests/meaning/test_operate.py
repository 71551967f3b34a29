"""The executor of operators: plain arithmetic on what is known, every possible value on the rest.

The law behind all of it: whatever the parts turn out to be, the value of the whole is among those
that were told while they were unknown.
"""

from __future__ import annotations

import os
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from math import ceil, floor
from typing import Any, Final

import pytest
from completions import covers
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from voucher_rules.calendars import add_period
from voucher_rules.checked.expressions import TermBuilder
from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import DatedValue, Input, Parameter, Symbol, Wording
from voucher_rules.language.operators import OPERATORS
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import (
    BOOLEAN,
    DATE,
    INSTANT,
    NUMBER,
    RATIO,
    TEXT,
    TIME,
    Kind,
    Type,
)
from voucher_rules.meaning.extremes import find_least, find_most
from voucher_rules.meaning.known import HANDLED
from voucher_rules.meaning.operate import operate
from voucher_rules.sources.tree import Mapping as ReadMapping
from voucher_rules.sources.tree import Scalar, Source
from voucher_rules.spans import Citation, Span
from voucher_rules.values.model import (
    NONE,
    OPEN,
    AnyText,
    Constant,
    Domain,
    Interval,
    Mark,
    OneOf,
    Ordered,
    Period,
    PeriodUnit,
    SetBetween,
    Unknown,
    Value,
    WorkingCalendar,
    settle_exact,
)

THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
"""How many times over each law is tried; a plain run tries the same cases every time."""

CNY = Type(Kind.MONEY, "CNY")
PEOPLE = Type(Kind.COUNT, "人")
DAYS = Type(Kind.PERIOD, "day")
HOURS = Type(Kind.PERIOD, "hour")
MONTHS = Type(Kind.PERIOD, "month")
WORKING_DAYS = Type(Kind.PERIOD, "working_day")
SIZES = ("micro", "small", "large")
SIZE = Type(Kind.CHOICE, "size", SIZES, ordered=True)
FIELD_OPTIONS = ("credit", "legal")
FIELD = Type(Kind.CHOICE, "field", FIELD_OPTIONS)
FIELDS = Type(Kind.SET, "field", FIELD_OPTIONS)
TYPES: Mapping[str, Type] = {
    "yes": BOOLEAN,
    "no": BOOLEAN,
    "people": PEOPLE,
    "crew": PEOPLE,
    "index": NUMBER,
    "share": RATIO,
    "yuan": CNY,
    "fee": CNY,
    "signed": DATE,
    "closed": DATE,
    "moment": INSTANT,
    "later": INSTANT,
    "lasts": DAYS,
    "delay": DAYS,
    "wait": HOURS,
    "rest": HOURS,
    "age": MONTHS,
    "term": MONTHS,
    "notice": WORKING_DAYS,
    "grace": WORKING_DAYS,
    "opening": TIME,
    "closing": TIME,
    "size": SIZE,
    "rank": SIZE,
    "field": FIELD,
    "fields": FIELDS,
    "others": FIELDS,
    "name": TEXT,
    "officer": TEXT,
    "plus": NUMBER,
    "cost": CNY,
    "head": PEOPLE,
}
POSITIVE = {"plus", "cost", "head"}
WORDING = Wording("例", "example")


FIXED: Final[Mapping[str, int | Period]] = {
    "nonzero": -3,
    "floor_of": 2,
    "week": Period(7, PeriodUnit.DAY),
    "shift": Period(9, PeriodUnit.HOUR),
}
"""Parameters, which divide."""


def make_parameter(name: str, kind: Type) -> Parameter:
    value = FIXED[name]
    dated = (DatedValue(None, None, value),)
    domain = Unknown(Interval(value, value))
    return Parameter(name, kind, WORDING, Citation("x", "1", "第一条"), dated, domain)


DIVISORS = ("plus", "nonzero")
SATURDAY: Final = 5
DAYS_OFF = {date(2024, 1, 1), *(date(2024, 2, 9) + timedelta(days=gap) for gap in range(9))}
CALENDAR = WorkingCalendar(
    "worked",
    date(1900, 1, 1),
    date(2100, 12, 31),
    frozenset({5, 6}),
    frozenset(day for day in DAYS_OFF if day.weekday() < SATURDAY),
    frozenset({date(2024, 2, 4), date(2024, 2, 18), date(2025, 1, 26)}),
    "sha256:0",
)


def make_scope() -> dict[str, Symbol]:
    scope = {}
    for name, kind in TYPES.items():
        domain: Domain = Interval(1, 100) if name in POSITIVE else AnyText()
        declared = Input(name, Role.FACT, kind, WORDING, Unknown(domain))
        scope[name] = Symbol(name, Role.FACT, kind, declared)
    for name, kind in (("nonzero", NUMBER), ("floor_of", NUMBER), ("week", DAYS), ("shift", HOURS)):
        scope[name] = Symbol(name, Role.PARAMETER, kind, make_parameter(name, kind))
    return scope


SCOPE = make_scope()


def build(text: str) -> Term:
    report = Report(Source("f", text, ReadMapping()))
    term = TermBuilder(SCOPE, report, CALENDAR).build(Scalar(text, Span("f", 1, 1)))
    assert term is not None, (text, [item.render() for item in report.found])
    return term


def evaluate(term: Term, values: Mapping[str, Value]) -> Value:
    if term.parts:
        return operate(term, tuple(evaluate(part, values) for part in term.parts))
    if term.role is Role.CONSTANT:
        assert term.value is not None
        return term.value
    return FIXED[term.name] if term.name in FIXED else values[term.name]


# Random expressions of every type, as text: the checker types them, so no two ways are needed.


@cache
def take(kind: str, depth: int, *, extremes: bool = True) -> st.SearchStrategy[str]:
    """Return expressions of a kind, nested at most ``depth`` deep, ``extremes`` among them."""
    leaves, forms = LEAVES[kind], FORMS[kind]
    if depth == 0:
        return st.sampled_from(leaves)
    grown = [
        st.tuples(*(take(part, depth - 1, extremes=extremes) for part in parts)).map(
            lambda made, form=form: form % made  # type: ignore[misc]
        )
        for form, *parts in forms
        if extremes or ("min(" not in form and "max(" not in form)
    ]
    return st.one_of(st.sampled_from(leaves), *grown)


LEAVES: Mapping[str, tuple[str, ...]] = {
    "boolean": ("yes", "no", "true", "false", "given(yuan)", "given(name)", "given(fields)"),
    "money": ("yuan", "fee", "cost"),
    "count": ("people", "crew", "head"),
    "pure": ("index", "share", "plus", "nonzero"),
    "date": ("signed", "closed", "day(moment)"),
    "moment": ("moment", "later"),
    "period": ("lasts", "delay"),
    "hours": ("wait", "rest"),
    "months": ("age", "term"),
    "working": ("notice", "grace"),
    "time": ("opening", "closing", "clock(moment)"),
    "size": ("size", "rank"),
    "field": ("field",),
    "set": ("fields", "others"),
    "text": ("name", "officer"),
}
CHOOSE = "(%s if %s else %s)"
QUANTITIES = ("money", "count", "pure")
SCALARS = ("date", "moment", "period", "hours", "months", "working", "time", "size")
FORMS: Mapping[str, list[tuple[str, ...]]] = {
    "boolean": [
        ("(not %s)", "boolean"),
        ("(%s and %s)", "boolean", "boolean"),
        ("(%s or %s or %s)", "boolean", "boolean", "boolean"),
        ("(%s == %s)", "boolean", "boolean"),
        ("(%s and field == 'legal')", "boolean"),
        ("(%s or field in ['legal'])", "boolean"),
        ("(%s in %s)", "field", "set"),
        ("(%s or 'legal' not in fields)", "boolean"),
        ("(%s == %s)", "set", "set"),
        ("(%s != %s)", "text", "text"),
        ("(%s and size >= 'small')", "boolean"),
        ("(%s or rank in ['micro', 'large'])", "boolean"),
        ("(%s and size == ('small' if yes else 'large'))", "boolean"),
        ("(year(%s) <= year(%s))", "date", "date"),
        ("(month(%s) == month(%s))", "date", "date"),
        ("(month(%s) < month(%s))", "date", "date"),
        ("(clock(%s) < clock(%s))", "moment", "moment"),
        ("(members(%s) <= members(%s))", "set", "set"),
        ("overlaps(%s, %s)", "set", "set"),
        ("includes(%s, %s)", "set", "set"),
        ("(%s or overlaps(fields, ['legal']))", "boolean"),
        ("(%s and includes(others, ['credit', 'legal']))", "boolean"),
        *(
            (f"(%s {symbol} %s)", kind, kind)
            for kind in (*QUANTITIES, *SCALARS)
            for symbol in ("<", "<=", "==")
        ),
        *(
            (f"(%s {symbol} %s)", kind, kind)
            for kind in ("money", "period", "size")
            for symbol in (">", ">=", "!=")
        ),
    ],
    "money": [("(%s * %s)", "pure", "money"), ("(%s * %s)", "money", "count")],
    "count": [("(%s + members(%s))", "count", "set")],
    "pure": [
        ("(%s * %s)", "pure", "pure"),
        ("(%s / cost)", "money"),
        ("(%s / head)", "count"),
        ("(%s * %s)", "pure", "count"),
        ("(1 - %s)", "pure"),
        ("min(%s, 1)", "pure"),
        ("(%s * 1)", "pure"),
        ("floor(%s)", "pure"),
        ("ceil(%s)", "pure"),
        ("(%s / max(%s, floor_of))", "pure", "pure"),
        ("(%s / week)", "period"),
        ("(%s / shift)", "hours"),
    ],
    "date": [
        ("(%s + %s)", "date", "period"),
        ("(%s - %s)", "date", "period"),
        ("(%s + %s)", "date", "months"),
        ("day(%s)", "moment"),
        ("roll(%s)", "date"),
        ("first_of_year(%s)", "date"),
        ("last_of_year(%s)", "date"),
        ("workday(%s, %s)", "date", "working"),
    ],
    "moment": [("(%s + %s)", "moment", "hours"), ("(%s - %s)", "moment", "hours")],
    "period": [("(%s - %s)", "date", "date")],
    "hours": [],
    "months": [("whole_months(%s, %s)", "date", "date")],
    "working": [],
    "time": [("clock(%s)", "moment")],
    "size": [],
    "field": [],
    "set": [],
    "text": [],
}
for each in LEAVES:
    FORMS[each].append((CHOOSE, each, "boolean", each))
for each in (*QUANTITIES, *SCALARS):
    FORMS[each] += [("min(%s, %s)", each, each), ("max(%s, %s, %s)", each, each, each)]
for each in QUANTITIES:
    FORMS[each] += [("(%s + %s)", each, each), ("(%s - %s)", each, each), ("(-%s)", each)]
    FORMS[each] += [("max(%s, 0)", each), ("(0 if %s else %s)", "boolean", each)]
    FORMS["boolean"].append(("(%s > 0)", each))
for each in ("period", "hours", "months", "working"):
    FORMS[each] += [("(%s + %s)", each, each), ("(%s - %s)", each, each)]
for each in ("money", "pure"):
    FORMS[each] += [(f"(%s / {divisor})", each) for divisor in DIVISORS]

ROOTS = (*((kind, 2) for kind in LEAVES), ("boolean", 3), ("money", 3), ("date", 3))


@st.composite
def texts(draw: st.DrawFn, *, extremes: bool = True) -> str:
    """Draw an expression of any kind."""
    kind, depth = draw(st.sampled_from(ROOTS))
    return draw(take(kind, depth, extremes=extremes))


# Random values: what may be known of each name, and one of the ways it may turn out.

NUMBERS = st.one_of(st.integers(-5, 5), st.fractions(-3, 3, max_denominator=6).map(settle_exact))
FIRST = date(2023, 12, 25)
DATES = st.integers(0, 800).map(lambda days: FIRST + timedelta(days=days))
MOMENTS = st.integers(0, 400).map(
    lambda quarters: datetime(2024, 2, 27, tzinfo=UTC) + timedelta(minutes=15 * quarters)
)
SUBSETS = st.frozensets(st.sampled_from(FIELD_OPTIONS))
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "count": st.integers(0, 9),
    "number": NUMBERS,
    "ratio": st.fractions(0, 1, max_denominator=12).map(settle_exact),
    "money": st.integers(0, 500),
    "date": DATES,
    "instant": MOMENTS,
    "time": st.integers(0, 95).map(lambda quarters: time(quarters // 4, quarters % 4 * 15)),
    "text": st.sampled_from(["甲", "乙", ""]),
    "set": SUBSETS,
}
LONGEST = {
    PeriodUnit.DAY: 70,
    PeriodUnit.HOUR: 60,
    PeriodUnit.MONTH: 30,
    PeriodUnit.WORKING_DAY: 25,
}
MARKS = st.one_of(st.just(frozenset[Mark]()), st.frozensets(st.sampled_from([NONE, OPEN])))


@cache
def values_of(name: str) -> st.SearchStrategy[Any]:
    kind = TYPES[name]
    if kind.kind is Kind.CHOICE:
        return st.sampled_from(kind.options)
    if kind.kind is Kind.PERIOD:
        unit = PeriodUnit(kind.unit)
        return st.integers(0, LONGEST[unit]).map(lambda count: Period(count, unit))
    found = VALUES[kind.kind]
    if name in POSITIVE:
        return found.filter(lambda value: value > 0)
    return found


@st.composite
def domains(draw: st.DrawFn, name: str) -> Domain:
    kind = TYPES[name].kind
    if kind is Kind.TEXT:
        return AnyText()
    if kind in {Kind.BOOLEAN, Kind.CHOICE}:
        return OneOf(frozenset(draw(st.lists(values_of(name), min_size=1, max_size=3))))
    one, other = draw(values_of(name)), draw(values_of(name))
    if kind is Kind.SET:
        return SetBetween(one & other, one | other)
    return Interval(min(one, other), max(one, other))


@cache
def members(name: str, domain: Domain) -> st.SearchStrategy[Any]:
    """Return values inside a domain, its ends often."""
    match domain:
        case AnyText():
            return values_of(name)
        case OneOf(options):
            return st.sampled_from(sorted(options))
        case SetBetween(certain, possible):
            doubtful = sorted(possible - certain)
            if not doubtful:
                return st.just(certain)
            return st.frozensets(st.sampled_from(doubtful)).map(lambda some: certain | some)
        case Interval(low, high):
            inside = values_of(name).filter(lambda value: low <= value <= high)
            return st.one_of(st.sampled_from([low, high]), inside)
        case Constant():
            return st.sampled_from(sorted(domain.values, key=repr))


@st.composite
def cases(draw: st.DrawFn, name: str) -> tuple[Value, Value]:
    """Draw what is known of a name, and how it turns out."""
    if draw(st.booleans()):
        known = draw(outcomes_of(name))
        return known, known
    domain, marks = draw(domains_of(name)), draw(MARKS)
    return Unknown(domain, marks), draw(turns(name, domain, marks))


@cache
def outcomes_of(name: str) -> st.SearchStrategy[Any]:
    return st.one_of(values_of(name), st.sampled_from([NONE, OPEN]))


@cache
def domains_of(name: str) -> st.SearchStrategy[Domain]:
    return domains(name)


@cache
def turns(name: str, domain: Domain, marks: frozenset[Mark]) -> st.SearchStrategy[Any]:
    """Return the ways in which what is known of a name may turn out."""
    inside = members(name, domain)
    return st.one_of(inside, st.sampled_from(sorted(marks, key=str))) if marks else inside


COMMON: Any = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "derandomize": THOROUGHNESS == 1,
    "database": None,
}


@settings(max_examples=400 * THOROUGHNESS, **COMMON)
@given(text=texts(), data=st.data())
def test_the_value_of_every_completion_is_among_those_told(text: str, data: st.DataObject) -> None:
    term = build(text)
    names = sorted(set(term.names(Role.FACT)))
    drawn = {name: data.draw(cases(name), label=name) for name in names}
    told = evaluate(term, {name: known for name, (known, _) in drawn.items()})
    came = evaluate(term, {name: outcome for name, (_, outcome) in drawn.items()})
    event("unknown" if isinstance(told, Unknown) else "known")
    assert covers(told, came), (text, drawn, told, came)


def compute(term: Term, values: Mapping[str, Any]) -> Any:  # noqa: ANN401, C901, PLR0911, PLR0912
    """Compute an expression in plain Python, with fractions."""
    if not term.parts:
        if term.role is Role.CONSTANT:
            return term.value
        return FIXED[term.name] if term.name in FIXED else values[term.name]
    if term.name == "if":
        test, then, other = term.parts
        return compute(then if compute(test, values) else other, values)
    parts = [compute(part, values) for part in term.parts]
    if term.name in {"<", "<=", ">", ">="} and isinstance(parts[0], str):
        parts = [SIZES.index(part) for part in parts]
    if term.name in {"min", "max"} and isinstance(parts[0], str):
        at = [SIZES.index(part) for part in parts]
        return SIZES[min(at) if term.name == "min" else max(at)]
    if term.name in {"+", "-"} and isinstance(parts[0], date) and isinstance(parts[1], Period):
        return count_on(parts[0], parts[1], 1 if term.name == "+" else -1)
    if term.name in {"+", "-"} and isinstance(parts[0], Period):
        more = parts[1].count if term.name == "+" else -parts[1].count
        return Period(parts[0].count + more, parts[0].unit)
    first, last = parts[0], parts[-1]
    match term.name:
        case "+":
            return first + last
        case "-":
            gap = first - last
            return Period(gap.days, PeriodUnit.DAY) if isinstance(gap, timedelta) else gap
        case "*":
            return first * last
        case "/" if isinstance(first, Period):
            return Fraction(first.count, last.count)
        case "/":
            return Fraction(first) / Fraction(last)
        case "neg":
            return -first
        case "<":
            return first < last
        case "<=":
            return first <= last
        case ">":
            return first > last
        case ">=":
            return first >= last
        case "==":
            return first == last
        case "!=":
            return first != last
        case "in":
            return first in last
        case "not in":
            return first not in last
        case "and":
            return all(parts)
        case "or":
            return any(parts)
        case "not":
            return not first
        case "min":
            return min(parts)
        case "max":
            return max(parts)
        case "given":
            return True
        case "year" | "month":
            return getattr(first, term.name)
        case "first_of_year":
            return date(first.year, 1, 1)
        case "last_of_year":
            return date(first.year, 12, 31)
        case "clock":
            return time(first.hour, first.minute, first.second)
        case "floor":
            return floor(first)
        case "ceil":
            return ceil(first)
        case "whole_months":
            ends = [count_on(first, Period(n, PeriodUnit.MONTH), 1) for n in range(1, 1200)]
            return Period(sum(end <= last for end in ends), PeriodUnit.MONTH)
        case "workday":
            return [first, *list_worked(first, parts[1].count)][-1]
        case "roll":
            return list_worked(first - timedelta(days=1), 1)[0]
        case "overlaps":
            return any(option in last for option in first)
        case "includes":
            return all(option in first for option in last)
        case "members":
            return sum(option in first for option in FIELD_OPTIONS)
        case _:
            return first.date()


def count_on(day: date, period: Period, sign: int) -> date:
    """Return the day or moment so much later or earlier."""
    if period.unit is PeriodUnit.HOUR:
        return day + timedelta(hours=sign * period.count)
    if period.unit is PeriodUnit.DAY:
        return day + timedelta(days=sign * period.count)
    months = day.year * 12 + day.month - 1 + sign * period.count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def list_worked(day: date, count: int) -> list[date]:
    """Return the first working days after a day."""
    days = [day + timedelta(days=gap) for gap in range(1, 2 * count + 20)]
    off = [x for x in days if x in CALENDAR.holidays]
    off += [x for x in days if x.weekday() >= SATURDAY and x not in CALENDAR.workdays]
    return [x for x in days if x not in off][: max(0, count)]


@settings(max_examples=300 * THOROUGHNESS, **COMMON)
@given(text=texts(), data=st.data())
def test_known_parts_come_to_what_plain_python_says(text: str, data: st.DataObject) -> None:
    term = build(text)
    values = {name: data.draw(values_of(name), label=name) for name in set(term.names(Role.FACT))}
    came = evaluate(term, values)
    assert came == compute(term, values)
    assert not isinstance(came, Fraction) or came.denominator != 1


@settings(max_examples=200 * THOROUGHNESS, **COMMON)
@given(text=texts(), data=st.data())
def test_a_tighter_case_never_tells_more_values(text: str, data: st.DataObject) -> None:
    term = build(text)
    loose: dict[str, Value] = {}
    tight: dict[str, Value] = {}
    for name in sorted(set(term.names(Role.FACT))):
        domain = data.draw(domains(name), label=name)
        marks = data.draw(MARKS)
        loose[name] = Unknown(domain, marks)
        low, high = data.draw(members(name, domain)), data.draw(members(name, domain))
        inner: Domain = domain
        if isinstance(domain, Interval):
            inner = Interval(min(low, high), max(low, high))
        elif isinstance(domain, OneOf):
            inner = OneOf(frozenset({low, high}))
        elif isinstance(domain, SetBetween):
            inner = SetBetween(low & high, low | high)
        fewer = frozenset(mark for mark in marks if data.draw(st.booleans()))
        tight[name] = Unknown(inner, fewer)
    assert covers(evaluate(term, loose), evaluate(term, tight))


def is_definite(value: Value) -> bool:
    return not isinstance(value, Unknown)


@settings(max_examples=200 * THOROUGHNESS, **COMMON)
@given(text=texts(extremes=False), data=st.data())
def test_what_is_settled_comes_to_one_value(text: str, data: st.DataObject) -> None:
    term = build(text)
    values = {
        name: data.draw(st.one_of(values_of(name), st.sampled_from([NONE, OPEN])), label=name)
        for name in set(term.names(Role.FACT))
    }
    assert is_definite(evaluate(term, values))


@pytest.mark.parametrize("text", ["min(yuan, fee)", "max(yuan, fee)", "min(yuan, fee) < cost"])
def test_the_least_of_what_is_settled_is_one_value(text: str) -> None:
    assert is_definite(evaluate(build(text), {"yuan": 5, "fee": OPEN, "cost": 3}))


def test_the_executor_handles_exactly_the_operators_of_the_table() -> None:
    assert set(OPERATORS) == HANDLED


def test_every_operator_stands_in_the_random_expressions() -> None:
    texts = [form[0] for forms in FORMS.values() for form in forms]
    words = " ".join([*texts, *(leaf for leaves in LEAVES.values() for leaf in leaves)])
    signs = {name: f"{name}(" for name, item in OPERATORS.items() if item.form == "call"}
    signs |= {"neg": "(-%s)", "if": " if "}
    assert not [
        symbol
        for symbol in OPERATORS
        if signs.get(symbol, f" {symbol} ") not in words.replace("(not", " not ")
    ]


TRUTHS = (True, False, NONE, OPEN)
RANKED = {"and": (False, OPEN, NONE, True), "or": (True, OPEN, NONE, False)}


@pytest.mark.parametrize("symbol", ["and", "or"])
@pytest.mark.parametrize("pair", list(product(TRUTHS, TRUTHS)))
def test_logic_lets_the_strongest_part_decide(symbol: str, pair: tuple[Value, Value]) -> None:
    decided = next(truth for truth in RANKED[symbol] if any(truth is part for part in pair))
    assert (
        evaluate(build(f"yes {symbol} no"), dict(zip(("yes", "no"), pair, strict=True))) is decided
    )


@pytest.mark.parametrize(
    ("given_", "truth"), [(True, False), (False, True), (NONE, NONE), (OPEN, OPEN)]
)
def test_a_negation_leaves_the_marks_as_they_are(given_: Value, truth: Value) -> None:
    assert evaluate(build("not yes"), {"yes": given_}) is truth


@pytest.mark.parametrize("symbol", ["+", "-", "<", "==", "!="])
def test_none_in_a_part_is_none_in_the_whole_and_comes_before_open(symbol: str) -> None:
    term = build(f"yuan {symbol} fee")
    for values, came in (
        ((NONE, 5), NONE),
        ((5, OPEN), OPEN),
        ((NONE, OPEN), NONE),
        ((OPEN, OPEN), OPEN),
    ):
        assert evaluate(term, dict(zip(("yuan", "fee"), values, strict=True))) is came


def test_what_is_given_is_there() -> None:
    for value, came in ((5, True), (NONE, False), (OPEN, OPEN), (Unknown(Interval(1, 2)), True)):
        assert evaluate(build("given(yuan)"), {"yuan": value}) is came
    maybe = Unknown(Interval(1, 2), frozenset({NONE}))
    assert evaluate(build("given(yuan)"), {"yuan": maybe}) == Unknown(
        OneOf(frozenset({True, False}))
    )


@pytest.mark.parametrize(
    ("parts", "least", "most"),
    [
        ((5, 3), 3, 5),
        ((5, NONE), 5, 5),
        ((NONE, NONE), NONE, NONE),
        ((Unknown(Interval(1, 9)), 5), Unknown(Interval(1, 5)), Unknown(Interval(5, 9))),
        ((Unknown(Interval(6, 9)), 5), 5, Unknown(Interval(6, 9))),
        (
            (Unknown(Interval(1, 9), frozenset({NONE})), 5),
            Unknown(Interval(1, 5)),
            Unknown(Interval(5, 9)),
        ),
        (
            (Unknown(Interval(1, 2), frozenset({NONE})), NONE),
            Unknown(Interval(1, 2), frozenset({NONE})),
            Unknown(Interval(1, 2), frozenset({NONE})),
        ),
    ],
)
def test_the_extremes_skip_what_is_none(
    parts: tuple[Value, ...], least: Value, most: Value
) -> None:
    assert find_least(parts) == least
    assert find_most(parts) == most


RANGES = [Interval(low, high) for low in range(-2, 3) for high in range(low, 3)]


def spread(interval: Interval) -> range:
    assert isinstance(interval.low, int)
    assert isinstance(interval.high, int)
    return range(interval.low, interval.high + 1)


def as_value(interval: Interval) -> Value:
    return interval.low if interval.low == interval.high else Unknown(interval)


@pytest.mark.parametrize("symbol", ["<", "<=", ">", ">=", "==", "!="])
def test_a_comparison_tells_exactly_the_truths_there_are(symbol: str) -> None:
    term = build(f"yuan {symbol} fee")
    for left, right in product(RANGES, RANGES):
        pairs = product(spread(left), spread(right))
        truths = {evaluate(term, {"yuan": a, "fee": b}) for a, b in pairs}
        told = evaluate(term, {"yuan": as_value(left), "fee": as_value(right)})
        expected = truths.pop() if len(truths) == 1 else Unknown(OneOf(frozenset({True, False})))
        assert told == expected, (symbol, left, right)


@pytest.mark.parametrize("text", ["index + share", "index - share", "index * share"])
def test_arithmetic_tells_exactly_the_ends_there_are(text: str) -> None:
    term = build(text)
    for left, right in product(RANGES, RANGES):
        came = [
            evaluate(term, {"index": a, "share": b})
            for a, b in product(spread(left), spread(right))
        ]
        told = evaluate(term, {"index": as_value(left), "share": as_value(right)})
        ends = Interval(min(came), max(came))  # type: ignore[arg-type, type-var]
        assert told == as_value(ends), (text, left, right)


def test_an_order_of_options_is_that_of_the_choice_and_not_of_their_names() -> None:
    term = build("size < rank")
    for (i, one), (j, other) in product(enumerate(SIZES), enumerate(SIZES)):
        assert evaluate(term, {"size": one, "rank": other}) is (i < j)


def test_a_set_known_in_part_settles_what_it_can() -> None:
    half = Unknown(SetBetween(frozenset({"legal"}), frozenset({"legal"})))
    assert evaluate(build("'legal' in fields"), {"fields": half}) is True
    assert evaluate(build("'credit' in fields"), {"fields": half}) is False


def test_a_day_past_the_calendar_stays_at_its_end() -> None:
    long = Period(10**9, PeriodUnit.DAY)
    assert evaluate(build("signed + lasts"), {"signed": FIRST, "lasts": long}) == date.max
    assert add_period(FIRST, long, back=True) == date.min


# The operators on dates, sets and clocks, over every range there is.


def list_sets(options: tuple[str, ...]) -> list[frozenset[str]]:
    masks = product((False, True), repeat=len(options))
    return [frozenset(x for x, taken in zip(options, mask, strict=True) if taken) for mask in masks]


SETS = list_sets(FIELD_OPTIONS)
BETWEEN = [SetBetween(least, most) for least, most in product(SETS, SETS) if least <= most]


def as_set(domain: SetBetween) -> Value:
    return domain.certain if domain.certain == domain.possible else Unknown(domain)


def list_within(domain: SetBetween) -> list[frozenset[str]]:
    return [some for some in SETS if domain.certain <= some <= domain.possible]


@pytest.mark.parametrize("name", ["overlaps", "includes"])
def test_what_is_asked_of_two_sets_tells_exactly_the_truths_there_are(name: str) -> None:
    term = build(f"{name}(fields, others)")
    for left, right in product(BETWEEN, BETWEEN):
        pairs = product(list_within(left), list_within(right))
        truths = {evaluate(term, {"fields": a, "others": b}) for a, b in pairs}
        told = evaluate(term, {"fields": as_set(left), "others": as_set(right)})
        expected = truths.pop() if len(truths) == 1 else Unknown(OneOf(frozenset({True, False})))
        assert told == expected, (name, left, right)


def test_the_members_of_a_set_known_in_part_are_told_exactly() -> None:
    term = build("members(fields)")
    for domain in BETWEEN:
        sizes = [len(some) for some in list_within(domain)]
        told = evaluate(term, {"fields": as_set(domain)})
        assert told == as_value(Interval(min(sizes), max(sizes))), domain


@pytest.mark.parametrize(
    ("text", "low", "high", "told"),
    [
        ("month(signed)", date(2024, 3, 31), date(2024, 5, 1), Unknown(Interval(3, 5))),
        ("month(signed)", date(2024, 12, 31), date(2025, 1, 1), Unknown(Interval(1, 12))),
        ("month(signed)", date(2024, 2, 1), date(2024, 2, 29), 2),
        ("floor(index)", Fraction(-1, 2), Fraction(5, 2), Unknown(Interval(-1, 2))),
        ("ceil(index)", Fraction(-1, 2), Fraction(5, 2), Unknown(Interval(0, 3))),
        ("floor(index)", Fraction(1, 3), Fraction(2, 3), 0),
        ("ceil(index)", Fraction(1, 3), 1, 1),
    ],
)
def test_a_function_of_a_range_tells_the_range_of_its_values(
    text: str, low: Ordered, high: Ordered, told: Value
) -> None:
    term = build(text)
    name = next(iter(term.names(Role.FACT)))
    assert evaluate(term, {name: Unknown(Interval(low, high))}) == told


def test_a_clock_is_told_within_a_day_and_wholly_unknown_over_midnight() -> None:
    term = build("clock(moment)")
    noon, night = datetime(2024, 2, 28, 12, tzinfo=UTC), datetime(2024, 2, 28, 23, 59, tzinfo=UTC)
    within = Unknown(Interval(noon, night))
    over = Unknown(Interval(noon, night + timedelta(minutes=1)))
    assert evaluate(term, {"moment": within}) == Unknown(Interval(time(12), time(23, 59)))
    assert evaluate(term, {"moment": over}) == Unknown(Interval(time(0), time(23, 59, 59)))


@pytest.mark.parametrize("text", ["lasts / week", "wait / shift"])
def test_a_period_not_known_is_divided_like_any_quantity(text: str) -> None:
    term = build(text)
    name = next(iter(term.names(Role.FACT)))
    unit = PeriodUnit(TYPES[name].unit)
    by = FIXED[term.parts[1].name]
    assert isinstance(by, Period)
    told = evaluate(term, {name: Unknown(Interval(Period(1, unit), Period(2 * by.count, unit)))})
    assert told == Unknown(Interval(Fraction(1, by.count), 2))
    assert evaluate(term, {name: Period(by.count, unit)}) == 1


SHORT = replace(CALENDAR, id="short", last=date(2024, 3, 3))
COUNTED = "workday(signed, notice)"


def take_short(name: str) -> Term:
    """Return a term whose calendar ends in the midst of the days tried."""
    term = build(COUNTED if name == "workday" else "roll(signed)")
    return replace(term, parts=(*term.parts[:-1], replace(term.parts[-1], value=SHORT)))


@pytest.mark.parametrize("name", ["workday", "roll"])
@settings(max_examples=150 * THOROUGHNESS, **COMMON)
@given(data=st.data())
def test_a_tighter_case_never_tells_more_days_where_the_calendar_ends(
    name: str, data: st.DataObject
) -> None:
    term = take_short(name)
    near = st.integers(0, 40).map(lambda gap: date(2024, 2, 5) + timedelta(days=gap))
    days = sorted(data.draw(st.lists(near, min_size=2, max_size=4), label="days"))
    units = st.integers(0, 12).map(lambda count: Period(count, PeriodUnit.WORKING_DAY))
    counts = sorted(data.draw(st.lists(units, min_size=2, max_size=4), label="counts"))

    def tell(day: tuple[date, date], count: tuple[Period, Period]) -> Value:
        values = {"signed": Unknown(Interval(*day)), "notice": Unknown(Interval(*count))}
        return evaluate(term, values)

    loose = tell((days[0], days[-1]), (counts[0], counts[-1]))
    assert covers(loose, tell((days[1], days[-1]), (counts[1], counts[-1])))
    assert covers(loose, tell((days[0], days[-2]), (counts[0], counts[-2])))
    assert covers(loose, evaluate(term, {"signed": days[1], "notice": counts[-2]}))
