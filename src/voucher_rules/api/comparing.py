"""Comes in: one case, and two regimes. Goes out: both decisions, and what parts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from voucher_rules.api.attributing import Attribution, attribute, leave_out
from voucher_rules.api.comparison_pictures import draw_comparison
from voucher_rules.api.comparison_sheets import (
    list_amount_sheets,
    make_article_sheet,
    make_change_sheet,
    make_limit_sheet,
    make_missing_sheet,
    make_number_sheet,
    make_outcome_sheet,
    make_rule_sheet,
)
from voucher_rules.api.comparison_words import list_lines
from voucher_rules.api.decisions import Decision, to_main_unit
from voucher_rules.api.picture_options import check_options
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.studies import Study
from voucher_rules.api.wants import LAW
from voucher_rules.arguments import FLAG, MAPPING, TEXT, check_language, takes
from voucher_rules.decision.case import read_on
from voucher_rules.decision.result import DecisionResult
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.comparison_words import word
from voucher_rules.explain.sheets import Sheet
from voucher_rules.sources.tree import Source
from voucher_rules.whatif.compare import Shift, list_numbers, list_shifts
from voucher_rules.whatif.readings import tell_apart
from voucher_rules.whatif.regimes import Regime


@dataclass(frozen=True)
class Comparison(Study):
    """Two decisions on one case, under a baseline and a reform, and what parts them.

    ``before`` and ``after`` are the decisions, whole. ``causes`` are the rules that came out
    otherwise by themselves, ``follows`` those that pass it on; ``attributions`` what each
    difference of the regimes does, None where they could not be tried one by one. ``left_out``
    are facts that one of the rulesets does not know.
    """

    baseline: Regime
    reform: Regime
    before: Decision
    after: Decision
    attributions: tuple[Attribution, ...] | None
    left_out: tuple[str, ...] = ()
    language: str = "zh"
    shifts: tuple[Shift, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Find which rules came out otherwise."""
        object.__setattr__(self, "shifts", list_shifts(*self.results))

    @property
    def results(self) -> tuple[DecisionResult, DecisionResult]:
        """Both decisions, for programs that need more of them."""
        return self.before.result, self.after.result

    @property
    def differs(self) -> bool:
        """Whether anything decided differs: outcome, amount, value or consequence."""
        before, after = self.results
        return tell_apart(before) != tell_apart(after)

    @property
    def differences(self) -> dict[str, Decimal]:
        """By how much each amount that is settled both times differs, in the main unit."""
        before, after = self.results
        found = {}
        for name, item in after.amounts.items():
            old = before.amounts.get(name)
            if old is None or old.value is None or item.value is None:
                continue
            currency = item.output.type.unit
            if old.output.type.unit == currency:
                found[name] = to_main_unit(item.value - old.value, currency)
        return found

    @property
    def causes(self) -> tuple[str, ...]:
        """The rules that came out otherwise by themselves."""
        return tuple(item.rule.id for item in self.shifts if item.cause)

    @property
    def follows(self) -> tuple[str, ...]:
        """The rules that came out otherwise only because others did."""
        return tuple(item.rule.id for item in self.shifts if not item.cause)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Every figure, what was decided first."""
        before, after = self.results
        return (
            make_outcome_sheet(before, after),
            *list_amount_sheets(before, after),
            make_change_sheet(self.attributions or ()),
            make_limit_sheet(before, after),
            make_number_sheet(list_numbers(before, after), before, after),
            make_rule_sheet(self.shifts, before, after),
            make_missing_sheet(before, after),
            make_article_sheet(self.before.articles, self.after.articles),
        )

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of every limit of an amount under both, and which binds (extra `plot`).

        ``output`` names the amount where there are several. Raises
        :class:`~voucher_rules.InputError` where the decision gives no money.
        """
        check_language(language)
        check_options(options, "output")
        notes = [next(self.list_lines(language))]
        output = options.get("output")
        return draw_comparison(self.title(language), self.results, output, notes, language)

    def title(self, language: str) -> str:
        """Return what was compared, in one line."""
        named = {"before": self.baseline.name, "after": self.reform.name}
        label = self.after.result.decision.label
        return word("title", decision=label, **named).told(language)

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield what came of it: the outcome, each amount, what made it, and what to know."""
        yield from list_lines(self, language)


@takes(
    facts=MAPPING,
    baseline=LAW,
    reform=LAW,
    decision=TEXT,
    readings=MAPPING.optional(),
    assume_in_force=FLAG,
)
def compare(  # noqa: PLR0913 - each argument is one thing a decision rests on
    facts: Mapping[str, Any],
    baseline: Ruleset | Regime,
    reform: Ruleset | Regime,
    *,
    decision: str = "",
    on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    assume_in_force: bool = False,
    source: Source | None = None,
) -> Comparison:
    """Decide a case under two regimes and return both decisions side by side.

    ``baseline`` and ``reform`` are rulesets, amended or not, of any edition, or a
    :class:`~voucher_rules.Regime` each; ``decision``, ``readings`` and ``assume_in_force`` are for
    those that are rulesets. A fact that only one of the rulesets knows is kept from the other.

    Raises :class:`~voucher_rules.InputError` with every fault of the facts and the options.
    """
    asked = decision or _find_decision(baseline, reform)
    sides = [
        x if isinstance(x, Regime) else Regime(x, asked, readings or {}, assume_in_force)
        for x in (baseline, reform)
    ]
    day = None if on is None else read_on(on)

    def decide(regime: Regime, other: Regime) -> DecisionResult:
        return regime.decide(regime.read(leave_out(facts, regime, other), day, source))

    one, two = sides
    results = (decide(one, two), decide(two, one))
    kept = [leave_out(facts, x, y) for x, y in ((one, two), (two, one))]
    left_out = tuple(name for name in facts if any(name not in x for x in kept))
    found = attribute(one, two, results, lambda x: decide(x, two))
    made = [Decision(result) for result in results]
    return Comparison(one, two, made[0], made[1], found, left_out)


def _find_decision(baseline: Ruleset | Regime, reform: Ruleset | Regime) -> str:
    """Return the decision that is asked where nobody names it: of a regime, or the only one."""
    for side in (baseline, reform):
        if isinstance(side, Regime):
            return side.decision
    rulesets = [side for side in (baseline, reform) if isinstance(side, Ruleset)]
    names = list(dict.fromkeys(name for side in rulesets for name in side.decisions))
    if len(names) != 1:
        raise InputError([Diagnostic("decision-unsaid", {"names": ", ".join(names)})])
    return names[0]
