"""Where engines differ from each other or from exact arithmetic: each trap, in every engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sql_engines import Engine, find_engines
from sql_kernels import (
    PROGRAM,
    Build,
    build_kernel,
    make_text,
    make_whole,
    read_input,
    run,
    shape_value,
)

import voucher_rules as vr
from voucher_rules.api import load
from voucher_rules.compiled import days
from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.graph_nodes import FALSE
from voucher_rules.compiled.nodes import (
    KernelInput,
    Lowered,
    NotLoweredError,
    Op,
    Shape,
    Sort,
)
from voucher_rules.compiled.sql_code import write_sql
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.compiled.sql_inputs import Known
from voucher_rules.language.types import Kind, Type

ENGINES = pytest.mark.parametrize("engine", find_engines(), ids=lambda engine: engine.dialect)
WIDEST = 2**63 - 1


@ENGINES
def test_a_negative_dividend_goes_down_to_the_whole_number_below(engine: Engine) -> None:
    by_seven: Build = lambda graph, read: graph.floordiv(read[0], graph.number(7))  # noqa: E731
    by_other: Build = lambda graph, read: graph.floordiv(read[0], read[1])  # noqa: E731
    inputs = [make_whole("a.top", -1000, 1000), make_whole("a.under", 1, 50)]
    kernel = build_kernel(inputs, {"by_seven": by_seven, "by_other": by_other})
    rows = [(top, under) for top in range(-25, 26) for under in (1, 2, 7, 50)]
    for (top, under), told in zip(rows, run(engine, kernel, rows), strict=True):
        assert (told["by_seven"], told["by_other"]) == (top // 7, top // under)


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
@pytest.mark.parametrize(("least", "fits"), [(-1, False), (0, False), (1, True)])
def test_a_divisor_that_may_not_be_above_zero_is_refused(
    dialect: str, least: int, *, fits: bool
) -> None:
    inputs = [make_whole("a.top", 0, 9), make_whole("a.under", least, 9)]
    graph = Graph()
    top, under = (read_input(graph, place, item) for place, item in enumerate(inputs))
    # the graph bounds a quotient by its ends, and takes no divisor of zero: it is made by hand
    node = graph._make(Op.FLOORDIV, (top, under), Sort.INT, (0, 9))
    kernel = replace(
        build_kernel(inputs, {}),
        nodes=tuple(graph.nodes),
        values={"made": shape_value(graph, node)},
        places={node: "of_a_rule"},
    )
    if fits:
        assert "made" in write_sql(kernel, dialect, "cases").text
        return
    with pytest.raises(NotLoweredError, match="of_a_rule: a division") as error:
        write_sql(kernel, dialect, "cases")
    assert error.value.place == "of_a_rule"


@ENGINES
def test_the_least_of_values_ignores_none_of_them(engine: Engine) -> None:
    """LEAST leaves nulls out: no null may reach it."""
    inputs = [make_whole("a.one", 3, 9), make_whole("a.other", 5, 20)]
    kernel = build_kernel(
        inputs,
        {
            "least": lambda graph, read: graph.least(*read),
            "most": lambda graph, read: graph.most(*read),
        },
    )
    rows = [(9, 5), (None, 7), (9, None), (None, None)]
    told = [(row["least"], row["most"]) for row in run(engine, kernel, rows)]
    # in the place of nothing stands the lower end, which whoever reads it knows to be nothing
    assert told == [(5, 9), (3, 7), (5, 9), (3, 5)]
    text = engine.write(kernel, "cases").text
    for arguments in re.findall(r"(?:LEAST|GREATEST)\(([^()]*)\)", text):
        assert not re.search(r"a\.(one|other)", arguments)


@ENGINES
@pytest.mark.parametrize(("beyond", "inside"), [(-1, True), (0, True), (1, False)])
def test_a_value_out_of_its_bounds_is_left_and_never_wraps(
    engine: Engine, beyond: int, *, inside: bool
) -> None:
    top = WIDEST // 4
    kernel = build_kernel(
        [make_whole("a.one", 0, top)],
        {"four": lambda graph, read: graph.mul(read[0], graph.number(4))},
    )
    (told,) = run(engine, kernel, [(top + beyond,)])
    assert told["four"] == ((top + beyond) * 4 if inside else None)
    assert told["unsure"] is not inside
    assert (told["outcome"] is None) is not inside


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
@pytest.mark.parametrize(("beyond", "fits"), [(-1, True), (0, True), (1, False)])
def test_a_step_that_may_leave_64_bits_is_refused_with_its_rule(
    dialect: str, beyond: int, *, fits: bool
) -> None:
    kernel = build_kernel(
        [make_whole("a.one", 0, WIDEST // 3 + beyond)],
        {"three": lambda graph, read: graph.mul(read[0], graph.number(3))},
    )
    if fits:
        assert write_sql(kernel, dialect, "cases").text
        return
    with pytest.raises(NotLoweredError, match="64 bits") as error:
        write_sql(kernel, dialect, "cases")
    assert error.value.place
    narrow = Known(bounds={"a.one": (0, 100)})
    assert "BETWEEN 0 AND 100" in write_sql(kernel, dialect, "cases", known=narrow).text


@ENGINES
def test_sums_of_constants_have_64_bits(engine: Engine) -> None:
    """Constants that fit into 32 bits would be added and multiplied in 32 bits."""
    kernel = build_kernel(
        [make_whole("a.one", 0, 9)],
        {
            "made": lambda graph, read: graph.mul(
                graph.select(
                    graph.le(read[0], graph.number(4)),
                    graph.number(2_000_000_000),
                    graph.number(7),
                ),
                graph.select(
                    graph.le(graph.number(2), read[0]),
                    graph.number(2_000_000_000),
                    graph.number(3),
                ),
            ),
            "looked_up": lambda graph, read: graph.mul(
                graph.table((5, 2_000_000_000, 6, 6, 6, 6, 6, 6, 6, 1), read[0]), graph.number(9)
            ),
        },
    )
    told = run(engine, kernel, [(1,), (3,), (5,)])
    assert [row["made"] for row in told] == [6 * 10**9, 4 * 10**18, 14 * 10**9]
    assert [row["looked_up"] for row in told] == [18 * 10**9, 54, 54]


DAYS = [
    date(1, 1, 1),
    date(1, 12, 31),
    date(4, 2, 29),
    date(100, 2, 28),
    date(400, 2, 29),
    date(1600, 3, 1),
    date(1900, 2, 28),
    date(1999, 12, 31),
    date(2000, 2, 29),
    date(2000, 3, 31),
    date(2023, 10, 31),
    date(2024, 2, 29),
    date(2024, 12, 31),
    date(2100, 1, 31),
    date(9999, 1, 31),
    date(9999, 12, 31),
]
MONTHS = [-120_000, -13, -12, -1, 0, 1, 11, 12, 13, 48, 1200, 120_000]


@ENGINES
def test_days_are_those_of_the_calendar_to_both_ends(engine: Engine) -> None:
    inputs = [make_whole("a.day", 1, days.LAST), make_whole("a.months", -120_000, 120_000)]
    kernel = build_kernel(
        inputs,
        {
            "year": lambda graph, read: graph.of_day(Op.YEAR, read[0]),
            "month": lambda graph, read: graph.of_day(Op.MONTH, read[0]),
            "first_of_year": lambda graph, read: graph.of_day(Op.FIRST_OF_YEAR, read[0]),
            "last_of_year": lambda graph, read: graph.of_day(Op.LAST_OF_YEAR, read[0]),
            "later": lambda graph, read: graph.add_months(*read),
        },
    )
    rows = [(day.toordinal(), months) for day in DAYS for months in MONTHS]
    for (day, months), told in zip(rows, run(engine, kernel, rows), strict=True):
        assert told["year"] == days.year_of(day)
        assert told["month"] == days.month_of(day)
        assert told["first_of_year"] == days.first_of_year(day)
        assert told["last_of_year"] == days.last_of_year(day)
        assert told["later"] == days.add_months(day, months), (day, months)


@ENGINES
def test_a_day_goes_in_and_out_as_it_is(engine: Engine) -> None:
    item = KernelInput(
        "a.day",
        Type(Kind.DATE),
        Shape.DAY,
        may_be_none=False,
        may_be_missing=True,
        low=1,
        high=days.LAST,
    )
    kernel = build_kernel([item], {})
    graph = Graph()
    node = read_input(graph, 0, item)
    kernel = replace(
        kernel,
        nodes=tuple(graph.nodes),
        values={"same": Lowered(Shape.DAY, (node,), FALSE, FALSE, FALSE)},
    )
    told = run(engine, kernel, [(day,) for day in DAYS])
    assert [row["same"] for row in told] == DAYS


@ENGINES
def test_texts_are_the_same_however_they_are_encoded(engine: Engine) -> None:
    kernel = build_kernel(
        [make_text("a.name")],
        {
            "same": lambda graph, read: graph.same(read[0], graph.text("Caf\u00e9")),
            "hall": lambda graph, read: graph.same(read[0], graph.text("大厅's \\ 100%")),
        },
    )
    rows = [("Caf\u00e9",), ("Cafe\u0301",), ("cafe",), ("大厅's \\ 100%",), (None,)]
    told = run(engine, kernel, rows)
    assert [row["hall"] for row in told][2:] == [False, True, False]
    if engine.dialect == "spark":
        # it knows no forms of encoding: what may have several is left to the reference
        assert [row["unsure"] for row in told] == [True, True, False, False, False]
        return
    assert [row["same"] for row in told] == [True, True, False, False, False]


@ENGINES
def test_what_is_missing_is_neither_false_nor_zero(engine: Engine) -> None:
    """Of a decision that needs a fact, a null fact leaves the row to the reference."""
    kernel = make_kernel(PROGRAM, stretches_of(PROGRAM)[-1], {}, assumed=True, lenient=True)
    day = date(2017, 3, 1)
    rows = [(day, 400_000, 20_000), (day, None, 20_000), (day, 400_000, None), (None, 1, 1)]
    cells = [
        {"fee.date": a, "contract.amount": b, "fee.charged": c, "fee.charged.none": None}
        for a, b, c in rows
    ]
    told = engine.decide_cells(kernel, cells)
    assert [row["outcome"] for row in told] == ["determined", None, None, None]
    assert [row["unsure"] for row in told] == [False, True, True, True]
    assert [row["failed"] for row in told] == [0, None, None, None]
    none = engine.decide_cells(kernel, [cells[2] | {"fee.charged.none": True}])
    assert none[0]["outcome"] == "determined"


@ENGINES
def test_a_value_of_what_does_not_exist_leaves_its_row(engine: Engine) -> None:
    """Either may be wrong: neither is believed."""
    kernel = make_kernel(PROGRAM, stretches_of(PROGRAM)[-1], {}, assumed=True, lenient=True)
    own = {"fee.date": date(2017, 3, 1), "contract.amount": 400_000}
    pairs = [(20_000, None), (20_000, False), (20_000, True), (None, True), (0, True)]
    cells = [own | {"fee.charged": x, "fee.charged.none": none} for x, none in pairs]
    told = engine.decide_cells(kernel, cells)
    assert [row["unsure"] for row in told] == [False, False, True, False, True]
    assert [row["outcome"] for row in told] == [
        "determined" if sure else None for sure in (True, True, False, True, False)
    ]


@ENGINES
def test_each_row_keeps_its_key(engine: Engine) -> None:
    kernel = build_kernel(
        [make_whole("a.one", 0, 10**6)],
        {"twice": lambda graph, read: graph.mul(read[0], graph.number(2))},
    )
    rows = [(number * 7919 % 5000,) for number in range(5000)]
    told = run(engine, kernel, rows)
    assert [row["twice"] for row in told] == [2 * value for (value,) in rows]


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_no_statement_takes_a_detour_through_binary_numbers(dialect: str) -> None:
    for name in ("cn-nx-service-voucher", "cn-bj-service-voucher"):
        ruleset = load(name)
        for decision in ruleset.decisions:
            program = ruleset.program(decision)
            readings = {key: item.default for key, item in ruleset.readings.items()}
            kernel = make_kernel(
                program,
                stretches_of(program)[-1],
                readings,
                assumed=True,
                lenient=True,
                denominators=dict.fromkeys(program.inputs, 10_000),
            )
            text = write_sql(kernel, dialect, "cases").text
            assert not re.search(r"\b(DOUBLE|FLOAT|REAL|ROUND|[0-9]+\.[0-9]+)\b", text)


@pytest.mark.parametrize(("count", "fits"), [(61, True), (62, True), (63, False)])
def test_a_set_of_too_many_options_is_refused(count: int, *, fits: bool) -> None:
    kind = Type(Kind.SET, options=tuple(f"o{at}" for at in range(count)))
    item = KernelInput(
        "a.set",
        kind,
        Shape.SET,
        may_be_none=False,
        may_be_missing=True,
        high=(1 << count) - 1,
    )
    builds: dict[str, Build] = {
        "held": lambda graph, read: graph.count_bits(graph.bit_and(read[0], graph.number(5)))
    }
    kernel = build_kernel([item], builds)
    if not fits:
        with pytest.raises(NotLoweredError, match="more options than a mask holds"):
            write_sql(kernel, "duckdb", "cases")
        return
    for engine in find_engines():
        masks = [0, 1, 5, (1 << count) - 1, None]
        told = run(engine, kernel, [(mask,) for mask in masks])
        assert [row["held"] for row in told] == [0, 1, 2, 2, 0]


@pytest.mark.parametrize(("length", "fits"), [(57, True), (58, True), (59, False)])
def test_a_name_too_long_for_postgresql_is_refused(length: int, *, fits: bool) -> None:
    """It would be cut off after 63 bytes, also where `.none` follows it."""
    kernel = build_kernel([make_whole("a" * length, 0, 9)], {"same": lambda _, read: read[0]})
    if fits:
        assert write_sql(kernel, "postgresql", "cases").text
        return
    with pytest.raises(NotLoweredError, match="too long"):
        write_sql(kernel, "postgresql", "cases")
    assert write_sql(kernel, "duckdb", "cases").text


@pytest.mark.parametrize("key", ["vr_key", "a.one", "same"])
def test_a_key_called_like_a_step_or_a_result_is_refused(key: str) -> None:
    kernel = build_kernel([make_whole("a.one", 0, 9)], {"same": lambda _, read: read[0]})
    with pytest.raises(NotLoweredError, match="a key that is called like"):
        write_sql(kernel, "duckdb", "cases", (key,))


def test_a_common_step_is_made_once() -> None:
    """Each layer names what is read more than once; nothing is written out twice."""

    def build(graph: Graph, read: Sequence[int]) -> int:
        node = read[0]
        for _ in range(40):
            odd = graph.mul(node, graph.number(3))
            least = graph.least(graph.add(odd, node), graph.sub(odd, node), graph.number(10**6))
            node = graph.most(graph.number(0), least)
        return node

    kernel = build_kernel([make_whole("a.one", 0, 10**6)], {"made": build})
    for dialect in DIALECTS:
        assert len(write_sql(kernel, dialect, "cases").text) < 40_000


def test_the_law_is_the_last_in_force_where_no_day_is_given() -> None:
    ruleset = vr.load("cn-bj-service-voucher", "2023")
    code = vr.sql(ruleset, "review", dialect="duckdb")
    assert code.kernel.in_force
    assert code.kernel.first <= date(2023, 12, 31)
