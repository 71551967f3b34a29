"""Comes in: an independent reading of the Ningxia measure. Goes out: a failure where we differ.

The second reading was made from the official text alone, without the ruleset. Every boundary case
it names is decided with the ruleset, and so are amounts drawn at random. The only differences
allowed are those named here with their reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

import pytest
import second_reading_nx as second
from hypothesis import given
from hypothesis import strategies as st
from second_reading_compare import (
    REFUSED,
    Facts,
    draw_fen,
    load_boundary,
    to_fen,
    to_yuan,
)

from voucher_rules import Decision, InputError, load

RULESET: Final = load("cn-nx-service-voucher", "2016")
VALID: Final = RULESET.amend({"validity_period": "30天"})
# Limits too high to hold: what is left is arithmetic.
UNLIMITED: Final = RULESET.amend(
    {"item_ratio": "100%", "item_cap": "100000000元", "annual_cap": "100000000元"}
)
BOUNDARY: Final[dict[str, Any]] = load_boundary("nx")


CLAIM: Final[Mapping[str, Any]] = {
    "claim.date": date(2017, 3, 1),
    "claim.submitted_at": "none",
    "claim.requested_amount": "none",
    "claim.made_online": True,
    "enterprise.registered_in_region": True,
    "enterprise.legal_person": True,
    "enterprise.size": "small",
    "enterprise.registered_on_platform": True,
    "enterprise.barred": False,
    "enterprise.responsible_person_barred": False,
    "enterprise.specialised": False,
    "enterprise.credit_grade": "none",
    "finding.good_growth": True,
    "finding.well_run": True,
    "finding.fits_industrial_policy": True,
    "finding.online_information_sound": True,
    "contract.signed": True,
    "contract.signed_on": date(2016, 6, 1),
    "contract.amount": "4000元",
    "contract.collusion_found": False,
    "service.category": "consulting",
    "service.litigation": False,
    "service.funded_otherwise": False,
    "provider.signed": True,
    "provider.is_operator": False,
    "period.funds_left": "none",
    "ledger.claimed_for_item": 0,
    "ledger.claimed_this_year": 0,
    "ledger.expired_this_year": 0,
}
SETTLEMENT: Final[Mapping[str, Any]] = {
    "settlement.date": date(2017, 4, 10),
    "settlement.papers": ["service_contract", "provider_receipt"],
    "voucher.face_value": "2000元",
    "voucher.issued_on": date(2017, 3, 1),
    "voucher.void": False,
    "voucher.transferred": False,
    "contract.amount": "6000元",
    "service.completed_on": date(2017, 3, 20),
    "enterprise.evaluated_service": True,
    "enterprise.satisfied": True,
    "finding.fully_performed": True,
    "contract.collusion_found": False,
    "provider.is_operator": False,
    "deposit.paid": True,
    "ledger.used_for_item": 0,
    "ledger.used_this_year": 0,
    "ledger.used_of_claim_year": 0,
}
PROVIDER: Final[Mapping[str, Any]] = {
    "admission.date": date(2017, 3, 1),
    "provider.registered_in_region": True,
    "provider.categories": ["consulting"],
    "provider.applied_on_platform": True,
    "provider.filed": True,
    "provider.published": True,
    "finding.provider_distinctive": True,
    "finding.provider_willing": True,
    "finding.platform_rules_met": True,
    "finding.papers_true": True,
    "finding.expert_review_passed": True,
}
COLLUSION: Final[Mapping[str, Any]] = {
    "violation.found_on": date(2017, 3, 1),
    "finding.collusion": True,
    "finding.issue_cancelled": False,
    "voucher.issued": True,
}

# What a flag of the second reading says in facts where its condition is not met.
UNMET_CLAIM: Final[Mapping[str, Facts]] = {
    "registered_in_region": {"enterprise.registered_in_region": False},
    "independent_legal_person": {"enterprise.legal_person": False},
    "size_in_scope": {"enterprise.size": "large"},
    "growth_good": {"finding.good_growth": False},
    "well_run": {"finding.well_run": False},
    "fits_industrial_policy": {"finding.fits_industrial_policy": False},
    "service_in_catalogue": {"service.category": "other", "finding.urgently_needed": False},
    "not_litigation": {"service.litigation": True},
    "registered_on_platform": {"enterprise.registered_on_platform": False},
    "provider_is_signed": {"provider.signed": False},
    "contract_signed_before_application": {"contract.signed_on": date(2017, 3, 2)},
    "contract_genuine": {"contract.collusion_found": True},
    "no_bad_record": {"enterprise.barred": True},
    "period_vouchers_left": {"period.funds_left": 0},
    "provider_is_not_operator": {"provider.is_operator": True},
    "applied_in_voucher_system": {"claim.made_online": False},
    "initial_review_passed": {"finding.online_information_sound": False},
}
UNMET_PROVIDER: Final[Mapping[str, Facts]] = {
    "registered_in_region": {"provider.registered_in_region": False},
    "capable_of_services": {"provider.categories": []},
    "distinct_specialisation": {"finding.provider_distinctive": False},
    "willing_to_serve": {"finding.provider_willing": False},
    "meets_registration_rules": {"finding.platform_rules_met": False},
    "applied_on_platform": {"provider.applied_on_platform": False},
    "materials_submitted": {"provider.applied_on_platform": False},
    "operator_review_passed": {"finding.papers_true": False},
    "expert_review_passed": {"finding.expert_review_passed": False},
    "filed_with_authority": {"provider.filed": False},
    "published_on_platform": {"provider.published": False},
}
# The second reading cites the article; the ruleset cites the item that leaves the list open.
FINER: Final[Mapping[str, str]] = {"第七条": "第七条（七）"}

GRADES: Final[Mapping[str | None, str]] = {
    None: "none",
    "AAA": "aaa",
    "AA": "aa",
    "A": "a",
    "A-": "a_minus",
    "BBB": "bbb",
    "BB": "bb",
    "B": "b",
    "C": "c",
}

# Where the two readings part, and why: each a choice that was made, not an oversight.
CHOICES: Final[Mapping[str, str]] = {
    "a": "a price of nothing is no contract, so the ruleset refuses it at the door",
    "b": "a claim that is denied brings no voucher, so it has no deposit",
    "c": "article 6 sets ceilings, so a request above the price is granted in part",
    "d": "first review and online application are rules, so they are mapped and part no more",
}
# (function, why of the case) -> what the ruleset answers, and the choice behind it.
APART: Final[Mapping[tuple[str, str], tuple[object, str]]] = {
    ("voucher_amount", "empty contract"): (REFUSED, "a"),
    ("settlement_amount", "contract fell to nothing"): (REFUSED, "a"),
    ("deposit", "nothing at all"): (REFUSED, "a"),
    ("supervision_fee_range", "nothing"): (REFUSED, "a"),
    ("deposit", "one fen contract without voucher"): ("denied", "b"),
    ("deposit", "no voucher: whole price"): ("denied", "b"),
    ("deposit", "voucher one fen above price"): (0, "c"),
}
# A flag of the second reading -> the rule that asks for it; these are what choice d speaks of.
MAPPED: Final[Mapping[str, str]] = {
    "applied_in_voucher_system": "made_online",
    "initial_review_passed": "first_review",
}

# day -> the reading under which the ruleset agrees; under its default it does not.
DAYS_APART: Final[Mapping[str, Mapping[str, str]]] = {
    "2016-06-24": {"promulgation_day": "printed"},
    "2016-06-25": {"promulgation_day": "printed"},
    "2016-06-26": {"promulgation_day": "printed"},
}


def decide_claim(
    contract_fen: int, claimed_this_year_fen: int, claimed_same_item_fen: int = 0
) -> Decision:
    facts = {
        "contract.amount": to_yuan(contract_fen),
        "ledger.claimed_this_year": to_yuan(claimed_this_year_fen),
        "ledger.claimed_for_item": to_yuan(claimed_same_item_fen),
    }
    return RULESET.decide("claim", {**CLAIM, **facts})


def decide_settlement(
    voucher_fen: int,
    contract_fen: int,
    used_this_year_fen: int,
    adjustment_fen: int | None = None,
    used_same_item_fen: int = 0,
) -> Decision:
    facts: Facts = {
        "voucher.face_value": to_yuan(voucher_fen),
        "contract.amount": to_yuan(contract_fen),
        "ledger.used_this_year": to_yuan(used_this_year_fen),
        "ledger.used_for_item": to_yuan(used_same_item_fen),
    }
    if adjustment_fen is not None:
        facts["finding.fully_performed"] = False
        facts["finding.settlement_reduction"] = to_yuan(-adjustment_fen)
    return VALID.decide("settle", {**SETTLEMENT, **facts})


def answer_voucher_amount(**fen: int) -> int:
    return to_fen(decide_claim(**fen))


def answer_settlement_amount(**fen: int) -> int:
    return to_fen(decide_settlement(**fen))


def answer_deposit(contract_fen: int, voucher_fen: int) -> object:
    facts = {
        "contract.amount": to_yuan(contract_fen),
        "claim.requested_amount": to_yuan(voucher_fen),
    }
    decision = UNLIMITED.decide("claim", {**CLAIM, **facts})
    if decision.outcome == "granted":
        return decision.values["deposit.amount"]
    assert "deposit.amount" not in decision.values, decision
    return decision.outcome


def answer_supervision_fee_range(contract_fen: int) -> list[str]:
    facts = {"contract.amount": to_yuan(contract_fen), "fee.charged": "none"}
    values = RULESET.decide("supervision_fee", facts, on="2017-03-01").values
    return [str(values["fee.least"]), str(values["fee.most"])]


def answer_size_admitted(size: str, *, medium_admitted: bool) -> bool:
    option = "admitted" if medium_admitted else "excluded"
    facts = {**CLAIM, "enterprise.size": size}
    granted, _ = tell_verdict(
        RULESET.decide("claim", facts, readings={"medium_enterprises": option})
    )
    return granted


def answer_priority(*, is_specialised: bool, credit_grade: str | None) -> object:
    facts = {
        "enterprise.specialised": is_specialised,
        "enterprise.credit_grade": GRADES.get(credit_grade, credit_grade),
    }
    ((_, keys),) = RULESET.decide("claim", {**CLAIM, **facts}).result.ranking
    return keys[0]


def gather_unmet(unmet: Mapping[str, Facts], flags: Mapping[str, bool]) -> Facts:
    """Return the facts of unmet conditions; a flag nobody knows stays, to be refused as a fact."""
    facts: Facts = {}
    for name, met in flags.items():
        if name not in unmet:
            facts[name] = met
        elif not met:
            facts |= unmet[name]
    return facts


def tell_verdict(decision: Decision) -> tuple[bool, list[str]]:
    """Return whether it was granted, and the articles against; a case left open is refused."""
    if decision.outcome == "undetermined":
        raise InputError([])
    granted = decision.outcome == "granted"
    assert granted or decision.outcome == "denied", decision
    return granted, [] if granted else list(decision.articles)


def join_verdicts(*verdicts: tuple[bool, list[str]]) -> list[object]:
    articles = {article for _, cited in verdicts for article in cited}
    return [all(granted for granted, _ in verdicts), sorted(articles)]


def answer_may_claim(**flags: bool) -> list[object]:
    """Ask the claim and, for what becomes of the voucher afterwards, the settlement."""
    own_use: Facts = {
        "voucher.transferred": not flags["for_own_use"] if "for_own_use" in flags else "unknown"
    }
    claimed = {name: met for name, met in flags.items() if name != "for_own_use"}
    claim = RULESET.decide("claim", {**CLAIM, **gather_unmet(UNMET_CLAIM, claimed)})
    settled = VALID.decide("settle", {**SETTLEMENT, **own_use})
    return join_verdicts(tell_verdict(claim), tell_verdict(settled))


def answer_provider_admissible(**flags: bool) -> list[object]:
    """Ask the admission and, for one that was lost, what follows from collusion."""
    lost: Facts = {"finding.provider_disqualified": not flags.pop("not_disqualified")}
    admitted = RULESET.decide("admit_provider", {**PROVIDER, **gather_unmet(UNMET_PROVIDER, flags)})
    followed = RULESET.decide("sanction", {**COLLUSION, **lost}).consequences
    refs = [f.rule.citation.ref for f in followed if f.rule.id == "provider_loses_admission"]
    return join_verdicts(tell_verdict(admitted), (not refs, refs))


ANSWERS: Final[Mapping[str, Callable[..., object]]] = {
    "voucher_amount": answer_voucher_amount,
    "settlement_amount": answer_settlement_amount,
    "deposit": answer_deposit,
    "supervision_fee_range": answer_supervision_fee_range,
    "size_admitted": answer_size_admitted,
    "priority": answer_priority,
    "may_claim": answer_may_claim,
    "provider_admissible": answer_provider_admissible,
}


def ask_ruleset(function: str, arguments: Mapping[str, Any]) -> object:
    try:
        return ANSWERS[function](**arguments)
    except InputError:
        return REFUSED


def put_finely(expected: object) -> object:
    """Return an answer with the articles the ruleset cites more finely, in no order."""
    match expected:
        case [bool(granted), list(articles)]:
            return [granted, sorted(FINER.get(article, article) for article in articles)]
    return expected


def ask_second_reading(function: str, arguments: Mapping[str, Any]) -> object:
    """Return what the function of the second reading answers, in the words of the file."""
    try:
        answer = getattr(second, function)(**arguments)
    except ValueError:
        return REFUSED
    if isinstance(answer, tuple):
        return [str(item) if isinstance(item, Fraction) else item for item in answer]
    return answer


def name_case(case: Mapping[str, Any]) -> str:
    return f"{case['function']}: {case['why']}"


@pytest.mark.parametrize("case", BOUNDARY["cases"], ids=name_case)
def test_the_second_reading_answers_its_own_cases(case: Mapping[str, Any]) -> None:
    assert ask_second_reading(case["function"], case["args"]) == case["expect"]


@pytest.mark.parametrize("case", BOUNDARY["cases"], ids=name_case)
def test_ruleset_and_second_reading_agree(case: Mapping[str, Any]) -> None:
    answer = ask_ruleset(case["function"], case["args"])
    expected = put_finely(case["expect"])
    if apart := APART.get((case["function"], case["why"])):
        assert answer != expected, f"no difference any more: {CHOICES[apart[1]]}"
        expected = put_finely(apart[0])
    assert answer == expected, case["article"]


def test_every_difference_belongs_to_one_case() -> None:
    keys = [(case["function"], case["why"]) for case in BOUNDARY["cases"]]
    assert [key for key in APART if keys.count(key) != 1] == []


def test_every_choice_is_told_by_its_cases_or_mapped() -> None:
    assert {choice for _, choice in APART.values()} == set(CHOICES) - {"d"}


@pytest.mark.parametrize("flag", MAPPED)
def test_a_mapped_flag_is_asked_by_a_rule_of_its_own(flag: str) -> None:
    decision = RULESET.decide("claim", {**CLAIM, **UNMET_CLAIM[flag]})
    assert decision.outcome == "denied"
    assert [rule.id for reason in decision.reasons for rule in reason.rules] == [MAPPED[flag]]
    assert list(decision.articles) == [second.CLAIM_FLAGS[flag]]


def test_every_function_is_asked() -> None:
    assert {case["function"] for case in BOUNDARY["cases"]} == set(ANSWERS)


def is_in_force(day: str, readings: Mapping[str, str]) -> bool:
    facts = {**CLAIM, "claim.date": date.fromisoformat(day)}
    outcome = RULESET.decide("claim", facts, readings=readings).outcome
    assert outcome in {"granted", "not_in_force"}
    return outcome == "granted"


@pytest.mark.parametrize("case", BOUNDARY["dates"], ids=lambda case: case["day"])
def test_the_days_in_force_agree(case: Mapping[str, Any]) -> None:
    readings = DAYS_APART.get(case["day"], {})
    if readings:
        assert case["doubtful"]
        assert is_in_force(case["day"], {}) != case["in_force"], "no difference any more"
    assert is_in_force(case["day"], readings) == case["in_force"]


def test_every_day_apart_is_warned_of() -> None:
    for day in DAYS_APART:
        facts = {**CLAIM, "claim.date": date.fromisoformat(day)}
        codes = {warning.code for warning in RULESET.decide("claim", facts).warnings}
        assert "start_disputed" in codes, day


CONTRACTS: Final = draw_fen(1, 10**9, 3, 200_000, 400_000, 600_000, 1_000_000)
CLAIMED: Final = draw_fen(0, 600_000, 0, 200_000, 300_000, 400_000, 500_000)
OF_ITEM: Final = draw_fen(0, 400_000, 0, 100_000, 200_000, 300_000)
VOUCHERS: Final = draw_fen(0, 400_000, 0, 200_000, 300_000)
TAKEN_OFF: Final = st.one_of(st.none(), draw_fen(0, 400_000, 0, 100_000, 300_000))


@given(contract=CONTRACTS, claimed=CLAIMED, of_item=OF_ITEM)
def test_every_voucher_agrees(contract: int, claimed: int, of_item: int) -> None:
    expected = second.voucher_amount(contract, claimed, of_item)
    decision = decide_claim(contract, claimed, of_item)
    assert to_fen(decision) == expected
    assert decision.outcome == ("granted" if expected else "denied")
    if expected:
        assert decision.values["deposit.amount"] == second.deposit(contract, expected)
    else:
        assert "deposit.amount" not in decision.values


@given(voucher=VOUCHERS, contract=CONTRACTS, used=CLAIMED, of_item=OF_ITEM, taken=TAKEN_OFF)
def test_every_settlement_agrees(
    voucher: int, contract: int, used: int, of_item: int, taken: int | None
) -> None:
    adjustment = None if taken is None else -taken
    expected = second.settlement_amount(voucher, contract, used, adjustment or 0, of_item)
    decision = decide_settlement(voucher, contract, used, adjustment, of_item)
    assert to_fen(decision) == expected
    assert decision.outcome == ("granted" if expected else "denied")


@given(contract=CONTRACTS, claimed=CLAIMED, of_item=OF_ITEM, left=CLAIMED, asked=CLAIMED)
def test_no_voucher_passes_a_limit(
    contract: int, claimed: int, of_item: int, left: int, asked: int
) -> None:
    facts = {
        "contract.amount": to_yuan(contract),
        "ledger.claimed_this_year": to_yuan(claimed),
        "ledger.claimed_for_item": to_yuan(of_item),
        "period.funds_left": to_yuan(left),
        "claim.requested_amount": to_yuan(asked),
    }
    granted = to_fen(RULESET.decide("claim", {**CLAIM, **facts}))
    assert granted >= 0
    assert 2 * granted <= contract
    assert granted <= min(left, asked)
    assert granted == 0 or granted + of_item <= second.ITEM_CAP_FEN
    assert granted == 0 or granted + claimed <= second.YEAR_CAP_FEN
    assert granted == min(second.voucher_amount(contract, claimed, of_item), left, asked)


@given(voucher=VOUCHERS, contract=CONTRACTS, used=CLAIMED, of_item=OF_ITEM, taken=TAKEN_OFF)
def test_no_settlement_passes_a_limit(
    voucher: int, contract: int, used: int, of_item: int, taken: int | None
) -> None:
    adjustment = None if taken is None else -taken
    settled = to_fen(decide_settlement(voucher, contract, used, adjustment, of_item))
    assert settled >= 0
    assert 2 * settled <= contract
    assert settled == 0 or settled + of_item <= second.ITEM_CAP_FEN
    assert settled + (taken or 0) <= voucher or settled == 0
    assert settled == 0 or settled + used <= second.YEAR_CAP_FEN


@given(contract=CONTRACTS)
def test_every_supervision_fee_agrees(contract: int) -> None:
    least, most = second.supervision_fee_range(contract)
    assert answer_supervision_fee_range(contract) == [str(least), str(most)]
