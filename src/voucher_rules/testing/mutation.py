"""Comes in: a ruleset and its cases. Goes out: which of its mutants the checker or a case notices.

Every mutant is checked as a ruleset of one's own would be. One that is sound runs against the cases
of the decisions it changes, those first that speak of what was changed, until one fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeAlias

from voucher_rules.api import Decision, Ruleset, read_ruleset
from voucher_rules.api.rulesets import alter_ruleset
from voucher_rules.catalog import find
from voucher_rules.catalog.gather import recall_library
from voucher_rules.checked.library import Library
from voucher_rules.decision.trace import Status, Step
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetError
from voucher_rules.program.build import Program
from voucher_rules.ruleset.alterations import set_plainly
from voucher_rules.testing.compare import compare_decision
from voucher_rules.testing.edits import Mutant
from voucher_rules.testing.load import Case, load_cases
from voucher_rules.testing.mutants import list_mutants, make_mutant
from voucher_rules.testing.run import run_case

CHUNK = 8
"""How many mutants a worker takes at a time."""


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """A case noticed it."""
    REFUSED = "refused"
    """The checker noticed it."""
    SURVIVED = "survived"
    """Nothing did."""


@dataclass(frozen=True, slots=True)
class MutantResult:
    """A mutant and its fate; ``by`` is the case that noticed it, or the code of the refusal."""

    mutant: Mutant
    fate: Fate
    by: str = ""


@dataclass(frozen=True, slots=True)
class MutationReport:
    """What became of every mutant of a ruleset, in the order of the ruleset."""

    ruleset: str
    edition: str
    results: tuple[MutantResult, ...]
    left_out: frozenset[str] = frozenset()
    """The ids of mutants that were not run, being of other kinds than those asked for."""

    def count(self, fate: Fate) -> int:
        """Return how many mutants met a fate."""
        return Counter(item.fate for item in self.results)[fate]

    @property
    def survivors(self) -> tuple[MutantResult, ...]:
        """Those nothing noticed."""
        return tuple(item for item in self.results if item.fate is Fate.SURVIVED)

    @property
    def noticed(self) -> tuple[int, int]:
        """How many the checker or a case noticed, of how many there are."""
        return len(self.results) - self.count(Fate.SURVIVED), len(self.results)

    @property
    def killed(self) -> tuple[int, int]:
        """How many a case noticed, of how many that the checker let pass."""
        killed = self.count(Fate.KILLED)
        return killed, killed + self.count(Fate.SURVIVED)


def find_case_files(ruleset: Ruleset) -> list[Path]:
    """Return the case files beside a ruleset."""
    return find.find_case_files(ruleset.path)


def run_mutation(
    ruleset: Ruleset,
    case_files: Sequence[str | Path],
    *,
    kinds: Sequence[str] = (),
    jobs: int = 1,
) -> MutationReport:
    """Run the mutants of a ruleset, of some kinds or of all, against its cases.

    The results are the same however many ``jobs`` work at a time. Raises
    :class:`~voucher_rules.InputError` where a case file cannot be used, belongs to another ruleset
    or holds a case that fails as it is.
    """
    files = [str(path) for path in case_files]
    bench = _open_bench(ruleset, files)
    chosen = [i for i, mutant in enumerate(bench.mutants) if not kinds or mutant.kind in kinds]
    if jobs > 1:
        arguments = (str(ruleset.path), [str(x) for x in ruleset.folders], files)
        with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=arguments) as pool:
            fates = pool.map(_judge_one, chosen, chunksize=CHUNK)
            pairs = zip(chosen, fates, strict=True)
            results = tuple(MutantResult(bench.mutants[i], *fate) for i, fate in pairs)
    else:
        results = tuple(bench.judge(bench.mutants[i]) for i in chosen)
    left_out = {x.id for i, x in enumerate(bench.mutants) if i not in set(chosen)}
    return MutationReport(ruleset.id, ruleset.edition, results, frozenset(left_out))


@dataclass(frozen=True, slots=True)
class _Tried:
    """A case under the ruleset as it is: what its decision turned on."""

    case: Case
    number: int
    named: frozenset[str]
    """The rules behind its reasons, amounts, warnings and consequences, and what those read."""
    touched: frozenset[str]
    """Every rule that applied, and every name that was read."""
    settings: Mapping[str, str]
    slow: bool

    def rank(self, target: str) -> tuple[object, ...]:
        """Return where the case stands in the order for a mutant of ``target``."""
        near = 0 if target in self.named else 1 if target in self.touched else 2
        return (bool(self.settings), near, self.slow, self.number)


_Amended: TypeAlias = dict[tuple[date | None, tuple[tuple[str, str], ...]], Ruleset | None]
"""A mutant under the first day and the parameters of cases."""


@dataclass(slots=True)
class _Bench:
    ruleset: Ruleset
    library: Library
    mutants: tuple[Mutant, ...]
    tried: list[_Tried]
    signatures: dict[str, Any] = field(default_factory=dict)

    def judge(self, mutant: Mutant) -> MutantResult:
        """Return the fate of a mutant."""
        try:
            changed = make_mutant(self.ruleset, mutant, self.library)
        except RulesetError as error:
            return MutantResult(mutant, Fate.REFUSED, error.diagnostics[0].code)
        touched = [name for name in changed.decisions if self._differs(changed, name)]
        amended: _Amended = {(None, ()): changed}
        for item in sorted(self.tried, key=lambda x: x.rank(mutant.target)):
            if item.case.decision in touched and self._notices(item, changed, amended):
                return MutantResult(mutant, Fate.KILLED, item.case.name)
        return MutantResult(mutant, Fate.SURVIVED)

    def _differs(self, changed: Ruleset, decision: str) -> bool:
        """Whether a decision is made otherwise than it was, in itself or in what it calls."""
        if decision not in self.signatures:
            self.signatures[decision] = _sign(self.ruleset.program(decision))
        return bool(self.signatures[decision] != _sign(changed.program(decision)))

    def _notices(
        self,
        item: _Tried,
        changed: Ruleset,
        amended: _Amended,
    ) -> bool:
        key = item.case.in_force_from, tuple(item.settings.items())
        if key not in amended:
            try:
                amended[key] = self._amend(_start(changed, key[0]), item.settings)
            except RulesetError:
                return True
        ruleset = amended[key]
        return ruleset is not None and _fails(item.case, ruleset)

    def _amend(self, changed: Ruleset, settings: Mapping[str, str]) -> Ruleset | None:
        """Return a mutant under the parameters of a case; None where they are its own already."""
        if not settings:
            return changed
        try:
            return alter_ruleset(changed, [set_plainly(*item) for item in settings.items()])
        except InputError as error:
            if {item.code for item in error.diagnostics} <= _ITS_OWN:
                return None
            raise RulesetError(error.diagnostics) from None


def _start(changed: Ruleset, day: date | None) -> Ruleset:
    """Return a mutant as it is in force from the day that a case states."""
    try:
        return changed if day is None else changed.state_start(day)
    except InputError as error:
        raise RulesetError(error.diagnostics) from None


_ITS_OWN: Final = frozenset({"setting-has-no-effect", "unknown-parameter"})
"""Why a parameter of a case cannot be set in a mutant that says the same already."""


def _open_bench(ruleset: Ruleset, case_files: Sequence[str]) -> _Bench:
    """Run every case as it is and note what it turns on."""
    cases = [case for path in case_files for case in _load(ruleset, path)]
    failing = [case for case in cases if not run_case(case).passed]
    if failing:
        raise InputError(
            [Diagnostic("case-fails", {"name": case.name}, case.place) for case in failing]
        )
    library = recall_library(ruleset.checked)
    tried = [_try(case, number) for number, case in enumerate(cases)]
    return _Bench(ruleset, library, list_mutants(ruleset), tried)


def _load(ruleset: Ruleset, path: str) -> tuple[Case, ...]:
    loaded = load_cases(path, ruleset.folders)
    if loaded.ruleset.checked.semantic_digest != ruleset.checked.semantic_digest:
        arguments = {"path": path, "name": ruleset.id}
        raise InputError([Diagnostic("cases-of-another", arguments)])
    return loaded.cases


def _try(case: Case, number: int) -> _Tried:
    decision = _decide(case, case.ruleset)
    rules = {rule.id for reason in decision.reasons for rule in reason.rules}
    rules |= {*decision.binding, *(item.rule.id for item in decision.consequences)}
    rules |= {dict(item.arguments).get("rule", "") for item in decision.warnings}
    reads = {item.rule.id: frozenset(_list_read(item.list_steps())) for item in decision.trace}
    applied = {x.rule.id for x in decision.trace if x.statuses != {Status.NOT_APPLICABLE}}
    return _Tried(
        case=case,
        number=number,
        named=frozenset(rules).union(*(reads.get(name, ()) for name in rules)),
        touched=frozenset(applied).union(*reads.values()),
        settings={item.target: item.after for item in case.ruleset.overlays},
        slow=bool(decision.missing),
    )


def _list_read(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        yield step.term.name.removeprefix("reading.")
        yield from _list_read(step.parts)


def _fails(case: Case, ruleset: Ruleset) -> bool:
    """Whether a case fails under another ruleset, or that one refuses its facts."""
    try:
        return bool(compare_decision(_decide(case, ruleset), case.expectations))
    except InputError:
        return True


def _decide(case: Case, ruleset: Ruleset) -> Decision:
    return ruleset.decide(
        case.decision,
        case.facts,
        on=case.on,
        readings=case.readings,
        assume_in_force=case.assume_in_force,
        source=case.source,
    )


def _sign(program: Program) -> tuple[Any, ...]:
    """Return everything a decision rests on, so that equal ones are made alike."""
    ruleset = program.ruleset
    document = ruleset.document
    return (
        program.decision,
        program.rules,
        dict(program.parameters),
        dict(program.inputs),
        dict(program.lists),
        (document.starts, document.until, document.status, document.effective_ref),
        [ruleset.readings[name].default for name in program.readings],
        [(name, _sign(called)) for name, called in program.calls.items()],
    )


_WORKING: list[_Bench] = []
"""The bench of a worker process."""


def _start_worker(path: str, folders: Sequence[str], case_files: Sequence[str]) -> None:
    ruleset = read_ruleset(Path(path), tuple(Path(folder) for folder in folders))
    _WORKING[:] = [_open_bench(ruleset, case_files)]


def _judge_one(number: int) -> tuple[Fate, str]:
    """Return the fate of a mutant by its number: the words of a ruleset stay in their process."""
    bench = _WORKING[0]
    result = bench.judge(bench.mutants[number])
    return result.fate, str(result.by)
