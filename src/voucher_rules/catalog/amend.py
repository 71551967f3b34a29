"""Comes in: a loaded ruleset and new parameter values. Goes out: it changed, and what changed.

The change is made in the tree the ruleset was read into and the whole is shaped again, so that
nothing escapes the checks a ruleset of one's own would meet.
"""

from __future__ import annotations

import hashlib
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
        elif "value" not in place:
            found.append(Diagnostic("setting-of-dated-values", {"name": name}))
        elif place[_key(place, "value")] == text:
            found.append(Diagnostic("setting-has-no-effect", {"name": name, "value": text}))
        else:
            changes.append(_set_value(place, name, text))
    if found:
        raise InputError(found)
    source = Source(loaded.source.name, loaded.source.text, root)
    written = "\n".join(f"{item.parameter}={item.after}" for item in changes)
    digest = hashlib.sha256(f"{loaded.source_digest}\n{written}".encode()).hexdigest()
    return shape_ruleset(source, f"sha256:{digest}"), tuple(changes)


def _set_value(place: Mapping, name: str, text: str) -> Change:
    key = _key(place, "value")
    before = str(place[key])
    place[key] = Scalar(text, Span(f"{name}={text}", 1, 1), exact=False)
    return Change(name, before, text)


def _key(mapping: Mapping, name: str) -> Scalar:
    return next(key for key in mapping if key == name)


def _find_parameters(root: Mapping) -> dict[str, Mapping]:
    places: dict[str, Mapping] = {}
    waiting = [dict(root).get("provisions")]  # type: ignore[call-overload]
    while waiting:
        for provision in waiting.pop() or ():
            if not isinstance(provision, Mapping):
                continue
            parts = {str(key): value for key, value in provision.items()}
            places |= {str(k): v for k, v in (parts.get("parameters") or {}).items()}
            waiting.append(parts.get("provisions"))
    return places


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
