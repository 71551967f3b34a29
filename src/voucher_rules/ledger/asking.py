"""Comes in: a case, and the history before it. Goes out: what each balance it needs is asked for.

Where the case does not say whose balance it is, or over which days, nothing is asked and the input
stays unknown, like any other fact nobody stated. So does one across a ruleset that the ledger was
opened without: what happened under it cannot be counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from voucher_rules.checked.histories import Balance, Carried, Lifecycle, Measure, Pool, Within
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.case import Case, find_day
from voucher_rules.ledger.balances import Question
from voucher_rules.ledger.books import Books, PoolQuestion
from voucher_rules.ledger.spans import Days, find_span
from voucher_rules.program.build import Program
from voucher_rules.values.model import Unknown, Value


@dataclass(frozen=True, slots=True)
class Asking:
    """A case put to a ledger: the decision asked, what is stated, and about which thing.

    ``carries`` is what the thing carries, with what whoever asks has named; ``day`` the one the
    decision goes by.
    """

    program: Program
    case: Case
    thing: str
    carries: Mapping[str, str]

    @property
    def ruleset(self) -> CheckedRuleset:
        """The ruleset decided under."""
        return self.program.ruleset

    @property
    def day(self) -> date | None:
        """The day that fixes the law, None where it is not known."""
        return find_day(self.program, self.case)

    def find_value(self, name: str) -> Value | None:
        """Return what the case says of a fact, also of one the decision itself never reads."""
        return self.case.values.get(name, self.case.beside.get(name))


def list_questions(asking: Asking, books: Books, wanted: Collection[str]) -> Iterator[Question]:
    """Yield what each balance ``wanted`` of a case is asked for, where the case says enough."""
    for balance in _list_wanted(asking, wanted):
        if not list_not_held(balance, books):
            question = ask_balance(asking, balance, books)
            if question is not None:
                yield question


def list_uncounted(
    asking: Asking, books: Books, wanted: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield each balance ``wanted`` with a ruleset it counts, and the ledger does not hold."""
    for balance in _list_wanted(asking, wanted):
        for ruleset in list_not_held(balance, books):
            yield balance.name, ruleset


def list_not_held(balance: Balance, books: Books) -> list[str]:
    """Return the rulesets a balance counts that the ledger was opened without."""
    return [name for name in balance.across if not books.holds(name)]


def _list_wanted(asking: Asking, wanted: Collection[str]) -> Iterator[Balance]:
    """Yield the balances wanted that a decision reads and nobody gave."""
    for name, balance in asking.ruleset.histories.balances.items():
        read = name in wanted and name in asking.program.inputs
        if read and name not in asking.case.given:
            yield balance


def ask_balance(asking: Asking, balance: Balance, books: Books) -> Question | None:
    """Return what a balance is asked for, or None where the case does not say enough."""
    lifecycle = asking.ruleset.histories.lifecycles[balance.lifecycle]
    per: dict[str, frozenset[str]] = {}
    for name in balance.per:
        key = find_key(asking, lifecycle, name)
        if key is None:
            return None
        per[name] = books.list_members(name, key) if balance.with_related else frozenset({key})
    days = find_days(asking, balance.within)
    if days is None:
        return None
    zone = asking.ruleset.zone
    return Question(asking.ruleset.id, balance, per, asking.thing, days[0], days[1], zone)


def list_facts_beside(program: Program) -> Iterator[str]:
    """Yield the facts that a decision never reads, but balances it needs go by."""
    histories = program.ruleset.histories
    needed: list[Balance | Pool] = [
        *(x for name, x in histories.balances.items() if name in program.inputs),
        *(x for x in histories.pools.values() if x.fills in program.inputs),
    ]
    found: dict[str, None] = {}
    for item in needed:
        within, carries = item.within, histories.lifecycles[item.lifecycle].carries
        carried = [carries[name].fact for name in item.per if name in carries]
        found.update(dict.fromkeys((*carried, within.opens, within.closes, within.anchor)))
    inputs = program.ruleset.inputs
    yield from (name for name in found if name in inputs and name not in program.inputs)


def list_filled(program: Program) -> Iterator[str]:
    """Yield the facts of a decision that a ledger fills: balances, and what is left of pools."""
    histories = program.ruleset.histories
    filled = {*histories.balances, *(pool.fills for pool in histories.pools.values())}
    yield from (name for name in program.inputs if name in filled)


def list_lacking(asking: Asking, name: str) -> Iterator[str]:
    """Yield what the case must still say before a balance can be asked for.

    That is whose it is, by what is carried (or the lifecycle, for the thing decided about), and the
    facts that tell its days.
    """
    balance = asking.ruleset.histories.balances[name]
    lifecycle = asking.ruleset.histories.lifecycles[balance.lifecycle]
    yield from (x for x in balance.per if find_key(asking, lifecycle, x) is None)
    within = balance.within
    if find_days(asking, within) is None:
        bounds = [x for x in (within.opens, within.closes) if x and not _is_known(asking, x)]
        yield from bounds or [x for x in (within.anchor,) if x and not _is_known(asking, x)]


def _is_known(asking: Asking, fact: str) -> bool:
    return not isinstance(asking.find_value(fact), Unknown | None)


def find_days(asking: Asking, within: Within) -> Days | None:
    """Return the days of a span for a case, or None where it does not say enough."""
    return find_span(within, asking.find_value, asking.day, asking.ruleset.parameters)


def find_key(asking: Asking, lifecycle: Lifecycle, name: str) -> str | None:
    """Return whose balance is asked for, by what is carried; None where nobody said."""
    if name == lifecycle.name:
        return asking.thing or None
    named = asking.carries.get(name)
    return named if named is not None else read_carried(asking, lifecycle.carries[name])


def read_carried(asking: Asking, carried: Carried) -> str | None:
    """Return what a case states of something carried, as text; None where it does not."""
    return tell_key(asking.find_value(carried.fact)) if carried.fact else None


def tell_key(value: Value | None) -> str | None:
    """Return the text a value is carried as: an identifier, an option, a day."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else None


def ask_pool(asking: Asking, pool: Pool) -> PoolQuestion | None:
    """Return which envelope of a pool a case is paid from, or None where it does not say enough."""
    lifecycle = asking.ruleset.histories.lifecycles[pool.lifecycle]
    keys = {name: find_key(asking, lifecycle, name) for name in pool.per}
    days = find_days(asking, pool.within)
    if days is None:
        return None
    envelope = {name: key for name, key in keys.items() if key is not None}
    if len(envelope) < len(keys):
        return None
    return question_of_pool(asking.ruleset, pool, envelope, days)


def question_of_pool(
    ruleset: CheckedRuleset, pool: Pool, envelope: Mapping[str, str], days: Days
) -> PoolQuestion:
    """Return the question after one envelope of a pool over some days."""
    per = {name: frozenset({key}) for name, key in envelope.items()}
    taken = Balance(
        name=pool.name,
        measure=Measure.COUNT if pool.unit else Measure.SUM,
        lifecycle=pool.lifecycle,
        states=pool.takes,
        per=pool.per,
        dated_by=pool.dated_by,
        within=pool.within,
    )
    question = Question(ruleset.id, taken, per, "", days[0], days[1], ruleset.zone)
    return PoolQuestion(ruleset.id, pool, envelope, days, question)
