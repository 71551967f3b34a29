"""Comes in: what a ruleset says of histories. Goes out: the parts of `show` that tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from voucher_rules.checked.histories import Balance, Lifecycle, Transition
from voucher_rules.checked.mechanics import Rule
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.explain.columns import lay_out_pairs, lay_out_table
from voucher_rules.explain.funding import list_pool, list_span, list_taken, tell_states, tell_whose
from voucher_rules.explain.histories import HistoryTeller
from voucher_rules.explain.terms import TermWriter
from voucher_rules.explain.vocabulary import tell_word

_STATES: Final = ("state", "stands")
_EVENTS: Final = ("event", "way", "when", "ref")


@dataclass(frozen=True, slots=True)
class PlainNames:
    """Names as plain text, which lead nowhere."""

    writer: TermWriter

    def write(self, text: str) -> str:
        """Return a text as it is."""
        return text

    def link(self, _kind: str, _name: str, text: str, /) -> str:
        """Return a text as it is."""
        return text

    def name_rule(self, rule: Rule) -> str:
        """Return what a rule says, or its name."""
        return self.writer.describe_rule(rule) or rule.id


def make_teller(checked: CheckedRuleset, language: str) -> HistoryTeller:
    """Return what tells histories as plain text."""
    writer = TermWriter(checked, language)
    return HistoryTeller(checked, writer, PlainNames(writer))


def show_histories(teller: HistoryTeller) -> Iterator[tuple[str, list[str]]]:
    """Yield each lifecycle, the balances and each pool: a heading and its lines."""
    histories = teller.checked.histories
    for lifecycle in histories.lifecycles.values():
        label = f"{lifecycle.label.told(teller.language)} [{lifecycle.name}]"
        yield teller.say("history.heading", label=label), list(_show_lifecycle(teller, lifecycle))
    balances = [x for item in histories.balances.values() for x in _show_balance(teller, item)]
    if balances:
        yield teller.say("history.balances"), balances
    for pool in histories.pools.values():
        label = f"{pool.label.told(teller.language)} [{pool.name}]"
        pairs = [
            (teller.say(f"history.{key}"), _flow(teller, x)) for key, x in list_pool(teller, pool)
        ]
        yield teller.head_pool(pool, label), list(lay_out_pairs(pairs))


def _show_lifecycle(teller: HistoryTeller, lifecycle: Lifecycle) -> Iterator[str]:
    pairs = [(teller.say("history.holds"), teller.tell_holds(lifecycle))]
    for key, lines in (
        ("carries", teller.list_carried(lifecycle)),
        ("tells", teller.list_told(lifecycle)),
    ):
        label = teller.say(f"history.{key}")
        pairs += [("" if number else label, line) for number, line in enumerate(lines)]
    yield from lay_out_pairs(pairs)
    yield ""
    states = [
        (f"{x.label.told(teller.language)} [{x.name}]", teller.tell_standing(x))
        for x in lifecycle.states.values()
    ]
    yield from lay_out_table(_list_headings(teller, _STATES), states)
    yield ""
    events = [
        row for x in lifecycle.transitions.values() for row in _list_event(teller, lifecycle, x)
    ]
    yield from lay_out_table(_list_headings(teller, _EVENTS), events)


def _list_headings(teller: HistoryTeller, keys: Iterable[str]) -> Sequence[str]:
    return [teller.say(f"history.{key}") for key in keys]


def _list_event(
    teller: HistoryTeller, lifecycle: Lifecycle, event: Transition
) -> Iterator[Sequence[str]]:
    """Yield the rows of an event: those below the first go on with what it says."""
    head = f"{event.label.told(teller.language)} [{event.name}]"
    ref = event.citation.ref if event.citation else ""
    ways, whens = teller.list_way(lifecycle, event), teller.list_when(lifecycle, event)
    for number, (way, when) in enumerate(zip_longest(ways, whens, fillvalue="")):
        yield ("", way, when, "") if number else (head, way, when, ref)


def _show_balance(teller: HistoryTeller, balance: Balance) -> Iterator[str]:
    """Yield a balance and below it what is told of it: too much for the columns of a terminal."""
    yield f"{teller.name_fact(balance.name)} [{balance.name}]"
    span = list_span(teller, balance.lifecycle, balance.dated_by, balance.within)
    told = (
        ("taken", _flow(teller, list_taken(teller, balance))),
        ("states", tell_states(teller, balance)),
        ("whose", tell_whose(teller, balance)),
        ("span", _flow(teller, span)),
    )
    pairs = [(teller.say(f"history.{key}"), text) for key, text in told]
    yield from (f"  {line}" for line in lay_out_pairs(pairs))


def _flow(teller: HistoryTeller, lines: Iterable[str]) -> str:
    """Return lines as one, parted by semicolons."""
    return tell_word(teller.language, "history.clause").join(lines)
