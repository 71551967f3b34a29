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
    "heading.key.key": ("密钥", "key"),
    "heading.key.from": ("自", "from"),
    "heading.key.until": ("至", "until"),
    "heading.key.entry": ("载于", "brought in by"),
    "heading.key.believed": ("可信", "believed"),
    "heading.key.public": ("公钥", "public"),
    "log.header": ("首行", "header"),
    "log.believed.yes": ("是", "yes"),
    "log.believed.no": ("否", "no"),
    "log.no_keys": ("日志没有写明密钥", "the log names no key"),
    "log.made_key": (
        "已生成密钥 $id：私钥在 $private，请妥善保管；公钥在 $public，供他人核验",
        "made the key $id: private in $private, keep it safe; public in $public, for others",
    ),
    "log.proven": (
        "第 $seq 条记录确在日志 $id 之中，该检查点有记录 $size 条",
        "entry $seq stands in the log $id of that checkpoint, which has $size entries",
    ),
    "log.proven_of": ("其决定的摘要为 $digest", "the decision it records: $digest"),
    "log.grown": (
        "日志 $id 有 $last 条记录时，以其 $first 条时的全部记录开头",
        "the log $id of $last entries begins with all it held when it had $first",
    ),
    "log.signed": ("检查点由所给密钥签名", "signed by a key that was given"),
    "log.not_asked": (
        "未核对签名：没有给出密钥（--key）",
        "no signature was asked for: no key was given (--key)",
    ),
    "log.compared.same": ("两个检查点的记录相同", "both are of the same entries"),
    "log.compared.continued": (
        "较长的日志以较短的开头：同一段历史",
        "the longer log begins with the shorter: one history",
    ),
    "log.compared.different": (
        "条数相同，记录不同：有两段历史",
        "as many entries, and not the same: there are two histories",
    ),
    "log.compared.other_logs": ("两个检查点属于不同的日志", "they are of two logs"),
    "log.compared.unproven": (
        "条数不同，且没有证明成立：是否同一段历史尚不能确定（log prove --from --to）",
        "of different sizes, and no proof holds: one history or two (log prove --from --to)",
    ),
    "log.recorded": (
        "已记入 $path 第 $seq 条，条目摘要 $digest",
        "recorded in $path as entry $seq, digest of the entry $digest",
    ),
    "log.recorded_before": (
        "该请求此前已记入 $path 第 $seq 条，条目摘要 $digest",
        "this request is in $path already, as entry $seq, digest of the entry $digest",
    ),
    "log.erased": (
        "已从 $path 抹去第 $seq 条的 $names",
        "erased from $path, of entry $seq: $names",
    ),
    "log.erased_before": (
        "$path 中已没有第 $seq 条可抹去的内容",
        "nothing of entry $seq was left in $path to erase",
    ),
    "log.decision_digest": (
        "决定摘要 $digest",
        "digest of the decision $digest",
    ),
    "log.about": (
        "对象 $subject，与第 $seq 条相同",
        "about $subject, as entry $seq",
    ),
    "progress": ("$share，已过 $count 条", "$share, $count entries"),
    "report.written": ("已写入 $path；报告摘要 $digest", "written to $path; report $digest"),
}
