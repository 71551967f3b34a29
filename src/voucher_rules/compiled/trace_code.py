"""Comes in: the plan of a trace. Goes out: Python code that takes it from a row.

The code works out the nodes as that of a kernel does, and then puts each step together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from fractions import Fraction
from functools import lru_cache
from itertools import count
from typing import Any, Final, TypeAlias

from voucher_rules.compiled.build import close_kernel, lower_program
from voucher_rules.compiled.days import make_moment, make_time
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import Kernel, Lowered, NotLoweredError, Op, RuleNodes, Shape
from voucher_rules.compiled.python_code import Writer
from voucher_rules.compiled.python_load import load_function
from voucher_rules.compiled.python_names import HELPERS, Row
from voucher_rules.compiled.rule_statuses import STATUSES
from voucher_rules.compiled.tracing import (
    CallPlan,
    Place,
    RecordsPlan,
    RulePlan,
    StepPlan,
    find_days,
    list_missing,
    plan_trace,
)
from voucher_rules.decision.evaluate import Called, recall_called
from voucher_rules.decision.trace import ONLY, RuleResult, Status, Step
from voucher_rules.language.records import bind_record
from voucher_rules.language.terms import Role, Term
from voucher_rules.values.model import NONE, OPEN, Exact, Period, Value, settle_exact

MOST_HELD: Final = 32
"""How many scales a day of the case may pick from: each nests, and Python nests only so deep."""
Taker: TypeAlias = Callable[[Row], tuple[RuleResult, ...] | None]
"""Takes a trace from a row; None where only the reference can."""


@dataclass(slots=True)
class TraceWriter(Writer):
    """Writes the code that takes a trace."""

    plans: tuple[RulePlan, ...] = ()
    space: dict[str, Any] = field(default_factory=dict)
    """What stands outside of the code, by its name there."""
    known: dict[int, str] = field(default_factory=dict)
    terms: dict[int, str] = field(default_factory=dict)
    """What stands for the terms of the steps of a record, while it is gone through."""
    count: int = 0

    def _list_roots(self) -> list[int]:
        roots = []
        for plan in self.plans:
            roots += [plan.nodes.skipped, plan.nodes.waits, plan.nodes.holds]
            for step in _list_steps(plan):
                roots += _list_nodes(step)
            if plan.call is not None:
                roots += _list_nodes_of(plan.call.value)
        return roots

    def _close(self) -> None:
        for plan in self.plans:
            for records in _list_records(plan):
                self._name_list(records.place)
        names = [self._write_rule(number, plan) for number, plan in enumerate(self.plans)]
        self._say(f"return ({''.join(f'{name}, ' for name in names)})")

    # -- rules -----------------------------------------------------------------------------------

    def _write_rule(self, number: int, plan: RulePlan) -> str:
        name, indent = f"r{number}", self.indent
        rule, when = self._hold(plan.rule), "None"
        if plan.when is not None:
            self._leave_untold(plan.when.walk_surely())
            when = self._write_step(plan.when)
            skipped = self._hold(ONLY[Status.NOT_APPLICABLE])
            parts = f"{rule}, {skipped}, {when}, (), (), (), None, None, None"
            self._say(f"if {when}[1] is False or {when}[1] is NONE:")
            self._say(f"    {name} = new(RuleResult, ({parts}))")
            self._say("else:")
            self.indent += "    "
        self._leave_untold(x for step in plan.steps for x in step.walk_surely())
        steps = {id(step): self._write_step(step) for step in plan.steps}
        told = "".join(f"{step}, " for step in steps.values())
        status, missing = self._tell_statuses(plan.nodes), self._tell_missing(plan, steps)
        days = ", ".join(self._tell_days(plan, steps))
        called = self._tell_call(plan.call, [*steps.values()]) if plan.call else "None"
        parts = f"{rule}, {status}, {when}, ({told}), {missing}, (), {days}, {called}"
        self._say(f"{name} = new(RuleResult, ({parts}))")
        self.indent = indent
        return name

    def _leave_untold(self, steps: Iterable[StepPlan], *more: int) -> None:
        """Write that the reference takes the trace where only it can tell one of some values."""
        nodes = dict.fromkeys(node for node in (*(x.untold for x in steps), *more) if node != FALSE)
        if nodes:
            self._say(f"if {' or '.join(self.texts[node] for node in nodes)}: return None")

    def _tell_call(self, call: CallPlan, steps: list[str]) -> str:
        """Return what a called decision came to; its own steps are taken when someone looks."""
        self._leave_untold(call.list_facts(), call.value.unsure)
        asked = "".join(f"{self._tell_asked(x, steps)}, " for x in call.box.values())
        return f"{self._hold(_make_asking(call))}(({asked}), {self._tell_marked(call.value)})"

    def _tell_asked(self, asked: Place | StepPlan | Value, steps: list[str]) -> str:
        if isinstance(asked, StepPlan):
            return self._tell_step(asked)
        return f"{steps[asked]}[1]" if isinstance(asked, Place) else self._hold(asked)

    def _tell_missing(self, plan: RulePlan, steps: dict[int, str]) -> str:
        papers = list_missing(plan.rule)
        if papers is None:
            return "()"
        return f"lack({self._hold(papers)}, {steps[id(plan.steps[0])]}[1])"

    def _tell_days(self, plan: RulePlan, steps: dict[int, str]) -> tuple[str, str]:
        days = find_days(plan)
        if days is None:
            return "None", "None"
        last, nominal = days
        return f"{steps[id(last)]}[1]", "None" if nominal is None else f"{steps[id(nominal)]}[1]"

    def _tell_statuses(self, rule: RuleNodes) -> str:
        yes, no = STATUSES[rule.aim]
        told = self._choose(rule.holds, self._hold(ONLY[yes]), self._hold(ONLY[no]))
        told = self._choose(rule.waits, self._hold(ONLY[Status.OPEN]), told)
        return self._choose(rule.skipped, self._hold(ONLY[Status.NOT_APPLICABLE]), told)

    def _choose(self, node: int, then: str, other: str) -> str:
        if node in (TRUE, FALSE):
            return then if node == TRUE else other
        return f"({then} if {self.texts[node]} else {other})"

    # -- steps -----------------------------------------------------------------------------------

    def _write_step(self, plan: StepPlan) -> str:
        """Write a step and those below it; return its name."""
        if not plan.parts and plan.term.role is Role.CONSTANT:
            value = NONE if plan.term.value is None else plan.term.value
            return self._hold(Step(plan.term, value, ()))
        if plan.picks:
            return self._write_choice(plan)
        if plan.records is not None:
            return self._write_question(plan, plan.records)
        parts = "".join(f"{self._write_step(part)}, " for part in plan.parts)
        return self._put(plan, self._tell_step(plan), f"({parts})", self._name())

    def _put(self, plan: StepPlan, value: str, parts: str, name: str) -> str:
        term = self.terms.get(id(plan)) or self._hold(plan.term)
        self._say(f"{name} = new(Step, ({term}, {value}, {parts}))")
        return name

    def _name(self) -> str:
        self.count += 1
        return f"s{self.count}"

    def _write_choice(self, plan: StepPlan) -> str:
        """Write a step of which the first part tells which of the others counts."""
        first, *others = plan.parts
        key, made, indent = self._write_step(first), self._name(), self.indent
        for number, (told, other) in enumerate(zip(self._list_keys(plan), others, strict=True)):
            self._say(f"{'elif' if number else 'if'} {key}[1] {told}:")
            self.indent += "    "
            self._leave_untold(other.walk_surely())
            chosen = self._write_step(other)
            self._put(plan, f"{chosen}[1]", f"({key}, {chosen})", made)
            self.indent = indent
        self._say("else: return None")
        return made

    def _list_keys(self, plan: StepPlan) -> list[str]:
        if plan.term.name == "if":
            return ["is True", "is False"]
        return [f"== {self._hold(option)}" for option in plan.term.parts[0].type.options]

    # -- records ---------------------------------------------------------------------------------

    def _write_question(self, plan: StepPlan, records: RecordsPlan) -> str:
        """Write the step of a question asked of a list, with those of each record."""
        listed, name = self._write_step(plan.parts[0]), self._name()
        item = self.kernel.inputs[records.place]
        fields = "".join(f"f{place}, " for place in range(len(item.fields)))
        self._say(f"{name} = [{listed}]")
        terms = self._hold(_Terms(records))
        self._say(f"for ({fields}), t in zip({self._name_list(records.place)}, {terms}):")
        indent, self.indent = self.indent, f"{self.indent}    "
        for number in _list_own(self.kernel, records):
            self._take(number)
        self._leave_untold(x for step in records.steps for x in step.walk_surely())
        self.terms = {id(step): f"t[{place}]" for place, step in enumerate(records.walk())}
        made = ", ".join([self._write_step(step) for step in records.steps])
        self._say(f"{name} += ({made}, )")
        self.terms, self.indent = {}, indent
        self.harmless = {made for made in self.harmless if not made.startswith("vf")}
        return self._put(plan, self._tell_marked(plan.value), f"tuple({name})", name)

    def _name_list(self, place: int) -> str:
        """Return the name of a list, which is empty where there is none."""
        item, name = self.kernel.inputs[place], f"a{place}"
        lacking = item.may_be_none or item.may_be_missing
        return self._put_harmless(name, item) if lacking else name

    # -- values ----------------------------------------------------------------------------------

    def _tell_step(self, plan: StepPlan) -> str:
        told = self._tell_marked(plan.value)
        if plan.unstated is None:
            return told
        return self._choose(plan.value.unsure, self._hold(plan.unstated), told)

    def _tell_marked(self, value: Lowered) -> str:
        told = "NONE" if TRUE in (value.none, value.waits) else self._tell_known(value)
        return self._choose(value.none, "NONE", self._choose(value.waits, "OPEN", told))

    def _tell_known(self, value: Lowered) -> str:
        if value.shape in (Shape.SCALE, Shape.CALENDAR):
            if len(value.held) > MOST_HELD:
                raise NotLoweredError("the trace of a scale with so many values", "")
            told = "NONE"
            for when, held in value.held:
                told = self._choose(when, self._hold(held), told)
            return told
        nodes = [self.kernel.nodes[node] for node in value.nodes]
        texts = [self.texts[node] for node in value.nodes]
        make, more = self._find_maker(value)
        if all(node.op is Op.CONST for node in nodes):
            return self._hold(make(*(node.data for node in nodes), *more))
        if value.shape in (Shape.BOOL, Shape.TEXT, Shape.LIST):
            return texts[0]
        if value.shape is Shape.NUMBER and nodes[1].op is Op.CONST and nodes[1].data == 1:
            return texts[0]
        if value.shape is Shape.CODE:
            return f"{self._hold(value.options)}[{texts[0]}]"
        return f"{self._hold(make)}({', '.join([*texts, *map(self._hold, more)])})"

    def _find_maker(self, value: Lowered) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Return what makes a value of its nodes, and what it needs beside them."""
        match value.shape:
            case Shape.INSTANT:
                return _read_moment, (self.kernel.program.ruleset.zone,)
            case Shape.PERIOD if value.unit is not None:
                return Period, (value.unit,)
            case Shape.SET:
                return _read_set, (value.options,)
            case Shape.CODE:
                return _read_option, (value.options,)
            case shape if shape in _MAKERS:
                return _MAKERS[shape], ()
            case _:
                raise NotLoweredError(f"the trace of a {value.shape.value}", "")

    def _hold(self, value: object) -> str:
        """Return the name in the code of something that stands outside of it."""
        if id(value) not in self.known:
            self.known[id(value)] = f"c{len(self.space)}"
            self.space[self.known[id(value)]] = value
        return self.known[id(value)]


def _list_steps(plan: RulePlan) -> Iterator[StepPlan]:
    """Yield every step that a trace tells, and what else is told like one."""
    for step in plan.walk():
        yield step
        if step.records is not None:
            yield from step.records.walk()
    if plan.call is not None:
        yield from plan.call.list_facts()


def _list_nodes(step: StepPlan) -> list[int]:
    return [step.untold, *_list_nodes_of(step.value)]


def _list_nodes_of(value: Lowered) -> list[int]:
    marks = (value.none, value.unsure, value.waits)
    return [*value.nodes, *marks, *(when for when, _ in value.held)]


def _list_records(plan: RulePlan) -> Iterator[RecordsPlan]:
    return (step.records for step in plan.walk() if step.records is not None)


def _list_own(kernel: Kernel, records: RecordsPlan) -> list[int]:
    """Return the nodes on a record that its steps read, in order."""
    waiting = [x for step in records.walk() for x in _list_nodes(step)]
    found: set[int] = set()
    while waiting:
        number = waiting.pop()
        if kernel.nodes[number].scope and number not in found:
            found.add(number)
            waiting.extend(kernel.nodes[number].args)
    return sorted(found)


class _Terms:
    """The terms of the steps of each record of a list, from the first on, without an end."""

    def __init__(self, records: RecordsPlan) -> None:
        self.terms = [step.term for step in records.walk()]
        self.listed = records.listed
        self.made: dict[int, tuple[Term, ...]] = {}

    def __iter__(self) -> Iterator[tuple[Term, ...]]:
        for number in count(1):
            if number not in self.made:
                bound = (bind_record(term, self.listed, number) for term in self.terms)
                self.made[number] = tuple(bound)
            yield self.made[number]


def _make_asking(call: CallPlan) -> Callable[[tuple[Value, ...], Value], Called]:
    """Return what tells what a called decision came to, from what it is asked and gives."""

    def ask(values: tuple[Value, ...], value: Value) -> Called:
        box = dict(zip(call.box, values, strict=True))
        return recall_called(call.called, call.body, box, value, call.readings, call.assumed)

    return ask


def _read_ratio(top: int, under: int) -> Exact:
    return settle_exact(Fraction(top, under))


def _read_moment(count: int, zone: timezone) -> datetime:
    return make_moment(count).replace(tzinfo=zone)


def _read_set(mask: int, options: tuple[str, ...]) -> frozenset[str]:
    return frozenset(option for place, option in enumerate(options) if mask >> place & 1)


def _read_option(place: int, options: tuple[str, ...]) -> str:
    return options[place]


def _list_lacking(papers: tuple[str, ...], held: object) -> tuple[str, ...]:
    """Return the papers that are not among those held; none where that is not known."""
    return tuple(x for x in papers if x not in held) if isinstance(held, frozenset) else ()


_MAKERS: Final[dict[Shape, Callable[..., Any]]] = {
    Shape.BOOL: bool,
    Shape.TEXT: str,
    Shape.LIST: int,
    Shape.NUMBER: _read_ratio,
    Shape.DAY: date.fromordinal,
    Shape.TIME: make_time,
}
_NAMES: Final = {
    "new": tuple.__new__,
    "Step": Step,
    "RuleResult": RuleResult,
    "NONE": NONE,
    "OPEN": OPEN,
    "lack": _list_lacking,
    "zip": zip,
    "tuple": tuple,
}


@lru_cache(maxsize=1024)
def find_taker(kernel: Kernel) -> Taker | None:
    """Return what takes the traces of a kernel's decision; None where the reference must."""
    try:
        lowered = lower_program(
            kernel.program,
            (kernel.first, kernel.last),
            kernel.readings,
            assumed=kernel.assumed,
            denominators=None,
            lenient=True,
        )
        plans = plan_trace(lowered)
        writer = TraceWriter(close_kernel(lowered), plans=plans)
        text = writer.write()
    except NotLoweredError:
        return None
    constants = {f"k{place}": value for place, value in enumerate(writer.constants)}
    taker: Taker = load_function(text, "decide", {**HELPERS, **_NAMES, **constants, **writer.space})
    return taker
