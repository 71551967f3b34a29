"""Comes in: what came of deciding again. Goes out: the verdicts on one record, small and separate.

They are never folded into one yes or no: a record may be whole and not decidable again, or come out
again and stand in a broken chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voucher_rules.record.canonical import Data
from voucher_rules.record.rechecking import Difference, Obstacle, Recheck, Reproduced
from voucher_rules.record.shelf import RulesetVerdict


@dataclass(frozen=True, slots=True)
class Result:
    """What a decision came to, in short: its outcome and its amounts (main unit, as text).

    ``binding`` names the limits that fix each amount and ``refs`` the provisions of the reasons.
    """

    outcome: str
    amounts: Mapping[str, str | None]
    binding: Mapping[str, tuple[str, ...]]
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepDifference:
    """The first step of the trace that differs: of which rule, of which provision, and how."""

    rule: str
    ref: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class RecordVerdict:
    """The verdicts on deciding one record again.

    ``again`` is None where it could not be decided again; ``recorded`` is None where the body says
    nothing that could be read.
    """

    ruleset: str
    edition: str
    decision: str
    subject: str | None
    law: RulesetVerdict
    semantics_supported: bool
    reproduced: Reproduced
    recorded: Result | None
    again: Result | None = None
    differences: tuple[Difference, ...] = ()
    first_step: StepDifference | None = None
    outcome_differs: bool = False
    obstacle: Obstacle | None = None
    detail: str = ""


def judge_record(
    body: Mapping[str, Any], recheck: Recheck, again: Mapping[str, Any] | None
) -> RecordVerdict:
    """Return the verdicts on a record, with no part of the ruleset or the trace in them.

    ``again`` is the outcome of the decision taken again, as in a body.
    """
    named = body.get("ruleset")
    named = named if isinstance(named, dict) else {}
    subject = body.get("subject")
    return RecordVerdict(
        ruleset=str(named.get("id", "")),
        edition=str(named.get("edition", "")),
        decision=str(body.get("decision", "")),
        subject=subject if isinstance(subject, str) else None,
        law=recheck.law.verdict,
        semantics_supported=recheck.semantics_supported,
        reproduced=recheck.reproduced,
        recorded=sum_up(body.get("outcome")),
        again=None if again is None else sum_up(again),
        differences=recheck.differences,
        first_step=_place_step(recheck),
        outcome_differs=recheck.outcome_differs,
        obstacle=recheck.obstacle,
        detail=recheck.detail,
    )


def sum_up(outcome: Data) -> Result | None:
    """Return an outcome in short, or None where it has not the shape of one."""
    try:
        amounts = outcome["amounts"].items()
        return Result(
            str(outcome["status"]),
            {name: item["value"] for name, item in amounts},
            {name: tuple(map(str, item["binding"])) for name, item in amounts},
            tuple(dict.fromkeys(x["ref"] for x in outcome["reasons"] if x["ref"] is not None)),
        )
    except (KeyError, TypeError, AttributeError):
        return None


def _place_step(recheck: Recheck) -> StepDifference | None:
    """Return the first step that differs with its rule; an empty rule where the step is of none."""
    first, ruleset = recheck.first_step, recheck.law.ruleset
    if first is None or ruleset is None:
        return None
    name = recheck.first_rule
    rule = ruleset.rules.get(name)
    return StepDifference(name, rule.citation.ref if rule else "", first)
