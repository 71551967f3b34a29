"""Comes in: nothing. Goes out: the shape of a decision: what was decided, why, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from voucher_rules.checked.mechanics import Consequence, Rule
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Change, DecisionSpec, NoticeChange, Output, Wording
from voucher_rules.decision.amounts import AmountResult
from voucher_rules.decision.boxes import Range
from voucher_rules.decision.case import Case
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.law import Options
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.language.terms import Role
from voucher_rules.program.build import Program
from voucher_rules.spans import Citation
from voucher_rules.values.model import Exact, Value


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount a decision gives, in minor units (fen for CNY).

    ``value`` is what is payable, None while the decision is undetermined or referred; it lies in
    ``range``. ``otherwise`` is what the limits alone would allow: for a denial, what would have
    been payable. ``binding`` names the limits that fix it.
    """

    output: Output
    value: int | None
    range: Range
    otherwise: Exact | None
    binding: tuple[str, ...]
    result: AmountResult


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a decision is not simply a grant.

    ``kind`` is ``failed``, ``soft_failed``, ``open``, ``exhausted``, ``too_much_requested``,
    ``not_in_force`` or ``force_unknown``; ``rules`` are those it rests on; ``papers`` are the
    papers missing and ``findings`` those not made yet. ``citation`` is None only where nothing was
    asked for.
    """

    kind: str
    citation: Citation | None
    rules: tuple[Rule, ...] = ()
    papers: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    """Facts that someone was asked for and did not tell."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something not known that decides: a fact, a balance, or what the document left unset.

    ``set_by`` is who sets or can tell it.
    """

    name: str
    role: Role
    label: Wording
    citation: Citation | None = None
    set_by: Wording | None = None


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a reader should know; ``code`` selects the text, or the ruleset's ``message``.

    ``for_officers`` tells that the ruleset means it for those who handle the case alone.
    """

    code: str
    citation: Citation | None = None
    arguments: tuple[tuple[str, str], ...] = ()
    message: Wording | None = None
    for_officers: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a window, and whether the act fell inside (None: not known).

    ``nominal_day`` is the last day before it rolled over days off; None where it may not roll.
    """

    rule: Rule
    last_day: date | None
    kept: bool | None
    nominal_day: date | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """A consequence that applies, and from when until when (None: without end)."""

    rule: Rule
    consequence: Consequence
    start: Value
    until: Value | None


STATED_START: Final = "start"
"""The kind of overlay that is the first day of a document which states none."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Something laid over the ruleset as published.

    ``kind`` is ``notice``, ``reading``, ``assumption``, ``start`` or ``what_if``; ``target`` is
    what was changed, and from which text to which; ``notice`` is what a notice changed, and by
    which of its provisions, ``change`` what a what-if did. None has both.
    """

    kind: str
    target: str
    before: str
    after: str
    notice: NoticeChange | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """One decision, whole: everything an explanation, a record or a program needs of it."""

    program: Program
    case: Case
    options: Options
    as_of: date | None
    outcome: Outcome
    possible: tuple[Outcome, ...]
    amounts: Mapping[str, Amount]
    values: Mapping[str, Value]
    """The outputs that are defined rather than limited: a deposit, a fee, a size class."""
    exact: bool
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    papers: tuple[str, ...]
    warnings: tuple[Caution, ...]
    deadlines: tuple[Deadline, ...]
    followings: tuple[Following, ...]
    ranking: tuple[tuple[Rule, tuple[Value, ...]], ...]
    readings: tuple[str, ...]
    """The readings this decision rests on, by name."""
    overlays: tuple[Overlay, ...]
    evaluation: Evaluation

    @property
    def ruleset(self) -> CheckedRuleset:
        """The ruleset decided under."""
        return self.program.ruleset

    @property
    def decision(self) -> DecisionSpec:
        """The question answered."""
        return self.program.decision
