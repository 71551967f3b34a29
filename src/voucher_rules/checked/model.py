"""Comes in: nothing. Goes out: a ruleset whose names, types, values and structure are proved.

Everything here is frozen. An expression has become a :class:`Term`: each part knows its type, and
every name it holds is declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timezone
from typing import TypeAlias

from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Type
from voucher_rules.spans import Citation, Span
from voucher_rules.values.model import Known, Unknown


@dataclass(frozen=True, slots=True)
class Wording:
    """One text for people, in Chinese and English."""

    zh: str
    en: str

    def told(self, language: str) -> str:
        """Return the text in ``language`` (``zh`` or ``en``)."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Choice:
    """A closed list of options."""

    name: str
    label: Wording
    options: Mapping[str, Wording]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Input:
    """Something a case may state: a fact, a person's finding, or a balance read from history."""

    name: str
    role: Role
    type: Type
    label: Wording
    domain: Unknown
    """Every value it may take, with ``none`` among its marks where the ruleset allows it."""
    optional: bool = False
    note: Wording | None = None
    evidence: Wording | None = None
    by: Wording | None = None


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from ``start`` (None: always) until ``until`` (None: open), both included.

    ``value`` is None where the document leaves it to someone else to set.
    """

    start: date | None
    until: date | None
    value: Known | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, date or period fixed by a provision."""

    name: str
    type: Type
    label: Wording
    citation: Citation
    values: tuple[DatedValue, ...]
    domain: Unknown
    """What it may be on a day for which no value is set."""
    limit: str = ""
    quoted: str = ""
    set_by: Wording | None = None
    informative: bool = False

    def value_on(self, day: date) -> DatedValue | None:
        """Return the value that holds on ``day``, or None where none does."""
        return next((item for item in self.values if covers(item, day)), None)


def covers(item: DatedValue, day: date) -> bool:
    """Return whether ``item`` holds on ``day``."""
    return (item.start is None or item.start <= day) and (item.until is None or day <= item.until)


@dataclass(frozen=True, slots=True)
class Reading:
    """A provision that two careful readers read differently, with every way to read it."""

    name: str
    citation: Citation
    question: Wording
    options: Mapping[str, Wording]
    default: str
    because: Wording


@dataclass(frozen=True, slots=True)
class Rounding:
    """How an output is rounded: the mode, and the multiple of minor units it ends on."""

    mode: str
    to: int


@dataclass(frozen=True, slots=True)
class Output:
    """A value a decision gives. ``limited`` outputs are the least of their limits."""

    name: str
    type: Type
    label: Wording
    limited: bool
    rounding: Rounding
    requested: str = ""
    partial: bool = True


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """A question the ruleset answers."""

    name: str
    label: Wording
    subject: Wording
    as_of: str
    answers: str
    """``amount``, ``permission`` or ``value``: what kind of answer it gives."""
    outputs: Mapping[str, Output]


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
    """``act`` must fall between the day ``opens`` and the last day of the period ``lasts``."""

    opens: Term
    lasts: Term
    counts_first_day: bool
    act: Term


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
    """Something a person should know, which decides nothing."""

    message: Wording


Body: TypeAlias = (
    Require | Exclude | Limit | Define | Window | Documents | Rank | Consequence | Warn
)


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
    formulas: tuple[Term, ...] = field(init=False)
    """The expressions of its mechanic, without the condition."""
    decides: bool = field(init=False)
    """Whether its result weighs in the outcome: not that of a definition, an order or a warning."""
    limits: bool = field(init=False)
    """Whether it bounds an amount and never sends a case to a person by itself."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "formulas", list_body_terms(self.body))
        object.__setattr__(self, "decides", not isinstance(self.body, Define | Rank | Warn))
        object.__setattr__(self, "limits", isinstance(self.body, Limit) and not self.soft)

    def terms(self) -> tuple[Term, ...]:
        """Return every expression of the rule, its condition first."""
        return (self.when, *self.formulas) if self.when else self.formulas


def list_body_terms(body: Body) -> tuple[Term, ...]:
    """Return the expressions of a rule's mechanic."""
    match body:
        case Require(condition) | Exclude(condition):
            return (condition,)
        case Limit(_, at_most):
            return (at_most,)
        case Define(_, formula):
            return (formula,)
        case Window(opens, lasts, _, act):
            return (opens, lasts, act)
        case Rank(keys):
            return tuple(item.key for item in keys)
        case Consequence(_, _, start, until):
            return (start,) if until is None else (start, until)
        case Documents(fact, kind, _):
            return (Term(Role.FACT, kind, fact, text=fact),)
        case Warn():
            return ()


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision of the document, with what it decides or why it decides nothing."""

    citation: Citation
    summary: Wording
    depth: int
    no_rule: str
    marker: str
    """How it begins in the official text."""
    fingerprint: str
    parameters: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The official document, and from when until when it is in force.

    ``starts`` maps the options of ``start_reading`` to days; where the start is not in doubt the
    only key is the empty string. An empty ``starts`` means the document states no day.
    """

    title: Wording
    issuer: Wording
    number: str
    status: str
    starts: Mapping[str, date]
    start_reading: str
    until: date | None
    effective_ref: Citation
    verified: date
    doubts: tuple[Wording, ...]
    text_digest: str


@dataclass(frozen=True, slots=True)
class Erratum:
    """A slip in the official text, and how it is read."""

    citation: Citation
    note: Wording


@dataclass(frozen=True, slots=True)
class CheckedRuleset:
    """A ruleset that can be evaluated. Only the checker makes one."""

    id: str
    edition: str
    language: int
    title: Wording
    document: Document
    currency: str
    zone: timezone
    choices: Mapping[str, Choice]
    inputs: Mapping[str, Input]
    readings: Mapping[str, Reading]
    parameters: Mapping[str, Parameter]
    decisions: Mapping[str, DecisionSpec]
    provisions: tuple[Provision, ...]
    rules: Mapping[str, Rule]
    errata: tuple[Erratum, ...]
    source_digest: str
    semantic_digest: str
