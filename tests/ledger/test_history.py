"""What stands after entries: in the order they happened, with corrections in their places.

Each case is put to the plain fold and to the live books, which must agree.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date

import pytest
from vouchers_and_bans import GRANT, HISTORIES, MADE, START, move, number, on

from voucher_rules.checked.histories import Balance, Measure, SpanKind, Within
from voucher_rules.errors import LedgerError
from voucher_rules.ledger.balances import Question
from voucher_rules.ledger.entries import Body, Budgeted, Entry, Grouped, Made, Withdrawn
from voucher_rules.ledger.history import fold
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.past import look_at
from voucher_rules.ledger.trial import take_batch

V = ("r", "voucher", "v")
BUDGET = Budgeted("r", "1", "funds", date(2024, 1, 1), 10, envelope={"size": "small"})


def take_all(*batches: list[Entry]) -> LiveBooks:
    """Return books after batches; they say what the fold says."""
    books = LiveBooks(HISTORIES)
    for batch in batches:
        take_batch(books, batch)
    assert books.things == fold(books.entries, HISTORIES).things
    return books


def tell_lots(books: LiveBooks) -> list[tuple[str, int]]:
    return [(lot.state, lot.amount) for lot in books.things[V].lots]


def find_code(entries: list[Entry]) -> str:
    """Return why the last of some entries is refused; the books stay as they were."""
    books = take_all(*([entry] for entry in entries[:-1]))
    before = copy.deepcopy(books)
    with pytest.raises(LedgerError) as caught:
        take_batch(books, entries[-1:])
    assert books == before
    (found,) = caught.value.diagnostics
    return found.code


def one_by_one(*items: tuple[int, Body] | tuple[int, Body, str]) -> list[list[Entry]]:
    return [[entry] for entry in number(*items)]


def test_a_correction_stands_in_the_place_of_what_it_corrects() -> None:
    books = take_all(*one_by_one((1, GRANT), (2, move("pay", 40)), (2, move("pay", 60), "e2")))
    assert tell_lots(books) == [("granted", 40), ("paid", 60)]
    assert set(books.standing) == {"e1", "e3"}


def test_a_correction_of_a_correction_keeps_the_first_place() -> None:
    # All at one moment: the order is that in which each was first told.
    items = ((1, GRANT), (2, move("pay")), (2, move("refund", 30)))
    corrected = ((2, move("pay", 50), "e2"), (2, move("pay", 70), "e4"))
    books = take_all(*one_by_one(*items, *corrected))
    assert tell_lots(books) == [("granted", 30), ("paid", 40), ("back", 30)]


def test_only_what_stands_may_be_corrected() -> None:
    items = ((1, GRANT), (2, move("pay", 40)), (2, move("pay", 60), "e2"))
    assert find_code(number(*items, (2, move("pay", 50), "e2"))) == "nothing-to-correct"
    assert find_code(number(*items, (2, move("pay", 50), "e9"))) == "nothing-to-correct"
    batch = number(*items, (2, Withdrawn(), "e3"), (2, Withdrawn(), "e3"))
    with pytest.raises(LedgerError, match="nothing-to-correct"):
        take_batch(LiveBooks(HISTORIES), batch)
    with pytest.raises(LedgerError, match="nothing-to-correct"):
        fold(batch, HISTORIES)


def test_what_is_withdrawn_never_happened() -> None:
    books = take_all(*one_by_one((1, GRANT), (2, move("pay", 40)), (2, Withdrawn(), "e2")))
    assert tell_lots(books) == [("granted", 100)]
    books = take_all(*one_by_one((1, GRANT), (1, Withdrawn(), "e1")))
    assert books.things == {}


def test_a_withdrawn_event_may_be_put_back() -> None:
    items = ((1, GRANT), (2, move("pay", 40)), (2, Withdrawn(), "e2"), (2, move("pay", 10), "e3"))
    assert tell_lots(take_all(*one_by_one(*items))) == [("granted", 90), ("paid", 10)]


def test_a_correction_that_later_events_do_not_bear_is_refused() -> None:
    items = ((1, GRANT), (2, move("pay", 40)))
    smaller = [(1, replace(GRANT, amount=amount), "e1") for amount in (39, 40)]
    assert find_code(number(*items, smaller[0])) == "more-than-there-is"
    assert tell_lots(take_all(*one_by_one(*items, smaller[1]))) == [("paid", 40)]
    assert find_code(number(*items, (1, Withdrawn(), "e1"))) == "thing-not-opened"
    assert find_code(number(*items, (3, GRANT, "e1"))) == "thing-not-opened"


@pytest.mark.parametrize("together", [False, True])
def test_an_event_that_arrives_late_takes_its_place(*, together: bool) -> None:
    entries = number((1, GRANT), (5, move("void", 10, source="granted")), (3, move("pay", 30)))
    books = take_all(entries) if together else take_all(*([entry] for entry in entries))
    assert tell_lots(books) == [("granted", 60), ("paid", 30), ("back", 10)]
    assert [x.entry.id for x in books.events[V]] == ["e1", "e3", "e2"]
    assert [x.entry.id for x in books.timeline] == ["e1", "e3", "e2"]


def test_a_late_event_that_later_ones_do_not_bear_is_refused() -> None:
    items = ((1, GRANT), (5, move("pay", 70)))
    assert find_code(number(*items, (3, move("pay", 31)))) == "more-than-there-is"
    assert tell_lots(take_all(*one_by_one(*items, (3, move("pay", 30))))) == [
        ("paid", 30),
        ("paid", 70),
    ]


def test_events_of_one_moment_happen_in_the_order_they_are_told() -> None:
    books = take_all(number((1, GRANT), (1, move("pay")), (1, move("refund"))))
    assert tell_lots(books) == [("back", 100)]
    assert find_code(number((1, GRANT), (1, move("refund")), (1, move("pay")))[:2]) == (
        "event-not-allowed"
    )


def test_an_event_may_be_corrected_into_the_life_of_another_thing() -> None:
    other = replace(GRANT, thing="w")
    books = take_all(*one_by_one((1, GRANT), (2, START), (1, other, "e1")))
    assert set(books.things) == {("r", "voucher", "w"), ("r", "ban", "b")}


def test_what_stood_and_what_was_known() -> None:
    late = replace(number((1, GRANT), (5, move("pay", 30)))[1], known=on(31))
    entries = [replace(number((1, GRANT))[0], known=on(1)), late]
    assert fold(entries, HISTORIES, until=on(4, 23)).things[V].stands_in("paid") is False
    assert fold(entries, HISTORIES, until=on(5)).things[V].stands_in("paid")
    assert fold(entries, HISTORIES, known=on(30)).things[V].stands_in("paid") is False
    assert fold(entries, HISTORIES, known=on(31)).things[V].stands_in("paid")
    books = take_all(entries)
    assert (
        look_at(books, on(4, 23)).find_thing(V) == fold(entries, HISTORIES, until=on(4)).things[V]
    )
    assert look_at(books, on(5)) is books
    assert look_at(books, on(1)).find_thing(("r", "voucher", "w")) is None


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("unknown-ledger-ruleset", replace(GRANT, ruleset="s")),
        ("unknown-lifecycle", replace(GRANT, lifecycle="vouchers")),
        ("unknown-ledger-ruleset", replace(BUDGET, ruleset="s")),
        ("unknown-pool", replace(BUDGET, pool="fund")),
        ("wrong-envelope", replace(BUDGET, envelope={})),
        ("wrong-envelope", replace(BUDGET, envelope={"size": "small", "owner": "a"})),
        ("amount-not-positive", replace(BUDGET, amount=-1)),
        ("amount-not-positive", replace(BUDGET, amount=0, added=True)),
        ("unknown-carried", Grouped("ownr", "a", "g")),
    ],
)
def test_what_no_ruleset_declares_is_refused(code: str, body: Body) -> None:
    entries = number((1, body))
    assert find_code(entries) == code
    with pytest.raises(LedgerError, match=code):
        fold(entries, HISTORIES)


def test_a_budget_may_be_nothing_but_not_have_nothing_added() -> None:
    take_all(number((1, replace(BUDGET, amount=0)), (1, replace(BUDGET, amount=1, added=True))))


def test_a_name_is_taken_once() -> None:
    one, two = number((1, GRANT), (2, START))
    assert find_code([one, replace(two, id="e1")]) == "entry-name-taken"
    with pytest.raises(LedgerError, match="entry-name-taken"):
        take_batch(LiveBooks(HISTORIES), [one, replace(two, id="e1")])


@pytest.mark.parametrize("seq", [1, 3])
def test_entries_follow_each_other(seq: int) -> None:
    one, two = number((1, GRANT), (2, START))
    assert find_code([one, replace(two, seq=seq)]) == "entry-out-of-place"


def test_knowledge_does_not_run_backwards() -> None:
    one, two = number((1, GRANT), (2, START), known=10)
    take_all([one, two])
    assert find_code([one, replace(two, known=on(9, 23))]) == "known-runs-backwards"


def test_nothing_is_known_before_it_happens() -> None:
    (one,) = number((10, GRANT), known=10)
    take_all([one])
    assert find_code([replace(one, known=on(9, 23))]) == "known-before-it-happened"


def made(supersedes: str = "") -> Body:
    return replace(MADE, supersedes=supersedes)


@pytest.mark.parametrize("together", [False, True])
def test_a_decision_takes_the_place_of_another(*, together: bool) -> None:
    entries = number((1, made()), (1, made("e1")), (3, made("e2")))
    books = take_all(entries) if together else take_all(*([entry] for entry in entries))
    assert books.superseded == {"e1": "e2", "e2": "e3"}
    assert set(fold(entries, HISTORIES).decisions) == {"e3"}


def test_a_decision_is_superseded_once() -> None:
    entries = number((1, made()), (2, made("e1")), (3, made("e1")))
    assert find_code(entries) == "superseded-already"
    with pytest.raises(LedgerError, match="superseded-already"):
        take_batch(LiveBooks(HISTORIES), entries)


def refuse_both(*items: tuple[int, Body] | tuple[int, Body, str]) -> str:
    """Return why the last of some entries is refused: alone, with the others, and by the fold."""
    entries = number(*items)
    code = find_code(entries)
    for refusing in (
        lambda: take_batch(LiveBooks(HISTORIES), entries),
        lambda: fold(entries, HISTORIES),
    ):
        with pytest.raises(LedgerError) as caught:
            refusing()
        assert [x.code for x in caught.value.diagnostics] == [code]
    return code


def test_a_decision_that_took_a_place_or_lost_one_is_not_withdrawn() -> None:
    chain = ((1, made()), (2, made("e1")), (3, made("e2")))
    assert refuse_both(*chain, (3, Withdrawn(), "e3")) == "decision-took-a-place"
    assert refuse_both(*chain, (3, Withdrawn(), "e2")) == "decision-took-a-place"
    assert refuse_both(*chain, (3, Withdrawn(), "e1")) == "decision-lost-its-place"
    alone = number((1, made()), (1, Withdrawn(), "e1"))
    assert take_all(alone).standing["e2"].entry == alone[1]
    assert fold(alone, HISTORIES).decisions == {}


OTHERS: list[Body] = [GRANT, BUDGET, Grouped("owner", "a", "g"), made()]


@pytest.mark.parametrize("one", OTHERS)
@pytest.mark.parametrize("other", OTHERS)
def test_a_correction_is_of_the_kind_of_what_it_corrects(one: Body, other: Body) -> None:
    if isinstance(one, Made):
        assert refuse_both((1, one), (1, other, "e1")) == "decision-corrected"
        withdrawn = (1, Withdrawn(), "e1")
        assert refuse_both((1, one), withdrawn, (1, other, "e2")) == "decision-corrected"
    elif type(one) is not type(other):
        assert refuse_both((1, one), (1, other, "e1")) == "corrects-another-kind"
        withdrawn = (1, Withdrawn(), "e1")
        assert refuse_both((1, one), withdrawn, (1, other, "e2")) == "corrects-another-kind"
    else:
        take_all(number((1, one), (1, other, "e1"), (1, Withdrawn(), "e2"), (1, other, "e3")))


def test_a_withdrawal_is_not_withdrawn_and_withdraws_something() -> None:
    items = ((1, GRANT), (1, Withdrawn(), "e1"))
    assert refuse_both(*items, (1, Withdrawn(), "e2")) == "withdrawn-already"
    assert refuse_both((1, GRANT), (1, Withdrawn())) == "nothing-to-correct"


def test_nothing_rests_on_a_decision_that_is_withdrawn() -> None:
    rests = replace(GRANT, decision="e1")
    assert refuse_both((1, made()), (1, rests), (1, Withdrawn(), "e1")) == "rests-on-withdrawn"
    assert refuse_both((1, made()), (1, Withdrawn(), "e1"), (1, rests)) == "rests-on-withdrawn"
    for gone in ("e2", "e1"), ("e1", "e2"):
        taken = [(1, Withdrawn(), name) for name in gone]
        books = take_all(number((1, made()), (1, rests)), renumber(taken, 2))
        assert books.things == {}
    moved = (1, GRANT, "e2")
    books = take_all(number((1, made()), (1, rests), moved, (1, Withdrawn(), "e1")))
    assert tell_lots(books) == [("granted", 100)]


def renumber(items: Sequence[tuple[int, Body, str]], after: int) -> list[Entry]:
    """Return entries that follow the first few."""
    return [
        replace(entry, seq=after + entry.seq, id=f"e{after + entry.seq}")
        for entry in number(*items)
    ]


def test_only_a_standing_decision_is_superseded() -> None:
    assert find_code(number((1, GRANT), (2, made("e1")))) == "nothing-to-supersede"
    assert find_code(number((1, GRANT), (2, made("e9")))) == "nothing-to-supersede"
    withdrawn = number((1, made()), (1, Withdrawn(), "e1"), (2, made("e1")))
    assert find_code(withdrawn) == "nothing-to-supersede"
    with pytest.raises(LedgerError, match="nothing-to-supersede"):
        take_batch(LiveBooks(HISTORIES), withdrawn)


def test_no_decision_supersedes_a_later_one() -> None:
    assert find_code(number((2, made()), (1, made("e1")))) == "supersedes-later-one"
    take_all(number((2, made()), (2, made("e1"))))


def test_a_party_is_with_those_who_joined_by_then() -> None:
    join = [Grouped("owner", name, "g") for name in "abc"]
    leave = Grouped("owner", "b", "")
    books = take_all(number((1, join[0]), (3, join[1]), (5, join[2]), (7, leave), (9, START)))
    assert books.list_members("owner", "a") == {"a", "c"}
    assert books.list_members("owner", "b") == {"b"}
    assert books.list_members("owner", "d") == {"d"}
    assert look_at(books, on(2)).list_members("owner", "a") == {"a"}
    assert look_at(books, on(3)).list_members("owner", "a") == {"a", "b"}
    assert look_at(books, on(6)).list_members("owner", "b") == {"a", "b", "c"}


def test_who_changed_groups_is_no_longer_with_the_old_one() -> None:
    join = [Grouped("owner", name, "g") for name in "ab"]
    books = take_all(
        number((1, join[0]), (1, join[1]), (2, Grouped("owner", "b", "h")), (3, START))
    )
    assert books.list_members("owner", "a") == {"a"}
    assert books.list_members("owner", "b") == {"b"}
    assert look_at(books, on(1)).list_members("owner", "a") == {"a", "b"}


def test_balances_that_differ_in_one_word_are_kept_apart() -> None:
    books = take_all(number((1, GRANT), (5, move("pay"))))
    balance = Balance(
        "used", Measure.SUM, "voucher", ("paid",), ("owner",), "paid", Within(SpanKind.LIFETIME)
    )
    asked = Question("r", balance, {"owner": frozenset("a")}, "", on(2).date(), on(9).date(), UTC)
    assert books.read(asked) == 100
    assert books.read(replace(asked, balance=replace(balance, dated_by="granted"))) == 0
    assert books.read(replace(asked, balance=replace(balance, states=("granted",)))) == 0
    assert books.read(replace(asked, balance=replace(balance, measure=Measure.COUNT))) == 1
    assert books.read(replace(asked, first=on(6).date())) == 0
