"""Comes in: a ledger and a file of events. Goes out: the events, entered all or none."""

from __future__ import annotations

import argparse
from pathlib import Path

from voucher_rules.cli.entered import answer_entered
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.ledgers import add_ledger, find_home, open_given, open_ledger
from voucher_rules.cli.options import add_format
from voucher_rules.ledger.event_files import list_named
from voucher_rules.sources.files import read_source


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ledger(parser)
    parser.add_argument("file", metavar="FILE", help="YAML or JSON file of events, by its suffix")
    parser.add_argument(
        "--known",
        metavar="MOMENT",
        help="when the events became known (default: what the file says, else when they happened)",
    )
    add_format(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Enter the events, and what lapsed in between."""
    source = read_source(Path(arguments.file), arguments.file)
    path, folders = arguments.ledger, arguments.rulesets
    given, named = open_given(arguments), list_named(source)
    with open_ledger(path, given, folders, read_only=False, beside=named) as ledger:
        home = find_home(ledger, [*(ruleset.id for ruleset in given), *named])
        entered = ledger.enter_file(source, ruleset=home, known=arguments.known)
        return answer_entered(ledger, entered, arguments)
