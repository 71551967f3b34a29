"""Comes in: nothing. Goes out: what the commands on ledgers say, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LEDGER_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "heading.number": ("序", "no."),
    "heading.moment": ("时间", "moment"),
    "heading.application": ("申请", "application"),
    "heading.entitled": ("应得", "entitled to"),
    "heading.granted": ("实得", "granted"),
    "heading.before": ("此前剩余", "left before"),
    "heading.place": ("处理", "what became of it"),
    "heading.all_granted": ("发放", "granted"),
    "heading.released": ("释放", "released"),
    "heading.adds_up": ("与台账", "the books"),
    "heading.state": ("状态", "state"),
    "heading.things": ("件数", "things"),
    "heading.count": ("次数", "times"),
    "heading.span": ("期间", "span"),
    "heading.of": ("资金类别", "of"),
    "heading.put": ("投入", "put in"),
    "heading.taken": ("占用", "taken"),
    "heading.left": ("剩余", "left"),
    "heading.entry": ("条目", "entry"),
    "heading.happened": ("发生", "happened"),
    "heading.known": ("获知", "known"),
    "heading.what": ("事项", "what"),
    "heading.because": ("依据", "because"),
    "heading.standing": ("效力", "standing"),
    "heading.last": ("最后期限", "last"),
    "heading.thing": ("事物", "thing"),
    "heading.event": ("事件", "event"),
    "heading.window": ("期限规定", "window"),
    "heading.how": ("方式", "how"),
    "heading.missing": ("尚缺", "missing"),
    # what stands
    "ledger.head": ("$path：条目 $count 条", "$path, entries: $count"),
    "ledger.last_known": ("，最后获知于 $moment", ", the last known $moment"),
    "ledger.seen": ("截至 $moment 的情况", "as it stood at $moment"),
    "ledger.seen_known": ("按 $moment 时所知", "as known at $moment"),
    "ledger.ruleset": ("$ruleset $edition：$title", "$ruleset $edition: $title"),
    "ledger.editions": ("条目所属版本：$editions", "its entries were made under: $editions"),
    "ledger.nothing": ("没有条目", "no entries"),
    "ledger.pool": ("$label（$ref）", "$label ($ref)"),
    "ledger.no_state": ("未发生任何事项", "nothing happened yet"),
    "ledger.each_case": ("因个案而异", "differs from case to case"),
    "ledger.not_set": ("未定", "not set"),
    "ledger.decisions": ("作出的决定", "decisions"),
    "ledger.thing": ("$label $thing（$ruleset $edition）", "$label $thing ($ruleset $edition)"),
    "ledger.carries": ("$label：$value", "$label: $value"),
    "ledger.lot": ("$amount，自 $moment 起$state", "$amount, $state since $moment"),
    "ledger.lot_plain": ("自 $moment 起$state", "$state since $moment"),
    "ledger.next": ("接下来可能发生：", "what may happen next:"),
    "ledger.withdrawn_thing": ("其产生已被撤回", "what opened it was withdrawn"),
    "ledger.life": ("经过：", "its life:"),
    # entries
    "entry.moved": ("$label $thing：$event", "$label $thing: $event"),
    "entry.made": ("$thing 的决定「$decision」：$outcome", "$decision on $thing: $outcome"),
    "entry.made_alone": ("决定「$decision」：$outcome", "$decision: $outcome"),
    "entry.budgeted": ("$pool$of，$day 所在期间定为", "$pool$of, set for the span of $day"),
    "entry.added": ("$pool$of，$day 所在期间追加", "$pool$of, added for the span of $day"),
    "entry.envelope": ("（$names）", " ($names)"),
    "entry.joins": ("$carried $party 加入关联组 $group", "$carried $party joins the group $group"),
    "entry.leaves": ("$carried $party 退出关联组", "$carried $party leaves its group"),
    "entry.withdrawn": ("撤回 $entry", "withdraws $entry"),
    "entry.decision": ("决定 $entry", "decision $entry"),
    "entry.supersedes": ("替代 $entry", "supersedes $entry"),
    "entry.short_of": ("余额不足：$pool", "too little was left: $pool"),
    "entry.lapsed": ("$window：$last", "$window: $last"),
    "standing.corrected": ("已由 $entry 更正", "corrected by $entry"),
    "standing.withdrawn": ("已由 $entry 撤回", "withdrawn by $entry"),
    "standing.superseded": ("已由 $entry 替代", "superseded by $entry"),
    # deadlines
    "due.until": ("至迟 $last", "until $last"),
    "due.by_itself": ("逾期自行发生", "comes by itself after it"),
    "due.must": ("须在期限内发生", "must happen by then"),
    "due.open": ("无期限", "no deadline"),
    "due.unknown": ("期限不明", "the end is not known"),
    "due.missing": ("期限不明，尚缺：$names", "the end is not known, for want of: $names"),
    "due.window": ("$says（$ref）", "$says ($ref)"),
    "audit.nothing": ("没有需要留意的情况", "nothing to look at"),
    "audit.entries": ("条目：$entries", "entries: $entries"),
    "audit.entry": ("条目：$entries", "entry: $entries"),
    "calendar.nothing": ("没有期限", "no deadlines"),
    # entering
    "enter.done": ("已记入 $count 条", "entries made: $count"),
    "lapse.nothing": ("没有逾期事项", "nothing lapsed"),
    "decide.entered": ("已记入 $path，条目 $entry", "entered into $path as $entry"),
    "decide.considered": (
        "未记入台账；加 --enter 方记入",
        "nothing was entered; --enter enters it",
    ),
    "decide.start_unstated": (
        (
            "文件没有写明自何日施行；得知该日后，加 --in-force-from 日期；只想假定已施行，"
            "加 --assume-in-force"
        ),
        (
            "the document does not state from when it is in force; once that day is known, add "
            "--in-force-from DATE; to merely assume that it is, --assume-in-force"
        ),
    ),
    "decide.without_force": (
        "文件没有效力，也没有写明施行日期；要假定已施行，加 --assume-in-force",
        (
            "the document has no force and states no first day; to assume that it is in force, add "
            "--assume-in-force"
        ),
    ),
    "decide.undetermined": (
        "记入的是未定的决定；事实补齐后：voucher-rules decide-again $path $entry …",
        "entered as undetermined; once more is known: voucher-rules decide-again $path $entry …",
    ),
    "decide.unnamed": (
        "没有写明是哪个$label，因此未知：$balances。请加 --of $name=…",
        "nobody said which $label; so this is unknown: $balances; say it with --of $name=…",
    ),
    "decide.unnamed_thing": (
        "没有写明是哪一个$label，因此未知：$balances。请加 --thing …",
        "nobody said which $label; so this is unknown: $balances; say it with --thing …",
    ),
    "decide.unstated": (
        "没有写明「$label」，因此未知：$balances。请在事实中写明 $name",
        "nobody stated $label; so this is unknown: $balances; state the fact $name",
    ),
    "decide.follows": ("由此发生：$what", "what follows: $what"),
    "decide.would_follow": ("记入时将发生：$what", "what would follow: $what"),
    # a decision taken again
    "heading.earlier": ("原", "before"),
    "heading.again": ("现", "now"),
    "again.head": (
        "$thing 的决定「$decision」重新作出：$old → $new",
        "$decision on $thing, taken again: $old → $new",
    ),
    "again.head_alone": (
        "决定「$decision」重新作出：$old → $new",
        "$decision, taken again: $old → $new",
    ),
    "again.unstated": ("未写明", "not stated"),
    "again.reading": ("理解 $name", "reading $name"),
    "again.moved": ("随之变化：", "what moved with it:"),
    "again.nothing_moved": ("没有其他变化", "nothing else moved"),
    "again.state": ("$thing：$state", "$thing: $state"),
    "again.taken": ("$pool：占用", "$pool: taken"),
    "again.left": ("$pool：剩余", "$pool: left"),
    "again.entries": ("随之记入：", "entered with it:"),
    # a queue
    "allocate.head": ("$title — $decision，资金：$pool", "$title — $decision, paid from: $pool"),
    "allocate.entered": (
        "已记入 $path，共 $count 条（$first 至 $last）",
        "entered into $path, entries: $count ($first to $last)",
    ),
    "allocate.ran_out": ("最先遇到资金不足的：", "the first to find too little:"),
    "allocate.limited": (
        "决定本身以资金余额为限的（应得即不超过余额），按先后：",
        "limited in the decision itself to what was left, or denied for it alone, in turn:",
    ),
    "allocate.sufficed": ("资金足够，无人因资金不足未获", "the money sufficed for all"),
    "allocate.waiting": ("仅因资金不足列入候补的：", "waiting only for lack of money:"),
    "allocate.turned_away": (
        "仅因资金不足未获的：",
        "turned away only for lack of money:",
    ),
    "allocate.unlimited": (
        "没有写明资金有多少$of，未设限额",
        "nobody said how much money there is$of; nothing limits it",
    ),
    "allocate.missing": ("尚缺：$names", "missing: $names"),
    "allocate.sums": ("资金核对（按条目逐笔重算）：", "the money, counted again entry by entry:"),
    "allocate.agrees": ("相符", "agree"),
    "allocate.differs": ("不符", "do not agree"),
    "place.granted": ("准予", "granted"),
    "place.cut": ("按余额核减", "cut to what was left"),
    "place.waiting": ("列入候补", "waits"),
    "place.turned_away": ("因资金不足未获", "turned away for lack of money"),
    "place.not_granted": ("不获准予", "not granted"),
    "place.limited_granted": ("准予，以资金余额为限", "granted, no more than what was left"),
    "place.limited_cut": ("按余额核减", "cut to what was left"),
    "place.limited_waiting": ("列入候补", "waits"),
    "place.limited_turned_away": ("因资金不足未获", "turned away for lack of money"),
    "place.limited_not_granted": ("因资金用完未获", "denied, for no money was left"),
    "place.called_up": ("递补（原决定 $entry）：$place", "called up (from $entry): $place"),
}
