"""Comes in: the inputs of a kernel. Goes out: for each a function from what is stated to its value.

Each judges as ``decision.case`` does, for what programs usually state. Anything else it leaves to
that door: it raises :class:`NoRowError`, or what that door itself raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, TypeAlias

from voucher_rules.checked.domains import MOST_PERIOD
from voucher_rules.checked.symbols import Input
from voucher_rules.compiled.days import count_moment
from voucher_rules.compiled.inputs import count_low
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.compiled.rows import NoRowError, make_plain
from voucher_rules.decision.stated import RefusedError, check_bounds, read_value
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.values.model import CURRENCIES, Interval, Period, PeriodUnit, take_number
from voucher_rules.values.read import FIRST_DAY, LAST_DAY, MAX_DIGITS

_WIDEST: Final = 10**MAX_DIGITS
_WRITTEN: Final = frozenset({Shape.DAY, Shape.INSTANT, Shape.TIME, Shape.PERIOD, Shape.NUMBER})
"""What is often stated as text, and takes long to read."""
_REMEMBERED: Final = 512
"""How many texts of one fact are remembered."""
Judge: TypeAlias = Callable[[Any], Any]
"""Takes what is stated of a fact; returns what stands for it in a row."""


def make_judge(program: Program, declared: Input, item: KernelInput) -> Judge:
    """Return the judge of one fact: the usual door's own judgement, on one value."""
    if item.shape is Shape.LIST:
        return _judge_list(program, item)
    usual = _judge_value(declared, item, program.ruleset.zone)
    if item.shape in _WRITTEN:
        usual = _remember_texts(usual)
    match item.shape:
        case Shape.BOOL:
            return _judge_truth(usual)
        case Shape.DAY:
            return _judge_day(declared, usual)
        case Shape.CODE:
            return _judge_choice(declared, usual, program.ruleset.zone)
        case Shape.SET:
            return _judge_set(declared, usual)
        case Shape.NUMBER:
            return _judge_number(declared, usual)
        case Shape.INSTANT:
            return _judge_instant(declared, usual, program.ruleset.zone)
        case Shape.PERIOD:
            return _judge_period(item, usual)
        case Shape.TEXT:
            return _judge_text(usual)
        case _:
            return usual


def _judge_value(declared: Input, item: KernelInput, zone: timezone) -> Judge:
    def judge(stated: Any) -> Any:  # noqa: ANN401 - anything may be stated
        if isinstance(stated, Mapping):
            raise NoRowError
        value = read_value(declared, stated, zone)
        check_bounds(declared, value, stated)
        made = make_plain(item, value)
        if made is MISSING:
            raise NoRowError
        return made

    return judge


def _remember_texts(usual: Judge) -> Judge:
    """Judge each text once, as far as there are few: the same days and amounts are stated often."""
    known = lru_cache(maxsize=_REMEMBERED)(usual)

    def judge(stated: Any) -> Any:  # noqa: ANN401
        return known(stated) if type(stated) is str else usual(stated)

    return judge


def list_places(declared: Input, zone: timezone) -> dict[str, int]:
    """Return the place of each option, but of those whose words mean something else."""
    places = {}
    for place, option in enumerate(declared.type.options):
        try:
            if read_value(declared, option, zone) == option:
                places[option] = place
        except RefusedError:
            continue
    return places


def _judge_truth(usual: Judge) -> Judge:
    def judge(stated: Any) -> Any:  # noqa: ANN401
        return stated if stated is True or stated is False else usual(stated)

    return judge


def _judge_day(declared: Input, usual: Judge) -> Judge:
    ends = find_day_ends(declared)
    if ends is None:
        return usual
    low, high = ends

    def judge(stated: Any) -> Any:  # noqa: ANN401
        if type(stated) is not date:
            return usual(stated)
        counted = stated.toordinal()
        return counted if low <= counted <= high else usual(stated)

    return judge


def find_day_ends(declared: Input) -> tuple[int, int] | None:
    """Return the first and the last day a fact may be; None where that is no one span."""
    domain = declared.domain.domain
    if not isinstance(domain, Interval):
        return None
    return count_low(domain.low), -count_low(domain.high, up=True)


def _judge_choice(declared: Input, usual: Judge, zone: timezone) -> Judge:
    places = list_places(declared, zone)

    def judge(stated: Any) -> Any:  # noqa: ANN401
        if type(stated) is str and stated in places:
            return places[stated]
        return usual(stated)

    return judge


def _judge_set(declared: Input, usual: Judge) -> Judge:
    bits = {option: 1 << place for place, option in enumerate(declared.type.options)}
    containers = frozenset({list, tuple, set, frozenset})

    def judge(stated: Any) -> Any:  # noqa: ANN401
        if type(stated) not in containers:
            return usual(stated)
        mask = 0
        for option in stated:
            if type(option) is not str or option not in bits:
                return usual(stated)
            mask |= bits[option]
        return mask

    return judge


def _judge_number(declared: Input, usual: Judge) -> Judge:
    """Judge decimals and fractions; whole numbers are judged before."""
    kind, domain = declared.type, declared.domain.domain
    scale = 10 ** CURRENCIES[kind.unit].digits if kind.kind is Kind.MONEY else 1
    whole = kind.kind in {Kind.MONEY, Kind.COUNT}
    if not isinstance(domain, Interval):
        return usual
    (a, b), (c, d) = (take_number(x).as_integer_ratio() for x in (domain.low, domain.high))

    def judge(stated: Any) -> Any:  # noqa: ANN401
        if type(stated) is Decimal:
            _, digits, exponent = stated.as_tuple()
            if type(exponent) is not int or len(digits) > MAX_DIGITS:
                return usual(stated)
            if not -MAX_DIGITS <= exponent <= MAX_DIGITS:
                return usual(stated)
        elif type(stated) is not Fraction and type(stated) is not int:
            return usual(stated)
        top, bottom = stated.as_integer_ratio()
        top *= scale
        if bottom >= _WIDEST or top * b < a * bottom or top * d > c * bottom:
            return usual(stated)
        if bottom == 1:
            return top
        if not whole:
            return Fraction(top, bottom)
        return top // bottom if top % bottom == 0 else usual(stated)

    return judge


def _judge_instant(declared: Input, usual: Judge, zone: timezone) -> Judge:
    domain = declared.domain.domain
    if not isinstance(domain, Interval):
        return usual
    low, high = count_low(domain.low), -count_low(domain.high, up=True)

    def judge(stated: Any) -> Any:  # noqa: ANN401
        if type(stated) is not datetime or type(stated.tzinfo) is not timezone:
            return usual(stated)
        if not FIRST_DAY.year <= stated.year <= LAST_DAY.year:
            return usual(stated)
        counted = count_moment(stated.astimezone(zone))
        return counted if low <= counted <= high else usual(stated)

    return judge


def _judge_period(item: KernelInput, usual: Judge) -> Judge:
    unit = PeriodUnit(item.type.unit)
    high = min(item.high, MOST_PERIOD[unit])

    def judge(stated: Any) -> Any:  # noqa: ANN401
        whole = type(stated) is Period and type(stated.count) is int and stated.unit is unit
        if whole and max(0, item.low) <= stated.count <= high:
            return stated.count
        return usual(stated)

    return judge


def _judge_text(usual: Judge) -> Judge:
    def judge(stated: Any) -> Any:  # noqa: ANN401
        if type(stated) is str and stated.isprintable():
            return stated
        return usual(stated)

    return judge


def _judge_list(program: Program, item: KernelInput) -> Judge:
    spec = program.ruleset.lists[item.name]
    fields = tuple(
        (x.name.removeprefix(f"{item.name}."), make_judge(program, spec.fields[x.name], x))
        for x in item.fields
    )
    plain, most = [str] * len(fields), item.most

    def judge(stated: Any) -> Any:  # noqa: ANN401
        if type(stated) not in (list, tuple) or len(stated) > most:
            raise NoRowError
        rows = []
        for record in stated:
            # a field that is not known, not declared or no plain text is for the usual door to tell
            if type(record) is not dict or list(map(type, record)) != plain:
                raise NoRowError
            try:
                rows.append(tuple(own(record[name]) for name, own in fields))
            except KeyError:
                raise NoRowError from None
        return tuple(rows)

    return judge


def make_extra_judges(program: Program) -> Mapping[str, Judge]:
    """Return the judges of facts that are declared, but which the decision does not read."""
    judges: dict[str, Judge] = {}
    for name, declared in program.ruleset.inputs.items():
        if name not in program.inputs and name not in program.ruleset.lists:
            judges[name] = _judge_extra(declared, program.ruleset.zone)
    return judges


def _judge_extra(declared: Input, zone: timezone) -> Judge:
    def judge(stated: Any) -> Any:  # noqa: ANN401
        if isinstance(stated, Mapping):
            raise NoRowError
        check_bounds(declared, read_value(declared, stated, zone), stated)

    return judge
