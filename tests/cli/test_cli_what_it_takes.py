"""The commands that ask what a case would need, and how it varies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voucher_rules.cli import main

FACTS = """
order.date: 2023-06-01
contract.amount: 60000元
service.starts_on: 2023-06-01
service.ends_on: 2024-05-31
contract.starts_on: 2023-06-01
contract.ends_on: 2024-05-31
"""
NAMED = ("cn-bj-service-voucher", "measure")


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "case.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main([*words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_what_it_takes_is_told(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("counterfactual", *NAMED, case, "--amount", "5万元", "--fact", "contract.amount")
    code, out, _ = run(capsys, *words, "--lang", "en")
    assert code == 0
    assert "higher by CNY 106,666.67: from CNY 60,000 to CNY 166,666.67" in out
    code, out, _ = run(capsys, *words, "--at-most", "--json")
    assert json.loads(out)["sheets"]["changes"] == []
    code, _, err = run(capsys, "counterfactual", *NAMED, case)
    assert (code, "没有说明想得到什么" in err) == (3, True)


def test_a_fact_is_varied_and_drawn(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("vary", *NAMED, case, "contract.amount")
    plot = tmp_path / "amount.svg"
    code, out, _ = run(capsys, *words, "--value", "10万元", "--plot", str(plot), "--lang", "en")
    assert code == 0
    assert "30% × whole price of the contract with tax" in out
    assert b"<svg" in plot.read_bytes()
    code, out, _ = run(capsys, *words, "--json", "--lang", "en")
    assert [x["first"] for x in json.loads(out)["sheets"]["pieces"]] == [
        "0.01",
        "0.04",
        "166666.67",
    ]
    page = tmp_path / "amount.html"
    code, out, err = run(capsys, *words, "--html", "--output", str(page))
    assert (code, out) == (0, "")
    assert str(page) in err
    assert "<table" in page.read_text(encoding="utf-8")
