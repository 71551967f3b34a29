"""Comes in: a ruleset, a file of facts, one of them. Goes out: the decision over its values."""

from __future__ import annotations

import argparse

from voucher_rules.api.variations import vary
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.options import add_case, add_known, add_law, add_ruleset
from voucher_rules.cli.studies import add_study, answer_study, draw_study, open_question


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    add_case(parser)
    parser.add_argument("fact", metavar="FACT", help="the fact that varies, e.g. contract.amount")
    parser.add_argument(
        "--value",
        metavar="VALUE",
        action="append",
        default=[],
        help="decide at this value besides; may be given several times",
    )
    parser.add_argument("--of", metavar="OUTPUT", help="the output to follow, where several are")
    parser.add_argument(
        "--plot", metavar="FILE", help="draw it: an .svg, .png or .pdf file (extra plot)"
    )
    add_law(parser)
    add_known(parser)
    add_study(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Vary the fact, and draw it where that is asked."""
    ruleset, facts, options = open_question(arguments)
    study = vary(
        ruleset,
        arguments.decision,
        facts,
        arguments.fact,
        arguments.value,
        **options,
    )
    if arguments.plot is not None:
        draw_study(study, arguments.plot, arguments.lang)
    return answer_study(study, arguments)
