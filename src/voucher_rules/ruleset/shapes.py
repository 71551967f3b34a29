"""Comes in: a tree of text. Goes out: what every mapping of a document is made of.

Every leaf is a :class:`~voucher_rules.sources.tree.Scalar`: this stage proves the shape of the
document (which keys, which lists), and nothing about what the words mean.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationInfo,
)
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


class Doc(BaseModel):
    """A mapping of the document: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True
    )


def _check_told(word: Scalar, info: ValidationInfo) -> Scalar:
    if not word.strip():
        raise PydanticCustomError("says-nothing", "{key}", {"key": info.field_name})
    return word


Told: TypeAlias = Annotated[Word, AfterValidator(_check_told)]
"""A text for people, which says something."""


class Bilingual(Doc):
    """One text for people in both languages."""

    zh: Told
    en: Told


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


def check_one_of(doc: BaseModel, *keys: str) -> None:
    """Check that one of some keys is there and no other. Raises pydantic's own error."""
    used = [key for key in keys if getattr(doc, key) not in (None, ())]
    if len(used) != 1:
        raise PydanticCustomError("one-of-keys", "{keys}", {"keys": ", ".join(keys)})


def check_together(fits: bool, keys: str) -> None:  # noqa: FBT001 - what was found of the keys
    """Check that keys which belong together stand together. Raises pydantic's own error."""
    if not fits:
        raise PydanticCustomError("keys-together", "{keys}", {"keys": keys})
