"""Rulesets and calendars as data: the good ones load, each bad one says on its line what is wrong.

A line of a bad ruleset that ends in ``# error: code`` is one where that fault is reported; several
codes stand side by side, one for each report. A fault that is missing and one that is not marked
fail alike, and so does a code that no bad ruleset shows.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from test_diagnostic_texts import survey_library
from voucher_rules.catalog.find import CALENDAR_SUFFIX
from voucher_rules.catalog.gather import gather_library
from voucher_rules.checked.check import check_ruleset
from voucher_rules.errors import RulesetError
from voucher_rules.ruleset.calendar import load_calendar
from voucher_rules.ruleset.load import load_ruleset

RULESETS: Final = Path(__file__).resolve().parent / "rulesets"
SHIPPED: Final = Path(__file__).resolve().parents[1] / "rulesets"
"""Where the rulesets and the calendar stand that the examples rest on."""
GOOD: Final = sorted(RULESETS.glob("*/good/*.yaml"))
BAD: Final = sorted(RULESETS.glob("*/bad/*.yaml"))
MARK: Final = re.compile(r"# error: ([a-z0-9 -]+)")
SOURCES: Final = ("checked/", "ruleset/", "values/", "language/", "sources/yaml")
"""The parts of the source whose faults a ruleset can have."""

NOT_SHOWN: Final = {
    "file-too-large": "a mebibyte is no example; the hostile input has one",
    "too-many-nodes": "fifty thousand nodes are no example; the hostile input has them",
    "change-made-twice": "a fault of what-if files, which have tests of their own",
    "bad-shape": "stands in for faults of shape that have no code, of which there are none today",
}
"""Codes without a bad example, and why."""


def name_of(path: Path) -> str:
    return f"{path.parents[1].name}/{path.stem}"


def find_marks(data: bytes) -> list[tuple[int, str]]:
    lines = data.decode("utf-8", "replace").split("\n")
    return sorted(
        (number, code)
        for number, line in enumerate(lines, start=1)
        for mark in MARK.findall(line)
        for code in mark.split()
    )


def check(path: Path) -> None:
    """Load and check a ruleset with all it rests on, or load a calendar."""
    data = path.read_bytes()
    if path.name.endswith(CALENDAR_SUFFIX):
        load_calendar(data, path.name)
        return
    loaded = load_ruleset(data, path.name)
    check_ruleset(loaded, gather_library(loaded, (SHIPPED,)))


def find_faults(path: Path) -> list[tuple[int, str]]:
    try:
        check(path)
    except RulesetError as error:
        return sorted((item.span.line if item.span else 0, item.code) for item in error.diagnostics)
    return []


@pytest.mark.parametrize("path", GOOD, ids=name_of)
def test_a_good_ruleset_loads(path: Path) -> None:
    assert find_marks(path.read_bytes()) == []
    assert find_faults(path) == []


@pytest.mark.parametrize("path", BAD, ids=name_of)
def test_a_bad_ruleset_has_the_faults_marked_on_their_lines(path: Path) -> None:
    marks = find_marks(path.read_bytes())
    assert marks, "mark the lines of its faults"
    assert find_faults(path) == marks


def test_every_fault_a_ruleset_can_have_is_shown() -> None:
    shown = {code for path in BAD for _, code in find_marks(path.read_bytes())}
    known = {use.code for use in survey_library().uses if use.place.startswith(SOURCES)}
    assert sorted(known - shown - set(NOT_SHOWN)) == []
    assert sorted(set(NOT_SHOWN) - (known - shown)) == []


def test_rulesets_that_use_each_other_are_refused(tmp_path: Path) -> None:
    text = (RULESETS / "minimal" / "good" / "minimal.yaml").read_text(encoding="utf-8")
    for name, used in (("one", "two"), ("two", "one")):
        head = f'ruleset: {name}\nuses: {{other: {{ruleset: {used}, edition: "1"}}}}'
        (tmp_path / name).mkdir()
        changed = text.replace("ruleset: minimal", head)
        (tmp_path / name / "1.yaml").write_text(changed, encoding="utf-8")
    loaded = load_ruleset((tmp_path / "one" / "1.yaml").read_bytes(), "one.yaml")
    with pytest.raises(RulesetError) as caught:
        gather_library(loaded, (tmp_path,))
    assert [item.code for item in caught.value.diagnostics] == ["uses-in-a-circle"]
    assert caught.value.diagnostics[0].arguments == {"cycle": "one → two → one"}
