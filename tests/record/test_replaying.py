"""A replay for its users: the report, what it says of each deviation, and what it goes by."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from test_tamper import (
    FOLDER,
    RULESET,
    Line,
    chain,
    change_a_fact_and_its_digest,
    flip_a_fen_and_chain,
    make_log,
    read_lines,
    seal,
    swap_two_traces_and_seal,
    write_lines,
)

import voucher_rules as vr
from voucher_rules.record.canonical import read_canonical
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.lines import LOT_LINES
from voucher_rules.record.signing import make_signer
from voucher_rules.record.surveying import Survey
from voucher_rules.record.workers import AT_ONCE, Crew

HOSTILE = "<script>alert(1)</script>\u202e\"'>&amp;"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replay")
    make_log(folder)
    return folder


def change(made: Path, folder: Path, *changes: Any) -> Path:  # noqa: ANN401 - functions of lines
    """Write a copy of the log with changes made to it; the chain is made to fit."""
    lines = read_lines(made / "log.jsonl")
    for item in changes:
        item(lines)
    write_lines(folder / "changed.jsonl", lines)
    return folder / "changed.jsonl"


def replay(path: Path, **more: Any) -> vr.ReplayReport:  # noqa: ANN401 - options of a replay
    return vr.replay(path, folders=[FOLDER], jobs=1, **more)


def name_another_edition(lines: list[Line]) -> None:
    lines[7]["body"]["ruleset"]["edition"] = "7"
    seal(lines[7])
    chain(lines)


def test_a_clean_log_matches_and_says_how_far_it_is_vouched_for(made: Path) -> None:
    report = replay(made / "log.jsonl", checkpoints=[made / "9.json"])
    data = report.to_data()
    assert report.conclusion == "all_match"
    assert data["completeness"] == {
        "verified": 9,
        "unanchored": [10, 12],
        "missing": 0,
        "missing_at_end": 0,
        "faults": [],
    }
    assert data["decisions"]["in_force"]["yes"] == 12
    assert "entries 10 to 12" in report.summary("en")
    assert "第 10 至 12 条" in report.summary("zh")


def test_the_digest_is_that_of_the_report_as_data(made: Path) -> None:
    report = replay(made / "log.jsonl")
    assert report.digest == digest_bytes(DigestKind.REPORT, report.written)
    assert read_canonical(report.written) == json.loads(json.dumps(report.to_data()))
    assert report.digest in report.html("en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_notebook_shows_what_the_page_holds(made: Path, language: str) -> None:
    reports = (
        replay(made / "log.jsonl"),
        vr.impact(made / "log.jsonl", RULESET.amend(IMPACT), jobs=1),
    )
    for report in reports:
        shown = report.show(language)
        page = report.html(language)
        body = page[page.index("<main>") + len("<main>") : page.index("</main>")]
        assert body.strip() in shown.html
        assert "<body" not in shown.html
        assert repr(shown) == report.summary(language)
        assert report._repr_html_() == report.show("zh").html
        assert len(repr(report)) < 120
    assert repr(reports[0]) == "<ReplayReport all_match>"


def test_a_changed_fact_is_told_by_rule_step_and_cause(made: Path, tmp_path: Path) -> None:
    report = replay(change(made, tmp_path, change_a_fact_and_its_digest))
    (told,) = report.to_data()["mismatches"]
    first = told["first_step"]
    assert (told["seq"], first["rule"], first["ref"]) == (5, "part_of_all", "第三条")
    assert first["says"] == {"zh": "按全部票价比例退", "en": "a part of all prices"}
    assert first["step"]["text"] == "part * (ticket.price + sum(guests.price))"
    assert (first["step"]["recorded"], first["step"]["again"]) == ("124.40", "839.20")
    assert first["cause"]["text"] == "ticket.price"
    assert (first["cause"]["recorded"], first["cause"]["again"]) == ("105.50", "999.00")
    words = report.summary("en")
    assert "first apart in: a part of all prices (第三条)" in words
    assert "refund: CNY 124.40 ≠ CNY 500" in words
    assert "“price” (ticket.price): CNY 105.50 in the record, CNY 999" in words


def test_an_amount_no_step_leads_to_is_told_as_such(made: Path, tmp_path: Path) -> None:
    report = replay(change(made, tmp_path, flip_a_fen_and_chain))
    (told,) = report.to_data()["mismatches"]
    assert told["first_step"] is None
    assert "the result recorded is not what these steps lead to" in report.summary("en")


def test_traces_that_were_exchanged_differ_in_the_way_alone(made: Path, tmp_path: Path) -> None:
    report = replay(change(made, tmp_path, swap_two_traces_and_seal))
    assert [x["outcome_differs"] for x in report.to_data()["mismatches"]] == [False, False]
    assert "the way there differs" in report.summary("en")


def test_a_ruleset_that_is_not_there_is_named_with_what_to_get(made: Path, tmp_path: Path) -> None:
    report = replay(change(made, tmp_path, name_another_edition))
    (told,) = report.to_data()["not_replayed"]
    words = report.summary("en")
    assert report.conclusion == "cannot_replay"
    assert told["obstacle"] == "ruleset_missing"
    assert "the ruleset invented-tickets 7 is not there" in words
    assert RULESET.checked.semantic_digest in words


def test_what_was_done_later_to_a_decision_is_told_with_it(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "changed.jsonl"
    path.write_bytes((made / "log.jsonl").read_bytes())
    with vr.RecordLog.open(path) as log:
        log.revoke(5, "revoking", "paid twice")
    lines = read_lines(path)
    lines[5]["body"]["facts"]["ticket.price"] = "999.00"
    seal(lines[5])
    lines[13]["refers_to"] = lines[5]["decision_digest"]
    chain(lines)
    write_lines(path, lines)
    report = replay(path)
    (told,) = report.to_data()["mismatches"]
    assert told["later"] == [{"seq": 13, "kind": "revocation"}]
    assert "revoked later by entry 13" in report.summary("en")


def test_hidden_facts_are_wanted_and_erased_ones_are_gone(tmp_path: Path) -> None:
    path, secrets = tmp_path / "log.jsonl", tmp_path / "secrets.jsonl"
    facts: dict[str, Any] = {"ticket.holder": "Zhang San", "ticket.agent": "none"}
    facts |= {"ticket.price": "100元", "guests": [], "finding.ill": False}
    with vr.RecordLog.create(path, "A theatre (invented)", secrets=secrets) as log:
        options = vr.RecordOptions(hide=["ticket.holder"])
        log.record(RULESET.decide("refund", facts, on="2024-05-01"), "r1", options)
        assert replay(path, secrets=secrets).conclusion == "all_match"
        assert "give the file of secrets" in replay(path).summary("en")
        log.erase(1, "r2", "asked for")
    report = replay(path, secrets=secrets)
    assert report.conclusion == "cannot_replay"
    assert "what opened them was erased: ticket.holder" in report.summary("en")
    assert "Zhang San" not in report.written.decode()


def test_signatures_count_by_the_keys_believed(tmp_path: Path) -> None:
    path, signer, other = tmp_path / "log.jsonl", make_signer("office"), make_signer("office")
    with vr.RecordLog.create(path, "A theatre (invented)") as log:
        log.checkpoint(tmp_path / "1.json", signers=[signer])
    files = {}
    for name, item in (("office", signer), ("other", other)):
        raw = item.private.public_key()
        files[name] = tmp_path / name / "office.pem"
        files[name].parent.mkdir()
        files[name].write_bytes(_write_pem(raw))
    given = {"checkpoints": [tmp_path / "1.json"]}
    assert replay(path, **given).conclusion == "not_sound"  # the log has no key of its own
    assert replay(path, **given, trusted=[files["office"]]).conclusion == "all_match"
    bad = replay(path, **given, trusted=[files["other"]])
    assert bad.to_data()["checkpoints"][0]["authenticity"] == "bad"


def _write_pem(key: Any) -> bytes:  # noqa: ANN401 - a key of a package
    from cryptography.hazmat.primitives import serialization as forms  # noqa: PLC0415

    made = key.public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    return bytes(made)


CORRECTION = """\
published: 2024-05-10
supersedes:
  - {edition: "1", kind: correction, because: {zh: 更正, en: corrected}}
"""


def write_edition(folder: Path, edition: str, place: str = "") -> None:
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
    text = text.replace('edition: "1"', f'edition: "{edition}"')
    target = folder / "invented-tickets" / f"{edition}.yaml"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text.replace("language: 1\n", f"language: 1\n{place}"))


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ("2024-05-09T15:59:59", "yes"),  # the eve of the day it is published, there
        ("2024-05-09T16:00:00", "superseded"),
        ("2024-05-11T00:00:00", "superseded"),
    ],
)
def test_an_edition_counts_by_what_was_known_when_it_was_recorded(
    tmp_path: Path, recorded: str, expected: str
) -> None:
    write_edition(tmp_path, "1")
    write_edition(tmp_path, "2", CORRECTION)
    ruleset = vr.load("invented-tickets", "1", folders=[tmp_path])
    at = datetime.fromisoformat(recorded).replace(tzinfo=UTC)
    facts = {"ticket.price": "100元"}
    path = tmp_path / "log.jsonl"
    with vr.RecordLog.create(path, "A theatre (invented)", clock=lambda: at) as log:
        log.record(ruleset.decide("refund", facts, on="2024-05-01"), "r1")
    report = vr.replay(path, folders=[tmp_path], jobs=1)
    assert report.conclusion == "all_match"
    assert report.to_data()["decisions"]["in_force"][expected] == 1
    if expected == "superseded":
        assert report.to_data()["not_in_force"][0]["instead"] == "2"
        assert "invented-tickets 2 applied and not 1" in report.summary("en")


def test_pages_hold_nothing_of_the_log_unescaped_and_load_nothing(
    made: Path, tmp_path: Path
) -> None:
    def be_hostile(lines: list[Line]) -> None:
        lines[0]["owner"] = HOSTILE
        for line in (lines[5], lines[7]):
            line["request_id"] = HOSTILE
            line["body"]["subject"] = HOSTILE
        lines[7]["body"]["ruleset"]["id"] = HOSTILE
        lines[5]["body"]["outcome"]["status"] = HOSTILE
        lines[5]["body"]["outcome"]["amounts"][HOSTILE.lower()[1:7]] = {}
        seal(lines[5])
        seal(lines[7])
        chain(lines)

    report = replay(change(made, tmp_path, be_hostile))
    assert report.to_data()["decisions"]["reproduced"]["mismatch"] == 1
    for page in (report.html("zh"), report.html("en")):
        assert "<script" not in page
        assert "\u202e" not in page
        assert "src=" not in page
        assert "http" not in page.replace("http-equiv", "")
    assert "\u202e" not in report.summary("en")


def test_pages_say_the_same_in_both_languages(made: Path, tmp_path: Path) -> None:
    report = replay(
        change(made, tmp_path, change_a_fact_and_its_digest, name_another_edition),
        checkpoints=[made / "9.json"],
    )
    zh, en = report.html("zh"), report.html("en")
    assert zh.count("<tr") == en.count("<tr")
    assert zh.count("<article") == en.count("<article")
    assert 'id="entry-5"' in en


def test_a_number_with_an_exponent_is_no_number(made: Path, tmp_path: Path) -> None:
    def ask_for_much(lines: list[Line]) -> None:
        lines[5]["body"]["facts"]["ticket.price"] = "1e999999999"
        lines[6]["body"]["outcome"]["amounts"]["refund.amount"]["value"] = "1e999999999"
        seal(lines[5])
        seal(lines[6])
        chain(lines)

    data = replay(change(made, tmp_path, ask_for_much)).to_data()
    assert data["decisions"]["obstacles"]["body_malformed"] == 1
    assert data["mismatches"][0]["recorded"] is None


def test_a_refused_fact_does_not_show_what_is_hidden(tmp_path: Path) -> None:
    path, secrets = tmp_path / "log.jsonl", tmp_path / "secrets.jsonl"
    facts = {"ticket.holder": "Zhang San", "ticket.price": "100元"}
    with vr.RecordLog.create(path, "A theatre (invented)", secrets=secrets) as log:
        options = vr.RecordOptions(hide=["ticket.holder"])
        log.record(RULESET.decide("refund", facts, on="2024-05-01"), "r1", options)
    lines = read_lines(path)
    lines[1]["body"]["facts"]["ticket.price"] = "-1.00"
    seal(lines[1])
    chain(lines)
    write_lines(path, lines)
    report = replay(path, secrets=secrets)
    assert report.to_data()["decisions"]["obstacles"]["facts_refused"] == 1
    assert "Zhang" not in report.written.decode()


def multiply(factor: int, item: int) -> int:
    return factor * item


@pytest.mark.parametrize("size", [0, 1, AT_ONCE - 1, AT_ONCE, 500])
def test_work_comes_out_in_order_however_it_is_shared(size: int) -> None:
    with Crew(int, ("2",), 2) as crew:
        done = crew.work(multiply, iter(range(size)))
        assert list(done) == [2 * item for item in range(size)]


def test_a_program_that_replays_is_not_run_again_by_its_helpers(made: Path, tmp_path: Path) -> None:
    """A long log is shared among processes; none of them may do what the program does."""
    lines = read_lines(made / "log.jsonl")
    head, first = lines[0], lines[1]
    many = [head]
    seqs = range(1, AT_ONCE * LOT_LINES + 2)
    many += [{**first, "seq": seq, "request_id": f"r{seq}"} for seq in seqs]
    chain(many)
    write_lines(tmp_path / "long.jsonl", many)
    program = tmp_path / "program.py"
    program.write_text(
        "import voucher_rules as vr\nprint('begun')\n"
        f"found = vr.replay({str(tmp_path / 'long.jsonl')!r}, folders=[{str(FOLDER)!r}], jobs=2)\n"
        "print(found.conclusion)\n"
    )
    done = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["begun", "all_match"], done.stderr


def test_a_survey_finds_numbers_and_digests(made: Path) -> None:
    survey = vr_survey(made / "log.jsonl")
    assert survey.has_all(1, 12)
    assert not survey.has_all(1, 13)
    assert not survey.has_all(0, 12)
    assert survey.find_before(3, 10**9)
    assert survey.find_before(3, survey.find_before(3, 10**9)[0]) == []


def vr_survey(path: Path) -> Survey:
    from voucher_rules.record.scanning import LogReader  # noqa: PLC0415

    return LogReader(path).survey()


IMPACT = {"part": "70%"}


def test_an_impact_is_hypothetical_and_sums_what_is_lost(made: Path) -> None:
    report = vr.impact(made / "log.jsonl", RULESET.amend(IMPACT), jobs=1)
    data = report.to_data()
    assert data["hypothetical"] is True
    assert data["whole"]["effects"] == {
        "same": 0,
        "more": 0,
        "less": 12,
        "other": 0,
        "not_decided": 0,
    }
    assert data["whole"]["amounts"] == [
        {"name": "refund.amount", "currency": "CNY", "gains": "0.00", "losses": "-188.40"}
    ]
    assert [x["ref"] for x in data["by_ref"]] == ["第三条"]
    assert data["overlays"][0]["after"] == "70%"
    assert report.summary("en").startswith("Hypothetical")
    for page in (report.html("en"), report.html("zh")):
        assert "<strong>" in page
        assert "@top-center" in page


def test_the_same_law_changes_nothing(made: Path) -> None:
    data = vr.impact(made / "log.jsonl", RULESET, jobs=1).to_data()
    assert data["whole"]["effects"]["same"] == 12
    assert data["changed"] == []


def test_a_reading_takes_the_place_of_the_recorded_one(made: Path) -> None:
    report = vr.impact(made / "log.jsonl", RULESET, readings={"guests_too": "alone"}, jobs=1)
    first = report.to_data()["changed"][0]
    assert (first["effect"], first["deltas"]) == ("less", {"refund.amount": "-40.00"})
    assert first["reformed"]["refs"] == ["第二条"]
    with pytest.raises(vr.InputError):
        vr.impact(made / "log.jsonl", RULESET, readings={"guests_too": "nobody"})


def test_only_standing_decisions_of_the_ruleset_count(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    facts: dict[str, Any] = {"ticket.price": "100元", "ticket.agent": "none"}
    facts |= {"ticket.holder": "A", "guests": [], "finding.ill": False}
    with vr.RecordLog.create(path, "A theatre (invented)") as log:
        decision = RULESET.decide("refund", facts, on="2024-05-01")
        log.record(decision, "r1")
        log.record(decision, "r2")
        log.revoke(1, "r3", "paid twice")
        other = vr.load("cn-nx-service-voucher")
        log.record(other.decide("claim", {"contract.amount": "4000元"}, on="2017-03-01"), "r4")
    data = vr.impact(path, RULESET.amend(IMPACT), jobs=1).to_data()
    assert data["decisions"] == {"count": 1, "others": 1, "superseded": 1, "not_in_force": 0}
    assert [x["seq"] for x in data["changed"]] == [2]


def test_an_edition_not_published_yet_was_not_known_then(tmp_path: Path) -> None:
    write_edition(tmp_path, "1", "published: 2024-05-10\n")
    ruleset = vr.load("invented-tickets", folders=[tmp_path])
    at = datetime(2024, 5, 2, tzinfo=UTC)
    with vr.RecordLog.create(tmp_path / "log.jsonl", "A theatre", clock=lambda: at) as log:
        log.record(ruleset.decide("refund", {"ticket.price": "1元"}, on="2024-05-01"), "r1")
        log.record(ruleset.decide("refund", {"ticket.price": "1元"}, on="2023-05-01"), "r2")
    report = vr.replay(tmp_path / "log.jsonl", folders=[tmp_path], jobs=1)
    assert report.to_data()["decisions"]["in_force"]["not_known_then"] == 2


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2023-12-31", "no"), ("2024-01-01", "yes"), ("2025-12-31", "yes"), ("2026-01-01", "no")],
)
def test_a_day_on_which_no_edition_is_in_force_is_told(
    tmp_path: Path, on: str, expected: str
) -> None:
    with vr.RecordLog.create(tmp_path / "log.jsonl", "A theatre (invented)") as log:
        decision = RULESET.decide("refund", {"ticket.price": "1元"}, on=on, assume_in_force=True)
        log.record(decision, "r1")
    report = replay(tmp_path / "log.jsonl")
    assert report.to_data()["decisions"]["in_force"][expected] == 1
    stated = report.to_data()["decisions"]["force_stated"]
    assert stated == (expected == "no")
    assert ("or was taken on the assumption" in report.summary("en")) == bool(stated)
    assert "under an edition that did not apply" not in report.summary("en").splitlines()[2]


def test_a_decision_whose_edition_cannot_be_told_is_named_with_the_reason(made: Path) -> None:
    report = vr.replay(made / "log.jsonl", jobs=1)
    data = report.to_data()
    untold = data["decisions"]["in_force"]["untold"]
    assert (len(data["force_untold"]), {x["by_fact"] for x in data["force_untold"]}) == (12, {""})
    assert untold == len(data["force_untold"])
    assert "the editions it takes to tell are not at hand" in report.summary("en")
    assert "the editions it takes to tell are not at hand" in report.html("en")
