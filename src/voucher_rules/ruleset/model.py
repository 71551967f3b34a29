"""Comes in: a tree of text. Goes out: the parts of a ruleset document, each word with its place.

Every leaf is a :class:`~voucher_rules.sources.tree.Scalar`: this stage proves the shape of the
document (which keys, which lists), and nothing about what the words mean.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, model_validator
from pydantic_core import PydanticCustomError

from voucher_rules.sources.tree import Scalar, Sequence

Word: TypeAlias = InstanceOf[Scalar]


def _list_one(value: object) -> object:
    if isinstance(value, Scalar):
        made = Sequence([value])
        made.span = value.span
        return made
    return value


Words: TypeAlias = Annotated[tuple[Word, ...], BeforeValidator(_list_one), Field(min_length=1)]

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
}


class Doc(BaseModel):
    """A mapping of the document: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Bilingual(Doc):
    """One text for people in both languages."""

    zh: Word
    en: Word


class ByReadingDoc(Doc):
    """Days that depend on a reading: one for each of its options."""

    reading: Word
    dates: dict[Word, Word]


class EffectiveDoc(Doc):
    """From when and until when the document is in force; ``unset`` where it does not say."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=False
    )

    start: Word | None = Field(default=None, alias="from")
    by: ByReadingDoc | None = None
    until: Word
    ref: Word

    @model_validator(mode="after")
    def _one_start(self) -> EffectiveDoc:
        if (self.start is None) == (self.by is None):
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": "from, by"})
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


class ChoiceDoc(Doc):
    """A closed list of options, each with its label."""

    label: Bilingual
    ordered: Word | None = None
    options: Annotated[dict[Word, Bilingual], Field(min_length=1)]


class TypedDoc(Doc):
    """What every declared value has: its type, and what narrows it."""

    type: Word
    of: Word | None = None
    unit: Word | None = None
    min: Word | None = None
    max: Word | None = None
    label: Bilingual


class FactDoc(TypedDoc):
    """A fact of the case."""

    optional: Word | None = None
    note: Bilingual | None = None
    evidence: Bilingual | None = None


class FindingDoc(TypedDoc):
    """A judgement that only a person can make."""

    optional: Word | None = None
    note: Bilingual | None = None
    by: Bilingual


class BalanceDoc(Doc):
    """A balance read from history: what is summed or counted, of whom, within which time."""

    sum: Word | None = None
    count: Word | None = None
    unit: Word | None = None
    states: Words
    per: Words
    dated_by: Word
    within: Word
    of: Word | None = None
    label: Bilingual
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> BalanceDoc:
        if (self.sum is None) == (self.count is None):
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": "sum, count"})
        return self


class ReadingDoc(Doc):
    """A provision that two careful readers read differently."""

    ref: Word
    question: Bilingual
    options: Annotated[dict[Word, Bilingual], Field(min_length=2)]
    default: Word
    because: Bilingual


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


class DatedValueDoc(Doc):
    """A parameter's value from one day until another."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    start: Word = Field(alias="from")
    until: Word | None = None
    value: Word


class ParameterDoc(TypedDoc):
    """A number, date or period that the document or a stated convention fixes."""

    value: Word | None = None
    values: tuple[DatedValueDoc, ...] = ()
    limit: Word | None = None
    quoted: Word | None = None
    set_by: Bilingual | None = None
    informative: Word | None = None

    @model_validator(mode="after")
    def _one_value(self) -> ParameterDoc:
        if (self.value is None) == (not self.values):
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": "value, values"})
        return self


class WindowDoc(Doc):
    """A span of days in which an act must fall."""

    opens: Word
    lasts: Word
    first_day: Word
    act: Word


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

    require: Word | None = None
    exclude: Word | None = None
    limits: Word | None = None
    at_most: Word | None = None
    define: Word | None = None
    formula: Word | None = Field(default=None, alias="as")
    window: WindowDoc | None = None
    documents: DocumentsDoc | None = None
    rank: tuple[RankKeyDoc, ...] | None = None
    consequence: ConsequenceDoc | None = None
    warn: Bilingual | None = None

    @property
    def mechanic(self) -> str:
        """Return the one mechanic the rule uses."""
        return next(name for name in MECHANICS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_mechanic(self) -> RuleDoc:
        used = [name for name in MECHANICS if getattr(self, name) is not None]
        if len(used) != 1:
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": ", ".join(MECHANICS)})
        if (used == ["limits"]) != (self.at_most is not None):
            raise PydanticCustomError("keys-together", "{keys}", {"keys": "limits, at_most"})
        if (used == ["define"]) != (self.formula is not None):
            raise PydanticCustomError("keys-together", "{keys}", {"keys": "define, as"})
        return self


class ProvisionDoc(Doc):
    """One provision of the document, in its order and nesting."""

    ref: Word
    summary: Bilingual
    marker: Word | None = None
    fingerprint: Word | None = None
    no_rule: Word | None = None
    parameters: dict[Word, ParameterDoc] = Field(default_factory=dict)
    rules: tuple[RuleDoc, ...] = ()
    provisions: tuple[ProvisionDoc, ...] = ()


class ErratumDoc(Doc):
    """A slip in the official text, and how it is read."""

    ref: Word
    note: Bilingual


class RulesetDoc(Doc):
    """A whole ruleset file."""

    ruleset: Word
    edition: Word
    language: Word
    title: Bilingual
    document: DocumentDoc
    currency: Word
    utc_offset: Word
    choices: dict[Word, ChoiceDoc] = Field(default_factory=dict)
    facts: dict[Word, FactDoc] = Field(default_factory=dict)
    findings: dict[Word, FindingDoc] = Field(default_factory=dict)
    ledger: dict[Word, BalanceDoc] = Field(default_factory=dict)
    readings: dict[Word, ReadingDoc] = Field(default_factory=dict)
    decisions: Annotated[dict[Word, DecisionDoc], Field(min_length=1)]
    provisions: Annotated[tuple[ProvisionDoc, ...], Field(min_length=1)]
    errata: tuple[ErratumDoc, ...] = ()
