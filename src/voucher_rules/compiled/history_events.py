"""Comes in: a relation of entries, and which lifecycles matter. Goes out: those of them that count.

An entry that a later one corrects does not count, nor does a withdrawal. What stands in the place
of another keeps its rank among those of one moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from voucher_rules.compiled.history_text import Speech, select

MOST_CORRECTED = 8
"""An entry may be corrected so many times, one after the other."""
COLUMNS = (
    ("seq", "whole number"),
    ("id", "text"),
    ("at", "moment"),
    ("known", "moment"),
    ("corrects", "text"),
    ("kind", "text"),
    ("ruleset", "text"),
    ("lifecycle", "text"),
    ("thing", "text"),
    ("event", "text"),
    ("source", "text"),
    ("amount", "whole number"),
)
"""What a relation of entries has beside what things carry, and what stands in each column."""


def write_events(  # noqa: PLR0913, PLR0917 - each argument is one thing the text rests on
    speech: Speech,
    events: str,
    ruleset: str,
    lifecycles: Sequence[str],
    carried: Sequence[str],
    known: datetime | None,
) -> Iterator[str]:
    """Yield the queries that lead to ``vr_standing``: the events that count, with their ranks."""
    name = speech.name
    plain = ("seq", "id", "kind", "ruleset", "lifecycle", "thing", "event", "amount")
    columns = [
        *(f"{name(column)} AS vr_{column}" for column in plain),
        f"{name('at')} AS vr_at",
        f"COALESCE({name('corrects')}, '') AS vr_corrects",
        f"COALESCE({name('source')}, '') AS vr_source",
        *(f"{name(f'carries.{x}')} AS vr_c{at}" for at, x in enumerate(carried)),
    ]
    seen = ""
    if known is not None:
        seen = f"{name('known')} <= CAST('{known:%Y-%m-%d %H:%M:%S.%f}' AS {speech.dialect.moment})"
    yield speech.query("vr_told", select(columns, events, seen))
    yield from _write_ranks(speech)
    kept = ["seq", "thing", "at", "event", "source", "amount", "lifecycle"]
    rank = "CASE WHEN vr_corrects = '' THEN vr_seq ELSE vr_first END AS vr_rank"
    mine = (
        f"vr_gone IS NULL AND vr_kind = 'moved' AND vr_ruleset = {speech.text(ruleset)}"
        f" AND {speech.is_one_of('vr_lifecycle', lifecycles)}"
    )
    joined = (
        "vr_told"
        "\nLEFT JOIN vr_corrected ON vr_gone = vr_id"
        "\nLEFT JOIN vr_places ON vr_placed = vr_id"
    )
    columns = [*(f"vr_{x}" for x in kept), *(f"vr_c{at}" for at in range(len(carried))), rank]
    yield speech.query("vr_standing", select(columns, joined, mine))


def _write_ranks(speech: Speech) -> Iterator[str]:
    """Yield what leads each correction back to the entry whose place it first took."""
    first = select(["vr_id AS vr_from", "vr_corrects AS vr_to"], "vr_told", "vr_corrects <> ''")
    yield speech.query("vr_back_0", first, once=True)
    for step in range(MOST_CORRECTED - 1):
        further = select(
            ["near.vr_from", "COALESCE(far.vr_to, near.vr_to) AS vr_to"],
            f"vr_back_{step} AS near LEFT JOIN vr_back_0 AS far ON far.vr_from = near.vr_to",
        )
        yield speech.query(f"vr_back_{step + 1}", further, once=True)
    gone = "SELECT DISTINCT vr_to AS vr_gone FROM vr_back_0"
    yield speech.query("vr_corrected", gone, once=True)
    places = select(
        ["vr_from AS vr_placed", "vr_seq AS vr_first"],
        f"vr_back_{MOST_CORRECTED - 1} JOIN vr_told ON vr_id = vr_to AND vr_corrects = ''",
    )
    yield speech.query("vr_places", places, once=True)


def count_faults() -> str:
    """Return how many corrections name what is not there, or what another one corrects."""
    # one whose place is not found has no rank, and so does not fit where it stands
    return "SELECT COUNT(*) - COUNT(DISTINCT vr_to) AS vr_count FROM vr_back_0"
