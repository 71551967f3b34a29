"""Comes in: what became of each application. Goes out: who was served, who ran short, and sums.

A queue may be long: of each application only its place is kept, and not the decision with its
trace. :meth:`Allocation.reconcile` counts the money again from the entries, beside the books.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from voucher_rules.checked.histories import Pool
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.language.terms import Role
from voucher_rules.ledger.deciding import Answer
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.paying import Paid, Place
from voucher_rules.ledger.reconciling import Reconciled, reconcile_pool
from voucher_rules.ledger.spans import Days


@dataclass(frozen=True, slots=True)
class Placement:
    """One application and its place.

    ``entry`` is the name of its decision, which the ledger holds. ``entitled`` is what the decision
    grants, ``granted`` what it got; ``left`` is what the envelope held before, None where nobody
    said how much there is, of which a grant then warns. Money is in minor units; of a pool
    that counts, all three are places, of which a grant takes one. ``days`` is the span of the money
    it was served from. An application that waited and was called up has a second placement.
    ``kept`` is the decision itself, None where the queue told of it and let go of it.
    """

    thing: str
    at: datetime
    entry: str
    place: Place
    entitled: int
    granted: int
    left: int | None
    envelope: tuple[tuple[str, str], ...]
    days: Days = (None, None)
    kept: Answer | None = field(default=None, compare=False, repr=False)

    @property
    def answer(self) -> Answer:
        """The decision. Raises ValueError where it was let go of."""
        if self.kept is None:
            message = f"the queue did not keep the decision {self.entry}: it was told of"
            raise ValueError(message)
        return self.kept

    def forget(self) -> Placement:
        """Return the same without the decision."""
        return replace(self, kept=None)


def place_paid(thing: str, paid: Paid) -> Placement:
    """Return the place of an application that was paid."""
    asked = paid.asked
    return Placement(
        thing=thing,
        at=paid.answer.drafts[0].at,
        entry=paid.answer.entry,
        kept=paid.answer,
        place=paid.place,
        entitled=paid.entitled,
        granted=paid.granted,
        left=paid.left,
        envelope=() if asked is None else tuple(sorted(asked.envelope.items())),
        days=(None, None) if asked is None else asked.days,
    )


def is_limited(item: Placement, pool: Pool) -> bool:
    """Tell whether a decision itself gave less, or denied, for what is left of its pool alone.

    That can be where a rule reads what is left: then what is entitled to is no more than that.
    """
    result = item.answer.result
    if not pool.fills or result.outcome not in {Outcome.GRANTED, Outcome.DENIED}:
        return False
    reading = {
        rule.id
        for rule in result.program.rules
        if any(pool.fills in term.names(Role.FACT) for term in rule.terms())
    }
    if result.outcome is Outcome.GRANTED:
        return any(set(x.binding) & reading for x in result.amounts.values())
    rules = [{rule.id for rule in reason.rules} for reason in result.reasons]
    return bool(rules) and all(names & reading for names in rules)


@dataclass(slots=True)
class Allocation:
    """A queue as it was served; ``ran_out`` is who first found too little in an envelope."""

    pool: Pool
    keeper: Keeper = field(repr=False)
    ruleset: CheckedRuleset = field(repr=False)
    placements: list[Placement] = field(default_factory=list)
    ran_out: dict[tuple[tuple[str, str], ...], Placement] = field(default_factory=dict)

    def add(self, placement: Placement) -> None:
        """Add one more placement."""
        self.placements.append(placement)
        if placement.place in {Place.CUT, Place.WAITING, Place.TURNED_AWAY}:
            self.ran_out.setdefault(placement.envelope, placement)

    def list_short(self) -> list[Placement]:
        """Return who got nothing for lack of money alone, and was not called up since.

        Each stands once, with what became of it last.
        """
        last = {item.thing: item for item in self.placements}
        short = {Place.WAITING, Place.TURNED_AWAY}
        return [item for item in last.values() if item.place in short]

    def reconcile(self) -> tuple[Reconciled, ...]:
        """Return what was put, granted, released and is left of each envelope, by its span.

        It is counted from the entries as they stand now, one by one, and held against the books.
        """
        spans = {(item.envelope, item.days) for item in self.placements}
        return reconcile_pool(self.keeper.books, self.pool, self.ruleset, spans)
