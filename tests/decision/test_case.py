"""The door of a case: what may be stated of each type, what is refused, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import voucher_rules as vr
from voucher_rules.calendars import add_period
from voucher_rules.checked.domains import default_domain, read_typed
from voucher_rules.decision.case import Case, read_case, read_on
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.types import Kind, Type
from voucher_rules.program.build import Program
from voucher_rules.sources.json import read_json
from voucher_rules.sources.yaml import read_yaml
from voucher_rules.values.model import (
    NONE,
    OPEN,
    AnyText,
    Interval,
    OneOf,
    Period,
    PeriodUnit,
    SetBetween,
    Unknown,
)

EVERY_TYPE = Path(__file__).resolve().parents[1] / "rulesets/types/good/every_type.yaml"
CHINA = timezone(timedelta(hours=8))
PAPERS = frozenset({"contract", "invoice", "licence"})


@cache
def program() -> Program:
    return vr.load(EVERY_TYPE).program("claim")


def state(name: str, value: object) -> object:
    """Return what a fact is once it is stated."""
    return read_case(program(), {name: value}).values[name]


def refuse(facts: Any, **options: Any) -> tuple[Diagnostic, ...]:  # noqa: ANN401 - what is no case
    with pytest.raises(InputError) as caught:
        read_case(program(), facts, **options)
    return caught.value.diagnostics


def refuse_one(name: str, value: object) -> str:
    found = refuse({name: value})
    assert [item.path for item in found] == [name]
    return found[0].code


AMOUNT, STAFF, INDEX, SHARE = (
    "contract.amount",
    "applicant.staff",
    "applicant.index",
    "applicant.share",
)
DAY, MOMENT, LASTS = "claim.date", "claim.submitted_at", "contract.lasts"
SIZE, SET, CODE, NAME, LOCAL = (
    "applicant.size",
    "claim.papers",
    "applicant.code",
    "applicant.name",
    "applicant.local",
)
LEFT, SOUND, CLAIMED = "pool.left", "finding.sound", "ledger.claimed"


@pytest.mark.parametrize(
    ("name", "stated", "value"),
    [
        (LOCAL, True, True),
        (LOCAL, False, False),
        (LOCAL, "true", True),
        (STAFF, 5, 5),
        (STAFF, Decimal(5), 5),
        (STAFF, Fraction(5), 5),
        (STAFF, "5", 5),
        (STAFF, "5人", 5),
        (STAFF, 0, 0),
        (INDEX, 5, 5),
        (INDEX, -5, -5),
        (INDEX, Decimal("1.50"), Fraction(3, 2)),
        (INDEX, Fraction(1, 3), Fraction(1, 3)),
        (INDEX, "0.5", Fraction(1, 2)),
        (SHARE, 1, 1),
        (SHARE, 0, 0),
        (SHARE, Decimal("0.3"), Fraction(3, 10)),
        (SHARE, Fraction(2, 3), Fraction(2, 3)),
        (SHARE, "30%", Fraction(3, 10)),
        (SHARE, "2/3", Fraction(2, 3)),
        (AMOUNT, 5, 500),
        (AMOUNT, Decimal("0.01"), 1),
        (AMOUNT, Decimal("1E+3"), 100_000),
        (AMOUNT, Fraction(1, 2), 50),
        (AMOUNT, "5", 500),
        (AMOUNT, "5万元", 5_000_000),
        (DAY, date(2024, 2, 29), date(2024, 2, 29)),
        (DAY, "2024-02-29", date(2024, 2, 29)),
        (MOMENT, datetime(2024, 1, 1, tzinfo=CHINA), datetime(2024, 1, 1, tzinfo=CHINA)),
        (MOMENT, "2024-01-01T00:00", datetime(2024, 1, 1, tzinfo=CHINA)),
        (LASTS, Period(30, PeriodUnit.DAY), Period(30, PeriodUnit.DAY)),
        (LASTS, "30天", Period(30, PeriodUnit.DAY)),
        (SIZE, "small", "small"),
        (SET, ["contract", "invoice"], frozenset({"contract", "invoice"})),
        (SET, ("contract",), frozenset({"contract"})),
        (SET, {"contract"}, frozenset({"contract"})),
        (SET, frozenset({"contract"}), frozenset({"contract"})),
        (SET, [], frozenset()),
        (SET, ["contract", "contract"], frozenset({"contract"})),
        (CODE, "0012", "0012"),
        (CODE, "none", "none"),
        (CODE, "unknown", "unknown"),
        (NAME, "none", "none"),
        (NAME, " 甲 ", " 甲 "),
        (LEFT, NONE, NONE),
        (LEFT, "none", NONE),
        (SOUND, True, True),
        (CLAIMED, "0元", 0),
    ],
)
def test_a_fact_is_read_as_its_type_says(name: str, stated: object, value: object) -> None:
    read = state(name, stated)
    assert read == value
    assert type(read) is type(value)


class Text(str):
    __slots__ = ()


class Float64(float):
    """What a number of numpy's looks like."""


class Number(Decimal):
    pass


class Day(date):
    pass


class Size(StrEnum):
    SMALL = "small"


@pytest.mark.parametrize(
    ("name", "stated", "code"),
    [
        (LOCAL, 1, "wrong-python-type"),
        (LOCAL, 0, "wrong-python-type"),
        (LOCAL, "yes", "not-a-boolean"),
        (LOCAL, 1.0, "float-refused"),
        (STAFF, True, "wrong-python-type"),
        (STAFF, 5.0, "float-refused"),
        (STAFF, Float64(5), "wrong-python-type"),
        (STAFF, Decimal("5.5"), "not-whole"),
        (STAFF, Fraction(1, 2), "not-whole"),
        (STAFF, -1, "out-of-range"),
        (STAFF, 10**9 + 1, "out-of-range"),
        (STAFF, "5家", "unit-unknown"),
        (INDEX, 0.5, "float-refused"),
        (INDEX, Number("0.5"), "wrong-python-type"),
        (INDEX, 10**13, "out-of-range"),
        (INDEX, Fraction(1, 10**18), "number-too-long"),
        (SHARE, 30, "ratio-out-of-range"),
        (SHARE, Decimal("-0.1"), "ratio-out-of-range"),
        (SHARE, "30", "ratio-out-of-range"),
        (AMOUNT, 0.1, "float-refused"),
        (AMOUNT, float("nan"), "float-refused"),
        (AMOUNT, True, "wrong-python-type"),
        (AMOUNT, Decimal("0.001"), "finer-than-minor-unit"),
        (AMOUNT, Fraction(1, 3), "finer-than-minor-unit"),
        (AMOUNT, Decimal("NaN"), "not-finite"),
        (AMOUNT, Decimal("sNaN"), "not-finite"),
        (AMOUNT, Decimal("-Infinity"), "not-finite"),
        (AMOUNT, Decimal("1E+19"), "number-too-long"),
        (AMOUNT, Decimal("1E-19"), "number-too-long"),
        (AMOUNT, Decimal("1E+999999999"), "number-too-long"),
        pytest.param(AMOUNT, 10**5000, "number-too-long", id="a number of 5001 digits"),
        (AMOUNT, 0, "out-of-range"),
        (AMOUNT, 10**9, "out-of-range"),
        (AMOUNT, Text("5元"), "wrong-python-type"),
        (AMOUNT, b"5", "wrong-python-type"),
        (AMOUNT, [5], "wrong-python-type"),
        (AMOUNT, None, "null-value"),
        (AMOUNT, NONE, "none-not-allowed"),
        (AMOUNT, "none", "none-not-allowed"),
        (AMOUNT, OPEN, "wrong-python-type"),
        (DAY, datetime(2024, 1, 1, tzinfo=UTC), "wrong-python-type"),
        (DAY, Day(2024, 1, 1), "wrong-python-type"),
        (DAY, 20240101, "wrong-python-type"),
        (DAY, date(1989, 12, 31), "out-of-range"),
        (DAY, date(2101, 1, 1), "out-of-range"),
        (DAY, "2024-02-30", "no-such-day"),
        (MOMENT, datetime(2024, 1, 1), "naive-instant"),  # noqa: DTZ001 - the very thing to refuse
        (MOMENT, date(2024, 1, 1), "wrong-python-type"),
        (MOMENT, datetime(2200, 1, 1, tzinfo=UTC), "out-of-range"),
        (LASTS, 30, "wrong-python-type"),
        (LASTS, timedelta(days=30), "wrong-python-type"),
        (LASTS, Period(1, PeriodUnit.MONTH), "period-unit-other"),
        (LASTS, Period(-1, PeriodUnit.DAY), "period-negative"),
        (LASTS, Period(10**9, PeriodUnit.DAY), "period-too-long"),
        (SIZE, "smal", "not-one-of"),
        (SIZE, Size.SMALL, "wrong-python-type"),
        (SIZE, 1, "wrong-python-type"),
        (SIZE, True, "wrong-python-type"),
        (SET, "contract", "set-expected"),
        (SET, 5, "set-expected"),
        (SET, ["contrat"], "not-one-of"),
        (SET, [None], "not-one-of"),
        (SET, {"contrat": True}, "not-one-of"),
        (SET, {"contract": 1}, "not-a-boolean"),
        (SET, {"contract": None}, "not-a-boolean"),
        (SET, {"contract": "yes"}, "not-a-boolean"),
        (CODE, 12, "wrong-python-type"),
        (NAME, b"x", "wrong-python-type"),
        (SOUND, 1, "wrong-python-type"),
        (SOUND, NONE, "none-not-allowed"),
        (CLAIMED, -1, "out-of-range"),
        (CLAIMED, NONE, "none-not-allowed"),
    ],
)
def test_what_is_no_value_of_the_type_is_refused(name: str, stated: object, code: str) -> None:
    assert refuse_one(name, stated) == code


def test_a_set_may_be_known_member_by_member() -> None:
    half = {"contract": True, "invoice": False, "licence": "unknown"}
    expected = SetBetween(frozenset({"contract"}), frozenset({"contract", "licence"}))
    assert state(SET, half) == Unknown(expected)
    assert state(SET, {"contract": True}) == Unknown(SetBetween(frozenset({"contract"}), PAPERS))
    assert state(SET, {}) == Unknown(SetBetween(frozenset(), PAPERS))
    whole = {"contract": True, "invoice": False, "licence": "true"}
    assert state(SET, whole) == frozenset({"contract", "licence"})


def test_a_set_in_a_file_may_be_known_member_by_member() -> None:
    text = b"claim.papers: {contract: true, invoice: false, licence: unknown}\n"
    half = {"contract": True, "invoice": False, "licence": "unknown"}
    source = read_yaml(text, "f.yaml")
    assert read_case(program(), source.root, source).values[SET] == state(SET, half)  # type: ignore[arg-type]
    data = b'{"claim.papers": {"contract": true, "invoice": false, "licence": "unknown"}}'
    found = read_json(data, "f.json")
    assert read_case(program(), found.root, found).values[SET] == state(SET, half)  # type: ignore[arg-type]


def test_what_is_not_stated_is_not_known() -> None:
    case = read_case(program(), {})
    assert set(case.values) == set(program().inputs)
    assert case.given == ()
    assert case.values[LOCAL] == Unknown(OneOf(frozenset({True, False})))
    assert case.values[AMOUNT] == Unknown(Interval(1, 10_000_000_000))
    assert case.values[SIZE] == Unknown(OneOf(frozenset({"micro", "small", "large"})))
    assert case.values[NAME] == Unknown(AnyText())
    assert case.values[LEFT] == Unknown(Interval(0, 10**15), frozenset({NONE}))
    assert case.values[SOUND] is OPEN


@pytest.mark.parametrize("name", [LOCAL, AMOUNT, SIZE, SET, LEFT, DAY, SOUND, CLAIMED])
def test_to_state_that_a_fact_is_not_known_is_to_state_nothing(name: str) -> None:
    assert read_case(program(), {name: "unknown"}) == read_case(program(), {})


def test_in_a_file_the_bare_words_are_states_and_quoted_ones_are_text() -> None:
    source = read_yaml(b"applicant.name: 'none'\napplicant.code: unknown\n", "f.yaml")
    case = read_case(program(), source.root, source)  # type: ignore[arg-type]
    assert case.values[NAME] == "none"
    assert case.values[CODE] == Unknown(AnyText())


def test_a_finding_that_is_made_is_a_value() -> None:
    assert state(SOUND, {"value": False, "by": "张三", "on": date(2024, 3, 1)}) is False


def test_where_a_fact_comes_from_is_kept() -> None:
    stated = {"value": "5元", "source": "合同", "on": date(2024, 3, 1), "declared_by": "甲"}
    case = read_case(program(), {AMOUNT: stated, STAFF: 5})
    entries = (("declared_by", "甲"), ("on", "2024-03-01"), ("source", "合同"))
    assert case.provenance[AMOUNT].entries == entries
    assert STAFF not in case.provenance
    assert case.values[AMOUNT] == 500


def test_a_fact_may_stand_in_a_mapping_without_a_source() -> None:
    case = read_case(program(), {AMOUNT: {"value": 5}})
    assert case.values[AMOUNT] == 500
    assert not case.provenance


def test_what_stands_beside_a_value_is_held_to_the_known_keys() -> None:
    found = refuse({AMOUNT: {"value": 5, "sourc": "x"}})[0]
    assert found.code == "unknown-key"
    assert found.arguments["near"] == "source"
    assert refuse_one(AMOUNT, {"value": 5, "source": 5}) == "text-expected"
    assert refuse_one(AMOUNT, {"value": 5, "source": None}) == "text-expected"
    assert refuse_one(AMOUNT, {"value": 0.5, "source": "x"}) == "float-refused"
    assert refuse_one(AMOUNT, {"value": 0, "source": "x"}) == "out-of-range"


@pytest.mark.parametrize(
    ("name", "near"),
    [("contract.amuont", AMOUNT), ("claim.paper", SET), ("amount", ""), ("ledger.claimd", CLAIMED)],
)
def test_a_fact_that_is_not_declared_is_refused_with_the_nearest_name(name: str, near: str) -> None:
    found = refuse({name: 5})[0]
    assert found.code == "unknown-fact"
    assert found.path == name
    assert found.arguments["near"] == near


def test_facts_inside_facts_are_told_apart_from_a_mistyped_name() -> None:
    assert refuse_one("contract", {"amount": 5}) == "facts-nested"


@pytest.mark.parametrize("name", [5, None, b"contract.amount", ("contract", "amount"), True])
def test_the_name_of_a_fact_is_a_text(name: object) -> None:
    assert refuse({name: 5})[0].code == "fact-name-not-text"


@pytest.mark.parametrize("facts", [None, 5, "contract.amount", [("contract.amount", 5)], object()])
def test_facts_are_a_mapping(facts: object) -> None:
    assert refuse(facts)[0].code == "facts-not-a-mapping"


def test_any_mapping_may_hold_the_facts() -> None:
    facts = MappingProxyType({AMOUNT: 5})
    assert read_case(program(), facts).values[AMOUNT] == 500


def test_every_fault_comes_at_once() -> None:
    facts: dict[object, object] = {
        AMOUNT: 0.5,
        STAFF: -1,
        "nothing": 1,
        SIZE: "big",
        LOCAL: True,
        5: 5,
    }
    found = {item.path: item.code for item in refuse(facts)}
    assert found == {
        AMOUNT: "float-refused",
        STAFF: "out-of-range",
        "nothing": "unknown-fact",
        SIZE: "not-one-of",
        "'int'": "fact-name-not-text",
    }


def test_faults_in_a_file_point_at_their_lines_in_order() -> None:
    text = "applicant.staff: 5家\ncontract.amuont: 5\ncontract.amount:\n  value: 0元\n  sourc: x\n"
    source = read_yaml(text.encode(), "f.yaml")
    found = refuse(source.root, source=source)
    places = [(item.code, str(item.span)) for item in found]
    assert places == [
        ("unit-unknown", "f.yaml:1:18"),
        ("unknown-fact", "f.yaml:2:1"),
        ("unknown-key", "f.yaml:5:3"),
    ]
    assert found[0].source == "applicant.staff: 5家"


def test_bounds_are_told_in_the_main_unit() -> None:
    found = refuse({AMOUNT: 10**9})[0]
    assert found.arguments["high"] == "100000000"


def test_bounds_with_decimals_are_told_with_decimals() -> None:
    assert "0.01" in refuse({AMOUNT: 0})[0].message("en")
    assert refuse({AMOUNT: 0})[0].arguments["low"] == "0.01"


def test_the_day_beside_the_facts_is_that_which_fixes_the_law() -> None:
    case = read_case(program(), {}, on=date(2024, 3, 1))
    assert case.values[DAY] == date(2024, 3, 1)
    assert case.given == (DAY,)
    same = read_case(program(), {DAY: "2024-03-01"}, on=date(2024, 3, 1))
    assert same.values == case.values
    assert read_case(program(), {DAY: "unknown"}, on=date(2024, 3, 1)).values == case.values


def test_two_days_that_differ_are_refused() -> None:
    found = refuse({DAY: "2024-03-02"}, on=date(2024, 3, 1))
    assert [item.code for item in found] == ["day-stated-twice"]
    assert found[0].arguments["found"] == "2024-03-02"


def test_a_day_beside_the_facts_is_held_to_the_bounds_too() -> None:
    assert refuse({}, on=date(2101, 1, 1))[0].code == "out-of-range"


def test_a_day_is_read_from_text() -> None:
    assert read_on("2024-03-01") == date(2024, 3, 1)
    for text in ("2024-3-1", "2024-02-30", "", "today"):
        with pytest.raises(InputError) as caught:
            read_on(text)
        assert caught.value.diagnostics[0].path == "on"


def test_what_another_decision_reads_is_let_in_and_told() -> None:
    shipped = vr.load("cn-nx-service-voucher").program("claim")
    case = read_case(shipped, {"voucher.void": False, "contract.signed": True})
    assert case.extra == ("voucher.void",)
    assert case.given == ("contract.signed", "voucher.void") or set(case.given) == {
        "contract.signed",
        "voucher.void",
    }


def test_order_of_facts_makes_no_difference() -> None:
    facts: Mapping[str, object] = {AMOUNT: 5, STAFF: 3, SIZE: "small"}
    one = read_case(program(), facts)
    other = read_case(program(), dict(reversed(facts.items())))  # type: ignore[call-overload]
    assert one.values == other.values
    assert list(one.values) == list(other.values)


def test_a_case_does_not_share_what_its_maker_may_change() -> None:
    papers, source = ["contract"], {"value": 5, "source": "x"}
    facts: dict[str, Any] = {SET: papers, AMOUNT: source}
    case: Case = read_case(program(), facts)
    papers.append("invoice")
    source["source"] = "y"
    facts.clear()
    assert case.values[SET] == frozenset({"contract"})
    assert case.provenance[AMOUNT].entries == (("source", "x"),)


PERIOD = Type(Kind.PERIOD)


@pytest.mark.parametrize(
    "text",
    [
        "36500天",
        "0天",
        "100年",
        "1200个月",
    ],
)
def test_a_period_not_known_ends_no_earlier_than_any_that_may_be_stated(text: str) -> None:
    stated = read_typed(text, PERIOD, CHINA)
    domain = default_domain(PERIOD)
    assert isinstance(stated, Period)
    assert isinstance(domain, Interval)
    assert isinstance(domain.high, Period)
    start = date(2000, 1, 1)
    assert add_period(start, stated) <= add_period(start, domain.high)


INSTANT = Type(Kind.INSTANT)


@pytest.mark.parametrize("text", ["1990-01-01T00:00", "2100-12-31T23:59:59"])
def test_every_moment_of_the_days_that_may_be_stated_may_be_stated(text: str) -> None:
    assert state(MOMENT, text) == read_typed(text, INSTANT, CHINA)
    beyond = datetime(2101, 1, 1, tzinfo=CHINA)
    assert refuse_one(MOMENT, beyond) == "out-of-range"
