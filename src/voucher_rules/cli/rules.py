"""Comes in: a rule. Goes out: the lines that tell it, with the expressions as they were written."""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.checked.model import (
    Body,
    Consequence,
    Define,
    Documents,
    Exclude,
    Limit,
    Rank,
    Require,
    Rule,
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
    if rule.when is not None:
        yield tell(language, "rule.when", formula=_write(rule.when))
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
            return tell(language, "rule.warn", message=message.told(language))


def _tell_window(body: Window, language: str) -> str:
    first = "counts" if body.counts_first_day else "does_not_count"
    return tell(
        language,
        "rule.window",
        act=_write(body.act),
        opens=_write(body.opens),
        lasts=_write(body.lasts),
        first=tell(language, f"rule.first_day.{first}"),
    )


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
