"""Comes in: nothing. Goes out: what diagnostics of finding rulesets say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

FINDING: Final[Mapping[str, DiagnosticText]] = {
    "ruleset-not-found": text_of(
        "没有规则集「$name」",
        "there is no ruleset `$name`",
        "已查找的文件夹：$folders",
        "the folders searched: $folders",
    ),
    "edition-not-found": text_of(
        "「$name」没有版本「$edition」",
        "`$name` has no edition `$edition`",
        "现有版本：$known",
        "the editions there are: $known",
    ),
    "file-not-found": text_of(
        "没有文件「$path」",
        "there is no file `$path`",
        "请核对路径",
        "check the path",
    ),
    "folder-not-found": text_of(
        "没有文件夹「$path」",
        "there is no folder `$path`",
        "请核对路径；其中每个规则集各占一个文件夹，每个版本各为一个文件",
        "check the path; it holds a folder for each ruleset, with a file for each edition",
    ),
    "file-not-readable": text_of(
        "文件「$path」无法读取：$problem",
        "the file `$path` cannot be read: $problem",
        "请核对路径和读取权限",
        "check the path and the permission to read it",
    ),
    "file-not-writable": text_of(
        "文件「$path」无法写入：$problem",
        "the file `$path` cannot be written: $problem",
        "请核对文件夹是否存在以及写入权限",
        "check that its folder is there and may be written to",
    ),
    "text-lacks-provision": text_of(
        "文本中没有按顺序找到「$ref」",
        "the text does not hold `$ref` at its place",
        "请核对文本是否为该规则集所依据的文件",
        "check that the text is that of the document the ruleset was made from",
    ),
    "not-a-ruleset-file": text_of(
        "「$path」不是规则集文件",
        "`$path` is not the file of a ruleset",
        "请指定以「ruleset:」开头的 .yaml 文件，不是案件文件（.cases.yaml）",
        "give a `.yaml` file with the key `ruleset:`, not a file of cases (`.cases.yaml`)",
    ),
}
