"""Comes in: what a kernel found of columns. Goes out: it as results, in columns of Arrow.

The columns are those of ``results.columns``, and hold the same as what is told there of verdicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from voucher_rules.batch.numpy.findings import gather_columns
from voucher_rules.batch.numpy.results import WORD, ColumnResult
from voucher_rules.batch.numpy.steps import Array, np
from voucher_rules.batch.reading.arrow_tables import ArrowColumn
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.results.arrow_columns import find_type
from voucher_rules.batch.results.columns import (
    FAILED,
    UNDETERMINED,
    WAITING,
    count_words,
    list_limits,
    list_result_columns,
    name_words,
    tell_outputs,
)
from voucher_rules.batch.verdicts.findings import tell_verdicts
from voucher_rules.batch.verdicts.model import list_payables
from voucher_rules.compiled.nodes import Kernel
from voucher_rules.compiled.python_names import CODES, REFERRED_CODE, VALUELESS_CODES
from voucher_rules.compiled.sql_results import WORD as TOLD_WORD
from voucher_rules.program.build import Program

_NAMES: Final = tuple(str(outcome) for outcome in CODES)


def make_columns(program: Program, results: Mapping[str, Sequence[Any]]) -> dict[str, ArrowColumn]:
    """Return results in plain values as columns of Arrow."""
    arrow = import_package("pyarrow", "tables")
    return {
        item.name: arrow.array(results[item.name], type=find_type(item.cell))
        for item in list_result_columns(program)
    }


def tell_columns(program: Program, kernel: Kernel, found: ColumnResult) -> dict[str, ArrowColumn]:
    """Return what a kernel found as columns; those of rows it does not decide mean nothing."""
    told = dict(_Teller(program, kernel, found).tell_all())
    return {item.name: told[item.name] for item in list_result_columns(program)}


class _Teller:
    """Tells the columns of results from those of a kernel."""

    def __init__(self, program: Program, kernel: Kernel, found: ColumnResult) -> None:
        self.program = program
        self.kernel = kernel
        self.found = found
        self.arrow = import_package("pyarrow", "tables")
        self.cells = {item.name: item for item in list_result_columns(program)}
        self.codes = np.maximum(found.outcome, 0)
        self.referred = found.outcome == REFERRED_CODE
        self.denied = np.logical_or.reduce([found.outcome == code for code in VALUELESS_CODES])

    def tell_all(self) -> Iterator[tuple[str, ArrowColumn]]:
        outcome = self.arrow.DictionaryArray.from_arrays(self.codes, self.arrow.array(_NAMES))
        yield "outcome", outcome.cast(self.arrow.string())
        limited = {item.output for item in self.kernel.amounts}
        for name in list_payables(self.program):
            if name in limited:
                yield from self._tell_limited(name)
        yield from self._tell_worked_out(limited)
        yield from self._tell_rules()
        yield from ((name, self._make_blank(name)) for name in ("possible", "missing"))

    def _make_blank(self, name: str) -> ArrowColumn:
        return self.arrow.nulls(len(self.codes), find_type(self.cells[name].cell))

    def _make(self, name: str, values: Array, blank: Array | None = None) -> ArrowColumn:
        mask = None if blank is None or not blank.any() else blank
        return self.arrow.array(values, type=find_type(self.cells[name].cell), mask=mask)

    def _tell_limited(self, name: str) -> Iterator[tuple[str, ArrowColumn]]:
        """An amount: nothing where it is denied, a range where a person must judge first."""
        amount, without = self.found.amounts[name], self.found.without[name]
        paid = np.where(self.denied | without, 0, amount)
        yield name, self._make(name, paid, self.referred)
        for end in ("low", "high"):
            key = f"{name}.{end}"
            is_open = self.referred.any()
            yield key, self._make(key, paid, ~self.referred) if is_open else self._make_blank(key)
        item = next(x for x in self.kernel.amounts if x.output == name)
        limits = [limit for limit, _ in item.binding]
        words = move_bits((self.found.binding[name],), limits, list_limits(self.program, name))
        yield from self._name_words(f"{name}.binding", words)

    def _name_words(self, name: str, words: Sequence[Array]) -> Iterator[tuple[str, ArrowColumn]]:
        count = TOLD_WORD * (len(words) - 1) + 1
        for key, word in zip(name_words(name, count), words, strict=True):
            yield key, self._make(key, word)

    def _tell_worked_out(self, limited: set[str]) -> Iterator[tuple[str, ArrowColumn]]:
        """Outputs that no limits fix are told value by value, those that are alike once."""
        own = [name for name in self.program.decision.outputs if name not in limited]
        if not own:
            return
        verdicts = tell_verdicts(gather_columns(self.kernel, self.found))
        for name, values in tell_outputs(self.program, verdicts, own).items():
            kind = find_type(self.cells[name].cell)
            yield name, self.arrow.array(values, type=kind)

    def _tell_rules(self) -> Iterator[tuple[str, ArrowColumn]]:
        own = [rule.rule for rule in self.kernel.rules]
        named = [rule.id for rule in self.program.rules]
        deciding = [rule.id for rule in self.program.rules if rule.decides]
        for mask in (FAILED, WAITING):
            words = move_bits(getattr(self.found, mask), own, named, deciding)
            yield from self._name_words(mask, words)
        nothing = np.zeros(len(self.codes), np.int64)
        yield from self._name_words(UNDETERMINED, [nothing] * count_words(len(named)))


def move_bits(
    words: Sequence[Array],
    own: Sequence[str],
    named: Sequence[str],
    kept: Sequence[str] | None = None,
) -> list[Array]:
    """Return masks with a bit for each of ``named``, from words with one for each of ``own``.

    Only what is ``kept`` is told, where that is given.
    """
    told = frozenset(named if kept is None else kept)
    total = count_words(len(named))
    if len(words) == 1 and total == 1 and list(own) == list(named):
        mask = sum(1 << at for at, name in enumerate(named) if name in told)
        return [words[0].astype(np.int64) & mask]
    made = [np.zeros(len(words[0]), np.int64) for _ in range(total)]
    places = {name: at for at, name in enumerate(named)}
    for at, name in enumerate(own):
        if name in told and name in places:
            word, bit = divmod(at, WORD)
            to, place = divmod(places[name], TOLD_WORD)
            flag = words[word].astype(np.uint64) >> np.uint64(bit) & np.uint64(1)
            made[to] |= flag.astype(np.int64) << place
    return made
