"""Comes in: nothing. Goes out: what diagnostics of names and types say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

NAMES: Final[Mapping[str, DiagnosticText]] = {
    "bad-declared-name": text_of(
        "「$name」不能作为此处的名称",
        "`$name` is not written as names are here",
        "请参照「$example」，使用英文字母、数字和下划线",
        "write it like `$example`, in Latin letters, digits and `_`",
    ),
    "reserved-name": text_of(
        "名称「$name」为语言保留",
        "the name `$name` is reserved",
        "规则语言和 Python 的用词不能作名称，请另取",
        "words of the language and of Python cannot be names, so choose another",
    ),
    "options-alike": text_of(
        "选项「$name」与「$other」只有大小写不同",
        "the options `$name` and `$other` differ in capitals only",
        "请改名其一，或删除重复的一个",
        "give one of them another name, or delete it where it is the same",
    ),
    "unknown-name": text_of(
        "没有名称「$name」",
        "there is no name `$name`",
        "请核对拼写，或先行声明",
        "check the spelling, or declare it first",
    ),
    "unknown-type": text_of(
        "没有类型「$found」",
        "there is no type `$found`",
        "可用：boolean、count、number、ratio、money、date、instant、time、period、choice、set、id、text",
        "boolean, count, number, ratio, money, date, instant, time, period, choice, set, id, text",
    ),
    "unknown-choice": text_of(
        "没有选项表「$name」",
        "there is no choice `$name`",
        "请在「choices」下声明",
        "declare it under `choices`",
    ),
    "choice-missing": text_of(
        "「$type」类型未说明取自哪个选项表",
        "a `$type` that does not say whose options it takes",
        "请加「of:」并写明选项表名称",
        "add `of:` with the name of a choice",
    ),
    "count-without-unit": text_of(
        "数量没有单位",
        "a count without a unit",
        "请用「unit:」写明计量对象，如「unit: 家」",
        "say what is counted with `unit:`, e.g. `unit: 家`",
    ),
    "key-does-not-fit": text_of(
        "键「$key」不适用于「$type」",
        "the key `$key` does not go with `$type`",
        "请删除该键，或改用适用的类型或规则",
        "remove it, or choose the type or rule it goes with",
    ),
    "bounds-do-not-fit": text_of(
        "$type 不能设上下限",
        "`min` and `max` do not go with $type",
        "请删除该键",
        "remove it",
    ),
    "bounds-crossed": text_of(
        "「min」与「max」之间没有任何值",
        "no value lies between `min` and `max`",
        "请核对两者；未写的一端以该类型的界限为准",
        "correct them; where one is not given, the bound of the type holds",
    ),
    "rounding-step": text_of(
        "舍入单位应为正的整数金额或数量",
        "expected a rounding step above zero, in whole smallest units",
        "如「to: 1元」「to: 100元」",
        "e.g. `to: 1元` or `to: 100元`",
    ),
    "unset-without-setter": text_of(
        "「$name」未定，也没有写明由谁确定",
        "`$name` is unset and nothing says who sets it",
        "请用「set_by:」写明由谁确定",
        "name who sets it with `set_by:`",
    ),
    "dates-overlap": text_of(
        "本项开始时上一项尚未结束",
        "this value begins before the one above it ends",
        "请由早到晚排列，并为上一项写明早于本日的「until:」",
        "list the earliest first, and end the one above with `until:` on an earlier day",
    ),
    "duplicate-parameter": text_of(
        "参数「$name」重复声明",
        "the parameter `$name` is declared twice",
        "首次声明在第 $first 行，请保留其一或改名",
        "the first is on line $first; keep one, or rename the other",
    ),
    "option-without-day": text_of(
        "选项「$option」没有对应的日期",
        "the option `$option` has no day",
        "请在「dates」下为该读法的每个选项写明日期",
        "give each option of the reading a day under `dates`",
    ),
    "unknown-decision": text_of(
        "没有决定「$name」",
        "there is no decision `$name`",
        "请在「decisions」下声明",
        "declare it under `decisions`",
    ),
    "unknown-output": text_of(
        "决定「$decision」没有结果项「$name」",
        "the decision `$decision` has no output `$name`",
        "请在该决定的「outputs」下声明",
        "declare it under the `outputs` of the decision",
    ),
    "defines-declared-name": text_of(
        "「$name」已经声明，不能再由规则定义",
        "`$name` is declared already, so no rule can define it",
        "请为规则所定义的内容另取名称",
        "choose another name for what the rule defines",
    ),
    "set-fact-expected": text_of(
        "此处应为 set 类型的事实",
        "expected a fact of type set",
        "请将应交材料声明为一个 set 类型的事实，并写其名称",
        "declare the papers as a fact of type `set` and write its name here",
    ),
    "table-gap": text_of(
        "表「$name」缺少「$option」一格",
        "the table `$name` has no cell for `$option`",
        "每个选项都须有一格；没有数值的写 none",
        "every option needs a cell; write none where it has no value",
    ),
    "table-with-many-keys": text_of(
        "表「$name」的键超过两个",
        "the table `$name` has more than two keys",
        "请拆成若干张表",
        "split it into several tables",
    ),
    "scale-types": text_of(
        "分档以「$entered」查取、给出「$gives」，不能这样计算",
        "a scale cannot be entered with $entered and give $gives in this way",
        "level 可用任何可比较的量；whole 和 marginal 须为数量乘以比例、数或单价",
        "level takes any ordered value; the others multiply a quantity by a ratio or a price",
    ),
    "scale-gap": text_of(
        "分档有空缺，例如 $example 不属于任何一档",
        "no bracket holds $example",
        "请写明每一档的两端；第一档可不写下端，最后一档可不写上端",
        "begin each bracket where the one before ends; the first and last may stay open",
    ),
    "scale-overlap": text_of(
        "分档重叠，例如 $example 同时属于两档",
        "two brackets hold $example",
        "含端点写 from、up_to，不含端点写 above、below",
        "`from` and `up_to` include their end, `above` and `below` do not",
    ),
    "list-too-long": text_of(
        "清单的项数须在 1 至 $limit 之间",
        "a list may have from 1 to $limit records",
        "请在 most 写明至多多少项",
        "state in `most` how many there may be",
    ),
    "unknown-list": text_of(
        "没有清单「$name」",
        "there is no list `$name`",
        "each 写的是 lists 中声明的清单",
        "`each` names a list declared under `lists`",
    ),
    "applies-to-results": text_of(
        "「$name」的存在条件用了规则算出的值",
        "whether `$name` exists depends on something rules work out",
        "applies 只能用个案给出的事实、认定、理解和参数",
        "`applies` may read facts, findings, readings and parameters only",
    ),
    "first-day-unsaid": text_of(
        "没有写明首日是否计入",
        "it is not said whether the first day counts",
        "请写 first_day: counts 或 does_not_count",
        "write first_day: counts or first_day: does_not_count",
    ),
    "inherited-otherwise": text_of(
        "「$name」此处为 $found，被调用的规则集中为 $expected",
        "`$name` is $found here and $expected in the ruleset called",
        "请在 with 中给出该事实的值，或改用相同的类型",
        "give it a value under `with`, or declare it with the same type",
    ),
    "unknown-use": text_of(
        "没有找到所用的规则集「$name」",
        "there is no ruleset `$name` to use",
        "请核对 uses 中的名称和版本",
        "check its name and edition under `uses`",
    ),
    "unknown-calendar": text_of(
        "没有找到工作日历「$name」",
        "there is no working calendar `$name`",
        "日历放在与其同名的文件夹内，以 .calendar.yaml 结尾",
        "a calendar stands in a folder of its name and ends in .calendar.yaml",
    ),
    "uses-in-a-circle": text_of(
        "规则集互相使用：$cycle",
        "rulesets use each other: $cycle",
        "请把共同的部分移到另一个规则集",
        "move what they share into a ruleset of its own",
    ),
}
