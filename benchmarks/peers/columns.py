"""Comes in: the decision of ``compiled.py`` over columns. Goes out: it by hand and in others.

Each is given the same columns in the form it keeps them in, choices as codes and money in fen, and
gives back columns: whether it is granted, which conditions failed, fen, and the limit that binds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import numpy as np

from compiled import (
    CAPS,
    DEAL_CAP,
    GRADES,
    KINDS,
    LONGER_DAYS,
    LONGEST_DAYS,
    LONGEST_HOURS,
    SIZES,
    YEAR,
    decide_columns_by_hand,
)

Columns = dict[str, Any]
MONTH = "2024-06"
CONDITIONS = (
    "registered",
    "legal_person",
    "size",
    "dishonest",
    "debtor",
    "has_voucher",
    "kind",
    "hours",
    "waited",
)
WANTED = (*(f"ok_{name}" for name in CONDITIONS), "granted", "grant", "limit")


def make_numpy(columns: Columns) -> Callable[[], Columns]:
    """Return a call that decides the columns by hand with NumPy."""
    caps = np.array(list(CAPS.values()))
    return lambda: decide_columns_by_hand(columns, caps)


def make_polars(columns: Columns) -> Callable[[], Columns]:
    """Return a call that decides the columns by hand with Polars expressions."""
    pl = import_module("polars")
    col, when = pl.col, pl.when
    frame = pl.DataFrame(columns)
    fails = (
        ~col("registered"),
        ~col("legal_person"),
        col("size") == len(SIZES) - 1,
        col("dishonest"),
        col("debtor"),
        ~col("has_voucher"),
        col("kind") == 0,
        col("hours") > LONGEST_HOURS,
        col("waited") > when("extended").then(LONGER_DAYS).otherwise(LONGEST_DAYS),
    )
    price, days, grade = col("price"), col("days"), col("grade")
    small, middle, large = CAPS.values()
    cap = when(grade == 0).then(small).when(grade == 1).then(middle).otherwise(large)
    share = when(days > YEAR).then(price * (YEAR * 3) // (days * 10)).otherwise(price * 3 // 10)
    masked = [fail.cast(pl.Int16) * (1 << bit) for bit, fail in enumerate(fails)]
    steps = (
        pl.sum_horizontal(masked).alias("mask"),
        share.alias("share"),
        (cap - col("used")).clip(lower_bound=0).alias("left"),
    )
    grant = pl.min_horizontal("share", pl.lit(DEAL_CAP), "left").alias("grant")
    limit = when(col("share") == col("grant")).then(1).when(col("grant") == DEAL_CAP).then(2)
    last = (
        ((col("mask") == 0) & (col("grant") > 0)).alias("granted"),
        "mask",
        "grant",
        limit.otherwise(3).cast(pl.Int8).alias("limit"),
    )
    lazy = frame.lazy().select(steps).with_columns(grant).select(last)

    def run() -> Columns:
        return {column.name: column for column in lazy.collect().get_columns()}

    return run


def make_openfisca(columns: Columns, core: str = "openfisca_core") -> Callable[[], Columns]:
    """Return a call that decides the columns as variables of a tax-benefit system.

    A simulation keeps what it worked out, so each call sets up one of its own.
    """
    builder = import_module(f"{core}.simulations").SimulationBuilder
    system = describe_system(core)
    # Whole numbers and codes are kept as it keeps them; it would turn them at every call.
    given = {
        name: values.astype(np.int32) if values.dtype == np.int64 else values
        for name, values in columns.items()
    }
    given["day"] = (columns["day"] - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    size = len(columns["day"])

    def run() -> Columns:
        simulation = builder().build_default_simulation(system, size)
        for name, values in given.items():
            simulation.set_input(name, MONTH, values)
        return {name: simulation.calculate(name, MONTH) for name in WANTED}

    return run


def make_policyengine(columns: Columns) -> Callable[[], Columns]:
    """Return the same call for PolicyEngine, whose core parted from that of OpenFisca."""
    return make_openfisca(columns, "policyengine_core")


def describe_system(core: str) -> Any:  # noqa: ANN401 - of a package that may not be there
    """Return the tax-benefit system: facts, a variable a condition, the limits, what is wanted."""
    api = import_module(f"{core}.model_api")
    entities = import_module(f"{core}.entities")
    systems = import_module(f"{core}.taxbenefitsystems")
    entity = entities.Entity("enterprise", "enterprises", "", "")

    def describe(name: str, kind: type, **more: Any) -> type:  # noqa: ANN401
        body = {"value_type": kind, "entity": entity, "definition_period": api.MONTH}
        return type(name, (api.Variable,), body | {"label": name} | more)

    choices = {
        name: api.Enum(name.title(), {option: option for option in options})
        for name, options in (("size", SIZES), ("grade", GRADES), ("kind", KINDS))
    }
    variables = [
        *(describe(name, bool) for name in ("registered", "legal_person", "dishonest", "debtor")),
        *(describe(name, bool) for name in ("has_voucher", "extended")),
        *(describe(name, int) for name in ("price", "days", "used", "hours", "waited")),
        *(
            describe(name, api.Enum, possible_values=of, default_value=next(iter(of)))
            for name, of in choices.items()
        ),
        describe("day", date),
        *(describe(f"ok_{x}", bool, formula=f) for x, f in write_conditions(choices).items()),
        *(
            describe(name, bool if name == "granted" else int, formula=formula)
            for name, formula in write_limits(choices["grade"]).items()
        ),
    ]
    system = systems.TaxBenefitSystem([entity])
    system.add_variables(*variables)
    system.parameters = api.ParameterNode("", data={"claim": write_parameters()})
    return system


def write_parameters() -> dict[str, Any]:
    """Return the numbers of the decision as dated parameters."""

    def since(value: int) -> dict[str, Any]:
        return {"values": {"2020-01-01": {"value": value}}}

    numbers = {
        "percent": 30,
        "one_year": YEAR,
        "hours_most": LONGEST_HOURS,
        "days_most": LONGEST_DAYS,
        "days_longer": LONGER_DAYS,
        "deal_cap": DEAL_CAP,
    }
    caps = {grade: since(cap) for grade, cap in CAPS.items()}
    return {name: since(value) for name, value in numbers.items()} | {"year_cap": caps}


Formula = Callable[[Any, Any, Any], Any]


def write_conditions(choices: dict[str, Any]) -> dict[str, Formula]:
    """Return what each condition asks, as formulas over columns."""
    large, none = choices["size"].large, choices["kind"].k0

    def in_time(case: Any, month: Any, law: Any) -> Any:  # noqa: ANN401
        claim = law(month).claim
        most = np.where(case("extended", month), claim.days_longer, claim.days_most)
        return case("waited", month) <= most

    return {
        "registered": lambda case, month, _: case("registered", month),
        "legal_person": lambda case, month, _: case("legal_person", month),
        "size": lambda case, month, _: case("size", month) != large,
        "dishonest": lambda case, month, _: ~case("dishonest", month),
        "debtor": lambda case, month, _: ~case("debtor", month),
        "has_voucher": lambda case, month, _: case("has_voucher", month),
        "kind": lambda case, month, _: case("kind", month) != none,
        "hours": lambda case, month, law: case("hours", month) <= law(month).claim.hours_most,
        "waited": in_time,
    }


def write_limits(grades: Any) -> dict[str, Formula]:  # noqa: ANN401
    """Return the limits and what comes of them; products are taken in 64 bits, or they overflow."""

    def share(case: Any, month: Any, law: Any) -> Any:  # noqa: ANN401
        claim, days = law(month).claim, case("days", month)
        of_price = case("price", month).astype(np.int64) * claim.percent
        longer = of_price * claim.one_year // (days.astype(np.int64) * 100)
        return np.where(days > claim.one_year, longer, of_price // 100)

    def left(case: Any, month: Any, law: Any) -> Any:  # noqa: ANN401
        caps, grade = law(month).claim.year_cap, case("grade", month)
        cap = np.select(
            [grade == grades.ordinary, grade == grades.specialised],
            [caps.ordinary, caps.specialised],
            caps.giant,
        )
        return np.maximum(cap - case("used", month), 0)

    def grant(case: Any, month: Any, law: Any) -> Any:  # noqa: ANN401
        least = np.minimum(case("share", month), law(month).claim.deal_cap)
        return np.minimum(least, case("left", month))

    def limit(case: Any, month: Any, law: Any) -> Any:  # noqa: ANN401
        least = case("grant", month)
        by_deal = np.where(least == law(month).claim.deal_cap, np.int32(2), np.int32(3))
        return np.where(case("share", month) == least, np.int32(1), by_deal)

    def granted(case: Any, month: Any, _: Any) -> Any:  # noqa: ANN401
        passed = case("grant", month) > 0
        for name in CONDITIONS:
            passed &= case(f"ok_{name}", month)
        return passed

    return {"share": share, "left": left, "grant": grant, "limit": limit, "granted": granted}
