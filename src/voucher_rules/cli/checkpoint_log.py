"""Comes in: a log. Goes out: a checkpoint of it, to be handed to someone else."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from voucher_rules.api.log_entries import read_clock
from voucher_rules.api.replays import read_bytes
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log
from voucher_rules.cli.reports import write_file
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.record.checkpoints import load_checkpoint, make_checkpoint, save_checkpoint
from voucher_rules.record.signing import Signer, read_private_key, sign_checkpoint
from voucher_rules.record.stamping import make_stamp_query
from voucher_rules.record.views import LogView

NAME: Final = "checkpoint"
SUMMARY: Final = "Write a checkpoint of a log, which shows later what the log was."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument("checkpoint", metavar="OUT", help="new file for the checkpoint")
    parser.add_argument("--previous", metavar="FILE", help="the checkpoint before this one")
    parser.add_argument("--sign", metavar="KEYFILE", help="Ed25519 private key to sign with (PEM)")
    parser.add_argument(
        "--key-id", metavar="ID", help="what the key goes by (default: the name of its file)"
    )
    parser.add_argument(
        "--stamp-query",
        metavar="FILE",
        help="write the question to send to a time-stamping authority (RFC 3161)",
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Go through the log and write the checkpoint; a writer may have the log open meanwhile."""
    if arguments.key_id and not arguments.sign:
        told = {"option": "--key-id", "other": "--sign"}
        raise InputError([Diagnostic("option-alone", told, path="--key-id")])
    signer = _read_signer(arguments)
    before = None if arguments.previous is None else load_checkpoint(arguments.previous)
    view = LogView(arguments.log)
    view.load()
    made = make_checkpoint(view, read_clock(), before, arguments.checkpoint)
    signed = made if signer is None else sign_checkpoint(made, signer)
    query = make_stamp_query(made.payload) if arguments.stamp_query else b""
    save_checkpoint(signed, arguments.checkpoint)
    if arguments.stamp_query:
        write_file(arguments.stamp_query, query)
    slots = {"path": arguments.checkpoint, "size": str(view.size), "digest": made.digest}
    return Answer(tell(arguments.lang, "log.checkpoint", **slots))


def _read_signer(arguments: argparse.Namespace) -> Signer | None:
    if arguments.sign is None:
        return None
    name = arguments.key_id or Path(arguments.sign).stem
    return read_private_key(read_bytes(arguments.sign), name)
