"""Comes in: a year of invented applications. Goes out: a failure where a cap or a balance breaks.

Every enterprise, provider, amount and day is invented. What the measure allows is counted again
from the entries alone, by the numbers of its articles written out here.
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
    Lives,
    Moves,
    Part,
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
from voucher_rules.decision.result import DecisionResult
from voucher_rules.ledger.entries import Budgeted, Draft, Entry, Made, Moved, Withdrawn

ID: Final = "cn-nx-service-voucher"
RULESET: Final = vr.load(ID, "2016").amend({"validity_period": "60天"})
APPLICATIONS: Final = 320 * THOROUGHNESS
END: Final = moment(2018, 4, 30)
ITEM_CAP, YEAR_CAP = 3000_00, 5000_00
BUDGETS: Final = {
    (date(2017, 1, 1), date(2017, 6, 30)): 400_000_00 * THOROUGHNESS,
    (date(2017, 7, 1), date(2017, 12, 31)): 50_000_00 * THOROUGHNESS,
}

MOVES: Final[Moves] = {
    "application": {
        "submit": ((), "submitted"),
        "issue": (("submitted",), "issued"),
        "issue_at_once": ((), "issued"),
        "turn_down": (("submitted",), "turned_down"),
        "turn_down_at_once": ((), "turned_down"),
        "take_back": (("submitted",), "taken_back"),
        "cancel_issue": (("submitted",), "cancelled"),
    },
    "voucher": {
        "issue": ((), "claimed"),
        "complete": (("claimed",), "performed"),
        "settle": (("claimed", "performed"), "settled"),
        "reduce": (("claimed", "performed"), "reduced"),
        "expire": (("claimed",), "expired"),
        "make_void": (("claimed", "performed", "reduced", "expired"), "void"),
        "make_void_after_use": (("settled",), "void_after_use"),
    },
    "deposit": {
        "pay_in": ((), "paid_in"),
        "pass_on": (("paid_in",), "passed_on"),
        "pay_back": (("paid_in",), "paid_back"),
    },
    "admission": {"admit": ((), "admitted"), "withdraw": (("admitted",), "withdrawn")},
    "bad_record": {"enter": ((), "in_force")},
    "person_record": {"enter": ((), "in_force")},
}
EVERY: Final = (
    "claimed",
    "performed",
    "settled",
    "reduced",
    "expired",
    "void",
    "void_after_use",
)

CLAIM: Final[Mapping[str, Any]] = {
    "claim.requested_amount": "none",
    "claim.made_online": True,
    "enterprise.registered_in_region": True,
    "enterprise.legal_person": True,
    "enterprise.registered_on_platform": True,
    "enterprise.specialised": False,
    "enterprise.credit_grade": "none",
    "finding.good_growth": True,
    "finding.well_run": True,
    "finding.fits_industrial_policy": True,
    "finding.online_information_sound": True,
    "contract.signed": True,
    "contract.collusion_found": False,
    "service.litigation": False,
    "service.funded_otherwise": False,
    "provider.is_operator": False,
}
SETTLEMENT: Final[Mapping[str, Any]] = {
    "settlement.papers": ["service_contract", "provider_receipt"],
    "voucher.transferred": False,
    "enterprise.evaluated_service": True,
    "contract.collusion_found": False,
    "provider.is_operator": False,
}
ADMISSION: Final[Mapping[str, Any]] = {
    "provider.registered_in_region": True,
    "provider.categories": ["consulting", "legal", "credit"],
    "provider.applied_on_platform": True,
    "provider.filed": True,
    "provider.published": True,
    "finding.provider_distinctive": True,
    "finding.provider_willing": True,
    "finding.platform_rules_met": True,
    "finding.papers_true": True,
    "finding.expert_review_passed": True,
}


class NingxiaYear(Year):
    """Applications of a year, what becomes of them, and what people enter of it."""

    def begin(self) -> None:
        self.prices: dict[str, int] = {}
        self.sanctions = 0
        self.providers = [f"provider-{number}" for number in range(8 + 2 * THOROUGHNESS)]
        self.enterprises = [f"enterprise-{number}" for number in range(APPLICATIONS // 4)]
        start = moment(2016, 12, 1)
        for provider in self.providers[:-1]:
            self.plan(start, partial(self.admit, provider))
        for (first, _), amount in BUDGETS.items():
            pool = Budgeted(ID, "2016", "vouchers_of_period", first, amount, added=True)
            self.keeper.enter([Draft(start, pool)])
        for number in range(APPLICATIONS):
            at = self.later(start, 24, 24 * 400)
            self.plan(at, partial(self.apply, f"v{number}"))

    def admit(self, provider: str, at: datetime) -> None:
        self.decide("admit_provider", ADMISSION, at, provider, {"provider": provider})

    def apply(self, name: str, at: datetime) -> None:
        """Most applications are decided as they come; some are reviewed for some days."""
        # The last of the providers was never admitted, and the first enterprises ask most often.
        index = min(self.rng.randrange(len(self.enterprises)) for _ in range(2))
        enterprise = self.enterprises[index]
        provider = self.providers[(index + self.rng.randrange(3)) % len(self.providers)]
        self.prices[name] = self.rng.choice((800, 1999, 3000, 4000, 6000, 6001, 9000, 20000)) * 100
        self.prices[name] += self.rng.choice((0, 0, 1, 99))
        carries = {
            "enterprise": enterprise,
            "person": f"head of {enterprise}",
            "provider": provider,
            "service_item": f"item {self.rng.randrange(3)}",
        }
        if self.chance(30):
            whose = {"enterprise": enterprise}
            self.enter(self.draft(at, "application", name, "submit", carries=whose))
            self.plan(self.later(at, 2, 90), partial(self.review, name, carries))
        else:
            self.review(name, carries, at)

    def review(self, name: str, carries: dict[str, str], at: datetime) -> None:
        applied = self.stands("application", name, "submitted")
        if applied and self.chance(8):
            self.enter(self.draft(at, "application", name, "take_back"))
            return
        if applied and self.chance(6):
            self.sanction(name, carries, at, cancel=True)
            return
        facts = self.state_claim(name, at, applied=applied)
        answer = self.decide("claim", facts, at, name, carries)
        if answer.result.outcome == "granted":
            if self.chance(6):
                # The price was entered wrongly, which is found before anything else happens.
                self.prices[name] = max(self.prices[name] // 2, 100_00)
                facts = {**facts, "contract.amount": tell_yuan(self.prices[name])}
                answer = self.supersede(answer.entry, "claim", facts, at, name)
            self.use(name, at)

    def state_claim(self, name: str, at: datetime, *, applied: bool) -> dict[str, Any]:
        day = local_day(at)
        period = next((x for x in BUDGETS if x[0] <= day <= x[1]), ("none", "none"))
        facts = {
            **CLAIM,
            "claim.date": day,
            "enterprise.size": self.rng.choice((*("micro", "small", "medium") * 4, "large")),
            "contract.signed_on": day - timedelta(days=self.rng.randrange(20)),
            "contract.amount": tell_yuan(self.prices[name]),
            "service.category": self.rng.choice(("consulting", "legal", "credit")),
            "period.opens": period[0],
            "period.closes": period[1],
        }
        return facts if applied else {**facts, "claim.submitted_at": at}

    def use(self, name: str, at: datetime) -> None:
        """Plan what becomes of a voucher."""
        if not self.stands("voucher", name, "claimed"):
            return
        carries = {"enterprise": self.find_held("voucher", name).carries["enterprise"]}
        if self.chance(95):
            left = max(
                self.prices[name] - self.find_held("voucher", name).amount_in(["claimed"]), 1
            )
            paid = self.draft(at, "deposit", name, "pay_in", amount=left, carries=carries)
            self.enter(paid)
            if self.chance(5):
                # The sum was mistyped, and put right the next day.
                right = self.draft(
                    at,
                    "deposit",
                    name,
                    "pay_in",
                    amount=left + 1_00,
                    carries=carries,
                    corrects=self.entries[-1].id,
                )
                self.plan(at + timedelta(days=1), partial(self.put_right, right))
        done = self.later(at, 24, 24 * 70)
        if self.chance(12):
            # Completed in time, but nobody entered it before the voucher had lapsed.
            done = self.later(at, 24, 24 * 50)
            self.plan(at + timedelta(days=75), partial(self.complete_late, name, done))
        elif self.chance(85):
            self.plan(done, partial(self.complete, name))
        if self.chance(4):
            self.plan(self.later(at, 24, 24 * 120), partial(self.sanction, name, {}))

    def put_right(self, right: Draft, at: datetime) -> None:
        self.keeper.enter([right], known=at)

    def complete(self, name: str, at: datetime) -> None:
        if self.stands("voucher", name, "claimed"):
            self.enter(self.draft(at, "voucher", name, "complete"))
            self.plan(self.later(at, 24, 24 * 40), partial(self.settle, name))

    def complete_late(self, name: str, done: datetime, now: datetime) -> None:
        if not self.stands("voucher", name, "expired"):
            return
        lapse = next(x for x in reversed(self.entries) if _is_event(x, name, "expire"))
        gone = Draft(lapse.at, Withdrawn("completed in time"), corrects=lapse.id)
        self.keeper.enter([gone, self.draft(done, "voucher", name, "complete")], known=now)
        self.plan(self.later(now, 24, 24 * 20), partial(self.settle, name))

    def settle(self, name: str, at: datetime) -> None:
        """Ask for settlement, at times with papers missing, at times of a poor performance."""
        if not self.stands("voucher", name, "performed", "void"):
            return
        poor, bare = self.chance(15), self.chance(10)
        facts = {
            **SETTLEMENT,
            "settlement.date": local_day(at),
            "contract.amount": tell_yuan(self.prices[name]),
            "enterprise.satisfied": not poor,
            "finding.fully_performed": not poor,
            "finding.settlement_reduction": tell_yuan(self.rng.randrange(1, 500_00)),
        }
        if bare:
            facts["settlement.papers"] = ["service_contract"]
        answer = self.decide("settle", facts, at, name)
        if answer.result.outcome == "granted":
            left = self.find_held("voucher", name).amount_in(["performed"])
            if left:
                self.enter(self.draft(at, "voucher", name, "reduce"))
            self.enter(self.draft(at, "deposit", name, "pass_on"))
            if self.chance(3):
                self.plan(self.later(at, 24, 24 * 60), partial(self.sanction, name, {}))
        elif bare:
            self.plan(self.later(at, 24, 200), partial(self.settle, name))

    def sanction(
        self, name: str, carries: dict[str, str], at: datetime, *, cancel: bool = False
    ) -> None:
        if not cancel and not self.stands("voucher", name, *EVERY):
            return
        if self.stands("voucher", name, "void", "void_after_use"):
            return
        whose = carries or dict(self.find_held("voucher", name).carries)
        provider = whose["provider"]
        person = {"person": f"head of {whose['enterprise']}"}
        self.sanctions += 1
        out = self.sanctions % 8 == 7 and self.stands("admission", provider, "admitted")
        facts = {
            "violation.found_on": local_day(at),
            "finding.collusion": True,
            "finding.provider_disqualified": out,
            "finding.issue_cancelled": cancel,
        }
        answer = self.decide("sanction", facts, at, name, {**carries, **person})
        if self.stands("deposit", name, "paid_in"):
            self.enter(self.draft(at, "deposit", name, "pay_back"))
        if out:
            ended = self.draft(at, "admission", provider, "withdraw", decision=answer.entry)
            self.enter(ended)


def _is_event(entry: Entry, name: str, event: str) -> bool:
    body = entry.body
    return isinstance(body, Moved) and (body.thing, body.event) == (name, event)


@pytest.fixture(scope="module")
def year() -> NingxiaYear:
    made = NingxiaYear(RULESET, Random(2016))  # noqa: S311 - a seed, no secret
    made.begin()
    made.run(END)
    return made


@pytest.fixture(scope="module")
def lives(year: NingxiaYear) -> Lives:
    return count_lives(year.entries, MOVES)


def test_the_year_has_everything_in_it(year: NingxiaYear, lives: Lives) -> None:
    happened = {
        (entry.body.lifecycle, entry.body.event)
        for entry in year.entries
        if isinstance(entry.body, Moved)
    }
    assert happened == {(name, event) for name, ways in MOVES.items() for event in ways}
    assert sum(len(life.parts) > 1 for life in lives.values()) > 5
    superseding = [made for _, made in list_made(year.entries) if made.supersedes]
    assert superseding
    assert any(isinstance(entry.body, Withdrawn) for entry in year.entries)
    reasons = {x for answer in year.answers.values() for x in _list_reasons(answer.result)}
    assert {
        "enterprise_not_barred",
        "persons_not_barred",
        "provider_is_signed",
        "annual_cap_limit",
        "item_cap_limit",
        "pool_limit",
        "deposit_by_settlement",
        "voucher_not_void",
    } <= reasons


def _list_reasons(result: DecisionResult) -> set[str]:
    failed = {rule.id for reason in result.reasons for rule in reason.rules}
    binding = {rule for amount in result.amounts.values() for rule in amount.binding}
    return failed | binding


def test_no_cap_of_article_6_is_exceeded(lives: Lives) -> None:
    claimed: dict[tuple[str, int], int] = defaultdict(int)
    used: dict[tuple[str, int], int] = defaultdict(int)
    used_item: dict[tuple[str, ...], int] = defaultdict(int)
    for (lifecycle, _), life in lives.items():
        if lifecycle != "voucher":
            continue
        whose = life.carries["enterprise"]
        item = (whose, life.carries["provider"], life.carries["service_item"])
        for part in life.parts:
            claimed[whose, part.day("claimed").year] += part.amount
            if part.state in {"settled", "void_after_use"}:
                used[whose, part.day("settled").year] += part.amount
                used_item[item] += part.amount
    assert max(claimed.values()) == YEAR_CAP
    assert max(used.values()) == YEAR_CAP
    assert max(used_item.values()) == ITEM_CAP
    assert any(day == 2018 for _, day in used), "no voucher of one year was used in the next"


def test_no_voucher_is_above_half_the_price(year: NingxiaYear, lives: Lives) -> None:
    """What a voucher holds goes by the price as it was last put right."""
    for (lifecycle, name), life in lives.items():
        if lifecycle == "voucher":
            whole = sum(part.amount for part in life.parts)
            assert whole <= year.prices[name] // 2


def test_a_period_issues_no_more_than_it_has(lives: Lives) -> None:
    issued: dict[tuple[date, date], int] = dict.fromkeys(BUDGETS, 0)
    for (lifecycle, _), life in lives.items():
        for part in life.parts if lifecycle == "voucher" else ():
            day = part.day("claimed")
            period = next((x for x in BUDGETS if x[0] <= day <= x[1]), None)
            if period is not None:
                issued[period] += part.amount
    assert all(issued[period] <= budget for period, budget in BUDGETS.items())
    assert any(issued[period] == budget for period, budget in BUDGETS.items()), "none ran out"


def test_every_balance_is_what_the_entries_say(year: NingxiaYear) -> None:
    shelves = Shelves(year.entries, "enterprise")
    providers = Shelves(year.entries, "provider")
    persons = Shelves(year.entries, "person")
    checked = 0
    for entry, made in list_made(year.entries):
        if made.supersedes:
            continue  # it is asked without what followed from the one before it
        known = shelves.before(entry, made.carries.get("enterprise", ""))
        known += providers.before(entry, made.carries.get("provider", ""))
        known += persons.before(entry, made.carries.get("person", ""))
        known = list({x.id: x for x in known}.values())
        counted = count_lives(sorted(known, key=lambda x: x.seq), MOVES, entry.at)
        for rested in made.balances:
            expected = _count_balance(rested.name, counted, made)
            told = read_yuan(rested.value) if isinstance(expected, int) else rested.value
            assert told == expected, (entry.id, rested)
            checked += 1
    assert checked > 4 * APPLICATIONS


def _count_balance(name: str, lives: Lives, made: Made) -> int | str:
    """Return a balance of a decision by a count of its own: fen, or yes and no as text."""
    if name.startswith("ledger.") or name == "voucher.face_value":
        return _count_money(name, lives, made)
    return "true" if _count_held(name, lives, made) else "false"


def _count_money(name: str, lives: Lives, made: Made) -> int:
    whose = {x: made.carries.get(x) for x in ("enterprise", "provider", "service_item")}
    vouchers = [life for key, life in lives.items() if key[0] == "voucher"]
    own = [x for x in vouchers if x.carries["enterprise"] == whose["enterprise"]]
    item = [x for x in own if all(x.carries[k] == whose[k] for k in whose)]
    parts = [part for life in own for part in life.parts]
    used = [part for part in parts if part.state in {"settled", "void_after_use"}]
    this = lives.get(("voucher", made.thing))
    assert made.day is not None
    match name:
        case "ledger.claimed_this_year":
            return _sum_year(parts, "claimed", made.day)
        case "ledger.expired_this_year":
            return _sum_year([x for x in parts if x.state == "expired"], "claimed", made.day)
        case "ledger.used_this_year":
            return _sum_year(used, "settled", made.day)
        case "ledger.used_of_claim_year":
            assert this is not None
            return _sum_year(used, "claimed", this.parts[0].day("claimed"))
        case "ledger.claimed_for_item":
            lapsed = sum(life.total("expired", "void") for life in item)
            return sum(life.total(*EVERY) for life in item) - lapsed
        case "ledger.used_for_item":
            return sum(life.total("settled", "void_after_use") for life in item)
        case "voucher.face_value":
            return this.total("claimed", "performed", "expired", "void") if this else 0
    raise AssertionError(name)


def _sum_year(parts: list[Part], state: str, day: date) -> int:
    return sum(part.amount for part in parts if part.day(state).year == day.year)


def _count_held(name: str, lives: Lives, made: Made) -> bool:
    this = lives.get(("voucher", made.thing))
    carried = made.carries
    match name:
        case "voucher.issued":
            return this is not None
        case "voucher.void":
            return this is not None and this.stands("void", "void_after_use")
        case "deposit.paid":
            deposit = lives.get(("deposit", made.thing))
            return deposit is not None and deposit.stands("paid_in", "passed_on")
        case "provider.signed":
            admission = lives.get(("admission", carried["provider"]))
            return admission is not None and admission.stands("admitted")
        case "enterprise.barred":
            return _has_record(lives, "bad_record", "enterprise", carried["enterprise"])
        case "enterprise.responsible_person_barred":
            return _has_record(lives, "person_record", "person", carried["person"])
    raise AssertionError(name)


def _has_record(lives: Lives, lifecycle: str, carried: str, party: str) -> bool:
    return any(
        key[0] == lifecycle and life.carries[carried] == party for key, life in lives.items()
    )


def test_what_lapsed_stays_counted_for_the_year_and_frees_the_item(year: NingxiaYear) -> None:
    """Article 6 bounds what is claimed in a year, and what may be used for one item."""
    shelves = Shelves(year.entries, "enterprise")
    freed = 0
    for entry, made in list_made(year.entries, "claim"):
        whose = made.carries["enterprise"]
        lives = count_lives(shelves.before(entry, whose), MOVES, entry.at)
        own = [life for key, life in lives.items() if key[0] == "voucher"]
        item = [
            life
            for life in own
            if all(life.carries[k] == made.carries[k] for k in ("provider", "service_item"))
        ]
        granted = made.amounts.get("voucher.amount", 0) if made.outcome == "granted" else 0
        if granted and not made.supersedes and sum(x.total("expired") for x in item):
            freed += granted + sum(x.total(*EVERY) for x in item) > ITEM_CAP
    assert freed, "no item was claimed again after a voucher for it had lapsed"


def test_every_decision_comes_out_alike_when_asked_again(year: NingxiaYear) -> None:
    year.check_replay(END)


def test_what_stands_is_the_fold_of_all_entries(year: NingxiaYear) -> None:
    year.check_fold()


def test_a_claim_that_names_no_period_may_not_pass_over_the_money_of_it(
    year: NingxiaYear,
) -> None:
    """Which vouchers are left is not known then; none is written where the period is the year."""
    at = moment(2017, 3, 1)
    facts = {**year.state_claim("v0", at, applied=False), "enterprise.size": "small"}
    carries = {
        "enterprise": "newcomer",
        "person": "head of newcomer",
        "provider": "provider-0",
        "service_item": "item",
    }
    stated = {**facts, "contract.amount": "4000元"}
    silent = {name: x for name, x in stated.items() if not name.startswith("period.")}
    yearly = {**stated, "period.opens": "none", "period.closes": "none"}
    found = {
        name: year.consider("claim", case, at, "new", carries).result.outcome
        for name, case in (("stated", stated), ("silent", silent), ("yearly", yearly))
    }
    assert found == {"stated": "granted", "silent": "undetermined", "yearly": "granted"}
