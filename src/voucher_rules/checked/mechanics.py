"""Comes in: nothing. Goes out: a rule of a checked ruleset, and what its one mechanic holds.

Everything here is frozen. An expression has become a :class:`Term`: each part knows its type, and
every name it holds is declared.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, TypeAlias

from voucher_rules.checked.symbols import Wording
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Type
from voucher_rules.spans import Citation, Span

GRANTED: Final = "granted"
"""What a call gives where it asks only whether the answer is yes."""


@dataclass(frozen=True, slots=True)
class Require:
    """The condition must hold."""

    condition: Term


@dataclass(frozen=True, slots=True)
class Exclude:
    """The condition must not hold."""

    condition: Term


@dataclass(frozen=True, slots=True)
class Limit:
    """An output may not exceed ``at_most``."""

    output: str
    at_most: Term


@dataclass(frozen=True, slots=True)
class Define:
    """A variable or an output takes a value."""

    name: str
    formula: Term


@dataclass(frozen=True, slots=True)
class Window:
    """``act``, where there is one, must fall between ``opens`` and ``last``, both included.

    ``last`` is worked out from the others; ``nominal`` is the last day before it rolled over days
    off, where it may roll; ``gives`` names the variable or output that takes the last day.
    """

    opens: Term
    lasts: Term
    counts_first_day: bool
    last: Term
    act: Term | None
    nominal: Term | None
    gives: str


@dataclass(frozen=True, slots=True)
class Call:
    """A variable or an output takes what another decision gives.

    ``uses`` is the name of the ruleset called, empty for this one; ``gives`` an output of the
    decision, or ``granted`` for whether it is granted; ``asked`` what its inputs are.
    """

    name: str
    uses: str
    decision: str
    gives: str
    type: Type
    asked: tuple[tuple[str, Term], ...]


@dataclass(frozen=True, slots=True)
class Waive:
    """Sets other rules aside and puts nothing in their place."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The set fact must hold every required paper."""

    fact: str
    type: Type
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankKey:
    """One key of an order; ``highest_first`` tells which end comes first."""

    key: Term
    highest_first: bool


@dataclass(frozen=True, slots=True)
class Rank:
    """How cases stand in a queue: by the first key, then the next."""

    keys: tuple[RankKey, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows for a party; ``until`` None means without end."""

    party: Wording
    effect: Wording
    start: Term
    until: Term | None


@dataclass(frozen=True, slots=True)
class Warn:
    """Something a person should know, which decides nothing.

    ``for_officers`` tells that it is for those who handle the case, and not for the applicant.
    """

    message: Wording
    for_officers: bool = False


Body: TypeAlias = (
    Require
    | Exclude
    | Limit
    | Define
    | Call
    | Window
    | Documents
    | Rank
    | Consequence
    | Warn
    | Waive
)


def name_set(body: Body) -> str:
    """Return the variable or output that a rule's mechanic sets, or an empty string."""
    match body:
        case Define(name, _) | Call(name):
            return name
        case Window():
            return body.gives
        case Limit(output, _):
            return output
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a provision."""

    id: str
    topic: str
    citation: Citation
    decisions: tuple[str, ...]
    body: Body
    says: Wording
    span: Span = field(compare=False)
    when: Term | None = None
    soft: bool = False
    key: bool = False
    next_step: Wording | None = None
    sets_aside: tuple[str, ...] = ()
    """The rules that do not count where this one does: those it overrides or waives."""
    set_aside_by: tuple[str, ...] = ()
    """The rules that set it aside where they count; its condition already says so."""
    stated_when: Term | None = None
    """Its condition as the author wrote it, where exceptions were added to it."""
    formulas: tuple[Term, ...] = field(init=False)
    """The expressions of its mechanic, without the condition."""
    decides: bool = field(init=False)
    """Whether its result weighs in the outcome: not that of a definition, an order or a warning."""
    limits: bool = field(init=False)
    """Whether it bounds an amount and never sends a case to a person by itself."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "formulas", list_body_terms(self.body))
        object.__setattr__(self, "decides", not isinstance(self.body, _UNDECIDING))
        object.__setattr__(self, "limits", isinstance(self.body, Limit) and not self.soft)

    def terms(self) -> tuple[Term, ...]:
        """Return every expression of the rule, its condition first."""
        return (self.when, *self.formulas) if self.when else self.formulas


_UNDECIDING: Final = Define | Call | Rank | Warn | Waive


def list_body_terms(body: Body) -> tuple[Term, ...]:
    """Return the expressions of a rule's mechanic."""
    match body:
        case Require(condition) | Exclude(condition):
            return (condition,)
        case Limit(_, at_most):
            return (at_most,)
        case Define(_, formula):
            return (formula,)
        case Window():
            found = (body.opens, body.last, body.act, body.nominal)
            return tuple(term for term in found if term is not None)
        case Call():
            return tuple(term for _, term in body.asked)
        case Rank(keys):
            return tuple(item.key for item in keys)
        case Consequence(_, _, start, until):
            return (start,) if until is None else (start, until)
        case Documents(fact, kind, _):
            return (Term(Role.FACT, kind, fact, text=fact),)
        case Warn() | Waive():
            return ()


def mean_alike(one: Rule, other: Rule) -> bool:
    """Return whether two rules say the same, however they are written and whatever they cite."""
    bare: list[Rule] = [strip_words(replace(rule, citation=one.citation)) for rule in (one, other)]
    return bare[0] == bare[1]


def strip_words(item: Any) -> Any:  # noqa: ANN401 - a rule, or any part of one
    """Return a rule or a part of one without the words its expressions were written in."""
    if isinstance(item, tuple):
        return tuple(strip_words(part) for part in item)
    if not isinstance(item, Rule | Term | Body):
        return item
    made = {held.name: strip_words(getattr(item, held.name)) for held in fields(item) if held.init}
    return replace(item, **(made | {"text": ""} if isinstance(item, Term) else made))
