"""Comes in: nothing. Goes out: the shape of what a ruleset rests on beside its own file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.values.model import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Library:
    """The calendar a ruleset names, and the rulesets it uses, by the names it uses them under."""

    calendar: WorkingCalendar | None = None
    rulesets: Mapping[str, CheckedRuleset] = field(default_factory=dict)
