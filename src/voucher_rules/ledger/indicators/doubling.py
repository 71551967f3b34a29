"""Comes in: a ledger under audit. Goes out: what stands under several rulesets for the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from voucher_rules.ledger.indicators.audited import Audited
from voucher_rules.ledger.indicators.model import Indicator, Sum
from voucher_rules.ledger.lots import Thing

_Shared = tuple[tuple[str, str], ...]


def check_not_paid_twice(audited: Audited) -> Iterator[Indicator]:
    """No party has money held or used under several rulesets for the same, close together.

    It is the same where everything that things of both rulesets carry beside the party agrees, and
    there is something both carry. Days of opening tell how close they are.
    """
    of: dict[str, list[Thing]] = defaultdict(list)
    payee = audited.settings.parties[0]
    for thing in audited.list_things():
        if thing.carries.get(payee) and audited.sum_live(thing):
            of[thing.carries[payee]].append(thing)
    for party, things in sorted(of.items()):
        found: dict[_Shared, dict[str, Thing]] = defaultdict(dict)
        for place, one in enumerate(things):
            for other in things[place + 1 :]:
                shared = _find_shared(audited, one, other)
                if shared:
                    found[shared] |= {str(one.key): one, str(other.key): other}
        for shared, same in sorted(found.items()):
            yield _tell_doubled(audited, (payee, party), shared, list(same.values()))


def _find_shared(audited: Audited, one: Thing, other: Thing) -> _Shared:
    """Return what two things of different rulesets share; nothing where they are for different."""
    if one.ruleset == other.ruleset:
        return ()
    days = abs((audited.day_of(one) - audited.day_of(other)).days)
    if days > audited.settings.double_days:
        return ()
    mine, theirs = (dict(audited.list_identity(thing)) for thing in (one, other))
    names = sorted((mine.keys() & theirs.keys()) - {audited.settings.parties[0]})
    if not names or any(mine[name] != theirs[name] for name in names):
        return ()
    return tuple((name, mine[name]) for name in names)


def _tell_doubled(
    audited: Audited, party: tuple[str, str], shared: _Shared, things: list[Thing]
) -> Indicator:
    rulesets = sorted({thing.ruleset for thing in things})
    openings = sorted(audited.opening_of(thing) for thing in things)
    names = [name for x in things for lot in x.lots for name in lot.entries]
    sums = {
        name: Sum(
            sum(audited.sum_live(x) for x in things if x.ruleset == name),
            next(audited.lifecycle_of(x.key).currency for x in things if x.ruleset == name),
        )
        for name in rulesets
    }
    titles = [audited.shelf.find_ruleset(name, "") for name in rulesets]
    return Indicator(
        "paid_under_several",
        rulesets[0],
        openings[0].at,
        openings[-1].at,
        tuple(dict.fromkeys(names)),
        things=tuple(thing.id for thing in things),
        parties=(party, *shared),
        amounts=sums,
        arguments={
            "party": party[1],
            "shared": ", ".join(text for _, text in shared),
            "rulesets": ", ".join(x.id for x in titles if x is not None),
            "count": len(things),
            "first": audited.local(rulesets[0], openings[0].at).date(),
            "last": audited.local(rulesets[0], openings[-1].at).date(),
        },
    )
