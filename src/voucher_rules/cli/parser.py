"""Comes in: the commands. Goes out: the parser of a command line, with its help in English."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.cli import (
    audit_ledger,
    bundle_decision,
    check_bundle,
    check_files,
    compare_laws,
    cover_text,
    decide_again,
    decide_case,
    decide_table,
    draft_text,
    enter_events,
    find_changes,
    keep_log,
    lapse_things,
    list_deadlines,
    list_editions,
    list_facts,
    list_rulesets,
    mutate_ruleset,
    publish_ruleset,
    replay_log,
    run_cases,
    serve_queue,
    show_ledger,
    show_ruleset,
    study_table,
    survey_limits,
    synthesise_facts,
    tell_difference,
    vary_fact,
    write_letter,
)
from voucher_rules.cli.exits import EPILOG
from voucher_rules.cli.options import add_language

PROGRAM: Final = "voucher-rules"


COMMANDS: Final = (
    list_rulesets,
    list_editions,
    show_ruleset,
    list_facts,
    check_files,
    decide_case,
    compare_laws,
    write_letter,
    study_table,
    decide_table,
    vary_fact,
    find_changes,
    run_cases,
    survey_limits,
    mutate_ruleset,
    draft_text,
    cover_text,
    publish_ruleset,
    synthesise_facts,
    tell_difference,
    show_ledger,
    list_deadlines,
    audit_ledger,
    enter_events,
    lapse_things,
    serve_queue,
    decide_again,
    bundle_decision,
    check_bundle,
    keep_log,
    replay_log,
)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = _make_parser(PROGRAM, "Government support measures as checked, executable rulesets.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        made = commands.add_parser(
            command.NAME,
            help=command.SUMMARY,
            description=command.SUMMARY,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.fill_parser(made)
        add_language(made)
        made.set_defaults(run=command.run)
    return parser


def _make_parser(program: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=program,
        description=description,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
