"""Comes in: names, conditions and a dialect. Goes out: pieces that statements over events share.

Nothing written in a ruleset gets in but names and texts between quotes, and whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voucher_rules.compiled.sql_dialects import Dialect
from voucher_rules.compiled.sql_steps import fill

PREFIX = "vr_"
"""How the names of a statement's own columns and queries begin."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Writes names and constants for one engine."""

    dialect: Dialect
    minutes: int = 0
    """By how much the clock of the ruleset is ahead of UTC."""

    def name(self, name: str) -> str:
        """Return the name of a column."""
        return self.dialect.quote_name(name)

    def text(self, text: str) -> str:
        """Return a text constant."""
        return self.dialect.quote_text(text)

    def texts(self, texts: Iterable[str]) -> str:
        """Return text constants with commas between."""
        return ", ".join(map(self.text, texts))

    def is_one_of(self, column: str, texts: Sequence[str]) -> str:
        """Return whether a column holds one of some texts."""
        return f"{column} IN ({self.texts(texts)})" if texts else "FALSE"

    def day(self, moment: str) -> str:
        """Return the day of a moment in UTC by the clock of the ruleset."""
        local = f"CAST({moment} + INTERVAL '{self.minutes}' MINUTE AS DATE)"
        return f"GREATEST(LEAST({local}, DATE '9999-12-31'), DATE '0001-01-01')"

    def number(self, day: str) -> str:
        """Return the number of a day."""
        return f"CAST({fill(self.dialect.day, a=day)} AS BIGINT)"

    def of_number(self, number: str) -> str:
        """Return the day of a number."""
        return f"CAST({fill(self.dialect.of_day, a=number)} AS DATE)"

    def is_tidy(self, text: str) -> str:
        """Return whether a name is not told apart from another by what nobody sees."""
        if self.dialect.plain:
            alike = fill(self.dialect.plain, a=text)
        else:
            alike = f"{fill(self.dialect.normalise, a=text)} = {text}"
        return f"({alike} AND TRIM(BOTH {self.text(SPACES)} FROM {text}) = {text})"

    def query(self, name: str, text: str, *, once: bool = False) -> str:
        """Return a query with its name, to stand after WITH."""
        made = self.dialect.made_once if once else "AS"
        return f"{name} {made} (\n{text}\n)"


SPACES = (
    " \t\n\r\x0b\x0c\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What may stand around a name and is no part of it."""


def add_up(parts: Iterable[str]) -> str:
    """Return the sum of some columns, 0 of none."""
    return " + ".join(parts) or "0"


def all_of(tests: Iterable[str]) -> str:
    """Return a truth of several, all of which must hold."""
    return " AND ".join(dict.fromkeys(tests)) or "TRUE"


def select(columns: Sequence[str], source: str, where: str = "") -> str:
    """Return a SELECT with each column on its line."""
    listed = ",\n  ".join(columns)
    return f"SELECT\n  {listed}\nFROM {source}" + (f"\nWHERE {where}" if where else "")


def nest(text: str, fence: str) -> str:
    """Return a query as a relation."""
    return f"(\n{text}{fence}\n) AS {PREFIX}rows"


def open_with(queries: Sequence[str]) -> str:
    """Return queries that the rest of a statement reads by their names."""
    return "WITH " + ",\n".join(queries)
