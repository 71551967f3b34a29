"""Comes in: a key. Goes out: what people call what a ruleset holds, in Chinese or English.

Topics, comparators, states of a document, reasons why a provision has no rule: whoever shows a
ruleset, on the command line or as a page, uses these words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from voucher_rules.diagnostics import fill_template
from voucher_rules.explain.history_words import HISTORY_WORDS


class Tell(Protocol):
    """What tells fixed texts."""

    def __call__(self, language: str, key: str, /, **arguments: str) -> str:
        """Return the text of ``key`` in ``language`` with its slots filled."""


def make_tell(words: Mapping[str, tuple[str, str]]) -> Tell:
    """Return what tells the texts of a list of them, each a template in Chinese and English."""

    def tell(language: str, key: str, /, **arguments: str) -> str:
        zh, en = words[key]
        return fill_template(zh if language == "zh" else en, arguments)

    return tell


VOCABULARY: Final[Mapping[str, tuple[str, str]]] = {
    **HISTORY_WORDS,
    # headings
    "heading.ruleset": ("规则集", "ruleset"),
    "heading.edition": ("版本", "edition"),
    "heading.title": ("名称", "title"),
    "heading.decisions": ("决定", "decisions"),
    "heading.decision": ("决定", "decision"),
    "heading.document": ("文件", "document"),
    "heading.provisions": ("条款", "provisions"),
    "heading.parameters": ("参数", "parameters"),
    "heading.notices": ("通知", "notices"),
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
    "heading.case": ("案件", "case"),
    "heading.outcome": ("结果", "outcome"),
    "heading.amount": ("金额", "amount"),
    "heading.difference": ("差额", "difference"),
    "heading.limit_text": ("界限", "limit"),
    "heading.below": ("略低", "just below"),
    "heading.at": ("恰在", "at it"),
    "heading.above": ("略高", "just above"),
    # the document
    "document.issuer": ("发文机关", "issuer"),
    "document.number": ("文号", "number"),
    "document.issued": ("成文日期", "issued"),
    "document.status": ("状态", "status"),
    "document.from": ("施行日期", "in force from"),
    "document.until": ("终止日期", "in force until"),
    "document.verified": ("最近核对", "last verified"),
    "document.published": ("可知自", "known from"),
    "document.succession": ("与其他版本", "other editions"),
    "document.doubt": ("存疑", "doubt"),
    "document.file_digest": ("文件摘要", "file digest"),
    "document.digest": ("规则集摘要", "ruleset digest"),
    "document.lasts": (
        "自施行之日起 $time（施行日期未写明）",
        "$time from its first day, which is not stated",
    ),
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
    "no_rule.encoded_above": ("见上级条款的表", "decided by the provision above it"),
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
    "reading.is": ("就「$question」取$option", "on “$question” the reading is $option"),
    "reading.is_not": ("就「$question」不取$option", "on “$question” the reading is not $option"),
    # rules
    "rule.substantive": ("实质性条件", "substantive"),
    "rule.soft": ("原则限度，超出须由人决定", "a limit in principle: beyond it a person decides"),
    "rule.first_day.counts": ("首日计入", "the first day counts"),
    "rule.first_day.does_not_count": ("首日不计入", "the first day does not count"),
    "rule.rolls": ("末日遇休假日顺延", "a last day that is a day off rolls forward"),
    "rule.waive": ("仅排除其他规则的适用", "sets other rules aside"),
    "rule.endless": ("无期限", "without end"),
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
    "kind.time": ("时间", "time of day"),
    "kind.list": ("清单", "list of records"),
    "kind.table": ("表", "table"),
    "kind.scale": ("分档", "scale"),
    "kind.calendar": ("日历", "calendar"),
    "kind.period": ("期限", "period"),
    "kind.choice": ("选一项", "one of"),
    "kind.set": ("选若干项", "some of"),
    "kind.id": ("编号", "id"),
    "kind.text": ("文字", "text"),
    "type.of": ("$kind：$what", "$kind: $what"),
    "type.at_least": ("不低于 $low", "at least $low"),
    "type.at_most": ("不高于 $high", "at most $high"),
    "type.optional": ("可写 none", "or none"),
    "by.ledger": ("台账", "the ledger"),
    "joiner": ("，", ", "),
    # limits, and what is decided there
    "limits.none": ("—", "—"),
    "limits.missing": ("缺案例", "no case"),
    "limits.beyond": ("不可能出现", "out of reach"),
    "limits.outcome.granted": ("准予", "granted"),
    "limits.outcome.denied": ("不予", "denied"),
    "limits.outcome.referred": ("转人工", "referred"),
    "limits.outcome.undetermined": ("未定", "undetermined"),
    "limits.outcome.not_in_force": ("未施行", "not in force"),
    "limits.outcome.determined": ("已得出", "determined"),
}

tell_word: Final = make_tell(VOCABULARY)
