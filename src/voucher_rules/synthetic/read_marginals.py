"""Comes in: how an analyst says facts are spread. Goes out: ways to draw them, or every fault.

Whatever value is named passes the same door as the facts of a case, so that no row is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any, Final

from voucher_rules.checked.order import find_cycle
from voucher_rules.checked.symbols import Input
from voucher_rules.decision.ordinals import count_grid, value_at
from voucher_rules.decision.stated import (
    UNKNOWN_WORD,
    RefusedError,
    check_bounds,
    is_text,
    read_value,
)
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.synthetic.draws import Wheel
from voucher_rules.synthetic.marginals import (
    Given,
    Marginal,
    Membership,
    Point,
    Ranging,
    Resampling,
    mix,
)
from voucher_rules.synthetic.rows import PARTS
from voucher_rules.synthetic.spreads import Shape, Spread, holds_multiple
from voucher_rules.values.model import Interval, Mark, Ordered, Unknown, Value
from voucher_rules.values.read import TextValueError, read_ratio

Joint = tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]
_RANGE_KEYS: Final = frozenset({"low", "high", "shape", "step"})
_GIVEN_KEYS: Final = frozenset({"given", "options", "otherwise"})
_STEPPED: Final = frozenset({Kind.DATE, Kind.INSTANT, Kind.TIME, Kind.PERIOD, Kind.LIST})
"""Kinds whose steps are told as a plain number of days, seconds, units or records."""


@dataclass(slots=True)
class Stated:
    """What an analyst said: a marginal for single facts, tables for facts that go together."""

    single: dict[str, Marginal] = field(default_factory=dict)
    joint: list[Joint] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)


def read_stated(program: Program, marginals: object, missing: object) -> Stated:
    """Read marginals and shares of missing facts. Raises InputError with every fault."""
    reader = _Reader(program)
    reader.read_marginals(marginals)
    reader.read_missing(missing)
    if not reader.found:
        reader.check_order()
    if reader.found:
        raise InputError(reader.found)
    return reader.stated


@dataclass(slots=True)
class _Reader:
    program: Program
    stated: Stated = field(default_factory=Stated)
    found: list[Diagnostic] = field(default_factory=list)
    path: str = ""

    def read_marginals(self, marginals: object) -> None:
        if marginals is None:
            return
        if not isinstance(marginals, Mapping):
            self.found.append(
                Diagnostic("facts-not-a-mapping", {"found": type(marginals).__name__})
            )
            return
        for key, told in marginals.items():
            self.path = f"marginals.{key}"
            try:
                if isinstance(key, tuple):
                    self._read_joint(key, told)
                else:
                    name = self._find_name(key)
                    self._claim(name)
                    self.stated.single[name] = self._read(name, told)
            except (RefusedError, TextValueError) as error:
                self._note(error)

    def _note(self, error: RefusedError | TextValueError) -> None:
        self.found.append(Diagnostic(error.code, error.arguments, path=self.path))

    def read_missing(self, missing: object) -> None:
        everywhere = [n for n in self.program.inputs if n != self.program.decision.as_of]
        told = missing if isinstance(missing, Mapping) else dict.fromkeys(everywhere, missing)
        for key, share in told.items():
            self.path = f"missing.{key}" if isinstance(missing, Mapping) else "missing"
            try:
                self.stated.missing[self._find_name(key)] = int(_read_share(share) * PARTS)
            except (RefusedError, TextValueError) as error:
                self._note(error)
                if not isinstance(missing, Mapping):
                    return

    def check_order(self) -> None:
        """Check that no fact is given by one that is given by it."""
        needs = {
            name: [
                *(self.stated.single[name].needs if name in self.stated.single else ()),
                *(item.applies.names(*Role) if item.applies is not None else ()),
            ]
            for name, item in self.program.inputs.items()
        }
        cycle = find_cycle(needs)
        if cycle:
            arguments = {"names": " → ".join(cycle)}
            self.found.append(Diagnostic("marginals-circular", arguments, path="marginals"))

    def _find_name(self, key: object) -> str:
        fields = [name for spec in self.program.lists.values() for name in spec.fields]
        known = [*self.program.inputs, *fields]
        if not is_text(key) or key not in known:
            near = suggest_name(str(key), known)
            declared = is_text(key) and key in self.program.ruleset.inputs
            code = "fact-not-read" if declared else "unknown-fact"
            raise RefusedError(code, None, name=str(key), near=near)
        return str(key)

    def _claim(self, name: str) -> None:
        together = {other for names, _ in self.stated.joint for other in names}
        if name in self.stated.single or name in together:
            raise RefusedError("marginal-twice", None, name=name)

    def _declare(self, name: str) -> Input:
        if name in self.program.inputs:
            return self.program.inputs[name]
        return self.program.lists[name.partition(".")[0]].fields[name]

    def _read_value(self, name: str, told: object) -> Value:
        """Read a value as the door does; an unknown one for a fact that is left out."""
        declared = self._declare(name)
        if declared.type.kind is Kind.LIST:
            return self._read_length(name, told)
        if is_text(told) and told == UNKNOWN_WORD:
            return Unknown(None)
        value = read_value(declared, told, self.program.ruleset.zone)
        check_bounds(declared, value, told)
        return value

    def _read_length(self, name: str, told: object) -> int:
        most = self.program.lists[name].most
        number = int(told) if is_text(told) and told.isdecimal() else told
        if type(number) is not int:
            raise RefusedError("wrong-python-type", told, found=str(told), expected="int")
        if not 0 <= number <= most:
            raise RefusedError("out-of-range", told, found=str(told), low="0", high=str(most))
        return number

    def _read(self, name: str, told: object) -> Marginal:
        if isinstance(told, Mapping):
            return self._read_mapping(name, told)
        if is_text(told) or not isinstance(told, Iterable) or isinstance(told, frozenset | set):
            return Point(self._read_value(name, told))
        values = tuple(self._read_value(name, item) for item in told)
        if not values:
            raise RefusedError("marginal-form", None, name=name)
        return Resampling(values)

    def _read_mapping(self, name: str, told: Mapping[Any, Any]) -> Marginal:
        keys = set(told)
        if "given" in keys:
            return self._read_given(name, told)
        domain, _ = split_value(self._declare(name).domain)
        if keys and keys <= _RANGE_KEYS and isinstance(domain, Interval):
            return self._read_range(name, told, domain)
        if self._declare(name).type.kind is Kind.SET:
            return self._read_members(name, told)
        weights = [_read_weight(weight) for weight in told.values()]
        if not weights or min(weights) < 0 or not any(weights):
            raise RefusedError("marginal-weights", None, name=name)
        scale = lcm(*(weight.denominator for weight in weights))
        points = [Point(self._read_value(name, key)) for key in told]
        return mix([(p, int(w * scale)) for p, w in zip(points, weights, strict=True)])

    def _read_members(self, name: str, told: Mapping[Any, Any]) -> Marginal:
        options: list[tuple[str, Wheel]] = []
        for key, share in told.items():
            self._read_value(name, [key])
            part = _read_share(share)
            options.append((str(key), Wheel([part.numerator, part.denominator - part.numerator])))
        return Membership(tuple(options))

    def _read_given(self, name: str, told: Mapping[Any, Any]) -> Marginal:
        unknown = [str(key) for key in told if key not in _GIVEN_KEYS]
        if unknown:
            near = suggest_name(unknown[0], sorted(_GIVEN_KEYS))
            listed = ", ".join(sorted(_GIVEN_KEYS))
            raise RefusedError("not-one-of", None, found=unknown[0], options=listed, near=near)
        other = self._find_name(told["given"])
        lacking = [key for key in ("options", "otherwise") if key not in told]
        if lacking:
            missing = ", ".join(lacking)
            raise RefusedError("marginal-given", None, name=name, given=other, missing=missing)
        options = told["options"]
        if not isinstance(options, Mapping) or other == name:
            raise RefusedError("marginal-form", None, name=name)
        return Given(
            other,
            {self._read_value(other, key): self._read(name, item) for key, item in options.items()},
            self._read(name, told["otherwise"]),
        )

    def _read_range(self, name: str, told: Mapping[Any, Any], domain: Interval) -> Marginal:
        kind = self._declare(name).type
        ends = [
            self._read_end(name, told.get(key), end)
            for key, end in (("low", domain.low), ("high", domain.high))
        ]
        low, high = (count_grid(end, kind) for end in ends)
        low += int(value_at(low, domain.low, kind) < ends[0])  # type: ignore[operator]
        step = self._read_step(name, told.get("step"))
        shape = str(told.get("shape", Shape.EVEN))
        if shape not in set(Shape):
            near = suggest_name(shape, list(Shape))
            raise RefusedError("not-one-of", None, found=shape, options=", ".join(Shape), near=near)
        if low > high or not holds_multiple([(low, high)], step):
            told_low, told_high = str(told.get("low", "")), str(told.get("high", ""))
            raise RefusedError("marginal-range", None, name=name, low=told_low, high=told_high)
        return Ranging(Spread([(low, high)], Shape(shape), step), domain.low, kind)

    def _read_end(self, name: str, told: object, end: Ordered) -> Ordered:
        if told is None:
            return end
        value = self._read_value(name, told)
        if isinstance(value, Unknown | Mark | str | frozenset | bool):
            raise RefusedError("marginal-form", None, name=name)
        return value  # type: ignore[return-value]

    def _read_step(self, name: str, told: object) -> int:
        if told is None:
            return 1
        declared = self._declare(name)
        if declared.type.kind in _STEPPED:
            step = told if type(told) is int else 0
        else:
            value = read_value(declared, told, self.program.ruleset.zone)
            step = count_grid(value, declared.type) if isinstance(value, int | Fraction) else 0
        if step < 1:
            raise RefusedError("marginal-form", None, name=name)
        return step

    def _read_joint(self, key: tuple[Any, ...], told: object) -> None:
        """Read a table of facts that go together: each row a tuple in their order, or a mapping."""
        names = tuple(self._find_name(item) for item in key)
        if any(name not in self.program.inputs or name in self.program.lists for name in names):
            raise RefusedError("marginal-form", None, name=", ".join(names))
        for name in names:
            self._claim(name)
        rows = [self._read_row(names, row) for row in told] if isinstance(told, Iterable) else []
        if not rows or len(set(names)) < len(names):
            raise RefusedError("marginal-form", None, name=", ".join(names))
        self.stated.joint.append((names, tuple(rows)))

    def _read_row(self, names: tuple[str, ...], row: object) -> tuple[Value, ...]:
        if isinstance(row, Mapping):
            cells = [row.get(name, UNKNOWN_WORD) for name in names]
        else:
            cells = list(row) if isinstance(row, tuple | list) else []
        if len(cells) != len(names):
            raise RefusedError("marginal-form", None, name=", ".join(names))
        return tuple(self._read_value(n, cell) for n, cell in zip(names, cells, strict=True))


def _read_weight(told: object) -> Fraction:
    """Read a weight or a share: an exact number, or its text (``30%``, ``1/3``)."""
    if isinstance(told, int | Fraction) and type(told) in (int, Fraction):
        return Fraction(told)
    if isinstance(told, Decimal) and type(told) is Decimal and told.is_finite():
        return Fraction(told)
    if is_text(told):
        return Fraction(read_ratio(told))
    if type(told) is float:
        raise RefusedError("float-refused", told, found=repr(told))
    raise RefusedError("wrong-python-type", told, found=type(told).__name__, expected="ratio")


def _read_share(told: object) -> Fraction:
    share = _read_weight(told)
    if not 0 <= share <= 1:
        raise RefusedError("ratio-out-of-range", told, found=str(told), low="0", high="1")
    return share
