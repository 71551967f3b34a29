"""Comes in: a decision. Goes out: the part of a letter on how each amount was reached."""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.decision.amounts import REQUESTED, LimitResult
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import Amount
from voucher_rules.explain.amounts import tell_limit, tell_rounding
from voucher_rules.explain.forms import Line
from voucher_rules.explain.letters.model import Part
from voucher_rules.explain.letters.words import tell_letter
from voucher_rules.explain.teller import Teller
from voucher_rules.values.model import NONE


def write_amount_part(teller: Teller) -> Part:
    """Return how every amount was reached: its limits, which of them is lowest, the rounding."""
    title = tell_letter(teller.language, "part.amount")
    amounts = list(teller.result.amounts.values())
    if teller.result.outcome is Outcome.NOT_IN_FORCE:
        return Part("amount", title)
    if len(amounts) != 1:
        parts = tuple(
            _write_one(teller, item, item.output.label.told(teller.language), "of")
            for item in amounts
        )
        return Part("amount", title, parts=tuple(x for x in parts if x.says_something))
    return _write_one(teller, amounts[0], title, "amount")


def _write_one(teller: Teller, amount: Amount, title: str, key: str) -> Part:
    limits = [limit for limit in amount.result.limits if limit.value is not NONE]
    lines = [_tell_limit(teller, amount, limit) for limit in limits]
    lines += tell_rounding(teller, amount)
    close = tuple(_tell_lowest(teller, amount))
    return Part(key, title, _tell_lead(teller, amount, limits), tuple(lines), close)


def _tell_lead(teller: Teller, amount: Amount, limits: list[LimitResult]) -> str:
    if teller.result.outcome is Outcome.DENIED and amount.otherwise:
        return tell_letter(teller.language, "amount.denied")
    if teller.result.outcome is Outcome.UNDETERMINED and amount.range.low != amount.range.high:
        return tell_letter(teller.language, "amount.waiting")
    return tell_letter(teller.language, "amount.lead") if len(limits) > 1 else ""


def _tell_limit(teller: Teller, amount: Amount, limit: LimitResult) -> Line:
    name = limit.rule.id if limit.rule else REQUESTED
    binds = amount.otherwise is not None and name in amount.binding
    line = tell_limit(teller, amount, limit, binds=binds)
    if limit.rule is None or not limit.rule.soft:
        return line
    soft = tell_letter(teller.language, "amount.soft")
    return Line(line.text, line.ref, line.tone, (*line.notes, soft))


def _tell_lowest(teller: Teller, amount: Amount) -> Iterator[str]:
    """Tell which limit fixes the amount, where that is known."""
    if amount.otherwise is None or len(amount.result.limits) == 1:
        return
    told = teller.write_money(amount.otherwise, amount)
    names = [_quote_limit(teller, amount, name) for name in amount.binding]
    if len(names) == 1:
        yield tell_letter(teller.language, "amount.lowest", says=names[0], amount=told)
    elif names:
        says = teller.tell("clause").join(names)
        yield tell_letter(teller.language, "amount.ties", says=says, amount=told)


def _quote_limit(teller: Teller, amount: Amount, name: str) -> str:
    rules = {limit.rule.id: limit.rule for limit in amount.result.limits if limit.rule}
    if name not in rules:
        return tell_letter(
            teller.language, "amount.quoted", says=teller.tell("limit.requested"), ref=""
        )
    says = rules[name].says.told(teller.language) or teller.writer.say_rule(rules[name])
    ref = teller.tell("article", ref=str(rules[name].citation))
    return tell_letter(teller.language, "amount.quoted", says=says, ref=ref)
