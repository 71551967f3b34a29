"""The golden corpus: records of every rule in every way it went, made again byte for byte.

A part of them each time, which the cases of every ruleset hold up anyhow; all of them with more
thoroughness and by `make matrix`.

``python tests/record/corpus.py`` writes it anew, which is right only where a meaning was changed on
purpose; `make matrix` makes it again under every Python and every set of dependencies there is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from corpus import FOLDER, list_editions, name_corpus
from rederive import FOLDERS, list_corpora, rederive

from voucher_rules.api import load
from voucher_rules.checked.mechanics import Limit
from voucher_rules.record.shelf import RulesetShelf

ROOT = Path(__file__).parents[2]
SHELF = RulesetShelf(FOLDERS)
EVERY = 1 if int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1")) > 1 else 4
SETTINGS: tuple[tuple[Mapping[str, str], tuple[str, ...]], ...] = (
    ({"PYTHONHASHSEED": "0", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}, ("--precision", "2")),
    ({"PYTHONHASHSEED": "7", "TZ": "America/St_Johns", "PYTHONUTF8": "0"}, ()),
)


@pytest.mark.parametrize("path", list_corpora(), ids=lambda path: path.stem)
def test_every_record_comes_out_again(path: Path) -> None:
    assert rederive(path, SHELF, EVERY) == []


def test_every_edition_has_its_corpus() -> None:
    assert {name_corpus(path) for path in list_editions()} == set(FOLDER.iterdir())


@pytest.mark.parametrize("path", list_editions(), ids=lambda path: path.parent.name)
def test_every_limit_binds_or_refers_in_some_record(path: Path) -> None:
    ruleset = load(path, folders=FOLDERS)
    records = [json.loads(line) for line in name_corpus(path).read_bytes().splitlines()]
    decided = {record["decision"] for record in records}
    bound = {
        rule
        for record in records
        for amount in record["outcome"]["amounts"].values()
        for rule in amount["binding"]
    }
    referring = {
        rule["rule"]
        for record in records
        for reason in record["outcome"]["reasons"]
        if reason["kind"] == "soft_failed"
        for rule in reason["rules"]
    }
    assert decided == set(ruleset.decisions)
    limits = {name for name, rule in ruleset.rules.items() if isinstance(rule.body, Limit)}
    assert limits - bound - referring == set()


@pytest.mark.parametrize(("settings", "more"), SETTINGS)
def test_seed_zone_locale_and_decimal_context_change_nothing(
    settings: Mapping[str, str], more: tuple[str, ...]
) -> None:
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/record/rederive.py"), "--only", "test-c", *more],
        check=False,
        capture_output=True,
        text=True,
        env={**kept, **settings, "PYTHONPATH": str(ROOT / "src"), "VOUCHER_RULES_CACHE": "off"},
    )
    assert done.stdout.splitlines()[-1].startswith("records: "), done.stderr
    assert done.returncode == 0, done.stdout
