"""Comes in: nothing. Goes out: what diagnostics of facts, options and cases say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

FACTS: Final[Mapping[str, DiagnosticText]] = {
    "facts-not-a-mapping": text_of(
        "应为「事实名称: 值」，实为 $found",
        "expected names of facts with their values, found $found",
        "如「contract.amount: 5万元」",
        "e.g. `contract.amount: 5万元`",
    ),
    "fact-name-not-text": text_of(
        "事实的名称不是文字",
        "the name of a fact is not a text",
        "请照规则集中的名称书写，如「contract.amount」",
        "write names as the ruleset does, e.g. `contract.amount`",
    ),
    "facts-nested": text_of(
        "「$name」之下又分列事实",
        "there are facts inside `$name`",
        "请写带点号的完整名称，如「contract.amount: 5万元」",
        "write full names with dots, e.g. `contract.amount: 5万元`",
    ),
    "unknown-fact": text_of(
        "规则集没有事实「$name」",
        "the ruleset has no fact `$name`",
        "请照规则集「facts」「findings」「ledger」中的名称书写",
        "use the names under `facts`, `findings` and `ledger` of the ruleset",
    ),
    "none-not-allowed": text_of(
        "「$name」不能写「none」",
        "`$name` cannot be `none`",
        "请填写其值；尚不清楚的写「unknown」",
        "give its value, or `unknown` where it is not known",
    ),
    "set-expected": text_of(
        "此处应为选项列表",
        "expected a list of options",
        "请列出具备的各项，可选项：$options",
        "list those that are there, out of: $options",
    ),
    "float-refused": text_of(
        "「$found」是二进制浮点数，不精确",
        "`$found` is a binary float, which is not exact",
        "请改用文字，如「30%」「0.3」，或使用整数、Decimal",
        "give a text such as `30%` or `0.3`, a whole number or a Decimal",
    ),
    "wrong-python-type": text_of(
        "应为 $expected，实为 $found",
        "expected $expected, found $found",
        "可改用案件文件中的写法，如「5万元」「30%」「2024-03-01」",
        "a text as in a case file will do, e.g. `5万元`, `30%` or `2024-03-01`",
    ),
    "naive-instant": text_of(
        "时刻「$found」没有时差",
        "the time `$found` has no offset from UTC",
        "请注明时区，或按规则集的当地时间写成文字",
        "give it a time zone, or write it as a text in the local time of the ruleset",
    ),
    "out-of-range": text_of(
        "「$found」不在 $low 至 $high 之间",
        "`$found` is outside $low to $high",
        "请核对数值和单位",
        "check the value and its unit",
    ),
    "ratio-out-of-range": text_of(
        "比例「$found」不在 $low 至 $high 之间",
        "the ratio `$found` is outside $low to $high",
        "百分之三十请写「30%」或「0.3」",
        "write thirty per cent as `30%` or `0.3`",
    ),
    "day-stated-twice": text_of(
        "指定日期为 $on，「$name」却为 $found",
        "the day is given as $on, but `$name` says $found",
        "请只写一处，或改为一致",
        "give the day once, or make the two agree",
    ),
    "unknown-reading": text_of(
        "没有读法「$name」",
        "there is no reading `$name`",
        "请照规则集「readings」中的名称书写",
        "use a name under `readings` of the ruleset",
    ),
    "unknown-parameter": text_of(
        "没有参数「$name」",
        "there is no parameter `$name`",
        "请照规则集「parameters」中的名称书写",
        "use a name under `parameters` of the ruleset",
    ),
    "bad-setting": text_of(
        "应为「名称=值」，实为「$found」",
        "expected `NAME=VALUE`, found `$found`",
        "如「item_cap=6万元」",
        "e.g. `item_cap=6万元`",
    ),
    "setting-has-no-effect": text_of(
        "「$name」原本就是「$value」",
        "`$name` is `$value` already",
        "请改为其他值，或去掉该设定",
        "give another value, or leave the setting out",
    ),
    "unknown-limit": text_of(
        "没有名为「$name」的界限",
        "there is no limit `$name`",
        "界限的名称见 `voucher-rules limits … --format json`",
        "`voucher-rules limits … --format json` names them",
    ),
    "side-not-missing": text_of(
        "界限「$name」的 $side 一侧并不缺案例",
        "the side `$side` of the limit `$name` is not without a case",
        "请删除本条：该清单只能缩短",
        "take the entry out: the list may only shrink",
    ),
    "case-asserts-nothing": text_of(
        "案件「$name」没有写明应得结果",
        "the case `$name` expects nothing",
        "请写明应得的决定，至少写明结论",
        "say what the decision should be, at least its outcome",
    ),
    "case-fails": text_of(
        "案件「$name」在未改动的规则集下就不通过",
        "the case `$name` fails under the ruleset as it is",
        "请先用 voucher-rules test 查明原因",
        "see why with `voucher-rules test` first",
    ),
    "cases-of-another": text_of(
        "「$path」不是规则集「$name」的案件文件",
        "the cases of `$path` are not of the ruleset `$name`",
        "请给出属于该规则集、且不带其他通知的案件文件",
        "give case files of this ruleset, with no notices but its own",
    ),
    "case-without-decision": text_of(
        "案件「$name」没有写明适用哪项决定",
        "the case `$name` does not say which decision it asks for",
        "请写明规则集「decisions」中的一个名称",
        "name one of the `decisions` of the ruleset",
    ),
    "case-duplicate-name": text_of(
        "案件名称「$name」重复",
        "two cases have the name `$name`",
        "首次出现在第 $first 行，请改名",
        "the first is on line $first; rename one",
    ),
    "unknown-base": text_of(
        "没有基础事实「$name」",
        "there is no base `$name`",
        "请在本文件的「bases」下写明",
        "write it under `bases` of this file",
    ),
    "not-in-decision": text_of(
        "决定「$decision」中没有可写在此处的「$name」",
        "the decision `$decision` has no `$name` that could stand here",
        "可写：$known",
        "what could: $known",
    ),
    "no-single-amount": text_of(
        "决定「$decision」的金额不是恰好一项",
        "the decision `$decision` does not have exactly one amount",
        "请逐项写明名称，如「amounts: {voucher.amount: 2000元}」；其金额：$known",
        "name the amount, e.g. `amounts: {voucher.amount: 2000元}`; its amounts: $known",
    ),
    "wrong-number-of-values": text_of(
        "应为 $expected 个值，实为 $found 个",
        "expected $expected values, found $found",
        "「range」写最低和最高金额；「ranking」逐键各写一个值",
        "a `range` has the lowest and the highest amount, a `ranking` one value for each key",
    ),
    "one-case-only": text_of(
        "一次只能决定一个案件",
        "one case is decided at a time",
        "多个事实文件只用于 --all-readings",
        "several files of facts go with --all-readings only",
    ),
    "records-expected": text_of(
        "「$name」应为若干项的清单，每一项写明各自的内容",
        "`$name` is a list of records, each with its own fields",
        "例如 [{amount: 100元}, {amount: 200元}]；没有任何项写 []",
        "write [{amount: 100元}, {amount: 200元}], and [] for a list without records",
    ),
    "too-many-records": text_of(
        "清单超过 $limit 项",
        "the list has more than $limit records",
        "请分次处理",
        "split the case",
    ),
    "fact-does-not-apply": text_of(
        "给出了「$name」，但只有 $when 时才有该项",
        "`$name` is stated, but exists only when $when",
        "请删除该项，或核对其条件",
        "leave it out, or check what its condition reads",
    ),
}
