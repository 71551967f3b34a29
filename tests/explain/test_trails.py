"""Comes in: books that hold things in any order. Goes out: a failure where a trail tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from lettered import LARGE, claim, load, open_ledger

from voucher_rules.ledger.balances import Found, Question
from voucher_rules.ledger.entries import Made
from voucher_rules.ledger.trails import list_trails


@dataclass(frozen=True)
class Turned:
    """Books that list what a balance takes the other way round."""

    books: Any

    def list_found(self, asked: Question) -> list[Found]:
        return list(reversed(self.books.list_found(asked)))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the books have
        return getattr(self.books, name)


@pytest.mark.parametrize("turned", [False, True])
def test_the_parts_of_a_balance_stand_in_the_order_they_came_to_be(*, turned: bool) -> None:
    ledger = open_ledger()
    claim(ledger, "V3", "2024-05-10T09:00", LARGE)
    made = [entry.body for entry in ledger.entries if isinstance(entry.body, Made)][-1]
    books: Any = Turned(ledger.keeper.books) if turned else ledger.keeper.books
    (trail,) = list_trails(made, load().checked, books)
    parts = [(item.thing.id, item.lot.state, item.lot.amount) for item in trail.found]
    assert parts[:3] == [
        ("V1", "issued", 1500_00),
        ("V2", "issued", 1500_00),
        ("V1", "used", 2500_00),
    ]
