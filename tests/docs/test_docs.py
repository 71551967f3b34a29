"""The documentation: its Python runs, its output is what is printed, its links lead somewhere."""

from __future__ import annotations

import contextlib
import io
import re
import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import voucher_rules as vr

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```([a-z]*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
FIELD = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)

DEMO = runpy.run_path(str(ROOT / "docs" / "demo" / "demo.py"))
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
RUN_ELSEWHERE = {
    "docs/reference/cli.md",
    "docs/reference/case-files.md",
    "docs/how-to/keep-a-ledger.md",
    "docs/how-to/keep-editions.md",
}
"""Pages whose examples need files; the tests of the command line and of case files run them."""


def list_blocks(page: str) -> list[tuple[str, str]]:
    return BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


def run_page(page: str) -> Iterator[tuple[str, str]]:
    """Run the Python of a page in order; yield what was to be printed and what was."""
    space: dict[str, Any] = {}
    printed: str | None = None
    for language, text in list_blocks(page):
        if language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(text, page, "exec"), space)  # noqa: S102 - our own pages
            printed = out.getvalue()
        elif language == "text" and printed:
            yield text, printed
            printed = None


@pytest.mark.parametrize("page", [name for name in NAMES if name not in RUN_ELSEWHERE])
def test_python_of_a_page_runs_and_prints_what_the_page_shows(page: str) -> None:
    for shown, printed in run_page(page):
        assert printed == shown


def test_some_page_shows_output_that_is_compared() -> None:
    assert sum(len(list(run_page(page))) for page in ("README.md",)) > 0


@pytest.mark.parametrize("page", NAMES)
def test_links_lead_to_files(page: str) -> None:
    folder = (ROOT / page).parent
    targets = LINK.findall((ROOT / page).read_text(encoding="utf-8"))
    missing = [item for item in targets if "://" not in item and not (folder / item).exists()]
    assert missing == []


def test_every_page_can_be_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / target).resolve() for target in LINK.findall(index)}
    pages = {page for page in PAGES if page.is_relative_to(ROOT / "docs")}
    assert pages - linked == {ROOT / "docs" / "index.md"}


VALUE_KEYS = {"state", "low", "high", "options", "certain", "possible", "or", "count", "unit"}
STEP_KEYS = {"role", "name", "text", "value"}
NAMED = {"amounts", "values", "readings", "facts", "arguments", "provenance", "per"}


def is_leaf(value: Any) -> bool:  # noqa: ANN401 - JSON
    """A plain value, a value's own mapping, or a step of a trace."""
    if not isinstance(value, Mapping):
        return not isinstance(value, list)
    return bool(value) and (set(value) <= VALUE_KEYS or set(value) >= STEP_KEYS)


def list_paths(value: Any, path: str, owner: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    if is_leaf(value):
        yield path
    elif isinstance(value, list):
        for item in value:
            yield from list_paths(item, f"{path}[]")
    else:
        for key, item in value.items():
            step = "*" if owner in NAMED else key
            yield from list_paths(item, f"{path}.{step}" if path else step, key)


def decide_samples() -> list[vr.Decision]:
    ruleset = vr.load("cn-nx-service-voucher")
    claims = [DEMO["SOUND_CLAIM"] | changed for changed in DEMO["CLAIMS"].values()]
    violation = {
        "finding.collusion": True,
        "finding.provider_disqualified": True,
        "finding.issue_cancelled": False,
        "voucher.issued": True,
    }
    papers = DEMO["SOUND_SETTLEMENT"] | {"settlement.papers": []}
    readings = {"medium_enterprises": "excluded", "receipt_issuer": "provider_only"}
    extra = DEMO["SOUND_CLAIM"] | {"fee.charged": 1}
    invented = vr.load(ROOT / "tests" / "measures" / "test-class-over-time" / "2024.yaml")
    asked = {"contract.related_party": "unanswered"}
    notices = ROOT / "tests" / "notices"
    noticed = vr.load(
        notices / "test-yearly-voucher" / "2024.yaml",
        notices=[notices / "good" / "year-2024.notice.yaml"],
    )
    ledger = vr.Ledger(ruleset)
    carries = {"enterprise": "E1", "provider": "P1", "service_item": "S1", "category": "legal"}
    ledger.enter("voucher", "V1", "issue", "2017-03-01T10:00", amount=1, carries=carries)
    asked_of_ledger = ledger.consider("claim", {}, "2017-04-01T09:00", carries={"enterprise": "E1"})
    amended = ruleset.amend(item_cap="4000元")
    return [
        asked_of_ledger.decision,
        amended.decide("claim", DEMO["SOUND_CLAIM"], on="2017-03-01"),
        noticed.decide("bonus", {"contract.amount": 1}, on="2024-05-01"),
        *(invented.decide(name, asked, on="2024-05-01") for name in invented.decisions),
        *(ruleset.decide("claim", facts, on="2017-03-01") for facts in claims),
        ruleset.decide("claim", extra, on="2017-03-01", readings=readings),
        ruleset.decide("claim", DEMO["SOUND_CLAIM"]),
        ruleset.decide(
            "claim", DEMO["SOUND_CLAIM"] | {"enterprise.size": "medium"}, on="2017-03-01"
        ),
        ruleset.decide("settle", DEMO["SOUND_SETTLEMENT"], on="2017-05-20"),
        ruleset.decide("settle", papers, on="2017-05-20", readings=readings),
        ruleset.decide("settle", {}, on="2017-05-20", readings=readings),
        ruleset.decide("sanction", violation, on="2017-05-20"),
        ruleset.decide("supervision_fee", {"contract.amount": 1}, on="2017-05-20"),
    ]


def test_every_field_of_a_decision_is_documented_and_every_documented_one_occurs() -> None:
    page = (ROOT / "docs" / "reference" / "decision-json.md").read_text(encoding="utf-8")
    documented = set(FIELD.findall(page))
    occurring: set[str] = set()
    for decision in decide_samples():
        occurring |= set(list_paths(decision.to_data(), ""))
    open_ends = {"missing[].set_by", "warnings[].message"}
    assert occurring - documented - open_ends == set()
    assert documented - occurring == set()
