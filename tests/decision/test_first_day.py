"""A measure whose first day nobody wrote down: that is not known, until somebody states the day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.compiled.verdict import decide_fast
from voucher_rules.decision.law import FIRST_DAY
from voucher_rules.decision.options import choose_options
from voucher_rules.record.body import make_record
from voucher_rules.record.rechecking import Reproduced, recheck_record
from voucher_rules.record.shelf import RulesetShelf

RULESET: Final = """
ruleset: test-first-day
edition: "1"
published: 2024-01-01
language: 1
title: {{zh: 虚构的补贴, en: an invented grant}}
document:
  title: {{zh: 虚构的办法, en: invented measure}}
  issuer: {{zh: 某局, en: some bureau}}
  status: {status}
  effective: {{{effective}, ref: 第一条}}
  verified: 2024-01-01
currency: CNY
utc_offset: "+08:00"
facts:
  claim.date: {{type: date, label: {{zh: 日期, en: day}}}}
  shop.price: {{type: money, min: 0元, label: {{zh: 价格, en: price}}}}
decisions:
  claim:
    label: {{zh: 申领, en: claim}}
    subject: {{zh: 店, en: shop}}
    as_of: claim.date
    answers: amount
    outputs: {{grant.amount: {{type: money, label: {{zh: 补贴, en: grant}}}}}}
  again:
    label: {{zh: 再问, en: asked again}}
    subject: {{zh: 店, en: shop}}
    as_of: claim.date
    answers: permission
provisions:
  - ref: 第一条
    summary: {{zh: 上限, en: cap}}
    parameters:
      cap: {{type: money, value: 3000元, limit: at_most, label: {{zh: 上限, en: cap}}}}
    rules:
      - {{id: cap, topic: cap, for: claim, limits: grant.amount, at_most: cap,
        says: {{zh: 上限, en: cap}}}}
      - {{id: half, topic: ratio, for: claim, limits: grant.amount, at_most: shop.price,
        says: {{zh: 价格, en: price}}}}
      - {{id: ask, topic: note, for: again, define: sound,
        call: {{decision: claim, gives: granted}}}}
      - {{id: sound, topic: note, for: again, require: sound, says: {{zh: 合格, en: sound}}}}
"""
LASTING: Final = "from: unset, lasts: 1年"
PRICE: Final = {"shop.price": "4000元"}


def load(folder: Path, effective: str = LASTING, status: str = "issued") -> vr.Ruleset:
    path = folder / "test-first-day" / "1.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(RULESET.format(effective=effective, status=status), "utf-8")
    return vr.load(path)


@pytest.mark.parametrize("status", ["issued", "unknown"])
def test_whether_it_is_in_force_is_not_known_and_what_would_settle_it(
    tmp_path: Path, status: str
) -> None:
    decision = load(tmp_path, status=status).decide("claim", PRICE, on="2024-05-01")
    assert decision.outcome == "undetermined"
    assert [str(x) for x in decision.result.possible] == ["granted", "not_in_force"]
    assert [(x.kind, str(x.citation)) for x in decision.result.reasons] == [
        ("force_unknown", "第一条")
    ]
    (missing,) = decision.result.missing
    assert (missing.name, str(missing.role)) == (FIRST_DAY, "document")
    assert missing.set_by is not None
    assert missing.set_by.en == "some bureau"
    amount = decision.result.amounts["grant.amount"]
    assert (amount.value, amount.range.low, amount.range.high) == (None, 0, 300_000)
    assert decision.result.exact


def test_what_is_denied_anyway_may_still_not_be_in_force(tmp_path: Path) -> None:
    decision = load(tmp_path).decide("claim", {"shop.price": "0元"}, on="2024-05-01")
    assert decision.outcome == "undetermined"
    assert [str(x) for x in decision.result.possible] == ["denied", "not_in_force"]
    amount = decision.result.amounts["grant.amount"]
    assert (amount.range.low, amount.range.high) == (0, 0)


def test_unknown_facts_are_asked_for_after_the_day(tmp_path: Path) -> None:
    decision = load(tmp_path).decide("claim", {}, on="2024-05-01")
    assert decision.missing == (FIRST_DAY, "shop.price")


@pytest.mark.parametrize("effective", [LASTING, "from: 2024-05-01, lasts: 1年"])
@pytest.mark.parametrize("status", ["draft", "repealed"])
def test_a_document_without_force_is_not_in_force(
    tmp_path: Path, status: str, effective: str
) -> None:
    decision = load(tmp_path, effective, status).decide("claim", PRICE, on="2024-06-01")
    assert decision.outcome == "not_in_force"


def test_what_is_assumed_is_decided_as_before(tmp_path: Path) -> None:
    ruleset = load(tmp_path)
    decision = ruleset.decide("claim", PRICE, on="2024-05-01", assume_in_force=True)
    assert decision.outcome == "granted"
    assert "assumed_in_force" in {x.code for x in decision.warnings}
    assert make_record(decision.result).body["engine"]["semantics"] == 1


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        ("2024-04-30", "not_in_force"),
        ("2024-05-01", "granted"),
        ("2024-05-02", "granted"),
        ("2025-04-30", "granted"),
        ("2025-05-01", "not_in_force"),
    ],
)
@pytest.mark.parametrize("decision", ["claim", "again"])
def test_the_stated_day_decides_and_the_last_day_follows_from_it(
    tmp_path: Path, decision: str, on: str, outcome: str
) -> None:
    ruleset = load(tmp_path).state_start("2024-05-01")
    made = ruleset.decide(decision, PRICE, on=on)
    assert made.outcome == outcome
    written = load(tmp_path, "from: 2024-05-01, lasts: 1年").decide(decision, PRICE, on=on)
    assert written.outcome == outcome
    overlays = [(x.kind, x.target, x.before, x.after) for x in made.result.overlays]
    assert overlays == [("start", FIRST_DAY, "unset", "2024-05-01")]
    assert [x.arguments for x in made.warnings if x.code == "start_stated"] == [
        (("start", "2024-05-01"),)
    ]
    assert written.result.overlays == ()


def test_an_unknown_day_of_the_case_is_split_at_the_stated_day(tmp_path: Path) -> None:
    ruleset = load(tmp_path).state_start("2024-05-01")
    decision = ruleset.decide("claim", PRICE)
    assert decision.missing == ("claim.date",)


@pytest.mark.parametrize("on", ["2024-04-30", "2024-05-01", "2025-04-30", "2025-05-01"])
@pytest.mark.parametrize("stated", ["2024-05-01", ""])
@pytest.mark.parametrize("decision", ["claim", "again"])
def test_kernels_and_studies_say_the_same(
    tmp_path: Path, decision: str, stated: str, on: str
) -> None:
    ruleset = load(tmp_path)
    ruleset = ruleset.state_start(stated) if stated else ruleset
    slow = ruleset.decide(decision, PRICE, on=on)
    options = choose_options(ruleset.checked, {})
    facts = {**PRICE, "claim.date": on}
    fast = decide_fast(ruleset.program(decision), facts, None, options)
    assert fast.outcome == slow.outcome
    assert {k: x.value for k, x in fast.amounts.items()} == {
        k: x.value for k, x in slow.result.amounts.items()
    }
    assert fast.code is None or stated
    assert fast.code is not None or decision == "again" or not stated
    study = vr.evaluate(ruleset, [facts], decision=decision)
    assert study.sums.outcomes == {slow.outcome: 1}


def test_a_what_if_stacks_upon_the_stated_day_and_the_day_upon_a_what_if(tmp_path: Path) -> None:
    ruleset = load(tmp_path)
    first = ruleset.state_start("2024-05-01").amend(cap="2000元")
    second = ruleset.amend(cap="2000元").state_start("2024-05-01")
    for made in (first, second):
        decision = made.decide("claim", PRICE, on="2024-05-01")
        assert decision.result.amounts["grant.amount"].value == 200_000
        assert [x.kind for x in decision.result.overlays] == ["what_if", "start"]
        assert made.decide("claim", PRICE, on="2024-04-30").outcome == "not_in_force"
    assert first.checked.semantic_digest == second.checked.semantic_digest


@pytest.mark.parametrize(
    ("effective", "status", "day", "code"),
    [
        ("from: 2024-05-01, lasts: 1年", "issued", "2024-05-01", "start-already-stated"),
        (LASTING, "draft", "2024-05-01", "start-without-force"),
        (LASTING, "repealed", "2024-05-01", "start-without-force"),
        (LASTING, "issued", "2024-02-30", "no-such-day"),
        ("from: unset, until: 2024-05-01", "issued", "2024-05-02", "ends-before-start"),
    ],
)
def test_a_day_that_cannot_be_stated_is_refused(
    tmp_path: Path, effective: str, status: str, day: str, code: str
) -> None:
    ruleset = load(tmp_path, effective, status)
    with pytest.raises(vr.InputError) as caught:
        ruleset.state_start(day)
    assert [x.code for x in caught.value.diagnostics] == [code]


def test_a_day_is_stated_once(tmp_path: Path) -> None:
    ruleset = load(tmp_path).state_start("2024-05-01")
    with pytest.raises(vr.InputError, match="2024-05-01") as caught:
        ruleset.state_start("2024-05-02")
    assert caught.value.diagnostics[0].code == "start-already-stated"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "it is not known whether the measure is in force on that day",
                "the measure states no first day",
                "the first day the measure is in force (some bureau can tell)",
                "ask some bureau for the first day the measure is in force",
            ),
        ),
        (
            "zh",
            (
                "该办法当日是否已施行尚不清楚",
                "该办法没有写明自何日施行",
                "该办法的施行日期（某局可以说明）",
                "向某局核实：该办法的施行日期",
            ),
        ),
    ],
)
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_an_explanation_says_what_is_not_known_and_who_can_tell(
    tmp_path: Path, language: str, told: tuple[str, ...], form: str
) -> None:
    decision = load(tmp_path).decide("claim", PRICE, on="2024-05-01")
    text = decision.explain(language, form)
    for part in told:
        assert part in text
    for wrong in ("the measure is not in force on that day", "该办法当日未施行"):
        assert wrong not in text


def test_data_say_what_is_not_known(tmp_path: Path) -> None:
    decision = load(tmp_path).decide("claim", PRICE, on="2024-05-01")
    data: dict[str, Any] = json.loads(decision.explain("en", "json"))
    assert data["outcome"] == "undetermined"
    assert [x["kind"] for x in data["reasons"]] == ["force_unknown"]
    (missing,) = data["missing"]
    assert (missing["name"], missing["role"]) == (FIRST_DAY, "document")
    assert missing["set_by"]["zh"] == "某局"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("This is neither a refusal nor a grant", "The text does not say")),
        ("zh", ("这不是拒绝，也不是准予", "文本没有写明")),
    ],
)
def test_a_letter_says_so_first(tmp_path: Path, language: str, told: tuple[str, ...]) -> None:
    decision = load(tmp_path).decide("claim", PRICE, on="2024-05-01")
    text = decision.letter(language, "text")
    assert all(part in text for part in told)
    stated = load(tmp_path).state_start("2024-05-01").decide("claim", PRICE, on="2024-05-01")
    letter = stated.letter(language, "text")
    assert "2024-05-01" in letter
    assert {"en": "it was stated by whoever", "zh": "由作出本决定的人写明"}[language] in letter


def recheck(decision: vr.Decision, folder: Path) -> Reproduced:
    made = make_record(decision.result)
    return recheck_record(made.body, made.trace, RulesetShelf([folder])).reproduced


@pytest.mark.parametrize("on", ["2024-04-30", "2024-05-01", "2025-05-01"])
@pytest.mark.parametrize("stated", ["2024-05-01", ""])
def test_records_come_out_again(tmp_path: Path, stated: str, on: str) -> None:
    ruleset = load(tmp_path)
    ruleset = ruleset.state_start(stated) if stated else ruleset
    decision = ruleset.decide("claim", PRICE, on=on)
    assert make_record(decision.result).body["engine"]["semantics"] == 2
    assert recheck(decision, tmp_path) is Reproduced.MATCH


def test_a_record_of_before_comes_out_as_it_was() -> None:
    """The first semantics took an undated document for one not in force; its records say so."""
    corpus = Path(__file__).parents[1] / "record" / "golden"
    found = []
    for name in ("cn-gx-service-voucher-2024", "cn-nm-demonstration-platform-undated"):
        for line in (corpus / f"{name}.jsonl").read_text("utf-8").splitlines():
            body = json.loads(line)
            if body["outcome"]["status"] == "not_in_force":
                found.append(recheck_record(body, None, RulesetShelf()).reproduced)
    assert len(found) > 1
    assert set(found) == {Reproduced.MATCH}


def test_what_a_record_says_of_the_day_is_held_against_it(tmp_path: Path) -> None:
    decision = load(tmp_path).state_start("2024-05-01").decide("claim", PRICE, on="2024-05-01")
    made = make_record(decision.result)
    later = [{**made.body["overlays"][0], "after": "2024-05-02"}]
    forged = {**made.body, "overlays": later}
    found = recheck_record(forged, made.trace, RulesetShelf([tmp_path]))
    assert found.reproduced is not Reproduced.MATCH
    old = {**made.body, "engine": {**made.body["engine"], "semantics": 1}}
    found = recheck_record(old, made.trace, RulesetShelf([tmp_path]))
    assert found.reproduced is Reproduced.MISMATCH


def test_a_replay_does_not_say_that_an_undated_law_did_not_apply(tmp_path: Path) -> None:
    ruleset = load(tmp_path)
    with vr.RecordLog.create(tmp_path / "log.jsonl", "An office (invented)") as log:
        for number, made in enumerate((ruleset, ruleset.state_start("2024-05-01"))):
            log.record(made.decide("claim", PRICE, on="2024-05-01"), f"request {number}")
    report = vr.replay(tmp_path / "log.jsonl", folders=[tmp_path], jobs=1)
    data = report.to_data()
    assert data["decisions"]["reproduced"]["match"] == 2
    assert data["decisions"]["in_force"]["untold"] == 2
    assert {x["by_fact"] for x in data["force_untold"]} == {FIRST_DAY}
    assert "the document states no first day" in report.summary("en")
    assert "文件没有写明施行日期" in report.summary("zh")


def test_questions_about_an_undated_law_are_answered(tmp_path: Path) -> None:
    ruleset, facts = load(tmp_path), {**PRICE, "claim.date": "2024-06-01"}
    assert not vr.counterfactual(ruleset, "claim", facts, outcome="granted").changes
    dated = ruleset.state_start("2024-07-01")
    (change, *_) = vr.counterfactual(dated, "claim", facts, outcome="granted").changes
    assert [x.name for x in change.shifts] == ["claim.date"]
    varied = vr.vary(ruleset, "claim", facts, "shop.price", ["1元", "2元"])
    assert {str(x.outcome) for _, x in varied.decisions} == {"undetermined"}


def test_a_study_names_what_is_missing(tmp_path: Path) -> None:
    facts = {**PRICE, "claim.date": "2024-06-01"}
    told = vr.evaluate(load(tmp_path), [facts], decision="claim").summary("en")
    assert "the first day the measure is in force" in told
    assert "not known to be in force" in told


def test_a_study_and_an_impact_say_that_the_day_was_stated(tmp_path: Path) -> None:
    ruleset = load(tmp_path)
    with vr.RecordLog.create(tmp_path / "log.jsonl", "An office (invented)") as log:
        log.record(ruleset.decide("claim", PRICE, on="2024-06-01"), "request 1")
    dated = ruleset.state_start("2024-05-01")
    report = vr.impact(tmp_path / "log.jsonl", dated, jobs=1)
    (overlay,) = report.to_data()["overlays"]
    assert (overlay["kind"], overlay["after"]) == ("start", "2024-05-01")
    assert "the first day the measure is in force" in report.summary("en")
    facts = {**PRICE, "claim.date": "2024-06-01"}
    told = vr.evaluate(dated, [facts], decision="claim").summary("en")
    assert "it is taken to be in force from 2024-05-01" in told
