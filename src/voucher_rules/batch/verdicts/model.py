"""Comes in: decisions on many cases. Goes out: them by column, one place for each case.

This is the interface of executors. An executor is anything that can be called so::

    execute(program, options, cases) -> Verdicts

``program`` and ``options`` are what :func:`~voucher_rules.decision.decide.decide` takes, ``cases``
is a sequence of :class:`~voucher_rules.decision.case.Case` read against that program. The verdicts
stand in the order of the cases, and each field of each must be just what the reference finds: what
:func:`make_verdict` makes of its decision. How that is reached, in how many processes and whether
equal cases are decided once, is the executor's own business; ``reference.py`` holds the reference.
A column may be any sequence of Python values; money counts in minor units, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar, overload

from voucher_rules.checked.domains import default_domain
from voucher_rules.decision.case import Case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.result import DecisionResult
from voucher_rules.language.types import Kind
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import NONE, OPEN, Exact, Interval, Value, take_number

Held = TypeVar("Held", covariant=True)  # noqa: PLC0105 - one name for both uses


class Payable(NamedTuple):
    """What one output of money comes to, in minor units.

    ``value`` is what is payable, None while that is undetermined or for a person to say; it lies
    from ``low`` to ``high``. ``binding`` are the limits that surely fix it, ``maybe`` those that
    may: all of them that are as low as the amount, or may be. ``requested`` stands for what was
    asked for.
    """

    value: Exact | None
    low: Exact
    high: Exact
    binding: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()


class Ground(NamedTuple):
    """Why a decision is no plain grant: the kind of reason, and the rules it rests on."""

    kind: str
    rules: tuple[str, ...]


class Verdict(NamedTuple):
    """What one case comes to.

    ``payables`` has a place for each output of money, ``values`` for each other one (``NONE`` where
    there is nothing). ``undetermined`` are the rules of which it is not known what became of them,
    ``missing`` what would settle the case; ``exact`` tells whether both ends of every range, and
    every possible outcome, are attained by some completion.
    """

    outcome: Outcome
    possible: tuple[Outcome, ...]
    payables: tuple[Payable, ...]
    values: tuple[Value, ...]
    grounds: tuple[Ground, ...]
    undetermined: tuple[str, ...]
    missing: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class PayableColumn:
    """One output of money over all cases; the fields are those of :class:`Payable`."""

    value: Sequence[Exact | None]
    low: Sequence[Exact]
    high: Sequence[Exact]
    binding: Sequence[tuple[str, ...]]
    maybe: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Many verdicts by column, in the order of the cases; the fields are those of a verdict.

    ``payables`` and ``values`` are by the name of the output, in the order of the decision.
    """

    outcome: Sequence[Outcome]
    possible: Sequence[tuple[Outcome, ...]]
    payables: Mapping[str, PayableColumn]
    values: Mapping[str, Sequence[Value]]
    grounds: Sequence[tuple[Ground, ...]]
    undetermined: Sequence[tuple[str, ...]]
    missing: Sequence[tuple[str, ...]]
    exact: Sequence[bool]

    def __len__(self) -> int:
        return len(self.outcome)

    def row(self, at: int) -> Verdict:
        """Return the verdict of one case, by its place from 0."""
        return Verdict(
            self.outcome[at],
            self.possible[at],
            tuple(
                Payable(x.value[at], x.low[at], x.high[at], x.binding[at], x.maybe[at])
                for x in self.payables.values()
            ),
            tuple(column[at] for column in self.values.values()),
            self.grounds[at],
            self.undetermined[at],
            self.missing[at],
            self.exact[at],
        )


class Deferred(Sequence[Held]):
    """A column that is worked out when it is first read: few studies read every one."""

    __slots__ = ("_count", "_held", "_make")
    __hash__ = None  # type: ignore[assignment]  # as of any list

    def __init__(self, count: int, make: Callable[[], Sequence[Held]]) -> None:
        self._count = count
        self._make: Callable[[], Sequence[Held]] | None = make
        self._held: Sequence[Held] = ()

    def read(self) -> Sequence[Held]:
        """Return the cells, worked out once."""
        make = self._make
        if make is not None:
            # another thread may read at the same time: the cells stand before nothing is to make
            self._held = make()
            self._make = None
        return self._held

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Held]:
        return iter(self.read())

    @overload
    def __getitem__(self, at: int) -> Held: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Held]: ...

    def __getitem__(self, at: int | slice) -> Held | Sequence[Held]:
        return self.read()[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)


class Executor(Protocol):
    """What decides many cases of one program."""

    def __call__(self, program: Program, options: Options, cases: Sequence[Case], /) -> Verdicts:
        """Return a verdict for each case, in their order."""


def list_payables(program: Program) -> tuple[str, ...]:
    """Return the outputs of a decision that are money: what limits fix, and what is worked out."""
    outputs = program.decision.outputs
    return tuple(name for name, x in outputs.items() if x.limited or x.type.kind is Kind.MONEY)


def list_values(program: Program) -> tuple[str, ...]:
    """Return the outputs of a decision that are not money."""
    payables = list_payables(program)
    return tuple(name for name in program.decision.outputs if name not in payables)


def stack_verdicts(program: Program, rows: Sequence[Verdict]) -> Verdicts:
    """Return verdicts by column."""
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [()] * 8
    payables = zip(*columns[2], strict=True) if rows else [()] * len(list_payables(program))
    values = zip(*columns[3], strict=True) if rows else [()] * len(list_values(program))
    return Verdicts(
        outcome=columns[0],  # type: ignore[arg-type]  # zip does not tell the types of columns
        possible=columns[1],  # type: ignore[arg-type]  # as above
        payables=dict(zip(list_payables(program), map(_stack_payables, payables), strict=True)),
        values=dict(zip(list_values(program), values, strict=True)),
        grounds=columns[4],  # type: ignore[arg-type]  # as above
        undetermined=columns[5],  # type: ignore[arg-type]  # as above
        missing=columns[6],  # type: ignore[arg-type]  # as above
        exact=columns[7],  # type: ignore[arg-type]  # as above
    )


def join_verdicts(
    program: Program, parts: Sequence[tuple[Sequence[int], Verdicts]], count: int
) -> Verdicts:
    """Return the verdicts on some cases as one, each at its places among all.

    Of a place that is told of twice the later part counts; every place must be told of.
    """
    if len(parts) == 1:
        return parts[0][1]
    at = [0] * count
    start = 0
    for places, _ in parts:
        for number, place in enumerate(places, start):
            at[place] = number
        start += len(places)
    held = [verdicts for _, verdicts in parts]

    def join(columns: Sequence[Sequence[Any]]) -> Sequence[Any]:
        if any(isinstance(column, Deferred) for column in columns):
            return Deferred(count, lambda: put(columns))
        return put(columns)

    def put(columns: Sequence[Sequence[Any]]) -> Sequence[Any]:
        joined = [item for column in columns for item in column]
        return [joined[number] for number in at]

    return Verdicts(
        outcome=join([x.outcome for x in held]),
        possible=join([x.possible for x in held]),
        payables={
            name: PayableColumn(
                *(join([getattr(x.payables[name], key) for x in held]) for key in Payable._fields)
            )
            for name in list_payables(program)
        },
        values={name: join([x.values[name] for x in held]) for name in list_values(program)},
        grounds=join([x.grounds for x in held]),
        undetermined=join([x.undetermined for x in held]),
        missing=join([x.missing for x in held]),
        exact=join([x.exact for x in held]),
    )


def _stack_payables(rows: Sequence[Payable]) -> PayableColumn:
    if not rows:
        return PayableColumn((), (), (), (), ())
    return PayableColumn(*zip(*rows, strict=True))


def judge_case(program: Program, options: Options, case: Case) -> Verdict:
    """Return the verdict of the reference on one case."""
    return make_verdict(decide(program, case, options))


def make_verdict(result: DecisionResult) -> Verdict:
    """Return what a table of decisions keeps of one."""
    program, evaluation = result.program, result.evaluation
    return Verdict(
        outcome=result.outcome,
        possible=result.possible,
        payables=tuple(_make_payable(result, name) for name in list_payables(program)),
        values=tuple(result.values.get(name, NONE) for name in list_values(program)),
        grounds=tuple(
            Ground(reason.kind, tuple(rule.id for rule in reason.rules))
            for reason in result.reasons
        ),
        undetermined=tuple(
            rule.id
            for rule in program.rules
            if rule.decides and evaluation.rules[rule.id].status is None
        ),
        missing=tuple(item.name for item in result.missing),
        exact=result.exact,
    )


def _make_payable(result: DecisionResult, name: str) -> Payable:
    amount = result.amounts.get(name)
    if amount is not None:
        maybe = amount.result.binding
        return Payable(amount.value, amount.range.low, amount.range.high, amount.binding, maybe)
    if result.outcome in VALUELESS:
        return Payable(0, 0, 0)
    return _make_worked_out(result, name)


def _make_worked_out(result: DecisionResult, name: str) -> Payable:
    """Return money that is worked out rather than limited; where there is none, nothing is paid."""
    domain, marks = split_value(result.values.get(name, NONE))
    if domain is None and OPEN in marks:
        domain = default_domain(result.program.decision.outputs[name].type)
    if not isinstance(domain, Interval):
        return Payable(0, 0, 0)
    low, high = take_number(domain.low), take_number(domain.high)
    if marks or not VALUELESS.isdisjoint(result.possible):
        low, high = min(low, 0), max(high, 0)
    settled = low == high and result.outcome not in {Outcome.UNDETERMINED, Outcome.REFERRED}
    return Payable(low if settled else None, low, high)
