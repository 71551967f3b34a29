"""Comes in: entries and a pool. Goes out: put, granted, released, left: counted entry by entry.

This knows nothing of lots, things or balances: it follows each amount through the states, so that
it can tell when the books are wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from voucher_rules.checked.histories import Lifecycle, Pool, SpanKind
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.ledger.asking import question_of_pool
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.entries import Budgeted, Entry, Moved
from voucher_rules.ledger.history import list_effective
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.spans import Days, find_span_on

Envelope = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The money of one envelope over one span, in minor units; or its places.

    ``put`` is None where nobody said how much there is, and then so is ``left``. ``granted`` is all
    that ever took from it, ``released`` what was given back since. ``told`` is what the books say
    is left.
    """

    envelope: Envelope
    days: Days
    put: int | None
    granted: int
    released: int
    told: int | None

    @property
    def left(self) -> int | None:
        """What is left by these sums; below zero where more was granted than was put in."""
        return None if self.put is None else self.put - self.granted + self.released

    @property
    def adds_up(self) -> bool:
        """Whether the books say the same, and no more is taken than was put in."""
        return self.left == self.told and (self.left is None or self.left >= 0)


@dataclass(slots=True)
class _Part:
    """A part of an amount: the state it is in, and the day that dates it."""

    amount: int
    state: str
    day: date | None


@dataclass(frozen=True, slots=True)
class _Step:
    """What one event of a thing does to the envelope it is paid from.

    ``flows`` are amounts that began (above zero) or ceased (below) to take, each on its day;
    ``days`` are those on which it takes afterwards.
    """

    envelope: Envelope
    thing: str
    flows: tuple[tuple[date | None, int], ...]
    days: frozenset[date | None]


def reconcile_pool(
    books: LiveBooks, pool: Pool, ruleset: CheckedRuleset, spans: Iterable[tuple[Envelope, Days]]
) -> tuple[Reconciled, ...]:
    """Return the sums of each envelope and span of a pool that money was put in or taken from.

    ``spans`` are those that were asked for; a span that cases state is told by nothing else.
    """
    entries = list_effective(books.entries)
    steps = list(_list_steps(entries, pool, ruleset))
    budgets = [
        entry.body
        for entry in entries
        if isinstance(entry.body, Budgeted)
        and (entry.body.ruleset, entry.body.pool) == (ruleset.id, pool.name)
    ]
    found = {asked for asked in spans if _is_of(pool, *asked)}
    for envelope, day in (
        *((_name_envelope(body), body.day) for body in budgets),
        *((step.envelope, day) for step in steps for day, _ in step.flows),
        *((step.envelope, day) for step in steps for day in step.days),
    ):
        days = find_span_on(pool.within.kind, day)
        if days is not None:
            found.add((envelope, days))
    rows = sorted(found, key=lambda item: (item[0], str(item[1][0]), str(item[1][1])))
    return tuple(
        _sum_row(books, pool, ruleset, row, (budgets, [x for x in steps if x.envelope == row[0]]))
        for row in rows
    )


def _is_of(pool: Pool, envelope: Envelope, days: Days) -> bool:
    """Return whether an envelope and a span are of a pool, and known in full."""
    known = pool.within.kind is SpanKind.LIFETIME or days != (None, None)
    return known and [name for name, _ in envelope] == sorted(pool.per)


def _sum_row(
    books: LiveBooks,
    pool: Pool,
    ruleset: CheckedRuleset,
    row: tuple[Envelope, Days],
    sums: tuple[list[Budgeted], list[_Step]],
) -> Reconciled:
    envelope, days = row
    budgets, steps = sums
    put: int | None = None
    for body in budgets:
        if _name_envelope(body) == envelope and _lies_in(body.day, days):
            put = body.amount + (put or 0 if body.added else 0)
    inside = list(_count_places(steps, days) if pool.unit else _list_amounts(steps, days))
    told = books.read_pool(question_of_pool(ruleset, pool, dict(envelope), days)).left
    granted = sum(amount for amount in inside if amount > 0)
    released = -sum(amount for amount in inside if amount < 0)
    return Reconciled(envelope, days, put, granted, released, told)


def _list_amounts(steps: list[_Step], days: Days) -> Iterator[int]:
    """Yield the amounts that began or ceased to take in a span."""
    yield from (amount for step in steps for day, amount in step.flows if _lies_in(day, days))


def _count_places(steps: list[_Step], days: Days) -> Iterator[int]:
    """Yield 1 where a thing came to take in a span with any part of it, -1 where it ceased to."""
    taking: set[str] = set()
    for step in steps:
        takes = any(_lies_in(day, days) for day in step.days)
        if takes and step.thing not in taking:
            taking.add(step.thing)
            yield 1
        elif not takes and step.thing in taking:
            taking.remove(step.thing)
            yield -1


def _name_envelope(body: Budgeted) -> Envelope:
    return tuple(sorted(body.envelope.items()))


def _lies_in(day: date | None, days: Days) -> bool:
    first, last = days
    if first is None and last is None:
        return True
    if day is None:
        return False
    return (first is None or first <= day) and (last is None or day <= last)


def _list_steps(entries: list[Entry], pool: Pool, ruleset: CheckedRuleset) -> Iterator[_Step]:
    """Yield what each event does to the pool."""
    lifecycle = ruleset.histories.lifecycles[pool.lifecycle]
    parts: defaultdict[str, list[_Part]] = defaultdict(list)
    envelopes: dict[str, Envelope] = {}
    for entry in entries:
        body = entry.body
        if not isinstance(body, Moved):
            continue
        if (body.ruleset, body.lifecycle) != (ruleset.id, pool.lifecycle):
            continue
        if not lifecycle.transitions[body.event].sources:
            named = {name: body.carries[name] for name in pool.per if name in body.carries}
            envelopes[body.thing] = tuple(sorted(named.items()))
        day = local_day(entry.at, ruleset.zone)
        moved = list(_move_parts(parts[body.thing], body, lifecycle, (pool.dated_by, day)))
        days = frozenset(part.day for part in parts[body.thing] if part.state in pool.takes)
        flows = tuple(_list_flows(moved, pool))
        yield _Step(envelopes[body.thing], body.thing, flows, days)


def _list_flows(
    moved: list[tuple[_Part | None, _Part]], pool: Pool
) -> Iterator[tuple[date | None, int]]:
    """Yield each amount as it begins and ceases to take from the pool."""
    for before, after in moved:
        took = before is not None and before.state in pool.takes
        takes = after.state in pool.takes
        same = before is not None and before.day == after.day
        if before is not None and took and not (takes and same):
            yield before.day, -after.amount
        if takes and not (took and same):
            yield after.day, after.amount


def _move_parts(
    parts: list[_Part], body: Moved, lifecycle: Lifecycle, dated: tuple[str, date]
) -> Iterator[tuple[_Part | None, _Part]]:
    """Move parts of a thing as an event says, and yield each as it was before and is after."""
    way = lifecycle.transitions[body.event]
    dated_by, day = dated
    sources = {body.source} if body.source else set(way.sources)
    if not way.sources:
        opened = _Part(body.amount or 0, way.target, day if way.target == dated_by else None)
        parts.append(opened)
        yield None, opened
        return
    left = (
        sum(x.amount for x in parts if x.state in sources) if body.amount is None else body.amount
    )
    stay: list[_Part] = []
    moved: list[tuple[_Part, _Part]] = []
    for part in parts:
        taken = min(left, part.amount) if part.state in sources else 0
        left -= taken
        whole = part.amount == 0 and part.state in sources
        if not taken and not whole:
            stay.append(part)
            continue
        if taken < part.amount:
            stay.append(_Part(part.amount - taken, part.state, part.day))
        after = _Part(taken, way.target, day if way.target == dated_by else part.day)
        moved.append((part, after))
    for part in [x for x in stay if way.rest and x.state in sources]:
        stay.remove(part)
        after = _Part(part.amount, way.rest, day if way.rest == dated_by else part.day)
        moved.append((part, after))
    # what moves stands behind what stays: parts are taken in the order they came to a state
    parts[:] = [*stay, *(after for _, after in moved)]
    yield from moved
