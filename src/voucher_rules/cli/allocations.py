"""Comes in: a queue as it was served. Goes out: who got what, who did not, and the sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from voucher_rules.api.decisions import Decision
from voucher_rules.cli.entries import EntryTeller, write_held
from voucher_rules.cli.words import join
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.ledger.asking import list_lacking
from voucher_rules.ledger.paying import Place
from voucher_rules.ledger.placing import Allocation, Placement, is_limited
from voucher_rules.ledger.reconciling import Reconciled

_QUEUE: Final = (
    "number",
    "moment",
    "application",
    "of",
    "outcome",
    "entitled",
    "granted",
    "before",
    "place",
    "because",
)
_SHORT: Final = ("application", "of", "moment", "entitled", "granted", "before", "place")
_SUMS: Final = ("span", "of", "put", "all_granted", "released", "left", "adds_up")


@dataclass(frozen=True, slots=True)
class AllocationTeller:
    """Tells one queue in one language; amounts are those of the lifecycle the pool pays for."""

    words: EntryTeller
    allocation: Allocation

    def tell_all(self, decision: str, sums: Sequence[Reconciled]) -> Iterator[str]:
        """Yield the queue as it was served, who was first to find too little, and the sums."""
        yield self._tell_head(decision)
        yield ""
        placements = self.allocation.placements
        yield from self._lay_out(_QUEUE, [self._make_row(*x) for x in enumerate(placements, 1)])
        yield from self._tell_unlimited()
        ran_out = list(self.allocation.ran_out.values())
        yield from self._tell_short("allocate.ran_out", ran_out)
        limited = [x for x in placements if is_limited(x, self.allocation.pool)]
        yield from self._tell_short("allocate.limited", limited)
        if not ran_out and not limited:
            yield from ("", self.words.tell("allocate.sufficed"))
        short = self.allocation.list_short()
        for place in (Place.WAITING, Place.TURNED_AWAY):
            found = [item for item in short if item.place is place]
            yield from self._tell_short(f"allocate.{place}", found)
        yield from self._tell_sums(sums)

    def _tell_head(self, decision: str) -> str:
        ruleset, pool = self.allocation.ruleset, self.allocation.pool
        language = self.words.language
        label = pool.label.told(language)
        if pool.citation is not None:
            label = self.words.tell("ledger.pool", label=label, ref=str(pool.citation))
        return self.words.tell(
            "allocate.head",
            title=ruleset.title.told(language),
            decision=ruleset.decisions[decision].label.told(language),
            pool=label,
        )

    def _make_row(self, number: int, item: Placement) -> list[str]:
        outcome = self.words.tell(f"limits.outcome.{item.answer.result.outcome}")
        entitled = item.place is not Place.NOT_GRANTED
        return [
            str(number),
            self.words.tell_moment(item.at),
            item.thing,
            self._name_envelope(item.envelope),
            outcome,
            self._write(item.entitled) if entitled else "",
            self._write(item.granted) if entitled else "",
            self._tell_left(item.left),
            self._tell_place(item),
            self._tell_because(item),
        ]

    def _tell_place(self, item: Placement) -> str:
        limited = is_limited(item, self.allocation.pool)
        told = self.words.tell(f"place.{'limited_' if limited else ''}{item.place}")
        called = item.answer.made.supersedes
        return self.words.tell("place.called_up", place=told, entry=called) if called else told

    def _tell_because(self, item: Placement) -> str:
        """Tell the provisions behind a decision that is no grant, or the facts it waits for."""
        decision = Decision(item.answer.result)
        if item.place is not Place.NOT_GRANTED:
            return ""
        if decision.missing:
            names = [self._name_missing(item, name) for name in decision.missing]
            return self.words.tell(
                "allocate.missing", names=self.words.tell("history.listed").join(names)
            )
        return join(self.words.language, *decision.articles)

    def _name_missing(self, item: Placement, name: str) -> str:
        """Name what is missing; of a balance also what nobody said of whose it is."""
        ruleset = self.allocation.ruleset
        declared = ruleset.inputs.get(name) or ruleset.parameters.get(name)
        label = declared.label.told(self.words.language) if declared else name
        if name not in ruleset.histories.balances:
            return label
        lacking = join(self.words.language, *list_lacking(item.answer.filled.asking, name))
        return label + (self.words.tell("entry.envelope", names=lacking) if lacking else "")

    def _tell_unlimited(self) -> Iterator[str]:
        """Yield the envelopes of which nobody said how much money they hold."""
        found = {
            item.envelope
            for item in self.allocation.placements
            if item.left is None and item.place is Place.GRANTED
        }
        for envelope in sorted(found):
            yield ""
            of = self.words.tell("entry.envelope", names=self._name_envelope(envelope))
            yield self.words.tell("allocate.unlimited", of=of if envelope else "")

    def _tell_short(self, key: str, found: Sequence[Placement]) -> Iterator[str]:
        if found:
            rows = [
                [
                    item.thing,
                    self._name_envelope(item.envelope),
                    self.words.tell_moment(item.at),
                    self._write(item.entitled),
                    self._write(item.granted),
                    self._tell_left(item.left),
                    self._tell_place(item),
                ]
                for item in found
            ]
            yield from ("", self.words.tell(key))
            yield from self._lay_out(_SHORT, rows)

    def _tell_sums(self, sums: Sequence[Reconciled]) -> Iterator[str]:
        rows = [
            [
                self._tell_days(*row.days),
                self._name_envelope(row.envelope),
                self._tell_set(row.put),
                self._write(row.granted),
                self._write(row.released),
                self._tell_set(row.left),
                self.words.tell("allocate.agrees" if row.adds_up else "allocate.differs"),
            ]
            for row in sums
        ]
        if rows:
            yield from ("", self.words.tell("allocate.sums"))
            yield from self._lay_out(_SUMS, rows)

    def _tell_days(self, first: date | None, last: date | None) -> str:
        if first is None or last is None:
            return ""
        return self.words.tell("balance.days", first=str(first), last=str(last))

    def _tell_set(self, amount: int | None) -> str:
        return self.words.tell("ledger.not_set") if amount is None else self._write(amount)

    def _tell_left(self, amount: int | None) -> str:
        return "" if amount is None else self._write(amount)

    def _write(self, amount: int) -> str:
        lifecycles = self.allocation.ruleset.histories.lifecycles
        pool = self.allocation.pool
        kind = pool.type_in(lifecycles[pool.lifecycle])
        return write_held(amount, kind, self.words.language)

    def _name_envelope(self, envelope: tuple[tuple[str, str], ...]) -> str:
        return join(self.words.language, *(value for _, value in envelope))

    def _lay_out(self, keys: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
        headings = [self.words.tell(f"heading.{key}") for key in keys]
        yield from (f"  {line}" for line in lay_out_table(headings, rows))
