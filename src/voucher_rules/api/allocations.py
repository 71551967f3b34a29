"""Comes in: a queue as it was served. Goes out: it as a study, to read and to tabulate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from voucher_rules.api.populations import PopulationStudy
from voucher_rules.arguments import check_language
from voucher_rules.checked.symbols import Wording
from voucher_rules.explain.allocation_words import tell, word
from voucher_rules.explain.sheets import Coded, Column, Figure, Sheet, tell_figure
from voucher_rules.language.types import BOOLEAN, DATE, INSTANT, TEXT, Kind, Type
from voucher_rules.ledger import placing
from voucher_rules.ledger.paying import Place
from voucher_rules.ledger.placing import Placement
from voucher_rules.ledger.reconciling import Reconciled

MOST_SHOWN: Final = 200
"""A queue of more applications stands in no summary, and comes by the name of its sheet only."""
_COUNT: Final = Type(Kind.COUNT)
_QUEUE: Final = ("number", "application", "at", "of", "place", "entitled", "granted", "left_before")


class Allocation(placing.Allocation, PopulationStudy):
    """A queue as it was served: ``placements`` in their order, and what became of the money.

    In a notebook it shows itself. ``to_frame()`` has a line for each application, money exact, and
    ``to_frame("sums")`` one for each envelope.
    """

    __slots__ = ()

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The queue where it is not too long, who got nothing for lack of money, and the sums."""
        queue = [self._make_queue()] if len(self.placements) <= MOST_SHOWN else []
        return (*queue, self._make_sums(), self._make_short())

    @property
    def row_sheets(self) -> Mapping[str, Sheet]:
        """``placements``: a line for each application, however many there are."""
        return {"placements": self._make_queue()}

    def sheet(self, name: str = "") -> Sheet:
        """Return a sheet by its name; the queue without one. Raises InputError for another."""
        return super().sheet(name or "placements")

    def title(self, language: str) -> str:
        """Return which pool served under which ruleset."""
        check_language(language)
        ruleset, pool = self.ruleset.title.told(language), self.pool.label.told(language)
        return tell(language, "title", ruleset=ruleset, pool=pool)

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield how many got what, who was the first to find too little, and what is uncertain."""
        counted = Counter(item.place for item in self.placements)
        named = [
            tell(language, "line.place", place=tell(language, f"place.{place}"), count=f"{found:,}")
            for place in Place
            if (found := counted[place])
        ]
        granted = self._tell_amount(sum(item.granted for item in self.placements), language)
        yield tell(
            language,
            "line.served",
            count=f"{len(self.placements):,}",
            places=tell(language, "listed").join(named),
            granted=granted,
        )
        yield from (self._tell_first(item, language) for item in self.ran_out.values())
        if not self.ran_out:
            yield tell(language, "line.sufficed")
        if any(x.left is None and x.place is Place.GRANTED for x in self.placements):
            yield tell(language, "line.unlimited")
        if not all(row.adds_up for row in self.reconcile()):
            yield tell(language, "line.wrong")
        if len(self.placements) > MOST_SHOWN:
            yield tell(language, "line.many")

    def _tell_first(self, item: Placement, language: str) -> str:
        names = self._name_envelope(item.envelope).label.told(language)
        return tell(
            language,
            "line.ran_out",
            application=item.thing,
            at=tell_figure(
                self._localise(item), Column("at", word("column.at"), INSTANT), language
            ),
            of=tell(language, "line.of", names=names) if names else "",
            entitled=self._tell_amount(item.entitled, language),
            granted=self._tell_amount(item.granted, language),
        )

    def _tell_amount(self, amount: int, language: str) -> str:
        return tell_figure(amount, self._make_column("granted", self._type), language)

    @property
    def _type(self) -> Type:
        """What the pool holds: money, or places."""
        return self.pool.type_in(self.ruleset.histories.lifecycles[self.pool.lifecycle])

    def _localise(self, item: Placement) -> Figure:
        return item.at.astimezone(self.ruleset.zone)

    def _make_column(self, key: str, kind: Type) -> Column:
        return Column(key, word(f"column.{key}"), kind)

    def _make_queue(self) -> Sheet:
        return self._make_placements("placements", enumerate(self.placements, start=1))

    def _make_short(self) -> Sheet:
        places = {id(item): number for number, item in enumerate(self.placements, start=1)}
        return self._make_placements("short", ((places[id(x)], x) for x in self.list_short()))

    def _make_placements(self, name: str, items: Iterable[tuple[int, Placement]]) -> Sheet:
        money = self._type
        kinds = dict(zip(_QUEUE, (_COUNT, TEXT, INSTANT, TEXT, TEXT, *[money] * 3), strict=True))
        kinds |= {"first": DATE, "last": DATE, "entry": TEXT}
        columns = tuple(self._make_column(key, kind) for key, kind in kinds.items())
        rows = tuple(self._list_cells(number, item) for number, item in items)
        return Sheet(name, word(f"sheet.{name}"), columns, rows)

    def _list_cells(self, number: int, item: Placement) -> tuple[Figure, ...]:
        return (
            number,
            item.thing,
            self._localise(item),
            self._name_envelope(item.envelope),
            Coded(str(item.place), word(f"place.{item.place}")),
            item.entitled,
            item.granted,
            item.left,
            *item.days,
            item.entry,
        )

    def _make_sums(self) -> Sheet:
        money = self._type
        kinds = {"of": TEXT, "first": DATE, "last": DATE}
        sums = ("put", "all_granted", "released", "left", "books")
        kinds |= dict.fromkeys(sums, money) | {"adds_up": BOOLEAN}
        columns = tuple(self._make_column(key, kind) for key, kind in kinds.items())
        rows = tuple(self._list_sums(row) for row in self.reconcile())
        return Sheet("sums", word("sheet.sums"), columns, rows)

    def _list_sums(self, row: Reconciled) -> tuple[Figure, ...]:
        sums = (row.put, row.granted, row.released, row.left, row.told)
        return (self._name_envelope(row.envelope), *row.days, *sums, row.adds_up)

    def _name_envelope(self, envelope: Sequence[tuple[str, str]]) -> Coded:
        """Return whose money it is: options of a choice by their labels."""
        carries = self.ruleset.histories.lifecycles[self.pool.lifecycle].carries
        named = []
        for name, value in envelope:
            carried = carries.get(name)
            choice = None if carried is None else self.ruleset.choices.get(carried.type.unit)
            options = {} if choice is None else choice.options
            named.append(options.get(value, Wording(value, value)))
        told = (tell(x, "listed").join(label.told(x) for label in named) for x in ("zh", "en"))
        return Coded(", ".join(value for _, value in envelope), Wording(*told))


def show_allocation(found: placing.Allocation) -> Allocation:
    """Return a queue as a study of it."""
    return Allocation(found.pool, found.keeper, found.ruleset, found.placements, found.ran_out)
