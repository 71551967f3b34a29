"""Comes in: a log, its secrets and an entry. Goes out: the log alone able to tell it was there."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.api.log_entries import RecordOptions
from voucher_rules.api.records import RecordLog
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log, add_request
from voucher_rules.cli.options import read_whole
from voucher_rules.cli.recorded import tell_recorded

NAME: Final = "erase"
SUMMARY: Final = "Erase what opens the hidden facts of an entry, for good, and record that."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument("seq", metavar="SEQ", type=read_whole, help="number of the entry")
    parser.add_argument(
        "--secrets", metavar="FILE", required=True, help="file that opens the facts the log hides"
    )
    add_request(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Erase, and record it."""
    options = RecordOptions(operator=arguments.operator)
    with RecordLog.open(arguments.log, secrets=arguments.secrets) as log:
        entry = log.erase(arguments.seq, arguments.request, arguments.because, options)
        return Answer(tell_recorded(entry, arguments.log, arguments.lang))
