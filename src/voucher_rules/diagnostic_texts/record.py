"""Comes in: nothing. Goes out: what diagnostics of logs of decisions and of checkpoints say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

_CHANGED = (
    "记录日志不得手工修改；请与检查点核对，或从备份恢复",
    "a log is not edited by hand; hold it against its checkpoints, or take it from a backup",
)
_MEND = (
    "写入中断所致，此前各行均完整；请用 `mend_tail` 将末尾移入另一文件",
    "a write was cut off, and all lines before it are whole; `mend_tail` moves the end aside",
)
_SHAPE = (
    "请对照日志文件的格式说明",
    "compare it with the description of log files",
)

RECORD: Final[Mapping[str, DiagnosticText]] = {
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
        "第 $offset 字节处是第 $seq 条记录，缺第 $first 至 $last 条中的记录",
        "entry $seq stands at byte $offset, and of the entries $first to $last some are missing",
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
    "log-key-twice": text_of(
        "密钥 `$name` 已经有了",
        "there is a key `$name` already",
        "每把密钥须有各自的标识",
        "every key has an id of its own",
    ),
    "log-key-unknown": text_of(
        "日志中没有密钥 `$name`",
        "the log has no key `$name`",
        "请核对密钥的标识",
        "check the id of the key",
    ),
    "log-key-extended": text_of(
        "密钥 `$name` 有效至 $until，不得延长",
        "the key `$name` holds good until $until, and no longer",
        "请改用新的标识另行加入",
        "add it again under another id",
    ),
    "log-key-change-not-signed": text_of(
        "第 $seq 条记录更改密钥，却没有可信密钥的签名",
        "entry $seq changes keys and is signed by none that is believed",
        "其中的更改不予采信；请核对密钥的来源",
        "its changes do not count; find out where these keys come from",
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
    "checkpoint-too-long": text_of(
        "检查点超过 $limit 字节",
        "a checkpoint is longer than $limit bytes",
        "请核对路径",
        "check the path",
    ),
    "checkpoint-not-an-envelope": text_of(
        "这不是检查点",
        "this is no checkpoint",
        "检查点是一个 DSSE 信封，由 `save_checkpoint` 写出",
        "a checkpoint is a DSSE envelope, as `save_checkpoint` writes it",
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
        "标识相同而文件头不同的，也不是同一日志",
        "with another header it is another log, also under the same id",
    ),
    "checkpoint-missing-tail": text_of(
        "日志只有 $size 条记录，检查点已有 $expected 条",
        "the log holds $size entries, and the checkpoint was made over $expected",
        "末尾的记录被截去，或者读到的是旧的副本；请查明其去向",
        "entries were cut off its end, or this is an older copy; find out where they are",
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
    "key-not-readable": text_of(
        "无法读取私钥 `$name`",
        "the private key `$name` cannot be read",
        "应为 PEM（PKCS #8），有密码的须给出密码",
        "it should be PEM (PKCS #8), with its password where it has one",
    ),
    "key-not-ed25519": text_of(
        "私钥 `$name` 不是 Ed25519 密钥",
        "the private key `$name` is no Ed25519 key",
        "可用 openssl genpkey -algorithm ed25519 生成",
        "make one with openssl genpkey -algorithm ed25519",
    ),
    "certificate-not-readable": text_of(
        "无法读取证书",
        "a certificate cannot be read",
        "应为 PEM 格式",
        "it should be PEM",
    ),
    "record-package-missing": text_of(
        "此处需要 $package，尚未安装",
        "this needs $package, which is not installed",
        "请运行 pip install 'voucher-rules[$extra]'",
        "run pip install 'voucher-rules[$extra]'",
    ),
    "key-file-not-readable": text_of(
        "文件 $path 中没有公钥",
        "there is no public key in the file $path",
        "应为 Ed25519 公钥的 PEM（openssl pkey -pubout），或日志文件头写法的密钥（JSON）",
        "give an Ed25519 public key as PEM (openssl pkey -pubout), or keys as a log's header has "
        "them (JSON)",
    ),
    "option-alone": text_of(
        "$option 只与 $other 一同使用",
        "$option is only for use with $other",
        "请补上或删去",
        "add the one or leave the other out",
    ),
    "option-missing": text_of(
        "使用 $other 时须写明 $option",
        "$other needs $option",
        "请补上",
        "add it",
    ),
    "option-against": text_of(
        "$option 不能与 $other 同时使用",
        "$option does not go with $other",
        "请删去其一",
        "leave one of the two out",
    ),
    "proof-of-nothing": text_of(
        "日志中没有第 $first 至 $last 条",
        "the log has no entries $first to $last",
        "请核对编号；检查点的条数即其范围",
        "check the numbers; a checkpoint is over as many entries as its size",
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
        "只能更正、重新作出或撤销已记录的决定",
        "only a recorded decision can be corrected, taken anew or revoked",
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
        "打开日志时请给出 `secrets`",
        "give `secrets` when opening the log",
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
        "请从备份恢复该文件",
        "take the file from a backup",
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
