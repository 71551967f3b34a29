"""Comes in: a table, a regime and a budget. Goes out: when the money runs out, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Unpack

from voucher_rules.api.fund_pictures import Paid, draw_funds
from voucher_rules.api.ledger import Ledger
from voucher_rules.api.picture_options import check_options
from voucher_rules.api.population_inputs import TableOptions, read_budget, set_up, take_regime
from voucher_rules.api.populations import PopulationStudy, list_cautions, write_amount
from voucher_rules.api.queues import Served, find_pool, list_balances, serve_pool
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.wants import BY, CARRIES, LAW
from voucher_rules.arguments import TEXT, Want, check_language, takes
from voucher_rules.checked.histories import Pool
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.picture_words import tell as tell_picture
from voucher_rules.explain.population_words import tell
from voucher_rules.explain.sheets import Sheet
from voucher_rules.whatif.exhausting import (
    Exhaustion,
    exhaust_fund,
    find_earliest,
    read_arrivals,
    sum_exhaustion,
)
from voucher_rules.whatif.exhaustion_sheets import list_exhaustion_rows, list_exhaustion_sheets
from voucher_rules.whatif.funds import Moment
from voucher_rules.whatif.grouping import By, Grouping, list_groupings
from voucher_rules.whatif.layout import join, name_input
from voucher_rules.whatif.regimes import Regime
from voucher_rules.whatif.spending import Judged

MOST_NAMED: Final = 3
"""More balances than these are counted and not named."""


@dataclass(frozen=True, eq=False)
class Exhausted(PopulationStudy):
    """How far a budget goes over a table: when it runs out, and who is left out.

    ``result`` holds every figure, money in minor units. Where the ruleset's own pool served the
    queue, ``served`` says so; else it was a plain fund, for the reason ``plain`` names.
    """

    judged: Judged
    result: Exhaustion
    arrivals: tuple[Moment, ...]
    groupings: tuple[Grouping, ...] = ()
    served: Served | None = None
    plain: str = ""
    thing: str = ""
    language: str = "zh"

    @property
    def money_sheets(self) -> tuple[Sheet, ...]:
        """What became of the money, whole and by group."""
        return tuple(list_exhaustion_sheets(self.judged, self.result))

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every figure."""
        return self.money_sheets

    @property
    def row_sheets(self) -> Mapping[str, Sheet]:
        """``rows``: what is due to each row and what it gets."""
        return list_exhaustion_rows(self.judged, self.result, self.arrivals, self.groupings)

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of what is left of the budget by day (extra ``plot``).

        Raises :class:`~voucher_rules.InputError` as :meth:`Population.plot` does.
        """
        check_language(language)
        check_options(options)
        fund = self.trace(tell_picture(language, "axis.left"))
        return draw_funds(self.title(language), [fund], list(self.tell_means(language)), language)

    def trace(self, name: str) -> Paid:
        """Return what a picture needs to draw the budget under a name."""
        return Paid(name, self.judged, self.result, self.arrivals)

    def title(self, language: str) -> str:
        """Return which budget, of how many applications, under what."""
        check_language(language)
        return tell(
            language,
            "title.exhaust",
            budget=write_amount(self.judged, self.result.budget, language),
            count=f"{len(self.arrivals):,}",
            regime=self.judged.regime.name.told(language),
        )

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield when the money runs out, then by which rules it was paid."""
        yield self.tell_end(language)
        if self.result.earliest is not None and self.result.earliest != self.result.ran_out:
            yield tell(language, "line.earliest", at=str(self.result.earliest))
        yield from self.tell_means(language)
        yield from list_cautions(self.judged, language)

    def tell_end(self, language: str) -> str:
        """Return when the money runs out and how much is lacking; or what is left of it."""
        result = self.result
        if result.ran_out is None:
            left = write_amount(self.judged, result.left, language)
            return tell(language, "line.sufficed", left=left)
        return tell(
            language,
            "line.ran_out",
            at=str(result.ran_out),
            rows=f"{result.whole.cut_rows + result.whole.nothing_rows:,}",
            short=write_amount(self.judged, result.whole.short, language),
        )

    def tell_means(self, language: str) -> Iterator[str]:
        """Yield by which rules the money was paid."""
        if self.served is None:
            pools = self.judged.regime.program.ruleset.histories.pools.values()
            named = [self._name_carried(pool, x, language) for pool in pools for x in pool.per]
            per = join(language, named)
            told = {"per": per} if self.plain == "per" else {}
            if self.plain == "balances":
                told["names"] = self._name_balances(language)
            why = tell(language, f"why.{self.plain}", **told)
            yield tell(language, "line.plain_fund", why=why)
        else:
            label = self.served.pool.label.told(language)
            yield tell(language, "line.pool", pool=label)
            if self.served.own:
                names = [self._name_carried(self.served.pool, x, language) for x in self.served.own]
                yield tell(language, "line.own_parties", names=join(language, names))
            if self.served.unpaid:
                yield tell(language, "line.unpaid", rows=f"{self.served.unpaid:,}")
        thing = self.thing or tell(language, "arrival.rows")
        yield tell(language, "line.arrival_order", name=thing)

    def _name_balances(self, language: str) -> str:
        """Return the balances that the table states, the first few of them."""
        ruleset, found = self.judged.regime.program.ruleset, list_balances(self.judged)
        names = join(language, [name_input(ruleset, x).told(language) for x in found[:MOST_NAMED]])
        if len(found) <= MOST_NAMED:
            return names
        return tell(language, "why.more", names=names, count=str(len(found)))

    def _name_carried(self, pool: Pool, name: str, language: str) -> str:
        """Return what is called what the things of a pool carry; failing that its name."""
        lifecycles = self.judged.regime.program.ruleset.histories.lifecycles
        carried = lifecycles[pool.lifecycle].carries.get(name)
        return (carried.label.told(language) if carried else "") or name


@takes(
    ruleset=LAW,
    arrives=TEXT,
    decision=TEXT,
    by=BY,
    thing=TEXT,
    carries=CARRIES,
    ledger=Want((Ledger,), "Ledger", or_none=True),
)
def exhaust(  # noqa: PLR0913 - each argument is one thing a queue rests on
    table: Any,  # noqa: ANN401 - a table of any package
    ruleset: Ruleset | Regime,
    budget: Decimal | int | str,
    *,
    arrives: str,
    decision: str = "",
    by: By = (),
    thing: str = "",
    carries: Mapping[str, str] | None = None,
    ledger: Ledger | None = None,
    **options: Unpack[TableOptions],
) -> Exhausted:
    """Pay a budget out in the order applications come, and tell when it runs out and for whom.

    ``arrives`` is the column of days or moments. Where the ruleset has a pool for the decision, its
    queue is served as :meth:`Ledger.allocate` does; else a plain fund pays, first come first
    served, which the result says. ``thing`` is the column of names, which settle a tie (without it
    the order of the rows does); ``carries`` names the column of what a ledger must know of each
    application: ``{"enterprise": "company"}``. A ``ledger`` tells what happened before, and is left
    as it is; without one nothing did. Raises as :func:`evaluate` and :meth:`Ledger.allocate` do.
    """
    desk = set_up(table, options)
    regime = take_regime(ruleset, decision, options)
    judged = desk.judge(regime, desk.read(regime))
    groupings = list_groupings(judged.table, by)
    return exhaust_judged(
        judged, budget, arrives, groupings, thing=thing, carries=carries, ledger=ledger
    )


def exhaust_judged(  # noqa: PLR0913 - as exhaust
    judged: Judged,
    budget: Decimal | int | str,
    arrives: str,
    groupings: Sequence[Grouping],
    *,
    thing: str = "",
    carries: Mapping[str, str] | None = None,
    ledger: Ledger | None = None,
) -> Exhausted:
    """Pay a budget out over a table that is decided. Raises :class:`~.errors.InputError`."""
    if not judged.output:
        named = {"name": judged.regime.decision}
        raise InputError([Diagnostic("no-money-to-pay", named, path="budget")])
    money = read_budget(budget, judged.regime.program.ruleset)
    arrivals = read_arrivals(judged.table, arrives)
    names = _name_rows(judged, thing)
    pool, plain = find_pool(judged)
    if pool is None or not arrivals:
        result = exhaust_fund(judged, money, arrivals, names, groupings)
        return Exhausted(
            judged, result, tuple(arrivals), tuple(groupings), plain=plain or "no_pool", thing=thing
        )
    cells = {name: judged.table.pick(column) for name, column in (carries or {}).items()}
    served = serve_pool(judged, pool, money, arrivals, names=names, carries=cells, history=ledger)
    earliest = find_earliest(judged, money, arrivals, names)
    result = sum_exhaustion(
        money, served.due, served.drained, groupings, earliest=earliest, pool=pool.name
    )
    return Exhausted(judged, result, tuple(arrivals), tuple(groupings), served, "", thing)


def _name_rows(judged: Judged, thing: str) -> list[str]:
    """Return the name of each case: as a column says, else its row number. Raises InputError."""
    if not thing:
        width = len(str(judged.table.count))
        return [f"row-{number:0{width}d}" for number in judged.table.numbers]
    names = [str(cell) for cell in judged.table.pick(thing)]
    seen: dict[str, int] = {}
    for number, name in zip(judged.table.numbers, names, strict=True):
        if name in seen:
            told = {"name": name, "first": str(seen[name]), "again": str(number)}
            raise InputError(
                [Diagnostic("application-twice", told, path=f"rows.{number}: {thing}")]
            )
        seen[name] = number
    return names
