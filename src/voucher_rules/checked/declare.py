"""Comes in: what a ruleset document declares. Goes out: symbols with types, bounds, values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from keyword import iskeyword
from typing import Final

from voucher_rules.checked.domains import as_ordered, compare_ordered, default_domain, read_typed
from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import (
    Choice,
    Input,
    ListSpec,
    Output,
    Reading,
    Rounding,
    Wording,
)
from voucher_rules.language.operators import AGGREGATES, OPERATORS
from voucher_rules.language.terms import Role
from voucher_rules.language.types import NUMBER, STRUCTURES, Kind, Type
from voucher_rules.ruleset.load import suggest_name
from voucher_rules.ruleset.model import (
    BalanceDoc,
    Bilingual,
    ChoiceDoc,
    DecisionDoc,
    FactDoc,
    FieldDoc,
    FindingDoc,
    ListDoc,
    OutputDoc,
    ReadingDoc,
    RulesetDoc,
    TypedDoc,
    TypeDoc,
)
from voucher_rules.sources.tree import Scalar
from voucher_rules.spans import Citation
from voucher_rules.values import read
from voucher_rules.values.model import (
    CURRENCIES,
    NO_MARKS,
    NONE,
    Domain,
    Interval,
    Known,
    PeriodUnit,
    Unknown,
)

PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
DOTTED_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59})+")
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
MOST_RECORDS: Final = 1_000
"""How many records a list may have at most, and how many it may where it does not say."""
ROUNDINGS: Final = ("down", "up", "half_up", "half_even")


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
            near = suggest_name(word, list(options))
            self.report.add("not-one-of", word, found=word, options=", ".join(options), near=near)
        return str(word)

    def read_type(self, declared: TypeDoc) -> Type | None:
        """Read the type of a declared value; None once its faults are reported."""
        if str(declared.type) not in DECLARABLE:
            near = suggest_name(declared.type, list(DECLARABLE))
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
            near = suggest_name(declared.of, list(self.choices))
            self.report.add("unknown-choice", declared.of, name=declared.of, near=near)
            return None
        ordered = choice.ordered and kind is Kind.CHOICE
        return Type(kind, choice.name, tuple(choice.options), ordered)

    def _read_unit_type(self, kind: Kind, declared: TypeDoc) -> Type | None:
        unit = declared.unit
        if kind is Kind.MONEY:
            currency = unit or self.document.currency
            if currency not in CURRENCIES:
                self.report.add("unknown-currency", currency, found=currency)
                return None
            return Type(kind, str(currency))
        if kind is Kind.COUNT and unit is None:
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

    def declare_choice(self, name: Scalar, declared: ChoiceDoc) -> None:
        """Declare a choice and its options."""
        self.check_name(name, PLAIN_NAME, "size_class", held=False)
        for option in declared.options:
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,59}", option):
                self.report.add("bad-declared-name", option, name=option, example="small")
            elif option in {"none", "unknown", "true", "false"}:
                self.report.add("reserved-name", option, name=option)
        options = {str(key): word_text(text) for key, text in declared.options.items()}
        ordered = self.read_flag(declared.ordered)
        self.choices[str(name)] = Choice(str(name), word_text(declared.label), options, ordered)

    def declare_fact(self, name: Scalar, declared: FactDoc) -> None:
        """Declare a fact of the case."""
        self.check_name(name, DOTTED_NAME, "contract.amount")
        kind = self.read_type(declared)
        if kind is None:
            return
        made = self._make_input(str(name), Role.FACT, kind, declared)
        if declared.evidence is not None:
            made = replace(made, evidence=word_text(declared.evidence))
        self.inputs[str(name)] = made

    def declare_list(self, name: Scalar, declared: ListDoc) -> None:
        """Declare a list of records; expressions call its fields ``items.amount``."""
        self.check_name(name, PLAIN_NAME, "items")
        most = self.read_value(declared.most, NUMBER) if declared.most is not None else MOST_RECORDS
        if not isinstance(most, int) or not 1 <= most <= MOST_RECORDS:
            self.report.add("list-too-long", declared.most or name, limit=str(MOST_RECORDS))
            most = MOST_RECORDS
        fields: dict[str, Input] = {}
        for key, doc in declared.fields.items():
            self.check_name(key, PLAIN_NAME, "amount", called=False)
            kind = self.read_type(doc)
            if kind is not None:
                full = f"{name}.{key}"
                fields[full] = self._make_input(full, Role.FIELD, kind, doc, within=str(name))
        self.inputs[str(name)] = Input(
            name=str(name),
            role=Role.FACT,
            type=Type(Kind.LIST, str(name)),
            label=word_text(declared.label),
            domain=Unknown(Interval(0, most)),
            note=word_text(declared.note) if declared.note else None,
        )
        self.lists[str(name)] = ListSpec(
            name=str(name),
            label=word_text(declared.label),
            one=word_text(declared.one),
            unit=str(declared.unit),
            most=most,
            fields=fields,
            note=word_text(declared.note) if declared.note else None,
        )

    def declare_finding(self, name: Scalar, declared: FindingDoc) -> None:
        """Declare a judgement that only a person can make; expressions call it ``finding.name``."""
        self.check_name(name, PLAIN_NAME, "well_run")
        kind = self.read_type(declared)
        if kind is not None:
            full = f"finding.{name}"
            made = self._make_input(full, Role.FINDING, kind, declared)
            self.inputs[full] = replace(made, by=word_text(declared.by))

    def _make_input(
        self,
        name: str,
        role: Role,
        kind: Type,
        declared: FactDoc | FindingDoc | FieldDoc,
        within: str = "",
    ) -> Input:
        optional = self.read_flag(declared.optional)
        return Input(
            name=name,
            role=role,
            type=kind,
            label=word_text(declared.label),
            domain=Unknown(
                self.read_domain(declared, kind), frozenset({NONE}) if optional else NO_MARKS
            ),
            optional=optional,
            note=word_text(declared.note) if declared.note else None,
            within=within,
        )

    def declare_balance(self, name: Scalar, declared: BalanceDoc) -> None:
        """Declare a balance read from history; expressions call it ``ledger.name``."""
        self.check_name(name, PLAIN_NAME, "claimed_this_year")
        if declared.sum is not None:
            currency = declared.unit or self.document.currency
            if currency not in CURRENCIES:
                self.report.add("unknown-currency", currency, found=currency)
                return
            kind = Type(Kind.MONEY, str(currency))
        else:
            kind = Type(Kind.COUNT, str(declared.unit or ""))
        if kind.kind is Kind.COUNT and not kind.unit:
            self.report.add("count-without-unit", declared.count or name)
        if declared.of is not None:
            self._check_anchor(declared.of)
        full = f"ledger.{name}"
        self.inputs[full] = Input(
            name=full,
            role=Role.BALANCE,
            type=kind,
            label=word_text(declared.label),
            domain=Unknown(default_domain(kind)),
            note=word_text(declared.note) if declared.note else None,
        )

    def _check_anchor(self, word: Scalar) -> None:
        """Check that the day which picks the year of a balance is a date of the case."""
        anchor = self.inputs.get(str(word))
        if anchor is None:
            near = suggest_name(word, list(self.inputs))
            self.report.add("unknown-name", word, name=word, near=near)
        elif anchor.type.kind is not Kind.DATE:
            self.report.add("type-mismatch", word, expected=Kind.DATE, found=str(anchor.type))

    def declare_reading(self, name: Scalar, declared: ReadingDoc) -> None:
        """Declare a reading with its options and its default."""
        self.report.ref = str(declared.ref)
        self.check_name(name, PLAIN_NAME, "medium_enterprises")
        options = {str(key): word_text(text) for key, text in declared.options.items()}
        self.read_option(declared.default, tuple(options))
        self.readings[str(name)] = Reading(
            str(name),
            self.cite(str(declared.ref)),
            word_text(declared.question),
            options,
            str(declared.default),
            word_text(declared.because),
            tuple(str(word) for word in declared.together or ()),
        )
        self.report.ref = ""

    def declare_outputs(self, name: Scalar, declared: DecisionDoc, limited: set[str]) -> None:
        """Declare the outputs of a decision; ``limited`` names those that rules limit."""
        self.check_name(name, PLAIN_NAME, "claim")
        made: dict[str, Output] = {}
        for key, output in declared.outputs.items():
            self.check_name(key, DOTTED_NAME, "voucher.amount")
            kind = self.read_type(output)
            self._check_output_is_new(key, kind)
            if kind is not None:
                made[str(key)] = self._read_output(str(key), output, kind, str(key) in limited)
        self.outputs[str(name)] = made

    def _check_output_is_new(self, key: Scalar, kind: Type | None) -> None:
        """Check that an output is no fact, and of one type in every decision that gives it."""
        if str(key) in self.inputs:
            self.report.add("defines-declared-name", key, name=key)
        for outputs in self.outputs.values():
            other = outputs.get(str(key))
            if other is not None and kind is not None and other.type != kind:
                found = str(kind)
                self.report.add("type-mismatch", key, expected=str(other.type), found=found)

    def _read_output(self, key: str, output: OutputDoc, kind: Type, limited: bool) -> Output:  # noqa: FBT001
        mode = self.read_option(output.round, ROUNDINGS) if output.round is not None else "down"
        step = self.read_value(output.to, kind) if output.to is not None else 1
        if not isinstance(step, int) or step <= 0:
            self.report.add("rounding-step", output.to or output.type)
            step = 1
        partial = True
        if output.partial is not None:
            partial = self.read_option(output.partial, ("allowed", "refused")) == "allowed"
        return Output(
            key,
            kind,
            word_text(output.label),
            limited,
            Rounding(mode, step),
            str(output.requested or ""),
            partial,
            rounds=limited or output.round is not None or output.to is not None,
        )


def declare_everything(report: Report, document: RulesetDoc, zone: timezone) -> Declarations:
    """Declare choices, facts, findings, balances, readings and outputs of a document."""
    made = Declarations(report, document, zone)
    for name, choice in document.choices.items():
        made.declare_choice(name, choice)
    for name, fact in document.facts.items():
        made.declare_fact(name, fact)
    for name, listed in document.lists.items():
        made.declare_list(name, listed)
    for name, finding in document.findings.items():
        made.declare_finding(name, finding)
    for name, balance in document.ledger.items():
        made.declare_balance(name, balance)
    for name, reading in document.readings.items():
        made.declare_reading(name, reading)
    limited = _find_limited_outputs(document)
    for name, decision in document.decisions.items():
        made.declare_outputs(name, decision, limited.get(str(name), set()))
    return made


def _find_limited_outputs(document: RulesetDoc) -> dict[str, set[str]]:
    """Return, for each decision, the outputs that some rule limits in it."""
    waiting = list(document.provisions)
    limited: dict[str, set[str]] = {}
    while waiting:
        provision = waiting.pop()
        waiting.extend(provision.provisions)
        for rule in provision.rules:
            for decision in rule.decisions if rule.limits is not None else ():
                limited.setdefault(str(decision), set()).add(str(rule.limits))
    return limited
