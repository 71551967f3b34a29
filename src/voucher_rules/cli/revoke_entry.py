"""Comes in: a log and an entry. Goes out: an entry that says its decision holds no longer."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.api.log_entries import RecordOptions
from voucher_rules.api.records import RecordLog
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log, add_request
from voucher_rules.cli.options import read_whole
from voucher_rules.cli.recorded import tell_recorded

NAME: Final = "revoke"
SUMMARY: Final = "Record that a decision holds no longer; its entry stays."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument("seq", metavar="SEQ", type=read_whole, help="number of the entry")
    add_request(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Record the revocation."""
    options = RecordOptions(operator=arguments.operator)
    with RecordLog.open(arguments.log) as log:
        entry = log.revoke(arguments.seq, arguments.request, arguments.because, options)
        return Answer(tell_recorded(entry, arguments.log, arguments.lang))
