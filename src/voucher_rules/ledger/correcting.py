"""Comes in: an entry that corrects another. Goes out: a refusal where it may not.

A correction is of the kind of what it corrects. A decision is never corrected: it is made again. So
a decision that took a place, or lost one, is not withdrawn either: nobody could tell which counts.
"""

from __future__ import annotations

from voucher_rules.ledger.entries import Entry, Made, Moved, Withdrawn
from voucher_rules.ledger.lots import refuse


def check_correction(entry: Entry, old: Entry, first: Entry, by: str) -> None:
    """Check that an entry may stand in the place of ``old``.

    ``first`` is the entry that place was first told with; ``by`` the decision that took the place
    of ``old``, if one did. Raises :class:`LedgerError`.
    """
    if isinstance(entry.body, Withdrawn):
        _check_withdrawal(entry, old, by)
    elif isinstance(first.body, Made):
        refuse("decision-corrected", entry, name=old.id)
    elif type(entry.body) is not type(first.body):
        refuse("corrects-another-kind", entry, name=old.id)


def _check_withdrawal(entry: Entry, old: Entry, by: str) -> None:
    if isinstance(old.body, Withdrawn):
        refuse("withdrawn-already", entry, name=old.corrects)
    if isinstance(old.body, Made) and old.body.supersedes:
        refuse("decision-took-a-place", entry, name=old.id, other=old.body.supersedes)
    if by:
        refuse("decision-lost-its-place", entry, name=old.id, by=by)


def refuse_resting(entry: Entry) -> None:
    """Refuse an event that rests on a decision which is withdrawn. Raises :class:`LedgerError`."""
    if isinstance(entry.body, Moved):
        refuse("rests-on-withdrawn", entry, name=entry.body.decision)
