"""Comes in: text as people write it (5万元, 30%, 30天). Goes out: exact values, or why not.

One strict grammar serves rulesets, cases and options: ASCII digits, no separators, no exponents,
no leading zeros, no more than 18 digits. What is refused is refused with the likely fix.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction
from typing import Final

from voucher_rules.values.model import CURRENCIES, Currency, Exact, Period, PeriodUnit, settle_exact

MAX_DIGITS: Final = 18
FIRST_DAY: Final = date(1990, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)

_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")
_QUANTITY = re.compile(r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)( ?)([^0-9\s.,%+-][^0-9\s.,%+]*)?")
_FRACTION = re.compile(r"(0|[1-9][0-9]*)/([1-9][0-9]*)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")
_PERIOD_UNITS: Final[Mapping[str, PeriodUnit]] = {
    "小时": PeriodUnit.HOUR,
    "hours": PeriodUnit.HOUR,
    "hour": PeriodUnit.HOUR,
    "天": PeriodUnit.DAY,
    "日": PeriodUnit.DAY,
    "days": PeriodUnit.DAY,
    "day": PeriodUnit.DAY,
    "个工作日": PeriodUnit.WORKING_DAY,
    "工作日": PeriodUnit.WORKING_DAY,
    "working days": PeriodUnit.WORKING_DAY,
    "working day": PeriodUnit.WORKING_DAY,
    "个月": PeriodUnit.MONTH,
    "months": PeriodUnit.MONTH,
    "month": PeriodUnit.MONTH,
    "年": PeriodUnit.YEAR,
    "years": PeriodUnit.YEAR,
    "year": PeriodUnit.YEAR,
}


class TextValueError(ValueError):
    """A text that is no value of the kind expected; carries a diagnostic code and arguments."""

    def __init__(self, code: str, **arguments: str) -> None:
        self.code = code
        self.arguments = arguments
        super().__init__(code)


def read_boolean(text: str) -> bool:
    """Read ``true`` or ``false``, nothing else. Raises :class:`TextValueError`."""
    if text == "true":
        return True
    if text == "false":
        return False
    raise TextValueError("not-a-boolean", found=text)


def read_number(text: str) -> Exact:
    """Read a decimal number exactly. Raises :class:`TextValueError`."""
    match = _NUMBER.fullmatch(text)
    if not match:
        raise _explain_bad_number(text)
    sign, whole, decimals = match[1], match[2], match[3] or ""
    if len(whole) + len(decimals) > MAX_DIGITS:
        raise TextValueError("number-too-long", limit=str(MAX_DIGITS))
    if sign and not int(whole + decimals):
        raise TextValueError("negative-zero", found=text)
    value = Fraction(int(sign + whole + decimals), 10 ** len(decimals))
    return settle_exact(value)


def _explain_bad_number(text: str) -> TextValueError:
    folded = text.translate(_FULL_WIDTH)
    if folded != text:
        return TextValueError("full-width-digits", found=text, fix=folded)
    for code, pattern in _NUMBER_SLIPS.items():
        if pattern.fullmatch(text):
            return TextValueError(code, found=text, fix=re.sub(r"[,_\s]", "", text))
    return TextValueError("not-a-number", found=text)


_FULL_WIDTH: Final = {0xFF10 + i: str(i) for i in range(10)} | {
    0xFF0E: ".",
    0xFF0C: ",",
    0xFF05: "%",
    0xFF0D: "-",
}
_NUMBER_SLIPS: Final = {
    "digit-separator": re.compile(r"-?[0-9]+(?:[,_][0-9]*)+(?:\.[0-9]+)?"),
    "exponent": re.compile(r"-?[0-9.]+[eE][+-]?[0-9]+"),
    "leading-zero": re.compile(r"-?0[0-9]+(?:\.[0-9]+)?"),
    "stray-space": re.compile(r"\s*-?[0-9.]+\s*"),
    "not-finite": re.compile(r"[+-]?\.?(?:inf|nan|infinity|snan)", re.IGNORECASE),
}


def read_whole(text: str) -> int:
    """Read a whole number. Raises :class:`TextValueError`."""
    value = read_number(text)
    if not isinstance(value, int) or "." in text:
        raise TextValueError("not-whole", found=text)
    return value


def read_ratio(text: str) -> Exact:
    """Read ``30%``, ``2/3`` or ``0.3`` exactly. Raises :class:`TextValueError`."""
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        if max(len(fraction[1]), len(fraction[2])) > MAX_DIGITS:
            raise TextValueError("number-too-long", limit=str(MAX_DIGITS))
        return settle_exact(Fraction(int(fraction[1]), int(fraction[2])))
    if text.endswith("%"):
        return settle_exact(Fraction(read_number(text[:-1])) / 100)
    return read_number(text)


def split_quantity(text: str) -> tuple[str, str]:
    """Split ``5万元`` into ``5`` and ``万元``. Raises :class:`TextValueError`."""
    match = _QUANTITY.fullmatch(text)
    if not match:
        stripped = text.rstrip("".join(set("".join(_PERIOD_UNITS))) + "元万亿角分人家件项名个次")
        raise _explain_bad_number(stripped or text)
    return match[1], match[3] or ""


def read_money(text: str, currency: str = "CNY", *, unit_required: bool = True) -> Exact:
    """Read ``5万元`` or ``12.50 USD`` into minor units (fen for CNY), exactly.

    Without a unit the text counts in the currency's main unit, where ``unit_required`` is false.
    Raises :class:`TextValueError` for another currency's unit or for less than a minor unit.
    """
    money = CURRENCIES[currency]
    number, unit = split_quantity(text)
    if not unit and unit_required:
        raise TextValueError("unit-missing", found=text, units="、".join(money.units))
    size = _find_unit(money, unit, text)
    value = settle_exact(Fraction(read_number(number)) * size)
    if not isinstance(value, int):
        raise TextValueError("finer-than-minor-unit", found=text)
    return value


def _find_unit(money: Currency, unit: str, text: str) -> int:
    if not unit:
        return int(10**money.digits)
    if unit not in money.units:
        raise TextValueError("unit-unknown", found=text, unit=unit, units="、".join(money.units))
    return money.units[unit]


def read_count(text: str, unit: str) -> int:
    """Read a whole number with or without its measure word (``人`` is not ``家``)."""
    number, found = split_quantity(text)
    if found and found != unit:
        raise TextValueError("unit-unknown", found=text, unit=found, units=unit or "—")
    return read_whole(number)


def read_period(text: str) -> Period:
    """Read ``30天``, ``15个工作日``, ``1年``, ``48小时`` or their English forms."""
    number, unit = _split_period(text)
    if unit not in _PERIOD_UNITS:
        raise TextValueError("period-unit-unknown", found=text)
    count = read_whole(number)
    if count < 0:
        raise TextValueError("period-negative", found=text)
    return Period(count, _PERIOD_UNITS[unit])


def _split_period(text: str) -> tuple[str, str]:
    head, _, tail = text.partition(" ")
    if tail in _PERIOD_UNITS:
        return head, tail
    return split_quantity(text)


def read_date(text: str) -> date:
    """Read ``YYYY-MM-DD`` between 1990 and 2100. Raises :class:`TextValueError`."""
    match = _DATE.fullmatch(text)
    if not match:
        raise TextValueError("not-a-date", found=text)
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise TextValueError("date-out-of-range", found=text)
    try:
        return date(year, month, day)
    except ValueError:
        wrong_month = not 1 <= month <= 12  # noqa: PLR2004 - months in a year
        part = f"month {match[2]}" if wrong_month else f"day {match[3]}"
        raise TextValueError("no-such-day", found=text, part=part) from None


def read_time(text: str) -> time:
    """Read ``hh:mm`` or ``hh:mm:ss``, a time of the day. Raises :class:`TextValueError`."""
    match = _TIME.fullmatch(text)
    if not match:
        raise TextValueError("not-a-time", found=text)
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - the clock
        raise TextValueError("no-such-time", found=text)
    return time(hour, minute, second)


def read_offset(text: str) -> timezone:
    """Read ``+08:00`` into a fixed offset from UTC. Raises :class:`TextValueError`."""
    match = _OFFSET.fullmatch(text)
    if not match or int(match[2]) > 14 or int(match[3]) > 59:  # noqa: PLR2004 - UTC+14, minutes
        raise TextValueError("not-an-offset", found=text)
    minutes = int(match[2]) * 60 + int(match[3])
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))


def read_instant(text: str, zone: timezone) -> datetime:
    """Read ``YYYY-MM-DDThh:mm[:ss][±hh:mm|Z]`` as an instant told in ``zone``.

    Without an offset the text is local time of ``zone``. Raises :class:`TextValueError`.
    """
    match = _INSTANT.fullmatch(text)
    if not match:
        raise TextValueError("not-an-instant", found=text)
    day = read_date(match[1])
    hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - the clock
        raise TextValueError("no-such-time", found=text)
    given = zone if not match[5] else read_offset("+00:00" if match[5] == "Z" else match[5])
    told = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=given)
    return told.astimezone(zone)
