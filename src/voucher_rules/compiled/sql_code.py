"""Comes in: a kernel and a dialect. Goes out: one SELECT that decides every row of a relation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import (
    FOLDS,
    Kernel,
    NotLoweredError,
    Op,
    Sort,
    list_read_parts,
    size_of_list,
)
from voucher_rules.compiled.python_names import CODES
from voucher_rules.compiled.sql_columns import SqlColumn, list_reads
from voucher_rules.compiled.sql_dialects import DIALECTS, Dialect
from voucher_rules.compiled.sql_inputs import AGAIN, NOTHING, Known, list_items
from voucher_rules.compiled.sql_layers import PREFIX, Joint, Laid, Layers, Step
from voucher_rules.compiled.sql_lists import list_outer_steps, list_stages
from voucher_rules.compiled.sql_plan import Column, Plan, make_plan
from voucher_rules.compiled.sql_records import RecordWriter
from voucher_rules.compiled.sql_results import Give
from voucher_rules.compiled.sql_steps import Steps, fill

_ALWAYS: Final = ("outcome", "unsure", "misstated")
"""Columns that every statement gives, whatever it decides."""


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
    parts: SqlParts | None = None
    """The same taken apart, where questions are asked of lists."""


@dataclass(frozen=True, slots=True)
class SqlParts:
    """A statement taken apart: ``steps`` are selects to be made first, each with its name.

    The rows of a stage are read by each list that is asked and by the rows of the next one. An
    engine that works a named query out wherever it is read would make them so often, and a
    multiple of it at each stage. What stands in ``last`` reads the steps, and each reads those
    before it.
    """

    steps: tuple[tuple[str, str], ...]
    last: str


@dataclass(frozen=True, slots=True)
class Keys:
    """Columns that go with each row, and those of them that records bear, too."""

    rows: tuple[str, ...]
    records: tuple[str, ...]


def _name_first(tables: Sequence[tuple[str, str]], text: str) -> str:
    """Return a select with those it needs under their names before it."""
    told = ",\n".join(f"{name} AS (\n{inner}\n)" for name, inner in tables)
    return f"WITH {told}\n{text}" if told else text


def _take_apart(laid: Laid, rows: Collection[str]) -> SqlParts:
    """Return a statement whose named ``rows`` are steps of their own."""
    steps: list[tuple[str, str]] = []
    held: list[tuple[str, str]] = []
    for name, text in laid.tables:
        if name in rows:
            steps.append((name, _name_first(held, text)))
            held = []
        else:
            held.append((name, text))
    return SqlParts(tuple(steps), _name_first(held, laid.text))


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
    keys: Keys | Sequence[str] = ("key",),
    known: Known = NOTHING,
    *,
    lists: Mapping[str, str] | None = None,
    coded: bool = False,
    mark: str = "",
) -> SqlCode:
    """Write a kernel as one SELECT over a relation, which is a name or a query in brackets.

    ``keys`` are columns that go with each row, and with each record of a list where :class:`Keys`
    do not tell them apart; ``lists`` is the relation of each of these, called like it without one.
    A ``coded`` outcome is a number of ``python_names.CODES``. A ``mark`` keeps the names of queries
    within the text apart from those of another. Raises :class:`NotLoweredError`.
    """
    spoken = DIALECTS[dialect]
    plan = make_plan(kernel, replace(known, encoded=not spoken.plain))
    own = keys if isinstance(keys, Keys) else Keys(tuple(keys), tuple(keys))
    writer = _Writer(plan, spoken, relation, own, lists or {}, coded=coded, mark=mark)
    text, parts = writer.write()
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
        parts,
    )


def _is_zero(plan: Plan, column: Column) -> bool:
    node = plan.nodes[column.node]
    counts = column.give in (Give.WHOLE, Give.HOLDING, Give.FAILING)
    return counts and node.sort is Sort.INT and node.low == node.high == 0


@dataclass(slots=True)
class _Writer:
    plan: Plan
    dialect: Dialect
    relation: str
    own: Keys
    lists: Mapping[str, str]
    coded: bool
    mark: str
    layers: Layers = field(init=False)

    def __post_init__(self) -> None:
        plan = self.plan
        steps = Steps(plan.kernel, plan.known, plan.nodes, self.dialect, self.keys)
        self.layers = Layers(plan, steps)
        self._check_names()

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that go with each row."""
        return self.own.rows

    @property
    def _steps(self) -> Steps:
        return self.layers.steps

    def _check_names(self) -> None:
        longest = self.dialect.longest_name
        items = {item.name for item in list_items(self.plan.kernel)} | {
            x.name for x in self.plan.columns
        }
        for name in sorted(items) if longest else ():
            if len(f"{name}.none".encode()) > longest:
                raise NotLoweredError("a name too long for the engine", name)
        # engines take names alike whatever the case of their letters
        taken = [x.casefold() for x in (*items, *_ALWAYS, *self.keys)]
        for name in self.keys:
            if name.casefold().startswith(PREFIX) or taken.count(name.casefold()) > 1:
                raise NotLoweredError("a key that is called like a step or a result", name)
        self._check_texts()

    def _check_texts(self) -> None:
        """Texts of a zero byte stand in no SQL."""
        for number, node in enumerate(self.plan.nodes):
            if node.sort is Sort.TEXT and node.op is Op.CONST and "\0" in str(node.data):
                raise NotLoweredError("a text with a zero byte", self.plan.places[number])

    # -- which steps, and where ------------------------------------------------------------------

    def write(self) -> tuple[str, SqlParts | None]:
        """Return the statement, and what it consists of where it has named queries."""
        nodes, roots = self.plan.nodes, self._list_roots()
        needed = self._find_needed(roots)
        self.layers.uses.update(roots)
        for number in needed:
            self.layers.uses.update(nodes[number].args)
        within = [x for x in needed if nodes[x].scope or nodes[x].op in FOLDS]
        self.layers.pinned = list_outer_steps(nodes, within) | self._find_again(needed)
        self.layers.pin_tests(x for x in needed if not nodes[x].scope)
        joints = self._take_all(needed)
        keys, results = self.keys, self._list_results()
        laid = self.layers.lay_out(self.relation, keys, results, joints)
        rows = {joint.name for joint in joints.values()}
        return _name_first(laid.tables, laid.text), _take_apart(laid, rows) if rows else None

    def _take_all(self, needed: Sequence[int]) -> dict[int, Joint]:
        """Take every step on the rows, stage by stage; return where answers of lists come in."""
        nodes, stages = self.plan.nodes, list_stages(self.plan.nodes)
        writer = RecordWriter(self.plan, self.layers, self.own.records, self.lists, self.mark)
        joints: dict[int, Joint] = {}
        layer = 0
        for stage in range(max((stages[x] for x in needed), default=0) + 1):
            own = [x for x in needed if stages[x] == stage and not nodes[x].scope]
            folds = [x for x in own if nodes[x].op in FOLDS]
            if folds:
                self._check_keys(folds)
                layer = writer.find_layer(folds)
                joints[layer] = writer.join(stage, folds)
            for number in own:
                self.layers.take(number, layer)
        return joints

    def _check_keys(self, folds: Sequence[int]) -> None:
        if not self.own.records:
            place, _ = size_of_list(self.plan.nodes[folds[0]])
            name = self.plan.kernel.inputs[place].name
            raise NotLoweredError("a list of records without a key that tells whose they are", name)

    def _find_again(self, needed: Sequence[int]) -> set[int]:
        """Return the step that no layer but the first can take: it looks at other rows."""
        reads = {x: self.plan.nodes[x] for x in needed if self.plan.nodes[x].op is Op.INPUT}
        return {x for x, node in reads.items() if str(list_read_parts(node)[1]) == AGAIN}

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

    # -- what comes out --------------------------------------------------------------------------

    def _list_results(self) -> list[tuple[str, Step]]:
        plan = self.plan
        outcome = self.layers.combine(self._tell_outcome(), (plan.outcome, plan.undecided))
        made = [("outcome", outcome)]
        for name, node in (("unsure", plan.unsure), ("misstated", plan.misstated)):
            made.append((name, self.layers.combine(self.layers.made[node].text, (node,))))
        for column in self.plan.columns:
            args = (column.node, column.none, plan.undecided)
            made.append((column.name, self.layers.combine(self._tell_result(column), args)))
        return made

    def _tell_outcome(self) -> str:
        plan = self.plan
        text = self.layers.made[plan.outcome].text
        told = {at: self._steps.text(outcome) for at, outcome in enumerate(CODES)}
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
        told = " OR ".join(dict.fromkeys(self.layers.made[x].text for x in tests))
        return f"CASE WHEN {told} THEN NULL ELSE {text} END"

    def _tell_result(self, column: Column) -> str:
        text = self.layers.made[column.node].text
        match column.give:
            case Give.DAY:
                text = fill(self.dialect.of_day, a=text)
            case Give.OPTION:
                told = [self._steps.text(option) for option in column.named]
                whens = "".join(f" WHEN {at} THEN {x}" for at, x in enumerate(told[:-1]))
                text = f"CASE {text}{whens} ELSE {told[-1]} END" if whens else told[-1]
            case Give.TRUTH | Give.TEXT:
                pass
            case _ if not self._steps.long[column.node]:
                text = self._steps.whole(text)
        return self._blank(text, column.none)

    def list_gives(self) -> tuple[SqlColumn, ...]:
        """Return the columns of the result."""
        outcomes = tuple(str(outcome) for outcome in CODES)
        first = (
            SqlColumn("outcome", "text", outcomes),
            SqlColumn("unsure", "truth"),
            SqlColumn("misstated", "truth"),
        )
        return first + tuple(SqlColumn(x.name, _HOLDS[x.give], x.named) for x in self.plan.columns)


_HOLDS: Final = {give: str(give.value) for give in Give} | {
    Give.HOLDING: "mask",
    Give.FAILING: "mask",
    Give.OPTION: "text",
}
