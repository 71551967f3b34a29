"""Comes in: a ruleset. Goes out: tables of random applications under it, some facts left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

import voucher_rules as vr
from voucher_rules.testing.load import load_cases

ROOT: Final = Path(__file__).resolve().parents[2]
SHOP: Final = vr.load(ROOT / "tests" / "cli" / "shop-voucher" / "2020.yaml")
ROWS: Final = st.lists(
    st.fixed_dictionaries(
        {
            "claim.date": st.sampled_from(["2020-05-01", "2021-05-01", "2019-01-01"]),
            "shop.size": st.sampled_from(["small", "small", "large", None, "tiny"]),
            "shop.staff": st.sampled_from([10, 50, 51]),
            "shop.first_claim": st.just(value=False),
            "finding.well_run": st.sampled_from([True, True, False, None]),
            "contract.amount": st.sampled_from([1, 999, 2000, 2001, 3000, 9000, None]),
            "ledger.claimed_before": st.sampled_from([0, 400, 1000, 1001, None]),
            "district": st.sampled_from(["东", "西", 7, True, None]),
            "day": st.sampled_from(["2020-03-01", "2020-03-02", "2020-03-03"]),
        }
    ),
    max_size=12,
)
"""Applications under the invented shop voucher: every outcome, and rows that cannot be read."""


def sum_by_loop(
    ruleset: vr.Ruleset, decision: str, rows: list[dict[str, Any]], *, assumed: bool = False
) -> tuple[dict[str, int], int, int, int]:
    """Return outcomes, what is settled, least and greatest, one decision at a time."""
    outcomes: dict[str, int] = {}
    settled = least = greatest = 0
    for row in rows:
        facts = {x: y for x, y in row.items() if x in ruleset.checked.inputs and y is not None}
        result = ruleset.decide(decision, facts, assume_in_force=assumed).result
        outcomes[str(result.outcome)] = outcomes.get(str(result.outcome), 0) + 1
        amount = next(iter(result.amounts.values()))
        if result.outcome == "granted":
            settled += amount.value or 0
        low, high = int(amount.range.low), int(amount.range.high)
        if result.outcome in {"denied", "not_in_force"}:
            low = high = 0
        elif "referred" in result.possible:
            low = 0
        least, greatest = least + low, greatest + high
    return outcomes, settled, least, greatest


def list_case_rows(path: Path, decision: str) -> Iterator[Mapping[str, Any]]:
    """Yield the facts of the cases shipped for a decision, as plain values."""
    for case in load_cases(path).cases:
        if case.decision == decision and not case.ruleset.overlays and case.on is None:
            yield {str(name): strip(value) for name, value in case.facts.items()}


def strip(node: Any) -> Any:  # noqa: ANN401 - a tree of any depth
    if isinstance(node, dict):
        return {str(key): strip(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [strip(item) for item in node]
    return str(node)
