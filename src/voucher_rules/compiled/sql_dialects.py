"""Comes in: nothing. Goes out: how engines differ where a kernel's SQL must, one table for each.

A dialect is data: patterns with ``$`` slots. What all engines take alike stands in ``sql_code``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from voucher_rules.compiled.nodes import Op

_STEPS: Final[Mapping[Op, str]] = {
    Op.ADD: "$a + $b",
    Op.SUB: "$a - $b",
    Op.MUL: "$a * $b",
    Op.BIT_AND: "$a & $b",
    Op.LE: "$a <= $b",
    Op.EQ: "$a = $b",
    Op.SAME: "$a = $b",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine is spoken to.

    ``steps`` are patterns of operations, ``long`` that of a constant of 64 bits. ``quote`` stands
    around names and ``escape`` tells what a text constant doubles. ``fence`` ends a layer, so that
    its steps are made once, ``hold`` what aggregates must not be moved below; ``day`` turns a day
    into its number and ``of_day`` back. ``plain`` is a test that a text is the same however its
    characters are encoded, for an engine that cannot ``normalise``.
    """

    name: str
    steps: Mapping[Op, str]
    long: str
    array: str
    cell: str
    place: str
    normalise: str
    day: str
    of_day: str
    sum: str = "SUM($a)"
    """A sum that fails for no number of records, however many there are."""
    quote: str = '"'
    escape: str = "'"
    fence: str = ""
    hold: str = ""
    plain: str = ""
    most_cases: int = 8
    """Look-ups of so many cells are cases, longer ones arrays."""
    most_compared: int = 0
    """The least or greatest of so many is found by comparing, of more by a function."""
    bare_tests: bool = False
    """Whether a test of several truths is a column of its own before a case reads it."""
    longest_name: int = 0
    """How many bytes a name may have; 0 where that is not bounded."""
    moment: str = "TIMESTAMP"
    """The type of a moment without a zone."""
    text: str = "VARCHAR"
    made_once: str = "AS MATERIALIZED"
    """What stands between the name of a query and its text, where it is to be made once."""
    opened: str = "$a"
    """How a text of JSON is read, before anything is taken out of it."""
    taken: str = "json_extract_string($a, '$$.$path')"
    """How a text is taken out of it; ``path`` has a dot between its keys."""

    def quote_name(self, name: str) -> str:
        """Return the name of a column as SQL."""
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def quote_text(self, text: str) -> str:
        """Return a text constant as SQL."""
        for letter in self.escape:
            text = text.replace(letter, self.escape[0] + letter)
        return f"'{text}'"


_PLAIN: Final = r"^[ -~\\u3000-\\u3029\\u4E00-\\u9FFF\\uFF01-\\uFF5E]*$$"
"""Texts of these characters alone have one encoding: ASCII, Chinese, and their punctuation."""

DUCKDB: Final = Dialect(
    name="duckdb",
    steps={
        **_STEPS,
        Op.FLOORDIV: "$a // $b",
        Op.BIT: "CAST(1 AS BIGINT) << $a",
        Op.COUNT_BITS: "CAST(bit_count($a) AS BIGINT)",
    },
    long="CAST($a AS BIGINT)",
    array="CAST([$cells] AS BIGINT[])",
    cell="($cells)[$a + 1]",
    place="list_position([$options], $a) - 1",
    normalise="nfc_normalize($a)",
    day="(CAST($a AS DATE) - DATE '0001-01-01' + 1)",
    of_day="DATE '0001-01-01' + CAST($a - 1 AS INTEGER)",
    # it would aggregate before the join, with all layers in between written out at once
    hold=" OFFSET 0",
    most_cases=2,
    # measured: LEAST takes twice the time of a case, a case over OR three times that of a column
    most_compared=4,
    bare_tests=True,
)
POSTGRESQL: Final = Dialect(
    name="postgresql",
    steps={
        **_STEPS,
        Op.FLOORDIV: "$a / $b",
        Op.BIT: "CAST(1 AS BIGINT) << CAST($a AS INTEGER)",
        Op.COUNT_BITS: "bit_count(CAST($a AS BIT(64)))",
    },
    long="CAST($a AS BIGINT)",
    array="CAST(ARRAY[$cells] AS BIGINT[])",
    cell="($cells)[CAST($a AS INTEGER) + 1]",
    place="array_position(ARRAY[$options], CAST($a AS TEXT)) - 1",
    normalise="normalize($a, NFC)",
    day="CAST(CAST($a AS DATE) - DATE '0001-01-01' + 1 AS BIGINT)",
    of_day="DATE '0001-01-01' + CAST($a - 1 AS INTEGER)",
    # without it the layers are merged, and a common step is written out wherever it is read
    fence=" OFFSET 0",
    longest_name=63,
    opened="CAST($a AS JSONB)",
    taken="($a #>> string_to_array('$path', '.'))",
)
SPARK: Final = Dialect(
    name="spark",
    steps={
        **_STEPS,
        Op.FLOORDIV: "$a div $b",
        Op.BIT: "shiftleft(1L, CAST($a AS INT))",
        Op.COUNT_BITS: "CAST(bit_count($a) AS BIGINT)",
    },
    long="CAST($a AS BIGINT)",
    array="CAST(array($cells) AS ARRAY<BIGINT>)",
    cell="element_at($cells, CAST($a AS INT) + 1)",
    place="CASE $a$whens END",
    normalise="$a",
    day="CAST(datediff(CAST($a AS DATE), DATE '0001-01-01') + 1 AS BIGINT)",
    of_day="date_add(DATE '0001-01-01', CAST($a - 1 AS INT))",
    sum="try_sum($a)",
    quote="`",
    escape="\\'",
    plain=f"$a RLIKE '{_PLAIN}'",
    moment="TIMESTAMP_NTZ",
    text="STRING",
    made_once="AS",
    taken="get_json_object($a, '$$.$path')",
)
DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType(
    {dialect.name: dialect for dialect in (DUCKDB, POSTGRESQL, SPARK)}
)
