"""Comes in: queues for places. Goes out: a failure where one is counted wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

import voucher_rules as vr
from voucher_rules.ledger.deciding import Request

FOLDER = Path(__file__).parent / "rulesets"
SET_ON = "2024-01-02T09:00"
TRAINING = {"category": "training"}


@pytest.fixture(scope="module")
def ruleset() -> vr.Ruleset:
    return vr.load("invented-places", folders=[FOLDER])


@pytest.fixture
def ledger(ruleset: vr.Ruleset) -> vr.Ledger:
    made = vr.Ledger(ruleset)
    made.budget("vouchers_of_year", "2张", "2024-01-01", SET_ON, envelope=TRAINING)
    made.budget("seats", 2, "2024-01-01", SET_ON, envelope={"course": "C1"})
    return made


def claims(ledger: vr.Ledger, count: int, price: str = "3000元") -> list[Request]:
    facts = {"contract.amount": price, "service.category": "training"}
    return [
        ledger.request(
            "claim",
            facts,
            f"2024-02-0{number}T09:00",
            thing=f"V{number}",
            carries={"enterprise": f"E{number}", "category": "training"},
        )
        for number in range(1, count + 1)
    ]


def enrolments(ledger: vr.Ledger, staff: Sequence[int]) -> list[Request]:
    carries = {"enterprise": "E1", "course": "C1"}
    return [
        ledger.request(
            "enrol",
            {"enrolment.staff": count},
            f"2024-02-0{number}T09:00",
            thing=f"S{number}",
            carries=carries,
        )
        for number, count in enumerate(staff, 1)
    ]


def told(made: vr.Allocation) -> list[tuple[str, str, int | None]]:
    return [(item.thing, item.place.value, item.left) for item in made.placements]


@pytest.mark.parametrize(("count", "waiting"), [(1, 0), (2, 0), (3, 1)])
def test_a_grant_takes_one_place_whatever_its_amount(
    ledger: vr.Ledger, count: int, waiting: int
) -> None:
    made = ledger.allocate("vouchers_of_year", claims(ledger, count))
    places = [item.place.value for item in made.placements]
    assert places == ["granted"] * (count - waiting) + ["waiting"] * waiting
    assert [item.entitled for item in made.placements] == [1] * count
    assert [item.granted for item in made.placements] == [1] * (count - waiting) + [0] * waiting
    (row,) = made.reconcile()
    assert (row.put, row.granted, row.released) == (2, count - waiting, 0)
    assert row.left == row.told == 2 - count + waiting
    assert row.adds_up


def test_a_place_given_back_goes_to_who_waits_with_the_whole_amount(ledger: vr.Ledger) -> None:
    ledger.allocate("vouchers_of_year", claims(ledger, 3))
    ledger.enter("voucher", "V1", "cancel", "2024-03-01T09:00")
    made = ledger.allocate("vouchers_of_year", claims(ledger, 4)[3:], at="2024-03-02T09:00")
    assert told(made) == [("V3", "granted", 1), ("V4", "waiting", 0)]
    third = ledger.find("voucher", "V3")
    assert third is not None
    assert [(lot.amount, lot.state) for lot in third.lots] == [(300000, "issued")]
    (row,) = made.reconcile()
    assert (row.granted, row.released, row.left, row.told) == (3, 1, 0, 0)


def test_who_uses_a_voucher_keeps_its_place(ledger: vr.Ledger) -> None:
    ledger.allocate("vouchers_of_year", claims(ledger, 2))
    ledger.enter("voucher", "V1", "use", "2024-03-01T09:00")
    made = ledger.allocate("vouchers_of_year", claims(ledger, 3)[2:])
    assert told(made) == [("V3", "waiting", 0)]


def test_what_is_left_is_told_as_a_count(ledger: vr.Ledger) -> None:
    ledger.allocate("vouchers_of_year", claims(ledger, 1))
    facts = {"contract.amount": "1元", "service.category": "training"}
    carries = {"enterprise": "E9", "category": "training"}
    made = ledger.consider("claim", facts, "2024-02-02T09:00", carries=carries)
    assert made.decision.result.case.values["places.left"] == 1
    with pytest.raises(vr.InputError, match="balance-stated"):
        ledger.consider("claim", {**facts, "places.left": "3张"}, "2024-02-02T09:00")


class TestThingsWithoutMoney:
    def test_those_ranked_first_get_the_places(self, ledger: vr.Ledger) -> None:
        requests = enrolments(ledger, [1, 3, 2])
        made = ledger.allocate("seats", requests, at="2024-03-01T09:00")
        assert told(made) == [("S2", "granted", 2), ("S3", "granted", 1), ("S1", "waiting", 0)]
        (row,) = made.reconcile()
        assert (row.put, row.granted, row.released, row.left, row.told) == (2, 2, 0, 0, 0)

    def test_a_seat_given_up_is_counted_once(self, ledger: vr.Ledger) -> None:
        ledger.allocate("seats", enrolments(ledger, [1, 1, 1]))
        ledger.enter("seat", "S1", "attend", "2024-03-01T09:00")
        ledger.enter("seat", "S2", "give_up", "2024-03-02T09:00")
        four = enrolments(ledger, [1, 1, 1, 1])[3:]
        made = ledger.allocate("seats", four, at="2024-03-03T09:00")
        assert told(made) == [("S3", "granted", 1), ("S4", "waiting", 0)]
        (row,) = made.reconcile()
        assert (row.granted, row.released, row.left, row.told) == (3, 1, 0, 0)

    def test_places_added_call_up_who_waits(self, ledger: vr.Ledger) -> None:
        ledger.allocate("seats", enrolments(ledger, [1, 1, 1]))
        ledger.budget(
            "seats", "1人", "2024-01-01", "2024-03-01T09:00", envelope={"course": "C1"}, added=True
        )
        four = enrolments(ledger, [1, 1, 1, 1])[3:]
        made = ledger.allocate("seats", four, at="2024-03-03T09:00")
        assert told(made) == [("S3", "granted", 1), ("S4", "waiting", 0)]


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("2人", "unit-unknown"),
        ("2元", "unit-unknown"),
        (Decimal(2), "wrong-python-type"),
        ("1.5张", "not-whole"),
    ],
)
def test_places_are_a_whole_number_in_their_own_unit(
    ledger: vr.Ledger, stated: str | Decimal, code: str
) -> None:
    with pytest.raises(vr.InputError, match=code):
        ledger.budget("vouchers_of_year", stated, "2024-01-01", SET_ON, envelope=TRAINING)
