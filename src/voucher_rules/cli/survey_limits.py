"""Comes in: a ruleset and its cases. Goes out: each numeric limit and what is decided there."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from voucher_rules.api import Ruleset
from voucher_rules.cli.decide_case import write_output
from voucher_rules.cli.exits import DONE, FAULTS, Answer
from voucher_rules.cli.inputs import open_ruleset
from voucher_rules.cli.options import add_cases, add_format, add_ruleset
from voucher_rules.cli.words import tell
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.testing.limits import LimitReport, LimitSurvey, Side, study_limits
from voucher_rules.testing.limits.beside import Known, load_pinned
from voucher_rules.testing.limits.study import HEADINGS
from voucher_rules.testing.limits.survey import generate_cases
from voucher_rules.testing.limits.write import write_generated
from voucher_rules.testing.load import Case


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    add_cases(parser)
    parser.add_argument(
        "--missing", action="store_true", help="tell only the limits that cases do not pin"
    )
    parser.add_argument(
        "--write",
        metavar="FILE",
        help="write a case for each side that no case pins, to be held against the text",
    )
    add_format(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Survey the limits; a side that nothing pins is a fault."""
    ruleset = open_ruleset(
        arguments.ruleset, arguments.edition, arguments.rulesets, arguments.notice
    )
    cases = load_pinned(ruleset, arguments.cases, arguments.rulesets)
    survey = study_limits(ruleset, cases)
    lacking = [item for item in survey.reports if survey.list_lacking(item)]
    shown = lacking if arguments.missing else list(survey.reports)
    messages = ""
    if arguments.write is not None:
        write_output(arguments.write, _generate(ruleset, lacking, cases))
        messages = tell(arguments.lang, "decide.written", path=arguments.write)
    code = FAULTS if lacking else DONE
    if arguments.format == "json":
        data = [_make_data(x, survey.known) for x in shown]
        return Answer(json.dumps(data, ensure_ascii=False, indent=2), code, messages)
    return Answer("\n".join(_tell_reports(survey, shown, arguments.lang)), code, messages)


def _generate(ruleset: Ruleset, reports: Sequence[LimitReport], cases: Sequence[Case]) -> str:
    made = []
    for report in reports:
        found = generate_cases(report, cases)
        made.append((report, {side: x for side, x in found.items() if side in report.missing}))
    return write_generated(ruleset.id, ruleset.edition, made)


def _tell_reports(survey: LimitSurvey, shown: Sequence[LimitReport], language: str) -> list[str]:
    headings = [tell(language, f"heading.{key}") for key in HEADINGS]
    rows = [
        [cell if isinstance(cell, str) else cell.told(language) for cell in survey.make_row(report)]
        for report in shown
    ]
    table = list(lay_out_table(headings, rows)) if rows else []
    return [*table, *([""] if table else []), *survey.list_lines(language)]


def _make_data(report: LimitReport, known: Known) -> dict[str, Any]:
    site = report.site
    return {
        "site": site.id,
        "kind": str(site.kind),
        "text": site.text,
        "ref": str(site.citation),
        "cell": site.cell or None,
        "decisions": list(report.decisions),
        "sides": {str(side): _data_of_side(report, side, known) for side in site.sides},
    }


def _data_of_side(report: LimitReport, side: Side, known: Known) -> dict[str, Any]:
    witness = report.pinned.get(side)
    if witness is not None:
        outcome = str(witness.decision.outcome)
        return {"case": witness.case.name, "outcome": outcome, "because": None}
    beyond = known.get((report.site.id, side))
    return {"case": None, "outcome": None, "because": beyond.because if beyond else None}
