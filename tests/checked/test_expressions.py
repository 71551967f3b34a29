"""The typing rules of the language: what each operator takes, what it gives, what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pytest

from voucher_rules.checked.expressions import TermBuilder
from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import DatedValue, Input, Parameter, Symbol, Wording
from voucher_rules.language.nodes import Expression, collect_names
from voucher_rules.language.operators import OPERATORS
from voucher_rules.language.parse import parse_expression
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import (
    BOOLEAN,
    DATE,
    ID,
    INSTANT,
    NUMBER,
    ONE,
    RATIO,
    TEXT,
    ZERO,
    Kind,
    Type,
    fits_type,
)
from voucher_rules.sources.tree import Mapping as ReadMapping
from voucher_rules.sources.tree import Scalar, Source
from voucher_rules.sources.yaml import read_yaml
from voucher_rules.spans import Citation, Span
from voucher_rules.values.model import (
    AnyText,
    Domain,
    Interval,
    Known,
    Period,
    PeriodUnit,
    Unknown,
    WorkingCalendar,
)

SIZE = Type(Kind.CHOICE, "size", ("micro", "small", "large"), ordered=True)
FIELD = Type(Kind.CHOICE, "field", ("legal", "credit"))
FIELDS = Type(Kind.SET, "field", ("legal", "credit"))
TYPES: Mapping[str, Type] = {
    "yes": BOOLEAN,
    "no": BOOLEAN,
    "people": Type(Kind.COUNT, "人"),
    "firms": Type(Kind.COUNT, "家"),
    "index": NUMBER,
    "share": RATIO,
    "yuan": Type(Kind.MONEY, "CNY"),
    "dollars": Type(Kind.MONEY, "USD"),
    "signed": DATE,
    "closed": DATE,
    "moment": INSTANT,
    "days": Type(Kind.PERIOD, "day"),
    "months": Type(Kind.PERIOD, "month"),
    "hours": Type(Kind.PERIOD, "hour"),
    "working": Type(Kind.PERIOD, "working_day"),
    "lasts": Type(Kind.PERIOD),
    "other_lasts": Type(Kind.PERIOD),
    "size": SIZE,
    "field": FIELD,
    "fields": FIELDS,
    "code": ID,
    "name": TEXT,
    "reading.sense": Type(Kind.CHOICE, "reading.sense", ("wide", "narrow")),
}
WORDING = Wording("例", "example")
CITATION = Citation("example", "1", "第一条")


def make_input(name: str, kind: Type, domain: Domain) -> Input:
    return Input(name, Role.FACT, kind, WORDING, Unknown(domain))


def make_parameter(name: str, kind: Type, *values: Known | None) -> Parameter:
    dated = tuple(DatedValue(None, None, value) for value in values)
    return Parameter(name, kind, WORDING, CITATION, dated, Unknown(Interval(0, 1)))


DIVISORS: Mapping[str, Input | Parameter] = {
    "plus": make_input("plus", NUMBER, Interval(1, 10)),
    "from_zero": make_input("from_zero", NUMBER, Interval(0, 10)),
    "minus": make_input("minus", NUMBER, Interval(-10, -1)),
    "head": make_input("head", Type(Kind.COUNT, "人"), Interval(1, 10)),
    "cost": make_input("cost", Type(Kind.MONEY, "CNY"), Interval(1, 10)),
    "nonzero": make_parameter("nonzero", NUMBER, 5),
    "negative": make_parameter("negative", NUMBER, -5),
    "zero": make_parameter("zero", NUMBER, 0),
    "sometimes": make_parameter("sometimes", NUMBER, 5, 0),
    "unset": make_parameter("unset", RATIO, None),
    "no_days": make_parameter("no_days", Type(Kind.PERIOD, "day"), Period(0, PeriodUnit.DAY)),
    "year_days": make_parameter("year_days", Type(Kind.PERIOD, "day"), Period(365, PeriodUnit.DAY)),
}


def make_scope() -> dict[str, Symbol]:
    scope = {
        name: Symbol(name, Role.FACT, kind, make_input(name, kind, AnyText()))
        for name, kind in TYPES.items()
    }
    for name, item in DIVISORS.items():
        role = Role.PARAMETER if isinstance(item, Parameter) else Role.FACT
        scope[name] = Symbol(name, role, item.type, item)
    sense = "reading.sense"
    scope[sense] = Symbol(sense, Role.READING, TYPES[sense])
    scope["made"] = Symbol("made", Role.VARIABLE, NUMBER)
    return scope


SCOPE = make_scope()
CALENDAR = WorkingCalendar(
    "example", date(2024, 1, 1), date(2024, 12, 31), frozenset({5, 6}), frozenset(), frozenset(), ""
)


def build(text: str, expected: Type | None = None) -> tuple[Term | None, list[str]]:
    """Return the term of an expression, and ``code: part`` for each fault."""
    source = Source("f", text, ReadMapping())
    report = Report(source)
    builder = TermBuilder(SCOPE, report, CALENDAR)
    term = builder.build(Scalar(text, Span("f", 1, 1)), expected)
    faults = []
    for item in report.found:
        assert item.span is not None
        start = item.span.column - 1
        faults.append(f"{item.code}: {text[start : start + item.span.length]}")
    return term, faults


def type_of(text: str) -> str:
    term, faults = build(text)
    assert not faults
    assert term is not None
    return str(term.type)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("yuan + yuan", "money in CNY"),
        ("yuan - yuan", "money in CNY"),
        ("people + people", "count of 人"),
        ("index + index", "number"),
        ("share + share", "ratio"),
        ("share + index", "number"),
        ("1 - share", "ratio"),
        ("share - 1", "ratio"),
        ("1 + 1", "number"),
        ("0 + yuan", "money in CNY"),
        ("yuan - 0", "money in CNY"),
        ("people + 0", "count of 人"),
        ("signed + days", "date"),
        ("signed - days", "date"),
        ("signed + months", "date"),
        ("signed + lasts", "date"),
        ("signed - closed", "period in day"),
        ("days + days", "period in day"),
        ("days - days", "period in day"),
        ("moment + hours", "instant"),
        ("-yuan", "money in CNY"),
        ("-share", "ratio"),
        ("share * yuan", "money in CNY"),
        ("yuan * share", "money in CNY"),
        ("yuan * index", "money in CNY"),
        ("yuan * 1", "money in CNY"),
        ("share * share", "ratio"),
        ("share * index", "number"),
        ("share * people", "number"),
        ("people * yuan", "money in CNY"),
        ("yuan * people", "money in CNY"),
        ("0 * yuan", "money in CNY"),
        ("yuan / plus", "money in CNY"),
        ("yuan / nonzero", "money in CNY"),
        ("yuan / cost", "ratio"),
        ("yuan / head", "money in CNY"),
        ("people / head", "ratio"),
        ("people / plus", "number"),
        ("index / plus", "number"),
        ("share / nonzero", "number"),
        ("yuan < yuan", "boolean"),
        ("yuan <= 0", "boolean"),
        ("people > people", "boolean"),
        ("share >= 1", "boolean"),
        ("share < index", "boolean"),
        ("signed <= closed", "boolean"),
        ("moment < moment", "boolean"),
        ("days < days", "boolean"),
        ("size >= 'small'", "boolean"),
        ("'small' < size", "boolean"),
        ("size < size", "boolean"),
        ("yes == no", "boolean"),
        ("yes == true", "boolean"),
        ("name == name", "boolean"),
        ("code != code", "boolean"),
        ("field == 'legal'", "boolean"),
        ("field != field", "boolean"),
        ("fields == fields", "boolean"),
        ("reading.sense == 'wide'", "boolean"),
        ("field in ['legal']", "boolean"),
        ("field in fields", "boolean"),
        ("'legal' in fields", "boolean"),
        ("'legal' not in fields", "boolean"),
        ("size in ['small', 'large']", "boolean"),
        ("yes and no and yes", "boolean"),
        ("yes or not no", "boolean"),
        ("min(yuan, yuan, 0)", "money in CNY"),
        ("max(signed, closed)", "date"),
        ("min(days, days)", "period in day"),
        ("max(moment, moment)", "instant"),
        ("min(share, 1)", "ratio"),
        ("min(share, index)", "number"),
        ("max(people)", "count of 人"),
        ("yuan if yes else 0", "money in CNY"),
        ("0 if yes else yuan", "money in CNY"),
        ("share if yes else 1", "ratio"),
        ("size if yes else size", "choice of size"),
        ("yes if no else yes", "boolean"),
        ("given(name)", "boolean"),
        ("given(yuan)", "boolean"),
        ("year(signed)", "count of 年份"),
        ("year(signed) - year(closed)", "count of 年份"),
        ("first_of_year(signed)", "date"),
        ("last_of_year(signed)", "date"),
        ("day(moment)", "date"),
        ("day(moment) - signed", "period in day"),
        ("month(signed)", "count of 月份"),
        ("clock(moment) < clock(moment)", "boolean"),
        ("floor(index)", "number"),
        ("ceil(share)", "number"),
        ("whole_months(signed, closed)", "period in month"),
        ("workday(signed, working)", "date"),
        ("roll(signed)", "date"),
        ("overlaps(fields, ['legal'])", "boolean"),
        ("includes(['legal'], fields)", "boolean"),
        ("members(fields)", "count"),
        ("members(fields) == firms", "boolean"),
        ("max(size, size)", "choice of size"),
        ("min(size, 'small')", "choice of size"),
        ("days / year_days", "number"),
        ("0", "number"),
        ("1", "number"),
        ("true", "boolean"),
    ],
)
def test_parts_that_fit_have_a_type(text: str, kind: str) -> None:
    assert type_of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "yuan + share",
        "yuan + 1",
        "yuan + index",
        "yuan + dollars",
        "yuan + people",
        "people + firms",
        "people + 1",
        "signed + 1",
        "signed + closed",
        "signed + hours",
        "signed + working",
        "signed + yuan",
        "days + months",
        "days - months",
        "days + 0",
        "lasts + lasts",
        "days + signed",
        "moment - moment",
        "moment + days",
        "size + size",
        "yes + no",
        "name + name",
        "-signed",
        "-days",
        "-yes",
        "yuan * yuan",
        "people * people",
        "people * firms",
        "yuan * days",
        "share * days",
        "share * signed",
        "yuan * yes",
        "share / cost",
        "people / cost",
        "signed / plus",
        "yuan < people",
        "yuan < 1",
        "yuan < dollars",
        "yuan == share",
        "people == firms",
        "signed < moment",
        "signed == moment",
        "signed < days",
        "days < months",
        "days == months",
        "days < 0",
        "days == 0",
        "name < name",
        "yes < no",
        "field < field",
        "field == size",
        "size == field",
        "fields < fields",
        "fields == field",
        "code == name",
        "yes == 1",
        "yes == 0",
        "size in fields",
        "fields in field",
        "field in field",
        "name in fields",
        "yes and yuan",
        "yuan or no",
        "not yuan",
        "not 0",
        "min(yuan, people)",
        "min(days, months)",
        "min(yes, no)",
        "max(field, field)",
        "max(size, field)",
        "min(name)",
        "yuan if 1 else yuan",
        "yuan if yes else people",
        "yuan if yes else 1",
        "yes if no else 0",
        "year(moment)",
        "year(yuan)",
        "first_of_year(moment)",
        "day(signed)",
        "month(moment)",
        "clock(signed)",
        "floor(yuan)",
        "whole_months(signed, moment)",
        "workday(signed, days)",
        "workday(moment, working)",
        "roll(moment)",
        "overlaps(fields, field)",
        "members(field)",
    ],
)
def test_parts_that_do_not_fit_are_refused(text: str) -> None:
    _, faults = build(text)
    assert [fault.partition(":")[0] for fault in faults] == ["types-do-not-fit"]


@pytest.mark.parametrize(
    "text",
    ["lasts < other_lasts", "lasts == other_lasts", "min(lasts, other_lasts)", "max(lasts, lasts)"],
)
def test_periods_compare_only_in_like_units(text: str) -> None:
    assert build(text)[1]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("nothing", "unknown-name: nothing"),
        ("yuan + yaun", "unknown-name: yaun"),
        ("'x'", "option-without-choice: 'x'"),
        ("name == 'x'", "option-without-choice: 'x'"),
        ("yes and 'x'", "option-without-choice: 'x'"),
        ("name in ['x']", "option-without-choice: ['x']"),
        ("['x']", "option-without-choice: ['x']"),
        ("size == 'smal'", "unknown-option: 'smal'"),
        ("size in ['small', 'big']", "unknown-option: ['small', 'big']"),
        ("'x' in fields", "unknown-option: 'x'"),
        ("field == 'small'", "unknown-option: 'small'"),
        ("sum(yuan)", "not-one-list: sum(yuan)"),
        ("total(yuan)", "unknown-function: total(yuan)"),
        ("mim(yuan)", "unknown-function: mim(yuan)"),
        ("min()", "wrong-number-of-parts: min()"),
        ("given()", "wrong-number-of-parts: given()"),
        ("given(yuan, name)", "wrong-number-of-parts: given(yuan, name)"),
        ("year(signed, closed)", "wrong-number-of-parts: year(signed, closed)"),
        ("min(" + "yuan, " * 32 + "yuan)", "wrong-number-of-parts: min(" + "yuan, " * 32 + "yuan)"),
        ("given(nonzero)", "given-needs-a-fact: given(nonzero)"),
        ("given(made)", "given-needs-a-fact: given(made)"),
        ("given(yuan + yuan)", "given-needs-a-fact: given(yuan + yuan)"),
        ("given(reading.sense)", "given-needs-a-fact: given(reading.sense)"),
        ("yuan / from_zero", "divisor-may-be-zero: from_zero"),
        ("yuan / zero", "divisor-may-be-zero: zero"),
        ("yuan / sometimes", "divisor-may-be-zero: sometimes"),
        ("yuan / made", "divisor-may-be-zero: made"),
        ("yuan / index", "divisor-may-be-zero: index"),
        ("yuan / 1", "divisor-may-be-zero: 1"),
        ("yuan / (1 - share)", "divisor-may-be-zero: 1 - share"),
        ("yuan / -nonzero", "divisor-may-be-zero: -nonzero"),
        ("yes and (no or (yuan + 1 < yuan))", "types-do-not-fit: yuan + 1"),
        ("'中' == x ** y", "unsupported-syntax: x ** y"),
        ("yuan >", "expression-syntax"),
    ],
)
def test_a_fault_is_reported_at_its_part(text: str, fault: str) -> None:
    _, faults = build(text)
    assert len(faults) == 1
    assert faults[0].startswith(fault)


@pytest.mark.parametrize("divisor", ["unset", "no_days"])
def test_a_divisor_that_may_be_zero_while_it_is_not_known_is_refused(divisor: str) -> None:
    assert build(f"{'days' if divisor == 'no_days' else 'yuan'} / {divisor}")[1]


def test_a_divisor_with_bounds_away_from_zero_is_let_be() -> None:
    half = make_input("half", RATIO, Interval(Fraction(1, 2), 1))
    SCOPE["half"] = Symbol("half", Role.FACT, RATIO, half)
    try:
        assert not build("yuan / half")[1]
        assert not build("yuan / minus")[1]
    finally:
        del SCOPE["half"]


def test_the_minus_sign_is_no_function() -> None:
    assert build("neg(yuan)")[1] == ["unknown-function: neg(yuan)"]


@pytest.mark.parametrize(
    ("text", "near"), [("yuan + yaun", "yuan"), ("mim(yuan)", "min"), ("size == 'smal'", "small")]
)
def test_the_nearest_name_is_suggested(text: str, near: str) -> None:
    report = Report(Source("f", text, ReadMapping()))
    TermBuilder(SCOPE, report).build(Scalar(text, Span("f", 1, 1)))
    assert report.found[0].arguments["near"] == near


def test_only_the_first_fault_of_an_expression_is_reported() -> None:
    assert len(build("nothing + nobody")[1]) == 1


@pytest.mark.parametrize(
    ("text", "expected", "fits"),
    [
        ("yuan", Type(Kind.MONEY, "CNY"), True),
        ("0", Type(Kind.MONEY, "CNY"), True),
        ("1", Type(Kind.MONEY, "CNY"), False),
        ("yuan", Type(Kind.MONEY, "USD"), False),
        ("yuan", BOOLEAN, False),
        ("index", RATIO, True),
        ("share", NUMBER, True),
        ("1", RATIO, True),
        ("days", Type(Kind.PERIOD), True),
        ("lasts", Type(Kind.PERIOD, "day"), False),
        ("0", DATE, False),
        ("0", Type(Kind.PERIOD, "day"), False),
        ("people", Type(Kind.COUNT, "家"), False),
        ("size", FIELD, False),
        ("'small'", SIZE, True),
        ("'small' if yes else 'large'", SIZE, True),
        ("name", ID, False),
    ],
)
def test_a_term_is_held_against_the_type_expected(text: str, expected: Type, *, fits: bool) -> None:
    term, faults = build(text, expected)
    assert (term is not None) is fits
    assert [fault.partition(":")[0] for fault in faults] == ([] if fits else ["type-mismatch"])


def test_literals_fit_as_the_language_says() -> None:
    quantities = [TYPES[name] for name in ("people", "index", "share", "yuan", "dollars")]
    others = [TYPES[name] for name in ("yes", "signed", "moment", "days", "size", "fields", "name")]
    assert all(fits_type(ZERO, kind) for kind in quantities)
    assert not any(fits_type(ZERO, kind) for kind in others)
    pure = [NUMBER, RATIO]
    assert [kind for kind in [*quantities, *others] if fits_type(ONE, kind)] == pure


def test_a_hint_reaches_through_min_if_and_comparisons() -> None:
    assert type_of("('small' if yes else 'large') == size") == "boolean"
    assert type_of("size == ('small' if yes else 'large')") == "boolean"
    assert type_of("('legal' if yes else 'credit') in fields") == "boolean"


def test_the_term_keeps_the_words_of_its_author() -> None:
    term, _ = build("  share  *  ( yuan + 0 )")
    assert term is not None
    assert [part.text for part in term.walk()] == [
        "share  *  ( yuan + 0 )",
        "share",
        "yuan + 0",
        "yuan",
        "0",
    ]
    assert [part.role for part in term.parts] == [Role.FACT, Role.OPERATOR]


def test_constants_carry_their_values() -> None:
    for text, value in (("0", 0), ("1", 1), ("true", True), ("false", False)):
        term, _ = build(text)
        assert term is not None
        assert term.value == value
        assert type(term.value) is type(value)
    term, _ = build("size in ['small', 'large', 'small']")
    assert term is not None
    assert term.parts[1].value == frozenset({"small", "large"})


def test_every_operator_of_the_table_is_typed_here() -> None:
    texts = ["yuan + yuan", "yuan - yuan", "share * yuan", "yuan / plus", "-yuan", "yes and no"]
    texts += ["yes or no", "not yes", "'legal' in fields", "'legal' not in fields", "min(yuan)"]
    texts += ["max(yuan)", "yuan if yes else 0", "given(yuan)", "year(signed)", "day(moment)"]
    texts += ["month(signed)", "clock(moment)", "floor(index)", "ceil(share)", "roll(signed)"]
    texts += ["whole_months(signed, closed)", "workday(signed, working)", "members(fields)"]
    texts += ["first_of_year(signed)", "last_of_year(signed)"]
    texts += ["overlaps(fields, ['legal'])", "includes(fields, fields)"]
    texts += [f"yuan {symbol} yuan" for symbol in ("<", "<=", ">", ">=", "==", "!=")]
    built = [build(text)[0] for text in texts]
    assert {term.name for term in built if term} == set(OPERATORS)


def test_names_are_collected_with_what_is_called() -> None:
    node: Expression = parse_expression("a + scale(b.c, after=a) if d else -table[e]")
    names = ["if", "d", "a", "scale", "b.c", "a", "neg", "table", "e"]
    assert collect_names(node) == names


def test_a_fault_in_folded_text_is_reported_on_its_own_line() -> None:
    source = read_yaml(b"a: >-\n  yuan +\n  nothing\n", "f")
    report = Report(source)
    TermBuilder(SCOPE, report).build(source.root["a"])  # type: ignore[index]
    assert [str(item.span) for item in report.found] == ["f:3:3"]
