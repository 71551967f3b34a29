"""Comes in: the result of a decision, and whom to write to. Goes out: the letter, laid out."""

from __future__ import annotations

from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import DecisionResult
from voucher_rules.explain.letters.html import lay_out_letter_html
from voucher_rules.explain.letters.markdown import lay_out_letter_markdown
from voucher_rules.explain.letters.model import LetterHead, OtherWay
from voucher_rules.explain.letters.text import lay_out_letter_text
from voucher_rules.explain.letters.write import write_letter
from voucher_rules.ledger.trails import Trail
from voucher_rules.whatif.readings import ReadingEffect, study_readings, tell_apart

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
    """Decide the same case under every other way to read what is in dispute.

    Two read otherwise together differ only where they come to more than either of them by itself;
    what the limits would allow is the same to an applicant where the measure is not in force.
    """
    kept = tuple(item for item in result.overlays if item.kind == "what_if")
    study = study_readings(result.program, result.case, result.options, kept)
    alone = {item: tell_apart(x.result) for x in study.effects for item in _name_alone(x)}
    ways = []
    for effect in study.effects:
        told = tell_apart(effect.result)
        off = {result.outcome, effect.result.outcome} == {Outcome.NOT_IN_FORCE}
        both = len(effect.chosen) > 1
        new = not both or all(alone[item] != told for item in effect.chosen.items())
        ways.append(OtherWay(effect.chosen, effect.result, effect.differs and new and not off))
    return tuple(ways)


def _name_alone(effect: ReadingEffect) -> tuple[tuple[str, str], ...]:
    """Return the reading and the option of an effect that has only one of them."""
    return tuple(effect.chosen.items()) if len(effect.chosen) == 1 else ()
