"""Comes in: a path and an owner. Goes out: a new log of decisions."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.api.records import RecordLog
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_keys, add_log, read_all_keys
from voucher_rules.cli.words import tell

NAME: Final = "start"
SUMMARY: Final = "Begin a log in a new file."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument("--owner", metavar="TEXT", required=True, help="who keeps it, in words")
    parser.add_argument("--id", metavar="ID", help="name of the log (default: made up)")
    add_keys(parser, "public key that may sign its checkpoints")


def run(arguments: argparse.Namespace) -> Answer:
    """Begin the log; keys without a time of their own count from now."""
    keys = read_all_keys(arguments.key) or ()
    with RecordLog.create(arguments.log, arguments.owner, log_id=arguments.id, keys=keys) as log:
        return Answer(tell(arguments.lang, "log.started", path=arguments.log, id=log.id))
