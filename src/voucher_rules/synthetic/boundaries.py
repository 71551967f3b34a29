"""Comes in: a program and some cases of it. Goes out: cases just below, at and above each limit.

Each numeric limit and each first or last day is stood beside by moving one fact, or two, of the
case that is nearest to it. Each option of a choice and each member of a set has a case of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from voucher_rules.decision.boxes import Box
from voucher_rules.decision.case import read_case
from voucher_rules.decision.evaluate import evaluate_program
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.errors import InputError
from voucher_rules.language.records import split_field
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.synthetic.good_cases import list_names, list_own_options, make_options
from voucher_rules.synthetic.keeping import Kept
from voucher_rules.synthetic.rows import Row, is_untold, state_row
from voucher_rules.testing.limits.cross import Probe, find_crossings
from voucher_rules.testing.limits.measure import Gap, measure_gaps
from voucher_rules.testing.limits.sites import Side, Site, list_sites
from voucher_rules.values.model import NONE, Mark, SetBetween, Value

_GOOD: Final = frozenset({Outcome.GRANTED, Outcome.DETERMINED})
TRIED: Final = 3
"""How many of the cases nearest to a limit are moved to it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A case beside a limit, or with one option of a fact: what it is about, and its facts."""

    about: str
    side: str
    """Which side of the limit it stands on, or which option it has."""
    row: Row
    departs: tuple[str, ...] = ()
    """The facts whose stated spread never gives what they are here."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The cases found, and the sides of limits that none could be brought to."""

    found: tuple[Beside, ...]
    missed: tuple[tuple[Site, Side], ...]


def find_boundaries(
    program: Program, good: Box, rows: Sequence[Row], kept: Kept, *, fixed: bool
) -> Boundaries:
    """Return the cases beside every limit. With ``fixed`` the day of a case does not move.

    What was ``kept`` of spreads stated holds in them as far as it can: of several cases that reach
    a side of a limit the one that departs least from them is taken.
    """
    best = take_row(program, good)
    if kept.names:
        best = _keep_spreads(program, best, rows, kept)
    cases = [case for row in (best, *rows) if (case := _read(program, row))]
    # the good case as it is departs from what was stated, and is the last resort
    plain = _read(program, take_row(program, good)) if kept.names else None
    last = [] if plain is None else [plain]
    found: list[Beside] = []
    missed: list[tuple[Site, Side]] = []
    gaps = _measure_all(program, cases)
    for site in list_sites(program).values():
        near = [cases[at] for _, at in gaps.get(site.id, [])[:TRIED]]
        reached = _reach(program, site, [*near, *last], kept)
        for side in site.sides:
            row = reached.get(side)
            moved = fixed and row is not None and _has_other_day(program, row, good)
            if row is None or moved:
                missed.append((site, side))
            else:
                found.append(Beside(site.id, str(side), row, kept.list_departures(row)))
    found += _list_options(program, best, kept)
    return Boundaries(tuple(found), tuple(missed))


def take_row(program: Program, box: Mapping[str, Value]) -> Row:
    """Return what of a box a row states; what does not exist is left to its condition."""
    names = [name for name in box if name in program.inputs or split_field(name)[0]]
    return {name: box[name] for name in names if not is_untold(box[name])}


def _has_other_day(program: Program, row: Row, good: Box) -> bool:
    return row.get(program.decision.as_of) != good[program.decision.as_of]


def _read(program: Program, row: Row) -> Row | None:
    """Return a row as the door takes it, or None: facts that do not exist are told to be none."""
    try:
        read_case(program, state_row(program, row))
    except InputError as error:
        absent = {item.path for item in error.diagnostics if item.code == "fact-does-not-apply"}
        return _read(program, {**row, **dict.fromkeys(absent, NONE)}) if absent else None
    return row


def _measure_all(program: Program, cases: Sequence[Row]) -> dict[str, list[tuple[Gap, int]]]:
    """Return, for each limit, how far which cases stand from it, the nearest first."""
    found: dict[str, list[tuple[Gap, int]]] = {}
    options = make_options(program)
    for at, row in enumerate(cases):
        values = read_case(program, state_row(program, row)).values
        for gap in measure_gaps(program, evaluate_program(program, values, options)):
            found.setdefault(gap.site, []).append((gap, at))
    for items in found.values():
        items.sort(key=lambda pair: pair[0].distance)
    return found


def _reach(program: Program, site: Site, cases: Sequence[Row], kept: Kept) -> dict[Side, Row]:
    """Return a case for each side of a limit that moving a fact or two can reach."""
    reached: dict[Side, tuple[int, Row]] = {}
    for row in cases:
        values = read_case(program, state_row(program, row)).values
        probe = Probe(program, make_options(program), values, site.id)
        wanted = [side for side in site.sides if side not in reached or reached[side][0]]
        for side, crossing in find_crossings(probe, wanted).items() if wanted else ():
            changed = _read(program, {**row, **crossing.changed})
            if side not in wanted or changed is None:
                continue
            departs = len(kept.list_departures(changed))
            if side not in reached or departs < reached[side][0]:
                reached[side] = departs, changed
    return {side: row for side, (_, row) in reached.items()}


def _keep_spreads(program: Program, good: Row, rows: Sequence[Row], kept: Kept) -> Row:
    """Return the good case with what was stated as the rows have it, granted where one is."""
    options, fitting = make_options(program), [good]
    for row in rows:
        stated = {
            n: x for n, x in row.items() if n in kept.names or split_field(n)[1] in kept.names
        }
        case = _read(program, {**good, **stated})
        if case is None or kept.list_departures(case):
            continue
        values = read_case(program, state_row(program, case)).values
        if evaluate_program(program, values, options).outcomes <= _GOOD:
            return case
        fitting.append(case)
    return fitting[-1]


def _list_options(program: Program, good: Row, kept: Kept) -> Iterator[Beside]:
    """Yield the good case with each option of each choice, and each member of each set changed."""
    for name in list_names(program):
        if split_field(name)[0] or name not in good:
            continue
        for told, value in _list_values(program, name, good[name]):
            row = _read(program, {**good, name: value})
            if row is not None and row[name] == value:
                yield Beside(name, told, row, kept.list_departures(row))


def _list_values(program: Program, name: str, value: Value) -> Iterator[tuple[str, Value]]:
    declared = program.inputs[name]
    for option in list_own_options(program, name):
        yield str(option).lower() if isinstance(option, bool) else str(option), option
    domain, _ = split_value(declared.domain)
    if isinstance(domain, SetBetween) and isinstance(value, frozenset):
        for member in sorted(domain.possible - domain.certain):
            inside = member in value
            yield f"{'-' if inside else '+'}{member}", value ^ {member}
    if declared.optional and not isinstance(value, Mark):
        yield "none", NONE
