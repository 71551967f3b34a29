"""Comes in: cases left to the reference, and what they came to. Goes out: which facts lack.

A fact that a case does not tell may not matter; one that is missing of an undetermined case does.
Of a field of records it counts whether some record does not tell it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from voucher_rules.decision.case import Case
from voucher_rules.language.records import split_field
from voucher_rules.values.model import Unknown

UNTOLD: Final = "untold."
MISSING: Final = "missing."
"""How counts of the two kinds are named among the notes of a part, before the fact."""


def count_untold(cases: Iterable[Case]) -> Counter[str]:
    """Return how many cases do not tell a fact, by fact."""
    found: Counter[str] = Counter()
    for case in cases:
        names = (name for name, value in case.values.items() if isinstance(value, Unknown))
        found.update({split_field(name)[1] for name in names})
    return found


def count_missing(told: Sequence[str | None]) -> Counter[str]:
    """Return of how many cases a fact is missing, by fact; ``told`` is the column of results."""
    found: Counter[str] = Counter()
    for text, count in Counter(filter(None, told)).items():
        for name in {split_field(x)[1] for x in text.split(",")}:
            found[name] += count
    return found


def pick_counts(notes: Mapping[str, int], kind: str) -> dict[str, int]:
    """Return the counts of a kind among notes by fact, the largest first."""
    found = {x.removeprefix(kind): count for x, count in notes.items() if x.startswith(kind)}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def list_suspects(
    untold: Mapping[str, int], absent: Sequence[str], rows: Mapping[str, int]
) -> Iterator[str]:
    """Yield the facts that most rows left to the reference lack; the most telling first.

    Where kernels decided other rows, a fact that no row at all tells is told after those that only
    some rows lack: it alone leaves none to the reference.
    """
    left = rows["by_reference"]
    alone = left >= rows["decided"]
    most = [name for name, count in untold.items() if count * 2 >= left] or [*untold]
    yield from sorted(most, key=lambda name: (not alone and name in absent, -untold[name]))
