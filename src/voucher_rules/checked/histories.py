"""Comes in: nothing. Goes out: what a ruleset says of histories: lifecycles, balances, pools.

All of it is frozen. A thing (a voucher, a claim, a ban) is lots: amounts, each in one state. See
``docs/decisions/0009-histories.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from voucher_rules.checked.symbols import Wording
from voucher_rules.language.types import Kind, Type
from voucher_rules.spans import Citation

EVERYONE: Final = "everyone"
"""Stands in the place of whose a balance is, where it takes in all there are."""


class Standing(StrEnum):
    """What a state means for money: promised, paid out, given back, or run out."""

    WAITING = "waiting"
    HELD = "held"
    USED = "used"
    RELEASED = "released"
    EXPIRED = "expired"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class State:
    """A state a lot may be in."""

    name: str
    label: Wording
    standing: Standing


@dataclass(frozen=True, slots=True)
class Carried:
    """Something a thing carries through its life: whose it is, of which kind, until when.

    ``fact`` is the fact of the decision that opens the thing, or sets it, that it is read from, or
    ``consequence.start`` or ``consequence.until`` of the consequence that opens it; empty where
    whoever enters the event names it. ``type`` is TEXT (an identifier), a choice or a date.
    """

    name: str
    label: Wording
    type: Type
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Follows:
    """The decision an event follows from: how it must come out, and which output is the amount.

    ``rule`` names a consequence: then the event follows wherever that consequence applies. An
    empty ``amount`` moves all there is. ``per`` names what things carry: then it happens to every
    thing that agrees with the case in that, and not to the one decided about alone.
    """

    decision: str
    outcomes: tuple[str, ...] = ()
    amount: str = ""
    rule: str = ""
    per: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventWindow:
    """The window an event must fall in, or after which it comes by itself, and its decision.

    Of several ``rules`` the first that applies counts, such as one for each way to read it.
    """

    decision: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """An event a lifecycle allows: from any of ``sources`` (none: it opens a thing) to ``target``.

    ``partial`` tells whether it may move a part of a lot, and ``rest`` the state to which what is
    left then goes (empty: it stays); ``sets`` is what the thing carries from
    then on, where it did not yet; ``by`` is the window it must fall in,
    ``past`` the one after which it comes by itself.
    """

    name: str
    label: Wording
    sources: tuple[str, ...]
    target: str
    partial: bool = False
    follows: Follows | None = None
    by: EventWindow | None = None
    past: EventWindow | None = None
    citation: Citation | None = None
    sets: tuple[str, ...] = ()
    rest: str = ""

    def list_targets(self) -> tuple[str, ...]:
        """Return the states it leads to."""
        return (self.target, self.rest) if self.rest else (self.target,)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What a kind of thing may go through.

    ``currency`` is empty where its things have no amount. ``tells`` maps facts of a case about a
    thing to what the thing says of them: ``amount``, ``amount.<state>``, ``<state>_at``,
    ``<state>_on``, ``is_<state>`` or something it carries.
    """

    name: str
    label: Wording
    currency: str
    carries: Mapping[str, Carried]
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    tells: Mapping[str, str]

    def list_set_later(self) -> frozenset[str]:
        """Return what a thing may come to carry only after it was opened."""
        return frozenset(name for way in self.transitions.values() for name in way.sets)


class Measure(StrEnum):
    """What a balance takes of the lots it finds."""

    SUM = "sum"
    COUNT = "count"
    DISTINCT = "distinct"
    FIRST = "first"
    LAST = "last"
    HOLDS = "holds"
    SET = "set"
    RECORDS = "records"


UNKNOWN: Final = "unknown"
"""Stands in the place of the fact that holds where a balance finds no day."""


class SpanKind(StrEnum):
    """Which days a balance looks at."""

    LIFETIME = "lifetime"
    CALENDAR_YEAR = "calendar_year"
    CALENDAR_QUARTER = "calendar_quarter"
    CALENDAR_MONTH = "calendar_month"
    ROLLING = "rolling"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Within:
    """The span of a balance or a pool.

    ``lasts`` is the parameter of a rolling span: the days after ``anchor`` minus it, up to and with
    ``anchor``. ``opens`` and ``closes`` are the facts that bound one given by the case; an empty
    ``opens`` takes in all that came before. Where either of two is none the calendar year of
    ``anchor`` stands in. ``anchor`` is the date fact that picks the year, empty for the day the
    decision goes by.
    """

    kind: SpanKind
    anchor: str = ""
    lasts: str = ""
    opens: str = ""
    closes: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """A value read from history, and the input it fills, whose ``name`` it has.

    ``per`` names what the lots and the case must agree in: things carried, or the lifecycle itself
    for the thing decided about; empty where all there are count. ``dated_by`` is the state whose
    entry dates a lot, or a date its thing carries (empty: any time). ``of`` is what is measured
    beside the amount: something carried (distinct, set), or a state or a date carried (first,
    last). ``others_only`` leaves out the thing decided about; ``with_related`` adds up everyone in
    the same group; ``across`` names other rulesets whose lots of the same lifecycle count too, and
    then ``standings`` says which do, instead of ``states``. ``otherwise`` is the date fact that
    holds where no day is found, or ``unknown`` (empty: none holds). ``fields`` maps the fields of a
    list of records, by their full name, to what each thing says of them: as a lifecycle ``tells``,
    or ``state``.
    """

    name: str
    measure: Measure
    lifecycle: str
    states: tuple[str, ...]
    per: tuple[str, ...]
    dated_by: str
    within: Within
    of: str = ""
    standings: tuple[Standing, ...] = ()
    others_only: bool = False
    with_related: bool = False
    across: tuple[str, ...] = ()
    otherwise: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pool:
    """What grants are paid from: money or, with a ``unit``, places: one for each thing.

    ``takes`` are the states of ``lifecycle`` that take from it, ``per`` its envelopes, ``partial``
    whether the last grant may be cut to what is left; ``order`` the rules that rank the queue, in
    turn; ``waits`` the event entered for who finds it empty (empty: turned away); ``fills`` the
    fact that is told what is left (empty: none).
    """

    name: str
    label: Wording
    lifecycle: str
    takes: tuple[str, ...]
    per: tuple[str, ...]
    dated_by: str
    within: Within
    partial: bool
    order: tuple[str, ...]
    waits: str = ""
    fills: str = ""
    citation: Citation | None = None
    unit: str = ""

    def type_in(self, lifecycle: Lifecycle) -> Type:
        """Return the type of what is put in, taken and left."""
        if self.unit:
            return Type(Kind.COUNT, self.unit)
        return Type(Kind.MONEY, lifecycle.currency)


@dataclass(frozen=True, slots=True)
class Histories:
    """All a ruleset says of histories; empty where it says nothing."""

    lifecycles: Mapping[str, Lifecycle]
    balances: Mapping[str, Balance]
    """By the name of the input they fill; only those whose lifecycle is declared."""
    pools: Mapping[str, Pool]
