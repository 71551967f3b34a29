"""Comes in: files and folders. Goes out: which of the cases there come to what they should."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from voucher_rules.catalog.find import CASES_SUFFIX
from voucher_rules.cli.exits import DONE, FAULTS, Answer
from voucher_rules.cli.files import find_missing, walk_files
from voucher_rules.cli.inputs import check_folders
from voucher_rules.cli.options import add_folders, add_paths
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import DiagnosedError
from voucher_rules.testing.run import run_file


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_paths(parser, "case file, or folder to look through for *.cases.yaml")
    add_folders(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Run every case found; those that fail are the result of this command."""
    report = _Report(arguments.lang, check_folders(arguments.rulesets))
    report.refuse(find_missing(arguments.paths))
    for path in arguments.paths:
        for found in walk_files(Path(path), CASES_SUFFIX):
            report.run_file(found)
    return report.close()


@dataclass(slots=True)
class _Report:
    language: str
    folders: Sequence[Path]
    blocks: list[str] = field(default_factory=list)
    passed: int = 0
    failed: int = 0
    refused: int = 0

    def refuse(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Tell the mistakes of a file that cannot be run."""
        if diagnostics:
            self.refused += 1
            self.blocks.append("\n".join(item.render(self.language) for item in diagnostics))

    def run_file(self, path: Path) -> None:
        """Run the cases of one file."""
        try:
            results = run_file(path, self.folders)
        except DiagnosedError as error:
            self.refuse(error.diagnostics)
            return
        failed = [result for result in results if not result.passed]
        self.blocks += [result.render(self.language) for result in failed]
        self.failed += len(failed)
        self.passed += len(results) - len(failed)

    def close(self) -> Answer:
        """Return what failed, with the numbers at the end."""
        counts = {"passed": str(self.passed), "failed": str(self.failed)}
        summary = tell(self.language, "test.summary", **counts)
        if self.refused:
            summary += tell(self.language, "test.refused", refused=str(self.refused))
        nothing = not (self.passed or self.failed or self.refused)
        messages = tell(self.language, "test.nothing") if nothing else ""
        sound = self.passed and not (self.failed or self.refused)
        return Answer("\n\n".join([*self.blocks, summary]), DONE if sound else FAULTS, messages)
