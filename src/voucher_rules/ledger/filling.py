"""Comes in: a case and the books. Goes out: the case with all that the history knows of it.

Two things are filled in: balances, and what a thing tells of itself when it is the one decided
about. What the case states itself is never overwritten: a balance may not be stated beside a
ledger, and what a thing tells must be told alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from voucher_rules.checked.histories import UNKNOWN, Balance
from voucher_rules.decision.case import Case
from voucher_rules.decision.stated import Provenance
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.records import split_field
from voucher_rules.ledger.asking import Asking, ask_pool, list_questions, list_uncounted
from voucher_rules.ledger.balances import BalanceValue, Question
from voucher_rules.ledger.books import Books
from voucher_rules.ledger.entries import Rested
from voucher_rules.ledger.telling import (
    tell_facts,
    tell_record_values,
    tell_value,
    write_records,
)
from voucher_rules.values.model import NONE, Unknown, Value

FROM_LEDGER = Provenance((("source", "ledger"),))


@dataclass(frozen=True, slots=True)
class Filled:
    """A case with what the history knows of it, and the balances that were read for it.

    ``uncounted`` are balances that stayed unknown, each with the ruleset that is not at hand.
    """

    asking: Asking
    balances: tuple[Rested, ...]
    questions: tuple[Question, ...]
    uncounted: tuple[tuple[str, str], ...] = ()


def fill_case(asking: Asking, books: Books, wanted: Collection[str] | None = None) -> Filled:
    """Return a case with its balances read and what its thing tells put in.

    ``wanted`` are the inputs that will be read (None: all); no other balance is looked up.
    Raises :class:`InputError` where the case states a balance itself, or other than its thing.
    """
    told = dict(_list_told(asking, books))
    _check_stated(asking, told)
    asking = _put_in(asking, told)
    names = asking.program.inputs.keys() if wanted is None else wanted
    questions = tuple(list_questions(asking, books, names))
    values: dict[str, Value] = {}
    for asked in questions:
        values |= _read_values(asking, asked.balance, books.read(asked))
    rested = tuple(_list_rested(asking, questions, values))
    left = dict(_list_left(asking, books, names))
    uncounted = tuple(list_uncounted(asking, books, names))
    return Filled(_put_in(asking, {**values, **left}), rested, questions, uncounted)


def _read_values(asking: Asking, balance: Balance, value: BalanceValue) -> dict[str, Value]:
    """Return the inputs a balance fills: one, or a list with the fields of its records.

    Where it finds no day, what the ruleset says of that case stands.
    """
    if isinstance(value, tuple):
        return tell_record_values(value, balance, asking)
    if value is not NONE or not balance.otherwise:
        return {balance.name: value}
    stated = None if balance.otherwise == UNKNOWN else asking.find_value(balance.otherwise)
    unstated = asking.program.inputs[balance.name].domain
    return {balance.name: stated if isinstance(stated, date) else unstated}


def _put_in(asking: Asking, found: Mapping[str, Value]) -> Asking:
    """Return a case in which some inputs have values that the history knows."""
    case = asking.case
    wanted = {n: x for n, x in found.items() if (split_field(n)[0] or n) in case.values}
    beside = {**case.beside, **{name: x for name, x in found.items() if name not in wanted}}
    known = [n for n, x in wanted.items() if not split_field(n)[0] and not isinstance(x, Unknown)]
    given = (*case.given, *(name for name in known if name not in case.given))
    provenance = {**case.provenance, **dict.fromkeys(known, FROM_LEDGER)}
    values = {**case.values, **wanted}
    filled = Case(values, given, case.extra, provenance, case.unanswered, beside)
    return replace(asking, case=filled)


def _check_stated(asking: Asking, told: Mapping[str, Value]) -> None:
    """Check that a case states no balance itself, and nothing other than its thing tells."""
    found = []
    balances = asking.ruleset.histories.balances
    pools = {pool.fills for pool in asking.ruleset.histories.pools.values()}
    for name in (*asking.case.given, *asking.case.beside):
        if name in balances or name in pools:
            found.append(Diagnostic("balance-stated", {"name": name}, path=name))
        elif name in told and told[name] != asking.find_value(name):
            arguments = {"name": name, "thing": asking.thing, "told": str(told[name])}
            found.append(Diagnostic("told-otherwise", arguments, path=name))
    if found:
        raise InputError(found)


def _list_told(asking: Asking, books: Books) -> Iterator[tuple[str, Value]]:
    """Yield what the thing decided about tells, by the fact it is told as."""
    if not asking.thing:
        return
    for lifecycle in asking.ruleset.histories.lifecycles.values():
        thing = books.find_thing((asking.ruleset.id, lifecycle.name, asking.thing))
        if thing is None:
            continue
        yield from tell_facts(thing, lifecycle, asking)


def _list_left(
    asking: Asking, books: Books, wanted: Collection[str]
) -> Iterator[tuple[str, Value]]:
    """Yield what is left of each pool that a fact is told of.

    It is none where nobody said how much there is, and unknown where it is not said which money.
    """
    for pool in asking.ruleset.histories.pools.values():
        if pool.fills not in wanted or pool.fills not in asking.program.inputs:
            continue
        asked = ask_pool(asking, pool)
        if asked is None:
            continue
        left = books.read_pool(asked).left
        if left is not None:
            yield pool.fills, max(left, 0)
        elif asking.program.inputs[pool.fills].optional:
            yield pool.fills, NONE


def _list_rested(
    asking: Asking, questions: Iterable[Question], values: Mapping[str, Value]
) -> Iterator[Rested]:
    """Yield what a decision rests on; whose it is stands once, though many balances ask it."""
    known: dict[tuple[tuple[str, tuple[str, ...]], ...], Mapping[str, tuple[str, ...]]] = {}
    for asked in questions:
        whose = tuple([(name, tuple(sorted(names))) for name, names in asked.per.items()])
        per = known.setdefault(whose, dict(whose))
        name = asked.balance.name
        listed = asking.ruleset.lists.get(name)
        if listed is not None:
            told = write_records(listed, values)
        else:
            told = tell_value(values[name], asking.program.inputs[name].type)
        yield Rested(name, told, per, asked.first, asked.last)
