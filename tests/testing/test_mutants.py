"""Comes in: expressions and small rulesets. Goes out: which mutants they have, and no others."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr
from voucher_rules.catalog.gather import gather_library
from voucher_rules.errors import RulesetError
from voucher_rules.language.parse import parse_expression
from voucher_rules.testing import list_mutants, make_mutant
from voucher_rules.testing.mutants import KINDS
from voucher_rules.testing.vary_terms import vary_expression, write_expression

HERE: Final = Path(__file__).parent
RULESET: Final = HERE / "test-mutated" / "2024.yaml"
PAGE: Final = HERE.parents[1] / "docs" / "explanation" / "mutation.md"
WORDS: Final = {
    "size": ("small", "medium", "large"),
    "reading.cap": ("wide", "narrow"),
    "kind": ("small", "other"),
}


def vary(text: str) -> dict[str, str]:
    return {f"{x.path} {x.change}".strip(): x.text for x in vary_expression(text, WORDS)}


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a < b", {"less-to-at_most": "a <= b"}),
        ("a <= b", {"at_most-to-less": "a < b"}),
        ("a > b", {"more-to-at_least": "a >= b"}),
        ("a >= b", {"at_least-to-more": "a > b"}),
        ("a == b", {"equal-to-unequal": "a != b"}),
        ("a != b", {"unequal-to-equal": "a == b"}),
        ("a + b", {"plus-to-minus": "a - b"}),
        ("a - b", {"minus-to-plus": "a + b"}),
        ("a * b", {"left-alone": "a", "right-alone": "b"}),
        ("a / b", {"left-alone": "a"}),
        ("-a", {"left-alone": "a"}),
        ("not a", {"drop-not": "a"}),
        ("floor(a)", {"floor-to-ceil": "ceil(a)"}),
        ("year_end(a)", {"year_end-to-year_start": "year_start(a)"}),
        ("any(items.a)", {"any-to-all": "all(items.a)"}),
        ("sum(items.a, where=b)", {"drop-where": "sum(items.a)"}),
        ("cap(a, after=b)", {"drop-after": "cap(a)"}),
        ("max(cap, over=kinds)", {"max-to-min": "min(cap, over=kinds)"}),
        ("min(a, b)", {"min-to-max": "max(a, b)", "drop-0": "b", "drop-1": "a"}),
        ("a and b", {"and-to-or": "a or b", "drop-0": "b", "drop-1": "a"}),
        (
            "a or b or c",
            {
                "or-to-and-1": "a and (b or c)",
                "or-to-and-2": "(a or b) and c",
                "drop-0": "b or c",
                "drop-1": "a or c",
                "drop-2": "a or b",
            },
        ),
        ("a if b else c", {"swapped": "c if b else a"}),
        (
            "size == 'small'",
            {"equal-to-unequal": "size != 'small'", "1 small-to-medium": "size == 'medium'"},
        ),
        (
            "size != 'large'",
            {"unequal-to-equal": "size == 'large'", "1 large-to-medium": "size != 'medium'"},
        ),
        (
            "kind == 'small'",
            {"equal-to-unequal": "kind != 'small'", "1 small-to-other": "kind == 'other'"},
        ),
        ("cap['narrow']", {"1 narrow-to-wide": "cap['wide']"}),
        (
            "size in ['small', 'medium']",
            {
                "in-to-not_in": "size not in ['small', 'medium']",
                "1 without-small": "size in ['medium']",
                "1 without-medium": "size in ['small']",
                "1 with-large": "size in ['small', 'medium', 'large']",
            },
        ),
        ("true", {"negated": "false"}),
        ("max(a, 0)", {"max-to-min": "min(a, 0)", "drop-0": "0", "drop-1": "a"}),
        ("given(a.b)", {}),
        ("1", {}),
    ],
)
def test_an_expression_is_changed_in_one_thing_at_a_time(
    text: str, changed: dict[str, str]
) -> None:
    assert vary(text) == changed


def test_the_change_is_made_at_its_path_and_nowhere_else() -> None:
    made = vary("a < b <= c and (d < e)")
    assert made["0/1 at_most-to-less"] == "((a < b) and (b < c)) and (d < e)"
    assert made["1 less-to-at_most"] == "((a < b) and (b <= c)) and (d <= e)"


@pytest.mark.parametrize(
    "text",
    [
        "a - (b - c)",
        "(a or b) and not (c and d)",
        "a * (b + c) / d",
        "-(a + b)",
        "(a if b else c) if d else e",
        "cap[size, kind] + sum(items.a * ratio, where=items.b == 'x')",
        "size not in ['small', 'large']",
        "a < b <= c",
    ],
)
def test_what_is_written_means_what_was_read(text: str) -> None:
    written = write_expression(parse_expression(text))
    assert write_expression(parse_expression(written)) == written


def test_each_kind_of_change_is_made_and_told_on_its_page() -> None:
    assert {x.kind for x in list_mutants(vr.load(RULESET))} == set(KINDS)
    page = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in page] == []


def list_ids(text: str, folder: Path) -> list[str]:
    path = folder / "2024.yaml"
    path.write_text(text, encoding="utf-8")
    return [x.id for x in list_mutants(vr.load(path))]


def test_ids_are_single_and_do_not_change_with_lines_before_them(tmp_path: Path) -> None:
    text = RULESET.read_text(encoding="utf-8")
    first = list_ids(text, tmp_path)
    assert len(set(first)) == len(first)
    assert list_ids(f"# one line\n# and another\n{text}", tmp_path) == first


def test_the_tree_that_was_changed_stays_as_it_was() -> None:
    ruleset = vr.load(RULESET)
    before = str(ruleset.loaded.source.root)
    for mutant in list_mutants(ruleset):
        try:
            made = make_mutant(ruleset, mutant)
        except RulesetError:
            continue
        assert made.checked.semantic_digest != ruleset.checked.semantic_digest, mutant.id
    assert str(ruleset.loaded.source.root) == before


STEPS: Final = {
    "parameters/cap/down": "999.99元",
    "parameters/cap/up": "1000.01元",
    "parameters/ratio@2023-01-01/down": "39.99%",
    "parameters/ratio@2024-01-01/up": "50.01%",
    "parameters/ratio/from 2023-01-01/down": "2022-12-31",
    "parameters/ratio/from 2024-01-01/up": "2024-01-02",
    "parameters/ratio/until 2024-12-31/up": "2025-01-01",
    "parameters/within/down": "2个月",
    "parameters/within/unit/year": "3年",
    "parameters/scale[1]/up": "10.01%",
    "parameters/scale[edge 2]/up": "1000.01元",
    "parameters/scale[edge 2]/up_to-to-below": "below 1000元",
    "document/effective/from/down": "2023-12-31",
    "decisions/claim/voucher.amount/to/10元": "10元",
    "decisions/claim/voucher.amount/round/half_up": "half_up",
    "decisions/claim/voucher.amount/partial/allowed": "allowed",
    "rules/capped_medium/overrides-to-waives": "waives",
    "rules/share/moved-before": "第一条",
    "rules/share/moved-after": "第三条",
    "rules/order/rank/0/lowest": "lowest",
    "rules/bar/until/claim.date": "claim.date",
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_the_least_there_is(name: str) -> None:
    found = {x.id: x.after for x in list_mutants(vr.load(RULESET))}
    assert found[name] == STEPS[name]


def test_what_decides_nothing_is_not_changed() -> None:
    text = RULESET.read_text(encoding="utf-8")
    ids = [x.id for x in list_mutants(vr.load(RULESET))]
    assert "label" in text
    assert [x for x in ids if "label" in x or "summary" in x or x.endswith("limit")] == []


@pytest.mark.parametrize(
    "path", sorted((HERE.parent / "measures").glob("*/2024.yaml")), ids=lambda x: x.parent.name
)
def test_every_mutant_is_sound_or_refused_and_nothing_else(path: Path) -> None:
    ruleset = vr.load(path)
    library = gather_library(ruleset.loaded, ruleset.folders)
    for mutant in list_mutants(ruleset):
        with contextlib.suppress(RulesetError):
            make_mutant(ruleset, mutant, library)
