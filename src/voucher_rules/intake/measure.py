"""Comes in: a place where a quantity is written. Goes out: its kind, its exact number, its unit."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from voucher_rules.intake.forms import CURRENCIES
from voucher_rules.intake.numerals import DIGITS, read_numeral
from voucher_rules.values.model import CURRENCIES as MONEY
from voucher_rules.values.model import Exact, PeriodUnit, settle_exact

HOME: Final = "CNY"
_LARGE: Final = {"万": 10**4, "亿": 10**8}
_OF_MONEY: Final = re.compile(
    "资本|资金|金额|收入|投资|资产|经费|补贴|补助|奖励|费用|产值|税|人民币|元"
)
_NEAR: Final = 14
_SPANS: Final[tuple[tuple[str, PeriodUnit, int], ...]] = (
    ("工作日", PeriodUnit.WORKING_DAY, 1),
    ("交易日", PeriodUnit.WORKING_DAY, 1),
    ("自然日", PeriodUnit.DAY, 1),
    ("日历日", PeriodUnit.DAY, 1),
    ("季度", PeriodUnit.MONTH, 3),
    ("月", PeriodUnit.MONTH, 1),
    ("星期", PeriodUnit.DAY, 7),
    ("小时", PeriodUnit.HOUR, 1),
    ("年", PeriodUnit.YEAR, 1),
    ("年度", PeriodUnit.YEAR, 1),
    ("天", PeriodUnit.DAY, 1),
    ("日", PeriodUnit.DAY, 1),
    ("周", PeriodUnit.DAY, 7),
)
_OTHER_SPANS: Final = ("学期", "分钟", "秒")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity by itself."""

    kind: str
    number: Exact
    unit: str = ""
    part: str = ""


def read_amounts(name: str, found: re.Match[str]) -> tuple[Amount, ...]:
    """Read what a pattern found; nothing where it turns out to be no quantity."""
    try:
        return tuple(_READERS[name](found))
    except (ValueError, OverflowError, ZeroDivisionError):
        return ()


def _number(text: str | None) -> Exact:
    value = read_numeral(text or "")
    if value is None:
        raise ValueError(text)
    return value


def _whole(text: str | None) -> int:
    value = _number(text)
    if not isinstance(value, int):
        raise ValueError(text)  # noqa: TRY004 - not what is meant here, whatever its type
    return value


def _read_date(found: re.Match[str]) -> list[Amount]:
    year, month, day = _whole(found[1]), _whole(found[2]), _whole(found[3])
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return [Amount("number", year * 10000 + month * 100 + day)]
    return [Amount("date", year * 10000 + month * 100 + day)]


def _read_clock(found: re.Match[str]) -> list[Amount]:
    hour = _whole(found[1])
    half = found.re.groups > 2 and found[3]  # noqa: PLR2004 - the third group is 半
    minute = 30 if half else _whole(found[2]) if found[2] else 0
    before = found.string[max(0, found.start() - 2) : found.start()]
    if before in {"下午", "晚上"} and hour < 12:  # noqa: PLR2004 - noon
        hour += 12
    return [Amount("clock", hour * 100 + minute)]


def _read_ratio(found: re.Match[str]) -> list[Amount]:
    return [_ratio(_number(found[1]), found[2], found[3])]


def _ratio(number: Exact, unit: str, rest: str = "") -> Amount:
    if unit == "倍":
        return Amount("number", number, "倍")
    tenth = Fraction(DIGITS[rest], 10) if rest and unit == "成" else 0
    size = {"%": 100, "‰": 1000, "个百分点": 100, "成": 10}[unit]
    return Amount("ratio", settle_exact((number + tenth) / Fraction(size)))


def _read_part_of(found: re.Match[str]) -> list[Amount]:
    named = {"百分": 100, "千分": 1000, "万分": 10**4}
    whole = named.get(found[1]) or _number(found[1].removesuffix("分"))
    return [Amount("ratio", settle_exact(Fraction(_number(found[2])) / whole))]


def _read_slash(found: re.Match[str]) -> list[Amount]:
    return [Amount("ratio", settle_exact(Fraction(int(found[1]), int(found[2]))))]


def _money(number: Exact, unit: str) -> Amount:
    code = CURRENCIES.get(unit, HOME)
    minor = settle_exact(Fraction(number) * 10 ** MONEY[code].digits)
    return Amount("money", minor, code)


def _read_money(found: re.Match[str]) -> list[Amount]:
    number = _number(found[1]) * _LARGE.get(found[2] or "", 1)
    if found[4]:
        number += Fraction(_number(found[4]), 10)
    return [_money(number, found[3])]


def _read_sign(found: re.Match[str]) -> list[Amount]:
    return [_money(_number(found[1]), "美元" if found[0].startswith("$") else "元")]


def _read_small(found: re.Match[str]) -> list[Amount]:
    size = 10 if found[2] == "角" else 100
    return [_money(Fraction(_number(found[1])) / size, "元")]


def _period(number: Exact, unit: str) -> Amount:
    for word, kind, size in _SPANS:
        if unit.endswith(word):
            return _shorten(Fraction(number) * size, kind)
    return Amount("count", number, next(x for x in _OTHER_SPANS if unit.endswith(x)))


def _shorten(number: Fraction, kind: PeriodUnit) -> Amount:
    """Half a year is six months; half of anything else that is not whole is a plain number."""
    if number.denominator == 1:
        return Amount("period", number.numerator, kind)
    if kind is PeriodUnit.YEAR and (number * 12).denominator == 1:
        return Amount("period", int(number * 12), PeriodUnit.MONTH)
    if kind is PeriodUnit.DAY and (number * 24).denominator == 1:
        return Amount("period", int(number * 24), PeriodUnit.HOUR)
    return Amount("count", number, kind)


def _read_period(found: re.Match[str]) -> list[Amount]:
    return [_period(_number(found[1]), found[2])]


def _read_and_half(found: re.Match[str]) -> list[Amount]:
    return [_period(Fraction(_number(found[1])) + Fraction(1, 2), found[2] or "月")]


def _read_half_period(found: re.Match[str]) -> list[Amount]:
    return [_period(Fraction(1, 2), found[1])]


def _read_rank(found: re.Match[str]) -> list[Amount]:
    if found[1][0].isascii() and found[1][0].isalpha():
        return [Amount("rank", 0, found[0])]
    return [Amount("rank", _whole(found[1]), found[2])]


def _read_count(found: re.Match[str]) -> list[Amount]:
    return [Amount("count", _number(found[1]), found[2])]


def _read_number(found: re.Match[str]) -> list[Amount]:
    """Of 30万 without a unit, what stands before says whether it is money."""
    number = _number(found[1])
    before = found.string[max(0, found.start() - _NEAR) : found.start()]
    if found[1][-1] in _LARGE and _OF_MONEY.search(before):
        return [_money(number, "元")]
    return [Amount("number", number)]


def _read_years(found: re.Match[str]) -> list[Amount]:
    return [
        Amount("year", _whole(found[1]), part="low"),
        Amount("year", _whole(found[2]), part="high"),
    ]


def _spread(make: Callable[[Exact, str], Amount]) -> Callable[[re.Match[str]], list[Amount]]:
    """Read both ends of a range: 3-6%, 10-20万元 (where 万 belongs to both)."""

    def read(found: re.Match[str]) -> list[Amount]:
        low, high = _number(found[1]), _number(found[2])
        large = _LARGE.get(found[2][-1], 1)
        if found[1][-1] not in _LARGE and low * large < high:
            low *= large
        ends = ((low, "low"), (high, "high"))
        made = [(make(number, found[3]), part) for number, part in ends]
        return [Amount(x.kind, x.number, x.unit, part) for x, part in made]

    return read


_READERS: Final[Mapping[str, Callable[[re.Match[str]], list[Amount]]]] = {
    "date": _read_date,
    "year_month": lambda x: [Amount("year_month", _whole(x[1]) * 100 + _whole(x[2]))],
    "years": _read_years,
    "year": lambda x: [Amount("year", _whole(x[1]))],
    "month_day": lambda x: [Amount("month_day", _whole(x[1]) * 100 + _whole(x[2]))],
    "month": lambda x: [Amount("month", _whole(x[1]))],
    "day": lambda x: [Amount("day", _whole(x[1]))],
    "clock": _read_clock,
    "spread_ratio": _spread(_ratio),
    "spread_money": _spread(_money),
    "spread_period": _spread(_period),
    "spread_rank": _spread(lambda number, unit: Amount("rank", number, unit)),
    "spread_count": _spread(lambda number, unit: Amount("count", number, unit)),
    "half": lambda _: [Amount("ratio", Fraction(1, 2))],
    "half_period": _read_half_period,
    "ratio": lambda x: _read_ratio(x) if x.re.groups > 2 else _read_two(x),  # noqa: PLR2004
    "money": lambda x: _read_money(x) if x.re.groups > 2 else _read_little(x),  # noqa: PLR2004
    "period": lambda x: _read_and_half(x) if "半" in x.re.pattern else _read_period(x),
    "rank": _read_rank,
    "count": _read_count,
    "number": _read_number,
}


def _read_two(found: re.Match[str]) -> list[Amount]:
    return _read_slash(found) if "/" in found[0] else _read_part_of(found)


def _read_little(found: re.Match[str]) -> list[Amount]:
    return _read_sign(found) if found[0][0] in "¥$" else _read_small(found)
