"""Comes in: a comparison of two decisions. Goes out: what came of it, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Protocol

from voucher_rules.api.attributing import Attribution
from voucher_rules.decision.result import Amount, DecisionResult
from voucher_rules.explain.comparison_words import tell_comparison
from voucher_rules.explain.names import Namer
from voucher_rules.explain.words import tell
from voucher_rules.values.write import write_money
from voucher_rules.whatif.compare import Shift
from voucher_rules.whatif.regimes import Regime


class Compared(Protocol):
    """What is told of a comparison."""

    @property
    def results(self) -> tuple[DecisionResult, DecisionResult]:
        """Both decisions."""

    @property
    def baseline(self) -> Regime:
        """What is compared with."""

    @property
    def reform(self) -> Regime:
        """What is compared."""

    @property
    def differs(self) -> bool:
        """Whether anything decided differs."""

    @property
    def differences(self) -> Mapping[str, Decimal]:
        """By how much each settled amount differs."""

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The rules that came out otherwise."""

    @property
    def attributions(self) -> tuple[Attribution, ...] | None:
        """What each difference does."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """The facts one side does not know."""


def list_lines(study: Compared, language: str) -> Iterator[str]:
    """Yield the outcome, each amount, what made it, and what a reader must know."""
    yield _tell_outcome(study, language)
    yield from _tell_amounts(study, language)
    if not study.differs:
        yield tell_comparison(language, "same")
    else:
        yield from _tell_causes(study, language)
        yield from _tell_parts(study, language)
    if study.left_out:
        names = tell(language, "joiner").join(study.left_out)
        yield tell_comparison(language, "left_out", names=names)
    if not all(side.exact for side in study.results):
        yield tell_comparison(language, "inexact")
    if any(side.overlays for side in (study.baseline, study.reform)):
        yield tell_comparison(language, "hypothetical")


def _tell_outcome(study: Compared, language: str) -> str:
    before, after = (tell(language, f"outcome.{side.outcome}") for side in study.results)
    key = "outcome.same" if before == after else "outcome"
    return tell_comparison(
        language, key, before=before, **({} if before == after else {"after": after})
    )


def _tell_amounts(study: Compared, language: str) -> Iterator[str]:
    one, other = study.results
    for name, item in other.amounts.items():
        before, after = (tell_amount(side, name, language) for side in (one, other))
        words = {"label": item.output.label.told(language), "before": before, "after": after}
        if before == after:
            del words["after"]
            yield tell_comparison(language, "amount.same", **words)
        elif name in study.differences:
            old = one.amounts[name].value or 0
            change = (item.value or 0) - old
            sign = "+" if change > 0 else ""
            words["change"] = sign + write_money(change, item.output.type.unit, language)
            yield tell_comparison(language, "amount", **words)
        else:
            yield tell_comparison(language, "amount.open", **words)


def tell_amount(side: DecisionResult, name: str, language: str) -> str:
    """Return an amount, or the range it lies in; a dash where there is none."""
    item = side.amounts.get(name)
    if item is None:
        return tell_comparison(language, "none")
    return _tell_found(item, language)


def _tell_found(item: Amount, language: str) -> str:
    currency = item.output.type.unit
    if item.value is not None:
        return write_money(item.value, currency, language)
    low, high = (write_money(x, currency, language) for x in (item.range.low, item.range.high))
    return low if low == high else tell_comparison(language, "between", low=low, high=high)


def _tell_causes(study: Compared, language: str) -> Iterator[str]:
    joiner = tell(language, "clause")
    namers = [Namer(side.ruleset, language) for side in study.results]
    told = [
        namers[0 if item.after is None else 1].say_cited(item.rule)
        for item in study.shifts
        if item.cause
    ]
    if told:
        yield tell_comparison(language, "causes", rules=joiner.join(told))


def _tell_parts(study: Compared, language: str) -> Iterator[str]:
    if study.attributions is None:
        yield tell_comparison(language, "untried")
        return
    joiner = tell(language, "clause")
    for part, key in (("whole", "alone"), ("together", "together")):
        told = [x.change.told(language) for x in study.attributions if x.part == part]
        if told:
            yield tell_comparison(language, key, changes=joiner.join(told))
