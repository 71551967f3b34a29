"""Every numeric limit is found, and cases are found or made that stand at it and just beside it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr
from voucher_rules.catalog.find import LIMITS_SUFFIX, find_case_files
from voucher_rules.testing import Case, load_cases, study_limits
from voucher_rules.testing.limits import Kind, LimitReport, Side, survey_limits
from voucher_rules.testing.limits.reach import read_out_of_reach
from voucher_rules.testing.limits.survey import generate_cases
from voucher_rules.testing.limits.write import write_generated

HERE: Final = Path(__file__).resolve().parent
SHIPPED: Final = vr.rulesets()


@pytest.fixture(scope="module")
def workshop() -> vr.Ruleset:
    return vr.load(HERE / "workshop.yaml")


@pytest.fixture(scope="module")
def plain() -> tuple[Case, ...]:
    return load_cases(HERE / "workshop.cases.yaml").cases


def make_cases(
    ruleset: vr.Ruleset, cases: tuple[Case, ...], folder: Path
) -> tuple[tuple[LimitReport, ...], tuple[Case, ...]]:
    reports = survey_limits(ruleset, cases)
    made = [(report, generate_cases(report, cases)) for report in reports]
    path = folder / "made.cases.yaml"
    path.write_text(write_generated(str(ruleset.path), ruleset.edition, made), "utf-8")
    return reports, load_cases(path).cases


def test_every_sort_of_limit_is_found(workshop: vr.Ruleset) -> None:
    found = {report.site.id: report.site for report in survey_limits(workshop, ())}
    assert {site.kind for site in found.values()} == set(Kind)
    assert sorted(found) == [
        "adult@2024-01-01",
        "adult@2025-01-01",
        "adults/0",
        "adults/0.0.2",
        "by_rate",
        "by_rate/0 rate=100000",
        "by_size cap[large]",
        "by_size cap[small]",
        "force.from",
        "force.until",
        "in_hours/last",
        "in_hours/opens",
        "skilled/0",
        "voucher.amount=0",
    ]


def test_the_study_tells_what_the_survey_finds(
    workshop: vr.Ruleset, plain: tuple[Case, ...]
) -> None:
    study, reports = study_limits(workshop), survey_limits(workshop, plain)
    assert [x.site.id for x in study.reports] == [x.site.id for x in reports]
    assert study.missing == tuple((x.site.id, side) for x in reports for side in x.missing)
    assert study_limits(workshop, ()).missing == tuple(
        (x.site.id, side) for x in reports for side in x.site.sides
    )
    rows = {row["limit_text"]: row for row in study.to_rows("limits", "en")}
    assert len(rows) == len(reports)
    told = {cell for row in rows.values() for cell in (row["below"], row["at"], row["above"])}
    assert {"no case", "—"} < told
    assert any(str(cell).startswith("granted") for cell in told)
    assert f"lacking: {len(study.missing)}" in study.summary("en")
    assert f"缺案例 {len(study.missing)}" in study.summary("zh")


def test_one_case_is_enough_to_make_all_the_others(
    workshop: vr.Ruleset, plain: tuple[Case, ...], tmp_path: Path
) -> None:
    before, made = make_cases(workshop, plain, tmp_path)
    assert sum(len(report.missing) for report in before) > 20
    after = survey_limits(made[0].ruleset, made)
    assert {report.site.id: report.missing for report in after if report.missing} == {}


def test_made_cases_stand_one_smallest_step_apart(
    workshop: vr.Ruleset, plain: tuple[Case, ...]
) -> None:
    reports = {report.site.id: report for report in survey_limits(workshop, plain)}
    found = generate_cases(reports["in_hours/last"], plain)
    for side, late in ((Side.BELOW, -1), (Side.AT, 0), (Side.ABOVE, 1)):
        values = {**found[side].witness.decision.result.case.values, **found[side].crossing.changed}
        late_by = values["claim.at"] - values["order.at"]  # type: ignore[operator]
        assert late_by == timedelta(hours=48, seconds=late)
    money = generate_cases(reports["by_rate/0 rate=100000"], plain)
    prices = [money[side].crossing.changed["order.price"] for side in Side]
    assert prices == [99_999, 100_000, 100_001]
    share = generate_cases(reports["skilled/0"], plain)
    assert {side: item.crossing.changed for side, item in share.items()} == {
        Side.ABOVE: {"shop.skilled": 4},
        Side.BELOW: {"shop.skilled": 3},
        Side.AT: {"shop.workers": 10},
    }


def test_what_the_limit_decides_is_told_on_each_side(
    workshop: vr.Ruleset, plain: tuple[Case, ...], tmp_path: Path
) -> None:
    _, made = make_cases(workshop, plain, tmp_path)
    reports = {report.site.id: report for report in survey_limits(made[0].ruleset, made)}
    closing = reports["in_hours/last"].pinned
    assert closing[Side.AT].decision.outcome == "granted"
    assert closing[Side.ABOVE].decision.outcome == "denied"
    force = reports["force.from"].pinned
    assert force[Side.BELOW].decision.outcome == "not_in_force"


def test_cases_with_other_values_of_parameters_pin_nothing(
    workshop: vr.Ruleset, tmp_path: Path
) -> None:
    text = (HERE / "workshop.cases.yaml").read_text("utf-8").replace("./work", f"{HERE}/work")
    path = tmp_path / "set.cases.yaml"
    path.write_text(text.replace("    given:", "    set: {share: 40%}\n    given:", 1), "utf-8")
    assert not any(report.nearest for report in survey_limits(workshop, load_cases(path).cases))


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("{site: by_fate, side: at, because: x}", "unknown-limit"),
        ("{site: force.from, side: above, because: x}", "side-not-missing"),
        ("{site: force.from, side: at}", "missing-key"),
    ],
)
def test_the_list_of_what_is_out_of_reach_may_only_shrink(
    workshop: vr.Ruleset, tmp_path: Path, entry: str, code: str
) -> None:
    path = tmp_path / "1.limits.yaml"
    path.write_text(f"out_of_reach:\n  - {entry}\n", "utf-8")
    with pytest.raises(vr.InputError) as caught:
        read_out_of_reach(path, survey_limits(workshop, ()))
    assert [item.code for item in caught.value.diagnostics] == [code]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.id}-{file.edition}")
def test_every_limit_of_a_shipped_ruleset_is_pinned_on_every_side(file: vr.RulesetFile) -> None:
    ruleset = vr.load(file.path)
    cases = tuple(case for path in find_case_files(file.path) for case in load_cases(path).cases)
    reports = survey_limits(ruleset, cases)
    path = file.path.with_name(f"{file.path.stem}{LIMITS_SUFFIX}")
    known = read_out_of_reach(path, reports) if path.is_file() else ()
    beyond = {(item.site, item.side) for item in known}
    lacking = [
        f"{report.site.id}: {side}"
        for report in reports
        for side in report.missing
        if (report.site.id, side) not in beyond
    ]
    assert lacking == []
