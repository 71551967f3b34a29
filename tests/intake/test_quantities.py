"""Quantities: each kind in each way of writing it, what bounds it, and what counts nothing."""

from __future__ import annotations

import pytest

from voucher_rules.intake.candidates import write_amount
from voucher_rules.intake.provisions import split_provisions
from voucher_rules.intake.quantities import Numbers, find_quantities
from voucher_rules.intake.text import take_text


def find(sentence: str) -> Numbers:
    text = take_text(sentence, "text")
    return find_quantities(text, split_provisions(text))


@pytest.mark.parametrize(
    ("sentence", "amounts"),
    [
        # money
        ("补贴5万元", "5万元"),
        ("补贴５ 万 元", "5万元"),
        ("补贴二十万元", "20万元"),
        ("补贴1.5亿元", "1.5亿元"),
        ("补贴3000元", "3000元"),
        ("补贴12,345.60元", "12345.6元"),
        ("补贴3元5角", "3.5元"),
        ("补贴¥200", "200元"),
        ("补贴10余万元", "10万元"),
        ("补贴2万美元", "20000 USD"),
        ("注册资本30万以上", "30万元"),
        ("补贴20-300万元", "20万元 300万元"),
        ("补贴5000元至1万元", "5000元 1万元"),
        # ratios
        ("按30%", "30%"),
        ("按３０％", "30%"),
        ("按3‰", "0.3%"),
        ("按百分之三十", "30%"),
        ("按千分之五", "0.5%"),
        ("按三分之二", "2/3"),
        ("按2/3", "2/3"),
        ("按三成", "30%"),
        ("按三成五", "35%"),
        ("提高2个百分点", "2%"),
        ("不超过1.5倍", "1.5"),
        ("占一半以上", "50%"),
        ("过半数", "50%"),
        ("提取3-6%", "3% 6%"),
        ("提取3%-6%", "3% 6%"),
        ("提取百分之三至百分之六", "3% 6%"),
        # counts
        ("不少于10名", "10名"),
        ("三个以上", "3个"),
        ("共两次", "2次"),
        ("每年1-2次", "1次 2次"),
        ("三至五家", "3家 5家"),
        ("1.2万人次", "12000人次"),
        ("一式三份", "3份"),
        ("年满18周岁", "18周岁"),
        ("200平方米", "200平方米"),
        ("容量100kW", "100kW"),
        ("得分80分", "80分"),
        # periods
        ("十五个工作日内", "15个工作日"),
        ("7 个 工作日", "7个工作日"),
        ("30日内", "30天"),
        ("三十天", "30天"),
        ("3个月", "3个月"),
        ("一年半", "18个月"),
        ("半年", "6个月"),
        ("两个服务年度", "2年"),
        ("48小时", "48小时"),
        ("两周", "14天"),
        ("一个季度", "3个月"),
        ("1-3年", "1年 3年"),
        # days, times, classes
        ("2024年5月1日起", "2024-05-01"),
        ("二〇二四年五月一日", "2024-05-01"),
        ("2024-05-01", "2024-05-01"),
        ("2024年5月", "2024年5月"),
        ("2023年度", "2023年"),
        ("2024-2026年", "2024年 2026年"),
        ("1月15日至2月15日", "1月15日 2月15日"),
        ("每月20日前", "20日"),
        ("每年3月份", "3月"),
        ("第一季度", "1季度"),
        ("9:00至17:30", "09:00 17:30"),
        ("上午九点半", "09:30"),
        ("下午3时", "15:00"),
        ("第一档", "1档"),
        ("3档以上", "3档"),
        ("AAA级", "AAA级"),
        ("第二次申请", "2次"),
        # numbers that only white space parts
        ("2023\t5万元", "2023 5万元"),
        ("一档  30%  20%", "1档 30% 20%"),
        ("补贴5 000元", "5000元"),
        ("甲 12 345 元", "12345元"),
        ("甲 10 20", "10 20"),
        # what no pattern knows is a plain number
        ("代码42", "42"),
        ("二十棱", "20"),
        ("2024年13月40日", "2024年 13 40天"),
    ],
)
def test_a_quantity_is_found_with_its_value(sentence: str, amounts: str) -> None:
    told = [write_amount(quantity) for quantity in find(sentence).quantities]
    assert " ".join(told) == amounts


@pytest.mark.parametrize(
    "sentence",
    [
        "统一管理、进一步规范、一般由单一机构办理",
        "上一年度、下一年度、同一项目、另一个",
        "第三方机构、第一责任人",
        "大众创业、万众创新、千方百计、百家争鸣",
        "依据第五条、第六条第二款和本条（一）",
        "依据第一、二、七条",
        "国发〔2009〕36号、令第12号、[2009]36号",
        "见附件2、附表3",
        "《三年行动计划（2024—2026年）》",
        "http://example.invalid/2024/3?n=5 与 a1@b2.invalid",
        "ISO9001、GB/T 19001、5G、3D打印",
        "“十四五”规划",
        "电话：0851-1234567",
        "一户一码、一企一策",
        "一二三产业融合",
        "成立后、十分重要、一方面",
        "有下列情形之一的",
    ],
)
def test_what_counts_nothing_is_no_quantity(sentence: str) -> None:
    assert find(sentence).quantities == ()


@pytest.mark.parametrize(
    ("sentence", "limit", "quoted"),
    [
        ("金额不超过合同金额的50%", "at_most", "不超过"),
        ("最高不超过3000元", "at_most", "最高不超过"),
        ("不得高于3000元", "at_most", "不得高于"),
        ("上限2万元", "at_most", "上限"),
        ("不低于20%", "at_least", "不低于"),
        ("至少20%", "at_least", "至少"),
        ("收费低于市价至少20%", "at_least", "至少"),
        ("超过48小时", "above", "超过"),
        ("不满3人", "below", "不满"),
        ("不足3人", "below", "不足"),
        ("3人以上", "at_least", "以上"),
        ("3人（含）以上", "at_least", "（含）以上"),
        ("3人及以上", "at_least", "及以上"),
        ("3人以上（不含）", "above", "以上（不含）"),
        ("3人以下", "at_most", "以下"),
        ("3年以内", "at_most", "以内"),
        ("7个工作日内", "at_most", "内"),
        ("5年内容更新", "", ""),
        ("超出5万元的部分", "above", "超出"),
        ("超出部分按50%补贴", "", ""),
        ("不超过规定，补贴50%", "", ""),
    ],
)
def test_the_word_that_bounds_a_quantity_is_found(sentence: str, limit: str, quoted: str) -> None:
    [quantity] = find(sentence).quantities
    assert (quantity.limit, quantity.quoted) == (limit, quoted)


def test_inclusion_is_told_where_the_text_states_it() -> None:
    told = [
        find(x).quantities[0].inclusion
        for x in ("3人以上", "3人（含）以上", "3人及以上", "3人（不含）以上")
    ]
    assert told == ["", "included", "included", "excluded"]


def test_a_limit_in_principle_is_marked() -> None:
    assert find("原则上不超过500万元").quantities[0].soft == "原则上"


def test_the_ends_of_a_range_bound_from_both_sides() -> None:
    low, high = find("提取3%-6%").quantities
    assert (low.part, low.limit, high.part, high.limit) == ("low", "at_least", "high", "at_most")


def test_a_quantity_knows_its_place() -> None:
    [quantity] = find("第一条 甲。\n第二条　乙 丙 ３０ ％。").quantities
    assert (quantity.ref, quantity.line, quantity.column) == ("第二条", 2, 9)
    assert quantity.text == "３０％"


def test_what_counts_nothing_is_told_with_its_reason() -> None:
    asides = find("依据《三年计划》（国发〔2009〕36号）第五条，由第三方和第一责任人办理。").asides
    assert [x.reason for x in asides] == [
        "title",
        "document_number",
        "cross_reference",
        "name",
        "wording",
    ]
