"""Comes in: two regimes that differ in several things. Goes out: what each of those does to a case.

Each is tried alone upon the baseline, and left out alone of the reform; where neither tells, only
what they do together made the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.api.rulesets import Ruleset, alter_ruleset
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.result import DecisionResult
from voucher_rules.errors import DiagnosedError
from voucher_rules.explain.comparison_words import word
from voucher_rules.explain.values import Writer
from voucher_rules.explain.whatifs import tell_what_if
from voucher_rules.ruleset.alterations import Alteration
from voucher_rules.whatif.readings import tell_apart
from voucher_rules.whatif.regimes import Regime

MOST_TRIED: Final = 12
"""How many differences of two regimes are tried one by one; each takes two decisions."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """What one difference of two regimes does to a case.

    ``alone`` is the decision under the baseline with it alone, ``without`` that under the reform
    without it; None where that makes no ruleset. ``part`` is ``whole``, ``some``, ``together``,
    ``none`` or ``impossible`` (it cannot be made alone, and what it does cannot be told).
    """

    change: Wording
    alone: DecisionResult | None
    without: DecisionResult | None
    part: str


@dataclass(frozen=True, slots=True)
class _Atom:
    """One thing that differs: a change undone or made, a reading, or an assumption."""

    told: Wording
    undone: int | None = None
    made: int | None = None
    reading: str = ""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two regimes over one ruleset, and what each made of it beyond what both did."""

    baseline: Regime
    reform: Regime
    root: Ruleset
    shared: tuple[Alteration, ...]
    undone: tuple[Alteration, ...]
    made: tuple[Alteration, ...]

    def build(self, atoms: Sequence[_Atom]) -> Regime | None:
        """Return the baseline with some of the differences; None where that is no ruleset."""
        left = [x for i, x in enumerate(self.undone) if all(a.undone != i for a in atoms)]
        made = [x for i, x in enumerate(self.made) if any(a.made == i for a in atoms)]
        readings = dict(self.baseline.readings)
        for atom in atoms:
            if atom.reading:
                readings.pop(atom.reading, None)
                if atom.reading in self.reform.readings:
                    readings[atom.reading] = self.reform.readings[atom.reading]
        assumes = any(a.undone is None and a.made is None and not a.reading for a in atoms)
        side = self.reform if assumes else self.baseline
        try:
            ruleset = alter_all(self.root, [*self.shared, *left, *made])
            return Regime(ruleset, self.baseline.decision, readings, side.assume_in_force)
        except DiagnosedError:
            return None


def attribute(
    baseline: Regime,
    reform: Regime,
    sides: tuple[DecisionResult, DecisionResult],
    decide: Callable[[Regime], DecisionResult],
) -> tuple[Attribution, ...] | None:
    """Return what each difference of two regimes does; None where they cannot be told apart.

    ``sides`` are the decisions under both, and ``decide`` takes the one under any other.
    """
    pair = _find_pair(baseline, reform)
    if pair is None:
        return None
    atoms = _list_atoms(pair)
    if len(atoms) > MOST_TRIED:
        return None
    if len(atoms) == 1:
        same = tell_apart(sides[0]) == tell_apart(sides[1])
        return (Attribution(atoms[0].told, sides[1], sides[0], "none" if same else "whole"),)

    def try_with(chosen: Sequence[_Atom]) -> DecisionResult | None:
        built = pair.build(chosen)
        try:
            return None if built is None else decide(built)
        except DiagnosedError:
            return None

    found = []
    for atom in atoms:
        alone, without = try_with([atom]), try_with([x for x in atoms if x is not atom])
        found.append(Attribution(atom.told, alone, without, _judge(sides, alone, without)))
    return tuple(found)


def _judge(
    sides: tuple[DecisionResult, DecisionResult],
    alone: DecisionResult | None,
    without: DecisionResult | None,
) -> str:
    before, after = (tell_apart(side) for side in sides)
    if alone is not None and tell_apart(alone) != before:
        return "whole" if tell_apart(alone) == after else "some"
    if without is not None:
        return "together" if tell_apart(without) != after else "none"
    return "impossible" if alone is None else "together" if before != after else "none"


def _find_pair(baseline: Regime, reform: Regime) -> _Pair | None:
    """Return two regimes over one ruleset; None for regimes over two."""
    one, other = baseline.ruleset, reform.ruleset
    if not isinstance(one, Ruleset) or not isinstance(other, Ruleset):
        return None
    roots = (one.origin or one, other.origin or other)
    digests = {(x.checked.semantic_digest, x.checked.source_digest, x.overlays) for x in roots}
    if len(digests) > 1 or baseline.decision != reform.decision:
        return None
    before, after = ([x for layer in side.layers for x in layer] for side in (one, other))
    count = 0
    while count < min(len(before), len(after)) and before[count] == after[count]:
        count += 1
    shared, undone, made = before[:count], before[count:], after[count:]
    return _Pair(baseline, reform, roots[0], tuple(shared), tuple(undone), tuple(made))


def _list_atoms(pair: _Pair) -> list[_Atom]:
    baseline, reform = pair.baseline, pair.reform
    undone, made = (
        _tell_last(side.ruleset, len(found))
        for side, found in ((baseline, pair.undone), (reform, pair.made))
    )
    atoms = [_Atom(word("atom.undo", change=x), undone=i) for i, x in enumerate(undone)]
    atoms += [_Atom(x, made=i) for i, x in enumerate(made)]
    for name in dict.fromkeys((*baseline.readings, *reform.readings)):
        options = [side.options.readings[name] for side in (baseline, reform)]
        if options[0] != options[1]:
            told = word("atom.reading", name=name, before=options[0], after=options[1])
            atoms.append(_Atom(told, reading=name))
    assumed = [side.assume_in_force for side in (baseline, reform)]
    if assumed[0] != assumed[1]:
        words = (str(x).lower() for x in assumed)
        atoms.append(
            _Atom(word("atom.assume", **dict(zip(("before", "after"), words, strict=True))))
        )
    return atoms


def _tell_last(ruleset: Any, count: int) -> list[Wording]:  # noqa: ANN401 - a ruleset, seen above
    """Return the last changes of a ruleset in words."""
    changes = ruleset.changes[len(ruleset.changes) - count :]
    writers = [Writer(ruleset.checked, language) for language in ("zh", "en")]
    return [Wording(*(tell_what_if(writer, x) for writer in writers)) for x in changes]


def alter_all(root: Ruleset, alterations: Sequence[Alteration]) -> Ruleset:
    """Return a ruleset with changes made at once, or one upon the other where it takes that."""
    if not alterations:
        return root
    try:
        return alter_ruleset(root, alterations)
    except DiagnosedError:
        made = root
        for item in alterations:
            made = alter_ruleset(made, [item])
        return made


def leave_out(facts: Mapping[str, Any], regime: Regime, other: Regime) -> dict[str, Any]:
    """Return facts without those that only the other of two rulesets knows."""
    own, others = (_list_known(x) for x in (regime, other))
    return {name: x for name, x in facts.items() if name in own or name not in others}


def _list_known(regime: Regime) -> set[str]:
    checked = regime.ruleset.checked
    return {*checked.inputs, *checked.lists}
