"""Comes in: a program and a day. Goes out: a case of that day in which as much as can goes well.

Invented cases are spread around it: a requirement is mostly met because this case tells which way
it is met. Unknowns are settled one after the other, each the way that keeps the best outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import isqrt
from typing import Final

from voucher_rules.decision.boxes import Box, Meter, measure_ranges
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.law import Options, split_case_by_law
from voucher_rules.decision.live import list_live
from voucher_rules.decision.ordinals import value_at
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.probes import list_parts
from voucher_rules.decision.trace import Status
from voucher_rules.language.records import name_field, split_field
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import (
    CURRENCIES,
    NONE,
    AnyText,
    Exact,
    Interval,
    OneOf,
    Ordered,
    SetBetween,
    Unknown,
    Value,
)

BUDGET: Final = 2_000
"""How many evaluations finding the case may spend, and as many again where that is hard."""
_GOOD: Final = (0, 0)
_BEST: Final = (Outcome.DETERMINED, Outcome.GRANTED, Outcome.REFERRED, Outcome.DENIED)
_AGAINST: Final = frozenset({Status.FAILED, Status.SOFT_FAILED, Status.OPEN})
_NOON: Final = time(12)
_NEAR: Final = (0, -1, -30, -400, -1_200, 1, 30)
"""How many days from the day of a case its other days are tried first."""
_FAR: Final = timedelta(days=7_000)
"""Days further apart than this have nothing to do with each other."""
ROUNDS: Final = 3
"""How often every fact that something fails on is tried otherwise."""
LENGTHS: Final = (0, 1, 2, 3, 5, 10, 20)
"""How many records alike a list is tried with."""
FAR_ABOVE: Final = 100
"""An amount is not tried beyond so many times the greatest that is typical."""
_TYPICAL_MONEY: Final = (1_000, 1_000_000)
"""In the main unit, where a ruleset names no amount at all."""
INVENTED: Final = "invented"
"""What begins every invented name."""


def rank_outcomes(evaluation: Evaluation) -> int:
    """Return how good the best outcome still possible is; the least number is the best."""
    found = [place for place, item in enumerate(_BEST) if item in evaluation.outcomes]
    return min(found, default=len(_BEST))


def make_options(program: Program, *, assume_in_force: bool = True) -> Options:
    """Return what cases are invented under: every reading as by default, in force throughout."""
    readings = {name: item.default for name, item in program.ruleset.readings.items()}
    return Options(readings, assume_in_force)


def open_box(program: Program, day: date) -> Box:
    """Return a case of a day of which nothing else is known; each list has one record or none."""
    box: dict[str, Value] = {}
    for name, item in program.inputs.items():
        is_finding = item.role is Role.FINDING
        box[name] = Unknown(item.domain.domain) if is_finding else item.domain
    for spec in program.lists.values():
        for name, item in spec.fields.items():
            box[name_field(spec.name, 1, name.removeprefix(f"{spec.name}."))] = item.domain
    box[program.decision.as_of] = day
    return split_case_by_law(program, box)[0]


def find_good_case(program: Program, days: Sequence[date]) -> Box:
    """Return a case in which as much as can goes well, on the first of some days that allows it."""
    meter = Meter(program, make_options(program), BUDGET)
    found: list[tuple[tuple[Exact, ...], Box]] = []
    for day in days:
        box = _mend_singly(meter, _settle_live(meter, open_box(program, day)))
        found.append((rank_case(meter.evaluate(box)), box))
        if found[-1][0][:2] == _GOOD or meter.is_spent:
            break
    best = max(found, key=lambda pair: pair[0])[1]
    meter.limit = meter.spent + BUDGET
    return _mend(meter, best)


def settle_rest(program: Program, options: Options, box: Box) -> Box:
    """Return a box with what is still unknown settled, in the way that keeps the best outcome."""
    return _settle_live(Meter(program, options, BUDGET), box)


def _settle_live(meter: Meter, box: Box) -> Box:
    """Settle the unknowns that matter, one after the other, and then the rest."""
    evaluation = meter.evaluate(box)
    while not meter.is_spent:
        live = [name for name in list_live(meter.program, evaluation, box) if name in box]
        parts = _list_parts(meter, box, live[0], evaluation) if live else []
        tried = [(part, meter.evaluate({**box, live[0]: part})) for part in parts]
        if not tried:
            break
        # the document leaves it open: the widest of what would do, not the narrowest
        order = reversed(tried) if live[0] in meter.program.parameters else tried
        part, evaluation = max(order, key=lambda pair: rank_case(pair[1]))
        box = {**box, live[0]: part}
    return {name: _settle(name, value, meter, box) for name, value in box.items()}


def _list_parts(meter: Meter, box: Box, name: str, evaluation: Evaluation) -> list[Value]:
    """Return values of an unknown worth trying; of dates, none that is far from the case."""
    found = list_parts(meter, box, name, evaluation)
    parts: list[Value] = [x for x in found if not isinstance(x, Unknown)]
    if meter.type_of(name).kind is Kind.MONEY:
        least, most = find_typical_money(meter.program)
        middle = value_at(isqrt(least * most), 0, meter.type_of(name))
        bounds = find_bounds(meter.program, name)
        allowed = bounds is not None and bounds[0] <= middle <= bounds[1]  # type: ignore[operator]
        parts += [middle] if allowed else []
        return [x for x in parts if not isinstance(x, int) or x <= FAR_ABOVE * most]
    near, bounds = _find_near_day(meter, box, name), find_bounds(meter.program, name)
    if near is None or bounds is None:
        return parts
    around = [near + timedelta(days=days) for days in _NEAR]
    inside = [x for x in around if bounds[0] <= x <= bounds[1]]  # type: ignore[operator]
    return [*inside, *(x for x in parts if not isinstance(x, date) or abs(x - near) < _FAR)]


def _find_near_day(meter: Meter, box: Box, name: str) -> date | None:
    """Return the day of the case, or noon of it, as a value of a date that may be it."""
    day, bounds = box[meter.program.decision.as_of], find_bounds(meter.program, name)
    kind = meter.type_of(name).kind
    if bounds is None or not isinstance(day, date) or kind not in {Kind.DATE, Kind.INSTANT}:
        return None
    zone = meter.program.ruleset.zone
    near = day if kind is Kind.DATE else datetime.combine(day, _NOON, zone)
    return near if bounds[0] <= near <= bounds[1] else None  # type: ignore[operator]


def find_typical_money(program: Program) -> tuple[int, int]:
    """Return from where to where amounts lie: from a tenth of the least a ruleset names upwards."""
    money = [x for x in program.parameters.values() if x.type.kind is Kind.MONEY]
    values = [item.value for parameter in money for item in parameter.values]
    told = [int(x) for x in values if isinstance(x, int | Fraction) and x > 0]
    if told:
        return max(min(told) // 10, 1), max(told) * 10
    unit = 10 ** CURRENCIES[program.ruleset.currency].digits
    return _TYPICAL_MONEY[0] * unit, _TYPICAL_MONEY[1] * unit


def rank_case(evaluation: Evaluation) -> tuple[Exact, ...]:
    """Return how well a case goes: the outcome, how little stands against it, the amounts."""
    failing = sum(
        item.statuses <= _AGAINST for item in evaluation.rules.values() if item.rule.decides
    )
    failing += sum(
        limit.counted == 0 for item in evaluation.amounts.values() for limit in item.limits
    )
    highest = sum((item.high for item in measure_ranges(evaluation).values()), start=0)
    return (-max(rank_outcomes(evaluation) - 1, 0), -failing, highest, -len(evaluation.outcomes))


def _settle(name: str, value: Value, meter: Meter, box: Box) -> Value:
    """Return any value of one that does not matter."""
    if isinstance(value, str) and value.startswith("\0"):
        return f"{INVENTED}-{name}"
    if not isinstance(value, Unknown):
        return value
    if meter.type_of(name).kind is Kind.LIST:
        return 1
    near = _find_near_day(meter, box, name)
    if near is not None:
        return near
    match value.domain:
        case Interval(low, _):
            return low
        case OneOf(options):
            return min(options, key=str)
        case SetBetween(certain, _):
            return certain
        case AnyText():
            return f"{INVENTED}-{name}"
        case _:
            return NONE


def _mend(meter: Meter, box: Box) -> Box:
    """Change the facts that something fails on, each together with what that then calls for."""
    evaluation = meter.evaluate(box)
    if rank_case(evaluation)[:2] == _GOOD:
        return box
    for name in _list_suspects(meter.program, evaluation):
        for changed in _list_changes(meter, box, name, evaluation):
            if meter.is_spent:
                return box
            other = _mend_singly(meter, {**box, **changed}, rounds=1)
            if rank_case(meter.evaluate(other))[:2] > rank_case(evaluation)[:2]:
                return _mend(meter, other)
    return box


def _mend_singly(meter: Meter, box: Box, rounds: int = ROUNDS) -> Box:
    """Change the facts that something fails on, one at a time, while that makes it better."""
    best = meter.evaluate(box)
    for _ in range(rounds):
        before = rank_case(best)
        for name in _list_suspects(meter.program, best):
            for changed in () if meter.is_spent else _list_changes(meter, box, name, best):
                evaluation = meter.evaluate({**box, **changed})
                if rank_case(evaluation)[:2] > rank_case(best)[:2]:
                    box, best = {**box, **changed}, evaluation
        if rank_case(best)[:2] <= before[:2] or meter.is_spent:
            break
    return box


def _list_suspects(program: Program, evaluation: Evaluation) -> list[str]:
    """Return the facts behind every rule that stands against the case, and every amount of zero."""
    names: dict[str, None] = {}
    waiting = [item.rule for item in evaluation.rules.values() if item.statuses & _AGAINST]
    for name, amount in evaluation.amounts.items():
        if amount.amount == 0:
            waiting += [x for x in program.rules if x.id in program.setters[name]]
            names[program.decision.outputs[name].requested] = None
    seen: set[str] = set()
    while waiting:
        rule = waiting.pop()
        if rule.id in seen:
            continue
        seen.add(rule.id)
        read = [name for term in rule.terms() for name in term.names(*Role)]
        names |= dict.fromkeys(read)
        if rule.id in program.calls:
            names |= dict.fromkeys(program.calls[rule.id].inputs)
        setting = {setter for name in read for setter in program.setters.get(name, ())}
        waiting += [x for x in program.rules if x.id in setting]
    own = {*names, *(name_field(x.partition(".")[0], 1, x.partition(".")[2]) for x in names)}
    day = program.decision.as_of
    return [name for name in list_names(program) if name in own and name != day]


def _list_changes(
    meter: Meter, box: Box, name: str, evaluation: Evaluation
) -> Iterator[Mapping[str, Value]]:
    """Yield what else a fact might be; a list with more records, as good as they can be."""
    if name in meter.program.lists:
        yield from _list_lengths(meter, box, name)
        return
    unset = {**box, name: meter.program.find_input(name).domain}
    parts = _list_parts(meter, unset, name, evaluation)
    parts += list_own_options(meter.program, name)
    whole = next((part for part in parts if isinstance(part, frozenset)), frozenset())
    parts += [whole - {member} for member in sorted(whole)]
    yield from (dict.fromkeys(list_like(box, name), part) for part in parts)


def _list_lengths(meter: Meter, box: Box, name: str) -> Iterator[Mapping[str, Value]]:
    spec = meter.program.lists[name]
    for count in (length for length in LENGTHS if length <= spec.most and not meter.is_spent):
        records = {
            name_field(name, number, field.removeprefix(f"{name}.")): item.domain
            for number in range(1, count + 1)
            for field, item in spec.fields.items()
        }
        settled = _settle_live(meter, {**box, name: count, **records})
        yield {name: count, **{key: settled[key] for key in records}}


def list_like(box: Box, name: str) -> list[str]:
    """Return a fact, or a field of a record in each record there is."""
    listed, field = split_field(name)
    if not listed:
        return [name]
    short = field.removeprefix(f"{listed}.")
    return [key for key in box if split_field(key) == (listed, field)] or [
        name_field(listed, 1, short)
    ]


def list_own_options(program: Program, name: str) -> list[Value]:
    """Return the options of a choice or of yes and no, in the order declared; else nothing."""
    declared = program.find_input(name)
    domain, _ = split_value(declared.domain)
    if not isinstance(domain, OneOf):
        return []
    if declared.type.kind is Kind.BOOLEAN:
        return [True, False]
    return [option for option in declared.type.options if option in domain.options]


def find_bounds(program: Program, name: str) -> tuple[Ordered, Ordered] | None:
    """Return the least and the greatest an ordered fact may be; None for anything else."""
    domain, _ = split_value(program.find_input(name).domain)
    return (domain.low, domain.high) if isinstance(domain, Interval) else None


def list_names(program: Program) -> list[str]:
    """Return what a row may state: the inputs, the fields of a first record after their list."""
    names: list[str] = []
    for name in program.inputs:
        names.append(name)
        if name in program.lists:
            fields = (item.removeprefix(f"{name}.") for item in program.lists[name].fields)
            names += [name_field(name, 1, field) for field in fields]
    return names
