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
        table.add(f"name {number}", number)
        assert list(table.find(f"name {number}")) == [number]
    assert all(list(table.find(f"name {n}")) == [n] for n in range(1, 2000))
    assert not any(list(table.find(f"other {n}")) for n in range(2000))


@settings(max_examples=50, derandomize=True, database=None)
@given(st.lists(st.sampled_from("abcdef"), max_size=300))
def test_a_name_may_stand_for_several(names: list[str]) -> None:
    table = NumberTable()
    for number, name in enumerate(names, start=1):
        table.add(name, number)
    for name in "abcdefg":
        expected = [number for number, held in enumerate(names, start=1) if held == name]
        assert sorted(table.find(name)) == expected


def test_names_of_one_hash_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_hash_name", len)
    table = NumberTable()
    for number in range(1, 100):
        table.add("x" * (number % 3), number)
    assert sorted(table.find("y")) == list(range(1, 100, 3))


def test_no_more_than_24_bytes_are_taken_for_each() -> None:
    table = NumberTable()
    for number in range(1, 5000):
        table.add(str(number), number)
        taken = table._cells.itemsize * len(table._cells)
        assert taken <= max(24 * number, 64 * 8)


@pytest.mark.parametrize("number", [0, -1, MOST + 1])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no number"):
        NumberTable().add("x", number)


def test_the_largest_number_fits() -> None:
    table = NumberTable()
    table.add("x", MOST)
    assert list(table.find("x")) == [MOST]
