"""What a report of a recheck says of lines that are not sound, and of what it could not count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from test_tamper import FOLDER, chain, make_log, read_lines, write_lines

import voucher_rules as vr
from voucher_rules.explain.impact_page import lay_out_impact, summarize_impact
from voucher_rules.explain.markup import write
from voucher_rules.explain.replay_verdicts import list_verdicts
from voucher_rules.explain.replay_words import REPLAY_WORDS
from voucher_rules.record.gists import Claim, read_claim


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    make_log(folder)
    return folder


def flip(made: Path, to: Path) -> Path:
    lines = read_lines(made / "log.jsonl")
    lines[5]["body"]["facts"]["ticket.price"] = "1.01"
    chain(lines)
    write_lines(to / "log.jsonl", lines)
    return to / "log.jsonl"


def test_a_line_that_cannot_be_read_is_told_by_what_it_says_of_itself(
    made: Path, tmp_path: Path
) -> None:
    path = flip(made, tmp_path)
    request = str(read_lines(made / "log.jsonl")[5]["request_id"])
    report = vr.replay(path, folders=[FOLDER], jobs=1)
    assert "1 line cannot be read, and what it records is not counted" in report.summary("en")
    assert f"the line says it is entry 5, request {request}" in report.summary("en")
    assert f"the line says it is entry 5, request {request}" in report.html("en")
    assert f"该行自称：第 5 条、请求 {request}" in report.summary("zh")
    for language, says in (("zh", "日志不完好："), ("en", "the log is not sound: ")):
        verdict = list_verdicts(report.to_data(), language)[0]
        headline = f'<span class="vr-word">{write(says + verdict.says, language)}</span>'
        assert headline in report.html(language)


def test_an_impact_calls_nothing_twice_the_same() -> None:
    heads = [
        REPLAY_WORDS[f"column.{name}"][0] for name in ("entry", "recorded", "reformed", "request")
    ]
    assert len(set(heads)) == len(heads)
    for key in ("impact.warning", "impact.nothing"):
        assert "以下" not in REPLAY_WORDS[key][0]


def test_entries_a_checkpoint_speaks_against_are_not_called_unanchored(
    made: Path, tmp_path: Path
) -> None:
    path = flip(made, tmp_path)
    report = vr.replay(path, folders=[FOLDER], checkpoints=[made / "9.json"], jobs=1)
    told = report.summary("en")
    assert "entries 1 to 9 are not those a checkpoint vouches for: there are changes" in told
    assert "no checkpoint vouches for entries 10 to 12" in told


def test_a_file_that_is_no_ruleset_is_named_with_the_place_of_its_fault(
    made: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "invented-tickets"
    folder.mkdir()
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text(encoding="utf-8")
    (folder / "1.yaml").write_text(text + "x: [\n", encoding="utf-8")
    report = vr.replay(made / "log.jsonl", folders=[tmp_path], jobs=1)
    assert report.conclusion == "cannot_replay"
    for language, says in (
        (
            "en",
            "the file of the ruleset invented-tickets 1 cannot be read: invented-tickets/1.yaml:",
        ),
        ("zh", "规则集 invented-tickets 1 的文件无法读取：invented-tickets/1.yaml:"),
    ):
        assert says in report.summary(language)
        assert "yaml-syntax" not in report.summary(language)
    data = report.to_data()
    assert data["decisions"]["obstacles"]["ruleset_unreadable"] == data["decisions"]["count"]
    assert str(tmp_path) not in report.written.decode()


FACTS: Final = {
    "ticket.price": "100元",
    "ticket.agent": "none",
    "ticket.holder": "A",
    "guests": [],
    "finding.ill": False,
}


def test_one_of_anything_is_told_as_one(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    law = vr.load("invented-tickets", folders=[FOLDER])
    with vr.RecordLog.create(path, "A theatre (invented)") as log:
        log.record(law.decide("refund", FACTS, on="2024-05-01"), "request 1")
        log.checkpoint(tmp_path / "1.json")
    given = [tmp_path / "1.json"]
    told = vr.replay(path, folders=[FOLDER], checkpoints=given, jobs=1).summary("en")
    for says in (
        "the one decision came out again the same",
        "1 decision: 1 the same",
        "the one entry is in its form",
        "entry 1 is the one a checkpoint vouches for",
    ):
        assert says in told
    for law_then, says in (
        (law, "the one decision would not change"),
        (AMENDED, "the one decision would come out otherwise"),
    ):
        assert says in vr.impact(path, law_then, jobs=1).summary("en")


def test_a_page_names_the_files_of_checkpoints_and_their_digests_whole(
    made: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "of 2024.json"
    moved.write_bytes((made / "9.json").read_bytes())
    one = vr.replay(made / "log.jsonl", folders=[FOLDER], checkpoints=[made / "9.json"], jobs=1)
    other = vr.replay(made / "log.jsonl", folders=[FOLDER], checkpoints=[moved], jobs=1)
    assert one.written == other.written, "the names of files are no part of the data"
    (checkpoint,) = one.to_data()["checkpoints"]
    assert ">9.json<" in one.html("en")
    assert ">of 2024.json<" in other.html("en")
    assert str(tmp_path) not in other.html("en")
    assert f">{checkpoint['digest']}<" in other.html("zh")


def test_a_table_names_its_columns_in_each_cell_for_narrow_pages(made: Path) -> None:
    page = vr.impact(made / "log.jsonl", AMENDED, jobs=1).html("en")
    assert 'data-label="recorded outcome"' in page
    assert "max-width: 640px" in page


AMENDED = vr.load("invented-tickets", folders=[FOLDER]).amend({"part": "70%"})


def test_an_impact_names_what_it_sums_and_keeps_columns_apart(made: Path) -> None:
    report = vr.impact(made / "log.jsonl", AMENDED, jobs=1)
    english, chinese = report.summary("en"), report.summary("zh")
    assert "gained CNY 0 in all, lost CNY 188.40 in all, net −CNY 188.40" in english
    assert "增加合计 0元，减少合计 188.40元，净变化 −188.40元" in chinese
    for told, heads in (
        (english, ("entry", "request", "about", "recorded outcome", "would be", "change")),
        (chinese, ("条目", "请求", "所记录的结果", "假设结果", "变化")),
    ):
        line = next(x for x in told.splitlines() if heads[1] in x and heads[-1] in x)
        assert all(head in line for head in heads if head != "about")


def test_amounts_of_a_what_if_are_told_in_the_language_of_the_report(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    vr.RecordLog.create(path, "A bureau (invented)").close()
    amended = vr.load("cn-nx-service-voucher").amend({"item_cap": "1000元"})
    report = vr.impact(path, amended, jobs=1)
    assert "元" not in report.summary("en")
    assert "CNY 1,000" in report.summary("en")
    assert "1,000元" in report.summary("zh")


def test_what_a_new_edition_would_have_cost_can_be_asked(tmp_path: Path) -> None:
    law = vr.load("invented-tickets", folders=[FOLDER])
    path = tmp_path / "log.jsonl"
    decision = law.decide("refund", FACTS, on="2024-05-01")
    with vr.RecordLog.create(path, "A theatre (invented)") as log:
        log.record(decision, "r1")
    folder = tmp_path / "rulesets" / "invented-tickets"
    folder.mkdir(parents=True)
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text(encoding="utf-8")
    later = text.replace("from: 2024-01-01", "from: 2025-01-01").replace(
        'edition: "1"', 'edition: "2"'
    )
    assert later != text
    (folder / "2.yaml").write_text(later, encoding="utf-8")
    new = vr.load("invented-tickets", "2", folders=[tmp_path / "rulesets"])
    plain = vr.impact(path, new, jobs=1)
    assert plain.to_data()["decisions"]["not_in_force"] == 1
    assert plain.to_data()["changed"][0]["reformed"]["outcome"] == "not_in_force"
    assert "--assume-in-force" in plain.summary("en")
    assumed = vr.impact(path, new, assume_in_force=True, jobs=1)
    data = assumed.to_data()
    assert (data["assumed_in_force"], data["decisions"]["not_in_force"]) == (True, 0)
    assert data["whole"]["effects"]["same"] == 1
    for report, language, says in (
        (assumed, "en", "as if this ruleset had been in force"),
        (assumed, "zh", "假定该规则集在每件决定的当日均已施行"),
    ):
        assert says in report.summary(language)
        assert says in report.html(language)


def test_a_decision_under_two_provisions_is_noted(made: Path) -> None:
    report = vr.impact(made / "log.jsonl", AMENDED, jobs=1)
    assert "do not add up" not in report.summary("en")
    data = dict(report.to_data())
    data["by_ref"] = [*data["by_ref"], *data["by_ref"]]
    assert "do not add up" in summarize_impact(data, report.digest, "en")
    assert "各条之和大于合计" in lay_out_impact(data, report.digest, "zh")


@pytest.mark.parametrize(
    ("written", "claim"),
    [
        ({"seq": 7, "request_id": "r", "body": {"subject": "s"}}, Claim(7, "r", "s")),
        ({"seq": True, "request_id": 1, "body": []}, Claim(None, None, None)),
        ({"seq": 0, "request_id": "a\n", "body": {"subject": "\ud800"}}, Claim(None, None, None)),
        ({"seq": 2**53 - 1}, Claim(2**53 - 1, None, None)),
        ({"seq": 2**53}, Claim(None, None, None)),
        ({"request_id": "x" * 201}, Claim(None, "x" * 200, None)),
        ([], None),
    ],
)
def test_what_a_line_says_of_itself_is_taken_in_small(written: object, claim: Claim) -> None:
    assert read_claim(json.dumps(written).encode()) == claim


@pytest.mark.parametrize("written", [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 5_000])
def test_a_line_that_is_no_data_says_nothing(written: bytes) -> None:
    assert read_claim(written) is None
