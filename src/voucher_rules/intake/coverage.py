"""Comes in: a ruleset and its official text. Goes out: what of either the other does not hold.

Every provision stands in both, in one order, with the words the ruleset was made from; and every
quantity of the text is a parameter of its provision (or of one around or inside it), a day of the
document, or ignored for a reason.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voucher_rules.intake.candidates import write_amount
from voucher_rules.intake.locate import Located, list_uncovered, locate_provisions
from voucher_rules.intake.provisions import split_provisions
from voucher_rules.intake.quantities import Aside, Quantity, find_quantities
from voucher_rules.intake.text import OfficialText
from voucher_rules.intake.values import (
    Stated,
    accounts_for,
    is_of_day,
    is_quoted,
    list_values,
    read_stated,
    same_words,
)
from voucher_rules.ruleset.model import IGNORE_REASONS, STATED_ELSEWHERE, IgnoreDoc, RulesetDoc
from voucher_rules.ruleset.rules import RuleDoc


@dataclass(frozen=True, slots=True)
class Counted:
    """A quantity of the text, its provision in the ruleset, and what accounts for it.

    ``by`` is ``parameter``, ``document``, ``ignored``, or empty where nothing does; ``name`` is the
    parameter, the key of the document, or the reason.
    """

    quantity: Quantity
    ref: str
    by: str = ""
    name: str = ""

    @property
    def amount(self) -> str:
        """The quantity as a ruleset writes it."""
        return write_amount(self.quantity)


@dataclass(frozen=True, slots=True)
class Changed:
    """A provision whose words are no longer those the ruleset was made from, and what rests on it.

    ``rules`` are its own and those elsewhere that read its parameters.
    """

    ref: str
    line: int
    rules: tuple[str, ...]
    parameters: tuple[str, ...]
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A provision of the text that the ruleset has not, with its line."""

    ref: str
    line: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a ruleset and an official text hold one another."""

    text: str
    same_text: bool | None
    """Whether the file is the one the ruleset names by its digest; None where it names none."""
    provisions: int
    not_in_ruleset: tuple[Missing, ...]
    not_in_text: tuple[str, ...]
    out_of_order: tuple[str, ...]
    changed: tuple[Changed, ...]
    unpinned: tuple[str, ...]
    """Provisions without a fingerprint."""
    quantities: tuple[Counted, ...]
    idle: tuple[tuple[str, str], ...]
    """What is ignored and does not stand in its provision: reference and words."""
    informative: tuple[str, ...]
    """Parameters that decide nothing."""
    asides: tuple[Aside, ...]
    """Numerals that count nothing: numbers of documents, of provisions, of titles."""

    @property
    def unaccounted(self) -> tuple[Counted, ...]:
        """The quantities that nothing accounts for."""
        return tuple(item for item in self.quantities if not item.by)

    @property
    def complete(self) -> bool:
        """Whether nothing is left out on either side."""
        return not (
            self.not_in_ruleset
            or self.not_in_text
            or self.out_of_order
            or self.changed
            or self.unpinned
            or self.idle
            or self.unaccounted
        )


def cover(document: RulesetDoc, text: OfficialText) -> Coverage:
    """Hold a ruleset and an official text against each other.

    The ruleset need not pass its checks, so that one being written can be held against its text.
    """
    pieces = split_provisions(text)
    located = locate_provisions(text, document.provisions, pieces)
    numbers = find_quantities(text, pieces)
    accounts = _Accounts(document, located)
    counted = tuple(map(accounts.account, numbers.quantities))
    stated = document.document.text
    return Coverage(
        text=text.name,
        same_text=None if stated is None else str(stated.sha256) == text.digest,
        provisions=len(located),
        not_in_ruleset=tuple(
            Missing(x.ref, text.place(x.start)[0]) for x in list_uncovered(pieces, located)
        ),
        not_in_text=tuple(item.ref for item in located if not item.found),
        out_of_order=tuple(item.ref for item in located if not item.in_order),
        changed=tuple(_list_changed(document, text, located)),
        unpinned=tuple(item.ref for item in located if item.doc.fingerprint is None),
        quantities=counted,
        idle=tuple(accounts.list_idle()),
        informative=tuple(
            str(name)
            for item in located
            for name, doc in item.doc.parameters.items()
            if doc.informative == "true"
        ),
        asides=numbers.asides,
    )


class _Accounts:
    """What a ruleset holds that may account for a quantity."""

    def __init__(self, document: RulesetDoc, located: Sequence[Located]) -> None:
        self.located = located
        self.days = dict(_list_days(document))
        self.values = [
            {str(name): list(list_values(doc, str(document.currency))) for name, doc in pairs}
            for pairs in (item.doc.parameters.items() for item in located)
        ]
        self.order = sorted((x.start, i) for i, x in enumerate(located) if x.found)
        self.used: set[tuple[int, str]] = set()
        self.refs = {item.ref: i for i, item in enumerate(located)}

    def account(self, quantity: Quantity) -> Counted:
        """Say what accounts for a quantity: what is ignored first, since it is said of it alone."""
        at = self._find_owner(quantity)
        if at < 0:
            return Counted(quantity, quantity.ref)
        ref = self.located[at].ref
        ignored = self._find_ignored(at, quantity)
        if ignored is not None:
            return Counted(quantity, ref, "ignored", str(ignored.because))
        name = self._find_parameter(at, quantity)
        if name:
            return Counted(quantity, ref, "parameter", name)
        days = (key for key, day in self.days.items() if is_of_day(day, quantity))
        day = next(days, "")
        return Counted(quantity, ref, "document" if day else "", day)

    def list_idle(self) -> Iterator[tuple[str, str]]:
        """Yield what is ignored and was not met."""
        for at, item in enumerate(self.located):
            for doc in item.doc.ignores:
                if (at, str(doc.text)) not in self.used:
                    yield item.ref, str(doc.text)

    def _find_owner(self, quantity: Quantity) -> int:
        found = bisect_right(self.order, quantity.at, key=lambda pair: pair[0]) - 1
        return self.order[found][1] if found >= 0 else -1

    def _find_ignored(self, at: int, quantity: Quantity) -> IgnoreDoc | None:
        for doc in self.located[at].doc.ignores:
            if doc.because not in IGNORE_REASONS:
                continue
            if same_words(doc.text) not in {same_words(quantity.text), write_amount(quantity)}:
                continue
            elsewhere = self.refs.get(str(doc.ref), -1) if doc.because == STATED_ELSEWHERE else -1
            if doc.because == STATED_ELSEWHERE and not (
                elsewhere >= 0 and self._find_parameter(elsewhere, quantity)
            ):
                continue
            self.used.add((at, str(doc.text)))
            return doc
        return None

    def _find_parameter(self, at: int, quantity: Quantity) -> str:
        for near in self._list_near(at):
            for name, doc in self.located[near].doc.parameters.items():
                values = self.values[near][str(name)]
                if is_quoted(doc, quantity) or any(accounts_for(x, quantity) for x in values):
                    return str(name)
        return ""

    def _list_near(self, at: int) -> Iterator[int]:
        """Yield a provision, those around it, and those inside it."""
        yield at
        up = self.located[at].up
        while up >= 0:
            yield up
            up = self.located[up].up
        inside = {at}
        for below in range(at + 1, len(self.located)):
            if self.located[below].up not in inside:
                break
            inside.add(below)
            yield below


def _list_days(document: RulesetDoc) -> Iterator[tuple[str, Stated]]:
    doc = document.document
    words = {"document.issued": doc.issued, "effective.from": doc.effective.start}
    words["effective.until"] = doc.effective.until
    if doc.effective.by is not None:
        for option, day in doc.effective.by.dates.items():
            words[f"effective.by.{option}"] = day
    for key, word in words.items():
        for stated in read_stated(word, "date") if word is not None else ():
            yield key, stated


def _list_changed(
    document: RulesetDoc, text: OfficialText, located: Sequence[Located]
) -> Iterator[Changed]:
    words = {rule: _list_words(doc) for rule, doc in _list_rules(located)}
    for item in located:
        if not item.found or item.matches or item.doc.fingerprint is None:
            continue
        parameters = tuple(str(name) for name in item.doc.parameters)
        own = [str(rule.id) for rule in item.doc.rules]
        reading = [rule for rule, used in words.items() if used & {*parameters}]
        readings = [str(k) for k, v in document.readings.items() if str(v.ref) == item.ref]
        yield Changed(
            item.ref,
            text.place(item.start)[0],
            tuple(dict.fromkeys([*own, *reading])),
            parameters,
            tuple(readings),
        )


def _list_rules(located: Sequence[Located]) -> Iterator[tuple[str, RuleDoc]]:
    for item in located:
        yield from ((str(rule.id), rule) for rule in item.doc.rules)


def _list_words(doc: RuleDoc) -> set[str]:
    """Return every name in the expressions of a rule."""
    told = doc.model_dump(exclude={"id", "topic", "says", "next", "warn", "told_to"})
    return {name for text in _list_texts(told) for name in re.findall("[a-z][a-z0-9_]*", text)}


def _list_texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _list_texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _list_texts(part)
