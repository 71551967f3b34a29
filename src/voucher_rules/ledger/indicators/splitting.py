"""Comes in: a ledger under audit. Goes out: things that, had they been one, had met a cap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from voucher_rules.ledger.entries import Made, Moved
from voucher_rules.ledger.indicators.audited import Again, Audited, list_windows
from voucher_rules.ledger.indicators.model import Indicator, Note, Sum
from voucher_rules.ledger.indicators.redeciding import is_as_recorded
from voucher_rules.ledger.indicators.scaling import find_bounds, list_scaling_facts
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.places import Placed
from voucher_rules.values.write import write_money_exactly


@dataclass(frozen=True, slots=True)
class _Part:
    """A thing, and the decision that opened it, with what it came to when made again."""

    thing: Thing
    opening: Placed
    placed: Placed
    made: Made
    again: Again

    @property
    def granted(self) -> int:
        return sum(self.made.amounts.values())


def check_not_split(audited: Audited) -> Iterator[Indicator]:
    """Things alike of the same parties, opened close together, would not get less as one.

    Each must have been bound by no cap, and hold or have used something still. The one is decided
    at the moment of the first, on the sum of the money that the amounts grow with, as if the others
    had never been.
    """
    groups: dict[tuple[Any, ...], list[_Part]] = defaultdict(list)
    for thing in audited.list_things():
        named = all(thing.carries.get(name) for name in audited.settings.parties)
        if not named or not audited.sum_live(thing):
            continue
        part = _find_part(audited, thing)
        if part is not None:
            same = (thing.ruleset, thing.lifecycle, part.made.decision)
            groups[*same, audited.list_identity(thing)].append(part)
    for parts in groups.values():
        days = [audited.day_of(part.thing).toordinal() for part in parts]
        for start, end in list_windows(days, audited.settings.split_days):
            if end - start > 1:
                yield from _compare(audited, parts[start:end])


def _find_part(audited: Audited, thing: Thing) -> _Part | None:
    """Return a thing with the decision that opened it, where no cap bound it."""
    opening = audited.opening_of(thing)
    body = opening.entry.body
    found = audited.find_decision(body.decision) if isinstance(body, Moved) else None
    if found is None or not found[1].amounts:
        return None
    again = audited.decide_again(found[0])
    if again.answer is None or not is_as_recorded(found[1], again.answer):
        return None
    bounds = list(find_bounds(again.answer.result, found[1]))
    if any(bound.caps or not (bound.growing or bound.asked) for bound in bounds):
        return None
    return _Part(thing, opening, *found, again)


def _compare(audited: Audited, parts: list[_Part]) -> Iterator[Indicator]:
    """Yield an indicator where one contract for the sum would have got less, or nobody can tell."""
    first = parts[0]
    if first.again.answer is None:
        return
    result = first.again.answer.result
    facts, listed = list_scaling_facts(result.program, first.made)
    if listed or not facts:
        yield _tell_split(audited, parts, None, Note("money_in_lists"))
        return
    changed: dict[str, Any] = {}
    for name in facts:
        values = [
            part.again.answer.result.case.values.get(name) for part in parts if part.again.answer
        ]
        known = [x for x in values if isinstance(x, int) and not isinstance(x, bool)]
        if len(known) != len(parts):
            yield _tell_split(audited, parts, None, Note("money_not_known", {"fact": name}))
            return
        unit = result.program.inputs[name].type.unit
        changed[name] = Decimal(write_money_exactly(sum(known), unit))
    whole = audited.decide_otherwise(first.placed, changed, [part.thing.key for part in parts])
    if whole.answer is None:
        note = Note("sum_refused", {"because": whole.because or whole.trouble})
        yield _tell_split(audited, parts, None, note)
        return
    bounds = find_bounds(whole.answer.result, first.made)
    amounts = whole.answer.result.amounts.values()
    due = sum(x.value for x in amounts if x.value is not None)
    if any(bound.caps for bound in bounds) and due < sum(part.granted for part in parts):
        yield _tell_split(audited, parts, due, None)


def _tell_split(
    audited: Audited, parts: list[_Part], due: int | None, note: Note | None
) -> Indicator:
    thing = parts[0].thing
    currency = audited.lifecycle_of(thing.key).currency
    granted = sum(part.granted for part in parts)
    amounts = {"granted": Sum(granted, currency)}
    if due is not None:
        amounts |= {"whole": Sum(due, currency), "gain": Sum(granted - due, currency)}
    names = [x for part in parts for x in (part.placed.entry.id, part.opening.entry.id)]
    return Indicator(
        "split_under_a_cap" if due is not None else "alike_and_close",
        thing.ruleset,
        parts[0].opening.at,
        parts[-1].opening.at,
        tuple(names),
        things=tuple(part.thing.id for part in parts),
        parties=audited.list_identity(thing),
        amounts=amounts,
        arguments={
            "one": thing.carries[audited.settings.parties[0]],
            "other": thing.carries[audited.settings.parties[1]],
            "kind": audited.lifecycle_of(thing.key).label,
            "count": len(parts),
            "first": audited.day_of(thing),
            "last": audited.day_of(parts[-1].thing),
        },
        notes=(note,) if note is not None else (),
    )
