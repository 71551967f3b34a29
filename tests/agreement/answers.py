"""Comes in: what an executor gave of some cases. Goes out: it as columns that all executors share.

A case that is not decided has an outcome of -1 and nothing else. Of a rule it is told whether it
fails (0), holds (1), waits (2) or is left aside (3); of a value what it is, and whether it is known
(0), none (1) or waits (2). Numbers stand in lowest terms, masks in words of 63 bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from drawn_cases import Array

from voucher_rules.batch.numpy.results import ColumnResult
from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.nodes import Kernel, Lowered, Shape
from voucher_rules.compiled.python_names import CODES, MISSING, PER_AMOUNT, WAITING

WORD: Final = 63
UNSURE: Final = "only the evaluator can tell"
MISSTATED: Final = "something is stated that may not be"
_FAILS, _HOLDS, _WAITS, _ASIDE, _TWICE = 0, 1, 2, 3, 9
_KNOWN, _NONE, _OPEN = 0, 1, 2


@dataclass
class Answer:
    """What an executor gave: columns by name, all of one length."""

    columns: dict[str, Array] = field(default_factory=dict)

    @property
    def outcome(self) -> Array:
        """The numbers of the outcomes, -1 where there is none."""
        return self.columns["outcome"]

    def tell(self, at: int) -> dict[str, str]:
        """Return what is told of one case, in words."""
        told = {name: str(x[at]) for name, x in self.columns.items()}
        code = int(self.outcome[at])
        return told | {"outcome": str(CODES[code]) if code >= 0 else "not decided"}

    def blank(self, undecided: Array) -> Answer:
        """Return the same with other cases undecided too."""
        made = {}
        for name, column in self.columns.items():
            held = column.copy()
            if name not in {UNSURE, MISSTATED}:
                held[undecided] = -1 if name == "outcome" else _find_empty(column)
            made[name] = held
        return Answer(made)

    def drop_rules(self, names: frozenset[str]) -> Answer:
        """Return the same without what became of some rules."""
        gone = {f"rule {name}" for name in names}
        return Answer({name: x for name, x in self.columns.items() if name not in gone})


def list_silent(kernel: Kernel) -> frozenset[str]:
    """Return the rules that decide nothing."""
    return frozenset(rule.rule for rule in kernel.rules if not rule.decides)


def _find_empty(column: Array) -> object:
    return "" if column.dtype == object and len(column) and _has_text(column) else 0


def _has_text(column: Array) -> bool:
    return any(type(x) is str for x in column)


def find_differences(one: Answer, other: Answer) -> list[tuple[int, str]]:
    """Return the places and columns in which two answers differ, of the columns both have."""
    found = []
    for name in one.columns.keys() & other.columns.keys():
        differs = np.asarray(one.columns[name] != other.columns[name], bool)
        found += [(int(at), name) for at in np.flatnonzero(differs)]
    return sorted(found)


# -- row by row ------------------------------------------------------------------------------------


def take_rows(kernel: Kernel, found: Sequence[tuple[Any, ...] | None]) -> Answer:
    """Return the answer of the code of a kernel."""
    count = len(found)
    unsure = np.array([x is None for x in found], bool)
    misstated = np.array([x is not None and bool(x[1]) for x in found], bool)
    places = np.flatnonzero(~unsure & ~misstated)
    known = [found[at] for at in places.tolist()]
    turned = list(zip(*known, strict=True)) if known else [()] * _count_parts(kernel)
    made: dict[str, Array] = {UNSURE: unsure, MISSTATED: misstated}
    for name, cells in _name_parts(kernel, turned):
        made[name] = _scatter(name, cells, places, count)
    return Answer(made)


def _count_parts(kernel: Kernel) -> int:
    values = sum(len(x.nodes) for x in kernel.values.values())
    return 2 + PER_AMOUNT * len(kernel.amounts) + len(kernel.rules) + values


def _name_parts(kernel: Kernel, turned: Sequence[Sequence[Any]]) -> Iterator[tuple[str, Array]]:
    """Yield the columns of what the code gave of the cases it decided."""
    yield "outcome", np.array(turned[0], np.int64)
    at = 2
    for item in kernel.amounts:
        amount, binding, over, much, lowest = turned[at : at + PER_AMOUNT]
        at += PER_AMOUNT
        name = item.output
        yield f"{name} is", np.array([x is None for x in amount], np.int64)
        yield name, _count([0 if x is None else x for x in amount])
        yield from _split_mask(f"{name} is bound by", binding, len(item.binding))
        yield f"{name} is overused", np.array(over, np.int64)
        yield f"{name} is asked too much", np.array(much, np.int64)
        if item.lowest:
            yield from _split_mask(f"{name} is least by", lowest, len(item.lowest))
    for rule in kernel.rules:
        cells = turned[at]
        at += 1
        yield f"rule {rule.rule}", np.array([_tell_rule(x) for x in cells], np.int64)
    for name, value in kernel.values.items():
        parts = turned[at : at + len(value.nodes)]
        at += len(value.nodes)
        yield from _take_value(name, value, parts)


def _tell_rule(holds: object) -> int:
    """Return what becomes of a rule, by exact type: a 1 is no truth."""
    if holds is None:
        return _ASIDE
    if type(holds) is bool:
        return _HOLDS if holds else _FAILS
    return _WAITS if holds == WAITING else _TWICE


def _take_value(
    name: str, value: Lowered, parts: Sequence[Sequence[Any]]
) -> Iterator[tuple[str, Array]]:
    first = parts[0]
    state = [_NONE if x is None else _OPEN if x is MISSING else _KNOWN for x in first]
    states = np.array(state, np.int64)
    yield f"value {name} is", states
    if value.shape is Shape.TEXT:
        yield (
            f"value {name}",
            np.array([x if s == _KNOWN else "" for x, s in zip(first, state, strict=True)], object),
        )
        return
    held = _count([int(x) if s == _KNOWN else 0 for x, s in zip(first, state, strict=True)])
    if value.shape is Shape.NUMBER:
        under = [x if s == _KNOWN else 1 for x, s in zip(parts[1], state, strict=True)]
        yield from _settle(name, held, _count(under), states)
    else:
        yield f"value {name}", held


def _settle(name: str, top: Array, under: Array, states: Array) -> Iterator[tuple[str, Array]]:
    """Yield a number in lowest terms."""
    shared = np.maximum(np.gcd(top, under), 1)
    known = states == _KNOWN
    yield f"value {name}", np.where(known, top // shared, 0)
    yield f"value {name} over", np.where(known, under // shared, 0)


def _count(numbers: Sequence[int]) -> Array:
    """Return whole numbers as int64 where they fit, else as they are."""
    try:
        return np.array(numbers, np.int64)
    except OverflowError:
        return np.array(numbers, object)


def _split_mask(name: str, masks: Sequence[int], count: int) -> Iterator[tuple[str, Array]]:
    for word, start in enumerate(range(0, max(count, 1), WORD)):
        bits = [x >> start & ((1 << WORD) - 1) for x in masks]
        yield f"{name} {word}", np.array(bits, np.int64)


def _scatter(name: str, cells: Array, places: Array, count: int) -> Array:
    """Return a column of all cases from one of those decided."""
    if len(cells) == count:
        return cells
    if cells.dtype == object:
        made = np.full(count, "" if any(type(x) is str for x in cells) else 0, object)
    else:
        made = np.zeros(count, cells.dtype)
    if name == "outcome":
        made[:] = -1
    made[places] = cells
    return made


# -- columns of NumPy ------------------------------------------------------------------------------


def take_columns(kernel: Kernel, result: ColumnResult) -> Answer:
    """Return the answer of a kernel over columns; it tells no over-use of an amount."""
    outcome = result.outcome.astype(np.int64)
    made: dict[str, Array] = {"outcome": outcome}
    for item in kernel.amounts:
        name = item.output
        without = result.without[name]
        made[f"{name} is"] = without.astype(np.int64)
        made[name] = np.where(without, 0, result.amounts[name])
        made |= _split_words(f"{name} is bound by", (result.binding[name],), len(item.binding), 64)
        if item.lowest:
            much = result.too_much[name]
            made[f"{name} is asked too much"] = much.astype(np.int64)
            lowest = np.where(much, result.lowest[name], 0)
            made |= _split_words(f"{name} is least by", (lowest,), len(item.lowest), 64)
    masks = {"failed": result.failed, "waiting": result.waiting, "skipped": result.skipped}
    made |= _read_rules(kernel, masks, 64, len(outcome))
    for name, value in kernel.values.items():
        parts, none, waits = result.values[name]
        states = np.where(none, _NONE, np.where(waits, _OPEN, _KNOWN)).astype(np.int64)
        made |= _read_value(name, value, parts, states)
    decided = outcome >= 0
    return _keep(Answer(made), decided)


def _keep(answer: Answer, decided: Array) -> Answer:
    if not decided.all():
        answer = answer.blank(~decided)
    return answer


def _read_value(
    name: str, value: Lowered, parts: Sequence[Array], states: Array
) -> dict[str, Array]:
    made = {f"value {name} is": states}
    known = states == _KNOWN
    if value.shape is Shape.TEXT:
        made[f"value {name}"] = np.where(known, parts[0], "").astype(object)
    elif value.shape is Shape.NUMBER:
        top = np.where(known, parts[0], 0).astype(np.int64)
        under = np.where(known, parts[1], 1).astype(np.int64)
        made |= dict(_settle(name, top, under, states))
    else:
        made[f"value {name}"] = np.where(known, parts[0], 0).astype(np.int64)
    return made


def _read_bit(words: Sequence[Array], bit: int, size: int) -> Array:
    word, at = divmod(bit, size)
    return (words[word].astype(np.uint64) >> np.uint64(at)) & np.uint64(1)


def _read_rules(
    kernel: Kernel, masks: Mapping[str, Sequence[Array]], size: int, count: int
) -> dict[str, Array]:
    """Return what becomes of each rule, from a bit for each in three masks."""
    made = {}
    for bit, rule in enumerate(kernel.rules):
        fails, waits, aside = (
            _read_bit(masks[key], bit, size).astype(bool)
            for key in ("failed", "waiting", "skipped")
        )
        told = np.full(count, _HOLDS, np.int64)
        told[fails], told[waits], told[aside] = _FAILS, _WAITS, _ASIDE
        told[(fails & waits) | (fails & aside) | (waits & aside)] = _TWICE
        made[f"rule {rule.rule}"] = told
    return made


def _split_words(name: str, words: Sequence[Array], count: int, size: int) -> dict[str, Array]:
    """Return a mask in words of 63 bits, from words of another length."""
    made = {}
    for word, start in enumerate(range(0, max(count, 1), WORD)):
        held = np.zeros(len(words[0]), np.int64)
        for bit in range(start, min(count, start + WORD)):
            held |= _read_bit(words, bit, size).astype(np.int64) << (bit - start)
        made[f"{name} {word}"] = held
    return made


# -- SQL -------------------------------------------------------------------------------------------


def take_table(kernel: Kernel, columns: Mapping[str, Array], nulls: Mapping[str, Array]) -> Answer:
    """Return the answer of a statement: its columns by name, and where they are null.

    What is null must hold 0, or an empty text.
    """
    outcomes = columns["outcome"]
    codes = {str(code): at for at, code in enumerate(CODES)}
    outcome = np.array(
        [-1 if n else codes[x] for x, n in zip(outcomes, nulls["outcome"], strict=True)], np.int64
    )
    made: dict[str, Array] = {
        "outcome": outcome,
        UNSURE: columns["unsure"].astype(bool),
        MISSTATED: columns["misstated"].astype(bool),
    }
    for item in kernel.amounts:
        name = item.output
        made[f"{name} is"] = nulls[name].astype(np.int64)
        made[name] = columns[name]
        for key, words in (("binding", "bound by"), ("lowest", "least by")):
            if key == "lowest" and not item.lowest:
                continue
            limits = len(item.binding if key == "binding" else item.lowest)
            listed = _list_words(columns, f"{name}.{key}", limits)
            for word, cells in enumerate(listed):
                if key == "lowest":
                    cells = np.where(columns[f"{name}.too_much"], cells, 0)  # noqa: PLW2901 - the same, where it counts
                made[f"{name} is {words} {word}"] = cells
        made[f"{name} is overused"] = columns[f"{name}.overused"].astype(np.int64)
        made[f"{name} is asked too much"] = columns[f"{name}.too_much"].astype(np.int64)
    masks = {
        x: _list_words(columns, x, len(kernel.rules)) for x in ("failed", "waiting", "skipped")
    }
    made |= _read_rules(kernel, masks, WORD, len(outcome))
    for name, value in kernel.values.items():
        states = nulls[name].astype(np.int64)
        over = [columns[f"{name}.over"]] if value.shape is Shape.NUMBER else []
        told = columns[name]
        if value.shape is Shape.CODE:
            places = {option: at for at, option in enumerate(value.options)} | {"": 0}
            told = np.array([places[x] for x in told], np.int64)
        made |= _read_value(name, value, [told, *over], states)
    return _keep(Answer(made), outcome >= 0)


def _list_words(columns: Mapping[str, Array], name: str, count: int) -> list[Array]:
    words = range(1, max(1, -(-count // WORD)) + 1)
    return [columns[f"{name}.{word}" if word > 1 else name] for word in words]


def find_waiting(answer: Answer, kernel: Kernel) -> Array:
    """Return the cases in which a value waits for a person: SQL has no form for it."""
    made = np.zeros(len(answer.outcome), bool)
    for name in kernel.values:
        made |= answer.columns[f"value {name} is"] == _OPEN
    return made
