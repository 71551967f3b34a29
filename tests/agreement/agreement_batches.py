"""Comes in: drawn cases of one kernel. Goes out: whether all executors give the same of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.util import find_spec
from typing import Any, Final

from agreement_reports import DECISIVE, EVALUATOR, NUMPY, ROWS, TABLES, Order, Report
from answers import (
    MISSTATED,
    UNSURE,
    Answer,
    find_differences,
    find_waiting,
    list_silent,
    take_columns,
    take_rows,
)
from decided_tables import TablesDifferError, hold_tables
from drawn_cases import Array, Cases
from evaluator_share import hold_share
from looks import find_known
from sql_executors import BlankError, SqlExecutor, find_sql_executors
from sql_tables import Tables, make_tables
from told_differences import Place, tell_difference

import voucher_rules as vr
from voucher_rules.batch.numpy.checks import Column
from voucher_rules.batch.numpy.kernel import ColumnKernel
from voucher_rules.batch.numpy.results import UNFIT
from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.nodes import Kernel, NotLoweredError, Op, Shape
from voucher_rules.compiled.python_code import Code
from voucher_rules.compiled.python_names import CODES, Row
from voucher_rules.compiled.sql_inputs import NOTHING, Known, list_items
from voucher_rules.compiled.sql_plan import make_plan
from voucher_rules.decision.law import Options

MOST_GOOD: Final = 200
"""How many cases of a batch that came out well are handed on."""
MOST_DECIDED: Final = 400
MOST_LEFT: Final = 20
"""How many rows of an order become a table: those kernels decide, and those they leave."""
MOST_TOLD: Final = 5
"""How many differences of a batch are told in full; all are counted."""


class Watching(ColumnKernel):
    """A kernel over columns that tells how far each row stands from where comparisons turn."""

    def watch(self) -> None:
        """Keep what comparisons compare."""
        nodes = self.kernel.nodes
        self.compared = {
            number: nodes[number].args
            for number, _, _ in self._plan
            if nodes[number].op is Op.LE and not nodes[number].scope
        }
        inner = {x: nodes[x].args[0] for x, _, _ in self._plan if nodes[x].op is Op.NOT}
        for number, other in inner.items():
            if nodes[other].op is Op.LE and not nodes[other].scope:
                self.compared[number] = nodes[other].args
        self._roots |= {arg for args in self.compared.values() for arg in args}
        self.gaps: dict[int, list[Array]] = {x: [] for x in self.compared}

    def _run_block(self, block: Any, at: slice, held: dict[int, Array], folded: Array) -> None:  # noqa: ANN401
        super()._run_block(block, at, held, folded)
        size = at.stop - at.start
        for number, (left, right) in self.compared.items():
            gap = np.subtract(held[right], held[left], dtype=np.float64)
            self.gaps[number].append(np.broadcast_to(gap, size))

    def name_comparisons(self) -> dict[int, str]:
        """Return each comparison by its rule and place within it."""
        counts: Counter[str] = Counter()
        made = {}
        for number in sorted(self.compared):
            rule = self.kernel.places.get(number, "")
            counts[rule] += 1
            made[number] = f"{rule} {counts[rule]}"
        return made


@dataclass
class Batch:
    """Drawn cases of one kernel, and what every executor gives of them."""

    order: Order
    place: Place
    report: Report
    random: Any
    number: int
    plain: Kernel
    kernel: Kernel
    code: Code
    readings: Mapping[str, str]
    cases: Cases
    rows: list[Row]
    decisive: bool
    """Whether the kernel is asked only what decides, as tables are decided."""
    ruleset: vr.Ruleset | None = None
    """The ruleset, where it stands in a file."""
    near: list[Row] = field(default_factory=list)
    """The rows nearest to where comparisons turn, from both sides."""
    well: list[Row] = field(default_factory=list)
    """Some of the rows that came out best."""

    def run(self, seconds: float) -> None:
        """Run every executor that was asked for on the cases of the batch."""
        report, executors = self.report, self.order.executors
        started = time.process_time()
        found = [self.code.decide(row) for row in self.rows]
        report.spend(ROWS, time.process_time() - started)
        own = take_rows(self.plain, found)
        if self.decisive:
            report.cases[DECISIVE] += len(found)
            own = own.drop_rules(list_silent(self.plain))
        report.cases[ROWS] += len(found)
        report.undecided += int((own.outcome < 0).sum())
        self._tell_mix(own)
        if NUMPY in executors:
            self._run_numpy(own)
        for name in executors:
            if name in find_sql_executors():
                self._run_sql(name, own)
        if TABLES in executors and self.number == 0:
            self._run_tables(own)
        if EVALUATOR in executors and seconds > 0:
            self._run_evaluator(own, seconds)

    # -- the mix ---------------------------------------------------------------------------------

    def _tell_mix(self, own: Answer) -> None:
        report = self.report
        codes, counts = np.unique(own.outcome, return_counts=True)
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            report.outcomes[str(CODES[code]) if code >= 0 else "left to the evaluator"] += count
        best = own.outcome.max(initial=0)
        if best > 1:
            well = np.flatnonzero(own.outcome == best)[:MOST_GOOD].tolist()
            self.well = [self.rows[at] for at in well]
        decided = own.outcome >= 0
        for rule in self.plain.rules:
            asked = rule.decides or not self.decisive
            if asked and rule.aim.name in {"TEST", "SOFT_TEST", "SOFT_LIMIT"}:
                report.rules.add(rule.rule)
                if (own.columns[f"rule {rule.rule}"][decided] == 0).any():
                    report.failed.add(rule.rule)
        for item in self.plain.amounts:
            for bit, (name, _) in enumerate(item.binding):
                report.limits.add(name)
                masks = own.columns[f"{item.output} is bound by {bit // 63}"]
                if (masks >> (bit % 63) & 1).any():
                    report.bound.add(name)

    def _keep_near(self, runner: Watching) -> None:
        """Keep the rows nearest to where comparisons turn, from both sides."""
        report, names = self.report, runner.name_comparisons()
        own = {name: x.default for name, x in self.plain.program.ruleset.readings.items()}
        default = dict(self.readings) == own
        near: set[int] = set()
        for number, parts in runner.gaps.items():
            gaps = np.concatenate(parts)
            for far in (np.where(gaps >= 0, gaps, np.inf), np.where(gaps < 0, -gaps, np.inf)):
                at = int(far.argmin())
                if far[at] < np.inf:
                    near.add(at)
            if default:
                report.comparisons.add(names[number])
                if (gaps == 0).any():
                    report.met.add(names[number])
                if (gaps >= 0).any() and (gaps < 0).any():
                    report.turned.add(names[number])
        self.near = [self.rows[at] for at in sorted(near)]

    # -- executors -------------------------------------------------------------------------------

    def _run_numpy(self, own: Answer) -> None:
        report = self.report
        try:
            runner = Watching(self.kernel)
        except NotLoweredError as error:
            report.leave(NUMPY, str(error), self.cases.count)
            return
        runner.watch()
        started = time.process_time()
        result = runner.run(self.cases.columns, self.cases.count)
        report.spend(NUMPY, time.process_time() - started)
        fit = result.outcome != UNFIT
        told = take_columns(self.kernel, result)
        report.cases[NUMPY] += int(fit.sum())
        if fit.all():
            self._keep_near(runner)
        else:
            report.leave(NUMPY, "numbers may leave int64", int((~fit).sum()))
        found = [(at, name) for at, name in find_differences(own, told) if fit[at]]
        self._tell(NUMPY, own, told, found)
        self._refuse_outside(runner)

    def _refuse_outside(self, runner: ColumnKernel) -> None:
        """See that a column with one value beyond its bounds is refused."""
        items = [
            x for x in self.kernel.inputs if x.shape not in (Shape.BOOL, Shape.TEXT, Shape.LIST)
        ]
        for item in items:
            column = self.cases.columns[item.name]
            assert isinstance(column, Column)
            size = item.denominator or 1
            for wrong in (item.low * size - 1, item.high * size + 1):
                if not -(2**63) <= wrong < 2**63:
                    continue
                one = dict(self.cases.pick(np.array([0])).columns)
                one[item.name] = Column(np.array([wrong]))
                try:
                    runner.run(one, 1)
                except ValueError:
                    continue
                self._note(f"{NUMPY}: {item.name} takes {wrong}, which is out of its bounds")

    def _run_sql(self, name: str, own: Answer) -> None:
        report = self.report
        try:
            told = self._decide_tables(find_sql_executors()[name]())
        except NotLoweredError as error:
            report.leave(name, str(error), self.cases.count)
            return
        except BlankError as error:
            self._note(f"{name}: {error} is not null where no outcome is told")
            return
        broken = self._tables[1].broken
        waiting = find_waiting(own, self.plain)
        expected = own.blank(waiting | broken)
        expected.columns[UNSURE] = own.columns[UNSURE] | waiting | broken
        expected.columns[MISSTATED] = own.columns[MISSTATED] & ~broken
        told.columns[MISSTATED] = told.columns[MISSTATED] & ~expected.columns[UNSURE]
        told.columns[UNSURE] = told.columns[UNSURE] & ~expected.columns[MISSTATED]
        if name == "spark":
            self._leave_texts(expected, told)
        report.cases[name] += self.cases.count
        report.cases[f"{name}, broken"] += int(broken.sum())
        self._tell(name, expected, told, find_differences(expected, told))

    @cached_property
    def _tables(self) -> tuple[Known, Tables]:
        """What engines are told of the columns, and the tables. Raises :class:`NotLoweredError`."""
        turn = self.number + self.number // 4 + self.order.run
        known = find_known(self.cases) if turn % 2 else NOTHING
        if known is NOTHING and not _has_plan(self.kernel, NOTHING):
            known = Known(bounds=find_known(self.cases).bounds)
        make_plan(self.kernel, known)
        return known, make_tables(self.kernel, self.cases, self.random, known)

    def _decide_tables(self, executor: SqlExecutor) -> Answer:
        """Return what an engine gives of the cases.

        Rows beyond the cases, which have a value out of its bounds, must be left.
        """
        (known, tables), name, count = self._tables, executor.dialect, self.cases.count
        started = time.perf_counter()
        told = executor.decide(self.kernel, tables, known)
        self.report.spend(name, time.perf_counter() - started)
        decided = (told.outcome >= 0) | ~told.columns[UNSURE]
        for at in np.flatnonzero(decided[count:]).tolist()[:1]:
            self._note(f"{name}: a value out of its bounds is decided: {tables.tell_outside(at)}")
        return Answer({key: x[:count] for key, x in told.columns.items()})

    def _leave_texts(self, expected: Answer, told: Answer) -> None:
        """Leave out the rows Spark leaves to the evaluator for the encoding of a text."""
        if any(x.shape is Shape.TEXT for x in list_items(self.kernel)):
            gone = told.columns[UNSURE] & ~expected.columns[UNSURE]
            for answer in (expected, told):
                answer.columns.update(answer.blank(gone).columns)
                answer.columns[UNSURE] = answer.columns[UNSURE] & ~gone

    def _run_evaluator(self, own: Answer, seconds: float) -> None:
        report = self.report
        order = self._order_rows(own)
        options = Options(dict(self.readings), assume_in_force=self.plain.assumed)
        rows = ((at, self.rows[at]) for at in order)
        share, found = hold_share(self.code, options, rows, seconds, decisive=self.decisive)
        report.cases[EVALUATOR] += share.compared
        report.cases["door"] += share.refused
        report.cases["left to the evaluator"] += share.left
        report.spend(EVALUATOR, share.seconds)
        report.differences += len(found)
        for at, told in found[:MOST_TOLD]:
            report.told.append(
                self._write(at, {f"{k} (rows, evaluator)": x for k, x in told.items()})
            )

    def _run_tables(self, own: Answer) -> None:
        report, program, ruleset = self.report, self.plain.program, self.ruleset
        if ruleset is None or not find_spec("duckdb"):
            report.leave(TABLES, "no file of it, or no DuckDB", self.cases.count)
            return
        sure = np.flatnonzero(own.outcome >= 0)[:MOST_DECIDED]
        rest = np.flatnonzero(own.outcome < 0)[:MOST_LEFT]
        rows = [self.rows[at] for at in np.sort(np.concatenate((sure, rest))).tolist()]
        law = {"readings": dict(self.readings), "assume_in_force": self.plain.assumed}
        started = time.perf_counter()
        try:
            decided = hold_tables(ruleset, program.decision.name, law, rows, self.random)
        except TablesDifferError as error:
            self._note(f"{TABLES}: {error}")
            return
        report.spend(TABLES, time.perf_counter() - started)
        report.cases[TABLES] += len(rows)
        report.cases["of tables decided"] += decided

    def _order_rows(self, own: Answer) -> Sequence[int]:
        """Return rows in a random order, those that are decided three times as early."""
        random = self.random.random(self.cases.count)
        weight = np.where(own.outcome >= 0, 3.0, 1.0) * np.where(own.outcome > 1, 2.0, 1.0)
        order: list[int] = np.argsort(-(random ** (1 / weight))).tolist()
        return order

    # -- differences -----------------------------------------------------------------------------

    def _tell(self, name: str, own: Answer, told: Answer, found: Sequence[tuple[int, str]]) -> None:
        report = self.report
        by_row: dict[int, list[str]] = {}
        for at, column in found:
            by_row.setdefault(at, []).append(column)
        report.differences += len(by_row)
        for at, columns in list(by_row.items())[:MOST_TOLD]:
            ours, theirs = own.tell(at), told.tell(at)
            pairs = {f"{c} (rows, {name})": (ours[c], theirs[c]) for c in columns[:12]}
            report.told.append(self._write(at, pairs))

    def _note(self, text: str) -> None:
        report = self.report
        report.differences += 1
        report.told.append(self._write(0, {text: ()}))

    def _write(self, at: int, told: Mapping[str, Any]) -> str:
        place = replace(self.place, seed=f"{self.place.seed}, batch {self.number}, row {at}")
        program = self.plain.program
        return tell_difference(place, program, self.plain.inputs, self.rows[at], told)


def _has_plan(kernel: Kernel, known: Known) -> bool:
    """Return whether SQL can be written of a kernel, with what is known of its columns."""
    try:
        make_plan(kernel, known)
    except NotLoweredError:
        return False
    return True
