"""Comes in: a loaded ruleset and new parameter values. Goes out: it changed, and what changed.

The change is made in the tree the ruleset was read into and the whole is shaped again, so that
nothing escapes the checks a ruleset of one's own would meet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ruleset.load import LoadedRuleset, shape_ruleset, suggest_name
from voucher_rules.sources.tree import Mapping, Scalar, Sequence, Source
from voucher_rules.spans import Span


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter given another value, in the words it was written in."""

    parameter: str
    before: str
    after: str


def amend_parameters(
    loaded: LoadedRuleset, settings: AnyMapping[str, str]
) -> tuple[LoadedRuleset, tuple[Change, ...]]:
    """Return the ruleset with parameters set to new values, and the changes made.

    Raises :class:`InputError` for a parameter that does not exist, one with several dated values,
    or a setting that changes nothing; the value itself is judged when the result is checked.
    """
    found: list[Diagnostic] = []
    changes: list[Change] = []
    root = _copy(loaded.source.root)
    places = _find_parameters(root)
    for name, text in settings.items():
        place = places.get(name)
        if place is None:
            near = suggest_name(name, list(places))
            found.append(Diagnostic("unknown-parameter", {"name": name, "near": near}))
        elif place.key not in place.node:
            found.append(Diagnostic("setting-of-dated-values", {"name": name}))
        elif place.node[find_key(place.node, place.key)] == text:
            found.append(Diagnostic("setting-has-no-effect", {"name": name, "value": text}))
        else:
            changes.append(_set_value(place, name, text))
    if found:
        raise InputError(found)
    source = Source(loaded.source.name, loaded.source.text, root)
    written = "\n".join(f"{item.parameter}={item.after}" for item in changes)
    digest = hashlib.sha256(f"{loaded.source_digest}\n{written}".encode()).hexdigest()
    return shape_ruleset(source, f"sha256:{digest}"), tuple(changes)


def _set_value(place: _Place, name: str, text: str) -> Change:
    key = find_key(place.node, place.key)
    before = str(place.node[key])
    place.node[key] = Scalar(text, Span(f"{name}={text}", 1, 1), exact=False)
    return Change(name, before, text)


def find_key(mapping: Mapping, name: str) -> Scalar:
    """Return the key of a mapping that reads ``name``."""
    return next(key for key in mapping if key == name)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands: the mapping that has it, and under which key."""

    node: Mapping
    key: str


def _find_parameters(root: Mapping) -> dict[str, _Place]:
    """Return the place of each value: a parameter, a cell `cap[small]`, a bracket `rate[2]`."""
    places: dict[str, _Place] = {}
    waiting = [dict(root).get("provisions")]  # type: ignore[call-overload]
    while waiting:
        for provision in waiting.pop() or ():
            if not isinstance(provision, Mapping):
                continue
            parts = {str(key): value for key, value in provision.items()}
            for name, declared in (parts.get("parameters") or {}).items():
                places |= _find_values(str(name), declared)
            waiting.append(parts.get("provisions"))
    return places


def _find_values(name: str, declared: Mapping) -> dict[str, _Place]:
    parts = {str(key): value for key, value in declared.items()}
    if "table" in parts:
        return {f"{name}[{cell}]": place for cell, place in _find_cells(parts["table"])}
    if "brackets" in parts:
        numbered = enumerate(parts["brackets"], start=1)
        return {f"{name}[{number}]": _Place(node, "value") for number, node in numbered}
    return {name: _Place(declared, "value")}


def _find_cells(table: Mapping) -> Iterator[tuple[str, _Place]]:
    for option, inner in table.items():
        if isinstance(inner, Mapping):
            yield from ((f"{option}, {more}", place) for more, place in _find_cells(inner))
        else:
            yield str(option), _Place(table, str(option))


def _copy(node: Mapping) -> Mapping:
    copied: Mapping = _copy_node(node)
    return copied


def _copy_node(node: Any) -> Any:  # noqa: ANN401 - a node of any kind
    if isinstance(node, Mapping):
        mapping = Mapping({key: _copy_node(value) for key, value in node.items()})
        mapping.span = node.span
        return mapping
    if isinstance(node, Sequence):
        sequence = Sequence(_copy_node(item) for item in node)
        sequence.span = node.span
        return sequence
    return node
