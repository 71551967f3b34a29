"""Comes in: the parameters of a ruleset. Goes out: mutants in which one value is a step aside.

A step is the least by which a value can differ: one fen, one person, one day, a hundredth of a
percentage point, one option more or less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from voucher_rules.checked.domains import read_typed
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.language.types import DATE, Kind, Type
from voucher_rules.sources.tree import Mapping, Path, Scalar, Sequence
from voucher_rules.testing.edits import (
    Edit,
    Mutant,
    make_word,
    read_keys,
    rename_key,
    walk_provisions,
)
from voucher_rules.testing.write import write_fact
from voucher_rules.values.model import Known, Period
from voucher_rules.values.read import TextValueError

_RATIO_STEP: Final = Fraction(1, 10_000)
_NUMBER_STEP: Final = Fraction(1, 100)
_OTHER_UNITS: Final = {"day": "working_day", "working_day": "day", "month": "year", "year": "month"}
_LOWER: Final = {"from": "above", "above": "from"}
_UPPER: Final = {"up_to": "below", "below": "up_to"}
_SCALES: Final = ("level", "whole", "marginal")


@dataclass(frozen=True, slots=True)
class ValueVariations:
    """Lists the mutants of the parameters of one ruleset."""

    checked: CheckedRuleset
    root: Mapping

    def list_all(self) -> Iterator[Mutant]:
        """Yield the mutants of every parameter that decides something."""
        for path, provision in walk_provisions(self.root):
            for name, node in read_keys(read_keys(provision).get("parameters")).items():
                if read_keys(node).get("informative") != "true":
                    yield from self._vary(name, node, (*path, "parameters", name))

    def _vary(self, name: str, node: Mapping, path: Path) -> Iterator[Mutant]:
        held = read_keys(node)
        blocks = list(_list_blocks(node, path))
        for mark, at, block in blocks:
            yield from self._vary_block(name, mark, at, block)
        yield from self._vary_days(name, [(mark, at, block) for mark, at, block in blocks if mark])
        if "over" in held:
            for other in _SCALES:
                if other != held["applies"]:
                    word = held["applies"]
                    edit = Edit((*path, "applies"), make_word(other, word.span))
                    yield _make(f"{name}/applies/{other}", "scale", name, word, other, edit)
        if "on" in held:
            edit = Edit((*path, "on"), None)
            yield _make(f"{name}/on/dropped", "day", name, held["on"], "", edit)
        yield from self._vary_unit(name, node, path)

    def _vary_block(self, name: str, mark: str, path: Path, block: Mapping) -> Iterator[Mutant]:
        held = read_keys(block)
        if "value" in held:
            kind = self.checked.parameters[name].type
            yield from self._vary_value(
                f"{name}{mark}", name, kind, (*path, "value"), held["value"]
            )
        if "table" in held:
            yield from self._vary_cells(name, mark, (*path, "table"), held["table"], ())
        if "brackets" in held:
            yield from self._vary_brackets(name, mark, (*path, "brackets"), held["brackets"])

    def _vary_cells(
        self, name: str, mark: str, path: Path, table: Mapping, keys: tuple[str, ...]
    ) -> Iterator[Mutant]:
        for option, node in read_keys(table).items():
            inner = (*keys, option)
            if isinstance(node, Mapping):
                yield from self._vary_cells(name, mark, (*path, option), node, inner)
            else:
                cell = f"{name}[{', '.join(inner)}]"
                kind = self.checked.parameters[cell].type
                yield from self._vary_value(f"{cell}{mark}", cell, kind, (*path, option), node)

    def _vary_brackets(
        self, name: str, mark: str, path: Path, brackets: Sequence
    ) -> Iterator[Mutant]:
        scale = self.checked.parameters[name]
        gives, entered = scale.gives or scale.type, scale.entered or scale.type
        for number, bracket in enumerate(brackets):
            where = f"{name}[{number + 1}]{mark}"
            value = read_keys(bracket)["value"]
            yield from self._vary_value(where, name, gives, (*path, number, "value"), value)
        for number in range(len(brackets) + 1):
            yield from self._vary_edge(name, mark, path, brackets, number, entered)

    def _vary_edge(  # noqa: PLR0913, PLR0917 - where the edge is takes several
        self, name: str, mark: str, path: Path, brackets: Sequence, number: int, kind: Type
    ) -> Iterator[Mutant]:
        """Yield the edge below a bracket moved and turned, in both brackets that it parts."""
        ends = [
            (place, key, other, read_keys(brackets[place])[key])
            for place, names in ((number - 1, _UPPER), (number, _LOWER))
            if 0 <= place < len(brackets)
            for key, other in names.items()
            if key in read_keys(brackets[place])
        ]
        if not ends:
            return
        where, word = f"{name}[edge {number + 1}]{mark}", ends[0][3]
        turned = tuple(
            Edit((*path, place), rename_key(brackets[place], key, other))
            for place, key, other, _ in ends
        )
        before, after = ends[0][1], ends[0][2]
        yield _make(f"{where}/{before}-to-{after}", "edge", name, word, f"{after} {word}", *turned)
        for step, text in self._step(word, kind):
            moved = tuple(
                Edit((*path, place, key), make_word(text, at.span)) for place, key, _, at in ends
            )
            yield _make(f"{where}/{step}", "edge", name, word, text, *moved)

    def _vary_value(
        self,
        where: str,
        target: str,
        kind: Type,
        path: Path,
        node: Any,  # noqa: ANN401 - text or list
    ) -> Iterator[Mutant]:
        joined = " ".join(node) if isinstance(node, Sequence) else node
        for step, text in self._step(joined, kind):
            edit = Edit(path, make_word(text, node.span))
            yield _make(
                f"{where}/{step}", "value", target, make_word(joined, node.span), text, edit
            )

    def _step(self, text: str, kind: Type) -> list[tuple[str, str]]:
        """Return the neighbours of a value, each with the name of the step to it."""
        try:
            value = read_typed(text, kind, self.checked.zone)
        except TextValueError:
            return []  # unset, or a cell that holds none
        if isinstance(value, frozenset):
            return list(_step_set(value, kind.options))
        if kind.kind is Kind.CHOICE:
            return list(_step_option(str(value), kind.options))
        found = (("down", _shift(value, kind, -1)), ("up", _shift(value, kind, 1)))
        return [(name, write_fact(x, kind)) for name, x in found if x is not None]

    def _vary_days(self, name: str, blocks: list[tuple[str, Path, Mapping]]) -> Iterator[Mutant]:
        """Yield the first and the last days of dated values moved, common borders as one."""
        ends = [(at, read_keys(block)) for _, at, block in blocks]
        if ends and "from" in ends[0][1]:
            yield from self._move(name, [((*ends[0][0], "from"), ends[0][1]["from"])])
        for (at, one), (other_at, other) in pairwise(ends):
            upper = [((*at, "until"), one["until"])] if "until" in one else []
            lower = [((*other_at, "from"), other["from"])] if "from" in other else []
            if upper and lower and _follow(upper[0][1], lower[0][1]):
                yield from self._move(name, [*lower, *upper])
            else:
                for place in (upper, lower):
                    yield from self._move(name, place)
        if ends and "until" in ends[-1][1]:
            yield from self._move(name, [((*ends[-1][0], "until"), ends[-1][1]["until"])])

    def _move(self, name: str, places: list[tuple[Path, Scalar]]) -> Iterator[Mutant]:
        for path, word in places[:1]:
            for step, text in self._step(word, DATE):
                days = 1 if step == "up" else -1
                edits = [Edit(at, make_word(_move_day(x, days), x.span)) for at, x in places]
                where = f"{name}/{path[-1]} {word}/{step}"
                yield _make(where, "dated", name, word, text, *edits)

    def _vary_unit(self, name: str, node: Mapping, path: Path) -> Iterator[Mutant]:
        """Yield a period counted in the other unit it is easily taken for."""
        held = read_keys(node)
        if held["type"] != "period" or not isinstance(held.get("value"), Scalar):
            return
        kind, word = self.checked.parameters[name].type, held["value"]
        try:
            value = read_typed(word, kind, self.checked.zone)
        except TextValueError:
            return
        if isinstance(value, Period) and value.unit in _OTHER_UNITS:
            other = Period(value.count, type(value.unit)(_OTHER_UNITS[value.unit]))
            text = write_fact(other, kind)
            edits = [Edit((*path, "value"), make_word(text, word.span))]
            if "unit" in held or other.unit == "working_day":
                edits.append(Edit((*path, "unit"), make_word(other.unit, word.span)))
            yield _make(f"{name}/unit/{other.unit}", "unit", name, word, text, *edits)


def _make(where: str, kind: str, target: str, word: Scalar, after: str, *edits: Edit) -> Mutant:
    return Mutant(f"parameters/{where}", kind, target, word.span, str(word), after, edits)


def _list_blocks(node: Mapping, path: Path) -> Iterator[tuple[str, Path, Mapping]]:
    """Yield the blocks that hold values, each with a mark of its first day."""
    dated = read_keys(node).get("values")
    if dated is None:
        yield "", path, node
        return
    for number, block in enumerate(dated):
        yield f"@{read_keys(block).get('from', 'start')}", (*path, "values", number), block


def _follow(until: Scalar, start: Scalar) -> bool:
    return date.fromisoformat(until) + timedelta(days=1) == date.fromisoformat(start)


def _move_day(text: str, days: int) -> str:
    return (date.fromisoformat(text) + timedelta(days=days)).isoformat()


def _shift(value: Known, kind: Type, steps: int) -> Known | None:
    """Return a value some steps aside, or None where there is none."""
    match value:
        case bool():
            return (not value) if steps > 0 else None
        case datetime():
            return value + timedelta(minutes=steps)
        case date():
            return value + timedelta(days=steps)
        case time():
            return time(*divmod((value.hour * 60 + value.minute + steps) % 1440, 60))
        case Period():
            return Period(value.count + steps, value.unit) if value.count + steps >= 0 else None
        case int() | Fraction():
            moved = value + steps * _find_step(kind)
            return moved if moved >= 0 or kind.kind is Kind.NUMBER else None
        case _:
            return None


def _find_step(kind: Type) -> int | Fraction:
    if kind.kind is Kind.RATIO:
        return _RATIO_STEP
    return _NUMBER_STEP if kind.kind is Kind.NUMBER else 1


def _step_set(value: frozenset[str], options: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for option in options:
        other = value - {option} if option in value else value | {option}
        if other:
            name = f"without-{option}" if option in value else f"with-{option}"
            yield name, " ".join(x for x in options if x in other)


def _step_option(value: str, options: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    at = options.index(value)
    if at:
        yield "down", options[at - 1]
    if at + 1 < len(options):
        yield "up", options[at + 1]


def step_day(word: Scalar, where: str, kind: str, target: str, path: Path) -> Iterator[Mutant]:
    """Yield a day of the document moved by one, back and forth."""
    for step, days in (("down", -1), ("up", 1)):
        text = _move_day(word, days)
        edit = Edit(path, make_word(text, word.span))
        yield Mutant(f"{where}/{step}", kind, target, word.span, str(word), text, (edit,))
