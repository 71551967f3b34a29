"""Comes in: names, texts and values. Goes out: them as one engine of SQL has them.

What engines differ in beside the steps of kernels (``compiled.sql_dialects``) stands here, as data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from voucher_rules.batch.cases.stated import was_refused
from voucher_rules.batch.results.columns import Cell
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.compiled.sql_steps import fill


@dataclass(frozen=True, slots=True)
class Speech:
    """How tables are spoken of to one engine.

    ``dialect`` is that of kernels. ``text`` is the type of texts. ``divide`` is the pattern of a
    whole quotient, ``shared`` that of the greatest common divisor.
    """

    dialect: str
    text: str
    divide: str
    shared: str
    stepwise: bool = False
    """Whether a query that others read is made first: it would else be made wherever it is read."""

    def quote(self, name: str) -> str:
        """Return a name as SQL."""
        return DIALECTS[self.dialect].quote_name(name)

    def quote_text(self, text: str) -> str:
        """Return a text as SQL."""
        return DIALECTS[self.dialect].quote_text(text)

    def type_of(self, shape: Shape) -> str:
        """Return how the column of an input is typed."""
        return {Shape.BOOL: "BOOLEAN", Shape.DAY: "DATE"}.get(
            shape, self.text if shape in (Shape.CODE, Shape.TEXT) else "BIGINT"
        )

    @property
    def cells(self) -> Mapping[Cell, str]:
        """How the columns of results are typed."""
        return {
            Cell.WHOLE: "BIGINT",
            Cell.TRUTH: "BOOLEAN",
            Cell.DAY: "DATE",
            Cell.TEXT: self.text,
        }

    def tell_fraction(self, top: str, under: str) -> str:
        """Return a number as a fraction in lowest terms, its denominator left out where it is 1."""
        shared = fill(self.shared, a=top, b=under)
        whole, upper, lower = (
            f"CAST({fill(self.divide, a=a, b=b)} AS {self.text})"
            for a, b in ((top, under), (top, shared), (under, shared))
        )
        return f"CASE WHEN {top} % {under} = 0 THEN {whole} ELSE {upper} || '/' || {lower} END"


DUCKDB: Final = Speech("duckdb", "VARCHAR", "$a // $b", "gcd($a, $b)")
SPARK: Final = Speech(
    "spark",
    "STRING",
    "$a div $b",
    # Euclid's way: of numbers of 64 bits it ends within 92 steps, and stays where it ended
    "aggregate(array_repeat(0, 92),"
    " named_struct('a', abs(CAST($a AS BIGINT)), 'b', CAST($b AS BIGINT)),"
    " (s, x) -> CASE WHEN s.b = 0 THEN s ELSE named_struct('a', s.b, 'b', s.a % s.b) END,"
    " s -> s.a)",
    stepwise=True,
)


def as_typed(item: KernelInput, value: Any, size: int) -> Any:  # noqa: ANN401 - what stands in a row
    """Return what stands in a typed row as a column of SQL holds it; None for none or nothing."""
    if value is None or value is MISSING or was_refused(value):
        return None
    match item.shape:
        case Shape.DAY:
            return date.fromordinal(value)
        case Shape.CODE:
            return item.type.options[value]
        case Shape.NUMBER:
            return int(value * size)
        case _:
            return value
