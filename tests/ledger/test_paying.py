"""Comes in: decisions on money. Goes out: a failure where one grants more than its pool holds.

A decision that is entered is a queue of one, whoever asks for it: by itself, again, or in a queue.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import claim, facts, load_invented, load_text, read_alone
from test_allocation_laws import (
    COMMON,
    KINDS,
    PUTS,
    START,
    THOROUGHNESS,
    Asked,
    Happened,
    Kind,
    at_hour,
    check_sums,
    draft_event,
    draw_round,
    load_kind,
    open_ledger,
    put_to_training,
    serve,
)
from test_allocation_laws import ask as put_request

import voucher_rules as vr
from voucher_rules.ledger.reconciling import reconcile_pool
from voucher_rules.ledger.serving import consider, decide

PROVIDER = {"provider": "P1"}
TRAINING = {"category": "training"}


def claim_half(ledger: vr.Ledger, thing: str, contract: int, hours: int = 0) -> vr.LedgerDecision:
    """Claim half of a contract, in fen, as an enterprise of its own."""
    asked = Asked(thing, at_hour(hours), "training", contract)
    request = put_request(ledger, asked)
    return ledger.decide(
        "claim", request.facts, request.at, thing=thing, carries=dict(request.carries)
    )


def tell_lots(ledger: vr.Ledger, thing: str) -> list[tuple[str, int]]:
    found = ledger.find("voucher", thing)
    return [] if found is None else [(lot.state, lot.amount) for lot in found.lots]


def thing_of(entry: vr.Entry) -> str:
    return entry.body.thing if isinstance(entry.body, vr.Made) else ""


def tell_warnings(made: vr.LedgerDecision) -> list[str]:
    """Return the codes of what the decision warns of in its pool."""
    return [x.code for x in made.decision.warnings if x.code.startswith("pool_")]


def short_of(ledger: vr.Ledger, made: vr.LedgerDecision) -> str:
    body = ledger.keeper.find_decision(made.entry).body
    assert isinstance(body, vr.Made)
    return body.short_of


@settings(max_examples=40 * THOROUGHNESS, **COMMON)
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_a_decision_is_a_queue_of_one(kind: Kind, data: st.DataObject) -> None:
    """The same entries, to the letter; and what is considered before says what will be entered."""
    put = data.draw(PUTS)
    one, other = open_ledger(kind, put), open_ledger(kind, put)
    queue, events = data.draw(draw_round(0))
    steps: list[Asked | Happened] = [*queue, *events]
    for happened in sorted(steps, key=lambda x: x.at):
        if isinstance(happened, Happened):
            for ledger in (one, other):
                try_event(ledger, happened)
            continue
        request = put_request(one, happened)
        asked = consider(one.keeper, request)
        before = one.entries
        served = decide(one.keeper, request)
        placed = other.allocate("funds", [put_request(other, happened)]).placements
        assert [x.body for x in one.entries] == [x.body for x in other.entries]
        assert asked.answer.made == served.answer.made
        assert asked.answer.drafts == served.answer.drafts
        assert one.entries[: len(before)] == before
        assert asked.placement is not None
        assert served.placement is not None
        assert (served.placement.place, served.placement.granted) == (
            placed[-1].place,
            placed[-1].granted,
        )
        assert asked.placement.granted == served.placement.granted
        assert [x.thing for x in served.called_up] == [x.thing for x in placed[:-1]]
    last = Asked("Vlast", max(x.at for x in queue), "training", 100)
    check_sums(one, serve(one, [last], (), None))


def try_event(ledger: vr.Ledger, happened: Happened) -> None:
    try:
        ledger.keeper.enter([draft_event(happened)])
    except vr.LedgerError:
        return


@pytest.mark.parametrize(
    ("kind", "left", "place", "lots", "warnings"),
    [
        (Kind(), 50_001, "granted", [("ordered", 50_000)], []),
        (Kind(), 50_000, "granted", [("ordered", 50_000)], []),
        (Kind(), 49_999, "cut", [("ordered", 49_999)], ["pool_cut"]),
        (Kind(), 1, "cut", [("ordered", 1)], ["pool_cut"]),
        (Kind(), 0, "waiting", [("waiting", 50_000)], ["pool_waits"]),
        (Kind(waits=False), 0, "turned_away", [], ["pool_empty"]),
        (Kind(partial=False), 50_000, "granted", [("ordered", 50_000)], []),
        (Kind(partial=False), 49_999, "waiting", [("waiting", 50_000)], ["pool_waits"]),
        (Kind(partial=False, waits=False), 49_999, "turned_away", [], ["pool_empty"]),
    ],
)
def test_a_decision_takes_no_more_than_is_left(
    kind: Kind, left: int, place: str, lots: list[tuple[str, int]], warnings: list[str]
) -> None:
    ledger = put_to_training(kind, left)
    made = claim_half(ledger, "V1", 100_000)
    assert made.decision.outcome == "granted"
    assert made.placement is not None
    assert (made.placement.place, made.placement.left) == (place, left)
    assert (made.placement.entitled, made.placement.granted) == (
        50_000,
        sum(amount for state, amount in lots if state == "ordered"),
    )
    assert tell_lots(ledger, "V1") == lots
    assert tell_warnings(made) == warnings
    assert short_of(ledger, made) == ("funds" if warnings else "")


def test_what_is_only_considered_is_cut_alike_and_enters_nothing() -> None:
    ledger = put_to_training(Kind(), 30_000)
    before = ledger.entries
    asked = put_request(ledger, Asked("V1", at_hour(0), "training", 100_000))
    made = ledger.consider("claim", asked.facts, asked.at, thing="V1", carries=dict(asked.carries))
    assert made.placement is not None
    assert (made.placement.place, made.placement.granted) == ("cut", 30_000)
    assert [getattr(x.body, "amount", None) for x in made.followed] == [30_000]
    assert ledger.entries == before


def test_whoever_waits_is_called_up_before_a_decision_on_the_same_money() -> None:
    ledger = put_to_training(Kind(), 0)
    claim_half(ledger, "V1", 100_000)
    ledger.budget("funds", 600, START.date(), at_hour(1), envelope=TRAINING, added=True)
    asked = put_request(ledger, Asked("V2", at_hour(2), "training", 100_000))
    considered = consider(ledger.keeper, asked)
    assert considered.placement is not None
    assert considered.placement.granted == 10_000
    assert [(x.thing, x.granted) for x in considered.called_up] == [("V1", 50_000)]
    made = claim_half(ledger, "V2", 100_000, 2)
    assert [(x.thing, x.granted) for x in made.called_up] == [("V1", 50_000)]
    assert tell_lots(ledger, "V1") == [("ordered", 50_000)]
    assert tell_lots(ledger, "V2") == [("ordered", 10_000)]


def test_a_refused_decision_calls_nobody_up() -> None:
    ledger = put_to_training(Kind(), 0)
    claim_half(ledger, "V1", 100_000)
    ledger.budget("funds", 600, START.date(), at_hour(1), envelope=TRAINING, added=True)
    before = ledger.entries
    with pytest.raises(vr.InputError, match="thing-lives-already"):
        claim_half(ledger, "V1", 100_000, 2)
    assert ledger.entries == before
    assert tell_lots(ledger, "V1") == [("waiting", 50_000)]


NOBODY_SAID = {
    "zh": "年度资金没有写明金额，未查资金是否足够",
    "en": "nobody stated how much there is of money of the year: whether it suffices was not",
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("way", ["decide", "consider", "allocate"])
def test_where_nobody_said_how_much_there_is_the_decision_says_so(way: str, language: str) -> None:
    ledger = open_ledger(Kind(), {"testing": 1})
    asked = put_request(ledger, Asked("V1", at_hour(0), "training", 100_000))
    told = {"thing": "V1", "carries": dict(asked.carries)}
    if way == "allocate":
        (placement,) = ledger.allocate("funds", [asked]).placements
        warnings = placement.answer.result.warnings
    else:
        made = getattr(ledger, way)("claim", asked.facts, asked.at, **told)
        placement, warnings = made.placement, made.decision.warnings
        for form in ("text", "markdown", "html"):
            assert NOBODY_SAID[language] in made.decision.explain(language, form)
        (data,) = [x for x in made.decision.to_data()["warnings"] if x["code"][:5] == "pool_"]
        assert data["arguments"] == {"pool": "funds"}
        assert data["ref"] == "第五条"
    assert [x.code for x in warnings if x.code.startswith("pool_")] == ["pool_not_stated"]
    assert (placement.place, placement.granted, placement.left) == ("granted", 50_000, None)


def test_a_decision_that_grants_nothing_says_nothing_of_money() -> None:
    ledger = open_ledger(Kind(), {})
    asked = put_request(ledger, Asked("V1", at_hour(0), "training", 100_000, able=False))
    made = ledger.decide("claim", asked.facts, asked.at, thing="V1", carries=dict(asked.carries))
    assert made.decision.outcome == "denied"
    assert tell_warnings(made) == []
    assert made.placement is not None
    assert made.placement.place == "not_granted"
    assert made.placement.left is None


def test_who_is_granted_nothing_is_told_what_was_there() -> None:
    ledger = open_ledger(Kind(), {"training": 30_000})
    asked = Asked("V1", at_hour(0), "training", 100_000, able=False)
    (placed,) = serve(ledger, [asked], [], None).placements
    assert (placed.place, placed.left, placed.entitled) == ("not_granted", 30_000, 0)
    assert placed.envelope == (("category", "training"),)


@pytest.mark.parametrize(("stated", "place"), [("10元", "granted"), (None, "not_granted")])
def test_the_sums_of_a_pool_for_all_have_a_row_for_each_year_alone(
    stated: str | None, place: str
) -> None:
    whole = load_changed(takes=POOL["takes"].replace("    per: [category]\n", ""))
    ledger = vr.Ledger(whole)
    ledger.enter("admission", "P1", "admit", "2024-01-05T10:00", carries=PROVIDER)
    ledger.budget("funds", 600, "2024-01-01", "2024-01-05T10:00")
    told = facts(stated or "", START.isoformat())
    if stated is None:
        del told["contract.amount"]
    carries = {"enterprise": "E1", **PROVIDER}
    asked = ledger.request("claim", told, START, thing="V1", carries=carries)
    allocation = ledger.allocate("funds", [asked])
    (placed,) = allocation.placements
    assert (placed.place, placed.left) == (place, 60_000)
    (row,) = allocation.reconcile()
    assert [str(day) for day in row.days] == ["2024-01-01", "2024-12-31"]


@pytest.mark.parametrize(
    ("named", "days", "rows"),
    [
        ("category", (date(2023, 1, 1), date(2023, 12, 31)), 2),
        ("category", (None, None), 1),
        ("enterprise", (date(2023, 1, 1), date(2023, 12, 31)), 1),
    ],
)
def test_what_is_of_another_pool_or_of_no_known_year_has_no_row(
    named: str, days: tuple[date | None, date | None], rows: int
) -> None:
    ledger = put_to_training(Kind(), 1)
    ruleset = load_kind(Kind()).checked
    pool = ruleset.histories.pools["funds"]
    asked = [(((named, "training"),), days)]
    assert len(reconcile_pool(ledger.keeper.books, pool, ruleset, asked)) == rows


def test_a_decision_that_takes_from_no_pool_has_no_place() -> None:
    ledger = put_to_training(Kind(), 1)
    stated = {"finding.fraud": True, "violation.found_on": "2024-01-10"}
    made = ledger.decide("sanction", stated, START, carries={"enterprise": "E1"})
    assert made.placement is None


def test_where_it_is_not_known_which_money_pays_the_decision_says_so() -> None:
    changed = {"category": "for: claim, when: contract.amount > yearly_cap, limits"}
    ledger = vr.Ledger(load_changed(**changed))
    ledger.enter("admission", "P1", "admit", "2024-01-05T10:00", carries=PROVIDER)
    ledger.budget("funds", 600, "2024-01-01", "2024-01-05T10:00", envelope=TRAINING)
    stated = facts("10元", START.isoformat())
    del stated["service.category"]
    carries = {"enterprise": "E1", **PROVIDER}
    made = ledger.decide("claim", stated, START, thing="V1", carries=carries)
    assert made.decision.outcome == "granted"
    assert tell_warnings(made) == ["pool_not_found"]
    assert "不知应由年度资金中的哪一笔支付" in made.decision.explain("zh")
    assert "which part of money of the year pays is not known" in made.decision.explain("en")


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        (
            Kind(),
            "年度资金只余 300元，发放 300元，少于应得的 500元",
            "of money of the year CNY 300 is left: CNY 300 is given, less than the CNY 500 due",
        ),
        (
            Kind(partial=False),
            "年度资金只余 300元，不足 500元，列入候补",
            "of money of the year CNY 300 is left, less than the CNY 500 due: put on the waiting",
        ),
        (
            Kind(partial=False, waits=False),
            "年度资金只余 300元，不足 500元，不发放",
            "of money of the year CNY 300 is left, less than the CNY 500 due: nothing is given",
        ),
    ],
)
def test_what_became_of_the_money_is_told_in_words(kind: Kind, zh: str, en: str) -> None:
    made = claim_half(put_to_training(kind, 30_000), "V1", 100_000)
    assert zh in made.decision.explain("zh")
    assert en in made.decision.explain("en")
    (data,) = [x for x in made.decision.to_data()["warnings"] if x["code"][:5] == "pool_"]
    granted = "300.00" if kind.partial else "0.00"
    assert data["arguments"] == {
        "pool": "funds",
        "left": "300.00",
        "granted": granted,
        "entitled": "500.00",
    }


class TestDecidingAgain:
    @pytest.mark.parametrize(
        ("contract", "granted", "warnings"),
        [
            (119_998, 59_999, []),
            (120_000, 60_000, []),
            (120_002, 60_000, ["pool_cut"]),
            (80_000, 40_000, []),
        ],
    )
    def test_more_is_granted_only_while_money_is_left(
        self, contract: int, granted: int, warnings: list[str]
    ) -> None:
        """It had 50,000 fen and 10,000 are left."""
        ledger = put_to_training(Kind(), 60_000)
        first = claim_half(ledger, "V1", 100_000)
        again = ledger.decide_again(
            first.entry, {"contract.amount": f"{contract // 100}.{contract % 100:02}元"}
        )
        assert tell_lots(ledger, "V1") == [("ordered", granted)]
        assert tell_warnings(again) == warnings
        assert again.placement is not None
        assert again.placement.granted == granted

    def test_where_no_part_is_granted_it_keeps_what_it_had(self) -> None:
        ledger = put_to_training(Kind(partial=False), 60_000)
        first = claim_half(ledger, "V1", 100_000)
        again = ledger.decide_again(first.entry, {"contract.amount": "1200.02元"})
        assert tell_lots(ledger, "V1") == [("ordered", 50_000)]
        assert tell_warnings(again) == ["pool_cut"]
        ledger.decide_again(again.entry, {"contract.amount": "1200元"})
        assert tell_lots(ledger, "V1") == [("ordered", 60_000)]

    def test_who_was_turned_away_gets_what_is_there_since(self) -> None:
        ledger = put_to_training(Kind(waits=False), 0)
        first = claim_half(ledger, "V1", 100_000)
        again = ledger.decide_again(first.entry)
        assert tell_lots(ledger, "V1") == []
        assert tell_warnings(again) == ["pool_empty"]
        ledger.budget("funds", 300, START.date(), at_hour(1), envelope=TRAINING, added=True)
        last = ledger.decide_again(again.entry, at=at_hour(2))
        assert tell_lots(ledger, "V1") == [("ordered", 30_000)]
        assert tell_warnings(last) == ["pool_cut"]

    def test_who_waits_goes_on_waiting_in_the_same_place(self) -> None:
        ledger = put_to_training(Kind(), 0)
        first = claim_half(ledger, "V1", 100_000)
        claim_half(ledger, "V2", 100_000, 1)
        ledger.decide_again(first.entry, {"contract.amount": "800元"}, at=at_hour(2))
        assert tell_lots(ledger, "V1") == [("waiting", 40_000)]
        ledger.budget("funds", 600, START.date(), at_hour(3), envelope=TRAINING, added=True)
        claim_half(ledger, "V3", 100_000, 4)
        assert tell_lots(ledger, "V1") == [("ordered", 40_000)]
        assert tell_lots(ledger, "V2") == [("ordered", 20_000)]
        assert tell_lots(ledger, "V3") == [("waiting", 50_000)]

    @pytest.mark.parametrize(
        ("price", "granted"), [("800元", 40_000), ("1000元", 50_000), ("1200.02元", 60_000)]
    )
    def test_who_was_called_up_is_decided_again_too(self, price: str, granted: int) -> None:
        """It had 50,000 fen and 10,000 are left; it no longer stands on the waiting list."""
        ledger = put_to_training(Kind(), 0)
        claim_half(ledger, "V1", 100_000)
        ledger.budget("funds", 600, START.date(), at_hour(1), envelope=TRAINING, added=True)
        claim_half(ledger, "V9", 2, 2)
        ledger.enter("voucher", "V9", "refuse", at_hour(3))
        ledger.enter("voucher", "V1", "accept", at_hour(3))
        (called,) = [x for x in ledger.history().decisions.values() if thing_of(x) == "V1"]
        again = ledger.decide_again(called.id, {"contract.amount": price}, at=at_hour(4))
        assert tell_lots(ledger, "V1") == [("accepted", granted)]
        assert again.placement is not None
        assert again.placement.granted == granted
        assert ledger.rested_on(again.entry)["ledger.used_this_year"] == ()

    def test_it_is_paid_from_the_money_its_grant_counts_in(self) -> None:
        """A grant of December decided again in January stays one of December."""
        ledger = put_to_training(Kind(), 60_000)
        first = claim_half(ledger, "V1", 100_000)
        ledger.enter("voucher", "V1", "accept", at_hour(1))
        ledger.budget("funds", 9, "2025-01-01", at_hour(1), envelope=TRAINING)
        again = ledger.decide_again(
            first.entry, {"contract.amount": "1000.02元"}, at="2025-01-02T09:00"
        )
        assert again.placement is not None
        assert str(again.placement.days[0]) == "2024-01-01"
        assert tell_lots(ledger, "V1") == [("accepted", 50_001)]


def load_changed(**changes: str) -> vr.Ruleset:
    """Return the invented measure with one pool changed, under which no two pay for one thing."""
    text = read_alone()
    for before, after in changes.items():
        old = POOL[before]
        assert text.count(old) == 1, old
        text = text.replace(old, after)
    return load_text(text)


POOL = {
    "category": "for: claim, when: service.category == 'training', limits",
    "takes": (
        "    takes: [ordered, accepted, settled]\n    per: [category]\n    dated_by: ordered_at\n"
    ),
    "waits": "    waits: wait\n    fills: pool.funds_left\n",
    "last": "    last: partial\n",
    "fills": "    fills: pool.funds_left\n",
}
SETTLED = "    takes: [settled]\n    per: [category]\n    dated_by: settled_at\n"


@pytest.mark.parametrize(
    ("last", "left", "place", "lots"),
    [
        ("partial", 2_000_000, "granted", [("accepted", 1_000_000), ("settled", 2_000_000)]),
        ("partial", 1_999_999, "cut", [("accepted", 1_000_001), ("settled", 1_999_999)]),
        ("partial", 0, "turned_away", [("accepted", 3_000_000)]),
        ("whole", 2_000_000, "granted", [("accepted", 1_000_000), ("settled", 2_000_000)]),
        ("whole", 1_999_999, "turned_away", [("accepted", 3_000_000)]),
    ],
)
def test_what_moves_into_a_state_that_takes_is_paid_too(
    last: str, left: int, place: str, lots: list[tuple[str, int]]
) -> None:
    """Here the pool is charged when a voucher is settled, not when it is ordered."""
    of = {"last": f"    last: {last}\n", "takes": SETTLED, "waits": "    fills: pool.funds_left\n"}
    ledger = vr.Ledger(load_changed(**of))
    ledger.enter("admission", "P1", "admit", "2024-01-05T10:00", carries=PROVIDER)
    budget = f"{left // 100}.{left % 100:02}元"
    ledger.budget("funds", budget, "2024-01-01", "2024-01-05T10:00", envelope=TRAINING)
    made = claim(ledger, "V1", "6万元", "2024-02-01T09:00")
    assert tell_warnings(made) == []
    ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
    stated: dict[str, Any] = {
        "invoice.amount": "4万元",
        "invoice.issuer": "P1",
        "settlement.date": "2024-03-01",
    }
    settled = ledger.decide("settle", stated, "2024-03-01T09:00", thing="V1")
    assert settled.placement is not None
    assert (settled.placement.place, settled.placement.left) == (place, left)
    assert tell_lots(ledger, "V1") == lots


@pytest.mark.parametrize(
    ("all_in_all", "granted", "warnings"),
    [(50_000, 50_000, []), (49_999, 49_999, ["pool_cut"]), (70_000, 50_000, [])],
)
@pytest.mark.parametrize("queue", [False, True])
def test_of_two_pools_the_one_that_leaves_least_cuts(
    all_in_all: int, granted: int, warnings: list[str], *, queue: bool
) -> None:
    second = (
        POOL["fills"]
        + "  provider_money:\n"
        + "    label: {zh: 机构资金, en: money of the provider}\n"
        + "    ref: 第五条\n    of: voucher\n    takes: [ordered, accepted, settled]\n"
        + "    per: [provider]\n    dated_by: ordered_at\n    within: calendar_year\n"
        + "    last: partial\n    order: [first_come]\n"
    )
    ledger = vr.Ledger(load_changed(fills=second))
    ledger.enter("admission", "P1", "admit", "2024-01-05T10:00", carries=PROVIDER)
    ledger.budget("funds", 600, "2024-01-01", "2024-01-05T10:00", envelope=TRAINING)
    text = f"{all_in_all // 100}.{all_in_all % 100:02}元"
    ledger.budget("provider_money", text, "2024-01-01", "2024-01-05T10:00", envelope=PROVIDER)
    if queue:
        asked = put_request(ledger, Asked("V1", at_hour(0), "training", 100_000))
        (placed,) = ledger.allocate("funds", [asked]).placements
        told = [x.code for x in placed.answer.result.warnings if x.code.startswith("pool_")]
        assert (placed.granted, told) == (granted, warnings)
    else:
        assert tell_warnings(claim_half(ledger, "V1", 100_000)) == warnings
    assert tell_lots(ledger, "V1") == [("ordered", granted)]


def test_what_moves_between_states_that_take_alike_takes_nothing_more() -> None:
    ledger = put_to_training(Kind(), 50_000)
    claim_half(ledger, "V1", 100_000)
    ledger.enter("voucher", "V1", "accept", at_hour(1))
    stated = {"invoice.amount": "1000元", "invoice.issuer": "P1", "settlement.date": "2024-03-01"}
    made = ledger.decide("settle", stated, "2024-03-01T09:00", thing="V1")
    assert tell_warnings(made) == []
    assert tell_lots(ledger, "V1") == [("settled", 50_000)]


def test_all_rulesets_of_the_tests_are_those_of_the_laws() -> None:
    assert load_kind(Kind()).id == load_invented().id
