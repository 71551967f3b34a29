"""Comes in: what a kernel found of a block of rows. Goes out: columns of it, for all blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.batch.numpy.steps import Array, np
from voucher_rules.batch.verdicts.findings import UNDECIDED
from voucher_rules.compiled.graph_nodes import FALSE
from voucher_rules.compiled.nodes import Kernel, Shape, Sort

UNFIT: Final = -2
"""The number of the outcome of a row whose numbers may be too great for int64."""
WORD: Final = 64
"""How many rules or limits one word tells of."""
_BYTE: Final = 8


@dataclass(frozen=True, slots=True)
class ColumnResult:
    """What a kernel found of some rows.

    ``outcome`` numbers as in ``python_names.CODES``, or :data:`UNDECIDED`; ``amounts`` and
    ``binding`` are by output, the latter with a bit for each limit; ``failed``, ``waiting`` and
    ``skipped`` have a bit for each rule in the order of the document, in words of up to 64 bits;
    ``values`` are the parts of each value, and where it is none and where it waits.
    """

    outcome: Array
    amounts: Mapping[str, Array]
    binding: Mapping[str, Array]
    failed: tuple[Array, ...]
    waiting: tuple[Array, ...]
    skipped: tuple[Array, ...]
    values: Mapping[str, tuple[tuple[Array, ...], Array, Array]]
    without: Mapping[str, Array]
    """For each output, where it has no amount at all."""
    too_much: Mapping[str, Array]
    lowest: Mapping[str, Array]
    """For each output of which no part may be granted: where too much was asked for, and a bit for
    each limit that allows least."""


@dataclass(slots=True)
class Filling:
    """The columns that are being filled, block by block."""

    kernel: Kernel
    outcome: Array
    amounts: dict[str, Array]
    without: dict[str, Array]
    binding: dict[str, Array]
    failed: tuple[Array, ...]
    waiting: tuple[Array, ...]
    skipped: tuple[Array, ...]
    values: dict[str, tuple[tuple[Array, ...], Array, Array]]
    too_much: dict[str, Array]
    lowest: dict[str, Array]

    @classmethod
    def empty(cls, kernel: Kernel, rows: int, *, skips: bool) -> Filling:
        """Return columns of so many rows, nothing in them yet."""
        names = [item.output for item in kernel.amounts]
        return cls(
            kernel,
            np.zeros(rows, np.int8),
            {name: np.zeros(rows, np.int64) for name in names},
            {name: np.zeros(rows, bool) for name in names},
            {x.output: np.zeros(rows, _fit_bits(len(x.binding))) for x in kernel.amounts},
            _make_words(len(kernel.rules), rows),
            _make_words(len(kernel.rules), rows),
            _make_words(len(kernel.rules), rows) if skips else (),
            {
                name: (
                    tuple(np.zeros(rows, _find_dtype(kernel, node)) for node in value.nodes),
                    np.zeros(rows, bool),
                    np.zeros(rows, bool),
                )
                for name, value in kernel.values.items()
            },
            {x.output: np.zeros(rows, bool) for x in kernel.amounts if x.lowest},
            {
                x.output: np.zeros(rows, _fit_bits(len(x.lowest)))
                for x in kernel.amounts
                if x.lowest
            },
        )

    def take(self, held: Mapping[int, Array], at: slice) -> None:
        """Take over what a block came to."""
        kernel = self.kernel
        self.outcome[at] = self._find_outcome(held)
        for item in kernel.amounts:
            self.amounts[item.output][at] = held[item.amount]
            if item.none != FALSE:
                self.without[item.output][at] = held[item.none]
            flags = [None if node == FALSE else held[node] for _, node in item.binding]
            _pack(self.binding[item.output], flags, at)
            if item.lowest:
                self.too_much[item.output][at] = held[item.too_much]
                flags = [None if node == FALSE else held[node] for _, node in item.lowest]
                _pack(self.lowest[item.output], flags, at)
        holds = [held[rule.holds] for rule in kernel.rules]
        self._pack_words(self.failed, [None if x is True else np.logical_not(x) for x in holds], at)
        waiting = [held[rule.waits] for rule in kernel.rules]
        self._pack_words(self.waiting, [None if x is False else x for x in waiting], at)
        if self.skipped:
            skips = [held[rule.skipped] for rule in kernel.rules]
            self._pack_words(self.skipped, [None if x is False else x for x in skips], at)
        for name, value in kernel.values.items():
            parts, none, waits = self.values[name]
            for part, node in zip(parts, value.nodes, strict=True):
                part[at] = held[node]
            if value.none != FALSE:
                none[at] = held[value.none]
            if value.waits != FALSE:
                waits[at] = held[value.waits]

    def _find_outcome(self, held: Mapping[int, Array]) -> Array:
        kernel = self.kernel
        told: Array = np.int8(0)
        if kernel.in_force:
            told = np.array(4 if kernel.program.decision.answers == "value" else 3, np.int8)
            told = _overlay(told, kernel.referred, held, 2)
            told = _overlay(told, kernel.denied, held, 1)
        for node in (kernel.unsure, kernel.misstated):
            told = _overlay(told, node, held, UNDECIDED)
        return told

    def _pack_words(self, words: tuple[Array, ...], flags: list[Array | None], at: slice) -> None:
        for place, word in enumerate(words):
            _pack(word, flags[place * WORD : (place + 1) * WORD], at)

    def close(self, texts: Sequence[str]) -> ColumnResult:
        """Return the columns, all blocks being taken over; ``texts`` are those of the numbers."""
        for name, value in self.kernel.values.items():
            if value.shape is Shape.TEXT:
                (numbers,), none, waits = self.values[name]
                self.values[name] = ((np.array(texts, object)[numbers],), none, waits)
        return ColumnResult(
            self.outcome,
            self.amounts,
            self.binding,
            self.failed,
            self.waiting,
            self.skipped,
            self.values,
            self.without,
            self.too_much,
            self.lowest,
        )


def _fit_bits(count: int) -> Any:  # noqa: ANN401 - a dtype of NumPy
    """Return the narrowest whole numbers that hold so many bits."""
    return next(x for x in (np.uint8, np.uint16, np.uint32, np.uint64) if count <= x().itemsize * 8)


def _make_words(count: int, rows: int) -> tuple[Array, ...]:
    sizes = [min(WORD, count - start) for start in range(0, count, WORD)]
    return tuple(np.zeros(rows, _fit_bits(size)) for size in sizes)


def _pack(word: Array, flags: list[Array | None], at: slice) -> None:
    """Pack truths into the bits of whole numbers: byte by byte, which is fast, then together."""
    for start in range(0, len(flags), _BYTE):
        some = [(x, f) for x, f in enumerate(flags[start : start + _BYTE]) if f is not None]
        if not some:
            continue
        made = np.zeros(at.stop - at.start, np.uint8)
        for bit, flag in some:
            # a product is far quicker than a shift of bytes
            made |= np.asarray(flag, bool).view(np.uint8) * np.uint8(1 << bit)
        if start == 0:
            word[at] = made
        else:
            word[at] |= np.left_shift(made, start, dtype=word.dtype)


def _overlay(told: Array, node: int, held: Mapping[int, Array], code: int) -> Array:
    """Return numbers with another where a node holds: by sums, which on bytes are quickest."""
    if node == FALSE:
        return told
    return told + (np.int8(code) - told) * np.asarray(held[node], bool).view(np.int8)


def _find_dtype(kernel: Kernel, node: int) -> Any:  # noqa: ANN401 - a dtype of NumPy
    return bool if kernel.nodes[node].sort is Sort.BOOL else np.int64
