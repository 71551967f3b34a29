"""Comes in: a question asked of a list of records. Goes out: its typed term, or a fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from voucher_rules.checked.symbols import Input, ListSpec
from voucher_rules.checked.translation import Translation, UntypedError
from voucher_rules.language.nodes import Apply, Expression, Name, collect_names
from voucher_rules.language.operators import AGGREGATES
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import BOOLEAN, Type

_EXTREMES: Final = frozenset({"min", "max"})


def is_aggregate(at: Translation, node: Apply) -> bool:
    """Tell a question asked of a list from the least or greatest of some values."""
    if node.symbol not in AGGREGATES:
        return False
    if node.symbol not in _EXTREMES:
        return True
    named = {name for name, _ in node.named}
    return "where" in named or (not at.each and _reads_records(at, node))


def _reads_records(at: Translation, node: Expression) -> bool:
    """Return whether a field of a record is read outside a question of its own."""
    if isinstance(node, Name):
        symbol = at.scope.get(node.text)
        return symbol is not None and symbol.role is Role.FIELD
    if not isinstance(node, Apply):
        return False
    return any(
        _reads_records(at, part)
        for part in node.parts
        if not (isinstance(part, Apply) and is_aggregate(at, part))
    )


def build_aggregate(at: Translation, node: Apply, hint: Type | None) -> Term:
    """Build a question asked of every record of one list: `sum(items.amount, where=…)`."""
    at.check_named(node, ("where",))
    if at.each:
        raise at.fail("list-inside-list", node)
    if len(node.parts) != 1:
        raise at.fail("wrong-number-of-parts", node, name=node.symbol)
    lists = _find_lists(at, node)
    if len(lists) != 1:
        raise at.fail("not-one-list", node, name=node.symbol)
    listed = at.scope[lists[0]]
    inner = replace(at, each=lists[0])
    body = _build_asked(inner, node, hint)
    where = [inner.build(part, BOOLEAN) for _, part in node.named]
    if any(term.type != BOOLEAN for term in where):
        raise at.fail("types-do-not-fit", node, **_tell_types("where", where))
    unit = listed.declared.unit if isinstance(listed.declared, ListSpec) else ""
    result = AGGREGATES[node.symbol].typing(body.type, unit)
    if result is None:
        raise at.fail("types-do-not-fit", node, **_tell_types(node.symbol, [body]))
    whole = Term(Role.FACT, listed.type, listed.name, text=listed.name)
    parts = (whole, body, *where)
    return Term(Role.AGGREGATE, result, node.symbol, parts, text=at.text_of(node))


def _build_asked(inner: Translation, node: Apply, hint: Type | None) -> Term:
    """Return what is asked of each record; a count asks only whether it is there."""
    asked = node.parts[0]
    if node.symbol != "count":
        return inner.build(asked, hint)
    symbol = inner.scope.get(asked.text) if isinstance(asked, Name) else None
    if symbol is None or not isinstance(symbol.declared, ListSpec):
        raise inner.fail("not-one-list", node, name=node.symbol)
    return Term(Role.CONSTANT, BOOLEAN, "true", (), value=True)


def _find_lists(at: Translation, node: Expression) -> list[str]:
    """Return the lists whose records an expression reads, in the order written."""
    symbols = [at.scope.get(name) for name in collect_names(node)]
    if any(symbol is not None and symbol.broken for symbol in symbols):
        raise UntypedError
    found = [s.declared for s in symbols if s is not None]
    names = [x.name for x in found if isinstance(x, ListSpec)]
    names += [x.within for x in found if isinstance(x, Input) and x.within]
    return list(dict.fromkeys(names))


def _tell_types(name: str, parts: list[Term]) -> dict[str, str]:
    found = ", ".join(str(part.type) for part in parts)
    takes = AGGREGATES[name].takes if name in AGGREGATES else "a condition"
    return {"symbol": name, "takes": takes, "found": found}
