"""Comes in: nothing. Goes out: how the columns of a lot stand once they are judged, in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Typed:
    """The columns of a lot as kernels read them, in SQL over its raw ones.

    ``odd`` are tests of rows that are left to the usual door. The rest is what is known of all
    rows: see :class:`~voucher_rules.compiled.sql_inputs.Known`.
    """

    columns: dict[str, str] = field(default_factory=dict)
    joins: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    days: list[int] = field(default_factory=list)
    """Days between which lie all that rows state as the day that fixes the law."""
    denominators: dict[str, int] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    """The relation of the records of each list, with the number of the row whose each is."""


@dataclass(frozen=True, slots=True)
class HeldRecords:
    """The records of a list for the rows of a lot.

    ``counts`` is the table that tells of a row, whose ``number`` is an expression over the lot, how
    many records it ``held``; a row without any is not in it. Where there are ``some_odd`` rows, it
    tells which are ``odd``: they have too many records, or one that is not well stated. ``records``
    is the relation of the records. ``key`` is the column that tells of a row whose it is, where one
    that has no records is known to have none. What is known of the fields is as of columns.
    """

    counts: str
    number: str
    records: str
    some_odd: bool
    key: str = ""
    filled: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    denominators: Mapping[str, int] = field(default_factory=dict)
