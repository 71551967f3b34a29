"""The reference of the language: every example of it, good or bad, is tried out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from voucher_rules import testing
from voucher_rules.catalog.gather import gather_library
from voucher_rules.catalog.notices import apply_notices
from voucher_rules.errors import RulesetError
from voucher_rules.ruleset.load import load_ruleset
from voucher_rules.ruleset.notice import load_notice

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs" / "reference" / "language.md"
BLOCK: Final = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK: Final = re.compile(r"# error: ([a-z-]+)$", re.MULTILINE)
HEADING: Final = re.compile(r"^## (.*)$", re.MULTILINE)

HEAD: Final = """\
ruleset: example
edition: "1"
language: 1
title: {zh: 例, en: example}
document:
  title: {zh: 例, en: example}
  issuer: {zh: 局, en: bureau}
  status: issued
  effective: {from: 2020-01-01, until: unset, ref: 第一条}
  verified: 2026-01-01
currency: CNY
utc_offset: "+08:00"
calendar: cn-working-days
"""
NOTICE_HEAD: Final = """\
ruleset: example
edition: "1"
language: 1
title: {zh: 通知, en: notice}
issuer: {zh: 局, en: bureau}
"""
AMOUNT: Final = """\
    answers: amount
    outputs:
      voucher.amount: {type: money, label: {zh: 补贴, en: grant}}
"""
DECISION: Final = """\
decisions:
  claim:
    label: {zh: 申领, en: claim}
    subject: {zh: 企业, en: enterprise}
    as_of: claim.date
"""


def split_sections(block: str) -> dict[str, str]:
    """Return the top-level keys of a block with the lines below each of them."""
    sections: dict[str, str] = {}
    name = ""
    for line in block.splitlines(keepends=True):
        if line[0] not in " #\n":
            name = line.partition(":")[0]
            sections[name] = line.partition(":")[2].lstrip("\n")
        else:
            sections[name] += line
    return sections


def indent(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


def build_notices(block: str) -> list[str]:
    """Return the notices of an example, each with the head that every notice has."""
    notices = split_sections(block).get("notices", "")
    return [
        NOTICE_HEAD + re.sub("^    ", "", f"    {item}", flags=re.MULTILINE)
        for item in re.split(r"^  - ", notices, flags=re.MULTILINE)[1:]
    ]


def build_ruleset(block: str) -> str:
    sections = split_sections(block)
    sections.pop("notices", "")
    facts = "facts:\n  claim.date: {type: date, label: {zh: 申领日, en: day of the claim}}\n"
    text = HEAD + facts + sections.pop("facts", "")
    provision = "provisions:\n  - ref: 第一条\n    summary: {zh: 例, en: example}\n"
    for name in ("parameters", "rules"):
        if name in sections:
            provision += f"    {name}:\n" + indent(sections.pop(name), 4)
    sections.pop("cases", "")
    if "decisions" not in sections:
        answers = AMOUNT if "voucher.amount" in block else "    answers: permission\n"
        text += DECISION + answers
    text += "".join(f"{name}:\n{lines}" for name, lines in sections.items())
    return text + provision


def build_cases(block: str, notices: list[str]) -> str:
    cases = split_sections(block)["cases"]
    base = 'ruleset: ./ruleset.yaml\nedition: "1"\n'
    base += f"notices: [{', '.join(notices)}]\n" if notices else ""
    named = []
    for number, case in enumerate(re.split(r"^  - ", cases, flags=re.MULTILINE)[1:], start=1):
        added = f"name: case {number}, on: 2024-05-01, because: the page says so"
        if "decision: " not in case:
            added += ", decision: claim"
        if case.startswith("{"):
            named.append(f"  - {{{added}, {case[1:]}")
        else:
            lines = "".join(f"    {part}\n" for part in added.split(", "))
            named.append(f"  -{lines[3:]}    {case}")
    return base + "cases:\n" + "".join(named)


BLOCKS: Final = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
GOOD: Final = [block for block in BLOCKS if not MARK.search(block)]
BAD: Final = [block for block in BLOCKS if MARK.search(block)]


def find_faults(text: str, notices: list[str]) -> list[tuple[str, str]]:
    try:
        loaded = load_ruleset(text.encode(), "example.yaml")
        read = [load_notice(item.encode(), f"{n}.notice.yaml") for n, item in enumerate(notices)]
        apply_notices(loaded, gather_library(loaded, ()), read)
    except RulesetError as error:
        return [(item.source.strip(), item.code) for item in error.diagnostics]
    return []


def test_there_are_examples_of_both_kinds() -> None:
    assert len(GOOD) > 10
    assert len(BAD) > 5


@pytest.mark.parametrize("block", GOOD, ids=range(len(GOOD)))
def test_a_good_example_decides_its_cases_as_the_page_says(block: str, tmp_path: Path) -> None:
    text = build_ruleset(block)
    notices = build_notices(block)
    assert find_faults(text, notices) == []
    names = [f"{number}.notice.yaml" for number in range(len(notices))]
    for name, notice in zip(names, notices, strict=True):
        (tmp_path / name).write_text(notice, encoding="utf-8")
    (tmp_path / "ruleset.yaml").write_text(text, encoding="utf-8")
    cases = tmp_path / "ruleset.cases.yaml"
    cases.write_text(build_cases(block, names), encoding="utf-8")
    results = testing.run_file(cases)
    assert results
    assert [item.render() for item in results if not item.passed] == []


@pytest.mark.parametrize("block", BAD, ids=range(len(BAD)))
def test_a_bad_example_is_refused_on_the_lines_the_page_marks(block: str) -> None:
    text, notices = build_ruleset(block), build_notices(block)
    lines = "\n".join([text, *notices]).split("\n")
    marked = sorted((line.strip(), code) for line in lines for code in MARK.findall(line))
    assert sorted(find_faults(text, notices)) == marked


def test_every_section_the_page_promises_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    anchors = set(re.findall(r"\]\(#([a-z-]+)\)", text))
    headings = {heading.lower().replace(" ", "-") for heading in HEADING.findall(text)}
    assert anchors <= headings
