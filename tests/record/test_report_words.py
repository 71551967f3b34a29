"""What a report of a recheck says of lines that are not sound, and of what it could not count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_tamper import FOLDER, chain, make_log, read_lines, write_lines

import voucher_rules as vr
from voucher_rules.explain.markup import write
from voucher_rules.explain.replay_words import REPLAY_WORDS
from voucher_rules.explain.replays import list_verdicts
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
