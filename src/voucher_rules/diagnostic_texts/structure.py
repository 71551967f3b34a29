"""Comes in: nothing. Goes out: what diagnostics of how rules hang together say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

STRUCTURE: Final[Mapping[str, DiagnosticText]] = {
    "duplicate-rule": text_of(
        "规则「$id」重复",
        "the rule `$id` appears twice",
        "首次出现在第 $first 行；仅大小写不同的也视为相同",
        "the first is on line $first; ids that differ only in case count as one",
    ),
    "double-definition": text_of(
        "「$name」在同一决定中定义了两次",
        "`$name` is defined twice in one decision",
        "规则「$first」已经定义；请合并为「a if c else b」，或在「for」中分属不同决定",
        "rule `$first` does so too; join them with `a if c else b`, or part them by `for`",
    ),
    "limited-and-defined": text_of(
        "「$name」既有限额又有定义",
        "`$name` has limits and a definition as well",
        "请只保留限额，或只保留定义",
        "keep the limits or keep the definition",
    ),
    "no-unconditional-limit": text_of(
        "「$name」没有在任何情况下都适用的限额",
        "no limit of `$name` holds in every case",
        "请增加一条限额规则：不带「when」、不是「soft」、不用可以没有的事实",
        "add a limit without `when`, not `soft`, that reads no fact which may be none",
    ),
    "output-never-set": text_of(
        "决定「$decision」从未给出「$name」",
        "the decision `$decision` never sets `$name`",
        "请增加定义或限定它的规则，或者删除该结果项",
        "add a rule that defines or limits it, or remove the output",
    ),
    "not-set-here": text_of(
        "「$name」在决定「$decision」中没有定义",
        "`$name` is not set in the decision `$decision`",
        "请在该决定中也予定义，或在本规则的「for」中去掉该决定",
        "define it there too, or take that decision out of the `for` of this rule",
    ),
    "definition-cycle": text_of(
        "此处的定义绕回自身",
        "this definition leads back to itself",
        "请沿它所用的各个名称检查，去掉绕回它的一处",
        "follow the names it is made from, and take out the one that leads back",
    ),
    "reading-option-unused": text_of(
        "读法「$reading」的选项「$option」不影响任何结果",
        "the option `$option` of the reading `$reading` makes no difference",
        "请在规则中将「reading.$reading」与它比较，或者删除该选项",
        "compare `reading.$reading` with it in a rule, or remove the option",
    ),
    "parameter-out-of-bounds": text_of(
        "参数「$name」的值超出其类型的范围",
        "the value of the parameter `$name` lies outside the bounds of its type",
        "比例在 0 与 100% 之间，金额和数量不为负；确需超出的，请声明「min:」或「max:」",
        "a ratio lies between 0 and 100%, amounts and counts are not negative; where the provision"
        " goes further, declare `min:` or `max:`",
    ),
    "ends-before-start": text_of(
        "终止日期早于起始日期",
        "this ends before it starts",
        "请核对两个日期",
        "check the two days",
    ),
    "day-is-optional": text_of(
        "「$name」确定适用哪天的规定，不能是可选的",
        "`$name` fixes the law that applies, so it cannot be optional",
        "删去「optional:」",
        "take away `optional:`",
    ),
    "too-many-products": text_of(
        "经由变量连乘的量超过 $limit 个",
        "more than $limit quantities are multiplied with each other through variables",
        "请拆分或简化",
        "split it, or make it simpler",
    ),
    "parameter-unused": text_of(
        "没有规则用到参数「$name」",
        "no rule uses the parameter `$name`",
        "请在规则中使用；仅供参考的，写「informative: true」",
        "use it in a rule, or say `informative: true`",
    ),
    "informative-but-used": text_of(
        "「$name」标为仅供参考，却有规则用到",
        "`$name` is marked as informative, but a rule uses it",
        "请删除「informative: true」",
        "remove `informative: true`",
    ),
    "fact-unused": text_of(
        "没有规则用到「$name」",
        "no rule reads `$name`",
        "请在规则中使用，或者删除",
        "use it in a rule, or remove it",
    ),
    "comparator-disagrees": text_of(
        "「$name」声明为 $limit，此处按 $used 比较",
        "`$name` is declared as $limit, but compared here as $used",
        "请对照条款原文，改正规则或参数的「limit」",
        "read the provision again, then correct the rule or the `limit` of the parameter",
    ),
    "unknown-rule": text_of(
        "没有规则「$name」",
        "there is no rule `$name`",
        "overrides 和 waives 写的是规则的 id",
        "`overrides` and `waives` name rules by their id",
    ),
    "exception-does-not-fit": text_of(
        "规则「$rule」不能替代「$name」",
        "the rule `$rule` cannot stand in the place of `$name`",
        "两者须用于同一决定；替代限额或定义的须针对同一项，只排除适用的请用 waives",
        "both must serve one decision and set the same thing; `waives` only sets a rule aside",
    ),
    "overrides-and-waives": text_of(
        "同一规则既写 overrides 又写 waives",
        "one rule both overrides and waives",
        "请分成两条规则",
        "make two rules of it",
    ),
    "exceptions-in-a-circle": text_of(
        "例外互相优先：$cycle",
        "exceptions go before each other: $cycle",
        "请写明哪一条最终优先",
        "say which of them goes first",
    ),
    "exceptions-clash": text_of(
        "「$first」和「$second」都是「$target」的例外，且可能同时适用：$example",
        "`$first` and `$second` are exceptions to `$target` and may both apply: $example",
        "请让其中一条 overrides 另一条，或让条件互不相容",
        "let one override the other, or keep their conditions apart",
    ),
    "calls-in-a-circle": text_of(
        "决定互相调用：$cycle",
        "decisions call each other: $cycle",
        "请把共同的部分移到另一个决定",
        "move what they share into a decision of its own",
    ),
    "rule-never-applies": text_of(
        "规则「$rule」的条件不可能成立",
        "the condition of the rule `$rule` can never hold",
        "请核对条件与事实的上下限",
        "check the condition against the bounds of what it reads",
    ),
    "condition-never-holds": text_of(
        "规则「$rule」要求的不可能成立，或排除的必然成立",
        "what the rule `$rule` asks for can never hold",
        "请核对条件与事实的上下限",
        "check the condition against the bounds of what it reads",
    ),
}
