"""Comes in: the verdicts on every line of a log. Goes out: one report, canonical, with its digest.

Counts cover every line. Of what deviates the first are told in full, so that a report of a log of
any length stays one an auditor can read; how many there are is always told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.explain.replay_page import lay_out_replay, lay_out_replay_part
from voucher_rules.explain.replays import summarize_replay
from voucher_rules.record.canonical import Data
from voucher_rules.record.currency import InForce
from voucher_rules.record.entries import EntryKind
from voucher_rules.record.instants import write_instant
from voucher_rules.record.rechecking import Obstacle, Reproduced
from voucher_rules.record.replaying import Ending, Replay, Replayed
from voucher_rules.record.reported import LogReport, state_head, state_log
from voucher_rules.record.scanning import Position
from voucher_rules.record.shelf import RulesetVerdict
from voucher_rules.record.stating import (
    state_checkpoint,
    state_counts,
    state_coverage,
    state_currency,
    state_fault,
    state_line,
    state_replayed,
)
from voucher_rules.record.verdicts import RecordVerdict
from voucher_rules.record.views import REFERS_TO_CHANGED

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
    rulesets: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """The rulesets named: id, edition and digest, and whether it was found."""
    rulesets_untold: int = 0
    reproduced: Counter[Reproduced] = field(default_factory=Counter)
    obstacles: Counter[Obstacle] = field(default_factory=Counter)
    in_force: Counter[InForce] = field(default_factory=Counter)
    unsupported: int = 0
    outcome_differs: int = 0
    faulty: int = 0
    referring: int = 0
    """How many lines are sound but for what they refer to."""
    first_bad: int | None = None
    """The first line that is not sound, counted from 1, the header being the first."""
    faults: list[Replayed] = field(default_factory=list)
    mismatches: list[Replayed] = field(default_factory=list)
    stopped: list[Replayed] = field(default_factory=list)
    not_in_force: list[Replayed] = field(default_factory=list)
    force_stated: int = 0
    """How many of those say so themselves, or were taken on that assumption."""
    force_untold: list[Replayed] = field(default_factory=list)
    later: dict[int, list[Replayed]] = field(default_factory=dict)
    """What entries that are told in full are referred to by, by their numbers."""

    def take(self, item: Replayed) -> None:
        """Count one line."""
        self.lines += 1
        self.positions[item.position] += 1
        if item.faults or item.position is not Position.OK:
            if all(x.code == REFERS_TO_CHANGED for x in item.faults) and item.faults:
                self.referring += 1
            else:
                self.faulty += 1
                self.first_bad = self.first_bad or item.line
            _keep(self.faults, item)
        if item.refers_seq in self.later:
            _keep(self.later[item.refers_seq], item)
        if item.verdict is not None:
            self._take_verdict(item, item.verdict)

    def _take_verdict(self, item: Replayed, verdict: RecordVerdict) -> None:
        self.decisions += 1
        self.laws[verdict.law] += 1
        self.reproduced[verdict.reproduced] += 1
        self.unsupported += not verdict.semantics_supported
        self.outcome_differs += verdict.outcome_differs
        self._count_ruleset(verdict)
        self.in_force[verdict.currency.in_force] += 1
        self.force_stated += verdict.currency.is_stated
        if verdict.currency.in_force is InForce.UNTOLD:
            _keep(self.force_untold, item)
        elif verdict.currency.in_force is not InForce.YES:
            self._tell(self.not_in_force, item)
        if verdict.obstacle is not None:
            self.obstacles[verdict.obstacle] += 1
            self._tell(self.stopped, item)
        elif verdict.reproduced is Reproduced.MISMATCH:
            self._tell(self.mismatches, item)

    def _count_ruleset(self, verdict: RecordVerdict) -> None:
        named = verdict.named
        key = (named.ruleset, named.edition, named.semantic_digest, str(verdict.law))
        if key in self.rulesets or len(self.rulesets) < MOST_TOLD:
            self.rulesets[key] += 1
        else:
            self.rulesets_untold += 1

    def _tell(self, told: list[Replayed], item: Replayed) -> None:
        if len(told) < MOST_TOLD:
            told.append(item)
            self.later.setdefault(item.seq, [])


def _keep(told: list[Replayed], item: Replayed) -> None:
    if len(told) < MOST_TOLD:
        told.append(item)


@dataclass(frozen=True, slots=True)
class ReplayReport(LogReport):
    """What a replay found: every count, the deviations, and what can only be told at the end."""

    tally: Tally
    ending: Ending
    decided: bool = True
    """Whether decisions were taken again, and not the log alone checked."""

    @property
    def is_sound(self) -> bool:
        """Whether every line is whole and in its place, and every checkpoint holds good."""
        ending = self.ending
        return not (
            self.tally.faulty
            or self.tally.referring
            or ending.torn
            or ending.key_faults
            or ending.coverage.faults
            or ending.coverage.missing
            or ending.checkpoint_faults
        )

    @property
    def checkpoint_faults(self) -> tuple[Diagnostic, ...]:
        """What is wrong with checkpoints and their time stamps themselves, each with its file."""
        return self.ending.checkpoint_faults

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

    def _lay_out(self, language: str) -> str:
        return lay_out_replay(self.to_data(), self.digest, language, self._name_files())

    def _lay_out_part(self, language: str) -> str:
        return lay_out_replay_part(self.to_data(), self.digest, language, self._name_files())

    def _name_files(self) -> dict[str, str]:
        """Return the names of the files of checkpoints, by their digests."""
        return {x.published.digest: Path(x.published.place).name for x in self.ending.checkpoints}

    def _summarize(self, language: str) -> str:
        return summarize_replay(self.to_data(), self.digest, language)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.conclusion}>"

    def to_data(self) -> dict[str, Data]:
        """Return the report as canonical data; ``docs/reference/replay.md`` tells every field."""
        tally, ending = self.tally, self.ending
        header = ending.header
        return {
            **state_head(SCHEMA),
            "conclusion": str(self.conclusion),
            "decided": self.decided,
            "log": {
                **state_log(header, ending.header_digest, ending.size, ending.head),
                "created": write_instant(header.created),
                "lines": tally.lines,
                "kinds": state_counts(ending.kinds, EntryKind),
            },
            "integrity": {
                "faulty": tally.faulty,
                "referring": tally.referring,
                "first_bad": tally.first_bad,
                "positions": state_counts(tally.positions, Position),
                "torn": state_fault(ending.torn) if ending.torn else None,
                "key_faults": [state_fault(item) for item in ending.key_faults],
                "faults": [state_line(item) for item in tally.faults],
            },
            "completeness": state_coverage(ending),
            "keys_from": "elsewhere" if ending.keys_given else "log",
            "checkpoints": self._state_checkpoints(),
            "decisions": {
                "count": tally.decisions,
                "rulesets": state_counts(tally.laws, RulesetVerdict),
                "semantics_unsupported": tally.unsupported,
                "reproduced": state_counts(tally.reproduced, Reproduced),
                "outcome_differs": tally.outcome_differs,
                "in_force": state_counts(tally.in_force, InForce),
                "force_stated": tally.force_stated,
                "obstacles": state_counts(tally.obstacles, Obstacle),
            },
            "rulesets": self._state_rulesets(),
            "rulesets_untold": tally.rulesets_untold,
            "mismatches": self._state_told(tally.mismatches),
            "not_replayed": self._state_told(tally.stopped),
            "not_in_force": [
                state_currency(item, item.verdict) for item in tally.not_in_force if item.verdict
            ],
            "force_untold": [
                state_currency(item, item.verdict) for item in tally.force_untold if item.verdict
            ],
        }

    def _state_checkpoints(self) -> list[Data]:
        anchored = {id(x.published): str(x.anchoring) for x in self.ending.coverage.checkpoints}
        found = sorted(
            self.ending.checkpoints,
            key=lambda x: (x.published.checkpoint.size, x.published.digest),
        )
        return [state_checkpoint(item, anchored[id(item.published)]) for item in found]

    def _state_rulesets(self) -> list[Data]:
        names = ("id", "edition", "semantic_digest", "found")
        counted = sorted(self.tally.rulesets.items())
        return [{**dict(zip(names, key, strict=True)), "decisions": n} for key, n in counted]

    def _state_told(self, told: list[Replayed]) -> list[Data]:
        later = self.tally.later
        return [
            state_replayed(item, item.verdict, later.get(item.seq, ()))
            for item in told
            if item.verdict is not None
        ]


def report_replay(replay: Replay, watch: Callable[[Replayed], None] | None = None) -> ReplayReport:
    """Go through a log and return the report of it; ``watch`` is told every line.

    Raises :class:`~voucher_rules.RecordError`.
    """
    tally = Tally()
    for item in replay:
        tally.take(item)
        if watch is not None:
            watch(item)
    return ReplayReport(tally, replay.ending, replay.decides)
