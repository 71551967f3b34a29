"""Comes in: nothing. Goes out: the shape of a ledger's entries: what happened, when, known when.

Moments are aware datetimes in UTC; amounts are whole minor units (fen for CNY). Entries are frozen
and are never taken back: one may take the place of another (``corrects``), and both stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Moved:
    """An event in the life of a thing: ``event`` is a transition of ``lifecycle``.

    ``amount`` is what it moves, None for all there is; ``source`` the state it is taken from,
    empty where the lifecycle leaves no doubt. ``carries`` is what the thing carries from then on,
    where the event opens it or sets that. ``decision`` is the entry of the decision it rests on,
    ``because`` a note of whoever entered it, ``cause`` what the ledger itself entered it for: a
    code and what belongs to it, else empty.
    """

    ruleset: str
    edition: str
    lifecycle: str
    thing: str
    event: str
    amount: int | None = None
    source: str = ""
    carries: Mapping[str, str] = field(default_factory=dict)
    decision: str = ""
    because: str = ""
    cause: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rested:
    """A balance a decision rested on: its value as text, whose it is, and over which days.

    With the decision's own place in the ledger this names the entries it is made of, however many.
    ``per`` maps what is carried to those asked for: one, or the members of a group.
    """

    name: str
    value: str
    per: Mapping[str, tuple[str, ...]]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Made:
    """A decision that was made, with everything needed to make it again.

    ``facts`` are those stated, as JSON data; ``balances`` what the history added; ``amounts`` are
    those payable; ``supersedes`` is the entry of the decision whose place it takes; ``short_of``
    the pool whose money did not suffice for all that was granted.
    """

    ruleset: str
    edition: str
    digest: str
    decision: str
    day: date | None
    thing: str
    carries: Mapping[str, str]
    facts: Mapping[str, Any]
    readings: Mapping[str, str]
    assumed: bool
    balances: tuple[Rested, ...]
    outcome: str
    amounts: Mapping[str, int]
    supersedes: str = ""
    short_of: str = ""


@dataclass(frozen=True, slots=True)
class Budgeted:
    """Money, or places, put into a pool, for the span of ``day`` and for one envelope of it.

    ``added`` tells whether it comes on top of what was there or takes its place.
    """

    ruleset: str
    edition: str
    pool: str
    day: date
    amount: int
    added: bool = False
    envelope: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grouped:
    """A party joins a group of related ones; an empty ``group`` leaves the one it was in.

    ``carried`` is what a thing carries of it, such as ``enterprise``.
    """

    carried: str
    party: str
    group: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Nothing happened after all: takes the place of an entry that should not be there.

    ``because`` and ``cause`` are those of :class:`Moved`.
    """

    because: str = ""
    cause: Mapping[str, str] = field(default_factory=dict)


Body: TypeAlias = Moved | Made | Budgeted | Grouped | Withdrawn


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its place: what happened, and at which moment.

    An empty ``id`` is given one; ``corrects`` is the entry whose place it takes.
    """

    at: datetime
    body: Body
    id: str = ""
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the ``seq``-th of its ledger, counted from 1.

    ``at`` is when it happened, ``known`` when the ledger learnt of it; ``known`` never runs
    backwards, ``at`` may.
    """

    seq: int
    id: str
    at: datetime
    known: datetime
    body: Body
    corrects: str = ""
