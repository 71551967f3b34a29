"""Comes in: the result of a decision, and whom to write to. Goes out: the letter, laid out."""

from __future__ import annotations

from voucher_rules.decision.result import DecisionResult
from voucher_rules.explain.letters.html import lay_out_letter_html
from voucher_rules.explain.letters.markdown import lay_out_letter_markdown
from voucher_rules.explain.letters.model import LetterHead, OtherWay
from voucher_rules.explain.letters.text import lay_out_letter_text
from voucher_rules.explain.letters.write import write_letter
from voucher_rules.ledger.trails import Trail
from voucher_rules.whatif.readings import study_readings

LETTER_FORMATS = {
    "html": lay_out_letter_html,
    "markdown": lay_out_letter_markdown,
    "text": lay_out_letter_text,
}
"""How a letter is laid out, by the name of the form."""


def lay_out_letter(  # noqa: PLR0913 - each argument is one thing a letter is made from
    result: DecisionResult,
    language: str,
    format: str,  # noqa: A002
    about: LetterHead,
    *,
    digest: str | None,
    trails: tuple[Trail, ...],
) -> str:
    """Return the letter about a decision. Raises ValueError for a form there is not."""
    if format not in LETTER_FORMATS:
        message = f"format is {', '.join(LETTER_FORMATS)}, not {format!r}"
        raise ValueError(message)
    others = list_other_ways(result)
    letter = write_letter(result, language, about, digest=digest, others=others, trails=trails)
    return LETTER_FORMATS[format](letter)


def list_other_ways(result: DecisionResult) -> tuple[OtherWay, ...]:
    """Decide the same case under every other way to read what is in dispute."""
    kept = tuple(item for item in result.overlays if item.kind == "what_if")
    study = study_readings(result.program, result.case, result.options, kept)
    return tuple(OtherWay(x.chosen, x.result, x.differs) for x in study.effects)
