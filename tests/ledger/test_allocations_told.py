"""A queue that was served is told, laid out and tabulated as every study is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr
from voucher_rules.api.allocations import MOST_SHOWN

FOLDER: Final = Path(__file__).parent / "rulesets"
RULESET: Final = vr.load("invented-places", folders=[FOLDER])
MONEY: Final = vr.load("invented-voucher", folders=[FOLDER])


def serve(count: int, budget: str = "2张") -> vr.Allocation:
    ledger = vr.Ledger(RULESET)
    envelope = {"category": "training"}
    ledger.budget("vouchers_of_year", budget, "2024-01-01", "2024-01-02T09:00", envelope=envelope)
    facts = {"contract.amount": "3000元", "service.category": "training"}
    requests = [
        ledger.request(
            "claim",
            facts,
            f"2024-02-{1 + number // 24:02d}T{number % 24:02d}:00",
            thing=f"V{number}",
            carries={"enterprise": f"<b>E{number}</b>", "category": "training"},
        )
        for number in range(1, count + 1)
    ]
    return ledger.allocate("vouchers_of_year", requests)


def test_each_application_has_a_line_in_its_order() -> None:
    made = serve(3)
    rows = made.to_rows()
    assert [row["application"] for row in rows] == [item.thing for item in made.placements]
    assert [row["place"] for row in rows] == ["granted", "granted", "waiting"]
    assert [row["granted"] for row in rows] == [item.granted for item in made.placements]
    assert (
        [row["left_before"] for row in rows] == [item.left for item in made.placements] == [2, 1, 0]
    )
    assert {row["of"] for row in rows} == {"training"}
    assert [row["entry"] for row in rows] == [item.entry for item in made.placements]
    frame = made.to_frame()
    assert list(frame["number"]) == [1, 2, 3]
    assert made.to_frame("short")["application"].tolist() == ["V3"]


def test_the_sums_are_those_of_the_entries() -> None:
    made = serve(3)
    (row,) = made.to_rows("sums")
    (counted,) = made.reconcile()
    assert (row["put"], row["all_granted"], row["left"]) == (2, 2, 0)
    assert (row["put"], row["all_granted"], row["left"]) == (
        counted.put,
        counted.granted,
        counted.left,
    )
    assert row["adds_up"] is True


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("zh", ("准予 2 件、列入候补 1 件", "「V3」", "最先未足额得到", "培训")),
        ("en", ("granted 2, waits 1", "“V3”", "was the first to get less", "training")),
    ],
)
def test_it_is_told_in_either_language(language: str, texts: tuple[str, ...]) -> None:
    made = serve(3)
    for text in texts:
        assert text in made.summary(language)
    page = made.to_html(language)
    assert page.count("<table") == len([x for x in made.sheets if x.rows]) == 3
    assert "<table" in made._repr_html_()
    assert "资金不足" in serve(1).summary("zh")
    assert "nobody got less" in serve(1).summary("en")


def test_money_is_exact_and_what_nobody_set_is_told() -> None:
    ledger = vr.Ledger(MONEY)
    asked = {"contract.amount": "10000.01元", "service.category": "training"}
    known = MONEY.checked.inputs
    facts = {name: x for name, x in asked.items() if name in known}
    carries = {
        name: "E1"
        for name, item in next(iter(MONEY.checked.histories.lifecycles.values())).carries.items()
        if not item.fact and item.type.kind in {"text", "id"}
    }
    request = ledger.request("claim", facts, "2024-02-01T09:00", thing="V1", carries=carries)
    made = ledger.allocate(next(iter(MONEY.checked.histories.pools)), [request])
    (row,) = made.to_rows()
    assert isinstance(row["entitled"], Decimal)
    assert row["entitled"] * 100 == made.placements[0].entitled


@pytest.mark.parametrize(("count", "shown"), [(MOST_SHOWN, True), (MOST_SHOWN + 1, False)])
def test_a_long_queue_stands_in_no_summary_and_in_its_table(*, count: int, shown: bool) -> None:
    made = serve(count, f"{count}张")
    names = [sheet.name for sheet in made.sheets]
    assert ("placements" in names) is shown
    assert len(made.to_rows()) == len(made.to_rows("placements")) == count
    assert ('to_frame("placements")' in made.summary("en")) is not shown


def test_what_it_has_not_is_refused() -> None:
    made = serve(1)
    refused: list[Callable[[], object]] = [lambda: made.to_frame("rows"), made.plot]
    for wrong in refused:
        with pytest.raises(vr.InputError) as caught:
            wrong()
        assert {item.code for item in caught.value.diagnostics} <= {"not-one-of", "no-picture"}
