"""Comes in: a key. Goes out: a text of the command line in Chinese or English, a template each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostics import fill_template

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # headings
    "heading.ruleset": ("规则集", "ruleset"),
    "heading.edition": ("版本", "edition"),
    "heading.title": ("名称", "title"),
    "heading.decisions": ("决定", "decisions"),
    "heading.decision": ("决定", "decision"),
    "heading.document": ("文件", "document"),
    "heading.provisions": ("条款", "provisions"),
    "heading.parameters": ("参数", "parameters"),
    "heading.readings": ("条文理解", "readings"),
    "heading.rules": ("规则", "rules"),
    "heading.parts": ("所含条款", "parts"),
    "heading.name": ("名称", "name"),
    "heading.label": ("说明", "what it is"),
    "heading.subject": ("对象", "for whom"),
    "heading.as_of": ("适用日期", "as of"),
    "heading.answers": ("回答", "answers"),
    "heading.outputs": ("结果项", "outputs"),
    "heading.ref": ("条款", "provision"),
    "heading.summary": ("内容", "summary"),
    "heading.content": ("规则或理由", "rules, or why none"),
    "heading.value": ("值", "value"),
    "heading.limit": ("比较", "limit"),
    "heading.quoted": ("原文用语", "in the text"),
    "heading.question": ("问题", "question"),
    "heading.options": ("选项", "options"),
    "heading.type": ("类型", "type"),
    "heading.evidence": ("依据材料", "evidence"),
    "heading.by": ("来源", "who says so"),
    # the document
    "document.issuer": ("发文机关", "issuer"),
    "document.number": ("文号", "number"),
    "document.issued": ("成文日期", "issued"),
    "document.status": ("状态", "status"),
    "document.from": ("施行日期", "in force from"),
    "document.until": ("终止日期", "in force until"),
    "document.verified": ("最近核对", "last verified"),
    "document.doubt": ("存疑", "doubt"),
    "document.file": ("文件位置", "file"),
    "document.file_digest": ("文件摘要", "file digest"),
    "document.digest": ("规则集摘要", "ruleset digest"),
    "document.not_stated": ("未写明", "not stated"),
    "document.by_reading": ("$days，依理解 $reading", "$days, by the reading $reading"),
    "document.option": ("$day（$option）", "$day ($option)"),
    "status.issued": ("已发布", "issued"),
    "status.draft": ("征求意见稿", "draft"),
    "status.repealed": ("已废止", "repealed"),
    "status.unknown": ("不明", "not known"),
    # decisions
    "answers.amount": ("金额", "an amount"),
    "answers.permission": ("许可", "a permission"),
    "answers.value": ("数值", "values"),
    # why a provision has no rule
    "no_rule.heading": ("标题", "groups other provisions"),
    "no_rule.promulgation": ("发布文书", "the act that issues the document"),
    "no_rule.purpose": ("目的", "says why the measure exists"),
    "no_rule.definition": ("定义", "defines a word that other provisions use"),
    "no_rule.competence": ("职责分工", "says which body does what"),
    "no_rule.procedure": ("内部程序", "orders steps that decide nothing in a case"),
    "no_rule.funding": ("资金来源", "says where the money comes from"),
    "no_rule.oversight": ("监督", "audit, supervision and reporting"),
    "no_rule.interpretation": ("解释权", "says who interprets the document"),
    "no_rule.effectiveness": ("施行日期", "says from when the document is in force"),
    "no_rule.encoded_below": ("见其下各款", "decided by the parts below it"),
    # parameters and readings
    "limit.at_most": ("不超过", "at most"),
    "limit.below": ("低于", "below"),
    "limit.at_least": ("不低于", "at least"),
    "limit.above": ("高于", "above"),
    "limit.exactly": ("等于", "exactly"),
    "value.unset": ("未定", "unset"),
    "value.unset_by": ("未定，由$by确定", "unset, for $by to set"),
    "value.dated": ("$value（$start 至 $until）", "$value ($start to $until)"),
    "value.open_end": ("…", "…"),
    "option.default": ("$option（默认）", "$option (default)"),
    "reading.option": ("$option：$label", "$option: $label"),
    "reading.because": ("默认理由：$because", "the default because $because"),
    # rules
    "rule.head": ("$rule [$topic] $decisions", "$rule [$topic] $decisions"),
    "rule.substantive": ("实质性条件", "substantive"),
    "rule.soft": ("原则限度，超出须由人决定", "a limit in principle: beyond it a person decides"),
    "rule.when": ("适用条件：$formula", "when: $formula"),
    "rule.require": ("要求：$formula", "require: $formula"),
    "rule.exclude": ("排除：$formula", "exclude: $formula"),
    "rule.limit": ("限额：$output ≤ $formula", "limit: $output ≤ $formula"),
    "rule.define": ("定义：$name = $formula", "define: $name = $formula"),
    "rule.window": (
        "期限：$act 应在 $opens 起 $lasts 之内（$first）",
        "window: $act within $lasts from $opens ($first)",
    ),
    "rule.first_day.counts": ("首日计入", "the first day counts"),
    "rule.first_day.does_not_count": ("首日不计入", "the first day does not count"),
    "rule.documents": ("材料：$fact 应含 $papers", "papers: $fact must hold $papers"),
    "rule.rank": ("排序：$keys", "order: $keys"),
    "rule.rank.highest": ("$key 大者在前", "$key, highest first"),
    "rule.rank.lowest": ("$key 小者在前", "$key, lowest first"),
    "rule.consequence": (
        "后果：$party：$effect，自 $start 起，至 $until",
        "consequence: $party: $effect, from $start until $until",
    ),
    "rule.endless": ("无期限", "without end"),
    "rule.warn": ("提示：$message", "warning: $message"),
    "rule.next": ("下一步：$text", "next: $text"),
    "topic.eligibility": ("资格", "eligibility"),
    "topic.exclusion": ("排除", "exclusion"),
    "topic.cap": ("上限", "cap"),
    "topic.ratio": ("比例", "ratio"),
    "topic.validity": ("有效性", "validity"),
    "topic.deadline": ("期限", "deadline"),
    "topic.criterion": ("评审标准", "criterion"),
    "topic.checklist": ("材料", "checklist"),
    "topic.priority": ("优先", "priority"),
    "topic.sanction": ("处理", "sanction"),
    "topic.fee": ("费用", "fee"),
    "topic.settlement": ("结算", "settlement"),
    "topic.obligation": ("义务", "obligation"),
    "topic.note": ("提示", "note"),
    # facts
    "kind.boolean": ("是或否", "yes or no"),
    "kind.count": ("数量", "count"),
    "kind.number": ("数字", "number"),
    "kind.ratio": ("比例", "ratio"),
    "kind.money": ("金额", "money"),
    "kind.date": ("日期", "date"),
    "kind.instant": ("时刻", "date and time"),
    "kind.period": ("期限", "period"),
    "kind.choice": ("选一项", "one of"),
    "kind.set": ("选若干项", "some of"),
    "kind.id": ("编号", "id"),
    "kind.text": ("文字", "text"),
    "type.of": ("$kind：$what", "$kind: $what"),
    "type.at_least": ("不低于 $low", "at least $low"),
    "type.at_most": ("不高于 $high", "at most $high"),
    "type.optional": ("可写 none", "or none"),
    "type.example": ("如 $example", "e.g. $example"),
    "by.ledger": ("台账", "the ledger"),
    "template.head": (
        "$ruleset $edition，决定 $decision：$label",
        "$ruleset $edition, decision $decision: $label",
    ),
    "template.help": (
        "将 unknown 改为所知的值；尚不清楚的保留 unknown。",
        "Replace unknown by what is known; leave it where something is not.",
    ),
    "template.source": (
        "需注明来源的，写 {value: …, source: …}。",
        "To say where a value comes from, write {value: …, source: …}.",
    ),
    "template.evidence": ("依据：$evidence", "shown by: $evidence"),
    "template.by": ("由$by认定", "found by $by"),
    "template.ledger": ("由台账提供", "from the ledger"),
    # check, test, list and what goes wrong
    "joiner": ("，", ", "),
    "check.sound": ("$path：无误", "$path: sound"),
    "check.skipped": ("$path：不是规则集，未检查", "$path: not a ruleset, not checked"),
    "check.nothing": ("没有可检查的文件", "nothing to check was found"),
    "check.summary": (
        "检查文件 $files 个，错误 $faults 处",
        "files checked: $files, mistakes: $faults",
    ),
    "test.summary": ("通过 $passed 个，未通过 $failed 个", "$passed passed, $failed failed"),
    "test.refused": ("，有误的案件文件 $refused 个", ", case files refused: $refused"),
    "test.nothing": ("没有找到案件", "no case was found"),
    "list.faulty": (
        "（不能使用，详见 voucher-rules check $path）",
        "(cannot be used; see voucher-rules check $path)",
    ),
    "decide.written": ("已写入 $path", "written to $path"),
    "internal": (
        "程序内部错误（$error）。请报告给本项目；设 VOUCHER_RULES_DEBUG=1 可显示详情。",
        "internal error ($error). Please report it; VOUCHER_RULES_DEBUG=1 shows the details.",
    ),
}


def tell(language: str, key: str, /, **arguments: str) -> str:
    """Return the text of ``key`` in ``language`` with its slots filled."""
    zh, en = WORDS[key]
    return fill_template(zh if language == "zh" else en, arguments)


def join(language: str, *texts: str) -> str:
    """Join those of ``texts`` that say something."""
    return tell(language, "joiner").join(text for text in texts if text)
