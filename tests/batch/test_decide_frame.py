"""Tables in memory decided column by column: the same as cell by cell, whatever the package."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import voucher_rules as vr
from voucher_rules.batch.memory.arrow_results import move_bits

np, pd, pl, pa = map(import_module, ("numpy", "pandas", "polars", "pyarrow"))
NX: Final = vr.load("cn-nx-service-voucher")
DAY: Final = date(2017, 3, 1)
FEES: Final[dict[str, list[Any]]] = {
    "id": ["a", "b", "c", "d", "e", "f"],
    "fee.date": [DAY, DAY, None, date(2010, 1, 1), DAY, DAY],
    "contract.amount": [4000, 9000, 8000, 8000, None, -1],
    "fee.charged": ["200元", "none", "300", "300", "500", "0"],
}
OPTIONS: Final[dict[str, Any]] = {"keys": ["id"], "kind": "pyarrow"}


def list_rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Return columns as rows, whose cells are taken each by itself."""
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def tell(report: vr.FrameReport) -> tuple[Any, ...]:
    rejected = [(item.number, [str(x) for x in item.diagnostics]) for item in report.rejected]
    return (
        report.absent,
        report.results.to_pylist(),
        rejected,
        report.outcomes,
        report.rows["decided"],
        report.converted,
        report.dated,
    )


def check_same(ruleset: vr.Ruleset, decision: str, table: Any, rows: Any, **options: Any) -> None:  # noqa: ANN401
    """Check that a table comes to what its rows come to, and that columns were decided whole."""
    by_columns = vr.decide_frame(ruleset, decision, table, kind="pyarrow", **options)
    by_cells = vr.decide_frame(ruleset, decision, rows, kind="pyarrow", **options)
    assert tell(by_columns) == tell(by_cells)
    assert by_columns.results.schema.names == by_cells.results.schema.names


@pytest.mark.parametrize(
    "make",
    [
        pd.DataFrame,
        lambda x: pd.DataFrame(x).astype({"fee.charged": "category", "id": "string"}),
        lambda x: pl.DataFrame(x, strict=False),
        lambda x: pl.DataFrame(x, strict=False).lazy(),
        pa.table,
        lambda x: pa.concat_tables([pa.table(x).slice(0, 2), pa.table(x).slice(2)]),
        lambda x: pa.table(x).to_batches()[0],
    ],
)
def test_tables_of_any_package_come_to_what_their_rows_come_to(make: Any) -> None:  # noqa: ANN401
    data = FEES | {"contract.amount": [4000, 9000, 8000, 8000, 7, -1]}
    for on in (None, DAY):
        options = {} if on is None else {"on": on}
        check_same(NX, "supervision_fee", make(data), list_rows(data), keys=["id"], **options)


def test_what_comes_out_is_told_by_row() -> None:
    report = vr.decide_frame(NX, "supervision_fee", pa.table(FEES), **OPTIONS)
    assert report.rows == {"read": 6, "decided": 5, "rejected": 1, "by_reference": 2}
    told = report.results.to_pylist()
    assert [x["row"] for x in told] == [1, 2, 3, 4, 5]
    assert [x["id"] for x in told] == ["a", "b", "c", "d", "e"]
    assert [x["outcome"] for x in told] == [
        "determined",
        "determined",
        "undetermined",
        "not_in_force",
        "undetermined",
    ]
    assert [x["fee.least"] for x in told[:2]] == ["12000", "27000"]
    assert told[4]["missing"] == "contract.amount"
    assert [item.number for item in report.rejected] == [6]


def test_masks_are_told_by_name() -> None:
    rows = [dict(x) for x in vr.synthesise(NX, "claim", 60, seed=4, on="2017-03-01")]
    report = vr.decide_frame(NX, "claim", rows)
    assert str(report.results["row"].dtype) == "int64[pyarrow]"
    decisions = [NX.decide("claim", row) for row in rows]
    failed = [
        {x.rule.id for x in decision.trace if x.status in ("failed", "soft_failed")}
        for decision in decisions
    ]
    deciding = {rule.id for rule in NX.program("claim").rules if rule.decides}
    assert [set(x) for x in report.name_rules()] == [x & deciding for x in failed]
    assert [list(x) for x in report.name_rules("voucher.amount.binding")] == [
        list(decision.amounts["voucher.amount"].binding) for decision in decisions
    ]
    assert set(report.bits["column"]) >= {"failed", "waiting", "voucher.amount.binding"}
    with pytest.raises(vr.InputError, match="one of"):
        list(report.name_rules("faild"))


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_the_table_asked_for_comes_out(kind: str) -> None:
    data = FEES | {"contract.amount": [4000, 9000, 8000, 8000, 7, -1]}
    report = vr.decide_frame(NX, "supervision_fee", data, kind=kind)
    assert type(report.results).__module__.partition(".")[0] == kind
    own = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}[kind](data)
    made = vr.decide_frame(NX, "supervision_fee", own)
    assert type(made.results) is type(report.results)


def test_binary_floats_are_refused_or_counted() -> None:
    table = pd.DataFrame({"fee.date": [DAY] * 3, "contract.amount": [4000.5, np.nan, 70.25]})
    with pytest.raises(vr.InputError, match="binary") as caught:
        vr.decide_frame(NX, "supervision_fee", table)
    assert caught.value.diagnostics[0].arguments["count"] == "2"
    report = vr.decide_frame(NX, "supervision_fee", table, floats="exact_decimal")
    assert dict(report.converted) == {"contract.amount": 2}
    check_same(
        NX,
        "supervision_fee",
        table,
        [{k: x for k, x in row.items() if x == x} for row in table.to_dict("records")],  # noqa: PLR0124
        floats="exact_decimal",
    )


def test_a_day_that_no_row_tells_is_counted() -> None:
    data = {"contract.amount": [4000, 5000], "fee.charged": [0, 0]}
    report = vr.decide_frame(NX, "supervision_fee", pa.table(data), on=DAY)
    assert (report.dated, report.rows["by_reference"]) == (2, 0)
    told = vr.decide_frame(
        NX, "supervision_fee", pa.table(data | {"fee.date": ["", "2017-03-01"]}), on=DAY
    )
    assert told.dated == 1
    assert (report.absent, told.absent) == ((), ())
    assert vr.decide_frame(NX, "supervision_fee", pa.table({"fee.charged": [0]})).absent == (
        "fee.date",
        "contract.amount",
    )


@pytest.mark.parametrize(
    "table", [pa.table({"fee.date": pa.array([], pa.date32())}), pd.DataFrame(), [], {}]
)
def test_a_table_without_rows_gives_one(table: Any) -> None:  # noqa: ANN401
    report = vr.decide_frame(NX, "supervision_fee", table, kind="pyarrow")
    assert report.rows["read"] == report.results.num_rows == 0
    assert "outcome" in report.results.column_names


def test_what_a_table_may_not_hold_is_told() -> None:
    table = pa.table(FEES)
    for options, code in (
        ({"keys": ["ID"]}, "not-one-of"),
        ({"keys": ["outcome"]}, "key-like-result"),
        ({"kind": "panda"}, "not-one-of"),
        ({"columns": {"id": "fee.dat"}}, "unknown-fact"),
        ({"facts": {"fee.dat": DAY}}, "unknown-fact"),
    ):
        with pytest.raises(vr.InputError) as caught:
            vr.decide_frame(NX, "supervision_fee", table, **options)
        assert caught.value.diagnostics[0].code == code
    with pytest.raises(TypeError, match="unexpected argument: day"):
        vr.decide_frame(NX, "supervision_fee", table, day=DAY)  # type: ignore[call-arg]


CELLS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "date32": st.sampled_from([None, DAY, date(2016, 6, 26), date(1800, 1, 1), date(2100, 12, 31)]),
    "int64": st.sampled_from([None, 0, 1, 4000, -1, 10**15, 2**62]),
    "uint64": st.sampled_from([None, 5, 2**64 - 1]),
    "decimal": st.sampled_from([None, Decimal("0.01"), Decimal("4000.00"), Decimal("-3.5")]),
    "fine": st.sampled_from([None, Decimal("0.001"), Decimal("4000.000")]),
    "string": st.sampled_from([None, "", "4000元", "none", "unknown", "x", "2017-03-01", "0.01"]),
    "bool": st.sampled_from([None, True, False]),
    "timestamp": st.sampled_from([None, datetime(2017, 3, 1), datetime(2017, 3, 1, 9, 30)]),  # noqa: DTZ001
}
TYPES: Final[dict[str, Any]] = {
    "date32": pa.date32(),
    "int64": pa.int64(),
    "uint64": pa.uint64(),
    "decimal": pa.decimal128(12, 2),
    "fine": pa.decimal128(12, 3),
    "string": pa.string(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us"),
}


@st.composite
def draw_tables(draw: st.DrawFn) -> Any:  # noqa: ANN401 - a table of Arrow
    """Draw a table whose columns hold what they should, or anything else."""
    rows = draw(st.integers(0, 6))
    made = {}
    for name, usual in (
        ("fee.date", "date32"),
        ("contract.amount", "int64"),
        ("fee.charged", "decimal"),
        ("enterprise.legal_person", "bool"),
    ):
        kind = draw(st.sampled_from([usual, usual, *CELLS]))
        cells = draw(st.lists(CELLS[kind], min_size=rows, max_size=rows))
        if draw(st.integers(0, 4)):
            made[name] = pa.array(cells, TYPES[kind])
    return pa.table(made)


@given(draw_tables(), st.sampled_from([{}, {"fee.charged": "none"}, {"fee.charged": "x"}]))
@settings(max_examples=60)
def test_columns_of_any_type_come_to_what_their_cells_come_to(
    table: Any,  # noqa: ANN401 - a table of Arrow
    facts: dict[str, Any],
) -> None:
    # a list without rows would not tell which columns there are
    rows = table.to_pylist() or {name: [] for name in table.column_names}
    check_same(NX, "supervision_fee", table, rows, facts=facts, on=DAY)


@pytest.mark.parametrize(
    ("fact", "cells"),
    [
        ("fee.date", [DAY, datetime(2017, 3, 1, 9, 30)]),  # noqa: DTZ001 - told of no zone
        ("contract.amount", [4000, 70.25]),
        ("contract.amount", [Decimal(123456789012345), Decimal("0.0000001")]),
        ("fee.charged", ["200元", b"300"]),
    ],
)
def test_objects_of_pandas_are_never_turned_into_others(fact: str, cells: list[Any]) -> None:
    """Arrow would take a moment for its day, and a whole number for a binary one."""
    data: dict[str, list[Any]] = {"fee.date": [DAY] * 2, "contract.amount": [4000, 9000]}
    data["fee.charged"] = ["0"] * 2
    held = {name: pd.Series(x, dtype=object) for name, x in (data | {fact: cells}).items()}
    rows = list_rows(data | {fact: cells})
    check_same(NX, "supervision_fee", pd.DataFrame(held), rows, keys=[fact], floats="exact_decimal")


def test_keys_of_several_types_stay_what_they_were() -> None:
    rows = [{"fee.date": DAY, "key": DAY}, {"fee.date": DAY, "key": datetime(2017, 3, 1, 9, 30)}]  # noqa: DTZ001
    for table in (rows, pd.DataFrame(rows)):
        report = vr.decide_frame(NX, "supervision_fee", table, keys=["key"], kind="pyarrow")
        told = report.results.column("key").to_pylist()
        assert told == ["2017-03-01", "2017-03-01 09:30:00"]


def test_objects_of_polars_are_taken_each_by_itself() -> None:
    cells = [Decimal("4000.5"), None]
    table = pl.DataFrame(
        {"fee.date": [DAY] * 2, "contract.amount": pl.Series(cells, dtype=pl.Object)}
    )
    rows = [{"fee.date": DAY, "contract.amount": x} for x in cells]
    for own in (table, table.lazy()):
        check_same(NX, "supervision_fee", own, rows)


@pytest.mark.parametrize("make", [pa.string_view, pa.binary_view, lambda: "runs", pa.string])
def test_rows_of_several_laws_take_keys_of_any_type_along(make: Any) -> None:  # noqa: ANN401
    kind, cells = make(), ["a", "b", "c"]
    keys = (
        pa.RunEndEncodedArray.from_arrays([1, 2, 3], cells)
        if kind == "runs"
        else pa.array(cells, pa.string()).cast(kind)
    )
    days = [DAY, date(2010, 1, 1), None]
    table = pa.table({"fee.date": days, "contract.amount": [4000] * 3, "key": keys})
    report = vr.decide_frame(NX, "supervision_fee", table, keys=["key"])
    held = report.results.column("key").to_pylist()
    assert [x.decode() if isinstance(x, bytes) else x for x in held] == cells


def test_narrow_decimals_and_days_of_no_number_are_read() -> None:
    for bits in ("decimal32", "decimal64"):
        kind = getattr(pa, bits, pa.decimal128)(9, 2)
        cells = [Decimal("4000.50"), None]
        table = pa.table({"fee.date": [DAY] * 2, "contract.amount": pa.array(cells, kind)})
        check_same(NX, "supervision_fee", table, table.to_pylist())
    table = pa.table({"fee.date": [float("nan")], "contract.amount": [4000]})
    check_same(NX, "supervision_fee", table, [{"contract.amount": 4000}], on=DAY)


def test_no_row_is_lost_where_there_are_no_columns() -> None:
    table = pa.table({"key": [1, 2]}).select([])
    report = vr.decide_frame(NX, "supervision_fee", table, facts={"contract.amount": 4000})
    assert report.rows["read"] == table.num_rows == report.rows["decided"]
    assert dict(report.outcomes) == {"undetermined": 2}


def test_many_rules_keep_their_bits() -> None:
    own, named = [f"r{at}" for at in range(70)], [f"r{at}" for at in reversed(range(70))]
    words = (np.array([1 << 63, 1], np.uint64), np.array([0b100000, 0], np.uint64))
    first, second = move_bits(words, own, named, [x for x in named if x != "r69"])
    # r63 and r69 are told of the first row, of which the second is left out; r0 of the other
    assert (first.tolist(), second.tolist()) == ([1 << 6, 0], [0, 1 << 69 - 63])


@pytest.mark.parametrize(
    ("option", "given", "code"),
    [
        ("keys", "id", "argument-not-a-list"),
        ("columns", ["id"], "argument-wrong-kind"),
        ("records", {"items": "items.csv"}, "argument-wrong-kind"),
        ("floats", "exactly", "not-one-of"),
        ("kind", "excel", "not-one-of"),
        ("jobs", 0, "out-of-range"),
    ],
)
def test_options_of_another_kind_are_told_by_name(option: str, given: Any, code: str) -> None:  # noqa: ANN401
    chosen: Any = {option: given}
    with pytest.raises(vr.InputError) as caught:
        vr.decide_frame(NX, "supervision_fee", FEES, **chosen)
    (told,) = caught.value.diagnostics
    assert told.code == code
    assert option in (told.path or told.arguments["name"])
