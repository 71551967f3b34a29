"""Comes in: a table of applications, and money. Goes out: who is served in turn, and the sums."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from voucher_rules.api import Ruleset
from voucher_rules.api.ledger import Ledger
from voucher_rules.cli.allocation_data import data_of_allocation
from voucher_rules.cli.allocations import AllocationTeller
from voucher_rules.cli.entries import EntryTeller
from voucher_rules.cli.exits import DONE, FAULTS, Answer
from voucher_rules.cli.inputs import open_ruleset, read_facts, read_settings, start_as_stated
from voucher_rules.cli.ledgers import add_counted, branch_ledger, open_ledger
from voucher_rules.cli.options import (
    add_assumption,
    add_first_day,
    add_format,
    add_readings,
    add_ruleset,
)
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ledger.entries import Entry


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_ruleset(parser)
    parser.add_argument("decision", metavar="DECISION", help="the decision all are waiting for")
    parser.add_argument(
        "applications",
        metavar="FILE",
        help="table of applications, by its suffix: .csv, .jsonl, .yaml or .json",
    )
    parser.add_argument(
        "--facts",
        metavar="FILE",
        help="YAML or JSON file of facts that all have in common; what a row states goes first",
    )
    _add_circumstances(parser)
    add_readings(parser)
    add_first_day(parser)
    add_assumption(parser)
    parser.add_argument(
        "--enter", action="store_true", help="enter the decisions and what follows, all or none"
    )
    add_format(parser)


def _add_circumstances(parser: argparse.ArgumentParser) -> None:
    """Add what pays, from which history, when, and by what was known."""
    parser.add_argument("--pool", metavar="POOL", help="what pays (default: the only one there is)")
    parser.add_argument("--ledger", metavar="LEDGER", help="decide from this history")
    parser.add_argument(
        "--at",
        metavar="MOMENT",
        help="decide all at one moment, in the order the ruleset ranks them (default: each at its "
        "own, first come first served)",
    )
    parser.add_argument(
        "--events",
        metavar="FILE",
        help="file of events that happen in between: money put in, refusals",
    )
    parser.add_argument(
        "--known",
        metavar="MOMENT",
        help="by what was known then; with --enter, when it became known (default: as it happens)",
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Serve the queue on the side, and enter it where that is asked."""
    ruleset = open_ruleset(
        arguments.ruleset, arguments.edition, arguments.rulesets, arguments.notice
    )
    ruleset = start_as_stated(ruleset, arguments.in_force_from)
    if arguments.enter and arguments.ledger is None:
        raise InputError([Diagnostic("ledger-unnamed", {}, path="--ledger")])
    pool = arguments.pool or _find_pool(ruleset, arguments.decision)
    with _open(ruleset, arguments) as ledger:
        tried = branch_ledger(ledger, arguments)
        requests = tried.read_requests(
            arguments.applications,
            arguments.decision,
            facts=read_facts(arguments.facts)[0] if arguments.facts else {},
            at=arguments.at,
            readings=read_settings(arguments.reading, "--reading"),
            assume_in_force=arguments.assume_in_force,
            ruleset=ruleset.id,
        )
        file = arguments.events
        events = tried.read_events(file, ruleset=ruleset.id) if file else ()
        allocation = tried.allocate(pool, requests, events, at=arguments.at)
        entries = tried.entries[len(ledger.entries) :] if arguments.enter else ()
        if arguments.enter:
            ledger.adopt(tried)
        sums = allocation.reconcile()
        code = DONE if all(row.adds_up for row in sums) else FAULTS
        messages = _tell_entered(EntryTeller(tried, arguments.lang), arguments, entries)
        if arguments.format == "json":
            data = data_of_allocation(allocation, requests[0].program.decision, sums, entries)
            return Answer(json.dumps(data, ensure_ascii=False, indent=2), code, messages)
        teller = AllocationTeller(EntryTeller(tried, arguments.lang), allocation)
        return Answer("\n".join(teller.tell_all(arguments.decision, sums)), code, messages)


def _open(ruleset: Ruleset, arguments: argparse.Namespace) -> Ledger:
    if arguments.ledger is None:
        return Ledger(add_counted([ruleset], arguments.rulesets))
    read_only = not arguments.enter
    return open_ledger(arguments.ledger, [ruleset], arguments.rulesets, read_only=read_only)


def _find_pool(ruleset: Ruleset, decision: str) -> str:
    """Return the only pool that pays for what follows from a decision."""
    ruleset.program(decision)
    histories = ruleset.checked.histories
    found = [
        pool.name
        for pool in histories.pools.values()
        if any(
            way.follows and way.follows.decision == decision and way.target in pool.takes
            for way in histories.lifecycles[pool.lifecycle].transitions.values()
        )
    ]
    if len(found) != 1:
        told = {"decision": decision, "pools": ", ".join(found) or "-"}
        raise InputError([Diagnostic("pool-unnamed", told, path="--pool")])
    return found[0]


def _tell_entered(
    teller: EntryTeller, arguments: argparse.Namespace, entries: Sequence[Entry]
) -> str:
    if not entries:
        return teller.tell("decide.considered")
    told = {"count": str(len(entries)), "first": entries[0].id, "last": entries[-1].id}
    return teller.tell("allocate.entered", path=arguments.ledger, **told)
