"""Comes in: a parser. Goes out: the same with the options that several commands share."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.diagnostics import LANGUAGES

DEFAULT_LANGUAGE: Final = "zh"
FORMATS: Final = ("text", "json")
LONG: Final = 16
"""No number on a command line has so many digits."""


def add_ruleset(parser: argparse.ArgumentParser) -> None:
    """Add the ruleset and where it is looked for."""
    parser.add_argument("ruleset", metavar="RULESET", help="name of a ruleset, or path of its file")
    parser.add_argument(
        "--edition",
        metavar="E",
        help="edition of the ruleset (default: the last; of decide, the one the case falls under)",
    )
    add_folders(parser)
    parser.add_argument(
        "--notice",
        metavar="FILE",
        action="append",
        default=[],
        help="notice that changes the ruleset, beside those that stand with it; may be given "
        "several times",
    )


def add_case(parser: argparse.ArgumentParser) -> None:
    """Add a decision and the one case it is about, which no ledger fills."""
    parser.add_argument("decision", metavar="DECISION", help="name of a decision of the ruleset")
    parser.add_argument(
        "facts",
        metavar="CASE",
        nargs=1,
        help="YAML or JSON file of facts, by its suffix; - reads standard input",
    )
    parser.set_defaults(ledger=None)


def add_law(parser: argparse.ArgumentParser) -> None:
    """Add what a decision is taken under beside the facts."""
    parser.add_argument("--on", metavar="DATE", help="the day that fixes the law, YYYY-MM-DD")
    add_readings(parser)
    parser.add_argument(
        "--set",
        metavar="PARAMETER=VALUE",
        action="append",
        default=[],
        help="what if a parameter had another value; may be given several times",
    )
    parser.add_argument(
        "--change",
        metavar="FILE",
        action="append",
        default=[],
        help="what-if file of changes to the ruleset; each given rests on those before, and "
        "--set on all",
    )
    add_first_day(parser)
    add_assumption(parser)


def add_readings(parser: argparse.ArgumentParser) -> None:
    """Add how disputed provisions are read."""
    parser.add_argument(
        "--reading",
        metavar="NAME=OPTION",
        action="append",
        default=[],
        help="how a disputed provision is read; may be given several times",
    )


def add_first_day(parser: argparse.ArgumentParser) -> None:
    """Add the first day of a measure whose document states none."""
    parser.add_argument(
        "--in-force-from",
        metavar="DATE",
        help="first day the measure is in force, where its document states none",
    )


def add_assumption(parser: argparse.ArgumentParser) -> None:
    """Add that a measure counts as in force."""
    parser.add_argument(
        "--assume-in-force",
        action="store_true",
        help="decide as if the measure were in force on that day",
    )


def add_cases(parser: argparse.ArgumentParser) -> None:
    """Add case files in the stead of those that stand with a ruleset."""
    parser.add_argument(
        "--cases",
        metavar="FILE",
        action="append",
        default=[],
        help="case file to read instead of the one beside the ruleset; may be given several times",
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add the form of the result: text, or data."""
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="form of the result (default: text)"
    )


def add_known(parser: argparse.ArgumentParser) -> None:
    """Add by what was known on which day it is decided."""
    parser.add_argument(
        "--known",
        metavar="DATE",
        help="by the editions and notices known on that day; with --ledger a moment, which also "
        "limits the entries (default: all that is known)",
    )


def add_folders(parser: argparse.ArgumentParser) -> None:
    """Add folders of rulesets."""
    parser.add_argument(
        "--rulesets",
        metavar="DIR",
        action="append",
        default=[],
        help="folder of rulesets, searched before the shipped ones; may be given several times",
    )


def add_paths(parser: argparse.ArgumentParser, help_text: str) -> None:
    """Add files and folders."""
    parser.add_argument("paths", metavar="PATH", nargs="+", help=help_text)


def add_language(parser: argparse.ArgumentParser, default: str = DEFAULT_LANGUAGE) -> None:
    """Add the language of results and messages."""
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=default,
        help=f"language of results and of messages (default: {DEFAULT_LANGUAGE})",
    )


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add how many processes work at a time."""
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=read_whole,
        help="how many processes work at a time (default: one for each processor)",
    )


def read_whole(text: str) -> int:
    """Read a whole number above 0. Raises argparse.ArgumentTypeError."""
    if text.isascii() and text.isdigit() and len(text) < LONG and int(text):
        return int(text)
    message = f"expected a whole number above 0, found `{text}`"
    raise argparse.ArgumentTypeError(message)
