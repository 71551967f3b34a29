"""Comes in: the commands. Goes out: the parser of a command line, with its help in English."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from importlib import import_module
from typing import Any, Final

from voucher_rules.cli.exits import EPILOG
from voucher_rules.cli.options import add_language

PROGRAM: Final = "voucher-rules"


COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "list": ("list_rulesets", "List the rulesets there are, with their decisions."),
    "editions": (
        "list_editions",
        "Tell which edition of a ruleset was in force when, and since when it is known.",
    ),
    "show": ("show_ruleset", "Show a ruleset, or one provision of it with its rules."),
    "facts": (
        "list_facts",
        "Say which facts a decision asks for, as a table or as a file to fill in.",
    ),
    "check": (
        "check_files",
        "Check rulesets, cases, notices and calendars, and tell every mistake.",
    ),
    "decide": ("decide_case", "Decide a case and explain the decision."),
    "batch": (
        "decide_table",
        "Decide every row of a table, larger than memory, into a folder of results.",
    ),
    "compare": (
        "compare_laws",
        "Decide a case under a ruleset and under a change of it, side by side.",
    ),
    "letter": ("write_letter", "Decide a case and write the letter to the applicant about it."),
    "whatif": (
        "study_table",
        "Say what a table of applications comes to, and what a change would do to it.",
    ),
    "vary": (
        "vary_fact",
        "Follow a decision over every value of one fact: pieces, turns and cliffs.",
    ),
    "counterfactual": (
        "find_changes",
        "Find the smallest change of a fact that takes a case to another decision.",
    ),
    "test": ("run_cases", "Run case files and tell which cases fail."),
    "limits": (
        "survey_limits",
        "Tell each numeric limit of a ruleset and whether cases pin it on every side.",
    ),
    "mutate": (
        "mutate_ruleset",
        "Change a ruleset in every way and tell which changes its cases do not notice.",
    ),
    "draft": ("draft_text", "Draft the skeleton of a ruleset from an official text."),
    "coverage": (
        "cover_text",
        "Hold a ruleset against its official text: every provision, every quantity.",
    ),
    "publish": (
        "publish_ruleset",
        "Write a ruleset as pages, provision by provision, for people to proof-read.",
    ),
    "synthesise": (
        "synthesise_facts",
        "Invent cases of a decision from the facts it reads, for trials where none are public.",
    ),
    "difference": (
        "tell_difference",
        "Tell which cases two editions, or a ruleset and an amended one, decide differently.",
    ),
    "ledger": (
        "show_ledger",
        "Show what stands in a ledger, the life of one thing, or every entry.",
    ),
    "calendar": (
        "list_deadlines",
        "List the deadlines of the things in a ledger, the soonest first.",
    ),
    "audit": ("audit_ledger", "Tell what an auditor may want to look at in a ledger."),
    "enter": ("enter_events", "Enter the events of a file into a ledger, all of them or none."),
    "lapse": ("lapse_things", "Enter into a ledger whatever came by itself until a moment."),
    "allocate": (
        "serve_queue",
        "Serve a queue of applications from a pool of money, in the order of the ruleset.",
    ),
    "decide-again": (
        "decide_again",
        "Take a decision in a ledger again, on new facts or after an appeal.",
    ),
    "bundle": ("bundle_decision", "Put all it takes to check one recorded decision into one zip."),
    "check-bundle": (
        "check_bundle",
        "Check a bundle of a recorded decision, and decide it again, without a network.",
    ),
    "log": (
        "keep_log",
        "Keep a log of decisions: begin, show, check and end it, sign it and prove what it holds.",
    ),
    "replay": ("replay_log", "Recheck a log of decisions: take every one of them again."),
}
"""The module of each command, imported when it is used, and what it does."""


def build_parser(words: Collection[str]) -> argparse.ArgumentParser:
    """Return the parser of a command line; only commands named in it have their arguments."""
    parser = _make_parser(PROGRAM, "Government support measures as checked, executable rulesets.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (home, summary) in COMMANDS.items():
        made = commands.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name in words:
            _fill_parser(made, home)
    return parser


def _fill_parser(parser: argparse.ArgumentParser, home: str) -> None:
    command: Any = import_module(f"voucher_rules.cli.{home}")
    command.fill_parser(parser)
    add_language(parser)
    parser.set_defaults(run=command.run)


def _make_parser(program: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=program,
        description=description,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
