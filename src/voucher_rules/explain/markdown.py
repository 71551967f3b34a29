"""Comes in: an outline. Goes out: Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voucher_rules.explain.forms import Outline, RuleTrace, Section, TraceLine
from voucher_rules.explain.words import tell

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#&~])")


def escape_markdown(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def lay_out_markdown(outline: Outline) -> str:
    """Return the explanation as Markdown, the full trace at its end."""
    lines = [
        f"# {escape_markdown(outline.title)}: {escape_markdown(outline.question)}",
        "",
        f"**{escape_markdown(outline.outcome)}**",
    ]
    for text in (*outline.amounts, outline.possible):
        lines += ["", escape_markdown(text)] if text else []
    for section in outline.sections:
        lines += ["", *_lay_out_section(outline, section)]
    lines += ["", f"## {outline.trace_title}", ""]
    for rule in outline.trace:
        lines += _lay_out_rule(outline, rule)
    lines += ["", escape_markdown(outline.as_of), ""]
    lines += [escape_markdown(" · ".join(outline.document))]
    return "\n".join(lines) + "\n"


def _lay_out_section(outline: Outline, section: Section) -> Iterator[str]:
    yield f"## {escape_markdown(section.title)}"
    yield ""
    for line in section.lines:
        ref = tell(outline.language, "article", ref=line.ref) if line.ref else ""
        yield f"- {escape_markdown(line.text + ref)}"
        yield from (f"  - {escape_markdown(note)}" for note in line.notes)


def _lay_out_rule(outline: Outline, rule: RuleTrace) -> Iterator[str]:
    ref = tell(outline.language, "article", ref=rule.ref)
    yield f"- **{escape_markdown(rule.status)}** {escape_markdown(rule.says + ref)} `{rule.id}`"
    for step in rule.steps:
        yield from _lay_out_step(step, "  ")


def _lay_out_step(step: TraceLine, indent: str) -> Iterator[str]:
    yield f"{indent}- {escape_markdown(step.text)} → {escape_markdown(step.value)}"
    for part in step.parts:
        yield from _lay_out_step(part, indent + "  ")
