"""Comes in: a deadline of a ledger. Goes out: what it is, in words."""

from __future__ import annotations

from datetime import datetime

from voucher_rules.cli.entries import EntryTeller
from voucher_rules.cli.words import join
from voucher_rules.ledger.deadlines import Due


def tell_due(teller: EntryTeller, due: Due) -> str:
    """Tell what may happen to a thing next, and by when, on one line."""
    event = tell_event(teller, due)
    if not due.window:
        return join(teller.language, event, teller.tell("due.open"))
    return join(teller.language, event, tell_end(teller, due), tell_window(teller, due))


def tell_event(teller: EntryTeller, due: Due) -> str:
    """Return the name of the event in words."""
    ruleset = teller.find_ruleset(due.thing.ruleset, due.thing.edition)
    ways = ruleset.histories.lifecycles[due.thing.lifecycle].transitions
    return ways[due.event].label.told(teller.language)


def tell_end(teller: EntryTeller, due: Due) -> str:
    """Tell the last day or moment and how it comes, or what is not known of it."""
    if due.last is None:
        return tell_missing(teller, due)
    until = teller.tell("due.until", last=tell_last(teller, due))
    return join(teller.language, until, tell_how(teller, due))


def tell_last(teller: EntryTeller, due: Due) -> str:
    """Tell the last day, or the last moment in local time."""
    last = due.last
    if isinstance(last, datetime):
        return teller.tell_moment(last)
    return "" if last is None else last.isoformat()


def tell_how(teller: EntryTeller, due: Due) -> str:
    """Tell an event that comes by itself from one that must happen in time."""
    return teller.tell("due.by_itself" if due.by_itself else "due.must")


def tell_missing(teller: EntryTeller, due: Due) -> str:
    """Tell that the end is not known, and for want of what."""
    names = tell_names(teller, due)
    return teller.tell("due.missing", names=names) if names else teller.tell("due.unknown")


def tell_names(teller: EntryTeller, due: Due) -> str:
    """Tell what would have to be known to find the end."""
    ruleset = teller.find_ruleset(due.thing.ruleset, due.thing.edition)
    labels = []
    for name in due.missing:
        declared = ruleset.inputs.get(name) or ruleset.parameters.get(name)
        labels.append(declared.label.told(teller.language) if declared else name)
    return join(teller.language, *labels)


def tell_window(teller: EntryTeller, due: Due) -> str:
    """Tell the rule of a deadline and its provision."""
    ruleset = teller.find_ruleset(due.thing.ruleset, due.thing.edition)
    rule = ruleset.rules[_name_rule(due)]
    says = rule.says.told(teller.language) or rule.id
    return teller.tell("due.window", says=says, ref=str(rule.citation))


def _name_rule(due: Due) -> str:
    return due.window.partition(".")[2]
