"""Comes in: a decision that was made. Goes out: the events that follow from it, by the lifecycles.

An event follows from how a decision came out, or from a consequence that applies. Of several that
could, the one whose thing stands where the event begins does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from voucher_rules.checked.histories import (
    Balance,
    Carried,
    Follows,
    Lifecycle,
    Measure,
    SpanKind,
    Transition,
    Within,
)
from voucher_rules.decision.result import DecisionResult, Following
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ledger.asking import Asking, find_key, read_carried, tell_key
from voucher_rules.ledger.balances import Question
from voucher_rules.ledger.books import Books
from voucher_rules.ledger.entries import Draft, Moved
from voucher_rules.ledger.lots import Thing
from voucher_rules.program.build import Program

CONSEQUENCE_START = "consequence.start"
CONSEQUENCE_UNTIL = "consequence.until"


@dataclass(frozen=True, slots=True)
class DecisionAt:
    """A decision made at a moment: what was asked, how it came out, under which entry."""

    asking: Asking
    result: DecisionResult
    at: datetime
    entry: str


def check_opening(program: Program, thing: str, books: Books) -> None:
    """Check that no thing lives already which the decision could only open.

    However it comes out, it would tell of another thing of the same name. Raises
    :class:`InputError`.
    """
    ruleset, decision = program.ruleset, program.decision.name
    for lifecycle in ruleset.histories.lifecycles.values() if thing else ():
        found = books.find_thing((ruleset.id, lifecycle.name, thing))
        if found is None:
            continue
        ways = [
            way
            for way in lifecycle.transitions.values()
            if way.follows and not way.follows.rule and way.follows.decision == decision
        ]
        if not ways or any(way.sources for way in ways):
            continue
        told = {"lifecycle": lifecycle.name, "thing": thing, "decision": decision}
        told["entry"] = found.lots[0].entries[0]
        raise InputError([Diagnostic("thing-lives-already", told, path="thing")])


def list_followers(made: DecisionAt, books: Books) -> list[Draft]:
    """Return the events that follow from a decision, in the order of the ruleset."""
    drafts: list[Draft] = []
    for lifecycle in made.result.ruleset.histories.lifecycles.values():
        drafts.extend(_follow_outcome(made, lifecycle, books))
        drafts.extend(_follow_consequences(made, lifecycle, books))
        drafts.extend(_follow_for_all(made, lifecycle, books))
    return drafts


def _follow_outcome(made: DecisionAt, lifecycle: Lifecycle, books: Books) -> Iterator[Draft]:
    """Yield the event of a lifecycle that follows from how the decision came out, if one does."""
    ways = [
        item
        for item in lifecycle.transitions.values()
        if item.follows
        and not item.follows.rule
        and not item.follows.per
        and _comes_out(made.result, item.follows)
    ]
    if not ways:
        return
    thing = books.find_thing((made.result.ruleset.id, lifecycle.name, made.asking.thing))
    transition = _choose_way(ways, thing)
    amount = _read_amount(made.result, transition)
    if amount == 0:
        return
    carries = _gather_carried(made.asking, lifecycle, None)
    if transition.sources:
        carries = _pick_set(carries, transition, thing)
    yield _draft(
        made, lifecycle, transition, thing=made.asking.thing, amount=amount, carries=carries
    )


def _comes_out(result: DecisionResult, follows: Follows) -> bool:
    named = result.decision.name == follows.decision
    return named and (not follows.outcomes or result.outcome.value in follows.outcomes)


def _choose_way(ways: list[Transition], thing: Thing | None) -> Transition:
    """Return the event that can happen to the thing; the first where none can, to be refused."""
    for way in ways:
        if thing is None and not way.sources:
            return way
        if thing is not None and any(thing.stands_in(state) for state in way.sources):
            return way
    return ways[0]


def _read_amount(result: DecisionResult, transition: Transition) -> int | None:
    """Return the amount an event moves, in minor units; None for all there is."""
    name = transition.follows.amount if transition.follows else ""
    if not name:
        return None
    amount = result.amounts.get(name)
    value = result.values.get(name) if amount is None else amount.value
    return value if isinstance(value, int) else None


def _gather_carried(
    asking: Asking, lifecycle: Lifecycle, following: Following | None
) -> dict[str, str]:
    """Return what a new thing carries: as named, else as the case or the consequence says."""
    found = {
        name: asking.carries.get(name) or _find_carried(asking, carried, following)
        for name, carried in lifecycle.carries.items()
    }
    return {name: text for name, text in found.items() if text}


def _pick_set(
    carries: Mapping[str, str], transition: Transition, thing: Thing | None
) -> dict[str, str]:
    """Return what an event sets that the thing does not carry yet."""
    held = {} if thing is None else thing.carries
    wanted = [name for name in transition.sets if name not in held]
    return {name: carries[name] for name in wanted if name in carries}


def _find_carried(asking: Asking, carried: Carried, following: Following | None) -> str | None:
    if following is None:
        return read_carried(asking, carried)
    if carried.fact == CONSEQUENCE_START:
        return tell_key(following.start)
    if carried.fact == CONSEQUENCE_UNTIL:
        return tell_key(following.until)
    return read_carried(asking, carried)


def _follow_consequences(made: DecisionAt, lifecycle: Lifecycle, books: Books) -> Iterator[Draft]:
    """Yield an event for each consequence that applies: it opens a thing, or moves the one asked.

    It moves from whichever of the states of a thing there is a way.
    """
    applying = {item.rule.id: item for item in made.result.followings}
    ways: dict[str, list[Transition]] = {}
    for transition in lifecycle.transitions.values():
        follows = transition.follows
        if follows is None or follows.per or follows.decision != made.result.decision.name:
            continue
        if follows.rule not in applying:
            continue
        if transition.sources:
            ways.setdefault(follows.rule, []).append(transition)
            continue
        amount = _read_amount(made.result, transition)
        if amount == 0:
            continue
        thing = f"{made.entry}.{follows.rule}"
        carries = _gather_carried(made.asking, lifecycle, applying[follows.rule])
        yield _draft(made, lifecycle, transition, thing=thing, amount=amount, carries=carries)
    for found in ways.values():
        yield from _move_asked(made, lifecycle, found, books)


def _move_asked(
    made: DecisionAt, lifecycle: Lifecycle, ways: list[Transition], books: Books
) -> Iterator[Draft]:
    """Yield each event that can happen to the thing asked; one to be refused, where none is there.

    What stands in none of the states left behind has nothing to move: no money is recovered where
    none was paid.
    """
    ruleset, name = made.result.ruleset, made.asking.thing
    thing = books.find_thing((ruleset.id, lifecycle.name, name))
    if thing is not None:
        able = [way for way in ways if any(thing.stands_in(state) for state in way.sources)]
    else:
        homes = ruleset.histories.lifecycles
        held = any(books.find_thing((ruleset.id, home, name)) is not None for home in homes)
        able = [] if held or not name else ways[:1]
    for way in able:
        amount = _read_amount(made.result, way)
        if amount != 0:
            carries = _pick_set(_gather_carried(made.asking, lifecycle, None), way, thing)
            yield _draft(made, lifecycle, way, thing=name, amount=amount, carries=carries)


def _follow_for_all(made: DecisionAt, lifecycle: Lifecycle, books: Books) -> Iterator[Draft]:
    """Yield an event for each thing that agrees with the case in what the event follows per."""
    applying = {item.rule.id for item in made.result.followings}
    for way in lifecycle.transitions.values():
        follows = way.follows
        if follows is None or not follows.per or follows.decision != made.result.decision.name:
            continue
        happens = follows.rule in applying if follows.rule else _comes_out(made.result, follows)
        for thing in _list_agreeing(made.asking, lifecycle, way, books) if happens else ():
            yield _draft(made, lifecycle, way, thing=thing, amount=None, carries={})


def _list_agreeing(
    asking: Asking, lifecycle: Lifecycle, way: Transition, books: Books
) -> list[str]:
    """Return the things an event can happen to that agree with a case.

    Raises :class:`InputError` where the case does not say in what.
    """
    per: dict[str, frozenset[str]] = {}
    for name in way.follows.per if way.follows else ():
        key = find_key(asking, lifecycle, name)
        if key is None:
            arguments = {"name": name, "lifecycle": lifecycle.name}
            raise InputError([Diagnostic("whose-not-said", arguments, path=name)])
        per[name] = frozenset({key})
    taken = Balance(
        name=way.name,
        measure=Measure.COUNT,
        lifecycle=lifecycle.name,
        states=way.sources,
        per=tuple(per),
        dated_by="",
        within=Within(SpanKind.LIFETIME),
    )
    asked = Question(asking.ruleset.id, taken, per, "", None, None, asking.ruleset.zone)
    return sorted({item.thing.id for item in books.list_found(asked)})


def _draft(  # noqa: PLR0913 - each argument is one part of the event
    made: DecisionAt,
    lifecycle: Lifecycle,
    transition: Transition,
    *,
    thing: str,
    amount: int | None,
    carries: Mapping[str, str],
) -> Draft:
    ruleset = made.result.ruleset
    body = Moved(
        ruleset=ruleset.id,
        edition=ruleset.edition,
        lifecycle=lifecycle.name,
        thing=thing,
        event=transition.name,
        amount=amount,
        carries=carries,
        decision=made.entry,
    )
    return Draft(made.at, body)
