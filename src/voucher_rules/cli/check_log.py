"""Comes in: a log, and what others hold of it. Goes out: whether it is sound and complete."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Final

from voucher_rules.cli.exits import DONE, NOT_SOUND, Answer
from voucher_rules.cli.log_options import add_anchors, add_log, read_anchors
from voucher_rules.cli.options import add_jobs
from voucher_rules.cli.replay_log import replay_log
from voucher_rules.cli.reports import add_report
from voucher_rules.cli.words import tell
from voucher_rules.errors import RecordError
from voucher_rules.record.strays import find_stray_secrets

NAME: Final = "check"
SUMMARY: Final = "Tell whether a log is sound and complete; nothing is decided again."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    add_jobs(parser)
    parser.add_argument(
        "--secrets",
        metavar="FILE",
        help="tell as well whether this file of secrets holds any that should not be there",
    )
    add_report(parser)
    add_anchors(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Check the log, without any ruleset, and the secrets where they are given."""
    answer = replay_log(arguments, read_anchors(arguments), [], decides=False)
    if arguments.secrets is None:
        return answer
    if answer.code != DONE:
        return _add(answer, tell(arguments.lang, "log.secrets_passed_over"))
    found = find_stray_secrets(arguments.log, arguments.secrets)
    if not found:
        return _add(answer, tell(arguments.lang, "log.no_strays", path=arguments.secrets))
    told = RecordError([item.tell(arguments.secrets) for item in found])
    return replace(_add(answer, told.render(arguments.lang)), code=NOT_SOUND)


def _add(answer: Answer, message: str) -> Answer:
    return replace(answer, messages="\n".join(filter(None, (answer.messages, message))))
