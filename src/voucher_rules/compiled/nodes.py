"""Comes in: nothing. Goes out: the typed nodes of a kernel, and what a kernel gives.

A kernel is one decision under one law as a list of small steps on whole numbers, truths and texts.
Amounts are whole numbers over a whole denominator, days are counted from the first day of year 1,
moments in microseconds from its start, options by their place, sets as bit masks. No step can fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Final, NamedTuple, cast

from voucher_rules.language.types import Type
from voucher_rules.program.build import Program
from voucher_rules.values.model import PeriodUnit


class Sort(Enum):
    """What a node holds."""

    BOOL = "truth"
    INT = "whole number"
    TEXT = "text"


class Op(StrEnum):
    """What a node does."""

    CONST = "const"
    INPUT = "input"
    FIELD = "field"
    AND = "and"
    OR = "or"
    NOT = "not"
    LE = "le"
    EQ = "eq"
    SAME = "same"
    """Whether two texts are the same, however their characters are encoded."""
    SELECT = "select"
    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    FLOORDIV = "floordiv"
    MIN = "min"
    MAX = "max"
    BIT_AND = "bit_and"
    BIT_OR = "bit_or"
    BIT = "bit"
    """The mask that holds one option."""
    COUNT_BITS = "count_bits"
    TABLE = "table"
    """What a tuple of whole numbers holds at a place."""
    YEAR = "year"
    MONTH = "month"
    FIRST_OF_YEAR = "first_of_year"
    LAST_OF_YEAR = "last_of_year"
    ADD_MONTHS = "add_months"
    FOLD_ANY = "fold_any"
    FOLD_ALL = "fold_all"
    FOLD_SUM = "fold_sum"
    FOLD_MIN = "fold_min"
    FOLD_MAX = "fold_max"
    FOLD_BITS = "fold_bits"
    FOLD_DISTINCT = "fold_distinct"


FOLDS: Final = frozenset(op for op in Op if op.startswith("fold_"))
"""Steps that go through the records of a list."""


class Part(StrEnum):
    """What of an input a node reads."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    LENGTH = "length"
    IS_NONE = "is_none"
    IS_MISSING = "is_missing"


class Node(NamedTuple):
    """One step: what it does, with the numbers of the nodes it reads.

    ``low`` and ``high`` bound a whole number. ``data`` is the value of a constant, the table of a
    look-up, or which input is read and what of it. ``scope`` is the list whose record it speaks of.
    """

    op: Op
    args: tuple[int, ...]
    sort: Sort
    low: int
    high: int
    data: object
    scope: str


def list_read_parts(node: Node) -> tuple[tuple[int, ...], Part]:
    """Return where in a row an input stands, with its place in a record, and what of it is read."""
    *at, part = cast("tuple[Any, ...]", node.data)
    return tuple(at), part


def place_of_list(node: Node) -> int:
    """Return where in a row the list stands that a question is asked of."""
    return cast("tuple[int, int]", node.data)[0]


def size_of_list(node: Node) -> tuple[int, int]:
    """Return where that list stands, and how many records it may have."""
    return cast("tuple[int, int]", node.data)


def cells_of(node: Node) -> tuple[int, ...]:
    """Return the cells of a look-up."""
    return cast("tuple[int, ...]", node.data)


class Shape(Enum):
    """How a value of the language stands in nodes."""

    BOOL = "truth"
    NUMBER = "number"
    """A numerator over a denominator, which is above zero."""
    DAY = "day"
    INSTANT = "instant"
    TIME = "time"
    PERIOD = "period"
    CODE = "code"
    SET = "set"
    TEXT = "text"
    LIST = "list"
    SCALE = "scale"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Lowered:
    """A value of the language in nodes.

    ``none``, ``unsure`` and ``waits`` are the nodes that tell whether it does not exist, whether
    only the reference can tell, and whether a person has yet to judge; at most one of them holds.
    A truth that is one of the three is false.
    """

    shape: Shape
    nodes: tuple[int, ...]
    none: int
    unsure: int
    waits: int
    options: tuple[str, ...] = ()
    """The options of a choice or a set, in their order."""
    unit: PeriodUnit | None = None
    """What a period counts; None for one of which no value is known."""
    held: tuple[tuple[int, object], ...] = ()
    """The scales it may be, each with the node under which it is that one."""


class Aim(StrEnum):
    """What a rule does where it applies."""

    TEST = "test"
    """It holds or fails."""
    SOFT_TEST = "soft_test"
    APPLY = "apply"
    SOFT_LIMIT = "soft_limit"


@dataclass(frozen=True, slots=True)
class KernelInput:
    """One input of a kernel, and the place it has in a row."""

    name: str
    type: Type
    shape: Shape
    may_be_none: bool
    may_be_missing: bool
    """Whether it may be left out where it does not exist anyway."""
    denominator: int = 0
    """What a ratio or a number counts in; 0 where each value brings its own."""
    fields: tuple[KernelInput, ...] = ()
    most: int = 0
    """How many records a list may have."""
    low: int = 0
    high: int = 0
    """The bounds of a whole number, a day, a moment or the count of a period."""
    judged: bool = False
    """Whether it is for a person to find: what is missing of it waits."""


@dataclass(frozen=True, slots=True)
class RuleNodes:
    """What becomes of a rule: whether it is left aside, waits for a person, and else holds.

    ``holds`` is true of what is left aside or waits, too.
    """

    rule: str
    aim: Aim
    skipped: int
    waits: int
    holds: int
    decides: bool


@dataclass(frozen=True, slots=True)
class AmountNodes:
    """An amount, what binds it, and what it may be refused for.

    ``lowest`` are the rules that allow least, for an output of which no part may be granted.
    """

    output: str
    amount: int
    none: int
    binding: tuple[tuple[str, int], ...]
    overused: int
    too_much: int
    lowest: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """A decision under one law: what it reads, its steps, and what it gives."""

    program: Program
    first: date
    last: date
    readings: Mapping[str, str]
    assumed: bool
    inputs: tuple[KernelInput, ...]
    nodes: tuple[Node, ...]
    in_force: bool
    unsure: int
    """Whether only the reference can decide the case."""
    misstated: int
    """Whether something is stated that may not be, of what exists under a condition only."""
    denied: int
    referred: int
    rules: tuple[RuleNodes, ...]
    amounts: tuple[AmountNodes, ...]
    values: Mapping[str, Lowered]
    """The variables and outputs that are defined."""
    places: Mapping[int, str]
    """For a node, the rule it was first made for."""


class NotLoweredError(Exception):
    """A decision holds something that no kernel can do yet; tells what, and in which rule."""

    def __init__(self, reason: str, place: str) -> None:
        self.reason = reason
        self.place = place
        super().__init__(f"{place}: {reason}")
