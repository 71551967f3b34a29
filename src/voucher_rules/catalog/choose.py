"""Comes in: a chronicle, and a day or the days of a case. Goes out: the edition, and by which day.

Where no edition is in force the error names the editions before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from voucher_rules.catalog.chronicle import Chronicle, Standing, View
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetNotFoundError
from voucher_rules.ruleset.names import suggest_name

FindDay: TypeAlias = Callable[[str], date | None]
"""Returns the day a fact states, or None where it is not known."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A day by which an edition was found or passed over: of which fact, under which edition."""

    fact: str
    day: date | None
    edition: str
    ref: str
    """The provision of the rule of transition that names the fact; empty where none does."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The edition a case falls under, the days that told, and whether a rule of transition did."""

    standing: Standing
    counted: tuple[Counted, ...]

    @property
    def by_transition(self) -> Counted | None:
        """The day of the last rule of transition that had a say, if any had."""
        return next((x for x in reversed(self.counted) if x.ref), None)


def find_on(chronicle: Chronicle, on: date, known: date | None, view: View) -> Standing:
    """Return the edition in force on a day. Raises :class:`RulesetNotFoundError` where none is."""
    for standing in view.list_on(on):
        return standing
    raise _tell_absent(chronicle, on, known, view)


def choose_edition(
    chronicle: Chronicle, decision: str, find_day: FindDay, known: date | None, view: View
) -> Choice:
    """Return the edition a case falls under.

    From the last edition back, the day that counts is asked for: that of the rule of transition,
    else that which fixes the law. The first edition that has begun by it is the one. Raises
    :class:`RulesetNotFoundError` where none is in force and :class:`InputError` where a day that
    matters is not known.
    """
    facts = _list_facts(decision, view)
    counted: list[Counted] = []
    for item in reversed(view.standings):
        day = _count(item, decision, facts[item.edition], find_day)
        counted.append(day)
        last = item is view.standings[0]
        if day.day is None and not last:
            named = {"name": chronicle.id, "fact": day.fact}
            raise InputError([Diagnostic("edition-day-unknown", named, path=day.fact)])
        if day.day is None or day.day >= item.start:
            made = Choice(item, tuple(counted))
            _check_not_over(chronicle, made, known, view)
            return made
    raise _tell_absent(chronicle, counted[-1].day if counted else None, known, view)


def _list_facts(decision: str, view: View) -> Mapping[str, str]:
    """Return the fact that fixes the law of a decision, for each edition.

    One that does not have the decision takes that of the next older edition that has, or of the
    oldest. Raises :class:`InputError` where none has it.
    """
    told = {x.edition: x.head.as_of[decision] for x in view.standings if decision in x.head.as_of}
    if view.standings and not told:
        known = sorted({name for x in view.standings for name in x.head.as_of})
        arguments = {"name": decision, "near": suggest_name(decision, known)}
        raise InputError([Diagnostic("unknown-decision", arguments)])
    current = next(iter(told.values()), "")
    facts: dict[str, str] = {}
    for item in view.standings:
        current = told.get(item.edition, current)
        facts[item.edition] = current
    return facts


def _count(item: Standing, decision: str, fact: str, find_day: FindDay) -> Counted:
    rules = [x for x in item.head.succession.transitions if x.decision == decision]
    if rules:
        return Counted(rules[0].by, find_day(rules[0].by), item.edition, rules[0].ref)
    return Counted(fact, find_day(fact), item.edition, "")


def _check_not_over(chronicle: Chronicle, made: Choice, known: date | None, view: View) -> None:
    """Check that the edition found had not ended by itself before the day that counts.

    That is the day by which the next edition was passed over, for the last edition its own.
    """
    last, counts = made.standing.own_until, made.counted[-2:][0]
    if counts.day is not None and last is not None and counts.day > last:
        raise _tell_absent(chronicle, counts.day, known, view)


def _tell_absent(
    chronicle: Chronicle, on: date | None, known: date | None, view: View
) -> RulesetNotFoundError:
    """Return why no edition is in force on a day; None where not even the day is known."""
    later = None if known is None else _find_later(chronicle, on, known, view.readings)
    if later is not None:
        told = {"name": chronicle.id, "known": str(known)}
        told |= {"published": str(later[0]), "edition": later[1]}
        item = Diagnostic("edition-in-force-not-known", told)
        if on is not None:
            item = Diagnostic("edition-not-known-yet", told | {"on": str(on)})
    elif not view.standings or on is None:
        item = _tell_without_days(chronicle, known, view)
    else:
        item = _tell_beside(chronicle.id, on, view)
    return RulesetNotFoundError([item])


def _tell_beside(name: str, on: date, view: View) -> Diagnostic:
    """Tell of a day without an edition by those before and after it."""
    before = [x for x in view.standings if x.until is not None and x.until < on]
    after = [x for x in view.standings if x.start > on]
    told = {"name": name, "on": str(on)}
    if not before:
        told |= {"edition": after[0].edition, "start": str(after[0].start)}
        return Diagnostic("edition-before-first", told)
    told |= {"until": str(before[-1].until)}
    if not after:
        return Diagnostic("edition-after-last", told | {"edition": before[-1].edition})
    told |= {"before": before[-1].edition}
    told |= {"after": after[0].edition, "start": str(after[0].start)}
    return Diagnostic("edition-in-gap", told)


def _tell_without_days(chronicle: Chronicle, known: date | None, view: View) -> Diagnostic:
    """Tell that no edition that was known is in force on any day."""
    if not view.idle:
        first = min(str(x.published) for x in chronicle.heads.values())
        told = {"name": chronicle.id, "known": str(known), "published": first}
        return Diagnostic("edition-none-known", told)
    editions = ", ".join(f"{x.edition} ({x.status})" for x in view.idle)
    told = {"name": chronicle.id, "editions": editions}
    return Diagnostic("edition-never-in-force", told)


def _find_later(
    chronicle: Chronicle, on: date | None, known: date, readings: Mapping[str, str]
) -> tuple[date, str] | None:
    """Return the first day after ``known`` on which an edition in force ``on`` a day is known."""
    days = {x.published for x in chronicle.heads.values() if x.published is not None}
    for day in sorted(x for x in days if x > known):
        view = chronicle.view(day, readings)
        for standing in view.standings if on is None else view.list_on(on):
            return day, standing.edition
    return None
