"""Comes in: a decision. Goes out: the same as plain data for JSON, free of floats.

Money is text in the main unit with fixed places ("2000.00"), ratios are fractions ("1/2"), days are
YYYY-MM-DD. `docs/reference/decision-json.md` describes every field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final, TypeAlias

from voucher_rules.checked.mechanics import Rule
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.amounts import LimitResult
from voucher_rules.decision.evaluate import Called, called_of
from voucher_rules.decision.result import (
    Amount,
    Caution,
    Deadline,
    DecisionResult,
    Following,
    Missing,
    Overlay,
    Reason,
)
from voucher_rules.decision.trace import RuleResult, Step
from voucher_rules.explain.trails import data_of_trail
from voucher_rules.language.records import name_field
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.trails import Trail
from voucher_rules.spans import Citation
from voucher_rules.values.model import (
    AnyText,
    Bracket,
    Exact,
    Interval,
    Mark,
    OneOf,
    Period,
    Scale,
    SetBetween,
    Unknown,
    Value,
    WorkingCalendar,
)
from voucher_rules.values.write import write_fraction, write_instant, write_money_exactly

SCHEMA: Final = "voucher-rules/decision/1"
Data: TypeAlias = dict[str, Any]


def data_of_decision(result: DecisionResult, trails: Sequence[Trail] = ()) -> Data:
    """Return a decision as plain data, ready for ``json.dumps``.

    ``trails`` are what the balances of a decision made from a ledger were made of.
    """
    ruleset = result.ruleset
    return {
        "schema": SCHEMA,
        "ruleset": {
            "id": ruleset.id,
            "edition": ruleset.edition,
            "source_digest": ruleset.source_digest,
            "semantic_digest": ruleset.semantic_digest,
        },
        "decision": result.decision.name,
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "outcome": str(result.outcome),
        "possible": [str(item) for item in result.possible],
        "exact": result.exact,
        "amounts": {name: _data_of_amount(item) for name, item in result.amounts.items()},
        "values": {
            name: data_of_value(value, result.decision.outputs[name].type)
            for name, value in result.values.items()
        },
        "reasons": [_data_of_reason(item) for item in result.reasons],
        "missing": [_data_of_missing(item) for item in result.missing],
        "papers_missing": list(result.papers),
        "deadlines": [_data_of_deadline(item) for item in result.deadlines],
        "consequences": [_data_of_following(item) for item in result.followings],
        "ranking": [_data_of_ranking(rule, values) for rule, values in result.ranking],
        "warnings": [_data_of_warning(item) for item in result.warnings],
        "readings": {name: result.options.readings[name] for name in result.readings},
        "overlays": [_data_of_overlay(item) for item in result.overlays],
        "facts": _data_of_facts(result),
        "balances": [data_of_trail(item, result.ruleset) for item in trails],
        "rules": [_data_of_rule(result.evaluation.rules[rule.id]) for rule in result.program.rules],
    }


def _data_of_overlay(overlay: Overlay) -> Data:
    changed = {
        "kind": overlay.kind,
        "target": overlay.target,
        "before": overlay.before,
        "after": overlay.after,
    }
    if overlay.change is not None:
        what_if = overlay.change
        days = [day.isoformat() if day else None for day in (what_if.start, what_if.until)]
        told = {"what": what_if.what, "ref": what_if.ref, "from": days[0], "until": days[1]}
        return {**changed, "change": told}
    if overlay.notice is None:
        return changed
    made = overlay.notice
    days = [day.isoformat() if day else None for day in (made.start, made.until)]
    notice = {
        "id": made.notice.id,
        "title": _data_of_wording(made.notice.title),
        "number": made.notice.number,
        "digest": made.notice.digest,
        "ref": made.ref,
        "from": days[0],
        "until": days[1],
    }
    return {**changed, "notice": notice}


def _data_of_ranking(rule: Rule, values: tuple[Value, ...]) -> Data:
    keys = zip(values, rule.formulas, strict=True)
    return {
        "rule": rule.id,
        "ref": rule.citation.ref,
        "keys": [data_of_value(value, term.type) for value, term in keys],
    }


def data_of_value(value: Value, kind: Type) -> Any:  # noqa: ANN401 - JSON is any of five kinds
    """Return a value as plain data; marks and unknowns as ``{"state": …}``."""
    if isinstance(value, Mark):
        return {"state": value.value}
    if isinstance(value, Unknown):
        return _data_of_unknown(value, kind)
    if isinstance(value, bool):
        return value
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Period):
        return {"count": value.count, "unit": str(value.unit)}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Scale):
        return [_data_of_bracket(bracket, kind) for bracket in value.brackets]
    if isinstance(value, WorkingCalendar):
        return {"calendar": value.id, "digest": value.digest}
    return _data_of_number(value, kind)


def _data_of_bracket(bracket: Bracket, kind: Type) -> Data:
    """Return one bracket; its ends are exact fractions of what the scale is entered with."""
    ends = {"low": bracket.low, "high": bracket.high}
    return {
        **{name: None if end is None else str(end) for name, end in ends.items()},
        "holds_low": bracket.holds_low,
        "holds_high": bracket.holds_high,
        "value": data_of_value(bracket.value, kind),
    }


def _data_of_number(value: Exact, kind: Type) -> Any:  # noqa: ANN401
    if kind.kind is Kind.MONEY:
        return write_money_exactly(value, kind.unit)
    if kind.kind is Kind.COUNT and isinstance(value, int):
        return value
    return write_fraction(value)


def _data_of_unknown(value: Unknown, kind: Type) -> Data:
    data: Data = {"state": "unknown"}
    match value.domain:
        case Interval(low, high):
            data["low"], data["high"] = data_of_value(low, kind), data_of_value(high, kind)
        case OneOf(options):
            data["options"] = sorted(options, key=str)
        case SetBetween(certain, possible):
            data["certain"], data["possible"] = sorted(certain), sorted(possible)
        case AnyText() | None:
            pass
    if value.marks:
        data["or"] = sorted(mark.value for mark in value.marks)
    return data


def _data_of_amount(item: Amount) -> Data:
    kind = item.output.type

    def money(value: Exact | None) -> str | None:
        return None if value is None else write_money_exactly(value, kind.unit)

    return {
        "currency": kind.unit,
        "value": money(item.value),
        "low": money(item.range.low),
        "high": money(item.range.high),
        "otherwise": money(item.otherwise),
        "binding": list(item.binding) if item.otherwise is not None else [],
        "least_before_rounding": data_of_value(item.result.least, kind),
        "limits": [_data_of_limit(limit, kind) for limit in item.result.limits],
    }


def _data_of_limit(limit: LimitResult, kind: Type) -> Data:
    return {
        "rule": limit.rule.id if limit.rule else "requested",
        "ref": limit.rule.citation.ref if limit.rule else None,
        "value": data_of_value(limit.value, kind),
        "counted": data_of_value(limit.counted, kind),
    }


def _data_of_reason(item: Reason) -> Data:
    return {
        "kind": item.kind,
        "ref": _ref(item.citation),
        "rules": [rule.id for rule in item.rules],
        "topics": [rule.topic for rule in item.rules],
        "substantive": any(rule.key for rule in item.rules),
        "says": [_data_of_wording(rule.says) for rule in item.rules],
        "papers": list(item.papers),
        "findings": list(item.findings),
        "unanswered": list(item.unanswered),
    }


def _data_of_missing(item: Missing) -> Data:
    return {
        "name": item.name,
        "role": str(item.role),
        "label": _data_of_wording(item.label),
        "ref": _ref(item.citation),
        "set_by": _data_of_wording(item.set_by) if item.set_by else None,
    }


def _data_of_deadline(item: Deadline) -> Data:
    return {
        "rule": item.rule.id,
        "ref": item.rule.citation.ref,
        "last_day": item.last_day.isoformat() if item.last_day else None,
        "nominal_day": item.nominal_day.isoformat() if item.nominal_day else None,
        "kept": item.kept,
    }


def _data_of_following(item: Following) -> Data:
    day = Type(Kind.DATE)
    return {
        "rule": item.rule.id,
        "ref": item.rule.citation.ref,
        "party": _data_of_wording(item.consequence.party),
        "effect": _data_of_wording(item.consequence.effect),
        "from": data_of_value(item.start, day),
        "until": None if item.until is None else data_of_value(item.until, day),
    }


def _data_of_warning(item: Caution) -> Data:
    return {
        "code": item.code,
        "ref": _ref(item.citation),
        "arguments": dict(item.arguments),
        "message": _data_of_wording(item.message) if item.message else None,
        "for_officers": item.for_officers,
    }


def _data_of_facts(result: DecisionResult) -> Data:
    facts: Data = {}
    for name in result.case.given:
        if name in result.case.values:
            kind = result.ruleset.inputs[name].type
            fact: Data = {"value": _data_of_fact(result, name, kind)}
            provenance = result.case.provenance.get(name)
            if provenance is not None:
                fact["provenance"] = dict(provenance.entries)
            facts[name] = fact
    return facts


def _data_of_fact(result: DecisionResult, name: str, kind: Type) -> Any:  # noqa: ANN401
    """Return a fact as it was stated; a list with the fields of every record."""
    values = result.case.values
    length = values[name]
    if name not in result.ruleset.lists or not isinstance(length, int):
        return data_of_value(length, kind)
    fields = result.ruleset.lists[name].fields
    short = {full: full.removeprefix(f"{name}.") for full in fields}
    return [
        {
            key: data_of_value(values[name_field(name, number, key)], fields[full].type)
            for full, key in short.items()
        }
        for number in range(1, length + 1)
    ]


def _data_of_rule(item: RuleResult) -> Data:
    return {
        "rule": item.rule.id,
        "ref": item.rule.citation.ref,
        "topic": item.rule.topic,
        "status": str(item.status) if item.status else "undetermined",
        "possible": sorted(str(status) for status in item.statuses),
        "when": _data_of_step(item.when) if item.when else None,
        "steps": [_data_of_step(step) for step in item.steps],
        "papers_missing": list(item.missing),
        "papers_unsure": list(item.unsure),
        "called": _data_of_called(called_of(item)),
        "last_day": (
            None if item.last_day is None else data_of_value(item.last_day, Type(Kind.DATE))
        ),
    }


def _data_of_called(called: Called | None) -> Data | None:
    """Return what a called decision came to, with every rule of it."""
    if called is None:
        return None
    ruleset = called.program.ruleset
    return {
        "ruleset": ruleset.id,
        "edition": ruleset.edition,
        "semantic_digest": ruleset.semantic_digest,
        "decision": called.program.decision.name,
        "gives": called.body.gives,
        "value": data_of_value(called.value, called.body.type),
        "rules": [
            _data_of_rule(evaluation.rules[rule.id])
            for evaluation in called.evaluations
            for rule in called.program.rules
        ],
    }


def _data_of_step(step: Step) -> Data:
    data: Data = {
        "role": str(step.term.role),
        "name": step.term.name,
        "text": step.term.text,
        "value": data_of_value(step.value, step.term.type),
    }
    if step.parts:
        data["parts"] = [_data_of_step(part) for part in step.parts]
    return data


def _data_of_wording(text: Wording) -> Mapping[str, str]:
    return {"zh": text.zh, "en": text.en}


def _ref(citation: Citation | None) -> str | None:
    return citation.ref if citation else None
