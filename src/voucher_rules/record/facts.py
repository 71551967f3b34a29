"""Comes in: a case. Goes out: what was stated of it, as canonical data; and back, to be decided on.

A fact may be committed to instead of shown: then its commitment stands where its value would.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Input
from voucher_rules.decision.case import Case
from voucher_rules.decision.stated import UNANSWERED_WORD
from voucher_rules.language.records import name_field, split_field
from voucher_rules.language.types import Kind
from voucher_rules.record.canonical import Data
from voucher_rules.record.values import NOT_KNOWN, restate_value, state_value
from voucher_rules.sources.tree import Scalar
from voucher_rules.spans import Span
from voucher_rules.values.model import Value

_NOWHERE = Span("", 0, 0)


def state_facts(
    case: Case, ruleset: CheckedRuleset, hidden: Mapping[str, str] | None = None
) -> dict[str, Data]:
    """Return every fact that was stated, by name, also those no rule reads.

    ``hidden`` maps the names of facts (``items[2].name`` for a field of a record) to the digests
    that stand in for their values.
    """
    covers = hidden or {}
    values = {**case.values, **case.beside}
    names = dict.fromkeys((*case.given, *case.beside))
    whole = [name for name in names if not split_field(name)[0]]
    return {name: _state_fact(name, values, ruleset, covers) for name in whole}


def state_provenance(case: Case) -> dict[str, Data]:
    """Return where facts come from, and for findings who made them, as it was stated."""
    return {name: dict(item.entries) for name, item in case.provenance.items()}


def _state_fact(
    name: str, values: Mapping[str, Value], ruleset: CheckedRuleset, hidden: Mapping[str, str]
) -> Data:
    if name in hidden:
        return {"commitment": hidden[name]}
    value = values[name]
    if name not in ruleset.lists or not isinstance(value, int):
        return state_value(value, ruleset.inputs[name].type)
    fields = ruleset.lists[name].fields
    records = []
    for number in range(1, value + 1):
        record = {}
        for full, declared in fields.items():
            short = full.removeprefix(f"{name}.")
            field = name_field(name, number, short)
            if field in hidden:
                record[short] = {"commitment": hidden[field]}
            elif values[field] != declared.domain:
                record[short] = state_value(values[field], declared.type)
        records.append(record)
    return records


def list_hidden(facts: Mapping[str, Data]) -> dict[str, str]:
    """Return the commitments that stand for facts, by name of the fact or of a record's field."""
    found: dict[str, str] = {}
    for name, data in facts.items():
        if isinstance(data, list):
            fields = [
                (name_field(name, number, key), value)
                for number, record in enumerate(data, start=1)
                if isinstance(record, dict)
                for key, value in record.items()
            ]
        else:
            fields = [(name, data)]
        found |= {n: x["commitment"] for n, x in fields if is_commitment(x)}
    return found


def is_commitment(data: Data) -> bool:
    """Return whether a commitment stands where a value would."""
    return isinstance(data, dict) and "commitment" in data


def restate_facts(
    body: Mapping[str, Any], ruleset: CheckedRuleset, shown: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the facts of a body as a case states them, each with where it came from.

    ``shown`` are the texts of facts the body only commits to. What the ruleset does not know is
    left as it stands, for the door of decisions to refuse. Raises ValueError, TypeError or KeyError
    for data that no fact was written as.
    """
    texts = shown or {}
    stated = {name: _restate_fact(name, x, ruleset, texts) for name, x in body["facts"].items()}
    stated |= {name: Scalar(UNANSWERED_WORD, _NOWHERE) for name in body["unanswered"]}
    sources = body["provenance"]
    # Someone may say where it comes from that a fact is not known.
    stated = dict.fromkeys(sources, NOT_KNOWN) | stated
    return {
        name: {"value": value, **sources[name]} if name in sources else value
        for name, value in stated.items()
    }


def _restate_fact(name: str, data: Data, ruleset: CheckedRuleset, shown: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever a case may state
    if name in shown:
        return shown[name]
    declared = ruleset.inputs.get(name)
    if declared is None:
        return data
    if declared.type.kind is not Kind.LIST or not isinstance(data, list):
        return restate_value(data, declared.type)
    fields = ruleset.lists[name].fields
    made = []
    for number, record in enumerate(data, start=1):
        texts = {key: shown.get(name_field(name, number, key)) for key in record}
        made.append(
            {
                key: _restate_field(value, fields.get(f"{name}.{key}"), texts[key])
                for key, value in record.items()
            }
        )
    return made


def _restate_field(data: Data, declared: Input | None, text: str | None) -> Any:  # noqa: ANN401
    if text is not None:
        return text
    return data if declared is None else restate_value(data, declared.type)
