"""Comes in: the columns of records in SQL. Goes out: them as the fields that a kernel reads.

They are judged as columns of facts are. A record with a cell that is refused is odd, and so is a
row that has one: all that its records are is then for the usual door to tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.batch.results.columns import ROW
from voucher_rules.batch.sql.judging import SqlDoor
from voucher_rules.batch.sql.typed import Typed
from voucher_rules.checked.symbols import Input
from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.facts import Judge
from voucher_rules.compiled.inputs import make_list
from voucher_rules.compiled.nodes import KernelInput
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.program.build import Program

ODD: Final = "odd"
HELD: Final = "held"
_APART: Final = 10_000
"""How far the numbers of tables of cells of one list are from those of another."""


def find_list(program: Program, name: str) -> KernelInput:
    """Return a list as an input, also one that the decision does not read."""
    own = [item for item in list_door_inputs(program) if item.name == name]
    if own:
        return own[0]
    ruleset = program.ruleset
    return make_list(ruleset.lists[name], ruleset.inputs[name], {}, lenient=True)


@dataclass(slots=True, kw_only=True)
class FieldDoor(SqlDoor):
    """Judges the columns of the records of a list, which is one of several at ``place``.

    ``facts`` is the column of each field that has one.
    """

    listed: KernelInput
    place: int

    def list_inputs(self) -> tuple[KernelInput, ...]:
        """Return what the columns are judged as."""
        return self.listed.fields

    def find_declared(self, name: str) -> Input:
        """Return how a field is declared."""
        return self.job.program.ruleset.lists[self.listed.name].fields[name]

    def find_rest(self, item: KernelInput, judge: Judge) -> Any:  # noqa: ANN401, ARG002 - as facts have it
        """Return what a record says that has no cell for a field: nothing."""
        return MISSING

    def name_table(self, item: KernelInput) -> str:
        """Return what the table of the different cells of a field is called."""
        at = [x.name for x in self.listed.fields].index(item.name)
        return f"cells_{_APART * (self.place + 1) + at}"

    def write(self, lot: str, number: str) -> tuple[str, Typed]:
        """Return the statement of the records as kernels read them, and what is known of them.

        ``number`` is the column that tells of a record the number of its row. Raises
        :class:`~voucher_rules.compiled.nodes.NotLoweredError`.
        """
        quote, made = self.engine.speech.quote, Typed()
        ends = self.engine.measure(lot, sorted({*self.facts.values()}))
        self.judge_columns(made, lot, ends)
        listed = [f"lot.{quote(number)} AS {ROW}"]
        listed += [f"{text} AS {quote(name)}" for name, text in made.columns.items()]
        listed += [f"{' OR '.join(made.odd) or 'FALSE'} AS {ODD}"]
        return f"SELECT {', '.join(listed)} FROM {' '.join([lot, *made.joins])}", made

    def write_counts(self, records: str) -> str:
        """Return the statement of how many records rows have, and which rows are odd."""
        odd = f"bool_or({ODD}) OR count(*) > {self.listed.most}"
        return f"SELECT {ROW}, count(*) AS {HELD}, {odd} AS {ODD} FROM {records} GROUP BY {ROW}"
