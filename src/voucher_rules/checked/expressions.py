"""Comes in: the text of an expression and the names in scope. Goes out: a typed term, or faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from voucher_rules.checked.model import Input, Parameter
from voucher_rules.checked.report import Report
from voucher_rules.language.nodes import Apply, Expression, Literal, Name, Options
from voucher_rules.language.operators import OPERATORS, Operator
from voucher_rules.language.parse import ExpressionError, parse_expression
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import BOOLEAN, ONE, ZERO, Kind, Type
from voucher_rules.ruleset.load import suggest_name
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import Interval

_HINTING: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not in", "min", "max"})


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared name: what it stands for and its type.

    A ``broken`` one was declared with a fault already reported; reading it is no second fault.
    """

    name: str
    role: Role
    type: Type
    declared: Input | Parameter | None = None
    broken: bool = False


class _UntypedError(Exception):
    """Raised inside a build once a fault has been reported; ends that expression only."""


@dataclass(frozen=True, slots=True)
class TermBuilder:
    """Builds typed terms from expressions over the names in ``scope``."""

    scope: Mapping[str, Symbol]
    report: Report

    def parse(self, word: Scalar) -> Expression | None:
        """Parse the text of ``word``; report and return None where it is no expression."""
        try:
            return parse_expression(word)
        except ExpressionError as error:
            self.report.add(error.code, word, error.place, **error.arguments)
            return None

    def build(self, word: Scalar, expected: Type | None = None) -> Term | None:
        """Return the term ``word`` stands for, or None once its faults are reported."""
        expression = self.parse(word)
        if expression is None:
            return None
        try:
            term = _Build(self.scope, self.report, word).build(expression, expected)
        except _UntypedError:
            return None
        if expected is not None and not fits_type(term.type, expected):
            self.report.add("type-mismatch", word, expected=str(expected), found=str(term.type))
            return None
        return term


def fits_type(found: Type, expected: Type) -> bool:
    """Return whether a value of type ``found`` may stand where ``expected`` is wanted."""
    if found == expected:
        return True
    if found == ZERO:
        return expected.kind in {Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.RATIO}
    if found.kind is Kind.NUMBER and expected.kind in {Kind.NUMBER, Kind.RATIO}:
        return True
    if found.kind is Kind.RATIO and expected.kind is Kind.NUMBER:
        return True
    if found.kind is expected.kind is Kind.PERIOD:
        return not expected.unit
    return False


def collect_names(expression: Expression) -> list[str]:
    """Return every name an expression reads, in the order written."""
    names: list[str] = []
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name):
            names.append(node.text)
        elif isinstance(node, Apply):
            waiting.extend(reversed(node.parts))
    return names


@dataclass(frozen=True, slots=True)
class _Build:
    scope: Mapping[str, Symbol]
    report: Report
    word: Scalar

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

    def _fail(self, code: str, node: Expression, **arguments: str) -> _UntypedError:
        self.report.add(code, self.word, node.place, **arguments)
        return _UntypedError()

    def _text(self, node: Expression) -> str:
        return str(self.word)[node.place.start : node.place.end]

    def _build_name(self, node: Name) -> Term:
        symbol = self.scope.get(node.text)
        if symbol is None:
            near = suggest_name(node.text, list(self.scope))
            raise self._fail("unknown-name", node, name=node.text, near=near)
        if symbol.broken:
            raise _UntypedError
        return Term(symbol.role, symbol.type, symbol.name, text=self._text(node))

    def _build_literal(self, node: Literal, hint: Type | None) -> Term:
        value = node.value
        if isinstance(value, bool):
            return Term(Role.CONSTANT, BOOLEAN, str(value).lower(), (), value, self._text(node))
        if isinstance(value, int):
            return Term(
                Role.CONSTANT, ONE if value else ZERO, str(value), (), value, self._text(node)
            )
        if hint is None or hint.kind is not Kind.CHOICE:
            raise self._fail("option-without-choice", node, option=value)
        self._check_option(node, value, hint)
        return Term(Role.CONSTANT, hint, value, (), value, self._text(node))

    def _build_options(self, node: Options, hint: Type | None) -> Term:
        if hint is None or hint.kind is not Kind.CHOICE:
            raise self._fail("option-without-choice", node, option=", ".join(node.values))
        for value in node.values:
            self._check_option(node, value, hint)
        kind = Type(Kind.SET, hint.unit, hint.options)
        text = self._text(node)
        return Term(Role.CONSTANT, kind, text, (), frozenset(node.values), text)

    def _check_option(self, node: Expression, value: str, hint: Type) -> None:
        if value not in hint.options:
            near = suggest_name(value, list(hint.options))
            raise self._fail("unknown-option", node, option=value, choice=hint.unit, near=near)

    def _build_operator(self, node: Apply, hint: Type | None) -> Term:
        operator = OPERATORS.get(node.symbol)
        if operator is None:
            near = suggest_name(node.symbol, [k for k, v in OPERATORS.items() if v.form == "call"])
            raise self._fail("unknown-function", node, name=node.symbol, near=near)
        if not operator.least <= len(node.parts) <= operator.most:
            raise self._fail("wrong-number-of-parts", node, name=node.symbol)
        parts = self._build_parts(node, hint)
        result = operator.typing(tuple(part.type for part in parts))
        if result is None:
            raise self._fail_types(node, operator, parts)
        self._check_special(node, parts)
        return Term(Role.OPERATOR, result, node.symbol, parts, text=self._text(node))

    def _build_parts(self, node: Apply, hint: Type | None) -> tuple[Term, ...]:
        if node.symbol == "if":
            test, then, other = node.parts
            return (self.build(test, None), self.build(then, hint), self.build(other, hint))
        if node.symbol not in _HINTING:
            return tuple(self.build(part, None) for part in node.parts)
        named = (self._type_of_name(part) for part in node.parts)
        inner = next((kind for kind in named if kind), hint)
        if inner is not None and inner.kind is Kind.SET:
            inner = Type(Kind.CHOICE, inner.unit, inner.options)
        return tuple(self.build(part, inner) for part in node.parts)

    def _type_of_name(self, node: Expression) -> Type | None:
        symbol = self.scope.get(node.text) if isinstance(node, Name) else None
        return symbol.type if symbol else None

    def _fail_types(
        self, node: Apply, operator: Operator, parts: tuple[Term, ...]
    ) -> _UntypedError:
        found = ", ".join(str(part.type) for part in parts)
        return self._fail(
            "types-do-not-fit", node, symbol=operator.symbol, takes=operator.takes, found=found
        )

    def _check_special(self, node: Apply, parts: tuple[Term, ...]) -> None:
        if node.symbol == "/" and not self._is_never_zero(parts[1]):
            raise self._fail("divisor-may-be-zero", node.parts[1], divisor=parts[1].text)
        if node.symbol == "given" and parts[0].role not in {Role.FACT, Role.BALANCE, Role.FINDING}:
            raise self._fail("given-needs-a-fact", node)

    def _is_never_zero(self, divisor: Term) -> bool:
        declared = self.scope[divisor.name].declared if divisor.name in self.scope else None
        if isinstance(declared, Parameter):
            return all(item.value is not None and item.value != 0 for item in declared.values)
        if isinstance(declared, Input):
            domain = declared.domain.domain
            ends = (domain.low, domain.high) if isinstance(domain, Interval) else ()
            signs = {end > 0 for end in ends if isinstance(end, int | Fraction) and end != 0}
            return len(signs) == 1 and not any(end == 0 for end in ends)
        return False
