"""Comes in: a cap two measures share. Goes out: a failure where one counts as nothing unseen."""

from __future__ import annotations

from typing import Any

import pytest
from invented import FOLDER, NAME, facts, load_both, load_text

import voucher_rules as vr

AT = "2024-02-01T09:00"
OF: dict[str, Any] = {"carries": {"enterprise": "E1", "provider": "P1"}, "ruleset": NAME}
OTHER = "invented-grant"


def fill(ledger: vr.Ledger) -> vr.Ledger:
    """Admit the provider, and put money in."""
    ledger.enter(
        "admission", "P1", "admit", "2024-01-05T10:00", carries={"provider": "P1"}, ruleset=NAME
    )
    of = {"category": "training"}
    ledger.budget("funds", "100万元", "2024-01-01", "2024-01-06T09:00", envelope=of, ruleset=NAME)
    return ledger


def tell_uncounted(made: vr.LedgerDecision) -> list[dict[str, str]]:
    return [dict(x.arguments) for x in made.decision.warnings if x.code == "ruleset_not_held"]


@pytest.mark.parametrize("way", ["decide", "consider"])
def test_what_counts_under_a_ruleset_that_is_not_there_is_not_known(way: str) -> None:
    ledger = fill(vr.Ledger(load_both()[0]))
    made = getattr(ledger, way)("claim", facts("6万元", AT), AT, thing="V1", **OF)
    assert made.decision.outcome == "undetermined"
    assert made.decision.missing == ("ledger.joint",)
    assert tell_uncounted(made) == [{"balance": "ledger.joint", "ruleset": OTHER}]
    assert "ledger.joint" not in {item.name for item in made.balances}
    assert made.followed == ()
    zh, en = made.decision.explain("zh"), made.decision.explain("en")
    assert "打开台账时没有给出规则集 invented-grant，无从计入「两项政策合计」" in zh
    assert "the ledger was opened without the ruleset invented-grant, which counts in “under" in en


def test_by_what_was_known_then_it_is_not_known_either() -> None:
    ledger = fill(vr.Ledger(load_both()[0]))
    later = {"known": "2024-03-01T09:00", **OF}
    made = ledger.consider("claim", facts("6万元", AT), AT, thing="V1", **later)
    assert made.decision.missing == ("ledger.joint",)


def test_a_decision_it_has_no_part_in_is_made_without_it() -> None:
    ledger = fill(vr.Ledger(load_both()[0]))
    stated = {"finding.fraud": True, "violation.found_on": "2024-01-10"}
    made = ledger.decide("sanction", stated, AT, **OF)
    assert tell_uncounted(made) == []
    assert len(made.followed) == 1


@pytest.mark.parametrize(
    ("granted", "amount"),
    [(None, 3_000_000), (6_999_999, 3_000_000), (7_000_000, 3_000_000), (7_000_001, 2_999_999)],
)
@pytest.mark.parametrize("first", [0, 1])
def test_what_counts_under_both_is_counted(granted: int | None, amount: int, first: int) -> None:
    """Of 100,000 yuan under both, the other measure has granted some."""
    rulesets = list(load_both())
    ledger = fill(vr.Ledger([rulesets[first], rulesets[1 - first]]))
    if granted is not None:
        ledger.enter(
            "voucher",
            "G1",
            "grant",
            "2024-01-10T09:00",
            amount=f"{granted // 100}.{granted % 100:02}元",
            carries={"enterprise": "E1"},
            ruleset=OTHER,
        )
    made = ledger.decide("claim", facts("6万元", AT), AT, thing="V1", **OF)
    assert made.decision.outcome == "granted"
    assert tell_uncounted(made) == []
    assert made.decision.result.amounts["voucher.amount"].value == amount
    back = ledger.consider(
        "claim",
        {"project.cost": "30万元"},
        "2024-02-02T09:00",
        carries={"enterprise": "E1"},
        ruleset=OTHER,
    )
    left = 10_000_000 - amount - (granted or 0)
    assert back.decision.result.amounts["grant.amount"].value == min(9_000_000, left)


JOINT = "joint: {sum: voucher.amount, standings: [held, used], across: [invented-grant], per: enterprise, within: lifetime,"  # noqa: E501 - one line of the ruleset
CHANGES = [
    ("per: enterprise", "per: provider", "across-not-carried"),
    ("per: enterprise", "per: [enterprise, provider]", "across-not-carried"),
    (
        "per: enterprise, within: lifetime",
        "per: enterprise, dated_by: ordered_at, within: calendar_year",
        "across-no-state",
    ),
]


@pytest.mark.parametrize(("before", "after", "code"), CHANGES)
def test_what_the_other_ruleset_does_not_have_is_told_as_the_ledger_is_opened(
    before: str, after: str, code: str
) -> None:
    ruleset = load_changed(NAME, JOINT, JOINT.replace(before, after))
    vr.Ledger(ruleset)
    for given in ([ruleset, load_both()[1]], [load_both()[1], ruleset]):
        with pytest.raises(vr.LedgerError) as caught:
            vr.Ledger(given)
        assert [x.code for x in caught.value.diagnostics] == [code]


def test_a_state_of_one_name_in_both_may_date_what_is_counted() -> None:
    dated = JOINT.replace(
        "per: enterprise, within: lifetime",
        "per: enterprise, dated_by: settled_at, within: calendar_year",
    )
    ruleset = load_changed(NAME, JOINT, dated)
    vr.Ledger([ruleset, read_other(("paid", "settled"))])


def read_other(*changes: tuple[str, str]) -> vr.Ruleset:
    """Return the other measure with words changed."""
    text = (FOLDER / OTHER / "1.yaml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return load_text(text, OTHER)


def refuse_both(other: vr.Ruleset) -> set[str]:
    with pytest.raises(vr.LedgerError) as caught:
        vr.Ledger([load_both()[0], other])
    return {x.code for x in caught.value.diagnostics}


def test_money_of_another_currency_is_not_added_up() -> None:
    dollars = [
        ("currency: CNY", "currency: USD"),
        ("10万元", "10 USD"),
        ("to: 1分", "to: 0.01 USD"),
    ]
    assert refuse_both(read_other(*dollars)) == {"across-other-currency"}


def test_a_lifecycle_of_another_name_is_not_counted() -> None:
    renamed = [("  voucher:", "  grant:"), ("sum: voucher.amount", "sum: grant.amount")]
    assert refuse_both(read_other(*renamed)) == {"across-no-lifecycle"}


def test_what_is_carried_is_of_one_type_in_both() -> None:
    carried = "      enterprise: {label: {zh: 企业, en: enterprise}}\n"
    dated = carried.replace("{label", "{type: date, label", 1)
    assert refuse_both(read_other((carried, dated))) == {"across-carried-otherwise"}


def load_changed(name: str, before: str, after: str) -> vr.Ruleset:
    text = (FOLDER / name / "1.yaml").read_text(encoding="utf-8")
    assert text.count(before) == 1
    return load_text(text.replace(before, after), name)
