"""Lists of records at the door, facts that may not exist, and questions left unanswered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.sources.yaml import read_yaml

MEASURES: Final = Path(__file__).resolve().parents[1] / "measures"
GROUP: Final = vr.load(MEASURES / "test-group" / "2024.yaml")
OVER_TIME: Final = vr.load(MEASURES / "test-class-over-time" / "2024.yaml")
QUOTA: Final = vr.load("cn-bj-service-voucher", "2023")


def refuse(ruleset: vr.Ruleset, decision: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(vr.InputError) as caught:
        ruleset.decide(decision, facts, on="2023-06-01")
    return [(item.code, item.path) for item in caught.value.diagnostics]


def decide_orders(orders: Any) -> vr.Decision:  # noqa: ANN401 - whatever a caller may pass
    return QUOTA.decide("quota", {"orders": orders, "enterprise.classes": []}, on="2023-06-01")


ORDER: Final = {"amount": "100元", "paid": "none", "state": "ordered"}


@pytest.mark.parametrize(
    ("orders", "refused"),
    [
        ("ordered", [("records-expected", "orders")]),
        ({"amount": 1}, [("records-expected", "orders")]),
        ([1], [("records-expected", "orders")]),
        ([[ORDER]], [("records-expected", "orders")]),
        (iter([ORDER]), [("records-expected", "orders")]),
        (None, [("records-expected", "orders")]),
        ([{"amuont": "1元"}], [("unknown-key", "orders")]),
        ([{1: "1元"}], [("unknown-key", "orders")]),
        ([ORDER] * 501, [("too-many-records", "orders")]),
        ([{**ORDER, "amount": 0.1}], [("float-refused", "orders[1].amount")]),
        ([ORDER, {**ORDER, "amount": "-1元"}], [("out-of-range", "orders[2].amount")]),
        ([ORDER, {**ORDER, "amount": "none"}], [("none-not-allowed", "orders[2].amount")]),
        ([{**ORDER, "state": "lost"}], [("not-one-of", "orders[1].state")]),
        (
            [{**ORDER, "amount": True, "state": "lost"}],
            [("wrong-python-type", "orders[1].amount"), ("not-one-of", "orders[1].state")],
        ),
    ],
)
def test_what_is_no_list_of_records_is_refused_at_its_place(
    orders: Any,  # noqa: ANN401
    refused: list[tuple[str, str]],
) -> None:
    facts = {"orders": orders, "enterprise.classes": []}
    assert refuse(QUOTA, "quota", facts) == refused


def test_an_empty_list_is_known_and_a_list_not_stated_is_not() -> None:
    assert decide_orders([]).values["quota.used"] == 0
    unknown = QUOTA.decide("quota", {"enterprise.classes": []}, on="2023-06-01")
    assert unknown.outcome == "undetermined"
    assert unknown.missing == ("orders",)
    assert decide_orders("unknown").missing == ("orders",)


def test_a_field_left_out_is_unknown_and_named_with_its_record() -> None:
    decision = decide_orders([ORDER, {"amount": "200元", "paid": "none"}])
    assert decision.outcome == "undetermined"
    assert decision.missing == ("orders[2].state",)
    assert "订单 2 的状态" in decision.explain("zh")
    assert "state of order 2" in decision.explain("en")


def test_changing_the_list_after_deciding_changes_nothing() -> None:
    orders = [dict(ORDER)]
    decision = decide_orders(orders)
    orders[0]["amount"] = "999元"
    orders.append(dict(ORDER))
    assert decision.to_data()["facts"]["orders"]["value"][0]["amount"] == "100.00"
    assert decision.values["quota.used"] == 100_00


def test_a_list_may_carry_where_it_comes_from() -> None:
    stated = {"value": [ORDER], "source": "the platform"}
    facts = decide_orders(stated).to_data()["facts"]["orders"]
    assert facts["provenance"] == {"source": "the platform"}


def test_records_are_told_one_by_one() -> None:
    decision = decide_orders([ORDER, {**ORDER, "state": "redeemed", "paid": "80元"}])
    text = decision.explain("en", trace=True)
    assert "order 1: amount of the voucher: CNY 100; amount paid out: none" in text
    assert "order 2: amount of the voucher: CNY 100; amount paid out: CNY 80" in text


def test_a_list_of_another_ruleset_is_unknown_there() -> None:
    assert refuse(GROUP, "claim", {"orders": []})[0][0] == "unknown-fact"


def test_a_fact_that_does_not_exist_is_refused_where_it_is_stated() -> None:
    facts = {"product.category": "digital", "product.includes_litigation": True}
    assert refuse(QUOTA, "claim", facts) == [("fact-does-not-apply", "product.includes_litigation")]


def test_in_a_file_it_is_refused_at_its_line() -> None:
    text = "product.category: digital\n\nproduct.includes_litigation: true\n"
    source = read_yaml(text.encode(), "case.yaml")
    with pytest.raises(vr.InputError) as caught:
        QUOTA.decide("claim", source.root, source=source)  # type: ignore[arg-type]  # a read file
    (item,) = [x for x in caught.value.diagnostics if x.code == "fact-does-not-apply"]
    assert str(item.span) == "case.yaml:3:1"
    assert "^^^" in item.render("en")


def test_none_is_refused_of_a_fact_that_surely_exists() -> None:
    facts = {"product.category": "legal", "product.includes_litigation": "none"}
    assert refuse(QUOTA, "claim", facts) == [("none-not-allowed", "product.includes_litigation")]


def test_while_its_condition_is_unknown_a_fact_may_be_stated_either_way() -> None:
    for stated in (True, "none"):
        facts = {"product.includes_litigation": stated}
        assert QUOTA.decide("claim", facts, on="2023-06-01").outcome == "undetermined"


def test_what_nobody_answered_is_told_apart_from_what_nobody_asked() -> None:
    decision = next(name for name in OVER_TIME.decisions if OVER_TIME.program(name).asked)
    asked = OVER_TIME.program(decision).asked[0]
    told = OVER_TIME.decide(decision, {asked: "unanswered"}, on="2024-05-01")
    silent = OVER_TIME.decide(decision, {}, on="2024-05-01")
    assert asked in silent.missing
    waiting = [name for reason in told.reasons for name in reason.unanswered]
    assert waiting == [asked]
