"""Comes in: a tree of text. Goes out: what a document declares of its cases and decisions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from voucher_rules.ruleset.shapes import Bilingual, Doc, TypedDoc, Word, Words


class ChoiceDoc(Doc):
    """A closed list of options, each with its label."""

    label: Bilingual
    ordered: Word | None = None
    options: Annotated[dict[Word, Bilingual], Field(min_length=1)]


class FactDoc(TypedDoc):
    """A fact of the case; one whose ``applies`` does not hold does not exist."""

    optional: Word | None = None
    applies: Word | None = None
    note: Bilingual | None = None
    evidence: Bilingual | None = None


class FieldDoc(TypedDoc):
    """What each record of a list states."""

    optional: Word | None = None
    note: Bilingual | None = None


class ListDoc(Doc):
    """A list of records of the case: the items of a contract, the members of a staff."""

    label: Bilingual
    one: Bilingual
    unit: Word
    most: Word | None = None
    note: Bilingual | None = None
    fields: Annotated[dict[Word, FieldDoc], Field(min_length=1)]


class FindingDoc(TypedDoc):
    """A judgement that only a person can make."""

    optional: Word | None = None
    note: Bilingual | None = None
    by: Bilingual


class ReadingDoc(Doc):
    """A provision that two careful readers read differently."""

    ref: Word
    question: Bilingual
    options: Annotated[dict[Word, Bilingual], Field(min_length=2)]
    default: Word
    because: Bilingual
    together: Words | None = Field(default=None, alias="with")


class OutputDoc(TypedDoc):
    """A value a decision gives."""

    round: Word | None = None
    to: Word | None = None
    requested: Word | None = None
    partial: Word | None = None


class DecisionDoc(Doc):
    """A question the ruleset answers."""

    label: Bilingual
    subject: Bilingual
    as_of: Word
    answers: Word
    outputs: dict[Word, OutputDoc] = Field(default_factory=dict)
