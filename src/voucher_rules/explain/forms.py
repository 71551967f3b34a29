"""Comes in: nothing. Goes out: the shape of what is said of a decision, in one language.

The text, Markdown and HTML forms are all laid out from one outline, so they say the same.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, with the article behind it; ``tone`` is good, bad, open or plain."""

    text: str
    ref: str = ""
    tone: str = "plain"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines; ``folded`` sections are detail a reader opens on demand."""

    key: str
    title: str
    lines: tuple[Line, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One step of the full trace: what was read or worked out, its value, and what it rests on."""

    text: str
    value: str
    parts: tuple[TraceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule of the full trace."""

    id: str
    ref: str
    says: str
    status: str
    tone: str
    steps: tuple[TraceLine, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything there is to say of a decision, outcome and amount first."""

    language: str
    title: str
    question: str
    outcome: str
    tone: str
    amounts: tuple[str, ...]
    possible: str
    as_of: str
    sections: tuple[Section, ...]
    trace: tuple[RuleTrace, ...]
    trace_title: str
    document: tuple[str, ...]
