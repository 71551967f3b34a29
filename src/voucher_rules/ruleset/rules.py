"""Comes in: a tree of text. Goes out: the rules of a provision, each with one mechanic."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from voucher_rules.ruleset.shapes import Bilingual, Doc, Word, Words, check_together

MECHANICS: Final = (
    "require",
    "exclude",
    "limits",
    "define",
    "window",
    "documents",
    "rank",
    "consequence",
    "warn",
)
Topic: TypeAlias = Literal[
    "eligibility",
    "exclusion",
    "cap",
    "ratio",
    "validity",
    "deadline",
    "criterion",
    "checklist",
    "priority",
    "sanction",
    "fee",
    "settlement",
    "obligation",
    "note",
]


class WindowDoc(Doc):
    """A span of time: what opens it, how long it lasts, and the act that must fall inside."""

    opens: Word
    lasts: Word
    first_day: Word | None = None
    rolls: Word | None = None
    act: Word | None = None
    gives: Word | None = None

    @model_validator(mode="after")
    def _some_use(self) -> WindowDoc:
        if self.act is None and self.gives is None:
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": "act, gives"})
        return self


class CallDoc(Doc):
    """Another decision asked: what it is asked with, on which day, and what is taken of it."""

    decision: Word
    gives: Word
    asked: dict[Word, Word] = Field(default_factory=dict, alias="with")
    on: Word | None = None


class RankKeyDoc(Doc):
    """One key of an order: what is compared, and which end comes first."""

    key: Word
    first: Word


class ConsequenceDoc(Doc):
    """What follows for a party, from when and until when."""

    party: Bilingual
    effect: Bilingual
    start: Word = Field(alias="from")
    until: Word


class DocumentsDoc(Doc):
    """Papers that must be there: the set fact that holds them, and which of its members."""

    fact: Word
    required: Words


class RuleDoc(Doc):
    """One rule: what it is about for people (``topic``), and one mechanic."""

    id: Word
    topic: Word
    decisions: Words = Field(alias="for")
    when: Word | None = None
    soft: Word | None = None
    key: Word | None = None
    says: Bilingual | None = None
    next: Bilingual | None = None
    each: Word | None = None
    overrides: Words | None = None
    waives: Words | None = None
    unanswered: Word | None = None

    require: Word | None = None
    exclude: Word | None = None
    limits: Word | None = None
    at_most: Word | None = None
    at_least: Word | None = None
    define: Word | None = None
    formula: Word | None = Field(default=None, alias="as")
    of: Word | None = None
    call: CallDoc | None = None
    window: WindowDoc | None = None
    documents: DocumentsDoc | None = None
    rank: tuple[RankKeyDoc, ...] | None = None
    consequence: ConsequenceDoc | None = None
    warn: Bilingual | None = None
    told_to: Word | None = None

    @property
    def mechanic(self) -> str:
        """Return the one mechanic the rule uses; a rule that only waives others has none."""
        return next((name for name in MECHANICS if getattr(self, name) is not None), "waives")

    @model_validator(mode="after")
    def _one_mechanic(self) -> RuleDoc:
        used = [name for name in MECHANICS if getattr(self, name) is not None]
        if len(used) != 1 and (used or self.waives is None):
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": ", ".join(MECHANICS)})
        bounds = [self.at_most, self.at_least]
        check_together((used == ["limits"]) == (bounds != [None, None]), "limits, at_most")
        if None not in bounds:
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": "at_most, at_least"})
        formulas = [self.formula, self.call]
        check_together((used == ["define"]) == (formulas != [None, None]), "define, as")
        if None not in formulas:
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": "as, call"})
        return self
