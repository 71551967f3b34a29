"""Comes in: the inputs of a decision. Goes out: a function that reads facts into a row.

The usual types are judged in the code itself, everything else by the fact's own judge. What the
function does not take is for ``decision.case``: it raises what that door then tells in full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias

from voucher_rules.compiled.facts import (
    Judge,
    find_day_ends,
    list_places,
    make_extra_judges,
    make_judge,
)
from voucher_rules.compiled.inputs import list_inputs
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_load import load_function
from voucher_rules.compiled.python_names import MISSING, Row
from voucher_rules.compiled.rows import NoRowError
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.values.model import CURRENCIES, NONE
from voucher_rules.values.read import FIRST_DAY, LAST_DAY

RowReader: TypeAlias = Callable[[Mapping[str, Any], date | None], tuple[Row, bool]]
"""Takes facts and the day given beside them; returns the row, and whether something is missing of
what surely exists. Raises where the usual door must judge."""
_ABSENT: Final = object()
"""Stands for a fact that is not among those stated."""


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """A function that reads facts into a row, and its code."""

    read: RowReader
    text: str


@dataclass(slots=True)
class _Writer:
    program: Program
    inputs: tuple[KernelInput, ...]
    lines: list[str] = field(default_factory=list)
    space: dict[str, Any] = field(default_factory=dict)

    def write(self) -> str:
        self.lines += [
            "def read(facts, on):",
            "    known, get, lacks = len(facts), facts.get, False",
            # a name of another type may count as the same, and is none
            "    if list(map(type, facts)).count(str) != known: refuse()",
        ]
        for place, item in enumerate(self.inputs):
            self._fetch(place, item)
            self._check(place, item)
        self._say("if known: check_extra(facts)")
        names = ", ".join(f"a{place}" for place in range(len(self.inputs)))
        self._say(f"return ({names},), lacks")
        return "\n".join(self.lines) + "\n"

    def _say(self, line: str) -> None:
        self.lines.append(f"    {line}")

    def _fetch(self, place: int, item: KernelInput) -> None:
        self.space[f"name{place}"] = item.name
        if item.name == self.program.decision.as_of:
            self._say(f"a{place} = get(name{place}, absent)")
            self._say(f"if a{place} is absent: a{place} = on")
            self._say("else:")
            self._say("    known -= 1")
            differs = f"(type(a{place}) is not date or a{place} != on)"
            self._say(f"    if on is not None and {differs}: refuse()")
            return
        lacking = "" if self.program.inputs[item.name].applies else "; lacks = True"
        self._say(f"a{place} = get(name{place}, absent)")
        self._say(f"if a{place} is absent: a{place} = missing{lacking}")
        self._say("else:")
        self._say("    known -= 1")

    def _check(self, place: int, item: KernelInput) -> None:
        name = f"a{place}"
        self.space[f"judge{place}"] = make_judge(self.program, self.program.inputs[item.name], item)
        indent = "" if item.name == self.program.decision.as_of else "    "
        if item.may_be_none:
            self._say(f"{indent}if {name} is none: {name} = None")
            self._say(f"{indent}else:")
            indent += "    "
        for line in self._list_checks(place, item):
            self._say(f"{indent}{line}")

    def _list_checks(self, place: int, item: KernelInput) -> list[str]:
        name, judged = f"a{place}", f"a{place} = judge{place}(a{place})"
        bounds = f"if not {item.low} <= {name} <= {item.high}: refuse()"
        match item.shape:
            case Shape.BOOL:
                return [f"if {name} is not True and {name} is not False: {judged}"]
            case Shape.NUMBER if item.type.kind in {Kind.MONEY, Kind.COUNT}:
                lines = [f"if type({name}) is int:"]
                digits = find_digits(item)
                lines += [f"    {name} *= {10**digits}"] if digits else []
                return [*lines, f"    {bounds}", f"else: {judged}"]
            case Shape.DAY:
                # of the day that fixes the law the input has the ends of a law, not its own bounds
                ends = find_day_ends(self.program.inputs[item.name])
                if ends is None:
                    return [judged]
                lines = [f"if type({name}) is date:", f"    {name} = {name}.toordinal()"]
                lines.append(f"    if not {ends[0]} <= {name} <= {ends[1]}: refuse()")
                return [*lines, f"else: {judged}"]
            case Shape.CODE:
                declared = self.program.inputs[item.name]
                places = list_places(declared, self.program.ruleset.zone)
                self.space[f"places{place}"] = places
                test = f"type({name}) is str and {name} in places{place}"
                return [f"if {test}: {name} = places{place}[{name}]", f"else: {judged}"]
            case _:
                return [judged]


def find_digits(item: KernelInput) -> int:
    """Return how many decimals the main unit of an input's money has."""
    return CURRENCIES[item.type.unit].digits if item.type.kind is Kind.MONEY else 0


def _refuse() -> None:
    raise NoRowError


def _make_extra(program: Program) -> Callable[[Mapping[str, Any]], None]:
    judges: Mapping[str, Judge] = make_extra_judges(program)
    own = program.inputs

    def check_extra(facts: Mapping[str, Any]) -> None:
        for name, stated in facts.items():
            if type(name) is not str or name not in judges:
                if type(name) is str and name in own:
                    continue
                raise NoRowError
            judges[name](stated)

    return check_extra


@lru_cache(maxsize=256)
def list_door_inputs(program: Program) -> tuple[KernelInput, ...]:
    """Return what stands in the rows that the door of a program gives, in its order."""
    return list_inputs(program, (FIRST_DAY, LAST_DAY), {}, lenient=True)


@lru_cache(maxsize=256)
def find_door(program: Program) -> Door:
    """Return the function that reads facts into rows; it is written once for each program."""
    return write_door(program, list_door_inputs(program))


def write_door(program: Program, inputs: tuple[KernelInput, ...]) -> Door:
    """Write the function that reads facts into rows for these inputs, and compile it."""
    writer = _Writer(program, inputs)
    text = writer.write()
    space: dict[str, Any] = {
        "absent": _ABSENT,
        "missing": MISSING,
        "none": NONE,
        "refuse": _refuse,
        "check_extra": _make_extra(program),
        "date": date,
        "type": type,
        "int": int,
        "str": str,
        "len": len,
        "list": list,
        "map": map,
        **writer.space,
    }
    return Door(load_function(text, "read", space), text)
