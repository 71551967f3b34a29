"""Comes in: moments. Goes out: their one text, ``YYYY-MM-DDThh:mm:ss.sssZ`` in UTC; and back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

FORM: Final = "YYYY-MM-DDThh:mm:ss.sssZ"
_INSTANT: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})Z"
)
_MILLISECOND: Final = 1000


def write_instant(moment: datetime) -> str:
    """Return the text of a moment in UTC.

    Raises ValueError for one of another zone or of none, and for one finer than a millisecond:
    whoever has the moment decides what it is in UTC, and what to do with the rest.
    """
    if moment.utcoffset() != timedelta(0):
        raise ValueError("not in UTC")
    if moment.microsecond % _MILLISECOND:
        raise ValueError("finer than a millisecond")
    plain = moment.replace(tzinfo=None, microsecond=0)
    return f"{plain.isoformat()}.{moment.microsecond // _MILLISECOND:03}Z"


def read_instant(text: str) -> datetime:
    """Return the moment of a text. Raises ValueError for any other form."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise ValueError("not an instant")
    year, month, day, hour, minute, second, milliseconds = (int(part) for part in found.groups())
    micros = milliseconds * _MILLISECOND
    return datetime(year, month, day, hour, minute, second, micros, tzinfo=UTC)


def floor_instant(moment: datetime) -> datetime:
    """Return an aware moment in UTC, to the millisecond that has begun."""
    if moment.utcoffset() is None:
        raise ValueError("not in any zone")
    there = moment.astimezone(UTC)
    return there.replace(microsecond=there.microsecond - there.microsecond % _MILLISECOND)
