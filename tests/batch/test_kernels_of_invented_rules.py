"""Kernels held against the reference on an invented ruleset: records, texts, many limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from voucher_rules.api import Ruleset
from voucher_rules.batch.cases.tables import read_table
from voucher_rules.batch.memory.kernels import Kernels
from voucher_rules.batch.verdicts.model import Verdicts
from voucher_rules.batch.verdicts.reference import Reference
from voucher_rules.checked.check import check_ruleset
from voucher_rules.compiled.verdict import decide_fast
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.decision.options import choose_options
from voucher_rules.errors import InputError
from voucher_rules.ruleset.load import load_ruleset

HEAD: Final = """
ruleset: tiny
edition: "1"
language: 1
title: {zh: 虚构, en: invented}
document:
  title: {zh: 虚构, en: invented}
  issuer: {zh: 虚构, en: invented}
  status: issued
  effective: {from: 2020-01-01, until: unset, ref: 第一条}
  verified: 2026-01-01
currency: CNY
utc_offset: "+08:00"
lists:
  items:
    label: {zh: 项目, en: items}
    one: {zh: 项目, en: item}
    unit: 项
    most: 3
    fields:
      price: {type: money, optional: true, label: {zh: 价, en: price}}
      day: {type: date, optional: true, label: {zh: 日, en: day}}
facts:
  case.day: {type: date, label: {zh: 日, en: day}}
  case.price: {type: money, label: {zh: 价, en: price}}
  case.name: {type: id, optional: true, label: {zh: 名, en: name}}
decisions:
  claim:
    label: {zh: 申领, en: claim}
    subject: {zh: 企业, en: enterprise}
    as_of: case.day
    answers: amount
    outputs:
      case.grant: {type: money, label: {zh: 额, en: grant}}
      own.name: {type: id, label: {zh: 名, en: name}}
provisions:
  - ref: 第一条
    summary: {zh: 虚构, en: invented}
    rules:
      - {id: name, topic: note, for: claim, define: own.name, as: case.name}
      - id: every_field_is_read
        topic: note
        for: claim
        when: max(items.price) > case.price and max(items.day) > case.day
        warn: {zh: 虚构, en: invented}
"""
PRICES: Final = ("none", None, 3, 7)


def make_ruleset(*limits: str) -> Ruleset:
    """Return the ruleset with these limits beside the price."""
    rules = [
        f"      - {{id: limit_{number}, topic: cap, for: claim, limits: case.grant, "
        f'at_most: "{limit}", says: {{zh: 虚构, en: invented}}}}\n'
        for number, limit in enumerate(("case.price", *limits))
    ]
    loaded = load_ruleset((HEAD + "".join(rules)).encode(), "tiny.yaml")
    return Ruleset(loaded, check_ruleset(loaded), Path("tiny.yaml"))


def make_row(items: list[dict[str, Any]], price: int = 5, name: str = "none") -> dict[str, Any]:
    """Return a case; what is None in a record is not told."""
    told = [{key: x for key, x in record.items() if x is not None} for record in items]
    return {"case.day": "2021-05-01", "case.price": price, "case.name": name, "items": told}


def judge(ruleset: Ruleset, rows: list[dict[str, Any]], *, columns: bool) -> tuple[Verdicts, int]:
    """Return the verdicts, held against the reference, and how many cases kernels left."""
    table = read_table(rows, ruleset.program("claim"))
    assert table.rejected == ()
    options = choose_options(ruleset.checked, {})
    asked: list[int] = []

    def rest(*law: Any) -> Verdicts:  # noqa: ANN401 - what an executor takes
        asked.append(len(law[2]))
        return Reference()(*law)

    found = Kernels(rest, fewest=0, columns=columns)(table.program, options, table.cases)
    expected = Reference()(table.program, options, table.cases)
    for at, row in enumerate(rows):
        assert found.row(at) == expected.row(at), row
    return found, sum(asked)


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("limit", ["max(items.price)", "min(items.price)", "sum(items.price)"])
def test_a_field_not_told_is_never_taken_for_none(limit: str, *, columns: bool) -> None:
    ruleset = make_ruleset(limit)
    pairs = product(PRICES, repeat=2)
    rows = [make_row([]), *(make_row([{"price": x, "day": "none"}]) for x in PRICES)]
    rows += [make_row([{"price": x, "day": "none"}, {"price": y, "day": "none"}]) for x, y in pairs]
    found, asked = judge(ruleset, rows, columns=columns)
    assert 0 < asked < len(rows)
    untold = make_row([{"price": None, "day": "none"}])
    assert found.outcome[rows.index(untold)] == "undetermined"


@pytest.mark.parametrize("columns", [True, False])
def test_texts_come_out_as_they_were_told(*, columns: bool) -> None:
    names = ["none", "e\u0301", "\u00e9", "A-1", "A-1", "3"]
    found, asked = judge(make_ruleset(), [make_row([], name=x) for x in names], columns=columns)
    assert asked == 0
    assert [str(x) for x in found.values["own.name"]] == names


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("count", [63, 64, 65])
def test_all_limits_that_bind_are_told_however_many(count: int, *, columns: bool) -> None:
    ruleset = make_ruleset(*["case.price"] * (count - 1))
    found, asked = judge(ruleset, [make_row([]), make_row([], price=1)], columns=columns)
    assert asked == 0
    assert [len(x) for x in found.payables["case.grant"].binding] == [count, count]


@pytest.mark.parametrize(
    "stated", ["none", "2021-05-01", date(2021, 5, 1), date(2019, 12, 31), date(2020, 1, 1)]
)
@pytest.mark.parametrize("fact", ["case.day", "case.until"])
def test_a_day_is_none_or_beyond_its_own_bounds_as_by_the_usual_door(
    fact: str, stated: object
) -> None:
    days = "min: 2020-01-01, label: {zh: 日, en: day}}"
    until = "  case.until: {type: date, optional: true, label: {zh: 止, en: until}}\ndecisions:"
    text = HEAD.replace("label: {zh: 日, en: day}}\n  case.price", f"{days}\n  case.price")
    text = text.replace("decisions:", until).replace("> case.day", "> case.until", 1)
    text += "      - {id: price, topic: cap, for: claim, limits: case.grant, at_most: case.price, "
    loaded = load_ruleset((text + "says: {zh: 虚构, en: invented}}\n").encode(), "tiny.yaml")
    program = Ruleset(loaded, check_ruleset(loaded), Path("tiny.yaml")).program("claim")
    facts = make_row([]) | {"case.until": "none", fact: stated}
    assert tell(lambda: decide_fast(program, facts, None, Options({}))) == tell(
        lambda: decide(program, read_case(program, facts), Options({}))
    )


def tell(run: Callable[[], Any]) -> object:
    """Return the outcome, or the faults."""
    try:
        return run().outcome
    except InputError as error:
        return [str(item) for item in error.diagnostics]
