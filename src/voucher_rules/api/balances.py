"""Comes in: a ruleset and a decision. Goes out: its balances as SQL, over cases and entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.compiled.history_code import SqlBalances, list_refused, write_balances
from voucher_rules.compiled.history_load import write_load
from voucher_rules.compiled.history_plan import make_plans
from voucher_rules.compiled.history_text import PREFIX
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.values.read import TextValueError, read_instant


def sql_balances(  # noqa: PLR0913 - each argument is one thing the text rests on
    ruleset: Ruleset,
    decision: str,
    *,
    dialect: str,
    cases: str = "cases",
    events: str = "events",
    keys: Sequence[str] = ("key",),
    known: datetime | str | None = None,
) -> SqlBalances:
    """Return the balances a decision reads as one SELECT over cases and the entries of a ledger.

    ``dialect`` is ``duckdb``, ``postgresql`` or ``spark``.
    ``cases`` and ``events`` are tables, views or queries in brackets with their alias, with the
    columns that ``reads`` and ``reads_of_events`` of the result name; ``keys`` are columns that
    tell the cases apart. ``known`` leaves out what was learnt of later. What cannot be told is in
    ``refused``. Raises :class:`~voucher_rules.InputError` where nothing can be told, for another
    dialect, a key called like a balance, a ``known`` without a zone, or a name too long.
    """
    _check_dialect(dialect)
    program = ruleset.program(decision)
    plans = make_plans(program)
    if not plans.planned:
        none = Diagnostic("no-balances", {"decision": decision}, path="decision")
        raise InputError(list(list_refused(plans)) or [none])
    _check_keys(keys, [item.balance.name for item in plans.planned])
    moment = None if known is None else _read_known(known, ruleset)
    code = write_balances(plans, dialect, cases, events, keys, moment)
    _check_lengths(code)
    return code


def sql_events(ruleset: Ruleset, *, dialect: str, entries: str = "entries") -> str:
    """Return a SELECT that turns stored entries into the columns that balances read.

    ``entries`` is a relation with the column ``text``: the text of an entry, as every store of a
    ledger keeps it. ``dialect`` is ``duckdb``, ``postgresql`` or ``spark``; moments are in UTC.
    Raises :class:`~voucher_rules.InputError` for another dialect.
    """
    _check_dialect(dialect)
    return write_load(ruleset.checked, dialect, entries)


def _check_dialect(dialect: str) -> None:
    if dialect not in DIALECTS:
        told = {"found": str(dialect), "options": ", ".join(DIALECTS), "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path="dialect")])


def _check_keys(keys: Sequence[str], names: Sequence[str]) -> None:
    """Check that keys are called like no result. Raises :class:`InputError`."""
    taken = {x for name in names for x in (name, f"{name}.none")}
    for key in keys:
        if key in taken or key.casefold().startswith(PREFIX) or list(keys).count(key) > 1:
            raise InputError([Diagnostic("key-like-result", {"name": key}, path="keys")])


def _check_lengths(code: SqlBalances) -> None:
    """Check that the engine keeps every name whole. Raises :class:`InputError`."""
    longest = DIALECTS[code.dialect].longest_name
    columns = (*code.reads, *code.reads_of_events, *code.gives)
    names = [x.name for x in columns if longest and len(x.name.encode()) > longest]
    found = [{"name": name, "reason": "a name too long for the engine"} for name in names]
    if found:
        raise InputError([Diagnostic("no-balance-sql", x, path=x["name"]) for x in found])


def _read_known(known: datetime | str, ruleset: Ruleset) -> datetime:
    """Return the moment up to which entries were learnt of, in UTC. Raises :class:`InputError`."""
    if isinstance(known, str):
        try:
            known = read_instant(known, ruleset.checked.zone)
        except TextValueError as error:
            raise InputError([Diagnostic(error.code, error.arguments, path="known")]) from None
    if known.utcoffset() is None:
        raise InputError([Diagnostic("naive-instant", {"found": str(known)}, path="known")])
    return known.astimezone(UTC)
