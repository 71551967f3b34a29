"""Comes in: a ruleset, a file of facts and a wish. Goes out: the least change that fulfils it."""

from __future__ import annotations

import argparse

from voucher_rules.api.counterfactuals import counterfactual
from voucher_rules.api.questions import Wanted
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.options import add_case, add_known, add_law, add_ruleset
from voucher_rules.cli.studies import add_study, answer_study, open_question


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    add_case(parser)
    parser.add_argument(
        "--outcome",
        metavar="OUTCOME",
        help="granted, denied, referred, not_in_force, determined, or other for any but that of "
        "now; of a decision that works out a value also that value",
    )
    parser.add_argument("--amount", metavar="AMOUNT", help="the amount wanted, such as 5万元")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--at-most", action="store_true", help="so much or less (default: or more)")
    how.add_argument("--exactly", action="store_true", help="exactly so much")
    parser.add_argument("--of", metavar="OUTPUT", help="the output meant, where there are several")
    parser.add_argument(
        "--fact",
        metavar="FACT",
        action="append",
        help="a fact that may change (default: all); may be given several times",
    )
    parser.add_argument(
        "--two", action="store_true", help="also two facts together, where neither does it alone"
    )
    add_law(parser)
    add_known(parser)
    add_study(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Find what would do it."""
    ruleset, facts, options = open_question(arguments)
    study = counterfactual(
        ruleset,
        arguments.decision,
        facts,
        outcome=arguments.outcome,
        amount=_read_wanted(arguments),
        facts=arguments.fact,
        count=2 if arguments.two else 1,
        **options,
    )
    return answer_study(study, arguments)


def _read_wanted(arguments: argparse.Namespace) -> Wanted | None:
    if arguments.amount is None:
        return None
    how = "at_most" if arguments.at_most else "exactly" if arguments.exactly else "at_least"
    return Wanted(how, arguments.amount)
