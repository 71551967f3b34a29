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
    "carried-missing": text_of(
        "`$lifecycle` 须写明 `$name`",
        "a `$lifecycle` must say whose or which `$name` it is of",
        "请在使其开始或将其确定的事件中写明",
        "name it in the event that opens it, or that sets it",
    ),
    "whose-not-said": text_of(
        "此决定影响同一 `$name` 的每件 `$lifecycle`，却未说明是哪一个 `$name`",
        "every `$lifecycle` of the same `$name` follows this decision, and no `$name` is named",
        "请予写明，或所决定的事物须带有它",
        "name it, or decide about a thing that carries it",
    ),
    "carried-not-set": text_of(
        "事件 `$event` 不确定 `$name`",
        "the event `$event` does not set `$name`",
        "请删去，或在规则集该事件的 `sets` 中列出",
        "leave it out, or list it in `sets` of the event in the ruleset",
    ),
    "carried-not-a-day": text_of(
        "`$name` 须为日期，此处为 `$found`",
        "`$name` is a day, found `$found`",
        "请写成 2026-01-31 的形式",
        "write it like 2026-01-31",
    ),
    "carried-not-an-option": text_of(
        "`$name` 没有选项 `$found`",
        "`$name` has no option `$found`",
        "可选：$options",
        "one of: $options",
    ),
    "name-untidy": text_of(
        "`$name` 的写法「$found」不规范，应为「$tidy」",
        "`$name` is written `$found`, which would be told apart from `$tidy`",
        "请去掉前后空格，并使用合成字符（NFC）；同一主体须处处写法一致",
        "leave out spaces around it and compose its characters (NFC): one party has one name",
    ),
    "thing-unnamed": text_of(
        "`$event` 没有写明是哪一个 `$lifecycle`",
        "`$event` does not say which `$lifecycle` it happens to",
        "请写明其名称",
        "name the thing",
    ),
    "entry-name-taken": text_of(
        "名称 `$name` 已被使用",
        "the name `$name` is taken",
        "条目各有名称；重复的请求请先查是否已记入",
        "every entry has a name of its own; for a repeated request, look whether it was entered",
    ),
    "entry-out-of-place": text_of(
        "序号 $found 与前一条目不衔接",
        "the number $found does not follow the entry before",
        "序号由台账给出，请勿自行填写",
        "leave numbering to the ledger",
    ),
    "known-runs-backwards": text_of(
        "记入时间 $known 早于前一条目的 $last",
        "it is known at $known, before the last entry, known at $last",
        "迟到的事件：`at` 写发生时间，记入时间照实",
        "for something that arrives late, `at` is when it happened and `known` is now",
    ),
    "known-before-it-happened": text_of(
        "记入时间 $known 早于发生时间 $happened",
        "it is known at $known, before it happens at $happened",
        "只能记入已发生的事",
        "enter only what has happened",
    ),
    "nothing-to-supersede": text_of(
        "没有可替代的决定 `$name`",
        "there is no decision `$name` to supersede",
        "请写明所替代的决定的条目名称",
        "name the entry of the decision it takes the place of",
    ),
    "superseded-already": text_of(
        "决定 `$name` 已被 `$by` 替代",
        "the decision `$name` is superseded by `$by` already",
        "请替代最后的决定",
        "supersede the latest of them",
    ),
    "supersedes-later-one": text_of(
        "它早于所替代的决定 `$name`",
        "it is made before the decision `$name` that it supersedes",
        "时间不得早于所替代的决定",
        "let it be made at the same moment or later",
    ),
    "balance-stated": text_of(
        "`$name` 由台账提供，不能在案情中写明",
        "`$name` is read from the ledger and cannot be stated",
        "请删去；如要自行写明，请不经台账作出决定",
        "leave it out, or decide without the ledger",
    ),
    "told-otherwise": text_of(
        "`$name` 与台账中 $thing 的记录 $told 不一致",
        "`$name` is stated other than the ledger tells of $thing: $told",
        "请删去，或更正台账中的条目",
        "leave it out, or correct the entry in the ledger",
    ),
    "unknown-carried": text_of(
        "规则集中没有任何事物带有 `$name`",
        "nothing in the ruleset carries `$name`",
        "请核对规则集各生命周期的 `carries`",
        "look at `carries` of the lifecycles in the ruleset",
    ),
    "carried-otherwise": text_of(
        "`$name` 此处为 $found，台账中为 $stands",
        "`$name` is $found here and $stands in the ledger",
        "请删去，或更正台账中的条目",
        "leave it out, or correct the entry in the ledger",
    ),
    "no-such-decision": text_of(
        "台账中没有决定 `$name`",
        "the ledger has no decision `$name`",
        "请写明该决定的条目名称",
        "name the entry of the decision",
    ),
    "queue-of-several": text_of(
        "一次只能排一个规则集的一项决定，此处为 $found",
        "a queue is for one decision of one ruleset, found $found",
        "请分开排队",
        "serve them one after the other",
    ),
    "editions-differ": text_of(
        "$name $edition 的生命周期与同一规则集的其他版本不同",
        "the lifecycles of $name $edition differ from those of another edition",
        "同一规则集的各版本共用一部历史，状态和事件须一致；否则请分开建台账",
        "editions share a history: give them the same states and events, or keep two ledgers",
    ),
    "ledger-without-rulesets": text_of(
        "没有给出规则集",
        "no ruleset was given",
        "请写明台账条目所属的规则集；空台账无从得知",
        "name the rulesets the entries belong to: an empty ledger does not tell",
    ),
    "key-of-other-kind": text_of(
        "「$key」不能与「$kind」写在同一条目",
        "`$key` does not go with `$kind`",
        "请删去该键，或另写一个条目",
        "remove the key, or make it an entry of its own",
    ),
    "ledger-option-alone": text_of(
        "$option 只在依据台账作出决定时使用",
        "$option is only for deciding from a ledger",
        "请同时写明 --ledger 和 --at",
        "name a ledger with --ledger and a moment with --at",
    ),
    "ledger-without-moment": text_of(
        "依据台账作出决定，须写明时间",
        "a decision from a ledger is made at a moment",
        "如 --at 2024-02-01T09:00",
        "such as --at 2024-02-01T09:00",
    ),
    "not-from-a-ledger": text_of(
        "依据台账作出决定时不能使用 $option",
        "$option does not go with a ledger",
        "请删去其一",
        "leave one of the two out",
    ),
    "thing-not-found": text_of(
        "台账中没有名为 `$name` 的事物",
        "the ledger has nothing named `$name`",
        "请核对名称；voucher-rules ledger --entries 列出全部条目",
        "look at the names; voucher-rules ledger --entries lists every entry",
    ),
}
