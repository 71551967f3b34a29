"""Comes in: the result of a decision, and whom to write to. Goes out: the letter, laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voucher_rules.api.log_entries import LogEntry
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import DecisionResult
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.letters.html import lay_out_letter_html
from voucher_rules.explain.letters.markdown import lay_out_letter_markdown
from voucher_rules.explain.letters.model import LetterHead, OtherWay, Place, check_digest
from voucher_rules.explain.letters.text import lay_out_letter_text
from voucher_rules.explain.letters.write import write_letter
from voucher_rules.ledger.trails import Trail
from voucher_rules.record.body import Aside, make_record, state_balances
from voucher_rules.record.canonical import CanonicalError, Data, write_again
from voucher_rules.record.facts import list_hidden
from voucher_rules.whatif.readings import ReadingEffect, study_readings, tell_apart

LETTER_FORMATS = {
    "html": lay_out_letter_html,
    "markdown": lay_out_letter_markdown,
    "text": lay_out_letter_text,
}
"""How a letter is laid out, by the name of the form."""


def lay_out_letter(  # noqa: PLR0913 - each argument is one thing a letter is made from
    result: DecisionResult,
    language: str,
    format: str,  # noqa: A002
    about: LetterHead,
    *,
    digest: str | None,
    record: LogEntry | None,
    trails: tuple[Trail, ...],
) -> str:
    """Return the letter about a decision. Raises ValueError for a form there is not."""
    if format not in LETTER_FORMATS:
        message = f"format is {', '.join(LETTER_FORMATS)}, not {format!r}"
        raise ValueError(message)
    place = None
    if record is not None:
        check_record(result, record, digest)
        digest, place = record.decision_digest, _find_place(record)
    elif check_digest(digest):
        _check_computed(result, trails, about.subject, str(digest))
    others = list_other_ways(result)
    letter = write_letter(
        result, language, about, digest=digest, place=place, others=others, trails=trails
    )
    return LETTER_FORMATS[format](letter)


def check_record(result: DecisionResult, record: LogEntry, digest: str | None = None) -> None:
    """Check that an entry records this very decision. Raises :class:`InputError`."""
    given = check_digest(digest) or record.decision_digest
    if given != record.decision_digest or not _records(record.entry.body, result):
        arguments = {"seq": str(record.seq)}
        raise InputError([Diagnostic("record-of-another", arguments, path="letter.record")])


def _records(body: Mapping[str, Any] | None, result: DecisionResult) -> bool:
    """Return whether a body is that of a decision; its ruleset may since be laid out otherwise."""
    if body is None:
        return False
    aside = Aside(body["subject"], list_hidden(body["facts"]))
    try:
        made = make_record(result, body["balances"], aside).body
    except CanonicalError:
        return False
    source = {"source_digest": body["ruleset"]["source_digest"]}
    return write_again({**made, "ruleset": made["ruleset"] | source}) == write_again(dict(body))


def _check_computed(
    result: DecisionResult, trails: tuple[Trail, ...], subject: str, digest: str
) -> None:
    """Check that a digest is that of the record of this decision, as far as it can be worked out.

    What was hidden in the record, or the name it goes by there, only the record itself tells.
    """
    balances = state_balances(trails, result.ruleset)
    names = dict.fromkeys((None, subject or None))
    if digest not in {_digest(result, balances, Aside(name)) for name in names}:
        arguments = {"digest": digest}
        raise InputError([Diagnostic("digest-of-another", arguments, path="letter.digest")])


def _digest(result: DecisionResult, balances: Sequence[Data], aside: Aside) -> str:
    """Return the digest of the record of a decision; of what has no record it is empty."""
    try:
        return make_record(result, balances, aside).digest
    except CanonicalError:
        return ""


def list_other_ways(result: DecisionResult) -> tuple[OtherWay, ...]:
    """Decide the same case under every other way to read what is in dispute.

    Two read otherwise together differ only where they come to more than either of them by itself;
    what the limits would allow is the same to an applicant where the measure is not in force.
    """
    kept = tuple(item for item in result.overlays if item.kind == "what_if")
    study = study_readings(result.program, result.case, result.options, kept)
    alone = {item: tell_apart(x.result) for x in study.effects for item in _name_alone(x)}
    ways = []
    for effect in study.effects:
        told = tell_apart(effect.result)
        off = {result.outcome, effect.result.outcome} == {Outcome.NOT_IN_FORCE}
        both = len(effect.chosen) > 1
        new = not both or all(alone[item] != told for item in effect.chosen.items())
        ways.append(OtherWay(effect.chosen, effect.result, effect.differs and new and not off))
    return tuple(ways)


def _name_alone(effect: ReadingEffect) -> tuple[tuple[str, str], ...]:
    """Return the reading and the option of an effect that has only one of them."""
    return tuple(effect.chosen.items()) if len(effect.chosen) == 1 else ()


def _find_place(record: LogEntry) -> Place:
    """Return where a decision is recorded, as its letter tells it."""
    entry = record.entry
    subject = (entry.body or {}).get("subject")
    replaced = entry.refers_seq
    return Place(
        entry.log_id,
        record.seq,
        subject if isinstance(subject, str) else "",
        None if replaced is None else (replaced, entry.because or ""),
    )
