"""Comes in: the statement of a kernel. Goes out: those that give the columns of a table of results.

What a kernel found is told here as ``verdicts.findings`` tells it of rows in memory; a row that
no kernel decides has no outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from voucher_rules.batch.results.columns import (
    FAILED,
    ROW,
    UNDETERMINED,
    WAITING,
    ResultColumn,
    Side,
    is_whole,
    list_limits,
    list_open_columns,
    list_settled_columns,
    name_words,
)
from voucher_rules.batch.sql.dialects import Speech
from voucher_rules.batch.verdicts.model import list_payables, list_values
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.compiled.python_names import CODES, REFERRED_CODE, VALUELESS_CODES
from voucher_rules.compiled.sql_code import SqlCode
from voucher_rules.compiled.sql_results import WORD
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program

_TOLD = frozenset({Kind.BOOLEAN, Kind.COUNT, Kind.DATE, Kind.CHOICE, Kind.RATIO, Kind.NUMBER})
"""Kinds of values that are told in SQL; others have forms of their own."""
_ZERO: Final = "0"
_NULL: Final = "NULL"
_CONSTANTS: Final = frozenset({_ZERO, _NULL})
"""What columns hold that tell nothing of any row."""


def check_results(program: Program) -> None:
    """Check that every output can be told in SQL. Raises :class:`NotLoweredError`."""
    for name in list_values(program):
        if program.decision.outputs[name].type.kind not in _TOLD:
            raise NotLoweredError("an output whose form SQL does not write", name)


def write_results(program: Program, code: SqlCode, keys: Mapping[str, str], speech: Speech) -> str:
    """Return the statement of what every row has; ``keys`` are the names of those handed on."""
    told = dict(_Teller(program, code, speech).tell_all())
    return _select(list_settled_columns(program), told, code, keys, speech)


def write_open(program: Program, code: SqlCode, keys: Mapping[str, str], speech: Speech) -> str:
    """Return the statement that gives what is open of decided rows; empty if nothing ever is."""
    told = dict(_Teller(program, code, speech).tell_all())
    columns = list_open_columns(program)
    tests = [
        write_test(item, speech)
        for item in columns
        if item.side is Side.OPEN and told[item.name] not in _CONSTANTS
    ]
    if not tests:
        return ""
    text = _select(columns, told, code, keys, speech)
    return (
        f"SELECT * FROM (\n{text}\n) AS told WHERE outcome IS NOT NULL AND ({' OR '.join(tests)})"
    )


def write_test(item: ResultColumn, speech: Speech) -> str:
    """Return the test that a column of what is open tells something of a row."""
    held = speech.quote(item.name)
    return f"{held} IS NOT NULL" if item.closed is None else f"{held} <> {item.closed}"


def _select(
    columns: Sequence[ResultColumn],
    told: Mapping[str, str],
    code: SqlCode,
    keys: Mapping[str, str],
    speech: Speech,
) -> str:
    quote = speech.quote
    listed = [ROW, *(f"{quote(key)} AS {quote(name)}" for key, name in keys.items())]
    for item in columns:
        text = f"CAST({told[item.name]} AS {speech.cells[item.cell]})"
        listed += [f"{text} AS {quote(item.name)}"]
    lines = ",\n  ".join(listed)
    return f"SELECT\n  {lines}\nFROM (\n{code.text}\n) AS found"


def write_nothing(program: Program, lot: str, keys: Mapping[str, str], speech: Speech) -> str:
    """Return the statement that decides no row of a lot."""
    quote = speech.quote
    columns = [ROW, *(f"{quote(key)} AS {quote(name)}" for key, name in keys.items())]
    columns += [
        f"CAST(NULL AS {speech.cells[item.cell]}) AS {quote(item.name)}"
        for item in list_settled_columns(program)
    ]
    return f"SELECT {', '.join(columns)} FROM {lot}"


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells each column of results from those of a kernel; its outcome is a number.

    What stands beside an outcome that is null is not kept, and may be anything.
    """

    program: Program
    code: SqlCode
    speech: Speech

    @property
    def _given(self) -> frozenset[str]:
        return frozenset(column.name for column in self.code.gives)

    def tell_all(self) -> Iterator[tuple[str, str]]:
        program, given, zeros = self.program, self._given, self.code.zeros
        yield "outcome", self._tell_outcome()
        for name in list_payables(program):
            limited = program.decision.outputs[name].limited
            yield from self._tell_limited(name) if limited else self._tell_worked_out(name)
            for word in name_words(f"{name}.binding", len(list_limits(program, name))):
                yield word, self._quote(word) if word in given and word not in zeros else "0"
        for name in list_values(program):
            yield name, self._tell_value(name)
        deciding = sum(1 << at for at, rule in enumerate(program.rules) if rule.decides)
        for mask in (FAILED, WAITING):
            for at, word in enumerate(name_words(mask, len(program.rules))):
                decisive = deciding >> at * WORD & ((1 << WORD) - 1)
                never = word in zeros or not decisive
                yield word, _ZERO if never else f"{self._quote(word)} & {decisive}"
        for word in name_words(UNDETERMINED, len(program.rules)):
            yield word, _ZERO
        yield from (("possible", _NULL), ("missing", _NULL))

    def _tell_outcome(self) -> str:
        whens = [f" WHEN {at} THEN '{CODES[at]}'" for at in self.code.outcomes]
        if not self.code.decides_all:
            return f"CASE outcome{''.join(whens)} END"
        last = f"'{CODES[self.code.outcomes[-1]]}'"
        return f"CASE outcome{''.join(whens[:-1])} ELSE {last} END" if len(whens) > 1 else last

    def _when_decided(self, text: str) -> str:
        """Return what a decided row has."""
        if self.code.decides_all:
            return text
        return f"CASE WHEN outcome IS NOT NULL THEN {text} END"

    def _is_one_of(self, codes: Sequence[int]) -> str:
        """Return the test that a decided row comes out in one of these ways; empty if none does."""
        reached = [str(code) for code in codes if code in self.code.outcomes]
        if not reached:
            return ""
        return (
            f"outcome = {reached[0]}" if len(reached) == 1 else f"outcome IN ({', '.join(reached)})"
        )

    def _tell_limited(self, name: str) -> Iterator[tuple[str, str]]:
        held = (
            f"COALESCE({self._quote(name)}, 0)" if name in self.code.may_lack else self._quote(name)
        )
        yield name, self._tell_paid(held, "0", "")
        referred = self._is_one_of((REFERRED_CODE,))
        for end in ("low", "high"):
            yield f"{name}.{end}", f"CASE WHEN {referred} THEN {held} END" if referred else _NULL

    def _tell_paid(self, held: str, zero: str, none: str) -> str:
        """Return what is payable: nothing where it is denied, open where a person must judge."""
        denied, referred = self._is_one_of(VALUELESS_CODES), self._is_one_of((REFERRED_CODE,))
        whens = f" WHEN {denied} THEN {zero}" if denied else ""
        whens += f" WHEN {none} THEN {zero}" if none else ""
        whens += f" WHEN {referred} THEN NULL" if referred else ""
        made = f"CASE{whens} ELSE {held} END" if whens else held
        return self._when_decided(made)

    def _tell_worked_out(self, name: str) -> Iterator[tuple[str, str]]:
        """Money that is worked out: nothing where there is none."""
        whole = is_whole(self.program, name)
        zero = "0" if whole else "'0'"
        if name not in self._given:
            held, none = zero, ""
        else:
            held = self._quote(name) if whole else self._tell_exact(name)
            none = f"{self._quote(name)} IS NULL" if name in self.code.may_lack else ""
        yield name, self._tell_paid(held, zero, none)
        referred = self._is_one_of((REFERRED_CODE,))
        there = f" AND {self._quote(name)} IS NOT NULL" if none else ""
        open_end = f"CASE WHEN {referred}{there} THEN {held} END" if referred else _NULL
        yield from ((f"{name}.low", open_end), (f"{name}.high", open_end))

    def _tell_value(self, name: str) -> str:
        if name not in self._given:
            return "NULL"
        over = f"{name}.over" in self._given
        exact = over and _is_text(self.program, name)
        held = self._tell_exact(name) if exact else self._quote(name)
        denied = self._is_one_of(VALUELESS_CODES)
        return f"CASE WHEN {denied} THEN NULL ELSE {held} END" if denied else held

    def _quote(self, name: str) -> str:
        return self.speech.quote(name)

    def _tell_exact(self, name: str) -> str:
        """Return a number as a fraction in lowest terms."""
        return self.speech.tell_fraction(self._quote(name), self._quote(f"{name}.over"))


def _is_text(program: Program, name: str) -> bool:
    return program.decision.outputs[name].type.kind in {Kind.RATIO, Kind.NUMBER}
