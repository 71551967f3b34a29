"""Comes in: folders of rulesets, days and facts. Goes out: which edition applies, and decisions.

There are two times: the day an edition is in force, and the day it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from voucher_rules.api.decisions import Decision
from voucher_rules.api.rulesets import Ruleset, read_ruleset
from voucher_rules.arguments import check_language
from voucher_rules.catalog.check_chronicle import check_chronicle, check_view
from voucher_rules.catalog.choose import Choice, choose_edition, find_on
from voucher_rules.catalog.chronicle import Chronicle, View, make_chronicle
from voucher_rules.catalog.editions import Edition, describe_edition, list_editions
from voucher_rules.catalog.find import (
    RulesetFile,
    find_notices,
    find_ruleset,
    list_rulesets,
    scan_folder,
)
from voucher_rules.catalog.gather import Sight, read_notices
from voucher_rules.catalog.heads import Head, read_head, shape_head
from voucher_rules.decision.case import read_on
from voucher_rules.decision.options import check_settings
from voucher_rules.decision.stated import is_text
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetError, RulesetNotFoundError
from voucher_rules.explain.editions import tell_choice, tell_notice, tell_timeline, tell_unknown
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.tree import Source
from voucher_rules.values.read import TextValueError, read_date

_NOT_TOLD = frozenset({"unknown", "unanswered", "none"})


@dataclass(frozen=True, slots=True)
class Found:
    """The edition a case falls under; :meth:`explain` says by which days."""

    edition: Edition
    counted: tuple[str, ...]
    """The facts whose days were asked for, of the newest edition first."""
    placed_by: str
    """The rule of transition, as edition and provision, by which the case falls under the edition
    although the day that fixes the law lies outside its days in force; empty where it does not."""
    _choice: Choice = field(repr=False)

    def explain(self, language: str = "zh") -> str:
        """Return which edition it is, and why, in one line."""
        check_language(language)
        return tell_choice(self._choice, language)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision taken under the edition that was found for it, and how it was found."""

    found: Found
    ruleset: Ruleset
    decision: Decision


class Catalog:
    """Every edition there is, of every ruleset; made by :func:`catalog`.

    Heads of files are read when a ruleset is first asked for, and once.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._chronicles: dict[str, Chronicle] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the rulesets there are."""
        return tuple(dict.fromkeys(item.id for item in list_rulesets(self._folders)))

    def editions(
        self,
        id: str,  # noqa: A002 - what a ruleset calls its name
        *,
        known: date | str | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> tuple[Edition, ...]:
        """Return the editions as ``known`` on a day (None: all there are), by their first days.

        ``readings`` chooses where readers differ on a first day. Raises
        :class:`~voucher_rules.RulesetNotFoundError` where there is no ruleset of that name, and
        :class:`~voucher_rules.RulesetError` for faults of the files and where two editions are in
        force on one day and neither supersedes the other.
        """
        chronicle, day = self._open(id), _read_known(known)
        self._view(chronicle, day, readings)
        return list_editions(chronicle, day, readings or {})

    def find(
        self,
        id: str,  # noqa: A002
        *,
        on: date | str,
        known: date | str | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> Edition:
        """Return the edition in force ``on`` a day, as ``known`` on another (None: today's).

        Raises as :meth:`editions` does, and :class:`~voucher_rules.RulesetNotFoundError` where none
        is in force, with the editions before and after.
        """
        chronicle, day = self._open(id), _read_known(known)
        view = self._view(chronicle, day, readings)
        standing = find_on(chronicle, read_on(on), day, view)
        return describe_edition(chronicle, standing.head, day, readings or {})

    def find_for(  # noqa: PLR0913 - each argument is one thing the edition rests on
        self,
        id: str,  # noqa: A002
        decision: str,
        facts: Mapping[str, Any],
        *,
        on: date | str | None = None,
        known: date | str | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> Found:
        """Return the edition that a decision about a case falls under, and why.

        It is found by the day that fixes the law, ``on`` where the facts do not state it, or by
        what a rule of transition names instead. Raises as :meth:`find` does, and
        :class:`~voucher_rules.InputError` where a day that matters is not known.
        """
        _check_asked(decision, facts)
        chronicle, day = self._open(id), _read_known(known)
        view = self._view(chronicle, day, readings)
        stated = None if on is None else read_on(on)
        laws = {x.head.as_of[decision] for x in view.standings if decision in x.head.as_of}

        def find_day(fact: str) -> date | None:
            found = _read_fact(facts, fact)
            return stated if found is None and fact in laws else found

        choice = choose_edition(chronicle, decision, find_day, day, view)
        edition = describe_edition(chronicle, choice.standing.head, day, readings or {})
        counted = tuple(dict.fromkeys(x.fact for x in choice.counted))
        return Found(edition, counted, _place_case(choice, decision, find_day), choice)

    def load(self, edition: Edition, *, known: date | str | None = None) -> Ruleset:
        """Load an edition, with the notices to it ``known`` on a day, and check it whole.

        Raises as :func:`~voucher_rules.load` does, and :class:`~voucher_rules.RulesetError` where
        the file is not the one the catalogue read.
        """
        ruleset = read_ruleset(edition.path, self._folders, known=_read_known(known))
        head = self._open(edition.id).heads.get(edition.edition)
        source, digest = ruleset.loaded.source, ruleset.loaded.source_digest
        if (
            head is None
            or digest != head.digest
            or shape_head(source, edition.path, digest) != head
        ):
            raise RulesetError([Diagnostic("edition-changed", {"edition": edition.edition})])
        return ruleset

    def decide(  # noqa: PLR0913 - as Ruleset.decide
        self,
        id: str,  # noqa: A002
        decision: str,
        facts: Mapping[str, Any],
        *,
        on: date | str | None = None,
        known: date | str | None = None,
        readings: Mapping[str, str] | None = None,
        source: Source | None = None,
    ) -> Decided:
        """Decide a case under the edition it falls under, by what was ``known`` on a day.

        A day that only found the edition, and is no fact of it, is left out of the case. Raises as
        :meth:`find_for`, :meth:`load` and :meth:`Ruleset.decide` do.
        """
        found = self.find_for(id, decision, facts, on=on, known=known, readings=readings)
        ruleset = self.load(found.edition, known=known)
        made = ruleset.decide(
            decision,
            leave_counted(found, ruleset, facts),
            on=on,
            readings=readings,
            placed_by=found.placed_by,
            source=source,
        )
        return Decided(found, ruleset, made)

    def explain(
        self,
        id: str,  # noqa: A002
        language: str = "zh",
        *,
        known: date | str | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> str:
        """Tell which law applied when: editions, gaps, overlaps and notices, a line each."""
        check_language(language)
        chronicle, day = self._open(id), _read_known(known)
        view = chronicle.view(day, _check_readings(chronicle, readings))
        editions = list_editions(chronicle, day, readings or {})
        paths = [path for item in editions for path in find_notices(item.path)]
        notices = [tell_notice(item, language) for item in read_notices(paths, Sight(day))]
        if not editions and day is not None:
            return tell_unknown(chronicle, day, language)
        return "\n".join([*tell_timeline(view, editions, language), *notices])

    def _open(self, name: str) -> Chronicle:
        if name not in self._chronicles:
            files = [item for item in list_rulesets(self._folders) if item.id == name]
            files = files or [find_ruleset(name, None, self._folders)]
            chronicle = make_chronicle(name, [read_head(item) for item in files])
            check_chronicle(chronicle)
            self._chronicles[name] = chronicle
        return self._chronicles[name]

    def _view(
        self, chronicle: Chronicle, known: date | None, readings: Mapping[str, str] | None
    ) -> View:
        view = chronicle.view(known, _check_readings(chronicle, readings))
        check_view(view)
        return view


def catalog(folders: Sequence[str | Path] = ()) -> Catalog:
    """Return the catalogue of every edition in ``folders`` and among the shipped rulesets."""
    return Catalog([Path(folder) for folder in folders])


def check_editions(folder: Path) -> None:
    """Check the editions that stand in one folder against each other.

    Files that are no readable edition of the folder's name are passed over: what is wrong with
    them is told when they are checked themselves. Raises :class:`~voucher_rules.RulesetError`.
    """
    heads = [head for head in map(_try_head, scan_folder(folder)) if head is not None]
    chronicle = make_chronicle(folder.name, heads)
    check_chronicle(chronicle)
    check_view(chronicle.view(None, {}))


def _try_head(file: RulesetFile) -> Head | None:
    try:
        return read_head(file)
    except (RulesetError, RulesetNotFoundError):
        return None


def _check_readings(chronicle: Chronicle, readings: Mapping[str, str] | None) -> Mapping[str, str]:
    """Check that some edition has each reading chosen, and its option. Raises InputError."""
    chosen = {} if readings is None else readings
    check_settings(chosen, "readings")
    options: dict[str, set[str]] = {}
    for head in chronicle.heads.values():
        for word, doc in head.document.readings.items():
            options.setdefault(str(word), set()).update(str(option) for option in doc.options)
    found = []
    for name, option in chosen.items():
        if name not in options:
            near = suggest_name(name, list(options))
            found.append(Diagnostic("unknown-reading", {"name": name, "near": near}))
        elif option not in options[name]:
            known = sorted(options[name])
            told = {"found": option, "options": ", ".join(known)}
            told["near"] = suggest_name(option, known)
            found.append(Diagnostic("not-one-of", told, path=f"reading.{name}"))
    if found:
        raise InputError(found)
    return chosen


def _read_known(known: date | str | None) -> date | None:
    return None if known is None else read_on(known, "known")


def _check_asked(decision: str, facts: Mapping[str, Any]) -> None:
    """Check that a decision is named, and facts are given by name. Raises :class:`InputError`."""
    if not is_text(decision):
        told = {"name": type(decision).__name__, "near": ""}
        raise InputError([Diagnostic("unknown-decision", told)])
    if not isinstance(facts, Mapping):
        raise InputError([Diagnostic("facts-not-a-mapping", {"found": type(facts).__name__})])


def _read_fact(facts: Mapping[str, Any], name: str) -> date | None:
    """Return the day a fact states, or None where it is not known. Raises :class:`InputError`."""
    stated = facts.get(name)
    if isinstance(stated, Mapping):
        stated = stated.get("value")
    if stated is None or isinstance(stated, date):
        return read_on(stated, name) if stated is not None else None
    if is_text(stated):
        if str(stated) in _NOT_TOLD:
            return None
        try:
            return read_date(stated)
        except TextValueError as error:
            raise InputError([Diagnostic(error.code, error.arguments, path=name)]) from None
    return read_on(stated, name)


def _place_case(choice: Choice, decision: str, find_day: Callable[[str], date | None]) -> str:
    counted, standing = choice.by_transition, choice.standing
    fact = standing.head.as_of.get(decision, "")
    day = find_day(fact)
    begun = day is not None and day >= standing.start
    last = standing.until
    if counted is None or (begun and (last is None or (day is not None and day <= last))):
        return ""
    return f"{counted.edition} {counted.ref}"


def leave_counted(found: Found, ruleset: Ruleset, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts without the days that only found the edition, which it does not know."""
    counted = set(found.counted) - set(ruleset.checked.inputs)
    return {name: stated for name, stated in facts.items() if name not in counted}
