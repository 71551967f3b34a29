"""Comes in: a ruleset. Goes out: what stands beside it: its cases, and the sides out of reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from voucher_rules.api import Ruleset
from voucher_rules.catalog.find import LIMITS_SUFFIX, find_case_files
from voucher_rules.testing.limits.reach import OutOfReach, read_out_of_reach
from voucher_rules.testing.limits.sites import Side
from voucher_rules.testing.limits.survey import LimitReport
from voucher_rules.testing.load import Case, load_cases

Known: TypeAlias = Mapping[tuple[str, Side], OutOfReach]
"""The sides out of reach, by the site and the side."""


def load_pinned(
    ruleset: Ruleset, files: Sequence[str | Path], folders: Sequence[str | Path]
) -> tuple[Case, ...]:
    """Load the cases of a ruleset: those of the files named, or of those beside it."""
    paths = [Path(name) for name in files] or find_case_files(ruleset.path)
    return tuple(case for path in paths for case in load_cases(path, folders).cases)


def read_known(ruleset: Ruleset, reports: Sequence[LimitReport]) -> Known:
    """Return the sides that the file beside the ruleset says are out of reach."""
    path = ruleset.path.with_name(f"{ruleset.path.stem}{LIMITS_SUFFIX}")
    found = read_out_of_reach(path, reports) if path.is_file() else ()
    return {(item.site, item.side): item for item in found}
