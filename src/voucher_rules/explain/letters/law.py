"""Comes in: a decision. Goes out: the parts of a letter on its law, its cautions, its checking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voucher_rules.checked.mechanics import Call
from voucher_rules.checked.model import WITHOUT_FORCE, CheckedRuleset
from voucher_rules.decision.law import find_start
from voucher_rules.decision.result import Caution
from voucher_rules.explain.background import tell_cautions, tell_departures, tell_notices
from voucher_rules.explain.forms import Line
from voucher_rules.explain.letters.model import Part, Place
from voucher_rules.explain.letters.words import tell_letter
from voucher_rules.explain.teller import Teller
from voucher_rules.values.write import write_period

_FOR_OFFICERS: Final = frozenset(
    {"over_used", "ruleset_not_held", "pool_not_stated", "pool_not_found"}
)
"""Warnings of the program that ask those who handle the case to look into something."""
GRAVE: Final = frozenset({"assumed_in_force", "status_draft", "status_repealed", "status_unknown"})
"""Warnings without which a letter would be taken for what it is not."""


def name_measure(ruleset: CheckedRuleset, language: str) -> str:
    """Return the title of a document with its number, where it has one."""
    document = ruleset.document
    number = document.number and tell_letter(language, "measure.number", number=document.number)
    title = document.title.told(language)
    return tell_letter(language, "measure", title=title, number=number)


def list_grave(teller: Teller) -> Iterator[Line]:
    """Yield what must be known first: that the law is no law yet, or not as it was published."""
    result = teller.result
    yield from tell_cautions(teller, [x for x in result.warnings if x.code in GRAVE])
    yield from tell_departures(teller, [x for x in result.overlays if x.kind == "what_if"])


def _list_noted(teller: Teller) -> list[Caution]:
    told = [x for x in teller.result.warnings if x.code not in GRAVE | _FOR_OFFICERS]
    return [item for item in told if not item.for_officers]


def has_notes(teller: Teller) -> bool:
    """Return whether a rule of the measure itself notes something, what was not checked say."""
    return any(item.code == "rule" for item in _list_noted(teller))


def write_warning_part(teller: Teller) -> Part:
    """Return what else the applicant should know; what is for officers stays with them."""
    lines = tuple(tell_cautions(teller, _list_noted(teller)))
    return Part("warnings", tell_letter(teller.language, "part.warnings"), "", lines)


def write_law_part(teller: Teller) -> Part:
    """Return which law the letter applies, in which edition, from when until when it holds."""
    lines = [*_tell_documents(teller), *tell_notices(teller), *_tell_readings(teller)]
    return Part("law", tell_letter(teller.language, "part.law"), "", tuple(lines))


def _tell_documents(teller: Teller) -> Iterator[Line]:
    say, ruleset = teller.language, teller.result.ruleset
    document = ruleset.document
    yield Line(name_measure(ruleset, say))
    yield Line(tell_letter(say, "law.issuer", issuer=document.issuer.told(say)))
    stated = (tell_letter(say, "law.force.stated"),) if document.start_stated else ()
    yield Line(_tell_force(teller), str(document.effective_ref), notes=stated)
    yield Line(_tell_day(teller))
    slots = {"id": ruleset.id, "edition": ruleset.edition, "digest": ruleset.semantic_digest}
    verified = document.verified
    checked = (tell_letter(say, "law.verified", day=verified.isoformat()),) if verified else ()
    yield Line(tell_letter(say, "law.ruleset", **slots), notes=checked)
    for used in _list_called(teller):
        slots = {"id": used.id, "edition": used.edition, "digest": used.semantic_digest}
        note = tell_letter(say, "law.ruleset", **slots)
        measure = name_measure(used, say)
        yield Line(tell_letter(say, "law.also", measure=measure), notes=(note,))


def _tell_readings(teller: Teller) -> Iterator[Line]:
    """Tell which disputed provisions are read otherwise than the ruleset reads them."""
    for item in teller.result.overlays:
        if item.kind == "reading":
            reading = teller.result.ruleset.readings[item.target]
            slots = {
                "question": reading.question.told(teller.language),
                "chosen": reading.options[item.after].told(teller.language),
                "usual": reading.options[item.before].told(teller.language),
            }
            text = tell_letter(teller.language, "law.reading", **slots)
            yield Line(text, str(reading.citation), "open")


def _tell_force(teller: Teller) -> str:
    """Tell the first and the last day in force, as far as the document states them."""
    document, say = teller.result.ruleset.document, teller.language
    start = find_start(teller.result.ruleset, teller.result.options.readings)
    if start is None:
        void = document.status in WITHOUT_FORCE
        return tell_letter(say, "law.force.void" if void else "law.force.unset")
    if document.until is not None:
        until = document.until.isoformat()
        return tell_letter(say, "law.force", start=start.isoformat(), until=until)
    if document.lasts is not None:
        time = write_period(document.lasts, say)
        return tell_letter(say, "law.force.lasts", start=start.isoformat(), time=time)
    return tell_letter(say, "law.force.no_end", start=start.isoformat())


def _tell_day(teller: Teller) -> str:
    day = teller.result.as_of
    if day is None:
        return tell_letter(teller.language, "law.day.unknown")
    return tell_letter(teller.language, "law.day", day=day.isoformat())


def _list_called(teller: Teller) -> Iterator[CheckedRuleset]:
    """Yield the rulesets whose decisions the rules of this one ask for, each once."""
    bodies = [rule.body for rule in teller.result.program.rules]
    names = dict.fromkeys(x.uses for x in bodies if isinstance(x, Call) and x.uses)
    yield from (teller.result.ruleset.uses[name].ruleset for name in names)


def write_remedy_part(language: str, remedies: tuple[str, ...]) -> Part:
    """Return what the caller says can be done against the decision; else who will say it."""
    told = remedies or (tell_letter(language, "remedies.neutral"),)
    return Part("remedies", tell_letter(language, "part.remedies"), close=told)


def write_check_part(language: str, digest: str, place: Place | None) -> Part:
    """Return the digest of the record, where it stands, and how the letter is checked with it."""
    title = tell_letter(language, "part.check")
    if not digest:
        return Part("check", title)
    lines = [Line(tell_letter(language, "check.record", digest=digest))]
    if place is not None:
        lines += [Line(text) for text in _tell_place(language, place)]
    how = tuple(tell_letter(language, f"check.{key}") for key in ("how", "command", "again"))
    return Part("check", title, "", tuple(lines), how)


def _tell_place(language: str, place: Place) -> Iterator[str]:
    """Yield where a decision is recorded, about whom, and which decision it takes the place of."""
    yield tell_letter(language, "check.place", log=place.log, seq=str(place.seq))
    if place.subject:
        yield tell_letter(language, "check.about", subject=place.subject)
    if place.replaces is not None:
        seq, because = place.replaces
        yield tell_letter(language, "check.replaces", seq=str(seq), because=because)
