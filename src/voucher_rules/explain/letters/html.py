"""Comes in: a letter. Goes out: one HTML page that needs nothing else and prints on A4.

Without any style the order alone still tells the letter: to whom, the outcome, why, what to do.
"""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.explain.forms import Line
from voucher_rules.explain.html import cite_ref, show_sign, split_figure
from voucher_rules.explain.letters.model import Letter, Part
from voucher_rules.explain.letters.style import LETTER_STYLE
from voucher_rules.explain.markup import lay_out_page, write


def lay_out_letter_html(letter: Letter) -> str:
    """Return a letter as one self-contained HTML page."""
    style = LETTER_STYLE + _head_pages(letter)
    title = " · ".join(text for text in (letter.title, letter.outcome, letter.subject) if text)
    body = [
        '<main class="letter">',
        *_lay_out_head(letter),
        *_lay_out_verdict(letter),
        *_lay_out_grave(letter),
        *(x for part in letter.parts for x in _lay_out_part(letter, part, 2)),
        *_lay_out_closing(letter),
        *(_lay_out_part(letter, letter.foot, 2) if letter.foot.says_something else ()),
        "</main>",
    ]
    return lay_out_page(title, letter.language, style, body)


def _head_pages(letter: Letter) -> str:
    """Return what puts the issuer and the number of the case above every page after the first."""
    told = {"top-left": letter.issuer, "top-right": letter.reference}
    boxes = {place: _quote(text) for place, text in told.items() if text}
    if not boxes:
        return ""
    shown = "".join(f"  @{place} {{ content: {text}; }}\n" for place, text in boxes.items())
    none = "".join(f"  @{place} {{ content: none; }}\n" for place in boxes)
    return f"@page {{\n{shown}}}\n@page :first {{\n{none}}}\n"


def _quote(text: str) -> str:
    """Return a text as a string of CSS, in which nothing but letters and digits stands as it is."""
    told = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)
    return f'"{told}"'


def _lay_out_head(letter: Letter) -> Iterator[str]:
    yield "<header>"
    if letter.issuer:
        yield f'<p class="issuer">{_write(letter, letter.issuer)}</p>'
    yield f"<h1>{_write(letter, letter.title)}</h1>"
    yield "<dl>"
    for label, text in letter.head:
        yield f"<dt>{_write(letter, label)}</dt><dd>{_write(letter, text)}</dd>"
    yield "</dl>"
    yield "</header>"


def _lay_out_verdict(letter: Letter) -> Iterator[str]:
    yield f'<div class="verdict {letter.tone}">'
    word = f'<span class="word">{_write(letter, letter.outcome)}</span>'
    yield f'<p class="outcome">{show_sign(letter.tone)} {word}</p>'
    yield from (_lay_out_amount(letter, amount) for amount in letter.amounts)
    if letter.possible:
        yield f"<p>{_write(letter, letter.possible)}</p>"
    yield f"<p>{_write(letter, letter.lead)}</p>"
    yield "</div>"


def _lay_out_amount(letter: Letter, amount: str) -> str:
    label, figure = split_figure(amount, letter.language)
    if not label:
        return f"<p>{_write(letter, amount)}</p>"
    told = f'<span class="label">{_write(letter, label)}</span>'
    return f'<p class="amount">{told}<strong>{_write(letter, figure)}</strong></p>'


def _lay_out_grave(letter: Letter) -> Iterator[str]:
    if not letter.grave:
        return
    yield '<section class="grave">'
    yield f"<h2>{_write(letter, letter.grave_title)}</h2>"
    yield from _lay_out_lines(letter, letter.grave, dense=False)
    yield "</section>"


def _lay_out_part(letter: Letter, part: Part, level: int) -> Iterator[str]:
    yield f'<section class="part {part.key}">'
    yield f"<h{level}>{_write(letter, part.title)}</h{level}>"
    if part.lead:
        yield f'<p class="lead">{_write(letter, part.lead)}</p>'
    if part.lines:
        yield from _lay_out_lines(letter, part.lines, dense=part.dense)
    yield from (f'<p class="close">{_write(letter, text)}</p>' for text in part.close)
    for inner in part.parts:
        yield from _lay_out_part(letter, inner, level + 1)
    yield "</section>"


def _lay_out_lines(letter: Letter, lines: tuple[Line, ...], *, dense: bool) -> Iterator[str]:
    yield f'<ul class="{"lines dense" if dense else "lines"}" role="list">'
    yield from (_lay_out_line(letter, line) for line in lines)
    yield "</ul>"


def _lay_out_line(letter: Letter, line: Line) -> str:
    text = _write(letter, line.text) + cite_ref(line.ref, letter.language)
    notes = "".join(f'<p class="note">{_write(letter, note)}</p>' for note in line.notes)
    told = f"<div><p>{text}</p>{notes}</div>"
    return f'<li class="{line.tone}">{show_sign(line.tone)} {told}</li>'


def _lay_out_closing(letter: Letter) -> Iterator[str]:
    """Lay out who writes and when, where a letter is signed."""
    told = [text for text in (letter.issuer, letter.dated) if text]
    if told:
        yield '<div class="closing">'
        yield from (f"<p>{_write(letter, text)}</p>" for text in told)
        yield "</div>"


def _write(letter: Letter, text: str) -> str:
    return write(text, letter.language)
