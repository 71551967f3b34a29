"""Comes in: the text of an expression. Goes out: its tree, or the place and reason it is none.

Python's own parser reads the text after a cap on its length; its tree is then translated node by
node, and whatever is not on the closed list here is refused. Nothing is ever evaluated by Python.
"""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache
from typing import Final

from voucher_rules.language.nodes import Apply, Expression, Literal, Name, Options, Place

MAX_LENGTH: Final = 2_000
MAX_DEPTH: Final = 40
MOST_KEPT: Final = 4_096
"""How many trees are kept: those of more rulesets than one process asks at a time."""

_BINARY: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_UNARY: Final[dict[type[ast.unaryop], str]] = {ast.Not: "not", ast.USub: "neg"}
_COMPARE: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}
NAMED_PARTS: Final = ("where", "over", "after")
"""What a call may give by name."""
LOOK_UP: Final = "[]"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OPTION = re.compile(r"'[^']*'|\"[^\"]*\"")
_REFUSED_OUTSIDE_QUOTES = re.compile(r"'[^']*'|\"[^\"]*\"|([^\x00-\x7f]|#)")
"""What a person may read as part of an expression and Python would read over, or another way."""
_FULL_WIDTH: Final = str.maketrans(
    {"（": "(", "）": ")", "，": ",", "＋": "+", "－": "-", "＊": "*", "＜": "<", "＞": ">"}
    | {"＝": "=", "‘": "'", "’": "'", "“": "'", "”": "'", "：": ":", "×": "*", "÷": "/"}
    | {"≤": "<=", "≥": ">="}
)


class ExpressionError(Exception):
    """An expression that cannot be read; carries a diagnostic code, a place and arguments."""

    def __init__(self, code: str, place: Place, **arguments: str) -> None:
        self.code = code
        self.place = place
        self.arguments = arguments
        super().__init__(code)


def parse_expression(text: str) -> Expression:
    """Parse one expression. Raises :class:`ExpressionError`, whatever the text."""
    return _parse_text(str(text))


# A ruleset is checked again for each notice and each what-if, and nearly all of its text is the
# same: a tree is never changed, so that one does for all.
@lru_cache(maxsize=MOST_KEPT)
def _parse_text(text: str) -> Expression:
    whole = Place(0, len(text))
    if len(text) > MAX_LENGTH:
        raise ExpressionError("expression-too-long", Place(0, 1), limit=str(MAX_LENGTH))
    if not text.strip():
        raise ExpressionError("expression-empty", whole)
    _refuse_characters(text)
    tree = _parse_python(text, whole)
    return _Translator(text).translate(tree, 1)


def _refuse_characters(text: str) -> None:
    for match in _REFUSED_OUTSIDE_QUOTES.finditer(text):
        if match[1]:
            fix = match[1].translate(_FULL_WIDTH)
            place = Place(match.start(1), match.end(1))
            code = "character-outside-quotes" if fix == match[1] else "full-width-character"
            raise ExpressionError(code, place, found=match[1], fix=fix)
    line_break = re.search(r"[\n\r\\]", text)
    if line_break:
        raise ExpressionError("line-break", Place(line_break.start(), line_break.end()))


def _parse_python(text: str, whole: Place) -> ast.expr:
    leading = len(text) - len(text.lstrip(" "))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text[leading:], mode="eval").body
    except SyntaxError as error:
        # Python gives 0 where the text ends too soon: the last character is the place then.
        last = len(text.rstrip()) - 1
        start = min(leading + error.offset - 1, last) if error.offset else last
        place = Place(start, start + 1)
        raise ExpressionError("expression-syntax", place) from None
    except (RecursionError, MemoryError, ValueError, OverflowError):
        raise ExpressionError("expression-too-deep", whole, limit=str(MAX_DEPTH)) from None


class _Translator:
    """Turns Python's tree into ours. Offsets are bytes there, characters here."""

    def __init__(self, text: str) -> None:
        self.leading = len(text) - len(text.lstrip(" "))
        self.encoded = text[self.leading :].encode()

    def place(self, node: ast.expr) -> Place:
        start = len(self.encoded[: node.col_offset].decode(errors="replace"))
        end_offset = node.end_col_offset or node.col_offset + 1
        end = len(self.encoded[:end_offset].decode(errors="replace"))
        return Place(start + self.leading, end + self.leading)

    def translate(self, node: ast.expr, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise ExpressionError("expression-too-deep", self.place(node), limit=str(MAX_DEPTH))
        match node:
            case ast.Constant():
                return self._translate_constant(node)
            case ast.Name() | ast.Attribute():
                return self._translate_name(node)
            case ast.BinOp(left, operator, right) if type(operator) in _BINARY:
                return self._apply(_BINARY[type(operator)], node, [left, right], depth)
            case ast.UnaryOp(operator, operand) if type(operator) in _UNARY:
                return self._apply(_UNARY[type(operator)], node, [operand], depth)
            case ast.BoolOp(operator, values):
                symbol = "and" if isinstance(operator, ast.And) else "or"
                return self._apply(symbol, node, values, depth)
            case ast.Compare():
                return self._translate_comparison(node, depth)
            case ast.IfExp(test, body, orelse):
                return self._apply("if", node, [test, body, orelse], depth)
            case ast.Call(ast.Name(name)):
                return self._translate_call(name, node, depth)
            case ast.Subscript(ast.Name() as table, keys):
                parts = keys.elts if isinstance(keys, ast.Tuple) else [keys]
                return self._apply(LOOK_UP, node, [table, *parts], depth)
            case ast.List() | ast.Tuple() | ast.Set():
                return self._translate_options(node)
            case _:
                raise self._refuse(node)

    def _refuse(self, node: ast.expr) -> ExpressionError:
        return ExpressionError("unsupported-syntax", self.place(node))

    def _apply(self, symbol: str, node: ast.expr, parts: list[ast.expr], depth: int) -> Apply:
        translated = tuple(self.translate(part, depth + 1) for part in parts)
        return Apply(symbol, translated, self.place(node))

    def _translate_call(self, name: str, node: ast.Call, depth: int) -> Apply:
        named = []
        for keyword in node.keywords:
            if keyword.arg not in NAMED_PARTS:
                raise self._refuse(node)
            named.append((keyword.arg, self.translate(keyword.value, depth + 1)))
        # the tree calls a minus sign "neg"; nobody may call it as a function
        call = self._apply("neg()" if name == "neg" else name, node, node.args, depth)
        return Apply(call.symbol, call.parts, call.place, tuple(named))

    def _translate_constant(self, node: ast.Constant) -> Literal:
        place = self.place(node)
        value = node.value
        if isinstance(value, str):
            return Literal(self._read_option(node, value), place)
        if value is True or value is False or value is None:
            raise ExpressionError("python-word", place, found=str(value))
        if not isinstance(value, int | float | complex):
            raise self._refuse(node)
        source = self._source(node)
        if source in {"0", "1"}:
            return Literal(int(source), place)
        raise ExpressionError("number-in-expression", place, found=source)

    def _read_option(self, node: ast.Constant, value: str) -> str:
        """Return an option; it stands in one pair of quotes, with nothing before or beside them."""
        if not _OPTION.fullmatch(self._source(node)):
            raise self._refuse(node)
        return value

    def _source(self, node: ast.expr) -> str:
        return self.encoded[node.col_offset : node.end_col_offset].decode()

    def _translate_name(self, node: ast.Name | ast.Attribute) -> Name | Literal:
        words = self._collect_words(node)
        place = self.place(node)
        if words in (["true"], ["false"]):
            return Literal(words == ["true"], place)
        if not all(_NAME.fullmatch(word) for word in words):
            raise ExpressionError("bad-name", place, found=".".join(words))
        return Name(".".join(words), place)

    def _collect_words(self, node: ast.expr) -> list[str]:
        words: list[str] = []
        while isinstance(node, ast.Attribute):
            words.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            raise self._refuse(node)
        return [node.id, *reversed(words)]

    def _translate_comparison(self, node: ast.Compare, depth: int) -> Expression:
        sides = [node.left, *node.comparators]
        pairs = []
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if type(operator) not in _COMPARE:
                raise self._refuse(node)
            pairs.append(self._apply(_COMPARE[type(operator)], node, [left, right], depth))
        return pairs[0] if len(pairs) == 1 else Apply("and", tuple(pairs), self.place(node))

    def _translate_options(self, node: ast.List | ast.Tuple | ast.Set) -> Options:
        values = []
        for element in node.elts:
            if not isinstance(element, ast.Constant) or not isinstance(element.value, str):
                raise ExpressionError("option-not-quoted", self.place(element))
            values.append(self._read_option(element, element.value))
        return Options(tuple(values), self.place(node))
