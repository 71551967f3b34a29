"""Comes in: what a kernel tells of a rule. Goes out: the status the reference gives it."""

from __future__ import annotations

from typing import Final

from voucher_rules.compiled.nodes import Aim
from voucher_rules.compiled.python_names import WAITING
from voucher_rules.decision.trace import Status

STATUSES: Final = {
    Aim.TEST: (Status.PASSED, Status.FAILED),
    Aim.SOFT_TEST: (Status.PASSED, Status.SOFT_FAILED),
    Aim.APPLY: (Status.APPLIES, Status.APPLIES),
    Aim.SOFT_LIMIT: (Status.APPLIES, Status.SOFT_FAILED),
}
"""What a rule's status is where it holds, and where it does not."""


def find_status(aim: Aim, holds: int | None) -> Status:
    """Return the status of a rule from what a kernel told of it."""
    if holds is None:
        return Status.NOT_APPLICABLE
    if holds == WAITING:
        return Status.OPEN
    yes, no = STATUSES[aim]
    return yes if holds else no
