"""Comes in: the body of a record, and when it was recorded. Goes out: whether that law applied.

What counts is the edition in force on the day that fixes the law, as it was known on the day of
recording: what was published later says nothing against a decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from voucher_rules.catalog.check_chronicle import check_chronicle
from voucher_rules.catalog.choose import choose_edition
from voucher_rules.catalog.chronicle import Chronicle, View, make_chronicle
from voucher_rules.catalog.find import list_rulesets
from voucher_rules.catalog.heads import Head, read_head
from voucher_rules.checked.model import WITHOUT_FORCE
from voucher_rules.decision.law import FIRST_DAY
from voucher_rules.errors import DiagnosedError

_DAY: Final = 10
"""How long a day is as text; a moment begins with its day."""
_DAY_UNKNOWN: Final = "edition-day-unknown"
_NOT_IN_FORCE: Final = "not_in_force"
_MOST_VIEWS: Final = 1_000


class InForce(StrEnum):
    """Whether the edition a decision was taken under is the one the case falls under."""

    YES = "yes"
    SUPERSEDED = "superseded"
    """Another edition was in force on that day, and was known then."""
    NO = "no"
    """No edition was in force on that day."""
    NOT_KNOWN_THEN = "not_known_then"
    """The edition was published only after the decision is said to have been recorded."""
    UNTOLD = "untold"
    """The edition is not at hand, states no first day, or the day that fixes the law is unknown."""


@dataclass(frozen=True, slots=True)
class Currency:
    """The verdict, and the edition the case falls under where that is another one.

    Where a rule of transition said which, ``ref`` is its provision and ``fact`` the day it goes by;
    where it cannot be told for want of a day, ``fact`` is that day. ``is_stated`` tells whether the
    decision itself says that no edition was in force, or assumed that its own was.
    """

    in_force: InForce
    instead: str = ""
    fact: str = ""
    ref: str = ""
    is_stated: bool = False


UNTOLD: Final = Currency(InForce.UNTOLD)


def _says_so(body: Mapping[str, Any]) -> bool:
    """Tell whether a decision came out as not in force, or assumed that its law was."""
    return body["assume_in_force"] is True or body["outcome"]["status"] == _NOT_IN_FORCE


def _is_undated(head: Head) -> bool:
    """Tell whether a document states no first day; one that somebody stated proves nothing."""
    return not head.starts and head.status not in WITHOUT_FORCE


@dataclass(slots=True)
class CurrencyJudge:
    """Judges decisions by the editions at hand; the heads of each ruleset are read once."""

    folders: Sequence[Path] = ()
    _chronicles: dict[str, Chronicle | None] = field(default_factory=dict)
    _views: dict[tuple[str, date, tuple[tuple[str, str], ...]], View] = field(default_factory=dict)

    def judge(self, body: Mapping[str, Any], recorded_at: datetime, zone: tzinfo) -> Currency:
        """Return the verdict on a body; never raises for what it holds."""
        try:
            return self._judge(body, recorded_at.astimezone(zone).date())
        except (KeyError, TypeError, ValueError, AttributeError):
            return UNTOLD

    def _judge(self, body: Mapping[str, Any], known: date) -> Currency:
        name, edition = str(body["ruleset"]["id"]), str(body["ruleset"]["edition"])
        chronicle = self._open(name)
        if chronicle is None or edition not in chronicle.heads or body["as_of"] is None:
            return UNTOLD
        if not chronicle.is_known(edition, known):
            return Currency(InForce.NOT_KNOWN_THEN)
        view = self._view(chronicle, known, body["readings"])
        asked = body["decision"]
        own = chronicle.heads[edition].as_of.get(asked)

        def find_day(fact: str) -> date | None:
            stated = body["as_of"] if fact == own else body["facts"].get(fact)
            return date.fromisoformat(stated[:_DAY]) if isinstance(stated, str) else None

        try:
            choice = choose_edition(chronicle, asked, find_day, known, view)
        except DiagnosedError as error:
            on = date.fromisoformat(body["as_of"])
            if not view.list_on(on):
                if _is_undated(chronicle.heads[edition]):
                    return Currency(InForce.UNTOLD, fact=FIRST_DAY)
                return Currency(InForce.NO, is_stated=_says_so(body))
            lacking = (x.arguments["fact"] for x in error.diagnostics if x.code == _DAY_UNKNOWN)
            return Currency(InForce.UNTOLD, fact=next(lacking, ""))
        found = choice.standing.edition
        if found == edition:
            return Currency(InForce.YES)
        rule = choice.by_transition
        fact, ref = (rule.fact, rule.ref) if rule else ("", "")
        return Currency(InForce.SUPERSEDED, found, fact, ref, _says_so(body))

    def _open(self, name: str) -> Chronicle | None:
        """Return the editions of a name at hand; None where there are none, or they conflict."""
        if name not in self._chronicles:
            if len(self._chronicles) >= _MOST_VIEWS:  # a log may name any number of rulesets
                self._chronicles.clear()
            try:
                files = [item for item in list_rulesets(list(self.folders)) if item.id == name]
                made = make_chronicle(name, [read_head(item) for item in files])
                check_chronicle(made)
            except DiagnosedError:
                made = None
            self._chronicles[name] = made
        return self._chronicles[name]

    def _view(self, chronicle: Chronicle, known: date, readings: Mapping[str, str]) -> View:
        key = (chronicle.id, known, tuple(sorted(readings.items())))
        if key not in self._views:
            if len(self._views) >= _MOST_VIEWS:
                self._views.clear()
            self._views[key] = chronicle.view(known, readings)
        return self._views[key]
