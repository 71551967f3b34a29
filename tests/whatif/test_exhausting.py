"""Budgets: who comes first is paid first, to the fen, or as the ruleset's own queue has it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from populations import ROOT, SHOP

import voucher_rules as vr
from voucher_rules.whatif.funds import Asked, drain_fund

SHOPS: Final = [
    {"claim.date": "2020-05-01", "shop.size": "small", "shop.staff": 9, "shop.first_claim": False}
    | {"finding.well_run": True, "ledger.claimed_before": 0, "contract.amount": amount}
    | {"day": day, "district": district}
    for amount, day, district in (
        (1600, "2020-03-02", "东"),
        (800, "2020-03-01", "西"),
        (1000, "2020-03-02", "西"),
        (600, "2020-03-03", "东"),
    )
]
ASKED: Final = st.lists(
    st.builds(
        Asked,
        st.dates(date(2020, 1, 1), date(2020, 1, 5)),
        st.text("abc", min_size=1, max_size=3),
        st.integers(0, 50),
    ),
    max_size=12,
    unique_by=lambda item: item.name,
)


def exhaust(budget: Any, rows: list[dict[str, Any]] = SHOPS, **options: Any) -> vr.Exhausted:  # noqa: ANN401 - as exhaust
    return vr.exhaust(rows, SHOP, budget, arrives="day", decision="claim", **options)


@given(ASKED, st.integers(0, 300))
def test_no_fen_is_lost_and_nobody_is_served_before_someone_earlier(
    asked: list[Asked], budget: int
) -> None:
    found = drain_fund(budget, asked)
    assert sum(found.paid) + found.left == budget
    assert all(0 <= paid <= item.due for paid, item in zip(found.paid, asked, strict=True))
    order = sorted(range(len(asked)), key=lambda at: (asked[at].at, asked[at].name))
    short = [at for at in order if found.paid[at] < asked[at].due]
    assert (found.ran_out is None) == (not short)
    if short:
        assert found.ran_out == asked[short[0]].at
        later = order[order.index(short[0]) + 1 :]
        assert all(found.paid[at] == 0 for at in later)


@pytest.mark.parametrize(
    ("budget", "paid", "ran_out"),
    [
        (Decimal("1999.99"), [80_000, 40_000, 50_000, 29_999], date(2020, 3, 3)),
        ("2000元", [80_000, 40_000, 50_000, 30_000], None),
        ("2000.01元", [80_000, 40_000, 50_000, 30_000], None),
        (1300, [80_000, 40_000, 10_000, 0], date(2020, 3, 2)),
        (0, [0, 0, 0, 0], date(2020, 3, 1)),
    ],
)
def test_a_budget_is_paid_out_in_the_order_of_arrival(
    budget: Any,  # noqa: ANN401 - as exhaust
    paid: list[int],
    ran_out: date | None,
) -> None:
    study = exhaust(budget, by="district")
    assert list(study.result.paid) == paid
    assert study.result.ran_out == ran_out
    assert sum(x.paid for x in study.result.groups[0][1]) == sum(paid) == study.result.whole.paid
    assert study.plain == "no_pool"
    assert "一般资金" in study.summary("zh")
    assert "first come first served" in study.summary("en")


def test_names_settle_who_is_first_of_one_day() -> None:
    rows = [row | {"name": name} for row, name in zip(SHOPS, "dcba", strict=True)]
    assert list(exhaust(1300, rows, thing="name").result.paid) == [40_000, 40_000, 50_000, 0]
    with pytest.raises(vr.InputError, match="application-twice"):
        exhaust(1, [row | {"name": "x"} for row in SHOPS], thing="name")


def test_what_is_open_is_told_beside() -> None:
    rows = [*SHOPS, SHOPS[1] | {"contract.amount": None}]
    study = exhaust(2500, rows)
    assert study.result.ran_out is None
    assert study.result.earliest == date(2020, 3, 2)
    assert "as early as 2020-03-02" in study.summary("en")


def test_moments_are_served_in_their_order() -> None:
    rows = [
        row | {"day": datetime(2020, 3, 1, hour)}  # noqa: DTZ001 - local time of the ruleset
        for row, hour in zip(SHOPS, (3, 2, 1, 4), strict=True)
    ]
    study = exhaust(1000, rows)
    assert list(study.result.paid) == [10_000, 40_000, 50_000, 0]
    assert "09:00" not in study.to_html("zh")
    assert len(study.to_frame("rows")) == 4


def test_midnight_beside_moments_is_one_of_them() -> None:
    rows = [
        row | {"day": datetime(2020, 3, 1, hour)}  # noqa: DTZ001 - local time of the ruleset
        for row, hour in zip(SHOPS, (3, 2, 0, 4), strict=True)
    ]
    assert list(exhaust(1000, rows).result.paid) == [10_000, 40_000, 50_000, 0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"day": None}, "not-an-arrival"),
        ({"day": 3}, "not-an-arrival"),
        ({"day": "2020-3-1"}, "not-a-date"),
        ({"day": "2020-03-01T09:00"}, "days-and-moments"),
    ],
)
def test_every_row_must_say_when_it_came(change: dict[str, Any], code: str) -> None:
    with pytest.raises(vr.InputError, match=code):
        exhaust(1, [SHOPS[0] | change, SHOPS[1]])


@pytest.mark.parametrize(
    ("budget", "code"),
    [
        (-1, "budget-below-zero"),
        ("0.001元", "finer-than-minor-unit"),
        (Decimal("0.001"), "finer-than-minor-unit"),
        (Decimal("Infinity"), "not-finite"),
        ("much", "not-a-number"),
        (1.5, "wrong-python-type"),
        (True, "wrong-python-type"),
    ],
)
def test_a_budget_is_an_exact_amount(budget: Any, code: str) -> None:  # noqa: ANN401 - as exhaust
    with pytest.raises(vr.InputError, match=code):
        exhaust(budget)


def test_a_decision_without_money_pays_nothing() -> None:
    with pytest.raises(vr.InputError, match="no-money-to-pay"):
        vr.exhaust(SHOPS, SHOP, 1, arrives="day", decision="use")


QUEUE: Final = vr.load(ROOT / "tests" / "whatif" / "rulesets" / "invented-queue" / "1.yaml")
CLAIMS: Final[list[dict[str, Any]]] = [
    {"claim.date": day, "day": day, "project.cost": cost, "firm": firm}
    for day, cost, firm in (
        ("2024-03-02", 9000, "E1"),
        ("2024-03-01", 10_000, "E2"),
        ("2024-03-03", 9000, "E1"),
        ("2024-03-04", 1000, "E3"),
    )
]
FIRM: Final = {"enterprise": "firm"}


def queue(budget: Any, rows: list[dict[str, Any]] = CLAIMS, **options: Any) -> vr.Exhausted:  # noqa: ANN401 - as exhaust
    return vr.exhaust(rows, QUEUE, budget, arrives="day", **options)


def serve_by_hand(budget: str) -> list[int]:
    ledger = vr.Ledger(QUEUE)
    ledger.budget("grants_of_the_year", budget, "2024-03-01", "2024-03-01T00:00")
    placed = {}
    for at in (1, 0, 2, 3):
        row = CLAIMS[at]
        facts = {"claim.date": row["day"], "project.cost": row["project.cost"]}
        carries = {"enterprise": row["firm"]}
        made = ledger.decide("claim", facts, f"{row['day']}T00:00", thing=str(at), carries=carries)
        assert made.placement is not None
        placed[at] = made.placement.granted
    return [placed[at] for at in range(4)]


@pytest.mark.parametrize("budget", ["1万元", "7999.99元", "6000元", "5700元", "2999元"])
def test_the_pool_of_the_ruleset_is_served_by_its_queue(budget: str) -> None:
    study = queue(budget, carries=FIRM)
    assert study.served is not None
    assert list(study.result.paid) == serve_by_hand(budget)
    assert study.served.own == ()
    assert "当年补助资金" in study.summary("zh")
    assert "by its queue" in study.summary("en")


def test_what_was_granted_before_counts_and_nothing_is_cut_where_the_pool_says_so() -> None:
    study = queue("6000元", carries=FIRM)
    # E2 3000元, E1 2700元, then 300元 are left: too little for E1's 2300元, enough for E3's 300元
    assert list(study.result.due) == [270_000, 300_000, 230_000, 30_000]
    assert list(study.result.paid) == [270_000, 300_000, 0, 30_000]
    assert study.result.ran_out == date(2024, 3, 3)
    assert study.result.left == 0


def test_rows_of_which_nothing_says_whose_they_are_stand_for_themselves() -> None:
    study = queue("10万元")
    assert list(study.result.due) == [270_000, 300_000, 270_000, 30_000]
    assert study.served is not None
    assert study.served.own == ("enterprise",)
    assert "no column says which enterprise" in study.summary("en")


def test_a_ledger_tells_what_happened_before() -> None:
    ledger = vr.Ledger(QUEUE)
    carries = {"enterprise": "E1"}
    ledger.enter("voucher", "V0", "grant", "2023-05-01T00:00", amount=4000, carries=carries)
    study = queue("10万元", carries=FIRM, ledger=ledger)
    assert list(study.result.due) == [100_000, 300_000, 0, 30_000]
    assert len(ledger.entries) == 1


def test_money_of_another_year_is_told_as_not_known() -> None:
    rows = [*CLAIMS, CLAIMS[3] | {"day": "2025-01-01", "claim.date": "2025-01-01"}]
    study = queue("10万元", rows, carries=FIRM)
    assert study.served is not None
    assert study.served.unpaid == 1
    assert "无从得知" in study.summary("zh")


def test_stated_balances_are_paid_from_a_plain_fund() -> None:
    study = queue(1, [row | {"ledger.before": 0} for row in CLAIMS])
    assert study.plain == "balances"
    assert "台账" in study.summary("zh")
    label = QUEUE.checked.inputs["ledger.before"].label
    assert f"（{label.zh}）" in study.summary("zh")
    assert f"({label.en})" in study.summary("en")


def test_a_reform_serves_the_queue_on_both_sides_from_one_ledger() -> None:
    ledger = vr.Ledger(QUEUE)
    carries = {"enterprise": "E1"}
    ledger.enter("voucher", "V0", "grant", "2023-05-01T00:00", amount=4000, carries=carries)
    budget: Any = {"budget": "6000元", "arrives": "day", "carries": FIRM, "ledger": ledger}
    study = vr.reform(CLAIMS, QUEUE, vr.Regime(QUEUE, "claim"), **budget)
    alone = queue("6000元", carries=FIRM, ledger=ledger)
    assert study.funds is not None
    for fund in study.funds:
        assert fund.served is not None
        assert fund.result == alone.result
    assert len(ledger.entries) == 1


def test_a_reform_tells_how_long_the_money_lasts_before_and_after() -> None:
    study = vr.reform(
        SHOPS, SHOP, {"share": "25%"}, decision="claim", budget=1000, arrives="day", by="district"
    )
    assert study.funds is not None
    assert [fund.result.ran_out for fund in study.funds] == [date(2020, 3, 2), None]
    names = [sheet.name for sheet in study.sheets]
    assert {"before_exhaust", "after_exhaust", "before_exhaust_by_district"} <= set(names)
    assert "资金于 2020-03-02 用尽" in study.summary("zh")
    assert "before: the money runs out on 2020-03-02" in study.summary("en")
