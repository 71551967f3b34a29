"""Comes in: a program and cases. Goes out: the reference's verdict on each, in their order.

Cases that state the same are decided once. The work goes to as many processes as are asked for;
how many there are changes nothing of what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeAlias

from voucher_rules.batch.verdicts.model import Verdict, Verdicts, judge_case, stack_verdicts
from voucher_rules.decision.case import Case
from voucher_rules.decision.law import Options
from voucher_rules.program.build import Program
from voucher_rules.record.workers import Crew, count_processors

LOT: Final = 32
"""How many cases go to a process at once."""
Teller: TypeAlias = Callable[[int, int], None]
"""Is told how many different cases are decided, of how many."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference executor: ``jobs`` processes (None: one for each processor there is)."""

    jobs: int | None = 1
    tell: Teller | None = None

    def __call__(self, program: Program, options: Options, cases: Sequence[Case], /) -> Verdicts:
        """Return the verdict on each case."""
        places: dict[Hashable, int] = {}
        order = [places.setdefault(key_case(case), len(places)) for case in cases]
        distinct = list(_pick_first(order, cases))
        jobs = count_processors() if self.jobs is None else self.jobs
        found: list[Verdict] = []
        with Crew(_pair, (program, options), jobs) as crew:
            for verdict in chain.from_iterable(crew.work(_judge, _cut(distinct))):
                found.append(verdict)
                if self.tell is not None:
                    self.tell(len(found), len(distinct))
        return stack_verdicts(program, [found[place] for place in order])


def key_case(case: Case) -> Hashable:
    """Return what a case states; cases of one key are decided alike."""
    return frozenset(case.values.items())


def _pick_first(order: Sequence[int], cases: Sequence[Case]) -> Iterator[Case]:
    """Yield the first case of each place."""
    seen = 0
    for place, case in zip(order, cases, strict=True):
        if place == seen:
            seen += 1
            yield case


def _cut(cases: Sequence[Case]) -> Iterator[Sequence[Case]]:
    for start in range(0, len(cases), LOT):
        yield cases[start : start + LOT]


def _pair(program: Program, options: Options) -> tuple[Program, Options]:
    return program, options


def _judge(law: tuple[Program, Options], cases: Sequence[Case]) -> list[Verdict]:
    program, options = law
    return [judge_case(program, options, case) for case in cases]
