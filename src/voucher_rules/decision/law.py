"""Comes in: a program and a day, known or not. Goes out: the law of it: values, force, turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from voucher_rules.checked.model import WITHOUT_FORCE, CheckedRuleset
from voucher_rules.checked.symbols import Parameter, Wording
from voucher_rules.meaning.unknowns import FALSE, TRUE, Truth, Truths, make_value, split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import AnyText, Interval, Mark, Unknown, Value

FIRST_DAY: Final = "document.effective.from"
"""What the first day of a document is called where it is missing, or stated by another."""
FIRST_DAY_LABEL: Final = Wording("该办法的施行日期", "the first day the measure is in force")


@dataclass(frozen=True, slots=True)
class Options:
    """What a decision is taken under beside the facts.

    That is how disputed provisions are read, and whether the document is assumed to be in force.
    ``placed_by`` cites the rule of transition that places the case under the document whatever day
    fixes the law; it is empty where none does. ``undated_is_no`` takes a document that states no
    first day for one not in force, as the first semantics did and as calls to other documents do.
    """

    readings: Mapping[str, str]
    assume_in_force: bool = False
    placed_by: str = ""
    undated_is_no: bool = False


def find_parameter(parameter: Parameter, day: object) -> Value:
    """Return a parameter's value on a day; unknown where none holds or it was left unset."""
    dated = parameter.value_on(day) if isinstance(day, date) else None
    if dated is None or dated.value is None:
        return parameter.domain if parameter.entered is None else Unknown(AnyText())
    return dated.value


def list_turns_of(parameter: Parameter) -> list[date]:
    """Return the days on which a parameter takes another value."""
    starts = [item.start for item in parameter.values if item.start]
    ends = [item.until for item in parameter.values if item.until and item.until < date.max]
    return sorted({*starts, *(day + timedelta(days=1) for day in ends)})


def find_in_force(ruleset: CheckedRuleset, as_of: Value, options: Options) -> Truths:
    """Return whether the document is in force on the day: surely, surely not, or maybe.

    A draft and a repealed document are in force only by assumption. Of any other that states no
    first day nobody knows it until somebody states that day.
    """
    if options.assume_in_force or options.placed_by:
        return TRUE
    if is_start_unknown(ruleset, options):
        return frozenset({True, False})
    start = find_start(ruleset, options.readings)
    domain, _ = split_value(as_of)
    if start is None or ruleset.document.status in WITHOUT_FORCE:
        return FALSE
    if not isinstance(domain, Interval):
        return frozenset({True, False})
    until = ruleset.document.until or date.max
    truths: set[Truth] = set()
    if domain.high >= start and domain.low <= until:  # type: ignore[operator]
        truths |= {True}
    if domain.low < start or domain.high > until:  # type: ignore[operator]
        truths |= {False}
    return frozenset(truths)


def is_start_unknown(ruleset: CheckedRuleset, options: Options) -> bool:
    """Return whether it is not known if the document is in force, for want of its first day."""
    if options.assume_in_force or options.placed_by or options.undated_is_no:
        return False
    return is_undated(ruleset)


def is_undated(ruleset: CheckedRuleset) -> bool:
    """Return whether a document that may have force states no first day."""
    return not ruleset.document.starts and ruleset.document.status not in WITHOUT_FORCE


def find_start(ruleset: CheckedRuleset, readings: Mapping[str, str]) -> date | None:
    """Return the first day the document is in force under these readings; None: it states none."""
    starts = ruleset.document.starts
    option = readings.get(ruleset.document.start_reading, "")
    return starts.get(option)


def split_by_law(program: Program, box: Mapping[str, Value]) -> list[Mapping[str, Value]]:
    """Return a box cut into parts in which one law holds, where its day is not known."""
    name = program.decision.as_of
    domain, marks = split_value(box[name])
    if not isinstance(domain, Interval) or domain.low == domain.high:
        return [box]
    low, high = domain.low, domain.high
    if not isinstance(low, date) or not isinstance(high, date):
        return [box]
    starts = sorted(day for day in _list_turns(program) if low < day <= high)
    ends = [day - timedelta(days=1) for day in starts] + [high]
    pairs = zip([low, *starts], ends, strict=True)
    return [{**box, name: make_value(Interval(first, last), marks)} for first, last in pairs]


def _list_turns(program: Program) -> set[date]:
    document = program.ruleset.document
    turns = set(document.starts.values())
    if document.until and document.until < date.max:
        turns.add(document.until + timedelta(days=1))
    for parameter in program.parameters.values():
        turns |= set() if parameter.on else set(list_turns_of(parameter))
    return turns


def _add_unset(program: Program, box: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the box with every parameter that has no value on its day among the unknowns."""
    found = {
        name: find_parameter(item, _find_picking_day(program, box, item))
        for name, item in program.parameters.items()
        if not _waits_for_day(box, item)
    }
    return {**box, **{name: item for name, item in found.items() if isinstance(item, Unknown)}}


def _find_picking_day(program: Program, box: Mapping[str, Value], parameter: Parameter) -> object:
    """Return the first of the days that may pick a parameter's value; all pick the same."""
    domain, _ = split_value(box[parameter.on or program.decision.as_of])
    return domain.low if isinstance(domain, Interval) else None


def _waits_for_day(box: Mapping[str, Value], parameter: Parameter) -> bool:
    """Return whether a day of its own must be told before it is known which value is meant."""
    if not parameter.on or all(dated.value is None for dated in parameter.values):
        return False
    return isinstance(box[parameter.on], Unknown | Mark)


def split_case_by_law(program: Program, box: Mapping[str, Value]) -> list[Mapping[str, Value]]:
    """Return the box cut into parts in which one law holds, with what that law leaves unset."""
    return [_add_unset(program, part) for part in split_by_law(program, box)]
