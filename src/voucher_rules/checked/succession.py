"""Comes in: what a ruleset says of its place among editions. Goes out: the same, read and checked.

What only the other editions can tell (whether an edition named is there, whose days meet) is
checked where they come together, in the catalogue.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from voucher_rules.checked.declarations import Declarations, word_text
from voucher_rules.checked.model import Succession, Superseded, Transition
from voucher_rules.checked.report import Report
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind
from voucher_rules.ruleset.model import SuccessionDoc
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.read import TextValueError, read_date

CORRECTION: Final = "correction"
KINDS: Final = (CORRECTION, "amendment", "replacement", "repeal")


def read_succession(report: Report, document: SuccessionDoc, edition: str) -> Succession:
    """Read what an edition says of others; faults go to the report."""
    _check_supersedes(report, document, edition)
    if document.transition and not document.supersedes:
        report.add("transition-without-supersedes", document.transition[0].decision)
    published = document.published
    return Succession(
        None if published is None else _read_day(report, published),
        tuple(
            Superseded(str(item.edition), str(item.kind), word_text(item.because))
            for item in document.supersedes
        ),
        tuple(
            Transition(str(item.decision), str(item.by), str(item.ref))
            for item in document.transition
        ),
    )


def _check_supersedes(report: Report, document: SuccessionDoc, edition: str) -> None:
    named: Counter[str] = Counter()
    corrected = 0
    for item in document.supersedes:
        if item.kind not in KINDS:
            near, options = report.suggest(item.kind, KINDS), ", ".join(KINDS)
            report.add("not-one-of", item.kind, found=item.kind, options=options, near=near)
        if item.edition == edition:
            report.add("supersedes-itself", item.edition, edition=edition)
        if named[str(item.edition)]:
            report.add("superseded-twice", item.edition, edition=item.edition)
        if item.kind == CORRECTION and corrected:
            report.add("corrects-several", item.edition)
        named[str(item.edition)] += 1
        corrected += item.kind == CORRECTION
    if document.supersedes and document.published is None:
        report.add("supersedes-without-published", document.supersedes[0].edition)


def _read_day(report: Report, word: Scalar) -> date | None:
    try:
        return read_date(word)
    except TextValueError as error:
        report.add_value_error(word, error)
        return None


def check_transitions(made: Declarations) -> None:
    """Check that each transition names a decision, once, and a day that is not optional."""
    decisions = made.document.decisions
    told: set[str] = set()
    for item in made.document.transition:
        if item.decision not in decisions:
            near = made.report.suggest(item.decision, [str(name) for name in decisions])
            made.report.add("unknown-name", item.decision, name=item.decision, near=near)
        if str(item.decision) in told:
            made.report.add("transition-twice", item.decision, name=item.decision)
        told.add(str(item.decision))
        check_fact(made, item.by, Kind.DATE)
        declared = made.inputs.get(str(item.by))
        if declared is not None and declared.optional:
            made.report.add("day-is-optional", item.by, name=item.by)


def check_fact(made: Declarations, word: Scalar, kind: Kind) -> None:
    """Check that a word names a fact of a kind."""
    declared = made.inputs.get(str(word))
    if declared is None or declared.role is not Role.FACT:
        near = made.report.suggest(word, made.inputs)
        made.report.add("unknown-name", word, name=word, near=near)
    elif declared.type.kind is not kind:
        made.report.add("type-mismatch", word, expected=kind, found=str(declared.type))
