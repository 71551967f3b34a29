"""What is easily taken for something else is told as what it is: files, entries, private keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr

RULESET: Final = vr.load("cn-nx-service-voucher")


def decide(amount: str = "4000元") -> vr.Decision:
    return RULESET.decide("claim", {"contract.amount": amount}, on="2017-03-01")


def make_log(folder: Path) -> Path:
    path = folder / "log.jsonl"
    with vr.RecordLog.create(path, "An office (invented)") as log:
        log.record(decide(), "request 1")
        log.record(decide("5000元"), "request 2")
        log.record(decide("6000元"), "request 3")
        log.decide_again(1, decide("5000元"), "request 4", "after an appeal")
        log.checkpoint(folder / "held.json")
    return path


def change_line(path: Path, line: int, old: str, new: str) -> None:
    lines = path.read_text("utf-8").split("\n")
    assert old in lines[line]
    lines[line] = lines[line].replace(old, new, 1)
    path.write_text("\n".join(lines), "utf-8")


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_checkpoint_given_for_the_log_is_told_as_one(tmp_path: Path, end: str) -> None:
    make_log(tmp_path)
    held = tmp_path / "held.json"
    held.write_text(held.read_text("utf-8").rstrip("\n") + end, "utf-8")
    with pytest.raises(vr.RecordError) as caught:
        vr.replay(held, jobs=1)
    assert [x.code for x in caught.value.diagnostics] == ["log-is-a-checkpoint"]
    assert "give the file of the log" in caught.value.render("en")
    assert "请给出日志文件" in caught.value.render("zh")


@pytest.mark.parametrize("text", ["[]", '{"payloadType": "text/plain"}', "{", ""])
def test_what_is_neither_is_no_checkpoint(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text + "\n", "utf-8")
    with pytest.raises(vr.RecordError) as caught:
        vr.replay(tmp_path / "other.json", jobs=1)
    assert caught.value.diagnostics[0].code != "log-is-a-checkpoint"


def test_only_the_entry_that_was_changed_is_blamed(tmp_path: Path) -> None:
    path = make_log(tmp_path)
    change_line(path, 1, "4000.00", "4100.00")
    report = vr.replay(path, jobs=1)
    found = report.to_data()["integrity"]
    assert (found["faulty"], found["referring"], found["first_bad"]) == (1, 1, 2)
    codes = {item["line"]: [x["code"] for x in item["faults"]] for item in found["faults"]}
    assert codes == {2: ["log-digest-differs"], 5: ["log-refers-to-changed"]}
    told = report.summary("en")
    assert "1 line is not sound: line 2 of the file" in told
    assert "1 more is whole itself and refers to an entry that was changed" in told
    assert "it refers to entry 1, whose line is not sound" in told
    assert "none is seen missing, repeated or moved" in told
    assert "not in order" not in told
    assert "所指的第 1 条记录所在的行有问题" in report.summary("zh")
    assert str(report.to_data()["conclusion"]) == "not_sound"


def test_an_entry_that_refers_to_none_there_is_told_as_before(tmp_path: Path) -> None:
    path = make_log(tmp_path)
    lines = path.read_text("utf-8").split("\n")
    path.write_text("\n".join([lines[0], *lines[2:]]), "utf-8")
    found = vr.replay(path, jobs=1).to_data()["integrity"]
    codes = [x["code"] for item in found["faults"] for x in item["faults"]]
    assert "log-refers-nowhere" in codes
    assert found["referring"] == 0


@pytest.mark.parametrize(
    ("language", "hint"),
    [
        ("en", "without a checkpoint a log cut short would not be noticed"),
        ("zh", "没有给出检查点，日志若被截短无从发现"),
    ],
)
def test_the_headline_says_that_a_cut_would_not_be_noticed(
    tmp_path: Path, language: str, hint: str
) -> None:
    path = make_log(tmp_path)
    plain = vr.replay(path, jobs=1)
    assert hint in plain.summary(language).splitlines()[1]
    assert hint in plain.html(language)
    held = vr.replay(path, checkpoints=[tmp_path / "held.json"], jobs=1)
    assert hint not in held.summary(language)


@pytest.mark.parametrize("seq", [5, 99])
def test_an_entry_that_is_not_there_is_refused(tmp_path: Path, seq: int) -> None:
    with vr.RecordLog.open(make_log(tmp_path)) as log:
        assert log.entry(4).seq == 4
        assert log.standing(1) == log.entry(4)
        assert log.standing(2) == log.entry(2)
        for ask in (log.entry, log.standing):
            with pytest.raises(vr.RecordError) as caught:
                ask(seq)
            assert [x.code for x in caught.value.diagnostics] == ["record-not-there"]


def test_a_bundle_of_a_replaced_decision_tells_the_new_outcome(tmp_path: Path) -> None:
    path = make_log(tmp_path)
    vr.make_bundle(path, 1, tmp_path / "held.json", tmp_path / "one.zip")
    report = vr.check_bundle(tmp_path / "one.zip")
    lines = report.summary("en").splitlines()
    at = next(i for i, x in enumerate(lines) if "was replaced by entry 4" in x)
    assert lines[at + 1].startswith("outcome recorded by entry 4: undetermined")
    assert "第 4 条记录的结果：" in report.summary("zh")


@pytest.mark.parametrize("head", ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY"])
def test_a_private_key_in_the_place_of_a_public_one_is_told(tmp_path: Path, head: str) -> None:
    path = tmp_path / "office.key"
    path.write_text(f"-----BEGIN {head}-----\nMC4CAQAw\n-----END {head}-----\n", "utf-8")
    with pytest.raises(vr.RecordError) as caught:
        vr.RecordLog.create(tmp_path / "log.jsonl", "An office (invented)", keys=[path])
    assert [x.code for x in caught.value.diagnostics] == ["key-file-private"]
    assert "stays secret with its owner" in caught.value.render("en")
    assert "私钥只由其所有人保管" in caught.value.render("zh")
    assert "MC4CAQAw" not in json.dumps(caught.value.render("en"))
