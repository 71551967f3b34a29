"""Comes in: nothing. Goes out: what is said of a queue that was served, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.checked.symbols import Wording
from voucher_rules.explain.vocabulary import make_tell

ALLOCATION_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("$ruleset：按「$pool」分配", "$ruleset: served from “$pool”"),
    "line.served": (
        "$count 件申请：$places；共给 $granted",
        "$count applications: $places; $granted in all",
    ),
    "line.place": ("$place $count 件", "$place $count"),
    "line.ran_out": (
        "「$application」（$at）最先未足额得到$of：应得 $entitled，得到 $granted",
        "“$application” ($at) was the first to get less than is due$of: $granted of $entitled",
    ),
    "line.of": ("（$names）", " ($names)"),
    "line.sufficed": ("无人因资金不足而少得", "nobody got less for lack of money"),
    "line.unlimited": (
        "有的资金额度未经确定，全额计给",
        "of some money nobody said how much there is; all was granted",
    ),
    "line.wrong": (
        "有的合计与台账不符，见「各笔资金」",
        "some sums differ from the books; see the sheet of money",
    ),
    "line.many": (
        '申请过多，逐件结果见 to_frame("placements")',
        'there are many applications; to_frame("placements") has each of them',
    ),
    "sheet.placements": ("逐件结果", "Every application in its order"),
    "sheet.short": ("因资金不足未获", "Who got nothing for lack of money alone"),
    "sheet.sums": ("各笔资金", "The money"),
    "column.number": ("序号", "number"),
    "column.at": ("时间", "moment"),
    "column.application": ("申请", "application"),
    "column.of": ("归属", "of"),
    "column.place": ("结果", "what became of it"),
    "column.entitled": ("应得", "due"),
    "column.granted": ("得到", "granted"),
    "column.left_before": ("此前余额", "left before"),
    "column.entry": ("分录", "entry"),
    "column.first": ("自", "from"),
    "column.last": ("至", "to"),
    "column.put": ("额度", "put in"),
    "column.all_granted": ("累计给出", "granted in all"),
    "column.released": ("退回", "given back"),
    "column.left": ("余额", "left"),
    "column.books": ("台账所记余额", "left by the books"),
    "column.adds_up": ("相符", "adds up"),
    "place.granted": ("准予", "granted"),
    "place.cut": ("按余额核减", "cut to what was left"),
    "place.waiting": ("列入候补", "waits"),
    "place.turned_away": ("因资金不足未获", "turned away for lack of money"),
    "place.not_granted": ("不获准予", "not granted"),
    "listed": ("、", ", "),
}

tell: Final = make_tell(ALLOCATION_WORDS)


def word(key: str, /, **arguments: str) -> Wording:
    """Return a text in both languages."""
    return Wording(tell("zh", key, **arguments), tell("en", key, **arguments))
