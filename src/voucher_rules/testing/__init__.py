"""Comes in: case files. Goes out: each case decided and held against what it should come to.

A case file stands beside a ruleset and says, case by case, which facts are given and what the
decision must be; `docs/reference/case-files.md` describes it.

``run_file("2016.cases.yaml")`` returns a result for each case, ``result.render()`` its text.
``run_mutation`` tells whether the cases would notice a mistake in the ruleset.
"""

from voucher_rules.testing.compare import Difference
from voucher_rules.testing.edits import Mutant
from voucher_rules.testing.limits import LimitSurvey, study_limits
from voucher_rules.testing.load import Case, CaseFile, load_cases
from voucher_rules.testing.mutants import list_mutants, make_mutant
from voucher_rules.testing.mutation import (
    Fate,
    MutantResult,
    MutationReport,
    find_case_files,
    run_mutation,
)
from voucher_rules.testing.run import CaseResult, run_case, run_file
from voucher_rules.testing.survivors import find_stale, find_unexplained, read_survivors

__all__ = [
    "Case",
    "CaseFile",
    "CaseResult",
    "Difference",
    "Fate",
    "LimitSurvey",
    "Mutant",
    "MutantResult",
    "MutationReport",
    "find_case_files",
    "find_stale",
    "find_unexplained",
    "list_mutants",
    "load_cases",
    "make_mutant",
    "read_survivors",
    "run_case",
    "run_file",
    "run_mutation",
    "study_limits",
]
