"""Comes in: a case and a change of it. Goes out: the decision along the fact, both ends marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from voucher_rules.api.following import follow_fact
from voucher_rules.api.picture_options import choose_name
from voucher_rules.api.questions import Asked, find_input, read_values
from voucher_rules.api.variations import Variation
from voucher_rules.checked.symbols import Input, Output
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.values import Writer
from voucher_rules.explain.whatif_words import tell
from voucher_rules.pictures.variations import draw_variation
from voucher_rules.values.model import Value
from voucher_rules.whatif.changes import Shift

if TYPE_CHECKING:
    from voucher_rules.pictures.style import Figure


class Changed(Protocol):
    """A change of facts; see ``api.counterfactuals``."""

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """Each fact with the value it has and the one that does it."""
        ...


@dataclass(frozen=True, slots=True)
class Course:
    """What to follow: a fact of a case, with ``others`` changed, up to the value that does it."""

    asked: Asked
    fact: Input
    then: Value | None
    others: tuple[Shift, ...]
    window: Sequence[object] | None


def choose_course(
    asked: Asked, changes: Sequence[Changed], options: Mapping[str, object]
) -> Course:
    """Return the fact that a picture follows. Raises :class:`~.errors.InputError`."""
    window = options.get("window")
    if window is not None and (isinstance(window, str) or not isinstance(window, Sequence)):
        raise InputError([Diagnostic("range-expected", {}, path="window")])
    fact, number = options.get("fact"), options.get("change")
    if number is None and fact is not None:
        held = [x for x in changes if any(shift.name == fact for shift in x.shifts)]
        if not held:
            declared = find_input(asked.question, str(fact))
            return Course(asked, replace(declared, name=str(fact)), None, (), window)
        chosen = held[0]
    else:
        chosen = _choose_change(changes, number)
    names = [shift.name for shift in chosen.shifts]
    name = choose_name(fact, names, "fact")
    (shift,) = [x for x in chosen.shifts if x.name == name]
    others = tuple(x for x in chosen.shifts if x.name != name)
    declared = replace(find_input(asked.question, name), name=name)
    return Course(asked, declared, shift.after, others, window)


def _choose_change(changes: Sequence[Changed], number: object) -> Changed:
    if not changes:
        raise InputError([Diagnostic("nothing-to-draw", {"name": "changes"}, path="plot")])
    if number is None:
        return changes[0]
    if type(number) is not int or not 1 <= number <= len(changes):
        listed = ", ".join(str(x) for x in range(1, len(changes) + 1))
        told = {"found": str(number), "options": listed, "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path="change")])
    return changes[number - 1]


def draw_course(course: Course, output: Output | None, title: str, language: str) -> Figure:
    """Draw a decision along a fact, the value of now and the one that does it marked."""
    asked = _change_others(course)
    pieces = follow_fact(asked, course.fact, output)
    varied = Variation(asked, course.fact, output, pieces, ())
    bounds = None if course.window is None else read_values(asked, course.fact, course.window)
    notes = [title, *_tell_others(course, language)]
    return draw_variation(varied, bounds, language, then=course.then, notes=notes)


def _change_others(course: Course) -> Asked:
    """Return the case with the other facts of the change as they are then."""
    asked, changes = course.asked, {x.name: x.after for x in course.others}
    if not changes:
        return asked
    result = asked.question.decide(changes)
    return replace(asked, question=asked.question.change(changes), base=result)


def _tell_others(course: Course, language: str) -> list[str]:
    writer = Writer(course.asked.ruleset.checked, language)
    return [
        tell(
            language,
            "picture.others",
            label=writer.label_input(x.name),
            value=writer.write_value(
                x.after, course.asked.question.program.find_input(x.name).type
            ),
        )
        for x in course.others
    ]
