"""Comes in: a key. Goes out: a fixed text in Chinese or English, one template each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostics import fill_template

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # outcomes
    "outcome.granted": ("准予", "granted"),
    "outcome.denied": ("不予", "denied"),
    "outcome.referred": ("转人工认定", "referred to a person"),
    "outcome.undetermined": ("事实不足，尚不能决定", "undetermined: facts are missing"),
    "outcome.not_in_force": ("该办法当日未施行", "the measure is not in force on that day"),
    "outcome.determined": ("已确定", "determined"),
    # headings
    "section.binding": ("金额如何得出", "how the amount comes about"),
    "section.reasons": ("理由", "reasons"),
    "section.missing": ("还缺什么", "what is missing"),
    "section.next": ("下一步", "what to do next"),
    "section.results": ("其他结果", "other results"),
    "section.following": ("后果", "consequences"),
    "section.deadlines": ("期限", "deadlines"),
    "section.warnings": ("提示", "warnings"),
    "section.readings": ("所采用的条文理解", "readings of disputed provisions"),
    "section.overlays": ("与公布文本不同之处", "departures from the ruleset as published"),
    "section.facts": ("依据的事实", "facts relied on"),
    "section.rules": ("逐条结果", "every rule"),
    "section.about": ("依据", "under"),
    # sentences
    "amount.payable": ("$label：$amount", "$label: $amount"),
    "amount.range": (
        "$label：在$low与$high之间（$quality）",
        "$label: between $low and $high ($quality)",
    ),
    "amount.at_most": (
        "$label：不超过 $high，由有权人员确定",
        "$label: at most $high, for a person to fix",
    ),
    "amount.proposed": (
        "$label：$high，待有权人员决定",
        "$label: $high, once a person so decides",
    ),
    "amount.same": ("$label：各种可能下均为 $amount", "$label: $amount in every case"),
    "amount.otherwise": (
        "若条件均满足，$label为$amount",
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
    "limits.rest": ("其余限额", "other limits"),
    "rounding.down": ("取整到 $step：向下", "rounded down to $step"),
    "rounding.up": ("取整到 $step：向上", "rounded up to $step"),
    "rounding.half_up": ("取整到 $step：四舍五入", "rounded to $step, halves up"),
    "rounding.half_even": ("取整到 $step：四舍六入五成双", "rounded to $step, halves to even"),
    "rounded": ("$before 取整为 $after", "$before becomes $after"),
    "clamped": ("低于零，按零计", "below zero, so it counts as zero"),
    "fact.window": (
        "$label：$act（应在 $opens 至 $last 之间）",
        "$label: $act (must fall from $opens to $last)",
    ),
    "next.parameter": ("待$by公布：$label", "wait for $by to set: $label"),
    "next.calendar": ("待$label列出所涉日期", "wait until $label lists the days concerned"),
    "reason.failed": ("不符合：$says", "not met: $says"),
    "reason.soft_failed": ("须由人决定：$says", "for a person to decide: $says"),
    "reason.open": ("待认定：$says", "not judged yet: $says"),
    "reason.exhausted": ("额度已用完：$says", "nothing is left: $says"),
    "reason.too_much_requested": (
        "申请金额超过限额且不得部分发放：$says",
        "more was asked for than the limit, and a part may not be granted: $says",
    ),
    "reason.not_in_force": ("该办法当日未施行", "the measure is not in force on that day"),
    "reason.undetermined": ("尚不能判断：$says", "cannot be told yet: $says"),
    "reason.papers": ("缺少：$papers", "missing: $papers"),
    "reason.findings": ("须认定：$findings（$by）", "to be found: $findings (by $by)"),
    "missing.calendar": (
        "$label 中尚未列出的日子",
        "$label, for days it does not list yet",
    ),
    "missing.fact": ("$label", "$label"),
    "missing.balance": ("$label（由台账提供）", "$label (from the ledger)"),
    "missing.parameter": ("$label（由$by确定）", "$label (set by $by)"),
    "next.missing": ("补充：$label", "supply: $label"),
    "next.finding": ("请$by认定：$label", "have $by find: $label"),
    "next.papers": ("补交：$papers", "hand in: $papers"),
    "deadline.kept": ("$says：最后一日 $day，未逾期", "$says: last day $day, kept"),
    "deadline.missed": ("$says：最后一日 $day，已逾期", "$says: last day $day, missed"),
    "deadline.open": ("$says：最后一日 $day", "$says: last day $day"),
    "deadline.nominal": ("原定 $day，遇休假日顺延", "nominally $day, which is a day off"),
    "deadline.unknown": ("$says：最后一日尚不能确定", "$says: the last day cannot be told yet"),
    "following": ("$party：$effect，自 $start 起，$until", "$party: $effect, from $start, $until"),
    "following.endless": ("无期限", "without end"),
    "following.until": ("至 $day", "until $day"),
    "overlay.reading": (
        "条文理解「$target」由「$before」改为「$after」",
        "reading `$target`: `$after` instead of `$before`",
    ),
    "overlay.what_if": (
        "假设分析：参数「$target」由 $before 改为 $after",
        "what-if: parameter `$target` is $after instead of $before",
    ),
    "overlay.assumption": ("假定该办法已施行", "the measure is assumed to be in force"),
    "reading.line": ("$question $option", "$question $option"),
    # warnings
    "warning.assumed_in_force": (
        "本决定假定该办法当日有效",
        "this decision assumes that the measure is in force",
    ),
    "warning.status_draft": (
        "该文件为征求意见稿，没有效力",
        "the document is a draft for comment and has no force",
    ),
    "warning.status_repealed": ("该文件已废止", "the document has been repealed"),
    "warning.status_unknown": (
        "该文件的效力状态不明",
        "whether the document is in force is not known",
    ),
    "warning.start_disputed": (
        "施行日期有不同理解，当日是否施行存在疑问（本决定采用 $start）",
        "readers differ on the first day in force, and this day lies between; taken here: $start",
    ),
    "warning.no_end_stated": (
        "该办法未写明终止日期",
        "the measure states no last day",
    ),
    "warning.not_verified_since": (
        "规则文本最近核对于 $day，此后是否修改未经核对",
        "the ruleset was last held against the official text on $day; later changes are unchecked",
    ),
    "warning.never_verified": (
        "规则文本尚未与官方原文核对",
        "the ruleset has not been held against the official text",
    ),
    "warning.rolled": (
        "原定末日 $day 为休假日，行为因顺延而未逾期",
        "the act is in time only because the nominal last day $day is a day off",
    ),
    "warning.beyond_calendar": (
        "工作日历 $calendar 未覆盖该期间，末日尚不能确定",
        "the working calendar $calendar does not reach these days; the last day cannot be told yet",
    ),
    "warning.over_used": (
        "此前已使用的额度超过限额，请复核",
        "more was used before than the limit allows; have it checked",
    ),
    "warning.fact_not_read": (
        "已提供但本决定不涉及的事实：$name",
        "a fact was given that this decision does not read: $name",
    ),
    # statuses
    "called": ("调用 $ruleset：$decision", "asked of $ruleset: $decision"),
    "scale.bracket": ("$from$to：$value", "$from$to: $value"),
    "scale.from": ("不低于 $low ", "from $low "),
    "scale.above": ("超过 $low ", "above $low "),
    "scale.up_to": ("不超过 $high", "up to $high"),
    "scale.below": ("低于 $high", "below $high"),
    "scale.joiner": ("；", "; "),
    "status.passed": ("符合", "met"),
    "status.failed": ("不符合", "not met"),
    "status.soft_failed": ("超出原则限度", "beyond a limit in principle"),
    "status.open": ("待认定", "not judged yet"),
    "status.not_applicable": ("不适用", "does not apply"),
    "status.applies": ("适用", "applies"),
    "status.undetermined": ("不明", "not known"),
    # values
    "reason.unanswered": ("已询问未答复：$facts", "asked and not answered: $facts"),
    "value.true": ("是", "yes"),
    "value.false": ("否", "no"),
    "value.none": ("无", "none"),
    "value.open": ("待认定", "not judged yet"),
    "value.unknown": ("未知", "unknown"),
    "value.empty": ("（空）", "(empty)"),
    "value.or": ("或", " or "),
    "field.of": ("$one $number 的$label", "$label of $one $number"),
    "rule.counts": ("适用“$says”", "`$says` counts"),
    "asked.count": ("$label的项数", "how many $label"),
    "asked.sum": ("$label合计", "sum over $label"),
    "asked.any": ("$label中有符合的", "some of $label"),
    "asked.all": ("$label全部符合", "all of $label"),
    "asked.min": ("$label中最小", "least of $label"),
    "asked.max": ("$label中最大", "greatest of $label"),
    "asked.set": ("$label中出现的", "found among $label"),
    "asked.distinct": ("$label中不同的个数", "how many different of $label"),
    "value.between": ("未知（$low 至 $high）", "unknown ($low to $high)"),
    "fact.wanted": ("$label：$value（须为$wanted）", "$label: $value (wanted: $wanted)"),
    "fact.holds": ("$sum：成立", "$sum: holds"),
    "fact.fails": ("$sum：不成立", "$sum: does not hold"),
    "sum.of": ("其中 $label = $sum", "where $label = $sum"),
    "when": ("适用条件", "applies when"),
    "article": ("（$ref）", " ($ref)"),
    "joiner": ("、", ", "),
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
    # several decisions on one page
    "report.contents": ("目录", "contents"),
    "report.case": ("个案", "case"),
    "report.outcome": ("结果", "outcome"),
    "report.amount": ("金额", "amount"),
    "digest": ("规则集摘要 $digest", "ruleset digest $digest"),
}


def tell(language: str, key: str, /, **arguments: str) -> str:
    """Return the text of ``key`` in ``language`` with its slots filled."""
    zh, en = WORDS[key]
    return fill_template(zh if language == "zh" else en, arguments)
