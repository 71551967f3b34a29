"""Every way to read what is in dispute, tried on one case: which of them matters, and how much."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.cli import main

RULESET: Final = vr.load("cn-bj-service-voucher", "2023")
PRICED: Final[Mapping[str, Any]] = {
    "order.date": "2023-06-01",
    "contract.amount": "240000元",
    "service.starts_on": "2023-06-01",
    "service.ends_on": "2025-06-15",
    "contract.starts_on": "2023-06-01",
    "contract.ends_on": "2024-05-31",
}


def read_all(facts: Mapping[str, Any]) -> dict[tuple[tuple[str, str], ...], vr.OtherReading]:
    _, others = RULESET.decide_all_readings("measure", facts)
    return {tuple(item.readings.items()): item for item in others}


def test_each_option_is_tried_by_itself_and_declared_pairs_together() -> None:
    tried = set(read_all(PRICED))
    assert (("long_service", "days"),) in tried
    assert (("period_measured", "contract"),) in tried
    assert (("long_service", "days"), ("period_measured", "contract")) in tried
    assert len(tried) == 3


def test_what_differs_is_told_with_the_amount() -> None:
    base, _ = RULESET.decide_all_readings("measure", PRICED)
    item = read_all(PRICED)[("period_measured", "contract"),]
    assert base.amount is not None
    assert item.decision.amount is not None
    assert item.differs
    apart = item.decision.amount.value - base.amount.value  # type: ignore[operator]
    assert item.differences == {"redemption.amount": apart}
    assert item.decision.amount.value == Decimal(50_000)


def test_a_reading_without_effect_is_told_as_one() -> None:
    short = {**PRICED, "service.ends_on": "2024-05-31"}
    others = read_all(short)
    assert not any(item.differs for item in others.values())
    assert all(item.differences == {"redemption.amount": 0} for item in others.values())


def test_the_readings_chosen_are_what_others_are_held_against() -> None:
    chosen = {"period_measured": "contract"}
    base, others = RULESET.decide_all_readings("measure", PRICED, readings=chosen)
    assert base.amount is not None
    assert base.amount.value == Decimal(50_000)
    assert {"period_measured": "service"} in [dict(item.readings) for item in others]


def test_faults_of_facts_are_refused_as_when_deciding() -> None:
    with pytest.raises(vr.InputError, match="contract\\.amuont"):
        RULESET.decide_all_readings("measure", {"contract.amuont": 1})


def test_the_command_tells_several_cases_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = []
    for name, until in (("long", "2025-06-15"), ("short", "2024-05-31")):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({**PRICED, "service.ends_on": until}), encoding="utf-8")
        files += ["--facts", str(path)]
    command = ["decide", RULESET.id, "measure", *files, "--all-readings", "--format", "json"]
    assert main(command) == 0
    long, short = json.loads(capsys.readouterr().out)
    assert any(item["differs"] for item in long["readings"])
    assert not any(item["differs"] for item in short["readings"])


def test_an_amount_that_is_not_settled_has_no_difference() -> None:
    facts = {name: value for name, value in PRICED.items() if name != "contract.amount"}
    base, others = RULESET.decide_all_readings("measure", facts)
    assert base.amount is not None
    assert base.amount.value is None
    assert [dict(item.differences) for item in others] == [{}] * 3


def test_the_command_tells_in_a_table_what_differs_and_names_what_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(PRICED), encoding="utf-8")
    command = ["decide", RULESET.id, "measure", "--facts", str(path), "--all-readings"]
    assert main([*command, "--lang", "en"]) == 0
    rows, same = capsys.readouterr().out.strip().split("\n\n")
    told = {line.split("  ")[1].strip(): line.split()[-1] for line in rows.splitlines()[3:]}
    assert told == {
        "period_measured=contract": "+14,772.12",
        "long_service=days, period_measured=contract": "+14,772.12",
    }
    assert same == f"{path}: no effect of 1 others: long_service=days"


def test_several_cases_are_refused_without_all_readings(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text("{}", encoding="utf-8")
    command = ["decide", RULESET.id, "measure", "--facts", str(path), "--facts", str(path)]
    assert main(command) == 3
