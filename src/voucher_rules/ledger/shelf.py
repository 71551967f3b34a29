"""Comes in: checked rulesets. Goes out: what a ledger asks of them: histories and programs.

A ledger may hold entries under several editions of one ruleset. They share one history, so what
they say of it must be the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from voucher_rules.checked.histories import Histories, Lifecycle
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

    Raises :class:`LedgerError` where two editions of one say different things of their histories.
    """
    shelf = Shelf()
    found = []
    for ruleset in rulesets:
        held = shelf.histories.setdefault(ruleset.id, ruleset.histories)
        if not _agree(held, ruleset.histories):
            arguments = {"name": ruleset.id, "edition": ruleset.edition}
            found.append(Diagnostic("editions-differ", arguments, path=ruleset.id))
        shelf.rulesets[ruleset.id, ruleset.edition] = ruleset
    if found:
        raise LedgerError(found)
    return shelf


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
