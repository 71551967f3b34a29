"""Comes in: typed rows and what their code gave. Goes out: where the evaluator finds otherwise.

Each row is stated as a person would state it and comes in by the usual door, which must read the
same row. What the code leaves undecided is not held against anything.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from answers import list_silent

from voucher_rules.compiled.days import make_moment, make_time
from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_code import Code
from voucher_rules.compiled.python_names import MISSING, Row
from voucher_rules.compiled.rows import make_row
from voucher_rules.compiled.verdict import Verdict, prepare
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.decision.result import DecisionResult
from voucher_rules.errors import InputError
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.values.model import CURRENCIES, NONE, Period, PeriodUnit

sys.path.append(str(Path(__file__).resolve().parents[1] / "compiled"))

from kernel_cases import compare_trace, tell_kernel, tell_reference

TRACED: Final = 4
"""One case of so many is also held against the trace of the kernel."""


@dataclass
class Share:
    """How many rows were held against the evaluator, refused by the door, and left to it."""

    compared: int = 0
    refused: int = 0
    left: int = 0
    seconds: float = 0.0


def state_facts(program: Program, inputs: Sequence[KernelInput], row: Row) -> dict[str, Any]:
    """Return a typed row as facts that a program states."""
    pairs = zip(inputs, row, strict=True)
    return {item.name: state_fact(program, item, x) for item, x in pairs if x is not MISSING}


def state_fact(program: Program, item: KernelInput, value: Any) -> Any:  # noqa: ANN401 - any fact
    """Return what stands in a row as a program states it."""
    if value is None:
        return NONE
    match item.shape:
        case Shape.LIST:
            return [_state_record(program, item, record) for record in value]
        case Shape.NUMBER if item.type.kind is Kind.MONEY:
            return Fraction(value, 10 ** CURRENCIES[item.type.unit].digits)
        case Shape.DAY:
            return date.fromordinal(value)
        case Shape.INSTANT:
            return make_moment(value).replace(tzinfo=program.ruleset.zone)
        case Shape.TIME:
            return make_time(value)
        case Shape.PERIOD:
            return Period(value, PeriodUnit(item.type.unit or "day"))
        case Shape.CODE:
            return item.type.options[value]
        case Shape.SET:
            return [x for at, x in enumerate(item.type.options) if value >> at & 1]
        case _:
            return value


def _state_record(program: Program, item: KernelInput, record: Row) -> dict[str, Any]:
    pairs = zip(item.fields, record, strict=True)
    return {
        one.name.removeprefix(f"{item.name}."): state_fact(program, one, x)
        for one, x in pairs
        if x is not MISSING
    }


def hold_row(
    code: Code, options: Options, row: Row, *, traced: bool, decisive: bool = False
) -> tuple[str, Mapping[str, tuple[Any, Any]]]:
    """Hold a row of the code against the evaluator: which way it took, and what differs.

    Of a ``decisive`` kernel rules that decide nothing are not compared, and it has no trace.
    """
    program, found = code.kernel.program, code.decide(row)
    facts = state_facts(program, code.kernel.inputs, row)
    try:
        case = read_case(program, facts)
    except InputError as error:
        told = "; ".join(str(x) for x in error.diagnostics)
        differs = found is not None and not found[1]
        return "refused", {"the door refuses": (told, "decided")} if differs else {}
    # what seems misstated under one reading the door may take: then it must be decided alike
    read = make_row(list_door_inputs(program), case.values)
    if read != row:
        return "compared", {"the row at the door": (read, row)}
    if found is None:
        return "left", {}
    whole = decide(program, case, options)
    ours, theirs = tell_kernel(code.kernel, found), tell_reference(code.kernel, whole)
    silent = list_silent(code.kernel) if decisive else frozenset()
    names = (ours.keys() | theirs.keys()) - {f"rule {name}" for name in silent}
    pairs = {x: (ours.get(x), theirs.get(x)) for x in names}
    differing = {x: pair for x, pair in pairs.items() if pair[0] != pair[1]}
    verdict = prepare(program, options, decisive=decisive).decide(facts)
    differing |= _hold_verdict(verdict, whole, silent)
    if traced and not differing and not decisive:
        try:
            compare_trace(code.kernel, row, whole)
        except AssertionError as error:
            differing["the trace"] = (str(error)[:500], "")
    return "compared", differing


def _hold_verdict(
    verdict: Verdict, whole: DecisionResult, silent: frozenset[str]
) -> dict[str, tuple[Any, Any]]:
    """Return in what a verdict as `Ruleset.decide` takes it differs from the whole decision."""
    amounts, others = (
        {n: (x.value, x.otherwise, x.binding) for n, x in found.amounts.items()}
        for found in (verdict, whole)
    )
    statuses, others_statuses = (
        {name: status for name, status in found.items() if name not in silent}
        for found in (
            verdict.statuses,
            {x.rule.id: x.status for x in whole.evaluation.rules.values()},
        )
    )
    pairs = {
        "the outcome of the verdict": (verdict.outcome, whole.outcome),
        "the amounts of the verdict": (amounts, others),
        "the values of the verdict": (verdict.values, whole.values),
        "the rules of the verdict": (statuses, others_statuses),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def hold_share(
    code: Code,
    options: Options,
    rows: Iterable[tuple[int, Row]],
    seconds: float,
    *,
    decisive: bool = False,
) -> tuple[Share, list[tuple[int, Mapping[str, tuple[Any, Any]]]]]:
    """Hold as many rows as fit a time against the evaluator; return how many, and what differs."""
    share, differing = Share(), []
    started = time.process_time()
    for number, (at, row) in enumerate(rows):
        if time.process_time() - started > seconds:
            break
        way, found = hold_row(code, options, row, traced=number % TRACED == 0, decisive=decisive)
        setattr(share, way, getattr(share, way) + 1)
        if found:
            differing.append((at, found))
    share.seconds = time.process_time() - started
    return share, differing
