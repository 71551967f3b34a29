"""Comes in: a ruleset and its official text. Goes out: what of either the other does not hold."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from voucher_rules.api.texts import coverage
from voucher_rules.cli.exits import DONE, FAULTS, Answer
from voucher_rules.cli.inputs import check_folders
from voucher_rules.cli.options import add_folders, add_format
from voucher_rules.cli.words import join, tell
from voucher_rules.intake.coverage import Changed, Counted, Coverage

SCHEMA: Final = "voucher-rules/coverage/1"


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("ruleset", metavar="RULESET", help="name of a ruleset, or path of its file")
    parser.add_argument(
        "--text",
        metavar="TEXT",
        required=True,
        help="official text: UTF-8, or .docx, .pdf or .html",
    )
    parser.add_argument("--edition", metavar="E", help="edition of the ruleset (default: the last)")
    add_folders(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Hold them against each other; the exit code tells whether anything is left out."""
    folders = check_folders(arguments.rulesets)
    found = coverage(arguments.ruleset, arguments.text, arguments.edition, folders=folders)
    code = DONE if found.complete else FAULTS
    if arguments.format == "json":
        return Answer(json.dumps(list_data(found), ensure_ascii=False, indent=2), code)
    return Answer("\n".join(_list_lines(found, arguments.lang)), code)


def _list_lines(found: Coverage, language: str) -> Iterator[str]:
    yield from _list_gaps(found, language)
    yield from _list_notes(found, language)
    counts = Counter(item.by for item in found.quantities)
    yield tell(
        language,
        "coverage.summary",
        provisions=str(found.provisions),
        quantities=str(len(found.quantities)),
        parameters=str(counts["parameter"]),
        days=str(counts["document"]),
        ignored=str(counts["ignored"]),
    )
    yield tell(language, "coverage.complete" if found.complete else "coverage.gaps")


def _list_gaps(found: Coverage, language: str) -> Iterator[str]:
    for missing in found.not_in_ruleset:
        line = str(missing.line)
        yield tell(language, "coverage.not_in_ruleset", ref=missing.ref, line=line)
    for ref in found.not_in_text:
        yield tell(language, "coverage.not_in_text", ref=ref)
    for ref in found.out_of_order:
        yield tell(language, "coverage.out_of_order", ref=ref)
    for ref in found.unpinned:
        yield tell(language, "coverage.unpinned", ref=ref)
    for changed in found.changed:
        yield from _tell_changed(changed, language)
    for item in found.unaccounted:
        yield _tell_quantity(item, "coverage.unaccounted", language)
    for ref, text in found.idle:
        yield tell(language, "coverage.idle", ref=ref, text=text)


def _tell_changed(item: Changed, language: str) -> Iterator[str]:
    yield tell(language, "coverage.changed", ref=item.ref, line=str(item.line))
    for key in ("rules", "parameters", "readings"):
        names = getattr(item, key)
        if names:
            yield f"  {tell(language, f'coverage.{key}', names=join(language, *names))}"


def _list_notes(found: Coverage, language: str) -> Iterator[str]:
    """Yield what is no gap and worth a look all the same."""
    if found.same_text is not True:
        key = "coverage.unnamed" if found.same_text is None else "coverage.other_file"
        yield tell(language, key, path=found.text)
    for item in found.quantities:
        if item.by == "ignored":
            yield _tell_quantity(item, "coverage.ignored", language)
    if found.informative:
        yield tell(language, "coverage.informative", names=join(language, *found.informative))


def _tell_quantity(item: Counted, key: str, language: str) -> str:
    """Tell a quantity by its words, with what they come to where that is written otherwise."""
    text = item.quantity.text
    amount = "" if item.amount == text else tell(language, "coverage.amount", amount=item.amount)
    line = str(item.quantity.line)
    reason = tell(language, f"ignore.{item.name}") if key == "coverage.ignored" else ""
    words = {"ref": item.ref, "text": text + amount, "line": line}
    return tell(language, key, **words, **({"reason": reason} if reason else {}))


def list_data(found: Coverage) -> dict[str, Any]:
    """Return a coverage as plain data."""
    return {
        "schema": SCHEMA,
        "text": found.text,
        "same_text": found.same_text,
        "complete": found.complete,
        "provisions": found.provisions,
        "not_in_ruleset": [{"ref": x.ref, "line": x.line} for x in found.not_in_ruleset],
        "not_in_text": list(found.not_in_text),
        "out_of_order": list(found.out_of_order),
        "unpinned": list(found.unpinned),
        "changed": [
            {
                "ref": x.ref,
                "line": x.line,
                "rules": list(x.rules),
                "parameters": list(x.parameters),
                "readings": list(x.readings),
            }
            for x in found.changed
        ],
        "quantities": [_list_quantity(x) for x in found.quantities],
        "idle": [{"ref": ref, "text": text} for ref, text in found.idle],
        "informative": list(found.informative),
        "asides": [
            {"ref": x.ref, "text": x.text, "line": x.line, "column": x.column, "because": x.reason}
            for x in found.asides
        ],
    }


def _list_quantity(item: Counted) -> dict[str, Any]:
    quantity = item.quantity
    return {
        "ref": item.ref,
        "text": quantity.text,
        "kind": quantity.kind,
        "amount": item.amount,
        "line": quantity.line,
        "column": quantity.column,
        "limit": quantity.limit or None,
        "quoted": quantity.quoted or None,
        "by": item.by or None,
        "name": item.name or None,
    }
