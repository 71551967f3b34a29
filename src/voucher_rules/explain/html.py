"""Comes in: an outline. Goes out: HTML that needs nothing else: a page, a fragment, or a report.

Without any style the order alone still tells the story: outcome, amount, reasons, next steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from voucher_rules.explain.forms import Line, Outline, RuleTrace, Section, TraceLine
from voucher_rules.explain.markup import TAGS, escape_text, fold, lay_out_page, write
from voucher_rules.explain.style import PAGE_STYLE, STYLE
from voucher_rules.explain.words import tell

_SIGNS: Final = {"good": "✓", "bad": "✗", "open": "?", "plain": "•"}
_BINDING_SIGN: Final = "→"
_COLONS: Final = {"zh": "：", "en": ": "}
# A longer amount is a sentence (a range, with what is sure of it) and set smaller.
_LONG: Final = 20
PAGE: Final = f"{STYLE}{PAGE_STYLE}"
"""The style of a page of our own."""


def lay_out_html(outline: Outline) -> str:
    """Return the explanation as one self-contained HTML page."""
    title = f"{outline.question} · {outline.outcome} · {outline.title}"
    body = [f"<main>{_lay_out_decision(outline)}</main>"]
    return lay_out_page(title, outline.language, PAGE, body)


def lay_out_fragment(outline: Outline) -> str:
    """Return the explanation as one element to stand within another page, such as a notebook."""
    opening = f'<div class="voucher-rules" lang="{TAGS[outline.language]}">'
    return f"{opening}\n<style>\n{STYLE}</style>\n{_lay_out_decision(outline, level=3)}\n</div>\n"


def lay_out_report(outlines: Sequence[tuple[str, Outline]], title: str, language: str) -> str:
    """Return one page with several decisions, each under its name, and all of them told on top."""
    body = [
        "<main>",
        f'<h1 class="vr-name">{write(title, language)}</h1>',
        *_lay_out_contents(outlines, language),
    ]
    for number, (name, outline) in enumerate(outlines, start=1):
        body += [f'<section class="vr-case" id="case-{number}">']
        body += [f'<h2 class="vr-name">{write(name, language)}</h2>']
        body += [_lay_out_decision(outline, level=3), "</section>"]
    return lay_out_page(title, language, PAGE, [*body, "</main>"])


def _lay_out_contents(outlines: Sequence[tuple[str, Outline]], language: str) -> Iterator[str]:
    if not outlines:
        return
    heads = [tell(language, f"report.{key}") for key in ("case", "outcome", "amount")]
    cells = "".join(f'<th scope="col">{escape_text(head)}</th>' for head in heads)
    yield f'<nav aria-label="{escape_text(tell(language, "report.contents"))}">'
    yield '<table class="vr-contents">'
    yield f"<thead><tr>{cells}</tr></thead>"
    yield "<tbody>"
    for number, (name, outline) in enumerate(outlines, start=1):
        yield _lay_out_entry(number, name, outline, language)
    yield "</tbody>"
    yield "</table>"
    yield "</nav>"


def _lay_out_entry(number: int, name: str, outline: Outline, language: str) -> str:
    figures = "".join(f"<p>{write(text, outline.language)}</p>" for text in _list_figures(outline))
    word = f'<span class="vr-word">{write(outline.outcome, outline.language)}</span>'
    outcome = f'<p class="vr-mark">{show_sign(outline.tone)} {word}</p>'
    tag = TAGS[outline.language]
    return (
        f'<tr><th scope="row"><a href="#case-{number}">{write(name, language)}</a></th>'
        f'<td class="vr-{outline.tone}" lang="{tag}">{outcome}</td>'
        f'<td lang="{tag}">{figures or "—"}</td></tr>'
    )


def _list_figures(outline: Outline) -> list[str]:
    """Return the amounts or, where the decision has none, the values it works out."""
    results = (section for section in outline.sections if section.key == "results")
    return [*outline.amounts] or [line.text for section in results for line in section.lines]


def _lay_out_decision(outline: Outline, *, level: int = 1) -> str:
    parts = [
        f'<article class="vr-decision" lang="{TAGS[outline.language]}">',
        *_lay_out_head(outline, level),
        *(_lay_out_section(outline, section, level + 1) for section in outline.sections),
        _lay_out_trace(outline, level + 1),
        '<footer class="vr-foot">',
        *(f"<p>{write(line, outline.language)}</p>" for line in outline.document),
        "</footer>",
        "</article>",
    ]
    return "\n".join(part for part in parts if part)


def _lay_out_head(outline: Outline, level: int) -> Iterator[str]:
    yield "<header>"
    yield f'<p class="vr-soft">{write(outline.title, outline.language)}</p>'
    yield f'<h{level} class="vr-title">{write(outline.question, outline.language)}</h{level}>'
    yield f'<div class="vr-verdict vr-{outline.tone}">'
    word = f'<span class="vr-word">{write(outline.outcome, outline.language)}</span>'
    yield f'<p class="vr-outcome">{show_sign(outline.tone)} {word}</p>'
    yield from (_lay_out_amount(amount, outline.language) for amount in outline.amounts)
    if outline.possible:
        yield f'<p class="vr-aside">{write(outline.possible, outline.language)}</p>'
    yield "</div>"
    yield f'<p class="vr-soft">{write(outline.as_of, outline.language)}</p>'
    yield "</header>"


def _lay_out_amount(amount: str, language: str) -> str:
    label, figure = split_figure(amount, language)
    if not label:
        return f'<p class="vr-aside">{write(amount, language)}</p>'
    size = "vr-figure vr-long" if len(figure) > _LONG else "vr-figure"
    return (
        f'<p class="vr-amount"><span class="vr-label">{write(label, language)}</span>'
        f'<strong class="{size}">{write(figure, language)}</strong></p>'
    )


def split_figure(text: str, language: str) -> tuple[str, str]:
    """Split `label: figure` behind its last colon; the label is empty where there is none.

    Only the looks hang on it: both halves are always shown, one behind the other.
    """
    colon = _COLONS[language]
    label, found, figure = text.rpartition(colon)
    return f"{label}{found}", figure


def _lay_out_section(outline: Outline, section: Section, level: int) -> str:
    title = write(section.title, outline.language)
    heading = f'<h{level} class="vr-heading">{title}</h{level}>'
    shown, rest = _part_lines(section)
    body = _lay_out_lines(section, shown, outline.language)
    if rest:
        more = f'<span class="vr-text">{escape_text(tell(outline.language, "limits.rest"))}</span>'
        body += f"\n{fold(more, _lay_out_lines(section, rest, outline.language), 'vr-rest')}"
    if section.folded:
        return fold(heading, body, f"vr-fold vr-{section.key}")
    # Where the decision has no amount of its own, the values it works out take that place.
    main = " vr-main" if section.key == "results" and not outline.amounts else ""
    opening = f'<section class="vr-section vr-{section.key}{main}">'
    return f"{opening}\n{heading}\n{body}\n</section>"


def _part_lines(section: Section) -> tuple[Sequence[Line], Sequence[Line]]:
    """Part the limits that fix an amount, or may yet, from those that only stand beside them.

    What bounds it no tighter is a plain line with its article; rounding has none. Where no limit
    binds, and in every other section, all lines are shown.
    """
    if section.key != "binding" or not any(line.tone == "good" for line in section.lines):
        return section.lines, ()
    shown = [line for line in section.lines if line.tone != "plain" or not line.ref]
    return shown, [line for line in section.lines if line not in shown]


def _lay_out_lines(section: Section, lines: Iterable[Line], language: str) -> str:
    items = "\n".join(_lay_out_line(section, line, language) for line in lines)
    return f'<ul class="vr-lines" role="list">\n{items}\n</ul>'


def _lay_out_line(section: Section, line: Line, language: str) -> str:
    sign = show_sign(line.tone, binds=section.key == "binding" and line.tone == "good")
    text = write(line.text, language) + cite_ref(line.ref, language)
    if section.key in {"binding", "results"}:
        text = _set_off_figure(line, language)
    notes = "".join(_lay_out_note(section, note, language) for note in line.notes)
    return (
        f'<li class="vr-line vr-{line.tone}">{sign} <div>'
        f'<p class="vr-text">{text}</p>{notes}</div></li>'
    )


def _lay_out_note(section: Section, note: str, language: str) -> str:
    if section.key == "missing":  # noted by the name it has in a case file
        return f"<p><code>{write(note, language)}</code></p>"
    return f'<p class="vr-note">{write(note, language)}</p>'


def _set_off_figure(line: Line, language: str) -> str:
    """Keep what stands behind the first colon together, on a line of its own where it is long."""
    says, colon, figure = line.text.partition(_COLONS[language])
    if not colon:
        return write(line.text, language) + cite_ref(line.ref, language)
    figure = f"{write(figure, language)}{cite_ref(line.ref, language)}"
    return f'{write(says + colon, language)}<span class="vr-sum">{figure}</span>'


def cite_ref(ref: str, language: str) -> str:
    """Return a reference as it stands behind what it is of."""
    if not ref:
        return ""
    text = tell(language, "article", ref=ref)
    # The blank stays outside: an inline block would swallow it.
    blank = " " if text.startswith(" ") else ""
    return f'{blank}<span class="vr-ref">{write(text.strip(), language)}</span>'


def _lay_out_trace(outline: Outline, level: int) -> str:
    if not outline.trace:
        return ""
    title = write(outline.trace_title, outline.language)
    rules = "\n".join(_lay_out_rule(rule, outline.language) for rule in outline.trace)
    return fold(f'<h{level} class="vr-heading">{title}</h{level}>', rules, "vr-fold")


def _lay_out_rule(rule: RuleTrace, language: str) -> str:
    name = f"<code>{write(rule.id, language)}</code>"
    says = "" if rule.says == rule.id else f"{write(rule.says, language)} "
    told = (
        f'<span class="vr-status">{show_sign(rule.tone)} {write(rule.status, language)}</span> '
        f'<span class="vr-told">{says}{name}{cite_ref(rule.ref, language)}</span>'
    )
    if not rule.steps:
        return f'<div class="vr-rule vr-bare vr-{rule.tone}">{told}</div>'
    steps = _lay_out_steps(rule.steps, language)
    opening = f'<details class="vr-rule vr-{rule.tone}">'
    return f"{opening}\n<summary>{told}</summary>\n{steps}\n</details>"


def _lay_out_steps(steps: Iterable[TraceLine], language: str) -> str:
    items = "".join(_lay_out_step(step, language) for step in steps)
    return f'<ul class="vr-steps" role="list">{items}</ul>'


def _lay_out_step(step: TraceLine, language: str) -> str:
    parts = _lay_out_steps(step.parts, language) if step.parts else ""
    return (
        f'<li><span class="vr-step">{write(step.text, language)} →</span> '
        f'<span class="vr-value">{write(step.value, language)}</span>{parts}</li>'
    )


def show_sign(tone: str, *, binds: bool = False) -> str:
    """Return the sign of a tone, which only repeats what the words beside it say."""
    sign = _BINDING_SIGN if binds else _SIGNS[tone]
    return f'<span class="vr-sign" aria-hidden="true">{sign}</span>'
