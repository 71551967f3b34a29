"""Comes in: a lifecycle of a document beside its typed rules. Goes out: a typed one, or faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from voucher_rules.checked.declarations import PLAIN_NAME, Declarations, word_text
from voucher_rules.checked.find_facts import find_typed_fact
from voucher_rules.checked.histories import EVERYONE, Carried, Lifecycle, Standing, State
from voucher_rules.checked.lifecycle_flow import check_flow
from voucher_rules.checked.mechanics import Consequence
from voucher_rules.checked.read_events import EventReader
from voucher_rules.checked.structure import Structure
from voucher_rules.checked.tellable import list_tellable, name_moments
from voucher_rules.language.types import DATE, TEXT, Type
from voucher_rules.ruleset.histories import CarriedDoc, LifecycleDoc
from voucher_rules.ruleset.shapes import TypeDoc
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import CURRENCIES

CONSEQUENCE: Final = "consequence."
"""Begins what is read from the consequence that opens a thing."""
_SIDES: Final = (f"{CONSEQUENCE}start", f"{CONSEQUENCE}until")
_CARRIED: Final = ("text", "choice", "date")


def read_lifecycle(structure: Structure, name: Scalar, doc: LifecycleDoc) -> Lifecycle:
    """Read a lifecycle; what has a fault is reported and stands in it as well as it can."""
    made = structure.made
    made.check_name(name, PLAIN_NAME, "voucher", held=False)
    empty = Lifecycle(
        name=str(name),
        label=word_text(doc.label),
        currency=_read_currency(made, doc),
        carries={},
        states=_read_states(made, doc),
        transitions={},
        tells={},
    )
    lifecycle = replace(empty, carries=_read_carried(made, empty, doc))
    events = EventReader(structure, lifecycle)
    lifecycle = replace(
        lifecycle,
        transitions={str(key): events.read(key, item) for key, item in doc.events.items()},
    )
    check_flow(made.report, lifecycle, name, doc)
    _check_sources_lead_somewhere(structure, doc)
    return replace(lifecycle, tells=_read_told(made, lifecycle, doc))


def _read_currency(made: Declarations, doc: LifecycleDoc) -> str:
    if made.read_option(doc.holds, ("money", "nothing")) == "money":
        currency = doc.unit or made.document.currency
        if doc.unit is not None and currency not in CURRENCIES:
            made.report.add("unknown-currency", doc.unit, found=doc.unit)
        return str(currency)
    if doc.unit is not None:
        made.report.add("key-does-not-fit", doc.unit, key="unit", type=str(doc.holds))
    return ""


def _read_states(made: Declarations, doc: LifecycleDoc) -> dict[str, State]:
    states: dict[str, State] = {}
    taken: set[str] = {"amount"}
    for name, item in doc.states.items():
        made.check_name(name, PLAIN_NAME, "ordered", held=False)
        if taken & {str(name), *name_moments(name)}:
            made.report.add("name-means-more", name, name=name)
        taken |= {str(name), *name_moments(name)}
        known = made.read_option(item.stands, tuple(Standing)) in tuple(Standing)
        standing = Standing(str(item.stands)) if known else Standing.NONE
        states[str(name)] = State(str(name), word_text(item.label), standing)
    return states


def _read_carried(
    made: Declarations, lifecycle: Lifecycle, doc: LifecycleDoc
) -> Mapping[str, Carried]:
    """Read what its things carry; no name of it may mean something else of the thing as well."""
    taken = {lifecycle.name, EVERYONE, "amount", *lifecycle.states, *list_tellable(lifecycle)}
    carried: dict[str, Carried] = {}
    for name, item in doc.carries.items():
        made.check_name(name, PLAIN_NAME, "enterprise", held=False)
        if str(name) in taken:
            made.report.add("name-means-more", name, name=name)
        kind = _read_carried_type(made, item)
        source = str(item.source or "")
        if kind is not None and item.source is not None:
            _check_source(made, item.source, kind)
        carried[str(name)] = Carried(str(name), word_text(item.label), kind or TEXT, source)
    return carried


def _read_carried_type(made: Declarations, doc: CarriedDoc) -> Type | None:
    if doc.type is None:
        if doc.of is not None:
            made.report.add("key-does-not-fit", doc.of, key="of", type="text")
        return TEXT
    if made.read_option(doc.type, _CARRIED) not in _CARRIED:
        return None
    return made.read_type(TypeDoc(type=doc.type, of=doc.of))


def _check_source(made: Declarations, word: Scalar, kind: Type) -> None:
    """Check that what a thing carries can be read from the fact or the consequence named."""
    if not word.startswith(CONSEQUENCE):
        find_typed_fact(made, word, kind)
    elif made.read_option(word, _SIDES) in _SIDES and kind != DATE:
        made.report.add("type-mismatch", word, expected=str(kind), found=str(DATE))


def _check_sources_lead_somewhere(structure: Structure, doc: LifecycleDoc) -> None:
    """What is read when a thing opens needs a decision that opens it, with what is read.

    What is set later may be read from the decision that the event follows which sets it.
    """
    opening = [event.follows for event in doc.events.values() if event.sources is None]
    openings = [follows for follows in opening if follows is not None]
    rules = [str(follows.rule) for follows in openings if follows.rule is not None]
    report = structure.made.report
    for name, item in doc.carries.items():
        if item.source is None:
            continue
        source = str(item.source)
        setting = [event for event in doc.events.values() if name in (event.sets or ())]
        ways = [*openings, *(event.follows for event in setting if event.follows is not None)]
        if not ways or (source.startswith(CONSEQUENCE) and not rules):
            report.add("carried-from-nowhere", item.source, name=source)
        elif source == _SIDES[1]:
            for rule in rules:
                found = structure.rules.get(rule)
                body = found.body if found is not None else None
                if isinstance(body, Consequence) and body.until is None:
                    report.add("consequence-is-endless", item.source, rule=rule)


def _read_told(made: Declarations, lifecycle: Lifecycle, doc: LifecycleDoc) -> dict[str, str]:
    """Read which facts a thing tells of itself, each of the type of what it tells."""
    tellable = list_tellable(lifecycle)
    told: dict[str, str] = {}
    for fact, word in doc.tells.items():
        kind = tellable.get(str(word))
        if kind is not None:
            find_typed_fact(made, fact, kind)
            told[str(fact)] = str(word)
        elif word.partition(".")[0] == "amount" and not lifecycle.currency:
            made.report.add("holds-nothing", word, name=lifecycle.name)
        else:
            near = made.report.suggest(word, tellable)
            made.report.add("unknown-name", word, name=word, near=near)
    return told
