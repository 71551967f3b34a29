"""Comes in: nothing. Goes out: what is said of each verdict on a log, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

VERDICT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # the separate verdicts
    "section.verdicts": ("逐项结论", "the verdicts, one by one"),
    "section.verdicts.note": (
        "各项互不替代：日志完好不等于决定正确，决定可以重现也不等于日志未被截短。",
        (
            "none stands for another: a sound log may hold a wrong decision, and decisions that "
            "come out again may stand in a log that was cut short."
        ),
    ),
    "verdict.lines": ("各行完整", "every line whole"),
    "verdict.lines.good": (
        "全部 $lines 条记录形式规范，摘要相符",
        "all $lines entries are in their form and fit their digests",
    ),
    "verdict.lines.good.one": (
        "1 条记录形式规范，摘要相符",
        "the one entry is in its form and fits its digests",
    ),
    "verdict.lines.bad": (
        "$count 行有问题，最先为文件第 $first 行",
        "$count lines are not sound, the first of them line $first of the file",
    ),
    "verdict.lines.bad.one": (
        "$count 行有问题，为文件第 $first 行",
        "$count line is not sound: line $first of the file",
    ),
    "verdict.order": ("次序", "order"),
    "verdict.order.good": (
        "逐条相接，无缺失、无重复、无错位",
        "each follows the one before it: none missing, repeated or moved",
    ),
    "lines.referring": (
        "另有 $count 行自身完好，但所指的记录被改动",
        "$count more are whole themselves and refer to an entry that was changed",
    ),
    "lines.referring.one": (
        "另有 $count 行自身完好，但所指的记录被改动",
        "$count more is whole itself and refers to an entry that was changed",
    ),
    "verdict.order.untold": (
        "未见缺失、重复或错位；有 $count 行有问题，其位置无从核对",
        "none is seen missing, repeated or moved, as far as $count lines not sound let it be told",
    ),
    "verdict.order.untold.one": (
        "未见缺失、重复或错位；有 $count 行有问题，其位置无从核对",
        "none is seen missing, repeated or moved, as far as $count line not sound lets it be told",
    ),
    "verdict.order.bad": ("有问题：$found", "not in order: $found"),
    "position.gap": ("其前有缺失 $count", "$count with entries missing before them"),
    "position.reordered": ("错位 $count", "$count out of their place"),
    "position.duplicate": ("重复 $count", "$count repeated"),
    "position.fork": ("另一历史 $count", "$count of another history"),
    "position.unreadable": ("无法读取 $count", "$count that cannot be read"),
    "verdict.end": ("文件末尾", "end of the file"),
    "verdict.end.good": ("最后一行完整", "the last line is whole"),
    "end.recorded": (
        "检查点表明第 $seq 条此前已完整记入：这不是写入中断，请从备份取回",
        (
            "a checkpoint shows that entry $seq had been recorded whole: this is no write that "
            "was cut off; take the entry from a backup"
        ),
    ),
    "verdict.complete": ("是否齐全", "completeness"),
    "complete.none": (
        "未提供检查点：末尾被截去或整份被改写，均无从发现",
        "no checkpoint was given: a log cut short, or written anew as a whole, would not be found",
    ),
    "complete.verified": (
        "第 1 至 $last 条有检查点为证",
        "entries 1 to $last are those a checkpoint vouches for",
    ),
    "complete.verified.one": (
        "第 1 条有检查点为证",
        "entry 1 is the one a checkpoint vouches for",
    ),
    "complete.unverified": ("没有一条有检查点为证", "no checkpoint vouches for any entry"),
    "complete.tail": (
        "第 $first 至 $last 条没有检查点为证：此后的更改无从发现",
        "no checkpoint vouches for entries $first to $last: changes there would not be found",
    ),
    "complete.tail.one": (
        "第 $first 条没有检查点为证：此后的更改无从发现",
        "no checkpoint vouches for entry $first: a change there would not be found",
    ),
    "complete.differs": (
        "第 $first 至 $last 条不是检查点所证的那些：其中有更改",
        "entries $first to $last are not those a checkpoint vouches for: there are changes",
    ),
    "complete.differs.one": (
        "第 $first 条不是检查点所证的那条：有更改",
        "entry $first is not the one a checkpoint vouches for: it was changed",
    ),
    "complete.missing": (
        "缺少 $count 条，检查点作出时尚在；末尾未缺",
        "$count entries are missing that were there when a checkpoint was made, none at the end",
    ),
    "complete.missing.one": (
        "缺少 $count 条，检查点作出时尚在；末尾未缺",
        "$count entry is missing that was there when a checkpoint was made, not at the end",
    ),
    "complete.missing_some_at_end": (
        "缺少 $count 条，检查点作出时尚在；其中末尾 $at_end 条",
        (
            "$count entries are missing that were there when a checkpoint was made, $at_end of "
            "them at the end"
        ),
    ),
    "complete.missing_at_end": (
        "末尾缺少 $count 条，检查点作出时尚在",
        "$count entries are missing at the end that were there when a checkpoint was made",
    ),
    "complete.missing_at_end.one": (
        "末尾缺少 $count 条，检查点作出时尚在",
        "$count entry is missing at the end that was there when a checkpoint was made",
    ),
    "verdict.signed": ("检查点签名", "signatures of the checkpoints"),
    "verdict.stamped": ("检查点时间戳", "time stamps of the checkpoints"),
    "signed.given": ("可信密钥由复核人提供", "the keys believed were given by who rechecks"),
    "signed.own": (
        "密钥取自日志本身：只说明出自同一人之手",
        "the keys are those of the log itself, which shows only that one hand signed all of it",
    ),
    "authenticity.ok": ("有效", "good"),
    "authenticity.bad": ("无效", "bad"),
    "authenticity.absent": ("未签名", "not signed"),
    "authenticity.unknown_key": ("密钥不可信", "by a key that is not believed"),
    "authenticity.key_not_valid_then": ("密钥当时无效", "by a key that did not hold good then"),
    "stamping.ok": ("有效", "good"),
    "stamping.bad": ("无效", "bad"),
    "stamping.absent": ("没有", "none"),
    "keys.bad": ("密钥更改", "changes of keys"),
    "verdict.law": ("当时的规则集", "the rulesets of the time"),
    "law.found": ("找到 $count 件", "found for $count"),
    "law.rewritten": (
        "$count 件的规则集内容相同，仅注释或排版不同",
        "for $count the same but for comments or layout",
    ),
    "law.unreadable": (
        "$count 件的规则集文件无法读取",
        "for $count a file of that name that cannot be read",
    ),
    "law.differs": ("$count 件的规则集同名而内容不同", "for $count another of the same name"),
    "law.missing": ("$count 件的规则集未找到", "missing for $count"),
    "verdict.force": ("当日施行的是否该版本", "the edition in force"),
    "force.yes": ("$count 件为当日施行、当时可知的版本", "for $count it was the one in force"),
    "force.superseded": ("$count 件应适用另一版本", "for $count another one was"),
    "force.no": ("$count 件当日没有版本施行", "for $count none was on that day"),
    "force.not_known_then": (
        "$count 件所用版本在记录之后才公布",
        "for $count it was published only after the recording",
    ),
    "force.untold": ("$count 件无从判断", "for $count it cannot be told"),
    "section.not_in_force": (
        "所用版本不应适用的决定",
        "decisions under an edition that did not apply",
    ),
    "currency.superseded": (
        "$as_of 应适用 $ruleset $instead，而非 $edition（记录于 $recorded）",
        "on $as_of $ruleset $instead applied and not $edition, as known when recorded ($recorded)",
    ),
    "currency.superseded.by_rule": (
        "依 $ref 以 $fact 的日期为准，应适用 $ruleset $instead，而非 $edition（记录于 $recorded）",
        (
            "by $ref the day of $fact counts: $ruleset $instead applied and not $edition, as "
            "known when recorded ($recorded)"
        ),
    ),
    "currency.untold": (
        "$ruleset $edition：手头没有判断所需的各版本",
        "$ruleset $edition: the editions it takes to tell are not at hand",
    ),
    "currency.untold.undated": (
        "$ruleset $edition：文件没有写明施行日期，无从得知 $as_of 是否已施行",
        "$ruleset $edition: the document states no first day: was it in force on $as_of?",
    ),
    "currency.untold.day": (
        "$ruleset $edition：未记录决定适用哪一版本的 $fact",
        "$ruleset $edition: $fact, which tells the edition, is not recorded",
    ),
    "currency.stated": (
        "$says；该决定自身已写明未施行，或系假定施行而作出",
        "$says; the decision itself came out as not in force, or was taken on the assumption",
    ),
    "force.stated": (
        "其中 $count 件自身已写明未施行或假定施行",
        "$count of these say so themselves or were taken on that assumption",
    ),
    "section.force_untold": (
        "无从判断是否适用当日版本的决定",
        "decisions for which the edition in force cannot be told",
    ),
    "currency.no": (
        "$as_of 没有施行中的 $ruleset 版本（所用为 $edition）",
        "on $as_of no edition of $ruleset was in force (it was decided under $edition)",
    ),
    "currency.not_known_then": (
        "$ruleset $edition 在 $recorded 记录之时尚未公布",
        "$ruleset $edition was not published yet when this was recorded ($recorded)",
    ),
    "verdict.semantics": ("规则语义版本", "what rules mean"),
    "semantics.good": ("本程序均支持", "this program knows all the versions used"),
    "semantics.bad": (
        "$count 件使用本程序不支持的版本",
        "$count rest on a version this program does not know",
    ),
    "verdict.again": ("重新作出", "decided again"),
    "again.match": ("$count 件逐字节相同", "$count the same, byte for byte"),
    "again.mismatch": ("$count 件不同", "$count otherwise"),
    "again.cannot_replay": ("$count 件无法重新作出", "$count not possible"),
    "again.nothing": ("没有决定", "no decisions"),
    "clause.joiner": ("；", "; "),
}
