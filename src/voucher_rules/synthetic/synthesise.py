"""Comes in: a ruleset, a decision and how many. Goes out: that many invented cases, a study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from voucher_rules.batch.reading.frames import make_frame
from voucher_rules.checked.symbols import Input, Wording
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
from voucher_rules.synthetic.keeping import Kept
from voucher_rules.synthetic.marginals import Point
from voucher_rules.synthetic.measure import measure_spreads, tell_value, write_cell
from voucher_rules.synthetic.pictures import Invented, draw_invented
from voucher_rules.synthetic.read_marginals import Stated, read_stated
from voucher_rules.synthetic.rows import Recipe, Row, iterate_rows, list_ties, state_row
from voucher_rules.values.model import NONE, Period, Value

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
        kept = Kept(self._stated.single, self._stated.joint)
        return find_boundaries(self.program, self._defaults.good, rows, kept, fixed=fixed)

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
            departing = sum(1 for item in self.boundaries.found if item.departs)
            if departing:
                yield words.DEPARTING.fill(language, count=departing)

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
            (
                str(self.count + number),
                item.about,
                words.SIDES.get(item.side, item.side),
                ", ".join(item.departs),
            )
            for number, item in enumerate(self.boundaries.found, start=1)
        ]
        found += [
            (words.MISSED, site.id, words.SIDES[side], "") for site, side in self.boundaries.missed
        ]
        kinds = dict.fromkeys(("row", "about", "side", "departs"), TEXT)
        return Sheet("boundaries", words.BOUNDARIES, _make_columns(kinds), tuple(found))

    def to_rows(
        self, sheet: str = "", language: str = "zh", *, labelled: bool = False
    ) -> list[dict[str, Any]]:
        """Return the cases as rows of plain values, or a sheet by its name.

        Each goes into :meth:`Ruleset.decide` as it is, and all of them into a study: what a row
        says nothing of has no key, what does not exist is ``"none"``, and the members of a set
        are a list. ``labelled`` adds a key that says they are invented,
        which a decision does not know.
        """
        if sheet:
            return super().to_rows(sheet, language)
        extra = {"invented": True} if labelled else {}
        return [{**self._make_plain(row), **extra} for row in self.iterate_values()]

    def _make_plain(self, row: Row) -> dict[str, Any]:
        facts = state_row(self.program, row)
        return {
            name: _make_plain(facts[name], row[name], item)
            for name, item in self.program.inputs.items()
            if name in facts
        }

    def _write_mixed(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write a column as text where ``none`` stands among days or amounts: it has one type."""
        values = list(self.iterate_values())
        for name, item in self.program.inputs.items():
            if _is_mixed(row[name] for row in rows):
                for cells, row in zip(rows, values, strict=True):
                    cells[name] = write_cell(row[name], item) if name in row else None

    def to_frame(
        self,
        sheet: str = "",
        kind: str = "pandas",
        language: str = "zh",
        *,
        labelled: bool = False,
    ) -> Any:  # noqa: ANN401 - a table of another package
        """Return the cases as a table, or a sheet by its name; see :meth:`to_rows`.

        What a row says nothing of is an empty cell, which studies of tables take for unknown; the
        members of a set stand in one cell, as ``[a, b]``.
        """
        if sheet:
            return super().to_frame(sheet, kind, language)
        columns = [*self.program.inputs, *(["invented"] if labelled else [])]
        rows = [
            dict.fromkeys(columns) | {name: _make_cell(x) for name, x in row.items()}
            for row in self.to_rows(labelled=labelled)
        ]
        if kind != "pandas":
            self._write_mixed(rows)
        return make_frame(columns, rows, kind)


def _is_mixed(cells: Iterable[object]) -> bool:
    """Return whether texts stand among cells of another type."""
    return len({isinstance(cell, str) for cell in cells if cell is not None}) > 1


def _make_plain(stated: Any, value: Value, declared: Input) -> Any:  # noqa: ANN401 - of any type a fact has
    """Return a fact as plain data: what has no type of its own there is told in words."""
    if isinstance(stated, frozenset):
        return [option for option in declared.type.options if option in stated]
    if isinstance(stated, Period | Fraction) or stated is NONE:
        return tell_value(value, declared)
    return stated


def _make_cell(plain: Any) -> Any:  # noqa: ANN401 - of any type a fact has
    """Return plain data as a cell of a table; the members of a set in brackets."""
    members = isinstance(plain, list) and all(isinstance(x, str) for x in plain)
    return f"[{', '.join(plain)}]" if members else plain


def _make_columns(kinds: Mapping[str, Type]) -> tuple[Column, ...]:
    return tuple(Column(key, words.COLUMNS[key], kind) for key, kind in kinds.items())


def _tell_outcome(outcome: Outcome) -> Wording:
    zh, en = VOCABULARY[f"limits.outcome.{outcome}"]
    return Wording(zh, en)
