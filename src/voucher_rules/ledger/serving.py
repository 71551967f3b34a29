"""Comes in: one request. Goes out: the decision, paid as a queue of one would be, and entered.

Whatever pools the decision may take from are asked, and whoever waits for them comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from voucher_rules.ledger.allocating import Queue, pay_now
from voucher_rules.ledger.deciding import Answer, Request
from voucher_rules.ledger.keeper import Keeper, check_aware
from voucher_rules.ledger.paying import Paid, list_pools
from voucher_rules.ledger.placing import Placement, place_paid


@dataclass(frozen=True, slots=True)
class Served:
    """A decision, its place where it may take from a pool, and who was called up before it."""

    answer: Answer
    placement: Placement | None
    called_up: tuple[Placement, ...] = ()


def decide(keeper: Keeper, request: Request, known: datetime | None = None) -> Served:
    """Decide from history at the request's moment, and enter what follows, as one batch.

    What lapsed by then is entered with it, and whoever waits for the same money is called up
    before. Raises :class:`InputError` for faults of the request,
    :class:`~voucher_rules.LedgerError` where what follows cannot be entered; nothing is entered
    then.
    """
    check_aware(request.at, "at")
    with keeper.together():
        called = tuple(_call_up_before(keeper, request, known))
        keeper.lapse(request.at, known)
        paid = pay_now(keeper, request)
        keeper.enter(paid.answer.drafts, known)
    return _tell_served(request, paid, called)


def consider(keeper: Keeper, request: Request, known: datetime | None = None) -> Served:
    """Decide as :func:`decide` does, by what was known then, and enter nothing.

    What follows is not tried: whether the life of the thing allows it is told when it is entered.
    """
    check_aware(request.at, "at")
    pools = list_pools(request.program)
    if not pools:
        return Served(keeper.consider(request, known), None)
    called: tuple[Placement, ...] = ()
    if known is not None or keeper.watch.find_next_lapse(request.at) or _waits(keeper, request):
        aside = keeper.copy(keeper.see(known))
        called = tuple(_call_up_before(aside, request, None))
        numbered = aside if known is None else keeper
        request = replace(request, name=request.name or numbered.next_name())
        keeper = aside
    return _tell_served(request, pay_now(keeper, request), called)


def _call_up_before(
    keeper: Keeper, request: Request, known: datetime | None
) -> Iterator[Placement]:
    """Call up whoever waits for money the request may take from, and yield who was served."""
    for pool in list_pools(request.program):
        queue = Queue(keeper, pool, [request], known=known)
        queue.advance(request.at)
        yield from queue.allocation.placements


def _waits(keeper: Keeper, request: Request) -> bool:
    """Return whether anyone waits for money the request may take from."""
    pools = list_pools(request.program)
    return any(Queue(keeper, pool, [request]).has_waiting(request.at) for pool in pools)


def _tell_served(request: Request, paid: Paid, called: tuple[Placement, ...]) -> Served:
    pays = bool(list_pools(request.program))
    return Served(paid.answer, place_paid(request.thing, paid) if pays else None, called)
