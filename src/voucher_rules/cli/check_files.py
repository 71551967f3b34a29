"""Comes in: files and folders. Goes out: every mistake in the rulesets and what goes with them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from voucher_rules.api import Ruleset, check_editions, load, open_notice, read_ruleset
from voucher_rules.api.what_if_files import open_what_if
from voucher_rules.cli.exits import DONE, FAULTS, Answer
from voucher_rules.cli.files import (
    YAML_SUFFIX,
    find_edition,
    find_missing,
    is_calendar_file,
    is_case_file,
    is_limits_file,
    is_notice_file,
    is_what_if_file,
    walk_files,
)
from voucher_rules.cli.inputs import check_folders, describe_unreadable
from voucher_rules.cli.options import add_folders, add_paths
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import DiagnosedError
from voucher_rules.explain.values import Writer
from voucher_rules.ruleset.calendar import load_calendar
from voucher_rules.sources.yaml import SourceError, read_yaml
from voucher_rules.testing.limits import survey_limits
from voucher_rules.testing.limits.reach import read_out_of_reach
from voucher_rules.testing.load import load_cases

_MARKS: Final = frozenset({"ruleset", "provisions", "decisions"})
"""A file in a folder that has one of these keys, and is no case file, is meant as a ruleset."""


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_paths(parser, "file of a ruleset, cases, a notice or a calendar, or folder to look through")
    add_folders(parser)


def run(arguments: argparse.Namespace) -> Answer:
    """Check everything found; mistakes are the result of this command."""
    report = _Report(arguments.lang, check_folders(arguments.rulesets))
    report.add(find_missing(arguments.paths))
    for text in arguments.paths:
        path = Path(text)
        for found in walk_files(path, YAML_SUFFIX):
            report.check_file(found, chosen=found == path)
    report.check_homes()
    return report.close()


@dataclass(slots=True)
class _Report:
    language: str
    folders: Sequence[Path]
    lines: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    files: int = 0
    homes: dict[Path, Path] = field(default_factory=dict)
    """The folders in which rulesets stood, each with the way it was named."""

    def add(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Tell mistakes, each once: a case file repeats those of its ruleset."""
        for item in diagnostics:
            text = item.render(self.language)
            if text not in self.told:
                self.told.add(text)
                self.lines.append(text)

    def check_file(self, path: Path, *, chosen: bool) -> None:
        """Check one file; ``chosen`` is one that was named rather than found in a folder."""
        try:
            if is_case_file(path):
                load_cases(path, self.folders)
            elif is_notice_file(path):
                self._tell_idle(path, open_notice(path, self.folders))
            elif is_what_if_file(path):
                _check_what_if(path, self.folders)
            elif is_calendar_file(path):
                load_calendar(path.read_bytes(), str(path))
            elif is_limits_file(path):
                self._check_limits(path)
            elif self._is_ruleset(path):
                self.homes.setdefault(path.resolve().parent, path.parent)
                self._tell_cliffs(read_ruleset(path, tuple(self.folders), cache=False))
            elif chosen:
                self.files += 1
                self.add([Diagnostic("not-a-ruleset-file", {"path": str(path)})])
                return
            else:
                self.lines.append(tell(self.language, "check.skipped", path=str(path)))
                return
        except DiagnosedError as error:
            self.add(error.diagnostics)
        except OSError as error:
            self.add([describe_unreadable(str(path), error)])
        else:
            self.lines.append(tell(self.language, "check.sound", path=str(path)))
        self.files += 1

    def check_homes(self) -> None:
        """Check the editions of each ruleset against each other."""
        for whole, folder in self.homes.items():
            try:
                check_editions(folder if folder.name == whole.name else whole)
            except DiagnosedError as error:
                self.add(error.diagnostics)

    def _tell_cliffs(self, ruleset: Ruleset) -> None:
        """Tell where more gives less; that is no mistake, and the file is sound."""
        writer = Writer(ruleset.checked, self.language)
        for item in ruleset.cliffs:
            words = {"ref": str(item.citation), "name": item.source, "text": item.text}
            if item.scale is None or item.at is None:
                self.lines.append(tell(self.language, "check.turn", **words))
                continue
            entered = item.scale.entered or item.scale.type
            gives = item.scale.gives or item.scale.type
            ends = {
                "at": writer.write_value(item.at, entered),
                "before": writer.write_value(item.before if item.before is not None else 0, gives),
                "after": writer.write_value(item.after if item.after is not None else 0, gives),
            }
            self.lines.append(tell(self.language, "check.cliff", **words, **ends))

    def _tell_idle(self, path: Path, ruleset: Ruleset) -> None:
        """Tell what notices set to the value it has anyway; that is no mistake."""
        for item in ruleset.notices:
            if item.idle:
                words = {"path": str(path), "name": item.parameter, "value": item.after}
                self.lines.append(tell(self.language, "check.idle", **words))

    def _check_limits(self, path: Path) -> None:
        """Check the sides out of reach against the limits of the edition they stand beside."""
        ruleset = read_ruleset(find_edition(path), tuple(self.folders), cache=False)
        read_out_of_reach(path, survey_limits(ruleset, ()))

    def _is_ruleset(self, path: Path) -> bool:
        """Return whether a file is meant as a ruleset; one that cannot be read is judged as one."""
        try:
            root = read_yaml(path.read_bytes(), str(path)).root
        except SourceError:
            return True
        return not _MARKS.isdisjoint(root) and "cases" not in list(root)

    def close(self) -> Answer:
        """Return what was found, with the number of mistakes at the end."""
        if not self.files and not self.told:
            return Answer("\n".join(self.lines), FAULTS, tell(self.language, "check.nothing"))
        counts = {"files": str(self.files), "faults": str(len(self.told))}
        self.lines.append(tell(self.language, "check.summary", **counts))
        return Answer("\n".join(self.lines), FAULTS if self.told else DONE)


def _check_what_if(path: Path, folders: Sequence[Path]) -> None:
    """Check a what-if against the ruleset it is about: the edition it names, else the last.

    The ruleset is sought as that of a notice is. Raises :class:`~voucher_rules.errors.InputError`
    and what loading the ruleset raises.
    """
    doc = open_what_if(path).document
    edition = None if doc.edition is None else str(doc.edition)
    around = (*folders, path.resolve().parent.parent)
    load(str(doc.ruleset), edition, folders=around, cache=False).amend_from(path)
