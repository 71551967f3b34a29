"""Comes in: a ruleset, its cases, perhaps the official text. Goes out: all that its pages tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from voucher_rules.api import Ruleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.intake.fingerprint import Passage, PassageMissingError, slice_by_ruleset
from voucher_rules.language.terms import Role
from voucher_rules.testing.limits.beside import Known, load_pinned, read_known
from voucher_rules.testing.limits.survey import LimitReport, survey_results
from voucher_rules.testing.load import Case
from voucher_rules.testing.run import CaseResult, run_case

_NAMES: Final = frozenset(Role) - {Role.OPERATOR, Role.AGGREGATE, Role.CONSTANT}


@dataclass(frozen=True, slots=True)
class Material:
    """A ruleset and what stands beside it, the same for both languages."""

    ruleset: Ruleset
    reports: tuple[LimitReport, ...]
    known: Known
    cases: Mapping[str, tuple[CaseResult, ...]]
    """By provision, the cases that rest on it."""
    wording: Mapping[str, str] = field(default_factory=dict)
    """By provision, the official words; empty where no text was given."""
    drifted: frozenset[str] = frozenset()
    """The provisions whose words are not those the ruleset was made from."""
    readers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By what is read (a fact, a parameter, a reading, a variable), the rules that read it."""


def gather_material(
    ruleset: Ruleset, cases: Sequence[Case] | None = None, text: str | None = None
) -> Material:
    """Run the cases of a ruleset, survey its limits, and cut the official text by provision.

    Where no cases are given they are those beside the ruleset. Raises
    :class:`~voucher_rules.InputError` for a case file with mistakes and for a text that does not
    hold every provision in its order.
    """
    given = load_pinned(ruleset, [], ruleset.folders) if cases is None else cases
    results = [run_case(case) for case in given]
    reports = survey_results(ruleset, results)
    passages = [] if text is None else _cut_text(ruleset, text)
    pairs = list(zip(passages, ruleset.provisions, strict=False))
    return Material(
        ruleset=ruleset,
        reports=reports,
        known=read_known(ruleset, reports),
        cases=_sort_cases(ruleset, results),
        wording={passage.ref: passage.text for passage in passages},
        drifted=frozenset(x.ref for x, y in pairs if y.fingerprint not in {"", x.fingerprint}),
        readers=_list_readers(ruleset),
    )


def _cut_text(ruleset: Ruleset, text: str) -> list[Passage]:
    try:
        return slice_by_ruleset(text, ruleset.checked)
    except PassageMissingError as error:
        ref = str(error)
        raise InputError([Diagnostic("text-lacks-provision", {"ref": ref}, path=ref)]) from None


def _sort_cases(
    ruleset: Ruleset, results: Sequence[CaseResult]
) -> dict[str, tuple[CaseResult, ...]]:
    found: dict[str, list[CaseResult]] = {item.citation.ref: [] for item in ruleset.provisions}
    for result in results:
        for ref in dict.fromkeys(_list_refs(ruleset, result)):
            if ref in found:
                found[ref].append(result)
    return {ref: tuple(items) for ref, items in found.items()}


def _list_refs(ruleset: Ruleset, result: CaseResult) -> Iterator[str]:
    """Yield the provisions a case rests on: of its reasons, its binding limits, and those pinned.

    Those of a ruleset that was called have references that may be the same, so they are left out.
    """
    for reason in result.decision.reasons:
        own = [reason.citation] if reason.citation is not None else []
        cited = [rule.citation for rule in reason.rules] or own
        yield from (item.ref for item in cited if item.ruleset == ruleset.id)
    for name in result.decision.binding:
        if name in ruleset.rules:
            yield ruleset.rules[name].citation.ref
    for item in result.case.expectations:
        if item.key == "articles":
            yield from (str(value) for value in item.values)


def _list_readers(ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for rule in ruleset.rules.values():
        for term in rule.terms():
            for name in term.names(*_NAMES):
                found.setdefault(name, {})[rule.id] = None
    return {name: tuple(rules) for name, rules in found.items()}
