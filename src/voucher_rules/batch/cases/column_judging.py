"""Comes in: what cells of a column were judged to be. Goes out: what both doors of columns share.

One door has columns of Arrow (``memory.arrow_judging``), the other of an engine of SQL
(``sql.judging``).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import Any

from voucher_rules.batch.cases.stated import try_judge
from voucher_rules.batch.cases.tables import Layout
from voucher_rules.compiled.facts import Judge
from voucher_rules.compiled.nodes import KernelInput, NotLoweredError, Shape
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.compiled.sql_plan import WIDEST
from voucher_rules.program.build import Program


def find_rest(program: Program, layout: Layout, name: str, judge: Judge) -> Any:  # noqa: ANN401 - what stands in a row
    """Return what a row says that has no cell for a fact."""
    if name in layout.facts:
        return try_judge(judge, layout.facts[name])
    if name == program.decision.as_of and layout.on is not None:
        return try_judge(judge, layout.on)
    return MISSING


def count_in(
    denominators: dict[str, int], item: KernelInput, values: Iterable[Any], most: int
) -> int:
    """Return in which parts of one all values of a column are whole.

    It is noted in ``denominators`` where each column of the input has its own. Raises
    :class:`NotLoweredError` where that takes smaller parts than one of ``most``.
    """
    if item.shape is not Shape.NUMBER or item.denominator:
        return 1
    size = 1
    for denominator in {x.denominator for x in values if isinstance(x, int | Fraction)}:
        size = lcm(size, denominator)
        if size > most:  # said at once: of many ratios it grows without end
            raise NotLoweredError("ratios that share no denominator", item.name)
    denominators[item.name] = size
    return size


def is_too_wide(value: Any) -> bool:  # noqa: ANN401 - a cell
    """Return whether a whole number needs more than 64 bits."""
    return type(value) is int and not -WIDEST <= value <= WIDEST
