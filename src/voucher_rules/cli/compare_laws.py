"""Comes in: a case, a ruleset and changes to it. Goes out: the decisions with and without them."""

from __future__ import annotations

import argparse
import json
from typing import Any, Final

from voucher_rules.api.comparing import Comparison, compare
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.cli.choose_edition import open_for_cases
from voucher_rules.cli.decide_case import amend_as_asked, write_output
from voucher_rules.cli.exits import DONE, MISMATCH, Answer
from voucher_rules.cli.inputs import open_ruleset, read_settings
from voucher_rules.cli.options import add_known, add_law, add_ruleset
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.sheets import PlainFigure
from voucher_rules.whatif.regimes import Regime

FORMATS: Final = ("text", "html", "json")


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument("decision", metavar="DECISION", help="name of a decision of the ruleset")
    parser.add_argument(
        "--facts",
        metavar="FILE",
        required=True,
        action="append",
        help="YAML or JSON file of facts, by its suffix; - reads standard input",
    )
    add_law(parser)
    add_known(parser)
    parser.add_argument(
        "--against", metavar="E", help="the reform is that edition, with --change and --set upon it"
    )
    parser.add_argument(
        "--reform-reading",
        metavar="NAME=OPTION",
        action="append",
        default=[],
        help="how the reform alone reads a disputed provision; may be given several times",
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="form of the result (default: text)"
    )
    parser.add_argument("--output", metavar="FILE", help="write the result to a file")
    parser.set_defaults(ledger=None)


def run(arguments: argparse.Namespace) -> Answer:
    """Compare; the exit code tells whether both decide alike."""
    if len(arguments.facts) > 1:
        raise InputError([Diagnostic("one-case-only", {}, path="--facts")])
    readings = read_settings(arguments.reading, "--reading")
    ruleset, cases = open_for_cases(arguments, readings)
    facts, source = cases.read_for(arguments.facts[0], ruleset)
    other = readings | read_settings(arguments.reform_reading, "--reform-reading")
    assumed = arguments.assume_in_force
    study = compare(
        facts,
        Regime(ruleset, arguments.decision, readings, assumed),
        Regime(_make_reform(arguments, ruleset), arguments.decision, other, assumed),
        on=arguments.on,
        source=source,
    )
    code = MISMATCH if study.differs else DONE
    told = cases.found.explain(arguments.lang) if cases.found is not None else ""
    text = _write(study, arguments)
    if arguments.output is None:
        return Answer(text, code, told)
    write_output(arguments.output, text)
    written = tell(arguments.lang, "decide.written", path=arguments.output)
    return Answer("", code, "\n".join(filter(None, (told, written))))


def _make_reform(arguments: argparse.Namespace, ruleset: Ruleset) -> Ruleset:
    if not (arguments.set or arguments.change or arguments.against or arguments.reform_reading):
        raise InputError([Diagnostic("change-of-nothing", {}, path="--change")])
    if arguments.against is not None:
        folders, notices = arguments.rulesets, arguments.notice
        ruleset = open_ruleset(arguments.ruleset, arguments.against, folders, notices)
    return amend_as_asked(ruleset, arguments)


def _write(study: Comparison, arguments: argparse.Namespace) -> str:
    match arguments.format:
        case "html":
            return study.to_html(arguments.lang)
        case "json":
            return json.dumps(_make_data(study, arguments.lang), ensure_ascii=False, indent=2)
        case _:
            return study.summary(arguments.lang)


def _make_data(study: Comparison, language: str) -> dict[str, Any]:
    """Return a comparison as plain data: its sheets, and both decisions whole."""
    sheets = {
        sheet.name: [
            {key: _make_plain(x) for key, x in row.items()}
            for row in study.to_rows(sheet.name, language)
        ]
        for sheet in study.sheets
    }
    return {
        "schema": "voucher-rules/comparison/1",
        "title": study.title(language),
        "differs": study.differs,
        "differences": {name: str(x) for name, x in study.differences.items()},
        "sheets": sheets,
        "before": study.before.to_data(),
        "after": study.after.to_data(),
    }


def _make_plain(figure: PlainFigure) -> str | bool | None:
    """Return a figure for JSON; numbers as text, so that none becomes a binary float."""
    return figure if figure is None or isinstance(figure, bool | str) else str(figure)
