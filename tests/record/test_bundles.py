"""Bundles: what goes in, what a check says of it, and that nothing else passes for one."""

from __future__ import annotations

import base64
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bundle_samples import (
    MEASURES,
    RULESETS,
    START,
    Samples,
    check,
    decide,
    list_bad,
    make_samples,
    needs_extras,
    read,
    remake,
    sha,
)

import voucher_rules as vr
from voucher_rules.record.bundle_summary import NAMES, VERDICTS
from voucher_rules.record.bundle_verdicts import BundleVerdicts, Check
from voucher_rules.record.bundle_zip import load_files, pack_files
from voucher_rules.record.entries import Draft, EntryKind, Key, Recorder
from voucher_rules.record.keys import Authenticity
from voucher_rules.record.rechecking import Reproduced
from voucher_rules.record.shelf import RulesetVerdict
from voucher_rules.record.signing import make_signer
from voucher_rules.record.stamping import Stamping

pytestmark = needs_extras


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return make_samples(tmp_path_factory.mktemp("bundles"))


def refuse(call: Callable[[], object]) -> str:
    with pytest.raises(vr.RecordError) as caught:
        call()
    (item,) = caught.value.diagnostics
    assert item.render("zh") != item.render("en")
    return item.code


def test_all_of_it_holds_good(samples: Samples) -> None:
    report = vr.check_bundle(
        samples.bundle,
        trusted=samples.keys,
        authorities=[samples.root],
        checkpoint=samples.checkpoint,
    )
    assert report.conclusion == "all_match"
    assert (list_bad(report), report.faults) == (set(), ())
    absent = {name for name, told in report.verdicts.items() if told == "absent"}
    assert absent == set()
    assert report.to_data()["believed"] == {"keys": "verifier", "authorities": "verifier"}


def test_without_anything_from_elsewhere_it_says_whom_it_believes(samples: Samples) -> None:
    report = vr.check_bundle(samples.bundle)
    assert (report.conclusion, report.verdicts["held"]) == ("all_match", "absent")
    assert report.to_data()["believed"] == {"keys": "bundle", "authorities": "bundle"}
    assert "one hand signed" in report.summary("en")
    assert "同一人之手" in report.summary("zh")


def test_the_same_is_the_same_bytes(samples: Samples) -> None:
    again = samples.make(
        "again.zip", secrets=samples.secrets, with_secrets=True, authorities=[samples.root]
    )
    assert again.read_bytes() == samples.bundle.read_bytes()


def test_other_programs_read_it(samples: Samples) -> None:
    with zipfile.ZipFile(samples.bundle) as held:
        assert held.testzip() is None
        assert held.namelist() == sorted(samples.files)
        assert {name: held.read(name) for name in held.namelist()} == samples.files
        assert {item.date_time for item in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_form_of_the_zip_is_pinned() -> None:
    written = pack_files({"b/规则.yaml": b"x: 1\n", "a": b""}, "")
    assert sha(written) == "8d13f4218c6b00ce4af058185e69aca2abc3f0f6a9d7cd98cf35c639231c6864"


def test_an_unpacked_bundle_is_checked_too(samples: Samples, tmp_path: Path) -> None:
    with zipfile.ZipFile(samples.bundle) as held:
        held.extractall(tmp_path)
    assert vr.check_bundle(tmp_path).to_data() == vr.check_bundle(samples.bundle).to_data()
    (tmp_path / "more.txt").write_text("more")
    report = vr.check_bundle(tmp_path)
    assert (report.conclusion, list_bad(report)) == ("not_sound", {"layout"})
    (tmp_path / "more.txt").unlink()
    (tmp_path / "link").symlink_to(tmp_path / "entry.json")
    assert refuse(lambda: vr.check_bundle(tmp_path)) == "bundle-name-refused"


def test_it_holds_what_became_of_the_decision(samples: Samples) -> None:
    data = vr.check_bundle(samples.bundle).to_data()
    assert data["standing"] == {"state": "revoked", "by": 6}
    told = [(item["seq"], item["kind"], item["refers_seq"]) for item in data["related"]]
    assert told == [(4, "key_change", None), (5, "redecision", 3), (6, "revocation", 5)]
    others = {1: "stands", 5: "revoked", 7: "stands"}
    for seq, state in others.items():
        made = samples.make(f"of-{seq}.zip", seq, secrets=samples.secrets, with_secrets=True)
        report = vr.check_bundle(made)
        assert report.to_data()["standing"]["state"] == state
        assert report.conclusion == "all_match"


def test_what_is_hidden_stays_out_unless_asked_for(samples: Samples) -> None:
    made = samples.make("hidden.zip")
    assert not any(name.startswith("openings/") for name in load_files(made))
    assert b"Zhang San" not in made.read_bytes()
    assert b"Zhang San" in samples.bundle.read_bytes()
    report = vr.check_bundle(made)
    assert (report.conclusion, report.verdicts["reproduced"]) == ("cannot_replay", "cannot_replay")
    assert "hidden, and what opens them is not here: guests[1].name" in report.summary("en")
    opened = vr.check_bundle(made, secrets=samples.secrets)
    assert (opened.conclusion, opened.verdicts["openings"]) == ("all_match", "absent")
    halves: list[dict[str, Any]] = [{"with_secrets": True}, {"secrets": samples.secrets}]
    for half in halves:
        assert refuse(partial(samples.make, "x.zip", **half)) == "bundle-secrets-half-asked"


@pytest.mark.skipif(os.name == "nt", reason="files there have no such modes")
def test_what_opens_hidden_facts_is_for_its_owner_alone_to_read(samples: Samples) -> None:
    whole = samples.make("with.zip", secrets=samples.secrets, with_secrets=True)
    plain = samples.make("without.zip")
    assert whole.stat().st_mode & 0o777 == 0o600
    assert plain.stat().st_mode & 0o777 == 0o666 & ~read_umask()


def read_umask() -> int:
    before = os.umask(0)
    os.umask(before)
    return before


def test_a_checkpoint_with_a_bad_signature_makes_no_bundle(
    samples: Samples, tmp_path: Path
) -> None:
    written = samples.checkpoint.read_bytes()
    for item in json.loads(written)["signatures"]:
        raw = bytearray(base64.b64decode(item["sig"]))
        raw[0] ^= 1
        written = written.replace(item["sig"].encode(), base64.b64encode(raw))
    bad = tmp_path / "bad.json"
    bad.write_bytes(written)
    out = tmp_path / "b.zip"
    call = partial(vr.make_bundle, samples.log, 3, bad, out, folders=[RULESETS])
    assert refuse(call) == "checkpoint-signature-not-good"
    assert not out.exists()


def test_a_wrong_key_is_told_among_the_faults(samples: Samples) -> None:
    other = Key("key-1", make_signer("key-1").public, START)
    report = vr.check_bundle(samples.bundle, trusted=[other])
    assert report.conclusion == "not_sound"
    assert "checkpoint-not-signed" in [x.code for x in report.faults]


def test_a_record_that_does_not_come_out_again_is_a_mismatch(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with vr.RecordLog.create(path, "A theatre (invented)", clock=lambda: START) as log:
        log.record(decide(), "request 1")
        entry = log.entry(1)
        assert entry is not None
        assert entry.entry.body is not None
        body = json.loads(json.dumps(entry.entry.body))
        body["outcome"]["amounts"]["refund.amount"]["value"] = "120.01"
        draft = log._draft(entry.entry.kind, "request 2", vr.RecordOptions())
        log.log.append(replace(draft, body=body, trace=entry.entry.trace))
        log.checkpoint(tmp_path / "2.json")
    made = vr.make_bundle(path, 2, tmp_path / "2.json", tmp_path / "b.zip", folders=[RULESETS])
    report = vr.check_bundle(made)
    assert (report.conclusion, list_bad(report)) == ("mismatch", {"reproduced"})
    assert "120.01" in report.summary("en")
    (difference,) = (x for x in report.to_data()["again"]["differences"] if "value" in x["pointer"])
    assert (difference["recorded"], difference["again"]) == ("120.01", "120.00")


def test_every_verdict_has_a_name_and_a_text_in_both_languages() -> None:
    assert set(NAMES) == set(BundleVerdicts.__slots__)
    kinds = (Check, Authenticity, Stamping, RulesetVerdict, Reproduced)
    assert set(VERDICTS) == {str(item) for kind in kinds for item in kind}
    for table in (NAMES, VERDICTS):
        assert all(chinese != english for chinese, english in table.values())


LAWS = {
    "test-clock-windows": (MEASURES, {"cn-working-days/2026.calendar.yaml"}),
    "test-best-of": (MEASURES, {"cn-sme-size/2011.yaml"}),
    "test-lantern": (MEASURES.parent / "publish", {"test-lantern/2024.year.notice.yaml"}),
}


@pytest.mark.parametrize("name", LAWS)
def test_all_of_the_law_goes_in(name: str, tmp_path: Path) -> None:
    folder, beside = LAWS[name]
    path = tmp_path / "log.jsonl"
    ruleset = vr.load(name, folders=[folder])
    decision = ruleset.decide(next(iter(ruleset.decisions)), {}, on="2024-05-01")
    with vr.RecordLog.create(path, "A bureau (invented)", clock=lambda: START) as log:
        log.record(decision, "1")
        log.checkpoint(tmp_path / "1.json")
    made = vr.make_bundle(path, 1, tmp_path / "1.json", tmp_path / "b.zip", folders=[folder])
    assert vr.check_bundle(made).conclusion == "all_match"
    bundle = read(load_files(made))
    assert set(bundle.laws) == {f"rulesets/{x}" for x in (*beside, f"{name}/2024.yaml")}
    for missing in bundle.laws:
        laws = {n: data for n, data in bundle.laws.items() if n != missing}
        report = check(remake(replace(bundle, laws=laws)))
        assert (report.conclusion, report.verdicts["ruleset"]) == ("cannot_replay", "missing")


# ---- what cannot be made ----


def test_a_bundle_is_of_a_decision_that_the_checkpoint_covers(samples: Samples) -> None:
    for seq in (0, 4, 6, 8):
        assert refuse(partial(samples.make, "x.zip", seq)) == "bundle-not-of-decision"
    assert refuse(lambda: samples.make("bundle.zip")) == "file-exists"
    assert not (samples.folder / "x.zip").exists()


def test_what_was_recorded_since_has_to_be_covered(tmp_path: Path) -> None:
    """A revocation that the checkpoint does not reach is never left out in silence."""
    path = tmp_path / "log.jsonl"

    def make(seq: int, checkpoint: str) -> Path:
        out = tmp_path / f"{seq}-{checkpoint}.zip"
        return vr.make_bundle(path, seq, tmp_path / checkpoint, out, folders=[RULESETS])

    with vr.RecordLog.create(path, "A theatre (invented)", clock=lambda: START) as log:
        log.record(decide(), "request 1")
        log.record(decide(ticket__price="20元"), "request 2")
        log.checkpoint(tmp_path / "2")
        make(1, "2")
        log.revoke(1, "request 3", "paid elsewhere")
        log.record(decide(ticket__price="30元"), "request 4")
        assert refuse(lambda: make(1, "2")) == "bundle-not-anchored"
        assert refuse(lambda: make(4, "2")) == "bundle-not-anchored"
        assert vr.check_bundle(make(2, "2")).conclusion == "all_match"
        log.checkpoint(tmp_path / "4")
    assert vr.check_bundle(make(1, "4")).to_data()["standing"]["state"] == "revoked"


def test_a_checkpoint_of_another_log_is_refused(samples: Samples, tmp_path: Path) -> None:
    with vr.RecordLog.create(tmp_path / "log", "Another (invented)", clock=lambda: START) as log:
        for number in range(8):
            log.record(decide(), f"request {number}")
        log.checkpoint(tmp_path / "8.json")
    code = refuse(
        lambda: vr.make_bundle(samples.log, 3, tmp_path / "8.json", tmp_path / "x", folders=())
    )
    assert code == "checkpoint-of-another"


def test_the_law_has_to_be_there(samples: Samples, tmp_path: Path) -> None:
    def make() -> object:
        return samples.make("x.zip", folders=[tmp_path])

    assert refuse(make) == "bundle-law-missing"
    text = (RULESETS / "invented-tickets" / "1.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "invented-tickets"
    folder.mkdir()
    (folder / "1.yaml").write_text(text.replace("value: 500元", "value: 500.01元"))
    assert refuse(make) == "bundle-law-differs"
    (folder / "1.yaml").write_text(f"# one more comment\n{text}")
    made = samples.make(
        "rewritten.zip", folders=[tmp_path], secrets=samples.secrets, with_secrets=True
    )
    report = vr.check_bundle(made)
    assert (report.conclusion, report.verdicts["ruleset"]) == ("all_match", "rewritten")


def test_a_body_that_no_decision_was_written_as_has_no_law(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    bodies: list[dict[str, Any]] = [{}, {"ruleset": []}, {"ruleset": {"id": {}}, "overlays": 1}]
    with vr.RecordLog.create(path, "A theatre (invented)", clock=lambda: START) as log:
        for number, body in enumerate(bodies):
            draft = Draft(EntryKind.DECISION, f"{number}", START, Recorder("x"), body=body)
            log.log.append(draft)
        log.checkpoint(tmp_path / "3.json")
    for seq in (1, 2, 3):
        make = partial(vr.make_bundle, path, seq, tmp_path / "3.json", tmp_path / "x")
        assert refuse(make) == "bundle-law-missing"


def test_a_log_that_is_not_sound_makes_no_bundle(samples: Samples, tmp_path: Path) -> None:
    lines = samples.log.read_bytes().splitlines(keepends=True)
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    with pytest.raises(vr.RecordError, match="log-gap"):
        vr.make_bundle(path, 3, samples.checkpoint, tmp_path / "x", folders=[RULESETS])
