"""Comes in: nothing. Goes out: a ruleset whose names, types, values and structure are proved.

Everything here is frozen. An expression has become a :class:`Term`: each part knows its type, and
every name it holds is declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timezone
from typing import Final, TypeAlias

from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Type
from voucher_rules.spans import Citation, Span
from voucher_rules.values.model import Known, Mark, Unknown, WorkingCalendar


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
    applies: Term | None = None
    """The condition under which it exists at all; where that does not hold it is none."""
    within: str = ""
    """The list whose records have it; empty for what a case states once."""
    inherited: str = ""
    """The ruleset it was taken over from, where a called decision reads it."""


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A list of records of the case, each with the same fields."""

    name: str
    label: Wording
    one: Wording
    """What one record is called."""
    unit: str
    """The measure word records are counted in."""
    most: int
    """How many records a case may state."""
    fields: Mapping[str, Input]
    """By their full name, such as ``items.amount``."""
    note: Wording | None = None


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value from ``start`` (None: always) until ``until`` (None: open), both included.

    ``value`` is None where the document leaves it to someone else to set; ``notice`` is what set it
    where the document itself did not.
    """

    start: date | None
    until: date | None
    value: Known | Mark | None
    notice: NoticeChange | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A later document that sets what the measure leaves open, or changes what it may."""

    id: str
    title: Wording
    issuer: Wording
    number: str
    digest: str
    """SHA-256 of the bytes of its file."""


@dataclass(frozen=True, slots=True)
class NoticeChange:
    """One parameter as a notice set it, from ``start`` until ``until``, both included.

    ``before`` and ``after`` are the words the values were written in, ``stood`` and ``stands`` what
    they mean (None: unset), of a bracket the whole scale. Where they mean the same the notice has
    no effect on it (``idle``).
    """

    notice: Notice
    parameter: str
    ref: str
    """The provision of the notice."""
    start: date | None
    until: date | None
    before: str
    after: str
    stood: tuple[Known | Mark | None, ...]
    stands: Known | Mark | None

    @property
    def idle(self) -> bool:
        """Whether the value is what it was anyway."""
        return self.stood == (self.stands,)


@dataclass(frozen=True, slots=True)
class Changes:
    """Who may change a parameter by an overlay, and in which direction."""

    by: str
    may: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, date or period fixed by a provision; a cell of a table, or a whole scale."""

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
    on: str = ""
    """The date of the case that picks the value; empty for the day that fixes the law."""
    table: str = ""
    """The table it is a cell of."""
    entered: Type | None = None
    """What a scale is entered with; None for anything else."""
    gives: Type | None = None
    """What a scale gives."""
    applies: str = ""
    """How the brackets of a scale apply: ``level``, ``whole`` or ``marginal``."""
    changes: Changes | None = None

    def value_on(self, day: date) -> DatedValue | None:
        """Return the value that holds on ``day``, or None where none does."""
        return next((item for item in self.values if covers(item, day)), None)


def covers(item: DatedValue, day: date) -> bool:
    """Return whether ``item`` holds on ``day``."""
    return (item.start is None or item.start <= day) and (item.until is None or day <= item.until)


@dataclass(frozen=True, slots=True)
class Table:
    """A parameter with a cell for each option of a choice, or for each pair of options of two."""

    name: str
    type: Type
    label: Wording
    keys: tuple[Type, ...]
    cells: Mapping[tuple[str, ...], str]
    """The names of the parameters that hold the cells."""
    citation: Citation


@dataclass(frozen=True, slots=True)
class Reading:
    """A provision that two careful readers read differently, with every way to read it."""

    name: str
    citation: Citation
    question: Wording
    options: Mapping[str, Wording]
    default: str
    because: Wording
    together: tuple[str, ...] = ()
    """Other readings whose options are worth trying together with its own."""


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
    rounds: bool = True
    """Whether it is rounded: an amount that is limited always, one defined where it says so."""


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
    """Something a person should know, which decides nothing."""

    message: Wording


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
    verified: date | None
    """When the ruleset was last held against the official text; None for never."""
    doubts: tuple[Wording, ...]
    text_digest: str


@dataclass(frozen=True, slots=True)
class Erratum:
    """A slip in the official text, and how it is read."""

    citation: Citation
    note: Wording


@dataclass(frozen=True, slots=True)
class Used:
    """Another ruleset that this one calls, and the readings it is called under."""

    ruleset: CheckedRuleset
    readings: Mapping[str, str]


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
    lists: Mapping[str, ListSpec]
    tables: Mapping[str, Table]
    uses: Mapping[str, Used]
    calendar: WorkingCalendar | None
    source_digest: str
    semantic_digest: str
    notices: tuple[NoticeChange, ...] = ()
    """What notices changed, each of which still stands in the values of its parameter."""
