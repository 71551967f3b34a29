"""One case decided by a kernel and by the reference, held against each other field by field."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.nodes import Kernel
from voucher_rules.compiled.python_code import Code, write_code
from voucher_rules.compiled.python_names import CODES, PER_AMOUNT, WAITING, Row
from voucher_rules.compiled.rows import make_row, read_value
from voucher_rules.compiled.rule_statuses import find_status
from voucher_rules.compiled.trace_code import find_taker
from voucher_rules.decision.amounts import AmountResult, list_surely_binding
from voucher_rules.decision.case import Case, find_day
from voucher_rules.decision.decide import decide
from voucher_rules.decision.evaluate import Called, called_of
from voucher_rules.decision.law import Options, is_undated
from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.trace import RuleResult, Step
from voucher_rules.meaning.unknowns import TRUE
from voucher_rules.program.build import Program

Told = dict[str, object]


@lru_cache(maxsize=4096)
def find_code(  # noqa: PLR0913 - what a kernel rests on
    program: Program,
    stretch: tuple[date, date],
    readings: tuple[tuple[str, str], ...],
    *,
    assumed: bool,
    lenient: bool,
    variables: bool = True,
) -> Code:
    """Return the code of the kernel for a stretch, with the values of all variables or of none."""
    kernel = make_kernel(
        program, stretch, dict(readings), assumed=assumed, lenient=lenient, variables=variables
    )
    return write_code(kernel)


def find_own_code(
    program: Program,
    case: Case,
    options: Options,
    *,
    lenient: bool = False,
    variables: bool = True,
) -> Code | None:
    """Return the code that decides a case; None where the day that fixes its law is not known.

    Nor is there any where nobody knows whether the law is in force.
    """
    day = find_day(program, case)
    assumed = options.assume_in_force or bool(options.placed_by)
    if not assumed and is_undated(program.ruleset):
        return None
    readings = tuple(sorted(options.readings.items()))
    for stretch in stretches_of(program) if day else ():
        if day is not None and stretch[0] <= day <= stretch[1]:
            return find_code(
                program,
                stretch,
                readings,
                assumed=assumed,
                lenient=lenient,
                variables=variables,
            )
    return None


def compare_case(program: Program, case: Case, options: Options, *, lenient: bool = False) -> str:
    """Hold both executors against each other; return which way the case took.

    A kernel that is to tell every variable leaves more to the reference than one that is not.
    """
    way = _compare_case(program, case, options, lenient=lenient, variables=True)
    if way != "unsure":
        return way
    return _compare_case(program, case, options, lenient=lenient, variables=False)


def _compare_case(
    program: Program, case: Case, options: Options, *, lenient: bool, variables: bool
) -> str:
    code = find_own_code(program, case, options, lenient=lenient, variables=variables)
    if code is None:
        return "no day"
    row = make_row(code.kernel.inputs, case.values)
    if row is None:
        return "not known"
    found = code.decide(row)
    if found is None:
        return "unsure"
    whole = decide(program, case, options)
    expected = tell_reference(code.kernel, whole)
    told = tell_kernel(code.kernel, found)
    assert told.keys() == expected.keys()
    differing = {key: (told[key], expected[key]) for key in expected if told[key] != expected[key]}
    assert not differing, f"kernel, reference: {differing}"
    compare_trace(code.kernel, row, whole)
    return "compared"


def compare_trace(kernel: Kernel, row: Row, whole: DecisionResult) -> bool:
    """Hold the trace of a kernel against that of the reference; return whether it has one."""
    take = find_taker(kernel)
    taken = None if take is None else take(row)
    if taken is None:
        return False
    rules = whole.evaluation.rules
    for found, rule in zip(taken, whole.program.rules, strict=True):
        compare_result(found, rules[rule.id])
    return True


def compare_result(found: RuleResult, expected: RuleResult) -> None:
    """Hold the result of a rule against that of the reference, in every field and type."""
    assert found._replace(called=None) == expected._replace(called=None)
    told, wanted = (list(map(list_types, x.list_steps())) for x in (found, expected))
    assert told == wanted, found.rule.id
    called, other = called_of(found), called_of(expected)
    assert (called is None) is (other is None)
    if called is not None and other is not None:
        compare_called(called, other)


def compare_called(found: Called, expected: Called) -> None:
    """Hold what a called decision came to against that of the reference."""
    assert (found.program, found.body) == (expected.program, expected.body)
    assert list(found.box.items()) == list(expected.box.items())
    assert found.value == expected.value
    assert list(map(type, found.box.values())) == list(map(type, expected.box.values()))
    assert type(found.value) is type(expected.value)
    assert len(found.evaluations) == len(expected.evaluations)
    for one, other in zip(found.evaluations, expected.evaluations, strict=True):
        assert (one.inputs, one.amounts, one.values) == (other.inputs, other.amounts, other.values)
        assert (one.outcomes, one.in_force) == (other.outcomes, other.in_force)
        assert one.rules.keys() == other.rules.keys()
        for name, result in one.rules.items():
            compare_result(result, other.rules[name])


def list_types(step: Step) -> object:
    """Return the types of the values of a step and those below: some are equal across types."""
    return type(step.value), type(step), [list_types(part) for part in step.parts]


def tell_kernel(kernel: Kernel, found: tuple[Any, ...]) -> Told:
    """Return all that a kernel found of a case, by name."""
    told: Told = {"outcome": CODES[found[0]]}
    at = 2
    for item in kernel.amounts:
        amount, mask, over, much, lowest = found[at : at + PER_AMOUNT]
        at += PER_AMOUNT
        binding = tuple(name for bit, (name, _) in enumerate(item.binding) if mask >> bit & 1)
        least = tuple(name for bit, (name, _) in enumerate(item.lowest) if lowest >> bit & 1)
        told[f"amount {item.output}"] = (amount, binding, over, much, least if much else ())
    for rule in kernel.rules:
        holds = found[at]
        at += 1
        assert holds is None or holds is True or holds is False or holds == WAITING
        told[f"rule {rule.rule}"] = find_status(rule.aim, holds)
    for name, value in kernel.values.items():
        parts = found[at : at + len(value.nodes)]
        at += len(value.nodes)
        told[f"value {name}"] = read_value(kernel, value, parts)
    assert at == len(found)
    return told


def tell_reference(kernel: Kernel, result: DecisionResult) -> Told:
    """Return the same of what the reference found."""
    evaluation = result.evaluation
    told: Told = {"outcome": result.outcome}
    for item in kernel.amounts:
        found = evaluation.amounts[item.output]
        told[f"amount {item.output}"] = (
            found.amount if isinstance(found.amount, int) else None,
            list_surely_binding(found),
            found.overused == TRUE,
            found.too_much_requested == TRUE,
            _list_lowest(found) if found.too_much_requested == TRUE else (),
        )
    told |= {f"rule {name}": rule.status for name, rule in evaluation.rules.items()}
    told |= {f"value {name}": evaluation.values[name] for name in kernel.values}
    return told


def _list_lowest(item: AmountResult) -> tuple[str, ...]:
    """Return the rules that allow least."""
    known = [(x.counted, x.rule.id) for x in item.limits if x.rule and isinstance(x.counted, int)]
    return tuple(rule for counted, rule in known if counted == min(known)[0])
