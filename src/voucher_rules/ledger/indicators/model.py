"""Comes in: nothing. Goes out: the shape of an indicator, and the settings of the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from voucher_rules.checked.symbols import Wording


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money in minor units."""

    value: int
    currency: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the library's own, by its key, such as ``outcome.granted``."""

    key: str


Told: TypeAlias = str | int | date | datetime | Sum | Word | Wording
"""What fills a slot of a text; moments are in the local time of the ruleset."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know when reading an indicator; ``code`` selects its text."""

    code: str
    arguments: Mapping[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something in a ledger that an auditor may want to look at.

    ``code`` selects its text, which ``arguments`` and ``amounts`` fill. ``things`` and ``parties``
    (what is carried, and who) are those it is about; ``entries`` are what it rests on, by name;
    ``first`` and ``last`` are the moments between which it lies.
    """

    code: str
    ruleset: str
    first: datetime
    last: datetime
    entries: tuple[str, ...]
    things: tuple[str, ...] = ()
    parties: tuple[tuple[str, str], ...] = ()
    amounts: Mapping[str, Sum] = field(default_factory=dict)
    arguments: Mapping[str, Told] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Burst:
    """More than ``most`` things within less than ``span`` are a burst."""

    most: int
    span: timedelta


HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the checks go by where no document sets it. Limits are never here: a ruleset has them.

    ``parties`` are what things carry of the two sides, who is paid for first. Things opened up to
    ``split_days`` apart may be parts of one; things under several rulesets up to ``double_days``
    apart may be for the same service. ``bursts`` tell how many things in how short a time are many.
    """

    parties: tuple[str, str] = ("enterprise", "provider")
    split_days: int = 30
    double_days: int = 365
    bursts: tuple[Burst, ...] = (Burst(10, HOUR), Burst(20, DAY))
