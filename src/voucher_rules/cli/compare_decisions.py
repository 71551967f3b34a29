"""Comes in: a ledger before and after a decision was taken again. Goes out: both, side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.api.ledger import Ledger
from voucher_rules.api.ledger_decisions import LedgerDecision
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.cli.entries import HEADINGS, EntryTeller, tell_standing, write_held
from voucher_rules.cli.ledger_data import data_of_entry, data_of_fund
from voucher_rules.cli.words import join
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.explain.values import Writer
from voucher_rules.language.types import Type
from voucher_rules.ledger.balances import BalanceValue, Question
from voucher_rules.ledger.entries import Entry, Made, Rested
from voucher_rules.ledger.funds import Fund
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.telling import tell_value
from voucher_rules.values.model import Value
from voucher_rules.values.write import write_money

_BOTH: Final = ("what", "earlier", "again")


@dataclass(frozen=True, slots=True)
class Again:
    """A decision taken again: the ledger as it was and as it is then, and the two decisions.

    ``entry`` is the old decision; ``seen`` how many entries there were before.
    """

    before: Ledger
    after: Ledger
    entry: str
    made: LedgerDecision
    seen: int

    @property
    def old(self) -> Made:
        """The decision whose place is taken."""
        return _read_made(self.before, self.entry)

    @property
    def new(self) -> Made:
        """The decision that takes it."""
        return _read_made(self.after, self.made.entry)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is entered with it."""
        return self.after.entries[self.seen :]

    @property
    def ruleset(self) -> CheckedRuleset:
        """The ruleset of the new decision."""
        return self.made.decision.result.ruleset

    def list_facts(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield each fact stated otherwise than before, None where it was not stated."""
        old, new = self.old.facts, self.new.facts
        for name in dict.fromkeys((*old, *new)):
            if old.get(name) != new.get(name):
                yield name, old.get(name), new.get(name)

    def list_balances(self) -> Iterator[tuple[Rested, BalanceValue, BalanceValue]]:
        """Yield each balance the new decision rests on, as anyone finds it before and after."""
        for rested in self.new.balances:
            balance = self.ruleset.histories.balances[rested.name]
            per = {name: frozenset(names) for name, names in rested.per.items()}
            days = (rested.first, rested.last)
            asked = Question(self.ruleset.id, balance, per, "", *days, self.ruleset.zone)
            old, new = (x.keeper.books.read(asked) for x in (self.before, self.after))
            yield rested, old, new

    def list_funds(self) -> Iterator[tuple[Fund | None, Fund | None]]:
        """Yield the money of each pool that is not what it was."""
        old, new = ({_place_of(x): x for x in ledger.funds()} for ledger in self.both)
        for place in dict.fromkeys((*old, *new)):
            if old.get(place) != new.get(place):
                yield old.get(place), new.get(place)

    @property
    def both(self) -> tuple[Ledger, Ledger]:
        """The ledger before and after."""
        return self.before, self.after


def _read_made(ledger: Ledger, entry: str) -> Made:
    body = ledger.keeper.find_decision(entry).body
    if not isinstance(body, Made):
        message = f"not a decision: {entry}"
        raise TypeError(message)
    return body


def _place_of(fund: Fund) -> tuple[Any, ...]:
    envelope = tuple(sorted(fund.envelope.items()))
    return (fund.ruleset, fund.pool.name, envelope, fund.first, fund.last)


def tell_again(teller: EntryTeller, again: Again) -> Iterator[str]:
    """Yield both decisions side by side, what moved with them, and the new one explained."""
    named = {"old": again.entry, "new": again.made.entry}
    label = again.ruleset.decisions[again.new.decision].label.told(teller.language)
    thing = again.new.thing
    key = "again.head" if thing else "again.head_alone"
    yield teller.tell(key, decision=label, **named, **({"thing": thing} if thing else {}))
    yield from _lay_out(teller, _BOTH, list(_list_rows(teller, again)))
    moved = [
        row
        for list_moved in (_list_things, _list_balances, _list_funds)
        for row in list_moved(teller, again)
    ]
    yield ""
    if moved:
        yield teller.tell("again.moved")
        yield from _lay_out(teller, _BOTH, moved)
    else:
        yield teller.tell("again.nothing_moved")
    yield ""
    yield teller.tell("again.entries")
    standing = tell_standing(again.after.entries, teller.language)
    yield from _lay_out(teller, HEADINGS, [teller.make_row(x, standing) for x in again.entries])
    yield ""
    yield again.made.decision.explain(teller.language).rstrip("\n")


def _lay_out(
    teller: EntryTeller, keys: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[str]:
    headings = [teller.tell(f"heading.{key}") for key in keys]
    yield from (f"  {line}" for line in lay_out_table(headings, rows))


def _list_rows(teller: EntryTeller, again: Again) -> Iterator[list[str]]:
    """Yield how each decision came out, and what was stated otherwise."""
    old, new = again.old, again.new
    outcomes = [teller.tell(f"limits.outcome.{x.outcome}") for x in (old, new)]
    yield [teller.tell("heading.outcome"), *outcomes]
    outputs = again.ruleset.decisions[new.decision].outputs
    for name, output in outputs.items():
        if name in old.amounts or name in new.amounts:
            told = (_write(teller, x.amounts.get(name), output.type.unit) for x in (old, new))
            yield [output.label.told(teller.language), *told]
    if old.edition != new.edition:
        yield [teller.tell("heading.edition"), old.edition, new.edition]
    for name, before, after in again.list_facts():
        declared = again.ruleset.inputs.get(name)
        label = declared.label.told(teller.language) if declared else name
        yield [label, *(_write_fact(teller, x) for x in (before, after))]
    for name in dict.fromkeys((*old.readings, *new.readings)):
        if old.readings.get(name) != new.readings.get(name):
            options = [x.readings.get(name) or teller.tell("again.unstated") for x in (old, new)]
            yield [teller.tell("again.reading", name=name), *options]


def _write(teller: EntryTeller, amount: int | None, currency: str) -> str:
    return "—" if amount is None else write_money(amount, currency, teller.language)


def _write_held(teller: EntryTeller, amount: int | None, kind: Type) -> str:
    return "—" if amount is None else write_held(amount, kind, teller.language)


def _write_fact(teller: EntryTeller, value: Any) -> str:  # noqa: ANN401 - what a case may state
    if value is None:
        return teller.tell("again.unstated")
    if isinstance(value, Mapping) and "value" in value:
        value = value["value"]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _list_balances(teller: EntryTeller, again: Again) -> Iterator[list[str]]:
    writer = Writer(again.ruleset, teller.language)
    for rested, *values in again.list_balances():
        if values[0] == values[1]:
            continue
        declared = again.ruleset.inputs[rested.name]
        parties = join(teller.language, *(x for names in rested.per.values() for x in names))
        of = teller.tell("entry.envelope", names=parties) if parties else ""
        told = (writer.write_value(_count(value), declared.type) for value in values)
        yield [declared.label.told(teller.language) + of, *told]


def _count(value: BalanceValue) -> Value:
    """Return how many things a balance lists; any other balance as it is."""
    return len(value) if isinstance(value, tuple) else value


def _list_things(teller: EntryTeller, again: Again) -> Iterator[list[str]]:
    """Yield what stands in each state of a thing, where it is not what it was."""
    old, new = (ledger.history().things for ledger in again.both)
    for key in dict.fromkeys((*old, *new)):
        pair = (old.get(key), new.get(key))
        held = pair[1] or pair[0]
        if held is None or pair[0] == pair[1]:
            continue
        lifecycle = teller.find_ruleset(held.ruleset, held.edition).histories.lifecycles[key[1]]
        named = {"label": lifecycle.label.told(teller.language), "names": held.id}
        for state in lifecycle.states.values():
            told = [_tell_state(teller, thing, state.name, lifecycle.currency) for thing in pair]
            if told[0] != told[1]:
                label = state.label.told(teller.language)
                thing = teller.tell("balance.of", **named)
                yield [teller.tell("again.state", thing=thing, state=label), *told]


def _tell_state(teller: EntryTeller, thing: Thing | None, state: str, currency: str) -> str:
    if thing is None or not thing.stands_in(state):
        return "—"
    return _write(teller, thing.amount_in((state,)), currency) if currency else "✓"


def _list_funds(teller: EntryTeller, again: Again) -> Iterator[list[str]]:
    for pair in again.list_funds():
        fund = next(x for x in pair if x is not None)
        ruleset = again.after.rulesets[fund.ruleset].checked
        kind = fund.pool.type_in(ruleset.histories.lifecycles[fund.pool.lifecycle])
        days = ""
        if fund.first is not None and fund.last is not None:
            days = teller.tell("balance.days", first=str(fund.first), last=str(fund.last))
        names = join(teller.language, *fund.envelope.values(), days)
        label = fund.pool.label.told(teller.language)
        label += teller.tell("entry.envelope", names=names) if names else ""
        states = [None if x is None else x.state for x in pair]
        taken = (_write_held(teller, x.taken if x else None, kind) for x in states)
        yield [teller.tell("again.taken", pool=label), *taken]
        left = [x.left if x else None for x in states]
        if any(x is not None for x in left):
            told = (_write_held(teller, x, kind) for x in left)
            yield [teller.tell("again.left", pool=label), *told]


def data_of_again(again: Again) -> dict[str, Any]:
    """Return the same as plain data; balances are told as anyone finds them before and after."""
    kinds = again.ruleset.inputs
    return {
        "schema": "voucher-rules/decision-again/1",
        "superseded": _data_of_made(again.before, again.entry),
        "entry": again.made.entry,
        "decision": again.made.decision.to_data(),
        "facts": [
            {"name": name, "before": before, "after": after}
            for name, before, after in again.list_facts()
        ],
        "balances": [
            {
                "name": rested.name,
                "per": {name: list(names) for name, names in rested.per.items()},
                "first": rested.first.isoformat() if rested.first else None,
                "last": rested.last.isoformat() if rested.last else None,
                "before": tell_value(_count(before), kinds[rested.name].type),
                "after": tell_value(_count(after), kinds[rested.name].type),
            }
            for rested, before, after in again.list_balances()
        ],
        "pools": [
            {
                "before": data_of_fund(again.after, old) if old else None,
                "after": data_of_fund(again.after, new) if new else None,
            }
            for old, new in again.list_funds()
        ],
        "entries": [data_of_entry(entry) for entry in again.entries],
    }


def _data_of_made(ledger: Ledger, entry: str) -> dict[str, Any]:
    return data_of_entry(ledger.keeper.find_decision(entry))
