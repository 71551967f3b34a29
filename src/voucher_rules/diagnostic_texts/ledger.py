"""Comes in: nothing. Goes out: what diagnostics of a ledger's entries and questions say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

LEDGER: Final[Mapping[str, DiagnosticText]] = {
    "unknown-event": text_of(
        "`$lifecycle` 的生命周期没有事件 `$name`",
        "the life of a `$lifecycle` has no event `$name`",
        "只能记入规则集 `lifecycles` 中写明的事件",
        "enter only events that the ruleset lists under `lifecycles`",
    ),
    "unknown-lifecycle": text_of(
        "规则集 $ruleset 没有生命周期 `$name`",
        "the ruleset $ruleset has no lifecycle `$name`",
        "请核对规则集的 `lifecycles`",
        "look at `lifecycles` of the ruleset",
    ),
    "unknown-ledger-ruleset": text_of(
        "台账没有规则集 `$name`",
        "the ledger was opened without the ruleset `$name`",
        "打开台账时请给出其条目所属的全部规则集",
        "open the ledger with every ruleset its entries belong to",
    ),
    "amount-not-expected": text_of(
        "`$lifecycle` 没有金额",
        "a `$lifecycle` holds no amount",
        "请删去金额",
        "leave the amount out",
    ),
    "amount-not-positive": text_of(
        "金额须大于零，此处为 $found（最小货币单位）",
        "an amount is above zero, found $found (in minor units)",
        "更正条目用 `corrects`，不用负数",
        "correct an entry with `corrects`, never with a negative amount",
    ),
    "amount-missing": text_of(
        "事件 `$event` 没有写明金额",
        "the event `$event` states no amount",
        "第一个事件须写明金额",
        "the event that opens a thing states its amount",
    ),
    "thing-not-opened": text_of(
        "发生 `$event` 时它尚不存在",
        "it did not exist when `$event` happened",
        "请先记入使其产生的事件，或核对时间",
        "enter the event that opens it first, or look at the moments",
    ),
    "thing-opened-twice": text_of(
        "`$event` 发生时它已存在",
        "it existed already when `$event` happened",
        "请另取名称，或更正先前的条目",
        "give it a name of its own, or correct the earlier entry",
    ),
    "not-carried": text_of(
        "`$lifecycle` 不带有 `$name`",
        "a `$lifecycle` does not carry `$name`",
        "请核对规则集中该生命周期的 `carries`",
        "look at `carries` of the lifecycle in the ruleset",
    ),
    "event-not-allowed": text_of(
        "处于 $standing 时不能发生 `$event`，须处于 $allowed",
        "`$event` cannot happen in $standing, only in $allowed",
        "请核对时间和先前的条目",
        "look at the moment and at the entries before",
    ),
    "state-not-left": text_of(
        "`$event` 不能从 $state 发生",
        "`$event` does not leave $state",
        "请核对规则集中该事件的 `from`",
        "look at `from` of the event in the ruleset",
    ),
    "state-in-doubt": text_of(
        "部分金额可出自多个状态：$states",
        "a part could be taken from several states: $states",
        "请用 `source` 写明出自哪个状态",
        "say with `source` which of them it leaves",
    ),
    "more-than-there-is": text_of(
        "所涉金额 $asked 多于现有的 $there",
        "it moves $asked where there is $there",
        "请核对金额和先前的条目",
        "look at the amount and at the entries before",
    ),
    "part-not-allowed": text_of(
        "`$event` 须涉及全部 $there，不能只涉及 $asked",
        "`$event` moves all $there, not a part of $asked",
        "如条文允许部分发生，请在规则集的该事件下写明 `partial: true`",
        "where the document allows a part, say `partial: true` on the event in the ruleset",
    ),
    "nothing-to-correct": text_of(
        "没有可更正的条目 `$name`，或它已被更正",
        "there is no entry `$name` to correct, or another corrects it already",
        "请更正最后一次更正的条目",
        "correct the entry that stands in its place now",
    ),
    "unknown-pool": text_of(
        "规则集 $ruleset 没有资金池 `$name`",
        "the ruleset $ruleset has no pool `$name`",
        "请核对规则集的 `pools`",
        "look at `pools` of the ruleset",
    ),
    "wrong-envelope": text_of(
        "资金池 `$pool` 按 $expected 划分",
        "the pool `$pool` is divided by $expected",
        "请逐项写明，不多不少",
        "name each of them, and nothing else",
    ),
}
