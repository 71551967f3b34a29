"""Comes in: a kernel. Goes out: the columns it gives, each as a node of the kernel or a few.

This is the one place that says what a kernel gives in SQL. Names are those of the decision, then a
dot and what is told of it; masks have a bit for each rule or limit in words of 63.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from voucher_rules.compiled.graph_nodes import FALSE
from voucher_rules.compiled.nodes import AmountNodes, Kernel, Lowered, Shape

WORD: Final = 63
"""How many rules or limits one word tells of: its sign stays clear."""


class Give(Enum):
    """How a column is made of its nodes."""

    WHOLE = "whole number"
    TRUTH = "truth"
    TEXT = "text"
    DAY = "day"
    OPTION = "option"
    HOLDING = "mask of what holds"
    FAILING = "mask of what does not hold"


@dataclass(frozen=True, slots=True)
class Given:
    """One column: what it is made of; ``none`` is the node under which there is nothing.

    ``named`` are the options of a choice, or the rules and limits of the bits of a mask.
    """

    name: str
    give: Give
    nodes: tuple[int, ...]
    none: int = FALSE
    named: tuple[str, ...] = ()


def list_given(kernel: Kernel) -> tuple[Given, ...]:
    """Return the columns a kernel gives beside the outcome, in their order."""
    rules = tuple(rule.rule for rule in kernel.rules)
    made: list[Given] = []
    for item in kernel.amounts:
        made += _list_amount(item)
    made += _list_words("failed", Give.FAILING, [x.holds for x in kernel.rules], rules)
    made += _list_words("waiting", Give.HOLDING, [x.waits for x in kernel.rules], rules)
    made += _list_words("skipped", Give.HOLDING, [x.skipped for x in kernel.rules], rules)
    for name, value in kernel.values.items():
        made += _list_value(name, value)
    return tuple(made)


def _list_amount(item: AmountNodes) -> Iterator[Given]:
    yield Given(item.output, Give.WHOLE, (item.amount,), item.none)
    yield from _list_limits(f"{item.output}.binding", item.binding)
    yield Given(f"{item.output}.overused", Give.TRUTH, (item.overused,))
    yield Given(f"{item.output}.too_much", Give.TRUTH, (item.too_much,))
    if item.lowest:
        yield from _list_limits(f"{item.output}.lowest", item.lowest)


def _list_limits(name: str, limits: Sequence[tuple[str, int]]) -> Iterator[Given]:
    named = tuple(rule for rule, _ in limits)
    return _list_words(name, Give.HOLDING, [node for _, node in limits], named)


def _list_words(
    name: str, give: Give, nodes: Sequence[int], named: Sequence[str]
) -> Iterator[Given]:
    """Yield a mask in words; there is always a first."""
    for start in range(0, max(len(nodes), 1), WORD):
        word = f"{name}.{start // WORD + 1}" if start else name
        stop = start + WORD
        yield Given(word, give, tuple(nodes[start:stop]), FALSE, tuple(named[start:stop]))


def _list_value(name: str, value: Lowered) -> Iterator[Given]:
    match value.shape:
        case Shape.BOOL:
            yield Given(name, Give.TRUTH, value.nodes, value.none)
        case Shape.TEXT:
            yield Given(name, Give.TEXT, value.nodes, value.none)
        case Shape.DAY:
            yield Given(name, Give.DAY, value.nodes, value.none)
        case Shape.CODE:
            yield Given(name, Give.OPTION, value.nodes, value.none, value.options)
        case Shape.NUMBER:
            yield Given(name, Give.WHOLE, value.nodes[:1], value.none)
            yield Given(f"{name}.over", Give.WHOLE, value.nodes[1:], value.none)
        case Shape.SET:
            yield Given(name, Give.WHOLE, value.nodes, value.none, value.options)
        case _:
            yield Given(name, Give.WHOLE, value.nodes, value.none)
