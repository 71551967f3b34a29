"""Comes in: a ledger and some days. Goes out: what is due in them, the soonest first."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Final

from voucher_rules.cli.dues import tell_event, tell_how, tell_last, tell_names, tell_window
from voucher_rules.cli.entries import EntryTeller
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.ledger_data import data_of_due
from voucher_rules.cli.ledgers import add_ledger, open_named_ledger
from voucher_rules.cli.options import add_format
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.ledger.deadlines import Due

_DUES: Final = ("last", "thing", "event", "how", "window")
_UNKNOWN: Final = ("thing", "event", "missing", "window")


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ledger(parser)
    parser.add_argument("--from", dest="first", metavar="DAY", help="the first day, YYYY-MM-DD")
    parser.add_argument("--to", dest="last", metavar="DAY", help="the last day, YYYY-MM-DD")
    add_format(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """List the deadlines; those whose end is not known stand at the bottom, whatever the days."""
    with open_named_ledger(arguments, read_only=True) as ledger:
        dues = ledger.calendar(arguments.first, arguments.last)
        if arguments.format == "json":
            data = [data_of_due(ledger, due) for due in dues]
            return Answer(json.dumps(data, ensure_ascii=False, indent=2))
        return Answer("\n".join(_tell_dues(EntryTeller(ledger, arguments.lang), dues)))


def _tell_dues(teller: EntryTeller, dues: Sequence[Due]) -> Iterator[str]:
    known = [due for due in dues if not due.unknown]
    unknown = [due for due in dues if due.unknown]
    if known:
        rows = [
            [tell_last(teller, due), *_tell_what(teller, due), *_tell_why(teller, due)]
            for due in known
        ]
        yield from _lay_out(teller, _DUES, rows)
    else:
        yield teller.tell("calendar.nothing")
    if unknown:
        yield ""
        rows = [
            [*_tell_what(teller, due), tell_names(teller, due), tell_window(teller, due)]
            for due in unknown
        ]
        yield from _lay_out(teller, _UNKNOWN, rows)


def _lay_out(
    teller: EntryTeller, keys: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[str]:
    yield from lay_out_table([teller.tell(f"heading.{key}") for key in keys], rows)


def _tell_what(teller: EntryTeller, due: Due) -> tuple[str, str]:
    ruleset = teller.find_ruleset(due.thing.ruleset, due.thing.edition)
    label = ruleset.histories.lifecycles[due.thing.lifecycle].label.told(teller.language)
    named = teller.tell("balance.of", label=label, names=due.thing.id)
    return named, tell_event(teller, due)


def _tell_why(teller: EntryTeller, due: Due) -> tuple[str, str]:
    return tell_how(teller, due), tell_window(teller, due)
