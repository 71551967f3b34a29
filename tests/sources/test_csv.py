"""What the CSV reader reads: every cell a text that knows its place."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voucher_rules.sources.csv import read_csv
from voucher_rules.sources.yaml import SourceError


def read(text: str) -> list[dict[str, str]]:
    rows = read_csv(text.encode(), "f.csv").rows
    return [{str(key): str(cell) for key, cell in row.items()} for row in rows]


def find_faults(data: str | bytes) -> list[tuple[str, int, int]]:
    with pytest.raises(SourceError) as caught:
        read_csv(data.encode() if isinstance(data, str) else data, "f.csv")
    spans = [(item.code, item.span) for item in caught.value.diagnostics]
    return [(code, span.line, span.column) for code, span in spans if span]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_are_read_by_the_names_of_the_head(end: str) -> None:
    text = end.join(["\ufeffthing,甲", 'V1,"8,000元"', "V2,", ",", "", '"V""3",x', ""])
    assert read(text) == [
        {"thing": "V1", "甲": "8,000元"},
        {"thing": "V2"},
        {"thing": 'V"3', "甲": "x"},
    ]


def test_a_last_line_needs_no_end() -> None:
    assert read("a\n1") == [{"a": "1"}]


def test_a_cell_knows_where_it_begins_also_after_one_of_several_lines() -> None:
    (row,) = read_csv(b'a,b,c\n"x\ny",zz,w\n', "f.csv").rows
    places = [(cell.span.line, cell.span.column) for cell in row.values()]
    assert places == [(2, 1), (3, 4), (3, 7)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("empty-file", 1, 1)]),
        (",\n1,2\n", [("empty-file", 1, 1)]),
        ("a,b\n1\n1,2\n1,2,3\n", [("row-of-other-length", 2, 1), ("row-of-other-length", 4, 1)]),
        ("a,,a\n", [("column-unnamed", 1, 3), ("column-twice", 1, 4)]),
        ('a,b\n1,"2\n', [("quote-left-open", 2, 3)]),
        ('a,b\n"1" ,2\n', [("text-after-quote", 2, 4)]),
    ],
)
def test_what_is_no_table_is_told_at_its_place(
    text: str, found: list[tuple[str, int, int]]
) -> None:
    assert find_faults(text) == found


def test_another_encoding_is_refused() -> None:
    assert find_faults("a\n广西\n".encode("gbk")) == [("not-utf8", 2, 1)]


CELL = st.text(alphabet='ab ,"\n券', max_size=5)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n))))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[list[str]]) -> None:
    width = len(rows[0]) if rows else 1
    head = [f"c{number}" for number in range(width)]
    written = io.StringIO()
    csv.writer(written).writerows([head, *rows])
    kept = [dict(zip(head, row, strict=True)) for row in rows if any(row)]
    assert read(written.getvalue()) == [{k: v for k, v in row.items() if v} for row in kept]
