"""Comes in: what someone states of a case, as Python values or as a read file. Goes out: the case.

Everything is checked once, here, by exact type; what passes this door cannot make a decision raise.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeGuard
from zoneinfo import ZoneInfo

from voucher_rules.checked.domains import MOST_COUNT, compare_ordered, read_typed
from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.symbols import Input, ListSpec
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.records import name_field, split_field
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.terms import find_value
from voucher_rules.meaning.unknowns import FALSE, TRUE, find_truths
from voucher_rules.program.build import Program
from voucher_rules.ruleset.load import suggest_name
from voucher_rules.sources.characters import find_hidden, name_character
from voucher_rules.sources.tree import Mapping, Scalar, Sequence, Source, diagnose
from voucher_rules.spans import Span
from voucher_rules.values.model import (
    CURRENCIES,
    NONE,
    OPEN,
    Exact,
    Interval,
    Known,
    Mark,
    OneOf,
    Period,
    PeriodUnit,
    Scale,
    SetBetween,
    Unknown,
    Value,
    WorkingCalendar,
    settle_exact,
)
from voucher_rules.values.read import FIRST_DAY, LAST_DAY, MAX_DIGITS, TextValueError, read_date
from voucher_rules.values.write import write_decimal

PROVENANCE_KEYS: Final = ("source", "document", "declared_by", "by", "on", "evidence")
UNKNOWN_WORD: Final = "unknown"
UNANSWERED_WORD: Final = "unanswered"
NONE_WORD: Final = "none"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a stated fact comes from, in the words of whoever stated it; keys as in a case file."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a case: a value for every input of the program, and where it came from.

    ``given`` names the inputs that were stated; ``extra`` those that the decision never reads;
    ``unanswered`` the facts that someone was asked for and did not tell.
    """

    values: AnyMapping[str, Value]
    given: tuple[str, ...]
    extra: tuple[str, ...] = ()
    provenance: AnyMapping[str, Provenance] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()


def read_case(
    program: Program,
    facts: AnyMapping[str, Any],
    source: Source | None = None,
    on: date | None = None,
) -> Case:
    """Read the facts of a case. ``facts`` may be a mapping of Python values or a read mapping.

    ``on`` states the day that fixes the law, where the facts do not. Raises :class:`InputError`
    with every fault found.
    """
    if not isinstance(facts, dict | AnyMapping):
        raise InputError([Diagnostic("facts-not-a-mapping", {"found": type(facts).__name__})])
    door = _Door(program, source)
    for name, stated in facts.items():
        door.read_fact(name, stated)
    if on is not None:
        door.set_day(on)
    door.check_applying()
    if door.found:
        raise InputError(door.found)
    return door.close()


def read_on(stated: object) -> date:
    """Read the day given beside the facts: a date, or its text. Raises :class:`InputError`."""
    if type(stated) is date:
        return stated
    if not is_text(stated):
        arguments = {"found": type(stated).__name__, "expected": "date"}
        raise InputError([Diagnostic("wrong-python-type", arguments, path="on")])
    try:
        return read_date(stated)
    except TextValueError as error:
        raise InputError([Diagnostic(error.code, error.arguments, path="on")]) from None


def is_text(value: object) -> TypeGuard[str]:
    """Return whether a value is text by its exact type, so that none of its own code ever runs."""
    return type(value) in (str, Scalar)


def _name_value(value: object) -> str:
    """Return how a refused value is told: itself where it is text, else its type."""
    return str(value) if is_text(value) else type(value).__name__


def check_shown(text: str, at: object) -> None:
    """Check that a text holds no character that does not show."""
    hidden = find_hidden(text)
    if hidden:
        raise _RefusedError("hidden-character", at, character=name_character(hidden[0]))


class _RefusedError(Exception):
    """Raised inside the door when one value is refused; the others are still read."""

    def __init__(self, code: str, at: object, **arguments: str) -> None:
        self.code = code
        self.at = at
        self.arguments = arguments
        super().__init__(code)


@dataclass(slots=True)
class _Door:
    program: Program
    source: Source | None
    found: list[Diagnostic] = field(default_factory=list)
    stated: dict[str, Value] = field(default_factory=dict)
    records: dict[str, Value] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    provenance: dict[str, Provenance] = field(default_factory=dict)

    def refuse(self, code: str, at: object, path: str, **arguments: str) -> None:
        if self.source is not None and type(at) in (Scalar, Mapping, Sequence):
            span: Span = at.span  # type: ignore[attr-defined]
            item = diagnose(self.source, code, span, path=path, **arguments)
        else:
            item = Diagnostic(code, arguments, path=path)
        self.found.append(item)

    def read_fact(self, name: object, stated: object) -> None:
        inputs = self.program.ruleset.inputs
        if not is_text(name):
            self.refuse("fact-name-not-text", name, repr(type(name).__name__))
            return
        if name not in inputs:
            near = suggest_name(name, list(inputs))
            nested = isinstance(stated, dict) and "." not in name
            code = "facts-nested" if nested else "unknown-fact"
            self.refuse(code, name, name, name=str(name), near="" if nested else near)
            return
        try:
            value, provenance = self._read_stated(inputs[name], stated)
            self._check_bounds(inputs[name], value, stated)
        except _RefusedError as error:
            self.refuse(error.code, error.at, str(name), **error.arguments)
            return
        self.stated[str(name)] = value
        if provenance.entries:
            self.provenance[str(name)] = provenance

    def _read_stated(self, declared: Input, stated: Any) -> tuple[Value, Provenance]:  # noqa: ANN401
        if declared.type.kind is Kind.LIST:
            return self._read_listed(declared, stated)
        if type(stated) in (dict, Mapping) and "value" in stated:
            value = self._read_value(declared, stated["value"])
            return value, self._read_provenance(stated)
        return self._read_value(declared, stated), Provenance(())

    def _read_provenance(self, stated: AnyMapping[Any, Any]) -> Provenance:
        entries = []
        for key, text in stated.items():
            if key == "value":
                continue
            if not is_text(key) or key not in PROVENANCE_KEYS:
                found = _name_value(key)
                near = suggest_name(found, list(PROVENANCE_KEYS))
                raise _RefusedError("unknown-key", key, key=found, near=near)
            told = text.isoformat() if type(text) is date else text
            if not is_text(told):
                raise _RefusedError("text-expected", text)
            check_shown(told, text)
            entries.append((str(key), str(told)))
        return Provenance(tuple(sorted(entries)))

    def _read_listed(self, declared: Input, stated: Any) -> tuple[Value, Provenance]:  # noqa: ANN401
        """Read a list of records: how many there are; each of their fields stands beside it."""
        provenance = Provenance(())
        if type(stated) in (dict, Mapping) and "value" in stated:
            provenance, stated = self._read_provenance(stated), stated["value"]
        if is_text(stated) and stated == UNKNOWN_WORD:
            return declared.domain, provenance
        if type(stated) not in (list, tuple, Sequence):
            raise _RefusedError("records-expected", stated, name=declared.name)
        spec = self.program.ruleset.lists[declared.name]
        if len(stated) > spec.most:
            raise _RefusedError("too-many-records", stated, limit=str(spec.most))
        for number, record in enumerate(stated, start=1):
            self._read_record(spec, number, record)
        return len(stated), provenance

    def _read_record(self, spec: ListSpec, number: int, record: Any) -> None:  # noqa: ANN401
        if type(record) not in (dict, Mapping):
            raise _RefusedError("records-expected", record, name=spec.name)
        fields = {name.removeprefix(f"{spec.name}."): x for name, x in spec.fields.items()}
        for key in record:
            if not is_text(key) or key not in fields:
                found = _name_value(key)
                near = suggest_name(found, list(fields))
                raise _RefusedError("unknown-key", key, key=found, near=near)
        for key, declared in fields.items():
            name = name_field(spec.name, number, key)
            value: Value = declared.domain
            if key in record:
                stated = record[key]
                try:
                    value = self._read_value(declared, stated)
                    self._check_bounds(declared, value, stated)
                except _RefusedError as error:
                    self.refuse(error.code, error.at, name, **error.arguments)
            self.records[name] = value

    def _read_value(self, declared: Input, stated: Any) -> Value:  # noqa: ANN401
        if stated is NONE or self._is_word(declared, stated, NONE_WORD):
            if not declared.optional and declared.applies is None:
                raise _RefusedError("none-not-allowed", stated, name=declared.name)
            return NONE
        if self._is_word(declared, stated, UNKNOWN_WORD):
            return _unknown_value(declared)
        if self._is_word(declared, stated, UNANSWERED_WORD):
            self.unanswered.append(declared.name)
            return _unknown_value(declared)
        if stated is None:
            raise _RefusedError("null-value", stated)
        if declared.type.kind is Kind.SET:
            return self._read_set(declared, stated)
        if isinstance(stated, Scalar) or type(stated) is str:
            return self._read_text(declared, stated)
        return self._convert(declared, stated)

    def _is_word(self, declared: Input, stated: object, word: str) -> bool:
        """Tell the bare word from a text: where quotes cannot tell, text and ids are texts."""
        if not is_text(stated) or stated != word:
            return False
        if isinstance(stated, Scalar) and stated.exact:
            return not stated.quoted
        return declared.type.kind not in {Kind.ID, Kind.TEXT}

    def _read_text(self, declared: Input, stated: str) -> Known:
        check_shown(stated, stated)
        try:
            return read_typed(stated, declared.type, self.program.ruleset.zone, bare=True)
        except TextValueError as error:
            raise _RefusedError(error.code, stated, **error.arguments) from None

    def _read_set(self, declared: Input, stated: Any) -> Value:  # noqa: ANN401
        options = declared.type.options
        if isinstance(stated, Mapping) or type(stated) is dict:
            return self._read_members(declared, stated)
        if not isinstance(stated, Sequence) and type(stated) not in (list, tuple, set, frozenset):
            raise _RefusedError("set-expected", stated, options=", ".join(options))
        return frozenset(self._read_option(declared, item) for item in stated)

    def _read_members(self, declared: Input, stated: AnyMapping[Any, Any]) -> Value:
        certain: set[str] = set()
        possible = set(declared.type.options)
        for key, answer in stated.items():
            option = self._read_option(declared, key)
            word = answer if is_text(answer) else None
            if answer is True or word == "true":
                certain.add(option)
            elif answer is False or word == "false":
                possible.discard(option)
            elif word != UNKNOWN_WORD:
                raise _RefusedError("not-a-boolean", answer, found=_name_value(answer))
        if certain == possible:
            return frozenset(certain)
        return Unknown(SetBetween(frozenset(certain), frozenset(possible)))

    def _read_option(self, declared: Input, item: object) -> str:
        options = declared.type.options
        if not is_text(item) or item not in options:
            found = _name_value(item)
            near = suggest_name(found, list(options))
            listed = ", ".join(options)
            raise _RefusedError("not-one-of", item, found=found, options=listed, near=near)
        return str(item)

    def _convert(self, declared: Input, stated: object) -> Known:
        """Convert a Python value, by exact type."""
        kind = declared.type
        found = type(stated).__name__
        if type(stated) is float:
            raise _RefusedError("float-refused", stated, found=repr(stated))
        if kind.kind in _PLAIN_TYPES:
            if type(stated) is _PLAIN_TYPES[kind.kind] and _is_plain(stated):
                return stated  # type: ignore[return-value]
        elif kind.kind is Kind.INSTANT:
            if type(stated) is datetime and type(stated.tzinfo) in _ZONES:
                return self._convert_instant(stated)
        elif kind.kind is Kind.PERIOD:
            if type(stated) is Period and _is_sound_period(stated):
                return self._read_text(declared, f"{stated.count} {_period_word(stated)}")
        elif type(stated) in (int, Decimal, Fraction):
            return self._convert_number(kind, stated)
        raise _RefusedError("wrong-python-type", stated, found=found, expected=str(kind))

    def _convert_instant(self, stated: datetime) -> datetime:
        if stated.tzinfo is None:
            raise _RefusedError("naive-instant", stated, found=stated.isoformat())
        if not FIRST_DAY.year <= stated.year <= LAST_DAY.year:
            first, last = str(FIRST_DAY), str(LAST_DAY)
            found = stated.isoformat()
            raise _RefusedError("out-of-range", stated, found=found, low=first, high=last)
        return stated.astimezone(self.program.ruleset.zone)

    def _convert_number(self, kind: Type, stated: Any) -> Exact:  # noqa: ANN401 - one of three types
        number = _to_exact(stated)
        if kind.kind in {Kind.CHOICE, Kind.ID, Kind.TEXT}:
            raise _RefusedError(
                "wrong-python-type", stated, found=type(stated).__name__, expected=str(kind)
            )
        if kind.kind is Kind.MONEY:
            number = settle_exact(Fraction(number) * 10 ** CURRENCIES[kind.unit].digits)
            if not isinstance(number, int):
                raise _RefusedError("finer-than-minor-unit", stated, found=str(stated))
        if kind.kind is Kind.COUNT and not isinstance(number, int):
            raise _RefusedError("not-whole", stated, found=str(stated))
        return number

    def _check_bounds(self, declared: Input, value: Value, stated: object) -> None:
        domain = declared.domain.domain
        if isinstance(value, Mark | Unknown | str | frozenset) or not isinstance(domain, Interval):
            return
        if isinstance(value, Scale | WorkingCalendar) or declared.type.kind is Kind.LIST:
            return
        if isinstance(value, Period) and value.unit is not domain.low.unit:  # type: ignore[union-attr]
            return
        at = stated["value"] if isinstance(stated, dict) else stated
        if compare_ordered(value, domain.low) < 0 or compare_ordered(value, domain.high) > 0:
            code = "ratio-out-of-range" if declared.type.kind is Kind.RATIO else "out-of-range"
            raise _RefusedError(
                code,
                at,
                found=str(at),
                low=_tell(domain.low, declared.type),
                high=_tell(domain.high, declared.type),
            )

    def set_day(self, on: date) -> None:
        """State the day that fixes the law, unless the facts state another."""
        name = self.program.decision.as_of
        stated = self.stated.get(name, on)
        if isinstance(stated, Unknown):
            stated = on
        if stated != on:
            self.refuse("day-stated-twice", None, name, name=name, on=str(on), found=str(stated))
            return
        self.stated[name] = on
        self._check_day(on, name)

    def _check_day(self, on: date, name: str) -> None:
        try:
            self._check_bounds(self.program.ruleset.inputs[name], on, on)
        except _RefusedError as error:
            self.refuse(error.code, error.at, "on", **error.arguments)

    def check_applying(self) -> None:
        """Check that nothing is stated of what does not exist, nor none of what surely does."""
        known = {n: self.stated.get(n, _unstated_value(x)) for n, x in self.program.inputs.items()}
        known |= {n: x.domain for n, x in self.program.parameters.items()}
        for name, reading in self.program.ruleset.readings.items():
            known[f"reading.{name}"] = Unknown(OneOf(frozenset(reading.options)))
        for name in self.program.applying:
            applies = self.program.inputs[name].applies
            if applies is None or name not in self.stated:
                continue
            truths = find_truths(find_value(applies, known))
            if truths == FALSE and not isinstance(self.stated[name], Mark | Unknown):
                self.refuse("fact-does-not-apply", None, name, name=name, when=applies.text)
            elif truths == TRUE and self.stated[name] is NONE:
                self.refuse("none-not-allowed", None, name, name=name)

    def close(self) -> Case:
        """Return the case: every input of the program has a value, stated or not known."""
        values: dict[str, Value] = {}
        for name, declared in self.program.inputs.items():
            values[name] = self.stated.get(name, _unstated_value(declared))
            if name in self.unanswered and name in self.program.asked:
                values[f"{name}{ASKED}"] = OPEN
        values |= {n: x for n, x in self.records.items() if split_field(n)[0] in values}
        return Case(
            values=values,
            given=tuple(n for n, v in self.stated.items() if not _says_nothing(v, n, self.program)),
            extra=tuple(name for name in self.stated if name not in values),
            provenance=self.provenance,
            unanswered=tuple(self.unanswered),
        )


def _says_nothing(value: Value, name: str, program: Program) -> bool:
    return value == _unstated_value(program.ruleset.inputs[name])


_PLAIN_TYPES: Final = {Kind.BOOLEAN: bool, Kind.DATE: date, Kind.TIME: time}
"""Kinds whose values are Python's own."""


def _is_plain(value: object) -> bool:
    """Return whether a time is told to the second and in no zone; anything else is plain."""
    return type(value) is not time or (value.tzinfo is None and not value.microsecond)


_ZONES: Final = (type(None), timezone, ZoneInfo)
"""Kinds of time zone whose code is Python's own."""


def _is_sound_period(period: Period) -> bool:
    """Return whether a period holds what it should; anyone can make one of anything."""
    whole = type(period.count) is int and abs(period.count) <= MOST_COUNT
    return whole and type(period.unit) is PeriodUnit


def _unknown_value(declared: Input) -> Value:
    return OPEN if declared.role is Role.FINDING else declared.domain


def _unstated_value(declared: Input) -> Value:
    """What a fact is while nobody has stated it; a finding is open until a person makes it."""
    return _unknown_value(declared)


def _period_word(period: Period) -> str:
    return f"{period.unit.value.replace('_', ' ')}s"


def _to_exact(stated: int | Decimal | Fraction) -> Exact:
    if isinstance(stated, Decimal):
        if not stated.is_finite():
            raise _RefusedError("not-finite", stated, found=str(stated), fix="")
        _, digits, exponent = stated.as_tuple()
        if len(digits) > MAX_DIGITS or not -MAX_DIGITS <= int(exponent) <= MAX_DIGITS:
            raise _RefusedError("number-too-long", stated, limit=str(MAX_DIGITS))
        return settle_exact(Fraction(stated))
    size = 10**MAX_DIGITS
    fraction = Fraction(stated)
    if abs(fraction.numerator) >= size * size or fraction.denominator >= size:
        raise _RefusedError("number-too-long", "…", limit=str(MAX_DIGITS))
    return settle_exact(fraction)


def _tell(value: object, kind: Type) -> str:
    if kind.kind is Kind.MONEY and isinstance(value, int | Fraction):
        digits = CURRENCIES[kind.unit].digits
        return write_decimal(Fraction(value) / 10**digits)
    return str(value)
