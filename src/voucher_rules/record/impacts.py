"""Comes in: a log, another law. Goes out: what would have come of its decisions under that law.

Hypothetical throughout: nothing here is ever recorded. Each decision is held against what the log
says it came to; decisions that were corrected, taken again or revoked are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from voucher_rules.catalog.open import OpenedRuleset, amend_ruleset, open_ruleset
from voucher_rules.decision.result import Overlay
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program, build_program
from voucher_rules.record.entries import Recorded
from voucher_rules.record.facts import list_hidden
from voucher_rules.record.index import WHAT_IF
from voucher_rules.record.rechecking import decide_again
from voucher_rules.record.verdicts import Result, sum_up
from voucher_rules.record.views import LogView
from voucher_rules.record.workers import count_processors, work_in_order


@dataclass(frozen=True, slots=True)
class Reform:
    """The law to decide under: a ruleset's file, with notices, settings and readings laid over it.

    ``settings`` set parameters to other values (``{"item_ratio": "40%"}``); ``readings`` take the
    place of those recorded; ``folders`` are where what it rests on is sought.
    """

    path: Path
    folders: tuple[Path, ...] = ()
    notices: tuple[Path, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)

    def open(self) -> tuple[OpenedRuleset, tuple[Overlay, ...]]:
        """Read and check the ruleset, with all that is laid over it.

        Raises as :func:`~voucher_rules.catalog.open.open_ruleset` does, and
        :class:`~voucher_rules.InputError` for a setting or a reading there is not.
        """
        opened = open_ruleset(self.path, self.folders, self.notices)
        overlays: tuple[Overlay, ...] = ()
        if self.settings:
            opened, changes = amend_ruleset(opened, self.settings)
            overlays = tuple(Overlay(WHAT_IF, x.parameter, x.before, x.after) for x in changes)
        for name, option in self.readings.items():
            reading = opened.checked.readings.get(name)
            if reading is None:
                raise InputError([Diagnostic("unknown-reading", {"name": name, "near": ""})])
            if option not in reading.options:
                listed = ", ".join(reading.options)
                arguments = {"found": option, "options": listed, "near": ""}
                raise InputError([Diagnostic("not-one-of", arguments, path=f"reading.{name}")])
        return opened, overlays


class Effect(StrEnum):
    """What another law would do to a decision."""

    SAME = "same"
    MORE = "more"
    """Every amount that differs would be larger, or more would be granted."""
    LESS = "less"
    OTHER = "other"
    """It would come out otherwise, and neither more nor less."""
    NOT_DECIDED = "not_decided"
    """It could not be decided under that law: ``detail`` says why."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What another law would do to one recorded decision.

    ``deltas`` are the differences of the amounts known both times (main unit, exact); ``refs`` the
    provisions, in the other law, of the reasons and of the limits that bind.
    """

    seq: int
    subject: str | None
    decision: str
    effect: Effect
    recorded: Result | None
    reformed: Result | None = None
    deltas: Mapping[str, Fraction] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    detail: str = ""


_RANKS: Final = {"granted": 2, "determined": 2, "referred": 1, "denied": 0, "not_in_force": 0}


def list_impacts(
    path: str | Path,
    reform: Reform,
    secrets: Mapping[str, str] | None = None,
    jobs: int | None = None,
) -> Iterator[Impact]:
    """Yield what another law would do to every standing decision of a log, in its order.

    Only decisions of the reform's own ruleset count. Raises :class:`~voucher_rules.RecordError`
    where the log is not sound, and as :meth:`Reform.open` does.
    """
    opened, _ = reform.open()
    view = LogView(path)
    view.load()
    given = (reform, dict(secrets or {}))
    stream = _list_standing(view, opened.checked.id)
    number = count_processors() if jobs is None else jobs
    return work_in_order(_begin, given, _do, stream, number)


def _list_standing(view: LogView, name: str) -> Iterator[Recorded]:
    for item in view.read():
        body = item.entry.body
        if body is None or view.find_taking(item.entry.seq):
            continue
        named = body.get("ruleset")
        if isinstance(named, dict) and named.get("id") == name:
            yield item


_OWN: Final[dict[str, Any]] = {}
"""What a process keeps between two pieces of work: the other law, and the texts that are hidden."""


def _begin(reform: Reform, secrets: Mapping[str, str]) -> None:
    opened, overlays = reform.open()
    _OWN.update(
        law=opened.checked,
        overlays=overlays,
        readings=reform.readings,
        secrets=secrets,
        programs={},
    )


def _do(records: list[Recorded]) -> list[Impact]:
    return [_weigh(item) for item in records]


def _find_program(decision: str) -> Program | None:
    programs, law = _OWN["programs"], _OWN["law"]
    if decision not in programs:
        known = decision in law.decisions
        programs[decision] = build_program(law, decision) if known else None
    found: Program | None = programs[decision]
    return found


def _weigh(item: Recorded) -> Impact:
    body = item.entry.body or {}
    subject = body.get("subject")
    decision, seq = str(body.get("decision", "")), item.entry.seq
    recorded = sum_up(body.get("outcome"))
    try:
        outcome, refs = _decide(body, decision)
    except InputError as error:
        detail = error.render("en")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        detail = f"{type(error).__name__}: {error}"
    else:
        reformed = sum_up(outcome)
        deltas = _subtract(recorded, reformed)
        effect = _judge(recorded, reformed, deltas)
        return Impact(seq, subject, decision, effect, recorded, reformed, deltas, refs)
    return Impact(seq, subject, decision, Effect.NOT_DECIDED, recorded, detail=detail)


def _decide(body: Mapping[str, Any], decision: str) -> tuple[Any, tuple[str, ...]]:
    program = _find_program(decision)
    if program is None:
        message = f"no decision {decision}"
        raise ValueError(message)
    inputs = program.ruleset.inputs
    kept = {
        **body,
        "facts": {name: x for name, x in body["facts"].items() if name in inputs},
        "provenance": {name: x for name, x in body["provenance"].items() if name in inputs},
        "unanswered": [name for name in body["unanswered"] if name in inputs],
        "readings": {**body["readings"], **_OWN["readings"]},
    }
    hidden = list_hidden(kept["facts"])
    shown = {name: _OWN["secrets"][digest] for name, digest in hidden.items()}
    outcome = decide_again(kept, program, shown, _OWN["overlays"]).body["outcome"]
    rules = program.ruleset.rules
    bound = (name for x in outcome["amounts"].values() for name in x["binding"])
    refs = [x["ref"] for x in outcome["reasons"] if x["ref"]]
    refs += [rules[name].citation.ref for name in bound if name in rules]
    return outcome, tuple(dict.fromkeys(refs))


def _subtract(recorded: Result | None, reformed: Result | None) -> dict[str, Fraction]:
    if recorded is None or reformed is None:
        return {}
    known = {
        name: (text, reformed.amounts[name])
        for name, text in recorded.amounts.items()
        if name in reformed.amounts
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


@dataclass(slots=True)
class ImpactTally:
    """The impacts of a log, summed up: how many of each kind, and how much money, by provision.

    ``totals`` are the sums of the differences by amount, those who gain and those who lose apart.
    """

    effects: dict[Effect, int] = field(default_factory=dict)
    gains: dict[str, Fraction] = field(default_factory=dict)
    losses: dict[str, Fraction] = field(default_factory=dict)
    by_ref: dict[str, dict[Effect, int]] = field(default_factory=dict)
    changed: list[Impact] = field(default_factory=list)
    most: int = 200

    def take(self, item: Impact) -> None:
        """Count one decision; of those that change the first ``most`` are kept whole."""
        self.effects[item.effect] = self.effects.get(item.effect, 0) + 1
        for name, delta in item.deltas.items():
            side = self.gains if delta > 0 else self.losses
            if delta:
                side[name] = side.get(name, Fraction(0)) + delta
        if item.effect is Effect.SAME:
            return
        for ref in item.refs:
            counts = self.by_ref.setdefault(ref, {})
            counts[item.effect] = counts.get(item.effect, 0) + 1
        if len(self.changed) < self.most:
            self.changed.append(item)


def sum_impacts(impacts: Sequence[Impact] | Iterator[Impact]) -> ImpactTally:
    """Return the impacts summed up. Raises as :func:`list_impacts` does."""
    tally = ImpactTally()
    for item in impacts:
        tally.take(item)
    return tally
