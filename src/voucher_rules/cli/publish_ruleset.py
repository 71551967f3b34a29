"""Comes in: a ruleset and a folder. Goes out: its pages in that folder, to be proof-read."""

from __future__ import annotations

import argparse
from pathlib import Path

from voucher_rules.cli.exits import Answer
from voucher_rules.cli.inputs import describe_unreadable, open_ruleset
from voucher_rules.cli.options import add_cases, add_ruleset
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.publish import publish_ruleset
from voucher_rules.testing.limits.beside import load_pinned


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument(
        "-o", "--output", metavar="DIR", required=True, help="folder to write the pages into"
    )
    parser.add_argument(
        "--text",
        metavar="FILE",
        help="the official text, to stand beside each provision; not for publication",
    )
    add_cases(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Write the pages, and name them."""
    ruleset = open_ruleset(
        arguments.ruleset, arguments.edition, arguments.rulesets, arguments.notice
    )
    text = None if arguments.text is None else _read_text(arguments.text)
    cases = load_pinned(ruleset, arguments.cases, arguments.rulesets)
    made = publish_ruleset(ruleset, arguments.output, cases=cases, text=text)
    written = [tell(arguments.lang, "decide.written", path=str(path)) for path in made]
    return Answer("\n".join(written))


def _read_text(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError([describe_unreadable(name, error)]) from None
    except UnicodeDecodeError:
        arguments = {"path": name, "problem": "not UTF-8"}
        raise InputError([Diagnostic("file-not-readable", arguments)]) from None
