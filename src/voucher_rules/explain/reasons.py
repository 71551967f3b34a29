"""Comes in: a decision. Goes out: why it is not a plain grant, what is missing, what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voucher_rules.checked.mechanics import Window
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import Missing, Reason
from voucher_rules.decision.trace import Status, Step
from voucher_rules.explain.facts import list_deciding, needs_one_change, tell_fact
from voucher_rules.explain.forms import Line
from voucher_rules.explain.teller import Teller, cite
from voucher_rules.language.terms import OF_OTHERS, Role
from voucher_rules.values.model import Unknown

MOST_SUPPLIES: Final = 5
"""How many missing facts are asked for one by one; they are all named just above."""
_REFUSING: Final = frozenset({Outcome.DENIED, Outcome.REFERRED})


def tell_reasons(teller: Teller) -> Iterator[Line]:
    """Tell why the decision is not simply a grant, and what cannot be told yet.

    Where something is not known, a case may fail on one rule or on another, yet always on some.
    """
    for reason in teller.result.reasons:
        yield _tell_reason(teller, reason)
    unsure = list(_tell_unsure(teller))
    if teller.result.outcome is Outcome.UNDETERMINED:
        yield from unsure
    elif teller.result.outcome in _REFUSING and not teller.result.reasons and unsure:
        yield Line(teller.tell("reason.whatever"), tone="bad")
        yield from unsure


def _tell_reason(teller: Teller, reason: Reason) -> Line:
    ref, writer = cite(reason.citation), teller.writer
    if any(str(rule.citation) != ref for rule in reason.rules):
        told, ref = [writer.say_cited(rule) for rule in reason.rules], ""
    else:
        told = [writer.say_rule(rule) for rule in reason.rules]
    says = teller.tell("clause").join(told) or teller.tell("limit.requested")
    tone = "bad" if reason.kind in {"failed", "exhausted", "not_in_force"} else "open"
    notes = dict.fromkeys(_note_reason(teller, reason))
    return Line(teller.tell(f"reason.{reason.kind}", says=says), ref, tone, tuple(notes))


def _note_reason(teller: Teller, reason: Reason) -> Iterator[str]:
    if reason.papers:
        yield teller.tell("reason.papers", papers=teller.name_papers(reason))
    for name in reason.findings:
        label, by = teller.name_finding(name)
        yield teller.tell("reason.findings", findings=label, by=by)
    if reason.unanswered:
        told = [teller.writer.label_input(name) for name in reason.unanswered]
        yield teller.tell("reason.unanswered", facts=teller.join(told))
    if reason.kind in {"failed", "soft_failed"} and not reason.papers:
        for rule in reason.rules:
            steps = teller.result.evaluation.rules[rule.id].steps
            if isinstance(rule.body, Window):
                yield _tell_window(teller, steps)
            else:
                for step in steps:
                    yield from _tell_failed(teller, step)


def _tell_failed(teller: Teller, step: Step) -> Iterator[str]:
    """Tell the facts a rule failed on, and how those that were worked out came about."""
    if needs_one_change(step):
        yield teller.tell("facts.one")
    for part in list_deciding(step):
        if part.term.role is not Role.AGGREGATE:  # its records are told below
            yield tell_fact(teller.exact, part)
        yield from teller.note_step(part)


def _tell_window(teller: Teller, steps: tuple[Step, ...]) -> str:
    """Tell when an act took place, and between which days it had to."""
    opens, last, act = steps[:3]
    writer, kind = teller.writer, act.term.type
    told = {
        "opens": writer.write_value(opens.value, kind),
        "last": writer.write_value(last.value, kind),
        "act": writer.write_value(act.value, kind),
    }
    key = "fact.window"
    if isinstance(last.value, Unknown):
        key = "fact.window.opens"
    elif isinstance(opens.value, Unknown):
        key = "fact.window.last"
    return teller.tell(key, label=writer.write_body(act), **told)


def _tell_unsure(teller: Teller) -> Iterator[Line]:
    for rule in teller.result.program.rules:
        result = teller.result.evaluation.rules[rule.id]
        decides = Status.FAILED in result.statuses or Status.SOFT_FAILED in result.statuses
        if len(result.statuses) > 1 and decides:
            text = teller.tell("reason.undetermined", says=teller.writer.say_rule(rule))
            yield Line(text, str(rule.citation), "open")


def tell_missing(teller: Teller) -> Iterator[Line]:
    """Tell what is not known that decides, each with the name it has in a case."""
    for item in teller.result.missing:
        yield Line(teller.name_missing(item), cite(item.citation), "open", (item.name,))


def tell_next(teller: Teller) -> Iterator[Line]:
    """Tell what can be done: supply what is missing, hand in papers, have findings made."""
    yield from _tell_supplies(teller)
    for reason in teller.result.reasons:
        if reason.papers:
            papers = teller.name_papers(reason)
            yield Line(teller.tell("next.papers", papers=papers), cite(reason.citation))
        for name in reason.findings:
            label, by = teller.name_finding(name)
            yield Line(teller.tell("next.finding", by=by, label=label), cite(reason.citation))
        for rule in reason.rules:
            if rule.next_step is not None:
                yield Line(rule.next_step.told(teller.language), str(rule.citation))


def _tell_supplies(teller: Teller) -> Iterator[Line]:
    """Tell what to supply: each by itself, or all at once where that would only be repeated."""
    missing = teller.result.missing
    facts = [item for item in missing if item.role not in OF_OTHERS]
    if len(facts) > MOST_SUPPLIES:
        yield Line(teller.tell("next.all", count=str(len(facts))))
        missing = tuple(item for item in missing if item not in facts)
    for item in missing:
        yield Line(_tell_supply(teller, item))


def _tell_supply(teller: Teller, item: Missing) -> str:
    """Tell what to do about something missing: supply it, or wait for who sets it."""
    label = item.label.told(teller.language)
    if item.role is Role.CALENDAR:
        return teller.tell("next.calendar", label=label)
    if item.role is Role.DOCUMENT:
        return teller.tell("next.document", label=label, by=teller.name_setter(item))
    if item.role is Role.PARAMETER:
        return teller.tell("next.parameter", label=label, by=teller.name_setter(item))
    return teller.tell("next.missing", label=teller.name_missing(item))
