"""Comes in: questions asked of lists. Goes out: selects that answer them, one row for each key.

A list is a relation with a row for each record, which bears the keys of its row. What steps on a
record read of the row itself is joined to it; then records are grouped by the keys. The answers of
one stage come in together: what they rest on stands below, under a name, and is made once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voucher_rules.compiled.nodes import size_of_list
from voucher_rules.compiled.sql_layers import PREFIX, Joint, Layers, Step, select
from voucher_rules.compiled.sql_lists import list_outer_steps, list_record_steps
from voucher_rules.compiled.sql_plan import Plan
from voucher_rules.compiled.sql_steps import Steps, name_fold


@dataclass(frozen=True, slots=True)
class Answers:
    """A select that answers questions of one list: its name and text, and how it is joined.

    ``reads`` are the columns it reads of the rows, ``gives`` those it brings them.
    """

    name: str
    text: str
    on: str
    reads: frozenset[str]
    gives: tuple[str, ...]


@dataclass(slots=True)
class RecordWriter:
    """Writes the questions asked of lists; ``lists`` is the relation of each."""

    plan: Plan
    rows: Layers
    """The steps on the rows, of which all that the questions read has been taken."""
    keys: tuple[str, ...]
    lists: Mapping[str, str]
    mark: str = ""
    """Stands in the names of the selects."""

    def join(self, stage: int, folds: Sequence[int]) -> Joint:
        """Return how the answers of one stage come in."""
        base = self._name_rows(stage)
        places = sorted({size_of_list(self.plan.nodes[fold])[0] for fold in folds})
        made = [
            self._answer(
                stage, place, [x for x in folds if size_of_list(self.plan.nodes[x])[0] == place]
            )
            for place in places
        ]
        return Joint(
            base,
            tuple((x.name, x.text) for x in made),
            frozenset().union(*(x.reads for x in made)),
            "".join(f"\nLEFT JOIN {x.name} ON {x.on}" for x in made),
            tuple(column for x in made for column in x.gives),
        )

    def _name_rows(self, stage: int) -> str:
        return f"{PREFIX}rows_{self.mark}{stage}"

    def find_layer(self, folds: Sequence[int]) -> int:
        """Return the layer of the rows at which all that some questions read is there."""
        outer = list_outer_steps(self.plan.nodes, [*self._list_steps(folds), *folds])
        return max([1, *(self.rows.made[number].layer for number in outer)])

    def _list_steps(self, folds: Sequence[int]) -> list[int]:
        return list(list_record_steps(self.plan.nodes, folds))

    def _answer(self, stage: int, place: int, folds: Sequence[int]) -> Answers:
        """Return the select that answers questions of one list."""
        layers, steps = self._open_layers(folds)
        rows = frozenset().union(*(x.reads for x in layers.made.values()))
        layers.pin_tests(steps)
        for number in steps:
            layers.take(number)
        results = [
            (
                name_fold(fold),
                layers.combine(layers.steps.aggregate(fold), self.plan.nodes[fold].args),
            )
            for fold in folds
        ]
        own = [f"{PREFIX}key_{place}_{at}" for at in range(len(self.keys))]
        fields = [x for x in layers.list_raw(results) if x not in rows]
        source = self._write_source(place, own, fields)
        if rows:
            source = self._put_beside(stage, own, source, [*fields, *sorted(rows)])
        laid = layers.lay_out(source, own, results)
        name = self.rows.steps.name
        return Answers(
            f"{PREFIX}list_{place}_{stage}",
            f"{laid.text}\nGROUP BY {', '.join(map(name, own))}",
            self._match(own),
            rows,
            tuple(column for column, _ in results),
        )

    def _open_layers(self, folds: Sequence[int]) -> tuple[Layers, list[int]]:
        """Return layers for steps on records that know what these read of the row; the steps."""
        nodes, rows = self.plan.nodes, self.rows.steps
        numbers = self._list_steps(folds)
        steps = Steps(rows.kernel, rows.known, nodes, rows.dialect)
        layers = Layers(self.plan, steps)
        for number in sorted(list_outer_steps(nodes, [*numbers, *folds])):
            step = self.rows.made[number]
            layers.made[number] = Step(step.text, 0, step.reads)
            steps.texts[number], steps.long[number] = step.text, rows.long[number]
        layers.uses = Counter(arg for number in (*numbers, *folds) for arg in nodes[number].args)
        return layers, numbers

    def _write_source(self, place: int, own: Sequence[str], fields: Sequence[str]) -> str:
        """Return the records of a list, as a relation."""
        name = self.rows.steps.name
        lines = [
            (f"{name(key)} AS {name(as_own)}", "")
            for key, as_own in zip(self.keys, own, strict=True)
        ]
        lines += [(name(x), "") for x in fields]
        item = self.plan.kernel.inputs[place]
        listed = self.lists.get(item.name, name(item.name))
        return f"(\n{select(lines, listed)}\n) AS {PREFIX}records"

    def _put_beside(
        self, stage: int, own: Sequence[str], source: str, columns: Sequence[str]
    ) -> str:
        """Return records beside their row, as a relation."""
        steps = self.rows.steps
        lines = [(steps.name(x), "") for x in (*own, *columns)]
        joined = f"{source}\nJOIN {self._name_rows(stage)} ON {self._match(own)}"
        return f"(\n{select(lines, joined)}{steps.dialect.hold}\n) AS {PREFIX}beside"

    def _match(self, own: Sequence[str]) -> str:
        name = self.rows.steps.name
        pairs = zip(own, self.keys, strict=True)
        return " AND ".join(f"{name(as_own)} = {name(key)}" for as_own, key in pairs)
