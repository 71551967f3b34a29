"""Bundles of what nobody decided: a what-if has no place in a log, and none in a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bundle_samples import FACTS, RULESETS, decide
from log_samples import HEADER, make_decision, tell_time

import voucher_rules as vr
from voucher_rules.record.body import Record, make_record
from voucher_rules.record.entries import Draft, EntryKind
from voucher_rules.record.log import Log


@contextmanager
def letting_what_ifs_pass() -> Iterator[None]:
    """Stand for another program, which does not hold itself to what logs may take."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("voucher_rules.record.gists.is_hypothetical", lambda _: False)
        yield


def take_what_if() -> Record:
    amended = vr.load("invented-tickets", folders=[RULESETS]).amend({"part": "90%"})
    return make_record(amended.decide("refund", FACTS, on="2024-05-01").result)


def draft(number: int, record: Record) -> Draft:
    return make_decision(number, body=record.body, trace=record.trace)


def draft_again(number: int, record: Record, digest: str) -> Draft:
    """Return the draft of a decision that takes the place of the first one."""
    return make_decision(
        number,
        kind=EntryKind.REDECISION,
        body=record.body,
        trace=record.trace,
        refers_to=digest,
        refers_seq=1,
        because="an appeal",
    )


def bundle(folder: Path, drafts: list[Draft]) -> Path:
    """Return the bundle of the first entry of a log of these, as the other program writes it."""
    with Log.create(folder / "log", HEADER) as log:
        log.append_all(drafts)
    with vr.RecordLog.open(folder / "log") as opened:
        opened.checkpoint(folder / "checkpoint", at=tell_time(99))
    given = (folder / "log", 1, folder / "checkpoint", folder / "bundle.zip")
    return vr.make_bundle(*given, folders=[RULESETS])


def test_a_what_if_in_a_bundle_is_told_and_not_decided_again(tmp_path: Path) -> None:
    with letting_what_ifs_pass():
        made = bundle(tmp_path, [draft(1, take_what_if())])
    report = vr.check_bundle(made)
    assert report.conclusion == "not_sound"
    assert [item.code for item in report.faults] == ["record-hypothetical"]
    told = report.verdicts
    assert (told["entry"], told["reproduced"], told["ruleset"]) == (
        "bad",
        "not_checked",
        "not_checked",
    )
    assert (told["inclusion"], told["body"], told["layout"]) == ("ok", "ok", "ok")


def test_a_what_if_takes_the_place_of_no_decision(tmp_path: Path) -> None:
    record = make_record(decide().result)
    with letting_what_ifs_pass():
        drafts = [draft(1, record), draft_again(2, take_what_if(), record.digest)]
        made = bundle(tmp_path, drafts)
    report = vr.check_bundle(made)
    assert (report.conclusion, report.verdicts["related"]) == ("not_sound", "bad")
    assert "record-hypothetical" in [item.code for item in report.faults]
    assert report.findings.standing == ("stands", None)
    assert report.verdicts["reproduced"] == "match"


def test_no_bundle_is_made_of_a_log_with_a_what_if(tmp_path: Path) -> None:
    with letting_what_ifs_pass():
        bundle(tmp_path, [draft(1, make_record(decide().result)), draft(2, take_what_if())])
    given = (tmp_path / "log", 1, tmp_path / "checkpoint", tmp_path / "other.zip")
    with pytest.raises(vr.RecordError) as caught:
        vr.make_bundle(*given, folders=[RULESETS])
    assert [item.code for item in caught.value.diagnostics] == ["record-hypothetical"]
    assert not (tmp_path / "other.zip").exists()
