"""Comes in: invented cases. Goes out: the cells of a table, or records of JSON, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from voucher_rules.checked.symbols import Input
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.records import name_field
from voucher_rules.language.types import Kind
from voucher_rules.synthetic.measure import tell_value, write_cell
from voucher_rules.synthetic.rows import Row
from voucher_rules.synthetic.synthesise import Synthetic
from voucher_rules.values.model import Value

LABEL: Final = "invented"
"""The column that says that a row is invented."""


def list_cells(made: Synthetic, *, labelled: bool) -> Iterator[list[str]]:
    """Yield the names of the columns and then each row; nothing stands where nothing is known.

    Raises InputError where the decision reads lists of records, which no cell holds.
    """
    inputs = made.program.inputs
    listed = [name for name, item in inputs.items() if item.type.kind is Kind.LIST]
    if listed:
        raise InputError([Diagnostic("records-in-table", {"name": x}) for x in listed])
    yield [*inputs, *([LABEL] if labelled else [])]
    for row in made.iterate_values():
        cells = [
            write_cell(row[name], item) if name in row else "" for name, item in inputs.items()
        ]
        yield [*cells, *(["true"] if labelled else [])]


def make_record(made: Synthetic, row: Row, *, labelled: bool) -> dict[str, Any]:
    """Return a row in the words of a case file: texts, lists of them, and records."""
    record: dict[str, Any] = {}
    for name, item in made.program.inputs.items():
        if name not in row:
            continue
        if item.type.kind is Kind.LIST:
            record[name] = _make_records(made, row, name)
        else:
            record[name] = _make_text(row[name], item)
    return {**record, **({LABEL: True} if labelled else {})}


def _make_records(made: Synthetic, row: Row, name: str) -> list[dict[str, Any]]:
    length, spec = row[name], made.program.lists[name]
    fields = {key.removeprefix(f"{name}."): item for key, item in spec.fields.items()}
    return [
        {
            key: _make_text(row[full], item)
            for key, item in fields.items()
            if (full := name_field(name, number, key)) in row
        }
        for number in range(1, (length if isinstance(length, int) else 0) + 1)
    ]


def _make_text(value: Value, declared: Input) -> str | list[str]:
    if isinstance(value, frozenset):
        return [option for option in declared.type.options if option in value]
    return tell_value(value, declared)
