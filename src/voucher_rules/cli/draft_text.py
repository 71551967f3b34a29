"""Comes in: the file of an official text. Goes out: the skeleton of its ruleset."""

from __future__ import annotations

import argparse
from pathlib import Path

from voucher_rules.api.texts import draft
from voucher_rules.cli.decide_case import write_output
from voucher_rules.cli.exits import Answer
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "text", metavar="TEXT", help="official text: UTF-8, or .docx, .pdf or .html"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write the skeleton to a file that is not there yet"
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Draft a ruleset. A file that is there already is left as it is."""
    if arguments.output is not None and Path(arguments.output).exists():
        raise InputError([Diagnostic("file-exists", {"path": arguments.output})])
    text = draft(arguments.text)
    if arguments.output is None:
        return Answer(text)
    write_output(arguments.output, text)
    return Answer("", messages=tell(arguments.lang, "decide.written", path=arguments.output))
