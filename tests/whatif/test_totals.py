"""Totals, winners and losers of large tables, beside a plain loop over single decisions.

``make wide`` does it on 100,000 invented applications for every shipped ruleset, some facts left
out and some findings not made; every day it is done on some hundred.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final, NamedTuple

import pytest

import voucher_rules as vr
from voucher_rules.batch.memory.kernels import FEWEST
from voucher_rules.whatif.reforms import Effect

COUNT: Final = int(os.environ.get("VOUCHER_RULES_ROWS", "160"))
"""How many applications are invented for each ruleset; more than a kernel is made for."""
LOT: Final = 1000
MISSING: Final = "0.05%" if COUNT < 1000 else "0.005%"
"""The share of rows in which a fact is left out, of every fact."""
MEASURES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "cn-nx-service-voucher": ("claim", {"item_ratio": "40%"}),
    "cn-bj-service-voucher": ("claim", {"transaction_cap": "3万元", "transaction_ratio": "40%"}),
    "cn-gx-service-voucher": ("use", {"other_ratio": "35%"}),
    "cn-nm-service-voucher": ("claim", {"annual_cap": "1万元", "direct_use": "3000元"}),
    "cn-nm-demonstration-platform": ("recommend", {"assets_least": "300万元"}),
    "cn-sme-size": ("size", {"employees_large[industry]": "500人"}),
}


class Told(NamedTuple):
    """What one decision comes to: the least and the greatest, and what a person may approve."""

    outcome: str
    settled: bool
    low: int
    high: int
    approved: tuple[int, int]


@dataclass(frozen=True)
class Question:
    """What is asked of every row: made anew in each process."""

    name: str
    decision: str
    output: str
    changes: Mapping[str, str] | None

    def tell_all(self, rows: tuple[dict[str, Any], ...]) -> list[Told]:
        """Decide some rows one after the other."""
        ruleset = vr.load(self.name)
        if self.changes:
            ruleset = ruleset.amend(dict(self.changes))
        return [self._tell(ruleset, row) for row in rows]

    def _tell(self, ruleset: vr.Ruleset, row: dict[str, Any]) -> Told:
        result = ruleset.decide(self.decision, row, assume_in_force=True).result
        outcome = str(result.outcome)
        settled = outcome in {"granted", "determined"}
        found = result.amounts.get(self.output)
        if found is None or outcome in {"denied", "not_in_force"}:
            return Told(outcome, settled, 0, 0, (0, 0))
        low, high = int(found.range.low), int(found.range.high)
        waits = "referred" in result.possible
        return Told(outcome, settled, min(low, 0) if waits else low, high, (low, high))


def loop(question: Question, rows: list[dict[str, Any]]) -> list[Told]:
    """Decide every row, in several processes where there are many."""
    lots = [tuple(rows[at : at + LOT]) for at in range(0, len(rows), LOT)]
    if len(lots) == 1:
        return question.tell_all(lots[0])
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return [item for found in pool.map(question.tell_all, lots) for item in found]


def find_change(before: Told, after: Told) -> tuple[int, int]:
    """Return the least and the greatest that a case may change by."""
    if before.outcome == after.outcome == "referred":
        known = all(low == high for low, high in (before.approved, after.approved))
        if known:
            change = after.approved[0] - before.approved[0]
            return min(change, 0), max(change, 0)
    return after.low - before.high, after.high - before.low


def name_effect(change: tuple[int, int]) -> Effect:
    """Return who gains, who loses, who stays, and of whom it is open."""
    low, high = change
    if low > 0:
        return Effect.GAINS
    if high < 0:
        return Effect.LOSES
    return Effect.SAME if low == high == 0 else Effect.OPEN


@pytest.mark.parametrize("name", MEASURES)
def test_totals_winners_and_losers_are_those_of_a_plain_loop(name: str) -> None:
    decision, changes = MEASURES[name]
    ruleset = vr.load(name)
    rows = [dict(x) for x in vr.synthesise(ruleset, decision, COUNT, seed=5, missing=MISSING)]
    study = vr.reform(
        rows,
        ruleset,
        dict(changes),
        decision=decision,
        limits=False,
        parts=False,
        assume_in_force=True,
        jobs=None if COUNT > LOT else 1,
    )
    limited = [n for n, x in ruleset.program(decision).decision.outputs.items() if x.limited]
    output = study.before.output if study.before.output in limited else ""
    numbers = study.before.table.numbers
    assert len(numbers) + len(study.before.table.rejected) == COUNT
    kept = [rows[number - 1] for number in numbers]
    told = [loop(Question(name, decision, output, x), kept) for x in (None, changes)]
    for judged, found in zip((study.before, study.after), told, strict=True):
        assert [str(x) for x in judged.verdicts.outcome] == [x.outcome for x in found]
    pairs = list(zip(*told, strict=True))
    assert study.sums.decided_otherwise == sum(a.outcome != b.outcome for a, b in pairs)
    if output:
        check_money(study, told, pairs)


def check_money(study: vr.Reform, told: list[list[Told]], pairs: list[tuple[Told, ...]]) -> None:
    """Hold every sum of money against the plain loop."""
    whole = study.sums.whole
    for spend, found in zip((whole.before, whole.after), told, strict=True):
        assert (spend.low, spend.high) == (sum(x.low for x in found), sum(x.high for x in found))
        known = [x for x in found if x.low == x.high]
        assert (spend.settled, spend.open_rows) == (
            sum(x.low for x in known),
            len(found) - len(known),
        )
    changes = [find_change(*pair) for pair in pairs]
    assert list(study.sums.changes) == changes
    counted = Counter(map(name_effect, changes))
    assert {x: whole.effects[x].rows for x in Effect} == {x: counted[x] for x in Effect}
    for effect in Effect:
        own = [x for x in changes if name_effect(x) is effect]
        summed = whole.effects[effect]
        assert (summed.low, summed.high) == (sum(x for x, _ in own), sum(x for _, x in own))


def test_more_applications_are_tried_than_a_kernel_is_made_for() -> None:
    assert COUNT > FEWEST
