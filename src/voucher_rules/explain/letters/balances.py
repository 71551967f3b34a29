"""Comes in: a decision made from a ledger. Goes out: what was used before, as it is told a letter.

An applicant knows vouchers by their number, their state and its day, not entries by their names.
"""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.checked.histories import Lifecycle
from voucher_rules.explain.balances import MOST_LOTS, find_lifecycle, tell_scope
from voucher_rules.explain.forms import Line
from voucher_rules.explain.letters.words import tell_letter
from voucher_rules.explain.teller import Teller
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.balances import Found
from voucher_rules.ledger.trails import Trail


def tell_used(teller: Teller) -> Iterator[Line]:
    """Tell each balance read from the ledger: whose, in which period, and what it is made of."""
    for trail in teller.trails:
        declared = teller.result.ruleset.inputs[trail.rested.name]
        value = teller.writer.write_value(
            teller.result.case.values[trail.rested.name], declared.type
        )
        text = teller.tell("source", label=declared.label.told(teller.language), value=value)
        yield Line(text + tell_scope(teller, trail), notes=tuple(_tell_lots(teller, trail)))


def _tell_lots(teller: Teller, trail: Trail) -> Iterator[str]:
    lifecycle = find_lifecycle(teller, trail)
    for item in trail.found[:MOST_LOTS]:
        yield _tell_lot(teller, lifecycle, item)
    if len(trail.found) > MOST_LOTS:
        yield teller.tell("balance.more", count=str(len(trail.found) - MOST_LOTS))


def _tell_lot(teller: Teller, lifecycle: Lifecycle, item: Found) -> str:
    """Tell one part of a balance: of what, how much, in which state; since when, if it is known."""
    lot, say = item.lot, teller.language
    state = lifecycle.states.get(lot.state)
    moment = lot.moments.get(lot.state)
    slots = {
        "what": teller.tell("balance.of", label=lifecycle.label.told(say), names=item.thing.id),
        "state": state.label.told(say) if state else lot.state,
    }
    if moment is not None:
        day = moment.astimezone(teller.result.ruleset.zone).date().isoformat()
        slots["state"] = tell_letter(say, "contest.since", state=slots["state"], day=day)
    if not lifecycle.currency:
        return tell_letter(say, "contest.lot", **slots)
    kind = Type(Kind.MONEY, unit=lifecycle.currency)
    amount = teller.writer.write_value(lot.amount, kind)
    return tell_letter(say, "contest.lot.amount", amount=amount, **slots)
