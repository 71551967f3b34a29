"""Comes in: a log, its secrets and an entry. Goes out: the log alone able to tell it was there."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Final

from voucher_rules.api.log_entries import RecordOptions
from voucher_rules.api.records import RecordLog
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log, add_request
from voucher_rules.cli.options import read_whole
from voucher_rules.cli.recorded import tell_recorded
from voucher_rules.cli.words import tell
from voucher_rules.record.commitments import read_secrets

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
    """Erase, and record it; a file of secrets that is not there is refused, and not made."""
    held = {item.commitment for item in read_secrets(arguments.secrets)}
    options = RecordOptions(operator=arguments.operator)
    with RecordLog.open(arguments.log, secrets=arguments.secrets) as log:
        meant = log.entry(arguments.seq)
        entry = log.erase(arguments.seq, arguments.request, arguments.because, options)
        hidden = [x for x in meant.entry.redactions if x.commitment in held]
        names = [item.pointer.removeprefix("/facts/") for item in hidden]
        told = [tell_recorded(entry, arguments.log, arguments.lang)]
        told.append(_tell_erased(names, arguments))
        return Answer("\n".join(told))


def _tell_erased(names: Sequence[str], arguments: argparse.Namespace) -> str:
    key = "log.erased" if names else "log.erased_before"
    slots = {"names": ", ".join(names), "seq": str(arguments.seq), "path": arguments.secrets}
    return tell(arguments.lang, key, **slots)
