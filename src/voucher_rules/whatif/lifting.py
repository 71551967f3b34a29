"""Comes in: a table decided under a regime. Goes out: what each limit alone holds back.

A limit is taken out of the decision and everything else left as it is; what a case then comes to,
less what it comes to, is what that limit costs it. Only cases in which the limit binds, or may, are
decided again. Where nothing else would bound the amount there is no such figure, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from voucher_rules.batch.cases.stated import pick_cases
from voucher_rules.batch.verdicts.model import Executor
from voucher_rules.checked.mechanics import Consequence, Limit, Require, name_set
from voucher_rules.checked.reads import LIVE
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.language.terms import Role, Term
from voucher_rules.meaning.terms import find_value
from voucher_rules.meaning.unknowns import TRUE, find_truths
from voucher_rules.program.build import FixAmount, Program
from voucher_rules.values.model import Value
from voucher_rules.whatif.grouping import Grouping
from voucher_rules.whatif.reforms import Change, add_changes
from voucher_rules.whatif.spending import NOTHING, SETTLED, Judged, Span, list_spans


@dataclass(frozen=True, slots=True)
class LimitCost:
    """What one limit alone holds back: in how many cases it matters, and how much together.

    ``unbounded`` are the cases in which nothing else bounds the amount; they are in no sum.
    ``places`` are those that it costs something, or may, with how much in ``costs``.
    """

    rule: str
    cost: Change
    unbounded: int
    places: tuple[int, ...]
    costs: tuple[Span, ...]
    groups: tuple[tuple[str, tuple[tuple[object, Change], ...]], ...]


def measure_limits(
    judged: Judged, execute: Executor, groupings: Sequence[Grouping] = ()
) -> tuple[LimitCost, ...]:
    """Return what each limit of the money looked at holds back, in the order of the document."""
    return tuple(_measure(judged, rule, execute, groupings) for rule in list_limits(judged))


def list_limits(judged: Judged) -> Iterator[str]:
    """Yield the limits that bind, or may, in some case."""
    if not judged.output:
        return
    found = {rule for names in judged.verdicts.payables[judged.output].maybe for rule in names}
    for rule in judged.regime.program.rules:
        if rule.id in found - {REQUESTED}:
            yield rule.id


def lift_limit(program: Program, rule: str) -> Program:
    """Return a program without one of its limits."""
    steps = tuple(
        replace(step, limits=tuple(x for x in step.limits if x.id != rule))
        if isinstance(step, FixAmount)
        else step
        for step in program.steps
    )
    setters = {name: tuple(x for x in ids if x != rule) for name, ids in program.setters.items()}
    rules = tuple(x for x in program.rules if x.id != rule)
    branching = tuple(name for name in program.branching if name != rule)
    return replace(program, steps=steps, rules=rules, setters=setters, branching=branching)


def _measure(
    judged: Judged, rule: str, execute: Executor, groupings: Sequence[Grouping]
) -> LimitCost:
    column = judged.verdicts.payables[judged.output]
    tried = [at for at, names in enumerate(column.maybe) if rule in names]
    program = lift_limit(judged.regime.program, rule)
    cases = pick_cases(judged.table.cases, tried)
    lifted = execute(program, judged.regime.options, cases)
    bounded = _has_other_bound(program, judged.output, judged.regime.options.readings)
    rises = _only_rises(program, judged.output)
    found: dict[int, Span] = {}
    unbounded = 0
    for place, (at, span) in enumerate(zip(tried, list_spans(lifted, judged.output), strict=True)):
        settled = lifted.outcome[place] in SETTLED
        if not lifted.payables[judged.output].maybe[place] or not (bounded or settled):
            unbounded += 1
            continue
        found[at] = _subtract(span, judged.spans[at], rises=rises)
    kept = {at: cost for at, cost in found.items() if cost != NOTHING}
    return LimitCost(
        rule,
        add_changes(kept.values()),
        unbounded,
        tuple(kept),
        tuple(kept.values()),
        tuple((item.column, _add_groups(kept, item)) for item in groupings),
    )


def _subtract(lifted: Span, old: Span, *, rises: bool) -> Span:
    """Return what a case comes to more; never less where a limit can only have held it back."""
    if lifted.known and old.known:
        return Span(lifted.low - old.low, lifted.low - old.low)
    least = 0 if rises else lifted.low - old.high
    return Span(max(lifted.low - old.high, least), max(lifted.high - old.low, least))


def _only_rises(program: Program, output: str) -> bool:
    """Return whether a higher amount never makes a case worse.

    It may where a rule that decides turns on the amount, other than to ask for at least so much,
    and where a soft limit sends what lies above it to a person.
    """
    moved = _list_moved(program, output)
    for rule in program.rules:
        body = rule.body
        if isinstance(body, Limit) and body.output == output and rule.soft:
            return False
        if not rule.decides or isinstance(body, Consequence):
            continue
        asks = isinstance(body, Require) and _asks_for_so_much(body.condition, output)
        terms = [rule.when] if asks else rule.terms()
        if any(not moved.isdisjoint(term.names(*Role)) for term in terms if term is not None):
            return False
    return True


def _list_moved(program: Program, output: str) -> set[str]:
    """Return the amount and all that is worked out from it, exceptions that turn on it too."""
    moved, known = {output}, 0
    while known < len(moved):
        known = len(moved)
        for rule in program.rules:
            if any(not moved.isdisjoint(term.names(*Role)) for term in rule.terms()):
                moved |= {f"{LIVE}{rule.id}", name_set(rule.body)} - {""}
    return moved


def _asks_for_so_much(condition: Term, output: str) -> bool:
    if condition.name != ">=" or condition.role is not Role.OPERATOR:
        return False
    amount, least = condition.parts
    return amount.name == output and not amount.parts and output not in least.names(*Role)


def _has_other_bound(program: Program, output: str, readings: Mapping[str, str]) -> bool:
    """Return whether some limit of an output is left that nothing about a case can put aside."""
    known: Mapping[str, Value] = {f"reading.{name}": option for name, option in readings.items()}
    return any(
        not rule.soft and (rule.when is None or _holds_anyway(rule.when, known))
        for step in program.steps
        if isinstance(step, FixAmount) and step.output.name == output
        for rule in step.limits
    )


def _holds_anyway(when: Term, known: Mapping[str, Value]) -> bool:
    """Return whether a condition holds for every case, by the readings chosen alone."""
    names = set(when.names(*(role for role in Role if role not in _OF_NO_CASE)))
    return not names and find_truths(find_value(when, known)) == TRUE


_OF_NO_CASE: Final = frozenset({Role.READING, Role.CONSTANT, Role.OPERATOR})


def _add_groups(costs: Mapping[int, Span], grouping: Grouping) -> tuple[tuple[object, Change], ...]:
    return tuple(
        (label, add_changes(costs[at] for at in places if at in costs))
        for label, places in zip(grouping.labels, grouping.places, strict=True)
    )
