"""Cutting a text: marks of every kind, what is a citation, parts without a number, odd texts."""

from __future__ import annotations

import pytest

from voucher_rules.intake.provisions import split_provisions
from voucher_rules.intake.text import take_text


def split(text: str) -> list[str]:
    return [piece.ref for piece in split_provisions(take_text(text, "text"))]


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("第一条 甲\n第二条 乙", "第一条 第二条"),
        ("第1条 甲\n第２条 乙", "第1条 第2条"),
        ("第一条甲。\n第二条乙。", "第一条 第二条"),
        ("一、甲\n（一）乙\n(二) 丙\n二、丁", "一、 一、（一） 一、（二） 二、"),
        ("一、甲\n1.乙\n2、丙\n３．丁", "一、 一、1. 一、2. 一、3."),
        ("1.甲\n(1)乙\n（2）丙\n2.丁", "1. 1.（1） 1.（2） 2."),
        ("1.甲\n1)乙\n2）丙", "1. 1.1） 1.2）"),
        ("1.甲\n1.1乙\n1.2 丙\n2.丁\n2.1戊", "1. 1.1 1.2 2. 2.1"),
        ("（一）甲：①乙；②丙。\n（二）丁", "（一） （一）① （一）② （二）"),
        ("㈠甲\n㈡乙\n⒈丙\n⒉丁\n⑴戊", "（一） （二） （二）1. （二）2. （二）2.（1）"),
        ("第一章 甲\n一、乙\n第二章 丙\n一、丁", "第一章 第一章一、 第二章 第二章一、"),
        ("第一编 甲\n第一章 乙\n第一条 丙", "第一编 第一编第一章 第一条"),
        ("第一条 甲\n第一条之一 乙\n第二条 丙", "第一条 第一条之一 第二条"),
        ("第九条 甲\n第十条 乙", "第九条 第十条"),
        ("第一条 甲：（一）乙；（二）丙。", "第一条 第一条（一） 第一条（二）"),
        # a gap is kept as it is, so that the checker tells it
        ("第一条 甲。\n第三条 乙。", "第一条 第三条"),
    ],
)
def test_marks_are_found_and_nested(text: str, refs: str) -> None:
    assert split(text) == refs.split()


@pytest.mark.parametrize(
    "text",
    [
        "第一条 依\n第二条的规定办理。",
        "第一条 依\n第二条、第三条办理。",
        "第一条 符合上述（一）、（三）的条件。",
        "第一条 增长\n1.5倍。",
        "第一条 比率\n1.1是基数。",
        "第一条 共\n一、二级单位。",
        "第一条 符合第一条第（二）项。",
    ],
)
def test_a_citation_begins_no_provision(text: str) -> None:
    assert split(text) == ["第一条"]


def test_paragraphs_of_an_article_are_told_apart() -> None:
    assert split("第一条 甲。\n乙。\n丙。\n第二条 丁。") == [
        "第一条",
        "第一条第一款",
        "第一条第二款",
        "第一条第三款",
        "第二条",
    ]


def test_what_follows_a_list_belongs_to_the_provision_around_it() -> None:
    text = (
        "第一条 甲：\n（一）乙：\n1.丙；\n2.丁。\n前款所称乙，是指戊。\n"
        "（二）己。\n庚。\n第二条 辛。"
    )
    assert split(text) == [
        "第一条",
        "第一条（一）",
        "第一条（一）1.",
        "第一条（一）2.",
        "第一条（一）末段",
        "第一条（二）",
        "第一条末段",
        "第二条",
    ]


def test_a_second_list_of_the_same_marks_belongs_to_the_words_before_it() -> None:
    text = "第一条 甲：\n（一）乙；\n（二）丙。\n丁：\n（一）戊；\n（二）己。"
    assert split(text) == [
        "第一条",
        "第一条（一）",
        "第一条（二）",
        "第一条后段",
        "第一条后段（一）",
        "第一条后段（二）",
    ]


def test_a_second_measure_in_one_text_is_kept_apart() -> None:
    assert split("第一条 甲。\n第二条 乙。\n附则。\n第一条 丙。\n第二条 丁。")[-3:] == [
        "后段",
        "后段第一条",
        "后段第二条",
    ]


def test_a_text_without_numbers_is_one_provision() -> None:
    assert split("只有一段话。\n又一段。") == ["全文"]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("某办法", "题目"),
        ("某某。", "前言"),
        ("关于印发某办法的通知", "印发通知"),
    ],
)
def test_what_stands_before_the_first_number_is_named(head: str, name: str) -> None:
    assert split(f"{head}\n第一条 甲。") == [name, "第一条"]


def test_a_signature_is_no_part_of_the_last_article() -> None:
    assert split("第一条 甲。\n某局\n2024年5月1日") == ["第一条", "落款"]
    assert split("第一条 甲。\n某局办公室2024年5月1日印发") == ["第一条", "印发落款"]
    assert split("第一条 自2024年5月1日") == ["第一条"]


def test_nothing_of_a_text_is_left_out() -> None:
    text = take_text("题目\n第一条 甲：\n（一）乙。\n丙。\n附件1\n丁\n2024年5月1日", "text")
    pieces = split_provisions(text)
    assert "".join(piece.words(text) for piece in pieces) == text.words
    assert all(pieces[x.parent].depth == x.depth - 1 for x in pieces if x.parent >= 0)
