"""Comes in: the rows of cases of one law. Goes out: what a kernel over columns finds of them."""

from __future__ import annotations

from voucher_rules.batch.cases.groups import Group
from voucher_rules.batch.numpy.findings import gather_columns
from voucher_rules.batch.numpy.kernel import ColumnKernel
from voucher_rules.batch.numpy.results import UNFIT
from voucher_rules.batch.numpy.rows import find_denominators, make_columns
from voucher_rules.batch.verdicts.findings import Findings
from voucher_rules.compiled.nodes import Kernel, NotLoweredError
from voucher_rules.compiled.verdict import Decider


def run_columns(decider: Decider, group: Group) -> Findings | None:
    """Return what a kernel finds of a group; None where it must be run row by row.

    That is so for numbers that int64 might not hold, and for what columns cannot do.
    """
    try:
        denominators = group.keep(
            "denominators", lambda: find_denominators(group.inputs, group.columns)
        )
        kernel = decider.find_kernel(group.day, denominators, lenient=group.lacks)
        if not isinstance(kernel, Kernel):
            return None
        runner = ColumnKernel(kernel, skips=False)
        columns = group.keep(kernel.inputs, lambda: make_columns(kernel.inputs, group.columns))
        result = runner.run(columns, len(group.rows))
    except (NotLoweredError, OverflowError):
        return None
    if (result.outcome == UNFIT).any():
        return None
    return gather_columns(kernel, result)
