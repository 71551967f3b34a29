"""Deciding again on a record: what differs is told, and what cannot be decided says why."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voucher_rules.api import load
from voucher_rules.record import shelf as shelves
from voucher_rules.record.body import Aside, Record, make_record
from voucher_rules.record.canonical import read_canonical, write_canonical
from voucher_rules.record.rechecking import Obstacle, Recheck, Reproduced, recheck_record
from voucher_rules.record.shelf import RulesetShelf, RulesetVerdict
from voucher_rules.ruleset.names import suggest_name

FOLDER = Path(__file__).parent / "rulesets"
SHELF = RulesetShelf([FOLDER])
RULESET = load("invented-tickets", folders=[FOLDER])
COVER = f"sha256:{'ab' * 32}"
FACTS: Mapping[str, Any] = {
    "ticket.holder": "Zhang San",
    "ticket.agent": "Li Si",
    "ticket.price": "100元",
    "guests": [{"name": "Wang Wu", "price": "50元"}],
    "finding.ill": {"value": False, "by": "Dr. Zhao", "on": "2024-04-30"},
}


def make(facts: Mapping[str, Any] = FACTS, aside: Aside | None = None) -> Record:
    return make_record(RULESET.decide("refund", facts, on="2024-05-01").result, aside=aside)


def recheck(record: Record, change: Mapping[str, Any] | None = None) -> Recheck:
    """Recheck a record with some of its body changed, by path."""
    body: dict[str, Any] = copy.deepcopy(read_canonical(record.written))
    for path, value in (change or {}).items():
        *names, last = path.split("/")
        at: Any = body
        for name in names:
            at = at[name]
        at[last] = value
    return recheck_record(body, record.trace, SHELF)


def test_a_record_matches() -> None:
    found = recheck(make())
    assert (found.reproduced, found.law.verdict) == (Reproduced.MATCH, RulesetVerdict.FOUND)
    assert found.semantics_supported
    assert not found.outcome_differs


UNSAID: list[Mapping[str, Any]] = [
    {"ticket.price": "unknown"},
    {"ticket.price": {"value": "unknown", "source": "asked by telephone"}},
    {"ticket.price": {"value": "unanswered", "source": "letter", "on": "2024-04-01"}},
    {"ticket.price": "unanswered"},
    {"ticket.agent": "none"},
    {"ticket.agent": {"value": "none", "source": "form"}},
    {"finding.ill": {"value": "unknown", "by": "Dr. Zhao"}},
    {"guests": "unknown"},
    {"guests": {"value": "unknown", "source": "form"}},
    {"guests": [{"name": "Wang Wu", "price": "unanswered"}]},
    {"guests": [{"price": "unanswered"}, {"price": "unknown"}, {}]},
]


@pytest.mark.parametrize("unsaid", UNSAID)
def test_what_was_said_to_be_unknown_matches_too(unsaid: Mapping[str, Any]) -> None:
    found = recheck(make({**FACTS, **unsaid}))
    assert (found.reproduced, found.detail) == (Reproduced.MATCH, "")


LOOK = """\
  look:
    label: {zh: 查看, en: look}
    subject: {zh: 持票人, en: holder}
    as_of: ticket.asked_on
    answers: permission

provisions:
"""
NOT_ILL = """
  - ref: 第六条
    summary: {zh: 因病不得查看, en: none who is ill may look}
    rules:
      - {id: not_ill, topic: exclusion, for: look, exclude: finding.ill, says: {zh: 因病, en: ill}, next: {zh: 等待, en: wait}}
"""  # noqa: E501 - one line of the ruleset


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ruleset that has a decision which reads hardly anything."""
    made = tmp_path_factory.mktemp("rulesets")
    (made / "invented-tickets").mkdir()
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
    (made / "invented-tickets" / "1.yaml").write_text(text.replace("provisions:\n", LOOK) + NOT_ILL)
    return made


@pytest.mark.parametrize("unsaid", UNSAID)
def test_what_no_rule_reads_may_be_unknown_too(unsaid: Mapping[str, Any], looked: Path) -> None:
    ruleset = load("invented-tickets", folders=[looked])
    record = make_record(ruleset.decide("look", unsaid, on="2024-05-01").result)
    found = recheck_record(read_canonical(record.written), record.trace, RulesetShelf([looked]))
    assert (found.reproduced, found.detail) == (Reproduced.MATCH, "")


@pytest.mark.parametrize("place", ["facts", "unanswered", "provenance"])
def test_of_many_facts_there_are_not_the_first_is_told(place: str) -> None:
    names = [f"no.such.{number}" for number in range(10_000)]
    held = names if place == "unanswered" else {name: {} for name in names}
    found = recheck(make(), {place: held})
    assert found.obstacle is Obstacle.FACTS_REFUSED
    (refused,) = found.refused
    assert (refused.code, refused.path) == ("unknown-fact", "no.such.0")


@pytest.mark.parametrize(("length", "alike"), [(999, True), (1000, True), (1001, False)])
def test_a_text_as_long_as_a_book_is_held_against_no_name(length: int, *, alike: bool) -> None:
    name = "n" * length
    assert suggest_name(name, [name]) == (name if alike else "")


def test_a_fen_of_the_amount_is_a_difference_of_the_outcome() -> None:
    found = recheck(make(), {"outcome/amounts/refund.amount/value": "120.01"})
    assert found.reproduced is Reproduced.MISMATCH
    assert found.outcome_differs
    assert [(x.pointer, x.recorded, x.again) for x in found.differences] == [
        ("/outcome/amounts/refund.amount/value", "120.01", "120.00")
    ]
    assert found.first_step is None


def test_a_fact_changed_shows_in_the_first_step_that_reads_it() -> None:
    found = recheck(make(), {"facts/ticket.price": "100.01"})
    assert found.reproduced is Reproduced.MISMATCH
    assert found.outcome_differs is True
    assert found.first_step is not None
    assert (found.first_step.recorded, found.first_step.again) == ("120.00", "120.008")


def test_a_trace_of_another_record_differs_without_the_outcome() -> None:
    one, other = make(), make({**FACTS, "ticket.agent": "Qian Qi"})
    found = recheck_record(one.body, other.trace, SHELF)
    assert found.reproduced is Reproduced.MISMATCH
    assert found.outcome_differs is False
    assert found.first_step is not None
    assert found.first_step.recorded == "Qian Qi"
    assert found.first_step.again == "Li Si"


def test_without_its_trace_a_record_is_held_against_the_digest_of_the_trace() -> None:
    one, other = make(), make({**FACTS, "ticket.agent": "Qian Qi"})
    assert recheck_record(one.body, None, SHELF).reproduced is Reproduced.MATCH
    body = {**one.body, "trace_digest": other.body["trace_digest"]}
    assert recheck_record(body, None, SHELF).reproduced is Reproduced.MISMATCH


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        ({"ruleset/id": "no-such-ruleset"}, Obstacle.RULESET_MISSING),
        ({"ruleset/edition": "2"}, Obstacle.RULESET_MISSING),
        ({"ruleset/semantic_digest": COVER}, Obstacle.RULESET_DIFFERS),
        ({"engine/semantics": 3}, Obstacle.SEMANTICS_UNSUPPORTED),
        ({"decision": "refunds"}, Obstacle.DECISION_UNKNOWN),
        ({"facts/ticket.holder": {"commitment": COVER}}, Obstacle.FACTS_ERASED),
        ({"facts/ticket.price": "-1.00"}, Obstacle.FACTS_REFUSED),
        ({"facts/no.such": "1"}, Obstacle.FACTS_REFUSED),
        ({"facts/ticket.price": ["1"]}, Obstacle.BODY_MALFORMED),
        ({"facts/ticket.price": "1/0"}, Obstacle.BODY_MALFORMED),
        ({"facts/ticket.price": "1e999999999"}, Obstacle.BODY_MALFORMED),
        ({"facts/ticket.price": "NaN"}, Obstacle.BODY_MALFORMED),
        ({"facts/ticket.price": "9" * 80}, Obstacle.FACTS_REFUSED),
        ({"facts/ticket.price": "9" * 81}, Obstacle.BODY_MALFORMED),
        ({"readings/guests_too": "neither"}, Obstacle.FACTS_REFUSED),
        ({"facts": []}, Obstacle.BODY_MALFORMED),
        ({"engine": None}, Obstacle.BODY_MALFORMED),
    ],
)
def test_what_cannot_be_decided_again_says_why(
    change: Mapping[str, Any], obstacle: Obstacle
) -> None:
    found = recheck(make(), change)
    assert (found.reproduced, found.obstacle) == (Reproduced.CANNOT_REPLAY, obstacle)


def test_a_file_laid_out_anew_says_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "invented-tickets"
    folder.mkdir()
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
    (folder / "1.yaml").write_text(f"# one more comment\n{text}")
    found = recheck_record(make().body, make().trace, RulesetShelf([tmp_path]))
    assert (found.reproduced, found.law.verdict) == (Reproduced.MATCH, RulesetVerdict.REWRITTEN)


def test_a_ruleset_changed_by_a_fen_is_not_the_one(tmp_path: Path) -> None:
    folder = tmp_path / "invented-tickets"
    folder.mkdir()
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
    (folder / "1.yaml").write_text(text.replace("value: 500元", "value: 500.01元"))
    found = recheck_record(make().body, make().trace, RulesetShelf([tmp_path]))
    assert found.obstacle is Obstacle.RULESET_DIFFERS
    best = recheck_record(make().body, make().trace, RulesetShelf([tmp_path, FOLDER]))
    assert best.reproduced is Reproduced.MATCH


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("value: 500元", "value: [500元", "yaml-syntax"),
        ("value: 500元", "value: 500.01", "unit-missing"),
    ],
)
def test_a_file_that_is_no_ruleset_is_told_as_unreadable_with_its_place(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    folder = tmp_path / "invented-tickets"
    folder.mkdir()
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
    assert old in text
    (folder / "1.yaml").write_text(text.replace(old, new))
    found = recheck_record(make().body, make().trace, RulesetShelf([tmp_path]))
    assert (found.obstacle, found.law.verdict) == (
        Obstacle.RULESET_UNREADABLE,
        RulesetVerdict.UNREADABLE,
    )
    fault = found.refused[0]
    assert fault.code == code
    assert re.fullmatch(r"invented-tickets/1\.yaml:\d+:\d+", fault.path)
    best = recheck_record(make().body, make().trace, RulesetShelf([tmp_path, FOLDER]))
    assert best.reproduced is Reproduced.MATCH


def test_a_letter_of_a_text_of_a_ruleset_is_part_of_what_it_says(tmp_path: Path) -> None:
    folder = tmp_path / "invented-tickets"
    folder.mkdir()
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
    changed = re.sub(r"(en: )([a-z])", lambda x: x[1] + x[2].upper(), text, count=1)
    assert changed != text
    (folder / "1.yaml").write_text(changed)
    found = recheck_record(make().body, make().trace, RulesetShelf([tmp_path]))
    assert found.obstacle is Obstacle.RULESET_DIFFERS


def test_two_files_that_say_the_same_are_each_found_as_themselves(tmp_path: Path) -> None:
    for number, comment in (("1", ""), ("2", "# one more comment\n")):
        folder = tmp_path / number / "invented-tickets"
        folder.mkdir(parents=True)
        text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
        (folder / "1.yaml").write_text(f"{comment}{text}")
    folders = [tmp_path / "1", tmp_path / "2"]
    shelf = RulesetShelf(folders)
    for folder in (*folders, *folders):
        ruleset = load("invented-tickets", folders=[folder])
        record = make_record(ruleset.decide("refund", FACTS, on="2024-05-01").result)
        found = recheck_record(record.body, record.trace, shelf)
        assert (found.reproduced, found.law.verdict) == (Reproduced.MATCH, RulesetVerdict.FOUND)


@pytest.mark.parametrize(
    "name",
    [
        str(FOLDER / "invented-tickets" / "1.yaml"),
        "../rulesets/invented-tickets/1.yaml",
        "invented-tickets/../invented-tickets",
        "invented-tickets\0",
        "invented-tickets\n",
        "*",
        "",
    ],
)
def test_nothing_is_read_but_what_stands_in_the_folders(name: str) -> None:
    found = recheck(make(), {"ruleset/id": name})
    assert (found.obstacle, found.law.path) == (Obstacle.RULESET_MISSING, None)
    assert recheck(make(), {"ruleset/edition": None}).obstacle is Obstacle.RULESET_MISSING


def make_what_ifs(number: int) -> dict[str, Any]:
    """Return the body of a decision under that many what-ifs, one over the other."""
    changed = RULESET
    for part in range(number):
        changed = changed.amend({"part": f"{part + 1}%"})
    record = make_record(changed.decide("refund", FACTS, on="2024-05-01").result)
    return dict(record.body)


@pytest.mark.parametrize(("number", "matches"), [(19, True), (20, True), (21, False)])
def test_no_more_what_ifs_are_laid_over_a_ruleset_than_anyone_would(
    number: int, *, matches: bool
) -> None:
    found = recheck_record(make_what_ifs(number), None, SHELF)
    assert (found.reproduced is Reproduced.MATCH) == matches
    assert (found.obstacle is Obstacle.RULESET_DIFFERS) == (not matches)


def test_a_shelf_keeps_no_more_than_it_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "MOST_KEPT", 2)
    shelf = RulesetShelf([FOLDER])
    body = dict(make().body)
    for number in range(4):
        named = {**body["ruleset"], "edition": f"none-{number}"}
        assert shelf.find_law({**body, "ruleset": named}).verdict is RulesetVerdict.MISSING
        assert len(shelf._found) == min(number + 1, 2)
    assert recheck_record(body, None, shelf).reproduced is Reproduced.MATCH


NOTICE = """\
notice: more-2024
ruleset: invented-tickets
edition: "1"
language: 1
title: {zh: 【虚构】通知, en: "[Invented] notice"}
issuer: {zh: 剧场（虚构）, en: a theatre (invented)}
issued: 2024-01-10
holds: {from: 2024-01-01, until: 2024-12-31}
sets:
  - {parameter: part, value: 90%, ref: 第一条}
"""


def test_what_was_laid_beside_a_ruleset_later_changes_no_old_record(tmp_path: Path) -> None:
    """Neither a faulty file, nor another calendar or notice, nor the same notice once more."""
    tickets, days = tmp_path / "invented-tickets", tmp_path / "cn-working-days"
    tickets.mkdir()
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
    text = text.replace("currency: CNY", "currency: CNY\ncalendar: cn-working-days")
    changes = "value: 80%, changes: {by: notice, may: loosen, ref: 第二条}"
    (tickets / "1.yaml").write_text(text.replace("value: 80%", changes))
    (tickets / "1.more.notice.yaml").write_text(NOTICE)
    copytree(Path(__file__).parents[2] / "rulesets" / "cn-working-days", days)
    ruleset = load("invented-tickets", folders=[tmp_path])
    record = make_record(ruleset.decide("refund", FACTS, on="2024-05-01").result)
    assert record.body["calendars"]
    assert len(record.body["notices"]) == 1
    assert record.body["outcome"]["amounts"]["refund.amount"]["value"] == "135.00"
    (days / "9998.calendar.yaml").write_text("calendar: [")
    (days / "9999.calendar.yaml").write_text("calendar: cn-working-days\n")
    (tickets / "1.again.notice.yaml").write_text(NOTICE)
    (tickets / "1.faulty.notice.yaml").write_text("notice: [")
    (tickets / "1.later.notice.yaml").write_text(NOTICE.replace("90%", "95%"))
    found = recheck_record(record.body, record.trace, RulesetShelf([tmp_path]))
    assert (found.reproduced, found.law.verdict) == (Reproduced.MATCH, RulesetVerdict.FOUND)


def test_what_was_hidden_is_decided_on_where_its_text_is_still_kept() -> None:
    hidden = {"ticket.holder": COVER, "guests[1].name": f"sha256:{'cd' * 32}"}
    record = make(aside=Aside(hidden=hidden))
    erased = recheck_record(record.body, record.trace, SHELF)
    assert erased.obstacle is Obstacle.FACTS_ERASED
    assert erased.detail == "guests[1].name, ticket.holder"
    secrets = {hidden["ticket.holder"]: "Zhang San", hidden["guests[1].name"]: "Wang Wu"}
    assert recheck_record(record.body, record.trace, SHELF, secrets).reproduced is Reproduced.MATCH


DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.data(), DATA)
def test_nothing_a_body_holds_makes_it_fall(data: st.DataObject, value: Any) -> None:  # noqa: ANN401
    body: dict[str, Any] = copy.deepcopy(read_canonical(make().written))
    at: Any = body
    path: list[Any] = []
    while True:
        names = list(at) if isinstance(at, dict) else list(range(len(at)))
        name = data.draw(st.sampled_from(names))
        if not isinstance(at[name], dict | list) or not at[name] or data.draw(st.booleans()):
            break
        at = at[name]
        path.append(name)
    same = at[name] == value and type(at[name]) is type(value)
    at[name] = value
    found = recheck_record(body, make().trace, SHELF)
    carried = [*path, name][0] in {"subject", "balances", "provenance"}
    assert same or carried or found.reproduced is not Reproduced.MATCH


INNER = """\
  inner: {label: {zh: 内, en: inner}, subject: {zh: 人, en: person}, as_of: ticket.asked_on, answers: permission}
  name: {label: {zh: 名, en: name}, subject: {zh: 人, en: person}, as_of: ticket.asked_on, answers: value, outputs: {name.told: {type: text, label: {zh: 名, en: name}}}}

provisions:
"""  # noqa: E501 - one line of the ruleset
CALLED = """
  - ref: 第六条
    summary: {zh: 虚构, en: invented}
    rules:
      - {id: who, topic: note, for: [refund, name], define: who, as: ticket.holder, says: {zh: 谁, en: who}}
      - {id: told, topic: note, for: name, define: name.told, as: who, says: {zh: 谁, en: who}}
      - {id: is_other, topic: note, for: refund, define: other, call: {decision: inner, gives: granted, with: {inner.name: who, ticket.agent: ticket.holder}}, says: {zh: 谁, en: who}}
      - {id: name_of, topic: note, for: refund, define: called, call: {decision: name, gives: name.told}, says: {zh: 谁, en: who}}
      - {id: not_other, topic: exclusion, for: refund, require: other and called == ticket.holder, says: {zh: 谁, en: who}, next: {zh: 谁, en: who}}
      - {id: inside, topic: exclusion, for: inner, require: inner.name == ticket.agent, says: {zh: 谁, en: who}, next: {zh: 谁, en: who}}
"""  # noqa: E501 - one line of the ruleset


def test_a_hidden_text_is_hidden_however_far_it_goes(tmp_path: Path) -> None:
    """It is defined, called with, given by a call, and told as an output."""
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
    fact = "  inner.name: {type: text, label: {zh: 名, en: name}}\n  ticket.asked_on:"
    text = text.replace("  ticket.asked_on:", fact).replace("provisions:\n", INNER) + CALLED
    (tmp_path / "invented-tickets").mkdir()
    (tmp_path / "invented-tickets" / "1.yaml").write_text(text)
    ruleset = load("invented-tickets", folders=[tmp_path])
    hidden = {"ticket.holder": COVER, "ticket.agent": f"sha256:{'cd' * 32}"}
    secrets = {COVER: "Zhang San", hidden["ticket.agent"]: "Li Si"}
    for question in ("refund", "name"):
        facts = {**FACTS, "ticket.asked_on": "2024-05-01"}
        result = ruleset.decide(question, facts).result
        record = make_record(result, aside=Aside(hidden=hidden))
        whole = (record.written + write_canonical(record.trace)).decode()
        assert "Zhang San" in str(make_record(result).trace)
        assert "Zhang San" not in whole
        assert "Li Si" not in whole
        shelf = RulesetShelf([tmp_path])
        found = recheck_record(record.body, record.trace, shelf, secrets)
        assert (found.reproduced, found.detail) == (Reproduced.MATCH, "")
    assert record.body["outcome"]["values"] == {"name.told": {"commitment": COVER}}
    inner = make_record(ruleset.decide("refund", facts).result, aside=Aside(hidden=hidden)).trace
    (called,) = (item["called"] for item in inner if item["rule"] == "is_other")
    (inside,) = (rule for rule in called["laws"][0] if rule["rule"] == "inside")
    # There the agent is the holder: the commitment to the other name would be a wrong one.
    assert [step[1] for step in inside["steps"][0][2]] == [{"commitment": COVER}] * 2
