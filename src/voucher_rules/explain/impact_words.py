"""Comes in: nothing. Goes out: what is said of another law's effects, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

IMPACT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "impact.title": ("假设影响分析", "what another law would have done"),
    "impact.stamp": ("假设", "Hypothetical"),
    "impact.warning": (
        "假设：本报告所列均未作出，亦未记录；不得作为任何决定的依据。",
        "Hypothetical: nothing here was decided or recorded, and nobody may rely on it.",
    ),
    "impact.nothing": (
        "本报告所列均未作出，亦未记录；不得作为任何决定的依据。",
        "Nothing here was decided or recorded, and nobody may rely on it.",
    ),
    "impact.foot": (
        "假设：本页所列均未作出，亦未记录；不得作为任何决定的依据。",
        "Hypothetical: nothing on this page was decided or recorded, and nobody may rely on it.",
    ),
    "impact.shared": (
        "一件决定依据几条的，各条均计入其全数，故各条之和大于合计",
        (
            "a decision that rests on several provisions counts in full under each of them, so "
            "that these rows do not add up to the whole"
        ),
    ),
    "impact.undecided.one": (
        "1 件决定，无法按此决定",
        "the one decision could not be decided",
    ),
    "impact.undecided": (
        "$count 件决定中有 $changed 件结果会不同，$stopped 件无法按此决定",
        "of $count decisions $changed would come out otherwise, $stopped could not be decided",
    ),
    "impact.under": ("改按 $title（$ruleset $edition）", "under $title ($ruleset $edition)"),
    "impact.same": ("$count 件决定结果均不变", "none of $count decisions would change"),
    "impact.same.one": ("1 件决定结果不变", "the one decision would not change"),
    "impact.changed.one": ("1 件决定结果会不同", "the one decision would come out otherwise"),
    "impact.none": (
        "日志中没有该规则集的有效决定",
        "the log holds no standing decision of this ruleset",
    ),
    "impact.changed": (
        "$count 件决定中有 $changed 件结果会不同",
        "of $count decisions $changed would come out otherwise",
    ),
    "section.effects": ("影响", "who gains and who loses"),
    "effect.same": ("不变", "the same"),
    "effect.more": ("更有利", "would gain"),
    "effect.less": ("更不利", "would lose"),
    "effect.other": ("其他不同", "otherwise"),
    "effect.not_decided": ("无法按此决定", "not decided"),
    "section.sums": ("金额", "by how much"),
    "column.amount": ("金额项", "amount"),
    "column.gains": ("增加合计", "more, in all"),
    "column.losses": ("减少合计", "less, in all"),
    "column.net": ("净变化", "net"),
    "sums.in_text": (
        "增加合计 $gains，减少合计 $losses，净变化 $net",
        "gained $gains in all, lost $losses in all, net $net",
    ),
    "section.articles": ("按条款", "by provision"),
    "column.ref": ("条款", "provision"),
    "departure.assumed": (
        "假定该规则集在每件决定的当日均已施行",
        "every case was decided as if this ruleset had been in force on its day",
    ),
    "departure.idle": (
        (
            "其中 $count 件在其当日该规则集并未施行，因而得不到结果；"
            "--assume-in-force 按假定施行计算"
        ),
        (
            "for $count of them this ruleset was not in force on their day, so that nothing comes "
            "out; --assume-in-force decides them as if it had been"
        ),
    ),
    "departure.idle.one": (
        ("其中 1 件在其当日该规则集并未施行，因而得不到结果；--assume-in-force 按假定施行计算"),
        (
            "for 1 of them this ruleset was not in force on its day, so that nothing comes out; "
            "--assume-in-force decides it as if it had been"
        ),
    ),
    "departure.reading": ("条文理解：$label——$option", "reading: $label: $option"),
    "departure.what_if": (
        "$label（$name）由 $before 改为 $after",
        "$label ($name) is $after instead of $before",
    ),
    "departure.other": ("$label：$before → $after", "$label: $before → $after"),
    "section.changed": ("结果会不同的决定", "decisions that would come out otherwise"),
    "column.number": ("条目", "entry"),
    "column.recorded_as": ("所记录的结果", "recorded outcome"),
    "column.delta": ("变化", "change"),
    "column.reformed": ("假设结果", "would be"),
    "section.undecided": ("无法按此决定的", "those that could not be decided"),
    "column.why": ("原因", "why"),
    "hindrance.decision_unknown": (
        "该规则集没有决定 $detail",
        "the ruleset has no decision $detail",
    ),
    "hindrance.facts_hidden": (
        "下列事实已隐去：$detail",
        "these facts are hidden: $detail",
    ),
    "hindrance.facts_refused": ("事实不为该规则集所接受：$detail", "facts refused: $detail"),
    "hindrance.body_malformed": (
        "记录的内容不具有决定的形式",
        "the body is not one a decision was written as",
    ),
    "left_out": (
        "未计入：其他规则集的决定 $others 件，已被更正、取代或撤销的 $superseded 件",
        (
            "decisions left out: $others of other rulesets, $superseded that were corrected, "
            "replaced or revoked"
        ),
    ),
}
