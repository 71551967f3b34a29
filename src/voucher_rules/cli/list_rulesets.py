"""Comes in: folders of rulesets. Goes out: a table of the rulesets found there."""

from __future__ import annotations

import argparse

from voucher_rules.api.rulesets import read_ruleset, rulesets
from voucher_rules.catalog.find import RulesetFile
from voucher_rules.cli.exits import DONE, NO_RULESET, Answer
from voucher_rules.cli.inputs import check_folders
from voucher_rules.cli.options import add_folders
from voucher_rules.cli.words import tell
from voucher_rules.errors import RulesetError
from voucher_rules.explain.columns import lay_out_table


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_folders(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """List the rulesets; those that cannot be used are listed too, and told by the exit code."""
    language = arguments.lang
    rows = [_make_row(item, language) for item in rulesets(check_folders(arguments.rulesets))]
    keys = ("ruleset", "edition", "title", "decisions")
    headings = [tell(language, f"heading.{key}") for key in keys]
    code = DONE if all(row[-1] for row in rows) else NO_RULESET
    return Answer("\n".join(lay_out_table(headings, rows)), code)


def _make_row(item: RulesetFile, language: str) -> tuple[str, str, str, str]:
    try:
        ruleset = read_ruleset(item.path)
    except (RulesetError, OSError):
        faulty = tell(language, "list.faulty", path=str(item.path))
        return (item.id, item.edition, faulty, "")
    title = ruleset.checked.title.told(language)
    return (item.id, item.edition, title, ", ".join(ruleset.decisions))
