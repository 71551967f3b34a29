"""Comes in: how far a budget went, once or before and after. Goes out: a picture of it by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from voucher_rules.api.picture_options import check_rows, note_open, note_unread
from voucher_rules.explain.picture_words import tell
from voucher_rules.explain.population_words import tell as tell_study
from voucher_rules.pictures.burn_down import BurnDown, Fund, draw_burn_down
from voucher_rules.values.model import Exact
from voucher_rules.whatif.exhausting import Exhaustion
from voucher_rules.whatif.funds import Moment
from voucher_rules.whatif.layout import tell_end
from voucher_rules.whatif.population_sheets import money_of
from voucher_rules.whatif.spending import UNSETTLED, Judged

if TYPE_CHECKING:
    from voucher_rules.pictures.style import Figure


@dataclass(frozen=True, slots=True)
class Paid:
    """A budget paid out over a table, under the name that the legend gives it."""

    name: str
    judged: Judged
    result: Exhaustion
    arrivals: tuple[Moment, ...]


def draw_funds(title: str, funds: Sequence[Paid], notes: Sequence[str], language: str) -> Figure:
    """Draw what is left of each budget by day. Raises :class:`~.errors.InputError`."""
    check_rows(funds[0].arrivals, "exhaust")
    judged = funds[-1].judged
    picture = BurnDown(
        title=title,
        label=tell(language, "axis.left"),
        across=tell(language, "axis.day"),
        type=money_of(judged),
        funds=tuple(trace_fund(item) for item in funds),
        notes=(
            *_list_ends(funds, language),
            *notes,
            *note_open(max(_count_open(item.judged) for item in funds), language),
            *note_unread([item.judged.table for item in funds], language),
        ),
    )
    return draw_burn_down(picture, language)


def _count_open(judged: Judged) -> int:
    return sum(x in UNSETTLED for x in judged.verdicts.outcome)


def trace_fund(item: Paid) -> Fund:
    """Return what is left of a budget at the end of each day on which something came."""
    days = sorted({_day_of(at) for at in item.arrivals})
    budget = item.result.budget
    highs = [span.high for span in item.judged.spans]
    least: list[Exact] = []
    if any(high != due for high, due in zip(highs, item.result.due, strict=True)):
        least = [max(x, 0) for x in _subtract(budget, days, item.arrivals, highs)]
    ran_out, earliest = item.result.ran_out, item.result.earliest
    return Fund(
        name=item.name,
        budget=budget,
        days=tuple(days),
        left=tuple(_subtract(budget, days, item.arrivals, item.result.paid)),
        least=tuple(least),
        ran_out=None if ran_out is None else _day_of(ran_out),
        earliest=None if earliest is None else _day_of(earliest),
    )


def _subtract(
    budget: Exact, days: Sequence[date], arrivals: Sequence[Moment], amounts: Sequence[Exact]
) -> list[Exact]:
    """Return a budget less all that came up to the end of each day."""
    spent: dict[date, Exact] = {}
    for at, amount in zip(arrivals, amounts, strict=True):
        spent[_day_of(at)] = spent.get(_day_of(at), 0) + amount
    found, left = [], budget
    for day in days:
        left -= spent[day]
        found.append(left)
    return found


def _day_of(at: Moment) -> date:
    return at.date() if isinstance(at, datetime) else at


def _list_ends(funds: Sequence[Paid], language: str) -> list[str]:
    """Return when each budget is gone, or what is left of it, with how early it might be."""
    notes = []
    for item in funds:
        result = item.result
        if result.ran_out is None:
            currency = item.judged.regime.program.ruleset.currency
            left = tell_end(result.left, currency, language)
            notes.append(tell(language, "note.suffices", name=item.name, left=left))
        else:
            at = str(result.ran_out)
            notes.append(tell(language, "note.no_range", name=item.name, at=at))
        if result.earliest is not None and result.earliest != result.ran_out:
            notes[-1] += tell(language, "note.and") + tell_study(
                language, "line.earliest", at=str(result.earliest)
            )
    return notes
