"""Studies against loops over single decisions, and pages against names that carry markup."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr

FAIR: Final = Path(__file__).parents[1] / "differences" / "fair.yaml"
DAY: Final = "2024-05-01"
SCRIPT: Final = "<script>alert(1)</script>"
RULESET: Final = vr.load(FAIR)
GRID: Final = [
    {"stall.trade": trade, "stall.helpers": helpers, "stall.days": days, "stall.licensed": licensed}
    for trade, helpers, days, licensed in product(
        ("food", "craft", "other"), range(13), range(16), (True, False)
    )
]


def decide(case: dict[str, Any]) -> tuple[str, Decimal]:
    made = RULESET.decide("claim", case, on=DAY)
    return str(made.outcome), made.amounts["grant.amount"].value or Decimal(0)


DECIDED: Final = [(case, decide(case)) for case in GRID]
BASE: Final = {"stall.trade": "other", "stall.helpers": 9, "stall.days": 4, "stall.licensed": True}


def list_moves(
    base: dict[str, Any], names: set[str], outcome: str, least: int = 0
) -> list[dict[str, Any]]:
    """Return every case of the grid that does it and differs in just these facts."""
    return [
        case
        for case, (found, paid) in DECIDED
        if found == outcome
        and paid >= least
        and {name for name in base if case[name] != base[name]} == names
    ]


@pytest.mark.parametrize(
    ("base", "least"),
    [
        (BASE, 0),
        (BASE, 70),
        (BASE | {"stall.licensed": False}, 0),
        (BASE | {"stall.trade": "food"}, 60),
        (BASE | {"stall.trade": "food", "stall.helpers": 5, "stall.licensed": False}, 60),
        ({**BASE, "stall.trade": "food", "stall.helpers": 12, "stall.days": 1}, 0),
        ({**BASE, "stall.licensed": False, "stall.helpers": 12, "stall.days": 1}, 0),
    ],
)
def test_changes_of_two_facts_are_those_of_the_whole_grid(base: dict[str, Any], least: int) -> None:
    wanted: dict[str, Any] = {"amount": f"{least}元"} if least else {"outcome": "granted"}
    study = vr.counterfactual(RULESET, "claim", base, on=DAY, count=2, facts=list(base), **wanted)
    single = {name for name in base if list_moves(base, {name}, "granted", least)}
    pairs = {
        frozenset(pair)
        for pair in product(base, repeat=2)
        if pair[0] < pair[1]
        and not set(pair) & single
        and list_moves(base, set(pair), "granted", least)
    }
    told = [frozenset(shift.name for shift in change.shifts) for change in study.changes]
    assert {name for names in told if len(names) == 1 for name in names} == single
    assert {names for names in told if len(names) == 2} == pairs
    for change in study.changes:
        moved = base | {shift.name: shift.after for shift in change.shifts}
        outcome, paid = decide(moved)
        assert outcome == "granted"
        assert paid >= least
        # no case of the grid moves less in every number and does it too
        names = {shift.name for shift in change.shifts}
        numbers = [name for name in names if isinstance(base[name], int) and base[name] is not True]
        for case in list_moves(base, names, "granted", least):
            sizes = [(abs(case[n] - base[n]), abs(moved[n] - base[n])) for n in numbers]
            if len(names) == 1:
                assert all(other >= own for other, own in sizes)


def test_measures_side_by_side_are_single_decisions_added_up() -> None:
    rows = GRID[::7]
    other = RULESET.amend({"per_day": "12元", "most_helpers": "7人"})
    regimes = [vr.Regime(RULESET, "claim"), vr.Regime(other, "claim")]
    study = vr.regimes(rows, regimes, by="stall.trade", on=DAY, jobs=1)
    found = study.to_rows()
    for regime, row in zip(regimes, found, strict=True):
        made = [regime.decide(regime.read(case, date.fromisoformat(DAY))) for case in rows]
        outcomes = [str(item.outcome) for item in made]
        assert row["rows"] == len(rows)
        for outcome in set(outcomes):
            assert row[outcome] == outcomes.count(outcome)
        granted = [
            Decimal(item.amounts["grant.amount"].value or 0) / 100
            for item in made
            if item.outcome == "granted"
        ]
        assert row["settled"] == sum(granted)
        for group in study.to_rows("by_stall.trade"):
            if group["regime"] != regime.name.zh:
                continue
            pairs = zip(rows, made, strict=True)
            own = [item for case, item in pairs if case["stall.trade"] == group["group"]]
            assert group["rows"] == len(own)
            paid = [
                item.amounts["grant.amount"].value or 0 for item in own if item.outcome == "granted"
            ]
            assert group["settled"] == Decimal(sum(paid)) / 100
            assert group["granted_rows"] == len(paid)


def test_no_name_value_or_text_is_markup_on_any_page(tmp_path: Path) -> None:
    marked = FAIR.read_text("utf-8")
    for old in (
        "zh: 吃食, en: food",
        "zh: 每天, en: a day",
        "zh: 天数, en: days",
        "zh: 行当, en: trade",
    ):
        assert old in marked
        marked = marked.replace(old, f"zh: '{SCRIPT}', en: '{SCRIPT}'")
    path = tmp_path / "1.yaml"
    path.write_text(marked, "utf-8")
    ruleset = vr.load(path)
    rows = [case | {SCRIPT: SCRIPT, "day": DAY, "claim.date": DAY} for case in GRID[::29]]
    by = ["stall.trade", SCRIPT]
    told: dict[str, Any] = {"decision": "claim", "by": by, "jobs": 1}
    named = [
        vr.Regime(ruleset, "claim", label=SCRIPT),
        vr.Regime(ruleset.amend({"per_day": "12元"}), "claim"),
    ]
    case = {name: x for name, x in rows[0].items() if name not in {SCRIPT, "day"}}
    studies = [
        vr.evaluate(ruleset, [*rows, {"stall.days": SCRIPT, SCRIPT: SCRIPT}], **told),
        vr.reform(rows, ruleset, {"per_day": "12元", "cap": "70元"}, **told),
        vr.sweep(rows, ruleset, values={"per_day": ["9元", "12元"]}, **told),
        vr.regimes(rows, named, by=by, jobs=1),
        vr.exhaust(rows, ruleset, "100元", arrives="day", thing="", **told),
        vr.compare(case, *named),
        vr.counterfactual(ruleset, "claim", case, outcome="other", count=2),
        vr.vary(ruleset, "claim", case, "stall.days"),
        vr.difference(ruleset, ruleset.amend({"per_day": "12元"}), "claim", on=DAY),
        vr.synthesise(ruleset, "claim", 3, seed=1, on=DAY, boundaries=True),
    ]
    for study in studies:
        for language in ("zh", "en"):
            for page in (study.to_html(language), study.show(language).html):
                assert "<script" not in page, type(study).__name__
        seen = study.to_html("en")
        assert "&lt;script&gt;" in seen or "stall" not in seen, type(study).__name__
