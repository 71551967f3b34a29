"""Comes in: a case. Goes out: what was stated of it, as canonical data; and back, to be decided on.

A fact may be committed to instead of shown: then its commitment stands where its value would.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.case import Case
from voucher_rules.decision.stated import UNANSWERED_WORD
from voucher_rules.language.records import name_field, split_field
from voucher_rules.language.types import Kind
from voucher_rules.record.canonical import Data
from voucher_rules.record.values import restate_value, state_value
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


def restate_facts(body: Mapping[str, Any], ruleset: CheckedRuleset) -> dict[str, Any]:
    """Return the facts of a body as a case states them, each with where it came from.

    What the ruleset does not know is left as it stands, for the door of decisions to refuse.
    Raises ValueError, TypeError or KeyError for data that no fact was written as.
    """
    stated = {name: _restate_fact(name, data, ruleset) for name, data in body["facts"].items()}
    stated |= {name: Scalar(UNANSWERED_WORD, _NOWHERE) for name in body["unanswered"]}
    sources = body["provenance"]
    return {
        name: {"value": value, **sources[name]} if name in sources else value
        for name, value in stated.items()
    }


def _restate_fact(name: str, data: Data, ruleset: CheckedRuleset) -> Any:  # noqa: ANN401
    declared = ruleset.inputs.get(name)
    if declared is None:
        return data
    if declared.type.kind is not Kind.LIST or not isinstance(data, list):
        return restate_value(data, declared.type)
    fields = ruleset.lists[name].fields
    return [
        {
            key: restate_value(value, fields[f"{name}.{key}"].type)
            if f"{name}.{key}" in fields
            else value
            for key, value in record.items()
        }
        for record in data
    ]
