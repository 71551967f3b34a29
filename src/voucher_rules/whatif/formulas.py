"""Comes in: the trace of a formula at one position. Goes out: it as a line, and how far that holds.

The line is exact as long as every test on the way keeps its answer and every choice its side; how
far that is shrinks as tests are met. What is no line is told as such, never approached.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Final, TypeAlias

from voucher_rules.decision.trace import Step
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind
from voucher_rules.meaning.scales import find_bracket
from voucher_rules.values.model import Exact, Mark, Period, PeriodUnit, Scale, Unknown, take_number
from voucher_rules.whatif.lines import ALL, Line, Stair, reach_where
from voucher_rules.whatif.positions import find_around, find_position


class Steady:
    """What does not vary, and is no quantity: an option, a truth, none."""


STEADY: Final = Steady()
Form: TypeAlias = Line | Stair | Steady | None
"""What a step is while the fact varies; None where it varies in a way that is not followed."""
_ORDERS: Final = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_UNITS: Final = {PeriodUnit.DAY: 1, PeriodUnit.HOUR: 3600}
"""How far a period moves a date or a moment, where that is the same everywhere."""


def is_level(form: Form) -> bool:
    """Return whether a step surely does not vary."""
    return form is STEADY or (isinstance(form, Line) and not form.slope)


class Formulas:
    """Turns the steps of one trace into lines, at position ``x``.

    ``reach`` is how far all lines and answers told so far hold; ``lost`` tells that some test could
    not be followed, so that they may hold nowhere but at ``x``.
    """

    def __init__(self, x: Exact, resolve: Callable[[Step], Form]) -> None:
        self.x = x
        self.reach = ALL
        self.lost = False
        self._resolve = resolve

    def keep(self, line: Line, sign: str) -> None:
        """Go no further than a line keeps a sign it has here."""
        self.reach = self.reach.meet(reach_where(line, sign))

    def keep_within(self, line: Line, low: Exact, high: Exact) -> None:
        """Go no further than a line stays between two bounds it lies between here."""
        self.keep(line.minus(Line(low)), ">=")
        self.keep(line.minus(Line(high)), "<=")

    def compare(self, left: Form, right: Form, symbol: str, *, holds: bool) -> None:
        """Go no further than a comparison keeps its answer."""
        if is_level(left) and is_level(right):
            return
        if not isinstance(left, Line) or not isinstance(right, Line):
            self.lost = True
            return
        apart = left.minus(right)
        if symbol in _ORDERS:
            self.keep(apart, symbol if holds else _OPPOSITE[symbol])
        elif (symbol == "==") == holds:
            self.keep(apart, "==")
        else:
            self.keep(apart, "<" if apart.at(self.x) < 0 else ">")

    def follow(self, step: Step) -> Form:
        """Return what a step is while the fact varies."""
        if not step.parts:
            if step.term.role is Role.CONSTANT:
                return tell_steady(step.value)
            return self._resolve(step)
        if step.term.role is Role.AGGREGATE:
            return self._follow_aggregate(step)
        forms = [self.follow(part) for part in step.parts]
        if isinstance(step.value, Mark) or all(is_level(form) for form in forms):
            # a test that came to none was followed all the same: its parts are
            return tell_steady(step.value)
        if isinstance(step.value, Unknown):
            return self._lose(step)
        return self._operate(step, forms)

    def _operate(self, step: Step, forms: list[Form]) -> Form:
        name = step.term.name
        if name in _ORDERS or name in {"==", "!="}:
            self.compare(forms[0], forms[1], name, holds=step.value is True)
            return STEADY
        if name in {"if", "lookup"}:
            return forms[-1] if len(forms) == 2 else None  # noqa: PLR2004 - the test, and the side taken
        if name in {"min", "max"}:
            return self.pick_extreme(forms, lowest=name == "min")
        if name == "scale":
            return self._enter(step, forms)
        lines = [form for form in forms if isinstance(form, Line)]
        if step.term.type.kind in _DISCRETE:
            self.lost = self.lost or len(lines) + forms.count(STEADY) < len(forms)
            return STEADY
        if len(lines) == len(forms):
            return self._calculate(step, lines)
        return _add_stairs(step, forms) if name in {"+", "-", "neg", "*"} else None

    def _calculate(self, step: Step, lines: list[Line]) -> Form:
        name = step.term.name
        match name:
            case "+" | "-":
                return _shift(step, lines)
            case "neg":
                return lines[0].times(-1)
            case "*":
                one, other = sorted(lines, key=lambda line: bool(line.slope))
                return None if one.slope else other.times(one.const)
            case "/":
                top, bottom = lines
                steady = bottom.const and not bottom.slope
                return top.times(Fraction(1) / bottom.const) if steady else None
            case "floor":
                whole = floor(lines[0].at(self.x))
                self.keep(lines[0].minus(Line(whole)), ">=")
                self.keep(lines[0].minus(Line(whole + 1)), "<")
                return Line(whole)
            case "ceil":
                whole = ceil(lines[0].at(self.x))
                self.keep(lines[0].minus(Line(whole - 1)), ">")
                self.keep(lines[0].minus(Line(whole)), "<=")
                return Line(whole)
            case _:
                return self._stay_around(step, lines[0])

    def _stay_around(self, step: Step, line: Line) -> Form:
        """Go no further than the year, month or day a function tells of stays the same."""
        around = find_around(step.term.name, step.parts[0].value)  # type: ignore[arg-type] # a date
        if around is None:
            return None
        low, high = (find_position(end) for end in around)
        self.keep_within(line, take_number(low), take_number(high))
        return tell_steady(step.value)

    def pick_extreme(self, forms: list[Form], *, lowest: bool) -> Form:
        """Return the least or the greatest of some lines; none among them is left aside."""
        if any(form is None for form in forms):
            return None
        lines = [form for form in forms if isinstance(form, Line)]
        if not lines:
            return STEADY
        sign = 1 if lowest else -1
        # of two that are equal here, the one that is still the least a little further on
        best = min(lines, key=lambda line: (sign * line.at(self.x), sign * line.slope))
        for line in lines:
            self.keep(line.minus(best), ">=" if lowest else "<=")
        return best

    def _enter(self, step: Step, forms: list[Form]) -> Form:
        scale = step.parts[0].value
        lines = [form for form in forms[1:] if isinstance(form, Line)]
        if not isinstance(scale, Scale) or len(lines) + 1 < len(forms):
            return self._lose(step)
        if scale.applies == "marginal":
            return self._enter_brackets(scale, step, lines)
        bracket = find_bracket(scale, step.parts[1].value)  # type: ignore[arg-type] # it is ordered
        number = scale.brackets.index(bracket)
        before = scale.brackets[number - 1] if number else None
        if before is not None and before.high is not None:
            low = lines[0].minus(Line(take_number(find_position(before.high))))
            self.keep(low, ">" if before.holds_high else ">=")
        if bracket.high is not None and bracket is not scale.brackets[-1]:
            high = lines[0].minus(Line(take_number(find_position(bracket.high))))
            self.keep(high, "<=" if bracket.holds_high else "<")
        if scale.applies == "level" or not isinstance(bracket.value, int | Fraction):
            return tell_steady(step.value)
        return lines[0].times(bracket.value)

    def _enter_brackets(self, scale: Scale, step: Step, lines: list[Line]) -> Form:
        """Return the line of a sum over brackets: its slope is what the last one entered gives."""
        after = lines[1] if len(lines) > 1 else Line(0)
        total = lines[0].plus(after)
        rates = (self._find_rate(scale, total), self._find_rate(scale, after))
        slope = rates[0] * total.slope - rates[1] * after.slope
        value = find_position(step.value)
        return None if value is None else Line(value - slope * self.x, slope)

    def _find_rate(self, scale: Scale, total: Line) -> Exact:
        """Return what the bracket gives that a total enters a little further on, and stay in it."""
        at = total.at(self.x)
        if not total.slope:
            return 0
        low: Exact = 0
        forward = total.slope > 0
        if at < 0 or (at == 0 and not forward):
            self.keep(total, "<=")
            return 0
        for bracket in scale.brackets:
            high = None if bracket.high is None else take_number(bracket.high)
            if high is None or at < high or (at == high and not forward):
                self.keep(total.minus(Line(low)), ">=")
                if high is not None:
                    self.keep(total.minus(Line(high)), "<=")
                return bracket.value if isinstance(bracket.value, int | Fraction) else 0
            low = max(low, high)
        self.keep(total.minus(Line(low)), ">=")
        return 0

    def _follow_aggregate(self, step: Step) -> Form:
        """Follow what is asked of each record; a record counts as long as its condition holds."""
        length, *rest = step.parts
        asked_where = len(step.term.parts) > 2  # noqa: PLR2004 - the list, what is asked, the condition
        pairs = list(zip(rest[::2], rest[1::2], strict=True)) if asked_where else []
        wheres = [where for where, _ in pairs]
        asked = [part for _, part in pairs] if asked_where else rest
        kept = [self.follow(where) for where in wheres]
        forms = [self.follow(part) for part in asked]
        if all(is_level(form) for form in (self.follow(length), *kept, *forms)):
            return tell_steady(step.value)
        if isinstance(step.value, Unknown):
            return self._lose(step)
        counted = [
            form
            for number, form in enumerate(forms)
            if not wheres or wheres[number].value is True
            if not isinstance(asked[number].value, Mark)
        ]
        return self._fold(step, counted)

    def _fold(self, step: Step, forms: list[Form]) -> Form:
        name = step.term.name
        lines = [form for form in forms if isinstance(form, Line)]
        if name in {"count", "any", "all"} and None not in forms:
            return tell_steady(step.value)
        if len(lines) < len(forms) or not lines:
            return self._lose(step)
        if name == "sum":
            total = Line(0)
            for line in lines:
                total = total.plus(line)
            return total
        if name in {"min", "max"}:
            return self.pick_extreme([*lines], lowest=name == "min")
        return self._lose(step)

    def _lose(self, step: Step) -> Form:
        """Tell of a step that is not followed; one that is no quantity may turn unseen."""
        self.lost = self.lost or step.term.type.kind in _DISCRETE
        return None


_DISCRETE: Final = frozenset({Kind.BOOLEAN, Kind.CHOICE, Kind.SET, Kind.TEXT, Kind.ID})


def tell_steady(value: object) -> Form:
    """Return what does not vary: as a level line, where it is a quantity or a day."""
    position = find_position(value)
    return STEADY if position is None else Line(position)


def _shift(step: Step, lines: list[Line]) -> Form:
    """Return a sum or a difference; a date moved by months moves by more or fewer days."""
    left, right = lines
    moved = step.parts[1].value
    factor = 1 if step.term.name == "+" else -1
    if isinstance(moved, Period) and not isinstance(step.parts[0].value, Period):
        if moved.unit not in _UNITS:
            return None
        factor *= _UNITS[moved.unit]
    return left.plus(right.times(factor))


def _add_stairs(step: Step, forms: list[Form]) -> Form:
    """Return a sum or a multiple in which something was rounded before."""
    made = [Stair(form) if isinstance(form, Line) else form for form in forms]
    stairs = [form for form in made if isinstance(form, Stair)]
    if len(stairs) < len(forms):
        return None
    match step.term.name:
        case "+":
            return stairs[0].plus(stairs[1])
        case "-":
            return stairs[0].plus(stairs[1].times(-1))
        case "neg":
            return stairs[0].times(-1)
        case _:
            one, other = sorted(stairs, key=lambda item: bool(item.rounded or item.line.slope))
            return None if one.rounded or one.line.slope else other.times(one.line.const)
