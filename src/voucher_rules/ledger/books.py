"""Comes in: what stands in a ledger. Goes out: answers about it: balances, things, pools.

Two kinds of books answer alike: these, which read everything there is, and those with an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from voucher_rules.checked.histories import Histories, Pool
from voucher_rules.ledger.balances import BalanceValue, Found, Question, read_balance
from voucher_rules.ledger.entries import Budgeted, Entry
from voucher_rules.ledger.history import History
from voucher_rules.ledger.lots import Thing, ThingKey
from voucher_rules.ledger.spans import Days


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    """Which money is asked after: one envelope of a pool, over some days."""

    ruleset: str
    pool: Pool
    envelope: Mapping[str, str]
    days: Days
    question: Question
    """What is taken from it: of the lots in the states that take, the sum or how many things."""


@dataclass(frozen=True, slots=True)
class PoolState:
    """What one envelope holds over its span: ``put`` in, ``taken``, and ``left``.

    Money is in minor units, places are counted.
    ``taken`` is what grants hold now; what was given back is left again. ``put`` is None where
    nobody said how much there is.
    """

    put: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """What may still be granted; below zero where more was taken than is there."""
        return None if self.put is None else self.put - self.taken


class Books(Protocol):
    """What a decision asks of a ledger at one moment."""

    def holds(self, ruleset: str) -> bool:
        """Return whether the ledger was opened with a ruleset, so that its things are there."""

    def list_members(self, carried: str, party: str) -> frozenset[str]:
        """Return a party and everyone in the same group."""

    def find_thing(self, key: ThingKey) -> Thing | None:
        """Return a thing, or None where there is none of that name."""

    def read(self, asked: Question) -> BalanceValue:
        """Return the value of a balance; money in minor units."""

    def list_found(self, asked: Question) -> list[Found]:
        """Return the lots a balance takes."""

    def read_pool(self, asked: PoolQuestion) -> PoolState:
        """Return the money of one envelope of a pool."""


@dataclass(frozen=True, slots=True)
class FoldedBooks:
    """Books that read every thing there is: slow, and the meaning of the others."""

    history: History
    histories: Mapping[str, Histories]

    def holds(self, ruleset: str) -> bool:
        """Return whether the ledger was opened with a ruleset, so that its things are there."""
        return ruleset in self.histories

    def list_members(self, carried: str, party: str) -> frozenset[str]:
        """Return a party and everyone in the same group."""
        groups = self.history.groups
        group = groups.get((carried, party), "")
        if not group:
            return frozenset({party})
        return frozenset(
            name for (kind, name), held in groups.items() if kind == carried and held == group
        )

    def find_thing(self, key: ThingKey) -> Thing | None:
        """Return a thing, or None where there is none of that name."""
        return self.history.things.get(key)

    def read(self, asked: Question) -> BalanceValue:
        """Return the value of a balance; money in minor units."""
        value, _ = read_balance(self.history.things.values(), asked, self.histories)
        return value

    def list_found(self, asked: Question) -> list[Found]:
        """Return the lots a balance takes."""
        _, found = read_balance(self.history.things.values(), asked, self.histories)
        return found

    def read_pool(self, asked: PoolQuestion) -> PoolState:
        """Return the money of one envelope of a pool."""
        taken = self.read(asked.question)
        return PoolState(sum_budget(self.history.budgets, asked), int(taken))  # type: ignore[arg-type]


def sum_budget(budgets: Iterable[Entry], asked: PoolQuestion) -> int | None:
    """Return what was put into one envelope over its span; None where nothing was said of it."""
    put: int | None = None
    for body in _list_budgets(budgets, asked):
        put = body.amount if put is None or not body.added else put + body.amount
    return put


def _list_budgets(budgets: Iterable[Entry], asked: PoolQuestion) -> Iterator[Budgeted]:
    first, last = asked.days
    for entry in budgets:
        body = entry.body
        if not isinstance(body, Budgeted):
            continue
        if (body.ruleset, body.pool) != (asked.ruleset, asked.pool.name):
            continue
        within = (first is None or first <= body.day) and (last is None or body.day <= last)
        if within and dict(body.envelope) == dict(asked.envelope):
            yield body
