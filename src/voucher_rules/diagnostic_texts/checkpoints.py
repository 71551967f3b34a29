"""Comes in: nothing. Goes out: what diagnostics of checkpoints, proofs and time stamps say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

CHECKPOINTS: Final[Mapping[str, DiagnosticText]] = {
    "checkpoint-too-long": text_of(
        "检查点超过 $limit 字节",
        "a checkpoint is longer than $limit bytes",
        "请核对路径",
        "check the path",
    ),
    "checkpoint-not-an-envelope": text_of(
        "这不是检查点",
        "this is no checkpoint",
        "检查点是一个 DSSE 信封，由 `log checkpoint` 写出",
        "a checkpoint is a DSSE envelope, as `log checkpoint` writes it",
    ),
    "checkpoint-not-canonical": text_of(
        "检查点的写法与规定不符（空格、键的次序或转义）",
        "the checkpoint is not spelled as checkpoints are: spaces, order of keys or escapes",
        "请勿手工修改检查点",
        "a checkpoint is not edited by hand",
    ),
    "checkpoint-contradicts-itself": text_of(
        "检查点的条数、根值与末条不相容",
        "the size, the root and the last entry of the checkpoint do not go together",
        "请勿手工修改检查点",
        "a checkpoint is not edited by hand",
    ),
    "checkpoint-of-another": text_of(
        "检查点属于日志 $found，而此处为 $own",
        "the checkpoint is of the log $found, and this is $own",
        "请核对检查点与日志的来源",
        "find out which log the checkpoint was made of",
    ),
    "checkpoint-other-header": text_of(
        "检查点所证的日志标识同为 $own，而首行不同",
        "the checkpoint is of a log of the same id, $own, with another header",
        "首行被改动，或者另有同名的日志；请核对首行",
        "the first line was changed, or there is another log of that name; look at the first line",
    ),
    "checkpoint-missing-tail": text_of(
        "日志只有 $size 条记录，检查点已有 $expected 条",
        "the log holds $size entries, and the checkpoint was made over $expected",
        "末尾的记录被截去，或删去记录后重新编号，或者读到的是旧的副本；请查明其去向",
        "entries were cut off its end, or it was numbered anew without them, or this is an older "
        "copy; find out where they are",
    ),
    "checkpoint-missing-entries": text_of(
        "日志只有 $size 条记录，检查点已有 $expected 条，而末条的编号并不小于 $expected",
        "the log holds $size entries, and the checkpoint was made over $expected; its last entry "
        "is numbered $expected or above",
        "末尾未缺，缺的在中间；请用完整的副本核对所缺的编号",
        "its end is there: what is missing stood before it; find the numbers in a whole copy",
    ),
    "checkpoint-differs": text_of(
        "日志的前 $size 条记录与检查点不符",
        "the first $size entries of the log are not those of the checkpoint",
        "记录在检查点之后被改动，或者另有一段历史；请与更早的检查点核对",
        "they were changed since, or this is another history; try an earlier checkpoint",
    ),
    "checkpoint-two-histories": text_of(
        "同为 $size 条记录，检查点 $other 的根值却不同",
        "the checkpoint $other of $size entries too has another root",
        "同一日志有两段历史；请查明哪一段为真",
        "there are two histories of the log; find out which is true",
    ),
    "checkpoint-branch": text_of(
        "检查点 $other 也接在同一检查点之后",
        "the checkpoint $other follows the same one as this",
        "检查点应逐个相接；请查明是否有两段历史",
        "checkpoints follow one another; find out whether there are two histories",
    ),
    "checkpoint-shrunk": text_of(
        "检查点有 $size 条记录，少于此前检查点的 $expected 条",
        "the checkpoint is of $size entries, fewer than the $expected of the one before",
        "日志只增不减；请查明末尾记录的去向",
        "a log only grows; find out where its end has gone",
    ),
    "checkpoint-before-previous": text_of(
        "检查点的时间 $found 早于前一检查点的 $last",
        "the checkpoint is issued at $found, before the one it follows at $last",
        "请核对时钟",
        "check the clock",
    ),
    "checkpoint-before-entries": text_of(
        "检查点的时间 $found 早于末条记录的 $last",
        "the checkpoint is issued at $found, before the last entry at $last",
        "请核对时钟",
        "check the clock",
    ),
    "proof-of-nothing": text_of(
        "日志不曾由 $first 条增长到 $last 条",
        "the log did not grow from $first entries to $last",
        "请核对条数：前者须不小于 1、不大于后者，后者不大于日志的条数",
        "check the numbers: the first is at least 1 and no larger than the second, which is no "
        "larger than the log",
    ),
    "proof-of-no-entry": text_of(
        "检查点只含第 1 至 $size 条，没有第 $seq 条",
        "the checkpoint covers entries 1 to $size, and entry $seq is none of them",
        "请核对编号；此后的记录须用更晚的检查点",
        "check the number; for a later entry use a later checkpoint",
    ),
    "stamp-of-no-checkpoint": text_of(
        "时间戳 $path 不属于任何给出的检查点",
        "the time stamp $path is of none of the checkpoints given",
        "请一并给出它所属的检查点",
        "give the checkpoint it was made over as well",
    ),
    "stamp-without-authority": text_of(
        "有时间戳 $path，却没有给出可信的时间戳机构",
        "there is the time stamp $path, and no authority is believed",
        "请以 PEM 给出该机构的根证书",
        "give the root certificate of the authority, as PEM",
    ),
    "checkpoint-not-signed": text_of(
        "检查点没有所给密钥的有效签名：$found",
        "no key that was given has signed this checkpoint: $found",
        "请核对公钥及其标识的来源",
        "find out whose key it is, and which id it goes by",
    ),
    "checkpoint-signature-not-good": text_of(
        "检查点的签名不成立：$found",
        "the signature of this checkpoint does not hold good: $found",
        "这说明检查点文件有问题，不说明日志的各行有问题；请核对密钥，或另取一份检查点",
        "this is a fault of the checkpoint and not of the lines of the log; check the key, or get "
        "the checkpoint anew",
    ),
    "checkpoint-stamp-bad": text_of(
        "时间戳不能证明该检查点：$problem",
        "the time stamp does not vouch for the checkpoint: $problem",
        "这说明时间戳有问题，不说明日志的各行有问题；请核对时间戳机构的证书",
        "this is a fault of the time stamp and not of the lines of the log; check the certificate "
        "of the authority",
    ),
    "checkpoint-key-unknown": text_of(
        "日志不认可以标识 `$name` 所作的签名：$found",
        "the log knows no such key under the id `$name`, or it does not hold good: $found",
        "未写出检查点；请用 `log keys` 所列的密钥及其标识签名",
        "no checkpoint was written; sign with a key that `log keys` lists, under the id it has "
        "there",
    ),
    "proof-not-readable": text_of(
        "这不是证明",
        "this is no proof",
        "证明由 `log prove` 写出（JSON）",
        "a proof is JSON, as `log prove` writes it",
    ),
    "proof-needs-checkpoints": text_of(
        "此类证明须与 $wanted 个检查点核对，给出了 $found 个",
        "this proof is held against $wanted checkpoints, and $found were given",
        "记录的证明须一个，日志增长的证明须两个",
        "one for a proof of an entry, two for one of how a log grew",
    ),
    "proof-of-another": text_of(
        "证明中 `$name` 为 $found，应为 $held",
        "the proof has $found for `$name`, where it should be $held",
        "证明不属于该检查点，或者已被改动",
        "it is not of this checkpoint, or it was changed",
    ),
    "proof-shows-nothing": text_of(
        "证明中的散列值推不出检查点的根值 $root",
        "the hashes of the proof do not lead to the root of the checkpoint, $root",
        "请向保管日志者另要证明",
        "ask whoever keeps the log for another proof",
    ),
    "proof-of-an-entry": text_of(
        "这是一条记录的证明，不是日志增长的证明",
        "this proof is of an entry, and not of how a log grew",
        "请用 `log prove --from --to` 作出的证明",
        "give one that `log prove --from --to` made",
    ),
}
