"""Comes in: case files. Goes out: each case decided and held against what it should come to.

A case file stands beside a ruleset and says, case by case, which facts are given and what the
decision must be; `docs/reference/case-files.md` describes it.

``run_file("2016.cases.yaml")`` returns a result for each case, ``result.render()`` its text.
"""

from voucher_rules.testing.compare import Difference
from voucher_rules.testing.load import Case, CaseFile, load_cases
from voucher_rules.testing.run import CaseResult, run_case, run_file

__all__ = [
    "Case",
    "CaseFile",
    "CaseResult",
    "Difference",
    "load_cases",
    "run_case",
    "run_file",
]
