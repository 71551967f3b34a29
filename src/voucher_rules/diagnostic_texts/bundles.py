"""Comes in: nothing. Goes out: what diagnostics of bundles of decisions say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

_UNPACK = (
    "请用可信的解包工具解到一个空文件夹，再核验该文件夹",
    "unpack it into an empty folder with a tool you trust, and check the folder",
)
_CHANGED = (
    "决定包不得手工修改；请向出具者另取一份",
    "a bundle is not edited by hand; get another copy from whoever made it",
)
_FOREIGN = (
    "此包或经拼凑；请查明其来历",
    "it may have been pieced together; find out where it comes from",
)

BUNDLES: Final[Mapping[str, DiagnosticText]] = {
    "bundle-not-a-bundle": text_of(
        "这不是决定包",
        "this is no bundle of a decision",
        "请核对路径",
        "check the path",
    ),
    "bundle-written-otherwise": text_of(
        "此 zip 的字节不是决定包应有的写法：或经压缩、加密，或含链接、注释、多余字节",
        "the bytes of this zip are not those of a bundle: it is packed or encrypted, or there are "
        "links, comments or bytes between",
        *_UNPACK,
    ),
    "bundle-name-refused": text_of(
        "决定包中不得有名为 `$name` 的文件",
        "no file of a bundle has the name `$name`",
        "名称须在包内文件夹之下，不得为链接或特殊文件，也不得含引号、冒号之类的字符",
        "a name stays below the folder it is unpacked into, is of a plain file, and has no quotes, "
        "colons and the like",
    ),
    "bundle-name-of-system": text_of(
        "文件 `$name` 由操作系统放入，不属于决定包",
        "the file `$name` was put there by the system and is not of the bundle",
        "请删去该文件后再核验",
        "remove it, and check again",
    ),
    "bundle-packed-anew": text_of(
        "此 zip 由其他工具重新打包，字节不再是决定包的写法",
        "another tool packed this zip anew, and its bytes are no longer those of a bundle",
        *_UNPACK,
    ),
    "bundle-secrets-half-asked": text_of(
        "放入盐值须同时写明盐值文件（secrets）和确要放入（with_secrets）",
        "secrets go in where both their file (`secrets`) and the wish (`with_secrets`) are given",
        "决定包因此含有个人信息；命令为 `--secrets FILE --with-secrets`；不放入则两者都不写",
        "the bundle then holds personal data; on the command line `--secrets FILE --with-secrets`; "
        "leave both out where none are to go in",
    ),
    "bundle-name-twice": text_of(
        "文件 `$name` 出现两次（不计大小写）",
        "there is a file `$name` twice, capitals not counted",
        *_FOREIGN,
    ),
    "bundle-too-large": text_of(
        "决定包至多有 $files 个文件，共 $bytes 字节",
        "a bundle has at most $files files, of $bytes bytes together",
        "请核对路径；大包请改用日志本身",
        "check the path; for more, hand over the log itself",
    ),
    "bundle-not-anchored": text_of(
        "第 $seq 条记录涉及该决定或日志的公钥，而检查点只含前 $size 条",
        "entry $seq is about this decision or the keys of the log, and the checkpoint covers only "
        "the first $size entries",
        "请新做一个检查点，或使用更晚的检查点",
        "make another checkpoint, or use a later one",
    ),
    "bundle-not-of-decision": text_of(
        "第 $seq 条记录中没有决定",
        "entry $seq holds no decision",
        "决定包只为含决定的记录而做；涉及它的记录会一并放入",
        "a bundle is of an entry that holds a decision; entries about that are put in with it",
    ),
    "bundle-law-missing": text_of(
        "找不到 $name（$digest）所需的规则、通知或日历",
        "the ruleset, the notices or the calendars of $name ($digest) were not found",
        "请用 `folders`（`--rulesets`）给出当时的规则文件夹",
        "name the folder that holds the rulesets of then: `folders`, or `--rulesets`",
    ),
    "bundle-law-differs": text_of(
        "找到的 $name 与记录所依据的（$digest）不同",
        "the $name that was found is not the one the record rests on ($digest)",
        "请用 `folders`（`--rulesets`）给出当时的规则文件夹",
        "name the folder that holds the rulesets of then: `folders`, or `--rulesets`",
    ),
    "bundle-file-missing": text_of("缺少文件 `$name`", "the file `$name` is missing", *_CHANGED),
    "bundle-file-unknown": text_of(
        "文件 `$name` 不属于此包", "the file `$name` does not belong here", *_FOREIGN
    ),
    "bundle-file-differs": text_of(
        "文件 `$name` 与包中其他文件所说不一致",
        "the file `$name` is not what the other files make of it",
        *_CHANGED,
    ),
    "bundle-sum-differs": text_of(
        "文件 `$name` 与清单所列不一致",
        "the file `$name` is not the one listed",
        *_CHANGED,
    ),
    "bundle-of-another-log": text_of(
        "此处属于日志 $found，而包的首行属于 $own",
        "this is of the log $found, and the header of the bundle is of $own",
        *_FOREIGN,
    ),
    "bundle-not-included": text_of(
        "所附证明得不出：第 $seq 条记录在检查点所含的 $size 条之中",
        "the proof does not show that entry $seq is among the $size of the checkpoint",
        *_FOREIGN,
    ),
    "bundle-not-related": text_of(
        "第 $seq 条记录并不涉及该决定",
        "entry $seq is not about this decision",
        *_FOREIGN,
    ),
    "bundle-other-checkpoint": text_of(
        "包中的检查点为 $found，而您所持的为 $held",
        "the checkpoint of the bundle is $found, and the one you hold is $held",
        "两者若为同一日志，请用较早的一个核对日志是否重写",
        "where both are of one log, have the log held against the earlier of them",
    ),
    "bundle-stamp-bad": text_of(
        "时间戳不能证明该检查点：$problem",
        "the time stamp does not vouch for the checkpoint: $problem",
        "请核对时间戳机构的证书",
        "check the certificate of the authority",
    ),
    "bundle-opening-bad": text_of(
        "`$name` 不是所承诺的盐与文字",
        "`$name` is not the salt and the text that were committed to",
        *_FOREIGN,
    ),
}
