"""Comes in: the words around a quantity. Goes out: what it bounds, in the words that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

AT_MOST: Final = "at_most"
AT_LEAST: Final = "at_least"
ABOVE: Final = "above"
BELOW: Final = "below"

_NOT: Final = "(?:不得|不应|不能|不可|不宜|不)"
_BEFORE: Final = (
    (
        AT_MOST,
        (
            f"(?:最高|最多|最长|最大)?{_NOT}(?:超过|超出|超|高于|多于|大于|晚于|长于|迟于)"
            "|最高|最多|最长|最大|上限|至多|封顶|限额|控制在"
        ),
    ),
    (AT_LEAST, f"{_NOT}(?:低于|少于|小于|短于|早于|少)|至少|最低|最少|最短|最小|下限"),
    (BELOW, "低于|少于|小于|不满|未满|不足|未达到?|不到"),
    (ABOVE, "超过(?!的?部分)|超出(?!的?部分)|超(?![过出])|高于|多于|大于|突破"),
    (AT_LEAST, "达到|达|满"),
)
_ANY_BEFORE: Final = re.compile(
    "|".join(f"(?P<k{i}>{form})" for i, (_, form) in enumerate(_BEFORE))
)
_AFTER: Final = re.compile(
    r"(?P<first>\((?:含|不含)[^()]{0,6}\))?(?P<and>及|含)?"
    r"(?P<word>以上|以下|以内|以外|之内|内(?![容部蒙外设资控地涵])|封顶)"
    r"(?P<last>\((?:含|不含)[^()]{0,6}\))?"
)
_AFTER_LIMITS: Final = {
    "以上": AT_LEAST,
    "以下": AT_MOST,
    "以内": AT_MOST,
    "之内": AT_MOST,
    "内": AT_MOST,
    "封顶": AT_MOST,
    "以外": ABOVE,
}
_STRICT: Final = {AT_LEAST: ABOVE, AT_MOST: BELOW}
_ENDS: Final = re.compile(r"[，。；：、,;:!?！？“”\"()《》\[\]]")
_SOFT: Final = re.compile("原则上|一般|通常")
_REACH: Final = 24
"""So far before a quantity the word that bounds it may stand, within one clause."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a quantity bounds. Its words stand between ``start`` and ``end`` of the text given."""

    limit: str = ""
    start: int = 0
    end: int = 0
    inclusion: str = ""
    """``included`` or ``excluded`` where the text says so itself, in brackets or by 及."""
    soft: str = ""
    """The word that makes it a limit in principle."""


def read_bound(text: str, start: int, end: int, floor: int) -> Bound:
    """Find what bounds the quantity ``text[start:end]``; nothing before ``floor`` counts."""
    clause = _find_clause(text, start, floor)
    soft = _SOFT.search(text, clause, start)
    word = soft[0] if soft else ""
    before = _find_last(text, clause, start)
    after = _AFTER.match(text, end)
    if after and not (before and after["word"] == "内"):
        return _bound_after(after, word)
    if before is None:
        return Bound(soft=word)
    return Bound(_BEFORE[_index(before)][0], before.start(), before.end(), "", word)


def _find_clause(text: str, start: int, floor: int) -> int:
    low = max(floor, start - _REACH, 0)
    stops = [stop.end() for stop in _ENDS.finditer(text, low, start)]
    return stops[-1] if stops else low


def _find_last(text: str, low: int, high: int) -> re.Match[str] | None:
    found = None
    for found in _ANY_BEFORE.finditer(text, low, high):  # noqa: B007 - the last one is wanted
        pass
    return found


def _index(found: re.Match[str]) -> int:
    return int((found.lastgroup or "k0")[1:])


def _bound_after(found: re.Match[str], soft: str) -> Bound:
    limit = _AFTER_LIMITS[found["word"]]
    note = found["first"] or found["last"] or ""
    inclusion = "excluded" if "不含" in note else "included" if note or found["and"] else ""
    if inclusion == "excluded":
        limit = _STRICT.get(limit, limit)
    return Bound(limit, found.start(), found.end(), inclusion, soft)
