"""What a ruleset says of histories, as the checker hands it on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from voucher_rules.catalog.gather import gather_library
from voucher_rules.checked.check import check_ruleset
from voucher_rules.checked.histories import (
    Balance,
    EventWindow,
    Follows,
    Histories,
    Measure,
    SpanKind,
    Standing,
    Within,
)
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.language.terms import Role
from voucher_rules.language.types import BOOLEAN, DATE, TEXT, Kind, Type
from voucher_rules.ruleset.load import load_ruleset
from voucher_rules.values.model import NONE

TESTS: Final = Path(__file__).resolve().parents[1]
INVENTED: Final = TESTS / "ledger" / "rulesets"
SHIPPED: Final = TESTS.parent / "rulesets"


def check(path: Path) -> CheckedRuleset:
    loaded = load_ruleset(path.read_bytes(), path.name)
    return check_ruleset(loaded, gather_library(loaded, (SHIPPED,)))


@pytest.fixture(scope="module")
def ruleset() -> CheckedRuleset:
    return check(INVENTED / "invented-voucher" / "1.yaml")


@pytest.fixture(scope="module")
def histories(ruleset: CheckedRuleset) -> Histories:
    return ruleset.histories


def test_the_measure_of_the_joint_cap_loads_too() -> None:
    found = check(INVENTED / "invented-grant" / "1.yaml").histories
    assert list(found.lifecycles) == ["voucher"]
    assert found.balances["ledger.before"].across == ("invented-voucher",)


def test_an_event_keeps_where_it_leads_and_what_it_follows(histories: Histories) -> None:
    events = histories.lifecycles["voucher"].transitions
    order, settle = events["order"], events["settle"]
    assert (order.sources, order.target) == ((), "ordered")
    assert order.follows == Follows("claim", ("granted",), "voucher.amount", "")
    assert (settle.sources, settle.target, settle.partial) == (("accepted",), "settled", True)
    assert events["cancel"].sources == ("ordered", "accepted")
    assert events["accept"].by == EventWindow("accept", ("accepted_in_time",))
    assert events["time_out"].past == EventWindow("accept", ("accepted_in_time",))
    assert events["refuse"].citation is None
    citation = settle.citation
    assert citation is not None
    assert citation.ref == "第七条"


def test_a_consequence_is_followed_by_its_rule(histories: Histories) -> None:
    ban = histories.lifecycles["ban"]
    assert ban.transitions["ban"].follows == Follows("sanction", (), "", "enterprise_barred")
    assert ban.carries["until"].fact == "consequence.until"
    assert ban.carries["until"].type == DATE


def test_a_lifecycle_knows_its_currency_states_and_things(histories: Histories) -> None:
    voucher = histories.lifecycles["voucher"]
    currencies = {name: item.currency for name, item in histories.lifecycles.items()}
    assert currencies == {"voucher": "CNY", "ban": "", "admission": "", "deposit": "USD"}
    assert voucher.states["waiting"].standing is Standing.WAITING
    assert voucher.states["settled"].standing is Standing.USED
    assert (voucher.carries["enterprise"].type, voucher.carries["enterprise"].fact) == (TEXT, "")
    category = voucher.carries["category"]
    assert category.type == Type(Kind.CHOICE, "service_category", ("training", "testing"))
    assert category.fact == "service.category"
    assert voucher.tells["voucher.left"] == "amount.accepted"
    assert voucher.tells["order.at"] == "ordered_at"


def test_a_balance_says_what_it_takes_of_whom_and_when(histories: Histories) -> None:
    assert histories.balances["ledger.used_this_year"] == Balance(
        name="ledger.used_this_year",
        measure=Measure.SUM,
        lifecycle="voucher",
        states=("ordered", "accepted", "settled"),
        per=("enterprise",),
        dated_by="ordered",
        within=Within(SpanKind.CALENDAR_YEAR, "claim.date"),
    )
    balances = histories.balances
    rolling, between = balances["ledger.of_category"].within, balances["ledger.in_term"].within
    assert rolling == Within(SpanKind.ROLLING, lasts="category_span")
    assert between == Within(SpanKind.BETWEEN, opens="term.opens", closes="term.closes")
    assert balances["ledger.provider_this_year"].others_only
    assert balances["ledger.of_group"].with_related
    assert balances["ledger.providers"].of == "provider"
    assert balances["ledger.first_order"].of == "ordered"
    joint = balances["ledger.joint"]
    assert (joint.states, joint.standings) == ((), (Standing.HELD, Standing.USED))
    assert joint.across == ("invented-grant",)


def test_a_balance_that_fills_a_fact_goes_by_its_name_and_declares_nothing(
    ruleset: CheckedRuleset,
) -> None:
    barred = ruleset.histories.balances["enterprise.barred_until"]
    assert (barred.measure, barred.of, barred.name) == (
        Measure.LAST,
        "until",
        "enterprise.barred_until",
    )
    assert "ledger.barred" not in ruleset.inputs
    assert ruleset.inputs["enterprise.barred_until"].role is Role.FACT


def test_a_balance_has_the_type_of_what_it_takes(ruleset: CheckedRuleset) -> None:
    inputs = ruleset.inputs
    assert inputs["ledger.used_this_year"].type == Type(Kind.MONEY, "CNY")
    assert inputs["ledger.deposited"].type == Type(Kind.MONEY, "USD")
    assert inputs["ledger.received"].type == Type(Kind.COUNT, "张")
    assert inputs["ledger.providers"].type == Type(Kind.COUNT, "家")
    assert inputs["ledger.is_admitted"].type == BOOLEAN
    assert not inputs["ledger.is_admitted"].optional
    first = inputs["ledger.first_order"]
    assert (first.type, first.optional) == (DATE, True)
    assert NONE in first.domain.marks


def test_a_sum_is_in_the_currency_its_things_hold(tmp_path: Path) -> None:
    text = (INVENTED / "invented-voucher" / "1.yaml").read_text(encoding="utf-8")
    path = tmp_path / "1.yaml"
    path.write_text(text.replace("sum: deposit.amount, unit: USD", "sum: deposit.amount"), "utf-8")
    assert check(path).inputs["ledger.deposited"].type == Type(Kind.MONEY, "USD")


def test_a_pool_says_what_takes_from_it_and_who_waits(histories: Histories) -> None:
    pool = histories.pools["funds"]
    assert (pool.lifecycle, pool.takes) == ("voucher", ("ordered", "accepted", "settled"))
    assert (pool.per, pool.dated_by, pool.partial) == (("category",), "ordered", True)
    assert (pool.order, pool.waits, pool.fills) == (("first_come",), "wait", "pool.funds_left")


def test_without_lifecycles_balances_stay_words_of_the_author() -> None:
    found = check(TESTS / "rulesets" / "types" / "good" / "every_type.yaml")
    assert found.histories == Histories({}, {}, {})
    assert "ledger.claimed" in found.inputs


def test_what_a_ruleset_says_of_histories_is_part_of_its_digest(tmp_path: Path) -> None:
    path = INVENTED / "invented-voucher" / "1.yaml"
    text = path.read_text(encoding="utf-8")
    changed = tmp_path / "1.yaml"
    changed.write_text(text.replace("last: partial", "last: whole"), encoding="utf-8")
    assert check(changed).semantic_digest != check(path).semantic_digest
