"""Comes in: a log, an entry of it and whom to write to. Goes out: the letter about its decision."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.api.recorded_letters import open_recorded
from voucher_rules.cli.bundle_decision import add_secrets
from voucher_rules.cli.decide_case import deliver
from voucher_rules.cli.exits import OUTCOME_CODES, Answer
from voucher_rules.cli.inputs import check_folders
from voucher_rules.cli.log_options import add_log
from voucher_rules.cli.options import add_folders, read_whole
from voucher_rules.cli.write_letter import add_head, read_head

NAME: Final = "letter"
SUMMARY: Final = "Write the letter to the applicant about a decision as a log records it."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument("seq", metavar="SEQ", type=read_whole, help="number of the entry")
    add_secrets(parser)
    add_folders(parser)
    add_head(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Write the letter of what comes out as recorded; the exit code tells the outcome."""
    head = read_head(arguments)
    folders = check_folders(arguments.rulesets)
    found = open_recorded(arguments.log, arguments.seq, folders, arguments.secrets)
    made = found.decision
    text = made.letter(arguments.lang, arguments.format, about=head, record=found.entry)
    return deliver(arguments, text, OUTCOME_CODES[made.outcome])
