"""Comes in: a ruleset, a table of applications and what-ifs. Goes out: what they come to together.

Without a what-if the table is added up. With --set or --change it is decided twice and told who
gains and who loses, with --try once for each value, with --all-readings once for each other way to
read. A budget is paid out in the order of the column of arrivals. Nothing is recorded.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from voucher_rules.api.exhausting import exhaust
from voucher_rules.api.population_inputs import TableOptions
from voucher_rules.api.populations import evaluate
from voucher_rules.api.reforms import reform
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.studies import Study
from voucher_rules.api.trials import reading_study, sweep
from voucher_rules.cli.decide_case import amend_as_asked
from voucher_rules.cli.exits import DONE, Answer
from voucher_rules.cli.inputs import open_ruleset, read_settings, start_as_stated
from voucher_rules.cli.options import add_jobs, add_law, add_ruleset
from voucher_rules.cli.progress import Progress
from voucher_rules.cli.record_options import add_table, read_table_words
from voucher_rules.cli.studies import draw_study
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.whatif.grouping import By

_REFORMS: Final = ("set", "change")
_ALONE: Final = {"try": "trying", "all-readings": "all_readings", **{x: x for x in _REFORMS}}


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument("decision", metavar="DECISION", help="name of the decision")
    parser.add_argument("table", metavar="TABLE", help="table of applications, a row each")
    add_law(parser)
    add_table(parser.add_argument_group("how the table is read"))
    group = parser.add_argument_group("what is studied")
    group.add_argument(
        "--try",
        dest="trying",
        metavar="PARAMETER=VALUE,VALUE…",
        action="append",
        default=[],
        help="set a parameter to each of these values; may be given twice",
    )
    group.add_argument("--all-readings", action="store_true", help="try every other way to read")
    group.add_argument(
        "--by",
        metavar="COLUMN",
        action="append",
        default=[],
        help="group by this column; COLUMN=END,END… cuts numbers into bands; may be given "
        "several times",
    )
    group.add_argument("--budget", metavar="AMOUNT", help="the money there is, such as 100万元")
    group.add_argument("--arrives", metavar="COLUMN", help="the column of days or moments")
    group.add_argument("--html", metavar="FILE", help="write the study as a page")
    group.add_argument("--json", metavar="FILE", help="write every figure as JSON")
    group.add_argument(
        "--plot", metavar="FILE", help="draw it: an .svg, .png or .pdf file (extra plot)"
    )
    group.add_argument(
        "--picture", metavar="SHEET", help="the sheet to draw, such as limits; else the main one"
    )
    group.add_argument(
        "--progress", action="store_true", help="tell how far it is, also where nobody looks on"
    )
    add_jobs(group)  # type: ignore[arg-type]  # a group takes arguments as a parser does


def run(arguments: argparse.Namespace) -> Answer:
    """Study a table; write pages and figures where that is asked for."""
    _check(arguments)
    language: str = arguments.lang
    ruleset = open_ruleset(
        arguments.ruleset, arguments.edition, arguments.rulesets, arguments.notice
    )
    ruleset = start_as_stated(ruleset, arguments.in_force_from)
    progress = Progress(language, always=arguments.progress)
    try:
        study = _study(ruleset, arguments, progress)
    finally:
        progress.finish()
    written = []
    if arguments.html:
        written.append(_write(arguments.html, study.to_html(language), "--html", language))
    if arguments.json:
        text = json.dumps(make_data(study, language), ensure_ascii=False, indent=2) + "\n"
        written.append(_write(arguments.json, text, "--json", language))
    if arguments.plot:
        told = {} if arguments.picture is None else {"sheet": arguments.picture}
        draw_study(study, arguments.plot, language, **told)
        written.append(tell(language, "decide.written", path=arguments.plot))
    return Answer(study.summary(language), DONE, "\n".join(written))


def _check(arguments: argparse.Namespace) -> None:
    """Check that the options go together. Raises :class:`InputError`."""
    used = [option for option, name in _ALONE.items() if getattr(arguments, name)]
    if len(used) > 1 and not {*used} <= {*_REFORMS}:
        told = {"option": f"--{used[1]}", "other": f"--{used[0]}"}
        raise InputError([Diagnostic("option-against", told, path=f"--{used[1]}")])
    if (arguments.budget is None) != (arguments.arrives is None):
        raise InputError([Diagnostic("arrives-without-budget", {}, path="--budget")])
    if arguments.budget is not None and not {*used} <= {*_REFORMS}:
        told = {"option": "--budget", "other": f"--{used[0]}"}
        raise InputError([Diagnostic("option-against", told, path="--budget")])


def _study(ruleset: Ruleset, arguments: argparse.Namespace, progress: Progress) -> Study:
    def watch(done: int, whole: int) -> None:
        progress.tell(done, whole, done)

    words = read_table_words(ruleset, arguments)
    options: TableOptions = {
        "columns": words["columns"],
        "facts": words["facts"],
        "floats": words["floats"],
        "records": words["records"],
        "readings": read_settings(arguments.reading, "--reading"),
        "assume_in_force": arguments.assume_in_force,
        "jobs": arguments.jobs,
        "tell": watch,
    }
    if arguments.on is not None:
        options["on"] = arguments.on
    decision, table, by = arguments.decision, arguments.table, _read_by(arguments.by)
    if arguments.trying:
        values = {x: y.split(",") for x, y in read_settings(arguments.trying, "--try").items()}
        return sweep(table, ruleset, decision, values, by=by, **options)
    if arguments.all_readings:
        return reading_study(table, ruleset, decision, by=by, **options)
    if arguments.set or arguments.change:
        return reform(
            table,
            ruleset,
            amend_as_asked(ruleset, arguments),
            decision=decision,
            by=by,
            budget=arguments.budget,
            arrives=arguments.arrives or "",
            **options,
        )
    if arguments.budget is not None:
        arrives = arguments.arrives
        return exhaust(
            table, ruleset, arguments.budget, arrives=arrives, decision=decision, by=by, **options
        )
    return evaluate(ruleset, table, decision=decision, by=by, **options)


def _read_by(texts: Sequence[str]) -> By:
    made: list[Any] = []
    for text in texts:
        name, parts, ends = text.partition("=")
        made.append({name: ends.split(",")} if parts else name)
    return made


def _write(path: str, text: str, option: str, language: str) -> str:
    data = text.encode("utf-8", errors="backslashreplace")
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        told = {"path": path, "problem": error.strerror or type(error).__name__}
        raise InputError([Diagnostic("file-not-writable", told, path=option)]) from None
    return tell(language, "decide.written", path=path)


def make_data(study: Study, language: str) -> dict[str, Any]:
    """Return a study as plain data; numbers that are not whole are texts, and exact."""
    return {
        "study": type(study).__name__,
        "title": study.title(language),
        "lines": list(study.list_lines(language)),
        "sheets": [
            {
                "name": sheet.name,
                "title": sheet.title.told(language),
                "columns": {x.key: x.label.told(language) for x in sheet.columns},
                "rows": [
                    {key: _as_plain(cell) for key, cell in row.items()}
                    for row in study.to_rows(sheet.name, language)
                ],
            }
            for sheet in study.sheets
        ],
    }


def _as_plain(cell: object) -> object:
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, Decimal | Fraction) else cell
