"""Comes in: a decision under one law. Goes out: how many drawn cases all executors agree on.

Cases are drawn batch by batch. The rows that come nearest to where a comparison of the kernel turns
are kept, and later ones are drawn from them: so limits are met from both sides.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from agreement_batches import Batch
from agreement_reports import Order, Report
from draw_cases import Drawing, choose_denominators
from known_cases import list_known_rows
from told_differences import Place

import voucher_rules as vr
from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.nodes import Kernel
from voucher_rules.compiled.python_code import write_code
from voucher_rules.compiled.python_names import Row
from voucher_rules.decision.law import is_undated
from voucher_rules.program.build import Program

FIRST_BATCH: Final = 2_000
_SHARES: Final = (0.0, 1.0, 0.15, 0.5, 0.05)
"""The shares of readings that are drawn rather than those by default, batch by batch."""
MOST_KEPT: Final = 3_000
MOST_GOOD: Final = 1_000
"""How many cases near limits, and how many that came out well, later ones are drawn from."""


@dataclass
class Run:
    """Carries out one order."""

    order: Order
    program: Program
    edition: str
    known: list[Row]
    ruleset: vr.Ruleset | None = None
    report: Report = field(init=False)

    def __post_init__(self) -> None:
        order = self.order
        self.stretch = stretches_of(self.program)[order.law]
        first, last = self.stretch
        law = (str(first), str(last))
        self.report = Report(order.ruleset, order.decision, law, order.run, asked=order.executors)
        key = zlib.crc32(f"{order.ruleset} {order.decision} {order.law}".encode())
        self.random = np.random.default_rng([key, order.run])
        self.kept: list[Row] = []
        self.good: list[Row] = []

    def carry_out(self) -> Report:
        """Draw batch after batch, and hold every executor against the code of kernels."""
        left, number = self.order.cases, 0
        while left > 0:
            size = min(left, FIRST_BATCH if number == 0 else self.order.batch)
            share = self.order.seconds * size / self.order.cases
            self._run_batch(number, size, share)
            left -= size
            number += 1
        return self.report

    def _run_batch(self, number: int, size: int, seconds: float) -> None:
        readings = self._choose_readings(_SHARES[number % len(_SHARES)])
        undated = is_undated(self.program.ruleset)
        assumed = undated or self.random.random() > 0.1
        plain = self._make_kernel(number, readings, assumed=assumed)
        sizes = choose_denominators(plain, self.known)
        kernel = self._make_kernel(number, readings, assumed=assumed, denominators=sizes)
        started = time.process_time()
        known = [*self.known, *self.kept]
        wide = number % 4 == 2
        even = number % 5 == 4 or (self.ruleset is None and self.random.random() < 0.5)
        drawing = Drawing(kernel, kernel.inputs, known, self.random, self.good, wide, even)
        cases = drawing.draw(size)
        rows = cases.list_rows()
        self.report.spend("drawing", time.process_time() - started)
        order, seed = self.order, f"run {self.order.run}"
        place = Place(
            order.ruleset, self.edition, order.decision, self.stretch, readings, assumed, seed
        )
        batch = Batch(
            order=order,
            place=place,
            report=self.report,
            random=self.random,
            number=number,
            plain=plain,
            kernel=kernel,
            code=write_code(plain),
            readings=readings,
            cases=cases,
            rows=rows,
            decisive=_is_decisive(number),
            ruleset=self.ruleset,
        )
        batch.run(seconds)
        near = batch.near if not wide else []
        self.kept = [*self.kept, *near][-MOST_KEPT:]
        self.good = [*([] if wide else batch.well), *self.good][:MOST_GOOD]

    def _make_kernel(
        self,
        number: int,
        readings: dict[str, str],
        *,
        assumed: bool,
        denominators: dict[str, int] | None = None,
    ) -> Kernel:
        """Make the kernel of a batch.

        Most may miss facts. Of three one gives the values of all variables, one is asked only what
        decides, and one is that of a single decision.
        """
        return make_kernel(
            self.program,
            self.stretch,
            readings,
            assumed=assumed,
            denominators=denominators,
            lenient=number % 4 != 3,
            variables=number % 3 == 0,
            decisive=_is_decisive(number),
        )

    def _choose_readings(self, share: float) -> dict[str, str]:
        """Return the readings of a batch, a share of them drawn and the others by default."""
        made = {}
        for name, item in self.program.ruleset.readings.items():
            options = sorted(item.options)
            drawn = str(options[int(self.random.integers(len(options)))])
            made[name] = drawn if self.random.random() < share else item.default
        return made


def _is_decisive(number: int) -> bool:
    """Return whether a batch asks only what decides."""
    return number % 3 == 1


def carry_out(order: Order) -> Report:
    """Carry out an order on a shipped ruleset."""
    ruleset = vr.load(order.ruleset)
    program = ruleset.program(order.decision)
    known = list_known_rows(ruleset, order.decision)
    started = time.perf_counter()
    report = Run(order, program, ruleset.edition, known, ruleset).carry_out()
    report.spend("clock", time.perf_counter() - started)
    return report


def list_laws(ruleset: vr.Ruleset) -> Iterable[tuple[str, int, tuple[date, date]]]:
    """Yield every decision with each stretch of days on which one law holds."""
    for name in ruleset.decisions:
        for at, stretch in enumerate(stretches_of(ruleset.program(name))):
            yield name, at, stretch
