"""Keys of logs: made, changed by a signed entry, and listed with whose word they rest on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from bundle_samples import decide

import voucher_rules as vr
from voucher_rules.record.entries import Draft, EntryKind, KeyChange, Recorder
from voucher_rules.record.entry_lines import state_key_change
from voucher_rules.record.key_files import load_keys
from voucher_rules.record.keys import sign_key_change
from voucher_rules.spans import Span

START = datetime(2024, 5, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAMES = ("old", "new", "thief")


def tick() -> Callable[[], datetime]:
    """Return a clock that moves on by an hour whenever it is read."""
    moment = START - HOUR

    def read() -> datetime:
        nonlocal moment
        moment += HOUR
        return moment

    return read


@pytest.fixture
def signers(tmp_path: Path) -> dict[str, vr.Signer]:
    return {name: vr.make_key_pair(tmp_path / f"{name}.key") for name in NAMES}


@pytest.fixture
def log(tmp_path: Path, signers: dict[str, vr.Signer]) -> Iterator[vr.RecordLog]:
    assert signers
    keys = [tmp_path / "old.pem"]
    with vr.RecordLog.create(tmp_path / "log", "X", log_id="t", keys=keys, clock=tick()) as made:
        yield made


def refuse(call: Callable[[], object]) -> str:
    with pytest.raises(vr.RecordError) as caught:
        call()
    (item,) = caught.value.diagnostics
    assert item.render("zh") != item.render("en")
    return item.code


def tell(path: Path, trusted: list[Path] | None = None) -> list[tuple[str, int, bool]]:
    return [(key.id, key.seq, key.believed) for key in vr.list_keys(path, trusted=trusted)]


def test_a_key_is_made_and_read_again(tmp_path: Path) -> None:
    made = vr.make_key_pair(tmp_path / "office.key")
    assert made.key_id == "office"
    assert vr.load_signer(tmp_path / "office.key").public == made.public
    (key,) = load_keys(tmp_path / "office.pem")
    assert (key.id, key.public) == ("office", made.public)


@pytest.mark.skipif(os.name != "posix", reason="files have modes")
def test_a_private_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        vr.make_key_pair(tmp_path / "office.key")
    finally:
        os.umask(before)
    assert (tmp_path / "office.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "office.pem").stat().st_mode & 0o777 == 0o666


@pytest.mark.parametrize("there", ["office.key", "office.pem"])
def test_no_key_is_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("what stood there")
    assert refuse(lambda: vr.make_key_pair(tmp_path / "office.key")) == "file-exists"
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "what stood there"


def test_both_halves_go_into_two_files(tmp_path: Path) -> None:
    """The public half goes into `<name>.pem`, so a private key is not called that."""
    assert refuse(lambda: vr.make_key_pair(tmp_path / "office.pem")) == "file-exists"
    assert list(tmp_path.iterdir()) == []
    vr.make_key_pair(tmp_path / "office.pem", tmp_path / "office.pub")
    assert {path.name for path in tmp_path.iterdir()} == {"office.pem", "office.pub"}


def test_a_private_key_without_its_public_half_is_not_kept(tmp_path: Path) -> None:
    nowhere = tmp_path / "no folder" / "office.pem"
    with pytest.raises(vr.RecordError):
        vr.make_key_pair(tmp_path / "office.key", nowhere)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("key_id", "code"),
    [("a" * 79, ""), ("a" * 80, ""), ("a" * 81, "log-field-wrong"), ("a b", "log-field-wrong")],
)
def test_a_key_has_a_name_that_logs_can_write(tmp_path: Path, key_id: str, code: str) -> None:
    if code:
        made = refuse(lambda: vr.make_key_pair(tmp_path / "office.key", key_id=key_id))
        assert (made, list(tmp_path.iterdir())) == (code, [])
    else:
        assert vr.make_key_pair(tmp_path / "office.key", key_id=key_id).key_id == key_id


def test_a_key_under_a_password_needs_it(tmp_path: Path) -> None:
    made = vr.make_key_pair(tmp_path / "office.key", password=b"a secret")
    assert b"ENCRYPTED" in (tmp_path / "office.key").read_bytes()
    opened = vr.load_signer(tmp_path / "office.key", password=b"a secret", key_id="desk")
    assert (opened.public, opened.key_id) == (made.public, "desk")
    for password in (None, b"another"):
        call = partial(vr.load_signer, tmp_path / "office.key", password=password)
        assert refuse(call) == "key-not-readable"


def test_keys_follow_each_other_and_sign(
    log: vr.RecordLog, signers: dict[str, vr.Signer], tmp_path: Path
) -> None:
    log.record(decide(), "request 1")
    added = log.change_keys("keys 1", [signers["old"]], add=[tmp_path / "new.pem"])
    ended = log.change_keys("keys 2", [signers["new"]], end={"old": None}, because="a new office")
    log.checkpoint(tmp_path / "3.json", signers=[signers["new"]])
    assert (added.entry.kind, ended.entry.because) == (EntryKind.KEY_CHANGE, "a new office")
    assert tell(tmp_path / "log") == [("old", 0, True), ("new", 2, True)]
    old, new = vr.list_keys(tmp_path / "log")
    assert (old.since, old.until) == (START, ended.entry.recorded_at)
    assert (new.since, new.until) == (added.entry.recorded_at, None)
    assert new.public == signers["new"].public
    report = vr.replay(tmp_path / "log", checkpoints=[tmp_path / "3.json"])
    assert report.ending.checkpoints[0].authenticity.value == "ok"
    assert report.is_sound


def test_a_key_may_be_ended_for_a_moment_that_has_passed(
    log: vr.RecordLog, signers: dict[str, vr.Signer], tmp_path: Path
) -> None:
    log.change_keys("keys 1", [signers["old"]], add=[tmp_path / "new.pem"])
    log.change_keys("keys 2", [signers["new"]], end={"old": START + HOUR / 2})
    assert vr.list_keys(tmp_path / "log")[0].until == START + HOUR / 2
    late = partial(log.change_keys, "keys 3", [signers["new"]], end={"old": None})
    assert refuse(late) == "log-key-extended"


def test_a_change_that_nobody_would_believe_is_not_recorded(
    log: vr.RecordLog, signers: dict[str, vr.Signer], tmp_path: Path
) -> None:
    """Once it stood there the log would never be sound again."""
    add = [tmp_path / "new.pem"]
    renamed = replace(signers["thief"], key_id="old")
    for given in ([], [signers["new"]], [signers["thief"]], [renamed]):
        call = partial(log.change_keys, "keys 1", given, add=add)
        assert refuse(call) == "key-change-not-believed"
    assert log.size == 0
    log.change_keys("keys 1", [signers["thief"], signers["old"]], add=add)
    log.change_keys("keys 2", [signers["new"]], end={"old": None})
    call = partial(log.change_keys, "keys 3", [signers["old"]], add=[tmp_path / "thief.pem"])
    assert refuse(call) == "key-change-not-believed"
    assert vr.replay(tmp_path / "log").is_sound


def test_a_change_asked_for_again_is_the_same_entry(
    log: vr.RecordLog, signers: dict[str, vr.Signer], tmp_path: Path
) -> None:
    change = partial(log.change_keys, add=[tmp_path / "new.pem"], because="why")
    first = change("keys 1", [signers["old"]])
    again = change("keys 1", [signers["old"]])
    assert (again.digest, again.is_new) == (first.digest, False)
    twice = partial(change, "keys 2", [signers["old"]])
    assert refuse(twice) == "log-key-twice"
    unknown = partial(log.change_keys, "keys 2", [signers["old"]], end={"other": None})
    assert refuse(unknown) == "log-key-unknown"


def test_a_log_that_names_no_key_goes_by_those_who_check_it(
    tmp_path: Path, signers: dict[str, vr.Signer]
) -> None:
    path, trusted = tmp_path / "log", [tmp_path / "old.pem"]
    with vr.RecordLog.create(path, "X", clock=tick()) as log:
        call = partial(log.change_keys, "keys", [signers["old"]], add=[tmp_path / "new.pem"])
        assert refuse(call) == "key-change-not-believed"
        call(trusted=trusted)
    assert tell(path) == [("new", 1, False)]
    assert tell(path, trusted) == [("new", 1, True)]
    assert vr.replay(path, trusted=trusted).is_sound
    assert not vr.replay(path).is_sound


def test_a_key_that_another_program_slipped_in_is_told(
    log: vr.RecordLog, signers: dict[str, vr.Signer], tmp_path: Path
) -> None:
    thief = signers["thief"]
    key = vr.Key("thief", thief.public, START)
    change = sign_key_change("t", KeyChange((key,), (("old", START + HOUR),)), thief)
    data = state_key_change(change, Span("", 0, 0))
    draft = Draft(EntryKind.KEY_CHANGE, "keys", START + HOUR, Recorder("other"), data=data)
    log.log.append(draft)
    assert tell(tmp_path / "log") == [("old", 0, True), ("thief", 1, False)]
    assert vr.list_keys(tmp_path / "log")[0].until is None
