"""Comes in: a log, new keys and ends of others. Goes out: an entry that says so, signed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from voucher_rules.api.log_entries import RecordOptions
from voucher_rules.api.records import RecordLog
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import (
    add_keys,
    add_log,
    add_request,
    add_signer,
    read_all_keys,
    read_signer,
)
from voucher_rules.cli.recorded import tell_recorded
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.record.instants import floor_instant
from voucher_rules.values.read import TextValueError, read_instant

NAME: Final = "change-keys"
SUMMARY: Final = "Record which keys may sign from now on, signed by one that may already."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument(
        "--add",
        metavar="[ID=]FILE",
        action="append",
        default=[],
        help="public key that may sign from now on (PEM, or JSON); may be given several times",
    )
    parser.add_argument(
        "--end",
        metavar="ID[=MOMENT]",
        action="append",
        default=[],
        help="key that holds good until then and no longer (default: until now), also until a "
        "moment that has passed, for one that was stolen; may be given several times",
    )
    add_signer(parser, required=True)
    add_keys(parser, "key that those who check believe, where the log names none")
    add_request(parser, because=False)


def run(arguments: argparse.Namespace) -> Answer:
    """Sign the change and record it."""
    if not (arguments.add or arguments.end):
        told = {"option": "--add", "other": NAME}
        raise InputError([Diagnostic("option-missing", told, path="--add")])
    signer = read_signer(arguments)
    ends = _read_ends(arguments.end)
    add = read_all_keys(arguments.add) or ()
    options = RecordOptions(operator=arguments.operator)
    with RecordLog.open(arguments.log) as log:
        entry = log.change_keys(
            arguments.request,
            [signer] if signer else [],
            add=add,
            end=ends,
            because=arguments.because,
            trusted=read_all_keys(arguments.key),
            options=options,
        )
        return Answer(tell_recorded(entry, arguments.log, arguments.lang))


def _read_ends(texts: Sequence[str]) -> dict[str, datetime | None]:
    """Read ``ID[=MOMENT]``, moments without an offset in UTC. Raises :class:`InputError`."""
    ends: dict[str, datetime | None] = {}
    for text in texts:
        name, found, moment = text.partition("=")
        try:
            ends[name] = floor_instant(read_instant(moment, UTC)) if found else None
        except TextValueError as error:
            raise InputError([Diagnostic(error.code, error.arguments, path="--end")]) from None
    return ends
