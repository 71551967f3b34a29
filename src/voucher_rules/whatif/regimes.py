"""Comes in: a ruleset, one of its decisions, and how it is read. Goes out: them as one thing.

What studies hold against each other are regimes: everything a decision rests on beside its case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from voucher_rules.arguments import FLAG, MAPPING, Want, check_all
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.case import Case, read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.decision.options import choose_options
from voucher_rules.decision.result import DecisionResult, Overlay
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.program.build import Program
from voucher_rules.sources.tree import Source


class Law(Protocol):
    """A ruleset that has its programs built and knows what was changed in it."""

    @property
    def checked(self) -> CheckedRuleset:
        """What the checker made of it."""

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """The what-ifs it was made by."""

    def program(self, decision: str) -> Program:
        """Return the steps of a decision. Raises :class:`~voucher_rules.InputError`."""


class _LawWanted(Want):
    """A ruleset by what it can do, as any object with programs will do."""

    __slots__ = ()

    def find_faults(self, name: str, given: object) -> Iterator[Diagnostic]:
        """Yield that it is no ruleset."""
        if not callable(getattr(given, "program", None)) or not hasattr(given, "checked"):
            yield self._name_fault(name, given)


_WANTED: Final[Mapping[str, Want]] = {
    "ruleset": _LawWanted((), "Ruleset"),
    "readings": MAPPING,
    "assume_in_force": FLAG,
    "label": Want((str, Wording), "text"),
}


@dataclass(frozen=True, slots=True)
class Regime:
    """A ruleset, the decision asked of it, how it is read, and what the whole is called.

    Without a ``label`` it is told by the ruleset, its edition and what departs from it. Raises
    :class:`~voucher_rules.InputError` for a decision, a reading or an option there is not.
    """

    ruleset: Law
    decision: str
    readings: Mapping[str, str] = field(default_factory=dict)
    assume_in_force: bool = False
    label: str | Wording = ""
    options: Options = field(init=False, repr=False, compare=False)
    """What the decision is taken under beside the facts, every reading settled."""

    def __post_init__(self) -> None:
        """Check the names, and settle every reading."""
        check_all(_WANTED, {name: getattr(self, name) for name in _WANTED})
        self.ruleset.program(self.decision)
        assumed = self.assume_in_force
        chosen = choose_options(self.ruleset.checked, self.readings, assume_in_force=assumed)
        object.__setattr__(self, "readings", dict(self.readings))
        object.__setattr__(self, "options", chosen)

    @property
    def program(self) -> Program:
        """The ordered steps of the decision, built once for each ruleset."""
        return self.ruleset.program(self.decision)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """The what-ifs its ruleset was made by; every decision taken under it carries them."""
        return self.ruleset.overlays

    @property
    def name(self) -> Wording:
        """What it is called, in both languages."""
        if isinstance(self.label, Wording):
            return self.label
        if self.label:
            return Wording(self.label, self.label)
        return name_law(self.ruleset.checked, self.overlays, self.readings)

    def read(
        self, facts: Mapping[str, Any], on: date | None = None, source: Source | None = None
    ) -> Case:
        """Read a case against it. Raises :class:`~voucher_rules.InputError`."""
        return read_case(self.program, facts, source, on)

    def decide(self, case: Case) -> DecisionResult:
        """Decide a case that was read against it, by the reference evaluator."""
        return decide(self.program, case, self.options, self.overlays)


def name_law(
    ruleset: CheckedRuleset, overlays: tuple[Overlay, ...], readings: Mapping[str, str]
) -> Wording:
    """Return what a ruleset is called, with what departs from it."""
    named = f"{ruleset.id} {ruleset.edition}"
    made = [f"{x.target} = {x.after}" for x in overlays]
    made += [f"{name} = {option}" for name, option in readings.items()]
    if not made:
        return Wording(named, named)
    return Wording(f"{named}（{'、'.join(made)}）", f"{named} ({', '.join(made)})")
