"""Comes in: the balances of a document. Goes out: the inputs they are read into.

Without lifecycles the words of a balance are the author's own and only a case can state it; with
them every word must lead somewhere, which is checked once rules are typed.
"""

from __future__ import annotations

from typing import Final

from voucher_rules.checked.declarations import PLAIN_NAME, Declarations, word_text
from voucher_rules.checked.domains import default_domain
from voucher_rules.checked.symbols import Input
from voucher_rules.language.terms import Role
from voucher_rules.language.types import BOOLEAN, DATE, Kind, Type
from voucher_rules.ruleset.histories import BalanceDoc, LifecycleDoc
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import CURRENCIES, NO_MARKS, NONE, Unknown

_RESOLVED: Final = (
    *("distinct", "first", "last", "holds", "set", "records", "otherwise"),
    *("others_only", "with_related", "across", "fills"),
)
"""The keys of a balance that mean nothing without a lifecycle to read."""
_COUNTING: Final = frozenset({"count", "distinct"})
_DAYS: Final = frozenset({"first", "last"})


def declare_balance(made: Declarations, name: Scalar, declared: BalanceDoc) -> None:
    """Declare a balance read from history; expressions call it ``ledger.name``.

    One that fills a fact declares nothing.
    """
    made.check_name(name, PLAIN_NAME, "claimed_this_year")
    if not made.document.lifecycles:
        _check_words_are_free(made, declared)
    kind = _read_type(made, name, declared)
    if kind is None or declared.label is None:
        return
    full = f"ledger.{name}"
    optional = declared.measure in _DAYS and declared.otherwise is None
    made.inputs[full] = Input(
        name=full,
        role=Role.BALANCE,
        type=kind,
        label=word_text(declared.label),
        domain=Unknown(default_domain(kind), frozenset({NONE}) if optional else NO_MARKS),
        optional=optional,
        note=word_text(declared.note) if declared.note else None,
    )


def _check_words_are_free(made: Declarations, declared: BalanceDoc) -> None:
    for key in _RESOLVED:
        word = getattr(declared, key)
        if word is not None:
            at = word if isinstance(word, Scalar) else word[0]
            made.report.add("no-lifecycles", at, key=key)
    if declared.within.word is None:
        span = declared.within
        word = span.rolling or span.opens or span.closes or declared.target
        made.report.add("no-lifecycles", word, key="within")
    if declared.of is not None:
        _check_anchor(made, declared.of)


def _read_type(made: Declarations, name: Scalar, declared: BalanceDoc) -> Type | None:
    """Return the type of a balance, or None where it has none of its own or a fault."""
    unit, measure = declared.unit, declared.measure
    if measure in _COUNTING:
        if not unit and declared.fills is None:
            made.report.add("count-without-unit", declared.target or name)
        return Type(Kind.COUNT, str(unit or ""))
    if measure == "sum":
        return _read_currency(made, declared)
    if unit is not None:
        made.report.add("key-does-not-fit", unit, key="unit", type=measure)
    if measure in _DAYS:
        return DATE
    return _read_set(made, declared) if measure == "set" else BOOLEAN


def _read_set(made: Declarations, declared: BalanceDoc) -> Type | None:
    """A set is of the choice that its things carry; what is no choice is reported elsewhere."""
    part = declared.target.partition(".")[2]
    found = _find_held(made, declared)
    carries = {} if found is None else found.carries
    word = next((item.of for name, item in carries.items() if name == part), None)
    choice = None if word is None else made.choices.get(word)
    return None if choice is None else Type(Kind.SET, choice.name, tuple(choice.options))


def _read_currency(made: Declarations, declared: BalanceDoc) -> Type | None:
    """A sum is in the currency its things hold, and says so only where there are none."""
    found = _find_held(made, declared)
    stated = declared.unit or (found.unit if found is not None else None)
    currency = stated or made.document.currency
    if currency not in CURRENCIES:
        if declared.unit is not None:
            made.report.add("unknown-currency", currency, found=currency)
        return None
    return Type(Kind.MONEY, str(currency))


def _find_held(made: Declarations, declared: BalanceDoc) -> LifecycleDoc | None:
    """Return the lifecycle that a balance reads, as the document has it."""
    held = declared.target.partition(".")[0]
    return next((doc for name, doc in made.document.lifecycles.items() if name == held), None)


def _check_anchor(made: Declarations, word: Scalar) -> None:
    """Check that the day which picks the year of a balance is a date of the case."""
    anchor = made.inputs.get(str(word))
    if anchor is None:
        near = made.report.suggest(word, made.inputs)
        made.report.add("unknown-name", word, name=word, near=near)
    elif anchor.type.kind is not Kind.DATE:
        made.report.add("type-mismatch", word, expected=Kind.DATE, found=str(anchor.type))
