"""Comes in: keys and figures. Goes out: the sheets and columns that studies of tables share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from voucher_rules.batch.cases.tables import CaseTable
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.decision.law import FIRST_DAY, FIRST_DAY_LABEL
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.explain.population_words import tell, word
from voucher_rules.explain.sheets import Coded, Column, Figure, Sheet
from voucher_rules.explain.values import is_telling
from voucher_rules.explain.words import tell as tell_result
from voucher_rules.language.types import RATIO, TEXT, Kind, Type
from voucher_rules.values.model import Exact
from voucher_rules.values.write import write_money
from voucher_rules.whatif.labelling import name_column
from voucher_rules.whatif.spending import Spend

COUNT: Final = Type(Kind.COUNT)


def make_columns(money: Type, *named: str) -> tuple[Column, ...]:
    """Return columns from ``key:kind``: text (where left out), rows, money, change or ratio."""
    return tuple(_make_column(money, *item.partition(":")[::2]) for item in named)


def _make_column(money: Type, key: str, kind: str) -> Column:
    types = {"": TEXT, "rows": COUNT, "money": money, "change": money, "ratio": RATIO}
    label, _, shown = key.partition("=")
    return Column(label, word(f"column.{shown or label}"), types[kind], signed=kind == "change")


def make_sheet(
    name: str, columns: Sequence[Column], rows: Iterable[Sequence[Figure]], note: str = ""
) -> Sheet:
    """Return a sheet titled by its name."""
    told = word(f"note.{note}") if note else None
    return Sheet(name, word(f"sheet.{name}"), tuple(columns), tuple(map(tuple, rows)), told)


def make_group_sheet(
    kind: str,
    group: tuple[str, Wording],
    columns: Sequence[Column],
    rows: Iterable[Sequence[Figure]],
    note: str = "",
) -> Sheet:
    """Return a sheet by groups of one column, with its label; it is called ``<kind>_<column>``."""
    column, label = group
    told = word(f"note.{note}") if note else None
    sides = (tell(x, f"sheet.{kind}", name=label.told(x)) for x in ("zh", "en"))
    return Sheet(f"{kind}_{column}", Wording(*sides), tuple(columns), tuple(map(tuple, rows)), told)


def name_outcome(outcome: Outcome) -> Wording:
    """Return what an outcome is called."""
    key = f"outcome.{outcome}"
    return Wording(tell_result("zh", key), tell_result("en", key))


def name_rule(ruleset: CheckedRuleset, rule: str) -> Wording:
    """Return what a rule says; of none what was asked for, or nothing."""
    found = ruleset.rules.get(rule)
    if found is not None:
        says = found.says
        return says if says.zh or says.en else Wording(rule, rule)
    return word("requested") if rule == REQUESTED else Wording("", "")


def cite_rule(ruleset: CheckedRuleset, rule: str) -> str:
    """Return the provision of a rule; of none nothing."""
    found = ruleset.rules.get(rule)
    return found.citation.ref if found is not None else ""


def name_input(ruleset: CheckedRuleset, name: str) -> Wording:
    """Return what a fact, a balance or a parameter is called; anything else as it is."""
    if name == FIRST_DAY:
        return FIRST_DAY_LABEL
    declared = ruleset.inputs.get(name) or ruleset.parameters.get(name)
    return declared.label if declared is not None else Wording(name, name)


def list_spend(spend: Spend) -> tuple[Figure, ...]:
    """Return the figures of a sum: settled, least, greatest, open."""
    return (spend.settled, show_end(spend.low), show_end(spend.high), spend.open_rows)


def show_end(end: Exact) -> Exact | None:
    """Return an end of a range as a figure; nothing where nothing bounds it."""
    return end if is_telling(end) else None


def tell_end(end: Exact, currency: str, language: str) -> str:
    """Return an end of a range in words, also where nothing bounds it."""
    if is_telling(end):
        return write_money(end, currency, language)
    return tell(language, "no_bound" if end > 0 else "no_floor")


def list_limits_of(table: CaseTable, open_rows: int, language: str) -> Iterator[str]:
    """Yield what a reader must know of how the cases came about."""
    if table.rejected:
        codes: dict[str, int] = {}
        for item in table.rejected:
            for code in {found.code for found in item.diagnostics}:
                codes[code] = codes.get(code, 0) + 1
        named = [
            tell(language, "limit.rejected_code", code=code, rows=f"{count:,}")
            for code, count in sorted(codes.items())
        ]
        listed = join(language, named)
        yield tell(language, "limit.rejected", rows=f"{len(table.rejected):,}", codes=listed)
    if table.converted:
        count = sum(table.converted.values())
        columns = join(language, table.converted)
        yield tell(language, "limit.converted", cells=f"{count:,}", columns=columns)
    if open_rows:
        yield tell(language, "limit.open", rows=f"{open_rows:,}")
    if table.dated:
        yield tell(language, "limit.dated", rows=f"{table.dated:,}", on=str(table.layout.on))
    if table.absent:
        named = [name_input(table.program.ruleset, x).told(language) for x in table.absent]
        yield tell(language, "limit.absent", names=join(language, named))
    for name, count in table.unmatched.items():
        spec = table.program.ruleset.lists.get(name)
        label = name if spec is None else spec.label.told(language)
        yield tell(language, "limit.unmatched", rows=f"{count:,}", name=label or name)


def join(language: str, parts: Iterable[str]) -> str:
    """Return texts as a list."""
    return tell(language, "listed").join(parts)


def make_rejected_sheet(money: Type, table: CaseTable) -> Sheet:
    """Return why rows are in no figure: each reason with how often, and where first."""
    found: dict[tuple[str, str], list[int]] = {}
    for item in table.rejected:
        for diagnostic in item.diagnostics:
            fact = diagnostic.path.rpartition(": ")[2]
            found.setdefault((diagnostic.code, fact), []).append(item.number)
    rows = [
        (code, Coded(fact, name_column(table, fact)), len(at), str(at[0]))
        for (code, fact), at in sorted(found.items())
    ]
    return make_sheet("rejected", make_columns(money, "code", "fact", "rows:rows", "first"), rows)


def make_rejected_rows(money: Type, table: CaseTable) -> Sheet:
    """Return every fault of every row that is in no figure."""
    rows = [
        (
            str(item.number),
            found.code,
            found.path,
            Wording(found.message("zh"), found.message("en")),
        )
        for item in table.rejected
        for found in item.diagnostics
    ]
    return make_sheet("rejected_rows", make_columns(money, "row", "code", "fact", "message"), rows)
