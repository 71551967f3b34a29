"""Comes in: nothing. Goes out: what diagnostics of what-ifs say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

WHAT_IFS: Final[Mapping[str, DiagnosticText]] = {
    "what-if-of-other-ruleset": text_of(
        "假设分析所针对的不是 $expected",
        "the what-if is not about $expected",
        "请核对文件中的「ruleset」和「edition」",
        "look at `ruleset` and `edition` of the file",
    ),
    "change-made-twice": text_of(
        "「$name」已改动过一次（$first）",
        "`$name` is changed already ($first)",
        "同一对象在同一期间只改一次；先后两次改动，请分两步进行",
        "change a target once for the same days; stack a second what-if upon the first",
    ),
    "change-of-nothing": text_of(
        "没有写明改动什么",
        "nothing is named that is to change",
        "如 amend(item_ratio='40%')",
        "e.g. amend(item_ratio='40%')",
    ),
    "change-of-unknown-rule": text_of(
        "没有规则「$name」",
        "there is no rule `$name`",
        "请照规则集「rules」中的 id 书写",
        "use an id under `rules` of the ruleset",
    ),
    "change-adds-known": text_of(
        "规则集中已有「$name」",
        "the ruleset has `$name` already",
        "新增的须用新名称；改动已有的，请写 parameter、reading 或 rule",
        "give what is added a name of its own, or change what is there",
    ),
    "change-decides-nothing": text_of(
        "「$name」只供参考，改动它不影响任何决定",
        "`$name` is informative: changing it decides nothing",
        "请改动决定中用到的参数",
        "change a parameter that some rule reads",
    ),
    "change-outside-force": text_of(
        "改动「$name」的期间内，该办法均不施行",
        "the measure is in force on no day on which `$name` would change",
        "请核对改动的起止日期",
        "look at the days of the change",
    ),
    "change-leaves-exception": text_of(
        "规则「$rule」是「$name」的例外，不能只停用后者",
        "`$rule` is an exception to `$name`, which cannot go alone",
        "请一并停用，或改写其 overrides、waives",
        "switch both off, or give the exception another `overrides` or `waives`",
    ),
    "decision-unsaid": text_of(
        "没有写明比较哪个决定",
        "it is not said which decision is compared",
        "可比较的决定：$names",
        "the decisions there are: $names",
    ),
    "change-edition-first": text_of(
        "已改动过的规则集不能再换成版本「$name」",
        "edition `$name` cannot take the place of a ruleset that was changed already",
        "请先换版本，再作其他改动",
        "take the edition first, and change it then",
    ),
}
