"""Comes in: balances that are added up together. Goes out: their steps, and who asks for them.

A step is by how much a balance changes at a moment, apart for each of whom it is and each period.
Steps and cases stand in one relation, in the order of time; the sum up to a case is its balance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voucher_rules.checked.histories import Balance, Measure
from voucher_rules.compiled.history_cases import CALENDAR, Asked, number_period
from voucher_rules.compiled.history_plan import Form, Planned
from voucher_rules.compiled.history_text import Speech, all_of, nest, select
from voucher_rules.compiled.history_things import ORDER, Things
from voucher_rules.language.types import Type


@dataclass(frozen=True, slots=True)
class Stage:
    """Balances of one lifecycle that agree in whose they are and in their days."""

    number: int
    planned: tuple[Planned, ...]
    asked: Asked
    things: Things
    types: Mapping[str, Type]

    @property
    def speech(self) -> Speech:
        """How the engine is spoken to."""
        return self.things.speech

    @property
    def form(self) -> Form:
        """How the steps are made."""
        return self.planned[0].form

    @property
    def balance(self) -> Balance:
        """The first of its balances, with which all agree in whose and when."""
        return self.planned[0].balance

    @property
    def steps(self) -> str:
        """The query of the steps."""
        return f"vr_steps_{self.number}"

    def list_keys(self) -> list[str]:
        """Return the columns by which steps and cases stand apart: whose, then which days."""
        return [f"vr_q{at}" for at in range(len(self.asked.whose))] + self.list_days()

    def list_days(self) -> list[str]:
        """Return the columns of which days."""
        return [f"vr_p{at}" for at in range(len(self.asked.days))]

    def list_changes(self) -> list[str]:
        """Return the columns of what changes."""
        count = 2 if self.form is Form.DAYS else len(self.planned)
        return [f"vr_n{at}" for at in range(count)]

    # -- steps -----------------------------------------------------------------------------------

    def write_steps(self) -> str:
        """Return the steps: whose, of which days, when, of which thing, and how much."""
        match self.form:
            case Form.AMOUNTS:
                changes = [self._change(self._tell_value(x.balance)) for x in self.planned]
                return self._place(changes, ())
            case Form.ENTERED:
                came = f"vr_i{self.things.numbers[self.balance.dated_by]}"
                return self._place([came], ())
            case Form.VALUES:
                return self._write_values()
            case Form.DAYS:
                return self._write_days()

    def _list_whose(self) -> list[str]:
        return [self.things.tell_key(name) for name in self.balance.per]

    def _counts(self, balance: Balance) -> str:
        """Return whether a thing is one that counts: whose it is and its day are known."""
        tests = [f"{key} IS NOT NULL" for key in self._list_whose() if key != "vr_thing"]
        if self.asked.days and balance.dated_by:
            tests.append(f"{self.things.tell_day(balance.dated_by)} IS NOT NULL")
        return all_of(tests)

    def _tell_value(self, balance: Balance) -> str:
        value = self.things.tell_amount(balance.states)
        if balance.measure is not Measure.SUM:
            value = f"CASE WHEN {self.things.is_in(balance.states)} THEN 1 ELSE 0 END"
        return f"CASE WHEN {self._counts(balance)} THEN {value} ELSE 0 END"

    def _change(self, value: str) -> str:
        return f"{value} - COALESCE(LAG({value}) {ORDER}, 0)"

    def _place(self, changes: Sequence[str], others: Sequence[tuple[str, str]]) -> str:
        """Return changes with whose they are and which days they fall into.

        ``others`` are columns that go along.
        """
        whose = self._list_whose()
        names = [f"vr_n{at}" for at in range(len(changes))]
        columns = [f"{text} AS vr_q{at}" for at, text in enumerate(whose)]
        if self.asked.days:
            columns.append(f"{self.things.tell_day(self.balance.dated_by)} AS vr_day")
        columns += ["vr_at AS vr_t", "vr_thing AS vr_w"]
        columns += [f"{text} AS {name}" for text, name in others]
        columns += [f"{text} AS {name}" for text, name in zip(changes, names, strict=True)]
        rows = nest(select(columns, self.things.table), self.speech.dialect.fence)
        moves = " OR ".join(f"{name} <> 0" for name in names)
        kept = ["vr_t", "vr_w", *(name for _, name in others), *names]
        return self._fall(rows, kept, f"({moves})")

    def _fall(self, rows: str, kept: Sequence[str], where: str) -> str:
        """Return rows with the days they fall into: a period, or each span that is asked for."""
        whose = [f"vr_q{at}" for at in range(len(self.asked.whose))]
        known = [f"{key} IS NOT NULL" for key in whose]
        days = self.list_days()
        if not days:
            return select([*whose, *kept], rows, all_of([*known, where]))
        where = all_of([*known, "vr_day IS NOT NULL", where])
        kind = self.balance.within.kind
        if kind in CALENDAR:
            return select(
                [*whose, f"{number_period(kind, 'vr_day')} AS {days[0]}", *kept], rows, where
            )
        listed = [*self.asked.whose, *self.asked.days]
        names = [*(f"vr_a{at}" for at in range(len(whose))), *days]
        spans = select(
            [f"{text} AS {name}" for text, name in zip(listed, names, strict=True)],
            "vr_cases",
            all_of(f"{column} IS NOT NULL" for column in listed),
        ).replace("SELECT", "SELECT DISTINCT", 1)
        alike = [f"vr_a{at} = vr_q{at}" for at in range(len(whose))]
        number = self.speech.number("vr_day")
        within = all_of([*alike, f"{number} BETWEEN {days[0]} AND {days[1]}"])
        joined = f"{rows}\nJOIN (\n{spans}\n) AS vr_spans ON {within}"
        return select([*whose, *days, *kept], joined, where)

    def _write_values(self) -> str:
        """Return the steps of how many different values there are, or of which options."""
        balance = self.balance
        value = self.things.tell_key(balance.of)
        change = self._change(
            f"CASE WHEN {self._counts(balance)} AND {value} IS NOT NULL"
            f" AND {self.things.is_in(balance.states)} THEN 1 ELSE 0 END"
        )
        placed = self._place([change], [(value, "vr_value")])
        keys = [*self.list_keys(), "vr_value"]
        listed = ", ".join([*keys, "vr_t"])
        once = select([*keys, "vr_t", "SUM(vr_n0) AS vr_by"], self._nest(placed))
        once = f"{once}\nGROUP BY {listed}"
        apart = ", ".join(keys)
        there = f"SUM(vr_by) OVER (PARTITION BY {apart} ORDER BY vr_t) AS vr_there"
        rows = self._nest(select([*keys, "vr_t", "vr_by", there], self._nest(once)))
        now, before = "vr_there > 0", "vr_there - vr_by > 0"
        weight = self._weigh(balance)
        step = " - ".join(f"CASE WHEN {x} THEN {weight} ELSE 0 END" for x in (now, before))
        none = f"CAST(NULL AS {self.speech.dialect.text}) AS vr_w"
        return select([*self.list_keys(), "vr_t", none, f"{step} AS vr_n0"], rows)

    def _weigh(self, balance: Balance) -> str:
        if balance.measure is Measure.DISTINCT:
            return "1"
        options = self.types[balance.name].options
        whens = [f"WHEN {self.speech.text(x)} THEN {1 << at}" for at, x in enumerate(options)]
        return f"CAST(CASE vr_value {' '.join(whens)} END AS BIGINT)"

    def _write_days(self) -> str:
        """Return the steps of the first or last day, as its number, and of whether there is one."""
        balance, keys = self.balance, self.list_keys()
        number = self.speech.number(self.things.tell_day(balance.of))
        counts = f"{self._counts(balance)} AND {self.things.is_in(balance.states)}"
        others = [
            (f"LEAD(vr_at) {ORDER}", "vr_until"),
            (f"CASE WHEN {counts} THEN {number} END", "vr_value"),
        ]
        rows = nest(self._list_runs(others), self.speech.dialect.fence)
        runs = self._fall(rows, ["vr_t", "vr_until", "vr_value"], "vr_value IS NOT NULL")
        points = "\nUNION\n".join(
            select([*keys, f"{x} AS vr_t"], self._nest(runs), f"{x} IS NOT NULL")
            for x in ("vr_t", "vr_until")
        )
        alike = all_of(
            [
                *(f"point.{key} = run.{key}" for key in keys),
                "run.vr_t <= point.vr_t",
                "(run.vr_until IS NULL OR point.vr_t < run.vr_until)",
            ]
        )
        end = "MAX" if balance.measure is Measure.LAST else "MIN"
        listed = [*(f"point.{key}" for key in keys), "point.vr_t"]
        found = select(
            [*listed, f"{end}(run.vr_value) AS vr_value"],
            f"(\n{points}\n) AS point\nLEFT JOIN (\n{runs}\n) AS run ON {alike}",
        )
        found = f"{found}\nGROUP BY {', '.join(listed)}"
        apart = f"PARTITION BY {', '.join(keys)} " if keys else ""
        before = f"OVER ({apart}ORDER BY vr_t)"
        value, there = "COALESCE(vr_value, 0)", "CASE WHEN vr_value IS NULL THEN 0 ELSE 1 END"
        steps = [
            f"{x} - COALESCE(LAG({x}) {before}, 0) AS vr_n{at}"
            for at, x in enumerate((value, there))
        ]
        none = f"CAST(NULL AS {self.speech.dialect.text}) AS vr_w"
        return select([*keys, "vr_t", none, *steps], self._nest(found))

    def _list_runs(self, others: Sequence[tuple[str, str]]) -> str:
        """Return what stands after each event, until the next of the same thing."""
        columns = [f"{text} AS vr_q{at}" for at, text in enumerate(self._list_whose())]
        if self.asked.days:
            columns.append(f"{self.things.tell_day(self.balance.dated_by)} AS vr_day")
        columns += ["vr_at AS vr_t", *(f"{text} AS {name}" for text, name in others)]
        return select(columns, self.things.table)

    def _nest(self, text: str) -> str:
        return nest(text, self.speech.dialect.fence)

    # -- cases, and what they are told -----------------------------------------------------------

    def write_cases(self, keys: Sequence[str]) -> str:
        """Return the cases as this stage asks of them."""
        asked = [*self.asked.whose, *self.asked.days]
        named = [f"{x} AS {key}" for x, key in zip(asked, self.list_keys(), strict=True)]
        other = self.asked.otherwise
        number = self.speech.number(other) if other else "CAST(NULL AS BIGINT)"
        known = all_of(["vr_t IS NOT NULL", *(f"{x} IS NOT NULL" for x in asked)])
        columns = [*keys, "vr_t", "vr_w", *named, f"{number} AS vr_x", f"{known} AS vr_known"]
        return select(columns, "vr_cases")

    def list_told(self) -> Iterator[tuple[str, str]]:
        """Yield the columns that tell the balances, as whole numbers, each with its name."""
        for at, planned in enumerate(self.planned):
            value = f"vr_all{at}"
            if planned.balance.others_only:
                value = f"vr_all{at} - vr_own{at}"
            if self.form is Form.DAYS:
                yield self.tell(at) + "_none", "CASE WHEN vr_known THEN vr_all1 END"
                value = "CASE WHEN vr_all1 > 0 THEN vr_all0 ELSE vr_x END"
            yield self.tell(at), f"CASE WHEN vr_known THEN {value} END"

    def tell(self, at: int) -> str:
        """Return the column that tells the ``at``-th balance."""
        return f"vr_b{self.number}_{at}"
