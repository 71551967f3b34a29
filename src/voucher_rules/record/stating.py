"""Comes in: the verdicts of a replay. Goes out: the same as canonical data, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from voucher_rules.checked.symbols import Wording
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.record.canonical import Data
from voucher_rules.record.gists import Claim
from voucher_rules.record.instants import write_instant
from voucher_rules.record.rechecking import Difference
from voucher_rules.record.replaying import CheckpointVerdict, Ending, Replayed
from voucher_rules.record.verdicts import Law, RecordVerdict, Result, StepDifference, StepValues

Kind = TypeVar("Kind", bound=StrEnum)


def state_counts(counter: Mapping[Kind, int], kinds: Iterable[Kind]) -> dict[str, Data]:
    """Return a count for every kind, also where it is none."""
    return {str(kind): counter.get(kind, 0) for kind in kinds}


def state_fault(item: Diagnostic) -> Data:
    """Return what is wrong, without the path of a file, which differs from place to place."""
    return {
        "code": item.code,
        "line": item.span.line if item.span else None,
        "arguments": {str(name): str(text) for name, text in item.arguments.items()},
    }


def state_line(item: Replayed) -> Data:
    """Return what is wrong with a line."""
    return {
        "line": item.line,
        "seq": item.seq,
        "request_id": item.request_id,
        "subject": item.verdict.subject if item.verdict else None,
        "claimed": _state_claim(item.claim),
        "position": str(item.position),
        "faults": [state_fault(fault) for fault in item.faults],
    }


def _state_claim(claim: Claim | None) -> Data:
    """Return what a line that is no entry says of itself."""
    if claim is None:
        return None
    return {"seq": claim.seq, "request_id": claim.request_id, "subject": claim.subject}


def state_coverage(ending: Ending) -> Data:
    """Return how far checkpoints vouch for the log."""
    coverage = ending.coverage
    return {
        "verified": coverage.verified,
        "unanchored": list(coverage.unanchored) if coverage.unanchored else None,
        "missing": coverage.missing,
        "missing_at_end": coverage.missing_at_end,
        "faults": [state_fault(item) for item in coverage.faults],
    }


def state_checkpoint(item: CheckpointVerdict, anchoring: str) -> Data:
    """Return the verdicts on a checkpoint."""
    moment, checkpoint = item.stamp.moment, item.published.checkpoint
    return {
        "digest": item.published.digest,
        "size": checkpoint.size,
        "issued_at": write_instant(checkpoint.issued_at),
        "agrees": anchoring,
        "authenticity": str(item.authenticity),
        "signatures": [
            {"key": made.key, "authenticity": str(made.authenticity)} for made in item.signatures
        ],
        "time": str(item.stamp.stamping),
        "stamped_at": write_instant(moment) if moment else None,
    }


def state_replayed(item: Replayed, verdict: RecordVerdict, later: Iterable[Replayed]) -> Data:
    """Return the verdicts on a record; ``later`` are the entries that refer to it."""
    named = verdict.named
    return {
        "seq": item.seq,
        "line": item.line,
        "kind": str(item.kind),
        "request_id": item.request_id,
        "decision_digest": item.decision_digest,
        "recorded_at": write_instant(item.recorded_at) if item.recorded_at else None,
        "later": [{"seq": x.seq, "kind": str(x.kind)} for x in later],
        **_state_law(named),
        "subject": verdict.subject,
        "ruleset_found": str(verdict.law),
        "semantics": verdict.semantics,
        "semantics_supported": verdict.semantics_supported,
        "as_of": verdict.as_of,
        "in_force": str(verdict.currency.in_force),
        "reproduced": str(verdict.reproduced),
        "outcome_differs": verdict.outcome_differs,
        "recorded": state_result(verdict.recorded),
        "again": state_result(verdict.again),
        "first_step": _state_step(verdict.first_step),
        "differences": [_state_difference(x) for x in verdict.differences],
        "obstacle": str(verdict.obstacle) if verdict.obstacle else None,
        "detail": verdict.detail,
        "refused": [state_refused(x) for x in verdict.refused],
    }


def state_currency(item: Replayed, verdict: RecordVerdict) -> Data:
    """Return a decision whose law did not apply, and the edition that did."""
    return {
        "seq": item.seq,
        "request_id": item.request_id,
        "subject": verdict.subject,
        "recorded_at": write_instant(item.recorded_at) if item.recorded_at else None,
        "as_of": verdict.as_of,
        "ruleset": verdict.named.ruleset,
        "edition": verdict.named.edition,
        "in_force": str(verdict.currency.in_force),
        "instead": verdict.currency.instead,
        "by_fact": verdict.currency.fact,
        "by_ref": verdict.currency.ref,
        "stated": verdict.currency.is_stated,
    }


def _state_law(named: Law) -> dict[str, Data]:
    return {
        "ruleset": named.ruleset,
        "edition": named.edition,
        "semantic_digest": named.semantic_digest,
        "source_digest": named.source_digest,
        "decision": named.decision,
        "title": state_wording(named.title),
        "question": state_wording(named.question),
        "labels": {name: state_wording(label) for name, label in named.amounts.items()},
    }


def state_refused(item: Diagnostic) -> Data:
    """Return what was refused of a fact, and of which."""
    arguments = {str(name): str(text) for name, text in item.arguments.items()}
    return {"code": item.code, "fact": item.path, "arguments": arguments}


def state_wording(label: Wording | None) -> Data:
    """Return a text in both languages."""
    return None if label is None else {"zh": label.zh, "en": label.en}


def state_result(result: Result | None) -> Data:
    """Return what a decision came to, in short, as canonical data."""
    if result is None:
        return None
    return {
        "outcome": result.outcome,
        "amounts": {
            name: {
                "currency": result.currencies[name],
                "value": value,
                "binding": list(result.binding[name]),
            }
            for name, value in result.amounts.items()
        },
        "refs": list(result.refs),
    }


def _state_step(step: StepDifference | None) -> Data:
    if step is None:
        return None
    return {
        "rule": step.rule,
        "ref": step.ref,
        "says": state_wording(step.says),
        **_state_difference(step.difference),
        "step": _state_values(step.step),
        "cause": _state_values(step.cause),
    }


def _state_values(step: StepValues | None) -> Data:
    if step is None:
        return None
    return {
        "text": step.text,
        "label": state_wording(step.label),
        "type": {"kind": step.kind, "unit": step.unit},
        "recorded": step.recorded,
        "again": step.again,
    }


def _state_difference(item: Difference) -> dict[str, Data]:
    return {"pointer": item.pointer, "recorded": item.recorded, "again": item.again}
