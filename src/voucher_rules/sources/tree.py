"""Comes in: nothing. Goes out: text, mappings and lists that know their places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Self, TypeAlias

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.spans import Span

MAX_DEPTH: Final = 40
MAX_NODES: Final = 50_000
MAX_BYTES: Final = 1 << 20


class Scalar(str):
    """A text in a document. ``quoted`` tells ``"none"`` from the bare word ``none``."""

    __slots__ = ("exact", "quoted", "span")

    span: Span
    quoted: bool
    exact: bool
    """Whether the characters stand one for one on the line, so that offsets are columns."""

    def __new__(cls, text: str, span: Span, *, quoted: bool = False, exact: bool = True) -> Self:
        """Return ``text`` with its place."""
        made = super().__new__(cls, text)
        made.span = span
        made.quoted = quoted
        made.exact = exact
        return made

    def span_of(self, start: int, end: int) -> Span:
        """Return the span of ``self[start:end]``, or of the whole where offsets are not columns."""
        if not self.exact:
            return self.span
        return self.span.shift(start + (1 if self.quoted else 0), max(1, end - start))


class Mapping(dict[Scalar, Any]):
    """A mapping with its place."""

    span: Span


class Sequence(list[Any]):
    """A list with its place."""

    span: Span


Node: TypeAlias = Scalar | Mapping | Sequence
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A document as read: its name, its text, and its root mapping."""

    name: str
    text: str
    root: Mapping

    def line(self, number: int) -> str:
        """Return line ``number`` (from 1) without its end, or an empty string."""
        return line_of(self.text, number)

    def span_of(self, word: Scalar, start: int, end: int) -> Span:
        """Return the span of ``word[start:end]``, also where the text was folded over lines."""
        part = word[start:end].split()
        if word.exact or not part or word.span.file != self.name:
            return word.span_of(start, end)
        seen = word[:start].count(part[0])
        return self._find_on_lines(word, part[0], seen) or word.span

    def _find_on_lines(self, word: Scalar, part: str, seen: int) -> Span | None:
        """Return the place of the occurrence of ``part`` after the first ``seen`` of them."""
        lines = _split_lines(self.text)
        for number in range(word.span.line, min(len(lines), word.span.line + len(word)) + 1):
            column = word.span.column - 1 if number == word.span.line else 0
            at = lines[number - 1].find(part, column)
            while at >= 0:
                if not seen:
                    return Span(word.span.file, number, at + 1, len(part))
                seen -= 1
                at = lines[number - 1].find(part, at + 1)
        return None


def line_of(text: str, number: int) -> str:
    """Return line ``number`` of ``text`` (from 1) without its end, or an empty string."""
    lines = _split_lines(text)
    if not 1 <= number <= len(lines):
        return ""
    return lines[number - 1].removesuffix("\r")


@lru_cache(maxsize=4)
def _split_lines(text: str) -> list[str]:
    return text.split("\n")


def find_node(root: Node, path: Path) -> Node:
    """Return the node at ``path``, or the deepest one there is on the way to it."""
    node = root
    for step in path:
        inner = _step_into(node, step)
        if inner is None:
            return node
        node = inner
    return node


def _step_into(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Mapping) and step in node:
        return _as_node(node[step])  # type: ignore[index]
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node):
        return _as_node(node[step])
    return None


def _as_node(value: object) -> Node | None:
    return value if isinstance(value, Scalar | Mapping | Sequence) else None


def find_key(root: Node, path: Path) -> Scalar | None:
    """Return the key that leads to ``path``, where the last step is a key of a mapping."""
    if not path:
        return None
    node = find_node(root, path[:-1])
    if not isinstance(node, Mapping):
        return None
    return next((key for key in node if key == path[-1]), None)


def diagnose(
    source: Source, code: str, span: Span, *, path: str = "", ref: str = "", **arguments: str
) -> Diagnostic:
    """Return a diagnostic that shows the line of ``source`` it points into."""
    line = source.line(span.line) if span.file == source.name else ""
    return Diagnostic(code, arguments, span, line, path, ref)
