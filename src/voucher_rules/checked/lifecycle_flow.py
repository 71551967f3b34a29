"""Comes in: a lifecycle beside its document. Goes out: faults in how its events lead on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from voucher_rules.checked.histories import Lifecycle, Transition
from voucher_rules.checked.order import find_cycle
from voucher_rules.checked.report import Report
from voucher_rules.ruleset.histories import LifecycleDoc
from voucher_rules.sources.tree import Scalar


def check_flow(report: Report, lifecycle: Lifecycle, name: Scalar, doc: LifecycleDoc) -> None:
    """Check that things can begin, come into every state, and never be in two minds."""
    if all(item.sources for item in lifecycle.transitions.values()):
        report.add("nothing-opens", name, name=name)
    else:
        _check_states_are_reached(report, lifecycle, doc)
    words = {str(word): word for word in doc.events}
    for first, other in combinations(lifecycle.transitions.values(), 2):
        if _follow_the_same(first, other) and _may_meet(first, other):
            report.add("events-alike", words[other.name], name=other.name, other=first.name)
    _check_lapses_end(report, lifecycle, words)


def find_reached(
    transitions: Iterable[Transition], start: Iterable[str] | None = None, *, without: str = ""
) -> set[str]:
    """Return the states that events lead to, from those of ``start`` or from the openings.

    ``without`` is a state through which no way leads.
    """
    known = list(transitions)
    found = set(start or ())
    if start is None:
        found = {item.target for item in known if not item.sources}
    found.discard(without)
    while True:
        next_ones = (item.list_targets() for item in known if found & {*item.sources})
        more = {name for names in next_ones for name in names} - found - {without}
        if not more:
            return found
        found |= more


def _check_states_are_reached(report: Report, lifecycle: Lifecycle, doc: LifecycleDoc) -> None:
    reached = find_reached(lifecycle.transitions.values())
    if not reached <= {*lifecycle.states}:
        return  # a target that is no state is a fault of its own, and hides which one is missed
    for word in doc.states:
        if str(word) not in reached:
            report.add("state-not-reached", word, name=word)


def _follow_the_same(first: Transition, other: Transition) -> bool:
    """Return whether one decision brings both about, by the same outcome or consequence."""
    one, two = first.follows, other.follows
    if one is None or two is None or one.decision != two.decision:
        return False
    if one.rule or two.rule:
        return one.rule == two.rule
    return bool({*one.outcomes} & {*two.outcomes})


def _may_meet(first: Transition, other: Transition) -> bool:
    both_open = not first.sources and not other.sources
    return both_open or bool({*first.sources} & {*other.sources})


def _check_lapses_end(report: Report, lifecycle: Lifecycle, words: dict[str, Scalar]) -> None:
    """What comes by itself must not lead back: it would come again and again."""
    past = [item for item in lifecycle.transitions.values() if item.past is not None]
    leads: dict[str, list[str]] = {name: [] for name in lifecycle.states}
    for item in past:
        for source in item.sources:
            leads.setdefault(source, []).extend(item.list_targets())
    cycle = find_cycle(leads)
    if cycle:
        first = next(
            item
            for item in past
            if {*item.list_targets()} & {*cycle} and {*item.sources} & {*cycle}
        )
        shown = " → ".join([*cycle, cycle[0]])
        report.add("lapses-in-a-circle", words[first.name], cycle=shown)
