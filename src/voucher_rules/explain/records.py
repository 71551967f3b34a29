"""Comes in: a question asked of a list. Goes out: what each of its records had to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from voucher_rules.decision.trace import Step
from voucher_rules.explain.facts import list_deciding, tell_fact
from voucher_rules.explain.sums import SumWriter
from voucher_rules.language.terms import Role
from voucher_rules.values.model import NONE, Unknown, Value

MOST_TOLD: Final = 10
"""How many records of one question are told one by one; the trace has all of them."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: whether it counts (None while that is open), and what was asked of it.

    ``steps`` are what was asked and, where only some records count, the condition before it.
    """

    number: int
    counts: bool | None
    asked: Step
    steps: tuple[Step, ...]


def list_questions(step: Step) -> Iterator[Step]:
    """Yield the questions asked of lists within a step; of a choice, within the side chosen."""
    if step.term.role is Role.AGGREGATE:
        yield step
        return
    chosen = step.term.name == "if" and isinstance(step.parts[0].value, bool)
    for part in step.parts[1:] if chosen else step.parts:
        yield from list_questions(part)


def list_records(step: Step) -> list[Record]:
    """Return what a question found of each record; nothing where the list itself is not known."""
    found = step.parts[1:]
    if len(step.term.parts) == 2:  # noqa: PLR2004 - the list and what is asked, no condition
        return [Record(number, x.value is not NONE, x, (x,)) for number, x in enumerate(found, 1)]
    pairs = zip(found[::2], found[1::2], strict=True)
    return [
        Record(number, _counts(where.value, asked.value), asked, (where, asked))
        for number, (where, asked) in enumerate(pairs, 1)
    ]


def _counts(where: Value, value: Value) -> bool | None:
    if where is False or where is NONE or value is NONE:
        return False
    return True if where is True else None


def tell_records(writer: SumWriter, step: Step) -> Iterator[str]:
    """Tell which records made every question within a step come out as it did."""
    for question in list_questions(step):
        lines = list(_RecordTeller(writer, question).tell_lines())
        yield from lines[:MOST_TOLD]
        if len(lines) > MOST_TOLD:
            yield writer.tell("records.more", count=str(len(lines) - MOST_TOLD))


@dataclass(frozen=True, slots=True)
class _RecordTeller:
    writer: SumWriter
    question: Step

    @property
    def _listed(self) -> str:
        return self.question.term.parts[0].name

    def tell_lines(self) -> Iterator[str]:
        """Tell the records as suits what was asked: which failed, which gave what, which repeat."""
        records = list_records(self.question)
        match self.question.term.name:
            case "any" | "all":
                yield from self._tell_deciding(records)
            case "sum" | "min" | "max":
                yield from self._tell_values(records)
            case "count":
                if len(self.question.term.parts) > 2:  # noqa: PLR2004 - it counts only some
                    yield from self._name_all("records.counted", records, counts=True)
            case _:
                yield from self._tell_alike(records)

    def _name(self, record: Record) -> str:
        return self.writer.name_record(self._listed, record.number)

    def _name_all(self, key: str, records: list[Record], *, counts: bool) -> Iterator[str]:
        named = [self._name(record) for record in records if record.counts is counts]
        if named:
            yield self.writer.tell(key, records=self.writer.tell("joiner").join(named))

    def _tell_deciding(self, records: list[Record]) -> Iterator[str]:
        """Tell the records of which what was asked came out as the whole did."""
        within = replace(self.writer, among=self._listed)
        if not any(record.counts for record in records):
            yield self.writer.write_truth(self.question)
        for record in records:
            if record.counts and record.asked.value is self.question.value:
                facts = [tell_fact(within, part) for part in list_deciding(record.asked)]
                told = self.writer.tell("clause").join(facts)
                yield self.writer.tell("record.fact", record=self._name(record), fact=told)

    def _tell_values(self, records: list[Record]) -> Iterator[str]:
        """Tell what each record that counts gave."""
        within = replace(self.writer, among=self._listed)
        for record in records:
            if record.counts is not False:
                told = within.write_step(record.asked, kind=self.question.term.type)
                key = "source" if record.counts else "record.maybe"
                yield self.writer.tell(key, label=self._name(record), value=told)
        yield from self._name_all("records.left", records, counts=False)

    def _tell_alike(self, records: list[Record]) -> Iterator[str]:
        """Tell which records have the same value."""
        within = replace(self.writer, among=self._listed)
        alike: dict[Value, list[Record]] = {}
        for record in records:
            if record.counts and not isinstance(record.asked.value, Unknown):
                alike.setdefault(record.asked.value, []).append(record)
        for value, group in alike.items():
            if len(group) > 1 or self.question.term.name == "set":
                told = self.writer.write_value(value, group[0].asked.term.type)
                named = self.writer.tell("joiner").join(self._name(record) for record in group)
                what = within.write_body(group[0].asked)
                yield self.writer.tell("records.alike", what=what, value=told, records=named)
