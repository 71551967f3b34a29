"""Comes in: nothing. Goes out: how cases come out differently, in regions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voucher_rules.decision.boxes import Box
from voucher_rules.decision.outcomes import Outcome


class Way(StrEnum):
    """How cases of a region come out under the second set of rules, against the first."""

    GENEROUS = "more_generous"
    STRICT = "stricter"
    MIXED = "mixed"
    OTHER = "otherwise"
    """What is worked out differs, which is neither more nor less."""


@dataclass(frozen=True, slots=True)
class Region:
    """Cases decided differently: a part for each fact that matters, and how they come out.

    ``exact`` tells whether every case in it is; else some of them are, among them the ``witness``.
    """

    box: Box
    way: Way
    exact: bool
    witness: Box
    """A case of it, of the facts that matter."""
    outcomes: tuple[frozenset[Outcome], frozenset[Outcome]]
