"""Comes in: a case, and the history before it. Goes out: what each balance it needs is asked for.

Where the case does not say whose balance it is, or over which days, nothing is asked and the input
stays unknown, like any other fact nobody stated.
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
from voucher_rules.values.model import Value


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
    for name, balance in asking.ruleset.histories.balances.items():
        unread = name not in wanted or name not in asking.program.inputs
        if unread or name in asking.case.given:
            continue
        question = ask_balance(asking, balance, books)
        if question is not None:
            yield question


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
        measure=Measure.SUM,
        lifecycle=pool.lifecycle,
        states=pool.takes,
        per=pool.per,
        dated_by=pool.dated_by,
        within=pool.within,
    )
    question = Question(ruleset.id, taken, per, "", days[0], days[1], ruleset.zone)
    return PoolQuestion(ruleset.id, pool, envelope, days, question)
