"""Comes in: two rulesets and a decision. Goes out: the cases they decide differently, a study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from voucher_rules.api import Ruleset
from voucher_rules.api.picture_options import check_options
from voucher_rules.api.studies import Study
from voucher_rules.api.wants import RULESET, WORD
from voucher_rules.arguments import FLAG, MAPPING, WHOLE, check_language, takes
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.boxes import Box
from voucher_rules.decision.case import read_case, read_on
from voucher_rules.decision.evaluate import evaluate_program
from voucher_rules.decision.law import find_parameter
from voucher_rules.decision.options import choose_options
from voucher_rules.differences import words
from voucher_rules.differences.comparing import compare_cases
from voucher_rules.differences.fixed import check_types, read_fixed
from voucher_rules.differences.pairs import Pair, Side, open_pair, pair_programs
from voucher_rules.differences.pictures import Drawn, Followed, draw_difference
from voucher_rules.differences.regions import Found, find_regions, list_points
from voucher_rules.differences.ways import Region, Way
from voucher_rules.errors import InputError
from voucher_rules.explain.sheets import Column, Figure, Sheet
from voucher_rules.explain.values import Writer
from voucher_rules.language.records import split_field
from voucher_rules.language.types import TEXT
from voucher_rules.meaning.unknowns import join_values, split_value
from voucher_rules.synthetic.defaults import find_days
from voucher_rules.synthetic.good_cases import open_box, settle_rest
from voucher_rules.synthetic.rows import state_row
from voucher_rules.values.model import Interval, Unknown, Value
from voucher_rules.whatif.regimes import name_law

BUDGET: Final = 4_000
"""How many evaluations the search may spend on each side."""
CANDIDATES: Final = 16
"""How many cases of a region are tried until one is decided by both in full."""
_BOTH: Final = ("zh", "en")


@takes(
    before=RULESET,
    after=RULESET,
    decision=WORD,
    facts_fixed=MAPPING.optional(),
    readings_before=MAPPING.optional(),
    readings_after=MAPPING.optional(),
    assume_in_force=FLAG,
    budget=WHOLE,
)
def difference(  # noqa: PLR0913 - each is one thing the comparison rests on
    before: Ruleset,
    after: Ruleset,
    decision: str,
    *,
    on: date | str | None = None,
    facts_fixed: Mapping[str, Any] | None = None,
    readings_before: Mapping[str, str] | None = None,
    readings_after: Mapping[str, str] | None = None,
    assume_in_force: bool = False,
    budget: int = BUDGET,
) -> Difference:
    """Find the cases that two editions, or a ruleset and an amended one, decide differently.

    Every case with all its facts known is looked at, on the day ``on`` (without it, the last day
    anything is known of both): which regions of facts come out otherwise under ``after``, each with
    a case of it. ``facts_fixed`` are facts all cases share. A region is more generous where the
    outcome is better (granted before referred before denied before not in force) or, at the same
    outcome, every amount at least as high and one higher. Within the ``budget`` of evaluations it
    says whether that is complete.

    Raises :class:`~voucher_rules.InputError` for a fault of the arguments.
    """
    programs = before.program(decision), after.program(decision)
    day = read_on(on) if on is not None else max(find_days(x, None)[1] for x in programs)
    options = tuple(
        choose_options(ruleset.checked, readings or {}, assume_in_force=assume_in_force)
        for ruleset, readings in ((before, readings_before), (after, readings_after))
    )
    pair = pair_programs(*programs, (options[0], options[1]), day)
    check_types(pair)
    fixed = read_fixed(pair, facts_fixed or {})
    names = (
        name_law(before.checked, before.overlays, readings_before or {}),
        name_law(after.checked, after.overlays, readings_after or {}),
    )
    return Difference(pair, fixed, budget, names)


class Difference(Study):
    """Which cases two sets of rules decide differently: regions of facts, each with a case."""

    __slots__ = ("__dict__",)

    def __init__(
        self, pair: Pair, fixed: Mapping[str, Value], budget: int, names: tuple[Wording, Wording]
    ) -> None:
        self.pair, self.fixed, self.names = pair, fixed, names
        self._box = open_pair(pair, fixed)
        same = not pair.altered and _is_same_force(pair)
        self._found = Found((), ()) if same else find_regions(pair, self._box, budget)

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions, as data."""
        return self._found.regions

    @property
    def complete(self) -> bool:
        """Whether every case that comes out otherwise is in a region, and every region exact."""
        return not self._found.left and all(item.exact for item in self.regions)

    @cached_property
    def witnesses(self) -> tuple[Mapping[str, Any] | None, ...]:
        """A case of each region, held against both in full; None where none could be built."""
        return tuple(self._verify(item) for item in self.regions)

    def _verify(self, region: Region) -> Mapping[str, Any] | None:
        """Return a case of a region that both decide, and in the way the region says."""
        points = list_points(self.pair, region, CANDIDATES)
        return next((x for point in points if (x := self._complete(region, point))), None)

    def _complete(self, region: Region, point: Box) -> Mapping[str, Any] | None:
        """Complete a case so that both decide it, and see that they do so differently."""
        box: Box = {**self.fixed, **point}
        # what the more generous side grants, the other may deny for what differs alone
        sides = (self.pair.before, self.pair.after)
        for side in sides if region.way is Way.STRICT else reversed(sides):
            whole = open_box(side.whole, self.pair.day)
            known = {n: x for n, x in box.items() if n in whole and not isinstance(x, Unknown)}
            settled = settle_rest(side.whole, side.options, {**whole, **known})
            box = {**settled, **box} | {n: settled[n] for n in known}
        facts: dict[str, Any] = {}
        for side in sides:
            facts |= _state_box(side, box)
        cases = [_read_stated(side, facts) for side in sides]
        if cases[0] is None or cases[1] is None:
            return None
        both = [
            evaluate_program(side.whole, values, side.options)
            for side, values in zip(sides, cases, strict=True)
            if values is not None
        ]
        alike = all(x.outcomes <= y for x, y in zip(both, region.outcomes, strict=True))
        if not alike or compare_cases(self._whole_pair, both[0], both[1]) is not region.way:
            return None
        return facts

    @cached_property
    def _whole_pair(self) -> Pair:
        before, after = self.pair.before, self.pair.after
        return replace(
            self.pair,
            before=replace(before, cut=before.whole),
            after=replace(after, cut=after.whole),
        )

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of the regions along one fact, more generous or stricter (extra `plot`).

        ``fact`` is a quantity or a day that bounds some region; without it the one that bounds
        most. Raises :class:`~voucher_rules.InputError` where there is no region.
        """
        check_language(language)
        check_options(options, "fact")
        lines = list(self.list_lines(language))
        drawn = Drawn(
            self.title(language),
            self.regions,
            self._box,
            tuple(self._list_followed()),
            self._tell,
            (lines[0], lines[-1]),
        )
        return draw_difference(drawn, options.get("fact"), language)

    def _list_followed(self) -> Iterator[Followed]:
        for name in self._box:
            side = next((s for s in self._sides if name in s.cut.inputs), None)
            if side is not None:
                declared = side.cut.find_input(name)
                yield Followed(name, declared.label, declared.type)

    def title(self, language: str) -> str:
        """Return what is compared."""
        told = {
            "before": self.names[0].told(language),
            "after": self.names[1].told(language),
            "decision": self.pair.before.whole.decision.label.told(language),
        }
        return words.TITLE.fill(language, **told)

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield how cases come out, and how far that goes."""
        yield words.DAY.fill(language, day=self.pair.day)
        if not self.regions:
            line = words.LEFT if self._found.left else words.SAME
            yield line.fill(language, count=len(self._found.left))
            return
        for way in Way:
            hull = [item for item in self.regions if item.way is way]
            if hull:
                told = {"count": len(hull), "when": self._tell(_join(hull, self._box), language)}
                yield words.WAYS[way].fill(language, **told)
        if self.pair.conditions:
            told = {"count": len(self.pair.conditions)}
            yield words.SHARED.fill(language, **told)
        if self._shares_amounts:
            yield words.PAYABLE.told(language)
        line = words.COMPLETE if self.complete else words.PARTLY
        yield line.fill(language, count=len(self._found.left))

    @property
    def _shares_amounts(self) -> bool:
        """Return whether both fix some amount alike, so that it was not looked at."""
        side = self.pair.before
        limited = [n for n, item in side.whole.decision.outputs.items() if item.limited]
        return any(name not in side.cut.decision.outputs for name in limited)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The regions, and what differs between the rules."""
        return self._make_regions(), self._make_changes()

    def _make_regions(self) -> Sheet:
        rows: list[tuple[Figure, ...]] = []
        for number, (item, case) in enumerate(zip(self.regions, self.witnesses, strict=True), 1):
            whens = [self._tell(item.box, language) for language in _BOTH]
            outcomes = [_tell_outcomes(found) for found in item.outcomes]
            extent = words.EVERY if item.exact else words.SOME
            verified = self._tell_case(item, case) if case is not None else words.UNVERIFIED
            way = words.WAY_NAMES[item.way]
            rows.append((str(number), way, Wording(*whens), extent, *outcomes, verified))
        keys = ("region", "way", "when", "extent", "before", "after", "witness")
        return Sheet("regions", words.REGIONS, _make_columns(keys), tuple(rows))

    def _tell_case(self, region: Region, case: Mapping[str, Any]) -> Wording:
        """Return what of a case makes it one of the region."""
        program = self._sides[0].whole if region.way is Way.STRICT else self._sides[1].whole
        stated = {n: x for n, x in case.items() if n in program.inputs}
        values = read_case(program, stated).values
        box = {n: values.get(n, x) for n, x in region.witness.items() if n in region.box}
        narrow = {n: x for n, x in box.items() if region.box[n] != self._box[n]}
        return Wording(*(self._tell({**self._box, **narrow}, language) for language in _BOTH))

    def _make_changes(self) -> Sheet:
        rows: list[tuple[Figure, ...]] = [*self._list_parameters(), *self._list_facts()]
        for name in self.pair.altered:
            has = [words.HAS if _has(side, name) else words.HAS_NOT for side in self._sides]
            rows.append((words.RULE, name, *has))
        keys = ("what", "name", "before", "after")
        return Sheet("changes", words.CHANGES, _make_columns(keys), tuple(rows))

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self.pair.before, self.pair.after

    def _list_parameters(self) -> Iterator[tuple[Figure, ...]]:
        old, new = (side.whole.parameters for side in self._sides)
        for name in dict.fromkeys([*old, *new]):
            values = [
                find_parameter(x[name], self.pair.day) if name in x else None for x in (old, new)
            ]
            if values[0] != values[1]:
                told = [self._tell_value(name, value) for value in values]
                yield words.PARAMETER, name, *told

    def _list_facts(self) -> Iterator[tuple[Figure, ...]]:
        old, new = (side.whole.inputs for side in self._sides)
        for name in dict.fromkeys([*old, *new]):
            if (name in old) is not (name in new):
                yield (
                    words.FACT,
                    name,
                    *(words.HAS if name in x else words.HAS_NOT for x in (old, new)),
                )

    def _tell_value(self, name: str, value: Value | None) -> Figure:
        if value is None:
            return words.HAS_NOT
        side = next(x for x in self._sides if name in x.whole.parameters)
        kind, ruleset = side.whole.parameters[name].type, side.whole.ruleset
        return Wording(*(Writer(ruleset, x).write_value(value, kind) for x in _BOTH))

    def _tell(self, box: Box, language: str) -> str:
        """Return the conditions of a region: what is narrower than all that could be."""
        parts = [
            self._tell_part(name, value, language)
            for name, value in box.items()
            if value != self._box[name]
        ]
        return words.JOINER.told(language).join(parts) or words.ANY.told(language)

    def _tell_part(self, name: str, value: Value, language: str) -> str:
        side = next(s for s in self._sides if name in s.cut.inputs or name in s.cut.parameters)
        declared, writer = side.cut.find_input(name), Writer(side.cut.ruleset, language)
        domain, _ = split_value(value)
        whole, _ = split_value(self._box[name])
        label = declared.label.told(language)
        if (
            isinstance(domain, Interval)
            and domain.low != domain.high
            and isinstance(whole, Interval)
        ):
            low = writer.write_value(domain.low, declared.type)
            high = writer.write_value(domain.high, declared.type)
            if domain.low == whole.low:
                return f"{label} ≤ {high}"
            return f"{label} ≥ {low}" if domain.high == whole.high else f"{low} ≤ {label} ≤ {high}"
        return f"{label} = {writer.write_value(value, declared.type)}"

    def to_data(self, language: str = "zh") -> dict[str, Any]:
        """Return the study as plain data, for JSON: titles, regions with their cases, changes."""
        return {
            "title": self.title(language),
            "day": str(self.pair.day),
            "complete": self.complete,
            "lines": list(self.list_lines(language)),
            "regions": [
                {**_to_text(row), "case": None if case is None else _to_text(case)}
                for row, case in zip(self.to_rows("regions", language), self.witnesses, strict=True)
            ],
            "changes": [_to_text(row) for row in self.to_rows("changes", language)],
            "conditions": list(self.pair.conditions),
        }


def _to_text(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, bool) or value is None else str(value)
        for key, value in row.items()
    }


def _is_same_force(pair: Pair) -> bool:
    """Return whether both are in force, or not, for the same reasons."""
    old, new = pair.before.whole.ruleset.document, pair.after.whole.ruleset.document
    same = all(getattr(old, x) == getattr(new, x) for x in ("starts", "until", "status"))
    return same and pair.before.options == pair.after.options


def _join(regions: list[Region], whole: Box) -> Box:
    """Return the least box that holds some regions."""
    return {name: join_values([item.box[name] for item in regions]) for name in whole}


def _state_box(side: Side, box: Box) -> dict[str, Any]:
    """Return what of a box one side takes as facts, without what does not exist in such a case."""
    names = side.whole.inputs
    row = {n: x for n, x in box.items() if n in names or split_field(n)[0] in names}
    stated = state_row(side.whole, row)
    try:
        read_case(side.whole, stated)
    except InputError as error:
        absent = {item.path for item in error.diagnostics if item.code == "fact-does-not-apply"}
        return {name: x for name, x in stated.items() if name not in absent}
    return stated


def _read_stated(side: Side, facts: Mapping[str, Any]) -> Box | None:
    """Return what one side reads of facts, as deciding them does; None where it refuses them."""
    try:
        return read_case(
            side.whole, {n: x for n, x in facts.items() if n in side.whole.inputs}
        ).values
    except InputError:
        return None


def _has(side: Side, rule: str) -> bool:
    return any(item.id == rule for item in side.whole.rules)


def _tell_outcomes(found: frozenset[Any]) -> Wording:
    told = [words.tell_outcome(item) for item in sorted(found)]
    return Wording("/".join(x.zh for x in told), "/".join(x.en for x in told))


def _make_columns(keys: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(key, words.COLUMNS[key], TEXT) for key in keys)
