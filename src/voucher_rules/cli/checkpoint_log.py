"""Comes in: a log. Goes out: a checkpoint of it, to be handed to someone else."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.api.log_entries import read_clock
from voucher_rules.cli.exits import DONE, Answer
from voucher_rules.cli.log_options import add_log, add_signer, read_signer
from voucher_rules.cli.reports import write_file
from voucher_rules.cli.words import tell
from voucher_rules.record.checkpoints import load_checkpoint, make_checkpoint, save_checkpoint
from voucher_rules.record.keys import check_signers
from voucher_rules.record.signing import sign_checkpoint
from voucher_rules.record.stamping import make_stamp_query
from voucher_rules.record.views import LogView

NAME: Final = "checkpoint"
SUMMARY: Final = "Write a checkpoint of a log, which shows later what the log was."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument("checkpoint", metavar="OUT", help="new file for the checkpoint")
    parser.add_argument("--previous", metavar="FILE", help="the checkpoint before this one")
    add_signer(parser)
    parser.add_argument(
        "--stamp-query",
        metavar="FILE",
        help="write the question to send to a time-stamping authority (RFC 3161)",
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Go through the log and write the checkpoint; a writer may have the log open meanwhile."""
    signer = read_signer(arguments)
    before = None if arguments.previous is None else load_checkpoint(arguments.previous)
    view = LogView(arguments.log)
    view.load()
    made = make_checkpoint(view, read_clock(), before, arguments.checkpoint)
    signed = made if signer is None else sign_checkpoint(made, signer)
    check_signers(view.head.keys.values(), signed)
    query = make_stamp_query(made.payload) if arguments.stamp_query else b""
    save_checkpoint(signed, arguments.checkpoint)
    if arguments.stamp_query:
        write_file(arguments.stamp_query, query)
    slots = {"path": arguments.checkpoint, "size": str(view.size), "digest": made.digest}
    torn = view.reader.tell_torn()
    messages = "" if torn is None else torn.render(arguments.lang)
    return Answer(tell(arguments.lang, "log.checkpoint", **slots), DONE, messages)
