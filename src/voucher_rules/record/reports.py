"""Comes in: the verdicts on every line of a log. Goes out: one report, canonical, with its digest.

Counts cover every line. Of what deviates the first are told in full, so that a report of a log of
any length stays one an auditor can read; how many there are is always told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.record.canonical import PROFILE, Data, write_again
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.instants import write_instant
from voucher_rules.record.keys import Authenticity
from voucher_rules.record.rechecking import Difference, Obstacle, Reproduced
from voucher_rules.record.replaying import CheckpointVerdict, Ending, Replay, Replayed
from voucher_rules.record.scanning import Position
from voucher_rules.record.shelf import RulesetVerdict
from voucher_rules.record.stamping import Stamping
from voucher_rules.record.verdicts import RecordVerdict, Result, StepDifference

Kind = TypeVar("Kind", bound=StrEnum)
SCHEMA: Final = "voucher-rules/replay/1"
MOST_TOLD: Final = 200
"""How many deviations, obstacles and faults of lines a report tells in full."""


class Conclusion(StrEnum):
    """What a replay came to, the gravest first."""

    NOT_SOUND = "not_sound"
    """The log, its chain, a checkpoint or a signature does not hold good."""
    MISMATCH = "mismatch"
    CANNOT_REPLAY = "cannot_replay"
    ALL_MATCH = "all_match"


@dataclass(slots=True)
class Tally:
    """What is counted while a log is gone through."""

    lines: int = 0
    decisions: int = 0
    positions: Counter[Position] = field(default_factory=Counter)
    laws: Counter[RulesetVerdict] = field(default_factory=Counter)
    reproduced: Counter[Reproduced] = field(default_factory=Counter)
    obstacles: Counter[Obstacle] = field(default_factory=Counter)
    unsupported: int = 0
    outcome_differs: int = 0
    faulty: int = 0
    first_bad: int | None = None
    """The first line that is not sound, counted from 1, the header being the first."""
    faults: list[Replayed] = field(default_factory=list)
    mismatches: list[Replayed] = field(default_factory=list)
    stopped: list[Replayed] = field(default_factory=list)

    def take(self, item: Replayed) -> None:
        """Count one line."""
        self.lines += 1
        self.positions[item.position] += 1
        if item.faults or item.position is not Position.OK:
            self.faulty += 1
            self.first_bad = self.first_bad or item.line
            _keep(self.faults, item)
        if item.verdict is not None:
            self._take_verdict(item, item.verdict)

    def _take_verdict(self, item: Replayed, verdict: RecordVerdict) -> None:
        self.decisions += 1
        self.laws[verdict.law] += 1
        self.reproduced[verdict.reproduced] += 1
        self.unsupported += not verdict.semantics_supported
        self.outcome_differs += verdict.outcome_differs
        if verdict.obstacle is not None:
            self.obstacles[verdict.obstacle] += 1
            _keep(self.stopped, item)
        elif verdict.reproduced is Reproduced.MISMATCH:
            _keep(self.mismatches, item)


def _keep(told: list[Replayed], item: Replayed) -> None:
    if len(told) < MOST_TOLD:
        told.append(item)


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay found: every count, the deviations, and what can only be told at the end."""

    tally: Tally
    ending: Ending

    @property
    def is_sound(self) -> bool:
        """Whether every line is whole and in its place, and every checkpoint holds good."""
        ending = self.ending
        good = {Authenticity.OK, Authenticity.ABSENT}
        return not (
            self.tally.faulty
            or ending.torn
            or ending.key_faults
            or ending.coverage.faults
            or ending.coverage.missing
            or any(x.authenticity not in good for x in ending.checkpoints)
            or any(x.stamp.stamping is Stamping.BAD for x in ending.checkpoints)
        )

    @property
    def conclusion(self) -> Conclusion:
        """The gravest finding."""
        if not self.is_sound:
            return Conclusion.NOT_SOUND
        if self.tally.reproduced[Reproduced.MISMATCH]:
            return Conclusion.MISMATCH
        if self.tally.reproduced[Reproduced.CANNOT_REPLAY]:
            return Conclusion.CANNOT_REPLAY
        return Conclusion.ALL_MATCH

    @property
    def written(self) -> bytes:
        """The canonical bytes of the report."""
        return write_again(self.to_data())

    @property
    def digest(self) -> str:
        """The digest that names the report."""
        return digest_bytes(DigestKind.REPORT, self.written)

    def to_data(self) -> dict[str, Data]:
        """Return the report as canonical data; ``docs/reference/replay.md`` tells every field."""
        tally, ending = self.tally, self.ending
        return {
            "schema": SCHEMA,
            "profile": PROFILE,
            "conclusion": str(self.conclusion),
            "log": {
                "id": ending.header.log_id,
                "owner": ending.header.owner,
                "digest": ending.header_digest,
                "lines": tally.lines,
                "kinds": dict(ending.kinds),
            },
            "integrity": {
                "faulty": tally.faulty,
                "first_bad": tally.first_bad,
                "positions": _count(tally.positions, Position),
                "torn": _state_fault(ending.torn) if ending.torn else None,
                "key_faults": [_state_fault(item) for item in ending.key_faults],
                "faults": [_state_line(item) for item in tally.faults],
            },
            "completeness": _state_coverage(ending),
            "checkpoints": [_state_checkpoint(item) for item in ending.checkpoints],
            "decisions": {
                "count": tally.decisions,
                "rulesets": _count(tally.laws, RulesetVerdict),
                "semantics_unsupported": tally.unsupported,
                "reproduced": _count(tally.reproduced, Reproduced),
                "outcome_differs": tally.outcome_differs,
                "obstacles": _count(tally.obstacles, Obstacle),
            },
            "mismatches": [_state_verdict(item) for item in tally.mismatches],
            "not_replayed": [_state_verdict(item) for item in tally.stopped],
        }


def report_replay(replay: Replay) -> Report:
    """Go through a log and return the report of it. Raises :class:`~voucher_rules.RecordError`."""
    tally = Tally()
    for item in replay:
        tally.take(item)
    return Report(tally, replay.ending)


def _count(counter: Mapping[Kind, int], kinds: Iterable[Kind]) -> dict[str, Data]:
    return {str(kind): counter.get(kind, 0) for kind in kinds}


def _state_fault(item: Diagnostic) -> Data:
    return {
        "code": item.code,
        "line": item.span.line if item.span else None,
        "arguments": {str(name): str(text) for name, text in item.arguments.items()},
    }


def _state_line(item: Replayed) -> Data:
    return {
        "line": item.line,
        "seq": item.seq,
        "position": str(item.position),
        "faults": [_state_fault(fault) for fault in item.faults],
    }


def _state_coverage(ending: Ending) -> Data:
    coverage = ending.coverage
    return {
        "verified": coverage.verified,
        "unanchored": list(coverage.unanchored) if coverage.unanchored else None,
        "missing": coverage.missing,
        "faults": [_state_fault(item) for item in coverage.faults],
    }


def _state_checkpoint(item: CheckpointVerdict) -> Data:
    moment = item.stamp.moment
    return {
        "digest": item.digest,
        "size": item.size,
        "authenticity": str(item.authenticity),
        "time": str(item.stamp.stamping),
        "stamped_at": write_instant(moment) if moment else None,
    }


def _state_verdict(item: Replayed) -> Data:
    verdict = item.verdict
    if verdict is None:
        return None
    return {
        "seq": item.seq,
        "kind": str(item.kind),
        "request_id": item.request_id,
        "decision_digest": item.decision_digest,
        "recorded_at": write_instant(item.recorded_at) if item.recorded_at else None,
        "ruleset": verdict.ruleset,
        "edition": verdict.edition,
        "decision": verdict.decision,
        "subject": verdict.subject,
        "ruleset_found": str(verdict.law),
        "reproduced": str(verdict.reproduced),
        "outcome_differs": verdict.outcome_differs,
        "recorded": state_result(verdict.recorded),
        "again": state_result(verdict.again),
        "first_step": _state_step(verdict.first_step),
        "differences": [_state_difference(x) for x in verdict.differences],
        "obstacle": str(verdict.obstacle) if verdict.obstacle else None,
        "detail": verdict.detail,
    }


def state_result(result: Result | None) -> Data:
    """Return what a decision came to, in short, as canonical data."""
    if result is None:
        return None
    return {
        "outcome": result.outcome,
        "amounts": dict(result.amounts),
        "binding": {name: list(rules) for name, rules in result.binding.items()},
        "refs": list(result.refs),
    }


def _state_step(step: StepDifference | None) -> Data:
    if step is None:
        return None
    return {"rule": step.rule, "ref": step.ref, **_state_difference(step.difference)}


def _state_difference(item: Difference) -> dict[str, Data]:
    return {"pointer": item.pointer, "recorded": item.recorded, "again": item.again}
