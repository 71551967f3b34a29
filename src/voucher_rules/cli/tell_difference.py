"""Comes in: two rulesets and a decision. Goes out: which cases they decide differently."""

from __future__ import annotations

import argparse
import json
from typing import Final

from voucher_rules.cli.decide_case import amend_as_asked
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.inputs import open_ruleset, read_facts, read_settings, start_as_stated
from voucher_rules.cli.options import add_law, add_ruleset, read_whole
from voucher_rules.differences.study import BUDGET, difference

FORMATS: Final = ("text", "json", "html")


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument(
        "other",
        metavar="OTHER",
        help="the other ruleset, by name or path; `.` for the same one, with --set or --reading",
    )
    parser.add_argument("decision", metavar="DECISION", help="the decision that is compared")
    parser.add_argument("--other-edition", metavar="E", help="edition of the other ruleset")
    add_law(parser)
    parser.add_argument("--facts", metavar="FILE", help="facts that all cases share, YAML or JSON")
    parser.add_argument(
        "--budget",
        metavar="N",
        type=read_whole,
        default=BUDGET,
        help=f"how many evaluations the search may spend on each side (default: {BUDGET})",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")


def run(arguments: argparse.Namespace) -> Answer:
    """Compare the two; --change, --set and --reading amend the other."""
    before = open_ruleset(
        arguments.ruleset, arguments.edition, arguments.rulesets, arguments.notice
    )
    same = arguments.other == "."
    name = arguments.ruleset if same else arguments.other
    edition = arguments.other_edition or (arguments.edition if same else None)
    notices = arguments.notice if same else ()
    after = open_ruleset(name, edition, arguments.rulesets, notices)
    before = start_as_stated(before, arguments.in_force_from)
    after = start_as_stated(after, arguments.in_force_from if same else None)
    found = difference(
        before,
        amend_as_asked(after, arguments),
        arguments.decision,
        on=arguments.on,
        facts_fixed=read_facts(arguments.facts)[0] if arguments.facts else None,
        readings_after=read_settings(arguments.reading, "--reading"),
        assume_in_force=arguments.assume_in_force,
        budget=arguments.budget,
    )
    if arguments.format == "html":
        return Answer(found.to_html(arguments.lang))
    if arguments.format == "json":
        return Answer(json.dumps(found.to_data(arguments.lang), ensure_ascii=False, indent=2))
    return Answer(found.summary(arguments.lang))
