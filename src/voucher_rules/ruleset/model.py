"""Comes in: a tree of text. Goes out: the parts of a ruleset document, each word with its place.

Every leaf is a :class:`~voucher_rules.sources.tree.Scalar`: this stage proves the shape of the
document (which keys, which lists), and nothing about what the words mean.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, model_validator
from pydantic_core import PydanticCustomError

from voucher_rules.sources.tree import Mapping as TreeMapping
from voucher_rules.sources.tree import Scalar, Sequence

Word: TypeAlias = InstanceOf[Scalar]


def _list_one(value: object) -> object:
    if isinstance(value, Scalar):
        made = Sequence([value])
        made.span = value.span
        return made
    return value


def _join_list(value: object) -> object:
    """A list of plain words stands for the same words in one line, as a set is written."""
    words = list(value) if isinstance(value, Sequence) else []
    if not words or not all(isinstance(word, Scalar) for word in words):
        return value
    return Scalar(" ".join(words), words[0].span, exact=False)


SetWord: TypeAlias = Annotated[Word, BeforeValidator(_join_list)]
"""A value that may also be written as a list of options."""
Cells: TypeAlias = InstanceOf[TreeMapping]
"""The cells of a table by the options of its keys, read when the choices are known."""
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
    "encoded_above": "decided by the provision above it",
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


class TypeDoc(Doc):
    """A type, in the words of the document."""

    type: Word
    of: Word | None = None
    unit: Word | None = None


class TypedDoc(TypeDoc):
    """What every declared value has: its type, and what narrows it."""

    min: Word | None = None
    max: Word | None = None
    label: Bilingual


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


class BracketDoc(Doc):
    """One bracket of a scale: from where to where, and what it gives."""

    start: Word | None = Field(default=None, alias="from")
    above: Word | None = None
    up_to: Word | None = None
    below: Word | None = None
    value: Word

    @model_validator(mode="after")
    def _one_of_each_end(self) -> BracketDoc:
        for one, other, keys in (
            (self.start, self.above, "from, above"),
            (self.up_to, self.below, "up_to, below"),
        ):
            if one is not None and other is not None:
                raise PydanticCustomError("one-of-keys", "{keys}", {"keys": keys})
        return self


class DatedValueDoc(Doc):
    """A parameter's value from one day until another; the first may leave out since when."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    start: Word | None = Field(default=None, alias="from")
    until: Word | None = None
    value: SetWord | None = None
    table: Cells | None = None
    brackets: Annotated[tuple[BracketDoc, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_value(self) -> DatedValueDoc:
        _check_one_of(self, "value", "table", "brackets")
        return self


class ChangesDoc(Doc):
    """Who may change a parameter, in which direction, and where the document says so."""

    by: Word
    may: Word
    ref: Word


class ParameterDoc(TypedDoc):
    """A number, date or period that the document or a stated convention fixes.

    With ``by`` it is a table: a cell for each option, or for each pair of options. With ``over`` it
    is a scale: brackets entered with a quantity.
    """

    value: SetWord | None = None
    table: Cells | None = None
    brackets: Annotated[tuple[BracketDoc, ...], Field(min_length=1)] | None = None
    values: tuple[DatedValueDoc, ...] = ()
    by: Words | None = None
    over: TypeDoc | None = None
    applies: Word | None = None
    on: Word | None = None
    changes: ChangesDoc | None = None
    limit: Word | None = None
    quoted: Word | None = None
    set_by: Bilingual | None = None
    informative: Word | None = None

    @model_validator(mode="after")
    def _one_value(self) -> ParameterDoc:
        _check_one_of(self, "value", "table", "brackets", "values")
        blocks: list[ParameterDoc | DatedValueDoc] = [self, *self.values]
        for item in blocks:
            _check_together(item.table is None or self.by is not None, "by, table")
            _check_together(item.brackets is None or self.over is not None, "over, brackets")
            _check_together(self.by is None or item.value is None, "by, table")
            _check_together(self.over is None or item.value is None, "over, brackets")
        _check_together((self.over is None) == (self.applies is None), "over, applies")
        return self


def _check_one_of(doc: BaseModel, *keys: str) -> None:
    """Check that one of some keys is there and no other. Raises pydantic's own error."""
    used = [key for key in keys if getattr(doc, key) not in (None, ())]
    if len(used) != 1:
        raise PydanticCustomError("one-of-keys", "{keys}", {"keys": ", ".join(keys)})


def _check_together(fits: bool, keys: str) -> None:  # noqa: FBT001 - what was found of the keys
    if not fits:
        raise PydanticCustomError("keys-together", "{keys}", {"keys": keys})


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
        _check_together((used == ["limits"]) == (bounds != [None, None]), "limits, at_most")
        if None not in bounds:
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": "at_most, at_least"})
        formulas = [self.formula, self.call]
        _check_together((used == ["define"]) == (formulas != [None, None]), "define, as")
        if None not in formulas:
            raise PydanticCustomError("one-of-keys", "{keys}", {"keys": "as, call"})
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


class UseDoc(Doc):
    """Another ruleset this one calls: which, which edition, and how it is read."""

    ruleset: Word
    edition: Word
    readings: dict[Word, Word] = Field(default_factory=dict)


class RulesetDoc(Doc):
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
    ledger: dict[Word, BalanceDoc] = Field(default_factory=dict)
    readings: dict[Word, ReadingDoc] = Field(default_factory=dict)
    decisions: Annotated[dict[Word, DecisionDoc], Field(min_length=1)]
    provisions: Annotated[tuple[ProvisionDoc, ...], Field(min_length=1)]
    errata: tuple[ErratumDoc, ...] = ()
