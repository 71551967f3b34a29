"""Comes in: a log, and what others hold of it. Goes out: whether it is sound and complete."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_anchors, add_log, read_anchors
from voucher_rules.cli.options import add_jobs
from voucher_rules.cli.replay_log import replay_log
from voucher_rules.cli.reports import add_report

NAME: Final = "check"
SUMMARY: Final = "Tell whether a log is sound and complete; nothing is decided again."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    add_jobs(parser)
    add_report(parser)
    add_anchors(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Check the log, without any ruleset."""
    return replay_log(arguments, read_anchors(arguments), [], decides=False)
