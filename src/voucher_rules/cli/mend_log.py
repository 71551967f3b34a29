"""Comes in: a log with an unfinished end. Goes out: the log without it, and it in its own file."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log
from voucher_rules.cli.words import tell
from voucher_rules.record.log import mend_tail

NAME: Final = "mend"
SUMMARY: Final = "Move the unfinished end of a log, left by a write that was cut off, aside."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Move the end aside; no whole line is touched."""
    moved = mend_tail(arguments.log)
    if moved is None:
        return Answer(tell(arguments.lang, "log.whole"))
    slots = {"size": str(moved.size), "offset": str(moved.offset), "path": str(moved.path)}
    return Answer(tell(arguments.lang, "log.mended", **slots))
