"""Comes in: the tree of a case file. Goes out: its parts, each word with its place.

As with rulesets, this proves the shape alone: which keys, which lists, not what they mean.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeAlias

from pydantic import BeforeValidator, Field

from voucher_rules.ruleset.shapes import Doc, Word
from voucher_rules.sources.tree import Mapping, Scalar, Sequence

SINGLE: Final = frozenset({"amount", "otherwise", "range"})
"""The keys that speak of the single amount of a decision where no output is named. The names of
outputs have a dot, so none of them is meant."""


def _list_one(value: object) -> object:
    """Take one name for a list of it."""
    if not isinstance(value, Scalar):
        return value
    made = Sequence([value])
    made.span = value.span
    return made


def _name_one(key: str) -> BeforeValidator:
    """Take what is not told apart by output for what is said under ``key`` itself."""

    def name(value: object) -> object:
        if not isinstance(value, Scalar | Sequence):
            return value
        made = Mapping({Scalar(key, value.span, exact=False): value})
        made.span = value.span
        return made

    return BeforeValidator(name)


NotEmpty: Final = Field(min_length=1)
Names: TypeAlias = Annotated[tuple[Word, ...], BeforeValidator(_list_one)]
"""An empty list says that there are none, where all there are must be named."""
SomeNames: TypeAlias = Annotated[tuple[Word, ...], BeforeValidator(_list_one), NotEmpty]
Facts: TypeAlias = dict[Word, Any]
"""Facts stay as they were read: the door of the ruleset judges them."""


class ExpectDoc(Doc):
    """What the decision must come to. What is not named is not compared."""

    outcome: Word | None = None
    amount: Word | None = None
    amounts: Annotated[dict[Word, Word], NotEmpty] | None = None
    otherwise: Annotated[dict[Word, Word], _name_one("otherwise"), NotEmpty] | None = None
    between: Annotated[dict[Word, tuple[Word, ...]], _name_one("range"), NotEmpty] | None = Field(
        default=None, alias="range"
    )
    exact: Word | None = None
    binding: Names | None = None
    articles: Names | None = None
    reasons: Names | None = None
    missing: Names | None = None
    possible: SomeNames | None = None
    papers: Names | None = None
    values: Annotated[dict[Word, Any], NotEmpty] | None = None
    warnings: SomeNames | None = None
    no_warnings: SomeNames | None = None
    consequences: Names | None = None
    periods: Annotated[dict[Word, tuple[Word, ...]], NotEmpty] | None = None
    deadlines: Annotated[dict[Word, Word], NotEmpty] | None = None
    ranking: Annotated[dict[Word, tuple[Word, ...]], NotEmpty] | None = None
    first: Annotated[dict[Word, tuple[Word, ...]], NotEmpty] | None = None


class CaseDoc(Doc):
    """One case: what is given, and what it must come to.

    ``decision`` may be left out here so that its absence is told in the words of cases.
    """

    name: Word
    decision: Word | None = None
    on: Word | None = None
    base: SomeNames = ()
    given: Facts = Field(default_factory=dict)
    readings: dict[Word, Word] = Field(default_factory=dict)
    settings: dict[Word, Word] = Field(default_factory=dict, alias="set")
    in_force_from: Word | None = None
    assume_in_force: Word | None = None
    expect: ExpectDoc = Field(default_factory=ExpectDoc)
    because: Word


class OutOfReachDoc(Doc):
    """A side of a limit on which no case can stand, and why."""

    site: Word
    side: Word
    because: Word


class LimitsDoc(Doc):
    """What is known of the limits of a ruleset: the sides that are out of reach."""

    out_of_reach: tuple[OutOfReachDoc, ...]


class CaseFileDoc(Doc):
    """A whole case file.

    That there are cases is seen to later: a least length would count only those without a fault.
    """

    ruleset: Word | None = None
    edition: Word | None = None
    notices: SomeNames = ()
    bases: dict[Word, Facts] = Field(default_factory=dict)
    cases: tuple[CaseDoc, ...]
