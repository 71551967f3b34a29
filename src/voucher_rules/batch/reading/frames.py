"""Comes in: rows of plain values. Goes out: a table of pandas, Polars or Arrow that holds them.

The packages are asked for when such a table is made and not before; the extra ``tables`` brings
them. Money stays exact: a ``Decimal`` in each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

KINDS: Final = ("pandas", "polars", "pyarrow")


def make_frame(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], kind: str) -> Any:  # noqa: ANN401 - a table of another package
    """Return a table of a kind in :data:`KINDS`.

    A number that no decimals write exactly, such as an average that does not end, becomes text
    (``200/3``). Raises :class:`~.errors.InputError` for another kind, or where its package is not
    installed.
    """
    if kind not in KINDS:
        arguments = {"found": str(kind), "options": ", ".join(KINDS), "near": ""}
        raise InputError([Diagnostic("not-one-of", arguments, path="kind")])
    package = import_package(kind, "tables")
    data = {name: _make_column([row[name] for row in rows]) for name in columns}
    if kind == "pandas":
        return package.DataFrame({name: _keep_exact(package, x) for name, x in data.items()})
    if kind == "polars":
        return package.DataFrame(data, strict=False, infer_schema_length=None)
    return package.table(data)


def import_package(name: str, extra: str) -> ModuleType:
    """Return a package. Raises :class:`~.errors.InputError` where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        arguments = {"package": name.partition(".")[0], "extra": extra}
        raise InputError([Diagnostic("package-missing", arguments)]) from None


def _make_column(values: list[Any]) -> list[Any]:
    """Return values of one kind: decimals where some number has decimals, texts where any must."""
    if any(isinstance(value, Fraction) for value in values):
        return [None if value is None else str(value) for value in values]
    if any(isinstance(value, Decimal) for value in values):
        return [Decimal(value) if isinstance(value, int) else value for value in values]
    return values


def _keep_exact(package: ModuleType, values: list[Any]) -> Any:  # noqa: ANN401 - a pandas column
    """Return a column of pandas that turns no whole number into a binary one."""
    if any(value is None for value in values) or any(isinstance(x, Decimal) for x in values):
        return package.Series(values, dtype=object)
    return package.Series(values)
