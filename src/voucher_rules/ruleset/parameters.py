"""Comes in: a tree of text. Goes out: the parameters of a provision, with their dated values."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field, InstanceOf, model_validator
from pydantic_core import PydanticCustomError

from voucher_rules.ruleset.shapes import (
    Bilingual,
    Doc,
    TypedDoc,
    TypeDoc,
    Word,
    Words,
    check_one_of,
    check_together,
)
from voucher_rules.sources.tree import Mapping, Scalar, Sequence


def _join_list(value: object) -> object:
    """A list of plain words stands for the same words in one line, as a set is written."""
    words = list(value) if isinstance(value, Sequence) else []
    if not words or not all(isinstance(word, Scalar) for word in words):
        return value
    return Scalar(" ".join(words), words[0].span, exact=False)


SetWord: TypeAlias = Annotated[Word, BeforeValidator(_join_list)]
"""A value that may also be written as a list of options."""
Cells: TypeAlias = InstanceOf[Mapping]
"""The cells of a table by the options of its keys, read when the choices are known."""


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

    start: Word | None = Field(default=None, alias="from")
    until: Word | None = None
    value: SetWord | None = None
    table: Cells | None = None
    brackets: Annotated[tuple[BracketDoc, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_value(self) -> DatedValueDoc:
        check_one_of(self, "value", "table", "brackets")
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
        check_one_of(self, "value", "table", "brackets", "values")
        for dated in self.values:
            _check_kind_is_told("table", dated.table, "by", self.by)
            _check_kind_is_told("brackets", dated.brackets, "over", self.over)
        blocks: list[ParameterDoc | DatedValueDoc] = [self, *self.values]
        for item in blocks:
            check_together(item.table is None or self.by is not None, "by, table")
            check_together(item.brackets is None or self.over is not None, "over, brackets")
            check_together(self.by is None or item.value is None, "by, table")
            check_together(self.over is None or item.value is None, "over, brackets")
        check_together((self.over is None) == (self.applies is None), "over, applies")
        return self


def _check_kind_is_told(key: str, held: object, wanted: str, told: object) -> None:
    """Check that a parameter whose dated values are tables or scales says so itself, once."""
    if held is not None and told is None:
        context = {"key": key, "wanted": wanted}
        raise PydanticCustomError("key-beside-values", "{key}", context)
