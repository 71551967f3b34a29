"""Comes in: what a kernel gave of some rows. Goes out: it by column in plain values, as verdicts.

Both ways to run a kernel, row by row and over columns, leave what they found in the same shape.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from voucher_rules.batch.verdicts.model import (
    Deferred,
    Ground,
    PayableColumn,
    Verdicts,
    list_payables,
    list_values,
)
from voucher_rules.compiled.nodes import Aim, Kernel
from voucher_rules.compiled.python_names import (
    AT_AMOUNTS,
    CODES,
    PER_AMOUNT,
    REFERRED_CODE,
    VALUELESS_CODES,
    WAITING,
)
from voucher_rules.compiled.rows import read_value
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.values.model import NONE, Exact, Value

UNDECIDED: Final = -1
"""The number of the outcome of a row that its kernel does not decide; so is any below zero."""
_PAYS: Final = tuple(code not in VALUELESS_CODES for code in range(len(CODES)))
_ALONE: Final = tuple((outcome,) for outcome in CODES)
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class AmountFindings:
    """One amount of each row (None: nothing limits it); masks of what binds it and is lowest."""

    values: Sequence[int | None]
    binding: Sequence[int]
    too_much: Sequence[bool]
    lowest: Sequence[int]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a kernel found of some rows.

    ``outcome`` numbers as in ``CODES``; it is below zero where nothing is decided, and then nothing
    else of the row means anything. ``failed`` is a mask of the rules that do not hold, by place,
    ``waiting`` one of those that a person must judge first.
    """

    kernel: Kernel
    outcome: Sequence[int]
    amounts: Mapping[str, AmountFindings]
    failed: Sequence[int]
    waiting: Sequence[int]
    values: Mapping[str, Sequence[Value]]


def gather_rows(kernel: Kernel, found: Sequence[tuple[Any, ...] | None]) -> Findings:
    """Return what the code of a kernel gave row by row, as columns."""
    blank = (UNDECIDED, *[0] * (_find_end(kernel) - 1))
    rows = [blank if row is None or row[1] else row for row in found]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(blank)
    amounts = {}
    for place, item in enumerate(kernel.amounts):
        at = AT_AMOUNTS + place * PER_AMOUNT
        value, binding, _, much, lowest = columns[at : at + PER_AMOUNT]
        amounts[item.output] = AmountFindings(value, binding, much, lowest)
    at = AT_AMOUNTS + len(kernel.amounts) * PER_AMOUNT
    holds = columns[at : at + len(kernel.rules)]
    told = zip(*holds, strict=True) if holds else [()] * len(rows)
    mask = _remember(_mask_rules)
    masks = [mask(row) for row in told]
    failed, waiting = ([row[at] for row in masks] for at in (0, 1))
    return Findings(kernel, columns[0], amounts, failed, waiting, _gather(kernel, columns))


def _mask_rules(row: Sequence[int | None]) -> tuple[int, int]:
    """Return which rules do not hold, and which wait."""
    failed = sum(1 << n for n, x in enumerate(row) if x is False)
    return failed, sum(1 << n for n, x in enumerate(row) if x == WAITING)


def _find_end(kernel: Kernel) -> int:
    values = sum(len(value.nodes) for value in kernel.values.values())
    return AT_AMOUNTS + PER_AMOUNT * len(kernel.amounts) + len(kernel.rules) + values


def _gather(kernel: Kernel, columns: Sequence[Sequence[Any]]) -> dict[str, Sequence[Value]]:
    at = AT_AMOUNTS + PER_AMOUNT * len(kernel.amounts) + len(kernel.rules)
    made: dict[str, Sequence[Value]] = {}
    decided = [code >= 0 for code in columns[0]]
    for name, value in kernel.values.items():
        parts = columns[at : at + len(value.nodes)]
        at += len(value.nodes)
        made[name] = read_parts(kernel, name, zip(*parts, strict=True), decided)
    return made


def read_parts(
    kernel: Kernel, name: str, parts: Iterable[tuple[Any, ...]], decided: Sequence[bool]
) -> Sequence[Value]:
    """Return the values of an output from the parts in which a kernel gave them."""
    read = _remember(lambda told: read_value(kernel, kernel.values[name], told))
    return [read(told) if known else NONE for told, known in zip(parts, decided, strict=True)]


def _remember(make: Callable[[Any], Made]) -> Callable[[Any], Made]:
    """Return a function that works out each thing once. Keys that are equal must be one thing."""
    held: dict[Hashable, Made] = {}

    def find(key: Hashable) -> Made:
        if key not in held:
            held[key] = make(key)
        return held[key]

    return find


# -- verdicts --------------------------------------------------------------------------------------


def tell_verdicts(findings: Findings) -> Verdicts:
    """Return the verdicts; those of rows that are not decided mean nothing."""
    program = findings.kernel.program
    outcome = [max(code, 0) for code in findings.outcome]
    count = len(outcome)
    pays = [_PAYS[code] for code in outcome]
    return Verdicts(
        outcome=[CODES[code] for code in outcome],
        possible=[_ALONE[code] for code in outcome],
        payables={name: _tell_payable(findings, name, pays) for name in list_payables(program)},
        values={name: _defer_value(findings, name, pays) for name in list_values(program)},
        grounds=Deferred(count, lambda: _tell_grounds(findings)),
        undetermined=Deferred(count, lambda: [()] * count),
        missing=Deferred(count, lambda: [()] * count),
        exact=Deferred(count, lambda: [True] * count),
    )


def _defer_value(findings: Findings, name: str, pays: Sequence[bool]) -> Sequence[Value]:
    """Return an output that is no money: none where nothing is payable."""
    count = len(pays)
    values = findings.values.get(name)
    return Deferred(count, lambda: [NONE] * count if values is None else _keep(values, pays))


def _keep(values: Sequence[Value], pays: Sequence[bool]) -> Sequence[Value]:
    return [value if paid else NONE for value, paid in zip(values, pays, strict=True)]


def _tell_payable(findings: Findings, name: str, pays: Sequence[bool]) -> PayableColumn:
    """What is payable: nothing where nothing bounds it, or where it is denied."""
    known = {item.output: item for item in findings.kernel.amounts}
    if name in known:
        found = findings.amounts[name]
        paid = [(x or 0) if y else 0 for x, y in zip(found.values, pays, strict=True)]
        named = [item for item, _ in known[name].binding]
        tell = _remember(lambda mask: _list_bits(mask, named))
        binding = Deferred(len(pays), lambda: [tell(mask) for mask in found.binding])
        return PayableColumn(_settle(findings, paid), paid, paid, binding, binding)
    worked = findings.values.get(name, [NONE] * len(pays))
    sums = [x if y and x is not NONE else 0 for x, y in zip(worked, pays, strict=True)]
    none: Sequence[tuple[str, ...]] = [()] * len(sums)
    settled = _settle(findings, sums)  # type: ignore[arg-type]  # an output of money
    if REFERRED_CODE in findings.outcome:
        settled = [0 if x is NONE else y for x, y in zip(worked, settled, strict=True)]
    return PayableColumn(settled, sums, sums, none, none)  # type: ignore[arg-type]  # as above


def _settle(findings: Findings, paid: Sequence[Exact]) -> Sequence[Exact | None]:
    """Return what is payable; not where a person must judge first."""
    if REFERRED_CODE not in findings.outcome:
        return paid
    return [
        None if code == REFERRED_CODE else x for x, code in zip(paid, findings.outcome, strict=True)
    ]


def _list_bits(mask: int, named: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for bit, name in enumerate(named) if mask >> bit & 1)


def _tell_grounds(findings: Findings) -> Sequence[tuple[Ground, ...]]:
    """Return why each row is no plain grant, in the order of the reference."""
    kernel = findings.kernel
    amounts = [findings.amounts[item.output] for item in kernel.amounts]
    force = () if kernel.in_force else (Ground("not_in_force", ()),)
    tell = _remember(lambda key: (*force, *_list_grounds(kernel, key)))
    rules = (findings.failed, findings.waiting)
    if not amounts:
        return [tell((*key, ())) for key in zip(*rules, strict=True)]
    told = zip(*(_tell_amount(item) for item in amounts), strict=True)
    return [tell(key) for key in zip(*rules, map(_drop_plain, told), strict=True)]


def _tell_amount(item: AmountFindings) -> Iterable[tuple[bool, bool, int, int]]:
    """Yield whether an amount is zero, whether too much was asked for, and by which limits."""
    zero = [value == 0 for value in item.values]
    return zip(zero, item.too_much, item.binding, item.lowest, strict=True)


def _drop_plain(
    told: tuple[tuple[bool, bool, int, int], ...],
) -> tuple[tuple[bool, bool, int, int], ...]:
    """Return what amounts give reasons for, nothing where they give none."""
    if all(zero for zero, _, _, _ in told) or any(much for _, much, _, _ in told):
        return told
    return ()


def _list_grounds(
    kernel: Kernel, key: tuple[int, int, tuple[tuple[bool, bool, int, int], ...]]
) -> Iterable[Ground]:
    failed, waiting, amounts = key
    broken = [rule for n, rule in enumerate(kernel.rules) if rule.decides and failed >> n & 1]
    yield from (Ground("failed", (x.rule,)) for x in broken if x.aim is Aim.TEST)
    exhausted = all(zero for zero, _, _, _ in amounts)
    for item, (_, much, binding, lowest) in zip(kernel.amounts, amounts, strict=False):
        if exhausted:
            named = _list_bits(binding, [name for name, _ in item.binding])
            yield Ground("exhausted", tuple(x for x in named if x != REQUESTED))
        if much:
            yield Ground("too_much_requested", _list_bits(lowest, [x for x, _ in item.lowest]))
    yield from (Ground("soft_failed", (x.rule,)) for x in broken if x.aim is not Aim.TEST)
    for place, rule in enumerate(kernel.rules):
        if rule.decides and waiting >> place & 1:
            yield Ground("open", (rule.rule,))
