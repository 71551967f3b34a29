"""Comes in: a key. Goes out: a text of a replay or an impact in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.explain.impact_words import IMPACT_WORDS
from voucher_rules.explain.vocabulary import make_tell
from voucher_rules.explain.words import WORDS

REPLAY_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **WORDS,
    **IMPACT_WORDS,
    # the head of a report
    "replay.title": ("决定记录复核报告", "recheck of a log of decisions"),
    "replay.check_title": ("记录日志核验报告", "check of a log of decisions"),
    "replay.log": ("日志 $id，自 $created 起记录", "log $id, kept since $created"),
    "conclusion.all_match": (
        "$count 件决定重新作出，结果完全相同",
        "all $count decisions came out again the same",
    ),
    "conclusion.all_match.one": (
        "1 件决定重新作出，结果完全相同",
        "the one decision came out again the same",
    ),
    "conclusion.all_match.none": (
        "日志完好，其中没有决定",
        "the log is sound; it holds no decision",
    ),
    "conclusion.sound": ("日志完好", "the log is sound"),
    "conclusion.mismatch": (
        "$count 件决定中有 $wrong 件重新作出后不同",
        "of $count decisions $wrong came out otherwise",
    ),
    "conclusion.cannot_replay": (
        "$count 件决定中有 $stopped 件无法重新作出",
        "of $count decisions $stopped could not be taken again",
    ),
    "conclusion.not_sound": ("日志不完好", "the log is not sound"),
    "conclusion.because": ("：$reason", ": $reason"),
    "aside.decisions": (
        "决定 $count 件：相同 $match，不同 $mismatch（结果不同 $outcome），无法重新作出 $stopped",
        (
            "$count decisions: $match the same, $mismatch otherwise ($outcome of them in what was "
            "decided), $stopped not taken again"
        ),
    ),
    "aside.undecided": (
        "只核验了日志，未重新作出任何决定",
        "the log alone was checked; no decision was taken again",
    ),
    "aside.unread": (
        "$count 行无法读取，其所记未计入",
        "$count lines cannot be read, and what they record is not counted",
    ),
    "aside.unread.one": (
        "$count 行无法读取，其所记未计入",
        "$count line cannot be read, and what it records is not counted",
    ),
    "aside.outdated": (
        "所用版本不应适用的 $count 件",
        "$count under an edition that did not apply",
    ),
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
    # what was gone through
    "section.contents": ("日志内容", "what the log holds"),
    "kind.decision": ("决定", "decisions"),
    "kind.correction": ("更正", "corrections"),
    "kind.redecision": ("重新决定", "decisions anew"),
    "kind.revocation": ("撤销", "revocations"),
    "kind.key_change": ("密钥更改", "changes of keys"),
    "kind.erasure": ("擦除", "erasures"),
    "kind.close": ("终止", "end"),
    "section.rulesets": ("所用规则集", "rulesets named"),
    "found.found": ("找到", "found"),
    "found.rewritten": ("内容相同，注释或排版不同", "same, but for comments or layout"),
    "found.differs": ("同名而内容不同", "another of that name"),
    "found.missing": ("未找到", "missing"),
    "section.checkpoints": ("检查点", "checkpoints"),
    "agrees.ok": ("相符", "agrees"),
    "agrees.missing_tail": ("日志更短", "the log is shorter"),
    "agrees.differs": ("不符", "does not agree"),
    "agrees.other_log": ("属于另一日志", "of another log"),
    "column.ruleset": ("规则集", "ruleset"),
    "column.digest": ("摘要", "digest"),
    "column.decision": ("决定", "decision"),
    "column.decisions": ("决定数", "decisions"),
    "column.found": ("是否找到", "found"),
    "column.size": ("条数", "entries"),
    "column.issued": ("作出时间", "issued"),
    "column.agrees": ("与日志", "log"),
    "column.signature": ("签名", "signature"),
    "column.stamp": ("时间戳", "time stamp"),
    "column.what": ("项目", "what"),
    "column.recorded": ("记录", "recorded"),
    "column.again": ("重新作出", "decided again"),
    "column.entry": ("条目", "entry"),
    "column.request": ("请求", "request"),
    "column.subject": ("对象", "about"),
    "column.outcome": ("记录的结果", "recorded outcome"),
    "column.line": ("行", "line"),
    "column.fault": ("问题与办法", "what is wrong, and what to do"),
    "column.pointer": ("位置", "place"),
    "untold": ("另有 $count 项未逐一列出", "and $count more that are counted and not listed"),
    "fault.entry": ("第 $seq 条", "entry $seq"),
    "fault.request": ("请求 $request", "request $request"),
    "fault.subject": ("对象 $subject", "about $subject"),
    "fault.claimed": ("该行自称：$says", "the line says it is $says"),
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
    # the foot
    "foot.digest": ("报告摘要 $digest", "digest of this report: $digest"),
    "foot.log": ("日志文件头摘要 $digest", "digest of the header of the log: $digest"),
    "foot.last": ("末条记录摘要 $digest", "digest of the last entry: $digest"),
    "foot.same": (
        "同一日志、同样的规则集与检查点，任何人复核均得同一摘要；机器可读的报告即其原文",
        (
            "whoever rechecks the same log with the same rulesets and checkpoints gets this "
            "digest; it is that of the report as data"
        ),
    ),
}

tell: Final = make_tell(REPLAY_WORDS)
