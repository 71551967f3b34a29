"""Comes in: a decision. Goes out: what to say of it, in order, in one language; no layout yet.

The text, Markdown and HTML forms are all laid out from this one outline, so they say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import DecisionResult
from voucher_rules.explain.amounts import tell_amounts, tell_binding
from voucher_rules.explain.background import (
    tell_facts_relied_on,
    tell_notices,
    tell_overlays,
    tell_readings,
    tell_warnings,
)
from voucher_rules.explain.balances import tell_balances
from voucher_rules.explain.exceptions import tell_exceptions
from voucher_rules.explain.forms import Line, Outline, Section
from voucher_rules.explain.reasons import tell_missing, tell_next, tell_reasons
from voucher_rules.explain.results import tell_deadlines, tell_followings, tell_results
from voucher_rules.explain.steps import TraceTeller
from voucher_rules.explain.sums import SumWriter
from voucher_rules.explain.teller import Teller
from voucher_rules.language.terms import OF_OTHERS, Role
from voucher_rules.ledger.trails import Trail

TONES: Final = {
    Outcome.GRANTED: "good",
    Outcome.DETERMINED: "good",
    Outcome.DENIED: "bad",
    Outcome.NOT_IN_FORCE: "bad",
    Outcome.REFERRED: "open",
    Outcome.UNDETERMINED: "open",
}
SECTIONS: Final[tuple[tuple[str, Callable[[Teller], Iterator[Line]]], ...]] = (
    ("binding", tell_binding),
    ("reasons", tell_reasons),
    ("missing", tell_missing),
    ("next", tell_next),
    ("results", tell_results),
    ("following", tell_followings),
    ("deadlines", tell_deadlines),
    ("exceptions", tell_exceptions),
    ("warnings", tell_warnings),
    ("notices", tell_notices),
    ("overlays", tell_overlays),
    ("readings", tell_readings),
    ("balances", tell_balances),
    ("facts", tell_facts_relied_on),
)
"""The sections in the order a reader needs them, each left out where there is nothing to say."""
FOLDED: Final = frozenset({"readings", "facts"})


def outline_decision(
    result: DecisionResult, language: str, trails: Sequence[Trail] = ()
) -> Outline:
    """Return the outline of a decision in ``language`` (``zh`` or ``en``).

    ``trails`` are what the balances of a decision made from a ledger were made of.
    """
    teller = Teller(result, SumWriter(result.ruleset, language), tuple(trails))
    trace = TraceTeller(result.program, result.evaluation, teller.writer)
    return Outline(
        language=language,
        title=result.ruleset.title.told(language),
        question=result.decision.label.told(language),
        outcome=tell_outcome(teller),
        tone=TONES[result.outcome],
        amounts=tuple(tell_amounts(teller)),
        possible=tell_possible(teller),
        as_of=_tell_day(teller),
        sections=tuple(_list_sections(teller)),
        trace=tuple(trace.trace_rules()),
        trace_title=teller.tell("section.rules"),
        document=_tell_document(teller),
    )


def _list_sections(teller: Teller) -> Iterator[Section]:
    for key, build in SECTIONS:
        lines = tuple(build(teller))
        if lines:
            yield Section(key, teller.tell(f"section.{key}"), lines, folded=key in FOLDED)


def is_unset(teller: Teller) -> bool:
    """Return whether it waits for what others settle alone: no fact anybody could supply."""
    roles = {item.role for item in teller.result.missing}
    return teller.result.outcome is Outcome.UNDETERMINED and bool(roles) and roles <= OF_OTHERS


def lacks_start(teller: Teller) -> bool:
    """Return whether it waits for the first day of the document, and for no fact beside it."""
    roles = {item.role for item in teller.result.missing}
    return is_unset(teller) and Role.DOCUMENT in roles


def tell_outcome(teller: Teller) -> str:
    """Tell the outcome, or that what it waits for has not been set."""
    if lacks_start(teller):
        return teller.tell("outcome.undetermined.start")
    if is_unset(teller):
        return teller.tell("outcome.undetermined.unset")
    return teller.tell(f"outcome.{teller.result.outcome}")


def tell_possible(teller: Teller) -> str:
    """Tell every outcome still possible, where there is more than one."""
    result = teller.result
    if result.outcome is not Outcome.UNDETERMINED or len(result.possible) == 1:
        return ""
    names = [teller.tell(f"possible.{item}") for item in result.possible]
    return teller.tell("possible", outcomes=teller.join(names))


def _tell_day(teller: Teller) -> str:
    if teller.result.as_of is None:
        return teller.tell("as_of.unknown")
    return teller.tell("as_of", day=teller.result.as_of.isoformat())


def _tell_document(teller: Teller) -> tuple[str, ...]:
    ruleset = teller.result.ruleset
    lines = [
        ruleset.document.title.told(teller.language),
        ruleset.document.issuer.told(teller.language),
        ruleset.document.number,
        f"{ruleset.id} · {ruleset.edition}",
        teller.tell("digest", digest=ruleset.semantic_digest[:19] + "…"),
    ]
    return tuple(line for line in lines if line)
