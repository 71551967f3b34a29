"""Comes in: a ruleset and its case files. Goes out: which changes of it no case notices."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voucher_rules.cli.exits import DONE, FAULTS, Answer
from voucher_rules.cli.inputs import open_ruleset
from voucher_rules.cli.options import add_folders, read_whole
from voucher_rules.cli.words import tell
from voucher_rules.explain.columns import lay_out_pairs
from voucher_rules.testing.mutants import KINDS
from voucher_rules.testing.mutation import (
    Fate,
    MutantResult,
    MutationReport,
    find_case_files,
    run_mutation,
)
from voucher_rules.testing.survivors import find_stale, find_unexplained, read_survivors


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("ruleset", metavar="RULESET", help="name of a ruleset, or path of its file")
    parser.add_argument("--edition", metavar="E", help="edition of the ruleset (default: the last)")
    add_folders(parser)
    parser.add_argument(
        "--cases",
        metavar="FILE",
        action="append",
        default=[],
        help="case file of the ruleset (default: those beside it); may be given several times",
    )
    parser.add_argument(
        "--explained",
        metavar="PATH",
        help="file that says why some changes cannot be noticed, or a folder with a file for each "
        "ruleset, <id>-<edition>.yaml",
    )
    parser.add_argument(
        "--only",
        metavar="KIND",
        action="append",
        default=[],
        choices=KINDS,
        help=f"kind of change; may be given several times (default: all): {', '.join(KINDS)}",
    )
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=read_whole,
        default=1,
        help="how many processes work at a time (default: %(default)s)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> Answer:
    """Run the mutants of a ruleset; those nothing notices are the result of this command."""
    ruleset = open_ruleset(arguments.ruleset, arguments.edition, arguments.rulesets)
    files = arguments.cases or find_case_files(ruleset)
    if not files:
        message = tell(arguments.lang, "mutate.no_cases", path=str(ruleset.path))
        return Answer(code=FAULTS, messages=message)
    reasons = _read_reasons(arguments.explained, f"{ruleset.id}-{ruleset.edition}.yaml")
    report = run_mutation(ruleset, files, kinds=arguments.only, jobs=arguments.jobs)
    told = _Telling(report, reasons, arguments.lang)
    text = told.as_json() if arguments.format == "json" else "\n".join(told.list_lines())
    return Answer(text, FAULTS if told.unexplained or told.stale else DONE)


def _read_reasons(path: str | None, name: str) -> dict[str, str]:
    """Return the reasons of a file, or of that in a folder which is for this ruleset."""
    if path is None:
        return {}
    file = Path(path) / name if Path(path).is_dir() else Path(path)
    return read_survivors(file) if file.exists() or file == Path(path) else {}


@dataclass(frozen=True, slots=True)
class _Telling:
    report: MutationReport
    reasons: Mapping[str, str]
    language: str

    @property
    def unexplained(self) -> tuple[MutantResult, ...]:
        return find_unexplained(self.report, self.reasons)

    @property
    def stale(self) -> tuple[str, ...]:
        return find_stale(self.report, self.reasons)

    def list_lines(self) -> Iterator[str]:
        """Yield how many mutants met which fate, the score, and what is left open."""
        report, language = self.report, self.language
        words = {"ruleset": report.ruleset, "edition": report.edition}
        yield tell(language, "mutate.head", **words, count=str(len(report.results)))
        counts = [(tell(language, f"mutate.{fate}"), str(report.count(fate))) for fate in Fate]
        yield from (f"  {line}" for line in lay_out_pairs(counts))
        yield self._tell_score()
        explained = [item for item in report.survivors if item.mutant.id in self.reasons]
        yield from self._list_survivors("mutate.explained", explained)
        yield from self._list_survivors("mutate.unexplained", self.unexplained)
        if self.stale:
            yield tell(language, "mutate.stale")
            yield from (f"  {name}" for name in self.stale)

    def _tell_score(self) -> str:
        noticed, killed = self.report.noticed, self.report.killed
        return tell(
            self.language,
            "mutate.score",
            noticed=str(noticed[0]),
            whole=str(noticed[1]),
            share=_write_share(*noticed),
            killed=str(killed[0]),
            passed=str(killed[1]),
            part=_write_share(*killed),
        )

    def _list_survivors(self, heading: str, items: Sequence[MutantResult]) -> Iterator[str]:
        if items:
            yield tell(self.language, heading)
        for item in items:
            mutant = item.mutant
            after = mutant.after or tell(self.language, "mutate.nothing_left")
            change = tell(self.language, "mutate.change", before=mutant.before, after=after)
            yield f"  {mutant.id}"
            yield f"    {mutant.span}: {' '.join(change.split())}"
            if mutant.id in self.reasons:
                because = " ".join(self.reasons[mutant.id].split())
                yield f"    {tell(self.language, 'mutate.because', because=because)}"

    def as_json(self) -> str:
        """Return every mutant with its fate."""
        report = self.report
        data = {
            "ruleset": report.ruleset,
            "edition": report.edition,
            "counts": {str(fate): report.count(fate) for fate in Fate},
            "noticed": list(report.noticed),
            "killed": list(report.killed),
            "mutants": [self._make_data(item) for item in report.results],
            "stale": list(self.stale),
        }
        return json.dumps(data, ensure_ascii=False, indent=2)

    def _make_data(self, item: MutantResult) -> dict[str, Any]:
        mutant = item.mutant
        return {
            "id": mutant.id,
            "kind": mutant.kind,
            "place": str(mutant.span),
            "before": mutant.before,
            "after": mutant.after,
            "fate": str(item.fate),
            "by": item.by,
            "because": self.reasons.get(mutant.id, "") if item.fate is Fate.SURVIVED else "",
        }


def _write_share(part: int, whole: int) -> str:
    """Write a share in per cent, cut off so that only all of it is 100%."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10}%"
