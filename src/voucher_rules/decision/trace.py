"""Comes in: a term or a condition. Goes out: its trace, and what became of a rule, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from voucher_rules.checked.mechanics import Rule
from voucher_rules.language.records import bind_record
from voucher_rules.language.terms import Role, Term
from voucher_rules.meaning.aggregates import fold_shares, fold_unknown, gather_share
from voucher_rules.meaning.operate import operate
from voucher_rules.meaning.unknowns import (
    TRUE,
    Truth,
    Truths,
    find_truths,
    make_value,
    split_value,
)
from voucher_rules.values.model import NO_MARKS, NONE, OPEN, Interval, Mark, Value


class Step(NamedTuple):
    """One step of a trace: a term, the value it had, and the steps it was made from."""

    term: Term
    value: Value
    parts: tuple[Step, ...]


class Status(StrEnum):
    """What became of a rule."""

    PASSED = "passed"
    FAILED = "failed"
    SOFT_FAILED = "soft_failed"
    """Beyond a limit that holds in principle: a person must decide."""
    OPEN = "open"
    """A person has not judged yet what the rule asks."""
    NOT_APPLICABLE = "not_applicable"
    APPLIES = "applies"
    """For rules that test nothing: limits, definitions, consequences, orders, warnings."""


Statuses: TypeAlias = frozenset[Status]


class RuleResult(NamedTuple):
    """What became of a rule: every status it may still have, and the steps that led there.

    ``missing`` names the papers a checklist lacks for certain and ``unsure`` those that may lack;
    ``last_day`` is the end of a window and ``nominal_day`` the end before it rolled over days off;
    ``called`` is what a called decision came to.
    """

    rule: Rule
    statuses: Statuses
    when: Step | None
    steps: tuple[Step, ...]
    missing: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    last_day: Value | None = None
    nominal_day: Value | None = None
    called: object = None

    @property
    def status(self) -> Status | None:
        """The status, or None while it is undetermined."""
        return next(iter(self.statuses)) if len(self.statuses) == 1 else None

    def list_steps(self) -> tuple[Step, ...]:
        """Return its steps, that of its condition first."""
        return (self.when, *self.steps) if self.when else self.steps


ONLY: Final = {status: frozenset({status}) for status in Status}
SKIPPED: Final[frozenset[Truth]] = frozenset({False, NONE})
"""Truths of a condition under which its rule is left aside."""


def trace_term(term: Term, values: Mapping[str, Value]) -> Step:
    """Return the trace of a term over the values of its names."""
    if not term.parts:
        if term.role is Role.CONSTANT:
            return Step(term, term.value if term.value is not None else NONE, ())
        return Step(term, values[term.name], ())
    if term.role is Role.AGGREGATE:
        return _trace_aggregate(term, values)
    if term.name in _LAZY and term.role is Role.OPERATOR:
        return _trace_chosen(term, values)
    parts = tuple([trace_term(part, values) for part in term.parts])
    return Step(term, operate(term, tuple([part.value for part in parts])), parts)


_LAZY: Final = frozenset({"if", "lookup"})
"""Operators of which one part settles which other one counts."""


def _trace_chosen(term: Term, values: Mapping[str, Value]) -> Step:
    """Trace a choice or a look-up: only what is chosen, where that is known."""
    first = trace_term(term.parts[0], values)
    chosen: Term | None = None
    if first.value is True or first.value is False:
        chosen = term.parts[1 if first.value else 2]
    elif isinstance(first.value, str):
        chosen = term.parts[1 + term.parts[0].type.options.index(first.value)]
    if chosen is not None:
        step = trace_term(chosen, values)
        return Step(term, step.value, (first, step))
    parts = (first, *[trace_term(part, values) for part in term.parts[1:]])
    return Step(term, operate(term, tuple([part.value for part in parts])), parts)


def _trace_aggregate(term: Term, values: Mapping[str, Value]) -> Step:
    """Trace a question asked of a list: what is asked of each record, then the whole."""
    whole, asked, *where = term.parts
    length = values[whole.name]
    steps = [Step(whole, length, ())]
    if not isinstance(length, int):
        found = [trace_term(part, values) for part in (*where, asked)]
        share = gather_share(found[0].value if where else None, found[-1].value)
        domain, marks = split_value(length)
        most = domain.high if isinstance(domain, Interval) else 0
        value = fold_unknown(term.name, int(most), share) if domain else make_value(None, marks)  # type: ignore[arg-type]
        return Step(term, value, tuple(steps))
    shares = []
    for number in range(1, length + 1):
        found = [trace_term(bind_record(p, whole.name, number), values) for p in (*where, asked)]
        shares.append(gather_share(found[0].value if where else None, found[-1].value))
        steps += found
    value = fold_shares(term.name, shares, asked.type.options)
    return Step(term, value, tuple(steps))


def trace_condition(rule: Rule, values: Mapping[str, Value]) -> tuple[Step | None, Truths]:
    """Return the trace of a rule's condition and whether the rule applies."""
    if rule.when is None:
        return None, TRUE
    when = trace_term(rule.when, values)
    return when, find_truths(when.value)


def as_applying(truth: Truth) -> Status:
    """Return the status of a rule that tests nothing, from whether its condition holds."""
    if truth is True:
        return Status.APPLIES
    return Status.OPEN if truth is OPEN else Status.NOT_APPLICABLE


def limit_to(value: Value, applies: Truths) -> Value:
    """Return ``value`` where a rule applies, none where it does not, open where that is open."""
    if applies == TRUE:
        return value
    domain, marks = split_value(value)
    if True not in applies:
        domain, marks = None, NO_MARKS
    extra: set[Mark] = set()
    if False in applies or NONE in applies:
        extra |= {NONE}
    if OPEN in applies:
        extra |= {OPEN}
    return make_value(domain, marks | extra)
