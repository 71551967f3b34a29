"""Comes in: a ledger and a moment. Goes out: what came by itself until then, entered."""

from __future__ import annotations

import argparse

from voucher_rules.cli.entered import answer_entered
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.ledgers import add_ledger, open_named_ledger
from voucher_rules.cli.options import add_format
from voucher_rules.cli.words import tell


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ledger(parser)
    parser.add_argument("--at", metavar="MOMENT", required=True, help="until when, in local time")
    add_format(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Enter what lapsed."""
    with open_named_ledger(arguments, read_only=False) as ledger:
        entered = ledger.lapse(arguments.at)
        if not entered and arguments.format == "text":
            return Answer(messages=tell(arguments.lang, "lapse.nothing"))
        return answer_entered(ledger, entered, arguments)
