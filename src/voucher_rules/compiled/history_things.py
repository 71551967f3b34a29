"""Comes in: a lifecycle and the events that count. Goes out: what stood after each of them.

A thing that is never split is in the state its last event led to. Else what is in a state runs like
the level of a tank: what enters adds to it, what leaves never takes more than there is, so that the
level is its sum less the lowest that sum ever was below zero. States are worked out in an order in
which each stands after those it is come to from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from voucher_rules.checked.histories import Transition
from voucher_rules.compiled.history_flow import Flow
from voucher_rules.compiled.history_text import Speech, add_up, all_of, nest, select

ORDER: Final = "OVER (PARTITION BY vr_life ORDER BY vr_place)"
"""The life of a thing, up to an event."""
BEFORE: Final = (
    "OVER (PARTITION BY vr_life ORDER BY vr_place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
)
"""The same without the event."""


@dataclass(slots=True)
class Things:
    """Writes the lives of the things of one lifecycle, the ``number``-th.

    ``carried`` are the columns of what they carry that is read, ``entered`` the states whose day
    is, ``kept`` those of which it matters how much is in them.
    """

    number: int
    speech: Speech
    flow: Flow
    carried: Mapping[str, int]
    entered: Sequence[str]
    kept: Collection[str]
    numbers: Mapping[str, int] = field(init=False)
    """The number of each state; 0 stands for none."""
    codes: Mapping[str, int] = field(init=False)
    """The number of each event."""

    def __post_init__(self) -> None:
        self.numbers = {state: at for at, state in enumerate(self.flow.lifecycle.states, 1)}
        self.codes = {way.name: at for at, way in enumerate(self.flow.ways, 1)}

    # -- what other queries read -----------------------------------------------------------------

    @property
    def table(self) -> str:
        """The query of the lives."""
        return f"vr_lives_{self.number}"

    @property
    def told(self) -> str:
        """The query of what the entries tell, before it is put together."""
        return f"vr_told_{self.number}"

    def tell_amount(self, states: Sequence[str]) -> str:
        """Return how much of a thing is in some states."""
        if self.flow.in_parts:
            return add_up(f"vr_h{self.numbers[state]}" for state in states)
        return f"CASE WHEN {self.is_in(states)} THEN vr_face ELSE 0 END"

    def is_in(self, states: Sequence[str]) -> str:
        """Return whether anything of a thing is in some states."""
        if self.flow.in_parts:
            return f"{self.tell_amount(states)} > 0"
        return self._is_way(way for way in self.flow.ways if way.target in states)

    def tell_day(self, name: str) -> str:
        """Return the day a thing entered a state, or one that it carries."""
        if name in self.numbers:
            return f"vr_y{self.numbers[name]}"
        return f"CAST(vr_k{self.carried[name]} AS DATE)"

    def tell_key(self, name: str) -> str:
        """Return what a thing carries, or its own name."""
        return "vr_thing" if name == self.flow.lifecycle.name else f"vr_k{self.carried[name]}"

    def _is_way(self, ways: Collection[Transition] | Iterator[Transition]) -> str:
        listed = ", ".join(str(self.codes[way.name]) for way in ways)
        return f"vr_way IN ({listed})" if listed else "FALSE"

    # -- the layers ------------------------------------------------------------------------------

    def write(self) -> Iterator[str]:
        """Yield the queries that lead to the lives."""
        yield from self._write_told()
        if self.flow.in_parts:
            slim = ["vr_seq", "vr_life", "vr_place", "vr_way", "vr_from", "vr_amount", "vr_face"]
            text = select(slim, self.told)
            for states in self.flow.list_levels():
                for columns in self._list_layers(states):
                    text = select(["*", *columns], self._nest(text))
            kept = ["vr_seq AS vr_same", *self._list_levels(), f"{self._tell_fit()} AS vr_allowed"]
            yield self.speech.query(f"vr_parts_{self.number}", select(kept, self._nest(text)))
            both = f"{self.told} JOIN vr_parts_{self.number} ON vr_same = vr_seq"
        else:
            before = [f"LAG(vr_way) {ORDER} AS vr_before"]
            text = select(["*", *before], self.told)
            both = self._nest(select(["*", f"{self._tell_fit()} AS vr_allowed"], self._nest(text)))
        columns = [*self._list_told(), *self._list_levels(), "vr_fits AND vr_allowed AS vr_fits"]
        yield self.speech.query(self.table, select(columns, both), once=True)

    def _list_told(self) -> list[str]:
        return [
            *("vr_seq", "vr_thing", "vr_at", "vr_life", "vr_place", "vr_way", "vr_face"),
            *(f"vr_k{at}" for at in self.carried.values()),
            *(f"vr_y{self.numbers[state]}" for state in self.entered),
        ]

    def _list_levels(self) -> list[str]:
        if not self.flow.in_parts:
            return []
        return [f"vr_{x}{self.numbers[state]}" for state in self.kept for x in "hi"]

    def _nest(self, text: str) -> str:
        return nest(text, self.speech.dialect.fence)

    def _write_told(self) -> Iterator[str]:
        """Yield what the entries tell, with numbers for texts that are compared again and again."""
        alike = "PARTITION BY vr_thing"
        order = f"OVER ({alike} ORDER BY vr_at, vr_rank)"
        whole = f"OVER ({alike})"
        columns = ["vr_seq", "vr_thing", "vr_at", "vr_amount", "vr_rank"]
        columns += [self._encode("vr_event", self.codes), self._encode("vr_source", self.numbers)]
        columns += [f"MIN(vr_seq) {whole} AS vr_life", f"ROW_NUMBER() {order} AS vr_place"]
        for at in self.carried.values():
            columns.append(f"MAX(vr_c{at}) {order} AS vr_k{at}")
            columns.append(f"MIN(vr_c{at}) {whole} AS vr_l{at}")
            columns.append(f"MAX(vr_c{at}) {whole} AS vr_m{at}")
        mine = f"vr_lifecycle = {self.speech.text(self.flow.lifecycle.name)}"
        rows = self._nest(select(columns, "vr_standing", mine))
        opens = self._is_way([way for way in self.flow.ways if not way.sources])
        columns = ["vr_seq", "vr_thing", "vr_at", "vr_life", "vr_place", "vr_way", "vr_from"]
        columns += ["vr_amount", f"MAX(CASE WHEN {opens} THEN vr_amount END) {ORDER} AS vr_face"]
        columns += [f"vr_k{at}" for at in self.carried.values()]
        for state in self.entered:
            into = self._is_way(self.flow.list_into(state))
            day = f"MAX(CASE WHEN {into} THEN {self.speech.day('vr_at')} END) {ORDER}"
            columns.append(f"{day} AS vr_y{self.numbers[state]}")
        columns.append(f"{self._fits_told()} AS vr_fits")
        yield self.speech.query(self.told, select(columns, rows), once=True)

    def _encode(self, column: str, codes: Mapping[str, int]) -> str:
        """Return the number of a text; 0 for none, and -1 for one that is not known."""
        whens = " ".join(f"WHEN {self.speech.text(x)} THEN {at}" for x, at in codes.items())
        name = "vr_way" if codes is self.codes else "vr_from"
        return f"CASE {column} WHEN '' THEN 0 {whens} ELSE -1 END AS {name}"

    def _list_layers(self, states: Sequence[str]) -> Iterator[list[str]]:
        """Yield the layers for the states of one level, each reading the one before."""
        left = [state for state in states if self.flow.list_out(state)]
        ends = [state for state in states if state not in left and state in self.kept]
        at = self.numbers
        if left or ends:
            sums = [(x, f"{self._tell_coming(x)} - {self._tell_leaving(x)}") for x in left]
            yield [
                *(f"CAST(SUM({text}) {ORDER} AS BIGINT) AS vr_s{at[x]}" for x, text in sums),
                *(f"{text} AS vr_x{at[x]}" for x, text in sums),
                *(f"{self._tell_coming(x)} AS vr_i{at[x]}" for x in (*left, *ends)),
                *(
                    f"CAST(SUM({self._tell_coming(x)}) {ORDER} AS BIGINT) AS vr_h{at[x]}"
                    for x in ends
                ),
            ]
        if left:
            yield [column for state in left for column in self._level(at[state])]

    def _level(self, at: int) -> Iterator[str]:
        """Yield how much is in a state after an event, and how much the event took from it."""
        now = f"vr_s{at} - LEAST(0, MIN(vr_s{at}) {ORDER})"
        before = f"vr_s{at} - vr_x{at} - LEAST(0, COALESCE(MIN(vr_s{at}) {BEFORE}, 0))"
        yield f"{now} AS vr_h{at}"
        yield f"{before} + vr_i{at} - ({now}) AS vr_o{at}"

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
            whens.append(f"WHEN {self.codes[way.name]} THEN {moved}")
        return f"(CASE vr_way {' '.join(whens)} ELSE 0 END)" if whens else "0"

    def _tell_leaving(self, state: str) -> str:
        """Return how much an event would take from a state, if so much is there."""
        whens = []
        for way in self.flow.list_out(state):
            asked = "COALESCE(vr_amount, vr_face)" if way.partial and not way.rest else "vr_face"
            whens.append(f"WHEN {self.codes[way.name]} THEN {asked}")
        here = f"vr_from IN (0, {self.numbers[state]})"
        return f"(CASE WHEN {here} THEN CASE vr_way {' '.join(whens)} ELSE 0 END ELSE 0 END)"

    # -- what a ledger would refuse --------------------------------------------------------------

    def _fits_told(self) -> str:
        """Return whether an entry can be placed, and tells one thing under each name."""
        tests = ["vr_rank IS NOT NULL", "vr_at IS NOT NULL", self.speech.is_tidy("vr_thing")]
        tests += ["vr_thing <> ''", "vr_way > 0", "vr_from >= 0"]
        lifecycle = self.flow.lifecycle
        later = lifecycle.list_set_later()
        for name, at in self.carried.items():
            carried = lifecycle.carries[name]
            text = self.speech.is_tidy(f"vr_m{at}")
            if carried.type.options:
                text = self.speech.is_one_of(f"vr_m{at}", carried.type.options)
            told = f"vr_l{at} = vr_m{at} AND {text}"
            if carried.fact or name in later:
                tests.append(f"(vr_m{at} IS NULL OR ({told}))")
            else:
                tests.append(f"(vr_k{at} IS NOT NULL AND {told})")
        return f"({all_of(tests)})"

    def _tell_fit(self) -> str:
        """Return whether the lifecycle allows an event where it stands."""
        whens = [
            f"WHEN {self.codes[way.name]} THEN {self._fits_way(way)}" for way in self.flow.ways
        ]
        return f"(CASE vr_way {' '.join(whens)} ELSE FALSE END)"

    def _fits_way(self, way: Transition) -> str:
        money = bool(self.flow.lifecycle.currency)
        if not way.sources:
            return f"vr_place = 1 AND {'vr_amount > 0' if money else 'vr_amount IS NULL'}"
        if self.flow.in_parts:
            return f"vr_place > 1 AND {self._is_from(way.sources)} AND {self._fits_parts(way)}"
        stood = []
        for state in way.sources:
            led = ", ".join(str(self.codes[x.name]) for x in self.flow.list_into(state))
            here = f"vr_from IN (0, {self.numbers[state]})"
            stood.append(f"vr_before IN ({led}) AND {here}")
        all_there = "(vr_amount IS NULL OR vr_amount = vr_face)" if money else "vr_amount IS NULL"
        return f"({' OR '.join(stood)}) AND {all_there}"

    def _is_from(self, states: Sequence[str]) -> str:
        return f"vr_from IN (0, {', '.join(str(self.numbers[x]) for x in states)})"

    def _fits_parts(self, way: Transition) -> str:
        moved = self._tell_moved(way)
        tests = f"vr_amount = {moved}"
        if way.rest:
            stood = add_up(
                f"CASE WHEN vr_o{self.numbers[x]} > 0 THEN 1 ELSE 0 END" for x in way.sources
            )
            tests += f" OR (vr_amount > 0 AND vr_amount < {moved} AND {stood} = 1)"
        return f"{moved} > 0 AND (vr_amount IS NULL OR {tests})"
