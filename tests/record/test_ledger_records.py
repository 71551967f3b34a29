"""Records of decisions made from a ledger: they come out again without that ledger."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import voucher_rules as vr
from voucher_rules.record.body import make_record, state_balances
from voucher_rules.record.canonical import read_canonical
from voucher_rules.record.rechecking import Recheck, Reproduced, recheck_record
from voucher_rules.record.shelf import RulesetShelf

FOLDER = Path(__file__).parents[1] / "ledger" / "rulesets"
PLACES = "invented-places"
E1 = {"enterprise": "E1"}


def put_down(folder: Path, *changes: tuple[str, str]) -> vr.Ruleset:
    """Return the invented places with some of their text changed, in a folder of their own."""
    text = (FOLDER / PLACES / "1.yaml").read_text()
    for before, after in changes:
        assert text.count(before) == 1
        text = text.replace(before, after)
    (folder / PLACES).mkdir()
    (folder / PLACES / "1.yaml").write_text(text)
    return vr.load(PLACES, folders=[folder])


def claim(
    ledger: vr.Ledger, thing: str, at: str, category: str = "training", enterprise: str = "E1"
) -> vr.LedgerDecision:
    facts = {"contract.amount": "1000元", "service.category": category, "contract.provider": "P1"}
    return ledger.decide("claim", facts, at, thing=thing, carries={"enterprise": enterprise})


def write(made: vr.LedgerDecision) -> tuple[dict[str, Any], Any]:
    """Return the body and the trace of a decision's record."""
    decision = made.decision
    balances = state_balances(decision.trails, decision.result.ruleset)
    record = make_record(decision.result, balances)
    return read_canonical(record.written), record.trace


def recheck(
    made: vr.LedgerDecision, change: Mapping[str, Any] | None = None, folder: Path = FOLDER
) -> Recheck:
    """Recheck the record of a decision with some of its body changed, by path."""
    body, trace = write(made)
    body = copy.deepcopy(body)
    for path, value in (change or {}).items():
        *names, last = (int(x) if x.isdigit() else x for x in path.split("/"))
        at: Any = body
        for name in names:
            at = at[name]
        at[last] = value
    return recheck_record(body, trace, RulesetShelf([folder]))


def list_codes(made: vr.LedgerDecision) -> list[str]:
    return [item.code for item in made.decision.warnings]


@pytest.fixture(scope="module")
def made() -> Mapping[str, vr.LedgerDecision]:
    """Return decisions of many kinds from one ledger."""
    ledger = vr.Ledger(vr.load(PLACES, folders=[FOLDER]))
    found = {"first": claim(ledger, "V1", "2024-02-01T09:00")}
    ledger.enter("voucher", "V1", "use", "2024-02-02T09:00")
    found["denied"] = claim(ledger, "V2", "2024-02-03T09:00")
    found["of a list and a set"] = claim(ledger, "V3", "2024-02-03T10:00", "testing")
    nobody = {"contract.amount": "1000元", "service.category": "design"}
    found["nobody's"] = ledger.consider("claim", nobody, "2024-02-03T11:00")
    found["a day"] = ledger.decide("review", {}, "2024-02-05T09:00", carries=E1)
    found["no day"] = ledger.decide("review", {}, "2024-02-05T09:00", carries={"enterprise": "E9"})
    signed = {"contract.signed_on": "2024-02-06", "contract.provider": "P1"}
    found["told by its thing"] = ledger.decide("sign", signed, "2024-02-06T09:00", thing="V3")
    ledger.budget(
        "vouchers_of_year", "1", "2024-01-01", "2024-02-07T09:00", envelope={"category": "design"}
    )
    found["the last place"] = claim(ledger, "V5", "2024-02-07T10:00", "design")
    found["put on the list"] = claim(ledger, "V6", "2024-02-07T11:00", "design", "E2")
    return found


KINDS = (
    *("first", "denied", "of a list and a set", "nobody's", "a day", "no day"),
    *("told by its thing", "the last place", "put on the list"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_from_a_ledger_comes_out_again(
    made: Mapping[str, vr.LedgerDecision], kind: str
) -> None:
    found = recheck(made[kind])
    assert [x.pointer for x in found.differences] == []
    assert (found.reproduced, found.detail) == (Reproduced.MATCH, "")


def test_they_are_of_many_kinds(made: Mapping[str, vr.LedgerDecision]) -> None:
    assert set(made) == set(KINDS)
    assert "pool_not_stated" in list_codes(made["first"])
    assert "pool_waits" in list_codes(made["put on the list"])
    assert "fact_not_read" not in list_codes(made["of a list and a set"])
    values = {item.name: item.value for item in made["of a list and a set"].balances}
    assert values["enterprise.categories_used"] == '["training"]'
    assert values["vouchers"].count("amount") == 1


def test_what_nobody_counts_is_warned_of_again() -> None:
    rulesets = [vr.load("invented-voucher", folders=[FOLDER])]
    ledger = vr.Ledger(rulesets)
    facts = {
        "contract.amount": "6万元",
        "service.category": "training",
        "claim.at": "2024-02-01T09:00",
        "term.opens": "none",
        "term.closes": "none",
    }
    carries = {"enterprise": "E1", "provider": "P1"}
    decided = ledger.consider("claim", facts, "2024-02-01T09:00", carries=carries)
    assert "ruleset_not_held" in list_codes(decided)
    assert recheck(decided).reproduced is Reproduced.MATCH


def test_a_balance_other_than_the_decision_went_by_is_a_difference(
    made: Mapping[str, vr.LedgerDecision],
) -> None:
    body, _ = write(made["of a list and a set"])
    for place, item in enumerate(body["balances"]):
        found = recheck(made["of a list and a set"], {f"balances/{place}/value": "other"})
        assert [x.pointer for x in found.differences] == [f"/balances/{place}/value"]
        assert found.differences[0].again == item["value"]


def test_of_a_pool_there_is_not_nothing_is_carried_over(
    made: Mapping[str, vr.LedgerDecision],
) -> None:
    warnings = write(made["first"])[0]["outcome"]["warnings"]
    (place,) = (n for n, x in enumerate(warnings) if x["code"] == "pool_not_stated")
    change = {f"outcome/warnings/{place}/arguments/pool": "none"}
    assert recheck(made["first"], change).reproduced is Reproduced.MISMATCH
    change = {f"outcome/warnings/{place}/ref": "第九条"}
    assert recheck(made["first"], change).reproduced is Reproduced.MISMATCH


def test_whose_a_balance_is_is_hidden_with_the_fact_that_says_so(tmp_path: Path) -> None:
    carried = "enterprise: {label: {zh: 企业, en: enterprise}}\n      category"
    stated = "enterprise: {from: claim.by, label: {zh: 企业, en: enterprise}}\n      category"
    fact = "  claim.by: {type: id, label: {zh: 企业, en: enterprise}}\n  claim.date: {type: date,"
    changes = ((carried, stated), ("  claim.date: {type: date,", fact))
    ledger = vr.Ledger(put_down(tmp_path, *changes))
    facts = {"contract.amount": "1000元", "service.category": "training", "claim.by": "Zhang San"}
    ledger.decide("claim", facts, "2024-02-01T09:00", thing="V1")
    ledger.enter("voucher", "V1", "use", "2024-02-02T09:00")
    decided = ledger.decide("claim", facts, "2025-02-01T09:00", thing="V2")
    with vr.RecordLog.create(
        tmp_path / "log", "A bureau (invented)", secrets=tmp_path / "secrets"
    ) as log:
        entry = log.record(decided.decision, "request 1", vr.RecordOptions(hide=["claim.by"])).entry
        assert "Zhang San" not in (tmp_path / "log").read_text()
    assert entry.body is not None
    (redaction,) = entry.redactions
    assert entry.body["balances"][0]["per"] == {"enterprise": [redaction.commitment]}
    texts = {redaction.commitment: "Zhang San"}
    shelf = RulesetShelf([tmp_path])
    found = recheck_record(entry.body, entry.trace, shelf, texts)
    assert (found.reproduced, found.detail) == (Reproduced.MATCH, "")


FILLED = [
    # More is left than a case may state.
    ("places.left: {type: count, unit: 张,", "places.left: {type: count, unit: 张, max: 1张,"),
    # The history tells of a day that a case could not state of this category.
    (
        "enterprise.first_issued: {type: date,",
        "enterprise.first_issued: {type: date, applies: service.category == 'testing',",
    ),
]


@pytest.mark.parametrize("change", FILLED)
def test_what_a_ledger_told_is_not_held_to_what_may_be_stated(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    ledger = vr.Ledger(put_down(tmp_path, change))
    ledger.budget(
        "vouchers_of_year", "3", "2024-01-01", "2024-01-02T09:00", envelope={"category": "training"}
    )
    decided = claim(ledger, "V1", "2024-02-01T09:00")
    found = recheck(decided, folder=tmp_path)
    assert (found.reproduced, found.detail) == (Reproduced.MATCH, "")
    stated = recheck(decided, {"provenance": {}}, folder=tmp_path)
    assert stated.reproduced is Reproduced.CANNOT_REPLAY
