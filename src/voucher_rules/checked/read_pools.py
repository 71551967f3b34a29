"""Comes in: a pool of a document beside its lifecycles. Goes out: a typed one, or faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voucher_rules.checked.declarations import PLAIN_NAME, word_text
from voucher_rules.checked.find_facts import find_typed_fact
from voucher_rules.checked.histories import Lifecycle, Pool, Standing
from voucher_rules.checked.mechanics import Rank
from voucher_rules.checked.read_spans import read_dated, read_names, read_within
from voucher_rules.checked.structure import Structure
from voucher_rules.language.types import Kind, Type
from voucher_rules.ruleset.histories import PoolDoc
from voucher_rules.sources.tree import Scalar


def read_pool(
    structure: Structure, lifecycles: Mapping[str, Lifecycle], name: Scalar, doc: PoolDoc
) -> Pool | None:
    """Return a pool, or None once its faults are reported."""
    made = structure.made
    made.check_name(name, PLAIN_NAME, "funds", held=False)
    made.report.ref = str(doc.ref or "")
    before = len(made.report.found)
    lifecycle = lifecycles.get(str(doc.of))
    if lifecycle is None:
        near = made.report.suggest(doc.of, lifecycles)
        made.report.add("unknown-name", doc.of, name=doc.of, near=near)
    found = _read_known(structure, lifecycle, name, doc) if lifecycle is not None else None
    made.report.ref = ""
    return found if len(made.report.found) == before else None


def _read_known(
    structure: Structure, lifecycle: Lifecycle, name: Scalar, doc: PoolDoc
) -> Pool | None:
    """Read a pool whose lifecycle is known."""
    made = structure.made
    if doc.unit is not None and not doc.unit.strip():
        made.report.add("count-without-unit", doc.unit)
    if doc.unit is None and not lifecycle.currency:
        made.report.add("holds-nothing", doc.of, name=lifecycle.name)
    elif doc.fills is not None:
        money, places = Type(Kind.MONEY, lifecycle.currency), Type(Kind.COUNT, str(doc.unit))
        find_typed_fact(made, doc.fills, money if doc.unit is None else places)
    if doc.waits is not None:
        _check_waits(structure, lifecycle, doc.waits)
    for word in doc.per or ():
        if str(word) in lifecycle.list_set_later():
            made.report.add("carried-too-late", word, name=word)
    within = read_within(structure, doc.within, None)
    takes = read_names(structure, doc.takes, lifecycle.states)
    if within is None:
        return None
    return Pool(
        name=str(name),
        label=word_text(doc.label),
        lifecycle=lifecycle.name,
        takes=takes,
        per=read_names(structure, doc.per or (), lifecycle.carries),
        dated_by=read_dated(structure, lifecycle, doc.dated_by, doc.takes),
        within=within,
        partial=_read_last(structure, doc),
        order=_read_order(structure, doc.order),
        waits=str(doc.waits or ""),
        fills=str(doc.fills or ""),
        citation=made.cite(str(doc.ref)) if doc.ref is not None else None,
        unit=str(doc.unit or ""),
    )


def _read_last(structure: Structure, doc: PoolDoc) -> bool:
    """Return whether the last grant may be cut; of a place there is no part."""
    options = ("partial", "whole") if doc.unit is None else ("whole",)
    return structure.made.read_option(doc.last, options) == "partial"


def _check_waits(structure: Structure, lifecycle: Lifecycle, word: Scalar) -> None:
    """Who finds the pool empty is entered by an event that opens a thing which waits."""
    report = structure.made.report
    event = lifecycle.transitions.get(str(word))
    if event is None:
        near = report.suggest(word, lifecycle.transitions)
        report.add("unknown-name", word, name=word, near=near)
        return
    target = lifecycle.states.get(event.target)
    waits = target is None or target.standing is Standing.WAITING
    if event.sources or event.follows is not None or not waits:
        report.add("does-not-wait", word, name=word)


def _read_order(structure: Structure, words: Sequence[Scalar]) -> tuple[str, ...]:
    report = structure.made.report
    ranking = [rule.id for rule in structure.rules.values() if isinstance(rule.body, Rank)]
    for word in words:
        if str(word) not in ranking and structure.is_built(word):
            near = report.suggest(word, ranking)
            report.add("rule-does-not-rank", word, name=word, near=near)
    return tuple(dict.fromkeys(map(str, words)))
