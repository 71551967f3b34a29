"""Comes in: the body and trace of a record. Goes out: whether the same decision comes out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import Any, Final

from voucher_rules.checked.symbols import Input, Reading
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.decision.result import DecisionResult, Overlay
from voucher_rules.decision.semantics import SEMANTICS, SUPPORTED, UNDATED_IS_OPEN
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program
from voucher_rules.record.body import Aside, Record, make_record
from voucher_rules.record.canonical import Data, point_at, write_again
from voucher_rules.record.carrying import (
    carry_warnings,
    list_filled,
    pass_over_unread,
)
from voucher_rules.record.facts import list_hidden, restate_facts
from voucher_rules.record.shelf import FoundLaw, RulesetShelf, RulesetVerdict


class Reproduced(StrEnum):
    """Whether deciding again gives the same bytes."""

    MATCH = "match"
    MISMATCH = "mismatch"
    CANNOT_REPLAY = "cannot_replay"


class Obstacle(StrEnum):
    """Why a decision cannot be taken again."""

    RULESET_MISSING = "ruleset_missing"
    RULESET_UNREADABLE = "ruleset_unreadable"
    RULESET_DIFFERS = "ruleset_differs"
    SEMANTICS_UNSUPPORTED = "semantics_unsupported"
    DECISION_UNKNOWN = "decision_unknown"
    FACTS_ERASED = "facts_erased"
    FACTS_REFUSED = "facts_refused"
    BODY_MALFORMED = "body_malformed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the record and the decision taken again differ (a JSON Pointer).

    An absent side is None.
    """

    pointer: str
    recorded: Data
    again: Data


@dataclass(frozen=True, slots=True)
class Recheck:
    """What came of deciding again on what a record says.

    ``differences`` are those of the body and ``first_step`` the first of the trace, in the rule
    ``first_rule``; ``outcome_differs`` tells whether anything decided does, or only the way there.
    ``result`` is the decision taken again and ``again`` the record of it. ``obstacle`` and
    ``detail`` tell why there is none, and ``refused`` what was refused of the facts, or of a file
    that is no ruleset.
    """

    reproduced: Reproduced
    law: FoundLaw
    semantics_supported: bool
    differences: tuple[Difference, ...] = ()
    first_step: Difference | None = None
    first_rule: str = ""
    outcome_differs: bool = False
    again: Record | None = None
    result: DecisionResult | None = None
    obstacle: Obstacle | None = None
    detail: str = ""
    refused: tuple[Diagnostic, ...] = ()


MOST_DIFFERENCES: Final = 20
_MOST_SHOWN: Final = 60
_DERIVED: Final = frozenset({"/facts_digest", "/outcome_digest", "/trace_digest"})
"""Digests of parts of the body; they are told last, since they differ wherever the part does."""
_ABSENT: Final = object()
"""Stands for what one side lacks while it is compared; not even null is equal to it."""
_OBSTACLES: Final = {
    RulesetVerdict.MISSING: Obstacle.RULESET_MISSING,
    RulesetVerdict.UNREADABLE: Obstacle.RULESET_UNREADABLE,
    RulesetVerdict.DIFFERS: Obstacle.RULESET_DIFFERS,
}


def recheck_record(
    body: Mapping[str, Any],
    trace: Sequence[Data] | None,
    shelf: RulesetShelf,
    secrets: Mapping[str, str] | None = None,
    parts: Mapping[str, bytes] | None = None,
) -> Recheck:
    """Decide again on what a body says, under the ruleset it names, and compare.

    ``trace`` is None where the log keeps none; then only its digest is compared. ``secrets`` map
    commitments to the texts they stand for. ``parts`` are the canonical bytes of the ``body`` and
    the ``trace``, where they are at hand. Never raises for what a body holds.
    """
    try:
        return _recheck(body, trace, shelf, secrets or {}, parts)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        law = FoundLaw(RulesetVerdict.MISSING)
        detail = f"{type(error).__name__}: {error}"
        return _stop(law, Obstacle.BODY_MALFORMED, detail=detail, supported=False)


def _recheck(
    body: Mapping[str, Any],
    trace: Sequence[Data] | None,
    shelf: RulesetShelf,
    secrets: Mapping[str, str],
    parts: Mapping[str, bytes] | None,
) -> Recheck:
    _check_shape(body)
    law = shelf.find_law(body)
    supported = body["engine"]["semantics"] in SUPPORTED
    if not supported:
        return _stop(law, Obstacle.SEMANTICS_UNSUPPORTED, supported=False)
    if law.ruleset is None:
        return replace(_stop(law, _OBSTACLES[law.verdict]), refused=law.faults)
    program = shelf.find_program(law.ruleset, body["decision"])
    if program is None:
        return _stop(law, Obstacle.DECISION_UNKNOWN, detail=str(body["decision"]))
    hidden = list_hidden(body["facts"])
    erased = sorted(name for name, digest in hidden.items() if digest not in secrets)
    if erased:
        return _stop(law, Obstacle.FACTS_ERASED, detail=", ".join(erased))
    try:
        shown = {name: secrets[digest] for name, digest in hidden.items()}
        meant = int(body["engine"]["semantics"])
        result, again = decide_again(body, program, shown, law.overlays, meant)
    except InputError as error:
        stopped = _stop(law, Obstacle.FACTS_REFUSED)
        return replace(stopped, refused=tuple(_cover(x, shown) for x in error.diagnostics))
    if parts is None:
        parts = {"body": write_again(dict(body)), "trace": write_again(trace)}
    if law.verdict is RulesetVerdict.FOUND and _is_same(parts, trace, again):
        matched = Reproduced.MATCH
        return Recheck(matched, law, semantics_supported=True, again=again, result=result)
    return replace(_compare(body, trace, again, law), result=result)


def _is_same(parts: Mapping[str, bytes], trace: Sequence[Data] | None, again: Record) -> bool:
    """Tell whether both are the same bytes, which takes less time than to look for what differs."""
    same_trace = trace is None or parts["trace"] == again.trace_written
    return same_trace and parts["body"] == again.written


def _cover(item: Diagnostic, shown: Mapping[str, str]) -> Diagnostic:
    """Return what was refused without the texts that the record hides."""
    told = {
        name: "…" if any(text in found for text in shown.values()) else found
        for name, found in item.arguments.items()
    }
    return Diagnostic(item.code, told, path=item.path)


def _check_shape(body: Mapping[str, Any]) -> None:
    """Check the parts of a body that are carried over and not derived again. Raises TypeError."""
    if not isinstance(body["assume_in_force"], bool):
        raise TypeError("assume_in_force")
    for name in ("subject", "placed_by"):
        if not isinstance(body[name], str | None):
            raise TypeError(name)
    if not all(isinstance(item, dict) for item in body["balances"]):
        raise TypeError("balances")


def decide_again(
    body: Mapping[str, Any],
    program: Program,
    shown: Mapping[str, str],
    overlays: tuple[Overlay, ...] = (),
    semantics: int = SEMANTICS,
) -> tuple[DecisionResult, Record]:
    """Return the same case decided under ``program``, and the record of that.

    ``shown`` are the texts of the facts that the body only commits to; ``overlays`` are what-ifs
    built into the program; ``semantics`` is what rules mean. Raises
    :class:`~voucher_rules.InputError` where the program's ruleset refuses the facts; KeyError,
    TypeError or ValueError for a body that no decision was written as.
    """
    _check_names(body, program.ruleset.inputs)
    ruleset, filled = program.ruleset, list_filled(body)
    case = read_case(program, restate_facts(body, ruleset, shown), filled=filled)
    case = pass_over_unread(case, body, ruleset)
    readings = ruleset.readings
    chosen = {name: body["readings"].get(name, item.default) for name, item in readings.items()}
    _check_readings(readings, chosen)
    was_no = semantics < UNDATED_IS_OPEN
    options = Options(chosen, body["assume_in_force"], body["placed_by"] or "", was_no)
    result = carry_warnings(decide(program, case, options, overlays), body)
    aside = Aside(body["subject"], list_hidden(body["facts"]))
    return result, make_record(result, body["balances"], aside)


def _check_names(body: Mapping[str, Any], known: Mapping[str, Input]) -> None:
    """Check that a body speaks of facts there are; the first that is none is told."""
    for name in (*body["facts"], *body["unanswered"], *body["provenance"]):
        if name not in known:
            shown = str(name)[:_MOST_SHOWN]
            raise InputError([Diagnostic("unknown-fact", {"name": shown, "near": ""}, path=shown)])


def _check_readings(known: Mapping[str, Reading], chosen: Mapping[str, object]) -> None:
    """Check that each way to read is one there is: under another no rule of either holds."""
    for name, option in chosen.items():
        if option not in known[name].options:
            listed = ", ".join(known[name].options)
            arguments = {"found": str(option)[:_MOST_SHOWN], "options": listed, "near": ""}
            raise InputError([Diagnostic("not-one-of", arguments, path=f"reading.{name}")])


def _stop(
    law: FoundLaw, obstacle: Obstacle, *, detail: str = "", supported: bool = True
) -> Recheck:
    return Recheck(Reproduced.CANNOT_REPLAY, law, supported, obstacle=obstacle, detail=detail)


def _compare(
    body: Mapping[str, Any], trace: Sequence[Data] | None, again: Record, law: FoundLaw
) -> Recheck:
    recorded, decided = dict(body), dict(again.body)
    if law.verdict is RulesetVerdict.REWRITTEN:
        decided["ruleset"] = {
            **decided["ruleset"],
            "source_digest": body["ruleset"]["source_digest"],
        }
    if _is_alike(recorded, decided) and (trace is None or _is_alike(trace, again.trace)):
        return Recheck(Reproduced.MATCH, law, semantics_supported=True, again=again)
    found = list(_list_differences(recorded, decided, ()))
    found.sort(key=lambda item: item.pointer in _DERIVED)
    steps = None if trace is None else next(_list_differences(trace, again.trace, ()), None)
    if trace is None and body["trace_digest"] != again.body["trace_digest"]:
        steps = Difference("", body["trace_digest"], again.body["trace_digest"])
    return Recheck(
        Reproduced.MISMATCH,
        law,
        semantics_supported=True,
        differences=tuple(found[:MOST_DIFFERENCES]),
        first_step=steps,
        first_rule=_find_rule(steps, again.trace),
        again=again,
        outcome_differs=not _is_alike(recorded["outcome"], decided["outcome"]),
    )


def _is_alike(recorded: Data, again: Data) -> bool:
    """Tell whether both come to the same bytes."""
    return write_again(recorded) == write_again(again)


def _find_rule(step: Difference | None, trace: Sequence[Data]) -> str:
    """Return the rule a step of the trace belongs to, or none where it belongs to none."""
    place = step.pointer.split("/")[1] if step and step.pointer else ""
    known = place.isdigit() and int(place) < len(trace)
    return str(trace[int(place)]["rule"]) if known else ""


def _list_differences(
    recorded: Data, again: Data, path: tuple[str | int, ...]
) -> Iterator[Difference]:
    """Yield every place where two data differ, the first first."""
    if isinstance(recorded, dict) and isinstance(again, dict):
        for name in dict.fromkeys((*sorted(recorded), *sorted(again))):
            pair = (recorded.get(name, _ABSENT), again.get(name, _ABSENT))
            yield from _list_differences(*pair, (*path, name))
    elif isinstance(recorded, list) and isinstance(again, list | tuple):
        for place, pair in enumerate(zip_longest(recorded, again, fillvalue=_ABSENT)):
            yield from _list_differences(*pair, (*path, place))
    elif recorded != again or type(recorded) is not type(again):
        yield Difference(point_at(path), _show(recorded), _show(again))


def _show(data: Data) -> Data:
    return None if data is _ABSENT else data
