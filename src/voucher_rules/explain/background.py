"""Comes in: a decision. Goes out: what it was taken on: warnings, departures, readings, facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from voucher_rules.decision.result import Caution, Overlay
from voucher_rules.explain.forms import Line
from voucher_rules.explain.notices import tell_notice
from voucher_rules.explain.teller import Teller, cite
from voucher_rules.explain.whatifs import tell_text, tell_what_if
from voucher_rules.language.records import name_field
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.filling import FROM_LEDGER
from voucher_rules.values.model import NONE
from voucher_rules.values.read import read_money

_UNREAD: Final = "fact_not_read"


def tell_warnings(teller: Teller) -> Iterator[Line]:
    """Tell what a reader should know; facts that were not read in one line together."""
    return tell_cautions(teller, teller.result.warnings)


def tell_cautions(teller: Teller, cautions: Iterable[Caution]) -> Iterator[Line]:
    """Tell some of the warnings of a decision."""
    for code, items in groupby(cautions, key=lambda item: item.code):
        if code == _UNREAD:
            yield _tell_unread(teller, list(items))
            continue
        for item in items:
            told = item.message and item.message.told(teller.language)
            told = told or teller.tell(f"warning.{code}", **_tell_arguments(teller, item))
            yield Line(told, cite(item.citation))


def _tell_arguments(teller: Teller, item: Caution) -> dict[str, str]:
    """Return what fills the text of a warning; labels for names, money as people write it."""
    told = dict(item.arguments)
    if "balance" in told:
        told["balance"] = teller.writer.label_input(told["balance"])
    pool = teller.result.ruleset.histories.pools.get(told.get("pool", ""))
    if pool is None:
        return told
    currency = teller.result.ruleset.histories.lifecycles[pool.lifecycle].currency
    kind = Type(Kind.MONEY, unit=currency)
    for name, text in told.items():
        if name != "pool":
            amount = read_money(text, currency, unit_required=False)
            told[name] = teller.writer.write_value(amount, kind)
    return told | {"pool": pool.label.told(teller.language)}


def _tell_unread(teller: Teller, items: list[Caution]) -> Line:
    names = [teller.writer.label_input(dict(item.arguments)["name"]) for item in items]
    return Line(teller.tell(f"warning.{_UNREAD}", name=teller.tell("clause").join(names)))


def tell_notices(teller: Teller) -> Iterator[Line]:
    """Tell what notices changed, each with its provision and its days."""
    for item in teller.result.overlays:
        if item.notice is not None:
            yield Line(tell_notice(teller.writer, item.notice))


def tell_overlays(teller: Teller) -> Iterator[Line]:
    """Tell every departure from the ruleset as published, which a notice is not."""
    return tell_departures(teller, teller.result.overlays)


def tell_departures(teller: Teller, overlays: Iterable[Overlay]) -> Iterator[Line]:
    """Tell some of the departures of a decision; notices among them are left out."""
    for item in overlays:
        if item.notice is not None:
            continue
        if item.change is not None:
            yield Line(tell_what_if(teller.writer, item.change), tone="open")
            continue
        told = {"target": item.target, "before": item.before, "after": item.after}
        if item.kind == "reading":
            told |= _tell_options(teller, item)
        elif item.target in teller.result.ruleset.parameters:
            told |= _tell_change(teller, item)
        yield Line(
            teller.tell(f"overlay.{item.kind}", **{"label": item.target, **told}), tone="open"
        )


def _tell_options(teller: Teller, item: Overlay) -> dict[str, str]:
    reading = teller.result.ruleset.readings[item.target]
    return {
        "label": reading.question.told(teller.language),
        "chosen": reading.options[item.after].told(teller.language),
        "usual": reading.options[item.before].told(teller.language),
    }


def _tell_change(teller: Teller, item: Overlay) -> dict[str, str]:
    parameter = teller.result.ruleset.parameters[item.target]
    texts = {"before": item.before, "after": item.after}
    told = {key: tell_text(teller.writer, text, parameter.type) for key, text in texts.items()}
    return {"label": parameter.label.told(teller.language), **told}


def tell_readings(teller: Teller) -> Iterator[Line]:
    """Tell how each disputed provision was read that the decision rests on."""
    for name in teller.result.readings:
        reading = teller.result.ruleset.readings[name]
        option = teller.result.options.readings[name]
        text = teller.tell(
            "reading.line",
            question=reading.question.told(teller.language),
            option=reading.options[option].told(teller.language),
        )
        because = teller.tell("because", because=reading.because.told(teller.language))
        notes = (because,) if option == reading.default else ()
        yield Line(text, str(reading.citation), "plain", notes)


def tell_facts_relied_on(teller: Teller) -> Iterator[Line]:
    """Tell every fact that was stated, with who says so."""
    case = teller.result.case
    for name in case.given:
        if name not in case.values:
            continue
        declared = teller.result.ruleset.inputs[name]
        value = teller.writer.write_value(case.values[name], declared.type)
        text = teller.tell("source", label=declared.label.told(teller.language), value=value)
        source = _tell_provenance(teller, name)
        yield Line(text + source, notes=tuple(tell_list(teller, name)))


def tell_list(teller: Teller, name: str, unstated: str = "") -> Iterator[str]:
    """Tell each record of a list on a line of its own; of what is no list nothing.

    ``unstated`` is what is told of a field stated as `none`, where it is not told so.
    """
    ruleset, values = teller.result.ruleset, teller.result.case.values
    length = values[name]
    if name not in ruleset.lists or not isinstance(length, int):
        return
    for number in range(1, length + 1):
        told = []
        for full, field in ruleset.lists[name].fields.items():
            key = name_field(name, number, full.removeprefix(f"{name}."))
            value = teller.writer.write_value(values[key], field.type)
            if unstated and values[key] is NONE:
                value = unstated
            label = field.label.told(teller.language)
            told.append(teller.tell("source", label=label, value=value))
        record = teller.writer.name_record(name, number)
        shown = teller.tell("clause").join(told)
        yield teller.tell("source", label=record, value=shown)


def _tell_provenance(teller: Teller, name: str) -> str:
    provenance = teller.result.case.provenance.get(name)
    if provenance is None:
        return ""
    if provenance == FROM_LEDGER:
        return teller.tell("provenance.ledger")
    entries = [f"{teller.tell(f'provenance.{key}')} {text}" for key, text in provenance.entries]
    return teller.tell("provenance", entries=teller.join(entries))
