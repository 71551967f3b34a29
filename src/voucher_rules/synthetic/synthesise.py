"""Comes in: a ruleset, a decision and how many. Goes out: that many invented cases, a study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import chain, islice
from typing import Any, Final

from voucher_rules.api import Ruleset
from voucher_rules.api.decisions import Decision
from voucher_rules.api.picture_options import check_options
from voucher_rules.api.studies import Study
from voucher_rules.api.wants import RULESET, WORD
from voucher_rules.arguments import FLAG, check_language, takes
from voucher_rules.batch.frames import make_frame
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.case import read_case, read_on
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import find_start
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.sheets import Column, Figure, Sheet
from voucher_rules.explain.vocabulary import VOCABULARY
from voucher_rules.language.types import RATIO, TEXT, Kind, Type
from voucher_rules.program.build import Program
from voucher_rules.synthetic import words
from voucher_rules.synthetic.boundaries import Boundaries, find_boundaries
from voucher_rules.synthetic.defaults import Defaults, make_defaults
from voucher_rules.synthetic.good_cases import make_options
from voucher_rules.synthetic.marginals import Point
from voucher_rules.synthetic.measure import measure_spreads, tell_value
from voucher_rules.synthetic.pictures import Invented, draw_invented
from voucher_rules.synthetic.read_marginals import Stated, read_stated
from voucher_rules.synthetic.rows import Recipe, Row, iterate_rows, list_ties, state_row
from voucher_rules.values.model import NONE, Period

SHOWN: Final = 200
"""How many rows the sheets of a study speak of; deciding every row takes as long as it takes."""
NEAR_ROWS: Final = 30
"""How many rows cases beside limits are sought near."""
MOST_ROWS: Final = 10**8
_COUNT: Final = Type(Kind.COUNT)


@takes(ruleset=RULESET, decision=WORD, boundaries=FLAG)
def synthesise(  # noqa: PLR0913 - each is one thing the rows rest on
    ruleset: Ruleset,
    decision: str,
    count: int,
    *,
    seed: int,
    marginals: Mapping[Any, Any] | None = None,
    missing: Any = 0,  # noqa: ANN401 - a share in any form, or one for each fact
    boundaries: bool = False,
    on: date | str | None = None,
) -> Synthetic:
    """Invent cases of a decision from what the ruleset declares: no statistics, and no real people.

    The same arguments give the same rows on every platform, and a longer run begins like a shorter
    one. ``marginals`` says how single facts are spread: a value, a list of values to draw from,
    ``{option: weight}``, ``{"low": …, "high": …, "shape": "log", "step": …}``, ``{"given": fact,
    "options": {value: marginal}, "otherwise": marginal}``; under several names at once a table
    whose rows are drawn whole. What it leaves out is spread about the limits of the rules, and
    mostly so that a case is granted. ``missing`` is the share of rows in which a fact is left out,
    of every fact or ``{fact: share}``. ``boundaries`` adds cases just below, at and above every
    limit, and one with each option. ``on`` is the day of every case; without it they spread over
    the days of the law.

    Raises :class:`~voucher_rules.InputError` with every fault of the arguments.
    """
    program = ruleset.program(decision)
    _check_number("count", count, 0)
    _check_number("seed", seed, None)
    day = None if on is None else read_on(on)
    stated = read_stated(program, marginals, missing)
    return Synthetic(ruleset, program, count, seed, stated, boundaries=boundaries, day=day)


def _check_number(path: str, number: object, least: int | None) -> None:
    if type(number) is not int:
        arguments = {"found": type(number).__name__, "expected": "int"}
        raise InputError([Diagnostic("wrong-python-type", arguments, path=path)])
    if least is not None and not least <= number <= MOST_ROWS:
        arguments = {"found": str(number), "low": str(least), "high": str(MOST_ROWS)}
        raise InputError([Diagnostic("out-of-range", arguments, path=path)])


class Synthetic(Study):
    """Invented cases of a decision: iterate over them to decide each; the sheets tell how they are.

    Rows are made as they are asked for, the same ones each time.
    """

    __slots__ = ("__dict__",)

    def __init__(  # noqa: PLR0913 - each is one thing the rows rest on
        self,
        ruleset: Ruleset,
        program: Program,
        count: int,
        seed: int,
        stated: Stated,
        *,
        boundaries: bool,
        day: date | None,
    ) -> None:
        self.ruleset, self.program = ruleset, program
        self.count, self.seed, self.day = count, seed, day
        self._stated, self._wants_boundaries = stated, boundaries

    @property
    def decision(self) -> str:
        """The decision the cases are of."""
        return self.program.decision.name

    @cached_property
    def _defaults(self) -> Defaults:
        return make_defaults(self.program, self.day)

    @cached_property
    def _recipe(self) -> Recipe:
        marginals = {**self._defaults.marginals, **self._stated.single}
        if self.day is not None:
            marginals[self.program.decision.as_of] = Point(self.day)
        joint = tuple(self._stated.joint)
        stated = {*self._stated.single, *(name for names, _ in joint for name in names)}
        ties = list_ties(self.program, stated)
        return Recipe(self.program, marginals, ties, joint, self._stated.missing)

    @cached_property
    def boundaries(self) -> Boundaries:
        """The cases beside limits, as they follow the others, and what was not reached."""
        if not self._wants_boundaries:
            return Boundaries((), ())
        rows = list(iterate_rows(self._recipe, self.seed, min(self.count, NEAR_ROWS)))
        fixed = self.day is not None
        return find_boundaries(self.program, self._defaults.good, rows, fixed=fixed)

    def __len__(self) -> int:
        return self.count + len(self.boundaries.found)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each row as facts that :meth:`Ruleset.decide` takes, those beside limits last."""
        return (state_row(self.program, row) for row in self.iterate_values())

    def iterate_values(self) -> Iterator[Row]:
        """Yield each row as values of the language, the fields of records beside their list."""
        drawn = iterate_rows(self._recipe, self.seed, self.count)
        return chain(drawn, (item.row for item in self.boundaries.found))

    @cached_property
    def _first(self) -> list[Row]:
        return list(islice(self.iterate_values(), SHOWN))

    @cached_property
    def _assumed(self) -> bool:
        """Whether the measure must be taken to be in force, as it names no day or is a draft."""
        checked, readings = self.program.ruleset, make_options(self.program).readings
        unset = find_start(checked, readings) is None
        return unset or checked.document.status in {"draft", "repealed"}

    def decide_first(self) -> list[Decision]:
        """Return the decisions on the rows the sheets speak of."""
        options = make_options(self.program, assume_in_force=self._assumed)
        return [
            Decision(
                decide(self.program, read_case(self.program, state_row(self.program, row)), options)
            )
            for row in self._first
        ]

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of how facts are spread in the first rows (extra ``plot``).

        ``facts`` names up to twelve; without it those spread as stated come first. Raises
        :class:`~voucher_rules.InputError` for another one, and where there are no rows.
        """
        check_language(language)
        check_options(options, "facts")
        invented = Invented(
            self.title(language),
            self.program.ruleset,
            tuple(self.program.inputs.values()),
            self._first,
            self._list_given(),
            (
                next(self.list_lines(language)),
                words.FACTS.fill(language, count=len(self._first)),
            ),
        )
        return draw_invented(invented, options.get("facts"), language)

    def _list_given(self) -> set[str]:
        """Return the facts whose spread was stated, alone or together with others."""
        together = {name for names, _ in self._stated.joint for name in names}
        return together | set(self._stated.single)

    def title(self, language: str) -> str:
        """Return that the cases are invented, and of what."""
        told = {
            "ruleset": self.ruleset.id,
            "edition": self.ruleset.edition,
            "decision": self.decision,
        }
        return words.TITLE.fill(language, **told)

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield how many rows there are and how they came about."""
        yield words.MADE.fill(language, rows=len(self), seed=self.seed)
        joint = sum(len(names) for names, _ in self._stated.joint)
        yield words.STATED.fill(language, count=len(self._stated.single) + joint)
        assumed = words.ASSUMED.told(language) if self._assumed else ""
        yield words.DECIDED.fill(language, count=len(self._first), assumed=assumed)
        if self._wants_boundaries:
            told = {"count": len(self.boundaries.found), "missed": len(self.boundaries.missed)}
            yield words.BESIDE.fill(language, **told)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """How the first rows come out, how their facts are spread, and the cases beside limits."""
        return (self._make_outcomes(), self._make_facts(), self._make_boundaries())

    def _make_outcomes(self) -> Sheet:
        counted = Counter(decision.outcome for decision in self.decide_first())
        rows = tuple(
            (_tell_outcome(item), counted[item], Fraction(counted[item], len(self._first)))
            for item in Outcome
            if counted[item]
        )
        kinds = {"outcome": TEXT, "rows": _COUNT, "part": RATIO}
        return Sheet("outcomes", words.OUTCOMES, _make_columns(kinds), rows)

    def _make_facts(self) -> Sheet:
        given = self._list_given()
        rows = tuple(
            (
                item.name,
                item.declared.label,
                words.GIVEN if item.name in given else words.DEFAULT,
                item.stated,
                item.none,
                item.least or None,
                item.most or None,
                item.commonest or None,
                item.share,
            )
            for item in (measure_spreads(self.program, self._first) if self._first else ())
        )
        kinds = dict.fromkeys(("fact", "label", "spread"), TEXT) | {"stated": RATIO, "none": RATIO}
        kinds |= dict.fromkeys(("least", "most", "commonest"), TEXT) | {"share": RATIO}
        count = str(len(self._first))
        title = Wording(*(words.FACTS.fill(x, count=count) for x in ("zh", "en")))
        return Sheet("facts", title, _make_columns(kinds), rows)

    def _make_boundaries(self) -> Sheet:
        found: list[tuple[Figure, ...]] = [
            (str(self.count + number), item.about, words.SIDES.get(item.side, item.side))
            for number, item in enumerate(self.boundaries.found, start=1)
        ]
        found += [
            (words.MISSED, site.id, words.SIDES[side]) for site, side in self.boundaries.missed
        ]
        kinds = {"row": TEXT, "about": TEXT, "side": TEXT}
        return Sheet("boundaries", words.BOUNDARIES, _make_columns(kinds), tuple(found))

    def to_rows(
        self, sheet: str = "", language: str = "zh", *, labelled: bool = False
    ) -> list[dict[str, Any]]:
        """Return the cases as rows of plain values, or a sheet by its name.

        What a row says nothing of is None; what does not exist is ``"none"``; the members of a set
        stand beside each other in one text. ``labelled`` adds a column that says they are invented.
        """
        if sheet:
            return super().to_rows(sheet, language)
        extra = {"invented": True} if labelled else {}
        return [{**self._make_plain(row), **extra} for row in self.iterate_values()]

    def _make_plain(self, row: Row) -> dict[str, Any]:
        facts = state_row(self.program, row)
        return {
            name: _make_cell(facts[name], tell_value(row[name], item)) if name in facts else None
            for name, item in self.program.inputs.items()
        }

    def to_frame(
        self,
        sheet: str = "",
        kind: str = "pandas",
        language: str = "zh",
        *,
        labelled: bool = False,
    ) -> Any:  # noqa: ANN401 - a table of another package
        """Return the cases as a table, or a sheet by its name; see :meth:`to_rows`."""
        if sheet:
            return super().to_frame(sheet, kind, language)
        columns = [*self.program.inputs, *(["invented"] if labelled else [])]
        return make_frame(columns, self.to_rows(labelled=labelled), kind)


def _make_cell(stated: Any, text: str) -> Any:  # noqa: ANN401 - of any type a fact has
    """Return a fact as a cell of a table; what a table has no type for is told in words."""
    if isinstance(stated, frozenset | Period | Fraction) or stated is NONE:
        return text
    return stated


def _make_columns(kinds: Mapping[str, Type]) -> tuple[Column, ...]:
    return tuple(Column(key, words.COLUMNS[key], kind) for key, kind in kinds.items())


def _tell_outcome(outcome: Outcome) -> Wording:
    zh, en = VOCABULARY[f"limits.outcome.{outcome}"]
    return Wording(zh, en)
