"""Comes in: an invented measure and cases. Goes out: a failure where an explanation says less.

Each golden under `goldens` is an explanation as a reader gets it, looked over in both languages;
`pytest tests/explain --rewrite-goldens` writes them anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.explain.values import Writer
from voucher_rules.language.types import Kind, Type
from voucher_rules.testing import run_file

HERE: Final = Path(__file__).resolve().parent
LANGUAGES: Final = ("zh", "en")
ITEM: Final = {"price": "3000元", "kind": "training", "provider": "a", "accepted": True}
BEST: Final = {
    "contract.price": "10000元",
    "training.days": "5天",
    "enterprise.small": False,
    "enterprise.dishonest": False,
    "enterprise.repaired": False,
}
FILING: Final = {
    "order.at": "2024-05-01T09:00",
    "claim.filed_at": "2024-05-03T09:00",
    "enterprise.small": False,
    "enterprise.dishonest": False,
    "review.done_on": "none",
    "provider.kinds": ["training"],
}


def make_items(*changes: Mapping[str, Any]) -> dict[str, Any]:
    items = [ITEM | {"provider": f"p{number}"} | dict(x) for number, x in enumerate(changes, 1)]
    return {"items": items}


CASES: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    # which records failed, which count, which gave what, which are alike
    "records_failed": (
        "items",
        make_items(
            {"price": "10000元"},
            {"price": "0元"},
            {"price": "10000.01元", "accepted": False},
            {"price": "0元", "kind": "legal"},
            {"kind": "legal", "provider": "p1"},
        ),
    ),
    "records_summed": (
        "items",
        make_items({"price": "10000元"}, {"kind": "testing", "price": "100元"}, {"kind": "legal"}),
    ),
    "records_unknown": (
        "items",
        make_items({"price": "10000元"}, {"kind": "unknown"}, {"price": "unknown"}),
    ),
    "records_many": ("items", make_items(*[{"price": "0元"}] * 13)),
    "no_record_counts": ("items", make_items({"kind": "legal"})),
    # which of several calls won, and what made it so
    "best_by_days": ("better", BEST),
    "best_by_ratio": ("better", BEST | {"training.days": "1天"}),
    "best_alike": ("better", BEST | {"contract.price": "12000元"}),
    "best_unknown": ("better", BEST | {"contract.price": "unknown", "training.days": "1天"}),
    # what an exception set aside
    "exception_overrides": ("by_ratio", BEST | {"enterprise.small": True}),
    "exception_waives": (
        "by_ratio",
        BEST | {f"enterprise.{name}": True for name in ("small", "dishonest", "repaired")},
    ),
    # money whose decimals do not end, in ranges and by itself
    "thirds_in_a_range": (
        "items",
        make_items(
            {"price": "10000元"}, {"kind": "unknown"}, {"kind": "unknown", "price": "100元"}
        ),
    ),
    "limit_that_may_not_apply": (
        "by_ratio",
        BEST
        | {"contract.price": "6000.02元", "enterprise.small": True}
        | {"enterprise.dishonest": "unknown"},
    ),
    # existence, compound conditions, moments, consequences without a day
    "nothing_is_there": ("file", FILING | {"provider.kinds": []}),
    "too_much_is_there": (
        "file",
        FILING | {"review.done_on": "2024-06-01", "enterprise.dishonest": True},
    ),
    "late_by_a_second": (
        "file",
        FILING | {"claim.filed_at": "2024-05-03T09:00:01", "enterprise.small": True},
    ),
    "no_day_for_the_end_and_denied_anyway": (
        "file",
        FILING | {"enterprise.dishonest": True, "review.done_on": "unknown"},
    ),
}


@cache
def load() -> vr.Ruleset:
    return vr.load(HERE / "rulesets" / "explained" / "2024.yaml")


def explain(case: str, language: str, *, trace: bool = False) -> str:
    decision, facts = CASES[case]
    made = load().decide(decision, facts, on="2024-05-10")
    return "\n".join(made.explain(language, trace=trace).splitlines()[:-1]) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_an_explanation_says_what_it_said(case: str, language: str, *, rewriting: bool) -> None:
    golden = HERE / "goldens" / f"{case}.{language}.txt"
    text = explain(case, language)
    if rewriting:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_golden_has_its_case() -> None:
    expected = {f"{case}.{language}.txt" for case in CASES for language in LANGUAGES}
    assert {path.name for path in (HERE / "goldens").iterdir() if path.is_file()} == expected


def test_the_trace_names_the_exception_that_sets_a_rule_aside() -> None:
    text = explain("exception_waives", "en", trace=True)
    assert "not applied → waived by: not after the credit was repaired (第三条)" in text
    assert "not applied → set aside by: at most 8000 yuan for small enterprises (第三条)" in text
    assert "未适用 → 依例外免除：已修复信用的除外（第三条）" in explain(
        "exception_waives", "zh", trace=True
    )


def test_money_is_rounded_outwards_in_words_and_exact_in_data() -> None:
    made = load().decide("items", CASES["thirds_in_a_range"][1], on="2024-05-10")
    assert "unknown (about CNY 3,333.33 to about CNY 4,366.67)" in made.explain("en")
    (limit,) = made.to_data()["amounts"]["items.amount"]["limits"]
    assert (limit["value"]["low"], limit["value"]["high"]) == ("10000/3", "13100/3")


def list_measures() -> list[Path]:
    return sorted((HERE.parent / "measures").glob("*/*.cases.yaml"))


SLIPS: Final = {
    "a fraction of a fen": r"(?:CNY|EUR|USD) -?[0-9,]+/|[0-9]/[0-9,]+元",
    "a word of the program": r"\bNone\b|\bTrue\b|\bFalse\b|<[A-Z]|Unknown\(|Fraction\(",
    "an empty slot": r"\$[a-z]|（）|\(\)|：$|: $|“”",
    "blanks": r"(?<=\S)  +\S| [,;:)]|\( |[（：；，] |[ ][）：；，]",
    "a moment for machines": r"[0-9]T[0-9]",
    "the bound of all money": r"[0-9],000,000,000,000,000|10,000,000,000,000",
    "a value told twice": r"(?:元|[0-9]) = ([^=]+) = \1$",
}


@pytest.mark.parametrize("path", list_measures(), ids=lambda path: path.parent.name)
def test_no_explanation_of_the_invented_measures_has_a_slip(path: Path) -> None:
    for result in run_file(path):
        for language in LANGUAGES:
            for line in result.decision.explain(language).splitlines():
                slips = [name for name, slip in SLIPS.items() if re.search(slip, line)]
                assert not slips, (result.case.name, line)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (2016, "年份", "2016年", "2016"),
        (999, "年份", "999年", "999"),
        (2016, "年", "2,016年", "2,016"),
        (2016, "人", "2,016人", "2,016"),
        (999, "人", "999人", "999"),
        (1000, "人", "1,000人", "1,000"),
        (2016, "", "2,016", "2,016"),
    ],
)
def test_the_number_of_a_year_is_no_quantity(value: int, unit: str, zh: str, en: str) -> None:
    checked = vr.load("cn-nx-service-voucher").checked
    kind = Type(Kind.COUNT, unit)
    told = [Writer(checked, language).write_value(value, kind) for language in LANGUAGES]
    assert told == [zh, en]
