"""Arguments of another kind than a function takes: told by name, before anything is done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.arguments import Want, takes

NAME: Final = "cn-nx-service-voucher"
START: Final = datetime(2024, 5, 2, 9, tzinfo=UTC)
Call = Callable[..., Any]


def refuse(call: Call, *args: object, **kwargs: object) -> list[tuple[str, str]]:
    """Return the code and the argument of each fault, told in both languages."""
    with pytest.raises(vr.InputError) as caught:
        call(*args, **kwargs)
    zh = caught.value.render("zh")
    assert not re.search(r"[a-z]{2,} [a-z]{2,}", zh), zh
    assert caught.value.render("en") != zh
    return [(x.code, x.arguments["name"]) for x in caught.value.diagnostics]


LIST: Final = "argument-not-a-list"
KIND: Final = "argument-wrong-kind"


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("folders", "../r", LIST),
        ("folders", Path("r"), LIST),
        ("checkpoints", "c.json", LIST),
        ("stamps", b"x", LIST),
        ("authorities", "ca.pem", LIST),
        ("trusted", "key.pem", LIST),
        ("trusted", 3, KIND),
        ("secrets", 3, KIND),
        ("jobs", "2", KIND),
        ("jobs", True, KIND),
    ],
)
def test_arguments_of_a_replay(name: str, given: object, code: str) -> None:
    assert refuse(vr.replay, "log.jsonl", **{name: given}) == [(code, name)]


def test_every_argument_that_is_wrong_is_told_at_once() -> None:
    found = refuse(vr.replay, 1, folders=[2, "x"], trusted="k")
    assert sorted(found) == [(LIST, "trusted"), (KIND, "folders[0]"), (KIND, "log")]


@pytest.mark.parametrize(
    ("call", "args", "name"),
    [
        (vr.impact, ("log", "name"), "ruleset"),
        (vr.make_bundle, ("log", "1", "c", "o"), "seq"),
        (vr.check_bundle, (1,), "path"),
        (vr.prove_entry, ("log", "1", "c"), "seq"),
        (vr.prove_growth, ("log", 1, None), "last"),
        (vr.check_proof, ("p", 3), "checkpoints[0]"),
        (vr.compare_checkpoints, (1, "b"), "one"),
        (vr.list_keys, (None,), "log"),
        (vr.find_stray_secrets, ("log", 1), "secrets"),
        (vr.erase_stray_secrets, ("log", 1), "secrets"),
        (vr.make_key_pair, (1,), "private"),
        (vr.load_signer, (1,), "private"),
        (vr.RecordLog.create, ("log", 1), "owner"),
        (vr.RecordLog.open, (1,), "path"),
    ],
)
def test_arguments_of_what_stands_alone(call: Call, args: tuple[Any, ...], name: str) -> None:
    assert refuse(call, *args) == [(KIND, name)]


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("hide", "claim.provider", LIST),
        ("hide", [1], KIND),
        ("at", "2024-05-02", KIND),
        ("operator", 1, KIND),
        ("subject", 1, KIND),
        ("traced", None, KIND),
    ],
)
def test_options_of_a_record(name: str, given: object, code: str) -> None:
    told = f"{name}[0]" if given == [1] else name
    assert refuse(vr.RecordOptions, **{name: given}) == [(code, told)]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[vr.RecordLog]:
    with vr.RecordLog.create(tmp_path / "log", "A bureau (invented)", clock=lambda: START) as made:
        yield made


@pytest.mark.parametrize(
    ("method", "args", "name"),
    [
        ("record", ("x", "request"), "decision"),
        ("correct", ("1", None, "request", "why"), "seq"),
        ("decide_again", (1, None, "request", "why"), "decision"),
        ("revoke", (1, 2, "why"), "request_id"),
        ("erase", (1, "request", None), "because"),
        ("end", ("request", 1), "because"),
        ("change_keys", ("request", "key.pem"), "signers"),
        ("checkpoint", (3,), "path"),
        ("entry", ("1",), "seq"),
        ("standing", (1.0,), "seq"),
    ],
)
def test_arguments_of_a_log(
    log: vr.RecordLog, method: str, args: tuple[object, ...], name: str
) -> None:
    assert name in [told for _, told in refuse(getattr(log, method), *args)]
    assert log.size == 0


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(vr.InputError, match="folder-not-found"):
        vr.replay(tmp_path / "log", folders=[tmp_path / "none"])


def test_a_language_there_is_not_is_told(log: vr.RecordLog) -> None:
    report = vr.replay(log.log.place, jobs=1)
    study = vr.impact(log.log.place, vr.load(NAME), jobs=1)
    for call in (report.html, report.summary, study.html, study.summary):
        with pytest.raises(ValueError, match="zh or en"):
            call("fr")


@pytest.mark.parametrize("seconds", [59, 60])
def test_a_moment_hardly_ahead_of_the_clock_is_taken(log: vr.RecordLog, seconds: int) -> None:
    made = vr.load(NAME).decide("claim", {"contract.amount": "1元"}, on="2017-03-01")
    options = vr.RecordOptions(at=START + timedelta(seconds=seconds))
    assert log.record(made, "request 1", options).is_new


def test_a_moment_far_ahead_of_the_clock_is_refused(log: vr.RecordLog) -> None:
    made = vr.load(NAME).decide("claim", {"contract.amount": "1元"}, on="2017-03-01")
    options = vr.RecordOptions(at=START + timedelta(seconds=61))
    with pytest.raises(vr.RecordError, match="record-ahead-of-clock"):
        log.record(made, "request 1", options)
    with pytest.raises(vr.RecordError, match="record-ahead-of-clock"):
        log.end("end", options=options)
    assert log.size == 0
    assert log.end("end").is_new


def test_what_is_left_out_is_not_checked_and_names_are_kept() -> None:
    @takes(number=Want((int,), "whole number"))
    def double(number: int = 2, *, times: int = 1) -> int:
        """Double it."""
        return number * 2 * times

    assert (double(), double(3), double(number=3, times=2)) == (4, 6, 12)
    assert (double.__name__, double.__doc__) == ("double", "Double it.")
    assert refuse(double, "3") == [(KIND, "number")]
    with pytest.raises(TypeError):
        double(3, 4)  # type: ignore[call-arg]
