"""Comes in: a log. Goes out: the same, to which nothing is added any more."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.api.log_entries import RecordOptions
from voucher_rules.api.records import RecordLog
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log, add_request
from voucher_rules.cli.recorded import tell_recorded

NAME: Final = "end"
SUMMARY: Final = "Record that nothing follows in a log."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    add_request(parser, because=False)


def run(arguments: argparse.Namespace) -> Answer:
    """Record the end."""
    options = RecordOptions(operator=arguments.operator)
    with RecordLog.open(arguments.log) as log:
        entry = log.end(arguments.request, arguments.because, options)
        return Answer(tell_recorded(entry, arguments.log, arguments.lang))
