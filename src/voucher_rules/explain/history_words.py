"""Comes in: nothing. Goes out: the words in which lifecycles, balances and pools are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HISTORY_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "history.quoted": ("“$name”", "“$name”"),
    "history.listed": ("、", ", "),
    "history.clause": ("；", "; "),
    "history.or": ("或", " or "),
    "history.heading": ("历程：$label", "history: $label"),
    "history.balances": ("由历史得出的数", "values read from history"),
    "history.pool": ("资金：$label", "money: $label"),
    "history.here": ("事件与资金", "events and money"),
    "history.event_of": ("$thing：$event", "$thing: $event"),
    # columns and rows
    "history.state": ("状态", "state"),
    "history.stands": ("代表", "stands for"),
    "history.event": ("事件", "event"),
    "history.way": ("状态变化", "from and to"),
    "history.when": ("何时发生", "when it happens"),
    "history.ref": ("条款", "provision"),
    "history.holds": ("金额", "amount"),
    "history.carries": ("随附", "carries"),
    "history.tells": ("告知的事实", "facts it tells"),
    "history.value": ("数，或所填的事实", "value, or fact it fills"),
    "history.taken": ("取什么", "what it takes"),
    "history.states": ("计入的状态", "in which states"),
    "history.whose": ("谁的", "whose"),
    "history.span": ("期间", "over which days"),
    "history.paid": ("用于", "pays for"),
    "history.takes": ("占用资金的状态", "states that take from it"),
    "history.envelopes": ("分项", "kept apart by"),
    "history.last": ("余额不足时", "where too little is left"),
    "history.order": ("先后次序", "in which order"),
    "history.waits": ("余额用尽时", "where nothing is left"),
    "history.fills": ("余额填入", "what is left fills"),
    # what states stand for
    "history.stands.waiting": ("等候", "waiting"),
    "history.stands.held": ("已承诺，未支付", "promised, not paid out"),
    "history.stands.used": ("已支付", "paid out"),
    "history.stands.released": ("已释放或退回", "released or given back"),
    "history.stands.expired": ("已逾期失效", "run out"),
    "history.stands.none": ("与资金无关", "nothing to do with money"),
    # what a thing holds
    "history.holds.money": ("有金额（$currency）", "it has one ($currency)"),
    "history.holds.nothing": ("没有金额", "it has none"),
    "history.carried": ("$label：$source", "$label: $source"),
    "history.carried.named": ("记入事件时指明", "named when the event is entered"),
    "history.carried.fact": ("取自“$fact”", "taken from “$fact”"),
    "history.carried.start": (
        "所依后果的首日",
        "the first day of the consequence it comes from",
    ),
    "history.carried.until": (
        "所依后果的末日",
        "the last day of the consequence it comes from",
    ),
    "history.told": ("$fact：$what", "$fact: $what"),
    "history.told.amount": ("其全部金额", "its whole amount"),
    "history.told.part": ("其中“$state”的金额", "how much of it is “$state”"),
    "history.told.moment": ("进入“$state”的时刻", "the moment it became “$state”"),
    "history.told.day": ("进入“$state”的日期", "the day it became “$state”"),
    "history.told.whether": ("是否“$state”", "whether it is “$state”"),
    "history.told.state": ("所处的状态", "the state it is in"),
    "history.told.carried": ("随附的“$label”", "the “$label” it carries"),
    # events
    "history.opens": ("新产生 → $target", "new → $target"),
    "history.moves": ("$sources → $target", "$sources → $target"),
    "history.partial": ("可以只涉及一部分", "a part of it may move"),
    "history.by_people": ("由经办人记入", "entered by people"),
    "history.where_empty": ("“$pool”没有余额时", "where nothing is left of “$pool”"),
    "history.called_up": ("“$pool”又有余额时递补", "when there is money in “$pool” again"),
    "history.outcome": ("“$decision”的结果为$outcomes时", "when “$decision” comes out $outcomes"),
    "history.consequence": (
        "“$decision”得出此后果时：$rule",
        "when this consequence of “$decision” applies: $rule",
    ),
    "history.determined": ("“$decision”得出结果时", "when “$decision” is worked out"),
    "history.amount": ("金额为“$output”", "its amount is “$output”"),
    "history.all": ("涉及全部金额", "all there is moves"),
    "history.by": ("须在此期限内：$window", "it must fall within: $window"),
    "history.past": (
        "此期限届满后自行发生：$window",
        "it comes by itself once this has ended: $window",
    ),
    "history.by_first": (
        "须在下列期限中第一个适用的之内：",
        "it must fall within the first of these that applies:",
    ),
    "history.past_first": (
        "下列期限中第一个适用的届满后自行发生：",
        "it comes by itself once the first of these that applies has ended:",
    ),
    "history.item": ("— $item", "— $item"),
    "history.cited": ("$rule（$ref）", "$rule ($ref)"),
    # balances
    "history.sum": ("“$thing”的金额合计", "the amounts of “$thing”, summed"),
    "history.count": ("“$thing”的个数", "how many there are of “$thing”"),
    "history.distinct": ("“$thing”有几个不同的“$of”", "how many different “$of” among “$thing”"),
    "history.first": ("“$thing”最早的“$of”日期", "the first day of “$of” among “$thing”"),
    "history.last_day": ("“$thing”最晚的“$of”日期", "the last day of “$of” among “$thing”"),
    "history.exists": ("是否有“$thing”", "whether there is any of “$thing”"),
    "history.set": ("“$thing”的各种“$of”", "which different “$of” occur among “$thing”"),
    "history.records": ("“$thing”的清单，每件一项", "a list of “$thing”, one record for each"),
    "history.field": ("“$field”：$what", "“$field”: $what"),
    "history.field.amount": ("其计入的金额", "what of it counts here"),
    "history.otherwise": ("没有的，以“$fact”为准", "where there is none, “$fact” holds"),
    "history.otherwise_unknown": (
        "没有的，视为未知",
        "where there is none, it is not known",
    ),
    "history.others_only": ("不含所决定的这一件", "without the one decided about"),
    "history.with_related": ("连同关联方一并计算", "together with everyone in the same group"),
    "history.across": ("连同以下规则集中的：$rulesets", "together with those of: $rulesets"),
    "history.same": ("同一“$label”", "the same “$label”"),
    "history.this": ("所决定的这一件", "the one decided about"),
    "history.everyone": ("全部", "everyone's"),
    # spans
    "history.lifetime": ("不限时间", "at any time"),
    "history.decision_day": ("作出决定所依日期", "the day the decision goes by"),
    "history.calendar_year": (
        "“$state”之日在$day的同一公历年内",
        "“$state” in the calendar year of $day",
    ),
    "history.calendar_quarter": (
        "“$state”之日在$day的同一季度内",
        "“$state” in the quarter of $day",
    ),
    "history.calendar_month": (
        "“$state”之日在$day的同一月内",
        "“$state” in the month of $day",
    ),
    "history.rolling": (
        "“$state”之日在截至$day的此期间内：$lasts",
        "“$state” within this time, up to and with $day: $lasts",
    ),
    "history.between": (
        "“$state”之日在“$opens”至“$closes”之间，首尾两日计入",
        "“$state” from “$opens” to “$closes”, both days included",
    ),
    "history.up_to": (
        "“$state”之日不晚于“$closes”",
        "“$state” no later than “$closes”",
    ),
    "history.else_year": (
        "两日之一不存在的，以$day的公历年为准",
        "where either does not exist, the calendar year of $day",
    ),
    # pools
    "history.last.partial": (
        "最后一笔可以减至所余金额",
        "the last grant may be cut to what is left",
    ),
    "history.last.whole": (
        "不减少最后一笔；所求多于余额的，由其后较少者递补",
        "no grant is cut: who asks for more than is left is passed over",
    ),
    "history.waits.event": ("列入等候：$event", "put to wait: $event"),
    "history.waits.none": ("不再受理", "turned away"),
    "history.one_envelope": ("不分项", "one sum for all"),
}
