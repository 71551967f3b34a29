"""Kernels over columns held against the same kernels row by row, and what columns must be."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from kernel_cases import find_own_code

from voucher_rules.api import load
from voucher_rules.batch.numpy import kernel as columns_numpy
from voucher_rules.batch.numpy.checks import Column, ListColumn, find_overflow
from voucher_rules.batch.numpy.kernel import ColumnKernel
from voucher_rules.batch.numpy.results import UNFIT, ColumnResult
from voucher_rules.batch.numpy.rows import find_denominators, make_columns
from voucher_rules.batch.numpy.steps import add_months, count_bits, np
from voucher_rules.batch.verdicts.findings import UNDECIDED
from voucher_rules.compiled import days
from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.nodes import Kernel, KernelInput, Shape
from voucher_rules.compiled.python_code import Code
from voucher_rules.compiled.python_names import MISSING, PER_AMOUNT, WAITING, Row
from voucher_rules.compiled.rows import make_row
from voucher_rules.decision.case import read_case
from voucher_rules.decision.law import Options
from voucher_rules.language.types import Kind, Type
from voucher_rules.testing.load import load_cases

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    *sorted(ROOT.glob("rulesets/*/*.cases.yaml")),
    *sorted(ROOT.glob("tests/measures/*/2024.cases.yaml")),
]
Told = tuple[Any, ...] | None
FEWEST = 16 if os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1") == "1" else 1
"""Kernels of fewer cases than this are passed over, as making one takes longer than to run it."""


def group_rows(path: Path) -> dict[Code, list[Row]]:
    """Return the rows of the cases of a file, by the code that decides them."""
    groups: dict[Code, list[Row]] = defaultdict(list)
    for case in load_cases(path).cases:
        program = case.ruleset.program(case.decision)
        readings = {name: item.default for name, item in case.ruleset.readings.items()}
        options = Options(readings | dict(case.readings), case.assume_in_force)
        read = read_case(program, case.facts, case.source, case.on)
        code = find_own_code(program, read, options, lenient=True)
        row = make_row(code.kernel.inputs, read.values) if code else None
        if code is not None and row is not None:
            groups[code].append(row)
    return groups


def make_runner(kernel: Kernel, rows: list[Row]) -> ColumnKernel:
    """Return the runner of the same kernel over columns, in the denominators of some rows."""
    again = make_kernel(
        kernel.program,
        (kernel.first, kernel.last),
        kernel.readings,
        assumed=kernel.assumed,
        denominators=find_denominators(kernel.inputs, list(zip(*rows, strict=True))),
        lenient=True,
        variables=True,
    )
    return ColumnKernel(again)


def tell_row(code: Code, row: Row) -> Told:
    """Return what a row comes to by itself: numbers are told in their lowest terms."""
    found = code.decide(row)
    if found is None or found[1]:
        return None
    kernel, at, told = code.kernel, 2, [found[0]]
    for _ in kernel.amounts:
        told += found[at : at + 2]
        at += PER_AMOUNT
    told += found[at : at + len(kernel.rules)]
    at += len(kernel.rules)
    for value in kernel.values.values():
        told.append(settle(found[at : at + len(value.nodes)]))
        at += len(value.nodes)
    return tuple(told)


def tell_column(kernel: Kernel, result: ColumnResult, at: int) -> Told:
    """Return the same of one row among columns."""
    if result.outcome[at] == UNDECIDED:
        return None
    told: list[Any] = [result.outcome[at]]
    for item in kernel.amounts:
        none = result.without[item.output][at]
        told += [None if none else result.amounts[item.output][at], result.binding[item.output][at]]
    for number in range(len(kernel.rules)):
        word, bit = divmod(number, 64)
        skipped, waits, failed = (
            int(x[word][at]) >> bit & 1 for x in (result.skipped, result.waiting, result.failed)
        )
        assert skipped + waits + failed <= 1
        told.append(None if skipped else WAITING if waits else not failed)
    for parts, none, waiting in result.values.values():
        known = settle(tuple(part[at].item() for part in parts))
        told.append(None if none[at] else MISSING if waiting[at] else known)
    return tuple(told)


def settle(parts: tuple[Any, ...]) -> object:
    """Return a value told in parts as one: a numerator over a denominator in its lowest terms."""
    if parts[0] is None or len(parts) == 1:
        return parts[0]
    return Fraction(parts[0], parts[1])


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_columns_come_to_what_their_rows_come_to(path: Path) -> None:
    decided = 0
    for code, rows in group_rows(path).items():
        if len(rows) < FEWEST and decided:
            continue
        runner = make_runner(code.kernel, rows)
        turned = list(zip(*rows, strict=True))
        result = runner.run(make_columns(runner.kernel.inputs, turned), len(rows))
        for at, row in enumerate(rows):
            expected = tell_row(code, row)
            assert tell_column(runner.kernel, result, at) == expected
            decided += expected is not None
    assert decided


def make_case(**changed: Column) -> tuple[ColumnKernel, dict[str, Column | ListColumn]]:
    """Return a runner of a shipped decision, and columns of two rows for it."""
    program = load("cn-nx-service-voucher").program("supervision_fee")
    kernel = make_kernel(program, stretches_of(program)[-1], {})
    columns: dict[str, Column | ListColumn] = {
        item.name: Column(np.array([item.low or 1] * 2, np.int64)) for item in kernel.inputs
    }
    columns |= {name.replace("__", "."): column for name, column in changed.items()}
    return ColumnKernel(kernel), columns


def find_money(runner: ColumnKernel) -> Any:  # noqa: ANN401 - an input
    return next(item for item in runner.kernel.inputs if item.type.unit == "CNY")


@pytest.mark.parametrize(("beyond", "fits"), [(-1, True), (0, True), (1, False)])
def test_a_value_above_its_bound_is_refused(beyond: int, *, fits: bool) -> None:
    runner, columns = make_case()
    item = find_money(runner)
    columns[item.name] = Column(np.array([item.low, item.high + beyond], np.int64))
    if fits:
        assert len(runner.run(columns, 2).outcome) == 2
        return
    with pytest.raises(ValueError, match=item.name):
        runner.run(columns, 2)


def test_a_column_that_is_lacking_short_or_of_another_kind_is_refused() -> None:
    runner, columns = make_case()
    name = find_money(runner).name
    for wrong in (np.array([1]), np.array([0.5, 1.0]), np.array([True, False])):
        with pytest.raises(ValueError, match=name):
            runner.run(columns | {name: Column(wrong)}, 2)
    with pytest.raises(ValueError, match="no column"):
        runner.run({key: x for key, x in columns.items() if key != name}, 2)
    mask = Column(np.array([1, 1]), none=np.array([False, True]))
    with pytest.raises(ValueError, match="lacks a value"):
        runner.run(columns | {name: mask}, 2)


@pytest.mark.parametrize(("beyond", "fits"), [(-1, True), (0, True), (1, False)])
def test_a_step_that_may_leave_int64_is_found_with_its_rule(beyond: int, *, fits: bool) -> None:
    runner, _ = make_case()
    kernel = runner.kernel
    assert find_overflow(kernel) is None
    # the least fee is 3% of the price: three times the price, counted in hundredths
    most = (2**63 - 1) // 3 + beyond
    ranges = {item.name: (item.low, item.low) for item in kernel.inputs}
    found = find_overflow(kernel, ranges | {"contract.amount": (1, most)})
    assert found is None if fits else found in kernel.program.ruleset.rules


def test_a_block_that_might_leave_int64_is_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    runner, columns = make_case()
    item = find_money(runner)
    wide = Column(np.array([item.low, 2**62, item.low, item.low], np.int64))
    twice = {
        name: Column(np.tile(x.values, 2)) for name, x in columns.items() if isinstance(x, Column)
    }
    inputs = tuple(
        replace(x, high=2**62) if x.name == item.name else x for x in runner.kernel.inputs
    )
    monkeypatch.setattr(columns_numpy, "BLOCK", 2)
    free = ColumnKernel(replace(runner.kernel, inputs=inputs))
    outcome = free.run(twice | {item.name: wide}, 4).outcome.tolist()
    assert outcome[:2] == [UNFIT, UNFIT]
    assert UNFIT not in outcome[2:]


@pytest.mark.parametrize(("beyond", "fits"), [(-1, True), (0, True), (1, False)])
def test_values_that_share_no_denominator_of_int64_have_none(beyond: int, *, fits: bool) -> None:
    ratio = Type(Kind.RATIO)
    item = KernelInput("a.ratio", ratio, Shape.NUMBER, may_be_none=False, may_be_missing=False)
    values = [Fraction(1, 2**63 - 1 + beyond), 0, MISSING]
    if fits:
        assert find_denominators((item,), [values]) == {"a.ratio": 2**63 - 1 + beyond}
        return
    with pytest.raises(OverflowError):
        find_denominators((item,), [values])


@pytest.mark.parametrize("months", [-30_000, -12, -1, 0, 1, 11, 12, 13, 1200, 200_000])
def test_months_are_added_to_columns_as_to_single_days(months: int) -> None:
    ordinals = np.arange(726_000, 740_000, 7)
    made = add_months(ordinals, months)
    assert made.tolist() == [days.add_months(day, months) for day in ordinals.tolist()]


def test_bits_are_counted_row_by_row() -> None:
    masks = [0, 1, 3, 2**62, 2**63 - 1]
    assert count_bits(np.array(masks)).tolist() == [mask.bit_count() for mask in masks]
