"""What an event does to the lots of a thing, and each reason for which it is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vouchers_and_bans import BAN, GRANT, START, VOUCHER, move, number, on

from voucher_rules.errors import LedgerError
from voucher_rules.ledger.entries import Moved
from voucher_rules.ledger.lots import Thing, apply_event


def live(*events: Moved) -> Thing:
    """Return a thing after events on the first days of May."""
    thing: Thing | None = None
    for entry in number(*enumerate(events, 1)):
        assert isinstance(entry.body, Moved)
        lifecycle = BAN if entry.body.lifecycle == "ban" else VOUCHER
        thing = apply_event(thing, entry, lifecycle)
    assert thing is not None
    return thing


def tell_lots(thing: Thing) -> list[tuple[str, int]]:
    return [(lot.state, lot.amount) for lot in thing.lots]


def find_code(*events: Moved) -> str:
    with pytest.raises(LedgerError) as caught:
        live(*events)
    (found,) = caught.value.diagnostics
    assert found.render("zh") != found.render("en")
    return found.code


def test_a_thing_opens_whole_in_one_lot() -> None:
    thing = live(GRANT)
    assert tell_lots(thing) == [("granted", 100)]
    assert thing.lots[0].moments == {"granted": on(1)}
    assert thing.lots[0].entries == ("e1",)


@pytest.mark.parametrize(
    ("amount", "lots"),
    [
        (1, [("granted", 99), ("paid", 1)]),
        (99, [("granted", 1), ("paid", 99)]),
        (100, [("paid", 100)]),
        (None, [("paid", 100)]),
    ],
)
def test_a_part_is_split_off_up_to_all_there_is(
    amount: int | None, lots: list[tuple[str, int]]
) -> None:
    assert tell_lots(live(GRANT, move("pay", amount))) == lots


@pytest.mark.parametrize(
    ("amount", "lots"),
    [
        (1, [("paid", 1), ("back", 99)]),
        (99, [("paid", 99), ("back", 1)]),
        (100, [("paid", 100)]),
        (None, [("paid", 100)]),
    ],
)
def test_what_a_part_leaves_behind_goes_where_the_rest_goes(
    amount: int | None, lots: list[tuple[str, int]]
) -> None:
    thing = live(GRANT, move("finish", amount))
    assert tell_lots(thing) == lots
    assert all(lot.moments[lot.state] == on(2) for lot in thing.lots)
    assert all(lot.entries == ("e1", "e2") for lot in thing.lots)


def test_the_rest_is_what_stood_where_the_event_takes_from() -> None:
    thing = live(GRANT, move("pay", 40), move("finish", 10))
    assert tell_lots(thing) == [("paid", 40), ("paid", 10), ("back", 50)]


@pytest.mark.parametrize("event", ["pay", "void"])
def test_more_than_there_is_is_refused(event: str) -> None:
    assert find_code(GRANT, move(event, 101)) == "more-than-there-is"


def test_more_than_there_is_in_several_states_leaves_no_doubt() -> None:
    assert find_code(GRANT, move("pay", 40), move("void", 101)) == "more-than-there-is"
    assert find_code(GRANT, move("pay", 40), move("void", 99)) == "state-in-doubt"
    assert tell_lots(live(GRANT, move("pay", 40), move("void", 100))) == [
        ("back", 60),
        ("back", 40),
    ]


def test_a_part_of_what_moves_whole_is_refused() -> None:
    assert find_code(GRANT, move("lapse", 99)) == "part-not-allowed"
    assert find_code(GRANT, move("lapse", 101)) == "more-than-there-is"
    assert tell_lots(live(GRANT, move("lapse", 100))) == [("lapsed", 100)]


def test_a_named_state_settles_the_doubt() -> None:
    paid = (GRANT, move("pay", 40))
    assert tell_lots(live(*paid, move("void", 10, source="paid"))) == [
        ("granted", 60),
        ("paid", 30),
        ("back", 10),
    ]
    assert find_code(*paid, move("void", 41, source="paid")) == "more-than-there-is"
    assert tell_lots(live(*paid, move("void", 40, source="paid")))[1:] == [("back", 40)]
    assert find_code(*paid, move("void", 10, source="back")) == "state-not-left"


def test_without_an_amount_all_states_are_left() -> None:
    thing = live(GRANT, move("pay", 40), move("close"))
    assert tell_lots(thing) == [("lapsed", 60), ("lapsed", 40)]


def test_a_part_keeps_the_moments_of_the_lot_it_came_from() -> None:
    thing = live(GRANT, move("pay", 40), move("refund", 15))
    granted, paid, back = thing.lots
    assert granted.moments == {"granted": on(1)}
    assert paid.moments == {"granted": on(1), "paid": on(2)}
    assert back.moments == {"granted": on(1), "paid": on(2), "back": on(3)}
    assert back.entries == ("e1", "e2", "e3")
    assert thing.entered("paid") == on(2)
    assert thing.entered("lapsed") is None


def test_lots_are_moved_in_the_order_they_entered_their_state() -> None:
    thing = live(GRANT, move("pay", 10), move("pay", 20), move("refund", 25))
    assert [(lot.state, lot.amount, lot.entries[1:]) for lot in thing.lots] == [
        ("granted", 70, ()),
        ("paid", 5, ("e3",)),
        ("back", 10, ("e2", "e4")),
        ("back", 15, ("e3", "e4")),
    ]


def test_a_thing_without_money_moves_whole() -> None:
    lift = replace(START, event="lift", carries={})
    assert tell_lots(live(START, lift)) == [("lifted", 0)]
    assert find_code(START, lift, lift) == "event-not-allowed"


@pytest.mark.parametrize(
    ("code", "events"),
    [
        ("unknown-event", (replace(GRANT, event="gift"),)),
        ("thing-unnamed", (replace(GRANT, thing=""),)),
        ("amount-not-expected", (replace(START, amount=1),)),
        ("amount-not-positive", (replace(GRANT, amount=0),)),
        ("amount-not-positive", (replace(GRANT, amount=-1),)),
        ("amount-not-positive", (GRANT, move("pay", 0))),
        ("amount-missing", (replace(GRANT, amount=None),)),
        ("thing-not-opened", (move("pay", 1),)),
        ("thing-opened-twice", (GRANT, GRANT)),
        ("not-carried", (replace(GRANT, carries={"owner": "a", "owmer": "a"}),)),
        ("carried-missing", (replace(GRANT, carries={}),)),
        ("carried-missing", (replace(GRANT, carries={"owner": ""}),)),
        ("carried-missing", (replace(GRANT, carries={"owner": "a", "size": ""}),)),
        ("carried-not-an-option", (replace(GRANT, carries={"owner": "a", "size": "smal"}),)),
        ("carried-not-a-day", (replace(GRANT, carries={"owner": "a", "until": "2024-02-30"}),)),
        ("carried-not-a-day", (replace(GRANT, carries={"owner": "a", "until": "20240229"}),)),
        ("event-not-allowed", (GRANT, move("refund", 1))),
        ("event-not-allowed", (GRANT, move("void", 1, source="paid"))),
        ("state-not-left", (GRANT, move("pay", 1, source="paid"))),
    ],
)
def test_what_a_lifecycle_does_not_allow_is_refused(code: str, events: tuple[Moved, ...]) -> None:
    assert find_code(*events) == code


def test_what_is_carried_is_taken_as_it_stands() -> None:
    carries = {"owner": "a", "size": "small", "until": "2024-02-29"}
    assert live(replace(GRANT, carries=carries)).carries == carries


def test_a_refusal_names_the_entry_and_a_near_word() -> None:
    with pytest.raises(LedgerError) as caught:
        live(replace(GRANT, event="gramt"))
    text = caught.value.render("en")
    assert text.startswith("e1: voucher v: unknown-event:")
    assert "did you mean `grant`?" in text
    with pytest.raises(LedgerError, match=r"it moves 1\.01 where there is 1\.00"):
        live(GRANT, move("pay", 101))


def test_only_events_have_lots() -> None:
    (entry,) = number((1, GRANT))
    with pytest.raises(TypeError):
        apply_event(None, replace(entry, body=None), VOUCHER)  # type: ignore[arg-type]
