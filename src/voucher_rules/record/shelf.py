"""Comes in: folders of rulesets. Goes out: the very law a record was made under, or why not.

What counts is the digest of what the ruleset says; a file that differs in comments or layout alone
says the same, and is told apart by the digest of its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeAlias

from voucher_rules.catalog.find import SHIPPED, find_notices, find_ruleset
from voucher_rules.catalog.gather import Sight
from voucher_rules.catalog.open import amend_opened, open_ruleset, start_opened
from voucher_rules.checked.declarations import RULESET_ID
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.case import read_on
from voucher_rules.decision.result import STATED_START, Overlay
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import DiagnosedError, RulesetNotFoundError
from voucher_rules.program.build import Program, build_program
from voucher_rules.record.body import list_pins
from voucher_rules.record.gists import WHAT_IF
from voucher_rules.ruleset.alterations import set_plainly


class RulesetVerdict(StrEnum):
    """Whether the law a record names was found."""

    FOUND = "found"
    REWRITTEN = "rewritten"
    """What it says is the same; its file differs in comments or layout."""
    UNREADABLE = "unreadable"
    """The file of that name and edition is no ruleset as it stands: :class:`FoundLaw` says why."""
    DIFFERS = "differs"
    """A ruleset of that name and edition says something else."""
    MISSING = "missing"


_BEST_FIRST: Final = tuple(RulesetVerdict)
MOST_WHAT_IFS: Final = 20
"""How many what-ifs are laid over a ruleset: each is checked whole."""
MOST_KEPT: Final = 256
"""How many laws and how many of their decisions are kept; the oldest makes room."""
MOST_FAULTS: Final = 5
"""How many faults of a file that is no ruleset are told."""
_MOST_NAME: Final = 100
_Settings: TypeAlias = tuple[tuple[str, str, str], ...]
_Key: TypeAlias = tuple[str, str, str, str, frozenset[str], _Settings]


@dataclass(frozen=True, slots=True)
class FoundLaw:
    """The ruleset found for a record: how well it fits, and itself where it fits at all.

    ``overlays`` are the what-ifs the record was made under, which are built into it. ``faults`` are
    what keeps a file from being read, each with its place: no path, which differs from place to
    place, but the file and the folder it is in.
    """

    verdict: RulesetVerdict
    ruleset: CheckedRuleset | None = None
    path: Path | None = None
    overlays: tuple[Overlay, ...] = ()
    faults: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class RulesetShelf:
    """Finds rulesets by their digests, each read once; ``folders`` come before the shipped ones.

    Only what stands in these folders is read, whatever a record names.
    """

    folders: Sequence[Path] = ()
    _found: dict[_Key, FoundLaw] = field(default_factory=dict)
    _programs: dict[tuple[str, str, str], Program] = field(default_factory=dict)

    def find_law(self, body: Mapping[str, Any]) -> FoundLaw:
        """Return the ruleset a body was made under, or how near the nearest comes."""
        named = body["ruleset"]
        names = (named["id"], named["edition"], named["source_digest"], named["semantic_digest"])
        laid = [item for item in body["overlays"] if item["kind"] in {WHAT_IF, STATED_START}]
        settings = tuple((item["kind"], item["target"], item["after"]) for item in laid)
        key = (*names, list_pins(body), settings)
        if key not in self._found:
            tried = (self._try(path, key) for path in self._list_paths(*names[:2]))
            best = sorted(tried, key=lambda item: _BEST_FIRST.index(item.verdict))
            _make_room(self._found)
            self._found[key] = best[0] if best else FoundLaw(RulesetVerdict.MISSING)
        return self._found[key]

    def find_program(self, ruleset: CheckedRuleset, decision: str) -> Program | None:
        """Return the steps of a decision of a ruleset, or None where it has no such decision."""
        if decision not in ruleset.decisions:
            return None
        key = (ruleset.source_digest, ruleset.semantic_digest, decision)
        program = self._programs.get(key)
        # Rulesets that say the same may still differ in what a record names, as their notices.
        if program is None or program.ruleset is not ruleset:
            _make_room(self._programs)
            program = self._programs[key] = build_program(ruleset, decision)
        return program

    def _list_paths(self, name: str, edition: str) -> Iterator[Path]:
        """Yield where a ruleset stands; a record may name anything, also the path of a file."""
        if len(name) > _MOST_NAME or not RULESET_ID.fullmatch(name) or not isinstance(edition, str):
            return
        for folder in (*self.folders, *SHIPPED):
            try:
                yield find_ruleset(name, edition, [folder]).path
            except RulesetNotFoundError:
                continue

    def _try(self, path: Path, key: _Key) -> FoundLaw:
        _, _, source_digest, semantic_digest, pins, settings = key
        if len(settings) > MOST_WHAT_IFS:
            return FoundLaw(RulesetVerdict.DIFFERS, path=path)
        try:
            sight = Sight(pins=pins)
            opened = open_ruleset(path, tuple(self.folders), find_notices(path), sight)
        except DiagnosedError as error:
            found = error.diagnostics[:MOST_FAULTS]
            faults = tuple(Diagnostic(x.code, x.arguments, path=_place(x, path)) for x in found)
            return FoundLaw(RulesetVerdict.UNREADABLE, path=path, faults=faults)
        try:
            overlays = []
            for kind, target, after in settings:
                if kind == STATED_START:
                    opened = start_opened(opened, read_on(after))
                    continue
                opened, changes = amend_opened(opened, [set_plainly(target, after)])
                overlays += [
                    Overlay(x.kind, x.target, x.before, x.after, change=x) for x in changes
                ]
        except DiagnosedError:
            return FoundLaw(RulesetVerdict.DIFFERS, path=path)
        checked = opened.checked
        if checked.semantic_digest != semantic_digest:
            return FoundLaw(RulesetVerdict.DIFFERS, path=path)
        same = checked.source_digest == source_digest
        verdict = RulesetVerdict.FOUND if same else RulesetVerdict.REWRITTEN
        return FoundLaw(verdict, checked, path, tuple(overlays))


def _place(item: Diagnostic, path: Path) -> str:
    """Return where a fault stands: the file in its folder, the line and the column."""
    if item.span is None:
        return f"{path.parent.name}/{path.name}"
    file = Path(item.span.file)
    return str(replace(item.span, file=f"{file.parent.name}/{file.name}"))


def _make_room(kept: dict[Any, Any]) -> None:
    while len(kept) >= MOST_KEPT:
        del kept[next(iter(kept))]
