"""Comes in: a ruleset, a decision, a case and whom to write to. Goes out: the letter about it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from typing import Final

from voucher_rules.api import Decision
from voucher_rules.api.letters import LETTER_FORMATS
from voucher_rules.cli.choose_edition import open_for_cases
from voucher_rules.cli.decide_case import amend_as_asked, decide_one
from voucher_rules.cli.decide_from import add_history, check_history
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.inputs import read_settings
from voucher_rules.cli.options import add_known, add_law, add_ruleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.letters.model import LetterHead, check_digest

_PATH: Final = "letter."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument("decision", metavar="DECISION", help="name of a decision of the ruleset")
    parser.add_argument(
        "facts",
        metavar="CASE",
        nargs=1,
        help="YAML or JSON file of facts, by its suffix; - reads standard input",
    )
    add_law(parser)
    add_known(parser)
    add_head(parser)
    parser.add_argument(
        "--digest", metavar="DIGEST", help="digest of the record of the decision, sha256:…"
    )
    add_history(parser)
    parser.set_defaults(all_readings=False)


def add_head(parser: argparse.ArgumentParser) -> None:
    """Add the form of a letter, and who writes to whom."""
    parser.add_argument(
        "--format", choices=tuple(LETTER_FORMATS), default="html", help="form (default: html)"
    )
    parser.add_argument("--out", metavar="FILE", help="write the letter to a file")
    parser.add_argument("--subject", metavar="NAME", default="", help="whom the letter goes to")
    parser.add_argument("--reference", metavar="TEXT", default="", help="number of the case")
    parser.add_argument("--issuer", metavar="NAME", default="", help="who writes the letter")
    parser.add_argument("--dated", metavar="DATE", help="the day of the letter, YYYY-MM-DD")
    parser.add_argument(
        "--remedies",
        metavar="TEXT",
        help="what can be done against the decision, in the language of the letter",
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Write the letter; the exit code tells the outcome."""
    check_history(arguments)
    write = partial(_write, arguments, read_head(arguments))
    if arguments.enter and arguments.digest:
        # It can only be checked once all is entered, and then it is too late to refuse.
        told = {"option": "--digest", "other": "--enter"}
        raise InputError([Diagnostic("option-against", told, path="--digest")])
    readings = read_settings(arguments.reading, "--reading")
    ruleset, cases = open_for_cases(arguments, readings)
    return decide_one(arguments, amend_as_asked(ruleset, arguments), cases, readings, write)


def _write(arguments: argparse.Namespace, head: LetterHead, decision: Decision) -> str:
    try:
        return decision.letter(
            arguments.lang, arguments.format, about=head, digest=arguments.digest
        )
    except InputError as error:
        raise InputError([_name_place(item) for item in error.diagnostics]) from None


def read_head(arguments: argparse.Namespace) -> LetterHead:
    """Read the settings of the letter before anything is decided, or entered.

    Raises :class:`InputError`, with the names of the options.
    """
    found: list[Diagnostic] = []
    head = LetterHead()
    try:
        check_digest(getattr(arguments, "digest", None))
    except InputError as error:
        found += error.diagnostics
    try:
        head = _make_head(arguments)
    except InputError as error:
        found += error.diagnostics
    if found:
        raise InputError([_name_place(item) for item in found])
    return head


def _make_head(arguments: argparse.Namespace) -> LetterHead:
    remedies = None if arguments.remedies is None else {arguments.lang: arguments.remedies}
    return LetterHead(
        subject=arguments.subject,
        reference=arguments.reference,
        issuer=arguments.issuer,
        dated=arguments.dated,
        remedies=remedies,
    )


def _name_place(item: Diagnostic) -> Diagnostic:
    """Tell a fault by the option a setting came from: ``letter.remedies.zh`` is ``--remedies``."""
    if not item.path.startswith(_PATH):
        return item
    return replace(item, path=f"--{item.path.removeprefix(_PATH).split('.')[0]}")
