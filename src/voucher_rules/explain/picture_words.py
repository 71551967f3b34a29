"""Comes in: nothing. Goes out: what is said in pictures of studies, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.explain.vocabulary import make_tell

PICTURE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # what an axis counts
    "axis.rows": ("件数", "applications"),
    "axis.effects": ("受影响件数", "applications that change"),
    "axis.paid": ("支付金额", "paid"),
    "axis.costs": ("少得金额", "held back"),
    "axis.day": ("申请日", "day of arrival"),
    "axis.left": ("余额", "money left"),
    "axis.change": ("每件变化", "change for one application"),
    # what a mark means
    "legend.open": ("最少与最多之间（尚未确定）", "between least and greatest (not settled)"),
    "legend.maybe": ("可能在此段的（尚未确定）", "may be in this band (not settled)"),
    "legend.least": ("$name：最少", "$name: least"),
    "legend.greatest": ("$name：最多", "$name: greatest"),
    "legend.range": ("$name：最少至最多", "$name: least to greatest"),
    "legend.baseline": ("现行", "as it stands"),
    "legend.baseline_range": ("现行：最少、最多", "as it stands: least, greatest"),
    "legend.hangs": ("由现行合计到改按此理解的合计", "from the total as it stands to that so read"),
    "legend.hangs_least": ("最少：由现行到改按此理解", "least: from as it stands to so read"),
    "legend.hangs_greatest": (
        "最多：由现行到改按此理解",
        "greatest: from as it stands to so read",
    ),
    "legend.total": ("按此理解：最少至最多", "so read: least to greatest"),
    "legend.rest": ("其他结果", "other outcomes"),
    "legend.effect": ("$effect（$rows 件）", "$effect ($rows)"),
    "legend.left": ("$name", "$name"),
    "legend.left_open": (
        "$name：未决事项按最高额支付",
        "$name: what is open paid at its most",
    ),
    "legend.ran_out": ("用尽", "runs out"),
    # what a reader must know
    "note.bands": (
        "每段含下端、不含上端；不变的另列",
        "a band holds its lower end and not its upper one; no change stands apart",
    ),
    "note.points": ("点为试算的值，连线仅便于辨认", "points were tried; lines only join them"),
    "note.cells": ("格中数字四舍五入，准确数字见表", "cells are rounded; the table is exact"),
    "note.baseline_apart": (
        "现行为 $value，不在所试各值之内",
        "as it stands is $value, not among those tried",
    ),
    "note.baseline_cell": ("粗框为现行", "the thick frame is as it stands"),
    "note.colour_greatest": ("颜色按最多计", "colours go by the greatest"),
    "note.unread": (
        "另有 $rows 行无法读作申请，未计入",
        "$rows more rows cannot be read as applications and are in no figure",
    ),
    "note.left_out": ("另有 $count 项未画出，见表", "$count more are not drawn; see the table"),
    "note.measures": (
        "各办法的适用对象和条件不同",
        "the measures differ in whom they are for and on what terms",
    ),
    "note.unbounded": ("无上限的以箭头示出", "an arrow marks what nothing bounds"),
    "note.no_range": ("$name：用尽于 $at", "$name: runs out on $at"),
    "note.suffices": ("$name：资金足够，余 $left", "$name: the money suffices; $left is left"),
    "note.and": ("；", "; "),
    "note.alike": ("各种理解的结果都与现行相同", "every reading comes to the same"),
    # a band of changes
    "band.none": ("不变", "no change"),
    "band.between": ("$low 至 $high", "$low to $high"),
    "band.above": ("大于 0", "above 0"),
    "band.above_to": ("大于 0 至 $high", "above 0 to $high"),
    "band.from": ("$low 以上", "$low and more"),
    "band.under": ("不满 $high", "under $high"),
}

tell: Final = make_tell(PICTURE_WORDS)
