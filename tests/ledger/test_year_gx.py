"""Comes in: a service year of invented contracts. Goes out: a failure where a cap is broken.

Every enterprise, provider, amount and day is invented, as are the day of publication and the days
between which the notice lets the service year run. What the measure allows is counted again from
the entries alone, by the numbers of its articles written out here. Special vouchers have no numbers
until a notice sets them, and are not told here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
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
from voucher_rules.decision.law import Options
from voucher_rules.decision.result import DecisionResult
from voucher_rules.ledger.entries import Budgeted, Draft, Entry, Made, Moved, Withdrawn

ID: Final = "cn-gx-service-voucher"
RULESET: Final = vr.load(ID, "2024")
CONTRACTS: Final = 260 * THOROUGHNESS
OPENS, CLOSES = date(2025, 2, 1), date(2026, 1, 31)
START, END = moment(2025, 2, 3), moment(2026, 12, 31)
POOL: Final = "vouchers_of_the_year"
MONEY: Final = 900_0000_00 * THOROUGHNESS
PROVIDER_CAP: Final = 500_0000_00
QUOTAS: Final[Mapping[str, int]] = {
    "": 5_0000_00,
    "technology_sme": 10_0000_00,
    "specialised": 20_0000_00,
    "little_giant": 30_0000_00,
}

MOVES: Final[Moves] = {
    "quota": {
        "match": ((), "matched"),
        "match_special": ((), "matched"),
        "expire": (("matched",), "expired"),
        "withdraw": (("matched",), "withdrawn"),
    },
    "voucher": {
        "sign": ((), "signed"),
        "sign_special": ((), "signed"),
        "confirm": (("signed",), "confirmed"),
        "lapse": (("signed",), "lapsed"),
        "cancel": (("signed",), "cancelled"),
        "fail": (("signed", "confirmed"), "failed"),
        "settle": (("confirmed",), "settled"),
        "cut": (("confirmed",), "cut"),
        "pay": (("settled",), "paid"),
        "end_deal": (("signed", "confirmed", "settled"), "ended"),
        "reclaim": (("paid",), "reclaimed"),
        "repay": (("reclaimed",), "repaid"),
    },
    "admission": {"admit": ((), "admitted"), "end": (("admitted",), "ended")},
    "termination": {"terminate": ((), "in_force")},
    "provider_disqualification": {
        "disqualify": ((), "in_force"),
        "restore": (("in_force",), "restored"),
    },
    "enterprise_disqualification": {
        "disqualify": ((), "in_force"),
        "restore": (("in_force",), "restored"),
    },
    "provider_record": {"record": ((), "recorded"), "strike_off": (("recorded",), "struck_off")},
    "enterprise_record": {"record": ((), "recorded")},
}
TAKES: Final = ("signed", "confirmed", "settled", "paid", "reclaimed")
USED: Final = (*TAKES, "repaid")
SETTLED: Final = ("settled", "paid", "reclaimed", "repaid")

SERVICE_YEAR: Final[Mapping[str, Any]] = {
    "service_year.opens_on": OPENS,
    "service_year.closes_on": CLOSES,
}
APPLICATION: Final[Mapping[str, Any]] = {
    "measure.published_on": date(2024, 6, 8),
    "application.online": True,
    "application.meets_notice": "none",
    "application.commitment": True,
    "enterprise.above_scale": True,
    "enterprise.industry": "industry",
    "enterprise.employees": "100人",
    "enterprise.revenue": "5000万元",
    "enterprise.registered_in_region": True,
    "enterprise.legal_person": True,
    "enterprise.insured": True,
    "enterprise.seriously_dishonest": False,
    "enterprise.incidents": [],
    "enterprise.incidents_unsettled": [],
    "enterprise.real_name": True,
    "enterprise.maturity_level": "none",
    "enterprise.entered_list_on": "none",
    "enterprise.holds_other_kind": False,
    "finding.fits_direction": True,
    "finding.qualification_passed": True,
}
USE: Final[Mapping[str, Any]] = {
    **SERVICE_YEAR,
    "measure.published_on": date(2024, 6, 8),
    "contract.on_platform": True,
    "contract.requested": "none",
    "contract.other_kind_used": "0元",
    "enterprise.still_eligible": True,
    "enterprise.maturity_level": "none",
    "enterprise.entered_list_on": "none",
    "provider.admitted_for": "2026年份",
    "provider.admitted_on": date(2025, 2, 1),
    "finding.enterprise_restored": False,
    "finding.provider_restored": False,
    "deposit.paid": "0元",
}
SETTLEMENT: Final[Mapping[str, Any]] = {
    **SERVICE_YEAR,
    "settlement_year.opens_on": "none",
    "settlement_year.closes_on": "none",
    "measure.published_on": date(2024, 6, 8),
    "settlement.uploaded": True,
    "voucher.transferred": False,
    "contract.accepted": True,
    "contract.violation": False,
    "contract.other_kind_used": "0元",
    "service.adverse_remarks": False,
    "finding.settlement_sound": True,
}
PAYMENT: Final[Mapping[str, Any]] = {
    "payment.checked": True,
    "payment.approved": True,
    "payment.published": True,
    "payment.objection_open": False,
}
PROVIDER: Final[Mapping[str, Any]] = {
    "measure.published_on": date(2024, 6, 8),
    "provider.on_platform": True,
    "provider.any_bad_record": False,
    "provider.accepts_checks": True,
    "provider.accepts_face_value": True,
    "provider.kind": "company",
    "provider.registered_in_region": True,
    "provider.pays_tax": True,
    "provider.premises_in_region": True,
    "provider.categories": ["diagnosis", "management"],
    "provider.operating_since": date(2015, 5, 1),
    "provider.clients_last_year": "25家",
    "provider.revenue_last_year": "600万元",
    "staff": [{"core": True, "insured_since": date(2020, 1, 1)} for _ in range(8)],
    "provider.serious_dishonesty": False,
    "provider.seriously_dishonest": False,
    "provider.papers": [
        "application_form",
        "licence",
        "client_contracts",
        "qualification_proof",
        "insurance_proof",
        "tax_form",
        "other_proof",
    ],
    "provider.unified_licence": True,
    "finding.serves_well": True,
    "finding.runs_well": True,
    "finding.strong_ability": True,
    "finding.sound_business": True,
    "admission.compliance_checked": True,
    "admission.no_objection": True,
    "admission.approved": True,
    "admission.published": True,
    "admission.objection_open": False,
    "finding.recommended": True,
    "finding.provider_restored": False,
    "provider.public_platform": False,
}
VIOLATION: Final[Mapping[str, Any]] = {
    "violation.year_subsidy": "0元",
    "finding.voucher_traded": False,
    "finding.sham_deal": True,
    "finding.grave_complaint": False,
    "finding.reports_disagree": False,
    "finding.hinders_checks": False,
    "finding.grave_circumstances": False,
}


class GuangxiYear(Year):
    """The contracts of a service year, what becomes of them, and what people enter of it."""

    def begin(self) -> None:
        self.options = Options(self.options.readings, assume_in_force=True)
        self.facts: dict[str, dict[str, Any]] = {}
        self.titles: dict[str, str] = {}
        self.providers = [f"provider-{number}" for number in range(8)]
        self.enterprises = [f"enterprise-{number}" for number in range(CONTRACTS // 3)]
        for provider in self.providers:
            self.plan(START, partial(self.admit, provider))
        for provider in self.providers[1:]:
            self.plan(moment(2026, 2, 20), partial(self.admit, provider))
        money = Budgeted(ID, "2024", POOL, OPENS, MONEY)
        self.keeper.enter([Draft(START, money)])
        for enterprise in self.enterprises:
            self.titles[enterprise] = self.rng.choice(sorted(QUOTAS))
            # The last enterprise never applies.
            if enterprise != self.enterprises[-1]:
                self.plan(self.later(START, 24, 24 * 20), partial(self.apply, enterprise))
        for number in range(CONTRACTS):
            self.plan(self.later(START, 24 * 25, 24 * 350), partial(self.sign, f"v{number}"))
        self.plan(moment(2026, 12, 1), self.clear_up)

    def admit(self, provider: str, at: datetime) -> None:
        facts = {**PROVIDER, "admission.date": local_day(at), "provider.applied_on": local_day(at)}
        carries = {"provider": provider}
        self.decide("admit_provider", facts, at, f"{at.year} of {provider}", carries)

    def list_titles(self, enterprise: str) -> list[dict[str, Any]]:
        title = self.titles[enterprise]
        held = {"title": title, "valid_from": date(2024, 1, 1), "valid_until": "none"}
        return [held] if title else []

    def apply(self, enterprise: str, at: datetime) -> None:
        facts = {
            **APPLICATION,
            "application.date": local_day(at),
            "application.submitted_at": at,
            "qualification.date": local_day(at),
            "titles": self.list_titles(enterprise),
        }
        carries = {"enterprise": enterprise, "kind": "general"}
        self.decide("apply", facts, at, f"quota of {enterprise}", carries)

    def sign(self, name: str, at: datetime) -> None:
        """Sign a contract: of a diagnosis, of another service, or of both."""
        enterprise = self.rng.choice(self.enterprises)
        # The first provider is the one that most choose.
        provider = self.providers[0 if self.chance(83) else self.rng.randrange(8)]
        kinds = self.rng.choice((("diagnosis",), ("management",), ("diagnosis", "management")))
        prices = [self.rng.choice((9_999_99, 40_000_00, 100_000_01, 300_000_00)) for _ in kinds]
        self.facts[name] = {
            "contract.amount": tell_yuan(sum(prices)),
            "items": [_tell_item(x, y) for x, y in zip(kinds, prices, strict=True)],
        }
        facts = {
            **USE,
            **self.facts[name],
            "contract.signed_on": local_day(at),
            "contract.signed_at": at,
            "qualification.date": START.date() + timedelta(days=21),
            "titles": self.list_titles(enterprise),
        }
        carries = {"enterprise": enterprise, "kind": "general", "provider": provider}
        answer = self.decide("use", facts, at, name, carries)
        if answer.result.outcome != "granted":
            return
        if self.chance(6):
            # Half the price was entered twice; found out before anything else happened.
            item = _tell_item(kinds[0], prices[0] // 2)
            self.facts[name] = {"contract.amount": item["amount"], "items": [item]}
            changed = {**facts, **self.facts[name]}
            answer = self.supersede(answer.entry, "use", changed, at, name)
        if answer.result.outcome == "granted":
            self.carry_on(name, provider, at)

    def carry_on(self, name: str, provider: str, at: datetime) -> None:
        """Plan what becomes of a contract."""
        fate = self.rng.randrange(100)
        if fate < 6:
            self.plan(self.later(at, 24, 24 * 30), partial(self.move, name, "cancel"))
        elif fate < 12:
            self.plan(self.later(at, 24, 24 * 90), partial(self.move, name, "fail"))
        elif fate < 20:
            # Confirmed in time, and not entered before the voucher had lapsed.
            self.plan(moment(2026, 2, 10), partial(self.confirm_late, name, self.later(at, 2, 9)))
        else:
            self.plan(self.later(at, 24, 24 * 150), partial(self.confirm, name))
        if self.chance(10 if provider == self.providers[0] else 45):
            self.plan(self.later(at, 24, 24 * 380), partial(self.sanction, name))

    def move(self, name: str, event: str, at: datetime) -> None:
        if self.stands("voucher", name, *MOVES["voucher"][event][0]):
            self.enter(self.draft(at, "voucher", name, event))

    def confirm(self, name: str, at: datetime) -> None:
        if self.stands("voucher", name, "signed"):
            self.enter(self.draft(at, "voucher", name, "confirm"))
            batch = moment(2025, 11, 20) if at < moment(2025, 11, 10) else moment(2026, 3, 10)
            self.plan(self.later(batch, 1, 24 * 9), partial(self.settle, name))

    def confirm_late(self, name: str, done: datetime, now: datetime) -> None:
        if not self.stands("voucher", name, "lapsed"):
            return
        lapse = next(x for x in reversed(self.entries) if _is_event(x, name, "lapse"))
        gone = Draft(lapse.at, Withdrawn("confirmed in time"), corrects=lapse.id)
        self.keeper.enter([gone, self.draft(done, "voucher", name, "confirm")], known=now)
        self.plan(self.later(moment(2026, 3, 10), 1, 24 * 9), partial(self.settle, name))

    def settle(self, name: str, at: datetime) -> None:
        """Ask for settlement; beyond the cap of a provider a person decides, the year after."""
        if not self.stands("voucher", name, "confirmed"):
            return
        price = read_yuan(self.facts[name]["contract.amount"])
        face = sum(lot.amount for lot in self.find_held("voucher", name).lots)
        deposit = price // 5
        facts = {
            **SETTLEMENT,
            **self.facts[name],
            "settlement.date": local_day(at),
            "deposit.paid": tell_yuan(deposit),
            "balance.paid": tell_yuan(max(price - deposit - face, 0)),
        }
        answer = self.decide("settle", facts, at, name)
        if answer.result.outcome == "granted":
            if self.chance(95):
                self.plan(self.later(at, 24 * 10, 24 * 40), partial(self.pay, name))
        elif answer.result.outcome == "referred" and at.year == 2025 and self.chance(60):
            self.plan(self.later(moment(2026, 3, 10), 1, 24 * 9), partial(self.settle, name))
        elif answer.result.outcome == "referred":
            self.plan(self.later(at, 24, 100), partial(self.cut, name))

    def cut(self, name: str, at: datetime) -> None:
        """A person lets go of one fen, and later of the rest."""
        if self.stands("voucher", name, "confirmed"):
            self.enter(self.draft(at, "voucher", name, "cut", amount=1))
            self.plan(self.later(at, 24, 100), partial(self.move, name, "cut"))

    def pay(self, name: str, at: datetime) -> None:
        if self.stands("voucher", name, "settled"):
            self.decide("pay", {**PAYMENT, "payment.date": local_day(at)}, at, name)

    def sanction(self, name: str, at: datetime) -> None:
        if not self.stands("voucher", name, "signed", "confirmed", "settled", "paid"):
            return
        big = self.find_held("voucher", name).carries["provider"] == self.providers[0]
        chosen = ["end_deal", "repayment", "enterprise_standing", "provider_standing"]
        responses = [x for x in (chosen[:3] if big else chosen) if self.chance(60)]
        facts = {
            **VIOLATION,
            "violation.found_on": local_day(at),
            "finding.false_papers": not big and self.chance(40),
            "finding.enterprise_involved": self.chance(70),
            "finding.provider_involved": True,
            "finding.responses": responses,
        }
        self.decide("sanction", facts, at, name)
        if self.stands("voucher", name, "reclaimed"):
            half = self.find_held("voucher", name).amount_in(["reclaimed"]) // 2
            back = partial(self.repay, name, half)
            self.plan(self.later(at, 24, 24 * 30), back)

    def repay(self, name: str, amount: int, at: datetime) -> None:
        self.enter(self.draft(at, "voucher", name, "repay", amount=amount))

    def clear_up(self, at: datetime) -> None:
        """Quotas and admissions end with their year, and some are forgiven."""
        things = sorted(self.keeper.books.things)
        for event, lifecycle in (
            ("restore", "provider_disqualification"),
            ("restore", "enterprise_disqualification"),
            ("strike_off", "provider_record"),
            ("withdraw", "quota"),
            ("expire", "quota"),
            ("end", "admission"),
        ):
            sources = MOVES[lifecycle][event][0]
            found = [x[2] for x in things if x[1] == lifecycle and self.stands(*x[1:], *sources)]
            self.enter(self.draft(at, lifecycle, found[0], event))


def _tell_item(category: str, price: int) -> dict[str, Any]:
    return {
        "amount": tell_yuan(price),
        "category": category,
        "listed": True,
        "litigation": False,
        "mandatory": False,
    }


def _is_event(entry: Entry, name: str, event: str) -> bool:
    body = entry.body
    return isinstance(body, Moved) and (body.thing, body.event) == (name, event)


@pytest.fixture(scope="module")
def year() -> GuangxiYear:
    made = GuangxiYear(RULESET, Random(11))  # noqa: S311 - the same every time
    made.begin()
    made.run(END)
    return made


@pytest.fixture(scope="module")
def lives(year: GuangxiYear) -> Lives:
    return count_lives(year.entries, MOVES)


def test_the_year_has_everything_in_it(year: GuangxiYear, lives: Lives) -> None:
    happened = {
        (entry.body.lifecycle, entry.body.event)
        for entry in year.entries
        if isinstance(entry.body, Moved)
    }
    possible = {(name, event) for name, ways in MOVES.items() for event in ways}
    assert possible - happened == {("quota", "match_special"), ("voucher", "sign_special")}
    assert any(len(life.parts) > 1 for life in lives.values())
    assert any(made.supersedes for _, made in list_made(year.entries))
    assert any(isinstance(entry.body, Withdrawn) for entry in year.entries)
    found = {name for answer in year.answers.values() for name in _list_reasons(answer.result)}
    assert {
        "pool",
        "quota_limit",
        "item_ratios",
        "provider_limit",
        "face_value_limit",
        "standing_confirmed",
        "standing_not_ended",
        "provider_in_standing",
        "enterprise_in_standing",
        "no_bad_record_on_file",
    } <= found


def _list_reasons(result: DecisionResult) -> set[str]:
    failed = {rule.id for reason in result.reasons for rule in reason.rules}
    return failed | {name for amount in result.amounts.values() for name in amount.binding}


def _list_vouchers(lives: Lives) -> list[Life]:
    return [life for key, life in lives.items() if key[0] == "voucher"]


def test_no_enterprise_uses_more_in_a_year_than_article_9_allows(
    year: GuangxiYear, lives: Lives
) -> None:
    used: dict[str, int] = defaultdict(int)
    for life in _list_vouchers(lives):
        used[life.carries["enterprise"]] += life.total(*USED)
    full = {name for name, sum_ in used.items() if sum_ == QUOTAS[year.titles[name]]}
    assert all(sum_ <= QUOTAS[year.titles[name]] for name, sum_ in used.items())
    assert {year.titles[name] for name in full} >= {"", "technology_sme", "specialised"}


def test_no_provider_is_settled_more_in_a_year_than_article_10_allows(lives: Lives) -> None:
    """The cap holds in principle: nobody let more be settled, so nothing was."""
    settled: dict[tuple[str, int], int] = defaultdict(int)
    for life in _list_vouchers(lives):
        for part in life.parts:
            if part.state in SETTLED:
                settled[life.carries["provider"], part.day("settled").year] += part.amount
    assert all(sum_ <= PROVIDER_CAP for sum_ in settled.values())
    assert max(settled.values()) > PROVIDER_CAP * 9 // 10
    assert len({year for _, year in settled}) == 2


def test_no_more_is_given_out_than_there_is(year: GuangxiYear, lives: Lives) -> None:
    taken = sum(life.total(*TAKES) for life in _list_vouchers(lives))
    assert taken <= MONEY
    ran_out = [x.result for x in year.answers.values() if "pool" in _list_reasons(x.result)]
    assert any(x.outcome == "granted" for x in ran_out), "the last grant was never cut"
    assert any(x.outcome == "denied" for x in ran_out)


def test_a_voucher_lapses_with_the_service_year_and_gives_back_what_it_held(
    year: GuangxiYear,
) -> None:
    lapses = [x for x in year.entries if isinstance(x.body, Moved) and x.body.cause]
    assert {x.at for x in lapses} == {moment(2026, 2, 1, 0)}
    before = count_lives(year.entries, MOVES, moment(2026, 1, 31, 23))
    after = count_lives(year.entries, MOVES, moment(2026, 2, 1, 0))
    freed = 0
    for key, life in after.items():
        if key[0] == "voucher" and life.stands("lapsed"):
            assert not life.total(*USED)
            freed += before[key].total(*USED)
    assert freed
    taken = [sum(x.total(*TAKES) for x in _list_vouchers(told)) for told in (before, after)]
    assert taken[0] - taken[1] == freed


def test_every_voucher_is_what_articles_9_and_10_give(year: GuangxiYear) -> None:
    granted = {x.entry: x for x in year.answers.values()}
    checked = 0
    for entry, made in list_made(year.entries, "use"):
        if made.outcome != "granted":
            continue
        items = made.facts["items"]
        share = sum(
            read_yuan(x["amount"]) * (8 if x["category"] == "diagnosis" else 5) // 10 for x in items
        )
        rested = {x.name: x.value for x in made.balances}
        quota = QUOTAS[year.titles[made.carries["enterprise"]]]
        allowed = min(share, quota - read_yuan(rested["ledger.used_this_year"]))
        given = made.amounts["voucher.amount"]
        cut = granted[entry.id].result.amounts["voucher.amount"].binding == ("pool",)
        assert given < allowed if cut else given == allowed
        checked += 1
    assert checked > CONTRACTS // 4


def test_every_balance_is_what_the_entries_say(year: GuangxiYear) -> None:
    names = ("enterprise", "provider")
    shelves = [Shelves(year.entries, name) for name in names]
    checked = 0
    for entry, made in list_made(year.entries):
        if made.supersedes:
            continue  # it is asked without what followed from the one before it
        parties = zip(shelves, names, strict=True)
        known = [x for held, name in parties for x in held.before(entry, _name(made, name))]
        known = sorted({x.id: x for x in known}.values(), key=lambda x: x.seq)
        lives = count_lives(known, MOVES, entry.at)
        for rested in made.balances:
            assert rested.value == _count_balance(rested.name, lives, made), (entry.id, rested)
            checked += 1
    assert checked > 5 * CONTRACTS


def _name(made: Made, carried: str) -> str:
    return made.carries.get(carried, "")


def _count_balance(name: str, lives: Lives, made: Made) -> str:
    """Return a balance of a decision by a count of its own, as an entry tells it."""
    vouchers = {key[1]: life for key, life in lives.items() if key[0] == "voucher"}
    enterprise, provider = _name(made, "enterprise"), _name(made, "provider")
    own = [
        life
        for key, life in vouchers.items()
        if life.carries["enterprise"] == enterprise and key != made.thing
    ]
    sold = [life for life in vouchers.values() if life.carries["provider"] == provider]
    match name:
        case "ledger.used_this_year":
            return _tell_money(_sum_days(own, USED, "signed", OPENS, CLOSES))
        case "ledger.confirmed_this_year":
            states = ("confirmed", *SETTLED)
            return _tell_money(_sum_days(own, states, "confirmed", OPENS, CLOSES))
        case "ledger.failed_this_year":
            return _tell_money(_sum_days(own, ("failed",), "signed", OPENS, CLOSES))
        case "ledger.provider_settled_this_year" | "ledger.provider_special_settled":
            settled = date.fromisoformat(made.facts["settlement.date"]).year
            span = (date(settled, 1, 1), date(settled, 12, 31))
            return _tell_money(_sum_days(sold, SETTLED, "settled", *span))
        case "ledger.provider_settled_of_use_year":
            return _tell_money(_sum_days(sold, SETTLED, "signed", OPENS, CLOSES))
        case "enterprise.qualified":
            held = lives.get(("quota", f"quota of {enterprise}"))
            return "true" if held is not None and held.stands("matched") else "false"
        case "provider.bad_record_on_file":
            held_against = [x for key, x in lives.items() if key[0] == "provider_record"]
            mine = [x for x in held_against if x.carries["provider"] == provider]
            return "true" if any(x.stands("recorded") for x in mine) else "false"
        case "provider.false_papers_on":
            return _find_last(lives, "termination", "provider", provider)
        case "provider.disqualified_on":
            return _find_last(lives, "provider_disqualification", "provider", provider)
        case "enterprise.disqualified_on":
            return _find_last(lives, "enterprise_disqualification", "enterprise", enterprise)
    raise AssertionError(name)


def _sum_days(
    lives: list[Life], states: tuple[str, ...], dated: str, first: date, last: date
) -> int:
    parts = [part for life in lives for part in life.parts if part.state in states]
    return sum(part.amount for part in parts if first <= part.day(dated) <= last)


def _find_last(lives: Lives, lifecycle: str, carried: str, party: str) -> str:
    days = [
        life.carries["since"]
        for key, life in lives.items()
        if key[0] == lifecycle and life.carries[carried] == party and life.stands("in_force")
    ]
    return max(days, default="none")


def _tell_money(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def test_the_year_can_be_told_again(year: GuangxiYear) -> None:
    year.check_fold()
    year.check_replay(END)
