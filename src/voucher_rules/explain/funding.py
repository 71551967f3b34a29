"""Comes in: balances and pools of a ruleset. Goes out: each in words: of what, whose, when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voucher_rules.checked.histories import (
    UNKNOWN,
    Balance,
    Lifecycle,
    Measure,
    Pool,
    SpanKind,
    Within,
)
from voucher_rules.explain.histories import HistoryTeller

_MEASURES: Final = {
    Measure.SUM: "sum",
    Measure.COUNT: "count",
    Measure.DISTINCT: "distinct",
    Measure.FIRST: "first",
    Measure.LAST: "last_day",
    Measure.HOLDS: "exists",
    Measure.SET: "set",
    Measure.RECORDS: "records",
}


def list_taken(teller: HistoryTeller, balance: Balance) -> Iterator[str]:
    """Yield what a balance takes, and what it leaves out or adds."""
    lifecycle = teller.checked.histories.lifecycles[balance.lifecycle]
    parts = {"thing": teller.name_thing(lifecycle)}
    if balance.of:
        parts["of"] = _name_of(teller, lifecycle, balance.of)
    yield teller.say(f"history.{_MEASURES[balance.measure]}", **parts)
    for name, word in balance.fields.items():
        label = teller.names.write(teller.writer.label_input(name))
        counted = teller.say("history.field.amount") if word == "amount" else ""
        told = counted or teller.tell_word(lifecycle, word)
        yield teller.say("history.field", field=label, what=told)
    if balance.otherwise == UNKNOWN:
        yield teller.say("history.otherwise_unknown")
    elif balance.otherwise:
        yield teller.say("history.otherwise", fact=teller.name_fact(balance.otherwise))
    if balance.others_only:
        yield teller.say("history.others_only")
    if balance.with_related:
        yield teller.say("history.with_related")
    if balance.across:
        rulesets = teller.join(teller.names.write(name) for name in balance.across)
        yield teller.say("history.across", rulesets=rulesets)


def _name_of(teller: HistoryTeller, lifecycle: Lifecycle, name: str) -> str:
    """Return what a state or something carried is called."""
    named = lifecycle.carries.get(name) or lifecycle.states[name]
    return teller.names.write(named.label.told(teller.language))


def tell_states(teller: HistoryTeller, balance: Balance) -> str:
    """Tell in which states a balance takes things, or what these stand for."""
    if balance.standings:
        told = [teller.say(f"history.stands.{item}") for item in balance.standings]
        return teller.join(teller.say("history.quoted", name=name) for name in told)
    return _join_states(teller, balance.lifecycle, balance.states)


def _join_states(teller: HistoryTeller, name: str, states: tuple[str, ...]) -> str:
    lifecycle = teller.checked.histories.lifecycles[name]
    return teller.join(teller.quote_state(lifecycle, state) for state in states)


def tell_whose(teller: HistoryTeller, balance: Balance) -> str:
    """Tell whose things a balance takes."""
    if not balance.per:
        return teller.say("history.everyone")
    lifecycle = teller.checked.histories.lifecycles[balance.lifecycle]
    return teller.join(_tell_one(teller, lifecycle, name) for name in balance.per)


def _tell_one(teller: HistoryTeller, lifecycle: Lifecycle, name: str) -> str:
    carried = lifecycle.carries.get(name)
    if carried is None:
        return teller.say("history.this")
    return teller.say("history.same", label=teller.names.write(carried.label.told(teller.language)))


def list_span(teller: HistoryTeller, name: str, dated_by: str, within: Within) -> Iterator[str]:
    """Yield over which days the things of a lifecycle count, and by which of their days."""
    if within.kind is SpanKind.LIFETIME:
        yield teller.say("history.lifetime")
        return
    state = _name_date(teller, teller.checked.histories.lifecycles[name], dated_by)
    day = teller.say("history.decision_day")
    if within.anchor:
        day = teller.say("history.quoted", name=teller.name_fact(within.anchor))
    match within.kind:
        case SpanKind.BETWEEN:
            yield from _list_between(teller, state, day, within)
        case SpanKind.ROLLING:
            lasts = _name_parameter(teller, within.lasts)
            yield teller.say("history.rolling", state=state, day=day, lasts=lasts)
        case _:
            yield teller.say(f"history.{within.kind}", state=state, day=day)


def _name_date(teller: HistoryTeller, lifecycle: Lifecycle, name: str) -> str:
    """Return what the day is called that dates a thing: of entering a state, or one it carries."""
    label = _name_of(teller, lifecycle, name)
    return teller.say(f"history.{'carried_on' if name in lifecycle.carries else 'on'}", label=label)


def _list_between(teller: HistoryTeller, state: str, day: str, within: Within) -> Iterator[str]:
    closes = teller.name_fact(within.closes)
    if not within.opens:
        yield teller.say("history.up_to", state=state, closes=closes)
        return
    opens = teller.name_fact(within.opens)
    yield teller.say("history.between", state=state, opens=opens, closes=closes)
    inputs = teller.checked.inputs
    if any(inputs[name].optional for name in (within.opens, within.closes) if name in inputs):
        yield teller.say("history.else_year", day=day)


def _name_parameter(teller: HistoryTeller, name: str) -> str:
    """Return what a parameter is called, with its value."""
    parameter = teller.checked.parameters[name]
    label = parameter.label.told(teller.language)
    link = teller.names.link("parameter", parameter.table or name, label)
    return f"{link} {teller.names.write(teller.writer.write_values(parameter))}"


def list_pool(teller: HistoryTeller, pool: Pool) -> Iterator[tuple[str, list[str]]]:
    """Yield what is told of a pool, each behind its key."""
    lifecycle = teller.checked.histories.lifecycles[pool.lifecycle]
    envelopes = [_name_of(teller, lifecycle, name) for name in pool.per]
    yield ("places_of" if pool.unit else "paid"), [teller.name_thing(lifecycle)]
    yield (
        ("places_taken" if pool.unit else "takes"),
        [_join_states(teller, pool.lifecycle, pool.takes)],
    )
    yield "envelopes", [teller.join(envelopes) or teller.say("history.one_envelope")]
    yield "span", list(list_span(teller, pool.lifecycle, pool.dated_by, pool.within))
    yield "order", [teller.name_rule(name) for name in pool.order]
    if not pool.unit:
        yield "last", [teller.say(f"history.last.{'partial' if pool.partial else 'whole'}")]
    yield "waits", [_tell_waits(teller, lifecycle, pool)]
    yield "fills", [teller.name_fact(pool.fills)] if pool.fills else []
    yield "ref", [teller.name_provision(pool.citation.ref)] if pool.citation else []


def _tell_waits(teller: HistoryTeller, lifecycle: Lifecycle, pool: Pool) -> str:
    if not pool.waits:
        return teller.say("history.waits.none")
    event = teller.name_event(lifecycle, lifecycle.transitions[pool.waits])
    return teller.say("history.waits.event", event=event)
