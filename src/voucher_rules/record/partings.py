"""Comes in: two traces of one case. Goes out: the step where they part, and what it comes from.

Rules are gone through in the order of the document and a rule as it is worked out: its condition
first. A step that differs is followed down to the part that makes it differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.trace import Step
from voucher_rules.record.canonical import Data

Path: TypeAlias = tuple[str | int, ...]
_PARTS: Final = 2
"""Where the parts of a step stand in it."""


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two traces part: in which rule (counted from 0), and at which of its steps.

    ``step`` is the step of the rule that differs and ``cause`` the part of it that makes it differ,
    both as paths within the rule; they are the same where no part does.
    """

    rule: int
    step: Path
    cause: Path


def find_parting(recorded: Sequence[Data], again: Sequence[Data]) -> Parting | None:
    """Return where two traces part; None where no step differs that both have."""
    for number, (one, other) in enumerate(zip(recorded, again, strict=False)):
        if one == other:
            continue
        for path in _list_steps(other):
            pair = follow_path(one, path), follow_path(other, path)
            if None not in pair and pair[0] != pair[1]:
                return Parting(number, path, _find_cause(*pair, path))
    return None


def _list_steps(rule: Data) -> list[Path]:
    steps: list[Path] = [("when",)] if "when" in rule else []
    return [*steps, *(("steps", place) for place in range(len(rule.get("steps", ()))))]


def _find_cause(one: Data, other: Data, path: Path) -> Path:
    """Return the path of the first part that differs and has no part that does."""
    while True:
        if not isinstance(one, list) or one[:1] != other[:1]:
            return path
        parts = [x[_PARTS] if _has_parts(x) else () for x in (one, other)]
        if len(parts[0]) != len(parts[1]):
            return path
        apart = (n for n, pair in enumerate(zip(*parts, strict=True)) if pair[0] != pair[1])
        place = next(apart, None)
        if place is None or not all(isinstance(x[place], list) for x in parts):
            return path
        one, other = (x[place] for x in parts)
        path = (*path, _PARTS, place)


def _has_parts(step: Data) -> bool:
    return isinstance(step, list) and len(step) > _PARTS and isinstance(step[_PARTS], list)


def follow_path(data: Data, path: Path) -> Data:
    """Return what stands at a path, None where nothing does."""
    for name in path:
        try:
            data = data[name]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def find_step(result: DecisionResult, rule: int, path: Path) -> Step | None:
    """Return the step of a decision that stands at a path of its trace."""
    made = result.evaluation.rules[result.program.rules[rule].id]
    first, *rest = path
    places = [x for x in rest if isinstance(x, int)]
    if first == "when":
        step, inner = made.when, places
    else:
        step, inner = made.steps[places[0]], places[1:]
    # Places alternate: where the parts stand, then which of them.
    for place in inner[1::2]:
        if step is None:
            return None
        step = step.parts[place]
    return step
