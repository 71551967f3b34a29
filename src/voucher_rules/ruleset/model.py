"""Comes in: a tree of text. Goes out: a ruleset document of the right shape."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from voucher_rules.ruleset.declarations import (
    ChoiceDoc,
    DecisionDoc,
    FactDoc,
    FindingDoc,
    ListDoc,
    ReadingDoc,
)
from voucher_rules.ruleset.histories import BalanceDoc, LifecycleDoc, PoolDoc
from voucher_rules.ruleset.parameters import ParameterDoc
from voucher_rules.ruleset.rules import RuleDoc
from voucher_rules.ruleset.shapes import Bilingual, Doc, Word, check_one_of, check_together

TO_DO: Final = "TODO"
"""Stands where an author has yet to write something; the checker tells every place."""

NO_RULE_REASONS: Final = {
    "heading": "groups other provisions",
    "promulgation": "the act that issues the document",
    "purpose": "says why the measure exists",
    "definition": "defines a word that other provisions use",
    "competence": "says which body does what",
    "procedure": "orders steps of a body that decide nothing in a case",
    "funding": "says where the money comes from",
    "oversight": "audit, supervision and reporting of the bodies themselves",
    "interpretation": "says who interprets the document",
    "effectiveness": "says from when the document is in force",
    "encoded_below": "decided by the parts listed below it",
    "encoded_above": "decided by the provision above it",
}


STATED_ELSEWHERE: Final = "stated_elsewhere"
IGNORE_REASONS: Final = {
    "title": "part of a title or a name",
    "document_number": "the number or year of a document",
    "numbering": "counts provisions, annexes or tables",
    "cross_reference": "points to another provision or document",
    "example": "an example, which decides nothing",
    "background": "says how things are or should come to be",
    "wording": "a turn of speech in which nothing is counted",
    STATED_ELSEWHERE: "stands as a parameter of the provision named by `ref`",
}


class ByReadingDoc(Doc):
    """Days that depend on a reading: one for each of its options."""

    reading: Word
    dates: dict[Word, Word]


class EffectiveDoc(Doc):
    """From when and until when the document is in force; ``unset`` where it does not say.

    A document that holds for a stated time says how long it ``lasts`` instead.
    """

    start: Word | None = Field(default=None, alias="from")
    by: ByReadingDoc | None = None
    until: Word | None = None
    lasts: Word | None = None
    ref: Word

    @model_validator(mode="after")
    def _one_start(self) -> EffectiveDoc:
        if (self.start is None) == (self.by is None):
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": "from, by"})
        check_one_of(self, "until", "lasts")
        check_together(self.lasts is None or self.by is None, "from, lasts")
        return self


class TextDoc(Doc):
    """The official text this ruleset was made from, pinned by a digest."""

    sha256: Word


class DocumentDoc(Doc):
    """The official document."""

    title: Bilingual
    issuer: Bilingual
    number: Word | None = None
    issued: Word | None = None
    status: Word
    effective: EffectiveDoc
    text: TextDoc | None = None
    verified: Word
    doubts: tuple[Bilingual, ...] = ()


class IgnoreDoc(Doc):
    """A quantity of the text that is no parameter, as it stands there, and why."""

    text: Word
    because: Word
    ref: Word | None = None

    @model_validator(mode="after")
    def _ref_where_needed(self) -> IgnoreDoc:
        elsewhere = self.because == STATED_ELSEWHERE
        check_together(elsewhere == (self.ref is not None), f"because: {STATED_ELSEWHERE}, ref")
        return self


class ProvisionDoc(Doc):
    """One provision of the document, in its order and nesting."""

    ref: Word
    summary: Bilingual
    marker: Word | None = None
    fingerprint: Word | None = None
    no_rule: Word | None = None
    ignores: tuple[IgnoreDoc, ...] = ()
    parameters: dict[Word, ParameterDoc] = Field(default_factory=dict)
    rules: tuple[RuleDoc, ...] = ()
    provisions: tuple[ProvisionDoc, ...] = ()


class ErratumDoc(Doc):
    """A slip in the official text, and how it is read."""

    ref: Word
    note: Bilingual


class UseDoc(Doc):
    """Another ruleset this one calls: which, which edition, and how it is read."""

    ruleset: Word
    edition: Word
    readings: dict[Word, Word] = Field(default_factory=dict)


class SupersededDoc(Doc):
    """An edition whose place or whose days this one takes, how, and why."""

    edition: Word
    kind: Word
    because: Bilingual


class TransitionDoc(Doc):
    """A decision whose edition is found by another day than the one that fixes the law."""

    decision: Word
    by: Word
    ref: Word


class SuccessionDoc(Doc):
    """What a ruleset says of its own place among the editions of its name."""

    published: Word | None = None
    supersedes: tuple[SupersededDoc, ...] = ()
    transition: tuple[TransitionDoc, ...] = ()


class RulesetDoc(SuccessionDoc):
    """A whole ruleset file."""

    ruleset: Word
    edition: Word
    language: Word
    title: Bilingual
    document: DocumentDoc
    currency: Word
    utc_offset: Word
    calendar: Word | None = None
    uses: dict[Word, UseDoc] = Field(default_factory=dict)
    choices: dict[Word, ChoiceDoc] = Field(default_factory=dict)
    lists: dict[Word, ListDoc] = Field(default_factory=dict)
    facts: dict[Word, FactDoc] = Field(default_factory=dict)
    findings: dict[Word, FindingDoc] = Field(default_factory=dict)
    lifecycles: dict[Word, LifecycleDoc] = Field(default_factory=dict)
    ledger: dict[Word, BalanceDoc] = Field(default_factory=dict)
    pools: dict[Word, PoolDoc] = Field(default_factory=dict)
    readings: dict[Word, ReadingDoc] = Field(default_factory=dict)
    decisions: Annotated[dict[Word, DecisionDoc], Field(min_length=1)]
    provisions: Annotated[tuple[ProvisionDoc, ...], Field(min_length=1)]
    errata: tuple[ErratumDoc, ...] = ()
