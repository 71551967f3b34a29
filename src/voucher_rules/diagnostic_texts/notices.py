"""Comes in: nothing. Goes out: what diagnostics of notices say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

NOTICES: Final[Mapping[str, DiagnosticText]] = {
    "notice-of-other-ruleset": text_of(
        "通知所针对的不是 $expected",
        "the notice is not for $expected",
        "请核对通知中的 `ruleset` 和 `edition`",
        "look at `ruleset` and `edition` of the notice",
    ),
    "notice-named-twice": text_of(
        "另一份通知已使用名称 `$name`",
        "another notice is named `$name` already",
        "每份通知须有各自的名称；同一份通知只给出一次",
        "give every notice a name of its own, and the same notice once",
    ),
    "unknown-notice": text_of(
        "没有名为 `$name` 的其他通知",
        "there is no other notice named `$name`",
        "被替代的通知须与本通知一并给出",
        "a notice that is replaced must be given along with this one",
    ),
    "notice-outside-force": text_of(
        "通知 `$name` 的适用期间内，该办法均不施行",
        "the measure is in force on no day of the notice `$name`",
        "请核对通知的 `holds`",
        "look at `holds` of the notice",
    ),
    "notice-may-not-change": text_of(
        "该办法没有允许以通知调整 `$name`",
        "the measure does not let a notice change `$name`",
        "如条文允许，请在规则集的该参数下写明 `changes`",
        "where a provision does, say so in the ruleset, with `changes` on the parameter",
    ),
    "notice-does-not-tighten": text_of(
        "`$name` 只能以通知收紧，而 $value 并未收紧",
        "a notice may only tighten `$name`, and $value does not",
        "以该条规定的数值为界：上限只能调低，下限只能调高，范围只能缩小",
        "against the provision, a cap may only fall, a minimum only rise, a set only shrink",
    ),
    "notice-does-not-loosen": text_of(
        "`$name` 只能以通知放宽，而 $value 并未放宽",
        "a notice may only loosen `$name`, and $value does not",
        "以该条规定的数值为界：上限只能调高，下限只能调低，范围只能扩大",
        "against the provision, a cap may only rise, a minimum only fall, a set only grow",
    ),
    "notice-sets-twice": text_of(
        "同一期间内，通知 `$first` 已设定 `$name`",
        "`$name` is set for the same days by the notice `$first` already",
        "如后者替代前者，请写明 `replaces`；否则请将期间分开",
        "say `replaces` where it takes the place of the other, or keep the days apart",
    ),
    "changes-without-direction": text_of(
        "`$name` 没有收紧或放宽之分",
        "`$name` can neither be tightened nor loosened",
        "请写明 `limit`（如 at_most），或改用 `may: set`",
        "give it a `limit` such as at_most, or write `may: set`",
    ),
}
