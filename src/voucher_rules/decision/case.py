"""Comes in: what someone states of a case, as Python values or as a read file. Goes out: the case.

Everything is checked once, here, by exact type; what passes this door cannot make a decision raise.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.symbols import Input, ListSpec
from voucher_rules.decision.stated import (
    UNANSWERED_WORD,
    UNKNOWN_WORD,
    Provenance,
    RefusedError,
    check_bounds,
    find_unstated,
    is_text,
    is_word,
    name_value,
    read_provenance,
    read_value,
)
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.records import name_field, split_field
from voucher_rules.language.types import Kind
from voucher_rules.meaning.terms import find_value
from voucher_rules.meaning.unknowns import FALSE, TRUE, find_truths
from voucher_rules.program.build import Program
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.tree import Mapping, Scalar, Sequence, Source, diagnose
from voucher_rules.spans import Span
from voucher_rules.values.model import NONE, OPEN, Mark, OneOf, Unknown, Value
from voucher_rules.values.read import TextValueError, read_date


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a case: a value for every input of the program, and where it came from.

    ``given`` names the inputs that were stated; ``extra`` those that the decision never reads, with
    their values in ``beside``; ``unanswered`` the facts someone was asked for and did not tell.
    """

    values: AnyMapping[str, Value]
    given: tuple[str, ...]
    extra: tuple[str, ...] = ()
    provenance: AnyMapping[str, Provenance] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    beside: AnyMapping[str, Value] = field(default_factory=dict)


def find_day(program: Program, case: Case) -> date | None:
    """Return the day that fixes the law of a case, or None where it is not known."""
    day = case.values[program.decision.as_of]
    return day if isinstance(day, date) else None


def read_case(
    program: Program,
    facts: AnyMapping[str, Any],
    source: Source | None = None,
    on: date | None = None,
    filled: Collection[str] = (),
) -> Case:
    """Read the facts of a case. ``facts`` may be a mapping of Python values or a read mapping.

    ``on`` states the day that fixes the law, where the facts do not. ``filled`` are facts that
    history told: it may go beyond what may be stated. Raises :class:`InputError` with every fault
    found.
    """
    if not isinstance(facts, dict | AnyMapping):
        raise InputError([Diagnostic("facts-not-a-mapping", {"found": type(facts).__name__})])
    door = _Door(program, source, frozenset(filled), facts)
    for name, stated in facts.items():
        door.read_fact(name, stated)
    if on is not None:
        door.set_day(on)
    door.check_applying()
    if door.found:
        raise InputError(door.found)
    return door.close()


def read_on(stated: object, path: str = "on") -> date:
    """Read a day given beside the facts: a date, or its text. Raises :class:`InputError`."""
    if type(stated) is date:
        return stated
    if not is_text(stated):
        arguments = {"found": type(stated).__name__, "expected": "date"}
        raise InputError([Diagnostic("wrong-python-type", arguments, path=path)])
    try:
        return read_date(stated)
    except TextValueError as error:
        raise InputError([Diagnostic(error.code, error.arguments, path=path)]) from None


@dataclass(slots=True)
class _Door:
    program: Program
    source: Source | None
    filled: frozenset[str] = frozenset()
    facts: AnyMapping[str, Any] = field(default_factory=dict)
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

    def find_place(self, name: str) -> object:
        """Return the key under which a fact is stated, which in a file has a place."""
        return next((key for key in self.facts if key == name), None)

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
            if name not in self.filled:
                check_bounds(inputs[name], value, stated)
        except RefusedError as error:
            self.refuse(error.code, error.at, str(name), **error.arguments)
            return
        self.stated[str(name)] = value
        if provenance.entries:
            self.provenance[str(name)] = provenance

    def _read_stated(self, declared: Input, stated: Any) -> tuple[Value, Provenance]:  # noqa: ANN401
        if declared.type.kind is Kind.LIST:
            return self._read_listed(declared, stated)
        wrapped = type(stated) in (dict, Mapping) and "value" in stated
        told = stated["value"] if wrapped else stated
        # In a field of a record the word says no more than that the field is not known.
        if is_word(declared, told, UNANSWERED_WORD):
            self.unanswered.append(declared.name)
        value = self._read_value(declared, told)
        return value, read_provenance(stated) if wrapped else Provenance(())

    def _read_listed(self, declared: Input, stated: Any) -> tuple[Value, Provenance]:  # noqa: ANN401
        """Read a list of records: how many there are; each of their fields stands beside it."""
        provenance = Provenance(())
        if type(stated) in (dict, Mapping) and "value" in stated:
            provenance, stated = read_provenance(stated), stated["value"]
        if is_text(stated) and stated == UNKNOWN_WORD:
            return declared.domain, provenance
        if type(stated) not in (list, tuple, Sequence):
            raise RefusedError("records-expected", stated, name=declared.name)
        spec = self.program.ruleset.lists[declared.name]
        if len(stated) > spec.most:
            raise RefusedError("too-many-records", stated, limit=str(spec.most))
        for number, record in enumerate(stated, start=1):
            self._read_record(spec, number, record)
        return len(stated), provenance

    def _read_record(self, spec: ListSpec, number: int, record: Any) -> None:  # noqa: ANN401
        if type(record) not in (dict, Mapping):
            raise RefusedError("records-expected", record, name=spec.name)
        fields = {name.removeprefix(f"{spec.name}."): x for name, x in spec.fields.items()}
        for key in record:
            if not is_text(key) or key not in fields:
                found = name_value(key)
                near = suggest_name(found, list(fields))
                raise RefusedError("unknown-key", key, key=found, near=near)
        for key, declared in fields.items():
            name = name_field(spec.name, number, key)
            value: Value = declared.domain
            if key in record:
                stated = record[key]
                try:
                    value = self._read_value(declared, stated)
                    if spec.name not in self.filled:
                        check_bounds(declared, value, stated)
                except RefusedError as error:
                    self.refuse(error.code, error.at, name, **error.arguments)
            self.records[name] = value

    def _read_value(self, declared: Input, stated: Any) -> Value:  # noqa: ANN401
        return read_value(declared, stated, self.program.ruleset.zone)

    def set_day(self, on: date) -> None:
        """State the day that fixes the law, unless the facts state another."""
        name = self.program.decision.as_of
        stated = self.stated.get(name, on)
        if isinstance(stated, Unknown):
            stated = on
        if stated != on:
            at = self.find_place(name)
            self.refuse("day-stated-twice", at, name, name=name, on=str(on), found=str(stated))
            return
        self.stated[name] = on
        self._check_day(on, name)

    def _check_day(self, on: date, name: str) -> None:
        try:
            check_bounds(self.program.ruleset.inputs[name], on, on)
        except RefusedError as error:
            self.refuse(error.code, error.at, "on", **error.arguments)

    def check_applying(self) -> None:
        """Check that nothing is stated of what does not exist, nor none of what surely does."""
        known = {n: self.stated.get(n, find_unstated(x)) for n, x in self.program.inputs.items()}
        known |= {n: x.domain for n, x in self.program.parameters.items()}
        for name, reading in self.program.ruleset.readings.items():
            known[f"reading.{name}"] = Unknown(OneOf(frozenset(reading.options)))
        for name in self.program.applying:
            applies = self.program.inputs[name].applies
            if applies is None or name not in self.stated or name in self.filled:
                continue
            truths = find_truths(find_value(applies, known))
            if truths == FALSE and not isinstance(self.stated[name], Mark | Unknown):
                at = self.find_place(name)
                self.refuse("fact-does-not-apply", at, name, name=name, when=applies.text)
            elif truths == TRUE and self.stated[name] is NONE:
                self.refuse("none-not-allowed", self.find_place(name), name, name=name)

    def close(self) -> Case:
        """Return the case: every input of the program has a value, stated or not known."""
        values: dict[str, Value] = {}
        for name, declared in self.program.inputs.items():
            values[name] = self.stated.get(name, find_unstated(declared))
            if name in self.unanswered and name in self.program.asked:
                values[f"{name}{ASKED}"] = OPEN
        values |= {n: x for n, x in self.records.items() if split_field(n)[0] in values}
        return Case(
            values=values,
            given=tuple(n for n, v in self.stated.items() if not _says_nothing(v, n, self.program)),
            extra=tuple(n for n in self.program.ruleset.inputs if self._is_extra(n, values)),
            provenance=self.provenance,
            unanswered=tuple(self.unanswered),
            beside={n: v for n, v in (self.stated | self.records).items() if n not in values},
        )

    def _is_extra(self, name: str, values: AnyMapping[str, Value]) -> bool:
        return name in self.stated and name not in values


def _says_nothing(value: Value, name: str, program: Program) -> bool:
    return value == find_unstated(program.ruleset.inputs[name])
