"""Comes in: nothing. Goes out: what the commands on logs say, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LOG_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "heading.recorded": ("记录于", "recorded"),
    "heading.decided": ("决定事项", "decided"),
    "heading.request": ("请求", "request"),
    "heading.digest": ("决定摘要", "decision digest"),
    "entry.decision": ("决定", "decision"),
    "entry.correction": ("更正", "correction"),
    "entry.redecision": ("重新决定", "decision anew"),
    "entry.revocation": ("撤销", "revocation"),
    "entry.key_change": ("密钥更改", "change of keys"),
    "entry.erasure": ("擦除", "erasure"),
    "entry.close": ("终止", "end"),
    "log.head": ("$owner，日志 $id：记录 $count 条", "$owner, log $id, entries: $count"),
    "log.of": ("$what（第 $seq 条）", "$what of $seq"),
    "log.taken": ("$what，已由第 $seq 条取代", "$what, replaced by $seq"),
    "log.revoked": ("$what，已由第 $seq 条撤销", "$what, revoked by $seq"),
    "log.unreadable": ("第 $line 行无法读取", "line $line cannot be read"),
    "log.more": ("此前另有 $count 条（--last）", "and $count before these (--last)"),
    "log.faults": (
        "日志有 $count 行不完好；详见 voucher-rules log check",
        "lines of the log that are not sound: $count; see voucher-rules log check",
    ),
    "log.hidden": ("（已隐去）", "(hidden)"),
    "log.started": ("已建立日志 $path，标识 $id", "began the log $path with the id $id"),
    "log.whole": ("末尾完整，无需处理", "its end is whole; there is nothing to mend"),
    "log.mended": (
        "自第 $offset 字节起的 $size 字节已移入 $path",
        "moved $size bytes, from byte $offset on, to $path",
    ),
    "log.no_strays": (
        "$path 中没有多余的盐值",
        "$path holds no secret that should not be there",
    ),
    "log.erased_strays": (
        "已从 $path 抹去 $count 个多余的盐值",
        "erased from $path the secrets that should not be there: $count",
    ),
    "log.secrets_passed_over": (
        "日志不完好，未核对盐值",
        "the log is not sound, so the secrets were not looked at",
    ),
    "log.checkpoint": (
        "检查点 $path：记录 $size 条，摘要 $digest",
        "checkpoint $path of $size entries, $digest",
    ),
    "log.recorded": (
        "已记入 $path 第 $seq 条，$digest",
        "recorded in $path as entry $seq, $digest",
    ),
    "log.recorded_before": (
        "该请求此前已记入 $path 第 $seq 条，$digest",
        "this request is in $path already, as entry $seq, $digest",
    ),
    "progress": ("$share，已过 $count 条", "$share, $count entries"),
    "report.written": ("已写入 $path；报告摘要 $digest", "written to $path; report $digest"),
}
