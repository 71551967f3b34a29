"""Comes in: logs of decisions. Goes out: a failure where a letter tells other than was recorded."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from test_recording import FOLDER, HIDE, decide, tick

import voucher_rules as vr
from voucher_rules.record.body import Record, make_record
from voucher_rules.record.canonical import write_canonical
from voucher_rules.record.digests import DigestKind, digest_bytes

HEAD: Final = vr.LetterHead(issuer="A theatre (invented)", reference="T-7", dated="2024-05-03")
LEDGERS: Final = Path(__file__).parents[1] / "ledger" / "rulesets"
SEQ: Final = 1


@pytest.fixture
def log(tmp_path: Path) -> Iterator[vr.RecordLog]:
    path, secrets = tmp_path / "log.jsonl", tmp_path / "secrets.jsonl"
    with vr.RecordLog.create(path, "Owner", log_id="t-1", secrets=secrets, clock=tick()) as made:
        yield made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


def refuse(path: Path, seq: int = SEQ, **settings: Any) -> str:  # noqa: ANN401
    with pytest.raises(vr.RecordError) as caught:
        vr.letter(path, seq, **{"folders": [FOLDER], **settings})
    item, *_ = caught.value.diagnostics
    for language in ("zh", "en"):
        assert item.render(language)
    return item.code


@pytest.mark.parametrize("form", ["html", "markdown", "text"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_letter_from_the_log_is_that_of_the_decision_recorded(
    log: vr.RecordLog, place: Path, language: str, form: str
) -> None:
    made = decide()
    entry = log.record(made, "r-1", vr.RecordOptions(subject="case 7"))
    told = vr.letter(place, SEQ, language, form, about=HEAD, folders=[FOLDER])
    assert told == made.letter(language, form, about=HEAD, record=entry)
    assert str(entry.decision_digest) in told


def test_it_names_the_log_the_entry_and_the_digest_recorded(log: vr.RecordLog, place: Path) -> None:
    log.record(decide(ticket__price="90元"), "r-1")
    entry = log.record(decide(), "r-2")
    lines = vr.letter(place, 2, "en", "text", folders=[FOLDER]).splitlines()
    assert f"  · Digest of the record of this decision: {entry.decision_digest}" in lines
    assert "  · The record is entry 2 of the log t-1" in lines
    assert not any("record is about" in line or "takes the place" in line for line in lines)


def test_it_names_whom_the_record_is_about_and_what_it_takes_the_place_of(
    log: vr.RecordLog, place: Path
) -> None:
    options = vr.RecordOptions(subject="case 7")
    log.record(decide(), "r-1", options)
    log.correct(1, decide(ticket__price="90元"), "r-2", "a slip", options)
    told = vr.letter(place, 2, "en", "text", folders=[FOLDER])
    assert "The record is about: case 7" in told
    assert "This decision takes the place of that of entry 1, because: a slip" in told
    assert "该决定取代日志第 1 条的决定，理由：a slip" in vr.letter(
        place, 2, "zh", "text", folders=[FOLDER]
    )


@pytest.mark.parametrize("seq", [True, "1", None])
def test_arguments_of_another_kind_are_named(place: Path, seq: Any) -> None:  # noqa: ANN401
    with pytest.raises(vr.InputError) as caught:
        vr.letter(place, seq)
    assert [x.code for x in caught.value.diagnostics] == ["argument-wrong-kind"]


def test_hidden_facts_have_to_be_opened(log: vr.RecordLog, place: Path) -> None:
    made = decide()
    entry = log.record(made, "r-1", HIDE)
    assert refuse(place) == "taken-again-facts-hidden"
    secrets = place.with_name("secrets.jsonl")
    told = vr.letter(place, SEQ, "en", "text", folders=[FOLDER], secrets=secrets)
    assert "Zhang San" in told
    assert told == made.letter("en", "text", record=entry)
    log.erase(SEQ, "r-2", "asked for")
    assert refuse(place, secrets=secrets) == "taken-again-facts-hidden"


def test_a_decision_that_no_longer_stands_is_told_in_no_letter(
    log: vr.RecordLog, place: Path
) -> None:
    log.record(decide(), "r-1")
    log.correct(1, decide(ticket__price="90元"), "r-2", "a slip")
    assert refuse(place, 1) == "taken-again-replaced"
    assert "T-7" in vr.letter(place, 2, about=HEAD, folders=[FOLDER])
    log.revoke(2, "r-3", "withdrawn")
    assert refuse(place, 2) == "taken-again-revoked"
    assert refuse(place, 3) == "taken-again-no-decision"


@pytest.mark.parametrize("seq", [-1, 0, 2])
def test_an_entry_there_is_not_is_refused(log: vr.RecordLog, place: Path, seq: int) -> None:
    log.record(decide(), "r-1")
    assert refuse(place, seq) == "taken-again-no-entry"


def test_the_ruleset_has_to_be_the_one_recorded(
    log: vr.RecordLog, place: Path, tmp_path: Path
) -> None:
    log.record(decide(), "r-1")
    assert refuse(place, folders=[]) == "taken-again-ruleset-missing"
    folder = tmp_path / "later" / "invented-tickets"
    folder.mkdir(parents=True)
    for path in (FOLDER / "invented-tickets").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(f"# laid out anew\n{text}", encoding="utf-8")
    again = vr.letter(place, SEQ, "en", "text", folders=[tmp_path / "later"])
    assert again == vr.letter(place, SEQ, "en", "text", folders=[FOLDER])
    for path in folder.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("en: A theatre", "en: A new theatre", 1), encoding="utf-8")
    assert refuse(place, folders=[tmp_path / "later"]) == "taken-again-ruleset-differs"
    for path in folder.glob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8") + "\n]", encoding="utf-8")
    assert refuse(place, folders=[tmp_path / "later"]) == "taken-again-ruleset-unreadable"


def test_what_does_not_come_out_again_is_refused(
    log: vr.RecordLog, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = decide(ticket__price="90元")
    monkeypatch.setattr("voucher_rules.record.recording.make_record", _mix(other))
    log.record(decide(), "r-1")
    assert refuse(place) == "taken-again-otherwise"


def _mix(other: vr.Decision) -> Any:  # noqa: ANN401
    """Return what records the facts of a decision with the outcome of another."""

    def mix(*given: Any) -> Record:  # noqa: ANN401
        one, two = make_record(*given), make_record(other.result, *given[1:])
        parts = {name: two.body[name] for name in ("outcome", "outcome_digest", "trace_digest")}
        body = {**one.body, **parts}
        written = write_canonical(body)
        digest = digest_bytes(DigestKind.DECISION, written)
        return Record(body, two.trace, digest, written, two.trace_written)

    return mix


def test_a_log_that_is_not_sound_gives_no_letter(log: vr.RecordLog, place: Path) -> None:
    log.record(decide(), "r-1")
    log.record(decide(ticket__price="90元"), "r-2")
    log.close()
    whole = place.read_bytes()
    place.write_bytes(whole.replace(b"r-2", b"r-9"))
    assert vr.letter(place, SEQ, folders=[FOLDER])
    place.write_bytes(whole.replace(b"90.00", b"80.00"))
    with pytest.raises(vr.RecordError):
        vr.letter(place, SEQ, folders=[FOLDER])
    place.write_bytes(whole[:-10])
    assert refuse(place).startswith("log-tail-")


def test_a_record_of_another_decision_is_refused(log: vr.RecordLog) -> None:
    made, other = decide(), decide(ticket__price="90元")
    entry = log.record(made, "r-1", HIDE)
    for decision, digest in ((other, None), (made, f"sha256:{'0' * 64}")):
        with pytest.raises(vr.InputError) as caught:
            decision.letter("en", record=entry, digest=digest)
        assert [x.code for x in caught.value.diagnostics] == ["record-of-another"]
    assert made.letter("en", record=entry, digest=entry.decision_digest)
    revoked = log.revoke(1, "r-2", "withdrawn")
    with pytest.raises(vr.InputError):
        made.letter("en", record=revoked)


def test_the_digest_alone_does_not_do_where_facts_are_hidden(log: vr.RecordLog) -> None:
    made = decide()
    entry = log.record(made, "r-1", HIDE)
    with pytest.raises(vr.InputError) as caught:
        made.letter("en", digest=entry.decision_digest)
    assert [x.code for x in caught.value.diagnostics] == ["digest-of-another"]
    plain = log.record(made, "r-2")
    assert str(plain.decision_digest) in made.letter("en", digest=plain.decision_digest)


def test_what_was_used_before_is_told_without_the_days_a_record_does_not_keep(
    log: vr.RecordLog, place: Path
) -> None:
    ledger = vr.Ledger(vr.load("invented-places", folders=[LEDGERS]))
    facts = {
        "contract.amount": "1000元",
        "service.category": "training",
        "contract.provider": "P1",
    }
    carries = {"enterprise": "E1"}
    ledger.decide("claim", facts, "2024-02-01T09:00", thing="V1", carries=carries)
    made = ledger.decide("claim", facts, "2024-02-03T09:00", thing="V2", carries=carries).decision
    entry = log.record(made, "r-1")
    once = made.letter("en", "text", record=entry).splitlines()
    again = vr.letter(place, SEQ, "en", "text", folders=[LEDGERS]).splitlines()
    apart = [(one, two) for one, two in zip(once, again, strict=True) if one != two]
    assert apart
    for one, two in apart:
        assert one == f"{two} (2024-02-01)"
        assert "V1" in two


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_of_the_letter_prints_the_digest_of_the_letter(
    log: vr.RecordLog, place: Path, tmp_path: Path, language: str
) -> None:
    entry = log.record(decide(), "r-1")
    checkpoint = tmp_path / "1.json"
    log.checkpoint(checkpoint)
    made = vr.make_bundle(place, SEQ, checkpoint, tmp_path / "b.zip", folders=[FOLDER])
    (tmp_path / "b").mkdir()
    with zipfile.ZipFile(made) as held:
        (tmp_path / "b" / "body.json").write_bytes(held.read("body.json"))
    lines = vr.letter(place, SEQ, language, "text", folders=[FOLDER]).splitlines()
    [command] = [line.strip() for line in lines if line.endswith("sha256sum")]
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path / "b", capture_output=True, text=True, check=True
    )
    assert f"sha256:{done.stdout.split()[0]}" == entry.decision_digest
