"""Comes in: a case file. Goes out: its cases, ready to run, or every mistake in it at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from voucher_rules.api import Ruleset
from voucher_rules.api.rulesets import alter_ruleset
from voucher_rules.checked.domains import read_typed
from voucher_rules.decision.case import read_case
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import DiagnosedError, InputError
from voucher_rules.language.types import BOOLEAN, DATE, Type
from voucher_rules.program.build import Program
from voucher_rules.ruleset.alterations import set_plainly
from voucher_rules.ruleset.load import describe_shape_errors
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.tree import Scalar, Source, diagnose, find_node
from voucher_rules.sources.yaml import SourceError, read_yaml
from voucher_rules.spans import Span
from voucher_rules.testing.expect import Expectation, ExpectationReader
from voucher_rules.testing.find import RulesetFinder, place_diagnostic
from voucher_rules.testing.model import CaseDoc, CaseFileDoc, Facts
from voucher_rules.values.model import Known
from voucher_rules.values.read import TextValueError

_OF_NAMES: Final = frozenset(
    {"unknown-parameter", "setting-has-no-effect", "change-decides-nothing", "change-outside-force"}
)
"""Faults of what a case sets that are told where the name stands, not its value."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case ready to run: what is given, under which ruleset, and what it must come to."""

    name: str
    because: str
    place: Span
    ruleset: Ruleset = field(repr=False)
    decision: str
    facts: Mapping[str, Any] = field(repr=False)
    on: date | None
    readings: Mapping[str, str]
    in_force_from: date | None
    """The first day the ruleset was stated to be in force, as its document states none."""
    assume_in_force: bool
    expectations: tuple[Expectation, ...] = field(repr=False)
    source: Source = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file read and checked against its ruleset."""

    path: Path
    ruleset: Ruleset
    cases: tuple[Case, ...]


def load_cases(
    path: str | Path, folders: Sequence[str | Path] = (), *, name: str | None = None
) -> CaseFile:
    """Load a case file and the ruleset it names.

    ``folders`` are searched before the shipped rulesets; ``name`` stands in messages in place of
    the path. Raises :class:`~voucher_rules.InputError` with every mistake of the file,
    :class:`~voucher_rules.RulesetNotFoundError` or :class:`~voucher_rules.RulesetError`.
    """
    path = Path(path)
    source = read_source(path, name or str(path))
    document = _shape_cases(source)
    finder = RulesetFinder(
        path, source, document.ruleset, document.edition, document.notices, folders
    )
    ruleset = finder.find()
    builder = _Builder(source, ruleset, document)
    cases = builder.build_cases()
    if builder.found:
        raise InputError(_drop_repeated(builder.found))
    return CaseFile(path, ruleset, cases)


def read_source(path: Path, name: str) -> Source:
    """Read a file of cases or of what is said about them. Raises :class:`InputError`."""
    try:
        return read_yaml(path.read_bytes(), name)
    except SourceError as error:
        raise InputError(error.diagnostics) from None
    except FileNotFoundError:
        raise InputError([Diagnostic("file-not-found", {"path": name})]) from None
    except OSError as error:
        problem = error.strerror or type(error).__name__
        arguments = {"path": name, "problem": problem}
        raise InputError([Diagnostic("file-not-readable", arguments)]) from None


def _shape_cases(source: Source) -> CaseFileDoc:
    try:
        document = CaseFileDoc.model_validate(source.root)
    except ValidationError as error:
        raise InputError(describe_shape_errors(source, CaseFileDoc, error)) from None
    if not document.cases:
        span = find_node(source.root, ("cases",)).span
        raise InputError([diagnose(source, "too-few", span, key="cases")])
    return document


def _drop_repeated(found: list[Diagnostic]) -> list[Diagnostic]:
    """Keep one of each: a base is judged with every case that starts from it."""
    return list({(item.code, item.span, *item.arguments.values()): item for item in found}.values())


@dataclass(slots=True)
class _Builder:
    source: Source
    ruleset: Ruleset
    document: CaseFileDoc
    found: list[Diagnostic] = field(default_factory=list)
    names: dict[str, Scalar] = field(default_factory=dict)
    started: dict[Known, Ruleset] = field(default_factory=dict)
    """The ruleset as it is in force from a day; many cases share theirs."""
    amended: dict[tuple[str, tuple[tuple[str, str], ...]], Ruleset] = field(default_factory=dict)
    """The ruleset, by its digest, under the parameters of a case."""

    def refuse(self, code: str, word: Scalar, **arguments: str) -> None:
        self.found.append(diagnose(self.source, code, word.span, **arguments))

    def build_cases(self) -> tuple[Case, ...]:
        self._check_bases()
        built = [self._build_case(doc) for doc in self.document.cases]
        return tuple(case for case in built if case is not None)

    def _check_bases(self) -> None:
        """Check the facts of every base, also of one that no case starts from."""
        program = self.ruleset.program(self.ruleset.decisions[0])
        for word, facts in self.document.bases.items():
            self._check_facts(program, _lay_over({}, facts), None, word)

    def _build_case(self, doc: CaseDoc) -> Case | None:
        self._check_words(doc)
        facts = self._gather_facts(doc)
        day = self._read_value(doc.on, DATE)
        assumed = self._read_value(doc.assume_in_force, BOOLEAN)
        readings = self._read_readings(doc)
        started, start = self._start(doc)
        amended = self._amend(started, doc)
        program = self._find_program(doc)
        if program is None:
            return None
        on = day if isinstance(day, date) else None
        self._check_facts(program, facts, on, doc.on if doc.on is not None else doc.name)
        reader = ExpectationReader(self.source, program)
        expectations = reader.read(doc.expect)
        self.found += reader.found
        return Case(
            name=str(doc.name),
            because=str(doc.because),
            place=doc.name.span,
            ruleset=amended,
            decision=program.decision.name,
            facts=facts,
            on=on,
            readings=readings,
            in_force_from=start,
            assume_in_force=assumed is True,
            expectations=expectations,
            source=self.source,
        )

    def _check_words(self, doc: CaseDoc) -> None:
        for word in (doc.name, doc.because):
            if not word.strip():
                self.refuse("null-value", word)
        first = self.names.setdefault(str(doc.name), doc.name)
        if first is not doc.name:
            line = str(first.span.line)
            self.refuse("case-duplicate-name", doc.name, name=str(doc.name), first=line)
        if not doc.expect.model_fields_set:
            self.refuse("case-asserts-nothing", doc.name, name=str(doc.name))

    def _find_program(self, doc: CaseDoc) -> Program | None:
        word = doc.decision
        if word is None:
            self.refuse("case-without-decision", doc.name, name=str(doc.name))
            return None
        if word not in self.ruleset.decisions:
            near = suggest_name(word, list(self.ruleset.decisions))
            self.refuse("unknown-decision", word, name=str(word), near=near)
            return None
        return self.ruleset.program(str(word))

    def _gather_facts(self, doc: CaseDoc) -> dict[str, Any]:
        """Return the facts of the bases, later ones above, the case's own on top."""
        facts: dict[str, Any] = {}
        for word in doc.base:
            if word not in self.document.bases:
                near = suggest_name(word, [str(name) for name in self.document.bases])
                self.refuse("unknown-base", word, name=str(word), near=near)
            facts = _lay_over(facts, self.document.bases.get(word, {}))
        return _lay_over(facts, doc.given)

    def _read_value(self, word: Scalar | None, kind: Type) -> Known | None:
        if word is None:
            return None
        try:
            return read_typed(word, kind, self.ruleset.checked.zone)
        except TextValueError as error:
            self.refuse(error.code, word, **error.arguments)
            return None

    def _read_readings(self, doc: CaseDoc) -> dict[str, str]:
        readings = self.ruleset.readings
        for name, option in doc.readings.items():
            if name not in readings:
                near = suggest_name(name, list(readings))
                self.refuse("unknown-reading", name, name=str(name), near=near)
            elif option not in readings[name].options:
                options = list(readings[name].options)
                listed, near = ", ".join(options), suggest_name(option, options)
                self.refuse("not-one-of", option, found=str(option), options=listed, near=near)
        return {str(name): str(option) for name, option in doc.readings.items()}

    def _start(self, doc: CaseDoc) -> tuple[Ruleset, date | None]:
        """Return the ruleset as it is in force from the day that the case states, and that day."""
        word = doc.in_force_from
        day = self._read_value(word, DATE)
        if word is None or not isinstance(day, date):
            return self.ruleset, None
        try:
            if day not in self.started:
                self.started[day] = self.ruleset.state_start(day)
        except InputError as error:
            self.found += [place_diagnostic(x, self.source, word.span) for x in error.diagnostics]
            return self.ruleset, None
        return self.started[day], day

    def _amend(self, ruleset: Ruleset, doc: CaseDoc) -> Ruleset:
        """Return a ruleset with the parameters of the case; one refused is told at its place."""
        settings = {str(name): str(text) for name, text in doc.settings.items()}
        while settings:
            key = ruleset.checked.semantic_digest, tuple(sorted(settings.items()))
            try:
                if key not in self.amended:
                    made = [set_plainly(*pair) for pair in settings.items()]
                    self.amended[key] = alter_ruleset(ruleset, made)
                return self.amended[key]
            except InputError as error:
                # What is left may hold a value that cannot be read: that is to be told as well.
                self.found += [self._place_setting(item, doc) for item in error.diagnostics]
                refused = {item.path for item in error.diagnostics}
                left = {k: x for k, x in settings.items() if f"{k}={x}" not in refused}
                settings = left if len(left) < len(settings) else {}
        return ruleset

    def _place_setting(self, item: Diagnostic, doc: CaseDoc) -> Diagnostic:
        for name, text in doc.settings.items():
            if item.span is None and item.path == f"{name}={text}":
                word = name if item.code in _OF_NAMES else text
                return place_diagnostic(item, self.source, word.span)
        return item

    def _check_facts(
        self, program: Program, facts: dict[str, Any], on: date | None, word: Scalar
    ) -> None:
        """Judge facts at the door they will pass again; ``word`` is where the day stands."""
        try:
            read_case(program, facts, self.source, on)
        except DiagnosedError as error:
            self.found += [
                item if item.span is not None else place_diagnostic(item, self.source, word.span)
                for item in error.diagnostics
            ]


def _lay_over(facts: dict[str, Any], above: Facts) -> dict[str, Any]:
    """Put facts above others; the name of a fact stands where its value does."""
    return {name: value for name, value in facts.items() if name not in above} | dict(above)
