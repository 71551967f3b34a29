"""Comes in: an evaluation. Goes out: the values notices set on which it, or what it called, rests.

A notice counts for a decision where it set a parameter the decision reads, on the day that picks
the value; where that day is not known, on any day it may be. One that set the value it had anyway
changed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from voucher_rules.checked.symbols import DatedValue, NoticeChange
from voucher_rules.decision.evaluate import Evaluation, called_of
from voucher_rules.decision.result import Overlay
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import Interval, Value


def list_notice_overlays(
    program: Program, values: Mapping[str, Value], evaluation: Evaluation
) -> list[Overlay]:
    """Return what notices changed for a decision, each once, in the order it is read."""
    found = dict.fromkeys(_list_changes(program, values, evaluation))
    return [Overlay("notice", x.parameter, x.before, x.after, x) for x in found]


def _list_changes(
    program: Program, values: Mapping[str, Value], evaluation: Evaluation
) -> Iterator[NoticeChange]:
    for parameter in program.parameters.values():
        for item in parameter.values:
            # Most values come from no notice, and every decision asks this of all of them.
            if item.notice is None or item.notice.idle:
                continue
            if _may_hold(item, values[parameter.on or program.decision.as_of]):
                yield item.notice
    for result in evaluation.rules.values():
        called = called_of(result)
        if called is not None:
            for inner in called.evaluations:
                yield from _list_changes(called.program, called.box, inner)


def _may_hold(item: DatedValue, day: Value) -> bool:
    """Return whether a value holds on some day there may be."""
    domain, _ = split_value(day)
    if not isinstance(domain, Interval):
        return False
    start, until = item.start or date.min, item.until or date.max
    return start <= domain.high and domain.low <= until  # type: ignore[operator]
