"""Comes in: two checkpoints, from two hands. Goes out: whether both can be of one history."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.api.proofs import compare_checkpoints
from voucher_rules.cli.exits import DONE, NOT_SOUND, Answer
from voucher_rules.cli.log_options import add_keys, read_all_keys
from voucher_rules.cli.words import tell
from voucher_rules.errors import RecordError

NAME: Final = "compare"
SUMMARY: Final = "Tell whether two checkpoints are of one history; no log is needed."
SOUND: Final = frozenset({"same", "continued"})


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("one", metavar="CHECKPOINT", help="a checkpoint")
    parser.add_argument("other", metavar="OTHER", help="another, got from someone else")
    parser.add_argument(
        "--proof",
        metavar="FILE",
        help="proof that the longer log begins with the shorter (`prove --from --to`)",
    )
    add_keys(parser, "key got elsewhere, one of which has to have signed each checkpoint")


def run(arguments: argparse.Namespace) -> Answer:
    """Compare them."""
    trusted = read_all_keys(arguments.key)
    try:
        found = compare_checkpoints(
            arguments.one, arguments.other, arguments.proof, trusted=trusted
        )
    except RecordError as error:
        if any(item.code != "checkpoint-not-signed" for item in error.diagnostics):
            raise
        return Answer(code=NOT_SOUND, messages=error.render(arguments.lang))
    code = DONE if found in SOUND else NOT_SOUND
    return Answer(tell(arguments.lang, f"log.compared.{found}"), code)
