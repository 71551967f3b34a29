"""Comes in: cases of the shipped measures. Goes out: a failure where a letter leaves one short.

Of each measure and outcome some cases are taken, spread over its file of cases.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr
from voucher_rules.decision.trace import Status
from voucher_rules.explain.letters.model import Letter, LetterHead, Part
from voucher_rules.explain.letters.text import lay_out_letter_text
from voucher_rules.explain.letters.write import write_letter
from voucher_rules.explain.sums import SumWriter
from voucher_rules.testing.load import load_cases
from voucher_rules.testing.run import run_case

LANGUAGES: Final = ("zh", "en")
FOLDER: Final = Path(__file__).resolve().parents[2] / "rulesets"
FILES: Final = sorted(path for path in FOLDER.glob("*/*.cases.yaml") if "limits" not in path.name)
EVERY: Final = 13
"""Of the cases of a file, one in so many is decided; that none of an outcome is left is checked."""
MOST: Final = 12
"""How many letters are written of one outcome of one measure."""
SLIPS: Final = {
    "a word of the program": r"\bNone\b|\bTrue\b|\bFalse\b|<[A-Z]|Unknown\(|Fraction\(",
    "an empty slot": r"\$[a-z]|（）|\(\)|：$|: $|“”",
    "blanks": r"(?<=\S)  +\S| [,;:)]|\( |[（：；，] |[ ][）：；，]",
    "a moment for machines": r"[0-9]T[0-9]",
    "the bound of all money": r"[0-9],000,000,000,000,000|10,000,000,000,000",
    "two stops": r"。。|\.\.|，，",
}


@cache
def pick(path: Path) -> tuple[vr.Decision, ...]:
    held: dict[str, list[vr.Decision]] = defaultdict(list)
    for case in load_cases(path).cases[::EVERY]:
        made = run_case(case).decision
        held[made.outcome].append(made)
    return tuple(made for group in held.values() for made in group[:MOST])


def list_parts(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from list_parts(part.parts)


def write(made: vr.Decision, language: str) -> Letter:
    return write_letter(made.result, language, LetterHead())


def list_said(letter: Letter) -> list[tuple[str, str]]:
    lines = [line for part in list_parts(letter.parts) for line in part.lines]
    return [(line.text.casefold(), line.ref) for line in lines]


def tells(letter: Letter, says: str, ref: str) -> bool:
    return any(
        says.casefold() in text and (cited == ref or ref in text)
        for text, cited in list_said(letter)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_failed_rule_and_every_binding_limit_is_in_the_letter(
    path: Path, language: str
) -> None:
    for made in pick(path):
        if made.outcome == "not_in_force":
            continue
        letter, writer = write(made, language), SumWriter(made.result.ruleset, language)
        failed = [
            x.rule
            for x in made.trace
            if x.status in {Status.FAILED, Status.SOFT_FAILED} and x.rule.decides
        ]
        rules = made.result.ruleset.rules
        binding = [rules[name] for name in made.binding if name in rules]
        for rule in (*failed, *binding):
            says = writer.say_rule(rule)
            assert tells(letter, says, str(rule.citation)), (rule.id, made)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_everything_missing_is_in_the_letter_with_an_article(path: Path, language: str) -> None:
    for made in pick(path):
        letter = write(made, language)
        supply = [x for x in list_parts(letter.parts) if x.key.startswith("supply-")]
        told = {line.text.casefold(): line.ref for part in supply for line in part.lines}
        for item in made.missing_details:
            assert told.get(item.label.told(language).casefold()), (item.name, made)
        writer = SumWriter(made.result.ruleset, language)
        for reason in made.reasons:
            labels = [writer.label_input(name) for name in (*reason.findings, *reason.unanswered)]
            kinds = [rule.formulas[0].type for rule in reason.rules[:1] if reason.papers]
            labels += [writer.name_option(paper, kinds[0]) for paper in reason.papers]
            for label in labels:
                assert told.get(label.casefold()), (label, made)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_both_languages_tell_the_same_articles_and_amounts(path: Path) -> None:
    for made in pick(path):
        zh, en = (write(made, language) for language in LANGUAGES)
        shapes = [
            [
                (part.key, [(x.ref.replace("、", ", "), x.tone, len(x.notes)) for x in part.lines])
                for part in list_parts(letter.parts)
            ]
            for letter in (zh, en)
        ]
        assert shapes[0] == shapes[1], made
        figures = [
            [re.findall(r"[0-9][0-9,.]*[0-9]|[0-9]", text) for text in letter.amounts]
            for letter in (zh, en)
        ]
        assert figures[0] == figures[1], made


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_what_is_not_known_is_told_of_nowhere_as_known(path: Path) -> None:
    for made in pick(path):
        result = made.result
        open_ones = {x.name: x.label for x in made.missing_details if x.name in result.case.values}
        for language, colon in (("zh", "："), ("en", ": ")):
            facts = [
                line.text
                for part in list_parts(write(made, language).parts)
                if part.key in {"contest-facts", "contest-findings"}
                for line in part.lines
            ]
            for name, label in open_ones.items():
                if name not in result.case.given:
                    begin = label.told(language).casefold() + colon
                    assert not [x for x in facts if x.casefold().startswith(begin)], (name, made)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_no_letter_about_a_shipped_measure_has_a_slip(path: Path, language: str) -> None:
    for made in pick(path):
        for line in lay_out_letter_text(write(made, language)).splitlines():
            slips = [name for name, slip in SLIPS.items() if re.search(slip, line.strip())]
            assert not slips, (line, made)


def test_every_outcome_is_among_the_cases() -> None:
    assert {str(made.outcome) for path in FILES for made in pick(path)} == {*map(str, vr.Outcome)}
