"""Comes in: the path of a ledger, and rulesets. Goes out: the ledger, open."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from voucher_rules.api import Ruleset
from voucher_rules.api.ledger import Ledger
from voucher_rules.api.ledger_inputs import read_moment
from voucher_rules.cli.inputs import open_ruleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import LedgerError, RulesetNotFoundError
from voucher_rules.ledger.entries import Budgeted, Made, Moved
from voucher_rules.ledger.stores.opening import open_store

_NAMING: Final = (Moved, Made, Budgeted)
"""The bodies of entries that name a ruleset."""


def add_ledger(parser: argparse.ArgumentParser) -> None:
    """Add the ledger, and where its rulesets are looked for."""
    parser.add_argument(
        "ledger", metavar="LEDGER", help="file of the ledger: .jsonl, .sqlite or .db"
    )
    parser.add_argument(
        "--ruleset",
        metavar="RULESET",
        action="append",
        default=[],
        help="name of a ruleset, or path of its file; those the entries name are found by "
        "themselves; may be given several times",
    )
    parser.add_argument(
        "--rulesets",
        metavar="DIR",
        action="append",
        default=[],
        help="folder of rulesets, searched before the shipped ones; may be given several times",
    )


def open_given(arguments: argparse.Namespace) -> list[Ruleset]:
    """Open the rulesets that a command names. Raises as :func:`open_ruleset`."""
    return [open_ruleset(name, None, arguments.rulesets) for name in arguments.ruleset]


def open_named_ledger(arguments: argparse.Namespace, *, read_only: bool) -> Ledger:
    """Open the ledger of a command. Raises as :func:`open_ledger`."""
    given = open_given(arguments)
    return open_ledger(arguments.ledger, given, arguments.rulesets, read_only=read_only)


def open_ledger(
    path: str,
    given: Sequence[Ruleset],
    folders: Sequence[str],
    *,
    read_only: bool,
    beside: Sequence[str] = (),
) -> Ledger:
    """Open a ledger with the rulesets given, those its entries name, and those they count across.

    ``beside`` are names of rulesets that it may need although no entry names them yet.

    Raises :class:`~voucher_rules.StoreError`, :class:`~voucher_rules.LedgerError`, and what
    :func:`open_ruleset` raises.
    """
    known = {ruleset.id for ruleset in given}
    found = [
        _find_ruleset(path, name, edition, folders)
        for name, edition in _list_named(path, read_only=read_only)
        if name not in known
    ]
    known |= {ruleset.id for ruleset in found}
    found += [_find_ruleset(path, name, None, folders) for name in beside if name not in known]
    return Ledger(add_counted([*given, *found], folders), path, read_only=read_only)


def add_counted(rulesets: Sequence[Ruleset], folders: Sequence[str]) -> list[Ruleset]:
    """Add the rulesets that balances count across; of those not found, decisions warn."""
    made = list(rulesets)
    for ruleset in rulesets:
        balances = ruleset.checked.histories.balances.values()
        for name in dict.fromkeys(name for balance in balances for name in balance.across):
            if all(name != item.id for item in made):
                with suppress(RulesetNotFoundError):
                    made.append(open_ruleset(name, None, folders))
    return made


def find_home(ledger: Ledger, named: Iterable[str]) -> str:
    """Return the only ruleset that is ``named`` or has entries; empty where there are several.

    One that is only counted across is not meant by whoever names none.
    """
    bodies = (entry.body for entry in ledger.entries)
    kept = {body.ruleset for body in bodies if isinstance(body, _NAMING)}
    homes = kept.union(named)
    return homes.pop() if len(homes) == 1 else ""


def branch_ledger(ledger: Ledger, arguments: argparse.Namespace) -> Ledger:
    """Return a ledger on the side, as known at the moment of ``--known`` where that is given.

    Raises :class:`LedgerError` where more is known since than is to be entered as known then.
    """
    if arguments.known is not None and arguments.enter and ledger.entries:
        ruleset = next(iter(ledger.rulesets.values()))
        known = read_moment(arguments.known, ruleset, "--known")
        last = ledger.entries[-1].known
        if known < last:
            told = {"known": str(known), "last": str(last.astimezone(ruleset.checked.zone))}
            raise LedgerError([Diagnostic("known-runs-backwards", told, path="--known")])
    return ledger.branch(arguments.known)


def _find_ruleset(path: str, name: str, edition: str | None, folders: Sequence[str]) -> Ruleset:
    """Open a ruleset that entries name; one that lies loose must be given by its file."""
    try:
        return open_ruleset(name, edition, folders)
    except RulesetNotFoundError as error:
        if any(item.code != "ruleset-not-found" for item in error.diagnostics):
            raise
        told = {"name": name, "path": path}
        loose = Diagnostic("ledger-ruleset-not-found", told, path="--ruleset")
        raise RulesetNotFoundError([loose]) from None


def _list_named(path: str, *, read_only: bool) -> list[tuple[str, str]]:
    """Return the rulesets and editions that the entries of a ledger name, the latest last."""
    if not read_only and not Path(path).exists():
        return []
    named: dict[tuple[str, str], None] = {}
    with open_store(path, read_only=True) as store:
        for entry in store.read():
            if isinstance(entry.body, _NAMING):
                key = (entry.body.ruleset, entry.body.edition)
                named.pop(key, None)
                named[key] = None
    return list(named)
