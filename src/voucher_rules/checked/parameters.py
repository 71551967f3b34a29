"""Comes in: the parameters a document declares. Goes out: them with types and dated values.

A table becomes one parameter for each cell, so that every number keeps its own name, citation and
dates; a scale is one parameter whose value holds every bracket.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from voucher_rules.checked.brackets import read_scale, type_scale
from voucher_rules.checked.declarations import PLAIN_NAME, Declarations, word_text
from voucher_rules.checked.directions import MAY_CHANGE, has_direction
from voucher_rules.checked.domains import as_ordered, compare_ordered
from voucher_rules.checked.provisions import walk_provisions
from voucher_rules.checked.symbols import Changes, DatedValue, Parameter, Table, Wording
from voucher_rules.language.terms import Role
from voucher_rules.language.types import DATE, Kind, Type
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.ruleset.parameters import BracketDoc, ChangesDoc, DatedValueDoc, ParameterDoc
from voucher_rules.sources.tree import Mapping, Scalar
from voucher_rules.values.model import NONE, Domain, Interval, Known, Mark, Period, Unknown

PARAMETER_LIMITS: Final = ("at_most", "below", "at_least", "above", "exactly")
MOST_KEYS: Final = 2


@dataclass(slots=True)
class Parameters:
    """What a document declares: single values, cells and scales by name, and its tables."""

    single: dict[str, Parameter] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    words: dict[str, Scalar] = field(default_factory=dict)
    """Where each declared name stands in the document."""


def read_parameters(made: Declarations) -> Parameters:
    """Read every parameter of a document; faults are reported, and what has one is left out."""
    found = Parameters()
    for item in walk_provisions(made.document.provisions):
        made.report.ref = str(item.doc.ref)
        for name, doc in item.doc.parameters.items():
            first = found.words.setdefault(str(name), name)
            if first is not name:
                line = str(first.span.line)
                made.report.add("duplicate-parameter", name, name=name, first=line)
            else:
                _Reader(made, found, name, doc, str(item.doc.ref)).read()
        made.report.ref = ""
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    made: Declarations
    found: Parameters
    name: Scalar
    doc: ParameterDoc
    ref: str

    def read(self) -> None:
        self.made.check_name(self.name, PLAIN_NAME, "item_cap")
        kind = self.made.read_type(self.doc)
        if kind is None:
            return
        self._check_setter()
        if self.doc.by is not None:
            self._read_table(kind)
        elif self.doc.over is not None:
            self._read_scale(kind)
        else:
            self._read_single(kind)

    def _check_setter(self) -> None:
        words = [self.doc.value, *(item.value for item in self.doc.values)]
        if any(word is not None and is_unset(word) for word in words) and not self.doc.set_by:
            self.made.report.add("unset-without-setter", self.name, name=self.name)

    def _make(
        self,
        name: str,
        kind: Type,
        values: tuple[DatedValue, ...],
        label: Wording | None = None,
        table: str = "",
    ) -> Parameter:
        doc, made = self.doc, self.made
        limit = made.read_option(doc.limit, PARAMETER_LIMITS) if doc.limit is not None else ""
        return Parameter(
            name,
            kind,
            label or word_text(doc.label),
            made.cite(self.ref),
            values,
            Unknown(made.read_domain(doc, kind)),
            limit,
            str(doc.quoted or ""),
            word_text(doc.set_by) if doc.set_by else None,
            made.read_flag(doc.informative),
            on=self._read_on(),
            table=table,
            changes=self._read_changes(doc.changes, kind),
        )

    def _read_on(self) -> str:
        word = self.doc.on
        if word is None:
            return ""
        declared = self.made.inputs.get(str(word))
        if declared is None or declared.role is not Role.FACT:
            near = suggest_name(word, list(self.made.inputs))
            self.made.report.add("unknown-name", word, name=word, near=near)
        elif declared.type.kind is not Kind.DATE:
            self.made.report.add("type-mismatch", word, expected="date", found=str(declared.type))
        return str(word)

    def _read_changes(self, doc: ChangesDoc | None, kind: Type) -> Changes | None:
        if doc is None:
            return None
        may = self.made.read_option(doc.may, MAY_CHANGE)
        directed = str(doc.may) in {"tighten", "loosen"}
        if directed and not has_direction(kind, str(self.doc.limit or "")):
            self.made.report.add("changes-without-direction", doc.may, name=self.name)
        by = self.made.read_option(doc.by, ("notice",))
        return Changes(by, may, self.made.cite(str(doc.ref)))

    def _read_single(self, kind: Type) -> None:
        domain = self.made.read_domain(self.doc, kind)
        values = tuple(
            self._date(item, None if word is None else self._read_cell(word, kind, domain))
            for item, word in self._list_blocks("value")
        )
        self._check_dates(values)
        self.found.single[str(self.name)] = self._make(str(self.name), kind, values)

    def _list_blocks(self, key: str) -> list[tuple[DatedValueDoc | None, Scalar | None]]:
        """Return each dated block with its value; the only one, undated, where there are none."""
        if not self.doc.values:
            return [(None, getattr(self.doc, key))]
        return [(item, getattr(item, key)) for item in self.doc.values]

    def _date(self, item: DatedValueDoc | None, value: Known | Mark | None) -> DatedValue:
        if item is None:
            return DatedValue(None, None, value)
        start = self.made.read_value(item.start, DATE) if item.start is not None else None
        until = self.made.read_value(item.until, DATE) if item.until is not None else None
        return DatedValue(start, until, value)  # type: ignore[arg-type]

    def _check_dates(self, values: tuple[DatedValue, ...]) -> None:
        """Check that dated blocks end after they start, and each after the one before."""
        if not self.doc.values:
            return
        before: DatedValue | None = None
        for item, dated in zip(self.doc.values, values, strict=True):
            word = item.until or item.start or self.name
            if dated.start and dated.until and dated.until < dated.start:
                self.made.report.add("ends-before-start", word)
            if before is not None and not _follows(before, dated):
                self.made.report.add("dates-overlap", item.start or item.value or word)
            before = dated

    def _read_cell(self, word: Scalar, kind: Type, domain: Domain) -> Known | Mark | None:
        if is_unset(word):
            return None
        if word == "none" and not word.quoted and self.doc.by is not None:
            return NONE
        value = self.made.read_value(word, kind)
        if value is not None:
            self._check_in_bounds(word, value, domain)
        return value

    def _check_in_bounds(self, word: Scalar, value: Known, domain: Domain) -> None:
        """Check that a value lies within the bounds of its type, or those declared for it."""
        if not isinstance(domain, Interval):
            return
        if isinstance(value, Period) and value.unit is not getattr(domain.low, "unit", None):
            return
        at = as_ordered(value)
        if compare_ordered(at, domain.low) < 0 or compare_ordered(at, domain.high) > 0:
            self.made.report.add("parameter-out-of-bounds", word, name=self.name)

    def _read_table(self, kind: Type) -> None:
        keys = self._read_keys()
        if keys is None:
            return
        domain = self.made.read_domain(self.doc, kind)
        blocks = [
            (self._date(item, None), self._read_cells(node, keys, kind, domain))
            for item, node in self._list_blocks("table")
        ]
        if self.doc.values:
            self._check_dates(tuple(dated for dated, _ in blocks))
        cells: dict[tuple[str, ...], str] = {}
        for options in product(*(key.options for key in keys)):
            name = f"{self.name}[{', '.join(options)}]"
            values = tuple(replace(dated, value=read.get(options)) for dated, read in blocks)
            label = self._label_cell(keys, options)
            self.found.single[name] = self._make(name, kind, values, label, str(self.name))
            self.found.words[name] = self.name
            cells[options] = name
        label = word_text(self.doc.label)
        cited = self.made.cite(self.ref)
        self.found.tables[str(self.name)] = Table(str(self.name), kind, label, keys, cells, cited)

    def _read_keys(self) -> tuple[Type, ...] | None:
        keys = []
        for word in self.doc.by or ():
            choice = self.made.choices.get(str(word))
            if choice is None:
                near = suggest_name(word, list(self.made.choices))
                self.made.report.add("unknown-choice", word, name=word, near=near)
                return None
            options = tuple(choice.options)
            keys.append(Type(Kind.CHOICE, choice.name, options, choice.ordered))
        if len(keys) > MOST_KEYS:
            self.made.report.add("table-with-many-keys", self.name, name=self.name)
            return None
        return tuple(keys)

    def _label_cell(self, keys: tuple[Type, ...], options: tuple[str, ...]) -> Wording:
        told = [
            self.made.choices[key.unit].options[option]
            for key, option in zip(keys, options, strict=True)
        ]
        label = word_text(self.doc.label)
        zh, en = "、".join(item.zh for item in told), ", ".join(item.en for item in told)
        return Wording(f"{label.zh}（{zh}）", f"{label.en} ({en})")

    def _read_cells(
        self, node: object, keys: tuple[Type, ...], kind: Type, domain: Domain
    ) -> dict[tuple[str, ...], Known | Mark | None]:
        """Read the cells of a table; every option of its keys has one, and nothing else does."""
        key, *rest = keys
        if not isinstance(node, Mapping):
            word = node if isinstance(node, Scalar) else self.name
            self.made.report.add("mapping-expected", word, key=self.name)
            return {}
        cells: dict[tuple[str, ...], Known | Mark | None] = {}
        for option, inner in node.items():
            self.made.read_option(option, key.options)
            if rest:
                read = self._read_cells(inner, tuple(rest), kind, domain)
                cells |= {(str(option), *more): value for more, value in read.items()}
            elif isinstance(inner, Scalar):
                cells[(str(option),)] = self._read_cell(inner, kind, domain)
                self._check_cell_setter(inner)
            else:
                self.made.report.add("text-expected", option)
        missing = [option for option in key.options if option not in node]
        if missing:
            word = next(iter(node), self.name)
            self.made.report.add("table-gap", word, name=self.name, option=missing[0])
        return cells

    def _check_cell_setter(self, word: Scalar) -> None:
        if is_unset(word) and not self.doc.set_by:
            self.made.report.add("unset-without-setter", word, name=self.name)

    def _read_scale(self, kind: Type) -> None:
        doc, made = self.doc, self.made
        if doc.over is None or doc.applies is None:
            return
        entered = made.read_type(doc.over)
        if entered is None:
            return
        applies = made.read_option(doc.applies, ("level", "whole", "marginal"))
        gives = type_scale(made, doc, entered, kind)
        values = tuple(
            self._date(item, read_scale(made, brackets or (), applies, entered, kind))
            for item, brackets in self._list_brackets()
        )
        self._check_dates(values)
        if gives is None:
            return
        scale = self._make(str(self.name), kind, values)
        self.found.single[scale.name] = replace(
            scale, entered=entered, gives=gives, applies=applies
        )

    def _list_brackets(
        self,
    ) -> list[tuple[DatedValueDoc | None, tuple[BracketDoc, ...] | None]]:
        if not self.doc.values:
            return [(None, self.doc.brackets)]
        return [(item, item.brackets) for item in self.doc.values]


def is_unset(word: Scalar) -> bool:
    """Return whether a value is left for someone else to set."""
    return word == "unset" and not word.quoted


def _follows(earlier: DatedValue, later: DatedValue) -> bool:
    if earlier.until is None or later.start is None:
        return False
    return earlier.until < later.start
