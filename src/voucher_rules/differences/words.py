"""Comes in: nothing. Goes out: what is said of two sets of rules, in Chinese and English."""

from __future__ import annotations

from typing import Final

from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.differences.ways import Way
from voucher_rules.explain.vocabulary import VOCABULARY

TITLE: Final = Wording("$decision：$before 与 $after 的差别", "$decision: $before against $after")
DAY: Final = Wording(
    "适用日 $day；只比较事实全部已知的案件。",
    "on $day; cases with every fact known are compared.",
)
SAME: Final = Wording("没有结果不同的案件。", "no case comes out differently.")
LEFT: Final = Wording(
    "未找到结果不同的案件；搜索不完全，尚有 $count 部分未能判明。",
    "no case was found that comes out differently; a search, not complete: $count parts are open.",
)
WAYS: Final = {
    Way.GENEROUS: Wording(
        "更有利：$count 个区域，均在：$when。",
        "more generous in $count regions, within: $when.",
    ),
    Way.STRICT: Wording(
        "更不利：$count 个区域，均在：$when。", "stricter in $count regions, within: $when."
    ),
    Way.MIXED: Wording(
        "有利有不利：$count 个区域，均在：$when。", "mixed in $count regions, within: $when."
    ),
    Way.OTHER: Wording(
        "得出的值不同：$count 个区域，均在：$when。",
        "another value in $count regions, within: $when.",
    ),
}
WAY_NAMES: Final = {
    Way.GENEROUS: Wording("更有利", "more generous"),
    Way.STRICT: Wording("更不利", "stricter"),
    Way.MIXED: Wording("有利有不利", "mixed"),
    Way.OTHER: Wording("值不同", "another value"),
}
SHARED: Final = Wording(
    "仅限符合双方共有的 $count 项条件的案件；不符合的，双方结果相同。",
    "of cases that meet the $count conditions both share; where one fails, both come out alike.",
)
PAYABLE: Final = Wording(
    "仅限双方共有的限额尚有余额可付的案件；无可付的，双方都不予支付。",
    "of cases in which the limits both share leave something to pay; else neither pays.",
)
COMPLETE: Final = Wording(
    "完全：区域内每个案件结果都不同，区域外都相同。",
    "complete: every case in a region comes out differently, and none outside.",
)
PARTLY: Final = Wording(
    "搜索，不完全：有的区域内并非每个案件都不同，尚有 $count 部分未能判明。",
    "a search, not complete: not every case of some regions differs, and $count parts are open.",
)
REGIONS: Final = Wording("结果不同的区域", "regions of cases decided differently")
CHANGES: Final = Wording("规则的差别", "what differs between the rules")
EVERY: Final = Wording("每个案件", "every case")
SOME: Final = Wording("部分案件", "some cases")
PARTLY_DRAWN: Final = Wording("只有部分案件不同", "only some cases differ")
UNVERIFIED: Final = Wording("未能构成完整案件", "no whole case could be built")
PARAMETER: Final = Wording("参数", "parameter")
RULE: Final = Wording("规则", "rule")
FACT: Final = Wording("事实", "fact")
HAS: Final = Wording("有", "there")
HAS_NOT: Final = Wording("无", "not there")
ANY: Final = Wording("任何案件", "any case")
JOINER: Final = Wording("；", "; ")
COLUMNS: Final = {
    "region": Wording("序号", "no."),
    "way": Wording("方向", "which way"),
    "when": Wording("条件", "when"),
    "extent": Wording("范围", "extent"),
    "before": Wording("之前", "before"),
    "after": Wording("之后", "after"),
    "witness": Wording("例", "a case"),
    "what": Wording("类别", "what"),
    "name": Wording("名称", "name"),
}


def tell_outcome(outcome: Outcome) -> Wording:
    """Return an outcome in words."""
    zh, en = VOCABULARY[f"limits.outcome.{outcome}"]
    return Wording(zh, en)
