"""Comes in: a log that a process left in the middle. Goes out: the same, without what was left."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log
from voucher_rules.cli.words import tell
from voucher_rules.record.log import mend_tail
from voucher_rules.record.strays import erase_stray_secrets

NAME: Final = "mend"
SUMMARY: Final = "Clear away what a process that was cut off left of a log: its unfinished end."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument(
        "--secrets",
        metavar="FILE",
        help="erase from this file, for good, the secrets that belong to no entry of the log, and "
        "those whose erasure it records; check first that the log is whole",
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Move the end aside and erase stray secrets; no whole line of the log is touched."""
    told = [_mend_tail(arguments)]
    if arguments.secrets is not None:
        count = len(erase_stray_secrets(arguments.log, arguments.secrets))
        told.append(_tell_erased(count, arguments))
    return Answer("\n".join(told))


def _mend_tail(arguments: argparse.Namespace) -> str:
    moved = mend_tail(arguments.log)
    if moved is None:
        return tell(arguments.lang, "log.whole")
    slots = {"size": str(moved.size), "offset": str(moved.offset), "path": str(moved.path)}
    return tell(arguments.lang, "log.mended", **slots)


def _tell_erased(count: int, arguments: argparse.Namespace) -> str:
    key = "log.erased_strays" if count else "log.no_strays"
    slots = {"count": str(count)} if count else {}
    return tell(arguments.lang, key, path=arguments.secrets, **slots)
