"""Comes in: a chronicle. Goes out: every fault that editions beside each other have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from voucher_rules.catalog.chronicle import Chronicle, View
from voucher_rules.catalog.heads import Head
from voucher_rules.checked.succession import CORRECTION
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RulesetError
from voucher_rules.ruleset.model import SupersededDoc
from voucher_rules.sources.tree import Scalar, diagnose


def check_chronicle(chronicle: Chronicle) -> None:
    """Check what editions say of each other, whenever known. Raises :class:`RulesetError`."""
    found = [
        *_check_editions_exist(chronicle),
        *_check_corrections(chronicle),
        *_check_no_circle(chronicle),
    ]
    if found:
        raise RulesetError(found)


def check_view(view: View) -> None:
    """Check that one edition is in force on a day at most. Raises :class:`RulesetError`."""
    found = [*_check_order(view), *_check_overlaps(view)]
    if found:
        raise RulesetError(found)


def _check_editions_exist(chronicle: Chronicle) -> Iterator[Diagnostic]:
    for head in chronicle.heads.values():
        for item in head.document.supersedes:
            if str(item.edition) not in chronicle.heads:
                known = ", ".join(chronicle.heads)
                arguments = {"edition": str(item.edition), "known": known}
                yield _diagnose(head, "unknown-edition", item.edition, **arguments)


def _check_corrections(chronicle: Chronicle) -> Iterator[Diagnostic]:
    """Check that an edition is corrected once, and not before it is known itself.

    What corrects a corrected edition corrects the correction: there is one line, and no branch.
    """
    seen: dict[str, str] = {}
    for head, item in sorted(_list_corrections(chronicle), key=_rank_correction):
        edition = str(item.edition)
        original = chronicle.heads[edition].published if edition in chronicle.heads else None
        if original is not None and head.published is not None and head.published < original:
            days = {"published": str(head.published), "original": str(original)}
            word = head.document.published or item.edition
            yield _diagnose(head, "correction-before-original", word, edition=edition, **days)
        other = seen.setdefault(edition, head.edition)
        if other != head.edition:
            named = {"edition": edition, "other": other}
            yield _diagnose(head, "corrected-twice", item.edition, **named)


def _rank_correction(pair: tuple[Head, SupersededDoc]) -> tuple[date, str]:
    return (pair[0].published or date.min, pair[0].edition)


def _list_corrections(chronicle: Chronicle) -> Iterator[tuple[Head, SupersededDoc]]:
    for head in chronicle.heads.values():
        yield from ((head, x) for x in head.document.supersedes if x.kind == CORRECTION)


def _check_no_circle(chronicle: Chronicle) -> Iterator[Diagnostic]:
    """Find each circle of editions once, at the first of them by name."""
    told: set[str] = set()
    for head in chronicle.heads.values():
        circle = _find_circle(chronicle, head.edition)
        if circle and told.isdisjoint(circle):
            told |= set(circle)
            word = head.document.supersedes[0].edition
            shown = " → ".join([*circle, circle[0]])
            yield _diagnose(head, "editions-in-a-circle", word, cycle=shown)


def _find_circle(chronicle: Chronicle, edition: str) -> list[str]:
    """Return the editions on a way from one back to itself, or nothing."""
    ways: list[list[str]] = [[edition]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for name in _list_superseded(chronicle, way[-1]):
            if name == edition:
                return way
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _list_superseded(chronicle: Chronicle, edition: str) -> list[str]:
    head = chronicle.heads.get(edition)
    return [] if head is None else [x.edition for x in head.succession.supersedes]


def _check_order(view: View) -> Iterator[Diagnostic]:
    for item, other in view.list_out_of_order():
        days = {"start": str(item.start), "first": str(other.start)}
        word = item.head.document.edition
        yield _diagnose(item.head, "editions-out-of-order", word, edition=other.edition, **days)


def _check_overlaps(view: View) -> Iterator[Diagnostic]:
    unordered = {frozenset((x.edition, y.edition)) for x, y in view.list_out_of_order()}
    for one, other, day in view.list_overlaps():
        if frozenset((one.edition, other.edition)) not in unordered:
            named = {"one": one.edition, "other": other.edition, "day": str(day)}
            yield _diagnose(other.head, "editions-overlap", other.head.document.edition, **named)


def _diagnose(head: Head, code: str, word: Scalar, **arguments: str) -> Diagnostic:
    return diagnose(head.source, code, word.span, **arguments)
