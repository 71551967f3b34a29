"""Kernels as an executor: whatever decides a case, the verdict is that of the reference."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_tables import write_rows
from result_folders import read_results
from shops import PROGRAM, REGIME, make_row

import voucher_rules as vr
from voucher_rules.batch.cases.tables import CaseTable, read_table
from voucher_rules.batch.memory.kernels import Kernels
from voucher_rules.batch.verdicts.model import Verdicts
from voucher_rules.batch.verdicts.reference import Reference
from voucher_rules.decision.case import Case, read_case
from voucher_rules.decision.law import Options
from voucher_rules.program.build import Program
from voucher_rules.testing import load_cases

ROOT = Path(__file__).resolve().parents[2]
THOROUGH = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
EVERYDAY = [
    ("cn-nx-service-voucher", "claim"),
    ("cn-nx-service-voucher", "settle"),
    ("cn-bj-service-voucher", "claim"),
    ("cn-bj-service-voucher", "redeem"),
    ("cn-gx-service-voucher", "quota"),
    ("cn-nm-service-voucher", "purchase"),
    ("cn-nm-demonstration-platform", "recommend"),
]


def list_decisions() -> list[tuple[str, str]]:
    """Return decisions of the shipped rulesets: some, or all where there is time."""
    if THOROUGH == 1:
        return EVERYDAY
    names = [path.name for path in sorted((ROOT / "rulesets").iterdir()) if path.is_dir()]
    return [(name, decision) for name in names for decision in vr.load(name).decisions]


class Noting:
    """The reference, which notes how many cases it was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, program: Program, options: Options, cases: Sequence[Case], /) -> Verdicts:
        self.asked += len(cases)
        return Reference()(program, options, cases)


def invent(name: str, decision: str, count: int) -> tuple[CaseTable, Options]:
    """Return invented cases, some with facts left out, some at the limits."""
    ruleset = vr.load(name)
    rows = list(vr.synthesise(ruleset, decision, count, seed=11))
    rows += list(vr.synthesise(ruleset, decision, count // 2, seed=12, missing="2%"))
    readings = {name: item.default for name, item in ruleset.checked.readings.items()}
    table = read_table(rows, ruleset.program(decision))
    return table, Options(readings, assume_in_force=True)


@pytest.mark.parametrize(("name", "decision"), list_decisions())
def test_every_verdict_is_that_of_the_reference(name: str, decision: str) -> None:
    table, options = invent(name, decision, 16 * THOROUGH)
    expected = Reference()(table.program, options, table.cases)
    for columns in (True, False):
        rest = Noting()
        found = Kernels(rest, fewest=0, columns=columns)(table.program, options, table.cases)
        assert rest.asked < len(table.cases)
        for at in range(len(expected)):
            assert found.row(at) == expected.row(at), (columns, table.numbers[at])


SHOPS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "claim__date": st.sampled_from(["2020-05-01", "2019-01-01", "2021-05-01", None]),
            "shop__size": st.sampled_from(["small", "large", None]),
            "shop__staff": st.sampled_from([10, 50, 51]),
            "finding__well_run": st.sampled_from([True, False, None]),
            "contract__amount": st.sampled_from([1, 999, 1000, 2000, 2001, 9000, None]),
            "ledger__claimed_before": st.sampled_from([0, 400, 1000, 1001, None]),
        },
    ),
    max_size=8,
)


@given(SHOPS)
def test_every_kind_of_verdict_is_that_of_the_reference(changes: list[dict[str, object]]) -> None:
    table = read_table([make_row(**change) for change in changes], PROGRAM)
    expected = Reference()(PROGRAM, REGIME.options, table.cases)
    for columns in (True, False):
        found = Kernels(fewest=0, columns=columns)(PROGRAM, REGIME.options, table.cases)
        assert [found.row(at) for at in range(len(found))] == [
            expected.row(at) for at in range(len(expected))
        ]


def test_few_cases_are_left_to_the_rest() -> None:
    table = read_table([make_row()] * 5, PROGRAM)
    for fewest, asked in ((6, 5), (5, 0), (4, 0)):
        rest = Noting()
        Kernels(rest, fewest=fewest)(PROGRAM, REGIME.options, table.cases)
        assert rest.asked == asked


def test_plain_cases_are_decided_as_those_of_a_table() -> None:
    table = read_table([make_row(contract__amount=x) for x in range(1, 40)], PROGRAM)
    rest = Noting()
    execute = Kernels(rest, fewest=0)
    one = execute(PROGRAM, REGIME.options, table.cases)
    other = execute(PROGRAM, REGIME.options, list(table.cases))
    assert rest.asked == 0
    assert one == other


def test_numbers_too_great_for_columns_are_run_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    table = read_table([make_row(contract__amount=x) for x in range(1, 40)], PROGRAM)
    expected = Kernels(fewest=0)(PROGRAM, REGIME.options, table.cases)
    monkeypatch.setattr("voucher_rules.batch.numpy.checks.WIDEST", 1000)
    rest = Noting()
    found = Kernels(rest, fewest=0)(PROGRAM, REGIME.options, table.cases)
    assert (found, rest.asked) == (expected, 0)


def test_a_case_is_read_in_full_only_where_someone_asks() -> None:
    rows = [make_row(contract__amount=x) for x in range(1, 40)]
    table = read_table(rows, PROGRAM)
    held = table.cases.pick(range(10, 20))
    Kernels(fewest=0)(PROGRAM, REGIME.options, held)
    assert not held.list_held()
    assert held[3] == read_case(PROGRAM, rows[13])
    assert held[-1] == read_case(PROGRAM, rows[19])
    assert [case.values["contract.amount"] for case in held[2:4]] == [1300, 1400]
    assert held.list_held() == [2, 3, 9]
    assert list(held.list_values("contract.amount")) == [100 * x for x in range(11, 21)]


def test_it_is_told_how_far_it_is() -> None:
    rows = [make_row(contract__amount=x) for x in range(1, 40)] + [make_row(shop__size=None)] * 2
    table = read_table([*rows, make_row(contract__amount=None)], PROGRAM)
    told: list[tuple[int, int]] = []
    execute = Kernels(Reference(), fewest=0, tell=lambda *x: told.append(x))
    execute(PROGRAM, REGIME.options, table.cases)
    assert told == [(39, 42), (40, 41), (41, 41)]


def make_claims() -> list[dict[str, object]]:
    """Return claims of which nobody tells whether others pay: a warning alone asks for that."""
    path = ROOT / "rulesets" / "cn-nx-service-voucher" / "2016.cases.yaml"
    case = next(x for x in load_cases(path).cases if x.name == "other subsidy not asked about")
    facts = {name: str(value) for name, value in case.facts.items()}
    assert facts.pop("service.funded_otherwise") == "unknown"
    sizes, prices = ("small", "large"), (1, 399_999, 400_000, 400_001)
    varied = [{"enterprise.size": x, "contract.amount": y} for x in sizes for y in prices]
    return [{**facts, **change} for change in varied]


@pytest.mark.parametrize("columns", [True, False])
def test_what_only_a_warning_asks_leaves_nothing_to_the_reference(*, columns: bool) -> None:
    ruleset = vr.load("cn-nx-service-voucher")
    readings = {name: item.default for name, item in ruleset.checked.readings.items()}
    options, program = Options(readings), ruleset.program("claim")
    table = read_table(make_claims(), program)
    rest = Noting()
    found = Kernels(rest, fewest=1, columns=columns)(program, options, table.cases)
    assert rest.asked == 0
    expected = Reference()(program, options, table.cases)
    assert len(set(expected.outcome)) > 1
    for at in range(len(table.cases)):
        assert found.row(at) == expected.row(at)


def test_nor_does_it_in_a_table(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    table = tmp_path / "claims.csv"
    write_rows(table, make_claims())
    told = []
    for executor in ("duckdb", "rows"):
        ruleset, out = vr.load("cn-nx-service-voucher"), tmp_path / executor
        report = vr.decide_table(ruleset, "claim", table, out, executor=executor)
        assert report.rows["decided"] == 8
        # by rows, so few are not worth a kernel
        assert executor == "rows" or not report.rows["by_reference"]
        told.append(read_results(out))
    assert told[0] == told[1]
