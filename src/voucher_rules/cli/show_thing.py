"""Comes in: a ledger and the name of a thing. Goes out: its life, and what may happen next."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence

from voucher_rules.api.ledger import Ledger
from voucher_rules.cli.dues import tell_due
from voucher_rules.cli.entries import HEADINGS, EntryTeller, list_about, tell_standing
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.ledger_data import data_of_due, data_of_entry, data_of_thing
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.ledger.deadlines import Due
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.lots import Lot, Thing
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.values.write import write_money


def show_thing(ledger: Ledger, arguments: argparse.Namespace) -> Answer:
    """Show the life of a thing, by every lifecycle that knows its name."""
    history = ledger.history(arguments.at, known=arguments.known)
    things = [thing for thing in history.things.values() if thing.id == arguments.thing]
    entries = list_about(ledger.entries, arguments.thing)
    if not things and not entries:
        known = sorted({thing.id for thing in history.things.values()})
        named = {"name": arguments.thing, "near": suggest_name(arguments.thing, known)}
        raise InputError([Diagnostic("thing-not-found", named, path="--thing")])
    now = arguments.at is None and arguments.known is None
    dues = [(thing, _list_dues(ledger, thing) if now else ()) for thing in things]
    if arguments.format == "json":
        data = {
            "schema": "voucher-rules/ledger-thing/1",
            "things": [
                data_of_thing(ledger, thing) | {"next": [data_of_due(ledger, due) for due in found]}
                for thing, found in dues
            ],
            "entries": [data_of_entry(entry) for entry in entries],
        }
        return Answer(json.dumps(data, ensure_ascii=False, indent=2))
    teller = EntryTeller(ledger, arguments.lang)
    lines = [line for pair in dues for line in _tell_thing(teller, *pair)]
    return Answer("\n".join([*lines, *_tell_life(teller, entries, alive=bool(things))]))


def _list_dues(ledger: Ledger, thing: Thing) -> tuple[Due, ...]:
    return ledger.due(thing.lifecycle, thing.id, ruleset=thing.ruleset)


def _tell_thing(teller: EntryTeller, thing: Thing, dues: Sequence[Due]) -> Iterator[str]:
    ruleset = teller.find_ruleset(thing.ruleset, thing.edition)
    lifecycle = ruleset.histories.lifecycles[thing.lifecycle]
    label = lifecycle.label.told(teller.language)
    named = {"thing": thing.id, "ruleset": thing.ruleset, "edition": thing.edition}
    yield teller.tell("ledger.thing", label=label, **named)
    for name, value in thing.carries.items():
        carried = lifecycle.carries.get(name)
        told = carried.label.told(teller.language) if carried else name
        yield "  " + teller.tell("ledger.carries", label=told, value=value)
    for lot in thing.lots:
        yield "  " + _tell_lot(teller, lot, thing)
    if dues:
        yield "  " + teller.tell("ledger.next")
        yield from (f"    {tell_due(teller, due)}" for due in dues)
    yield ""


def _tell_lot(teller: EntryTeller, lot: Lot, thing: Thing) -> str:
    ruleset = teller.find_ruleset(thing.ruleset, thing.edition)
    lifecycle = ruleset.histories.lifecycles[thing.lifecycle]
    state = lifecycle.states[lot.state].label.told(teller.language)
    told = {"state": state, "moment": teller.tell_moment(lot.moments[lot.state])}
    if not lifecycle.currency:
        return teller.tell("ledger.lot_plain", **told)
    amount = write_money(lot.amount, lifecycle.currency, teller.language)
    return teller.tell("ledger.lot", amount=amount, **told)


def _tell_life(teller: EntryTeller, entries: Sequence[Entry], *, alive: bool) -> Iterator[str]:
    if not alive:
        yield teller.tell("ledger.withdrawn_thing")
        yield ""
    standing = tell_standing(teller.ledger.entries, teller.language)
    headings = [teller.tell(f"heading.{key}") for key in HEADINGS]
    yield teller.tell("ledger.life")
    rows = [teller.make_row(entry, standing) for entry in entries]
    yield from (f"  {line}" for line in lay_out_table(headings, rows))
