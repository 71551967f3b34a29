"""Comes in: how many. Goes out: on how many cases of generated rulesets all executors agree."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agreement_reports import Order, Report
from agreement_runs import Run
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from listed_rulesets import draw_listed

from voucher_rules.compiled.build import stretches_of
from voucher_rules.compiled.nodes import NotLoweredError

sys.path.append(str(Path(__file__).resolve().parents[1] / "property"))

from test_completions_by_brute_force import draw_text, make_ruleset
from test_kernels_against_the_reference import draw_judged

NAME = "generated"


@dataclass(frozen=True)
class Lot:
    """So many rulesets generated from a seed, and so many cases of each decision."""

    seed: int
    rulesets: int
    cases: int
    executors: tuple[str, ...]
    seconds: float


def carry_out_lot(lot: Lot) -> Report:
    """Generate rulesets and hold all executors against each other on each."""
    whole = Report(NAME, "all", ("", ""), lot.seed, asked=lot.executors)
    started = time.perf_counter()

    @seed(lot.seed)
    @settings(
        max_examples=lot.rulesets,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(text=st.one_of(draw_text(), draw_judged(), draw_listed()))
    def try_one(text: str) -> None:
        whole.cases["rulesets"] += 1
        _try_text(lot, text, whole)

    try_one()
    whole.spend("clock", time.perf_counter() - started)
    return whole


def _try_text(lot: Lot, text: str, whole: Report) -> None:
    ruleset = make_ruleset(text)
    for name in ruleset.decisions:
        program = ruleset.program(name)
        for law, _ in enumerate(stretches_of(program)):
            number = lot.seed * 10**6 + whole.cases["rulesets"]
            order = Order(NAME, name, law, lot.cases, number, lot.executors, lot.seconds)
            try:
                report = Run(order, program, ruleset.edition, []).carry_out()
            except NotLoweredError as error:
                whole.leave("kernels", str(error.reason), lot.cases)
                continue
            _add(whole, report, text)


def _add(whole: Report, report: Report, text: str) -> None:
    whole.cases.update(report.cases)
    whole.outcomes.update(report.outcomes)
    for name, seconds in report.seconds.items():
        whole.spend(name, seconds)
    whole.undecided += report.undecided
    whole.differences += report.differences
    for name, reasons in report.without.items():
        for reason, cases in reasons.items():
            whole.leave(name, reason, cases)
    for key in ("failed", "rules", "bound", "limits", "met", "turned", "comparisons"):
        own: set[Any] = getattr(report, key)
        getattr(whole, key).update(f"{report.run} {report.decision} {x}" for x in own)
    if report.told and len(whole.told) < 20:
        whole.told += [*report.told, text]
