"""Comes in: what a table came to. Goes out: it in some lines, with hints where they help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from voucher_rules.batch.cases.unknown_counts import list_suspects
from voucher_rules.batch.results.fault_counts import FaultCount
from voucher_rules.batch.results.report_words import tell
from voucher_rules.decision.law import FIRST_DAY
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.diagnostic_texts.phrases import tell_argument
from voucher_rules.explain.words import tell as tell_decision

_MOST_FAULTS: Final = 10
"""How many different faults are told; the files of rejected rows have all."""
_MOST_NAMES: Final = 3
"""How many facts that lack are told."""
_FEW: Final = 100
_MANY: Final = 1_000
"""Of up to so few rows nothing is hinted, of more than so many always; between, from 1% on."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a report tells: see :class:`~voucher_rules.BatchReport`, whose fields these are.

    ``executor`` and ``folder`` are empty where there is none.
    """

    rows: Mapping[str, int]
    outcomes: Mapping[str, int]
    faults: Sequence[FaultCount]
    absent: Sequence[str]
    unused: Sequence[str]
    unmatched: Mapping[str, int]
    untold: Mapping[str, int]
    missing: Mapping[str, int]
    executor: str = ""
    reason: str = ""
    place: str = ""
    folder: str = ""


def list_lines(told: Told, language: str) -> Iterator[str]:
    """Yield the lines of a report."""
    if told.executor:
        yield _tell_executor(told, language)
    counts = {key: f"{count:,}" for key, count in told.rows.items()}
    yield tell(language, "rows_total", **counts)
    for name, count in told.unmatched.items():
        yield tell(language, "unmatched", rows=f"{count:,}", name=name)
    for outcome, count in told.outcomes.items():
        label = tell_decision(language, f"outcome.{outcome}")
        yield tell(language, "outcome", outcome=label, count=f"{count:,}")
    yield from _tell_faults(told, language)
    yield from tell_columns(told.absent, told.unused, language)
    yield from _list_hints(told, language)
    if told.folder:
        yield tell(language, "written", path=told.folder)


def tell_columns(absent: Sequence[str], unused: Sequence[str], language: str) -> Iterator[str]:
    """Yield a line of the facts that no column tells, and one of the columns of no fact."""
    joiner = tell_decision(language, "joiner")
    for key, names in (("absent", absent), ("unused", unused)):
        if names:
            yield tell(language, key, names=joiner.join(names))


def _tell_executor(told: Told, language: str) -> str:
    name = tell(language, told.executor)
    if not told.reason:
        return tell(language, "executor", name=name)
    reason = tell_argument("executor-cannot", "reason", told.reason, language)
    mark = "：" if language == "zh" else ": "
    place = f"{told.place}{mark}" if told.place else ""
    return tell(language, "executor_because", name=name, reason=reason, place=place)


def _tell_faults(told: Told, language: str) -> Iterator[str]:
    """Yield a line for each different fault of the rejected rows, of so many at most."""
    for fault in told.faults[:_MOST_FAULTS]:
        said = {"code": fault.code, "place": fault.place, "message": fault.messages[language]}
        counts = {"count": f"{fault.count:,}", "row": f"{fault.first:,}"}
        yield tell(language, "fault" if fault.place else "fault_of_row", **said, **counts)
    if len(told.faults) > _MOST_FAULTS:
        key = "more_faults" if told.folder else "more_rejected"
        yield tell(language, key, count=str(len(told.faults) - _MOST_FAULTS))


# -- hints -----------------------------------------------------------------------------------------


def _list_hints(told: Told, language: str) -> Iterator[str]:
    """Yield what may be done where a table was slow, or much of it stays undetermined."""
    rows, undetermined = told.rows, told.outcomes.get(Outcome.UNDETERMINED, 0)
    if FIRST_DAY in told.missing:
        yield tell(language, "undated", rows=f"{told.missing[FIRST_DAY]:,}")
        return
    lacking = list(list_suspects(told.untold, told.absent, rows))[:_MOST_NAMES]
    if lacking and _is_much(rows["by_reference"], rows["decided"]):
        names = _count_names({name: told.untold[name] for name in lacking}, language)
        yield tell(language, "untold", rows=f"{rows['by_reference']:,}", names=names)
        if not set(lacking).isdisjoint(told.absent):
            yield tell(language, "state")
    if told.missing and _is_much(undetermined, rows["decided"]):
        most = dict(list(told.missing.items())[:_MOST_NAMES])
        names = _count_names(most, language)
        yield tell(language, "missing", rows=f"{undetermined:,}", names=names)


def _is_much(some: int, whole: int) -> bool:
    return some > _MANY or (some > _FEW and some * 100 > whole)


def _count_names(counts: Mapping[str, int], language: str) -> str:
    told = (tell(language, "counted", name=x, count=f"{n:,}") for x, n in counts.items())
    return tell_decision(language, "joiner").join(told)
