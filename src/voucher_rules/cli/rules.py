"""Comes in: a rule. Goes out: the lines that tell it, with the expressions as they were written."""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.checked.mechanics import (
    Body,
    Call,
    Consequence,
    Define,
    Documents,
    Exclude,
    Limit,
    Rank,
    Require,
    Rule,
    Waive,
    Warn,
    Window,
)
from voucher_rules.cli.words import join, tell
from voucher_rules.language.terms import Term


def tell_rule(rule: Rule, language: str) -> Iterator[str]:
    """Yield the lines of a rule: what it is about, what it says, what it tests and when."""
    topic = tell(language, f"topic.{rule.topic}")
    yield tell(
        language, "rule.head", rule=rule.id, topic=topic, decisions=", ".join(rule.decisions)
    )
    for line in _list_lines(rule, language):
        yield f"  {line}"


def _list_lines(rule: Rule, language: str) -> Iterator[str]:
    if rule.says.told(language):
        yield rule.says.told(language)
    yield _tell_body(rule.body, language)
    when = rule.stated_when if rule.set_aside_by else rule.when
    if when is not None:
        yield tell(language, "rule.when", formula=_write(when))
    if rule.sets_aside:
        yield tell(language, "rule.sets_aside", rules=", ".join(rule.sets_aside))
    if rule.set_aside_by:
        yield tell(language, "rule.set_aside_by", rules=", ".join(rule.set_aside_by))
    if rule.key:
        yield tell(language, "rule.substantive")
    if rule.soft:
        yield tell(language, "rule.soft")
    if rule.next_step is not None:
        yield tell(language, "rule.next", text=rule.next_step.told(language))


def _tell_body(body: Body, language: str) -> str:
    match body:
        case Require(condition):
            return tell(language, "rule.require", formula=_write(condition))
        case Exclude(condition):
            return tell(language, "rule.exclude", formula=_write(condition))
        case Limit(output, at_most):
            return tell(language, "rule.limit", output=output, formula=_write(at_most))
        case Define(name, formula):
            return tell(language, "rule.define", name=name, formula=_write(formula))
        case Window():
            return _tell_window(body, language)
        case Documents(fact, _, required):
            return tell(language, "rule.documents", fact=fact, papers=", ".join(required))
        case Rank():
            return tell(language, "rule.rank", keys=_tell_keys(body, language))
        case Consequence():
            return _tell_consequence(body, language)
        case Warn(message):
            key = "rule.warn_officers" if body.for_officers else "rule.warn"
            return tell(language, key, message=message.told(language))
        case Call():
            return _tell_call(body, language)
        case Waive():
            return tell(language, "rule.waive")


def _tell_window(body: Window, language: str) -> str:
    first = "counts" if body.counts_first_day else "does_not_count"
    told = tell(
        language,
        "rule.window",
        act=_write(body.act) if body.act is not None else "—",
        opens=_write(body.opens),
        lasts=_write(body.lasts),
        first=tell(language, f"rule.first_day.{first}"),
    )
    rolls = tell(language, "rule.rolls") if body.nominal is not None else ""
    gives = tell(language, "rule.gives", name=body.gives) if body.gives else ""
    return join(language, *(part for part in (told, rolls, gives) if part))


def _tell_call(body: Call, language: str) -> str:
    called = f"{body.uses}.{body.decision}" if body.uses else body.decision
    asked = join(language, *(f"{name} = {_write(term)}" for name, term in body.asked))
    key = "rule.call" if asked else "rule.call_plain"
    arguments = {"asked": asked} if asked else {}
    return tell(language, key, name=body.name, called=called, gives=body.gives, **arguments)


def _tell_keys(body: Rank, language: str) -> str:
    ends = [(item, "highest" if item.highest_first else "lowest") for item in body.keys]
    told = [tell(language, f"rule.rank.{end}", key=_write(item.key)) for item, end in ends]
    return join(language, *told)


def _tell_consequence(body: Consequence, language: str) -> str:
    until = tell(language, "rule.endless") if body.until is None else _write(body.until)
    return tell(
        language,
        "rule.consequence",
        party=body.party.told(language),
        effect=body.effect.told(language),
        start=_write(body.start),
        until=until,
    )


def _write(term: Term) -> str:
    """Write an expression on one line, as the author wrote it."""
    return " ".join((term.text or term.name).split())
