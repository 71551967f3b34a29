"""Comes in: a table and two regimes. Goes out: who gains and who loses, as a study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Unpack

from voucher_rules.api.attributing import alter_all
from voucher_rules.api.exhausting import Exhausted, exhaust_judged
from voucher_rules.api.fund_pictures import draw_funds
from voucher_rules.api.ledger import Ledger
from voucher_rules.api.picture_options import check_options, choose_name
from voucher_rules.api.population_inputs import Desk, TableOptions, set_up, take_regime
from voucher_rules.api.populations import (
    PopulationStudy,
    count_open,
    list_cautions,
    write_amount,
)
from voucher_rules.api.reform_pictures import draw_effects, draw_reform_groups
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.wants import BY, CARRIES, CHANGED, LAW
from voucher_rules.arguments import FLAG, TEXT, Want, check_language, takes
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import DiagnosedError, InputError
from voucher_rules.explain.population_words import tell, word
from voucher_rules.explain.sheets import Sheet
from voucher_rules.ruleset.alterations import Alteration
from voucher_rules.values.model import Exact
from voucher_rules.whatif.grouping import By, Grouping, list_groupings
from voucher_rules.whatif.lifting import LimitCost, measure_limits
from voucher_rules.whatif.reform_sheets import PartEffect, list_reform_rows, list_reform_sheets
from voucher_rules.whatif.reforms import Change, Effect, ReformSums, compare_regimes
from voucher_rules.whatif.regimes import Regime
from voucher_rules.whatif.spending import Judged, Spend


@dataclass(frozen=True, eq=False)
class Reform(PopulationStudy):
    """A table decided under two regimes: what changes, for whom, and by how much.

    ``sums`` holds every figure, money in minor units; ``parts`` what each change comes to alone,
    ``limits`` what each limit holds back before and after, ``funds`` how far the budget goes.
    """

    before: Judged
    after: Judged
    sums: ReformSums
    parts: tuple[PartEffect, ...] | None = ()
    limits: tuple[tuple[LimitCost, ...], tuple[LimitCost, ...]] = ((), ())
    groupings: tuple[Grouping, ...] = ()
    funds: tuple[Exhausted, Exhausted] | None = None
    language: str = "zh"

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every figure."""
        found = list(
            list_reform_sheets(self.before, self.after, self.sums, self.parts or (), self.limits)
        )
        for key, fund in zip(("before", "after"), self.funds or (), strict=False):
            found += [_name_sheet(sheet, key) for sheet in fund.money_sheets]
        return tuple(found)

    @property
    def row_sheets(self) -> Mapping[str, Sheet]:
        """``rows``: every row before and after; ``rejected_rows``: every fault of the others."""
        return list_reform_rows(self.before, self.after, self.sums, self.groupings)

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of one of the sheets (extra ``plot``).

        ``sheet`` is ``effects`` for how many gain and lose how much, in bands that ``bands`` cuts
        (``["-1000元", "500元"]``); ``by_<column>`` for each group before and after; ``exhaust`` for
        the budget, where there is one. Raises as :meth:`Population.plot`.
        """
        check_language(language)
        check_options(options, "sheet", "bands")
        if not self.after.output:
            told = {"name": type(self).__name__, "options": ""}
            raise InputError([Diagnostic("no-picture", told)])
        groups = [f"by_{column}" for column, _ in self.sums.groups]
        names = ["effects", *groups, *(["exhaust"] if self.funds else [])]
        chosen = choose_name(options.get("sheet"), names, "sheet")
        title = self.title(language)
        if chosen == "effects":
            sheet, bands = self.sheet(chosen), options.get("bands")
            return draw_effects(title, self.after, self.sums, sheet, bands, language)
        if chosen == "exhaust" and self.funds is not None:
            sides = zip(("before", "after"), self.funds, strict=True)
            funds = [fund.trace(tell(language, f"column.{key}")) for key, fund in sides]
            notes = [*self.funds[1].tell_means(language), tell(language, "limit.behaviour")]
            return draw_funds(title, funds, notes, language)
        return draw_reform_groups(title, self.before, self.after, self.sheet(chosen), language)

    def title(self, language: str) -> str:
        """Return what is held against what."""
        check_language(language)
        count = f"{len(self.sums.effects):,}"
        before, after = (x.regime.name.told(language) for x in (self.before, self.after))
        if self.before is self.after:
            return tell(language, "title.population", regime=before, count=count)
        return tell(language, "title.reform", before=before, after=after, count=count)

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield what changes and for how many, then what a reader must know."""
        yield from self._tell_change(language)
        for key, fund in zip(("before", "after"), self.funds or (), strict=False):
            head = tell(language, f"column.{key}")
            mark = "：" if language == "zh" else ": "
            yield head + mark + fund.tell_end(language)
        if self.parts is None:
            yield tell(language, "line.parts_none")
        elif len(self.parts) > 1:
            yield tell(language, "line.parts", count=str(len(self.parts)))
        if self.funds is not None:
            yield from self.funds[1].tell_means(language)
        yield from dict.fromkeys(
            line
            for judged in (self.before, self.after)
            for line in list_cautions(judged, language, counts_open=False)
        )
        yield from self._tell_open(language)
        if (Outcome.REFERRED, Outcome.REFERRED) in self.sums.transitions:
            yield tell(language, "limit.referred")
        yield tell(language, "limit.behaviour")

    def _tell_change(self, language: str) -> Iterator[str]:
        whole = self.sums.whole
        if self.after.output:
            label = self.after.regime.program.decision.outputs[self.after.output].label
            told = {
                "output": label.told(language),
                "before": self._write_spend(whole.before, language),
                "after": self._write_spend(whole.after, language),
            }
            low, high = whole.change.low, whole.change.high
            if low == high:
                change = self._write(low, language)
                yield tell(language, "line.change", change=change, **told)
            else:
                told |= {"low": self._write(low, language), "high": self._write(high, language)}
                yield tell(language, "line.change_open", **told)
        effects = whole.effects
        yield tell(
            language,
            "line.effects",
            gains=f"{effects[Effect.GAINS].rows:,}",
            more=write_amount(self.after, effects[Effect.GAINS].low, language),
            loses=f"{effects[Effect.LOSES].rows:,}",
            less=write_amount(self.after, -effects[Effect.LOSES].high, language),
            same=f"{effects[Effect.SAME].rows:,}",
            open=f"{effects[Effect.OPEN].rows:,}",
        )
        yield tell(language, "line.otherwise", rows=f"{self.sums.decided_otherwise:,}")

    def _tell_open(self, language: str) -> Iterator[str]:
        before, after = count_open(self.before), count_open(self.after)
        if before or after:
            told = {"before": f"{before:,}", "after": f"{after:,}"}
            yield tell(language, "limit.open_before", **told)
        if any(Outcome.UNDETERMINED in pair for pair in self.sums.transitions):
            yield tell(language, "limit.sound")

    def _write_spend(self, spend: Spend, language: str) -> str:
        low = write_amount(self.after, spend.low, language)
        if spend.low == spend.high:
            return low
        high = write_amount(self.after, spend.high, language)
        return f"{low}–{high}"

    def _write(self, amount: Exact, language: str) -> str:
        text = write_amount(self.after, amount if amount >= 0 else -amount, language)
        return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{text}"


def _name_sheet(sheet: Sheet, key: str) -> Sheet:
    """Return a sheet as that of before or after."""
    side = word(f"column.{key}")
    title = Wording(f"{sheet.title.zh}（{side.zh}）", f"{sheet.title.en} ({side.en})")
    return replace(sheet, name=f"{key}_{sheet.name}", title=title)


@takes(
    baseline=LAW,
    changed=CHANGED,
    decision=TEXT,
    by=BY,
    limits=FLAG,
    parts=FLAG,
    arrives=TEXT,
    thing=TEXT,
    carries=CARRIES,
    ledger=Want((Ledger,), "Ledger", or_none=True),
)
def reform(  # noqa: PLR0913 - each argument is one thing a reform is studied by
    table: Any,  # noqa: ANN401 - a table of any package
    baseline: Ruleset | Regime,
    changed: Ruleset | Regime | Mapping[str, str],
    *,
    decision: str = "",
    by: By = (),
    limits: bool = True,
    parts: bool = True,
    budget: Decimal | int | str | None = None,
    arrives: str = "",
    thing: str = "",
    carries: Mapping[str, str] | None = None,
    ledger: Ledger | None = None,
    **options: Unpack[TableOptions],
) -> Reform:
    """Decide a table under two regimes, and tell what changes from one to the other.

    ``changed`` is a ruleset, a regime, or the parameters to set to other values. ``by`` names
    columns to group by. With ``parts`` each parameter set is also tried alone, and the others
    without it; with ``limits`` it is worked out what each limit alone holds back. A ``budget`` is
    paid out in the order of the column ``arrives``, under both; ``thing``, ``carries`` and
    ``ledger`` are as for :func:`exhaust`, and each side begins from that ledger anew. See
    :class:`TableOptions` for the rest. Raises :class:`~voucher_rules.InputError` as
    :func:`evaluate` does, and what :meth:`Ruleset.amend` raises.
    """
    desk = set_up(table, options)
    before = take_regime(baseline, decision, options)
    after = _take_changed(before, changed, decision, options)
    left, right = desk.judge_all([before, after])
    groupings = list_groupings(left.table, by)
    costs = (
        (
            measure_limits(left, desk.execute, groupings),
            measure_limits(right, desk.execute, groupings),
        )
        if limits
        else ((), ())
    )
    funds = None
    if budget is not None:
        pay = partial(
            exhaust_judged,
            budget=budget,
            arrives=arrives,
            groupings=groupings,
            thing=thing,
            carries=carries,
            ledger=ledger,
        )
        funds = pay(left), pay(right)
    return Reform(
        before=left,
        after=right,
        sums=compare_regimes(left, right, groupings),
        parts=_try_parts(desk, left, right) if parts else (),
        limits=costs,
        groupings=groupings,
        funds=funds,
    )


def _take_changed(
    before: Regime,
    changed: Ruleset | Regime | Mapping[str, str],
    decision: str,
    options: TableOptions,
) -> Regime:
    """Return the regime of a reform; one of another ruleset keeps the question and the readings."""
    if isinstance(changed, Mapping) and isinstance(before.ruleset, Ruleset):
        changed = before.ruleset.amend(changed)
    if isinstance(changed, Ruleset):
        same = changed.id == before.ruleset.checked.id
        readings = before.readings if same else options.get("readings", {})
        assumed = before.assume_in_force
        return Regime(changed, decision or before.decision, readings, assume_in_force=assumed)
    return take_regime(changed, decision, options)


def _try_parts(desk: Desk, before: Judged, after: Judged) -> tuple[PartEffect, ...] | None:
    """Return what each change comes to alone and what the rest does; None where that is no sense.

    Changes are parameters set to other values, and readings chosen otherwise.
    """
    ruleset, reformed = before.regime.ruleset, after.regime.ruleset
    if not isinstance(ruleset, Ruleset) or not isinstance(reformed, Ruleset):
        return None
    made = _list_parts(ruleset, reformed)
    if made is None or before.regime.decision != after.regime.decision:
        return None
    old, new = before.regime.options.readings, after.regime.options.readings
    readings = [name for name in new if old.get(name) != new[name]]
    # a default that was changed is both a change of the ruleset and another reading
    names = list(dict.fromkeys([*made, *(f"reading.{name}" for name in readings)]))
    if len(names) < 2:  # noqa: PLR2004 - one change alone is the whole reform
        return ()

    def tell_change(chosen: list[str]) -> Change | None:
        settings = [item for name in chosen if name in made for item in made[name].alterations]
        try:
            other = alter_all(ruleset, settings)
        except DiagnosedError:
            return None
        picked = {x: new[x] for x in readings if f"reading.{x}" in chosen}
        regime = replace(before.regime, ruleset=other, readings={**old, **picked})
        return compare_regimes(before, desk.judge(regime, before.table)).whole.change

    found = []
    for name in names:
        part = made.get(name)
        reading = name.removeprefix("reading.")
        told = (part.before, part.after) if part else (old[reading], new[reading])
        rest = [other for other in names if other != name]
        found.append(PartEffect(name, *told, tell_change([name]), tell_change(rest)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Part:
    """All that a reform makes of one target, on whatever days, and the words before and after."""

    before: str
    after: str
    alterations: tuple[Alteration, ...]


def _list_parts(ruleset: Ruleset, reformed: Ruleset) -> dict[str, _Part] | None:
    """Return what one ruleset makes otherwise, by target; None where the other is not made of it.

    A change keeps its days, and one made twice stays what both made of it.
    """
    count = len(ruleset.overlays)
    if reformed.loaded.source_digest != ruleset.loaded.source_digest:
        return None
    if reformed.overlays[:count] != ruleset.overlays:
        return None
    changes = [item.change for item in reformed.overlays[count:]]
    made = [item for layer in reformed.layers[len(ruleset.layers) :] for item in layer]
    if None in changes or len(made) != len(changes):
        return None
    found: dict[str, _Part] = {}
    for change, item in zip(changes, made, strict=True):
        if change is not None:
            held = found.get(change.target)
            first, items = (change.before, ()) if held is None else (held.before, held.alterations)
            found[change.target] = _Part(first, change.after, (*items, item))
    return found
