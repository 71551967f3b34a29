"""Comes in: what a kernel found of columns, by NumPy. Goes out: the same in plain values."""

from __future__ import annotations

from collections.abc import Sequence

from voucher_rules.batch.numpy.results import WORD, ColumnResult
from voucher_rules.batch.numpy.steps import Array
from voucher_rules.batch.verdicts.findings import AmountFindings, Findings, read_parts
from voucher_rules.batch.verdicts.model import Deferred
from voucher_rules.compiled.nodes import Kernel
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.values.model import Value


def gather_columns(kernel: Kernel, result: ColumnResult) -> Findings:
    """Return what a kernel found of columns in Python's own values."""
    outcome: list[int] = result.outcome.tolist()
    count = len(outcome)
    amounts = {item.output: _gather_amount(result, item.output) for item in kernel.amounts}
    return Findings(
        kernel,
        outcome,
        amounts,
        Deferred(count, lambda: _join_words(result.failed, count)),
        Deferred(count, lambda: _join_words(result.waiting, count)),
        {name: _defer_value(kernel, result, name, outcome) for name in result.values},
    )


def _defer_value(
    kernel: Kernel, result: ColumnResult, name: str, outcome: Sequence[int]
) -> Sequence[Value]:
    def read() -> Sequence[Value]:
        parts, none, waits = result.values[name]
        told = zip(*[part.tolist() for part in parts], strict=True)
        for flags, blank in ((none, None), (waits, MISSING)):
            if flags.any():
                told = _blank(told, flags, blank)  # type: ignore[assignment]  # tuples either way
        return read_parts(kernel, name, told, [code >= 0 for code in outcome])

    return Deferred(len(outcome), read)


def _blank(told: object, flags: Array, blank: object) -> list[tuple[object, ...]]:
    """Return parts, something else where there is no value."""
    return [(blank,) if x else y for x, y in zip(flags.tolist(), told, strict=True)]  # type: ignore[call-overload]  # parts by row


def _gather_amount(result: ColumnResult, name: str) -> AmountFindings:
    values: list[int | None] = result.amounts[name].tolist()
    without = result.without[name]
    if without.any():
        values = [None if x else y for x, y in zip(without.tolist(), values, strict=True)]
    count = len(values)
    much, lowest = result.too_much.get(name), result.lowest.get(name)
    return AmountFindings(
        values,
        Deferred(count, result.binding[name].tolist),
        Deferred(count, lambda: [False] * count if much is None else much.tolist()),
        Deferred(count, lambda: [0] * count if lowest is None else lowest.tolist()),
    )


def _join_words(words: Sequence[Array], count: int) -> list[int]:
    """Return the words of each row as one whole number."""
    if not words:
        return [0] * count
    made: list[int] = words[0].tolist()
    for place, word in enumerate(words[1:], start=1):
        made = [x | y << WORD * place for x, y in zip(made, word.tolist(), strict=True)]
    return made
