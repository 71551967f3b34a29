"""Comes in: what is to be done with a log. Goes out: the command that does it, among others."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.cli import (
    change_keys,
    check_log,
    checkpoint_log,
    compare_checkpoints,
    end_log,
    erase_entry,
    make_key,
    mend_log,
    prove_log,
    revoke_entry,
    show_keys,
    show_log,
    start_log,
    verify_proof,
    write_recorded_letter,
)
from voucher_rules.cli.exits import EPILOG, Answer
from voucher_rules.cli.options import add_language

ACTIONS: Final = (
    start_log,
    show_log,
    write_recorded_letter,
    check_log,
    mend_log,
    checkpoint_log,
    prove_log,
    verify_proof,
    compare_checkpoints,
    make_key,
    show_keys,
    change_keys,
    revoke_entry,
    erase_entry,
    end_log,
)


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add a parser for each action."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for action in ACTIONS:
        made = actions.add_parser(
            action.NAME,
            help=action.SUMMARY,
            description=action.SUMMARY,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        action.fill_parser(made)
        # The language may stand before the action as well; a default here would undo it.
        add_language(made, argparse.SUPPRESS)
        made.set_defaults(act=action.run)


def run(arguments: argparse.Namespace) -> Answer:
    """Do what is to be done."""
    answer: Answer = arguments.act(arguments)
    return answer
