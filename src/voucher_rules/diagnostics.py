"""Comes in: a code, a place and arguments. Goes out: one message with a caret, in zh or en."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template
from typing import Final

from voucher_rules.spans import Span

LANGUAGES = ("zh", "en")
WIDE_FROM = 0x2E80
"""The first code point of the blocks of characters that fill two columns."""


def fill_template(template: str, arguments: Mapping[str, str]) -> str:
    """Fill ``$name`` slots from plain strings; no attribute or index is ever looked up."""
    return Template(template).substitute(arguments)


def fill_texts(code: str, arguments: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return what a code says in ``language``, and what to do about it.

    Raises KeyError for a code there is not, or where an argument lacks.
    """
    from voucher_rules.diagnostic_texts import DIAGNOSTIC_TEXTS
    from voucher_rules.diagnostic_texts.phrases import tell_argument

    text = DIAGNOSTIC_TEXTS[code]
    told = {name: tell_argument(code, name, x, language) for name, x in arguments.items()}
    return fill_template(text.message[language], told), fill_template(text.help[language], told)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake in a document: what, where, which article, and what to do about it.

    ``source`` is the text of the line ``span`` points into, without its line end; it is empty where
    the place is not a line of a text (a key of a Python dict, say), and then ``path`` says where.
    """

    code: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    span: Span | None = None
    source: str = ""
    path: str = ""
    ref: str = ""

    def message(self, language: str = "en") -> str:
        """Return the one-clause message in ``language`` (``zh`` or ``en``)."""
        return fill_texts(self.code, self.arguments, language)[0]

    def help(self, language: str = "en") -> str:
        """Return what to do about it, with the nearest known name where there is one."""
        text = fill_texts(self.code, self.arguments, language)[1]
        near = self.arguments.get("near")
        if not near:
            return text
        meant = f"是否想写「{near}」？" if language == "zh" else f"did you mean `{near}`?"
        return f"{meant} {text}".strip()

    def render(self, language: str = "en") -> str:
        """Return ``place: code: message``, the line with a caret, the article and the help."""
        place = str(self.span) if self.span else self.path
        head = ": ".join(part for part in (place, self.code, self.message(language)) if part)
        return "\n".join([head, *self._render_line(), *self._render_notes(language)])

    def _render_line(self) -> list[str]:
        if not self.span or not self.source:
            return []
        before = self.source[: self.span.column - 1]
        pad = "".join(
            "\u3000" if ord(c) >= WIDE_FROM else "\t" if c == "\t" else " " for c in before
        )
        width = max(1, min(self.span.length, len(self.source) - len(before)))
        number = str(self.span.line)
        gutter = " " * len(number)
        return [f"  {number} | {self.source}", f"  {gutter} | {pad}{'^' * width}"]

    def _render_notes(self, language: str) -> list[str]:
        notes = []
        if self.ref:
            notes.append(f"  = {'条款' if language == 'zh' else 'provision'}: {self.ref}")
        if self.help(language):
            notes.append(f"  = {'办法' if language == 'zh' else 'help'}: {self.help(language)}")
        return notes


def sort_diagnostics(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by place, then by code, so that a report reads down the file.

    Numbers in a place count as such: the second row or record stands before the tenth.
    """

    def key(item: Diagnostic) -> tuple[str, int, int, list[str | int], str]:
        span = item.span or Span("", 0, 0)
        return (span.file, span.line, span.column, _split_numbers(item.path), item.code)

    return tuple(sorted(diagnostics, key=key))


def _split_numbers(path: str) -> list[str | int]:
    """Return texts and numbers in turn, a text first."""
    return [int(x) if at % 2 else x for at, x in enumerate(_NUMBER.split(path))]


_NUMBER: Final = re.compile("([0-9]{1,18})")
