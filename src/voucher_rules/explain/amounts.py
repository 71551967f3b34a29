"""Comes in: a decision. Goes out: its amounts, and how each came about from its limits."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from voucher_rules.decision.amounts import REQUESTED, LimitResult
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import Amount
from voucher_rules.decision.trace import Status
from voucher_rules.explain.forms import Line
from voucher_rules.explain.teller import Teller
from voucher_rules.explain.values import is_telling
from voucher_rules.values.model import NONE, Mark, Unknown


def tell_amounts(teller: Teller) -> Iterator[str]:
    """Tell each amount: what is payable, what may yet be, what would have been."""
    for amount in teller.result.amounts.values():
        yield _tell_amount(teller, amount)
        if teller.result.outcome is Outcome.DENIED and amount.otherwise:
            label = amount.output.label.told(teller.language)
            otherwise = teller.write_money(amount.otherwise, amount)
            yield teller.tell("amount.otherwise", label=label, amount=otherwise)


def _tell_amount(teller: Teller, amount: Amount) -> str:
    label, span = amount.output.label.told(teller.language), amount.range
    if amount.value is not None:
        payable = teller.write_money(amount.value, amount)
        return teller.tell("amount.payable", label=label, amount=payable)
    low, high = teller.writer.write_range(span.low, span.high, amount.output.type)
    if teller.result.outcome is Outcome.REFERRED:
        waits = span.low != span.high
        key = "amount.at_most" if waits else "amount.proposed"
        return teller.tell(key if is_telling(span.high) else "amount.open", label=label, high=high)
    if span.low == span.high:
        return teller.tell("amount.same", label=label, amount=low)
    quality = teller.tell("range.exact" if teller.result.exact else "range.sound")
    if not is_telling(span.high):
        key = "amount.at_least" if span.low > 0 else "amount.unknown"
        return teller.tell(key, label=label, low=low)
    return teller.tell("amount.range", label=label, low=low, high=high, quality=quality)


def tell_binding(teller: Teller) -> Iterator[Line]:
    """Tell every limit of every amount, which of them bind, and the rounding."""
    for amount in teller.result.amounts.values():
        decided = amount.otherwise is not None
        for limit in amount.result.limits:
            if limit.value is not NONE:
                name = limit.rule.id if limit.rule else REQUESTED
                yield tell_limit(teller, amount, limit, binds=decided and name in amount.binding)
        yield from tell_rounding(teller, amount)


def tell_limit(teller: Teller, amount: Amount, limit: LimitResult, *, binds: bool) -> Line:
    """Tell one limit, how it was worked out, and whether it binds."""
    key = "limit.ties" if len(amount.binding) > 1 else "limit.binds"
    notes = (teller.tell(key),) if binds else ()
    tone = "good" if binds else "plain"
    if limit.rule is None:
        asked = teller.write_money(limit.value, amount)
        text = teller.tell("limit.line", says=teller.tell("limit.requested"), sum=asked)
        return Line(text, "", tone, notes)
    says, ref = limit.rule.says.told(teller.language), str(limit.rule.citation)
    result = teller.result.evaluation.rules[limit.rule.id]
    if result.status is Status.OPEN:
        return Line(teller.tell("limit.waiting", says=says), ref, "open")
    if result.status is None:
        notes = (*notes, teller.tell("limit.maybe"))
    step = result.steps[-1]
    written = teller.writer.write_step(step, kind=amount.output.type)
    text = teller.tell("limit.line", says=says, sum=written)
    return Line(text, ref, tone, (*notes, *teller.note_step(step)))


def tell_rounding(teller: Teller, amount: Amount) -> Iterator[Line]:
    """Tell how an amount was rounded, where that changed it."""
    before, after = amount.result.least, amount.result.amount
    if before == after or isinstance(before, Mark | Unknown):
        return
    if isinstance(before, int | Fraction) and before < 0:
        yield Line(teller.tell("clamped"))
        return
    rounding, kind = amount.output.rounding, amount.output.type
    step = teller.write_money(rounding.to, amount)
    told = {
        "before": teller.exact.write_value(before, kind),
        "after": teller.write_money(after, amount),
    }
    changed = teller.tell("rounded", **told)
    yield Line(teller.tell(f"rounding.{rounding.mode}", step=step), notes=(changed,))
