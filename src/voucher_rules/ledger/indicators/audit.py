"""Comes in: a ledger's keeper and settings. Goes out: every indicator, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from voucher_rules.ledger.indicators.audited import Audited
from voucher_rules.ledger.indicators.capping import check_caps_kept
from voucher_rules.ledger.indicators.doubling import check_not_paid_twice
from voucher_rules.ledger.indicators.model import Indicator, Settings
from voucher_rules.ledger.indicators.redeciding import check_decisions_stand, check_not_at_the_edge
from voucher_rules.ledger.indicators.redeeming import check_used_in_time, check_used_within_grant
from voucher_rules.ledger.indicators.relating import check_no_bursts, check_parties_apart
from voucher_rules.ledger.indicators.splitting import check_not_split
from voucher_rules.ledger.keeper import Keeper

Check: TypeAlias = Callable[[Audited], Iterator[Indicator]]

CHECKS: Final[tuple[Check, ...]] = (
    check_used_within_grant,
    check_decisions_stand,
    check_not_split,
    check_not_at_the_edge,
    check_parties_apart,
    check_no_bursts,
    check_used_in_time,
    check_caps_kept,
    check_not_paid_twice,
)


def audit(
    keeper: Keeper, settings: Settings | None = None, checks: Sequence[Check] = CHECKS
) -> list[Indicator]:
    """Return every indicator of a ledger as it stands, by moment; nothing is entered.

    Deadlines past that nobody entered are not entered here either.
    """
    audited = Audited(keeper.shelf, keeper.books, Settings() if settings is None else settings)
    found = [indicator for check in checks for indicator in check(audited)]
    return sorted(found, key=_order)


def _order(indicator: Indicator) -> tuple[Any, ...]:
    return (indicator.first, indicator.last, indicator.code, indicator.ruleset, indicator.entries)
