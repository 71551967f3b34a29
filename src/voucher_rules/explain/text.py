"""Comes in: an outline. Goes out: plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voucher_rules.explain.forms import Line, Outline, RuleTrace, Section, TraceLine
from voucher_rules.explain.words import tell

BULLETS: Final = {"good": "✓", "bad": "✗", "open": "?", "plain": "·"}


def lay_out_text(outline: Outline, *, trace: bool = False) -> str:
    """Return the explanation as text; ``trace`` adds every rule with every step."""
    lines = [
        f"{outline.title} — {outline.question}",
        f"{BULLETS[outline.tone]} {outline.outcome}",
        *(f"  {amount}" for amount in outline.amounts),
        *([f"  {outline.possible}"] if outline.possible else []),
    ]
    for section in outline.sections:
        if not section.folded or trace:
            lines += ["", *_lay_out_section(outline, section)]
    lines += ["", outline.as_of, " · ".join(outline.document)]
    if trace:
        lines += ["", outline.trace_title]
        for rule in outline.trace:
            lines += _lay_out_rule(outline, rule)
    return "\n".join(lines) + "\n"


def _lay_out_section(outline: Outline, section: Section) -> Iterator[str]:
    yield section.title
    for line in section.lines:
        yield f"  {BULLETS[line.tone]} {line.text}{_cite(outline, line)}"
        yield from (f"      {note}" for note in line.notes)


def _cite(outline: Outline, line: Line) -> str:
    return tell(outline.language, "article", ref=line.ref) if line.ref else ""


def _lay_out_rule(outline: Outline, rule: RuleTrace) -> Iterator[str]:
    ref = tell(outline.language, "article", ref=rule.ref)
    yield f"  {BULLETS[rule.tone]} {rule.status} · {rule.says}{ref} [{rule.id}]"
    for step in rule.steps:
        yield from _lay_out_step(step, "      ")


def _lay_out_step(step: TraceLine, indent: str) -> Iterator[str]:
    yield f"{indent}{step.text} → {step.value}"
    for part in step.parts:
        yield from _lay_out_step(part, indent + "  ")
