"""Comes in: changes as a program asks for them. Goes out: them as a what-if makes them, or why not.

Values are text in the notation of rulesets, or Python values of the exact type, as facts are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from voucher_rules.catalog.amend import split_target
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Input, Parameter
from voucher_rules.decision.case import read_on
from voucher_rules.decision.stated import RefusedError, is_text, read_value
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind, Type
from voucher_rules.ruleset.alterations import (
    READING,
    RULE,
    Alteration,
    SetDefault,
    SetPart,
    SetValue,
    SwitchOff,
)
from voucher_rules.ruleset.notice import Days
from voucher_rules.ruleset.whatif import list_cells
from voucher_rules.sources import tree
from voucher_rules.sources.tree import Node, Scalar
from voucher_rules.spans import Span
from voucher_rules.values.model import CURRENCIES, Period, Value
from voucher_rules.values.write import (
    write_decimal,
    write_instant,
    write_period_unit,
    write_ratio,
)

OFF: Final = "off"
ENDS: Final = ("from", "above", "up_to", "below", "value")


@dataclass(frozen=True, slots=True)
class Dated:
    """A value for a parameter from ``from_`` until ``until``, both included (None: without end).

    Days are dates, or text as ``2017-03-01``. On other days the parameter is what it was.
    """

    value: Any
    from_: date | str | None = None
    until: date | str | None = None


def read_changes(ruleset: CheckedRuleset, stated: Mapping[str, Any]) -> tuple[Alteration, ...]:
    """Return the changes a program asks for. Raises :class:`InputError` with every fault."""
    reader = _Reader(ruleset)
    made = [found for name, value in stated.items() for found in reader.read(name, value)]
    if reader.found:
        raise InputError(reader.found)
    return tuple(made)


def name_changes(
    settings: Mapping[str, Any] | None,
    named: Mapping[str, Any],
    from_: date | str | None,
    until: date | str | None,
) -> dict[str, Any]:
    """Return what is to be changed by its name, on the days given. Raises :class:`InputError`."""
    held = {} if settings is None else settings
    if type(held) not in (dict, MappingProxyType):
        arguments = {"found": type(held).__name__}
        raise InputError([Diagnostic("bad-setting", arguments, path="settings")])
    twice = [name for name in named if name in held]
    if twice:
        told = [{"name": name, "first": name} for name in twice]
        raise InputError([Diagnostic("change-made-twice", x, path=x["name"]) for x in told])
    if not (held or named):
        raise InputError([Diagnostic("change-of-nothing", {}, path="settings")])
    made = {**held, **named}
    if from_ is None and until is None:
        return made
    return {k: x if type(x) is Dated else Dated(x, from_, until) for k, x in made.items()}


def place_in_program(error: InputError) -> InputError:
    """Return an error whose places are the names of what was to be changed; it stood in no file."""
    made: list[Diagnostic] = []
    for item in map(_place, error.diagnostics):
        made += [] if item in made else [item]  # one value may stand on several days
    return InputError(made)


def _place(item: Diagnostic) -> Diagnostic:
    if item.span is None or item.span.line:
        return item
    return replace(item, span=None, source="", path=item.span.file)


@dataclass(frozen=True, slots=True)
class _Reader:
    ruleset: CheckedRuleset
    found: list[Diagnostic] = field(default_factory=list)

    def read(self, name: object, stated: Any) -> Iterator[Alteration]:  # noqa: ANN401 - as stated
        """Yield what one name and its value come to; what is refused is noted."""
        if not is_text(name):
            self._refuse("bad-setting", "", found=type(name).__name__)
            return
        try:
            yield from self._read_named(str(name), stated)
        except RefusedError as error:
            self._refuse(error.code, str(name), **error.arguments)
        except InputError as error:
            self.found.extend(replace(x, path=str(name)) for x in error.diagnostics)

    def _refuse(self, code: str, name: str, **arguments: str) -> None:
        self.found.append(Diagnostic(code, arguments, path=name))

    def _read_named(self, name: str, stated: Any) -> Iterator[Alteration]:  # noqa: ANN401 - as stated
        if name.startswith(READING):
            text = _take_text(stated)
            word = _word(name.removeprefix(READING), name)
            yield SetDefault(word, _word(text, name))
        elif name.startswith(RULE):
            yield self._read_rule(name, _take_text(stated))
        else:
            yield from self._read_value(name, stated)

    def _read_rule(self, name: str, text: str) -> Alteration:
        rule, _, key = name.removeprefix(RULE).partition(".")
        if key:
            return SetPart(_word(rule, name), _word(key, name), _word(text, name))
        if text != OFF:
            raise RefusedError("not-one-of", text, found=text, options=OFF, near="")
        return SwitchOff(_word(rule, name))

    def _read_value(self, name: str, stated: Any) -> Iterator[Alteration]:  # noqa: ANN401 - as stated
        days = Days(None, None)
        if type(stated) is Dated:
            days = Days(_read_day(stated.from_), _read_day(stated.until))
            if days.start and days.until and days.until < days.start:
                raise RefusedError("ends-before-start", stated)
            stated = stated.value
        word = _word(name, name)
        node = self._write(name, stated)
        if isinstance(node, tree.Mapping):
            yield from list_cells(word, node, days)
        else:
            yield SetValue(word, node, days)

    def _write(self, name: str, stated: Any) -> Node:  # noqa: ANN401 - as stated
        """Return a value as a node of a tree: a mapping for cells, a list for brackets."""
        if is_text(stated):
            return _word(str(stated), name)
        if type(stated) is dict:
            return _map(name, stated, lambda key, x: self._write(_name_cell(name, key), x))
        parameter = _find(self.ruleset, name)
        if type(stated) in (list, tuple) and parameter is not None and parameter.entered:
            made = tree.Sequence(self._write_bracket(parameter, x) for x in stated)
            made.span = _word(name, name).span
            return made
        return self._write_plain(name, parameter, stated)

    def _write_bracket(self, parameter: Parameter, stated: Any) -> Node:  # noqa: ANN401 - as stated
        if type(stated) is not dict:
            found = type(stated).__name__
            raise RefusedError("wrong-python-type", stated, found=found, expected="dict")
        kinds = dict.fromkeys(ENDS[:-1], parameter.entered or parameter.type)
        kinds["value"] = parameter.type
        unknown = [key for key in stated if key not in kinds]
        if unknown:
            raise RefusedError("unknown-key", stated, key=str(unknown[0]), near="")
        name = parameter.name
        return _map(name, stated, lambda key, x: _word(self._tell(parameter, kinds[key], x), name))

    def _tell(self, parameter: Parameter, kind: Type, stated: Any) -> str:  # noqa: ANN401 - as stated
        if is_text(stated):
            return str(stated)
        return write_stated(self._convert(parameter, kind, stated), kind)

    def _write_plain(self, name: str, parameter: Parameter | None, stated: Any) -> Scalar:  # noqa: ANN401 - as stated
        if parameter is None:
            return _word("—", name)  # there is no such name, which is told when it is looked for
        return _word(self._tell(parameter, parameter.type, stated), name)

    def _convert(self, parameter: Parameter, kind: Type, stated: Any) -> Value:  # noqa: ANN401 - as stated
        declared = Input(parameter.name, Role.FACT, kind, parameter.label, parameter.domain)
        return read_value(declared, stated, self.ruleset.zone)


def _map(name: str, stated: dict[Any, Any], write: Callable[[str, Any], Node]) -> tree.Mapping:
    wrong = [key for key in stated if not is_text(key)]
    if wrong:
        raise RefusedError("bad-setting", wrong[0], found=type(wrong[0]).__name__)
    made = tree.Mapping({_word(str(key), name): write(str(key), x) for key, x in stated.items()})
    made.span = _word(name, name).span
    return made


def _name_cell(name: str, option: str) -> str:
    """Return the name of a cell, or of a row of cells, of what is named."""
    head, part = split_target(name)
    return f"{head}[{part}, {option}]" if part else f"{name}[{option}]"


def _find(ruleset: CheckedRuleset, name: str) -> Parameter | None:
    """Return the parameter of a target, of a bracket its scale; None where there is none."""
    return ruleset.parameters.get(name) or ruleset.parameters.get(split_target(name)[0])


def _take_text(stated: object) -> str:
    if not is_text(stated):
        raise RefusedError("text-expected", stated)
    return str(stated)


def _read_day(day: date | str | None) -> date | None:
    return None if day is None else read_on(day)


def _word(text: str, name: str) -> Scalar:
    """Return a text that stands in no file; faults of it are told by the name it is for."""
    return Scalar(text, Span(name, 0, 0), exact=False)


def write_stated(value: Value, kind: Type) -> str:
    """Return a value in the notation of rulesets, exactly."""
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return write_instant(value)
        case date():
            return value.isoformat()
        case Period():
            return f"{value.count}{write_period_unit(value.unit)}"
        case frozenset():
            return " ".join(sorted(value))
        case int() | Fraction():
            return _write_number(value, kind)
        case _:
            return str(value)


def _write_number(value: int | Fraction, kind: Type) -> str:
    if kind.kind is Kind.MONEY:
        money = CURRENCIES[kind.unit]
        main = next(unit for unit, size in money.units.items() if size == 10**money.digits)
        blank = " " if main.isascii() else ""
        return f"{write_decimal(Fraction(value) / 10**money.digits)}{blank}{main}"
    if kind.kind is Kind.COUNT:
        return f"{value}{kind.unit}"
    return write_ratio(value) if kind.kind is Kind.RATIO else write_decimal(value)
