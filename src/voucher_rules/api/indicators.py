"""Comes in: a ledger. Goes out: what an auditor may want to look at in it, ready to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voucher_rules.api.ledger import Ledger
from voucher_rules.arguments import check_language
from voucher_rules.explain.indicators import data_of_indicator, tell_indicator
from voucher_rules.ledger.indicators.audit import audit as audit_keeper
from voucher_rules.ledger.indicators.model import Indicator, Settings


@dataclass(frozen=True, slots=True)
class LedgerIndicator:
    """Something in a ledger that an auditor may want to look at; it says what is there, not why.

    ``code`` names its kind, ``entries`` what it rests on, ``things`` and ``parties`` (what is
    carried, and who) those it is about; it lies between the moments ``first`` and ``last``.
    """

    code: str
    ruleset: str
    entries: tuple[str, ...]
    things: tuple[str, ...]
    parties: tuple[tuple[str, str], ...]
    first: datetime
    last: datetime
    indicator: Indicator
    """The whole of it, for programs that need what the fields above leave out."""

    def explain(self, language: str = "zh") -> str:
        """Return it in words, on one line. Raises ValueError for a language there is not."""
        check_language(language)
        return tell_indicator(self.indicator, language)

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data for JSON, with its words in both languages."""
        return data_of_indicator(self.indicator)

    def __repr__(self) -> str:
        return f"<LedgerIndicator {self.code}: {', '.join(self.entries)}>"


def audit(ledger: Ledger, settings: Settings | None = None) -> tuple[LedgerIndicator, ...]:
    """Return what an auditor may want to look at in a ledger, in the order of time.

    ``settings`` holds what no document sets, such as how close together parts of one service may
    lie. Nothing is entered, not even what lapsed in the meantime.
    """
    return tuple(
        LedgerIndicator(
            code=found.code,
            ruleset=found.ruleset,
            entries=found.entries,
            things=found.things,
            parties=found.parties,
            first=found.first,
            last=found.last,
            indicator=found,
        )
        for found in audit_keeper(ledger.keeper, settings)
    )
