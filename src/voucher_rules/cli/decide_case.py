"""Comes in: a ruleset, a decision and a file of facts. Goes out: the decision, explained."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voucher_rules.api import Decision, Ruleset
from voucher_rules.cli.choose_edition import Cases, open_for_cases
from voucher_rules.cli.decide_from import add_history, check_history, decide_from_ledger
from voucher_rules.cli.exits import OUTCOME_CODES, Answer
from voucher_rules.cli.inputs import describe_unreadable, read_settings
from voucher_rules.cli.options import add_known, add_law, add_ruleset
from voucher_rules.cli.record_decision import (
    add_recording,
    check_recording,
    open_recording,
    record_decision,
)
from voucher_rules.cli.words import tell
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.terms import Role

if TYPE_CHECKING:
    from voucher_rules.api.records import RecordLog

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
    add_law(parser)
    add_known(parser)
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="form of the result (default: text)"
    )
    parser.add_argument(
        "--all-readings",
        action="store_true",
        help="decide under every other reading too, and tell for which cases it matters",
    )
    parser.add_argument(
        "--trace", action="store_true", help="add every rule with every step (text form)"
    )
    parser.add_argument("--output", metavar="FILE", help="write the result to a file")
    add_history(parser)
    add_recording(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Decide the case; the exit code tells the outcome."""
    check_history(arguments)
    check_recording(arguments)
    readings = read_settings(arguments.reading, "--reading")
    ruleset, cases = open_for_cases(arguments, readings)
    amended = amend_as_asked(ruleset, arguments)
    told = cases.found.explain(arguments.lang) if cases.found is not None else ""
    if arguments.all_readings:
        from voucher_rules.cli.readings import compare_readings

        return replace(compare_readings(amended, arguments, readings, cases), messages=told)
    if len(arguments.facts) > 1:
        raise InputError([Diagnostic("one-case-only", {}, path="--facts")])
    with open_recording(arguments) as log:
        write = partial(_explain, arguments)
        return decide_one(
            arguments, amended, cases, readings, write, partial(_record, arguments, log)
        )


def _record(arguments: argparse.Namespace, log: RecordLog | None, decision: Decision) -> str:
    return "" if log is None else record_decision(log, decision, arguments)


def _record_nowhere(_: Decision) -> str:
    return ""


def decide_one(  # noqa: PLR0913, PLR0917 - each argument is one thing the answer rests on
    arguments: argparse.Namespace,
    ruleset: Ruleset,
    cases: Cases,
    readings: dict[str, str],
    write: Callable[[Decision], str],
    record: Callable[[Decision], str] = _record_nowhere,
) -> Answer:
    """Decide one case, from a ledger where one is named, and deliver what ``write`` writes of it.

    ``record`` records it where that is asked and tells so. The exit code tells the outcome.
    """
    told = cases.found.explain(arguments.lang) if cases.found is not None else ""
    facts, source = cases.read_for(arguments.facts[0], ruleset)
    if arguments.ledger is not None:
        case = (facts, source)
        made, text, entered = decide_from_ledger(ruleset, arguments, readings, case, write)
        start = _tell_start(arguments, made.decision)
        messages = "\n".join(filter(None, (told, entered, start, record(made.decision))))
        return deliver(arguments, text, OUTCOME_CODES[made.decision.outcome], messages)
    decision = ruleset.decide(
        arguments.decision,
        facts,
        on=arguments.on,
        readings=readings,
        assume_in_force=arguments.assume_in_force,
        placed_by=cases.placed_by,
        source=source,
    )
    messages = "\n".join(filter(None, (told, _tell_start(arguments, decision), record(decision))))
    return deliver(arguments, write(decision), OUTCOME_CODES[decision.outcome], messages)


def _tell_start(arguments: argparse.Namespace, decision: Decision) -> str:
    """Tell how to decide under a document that does not state from when it is in force."""
    if any(item.role is Role.DOCUMENT for item in decision.result.missing):
        return tell(arguments.lang, "decide.start_unstated")
    in_force = decision.outcome is not Outcome.NOT_IN_FORCE
    if in_force or decision.result.ruleset.document.starts:
        return ""
    return tell(arguments.lang, "decide.without_force")


def _explain(arguments: argparse.Namespace, decision: Decision) -> str:
    return decision.explain(arguments.lang, arguments.format, trace=arguments.trace)


def deliver(arguments: argparse.Namespace, text: str, code: int, messages: str = "") -> Answer:
    """Return a result as the answer of the command, or write it to a file."""
    given = vars(arguments)
    path = given["out"] if "out" in given else given["output"]
    if path is None:
        return Answer(text, code, messages)
    write_output(path, text)
    written = tell(arguments.lang, "decide.written", path=path)
    return Answer("", code, "\n".join(filter(None, (messages, written))))


def amend_as_asked(ruleset: Ruleset, arguments: argparse.Namespace) -> Ruleset:
    """Apply what --change and --set of a command ask for. Raises :class:`InputError`."""
    return amend_ruleset(ruleset, read_settings(arguments.set, "--set"), arguments.change)


def amend_ruleset(ruleset: Ruleset, settings: dict[str, str], files: Sequence[str]) -> Ruleset:
    """Apply what-if files, then settings. Raises :class:`InputError`."""
    for name in files:
        ruleset = amend_from_file(ruleset, name)
    if not settings:
        return ruleset
    try:
        return ruleset.amend(settings)
    except InputError as error:
        raise InputError([_name_setting(x, settings) for x in error.diagnostics]) from None


def amend_from_file(ruleset: Ruleset, name: str) -> Ruleset:
    """Apply a what-if file. Raises :class:`InputError`, also where it cannot be read."""
    try:
        Path(name).read_bytes()
    except OSError as error:
        raise InputError([describe_unreadable(name, error)]) from None
    return ruleset.amend_from(Path(name))


def _name_setting(item: Diagnostic, settings: dict[str, str]) -> Diagnostic:
    """Tell a fault of a setting by the option it came from; it stands in no file."""
    if item.path not in settings:
        return item
    return replace(item, path=f"--set {item.path}={settings[item.path]}")


def write_output(name: str, text: str) -> None:
    """Write a result to a file in UTF-8. Raises :class:`InputError` where that cannot be done."""
    try:
        Path(name).write_bytes(text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        arguments = {"path": name, "problem": error.strerror or type(error).__name__}
        raise InputError([Diagnostic("file-not-writable", arguments)]) from None
