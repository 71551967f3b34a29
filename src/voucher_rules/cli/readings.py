"""Comes in: a ruleset and files of facts. Goes out: which readings matter for which, and how much.

What is told is only what differs; readings without effect are named at the end of each case.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from voucher_rules.api import Amount, Decision, OtherReading, Ruleset
from voucher_rules.cli.choose_edition import Cases
from voucher_rules.cli.exits import DONE, Answer
from voucher_rules.cli.words import join, tell
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.explain.words import tell as tell_decision

HEADINGS = ("case", "readings", "outcome", "amount", "difference")


def compare_readings(
    ruleset: Ruleset, arguments: argparse.Namespace, readings: Mapping[str, str], cases: Cases
) -> Answer:
    """Decide every file of facts under every reading; a table, or JSON where that is asked for."""
    rows: list[tuple[str, ...]] = []
    data: list[dict[str, Any]] = []
    same: list[str] = []
    for name in arguments.facts:
        facts, source = cases.read_for(name, ruleset)
        base, others = ruleset.decide_all_readings(
            arguments.decision,
            facts,
            on=arguments.on,
            readings=readings,
            assume_in_force=arguments.assume_in_force,
            placed_by=cases.placed_by,
            source=source,
        )
        rows += _list_rows(name, base, others, arguments.lang)
        same += _tell_same(name, others, arguments.lang)
        data.append(_make_data(name, base, others))
    if arguments.format == "json":
        return Answer(json.dumps(data, ensure_ascii=False, indent=2), DONE)
    headings = [tell(arguments.lang, f"heading.{key}") for key in HEADINGS]
    return Answer("\n".join([*lay_out_table(headings, rows), "", *same]), DONE)


def _list_rows(
    name: str, base: Decision, others: tuple[OtherReading, ...], language: str
) -> Iterator[tuple[str, ...]]:
    chosen = tell(language, "readings.chosen")
    yield (name, chosen, *_tell_decision(base, language), "")
    for item in others:
        if item.differs:
            told = [f"{key}={option}" for key, option in item.readings.items()]
            apart = [f"{value:+,}" for value in item.differences.values()]
            outcome, amount = _tell_decision(item.decision, language)
            yield (name, join(language, *told), outcome, amount, join(language, *apart))


def _tell_decision(decision: Decision, language: str) -> tuple[str, str]:
    outcome = tell_decision(language, f"outcome.{decision.outcome}")
    return outcome, join(language, *(str(item) for item in decision.amounts.values()))


def _tell_same(name: str, others: tuple[OtherReading, ...], language: str) -> Iterator[str]:
    same = [
        "+".join(f"{key}={option}" for key, option in item.readings.items())
        for item in others
        if not item.differs
    ]
    if same:
        told = tell(language, "readings.same", count=str(len(same)), names=join(language, *same))
        yield f"{name}: {told}"


def _make_data(name: str, base: Decision, others: tuple[OtherReading, ...]) -> dict[str, Any]:
    """Return a case as plain data: what was decided, and under which readings otherwise."""
    return {
        "case": name,
        "decision": _decision_data(base),
        "readings": [
            {
                "readings": dict(item.readings),
                "differs": item.differs,
                "differences": {key: str(value) for key, value in item.differences.items()},
                "decision": _decision_data(item.decision),
            }
            for item in others
        ],
    }


def _decision_data(decision: Decision) -> dict[str, Any]:
    amounts = {name: _amount_data(item) for name, item in decision.amounts.items()}
    return {"outcome": str(decision.outcome), "amounts": amounts, "missing": list(decision.missing)}


def _amount_data(item: Amount) -> dict[str, str | None]:
    value = None if item.value is None else str(item.value)
    return {"value": value, "low": str(item.low), "high": str(item.high), "currency": item.currency}
