"""Comes in: a table decided, a budget and a column of arrivals. Goes out: when the money runs out.

Only what is granted as it stands is paid. What is not settled yet is told beside it: were all of it
paid at its greatest as well, the money would run out sooner, and ``earliest`` says when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timezone

from voucher_rules.batch.cases.tables import CaseTable
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.values.model import Exact
from voucher_rules.values.read import TextValueError, read_date, read_instant
from voucher_rules.whatif.funds import Asked, Drained, Moment, drain_fund
from voucher_rules.whatif.grouping import Grouping
from voucher_rules.whatif.spending import Judged


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One group, or all: how many are due something, how many of them are cut or get nothing."""

    label: object
    due_rows: int
    due: Exact
    paid: Exact
    cut_rows: int
    nothing_rows: int

    @property
    def short(self) -> Exact:
        """How much of what is due is not paid."""
        return self.due - self.paid


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """How far a budget goes. ``earliest`` is when it would run out were all that is open paid."""

    budget: Exact
    due: tuple[Exact, ...]
    paid: tuple[Exact, ...]
    left: Exact
    ran_out: Moment | None
    earliest: Moment | None
    whole: LeftOut
    groups: tuple[tuple[str, tuple[LeftOut, ...]], ...]
    pool: str = ""
    """The pool of the ruleset that was served by its queue; empty for a plain fund."""


def read_arrivals(table: CaseTable, column: str) -> list[Moment]:
    """Return when each case came: days, or moments, all of one kind. Raises :class:`InputError`."""
    zone = table.program.ruleset.zone
    found: list[Moment] = []
    faults: list[Diagnostic] = []
    for number, cell in zip(table.numbers, table.pick(column), strict=True):
        try:
            found.append(_read_arrival(cell, zone))
        except TextValueError as error:
            path = f"rows.{number}: {column}"
            faults.append(Diagnostic(error.code, error.arguments, path=path))
    if faults:
        raise InputError(faults)
    if any(isinstance(item, datetime) for item in found):
        # beside moments midnight is one of them, and no day
        pairs = zip(found, table.pick(column), strict=True)
        found = [_place(x, zone) if isinstance(cell, datetime) else x for x, cell in pairs]
    if len({isinstance(item, datetime) for item in found}) > 1:
        raise InputError([Diagnostic("days-and-moments", {"name": column}, path="arrives")])
    return found


def _place(at: Moment, zone: timezone) -> datetime:
    """Return a moment as it is, and a day as its midnight."""
    return at if isinstance(at, datetime) else datetime.combine(at, time(0), zone)


def _read_arrival(cell: object, zone: timezone) -> Moment:
    if isinstance(cell, str):
        return read_instant(cell, zone) if "T" in cell else read_date(cell)
    if isinstance(cell, datetime):
        midnight = cell.tzinfo is None and not (cell.hour or cell.minute or cell.second)
        if midnight and not cell.microsecond:
            return cell.date()
        return cell.replace(tzinfo=zone) if cell.tzinfo is None else cell.astimezone(zone)
    if isinstance(cell, date):
        return cell
    raise TextValueError("not-an-arrival", found="" if cell is None else str(cell))


def exhaust_fund(
    judged: Judged,
    budget: Exact,
    arrivals: Sequence[Moment],
    names: Sequence[str],
    groupings: Sequence[Grouping] = (),
) -> Exhaustion:
    """Pay what is granted from a plain fund, in the order of arrival."""
    due = [span.low if span.known else 0 for span in judged.spans]
    served = _drain(budget, arrivals, names, due)
    most = _drain(budget, arrivals, names, [span.high for span in judged.spans])
    return sum_exhaustion(budget, due, served, groupings, earliest=most.ran_out)


def find_earliest(
    judged: Judged, budget: Exact, arrivals: Sequence[Moment], names: Sequence[str]
) -> Moment | None:
    """Return when a budget would run out were all that is open paid at its greatest."""
    return _drain(budget, arrivals, names, [span.high for span in judged.spans]).ran_out


def _drain(
    budget: Exact, arrivals: Sequence[Moment], names: Sequence[str], due: Sequence[Exact]
) -> Drained:
    return drain_fund(budget, [Asked(*x) for x in zip(arrivals, names, due, strict=True)])


def sum_exhaustion(  # noqa: PLR0913 - each argument is one part of the result
    budget: Exact,
    due: Sequence[Exact],
    served: Drained,
    groupings: Sequence[Grouping],
    *,
    earliest: Moment | None,
    pool: str = "",
) -> Exhaustion:
    """Return who was reached and who was left out, whole and by group."""
    everyone = range(len(due))
    return Exhaustion(
        budget=budget,
        due=tuple(due),
        paid=served.paid,
        left=served.left,
        ran_out=served.ran_out,
        earliest=earliest,
        whole=_add_left_out(None, everyone, due, served.paid),
        groups=tuple(
            (
                item.column,
                tuple(
                    _add_left_out(label, places, due, served.paid)
                    for label, places in zip(item.labels, item.places, strict=True)
                ),
            )
            for item in groupings
        ),
        pool=pool,
    )


def _add_left_out(
    label: object, places: Sequence[int], due: Sequence[Exact], paid: Sequence[Exact]
) -> LeftOut:
    owed = [at for at in places if due[at] > 0]
    return LeftOut(
        label=label,
        due_rows=len(owed),
        due=sum((due[at] for at in owed), start=0),
        paid=sum((paid[at] for at in owed), start=0),
        cut_rows=sum(1 for at in owed if 0 < paid[at] < due[at]),
        nothing_rows=sum(1 for at in owed if not paid[at]),
    )
