"""Comes in: the command that changes a ruleset. Goes out: what it tells, and its exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import pytest
from cli_runner import RULESET, Run, run

__all__ = ["run"]

CASES: Final = """\
cases:
  - name: half
    decision: claim
    on: 2021-03-01
    given:
      shop.size: small
      shop.staff: 20人
      contract.amount: 1800元
      ledger.claimed_before: 0元
      finding.well_run: true
    expect: {outcome: granted, amount: 900元}
    because: half of the price
"""


@pytest.fixture
def shop(tmp_path: Path) -> str:
    shutil.copy(RULESET, tmp_path / "2020.yaml")
    (tmp_path / "2020.cases.yaml").write_text(CASES, encoding="utf-8")
    return str(tmp_path / "2020.yaml")


def test_what_nothing_notices_is_told(run: Run, shop: str) -> None:
    done = run("mutate", shop, "--only", "soft", "--only", "unit")
    assert done.code == 1
    assert done.out.startswith("shop-voucher 2020: ")
    assert "not noticed and not explained:\n" in done.out
    assert "  rules/is_small/soft/true\n" in done.out
    assert ": is_small → true\n" in done.out
    assert done.err == ""
    assert run("mutate", shop, "--only", "soft", lang="zh").out.startswith("shop-voucher 2020：")


def test_the_same_as_data(run: Run, shop: str) -> None:
    done = run("mutate", shop, "--only", "bound", "--format", "json")
    data = json.loads(done.out)
    fates = {item["id"]: item["fate"] for item in data["mutants"]}
    assert fates["rules/share_limit/at_most-to-at_least"] in {"killed", "refused"}
    assert sum(data["counts"].values()) == len(fates)


def test_an_explanation_takes_the_place_of_a_case(run: Run, shop: str) -> None:
    ids = [
        item["id"]
        for item in json.loads(run("mutate", shop, "--only", "when", "--format", "json").out)[
            "mutants"
        ]
        if item["fate"] == "survived"
    ]
    folder = Path(shop).parent / "why"
    folder.mkdir()
    assert run("mutate", shop, "--only", "when", "--explained", str(folder)).code == 1
    path = folder / "shop-voucher-2020.yaml"
    path.write_text(f"survivors: [{{because: so, ids: [{', '.join(ids)}]}}]", encoding="utf-8")
    done = run("mutate", shop, "--only", "when", "--explained", str(folder))
    assert done.code == 0
    assert "    because: so\n" in f"{done.out}\n"
    path.write_text("survivors: [{because: so, ids: [rules/none]}]", encoding="utf-8")
    done = run("mutate", shop, "--only", "when", "--explained", str(path))
    assert done.code == 1
    assert "explained, but no mutant that is not noticed:\n  rules/none" in done.out


def test_cases_may_be_named_and_must_be_there(run: Run, shop: str, tmp_path: Path) -> None:
    assert run("mutate", str(RULESET)).code == 1
    assert "no case file beside" in run("mutate", str(RULESET)).err
    moved = tmp_path / "other.cases.yaml"
    text = f"ruleset: 2020.yaml\n{CASES}"
    moved.write_text(text, encoding="utf-8")
    assert run("mutate", shop, "--cases", str(moved), "--only", "scale").code == 0
    assert run("mutate", shop, "--cases", str(tmp_path / "none.cases.yaml")).code == 3
    assert run("mutate", shop, "--explained", str(tmp_path / "none.yaml")).code == 3


@pytest.mark.parametrize("words", [["--jobs", "0"], ["--jobs", "x"], ["--only", "nothing"]])
def test_options_are_judged(run: Run, shop: str, words: list[str]) -> None:
    assert run("mutate", shop, *words, lang="").code == 2
