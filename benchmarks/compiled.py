"""Measure the executors of a decision beside the same written by hand, in processor time.

The decision is invented after the pattern of a voucher claim: nine conditions and the least of
three limits, one of them a share of a price that counts at most one year of a longer contract. What
is written by hand does no more than that: no validation, no trace, one dict in, one tuple out.

    python benchmarks/compiled.py
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from harness.figures import Figure, note
from harness.timing import time_call

import voucher_rules as vr
from voucher_rules.batch.numpy.checks import Column
from voucher_rules.batch.numpy.kernel import ColumnKernel
from voucher_rules.checked.check import check_ruleset
from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.door import find_door
from voucher_rules.compiled.python_names import CODES
from voucher_rules.compiled.verdict import Decider, prepare
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.options import choose_options
from voucher_rules.ruleset.load import load_ruleset

ROUNDS = 7
MANY = 1_000_000
SIZES = ("micro", "small", "medium", "large")
GRADES = ("ordinary", "specialised", "giant")
CAPS = {"ordinary": 2_000_000, "specialised": 10_000_000, "giant": 20_000_000}
KINDS = tuple(f"k{number}" for number in range(13))
DEAL_CAP = 5_000_000
LONGEST_HOURS, LONGEST_DAYS, LONGER_DAYS, YEAR = 48, 30, 60, 365


def say(text: str) -> str:
    """Return a label in both languages."""
    return f"{{zh: 虚构, en: {text}}}"


def write_options(options: tuple[str, ...]) -> str:
    """Return the options of a choice, with their labels."""
    return ", ".join(f"{option}: {say(option)}" for option in options)


def write_fact(name: str, kind: str) -> str:
    """Return the line that declares a fact."""
    return f"  case.{name}: {{type: {kind}, label: {say(name)}}}\n"


def write_rule(name: str, mechanic: str, formula: str) -> str:
    """Return the line of a condition."""
    head = f"      - {{id: {name}, topic: eligibility, for: claim, says: {say(name)}"
    return f'{head}, {mechanic}: "{formula}"}}\n'


FACTS = {
    "day": "date",
    "registered": "boolean",
    "legal_person": "boolean",
    "size": "choice, of: size",
    "dishonest": "boolean",
    "debtor": "boolean",
    "grade": "choice, of: grade",
    "kind": "choice, of: kind",
    "has_voucher": "boolean",
    "price": "money, min: 1分, max: 100亿元",
    "days": "count, unit: 天, min: 1天, max: 36500天",
    "used": "money, min: 0元, max: 100亿元",
    "hours": "count, unit: 小时, max: 9000小时",
    "waited": "count, unit: 天, max: 9000天",
    "extended": "boolean",
}
SHARE = "share * (case.price if case.days <= one_year else case.price * one_year / case.days)"
RULES = "".join(
    write_rule(name, mechanic, formula)
    for name, mechanic, formula in (
        ("registered", "require", "case.registered"),
        ("legal_person", "require", "case.legal_person"),
        ("size", "require", "case.size != 'large'"),
        ("dishonest", "exclude", "case.dishonest"),
        ("debtor", "exclude", "case.debtor"),
        ("has_voucher", "require", "case.has_voucher"),
        ("kind", "require", "case.kind != 'k0'"),
        ("hours", "require", "case.hours <= hours_most"),
        ("waited", "require", "case.waited <= (days_longer if case.extended else days_most)"),
    )
) + "".join(
    f"      - {{id: {name}, topic: cap, for: claim, says: {say(name)}, limits: case.grant,"
    f' at_most: "{formula}"}}\n'
    for name, formula in (
        ("by_share", SHARE),
        ("by_deal", "deal_cap"),
        ("by_year", "year_cap[case.grade] - case.used"),
    )
)
TEXT = f"""
ruleset: bench
edition: "1"
language: 1
title: {say("bench")}
document:
  title: {say("bench")}
  issuer: {say("bench")}
  status: issued
  effective: {{from: 2020-01-01, until: unset, ref: 第一条}}
  verified: 2026-01-01
currency: CNY
utc_offset: "+08:00"
choices:
  size: {{label: {say("size")}, options: {{{write_options(SIZES)}}}}}
  grade: {{label: {say("grade")}, options: {{{write_options(GRADES)}}}}}
  kind: {{label: {say("kind")}, options: {{{write_options(KINDS)}}}}}
facts:
{"".join(write_fact(name, kind) for name, kind in FACTS.items())}
decisions:
  claim:
    label: {say("claim")}
    subject: {say("enterprise")}
    as_of: case.day
    answers: amount
    outputs: {{case.grant: {{type: money, label: {say("grant")}, round: down, to: 1分}}}}
provisions:
  - ref: 第一条
    summary: {say("bench")}
    parameters:
      share: {{type: ratio, value: 30%, limit: at_most, label: {say("share")}}}
      one_year: {{type: count, unit: 天, value: 365天, label: {say("year")}}}
      hours_most: {{type: count, unit: 小时, value: 48小时, limit: at_most, label: {say("hours")}}}
      days_most: {{type: count, unit: 天, value: 30天, limit: at_most, label: {say("days")}}}
      days_longer: {{type: count, unit: 天, value: 60天, limit: at_most, label: {say("days")}}}
      deal_cap: {{type: money, value: 5万元, limit: at_most, label: {say("cap")}}}
      year_cap:
        type: money
        by: grade
        table: {{ordinary: 2万元, specialised: 10万元, giant: 20万元}}
        label: {say("cap")}
    rules:
{RULES}
"""


def decide_by_hand(case: dict[str, Any]) -> tuple[str, list[str], int, str]:
    """Decide by hand: outcome, failed conditions, fen, and the limit that binds."""
    failed = []
    if not case["case.registered"]:
        failed.append("registered")
    if not case["case.legal_person"]:
        failed.append("legal_person")
    if case["case.size"] == "large":
        failed.append("size")
    if case["case.dishonest"]:
        failed.append("dishonest")
    if case["case.debtor"]:
        failed.append("debtor")
    if not case["case.has_voucher"]:
        failed.append("has_voucher")
    if case["case.kind"] == "k0":
        failed.append("kind")
    if case["case.hours"] > LONGEST_HOURS:
        failed.append("hours")
    if case["case.waited"] > (LONGER_DAYS if case["case.extended"] else LONGEST_DAYS):
        failed.append("waited")
    price, days = case["case.price"] * 100, case["case.days"]
    share = price * 3 // 10 if days <= YEAR else price * YEAR * 3 // (days * 10)
    left = max(CAPS[case["case.grade"]] - case["case.used"] * 100, 0)
    grant = min(share, DEAL_CAP, left)
    binding = "by_share" if share == grant else "by_deal" if grant == DEAL_CAP else "by_year"
    if failed or not grant:
        return "denied", failed, grant, binding
    return "granted", failed, grant, binding


def draw_case(draw: random.Random) -> dict[str, Any]:
    """Draw a case: about half of them pass every condition."""
    return {
        "case.day": date(2024, 1, 1) + timedelta(days=draw.randrange(366)),
        "case.registered": draw.random() < 0.95,  # noqa: PLR2004 - shares of a made-up population
        "case.legal_person": draw.random() < 0.97,  # noqa: PLR2004
        "case.size": draw.choice(SIZES[:3] * 4 + SIZES[3:]),
        "case.dishonest": draw.random() < 0.03,  # noqa: PLR2004
        "case.debtor": draw.random() < 0.03,  # noqa: PLR2004
        "case.grade": draw.choice(GRADES),
        "case.kind": draw.choice(KINDS * 2 + KINDS[1:]),
        "case.has_voucher": draw.random() < 0.95,  # noqa: PLR2004
        "case.price": int(10 ** draw.uniform(2, 6.5)),
        "case.days": draw.randrange(1, 1001),
        "case.used": draw.choice((0, draw.randrange(220_000))),
        "case.hours": draw.randrange(56),
        "case.waited": draw.randrange(40),
        "case.extended": draw.random() < 0.3,  # noqa: PLR2004
    }


def decide_columns_by_hand(c: dict[str, Any], caps: Any) -> dict[str, Any]:  # noqa: ANN401 - NumPy
    """Decide columns by hand: which conditions failed as a mask, fen, and what binds."""
    fails = (
        ~c["registered"],
        ~c["legal_person"],
        c["size"] == len(SIZES) - 1,
        c["dishonest"],
        c["debtor"],
        ~c["has_voucher"],
        c["kind"] == 0,
        c["hours"] > LONGEST_HOURS,
        c["waited"] > np.where(c["extended"], LONGER_DAYS, LONGEST_DAYS),
    )
    mask = np.zeros(len(c["size"]), np.int16)
    for bit, fail in enumerate(fails):
        mask |= fail.astype(np.int16) << bit
    price, days = c["price"], c["days"]
    share = np.where(days > YEAR, price * (YEAR * 3) // (days * 10), price * 3 // 10)
    left = np.maximum(caps[c["grade"]] - c["used"], 0)
    grant = np.minimum(np.minimum(share, DEAL_CAP), left)
    limit = np.where(
        share == grant, np.int8(1), np.where(grant == DEAL_CAP, np.int8(2), np.int8(3))
    )
    granted = (mask == 0) & (grant > 0)
    return {"granted": granted, "mask": mask, "grant": grant, "limit": limit}


def make_columns(cases: list[dict[str, Any]], times: int) -> dict[str, Any]:
    """Return cases as columns, so many times over."""
    options = {"size": SIZES, "grade": GRADES, "kind": KINDS}
    made = {}
    for name in FACTS:
        values = [case[f"case.{name}"] for case in cases]
        if name in options:
            column = np.array([options[name].index(value) for value in values], np.int8)
        elif name == "day":
            column = np.array([value.toordinal() for value in values], np.int64)
        else:
            column = np.array(values)
        made[name] = np.tile(column * 100 if name in {"price", "used"} else column, times)
    return made


def check_same_answers(decider: Decider, cases: list[dict[str, Any]]) -> None:
    """Check that both decide alike, so that they are worth comparing. Raises SystemExit."""
    for case in cases:
        outcome, failed, grant, binding = decide_by_hand(case)
        verdict = decider.decide(case)
        found = [name for name, status in verdict.statuses.items() if status == "failed"]
        amount = verdict.amounts["case.grant"]
        same = (verdict.outcome, found, amount.otherwise) == (outcome, failed, grant)
        if not same or binding not in amount.binding or verdict.code is None:
            sys.exit(f"not the same decision: {verdict} against {outcome} {failed} {grant}")


def decide_whole(ruleset: vr.Ruleset, case: dict[str, Any]) -> object:
    """Decide as a caller does who then looks at the trace."""
    return ruleset.decide("claim", case).trace


def trace(decider: Decider, case: dict[str, Any]) -> object:
    """Decide by the reference."""
    return decide(decider.program, read_case(decider.program, case), decider.options)


def measure_rows(ruleset: vr.Ruleset, cases: list[dict[str, Any]]) -> None:
    """Measure what decides one case at a time."""
    decider = prepare(ruleset.program("claim"), choose_options(ruleset.checked, {}))
    check_same_answers(decider, cases)
    door = find_door(decider.program)
    rows = [door.read(case, None)[0] for case in cases]
    size = len(cases)
    hand = time_call(lambda: [decide_by_hand(case) for case in cases], 20, ROUNDS) / size
    ways: tuple[tuple[str, Callable[[], object], int], ...] = (
        ("facts into a row, validated", lambda: [door.read(case, None) for case in cases], 10),
        ("rows of typed facts", lambda: decider.run_rows(rows), 20),
        ("one verdict, validated", lambda: [decider.decide(case) for case in cases], 10),
        ("a decision, trace not read", lambda: [ruleset.decide("claim", x) for x in cases], 10),
        ("a decision, trace read", lambda: [decide_whole(ruleset, x) for x in cases[:20]], 1),
        ("tracing evaluator", lambda: [trace(decider, x) for x in cases[:20]], 1),
    )
    print(f"{'by hand':34} {hand * 1e6:10.2f} us")
    note(Figure("by hand", hand * 1e6, "µs"))
    for name, call, repeats in ways:
        taken = time_call(call, repeats, ROUNDS) / (20 if repeats == 1 else size)
        print(f"{name:34} {taken * 1e6:10.2f} us {taken / hand:10.1f} x by hand")
        note(Figure(name, taken * 1e6, "µs", "", taken / hand, "by hand"))


def make_runner(ruleset: vr.Ruleset) -> ColumnKernel:
    """Return what decides whole columns, every one of them checked."""
    program = ruleset.program("claim")
    stretch = stretches_of(program)[-1]
    kernel = make_kernel(program, stretch, choose_options(ruleset.checked, {}).readings)
    return ColumnKernel(kernel, skips=False)


def measure_columns(ruleset: vr.Ruleset, cases: list[dict[str, Any]]) -> None:
    """Measure what decides whole columns."""
    plain = make_columns(cases, MANY // len(cases))
    columns = {f"case.{name}": Column(values) for name, values in plain.items()}
    runner, caps = make_runner(ruleset), np.array(list(CAPS.values()))
    size = len(plain["day"])
    by_hand = decide_columns_by_hand(plain, caps)
    found = runner.run(columns, size)
    granted = found.outcome == CODES.index(vr.Outcome.GRANTED)
    same_amounts = found.amounts["case.grant"] == by_hand["grant"]
    if not ((granted == by_hand["granted"]) & same_amounts).all():
        sys.exit("not the same outcomes or amounts")
    hand = time_call(lambda: decide_columns_by_hand(plain, caps), 1, ROUNDS) / size
    own = time_call(lambda: runner.run(columns, size), 1, ROUNDS) / size
    print(f"{'columns by hand, NumPy':34} {hand * 1e9:10.2f} ns")
    print(f"{'columns by a kernel, checked':34} {own * 1e9:10.2f} ns {own / hand:10.2f} x by hand")
    ratio = own / hand
    note(Figure("columns by a kernel, a row", own * 1e9, "ns", f"{size:,}", ratio, "NumPy by hand"))


def read_ruleset() -> vr.Ruleset:
    """Return the ruleset of the decision."""
    loaded = load_ruleset(TEXT.encode(), "bench.yaml")
    return vr.Ruleset(loaded, check_ruleset(loaded), Path("bench.yaml"))


def draw_cases(count: int) -> list[dict[str, Any]]:
    """Return so many cases, the same every time."""
    draw = random.Random(20261121)  # noqa: S311 - no secret
    return [draw_case(draw) for _ in range(count)]


def main() -> None:
    """Measure and print."""
    ruleset, cases = read_ruleset(), draw_cases(200)
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, medians of {ROUNDS} rounds")
    measure_rows(ruleset, cases)
    measure_columns(ruleset, cases)


if __name__ == "__main__":
    main()
