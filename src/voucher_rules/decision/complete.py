"""Comes in: a program and a case with unknowns. Goes out: what every completion of it may come to.

Two views meet. Evaluating the whole case with its unknowns bounds what can happen (sound). Sample
completions show what does happen: one in which all goes well, and others that differ from it in
one input. Where the two agree, the answer is exact and needs no more; where they do not, the case
is split (see ``split``), which narrows the bounds or proves that an input does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from voucher_rules.decision.boxes import (
    Box,
    Meter,
    Range,
    add_records,
    is_settled,
    join_ranges,
    measure_ranges,
)
from voucher_rules.decision.differ import find_split_inputs, list_corners, list_touched
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.law import (
    FIRST_DAY,
    Options,
    is_start_unknown,
    split_case_by_law,
)
from voucher_rules.decision.live import list_live, list_live_amounts
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.probes import list_parts
from voucher_rules.decision.split import (
    Leaf,
    Tree,
    grow_tree,
    iterate_leaves,
)
from voucher_rules.decision.turns import TurnSearch
from voucher_rules.language.records import find_number, split_field
from voucher_rules.program.build import Program
from voucher_rules.values.model import Exact, Unknown, Value

BUDGET: Final = 1_500
"""How many evaluations a search by samples may spend."""
SPLIT_BUDGET: Final = 2_000
"""How many evaluations splitting may spend after it, then trying its parts, and comparing them."""
RANGE_BUDGET: Final = 500
"""How many it may spend where all that is left to narrow is how much may be paid."""
Preference: TypeAlias = Callable[[Evaluation], tuple[Exact, ...]]
_BEST: Final = (Outcome.DETERMINED, Outcome.GRANTED, Outcome.REFERRED, Outcome.DENIED)


@dataclass(frozen=True, slots=True)
class Completion:
    """What all completions of a case come to.

    ``exact`` tells whether both ends of every range, and every outcome, are attained by some
    completion; otherwise they only bound what can happen. ``decisive`` names the unknowns for which
    two completions that differ in nothing else come out differently, in the order to ask.
    """

    outcomes: frozenset[Outcome]
    ranges: Mapping[str, Range]
    decisive: tuple[str, ...]
    exact: bool
    witness: Box | None = None


def complete_case(program: Program, options: Options, box: Box) -> Completion:
    """Return what every completion of ``box`` comes to.

    Where the first day of the document is not known, every completion may also be not in force.
    """
    if is_start_unknown(program.ruleset, options):
        held = complete_case(program, replace(options, assume_in_force=True), box)
        return Completion(
            outcomes=held.outcomes | {Outcome.NOT_IN_FORCE},
            ranges={name: Range(min(0, x.low), x.high) for name, x in held.ranges.items()},
            decisive=(FIRST_DAY, *held.decisive),
            exact=held.exact,
            witness=held.witness,
        )
    parts = split_case_by_law(program, add_records(program, box))
    found = [_Search(Meter(program, options, BUDGET), part).run_within_stack() for part in parts]
    if len(found) == 1:
        return found[0]
    names = [name for item in found for name in item.decisive]
    if len({(item.outcomes, str(sorted(item.ranges.items()))) for item in found}) > 1:
        names.insert(0, program.decision.as_of)
    return Completion(
        outcomes=frozenset().union(*(item.outcomes for item in found)),
        ranges=join_ranges(item.ranges for item in found),
        decisive=tuple(dict.fromkeys(names)),
        exact=all(item.exact for item in found),
    )


class _Search:
    """One search through the completions of a box in which one law holds."""

    def __init__(self, meter: Meter, box: Box) -> None:
        self.meter = meter
        self.box = box
        self.whole = meter.evaluate(box)
        self.live = list_live(meter.program, self.whole, box)
        self.names = self._list_names()
        self.turning = TurnSearch(meter, box)
        self.witnesses = self.turning.witnesses
        self.proven = True
        """Whether everything called decisive is known to turn the result for some completion."""

    def run_within_stack(self) -> Completion:
        """Run the search; where the unknowns are too many for it, settle for the bounds."""
        try:
            return self.run()
        except RecursionError:
            bounds = measure_ranges(self.whole)
            return Completion(self.whole.outcomes, bounds, tuple(self.live), exact=False)

    def run(self) -> Completion:
        if is_settled(self.meter.program, self.whole):
            return Completion(self.whole.outcomes, measure_ranges(self.whole), (), exact=True)
        good = self._choose(self.names, self._prefer_grant)
        decisive = {name for name in self.live if self.turning.turns(good, name)}
        for name in self.live:
            if (
                name not in decisive
                and not self.meter.is_spent
                and self.turning.turns_near(good, self.names, name)
            ):
                decisive.add(name)
        for outcome in sorted(self.whole.outcomes - self.witnesses.outcomes):
            self._choose(self.names, self._prefer(outcome))
        if not self._is_exact(self.whole.outcomes, self._bounds()):
            self._choose(self.names, self._prefer_little)
        if len(decisive) == len(self.live) and self._is_exact(self.whole.outcomes, self._bounds()):
            order = tuple(name for name in self.live if name in decisive)
            return Completion(self.whole.outcomes, self._bounds(), order, exact=True)
        found = self._run_split(decisive)
        return found if found.decisive or not found.exact else replace(found, witness=good)

    def _list_names(self) -> list[str]:
        """Return what to choose in a completion: what is live, and the records of live lists."""
        fields = [name for name in self.box if find_number(name) == 1]
        return [
            name
            for live in self.live
            for name in (live, *(x for x in fields if split_field(x)[0] == live))
        ]

    def _bounds(self) -> dict[str, Range]:
        return measure_ranges(self.whole)

    def _is_exact(self, outcomes: frozenset[Outcome], ranges: Mapping[str, Range]) -> bool:
        return self.witnesses.outcomes == outcomes and self.witnesses.ranges == ranges

    def _choose(self, names: list[str], prefer: Preference) -> Box:
        """Return a completion, each unknown in turn given the part that ``prefer`` ranks best."""
        box, evaluation = self.box, self.whole
        for name in names:
            if self.meter.is_spent or not isinstance(box[name], Unknown):
                break
            tried: list[tuple[tuple[Exact, ...], int, Value, Evaluation]] = []
            for part in list_parts(self.meter, box, name, evaluation):
                if isinstance(part, Unknown):
                    continue  # a list of which nothing is known completes nothing
                item = self.meter.evaluate({**box, name: part})
                tried.append((prefer(item), -len(tried), part, item))
            if tried:
                _, _, part, evaluation = max(tried, key=lambda entry: entry[:2])
                box = {**box, name: part}
        self.turning.note(evaluation)
        return box

    def _prefer_grant(self, item: Evaluation) -> tuple[Exact, ...]:
        best = next((i for i, o in enumerate(_BEST) if o in item.outcomes), len(_BEST))
        highest = sum((r.high for r in measure_ranges(item).values()), start=0)
        return (-best, highest, -len(item.outcomes))

    def _prefer(self, wanted: Outcome) -> Preference:
        def rank(item: Evaluation) -> tuple[Exact, ...]:
            highest = sum((r.high for r in measure_ranges(item).values()), start=0)
            return (int(wanted in item.outcomes), -len(item.outcomes), highest)

        return rank

    def _prefer_little(self, item: Evaluation) -> tuple[Exact, ...]:
        """Prefer a grant of as little as can be: the lower end where no denial is possible."""
        granting = int(bool(item.outcomes - VALUELESS))
        lows = sum((r.low for r in measure_ranges(item).values()), start=0)
        highs = sum((r.high for r in measure_ranges(item).values()), start=0)
        return (granting, -lows, -highs)

    def _run_split(self, decisive: set[str]) -> Completion:
        """Split the case: narrower bounds, and proof of what does not matter."""
        unsure = set(self.live) - decisive
        shown = not unsure and self.whole.outcomes <= self.witnesses.outcomes
        self.meter.limit = self.meter.spent + (RANGE_BUDGET if shown else SPLIT_BUDGET)
        tree = grow_tree(self.meter, self.box, lambda leaf: self._order_split(leaf, unsure))
        leaves = list(iterate_leaves(tree))
        self.meter.limit = self.meter.spent + SPLIT_BUDGET
        for leaf in leaves:
            self._witness_leaf(leaf)
        outcomes = frozenset(o for leaf in leaves for o in leaf.evaluation.outcomes)
        ranges = join_ranges(measure_ranges(leaf.evaluation) for leaf in leaves)
        self.meter.limit = self.meter.spent + SPLIT_BUDGET
        found = decisive | self._find_decisive(tree, unsure)
        order = tuple(name for name in self.live if name in found)
        exact = self.proven and self._is_exact(outcomes, ranges)
        return Completion(outcomes, ranges, order, exact)

    def _order_split(self, leaf: Leaf, unsure: set[str]) -> Sequence[str]:
        """Return what to split a part on, what may tell something new first; or nothing."""
        evaluation = leaf.evaluation
        if leaf.settled:
            self.witnesses.add(evaluation)
            return ()
        if not unsure.isdisjoint(leaf.live) or not evaluation.outcomes <= self.witnesses.outcomes:
            return leaf.live
        if self.witnesses.show(evaluation):
            return ()
        # only how much may be paid is open
        amounts = list_live_amounts(self.meter.program, evaluation, refers=False)
        return sorted(leaf.live, key=lambda name: name not in amounts)

    def _witness_leaf(self, leaf: Leaf) -> None:
        if leaf.settled or self.witnesses.show(leaf.evaluation):
            return
        for corner in list_corners(self.meter, leaf):
            if not self.meter.is_spent:
                self.turning.note(self.meter.evaluate(corner))

    def _find_decisive(self, tree: Tree, unsure: set[str]) -> set[str]:
        """Return which of the unknowns that no sample showed to decide do, or may."""
        found = find_split_inputs(self.meter, tree, unsure)
        if self.meter.is_spent:
            # nothing proves that the others do not decide, so they are asked for
            self.proven = False
            return unsure & list_touched(tree)
        for leaf in iterate_leaves(tree):
            if not leaf.settled:
                found |= self._find_varying(leaf, unsure - found)
        return found

    def _find_varying(self, leaf: Leaf, unsure: set[str]) -> set[str]:
        """Return the unknowns that may move a part which varies smoothly.

        Those for which no corner shows it are among them, and the search is then no proof.
        """
        names = [name for name in leaf.live if name in unsure]
        if not names:
            return set()
        corners = [] if self.meter.is_spent else list_corners(self.meter, leaf)
        varying = [n for n in names if any(self.turning.turns(corner, n) for corner in corners)]
        if len(varying) < len(names):
            self.proven = False
        return set(names)
