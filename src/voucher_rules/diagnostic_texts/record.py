"""Comes in: nothing. Goes out: what diagnostics of logs of decisions say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

_CHANGED = (
    "记录日志不得手工修改；请与检查点核对，或从备份恢复",
    "a log is not edited by hand; hold it against its checkpoints, or take it from a backup",
)
_MEND = (
    "写入中断或文件被截所致，此前各行均完整；请先核对最近的检查点，再用 `log mend` 将末尾移走",
    (
        "a write was cut off, or someone cut the file; all lines before it are whole; hold it "
        "against its last checkpoint, and then `log mend` moves the end aside"
    ),
)
_SHAPE = (
    "请对照日志文件的格式说明",
    "compare it with the description of log files",
)

RECORD: Final[Mapping[str, DiagnosticText]] = {
    "log-is-a-checkpoint": text_of(
        "这是日志的检查点，不是日志本身",
        "this is a checkpoint of a log, and not the log",
        "请给出日志文件（.jsonl），检查点另以 --checkpoint 或 checkpoints= 给出",
        "give the file of the log (.jsonl), and the checkpoint with --checkpoint or checkpoints=",
    ),
    "log-not-a-log": text_of(
        "这不是记录日志",
        "this is no log of decisions",
        "请核对路径；原有内容未作改动",
        "check the path; what is there was left alone",
    ),
    "log-version-unknown": text_of(
        "日志的格式为 $found，本程序只认识 $known",
        "the log has the format $found, and this program knows $known",
        "请使用写入该日志的版本或更新的版本",
        "use the version of the library that wrote it, or a later one",
    ),
    "log-line-damaged": text_of(
        "本行不是规范写法的 JSON：$name 处 $problem",
        "this line is not JSON in canonical form: $problem at $name",
        *_CHANGED,
    ),
    "log-line-too-long": text_of(
        "一行超过 $limit 字节",
        "a line is longer than $limit bytes",
        "请将长篇文字和数据表移出记录，或不保存推理过程",
        "keep long texts and tables of data out of it, or record it without its trace",
    ),
    "log-data-not-canonical": text_of(
        "$name 处的数据没有规范写法：$problem",
        "the data at $name have no canonical form: $problem",
        "只能用文本、整数、真、假、空、列表和映射，键为小写字母、数字及 _ . -",
        "use texts, whole numbers, true, false, null, lists and mappings named in a-z 0-9 _ . -",
    ),
    "log-field-missing": text_of("缺少 $name", "$name is missing", *_SHAPE),
    "log-field-unknown": text_of("没有 $name 这一项", "there is no field $name", *_SHAPE),
    "log-field-wrong": text_of(
        "$name 应为 $expected，实为 $found", "$name: expected $expected, found $found", *_SHAPE
    ),
    "log-field-needed": text_of(
        "$kind 类记录须有 `$name`",
        "an entry of the kind $kind needs `$name`",
        *_SHAPE,
    ),
    "log-field-not-needed": text_of(
        "$kind 类记录不得有 `$name`",
        "an entry of the kind $kind has no `$name`",
        *_SHAPE,
    ),
    "log-digest-differs": text_of(
        "`$name` 不是所存 `$of` 的摘要",
        "`$name` is not the digest of the `$of` beside it",
        *_CHANGED,
    ),
    "log-tail-cut": text_of(
        "文件末尾自第 $offset 字节起有 $bytes 字节未写完整",
        "the last $bytes bytes of the file, from $offset on, were not written whole",
        *_MEND,
    ),
    "log-tail-zeros": text_of(
        "文件末尾自第 $offset 字节起的 $bytes 字节中有零字节",
        "there are zero bytes in the last $bytes bytes of the file, from $offset on",
        *_MEND,
    ),
    "log-tail-garbage": text_of(
        "文件末尾自第 $offset 字节起有 $bytes 字节不是记录的开头",
        "the last $bytes bytes of the file, from $offset on, do not begin an entry",
        *_MEND,
    ),
    "log-gap": text_of(
        "第 $offset 字节处是第 $seq 条记录，其前缺少$missing",
        "entry $seq stands at byte $offset; missing before it: $missing",
        *_CHANGED,
    ),
    "log-reordered": text_of(
        "第 $offset 字节处是第 $seq 条记录，却排在第 $last 条之后，次序不对",
        "entry $seq stands at byte $offset after entry $last, out of its order",
        *_CHANGED,
    ),
    "log-duplicate": text_of(
        "第 $offset 字节处的第 $seq 条记录与第 $earlier 字节处的完全相同",
        "entry $seq at byte $offset stands at byte $earlier already",
        *_CHANGED,
    ),
    "log-fork": text_of(
        "第 $offset 字节处的第 $seq 条记录与此前另一条接在同一处：一个文件内有两段历史",
        "entry $seq at byte $offset has the place of another: there are two histories in the file",
        "请与检查点核对，查明哪一段为真",
        "hold it against its checkpoints to see which of the two was published",
    ),
    "log-chain-broken": text_of(
        "第 $offset 字节处的第 $seq 条记录，其 `prev` 不是前一行的摘要",
        "entry $seq at byte $offset does not name the digest of the line before it in `prev`",
        "前一行或本行在写入之后被改动；请与检查点核对",
        "the line before it was changed, or this one; hold the log against its checkpoints",
    ),
    "log-of-another": text_of(
        "本条属于日志 $found，而文件属于 $own",
        "this entry is of the log $found, and the file of $own",
        *_CHANGED,
    ),
    "log-time-backwards": text_of(
        "记录时间 $found 早于前一条的 $last",
        "it is recorded at $found, before the last entry at $last",
        "请核对时钟；记录时间不得倒退",
        "check the clock; the time of recording never runs backwards",
    ),
    "log-request-twice": text_of(
        "请求 `$name` 已记入第 $seq 条",
        "the request `$name` is recorded in entry $seq already",
        *_CHANGED,
    ),
    "log-request-taken": text_of(
        "请求 `$name` 已记入第 $seq 条，内容与此不同",
        "the request `$name` is recorded in entry $seq with another content",
        "重复同一请求须内容相同；新的请求请用新的标识",
        "repeat a request as it was; a new one has an id of its own",
    ),
    "log-refers-to-changed": text_of(
        "所指的第 $seq 条记录所在的行有问题，本条自身完好",
        "it refers to entry $seq, whose line is not sound; this one is whole itself",
        "请看那一行的问题",
        "see what is wrong with that line",
    ),
    "log-refers-nowhere": text_of(
        "所指的第 $seq 条记录不在此前",
        "it refers to entry $seq, which does not stand before it",
        "请核对记录的编号",
        "check the number of the entry",
    ),
    "log-refers-to-no-decision": text_of(
        "所指的第 $seq 条记录为 $kind 类，不含决定",
        "it refers to entry $seq of the kind $kind, which holds no decision",
        "请指明含决定的记录",
        "refer to the entry that holds the decision",
    ),
    "log-refers-otherwise": text_of(
        "所指的第 $seq 条记录，其决定摘要为 $stands",
        "it refers to entry $seq, whose decision has the digest $stands",
        "请核对编号与摘要",
        "check the number and the digest",
    ),
    "log-refers-to-revoked": text_of(
        "所指的第 $seq 条记录已由第 $by 条撤销",
        "it refers to entry $seq, which entry $by revoked",
        "已撤销的决定不再更改；请另作决定",
        "a decision that was revoked is not changed any more; record a new one",
    ),
    "log-refers-to-superseded": text_of(
        "所指的第 $seq 条记录已由第 $by 条取代",
        "it refers to entry $seq, whose place entry $by took",
        "请指明第 $by 条",
        "refer to entry $by",
    ),
    "log-ended": text_of(
        "日志已由第 $seq 条记录终止",
        "the log was closed for good by entry $seq",
        "请另立新的日志",
        "begin another log",
    ),
    "log-not-open": text_of(
        "日志已关闭", "the log is not open any more", "请重新打开", "open it again"
    ),
    "log-locked": text_of(
        "另一写入方正打开该日志",
        "another writer has this log open",
        "同一时间只能有一个写入方；读取不受影响",
        "there is one writer at a time; reading needs no lock",
    ),
    "log-replaced": text_of(
        "打开之后，该文件被改动或替换",
        "the file was changed or replaced by something else since it was opened",
        "未写入任何内容；请勿改动或替换打开中的日志",
        "nothing was added; leave a log alone while it is open",
    ),
    "log-broken": text_of(
        "此前一次写入失败，且未能复原",
        "an earlier write failed and could not be undone",
        "请关闭后重新打开，以查明日志现状",
        "close it and open it again, to see how the log stands",
    ),
    "log-failed": text_of(
        "日志无法读写：$problem",
        "the log cannot be read or written: $problem",
        "此前已确认写入的记录不受影响",
        "what was acknowledged before is not touched by it",
    ),
    "worker-lost": text_of(
        "一个工作进程在完成之前终止，未作出任何结论",
        "a process that worked on it ended before it was done, and nothing was concluded",
        "请查看内存是否不足，再次运行，或用较少的进程（--jobs）",
        "see whether memory ran out; run it again, or with fewer processes (--jobs)",
    ),
}
