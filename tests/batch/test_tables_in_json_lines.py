"""Tables in JSON lines: each cell means the same to an engine, which has it staged, as to rows."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from result_folders import read_rejected, read_results
from shops import SOUND, make_row
from test_decided_tables import check_whole, decide, draw_rows

import voucher_rules as vr
from voucher_rules.batch.duckdb import staging
from voucher_rules.batch.reading.chunked_files import open_file
from voucher_rules.batch.reading.json_lines import Held, read_cell, survey_rows, write_cell
from voucher_rules.errors import InputError

pytest.importorskip("duckdb")
arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

OTHER_KEY: Final = "a key other than texts, whole numbers and truths"

SOUND_LINE: Final = json.dumps(SOUND)[1:]


def put(fact: str, told: str) -> str:
    """Return the line of a sound application with one cell as it is told."""
    row = {name: value for name, value in SOUND.items() if name != fact}
    return f'{{"{fact}": {told}, {json.dumps(row)[1:]}'


def decide_by_both(folder: Path, data: str, **options: Any) -> Sequence[vr.BatchReport]:  # noqa: ANN401
    """Decide a table by DuckDB and by rows; check that both come to the same."""
    table = folder / "t.jsonl"
    table.write_bytes(data.encode())
    reports = [
        decide(table, folder / executor, executor=executor, **options)
        for executor in ("duckdb", "rows")
    ]
    found = [(read_results(x.folder), read_rejected(x.folder)) for x in reports]
    assert found[0] == found[1]
    assert reports[0].outcomes == reports[1].outcomes
    for report in reports if options.get("form", "parquet") == "parquet" else ():
        check_whole(report.folder, report.rows["read"])
    return reports


ODD: Final[dict[str, Sequence[str]]] = {
    "contract.amount": (
        *("1000", "1000.0", "1000.50", "1000.500", "1e3", "1E+3", "10.00e2", "0.001", "1e-2"),
        *("9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e400", "-0"),
        *("-0.0", "1e0", '"1000"', '"1e3"', '"1000元"', '" 1000"', '"１0"', "true", "null", '""'),
        *('"none"', '"unknown"', "[]", "{}", "[1]", '{"value": 1.50}', '{"value": "9元"}'),
        *("1" * 40, "0." + "3" * 80),
    ),
    "shop.staff": ("10", "10.0", "10.5", '"51人"', "-1", "2147483648", "false", '"10"'),
    "shop.size": ('"large"', '"tiny"', '"\\u0000"', '"\\u202e"', '"sma\\u006cl"', "1", "[]"),
    "shop.loyal": ("true", "1", '"true"', '"yes"', "null", '"none"', "0", '"[true]"'),
    "claim.date": ('"2020-05-01"', '"2020-02-30"', "20200501", "2020.5", '"unknown"', "null"),
    "finding.well_run": ("false", '"unknown"', '"yes"', '{"value": true, "by": "me"}'),
}


@pytest.mark.parametrize("fact", ODD)
def test_every_oddity_is_the_same_cell(tmp_path: Path, fact: str) -> None:
    lines = [put(fact, told) for told in ODD[fact]]
    first, _ = decide_by_both(tmp_path, "\n".join(lines), part_rows=7)
    assert first.rows["read"] == len(lines)
    assert first.rows["decided"]
    assert first.rows["rejected"]


FILES: Final = {
    "empty lines": f'\n{{"id": 1, {SOUND_LINE}\n\n  \n{{"id": 2, {SOUND_LINE}',
    "a byte-order mark and lines of Windows": (
        f'\ufeff{{"id": 1, {SOUND_LINE}\r\n\r\n{{"id": 2, {SOUND_LINE}\r\n'
    ),
    "keys in later lines only": f'{{"id": 1}}\n{{"id": 2, {SOUND_LINE}\n{{"other": 3}}\n',
    "a key called like nothing": f'{{"": 1, "id": 1, {SOUND_LINE}\n',
    "texts of every kind": "\n".join(
        f'{{"id": {json.dumps(x)}, {SOUND_LINE}'
        for x in ("", " ", "a\0b", "é", "é", "𝔸", 'a"\\b', "[1]", '"a"', "null", "1.50", "\t\n")
    ),
    "escapes of a pair": f'{{"id": "\\ud835\\udd38", {SOUND_LINE}\n{{"id": "\\\\ud800"}}',
    "whole numbers": f'{{"id": -9223372036854775808, {SOUND_LINE}\n{{"id": null}}\n{{"id": 7}}',
    "truths": f'{{"id": true, {SOUND_LINE}\n{{"id": false}}',
    "nothing at all": f'{{"id": null, {SOUND_LINE}\n{{"id": ""}}',
    "a part of nothing": '{"id": null}\n{"id": null}\n{"id": "a"}',
    "a column of lists nobody needs": f'{{"x": [1.5, {{"y": 2}}], "id": 1, {SOUND_LINE}',
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_files_of_every_form_are_the_same_table(tmp_path: Path, name: str, form: str) -> None:
    reports = decide_by_both(tmp_path, FILES[name], keys=["id"], form=form, part_rows=2)
    if form == "jsonl":
        paths = [sorted(x.folder.glob("part-?????.jsonl")) for x in reports]
        first, other = (
            [json.loads(line) for path in some for line in path.read_text("utf-8").splitlines()]
            for some in paths
        )
        assert first == other
        assert first


@pytest.mark.parametrize(
    ("data", "reason", "place"),
    [
        ('{"id": 1}\n{"id": "a"}', OTHER_KEY, "id"),
        ('{"id": 1.5}', OTHER_KEY, "id"),
        ('{"id": {"a": 1.5}}', OTHER_KEY, "id"),
        ('{"id": 9223372036854775808}', OTHER_KEY, "id"),
        ('{"id": 1, "ID": 2}', "columns that differ in capital letters alone", "ID"),
    ],
)
def test_what_is_left_to_rows_is_told(tmp_path: Path, data: str, reason: str, place: str) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text(data, encoding="utf-8")
    for form in ("parquet", "jsonl", "csv"):
        report = decide(table, tmp_path / form, keys=["id"], form=form)
        assert (report.executor, report.reason, report.place) == ("rows", reason, place)
        assert report.rows["read"] == report.rows["decided"] == data.count("\n") + 1


def test_without_arrow_rows_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text(json.dumps(make_row()), encoding="utf-8")
    monkeypatch.setattr(staging, "find_spec", lambda _: None)
    report = decide(table, tmp_path / "out", form="jsonl")
    assert (report.executor, report.reason) == ("rows", "the package pyarrow is not installed")
    assert report.rows["decided"] == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"id": 1, "id": 2}', "duplicate-member"),
        ('{"id": {"a": 1, "a": 2}}', "duplicate-member"),
        ('{"id": 1', "json-syntax"),
        ('{"id": NaN}', "not-finite"),
        ('{"id": 1e99999999999999999999}', "json-syntax"),
        (f'{{"id": {"[" * 600}{"]" * 600}}}', "json-syntax"),
        ('{"id": ' + '{"a": ' * 400 + "1" + "}" * 401, "json-syntax"),
        ("[1]", "row-expected"),
        ('{"id": "\u202e"}', "hidden-character"),
        ('{"id": "\\ud800"}', "hidden-character"),
        ('{"\\uDC00": "a"}', "hidden-character"),
    ],
)
def test_a_line_that_is_no_row_is_refused_with_its_place(
    tmp_path: Path, line: str, code: str
) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text(f'{{"id": "a"}}\n{line}\n', encoding="utf-8")
    for executor in ("auto", "rows"):
        with pytest.raises(InputError) as error:
            decide(table, tmp_path / executor, executor=executor)
        (item,) = error.value.diagnostics
        assert item.code == code
        assert item.span is not None
        assert item.span.line == 2


@pytest.mark.parametrize("data", ["", "\n\n", "{}\n{}\n"])
def test_a_table_without_columns_is_left_to_rows(tmp_path: Path, data: str) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text(data, encoding="utf-8")
    report = decide(table, tmp_path / "out", facts=dict(SOUND))
    assert (report.executor, report.reason) == ("rows", "a table without columns")
    assert report.rows["read"] == data.count("{")


def test_facts_of_all_rows_need_no_column_of_a_fact(tmp_path: Path) -> None:
    reports = decide_by_both(tmp_path, '{"other": 1}\n{"other": [2]}\n', facts=dict(SOUND))
    assert [x.outcomes for x in reports] == [{"granted": 2}] * 2


def test_many_drawn_rows_come_out_alike(tmp_path: Path) -> None:
    rows = draw_rows(150, seed=3)
    told = [{"id": f"A{n}", **row} for n, row in enumerate(rows)]
    data = "\n".join(json.dumps(row, ensure_ascii=n % 2 > 0) for n, row in enumerate(told))
    reports = decide_by_both(tmp_path, data, keys=["id"], part_rows=64)
    assert len(reports[0].outcomes) >= 4
    assert reports[0].rows["rejected"] > 0


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_a_part_of_which_every_row_is_rejected(tmp_path: Path, form: str) -> None:
    faulty = put("contract.amount", '"none at all"') + "\n"
    sound = json.dumps(SOUND) + "\n"
    for report in decide_by_both(tmp_path, faulty * 2 + sound, form=form, part_rows=2):
        assert (report.rows["rejected"], report.rows["decided"]) == (2, 1)
        (first, second) = report.manifest["parts"]
        assert (first["outcomes"], second["outcomes"]) == ({}, {"granted": 1})


def test_a_run_that_is_refused_leaves_nothing_behind(tmp_path: Path) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text(json.dumps(make_row()), encoding="utf-8")
    with pytest.raises(InputError):
        decide(table, tmp_path / "out", columns={"shop.size": "no.such"})
    assert not (tmp_path / "out").exists()
    assert decide(table, tmp_path / "out").rows["decided"] == 1


def test_a_table_tells_how_many_rows_it_has(tmp_path: Path) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text('{"a": 1}\n\n{"b": 2.0, "c": null}\n', encoding="utf-8")
    file = open_file(table)
    assert (file.names, file.rows) == (("a", "b", "c"), 2)
    assert file.held == {"a": Held.WHOLE, "b": Held.OTHERS, "c": Held.TEXTS}


@pytest.mark.parametrize(("keys", "reason"), [(["1", "2"], ""), (["1", '"2"'], OTHER_KEY)])
def test_records_come_beside_json_lines(tmp_path: Path, keys: Sequence[str], reason: str) -> None:
    lines = [f'{{"no": {key}, "enterprise.classes": ["ordinary"]}}' for key in keys]
    (tmp_path / "firms.jsonl").write_text("\n".join(lines), encoding="utf-8")
    orders = arrow.table({"no": [1, 1, 2], "amount": [8000, 700, 9], "state": ["ordered"] * 3})
    parquet.write_table(orders, tmp_path / "orders.parquet")
    found = []
    for executor in ("auto", "rows"):
        report = vr.decide_table(
            vr.load("cn-bj-service-voucher"),
            "quota",
            tmp_path / "firms.jsonl",
            tmp_path / executor,
            executor=executor,
            form="parquet",
            on="2023-03-01",
            records={"orders": vr.Records(tmp_path / "orders.parquet", key="no", complete=True)},
        )
        assert report.executor == ("rows" if reason else {"auto": "duckdb"}.get(executor, executor))
        assert (report.unused, report.unmatched) == ((), {"orders": 1} if reason else {})
        found.append((read_results(report.folder), read_rejected(report.folder)))
    assert found[0] == found[1]
    assert len(found[0][0]) == 2


# -- cells -----------------------------------------------------------------------------------------

NUMBERS: Final = st.one_of(
    st.integers(-(10**22), 10**22),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.builds(Decimal, st.from_regex(r"-?[0-9]{1,5}(\.[0-9]{1,4})?[eE][+-]?[0-9]", fullmatch=True)),
)
TEXTS: Final = st.text(st.characters(codec="utf-8"), max_size=5)
CELLS: Final = st.recursive(
    st.one_of(st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def list_parts(cell: Any) -> Iterator[Any]:  # noqa: ANN401 - any cell
    """Yield a cell, and all within it."""
    yield cell
    if isinstance(cell, dict):
        yield from (x for inner in cell.values() for x in list_parts(inner))
    if isinstance(cell, list):
        yield from (x for inner in cell for x in list_parts(inner))


@given(CELLS)
def test_a_cell_is_read_as_it_was_written(cell: object) -> None:
    told = write_cell(cell)
    assert told is not None
    found = read_cell(told)
    assert found == cell
    # equal is not enough: 1, 1.0 and true are, and of a decimal each digit is told to people
    parts = [[*list_parts(x)] for x in (cell, found)]
    assert [*map(type, parts[0])] == [*map(type, parts[1])]
    assert [*map(str, parts[0])] == [*map(str, parts[1])]


@given(st.lists(st.none() | st.booleans() | NUMBERS | TEXTS, max_size=4))
def test_a_column_has_a_type_where_all_cells_are_of_it(cells: list[Any]) -> None:
    found = survey_rows({"a": cell} for cell in cells)
    assert found.rows == len(cells)
    kinds = {type(x) for x in cells if x is not None}
    usual = {bool: Held.TRUTHS, int: Held.WHOLE, str: Held.TEXTS}
    expected = usual.get(kinds.pop(), Held.OTHERS) if len(kinds) == 1 else None
    if expected is Held.WHOLE and any(x is not None and not -(2**63) <= x < 2**63 for x in cells):
        expected = Held.OTHERS
    if cells:
        fallback = Held.OTHERS if kinds else Held.TEXTS
        assert found.columns == {"a": expected or fallback}


FACTS: Final = st.fixed_dictionaries(
    {},
    optional={name: st.sampled_from(cells) for name, cells in ODD.items()},
)


@settings(max_examples=8, deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=8))
def test_tables_of_odd_cells_come_out_alike(rows: list[dict[str, str]]) -> None:
    lines = []
    for row in rows:
        told = {name: json.dumps(value) for name, value in SOUND.items()} | row
        lines.append("{" + ", ".join(f'"{name}": {text}' for name, text in told.items()) + "}")
    with tempfile.TemporaryDirectory() as folder:
        decide_by_both(Path(folder), "\n".join(lines), part_rows=3)
