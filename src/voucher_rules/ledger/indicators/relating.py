"""Comes in: a ledger under audit. Goes out: who deals with a relative, and much in a short time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from voucher_rules.ledger.entries import Grouped
from voucher_rules.ledger.indicators.audited import Audited, list_windows
from voucher_rules.ledger.indicators.model import Burst, Indicator
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.places import Placed

_Joined = Mapping[tuple[str, str], list[Placed]]


def check_parties_apart(audited: Audited) -> Iterator[Indicator]:
    """No two sides of a thing are in one group, or one and the same.

    What counts is where they were when it was opened, and whenever a part of it was used.
    """
    joined = audited.books.groups.joined
    found: dict[tuple[str, str, str], list[tuple[Thing, tuple[Placed, ...]]]] = defaultdict(list)
    one, other = audited.settings.parties
    for thing in audited.list_things():
        pair = (thing.carries.get(one, ""), thing.carries.get(other, ""))
        if not all(pair):
            continue
        shared = _find_shared(audited, thing, joined)
        if shared is not None:
            found[thing.ruleset, *pair].append((thing, shared))
    for (ruleset, *_), items in sorted(found.items()):
        yield _tell_related(audited, ruleset, items)


def _find_shared(audited: Audited, thing: Thing, joined: _Joined) -> tuple[Placed, ...] | None:
    """Return the entries that put both sides of a thing into one group; None where none do."""
    sides = [(name, thing.carries[name]) for name in audited.settings.parties]
    if sides[0][1] == sides[1][1]:
        return ()
    for placed, _, way in audited.list_moves(thing.key):
        if way.sources and not audited.is_used(thing.key, way.target):
            continue
        last = [_find_group(joined.get(side, []), placed.at) for side in sides]
        groups = {x.entry.body.group for x in last if x and isinstance(x.entry.body, Grouped)}
        if None not in last and len(groups) == 1 and "" not in groups:
            return tuple(x for x in last if x is not None)
    return None


def _find_group(joined: list[Placed], moment: datetime) -> Placed | None:
    known = [placed for placed in joined if placed.at <= moment]
    return known[-1] if known else None


def _tell_related(
    audited: Audited, ruleset: str, items: list[tuple[Thing, tuple[Placed, ...]]]
) -> Indicator:
    things = [thing for thing, _ in items]
    openings = [audited.opening_of(thing) for thing in things]
    joins = {placed.entry.id for _, shared in items for placed in shared}
    groups = [x.entry.body.group for _, y in items for x in y if isinstance(x.entry.body, Grouped)]
    one, other = (things[0].carries[name] for name in audited.settings.parties)
    return Indicator(
        "related_parties" if groups else "same_party",
        ruleset,
        openings[0].at,
        openings[-1].at,
        (*sorted(joins), *(x.entry.id for x in openings)),
        things=tuple(thing.id for thing in things),
        parties=tuple(zip(audited.settings.parties, (one, other), strict=True)),
        arguments={
            "one": one,
            "other": other,
            "group": groups[0] if groups else "",
            "count": len(things),
            "first": audited.day_of(things[0]),
            "last": audited.day_of(things[-1]),
        },
    )


def check_no_bursts(audited: Audited) -> Iterator[Indicator]:
    """No party has more things opened in a short time than the settings say."""
    opened: dict[tuple[str, str, str, str], list[Thing]] = defaultdict(list)
    for thing in audited.list_things():
        for name in audited.settings.parties:
            if name in thing.carries:
                opened[thing.ruleset, thing.lifecycle, name, thing.carries[name]].append(thing)
    for (ruleset, _, name, party), things in sorted(opened.items()):
        for burst in audited.settings.bursts:
            for run in _list_runs(audited, things, burst):
                yield _tell_burst(audited, ruleset, (name, party), run, burst)


def _list_runs(audited: Audited, things: list[Thing], burst: Burst) -> Iterator[list[Thing]]:
    """Yield each run of things that are too many; those that overlap are one."""
    moments = [audited.opening_of(thing).at for thing in things]
    run: range | None = None
    step = datetime.resolution
    for start, end in list_windows(moments, burst.span - step):
        if end - start <= burst.most:
            continue
        if run is not None and start < run.stop:
            run = range(run.start, end)
            continue
        if run is not None:
            yield things[run.start : run.stop]
        run = range(start, end)
    if run is not None:
        yield things[run.start : run.stop]


def _tell_burst(
    audited: Audited, ruleset: str, party: tuple[str, str], things: list[Thing], burst: Burst
) -> Indicator:
    openings = [audited.opening_of(thing) for thing in things]
    return Indicator(
        "burst",
        ruleset,
        openings[0].at,
        openings[-1].at,
        tuple(x.entry.id for x in openings),
        things=tuple(thing.id for thing in things),
        parties=(party,),
        arguments={
            "party": party[1],
            "kind": audited.lifecycle_of(things[0].key).label,
            "count": len(things),
            "most": burst.most,
            "hours": str(burst.span // datetime.resolution // 3_600_000_000),
            "first": audited.local(ruleset, openings[0].at),
            "last": audited.local(ruleset, openings[-1].at),
        },
    )
