"""Comes in: a kernel. Goes out: the same as straight Python code, readable, and compiled.

Every name in the code is made here: ``a0`` an input as it stands in the row, ``v0`` the same with
something harmless in the place of nothing, ``n0`` a step, ``f0`` a field of a record, ``k0`` a text
or a table. Nothing written in a ruleset or a case gets into the code but whole numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import (
    FOLDS,
    AmountNodes,
    Kernel,
    KernelInput,
    Lowered,
    Node,
    Op,
    Part,
    RuleNodes,
    Shape,
    Sort,
    list_read_parts,
)
from voucher_rules.compiled.python_load import load_function
from voucher_rules.compiled.python_loops import Loop, plan_loops
from voucher_rules.compiled.python_names import CALLS, HELPERS, INFIX, STARTS, TURNED, WAITING, Row

_DEEPEST: Final = 12
"""How deep an expression may nest before a step gets a name of its own."""


_UNTELLABLE: Final = re.compile(r"[^\w.+!\[\]-]")
"""What may stand in no comment: names hold none of it, and a line must not end in one."""


@dataclass(slots=True)
class Writer:
    """Writes the code of one kernel."""

    kernel: Kernel
    lines: list[str] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    """What stands for a node in the expressions that read it."""
    depths: dict[int, int] = field(default_factory=dict)
    constants: list[object] = field(default_factory=list)
    uses: Counter[int] = field(default_factory=Counter)
    pinned: set[int] = field(default_factory=set)
    """Nodes that get a name of their own: what loops and least values read."""
    harmless: set[str] = field(default_factory=set)
    """Inputs for which something harmless has been put in the place of nothing."""
    indent: str = "    "

    def write(self) -> str:
        """Return the code: a function that takes a row and returns all the kernel gives."""
        kernel = self.kernel
        self.uses.update(self._list_roots())
        for node in kernel.nodes:
            self.uses.update(node.args)
        self._pin(kernel)
        self._open_row()
        loops = plan_loops(kernel)
        for number in range(len(kernel.nodes)):
            node = kernel.nodes[number]
            if number in loops:
                self._write_loop(loops[number])
            if node.op not in FOLDS and not node.scope:
                self._take(number)
        self._close()
        return "\n".join(self.lines) + "\n"

    def _pin(self, kernel: Kernel) -> None:
        for node in kernel.nodes:
            if node.op in (Op.MIN, Op.MAX):
                self.pinned.update(node.args)
            if node.scope or node.op in FOLDS:
                self.pinned.update(arg for arg in node.args if not kernel.nodes[arg].scope)

    def _open_row(self) -> None:
        names = ", ".join(f"a{place}" for place in range(len(self.kernel.inputs)))
        self.lines.append("def decide(row):")
        if names:
            self._say(f"{names}, = row")

    def _say(self, line: str) -> None:
        self.lines.append(f"{self.indent}{line}")

    # -- nodes -----------------------------------------------------------------------------------

    def _take(self, number: int) -> None:
        """Write a node down: as a name of its own, or where it is read."""
        node = self.kernel.nodes[number]
        if node.op is Op.CONST:
            self.texts[number] = self._tell_constant(node)
            return
        if node.op in (Op.INPUT, Op.FIELD):
            text, deep = self._tell_input(node), 0
        elif node.op in (Op.MIN, Op.MAX):
            self._write_extreme(number, node)
            return
        else:
            text = self._tell(node)
            deep = 1 + max((self.depths.get(arg, 0) for arg in node.args), default=0)
        atomic = text.isidentifier()
        inline = self.uses[number] <= 1 and number not in self.pinned and deep < _DEEPEST
        if atomic or inline:
            self.texts[number] = text if atomic else f"({text})"
            self.depths[number] = deep
        else:
            place = _UNTELLABLE.sub("?", self.kernel.places.get(number, ""))
            self._say(f"n{number} = {text}  # {place}")
            self.texts[number] = f"n{number}"

    def _tell_constant(self, node: Node) -> str:
        if node.sort is Sort.TEXT:
            return self._keep(node.data)
        return str(node.data)

    def _keep(self, value: object) -> str:
        for place, known in enumerate(self.constants):
            if type(known) is type(value) and known == value:
                return f"k{place}"
        self.constants.append(value)
        return f"k{len(self.constants) - 1}"

    def _tell(self, node: Node) -> str:
        args = [self.texts[arg] for arg in node.args]
        if node.op in INFIX:
            return INFIX[node.op].join(args)
        if node.op in CALLS:
            return f"{CALLS[node.op]}({', '.join(args)})"
        match node.op:
            case Op.NOT:
                return self._tell_not(node.args[0])
            case Op.SELECT:
                return f"{args[1]} if {args[0]} else {args[2]}"
            case Op.BIT:
                return f"1 << {args[0]}"
            case Op.COUNT_BITS:
                return f"{args[0]}.bit_count()"
            case _:
                return f"{self._keep(node.data)}[{args[0]}]"

    def _tell_not(self, number: int) -> str:
        inner = self.kernel.nodes[number]
        if inner.op in TURNED and not self.texts[number].isidentifier():
            return TURNED[inner.op].join(self.texts[arg] for arg in inner.args)
        return f"not {self.texts[number]}"

    def _write_extreme(self, number: int, node: Node) -> None:
        """Write a least or greatest value: several comparisons are faster than a call."""
        sign = "<" if node.op is Op.MIN else ">"
        first, *others = [self.texts[arg] for arg in node.args]
        name = f"n{number}"
        if len(others) == 1:
            self._say(f"{name} = {first} if {first} {sign} {others[0]} else {others[0]}")
        else:
            self._say(f"{name} = {first}")
            for other in others:
                self._say(f"if {other} {sign} {name}: {name} = {other}")
        self.texts[number] = name

    # -- inputs ----------------------------------------------------------------------------------

    def _tell_input(self, node: Node) -> str:
        at, part = list_read_parts(node)
        item = self._find_input(at)
        name = f"f{at[1]}" if len(at) > 1 else f"a{at[0]}"
        if part is Part.IS_NONE:
            return f"{name} is None"
        if part is Part.IS_MISSING:
            return f"{name} is ..."
        if item.may_be_none or item.may_be_missing:
            if item.shape is Shape.BOOL:
                return f"{name} is True"
            name = self._put_harmless(name, item)
        match part:
            case Part.NUMERATOR if not item.denominator:
                return f"{name}.numerator"
            case Part.DENOMINATOR:
                return f"{name}.denominator"
            case Part.LENGTH:
                return f"len({name})"
            case _:
                return name

    def _find_input(self, at: tuple[int, ...]) -> KernelInput:
        item = self.kernel.inputs[at[0]]
        return item.fields[at[1]] if len(at) > 1 else item

    def _put_harmless(self, name: str, item: KernelInput) -> str:
        made = f"v{name}"
        if made not in self.harmless:
            self.harmless.add(made)
            tests = [f"{name} is None"] if item.may_be_none else []
            tests += [f"{name} is ..."] if item.may_be_missing else []
            empty = {Shape.LIST: "()", Shape.TEXT: self._keep("")}.get(item.shape, str(item.low))
            self._say(f"{made} = {empty} if {' or '.join(tests)} else {name}")
        return made

    # -- loops -----------------------------------------------------------------------------------

    def _write_loop(self, loop: Loop) -> None:
        """Write one pass through a list, for every question asked of it that can be answered."""
        kernel = self.kernel
        item = kernel.inputs[loop.place]
        name = f"a{loop.place}"
        if item.may_be_none or item.may_be_missing:
            name = self._put_harmless(name, item)
        for number in loop.folds:
            self._say(f"n{number} = {STARTS.get(kernel.nodes[number].op, '0')}")
        fields = ", ".join(f"f{place}" for place in range(len(item.fields)))
        self._say(f"for {fields}, in {name}:")
        self.indent += "    "
        for number in loop.steps:
            self._take(number)
        for number in loop.folds:
            self._write_share(number)
        self.indent = self.indent[:-4]
        self.harmless = {made for made in self.harmless if not made.startswith("vf")}
        for number in loop.folds:
            self._write_end(number)

    def _write_share(self, number: int) -> None:
        node = self.kernel.nodes[number]
        counts, value = (self.texts[arg] for arg in node.args)
        name = f"n{number}"
        share = {
            Op.FOLD_ANY: f"if {value}: {name} = True",
            Op.FOLD_ALL: f"if not {value}: {name} = False",
            Op.FOLD_SUM: f"{name} += {value}",
            Op.FOLD_MIN: f"if {name} is None or {value} < {name}: {name} = {value}",
            Op.FOLD_MAX: f"if {name} is None or {value} > {name}: {name} = {value}",
            Op.FOLD_BITS: f"{name} |= 1 << {value}",
            Op.FOLD_DISTINCT: f"{name}.add({value})",
        }[node.op]
        if node.args[0] == TRUE:
            self._say(share)
        elif share.startswith("if "):
            condition, _, action = share[3:].partition(": ")
            self._say(f"if {counts} and ({condition}): {action}")
        else:
            self._say(f"if {counts}: {share}")

    def _write_end(self, number: int) -> None:
        node = self.kernel.nodes[number]
        name = f"n{number}"
        if node.op in (Op.FOLD_MIN, Op.FOLD_MAX):
            self._say(f"if {name} is None: {name} = {node.low}")
        elif node.op is Op.FOLD_DISTINCT:
            self._say(f"{name} = len({name})")
        self.texts[number] = name

    # -- what comes out --------------------------------------------------------------------------

    def _list_roots(self) -> list[int]:
        kernel = self.kernel
        roots = [kernel.unsure, kernel.misstated, kernel.denied, kernel.referred]
        for item in kernel.amounts:
            roots += [item.amount, item.none, item.overused, item.too_much]
            roots += [node for _, node in (*item.binding, *item.lowest)]
        for rule in kernel.rules:
            roots += [rule.skipped, rule.waits, rule.holds]
        for value in kernel.values.values():
            roots += [*value.nodes, value.none, value.waits]
        return roots

    def _close(self) -> None:
        kernel = self.kernel
        if kernel.unsure != FALSE:
            self._say(f"if {self.texts[kernel.unsure]}: return None")
        parts = [self._tell_outcome(), self.texts[kernel.misstated]]
        for item in kernel.amounts:
            parts += self._tell_amount(item)
        parts += [self._tell_rule(rule) for rule in kernel.rules]
        for value in kernel.values.values():
            parts += self._tell_value(value)
        self._say(f"return ({', '.join(parts)},)")

    def _tell_outcome(self) -> str:
        kernel = self.kernel
        if not kernel.in_force:
            return "0"
        best = 4 if kernel.program.decision.answers == "value" else 3
        told = str(best)
        if kernel.referred != FALSE:
            told = f"2 if {self.texts[kernel.referred]} else {told}"
        if kernel.denied != FALSE:
            told = f"1 if {self.texts[kernel.denied]} else {told}"
        return told

    def _tell_amount(self, item: AmountNodes) -> list[str]:
        amount = self.texts[item.amount]
        if item.none != FALSE:
            amount = f"None if {self.texts[item.none]} else {amount}"
        lowest = self._tell_bits(item.lowest)
        if item.too_much != TRUE:
            lowest = f"({lowest}) if {self.texts[item.too_much]} else 0"
        return [
            amount,
            self._tell_bits(item.binding),
            self.texts[item.overused],
            self.texts[item.too_much],
            lowest,
        ]

    def _tell_bits(self, named: tuple[tuple[str, int], ...]) -> str:
        """Return a mask with a bit for each that holds."""
        bits = [
            f"({1 << place} if {self.texts[node]} else 0)" if node != TRUE else str(1 << place)
            for place, (_, node) in enumerate(named)
            if node != FALSE
        ]
        return " | ".join(bits) or "0"

    def _tell_rule(self, rule: RuleNodes) -> str:
        told = self.texts[rule.holds]
        for node, other in ((rule.waits, str(WAITING)), (rule.skipped, "None")):
            if node == TRUE:
                told = other
            elif node != FALSE:
                told = f"{other} if {self.texts[node]} else {told}"
        return told

    def _tell_value(self, value: Lowered) -> list[str]:
        told = [self.texts[node] for node in value.nodes]
        for node, other in ((value.waits, "..."), (value.none, "None")):
            if node != FALSE:
                told[0] = f"{other} if {self.texts[node]} else {told[0]}"
        return told


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A kernel as Python code: its text, and what it compiles to.

    ``decide`` takes a row and returns None where only the reference can tell; else the number of
    the outcome (see ``python_names.CODES``), whether something is misstated; for each amount its
    value, what binds it as a mask, whether a quota is over-used, whether too much was asked for,
    and the limits that allow least as a mask; for each rule whether it holds (None: left aside; 2:
    it waits); then the parts of each value (``...`` where it waits).
    """

    kernel: Kernel
    text: str
    decide: Callable[[Row], tuple[Any, ...] | None]


def write_code(kernel: Kernel) -> Code:
    """Write a kernel as Python code and compile it."""
    writer = Writer(kernel)
    text = writer.write()
    names = {f"k{place}": value for place, value in enumerate(writer.constants)}
    decide = load_function(text, "decide", {**HELPERS, **names})
    return Code(kernel, text, decide)
