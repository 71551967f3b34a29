"""Numerals: every way a measure writes a number, and what is none."""

from __future__ import annotations

from fractions import Fraction

import pytest

from voucher_rules.intake.numerals import read_numeral


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("1,000.5", Fraction(2001, 2)),
        ("5万", 50_000),
        ("1.5亿", 150_000_000),
        ("3千", 3000),
        ("零", 0),
        ("两", 2),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("一百零八", 108),
        ("一千零五", 1005),
        ("二〇二三", 2023),
        ("三百二十万", 3_200_000),
        ("一亿二千万", 120_000_000),
        ("一万亿", 10**12),
        ("一点五", Fraction(3, 2)),
        ("一点五亿", 150_000_000),
        ("伍拾万", 500_000),
    ],
)
def test_a_numeral_is_read_exactly(text: str, number: int) -> None:
    assert read_numeral(text) == number


@pytest.mark.parametrize("text", ["", "元", "1.2.3", "五元", "9" * 41, "点五", "%"])
def test_what_is_no_numeral_is_none(text: str) -> None:
    assert read_numeral(text) is None
