"""Comes in: a decision. Goes out: the parts of a letter on what is missing, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from voucher_rules.checked.mechanics import Documents
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import Missing, Reason
from voucher_rules.explain.forms import Line
from voucher_rules.explain.letters.model import Part
from voucher_rules.explain.letters.terms import (
    find_input,
    join_refs,
    list_asking,
    tell_evidence,
    tell_form,
)
from voucher_rules.explain.letters.words import tell_letter
from voucher_rules.explain.teller import Teller, cite
from voucher_rules.language.terms import OF_OTHERS, Role

_HARD: Final = frozenset({"failed", "exhausted", "too_much_requested", "not_in_force"})


def write_supply_part(teller: Teller) -> Part:
    """Return what may be supplied: facts, papers, findings, and what others have yet to set."""
    say = teller.language
    found = {key: tuple(tell(teller)) for key, tell in _PARTS.items()}
    parts = tuple(
        Part(f"supply-{key}", tell_letter(say, f"part.supply.{key}"), "", lines)
        for key, lines in found.items()
        if lines
    )
    lead = tell_letter(say, "supply.lead") if len(found["facts"]) > 1 else ""
    if _is_denied_anyway(teller):
        lead = tell_letter(say, "supply.anyway")
    key = "part.supply.waiting" if {x.key for x in parts} == {"supply-others"} else "part.supply"
    return Part("supply", tell_letter(say, key), lead, parts=parts)


def _is_denied_anyway(teller: Teller) -> bool:
    """Return whether nothing that may be supplied takes away every reason for a denial."""
    hard = [reason for reason in teller.result.reasons if reason.kind in _HARD]
    return any(not reason.papers for reason in hard)


def _tell_facts(teller: Teller) -> Iterator[Line]:
    """Tell each fact that decides, then those somebody was asked for in vain."""
    for item in teller.result.missing:
        if item.role is not Role.FINDING and not _comes_from_others(teller, item):
            yield _tell_fact(teller, item)
    for name in _list_unanswered(teller):
        asked = tell_letter(teller.language, "supply.asked")
        refs = join_refs(teller, list_asking(teller, name))
        notes = (asked, *tell_form(teller, name), *tell_evidence(teller, name))
        yield Line(teller.writer.label_input(name), refs, "open", notes)


def _tell_fact(teller: Teller, item: Missing) -> Line:
    notes = (*tell_form(teller, item.name), *tell_evidence(teller, item.name))
    refs = join_refs(teller, list_asking(teller, item.name))
    return Line(item.label.told(teller.language), refs or cite(item.citation), "open", notes)


def _list_unanswered(teller: Teller) -> tuple[str, ...]:
    missing = {item.name for item in teller.result.missing}
    names = [name for reason in teller.result.reasons for name in reason.unanswered]
    return tuple(dict.fromkeys(name for name in names if name not in missing))


def _tell_papers(teller: Teller) -> Iterator[Line]:
    """Tell each paper that a checklist lacks."""
    for reason in teller.result.reasons:
        if reason.papers and isinstance(reason.rules[0].body, Documents):
            kind = reason.rules[0].formulas[0].type
            for paper in reason.papers:
                label = teller.writer.name_option(paper, kind)
                yield Line(label, cite(reason.citation), "open")


def _tell_findings(teller: Teller) -> Iterator[Line]:
    """Tell each finding that is awaited: whose it is, under which provisions, on what evidence."""
    for name, refs in _gather_findings(teller).items():
        label, by = teller.name_finding(name)
        made = tell_letter(teller.language, "supply.by", by=by)
        yield Line(label, join_refs(teller, refs), "open", (made, *tell_evidence(teller, name)))


def _gather_findings(teller: Teller) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for reason in teller.result.reasons:
        for name in reason.findings:
            found.setdefault(name, []).extend(_cite_reason(reason))
    for item in teller.result.missing:
        if item.role is Role.FINDING:
            found.setdefault(item.name, []).extend(list_asking(teller, item.name))
    return {name: refs for name, refs in found.items() if find_input(teller, name) is not None}


def _cite_reason(reason: Reason) -> list[str]:
    return [str(rule.citation) for rule in reason.rules]


def _tell_others(teller: Teller) -> Iterator[Line]:
    """Tell what a ledger tells, what the document left open, and days no calendar lists yet."""
    for item in teller.result.missing:
        if not _comes_from_others(teller, item):
            continue
        refs = cite(item.citation)
        if item.role not in OF_OTHERS:
            refs = join_refs(teller, list_asking(teller, item.name)) or refs
        setter = _tell_setter(teller, item)
        yield Line(item.label.told(teller.language), refs, "open", (setter,))


def _comes_from_others(teller: Teller, item: Missing) -> bool:
    """Return whether a missing value is set by others or told by a ledger, and not to be asked."""
    pools = teller.result.ruleset.histories.pools.values()
    by_ledger = item.role is Role.BALANCE or any(item.name == pool.fills for pool in pools)
    return by_ledger or item.role in OF_OTHERS


def waits_for_others(teller: Teller) -> bool:
    """Return whether a decision waits, and for nothing that the applicant could supply."""
    missing = teller.result.missing
    waits = teller.result.outcome is Outcome.UNDETERMINED and bool(missing)
    return waits and all(_comes_from_others(teller, item) for item in missing)


def _tell_setter(teller: Teller, item: Missing) -> str:
    if item.role not in OF_OTHERS:
        return tell_letter(teller.language, "supply.ledger")
    if item.role is Role.DOCUMENT:
        return tell_letter(teller.language, "supply.told_by", by=teller.name_setter(item))
    if item.role is Role.CALENDAR:
        return tell_letter(teller.language, "supply.calendar")
    return tell_letter(teller.language, "supply.set_by", by=teller.name_setter(item))


_PARTS: Final[Mapping[str, Callable[[Teller], Iterator[Line]]]] = {
    "facts": _tell_facts,
    "papers": _tell_papers,
    "findings": _tell_findings,
    "others": _tell_others,
}
"""What may be supplied, in the order in which it helps most."""


def write_next_part(teller: Teller, supply: Part) -> Part:
    """Return what to do next: supply, hand in, have found, and what the rules themselves name."""
    titles = {part.key.removeprefix("supply-"): part.title for part in supply.parts}
    lines = [
        Line(tell_letter(teller.language, f"next.{key}", title=titles[key]))
        for key in _PARTS
        if key in titles and (key != "findings" or not _is_denied_anyway(teller))
    ]
    rules = [rule for reason in teller.result.reasons for rule in reason.rules]
    lines += [
        Line(rule.next_step.told(teller.language), str(rule.citation))
        for rule in rules
        if rule.next_step is not None
    ]
    title = tell_letter(teller.language, "part.next")
    return Part("next", title, "", tuple(dict.fromkeys(lines)))
