"""Comes in: the program of a decision. Goes out: how each of its balances is told, or why not.

What no window over events tells to the unit is refused, with the reason; nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from voucher_rules.checked.histories import Balance, Measure, SpanKind
from voucher_rules.compiled.history_flow import Flow
from voucher_rules.program.build import Program


class Form(StrEnum):
    """How the steps of a balance are made, from which its value is added up."""

    AMOUNTS = "amounts"
    """What of a thing is in the states, or whether anything is."""
    ENTERED = "entered"
    """What entered a state, each part on its own day."""
    VALUES = "values"
    """Which different values there are."""
    DAYS = "days"
    """The first or the last day there is."""


_FORMS: Final[Mapping[Measure, Form]] = {
    Measure.SUM: Form.AMOUNTS,
    Measure.COUNT: Form.AMOUNTS,
    Measure.HOLDS: Form.AMOUNTS,
    Measure.DISTINCT: Form.VALUES,
    Measure.SET: Form.VALUES,
    Measure.FIRST: Form.DAYS,
    Measure.LAST: Form.DAYS,
}
MOST_OPTIONS: Final = 62


@dataclass(frozen=True, slots=True)
class Planned:
    """A balance that can be told, and how."""

    balance: Balance
    form: Form

    @property
    def is_dated(self) -> bool:
        """Whether it looks at some days only."""
        return self.balance.within.kind is not SpanKind.LIFETIME

    @property
    def stage(self) -> tuple[object, ...]:
        """What balances have in common that are added up together."""
        balance = self.balance
        whose = (balance.lifecycle, balance.per, balance.within)
        if self.form is not Form.AMOUNTS:
            return (*whose, balance.name)
        return (*whose, balance.dated_by if self.is_dated else "")


@dataclass(frozen=True, slots=True)
class Plans:
    """The balances that a decision reads: those that can be told, and the reason of each other."""

    program: Program
    flows: Mapping[str, Flow]
    planned: tuple[Planned, ...]
    refused: Mapping[str, str]


def make_plans(program: Program) -> Plans:
    """Return how each balance of a decision is told."""
    histories = program.ruleset.histories
    flows = {name: Flow(lifecycle) for name, lifecycle in histories.lifecycles.items()}
    planned, refused = [], {}
    for name, balance in histories.balances.items():
        if name not in program.inputs:
            continue
        reason = next(_list_reasons(program, balance, flows[balance.lifecycle]), "")
        if reason:
            refused[name] = reason
        else:
            planned.append(Planned(balance, _choose_form(balance, flows[balance.lifecycle])))
    pools = (pool.fills for pool in histories.pools.values() if pool.fills in program.inputs)
    refused |= dict.fromkeys(pools, "what is left of a pool")
    return Plans(program, flows, tuple(planned), refused)


def _choose_form(balance: Balance, flow: Flow) -> Form:
    form = _FORMS[balance.measure]
    return form if _is_dated_whole(balance, flow) else Form.ENTERED


def _is_dated_whole(balance: Balance, flow: Flow) -> bool:
    """Return whether all of a thing has the same day."""
    dated = balance.dated_by
    if balance.within.kind is SpanKind.LIFETIME or dated not in flow.lifecycle.states:
        return True
    return not flow.in_parts or flow.enters_whole(dated)


def _list_reasons(program: Program, balance: Balance, flow: Flow) -> Iterator[str]:
    """Yield why a balance cannot be told, the first reason first."""
    if balance.measure is Measure.RECORDS:
        yield "a list of records in SQL"
    if balance.across:
        yield "what counts across other rulesets"
    if balance.with_related:
        yield "everyone in the same group, which changes over time"
    if flow.in_parts and flow.has_circle:
        yield "parts of a thing that may come back to a state"
    form = _FORMS.get(balance.measure, Form.AMOUNTS)
    if balance.others_only and form is not Form.AMOUNTS:
        yield "values or days without those of the thing decided about"
    yield from _list_day_reasons(balance, flow)
    if (
        balance.measure is Measure.SET
        and len(program.inputs[balance.name].type.options) > MOST_OPTIONS
    ):
        yield "more options than a mask holds"
    if (
        balance.within.kind is SpanKind.ROLLING
        and balance.within.lasts not in program.ruleset.parameters
    ):
        yield "a span whose length the ruleset does not fix"


def _list_day_reasons(balance: Balance, flow: Flow) -> Iterator[str]:
    days = [balance.dated_by] if balance.within.kind is not SpanKind.LIFETIME else []
    if balance.measure in (Measure.FIRST, Measure.LAST):
        days.append(balance.of)
    states = [day for day in days if day in flow.lifecycle.states]
    if not flow.in_parts:
        if balance.measure not in (Measure.FIRST, Measure.LAST) and any(
            map(flow.comes_back, states)
        ):
            yield "a day that changes when a thing comes back to its state"
        return
    if flow.has_circle or all(map(flow.enters_whole, states)):
        return
    if balance.measure is not Measure.SUM or not flow.stays_in(balance.states, balance.dated_by):
        yield "parts that entered a state on days of their own, of which some may leave again"
