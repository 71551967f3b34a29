"""The table that finds entries by name: all that were added, and seldom another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voucher_rules.record import tables
from voucher_rules.record.tables import MOST, NumberTable


def test_what_was_added_is_found() -> None:
    table = NumberTable()
    for number in range(1, 2000):
        table.put(f"name {number}", number)
        assert list(table.find(f"name {number}")) == [number]
    assert all(list(table.find(f"name {n}")) == [n] for n in range(1, 2000))
    assert not any(list(table.find(f"other {n}")) for n in range(2000))


@settings(max_examples=50, derandomize=True, database=None)
@given(st.lists(st.sampled_from("abcdef"), max_size=300))
def test_a_name_may_stand_for_several(names: list[str]) -> None:
    table = NumberTable()
    for number, name in enumerate(names, start=1):
        table.put(name, number)
    for name in "abcdefg":
        expected = [number for number, held in enumerate(names, start=1) if held == name]
        assert sorted(table.find(name)) == expected


def test_names_of_one_hash_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_hash_name", len)
    table = NumberTable()
    for number in range(1, 100):
        table.put("x" * (number % 3), number)
    assert sorted(table.find("y")) == list(range(1, 100, 3))


def test_names_that_differ_in_what_the_table_does_not_look_at_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "_hash_name", lambda name: int(name) << 20)
    table = NumberTable()
    for number in range(1, 500):
        table.put(str(number % 100), number)
    for name in range(100):
        assert sorted(table.find(str(name))) == [n for n in range(1, 500) if n % 100 == name]


def count_bytes(table: NumberTable) -> int:
    return sum(part.itemsize * len(part) for part in (table._cells, table._earlier))


def test_no_more_than_28_bytes_are_taken_for_each() -> None:
    table = NumberTable()
    for number in range(1, 5000):
        table.put(str(number), number)
        assert count_bytes(table) <= max(28 * number + 4, 64 * 8 + 4 * number + 4)


def test_a_name_that_stands_for_all_takes_no_cells_and_no_time() -> None:
    table = NumberTable()
    for number in range(1, 20_000):
        table.put("x", number)
    assert count_bytes(table) == 64 * 8 + 4 * 20_000
    assert sum(1 for _ in table.find("x")) == 19_999


def test_numbers_rise() -> None:
    table = NumberTable()
    for number in (1, 2, 5):
        table.put("x", number)
    for number in (-1, 0, 1, 3, 5):
        with pytest.raises(ValueError, match="no number"):
            table.put("x", number)
    table.put("x", 6)
    assert list(table.find("x")) == [6, 5, 2, 1]


def test_the_largest_number_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST == 2**32 - 1
    monkeypatch.setattr(tables, "MOST", 7)
    table = NumberTable()
    table.put("x", 7)
    assert list(table.find("x")) == [7]
    with pytest.raises(ValueError, match="no number"):
        table.put("x", 8)
