"""Comes in: a numeral, Chinese or Arabic. Goes out: the exact number it stands for."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from voucher_rules.values.model import Exact, settle_exact

DIGITS: Final = (
    {character: i for i, character in enumerate("零一二三四五六七八九")}
    | {character: i for i, character in enumerate("〇壹贰叁肆伍陆柒捌玖")}
    | {"○": 0, "两": 2, "貳": 2, "叄": 3, "陸": 6}
)
_TENS: Final = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_GROUPS: Final = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}

CHINESE_DIGIT: Final = f"[{''.join(DIGITS)}]"
CHINESE: Final = (
    f"[{''.join(DIGITS)}十拾][{''.join(DIGITS)}{''.join(_TENS)}{''.join(_GROUPS)}]{{0,30}}"
    f"(?:点{CHINESE_DIGIT}{{1,9}}[万亿]?)?"
)
"""A numeral in characters; one of units alone (百, 万) counts nothing exactly.

No pattern is without end, so that looking through a text of nothing but numerals ends soon."""
ARABIC: Final = (
    "(?:[0-9]{1,3}(?:,[0-9]{3}){1,9}|[0-9]{1,30})"
    rf"(?:\.[0-9]{{1,9}})?(?:[{''.join(_TENS)}]?[{''.join(_GROUPS)}]{{1,2}}|[{''.join(_TENS)}])?"
)
NUMBER: Final = f"(?:{ARABIC}|{CHINESE})"
MOST_CHARACTERS: Final = 40


def read_numeral(text: str) -> Exact | None:
    """Read ``20``, ``1,000.5``, ``5万``, ``二十``, ``一千零五``, ``二〇二三``, ``一点五亿``.

    None for what is no numeral, or is longer than any that is meant.
    """
    if not text or len(text) > MOST_CHARACTERS:
        return None
    if text[0].isascii():
        return _read_arabic(text)
    return _read_chinese(text)


def _read_arabic(text: str) -> Exact | None:
    digits = text.rstrip("".join(_TENS | _GROUPS))
    try:
        value = Fraction(digits.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        return None
    for unit in text[len(digits) :]:
        value *= (_TENS | _GROUPS)[unit]
    return settle_exact(value)


def _read_chinese(text: str) -> Exact | None:
    whole, _, decimals = text.partition("点")
    unit = 1
    while decimals and decimals[-1] in _GROUPS:
        unit *= _GROUPS[decimals[-1]]
        decimals = decimals[:-1]
    if (
        not whole
        or not set(whole) <= {*DIGITS, *_TENS, *_GROUPS}
        or not set(decimals) <= set(DIGITS)
    ):
        return None
    places = Fraction(sum(DIGITS[x] * 10**i for i, x in enumerate(reversed(decimals))))
    return settle_exact((_read_whole(whole) + places / 10 ** len(decimals)) * unit)


def _read_whole(text: str) -> int:
    if len(text) > 1 and set(text) <= set(DIGITS):
        return int("".join(str(DIGITS[x]) for x in text))
    total = group = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in _TENS:
            group += (digit or 1) * _TENS[character]
            digit = 0
        else:
            size = _GROUPS[character]
            # 一亿二千万 adds, 一万亿 multiplies: a larger unit goes over all before it.
            total, added = (0, total) if total < size else (total, 0)
            total += (added + group + digit) * size
            group = digit = 0
    return total + group + digit
