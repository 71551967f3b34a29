"""Comes in: a decision made from a ledger. Goes out: its balances, and the entries behind each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voucher_rules.checked.histories import Lifecycle
from voucher_rules.explain.forms import Line
from voucher_rules.explain.teller import Teller
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.balances import Found
from voucher_rules.ledger.trails import Trail
from voucher_rules.values.write import write_instant

MOST_LOTS: Final = 20
"""How many parts of a balance are told in words; the JSON form holds them all."""


def tell_balances(teller: Teller) -> Iterator[Line]:
    """Tell each balance read from the ledger: whose it is, over which days, of which entries."""
    for trail in teller.trails:
        name = trail.rested.name
        declared = teller.result.ruleset.inputs[name]
        value = teller.writer.write_value(teller.result.case.values[name], declared.type)
        text = teller.tell("source", label=declared.label.told(teller.language), value=value)
        yield Line(text + tell_scope(teller, trail), notes=tuple(_tell_lots(teller, trail)))


def tell_scope(teller: Teller, trail: Trail) -> str:
    """Tell whose the balance is, its first and last day, and whether anything counts in it."""
    lifecycle = find_lifecycle(teller, trail)
    told = []
    for name, parties in trail.rested.per.items():
        carried = lifecycle.carries.get(name)
        label = (carried.label if carried else lifecycle.label).told(teller.language)
        told.append(teller.tell("balance.of", label=label, names=teller.join(list(parties))))
    first, last = trail.rested.first, trail.rested.last
    if first is not None and last is not None:
        days = {"first": first.isoformat(), "last": last.isoformat()}
        told.append(teller.tell("balance.days", **days))
    elif last is not None:
        told.append(teller.tell("balance.until", last=last.isoformat()))
    if not trail.found:
        told.append(teller.tell("balance.nothing"))
    return teller.tell("provenance", entries=teller.tell("clause").join(told)) if told else ""


def _tell_lots(teller: Teller, trail: Trail) -> Iterator[str]:
    lifecycle = find_lifecycle(teller, trail)
    for item in trail.found[:MOST_LOTS]:
        yield _tell_lot(teller, lifecycle, item)
    if len(trail.found) > MOST_LOTS:
        yield teller.tell("balance.more", count=str(len(trail.found) - MOST_LOTS))


def _tell_lot(teller: Teller, lifecycle: Lifecycle, item: Found) -> str:
    lot = item.lot
    state = lifecycle.states.get(lot.state)
    moment = lot.moments[lot.state].astimezone(teller.result.ruleset.zone)
    what = teller.tell(
        "balance.of", label=lifecycle.label.told(teller.language), names=item.thing.id
    )
    if lifecycle.currency:
        amount = teller.writer.write_value(lot.amount, Type(Kind.MONEY, unit=lifecycle.currency))
        what = teller.tell("source", label=what, value=amount)
    return teller.tell(
        "balance.lot" if len(lot.entries) == 1 else "balance.lot_of_several",
        what=what,
        state=state.label.told(teller.language) if state else lot.state,
        moment=write_instant(moment),
        entries=teller.join(list(lot.entries)),
    )


def find_lifecycle(teller: Teller, trail: Trail) -> Lifecycle:
    """Return what the things of a balance go through."""
    histories = teller.result.ruleset.histories
    return histories.lifecycles[histories.balances[trail.rested.name].lifecycle]
