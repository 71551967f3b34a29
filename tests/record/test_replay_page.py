"""The page on replays names every field of the reports, and none there is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from test_tamper import (
    FOLDER,
    RULESET,
    Line,
    chain,
    change_a_fact_and_its_digest,
    make_log,
    read_lines,
    seal,
    write_lines,
)

import voucher_rules as vr
from voucher_rules.record.signing import make_signer

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "replay.md"
NAMED: Final = frozenset({"amounts", "labels", "arguments", "deltas"})
"""Mappings by names of a ruleset or of a diagnostic."""
SIDES: Final = frozenset({"recorded", "again"})
"""Values of a step or of a place, of whatever shape; or what a decision came to."""


def list_keys(value: Any, owner: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield the names of all fields."""
    if isinstance(value, list):
        for item in value:
            yield from list_keys(item)
    elif isinstance(value, dict) and set(value) != {"zh", "en"}:
        if owner in SIDES and "outcome" not in value:
            return
        for key, item in value.items():
            if owner not in NAMED:
                yield key
            yield from list_keys(item, "" if owner in NAMED else key)


def read_documented(heading: str) -> set[str]:
    text = PAGE.read_text(encoding="utf-8").partition(heading)[2].partition("\n## ")[0]
    return set(re.findall(r"`([a-z_]+)`", text))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("page")
    make_log(folder)
    path = folder / "log.jsonl"
    with vr.RecordLog.open(path) as log:
        log.revoke(5, "r", "a slip")
        log.checkpoint(folder / "13.json", signers=[make_signer("office")])
    lines = read_lines(path)
    change_a_fact_and_its_digest(lines)
    change_all(lines)
    write_lines(folder / "x.jsonl", lines)
    with (folder / "x.jsonl").open("ab") as file:
        file.write(b"{")
    given = [folder / "13.json", folder / "9.json"]
    report = vr.replay(folder / "x.jsonl", folders=[FOLDER], checkpoints=given, jobs=1)
    return [report.to_data(), vr.replay(path, jobs=1).to_data()]


def change_all(lines: list[Line]) -> None:
    lines[7]["body"]["facts"]["ticket.price"] = "-1.00"
    seal(lines[7])
    lines[8]["body"]["as_of"] = lines[8]["body"]["facts"]["ticket.asked_on"] = "2030-01-01"
    seal(lines[8])
    lines[13]["refers_to"] = lines[5]["decision_digest"]
    chain(lines)
    lines[13]["prev"] = lines[1]["prev"]


def test_every_field_of_a_replay_is_documented_and_every_documented_one_occurs(
    samples: list[Any],
) -> None:
    occurring = {key for data in samples for key in list_keys(data)}
    verdicts = read_documented("## The verdicts")
    documented = read_documented("## The report as data")
    assert occurring - documented - verdicts == set()
    assert documented - occurring - {"elsewhere"} == set()


def test_every_field_of_an_impact_is_documented_and_every_documented_one_occurs(
    tmp_path: Path,
) -> None:
    make_log(tmp_path)
    with vr.RecordLog.open(tmp_path / "log.jsonl", secrets=tmp_path / "s.jsonl") as log:
        facts = {"ticket.holder": "A", "ticket.price": "1元"}
        options = vr.RecordOptions(hide=["ticket.holder"])
        log.record(RULESET.decide("refund", facts, on="2024-05-01"), "hidden", options)
    lines = read_lines(tmp_path / "log.jsonl")
    lines[7]["body"]["facts"]["ticket.price"] = "-1.00"
    seal(lines[7])
    chain(lines)
    write_lines(tmp_path / "log.jsonl", lines)
    law, readings = RULESET.amend({"part": "70%"}), {"guests_too": "alone"}
    data = vr.impact(tmp_path / "log.jsonl", law, readings=readings, jobs=1).to_data()
    documented = read_documented("## What another law would have done")
    occurring = set(list_keys(data))
    words = {"amend", "assume_in_force", "decision_unknown", "facts_hidden", "facts_refused"}
    assert occurring - documented == set()
    assert documented - occurring - words - {"body_malformed"} == set()
