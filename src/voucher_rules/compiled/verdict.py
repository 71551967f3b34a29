"""Comes in: a program, facts and options. Goes out: a verdict, by a kernel where there is one.

What no kernel can tell the reference decides: where something is not known, where a person must
judge, and where a decision is not lowered. Faults of facts are told by the usual door, always.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from voucher_rules.compiled.build import find_kernel, stretches_of
from voucher_rules.compiled.door import find_door
from voucher_rules.compiled.nodes import Kernel, NotLoweredError
from voucher_rules.compiled.python_code import Code, write_code
from voucher_rules.compiled.python_names import AT_AMOUNTS, CODES, PER_AMOUNT, Row
from voucher_rules.compiled.rows import NoRowError, make_row, read_value
from voucher_rules.compiled.rule_statuses import find_status
from voucher_rules.compiled.trace_code import find_taker
from voucher_rules.decision.case import Case, find_day, read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.result import DecisionResult, Overlay
from voucher_rules.decision.stated import RefusedError
from voucher_rules.decision.trace import RuleResult, Status
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.values.model import Value


@dataclass(frozen=True, slots=True)
class Payable:
    """An amount in minor units: what is payable, and what the limits alone would allow.

    ``value`` is None while the case is referred or undetermined; ``otherwise`` is None where no
    limit exists. ``binding`` names the limits that fix it.
    """

    value: int | None
    otherwise: int | None
    binding: tuple[str, ...]


class Verdict(NamedTuple):
    """What a decision comes to, and no more: :meth:`decide_whole` gives the rest.

    ``found`` is what the kernel gave, empty where the reference decided; ``whole`` what that gave.
    """

    outcome: Outcome
    program: Program
    options: Options
    facts: Mapping[str, Any]
    on: date | None
    code: Code | None
    found: tuple[Any, ...]
    whole: DecisionResult | None = None
    overlays: tuple[Overlay, ...] = ()

    def decide_whole(self) -> DecisionResult:
        """Return the whole decision, reasons and trace and all, from the reference."""
        if self.whole is not None:
            return self.whole
        case = read_case(self.program, self.facts, on=self.on)
        return decide(self.program, case, self.options, self.overlays)

    def take_trace(self) -> tuple[RuleResult, ...] | None:
        """Return the result of every rule in the order of the document, each with its steps.

        None where only the reference can tell.
        """
        take = None if self.code is None else find_taker(self.code.kernel)
        if take is None:
            return None
        try:
            row, _ = find_door(self.program).read(self.facts, self.on)
        except (NoRowError, RefusedError):
            return None
        return take(row)

    @property
    def amounts(self) -> Mapping[str, Payable]:
        """The amounts, by output."""
        if self.code is None:
            return _list_amounts(self.decide_whole())
        made = {}
        for place, item in enumerate(self.code.kernel.amounts):
            at = AT_AMOUNTS + place * PER_AMOUNT
            amount, mask = self.found[at : at + 2]
            named = tuple(name for bit, (name, _) in enumerate(item.binding) if mask >> bit & 1)
            made[item.output] = Payable(self._pay(amount), amount, named)
        return made

    def _pay(self, amount: int | None) -> int | None:
        if self.outcome is Outcome.REFERRED:
            return None
        return 0 if self.outcome in VALUELESS else amount or 0

    @property
    def statuses(self) -> Mapping[str, Status | None]:
        """What became of each rule, in the order of the document; None while it is not known."""
        if self.code is None:
            found = self.decide_whole().evaluation.rules
            return {rule.id: found[rule.id].status for rule in self.program.rules}
        kernel = self.code.kernel
        at = AT_AMOUNTS + PER_AMOUNT * len(kernel.amounts)
        made: dict[str, Status | None] = {}
        for rule, holds in zip(kernel.rules, self.found[at:], strict=False):
            made[rule.rule] = find_status(rule.aim, holds)
        return made

    @property
    def values(self) -> Mapping[str, Value]:
        """The outputs that are defined; none where nothing is payable."""
        if self.code is None:
            return self.decide_whole().values
        if self.outcome in VALUELESS:
            return {}
        return _read_values(self.code.kernel, self.found)


def _read_values(kernel: Kernel, found: tuple[Any, ...]) -> dict[str, Value]:
    at = AT_AMOUNTS + PER_AMOUNT * len(kernel.amounts) + len(kernel.rules)
    made = {}
    for name, value in kernel.values.items():
        made[name] = read_value(kernel, value, found[at : at + len(value.nodes)])
        at += len(value.nodes)
    outputs = kernel.program.decision.outputs
    return {name: made[name] for name in outputs if name in made}


def _list_amounts(result: DecisionResult) -> Mapping[str, Payable]:
    return {
        name: Payable(item.value, _as_whole(item.otherwise), item.binding)
        for name, item in result.amounts.items()
    }


def _as_whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


class Decider:
    """Decides cases of one program under one set of options, by kernels where there are some.

    Of a ``decisive`` one nobody asks what became of rules that decide nothing.
    """

    def __init__(
        self,
        program: Program,
        options: Options,
        overlays: tuple[Overlay, ...] = (),
        *,
        decisive: bool = False,
    ) -> None:
        self.program = program
        self.options = options
        self.overlays = overlays
        self.decisive = decisive
        self._assumed = options.assume_in_force or bool(options.placed_by)
        self._as_of = list(program.inputs).index(program.decision.as_of)
        self._starts = [first.toordinal() for first, _ in stretches_of(program)]
        self._codes: dict[tuple[int, bool], Code | NotLoweredError] = {}
        self._door = find_door(program)
        self._containers = _list_containers(program)

    def find_code(self, day: int, *, lenient: bool = False) -> Code | NotLoweredError:
        """Return the code for a day, or why there is none; a ``lenient`` one may miss facts."""
        key = (max(0, bisect_right(self._starts, day) - 1), lenient)
        code = self._codes.get(key)
        if code is None:
            kernel = self.find_kernel(self._starts[key[0]], {}, lenient=lenient)
            code = write_code(kernel) if isinstance(kernel, Kernel) else kernel
            self._codes[key] = code
        return code

    def find_kernel(
        self, day: int, denominators: Mapping[str, int], *, lenient: bool
    ) -> Kernel | NotLoweredError:
        """Return the kernel for a day that counts in these denominators, or why there is none."""
        kernel = find_kernel(
            self.program,
            date.fromordinal(day),
            self.options.readings,
            assumed=self._assumed,
            lenient=lenient,
            decisive=self.decisive,
            denominators=denominators,
        )
        return kernel or NotLoweredError("no such day", self.program.decision.name)

    def decide(self, facts: Mapping[str, Any], on: date | None = None) -> Verdict:
        """Decide a case. Raises :class:`~voucher_rules.InputError` as the usual door does."""
        if type(facts) is not dict:
            return self._decide_slowly(facts, on)
        try:
            row, lacks = self._door.read(facts, on)
        except (NoRowError, RefusedError):
            return self._decide_slowly(facts, on)
        code = self.find_code(row[self._as_of], lenient=lacks)
        found = code.decide(row) if isinstance(code, Code) else None
        if found is None or found[1] or not isinstance(code, Code):
            return self._decide_slowly(facts, on)
        return self._tell(facts, on, code, found)

    def _tell(
        self, facts: Mapping[str, Any], on: date | None, code: Code, found: tuple[Any, ...]
    ) -> Verdict:
        return Verdict(
            CODES[found[0]],
            self.program,
            self.options,
            self._copy(facts),
            on,
            code,
            found,
            None,
            self.overlays,
        )

    def _copy(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return facts as they are now, whatever becomes of the caller's own."""
        copied = facts.copy() if type(facts) is dict else dict(facts.items())
        for name in self._containers:
            stated = copied.get(name)
            if stated is not None and stated.__class__ is not frozenset:
                copied[name] = _copy_container(stated)
        return copied

    def _decide_slowly(self, facts: Mapping[str, Any], on: date | None) -> Verdict:
        """Decide by the usual door, and by the reference where the kernel cannot."""
        case = read_case(self.program, facts, on=on)
        verdict = self._decide_case(case, facts, on)
        if verdict is not None:
            return verdict
        whole = decide(self.program, case, self.options, self.overlays)
        return Verdict(whole.outcome, self.program, self.options, {}, on, None, (), whole)

    def _decide_case(self, case: Case, facts: Mapping[str, Any], on: date | None) -> Verdict | None:
        day = find_day(self.program, case)
        code = self.find_code(day.toordinal(), lenient=True) if day is not None else None
        if not isinstance(code, Code):
            return None
        row = make_row(code.kernel.inputs, case.values)
        found = code.decide(row) if row is not None else None
        return None if found is None else self._tell(_unshare(facts), on, code, found)

    def run_rows(self, rows: Iterable[Row]) -> list[tuple[Any, ...] | None]:
        """Run rows of typed facts; None for each that only the reference can decide."""
        made: list[tuple[Any, ...] | None] = []
        for row in rows:
            code = self.find_code(row[self._as_of])
            made.append(code.decide(row) if isinstance(code, Code) else None)
        return made


def _copy_container(stated: Any) -> Any:  # noqa: ANN401 - a list or a set, as stated
    """Return a copy that nobody else holds; of plain records quicker than ``deepcopy`` makes it."""
    if type(stated) is not list:
        return deepcopy(stated)
    plain = all(
        type(record) is dict and _CHANGEABLE.isdisjoint(map(type, record.values()))
        for record in stated
    )
    return [record.copy() for record in stated] if plain else deepcopy(stated)


def _unshare(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return facts of which those stated with where they come from are copies."""
    return {name: deepcopy(x) if type(x) is dict else x for name, x in facts.items()}


def _list_containers(program: Program) -> tuple[str, ...]:
    """Return the facts that are stated as lists or sets, which a caller may change later."""
    kinds = {Kind.SET, Kind.LIST}
    return tuple(name for name, x in program.ruleset.inputs.items() if x.type.kind in kinds)


_CHANGEABLE: Final = frozenset({list, dict, set, tuple})
"""Types of values in a record that hold others which may change."""
_DECIDERS: Final[dict[tuple[object, ...], Decider]] = {}
_MOST_DECIDERS: Final = 256


def prepare(program: Program, options: Options, *, decisive: bool = False) -> Decider:
    """Return what decides cases of a program under options; the same again where it is kept."""
    chosen = tuple(options.readings.items())
    key = (program, chosen, options.assume_in_force, options.placed_by, decisive)
    found = _DECIDERS.get(key)
    if found is None:
        # taken as a list, for other threads may prepare at the same time
        for old in list(_DECIDERS)[: max(0, len(_DECIDERS) + 1 - _MOST_DECIDERS)]:
            _DECIDERS.pop(old, None)
        found = _DECIDERS[key] = Decider(program, options, decisive=decisive)
    return found


def decide_fast(
    program: Program, facts: Mapping[str, Any], on: date | None, options: Options
) -> Verdict:
    """Decide a case by a kernel where there is one, else by the reference.

    Raises :class:`~voucher_rules.InputError` with every fault of the facts.
    """
    return prepare(program, options).decide(facts, on)
