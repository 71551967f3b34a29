"""Comes in: a ruleset and a day. Goes out: a decision under the law of that day as SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.compiled.build import find_kernel, stretches_of
from voucher_rules.compiled.nodes import Kernel, NotLoweredError
from voucher_rules.compiled.sql_code import SqlCode, write_sql
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.compiled.sql_inputs import Known
from voucher_rules.decision.case import read_on
from voucher_rules.decision.law import Options, find_in_force
from voucher_rules.decision.options import choose_options
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program
from voucher_rules.ruleset.names import suggest_name

_PARTS_OF_ONE: Final = 10_000
"""What ratios and numbers count in where nothing else is said: hundredths of a per cent."""


def sql(  # noqa: PLR0913 - each argument is one thing the text rests on
    ruleset: Ruleset,
    decision: str,
    *,
    dialect: str,
    relation: str = "cases",
    keys: Sequence[str] = ("key",),
    lists: Mapping[str, str] | None = None,
    on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    assume_in_force: bool = False,
    parts: Mapping[str, int] | None = None,
    bounds: Mapping[str, tuple[int, int]] | None = None,
) -> SqlCode:
    """Return a decision under the law of a day (the last in force without one) as one SELECT.

    ``dialect`` is ``duckdb``, ``postgresql`` or ``spark``; ``relation`` a table, view or query in
    brackets, with the columns that the result's ``reads`` names and the ``keys``. ``lists`` is the
    relation of each list of records, likewise with the ``keys`` of the row whose each record is; a
    list without one is a table of its name. No two rows may have the same keys. ``parts`` is what
    each ratio or number counts in (10000 without it), ``bounds`` are narrower ends of facts and
    fields, in the numbers their columns hold: a row beyond them is left to the reference. Raises
    :class:`~voucher_rules.InputError` for what cannot be written, with its place.
    """
    if dialect not in DIALECTS:
        told = {"found": str(dialect), "options": ", ".join(DIALECTS), "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path="dialect")])
    program = ruleset.program(decision)
    _check_lists(program, lists or {})
    options = choose_options(ruleset.checked, readings or {}, assume_in_force=assume_in_force)
    try:
        kernel = _find_kernel(program, options, on, parts or {})
        known = Known(bounds=bounds or {})
        return write_sql(kernel, dialect, relation, keys, known, lists=lists)
    except NotLoweredError as error:
        told = {"reason": error.reason, "decision": decision}
        raise InputError([Diagnostic("no-sql", told, path=error.place)]) from None


def _check_lists(program: Program, lists: Mapping[str, str]) -> None:
    """Check that there are the lists that relations are named of. Raises :class:`InputError`."""
    known = list(program.ruleset.lists)
    unknown = [name for name in lists if name not in known]
    if unknown:
        told = [{"name": str(x), "near": suggest_name(str(x), known)} for x in unknown]
        raise InputError([Diagnostic("no-such-list", x, path="lists") for x in told])


def _find_last_day(program: Program, options: Options) -> date:
    """Return the first day of the last law that is in force; of the last law, where none is."""
    firsts = [first for first, _ in stretches_of(program)]
    force = (find_in_force(program.ruleset, day, options) for day in reversed(firsts))
    return next((x for x, y in zip(reversed(firsts), force, strict=True) if True in y), firsts[-1])


def _find_kernel(
    program: Program, options: Options, on: date | str | None, parts: Mapping[str, int]
) -> Kernel:
    """Return the kernel of a day. Raises :class:`NotLoweredError`."""
    day = _find_last_day(program, options) if on is None else read_on(on)
    names = [*program.inputs, *(x for item in program.lists.values() for x in item.fields)]
    counted = dict.fromkeys(names, _PARTS_OF_ONE) | dict(parts)
    found = find_kernel(
        program,
        day,
        options.readings,
        assumed=options.assume_in_force,
        lenient=True,
        denominators=counted,
    )
    if isinstance(found, Kernel):
        return found
    raise found or NotLoweredError("a day that no case may state", program.decision.as_of)
