"""Comes in: a look-up of a table, or a scale entered. Goes out: its typed term, or a fault."""

from __future__ import annotations

from typing import Final

from voucher_rules.checked.symbols import Parameter, Symbol, Table
from voucher_rules.checked.translation import Translation, UntypedError
from voucher_rules.language.nodes import Apply, Expression, Name
from voucher_rules.language.operators import AGGREGATES
from voucher_rules.language.parse import LOOK_UP
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import ORDERED, QUANTITIES, Kind, Type, fits_type

_OVER_SETS: Final = frozenset({"min", "max", "sum"})
"""What may be asked of the cells of a table that a set names."""


def look_up(at: Translation, node: Apply) -> Term:
    """Build `table[key]`, or `table[key, other]`."""
    table = _find_table(at, node.parts[0])
    if len(node.parts) - 1 != len(table.keys):
        count = str(len(table.keys))
        raise at.fail("wrong-number-of-keys", node, name=table.name, count=count)
    keys = _build_keys(at, node.parts[1:], table)
    return _nest_rows(table, keys, (), at.text_of(node), "lookup")


def look_up_over(at: Translation, node: Apply) -> Term:
    """Build `max(table, over=set)`: the best of the cells that a set names."""
    if node.symbol not in _OVER_SETS:
        at.check_named(node, ())
    at.check_named(node, ("over",))
    if len(node.parts) != 1:
        raise at.fail("wrong-number-of-parts", node, name=node.symbol)
    row = node.parts[0]
    inner = row.parts if isinstance(row, Apply) and row.symbol == LOOK_UP else (row,)
    table = _find_table(at, inner[0])
    wanted_kinds = QUANTITIES if node.symbol == "sum" else ORDERED
    if table.type.kind not in wanted_kinds:
        takes = AGGREGATES[node.symbol].takes
        found = str(table.type)
        raise at.fail("types-do-not-fit", row, symbol=node.symbol, takes=takes, found=found)
    if len(inner) != len(table.keys):
        count = str(len(table.keys) - 1)
        raise at.fail("wrong-number-of-keys", row, name=table.name, count=count)
    wanted = table.keys[-1]
    group = at.build(node.named[0][1], wanted)
    if (group.type.kind, group.type.unit) != (Kind.SET, wanted.unit):
        found, expected = str(group.type), f"set of {wanted.unit}"
        raise at.fail("type-mismatch", node.named[0][1], expected=expected, found=found)
    keys = [*_build_keys(at, inner[1:], table), group]
    return _nest_rows(table, keys, (), at.text_of(node), f"lookup_{node.symbol}")


def _find_table(at: Translation, node: Expression) -> Table:
    symbol = at.scope.get(node.text) if isinstance(node, Name) else None
    if symbol is not None and symbol.broken:
        raise UntypedError
    if symbol is None or not isinstance(symbol.declared, Table):
        tables = [n for n, s in at.scope.items() if isinstance(s.declared, Table)]
        near = at.report.suggest(at.text_of(node), tables)
        raise at.fail("not-a-table", node, name=at.text_of(node), near=near)
    return symbol.declared


def _build_keys(at: Translation, nodes: tuple[Expression, ...], table: Table) -> list[Term]:
    keys = []
    for part, kind in zip(nodes, table.keys, strict=False):
        key = at.build(part, kind)
        if (key.type.kind, key.type.unit) != (Kind.CHOICE, kind.unit):
            raise at.fail("type-mismatch", part, expected=str(kind), found=str(key.type))
        keys.append(key)
    return keys


def _nest_rows(
    table: Table, keys: list[Term], chosen: tuple[str, ...], text: str, last: str
) -> Term:
    """Return a look-up: a row's parts are its cells or, of a table by two, its inner rows."""
    if not keys:
        name = table.cells[chosen]
        return Term(Role.PARAMETER, table.type, name, text=name)
    key, *rest = keys
    cells = [
        _nest_rows(table, rest, (*chosen, option), text, last)
        for option in table.keys[len(chosen)].options
    ]
    name = last if not rest else "lookup"
    return Term(Role.OPERATOR, table.type, name, (key, *cells), text=text)


def enter_scale(at: Translation, node: Apply, symbol: Symbol) -> Term:
    """Build `scale(quantity)`; a marginal one may be told what came before it."""
    scale = symbol.declared
    if not isinstance(scale, Parameter) or scale.entered is None or scale.gives is None:
        raise UntypedError
    marginal = scale.applies == "marginal"
    at.check_named(node, ("after",) if marginal else ())
    if len(node.parts) != 1:
        raise at.fail("wrong-number-of-parts", node, name=node.symbol)
    entered = [node.parts[0], *(part for _, part in node.named)]
    parts = [at.build(part, scale.entered) for part in entered]
    for part, term in zip(entered, parts, strict=True):
        if not fits_type(term.type, scale.entered):
            found, expected = str(term.type), str(scale.entered)
            raise at.fail("type-mismatch", part, expected=expected, found=found)
    held = Term(Role.PARAMETER, Type(Kind.SCALE), scale.name, text=scale.name)
    return Term(Role.OPERATOR, scale.gives, "scale", (held, *parts), text=at.text_of(node))
