"""Comes in: what analysts hand over: rulesets, tables, budgets. Goes out: it as studies take it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypedDict

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.wants import check_table_options
from voucher_rules.batch.cases.joining import Records
from voucher_rules.batch.cases.tables import (
    CaseTable,
    Layout,
    keep_rows,
    read_again,
    read_alike,
    read_table,
)
from voucher_rules.batch.memory.kernels import Kernels
from voucher_rules.batch.reading.columns import RawTable, open_table
from voucher_rules.batch.verdicts.model import Executor
from voucher_rules.batch.verdicts.reference import Reference
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.case import read_on
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.values.model import CURRENCIES, Exact, settle_exact
from voucher_rules.values.read import TextValueError, read_money
from voucher_rules.whatif.regimes import Regime
from voucher_rules.whatif.spending import Judged, choose_output, judge_table


class SharedOptions(TypedDict, total=False):
    """How a table is read and decided, whatever its columns are called."""

    on: date | str
    """The day that fixes the law, for rows that state none."""
    records: Mapping[str, Records]
    """Tables of the records that a case has several of, by the name of the list."""
    floats: str
    """``refuse`` (the default) or ``exact_decimal``."""
    readings: Mapping[str, str]
    """How disputed provisions are read, where a ruleset and no regime is given."""
    assume_in_force: bool
    """Whether to decide under a draft as if it were law, likewise."""
    output: str
    """The money to look at; the first of the decision without it."""
    jobs: int | None
    """How many processes decide what no kernel can (None: one for each processor)."""
    tell: Callable[[int, int], None]
    """Called with how many cases are decided, of how many; those that say the same count once where
    no kernel decides them. For each regime it begins anew."""
    executor: Executor
    """What decides, in the place of kernels with the reference behind them."""


class TableOptions(SharedOptions, total=False):
    """How a table is read and decided; every study takes these."""

    columns: Mapping[str, str]
    """The fact of each column that is not called like its fact."""
    facts: Mapping[str, Any]
    """Facts of every row that does not state them itself."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a study works with: the table as it came, how to read it, and what decides."""

    raw: RawTable
    layout: Layout
    execute: Executor
    output: str

    def read(self, regime: Regime, layout: Layout | None = None) -> CaseTable:
        """Read the table for a regime."""
        choose_output(regime, self.output)
        return read_table(self.raw, regime.program, layout or self.layout)

    def judge(self, regime: Regime, table: CaseTable) -> Judged:
        """Decide a table under a regime; it is read again where its facts are others."""
        again = read_again(table, regime.program)
        if again.cases is not table.cases:
            again = keep_rows(again, table.numbers)
        return judge_table(regime, again, self.execute, self.output)

    def judge_all(self, regimes: Sequence[Regime]) -> tuple[Judged, ...]:
        """Decide under several regimes the rows that can be read for all of them."""
        first = self.read(regimes[0], self._fit(regimes[0], regimes))
        tables = [
            replace(first, program=regime.program)
            if read_alike(first.program, regime.program)
            else self.read(regime, self._fit(regime, regimes))
            for regime in regimes
        ]
        common = set(first.numbers).intersection(*(set(x.numbers) for x in tables))
        numbers = tuple(number for number in first.numbers if number in common)
        rejected = {item.number: item for table in tables for item in table.rejected}
        listed = tuple(rejected[number] for number in sorted(rejected))
        made = []
        for regime, table in zip(regimes, tables, strict=True):
            kept = replace(keep_rows(table, numbers), rejected=listed)
            made.append(judge_table(regime, kept, self.execute, self.output))
        return tuple(made)

    def _fit(self, regime: Regime, regimes: Sequence[Regime]) -> Layout:
        """Return the layout without facts of all rows that only other regimes know."""
        own, *others = (x.ruleset.checked.inputs for x in (regime, *regimes))
        facts = {
            name: value
            for name, value in self.layout.facts.items()
            if name in own or not any(name in known for known in others)
        }
        return replace(self.layout, facts=facts)


def set_up(table: Any, options: TableOptions) -> Desk:  # noqa: ANN401 - a table of any package
    """Return what a study works with. Raises :class:`~.errors.InputError`."""
    return set_up_shared(table, options, options.get("columns"), options.get("facts"))


def set_up_shared(
    table: Any,  # noqa: ANN401 - a table of any package
    options: SharedOptions,
    columns: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Desk:
    """Return the same, the columns and facts apart. Raises :class:`~.errors.InputError`."""
    check_table_options({**options, "columns": columns, "facts": facts})
    on = options.get("on")
    layout = Layout(
        columns=columns or {},
        facts=facts or {},
        on=None if on is None else read_on(on),
        records=options.get("records", {}),
        floats=options.get("floats", "refuse"),
    )
    execute = options.get("executor") or Kernels(
        Reference(options.get("jobs")), tell=options.get("tell")
    )
    return Desk(open_table(table), layout, execute, options.get("output", ""))


def take_regime(ruleset: object, decision: str, options: TableOptions) -> Regime:
    """Return a regime as it is, or that of a ruleset. Raises :class:`~.errors.InputError`."""
    if isinstance(ruleset, Regime):
        return ruleset
    if not isinstance(ruleset, Ruleset):
        found = {"found": type(ruleset).__name__, "expected": "Ruleset, Regime"}
        raise InputError([Diagnostic("wrong-python-type", found, path="ruleset")])
    if not decision and len(ruleset.decisions) == 1:
        decision = ruleset.decisions[0]
    if not decision:
        listed = ", ".join(ruleset.decisions)
        told = {"found": "", "options": listed, "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path="decision")])
    return Regime(
        ruleset,
        decision,
        options.get("readings", {}),
        assume_in_force=options.get("assume_in_force", False),
    )


def read_budget(budget: object, ruleset: CheckedRuleset) -> Exact:
    """Read a budget into minor units. Raises :class:`~.errors.InputError`."""
    digits = CURRENCIES[ruleset.currency].digits
    try:
        if isinstance(budget, str):
            found = read_money(budget, ruleset.currency, unit_required=False)
        elif isinstance(budget, bool) or not isinstance(budget, int | Decimal):
            told = {"found": type(budget).__name__, "expected": f"money in {ruleset.currency}"}
            raise InputError([Diagnostic("wrong-python-type", told, path="budget")])
        else:
            found = settle_exact(_as_fraction(budget) * 10**digits)
    except TextValueError as error:
        raise InputError([Diagnostic(error.code, error.arguments, path="budget")]) from None
    if not isinstance(found, int):
        raise InputError(
            [Diagnostic("finer-than-minor-unit", {"found": str(budget)}, path="budget")]
        )
    if found < 0:
        raise InputError([Diagnostic("budget-below-zero", {"found": str(budget)}, path="budget")])
    return found


def _as_fraction(budget: Decimal | int) -> Exact:
    if isinstance(budget, Decimal) and not budget.is_finite():
        raise TextValueError("not-finite", found=str(budget), fix="")
    return Fraction(budget)
