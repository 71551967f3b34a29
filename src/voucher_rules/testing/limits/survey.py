"""Comes in: a ruleset and its cases. Goes out: for each limit, who stands at it and beside it.

A case stands just beside a limit where the two sides differ by the smallest step of what is
compared, or where the smallest step of one of its facts takes it to the limit or past it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from voucher_rules.api import Decision, Ruleset
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.program.build import Program
from voucher_rules.testing.limits.attain import list_attainable
from voucher_rules.testing.limits.cross import Crossing, Probe, find_crossings, step_once
from voucher_rules.testing.limits.measure import Gap, measure_gaps
from voucher_rules.testing.limits.sites import Side, Site, list_sites
from voucher_rules.testing.load import Case
from voucher_rules.testing.run import CaseResult, run_case

NEAREST = 6
"""How many of the nearest cases on a side are tried by moving their facts."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A case that comes to a site: which, how far from it, and what was decided there."""

    case: Case
    decision: Decision
    gap: Gap


@dataclass(frozen=True, slots=True)
class Generated:
    """A case made from a pinned one, by changing what is needed."""

    witness: Witness
    crossing: Crossing


@dataclass(frozen=True, slots=True)
class LimitReport:
    """One limit: the cases that stand at it and just beside it, one for each side."""

    site: Site
    decisions: tuple[str, ...]
    pinned: Mapping[Side, Witness]
    nearest: Mapping[Side, Witness]
    """The nearest case on each side, whether or not it is just beside."""

    @property
    def missing(self) -> tuple[Side, ...]:
        """The sides on which no case stands as near as it could."""
        return tuple(side for side in self.site.sides if side not in self.pinned)


def survey_limits(ruleset: Ruleset, cases: Sequence[Case]) -> tuple[LimitReport, ...]:
    """Return every limit of a ruleset with the cases that pin it.

    Cases that give parameters other values are left out: what they stand at are other limits.
    """
    return survey_results(ruleset, (run_case(case) for case in cases if keeps_limits(case)))


def survey_results(ruleset: Ruleset, results: Iterable[CaseResult]) -> tuple[LimitReport, ...]:
    """Return what :func:`survey_limits` does, of cases that were run already."""
    witnesses = _gather_witnesses(results)
    reports = []
    for site, decisions in _list_all_sites(ruleset):
        found = witnesses.get(site.id, [])
        pinned = {side: w for side in site.sides if (w := _find_pinned(found, side)) is not None}
        nearest = {side: w for side in site.sides if (w := _find_nearest(found, side)) is not None}
        reports.append(LimitReport(site, decisions, pinned, nearest))
    return tuple(reports)


def _list_all_sites(ruleset: Ruleset) -> list[tuple[Site, tuple[str, ...]]]:
    """Return each site once, with the decisions that come to it and the sides any can stand on."""
    found: dict[str, Site] = {}
    decisions: dict[str, list[str]] = {}
    sides: dict[str, set[Side]] = {}
    for name in ruleset.decisions:
        program = ruleset.program(name)
        attainable = list_attainable(program)
        for site in list_sites(program).values():
            found.setdefault(site.id, site)
            decisions.setdefault(site.id, []).append(name)
            sides.setdefault(site.id, set()).update(attainable.get(site.id, site.sides))
    return [
        (_limit_sides(site, sides[name]), tuple(decisions[name])) for name, site in found.items()
    ]


def _limit_sides(site: Site, sides: set[Side]) -> Site:
    kept = tuple(side for side in site.sides if side in sides)
    return replace(site, sides=kept)


def _gather_witnesses(results: Iterable[CaseResult]) -> dict[str, list[Witness]]:
    found: dict[str, list[Witness]] = {}
    for item in results:
        if not keeps_limits(item.case):
            continue
        result = item.decision.result
        for gap in measure_gaps(result.program, result.evaluation):
            found.setdefault(gap.site, []).append(Witness(item.case, item.decision, gap))
    return found


def keeps_limits(case: Case) -> bool:
    """Return whether a case sets nothing but what the ruleset leaves unset."""
    return all(item.before == "unset" for item in case.ruleset.overlays)


def _find_nearest(found: Sequence[Witness], side: Side) -> Witness | None:
    return next(_list_nearest(found, side), None)


def _list_nearest(found: Sequence[Witness], side: Side) -> Iterator[Witness]:
    here = [item for item in found if item.gap.side is side]
    return iter(sorted(here, key=lambda item: item.gap.distance))


def _find_pinned(found: Sequence[Witness], side: Side) -> Witness | None:
    """Return a case as near to the site as it can be on a side."""
    for item in islice(_list_nearest(found, side), NEAREST):
        if item.gap.is_close or step_once(make_probe(item), side):
            return item
    return None


def make_probe(witness: Witness) -> Probe:
    """Return the case of a witness, to be moved about its site."""
    result = witness.decision.result
    program: Program = result.program
    options: Options = result.options
    return Probe(program, options, result.case.values, witness.gap.site)


def generate_cases(report: LimitReport, cases: Sequence[Case]) -> dict[Side, Generated]:
    """Return a case for each side of a limit that moving one fact of a pinned case can reach.

    The case nearest to the limit is moved; where none comes to it, each case of its decisions is
    tried with one choice changed.
    """
    for witness in _list_starts(report, cases):
        crossings = find_crossings(make_probe(witness), report.site.sides)
        if crossings:
            return {side: Generated(witness, x) for side, x in crossings.items()}
    return {}


def decide_generated(item: Generated) -> Decision:
    """Return the decision on a generated case."""
    result = item.witness.decision.result
    case = replace(result.case, values={**result.case.values, **item.crossing.changed})
    overlays = item.witness.case.ruleset.overlays
    return Decision(decide(result.program, case, result.options, overlays))


def _list_starts(report: LimitReport, cases: Sequence[Case]) -> Iterator[Witness]:
    if report.nearest:
        yield from report.nearest.values()
        return
    for case in cases:
        if case.decision in report.decisions:
            decision = run_case(case).decision
            yield Witness(case, decision, Gap(report.site.id, 0, 0))
