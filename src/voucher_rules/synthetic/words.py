"""Comes in: nothing. Goes out: what invented cases say of themselves, in Chinese and English."""

from __future__ import annotations

from typing import Final

from voucher_rules.checked.symbols import Wording

TITLE: Final = Wording(
    "虚构的案件：$ruleset $edition，$decision", "invented cases: $ruleset $edition, $decision"
)
MADE: Final = Wording(
    "共 $rows 行，依规则集声明的事实虚构而成，种子 $seed；不是统计资料，也不涉及任何真实企业。",
    "$rows rows, invented from the facts the ruleset declares, seed $seed: no statistics, and "
    "about no real enterprise.",
)
STATED: Final = Wording(
    "$count 项事实按所给分布抽取，其余按默认分布。",
    "$count facts are spread as stated, the others by default.",
)
DECIDED: Final = Wording(
    "结果份额取自前 $count 行，默认理解$assumed。",
    "the shares of outcomes are of the first $count rows, every reading as by default$assumed.",
)
ASSUMED: Final = Wording("，并假定该办法有效", ", and the measure taken to be in force")
BESIDE: Final = Wording(
    "另含 $count 行界限案件；$missed 处界限的一侧未能到达。",
    "$count more rows stand beside limits; $missed sides of limits were not reached.",
)
DEPARTING: Final = Wording(
    "其中 $count 行为到达界限而偏离所给分布，见「界限案件」。",
    "$count of these depart from a spread as stated, to stand beside their limit; see the sheet.",
)
INVENTED: Final = Wording("虚构", "invented")

FACTS: Final = Wording(
    "事实的分布（虚构，前 $count 行）",
    "how the facts are spread (invented, the first $count rows)",
)
OUTCOMES: Final = Wording("决定结果（虚构）", "outcomes (invented)")
BOUNDARIES: Final = Wording("界限案件（虚构）", "cases beside limits (invented)")

COLUMNS: Final = {
    "fact": Wording("事实", "fact"),
    "label": Wording("名称", "label"),
    "spread": Wording("分布", "spread"),
    "stated": Wording("写明", "stated"),
    "none": Wording("不存在", "none"),
    "least": Wording("最小", "least"),
    "most": Wording("最大", "most"),
    "commonest": Wording("最常见", "commonest"),
    "share": Wording("其份额", "its share"),
    "outcome": Wording("结果", "outcome"),
    "rows": Wording("行数", "rows"),
    "part": Wording("份额", "share"),
    "row": Wording("行", "row"),
    "about": Wording("界限", "limit"),
    "side": Wording("一侧", "side"),
    "departs": Wording("偏离所给分布的事实", "departs from the spread stated of"),
    "invented": Wording("虚构", "invented"),
}
GIVEN: Final = Wording("所给", "as stated")
DEFAULT: Final = Wording("默认", "by default")
REST: Final = Wording("其他", "others")
NONE_DRAWN: Final = Wording("不存在", "does not exist")
UNSAID: Final = Wording("未写明", "not stated")
MISSED: Final = Wording("未到达", "not reached")
SIDES: Final = {
    "below": Wording("以下", "below"),
    "at": Wording("恰在", "at"),
    "above": Wording("以上", "above"),
}
