"""Comes in: a decision made from a ledger. Goes out: what programs read of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voucher_rules.api.decisions import Decision
from voucher_rules.ledger.entries import Draft, Rested
from voucher_rules.ledger.placing import Placement


@dataclass(frozen=True, slots=True)
class LedgerDecision:
    """A decision made from history.

    ``entry`` is the name it is entered under, or would be; ``balances`` what it rested on;
    ``followed`` the events it led to, which are entered with it unless it was only considered.
    ``placement`` tells what was granted of it and what was left, where it may take from a pool
    (else None); ``called_up`` who waited for the same money and was served before it.
    ``lacking`` tells, of each balance that is missing, what nobody said: whose it is, by what is
    carried (or the lifecycle, for the thing decided about), or the facts that tell its days.
    """

    entry: str
    decision: Decision
    balances: tuple[Rested, ...]
    followed: tuple[Draft, ...]
    placement: Placement | None = None
    called_up: tuple[Placement, ...] = ()
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<LedgerDecision {self.entry}: {self.decision!r}>"
