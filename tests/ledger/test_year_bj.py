"""Comes in: a year of invented orders. Goes out: a failure where a cap or a balance breaks.

Every enterprise, provider, product, amount and day is invented. What the guide allows is counted
again from the entries alone, by the numbers of its items written out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

import pytest
from years import (
    THOROUGHNESS,
    Life,
    Lives,
    Moves,
    Shelves,
    Year,
    count_lives,
    list_made,
    local_day,
    moment,
    read_yuan,
    tell_yuan,
)

import voucher_rules as vr
from voucher_rules.ledger.entries import Budgeted, Draft, Entry, Made, Moved, Withdrawn

ID: Final = "cn-bj-service-voucher"
RULESET: Final = vr.load(ID, "2023")
ORDERS: Final = 300 * THOROUGHNESS
END: Final = moment(2024, 6, 30)
BUDGET: Final = 1_150_000_00 * THOROUGHNESS
CAPS: Final = {"ordinary": 20_000_00, "specialised": 100_000_00, "little_giant": 200_000_00}
DEAL_CAP: Final = 50_000_00

LIVE: Final = ("ordered", "accepted", "filed")
USED: Final = ("redeemed", "published", "paid")
LAPSED: Final = ("refused", "timed_out", "cancelled", "expired", "rejected")
BACK: Final = ("refunded", "recovered")
MOVES: Final[Moves] = {
    "voucher": {
        "order": ((), "ordered"),
        "accept": (("ordered",), "accepted"),
        "refuse": (("ordered",), "refused"),
        "time_out": (("ordered",), "timed_out"),
        "cancel": (("ordered", "accepted"), "cancelled"),
        "file": (("accepted",), "filed"),
        "expire": (("accepted",), "expired"),
        "redeem": (("accepted", "filed"), "redeemed"),
        "close": (("filed",), "not_redeemed"),
        "reject": (("filed",), "rejected"),
        "publish": (("redeemed",), "published"),
        "pay": (("published",), "paid"),
        "refund": (USED, "refunded"),
        "end": (LIVE, "ended"),
        "recover": (USED, "recovered"),
    },
    "listing": {"list": ((), "listed"), "withdraw": (("listed",), "withdrawn")},
    "enterprise_bar": {"bar": ((), "in_force"), "lift": (("in_force",), "lifted")},
    "provider_bar": {"bar": ((), "in_force"), "lift": (("in_force",), "lifted")},
}

CLAIM: Final[Mapping[str, Any]] = {
    "order.on_platform": True,
    "round.opens_on": "none",
    "round.closes_on": "none",
    "enterprise.registered_in_city": True,
    "enterprise.legal_person": True,
    "enterprise.name_verified": True,
    "enterprise.size_certified": True,
    "enterprise.last_serious_dishonesty": "none",
    "enterprise.judgment_debtor": False,
    "enterprise.industry": "software",
    "enterprise.employees": "50人",
    "enterprise.revenue": "900万元",
    "product.listed_from": date(2023, 1, 1),
    "product.listed_until": "none",
    "product.category": "digital",
    "product.voucher_cap": "none",
    "service.related_parties": False,
}
REDEMPTION: Final[Mapping[str, Any]] = {
    "filing.papers": ["sealed_contract", "sealed_undertaking", "receipt", "invoice"],
    "contract.same_product": True,
    "contract.states_shares": True,
    "contract.entries": ["order_number", "order_time", "product_name"],
    "service.related_parties": False,
    "finding.service_valid": True,
}
PRODUCT: Final[Mapping[str, Any]] = {
    "selection.papers_submitted": True,
    "finding.first_review_passed": True,
    "finding.deliberation_passed": True,
    "product.owned_in_full": True,
    "product.sales_system": True,
    "product.after_sales": True,
    "finding.partner_conditions_met": True,
    "finding.influential": True,
    "finding.clients_satisfied": True,
    "finding.helps_digitalisation": True,
    "finding.helps_innovation": False,
    "finding.helps_in_crisis": False,
    "finding.raises_efficiency": True,
    "finding.sells_well": True,
    "finding.orders_grow": True,
    "selection.served_specialised": False,
}
VIOLATION: Final[Mapping[str, Any]] = {
    "finding.voucher_traded": True,
    "finding.relation_concealed": False,
    "finding.funds_extracted": False,
    "finding.other_breach": False,
    "finding.other_breach_grave": False,
    "finding.crime_suspected": False,
}


class BeijingYear(Year):
    """Orders of a year, what becomes of them, and what people enter of it."""

    def begin(self) -> None:
        self.prices: dict[str, int] = {}
        self.orders: dict[str, list[str]] = {}
        self.sanctions = 0
        self.providers = [f"provider-{number}" for number in range(10)]
        start = moment(2023, 1, 2)
        self.keeper.enter([Draft(start, Budgeted(ID, "2023", "funds", date(2023, 1, 1), BUDGET))])
        for provider in self.providers:
            self.plan(start, partial(self.list_product, provider))
        self.plan(moment(2023, 9, 1), self.withdraw_product)
        for number in range(ORDERS):
            self.plan(self.later(start, 24, 24 * 361), partial(self.order, f"v{number}"))

    def list_product(self, provider: str, at: datetime) -> None:
        carries = {"provider": provider, "product": f"product of {provider}"}
        self.decide("select_product", PRODUCT, at, carries["product"], carries)

    def withdraw_product(self, at: datetime) -> None:
        self.enter(self.draft(at, "listing", f"product of {self.providers[-1]}", "withdraw"))

    def order(self, name: str, at: datetime) -> None:
        """A third of the enterprises are specialised; some of those become little giants."""
        number = min(self.rng.randrange(ORDERS // 5) for _ in range(2))
        enterprise, provider = f"enterprise-{number}", self.rng.choice(self.providers)
        classes = ["specialised"] if number % 3 == 0 else []
        if number % 6 == 0 and at >= moment(2023, 7, 1):
            classes.append("little_giant")
        self.prices[name] = self.rng.choice((999, 30_000, 66_667, 90_000, 200_000, 400_000)) * 100
        carries = {
            "enterprise": enterprise,
            "provider": provider,
            "product": f"product of {provider}",
        }
        facts = {
            **CLAIM,
            "order.date": local_day(at),
            "order.at": at,
            "enterprise.classes": classes,
            "product.validity": "45天" if self.chance(35) else "none",
            "product.special_need": True,
            "contract.amount": tell_yuan(self.prices[name]),
            "service.starts_on": local_day(at),
            "service.ends_on": local_day(at) + timedelta(days=self.rng.choice((90, 300, 729))),
        }
        answer = self.decide("claim", facts, at, name, carries)
        if answer.result.outcome == "granted":
            if self.chance(6):
                self.prices[name] //= 2
                facts = {**facts, "contract.amount": tell_yuan(self.prices[name])}
                self.supersede(answer.entry, "claim", facts, at, name)
            self.orders.setdefault(enterprise, []).append(name)
            self.use(name, at)

    def use(self, name: str, at: datetime) -> None:
        """Plan what becomes of an order."""
        lot = self.rng.randrange(100)
        answered = self.later(at, 1, 46)
        if lot < 8:
            self.plan(answered, partial(self.happen, name, "ordered", "refuse"))
        elif lot < 13:
            self.plan(answered, partial(self.happen, name, "ordered", "cancel"))
        elif lot < 20:
            self.plan(at + timedelta(hours=80), partial(self.accept_late, name, answered))
        elif lot < 90:
            # The last moment there is: 48 hours after the order, to the second.
            answered = at + timedelta(hours=48) if lot < 24 else answered
            self.plan(answered, partial(self.accept, name))
        if self.chance(8):
            soon = self.chance(40)
            self.plan(self.later(at, 24, 60 if soon else 3600), partial(self.sanction, name))

    def happen(self, name: str, state: str, event: str, at: datetime) -> None:
        """Enter an event, where the voucher still stands where it begins."""
        if self.stands("voucher", name, state):
            self.enter(self.draft(at, "voucher", name, event))

    def accept(self, name: str, at: datetime) -> None:
        if not self.stands("voucher", name, "ordered"):
            return
        self.happen(name, "ordered", "accept", at)
        assert self.decide("accept", {}, at, name).result.outcome == "granted"
        lot = self.rng.randrange(100)
        if lot < 5:
            self.plan(self.later(at, 1, 400), partial(self.happen, name, "accepted", "cancel"))
        elif lot < 85:
            self.plan(self.later(at, 24, 24 * 29), partial(self.file, name))

    def accept_late(self, name: str, answered: datetime, now: datetime) -> None:
        """The provider had accepted in time, which is entered after the order had lapsed.

        What was ordered since stays: the order comes back only where the quota still has room.
        """
        barred = any(made.thing == name for _, made in list_made(self.entries, "sanction"))
        if barred or not self.stands("voucher", name, "timed_out"):
            return
        voucher = self.find_held("voucher", name)
        if (
            self.count_used(voucher.carries["enterprise"]) + voucher.amount_in(["timed_out"])
            > 20_000_00
        ):
            return
        lapse = next(x for x in reversed(self.entries) if _is_event(x, name, "time_out"))
        gone = Draft(lapse.at, Withdrawn("accepted in time"), corrects=lapse.id)
        self.keeper.enter([gone, self.draft(answered, "voucher", name, "accept")], known=now)
        self.plan(self.later(now, 24, 24 * 20), partial(self.file, name))

    def count_used(self, enterprise: str) -> int:
        held = (self.find("voucher", name) for name in self.orders[enterprise])
        return sum(x.amount_in((*LIVE, *USED)) for x in held if x is not None)

    def file(self, name: str, at: datetime) -> None:
        if not self.stands("voucher", name, "accepted"):
            return
        self.happen(name, "accepted", "file", at)
        if self.chance(8):
            # The papers had come in some hours earlier, which is put right the next day.
            right = self.draft(
                at - timedelta(minutes=30), "voucher", name, "file", corrects=self.entries[-1].id
            )
            self.keeper.enter([right], known=at)
        self.plan(self.later(at, 48, 24 * 9), partial(self.redeem, name))

    def redeem(self, name: str, at: datetime) -> None:
        """Some contracts come out cheaper than was said when ordering, some papers are wrong."""
        if not self.stands("voucher", name, "filed"):
            return
        voucher = self.find_held("voucher", name)
        ordered = voucher.entered("ordered")
        assert ordered is not None
        day = local_day(ordered)
        if self.chance(20):
            self.prices[name] = self.prices[name] * 3 // 4
        price = tell_yuan(self.prices[name])
        facts = {
            **REDEMPTION,
            **self.state_service(name, day),
            "product.validity": "none",
            "product.special_need": True,
            "contract.signed_on": day,
            "receipts": [{"dated": day, "amount": price}],
            "invoices": [{"dated": day, "amount": price}],
            "contract.same_product": self.chance(92),
        }
        answer = self.decide("redeem", facts, at, name)
        if answer.result.outcome != "granted":
            self.happen(name, "filed", "reject", at)
            return
        self.happen(name, "filed", "close", at)
        published = self.later(at, 24, 24 * 30)
        self.plan(published, partial(self.happen, name, "redeemed", "publish"))
        self.plan(published + timedelta(days=8), partial(self.pay, name, local_day(published)))

    def state_service(self, name: str, day: date) -> dict[str, Any]:
        return {
            "contract.amount": tell_yuan(self.prices[name]),
            "service.starts_on": day,
            "service.ends_on": day + timedelta(days=200),
        }

    def pay(self, name: str, published: date, at: datetime) -> None:
        if not self.stands("voucher", name, "published"):
            return
        facts = {
            "publicity.ends_on": published + timedelta(days=7),
            "payment.date": local_day(at),
            "payment.objection_open": self.chance(5),
        }
        answer = self.decide("pay", facts, at, name)
        if answer.result.outcome == "granted" and self.chance(25):
            self.plan(self.later(at, 24, 900), partial(self.refund, name, 1))

    def refund(self, name: str, turn: int, at: datetime) -> None:
        """A part of the price was paid back, at times in two parts, at times all of it."""
        if not self.stands("voucher", name, "paid"):
            return
        ordered = self.find_held("voucher", name).entered("ordered")
        assert ordered is not None
        whole = self.chance(20)
        facts = {
            **self.state_service(name, local_day(ordered)),
            "contract.refunded": tell_yuan(self.prices[name] * turn // 3),
            "refund.arose_on": local_day(at),
            "service.not_provided": False,
            "service.refunded_in_full": whole,
        }
        self.decide("refund", facts, at, name)
        if turn == 1 and not whole:
            self.plan(self.later(at, 24, 400), partial(self.refund, name, 2))

    def sanction(self, name: str, at: datetime) -> None:
        self.sanctions += 1
        facts = {
            **VIOLATION,
            "violation.found_on": local_day(at),
            "violation.committed_on": local_day(at) - timedelta(days=3),
            "finding.enterprise_involved": True,
            "finding.provider_involved": self.sanctions % 5 == 3,
        }
        answer = self.decide("sanction", facts, at, name)
        for bar in ("enterprise", "provider"):
            made = f"{answer.entry}.{bar}_barred"
            if self.find(f"{bar}_bar", made) is not None and (bar == "provider" or self.chance(15)):
                lifted = self.draft(at, f"{bar}_bar", made, "lift")
                self.plan(at + timedelta(days=12), partial(self.lift, lifted))

    def lift(self, lifted: Draft, at: datetime) -> None:
        self.keeper.enter([Draft(at, lifted.body)])


def _is_event(entry: Entry, name: str, event: str) -> bool:
    body = entry.body
    return isinstance(body, Moved) and (body.thing, body.event) == (name, event)


@pytest.fixture(scope="module")
def year() -> BeijingYear:
    made = BeijingYear(RULESET, Random(2023))  # noqa: S311 - a seed, no secret
    made.begin()
    made.run(END)
    return made


@pytest.fixture(scope="module")
def lives(year: BeijingYear) -> Lives:
    return count_lives(year.entries, MOVES)


def list_vouchers(lives: Lives) -> list[Life]:
    return [life for key, life in lives.items() if key[0] == "voucher"]


def find_cap(classes: Iterable[str]) -> int:
    return max(CAPS[name] for name in ("ordinary", *classes))


def test_the_year_has_everything_in_it(year: BeijingYear, lives: Lives) -> None:
    happened = {
        (entry.body.lifecycle, entry.body.event)
        for entry in year.entries
        if isinstance(entry.body, Moved)
    }
    assert happened == {(name, event) for name, ways in MOVES.items() for event in ways}
    assert sum(len(life.parts) > 1 for life in lives.values()) > 5
    assert any(made.supersedes for _, made in list_made(year.entries))
    reasons = {x for answer in year.answers.values() for x in _list_reasons(answer.result)}
    assert {
        "enterprise_not_barred",
        "provider_not_barred",
        "yearly_quota",
        "transaction_limit",
        "transaction_share",
        "pool",
        "same_product",
        "no_open_objection",
    } <= reasons


def _list_reasons(result: Any) -> set[str]:  # noqa: ANN401
    failed = {rule.id for reason in result.reasons for rule in reason.rules}
    binding = {rule for amount in result.amounts.values() for rule in amount.binding}
    return failed | binding


def test_no_yearly_cap_is_exceeded(year: BeijingYear, lives: Lives) -> None:
    """By the class an enterprise had when it ordered last; none ever falls."""
    classes: dict[str, list[str]] = {}
    for _, made in list_made(year.entries, "claim"):
        classes.setdefault(made.carries["enterprise"], []).extend(made.facts["enterprise.classes"])
    used: dict[str, int] = dict.fromkeys(classes, 0)
    for life in list_vouchers(lives):
        used[life.carries["enterprise"]] += life.total(*LIVE, *USED)
    assert all(total <= find_cap(classes[name]) for name, total in used.items())
    assert {find_cap(classes[name]) for name in used if used[name] > 20_000_00}
    assert any(total == CAPS["ordinary"] for total in used.values())


def test_no_grant_was_above_what_was_left_when_it_was_made(year: BeijingYear) -> None:
    """Of the year's cap, and of the money: counted from what was known then."""
    shelves = Shelves(year.entries, "enterprise")
    released = 0
    grants = [x for x in list_made(year.entries, "claim") if x[1].outcome == "granted"]
    for number, (entry, made) in enumerate(grants):
        if made.supersedes:
            continue
        granted = made.amounts["voucher.amount"]
        price = read_yuan(made.facts["contract.amount"])
        assert granted <= min(DEAL_CAP, price * 3 // 10)
        cap = find_cap(made.facts["enterprise.classes"])
        known = shelves.before(entry, made.carries["enterprise"])
        before = list_vouchers(count_lives(known, MOVES, entry.at))
        taken = sum(life.total(*LIVE, *USED) for life in before)
        assert taken + granted <= cap
        lapsed = sum(life.total(*LAPSED) for life in before)
        released += taken + lapsed + granted > cap
        if number % 10 == 0:
            known = [x for x in year.entries if x.seq < entry.seq]
            every = list_vouchers(count_lives(known, MOVES, entry.at))
            assert sum(x.total(*LIVE, *USED, *BACK) for x in every) + granted <= BUDGET
    assert released, "no quota was used again after an order had lapsed"


def test_orders_lapse_when_the_guide_says(lives: Lives) -> None:
    """After 48 hours, and after 30 days (45 for some products), later where that is no work day."""
    unanswered = [x.parts[0].since for x in list_vouchers(lives) if x.stands("timed_out")]
    assert unanswered
    for since in unanswered:
        assert since["timed_out"] - since["ordered"] == timedelta(hours=48, microseconds=1)
    expired = [x.parts[0] for x in list_vouchers(lives) if x.stands("expired")]
    waits = {(part.day("expired") - part.day("ordered")).days for part in expired}
    assert 31 in waits
    assert 46 in waits
    assert all(31 <= days <= 39 or 46 <= days <= 54 for days in waits)


def test_every_balance_is_what_the_entries_say(year: BeijingYear) -> None:
    shelves = [Shelves(year.entries, carried) for carried in ("enterprise", "provider")]
    checked = 0
    for entry, made in list_made(year.entries):
        if made.supersedes:
            continue  # it is asked without what followed from the one before it
        known: dict[str, Entry] = {}
        for carried, shelf in zip(("enterprise", "provider"), shelves, strict=True):
            known |= {x.id: x for x in shelf.before(entry, made.carries.get(carried, ""))}
        counted = count_lives(sorted(known.values(), key=lambda x: x.seq), MOVES, entry.at)
        for rested in made.balances:
            expected = _count_balance(rested.name, counted, made)
            told = read_yuan(rested.value) if isinstance(expected, int) else rested.value
            assert told == expected, (entry.id, rested)
            checked += 1
    assert checked > 4 * ORDERS


def _count_balance(name: str, lives: Lives, made: Made) -> int | str:
    """Return a balance of a decision by a count of its own: fen, or as text."""
    others = [life for key, life in lives.items() if key[0] == "voucher" and key[1] != made.thing]
    own = [x for x in others if x.carries["enterprise"] == made.carries.get("enterprise")]
    this = lives.get(("voucher", made.thing))
    found: dict[str, tuple[str, ...]] = {
        "voucher.face": (*LIVE, "timed_out", "cancelled", "ended", "expired"),
        "redemption.paid": USED,
        "order.cancelled": ("timed_out", "cancelled", "ended"),
        "payment.redemption_confirmed": USED,
        "payment.published": ("published", "paid"),
    }
    match name:
        case "ledger.quota_used":
            return sum(life.total(*LIVE, *USED) for life in own)
        case "ledger.quota_live":
            return sum(life.total(*LIVE) for life in own)
        case "enterprise.barred_until" | "provider.barred_until":
            party = name.removesuffix(".barred_until")
            return _find_last_bar(lives, party, made.carries[party])
        case "voucher.face" | "redemption.paid":
            return this.total(*found[name]) if this else 0
    return "true" if this is not None and this.stands(*found[name]) else "false"


def _find_last_bar(lives: Lives, carried: str, party: str) -> str:
    held = [life for key, life in lives.items() if key[0] == f"{carried}_bar"]
    standing = [x for x in held if x.carries[carried] == party and x.stands("in_force")]
    return max((x.carries["until"] for x in standing), default="none")


def test_a_violation_bars_for_three_years_and_ends_the_deal(
    year: BeijingYear, lives: Lives
) -> None:
    made = list_made(year.entries, "sanction")
    assert made
    for entry, body in made:
        voucher = lives["voucher", body.thing]
        assert not voucher.total(*LIVE, *USED)
        bar = lives["enterprise_bar", f"{entry.id}.enterprise_barred"]
        found_on = date.fromisoformat(body.facts["violation.found_on"])
        assert bar.carries["until"] == found_on.replace(year=found_on.year + 3).isoformat()


def test_every_decision_comes_out_alike_when_asked_again(year: BeijingYear) -> None:
    year.check_replay(END)


def test_what_stands_is_the_fold_of_all_entries(year: BeijingYear) -> None:
    year.check_fold()


def test_a_violation_moves_only_what_there_is(year: BeijingYear) -> None:
    """Nothing is recovered where nothing was paid; a voucher nobody knows is a mistake."""
    paid = next(
        made.thing
        for _, made in list_made(year.entries, "pay")
        if year.stands("voucher", made.thing, "paid")
    )
    lapsed = next(
        entry.body.thing
        for entry in year.entries
        if isinstance(entry.body, Moved) and entry.body.event == "expire"
    )
    facts = {
        **VIOLATION,
        "violation.found_on": local_day(END),
        "violation.committed_on": local_day(END),
        "finding.enterprise_involved": True,
        "finding.provider_involved": False,
    }
    found = {
        name: [
            (draft.body.lifecycle, draft.body.event)
            for draft in year.consider("sanction", facts, END, name, {}).drafts
            if isinstance(draft.body, Moved)
        ]
        for name in (paid, lapsed)
    }
    barred = ("enterprise_bar", "bar")
    assert found == {paid: [("voucher", "recover"), barred], lapsed: [barred]}
    whose = {"enterprise": "enterprise-0"}
    unnamed = {**facts, "order.date": date(2023, 6, 1)}
    drafts = year.consider("sanction", unnamed, END, "", whose).drafts
    assert [x.body.event for x in drafts if isinstance(x.body, Moved)] == ["bar"]
    before = len(year.entries)
    with pytest.raises(vr.LedgerError, match="nobody"):
        year.decide("sanction", unnamed, END, "nobody", whose)
    assert len(year.entries) == before
