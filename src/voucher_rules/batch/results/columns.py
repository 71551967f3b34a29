"""Comes in: verdicts. Goes out: them as columns of a table of results, the same from any executor.

Money counts in minor units. Masks have a bit for each rule of the decision in the order of the
document, or for each limit of an amount, in words of 63; ``tell_bits`` says which bit is whose.
A folder of results has two files a part: what every row has, and what is open of the rows of which
anything is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from voucher_rules.batch.verdicts.model import PayableColumn, Verdicts, list_payables, list_values
from voucher_rules.compiled.sql_results import WORD
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.explain.data import data_of_value
from voucher_rules.language.types import Kind, Type
from voucher_rules.program.build import FixAmount, Program
from voucher_rules.record.canonical import write_again
from voucher_rules.values.model import NONE, Exact, Mark, Unknown, Value
from voucher_rules.values.write import write_fraction


class Cell(Enum):
    """What a column of results holds."""

    WHOLE = "whole"
    TRUTH = "truth"
    DAY = "day"
    TEXT = "text"


class Side(Enum):
    """In which file of a part a column of results stands."""

    BOTH = "both"
    SETTLED = "settled"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of results: its name and what it holds. Any cell may be null.

    ``closed`` is what one of the open ones holds in a row of which it tells nothing: null, or 0.
    """

    name: str
    cell: Cell
    side: Side = Side.SETTLED
    closed: int | None = None


FAILED: Final = "failed"
WAITING: Final = "waiting"
UNDETERMINED: Final = "undetermined"
MASKS: Final = (FAILED, WAITING, UNDETERMINED)
"""Which rules are told of: those that do not hold, those a person must judge first, and those of
which it is not known what became of them."""
ROW: Final = "row"
"""The column that numbers the rows of the table that came in, from 1."""


def list_result_columns(program: Program) -> tuple[ResultColumn, ...]:
    """Return the columns of the results of a decision, after the row and the keys."""
    made = [ResultColumn("outcome", Cell.TEXT, Side.BOTH)]
    for name in list_payables(program):
        cell = Cell.WHOLE if is_whole(program, name) else Cell.TEXT
        made.append(ResultColumn(name, cell))
        made += [ResultColumn(f"{name}.{end}", cell, Side.OPEN) for end in ("low", "high")]
        limits = list_limits(program, name)
        made += [ResultColumn(x, Cell.WHOLE) for x in name_words(f"{name}.binding", len(limits))]
    for name in list_values(program):
        made.append(ResultColumn(name, _find_cell(program.decision.outputs[name].type)))
    words = len(program.rules)
    made += [ResultColumn(x, Cell.WHOLE) for x in name_words(FAILED, words)]
    for name in (WAITING, UNDETERMINED):
        made += [ResultColumn(x, Cell.WHOLE, Side.OPEN, 0) for x in name_words(name, words)]
    made += [ResultColumn(name, Cell.TEXT, Side.OPEN) for name in ("possible", "missing")]
    return tuple(made)


def list_settled_columns(program: Program) -> tuple[ResultColumn, ...]:
    """Return the columns of the file that has a line for every row that is decided."""
    return tuple(x for x in list_result_columns(program) if x.side is not Side.OPEN)


def list_open_columns(program: Program) -> tuple[ResultColumn, ...]:
    """Return the columns of the file of the rows of which something is open."""
    return tuple(x for x in list_result_columns(program) if x.side is not Side.SETTLED)


def find_open(program: Program, results: Mapping[str, Sequence[Any]]) -> list[bool]:
    """Return of each row of results whether anything is open."""
    columns = [x for x in list_open_columns(program) if x.side is Side.OPEN]
    rows = zip(*(results[x.name] for x in columns), strict=True)
    closed = tuple(x.closed for x in columns)
    return [row != closed for row in rows]


def is_whole(program: Program, output: str) -> bool:
    """Return whether an output of money is surely a whole number of minor units."""
    declared = program.decision.outputs[output]
    return declared.limited or declared.rounds


def _find_cell(kind: Type) -> Cell:
    match kind.kind:
        case Kind.BOOLEAN:
            return Cell.TRUTH
        case Kind.COUNT:
            return Cell.WHOLE
        case Kind.DATE:
            return Cell.DAY
        case _:
            return Cell.TEXT


def count_words(count: int) -> int:
    """Return in how many words a mask of so many bits is told."""
    return max(1, -(-count // WORD))


def name_words(name: str, count: int) -> list[str]:
    """Return the columns of a mask of so many bits."""
    words = range(1, count_words(count) + 1)
    return [f"{name}.{word}" if word > 1 else name for word in words]


def list_limits(program: Program, output: str) -> tuple[str, ...]:
    """Return the limits that may bind an output, in the order of their bits."""
    for step in program.steps:
        if isinstance(step, FixAmount) and step.output.name == output:
            hard = tuple(rule.id for rule in step.limits if not rule.soft)
            return (*hard, REQUESTED) if step.output.requested else hard
    return ()


def tell_bits(program: Program) -> Iterator[tuple[str, int, str, str]]:
    """Yield, for each bit of a mask, the column, the bit, the rule, and what it is there."""
    for at, rule in enumerate(program.rules):
        kind = "soft" if rule.soft else "hard"
        for mask in MASKS:
            yield (*_find_bit(mask, at), rule.id, kind)
    for name in list_payables(program):
        for at, limit in enumerate(list_limits(program, name)):
            yield (*_find_bit(f"{name}.binding", at), limit, "limit")


def list_masks(program: Program) -> tuple[str, ...]:
    """Return the masks of a table of results, without the further words of long ones."""
    return (*MASKS, *(f"{name}.binding" for name in list_payables(program)))


def _find_bit(name: str, at: int) -> tuple[str, int]:
    word, bit = divmod(at, WORD)
    return (f"{name}.{word + 1}" if word else name), bit


# -- from verdicts ---------------------------------------------------------------------------------


def tell_results(program: Program, verdicts: Verdicts) -> dict[str, list[Any]]:
    """Return verdicts as columns, in the order of :func:`list_result_columns`."""
    made: dict[str, list[Any]] = {"outcome": [str(x) for x in verdicts.outcome]}
    made |= tell_outputs(program, verdicts, [*verdicts.payables, *verdicts.values])
    rules = [rule.id for rule in program.rules]
    for mask, kinds in ((FAILED, ("failed", "soft_failed")), (WAITING, ("open",))):
        made |= _pack(mask, rules, [_gather_rules(x, kinds) for x in verdicts.grounds])
    made |= _pack(UNDETERMINED, rules, verdicts.undetermined)
    made["possible"] = [
        ",".join(sorted(str(x) for x in some)) if len(some) > 1 else None
        for some in verdicts.possible
    ]
    made["missing"] = [",".join(some) or None for some in verdicts.missing]
    return made


def tell_outputs(
    program: Program, verdicts: Verdicts, names: Sequence[str]
) -> dict[str, list[Any]]:
    """Return some outputs as columns."""
    made: dict[str, list[Any]] = {}
    for name in names:
        if name in verdicts.payables:
            made |= _tell_payable(program, name, verdicts.payables[name])
        else:
            declared = program.decision.outputs[name].type
            made[name] = [_tell_value(value, declared) for value in verdicts.values[name]]
    return made


def _tell_payable(program: Program, name: str, column: PayableColumn) -> dict[str, list[Any]]:
    whole = is_whole(program, name)
    tell: Callable[[Exact | None], Any] = (lambda x: x) if whole else _tell_exact
    open_ends = [value is None for value in column.value]
    limits = list_limits(program, name)
    return {
        name: [tell(x) for x in column.value],
        f"{name}.low": [tell(x) if y else None for x, y in zip(column.low, open_ends, strict=True)],
        f"{name}.high": [
            tell(x) if y else None for x, y in zip(column.high, open_ends, strict=True)
        ],
        **_pack(f"{name}.binding", limits, column.binding),
    }


def _tell_exact(value: Exact | None) -> str | None:
    return None if value is None else write_fraction(value)


def _gather_rules(grounds: Sequence[Any], kinds: Sequence[str]) -> tuple[str, ...]:
    return tuple(rule for ground in grounds if ground.kind in kinds for rule in ground.rules)


def _pack(name: str, named: Sequence[str], told: Sequence[Sequence[str]]) -> dict[str, list[Any]]:
    """Return masks in words: a bit for each of those named that is told of."""
    places = {rule: at for at, rule in enumerate(named)}
    held: dict[tuple[str, ...], int] = {}
    masks = []
    for some in told:
        key = tuple(some)
        if key not in held:
            held[key] = sum(1 << places[rule] for rule in dict.fromkeys(key))
        masks.append(held[key])
    full = (1 << WORD) - 1
    return {
        word: [mask >> at * WORD & full for mask in masks]
        for at, word in enumerate(name_words(name, len(named)))
    }


def _tell_value(value: Value, kind: Type) -> Any:  # noqa: ANN401 - a cell of any kind
    """Return a value as a cell; what is not settled is null."""
    if value is NONE or isinstance(value, Unknown | Mark):
        return None
    if _find_cell(kind) is not Cell.TEXT:
        return value
    told = data_of_value(value, kind)
    return told if isinstance(told, str) else write_again(told).decode()
