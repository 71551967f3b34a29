"""Comes in: nothing. Goes out: the ways a what-if may change a ruleset, each with its place.

Whatever asks for a change, a file or a program, asks for it in these; targets are written as people
ask for them: ``cap[small]``, ``reading.day``, ``rule.cap``, ``rule.cap.when``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from voucher_rules.ruleset.notice import Days
from voucher_rules.sources.tree import Mapping, Node, Scalar
from voucher_rules.spans import Span

ALWAYS: Final = Days(None, None)
READING: Final = "reading."
RULE: Final = "rule."


@dataclass(frozen=True, slots=True)
class SetValue:
    """A parameter, a cell of a table or a bracket of a scale gets another value, on some days.

    ``value`` is a text, or the brackets of a whole scale.
    """

    word: Scalar
    value: Node
    days: Days = ALWAYS

    @property
    def target(self) -> str:
        """What is changed."""
        return str(self.word)


@dataclass(frozen=True, slots=True)
class SetDefault:
    """A reading is read otherwise where nobody chooses."""

    word: Scalar
    option: Scalar
    days: Days = ALWAYS

    @property
    def target(self) -> str:
        """What is changed."""
        return f"{READING}{self.word}"


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """A rule is left out."""

    word: Scalar
    days: Days = ALWAYS

    @property
    def target(self) -> str:
        """What is changed."""
        return f"{RULE}{self.word}"


@dataclass(frozen=True, slots=True)
class SetPart:
    """A key of a rule says something else: its formula, its condition; ``unset`` takes it away."""

    word: Scalar
    key: Scalar
    node: Node
    days: Days = ALWAYS

    @property
    def target(self) -> str:
        """What is changed."""
        return f"{RULE}{self.word}.{self.key}"


@dataclass(frozen=True, slots=True)
class Add:
    """Something the document does not have: a rule, a parameter or a reading.

    ``section`` is ``rules``, ``parameters`` or ``readings``; ``within`` the provision it is put in,
    None for none.
    """

    section: str
    word: Scalar
    node: Mapping
    within: Scalar | None = None
    days: Days = ALWAYS

    @property
    def target(self) -> str:
        """What is added."""
        return f"{_PREFIXES[self.section]}{self.word}"


_PREFIXES: Final = {"rules": RULE, "parameters": "", "readings": READING}

Alteration: TypeAlias = SetValue | SetDefault | SwitchOff | SetPart | Add


def set_plainly(target: str, text: str) -> SetValue:
    """Return the setting of a parameter to a text that stands in no file."""
    span = Span(f"{target}={text}", 0, 0)
    return SetValue(Scalar(target, span, exact=False), Scalar(text, span, exact=False))
