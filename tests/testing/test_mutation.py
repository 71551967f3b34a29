"""Comes in: a small ruleset with strong and weak cases. Goes out: which mutants are noticed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr
from voucher_rules.errors import InputError
from voucher_rules.testing import (
    Fate,
    MutationReport,
    find_case_files,
    find_stale,
    find_unexplained,
    list_mutants,
    read_survivors,
    run_mutation,
)
from voucher_rules.testing.mutants import KINDS

EXPLAINED: Final = Path(__file__).parents[1] / "mutation"
RULESET: Final = Path(__file__).parent / "test-mutated" / "2024.yaml"
REFUSED: Final = {"each", "scale", "part"}
"""Kinds of which this ruleset has none that the checker lets pass."""
WEAK: Final = """\
ruleset: 2024.yaml
cases:
  - name: some outcome
    decision: claim
    on: 2024-03-02
    given:
      shop.size: small
      shop.barred: false
      shop.asked: false
      contract.signed: 2024-03-01
      contract.amount: 1000元
      claim.papers: [contract, invoice]
      claim.wanted: 500元
    expect: {exact: true}
    because: hardly anything is asked for
"""


@pytest.fixture(scope="module")
def strong() -> MutationReport:
    ruleset = vr.load(RULESET)
    return run_mutation(ruleset, find_case_files(ruleset))


@pytest.fixture
def weak(tmp_path: Path) -> Path:
    """Put the ruleset beside a case file that asks for nearly nothing."""
    shutil.copy(RULESET, tmp_path / "2024.yaml")
    (tmp_path / "2024.cases.yaml").write_text(WEAK, encoding="utf-8")
    return tmp_path / "2024.yaml"


def test_strong_cases_notice_everything(strong: MutationReport) -> None:
    assert [item.mutant.id for item in strong.survivors] == []
    assert strong.noticed == (len(strong.results), len(strong.results))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_noticed_by_a_case(strong: MutationReport, kind: str) -> None:
    found = {x.fate for x in strong.results if x.mutant.kind == kind}
    assert Fate.KILLED in found or (kind in REFUSED and found == {Fate.REFUSED})


def test_each_kind_survives_weak_cases(weak: Path) -> None:
    ruleset = vr.load(weak)
    report = run_mutation(ruleset, find_case_files(ruleset))
    assert {item.mutant.kind for item in report.survivors} == set(KINDS) - REFUSED
    assert report.killed[0] < report.killed[1]


def test_who_noticed_it_is_told(strong: MutationReport) -> None:
    found = {x.mutant.id: (x.fate, x.by) for x in strong.results}
    assert found["rules/each_item/require/less-to-at_most"] == (Fate.KILLED, "item too large")
    assert found["rules/rate_is/deleted"] == (Fate.REFUSED, "output-never-set")


def test_the_same_comes_out_of_several_processes(strong: MutationReport) -> None:
    ruleset = vr.load(RULESET)
    kinds = ("value", "bound")
    alone = run_mutation(ruleset, find_case_files(ruleset), kinds=kinds)
    shared = run_mutation(ruleset, find_case_files(ruleset), kinds=kinds, jobs=2)
    assert shared == alone
    assert alone.results == tuple(x for x in strong.results if x.mutant.kind in kinds)
    assert len(alone.left_out) == len(strong.results) - len(alone.results)


def test_cases_that_state_the_first_day_notice_the_same(
    strong: MutationReport, tmp_path: Path
) -> None:
    begun, kinds = "effective: {from: 2024-01-01, ", ("value", "bound")
    text = RULESET.read_text("utf-8")
    assert begun in text
    open_ = tmp_path / "2024.yaml"
    open_.write_text(text.replace(begun, "effective: {from: unset, "), encoding="utf-8")
    cases = RULESET.with_name("2024.cases.yaml").read_text("utf-8")
    stated = cases.replace("    because:", "    in_force_from: 2024-01-01\n    because:")
    open_.with_name("2024.cases.yaml").write_text(stated, encoding="utf-8")
    ruleset = vr.load(open_)
    report = run_mutation(ruleset, find_case_files(ruleset), kinds=kinds)
    found = {x.mutant.id: x for x in report.results}
    wanted = {x.mutant.id: x for x in strong.results if x.mutant.kind in kinds}
    shared = [key for key in wanted.keys() & found.keys() if "effective" not in key]
    assert len(shared) > len(wanted) // 2
    assert [found[key].fate for key in shared] == [wanted[key].fate for key in shared]


def test_a_case_that_fails_anyway_is_refused(weak: Path) -> None:
    cases = weak.with_name("2024.cases.yaml")
    cases.write_text(WEAK.replace("exact: true", "exact: false"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run_mutation(vr.load(weak), [cases])
    assert [item.code for item in caught.value.diagnostics] == ["case-fails"]


def test_cases_of_another_ruleset_are_refused(weak: Path) -> None:
    other = RULESET.parents[2] / "measures" / "test-group" / "2024.cases.yaml"
    with pytest.raises(InputError) as caught:
        run_mutation(vr.load(weak), [other])
    assert [item.code for item in caught.value.diagnostics] == ["cases-of-another"]


def test_survivors_are_explained_and_explanations_are_of_survivors(
    weak: Path, tmp_path: Path
) -> None:
    ruleset = vr.load(weak)
    report = run_mutation(ruleset, find_case_files(ruleset), kinds=["when", "soft"])
    first = report.survivors[0].mutant.id
    path = tmp_path / "why.yaml"
    left_out = min(report.left_out)
    ids = f"[{first}, {left_out}, rules/gone/deleted]"
    path.write_text(f"survivors:\n  - because: it is so\n    ids: {ids}\n", encoding="utf-8")
    reasons = read_survivors(path)
    assert reasons[first] == "it is so"
    assert first not in {item.mutant.id for item in find_unexplained(report, reasons)}
    assert find_stale(report, reasons) == ("rules/gone/deleted",)


def test_a_file_of_explanations_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "why.yaml"
    path.write_text("survivors:\n  - ids: [a]\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_survivors(path)
    assert [item.code for item in caught.value.diagnostics] == ["missing-key"]


@pytest.mark.parametrize("path", sorted(EXPLAINED.glob("*.yaml")), ids=lambda x: x.stem)
def test_what_is_explained_of_a_shipped_ruleset_is_a_mutant_of_it(path: Path) -> None:
    named = {f"{x.id}-{x.edition}": x.path for x in vr.rulesets()}
    known = {mutant.id for mutant in list_mutants(vr.load(named[path.stem]))}
    assert read_survivors(path).keys() - known == set()
