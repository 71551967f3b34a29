"""Comes in: a table, a ruleset and values to try. Goes out: a reform at any of them, at once.

The table is read once and decided once as the ruleset stands; each move decides it once more. In a
notebook the values are sliders (extra ``notebook``), and what they come to is shown under them.
Where nothing can be moved, in a saved notebook, the same is shown as it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final, Unpack

from voucher_rules.api.exhausting import Exhausted, exhaust_judged
from voucher_rules.api.population_inputs import Desk, TableOptions, set_up, take_regime
from voucher_rules.api.reforms import Reform
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.wants import BY, RULESET, VALUES
from voucher_rules.arguments import TEXT, check_language, takes
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.checked.symbols import Wording
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.markup import TAGS, escape_text, write
from voucher_rules.explain.population_words import tell
from voucher_rules.whatif.grouping import By, Grouping, list_groupings
from voucher_rules.whatif.reforms import compare_regimes
from voucher_rules.whatif.spending import Judged

NO_EFFECT: Final = "setting-has-no-effect"


@dataclass(frozen=True, slots=True)
class Slider:
    """A parameter, the values it may be moved to, and the one that holds as it stands."""

    name: str
    label: Wording
    values: tuple[str, ...]
    start: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What a reform is held against: a table decided as the ruleset stands, and its money."""

    desk: Desk
    ruleset: Ruleset
    judged: Judged
    groupings: tuple[Grouping, ...]
    pay: Callable[[Judged], Exhausted] | None

    def hold(self, settings: Mapping[str, str]) -> Reform:
        """Decide the table once more with parameters set, and hold it against how it stands."""
        made = amend_gladly(self.ruleset, settings)
        regime = replace(self.judged.regime, ruleset=made)
        after = self.judged
        if made is not self.ruleset:
            after = self.desk.judge(regime, self.judged.table)
        funds = None if self.pay is None else (self.pay(self.judged), self.pay(after))
        return Reform(
            before=self.judged,
            after=after,
            sums=compare_regimes(self.judged, after, self.groupings),
            groupings=self.groupings,
            funds=funds,
        )


@dataclass(frozen=True, eq=False)
class Sliders:
    """Values of parameters to move, and the reform each position comes to.

    In a notebook it shows itself in Chinese; :meth:`show` takes the other language.
    """

    sliders: tuple[Slider, ...]
    stage: Stage = field(repr=False)
    _made: dict[tuple[tuple[str, str], ...], Reform] = field(default_factory=dict, repr=False)

    def at(self, settings: Mapping[str, str] | None = None, /, **named: str) -> Reform:
        """Return the reform that sets these parameters; all others are as they stand.

        Any value may be given, also one no slider has, and any parameter of the ruleset. A position
        asked for again is not decided again. Raises what :meth:`Ruleset.amend` raises.
        """
        chosen = {**(settings or {}), **named}
        starts = {slider.name: slider.start for slider in self.sliders}
        moved = {name: text for name, text in chosen.items() if starts.get(name) != text}
        place = tuple(sorted(moved.items()))
        if place not in self._made:
            self._made[place] = self.stage.hold(moved)
        return self._made[place]

    def show(self, language: str = "zh") -> ShownSliders:
        """Return what a notebook shows in a language, ``zh`` or ``en``: sliders, where it can.

        Raises ValueError for another language.
        """
        check_language(language)
        return ShownSliders(self, language)

    def controls(self, language: str = "zh") -> Any:  # noqa: ANN401 - a widget of another package
        """Return the sliders with what they come to under them, as a widget of ipywidgets.

        Raises ValueError for another language, and :class:`~voucher_rules.InputError` where
        ipywidgets is not installed (extra ``notebook``).
        """
        check_language(language)
        widgets = import_package("ipywidgets", "notebook")
        moved = {item.name: _make_slider(widgets, item, language) for item in self.sliders}
        shown = widgets.HTML(self.tell({}, language))

        def update(_change: object) -> None:
            shown.value = self.tell({name: x.value for name, x in moved.items()}, language)

        for slider in moved.values():
            slider.observe(update, names="value")
        return widgets.VBox([*moved.values(), shown])

    def tell(self, settings: Mapping[str, str], language: str) -> str:
        """Return what a position comes to as HTML; where it makes no ruleset, why not."""
        try:
            return self.at(settings).show(language).html
        except InputError as error:
            return f'<pre lang="{TAGS[language]}">{escape_text(error.render(language))}</pre>'

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return self.show()._repr_mimebundle_(include, exclude)


@dataclass(frozen=True, slots=True)
class ShownSliders:
    """What a notebook shows of sliders: they themselves, and where none can be moved, a page."""

    sliders: Sliders
    language: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        shown = {"text/plain": repr(self), "text/html": self._repr_html_()}
        try:
            live = self.sliders.controls(self.language)
        except InputError:  # without ipywidgets all is shown as it stands
            return shown
        bundle: dict[str, Any] = live._repr_mimebundle_(include=include, exclude=exclude)
        return {**bundle, **shown}

    def _repr_html_(self) -> str:
        lines = [f"<p>{write(line, self.language)}</p>" for line in self._list_lines()]
        shown = self.sliders.tell({}, self.language)
        opening = f'<div class="voucher-rules vr-study" lang="{TAGS[self.language]}">'
        return "\n".join([opening, *lines, "</div>", shown])

    def __repr__(self) -> str:
        return "\n".join([*self._list_lines(), "", self.sliders.at().summary(self.language)])

    def _list_lines(self) -> Iterator[str]:
        for item in self.sliders.sliders:
            marked = [f"[{x}]" if x == item.start else x for x in item.values]
            told = {"name": _name(item, self.language), "values": " · ".join(marked)}
            yield tell(self.language, "slider.values", **told)
        yield tell(self.language, "slider.still")


def _make_slider(widgets: Any, item: Slider, language: str) -> Any:  # noqa: ANN401 - of another package
    """Return a slider that moves from value to value, so that no binary number comes in."""
    return widgets.SelectionSlider(
        options=list(item.values),
        value=item.start,
        description=_name(item, language),
        continuous_update=False,
        style={"description_width": "initial"},
        layout={"width": "min(100%, 36em)"},
    )


def _name(item: Slider, language: str) -> str:
    mark = "（{}）" if language == "zh" else " ({})"
    return item.label.told(language) + mark.replace("{}", item.name)


@takes(ruleset=RULESET, decision=TEXT, values=VALUES, by=BY, arrives=TEXT)
def sliders(  # noqa: PLR0913 - each argument is one thing a reform is studied by
    table: Any,  # noqa: ANN401 - a table of any package
    ruleset: Ruleset,
    decision: str,
    values: Mapping[str, Sequence[str]],
    *,
    by: By = (),
    budget: Decimal | int | str | None = None,
    arrives: str = "",
    **options: Unpack[TableOptions],
) -> Sliders:
    """Decide a table as a ruleset stands, ready to be decided again with parameters moved.

    ``values`` are those each parameter may be moved to, in the order of the slider; where the value
    it has is not among them, it stands first. A ``budget`` is paid out as :func:`reform` does. One
    process decides unless ``jobs`` says otherwise. Raises as :func:`reform` does.
    """
    empty = [name for name, texts in values.items() if not texts]
    if empty or not values:
        told = {"name": ", ".join(empty) or "values"}
        raise InputError([Diagnostic("no-values-to-try", told, path="values")])
    regime = take_regime(ruleset, decision, options)
    made = tuple(_read_slider(ruleset, name, texts) for name, texts in values.items())
    desk = set_up(table, {**options, "jobs": options.get("jobs", 1)})
    judged = desk.judge(regime, desk.read(regime))
    groupings = list_groupings(judged.table, by)
    pay = None
    if budget is not None:
        pay = partial(exhaust_judged, budget=budget, arrives=arrives, groupings=groupings)
    return Sliders(made, Stage(desk, ruleset, judged, groupings, pay))


def _read_slider(ruleset: Ruleset, name: str, texts: Sequence[str]) -> Slider:
    """Return a slider with the value that holds as it stands. Raises :class:`InputError`."""
    values = tuple(dict.fromkeys(texts))
    label, start, before = None, "", ""
    for text in values:
        made = amend_gladly(ruleset, {name: text}).changes[len(ruleset.changes) :]
        if made:
            label, before = made[0].label, made[0].before
        else:
            start = text
        if made and before in values:
            start = before
        if label is not None and start:
            break
    shown = values if start else (before, *values)
    return Slider(name, label or Wording(name, name), shown, start or before)


def amend_gladly(ruleset: Ruleset, settings: Mapping[str, str]) -> Ruleset:
    """Return a ruleset with parameters set; where one has the value already, that is no fault."""
    if not settings:
        return ruleset
    try:
        return ruleset.amend(settings)
    except InputError as error:
        idle = {item.path for item in error.diagnostics if item.code == NO_EFFECT}
        rest = {name: text for name, text in settings.items() if name not in idle}
        if len(rest) == len(settings) or any(x.code != NO_EFFECT for x in error.diagnostics):
            raise
    return amend_gladly(ruleset, rest)
