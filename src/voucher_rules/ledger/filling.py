"""Comes in: a case and the books. Goes out: the case with all that the history knows of it.

Two things are filled in: balances, and what a thing tells of itself when it is the one decided
about. What the case states itself is never overwritten: a balance may not be stated beside a
ledger, and what a thing tells must be told alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from functools import lru_cache

from voucher_rules.checked.histories import Lifecycle
from voucher_rules.decision.case import Case
from voucher_rules.decision.stated import Provenance
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.asking import Asking, ask_pool, list_questions
from voucher_rules.ledger.balances import Question, local_day
from voucher_rules.ledger.books import BalanceValue, Books
from voucher_rules.ledger.entries import Rested
from voucher_rules.ledger.lots import Thing
from voucher_rules.values.model import NONE, Mark, Value
from voucher_rules.values.write import write_money_exactly

FROM_LEDGER = Provenance((("source", "ledger"),))


@dataclass(frozen=True, slots=True)
class Filled:
    """A case with what the history knows of it, and the balances that were read for it."""

    asking: Asking
    balances: tuple[Rested, ...]
    questions: tuple[Question, ...]


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
    values = {asked.balance.name: books.read(asked) for asked in questions}
    rested = tuple(_list_rested(asking, questions, values))
    left = dict(_list_left(asking, books, names))
    return Filled(_put_in(asking, {**values, **left}), rested, questions)


def _put_in(asking: Asking, found: Mapping[str, Value]) -> Asking:
    """Return a case in which some inputs have values that the history knows."""
    case = asking.case
    wanted = {name: x for name, x in found.items() if name in case.values}
    beside = {**case.beside, **{name: x for name, x in found.items() if name not in case.values}}
    given = (*case.given, *(name for name in wanted if name not in case.given))
    provenance = {**case.provenance, **dict.fromkeys(wanted, FROM_LEDGER)}
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


def tell_facts(thing: Thing, lifecycle: Lifecycle, asking: Asking) -> Iterator[tuple[str, Value]]:
    """Yield each fact a thing tells; a moment that never was is none."""
    for fact, word in lifecycle.tells.items():
        declared = asking.ruleset.inputs[fact]
        value = tell_word(thing, lifecycle, word, asking.ruleset.zone)
        if value is not None:
            yield fact, value
        elif declared.optional or declared.applies is not None:
            yield fact, NONE


def tell_word(thing: Thing, lifecycle: Lifecycle, word: str, zone: timezone) -> Value | None:
    """Return what a thing says for a word of ``tells``; None where it never came to be."""
    if word in lifecycle.carries:
        return _read_carried(thing.carries.get(word), lifecycle.carries[word].type)
    if word == "amount":
        return thing.amount_in(lifecycle.states)
    kind, _, state = word.partition(".")
    if kind == "amount":
        return thing.amount_in((state,))
    asked = word.removeprefix("is_")
    if asked != word and asked in lifecycle.states:
        return thing.stands_in(asked)
    moment = thing.entered(word[: -len("_at")])
    if moment is None:
        return None
    return _tell_moment(moment, zone, whole=word.endswith("_at"))


def _tell_moment(moment: datetime, zone: timezone, *, whole: bool) -> datetime | date:
    return moment.astimezone(zone) if whole else local_day(moment, zone)


def _read_carried(text: str | None, kind: Type) -> Value | None:
    if text is None:
        return None
    return date.fromisoformat(text) if kind.kind is Kind.DATE else text


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
    asking: Asking, questions: Iterable[Question], values: Mapping[str, BalanceValue]
) -> Iterator[Rested]:
    """Yield what a decision rests on; whose it is stands once, though many balances ask it."""
    known: dict[tuple[tuple[str, tuple[str, ...]], ...], Mapping[str, tuple[str, ...]]] = {}
    for asked in questions:
        whose = tuple([(name, tuple(sorted(names))) for name, names in asked.per.items()])
        per = known.setdefault(whose, dict(whose))
        name = asked.balance.name
        told = tell_value(values[name], asking.program.inputs[name].type)
        yield Rested(name, told, per, asked.first, asked.last)


@lru_cache(maxsize=1024, typed=True)
def tell_value(value: BalanceValue, kind: Type) -> str:
    """Return the value of a balance as text for machines."""
    if isinstance(value, Mark):
        return value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return write_money_exactly(value, kind.unit) if kind.kind is Kind.MONEY else str(value)
