"""Comes in: a lifecycle and the events that count. Goes out: what stood after each of them.

A thing that is never split is in the state its last event led to. Else what is in a state runs like
the level of a tank: what enters adds to it, what leaves never takes more than there is, so that the
level is its sum less the lowest that sum ever was below zero. States are worked out in an order in
which each stands after those it is come to from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from voucher_rules.checked.histories import Carried, Transition
from voucher_rules.compiled.history_flow import Flow
from voucher_rules.compiled.history_text import Speech, add_up, all_of, nest, select
from voucher_rules.language.types import Kind

ORDER = "OVER (PARTITION BY vr_thing ORDER BY vr_at, vr_rank)"
"""The life of a thing, up to an event."""
_WHOLE = "OVER (PARTITION BY vr_thing)"


@dataclass(slots=True)
class Things:
    """Writes the lives of the things of one lifecycle.

    ``carried`` are the columns of what they carry that is read, ``entered`` the states whose day is.
    """

    speech: Speech
    flow: Flow
    minutes: int
    carried: Mapping[str, int]
    entered: Sequence[str]
    kept: Collection[str]
    """The states of which it matters how much is in them."""
    numbers: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = {state: at for at, state in enumerate(self.flow.lifecycle.states)}

    # -- what other queries read -----------------------------------------------------------------

    def list_columns(self) -> list[str]:
        """Return the columns there are after each event."""
        levels = [f"vr_h{self.numbers[x]}" for x in self.kept] if self.flow.in_parts else []
        came = [f"vr_i{self.numbers[x]}" for x in self.kept] if self.flow.in_parts else []
        return [
            *("vr_seq", "vr_thing", "vr_at", "vr_rank", "vr_event", "vr_face", "vr_fits"),
            *(f"vr_k{at}" for at in self.carried.values()),
            *(f"vr_y{self.numbers[state]}" for state in self.entered),
            *levels,
            *came,
        ]

    def tell_amount(self, states: Sequence[str]) -> str:
        """Return how much of a thing is in some states."""
        if self.flow.in_parts:
            return add_up(f"vr_h{self.numbers[state]}" for state in states)
        return f"CASE WHEN {self.is_in(states)} THEN vr_face ELSE 0 END"

    def is_in(self, states: Sequence[str]) -> str:
        """Return whether anything of a thing is in some states."""
        if self.flow.in_parts:
            return f"{self.tell_amount(states)} > 0"
        led = [way.name for way in self.flow.ways if way.target in states]
        return self.speech.is_one_of("vr_event", led)

    def tell_day(self, name: str) -> str:
        """Return the day a thing entered a state, or one that it carries."""
        if name in self.numbers:
            return f"vr_y{self.numbers[name]}"
        return f"CAST(vr_k{self.carried[name]} AS DATE)"

    def tell_key(self, name: str) -> str:
        """Return what a thing carries, or its own name."""
        return "vr_thing" if name == self.flow.lifecycle.name else f"vr_k{self.carried[name]}"

    # -- the layers ------------------------------------------------------------------------------

    def write(self) -> str:
        """Return the query of the lives."""
        text = select(
            ["*", *self._list_first()],
            "vr_standing",
            f"vr_lifecycle = {self.speech.text(self.flow.lifecycle.name)}",
        )
        if self.flow.in_parts:
            for states in self.flow.list_levels():
                for columns in self._list_layers(states):
                    text = select(["*", *columns], self._nest(text))
        text = select(["*", f"{self._tell_fit()} AS vr_fits"], self._nest(text))
        return select(self.list_columns(), self._nest(text))

    def _nest(self, text: str) -> str:
        return nest(text, self.speech.dialect.fence)

    def _list_first(self) -> Iterator[str]:
        opens = [way.name for way in self.flow.ways if not way.sources]
        is_first = self.speech.is_one_of("vr_event", opens)
        yield f"ROW_NUMBER() {ORDER} AS vr_place"
        yield f"MAX(CASE WHEN {is_first} THEN vr_amount END) {_WHOLE} AS vr_face"
        yield f"LAG(vr_event) {ORDER} AS vr_before"
        for at in self.carried.values():
            yield f"MAX(vr_c{at}) {ORDER} AS vr_k{at}"
            yield f"MIN(vr_c{at}) {_WHOLE} AS vr_l{at}"
            yield f"MAX(vr_c{at}) {_WHOLE} AS vr_m{at}"
        for state in self.entered:
            led = [way.name for way in self.flow.list_into(state)]
            day = self.speech.day("vr_at", self.minutes)
            into = self.speech.is_one_of("vr_event", led)
            yield f"MAX(CASE WHEN {into} THEN {day} END) {ORDER} AS vr_y{self.numbers[state]}"

    def _list_layers(self, states: Sequence[str]) -> Iterator[list[str]]:
        """Yield the layers for the states of one level, each reading the one before."""
        left = [state for state in states if self.flow.list_out(state)]
        ends = [state for state in states if state not in left and state in self.kept]
        if not left and not ends:
            return
        at = self.numbers
        yield [f"{self._tell_coming(x)} AS vr_i{at[x]}" for x in (*left, *ends)]
        yield [
            *(
                f"CAST(SUM(vr_i{at[x]} - {self._tell_leaving(x)}) {ORDER} AS BIGINT) AS vr_s{at[x]}"
                for x in left
            ),
            *(f"CAST(SUM(vr_i{at[x]}) {ORDER} AS BIGINT) AS vr_h{at[x]}" for x in ends),
        ]
        if left:
            yield [
                f"vr_s{at[x]} - LEAST(0, MIN(vr_s{at[x]}) {ORDER}) AS vr_h{at[x]}" for x in left
            ]
            yield [
                f"COALESCE(LAG(vr_h{at[x]}) {ORDER}, 0) + vr_i{at[x]} - vr_h{at[x]} AS vr_o{at[x]}"
                for x in left
            ]

    def _tell_moved(self, way: Transition) -> str:
        """Return how much an event took from the states it leaves."""
        return f"({add_up(f'vr_o{self.numbers[state]}' for state in way.sources)})"

    def _tell_coming(self, state: str) -> str:
        """Return how much an event brings into a state."""
        whens = []
        for way in self.flow.list_into(state):
            moved = self._tell_moved(way) if way.sources else "vr_amount"
            if way.rest and way.target == state:
                moved = f"COALESCE(vr_amount, {moved})"
            elif way.rest:
                moved = f"{moved} - COALESCE(vr_amount, {moved})"
            whens.append(f"WHEN {self.speech.text(way.name)} THEN {moved}")
        return f"CASE vr_event {' '.join(whens)} ELSE 0 END" if whens else "0"

    def _tell_leaving(self, state: str) -> str:
        """Return how much an event would take from a state, if so much is there."""
        whens = []
        for way in self.flow.list_out(state):
            asked = "COALESCE(vr_amount, vr_face)" if way.partial and not way.rest else "vr_face"
            whens.append(f"WHEN {self.speech.text(way.name)} THEN {asked}")
        here = f"vr_source IN ('', {self.speech.text(state)})"
        return f"CASE WHEN {here} THEN CASE vr_event {' '.join(whens)} ELSE 0 END ELSE 0 END"

    # -- what a ledger would refuse --------------------------------------------------------------

    def _tell_fit(self) -> str:
        """Return whether the lifecycle allows an event where it stands."""
        tests = ["vr_rank IS NOT NULL", "vr_at IS NOT NULL", self.speech.is_tidy("vr_thing")]
        tests.append("vr_thing <> ''")
        for name, at in self.carried.items():
            tests.append(self._fits_carried(name, at))
        whens = [
            f"WHEN {self.speech.text(way.name)} THEN {self._fits_way(way)}" for way in self.flow.ways
        ]
        tests.append(f"CASE vr_event {' '.join(whens)} ELSE FALSE END")
        return f"({all_of(tests)})"

    def _fits_carried(self, name: str, at: int) -> str:
        """Return whether a thing carries one thing under a name, from the first unless it may not."""
        lifecycle = self.flow.lifecycle
        carried = lifecycle.carries[name]
        may_lack = bool(carried.fact) or name in lifecycle.list_set_later()
        lacks = f"vr_m{at} IS NULL"
        told = f"(vr_l{at} = vr_m{at} AND {self._fits_text(carried, f'vr_m{at}')})"
        return f"({lacks} OR {told})" if may_lack else f"(vr_k{at} IS NOT NULL AND {told})"

    def _fits_text(self, carried: Carried, column: str) -> str:
        if carried.type.kind is Kind.CHOICE:
            return self.speech.is_one_of(column, carried.type.options)
        return self.speech.is_tidy(column)

    def _fits_way(self, way: Transition) -> str:
        money = bool(self.flow.lifecycle.currency)
        if not way.sources:
            return f"vr_place = 1 AND {'vr_amount > 0' if money else 'vr_amount IS NULL'}"
        source = self.speech.is_one_of("vr_source", ("", *way.sources))
        if self.flow.in_parts:
            return f"vr_place > 1 AND {source} AND {self._fits_parts(way)}"
        whens = [
            f"WHEN {self.speech.text(x.name)} THEN {self.speech.text(x.target)}"
            for x in self.flow.ways
            if x.target in way.sources
        ]
        stood = f"CASE vr_before {' '.join(whens)} END" if whens else "NULL"
        all_there = "(vr_amount IS NULL OR vr_amount = vr_face)" if money else "vr_amount IS NULL"
        return f"{stood} IN ({self.speech.texts(way.sources)}) AND {source} AND ({stood} = vr_source OR vr_source = '') AND {all_there}"

    def _fits_parts(self, way: Transition) -> str:
        moved = self._tell_moved(way)
        tests = f"vr_amount = {moved}"
        if way.rest:
            stood = add_up(
                f"CASE WHEN vr_o{self.numbers[x]} > 0 THEN 1 ELSE 0 END" for x in way.sources
            )
            tests += f" OR (vr_amount > 0 AND vr_amount < {moved} AND {stood} = 1)"
        return f"{moved} > 0 AND (vr_amount IS NULL OR {tests})"
