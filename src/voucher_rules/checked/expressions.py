"""Comes in: the text of an expression and the names in scope. Goes out: a typed term, or faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.report import Report
from voucher_rules.checked.symbols import Input, ListSpec, Parameter, Table
from voucher_rules.language.nodes import Apply, Expression, Literal, Name, Options
from voucher_rules.language.operators import AGGREGATES, CALENDAR_CALLS, OPERATORS, Operator
from voucher_rules.language.parse import LOOK_UP, ExpressionError, parse_expression
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import BOOLEAN, ONE, ORDERED, QUANTITIES, ZERO, Kind, Type
from voucher_rules.ruleset.load import suggest_name
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import Interval, Period, WorkingCalendar

_STATED: Final = frozenset({Role.FACT, Role.FIELD, Role.BALANCE, Role.FINDING})
_EXTREMES: Final = frozenset({"min", "max"})
_HINTING: Final = frozenset(
    {"==", "!=", "<", "<=", ">", ">=", "in", "not in", "min", "max", "overlaps", "includes"}
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared name: what it stands for and its type.

    A ``broken`` one was declared with a fault already reported; reading it is no second fault.
    """

    name: str
    role: Role
    type: Type
    declared: Input | Parameter | Table | ListSpec | None = None
    broken: bool = False


class _UntypedError(Exception):
    """Raised inside a build once a fault has been reported; ends that expression only."""


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
            build = _Build(self.scope, self.report, word, self.calendar, each, self.asked)
            term = build.build(expression, expected)
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
    if found.kind is expected.kind is Kind.COUNT:
        return not found.unit
    return False


def collect_names(expression: Expression) -> list[str]:
    """Return every name an expression reads or calls, in the order written."""
    names: list[str] = []
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name):
            names.append(node.text)
        elif isinstance(node, Apply):
            names += [node.symbol] if node.symbol.isidentifier() else []
            waiting.extend(part for _, part in reversed(node.named))
            waiting.extend(reversed(node.parts))
    return names


@dataclass(frozen=True, slots=True)
class _Build:
    scope: Mapping[str, Symbol]
    report: Report
    word: Scalar
    calendar: WorkingCalendar | None
    each: str
    asked: bool

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
        if symbol.role is Role.FIELD and not self._is_of_record(symbol):
            raise self._fail("field-outside-list", node, name=node.text)
        if symbol.type.kind is Kind.LIST:
            raise self._fail("list-as-a-value", node, name=node.text)
        if symbol.type.kind in {Kind.TABLE, Kind.SCALE}:
            raise self._fail("looked-up-without-key", node, name=node.text)
        name = symbol.name
        if self.asked and symbol.role is Role.FACT:
            name += ASKED
        return Term(symbol.role, symbol.type, name, text=self._text(node))

    def _is_of_record(self, symbol: Symbol) -> bool:
        declared = symbol.declared
        return isinstance(declared, Input) and declared.within == self.each

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
        called = self.scope.get(node.symbol)
        if node.symbol == LOOK_UP:
            return self._look_up(node)
        if called is not None and called.type.kind is Kind.SCALE:
            return self._enter_scale(node, called)
        if any(name == "over" for name, _ in node.named):
            return self._look_up_over(node)
        if self._is_aggregate(node):
            return self._aggregate(node, hint)
        operator = OPERATORS.get(node.symbol)
        if operator is None:
            calls = [name for name, item in OPERATORS.items() if item.form == "call"]
            near = suggest_name(node.symbol, [*calls, *AGGREGATES])
            raise self._fail("unknown-function", node, name=node.symbol, near=near)
        self._check_named(node, ())
        if not operator.least <= len(node.parts) <= operator.most:
            raise self._fail("wrong-number-of-parts", node, name=node.symbol)
        parts = self._build_parts(node, hint)
        result = operator.typing(tuple(part.type for part in parts))
        if result is None:
            raise self._fail_types(node, operator, parts)
        self._check_special(node, parts)
        if node.symbol in CALENDAR_CALLS:
            parts = (*parts, self._name_calendar(node))
        return Term(Role.OPERATOR, result, node.symbol, parts, text=self._text(node))

    def _check_named(self, node: Apply, allowed: tuple[str, ...]) -> None:
        """Check that a call gives by name only what it takes by name, and that once."""
        names = [name for name, _ in node.named]
        for name, part in node.named:
            if name not in allowed or names.count(name) > 1:
                raise self._fail("part-not-taken", part, name=name, call=node.symbol)

    def _name_calendar(self, node: Apply) -> Term:
        if self.calendar is None:
            raise self._fail("no-calendar", node, name=node.symbol)
        name = self.calendar.id
        return Term(Role.CONSTANT, Type(Kind.CALENDAR, name), name, (), self.calendar, name)

    def _find_table(self, node: Expression) -> Table:
        symbol = self.scope.get(node.text) if isinstance(node, Name) else None
        if symbol is not None and symbol.broken:
            raise _UntypedError
        if symbol is None or not isinstance(symbol.declared, Table):
            tables = [n for n, s in self.scope.items() if isinstance(s.declared, Table)]
            near = suggest_name(self._text(node), tables)
            raise self._fail("not-a-table", node, name=self._text(node), near=near)
        return symbol.declared

    def _look_up(self, node: Apply) -> Term:
        table = self._find_table(node.parts[0])
        if len(node.parts) - 1 != len(table.keys):
            count = str(len(table.keys))
            raise self._fail("wrong-number-of-keys", node, name=table.name, count=count)
        keys = self._build_keys(node.parts[1:], table)
        return self._nest_rows(table, keys, (), self._text(node), "lookup")

    def _build_keys(self, nodes: tuple[Expression, ...], table: Table) -> list[Term]:
        keys = []
        for part, kind in zip(nodes, table.keys, strict=False):
            key = self.build(part, kind)
            if (key.type.kind, key.type.unit) != (Kind.CHOICE, kind.unit):
                self.report.add(
                    "type-mismatch", self.word, part.place, expected=str(kind), found=str(key.type)
                )
                raise _UntypedError
            keys.append(key)
        return keys

    def _nest_rows(
        self, table: Table, keys: list[Term], chosen: tuple[str, ...], text: str, last: str
    ) -> Term:
        """Return a look-up: a row's parts are its cells or, of a table by two, its inner rows."""
        if not keys:
            name = table.cells[chosen]
            return Term(Role.PARAMETER, table.type, name, text=name)
        key, *rest = keys
        cells = [
            self._nest_rows(table, rest, (*chosen, option), text, last)
            for option in table.keys[len(chosen)].options
        ]
        name = last if not rest else "lookup"
        return Term(Role.OPERATOR, table.type, name, (key, *cells), text=text)

    def _look_up_over(self, node: Apply) -> Term:
        """Build `max(table, over=set)`: the best of the cells that a set names."""
        if node.symbol not in {*_EXTREMES, "sum"}:
            self._check_named(node, ())
        self._check_named(node, ("over",))
        if len(node.parts) != 1:
            raise self._fail("wrong-number-of-parts", node, name=node.symbol)
        row = node.parts[0]
        inner = row.parts if isinstance(row, Apply) and row.symbol == LOOK_UP else (row,)
        table = self._find_table(inner[0])
        wanted_kinds = QUANTITIES if node.symbol == "sum" else ORDERED
        if table.type.kind not in wanted_kinds:
            takes = AGGREGATES[node.symbol].takes
            found = str(table.type)
            raise self._fail("types-do-not-fit", row, symbol=node.symbol, takes=takes, found=found)
        if len(inner) != len(table.keys):
            count = str(len(table.keys) - 1)
            raise self._fail("wrong-number-of-keys", row, name=table.name, count=count)
        wanted = table.keys[-1]
        group = self.build(node.named[0][1], wanted)
        if (group.type.kind, group.type.unit) != (Kind.SET, wanted.unit):
            found, expected = str(group.type), f"set of {wanted.unit}"
            place = node.named[0][1].place
            self.report.add("type-mismatch", self.word, place, expected=expected, found=found)
            raise _UntypedError
        keys = [*self._build_keys(inner[1:], table), group]
        return self._nest_rows(table, keys, (), self._text(node), f"lookup_{node.symbol}")

    def _enter_scale(self, node: Apply, symbol: Symbol) -> Term:
        scale = symbol.declared
        if not isinstance(scale, Parameter) or scale.entered is None or scale.gives is None:
            raise _UntypedError
        marginal = scale.applies == "marginal"
        self._check_named(node, ("after",) if marginal else ())
        if len(node.parts) != 1:
            raise self._fail("wrong-number-of-parts", node, name=node.symbol)
        entered = [node.parts[0], *(part for _, part in node.named)]
        parts = [self.build(part, scale.entered) for part in entered]
        for part, term in zip(entered, parts, strict=True):
            if not fits_type(term.type, scale.entered):
                found, expected = str(term.type), str(scale.entered)
                self.report.add(
                    "type-mismatch", self.word, part.place, expected=expected, found=found
                )
                raise _UntypedError
        held = Term(Role.PARAMETER, Type(Kind.SCALE), scale.name, text=scale.name)
        return Term(Role.OPERATOR, scale.gives, "scale", (held, *parts), text=self._text(node))

    def _is_aggregate(self, node: Apply) -> bool:
        """Tell a question asked of a list from the least or greatest of some values."""
        if node.symbol not in AGGREGATES:
            return False
        if node.symbol not in _EXTREMES:
            return True
        named = {name for name, _ in node.named}
        return "where" in named or (not self.each and self._reads_records(node))

    def _reads_records(self, node: Expression) -> bool:
        """Return whether a field of a record is read outside a question of its own."""
        if isinstance(node, Name):
            symbol = self.scope.get(node.text)
            return symbol is not None and symbol.role is Role.FIELD
        if not isinstance(node, Apply):
            return False
        return any(
            self._reads_records(part)
            for part in node.parts
            if not (isinstance(part, Apply) and self._is_aggregate(part))
        )

    def _find_lists(self, node: Expression) -> list[str]:
        """Return the lists whose records an expression reads, in the order written."""
        symbols = [self.scope.get(name) for name in collect_names(node)]
        if any(symbol is not None and symbol.broken for symbol in symbols):
            raise _UntypedError
        found = [s.declared for s in symbols if s is not None]
        names = [x.name for x in found if isinstance(x, ListSpec)]
        names += [x.within for x in found if isinstance(x, Input) and x.within]
        return list(dict.fromkeys(names))

    def _aggregate(self, node: Apply, hint: Type | None) -> Term:
        self._check_named(node, ("where",))
        if self.each:
            raise self._fail("list-inside-list", node)
        if len(node.parts) != 1:
            raise self._fail("wrong-number-of-parts", node, name=node.symbol)
        lists = self._find_lists(node)
        if len(lists) != 1:
            raise self._fail("not-one-list", node, name=node.symbol)
        listed = self.scope[lists[0]]
        inner = replace(self, each=lists[0])
        body = self._build_asked(node, inner, hint)
        where = [inner.build(part, BOOLEAN) for _, part in node.named]
        if any(term.type != BOOLEAN for term in where):
            raise self._fail("types-do-not-fit", node, **self._tell_types("where", where))
        unit = listed.declared.unit if isinstance(listed.declared, ListSpec) else ""
        result = AGGREGATES[node.symbol].typing(body.type, unit)
        if result is None:
            raise self._fail("types-do-not-fit", node, **self._tell_types(node.symbol, [body]))
        whole = Term(Role.FACT, listed.type, listed.name, text=listed.name)
        parts = (whole, body, *where)
        return Term(Role.AGGREGATE, result, node.symbol, parts, text=self._text(node))

    def _build_asked(self, node: Apply, inner: _Build, hint: Type | None) -> Term:
        """Return what is asked of each record; a count asks only whether it is there."""
        asked = node.parts[0]
        if node.symbol != "count":
            return inner.build(asked, hint)
        symbol = self.scope.get(asked.text) if isinstance(asked, Name) else None
        if symbol is None or not isinstance(symbol.declared, ListSpec):
            raise self._fail("not-one-list", node, name=node.symbol)
        return Term(Role.CONSTANT, BOOLEAN, "true", (), value=True)

    def _tell_types(self, name: str, parts: list[Term]) -> dict[str, str]:
        found = ", ".join(str(part.type) for part in parts)
        takes = AGGREGATES[name].takes if name in AGGREGATES else "a condition"
        return {"symbol": name, "takes": takes, "found": found}

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
        if node.symbol == "given" and parts[0].role not in _STATED:
            raise self._fail("given-needs-a-fact", node)

    def _is_never_zero(self, divisor: Term) -> bool:
        if divisor.name == "max" and divisor.role is Role.OPERATOR:
            return any(self._is_positive(part) for part in divisor.parts)
        name = divisor.name.removesuffix(ASKED)
        declared = self.scope[name].declared if name in self.scope else None
        if isinstance(declared, Parameter):
            sizes = [find_size(item.value) for item in declared.values]
            is_set = all(size is not None and size != 0 for size in sizes)
            return is_set and (self._is_for_ever(declared) or _leaves_out_zero(declared))
        return isinstance(declared, Input) and _leaves_out_zero(declared)

    def _is_for_ever(self, declared: Parameter) -> bool:
        """Return whether a parameter has a value on every day."""
        return all(item.start is None and item.until is None for item in declared.values)

    def _is_positive(self, term: Term) -> bool:
        """Return whether a parameter is set, and above zero, on every day it has a value for."""
        declared = self.scope[term.name].declared if term.name in self.scope else None
        if not isinstance(declared, Parameter) or not self._is_for_ever(declared):
            return False
        sizes = [find_size(item.value) for item in declared.values]
        return all(size is not None and size > 0 for size in sizes)


def find_size(value: object) -> int | Fraction | None:
    """Return a quantity, or how many units a period has; None for anything else."""
    if isinstance(value, Period):
        return value.count
    return value if isinstance(value, int | Fraction) else None


def _leaves_out_zero(declared: Input | Parameter) -> bool:
    """Return whether the bounds of what was declared lie on one side of zero."""
    domain = declared.domain.domain
    if not isinstance(domain, Interval):
        return False
    low, high = find_size(domain.low), find_size(domain.high)
    return low is not None and high is not None and (low > 0 or high < 0)
