"""Comes in: a stream. Goes out: a value of a fact, drawn as a marginal says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from voucher_rules.decision.ordinals import value_at
from voucher_rules.language.types import Type
from voucher_rules.synthetic.draws import Stream, Wheel
from voucher_rules.synthetic.spreads import Spread
from voucher_rules.values.model import Ordered, Unknown, Value

Values = Mapping[str, Value]


class Marginal(Protocol):
    """How the values of a fact are spread; ``row`` holds what the row has so far."""

    def draw(self, stream: Stream, row: Values) -> Value:
        """Return a value drawn; an unknown one where the fact is to be left out."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts whose values it looks at."""
        ...


@dataclass(frozen=True, slots=True)
class Point:
    """One value, always the same."""

    value: Value
    needs: tuple[str, ...] = ()

    def draw(self, stream: Stream, row: Values) -> Value:  # noqa: ARG002 - nothing to draw
        """Return the value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Ranging:
    """A value of an ordered type; ``like`` is any one of it."""

    spread: Spread
    like: Ordered
    type: Type
    needs: tuple[str, ...] = ()

    def draw(self, stream: Stream, row: Values) -> Value:  # noqa: ARG002 - looks at no other fact
        """Return a value drawn from the spread."""
        return self.value_at(self.spread.draw(stream))

    def value_at(self, step: int) -> Ordered:
        """Return the value at a step."""
        return value_at(step, self.like, self.type)


@dataclass(frozen=True, slots=True)
class Membership:
    """A set: each option in it as often as its two weights say, in and out."""

    options: tuple[tuple[str, Wheel], ...]
    needs: tuple[str, ...] = ()

    def draw(self, stream: Stream, row: Values) -> Value:  # noqa: ARG002 - looks at no other fact
        """Return the options that are in it."""
        return frozenset(name for name, wheel in self.options if wheel.pick(stream) == 0)


@dataclass(frozen=True, slots=True)
class Resampling:
    """A value out of a table, each row of it as likely as any other."""

    values: Sequence[Value]
    needs: tuple[str, ...] = ()

    def draw(self, stream: Stream, row: Values) -> Value:  # noqa: ARG002 - looks at no other fact
        """Return one of the values."""
        return self.values[stream.below(len(self.values))]


@dataclass(frozen=True, slots=True)
class Mixture:
    """One of several ways to draw, each as often as its weight says."""

    parts: tuple[Marginal, ...]
    wheel: Wheel
    needs: tuple[str, ...] = ()

    def draw(self, stream: Stream, row: Values) -> Value:
        """Return a value drawn in the way picked."""
        return self.parts[self.wheel.pick(stream)].draw(stream, row)


@dataclass(frozen=True, slots=True)
class Given:
    """A way to draw for each value of another fact."""

    fact: str
    options: Mapping[Value, Marginal]
    otherwise: Marginal
    needs: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        further = [n for item in (*self.options.values(), self.otherwise) for n in item.needs]
        object.__setattr__(self, "needs", tuple(dict.fromkeys([self.fact, *further])))

    def draw(self, stream: Stream, row: Values) -> Value:
        """Return a value drawn in the way that goes with the other fact."""
        other = row.get(self.fact)
        found = None if other is None or isinstance(other, Unknown) else self.options.get(other)
        return (found or self.otherwise).draw(stream, row)


def mix(parts: Sequence[tuple[Marginal, int]]) -> Marginal:
    """Return one of several ways to draw; those of no weight are left out."""
    kept = [(part, weight) for part, weight in parts if weight > 0]
    if len(kept) == 1:
        return kept[0][0]
    return Mixture(tuple(part for part, _ in kept), Wheel([weight for _, weight in kept]))
