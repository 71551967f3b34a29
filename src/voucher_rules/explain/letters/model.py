"""Comes in: who writes to whom, about what. Goes out: that checked; the shape of a letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.stated import is_text, name_value
from voucher_rules.diagnostics import LANGUAGES, Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.forms import Line
from voucher_rules.sources.characters import find_hidden, name_character
from voucher_rules.values.read import TextValueError, read_date

_TEXTS: Final = ("subject", "reference", "issuer")
_DIGEST: Final = re.compile("sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a decision is recorded: the log, the entry, whom it is about under the log's own name.

    ``replaces`` is the entry whose decision it takes the place of, with the reason.
    """

    log: str
    seq: int
    subject: str = ""
    replaces: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class LetterHead:
    """Who writes to whom, about what, when; each may be left out, and nothing is filled in.

    ``subject`` is whom the letter goes to, ``reference`` the number of the case, ``issuer`` who
    writes, ``dated`` the day of the letter (a date, or ``YYYY-MM-DD``). ``remedies`` says what can
    be done against the decision, where and until when: texts by language (``zh``, ``en``); line
    breaks part paragraphs.
    Raises :class:`~voucher_rules.InputError` with every fault.
    """

    subject: str = ""
    reference: str = ""
    issuer: str = ""
    dated: date | str | None = None
    remedies: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        found: list[Diagnostic] = []
        for name in _TEXTS:
            found += _check_text(getattr(self, name), name)
        if self.dated is not None:
            _store(self, "dated", _read_day(self.dated, found))
        if self.remedies is not None:
            found += _check_remedies(self.remedies)
        if found:
            raise InputError(found)
        if self.remedies is not None:
            _store(self, "remedies", MappingProxyType(dict(self.remedies)))

    def tell_day(self) -> str:
        """Return the day of the letter as text; empty where none was given."""
        return str(self.dated) if self.dated is not None else ""

    def list_remedies(self, language: str) -> tuple[str, ...]:
        """Return the paragraphs on what can be done against the decision; none if none were given.

        Raises :class:`~voucher_rules.InputError` where they were given in another language alone:
        a letter that left them out would say too little.
        """
        if self.remedies is None:
            return ()
        if language not in self.remedies:
            arguments = {"language": language}
            path = "letter.remedies"
            raise InputError([Diagnostic("remedies-not-told", arguments, path=path)])
        return tuple(" ".join(x.split()) for x in self.remedies[language].splitlines() if x.strip())


def _store(head: LetterHead, name: str, value: object) -> None:
    object.__setattr__(head, name, value)


def _check_text(text: object, name: str) -> list[Diagnostic]:
    path = f"letter.{name}"
    if not is_text(text):
        arguments = {"found": type(text).__name__, "expected": "str"}
        return [Diagnostic("wrong-python-type", arguments, path=path)]
    hidden = find_hidden(text)
    if hidden:
        character = name_character(hidden[0])
        return [Diagnostic("hidden-character", {"character": character}, path=path)]
    return []


def _read_day(day: object, found: list[Diagnostic]) -> date | None:
    """Return a day given as a date or as its text; what is neither is added to ``found``."""
    if type(day) is date:
        return day
    if not is_text(day):
        arguments = {"found": type(day).__name__, "expected": "date"}
        found.append(Diagnostic("wrong-python-type", arguments, path="letter.dated"))
        return None
    try:
        return read_date(day)
    except TextValueError as error:
        found.append(Diagnostic(error.code, error.arguments, path="letter.dated"))
        return None


def _check_remedies(remedies: object) -> list[Diagnostic]:
    if type(remedies) not in (dict, MappingProxyType):
        arguments = {"found": type(remedies).__name__, "expected": "dict"}
        return [Diagnostic("wrong-python-type", arguments, path="letter.remedies")]
    found = []
    for language, text in remedies.items():  # type: ignore[attr-defined]
        if not is_text(language) or language not in LANGUAGES:
            arguments = {"found": name_value(language)}
            found.append(Diagnostic("remedies-language", arguments, path="letter.remedies"))
        else:
            name = f"remedies.{language}"
            found += _check_text(text, name)
            if is_text(text) and not text.strip():
                arguments = {"language": str(language)}
                found.append(Diagnostic("remedies-not-told", arguments, path=f"letter.{name}"))
    return found


def check_digest(digest: object) -> str:
    """Return the digest of a record as it was given. Raises :class:`~voucher_rules.InputError`."""
    if digest is None:
        return ""
    if not is_text(digest) or not _DIGEST.fullmatch(digest):
        arguments = {"found": name_value(digest)}
        raise InputError([Diagnostic("bad-digest", arguments, path="letter.digest")])
    return str(digest)


@dataclass(frozen=True, slots=True)
class OtherWay:
    """What a case comes to where some provisions are read otherwise than was chosen."""

    chosen: Mapping[str, str]
    """The options that differ, by the name of the reading."""
    result: DecisionResult
    differs: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a letter: a heading, what is said before its lines and after them.

    ``parts`` are parts of it under headings of their own; ``dense`` lines are short and many.
    """

    key: str
    title: str
    lead: str = ""
    lines: tuple[Line, ...] = ()
    close: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    dense: bool = False

    @property
    def says_something(self) -> bool:
        """Whether there is anything below its heading but what leads to it."""
        return bool(self.lines or self.close or self.parts)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter about one decision, in one language, in the order it is read."""

    language: str
    title: str
    issuer: str
    reference: str
    """The number of the case, with the word for it."""
    dated: str
    subject: str
    head: tuple[tuple[str, str], ...]
    """What stands above: labels, each with what it labels."""
    outcome: str
    tone: str
    amounts: tuple[str, ...]
    possible: str
    lead: str
    grave: tuple[Line, ...]
    """What must be known before anything else: that the law is a draft, say."""
    grave_title: str
    parts: tuple[Part, ...]
    foot: Part
    """What stands below who wrote and when: how the letter is checked."""
