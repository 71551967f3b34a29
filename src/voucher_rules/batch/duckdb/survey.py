"""Comes in: a table in DuckDB. Goes out: what holds of all of it, so that no lot is asked again.

Only what every row of the table states, or none, is settled here: of any other column each lot may
hold something else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from voucher_rules.batch.sql.engine import Ends
from voucher_rules.batch.sql.judging import SqlDoor
from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.facts import make_judge
from voucher_rules.compiled.nodes import Shape


def survey_table(door: SqlDoor, table: str, execute: Callable[[str], Any]) -> None:
    """Settle columns of a door for a whole table, a relation in SQL."""
    ends = door.engine.measure(table, sorted(set(door.facts.values())))
    settled = {x: found for x, found in ends.items() if found.all or not found.some}
    program = door.job.program
    choices = {}
    for item in list_door_inputs(program):
        column = door.facts.get(item.name)
        if column is None or column not in settled or not ends[column].some:
            continue
        judge = make_judge(program, program.inputs[item.name], item)
        if item.shape is Shape.CODE and door.holds_texts(column):
            choices[column] = door.list_options(item)
        if not door.is_direct(item, column, ends[column], judge):
            del settled[column]
    for column in _find_plain(door, table, choices, execute):
        settled[column] = Ends(some=True, all=True)
        door.plain.add(column)
    door.settled |= settled


def _find_plain(
    door: SqlDoor,
    table: str,
    choices: Mapping[str, Collection[str]],
    execute: Callable[[str], Any],
) -> Iterator[str]:
    """Yield the columns that hold nothing but these options."""
    speech = door.engine.speech
    # a filter of its own for each is found out from the dictionaries of Parquet
    counts = [
        f"(SELECT count(*) FROM {table} WHERE {speech.quote(column)} NOT IN"
        f" ({', '.join(map(speech.quote_text, options))}))"
        for column, options in choices.items()
    ]
    found = execute(" UNION ALL ".join(counts)).fetchall() if counts else ()
    yield from (column for column, (other,) in zip(choices, found, strict=True) if not other)
