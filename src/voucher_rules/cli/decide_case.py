"""Comes in: a ruleset, a decision and a file of facts. Goes out: the decision, explained."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Final

from voucher_rules.api import Ruleset
from voucher_rules.cli.choose_edition import open_for_cases
from voucher_rules.cli.decide_from import add_history, check_history, decide_from_ledger
from voucher_rules.cli.exits import OUTCOME_CODES, Answer
from voucher_rules.cli.inputs import read_settings
from voucher_rules.cli.options import add_ruleset
from voucher_rules.cli.readings import compare_readings
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetError

NAME: Final = "decide"
SUMMARY: Final = "Decide a case and explain the decision."
FORMATS: Final = ("text", "markdown", "html", "json")


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument("decision", metavar="DECISION", help="name of a decision of the ruleset")
    parser.add_argument(
        "--facts",
        metavar="FILE",
        required=True,
        action="append",
        help="YAML or JSON file of facts, by its suffix; - reads standard input; with "
        "--all-readings it may be given several times",
    )
    parser.add_argument("--on", metavar="DATE", help="the day that fixes the law, YYYY-MM-DD")
    parser.add_argument(
        "--known",
        metavar="DATE",
        help="by the editions and notices known on that day; with --ledger a moment, which also "
        "limits the entries (default: all that is known)",
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="form of the result (default: text)"
    )
    parser.add_argument(
        "--reading",
        metavar="NAME=OPTION",
        action="append",
        default=[],
        help="how a disputed provision is read; may be given several times",
    )
    parser.add_argument(
        "--all-readings",
        action="store_true",
        help="decide under every other reading too, and tell for which cases it matters",
    )
    parser.add_argument(
        "--set",
        metavar="PARAMETER=VALUE",
        action="append",
        default=[],
        help="what if a parameter had another value; may be given several times",
    )
    parser.add_argument(
        "--assume-in-force",
        action="store_true",
        help="decide as if the measure were in force on that day",
    )
    parser.add_argument(
        "--trace", action="store_true", help="add every rule with every step (text form)"
    )
    parser.add_argument("--output", metavar="FILE", help="write the result to a file")
    add_history(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Decide the case; the exit code tells the outcome."""
    check_history(arguments)
    readings = read_settings(arguments.reading, "--reading")
    settings = read_settings(arguments.set, "--set")
    ruleset, cases = open_for_cases(arguments, readings)
    amended = amend_ruleset(ruleset, settings)
    told = cases.found.explain(arguments.lang) if cases.found is not None else ""
    if arguments.all_readings:
        return replace(compare_readings(amended, arguments, readings, cases), messages=told)
    if len(arguments.facts) > 1:
        raise InputError([Diagnostic("one-case-only", {}, path="--facts")])
    facts, source = cases.read_for(arguments.facts[0], amended)
    if arguments.ledger is not None:
        made, text, entered = decide_from_ledger(amended, arguments, readings, (facts, source))
        messages = "\n".join(filter(None, (told, entered)))
        return _answer(arguments, text, OUTCOME_CODES[made.decision.outcome], messages)
    decision = amended.decide(
        arguments.decision,
        facts,
        on=arguments.on,
        readings=readings,
        assume_in_force=arguments.assume_in_force,
        placed_by=cases.placed_by,
        source=source,
    )
    text = decision.explain(arguments.lang, arguments.format, trace=arguments.trace)
    return _answer(arguments, text, OUTCOME_CODES[decision.outcome], told)


def _answer(arguments: argparse.Namespace, text: str, code: int, messages: str = "") -> Answer:
    """Return a result as the answer of the command, or write it to a file."""
    if arguments.output is None:
        return Answer(text, code, messages)
    write_output(arguments.output, text)
    written = tell(arguments.lang, "decide.written", path=arguments.output)
    return Answer("", code, "\n".join(filter(None, (messages, written))))


def amend_ruleset(ruleset: Ruleset, settings: dict[str, str]) -> Ruleset:
    """Set parameters. What makes no ruleset is an option refused. Raises :class:`InputError`."""
    if not settings:
        return ruleset
    try:
        return ruleset.with_parameters(settings)
    except RulesetError as error:
        named = {f"{name}={value}" for name, value in settings.items()}
        raise InputError([_name_setting(item, named) for item in error.diagnostics]) from None


def _name_setting(item: Diagnostic, settings: set[str]) -> Diagnostic:
    """Tell a fault of a value by the option it came from; it stands in no file."""
    if item.span is None or item.span.file not in settings:
        return item
    return replace(item, span=None, source="", path=f"--set {item.span.file}")


def write_output(name: str, text: str) -> None:
    """Write a result to a file in UTF-8. Raises :class:`InputError` where that cannot be done."""
    try:
        Path(name).write_bytes(text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        arguments = {"path": name, "problem": error.strerror or type(error).__name__}
        raise InputError([Diagnostic("file-not-writable", arguments)]) from None
