"""Comes in: a key. Goes out: a fixed text of a comparison of two decisions, zh or en."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.checked.symbols import Wording
from voucher_rules.explain.vocabulary import make_tell

COMPARISON_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("$decision：$before 与 $after 的比较", "$decision: $before against $after"),
    "same": ("两种情形下的决定相同", "both decide alike"),
    "outcome": ("结果由“$before”变为“$after”", "the outcome is “$after” instead of “$before”"),
    "outcome.same": ("结果都是“$before”", "the outcome is “$before” both times"),
    "amount": (
        "$label 由 $before 变为 $after（$change）",
        "$label: $after instead of $before ($change)",
    ),
    "amount.same": ("$label 都是 $before", "$label is $before both times"),
    "amount.open": ("$label 由 $before 变为 $after", "$label: $after instead of $before"),
    "between": ("$low 至 $high 之间", "between $low and $high"),
    "causes": ("起因：$rules", "made by: $rules"),
    "alone": ("单独即可造成该结果：$changes", "enough by itself: $changes"),
    "together": ("须合在一起才造成该结果：$changes", "only together: $changes"),
    "untried": (
        "改动过多或两边不是同一规则集，没有逐项归因",
        "too many changes, or not one ruleset on both sides: they were not tried one by one",
    ),
    "left_out": (
        "一边的规则集没有下列事实，该边未使用：$names",
        "one of the rulesets does not know these facts, and was not given them: $names",
    ),
    "inexact": (
        "未知事实较多，范围可能比实际宽",
        "with what is not known, a range may be wider than what can come about",
    ),
    "hypothetical": ("假设分析，不具法律效力", "a what-if: nobody's law"),
    "none": ("—", "—"),
    "bars.limits": ("各项限额与应付金额", "limits, and what is payable"),
    "bars.binds": ("▸ 两种方案下起作用", "▸ binds both times"),
    "bars.binds_before": ("▸ 原方案下起作用", "▸ binds under the baseline"),
    "bars.binds_after": ("▸ 新方案下起作用", "▸ binds under the reform"),
    "bars.may_bind": ("▸ 可能起作用", "▸ may bind"),
    "bars.requested": ("申请额", "what was asked for"),
    "bars.none": (
        "横线表示该方案下没有这项限额或它不适用",
        "a dash: there is no such limit on that side, or it does not apply",
    ),
    "bars.open": ("最少与最多之间（尚未确定）", "between least and greatest (not settled)"),
    "sheet.outcome": ("结果", "what was decided"),
    "sheet.amounts": ("金额", "amounts"),
    "sheet.limits": ("起作用的上限", "limits that bind"),
    "sheet.rules": ("结果不同的规则", "rules that came out otherwise"),
    "sheet.numbers": ("不同的数值与理解", "numbers and readings that differ"),
    "sheet.changes": ("改动的作用", "what each change does"),
    "sheet.missing": ("所缺事实", "facts that are missing"),
    "sheet.articles": ("所依条款", "provisions behind it"),
    "column.item": ("项目", "item"),
    "column.name": ("名称", "name"),
    "column.label": ("说明", "what it is"),
    "column.before": ("原方案", "baseline"),
    "column.after": ("新方案", "reform"),
    "column.difference": ("差额", "difference"),
    "column.before_low": ("原方案下限", "baseline, at least"),
    "column.before_high": ("原方案上限", "baseline, at most"),
    "column.after_low": ("新方案下限", "reform, at least"),
    "column.after_high": ("新方案上限", "reform, at most"),
    "column.rule": ("规则", "rule"),
    "column.says": ("内容", "what it says"),
    "column.ref": ("条款", "provision"),
    "column.role": ("因果", "part it plays"),
    "column.before_value": ("原数值", "value before"),
    "column.after_value": ("新数值", "value after"),
    "column.change": ("改动", "change"),
    "column.alone": ("仅此一项", "it alone"),
    "column.without": ("唯独缺此项", "all but it"),
    "column.part": ("作用", "its part"),
    "row.outcome": ("结果", "outcome"),
    "row.possible": ("可能的结果", "possible outcomes"),
    "role.cause": ("起因", "cause"),
    "role.follows": ("随之变化", "follows"),
    "role.gone": ("起因：新方案没有", "cause: gone"),
    "role.new": ("起因：新方案新增", "cause: new"),
    "part.whole": ("单独即可造成", "enough by itself"),
    "part.some": ("造成一部分", "does a part of it"),
    "part.together": ("须与其他改动合在一起", "only together with others"),
    "part.none": ("对本案没有作用", "does nothing here"),
    "part.impossible": ("不能单独作出", "cannot be made alone"),
    "atom.undo": ("撤销：$change", "undone: $change"),
    "atom.reading": ("条文理解 $name：$before → $after", "reading `$name`: $before → $after"),
    "atom.assume": ("假定该办法已施行：$before → $after", "assumed in force: $before → $after"),
}

tell_comparison: Final = make_tell(COMPARISON_WORDS)


def word(key: str, /, **arguments: Wording | str) -> Wording:
    """Return a text in both languages; slots are texts in both, or one that both share."""
    sides = []
    for language in ("zh", "en"):
        told = {
            name: x.told(language) if isinstance(x, Wording) else x for name, x in arguments.items()
        }
        sides.append(tell_comparison(language, key, **told))
    return Wording(*sides)
