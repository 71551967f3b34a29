"""Comes in: two programs for one decision. Goes out: what differs between them, cut down to that.

A rule is common where it reads the same and rests on the same: the same terms, the same values of
its parameters on the day, the same definitions below it. What common rules decide they decide alike
for every case, so that only the others need looking at, and amounts with any limit that differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from voucher_rules.checked.mechanics import Call, Limit, Rule, name_set, strip_words
from voucher_rules.checked.reads import ASKED
from voucher_rules.decision.boxes import Box
from voucher_rules.decision.law import Options, find_parameter, split_case_by_law
from voucher_rules.language.records import split_field
from voucher_rules.language.terms import Role, Term
from voucher_rules.meaning.unknowns import make_value, split_value
from voucher_rules.program.build import FixAmount, Program, list_rules
from voucher_rules.program.part import pick_part
from voucher_rules.values.model import Interval, OneOf, Unknown, Value


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its program, whole and cut down, and what it is decided under."""

    whole: Program
    cut: Program
    options: Options


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides on a day, with what they share and what not."""

    before: Side
    after: Side
    day: date
    common: frozenset[str]
    """The rules that both have and that come to the same for every case."""
    altered: tuple[str, ...]
    """The rules that differ, or that only one has, or that rest on something that differs."""
    conditions: tuple[str, ...]
    """The common rules that a case must meet for any difference to show."""


def pair_programs(
    before: Program, after: Program, options: tuple[Options, Options], day: date
) -> Pair:
    """Return both programs, each cut down to the rules that differ and what those rest on."""
    common = _find_common(before, after, options, day)
    sides = tuple(
        Side(program, _cut(program, common), chosen)
        for program, chosen in zip((before, after), options, strict=True)
    )
    ids = dict.fromkeys([*(r.id for r in before.rules), *(r.id for r in after.rules)])
    kept = {rule.id for side in sides for rule in side.cut.rules}
    decisive = {r.id for r in before.rules if r.decides and not isinstance(r.body, Limit)}
    return Pair(
        sides[0],
        sides[1],
        day,
        common,
        tuple(name for name in ids if name not in common),
        tuple(name for name in ids if name in common & decisive and name not in kept),
    )


def _find_common(
    before: Program, after: Program, options: tuple[Options, Options], day: date
) -> frozenset[str]:
    old, new = ({rule.id: rule for rule in x.rules} for x in (before, after))
    common = {name for name in old if name in new and _is_same_rule(old[name], new[name])}
    if not _is_same_ground(before, after):
        common = set()
    changed = set(list_changed_outputs(before, after))
    common = {name for name in common if name_set(old[name].body) not in changed}
    while True:
        kept = {x for x in common if _rests_alike(old[x], (before, after), options, day, common)}
        if kept == common:
            return frozenset(common)
        common = kept


def _is_same_ground(before: Program, after: Program) -> bool:
    """Return whether money, time and days off are the same thing on both sides."""
    one, other = before.ruleset, after.ruleset
    calendars = [None if x.calendar is None else x.calendar.digest for x in (one, other)]
    same = (one.currency, one.zone) == (other.currency, other.zone)
    return same and calendars[0] == calendars[1]


def list_changed_outputs(before: Program, after: Program) -> Iterator[str]:
    """Yield the outputs of both that are rounded, or asked for, in another way."""
    old, new = before.decision.outputs, after.decision.outputs
    for name, item in old.items():
        if name in new and replace(item, label=new[name].label) != new[name]:
            yield name


def _is_same_rule(one: Rule, other: Rule) -> bool:
    """Return whether two rules test or set the same, whatever they are called and cite."""
    parts = ("body", "when", "soft", "decisions", "set_aside_by", "sets_aside")
    return all(strip_words(getattr(one, x)) == strip_words(getattr(other, x)) for x in parts)


def _rests_alike(
    rule: Rule,
    programs: tuple[Program, Program],
    options: tuple[Options, Options],
    day: date,
    common: set[str],
) -> bool:
    """Return whether everything a rule reads is the same on both sides."""
    before, after = programs
    terms = list(_list_terms(before, rule))
    if [strip_words(x) for x in terms] != [strip_words(x) for x in _list_terms(after, rule)]:
        return False
    for term in (part for whole in terms for part in whole.walk()):
        if term.role is Role.PARAMETER and not _is_same_value(before, after, term.name, day):
            return False
        if term.role is Role.READING:
            name = term.name.removeprefix("reading.")
            if options[0].readings.get(name) != options[1].readings.get(name):
                return False
    read = {name for term in rule.terms() for name in term.names(*Role)}
    setters = [(x.setters.get(name, ()), name) for name in read for x in programs]
    if any(set(found) - common for found, _ in setters):
        return False
    body = rule.body
    return not isinstance(body, Call) or _gives_alike(programs, rule.id, body, options)


def _list_terms(program: Program, rule: Rule) -> Iterator[Term]:
    """Yield the expressions of a rule, and the conditions under which what it reads exists."""
    waiting, seen = list(rule.terms()), set[str]()
    while waiting:
        term = waiting.pop()
        yield term
        for name in sorted({x.removesuffix(ASKED) for x in term.names(*Role)} - seen):
            seen.add(name)
            item = program.ruleset.inputs.get(name)
            if item is not None and item.applies is not None:
                waiting.append(item.applies)


def _gives_alike(
    programs: tuple[Program, Program], rule: str, body: Call, options: tuple[Options, Options]
) -> bool:
    """Return whether a call surely gives the same on both sides, asked the same on any day.

    Whatever was changed in the ruleset that is asked may weigh in its answer: its meaning is to be
    the same, and the way it is read.
    """
    called = [x.calls[rule].ruleset.semantic_digest for x in programs]
    if called[0] != called[1]:
        return False
    if not body.uses:
        return options[0].readings == options[1].readings
    used = [x.ruleset.uses[body.uses].readings for x in programs]
    return used[0] == used[1]


def _is_same_value(before: Program, after: Program, name: str, day: date) -> bool:
    names = [
        {n: x for n, x in program.parameters.items() if name in {n, x.table}}
        for program in (before, after)
    ]
    if names[0].keys() != names[1].keys():
        return False
    if any(item.on or names[1][n].on for n, item in names[0].items()):
        return all(item.values == names[1][n].values for n, item in names[0].items())
    return all(
        find_parameter(x, day) == find_parameter(names[1][n], day) for n, x in names[0].items()
    )


def _cut(program: Program, common: frozenset[str]) -> Program:
    """Return a program with the rules that differ, those they rest on, and no others."""
    wanted = {rule.id for rule in program.rules if rule.id not in common}
    for step in program.steps:
        rules = list_rules(step)
        if isinstance(step, FixAmount) and any(rule.id in wanted for rule in rules):
            wanted |= {rule.id for rule in rules}
    part = pick_part(program, frozenset(wanted))
    kept = {rule.id for step in part.steps for rule in list_rules(step)}
    amounts = {step.output.name for step in part.steps if isinstance(step, FixAmount)}
    given = {name for name in program.setters if set(program.setters[name]) <= kept}
    outputs = {
        name: item
        for name, item in program.decision.outputs.items()
        if name in amounts or (not item.limited and name in given)
    }
    names = [x for x in program.inputs if x in part.names or x == program.decision.as_of]
    names = [
        x for x in program.inputs if x in names or x in {o.requested for o in outputs.values()}
    ]
    if any(rule in program.calls for rule in kept):
        names = list(program.inputs)
    inputs = {name: program.inputs[name] for name in names}
    return replace(
        program,
        decision=replace(program.decision, outputs=outputs),
        steps=part.steps,
        rules=tuple(rule for rule in program.rules if rule.id in kept),
        inputs=inputs,
        setters={name: found for name, found in program.setters.items() if name in given},
        lists={name: item for name, item in program.lists.items() if name in inputs},
        applying=tuple(name for name in program.applying if name in inputs),
        asked=tuple(name for name in program.asked if name in inputs),
        branching=tuple(name for name in program.branching if name in kept),
        choosing=tuple(name for name in program.choosing if name in given),
        reads=tuple(
            reads
            for step, reads in zip(program.steps, program.reads, strict=True)
            if step in part.steps
        ),
    )


def open_pair(pair: Pair, fixed: Mapping[str, Value]) -> Box:
    """Return every case both sides take, on the day: each fact at all either may be."""
    box: dict[str, Value] = {}
    for side in (pair.before, pair.after):
        program = side.cut
        own: dict[str, Value] = {n: _drop_open(x.domain) for n, x in program.inputs.items()}
        own[program.decision.as_of] = pair.day
        own |= {n: value for n, value in fixed.items() if n in own or split_field(n)[0] in own}
        for name, value in split_case_by_law(program, own)[0].items():
            box[name] = _meet(box[name], value) if name in box else value
    return box


def _drop_open(domain: Unknown) -> Value:
    return domain if domain.domain is None else Unknown(domain.domain, domain.marks)


def _meet(one: Value, other: Value) -> Value:
    """Return what both may be; where that is nothing, what the first may."""
    (first, marks), (second, more) = split_value(one), split_value(other)
    match first, second:
        case Interval(a, b), Interval(c, d):
            low, high = max(a, c), min(b, d)
            return make_value(Interval(low, high), marks & more) if low <= high else one  # type: ignore[operator]
        case OneOf(a), OneOf(b) if a & b:
            return make_value(OneOf(a & b), marks & more)
        case _:
            return one
