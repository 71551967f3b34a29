"""Comes in: the name of a ruleset, and days. Goes out: its editions, and which law applied when."""

from __future__ import annotations

import argparse
import json
from typing import Any, Final

from voucher_rules.api import Catalog, catalog
from voucher_rules.catalog.editions import Edition
from voucher_rules.cli.exits import DONE, NO_RULESET, Answer
from voucher_rules.cli.inputs import check_folders, read_settings
from voucher_rules.cli.options import add_folders
from voucher_rules.cli.words import tell
from voucher_rules.errors import RulesetError, RulesetNotFoundError
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.explain.editions import tell_force

HEADINGS: Final = ("ruleset", "edition", "force", "known_from", "known_until", "superseded_by")


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "ruleset", metavar="ID", nargs="?", help="name of a ruleset (default: a table of all)"
    )
    parser.add_argument("--on", metavar="DATE", help="only the edition in force on that day")
    parser.add_argument("--known", metavar="DATE", help="by what was known on that day")
    parser.add_argument(
        "--reading",
        metavar="NAME=OPTION",
        action="append",
        default=[],
        help="how a provision is read that sets the first day; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="plain data instead of text")
    add_folders(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Tell the editions; a name that has none in force on the day is told by the exit code."""
    editions = catalog(check_folders(arguments.rulesets))
    asked = {"known": arguments.known, "readings": read_settings(arguments.reading, "--reading")}
    if arguments.ruleset is None:
        return _list_all(editions, arguments, asked)
    if arguments.on is None and not arguments.json:
        return Answer(editions.explain(arguments.ruleset, arguments.lang, **asked))
    found = _find(editions, arguments.ruleset, arguments.on, asked)
    return Answer(_tell(found, arguments), DONE)


def _find(
    editions: Catalog, name: str, on: str | None, asked: dict[str, Any]
) -> tuple[Edition, ...]:
    if on is None:
        return editions.editions(name, **asked)
    return (editions.find(name, on=on, **asked),)


def _list_all(editions: Catalog, arguments: argparse.Namespace, asked: dict[str, Any]) -> Answer:
    """List every ruleset; of those with nothing to list, a message says why.

    The exit code tells of faults only: a measure that is not in force on a day is none.
    """
    found: list[Edition] = []
    messages, code = [], DONE
    for name in editions.ids:
        try:
            listed = _find(editions, name, arguments.on, asked)
            found += listed
            if not listed:
                messages.append(editions.explain(name, arguments.lang, **asked))
        except (RulesetError, RulesetNotFoundError) as error:
            messages.append(error.render(arguments.lang))
            code = NO_RULESET if isinstance(error, RulesetError) else code
    return Answer(_tell(tuple(found), arguments), code, "\n".join(messages))


def _tell(found: tuple[Edition, ...], arguments: argparse.Namespace) -> str:
    if arguments.json:
        data = [data_of_edition(item) for item in found]
        return json.dumps(data, ensure_ascii=False, indent=2)
    headings = [tell(arguments.lang, f"heading.{key}") for key in HEADINGS]
    rows = [_make_row(item, arguments.lang) for item in found]
    return "\n".join(lay_out_table(headings, rows)) if rows else ""


def _make_row(item: Edition, language: str) -> tuple[str, ...]:
    days = (str(day or "") for day in (item.known_from, item.known_until))
    after = item.corrected_by or item.superseded_by
    return (item.id, item.edition, tell_force(item, language), *days, after)


def data_of_edition(item: Edition) -> dict[str, Any]:
    """Return an edition as plain data; days as text, null where there is none."""
    days = {
        "in_force_from": item.in_force_from,
        "in_force_until": item.in_force_until,
        "known_from": item.known_from,
        "known_until": item.known_until,
    }
    return {
        "ruleset": item.id,
        "edition": item.edition,
        "path": str(item.path),
        "title": {"zh": item.title.zh, "en": item.title.en},
        "status": item.status,
        **{name: None if day is None else day.isoformat() for name, day in days.items()},
        "start_reading": item.start_reading,
        "starts": {option: day.isoformat() for option, day in item.starts.items()},
        "corrects": item.corrects,
        "corrected_by": item.corrected_by,
        "supersedes": [
            {
                "edition": old.edition,
                "kind": old.kind,
                "because": {"zh": old.because.zh, "en": old.because.en},
            }
            for old in item.supersedes
        ],
        "superseded_by": item.superseded_by,
        "transitions": [
            {"decision": rule.decision, "by": rule.by, "ref": rule.ref} for rule in item.transitions
        ],
    }
