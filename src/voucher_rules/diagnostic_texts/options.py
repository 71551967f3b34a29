"""Comes in: nothing. Goes out: what diagnostics of options that do not go together say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

OPTIONS: Final[Mapping[str, DiagnosticText]] = {
    "start-already-stated": text_of(
        "$name 已有施行日期：$day",
        "the first day of $name is stated already: $day",
        "只有文本没有写明施行日期的，才另行写明；若规则集有误，请更正规则集",
        "only a day that the text leaves open is stated so; correct the ruleset if it is wrong",
    ),
    "start-without-force": text_of(
        "$name 没有效力（$status），无从写明施行日期",
        "$name has no force ($status), so that it has no first day",
        "可假定其已施行：assume_in_force=True 或 --assume-in-force",
        "it may be assumed to be in force: assume_in_force=True or --assume-in-force",
    ),
    "option-alone": text_of(
        "$option 只与 $other 一同使用",
        "$option is only for use with $other",
        "请补上或删去",
        "add the one or leave the other out",
    ),
    "argument-wrong-kind": text_of(
        "$name 应为$expected，实为$found",
        "$name: expected $expected, found $found",
        "请查阅该函数的参考文档，改用所需的值",
        "see the reference of the function for what it takes",
    ),
    "argument-not-a-list": text_of(
        "$name 应为列表，实为一项$found",
        "$name: expected a list, found one $found",
        "只有一项的也请写在列表之内：$name=[…]",
        "write it within a list, also where there is one: $name=[…]",
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
    "output-is-input": text_of(
        "「$path」是本命令所读的文件，不得覆盖",
        "`$path` is a file this command reads, and is not written over",
        "请写入另一个文件",
        "name another file to write to",
    ),
    "output-is-kept": text_of(
        "「$path」是日志、台账、检查点、秘密文件或者私钥，不得覆盖",
        "`$path` is a log, ledger, checkpoint, file of secrets or private key, and is not written "
        "over",
        "请写入另一个文件",
        "name another file to write to",
    ),
}
