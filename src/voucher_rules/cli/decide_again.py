"""Comes in: a decision in a ledger, and new facts. Goes out: the decision taken again, and both."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from voucher_rules.cli.compare_decisions import Again, data_of_again, tell_again
from voucher_rules.cli.entries import EntryTeller
from voucher_rules.cli.exits import OUTCOME_CODES, Answer
from voucher_rules.cli.inputs import read_facts, read_settings
from voucher_rules.cli.ledgers import add_ledger, branch_ledger, open_named_ledger
from voucher_rules.cli.options import add_format, add_readings


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ledger(parser)
    parser.add_argument("entry", metavar="ENTRY", help="the entry of the decision")
    parser.add_argument(
        "--facts",
        metavar="FILE",
        help="YAML or JSON file of the facts that are new, by its suffix; the others stay",
    )
    parser.add_argument(
        "--at", metavar="MOMENT", help="the moment of the decision (default: that of the old one)"
    )
    parser.add_argument(
        "--known",
        metavar="MOMENT",
        help="by what was known then; with --enter, when it became known (default: now)",
    )
    add_readings(parser)
    parser.add_argument(
        "--edition", metavar="E", help="decide under this edition (default: that of the old one)"
    )
    parser.add_argument(
        "--enter", action="store_true", help="enter the decision and all that moves with it"
    )
    add_format(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Decide again on the side, and enter it where that is asked; the exit code is its outcome."""
    facts: Mapping[str, Any] = {}
    if arguments.facts is not None:
        facts, _ = read_facts(arguments.facts)
    with open_named_ledger(arguments, read_only=not arguments.enter) as ledger:
        tried = branch_ledger(ledger, arguments)
        before = len(tried.entries)
        made = tried.decide_again(
            arguments.entry,
            facts,
            at=arguments.at,
            known=arguments.known,
            readings=read_settings(arguments.reading, "--reading"),
            edition=arguments.edition or "",
        )
        again = Again(ledger.branch(arguments.known), tried, arguments.entry, made, before)
        if arguments.enter:
            ledger.adopt(tried)
        teller = EntryTeller(tried, arguments.lang)
        code = OUTCOME_CODES[made.decision.outcome]
        entered = teller.tell("decide.considered")
        if arguments.enter:
            entered = teller.tell("decide.entered", path=arguments.ledger, entry=made.entry)
        if arguments.format == "json":
            return Answer(
                json.dumps(data_of_again(again), ensure_ascii=False, indent=2), code, entered
            )
        return Answer("\n".join(tell_again(teller, again)), code, entered)
