"""Bodies: whatever a decision rests on is in them, so that they can be decided on again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from voucher_rules.api import Decision, Ruleset, load
from voucher_rules.record.body import Aside, Record, make_record
from voucher_rules.record.canonical import CanonicalError, read_canonical, write_canonical
from voucher_rules.record.digests import DigestKind, digest_data
from voucher_rules.record.facts import restate_facts
from voucher_rules.testing.load import Case, load_cases

ROOT = Path(__file__).parents[2]
FILES = sorted(ROOT.glob("rulesets/*/*.cases.yaml"))
EVERY = 1 if int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1")) > 1 else 40

FACTS: Mapping[str, Any] = {
    "claim.at": "2017-03-01T10:00+08:00",
    "contract.amount": "4000元",
}


def record_case(case: Case) -> Record:
    return make_record(
        case.ruleset.decide(
            case.decision,
            case.facts,
            on=case.on,
            readings=case.readings,
            assume_in_force=case.assume_in_force,
            source=case.source,
        ).result
    )


def decide_again(body: Mapping[str, Any], ruleset: Ruleset) -> Decision:
    return ruleset.decide(
        body["decision"],
        restate_facts(body, ruleset.checked),
        readings=body["readings"],
        assume_in_force=body["assume_in_force"],
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_kind_of_decision_can_be_taken_again_from_its_body(path: Path) -> None:
    for case in load_cases(path).cases[::EVERY]:
        made = record_case(case)
        read = read_canonical(made.written)
        again = make_record(decide_again(read, case.ruleset).result)
        assert again.body == made.body, case.name
        assert again.trace == made.trace, case.name
        assert again.digest == made.digest, case.name


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load("cn-nx-service-voucher", "2016")


def decide(
    ruleset: Ruleset, facts: Mapping[str, Any], readings: Mapping[str, str] | None = None
) -> Record:
    return make_record(ruleset.decide("claim", facts, on="2017-03-01", readings=readings).result)


def test_the_order_in_which_facts_are_stated_changes_no_byte(ruleset: Ruleset) -> None:
    facts = {"contract.amount": "4000元", "claim.date": "2017-03-01", "deposit.due": "10元"}
    facts = {name: value for name, value in facts.items() if name in ruleset.checked.inputs}
    turned = dict(reversed(facts.items()))
    assert decide(ruleset, facts).written == (decide(ruleset, turned).written)


@pytest.mark.parametrize("amount", ["4000元", "4000.00元", "0.4万元", 4000])
def test_one_value_in_other_words_is_one_body(ruleset: Ruleset, amount: str | int) -> None:
    one = decide(ruleset, {"contract.amount": "4000元"})
    assert decide(ruleset, {"contract.amount": amount}).digest == one.digest
    assert one.body["facts"]["contract.amount"] == "4000.00"


def test_one_fen_is_another_body(ruleset: Ruleset) -> None:
    one = decide(ruleset, {"contract.amount": "4000元"})
    other = decide(ruleset, {"contract.amount": "4000.01元"})
    assert one.digest != other.digest
    assert one.body["facts_digest"] != other.body["facts_digest"]
    assert one.body["trace_digest"] != other.body["trace_digest"]


def test_the_parts_of_a_body_are_bound_by_digests_of_their_own(ruleset: Ruleset) -> None:
    made = decide(ruleset, {"contract.amount": "4000元"})
    body = made.body
    assert body["facts_digest"] == digest_data(DigestKind.FACTS, body["facts"])
    assert body["outcome_digest"] == digest_data(DigestKind.OUTCOME, body["outcome"])
    assert body["trace_digest"] == digest_data(DigestKind.TRACE, made.trace)
    assert made.digest == digest_data(DigestKind.DECISION, body)


def test_every_reading_chosen_is_in_the_body(ruleset: Ruleset) -> None:
    made = decide(ruleset, {}, {"medium_enterprises": "excluded"})
    assert made.body["readings"] == {
        name: "excluded" if name == "medium_enterprises" else reading.default
        for name, reading in ruleset.checked.readings.items()
    }
    assert [item["target"] for item in made.body["overlays"]] == ["medium_enterprises"]


def test_where_a_fact_comes_from_is_in_the_body(ruleset: Ruleset) -> None:
    fact = {"value": "4000元", "source": "service contract", "declared_by": "applicant"}
    made = decide(ruleset, {"contract.amount": fact})
    assert made.body["provenance"]["contract.amount"] == {
        "source": "service contract",
        "declared_by": "applicant",
    }


def test_a_hidden_fact_stands_nowhere_in_body_or_trace() -> None:
    ruleset = load(ROOT / "tests" / "record" / "rulesets" / "invented-tickets" / "1.yaml")
    facts = {
        "ticket.holder": "Zhang San of Nowhere",
        "ticket.agent": "Li Si of Elsewhere",
        "ticket.price": "100元",
    }
    digest = f"sha256:{'ab' * 32}"
    result = ruleset.decide("refund", facts, on="2024-05-01").result
    aside = Aside("case 7", {"ticket.holder": digest})
    made = make_record(result, aside=aside)
    whole = (made.written + write_canonical(made.trace)).decode()
    assert "Zhang San" not in whole
    assert "Li Si" in whole
    assert made.body["facts"]["ticket.holder"] == {"commitment": digest}
    assert digest in write_canonical(made.trace).decode()
    assert made.body["subject"] == "case 7"
    assert made.body["outcome"] == make_record(result).body["outcome"]


def test_a_text_that_is_not_normal_is_refused_and_not_rewritten() -> None:
    ruleset = load(ROOT / "tests" / "record" / "rulesets" / "invented-tickets" / "1.yaml")
    facts = {"ticket.holder": "Andre\u0301"}
    with pytest.raises(CanonicalError) as caught:
        make_record(ruleset.decide("refund", facts, on="2024-05-01").result)
    assert (caught.value.code, caught.value.pointer) == ("not-nfc", "/ticket.holder")
