"""Comes in: a decision, and the books it came from. Goes out: what its balances were made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.ledger.balances import Found, Question
from voucher_rules.ledger.books import Books
from voucher_rules.ledger.entries import Made, Rested


@dataclass(frozen=True, slots=True)
class Trail:
    """A balance a decision rested on, and the lots it was made of, as they stood then."""

    rested: Rested
    found: tuple[Found, ...]

    @property
    def entries(self) -> tuple[str, ...]:
        """The entries that made the lots what they were, each once, in order."""
        names = (name for item in self.found for name in item.lot.entries)
        return tuple(dict.fromkeys(names))


def list_trails(made: Made, ruleset: CheckedRuleset, books: Books) -> Iterator[Trail]:
    """Yield what each balance of a decision was made of, as far as the ruleset declares it.

    Lots stand in the order in which they came to be where they are, however the books hold them.
    """
    for rested in made.balances:
        balance = ruleset.histories.balances.get(rested.name)
        if balance is None:
            continue
        per = {name: frozenset(names) for name, names in rested.per.items()}
        zone, days = ruleset.zone, (rested.first, rested.last)
        asked = Question(made.ruleset, balance, per, made.thing, *days, zone)
        yield Trail(rested, tuple(sorted(books.list_found(asked), key=_place)))


def _place(found: Found) -> tuple[object, ...]:
    lot = found.lot
    return (lot.moments[lot.state], found.thing.key, lot.entries)
