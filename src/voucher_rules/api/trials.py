"""Comes in: a table and regimes: values, readings, measures. Goes out: them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Unpack

from voucher_rules.api.picture_options import check_options
from voucher_rules.api.population_inputs import (
    Desk,
    SharedOptions,
    TableOptions,
    set_up,
    set_up_shared,
    take_regime,
)
from voucher_rules.api.population_pictures import draw_regimes
from voucher_rules.api.populations import PopulationStudy, list_cautions, tell_spend, write_amount
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.trial_pictures import draw_plane, draw_readings, draw_sweep
from voucher_rules.api.wants import BY, FOR_EACH, LAW, REGIMES, VALUES
from voucher_rules.arguments import TEXT, check_language, takes
from voucher_rules.checked.symbols import Wording
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.population_words import tell, word
from voucher_rules.explain.sheets import Coded, Figure, Sheet
from voucher_rules.values.model import Exact
from voucher_rules.whatif.grouping import By, Grouping, list_groupings
from voucher_rules.whatif.labelling import name_setting
from voucher_rules.whatif.layout import join
from voucher_rules.whatif.population_sheets import money_of
from voucher_rules.whatif.populations import PopulationSums, count_outcomes, sum_population
from voucher_rules.whatif.readings import list_departures
from voucher_rules.whatif.reform_sheets import (
    Trial,
    make_trial_groups,
    make_trial_sheet,
    name_trial,
)
from voucher_rules.whatif.reforms import compare_regimes
from voucher_rules.whatif.regime_sheets import list_regime_sheets
from voucher_rules.whatif.regimes import Regime
from voucher_rules.whatif.spending import Judged, add_spend

MOST_POINTS = 400
"""How many values one sweep may try."""


@dataclass(frozen=True, eq=False)
class Trials(PopulationStudy):
    """A table under one regime and several others, each held against the first.

    ``trials`` begins with the regime as it stands; ``kind`` is ``points`` or ``readings``.
    """

    kind: str
    names: tuple[str, ...]
    trials: tuple[Trial, ...]
    groupings: tuple[Grouping, ...] = ()
    language: str = "zh"

    @property
    def baseline(self) -> Judged:
        """The table under the regime as it stands."""
        return self.trials[0].judged

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every figure: a line for each regime tried, then by group."""
        money = money_of(self.baseline)
        heads = self._list_heads()
        if self.kind == "readings":
            heads = [(key, word(f"column.{key}")) for key in ("reading", "name")]
        return (
            make_trial_sheet(self.kind, heads, money, self.trials),
            *make_trial_groups(self.kind, heads, money, self.trials),
        )

    def _list_heads(self) -> list[tuple[str, Wording]]:
        """Return each parameter with its label; with its name too where labels are alike."""
        ruleset = self.baseline.regime.program.ruleset
        labels = [name_setting(ruleset, name) for name in self.names]
        if len(set(labels)) < len(labels):
            pairs = zip(labels, self.names, strict=True)
            labels = [Wording(f"{x.zh} · {name}", f"{x.en} · {name}") for x, name in pairs]
        return list(zip(self.names, labels, strict=True))

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of all that was tried (extra ``plot``).

        Of one parameter lines over its values, of two a map, of readings how far each takes the
        total. ``figure`` is what a map shows: ``spend``, ``change``, ``granted_rows``, ``gains`` or
        ``loses``. Raises :class:`~voucher_rules.InputError` as :meth:`Population.plot` does.
        """
        check_language(language)
        plane = self.kind == "points" and len(self.names) > 1
        check_options(options, *(["figure"] if plane else []))
        title, sheet = self.title(language), self.sheets[0]
        if plane:
            figure = options.get("figure")
            return draw_plane(title, self.trials, sheet, self.names, figure, language)
        if self.kind == "points":
            return draw_sweep(title, self.trials, sheet, self.names[0], language)
        if not self.baseline.output:
            told = {"name": type(self).__name__, "options": ""}
            raise InputError([Diagnostic("no-picture", told)])
        return draw_readings(title, self.trials, sheet, language)

    def title(self, language: str) -> str:
        """Return what was tried on how many applications."""
        check_language(language)
        count = f"{len(self.baseline.spans):,}"
        if self.kind == "points":
            names = join(language, [label.told(language) for _, label in self._list_heads()])
            return tell(language, "title.sweep", names=names, count=count)
        regime = self.baseline.regime.name.told(language)
        return tell(language, "title.readings", count=count, regime=regime)

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield what it comes to as it stands, and what most hangs on; then what must be known."""
        yield tell_spend(self.baseline, add_spend(self.baseline.spans), language)
        if self.kind == "readings":
            yield self._tell_most(language)
        for trial in self.trials[:1]:
            yield from list_cautions(trial.judged, language)
        yield tell(language, "limit.behaviour")

    def _tell_most(self, language: str) -> str:
        changed = [
            trial
            for trial in self.trials[1:]
            if trial.sums.decided_otherwise
            or trial.sums.whole.change.low
            or trial.sums.whole.change.high
        ]
        if not changed:
            return tell(language, "line.reading_none")
        most = max(changed, key=_weigh)
        low, high = most.sums.whole.change.low, most.sums.whole.change.high
        ends = [write_amount(self.baseline, x, language) for x in dict.fromkeys((low, high))]
        named, *_ = name_trial(most, self.kind)
        told = named.label.told(language) if isinstance(named, Coded) else str(named)
        return tell(language, "line.reading_most", reading=told, change="–".join(ends))


def _weigh(trial: Trial) -> tuple[Exact, int]:
    whole = trial.sums.whole.change
    return (max(-whole.low, whole.high), trial.sums.decided_otherwise)


@takes(ruleset=LAW, decision=TEXT, values=VALUES, by=BY)
def sweep(
    table: Any,  # noqa: ANN401 - a table of any package
    ruleset: Ruleset | Regime,
    decision: str,
    values: Mapping[str, Sequence[str]],
    *,
    by: By = (),
    **options: Unpack[TableOptions],
) -> Trials:
    """Decide a table with one or two parameters set to each of several values.

    Each point is held against the ruleset as it stands; two parameters are tried in every pair. A
    value equal to the one in force is that. Raises :class:`~voucher_rules.InputError` as
    :func:`evaluate` does, and what :meth:`Ruleset.amend` raises.
    """
    points = list(product(*values.values()))
    if not 1 <= len(values) <= 2 or not points or len(points) > MOST_POINTS:  # noqa: PLR2004 - a line or a plane
        told = {"count": str(len(points)), "limit": str(MOST_POINTS)}
        raise InputError([Diagnostic("sweep-too-wide", told, path="values")])
    regime = take_regime(ruleset, decision, options)
    law = regime.ruleset
    if not isinstance(law, Ruleset):
        told = {"found": type(law).__name__, "expected": "Ruleset"}
        raise InputError([Diagnostic("wrong-python-type", told, path="ruleset")])
    tried = [
        ((*point,), replace(regime, ruleset=_set(law, dict(zip(values, point, strict=True)))))
        for point in points
    ]
    first = ((word("baseline"), *[None] * (len(values) - 1)), regime)
    desk = set_up(table, options)
    return _try_all(desk, "points", tuple(values), [first, *tried], by)


def _set(ruleset: Ruleset, settings: Mapping[str, str]) -> Ruleset:
    """Return a ruleset with parameters set; those that have the value already stay as they are."""
    made = ruleset
    for name, text in settings.items():
        try:
            made = made.amend({name: text})
        except InputError as error:
            if {item.code for item in error.diagnostics} != {"setting-has-no-effect"}:
                raise
    return made


@takes(ruleset=LAW, decision=TEXT, by=BY)
def reading_study(
    table: Any,  # noqa: ANN401 - a table of any package
    ruleset: Ruleset | Regime,
    decision: str = "",
    *,
    by: By = (),
    **options: Unpack[TableOptions],
) -> Trials:
    """Decide a table under every other way to read what is in dispute, each alone.

    Readings that the ruleset declares to go together are also tried in pairs. Raises as
    :func:`evaluate` does.
    """
    regime = take_regime(ruleset, decision, options)
    chosen = regime.options.readings
    tried: list[tuple[tuple[Figure, ...], Regime]] = [((word("baseline"),), regime)]
    for departure in list_departures(regime.program, chosen):
        label = " + ".join(f"{name}={option}" for name, option in departure.items())
        tried.append(((label,), replace(regime, readings={**chosen, **departure})))
    desk = set_up(table, options)
    return _try_all(desk, "readings", ("reading",), tried, by)


def _try_all(
    desk: Desk,
    kind: str,
    names: tuple[str, ...],
    tried: Sequence[tuple[tuple[Figure, ...], Regime]],
    by: By,
) -> Trials:
    judged = desk.judge_all([regime for _, regime in tried])
    groupings = list_groupings(judged[0].table, by)
    trials = tuple(
        Trial(
            labels,
            item,
            compare_regimes(judged[0], item, groupings),
            count_outcomes(item.verdicts.outcome),
        )
        for (labels, _), item in zip(tried, judged, strict=True)
    )
    return Trials(kind, names, trials, groupings)


@dataclass(frozen=True, eq=False)
class Regimes(PopulationStudy):
    """The same applications under several measures, side by side; ``sums`` by measure."""

    judged: tuple[Judged, ...]
    sums: tuple[PopulationSums, ...]
    groupings: tuple[tuple[Grouping, ...], ...] = ()
    language: str = "zh"

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every figure: a line for each measure, then by group."""
        return tuple(list_regime_sheets(self.judged, self.sums))

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of what each measure comes to (extra ``plot``).

        ``sheet`` is ``regimes``, or ``by_<column>`` for the groups. Raises as ``Population.plot``.
        """
        check_language(language)
        check_options(options, "sheet")
        sheet = options.get("sheet")
        return draw_regimes(self.title(language), self.judged, self.sheets, sheet, language)

    def title(self, language: str) -> str:
        """Return how many measures over how many applications."""
        check_language(language)
        count = f"{self.judged[0].table.count:,}"
        return tell(language, "title.regimes", regimes=str(len(self.judged)), count=count)

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield what each measure comes to, and what must be known of it."""
        mark = "：" if language == "zh" else ": "
        for judged in self.judged:
            head = judged.regime.name.told(language) + mark
            yield head + tell_spend(judged, add_spend(judged.spans), language)
            for line in list_cautions(judged, language):
                yield head + line


@takes(regimes=REGIMES, columns=FOR_EACH, facts=FOR_EACH, by=BY)
def regimes(
    table: Any,  # noqa: ANN401 - a table of any package
    regimes: Sequence[Regime],
    *,
    columns: Sequence[Mapping[str, str]] | Mapping[str, str] = (),
    facts: Sequence[Mapping[str, Any]] | Mapping[str, Any] = (),
    by: By = (),
    **options: Unpack[SharedOptions],
) -> Regimes:
    """Decide the same table under several measures.

    Each measure has facts of its own: ``columns`` and ``facts`` are given once for all, or a list
    with one for each. A row that one measure cannot read is left out of that one. Raises as
    :func:`evaluate` does.
    """
    if not regimes:
        raise InputError([Diagnostic("no-regimes", {}, path="regimes")])
    desk = set_up_shared(table, options)
    mappings = _spread(columns, len(regimes), "columns")
    stated = _spread(facts, len(regimes), "facts")
    judged, groupings = [], []
    for regime, names, told in zip(regimes, mappings, stated, strict=True):
        layout = replace(desk.layout, columns=names, facts=told)
        item = desk.judge(regime, desk.read(regime, layout))
        judged.append(item)
        groupings.append(list_groupings(item.table, by))
    sums = tuple(sum_population(x, y) for x, y in zip(judged, groupings, strict=True))
    return Regimes(tuple(judged), sums, tuple(groupings))


def _spread(
    given: Sequence[Mapping[str, Any]] | Mapping[str, Any], count: int, path: str
) -> list[Mapping[str, Any]]:
    """Return one for each regime. Raises :class:`~.errors.InputError` for another number."""
    if isinstance(given, Mapping):
        return [given] * count
    if given and len(given) != count:
        told = {"found": str(len(given)), "expected": str(count)}
        raise InputError([Diagnostic("one-for-each-regime", told, path=path)])
    return list(given) or [{}] * count
