"""Comes in: a decision, other ways to read it, and whom to write to. Goes out: the letter.

The HTML, Markdown and text forms are all laid out from this one letter, so they say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from voucher_rules.checked.mechanics import Documents, Exclude, Require, Window
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.trace import Status
from voucher_rules.explain.amounts import tell_amounts
from voucher_rules.explain.exceptions import tell_exceptions
from voucher_rules.explain.forms import Line
from voucher_rules.explain.letters.amounts import write_amount_part
from voucher_rules.explain.letters.contests import write_contest_part
from voucher_rules.explain.letters.law import (
    has_notes,
    list_grave,
    name_measure,
    write_check_part,
    write_law_part,
    write_remedy_part,
    write_warning_part,
)
from voucher_rules.explain.letters.model import (
    Letter,
    LetterHead,
    OtherWay,
    Part,
    Place,
    check_digest,
)
from voucher_rules.explain.letters.supplies import (
    waits_for_others,
    write_next_part,
    write_supply_part,
)
from voucher_rules.explain.letters.terms import begin_sentence
from voucher_rules.explain.letters.words import tell_letter
from voucher_rules.explain.outline import (
    TONES,
    is_unset,
    lacks_start,
    tell_outcome,
    tell_possible,
)
from voucher_rules.explain.reasons import tell_reasons
from voucher_rules.explain.results import tell_deadlines, tell_followings, tell_results
from voucher_rules.explain.sums import SumWriter
from voucher_rules.explain.teller import Teller
from voucher_rules.ledger.trails import Trail

_TITLES: Final = {
    Outcome.REFERRED: "title.referred",
    Outcome.UNDETERMINED: "title.undetermined",
    Outcome.DETERMINED: "title.determined",
}
_TESTS: Final = Require | Exclude | Window | Documents


def write_letter(  # noqa: PLR0913 - each argument is one thing a letter is made from
    result: DecisionResult,
    language: str,
    about: LetterHead,
    *,
    digest: str | None = None,
    place: Place | None = None,
    others: Sequence[OtherWay] = (),
    trails: Sequence[Trail] = (),
) -> Letter:
    """Return the letter about a decision in ``language`` (``zh`` or ``en``).

    ``place`` is where the decision is recorded. ``others`` are what the
    case comes to otherwise read, ``trails`` what balances were made of.
    Raises :class:`~voucher_rules.InputError` for a digest that is none, and for remedies that are
    not told in this language.
    """
    known, remedies = check_digest(digest), about.list_remedies(language)
    teller = Teller(result, SumWriter(result.ruleset, language), tuple(trails))
    parts = [
        *_write_decided(teller),
        *_write_background(teller, others),
        write_remedy_part(language, remedies),
    ]
    letter = Letter(
        language=language,
        title=_tell_title(teller),
        issuer=_flatten(about.issuer),
        reference=_tell_reference(language, about),
        dated=about.tell_day(),
        subject=_flatten(about.subject),
        head=tuple(_list_head(teller, about)),
        outcome=tell_outcome(teller),
        tone=TONES[result.outcome],
        amounts=tuple(tell_amounts(teller)),
        possible=tell_possible(teller),
        lead=_tell_lead(teller),
        grave=tuple(list_grave(teller)),
        grave_title=tell_letter(language, "part.grave"),
        parts=tuple(part for part in parts if part.says_something),
        foot=write_check_part(language, known, place),
    )
    return _begin_sentences(letter)


def _write_decided(teller: Teller) -> Iterator[Part]:
    """Yield what was decided and why, and what can be done now."""
    say = teller.language
    supply = write_supply_part(teller)
    yield Part("reasons", _title_reasons(teller), "", tuple(tell_reasons(teller)))
    yield write_amount_part(teller)
    yield Part("results", tell_letter(say, "part.results"), "", tuple(tell_results(teller)))
    yield supply
    yield write_next_part(teller, supply)
    if teller.result.outcome is not Outcome.NOT_IN_FORCE:
        deadlines, follow = tuple(tell_deadlines(teller)), tuple(tell_followings(teller))
        yield Part("deadlines", tell_letter(say, "part.deadlines"), "", deadlines)
        yield Part("following", tell_letter(say, "part.following"), "", follow)


def _write_background(teller: Teller, others: Sequence[OtherWay]) -> Iterator[Part]:
    """Yield what the decision rests on: facts, rules, and the law they stand in."""
    say = teller.language
    yield write_contest_part(teller, others)
    yield Part("met", tell_letter(say, "part.met"), "", tuple(_tell_met(teller)), dense=True)
    exceptions = tuple(tell_exceptions(teller))
    yield Part("exceptions", tell_letter(say, "part.exceptions"), "", exceptions)
    yield write_warning_part(teller)
    yield write_law_part(teller)


def _tell_title(teller: Teller) -> str:
    key = _TITLES.get(teller.result.outcome, "title.decided")
    if waits_for_others(teller):
        key = "title.unset"
    question = teller.result.decision.label.told(teller.language)
    return tell_letter(teller.language, key, question=question)


def _tell_lead(teller: Teller) -> str:
    key = str(teller.result.outcome)
    if lacks_start(teller):
        key = "start"
    elif is_unset(teller):
        key = "unset"
    elif waits_for_others(teller):
        key = "office"
    elif key == Outcome.GRANTED and has_notes(teller):
        key = "noted"
    return tell_letter(teller.language, f"lead.{key}")


def _title_reasons(teller: Teller) -> str:
    outcome = teller.result.outcome
    named = outcome in {Outcome.REFERRED, Outcome.UNDETERMINED}
    return tell_letter(teller.language, f"part.reasons.{outcome}" if named else "part.reasons")


def _list_head(teller: Teller, about: LetterHead) -> Iterator[tuple[str, str]]:
    """Yield what stands above the letter, as far as it is given."""
    say, day = teller.language, teller.result.as_of
    given = {"to": _flatten(about.subject), "reference": _flatten(about.reference)}
    yield from ((tell_letter(say, f"head.{key}"), text) for key, text in given.items() if text)
    yield tell_letter(say, "head.measure"), name_measure(teller.result.ruleset, say)
    unknown = tell_letter(say, "head.law.unknown")
    yield tell_letter(say, "head.law"), day.isoformat() if day else unknown


def _tell_met(teller: Teller) -> Iterator[Line]:
    """Tell the conditions that are met, with the provision of each."""
    if teller.result.outcome is Outcome.NOT_IN_FORCE:
        return
    for rule in teller.result.program.rules:
        passed = teller.result.evaluation.rules[rule.id].status is Status.PASSED
        if passed and isinstance(rule.body, _TESTS):
            yield Line(teller.writer.say_rule(rule), str(rule.citation), "good")


def _tell_reference(language: str, about: LetterHead) -> str:
    text = _flatten(about.reference)
    label = tell_letter(language, "head.reference")
    return tell_letter(language, "contest.part", label=label, value=text) if text else ""


def _flatten(text: str) -> str:
    return " ".join(text.split())


def _begin_sentences(letter: Letter) -> Letter:
    """Begin every line of a letter as sentences begin in its language."""
    say = letter.language
    return replace(
        letter,
        title=begin_sentence(letter.title, say),
        outcome=begin_sentence(letter.outcome, say),
        amounts=tuple(begin_sentence(text, say) for text in letter.amounts),
        possible=begin_sentence(letter.possible, say),
        grave=tuple(_begin_line(line, say) for line in letter.grave),
        parts=tuple(_begin_part(part, say) for part in letter.parts),
        foot=_begin_part(letter.foot, say),
    )


def _begin_part(part: Part, language: str) -> Part:
    return replace(
        part,
        title=begin_sentence(part.title, language),
        lines=tuple(_begin_line(line, language) for line in part.lines),
        parts=tuple(_begin_part(inner, language) for inner in part.parts),
    )


def _begin_line(line: Line, language: str) -> Line:
    notes = tuple(begin_sentence(note, language) for note in line.notes)
    return replace(line, text=begin_sentence(line.text, language), notes=notes)
