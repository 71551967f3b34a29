"""Comes in: how someone wants a table read and decided. Goes out: the same as executors take it.

What tables in memory and tables in files share is told here once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.wants import check_names, check_reading
from voucher_rules.batch.cases.cells import FLOATS
from voucher_rules.batch.cases.joining import Records
from voucher_rules.batch.cases.tables import Layout
from voucher_rules.batch.results.columns import ROW, list_result_columns
from voucher_rules.decision.case import read_on
from voucher_rules.decision.law import Options
from voucher_rules.decision.options import choose_options
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program


class ReadingOptions(TypedDict, total=False):
    """How a table is read and decided, wherever it is."""

    columns: Mapping[str, str]
    """The fact of each column that is not called like its fact."""
    facts: Mapping[str, Any]
    """Facts of every row that does not state them itself."""
    on: date | str
    """The day that fixes the law, for rows that state none."""
    records: Mapping[str, Records]
    """Tables of what a case has several of, by list."""
    floats: str
    """``refuse`` (the default) or ``exact_decimal``."""
    readings: Mapping[str, str]
    """How disputed provisions are read."""
    assume_in_force: bool
    """Whether to decide under a draft as if it were law."""
    keys: Sequence[str]
    """Columns that go with each row into its result."""
    jobs: int | None
    """How many processes decide what no kernel can (None: one for each processor)."""


def check_options(
    options: Mapping[str, Any], known: Iterable[str], words: Mapping[str, Sequence[str]]
) -> None:
    """Check options by name; ``words`` are those that some may be. Raises :class:`InputError`.

    Raises TypeError for an option there is not.
    """
    check_names(options, known)
    check_reading(options)
    for name, listed in {**words, "floats": FLOATS}.items():
        found = options.get(name)
        if found is not None and found not in listed:
            told = {"found": str(found), "options": ", ".join(listed), "near": ""}
            raise InputError([Diagnostic("not-one-of", told, path=name)])


def make_layout(options: ReadingOptions) -> Layout:
    """Return how a table is read. Raises :class:`InputError`."""
    on = options.get("on")
    return Layout(
        columns=options.get("columns") or {},
        facts=options.get("facts") or {},
        on=None if on is None else read_on(on),
        records=options.get("records") or {},
        floats=options.get("floats", FLOATS[0]),
    )


def make_options(ruleset: Ruleset, options: ReadingOptions) -> Options:
    """Return under what a table is decided. Raises :class:`InputError`."""
    assumed = options.get("assume_in_force", False)
    return choose_options(ruleset.checked, options.get("readings", {}), assume_in_force=assumed)


def check_key_names(program: Program, keys: Sequence[str]) -> None:
    """Check that keys are called like no result, and like no other. Raises :class:`InputError`."""
    # engines take names alike whatever the case of their letters
    taken = {ROW, *(x.name.casefold() for x in list_result_columns(program))}
    folded = [key.casefold() for key in keys]
    for key in keys:
        if key.casefold() in taken or folded.count(key.casefold()) > 1:
            raise InputError([Diagnostic("key-like-result", {"name": key}, path="keys")])
