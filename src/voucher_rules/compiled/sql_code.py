"""Comes in: a plan and a dialect. Goes out: one SELECT that decides every row of a relation.

Steps that are read more than once become columns of a layer of their own, so that an engine makes
them once; a layer reads what the one below it made, and hands on what is still needed above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import (
    Kernel,
    NotLoweredError,
    Op,
    Part,
    Sort,
    list_read_parts,
)
from voucher_rules.compiled.python_names import CODES
from voucher_rules.compiled.sql_columns import SqlColumn, list_reads
from voucher_rules.compiled.sql_dialects import DIALECTS, Dialect
from voucher_rules.compiled.sql_inputs import NOTHING, OUTSIDE, Known
from voucher_rules.compiled.sql_plan import Column, Plan, make_plan
from voucher_rules.compiled.sql_results import Give
from voucher_rules.compiled.sql_steps import Steps, fill

_DEEPEST: Final = 10
"""How deep an expression may nest before a step becomes a column of its own."""
_PREFIX: Final = "vr_"
"""How the names of steps begin; no column that is handed on may be called so."""
_UNTELLABLE: Final = re.compile(r"[^\w.!\[\]-]")
"""What may stand in no comment."""


@dataclass(frozen=True, slots=True, eq=False)
class SqlCode:
    """A decision under one law as one statement.

    ``reads`` are the columns the relation must have beside the keys, ``gives`` those of the result.
    """

    kernel: Kernel
    dialect: str
    text: str
    reads: tuple[SqlColumn, ...]
    gives: tuple[SqlColumn, ...]
    decides_all: bool = False
    """Whether no row is left to the reference."""
    outcomes: tuple[int, ...] = ()
    """The outcomes there may be, by their numbers in ``python_names.CODES``."""
    may_lack: frozenset[str] = frozenset()
    """The results that a row which is decided may not have."""
    zeros: frozenset[str] = frozenset()
    """The results that are zero in every row which is decided."""


def _list_outcomes(plan: Plan) -> tuple[int, ...]:
    found, waiting = set(), [plan.outcome]
    while waiting:
        node = plan.nodes[waiting.pop()]
        if node.op is Op.SELECT:
            waiting.extend(node.args[1:])
        else:
            found.add(node.low)
    return tuple(sorted(found))


def write_sql(  # noqa: PLR0913 - each argument is one thing the text rests on
    kernel: Kernel,
    dialect: str,
    relation: str,
    keys: Sequence[str] = ("key",),
    known: Known = NOTHING,
    *,
    coded: bool = False,
) -> SqlCode:
    """Write a kernel as one SELECT over a relation, which is a name or a query in brackets.

    ``keys`` are columns that go with each row; a ``coded`` outcome is a number of
    ``python_names.CODES``. Raises :class:`NotLoweredError`.
    """
    spoken = DIALECTS[dialect]
    plan = make_plan(kernel, replace(known, encoded=not spoken.plain))
    writer = _Writer(plan, spoken, relation, tuple(keys), coded=coded)
    text = writer.write()
    return SqlCode(
        kernel,
        dialect,
        text,
        list_reads(kernel),
        writer.list_gives(),
        plan.undecided == FALSE,
        _list_outcomes(plan),
        frozenset(x.name for x in plan.columns if x.none != FALSE),
        frozenset(x.name for x in plan.columns if x.none == FALSE and _is_zero(plan, x)),
    )


def _is_zero(plan: Plan, column: Column) -> bool:
    node = plan.nodes[column.node]
    counts = column.give in (Give.WHOLE, Give.HOLDING, Give.FAILING)
    return counts and node.sort is Sort.INT and node.low == node.high == 0


@dataclass(slots=True)
class _Step:
    """An expression: where it stands, and which columns of lower layers it reads."""

    text: str
    layer: int
    reads: frozenset[str]
    deep: int = 0


@dataclass(slots=True)
class _Writer:
    plan: Plan
    dialect: Dialect
    relation: str
    keys: tuple[str, ...]
    coded: bool
    steps: Steps = field(init=False)
    uses: Counter[int] = field(default_factory=Counter)
    bare: set[int] = field(default_factory=set)
    """The steps that are columns of their own, however rarely they are read."""
    made: dict[int, _Step] = field(default_factory=dict)
    named: list[tuple[str, _Step, str]] = field(default_factory=list)
    """The columns of the layers: name, expression, and the rule it was made for."""

    def __post_init__(self) -> None:
        plan = self.plan
        self.steps = Steps(plan.kernel, plan.known, plan.nodes, self.dialect)
        self._check_names()

    def _check_names(self) -> None:
        longest = self.dialect.longest_name
        items = {item.name for item in self.plan.kernel.inputs} | {
            x.name for x in self.plan.columns
        }
        for name in sorted(items) if longest else ():
            if len(f"{name}.none".encode()) > longest:
                raise NotLoweredError("a name too long for the engine", name)
        for name in self.keys:
            if name.startswith(_PREFIX) or name in items:
                raise NotLoweredError("a key that is called like a step or a result", name)
        self._check_texts()

    def _check_texts(self) -> None:
        """Texts of a zero byte stand in no SQL."""
        for number, node in enumerate(self.plan.nodes):
            if node.sort is Sort.TEXT and node.op is Op.CONST and "\0" in str(node.data):
                raise NotLoweredError("a text with a zero byte", self.plan.places[number])

    # -- which steps, and where ------------------------------------------------------------------

    def write(self) -> str:
        """Return the statement."""
        roots = self._list_roots()
        needed = self._find_needed(roots)
        self.uses.update(roots)
        for number in needed:
            node = self.plan.nodes[number]
            self.uses.update(node.args)
            self.bare.update(self.steps.list_bare(node))
        for number in needed:
            self._take(number)
        return self._lay_out(self._list_results())

    def _list_roots(self) -> list[int]:
        plan = self.plan
        roots = [plan.outcome, plan.unsure, plan.misstated, plan.undecided]
        for column in self.plan.columns:
            roots += [column.node, column.none, plan.undecided]
        return roots

    def _find_needed(self, roots: Sequence[int]) -> list[int]:
        needed: set[int] = set()
        waiting = list(roots)
        while waiting:
            number = waiting.pop()
            if number not in needed:
                needed.add(number)
                waiting.extend(self.plan.nodes[number].args)
        return sorted(needed)

    def _take(self, number: int) -> None:
        """Write a step: as a column of its own, or where it is read."""
        node = self.plan.nodes[number]
        step = self._combine(self.steps.write(number), node.args)
        step.deep += node.op not in (Op.CONST, Op.INPUT)
        if node.op is Op.INPUT:
            step.reads = frozenset(self._list_read(number))
        bare = node.op is Op.CONST or step.text in map(self.steps.name, step.reads)
        parted = self.uses[number] > 1 or step.deep >= _DEEPEST or number in self.bare
        if not bare and parted:
            name = f"{_PREFIX}{number}"
            self.named.append((name, step, self.plan.places.get(number, "")))
            step = _Step(self.steps.name(name), step.layer + 1, frozenset([name]))
        elif not bare:
            step.text = f"({step.text})"
        self.made[number] = step
        self.steps.texts[number] = step.text

    def _combine(self, text: str, args: Sequence[int]) -> _Step:
        read = [self.made[arg] for arg in args]
        return _Step(
            text,
            max((x.layer for x in read), default=0),
            frozenset().union(*(x.reads for x in read)),
            max((x.deep for x in read), default=0),
        )

    def _list_read(self, number: int) -> Iterator[str]:
        """Yield the columns of the relation that an input reads."""
        at, part = list_read_parts(self.plan.nodes[number])
        item = self.plan.kernel.inputs[at[0]]
        if part is not Part.IS_NONE:
            yield item.name
        other = str(part) == OUTSIDE and not item.may_be_missing
        if item.may_be_none and (part in (Part.IS_NONE, Part.IS_MISSING) or other):
            yield f"{item.name}.none"

    # -- what comes out --------------------------------------------------------------------------

    def _list_results(self) -> list[tuple[str, _Step]]:
        plan = self.plan
        outcome = self._combine(self._tell_outcome(), (plan.outcome, plan.undecided))
        made = [("outcome", outcome)]
        for name, node in (("unsure", plan.unsure), ("misstated", plan.misstated)):
            made.append((name, self._combine(self.made[node].text, (node,))))
        for column in self.plan.columns:
            args = (column.node, column.none, plan.undecided)
            made.append((column.name, self._combine(self._tell_result(column), args)))
        return made

    def _tell_outcome(self) -> str:
        plan = self.plan
        text = self.made[plan.outcome].text
        told = {at: self.steps.text(outcome) for at, outcome in enumerate(CODES)}
        reached = _list_outcomes(plan)
        if self.coded:
            made = text
        elif len(reached) == 1:
            made = told[reached[0]]
        else:
            whens = "".join(f" WHEN {at} THEN {told[at]}" for at in reached[:-1])
            made = f"CASE {text}{whens} ELSE {told[reached[-1]]} END"
        return self._blank(made, FALSE)

    def _blank(self, text: str, none: int) -> str:
        """Return a result, nothing where there is none or it is not decided."""
        tests = [x for x in (self.plan.undecided, none) if x != FALSE]
        if TRUE in tests:
            return "NULL"
        if not tests:
            return text
        told = " OR ".join(dict.fromkeys(self.made[x].text for x in tests))
        return f"CASE WHEN {told} THEN NULL ELSE {text} END"

    def _tell_result(self, column: Column) -> str:
        text = self.made[column.node].text
        match column.give:
            case Give.DAY:
                text = fill(self.dialect.of_day, a=text)
            case Give.OPTION:
                told = [self.steps.text(option) for option in column.named]
                whens = "".join(f" WHEN {at} THEN {x}" for at, x in enumerate(told[:-1]))
                text = f"CASE {text}{whens} ELSE {told[-1]} END" if whens else told[-1]
            case Give.TRUTH | Give.TEXT:
                pass
            case _ if not self.steps.long[column.node]:
                text = self.steps.whole(text)
        return self._blank(text, column.none)

    # -- layers ----------------------------------------------------------------------------------

    def _lay_out(self, results: Sequence[tuple[str, _Step]]) -> str:
        name = self.steps.name
        top = max([step.layer for _, step in results] + [x.layer + 1 for _, x, _ in self.named])
        keys = [name(key) for key in self.keys]
        last = self._find_last_uses(results, top)
        born = {column: step.layer + 1 for column, step, _ in self.named}
        text = self.relation
        for layer in range(top):
            kept = [x for x in sorted(last) if born.get(x, 0) <= layer and last[x] > layer]
            lines = [(x, "") for x in (*keys, *map(name, kept))]
            lines += [
                (f"{step.text} AS {name(column)}", place)
                for column, step, place in self.named
                if step.layer == layer
            ]
            text = f"(\n{_select(lines, text)}{self.dialect.fence}\n) AS {_PREFIX}layer_{layer}"
        lines = [(key, "") for key in keys]
        lines += [(f"{step.text} AS {name(column)}", "") for column, step in results]
        return _select(lines, text)

    def _find_last_uses(self, results: Sequence[tuple[str, _Step]], top: int) -> Mapping[str, int]:
        """Return the topmost layer that reads a column."""
        last: dict[str, int] = {}
        for step, layer in [
            *((x, top) for _, x in results),
            *((x, x.layer) for _, x, _ in self.named),
        ]:
            for column in step.reads:
                last[column] = max(last.get(column, 0), layer)
        return last

    def list_gives(self) -> tuple[SqlColumn, ...]:
        """Return the columns of the result."""
        outcomes = tuple(str(outcome) for outcome in CODES)
        first = (
            SqlColumn("outcome", "text", outcomes),
            SqlColumn("unsure", "truth"),
            SqlColumn("misstated", "truth"),
        )
        return first + tuple(SqlColumn(x.name, _HOLDS[x.give], x.named) for x in self.plan.columns)


def _select(lines: Sequence[tuple[str, str]], relation: str) -> str:
    """Return a SELECT of some columns, each with the rule it was made for as a comment."""
    told = [
        f"  {text}{',' if at < len(lines) else ''}{_note(place)}"
        for at, (text, place) in enumerate(lines, start=1)
    ]
    return "SELECT\n" + "\n".join(told) + f"\nFROM {relation}"


def _note(place: str) -> str:
    return f"  -- {_UNTELLABLE.sub('?', place)}" if place else ""


_HOLDS: Final = {give: str(give.value) for give in Give} | {
    Give.HOLDING: "mask",
    Give.FAILING: "mask",
    Give.OPTION: "text",
}
