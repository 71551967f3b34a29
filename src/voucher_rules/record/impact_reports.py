"""Comes in: what another law would do to each decision. Goes out: one report, hypothetical.

Sums cover every decision. Of those that would change the first are told in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Change
from voucher_rules.decision.decide import list_stated_starts
from voucher_rules.decision.law import FIRST_DAY, FIRST_DAY_LABEL
from voucher_rules.decision.result import Overlay
from voucher_rules.diagnostics import LANGUAGES
from voucher_rules.explain.impact_page import lay_out_impact, lay_out_impact_part, summarize_impact
from voucher_rules.explain.values import Writer
from voucher_rules.explain.whatifs import tell_what_if
from voucher_rules.record.canonical import Data
from voucher_rules.record.impacts import Effect, Impact, ImpactStudy
from voucher_rules.record.reported import LogReport, state_head, state_log
from voucher_rules.record.stating import (
    state_counts,
    state_refused,
    state_result,
    state_wording,
)
from voucher_rules.values.model import CURRENCIES
from voucher_rules.values.write import write_decimal

SCHEMA: Final = "voucher-rules/impact/1"
_IDLE: Final = "not_in_force"
MOST_TOLD: Final = 200
"""How many decisions that would change, and how many that could not be decided, are told."""


@dataclass(slots=True)
class Sums:
    """How many decisions gain and lose, and how much money, by amount and its currency."""

    effects: Counter[Effect] = field(default_factory=Counter)
    gains: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    losses: dict[tuple[str, str], Fraction] = field(default_factory=dict)

    def take(self, item: Impact) -> None:
        """Count one decision."""
        self.effects[item.effect] += 1
        currencies = item.reformed.currencies if item.reformed else {}
        for name, delta in item.deltas.items():
            if delta:
                side = self.gains if delta > 0 else self.losses
                key = (name, currencies[name])
                side[key] = side.get(key, Fraction(0)) + delta

    def to_data(self) -> dict[str, Data]:
        """Return the counts and the sums as canonical data."""
        named = sorted({*self.gains, *self.losses})
        return {
            "effects": state_counts(self.effects, Effect),
            "amounts": [
                {
                    "name": key[0],
                    "currency": key[1],
                    "gains": _state_sum(self.gains.get(key, Fraction(0)), key[1]),
                    "losses": _state_sum(self.losses.get(key, Fraction(0)), key[1]),
                }
                for key in named
            ],
        }


@dataclass(slots=True)
class ImpactTally:
    """What is summed up while a log is gone through; ``by_ref`` by provision of the other law."""

    whole: Sums = field(default_factory=Sums)
    by_ref: dict[str, Sums] = field(default_factory=dict)
    labels: dict[str, Data] = field(default_factory=dict)
    changed: list[Impact] = field(default_factory=list)
    stopped: list[Impact] = field(default_factory=list)
    not_in_force: int = 0
    """How many decisions would come out as not in force: that law was none on their day."""

    def take(self, item: Impact) -> None:
        """Count one decision; of those that change the first are kept whole."""
        self.whole.take(item)
        self.not_in_force += item.reformed is not None and item.reformed.outcome == _IDLE
        if item.effect is Effect.SAME:
            return
        for name, label in item.labels.items():
            self.labels.setdefault(name, state_wording(label))
        for ref in item.refs:
            self.by_ref.setdefault(ref, Sums()).take(item)
        told = self.stopped if item.effect is Effect.NOT_DECIDED else self.changed
        if len(told) < MOST_TOLD:
            told.append(item)


@dataclass(frozen=True, slots=True)
class ImpactReport(LogReport):
    """What another law would have done to the decisions of a log. Hypothetical, never recorded."""

    study: ImpactStudy
    tally: ImpactTally

    @property
    def effects(self) -> Mapping[Effect, int]:
        """How many decisions would come out how."""
        return dict(self.tally.whole.effects)

    def _lay_out(self, language: str) -> str:
        return lay_out_impact(self.to_data(), self.digest, language)

    def _lay_out_part(self, language: str) -> str:
        return lay_out_impact_part(self.to_data(), self.digest, language)

    def _summarize(self, language: str) -> str:
        return summarize_impact(self.to_data(), self.digest, language)

    def __repr__(self) -> str:
        counts = ", ".join(f"{effect} {count}" for effect, count in self.effects.items())
        return f"<{type(self).__name__} {counts}>"

    def to_data(self) -> dict[str, Data]:
        """Return the report as canonical data; ``docs/reference/replay.md`` tells every field."""
        study, tally = self.study, self.tally
        view, law = study.view, study.reform.ruleset
        header = view.header
        return {
            **state_head(SCHEMA),
            "hypothetical": True,
            "log": state_log(header, view.reader.header_digest, view.size, view.head.digest),
            "ruleset": {
                "id": law.id,
                "edition": law.edition,
                "title": state_wording(law.title),
                "semantic_digest": law.semantic_digest,
            },
            "assumed_in_force": study.reform.assumes_in_force,
            "overlays": [
                _state_overlay(x, law) for x in (*study.reform.overlays, *list_stated_starts(law))
            ],
            "readings": [
                {
                    "name": name,
                    "option": option,
                    "question": state_wording(law.readings[name].question),
                    "label": state_wording(law.readings[name].options[option]),
                }
                for name, option in sorted(study.reform.readings.items())
            ],
            "decisions": {
                "count": sum(tally.whole.effects.values()),
                "others": study.others,
                "superseded": study.superseded,
                "not_in_force": tally.not_in_force,
            },
            "whole": tally.whole.to_data(),
            "by_ref": [
                {"ref": ref, **sums.to_data()} for ref, sums in sorted(tally.by_ref.items())
            ],
            "labels": dict(tally.labels),
            "changed": [_state_impact(item) for item in tally.changed],
            "not_decided": [_state_impact(item) for item in tally.stopped],
        }


def report_impact(
    study: ImpactStudy, watch: Callable[[Impact], None] | None = None
) -> ImpactReport:
    """Go through a log and return the report of it; ``watch`` is told every decision.

    Raises :class:`~voucher_rules.RecordError`.
    """
    tally = ImpactTally()
    for item in study:
        tally.take(item)
        if watch is not None:
            watch(item)
    return ImpactReport(study, tally)


def _state_overlay(item: Overlay, law: CheckedRuleset) -> Data:
    known = law.parameters.get(item.target)
    named = known is not None or item.target == FIRST_DAY
    return {
        "kind": item.kind,
        "target": item.target,
        "label": state_wording(known.label if known else FIRST_DAY_LABEL) if named else None,
        "before": item.before,
        "after": item.after,
        "says": None if item.change is None else _tell_change(item.change, law),
    }


def _tell_change(change: Change, law: CheckedRuleset) -> Data:
    """Return what a what-if made otherwise, with amounts as people write them."""
    return {name: tell_what_if(Writer(law, name), change) for name in LANGUAGES}


def _state_sum(value: Fraction, currency: str) -> str:
    known = CURRENCIES.get(currency)
    return write_decimal(value, places=known.digits if known else 0)


def _state_impact(item: Impact) -> Data:
    currencies = item.reformed.currencies if item.reformed else {}
    return {
        "seq": item.seq,
        "request_id": item.request_id,
        "subject": item.subject,
        "decision": item.decision,
        "question": state_wording(item.question),
        "effect": str(item.effect),
        "recorded": state_result(item.recorded),
        "reformed": state_result(item.reformed),
        "deltas": {name: _state_sum(x, currencies[name]) for name, x in item.deltas.items()},
        "why": str(item.why) if item.why else None,
        "detail": item.detail,
        "refused": [state_refused(x) for x in item.refused],
    }
