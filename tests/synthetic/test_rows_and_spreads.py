"""Rows go straight into decisions and studies; cases beside limits keep what was stated."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import voucher_rules as vr
from voucher_rules.synthetic.files import list_cells
from voucher_rules.synthetic.keeping import Kept, may_give
from voucher_rules.synthetic.read_marginals import read_stated
from voucher_rules.synthetic.rows import Row, iterate_rows

NX: Final = vr.load("cn-nx-service-voucher", "2016")
BJ: Final = vr.load("cn-bj-service-voucher", "2023")
SPREADS: Final[Mapping[str, Any]] = {
    "contract.amount": {"low": "1万元", "high": "20万元", "shape": "log", "step": "100元"},
    "enterprise.size": {"micro": 7, "small": 3, "large": 0},
    "deposit.paid": True,
    "ledger.claimed_this_year": ["0元", "0元", "1200元"],
}


@pytest.mark.parametrize(("ruleset", "count"), [(NX, 15), (BJ, 2)])
def test_rows_are_taken_by_decisions_as_they_are(ruleset: vr.Ruleset, count: int) -> None:
    decision = "claim"
    made = vr.synthesise(ruleset, decision, count, seed=3, missing="20%")
    rows = made.to_rows()
    assert any(len(row) < len(made.program.inputs) for row in rows)
    for row, facts in zip(rows, made, strict=True):
        assert None not in row.values()
        one, other = (ruleset.decide(decision, x, assume_in_force=True) for x in (row, facts))
        assert (one.outcome, one.amounts) == (other.outcome, other.amounts)


@pytest.mark.parametrize(("ruleset", "count", "missing"), [(NX, 20, "20%"), (BJ, 3, 0)])
def test_rows_and_tables_of_them_go_into_studies(
    tmp_path: Path, ruleset: vr.Ruleset, count: int, missing: str | int
) -> None:
    made = vr.synthesise(ruleset, "claim", count, seed=3, missing=missing)
    options: Any = {"decision": "claim", "jobs": 1, "assume_in_force": True}
    plain = vr.evaluate(ruleset, list(made), **options)
    with (tmp_path / "cases.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(list_cells(made, labelled=False))
    tables = (made.to_rows(), made.to_frame(), made.to_frame(kind="polars"), tmp_path / "cases.csv")
    for table in tables:
        study = vr.evaluate(ruleset, table, **options)
        assert not study.rejected
        assert study.sums == plain.sums


def test_a_table_has_every_column_and_a_label_where_it_is_asked_for() -> None:
    made = vr.synthesise(NX, "claim", 3, seed=3, missing="100%")
    assert list(made.to_frame().columns) == list(made.program.inputs)
    assert list(made.to_frame(labelled=True).columns)[-1] == "invented"
    assert made.to_rows(labelled=True)[0]["invented"] is True


@pytest.mark.parametrize(
    ("told", "code", "argument"),
    [
        ({"given": "enterprise.size"}, "marginal-given", "options, otherwise"),
        ({"given": "enterprise.size", "options": {"micro": True}}, "marginal-given", "otherwise"),
        ({"given": "enterprise.size", "otherwise": True}, "marginal-given", "options"),
        ({"given": "enterprise.size", "options": {}, "else": True}, "not-one-of", "else"),
        ({"given": "deposit.paid", "options": {}, "otherwise": True}, "marginal-form", None),
        ({"given": "enterprise.size", "options": 1, "otherwise": True}, "marginal-form", None),
        ({"given": "no.fact", "options": {}, "otherwise": True}, "unknown-fact", None),
    ],
)
def test_a_spread_by_another_fact_says_what_it_lacks(
    told: object, code: str, argument: str | None
) -> None:
    with pytest.raises(vr.InputError) as caught:
        vr.synthesise(NX, "claim", 1, seed=1, marginals={"deposit.paid": told})
    (found,) = caught.value.diagnostics
    assert (found.code, found.path) == (code, "marginals.deposit.paid")
    if argument is not None:
        assert argument in {found.arguments.get("missing"), found.arguments.get("found")}
    if code == "marginal-given":
        assert "otherwise" in caught.value.render("en")
        assert "缺少" in caught.value.render("zh")


def make_kept(marginals: Mapping[Any, Any]) -> Kept:
    stated = read_stated(NX.program("claim"), marginals, 0)
    return Kept(stated.single, stated.joint)


def test_cases_beside_limits_keep_what_was_stated_and_say_where_they_cannot() -> None:
    made = vr.synthesise(
        NX, "claim", 20, seed=7, on="2017-03-01", marginals=SPREADS, boundaries=True
    )
    kept = make_kept(SPREADS)
    for item in made.boundaries.found:
        assert item.departs == kept.list_departures(item.row)
    departing = [item for item in made.boundaries.found if item.departs]
    assert len(departing) < len(made.boundaries.found) / 2
    # the sizes of no weight come up only where the case is about the size itself
    for item in departing:
        if "enterprise.size" in item.departs:
            assert item.row["enterprise.size"] not in {"micro", "small"}
    told = [row["departs"] for row in made.to_rows("boundaries")][: len(made.boundaries.found)]
    assert told == [", ".join(item.departs) for item in made.boundaries.found]
    assert f"{len(departing)} of these depart" in made.summary("en")
    for facts in list(made)[20:]:
        NX.decide("claim", facts)


JOINT: Final = {("enterprise.size", "contract.amount"): [("micro", "1万元"), ("small", "2万元")]}


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6))
def test_no_row_drawn_departs_from_what_was_stated(seed: int) -> None:
    given = {
        "given": "deposit.paid",
        "options": {True: {True: "10%", False: "90%"}},
        "otherwise": True,
    }
    for marginals in (SPREADS, JOINT, {"enterprise.specialised": given}):
        kept = make_kept(marginals)
        made = vr.synthesise(NX, "claim", 3, seed=seed, marginals=marginals, missing="10%")
        rows = iterate_rows(made._recipe, seed, 3)
        assert all(kept.list_departures(row) == () for row in rows)


@pytest.mark.parametrize(
    ("name", "value", "may"),
    [
        ("contract.amount", 999_999, False),
        ("contract.amount", 1_000_000, True),
        ("contract.amount", 1_000_001, False),
        ("contract.amount", 1_010_000, True),
        ("contract.amount", 20_000_000, True),
        ("contract.amount", 20_010_000, False),
        ("enterprise.size", "micro", True),
        ("enterprise.size", "large", False),
        ("enterprise.size", "medium", False),
        ("deposit.paid", False, False),
        ("ledger.claimed_this_year", 120_000, True),
        ("ledger.claimed_this_year", 120_001, False),
    ],
)
def test_a_value_is_told_from_one_that_is_never_drawn(name: str, value: Any, *, may: bool) -> None:  # noqa: ANN401 - of any type
    kept = make_kept(SPREADS)
    assert may_give(kept.single[name], value, {}) is may
    assert (kept.list_departures({name: value}) == ()) is may


def test_facts_stated_together_depart_together() -> None:
    kept = make_kept(JOINT)
    rows: Row = {"enterprise.size": "micro", "contract.amount": 1_000_000}
    assert kept.list_departures(rows) == ()
    mixed: Row = {**rows, "enterprise.size": "small"}
    assert kept.list_departures(mixed) == ("enterprise.size", "contract.amount")
    assert kept.list_departures({"enterprise.size": "small"}) == ()
