"""Comes in: a loaded ruleset and values for its parameters. Goes out: its tree with them in place.

Notices and what-ifs both pass here: a change is made in a copy of the tree the ruleset was read
into and the whole is shaped again, so that nothing escapes the checks a ruleset would meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence as AnySequence
from dataclasses import dataclass
from typing import Any

from voucher_rules.catalog.blocks import copy_node, cut_blocks, find_value, list_blocks
from voucher_rules.ruleset.alterations import ALWAYS, SetValue
from voucher_rules.ruleset.load import LoadedRuleset, shape_ruleset
from voucher_rules.sources.tree import Mapping, Sequence, Source


@dataclass(frozen=True, slots=True)
class Said:
    """What the ruleset said and says of something, in the words it was written in."""

    before: str
    after: str


def set_parameters(
    loaded: LoadedRuleset, settings: AnySequence[SetValue]
) -> tuple[LoadedRuleset, tuple[Said, ...]]:
    """Return the ruleset with every setting of a known target made, and what each changed."""
    root = copy_root(loaded)
    declared = dict(list_declared(root))
    said = tuple(set_value(declared, setting) for setting in settings)
    return shape_root(loaded, root), said


def copy_root(loaded: LoadedRuleset) -> Mapping:
    """Return a copy of the tree of a ruleset, to be changed."""
    copied: Mapping = copy_node(loaded.source.root)
    return copied


def shape_root(loaded: LoadedRuleset, root: Mapping) -> LoadedRuleset:
    """Return the ruleset whose tree was changed; the digest of its file stays what it was.

    That of its meaning tells it apart. Raises :class:`RulesetError`.
    """
    source = Source(loaded.source.name, loaded.source.text, root)
    return shape_ruleset(source, loaded.source_digest)


def list_targets(loaded: LoadedRuleset) -> list[str]:
    """Return the name of every value that can be set: `fee`, `cap[small]`, `rate[2]`."""
    declared = list_declared(loaded.source.root)
    return [target for name, node in declared for target in _list_targets(name, node)]


def split_target(target: str) -> tuple[str, str]:
    """Split `cap[small]` into the parameter's name and the part of it; none where it is whole."""
    name, _, inner = target.partition("[")
    return name, inner.removesuffix("]")


def _list_targets(name: str, declared: Mapping) -> list[str]:
    """Return each value there is in some block: of a parameter, its cells or its brackets."""
    parts = (part for block in list_blocks(declared) for part in _list_parts(block))
    return [f"{name}[{part}]" if part else name for part in dict.fromkeys(parts)]


def _list_parts(block: Mapping) -> Iterator[str]:
    held = {str(key): value for key, value in block.items()}
    if "table" in held:
        yield from _list_cells(held["table"])
    elif "brackets" in held:
        yield from (str(number) for number in range(1, len(held["brackets"]) + 1))
    else:
        yield ""


def _list_cells(table: Mapping) -> Iterator[str]:
    for option, inner in table.items():
        if isinstance(inner, Mapping):
            yield from (f"{option}, {more}" for more in _list_cells(inner))
        else:
            yield str(option)


def set_value(declared: AnyMapping[str, Mapping], setting: SetValue) -> Said:
    """Put a value in its place, on its days, and return what was said there."""
    name, part = split_target(setting.target)
    node = declared[name]
    blocks = list_blocks(node) if setting.days == ALWAYS else cut_blocks(node, setting.days)
    before: list[str] = []
    for block in blocks:
        place, key = find_value(block, part)
        before.append(tell_node(place[key]) if key in place else "unset")
        place[key] = setting.value
    told = " / ".join(dict.fromkeys(before))
    return Said(told, tell_node(setting.value))


def tell_node(node: Any) -> str:  # noqa: ANN401 - a node of any kind
    """Return a value in the words it was written in, a list of options or brackets in one line."""
    if isinstance(node, Sequence):
        return "; ".join(tell_node(item) for item in node)
    if isinstance(node, Mapping):
        return ", ".join(f"{key} {tell_node(value)}" for key, value in node.items())
    return str(node)


def list_declared(root: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield every parameter declared, in whichever provision, by its name."""
    waiting = [dict(root).get("provisions")]  # type: ignore[call-overload]
    while waiting:
        for provision in waiting.pop() or ():
            if isinstance(provision, Mapping):
                parts = {str(key): value for key, value in provision.items()}
                for name, declared in (parts.get("parameters") or {}).items():
                    yield str(name), declared
                waiting.append(parts.get("provisions"))
