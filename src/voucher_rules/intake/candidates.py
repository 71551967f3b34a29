"""Comes in: a quantity of a provision. Goes out: the parameter it may become, in YAML terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from voucher_rules.intake.quantities import Quantity
from voucher_rules.ruleset.refs import read_ref
from voucher_rules.values.model import CURRENCIES, Exact, Period, PeriodUnit
from voucher_rules.values.read import MAX_DIGITS, TextValueError, read_date
from voucher_rules.values.write import count_decimals, write_decimal, write_period, write_ratio

_LARGE: Final = (("亿元", 10**10), ("万元", 10**6), ("元", 100))
_MOST: Final = 10**15


@dataclass(frozen=True, slots=True)
class Candidate:
    """A parameter proposed for a quantity."""

    name: str
    kind: str
    value: str
    unit: str
    quantity: Quantity


def propose_parameters(
    quantities: Iterable[Quantity],
) -> Iterator[tuple[Quantity, Candidate | None]]:
    """Pair each quantity with a parameter of its own name, or with None where no type fits it."""
    used: dict[str, int] = {}
    for quantity in quantities:
        shape = _shape(quantity)
        if shape is None:
            yield quantity, None
            continue
        kind, value, unit = shape
        stem = f"{kind}_{_number_ref(quantity.ref) or 'text'}"
        used[stem] = used.get(stem, 0) + 1
        name = f"{stem}_{used[stem]}" if used[stem] > 1 else stem
        yield quantity, Candidate(name, kind, value, unit, quantity)


def write_amount(quantity: Quantity) -> str:
    """Write a quantity the way people compare it: ``20万元``, ``2/3``, ``1月15日``."""
    shape = _shape(quantity)
    if shape is not None:
        return shape[1]
    number = quantity.number
    if not isinstance(number, int):
        return quantity.text
    high, low = divmod(number, 100)
    match quantity.kind:
        case "month_day":
            return f"{high}月{low}日"
        case "year_month":
            return f"{high}年{low}月"
        case "year" | "month" | "day":
            return f"{number}{ {'year': '年', 'month': '月', 'day': '日'}[quantity.kind] }"
        case "rank" if number:
            return f"{number}{quantity.unit}"
    return quantity.text


def _shape(quantity: Quantity) -> tuple[str, str, str] | None:
    """Return type, value and unit as a ruleset writes them; None where no type holds it."""
    number = quantity.number
    match quantity.kind:
        case "money":
            return _shape_money(number, quantity.unit)
        case "ratio" if 0 <= number <= 1 and _is_short(number):
            return ("ratio", write_ratio(number), "")
        case "ratio" | "number" if quantity.unit in {"", "倍"} and _is_short(number):
            return ("number", write_decimal(number), "") if _is_decimal(number) else None
        case "count" if isinstance(number, int) and number <= 10**9:
            return ("count", f"{number}{quantity.unit}", quantity.unit)
        case "period" if isinstance(number, int) and number <= 10**4:
            unit = PeriodUnit(quantity.unit)
            return ("period", write_period(Period(number, unit), "zh"), str(unit))
        case "date":
            return _shape_date(number)
        case "clock" if isinstance(number, int) and number < 2400:  # noqa: PLR2004 - the day's end
            return ("time", f"{number // 100:02}:{number % 100:02}", "")
    return None


def _is_short(number: Exact) -> bool:
    fraction = Fraction(number)
    return max(len(str(fraction.numerator)), len(str(fraction.denominator))) <= MAX_DIGITS


def _is_decimal(number: Exact) -> bool:
    return count_decimals(Fraction(number)) is not None


def _shape_money(number: Exact, code: str) -> tuple[str, str, str] | None:
    if not isinstance(number, int) or number > _MOST:
        return None
    if code != "CNY":
        main = Fraction(number) / 10 ** CURRENCIES[code].digits
        return ("money", f"{write_decimal(main)} {code}", code)
    for unit, size in _LARGE:
        scaled = Fraction(number) / size
        if scaled >= 1 and (unit == "元" or (scaled * 100).denominator == 1):
            return ("money", f"{write_decimal(scaled)}{unit}", "")
    return ("money", f"{write_decimal(Fraction(number) / 100)}元", "")


def _shape_date(number: Exact) -> tuple[str, str, str] | None:
    text = str(number)
    written = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    try:
        read_date(written)
    except TextValueError:
        return None
    return ("date", written, "")


def _number_ref(ref: str) -> str:
    """Return the numbers of a reference: 第五条（二） gives ``5_2``."""
    parts = [part for part in read_ref(ref) if part.kind != "word"]
    if parts:
        return "_".join(str(part.number) for part in parts)
    return "_".join(re.findall("[0-9]+", ref))
