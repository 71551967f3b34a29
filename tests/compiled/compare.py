"""One case decided by a kernel and by the reference, held against each other field by field."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.nodes import Aim, Kernel, NotLoweredError
from voucher_rules.compiled.python_code import CODES, Code, write_code
from voucher_rules.compiled.rows import make_row, read_value
from voucher_rules.decision.amounts import list_surely_binding
from voucher_rules.decision.case import Case, find_day
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.trace import Status
from voucher_rules.meaning.unknowns import TRUE
from voucher_rules.program.build import Program

STATUSES = {
    Aim.TEST: (Status.PASSED, Status.FAILED),
    Aim.SOFT_TEST: (Status.PASSED, Status.SOFT_FAILED),
    Aim.APPLY: (Status.APPLIES, Status.APPLIES),
    Aim.SOFT_LIMIT: (Status.APPLIES, Status.SOFT_FAILED),
}


@lru_cache(maxsize=4096)
def find_code(
    program: Program,
    day: object,
    readings: tuple[tuple[str, str], ...],
    assumed: bool,
    lenient: bool,
) -> Code | None:
    """Return the code of the kernel for a day, with the values of all variables."""
    for stretch in stretches_of(program):
        if stretch[0] <= day <= stretch[1]:  # type: ignore[operator]
            return _find(program, stretch, readings, assumed, lenient)
    return None


@lru_cache(maxsize=4096)
def _find(
    program: Program,
    stretch: tuple[date, date],
    readings: tuple[tuple[str, str], ...],
    assumed: bool,
    lenient: bool,
) -> Code:
    kernel = make_kernel(
        program, stretch, dict(readings), assumed=assumed, lenient=lenient, variables=True
    )
    return write_code(kernel)


def compare_case(program: Program, case: Case, options: Options, *, lenient: bool = False) -> str:
    """Hold both executors against each other; return which way the case took."""
    day = find_day(program, case)
    if day is None:
        return "no day"
    assumed = options.assume_in_force or bool(options.placed_by)
    code = find_code(program, day, tuple(sorted(options.readings.items())), assumed, lenient)
    if code is None:
        return "no stretch"
    row = make_row(code.kernel, case.values)
    if row is None:
        return "not known"
    found = code.decide(row)
    if found is None:
        return "unsure"
    result = decide(program, case, options)
    expected = tell_reference(code.kernel, result)
    told = tell_kernel(code.kernel, found)
    differing = {k: (told[k], expected[k]) for k in expected if told[k] != expected[k]}
    assert not differing, f"kernel, reference: {differing}"
    assert told.keys() == expected.keys()
    return "compared"


def tell_kernel(kernel: Kernel, found: tuple[object, ...]) -> dict[str, object]:
    """Return all that a kernel found of a case, by name."""
    told: dict[str, object] = {"outcome": CODES[found[0]]}  # type: ignore[index]
    at = 2
    for item in kernel.amounts:
        amount, mask, over, much = found[at : at + 4]
        at += 4
        binding = tuple(n for i, (n, _) in enumerate(item.binding) if mask >> i & 1)  # type: ignore[operator]
        told[f"amount {item.output}"] = (amount, binding, over, much)
    for rule in kernel.rules:
        holds = found[at]
        at += 1
        assert holds is None or holds is True or holds is False
        yes, no = STATUSES[rule.aim]
        told[f"rule {rule.rule}"] = Status.NOT_APPLICABLE if holds is None else yes if holds else no
    for name, value in kernel.values.items():
        parts = found[at : at + len(value.nodes)]
        at += len(value.nodes)
        told[f"value {name}"] = read_value(kernel, value, parts)
    assert at == len(found)
    return told


def tell_reference(kernel: Kernel, result: DecisionResult) -> dict[str, object]:
    """Return the same of what the reference found."""
    evaluation = result.evaluation
    told: dict[str, object] = {"outcome": result.outcome}
    for item in kernel.amounts:
        found = evaluation.amounts[item.output]
        amount = found.amount if isinstance(found.amount, int) else None
        told[f"amount {item.output}"] = (
            amount,
            list_surely_binding(found),
            found.overused == TRUE,
            found.too_much_requested == TRUE,
        )
    for name, rule in evaluation.rules.items():
        told[f"rule {name}"] = rule.status
    for name in kernel.values:
        told[f"value {name}"] = evaluation.values[name]
    return told


__all__ = ["NotLoweredError", "compare_case"]
