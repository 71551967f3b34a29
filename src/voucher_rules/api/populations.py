"""Comes in: a table and a ruleset. Goes out: what the whole population comes to, as a study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Unpack

from voucher_rules.api.picture_options import check_options
from voucher_rules.api.population_inputs import TableOptions, set_up, take_regime
from voucher_rules.api.population_pictures import draw_population
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.studies import Study
from voucher_rules.api.wants import BY, LAW
from voucher_rules.arguments import FLAG, TEXT, check_language, takes
from voucher_rules.batch.cases.tables import CaseTable, Rejected
from voucher_rules.batch.verdicts.model import Verdicts
from voucher_rules.decision.decide import list_stated_starts
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.population_words import tell
from voucher_rules.explain.sheets import Sheet
from voucher_rules.values.model import Exact
from voucher_rules.whatif.grouping import By, Grouping, list_groupings
from voucher_rules.whatif.layout import join, list_limits_of, name_outcome, tell_end
from voucher_rules.whatif.lifting import LimitCost, measure_limits
from voucher_rules.whatif.population_sheets import list_population_sheets, list_row_sheets
from voucher_rules.whatif.populations import PopulationSums, sum_population
from voucher_rules.whatif.regimes import Regime
from voucher_rules.whatif.spending import UNSETTLED, Judged, Spend


class PopulationStudy(Study):
    """A study of a table; some of its sheets hold a line for each row and come by name only."""

    __slots__ = ()

    @property
    def row_sheets(self) -> Mapping[str, Sheet]:
        """The sheets with a line for each row, by name; they are in no summary."""
        return {}

    def sheet(self, name: str = "") -> Sheet:
        """Return a sheet by its name, also one of :attr:`row_sheets`. Raises InputError."""
        named = {sheet.name: sheet for sheet in self.sheets}
        if not name or name in named:
            return named[name] if name else self.sheets[0]
        rows = self.row_sheets
        if name not in rows:
            listed = ", ".join([*named, *rows])
            told = {"found": str(name), "options": listed, "near": ""}
            raise InputError([Diagnostic("not-one-of", told, path="sheet")])
        return rows[name]


@dataclass(frozen=True, eq=False)
class Population(PopulationStudy):
    """A table decided under one regime: what it comes to, why, and what is not known.

    ``sums`` holds every figure, money in minor units; ``verdicts`` what each case comes to, in the
    order of ``numbers``; ``rejected`` the rows that are in no figure, and why.
    """

    judged: Judged
    sums: PopulationSums
    limits: tuple[LimitCost, ...] = ()
    groupings: tuple[Grouping, ...] = ()
    language: str = "zh"

    @property
    def regime(self) -> Regime:
        """What it was decided under."""
        return self.judged.regime

    @property
    def table(self) -> CaseTable:
        """The table as it was read."""
        return self.judged.table

    @property
    def verdicts(self) -> Verdicts:
        """What each case comes to."""
        return self.judged.verdicts

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the rows decided, from 1."""
        return self.judged.table.numbers

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """The rows that could not be read as cases."""
        return self.judged.table.rejected

    @property
    def spend(self) -> Spend:
        """What the money looked at comes to in all, in minor units."""
        return self.sums.spend.get(self.judged.output, Spend(rows=len(self.judged.spans)))

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every figure."""
        return tuple(list_population_sheets(self.judged, self.sums, self.limits))

    @property
    def row_sheets(self) -> Mapping[str, Sheet]:
        """``rows``: every row with its outcome; ``rejected_rows``: every fault of the others."""
        return list_row_sheets(self.judged, self.groupings)

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of one of the sheets (extra ``plot``).

        ``sheet`` is ``by_<column>`` or ``outcomes`` for the spend, ``binding`` or ``limits`` for
        the limits; without it the first group, else the outcomes. Raises
        :class:`~voucher_rules.InputError` for another one, and where Matplotlib or a font for the
        language is lacking.
        """
        check_language(language)
        check_options(options, "sheet")
        sheet = options.get("sheet")
        return draw_population(self.title(language), self.judged, self.sheets, sheet, language)

    def title(self, language: str) -> str:
        """Return how many applications were decided under what."""
        check_language(language)
        regime = self.regime.name.told(language)
        return tell(language, "title.population", count=f"{len(self.numbers):,}", regime=regime)

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield the spend and the outcomes, then what a reader must know of them."""
        yield tell_spend(self.judged, self.spend, language)
        named = [
            tell(
                language,
                "line.outcome",
                outcome=name_outcome(outcome).told(language),
                rows=f"{count:,}",
            )
            for outcome, count in self.sums.outcomes.items()
        ]
        if named:
            yield tell(language, "line.outcomes", named=join(language, named))
        yield from list_cautions(self.judged, language)


@takes(ruleset=LAW, decision=TEXT, by=BY, limits=FLAG)
def evaluate(
    ruleset: Ruleset | Regime,
    table: Any,  # noqa: ANN401 - a table of any package
    *,
    decision: str = "",
    by: By = (),
    limits: bool = True,
    **options: Unpack[TableOptions],
) -> Population:
    """Decide every row of a table, and add up what comes of it.

    ``table`` may be one of pandas, Polars or Arrow, a list of dicts, a dict of columns or a path;
    ``by`` names columns to group by, and cuts those given with ends into bands. With ``limits`` it
    is also worked out what each limit alone holds back. See :class:`TableOptions` for the rest.
    Raises :class:`~voucher_rules.InputError` for what is wrong with the table as a whole; a row
    that cannot be read is kept aside with its faults.
    """
    desk = set_up(table, options)
    regime = take_regime(ruleset, decision, options)
    judged = desk.judge(regime, desk.read(regime))
    groupings = list_groupings(judged.table, by)
    found = measure_limits(judged, desk.execute, groupings) if limits else ()
    return Population(judged, sum_population(judged, groupings), found, groupings)


def tell_spend(judged: Judged, spend: Spend, language: str) -> str:
    """Return what the money looked at comes to, in a sentence."""
    if not judged.output:
        return tell(language, "line.no_money")
    label = judged.regime.program.decision.outputs[judged.output].label.told(language)

    def write(amount: Exact) -> str:
        return write_amount(judged, amount, language)

    if not spend.open_rows:
        return tell(language, "line.spend", output=label, amount=write(spend.settled))
    return tell(
        language,
        "line.spend_open",
        output=label,
        settled=write(spend.settled),
        rows=f"{spend.open_rows:,}",
        low=write(spend.low),
        high=write(spend.high),
    )


def write_amount(judged: Judged, amount: Exact, language: str) -> str:
    """Return an amount in words."""
    return tell_end(amount, judged.regime.program.ruleset.currency, language)


def count_open(judged: Judged) -> int:
    """Return how many cases wait for facts or for a person."""
    return sum(1 for outcome in judged.verdicts.outcome if outcome in UNSETTLED)


def list_cautions(judged: Judged, language: str, *, counts_open: bool = True) -> Iterator[str]:
    """Yield what must be known of a table decided under a regime."""
    yield from list_limits_of(judged.table, count_open(judged) if counts_open else 0, language)
    for item in list_stated_starts(judged.regime.program.ruleset):
        yield tell(language, "limit.started", day=item.after)
    if judged.regime.assume_in_force:
        yield tell(language, "limit.assumed")
