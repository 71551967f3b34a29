"""Comes in: a key. Goes out: a text of a replay or an impact in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.explain.impact_words import IMPACT_WORDS
from voucher_rules.explain.replay_deviation_words import DEVIATION_WORDS
from voucher_rules.explain.replay_verdict_words import VERDICT_WORDS
from voucher_rules.explain.vocabulary import make_tell
from voucher_rules.explain.words import WORDS

REPLAY_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **WORDS,
    **IMPACT_WORDS,
    **VERDICT_WORDS,
    **DEVIATION_WORDS,
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
    "conclusion.mismatch.one": (
        "1 件决定重新作出后不同",
        "the one decision came out otherwise",
    ),
    "conclusion.cannot_replay.one": (
        "1 件决定无法重新作出",
        "the one decision could not be taken again",
    ),
    "conclusion.cannot_replay": (
        "$count 件决定中有 $stopped 件无法重新作出",
        "of $count decisions $stopped could not be taken again",
    ),
    "conclusion.not_sound": ("日志不完好", "the log is not sound"),
    "conclusion.unanchored": (
        "$says；没有给出检查点，日志若被截短无从发现",
        "$says; without a checkpoint a log cut short would not be noticed",
    ),
    "conclusion.because": ("：$reason", ": $reason"),
    "aside.decisions": (
        "决定 $count 件：相同 $match，不同 $mismatch（结果不同 $outcome），无法重新作出 $stopped",
        (
            "$count decisions: $match the same, $mismatch otherwise ($outcome of them in what was "
            "decided), $stopped not taken again"
        ),
    ),
    "aside.decisions.one": (
        "决定 1 件：相同 $match，不同 $mismatch（结果不同 $outcome），无法重新作出 $stopped",
        (
            "1 decision: $match the same, $mismatch otherwise ($outcome in what was decided), "
            "$stopped not taken again"
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
    "found.unreadable": ("文件无法读取", "the file cannot be read"),
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
    "column.file": ("文件", "file"),
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
