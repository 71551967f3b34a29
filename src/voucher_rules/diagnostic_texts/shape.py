"""Comes in: nothing. Goes out: what diagnostics of the shape of a ruleset say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

SHAPE: Final[Mapping[str, DiagnosticText]] = {
    "missing-key": text_of(
        "缺少键「$key」",
        "the key `$key` is missing",
        "请在此补上「$key:」",
        "add `$key:` here",
    ),
    "unknown-key": text_of(
        "此处没有键「$key」",
        "there is no key `$key` here",
        "请核对拼写和缩进，或者删除",
        "check the spelling and the indent, or remove it",
    ),
    "text-expected": text_of(
        "此处应为单个文字值",
        "expected a single text here",
        "请在冒号后只写一个值；含有冒号或井号的请加引号",
        "write one value after the colon, in quotes where it holds a colon or `#`",
    ),
    "says-nothing": text_of(
        "「$key」没有内容",
        "`$key` says nothing",
        "给人看的文字须有中文和英文；不需要的，请连同所在的键一并删除",
        "a text for people stands in both languages; leave it out whole where none is needed",
    ),
    "mapping-expected": text_of(
        "「$key」之下应为「键: 值」",
        "expected keys and values below `$key`",
        "请在下一行缩进书写各键，如「zh: 名称」「en: name」",
        "write its keys on the next lines, indented, e.g. `zh: 名称` and `en: name`",
    ),
    "list-expected": text_of(
        "「$key」之下应为列表",
        "expected a list below `$key`",
        "每一项以「- 」开头另起一行",
        "begin each entry on a line of its own with `- `",
    ),
    "too-few": text_of(
        "「$key」的项数不足",
        "`$key` has too few entries",
        "列表不得为空，读法至少有两个选项",
        "no list may be empty, and a reading has at least two options",
    ),
    "one-of-keys": text_of(
        "以下各键应当且只能写一个：$keys",
        "exactly one of these keys is needed: $keys",
        "请保留其一，删除其余",
        "keep one and remove the others",
    ),
    "keys-together": text_of(
        "以下各键必须同时出现：$keys",
        "these keys must stand together: $keys",
        "请补上缺少的键，或一并删除",
        "add the one that is missing, or remove the other",
    ),
    "key-beside-values": text_of(
        "「values」内写了「$key」，参数本身却没有「$wanted」",
        "`$key` stands below `values`, and the parameter has no `$wanted`",
        "请在与「values」同级处写一次「$wanted」，它适用于每个时段",
        "write `$wanted` once beside `values`; it holds for every dated value",
    ),
    "bad-shape": text_of(
        "「$key」的写法与此处要求不符",
        "`$key` does not have the shape expected here",
        "请对照规则集格式说明改写",
        "compare it with the reference of the ruleset format",
    ),
    "bad-ruleset-id": text_of(
        "「$name」不能作为规则集名称",
        "`$name` is not written as the name of a ruleset",
        "请用小写字母、数字和连字符，如「cn-nx-service-voucher」",
        "use lower-case letters, digits and hyphens, e.g. `cn-nx-service-voucher`",
    ),
    "unknown-language": text_of(
        "不支持该版本的规则语言",
        "this version of the language is not known",
        "请写「language: $known」",
        "write `language: $known`",
    ),
    "unknown-currency": text_of(
        "不支持币种「$found」",
        "there is no currency `$found`",
        "可用币种：CNY、HKD、USD、EUR、JPY",
        "the currencies are `CNY`, `HKD`, `USD`, `EUR` and `JPY`",
    ),
}
