"""Comes in: nothing. Goes out: what diagnostics of values say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

VALUES: Final[Mapping[str, DiagnosticText]] = {
    "not-a-boolean": text_of(
        "应为「true」或「false」，实为「$found」",
        "expected `true` or `false`, found `$found`",
        "是写「true」，否写「false」",
        "write `true` for yes and `false` for no",
    ),
    "not-a-number": text_of(
        "应为数字，实为「$found」",
        "expected a number, found `$found`",
        "请用阿拉伯数字书写，如「12」「0.5」",
        "write it in digits, e.g. `12` or `0.5`",
    ),
    "full-width-digits": text_of(
        "数字「$found」含有全角字符",
        "full-width characters in the number `$found`",
        "请写成「$fix」",
        "write `$fix`",
    ),
    "digit-separator": text_of(
        "数字「$found」含有分隔符",
        "separators between the digits of `$found`",
        "请写成「$fix」",
        "write `$fix`",
    ),
    "exponent": text_of(
        "数字「$found」使用了科学记数法",
        "an exponent in the number `$found`",
        "请写出完整数字，如「100000」",
        "write the number out, e.g. `100000`",
    ),
    "leading-zero": text_of(
        "数字「$found」以 0 开头",
        "a zero in front of the number `$found`",
        "请去掉前面的 0；以 0 开头的编号应声明为 id 类型",
        "write it without the zero; a code that begins with 0 belongs in a fact of type `id`",
    ),
    "stray-space": text_of(
        "数字「$found」前后有空格，或小数点一侧没有数字",
        "a space around the number `$found`, or a decimal point without digits on both sides",
        "请去掉空格，小数点两侧都写数字，如「0.5」",
        "write no spaces, and digits on both sides of the point, e.g. `0.5`",
    ),
    "not-finite": text_of(
        "「$found」不是有限的数字",
        "`$found` is not a finite number",
        "请填写具体数字；没有限额的，不写该项",
        "give a number; where there is no limit, leave the value out",
    ),
    "number-too-long": text_of(
        "数字超过 $limit 位",
        "a number of more than $limit digits",
        "请检查是否多打了数字；除不尽的比例请写成分数，如「2/3」",
        "check for digits typed twice; write a ratio that does not end as a fraction, e.g. `2/3`",
    ),
    "negative-zero": text_of(
        "「$found」是带负号的零",
        "`$found` is zero with a minus sign",
        "请写「0」",
        "write `0`",
    ),
    "not-whole": text_of(
        "应为整数，实为「$found」",
        "expected a whole number, found `$found`",
        "数量和期限不带小数",
        "counts and periods have no decimals",
    ),
    "unit-missing": text_of(
        "「$found」缺少单位",
        "`$found` has no unit",
        "请加上单位：$units",
        "add one of these units: $units",
    ),
    "unit-unknown": text_of(
        "「$found」的单位「$unit」与此处不符",
        "the unit `$unit` of `$found` does not fit here",
        "可用单位：$units",
        "the units that fit: $units",
    ),
    "finer-than-minor-unit": text_of(
        "「$found」小于该币种的最小单位",
        "`$found` is finer than the smallest unit of its currency",
        "请舍入到最小单位，人民币为分",
        "round it to that unit, which is the fen for CNY",
    ),
    "period-unit-unknown": text_of(
        "应为期限，实为「$found」",
        "expected a period, found `$found`",
        "请写整数加单位，如「30天」「15个工作日」「6个月」「1年」「48小时」",
        "write a whole number and a unit, e.g. `30天`, `15个工作日`, `6个月`, `1年`, `48小时`",
    ),
    "period-negative": text_of(
        "期限「$found」为负数",
        "the period `$found` is negative",
        "请写正数；向前推算的，在公式中用减法",
        "write it without the minus sign; to count back, subtract it in a formula",
    ),
    "period-unit-other": text_of(
        "期限「$found」的单位应为 $unit",
        "expected a period in $unit, found `$found`",
        "请写整数加单位：$words，或在规则集中声明「unit: $other」",
        "write a whole number and $words, or declare `unit: $other` in the ruleset",
    ),
    "period-too-long": text_of(
        "期限「$found」超过约一百年",
        "the period `$found` is longer than about a hundred years",
        "请核对数字和单位",
        "check the number and the unit",
    ),
    "not-a-date": text_of(
        "应为日期，实为「$found」",
        "expected a date, found `$found`",
        "请按年-月-日书写，如「2024-03-01」",
        "write year, month and day, e.g. `2024-03-01`",
    ),
    "date-out-of-range": text_of(
        "日期「$found」不在 1990 年至 2100 年之间",
        "the date `$found` is outside the years 1990 to 2100",
        "请核对年份",
        "check the year",
    ),
    "no-such-day": text_of(
        "历法上没有「$found」这一天（$part）",
        "the calendar has no day `$found`: $part",
        "请核对月和日",
        "check the month and the day",
    ),
    "not-an-offset": text_of(
        "应为与世界标准时的时差，实为「$found」",
        "expected an offset from UTC, found `$found`",
        "请写正负号、小时和分钟，如「+08:00」",
        "write sign, hours and minutes, e.g. `+08:00`",
    ),
    "not-an-instant": text_of(
        "应为日期加时刻，实为「$found」",
        "expected a date and time, found `$found`",
        "如「2024-03-01T09:30」或「2024-03-01T09:30:00+08:00」",
        "e.g. `2024-03-01T09:30` or `2024-03-01T09:30:00+08:00`",
    ),
    "no-such-time": text_of(
        "「$found」中的时刻不存在",
        "there is no such time of day as in `$found`",
        "小时为 00 至 23，分和秒为 00 至 59",
        "hours run from 00 to 23, minutes and seconds from 00 to 59",
    ),
    "not-one-of": text_of(
        "「$found」不在可选项之内",
        "`$found` is not one of the options",
        "可选项：$options",
        "the options: $options",
    ),
    "not-a-time": text_of(
        "不是有效的时刻：「$found」",
        "`$found` is no time of the day",
        "请写成 hh:mm，如 09:00",
        "write it as hh:mm, such as 09:00",
    ),
}
