"""Comes in: what a ruleset says of histories. Goes out: that part of its page, things and money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voucher_rules.checked.histories import Balance, Lifecycle, Pool, Transition
from voucher_rules.explain.funding import (
    list_pool,
    list_span,
    list_taken,
    tell_states,
    tell_whose,
)
from voucher_rules.explain.histories import HistoryTeller
from voucher_rules.publish.scribe import Scribe, lay_out_pairs, lay_out_table

STATES = ("state", "stands")
EVENTS = ("event", "way", "when", "ref")
BALANCES = ("value", "taken", "states", "whose", "span")


def lay_out_histories(scribe: Scribe) -> Iterator[str]:
    """Yield each lifecycle with its states and events, the values read from history, the pools."""
    teller = make_teller(scribe)
    histories = scribe.checked.histories
    for lifecycle in histories.lifecycles.values():
        yield from _lay_out_lifecycle(scribe, teller, lifecycle)
    if histories.balances:
        yield '<div class="vp-history">'
        yield f'<h3 class="vr-heading">{scribe.say("history.balances")}</h3>'
        rows = [_list_balance(scribe, teller, item) for item in histories.balances.values()]
        yield lay_out_table(_list_headings(scribe, BALANCES), rows, name="vp-balances")
        yield "</div>"
    for pool in histories.pools.values():
        yield _lay_out_pool(scribe, teller, pool)


def lay_out_events_at(scribe: Scribe, ref: str) -> str:
    """Return what happens by a provision: the events and pools that cite it; else nothing."""
    told = list(make_teller(scribe).list_at(ref))
    return lay_out_pairs([(scribe.tell("history.here"), scribe.join(told))])


def make_teller(scribe: Scribe) -> HistoryTeller:
    """Return what tells histories as HTML with links."""
    return HistoryTeller(scribe.checked, scribe.writer, scribe)


def _list_headings(scribe: Scribe, keys: Iterable[str]) -> list[str]:
    return [scribe.tell(f"history.{key}") for key in keys]


def _lay_out_lifecycle(
    scribe: Scribe, teller: HistoryTeller, lifecycle: Lifecycle
) -> Iterator[str]:
    title = scribe.say("history.heading", label=lifecycle.label.told(scribe.language))
    place = scribe.make_id("thing", lifecycle.name)
    yield f'<div class="vp-history"{place}>'
    yield f'<h3 class="vr-heading">{title} <code>{scribe.write(lifecycle.name)}</code></h3>'
    yield lay_out_pairs(
        [
            (scribe.tell("history.holds"), teller.tell_holds(lifecycle)),
            (scribe.tell("history.carries"), _stack(teller.list_carried(lifecycle))),
            (scribe.tell("history.tells"), _stack(teller.list_told(lifecycle))),
        ]
    )
    states = [
        [
            _name(scribe, state.label.told(scribe.language), state.name),
            teller.tell_standing(state),
        ]
        for state in lifecycle.states.values()
    ]
    yield lay_out_table(_list_headings(scribe, STATES), states, name="vp-states")
    events = list(lifecycle.transitions.values())
    yield lay_out_table(
        _list_headings(scribe, EVENTS),
        [_list_event(scribe, teller, lifecycle, event) for event in events],
        name="vp-events",
        ids=[scribe.make_id("event", f"{lifecycle.name}.{event.name}") for event in events],
    )
    yield "</div>"


def _list_event(
    scribe: Scribe, teller: HistoryTeller, lifecycle: Lifecycle, event: Transition
) -> list[str]:
    return [
        _name(scribe, event.label.told(scribe.language), event.name),
        _stack(teller.list_way(lifecycle, event)),
        _stack(teller.list_when(lifecycle, event)),
        teller.name_provision(event.citation.ref) if event.citation else "",
    ]


def _list_balance(scribe: Scribe, teller: HistoryTeller, balance: Balance) -> list[str]:
    span = list_span(teller, balance.lifecycle, balance.dated_by, balance.within)
    return [
        f"{teller.name_fact(balance.name)} <code>{scribe.write(balance.name)}</code>",
        _stack(list_taken(teller, balance)),
        tell_states(teller, balance),
        tell_whose(teller, balance),
        _stack(span),
    ]


def _lay_out_pool(scribe: Scribe, teller: HistoryTeller, pool: Pool) -> str:
    title = teller.head_pool(pool, scribe.write(pool.label.told(scribe.language)))
    place = scribe.make_id("pool", pool.name)
    rows = [(scribe.tell(f"history.{key}"), _stack(told)) for key, told in list_pool(teller, pool)]
    return "\n".join(
        [
            f'<div class="vp-history"{place}>',
            f'<h3 class="vr-heading">{title} <code>{scribe.write(pool.name)}</code></h3>',
            lay_out_pairs(rows),
            "</div>",
        ]
    )


def _name(scribe: Scribe, label: str, name: str) -> str:
    return f"{scribe.write(label)} <code>{scribe.write(name)}</code>"


def _stack(lines: Iterable[str]) -> str:
    """Return lines in HTML one below the other."""
    return "".join(f"<p>{line}</p>" for line in lines)
