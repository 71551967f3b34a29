"""Comes in: a key. Goes out: a text of what-ifs on one case, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.explain.vocabulary import make_tell

WHATIF_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # what is wanted
    "goal.outcome": ("$outcomes", "$outcomes"),
    "goal.other": ("与现在不同的结果", "another outcome than now"),
    "goal.at_least": ("$label不低于 $amount", "$label of at least $amount"),
    "goal.at_most": ("$label不超过 $amount", "$label of at most $amount"),
    "goal.exactly": ("$label恰为 $amount", "$label of exactly $amount"),
    "goal.value": ("$label为$value", "$label: $value"),
    "goal.not_value": ("$label不是$value", "$label other than $value"),
    "goal.known": ("$label确定", "$label settled"),
    "goal.both": ("$one，且$other", "$one, with $other"),
    "or": ("或", " or "),
    "and": ("；同时", "; and "),
    # what would reach it
    "needs.title": (
        "$title「$decision」：怎样才能得到$goal",
        "$title, $decision: what would take it to $goal",
    ),
    "needs.now": ("现在：$outcome。", "Now: $outcome."),
    "needs.now_paid": ("现在：$outcome，$label $amount。", "Now: $outcome, $label $amount."),
    "needs.first": ("改变最小的：$change。", "The smallest change: $change."),
    "needs.answer": ("待查明：$change。", "If found so: $change."),
    "needs.also": ("也可以：$change。", "Or else: $change."),
    "needs.more": (
        "共有 $count 种改变，按改变的大小排列。",
        "$count changes do it, the smallest first.",
    ),
    "needs.met": ("现在就是如此。", "It is so already."),
    "needs.none_one": ("只改变一项事实做不到。", "No change of one fact does it."),
    "needs.none_two": ("改变一项或两项事实都做不到。", "No change of one fact or of two does it."),
    "needs.none_found": (
        "在搜索范围内没有找到做得到的改变。",
        "A search found no change that does it.",
    ),
    "needs.answers": (
        "有待查明的事实：答案如下的，即有该结果。",
        "Facts not known yet: these answers decide it.",
    ),
    "needs.searched": (
        "有的改变是搜索所得，不能证明没有更小的。",
        "Some changes were found by a search; that none is smaller is not proved.",
    ),
    "needs.distance": (
        "改变的大小：数量按差额占较大值的比例，日期按天数与一年相比，其他每项为 1，待查明的为 0。",
        (
            "Size of a change: of a quantity the difference by the larger value, of a date its "
            "days against a year, of anything else 1, of what is not known yet 0."
        ),
    ),
    "shift.lower": (
        "$label减少 $apart：由 $before 到 $after",
        "$label lower by $apart: from $before to $after",
    ),
    "shift.higher": (
        "$label增加 $apart：由 $before 到 $after",
        "$label higher by $apart: from $before to $after",
    ),
    "shift.earlier": (
        "$label提前 $apart：由 $before 到 $after",
        "$label $apart earlier: $after instead of $before",
    ),
    "shift.later": (
        "$label推迟 $apart：由 $before 到 $after",
        "$label $apart later: $after instead of $before",
    ),
    "shift.below": ("$label低于 $after（现为 $before）", "$label below $after (now $before)"),
    "shift.above": ("$label高于 $after（现为 $before）", "$label above $after (now $before)"),
    "shift.other": ("$label由「$before」改为「$after」", "$label: $after instead of $before"),
    "shift.members": ("$label$changes", "$label: $changes"),
    "shift.with": ("增加「$names」", "with $names"),
    "shift.without": ("去掉「$names」", "without $names"),
    "shift.answer": ("$label为 $after 的", "$label is $after"),
    "shift.range": ("$label为 $after 至 $until 的", "$label is from $after to $until"),
    "shift.days": ("$count 天", "$count days"),
    "shift.day": ("1 天", "1 day"),
    "shift.seconds": ("$count 秒", "$count seconds"),
    "shift.steps": ("$count", "$count"),
    "ends.from": ("$change，则$outcome", "$change; then $outcome"),
    "ends.paid": ("$change，则$outcome，$amount", "$change; then $outcome, $amount"),
    # facts that cannot do it
    "bar.idle": (
        "其他事实不变时，它不影响结果",
        "nothing decided turns on it while the others stay",
    ),
    "bar.rules": (
        "无论取何值，都有规则不能满足：$rules",
        "whatever it is, these rules stand in the way: $rules",
    ),
    "bar.limits": (
        "无论取何值，以下限额都不够：$rules",
        "whatever it is, these limits keep it below: $rules",
    ),
    "bar.proved": ("取值范围内的任何值都做不到", "no value within its declared bounds does it"),
    "bar.searched": ("搜索中没有找到做得到的值", "none found in a search"),
    # columns
    "picture.others": ("同时$label改为 $value", "with $label changed to $value"),
    "column.number": ("序号", "number"),
    "column.fact": ("事实", "fact"),
    "column.name": ("名称", "name"),
    "column.before": ("现在", "now"),
    "column.after": ("改为", "then"),
    "column.until": ("至多到", "and as far as"),
    "column.change": ("改变", "change"),
    "column.outcome": ("结果", "outcome"),
    "column.amount": ("金额", "amount"),
    "column.distance": ("改变的大小", "size of the change"),
    "column.exact": ("已证明", "proved"),
    "column.because": ("原因", "because"),
    "column.first": ("自", "from"),
    "column.last": ("至", "to"),
    "column.holds_first": ("含起点", "start included"),
    "column.holds_last": ("含终点", "end included"),
    "column.formula": ("算法", "formula"),
    "column.at_first": ("起点的金额", "amount at the start"),
    "column.at_last": ("终点的金额", "amount at the end"),
    "column.binding": ("起作用的限额", "limits that bind"),
    "column.at": ("何处", "where"),
    "column.what": ("如何变化", "what happens"),
    "column.step_before": ("此前", "before"),
    "column.step_after": ("此后", "from there on"),
    "column.value": ("取值", "value"),
    "sheet.changes": ("做得到的改变", "Changes that do it"),
    "sheet.barriers": ("做不到的事实", "Facts that cannot do it"),
    "sheet.pieces": ("分段", "Pieces"),
    "sheet.turns": ("转折", "Where it turns"),
    "sheet.values": ("所问的值", "Values asked for"),
    # one fact varied
    "vary.title": ("$title「$decision」：随$label而变", "$title, $decision, by $label"),
    "vary.headline": ("$what：随$label而变", "$what, by $label"),
    "vary.now": ("现在$label为 $value：$outcome。", "Now $label is $value: $outcome."),
    "vary.unknown": ("现在$label尚不清楚。", "Now $label is not known."),
    "vary.pieces": (
        "在取值范围内分为 $count 段。",
        "Over its whole range it comes in $count pieces.",
    ),
    "vary.cliffs": (
        "其中 $count 处为断崖：多一点反而少得。",
        "At $count of the turns a little more gives less: cliffs.",
    ),
    "vary.cliff_one": (
        "其中 1 处为断崖：多一点反而少得。",
        "At one turn a little more gives less: a cliff.",
    ),
    "vary.searched": (
        "有的分段是搜索所得，未逐值证明。",
        "Some pieces were found by a search; not every value in them is proved.",
    ),
    "vary.rounding": (
        "算法是取整之前的；金额按规定取整，最低为 0。",
        "Formulas are before rounding; amounts are rounded as declared, and never below 0.",
    ),
    "turn.kink": ("转折", "kink"),
    "turn.rise": ("跃升", "jump up"),
    "turn.fall": ("断崖", "cliff"),
    "turn.outcome": ("结果改变", "another outcome"),
    "turn.value": ("结果项改变", "another value"),
    "formula.level": ("$amount", "$amount"),
    "formula.times": ("$rate × $label", "$rate × $label"),
    "formula.plus": ("$amount + $rate × $label", "$amount + $rate × $label"),
    "formula.minus": ("$amount − $rate × $label", "$amount − $rate × $label"),
    "formula.each": ("$amount，此后每单位变化 $rate", "$amount, then $rate for each step"),
    "formula.varies": ("随之变化", "varies"),
    "formula.rounded": ("$line 等，含取整", "$line, with rounded parts"),
    "cited": ("$label（$refs）", "$label ($refs)"),
    "requested": ("申请金额", "what was requested"),
}

tell: Final = make_tell(WHATIF_WORDS)
