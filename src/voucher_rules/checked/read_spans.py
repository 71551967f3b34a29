"""Comes in: what is dated when, within which span. Goes out: the span, or faults."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from voucher_rules.checked.find_facts import find_typed_fact
from voucher_rules.checked.histories import Lifecycle, SpanKind, Within
from voucher_rules.checked.lifecycle_flow import find_reached
from voucher_rules.checked.structure import Structure
from voucher_rules.language.types import DATE, Kind
from voucher_rules.ruleset.histories import SpanDoc
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import PeriodUnit

_WORDS: Final = (
    *(SpanKind.LIFETIME, SpanKind.CALENDAR_YEAR),
    *(SpanKind.CALENDAR_QUARTER, SpanKind.CALENDAR_MONTH),
)
_TOO_FINE: Final = frozenset({PeriodUnit.HOUR, PeriodUnit.WORKING_DAY})


def read_within(structure: Structure, doc: SpanDoc, anchor: Scalar | None) -> Within | None:
    """Return the span, or None once its faults are reported; ``anchor`` picks the year."""
    made = structure.made
    if anchor is not None:
        if str(doc.word) == SpanKind.LIFETIME:
            made.report.add("key-does-not-fit", anchor, key="of", type=str(doc.word))
        find_typed_fact(made, anchor, DATE)
    day = str(anchor or "")
    if doc.word is not None:
        word = made.read_option(doc.word, _WORDS)
        return Within(SpanKind(word), day) if word in _WORDS else None
    if doc.rolling is not None:
        _check_rolling(structure, doc.rolling)
        return Within(SpanKind.ROLLING, day, lasts=str(doc.rolling))
    for word in filter(None, (doc.opens, doc.closes)):
        find_typed_fact(made, word, DATE)
    opens, closes = str(doc.opens or ""), str(doc.closes)
    return Within(SpanKind.BETWEEN, day, opens=opens, closes=closes)


def _check_rolling(structure: Structure, word: Scalar) -> None:
    """A span that rolls along lasts as long as a parameter says, in whole days or more."""
    found = structure.parameters.single.get(str(word))
    report = structure.made.report
    if found is None and str(word) not in structure.parameters.words:
        near = report.suggest(word, structure.parameters.words)
        report.add("unknown-name", word, name=word, near=near)
    elif found is None or found.type.kind is not Kind.PERIOD or found.type.unit in _TOO_FINE:
        shown = str(found.type) if found is not None else "table"
        report.add("type-mismatch", word, expected="period in day, month or year", found=shown)


def read_dated(
    structure: Structure,
    lifecycle: Lifecycle,
    word: Scalar | None,
    states: Sequence[Scalar],
    carried: Sequence[str] = (),
) -> str:
    """Return the state whose entry dates a thing, which each of ``states`` must come after.

    It may be one of the dates ``carried`` instead.
    """
    if word is None or str(word) in carried:
        return str(word or "")
    known = (*(f"{state}_at" for state in lifecycle.states), *carried)
    if structure.made.read_option(word, known) not in known:
        return ""
    found = word.removesuffix("_at")
    check_dated(structure, lifecycle, found, states)
    return found


def check_dated(
    structure: Structure, lifecycle: Lifecycle, dated: str, states: Sequence[Scalar]
) -> None:
    """Check that what is in any of ``states`` may have been in the state that dates it."""
    reached = find_reached(lifecycle.transitions.values(), {dated})
    for word in states:
        if word in lifecycle.states and str(word) not in reached:
            structure.made.report.add("state-never-dated", word, name=word, dated=f"{dated}_at")


def read_names(
    structure: Structure, words: Sequence[Scalar], known: Collection[str]
) -> tuple[str, ...]:
    """Return the names that words hold, each once; report each that is not known."""
    for word in words:
        if str(word) not in known:
            near = structure.made.report.suggest(word, known)
            structure.made.report.add("unknown-name", word, name=word, near=near)
    return tuple(dict.fromkeys(map(str, words)))
