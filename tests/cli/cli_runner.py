"""Comes in: the words of a command line. Goes out: its exit code and what it printed."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from voucher_rules.cli import main

FOLDER: Final = Path(__file__).parent
RULESET: Final = FOLDER / "shop-voucher" / "2020.yaml"
GRANTED: Final = """\
claim.date: 2021-03-01
claim.at: 2021-03-01T09:00
shop.size: small
shop.staff: 20人
shop.first_claim: false
shop.loyal: true
contract.amount: 1800元
finding.well_run: {value: true, by: 街道办, on: 2021-02-01}
ledger.claimed_before: 100元
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, in English where no language is named."""

    def run_command(*words: str, lang: str = "en") -> Done:
        code = main([*words, *(["--lang", lang] if lang else [])])
        return Done(code, *capsys.readouterr())

    return run_command


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """Write facts under which the claim is granted."""
    path = tmp_path / "facts.yaml"
    path.write_text(GRANTED, encoding="utf-8")
    return path


def write_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Put a text on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8"))))
