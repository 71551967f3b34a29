"""Comes in: an independent reading of the Beijing guide. Goes out: a failure where we differ.

The second reading was made from the official text alone, without the ruleset. Every boundary case
it names is decided with the ruleset wherever the ruleset asks that question. The only differences
allowed are those named here with their reason: a choice that was made, or a recorded reading under
whose other option both agree.

These functions of the second reading have no counterpart:

- ``debtor_listing_counts``: the ruleset asks whether the enterprise is listed on the day.
- ``quota_year``: the year is part of what the balance is, so whoever keeps it picks the year.
- ``acceptance_state`` and ``voucher_status``: the ruleset has no clock; it asks for the state of an
  order and for the moment of its acceptance.
- ``contract_amounts_agree``: whether the contract states both parts is asked as one fact.
- ``recovered_amount``: that the money is recovered is told, an amount is not.
- ``product_decider``: who decides is told beside each finding and decides nothing.

Of the others, the options that ``WITHOUT_COUNTERPART`` names have none, nor have the services of
part two whose kind the ruleset asks for, nor deadlines in a calendar that was never in force.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

import pytest
import second_reading_bj as second
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st
from second_reading_compare import (
    ONE_DAY,
    REFUSED,
    Answerer,
    Case,
    Differences,
    Facts,
    Readings,
    ask_answerer,
    check_agreement,
    check_choices,
    check_differences,
    check_functions,
    check_options,
    check_own_answer,
    draw_fen,
    gather_unmet,
    has_option,
    list_failed,
    load_boundary,
    name_case,
    sort_refs,
    tell_verdict,
    to_fen,
    to_yuan,
)

from voucher_rules import Decision, InputError, load

RULESET: Final = load("cn-bj-service-voucher", "2023")
HUGE: Final = "1000000000元"
CAPS: Final = ("ordinary", "specialised", "little_giant")
# Limits of one deal too high to hold: what is left is the yearly cap.
NO_DEAL_LIMIT: Final = RULESET.amend({"transaction_ratio": "100%", "transaction_cap": HUGE})
# Limits too high to hold: what is left is arithmetic.
UNLIMITED: Final = NO_DEAL_LIMIT.amend({f"annual_cap[{name}]": HUGE for name in CAPS})
BOUNDARY: Final[list[Case]] = load_boundary("bj")["cases"]


CLAIM: Final[Mapping[str, Any]] = {
    "order.date": date(2023, 9, 1),
    "order.at": "2023-09-01T10:00:00+08:00",
    "order.on_platform": True,
    "round.opens_on": "none",
    "round.closes_on": "none",
    "enterprise.registered_in_city": True,
    "enterprise.legal_person": True,
    "enterprise.name_verified": True,
    "enterprise.size_certified": True,
    "enterprise.classes": [],
    "enterprise.last_serious_dishonesty": "none",
    "enterprise.judgment_debtor": False,
    "enterprise.barred_until": "none",
    "enterprise.industry": "software",
    "enterprise.employees": 50,
    "enterprise.revenue": "900万元",
    "product.listed_from": date(2020, 1, 1),
    "product.listed_until": "none",
    "product.category": "digital",
    "product.voucher_cap": "none",
    "product.validity": "none",
    "product.special_need": False,
    "provider.barred_until": "none",
    "contract.amount": "200000元",
    "service.starts_on": date(2023, 9, 1),
    "service.ends_on": date(2024, 8, 31),
    "service.related_parties": False,
    "pool.funds_left": "none",
    "ledger.quota_used": 0,
}
LARGE_CONTRACT: Final[Mapping[str, Any]] = {"contract.amount": "100000000元"}
PAPERS: Final = ("sealed_contract", "sealed_undertaking", "receipt", "invoice")
ENTRIES: Final = ("order_number", "order_time", "product_name")
REDEEM: Final[Mapping[str, Any]] = {
    "order.date": date(2023, 4, 4),
    "order.cancelled": False,
    "product.validity": "none",
    "product.special_need": False,
    "filing.date": date(2023, 4, 20),
    "filing.papers": list(PAPERS),
    "voucher.face": "20000元",
    "contract.amount": "200000元",
    "contract.signed_on": date(2023, 4, 4),
    "contract.same_product": True,
    "contract.states_shares": True,
    "contract.entries": list(ENTRIES),
    "service.starts_on": date(2023, 4, 4),
    "service.ends_on": date(2024, 4, 3),
    "service.related_parties": False,
    "receipts": [{"dated": date(2023, 4, 10), "amount": "180000元"}],
    "invoices": [{"dated": date(2023, 4, 10), "amount": "200000元"}],
    "finding.service_valid": True,
}
MEASURE: Final[Mapping[str, Any]] = {
    "order.date": date(2023, 9, 1),
    "service.starts_on": date(2023, 9, 1),
}
PAY: Final[Mapping[str, Any]] = {
    "order.date": date(2023, 4, 4),
    "publicity.ends_on": date(2023, 8, 31),
    "payment.date": date(2023, 9, 1),
    "payment.objection_open": False,
    "payment.redemption_confirmed": True,
    "payment.published": True,
}
REFUND: Final[Mapping[str, Any]] = {
    "order.date": date(2023, 4, 4),
    "service.starts_on": date(2023, 4, 4),
    "service.ends_on": date(2024, 4, 3),
    "service.not_provided": False,
    "service.refunded_in_full": False,
    "refund.arose_on": date(2024, 4, 3),
}
PRODUCT: Final[Mapping[str, Any]] = {
    "order.date": date(2023, 3, 1),
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
    "provider.barred_until": "none",
}
SANCTION: Final[Mapping[str, Any]] = {
    "order.date": date(2023, 4, 4),
    "violation.found_on": date(2023, 6, 15),
    "violation.committed_on": date(2023, 4, 20),
    "finding.voucher_traded": False,
    "finding.relation_concealed": False,
    "finding.funds_extracted": False,
    "finding.other_breach": False,
    "finding.other_breach_grave": False,
    "finding.crime_suspected": False,
    "finding.enterprise_involved": True,
    "finding.provider_involved": True,
}

SIZES: Final[Mapping[str | None, Facts]] = {
    "micro": {"enterprise.employees": 5, "enterprise.revenue": "40万元"},
    "small": {"enterprise.employees": 50, "enterprise.revenue": "900万元"},
    "medium": {"enterprise.employees": 200, "enterprise.revenue": "5000万元"},
    "large": {"enterprise.employees": 300, "enterprise.revenue": "1亿元"},
    None: {"enterprise.size_certified": False},
}
CATEGORIES: Final = (
    "digital",
    "cloud",
    "talent",
    "technology",
    "transfer",
    "design",
    "software",
    "listing",
    "finance",
    "market",
    "legal",
    "other",
)
# What a flag of the second reading says in facts where its condition is not met.
UNMET_CLAIM: Final[Mapping[str, Facts]] = {
    "registered_in_city": {"enterprise.registered_in_city": False},
    "independent_legal_person": {"enterprise.legal_person": False},
    "size_in_scope": SIZES["large"],
    "no_serious_record": {"enterprise.last_serious_dishonesty": date(2023, 8, 1)},
    "not_listed_as_debtor": {"enterprise.judgment_debtor": True},
    "service_in_directions": {"product.category": "other", "finding.serves_growth": False},
    "product_may_issue": {"product.listed_from": date(2023, 9, 2)},
    "identity_verified": {"enterprise.name_verified": False},
    "size_confirmed_in_app": {"enterprise.size_certified": False},
    "ordered_in_app": {"order.on_platform": False},
    "vouchers_left": {"pool.funds_left": 0},
    "not_barred": {"enterprise.barred_until": date(2023, 9, 1)},
}
UNMET_PRODUCT: Final[Mapping[str, Facts]] = {
    "full_intellectual_property": {"product.owned_in_full": False},
    "full_sales_system": {"product.sales_system": False},
    "after_sales_service": {"product.after_sales": False},
    "meets_platform_provider_terms": {"finding.partner_conditions_met": False},
    "influence_and_good_name": {"finding.influential": False},
    "customers_satisfied": {"finding.clients_satisfied": False},
    "aims_met": {"finding.helps_digitalisation": False},
    "raises_efficiency": {"finding.raises_efficiency": False},
    "sold_well_last_year": {"finding.sells_well": False},
    "orders_grew_two_years": {"finding.orders_grow": False},
}
UNMET_PAYMENT: Final[Mapping[str, Facts]] = {
    "service_found_valid": {"finding.service_valid": False},
    "amount_confirmed": {},
    "reported_to_bureau": {},
    "use_summarised_by_bureau": {},
    "published": {},
    "publication_period_over": {"payment.date": date(2023, 8, 31)},
}
ENTRY_FLAGS: Final[Mapping[str, str]] = {
    "table_order_number": "order_number",
    "table_order_time": "order_time",
    "table_product_name": "product_name",
}
FILING_PAPERS: Final = dict(zip(second.FILING_PAPERS, PAPERS, strict=True))
BREACHES: Final[Mapping[str, str]] = {
    "transferred": "voucher_traded",
    "given_away": "voucher_traded",
    "sold": "voucher_traded",
    "relation_deliberately_concealed": "relation_concealed",
    "sham_contract": "funds_extracted",
    "price_inflated": "funds_extracted",
    "other_scheme_for_funds": "funds_extracted",
    "refund_not_reported": "other_breach",
    "other_breach": "other_breach",
    "formal_defect": "other_breach",
}
MEASURES: Final[Mapping[str, str]] = {
    "self_paid": "recompute",
    "contract": "proportional",
    "recompute": "recompute",
    "all": "everything",
}

NO_COUNTERPART: Final = frozenset(
    {
        "debtor_listing_counts",
        "quota_year",
        "acceptance_state",
        "voucher_status",
        "contract_amounts_agree",
        "recovered_amount",
        "product_decider",
    }
)
# Options (function, argument, value) that are no option of the ruleset, and why.
WITHOUT_COUNTERPART: Final[Mapping[tuple[str, str, object], str]] = {
    ("serious_record_counts", "window", "open"): "the day three years back is always included",
    ("serious_record_counts", "listed_fields_only", True): "the fact takes in every field",
    ("serious_record_counts", "field", "sport"): "the fact takes in every field and names none",
    ("yearly_cap", "several", "lowest"): "no careful reader would take the lowest cap",
    ("validity_days_allowed", "additional", True): "60 days are the whole and not an addition",
    ("subsidised_base_by_dates", "last_day_counts", False): "the last day is the last day served",
    ("first_come", "last", "stop"): "the rest of the money is always given",
    ("first_come", "last", "skip"): "the rest of the money is always given",
    ("filing_failed", "completed_later", True): "papers must be in within the validity",
    ("review_deadline", "filing_day_counts", True): "working days begin on the day after",
    ("review_deadline", "weekends_off", False): "the calendar is the one in force",
    ("occupies_quota", "rejected_occupies", True): "a rejected filing sets the quota free",
    ("occupied_quota", "redeemed_counts", "face"): "what was paid counts",
    ("sanctioned_parties", "always_both", True): "those involved are found one by one",
    ("application_barred", "last_day_barred", False): "the last day of the bar is barred",
    ("voucher_claim_barred", "for_ever", True): "the ruleset asks for the last day of the bar",
}
# Holidays without the days made up for them, which no notice ever ordered.
NEVER_IN_FORCE: Final = frozenset({"bj-270", "bj-272"})

# Where the two readings part, and why: each a choice that was made, not an oversight.
CHOICES: Final[Mapping[str, str]] = {
    "a": "a price of nothing is no contract, so the ruleset refuses it at the door",
    "b": "a moment without an offset is local time",
    "c": "events in an impossible order are denied with their reason and not refused",
    "d": "a validity of less than 30 days does not shorten the usual one",
    "e": "30 days hold as a rule, so a longer validity without special need goes to a person",
    "f": "the order has taken up the quota, so redemption does not measure it once more",
    "g": "the steps of the authorities and of settlement are asked of them and not of the platform",
    "h": "the measure of a refund is the grant anew on what is left",
    "i": "what goes beyond the whole is capped at the whole and not refused",
}
# id -> what the ruleset answers, and the choice behind it.
APART: Final[Mapping[str, tuple[object, str]]] = {
    "bj-080": ("2023-04-04", "b"),
    "bj-081": (True, "d"),
    "bj-083": ("referred", "e"),
    "bj-084": (True, "d"),
    "bj-093": ("referred", "e"),
    "bj-123": (REFUSED, "a"),
    "bj-208": (False, "c"),
    "bj-212": (True, "b"),
    "bj-283": (3_000_000, "f"),
    "bj-284": (3_000_000, "f"),
    "bj-287": ([True, []], "g"),
    "bj-288": ([True, []], "g"),
    "bj-289": ([True, []], "g"),
    "bj-290": ([True, []], "g"),
    "bj-319": (100, "i"),
    "bj-325": (0, "h"),
    "bj-326": (0, "h"),
    "bj-327": (0, "h"),
    "bj-328": (1_250_000, "h"),
    "bj-329": (3_500_000, "h"),
    "bj-331": (3_500_001, "h"),
    "bj-335": (5_000_000, "i"),
    "bj-424": ("applied", "c"),
    "bj-425": ("none", "c"),
}
# id -> the reading under which both agree; under its default the ruleset differs.
STAYS: Final[Readings] = {"validity_roll": "stays"}
READ_APART: Final[Mapping[str, Readings]] = {
    "bj-096": STAYS,
    "bj-100": STAYS,
    "bj-104": STAYS,
    "bj-108": STAYS,
    "bj-117": STAYS,
    "bj-120": STAYS,
    "bj-122": STAYS,
}
# id -> the parameter under which both agree: the ruleset takes a year for 365 days, the second
# reading takes the first year of the term as it is.
SET_APART: Final[Mapping[str, Mapping[str, str]]] = {
    "bj-181": {"year_in_days": "366天"},
    "bj-188": {"year_in_days": "366天"},
    "bj-190": {"year_in_days": "366天"},
}

ORDINALS: Final = "一二三四五"


def put_ref(ref: str) -> str:
    """Return a reference of the second reading as the ruleset writes it: 四(一)1 as 四、（一）1."""
    part, rest = ref[0], ref[1:].lstrip(".")
    assert part in ORDINALS, ref
    if not rest:
        return f"{part}、"
    if bracketed := re.fullmatch(r"\((.)\)(\d+)", rest):
        return f"{part}、（{bracketed[1]}）{bracketed[2]}."
    if item := re.fullmatch(r"(\d+)\((\d+)\)", rest):
        return f"{part}、{item[1]}.（{item[2]}）"
    return f"{part}、{rest}."


class Asked(Answerer):
    """The ruleset as it is asked, under a choice of readings and parameters."""

    ruleset = RULESET

    def __init__(
        self, readings: Mapping[str, str] | None = None, parameters: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(readings)
        self.parameters = dict(parameters or {})

    def decide(
        self,
        decision: str,
        base: Mapping[str, Any],
        facts: Mapping[str, Any] | None = None,
        readings: Mapping[str, str] | None = None,
        ruleset: Any = None,  # noqa: ANN401
    ) -> Decision:
        """Decide as if in force, under parameters of its own."""
        asked = ruleset or self.ruleset
        if self.parameters:
            asked = asked.amend(self.parameters)
        return super().decide(decision, base, facts, readings, asked)

    def answer_size_in_scope(self, size: str | None) -> bool:
        facts = SIZES.get(size, {"enterprise.industry": size})
        return tell_verdict(self.decide("claim", CLAIM, facts))[0]

    def answer_lookback_start(self, check_day: date) -> date:
        """Return the first day on which a record stands in the way, from four years back."""
        day = check_day - timedelta(days=3 * 365 + 3)
        assert not self.answer_serious_record_counts(day, check_day)
        while not self.answer_serious_record_counts(day, check_day):
            day += ONE_DAY
        return day

    def answer_serious_record_counts(
        self, record_day: date, check_day: date, field: str = "tax", window: str = "closed"
    ) -> bool:
        assert field in second.RECORD_FIELDS
        facts: Facts = {"order.date": check_day, "enterprise.last_serious_dishonesty": record_day}
        readings: Readings = {}
        if window == "any_age":
            facts["enterprise.listed_as_dishonest"] = record_day <= check_day
            readings["dishonesty_window"] = "listed"
        return not tell_verdict(self.decide("claim", CLAIM, facts, readings))[0]

    def answer_may_claim(self, **flags: bool) -> list[object]:
        granted, articles = tell_verdict(
            self.decide("claim", CLAIM, gather_unmet(UNMET_CLAIM, flags))
        )
        return [granted, articles]

    def answer_yearly_cap(self, classes: Iterable[str], several: str = "highest") -> int:
        facts = {**LARGE_CONTRACT, "enterprise.classes": sorted(set(classes))}
        readings = {"several_classes": several}
        return to_fen(self.decide("claim", CLAIM, facts, readings, NO_DEAL_LIMIT))

    def answer_in_programme_year(self, order_day: date) -> bool:
        facts = {**CLAIM, "order.date": order_day}
        outcome = RULESET.decide("claim", facts).outcome
        assert outcome in {"granted", "not_in_force"}
        return outcome == "granted"

    def answer_beijing_day(self, instant: datetime) -> date:
        """Return the one day that agrees with the moment of the order."""
        text = instant.isoformat()
        facts: Facts = {
            "order.at": text,
            "order.accepted_at": text,
            "order.refused": False,
            "order.cancelled": False,
        }
        near = [instant.date() + step * ONE_DAY for step in (-1, 0, 1)]
        agreeing = [
            day
            for day in near
            if "order_moment" not in list_failed(self.decide("accept", facts, {"order.date": day}))
        ]
        assert len(agreeing) == 1
        return agreeing[0]

    def answer_validity_days_allowed(self, days: int, *, special: bool) -> object:
        facts = {"product.validity": f"{days}天", "product.special_need": special}
        outcome = self.decide("claim", CLAIM, facts).outcome
        return {"granted": True, "denied": False}.get(outcome, str(outcome))

    def redeem_on(self, day: date, order_day: date, days: int, *, counts: bool) -> Decision:
        facts = {
            "order.date": order_day,
            "filing.date": day,
            "product.validity": f"{days}天",
            "product.special_need": days > second.VALIDITY_DAYS,
            "contract.signed_on": order_day,
            "service.starts_on": order_day,
            "service.ends_on": order_day,
            "receipts": [{"dated": order_day, "amount": "180000元"}],
            "invoices": [{"dated": order_day, "amount": "200000元"}],
        }
        readings = {"order_day": "counts" if counts else "does_not_count"}
        return self.decide("redeem", REDEEM, facts, readings)

    def answer_last_valid_day(
        self,
        order_day: date,
        days: int = second.VALIDITY_DAYS,
        *,
        order_day_counts: bool = False,
        rest_days: Sequence[date] = (),
    ) -> object:
        """Return the last day; days off are those of the calendar and not passed on."""
        assert not rest_days or self.readings.get("validity_roll") != "stays"
        decision = self.redeem_on(order_day, order_day, days, counts=order_day_counts)
        return decision.values["validity.last_day"]

    def answer_within_validity(
        self,
        day: date,
        order_day: date,
        days: int = second.VALIDITY_DAYS,
        *,
        order_day_counts: bool = False,
    ) -> bool:
        return tell_verdict(self.redeem_on(day, order_day, days, counts=order_day_counts))[0]

    def answer_transaction_ceiling(self, base_fen: int | Fraction) -> int:
        """Reach a base that is no whole fen by a term of so many years."""
        base = Fraction(base_fen)
        return self.measure(base.numerator, 12 * base.denominator)

    def measure(self, contract_fen: int, months: int) -> int:
        end = MEASURE["service.starts_on"] + relativedelta(months=months) - ONE_DAY
        facts = {"contract.amount": to_yuan(contract_fen), "service.ends_on": end}
        return to_fen(self.decide("measure", MEASURE, facts))

    def answer_remaining_quota(self, cap_fen: int, occupied_fen: int) -> int:
        assert cap_fen == second.YEAR_CAPS_FEN["ordinary"]
        facts = {**LARGE_CONTRACT, "ledger.quota_used": to_yuan(occupied_fen)}
        return to_fen(self.decide("claim", CLAIM, facts, ruleset=NO_DEAL_LIMIT))

    def answer_voucher_amount(
        self,
        contract_fen: int,
        classes: Iterable[str] = (),
        occupied_fen: int = 0,
        months: int = second.SUBSIDISED_MONTHS,
        *,
        partial: bool = True,
    ) -> int:
        facts = {
            "contract.amount": to_yuan(contract_fen),
            "enterprise.classes": list(classes),
            "ledger.quota_used": to_yuan(occupied_fen),
            "service.ends_on": CLAIM["service.starts_on"] + relativedelta(months=months) - ONE_DAY,
        }
        readings = {"partial_voucher": "allowed" if partial else "refused"}
        return to_fen(self.decide("claim", CLAIM, facts, readings))

    def answer_subsidised_base(self, contract_fen: int, months: int) -> int:
        start = CLAIM["service.starts_on"]
        return self.answer_subsidised_base_by_dates(
            contract_fen, start, start + relativedelta(months=months) - ONE_DAY
        )

    def answer_subsidised_base_by_dates(
        self, contract_fen: int, start: date, last_day: date, method: str = "whole_months"
    ) -> int:
        """Return the price that counts in whole fen; a term that ends too early is no case."""
        facts = {
            "contract.amount": to_yuan(contract_fen),
            "service.starts_on": start,
            "service.ends_on": last_day,
        }
        readings = {"long_service": "months_first" if method == "whole_months" else "days"}
        decision = self.decide("claim", CLAIM, facts, readings, UNLIMITED)
        if "period_in_order" in list_failed(decision):
            raise InputError([])
        return to_fen(decision)

    def answer_last_day_of_year_from(self, start: date) -> date:
        """Return the last day up to which the whole price counts."""
        day = start + timedelta(days=363)
        whole = 100_000_000
        assert self.answer_subsidised_base_by_dates(whole, start, day) == whole
        while self.answer_subsidised_base_by_dates(whole, start, day + ONE_DAY) == whole:
            day += ONE_DAY
        return day

    def answer_first_come(
        self, requests: Sequence[tuple[str, datetime, int]], pool_fen: int
    ) -> list[list[object]]:
        """Serve the requests in the order of their rank, each from what the others have left."""

        def ask(request: tuple[str, datetime, int], left: int) -> Decision:
            facts = {
                "order.at": request[1],
                "product.voucher_cap": to_yuan(request[2]),
                "pool.funds_left": to_yuan(left),
            }
            return self.decide("claim", CLAIM, facts)

        def rank(request: tuple[str, datetime, int]) -> Any:  # noqa: ANN401
            ((_, keys),) = ask(request, pool_fen).result.ranking
            return keys[0]

        granted: list[list[object]] = []
        left = pool_fen
        for request in sorted(requests, key=rank):
            amount = to_fen(ask(request, left))
            left -= amount
            granted.append([request[0], amount])
        return granted

    def answer_accepted_in_time(self, order_at: datetime, accepted_at: datetime) -> bool:
        facts = {
            "order.date": second.beijing_day(order_at),
            "order.at": order_at.isoformat(),
            "order.accepted_at": accepted_at.isoformat(),
            "order.refused": False,
            "order.cancelled": False,
        }
        return tell_verdict(self.decide("accept", facts))[0]

    def answer_contract_dates_failed(
        self, order_day: date, contract_day: date, service_start: date
    ) -> list[str]:
        facts = {
            "order.date": order_day,
            "filing.date": order_day + ONE_DAY,
            "contract.signed_on": contract_day,
            "service.starts_on": service_start,
            "service.ends_on": service_start,
            "receipts": [{"dated": contract_day, "amount": "180000元"}],
            "invoices": [{"dated": contract_day, "amount": "200000元"}],
        }
        rules = {"contract_day": "not_signed_early", "service_start": "not_begun_early"}
        failed = list_failed(self.decide("redeem", REDEEM, facts))
        assert failed <= set(rules.values())
        return [name for name, rule in rules.items() if rule in failed]

    def answer_contract_form_complete(self, **flags: bool) -> list[object]:
        facts = {
            "contract.same_product": flags["same_product"],
            "contract.states_shares": flags["voucher_part_stated"]
            and flags["self_paid_part_stated"],
            "contract.entries": [entry for flag, entry in ENTRY_FLAGS.items() if flags[flag]],
        }
        granted, articles = tell_verdict(self.decide("redeem", REDEEM, facts))
        return [granted, articles]

    def answer_paper_dates_failed(
        self, contract_day: date, receipt_days: Sequence[date], invoice_days: Sequence[date]
    ) -> list[str]:
        """Ask the redemption; a list without a record has no such paper among those uploaded."""
        days = {"receipt": receipt_days, "invoice": invoice_days}
        facts = {
            "contract.signed_on": contract_day,
            "filing.papers": [paper for paper in PAPERS if days.get(paper, True)],
            "receipts": [{"dated": day, "amount": "180000元"} for day in receipt_days],
            "invoices": [{"dated": day, "amount": "200000元"} for day in invoice_days],
        }
        decision = self.decide("redeem", REDEEM, facts)
        failed = list_failed(decision)
        lacking = self.list_lacking(decision)
        return [name for name in days if f"{name}s_not_early" in failed or name in lacking]

    def list_lacking(self, decision: Decision) -> list[str]:
        return [paper for reason in decision.reasons for paper in reason.papers]

    def answer_invoice_covers(
        self, invoice_fen: int, voucher_fen: int, self_paid_fen: int, *, exact: bool = False
    ) -> bool:
        facts = {
            "contract.amount": to_yuan(voucher_fen + self_paid_fen),
            "voucher.face": to_yuan(voucher_fen),
            "invoices": [{"dated": date(2023, 4, 10), "amount": to_yuan(invoice_fen)}],
        }
        readings = {"invoice_total": "exactly" if exact else "at_least"}
        return tell_verdict(self.decide("redeem", REDEEM, facts, readings))[0]

    def answer_filing_failed(
        self, filed_day: date, order_day: date, last_day: date, papers: Sequence[str]
    ) -> list[str]:
        facts = {
            "order.date": order_day,
            "filing.date": filed_day,
            "filing.papers": [FILING_PAPERS[paper] for paper in papers],
        }
        decision = self.decide("redeem", REDEEM, facts)
        assert last_day == order_day + second.VALIDITY_DAYS * ONE_DAY
        late = ["validity"] if "within_validity" in list_failed(decision) else []
        lacking = self.list_lacking(decision)
        return late + [name for name, paper in FILING_PAPERS.items() if paper in lacking]

    def answer_review_deadline(
        self, filed_day: date, non_working_days: Sequence[date], make_up_days: Sequence[date] = ()
    ) -> object:
        """Return the last day by the calendar in force, to which the days given belong."""
        assert all(day.weekday() >= 5 or day not in make_up_days for day in non_working_days)
        facts = {"order.date": filed_day, "filing.date": filed_day, "review.done_on": "none"}
        return self.decide("review", facts).values["review.due"]

    def answer_redeemable_amount(
        self, face_fen: int, base_fen: int, cap_fen: int, other_occupied_fen: int = 0
    ) -> int:
        """Redeem the voucher; the quota it was ordered within is not among the facts."""
        assert cap_fen >= 0
        assert other_occupied_fen >= 0
        facts = {"voucher.face": to_yuan(face_fen), "contract.amount": to_yuan(base_fen)}
        return to_fen(self.decide("redeem", REDEEM, facts))

    def answer_payable(self, **flags: bool) -> list[object]:
        """Ask for the redemption and for the payment."""
        unmet = gather_unmet(UNMET_PAYMENT, flags)
        redeem = {name: value for name, value in unmet.items() if name.startswith("finding.")}
        pay = {name: value for name, value in unmet.items() if name not in redeem}
        verdicts = [
            tell_verdict(self.decide("redeem", REDEEM, redeem)),
            tell_verdict(self.decide("pay", PAY, pay)),
        ]
        articles = sorted({article for _, cited in verdicts for article in cited})
        return [all(granted for granted, _ in verdicts), articles]

    def answer_occupies_quota(self, status: str, *, live_only: bool = False) -> bool:
        readings = {"occupying": "live_only" if live_only else "live_and_redeemed"}
        return self.use_quota([(status, 100, 100)], readings) > 0

    def use_quota(
        self, orders: Iterable[tuple[str, int, int]], readings: Mapping[str, str] | None = None
    ) -> int:
        facts = {
            "order.date": date(2023, 9, 1),
            "enterprise.classes": [],
            "orders": [
                {"state": state, "amount": to_yuan(face), "paid": to_yuan(paid)}
                for state, face, paid in orders
            ],
        }
        used = self.decide("quota", facts, readings=readings).values["quota.used"]
        assert isinstance(used, (int, Fraction))
        return int(used)

    def answer_occupied_quota(
        self, vouchers: Sequence[tuple[date, str, int, int]], year: int
    ) -> int:
        """Ask with the orders of the year, which is what the list of the ruleset holds."""
        return self.use_quota(
            (state, face, paid) for day, state, face, paid in vouchers if day.year == year
        )

    def refund(
        self, paid_fen: int, contract_fen: int, refund_fen: int, *, served: bool, method: str
    ) -> Decision:
        own = contract_fen - paid_fen
        facts = {
            "redemption.paid": to_yuan(paid_fen),
            "contract.amount": to_yuan(contract_fen),
            "contract.refunded": to_yuan(refund_fen),
            "service.not_provided": not served,
            "service.refunded_in_full": refund_fen in {own, contract_fen} - {0},
        }
        return self.decide("refund", REFUND, facts, {"refund_measure": MEASURES[method]})

    def answer_must_report(
        self, *, redeemed: bool, substantive_service: bool, refund_fen: int
    ) -> bool:
        decision = self.refund(
            5_000_000 if redeemed else 0,
            20_000_000,
            refund_fen,
            served=substantive_service,
            method="recompute",
        )
        return [found.rule.id for found in decision.consequences] == ["provider_reports"]

    def answer_amount_to_return(
        self,
        paid_fen: int,
        contract_fen: int,
        refund_fen: int,
        *,
        substantive_service: bool = True,
        method: str = "self_paid",
    ) -> int:
        decision = self.refund(
            paid_fen, contract_fen, refund_fen, served=substantive_service, method=method
        )
        amount = decision.values["refund.amount"]
        assert isinstance(amount, (int, Fraction))
        assert amount == int(amount)
        return int(amount)

    def answer_violations(
        self, facts: Sequence[str], *, formal_defects_count: bool = False
    ) -> bool:
        """Return whether a violation is established; the ruleset does not tell the items apart."""
        found: Facts = {f"finding.{BREACHES[name]}": True for name in facts}
        grave = formal_defects_count or bool(set(facts) - {"formal_defect"})
        found["finding.other_breach_grave"] = grave
        return self.decide("sanction", SANCTION, found).values["violation.established"] is True

    def answer_sanctioned_parties(self, involved: Sequence[str]) -> list[str]:
        parties = ("enterprise", "provider")
        facts: Facts = {f"finding.{party}_involved": party in involved for party in parties}
        facts["finding.voucher_traded"] = True
        followed = {item.rule.id for item in self.decide("sanction", SANCTION, facts).consequences}
        for party in parties:
            assert (f"{party}_barred" in followed) == (f"{party}_loses_standing" in followed)
        return [party for party in parties if f"{party}_barred" in followed]

    def find_bar(self, finding_day: date) -> tuple[date, date]:
        facts = {"finding.voucher_traded": True, "violation.found_on": finding_day}
        followed = self.decide("sanction", SANCTION, facts).consequences
        ((start, until),) = {
            (item.start, item.until) for item in followed if item.rule.id.endswith("_barred")
        }
        assert isinstance(start, date)
        assert isinstance(until, date)
        return start, until

    def answer_ban_last_day(self, finding_day: date) -> date:
        return self.find_bar(finding_day)[1]

    def answer_application_barred(self, application_day: date, finding_day: date) -> bool:
        """Ask the claim with the bar that follows; before it begins there is none."""
        start, until = self.find_bar(finding_day)
        bar: object = until if application_day >= start else "none"
        facts = {"order.date": application_day, "enterprise.barred_until": bar}
        failed = list_failed(self.decide("claim", CLAIM, facts))
        assert failed <= {"enterprise_not_barred"}
        return bool(failed)

    def answer_voucher_claim_barred(self, order_day: date, finding_day: date) -> bool:
        return self.answer_application_barred(order_day, finding_day)

    def answer_direction_admitted(self, number: int) -> bool:
        category = dict(enumerate(CATEGORIES, start=1)).get(number, f"direction_{number}")
        facts: Facts = {"product.category": category, "finding.serves_growth": True}
        if category == "legal":
            facts["product.includes_litigation"] = False
        try:
            return tell_verdict(self.decide("claim", CLAIM, facts))[0]
        except InputError:
            return False

    def answer_directions_of(
        self, service: str, *, serves_growth: bool = False, solutions_only: bool = False
    ) -> list[int]:
        """Ask for legal services and for those that are not listed."""
        legal = service in second.DIRECTIONS[11]
        facts: Facts = {"product.category": "other", "finding.serves_growth": serves_growth}
        if legal:
            litigation = service in second.DISPUTE_WORK
            facts = {"product.category": "legal", "product.includes_litigation": litigation}
        readings = {"litigation": "solutions_only" if solutions_only else "included"}
        granted, _ = tell_verdict(self.decide("claim", CLAIM, facts, readings))
        return [11 if legal else 12] if granted else []

    def answer_product_aims_met(
        self,
        *,
        digital_upgrade: bool,
        innovation_capacity: bool,
        crisis_response: bool,
        all_required: bool = False,
    ) -> bool:
        facts = {
            "finding.helps_digitalisation": digital_upgrade,
            "finding.helps_innovation": innovation_capacity,
            "finding.helps_in_crisis": crisis_response,
        }
        readings = {"product_aims": "every" if all_required else "one"}
        return tell_verdict(self.decide("select_product", PRODUCT, facts, readings))[0]

    def answer_product_admissible(self, **flags: bool) -> list[object]:
        unmet = gather_unmet(UNMET_PRODUCT, flags)
        granted, articles = tell_verdict(self.decide("select_product", PRODUCT, unmet))
        return [granted, articles]

    def answer_product_has_priority(
        self, *, served_specialised: bool, served_little_giant: bool
    ) -> object:
        facts = {"selection.served_specialised": served_specialised or served_little_giant}
        ((_, keys),) = self.decide("select_product", PRODUCT, facts).result.ranking
        return keys[0]

    def answer_product_stage(
        self, *, papers_submitted: bool, review_passed: bool, expert_deliberation_passed: bool
    ) -> str:
        """Return the stage before the first step that fails."""
        facts = {
            "selection.papers_submitted": papers_submitted,
            "finding.first_review_passed": review_passed,
            "finding.deliberation_passed": expert_deliberation_passed,
        }
        failed = list_failed(self.decide("select_product", PRODUCT, facts))
        steps = {"selection_papers": "none", "first_review": "applied", "deliberation": "candidate"}
        return next((stage for rule, stage in steps.items() if rule in failed), "may_issue")


def expect_of_ruleset(case: Case) -> object:
    """Return the expected answer as the ruleset gives it: its references, and money in fen."""
    expected = case["expected"]
    if expected == REFUSED:
        return REFUSED
    match case["function"]:
        case "subsidised_base" | "subsidised_base_by_dates":
            return int(Fraction(expected))
        case "violations":
            return bool(expected)
    match expected:
        case [bool(granted), list(refs)]:
            return [granted, sorted(put_ref(ref) for ref in refs)]
    return expected


def ask(case: Case, asked: Answerer) -> object:
    return sort_refs(ask_answerer(case, asked))


def has_counterpart(case: Case) -> bool:
    function, inputs = case["function"], case["inputs"]
    if function in NO_COUNTERPART or case["id"] in NEVER_IN_FORCE:
        return False
    if function == "directions_of":
        named = {name for number in range(1, 11) for name in second.DIRECTIONS[number]}
        return inputs["service"] not in named
    return not has_option(case, WITHOUT_COUNTERPART)


DIFFERENCES: Final = Differences(APART, CHOICES, (READ_APART, SET_APART))
ASKED: Final = [case for case in BOUNDARY if has_counterpart(case)]


@pytest.mark.parametrize("case", BOUNDARY, ids=name_case)
def test_the_second_reading_answers_its_own_cases(case: Case) -> None:
    check_own_answer(case, second)


@pytest.mark.parametrize("case", ASKED, ids=name_case)
def test_ruleset_and_second_reading_agree(case: Case) -> None:
    check_agreement(case, expect_of_ruleset(case), ask, Asked, DIFFERENCES)


def test_every_difference_belongs_to_a_case_that_is_asked() -> None:
    check_differences(ASKED, DIFFERENCES)


def test_every_choice_is_told_by_its_cases() -> None:
    check_choices(DIFFERENCES)


def test_every_option_without_counterpart_is_one_of_a_case() -> None:
    check_options(BOUNDARY, WITHOUT_COUNTERPART)


def test_every_function_is_asked_or_named() -> None:
    check_functions(BOUNDARY, ASKED, Asked, NO_COUNTERPART)


def test_quota_spoken_for_at_the_order_is_measured_there() -> None:
    """What redemption does not measure again, the order has measured."""
    for case in BOUNDARY:
        if case["id"] in {"bj-283", "bj-284"}:
            facts = {
                "contract.amount": to_yuan(case["inputs"]["base_fen"]),
                "enterprise.classes": ["specialised"],
                "ledger.quota_used": to_yuan(case["inputs"]["other_occupied_fen"]),
            }
            assert to_fen(RULESET.decide("claim", {**CLAIM, **facts})) == case["expected"]


def test_a_last_day_that_is_off_rolls_and_tells_the_nominal_one() -> None:
    decision = Asked().redeem_on(date(2023, 9, 1), date(2023, 8, 30), 30, counts=False)
    assert decision.values["validity.last_day"] == date(2023, 10, 7)
    (deadline,) = decision.deadlines
    assert deadline.rule.id == "within_validity"
    assert deadline.nominal_day == date(2023, 9, 29)
    assert deadline.last_day == date(2023, 10, 7)


@pytest.mark.parametrize("found", [date(2023, 6, 15), date(2024, 2, 29)])
@pytest.mark.parametrize("start", ["found", "committed"])
def test_the_bar_lasts_three_years_from_the_day_the_reading_names(found: date, start: str) -> None:
    asked = Asked({"ban_start": start})
    begins = found if start == "found" else SANCTION["violation.committed_on"]
    assert asked.find_bar(found) == (begins, second.ban_last_day(begins))


CONTRACTS: Final = draw_fen(1, 10**9, 4, 6_666_667, 16_666_667, 20_000_000)
USED: Final = draw_fen(0, 25_000_000, 0, 2_000_000, 5_000_000, 10_000_000, 15_000_000, 20_000_000)
CLASSES: Final = st.sets(st.sampled_from(CAPS)).map(sorted)


@given(contract=CONTRACTS, classes=CLASSES, used=USED, months=st.integers(1, 60))
def test_every_voucher_agrees(contract: int, classes: list[str], used: int, months: int) -> None:
    expected = second.voucher_amount(contract, classes, used, months)
    assert Asked().answer_voucher_amount(contract, classes, used, months) == expected


@given(contract=CONTRACTS, classes=CLASSES, used=USED, months=st.integers(1, 60))
def test_every_voucher_agrees_where_no_part_is_paid(
    contract: int, classes: list[str], used: int, months: int
) -> None:
    expected = second.voucher_amount(contract, classes, used, months, partial=False)
    asked = Asked().answer_voucher_amount(contract, classes, used, months, partial=False)
    assert asked == expected


@given(face=draw_fen(0, 6_000_000, 0, 3_000_000, 5_000_000), contract=CONTRACTS)
def test_every_redemption_agrees(face: int, contract: int) -> None:
    expected = second.redeemable_amount(face, contract, 20_000_000)
    facts = {
        "voucher.face": to_yuan(face),
        "contract.amount": to_yuan(contract),
        "invoices": [{"dated": date(2023, 4, 10), "amount": to_yuan(contract)}],
    }
    assert to_fen(Asked().decide("redeem", REDEEM, facts)) == expected


@given(start=st.dates(date(2023, 1, 1), date(2024, 3, 1)), days=st.integers(0, 1500))
@example(start=date(2024, 2, 29), days=365)
@example(start=date(2024, 2, 29), days=366)
@example(start=date(2023, 1, 31), days=394)
@example(start=date(2023, 1, 31), days=393)
@example(start=date(2023, 10, 31), days=396)
def test_every_term_agrees(start: date, days: int) -> None:
    """Hold both together by days of 365, and by months where the term is whole months."""
    last, price = start + days * ONE_DAY, 73_000_000
    by_days = second.subsidised_base_by_dates(price, start, last, method="days_365")
    asked = Asked()
    assert asked.answer_subsidised_base_by_dates(price, start, last, "days") == int(by_days)
    default = asked.answer_subsidised_base_by_dates(price, start, last)
    by_months = second.subsidised_base_by_dates(price, start, last)
    real_days = second.subsidised_base_by_dates(price, start, last, method="days")
    assert default == int(by_days if by_months == real_days != price else by_months)
