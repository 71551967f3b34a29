"""Comes in: nothing. Goes out: what is said of lines and decisions that are not as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DEVIATION_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # deviations
    "section.faults": ("有问题的行", "lines that are not sound"),
    "section.mismatches": ("重新作出后不同的决定", "decisions that came out otherwise"),
    "deviation.head": ("第 $seq 条：$question", "entry $seq: $question"),
    "deviation.law": ("$title（$ruleset $edition）", "$title ($ruleset $edition)"),
    "deviation.about": ("请求 $request，记录于 $at", "request $request, recorded at $at"),
    "deviation.subject": ("，对象 $subject", ", about $subject"),
    "outcome": ("结果", "outcome"),
    "deviation.outcome": (
        "决定的内容不同",
        "what was decided differs",
    ),
    "deviation.way": (
        "决定的内容相同，得出它的过程不同",
        "what was decided is the same; the way there differs",
    ),
    "deviation.rest": (
        "决定的内容和过程均相同，记录的其他部分不同",
        "what was decided and the way there are the same; the rest of the record differs",
    ),
    "deviation.rule": ("最先不同之处：$says", "first apart in: $says"),
    "deviation.step": (
        "算式 $text：记录为 $recorded，重新作出为 $again",
        "the step $text: $recorded in the record, $again when decided again",
    ),
    "deviation.cause": (
        "起于 $text：记录为 $recorded，重新作出为 $again",
        "because of $text: $recorded in the record, $again when decided again",
    ),
    "deviation.named": ("“$label”（$text）", "“$label” ($text)"),
    "deviation.same_steps": (
        "过程逐步相同；记录的结果不是由该过程得出",
        "every step is the same; the result recorded is not what these steps lead to",
    ),
    "deviation.no_trace": (
        "日志未保存推理过程，只能看出其摘要不同",
        "the log keeps no trace; all that can be told is that its digest differs",
    ),
    "deviation.no_step": (
        "过程在 $pointer 处不同",
        "the traces differ at $pointer",
    ),
    "deviation.refs": ("结果所依据的条款", "provisions of the result"),
    "deviation.places": ("记录中不同的各处", "every place of the record that differs"),
    "later.correction": ("此后由第 $seq 条更正", "corrected later by entry $seq"),
    "later.redecision": ("此后由第 $seq 条重新决定", "decided anew later by entry $seq"),
    "later.revocation": ("此后由第 $seq 条撤销", "revoked later by entry $seq"),
    "later.erasure": (
        "第 $seq 条记载：所隐去事实的盐值已擦除",
        "entry $seq tells that what opens its hidden facts was erased",
    ),
    "none": ("无", "none"),
    "hidden": ("（已隐去）", "(hidden)"),
    "absent": ("（缺）", "(absent)"),
    # why a decision could not be taken again
    "section.not_replayed": ("无法重新作出的决定", "decisions that could not be taken again"),
    "obstacle.ruleset_missing": (
        "没有规则集 $ruleset $edition",
        "the ruleset $ruleset $edition is not there",
    ),
    "get.ruleset_missing": (
        "请向日志保管人取得语义摘要为 $digest 的文件，放入规则集文件夹 $ruleset/ 下，再次复核",
        (
            "get the file whose semantic digest is $digest from who keeps the log, put it into a "
            "folder $ruleset/ of rulesets, and recheck"
        ),
    ),
    "obstacle.ruleset_unreadable": (
        "规则集 $ruleset $edition 的文件无法读取：$detail",
        "the file of the ruleset $ruleset $edition cannot be read: $detail",
    ),
    "get.ruleset_unreadable": (
        "请改正该文件，或取得语义摘要为 $digest 的原文件；详见 voucher-rules check",
        (
            "mend the file, or get the one whose semantic digest is $digest; voucher-rules check "
            "tells more"
        ),
    ),
    "obstacle.ruleset_differs": (
        "规则集 $ruleset $edition 在，但内容与当时不同，或其所用日历、通知、其他规则集不同",
        (
            "there is a ruleset $ruleset $edition, and it says something else than then, or what "
            "it rests on does"
        ),
    ),
    "get.ruleset_differs": (
        "请取得语义摘要为 $digest 的文件，连同当时的日历与通知",
        "get the file whose semantic digest is $digest, with the calendars and notices of the time",
    ),
    "obstacle.semantics_unsupported": (
        "规则语义为第 $semantics 版，本程序不支持",
        "rules meant what version $semantics says, which this program does not know",
    ),
    "get.semantics_unsupported": (
        "请使用支持该版本的程序",
        "use a version of the program that knows it",
    ),
    "obstacle.decision_unknown": (
        "规则集 $ruleset $edition 没有决定 $detail",
        "the ruleset $ruleset $edition has no decision $detail",
    ),
    "get.decision_unknown": (
        "该记录与其所称的规则集不相容，请查明其来历",
        "the record does not go with the ruleset it names: find out where it comes from",
    ),
    "obstacle.facts_erased": (
        "下列事实已隐去，没有可打开它们的盐值：$detail",
        "these facts are hidden, and what opens them is not there: $detail",
    ),
    "get.facts_erased": (
        "请提供盐值文件（--secrets）",
        "give the file of secrets (--secrets)",
    ),
    "obstacle.facts_gone": (
        "下列事实已隐去，可打开它们的盐值已擦除：$detail",
        "these facts are hidden, and what opened them was erased: $detail",
    ),
    "get.facts_gone": (
        "无法再重新作出；日志其余部分不受影响",
        "it cannot be decided again; the rest of the log is as good as before",
    ),
    "obstacle.facts_refused": (
        "记录的事实不为规则集所接受：$detail",
        "the facts recorded are refused by the ruleset: $detail",
    ),
    "get.facts_refused": (
        "记录时不可能如此：请查明该记录的来历",
        "they cannot have been recorded like this: find out where the record comes from",
    ),
    "obstacle.body_malformed": (
        "记录的内容不具有决定的形式",
        "the body is not one a decision was written as",
    ),
    "get.body_malformed": (
        "请查明该记录的来历",
        "find out where the record comes from",
    ),
}
