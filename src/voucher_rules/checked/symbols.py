"""Comes in: nothing. Goes out: what a ruleset declares, each with its type and words for people.

Facts, lists, parameters, tables, readings, outputs: what has a name that a rule may call. All of it
is frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from voucher_rules.diagnostics import fill_template
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Type
from voucher_rules.spans import Citation
from voucher_rules.values.model import Known, Mark, Unknown


@dataclass(frozen=True, slots=True)
class Wording:
    """One text for people, in Chinese and English."""

    zh: str
    en: str

    def told(self, language: str) -> str:
        """Return the text in ``language`` (``zh`` or ``en``)."""
        return self.zh if language == "zh" else self.en

    def fill(self, language: str, **told: object) -> str:
        """Return the text in ``language`` with its slots (``$name``) filled."""
        return fill_template(self.told(language), {name: str(x) for name, x in told.items()})


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
class Change:
    """One thing a what-if made otherwise; never law, and told apart from a notice everywhere.

    ``what`` is ``value``, ``default`` (of a reading), ``off`` (a rule left out), ``part`` (of a
    rule), ``added`` or ``edition``; ``target`` names it as it is asked for: ``cap[small]``,
    ``reading.day``, ``rule.cap``, ``rule.cap.when``. ``before`` and ``after`` are the words it was
    written in, empty where there is nothing; it holds from ``start`` until ``until``, both
    included (None: without end).
    """

    what: str
    target: str
    before: str
    after: str
    start: date | None = None
    until: date | None = None
    label: Wording | None = None
    """What the target is called; None where it has no words of its own."""
    ref: str = ""
    """The provision the target stands in; of what was added, the one it was put in, if any."""
    place: str = ""
    """Where it was asked for: file, line and column; empty where no file did."""

    @property
    def kind(self) -> str:
        """What sort of departure it is, beside notices and readings: always ``what_if``."""
        return "what_if"


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
class Symbol:
    """A declared name: what it stands for and its type.

    A ``broken`` one was declared with a fault already reported; reading it is no second fault.
    """

    name: str
    role: Role
    type: Type
    declared: Input | Parameter | Table | ListSpec | None = None
    broken: bool = False
