"""Comes in: a log and its checkpoint. Goes out: a short proof of what it holds, or how it grew."""

from __future__ import annotations

import argparse
import json
from typing import Any, Final

from voucher_rules.api.proofs import prove_entry, prove_growth
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log
from voucher_rules.cli.options import read_whole
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

NAME: Final = "prove"
SUMMARY: Final = "Prove that an entry stands in a log, or that a log begins as it did before."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument(
        "seq", metavar="SEQ", nargs="?", type=read_whole, help="number of the entry to prove"
    )
    parser.add_argument("--checkpoint", metavar="FILE", help="the checkpoint it is proven against")
    for name, text in (("--from", "the smaller number of entries"), ("--to", "the larger one")):
        parser.add_argument(
            name, dest=name.strip("-") + "_size", metavar="N", type=read_whole, help=text
        )


def run(arguments: argparse.Namespace) -> Answer:
    """Write the proof as JSON; it follows RFC 6962, and that of an entry holds the entry."""
    sizes = (arguments.from_size, arguments.to_size)
    if arguments.seq is not None:
        if any(sizes):
            told = {"option": "--from", "other": "SEQ"}
            raise InputError([Diagnostic("option-against", told, path="--from")])
        if arguments.checkpoint is None:
            told = {"option": "--checkpoint", "other": "SEQ"}
            raise InputError([Diagnostic("option-missing", told, path="--checkpoint")])
        return _answer(prove_entry(arguments.log, arguments.seq, arguments.checkpoint))
    for option, size in zip(("--from", "--to"), sizes, strict=True):
        if size is None:
            told = {"option": option, "other": "prove"}
            raise InputError([Diagnostic("option-missing", told, path=option)])
    return _answer(prove_growth(arguments.log, *sizes))


def _answer(data: dict[str, Any]) -> Answer:
    return Answer(json.dumps(data, ensure_ascii=False, indent=2))
