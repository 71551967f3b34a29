"""Comes in: an evaluation at one position of a fact. Goes out: the decision around it, as lines.

The way a decision takes through its rules is followed test by test: as far as no test changes its
answer the outcome is the same and each amount one straight line. Both the line and how far it holds
are worked out, not sampled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from voucher_rules.checked.mechanics import GRANTED, Call, Consequence, Window
from voucher_rules.checked.reads import ASKED, LIVE
from voucher_rules.checked.symbols import Output, Rounding
from voucher_rules.decision.amounts import REQUESTED, AmountResult, LimitResult, round_exact
from voucher_rules.decision.evaluate import Called, Evaluation, called_of
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.trace import RuleResult, Step, trace_term
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.values.model import Exact, Mark, Value, settle_exact
from voucher_rules.whatif.formulas import STEADY, Form, Formulas, Steady, is_level, tell_steady
from voucher_rules.whatif.lines import Line, Reach, Stair
from voucher_rules.whatif.positions import Axis, find_position

PAYING: Final = frozenset({Outcome.GRANTED, Outcome.DETERMINED})
"""Outcomes under which it is known what is payable, or what was asked for."""
Trend: TypeAlias = Line | Stair | Value | None
"""What one output is along a stretch: a line before rounding, a value, or neither is known."""


@dataclass(frozen=True, slots=True)
class Payable:
    """An amount along a stretch: the line of its least limit, before rounding, and which bind."""

    line: Line | None
    binding: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """What a decision is along one stretch of a fact.

    ``amounts`` are the outputs that are limited, ``values`` those worked out; where only the
    outcome was asked for both are left out.
    """

    outcome: Outcome
    amounts: tuple[tuple[str, Payable], ...] = ()
    values: tuple[tuple[str, Trend], ...] = ()


def round_line(line: Line, rounding: Rounding, x: Exact) -> int:
    """Return the amount at a position, from the line of its least limit."""
    return max(0, round_exact(line.at(x), rounding))


class Path:
    """The way one evaluation took, with fact ``axis`` at position ``x``."""

    def __init__(
        self, program: Program, evaluation: Evaluation, x: Exact, forms: Mapping[str, Form]
    ) -> None:
        self.program = program
        self.evaluation = evaluation
        self.formulas = Formulas(x, self._resolve)
        self._forms: dict[str, Form] = dict(forms)

    @property
    def lost(self) -> bool:
        """Whether some test could not be followed, or the case is not settled even here."""
        return self.formulas.lost

    @property
    def reach(self) -> Reach:
        """How far the way is the same."""
        return self.formulas.reach

    def follow_outcome(self) -> None:
        """Follow every test that weighs in the outcome."""
        for name in self.program.applying:
            applies = self.program.inputs[name].applies
            if applies is not None and name in self._forms:
                # whether it exists at all is another question than what it is
                self.formulas.follow(trace_term(applies, self.evaluation.values))
        for result in self.evaluation.rules.values():
            rule = result.rule
            if rule.decides and not rule.limits and not isinstance(rule.body, Consequence):
                self._follow_rule(result)
        for item in self.evaluation.amounts.values():
            self._follow_amount_tests(item)

    def _follow_rule(self, result: RuleResult) -> None:
        forms = [self.formulas.follow(step) for step in result.list_steps()]
        body = result.rule.body
        if isinstance(body, Window) and body.act is not None and result.steps:
            opens, last, act = forms[-len(result.steps) :][:3]
            values = [find_position(step.value) for step in result.steps[:3]]
            if None not in values:
                first, end, at = (x or 0 for x in values)
                self.formulas.compare(opens, act, "<=", holds=first <= at)
                self.formulas.compare(act, last, "<=", holds=at <= end)
            elif not all(is_level(form) for form in (opens, last, act)):
                self.formulas.lost = True

    def _resolve(self, step: Step) -> Form:
        """Return what a name stands for along the way."""
        return STEADY if isinstance(step.value, Mark) else self._resolve_name(step.term.name)

    def _resolve_name(self, name: str) -> Form:
        if name not in self._forms:
            self._forms[name] = self._find(name, self.evaluation.values[name])
        return self._forms[name]

    def _find(self, name: str, value: Value) -> Form:
        if name.endswith(ASKED):
            return self._resolve_name(name.removesuffix(ASKED))
        declared = self.program.inputs.get(name)
        if declared is not None and declared.applies is not None:
            self.formulas.follow(trace_term(declared.applies, self.evaluation.values))
        output = self.program.decision.outputs.get(name)
        if name in self.evaluation.amounts and output is not None:
            return self._round(self.find_least(self.evaluation.amounts[name]), output)
        form = tell_steady(value)
        for rule in self.program.setters.get(name, ()):
            if rule in self.evaluation.rules:
                found = self._follow_setter(self.evaluation.rules[rule], name)
                if found is not STEADY:
                    form = found
        if output is not None and output.rounds and output.type.kind is Kind.MONEY:
            return self._round(form, output)
        return form

    def _follow_setter(self, result: RuleResult, name: str) -> Form:
        """Return what a rule makes of a name; nothing of its own where it does not apply."""
        if result.when is not None:
            self.formulas.follow(result.when)
        if name.startswith(LIVE) or not result.steps:
            return STEADY
        body = result.rule.body
        if isinstance(body, Call):
            return self._follow_call(result, body)
        forms = [self.formulas.follow(step) for step in result.steps]
        return forms[1] if isinstance(body, Window) else forms[0]

    def _follow_call(self, result: RuleResult, body: Call) -> Form:
        """Follow a called decision with what it was asked; what it gives is rounded by its own."""
        called = called_of(result)
        asked = {
            key: self.formulas.follow(step)
            for (key, _), step in zip(body.asked, result.steps, strict=True)
        }
        if called is None:
            return STEADY
        asked.setdefault(
            called.program.decision.as_of, self._resolve_name(self.program.decision.as_of)
        )
        # what the call does not give, the called decision takes from the caller by its name
        shared = [n for n in called.box if n not in asked and n in self.evaluation.values]
        inner = asked | {name: self._resolve_name(name) for name in shared}
        if all(is_level(form) for form in inner.values()):
            return tell_steady(called.value)
        return self._enter(called, inner, body)

    def _enter(self, called: Called, inner: Mapping[str, Form], body: Call) -> Form:
        day = inner.get(called.program.decision.as_of)
        if len(called.evaluations) > 1 or not (day is None or _is_plain(day)):
            self.formulas.lost = True
            return None
        evaluation = called.evaluations[0]
        path = Path(called.program, evaluation, self.formulas.x, inner)
        path.follow_outcome()
        form: Form = STEADY
        if body.gives != GRANTED and not evaluation.outcomes <= VALUELESS:
            form = path._resolve_name(body.gives)
        self.formulas.reach = self.formulas.reach.meet(path.reach)
        self.formulas.lost = self.formulas.lost or path.lost
        return tell_steady(called.value) if form is STEADY else form

    def _round(self, form: Form, output: Output) -> Form:
        """Return a line once rounded: a level one, or one that is never between two steps."""
        if not isinstance(form, Line):
            return form
        at = form.at(self.formulas.x)
        if output.limited:
            self.formulas.keep(form, ">=" if at >= 0 else "<")
            form = form if at >= 0 else Line(0)
        if not form.slope:
            return Line(round_exact(form.const, output.rounding))
        if output.rounding.to == 1 and not any(
            Fraction(x).denominator > 1 for x in (form.const, form.slope)
        ):
            return form
        return Stair(Line(0), ((1, form, output.rounding),))

    # amounts

    def find_least(self, item: AmountResult) -> Form:
        """Return the line of the least limit of an amount, before rounding."""
        forms = [form for _, form in self.list_limits(item)]
        lines = [form for form in forms if form is not STEADY]
        return self.formulas.pick_extreme(lines, lowest=True) if lines else STEADY

    def list_limits(self, item: AmountResult) -> Iterator[tuple[str, Form]]:
        """Yield each limit that counts with its line; those a person must judge count for none."""
        for limit in item.limits:
            if limit.rule is None or not limit.rule.soft:
                form = self._follow_limit(limit, item.output)
                yield (limit.rule.id if limit.rule else REQUESTED), form

    def _follow_limit(self, limit: LimitResult, output: Output) -> Form:
        if limit.rule is None:
            form = self._resolve_name(output.requested)
            return STEADY if isinstance(limit.value, Mark) else form
        result = self.evaluation.rules[limit.rule.id]
        if result.when is not None:
            self.formulas.follow(result.when)
        forms = [self.formulas.follow(step) for step in result.steps]
        return STEADY if isinstance(limit.value, Mark) or not forms else forms[0]

    def _follow_amount_tests(self, item: AmountResult) -> None:
        """Follow the tests of an amount: that some is left, enough, and within what is usual."""
        least = self.find_least(item)
        output = item.output
        if least is STEADY and isinstance(item.least, Mark):
            return
        if not isinstance(least, Line):
            self.formulas.lost = True
            return
        bound, symbol = find_threshold(1, output.rounding)
        positive = round_line(least, output.rounding, self.formulas.x) > 0
        self.formulas.compare(least, Line(bound), symbol, holds=positive)
        if not output.partial and output.requested:
            self._follow_too_much(item, least)
        for limit in item.limits:
            if limit.rule is not None and limit.rule.soft:
                self._follow_soft(self._follow_limit(limit, output), least, output.rounding)

    def _follow_too_much(self, item: AmountResult, least: Line) -> None:
        wanted = self._resolve_name(item.output.requested)
        if not isinstance(wanted, Line):
            self.formulas.lost = self.formulas.lost or wanted is None
            return
        fine = item.output.rounding.to == 1 and item.output.rounding.mode == "down"
        if is_level(wanted) and is_level(least):
            return
        if not fine:
            self.formulas.lost = True
            return
        less = least.at(self.formulas.x) < wanted.at(self.formulas.x)
        self.formulas.compare(least, wanted, "<", holds=less)

    def _follow_soft(self, bound: Form, least: Line, rounding: Rounding) -> None:
        """Both are rounded before they are compared, so a step between them is not followed."""
        if bound is STEADY or (is_level(bound) and is_level(least)):
            return
        if not isinstance(bound, Line):
            self.formulas.lost = True
            return
        apart = least.minus(bound)
        at = apart.at(self.formulas.x)
        if at <= 0:
            self.formulas.keep(apart, "<=")
        elif at >= rounding.to:
            self.formulas.keep(apart.minus(Line(rounding.to)), ">=")
        else:
            self.formulas.lost = True

    # the whole

    def find_payable(self, name: str) -> Payable:
        """Return a limited output with its line and the limits that bind along it."""
        item = self.evaluation.amounts[name]
        limits = list(self.list_limits(item))
        least = self.find_least(item)
        if not isinstance(least, Line):
            return Payable(None, ())
        return Payable(least, tuple(rule for rule, form in limits if form == least))

    def find_trend(self, name: str) -> Trend:
        """Return an output that is worked out: a line, or the value it is."""
        form = self._resolve_name(name)
        if form is None:
            return None
        if isinstance(form, Steady) or is_level(form):
            return self.evaluation.values[name]
        return form


def _is_plain(form: Form) -> bool:
    """Return whether a form is the varied fact itself, or does not vary: its law was looked at."""
    return is_level(form) or form == Line(0, 1)


def find_threshold(amount: int, rounding: Rounding) -> tuple[Exact, str]:
    """Return from where on what is rounded comes to an amount or more.

    That is a bound, and whether it must be reached (``>=``) or passed (``>``).
    """
    target = -(-amount // rounding.to) * rounding.to
    match rounding.mode:
        case "down":
            return target, ">="
        case "up":
            return target - rounding.to, ">"
        case _:
            half = settle_exact(Fraction(2 * target - rounding.to, 2))
            return half, ">=" if round_exact(half, rounding) >= target else ">"


def follow(program: Program, evaluation: Evaluation, axis: Axis, x: Exact) -> Path:
    """Return the way a decision took with a fact at a position, nothing followed yet."""
    return Path(program, evaluation, x, {axis.name: Line(0, 1)})
