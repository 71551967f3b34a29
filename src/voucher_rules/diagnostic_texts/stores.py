"""Comes in: nothing. Goes out: what diagnostics of a ledger's entries and its stores say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

_CHANGED = (
    "请勿手工修改台账；如已损坏，请从备份恢复",
    "a ledger is not edited by hand; where it is damaged, take it from a backup",
)
_BACKUP = (
    "台账在写入之后被改动或损坏；请从备份恢复",
    "the ledger was changed or damaged after it was written; take it from a backup",
)

STORES: Final[Mapping[str, DiagnosticText]] = {
    "entry-wrong-value": text_of(
        "`$name` 应为 $expected，实为 $found",
        "`$name`: expected $expected, found $found",
        "记录只保存能原样取回的值",
        "an entry holds only what can be given back as it was",
    ),
    "entry-key-missing": text_of("缺少键 `$name`", "the key `$name` is missing", *_CHANGED),
    "entry-key-unknown": text_of("记录没有键 `$name`", "an entry has no key `$name`", *_CHANGED),
    "entry-key-twice": text_of("键 `$name` 重复", "the key `$name` appears twice", *_CHANGED),
    "entry-hidden-character": text_of(
        "`$name` 含有不可见字符 $character",
        "`$name` holds a character that does not show, $character",
        "请删除；此类字符多由网页或文档复制带入",
        "delete it; it often comes along when text is copied from a web page or a document",
    ),
    "entry-number-too-long": text_of(
        "`$name` 的数字超过 $limit 位",
        "`$name` holds a number of more than $limit digits",
        "金额以分为单位，请核对",
        "amounts are in minor units; check it",
    ),
    "entry-moment-not-utc": text_of(
        "`$name` 的时刻 $found 未注明为 UTC",
        "the moment $found of `$name` is not given in UTC",
        "请先换算，如 `moment.astimezone(UTC)`",
        "turn it into UTC first, as `moment.astimezone(UTC)` does",
    ),
    "entry-too-deep": text_of(
        "记录中的事实嵌套超过 $limit 层",
        "the facts of an entry nest deeper than $limit levels",
        "请减少嵌套层级",
        "flatten the structure",
    ),
    "entry-too-large": text_of(
        "一条记录超过 $limit 字节",
        "an entry is larger than $limit bytes",
        "请将长篇文字和数据表移出记录",
        "keep long texts and tables of data out of it",
    ),
    "entry-not-json": text_of(
        "不是有效的 JSON：$problem", "this cannot be read as JSON: $problem", *_CHANGED
    ),
    "entry-not-canonical": text_of(
        "记录的写法与规定不符（空格、键的次序或转义）",
        "the entry is not spelled as entries are: spaces, order of keys or escapes",
        *_CHANGED,
    ),
    "store-moved-on": text_of(
        "台账已有 $last 条记录，写入方只读到第 $expected 条",
        "the ledger holds $last entries, of which the writer has seen $expected",
        "未写入任何内容；请读取新记录后重试",
        "nothing was stored; read the new entries and try again",
    ),
    "store-behind": text_of(
        "台账只有 $last 条记录，写入方却已读到第 $expected 条",
        "the ledger holds $last entries, and the writer has seen $expected",
        "请确认打开的是同一台账，且未用旧备份覆盖",
        "check that it is the same ledger and no older copy of it",
    ),
    "store-gap": text_of(
        "第 $last 条记录之后是第 $found 条",
        "entry $found stands after entry $last",
        "记录须从 1 起逐条连续编号",
        "entries are numbered from 1 without a gap",
    ),
    "store-id-taken": text_of(
        "已有标识为 `$name` 的记录",
        "there is an entry with the id `$name` already",
        "每条记录须有各自的标识；更正请用 `corrects`",
        "every entry has an id of its own; to correct one, name it in `corrects`",
    ),
    "store-closed": text_of("台账已关闭", "the ledger is closed", "请重新打开", "open it again"),
    "store-read-only": text_of(
        "台账以只读方式打开",
        "the ledger was opened for reading only",
        "请去掉 `read_only` 后重新打开",
        "open it without `read_only`",
    ),
    "store-locked": text_of(
        "另一写入方正打开该台账",
        "another writer has this ledger open",
        "同一时间只能有一个写入方；只读取的请用 `read_only`",
        "there is one writer at a time; who only reads opens it with `read_only`",
    ),
    "store-busy": text_of(
        "等待 $seconds 秒后，另一写入方仍占用该台账",
        "another writer still holds this ledger after $seconds seconds",
        "未写入任何内容；请稍后重试",
        "nothing was stored; try again later",
    ),
    "store-torn": text_of(
        "文件末尾有 $bytes 字节未写完整",
        "the last $bytes bytes of the file were not written whole",
        "写入中断所致，此前各批均完整；请运行 `repair`，未写完的字节另存于旁",
        "a write was cut off, and all batches before it are whole; `repair` moves the rest aside",
    ),
    "store-batch-damaged": text_of(
        "本行的 `$part` 与其内容不符",
        "the `$part` of this line does not agree with what the line holds",
        *_BACKUP,
    ),
    "store-row-damaged": text_of(
        "第 $seq 条记录的各列与其文本不符",
        "the columns of entry $seq do not say what its text says",
        *_BACKUP,
    ),
    "store-batch-too-large": text_of(
        "一批记录超过 $limit 字节",
        "a batch is larger than $limit bytes",
        "请分成若干批",
        "part it into several batches",
    ),
    "store-not-a-ledger": text_of(
        "这不是台账",
        "this is no ledger",
        "请核对路径；原有内容未作改动",
        "check the path; what is there was left alone",
    ),
    "store-version-unknown": text_of(
        "台账的格式为 $found，本程序只认识 $known",
        "the ledger has the format $found, and this program knows $known",
        "请使用写入该台账的版本或更新的版本",
        "use the version of the library that wrote it, or a later one",
    ),
    "store-schema-changed": text_of(
        "台账的表或触发器已被改动",
        "the table or the triggers of the ledger are not as they were made",
        *_BACKUP,
    ),
    "store-failed": text_of(
        "台账无法读写：$problem",
        "the ledger cannot be read or written: $problem",
        "此前已确认写入的记录不受影响",
        "what was acknowledged before is not touched by it",
    ),
    "store-broken": text_of(
        "此前一次写入失败，且未能复原",
        "an earlier write failed and could not be undone",
        "请关闭后重新打开，以查明台账现状",
        "close it and open it again, to see how the ledger stands",
    ),
    "store-uncertain": text_of(
        "提交时连接中断，该批是否已写入不得而知：$problem",
        "the connection was lost on commit, so the batch may be stored or not: $problem",
        "请重新打开，读取最后的记录后再决定是否重试",
        "open it again and read its last entries before trying again",
    ),
    "store-replaced": text_of(
        "打开之后，该文件被改动或替换",
        "the file was changed or replaced by something else since it was opened",
        "未写入任何内容；请勿改动或替换打开中的台账",
        "nothing was stored; leave a ledger alone while it is open",
    ),
    "store-without-wal": text_of(
        "该处无法使用 SQLite 的预写日志",
        "SQLite cannot keep its write-ahead log here",
        "请放在本机磁盘上，不要放在网络文件夹中",
        "keep the ledger on a disk of this machine and not in a network folder",
    ),
    "store-package-missing": text_of(
        "PostgreSQL 台账需要 $package，尚未安装",
        "a ledger in PostgreSQL needs $package, which is not installed",
        "请运行 pip install 'voucher-rules[sql]'",
        "run pip install 'voucher-rules[sql]'",
    ),
    "store-not-postgresql": text_of(
        "$found 不是 PostgreSQL 数据库的地址",
        "$found is not the address of a PostgreSQL database",
        "应形如 postgresql://user@host/database；SQLite 请用 SqliteStore",
        "one looks like postgresql://user@host/database; for SQLite there is SqliteStore",
    ),
    "store-wrong-name": text_of(
        "`$name` 不能作为台账的名称",
        "`$name` cannot be the name of a ledger",
        "请用小写字母开头，只含小写字母、数字和下划线，不超过 $limit 个字符",
        "begin with a small letter and use small letters, digits and `_`, at most $limit of them",
    ),
    "store-not-utf8": text_of(
        "数据库的编码为 $found，不是 UTF8",
        "the database is encoded in $found and not in UTF8",
        "请新建编码为 UTF8 的数据库",
        "make a database encoded in UTF8",
    ),
    "store-suffix-unknown": text_of(
        "从文件名看不出台账的种类",
        "the name of the file does not tell what kind of ledger it is",
        "后缀须为以下之一：$known",
        "let it end in one of $known",
    ),
}
