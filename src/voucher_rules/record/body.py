"""Comes in: a decision. Goes out: the body of its record: the same bytes for the same decision.

A body holds whatever the decision rests on and what it came to, and nothing of when, where or by
whom it was taken; nor any text for people, which may be improved without touching a digest.
``docs/reference/records.md`` describes every field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from voucher_rules.decision.result import DecisionResult, Overlay
from voucher_rules.decision.semantics import SEMANTICS
from voucher_rules.ledger.trails import Trail
from voucher_rules.record.canonical import PROFILE, Data, write_canonical
from voucher_rules.record.digests import DigestKind, digest_bytes, digest_data
from voucher_rules.record.facts import state_facts, state_provenance
from voucher_rules.record.outcomes import state_outcome
from voucher_rules.record.traces import state_trace
from voucher_rules.values.write import write_money_exactly

SCHEMA: Final = "voucher-rules/record/1"
ENGINE: Final = "voucher-rules"


@dataclass(frozen=True, slots=True)
class Record:
    """The record of one decision: its body, its trace, and the digest that names it.

    The trace is bound to the body by ``body["trace_digest"]``, so that a log may keep it or not.
    """

    body: Mapping[str, Any]
    trace: Sequence[Data]
    digest: str

    @property
    def written(self) -> bytes:
        """The canonical bytes of the body."""
        return write_canonical(self.body)


@dataclass(frozen=True, slots=True)
class Aside:
    """What a record holds beside the decision: whom it is about, and what is hidden of it.

    ``subject`` is a name of the caller's own, or the digest of a commitment to one; ``hidden`` maps
    names of facts to the digests that stand in for their values.
    """

    subject: str | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)


def make_record(
    result: DecisionResult, trails: Sequence[Trail] = (), aside: Aside | None = None
) -> Record:
    """Return the record of a decision; ``trails`` tell the balances it read from a ledger.

    Raises :class:`~voucher_rules.record.canonical.CanonicalError` where a fact is a text that has
    no canonical form.
    """
    beside = aside or Aside()
    trace = state_trace(result.program.rules, result.evaluation.rules, beside.hidden)
    facts = state_facts(result.case, result.ruleset, beside.hidden)
    outcome = state_outcome(result)
    body = {
        "schema": SCHEMA,
        "profile": PROFILE,
        "engine": {"name": ENGINE, "semantics": SEMANTICS},
        **_state_law(result),
        "decision": result.decision.name,
        "as_of": _state_day(result.as_of),
        "subject": beside.subject,
        "facts": facts,
        "provenance": state_provenance(result.case),
        "unanswered": sorted(result.case.unanswered),
        "balances": [_state_trail(trail, result) for trail in trails],
        "outcome": outcome,
        "facts_digest": digest_data(DigestKind.FACTS, facts),
        "outcome_digest": digest_data(DigestKind.OUTCOME, outcome),
        "trace_digest": digest_data(DigestKind.TRACE, trace),
    }
    return Record(body, trace, digest_bytes(DigestKind.DECISION, write_canonical(body)))


def _state_law(result: DecisionResult) -> dict[str, Data]:
    """Return the law decided under: the ruleset, what it rests on, and what was laid over it."""
    ruleset = result.ruleset
    calendar = ruleset.calendar
    return {
        "ruleset": {
            "id": ruleset.id,
            "edition": ruleset.edition,
            "source_digest": ruleset.source_digest,
            "semantic_digest": ruleset.semantic_digest,
        },
        "uses": [
            {
                "id": used.ruleset.id,
                "edition": used.ruleset.edition,
                "semantic_digest": used.ruleset.semantic_digest,
            }
            for _, used in sorted(ruleset.uses.items())
        ],
        "calendar": {"id": calendar.id, "digest": calendar.digest} if calendar else None,
        "notices": sorted({item.notice.digest for item in ruleset.notices}),
        "readings": dict(result.options.readings),
        "assume_in_force": result.options.assume_in_force,
        "overlays": [_state_overlay(item) for item in result.overlays],
    }


def _state_overlay(overlay: Overlay) -> Data:
    data = {
        "kind": overlay.kind,
        "target": overlay.target,
        "before": overlay.before,
        "after": overlay.after,
    }
    if overlay.notice is None:
        return data
    made = overlay.notice
    notice = {
        "digest": made.notice.digest,
        "id": made.notice.id,
        "ref": made.ref,
        "from": _state_day(made.start),
        "until": _state_day(made.until),
    }
    return {**data, "notice": notice}


def _state_trail(trail: Trail, result: DecisionResult) -> Data:
    """Return a balance read from a ledger, and the lots it was made of, each with its entries."""
    rested = trail.rested
    histories = result.ruleset.histories
    currency = histories.lifecycles[histories.balances[rested.name].lifecycle].currency
    return {
        "name": rested.name,
        "value": rested.value,
        "per": {name: sorted(parties) for name, parties in rested.per.items()},
        "first": _state_day(rested.first),
        "last": _state_day(rested.last),
        "lots": [
            {
                "ruleset": item.thing.ruleset,
                "lifecycle": item.thing.lifecycle,
                "thing": item.thing.id,
                "state": item.lot.state,
                "amount": write_money_exactly(item.lot.amount, currency) if currency else None,
                "entries": list(item.lot.entries),
            }
            for item in trail.found
        ],
    }


def _state_day(day: date | None) -> str | None:
    return day.isoformat() if day else None
