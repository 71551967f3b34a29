"""Comes in: a letter. Goes out: Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voucher_rules.explain.forms import Line
from voucher_rules.explain.letters.model import Letter, Part
from voucher_rules.explain.markdown import escape_markdown
from voucher_rules.explain.words import tell

# What makes a list, a rule or an underlined heading where it begins a line.
_OPENS_BLOCK: Final = re.compile(r"^([0-9]{1,9})([.)])|^([-+=])")


def lay_out_letter_markdown(letter: Letter) -> str:
    """Return a letter as Markdown, the issuer and the day below it."""
    lines = [f"# {_escape(letter.title)}", ""]
    for label, text in letter.head:
        told = tell(letter.language, "source", label=label, value=text)
        lines.append(f"- {_escape(told)}")
    lines += ["", f"**{_escape(letter.outcome)}**"]
    for text in (*letter.amounts, letter.possible, letter.lead):
        lines += ["", _escape(text)] if text else []
    if letter.grave:
        lines += ["", f"> **{_escape(letter.grave_title)}**", ">"]
        lines += [f"> {x}" for line in letter.grave for x in _lay_out_line(letter, line)]
    for part in letter.parts:
        lines += ["", *_lay_out_part(letter, part, 2)]
    for text in (letter.issuer, letter.dated):
        lines += ["", _escape(text)] if text else []
    lines += ["", *_lay_out_part(letter, letter.foot, 2)] if letter.foot.says_something else []
    return "\n".join(lines) + "\n"


def _escape(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is, also where it begins a line."""
    return _OPENS_BLOCK.sub(lambda x: f"{x[1] or ''}\\{x[2] or x[3]}", escape_markdown(text))


def _lay_out_part(letter: Letter, part: Part, level: int) -> Iterator[str]:
    yield f"{'#' * level} {_escape(part.title)}"
    if part.lead:
        yield from ("", _escape(part.lead))
    if part.lines:
        yield ""
    for line in part.lines:
        yield from _lay_out_line(letter, line)
    for text in part.close:
        yield from ("", _escape(text))
    for inner in part.parts:
        yield ""
        yield from _lay_out_part(letter, inner, level + 1)


def _lay_out_line(letter: Letter, line: Line) -> Iterator[str]:
    ref = tell(letter.language, "article", ref=line.ref) if line.ref else ""
    yield f"- {_escape(line.text + ref)}"
    yield from (f"  - {_escape(note)}" for note in line.notes)
