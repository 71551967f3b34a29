"""Comes in: the bytes of a what-if file. Goes out: the changes it asks for, or every mistake of it.

A what-if is nobody's law. It stands in a file of its own (``….whatif.yaml``), never beside an
edition as a notice does, and is applied only where someone asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final

from pydantic import Field, InstanceOf, ValidationError, model_validator

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ruleset.alterations import (
    ALWAYS,
    Add,
    Alteration,
    SetDefault,
    SetPart,
    SetValue,
    SwitchOff,
)
from voucher_rules.ruleset.declarations import ReadingDoc
from voucher_rules.ruleset.load import describe_shape_errors
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.ruleset.notice import Days
from voucher_rules.ruleset.parameters import BracketDoc, ParameterDoc, SetWord
from voucher_rules.ruleset.rules import RuleDoc
from voucher_rules.ruleset.shapes import Bilingual, Doc, Word, check_one_of, check_together
from voucher_rules.sources.tree import Mapping, Node, Scalar, Source, diagnose, find_node
from voucher_rules.sources.yaml import SourceError, read_yaml
from voucher_rules.values.read import TextValueError, read_date

LANGUAGE_VERSION: Final = "1"
KEYS: Final = tuple(
    info.alias or name for name, info in RuleDoc.model_fields.items() if name != "id"
)
"""What a rule may say of itself, in the order it is declared."""


class AddDoc(Doc):
    """What is put into the ruleset: in a provision of it, or in none."""

    within: Word | None = Field(default=None, alias="in")
    parameters: dict[Word, ParameterDoc] = Field(default_factory=dict)
    readings: dict[Word, ReadingDoc] = Field(default_factory=dict)
    rules: tuple[RuleDoc, ...] = ()


class WhatIfChangeDoc(Doc):
    """One change: of a parameter, of a reading, of a rule, of the edition, or what is added."""

    parameter: Word | None = None
    reading: Word | None = None
    rule: Word | None = None
    edition: Word | None = None
    add: AddDoc | None = None
    value: SetWord | None = None
    table: InstanceOf[Mapping] | None = None
    brackets: Annotated[tuple[BracketDoc, ...], Field(min_length=1)] | None = None
    start: Word | None = Field(default=None, alias="from")
    until: Word | None = None
    default: Word | None = None
    off: Word | None = None
    replace: InstanceOf[Mapping] | None = None

    @model_validator(mode="after")
    def _one_change(self) -> WhatIfChangeDoc:
        check_one_of(self, "parameter", "reading", "rule", "edition", "add")
        values = [self.value, self.table, self.brackets]
        dated = [self.start, self.until]
        if self.parameter is not None:
            check_one_of(self, "value", "table", "brackets")
        if self.rule is not None:
            check_one_of(self, "off", "replace")
        check_together(self.parameter is not None or values == [None] * 3, "parameter, value")
        check_together(self.parameter is not None or dated == [None] * 2, "parameter, from")
        check_together((self.reading is None) == (self.default is None), "reading, default")
        bare = self.off is None and self.replace is None
        check_together((self.rule is None) == bare, "rule, off")
        return self


class WhatIfDoc(Doc):
    """A whole what-if file."""

    ruleset: Word
    edition: Word | None = None
    language: Word
    title: Bilingual
    changes: Annotated[tuple[WhatIfChangeDoc, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class LoadedWhatIf:
    """A what-if whose shape is right: its source, and what it changes, in its order.

    ``edition`` is the edition it is about where that is to be another than the one at hand.
    """

    source: Source
    document: WhatIfDoc
    alterations: tuple[Alteration, ...]
    edition: Scalar | None


def load_what_if(data: bytes, name: str) -> LoadedWhatIf:
    """Load a what-if. ``name`` stands in the messages. Raises :class:`InputError`."""
    try:
        source = read_yaml(data, name)
        document = WhatIfDoc.model_validate(source.root)
    except SourceError as error:
        raise InputError(error.diagnostics) from None
    except ValidationError as error:
        raise InputError(describe_shape_errors(source, WhatIfDoc, error)) from None
    reader = _Reader(source)
    if document.language != LANGUAGE_VERSION:
        reader.refuse("unknown-language", document.language, known=LANGUAGE_VERSION)
    editions = [item.edition for item in document.changes if item.edition is not None]
    for word in editions[1:]:
        reader.refuse("change-made-twice", word, name="edition", first=str(editions[0].span.line))
    made = tuple(
        found
        for index, item in enumerate(document.changes)
        for found in reader.read_change(item, find_node(source.root, ("changes", index)))
    )
    if reader.found:
        raise InputError(reader.found)
    return LoadedWhatIf(source, document, made, editions[0] if editions else None)


@dataclass(frozen=True, slots=True)
class _Reader:
    source: Source
    found: list[Diagnostic] = field(default_factory=list)

    def read_change(self, doc: WhatIfChangeDoc, node: Node) -> Iterator[Alteration]:
        """Yield what one change of the file comes to."""
        if doc.parameter is not None:
            yield from self._read_values(doc, doc.parameter, node)
        elif doc.reading is not None and doc.default is not None:
            yield SetDefault(doc.reading, doc.default)
        elif doc.rule is not None:
            yield from self._read_rule(doc, doc.rule)
        elif doc.add is not None:
            yield from self._read_added(doc.add, find_node(node, ("add",)))

    def _read_values(self, doc: WhatIfChangeDoc, word: Scalar, node: Node) -> Iterator[Alteration]:
        days = self._read_days(doc)
        if doc.table is not None:
            yield from list_cells(word, doc.table, days)
        elif doc.value is not None:
            yield SetValue(word, doc.value, days)
        else:
            yield SetValue(word, find_node(node, ("brackets",)), days)

    def _read_rule(self, doc: WhatIfChangeDoc, word: Scalar) -> Iterator[Alteration]:
        if doc.off is not None:
            if doc.off != "true":
                self.refuse("not-one-of", doc.off, found=doc.off, options="true", near="true")
            yield SwitchOff(word)
        for key, node in (doc.replace or {}).items():
            if key not in KEYS:
                self.refuse("unknown-key", key, key=key, near=suggest_name(key, list(KEYS)))
            yield SetPart(word, key, node)

    def _read_added(self, doc: AddDoc, node: Node) -> Iterator[Alteration]:
        for section, names in (("parameters", doc.parameters), ("readings", doc.readings)):
            for name in names:
                yield Add(section, name, find_node(node, (section, name)), doc.within)  # type: ignore[arg-type]  # a mapping, by its shape
        for index, rule in enumerate(doc.rules):
            yield Add("rules", rule.id, find_node(node, ("rules", index)), doc.within)  # type: ignore[arg-type]  # a mapping, by its shape

    def _read_days(self, doc: WhatIfChangeDoc) -> Days:
        start, until = (self._read_day(word) for word in (doc.start, doc.until))
        if start is not None and until is not None and until < start and doc.until is not None:
            self.refuse("ends-before-start", doc.until)
        return ALWAYS if doc.start is None and doc.until is None else Days(start, until)

    def _read_day(self, word: Scalar | None) -> date | None:
        if word is None:
            return None
        try:
            return read_date(word)
        except TextValueError as error:
            self.refuse(error.code, word, **error.arguments)
            return None

    def refuse(self, code: str, word: Scalar, **arguments: str) -> None:
        """Note a mistake at a word of the file."""
        self.found.append(diagnose(self.source, code, word.span, **arguments))


def list_cells(word: Scalar, table: Mapping, days: Days, *outer: str) -> Iterator[SetValue]:
    """Yield one change for each cell of a table that is given; the others stay as they are."""
    for option, inner in table.items():
        if isinstance(inner, Mapping):
            yield from list_cells(word, inner, days, *outer, str(option))
        else:
            named = f"{word}[{', '.join((*outer, option))}]"
            yield SetValue(Scalar(named, option.span, exact=False), inner, days)
