"""Comes in: what a ruleset says of lifecycles. Goes out: them in words, as text or as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from voucher_rules.checked.histories import (
    EventWindow,
    Follows,
    Lifecycle,
    Pool,
    State,
    Transition,
)
from voucher_rules.checked.mechanics import Rule
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.read_records import STATE
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.diagnostics import fill_template
from voucher_rules.explain.terms import TermWriter
from voucher_rules.explain.vocabulary import VOCABULARY

_FROM_CONSEQUENCE: Final = {"consequence.start": "start", "consequence.until": "until"}


class Names(Protocol):
    """How texts and names are written where they are shown."""

    def write(self, text: str) -> str:
        """Return a text as it is shown."""

    def link(self, kind: str, name: str, text: str) -> str:
        """Return a text that leads to where something is shown, if it can."""

    def name_rule(self, rule: Rule) -> str:
        """Return what a rule is called."""


@dataclass(frozen=True, slots=True)
class HistoryTeller:
    """Tells lifecycles and their events; each text as it is shown."""

    checked: CheckedRuleset
    writer: TermWriter
    names: Names

    @property
    def language(self) -> str:
        """The language told in."""
        return self.writer.language

    def say(self, key: str, /, **parts: str) -> str:
        """Return a fixed text; its parts are as they are shown already."""
        zh, en = VOCABULARY[key]
        return fill_template(self.names.write(zh if self.language == "zh" else en), parts)

    def join(self, parts: Iterable[str]) -> str:
        """Return parts as one enumeration."""
        return self.say("history.listed").join(parts)

    def name_thing(self, lifecycle: Lifecycle) -> str:
        """Return what a thing is called."""
        return self.names.link("thing", lifecycle.name, lifecycle.label.told(self.language))

    def name_fact(self, name: str) -> str:
        """Return what a fact or a balance is called."""
        return self.names.link("fact", name, self.writer.label_input(name))

    def name_state(self, lifecycle: Lifecycle, name: str) -> str:
        """Return what a state is called."""
        return self.names.write(lifecycle.states[name].label.told(self.language))

    def quote_state(self, lifecycle: Lifecycle, name: str) -> str:
        """Return what a state is called, so marked that commas in it part nothing."""
        return self.say("history.quoted", name=self.name_state(lifecycle, name))

    def name_rule(self, name: str) -> str:
        """Return what a rule is called, and its provision."""
        rule = self.checked.rules[name]
        told = self.names.link("rule", name, self.names.name_rule(rule))
        return self.say("history.cited", rule=told, ref=self.name_provision(rule.citation.ref))

    def name_provision(self, ref: str) -> str:
        """Return a provision as it is cited."""
        return self.names.link("provision", ref, ref)

    def name_event(self, lifecycle: Lifecycle, event: Transition) -> str:
        """Return what an event is called, with the thing it happens to."""
        place = f"{lifecycle.name}.{event.name}"
        label = self.names.link("event", place, event.label.told(self.language))
        thing = self.names.write(lifecycle.label.told(self.language))
        return self.say("history.event_of", thing=thing, event=label)

    def list_at(self, ref: str) -> Iterator[str]:
        """Yield the events and the pools that cite a provision."""
        for lifecycle in self.checked.histories.lifecycles.values():
            for event in lifecycle.transitions.values():
                if event.citation is not None and event.citation.ref == ref:
                    yield self.name_event(lifecycle, event)
        for pool in self.checked.histories.pools.values():
            if pool.citation is not None and pool.citation.ref == ref:
                yield self.head_pool(pool, self.name_pool(pool))

    def head_pool(self, pool: Pool, label: str) -> str:
        """Return what a pool is called, with what it holds: money, or places."""
        if not pool.unit:
            return self.say("history.pool", label=label)
        return self.say("history.places", label=label)

    def name_pool(self, pool: Pool) -> str:
        """Return what a pool is called."""
        return self.names.link("pool", pool.name, pool.label.told(self.language))

    # what a thing is

    def tell_holds(self, lifecycle: Lifecycle) -> str:
        """Tell whether a thing has an amount, and in which currency."""
        if not lifecycle.currency:
            return self.say("history.holds.nothing")
        return self.say("history.holds.money", currency=lifecycle.currency)

    def list_carried(self, lifecycle: Lifecycle) -> Iterator[str]:
        """Yield what a thing carries, each with where it is read from."""
        for item in lifecycle.carries.values():
            label = self.names.write(item.label.told(self.language))
            source = self._tell_source(item.fact)
            setting = [x for x in lifecycle.transitions.values() if item.name in x.sets]
            if setting:
                events = self.join(
                    self.say("history.quoted", name=self.names.write(x.label.told(self.language)))
                    for x in setting
                )
                source = self.say("history.carried.later", source=source, events=events)
            yield self.say("history.carried", label=label, source=source)

    def _tell_source(self, fact: str) -> str:
        if fact in _FROM_CONSEQUENCE:
            return self.say(f"history.carried.{_FROM_CONSEQUENCE[fact]}")
        if not fact:
            return self.say("history.carried.named")
        return self.say("history.carried.fact", fact=self.name_fact(fact))

    def list_told(self, lifecycle: Lifecycle) -> Iterator[str]:
        """Yield the facts a thing fills, each with what it says of them."""
        for fact, word in lifecycle.tells.items():
            what = self.tell_word(lifecycle, word)
            yield self.say("history.told", fact=self.name_fact(fact), what=what)

    def tell_word(self, lifecycle: Lifecycle, word: str) -> str:
        """Tell what a thing says of itself for a word of ``tells`` or ``fields``."""
        if word == "amount":
            return self.say("history.told.amount")
        if word in lifecycle.carries:
            label = self.names.write(lifecycle.carries[word].label.told(self.language))
            return self.say("history.told.carried", label=label)
        if word == STATE:
            return self.say("history.told.state")
        key, state = _split_word(lifecycle, word)
        return self.say(f"history.told.{key}", state=self.name_state(lifecycle, state))

    def tell_standing(self, state: State) -> str:
        """Tell what a state stands for."""
        return self.say(f"history.stands.{state.standing}")

    # its events

    def list_way(self, lifecycle: Lifecycle, event: Transition) -> Iterator[str]:
        """Yield from which states an event leads to which, and whether a part may move."""
        target = self.quote_state(lifecycle, event.target)
        if event.sources:
            names = [self.quote_state(lifecycle, name) for name in event.sources]
            sources = self.say("history.or").join(names)
            yield self.say("history.moves", sources=sources, target=target)
        else:
            yield self.say("history.opens", target=target)
        if event.partial:
            yield self.say("history.partial")
        if event.rest:
            yield self.say("history.rest", target=self.quote_state(lifecycle, event.rest))
        for name in event.sets:
            label = self.names.write(lifecycle.carries[name].label.told(self.language))
            yield self.say("history.sets", label=label)

    def list_when(self, lifecycle: Lifecycle, event: Transition) -> Iterator[str]:
        """Yield what an event follows from, and the window it must fall in or comes after."""
        pools = list(self._list_pools(lifecycle, event))
        yield from pools
        if event.follows is not None:
            yield from self._list_follows(lifecycle, event.follows)
        elif event.past is None and not pools:
            yield self.say("history.by_people")
        for key, window in (("by", event.by), ("past", event.past)):
            if window is not None:
                yield from self._list_windows(key, window)

    def _list_pools(self, lifecycle: Lifecycle, event: Transition) -> Iterator[str]:
        """Yield that an event puts to wait, or calls up who waits, for lack of money."""
        for pool in self.checked.histories.pools.values():
            if pool.lifecycle != lifecycle.name or not pool.waits:
                continue
            if pool.waits == event.name:
                yield self.say("history.where_empty", pool=self.name_pool(pool))
            waiting = lifecycle.transitions[pool.waits].target
            ways = [
                x.name
                for x in lifecycle.transitions.values()
                if x.target in pool.takes and waiting in x.sources
            ]
            if ways[:1] == [event.name]:
                yield self.say("history.called_up", pool=self.name_pool(pool))

    def _list_follows(self, lifecycle: Lifecycle, follows: Follows) -> Iterator[str]:
        spec = self.checked.decisions[follows.decision]
        decision = self.names.link("decision", spec.name, spec.label.told(self.language))
        if follows.rule:
            rule = self.name_rule(follows.rule)
            yield self.say("history.consequence", decision=decision, rule=rule)
        elif follows.outcomes == (Outcome.DETERMINED,):
            yield self.say("history.determined", decision=decision)
        else:
            told = [self.say(f"limits.outcome.{outcome}") for outcome in follows.outcomes]
            outcomes = self.say("history.or").join(told)
            yield self.say("history.outcome", decision=decision, outcomes=outcomes)
        for name in follows.per:
            label = self.names.write(lifecycle.carries[name].label.told(self.language))
            yield self.say("history.per", label=label)
        if follows.amount:
            label = self.names.write(spec.outputs[follows.amount].label.told(self.language))
            yield self.say("history.amount", output=label)
        elif lifecycle.currency:
            yield self.say("history.all")

    def _list_windows(self, key: str, window: EventWindow) -> Iterator[str]:
        named = [self.name_rule(name) for name in window.rules]
        if len(named) == 1:
            yield self.say(f"history.{key}", window=named[0])
            return
        yield self.say(f"history.{key}_first")
        yield from (self.say("history.item", item=item) for item in named)


def _split_word(lifecycle: Lifecycle, word: str) -> tuple[str, str]:
    """Return what a word asks of a state, and the state; one may itself be called `is_…`."""
    forms = (("part", "amount.", ""), ("moment", "", "_at"), ("day", "", "_on"))
    for key, before, after in (*forms, ("whether", "is_", "")):
        state = word.removeprefix(before).removesuffix(after)
        if state in lifecycle.states and word == f"{before}{state}{after}":
            return key, state
    raise KeyError(word)
