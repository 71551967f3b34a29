"""Comes in: a key. Goes out: a text of the pages in Chinese or English, one template each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostics import fill_template
from voucher_rules.explain.vocabulary import VOCABULARY

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **VOCABULARY,
    "clause": ("；", "; "),
    # the page
    "page.kind": ("规则集，逐条列示，供校对", "ruleset, provision by provision, to be proof-read"),
    "page.here": ("中文", "English"),
    "page.other": ("English", "中文"),
    "page.contents": ("目录", "contents"),
    "page.with_text": (
        "本页载有官方原文，仅供在本机校对，不得对外发布。",
        "This page holds official wording: for proof-reading on this machine, not for publication.",
    ),
    "page.drifted": (
        "下列条款的原文与编制规则集时的指纹不同：$refs",
        "the wording of these provisions is not what the ruleset was made from: $refs",
    ),
    "section.limits": ("数值界限", "limits"),
    "section.provisions": ("逐条内容", "provisions"),
    "section.decisions": ("可作出的决定", "decisions"),
    "section.facts": ("事实", "facts"),
    "section.errata": ("原文疏误", "slips in the text"),
    "section.cautions": ("注意", "take note"),
    # the head
    "caution.draft": (
        "征求意见稿，没有效力",
        "a draft for comment, which has no force",
    ),
    "caution.repealed": ("已废止", "repealed"),
    "caution.unknown": ("是否有效不明", "whether it is in force is not known"),
    "caution.undated": (
        "原文没有写明施行日期，作出决定须先假定已施行",
        "the text states no first day in force: to decide, it must be assumed to be in force",
    ),
    "caution.disputed": (
        "施行日期有不同理解：",
        "readers differ on the first day in force: ",
    ),
    "caution.unverified": (
        "尚未与官方原文核对",
        "not yet held against the official text",
    ),
    "caution.failed": (
        "下列案例与规则集不符：$cases",
        "these cases disagree with the ruleset: $cases",
    ),
    "head.text_digest": ("原文摘要", "digest of the text"),
    "head.never": ("从未", "never"),
    # limits
    "limits.lead": (
        "案例在略低、恰在、略高处得出的结果；“—”表示该侧不会出现",
        "What cases come to just below, at and just above each; “—”: nothing can stand there",
    ),
    "limits.zero": ("$output的限额用尽", "nothing is left for $output"),
    "limits.amount": ("$output ≤ $sum", "$output ≤ $sum"),
    "limits.first": ("$day ≥ $edge", "$day ≥ $edge"),
    "limits.last": ("$day ≤ $edge", "$day ≤ $edge"),
    "limits.edge": ("$entered = $edge", "$entered = $edge"),
    "limits.in_force": ("施行期间", "days in force"),
    "limits.by_reading": ("$about：$option", "$about: $option"),
    "limits.among": ("$list，其中 $where", "$list where $where"),
    "limits.bracket": ("分档的界点", "edge of a bracket"),
    "limits.new_value": ("新值开始适用", "a new value begins"),
    "limits.count": ("$count 个界限", "$count limits"),
    # provisions
    "wording.official": ("官方原文（仅供本机校对）", "official wording (for this machine only)"),
    "wording.drifted": ("与编制时不同", "not what the ruleset was made from"),
    "wording.absent": ("原文中无对应文字", "no words of its own"),
    "provision.ours": ("概述（非原文）", "summary (not the official words)"),
    "provision.none": ("没有规则：$reason", "no rule: $reason"),
    "provision.erratum": ("原文疏误：$note", "slip in the text: $note"),
    # parameters
    "heading.readers": ("使用的规则", "used by"),
    "heading.changes": ("可否由通知改变", "may a notice change it"),
    "heading.bracket": ("档", "bracket"),
    "caption.quoted": ("原文用语：$text", "in the text: $text"),
    "caption.readers": ("使用的规则：", "used by: "),
    "changes.tighten": ("只可收紧（$ref）", "may only be tightened ($ref)"),
    "changes.loosen": ("只可放宽（$ref）", "may only be loosened ($ref)"),
    "changes.set": ("可以另定（$ref）", "may be set anew ($ref)"),
    "value.by_notice": ("$value，依《$title》$ref", "$value, by $title, $ref"),
    "value.informative": ("仅供参考，不影响决定", "for information: it decides nothing"),
    "value.on": ("取$day当日的值", "its value is that of $day"),
    "value.always": ("$value", "$value"),
    "value.from": ("$value（自 $start 起）", "$value (from $start)"),
    "value.until": ("$value（至 $until 止）", "$value (until $until)"),
    "scale.of": ("以$entered 查取", "looked up with $entered"),
    "scale.level": ("得出所在档的值", "gives the value of the bracket"),
    "scale.whole": ("所在档的值乘以全部数量", "the value of the bracket times the whole quantity"),
    "scale.marginal": ("各档的值乘以落在该档的部分", "each bracket's value times what lies in it"),
    "bracket.from": ("不低于 $low", "from $low"),
    "bracket.above": ("超过 $low", "above $low"),
    "bracket.up_to": ("不超过 $high", "up to $high"),
    "bracket.below": ("低于 $high", "below $high"),
    "bracket.all": ("全部", "all"),
    # rules
    "row.of": ("用于", "asked in"),
    "row.when": ("适用条件", "applies when"),
    "row.require": ("要求", "asks that"),
    "row.exclude": ("排除", "excluded where"),
    "row.limit": ("限额", "limit"),
    "row.define": ("取值", "is"),
    "row.call": ("取自", "taken from"),
    "row.asked": ("以此计算", "asked with"),
    "row.act": ("应办事项", "what must be done"),
    "row.opens": ("起算", "counted from"),
    "row.lasts": ("期限", "how long"),
    "row.counting": ("计算方法", "how it is counted"),
    "row.gives": ("末日记为", "its last day is"),
    "row.papers": ("应有材料", "papers"),
    "row.rank": ("排序", "order"),
    "row.consequence": ("后果", "consequence"),
    "row.begins": ("自", "from"),
    "row.ends": ("至", "until"),
    "row.warn": ("提示", "warning"),
    "row.next": ("下一步", "next step"),
    "row.sets_aside": ("优先于", "goes before"),
    "row.set_aside_by": ("例外", "but for"),
    "row.findings": ("须由人认定", "for a person to find"),
    "row.facts": ("涉及事实", "facts read"),
    "row.rests": ("依据", "rests on"),
    "rule.unnamed": ("$topic $rule", "$topic $rule"),
    "rule.in_case": ("$label（$when）", "$label ($when)"),
    # expressions told in parts
    "term.and": ("以下各项均成立：", "all of these hold:"),
    "term.or": ("以下至少一项成立：", "at least one of these holds:"),
    "term.not": ("以下不成立：", "this does not hold:"),
    "term.not_and": ("以下各项不同时成立：", "these do not all hold:"),
    "term.not_or": ("以下各项均不成立：", "none of these holds:"),
    "term.if": ("若", "if"),
    "term.then": ("则", "then"),
    "term.else": ("否则", "else"),
    "term.where": ("仅限", "only where"),
    "rule.whole_limit": ("$output 不超过 $sum", "$output is at most $sum"),
    "rule.called": ("“$decision”的$gives", "$gives of “$decision”"),
    "rule.called_other": ("$ruleset 的“$decision”的$gives", "$gives of “$decision” in $ruleset"),
    "rule.granted": ("是否准予", "whether it is granted"),
    "rule.papers": ("$fact 应包括：", "$fact must include:"),
    "rule.consequence": ("$party：$effect", "$party: $effect"),
    "rule.highest": ("$key（大者在前）", "$key (highest first)"),
    "rule.lowest": ("$key（小者在前）", "$key (lowest first)"),
    "rule.yes": ("$key（是者在前）", "$key (those that do first)"),
    "rule.no": ("$key（否者在前）", "$key (those that do not first)"),
    "rule.latest": ("$key（晚者在前）", "$key (latest first)"),
    "rule.earliest": ("$key（早者在前）", "$key (earliest first)"),
    "finding.by": ("由$by认定", "found by $by"),
    # readings
    "reading.title": ("理解：$question", "reading: $question"),
    "reading.default": ("默认", "default"),
    "reading.why": ("默认理由", "why the default"),
    "reading.rules": ("影响的规则", "rules it bears on"),
    "reading.together": ("宜一并考虑", "to be tried together with"),
    "reading.start": ("决定施行日期", "fixes the first day in force"),
    # cases
    "cases.count": ("依据本条的案例：$count 个", "cases that rest on it: $count"),
    "heading.why": ("缘由", "why"),
    "case.on": ("$name（$day）", "$name ($day)"),
    "case.assumed": ("假定已施行", "assumed to be in force"),
    "case.reading": ("$reading = $option", "$reading = $option"),
    # the index
    "heading.decided": ("用于的决定", "asked in"),
    "heading.rules_of": ("规则", "rules"),
    "fact.everywhere": ("各项决定", "every decision"),
    "fact.evidence": ("依据：$evidence", "shown by: $evidence"),
    "fact.by": ("由$by提供", "told by: $by"),
    "fact.record": ("每$one的$label", "$label, of each $one"),
    "fact.applies": ("仅当 $test 时存在", "exists only where $test"),
}


def tell(language: str, key: str, /, **arguments: str) -> str:
    """Return the text of ``key`` in ``language`` with its slots filled."""
    zh, en = WORDS[key]
    return fill_template(zh if language == "zh" else en, arguments)
