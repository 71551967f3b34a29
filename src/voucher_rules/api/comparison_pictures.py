"""Comes in: two decisions on a case. Goes out: a picture of every limit of an amount under both.

Each limit has a bar for either side, so that it is seen which is the least; the one that binds is
named so beside it, and what is payable stands last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor
from typing import TYPE_CHECKING, Final

from voucher_rules.api.picture_options import check_rows, choose_name
from voucher_rules.checked.mechanics import Rule
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.decision.result import Amount, DecisionResult
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.comparison_words import tell_comparison
from voucher_rules.explain.names import Namer
from voucher_rules.explain.words import tell_ref
from voucher_rules.language.types import Kind
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.pictures.bars import Bars, Ends, Panel, Series, draw_bars
from voucher_rules.pictures.style import GREY, Look
from voucher_rules.pictures.texts import LABEL_CELLS, wrap_text
from voucher_rules.values.model import Interval, Value
from voucher_rules.whatif.layout import show_end

if TYPE_CHECKING:
    from voucher_rules.pictures.style import Figure

Sides = tuple[DecisionResult, DecisionResult]
_LOOKS: Final = {"before": Look(GREY, "-", "o", ""), "after": Look("#56b4e9", "-", "o", "")}


def draw_comparison(
    title: str, sides: Sides, output: object, notes: Sequence[str], language: str
) -> Figure:
    """Draw the limits of an amount under both. Raises :class:`~.errors.InputError`."""
    name = _choose_amount(sides, output)
    items = (sides[0].amounts.get(name), sides[1].amounts.get(name))
    limits = [
        limit for limit in _list_limits(items) if any(_find_ends(item, limit) for item in items)
    ]
    check_rows(limits, name)
    held = next(x for x in items if x is not None)
    label = held.output.label.told(language)
    series = tuple(
        Series(
            tell_comparison(language, f"column.{key}"),
            look,
            (*(_find_ends(item, limit) for limit in limits), _find_payable(item)),
        )
        for (key, look), item in zip(_LOOKS.items(), items, strict=True)
    )
    names = [*(_name_limit(sides, items, limit, language) for limit in limits), label]
    if any(ends is None for item in series for ends in item.ends):
        notes = [*notes, tell_comparison(language, "bars.none")]
    bars = Bars(
        title,
        tell_comparison(language, "bars.limits"),
        tuple(names),
        (Panel(label, held.output.type, series),),
        tuple(notes),
        tell_comparison(language, "bars.open"),
    )
    return draw_bars(bars, language)


def _choose_amount(sides: Sides, output: object) -> str:
    names = [
        name
        for name, item in {**sides[0].amounts, **sides[1].amounts}.items()
        if item.output.type.kind is Kind.MONEY
    ]
    if not names:
        told = {"name": "Comparison", "options": ""}
        raise InputError([Diagnostic("no-picture", told)])
    return choose_name(output, names, "output")


def _list_limits(items: Sequence[Amount | None]) -> list[str]:
    """Return the limits either side has, in their order; what was asked for is one of them."""
    named = [
        _name_of(limit.rule) for item in items if item is not None for limit in item.result.limits
    ]
    return list(dict.fromkeys(named))


def _name_of(rule: Rule | None) -> str:
    return REQUESTED if rule is None else rule.id


def _find_ends(item: Amount | None, name: str) -> Ends | None:
    """Return what a limit comes to, as it counts: rounded, never under zero. None for no limit."""
    if item is None:
        return None
    found = [x.counted for x in item.result.limits if _name_of(x.rule) == name]
    return _spread(found[0]) if found else None


def _spread(value: Value) -> Ends | None:
    domain, _ = split_value(value)
    if not isinstance(domain, Interval):
        return None
    return show_end(floor(domain.low)), show_end(ceil(domain.high))  # type: ignore[arg-type]  # limits are money


def _find_payable(item: Amount | None) -> Ends | None:
    if item is None:
        return None
    if item.value is not None:
        return item.value, item.value
    return show_end(floor(item.range.low)), show_end(ceil(item.range.high))


def _name_limit(sides: Sides, items: Sequence[Amount | None], name: str, language: str) -> str:
    """Return what a limit says with its provision, and on which side it binds."""
    lines = [wrap_text(_say_limit(sides, name, language), LABEL_CELLS, 2)]
    binds = [item is not None and name in item.binding for item in items]
    if any(binds):
        key = "bars.binds" if all(binds) else f"bars.binds_{'before' if binds[0] else 'after'}"
        settled = all(x is None or x.value is not None for x in items)
        lines.append(tell_comparison(language, key if settled else "bars.may_bind"))
    return "\n".join(lines)


def _say_limit(sides: Sides, name: str, language: str) -> str:
    for side in _list_knowing(sides, name):
        rule = side.ruleset.rules[name]
        said = Namer(side.ruleset, language).say_rule(rule)
        return f"{tell_ref(language, rule.citation.ref)} {said}"
    return tell_comparison(language, "bars.requested")


def _list_knowing(sides: Sides, name: str) -> Iterator[DecisionResult]:
    """Yield the sides that have a rule, the reform first."""
    yield from (side for side in reversed(sides) if name in side.ruleset.rules)
