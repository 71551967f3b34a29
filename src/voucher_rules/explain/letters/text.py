"""Comes in: a letter. Goes out: plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voucher_rules.explain.forms import Line
from voucher_rules.explain.letters.model import Letter, Part
from voucher_rules.explain.text import BULLETS
from voucher_rules.explain.words import tell

_INDENT: Final = "  "


def lay_out_letter_text(letter: Letter) -> str:
    """Return a letter as plain text, the issuer and the day below it."""
    lines = [letter.title, ""]
    lines += [tell(letter.language, "source", label=x, value=y) for x, y in letter.head]
    lines += ["", f"{BULLETS[letter.tone]} {letter.outcome}"]
    lines += [_INDENT + text for text in (*letter.amounts, letter.possible, letter.lead) if text]
    if letter.grave:
        lines += ["", f"! {letter.grave_title}"]
        lines += [x for line in letter.grave for x in _lay_out_line(letter, line, _INDENT)]
    for part in letter.parts:
        lines += ["", *_lay_out_part(letter, part, "")]
    closing = [text for text in (letter.issuer, letter.dated) if text]
    lines += ["", *closing] if closing else []
    lines += ["", *_lay_out_part(letter, letter.foot, "")] if letter.foot.says_something else []
    return "\n".join(" ".join(x.splitlines()) for x in lines) + "\n"


def _lay_out_part(letter: Letter, part: Part, indent: str) -> Iterator[str]:
    deeper = indent + _INDENT
    yield indent + part.title
    if part.lead:
        yield deeper + part.lead
    for line in part.lines:
        yield from _lay_out_line(letter, line, deeper)
    yield from (deeper + text for text in part.close)
    for inner in part.parts:
        yield from _lay_out_part(letter, inner, deeper)


def _lay_out_line(letter: Letter, line: Line, indent: str) -> Iterator[str]:
    ref = tell(letter.language, "article", ref=line.ref) if line.ref else ""
    yield f"{indent}{BULLETS[line.tone]} {line.text}{ref}"
    yield from (f"{indent}    {note}" for note in line.notes)
