"""Comes in: a lot whose columns are judged. Goes out: the statements that decide it, law by law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.results.columns import ROW
from voucher_rules.batch.sql.dialects import DUCKDB, Speech
from voucher_rules.batch.sql.results import write_nothing, write_open, write_results
from voucher_rules.batch.sql.typed import Typed
from voucher_rules.compiled.build import stretches_of
from voucher_rules.compiled.nodes import Kernel, NotLoweredError
from voucher_rules.compiled.sql_code import Keys, SqlCode, SqlParts, write_sql
from voucher_rules.compiled.sql_inputs import Known, list_items
from voucher_rules.compiled.sql_layers import PREFIX
from voucher_rules.compiled.verdict import prepare

_ALL: Final = "\nUNION ALL\n"


@dataclass(frozen=True, slots=True)
class LotText:
    """The statements of a lot: what every row has, and what is open of those that are decided.

    ``opened`` is empty where nothing can be open of a row that a kernel decides. Both read
    ``steps``, which are made before them in their order, each under its name.
    """

    results: str
    opened: str = ""
    steps: tuple[tuple[str, str], ...] = ()


def _order(text: str) -> str:
    """Return a statement whose rows are in their order; others may be added to it."""
    return f"SELECT * FROM (SELECT * FROM (\n{text}\n) AS told ORDER BY {ROW}) AS sorted"


@dataclass(frozen=True, slots=True)
class LotWriter:
    """Writes the statements of one lot, a relation called ``lot``; ``number`` numbers its rows."""

    job: Job
    speech: Speech
    lot: str
    number: str

    def write_nothing(self) -> LotText:
        """Return the statement that leaves every row of the lot."""
        rows = self._hand_on({}, ())
        return LotText(write_nothing(self.job.program, rows, self._keys, self.speech))

    def write(self, typed: Typed) -> LotText:
        """Return the statements that decide what kernels can."""
        program = self.job.program
        relation = self._hand_on(typed.columns, typed.joins)
        parts, opened = [], []
        steps: list[tuple[str, str]] = []
        for at, (rows, kernel) in enumerate(self._list_kernels(typed, relation)):
            code = self._write_kernel(kernel, rows, typed, f"{at}_" if self.speech.stepwise else "")
            if code and self._is_read_again(code):
                found = f"{PREFIX}found_{at}"
                pieces = code.parts or SqlParts((), code.text)
                steps += [*pieces.steps, (found, pieces.last)]
                code = replace(code, text=f"SELECT * FROM {found}", parts=None)
            if code is None:
                parts.append(write_nothing(program, rows, self._keys, self.speech))
            else:
                parts.append(write_results(program, code, self._keys, self.speech))
                opened.append(write_open(program, code, self._keys, self.speech))
        made = (_ALL.join(parts), _ALL.join(filter(None, opened)))
        # rows come law by law; where answers of lists are joined to them, in any order, which is
        # that of Spark's rows anyway
        mixed = self.speech is DUCKDB and (typed.lists or len(parts) > 1)
        results, rest = (_order(text) if mixed and text else text for text in made)
        return LotText(results, rest, tuple(steps))

    def _is_read_again(self, code: SqlCode) -> bool:
        """Return whether what is found is made a table first, for several statements to read.

        A test on what is found would be worked into all that it is made of: of a large decision
        that takes an engine which does so more memory than there is.
        """
        if not self.speech.stepwise:
            return False
        return bool(code.parts or write_open(self.job.program, code, self._keys, self.speech))

    @property
    def _keys(self) -> Mapping[str, str]:
        """What keys are called until the end, where no name of theirs can be taken for another."""
        return {f"key_{at}": key for at, key in enumerate(self.job.keys)}

    def _hand_on(self, columns: Mapping[str, str], joins: Sequence[str]) -> str:
        quote = self.speech.quote
        listed = [f"{self.number} AS {ROW}"]
        listed += [f"lot.{quote(name)} AS {quote(key)}" for key, name in self._keys.items()]
        listed += [f"{text} AS {quote(name)}" for name, text in columns.items()]
        return f"(SELECT {', '.join(listed)} FROM {' '.join([self.lot, *joins])}) AS cases"

    def _list_kernels(
        self, typed: Typed, relation: str
    ) -> Iterator[tuple[str, Kernel | NotLoweredError | None]]:
        """Yield the rows of each law there may be a day of, with its kernel."""
        program = self.job.program
        day = self.speech.quote(program.decision.as_of)
        decider = prepare(program, self.job.options, decisive=True)
        stretches = _list_stretches(typed, stretches_of(program))
        for at, (first, last) in enumerate(stretches):
            tests = [f"{day} >= DATE '{first.isoformat()}'"] if at else []
            if at < len(stretches) - 1:
                tests.append(f"{day} <= DATE '{last.isoformat()}'")
            where = " AND ".join(tests)
            if not at and where:
                where = f"{day} IS NULL OR {where}"
            rows = f"(SELECT * FROM {relation} WHERE {where}) AS cases" if where else relation
            yield (
                rows,
                decider.find_kernel(first.toordinal(), typed.denominators, lenient=True),
            )

    def _write_kernel(
        self, kernel: Kernel | NotLoweredError | None, relation: str, typed: Typed, mark: str
    ) -> SqlCode | None:
        """Return the statement of a kernel; None where there is none."""
        if not isinstance(kernel, Kernel):
            return None
        names = frozenset(item.name for item in list_items(kernel))
        known = Known(frozenset(typed.filled), frozenset(typed.absent), names, agreed=True)
        keys = Keys((ROW, *self._keys), (ROW,))
        dialect, lists = self.speech.dialect, typed.lists
        try:
            return write_sql(
                kernel, dialect, relation, keys, known, lists=lists, coded=True, mark=mark
            )
        except NotLoweredError:
            return None


def _list_stretches(
    typed: Typed, stretches: Sequence[tuple[date, date]]
) -> Sequence[tuple[date, date]]:
    """Return the stretches of one law that a row may lie in; at least one."""
    if not typed.days:
        return stretches[:1]
    low, high = (date.fromordinal(x) for x in (min(typed.days), max(typed.days)))
    return [x for x in stretches if x[0] <= high and low <= x[1]] or stretches[:1]
