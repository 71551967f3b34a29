"""Executors: a verdict is what the decision says, whatever else is decided beside it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from shops import PROGRAM, REGIME, SHOP, make_row

import voucher_rules as vr
from voucher_rules.batch.cases.tables import read_table
from voucher_rules.batch.verdicts.model import (
    Ground,
    Payable,
    Verdicts,
    judge_case,
    list_payables,
    list_values,
)
from voucher_rules.batch.verdicts.reference import Reference, key_case

ROWS = [
    make_row(),
    make_row(contract__amount=5000),
    make_row(shop__size="large"),
    make_row(finding__well_run=None),
    make_row(contract__amount=None),
    make_row(shop__staff=51),
    make_row(),
    make_row(ledger__claimed_before=1000),
    make_row(claim__date="2019-01-01"),
]


def judge(rows: list[dict[str, Any]], executor: Reference | None = None) -> Verdicts:
    table = read_table(rows, PROGRAM)
    assert table.rejected == ()
    return (executor or Reference())(PROGRAM, REGIME.options, table.cases)


def test_a_verdict_says_what_the_decision_says() -> None:
    found = judge(ROWS)
    for at, row in enumerate(ROWS):
        decision = SHOP.decide("claim", row)
        result = decision.result
        assert found.outcome[at] == decision.outcome
        assert found.possible[at] == result.possible
        assert found.missing[at] == tuple(item.name for item in result.missing)
        amount = result.amounts["voucher.amount"]
        column = found.payables["voucher.amount"]
        assert column.value[at] == amount.value
        assert (column.low[at], column.high[at]) == (amount.range.low, amount.range.high)
        assert column.binding[at] == amount.binding


def test_each_kind_of_verdict() -> None:
    found = judge(ROWS)
    granted, capped, denied, referred, undetermined, soft, again, spent, early = (
        found.row(at) for at in range(len(ROWS))
    )
    assert granted == again
    assert granted.payables[0] == Payable(
        50_000, 50_000, 50_000, ("share_limit",), ("share_limit",)
    )
    assert granted.payables[1] == Payable(50_000, 50_000, 50_000)
    assert capped.payables[0].binding == ("cap_limit",)
    assert denied.grounds == (Ground("failed", ("is_small",)),)
    assert denied.payables == (
        Payable(0, 0, 0, ("share_limit",), ("share_limit",)),
        Payable(0, 0, 0),
    )
    assert referred.grounds == (Ground("open", ("is_well_run",)),)
    assert (referred.outcome, referred.payables[0].value) == ("referred", None)
    assert undetermined.missing == ("contract.amount",)
    assert (undetermined.payables[0].low, undetermined.payables[0].high) == (50, 100_000)
    assert soft.grounds == (Ground("soft_failed", ("staff_in_principle",)),)
    assert spent.grounds == (Ground("exhausted", ("cap_limit",)),)
    assert early.outcome == "not_in_force"


def test_outputs_of_money_and_others_are_kept_apart() -> None:
    assert list_payables(PROGRAM) == ("voucher.amount", "own.share")
    assert list_values(PROGRAM) == ()
    size = vr.load("cn-sme-size").program("size")
    assert list_payables(size) == ()
    assert list_values(size) == ("enterprise.size", "enterprise.is_sme")


def test_cases_that_state_the_same_are_decided_once() -> None:
    told: list[tuple[int, int]] = []
    found = judge(
        [make_row(), make_row(shop__staff=9), make_row()], Reference(tell=lambda *x: told.append(x))
    )
    assert told == [(1, 2), (2, 2)]
    assert found.row(0) == found.row(2)
    table = read_table([make_row(), make_row(), make_row(shop__loyal=True)], PROGRAM)
    keys = [key_case(case) for case in table.cases]
    assert keys[0] == keys[1] != keys[2]


def test_no_cases_come_to_no_verdicts() -> None:
    found = judge([])
    assert len(found) == 0
    assert list(found.payables) == ["voucher.amount", "own.share"]
    assert list(found.payables["own.share"].value) == []


@pytest.mark.parametrize("jobs", [1, 2, None])
def test_how_many_processes_decide_changes_nothing(jobs: int | None) -> None:
    draw = random.Random(7)  # noqa: S311 - rows, no secrets
    rows = [make_row(contract__amount=draw.randrange(1, 4000), shop__staff=n) for n in range(300)]
    found = judge(rows, Reference(jobs))
    table = read_table(rows, PROGRAM)
    assert [found.row(at) for at in range(300)] == [
        judge_case(PROGRAM, REGIME.options, case) for case in table.cases
    ]
