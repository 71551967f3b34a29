"""Comes in: what pytest collects. Goes out: one test for each case of a case file.

pytest finds this module by itself wherever the library is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from voucher_rules.catalog.find import CASES_SUFFIX
from voucher_rules.errors import DiagnosedError
from voucher_rules.testing.load import Case, load_cases
from voucher_rules.testing.run import CaseResult, run_case


class CaseFailedError(Exception):
    """A case that did not come to what was expected; shown as its text, without a traceback."""

    def __init__(self, result: CaseResult) -> None:
        self.result = result
        super().__init__(result.render())


class CaseItem(pytest.Item):
    """One case as a test."""

    case: Case

    def runtest(self) -> None:
        """Run the case."""
        result = run_case(self.case)
        if not result.passed:
            raise CaseFailedError(result)

    def repr_failure(  # pytest does not publish the type of what it shows
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Show a failed case as its text; anything else is a defect and keeps its traceback."""
        if isinstance(excinfo.value, CaseFailedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return file, line from 0, and name."""
        return self.path, self.case.place.line - 1, self.name


class CaseCollector(pytest.File):
    """A case file; mistakes in it are errors of collection."""

    def collect(self) -> Iterator[CaseItem]:
        """Yield the cases as tests."""
        try:
            loaded = load_cases(self.path, name=_name_file(self))
        except DiagnosedError as error:
            raise self.CollectError(error.render()) from None
        for case in loaded.cases:
            item: CaseItem = CaseItem.from_parent(self, name=case.name)
            item.case = case
            yield item


def _name_file(collector: CaseCollector) -> str:
    """Name the file from where pytest was called, as pytest itself does."""
    start = collector.config.invocation_params.dir
    path = collector.path
    return str(path.relative_to(start) if path.is_relative_to(start) else path)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CaseCollector | None:
    """Collect case files, and nothing else."""
    if not file_path.name.endswith(CASES_SUFFIX):
        return None
    collector: CaseCollector = CaseCollector.from_parent(parent, path=file_path)
    return collector
