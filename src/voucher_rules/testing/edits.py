"""Comes in: the tree of a ruleset. Goes out: the same with one thing changed, and what a change is.

A change shares everything it does not touch with the tree it was made in, which stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from voucher_rules.sources.tree import Mapping, Node, Path, Scalar, Sequence
from voucher_rules.spans import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands at a path from now on; None takes it away."""

    path: Path
    node: Node | None


@dataclass(frozen=True, slots=True)
class Mutant:
    """A ruleset changed in one place.

    ``id`` stays the same while other parts of the ruleset change: it names the rule or parameter,
    the path in it and the change, and no line. ``target`` is the name of what was changed,
    ``before`` and ``after`` are words of the ruleset.
    """

    id: str
    kind: str
    target: str
    span: Span
    before: str
    after: str
    edits: tuple[Edit, ...] = field(repr=False)


def apply_edits(root: Mapping, edits: tuple[Edit, ...]) -> Mapping:
    """Return the tree with every edit made."""
    for edit in edits:
        root = _put(root, edit.path, edit.node)
    return root


def _put(node: Any, path: Path, new: Node | None) -> Any:  # noqa: ANN401 - a node of any kind
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(node, Mapping):
        return _put_key(node, str(step), rest, new)
    items = [_put(x, rest, new) if number == step else x for number, x in enumerate(node)]
    return make_sequence([x for x in items if x is not None], node.span)


def _put_key(node: Mapping, step: str, rest: Path, new: Node | None) -> Mapping:
    held = [(key, _put(x, rest, new) if key == step else x) for key, x in node.items()]
    made = make_mapping([(key, x) for key, x in held if x is not None], node.span)
    if step not in node and new is not None:
        made[Scalar(step, node.span, exact=False)] = new
    return made


def make_mapping(items: list[tuple[Scalar, Any]], span: Span) -> Mapping:
    """Return a mapping at a place."""
    made = Mapping(items)
    made.span = span
    return made


def make_sequence(items: list[Any], span: Span) -> Sequence:
    """Return a list at a place."""
    made = Sequence(items)
    made.span = span
    return made


def make_word(text: str, span: Span) -> Scalar:
    """Return a text at a place where another one stood."""
    return Scalar(text, span, exact=False)


def rename_key(node: Mapping, old: str, new: str) -> Mapping:
    """Return a mapping with one key under another name."""
    items = [(make_word(new, key.span) if key == old else key, x) for key, x in node.items()]
    return make_mapping(items, node.span)


def read_keys(node: object) -> dict[str, Any]:
    """Return what a mapping holds by plain text; of nothing, nothing."""
    return {str(key): value for key, value in node.items()} if isinstance(node, Mapping) else {}


def walk_provisions(root: Mapping) -> Iterator[tuple[Path, Mapping]]:
    """Yield every provision with its path, in the order of the document."""
    yield from _walk(read_keys(root).get("provisions"), ("provisions",))


def _walk(provisions: object, path: Path) -> Iterator[tuple[Path, Mapping]]:
    for number, node in enumerate(provisions if isinstance(provisions, Sequence) else ()):
        yield (*path, number), node
        inner = (*path, number, "provisions")
        yield from _walk(read_keys(node).get("provisions"), inner)
