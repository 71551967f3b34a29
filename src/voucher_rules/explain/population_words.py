"""Comes in: nothing. Goes out: what is said of studies of populations, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.checked.symbols import Wording
from voucher_rules.explain.vocabulary import make_tell

POPULATION_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # titles
    "title.population": ("$count 件申请，按 $regime", "$count applications under $regime"),
    "title.reform": (
        "由 $before 改为 $after：$count 件申请",
        "from $before to $after: $count applications",
    ),
    "title.sweep": (
        "逐值试算（$names）：$count 件申请",
        "values tried ($names): $count applications",
    ),
    "title.readings": (
        "条文理解的影响：$count 件申请，按 $regime",
        "what readings come to: $count applications under $regime",
    ),
    "title.regimes": (
        "$regimes 个办法对照：$count 件申请",
        "$regimes measures side by side: $count applications",
    ),
    "title.exhaust": (
        "预算 $budget 可支撑多久：$count 件申请，按 $regime",
        "how long $budget lasts: $count applications under $regime",
    ),
    # what came of it
    "line.spend": ("$output：$amount", "$output: $amount"),
    "line.spend_open": (
        "$output：已确定 $settled；其余 $rows 件尚未确定，合计在 $low 至 $high 之间",
        "$output: $settled settled; with $rows still open, all comes to between $low and $high",
    ),
    "line.outcomes": ("其中 $named", "of these, $named"),
    "line.outcome": ("$outcome $rows 件", "$outcome: $rows"),
    "line.no_money": ("该决定不给出金额", "the decision gives no money"),
    "line.change": (
        "$output 由 $before 变为 $after，变化 $change",
        "$output goes from $before to $after, a change of $change",
    ),
    "line.change_open": (
        "$output 由 $before 变为 $after，变化在 $low 至 $high 之间",
        "$output goes from $before to $after, a change between $low and $high",
    ),
    "line.effects": (
        "增加 $gains 件（$more），减少 $loses 件（$less），不变 $same 件，不能断定 $open 件",
        "$gains gain ($more), $loses lose ($less), $same stay, of $open it cannot be told",
    ),
    "line.otherwise": ("$rows 件结果不同", "$rows come out otherwise"),
    "line.ran_out": (
        "资金于 $at 用尽；$rows 件应得而未足额得到，共差 $short",
        "the money runs out on $at; $rows applications get less than is due, $short in all",
    ),
    "line.sufficed": ("资金足够，余 $left", "the money suffices; $left is left"),
    "line.earliest": (
        "如未决事项全部按最高额支付，最早于 $at 用尽",
        "were all that is open paid at its most, it would run out as early as $at",
    ),
    "line.pool": (
        "按规则集资金池「$pool」的排队规则分配",
        "paid from the pool “$pool” of the ruleset, by its queue",
    ),
    "line.plain_fund": (
        "按先到先得的一般资金计算：$why",
        "paid as a plain fund, first come first served: $why",
    ),
    "why.no_pool": ("规则集未为该决定设资金池", "the ruleset declares no pool for this decision"),
    "why.balances": (
        "表中已写明由台账推算的余额（$names），去掉后才能按排队规则分配",
        "the table states what a ledger would work out ($names); a queue is served without that",
    ),
    "why.more": ("$names等 $count 项", "$names and $count in all"),
    "why.per": (
        "资金池按$per 分设，而预算只有一个",
        "the pool has an envelope for each $per, and there is one budget",
    ),
    "line.own_parties": (
        "没有列说明$names，每行视为各自不同的一个",
        "no column says which $names a row is of; each row is taken for one of its own",
    ),
    "line.arrival_order": ("同一时刻的，按$name 排序", "of one moment, $name settles who is first"),
    "line.unpaid": (
        "$rows 件无从得知由哪笔资金支付，全额计给",
        "of $rows it is not known which money pays them; all was granted",
    ),
    "arrival.rows": ("行号", "the number of the row"),
    "line.reading_none": ("任何一种理解都不改变结果", "no reading changes anything"),
    "line.reading_most": (
        "影响最大的是 $reading：$change",
        "most hangs on $reading: $change",
    ),
    "line.reform_alike": (
        "两者对每件申请的结果相同",
        "both come to the same for every application",
    ),
    "line.parts": (
        "改动共 $count 项，逐项另算",
        "there are $count changes; each is also taken alone",
    ),
    "line.parts_none": (
        "两者并非同一规则集的改动，不逐项另算",
        "the one is not the other with changes, so no change is taken alone",
    ),
    # what a reader must know
    "limit.rejected": (
        "$rows 行无法读作申请，未计入：$codes",
        "$rows rows cannot be read as applications and are in no figure: $codes",
    ),
    "limit.rejected_code": ("$code $rows 行", "$code in $rows"),
    "limit.converted": (
        "$cells 个二进制浮点数按最短十进制写法取用（$columns）",
        "$cells binary floats were taken at their shortest decimal ($columns)",
    ),
    "limit.open": (
        "$rows 件事实不足或待人工认定，金额以区间计",
        "$rows lack facts or wait for a person: their amounts are ranges",
    ),
    "limit.open_before": (
        "之前有 $before 件、之后有 $after 件事实不足或待人工认定，金额以区间计",
        "$before before and $after after lack facts or wait for a person: their amounts are ranges",
    ),
    "limit.sound": (
        "事实不足的，变化的区间由前后两个区间得出，真实区间可能更窄",
        "where facts are missing, both ranges bound a change; the true range may be narrower",
    ),
    "no_bound": ("无上限", "no upper bound"),
    "no_floor": ("无下限", "no lower bound"),
    "limit.dated": (
        "$rows 件未写明适用日期，按 $on 计",
        "$rows state no day that fixes the law; $on is taken",
    ),
    "limit.absent": (
        "表中没有这些事实，一律视为未知：$names",
        "no column tells these facts, so all rows leave them unknown: $names",
    ),
    "limit.unmatched": (
        "$rows 条「$name」记录没有对应的行，未计入",
        "$rows records of “$name” belong to no row and are in no figure",
    ),
    "limit.started": (
        "该办法没有写明施行日期，按自 $day 起施行计",
        "the measure states no first day; it is taken to be in force from $day",
    ),
    "limit.assumed": (
        "按该办法已施行计（假设）",
        "the measure is taken to be in force (an assumption)",
    ),
    "limit.referred": (
        "须人工认定的，假定同一人前后答复相同",
        "where a person must judge, the answer is taken to be the same both times",
    ),
    "slider.values": ("$name：$values", "$name: $values"),
    "slider.still": (
        "方括号内是现行的值；在运行中的笔记本里，拖动滑块，下列各表随即重算",
        "brackets mark the values in force; in a notebook that runs, sliders work all out anew",
    ),
    "limit.behaviour": ("申请人的行为视为不变", "applicants are taken to do as before"),
    # sheets
    "sheet.outcomes": ("结果", "Outcomes"),
    "sheet.spend": ("支出", "Spending"),
    "sheet.missing": ("缺少的事实及其影响", "What is missing, and what hangs on it"),
    "sheet.binding": ("起作用的限额", "Limits that bind"),
    "sheet.reasons": ("未获准的理由", "Reasons against a grant"),
    "sheet.values": ("结果项", "Values found"),
    "sheet.by": ("按「$name」分组", "By $name"),
    "sheet.rejected": ("未计入的行", "Rows that are in no figure"),
    "sheet.rejected_rows": ("未计入的行及原因", "Rows that are in no figure, and why"),
    "sheet.rows": ("逐行结果", "Every row"),
    "sheet.limits": ("各限额单独的影响", "What each limit alone holds back"),
    "sheet.limits_by": (
        "各限额单独的影响，按「$name」",
        "What each limit alone holds back, by $name",
    ),
    "sheet.totals": ("合计", "Totals"),
    "sheet.effects": ("得失", "Who gains and who loses"),
    "sheet.transitions": ("结果变化", "Outcomes before and after"),
    "sheet.parts": ("逐项改动", "Each change by itself"),
    "sheet.points": ("逐值试算", "Each value tried"),
    "sheet.readings": ("各种理解", "Each way to read"),
    "sheet.regimes": ("各办法", "Each measure"),
    "sheet.exhaust": ("资金", "The money"),
    "sheet.exhaust_by": ("未足额者，按「$name」", "Who is left out, by $name"),
    "sheet.quantiles": ("获准金额的分布（最近秩）", "Spread of what is granted (nearest rank)"),
    "note.limits": (
        "仅去掉该限额、其余不变时多得的金额；各项不可相加",
        "what is paid more with that limit alone taken away; the rows do not add up",
    ),
    "note.missing": (
        "一件申请可缺多项事实，各项不可相加",
        "an application may lack several facts; the rows do not add up",
    ),
    "note.reasons": (
        "一件申请可有多项理由，各项不可相加",
        "an application may have several reasons; the rows do not add up",
    ),
    "note.parts": (
        "逐项改动相互影响，各项不可相加",
        "changes act on one another; the rows do not add up",
    ),
    "note.binding": ("数个限额相等时各计一次", "where several limits tie, each counts"),
    # columns
    "column.outcome": ("结果", "outcome"),
    "column.rows": ("件数", "rows"),
    "column.share": ("占比", "share"),
    "column.output": ("金额项", "amount"),
    "column.settled": ("已确定", "settled"),
    "column.least": ("最少", "least"),
    "column.greatest": ("最多", "greatest"),
    "column.open": ("未确定件数", "open"),
    "column.fact": ("事实", "fact"),
    "column.name": ("名称", "name"),
    "column.alone": ("仅缺此项", "this alone"),
    "column.alone_reason": ("仅此一项", "this alone"),
    "column.hidden": ("影响金额", "hangs on it"),
    "column.rule": ("规则", "rule"),
    "column.ref": ("条款", "provision"),
    "column.paid": ("支付金额", "paid"),
    "column.kind": ("性质", "kind"),
    "column.value": ("值", "value"),
    "column.group": ("组", "group"),
    "column.granted_rows": ("获准件数", "granted"),
    "column.code": ("原因", "why"),
    "column.first": ("首见行", "first row"),
    "column.message": ("说明", "what is wrong"),
    "column.row": ("行", "row"),
    "column.amount": ("金额", "amount"),
    "column.binding": ("起作用的限额", "limits that bind"),
    "column.reasons": ("理由", "reasons"),
    "column.missing": ("缺少", "missing"),
    "column.costs_rows": ("受影响件数", "rows"),
    "column.cost_least": ("少得至少", "holds back at least"),
    "column.cost_greatest": ("少得至多", "holds back at most"),
    "column.unbounded": ("别无限额件数", "nothing else limits"),
    "column.when": ("何时", "when"),
    "column.before": ("之前", "before"),
    "column.after": ("之后", "after"),
    "column.before_least": ("之前最少", "before, least"),
    "column.before_greatest": ("之前最多", "before, greatest"),
    "column.after_least": ("之后最少", "after, least"),
    "column.after_greatest": ("之后最多", "after, greatest"),
    "column.change_least": ("变化最少", "change, least"),
    "column.change_greatest": ("变化最多", "change, greatest"),
    "column.gains": ("增加件数", "gain"),
    "column.gained": ("增加金额", "gained"),
    "column.loses": ("减少件数", "lose"),
    "column.lost": ("减少金额", "lost"),
    "column.same": ("不变件数", "same"),
    "column.unsure": ("不能断定", "cannot be told"),
    "column.effect": ("得失", "effect"),
    "column.change": ("改动", "change"),
    "column.changed": ("变化", "change"),
    "column.alone_least": ("仅此一项：最少", "alone, least"),
    "column.alone_greatest": ("仅此一项：最多", "alone, greatest"),
    "column.without_least": ("缺此一项：最少", "all but it, least"),
    "column.without_greatest": ("缺此一项：最多", "all but it, greatest"),
    "column.reading": ("条文理解", "reading"),
    "column.differs": ("不同件数", "otherwise"),
    "column.regime": ("办法", "measure"),
    "column.median": ("中位数", "median"),
    "column.budget": ("预算", "budget"),
    "column.due_rows": ("应得件数", "due"),
    "column.due": ("应得", "due in all"),
    "column.cut_rows": ("部分得到", "cut"),
    "column.nothing_rows": ("未得到", "nothing"),
    "column.short": ("差额", "short"),
    "column.left": ("余额", "left"),
    "column.ran_out": ("用尽于", "runs out"),
    "column.earliest": ("最早用尽于", "earliest"),
    "column.rank": ("分位", "percentile"),
    "column.rejected": ("未计入", "rejected"),
    # words in cells
    "total": ("合计", "all"),
    "effect.gains": ("增加", "gains"),
    "effect.loses": ("减少", "loses"),
    "effect.same": ("不变", "the same"),
    "effect.open": ("不能断定", "cannot be told"),
    "kind.failed": ("不符合", "not met"),
    "kind.soft_failed": ("超出原则上的限度", "beyond a limit in principle"),
    "kind.open": ("待人工认定", "for a person to judge"),
    "kind.exhausted": ("额度用尽", "nothing left"),
    "kind.too_much_requested": ("申请额超过可给", "asks for too much"),
    "kind.not_in_force": ("未施行", "not in force"),
    "kind.force_unknown": ("是否施行不详", "not known to be in force"),
    "requested": ("申请额", "what was asked for"),
    "baseline": ("现行", "as it stands"),
    "band.under": ("不满 $end0", "under $end0"),
    "band.between": ("$end0 以上，不满 $end1", "$end0 to under $end1"),
    "band.from": ("$end0 以上", "$end0 and over"),
    "departure": ("$question「$option」", "$question “$option”"),
    "listed": ("、", ", "),
}

tell: Final = make_tell(POPULATION_WORDS)


def word(key: str, /, **arguments: str) -> Wording:
    """Return a text in both languages, the same arguments in each."""
    return Wording(tell("zh", key, **arguments), tell("en", key, **arguments))
