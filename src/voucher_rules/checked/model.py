"""Comes in: nothing. Goes out: a ruleset whose names, types, values and structure are proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timezone
from typing import Final

from voucher_rules.checked.histories import Histories
from voucher_rules.checked.mechanics import Rule
from voucher_rules.checked.symbols import (
    Choice,
    DecisionSpec,
    Input,
    ListSpec,
    NoticeChange,
    Parameter,
    Reading,
    Table,
    Wording,
)
from voucher_rules.spans import Citation
from voucher_rules.values.model import Period, WorkingCalendar


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


WITHOUT_FORCE: Final = frozenset({"draft", "repealed"})
"""The status of documents that are in force on no day, whatever first day they state."""


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
    lasts: Period | None
    """How long it holds from its first day, where it says so instead of naming its last."""
    effective_ref: Citation
    verified: date | None
    """When the ruleset was last held against the official text; None for never."""
    doubts: tuple[Wording, ...]
    text_digest: str
    start_stated: bool = False
    """Whether the document leaves its first day open and somebody else stated it."""


@dataclass(frozen=True, slots=True)
class Erratum:
    """A slip in the official text, and how it is read."""

    citation: Citation
    note: Wording


@dataclass(frozen=True, slots=True)
class Superseded:
    """An edition that another takes the place of, or the days of.

    ``kind`` is ``correction``, ``amendment``, ``replacement`` or ``repeal``.
    """

    edition: str
    kind: str
    because: Wording


@dataclass(frozen=True, slots=True)
class Transition:
    """A decision whose edition is found by the day of the fact ``by``, and what says so."""

    decision: str
    by: str
    ref: str


@dataclass(frozen=True, slots=True)
class Succession:
    """What an edition says of its place among the editions of its name.

    ``published`` is the day from which it is known; None where it does not say, and then it counts
    as known on every day.
    """

    published: date | None = None
    supersedes: tuple[Superseded, ...] = ()
    transitions: tuple[Transition, ...] = ()


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
    histories: Histories
    source_digest: str
    semantic_digest: str
    succession: Succession = Succession()
    notices: tuple[NoticeChange, ...] = ()
    """What notices changed, each of which still stands in the values of its parameter."""
