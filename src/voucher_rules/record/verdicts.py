"""Comes in: what came of deciding again. Goes out: the verdicts on one record, small and separate.

They are never folded into one yes or no: a record may be whole and not decidable again, or come out
again and stand in a broken chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from voucher_rules.checked.symbols import Wording
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.explain.names import Namer
from voucher_rules.language.terms import Role
from voucher_rules.record.canonical import Data
from voucher_rules.record.currency import UNTOLD, Currency
from voucher_rules.record.partings import Path, find_parting, find_step, follow_path
from voucher_rules.record.rechecking import Difference, Obstacle, Recheck, Reproduced
from voucher_rules.record.shelf import RulesetVerdict
from voucher_rules.record.values import check_number


@dataclass(frozen=True, slots=True)
class Result:
    """What a decision came to, in short: its outcome and its amounts (main unit, as text).

    ``binding`` names the limits that fix each amount, ``refs`` the provisions of the reasons and of
    those limits.
    """

    outcome: str
    amounts: Mapping[str, str | None]
    currencies: Mapping[str, str]
    binding: Mapping[str, tuple[str, ...]]
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepValues:
    """What a step gave both times: ``text`` is what the author of the rule wrote.

    ``label`` is what people call it where it is one name; ``kind`` and ``unit`` are of its type.
    """

    text: str
    label: Wording | None
    kind: str
    unit: str
    recorded: Data
    again: Data


@dataclass(frozen=True, slots=True)
class StepDifference:
    """The first step of the trace that differs: of which rule, of which provision, and how.

    ``step`` is the step of the rule and ``cause`` the part of it that makes it differ; both are
    None where what differs is no step, or the log keeps no trace.
    """

    rule: str
    ref: str
    says: Wording | None
    difference: Difference
    step: StepValues | None = None
    cause: StepValues | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """The law a record names, and what people call what was asked of it, where it was found."""

    ruleset: str
    edition: str
    semantic_digest: str
    source_digest: str
    decision: str
    title: Wording | None = None
    question: Wording | None = None
    amounts: Mapping[str, Wording] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordVerdict:
    """The verdicts on deciding one record again.

    ``again`` is None where it could not be decided again; ``recorded`` is None where the body says
    nothing that could be read. ``refused`` tells what was refused of the facts.
    """

    named: Law
    subject: str | None
    as_of: str | None
    law: RulesetVerdict
    semantics: str
    semantics_supported: bool
    reproduced: Reproduced
    recorded: Result | None
    again: Result | None = None
    differences: tuple[Difference, ...] = ()
    first_step: StepDifference | None = None
    outcome_differs: bool = False
    obstacle: Obstacle | None = None
    detail: str = ""
    refused: tuple[Diagnostic, ...] = ()
    currency: Currency = UNTOLD
    """Whether this law was in force on that day, as known when the decision was recorded."""


def judge_record(
    body: Mapping[str, Any],
    trace: Sequence[Data] | None,
    recheck: Recheck,
    currency: Currency = UNTOLD,
) -> RecordVerdict:
    """Return the verdicts on a record, with no part of the ruleset or the trace in them.

    ``currency`` tells whether its law was in force, as judged elsewhere.
    """
    recorded = sum_up(body.get("outcome"))
    subject, engine, as_of = (body.get(name) for name in ("subject", "engine", "as_of"))
    return RecordVerdict(
        named=_name_law(body, recheck),
        subject=subject if isinstance(subject, str) else None,
        as_of=as_of if isinstance(as_of, str) else None,
        law=recheck.law.verdict,
        semantics=str(engine.get("semantics")) if isinstance(engine, dict) else "",
        semantics_supported=recheck.semantics_supported,
        reproduced=recheck.reproduced,
        recorded=recorded,
        again=_sum_up_again(recorded, recheck),
        differences=recheck.differences,
        first_step=_place_step(trace, recheck),
        outcome_differs=recheck.outcome_differs,
        obstacle=recheck.obstacle,
        detail=recheck.detail,
        refused=recheck.refused,
        currency=currency,
    )


def _sum_up_again(recorded: Result | None, recheck: Recheck) -> Result | None:
    """Return what came out again in short; where it is the same bytes, it is so in short."""
    if recheck.again is None or recheck.reproduced is Reproduced.MATCH:
        return recorded if recheck.again else None
    return sum_up(recheck.again.body["outcome"])


def _name_law(body: Mapping[str, Any], recheck: Recheck) -> Law:
    """Return the law as the body names it; what it is called only where that is to be told."""
    named = body.get("ruleset")
    named = named if isinstance(named, dict) else {}
    law = Law(
        ruleset=str(named.get("id", "")),
        edition=str(named.get("edition", "")),
        semantic_digest=str(named.get("semantic_digest", "")),
        source_digest=str(named.get("source_digest", "")),
        decision=str(body.get("decision", "")),
    )
    ruleset = recheck.law.ruleset
    if ruleset is None or recheck.reproduced is Reproduced.MATCH:
        return law
    spec = ruleset.decisions.get(law.decision)
    if spec is None:
        return replace(law, title=ruleset.title)
    labels = {name: item.label for name, item in spec.outputs.items()}
    return replace(law, title=ruleset.title, question=spec.label, amounts=labels)


def sum_up(outcome: Data) -> Result | None:
    """Return an outcome in short, or None where it has not the shape of one."""
    try:
        amounts = outcome["amounts"].items()
        bound = [
            limit["ref"]
            for _, item in amounts
            for limit in item["limits"]
            if limit["rule"] in item["binding"]
        ]
        refs = [x["ref"] for x in outcome["reasons"]] + bound
        return Result(
            str(outcome["status"]),
            {name: _read_amount(item["value"]) for name, item in amounts},
            {name: str(item["currency"]) for name, item in amounts},
            {name: tuple(map(str, item["binding"])) for name, item in amounts},
            tuple(dict.fromkeys(str(ref) for ref in refs if ref is not None)),
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _read_amount(data: Data) -> str | None:
    """Return an amount that is written as amounts are. Raises ValueError or TypeError."""
    if data is not None:
        check_number(data)
    return data  # type: ignore[no-any-return]


def _place_step(trace: Sequence[Data] | None, recheck: Recheck) -> StepDifference | None:
    """Return the first step that differs with its rule; an empty rule where the step is of none."""
    first, ruleset = recheck.first_step, recheck.law.ruleset
    if first is None or ruleset is None:
        return None
    name = recheck.first_rule
    step = cause = None
    parting = find_parting(trace, recheck.again.trace) if trace and recheck.again else None
    if parting is not None and recheck.again is not None:
        name = str(recheck.again.trace[parting.rule]["rule"])
        step = _tell_step(trace, recheck, (parting.rule, *parting.step))
        if parting.cause != parting.step:
            cause = _tell_step(trace, recheck, (parting.rule, *parting.cause))
    rule = ruleset.rules.get(name)
    if rule is None:
        return StepDifference(name, "", None, first, step, cause)
    says = Wording(*(Namer(ruleset, language).say_rule(rule) for language in ("zh", "en")))
    return StepDifference(name, rule.citation.ref, says, first, step, cause)


def _tell_step(trace: Sequence[Data] | None, recheck: Recheck, path: Path) -> StepValues | None:
    """Return what stands at a path of both traces, with what the author of the rule wrote."""
    if recheck.again is None or recheck.result is None or not isinstance(path[0], int):
        return None
    found = find_step(recheck.result, path[0], path[1:])
    if found is None:
        return None
    term, ruleset = found.term, recheck.result.ruleset
    label = None
    if term.role not in {Role.OPERATOR, Role.AGGREGATE, Role.CONSTANT}:
        label = Wording(*(Namer(ruleset, language).label(term) for language in ("zh", "en")))
    recorded, again = (follow_path(x, (*path, 1)) for x in (trace, recheck.again.trace))
    kind = term.type
    return StepValues(term.text or term.name, label, str(kind.kind), kind.unit, recorded, again)
