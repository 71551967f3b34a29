"""Comes in: a log, another law. Goes out: what would have come of its decisions under that law.

Hypothetical throughout: nothing here is ever recorded. Each decision is held against what the log
says it came to; decisions that were corrected, taken again or revoked are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, Final

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.result import Overlay
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RecordError
from voucher_rules.program.build import Program, build_program
from voucher_rules.record.entries import Entry
from voucher_rules.record.facts import list_hidden
from voucher_rules.record.gists import Look, Looked, look_at
from voucher_rules.record.lines import Line, gather_lots
from voucher_rules.record.rechecking import decide_again
from voucher_rules.record.verdicts import Result, sum_up
from voucher_rules.record.views import LogView
from voucher_rules.record.workers import Crew, count_processors


@dataclass(frozen=True, slots=True)
class Reform:
    """The law to decide under, with what departs from it as published.

    ``readings`` take the place of those recorded; the others stay as they were. Where it
    ``assumes_in_force`` every case is decided as if the law were in force on its day.
    """

    ruleset: CheckedRuleset
    overlays: tuple[Overlay, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    assumes_in_force: bool = False


class Effect(StrEnum):
    """What another law would do to a decision."""

    SAME = "same"
    MORE = "more"
    """Every amount that differs would be larger, or more would be granted."""
    LESS = "less"
    OTHER = "other"
    """It would come out otherwise, and neither more nor less."""
    NOT_DECIDED = "not_decided"
    """It could not be decided under that law: ``why`` says why."""


class Hindrance(StrEnum):
    """Why a decision cannot be taken under another law."""

    DECISION_UNKNOWN = "decision_unknown"
    FACTS_HIDDEN = "facts_hidden"
    FACTS_REFUSED = "facts_refused"
    BODY_MALFORMED = "body_malformed"


@dataclass(frozen=True, slots=True)
class Impact:
    """What another law would do to one recorded decision.

    ``deltas`` are the differences of the amounts known both times (main unit, exact). ``why`` tells
    why it could not be decided, ``detail`` and ``refused`` of what.
    """

    seq: int
    request_id: str
    subject: str | None
    decision: str
    question: Wording | None
    labels: Mapping[str, Wording]
    effect: Effect
    recorded: Result | None
    reformed: Result | None = None
    deltas: Mapping[str, Fraction] = field(default_factory=dict)
    why: Hindrance | None = None
    detail: str = ""
    refused: tuple[Diagnostic, ...] = ()

    @property
    def refs(self) -> tuple[str, ...]:
        """The provisions of the other law behind what would come out."""
        return self.reformed.refs if self.reformed else ()


_RANKS: Final = {"granted": 2, "determined": 2, "referred": 1, "denied": 0, "not_in_force": 0}


class ImpactStudy:
    """Goes through a log once: iterate over it, then ask what was left out.

    Only standing decisions of the reform's own ruleset count. ``secrets`` map commitments to the
    texts they stand for; ``jobs`` is how many processes work (None: one for each processor).
    Raises :class:`~voucher_rules.RecordError` where the log is not sound.
    """

    def __init__(
        self,
        path: str | Path,
        reform: Reform,
        secrets: Mapping[str, str] | None = None,
        jobs: int | None = None,
    ) -> None:
        self.view = LogView(path)
        self.reform = reform
        self.others = 0
        """How many decisions were of other rulesets."""
        self.superseded = 0
        """How many decisions of the ruleset were corrected, taken anew or revoked."""
        self._secrets = dict(secrets or {})
        self._jobs = count_processors() if jobs is None else jobs

    def __iter__(self) -> Iterator[Impact]:
        """Yield what would come of every standing decision, in order; to be called once."""
        view = self.view
        given = (view.place, view.header.log_id, self.reform, self._secrets)
        with Crew(_Desk, given, self._jobs, view.place) as crew:
            for item, _ in view.scan_shared(crew, _look):
                if item.faults:
                    raise RecordError(item.faults)
            found = view.reader.scan_shared(crew, _weigh_lines, self._mark_lots())
            for item, made in found:
                if item.faults:
                    raise RecordError(item.faults)
                self.others += made is _Left.OTHER
                self.superseded += made is _Left.SUPERSEDED
                if isinstance(made, Impact):
                    yield made

    def _mark_lots(self) -> Iterator[tuple[list[Line], frozenset[int]]]:
        """Yield the lines the log had in lots, each with those that something took the place of.

        The log was found sound, so that each entry stands on the line its number says.
        """
        size, taking = self.view.size, self.view.find_taking
        for lot in gather_lots(islice(self.view.reader.frame(), size)):
            yield lot, frozenset(x.line for x in lot if taking(x.line - 1))


class _Left(Enum):
    """Why a decision is left out."""

    OTHER = "other"
    SUPERSEDED = "superseded"


class _Desk:
    """What a process that weighs decisions has at hand."""

    def __init__(self, place: str, log_id: str, reform: Reform, secrets: Mapping[str, str]) -> None:
        self.place = place
        self.log_id = log_id
        self.reform = reform
        self.secrets = secrets
        self._programs: dict[str, Program | None] = {}

    def find_program(self, decision: str) -> Program | None:
        law, programs = self.reform.ruleset, self._programs
        if decision in programs:
            return programs[decision]
        if decision not in law.decisions:
            return None
        programs[decision] = build_program(law, decision)
        return programs[decision]


def _look(desk: _Desk, lot: list[Line]) -> list[tuple[Look, None]]:
    return [(look_at(line, desk.place, desk.log_id).look, None) for line in lot]


def _weigh_lines(
    desk: _Desk, marked: tuple[list[Line], frozenset[int]]
) -> list[tuple[Look, Impact | _Left | None]]:
    lot, taken = marked
    looked = [look_at(line, desk.place, desk.log_id) for line in lot]
    return [(item.look, _weigh(desk, item, taken)) for item in looked]


def _weigh(desk: _Desk, item: Looked, taken: frozenset[int]) -> Impact | _Left | None:
    body = item.entry.body if item.entry else None
    if body is None or item.entry is None:
        return None
    named = body.get("ruleset")
    if not isinstance(named, dict) or named.get("id") != desk.reform.ruleset.id:
        return _Left.OTHER
    if item.look.line in taken:
        return _Left.SUPERSEDED
    return _Weighing(desk, item.entry).weigh()


@dataclass(frozen=True, slots=True)
class _Weighing:
    """Weighs what another law would do to one decision."""

    desk: _Desk
    entry: Entry

    def weigh(self) -> Impact:
        body = self.entry.body or {}
        asked = str(body.get("decision", ""))
        program = self.desk.find_program(asked)
        if program is None:
            return self._stop(Hindrance.DECISION_UNKNOWN, detail=asked)
        try:
            hidden = list_hidden(body["facts"])
            lacking = sorted(name for name, x in hidden.items() if x not in self.desk.secrets)
            if lacking:
                return self._stop(Hindrance.FACTS_HIDDEN, detail=", ".join(lacking))
            outcome = self._decide(body, program)
        except InputError as error:
            return self._stop(Hindrance.FACTS_REFUSED, refused=error.diagnostics)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            return self._stop(Hindrance.BODY_MALFORMED, detail=type(error).__name__)
        recorded, reformed = sum_up(body.get("outcome")), sum_up(outcome)
        deltas = _subtract(recorded, reformed)
        return self._make(_judge(recorded, reformed, deltas), reformed=reformed, deltas=deltas)

    def _decide(self, body: Mapping[str, Any], program: Program) -> Any:  # noqa: ANN401 - canonical data
        inputs = program.ruleset.inputs
        kept = {
            **body,
            "facts": {name: x for name, x in body["facts"].items() if name in inputs},
            "provenance": {name: x for name, x in body["provenance"].items() if name in inputs},
            "unanswered": [name for name in body["unanswered"] if name in inputs],
            "readings": {**body["readings"], **self.desk.reform.readings},
        }
        if self.desk.reform.assumes_in_force:
            kept["assume_in_force"] = True
        hidden = list_hidden(kept["facts"])
        shown = {name: self.desk.secrets[digest] for name, digest in hidden.items()}
        _, record = decide_again(kept, program, shown, self.desk.reform.overlays)
        return record.body["outcome"]

    def _stop(
        self, why: Hindrance, *, detail: str = "", refused: tuple[Diagnostic, ...] = ()
    ) -> Impact:
        told = tuple(Diagnostic(x.code, x.arguments, path=x.path) for x in refused)
        return self._make(Effect.NOT_DECIDED, why=why, detail=detail, refused=told)

    def _make(self, effect: Effect, **more: Any) -> Impact:  # noqa: ANN401 - fields of an impact
        entry = self.entry
        body = entry.body or {}
        subject, asked = body.get("subject"), str(body.get("decision", ""))
        spec = self.desk.reform.ruleset.decisions.get(asked)
        return Impact(
            seq=entry.seq,
            request_id=entry.request_id,
            subject=subject if isinstance(subject, str) else None,
            decision=asked,
            question=spec.label if spec else None,
            labels={name: x.label for name, x in spec.outputs.items()} if spec else {},
            effect=effect,
            recorded=sum_up(body.get("outcome")),
            **more,
        )


def _subtract(recorded: Result | None, reformed: Result | None) -> dict[str, Fraction]:
    if recorded is None or reformed is None:
        return {}
    known = {
        name: (text, reformed.amounts[name])
        for name, text in recorded.amounts.items()
        if reformed.currencies.get(name) == recorded.currencies[name]
    }
    return {
        name: Fraction(after) - Fraction(before)
        for name, (before, after) in known.items()
        if before is not None and after is not None
    }


def _judge(
    recorded: Result | None, reformed: Result | None, deltas: Mapping[str, Fraction]
) -> Effect:
    """Return the effect, by the amounts where they differ, else by the outcomes."""
    if recorded is None or reformed is None:
        return Effect.OTHER
    signs = {delta > 0 for delta in deltas.values() if delta}
    if signs:
        return Effect.OTHER if len(signs) > 1 else Effect.MORE if True in signs else Effect.LESS
    if (recorded.outcome, dict(recorded.amounts)) == (reformed.outcome, dict(reformed.amounts)):
        return Effect.SAME
    ranks = [_RANKS.get(x.outcome) for x in (recorded, reformed)]
    if None in ranks or ranks[0] == ranks[1]:
        return Effect.OTHER
    return Effect.MORE if ranks[1] > ranks[0] else Effect.LESS  # type: ignore[operator]
