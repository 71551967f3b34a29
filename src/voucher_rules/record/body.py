"""Comes in: a decision. Goes out: the body of its record: the same bytes for the same decision.

A body holds whatever the decision rests on and what it came to, and nothing of when, where or by
whom it was taken; nor any text for people, which may be improved without touching a digest.
``docs/reference/records.md`` describes every field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.result import DecisionResult, Overlay
from voucher_rules.decision.semantics import find_semantics
from voucher_rules.ledger.trails import Trail
from voucher_rules.record.canonical import (
    PROFILE,
    Data,
    check_canonical,
    write_canonical,
    write_joined,
)
from voucher_rules.record.carrying import retell_balances
from voucher_rules.record.covers import make_cover
from voucher_rules.record.digests import DigestKind, digest_bytes
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
    written: bytes
    """The canonical bytes of the body."""
    trace_written: bytes
    """Those of the trace."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What a record holds beside the decision: whom it is about, and what is hidden of it.

    ``subject`` is a name of the caller's own, or the digest of a commitment to one; ``hidden`` maps
    names of facts to the digests that stand in for their values.
    """

    subject: str | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)


def make_record(
    result: DecisionResult, balances: Sequence[Data] = (), aside: Aside | None = None
) -> Record:
    """Return the record of a decision; ``balances`` are those of :func:`state_balances`.

    Raises :class:`~voucher_rules.record.canonical.CanonicalError` where a fact is a text that has
    no canonical form.
    """
    beside = aside or Aside()
    cover = make_cover(result.case, beside.hidden)
    trace = state_trace(result.program.rules, result.evaluation.rules, cover)
    facts = state_facts(result.case, result.ruleset, beside.hidden)
    outcome = state_outcome(result, cover)
    # Each part is written once: for its own digest, and as it stands within the body.
    parts = {"facts": write_canonical(facts), "outcome": write_canonical(outcome)}
    trace_written = write_canonical(trace)
    rest = {
        "schema": SCHEMA,
        "profile": PROFILE,
        "engine": {"name": ENGINE, "semantics": find_semantics(result)},
        **_state_law(result),
        "decision": result.decision.name,
        "as_of": _state_day(result.as_of),
        "subject": beside.subject,
        "provenance": state_provenance(result.case),
        "unanswered": sorted(result.case.unanswered),
        "balances": retell_balances(balances, result.case, result.ruleset, cover),
        "facts_digest": digest_bytes(DigestKind.FACTS, parts["facts"]),
        "outcome_digest": digest_bytes(DigestKind.OUTCOME, parts["outcome"]),
        "trace_digest": digest_bytes(DigestKind.TRACE, trace_written),
    }
    check_canonical(rest)
    written = write_joined(rest, parts)
    body = {**rest, "facts": facts, "outcome": outcome}
    digest = digest_bytes(DigestKind.DECISION, written)
    return Record(body, trace, digest, written, trace_written)


def _state_law(result: DecisionResult) -> dict[str, Data]:
    """Return the law decided under: the ruleset, what it rests on, and what was laid over it."""
    ruleset = result.ruleset
    whole = list(_list_rulesets(ruleset))
    calendars = {x.calendar.id: x.calendar.digest for x in whole if x.calendar is not None}
    return {
        "ruleset": {**_name_ruleset(ruleset), "source_digest": ruleset.source_digest},
        "uses": [_name_ruleset(used) for used in whole[1:]],
        "calendars": calendars,
        "notices": sorted({item.notice.digest for x in whole for item in x.notices}),
        "readings": dict(result.options.readings),
        "assume_in_force": result.options.assume_in_force,
        "placed_by": result.options.placed_by or None,
        "overlays": [_state_overlay(item) for item in result.overlays],
    }


def _list_rulesets(ruleset: CheckedRuleset) -> Iterator[CheckedRuleset]:
    """Yield a ruleset and all it uses, near and far, each as often as it is used."""
    yield ruleset
    for _, used in sorted(ruleset.uses.items()):
        yield from _list_rulesets(used.ruleset)


def _name_ruleset(ruleset: CheckedRuleset) -> dict[str, Data]:
    return {
        "id": ruleset.id,
        "edition": ruleset.edition,
        "semantic_digest": ruleset.semantic_digest,
    }


def list_pins(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the digests of the calendars and notices a recorded decision rested on."""
    return frozenset({*body["calendars"].values(), *body["notices"]})


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


def state_balances(trails: Sequence[Trail], ruleset: CheckedRuleset) -> list[Data]:
    """Return the balances a decision read from a ledger, and what each was made of."""
    return [_state_trail(trail, ruleset) for trail in trails]


def _state_trail(trail: Trail, ruleset: CheckedRuleset) -> Data:
    """Return a balance read from a ledger, and the lots it was made of, each with its entries."""
    rested = trail.rested
    histories = ruleset.histories
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
