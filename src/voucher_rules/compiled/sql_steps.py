"""Comes in: the steps of a plan and a dialect. Goes out: each step as an expression of SQL.

Nothing written in a ruleset gets in but whole numbers, texts between quotes, and names of facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Template
from typing import Final
from unicodedata import normalize

from voucher_rules.compiled.graph_nodes import TRUE
from voucher_rules.compiled.nodes import (
    FOLDS,
    Kernel,
    KernelInput,
    Node,
    Op,
    Part,
    Shape,
    Sort,
    cells_of,
    list_read_parts,
)
from voucher_rules.compiled.sql_dialects import Dialect
from voucher_rules.compiled.sql_inputs import (
    AGAIN,
    OPTION,
    OUTSIDE,
    Known,
    bound_input,
    find_item,
    may_contradict,
)
from voucher_rules.compiled.sql_lists import find_neutral

_WIDEST_INT: Final = 2**31 - 1


def fill(pattern: str, **slots: str) -> str:
    """Return a pattern with its slots filled."""
    return Template(pattern).substitute(slots)


@dataclass(slots=True)
class Steps:
    """Writes steps as expressions; ``texts`` is what stands for a node in those that read it."""

    kernel: Kernel
    known: Known
    nodes: Sequence[Node]
    dialect: Dialect
    keys: Sequence[str] = ()
    texts: dict[int, str] = field(default_factory=dict)
    long: dict[int, bool] = field(default_factory=dict)
    """Whether an engine takes a whole number to have 64 bits rather than 32."""

    # -- names and constants ---------------------------------------------------------------------

    def name(self, name: str) -> str:
        """Return the name of a column."""
        return self.dialect.quote_name(name)

    def text(self, text: str) -> str:
        """Return a text constant."""
        return self.dialect.quote_text(text)

    def whole(self, text: str) -> str:
        """Return a whole number as one of 64 bits."""
        return fill(self.dialect.long, a=text)

    def _constant(self, node: Node) -> str:
        if node.sort is Sort.BOOL:
            return "TRUE" if node.data else "FALSE"
        if node.sort is Sort.TEXT:
            return self.text(normalize("NFC", str(node.data)))
        return str(node.low) if node.low >= 0 else f"({node.low})"

    # -- steps -----------------------------------------------------------------------------------

    def write(self, number: int) -> str:
        """Return the expression of a node, from those of what it reads."""
        node = self.nodes[number]
        self.long[number] = self._is_long(node)
        if node.op in FOLDS:
            return f"COALESCE({self.name(name_fold(number))}, {self._tell_neutral(node)})"
        args = [self.texts[arg] for arg in node.args]
        match node.op:
            case Op.CONST:
                return self._constant(node)
            case Op.INPUT | Op.FIELD:
                return self._input(node)
            case Op.AND | Op.OR:
                return f" {node.op.upper()} ".join(args)
            case Op.NOT:
                return self._negate(node.args[0])
            case Op.SELECT:
                return f"CASE WHEN {args[0]} THEN {args[1]} ELSE {args[2]} END"
            case Op.MIN | Op.MAX:
                return self._pick(node.op, args)
            case Op.TABLE:
                return self._look_up(node, args[0])
            case Op.SAME:
                args = [self._encode(arg) for arg in node.args]
            case _ if _is_wide(node) and not any(self.long[arg] for arg in node.args):
                args[0] = self.whole(args[0])
        return fill(self.dialect.steps[node.op], **dict(zip("ab", args, strict=False)))

    def _pick(self, op: Op, args: Sequence[str]) -> str:
        """Return the least or the greatest of several."""
        if len(args) > self.dialect.most_compared:
            return f"{'LEAST' if op is Op.MIN else 'GREATEST'}({', '.join(args)})"
        sign = "<=" if op is Op.MIN else ">="
        whens = ""
        for at, arg in enumerate(args[:-1]):
            tests = " AND ".join(f"{arg} {sign} {other}" for other in args[at + 1 :])
            whens += f" WHEN {tests} THEN {arg}"
        return f"CASE{whens} ELSE {args[-1]} END"

    def list_bare(self, node: Node) -> tuple[int, ...]:
        """Return which of the steps a node reads it reads best as columns of their own."""
        if node.op is Op.SELECT and self.dialect.bare_tests:
            test = node.args[0]
            return (test,) if self.nodes[test].op in (Op.AND, Op.OR) else ()
        compared = node.op in (Op.MIN, Op.MAX) and len(node.args) <= self.dialect.most_compared
        return node.args if compared else ()

    def _negate(self, number: int) -> str:
        inner = self.nodes[number]
        if inner.op in _TURNED and not self.texts[number].endswith(self.dialect.quote):
            left, right = (self.texts[arg] for arg in inner.args)
            return f"{left} {_TURNED[inner.op]} {right}"
        return f"NOT {self.texts[number]}"

    def _is_long(self, node: Node) -> bool:
        """Return whether an engine takes a step to have 64 bits."""
        if node.sort is not Sort.INT:
            return False
        match node.op:
            case Op.CONST:
                return _is_wide(node)
            case Op.INPUT | Op.FIELD:
                return find_item(self.kernel, node).shape is not Shape.CODE
            case Op.TABLE:
                return _is_wide(node) or len(cells_of(node)) > self.dialect.most_cases
            case Op.BIT | Op.COUNT_BITS | Op.FOLD_SUM | Op.FOLD_BITS | Op.FOLD_DISTINCT:
                return True
            case Op.FOLD_MIN | Op.FOLD_MAX:
                # of the steps on a record nothing is known here: at worst it is widened once more
                return _is_wide(node)
            case _:
                return _is_wide(node) or any(self.long[arg] for arg in node.args)

    def _look_up(self, node: Node, place: str) -> str:
        cells = cells_of(node)
        if len(cells) > self.dialect.most_cases:
            listed = ", ".join(map(str, cells))
            return fill(self.dialect.cell, cells=fill(self.dialect.array, cells=listed), a=place)
        whens = "".join(f" WHEN {at} THEN {cell}" for at, cell in enumerate(cells[:-1]))
        return f"CASE {place}{whens} ELSE {cells[-1]} END"

    def _encode(self, number: int) -> str:
        """Return a text in one encoding of its characters, to be compared."""
        if self.nodes[number].op is Op.CONST:
            return self.texts[number]
        return fill(self.dialect.normalise, a=self.texts[number])

    # -- lists -----------------------------------------------------------------------------------

    def _tell_neutral(self, node: Node) -> str:
        neutral = find_neutral(node)
        if isinstance(neutral, bool):
            return str(neutral).upper()
        return str(neutral) if neutral >= 0 else f"({neutral})"

    def aggregate(self, number: int) -> str:
        """Return what a question is over the records of a row, from the steps on a record.

        A sum is held within its bounds, beyond which there are too many records to be decided.
        """
        node = self.nodes[number]
        counts, value = (self.texts[arg] for arg in node.args)
        match node.op:
            case Op.FOLD_ANY:
                return f"BOOL_OR({value})"
            case Op.FOLD_SUM:
                low = f"({node.low})" if node.low < 0 else str(node.low)
                total = fill(self.dialect.sum, a=value)
                return self.whole(f"LEAST(GREATEST({total}, {low}), {node.high})")
            case Op.FOLD_MIN | Op.FOLD_MAX:
                return f"{'MIN' if node.op is Op.FOLD_MIN else 'MAX'}({value})"
            case Op.FOLD_BITS:
                mask = fill(self.dialect.steps[Op.BIT], a=value)
                held = (
                    mask if node.args[0] == TRUE else f"CASE WHEN {counts} THEN {mask} ELSE 0 END"
                )
                return f"BIT_OR({held})"
            case _:
                held = value if node.args[0] == TRUE else f"CASE WHEN {counts} THEN {value} END"
                return f"COUNT(DISTINCT {held})"

    # -- inputs ----------------------------------------------------------------------------------

    def _input(self, node: Node) -> str:
        at, part = list_read_parts(node)
        if str(part) == AGAIN:
            keys = ", ".join(map(self.name, self.keys))
            return f"COUNT(*) OVER (PARTITION BY {keys}) > 1"
        item = find_item(self.kernel, node)
        stated = self._read(item)
        none = f"COALESCE({self.name(f'{item.name}.none')}, FALSE)"
        match part:
            case Part.IS_NONE:
                return none
            case Part.IS_MISSING:
                missing = f"{self.name(item.name)} IS NULL"
                return f"{missing} AND NOT {none}" if item.may_be_none else missing
            case _ if str(part) == OUTSIDE:
                return self._find_outside(item, stated)
            case _ if str(part) == OPTION:
                # the place stands before the part
                return f"{self.name(item.name)} = {self.text(item.type.options[at[-1]])}"
        sure = item.name in self.known.filled
        if item.shape is Shape.BOOL:
            return stated if sure else f"COALESCE({stated}, FALSE)"
        if item.shape is Shape.TEXT:
            return stated if sure else f"COALESCE({stated}, '')"
        if item.name in self.known.within:
            return stated if sure else f"COALESCE({stated}, {node.low})"
        inside = f"{stated} BETWEEN {node.low} AND {node.high}"
        return f"CASE WHEN {inside} THEN {stated} ELSE {node.low} END"

    def _read(self, item: KernelInput) -> str:
        """Return the value of a column as kernels read it."""
        name = self.name(item.name)
        match item.shape:
            case Shape.DAY:
                return fill(self.dialect.day, a=name)
            case Shape.CODE:
                options = [self.text(option) for option in item.type.options]
                listed = ", ".join(options)
                whens = "".join(f" WHEN {x} THEN {at}" for at, x in enumerate(options))
                return f"({fill(self.dialect.place, options=listed, whens=whens, a=name)})"
            case _:
                return name

    def _find_outside(self, item: KernelInput, stated: str) -> str:
        name = self.name(item.name)
        tests = []
        if may_contradict(item, self.known):
            told = f"{name} {'<> 0' if item.shape is Shape.LIST else 'IS NOT NULL'}"
            tests.append(f"{told} AND {self.name(f'{item.name}.none')}")
        if item.shape is Shape.TEXT and self.dialect.plain:
            tests.append(f"NOT ({fill(self.dialect.plain, a=name)})")
        elif item.name not in self.known.within:
            if item.shape is Shape.CODE:
                tests.append(f"{name} IS NOT NULL AND {stated} IS NULL")
            elif item.shape not in (Shape.BOOL, Shape.TEXT):
                low, high = bound_input(item, self.known)
                tests.append(f"{stated} NOT BETWEEN {low} AND {high}")
        if not item.may_be_missing and item.name not in self.known.filled:
            none = f" AND NOT COALESCE({self.name(f'{item.name}.none')}, FALSE)"
            tests.append(f"{name} IS NULL{none if item.may_be_none else ''}")
        return f"COALESCE({' OR '.join(f'({test})' for test in tests)}, FALSE)"


def name_fold(number: int) -> str:
    """Return the name of the column that holds what a question comes to."""
    return f"vr_fold_{number}"


def _is_wide(node: Node) -> bool:
    """Return whether a whole number may need more than 32 bits."""
    wide = node.low < -_WIDEST_INT or node.high > _WIDEST_INT
    return node.sort is Sort.INT and wide


_TURNED: Mapping[Op, str] = {Op.LE: ">", Op.EQ: "<>"}
"""The comparisons, where they do not hold."""
