"""Comes in: a decision. Goes out: what it came to, as canonical data without texts for people."""

from __future__ import annotations

from voucher_rules.checked.mechanics import Rule
from voucher_rules.decision.amounts import LimitResult
from voucher_rules.decision.result import (
    Amount,
    Caution,
    Deadline,
    DecisionResult,
    Following,
    Missing,
    Reason,
)
from voucher_rules.language.types import DATE, Type
from voucher_rules.record.canonical import Data
from voucher_rules.record.covers import Cover
from voucher_rules.record.values import state_number, state_value
from voucher_rules.spans import Citation
from voucher_rules.values.model import Exact, Value


def state_outcome(result: DecisionResult, cover: Cover) -> dict[str, Data]:
    """Return the outcome, amounts, values, reasons and all else a reader would act on.

    ``cover`` holds the digests that stand in for what is hidden.
    """
    outputs = result.decision.outputs
    return {
        "status": str(result.outcome),
        "possible": [str(item) for item in result.possible],
        "exact": result.exact,
        "amounts": {name: _state_amount(item) for name, item in result.amounts.items()},
        "values": {
            name: cover.state(value, outputs[name].type) for name, value in result.values.items()
        },
        "reasons": [_state_reason(item) for item in result.reasons],
        "missing": [_state_missing(item) for item in result.missing],
        "papers_missing": list(result.papers),
        "deadlines": [_state_deadline(item) for item in result.deadlines],
        "consequences": [_state_following(item) for item in result.followings],
        "ranking": [_state_ranking(rule, values) for rule, values in result.ranking],
        "warnings": [_state_warning(item) for item in result.warnings],
        "rests_on": list(result.readings),
    }


def _state_amount(item: Amount) -> Data:
    kind = item.output.type

    def state(value: Exact | None) -> str | None:
        return None if value is None else state_number(value, kind)

    return {
        "currency": kind.unit,
        "value": state(item.value),
        "low": state(item.range.low),
        "high": state(item.range.high),
        "otherwise": state(item.otherwise),
        "binding": list(item.binding),
        "least": state_value(item.result.least, kind),
        "limits": [_state_limit(limit, kind) for limit in item.result.limits],
    }


def _state_limit(limit: LimitResult, kind: Type) -> Data:
    return {
        "rule": limit.rule.id if limit.rule else None,
        "ref": limit.rule.citation.ref if limit.rule else None,
        "value": state_value(limit.value, kind),
        "counted": state_value(limit.counted, kind),
    }


def _state_reason(item: Reason) -> Data:
    return {
        "kind": item.kind,
        "ref": _ref(item.citation),
        "rules": [{"rule": rule.id, "ref": rule.citation.ref} for rule in item.rules],
        "papers": list(item.papers),
        "findings": list(item.findings),
        "unanswered": list(item.unanswered),
    }


def _state_missing(item: Missing) -> Data:
    return {"name": item.name, "role": str(item.role), "ref": _ref(item.citation)}


def _state_deadline(item: Deadline) -> Data:
    return {
        "rule": item.rule.id,
        "ref": item.rule.citation.ref,
        "last_day": item.last_day.isoformat() if item.last_day else None,
        "nominal_day": item.nominal_day.isoformat() if item.nominal_day else None,
        "kept": item.kept,
    }


def _state_following(item: Following) -> Data:
    return {
        "rule": item.rule.id,
        "ref": item.rule.citation.ref,
        "from": state_value(item.start, DATE),
        "until": None if item.until is None else state_value(item.until, DATE),
    }


def _state_ranking(rule: Rule, values: tuple[Value, ...]) -> Data:
    keys = zip(values, rule.formulas, strict=True)
    return {
        "rule": rule.id,
        "ref": rule.citation.ref,
        "keys": [state_value(value, term.type) for value, term in keys],
    }


def _state_warning(item: Caution) -> Data:
    return {"code": item.code, "ref": _ref(item.citation), "arguments": dict(item.arguments)}


def _ref(citation: Citation | None) -> str | None:
    return citation.ref if citation else None
