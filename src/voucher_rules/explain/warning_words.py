"""Comes in: nothing. Goes out: what warnings of decisions say, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WARNING_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "warning.assumed_in_force": (
        "本决定假定该办法当日有效",
        "this decision assumes that the measure is in force",
    ),
    "warning.start_stated": (
        "该办法没有写明施行日期；所用的 $start 由作出本决定的人写明，应有依据",
        (
            "the measure states no first day; $start was stated by whoever took this decision, who "
            "should be able to show where it comes from"
        ),
    ),
    "warning.placed_by_transition": (
        "依过渡规定（$rule）适用该版本，不论确定适用规定的日期",
        "by the rule of transition ($rule) this edition applies, whatever day fixes the law",
    ),
    "warning.status_draft": (
        "该文件为征求意见稿，没有效力",
        "the document is a draft for comment and has no force",
    ),
    "warning.status_repealed": ("该文件已废止", "the document has been repealed"),
    "warning.status_unknown": (
        "该文件的效力状态不明",
        "whether the document is in force is not known",
    ),
    "warning.start_disputed": (
        "施行日期有不同理解，当日是否施行存在疑问（本决定采用 $start）",
        "readers differ on the first day in force, and this day lies between; taken here: $start",
    ),
    "warning.end_not_dated": (
        "该办法自施行之日起在规定期间内有效，而施行日期未写明；是否仍然有效需核实",
        "the measure holds for a stated time, but its first day is not stated: check if it holds",
    ),
    "warning.no_end_stated": (
        "该办法未写明终止日期",
        "the measure states no last day",
    ),
    "warning.not_verified_since": (
        "规则文本最近核对于 $day，此后是否修改未经核对",
        "the ruleset was last held against the official text on $day; later changes are unchecked",
    ),
    "warning.never_verified": (
        "规则文本尚未与官方原文核对",
        "the ruleset has not been held against the official text",
    ),
    "warning.rolled": (
        "原定末日 $day 为休假日，行为因顺延而未逾期",
        "the act is in time only because the nominal last day $day is a day off",
    ),
    "warning.beyond_calendar": (
        "工作日历 $calendar 未覆盖该期间，末日尚不能确定",
        "the working calendar $calendar does not reach these days; the last day cannot be told yet",
    ),
    "warning.over_used": (
        "此前已使用的额度超过限额，请复核",
        "more was used before than the limit allows; have it checked",
    ),
    "warning.fact_not_read": (
        "已提供但本决定不涉及的事实：$name",
        "given, but not read by this decision: $name",
    ),
    "warning.ruleset_not_held": (
        "打开台账时没有给出规则集 $ruleset，无从计入「$balance」",
        "the ledger was opened without the ruleset $ruleset, which counts in “$balance”",
    ),
    "warning.pool_not_stated": (
        "$pool没有写明金额，未查资金是否足够",
        "nobody stated how much there is of $pool: whether it suffices was not looked at",
    ),
    "warning.pool_not_found": (
        "不知应由$pool中的哪一笔支付，未查资金是否足够",
        "which part of $pool pays is not known: whether it suffices was not looked at",
    ),
    "warning.pool_cut": (
        "$pool只余 $left，发放 $granted，少于应得的 $entitled",
        "of $pool $left is left: $granted is given, less than the $entitled due",
    ),
    "warning.pool_waits": (
        "$pool只余 $left，不足 $entitled，列入候补",
        "of $pool $left is left, less than the $entitled due: put on the waiting list",
    ),
    "warning.pool_empty": (
        "$pool只余 $left，不足 $entitled，不发放",
        "of $pool $left is left, less than the $entitled due: nothing is given",
    ),
}
