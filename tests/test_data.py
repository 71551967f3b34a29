"""Data classes whose methods are written when used, held against the standard library's."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any, Final

import pytest

from voucher_rules import data
from voucher_rules.spans import Span

Make = Callable[..., Any]
KINDS: Final = (
    {},
    {"frozen": True},
    {"slots": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "order": True},
    {"frozen": True, "eq": False},
)


def declare(make: Make, **kind: bool) -> Any:  # noqa: ANN401 - a class
    """Return a class with fields of every sort."""

    @make(**kind)
    class Thing:
        """Something with fields."""

        one: int
        two: str = "b"
        many: list[int] = field(default_factory=list, compare=False)
        hidden: int = field(default=7, repr=False)
        apart: int = field(default=1, init=False)
        later: int = field(init=False, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "later", self.one + 1)

    return Thing


def tell(make: Make, **kind: bool) -> list[object]:
    """Return all that can be told of a class, and of things of it."""
    thing = declare(make, **kind)
    made, same, other = thing(1), thing(1, many=[3]), thing(2, "a", hidden=9)
    told: list[object] = [repr(x) for x in (made, same, other)]
    told += [made == same, made == other, made != 1, made.many is not thing(1).many, made.later]
    told += [[x.name for x in dataclasses.fields(thing)], thing.__match_args__, thing.__doc__]
    told += [str(inspect.signature(thing)), dataclasses.asdict(other)]
    told += [repr(dataclasses.replace(made, two="c")), repr(copy.deepcopy(other))]
    for ask in (hash, lambda x: setattr(x, "one", 5), lambda x: delattr(x, "one")):
        try:
            ask(made)
            told.append("done")
        except (TypeError, FrozenInstanceError) as error:
            told.append(f"{type(error).__name__}: {error}".replace(repr(thing.__name__), "it"))
    if kind.get("order"):
        told += [made < other, made <= same, made > other, made >= same]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'one'"):
        thing()
    return told


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_they_are_as_those_of_the_standard_library(kind: dict[str, bool]) -> None:
    assert tell(data.dataclass, **kind) == tell(dataclasses.dataclass, **kind)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_is_equal_has_one_digest(kind: dict[str, bool]) -> None:
    thing = declare(data.dataclass, **kind)
    if kind.get("frozen") and kind.get("eq", True):
        assert hash(thing(1)) == hash(thing(1, many=[2])) != hash(thing(2))


def test_methods_of_its_own_stay() -> None:
    @data.dataclass(frozen=True, slots=True)
    class Own:
        one: int

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 3

    assert (repr(Own(1)), Own(1) == Own(2), hash(Own(1))) == ("own", True, 3)


def test_a_method_is_written_when_it_is_first_used() -> None:
    thing = declare(data.dataclass, frozen=True, slots=True)
    assert not inspect.isfunction(vars(thing)["__init__"])
    thing(1)
    assert inspect.isfunction(vars(thing)["__init__"])
    assert not inspect.isfunction(vars(thing)["__hash__"])


def test_things_of_slots_are_kept_and_taken_again() -> None:
    place = Span("a.yaml", 1, 2)
    assert pickle.loads(pickle.dumps(place)) == place == copy.copy(place)  # noqa: S301 - of this test
    assert Span("a.yaml", 1, 2) < Span("a.yaml", 2, 1)


def test_one_class_may_be_made_from_another() -> None:
    base = declare(data.dataclass, frozen=True, slots=True)

    @data.dataclass(frozen=True, slots=True)
    class More(base):  # type: ignore[misc, valid-type]
        more: int = 5

    assert repr(More(1, more=6)).endswith(".More(one=1, two='b', many=[], apart=1, later=2, more=6)")
    assert More(1) != base(1)
