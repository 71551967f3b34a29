"""Comes in: a study. Goes out: it as text, as a page or as JSON, printed or in a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.studies import Study
from voucher_rules.cli.choose_edition import open_for_cases
from voucher_rules.cli.decide_case import amend_as_asked
from voucher_rules.cli.exits import DONE, Answer
from voucher_rules.cli.inputs import read_settings
from voucher_rules.cli.reports import write_file
from voucher_rules.cli.words import tell
from voucher_rules.pictures.style import write_picture

_KINDS: Final = ("svg", "png", "pdf")


def open_question(
    arguments: argparse.Namespace,
) -> tuple[Ruleset, Mapping[str, Any], dict[str, Any]]:
    """Return the ruleset as amended, the facts, and what else the one case is studied under."""
    readings = read_settings(arguments.reading, "--reading")
    ruleset, cases = open_for_cases(arguments, readings)
    amended = amend_as_asked(ruleset, arguments)
    facts, source = cases.read_for(arguments.facts[0], amended)
    return (
        amended,
        facts,
        {
            "output": arguments.of,
            "on": arguments.on,
            "readings": readings,
            "assume_in_force": arguments.assume_in_force,
            "placed_by": cases.placed_by,
            "source": source,
        },
    )


def add_study(parser: argparse.ArgumentParser) -> None:
    """Add the form of a study, and where it goes."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--html", action="store_true", help="as one HTML page")
    form.add_argument("--json", action="store_true", help="every sheet as JSON")
    parser.add_argument("--output", metavar="FILE", help="write the result to a file")


def draw_study(study: Study, path: str, language: str, **options: str) -> None:
    """Draw a study into a file, whose ending says which format. Raises InputError."""
    suffix = Path(path).suffix.lower().removeprefix(".")
    kind = suffix if suffix in _KINDS else "svg"
    write_file(path, write_picture(study.plot(language, **options), kind))


def answer_study(study: Study, arguments: argparse.Namespace) -> Answer:
    """Return a study as the answer of a command, or write it to a file."""
    language = arguments.lang
    if arguments.html:
        text = study.to_html(language)
    elif arguments.json:
        text = json.dumps(data_of_study(study, language), ensure_ascii=False, indent=2)
    else:
        text = study.summary(language)
    if arguments.output is None:
        return Answer(text, DONE)
    write_file(arguments.output, text.encode("utf-8", errors="backslashreplace"))
    return Answer("", DONE, tell(language, "decide.written", path=arguments.output))


def data_of_study(study: Study, language: str) -> dict[str, Any]:
    """Return a study as plain data; exact numbers that are not whole as text."""
    return {
        "title": study.title(language),
        "lines": list(study.list_lines(language)),
        "sheets": {
            sheet.name: [
                {key: _make_plain(value) for key, value in row.items()}
                for row in study.to_rows(sheet.name, language)
            ]
            for sheet in study.sheets
        },
    }


def _make_plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
