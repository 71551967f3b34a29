"""Kernels held against the reference on every case of every case file there is."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from kernel_cases import compare_case

from voucher_rules.decision.case import read_case
from voucher_rules.decision.law import Options
from voucher_rules.testing.load import load_cases

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    *sorted(ROOT.glob("rulesets/*/*.cases.yaml")),
    *sorted(ROOT.glob("tests/measures/*/2024.cases.yaml")),
    *sorted(ROOT.glob("tests/publish/*/2024.cases.yaml")),
    *sorted(ROOT.glob("tests/notices/*/*.cases.yaml")),
]
STEP = 16 if os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1") == "1" else 1
"""One case of so many is tried: most of the time goes into making the kernel of its readings."""
LEAST_COMPARED = {"2011.limits": 0.2, "2017": 0.2}
"""The share of the cases of a file that a kernel must decide, where it is less than half."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_case_that_a_kernel_decides_comes_out_as_by_the_reference(path: Path) -> None:
    ways: Counter[str] = Counter()
    for case in load_cases(path).cases[::STEP]:
        program = case.ruleset.program(case.decision)
        readings = {name: item.default for name, item in case.ruleset.readings.items()}
        options = Options(readings | dict(case.readings), case.assume_in_force)
        read = read_case(program, case.facts, case.source, case.on)
        strict = compare_case(program, read, options)
        lenient = compare_case(program, read, options, lenient=True)
        assert lenient == strict or strict in {"not known", "unsure"}
        ways[lenient] += 1
    share = LEAST_COMPARED.get(path.name.removesuffix(".cases.yaml"), 0.5)
    assert ways["compared"] >= share * ways.total(), dict(ways)


def test_what_a_definition_lacks_matters_only_where_something_reads_it() -> None:
    """The special vouchers of a contract wait for a notice; settling general ones does not."""
    path = ROOT / "rulesets" / "cn-gx-service-voucher" / "2024.cases.yaml"
    cases = [case for case in load_cases(path).cases if case.decision == "settle"]
    ways: Counter[str] = Counter()
    for case in cases[::4]:
        program = case.ruleset.program(case.decision)
        readings = {name: item.default for name, item in case.ruleset.readings.items()}
        options = Options(readings | dict(case.readings), case.assume_in_force)
        read = read_case(program, case.facts, case.source, case.on)
        ways[compare_case(program, read, options, lenient=True)] += 1
    assert ways["compared"] > 3 * ways["unsure"], dict(ways)
