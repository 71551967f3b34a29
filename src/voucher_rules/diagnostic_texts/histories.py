"""Comes in: nothing. Goes out: what diagnostics of lifecycles, balances and pools say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

HISTORIES: Final[Mapping[str, DiagnosticText]] = {
    "no-lifecycles": text_of(
        "未声明生命周期，不能用「$key」这样写",
        "`$key` reads a history, and no lifecycle is declared",
        "请在「lifecycles」下声明所读取的事物，或删除该键",
        "declare what it reads under `lifecycles`, or remove it",
    ),
    "name-means-more": text_of(
        "名称「$name」在同一生命周期中另有所指",
        "the name `$name` means something else of the same thing too",
        "amount、各状态及其 _at、_on、is_ 形式以及生命周期的名称已有含义，请另取名称",
        "`amount`, the states, their `_at`, `_on` and `is_` forms and the lifecycle's own name are"
        " taken; choose another",
    ),
    "carried-from-nowhere": text_of(
        "没有开始事件可以读取「$name」",
        "no event that opens the thing has a `$name` to read",
        "请让开始事件「follows」一项决定（consequence 须写明规则），或删除「from」由登记人填写",
        "let an opening event follow a decision (by `rule` for a consequence), or remove `from`",
    ),
    "carried-too-late": text_of(
        "「$name」在事物开始之后才确定，不能据以划分资金",
        "`$name` is set only after the thing was opened, and it is paid from there on",
        "请按开始时已带有的内容划分，或不划分",
        "divide the pool by what is carried from the first, or not at all",
    ),
    "consequence-is-endless": text_of(
        "规则「$rule」的后果没有终止日期",
        "the consequence of the rule `$rule` has no end to read",
        "请改用不读取终止日期的结余，如「holds」，或写明终止日期",
        "use a balance that needs no end, such as `holds`, or give the consequence an end",
    ),
    "holds-nothing": text_of(
        "「$name」不含金额",
        "things of the lifecycle `$name` hold no money",
        "请写「holds: money」，或不在此处使用金额；名额用「unit:」写明量词",
        "write `holds: money`, or do without an amount here; a pool may count things, in a `unit:`",
    ),
    "comes-by-itself": text_of(
        "事件「$name」到期自行发生，不能再写「$key」",
        "the event `$name` comes by itself, so `$key` does not go with it",
        "请在「past」与「$key」中保留其一",
        "keep `past` or `$key`",
    ),
    "opens-without-amount": text_of(
        "事件「$name」开始一项含金额的事物，却没有写明金额",
        "the event `$name` opens a thing that holds money and says no amount",
        "请在「follows」中用「amount:」写明决定的哪个结果项是金额",
        "name the output of the decision with `amount:` in `follows`",
    ),
    "rest-stays": text_of(
        "余下部分进入「$name」，而事件本来就从该状态出发或进入该状态",
        "the rest goes to `$name`, which the event comes from or leads to anyway",
        "请写另一状态；余下部分不动时删除「rest」",
        "name another state, or leave `rest` out where the rest stays as it is",
    ),
    "rule-does-not-fit": text_of(
        "「$name」不是决定「$decision」中的 $mechanic 规则",
        "`$name` is no $mechanic of the decision `$decision`",
        "请写该决定中含有「$mechanic:」的规则",
        "name a rule of that decision which has a `$mechanic:`",
    ),
    "nothing-opens": text_of(
        "生命周期「$name」没有开始事件",
        "no event opens a thing of the lifecycle `$name`",
        "请至少写一个没有「from」的事件",
        "give it an event without `from`",
    ),
    "state-not-reached": text_of(
        "没有事件能使其进入状态「$name」",
        "no event leads to the state `$name`",
        "请增加进入该状态的事件，或删除该状态",
        "add an event that leads there from a state that is reached, or remove the state",
    ),
    "events-alike": text_of(
        "事件「$name」与「$other」由同一决定引起，来自同一状态",
        "the events `$name` and `$other` follow the same decision from the same state",
        "请使两者的结论、后果或来源状态不同",
        "part them by outcome, by consequence or by the states they come from",
    ),
    "lapses-in-a-circle": text_of(
        "自行发生的事件绕回原处：$cycle",
        "events that come by themselves lead back: $cycle",
        "请去掉其中一个「past」，否则会无限重复",
        "take one `past` out, for it would come again and again",
    ),
    "state-never-dated": text_of(
        "处于状态「$name」的事物没有「$dated」",
        "what is in the state `$name` never has a `$dated`",
        "请以此前必经的状态确定日期，或从中去掉该状态",
        "date it by a state that it has been in, or leave this one out",
    ),
    "fact-not-optional": text_of(
        "「$name」可能不存在，却没有声明为可选",
        "there may be no such day, and `$name` is not optional",
        "请在该事实上加「optional: true」，结余也可用「otherwise:」写明没有时以何为准",
        "add `optional: true` to the fact; a balance may say with `otherwise:` what holds then",
    ),
    "across-itself": text_of(
        "「$name」就是本规则集，无须列出",
        "`$name` is this ruleset, whose things count anyway",
        "请只列其他规则集",
        "name the others only",
    ),
    "does-not-wait": text_of(
        "事件「$name」不是进入等候状态的开始事件",
        "the event `$name` does not open a thing that waits",
        "该事件不得有「from」和「follows」，并须进入「stands: waiting」的状态",
        "it has no `from` and no `follows`, and leads to a state that `stands: waiting`",
    ),
    "rule-does-not-rank": text_of(
        "「$name」不是排序规则",
        "`$name` is no rule that ranks",
        "请写含有「rank:」的规则",
        "name a rule that has a `rank:`",
    ),
    "filled-twice": text_of(
        "「$name」由两处历史填写",
        "`$name` is told by the history twice",
        "首次写在第 $first 行；请保留其一",
        "the first is on line $first; keep one",
    ),
    "span-goes-by-filled": text_of(
        "此处以「$name」为准，而该项又由结余填写",
        "this goes by `$name`, which a balance or a pool fills",
        "请改用个案给出的日期",
        "let it go by a date that the case states",
    ),
    "otherwise-may-be-none": text_of(
        "没有日期时以「$name」为准，而该项自身也可能不存在",
        "where there is no day `$name` holds, which may itself not exist",
        "请写个案中必有的日期，或写「unknown」",
        "name a date that every case has, or write `unknown`",
    ),
    "field-not-filled": text_of(
        "清单的「$name」没有由「fields」填写",
        "`$name` of the list is not filled by `fields`",
        "清单由历史填写时，请写明每一栏取自事物的哪一项，或删除该栏",
        "say for each field of the list what a thing says of it, or remove the field",
    ),
    "state-in-parts": text_of(
        "「$name」的事件可以只涉及一部分，一件事物可能同时处于几个状态",
        "a part of a `$name` may move, so that one thing may stand in several states",
        "请用「is_状态」或「amount.状态」逐一说明",
        "ask for each state by `is_<state>` or `amount.<state>`",
    ),
    "state-not-an-option": text_of(
        "状态「$state」不是「$name」的选项",
        "the state `$state` is no option of `$name`",
        "请在该选项表中加入计入的每个状态",
        "let the choice have every state that the balance takes",
    ),
}
