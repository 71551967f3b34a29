"""Comes in: a ledger, a case and a moment. Goes out: the decision, entered where that is asked."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.api import Decision, Ruleset
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.cli.inputs import read_settings
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.sources.tree import Source

if TYPE_CHECKING:
    from voucher_rules.api.ledger import Ledger
    from voucher_rules.api.ledger_decisions import LedgerDecision
    from voucher_rules.cli.entries import EntryTeller

_ALONE: Final = ("at", "thing", "of", "enter")
"""Options that say nothing without a ledger."""


def add_history(parser: argparse.ArgumentParser) -> None:
    """Add the options for deciding from a ledger."""
    group = parser.add_argument_group("deciding from a ledger")
    group.add_argument("--ledger", metavar="LEDGER", help="decide from the history of this ledger")
    group.add_argument("--at", metavar="MOMENT", help="the moment of the decision, in local time")
    group.add_argument("--thing", metavar="ID", help="what it is about: the voucher, say")
    group.add_argument(
        "--of",
        metavar="NAME=ID",
        action="append",
        default=[],
        help="whose and which it is, such as enterprise=E1; may be given several times",
    )
    group.add_argument(
        "--enter", action="store_true", help="enter the decision and what follows from it"
    )


def check_history(arguments: argparse.Namespace) -> None:
    """Check that the options for a ledger come with one. Raises :class:`InputError`."""
    if arguments.ledger is None:
        alone = [name for name in _ALONE if getattr(arguments, name)]
        if alone:
            told = {"option": f"--{alone[0]}"}
            raise InputError([Diagnostic("ledger-option-alone", told, path=f"--{alone[0]}")])
    elif arguments.at is None:
        raise InputError([Diagnostic("ledger-without-moment", {}, path="--at")])
    elif arguments.all_readings:
        told = {"option": "--all-readings"}
        raise InputError([Diagnostic("not-from-a-ledger", told, path="--all-readings")])


def decide_from_ledger(
    ruleset: Ruleset,
    arguments: argparse.Namespace,
    readings: dict[str, str],
    case: tuple[Mapping[str, Any], Source | None],
    write: Callable[[Decision], str],
) -> tuple[LedgerDecision, str, str]:
    """Decide, and enter it where that is asked.

    Returns the decision, what ``write`` writes of it, and what was or would be entered. Raises as
    :meth:`Ledger.decide` and :func:`open_ledger` do.
    """
    from voucher_rules.cli.ledgers import open_ledger

    facts, source = case
    path, read_only = arguments.ledger, not arguments.enter
    with open_ledger(path, [ruleset], arguments.rulesets, read_only=read_only) as ledger:
        decide = ledger.decide if arguments.enter else ledger.consider
        made = decide(
            arguments.decision,
            facts,
            arguments.at,
            known=arguments.known,
            thing=arguments.thing or "",
            carries=read_settings(arguments.of, "--of"),
            on=arguments.on,
            readings=readings,
            assume_in_force=arguments.assume_in_force,
            ruleset=ruleset.id,
            source=source,
        )
        return made, write(made.decision), _tell_entered(ledger, made, arguments)


def _tell_entered(ledger: Ledger, made: LedgerDecision, arguments: argparse.Namespace) -> str:
    from voucher_rules.cli.entries import EntryTeller
    from voucher_rules.ledger.entries import Entry

    teller = EntryTeller(ledger, arguments.lang)
    key = "decide.follows" if arguments.enter else "decide.would_follow"
    lines = []
    for draft in made.followed:
        entry = Entry(1, draft.id or "-", draft.at, draft.at, draft.body, draft.corrects)
        amount = teller.tell_amount(entry)
        what = teller.tell_body(entry) + (f" {amount}" if amount else "")
        lines.append(teller.tell(key, what=what))
    lines += _tell_lacking(teller, made)
    if arguments.enter and made.decision.outcome is Outcome.UNDETERMINED:
        named = {"path": arguments.ledger, "entry": made.entry}
        lines.append(teller.tell("decide.undetermined", **named))
    if arguments.enter:
        entered = teller.tell("decide.entered", path=arguments.ledger, entry=made.entry)
        return "\n".join([entered, *lines])
    return "\n".join([teller.tell("decide.considered"), *lines])


def _tell_lacking(teller: EntryTeller, made: LedgerDecision) -> Iterator[str]:
    """Yield what nobody said and how to say it, with the balances that hang on it."""
    waiting: dict[str, list[str]] = {}
    for balance, names in made.lacking.items():
        for name in names:
            waiting.setdefault(name, []).append(balance)
    for name, balances in waiting.items():
        yield _tell_one(teller, made.decision.result.ruleset, name, balances)


def _tell_one(
    teller: EntryTeller, ruleset: CheckedRuleset, name: str, balances: Sequence[str]
) -> str:
    labels = [ruleset.inputs[balance].label.told(teller.language) for balance in balances]
    lifecycle = ruleset.histories.lifecycles[ruleset.histories.balances[balances[0]].lifecycle]
    if name in lifecycle.carries:
        key, what = "decide.unnamed", lifecycle.carries[name].label
    elif name == lifecycle.name:
        key, what = "decide.unnamed_thing", lifecycle.label
    else:
        key, what = "decide.unstated", ruleset.inputs[name].label
    unknown = teller.tell("history.listed").join(labels)
    return teller.tell(key, balances=unknown, label=what.told(teller.language), name=name)
