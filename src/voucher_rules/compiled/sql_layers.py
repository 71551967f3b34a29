"""Comes in: steps as expressions. Goes out: nested selects, each step made once.

Steps that are read more than once become columns of a layer of their own, so that an engine makes
them once; a layer reads what the one below it made, and hands on what is still needed above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from voucher_rules.compiled.nodes import FOLDS, Node, Op, Part, list_read_parts
from voucher_rules.compiled.sql_inputs import AGAIN, OUTSIDE, find_item, may_contradict
from voucher_rules.compiled.sql_plan import Plan
from voucher_rules.compiled.sql_steps import Steps, name_fold

PREFIX: Final = "vr_"
"""How the names of steps begin; no column that is handed on may be called so."""
_DEEPEST: Final = 10
"""How deep an expression may nest before a step becomes a column of its own."""
_UNTELLABLE: Final = re.compile(r"[^\w.!\[\]-]")
"""What may stand in no comment."""


@dataclass(slots=True)
class Step:
    """An expression: where it stands, and which columns of lower layers it reads."""

    text: str
    layer: int
    reads: frozenset[str]
    deep: int = 0


@dataclass(frozen=True, slots=True)
class Joint:
    """Where answers of lists come in: what stands below gets a name, and they are joined to it.

    ``tables`` are the named selects of the answers, ``reads`` the columns they read of what stands
    below, ``on`` the joins, and ``gives`` the columns they bring.
    """

    name: str
    tables: tuple[tuple[str, str], ...]
    reads: frozenset[str]
    on: str
    gives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """Layers over a relation: the select at the top, and those it needs beside it, by name."""

    text: str
    tables: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Layers:
    """Takes steps one by one, after all they read; ``pinned`` ones always become columns.

    ``made`` is what stands for a step, ``named`` are the columns of the layers: name, expression,
    and the rule it was made for.
    """

    plan: Plan
    steps: Steps
    uses: Counter[int] = field(default_factory=Counter)
    pinned: set[int] = field(default_factory=set)
    made: dict[int, Step] = field(default_factory=dict)
    named: list[tuple[str, Step, str]] = field(default_factory=list)

    # -- which steps, and where ------------------------------------------------------------------

    def pin_tests(self, numbers: Iterable[int]) -> None:
        """Pin what some steps read best as columns."""
        nodes = self.plan.nodes
        self.pinned |= {arg for number in numbers for arg in self.steps.list_bare(nodes[number])}

    def take(self, number: int, floor: int = 0) -> None:
        """Write a step: as a column of its own, or where it is read.

        An answer of a list is there from the layer ``floor`` on.
        """
        node = self.plan.nodes[number]
        text = self.steps.write(number)
        if node.op in FOLDS:
            step = Step(text, floor, frozenset([name_fold(number)]))
        else:
            step = self.combine(text, node.args)
        step.deep += node.op not in (Op.CONST, Op.INPUT, Op.FIELD)
        if node.op in (Op.INPUT, Op.FIELD):
            step.reads = frozenset(self._list_read(node))
        bare = node.op is Op.CONST or step.text in map(self.steps.name, step.reads)
        often = self.uses[number] > 1 or number in self.pinned
        if not bare and (often or step.deep >= _DEEPEST):
            name = f"{PREFIX}{number}"
            self.named.append((name, step, self.plan.places.get(number, "")))
            step = Step(self.steps.name(name), step.layer + 1, frozenset([name]))
        elif not bare:
            step.text = f"({step.text})"
        self.made[number] = step
        self.steps.texts[number] = step.text

    def combine(self, text: str, args: Sequence[int]) -> Step:
        """Return an expression that reads some steps."""
        read = [self.made[arg] for arg in args]
        return Step(
            text,
            max((x.layer for x in read), default=0),
            frozenset().union(*(x.reads for x in read)),
            max((x.deep for x in read), default=0),
        )

    def _list_read(self, node: Node) -> Iterator[str]:
        """Yield the columns of the relation that an input reads."""
        _, part = list_read_parts(node)
        if str(part) == AGAIN:
            return
        item = find_item(self.plan.kernel, node)
        if part is not Part.IS_NONE:
            yield item.name
        told = not item.may_be_missing or may_contradict(item, self.plan.known)
        other = str(part) == OUTSIDE and told
        if item.may_be_none and (part in (Part.IS_NONE, Part.IS_MISSING) or other):
            yield f"{item.name}.none"

    def list_raw(self, results: Sequence[tuple[str, Step]]) -> list[str]:
        """Return the columns of the relation that are read at all."""
        made = {name for name, _, _ in self.named}
        steps = [*(x for _, x in results), *(x for _, x, _ in self.named)]
        return sorted(frozenset().union(*(x.reads for x in steps)) - made)

    # -- layers ----------------------------------------------------------------------------------

    def lay_out(
        self,
        relation: str,
        keys: Sequence[str],
        results: Sequence[tuple[str, Step]],
        joints: Mapping[int, Joint] | None = None,
    ) -> Laid:
        """Return the layers over a relation; ``joints`` come in below the layer they stand at."""
        name, fence = self.steps.name, self.steps.dialect.fence
        held = joints or {}
        top = max(
            [step.layer for _, step in results] + [x.layer + 1 for _, x, _ in self.named] + [*held]
        )
        last = self._find_last_uses(results, top, held)
        born = {column: step.layer + 1 for column, step, _ in self.named}
        born |= {column: layer for layer, joint in held.items() for column in joint.gives}
        text, below = relation, ""
        tables: list[tuple[str, str]] = []
        for layer in range(top + 1):
            if layer in held:
                joint = held[layer]
                tables += [(joint.name, below), *joint.tables]
                text = f"{joint.name}{joint.on}"
            if layer == top:
                break
            kept = [x for x in sorted(last) if born.get(x, 0) <= layer and last[x] > layer]
            lines = [(x, "") for x in (*map(name, keys), *map(name, kept))]
            lines += [
                (f"{step.text} AS {name(column)}", place)
                for column, step, place in self.named
                if step.layer == layer
            ]
            below = f"{select(lines, text)}{fence}"
            text = f"(\n{below}\n) AS {PREFIX}layer_{layer}"
        lines = [(name(key), "") for key in keys]
        lines += [(f"{step.text} AS {name(column)}", "") for column, step in results]
        return Laid(select(lines, text), tuple(tables))

    def _find_last_uses(
        self, results: Sequence[tuple[str, Step]], top: int, joints: Mapping[int, Joint]
    ) -> Mapping[str, int]:
        """Return the topmost layer that reads a column."""
        last: dict[str, int] = {}
        for reads, layer in [
            *((x.reads, top) for _, x in results),
            *((x.reads, x.layer) for _, x, _ in self.named),
            *((joint.reads, at) for at, joint in joints.items()),
        ]:
            for column in reads:
                last[column] = max(last.get(column, 0), layer)
        return last


def select(lines: Sequence[tuple[str, str]], relation: str) -> str:
    """Return a SELECT of some columns, each with the rule it was made for as a comment."""
    told = [
        f"  {text}{',' if at < len(lines) else ''}{_note(place)}"
        for at, (text, place) in enumerate(lines, start=1)
    ]
    return "SELECT\n" + "\n".join(told) + f"\nFROM {relation}"


def _note(place: str) -> str:
    return f"  -- {_UNTELLABLE.sub('?', place)}" if place else ""
