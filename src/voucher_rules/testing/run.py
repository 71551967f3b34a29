"""Comes in: a case. Goes out: its decision, and every difference from what it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from voucher_rules.api import Decision
from voucher_rules.explain.vocabulary import make_tell
from voucher_rules.testing.compare import Difference, compare_decision
from voucher_rules.testing.load import Case, load_cases

EXPLAINED: Final = 10
"""How many lines of the explanation a failure shows."""

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "passed": ("通过：$name", "passed: $name"),
    "failed": ("未通过：$name", "FAILED: $name"),
    "because": ("缘由：$because", "because: $because"),
    "difference": ("$key：应为 $expected，实为 $got", "$key: expected $expected, got $got"),
    "absent": ("$key：不应有 $expected，实为 $got", "$key: expected none of $expected, got $got"),
    "part": ("$key：应含 $expected，实为 $got", "$key: expected at least $expected, got $got"),
    "decision": ("决定 $decision 的说明：", "the decision $decision, explained:"),
}
_SENTENCES: Final = {"warnings": "part", "no_warnings": "absent"}


_tell: Final = make_tell(_WORDS)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case that was run: what was decided, and every difference from what was expected."""

    case: Case
    decision: Decision = field(repr=False)
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether the decision came to everything expected."""
        return not self.differences

    def render(self, language: str = "en") -> str:
        """Return one block of text in ``zh`` or ``en``: what failed, where, why it is here, how."""
        return "\n".join(self._list_lines(language))

    def _list_lines(self, language: str) -> Iterator[str]:
        case = self.case
        yield _tell(language, "passed" if self.passed else "failed", name=case.name)
        yield f"  {case.place.file}:{case.place.line}"
        yield f"  {_tell(language, 'because', because=case.because)}"
        for item in self.differences:
            words = {"key": item.key, "expected": item.expected, "got": item.got}
            yield f"  {_tell(language, _SENTENCES.get(item.key, 'difference'), **words)}"
        if not self.passed:
            yield f"  {_tell(language, 'decision', decision=case.decision)}"
            yield from _fold_explanation(self.decision.explain(language))


def _fold_explanation(text: str) -> Iterator[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    yield from (f"    {line}" for line in islice(lines, EXPLAINED))
    if len(lines) > EXPLAINED:
        yield "    …"


def run_case(case: Case) -> CaseResult:
    """Decide a case and hold the decision against what the case expects."""
    decision = case.ruleset.decide(
        case.decision,
        case.facts,
        on=case.on,
        readings=case.readings,
        assume_in_force=case.assume_in_force,
        source=case.source,
    )
    return CaseResult(case, decision, compare_decision(decision, case.expectations))


def run_file(path: str | Path, folders: Sequence[str | Path] = ()) -> tuple[CaseResult, ...]:
    """Run every case of a case file, in its order. Raises what :func:`load_cases` raises."""
    return tuple(run_case(case) for case in load_cases(path, folders).cases)
