"""Comes in: a ruleset. Goes out: the pinned cases of a decision as typed rows."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import voucher_rules as vr
from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.python_names import Row
from voucher_rules.compiled.rows import make_row
from voucher_rules.decision.case import read_case
from voucher_rules.errors import InputError
from voucher_rules.testing.load import Case, load_cases


def list_known_rows(ruleset: vr.Ruleset, decision: str) -> list[Row]:
    """Return the rows of the pinned cases of a decision, exact numbers in lowest terms."""
    program = ruleset.program(decision)
    inputs = list_door_inputs(program)
    found = []
    for case in _list_pinned(ruleset.path):
        if case.decision != decision:
            continue
        try:
            read = read_case(program, case.facts, case.source, case.on)
        except InputError:
            continue
        row = make_row(inputs, read.values)
        if row is not None:
            found.append(row)
    return found


@lru_cache(maxsize=8)
def _list_pinned(path: Path) -> tuple[Case, ...]:
    files = sorted(path.parent.glob(f"{path.stem}*.cases.yaml"))
    return tuple(case for file in files for case in load_cases(file).cases)
