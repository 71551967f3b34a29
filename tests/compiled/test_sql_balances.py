"""Balances in SQL, held against the ledger: to the unit, at every moment, in every engine."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from drawn_histories import Drawn, Told, ask_ledger, draw_cases, list_rows, tell
from sql_engines import TYPES, Engine, find_engines

import voucher_rules as vr

LEDGERS = Path(__file__).parents[1] / "ledger" / "rulesets"
ENGINES = pytest.mark.parametrize("engine", find_engines(), ids=lambda engine: engine.dialect)


def write_events(engine: Engine, code: vr.SqlBalances, rows: list[Told]) -> str:
    columns = [(x.name, TYPES[x.holds]) for x in code.reads_of_events]
    return engine.write_relation(columns, rows, "events")


def tell_all(
    engine: Engine, drawn: Drawn, decision: str, rows: list[Told], known: datetime | None = None
) -> tuple[vr.SqlBalances, list[Told]]:
    """Return what the statement gives of some cases, in their order."""
    code = vr.sql_balances(drawn.ruleset, decision, dialect=engine.dialect, known=known)
    carried = [x.name.removeprefix("carries.") for x in code.reads_of_events]
    events = write_events(engine, code, list_rows(drawn.entries, carried))
    cases = engine.write_relation([(x.name, TYPES[x.holds]) for x in code.reads], rows)
    code = vr.sql_balances(
        drawn.ruleset,
        decision,
        dialect=engine.dialect,
        cases=cases,
        events=events,
        known=known,
    )
    told = engine.run(code.text)
    assert len(told) == len(rows)
    return code, sorted(told, key=lambda row: int(row["key"]))


def hold_against_ledger(
    engine: Engine, drawn: Drawn, decision: str, count: int, known: datetime | None = None
) -> int:
    """Hold every balance of every case against the ledger; return how many said something."""
    probe = vr.sql_balances(drawn.ruleset, decision, dialect=engine.dialect)
    rows = draw_cases(drawn, probe, count)
    code, told = tell_all(engine, drawn, decision, rows, known)
    inputs = drawn.ruleset.program(decision).inputs
    balances = drawn.ruleset.checked.histories.balances
    names = [x.name for x in code.gives if x.name in balances]
    saying = 0
    for row, given in zip(rows, told, strict=True):
        found = ask_ledger(drawn, decision, row, known)
        expected: dict[str, Any] = {}
        for name in names:
            expected[name] = tell(balances[name], found, inputs[name].type.options)
            saying += bool(expected[name])
        wrong = {name: (given[name], expected[name]) for name in names if given[name] != expected[name]}
        assert not wrong, row
        for name in (x.name for x in code.gives if x.name.endswith(".none")):
            none = found.get(name.removesuffix(".none")) is vr.NONE
            assert bool(given[name]) == none, (row, name)
    return saying


if __name__ == "__main__":
    import sys
    for engine in find_engines():
        if engine.dialect not in sys.argv[1:]:
            continue
        for name in ("invented-voucher", "invented-places", "invented-recovery", "cn-bj-service-voucher","cn-gx-service-voucher","cn-nx-service-voucher","cn-nm-service-voucher"):
            ruleset = vr.load(name, folders=[LEDGERS])
            for seed in range(int(sys.argv[-1])):
              for decision in ruleset.decisions:
                try:
                    code = vr.sql_balances(ruleset, decision, dialect="duckdb")
                except vr.InputError:
                    continue
                drawn = Drawn(ruleset, Random(f"{decision}{seed}"))
                planned = {ruleset.checked.histories.balances[x.name].lifecycle for x in code.gives if x.name in ruleset.checked.histories.balances}
                import time
                t=time.process_time()
                drawn.draw(sorted(planned), 250)
                t1=time.process_time()
                n = hold_against_ledger(engine, drawn, decision, 40)
                t2=time.process_time()
                print(engine.dialect, name, decision, seed, len(drawn.entries), n, round(t1-t,2), round(t2-t1,2))
