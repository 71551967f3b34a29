"""Comes in: what became of every rule and amount. Goes out: every outcome a decision may have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from voucher_rules.decision.amounts import AmountResult, compare_bound
from voucher_rules.decision.trace import RuleResult, Status, Statuses
from voucher_rules.meaning.unknowns import FALSE, TRUE, Truths, conjoin
from voucher_rules.program.build import Program


class Outcome(StrEnum):
    """How a decision comes out."""

    __hash__ = str.__hash__  # that of an enumeration is slow

    GRANTED = "granted"
    DENIED = "denied"
    REFERRED = "referred"
    UNDETERMINED = "undetermined"
    NOT_IN_FORCE = "not_in_force"
    DETERMINED = "determined"


VALUELESS: Final = frozenset({Outcome.DENIED, Outcome.NOT_IN_FORCE})
"""Outcomes under which nothing is payable, whatever the limits would allow."""


def find_outcomes(
    program: Program,
    rules: Mapping[str, RuleResult],
    amounts: Mapping[str, AmountResult],
    in_force: Truths,
) -> frozenset[Outcome]:
    """Return every outcome the results allow, in the order of precedence they are tested."""
    outcomes: set[Outcome] = set()
    if False in in_force:
        outcomes.add(Outcome.NOT_IN_FORCE)
        if in_force == FALSE:
            return frozenset(outcomes)
    deciding = {item.statuses for item in rules.values() if item.rule.decides}
    failing = _join_truths([*_list_having(deciding, _FAILING), *_find_refusals(amounts)])
    if True in failing:
        outcomes.add(Outcome.DENIED)
    if failing == TRUE:
        return frozenset(outcomes)
    waiting = [item.waiting for item in amounts.values()]
    referring = _join_truths([*_list_having(deciding, REFERRING), *waiting])
    if True in referring:
        outcomes.add(Outcome.REFERRED)
    if False in referring:
        is_value = program.decision.answers == "value"
        outcomes.add(Outcome.DETERMINED if is_value else Outcome.GRANTED)
    return frozenset(outcomes)


_FAILING: Final = frozenset({Status.FAILED})


REFERRING: Final = frozenset({Status.SOFT_FAILED, Status.OPEN})


def _list_having(sets: Collection[Statuses], wanted: Statuses) -> list[Truths]:
    """Return, for each set that may be a wanted status, whether it surely is one."""
    return [
        TRUE if statuses <= wanted else frozenset({True, False})
        for statuses in sets
        if statuses & wanted
    ]


def _join_truths(items: list[Truths]) -> Truths:
    """Return whether any of these is true: surely, surely not, or maybe."""
    if any(item == TRUE for item in items):
        return TRUE
    return frozenset({True, False}) if any(True in item for item in items) else FALSE


def _find_refusals(amounts: Mapping[str, AmountResult]) -> list[Truths]:
    """An amount of zero denies where every amount is zero; so does asking too much at once."""
    refusals = [item.too_much_requested for item in amounts.values()]
    if amounts:
        zero: Truths = TRUE
        for item in amounts.values():
            none_left = compare_bound(item.amount, "<=", 0)
            # what waits for a person is for that person to refuse, unless nothing can come of it
            waits = item.waiting == TRUE and none_left != TRUE
            zero = conjoin(zero, FALSE if waits else none_left)
        refusals.append(zero)
    return refusals
