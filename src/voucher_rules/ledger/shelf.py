"""Comes in: checked rulesets. Goes out: what a ledger asks of them: histories and programs.

A ledger may hold entries under several editions of one ruleset. They share one history, so what
they say of it must be the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from voucher_rules.checked.histories import Balance, Histories, Lifecycle, Measure, SpanKind
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import LedgerError
from voucher_rules.program.build import Program, build_program


@dataclass(slots=True)
class Shelf:
    """The rulesets of a ledger, by name and edition; the last edition given is the one at hand."""

    rulesets: dict[tuple[str, str], CheckedRuleset] = field(default_factory=dict)
    histories: dict[str, Histories] = field(default_factory=dict)
    _programs: dict[tuple[str, str, str], Program] = field(default_factory=dict)

    def find_ruleset(self, name: str, edition: str) -> CheckedRuleset | None:
        """Return an edition of a ruleset, or the one at hand where that edition is not there."""
        found = self.rulesets.get((name, edition))
        if found is not None:
            return found
        others = [item for (held, _), item in self.rulesets.items() if held == name]
        return others[-1] if others else None

    def find_program(self, ruleset: CheckedRuleset, decision: str) -> Program:
        """Return the program of a decision, built once."""
        key = (ruleset.id, ruleset.edition, decision)
        if key not in self._programs:
            self._programs[key] = build_program(ruleset, decision)
        return self._programs[key]


def shelve(rulesets: Iterable[CheckedRuleset]) -> Shelf:
    """Put rulesets on a shelf.

    Raises :class:`LedgerError` where two editions of one say different things of their histories,
    or where a balance across two of them cannot count the other's things.
    """
    shelf = Shelf()
    found = []
    for ruleset in rulesets:
        held = shelf.histories.setdefault(ruleset.id, ruleset.histories)
        if not _agree(held, ruleset.histories):
            arguments = {"name": ruleset.id, "edition": ruleset.edition}
            found.append(Diagnostic("editions-differ", arguments, path=ruleset.id))
        shelf.rulesets[ruleset.id, ruleset.edition] = ruleset
    found += [
        fault for ruleset in shelf.rulesets.values() for fault in _check_across(ruleset, shelf)
    ]
    if found:
        raise LedgerError(found)
    return shelf


def _check_across(ruleset: CheckedRuleset, shelf: Shelf) -> Iterator[Diagnostic]:
    """Check that each balance across rulesets finds in the others that are there what it goes by.

    What it looks for and does not find would count as nothing, without a word.
    """
    for balance in ruleset.histories.balances.values():
        own = ruleset.histories.lifecycles[balance.lifecycle]
        for name in balance.across:
            if name not in shelf.histories:
                continue
            told = {"name": balance.name, "lifecycle": balance.lifecycle, "other": name}
            other = shelf.histories[name].lifecycles.get(balance.lifecycle)
            if other is None:
                yield Diagnostic("across-no-lifecycle", told, path=balance.name)
            else:
                yield from _list_unfit(balance, own, other, told)


def _list_unfit(
    balance: Balance, own: Lifecycle, other: Lifecycle, told: dict[str, str]
) -> Iterator[Diagnostic]:
    """Yield what a balance goes by and the lifecycle of another ruleset does not have."""
    if balance.measure is Measure.SUM and own.currency != other.currency:
        units = {"own": own.currency or "-", "found": other.currency or "-"}
        yield Diagnostic("across-other-currency", told | units, path=told["name"])
    dated = balance.dated_by if balance.within.kind is not SpanKind.LIFETIME else ""
    for state in (dated, balance.of):
        if state in own.states and state not in other.states:
            yield Diagnostic("across-no-state", told | {"state": state}, path=told["name"])
    for name in dict.fromkeys((*balance.per, balance.of)):
        carried = own.carries.get(name)
        if carried is None:
            continue
        named = told | {"carried": name}
        if name not in other.carries:
            yield Diagnostic("across-not-carried", named, path=told["name"])
        elif carried.type != other.carries[name].type:
            yield Diagnostic("across-carried-otherwise", named, path=told["name"])


def _agree(one: Histories, other: Histories) -> bool:
    """Return whether two editions let the same things happen, in the same states."""
    if set(one.lifecycles) != set(other.lifecycles):
        return False
    return all(
        _shape(item) == _shape(other.lifecycles[name]) for name, item in one.lifecycles.items()
    )


def _shape(lifecycle: Lifecycle) -> tuple[object, ...]:
    """Return all that a history goes by: labels, deadlines and decisions may differ."""
    ways = lifecycle.transitions.values()
    return (
        lifecycle.currency,
        {state.name: state.standing for state in lifecycle.states.values()},
        {name: (carried.type, bool(carried.fact)) for name, carried in lifecycle.carries.items()},
        {
            way.name: (frozenset(way.sources), way.target, way.partial, way.rest, way.sets)
            for way in ways
        },
    )
