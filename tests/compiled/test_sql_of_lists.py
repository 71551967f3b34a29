"""Lists of records in SQL: what stands in a second relation, well or badly, in every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import sql_engines
from sql_engines import Engine, find_engines
from sql_kernels import Build, build_kernel, make_list, make_text, make_whole, read_field

from voucher_rules.api import load
from voucher_rules.api.statements import sql
from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.graph_nodes import TRUE
from voucher_rules.compiled.nodes import Kernel, KernelInput, NotLoweredError, Op, Part
from voucher_rules.compiled.python_code import write_code
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.compiled.sql_code import SqlCode, write_sql
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.compiled.sql_inputs import NOTHING, Known
from voucher_rules.errors import InputError

ENGINES = pytest.mark.parametrize("engine", find_engines(), ids=lambda engine: engine.dialect)
WIDE = 2**62
MOST = 4
LIMIT = make_whole("a.limit", 0, 100)
ITEMS = make_list("items", MOST, make_whole("items.size", -100, 100), make_text("items.name"))
FEES = make_list("fees", MOST, make_whole("fees.paid", 0, 9))
SIZE = (1, MOST)
Record = tuple[Any, ...]


def ask(graph: Graph, read: Sequence[int]) -> dict[str, int]:
    """Return questions of every kind; the last ones rest on answers to others."""
    size, name = (read_field(graph, ITEMS, 1, at) for at in (0, 1))
    none = read_field(graph, ITEMS, 1, 0, Part.IS_NONE)
    paid = read_field(graph, FEES, 2, 0)
    within = graph.both(graph.negate(none), graph.le(size, read[0]))
    total = graph.fold(Op.FOLD_SUM, (within, size), SIZE)
    above = graph.both(graph.negate(none), graph.lt(total, graph.mul(size, graph.number(2))))
    fees = graph.fold(Op.FOLD_SUM, (graph.le(paid, total), paid), (2, MOST))
    place = graph.most(graph.number(0), graph.least(size, graph.number(40)))
    return {
        "any": graph.fold(Op.FOLD_ANY, (within, graph.lt(graph.number(0), size)), SIZE),
        "all": graph.fold(Op.FOLD_ALL, (within, graph.lt(graph.number(0), size)), SIZE),
        "count": graph.fold(Op.FOLD_SUM, (TRUE, graph.number(1)), SIZE),
        "sum": total,
        "there": graph.fold(Op.FOLD_ANY, (within, TRUE), SIZE),
        "least": graph.fold(Op.FOLD_MIN, (within, size), SIZE),
        "most": graph.fold(Op.FOLD_MAX, (within, size), SIZE),
        "bits": graph.fold(Op.FOLD_BITS, (within, place), SIZE),
        "names": graph.fold(Op.FOLD_DISTINCT, (within, name), SIZE),
        "sizes": graph.fold(Op.FOLD_DISTINCT, (TRUE, size), SIZE),
        "above": graph.fold(Op.FOLD_SUM, (above, size), SIZE),
        "fees": fees,
        "later": graph.fold(Op.FOLD_ANY, (TRUE, graph.le(fees, size)), SIZE),
    }


def make_all() -> Kernel:
    names = list(ask(Graph(), [0, 0, 0]))
    builds = {name: (lambda graph, read, name=name: ask(graph, read)[name]) for name in names}
    return build_kernel([LIMIT, ITEMS, FEES], builds)


ALL = make_all()


CODE = write_code(ALL)


def tell(row: tuple[Any, ...]) -> dict[str, Any]:
    """Return what the code of the kernel gives of a row; an extreme of nothing is anything."""
    found = CODE.decide(row)
    assert found is not None
    told = dict(zip(ALL.values, found[2:], strict=True))
    if not told.get("there", True):
        told = {key: x for key, x in told.items() if key not in {"least", "most"}}
    return told


def as_records(rows: Sequence[Sequence[Record]], *names: str) -> list[dict[str, Any]]:
    """Return the records of some rows, by their number; what is None is none."""
    return [
        {"key": key, **dict(zip(names, record, strict=True)), f"{names[0]}.none": record[0] is None}
        for key, records in enumerate(rows)
        for record in records
    ]


def decide(
    engine: Engine,
    rows: Sequence[Mapping[str, Any]],
    items: Sequence[Mapping[str, Any]],
    fees: Sequence[Mapping[str, Any]] = (),
    kernel: Kernel = ALL,
) -> list[dict[str, Any]]:
    empty: dict[str, Any] = {"items": 0, "fees": 0, "a.limit": 50}
    empty |= dict.fromkeys(["items.none", "fees.none", "a.limit.none"])
    made = [{**empty, **row} for row in rows]
    lists = {"items": [dict(x) for x in items], "fees": [dict(x) for x in fees]}
    return engine.decide_cells(kernel, made, NOTHING, lists)


def sum_all(listed: KernelInput) -> Build:
    """Return the sum of the first field of the only list there is."""
    return lambda graph, _: graph.fold(
        Op.FOLD_SUM, (TRUE, read_field(graph, listed, 0, 0)), (0, listed.most)
    )


def make_item(key: int, size: int | None = 1, name: str | None = "x") -> dict[str, Any]:
    return {"key": key, "items.size": size, "items.size.none": False, "items.name": name}


@ENGINES
def test_every_question_has_the_answer_of_the_code(engine: Engine) -> None:
    items: list[tuple[Record, ...]] = [
        (),
        ((5, "a"),),
        ((5, "a"), (5, "b"), (70, "b")),
        ((None, "a"), (None, "a")),
        ((-100, ""), (100, "大"), (0, "大"), (-1, "''")),
        ((60, "a"), (90, "a")),
        ((30, "a"), (20, "b"), (20, "c"), (1, "d")),
    ]
    fees: list[tuple[Record, ...]] = [((9,), (3,)), (), ((5,), (6,)), ((1,),), ((0,),), (), ((9,),)]
    rows = [
        {"a.limit": 50, "items": len(some), "fees": len(others)}
        for some, others in zip(items, fees, strict=True)
    ]
    told = decide(
        engine, rows, as_records(items, "items.size", "items.name"), as_records(fees, "fees.paid")
    )
    for at, found in enumerate(told):
        assert found["outcome"] is not None
        expected = tell((50, items[at], fees[at]))
        assert {key: found[key] for key in expected} == expected, items[at]


def draw_table(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return rows and records, of which some contradict each other."""
    draw = Random(seed)  # noqa: S311 - the same cases every time
    rows, items = [], []
    for number in range(300):
        key = number - (draw.random() < 0.05)
        held = [draw.choice([-101, -100, -1, 0, 1, 7, 40, 99, 100, None]) for _ in range(9)]
        held = held[: draw.choice([0, 0, 1, 2, 3, 4, 4, 5])]
        held = [None if x == -101 and draw.random() < 0.9 else x for x in held]
        count = draw.choice([len(held)] * 12 + [len(held) + 1, None, 0])
        none = draw.random() < 0.05
        row = {"key": key, "a.limit": draw.choice([0, 7, 50, 100]), "items": count}
        rows.append(row | {"items.none": none})
        for size in held:
            name = draw.choice(["a", "b", "大", "", None])
            own = {"items.size.none": draw.choice([None, size is None])}
            items.append(make_item(key, size, name) | own)
    items += [make_item(10**6, 5)] * 3
    draw.shuffle(items)
    return rows, items


@ENGINES
@pytest.mark.parametrize("seed", [1, 2])
def test_what_contradicts_itself_is_left_and_all_else_is_as_by_the_code(
    engine: Engine, seed: int
) -> None:
    rows, items = draw_table(seed)
    rows.sort(key=lambda row: int(row["key"]))
    told = decide(engine, rows, items)
    keys = Counter(row["key"] for row in rows)
    ways: Counter[bool] = Counter()
    for row, found in zip(rows, told, strict=True):
        own = [x for x in items if x["key"] == row["key"]]
        said = 0 if row["items.none"] else row["items"] or 0
        odd = [x for x in own if x["items.size"] == -101]
        broken = bool(odd) or said != len(own) or (row["items"] or 0) > MOST
        broken = broken or keys[row["key"]] > 1 or bool(row["items.none"] and row["items"])
        ways[broken] += 1
        assert found["unsure"] is broken, (row, own)
        if not broken:
            held = tuple((_tell_cell(x), x["items.name"] or "") for x in own)
            expected = tell((row["a.limit"], held, ()))
            assert {key: found[key] for key in expected} == expected, (row, own)
    assert min(ways.values()) > 30


def _tell_cell(record: Mapping[str, Any]) -> object:
    if record["items.size"] is not None:
        return record["items.size"]
    return None if record["items.size.none"] else MISSING


@ENGINES
def test_a_count_that_is_not_that_of_the_records_is_left(engine: Engine) -> None:
    """Neither side is believed; what has no list has no records, and orphans are nobody's."""
    counts = [1, 2, 0, None, 1, 5, 0, 0, -1]
    held = {0: 1, 1: 1, 2: 1, 3: 1, 4: 0, 5: 5, 6: 5, 99: 3}
    items = [make_item(key) for key, count in held.items() for _ in range(count)]
    told = decide(engine, [{"items": count} for count in counts], items)
    assert [row["unsure"] for row in told] == [x not in (0, 7) for x in range(len(counts))]
    none = [{"items": x, "items.none": True} for x in (None, 1, 0, None)]
    told = decide(engine, none, [make_item(3)])
    assert [row["unsure"] for row in told] == [False, True, False, True]
    assert [row["count"] for row in told] == [0, None, 0, None]


@ENGINES
def test_a_list_that_nobody_tells_is_not_beyond_a_lower_bound(engine: Engine) -> None:
    counts = [None, 0, 1, 2, None]
    items = [make_item(key) for key in (2, 3, 3, 4)]
    cells = [
        {"a.limit": 50, "a.limit.none": None, "fees": 0, "fees.none": None, "items": x}
        for x in counts
    ]
    rows = [x | {"items.none": None} for x in cells] + [cells[0] | {"items.none": True}]
    known = Known(bounds={"items": (1, 2)})
    told = engine.decide_cells(ALL, rows, known, {"items": items, "fees": []})
    assert [row["unsure"] for row in told] == [False, True, False, False, True, False]
    assert [row["count"] for row in told] == [0, None, 1, 2, None, 0]


@ENGINES
def test_a_field_that_cannot_be_told_leaves_its_row_alone(engine: Engine) -> None:
    told = decide(
        engine,
        [{"items": 2}, {"items": 2}, {"items": 1}],
        [make_item(0), make_item(0, 101), make_item(1), make_item(1, 100), make_item(2, -101)],
    )
    assert [row["unsure"] for row in told] == [True, False, True]


@ENGINES
def test_a_field_with_a_value_that_does_not_exist_leaves_its_row(engine: Engine) -> None:
    sizes = [(0, 5, True), (1, None, True), (2, 5, False)]
    items = [make_item(key, size) | {"items.size.none": none} for key, size, none in sizes]
    told = decide(engine, [{"items": 1}] * 3, items)
    assert [row["unsure"] for row in told] == [True, False, False]


@ENGINES
def test_rows_of_the_same_keys_are_left_and_no_others(engine: Engine) -> None:
    rows = [{"key": key, "items": 2} for key in (1, 2, 2, 3)] + [{"key": 4}, {"key": 4}]
    items = [make_item(key, size) for key in (1, 2, 3) for size in (3, 4)]
    told = decide(engine, rows, items)
    assert [(x["key"], x["unsure"]) for x in told] == [
        (1, False),
        (2, True),
        (2, True),
        (3, False),
        (4, True),
        (4, True),
    ]
    assert [x["sum"] for x in told] == [7, None, None, 7, None, None]


@ENGINES
def test_records_beyond_all_bounds_make_no_sum_wrong(engine: Engine) -> None:
    """However many records there are, an engine adds them without fail."""
    listed = make_list("items", MOST, make_whole("items.size", -WIDE // MOST, WIDE // MOST))
    kernel = build_kernel([listed], {"sum": sum_all(listed)})
    sizes = {0: [WIDE // 4] * 4, 1: [WIDE // 4] * 60, 2: [-WIDE // 4] * 60, 3: [WIDE // 4, -5]}
    items = [
        {"key": key, "items.size": size, "items.size.none": False}
        for key, some in sizes.items()
        for size in some
    ]
    rows = [{"items": min(len(x), MOST), "items.none": None} for x in sizes.values()]
    told = engine.decide_cells(kernel, rows, NOTHING, {"items": items})
    assert [row["sum"] for row in told] == [WIDE, None, None, WIDE // 4 - 5]


@ENGINES
def test_a_statement_that_is_made_step_by_step_says_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"items": 2}, {"items": 0, "fees": 1}, {"items": 1, "a.limit": 3}]
    items = [make_item(0, 7), make_item(0, 60, "y"), make_item(2, 3)]
    fees = [{"key": 1, "fees.paid": 4, "fees.paid.none": False}]
    whole = decide(engine, rows, items, fees)
    names: list[str] = []

    def write_apart(*given: Any, **options: Any) -> SqlCode:  # noqa: ANN401 - as it is called
        parts = write_sql(*given, **options, mark="m_").parts
        assert parts is not None
        names.extend(name for name, _ in parts.steps)
        steps = ",\n".join(f"{name} AS (\n{step}\n)" for name, step in parts.steps)
        code = write_sql(*given, **options)
        return replace(code, text=f"WITH {steps}\nSELECT * FROM (\n{parts.last}\n) AS found")

    monkeypatch.setattr(sql_engines, "write_sql", write_apart)
    assert decide(engine, rows, items, fees) == whole
    assert set(names) == {f"vr_rows_m_{stage}" for stage in (1, 2, 3)}
    assert (
        write_sql(build_kernel([LIMIT], {"a": lambda _, read: read[0]}), "duckdb", "x").parts
        is None
    )


@ENGINES
def test_different_texts_are_counted_as_the_reference_counts_them(engine: Engine) -> None:
    """By their characters as they stand."""
    items = [make_item(0, 1, name) for name in ("Caf\u00e9", "Cafe\u0301", "Caf\u00e9")]
    told = decide(engine, [{"items": 3}], items)
    assert told[0]["names"] == (None if engine.dialect == "spark" else 2)


@ENGINES
def test_several_keys_go_together(engine: Engine) -> None:
    """A key that is null is nobody's, and none matches it."""
    code = write_sql(
        build_kernel([FEES], {"sum": sum_all(FEES)}),
        engine.dialect,
        _write_values(engine, "a, b, fees, x", "(1, 'p', 1, 0), (1, 'q', 2, 0), (NULL, 'p', 0, 0)"),
        ("a", "b"),
        Known(filled=frozenset(["fees"])),
        lists={
            "fees": _write_values(
                engine,
                "a, b, `fees.paid`, `fees.paid.none`",
                "(1, 'p', 3, FALSE), (1, 'q', 4, FALSE), (1, 'q', 5, FALSE), (NULL, 'p', 6, FALSE)",
            )
        },
    )
    told = {(row["a"], row["b"]): row["sum"] for row in engine.run(code.text)}
    assert told == {(1, "p"): 3, (1, "q"): 9, (None, "p"): 0}


def _write_values(engine: Engine, names: str, values: str) -> str:
    listed = names if engine.dialect == "spark" else names.replace("`", '"')
    return f"(SELECT * FROM (VALUES {values}) AS t({listed})) AS held"  # noqa: S608 - of a test


def test_a_list_without_a_key_is_refused_with_its_name() -> None:
    with pytest.raises(NotLoweredError, match="without a key") as error:
        write_sql(ALL, "duckdb", "cases", ())
    assert error.value.place == "items"
    with pytest.raises(NotLoweredError, match="a key that is called like"):
        write_sql(ALL, "duckdb", "cases", ("items.size",))
    for keys in (("outcome",), ("Unsure",), ("misstated",), ("key", "Key"), ("ITEMS.size",)):
        with pytest.raises(NotLoweredError, match="a key that is called like"):
            write_sql(ALL, "duckdb", "cases", keys)
    bj = load("cn-bj-service-voucher")
    with pytest.raises(InputError, match="orders: no-sql") as refused:
        sql(bj, "quota", dialect="duckdb", keys=(), assume_in_force=True)
    assert "没有键表明多条记录属于哪一行" in refused.value.diagnostics[0].render("zh")


def test_narrower_bounds_of_a_list_let_wider_sums_in() -> None:
    """A row of more records is left to the reference."""
    wide = make_list("items", 5, make_whole("items.size", 0, WIDE))
    kernel = build_kernel([wide], {"sum": sum_all(wide)})
    with pytest.raises(NotLoweredError, match="may leave 64 bits"):
        write_sql(kernel, "duckdb", "cases")
    known = Known(bounds={"items": (0, 1)})
    for engine in find_engines():
        rows = [{"items": count, "items.none": None} for count in (1, 2)]
        items = [{"key": key, "items.size": WIDE, "items.size.none": None} for key in (0, 1, 1)]
        told = engine.decide_cells(kernel, rows, known, {"items": items})
        assert [row["sum"] for row in told] == [WIDE, None]


def test_reads_tell_whose_column_it_is() -> None:
    bj = load("cn-bj-service-voucher")
    code = sql(bj, "quota", dialect="duckdb", lists={"orders": "bought"}, assume_in_force=True)
    assert [(x.name, x.holds) for x in code.reads if x.list == "orders"] == [
        ("orders.amount", "whole number"),
        ("orders.paid", "whole number"),
        ("orders.paid.none", "truth"),
        ("orders.state", "text"),
    ]
    assert ("orders", "number of records", "") in [(x.name, x.holds, x.list) for x in code.reads]
    assert "\nFROM bought\n" in code.text
    with pytest.raises(InputError, match="no-such-list"):
        sql(bj, "quota", dialect="duckdb", lists={"items": "bought"}, assume_in_force=True)


def test_records_beside_their_row_are_held_there() -> None:
    """DuckDB aggregated them before the join else, with all layers in between written out."""
    ruleset = load("cn-gx-service-voucher")
    for dialect in DIALECTS:
        code = sql(ruleset, "apply_as_provider", dialect=dialect, assume_in_force=True)
        beside = next(x for x in code.text.split("\n) AS ") if "\nJOIN vr_rows_1 ON " in x)
        assert beside.endswith(" OFFSET 0") is (dialect == "duckdb")
        assert code.text.count(") AS vr_beside") == 1
