"""Comes in: texts of both scripts. Goes out: columns that stand below each other."""

from __future__ import annotations

import pytest

from voucher_rules.explain.columns import lay_out_pairs, lay_out_table, measure_width, pad_text


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("条款", 4),
        ("第六条（一）", 12),
        ("３％", 4),
        ("5万元", 5),
        ("e\u0301", 1),
        ("“x”", 3),
    ],
)
def test_wide_characters_take_two_cells(text: str, width: int) -> None:
    assert measure_width(text) == width
    assert pad_text(text, 14) == text + " " * (14 - width)


def test_columns_stand_below_each_other() -> None:
    rows = [("第六条", "x", ""), ("a", "条款", "")]
    assert list(lay_out_table(["条款", "what", "empty"], rows)) == [
        "条款    what",
        "------  ----",
        "第六条  x",
        "a       条款",
    ]


def test_labels_and_texts_stand_below_each_other() -> None:
    pairs = [("名称", "x"), ("none", ""), ("title", "y")]
    assert list(lay_out_pairs(pairs)) == ["名称   x", "title  y"]
