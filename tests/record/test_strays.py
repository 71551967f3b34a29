"""Secrets and threads: names are hidden and recorded in one turn, and what is left over is told."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from bundle_samples import FACTS, RULESETS

import voucher_rules as vr
from voucher_rules.record.commitments import SecretStore, read_secrets
from voucher_rules.record.log import Log
from voucher_rules.record.rechecking import Reproduced, recheck_record
from voucher_rules.record.shelf import RulesetShelf

RULESET = vr.load("invented-tickets", folders=[RULESETS])
HIDE = vr.RecordOptions(hide=("ticket.holder", "guests.name"))
HIDDEN = ["ticket.holder", "guests[1].name"]


def decide(holder: str = "Zhang San") -> vr.Decision:
    return RULESET.decide("refund", {**FACTS, "ticket.holder": holder}, on="2024-05-01")


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "log.jsonl", tmp_path / "secrets.jsonl"


@pytest.fixture
def log(paths: tuple[Path, Path]) -> Iterator[vr.RecordLog]:
    path, secrets = paths
    with vr.RecordLog.create(path, "A theatre (invented)", log_id="t", secrets=secrets) as made:
        yield made


def refuse(call: Callable[[], object]) -> str:
    with pytest.raises(vr.RecordError) as caught:
        call()
    (item,) = caught.value.diagnostics
    assert item.render("zh") != item.render("en")
    return item.code


class CutOffError(BaseException):
    """Stands for the end of the process: nobody may catch it and tidy up."""


def cut_off(*_: object) -> None:
    raise CutOffError


def leave_behind(log: vr.RecordLog, monkeypatch: pytest.MonkeyPatch, request_id: str) -> None:
    """Hide names for a request, and end before it is recorded."""
    with monkeypatch.context() as patched:
        patched.setattr(Log, "append", cut_off)
        with pytest.raises(CutOffError):
            log.record(decide(), request_id, HIDE)


def tell(paths: tuple[Path, Path]) -> list[tuple[str, str, str]]:
    found = vr.find_stray_secrets(*paths)
    return [(item.why.value, item.request_id, item.name) for item in found]


@pytest.fixture
def restless() -> Iterator[None]:
    """Let threads change places after every few steps."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("restless")
def test_threads_that_share_a_log_leave_nothing_over(
    log: vr.RecordLog, paths: tuple[Path, Path]
) -> None:
    def record(number: int) -> int:
        return log.record(decide(f"holder {number}"), f"request {number}", HIDE).seq

    with ThreadPoolExecutor(8) as pool:
        seqs = sorted(pool.map(record, range(48)))
    assert seqs == list(range(1, 49))
    assert tell(paths) == []
    texts = {item.commitment: item.value for item in read_secrets(paths[1])}
    shelf = RulesetShelf([RULESETS])
    for item in log.entries():
        assert item.entry.body is not None
        found = recheck_record(item.entry.body, item.entry.trace, shelf, texts)
        assert found.reproduced is Reproduced.MATCH


@pytest.mark.usefixtures("restless")
def test_of_two_that_ask_for_one_request_the_recorded_one_keeps_its_names(
    log: vr.RecordLog, paths: tuple[Path, Path]
) -> None:
    """The later try must not erase what opens the earlier, which is on its way into the log."""
    begin = threading.Barrier(4)

    def record(number: int) -> str:
        begin.wait()
        try:
            log.record(decide(f"holder {number}"), f"request {number // 4}", HIDE)
        except vr.RecordError as error:
            return error.diagnostics[0].code
        return "recorded"

    with ThreadPoolExecutor(4) as pool:
        told = Counter(pool.map(record, range(40)))
    assert told == {"recorded": 10, "secret-of-another-text": 30}
    held = {item.commitment for item in read_secrets(paths[1])}
    wanted = {x.commitment for item in log.entries() for x in item.entry.redactions}
    assert held == wanted


def test_the_moment_is_that_of_the_turn(paths: tuple[Path, Path]) -> None:
    """A thread that read the clock first and comes second would be refused: time runs backwards."""
    read, go_on = threading.Event(), threading.Event()
    moments = [datetime(2024, 5, 2, 9, tzinfo=UTC) + timedelta(seconds=n) for n in range(9)]

    def tick() -> datetime:
        moment = moments.pop(0)
        if threading.current_thread() is not threading.main_thread() and not read.is_set():
            read.set()
            go_on.wait(1)
        return moment

    with vr.RecordLog.create(paths[0], "A theatre (invented)", clock=tick) as log:
        slow = threading.Thread(target=log.record, args=(decide(), "slow"))
        slow.start()
        assert read.wait(10)
        quick = threading.Timer(0, log.record, (decide(), "quick"))
        quick.start()
        quick.join(0.2)
        go_on.set()
        slow.join(10)
        quick.join(10)
        assert [item.entry.request_id for item in log.entries()] == ["slow", "quick"]


def test_what_was_hidden_for_nothing_is_told_and_erased(
    log: vr.RecordLog, paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record(decide(), "request 1", HIDE)
    leave_behind(log, monkeypatch, "request 2")
    log.record(decide(), "request 3", HIDE)
    assert tell(paths) == [("never_recorded", "request 2", name) for name in HIDDEN]
    assert [item.line for item in vr.find_stray_secrets(*paths)] == [3, 4]
    assert refuse(lambda: vr.erase_stray_secrets(*paths)) == "log-locked"
    log.close()
    assert len(vr.erase_stray_secrets(*paths)) == 2
    assert tell(paths) == []
    assert {item.request_id for item in read_secrets(paths[1])} == {"request 1", "request 3"}
    assert vr.erase_stray_secrets(*paths) == ()


def test_a_request_that_comes_again_is_in_its_own_right(
    log: vr.RecordLog, paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_behind(log, monkeypatch, "request 1")
    left = [item.commitment for item in vr.find_stray_secrets(*paths)]
    entry = log.record(decide(), "request 1", HIDE).entry
    assert sorted(left) == sorted(item.commitment for item in entry.redactions)
    assert tell(paths) == []


def test_an_erasure_that_was_cut_off_is_told_and_made_good(
    log: vr.RecordLog, paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record(decide(), "request 1", HIDE)
    with monkeypatch.context() as patched:
        patched.setattr(SecretStore, "erase", cut_off)
        with pytest.raises(CutOffError):
            log.erase(1, "request 2", "asked to")
    assert tell(paths) == [("erased", "request 1", name) for name in HIDDEN]
    log.erase(1, "request 2", "asked to")
    assert tell(paths) == []
    assert log.size == 2


def test_secrets_of_another_log_are_passed_over(
    log: vr.RecordLog, paths: tuple[Path, Path], tmp_path: Path
) -> None:
    log.record(decide(), "request 1", HIDE)
    log.close()
    with vr.RecordLog.create(tmp_path / "other", "X", secrets=paths[1]) as other:
        other.record(decide(), "request 2", HIDE)
    assert tell(paths) == []
    assert len(read_secrets(paths[1])) == 4


def test_a_file_of_secrets_that_is_not_there_is_not_made(paths: tuple[Path, Path]) -> None:
    vr.RecordLog.create(paths[0], "A theatre (invented)").close()
    for call in (vr.find_stray_secrets, vr.erase_stray_secrets):
        with pytest.raises(vr.RecordError):
            call(*paths)
    assert not paths[1].exists()


def test_an_erasure_of_nothing_is_not_recorded(log: vr.RecordLog, tmp_path: Path) -> None:
    """It would be told as erased while it is kept: in another file, or of another entry."""
    log.record(decide(), "request 1", HIDE)
    log.record(decide(), "request 2")
    assert refuse(lambda: log.erase(2, "request 3", "asked to")) == "nothing-to-erase"
    assert refuse(lambda: log.erase(9, "request 3", "asked to")) == "record-not-there"
    log.close()
    with vr.RecordLog.open(tmp_path / "log.jsonl", secrets=tmp_path / "wrong.jsonl") as opened:
        assert refuse(lambda: opened.erase(1, "request 3", "asked to")) == "nothing-to-erase"
        assert opened.size == 2
    with vr.RecordLog.open(tmp_path / "log.jsonl", secrets=tmp_path / "secrets.jsonl") as opened:
        assert opened.erase(1, "request 3", "asked to").is_new
        assert not opened.erase(1, "request 3", "asked to").is_new
        assert refuse(lambda: opened.erase(1, "request 4", "again")) == "nothing-to-erase"


def test_a_hidden_text_that_is_not_normal_is_told_with_its_place(
    log: vr.RecordLog, paths: tuple[Path, Path]
) -> None:
    with pytest.raises(vr.RecordError) as caught:
        log.record(decide("Andre\u0301"), "request 1", HIDE)
    (item,) = caught.value.diagnostics
    assert (item.code, item.path) == ("record-not-canonical", "/ticket.holder")
    guests = [{"name": "Andre\u0301", "price": "1元"}]
    odd = RULESET.decide("refund", {**FACTS, "guests": guests}, on="2024-05-01")
    with pytest.raises(vr.RecordError) as caught:
        log.record(odd, "request 1", HIDE)
    assert caught.value.diagnostics[0].path == "/guests/0/name"
    assert paths[1].read_bytes() == b""


@pytest.mark.parametrize(
    "content", [b"{}", b'{"commitment":"md5:', b"ticket.price: 5", b"{}\n", b"\0"]
)
def test_what_is_no_file_of_secrets_is_left_alone(
    log: vr.RecordLog, tmp_path: Path, content: bytes
) -> None:
    """A last line without its end is cut off; so it has to be seen first that it is one."""
    other = tmp_path / "facts.yaml"
    other.write_bytes(content)
    other.chmod(0o644)
    log.close()
    call = partial(vr.RecordLog.open, tmp_path / "log.jsonl", secrets=other)
    assert refuse(call) == "secret-damaged"
    assert refuse(lambda: read_secrets(other)) == "secret-damaged"
    assert (other.read_bytes(), other.stat().st_mode & 0o777) == (content, 0o644)


@pytest.mark.parametrize("kept", [1, 2, 21, 22, 23, 60])
def test_a_secret_that_was_cut_off_is_dropped_wherever_that_was(
    log: vr.RecordLog, paths: tuple[Path, Path], kept: int
) -> None:
    log.record(decide(), "request 1", HIDE)
    log.close()
    whole = paths[1].read_bytes()
    paths[1].write_bytes(whole + whole[:kept])
    assert len(read_secrets(paths[1])) == len(HIDDEN)
    SecretStore.open(paths[1]).close()
    assert paths[1].read_bytes() == whole


@pytest.mark.skipif(os.name != "posix", reason="files have modes")
def test_the_secrets_are_never_open_to_others(
    paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for a moment: whoever opened the file in it would go on reading what is added."""
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    before = os.umask(0)
    try:
        with vr.RecordLog.create(paths[0], "A theatre (invented)", secrets=paths[1]) as log:
            assert paths[1].stat().st_mode & 0o777 == 0o600
            log.record(decide(), "request 1", HIDE)
            log.record(decide(), "request 2", HIDE)
            log.erase(1, "request 3", "asked to")
            assert paths[1].stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_the_lock_is_held_while_the_secrets_are_written_anew(
    log: vr.RecordLog, paths: tuple[Path, Path]
) -> None:
    log.record(decide(), "request 1", HIDE)
    log.erase(1, "request 2", "asked to")
    assert refuse(lambda: SecretStore.open(paths[1])) == "secrets-locked"
    log.record(decide(), "request 3", HIDE)
    assert [item.request_id for item in read_secrets(paths[1])] == ["request 3", "request 3"]
