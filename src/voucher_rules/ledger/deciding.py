"""Comes in: a request and the books. Goes out: the decision, and the entries it leads to.

Nothing is written here: what comes out are drafts, and whoever keeps the ledger enters them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from voucher_rules.checked.histories import UNKNOWN, Pool
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide, list_ranking
from voucher_rules.decision.evaluate import evaluate_part
from voucher_rules.decision.law import Options
from voucher_rules.decision.result import Caution, DecisionResult, Overlay
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ledger.asking import Asking, read_carried
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.books import Books
from voucher_rules.ledger.entries import Draft, Made
from voucher_rules.ledger.filling import Filled, fill_case
from voucher_rules.ledger.following import DecisionAt, list_followers
from voucher_rules.ledger.lots import tidy_name
from voucher_rules.ledger.ranking import Key, list_keys
from voucher_rules.ledger.stating import state_facts
from voucher_rules.program.build import Program
from voucher_rules.program.part import pick_part
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.tree import Source


@dataclass(frozen=True, slots=True)
class Request:
    """A decision asked of a ledger.

    ``at`` is the moment it is asked at: only what happened by then counts. ``thing`` is what it is
    about (the voucher it may open, or one there is), ``carries`` whose and which it is. ``on`` is
    the day that fixes the law where the facts do not say; without it, the day of ``at``.
    """

    program: Program
    facts: Mapping[str, Any]
    at: datetime
    thing: str = ""
    carries: Mapping[str, str] = field(default_factory=dict)
    on: date | None = None
    options: Options = field(default_factory=lambda: Options({}))
    overlays: tuple[Overlay, ...] = ()
    supersedes: str = ""
    source: Source | None = None
    """The file the facts were read from, for their places in messages."""
    name: str = ""
    """What its entry is to be called; repeated, it is refused. Empty for any name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision made from history: its result, what was filled in, and what is to be entered.

    The first draft is the decision itself, under the name ``entry``.
    """

    entry: str
    result: DecisionResult
    filled: Filled
    drafts: tuple[Draft, ...]
    made: Made


def decide_from(request: Request, books: Books, entry: str) -> Answer:
    """Decide a request from the books; ``entry`` is the name the decision is to be entered under.

    Raises :class:`InputError` for faults of the request.
    """
    filled = fill_case(_read_asking(request, books), books)
    asking = filled.asking
    result = decide(request.program, asking.case, request.options, request.overlays)
    result = replace(result, warnings=(*result.warnings, *_warn_of_uncounted(filled)))
    made = DecisionAt(asking, result, request.at, entry)
    written = _write_made(request, filled, result)
    first = Draft(request.at, written, entry)
    return Answer(entry, result, filled, (first, *list_followers(made, books)), written)


def _warn_of_uncounted(filled: Filled) -> Iterator[Caution]:
    """Warn of each balance that counts a ruleset the ledger was opened without."""
    for balance, ruleset in filled.uncounted:
        arguments = (("balance", balance), ("ruleset", ruleset))
        yield Caution("ruleset_not_held", None, arguments)


def rank_from(request: Request, books: Books, order: Sequence[str]) -> tuple[Key | None, ...]:
    """Return the keys an application is ranked by, as the whole decision would find them.

    Only what the ranking rules in ``order`` rest on is read and evaluated. Raises
    :class:`InputError` for faults of the request.
    """
    program = request.program
    part = pick_part(program, frozenset(order))
    filled = fill_case(_read_asking(request, books), books, part.names)
    results = evaluate_part(part, filled.asking.case.values, request.options)
    return list_keys(program.ruleset.rules, list_ranking(results), order)


def _read_asking(request: Request, books: Books) -> Asking:
    """Read the facts of a request, and find out what the thing it is about carries."""
    ruleset = request.program.ruleset
    _check_carries(ruleset, request.carries)
    carries: dict[str, str] = {}
    told: dict[str, str] = {}
    for lifecycle in ruleset.histories.lifecycles.values():
        thing = books.find_thing((ruleset.id, lifecycle.name, request.thing))
        if thing is not None:
            _check_same(carries, thing.carries)
            carries.update(thing.carries)
            told.update(lifecycle.tells)
    _check_same(carries, request.carries)
    as_of = request.program.decision.as_of
    on = request.on
    if on is None and as_of not in request.facts and as_of not in told:
        on = local_day(request.at, ruleset.zone)
    case = read_case(request.program, request.facts, request.source, on)
    read = list_facts_read(ruleset)
    case = replace(case, extra=tuple(name for name in case.extra if name not in read))
    asking = Asking(request.program, case, request.thing, {**carries, **request.carries})
    for lifecycle in ruleset.histories.lifecycles.values():
        stated = {name: read_carried(asking, x) for name, x in lifecycle.carries.items()}
        _check_same({name: text for name, text in stated.items() if text}, request.carries)
    return asking


def list_facts_read(ruleset: CheckedRuleset) -> frozenset[str]:
    """Return the facts that histories read: those that bound a span, or that a thing carries."""
    histories = ruleset.histories
    spans = [balance.within for balance in histories.balances.values()]
    spans += [pool.within for pool in histories.pools.values()]
    found = {name for x in spans for name in (x.anchor, x.opens, x.closes)}
    found |= {balance.otherwise for balance in histories.balances.values()} - {UNKNOWN}
    for lifecycle in histories.lifecycles.values():
        found.update(carried.fact for carried in lifecycle.carries.values())
        found.update(lifecycle.tells)
    return frozenset(found - {""})


def _check_carries(ruleset: CheckedRuleset, carries: Mapping[str, str]) -> None:
    """Check that everything named is carried by some thing of the ruleset."""
    lifecycles = ruleset.histories.lifecycles.values()
    known = {name for lifecycle in lifecycles for name in lifecycle.carries}
    found = [
        Diagnostic("unknown-carried", {"name": name, "near": suggest_name(name, sorted(known))})
        for name in carries
        if name not in known
    ]
    found += [
        Diagnostic("name-untidy", {"name": name, "found": text, "tidy": tidy_name(text)})
        for name, text in carries.items()
        if text != tidy_name(text)
    ]
    if found:
        raise InputError(found)


def _check_same(standing: Mapping[str, str], named: Mapping[str, str]) -> None:
    """Check that what is named of a thing is what it carries."""
    found = [
        Diagnostic("carried-otherwise", {"name": name, "found": text, "stands": standing[name]})
        for name, text in named.items()
        if standing.get(name, text) != text
    ]
    if found:
        raise InputError(found)


def _write_made(request: Request, filled: Filled, result: DecisionResult) -> Made:
    ruleset = request.program.ruleset
    amounts = {name: x.value for name, x in result.amounts.items() if x.value is not None}
    return Made(
        ruleset=ruleset.id,
        edition=ruleset.edition,
        digest=ruleset.semantic_digest,
        decision=result.decision.name,
        day=result.as_of,
        thing=request.thing,
        carries=dict(filled.asking.carries),
        facts=state_facts(request.facts),
        readings=dict(request.options.readings),
        assumed=request.options.assume_in_force,
        balances=filled.balances,
        outcome=result.outcome.value,
        amounts=amounts,
        supersedes=request.supersedes,
    )


def mark_short(draft: Draft, pool: Pool) -> Draft:
    """Return the entry of a decision with the pool whose money did not suffice for it."""
    if not isinstance(draft.body, Made):
        return draft
    return replace(draft, body=replace(draft.body, short_of=pool.name))
