"""SQL held against the code of the same kernels on every case of every case file."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from kernel_cases import find_own_code
from sql_engines import count_row, find_differences, find_engines, tell_row

from voucher_rules.batch.numpy.rows import find_denominators
from voucher_rules.compiled.build import make_kernel
from voucher_rules.compiled.nodes import Kernel
from voucher_rules.compiled.python_code import Code, write_code
from voucher_rules.compiled.python_names import Row
from voucher_rules.compiled.rows import make_row
from voucher_rules.compiled.sql_inputs import Known
from voucher_rules.decision.case import read_case
from voucher_rules.decision.law import Options
from voucher_rules.language.types import Kind
from voucher_rules.testing.load import load_cases

ROOT = Path(__file__).resolve().parents[2]
ALL = os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1") != "1"
FILES = [
    *sorted(ROOT.glob("rulesets/*/*.cases.yaml" if ALL else "rulesets/cn-nx-*/*.cases.yaml")),
    *sorted(ROOT.glob("tests/measures/*/2024.cases.yaml")),
]
"""The case files that every run tries; `make agree` tries all, as kernels take long to make."""
FEWEST = 1 if ALL else 8
"""Kernels of fewer cases than this are passed over after the first."""


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


def count_alike(kernel: Kernel, rows: list[Row]) -> Kernel:
    """Return the same kernel in the denominators of some rows."""
    return make_kernel(
        kernel.program,
        (kernel.first, kernel.last),
        kernel.readings,
        assumed=kernel.assumed,
        denominators=find_denominators(kernel.inputs, list(zip(*rows, strict=True))),
        lenient=True,
        variables=True,
    )


def measure(kernel: Kernel, rows: list[Row]) -> dict[str, tuple[int, int]]:
    """Return the ends of what rows hold of money, where declared ones would leave 64 bits."""
    pairs = list(zip(kernel.inputs, zip(*rows, strict=True), strict=True))
    for item, cells in list(pairs):
        records = [record for some in cells if isinstance(some, tuple) for record in some]
        pairs += zip(item.fields, zip(*records, strict=True), strict=bool(records))
    found = {}
    for item, cells in pairs:
        values = [x for x in cells if type(x) is int]
        if item.type.kind is Kind.MONEY and values:
            found[item.name] = (min(values), max(values))
    return found


@pytest.mark.skipif(not find_engines(), reason="no engine of SQL is installed")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_sql_comes_to_what_the_code_comes_to(path: Path) -> None:
    ways: Counter[str] = Counter()
    for code, rows in group_rows(path).items():
        if len(rows) < FEWEST and ways["compared"]:
            continue
        kernel = count_alike(code.kernel, rows)
        known = Known(bounds=measure(kernel, rows))
        same = write_code(kernel)
        for engine in find_engines():
            told = engine.decide(kernel, rows, known)
            for row, found in zip(rows, told, strict=True):
                expected = tell_row(kernel, same.decide(count_row(kernel, row)))
                assert not find_differences(found, expected), (engine.dialect, row)
                ways["compared"] += expected["outcome"] is not None
    assert ways["compared"]
