"""Comes in: a table that is decided, and a budget. Goes out: it as the queue of a pool serves it.

The ruleset's own pool pays, as :meth:`Ledger.allocate` does: in its order, its last grant cut or
not as it says, balances worked out from what was granted before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from voucher_rules.api.ledger import Ledger
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.checked.histories import Pool
from voucher_rules.language.types import Kind
from voucher_rules.ledger.paying import Place, list_pools
from voucher_rules.values.model import CURRENCIES, Exact
from voucher_rules.values.write import write_money_exactly
from voucher_rules.whatif.funds import Drained, Moment, order_moment
from voucher_rules.whatif.spending import Judged

_SHORT: Final = frozenset({Place.CUT, Place.WAITING, Place.TURNED_AWAY})


@dataclass(frozen=True, slots=True)
class Served:
    """A table as the queue of a pool served it.

    ``due`` is what each case was entitled to; ``own`` names what each row was taken to have one of
    its own of, because no column tells it; ``unpaid`` counts the cases of which the ledger could
    not tell what money pays them, so that all was granted.
    """

    pool: Pool
    due: tuple[Exact, ...]
    drained: Drained
    own: tuple[str, ...]
    unpaid: int


def find_pool(judged: Judged) -> tuple[Pool | None, str]:
    """Return the pool that pays what is decided; or none, and the key of why a plain fund does."""
    program = judged.regime.program
    pools = [pool for pool in list_pools(program) if not pool.unit]
    if not pools or not isinstance(judged.regime.ruleset, Ruleset):
        return None, "no_pool"
    if list_balances(judged):
        return None, "balances"
    return (None, "per") if pools[0].per else (pools[0], "")


def list_balances(judged: Judged) -> list[str]:
    """Return the balances a table states, which a ledger would work out from what it grants."""
    stated = {*judged.table.facts.values(), *judged.table.layout.facts}
    return [name for name in judged.regime.program.ruleset.histories.balances if name in stated]


def serve_pool(  # noqa: PLR0913 - each argument is one part of a queue
    judged: Judged,
    pool: Pool,
    budget: Exact,
    arrivals: Sequence[Moment],
    *,
    names: Sequence[str],
    carries: Mapping[str, Sequence[object]],
    history: Ledger | None = None,
) -> Served:
    """Serve the cases from a pool that holds a budget, each at the moment it came.

    ``history`` is what happened before; it is left as it is.
    """
    ruleset = judged.regime.ruleset
    if not isinstance(ruleset, Ruleset):
        message = "only a ruleset keeps a ledger"
        raise TypeError(message)
    first = min(arrivals, key=order_moment)
    ledger = Ledger(ruleset) if history is None else history.branch()
    put = write_money_exactly(budget, ruleset.checked.currency)
    amount = f"{put}{_find_unit(ruleset)}"
    ledger.budget(pool.name, amount, _day_of(first), _moment_of(first, ruleset))
    own = _list_own(ruleset, pool, carries)
    requests = [
        ledger.request(
            judged.regime.decision,
            {x: value for x, value in facts.items() if x != pool.fills},
            _moment_of(arrivals[at], ruleset),
            thing=names[at],
            carries=_carry(carries, at) | dict.fromkeys(own, names[at]),
            on=judged.table.layout.on,
            readings=dict(judged.regime.readings),
            assume_in_force=judged.regime.assume_in_force,
        )
        for at, facts in enumerate(judged.table.list_stated())
    ]
    allocation = ledger.allocate(pool.name, requests, tell=lambda _placement, _decision: None)
    places = {name: at for at, name in enumerate(names)}
    due: list[Exact] = [0] * len(names)
    paid: list[Exact] = [0] * len(names)
    ran_out: Moment | None = None
    unpaid = 0
    for item in allocation.placements:
        at = places[item.thing]
        due[at], paid[at] = item.entitled, item.granted
        unpaid += item.left is None and item.place is Place.GRANTED
        if item.place in _SHORT and ran_out is None:
            ran_out = arrivals[at]
    left = max(budget - sum(paid), 0)
    return Served(pool, tuple(due), Drained(tuple(paid), left, ran_out), own, unpaid)


def _find_unit(ruleset: Ruleset) -> str:
    """Return the unit of the currency that counts main units."""
    money = CURRENCIES[ruleset.checked.currency]
    return next(unit for unit, size in money.units.items() if size == 10**money.digits)


def _list_own(
    ruleset: Ruleset, pool: Pool, carries: Mapping[str, Sequence[object]]
) -> tuple[str, ...]:
    """Return what a thing of the pool carries that no column tells and no fact fills."""
    lifecycle = ruleset.checked.histories.lifecycles[pool.lifecycle]
    return tuple(
        name
        for name, carried in lifecycle.carries.items()
        if name not in carries and not carried.fact and carried.type.kind in {Kind.ID, Kind.TEXT}
    )


def _day_of(at: Moment) -> str:
    return at.date().isoformat() if isinstance(at, datetime) else at.isoformat()


def _moment_of(at: Moment, ruleset: Ruleset) -> datetime:
    """Return when a case came; one of which only the day is known came as it began."""
    if isinstance(at, datetime):
        return at
    return datetime.combine(at, time(0), ruleset.checked.zone)


def _carry(carries: Mapping[str, Sequence[object]], at: int) -> dict[str, str]:
    """Return what one case carries: what its cells say, where they say something."""
    return {name: str(cells[at]) for name, cells in carries.items() if cells[at] is not None}
