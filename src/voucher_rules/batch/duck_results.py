"""Comes in: the statement of a kernel. Goes out: one that gives the columns of a table of results.

What a kernel found is told here as ``findings`` tells it of rows in memory; a row that no kernel
decides has no outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voucher_rules.batch.duck_door import quote
from voucher_rules.batch.results import (
    ROW,
    Cell,
    ResultColumn,
    is_whole,
    list_limits,
    list_result_columns,
)
from voucher_rules.batch.verdicts import list_payables, list_values
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.compiled.sql_code import SqlCode
from voucher_rules.compiled.sql_results import WORD
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program

TYPES: Mapping[Cell, str] = {
    Cell.WHOLE: "BIGINT",
    Cell.TRUTH: "BOOLEAN",
    Cell.DAY: "DATE",
    Cell.TEXT: "VARCHAR",
}
_TOLD = frozenset({Kind.BOOLEAN, Kind.COUNT, Kind.DATE, Kind.CHOICE, Kind.RATIO, Kind.NUMBER})
"""Kinds of values that are told in SQL; others have forms of their own."""
_PAYS = "outcome NOT IN ('denied', 'not_in_force')"


def check_results(program: Program) -> None:
    """Check that every output can be told in SQL. Raises :class:`NotLoweredError`."""
    for name in list_values(program):
        if program.decision.outputs[name].type.kind not in _TOLD:
            raise NotLoweredError("an output whose form SQL does not write", name)


def write_results(program: Program, code: SqlCode, keys: Mapping[str, str]) -> str:
    """Return the statement that gives the results; ``keys`` are the names of those handed on."""
    given = {column.name for column in code.gives}
    told = dict(_tell_all(program, given))
    columns = [ROW, *(f"{quote(key)} AS {quote(name)}" for key, name in keys.items())]
    for item in list_result_columns(program):
        columns.append(f"CAST({told[item.name]} AS {TYPES[item.cell]}) AS {quote(item.name)}")
    listed = ",\n  ".join(columns)
    return f"SELECT\n  {listed}\nFROM (\n{code.text}\n) AS found"


def write_nothing(program: Program, lot: str, keys: Mapping[str, str]) -> str:
    """Return the statement that decides no row of a lot."""
    columns = [ROW, *(f"{quote(key)} AS {quote(name)}" for key, name in keys.items())]
    columns += [
        f"CAST(NULL AS {TYPES[item.cell]}) AS {quote(item.name)}"
        for item in list_result_columns(program)
    ]
    return f"SELECT {', '.join(columns)} FROM {lot}"


def _tell_all(program: Program, given: set[str]) -> Iterator[tuple[str, str]]:
    yield "outcome", "outcome"
    for name in list_payables(program):
        if list_limits(program, name) or program.decision.outputs[name].limited:
            yield from _tell_limited(name)
        else:
            yield from _tell_worked_out(program, name, given)
        for word in _list_words(f"{name}.binding", len(list_limits(program, name))):
            yield word, _blank(quote(word) if word in given else "0")
    for name in list_values(program):
        yield name, _tell_value(name, given)
    broken = sum(1 << at for at, rule in enumerate(program.rules) if rule.decides)
    for at, word in enumerate(_list_words("failed", len(program.rules))):
        decisive = broken >> at * WORD & ((1 << WORD) - 1)
        yield word, f"{quote(word)} & {decisive}"
    for word in _list_words("undetermined", len(program.rules)):
        yield word, _blank("0")
    yield from (("possible", "NULL"), ("missing", "NULL"))


def _list_words(name: str, count: int) -> Iterator[str]:
    for word in range(1, max(1, -(-count // WORD)) + 1):
        yield f"{name}.{word}" if word > 1 else name


def _blank(text: str) -> str:
    """Return what a decided row has."""
    return f"CASE WHEN outcome IS NOT NULL THEN {text} END"


def _tell_limited(name: str) -> Iterator[tuple[str, str]]:
    held = f"COALESCE({quote(name)}, 0)"
    yield name, (
        f"CASE WHEN outcome IN ('granted', 'determined') THEN {held}"
        " WHEN outcome IN ('denied', 'not_in_force') THEN 0 END"
    )
    for end in ("low", "high"):
        yield f"{name}.{end}", f"CASE WHEN outcome = 'referred' THEN {held} END"


def _tell_worked_out(program: Program, name: str, given: set[str]) -> Iterator[tuple[str, str]]:
    """Money that is worked out: nothing where there is none; open where a person must judge."""
    whole = is_whole(program, name)
    held, zero = (quote(name), "0") if whole else (_tell_exact(name), "'0'")
    if name not in given:
        held = zero
    none = f"{quote(name)} IS NULL" if name in given else "TRUE"
    paid = f"CASE WHEN {_PAYS} AND NOT ({none}) THEN {held} ELSE {zero} END"
    yield name, _blank(f"CASE WHEN outcome <> 'referred' OR {none} THEN {paid} END")
    for end in ("low", "high"):
        yield f"{name}.{end}", f"CASE WHEN outcome = 'referred' AND NOT ({none}) THEN {paid} END"


def _tell_value(name: str, given: set[str]) -> str:
    if name not in given:
        return "NULL"
    held = _tell_exact(name) if f"{name}.over" in given else quote(name)
    return f"CASE WHEN {_PAYS} THEN {held} END"


def _tell_exact(name: str) -> str:
    """Return a number as a fraction in lowest terms, without its denominator where it is whole."""
    top, under = quote(name), quote(f"{name}.over")
    shared = f"gcd({top}, {under})"
    return (
        f"CASE WHEN {top} % {under} = 0 THEN CAST({top} // {under} AS VARCHAR)"
        f" ELSE ({top} // {shared}) || '/' || ({under} // {shared}) END"
    )


def list_key_columns(columns: tuple[ResultColumn, ...]) -> list[str]:
    """Return the names of columns."""
    return [column.name for column in columns]
