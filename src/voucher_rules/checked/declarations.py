"""Comes in: words of a ruleset document. Goes out: the types, values and bounds they declare.

:class:`Declarations` is the symbol table that the checks fill and read, with what they need to read
a word and to report one that is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from keyword import iskeyword
from typing import Final

from voucher_rules.checked.domains import as_ordered, compare_ordered, default_domain, read_typed
from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import Choice, Input, ListSpec, Output, Reading, Wording
from voucher_rules.language.operators import AGGREGATES, OPERATORS
from voucher_rules.language.types import STRUCTURES, Kind, Type
from voucher_rules.ruleset.model import RulesetDoc
from voucher_rules.ruleset.shapes import Bilingual, TypedDoc, TypeDoc
from voucher_rules.sources.tree import Scalar
from voucher_rules.spans import Citation
from voucher_rules.values import read
from voucher_rules.values.model import CURRENCIES, Domain, Interval, Known, PeriodUnit

PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
DOTTED_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59})+")
RULESET_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RESERVED: Final = (
    frozenset(OPERATORS)
    | frozenset(AGGREGATES)
    | {
        *("ledger", "finding", "reading", "rule"),
        *("true", "false", "none", "unknown"),
    }
)
"""Names the language takes for itself: prefixes, words, operators and functions."""
DECLARABLE: Final = tuple(kind for kind in Kind if kind not in STRUCTURES)


def word_text(text: Bilingual) -> Wording:
    """Return a document's bilingual text, each on one line."""
    return Wording(" ".join(text.zh.split()), " ".join(text.en.split()))


def is_word_of_python(name: str) -> bool:
    """Return whether a part of a name is a word that Python's parser keeps for itself."""
    return any(iskeyword(part) for part in name.split("."))


@dataclass(slots=True)
class Declarations:
    """Everything a ruleset declares, and the tools to read a declared value."""

    report: Report
    document: RulesetDoc
    zone: timezone
    choices: dict[str, Choice] = field(default_factory=dict)
    inputs: dict[str, Input] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    outputs: dict[str, dict[str, Output]] = field(default_factory=dict)
    lists: dict[str, ListSpec] = field(default_factory=dict)

    def cite(self, ref: str) -> Citation:
        """Return the citation of a provision of this ruleset."""
        return Citation(str(self.document.ruleset), str(self.document.edition), ref)

    def read_flag(self, word: Scalar | None, *, default: bool = False) -> bool:
        """Read an optional ``true`` or ``false``."""
        if word is None:
            return default
        try:
            return read.read_boolean(word)
        except read.TextValueError as error:
            self.report.add_value_error(word, error)
            return default

    def read_option(self, word: Scalar, options: tuple[str, ...]) -> str:
        """Read one of a closed list of words; report and return it as it is where it is not."""
        if word not in options:
            near = self.report.suggest(word, options)
            self.report.add("not-one-of", word, found=word, options=", ".join(options), near=near)
        return str(word)

    def read_type(self, declared: TypeDoc) -> Type | None:
        """Read the type of a declared value; None once its faults are reported."""
        if str(declared.type) not in DECLARABLE:
            near = self.report.suggest(declared.type, list(DECLARABLE))
            self.report.add("unknown-type", declared.type, found=declared.type, near=near)
            return None
        kind = Kind(declared.type)
        if kind in {Kind.CHOICE, Kind.SET}:
            return self._read_choice_type(kind, declared)
        if declared.of is not None:
            self.report.add("key-does-not-fit", declared.of, key="of", type=kind)
        if kind in {Kind.MONEY, Kind.COUNT, Kind.PERIOD}:
            return self._read_unit_type(kind, declared)
        if declared.unit is not None:
            self.report.add("key-does-not-fit", declared.unit, key="unit", type=kind)
        return Type(kind)

    def _read_choice_type(self, kind: Kind, declared: TypeDoc) -> Type | None:
        if declared.of is None:
            self.report.add("choice-missing", declared.type, type=kind)
            return None
        choice = self.choices.get(declared.of)
        if choice is None:
            near = self.report.suggest(declared.of, self.choices)
            self.report.add("unknown-choice", declared.of, name=declared.of, near=near)
            return None
        ordered = choice.ordered and kind is Kind.CHOICE
        return Type(kind, choice.name, tuple(choice.options), ordered)

    def _read_unit_type(self, kind: Kind, declared: TypeDoc) -> Type | None:
        unit = declared.unit
        if kind is Kind.MONEY:
            currency = self.document.currency if unit is None else unit
            if currency not in CURRENCIES:
                self.report.add("unknown-currency", currency, found=currency)
                return None
            return Type(kind, str(currency))
        if kind is Kind.COUNT and not unit:
            self.report.add("count-without-unit", declared.type)
            return None
        if kind is Kind.PERIOD and unit is not None and str(unit) not in tuple(PeriodUnit):
            self.read_option(unit, tuple(PeriodUnit))
            return None
        return Type(kind, str(unit or ""))

    def read_value(self, word: Scalar, kind: Type, *, bare: bool = False) -> Known | None:
        """Read a value of a type; ``bare`` lets money and counts go without their unit."""
        try:
            return read_typed(word, kind, self.zone, bare=bare)
        except read.TextValueError as error:
            self.report.add_value_error(word, error)
            return None

    def read_domain(self, declared: TypedDoc, kind: Type) -> Domain:
        """Return every value a declared fact may take."""
        domain = default_domain(kind)
        if not isinstance(domain, Interval):
            for word in (declared.min, declared.max):
                if word is not None:
                    self.report.add("bounds-do-not-fit", word, type=str(kind))
            return domain
        low = self.read_value(declared.min, kind) if declared.min is not None else None
        high = self.read_value(declared.max, kind) if declared.max is not None else None
        made = Interval(
            domain.low if low is None else as_ordered(low),
            domain.high if high is None else as_ordered(high),
        )
        if isinstance(made.low, datetime) and isinstance(made.high, datetime):
            made = Interval(made.low.astimezone(self.zone), made.high.astimezone(self.zone))
        if compare_ordered(made.low, made.high) > 0:
            self.report.add("bounds-crossed", declared.max or declared.min or declared.type)
        return made

    def check_name(
        self,
        word: Scalar,
        pattern: re.Pattern[str],
        example: str,
        *,
        held: bool = True,
        called: bool = True,
    ) -> None:
        """Check that a declared name is written as names are, and is not reserved.

        A name that no expression holds (``held`` is false) may be any word; one that stands only
        after a dot (``called`` is false) may be a function's.
        """
        if not pattern.fullmatch(word):
            self.report.add("bad-declared-name", word, name=word, example=example)
        elif held and (is_word_of_python(word) or (word.split(".")[0] in RESERVED and called)):
            self.report.add("reserved-name", word, name=word)
