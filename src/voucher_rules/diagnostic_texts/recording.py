"""Comes in: nothing. Goes out: what diagnostics of recording, and of what is hidden, say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

RECORDING: Final[Mapping[str, DiagnosticText]] = {
    "record-hypothetical": text_of(
        "假设情形下的决定不能记录",
        "a decision under a what-if is not recorded",
        "请按发布的规则集重新作出决定",
        "decide under the ruleset as published",
    ),
    "record-not-canonical": text_of(
        "该值无法按规范形式写入：$problem",
        "this cannot be written in its canonical form: $problem",
        "文字须为 Unicode NFC 形式；本库不改写所陈述的事实",
        "a text has to be in Unicode NFC; what was stated is not rewritten",
    ),
    "record-not-of-decision": text_of(
        "第 $seq 条记录中没有决定",
        "entry $seq holds no decision",
        "请核对编号；只有已记录的决定可以更正、重新作出、撤销或擦除其隐去的事实",
        "check the number; only a recorded decision can be corrected, taken anew or revoked, or "
        "its hidden facts erased",
    ),
    "record-not-there": text_of(
        "日志只有 $size 条记录，没有第 $seq 条",
        "the log holds $size entries, and none is numbered $seq",
        "请核对编号；`log show` 列出各条记录",
        "check the number; `log show` lists the entries",
    ),
    "record-ahead-of-clock": text_of(
        "记录时间 $found 晚于时钟的 $now",
        "the moment of recording, $found, lies ahead of the clock, $now",
        "此后至该时刻之前的记录都会被拒绝；请不写 `at`，或校正时钟",
        "it would keep out every entry until then; leave `at` out, or set the clock",
    ),
    "record-of-another-ruleset": text_of(
        "第 $seq 条记录依据的是规则集 `$held`，不是 `$found`",
        "entry $seq is under the ruleset `$held`, and not `$found`",
        "请核对条目的编号；记错了对象的，请撤销该条，另行记录",
        "check the number of the entry; to undo one that should not be there, revoke it and record "
        "a new one",
    ),
    "record-of-another-question": text_of(
        "第 $seq 条记录的是决定 `$held`，不是 `$found`",
        "entry $seq is of the decision `$held`, and not `$found`",
        "请核对条目的编号；记错了对象的，请撤销该条，另行记录",
        "check the number of the entry; to undo one that should not be there, revoke it and record "
        "a new one",
    ),
    "record-of-another-subject": text_of(
        "第 $seq 条记录的对象是 `$held`，不是 `$found`",
        "entry $seq is about `$held`, and not `$found`",
        "请核对条目的编号；记错了对象的，请撤销该条，另行记录",
        "check the number of the entry; to undo one that should not be there, revoke it and record "
        "a new one",
    ),
    "hidden-fact-unknown": text_of(
        "没有事实 $name，无法隐去",
        "there is no fact $name to hide",
        "列表中的字段写作 `列表.字段`",
        "a field of a list is written `list.field`",
    ),
    "hidden-fact-no-text": text_of(
        "$name 的类型为 $found，无法隐去",
        "$name is a $found and cannot be hidden",
        "只有文字和编号可以隐去；数额和日期会在计算步骤中出现",
        "only texts and ids can be; an amount or a day shows in the steps that work with it",
    ),
    "hiding-needs-secrets": text_of(
        "要隐去事实，须先说明盐值存放于何处",
        "facts can only be hidden where what opens them is kept",
        "打开日志时请给出 `secrets`，命令为 `--secrets`",
        "give `secrets` when opening the log, or `--secrets` on the command line",
    ),
    "secrets-locked": text_of(
        "盐值文件正由另一程序写入",
        "the file of secrets is open elsewhere for writing",
        "请待其关闭后再试",
        "try again when it is closed",
    ),
    "secrets-failed": text_of(
        "盐值文件无法读写：$problem",
        "the file of secrets cannot be read or written: $problem",
        "此前已确认写入的内容不受影响",
        "what was acknowledged before is not touched by it",
    ),
    "secret-of-no-entry": text_of(
        "请求 `$request` 的 `$name`：盐值不属于日志的任何一条记录",
        "the secret of `$name` for the request `$request` belongs to no entry of the log",
        "记录未写成即告中断，或者日志缺少末尾；核对检查点后，可用 `log mend --secrets` 抹去",
        "recording was cut off, or the log lacks its end; hold it against its checkpoints, and "
        "then `log mend --secrets` erases it",
    ),
    "secret-still-there": text_of(
        "请求 `$request` 的 `$name`：日志记有擦除，盐值却仍在",
        "the log says that the secret of `$name` for the request `$request` was erased, and it was "
        "not",
        "擦除中断所致；可用 `log mend --secrets` 抹去",
        "erasing was cut off; `log mend --secrets` erases it",
    ),
    "nothing-to-erase": text_of(
        "此盐值文件中没有第 $seq 条记录的内容",
        "this file of secrets opens nothing of entry $seq",
        "未记录擦除；请核对编号与文件，此前抹去的已不在其中",
        "nothing was recorded; check the number and the file, and whether it was erased before",
    ),
    "secret-damaged": text_of(
        "此行不是盐值记录",
        "this line is no secret",
        "请核对所给是否为日志的盐值文件；若是而有损坏，请从备份恢复",
        "check that it is the file of secrets of the log; where it is and was damaged, take it "
        "from a backup",
    ),
    "secret-differs": text_of(
        "$name 的承诺值与盐值、原文不符",
        "the commitment of $name is not that of its salt and text",
        "该行已被改动，请从备份恢复该文件",
        "the line was changed: take the file from a backup",
    ),
    "secret-of-another-text": text_of(
        "请求 $request 此前记录的 $name 为另一内容",
        "request $request said another $name before",
        "内容不同的请求须使用另一编号",
        "another content is another request, under another name",
    ),
}
