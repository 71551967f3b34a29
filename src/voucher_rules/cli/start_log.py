"""Comes in: a path and an owner. Goes out: a new log of decisions."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Final

from voucher_rules.api.log_entries import read_clock
from voucher_rules.api.records import RecordLog
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log, read_keys
from voucher_rules.cli.words import tell
from voucher_rules.record.key_files import ALWAYS

NAME: Final = "start"
SUMMARY: Final = "Begin a log in a new file."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument("--owner", metavar="TEXT", required=True, help="who keeps it, in words")
    parser.add_argument("--id", metavar="ID", help="name of the log (default: made up)")
    parser.add_argument(
        "--key",
        metavar="[ID=]FILE",
        action="append",
        default=[],
        help="public key that may sign its checkpoints (PEM or JSON; the id is the name of the "
        "file); may be given several times",
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Begin the log; keys without a time of their own count from now."""
    now = read_clock()
    found = [key for text in arguments.key for key in read_keys(text)]
    keys = [replace(key, since=now) if key.since == ALWAYS else key for key in found]
    made = RecordLog.create(
        arguments.log, arguments.owner, log_id=arguments.id, keys=keys, clock=lambda: now
    )
    with made as log:
        return Answer(tell(arguments.lang, "log.started", path=arguments.log, id=log.id))
