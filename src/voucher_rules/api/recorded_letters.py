"""Comes in: a log and the number of an entry. Goes out: the letter about the decision it records.

The letter rests on the record: the decision is taken again as it was logged, or there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voucher_rules.api.decisions import Decision
from voucher_rules.api.log_entries import LogEntry, show_recorded
from voucher_rules.api.replays import open_secrets
from voucher_rules.arguments import FOLDERS, PATH, WHOLE, takes
from voucher_rules.explain.letters.model import LetterHead
from voucher_rules.record.taking_again import take_again


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision of a log, taken again to the same bytes, and the entry that records it."""

    decision: Decision
    entry: LogEntry


def open_recorded(
    log: str | Path,
    seq: int,
    folders: Sequence[str | Path] = (),
    secrets: str | Path | None = None,
) -> RecordedDecision:
    """Return the decision of an entry, as :func:`letter` takes it again."""
    taken = take_again(log, seq, [Path(x) for x in folders], open_secrets(secrets))
    decision = Decision(taken.result, lambda: taken.trails)
    return RecordedDecision(decision, show_recorded(taken.recorded))


@takes(log=PATH, seq=WHOLE, folders=FOLDERS, secrets=PATH.optional())
def letter(  # noqa: PLR0913 - each argument is one thing the letter rests on
    log: str | Path,
    seq: int,
    language: str = "zh",
    format: str = "html",  # noqa: A002
    *,
    about: LetterHead | None = None,
    folders: Sequence[str | Path] = (),
    secrets: str | Path | None = None,
) -> str:
    """Return the letter about the decision that entry ``seq`` of a log records.

    It is that of :meth:`Decision.letter`, on the record as it was logged, and ends with the digest
    the record has there. ``folders`` hold rulesets, before the shipped ones; ``secrets`` is the
    file that opens hidden facts.

    Raises :class:`~voucher_rules.RecordError` where the log is not sound, the entry holds no
    decision or another took its place, the ruleset at hand is not the one recorded, hidden facts
    cannot be opened, or the decision does not come out the same.
    """
    found = open_recorded(log, seq, folders, secrets)
    return found.decision.letter(language, format, about=about, record=found.entry)
