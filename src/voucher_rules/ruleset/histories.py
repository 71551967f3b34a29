"""Comes in: a tree of text. Goes out: what a document says of histories.

Lifecycles, the balances that read them, and the pools that things are paid from.
"""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from voucher_rules.ruleset.shapes import Bilingual, Doc, Word, Words, check_one_of, check_together
from voucher_rules.sources.tree import Scalar

MEASURES: Final = ("sum", "count", "distinct", "first", "last", "holds", "set", "records")
"""What a balance takes of the things it finds; each is a key that names what it is taken of."""


class CarriedDoc(Doc):
    """Something a thing carries through its life, and the fact it is read from."""

    label: Bilingual
    type: Word | None = None
    of: Word | None = None
    source: Word | None = Field(default=None, alias="from")


class StateDoc(Doc):
    """A state, and what it means for money."""

    stands: Word
    label: Bilingual


class FollowsDoc(Doc):
    """The decision an event follows from: by its outcome, or wherever a consequence applies."""

    decision: Word
    outcome: Words | None = None
    rule: Word | None = None
    amount: Word | None = None
    per: Words | None = None

    @model_validator(mode="after")
    def _one_ground(self) -> FollowsDoc:
        check_one_of(self, "outcome", "rule")
        return self


class DeadlineDoc(Doc):
    """A window of a decision; of several, the first that applies."""

    decision: Word
    rule: Words


class EventDoc(Doc):
    """An event: from which states it leads to which; without ``from`` it opens a thing."""

    label: Bilingual
    sources: Words | None = Field(default=None, alias="from")
    to: Word
    partial: Word | None = None
    rest: Word | None = None
    sets: Words | None = None
    follows: FollowsDoc | None = None
    by: DeadlineDoc | None = None
    past: DeadlineDoc | None = None
    ref: Word | None = None

    @model_validator(mode="after")
    def _opening_is_plain(self) -> EventDoc:
        opens = self.sources is None
        many = self.follows is not None and self.follows.per is not None
        check_together(not (opens and many), "from, per")
        check_together(self.rest is None or self.partial is not None, "partial, rest")
        for key in ("partial", "sets", "by", "past"):
            check_together(not opens or getattr(self, key) is None, f"from, {key}")
        return self


class LifecycleDoc(Doc):
    """What a kind of thing may go through."""

    label: Bilingual
    holds: Word
    unit: Word | None = None
    carries: dict[Word, CarriedDoc] = Field(default_factory=dict)
    states: Annotated[dict[Word, StateDoc], Field(min_length=1)]
    events: Annotated[dict[Word, EventDoc], Field(min_length=1)]
    tells: dict[Word, Word] = Field(default_factory=dict)


class SpanDoc(Doc):
    """A span that needs more than a word: one that rolls along, or up to a day of the case."""

    rolling: Word | None = None
    opens: Word | None = None
    closes: Word | None = None

    @property
    def word(self) -> Word | None:
        """Return the word that names the span, where one does."""
        return None

    @model_validator(mode="after")
    def _one_span(self) -> SpanDoc:
        if self.word is None:
            check_one_of(self, "rolling", "opens" if self.closes is None else "closes")
        check_together(self.opens is None or self.closes is not None, "opens, closes")
        return self


class NamedSpan(SpanDoc):
    """A span that a word names; it stands in the place of a mapping."""

    named: Word

    @property
    def word(self) -> Word | None:
        """Return the word that names the span."""
        return self.named


def _wrap_word(value: object) -> object:
    """Let a word stand for the mapping, so that a fault of either has a plain place."""
    return NamedSpan(named=value) if isinstance(value, Scalar) else value


Within: TypeAlias = Annotated[SpanDoc, BeforeValidator(_wrap_word)]


class BalanceDoc(Doc):
    """A balance read from history: what is taken, of whose things, within which time."""

    sum: Word | None = None
    count: Word | None = None
    distinct: Word | None = None
    first: Word | None = None
    last: Word | None = None
    holds: Word | None = None
    set: Word | None = None
    records: Word | None = None
    fields: dict[Word, Word] | None = None
    otherwise: Word | None = None
    unit: Word | None = None
    states: Words | None = None
    standings: Words | None = None
    per: Words
    dated_by: Word | None = None
    within: Within
    of: Word | None = None
    others_only: Word | None = None
    with_related: Word | None = None
    across: Words | None = None
    fills: Word | None = None
    label: Bilingual | None = None
    note: Bilingual | None = None

    @property
    def measure(self) -> str:
        """Return which of the measures it takes."""
        return next(name for name in MEASURES if getattr(self, name) is not None)

    @property
    def target(self) -> Word:
        """Return what it is taken of, in the words of the document."""
        word: Word = getattr(self, self.measure)
        return word

    @model_validator(mode="after")
    def _one_of_each(self) -> BalanceDoc:
        check_one_of(self, *MEASURES)
        check_one_of(self, "states", "standings")
        check_one_of(self, "label", "fills")
        check_together((self.across is None) == (self.standings is None), "across, standings")
        check_together(self.fills is None or self.note is None, "label, note")
        check_together((self.records is None) == (self.fields is None), "records, fields")
        check_together(self.records is None or self.fills is not None, "records, fills")
        _check_dated(self.within, self.dated_by)
        return self


class PoolDoc(Doc):
    """Money, or with ``unit`` a number, that things are paid from, and what happens without."""

    label: Bilingual
    ref: Word | None = None
    of: Word
    unit: Word | None = None
    takes: Words
    per: Words | None = None
    dated_by: Word | None = None
    within: Within
    last: Word
    order: Words
    waits: Word | None = None
    fills: Word | None = None

    @model_validator(mode="after")
    def _dated(self) -> PoolDoc:
        _check_dated(self.within, self.dated_by)
        return self


def _check_dated(within: SpanDoc, dated_by: Word | None) -> None:
    """Within a span only what has a day counts."""
    check_together(within.word == "lifetime" or dated_by is not None, "within, dated_by")
