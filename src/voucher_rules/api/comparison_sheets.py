"""Comes in: two decisions and what parts them. Goes out: that as sheets of exact figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor
from typing import Final

from voucher_rules.api.attributing import Attribution
from voucher_rules.api.comparison_words import tell_amount
from voucher_rules.checked.mechanics import Call, Define, Limit
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.evaluate import called_of
from voucher_rules.decision.result import Amount, DecisionResult
from voucher_rules.decision.trace import RuleResult
from voucher_rules.explain.comparison_words import word
from voucher_rules.explain.names import Namer
from voucher_rules.explain.sheets import Column, Figure, Sheet
from voucher_rules.explain.values import Writer
from voucher_rules.explain.words import tell, tell_ref
from voucher_rules.language.types import BOOLEAN, Kind, Type
from voucher_rules.values.model import Value
from voucher_rules.whatif.compare import Number, Shift

TEXT: Final = Type(Kind.TEXT)
LANGUAGES: Final = ("zh", "en")


def _column(key: str, kind: Type = TEXT, *, signed: bool = False) -> Column:
    return Column(key, word(f"column.{key}"), kind, signed)


def _sheet(
    name: str, columns: Sequence[Column], rows: Sequence[tuple[Figure, ...]], title: str = ""
) -> Sheet:
    return Sheet(name, word(f"sheet.{title or name}"), tuple(columns), tuple(rows))


def _both(write: Callable[[str], str]) -> Wording:
    return Wording(*(write(language) for language in LANGUAGES))


def make_outcome_sheet(before: DecisionResult, after: DecisionResult) -> Sheet:
    """Return the outcomes, what is still possible, and the outputs worked out."""
    sides = (before, after)
    rows: list[tuple[Figure, ...]] = [
        (word("row.outcome"), *(_tell_outcomes((x.outcome,)) for x in sides)),
        (word("row.possible"), *(_tell_outcomes(x.possible) for x in sides)),
    ]
    for name in dict.fromkeys((*before.values, *after.values)):
        held = next(x for x in (after, before) if name in x.decision.outputs)
        told = [_tell_output(side, name) for side in sides]
        rows.append((held.decision.outputs[name].label, *told))
    return _sheet("outcome", [_column(x) for x in ("item", "before", "after")], rows)


def _tell_outcomes(outcomes: Sequence[str]) -> Wording:
    return _both(
        lambda lang: tell(lang, "joiner").join(tell(lang, f"outcome.{x}") for x in outcomes)
    )


def _tell_output(side: DecisionResult, name: str) -> Wording | None:
    if name not in side.values:
        return None
    kind = side.decision.outputs[name].type
    return _both(lambda lang: Writer(side.ruleset, lang).write_value(side.values[name], kind))


def list_amount_sheets(before: DecisionResult, after: DecisionResult) -> Iterator[Sheet]:
    """Yield the amounts of each currency, as ranges where they are not settled."""
    amounts = {**before.amounts, **after.amounts}
    currencies = dict.fromkeys(item.output.type.unit for item in amounts.values())
    for index, currency in enumerate(currencies):
        kind = Type(Kind.MONEY, currency)
        money = ("before", "before_low", "before_high", "after", "after_low", "after_high")
        columns = [_column("name"), _column("label"), *(_column(x, kind) for x in money)]
        columns.append(_column("difference", kind, signed=True))
        rows = [
            (name, item.output.label, *_list_amounts(before, after, name))
            for name, item in amounts.items()
            if item.output.type.unit == currency
        ]
        name = f"amounts_{currency}" if index else "amounts"
        yield _sheet(name, columns, rows, "amounts")


def _list_amounts(before: DecisionResult, after: DecisionResult, name: str) -> tuple[Figure, ...]:
    one, other = before.amounts.get(name), after.amounts.get(name)
    difference = None
    if one is not None and other is not None and None not in {one.value, other.value}:
        same = one.output.type.unit == other.output.type.unit
        difference = (other.value or 0) - (one.value or 0) if same else None
    return (*_list_ends(one), *_list_ends(other), difference)


def _list_ends(item: Amount | None) -> tuple[Figure, Figure, Figure]:
    if item is None:
        return None, None, None
    return item.value, floor(item.range.low), ceil(item.range.high)


def make_limit_sheet(before: DecisionResult, after: DecisionResult) -> Sheet:
    """Return the limits that fix each amount, both times."""
    names = dict.fromkeys((*before.amounts, *after.amounts))
    rows = [(name, *(_tell_binding(side, name) for side in (before, after))) for name in names]
    return _sheet("limits", [_column(x) for x in ("name", "before", "after")], rows)


def _tell_binding(side: DecisionResult, name: str) -> Wording | None:
    item = side.amounts.get(name)
    if item is None or not item.binding:
        return None
    rules = [side.ruleset.rules.get(x) for x in item.binding]
    return _both(
        lambda lang: tell(lang, "clause").join(
            tell(lang, "limit.requested")
            if rule is None
            else Namer(side.ruleset, lang).say_cited(rule)
            for rule in rules
        )
    )


def make_rule_sheet(
    shifts: Sequence[Shift], before: DecisionResult, after: DecisionResult
) -> Sheet:
    """Return the rules that came out otherwise, causes first."""
    keys = ("rule", "says", "ref", "role", "before", "after", "before_value", "after_value")
    rows = [_list_shift(item, before, after) for item in shifts]
    return _sheet("rules", [_column(key) for key in keys], rows)


def _list_shift(item: Shift, before: DecisionResult, after: DecisionResult) -> tuple[Figure, ...]:
    side = before if item.after is None else after
    role = "cause" if item.cause else "follows"
    if item.before is None or item.after is None:
        role = "new" if item.before is None else "gone"
    return (
        item.rule.id,
        _both(lambda lang: Namer(side.ruleset, lang).say_rule(item.rule)),
        _both(lambda lang: tell_ref(lang, item.rule.citation.ref)),
        word(f"role.{role}"),
        _tell_status(item.before),
        _tell_status(item.after),
        _tell_given(item.before, before.ruleset),
        _tell_given(item.after, after.ruleset),
    )


def _tell_status(result: RuleResult | None) -> Wording | None:
    if result is None:
        return None
    return _both(lambda lang: tell(lang, f"status.{result.status or 'undetermined'}"))


def _tell_given(result: RuleResult | None, ruleset: CheckedRuleset) -> Wording | None:
    """Return what a limit, a definition or a call gave."""
    if result is None:
        return None
    called = called_of(result)
    found: tuple[Value, Type] | None = None
    if isinstance(result.rule.body, Call) and called is not None:
        found = (called.value, called.body.type)
    elif isinstance(result.rule.body, Limit | Define) and result.steps:
        found = (result.steps[0].value, result.steps[0].term.type)
    if found is None:
        return None
    value, kind = found
    return _both(lambda lang: Writer(ruleset, lang).write_value(value, kind))


def make_number_sheet(
    numbers: Sequence[Number], before: DecisionResult, after: DecisionResult
) -> Sheet:
    """Return the parameters and readings that were read with another value."""
    columns = [_column(x) for x in ("name", "label", "before", "after")]
    rows = []
    for item in numbers:
        parameter = after.ruleset.parameters.get(item.name)
        short = item.name.removeprefix("reading.")
        reading = after.ruleset.readings.get(short)
        label = parameter.label if parameter else reading.question if reading else None
        told = [
            _tell_number(*pair, item.name) for pair in ((before, item.before), (after, item.after))
        ]
        rows.append((item.name, label, *told))
    return _sheet("numbers", columns, rows)


def _tell_number(side: DecisionResult, value: Value, name: str) -> Wording | None:
    """Return a value in words; of a whole scale nothing, which its change tells."""
    parameter = side.ruleset.parameters.get(name)
    if parameter is None:
        return Wording(str(value), str(value))
    if parameter.entered is not None:
        return None
    return _both(lambda lang: Writer(side.ruleset, lang).write_value(value, parameter.type))


def make_change_sheet(found: Sequence[Attribution]) -> Sheet:
    """Return what each difference of the regimes does: alone, and where it alone is missing."""
    columns = [_column(x) for x in ("change", "part", "alone", "without")]
    rows = [
        (x.change, word(f"part.{x.part}"), *(_tell_result(side) for side in (x.alone, x.without)))
        for x in found
    ]
    return _sheet("changes", columns, rows)


def _tell_result(side: DecisionResult | None) -> Wording | None:
    """Return a decision in a few words: its outcome and its amounts."""
    if side is None:
        return None
    return _both(
        lambda lang: tell(lang, "joiner").join(
            [tell(lang, f"outcome.{side.outcome}")]
            + [tell_amount(side, name, lang) for name in side.amounts]
        )
    )


def make_missing_sheet(before: DecisionResult, after: DecisionResult) -> Sheet:
    """Return the facts that would settle either decision."""
    columns = [
        _column("name"),
        _column("label"),
        *(_column(x, BOOLEAN) for x in ("before", "after")),
    ]
    sides = [{item.name: item.label for item in side.missing} for side in (before, after)]
    rows = [
        (name, label, name in sides[0], name in sides[1])
        for name, label in {**sides[0], **sides[1]}.items()
    ]
    return _sheet("missing", columns, rows)


def make_article_sheet(before: Sequence[str], after: Sequence[str]) -> Sheet:
    """Return the provisions behind either decision; what a what-if says cites none."""
    columns = [_column("ref"), *(_column(x, BOOLEAN) for x in ("before", "after"))]
    rows = [
        (Wording(*(tell_ref(lang, ref) for lang in LANGUAGES)), ref in before, ref in after)
        for ref in dict.fromkeys((*before, *after))
    ]
    return _sheet("articles", columns, rows)
