"""Tables in: the same cases come out of every kind of table, and nothing is lost or guessed."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from shops import PROGRAM, SHOP, make_row

import voucher_rules as vr
from voucher_rules.batch.cases.joining import Records
from voucher_rules.batch.cases.tables import (
    CaseTable,
    Layout,
    keep_rows,
    read_again,
    read_alike,
    read_table,
)
from voucher_rules.values.model import NONE, Unknown

np, pd, pl, pa, pq = map(import_module, ("numpy", "pandas", "polars", "pyarrow", "pyarrow.parquet"))
GX = vr.load("cn-gx-service-voucher").program("use")
ROWS = [
    make_row(contract__amount="1000元", district="东"),
    make_row(contract__amount="800.50元", district="西", shop__staff=60),
    make_row(shop__staff=None, district=None),
]


def read(table: Any, **layout: Any) -> CaseTable:  # noqa: ANN401 - tables of any package
    return read_table(table, PROGRAM, Layout(**layout))


def list_values(table: CaseTable, fact: str) -> list[object]:
    return [case.values[fact] for case in table.cases]


def fail(table: Any, **layout: Any) -> vr.InputError:  # noqa: ANN401 - as read
    with pytest.raises(vr.InputError) as caught:
        read(table, **layout)
    return caught.value


def test_every_kind_of_table_gives_the_same_cases(tmp_path: Path) -> None:
    columns = {name: [row.get(name) for row in ROWS] for name in {**ROWS[0], **ROWS[1]}}
    texts = {
        name: [None if x is None else str(x).lower() if type(x) is bool else str(x) for x in cells]
        for name, cells in columns.items()
    }
    pd.DataFrame(texts).to_csv(tmp_path / "t.csv", index=False)
    lines = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    (tmp_path / "t.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "t.json").write_text(json.dumps(ROWS), encoding="utf-8")
    pq.write_table(pa.table(texts), tmp_path / "t.parquet")
    tables: list[Any] = [
        columns,
        pd.DataFrame(texts),
        pd.DataFrame(columns, dtype=object),
        pl.DataFrame(texts),
        pl.LazyFrame(texts),
        pa.table(texts),
        pa.table(texts).to_batches()[0],
        *(tmp_path / name for name in ("t.csv", "t.jsonl", "t.json", "t.parquet")),
        str(tmp_path / "t.csv"),
    ]
    base = read(ROWS)
    assert (base.count, len(base.cases), base.rejected) == (3, 3, ())
    for table in tables:
        found = read(table)
        assert [case.values for case in found.cases] == [case.values for case in base.cases]
        assert found.pick("district") == ["东", "西", None]


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NaT, pd.NA, "", Decimal("NaN")])
def test_what_says_nothing_is_unknown_and_never_zero(nothing: object) -> None:
    (value,) = list_values(
        read([make_row() | {"ledger.claimed_before": nothing}]), "ledger.claimed_before"
    )
    assert isinstance(value, Unknown)


def test_none_stays_none() -> None:
    assert list_values(read([make_row(claim__at="none")]), "claim.at") == [NONE]


def test_numbers_of_each_package_are_exact() -> None:
    frame = pd.DataFrame([make_row(), make_row()])
    frame["contract.amount"] = pd.array([4000, None], dtype="Int64")
    frame["shop.staff"] = pd.Series([5, 6], dtype="int32")
    found = read(frame)
    assert list_values(found, "contract.amount")[0] == 400_000
    assert isinstance(list_values(found, "contract.amount")[1], Unknown)
    decimals = pa.array([Decimal("12.34"), Decimal("7.01")], pa.decimal128(10, 2))
    arrow = pa.Table.from_pylist([make_row(contract__amount=None)] * 2)
    found = read(arrow.append_column("contract.amount", decimals))
    assert list_values(found, "contract.amount") == [1234, 701]


def test_booleans_categories_and_days_of_each_package() -> None:
    frame = pd.DataFrame([make_row(), make_row()])
    frame["claim.date"] = pd.to_datetime(frame["claim.date"])
    frame["shop.size"] = pd.Categorical(["small", "large"])
    frame["shop.loyal"] = np.array([True, False])
    found = read(frame)
    assert list_values(found, "claim.date") == [date(2020, 5, 1)] * 2
    assert list_values(found, "shop.size") == ["small", "large"]
    assert list_values(found, "shop.loyal") == [True, False]
    days = pl.DataFrame([make_row(claim__date=date(2020, 5, 1))])
    assert list_values(read(days), "claim.date") == [date(2020, 5, 1)]
    numpy_day = [make_row(claim__date=np.datetime64("2020-05-01T00:00:00.000000000"))]
    assert list_values(read(numpy_day), "claim.date") == [date(2020, 5, 1)]


def test_moments_keep_their_zone_and_days_with_a_time_are_refused() -> None:
    moment = datetime(2020, 5, 1, 9, tzinfo=timezone(timedelta(hours=8)))
    frame = pd.DataFrame([make_row()])
    frame["claim.at"] = pd.to_datetime(["2020-05-01T01:00:00Z"])
    assert list_values(read(frame), "claim.at") == [moment]
    frame["claim.at"] = pd.to_datetime(["2020-05-01T09:00:00"]).tz_localize("Asia/Shanghai")
    assert list_values(read(frame), "claim.at") == [moment]
    frame["claim.date"] = pd.to_datetime(["2020-05-01T01:00:00"])
    (rejected,) = read(frame).rejected
    assert rejected.diagnostics[0].code == "wrong-python-type"


def test_a_moment_finer_than_python_tells_is_refused() -> None:
    frame = pd.DataFrame([make_row()])
    frame["claim.at"] = pd.to_datetime(["2020-05-01T01:00:00.000000001Z"])
    assert [x.number for x in read(frame).rejected] == [1]


def test_binary_floats_are_refused_for_the_whole_column() -> None:
    rows = [make_row(), make_row(contract__amount=0.1), make_row(contract__amount=2.5)]
    (item,) = fail(rows).diagnostics
    assert (item.code, item.path) == ("column-of-floats", "rows.2: contract.amount")
    assert item.arguments == {"name": "contract.amount", "count": "2", "row": "2"}
    assert "exact_decimal" in item.help("zh")
    assert "exact_decimal" in item.help("en")


def test_binary_floats_are_turned_into_their_shortest_decimal_where_that_is_asked() -> None:
    rows = [make_row(contract__amount=x) for x in (0.1, 1e2, 29.99, 0.1 + 0.2, float("inf"))]
    found = read(pd.DataFrame(rows), floats="exact_decimal")
    assert list_values(found, "contract.amount") == [10_000, 2_999]
    assert found.converted == {"contract.amount": 4}
    assert [x.number for x in found.rejected] == [1, 4, 5]  # below the least, too fine, no number
    codes = [x.diagnostics[0].code for x in found.rejected]
    assert codes == ["out-of-range", "finer-than-minor-unit", "float-refused"]


def test_a_column_of_counts_that_nulls_made_floats_comes_back_whole() -> None:
    frame = pd.DataFrame([make_row(shop__staff=3), make_row(shop__staff=None)])
    assert frame["shop.staff"].dtype == "float64"
    assert fail(frame).diagnostics[0].code == "column-of-floats"
    found = read(frame, floats="exact_decimal")
    assert list_values(found, "shop.staff")[0] == 3
    assert isinstance(list_values(found, "shop.staff")[1], Unknown)


def test_a_column_of_nothing_but_nan_is_no_column_of_floats() -> None:
    frame = pd.DataFrame([make_row() | {"contract.amount": float("nan")}])
    assert isinstance(list_values(read(frame), "contract.amount")[0], Unknown)


def test_columns_are_mapped_to_facts_and_others_are_carried_along() -> None:
    rows = [make_row(contract__amount=None) | {"合同额": "10元", "id": 7}]
    found = read(rows, columns={"合同额": "contract.amount"})
    assert list_values(found, "contract.amount") == [1000]
    assert found.pick("id") == [7]
    assert found.facts["合同额"] == "contract.amount"
    assert "id" not in found.facts


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        ({"columns": {"district": "contract.amuont"}}, "unknown-fact"),
        ({"columns": {"distirct": "contract.amount"}}, "not-one-of"),
        ({"columns": {"district": "contract.amount"}}, "fact-of-two-columns"),
        ({"floats": "round"}, "not-one-of"),
        ({"records": {"items": Records([], "id")}}, "no-such-list"),
    ],
)
def test_what_is_wrong_with_the_whole_is_told_at_once(layout: dict[str, Any], code: str) -> None:
    error = fail(ROWS, **layout)
    assert [item.code for item in error.diagnostics] == [code]
    assert error.render("zh") != error.render("en")


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (3, "table-expected"),
        (b"x", "table-expected"),
        (pd.Series([1]), "table-expected"),
        (pl.Series([1]), "table-expected"),
        (pa.array([1]), "table-expected"),
        ([1], "row-expected"),
        ({"a": [1], "b": []}, "column-of-other-length"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "column-twice"),
        ("no/such/file.csv", "file-not-found"),
        ("table.xlsx", "not-one-of"),
    ],
)
def test_what_is_no_table_is_refused(table: object, code: str) -> None:
    assert [item.code for item in fail(table).diagnostics] == [code]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("t.csv", 'a,b\n1,"x\n', "quote-left-open"),
        ("t.csv", "a,b\n1\n", "row-of-other-length"),
        ("t.csv", "a,a\n1,2\n", "column-twice"),
        ("t.csv", "a,\n1,2\n", "column-unnamed"),
        ("t.csv", "", "empty-file"),
        ("t.jsonl", '{"a": 1}\n{"a" 1}', "json-syntax"),
        ("t.jsonl", '{"a": 1, "a": 2}', "duplicate-member"),
        ("t.jsonl", '{"a": NaN}', "not-finite"),
        ("t.jsonl", "[1]", "row-expected"),
        ("t.json", '{"a": 1}', "row-expected"),
        ("t.json", "[" * 100_000, "json-syntax"),
        ("t.parquet", "no parquet", "file-not-readable"),
    ],
)
def test_a_broken_file_is_refused_at_its_place(
    tmp_path: Path, name: str, text: str, code: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert fail(path).diagnostics[0].code == code


def test_the_line_of_a_broken_line_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1}\n\n{"a" 1}', encoding="utf-8")
    span = fail(path).diagnostics[0].span
    assert span is not None
    assert (span.line, span.column) == (3, 6)


def test_numbers_of_json_keep_the_digits_written(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(json.dumps(make_row()).replace("1000", "1000.10"), encoding="utf-8")
    assert list_values(read(path), "contract.amount") == [100_010]


def test_rows_that_cannot_be_read_stand_beside_the_others() -> None:
    rows = [make_row(), make_row(shop__size="tiny", shop__staff=-1), make_row()]
    renamed = [{"规模": row.pop("shop.size"), **row} for row in rows]
    found = read(renamed, columns={"规模": "shop.size"})
    assert found.count == len(found.cases) + len(found.rejected) == 3
    assert found.numbers == (1, 3)
    (rejected,) = found.rejected
    assert {item.path for item in rejected.diagnostics} == {
        "rows.2: 规模: shop.size",
        "rows.2: shop.staff",
    }


def test_facts_of_all_rows_and_a_day_for_those_that_tell_none() -> None:
    rows = [{"contract.amount": 5}, {"contract.amount": 6, "claim.date": "2021-03-01"}]
    found = read(rows, facts={"shop.size": "small"}, on=date(2020, 5, 1))
    assert list_values(found, "claim.date") == [date(2020, 5, 1), date(2021, 3, 1)]
    assert list_values(found, "shop.size") == ["small", "small"]
    assert found.dated == 1
    assert "shop.size" not in found.absent
    assert "shop.staff" in found.absent


def make_contract(**more: object) -> dict[str, Any]:
    return {"contract.signed_on": "2024-05-01", "contract.amount": 10_000, **more}


def read_contracts(table: Any, **layout: Any) -> CaseTable:  # noqa: ANN401 - as read
    return read_table(table, GX, Layout(**layout))


def test_lists_of_records_come_nested_or_as_text() -> None:
    record = {"amount": 5, "listed": True}
    text = json.dumps([record])
    tables: list[Any] = [
        [make_contract(items=[record])],
        pd.DataFrame([make_contract(items=[record])]),
        pl.DataFrame([make_contract(items=[record])]),
        pa.Table.from_pylist([make_contract(items=[record])]),
        [make_contract(items=text)],
    ]
    for table in tables:
        found = read_contracts(table)
        assert found.rejected == ()
        assert found.cases[0].values["items"] == 1
        assert found.cases[0].values["items[1].amount"] == 500


def test_records_of_a_second_table_are_joined_by_their_key() -> None:
    contracts = [make_contract(no=n) for n in ("A", "B", "C", None)]
    items = [{"no": "A", "amount": 5}, {"no": "A", "items.amount": 7}, {"no": "Z", "amount": 1}]
    items[1]["amount"] = items[1].pop("items.amount")
    found = read_contracts(contracts, records={"items": Records(items, "no")})
    assert found.cases[0].values["items"] == 2
    assert found.cases[0].values["items[2].amount"] == 700
    assert isinstance(found.cases[1].values["items"], Unknown)
    assert found.unmatched == {"items": 1}
    whole = read_contracts(contracts, records={"items": Records(items, "no", complete=True)})
    assert [case.values["items"] for case in whole.cases[:3]] == [2, 0, 0]
    assert isinstance(whole.cases[3].values["items"], Unknown), "nobody knows whose row it is"
    items.append({"amount": 3})
    assert read_contracts(contracts, records={"items": Records(items, "no")}).unmatched == {
        "items": 2
    }


@pytest.mark.parametrize(
    ("records", "code"),
    [
        (Records([{"no": "A"}], "number"), "not-one-of"),
        (Records([{"no": "A", "x": 1}], "no", {"x": "amuont"}), "unknown-fact"),
        (Records([{"no": "A"}], "no", {"y": "amount"}), "not-one-of"),
        (Records([{"no": "A", "amount": 1, "x": 2}], "no", {"x": "amount"}), "fact-of-two-columns"),
        (Records([{"no": "A", "amount": 0.5}], "no"), "column-of-floats"),
    ],
)
def test_a_second_table_that_does_not_fit_is_refused(records: Records, code: str) -> None:
    with pytest.raises(vr.InputError) as caught:
        read_contracts([make_contract(no="A")], records={"items": records})
    assert caught.value.diagnostics[0].code == code


def test_a_changed_parameter_changes_no_case() -> None:
    ruleset = vr.load("cn-nx-service-voucher")
    program, other = ruleset.program("claim"), ruleset.amend({"item_ratio": "40%"})
    assert read_alike(program, other.program("claim"))
    assert not read_alike(program, ruleset.program("settle"))
    table = read_table([{"contract.amount": 5}], program)
    assert read_again(table, other.program("claim")).cases is table.cases
    assert read_again(table, ruleset.program("settle")).program is ruleset.program("settle")


def test_rows_can_be_kept_without_losing_who_was_rejected() -> None:
    found = read([make_row(), make_row(shop__staff=-1), make_row()])
    kept = keep_rows(found, [3])
    assert (kept.numbers, len(kept.cases), kept.rejected) == ((3,), 1, found.rejected)
    assert keep_rows(found, found.numbers) is found


def test_exact_numbers_of_python_pass() -> None:
    rows = [make_row(contract__amount=Fraction(5, 2)), make_row(contract__amount=Decimal("2.5"))]
    assert list_values(read(rows), "contract.amount") == [250, 250]


def test_what_a_caller_changes_later_reaches_no_case() -> None:
    papers, shared = {"contract"}, {"voucher.used_on": "2020-05-01"}
    rows = [{"claim.date": "2020-05-01", "contract.papers": papers} for _ in range(3)]
    table = read_table(rows, SHOP.program("use"), Layout(facts=shared))
    assert table.cases.list_held() == []
    papers.add("receipt")
    shared["voucher.used_on"] = "2021-01-01"
    assert list_values(table, "contract.papers") == [frozenset({"contract"})] * 3
    assert list_values(table, "voucher.used_on") == [date(2020, 5, 1)] * 3
