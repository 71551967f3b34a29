"""The executor of operators: plain arithmetic on what is known, every possible value on the rest.

The law behind all of it: whatever the parts turn out to be, the value of the whole is among those
that were told while they were unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from voucher_rules.calendars import add_period
from voucher_rules.checked.expressions import Symbol, TermBuilder
from voucher_rules.checked.model import DatedValue, Input, Parameter, Wording
from voucher_rules.checked.report import Report
from voucher_rules.language.operators import OPERATORS
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import BOOLEAN, DATE, INSTANT, NUMBER, RATIO, TEXT, Kind, Type
from voucher_rules.meaning.extremes import find_least, find_most
from voucher_rules.meaning.operate import HANDLED, operate
from voucher_rules.sources.tree import Mapping as ReadMapping
from voucher_rules.sources.tree import Scalar, Source
from voucher_rules.spans import Citation, Span
from voucher_rules.values.model import (
    NONE,
    OPEN,
    AnyText,
    Domain,
    Interval,
    Mark,
    OneOf,
    Period,
    PeriodUnit,
    SetBetween,
    Unknown,
    Value,
    settle_exact,
)

CNY = Type(Kind.MONEY, "CNY")
PEOPLE = Type(Kind.COUNT, "人")
DAYS = Type(Kind.PERIOD, "day")
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
NONZERO = Parameter(
    "nonzero",
    NUMBER,
    WORDING,
    Citation("x", "1", "第一条"),
    (DatedValue(None, None, -3),),
    Unknown(Interval(-3, -3)),
)
DIVISORS = ("plus", "nonzero")


def make_scope() -> dict[str, Symbol]:
    scope = {}
    for name, kind in TYPES.items():
        domain: Domain = Interval(1, 100) if name in POSITIVE else AnyText()
        declared = Input(name, Role.FACT, kind, WORDING, Unknown(domain))
        scope[name] = Symbol(name, Role.FACT, kind, declared)
    scope["nonzero"] = Symbol("nonzero", Role.PARAMETER, NUMBER, NONZERO)
    return scope


SCOPE = make_scope()


def build(text: str) -> Term:
    report = Report(Source("f", text, ReadMapping()))
    term = TermBuilder(SCOPE, report).build(Scalar(text, Span("f", 1, 1)))
    assert term is not None, (text, [item.render() for item in report.found])
    return term


def evaluate(term: Term, values: Mapping[str, Value]) -> Value:
    if term.parts:
        return operate(term, tuple(evaluate(part, values) for part in term.parts))
    if term.role is Role.CONSTANT:
        assert term.value is not None
        return term.value
    return -3 if term.name == "nonzero" else values[term.name]


# Random expressions of every type, as text: the checker types them, so no two ways are needed.


@cache
def take(kind: str, depth: int) -> st.SearchStrategy[str]:
    """Return expressions of a kind, nested at most ``depth`` deep."""
    leaves, forms = LEAVES[kind], FORMS[kind]
    if depth == 0:
        return st.sampled_from(leaves)
    grown = [
        st.tuples(*(take(part, depth - 1) for part in parts)).map(
            lambda made, form=form: form % made  # type: ignore[misc]
        )
        for form, *parts in forms
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
    "size": ("size", "rank"),
    "field": ("field",),
    "set": ("fields", "others"),
    "text": ("name", "officer"),
}
CHOOSE = "(%s if %s else %s)"
QUANTITIES = ("money", "count", "pure")
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
        *(
            (f"(%s {symbol} %s)", kind, kind)
            for kind in (*QUANTITIES, "date", "moment", "period", "size")
            for symbol in ("<", "<=", "==")
        ),
        *(
            (f"(%s {symbol} %s)", kind, kind)
            for kind in ("money", "period", "size")
            for symbol in (">", ">=", "!=")
        ),
    ],
    "money": [("(%s * %s)", "pure", "money"), ("(%s * %s)", "money", "count")],
    "count": [],
    "pure": [
        ("(%s * %s)", "pure", "pure"),
        ("(%s / cost)", "money"),
        ("(%s / head)", "count"),
        ("(%s * %s)", "pure", "count"),
        ("(1 - %s)", "pure"),
        ("min(%s, 1)", "pure"),
        ("(%s * 1)", "pure"),
    ],
    "date": [("(%s + %s)", "date", "period"), ("(%s - %s)", "date", "period")],
    "moment": [],
    "period": [("(%s - %s)", "date", "date")],
    "size": [],
    "field": [],
    "set": [],
    "text": [],
}
for each in LEAVES:
    FORMS[each].append((CHOOSE, each, "boolean", each))
for each in (*QUANTITIES, "date", "moment", "period"):
    FORMS[each] += [("min(%s, %s)", each, each), ("max(%s, %s, %s)", each, each, each)]
for each in QUANTITIES:
    FORMS[each] += [("(%s + %s)", each, each), ("(%s - %s)", each, each), ("(-%s)", each)]
    FORMS[each] += [("max(%s, 0)", each), ("(0 if %s else %s)", "boolean", each)]
    FORMS["boolean"].append(("(%s > 0)", each))
for each in ("money", "pure"):
    FORMS[each] += [(f"(%s / {divisor})", each) for divisor in DIVISORS]

TEXTS = st.one_of(*(take(kind, 2) for kind in LEAVES), take("boolean", 3), take("money", 3))

# Random values: what may be known of each name, and one of the ways it may turn out.

NUMBERS = st.one_of(st.integers(-5, 5), st.fractions(-3, 3, max_denominator=6).map(settle_exact))
FIRST = date(2023, 12, 25)
DATES = st.integers(0, 800).map(lambda days: FIRST + timedelta(days=days))
MOMENTS = st.integers(0, 100).map(
    lambda hours: datetime(2024, 2, 27, tzinfo=UTC) + timedelta(hours=hours)
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
    "period": st.integers(0, 70).map(lambda count: Period(count, PeriodUnit.DAY)),
    "text": st.sampled_from(["甲", "乙", ""]),
    "set": SUBSETS,
}
MARKS = st.one_of(st.just(frozenset[Mark]()), st.frozensets(st.sampled_from([NONE, OPEN])))


def values_of(name: str) -> st.SearchStrategy[Any]:
    kind = TYPES[name]
    if kind.kind is Kind.CHOICE:
        return st.sampled_from(kind.options)
    found = VALUES[kind.kind]
    return found.filter(lambda value: value > 0) if name in POSITIVE else found


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


@st.composite
def cases(draw: st.DrawFn, name: str) -> tuple[Value, Value]:
    """Draw what is known of a name, and how it turns out."""
    if draw(st.booleans()):
        known = draw(st.one_of(values_of(name), st.sampled_from([NONE, OPEN])))
        return known, known
    domain, marks = draw(domains(name)), draw(MARKS)
    ways = [members(name, domain)] + ([st.sampled_from(sorted(marks, key=str))] if marks else [])
    return Unknown(domain, marks), draw(st.one_of(*ways))


def spell_out(value: Any) -> tuple[Domain | None, frozenset[Mark]]:  # noqa: ANN401 - any value
    """Return a value as a domain, none where it is a mark, and its marks."""
    if isinstance(value, Unknown):
        return value.domain, value.marks
    if isinstance(value, Mark):
        return None, frozenset({value})
    if isinstance(value, frozenset):
        return SetBetween(value, value), frozenset()
    if isinstance(value, bool | str):
        return OneOf(frozenset({value})), frozenset()
    return Interval(value, value), frozenset()


def covers(whole: Value, part: Value) -> bool:
    """Return whether every way ``part`` may turn out is a way ``whole`` may turn out."""
    domain, marks = spell_out(whole)
    inner, fewer = spell_out(part)
    return fewer <= marks and (inner is None or holds(domain, inner))


def holds(whole: Domain | None, part: Domain) -> bool:
    match whole, part:
        case AnyText(), AnyText() | OneOf():
            return True
        case OneOf(options), OneOf(some):
            return some <= options
        case SetBetween(a, b), SetBetween(c, d):
            return a <= c and d <= b
        case Interval(a, b), Interval(c, d):
            return bool(a <= c and d <= b)  # type: ignore[operator]
        case _:
            return False


COMMON: Any = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=400, **COMMON)
@given(text=TEXTS, data=st.data())
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
        return -3 if term.name == "nonzero" else values[term.name]
    if term.name == "if":
        test, then, other = term.parts
        return compute(then if compute(test, values) else other, values)
    parts = [compute(part, values) for part in term.parts]
    if term.name in {"<", "<=", ">", ">="} and isinstance(parts[0], str):
        parts = [SIZES.index(part) for part in parts]
    if isinstance(parts[0], date) and isinstance(parts[-1], Period):
        days = timedelta(days=parts[1].count)
        return parts[0] + days if term.name == "+" else parts[0] - days
    first, last = parts[0], parts[-1]
    match term.name:
        case "+":
            return first + last
        case "-":
            gap = first - last
            return Period(gap.days, PeriodUnit.DAY) if isinstance(gap, timedelta) else gap
        case "*":
            return first * last
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
        case "year":
            return first.year
        case _:
            return first.date()


@settings(max_examples=300, **COMMON)
@given(text=TEXTS, data=st.data())
def test_known_parts_come_to_what_plain_python_says(text: str, data: st.DataObject) -> None:
    term = build(text)
    values = {name: data.draw(values_of(name), label=name) for name in set(term.names(Role.FACT))}
    came = evaluate(term, values)
    assert came == compute(term, values)
    assert not isinstance(came, Fraction) or came.denominator != 1


@settings(max_examples=200, **COMMON)
@given(text=TEXTS, data=st.data())
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


WITHOUT_EXTREMES = TEXTS.filter(lambda text: "min(" not in text and "max(" not in text)


@settings(max_examples=200, **COMMON)
@given(text=WITHOUT_EXTREMES, data=st.data())
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
    signs = {"neg": "(-%s)", "if": " if ", "min": "min(", "max": "max(", "given": "given("}
    signs |= {"year": "year(", "day": "day("}
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
