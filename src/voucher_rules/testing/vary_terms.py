"""Comes in: the text of an expression. Goes out: every text that differs from it in one thing.

Each change is one an author could have made by mistake: the other side of a bound, ``or`` for
``and``, a condition left out, another option.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from voucher_rules.language.nodes import Apply, Expression, Literal, Name, Options
from voucher_rules.language.parse import LOOK_UP, parse_expression

Vocabularies: TypeAlias = Mapping[str, tuple[str, ...]]
"""The options of what has options, by its name: facts, readings, tables, choices."""
Steps: TypeAlias = tuple[int | str, ...]

_FLIPS: Final[Mapping[str, tuple[str, str]]] = {
    "<": ("comparison", "<="),
    "<=": ("comparison", "<"),
    ">": ("comparison", ">="),
    ">=": ("comparison", ">"),
    "==": ("comparison", "!="),
    "!=": ("comparison", "=="),
    "in": ("membership", "not in"),
    "not in": ("membership", "in"),
    "overlaps": ("membership", "includes"),
    "includes": ("membership", "overlaps"),
    "+": ("arithmetic", "-"),
    "-": ("arithmetic", "+"),
    "floor": ("arithmetic", "ceil"),
    "ceil": ("arithmetic", "floor"),
    "year_start": ("arithmetic", "year_end"),
    "year_end": ("arithmetic", "year_start"),
    "min": ("extreme", "max"),
    "max": ("extreme", "min"),
    "any": ("quantifier", "all"),
    "all": ("quantifier", "any"),
}
_ALONE: Final = {"*": ("left", "right"), "/": ("left",), "roll": ("left",), "neg": ("left",)}
"""Operators of which one operand may stand alone, and which."""
_JOINED: Final = {"and": "or", "or": "and"}
_DROPPED: Final = frozenset({"and", "or", "min", "max"})
"""What may do with one operand less."""
_WORDS: Final = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least", "==": "equal"} | {
    "!=": "unequal", "+": "plus", "-": "minus", "not in": "not_in",
}  # fmt: skip
_INFIX: Final = frozenset({*"<>+-*/", "<=", ">=", "==", "!=", "in", "not in", "and", "or"})


@dataclass(frozen=True, slots=True)
class Variant:
    """An expression changed in one thing; ``path`` leads to the part, ``change`` names it."""

    kind: str
    path: str
    change: str
    before: str
    after: str
    text: str


def vary_expression(text: str, vocabularies: Vocabularies) -> Iterator[Variant]:
    """Yield every variant of an expression that can be read."""
    tree = parse_expression(text)
    for path, node, around in _walk(tree, (), ()):
        for kind, change, new in _vary(node, (*around, tree), vocabularies):
            whole = write_expression(_put(tree, path, new))
            steps = "/".join(str(step) for step in path)
            yield Variant(kind, steps, change, write_expression(node), write_expression(new), whole)


def _walk(
    node: Expression, path: Steps, around: tuple[Expression, ...]
) -> Iterator[tuple[Steps, Expression, tuple[Expression, ...]]]:
    """Yield every part with its path and what is around it, the nearest first."""
    yield path, node, around
    if isinstance(node, Apply):
        for number, part in enumerate(node.parts):
            yield from _walk(part, (*path, number), (node, *around))
        for key, part in node.named:
            yield from _walk(part, (*path, key), (node, *around))


def _put(node: Expression, path: Steps, new: Expression) -> Expression:
    if not path or not isinstance(node, Apply):
        return new
    step, rest = path[0], path[1:]
    parts = tuple(_put(x, rest, new) if i == step else x for i, x in enumerate(node.parts))
    named = tuple((key, _put(x, rest, new) if key == step else x) for key, x in node.named)
    return replace(node, parts=parts, named=named)


def _vary(
    node: Expression, around: Sequence[Expression], vocabularies: Vocabularies
) -> Iterator[tuple[str, str, Expression]]:
    match node:
        case Apply():
            yield from _vary_apply(node)
        case Literal(bool()):
            yield "option", "negated", replace(node, value=not node.value)
        case Literal(str(value)):
            for option in _list_next(value, _find_options(value, around, vocabularies)):
                yield "option", f"{value}-to-{option}", replace(node, value=option)
        case Options(values):
            yield from _vary_options(node, _find_options(values[0], around, vocabularies))
        case _:
            return


def _vary_apply(node: Apply) -> Iterator[tuple[str, str, Expression]]:
    symbol, parts = node.symbol, node.parts
    if symbol in _FLIPS:
        kind, other = _FLIPS[symbol]
        yield kind, f"{_name(symbol)}-to-{_name(other)}", replace(node, symbol=other)
    if symbol in _JOINED:
        yield from _vary_joined(node)
    if symbol in _DROPPED and len(parts) > 1:
        for number in range(len(parts)):
            kept = parts[:number] + parts[number + 1 :]
            after = kept[0] if len(kept) == 1 else replace(node, parts=kept)
            yield "operand", f"drop-{number}", after
    if symbol == "not":
        yield "negation", "drop-not", parts[0]
    for side, part in zip(_ALONE.get(symbol, ()), parts, strict=False):
        yield "arithmetic", f"{side}-alone", part
    if symbol == "if":
        yield "branches", "swapped", replace(node, parts=(parts[0], parts[2], parts[1]))
    for number, (key, _) in enumerate(node.named):
        if key != "over":
            kept_named = node.named[:number] + node.named[number + 1 :]
            yield "part", f"drop-{key}", replace(node, named=kept_named)


def _vary_joined(node: Apply) -> Iterator[tuple[str, str, Expression]]:
    """Yield the expression with each of its connectives flipped in turn."""
    other = _JOINED[node.symbol]
    for number in range(1, len(node.parts)):
        sides = (_join(node, node.parts[:number]), _join(node, node.parts[number:]))
        mark = f"-{number}" if len(node.parts) > 2 else ""  # noqa: PLR2004 - one connective
        changed = Apply(other, sides, node.place)
        yield "connective", f"{node.symbol}-to-{other}{mark}", changed


def _join(node: Apply, parts: tuple[Expression, ...]) -> Expression:
    return parts[0] if len(parts) == 1 else replace(node, parts=parts)


def _vary_options(node: Options, known: Sequence[str]) -> Iterator[tuple[str, str, Expression]]:
    if len(node.values) > 1:
        for value in node.values:
            kept = tuple(x for x in node.values if x != value)
            yield "option", f"without-{value}", replace(node, values=kept)
    for value in known:
        if value not in node.values:
            yield "option", f"with-{value}", replace(node, values=(*node.values, value))


def _list_next(value: str, options: Sequence[str]) -> Sequence[str]:
    """Return the option after one, or that before the last."""
    if len(options) < 2:  # noqa: PLR2004 - there must be another one
        return ()
    at = options.index(value)
    return (options[at + 1] if at + 1 < len(options) else options[at - 1],)


def _find_options(
    value: str, around: Sequence[Expression], vocabularies: Vocabularies
) -> Sequence[str]:
    """Return the options an option is one of: those of the nearest name that has it."""
    names = (name for node in around for name in _list_names(node))
    for name in (*names, *vocabularies):
        if value in vocabularies.get(name, ()):
            return vocabularies[name]
    return ()


def _list_names(node: Expression) -> Iterator[str]:
    return (part.text for _, part, _ in _walk(node, (), ()) if isinstance(part, Name))


def _name(symbol: str) -> str:
    return _WORDS.get(symbol, symbol)


def write_expression(node: Expression, *, inside: bool = False) -> str:
    """Write an expression, with brackets around each operator ``inside`` another."""
    match node:
        case Name(text):
            return text
        case Literal(value):
            return _write_literal(value)
        case Options(values):
            return f"[{', '.join(repr(value) for value in values)}]"
        case Apply():
            return _write_apply(node, inside=inside)


def _write_literal(value: bool | int | str) -> str:  # noqa: FBT001 - the value itself
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def _write_apply(node: Apply, *, inside: bool) -> str:
    symbol = node.symbol
    if symbol == LOOK_UP or not (symbol in _INFIX or symbol in {"if", "not", "neg"}):
        return _write_call(node)
    parts = [write_expression(part, inside=True) for part in node.parts]
    if symbol == "if":
        text = f"{parts[1]} if {parts[0]} else {parts[2]}"
    elif symbol in _INFIX:
        text = f" {symbol} ".join(parts)
    else:
        text = f"not {parts[0]}" if symbol == "not" else f"-{parts[0]}"
    return f"({text})" if inside else text


def _write_call(node: Apply) -> str:
    parts = [write_expression(part) for part in node.parts]
    if node.symbol == LOOK_UP:
        return f"{parts[0]}[{', '.join(parts[1:])}]"
    named = [f"{key}={write_expression(part)}" for key, part in node.named]
    return f"{node.symbol}({', '.join([*parts, *named])})"
