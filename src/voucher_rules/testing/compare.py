"""Comes in: a decision and what it must come to. Goes out: every difference between the two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from voucher_rules.api import Decision
from voucher_rules.checked.mechanics import Rank
from voucher_rules.decision.result import Amount
from voucher_rules.testing.expect import ENDLESS, RANK_ENDS, Expectation
from voucher_rules.testing.write import NOT_KNOWN, write_fact, write_list
from voucher_rules.values.model import NONE, OPEN, Unknown, Value

Values: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what came, in the words of a case file; ``key`` says of what."""

    key: str
    expected: str
    got: str


def compare_decision(
    decision: Decision, expectations: Iterable[Expectation]
) -> tuple[Difference, ...]:
    """Return every difference between a decision and what it must come to."""
    found = (_compare(decision, item) for item in expectations)
    return tuple(item for item in found if item is not None)


def _compare(decision: Decision, item: Expectation) -> Difference | None:
    if item.key in _NAMES:
        return _compare_names(_NAMES[item.key](decision), item)
    return _compare_values(_VALUES[item.key](decision, item.target), item)


def _compare_names(got: tuple[str, ...], item: Expectation) -> Difference | None:
    expected = tuple(str(name) for name in item.values)
    if _AGREE.get(item.key, _agree_as_sets)(expected, got):
        return None
    if item.key == "outcome":
        return Difference(item.label, *expected, *got)
    return Difference(item.label, write_list(expected), write_list(got))


def _agree_as_sets(expected: tuple[str, ...], got: tuple[str, ...]) -> bool:
    return set(expected) == set(got)


def _agree_in_order(expected: tuple[str, ...], got: tuple[str, ...]) -> bool:
    return expected == got


def _agree_as_part(expected: tuple[str, ...], got: tuple[str, ...]) -> bool:
    return set(expected) <= set(got)


def _agree_as_absent(expected: tuple[str, ...], got: tuple[str, ...]) -> bool:
    return not set(expected) & set(got)


def _agree_as_reasons(expected: tuple[str, ...], got: tuple[str, ...]) -> bool:
    """Return whether each reason is meant by a word, and each word means a reason."""
    forms = [{reason, *reason.split(":")} for reason in got]
    named = all(any(word in form for form in forms) for word in expected)
    return named and all(form & set(expected) for form in forms)


_AGREE: Final[Mapping[str, Callable[[tuple[str, ...], tuple[str, ...]], bool]]] = {
    "missing": _agree_in_order,
    "warnings": _agree_as_part,
    "no_warnings": _agree_as_absent,
    "reasons": _agree_as_reasons,
}


def _list_reasons(decision: Decision) -> tuple[str, ...]:
    """Return each reason as ``kind:rule``, or as its kind where no rule is behind it."""
    return tuple(
        name
        for reason in decision.reasons
        for name in [f"{reason.kind}:{rule.id}" for rule in reason.rules] or [reason.kind]
    )


def _list_warnings(decision: Decision) -> tuple[str, ...]:
    """Return the rule of each warning, or its code where no rule is behind it."""
    return tuple(dict(item.arguments).get("rule", item.code) for item in decision.warnings)


_NAMES: Final[Mapping[str, Callable[[Decision], tuple[str, ...]]]] = {
    "outcome": lambda decision: (str(decision.outcome),),
    "possible": lambda decision: tuple(str(outcome) for outcome in decision.possible),
    "binding": lambda decision: decision.binding,
    "articles": lambda decision: decision.articles,
    "reasons": _list_reasons,
    "missing": lambda decision: decision.missing,
    "papers": lambda decision: decision.result.papers,
    "warnings": _list_warnings,
    "no_warnings": _list_warnings,
    "consequences": lambda decision: tuple(item.rule.id for item in decision.consequences),
}


def _compare_values(got: Values, item: Expectation) -> Difference | None:
    alike = [_is_alike(*pair) for pair in zip(item.values, got, strict=False)]
    if len(got) == len(item.values) and all(alike):
        return None
    return Difference(item.label, _write(item, item.values), _write(item, got))


def _is_alike(expected: Value, got: Value) -> bool:
    if isinstance(expected, Unknown):
        return isinstance(got, Unknown) or got is OPEN
    return expected == got


def _write(item: Expectation, values: Values) -> str:
    if not values:
        return write_fact(NONE, item.kinds[0])
    written = [write_fact(*pair) for pair in zip(values, item.kinds, strict=False)]
    return write_list(written) if item.key in _LISTED else written[0]


_LISTED: Final = frozenset({"range", "ranking", "first", "periods"})
"""The keys under which several values stand."""


def _find_amount(decision: Decision, name: str) -> Amount:
    return decision.result.amounts[name]


def _take_payable(decision: Decision, name: str) -> Values:
    value = _find_amount(decision, name).value
    return (NOT_KNOWN if value is None else value,)


def _take_otherwise(decision: Decision, name: str) -> Values:
    value = _find_amount(decision, name).otherwise
    return (NOT_KNOWN if value is None else value,)


def _take_range(decision: Decision, name: str) -> Values:
    between = _find_amount(decision, name).range
    return (between.low, between.high)


def _take_output(decision: Decision, name: str) -> Values:
    if name in decision.result.amounts:
        return _take_payable(decision, name)
    values = decision.result.values
    return (values[name],) if name in values else ()


def _take_deadline(decision: Decision, name: str) -> Values:
    """Return the last day of a window; none where the rule does not apply."""
    days = {item.rule.id: item.last_day or NOT_KNOWN for item in decision.deadlines}
    return (days.get(name, NONE),)


def _take_ranking(decision: Decision, name: str) -> Values:
    return next((values for rule, values in decision.result.ranking if rule.id == name), ())


def _take_first(decision: Decision, name: str) -> Values:
    """Return which end of each key of an order comes first, where the order applies."""
    bodies = [rule.body for rule, _ in decision.result.ranking if rule.id == name]
    keys = [key for body in bodies if isinstance(body, Rank) for key in body.keys]
    return tuple(RANK_ENDS[0 if key.highest_first else 1] for key in keys)


def _take_period(decision: Decision, name: str) -> Values:
    """Return from when until when a consequence holds, where it applies."""
    found = [item for item in decision.consequences if item.rule.id == name]
    return tuple(
        end for item in found for end in (item.start, ENDLESS if item.until is None else item.until)
    )


_VALUES: Final[Mapping[str, Callable[[Decision, str], Values]]] = {
    "exact": lambda decision, _: (decision.exact,),
    "amount": _take_payable,
    "amounts": _take_payable,
    "otherwise": _take_otherwise,
    "range": _take_range,
    "values": _take_output,
    "deadlines": _take_deadline,
    "ranking": _take_ranking,
    "first": _take_first,
    "periods": _take_period,
}
