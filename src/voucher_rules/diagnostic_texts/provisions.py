"""Comes in: nothing. Goes out: what diagnostics of provisions say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

PROVISIONS: Final[Mapping[str, DiagnosticText]] = {
    "duplicate-provision": text_of(
        "本条款重复列出",
        "this provision is listed twice",
        "首次列在第 $first 行，请合并",
        "the first is on line $first; join the two",
    ),
    "provision-outside-parent": text_of(
        "本条款不属于「$parent」",
        "this provision does not belong below `$parent`",
        "请在「ref」中以「$parent」开头写全，或移到所属条款之下",
        "write its `ref` in full, beginning with `$parent`, or move it",
    ),
    "provision-missing": text_of(
        "「$found」之前缺少第 $expected 项",
        "number $expected is missing before `$found`",
        "请列出全部条款；不产生规则的，用「no_rule」写明理由",
        "list every provision; one that decides nothing says why with `no_rule`",
    ),
    "provision-out-of-order": text_of(
        "此处应为第 $expected 项，实为「$found」",
        "expected number $expected here, found `$found`",
        "请按文件原有顺序列出条款",
        "list the provisions in the order of the document",
    ),
    "provision-unaccounted": text_of(
        "本条款既无规则和参数，也未说明理由",
        "this provision has no rules and no parameters, and does not say why",
        "请补充「rules」，或用「no_rule」写明理由，如「no_rule: definition」",
        "add `rules`, or say why with `no_rule`, e.g. `no_rule: definition`",
    ),
    "reason-and-rules": text_of(
        "本条款写明不产生规则，却列有规则或参数",
        "this provision says why it has no rules, but has rules or parameters",
        "请删除「no_rule」，或删除规则和参数",
        "remove `no_rule`, or the rules and parameters",
    ),
    "nothing-below": text_of(
        "写明「encoded_below」，其下却没有条款",
        "this says `encoded_below`, but nothing is listed below it",
        "请在「provisions」下列出各部分，或改写其他理由",
        "list the parts under `provisions`, or give another reason",
    ),
    "rule-without-words": text_of(
        "本规则没有面向当事人的说明",
        "this rule has no words for the people it concerns",
        "请用「says:」写明中文（zh）和英文（en）说明",
        "add `says:` with `zh:` and `en:`",
    ),
    "bad-digest": text_of(
        "「$found」不是摘要",
        "`$found` is not a digest",
        "写作「sha256:」加 64 位小写十六进制数字",
        "write `sha256:` and 64 lower-case hexadecimal digits",
    ),
    "unknown-provision": text_of(
        "本规则集没有该条款",
        "this ruleset has no such provision",
        "请照「provisions」中「ref」的写法填写，如「第五条」",
        "write it as its `ref` stands under `provisions`, e.g. `第五条`",
    ),
}
