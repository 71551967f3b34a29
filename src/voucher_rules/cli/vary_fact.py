"""Comes in: a ruleset, a file of facts, one of them. Goes out: the decision over its values."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.api.variations import vary
from voucher_rules.cli.choose_edition import open_for_cases
from voucher_rules.cli.decide_case import amend_ruleset
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.inputs import read_settings
from voucher_rules.cli.options import add_case, add_known, add_law, add_ruleset
from voucher_rules.cli.studies import add_study, answer_study, draw_study

NAME: Final = "vary"
SUMMARY: Final = "Follow a decision over every value of one fact: pieces, turns and cliffs."


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
    readings = read_settings(arguments.reading, "--reading")
    settings = read_settings(arguments.set, "--set")
    ruleset, cases = open_for_cases(arguments, readings)
    amended = amend_ruleset(ruleset, settings)
    facts, source = cases.read_for(arguments.facts[0], amended)
    study = vary(
        amended,
        arguments.decision,
        facts,
        arguments.fact,
        arguments.value,
        output=arguments.of,
        on=arguments.on,
        readings=readings,
        assume_in_force=arguments.assume_in_force,
        placed_by=cases.placed_by,
        source=source,
    )
    if arguments.plot is not None:
        draw_study(study, arguments.plot, arguments.lang)
    return answer_study(study, arguments)
