"""Comes in: a program and the nodes of what it reads. Goes out: the nodes of all it finds.

The steps are those of the tracing evaluator, in its order, for what is known or surely none. Where
something else would be needed, a node says so, and the reference decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voucher_rules.checked.mechanics import (
    GRANTED,
    Call,
    Consequence,
    Documents,
    Exclude,
    Require,
    Rule,
    Window,
)
from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.symbols import Rounding
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.laws import Laws
from voucher_rules.compiled.nodes import Aim, AmountNodes, Lowered, RuleNodes, Shape
from voucher_rules.compiled.values import UNSURE, Marks
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind
from voucher_rules.program.build import FixAmount, Program, ProgramStep, SetLive, SetValue, TestRule


@dataclass(slots=True)
class Found:
    """What the steps of a program come to, in nodes."""

    env: dict[str, Lowered]
    rules: dict[str, RuleNodes] = field(default_factory=dict)
    amounts: dict[str, AmountNodes] = field(default_factory=dict)
    values: dict[str, Lowered] = field(default_factory=dict)
    calls: dict[str, Lowered] = field(default_factory=dict)
    """What the called decisions give, by the rules that call them."""
    unsure: list[int] = field(default_factory=list)
    misstated: int = FALSE
    in_force: int = TRUE
    denied: int = FALSE
    referred: int = FALSE


class Lowering:
    """Lowers one program into the nodes of one graph, and those it calls with it."""

    def __init__(
        self,
        laws: Laws,
        program: Program,
        readings: Mapping[str, str],
        *,
        assumed: bool,
        decisive: bool = False,
    ) -> None:
        self.laws = laws
        self.graph = laws.graph
        self.program = program
        self.readings = readings
        self.assumed = assumed
        self.decisive = decisive
        """Whether nobody asks what became of rules that decide nothing."""

    def run(self, inputs: Mapping[str, Lowered]) -> Found:
        """Run every step over the values of the inputs."""
        found = Found(self._gather(inputs))
        found.misstated = self._find_misstated(inputs, found.env)
        for step in self.program.steps:
            self._run_step(step, found)
        day = found.env[self.program.decision.as_of]
        found.in_force = self.laws.in_force(
            self.program.ruleset, day, self.readings, assumed=self.assumed
        )
        self._conclude(found)
        return found

    # -- before the first step -------------------------------------------------------------------

    def _gather(self, inputs: Mapping[str, Lowered]) -> dict[str, Lowered]:
        program, laws = self.program, self.laws
        env = dict(inputs)
        day = inputs[program.decision.as_of]
        for name, item in program.parameters.items():
            if not item.on:
                env[name] = laws.parameter(item, day)
        env |= self._read_readings()
        env |= {name: laws.truth(FALSE) for name in program.elsewhere}
        for name in program.applying:
            applies = program.inputs[name].applies
            if applies is not None:
                env[name] = laws.limit(env[name], laws.term(applies, env))
        for name in program.picked:
            env[name] = laws.parameter(program.parameters[name], env[program.parameters[name].on])
        for name in program.asked:
            env[f"{name}{ASKED}"] = env[name]
        return env

    def _read_readings(self) -> dict[str, Lowered]:
        """Return the readings that rules rest on, in the options their readers know."""
        ruleset = self.program.ruleset
        terms = (term for rule in self.program.rules for term in rule.terms())
        return {
            part.name: self.laws.reading(self._choose_reading(part.name), part.type)
            for term in terms
            for part in term.walk()
            if part.role is Role.READING and part.name.removeprefix("reading.") in ruleset.readings
        }

    def _choose_reading(self, name: str) -> str:
        bare = name.removeprefix("reading.")
        return self.readings.get(bare, self.program.ruleset.readings[bare].default)

    def _find_misstated(self, inputs: Mapping[str, Lowered], env: Mapping[str, Lowered]) -> int:
        """Return whether something is stated that does not exist, or none of what does."""
        graph, found = self.graph, []
        for name in self.program.applying:
            applies, stated = self.program.inputs[name].applies, inputs[name]
            if applies is None:
                continue
            holds = self.laws.term(applies, env)
            known = self.laws.is_known(stated)
            found.append(graph.both(self.laws.is_false(holds), known))
            found.append(graph.both(holds.nodes[0], stated.none))
        return graph.any_of(found)

    # -- steps -----------------------------------------------------------------------------------

    def _run_step(self, step: ProgramStep, found: Found) -> None:
        match step:
            case SetValue():
                self._set_value(step, found)
            case SetLive():
                self.graph.place = step.rule.id
                applies = self._applies(step.rule, found)
                marks = Marks(unsure=applies.unsure, waits=applies.waits)
                found.env[step.name] = self.laws.truth(applies.nodes[0], marks)
            case FixAmount():
                self._fix_amount(step, found)
            case TestRule():
                self._test(step.rule, found)

    def _applies(self, rule: Rule, found: Found) -> Lowered:
        if rule.when is None:
            return self.laws.truth(TRUE)
        return self.laws.term(rule.when, found.env)

    def _note(
        self, rule: Rule, found: Found, aim: Aim, applies: Lowered, holds: Lowered | None = None
    ) -> None:
        """Note what becomes of a rule: it is left aside where it does not apply, or is none.

        Where a person must say whether it applies, that matters unless it holds.
        """
        graph = self.graph
        test = holds if holds is not None else self.laws.truth(TRUE)
        reached = graph.either(applies.nodes[0], applies.waits)
        skipped = graph.negate(graph.both(reached, graph.negate(test.none)))
        if rule.decides or not self.decisive:
            found.unsure.append(graph.either(applies.unsure, graph.both(reached, test.unsure)))
        waits = applies.waits
        if holds is not None:
            doubted = graph.both(applies.waits, graph.either(self.laws.is_false(test), test.waits))
            waits = graph.either(doubted, graph.both(applies.nodes[0], test.waits))
        kept = graph.any_of((skipped, waits, test.nodes[0]))
        found.rules[rule.id] = RuleNodes(rule.id, aim, skipped, waits, kept, rule.decides)

    def _set_value(self, step: SetValue, found: Found) -> None:
        graph, laws = self.graph, self.laws
        values = []
        for rule in step.rules:
            graph.place = rule.id
            values.append(self._define(rule, found))
        made = values[0]
        for more in values[1:]:
            made = self._join_definitions(made, more)
        output = self.program.decision.outputs.get(step.name)
        if output is not None and output.rounds and output.type.kind is Kind.MONEY:
            made = laws.number(laws.round(made, output.rounding), None, laws.marks_of(made))
        found.env[step.name] = found.values[step.name] = made

    def _join_definitions(self, made: Lowered, more: Lowered) -> Lowered:
        """Return the one of two definitions that counts; where both may, the reference tells."""
        graph, laws = self.graph, self.laws
        there, other = laws.is_known(made), laws.is_known(more)
        both = graph.any_of(
            (
                graph.both(there, graph.either(other, more.waits)),
                graph.both(made.waits, other),
            )
        )
        unsure = graph.any_of((made.unsure, more.unsure, both))
        waits = graph.both(graph.either(made.waits, more.waits), graph.negate(unsure))
        picked = laws.choose(made.none, more, made)
        nodes = picked.nodes
        if picked.shape is Shape.BOOL:
            nodes = (graph.both(graph.negate(unsure), nodes[0]),)
        return laws.make(picked, nodes, Marks(graph.both(made.none, more.none), unsure, waits))

    def _define(self, rule: Rule, found: Found) -> Lowered:
        applies = self._applies(rule, found)
        body = rule.body
        if isinstance(body, Window):
            self._test(rule, found)
            return self.laws.limit(self.laws.term(body.last, found.env), applies)
        self._note(rule, found, Aim.APPLY, applies)
        if isinstance(body, Call):
            found.calls[rule.id] = given = self._call(rule, body, found)
            return self.laws.limit(given, applies)
        return self.laws.limit(self.laws.term(rule.formulas[0], found.env), applies)

    def _test(self, rule: Rule, found: Found) -> None:
        self.graph.place = rule.id
        laws, body = self.laws, rule.body
        applies = self._applies(rule, found)
        aim = Aim.SOFT_TEST if rule.soft else Aim.TEST
        match body:
            case Require(condition):
                self._note(rule, found, aim, applies, laws.term(condition, found.env))
            case Exclude(condition):
                holds = laws.not_(laws.term(condition, found.env))
                self._note(rule, found, aim, applies, holds)
            case Window() if body.act is not None:
                self._note(rule, found, aim, applies, self._is_inside(body, found))
            case Documents():
                held = laws.term(rule.formulas[0], found.env)
                needed = laws.constant(frozenset(body.required), body.type)
                self._note(rule, found, aim, applies, laws.include(held, needed))
            case _:
                self._note(rule, found, Aim.APPLY, applies)
                if isinstance(body, Consequence):
                    days = (laws.term(term, found.env) for term in rule.formulas)
                    for day in days:
                        unsure = self.graph.both(applies.nodes[0], day.unsure)
                        found.unsure.append(unsure)

    def _is_inside(self, body: Window, found: Found) -> Lowered:
        laws, env = self.laws, found.env
        opens, last = laws.term(body.opens, env), laws.term(body.last, env)
        act = laws.term(body.act, env) if body.act is not None else last
        inside = laws.all_hold([laws.compare("<=", opens, act), laws.compare("<=", act, last)])
        graph, days = self.graph, (opens, last, act)
        # which of the two counts where one day is none and another waits, the reference tells
        torn = graph.both(
            graph.any_of(day.none for day in days), graph.any_of(day.waits for day in days)
        )
        return laws.after_key(laws.truth(FALSE, Marks(unsure=torn)), inside)

    # -- amounts ---------------------------------------------------------------------------------

    def _fix_amount(self, step: FixAmount, found: Found) -> None:
        graph, laws, output = self.graph, self.laws, step.output
        counted: list[tuple[str, Lowered]] = []
        soft: list[tuple[Rule, Lowered, Lowered]] = []
        below: list[int] = []
        for rule in step.limits:
            graph.place = rule.id
            applies = self._applies(rule, found)
            value = laws.limit(laws.term(rule.formulas[0], found.env), applies)
            bound = self._count(value, output.rounding)
            found.unsure += [value.unsure, value.waits]
            if rule.soft:
                soft.append((rule, value, bound))
                continue
            counted.append((rule.id, bound))
            below.append(self._is_below_zero(value))
            self._note(rule, found, Aim.APPLY, laws.given(value))
        wanted = found.env[output.requested] if output.requested else None
        if wanted is not None:
            found.unsure += [wanted.unsure, wanted.waits]
            counted.append((REQUESTED, self._count(wanted, output.rounding)))
        amount = laws.extreme([bound for _, bound in counted], lowest=True)
        found.env[output.name] = amount
        for rule, value, bound in soft:
            self._note_soft(rule, value, bound, amount, found)
        whole = wanted is not None and not output.partial
        limits = [item for item in counted if item[0] != REQUESTED]
        limits += [(rule.id, bound) for rule, _, bound in soft]
        found.amounts[output.name] = AmountNodes(
            output.name,
            amount.nodes[0],
            amount.none,
            self._list_binding(counted, amount),
            graph.any_of(below),
            self._is_too_much(wanted, amount) if wanted and whole else FALSE,
            self._list_lowest(limits) if whole else (),
        )

    def _count(self, value: Lowered, rounding: Rounding) -> Lowered:
        """Return the value below which an output must stay: rounded, never under zero."""
        laws, graph = self.laws, self.graph
        rounded = laws.round(value, rounding)
        return laws.number(graph.most(rounded, graph.number(0)), None, laws.marks_of(value))

    def _is_below_zero(self, value: Lowered) -> int:
        graph = self.graph
        below = graph.lt(value.nodes[0], graph.number(0))
        return graph.both(graph.negate(value.none), below)

    def _list_binding(
        self, limits: Sequence[tuple[str, Lowered]], amount: Lowered
    ) -> tuple[tuple[str, int], ...]:
        """Return, for each limit, whether it is as low as the amount."""
        return tuple((name, self._binds(bound, amount)) for name, bound in limits)

    def _list_lowest(self, limits: Sequence[tuple[str, Lowered]]) -> tuple[tuple[str, int], ...]:
        """Return, for each limit, whether none is lower."""
        if not limits:
            return ()
        return self._list_binding(limits, self.laws.extreme([x for _, x in limits], lowest=True))

    def _binds(self, bound: Lowered, amount: Lowered) -> int:
        graph = self.graph
        same = graph.le(bound.nodes[0], amount.nodes[0])
        return graph.all_of((graph.negate(bound.none), graph.negate(amount.none), same))

    def _is_too_much(self, wanted: Lowered, amount: Lowered) -> int:
        graph = self.graph
        less = graph.negate(self.laws.at_most(wanted, amount))
        return graph.all_of((graph.negate(wanted.none), graph.negate(amount.none), less))

    def _note_soft(
        self, rule: Rule, value: Lowered, bound: Lowered, amount: Lowered, found: Found
    ) -> None:
        """A soft limit below the amount sends the case to a person."""
        graph, laws = self.graph, self.laws
        kept = graph.either(amount.none, graph.le(amount.nodes[0], bound.nodes[0]))
        applies = laws.given(value)
        self._note(rule, found, Aim.SOFT_LIMIT, applies, laws.truth(kept))

    # -- calls -----------------------------------------------------------------------------------

    def _call(self, rule: Rule, body: Call, found: Found) -> Lowered:
        """Return what a called decision gives, its steps taken into the same graph."""
        called, laws = self.program.calls[rule.id], self.laws
        box = self._ask(called, body, found)
        readings = list_readings(self.program, body, self.readings)
        assumed = self.assumed and not body.uses
        inner = Lowering(laws, called, readings, assumed=assumed, decisive=True)
        if called.ruleset.zone != self.program.ruleset.zone:
            raise laws.fail("a call of a ruleset of another time zone")
        result = inner.run(box)
        self.graph.place = rule.id
        # on a day that is none, or waits, the law may be any: the reference takes every one
        result.unsure.append(self.graph.negate(laws.is_known(box[called.decision.as_of])))
        return self._take_answer(body, result)

    def _ask(self, called: Program, body: Call, found: Found) -> dict[str, Lowered]:
        laws, env = self.laws, found.env
        asked = {name: laws.term(term, env) for name, term in body.asked}
        asked.setdefault(called.decision.as_of, env[self.program.decision.as_of])
        box = {}
        for name, item in called.inputs.items():
            value = asked.get(name) or env.get(name)
            box[name] = value if value is not None else laws.fill(item.type, UNSURE)
            if box[name].options != item.type.options:
                box[name] = laws.translate(box[name], item.type.options)
        for name in called.lists:
            if name not in laws.rows:
                raise laws.fail(f"a call that reads `{name}`, which the caller does not")
        return box

    def _take_answer(self, body: Call, result: Found) -> Lowered:
        """Return what a call takes: what is referred, or under no law in force, waits.

        So does a value that a denial leaves without one; of what is payable it leaves nothing.
        """
        graph, laws = self.graph, self.laws
        unsure = graph.any_of(result.unsure)
        waits = graph.either(
            graph.negate(result.in_force),
            graph.both(graph.negate(result.denied), result.referred),
        )
        if body.gives == GRANTED:
            value = laws.truth(graph.negate(result.denied))
        elif body.gives in result.amounts:
            value = laws.choose(result.denied, laws.number(graph.number(0)), result.env[body.gives])
        else:
            value = result.env[body.gives]
            waits = graph.either(waits, result.denied)
        waits = graph.both(waits, graph.negate(unsure))
        key = laws.truth(FALSE, Marks(unsure=unsure, waits=waits))
        return laws.after_key(key, value)

    # -- outcome ---------------------------------------------------------------------------------

    def _conclude(self, found: Found) -> None:
        graph = self.graph
        failed: list[int] = []
        waiting: list[int] = []
        for item in found.rules.values():
            if not item.decides:
                continue
            waiting.append(item.waits)
            (failed if item.aim is Aim.TEST else waiting).append(graph.negate(item.holds))
        refused = [item.too_much for item in found.amounts.values()]
        if found.amounts:
            refused.append(graph.all_of(self._is_zero(x) for x in found.amounts.values()))
        found.denied = graph.any_of((*failed, *refused))
        found.referred = graph.any_of(waiting)

    def _is_zero(self, item: AmountNodes) -> int:
        graph = self.graph
        return graph.both(graph.negate(item.none), graph.le(item.amount, graph.number(0)))


def list_readings(program: Program, body: Call, readings: Mapping[str, str]) -> Mapping[str, str]:
    """Return the readings a call is taken under: its own ruleset's as they stand now, or theirs."""
    if body.uses:
        return program.ruleset.uses[body.uses].readings
    declared = program.ruleset.readings
    return {name: readings.get(name, item.default) for name, item in declared.items()}
