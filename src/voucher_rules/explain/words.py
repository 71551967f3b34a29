"""Comes in: a key. Goes out: a fixed text in Chinese or English, one template each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from voucher_rules.explain.value_words import VALUE_WORDS
from voucher_rules.explain.vocabulary import VOCABULARY, make_tell
from voucher_rules.explain.warning_words import WARNING_WORDS
from voucher_rules.spans import WHAT_IF

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **WARNING_WORDS,
    **VALUE_WORDS,
    # outcomes
    "outcome.granted": ("准予", "granted"),
    "outcome.denied": ("不予", "denied"),
    "outcome.referred": ("转人工认定", "referred to a person"),
    "outcome.undetermined": ("事实不足，尚不能决定", "undetermined: facts are missing"),
    "outcome.undetermined.unset": (
        "所需的规定值或日历尚未确定，尚不能决定",
        "undetermined: not everything it rests on has been set",
    ),
    "outcome.undetermined.start": (
        "该办法当日是否已施行尚不清楚，尚不能决定",
        "undetermined: it is not known whether the measure is in force on that day",
    ),
    "outcome.not_in_force": ("该办法当日未施行", "the measure is not in force on that day"),
    "outcome.determined": ("已确定", "determined"),
    # outcomes among others that are possible
    "possible.granted": ("准予", "granted"),
    "possible.denied": ("不予", "denied"),
    "possible.referred": ("转人工认定", "referred to a person"),
    "possible.not_in_force": ("未施行", "not in force"),
    "possible.determined": ("已确定", "determined"),
    # headings
    "section.binding": ("金额如何得出", "how the amount comes about"),
    "section.reasons": ("理由", "reasons"),
    "section.missing": ("还缺什么", "what is missing"),
    "section.next": ("下一步", "what to do next"),
    "section.results": ("其他结果", "other results"),
    "section.following": ("后果", "consequences"),
    "section.deadlines": ("期限", "deadlines"),
    "section.exceptions": ("因例外未适用的规则", "rules set aside by an exception"),
    "section.warnings": ("提示", "warnings"),
    "section.readings": ("所采用的条文理解", "readings of disputed provisions"),
    "section.notices": ("适用的通知", "notices applied"),
    "section.overlays": ("与公布文本不同之处", "departures from the ruleset as published"),
    "section.balances": ("台账余额及其来源", "balances, and the entries they come from"),
    "section.facts": ("依据的事实", "facts relied on"),
    "section.rules": ("逐条结果", "every rule"),
    "section.about": ("依据", "under"),
    # sentences
    "amount.payable": ("$label：$amount", "$label: $amount"),
    "amount.range": (
        "$label：在 $low 至 $high 之间（$quality）",
        "$label: between $low and $high ($quality)",
    ),
    "amount.at_most": (
        "$label：不超过 $high，由有权人员确定",
        "$label: at most $high, for a person to fix",
    ),
    "amount.open": ("$label：由有权人员确定", "$label: for a person to fix"),
    "amount.unknown": ("$label：尚不能确定", "$label: cannot be told yet"),
    "amount.at_least": (
        "$label：不低于 $low，上限尚不能确定",
        "$label: at least $low; nothing known bounds it above",
    ),
    "amount.proposed": (
        "$label：$high，待有权人员决定",
        "$label: $high, once a person so decides",
    ),
    "amount.same": ("$label：各种可能下均为 $amount", "$label: $amount in every case"),
    "amount.otherwise": (
        "若条件均满足，$label为 $amount",
        "were every condition met, $label would be $amount",
    ),
    "range.exact": ("两端均可达到", "both ends can be reached"),
    "range.sound": ("不会超出此范围", "it cannot lie outside"),
    "possible": ("可能的结果：$outcomes", "possible outcomes: $outcomes"),
    "as_of": ("适用 $day 的规定", "as the law stood on $day"),
    "as_of.unknown": ("适用日期未知", "the day that fixes the law is not known"),
    "limit.binds": ("起约束作用", "this limit binds"),
    "limit.ties": ("同时起约束作用", "these limits bind together"),
    "limit.requested": ("申请的金额", "the amount asked for"),
    "limit.line": ("$says：$sum", "$says: $sum"),
    "limit.waiting": ("$says：待有权人员认定", "$says: waits for a person"),
    "limit.maybe": ("是否适用尚不能确定", "whether it applies is not known"),
    "limits.rest": ("其余限额", "other limits"),
    "rounding.down": ("向下取整到 $step", "rounded down to $step"),
    "rounding.up": ("向上取整到 $step", "rounded up to $step"),
    "rounding.half_up": ("四舍五入到 $step", "rounded to $step, halves up"),
    "rounding.half_even": ("四舍六入五成双到 $step", "rounded to $step, halves to even"),
    "rounded": ("$before，取整为 $after", "$before becomes $after"),
    "clamped": ("低于零，按零计", "below zero, so it counts as zero"),
    "fact.window": (
        "$label：$act（应在 $opens 至 $last 之间）",
        "$label: $act (must lie between $opens and $last)",
    ),
    "fact.window.opens": (
        "$label：$act（不得早于 $opens）",
        "$label: $act (must not be before $opens)",
    ),
    "fact.window.last": (
        "$label：$act（不得晚于 $last）",
        "$label: $act (must not be after $last)",
    ),
    "next.parameter": ("待$by确定：$label", "wait for a value to be set by $by: $label"),
    "next.calendar": ("待$label列出所涉日期", "wait until $label lists the days concerned"),
    "reason.failed": ("不符合：$says", "not met: $says"),
    "reason.soft_failed": ("须由有权人员决定：$says", "for a person to decide: $says"),
    "reason.open": ("待认定：$says", "not judged yet: $says"),
    "reason.exhausted": ("额度已用完：$says", "nothing is left: $says"),
    "reason.too_much_requested": (
        "申请金额超过限额且不得部分发放：$says",
        "more was asked for than the limit, and a part may not be granted: $says",
    ),
    "reason.not_in_force": ("该办法当日未施行", "the measure is not in force on that day"),
    "reason.force_unknown": (
        "该办法没有写明自何日施行，当日是否已施行尚不清楚",
        "the measure states no first day, so it is not known whether it is in force on that day",
    ),
    "reason.whatever": (
        "无论未知的事实如何，下列至少有一项不符合或须由有权人员决定",
        "whatever is not known, at least one of these is not met or is for a person to decide",
    ),
    "reason.undetermined": ("尚不能判断：$says", "cannot be told yet: $says"),
    "reason.papers": ("缺少：$papers", "missing: $papers"),
    "reason.findings": ("须认定：$findings（$by）", "to be found: $findings (by $by)"),
    "missing.calendar": (
        "$label 中尚未列出的日子",
        "$label, for days it does not list yet",
    ),
    "missing.fact": ("$label", "$label"),
    "missing.balance": ("$label（由台账提供）", "$label (from the ledger)"),
    "missing.document": ("$label（$by可以说明）", "$label ($by can tell)"),
    "missing.parameter": ("$label（由$by确定）", "$label (set by $by)"),
    "next.document": (
        "向$by核实：$label；得知后写明该日，再作决定",
        "ask $by for $label; once it is known, state that day and decide again",
    ),
    "next.missing": ("补充：$label", "supply: $label"),
    "next.all": (
        "补充“还缺什么”所列的 $count 项，宜从前面的问起",
        "supply the $count facts under “what is missing”; asking the first ones first settles most",
    ),
    "next.finding": ("请$by认定：$label", "ask for a finding by $by: $label"),
    "finder": ("有权人员", "a person entitled to"),
    "next.papers": ("补交：$papers", "hand in: $papers"),
    "deadline.kept": ("$says：$last，未逾期", "$says: $last, kept"),
    "deadline.missed": ("$says：$last，已逾期", "$says: $last, missed"),
    "deadline.open": ("$says：$last", "$says: $last"),
    "deadline.day": ("最后一日 $day", "last day $day"),
    "deadline.moment": ("最后时刻 $moment", "last moment $moment"),
    "deadline.nominal": ("原定 $day，遇休假日顺延", "nominally $day, which is a day off"),
    "deadline.unknown": ("$says：最后一日尚不能确定", "$says: the last day cannot be told yet"),
    "following": ("$party：$effect，$start，$until", "$party: $effect, $start, $until"),
    "following.from": ("自 $day 起", "from $day"),
    "following.from_unknown": ("起始日尚不能确定", "from a day that cannot be told yet"),
    "following.endless": ("无期限", "without end"),
    "following.until": ("至 $day", "until $day"),
    "notice.line": (
        "《$title》$number$ref（$days）：$label，$before → $after",
        "$title$number, $ref ($days): $label, $before → $after",
    ),
    "notice.number": ("（$number）", " ($number)"),
    "notice.until": ("$start 至 $until", "$start to $until"),
    "notice.open": ("自 $start 起", "from $start"),
    "notice.unset": ("未定", "unset"),
    "following.until_unknown": ("终止日尚不能确定", "until a day that cannot be told yet"),
    "exception.line": ("未适用：$says；$by", "not applied: $says; $by"),
    "exception.trace": ("未适用", "not applied"),
    "exception.waives": ("依例外免除：$exception", "waived by: $exception"),
    "exception.replaces": ("由例外取代：$exception", "set aside by: $exception"),
    "overlay.reading": (
        "条文理解 $target：$label 采用“$chosen”（$after），而非“$usual”（$before）",
        "reading `$target`: $label “$chosen” (`$after`) instead of “$usual” (`$before`)",
    ),
    "overlay.what_if": (
        "假设分析：$label（$target）由 $before 改为 $after",
        "what-if: $label (`$target`) is $after instead of $before",
    ),
    "what_if.value": (
        "假设分析：$label（$target）$days由 $before 改为 $after",
        "what-if: $label (`$target`) is $after instead of $before$days",
    ),
    "what_if.default": (
        "假设分析：$label（$target）默认由 $before 改为 $after",
        "what-if: $label (`$target`) is read as `$after` by default instead of `$before`",
    ),
    "what_if.off": (
        "假设分析：不适用“$label”（$target：$before）",
        "what-if: “$label” (`$target`: $before) does not apply",
    ),
    "what_if.part": (
        "假设分析：“$label”的 $target 由“$before”改为“$after”",
        "what-if: of “$label”, `$target` says “$after” instead of “$before”",
    ),
    "what_if.added": (
        "假设分析：新增“$label”（$target：$after），没有条文依据",
        "what-if: “$label” (`$target`: $after) is added, by no provision",
    ),
    "what_if.edition": (
        "假设分析：适用版本 $after，而非 $before",
        "what-if: edition $after applies instead of $before",
    ),
    "what_if.nothing": ("（无）", "nothing"),
    "what_if.days.both": ("（$start 至 $until）", " from $start to $until"),
    "what_if.days.from": ("（自 $start 起）", " from $start"),
    "what_if.days.until": ("（至 $until 止）", " until $until"),
    "what_if.ref.none": ("假设，无条文", "what-if, no provision"),
    "what_if.ref.at": ("假设，无条文，置于$ref", "what-if, no provision, put at $ref"),
    "what_if.ref.changed": ("$ref，经假设修改", "$ref as a what-if has it"),
    "overlay.start": (
        "施行日期：文本没有写明，写明为 $after",
        "the first day in force: left open by the text, stated as $after",
    ),
    "overlay.assumption": ("假定该办法已施行", "the measure is assumed to be in force"),
    "reading.line": ("$question $option", "$question $option"),
    # statuses
    "called": ("调用 $ruleset：$decision", "asked of $ruleset: $decision"),
    "scale.bracket": ("$from$to：$value", "$from$to: $value"),
    "scale.from": ("不低于 $low ", "from $low "),
    "scale.above": ("超过 $low ", "above $low "),
    "scale.up_to": ("不超过 $high", "up to $high"),
    "scale.below": ("低于 $high", "below $high"),
    "scale.worked": ("$entered：$sum", "$entered: $sum"),
    "scale.joiner": ("；", "; "),
    "status.passed": ("符合", "met"),
    "status.failed": ("不符合", "not met"),
    "status.soft_failed": ("超出原则限度", "beyond a limit in principle"),
    "status.open": ("待认定", "not judged yet"),
    "status.not_applicable": ("不适用", "does not apply"),
    "status.applies": ("适用", "applies"),
    "status.undetermined": ("不明", "not known"),
    "when": ("适用条件", "applies when"),
    "article": ("（$ref）", " ($ref)"),
    "joiner": ("、", ", "),
    "clause": ("；", "; "),
    "because": ("理由：$because", "because $because"),
    "default": ("默认", "default"),
    "source": ("$label：$value", "$label: $value"),
    "provenance": ("（$entries）", " ($entries)"),
    "provenance.source": ("来源", "source"),
    "provenance.document": ("文件", "document"),
    "provenance.declared_by": ("申报人", "declared by"),
    "provenance.by": ("认定人", "found by"),
    "provenance.on": ("日期", "on"),
    "provenance.evidence": ("证据", "evidence"),
    "provenance.ledger": ("（由台账提供）", " (from the ledger)"),
    # balances of a ledger
    "balance.of": VOCABULARY["balance.of"],
    "balance.days": VOCABULARY["balance.days"],
    "balance.until": ("截至 $last", "up to $last"),
    "balance.nothing": ("没有相关条目", "no entry counts here"),
    "balance.lot": (
        "$what，自 $moment 起$state（条目 $entries）",
        "$what, $state since $moment (entry $entries)",
    ),
    "balance.lot_of_several": (
        "$what，自 $moment 起$state（条目 $entries）",
        "$what, $state since $moment (entries $entries)",
    ),
    "balance.more": ("另有 $count 笔", "and $count more"),
    # several decisions on one page
    "report.contents": ("目录", "contents"),
    "report.case": ("个案", "case"),
    "report.outcome": ("结果", "outcome"),
    "report.amount": ("金额", "amount"),
    "digest": ("规则集摘要 $digest", "ruleset digest $digest"),
}

_tell: Final = make_tell(WORDS)
_MADE_UP: Final = re.compile(
    rf"{WHAT_IF} @ (?P<at>[^\s、,]+)|(?P<changed>[^\s、,]+) \({WHAT_IF}\)|{WHAT_IF}"
)


def tell(language: str, key: str, /, **arguments: str) -> str:
    """Return a fixed text; a reference in it that is no provision's says so."""
    if key == "article":
        arguments["ref"] = tell_ref(language, arguments["ref"])
    return _tell(language, key, **arguments)


def tell_ref(language: str, ref: str) -> str:
    """Return references for people: of what a what-if says, that no provision does."""
    return _MADE_UP.sub(lambda found: _tell_made_up(language, found), ref)


def _tell_made_up(language: str, found: re.Match[str]) -> str:
    key = found.lastgroup or "none"
    return _tell(language, f"what_if.ref.{key}", ref=found[key] if found.lastgroup else "")
