"""Comes in: a decision. Goes out: what it gives beside its amounts: values, consequences, days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from voucher_rules.checked.mechanics import Define, name_set
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import Deadline, Following
from voucher_rules.decision.trace import Status
from voucher_rules.explain.forms import Line
from voucher_rules.explain.teller import Teller
from voucher_rules.language.types import DATE, INSTANT
from voucher_rules.values.model import Mark, Unknown

_KEPT = {True: ("kept", "good"), False: ("missed", "bad"), None: ("open", "open")}


def tell_results(teller: Teller) -> Iterator[Line]:
    """Tell the outputs that are worked out rather than limited; a denial gives none."""
    if teller.result.outcome in {Outcome.DENIED, Outcome.NOT_IN_FORCE}:
        return
    for name, value in teller.result.values.items():
        output = teller.result.decision.outputs[name]
        written = teller.writer.write_value(value, output.type)
        label = output.label.told(teller.language)
        text = teller.tell("amount.payable", label=label, amount=written)
        notes = dict.fromkeys(_tell_derivation(teller, name))
        yield Line(text, _cite_definition(teller, name), notes=tuple(notes))


def _tell_derivation(teller: Teller, name: str) -> Iterator[str]:
    """Tell how an output was worked out, and the variables it was worked out from."""
    kind = teller.result.decision.outputs[name].type
    for rule in teller.result.program.setters.get(name, ()):
        result = teller.result.evaluation.rules[rule]
        if result.status is Status.NOT_APPLICABLE or not isinstance(result.rule.body, Define):
            continue
        for step in result.steps:
            if step.parts:
                yield teller.writer.write_step(step, kind=kind)
            yield from teller.note_step(step)


def _cite_definition(teller: Teller, name: str) -> str:
    rules = teller.result.evaluation.rules
    setters = [rule for rule in teller.result.program.rules if name_set(rule.body) == name]
    live = [rule for rule in setters if rules[rule.id].status is not Status.NOT_APPLICABLE]
    return next((str(rule.citation) for rule in (*live, *setters)), "")


def tell_followings(teller: Teller) -> Iterator[Line]:
    """Tell what follows for whom, from when until when."""
    for item in teller.result.followings:
        text = teller.tell(
            "following",
            party=item.consequence.party.told(teller.language),
            effect=item.consequence.effect.told(teller.language),
            start=_tell_start(teller, item),
            until=_tell_end(teller, item),
        )
        yield Line(text, str(item.rule.citation), "bad")


def _tell_start(teller: Teller, item: Following) -> str:
    if isinstance(item.start, Unknown | Mark):
        return teller.tell("following.from_unknown")
    return teller.tell("following.from", day=teller.writer.write_value(item.start, DATE))


def _tell_end(teller: Teller, item: Following) -> str:
    if item.until is None:
        return teller.tell("following.endless")
    if isinstance(item.until, Unknown | Mark):
        return teller.tell("following.until_unknown")
    return teller.tell("following.until", day=teller.writer.write_value(item.until, DATE))


def tell_deadlines(teller: Teller) -> Iterator[Line]:
    """Tell the last day, or moment, of each window and whether it was kept."""
    for item in teller.result.deadlines:
        says, ref = teller.writer.say_rule(item.rule), str(item.rule.citation)
        if item.last_day is None:
            yield Line(teller.tell("deadline.unknown", says=says), ref, "open")
            continue
        key, tone = _KEPT[item.kept]
        last = _tell_last(teller, item.last_day)
        text = teller.tell(f"deadline.{key}", says=says, last=last)
        yield Line(text, ref, tone, tuple(_note_deadline(teller, item)))


def _tell_last(teller: Teller, last: date) -> str:
    if isinstance(last, datetime):
        return teller.tell("deadline.moment", moment=teller.writer.write_value(last, INSTANT))
    return teller.tell("deadline.day", day=teller.writer.write_value(last, DATE))


def _note_deadline(teller: Teller, item: Deadline) -> Iterator[str]:
    if item.nominal_day is not None and item.nominal_day != item.last_day:
        yield teller.tell("deadline.nominal", day=item.nominal_day.isoformat())
