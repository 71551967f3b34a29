"""The door of kernels held against the usual one, and what a verdict keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from voucher_rules.api import load
from voucher_rules.compiled.door import find_door, list_door_inputs
from voucher_rules.compiled.rows import NoRowError, make_row
from voucher_rules.compiled.verdict import Verdict, decide_fast, prepare
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.options import choose_options
from voucher_rules.decision.stated import RefusedError
from voucher_rules.errors import InputError
from voucher_rules.values.model import NONE

RULESET = load("cn-nx-service-voucher")
PROGRAM = RULESET.program("supervision_fee")
OPTIONS = choose_options(RULESET.checked, {})
DAY = date(2017, 3, 1)
FACTS: dict[str, Any] = {"fee.date": DAY, "contract.amount": 4000, "fee.charged": 200}


def decide_both(facts: dict[str, Any], on: Any = None) -> tuple[object, object]:  # noqa: ANN401
    """Return what both executors tell of facts: the outcome and the outputs, or the faults."""
    return (
        tell(lambda: decide_fast(PROGRAM, facts, on, OPTIONS)),
        tell(lambda: decide(PROGRAM, read_case(PROGRAM, facts, on=on), OPTIONS)),
    )


def tell(run: Any) -> object:  # noqa: ANN401 - either executor
    try:
        found = run()
    except InputError as error:
        return [str(item) for item in error.diagnostics]
    return found.outcome, dict(found.values)


@pytest.mark.parametrize(
    "amount",
    [
        0,
        1,
        4000,
        -1,
        True,
        0.5,
        None,
        "4000元",
        "4,000",
        "unknown",
        Decimal("4000.01"),
        Decimal("4000.001"),
        Decimal("NaN"),
        Decimal("1e999"),
        Fraction(1, 3),
        Fraction(400001, 100),
        10**13,
        10**13 + 1,
        10**40,
        NONE,
        {"value": 4000, "source": "contract"},
        {"value": 4000, "unknown_key": "x"},
        [4000],
        object,
    ],
    ids=repr,
)
def test_an_amount_is_judged_as_by_the_usual_door(amount: Any) -> None:  # noqa: ANN401
    fast, usual = decide_both(FACTS | {"contract.amount": amount})
    assert fast == usual


@pytest.mark.parametrize(
    "stated",
    [
        DAY,
        "2017-03-01",
        "2017-02-30",
        datetime(2017, 3, 1),  # noqa: DTZ001 - no day, whatever its zone
        date(1989, 12, 31),
        date(1990, 1, 1),
        date(2100, 12, 31),
        date(2101, 1, 1),
        20170301,
        "unknown",
    ],
    ids=repr,
)
def test_a_day_is_judged_as_by_the_usual_door(stated: Any) -> None:  # noqa: ANN401
    for on in (None, DAY, DAY + timedelta(days=1)):
        fast, usual = decide_both(FACTS | {"fee.date": stated}, on)
        assert fast == usual
    if type(stated) is date:
        fast, usual = decide_both({k: x for k, x in FACTS.items() if k != "fee.date"}, stated)
        assert fast == usual


BEIJING = load("cn-bj-service-voucher", "2023").program("claim")
CHINA = timezone(timedelta(hours=8))
ORDERED: dict[str, list[Any]] = {
    "order.at": [
        datetime(2023, 9, 1, 18, 24, 16, 7, tzinfo=CHINA),
        datetime(2023, 9, 1, 23, 59, tzinfo=UTC),
        datetime(2023, 9, 1, 18, 24, tzinfo=ZoneInfo("Asia/Shanghai")),
        datetime(2023, 9, 1, 18, 24),  # noqa: DTZ001 - refused, for it has no zone
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))),
        date(2023, 9, 1),
        "2023-09-01T18:24:16",
        "2023-09-01T18:24:16+08:00",
        "2023-09-01",
    ],
    "enterprise.classes": [
        frozenset(),
        {"ordinary"},
        frozenset({"ordinary", "specialised"}),
        ["specialised", "ordinary", "ordinary"],
        ("none",),
        ["ordinary", 1],
        {"ordinary": True, "specialised": False},
        "ordinary",
    ],
    "contract.amount": ["0.03元", "3分", "0.030", "0.003元", "3万元", "unknown", "none", ""],
    "contract.ends_on": ["2023-10-04", "20231004", "2023-10-4", "2023-W40-3", "2023-02-30", "none"],
}


@pytest.mark.parametrize(("name", "stated"), [(x, y) for x, some in ORDERED.items() for y in some])
def test_a_fact_stands_in_a_row_as_the_usual_door_has_it(name: str, stated: Any) -> None:  # noqa: ANN401
    door, inputs = find_door(BEIJING), list_door_inputs(BEIJING)
    facts = {"order.date": date(2023, 9, 15), name: stated}
    place = [item.name for item in inputs].index(name)
    for _ in range(2):  # what was stated as a text before is remembered
        try:
            values = read_case(BEIJING, facts).values
        except InputError:
            with pytest.raises((NoRowError, RefusedError)):
                door.read(facts, None)
            continue
        try:
            row, _ = door.read(facts, None)
        except NoRowError:
            continue  # left to the usual door
        usual = make_row(inputs, values)
        assert usual is not None
        assert row[place] == usual[place]


def test_facts_beside_those_read_are_judged_too() -> None:
    besides: list[dict[Any, Any]] = [
        {"enterprise.size": "small"},
        {"enterprise.size": "smal"},
        {"no.such": 1},
        {1: 2},
    ]
    for beside in besides:
        fast, usual = decide_both(FACTS | beside)
        assert fast == usual


def test_a_verdict_is_decided_by_a_kernel_and_tells_the_whole_when_asked() -> None:
    verdict = decide_fast(PROGRAM, FACTS, None, OPTIONS)
    assert verdict.code is not None
    whole = verdict.decide_whole()
    assert (whole.outcome, whole.values) == (verdict.outcome, verdict.values)
    assert dict(verdict.statuses) == {x.rule.id: x.status for x in whole.evaluation.rules.values()}


def test_a_verdict_keeps_the_facts_as_they_were() -> None:
    facts = dict(FACTS)
    verdict = decide_fast(PROGRAM, facts, None, OPTIONS)
    facts["contract.amount"] = 1
    assert verdict.decide_whole().values == verdict.values


def test_what_matters_and_is_missing_is_for_the_reference() -> None:
    facts = {key: value for key, value in FACTS.items() if key != "fee.charged"}
    verdict = decide_fast(PROGRAM, facts, None, OPTIONS)
    assert verdict.code is None
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "undetermined"
    assert set(verdict.statuses) == {rule.id for rule in PROGRAM.rules}


def test_rows_come_to_what_their_facts_come_to() -> None:
    decider = prepare(PROGRAM, OPTIONS)
    row, lacks = find_door(decider.program).read(FACTS, None)
    assert not lacks
    assert decider.run_rows([row]) == [decider.decide(FACTS).found]
