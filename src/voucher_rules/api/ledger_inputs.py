"""Comes in: moments and amounts as programs state them. Goes out: what a ledger takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, LedgerError
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.deadlines import Due
from voucher_rules.ledger.entries import Body
from voucher_rules.ledger.entry_shapes import UnfitError
from voucher_rules.ledger.write_entries import check_body
from voucher_rules.values.model import CURRENCIES
from voucher_rules.values.read import (
    FIRST_DAY,
    LAST_DAY,
    TextValueError,
    read_count,
    read_instant,
    read_money,
)


def pick_dues(dues: Iterable[Due], first: date | None, last: date | None) -> tuple[Due, ...]:
    """Return the deadlines between two days, the soonest first; those without an end at last."""
    found = [due for due in dues if due.window and _lies_between(due, first, last)]
    return tuple(sorted(found, key=_order_of))


def _lies_between(due: Due, first: date | None, last: date | None) -> bool:
    """Return whether a deadline falls between two days, or may."""
    if due.last is None:
        return True
    day = due.last.date() if isinstance(due.last, datetime) else due.last
    return (first is None or first <= day) and (last is None or day <= last)


def _order_of(due: Due) -> tuple[bool, str, tuple[str, str, str], str]:
    """Return what deadlines are sorted by: their end, those without one last."""
    when = "" if due.ends is None else due.ends.isoformat()
    return (due.ends is None, when, due.thing.key, due.event)


def read_known(known: datetime | str | None, held: Ruleset) -> datetime | None:
    """Read when something became known, where that was stated."""
    return None if known is None else read_moment(known, held, "known")


def read_moment(stated: datetime | str, held: Ruleset, path: str) -> datetime:
    """Read a moment: an aware datetime, or text in the local time of the ruleset."""
    if isinstance(stated, datetime):
        arguments = {"found": stated.isoformat()}
        if stated.utcoffset() is None:
            raise InputError([Diagnostic("naive-instant", arguments, path=path)])
        if not FIRST_DAY.year <= stated.year <= LAST_DAY.year:
            arguments |= {"low": str(FIRST_DAY), "high": str(LAST_DAY)}
            raise InputError([Diagnostic("out-of-range", arguments, path=path)])
        return stated
    try:
        return read_instant(stated, held.checked.zone)
    except TextValueError as error:
        raise InputError([Diagnostic(error.code, error.arguments, path=path)]) from None


def check_entered(body: Body) -> None:
    """Check that an entry says what it says in the types it should. Raises :class:`LedgerError`."""
    try:
        check_body(body)
    except UnfitError as error:
        raise LedgerError([Diagnostic(error.code, error.arguments)]) from None


def read_put(stated: Decimal | int | str, held: Ruleset, name: str) -> int:
    """Read what is put into a pool: money in the main unit, or how many places."""
    kind = _find_held(held, name)
    if kind.kind is Kind.MONEY:
        return read_amount(stated, kind.unit)
    if type(stated) is int:
        return stated
    if not isinstance(stated, str):
        arguments = {"found": type(stated).__name__, "expected": "count"}
        raise InputError([Diagnostic("wrong-python-type", arguments, path="amount")])
    try:
        return read_count(stated, kind.unit)
    except TextValueError as error:
        raise InputError([Diagnostic(error.code, error.arguments, path="amount")]) from None


def _find_held(held: Ruleset, name: str) -> Type:
    """Return the type of what a pool holds; money of the ruleset for one it does not have."""
    pool = held.checked.histories.pools.get(name)
    if pool is None:
        return Type(Kind.MONEY, held.checked.currency)
    return pool.type_in(held.checked.histories.lifecycles[pool.lifecycle])


def read_amount(stated: Decimal | int | str, currency: str) -> int:
    """Read an amount in the main unit, as whole minor units."""
    path = "amount"
    if isinstance(stated, str):
        try:
            exact = read_money(stated, currency, unit_required=False)
        except TextValueError as error:
            raise InputError([Diagnostic(error.code, error.arguments, path=path)]) from None
    elif isinstance(stated, Decimal) and not stated.is_finite():
        raise InputError([Diagnostic("not-finite", {"found": str(stated)}, path=path)])
    elif type(stated) in (Decimal, int):
        exact = Fraction(stated) * 10 ** CURRENCIES[currency].digits
    else:
        arguments = {"found": type(stated).__name__, "expected": "money"}
        raise InputError([Diagnostic("wrong-python-type", arguments, path=path)])
    if Fraction(exact).denominator != 1:
        raise InputError([Diagnostic("finer-than-minor-unit", {"found": str(stated)}, path=path)])
    return int(exact)
