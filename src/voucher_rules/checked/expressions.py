"""Comes in: the text of an expression and the names in scope. Goes out: a typed term, or faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.aggregates import build_aggregate, is_aggregate
from voucher_rules.checked.divisors import is_never_zero
from voucher_rules.checked.lookups import enter_scale, look_up, look_up_over
from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import Input, Symbol
from voucher_rules.checked.translation import Translation, UntypedError
from voucher_rules.language.nodes import Apply, Expression, Literal, Name, Options
from voucher_rules.language.operators import AGGREGATES, CALENDAR_CALLS, OPERATORS, Operator
from voucher_rules.language.parse import LOOK_UP, ExpressionError, parse_expression
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import BOOLEAN, ONE, ZERO, Kind, Type, fits_type
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import WorkingCalendar

_STATED: Final = frozenset({Role.FACT, Role.FIELD, Role.BALANCE, Role.FINDING})
_HINTING: Final = frozenset(
    {"==", "!=", "<", "<=", ">", ">=", "in", "not in", "min", "max", "overlaps", "includes"}
)


@dataclass(frozen=True, slots=True)
class TermBuilder:
    """Builds typed terms from expressions over the names in ``scope``."""

    scope: Mapping[str, Symbol]
    report: Report
    calendar: WorkingCalendar | None = None
    asked: bool = False
    """Whether facts are read under the name that is open where they were asked for in vain."""

    def parse(self, word: Scalar) -> Expression | None:
        """Parse the text of ``word``; report and return None where it is no expression."""
        try:
            return parse_expression(word)
        except ExpressionError as error:
            self.report.add(error.code, word, error.place, **error.arguments)
            return None

    def build(self, word: Scalar, expected: Type | None = None, each: str = "") -> Term | None:
        """Return the term ``word`` stands for, or None once its faults are reported.

        ``each`` names the list of which the expression speaks of one record.
        """
        expression = self.parse(word)
        if expression is None:
            return None
        try:
            translation = _TermTranslation(
                self.scope, self.report, word, self.calendar, each, self.asked
            )
            term = translation.build(expression, expected)
        except UntypedError:
            return None
        if expected is not None and not fits_type(term.type, expected):
            self.report.add("type-mismatch", word, expected=str(expected), found=str(term.type))
            return None
        return term


@dataclass(frozen=True, slots=True)
class _TermTranslation(Translation):
    def build(self, node: Expression, hint: Type | None) -> Term:
        match node:
            case Name():
                return self._build_name(node)
            case Literal():
                return self._build_literal(node, hint)
            case Options():
                return self._build_options(node, hint)
            case Apply():
                return self._build_operator(node, hint)

    def _build_name(self, node: Name) -> Term:
        symbol = self.scope.get(node.text)
        if symbol is None:
            near = self.report.suggest(node.text, self.scope)
            raise self.fail("unknown-name", node, name=node.text, near=near)
        if symbol.broken:
            raise UntypedError
        if symbol.role is Role.FIELD and not self._is_of_record(symbol):
            raise self.fail("field-outside-list", node, name=node.text)
        if symbol.type.kind is Kind.LIST:
            raise self.fail("list-as-a-value", node, name=node.text)
        if symbol.type.kind in {Kind.TABLE, Kind.SCALE}:
            raise self.fail("looked-up-without-key", node, name=node.text)
        name = symbol.name
        if self.asked and symbol.role is Role.FACT:
            name += ASKED
        return Term(symbol.role, symbol.type, name, text=self.text_of(node))

    def _is_of_record(self, symbol: Symbol) -> bool:
        declared = symbol.declared
        return isinstance(declared, Input) and declared.within == self.each

    def _build_literal(self, node: Literal, hint: Type | None) -> Term:
        value = node.value
        if isinstance(value, bool):
            return Term(Role.CONSTANT, BOOLEAN, str(value).lower(), (), value, self.text_of(node))
        if isinstance(value, int):
            return Term(
                Role.CONSTANT, ONE if value else ZERO, str(value), (), value, self.text_of(node)
            )
        if hint is None or hint.kind is not Kind.CHOICE:
            raise self.fail("option-without-choice", node, option=value)
        self._check_option(node, value, hint)
        return Term(Role.CONSTANT, hint, value, (), value, self.text_of(node))

    def _build_options(self, node: Options, hint: Type | None) -> Term:
        if hint is None or hint.kind is not Kind.CHOICE:
            raise self.fail("option-without-choice", node, option=", ".join(node.values))
        for value in node.values:
            self._check_option(node, value, hint)
        kind = Type(Kind.SET, hint.unit, hint.options)
        text = self.text_of(node)
        return Term(Role.CONSTANT, kind, text, (), frozenset(node.values), text)

    def _check_option(self, node: Expression, value: str, hint: Type) -> None:
        if value not in hint.options:
            near = self.report.suggest(value, hint.options)
            raise self.fail("unknown-option", node, option=value, choice=hint.unit, near=near)

    def _build_operator(self, node: Apply, hint: Type | None) -> Term:
        called = self.scope.get(node.symbol)
        if node.symbol == LOOK_UP:
            return look_up(self, node)
        if called is not None and called.type.kind is Kind.SCALE:
            return enter_scale(self, node, called)
        if any(name == "over" for name, _ in node.named):
            return look_up_over(self, node)
        if is_aggregate(self, node):
            return build_aggregate(self, node, hint)
        operator = OPERATORS.get(node.symbol)
        if operator is None:
            calls = [name for name, item in OPERATORS.items() if item.form == "call"]
            near = self.report.suggest(node.symbol, [*calls, *AGGREGATES])
            raise self.fail("unknown-function", node, name=node.symbol, near=near)
        self.check_named(node, ())
        if not operator.least <= len(node.parts) <= operator.most:
            raise self.fail("wrong-number-of-parts", node, name=node.symbol)
        parts = self._build_parts(node, hint)
        result = operator.typing(tuple(part.type for part in parts))
        if result is None:
            raise self._fail_types(node, operator, parts)
        self._check_special(node, parts)
        if node.symbol in CALENDAR_CALLS:
            parts = (*parts, self._name_calendar(node))
        return Term(Role.OPERATOR, result, node.symbol, parts, text=self.text_of(node))

    def _name_calendar(self, node: Apply) -> Term:
        if self.calendar is None:
            raise self.fail("no-calendar", node, name=node.symbol)
        name = self.calendar.id
        return Term(Role.CONSTANT, Type(Kind.CALENDAR, name), name, (), self.calendar, name)

    def _build_parts(self, node: Apply, hint: Type | None) -> tuple[Term, ...]:
        if node.symbol == "if":
            test, then, other = node.parts
            return (self.build(test, None), self.build(then, hint), self.build(other, hint))
        if node.symbol not in _HINTING:
            return tuple(self.build(part, None) for part in node.parts)
        named = (self._type_of_name(part) for part in node.parts)
        inner = next((kind for kind in named if kind), hint)
        if node.symbol in {"overlaps", "includes"} and inner is not None:
            inner = Type(Kind.CHOICE, inner.unit, inner.options)
        if inner is not None and inner.kind is Kind.SET:
            inner = Type(Kind.CHOICE, inner.unit, inner.options)
        return tuple(self.build(part, inner) for part in node.parts)

    def _type_of_name(self, node: Expression) -> Type | None:
        symbol = self.scope.get(node.text) if isinstance(node, Name) else None
        return symbol.type if symbol else None

    def _fail_types(self, node: Apply, operator: Operator, parts: tuple[Term, ...]) -> UntypedError:
        found = ", ".join(str(part.type) for part in parts)
        return self.fail(
            "types-do-not-fit", node, symbol=operator.symbol, takes=operator.takes, found=found
        )

    def _check_special(self, node: Apply, parts: tuple[Term, ...]) -> None:
        if node.symbol == "/" and not is_never_zero(parts[1], self.scope):
            raise self.fail("divisor-may-be-zero", node.parts[1], divisor=parts[1].text)
        if node.symbol == "given" and parts[0].role not in _STATED:
            raise self.fail("given-needs-a-fact", node)
