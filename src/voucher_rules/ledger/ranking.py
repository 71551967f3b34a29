"""Comes in: applications that were decided, and the rules that rank them. Goes out: their order.

A key that is not known, or does not exist for a case, stands behind every one that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from voucher_rules.checked.mechanics import Rank, Rule
from voucher_rules.values.model import Mark, Unknown, Value

Item = TypeVar("Item")
Key: TypeAlias = tuple[Value, bool]
"""The value of one key, and whether the highest comes first."""


def list_keys(
    rules: Mapping[str, Rule],
    ranking: Iterable[tuple[Rule, tuple[Value, ...]]],
    order: Sequence[str],
) -> tuple[Key | None, ...]:
    """Return the keys of an application, by the ranking rules in ``order``; None for none.

    ``ranking`` are the rules that apply to it. Every application has as many keys as any other
    under the same ``rules``.
    """
    applying = {rule.id: values for rule, values in ranking}
    keys: list[Key | None] = []
    for name in order:
        body = rules[name].body
        if not isinstance(body, Rank):
            continue
        values = applying.get(name)
        for place, key in enumerate(body.keys):
            keys.append(None if values is None else (values[place], key.highest_first))
    return tuple(keys)


def sort_queue(
    items: Sequence[Item],
    keys: Callable[[Item], tuple[Key | None, ...]],
    tie: Callable[[Item], Any],
) -> list[Item]:
    """Return a queue in order: by the first key, then the next, and ``tie`` at last."""
    queue = sorted(items, key=tie)
    told = {id(item): keys(item) for item in queue}
    count = len(next(iter(told.values()), ()))
    for place in reversed(range(count)):
        queue = _sort_by(queue, [told[id(item)][place] for item in queue])
    return queue


def _sort_by(queue: list[Item], keys: list[Key | None]) -> list[Item]:
    """Return a queue by one key, those without it behind; equals keep their order."""
    pairs = list(zip(queue, keys, strict=True))
    known = [(item, key) for item, key in pairs if key is not None and _is_known(key[0])]
    rest = [item for item, key in pairs if key is None or not _is_known(key[0])]
    if known:
        highest_first = known[0][1][1]
        known.sort(key=lambda pair: pair[1][0], reverse=highest_first)  # type: ignore[arg-type,return-value]
    return [*(item for item, _ in known), *rest]


def _is_known(value: Value) -> bool:
    return not isinstance(value, Unknown | Mark)
