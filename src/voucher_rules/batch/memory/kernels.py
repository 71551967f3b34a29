"""Comes in: a program and cases. Goes out: the verdict on each, by kernels where they can tell.

What no kernel can tell another executor decides: by default the reference. Whether a kernel told
it, and which, changes nothing of what comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import Final

from voucher_rules.batch.cases.groups import Group, group_cases
from voucher_rules.batch.cases.stated import pick_cases
from voucher_rules.batch.verdicts.findings import Findings, gather_rows, tell_verdicts
from voucher_rules.batch.verdicts.model import Executor, Verdicts, join_verdicts
from voucher_rules.batch.verdicts.reference import Reference, Teller
from voucher_rules.compiled.python_code import Code
from voucher_rules.compiled.verdict import Decider, prepare
from voucher_rules.decision.case import Case
from voucher_rules.decision.law import Options
from voucher_rules.program.build import Program

FEWEST: Final = 150
"""Fewer cases than this the reference decides sooner than a kernel is made for them."""


@dataclass(frozen=True, slots=True)
class Kernels:
    """The executor of large tables: kernels, and ``rest`` for what they cannot tell.

    ``fewest`` is of how many cases of one law a kernel is made; ``columns`` tells whether it is run
    over columns where NumPy is installed, else row by row. ``tell`` is told how far it is; of the
    rest it hears where that is the reference.
    """

    rest: Executor = field(default_factory=Reference)
    fewest: int = FEWEST
    columns: bool = True
    tell: Teller | None = None

    def __call__(self, program: Program, options: Options, cases: Sequence[Case], /) -> Verdicts:
        """Return the verdict on each case."""
        if len(cases) < self.fewest:
            return self._find_rest(0, 0)(program, options, cases)
        decider = prepare(program, options, decisive=True)
        left = set(range(len(cases)))
        parts: list[tuple[Sequence[int], Verdicts]] = []
        for group in group_cases(program, cases):
            found = self._run(decider, group) if len(group.rows) >= self.fewest else None
            if found is not None:
                parts.append((group.places, tell_verdicts(found)))
                pairs = zip(group.places, found.outcome, strict=True)
                left.difference_update(place for place, code in pairs if code >= 0)
        if left or not parts:
            places = sorted(left)
            rest = self._find_rest(len(cases) - len(left), len(left))
            parts.append((places, rest(program, options, pick_cases(cases, places))))
        return join_verdicts(program, parts, len(cases))

    def _find_rest(self, decided: int, left: int) -> Executor:
        """Return what decides the rest, where so many cases are decided and so many are left."""
        tell = self.tell
        if tell is None or not isinstance(self.rest, Reference):
            return self.rest
        if decided:
            tell(decided, decided + left)
        return replace(self.rest, tell=lambda done, whole: tell(decided + done, decided + whole))

    def _run(self, decider: Decider, group: Group) -> Findings | None:
        """Return what the kernel of a group finds of it; None where there is no kernel."""
        if self.columns and find_spec("numpy") is not None:
            from voucher_rules.batch.numpy.groups import run_columns  # noqa: PLC0415 - an extra

            found = run_columns(decider, group)
            if found is not None:
                return found
        code = decider.find_code(group.day, lenient=group.lacks)
        return run_rows(code, group) if isinstance(code, Code) else None


def run_rows(code: Code, group: Group) -> Findings:
    """Return what a kernel finds of a group, row by row."""
    return gather_rows(code.kernel, [code.decide(row) for row in group.rows])
