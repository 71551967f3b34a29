"""Comes in: a tree of a ruleset and changes a what-if asks for. Goes out: the tree with them made.

That every target is there was found before; here nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from voucher_rules.catalog.amend import Said, list_declared, set_value, tell_node
from voucher_rules.ruleset.alterations import (
    Add,
    Alteration,
    SetDefault,
    SetPart,
    SetValue,
    SwitchOff,
)
from voucher_rules.sources import tree
from voucher_rules.sources.tree import Mapping, Scalar
from voucher_rules.spans import WHAT_IF, Span

UNSET: Final = "unset"
_TITLE: Final = {
    "zh": "假设分析新增的内容，并非条文",
    "en": "added by a what-if; no provision says so",
}
_TOLD: Final = ("require", "exclude", "at_most", "at_least", "as", "window", "documents", "rank")


def alter_root(root: Mapping, alterations: Sequence[Alteration]) -> tuple[Said, ...]:
    """Make every change in a tree, and return what was said before and after each."""
    return tuple(_alter(root, item) for item in alterations)


def _alter(root: Mapping, item: Alteration) -> Said:
    match item:
        case SetValue():
            return set_value(dict(list_declared(root)), item)
        case SetDefault():
            reading = get(get(root, "readings"), item.word)
            before = str(get(reading, "default"))
            put(reading, "default", item.option)
            return Said(before, str(item.option))
        case SwitchOff():
            rules, at = find_rule(root, item.word)
            return Said(tell_rule(rules.pop(at)), "")
        case SetPart():
            rules, at = find_rule(root, item.word)
            return _set_part(rules[at], item)
        case Add():
            return _add(root, item)


def _set_part(rule: Mapping, item: SetPart) -> Said:
    before = tell_node(get(rule, item.key)) if item.key in rule else ""
    if item.node == UNSET:
        rule.pop(item.key, None)
        return Said(before, "")
    put(rule, item.key, item.node)
    return Said(before, tell_node(item.node))


def _add(root: Mapping, item: Add) -> Said:
    if item.section == "readings":
        if item.within is None:
            _find_place(root, item)
        put(_open(root, "readings", Mapping, item.word.span), item.word, item.node)
        return Said("", str(get(item.node, "default")))
    place = _find_place(root, item)
    if item.section == "parameters":
        put(_open(place, "parameters", Mapping, item.word.span), item.word, item.node)
        return Said("", next((tell_node(item.node[x]) for x in _VALUES if x in item.node), ""))
    _open(place, "rules", tree.Sequence, item.word.span).append(item.node)
    return Said("", tell_rule(item.node))


_VALUES: Final[Any] = ("value", "table", "brackets", "values")


def tell_rule(rule: Mapping) -> str:
    """Return what a rule says, by its formula: that is what its author wrote of it."""
    told = {str(key): node for key, node in rule.items()}
    return next((tell_node(told[key]) for key in _TOLD if key in told), str(told.get("id", "")))


def _find_place(root: Mapping, item: Add) -> Mapping:
    """Return the provision something is added to; the what-if's own where none was named."""
    wanted = WHAT_IF if item.within is None else str(item.within)
    found = next((x for x in walk_provisions(root) if get(x, "ref") == wanted), None)
    if found is not None:
        return found
    span = item.word.span
    made = _make(span, {"ref": Scalar(WHAT_IF, span, exact=False), "summary": _make_title(span)})
    get(root, "provisions").append(made)
    return made


def _make_title(span: Span) -> Mapping:
    return _make(span, {key: Scalar(text, span, exact=False) for key, text in _TITLE.items()})


def _make(span: Span, held: dict[str, Any]) -> Mapping:
    made = Mapping({Scalar(key, span, exact=False): node for key, node in held.items()})
    made.span = span
    return made


def walk_provisions(root: Mapping) -> Iterator[Mapping]:
    """Yield every provision of a tree, in the order of the document."""
    for provision in get(root, "provisions") or ():
        yield provision
        yield from walk_provisions(provision)


def find_rule(root: Mapping, name: str) -> tuple[Any, int]:
    """Return the list a rule stands in and its place there. The rule is known to be there."""
    for provision in walk_provisions(root):
        rules = get(provision, "rules") or ()
        for at, rule in enumerate(rules):
            if get(rule, "id") == name:
                return rules, at
    raise LookupError(name)


def get(mapping: Mapping, name: str) -> Any:  # noqa: ANN401 - a node of any kind
    """Return what stands under a key of a tree, or None."""
    return mapping.get(name)  # type: ignore[call-overload]  # a Scalar equals its text


def put(mapping: Mapping, name: str, node: Any) -> None:  # noqa: ANN401 - a node of any kind
    """Put a node under a key of a tree; a key that is there keeps its place."""
    key = next((x for x in mapping if x == name), None)
    mapping[key or Scalar(name, mapping.span, exact=False)] = node


def _open(mapping: Mapping, name: str, kind: type[Any], span: Span) -> Any:  # noqa: ANN401 - a node
    """Return the list or mapping under a key, made where there is none yet."""
    if name not in mapping:
        made = kind()
        made.span = span
        put(mapping, name, made)
    return get(mapping, name)
