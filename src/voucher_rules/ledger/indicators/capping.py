"""Comes in: a ledger under audit. Goes out: balances that now exceed the cap they were kept under.

A cap is read off a limit of the form ``parameter - balance``. It is counted again over every span
and for everyone it was asked for, and, where it has no condition and a span of the calendar, also
for those no decision was ever about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from voucher_rules.checked.histories import Balance, SpanKind
from voucher_rules.checked.mechanics import Limit, Rule
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Parameter
from voucher_rules.decision.trace import Status
from voucher_rules.language.terms import Role, Term
from voucher_rules.ledger.balances import Found, Question, find_day, local_day
from voucher_rules.ledger.indicators.audited import Audited
from voucher_rules.ledger.indicators.model import Indicator, Sum
from voucher_rules.ledger.spans import find_span_on


@dataclass(frozen=True, slots=True)
class _Cap:
    """A limit that keeps a balance under a parameter."""

    ruleset: CheckedRuleset
    rule: Rule
    parameter: Parameter
    balance: Balance


_Key = tuple[str, str, tuple[tuple[str, tuple[str, ...]], ...], date | None, date | None]


def check_caps_kept(audited: Audited) -> Iterator[Indicator]:
    """No balance that a limit takes off a cap exceeds that cap as the ledger stands now."""
    asked: dict[_Key, tuple[_Cap, Question]] = {}
    for cap, question in (*_list_decided(audited), *_list_derived(audited)):
        per = tuple((name, tuple(sorted(names))) for name, names in sorted(question.per.items()))
        key = (cap.ruleset.id, cap.rule.id, per, question.first, question.last)
        asked.setdefault(key, (cap, question))
    for cap, question in asked.values():
        yield from _recount(audited, cap, question)


def _list_caps(ruleset: CheckedRuleset) -> Iterator[_Cap]:
    """Yield each balance that a limit of a ruleset takes off a parameter."""
    for rule in ruleset.rules.values():
        if not isinstance(rule.body, Limit):
            continue
        for term in rule.body.at_most.walk():
            found = _read_cap(ruleset, term)
            if found is not None:
                yield _Cap(ruleset, rule, *found)


def _read_cap(ruleset: CheckedRuleset, term: Term) -> tuple[Parameter, Balance] | None:
    if term.role is not Role.OPERATOR or term.name != "-":
        return None
    above, below = term.parts
    parameter = ruleset.parameters.get(above.name) if above.role is Role.PARAMETER else None
    balance = ruleset.histories.balances.get(below.name)
    return (parameter, balance) if parameter and balance else None


def _list_decided(audited: Audited) -> Iterator[tuple[_Cap, Question]]:
    """Yield each cap as a decision asked it, of the decisions it applied to."""
    for placed, made in audited.list_decisions():
        answer = audited.decide_again(placed).answer
        if answer is None:
            continue
        questions = {asked.balance.name: asked for asked in answer.filled.questions}
        results = answer.result.evaluation.rules
        for cap in _list_caps(answer.result.ruleset):
            result = results.get(cap.rule.id)
            question = questions.get(cap.balance.name)
            applies = result is not None and result.status is Status.APPLIES
            if made.decision in cap.rule.decisions and applies and question is not None:
                yield cap, question


def _list_derived(audited: Audited) -> Iterator[tuple[_Cap, Question]]:
    """Yield each cap without a condition, for everyone and every span that things tell of."""
    for ruleset in audited.shelf.rulesets.values():
        for cap in _list_caps(ruleset):
            kind = cap.balance.within.kind
            if cap.rule.when is not None or kind in {SpanKind.ROLLING, SpanKind.BETWEEN}:
                continue
            for thing in audited.list_things():
                per = _find_keys(audited, cap.balance, dict(thing.carries))
                if thing.lifecycle != cap.balance.lifecycle or per is None:
                    continue
                if thing.ruleset != ruleset.id and thing.ruleset not in cap.balance.across:
                    continue
                for lot in thing.lots:
                    day = find_day(thing, lot, cap.balance.dated_by, ruleset.zone)
                    days = find_span_on(kind, day)
                    if days is not None:
                        zone = ruleset.zone
                        yield cap, Question(ruleset.id, cap.balance, per, "", *days, zone)


def _find_keys(
    audited: Audited, balance: Balance, carries: dict[str, str]
) -> dict[str, frozenset[str]] | None:
    """Return whose balance a thing counts in; None where it does not say."""
    per = {}
    for name in balance.per:
        if name not in carries:
            return None
        party = carries[name]
        related = balance.with_related
        per[name] = audited.books.list_members(name, party) if related else frozenset({party})
    return per


def _recount(audited: Audited, cap: _Cap, question: Question) -> Iterator[Indicator]:
    # the thing decided about counts like any other once it is there
    asked = replace(question, thing="")
    total = audited.books.read(asked)
    found = [item for item in audited.books.list_found(asked) if item.lot.amount]
    if not found or not isinstance(total, int):
        return
    last = max(_date_lot(item, cap.balance) for item in found)
    held = cap.parameter.value_on(local_day(last, cap.ruleset.zone))
    limit = held.value if held is not None else None
    if isinstance(limit, bool) or not isinstance(limit, int) or total <= limit:
        return
    yield _tell_above(audited, cap, asked, found, (total, limit))


def _date_lot(item: Found, balance: Balance) -> datetime:
    return item.lot.moments.get(balance.dated_by) or max(item.lot.moments.values())


def _tell_above(
    audited: Audited, cap: _Cap, asked: Question, found: list[Found], sums: tuple[int, int]
) -> Indicator:
    total, limit = sums
    unit = cap.parameter.type.unit or cap.ruleset.currency
    names = [name for item in found for name in item.lot.entries]
    moments = sorted(_date_lot(item, cap.balance) for item in found)
    parties = tuple((name, x) for name, names in sorted(asked.per.items()) for x in sorted(names))
    return Indicator(
        "balance_above_cap",
        cap.ruleset.id,
        moments[0],
        moments[-1],
        tuple(dict.fromkeys(names)),
        things=tuple(sorted({item.thing.id for item in found})),
        parties=parties,
        amounts={
            "total": Sum(total, unit),
            "cap": Sum(limit, unit),
            "excess": Sum(total - limit, unit),
        },
        arguments={
            "who": ", ".join(text for _, text in parties) or "-",
            "balance": cap.ruleset.inputs[cap.balance.name].label,
            "parameter": cap.parameter.label,
            "ref": cap.parameter.citation.ref,
            "first": asked.first or audited.local(cap.ruleset.id, moments[0]).date(),
            "last": asked.last or audited.local(cap.ruleset.id, moments[-1]).date(),
        },
    )
