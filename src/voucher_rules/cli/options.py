"""Comes in: a parser. Goes out: the same with the options that several commands share."""

from __future__ import annotations

import argparse


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
