"""Random histories, entries and questions: small names and few moments, so that they meet often.

They are drawn from a plain source of chance and not one by one by Hypothesis, which would draw
small ledgers again and again; what finds a fault is shrunk by its number of steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Final, TypeVar

from voucher_rules.checked.histories import (
    Balance,
    Carried,
    Histories,
    Lifecycle,
    Measure,
    Pool,
    SpanKind,
    Standing,
    State,
    Transition,
    Within,
)
from voucher_rules.checked.symbols import Wording
from voucher_rules.language.types import DATE, TEXT, Kind, Type
from voucher_rules.ledger.balances import Question
from voucher_rules.ledger.books import Books, PoolQuestion
from voucher_rules.ledger.entries import (
    Body,
    Budgeted,
    Draft,
    Entry,
    Grouped,
    Made,
    Moved,
    Withdrawn,
)
from voucher_rules.ledger.history import History
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import Thing, ThingKey

LABEL: Final = Wording("某", "some")
EAST: Final = timezone(timedelta(hours=8))
ZONES: Final = (EAST, UTC)
RULESETS: Final = ("alpha", "beta")
LIFECYCLES: Final = ("voucher", "ban")
THINGS: Final = ("t1", "t2", "t3", "t4")
OWNERS: Final = ("a", "b", "c")
GROUPS: Final = ("", "g", "h")
STATES: Final = ("s1", "s2", "s3", "s4")
PER: Final = (
    (),
    ("owner",),
    ("kind",),
    ("owner", "kind"),
    ("owner", "voucher"),
    ("site",),
    ("owner", "site"),
)
KINDS: Final = Type(Kind.CHOICE, "kinds", ("k1", "k2"))
CARRIES: Final[Mapping[str, Carried]] = {
    "owner": Carried("owner", LABEL, TEXT),
    "kind": Carried("kind", LABEL, KINDS, "some.kind"),
    "until": Carried("until", LABEL, DATE, "some.until"),
    # known from the first, or set by a later event, or never
    "site": Carried("site", LABEL, TEXT, "some.site"),
}

T = TypeVar("T")
OFTEN: Final = 0.75
HALF: Final = 0.5
SELDOM: Final = 0.2

DAYS: Final = (
    date(2019, 12, 31),
    date(2020, 1, 1),
    date(2020, 1, 2),
    date(2020, 2, 29),
    date(2020, 3, 31),
    date(2020, 4, 1),
    date(2021, 1, 1),
    date(2022, 6, 15),
)
# Both sides of midnight, in both zones.
MOMENTS: Final = tuple(
    datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    for day in DAYS
    for hour in (0, 15, 16, 23)
)


def draw_lifecycle(chance: Random, name: str) -> Lifecycle:
    """Draw a lifecycle: which state may follow which, and which moves may be in part."""
    names = STATES[: chance.randint(2, len(STATES))]
    standings = list(Standing)
    states = {state: State(state, LABEL, chance.choice(standings)) for state in names}
    opened = chance.sample(names, chance.randint(1, 2))
    transitions = {f"open{i}": Transition(f"open{i}", LABEL, (), x) for i, x in enumerate(opened)}
    for number in range(chance.randint(2, 5)):
        sources = chance.sample(names, chance.randint(1, min(3, len(names))))
        event, target = f"move{number}", chance.choice(names)
        partial = chance.choice([True, True, False])
        sets = ("site",) if not partial and chance.random() < HALF else ()
        others = [x for x in names if x not in {target, *sources}]
        rest = chance.choice(["", *others]) if partial else ""
        way = Transition(event, LABEL, tuple(sources), target, partial, sets=sets, rest=rest)
        transitions[event] = way
    currency = chance.choice(["CNY", "CNY", "CNY", ""]) if name == "voucher" else ""
    return Lifecycle(name, LABEL, currency, CARRIES, states, transitions, {})


def draw_balance(chance: Random, name: str, lifecycle: Lifecycle) -> Balance:
    """Draw a balance of a lifecycle: any measure, any states, anything it goes by."""
    names = list(lifecycle.states)
    measure = chance.choice(list(Measure))
    carried = ["kind", "owner", "site"]
    of = {Measure.DISTINCT: carried, Measure.SET: carried}.get(measure, ["until", *names])
    across = chance.choice([(), (), RULESETS, ("beta",)])
    standings = list(Standing)
    return Balance(
        name=name,
        measure=measure,
        lifecycle=lifecycle.name,
        states=tuple(draw_some(chance, names)),
        per=chance.choice([x for x in PER if lifecycle.name in x or "voucher" not in x]),
        dated_by=chance.choice(["", *names, *names, "until"]),
        within=Within(SpanKind.LIFETIME),
        of=chance.choice(of),
        standings=tuple(draw_some(chance, standings)) if across else (),
        others_only=chance.random() < HALF,
        with_related=chance.random() < HALF,
        across=across,
    )


def draw_some(chance: Random, items: Sequence[T]) -> list[T]:
    """Draw some of the items, at least one."""
    return chance.sample(items, chance.randint(1, len(items)))


def draw_pool(chance: Random, name: str, lifecycle: Lifecycle) -> Pool:
    """Draw a pool that grants of a lifecycle are paid from."""
    names = list(lifecycle.states)
    return Pool(
        name=name,
        label=LABEL,
        lifecycle=lifecycle.name,
        takes=tuple(draw_some(chance, names)),
        per=chance.choice([(), ("kind",), ("owner", "kind")]),
        dated_by=chance.choice(names),
        within=Within(SpanKind.LIFETIME),
        partial=False,
        order=(),
        unit=chance.choice(["", "个"]),
    )


def draw_histories(chance: Random) -> dict[str, Histories]:
    """Draw what two rulesets say of their vouchers and bans."""
    found = {}
    for ruleset in RULESETS:
        lifecycles = {name: draw_lifecycle(chance, name) for name in LIFECYCLES}
        balances = {}
        for number in range(12):
            name = f"ledger.b{number}"
            lifecycle = lifecycles[chance.choice(["ban", "voucher", "voucher"])]
            balances[name] = draw_balance(chance, name, lifecycle)
        pools = {"p1": draw_pool(chance, "p1", lifecycles["voucher"])}
        found[ruleset] = Histories(lifecycles, balances, pools)
    return found


def draw_carries(chance: Random) -> dict[str, str]:
    """Draw what a thing carries; all but the owner may be missing."""
    found = {
        "owner": chance.choice(OWNERS),
        "kind": chance.choice(["", *KINDS.options, *KINDS.options]),
        "until": chance.choice(["", *(day.isoformat() for day in DAYS)]),
        "site": chance.choice(["", "", *OWNERS]),
    }
    return {name: text for name, text in found.items() if text}


def draw_move(chance: Random, histories: Mapping[str, Histories], books: LiveBooks) -> Moved:
    """Draw an event; mostly one that the thing, as it stands, allows."""
    ruleset, kind, name = _draw_key(chance, books)
    lifecycle = histories[ruleset].lifecycles[kind]
    thing = books.find_thing((ruleset, kind, name))
    wild = chance.random() < SELDOM
    ways = [way for way in lifecycle.transitions.values() if wild or _may_happen(thing, way)]
    way = chance.choice(ways or list(lifecycle.transitions.values()))
    amount: int | None = None
    source = ""
    if way.sources:
        source = chance.choice(["", "", *way.sources])
        if lifecycle.currency and way.partial and chance.random() < OFTEN:
            amount = chance.randint(1, 4)
    elif lifecycle.currency:
        amount = chance.randint(5, 20)
    carries = {} if way.sources else draw_carries(chance)
    if way.sets or (wild and chance.random() < SELDOM):
        carries |= {"site": chance.choice(OWNERS)} if chance.random() < OFTEN else {}
    return Moved(
        ruleset=ruleset,
        edition="1",
        lifecycle=lifecycle.name,
        thing=name,
        event=way.name,
        amount=amount,
        source=source,
        carries=carries,
        decision=chance.choice(["", "", *draw_made(books)]),
    )


def draw_made(books: LiveBooks) -> list[str]:
    """Return the decisions there ever were, a few of the last."""
    return [entry.id for entry in books.entries if isinstance(entry.body, Made)][-3:]


def _draw_key(chance: Random, books: LiveBooks) -> ThingKey:
    """Draw a thing; mostly one there is."""
    if books.things and chance.random() < OFTEN:
        return chance.choice(sorted(books.things))
    kinds = [*LIFECYCLES, "voucher"]
    return chance.choice(RULESETS), chance.choice(kinds), chance.choice(THINGS)


def _may_happen(thing: Thing | None, way: Transition) -> bool:
    if thing is None:
        return not way.sources
    return any(thing.stands_in(state) for state in way.sources)


def draw_budget(chance: Random, histories: Mapping[str, Histories]) -> Budgeted:
    """Draw money for an envelope of a pool."""
    ruleset = chance.choice(RULESETS)
    pool = histories[ruleset].pools["p1"]
    amount, day = chance.randint(0, 20), chance.choice(DAYS)
    envelope = {name: chance.choice(_list_names(name)) for name in pool.per}
    added = chance.random() < HALF
    return Budgeted(ruleset, "1", pool.name, day, amount, added, envelope)


def _list_names(carried: str) -> tuple[str, ...]:
    return KINDS.options if carried == "kind" else OWNERS


def draw_decision(chance: Random, books: LiveBooks) -> Made:
    """Draw a decision, now and then one that takes the place of another."""
    made = [x.entry.id for x in books.standing.values() if isinstance(x.entry.body, Made)]
    return Made(
        ruleset="alpha",
        edition="1",
        digest="",
        decision="claim",
        day=None,
        thing="",
        carries={},
        facts={},
        readings={},
        assumed=False,
        balances=(),
        outcome="granted",
        amounts={},
        supersedes=chance.choice(["", *made]),
    )


def draw_body(chance: Random, histories: Mapping[str, Histories], books: LiveBooks) -> Body:
    """Draw what happened."""
    match chance.choice(["move"] * 7 + ["budget", "group", "decision"]):
        case "budget":
            return draw_budget(chance, histories)
        case "group":
            return Grouped("owner", chance.choice(OWNERS), chance.choice(GROUPS))
        case "decision":
            return draw_decision(chance, books)
    return draw_move(chance, histories, books)


def draw_draft(chance: Random, histories: Mapping[str, Histories], books: LiveBooks) -> Draft:
    """Draw something that happened; late or in the place of another entry, now and then."""
    later = [x for x in MOMENTS if books.latest is None or x >= books.latest]
    late = chance.random() < SELDOM
    at = chance.choice(MOMENTS if late else later[:4] or MOMENTS[-1:])
    body = draw_body(chance, histories, books)
    if not books.standing or chance.random() >= SELDOM:
        return Draft(at, body)
    corrects = chance.choice(sorted(books.standing))
    entry = books.standing[corrects].entry
    if chance.random() < HALF:
        body = Withdrawn()
    elif isinstance(entry.body, Moved):
        at = chance.choice([entry.at, *MOMENTS])
        amount = None if entry.body.amount is None else chance.randint(1, 20)
        body = replace(entry.body, amount=amount)
    return Draft(at, body, corrects=corrects)


def number_drafts(
    drafts: list[Draft], last: Entry | None, known: datetime | None = None
) -> list[Entry]:
    """Return drafts as the entries that follow the last one, known at once or when they happen."""
    seq = last.seq if last else 0
    moments = [x for x in (known, last.known if last else None) if x is not None]
    known = max([*moments, *(draft.at for draft in drafts)])
    return [
        Entry(seq + i, f"e{seq + i}", draft.at, known, draft.body, draft.corrects)
        for i, draft in enumerate(drafts, 1)
    ]


def draw_question(chance: Random, ruleset: str, balance: Balance, books: Books) -> Question:
    """Draw what a balance is asked for: whose, about which thing, over which days."""
    per = {}
    thing = chance.choice(["", *THINGS])
    for name in balance.per:
        if name == balance.lifecycle:
            per[name] = frozenset({thing or "t1"})
            continue
        key = chance.choice(_list_names(name))
        per[name] = books.list_members(name, key) if balance.with_related else frozenset({key})
    first, last = draw_days(chance)
    return Question(ruleset, balance, per, thing, first, last, chance.choice(ZONES))


def draw_days(chance: Random) -> tuple[date | None, date | None]:
    """Draw a range of days: none at all, whole years, open ends, any two days."""
    match chance.choice(["ever", "year", "any", "any", "open"]):
        case "ever":
            return (None, None)
        case "year":
            year = chance.randint(2019, 2022)
            return (date(year, 1, 1), date(year, 12, 31))
        case "open":
            return (None, chance.choice(DAYS))
    first, last = chance.choice(DAYS), chance.choice(DAYS)
    return (min(first, last), max(first, last))


def draw_pool_question(chance: Random, ruleset: str, pool: Pool) -> PoolQuestion:
    """Draw which envelope of a pool is asked after, and over which days."""
    envelope = {name: chance.choice(_list_names(name)) for name in pool.per}
    days = draw_days(chance)
    taken = Balance(
        pool.name,
        Measure.COUNT if pool.unit else Measure.SUM,
        pool.lifecycle,
        pool.takes,
        pool.per,
        pool.dated_by,
        pool.within,
    )
    per = {name: frozenset({key}) for name, key in envelope.items()}
    question = Question(ruleset, taken, per, "", *days, chance.choice(ZONES))
    return PoolQuestion(ruleset, pool, envelope, days, question)


def tell_history(history: History) -> tuple[object, ...]:
    """Return all that stands, in a form that compares."""
    return (history.things, history.decisions, history.budgets, history.groups)
