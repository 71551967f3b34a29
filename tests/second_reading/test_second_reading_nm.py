"""Comes in: an independent reading of the Inner Mongolia draft. Goes out: each unnamed difference.

The second reading was made from the official text alone, without the ruleset. Every boundary case
it names is decided with the ruleset wherever the ruleset asks that question. The only differences
allowed are those named here with their reason: a choice that was made, or a recorded reading under
whose other option both agree.

``subsidised_in_year`` has no counterpart: whether the item was subsidised this year is one fact.
Of the other functions the options that ``WITHOUT_COUNTERPART`` names have none, nor have the cases
that ``NOT_ASKED`` names.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

import pytest
import second_reading_nm as second
from hypothesis import given
from hypothesis import strategies as st
from second_reading_compare import (
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
    load_boundary,
    name_case,
    to_fen,
    to_yuan,
)

from voucher_rules import Decision, InputError, Ruleset, load
from voucher_rules.checked.mechanics import Rank

RULESET: Final = load("cn-nm-service-voucher", "draft")
BOUNDARY: Final[list[Case]] = load_boundary("nm")["cases"]


CLAIM: Final[Mapping[str, Any]] = {
    "claim.date": date(2017, 6, 30),
    "claim.submitted_at": "2017-06-30T09:00:00+08:00",
    "claim.made_online": True,
    "claim.uploaded_on": date(2017, 6, 30),
    "claim.papers": ["unified_licence", "contract"],
    "claim.requested_amount": "none",
    "claim.project": "shop",
    "claim.provider": "provider_a",
    "claim.round": "first",
    "claim.waitlisted": False,
    "claim.redistributed": False,
    "claim.meets_notice": "none",
    "enterprise.registered_in_region": True,
    "enterprise.legal_person": True,
    "enterprise.founded_on": date(2010, 5, 4),
    "enterprise.bad_record": False,
    "enterprise.industry": "software",
    "enterprise.employees": 50,
    "enterprise.revenue": "900万元",
    "service.category": "e_commerce",
    "service.litigation": False,
    "service.mandatory_by_law": False,
    "project.funded_this_year": False,
    "contract.amount": "80000元",
    "contract.market_price": "none",
    "contract.signed": True,
    "contract.signed_on": date(2017, 6, 29),
    "contract.has_voucher": False,
    "contract.collusion_found": False,
    "provider.signed": True,
    "provider.classes": ["e_commerce"],
    "provider.admitted_on": date(2016, 6, 1),
    "provider.disqualified": False,
    "round.notice_published": True,
    "round.funds_left": "none",
    "round.places_left": "none",
    "finding.well_run": True,
    "finding.fits_industrial_policy": True,
    "finding.first_review": True,
    "finding.hub_review": True,
    "year_claims": [],
    "ledger.received_before": 0,
    "ledger.received_this_year": 0,
    "ledger.applied_before": 0,
    "ledger.granted_this_year": 0,
}
PURCHASE: Final[Mapping[str, Any]] = {
    "purchase.date": date(2017, 6, 30),
    "purchase.by_region_platform": True,
    "service.category": "shared_resource",
    "service.litigation": False,
    "service.mandatory_by_law": False,
    "project.funded_this_year": False,
    "contract.market_price": "none",
    "contract.signed": True,
    "contract.signed_on": date(2017, 6, 29),
    "contract.has_voucher": False,
    "contract.collusion_found": False,
    "provider.signed": True,
    "provider.classes": ["product"],
    "provider.admitted_on": date(2016, 6, 1),
    "provider.disqualified": False,
    "round.funds_left": "none",
    "finding.purchase_needed": True,
    "ledger.bought_this_year": 0,
}
ISSUE: Final[Mapping[str, Any]] = {
    "issue.date": date(2017, 6, 30),
    "issue.confirmed_on": date(2017, 6, 1),
    "issue.announced": True,
    "issue.enterprise_code": True,
    "issue.provider_code": True,
    "voucher.buyer": "enterprise",
    "enterprise.name_verified": True,
    "contract.collusion_found": False,
}
SETTLE: Final[Mapping[str, Any]] = {
    "settlement.date": date(2017, 11, 1),
    "settlement.papers": ["voucher", "contract", "invoice"],
    "settlement.invoiced": "15000元",
    "contract.amount": "80000元",
    "contract.performed_on": date(2017, 10, 10),
    "contract.collusion_found": False,
    "provider.signed": True,
    "provider.region_level": False,
    "voucher.received_on": date(2017, 3, 20),
    "voucher.confirmed_on": date(2017, 3, 15),
    "voucher.face_value": "65000元",
    "voucher.for_this_contract": True,
    "voucher.misuses": [],
    "voucher.declared_void": False,
    "finding.performance_sound": True,
    "finding.window_check": True,
    "ledger.settled_on_voucher": 0,
}
SANCTION: Final[Mapping[str, Any]] = {
    "violation.found_on": date(2017, 6, 1),
    "voucher.issued": True,
    "finding.collusion": False,
    "finding.issue_cancelled": False,
    "finding.provider_disqualified": False,
    "finding.data_leaked": False,
}
FUNDS: Final[Mapping[str, Any]] = {
    "funds.date": date(2017, 12, 31),
    "funds.platform": "hub",
    "funds.redeemed_in_region": 0,
    "funds.redeemed_at_region_level": 0,
    "funds.redeemed_locally": 0,
}
ADMIT: Final[Mapping[str, Any]] = {
    "admission.date": date(2017, 3, 1),
    "admission.online_application": True,
    "admission.papers": ["application_form", "registration", "client_proof"],
    "admission.copies_filed": True,
    "provider.applied_class": "diagnosis",
    "provider.clients_last_year": 8,
    "provider.kind": "agency",
    "provider.bad_record": False,
    "provider.registered_in_region": True,
    "provider.pays_tax_in_region": True,
    "provider.legal_person": True,
    "provider.licensed": False,
    "provider.capital": "50万元",
    "provider.operating_since": date(2014, 1, 1),
    "provider.promised_discount": "25%",
    "provider.on_priority_list": False,
    "provider.has_honours": False,
    "finding.willing": True,
    "finding.active": True,
    "finding.praised": True,
    "finding.runs_well": True,
    "finding.papers_true": True,
    "finding.expert_review": True,
    "finding.bureau_recognises": True,
    "finding.panel_recommends": True,
}

SIZES: Final[Mapping[str, Facts]] = {
    "micro": {"enterprise.employees": 5, "enterprise.revenue": "40万元"},
    "small": {"enterprise.employees": 50, "enterprise.revenue": "900万元"},
    "medium": {"enterprise.employees": 200, "enterprise.revenue": "5000万元"},
    "large": {"enterprise.employees": 300, "enterprise.revenue": "1亿元"},
}
# Kind of service -> category of the ruleset, and the class of provider it needs.
CATEGORIES: Final[Mapping[str, tuple[str, str]]] = {
    "finance_and_tax": ("finance_tax", "finance_tax"),
    "credit_rating": ("credit_rating", "credit_rating"),
    "legal": ("legal", "legal"),
    "e_commerce": ("e_commerce", "e_commerce"),
    "management_diagnosis": ("diagnosis", "diagnosis"),
    "training": ("training", "training"),
    "technology_and_quality": ("technology_quality", "technology_quality"),
    "other_service": ("other_service", "other"),
    "information_product": ("information_product", "product"),
    "platform_product": ("shared_resource", "product"),
}
# What a flag of the second reading says in facts where its condition is not met.
UNMET_CLAIM: Final[Mapping[str, Facts]] = {
    "registered_in_region": {"enterprise.registered_in_region": False},
    "independent_legal_person": {"enterprise.legal_person": False},
    "well_run": {"finding.well_run": False},
    "fits_industrial_policy": {"finding.fits_industrial_policy": False},
    "size_in_scope": SIZES["large"],
    "not_mandatory_activity": {"service.mandatory_by_law": True},
    "not_subsidised_this_year": {"project.funded_this_year": True},
    "matter_in_scope": {"service.litigation": True},
    "funds_left": {"round.funds_left": 0},
    "applied_in_system": {"claim.made_online": False},
    "initial_review_passed": {"finding.first_review": False},
    "provider_is_signed": {"provider.signed": False},
    "contract_signed": {"contract.signed": False},
    "papers_uploaded": {"claim.papers": ["contract"]},
    "hub_review_passed": {"finding.hub_review": False},
    "confirmed_by_bureau": {},
    "published": {},
    "provider_new_this_year": {
        "year_claims": [
            {"project": "other", "provider": "provider_a", "received": True, "round": "first"}
        ]
    },
    "contract_genuine": {"contract.collusion_found": True},
}
UNMET_ISSUE: Final[Mapping[str, Facts]] = {
    "confirmed_by_bureau": {"issue.announced": False},
    "published": {"issue.announced": False},
}
UNMET_PROVIDER: Final[Mapping[str, Facts]] = {
    "no_bad_record": {"provider.bad_record": True},
    "serves_willingly": {"finding.willing": False},
    "registered_in_region": {"provider.registered_in_region": False},
    "taxed_in_region": {"provider.pays_tax_in_region": False},
    "legal_person_or_licensed": {"provider.legal_person": False},
    "operated_a_year": {"provider.operating_since": date(2016, 3, 2)},
    "well_run": {"finding.runs_well": False},
    "price_promised": {"provider.promised_discount": 0},
    "able_in_its_kind": {"provider.clients_last_year": 0},
    "papers_handed_in": {"admission.papers": ["registration", "client_proof"]},
    "initial_review_passed": {"finding.papers_true": False},
    "expert_review_passed": {"finding.expert_review": False},
    "recognised_by_bureau": {"finding.bureau_recognises": False},
    "published": {},
    "not_disqualified": {},
}
CLAIM_PAPERS: Final[Mapping[str, str]] = {
    "licence": "licence",
    "tax_registration": "tax_certificate",
    "organisation_code": "code_certificate",
    "contract": "contract",
    "merged_licence": "unified_licence",
}
PROVIDER_PAPERS: Final[Mapping[str, str]] = {
    "application_form": "application_form",
    "registration": "registration",
    "client_proof": "client_proof",
    "honours": "honours",
    "other_proof": "capacity_proof",
}
MISUSES: Final[Mapping[str, str]] = {
    "transfer": "transferred",
    "circulation": "circulated",
    "pledge": "pledged",
    "other_purpose": "diverted",
}
STAFF: Final[Mapping[str, str]] = {
    "accounting": "provider.accountants",
    "audit": "provider.auditors",
    "appraisal": "provider.valuers",
    "tax": "provider.tax_staff",
}
KIND_COUNTS: Final[Mapping[str, Mapping[str, str]]] = {
    "finance_and_tax": {"staff": "provider.accountants"},
    "legal": {"staff": "provider.lawyers"},
    "product": {"staff": "provider.engineers"},
    "other": {"staff": "provider.service_staff", "activities": "provider.planned_events"},
}
KIND_QUALITIES: Final[Mapping[str, Mapping[str, str]]] = {
    "credit_rating": {
        "experienced_assessors": "finding.raters_experienced",
        "central_bank_permit": "provider.bank_filed",
    },
    "product": {"qualified": "provider.product_qualified"},
    "training": {"professional_tutors": "provider.tutors"},
    "technology_and_quality": {
        "qualified": "provider.technically_qualified",
        "service_team": "finding.technical_team",
    },
    "other": {
        "service_team": "finding.team_fits_business",
        "runs_activities_itself": "finding.leads_events",
    },
}
KINDS: Final[Mapping[str, str]] = {
    "finance_and_tax": "finance_tax",
    "management_diagnosis": "diagnosis",
    "technology_and_quality": "technology_quality",
}
EXCESS: Final[Mapping[str, str]] = {
    "above": "full_then_half",
    "whole": "half_not_below_direct",
    "added": "half_of_price_on_top",
}
AGAIN: Final[Mapping[str, str]] = {
    "same_item": "per_item",
    "any": "once_a_year",
    "none": "redistributed_only",
}

NO_COUNTERPART: Final = frozenset({"subsidised_in_year"})
# Options (function, argument, value) that are no option of the ruleset, and why.
WITHOUT_COUNTERPART: Final[Mapping[tuple[str, str, object], str]] = {
    ("young_enterprise", "corresponding_day", False): "within three years includes their last day",
    ("allot", "last", "stop"): "a claim that waits does not keep the rest from those after it",
    ("last_valid_day", "receipt_counts", True): "the first day never counts",
    ("settled_amount", "short", "pro_rata"): "a price not paid in full is not settled in part",
    ("capital_enough", "soft", False): "in principle always means that a person decides",
    ("operated_a_year", "day_after", True): "a year is over on its corresponding day",
    ("standing", "soft", False): "in principle always means that a person decides",
}
# Cases the ruleset does not ask, and why.
NOT_ASKED: Final[Mapping[str, str]] = {
    "nm-088": "an item with a voucher is an earlier claim that received one",
    "nm-379": "the draft has no day of publication",
    "nm-380": "the draft has no day of publication",
    "nm-381": "the draft has no day of publication",
    "nm-282": "a promise is a share, and there is none of nothing",
    "nm-189": "each claim is decided by itself",
}
CHOICES: Final[Mapping[str, str]] = {
    "a": "a price of nothing is no contract, so the ruleset refuses it at the door",
    "b": "that the provider is an admitted one is cited by the article that says what that is",
    "c": "events in an impossible order count by their days and are not refused",
    "d": "what goes beyond the price is capped at the price and not refused",
    "e": "admission comes before the announcement, which claims and purchases ask for themselves",
    "f": "who lost its standing is on record, and the record shuts it out of a new admission",
}
# id -> what the ruleset answers, and the choice behind it.
APART: Final[Mapping[str, tuple[object, str]]] = {
    "nm-016": (True, "c"),
    "nm-064": ([False, ["第三条"]], "b"),
    "nm-111": (REFUSED, "a"),
    "nm-112": (REFUSED, "a"),
    "nm-161": (REFUSED, "a"),
    "nm-182": (0, "d"),
    "nm-231": (False, "c"),
    "nm-245": (5_000_000, "d"),
    "nm-274": (False, "c"),
    "nm-353": ([True, []], "e"),
    "nm-354": ([True, []], "f"),
}
# The second reading bars a second voucher for one item, and not one from a later round; it lets
# young enterprises go before time, so that the preference is not empty; it takes the cap for one
# item over all contracts, and shared products for something an enterprise too may buy.
ITEM: Final[Readings] = {"again_this_year": "per_item"}
YOUNG: Final[Readings] = {"queue_order": "young_first"}
PRODUCT_YEAR: Final[Readings] = {"single_purchase": "product_year"}
STAYS: Final[Readings] = {"validity_roll": "stays"}
# id -> the reading under which both agree; under its default the ruleset differs.
READ_APART: Final[Mapping[str, Readings]] = {
    "nm-041": {"shared_resources": "both"},
    "nm-080": ITEM,
    "nm-087": ITEM,
    "nm-173": PRODUCT_YEAR,
    "nm-175": PRODUCT_YEAR,
    "nm-176": PRODUCT_YEAR,
    "nm-177": PRODUCT_YEAR,
    "nm-184": YOUNG,
    "nm-187": YOUNG,
    "nm-208": STAYS,
    "nm-209": STAYS,
    "nm-211": STAYS,
}


def tell_verdict(decision: Decision) -> tuple[bool, list[str]]:
    """Return whether it was granted, and the articles against; facts missing are no case."""
    if decision.outcome == "undetermined":
        raise InputError([])
    granted = decision.outcome == "granted"
    assert granted or decision.outcome == "denied", decision
    return granted, [] if granted else sorted({cut_ref(ref) for ref in decision.articles})


def tell_word(decision: Decision) -> str:
    """Return the outcome in the words of the second reading."""
    return {"granted": "yes", "denied": "no", "referred": "person"}[decision.outcome]


def cut_ref(ref: str) -> str:
    """Return a reference as the second reading writes it.

    It names no paragraphs of article 8, nor the items of articles 9, 12 (5) and 13.
    """
    ref = re.sub(r"^(第八条).*|^(第九条).*|^(第十三条).*", r"\1\2\3", ref)
    return re.sub(r"^(第十二条（五）).*", r"\1", ref)


def tell_at(day: date) -> str:
    return f"{day.isoformat()}T09:00:00+08:00"


def name_of(names: Mapping[str, str], name: str) -> str:
    """Return a name as the ruleset has it; one it does not know is refused there."""
    return names.get(name, name)


def lay_out_claim(day: date) -> Facts:
    """Return the days of a claim made, uploaded and decided on one day."""
    return {
        "claim.date": day,
        "claim.submitted_at": tell_at(day),
        "claim.uploaded_on": day,
        "contract.signed_on": day,
        "provider.admitted_on": day,
    }


@functools.cache
def amend(parameter: str, text: str) -> Ruleset:
    """Return the ruleset with one parameter set to another value."""
    return RULESET.amend({parameter: text})


class Asked(Answerer):
    """The ruleset as it is asked, under a choice of readings."""

    ruleset = RULESET

    def rank(self, facts: Facts, readings: Readings | None = None) -> tuple[Any, ...]:
        ((_, keys),) = self.decide("claim", CLAIM, facts, readings).result.ranking
        return tuple(keys)

    def answer_size_in_scope(self, size: str, *, medium_admitted: bool = True) -> bool:
        facts = SIZES.get(size, {"enterprise.industry": size})
        readings = {"medium_enterprises": "admitted" if medium_admitted else "excluded"}
        return tell_verdict(self.decide("claim", CLAIM, facts, readings))[0]

    def answer_young_enterprise(self, founded_on: date, applied_on: date) -> object:
        facts = {**lay_out_claim(applied_on), "enterprise.founded_on": founded_on}
        return self.rank(facts, {"queue_order": "young_first"})[1]

    def answer_matter_excluded(
        self, *, mandatory: bool, subsidised_this_year: bool, both_needed: bool = False
    ) -> bool:
        facts = {
            "service.mandatory_by_law": mandatory,
            "project.funded_this_year": subsidised_this_year,
        }
        readings = {"mandatory_and_funded": "together" if both_needed else "separate"}
        granted, _ = tell_verdict(self.decide("claim", CLAIM, facts, readings))
        return not granted

    def answer_matter_in_scope(
        self,
        service: str,
        *,
        litigation: bool = False,
        supported: Collection[str] | None = None,
        notice: str = "exclusive",
    ) -> str:
        category, needed = CATEGORIES.get(service, (service, "other"))
        facts = {
            "service.category": category,
            "provider.classes": [needed],
            "service.litigation": litigation,
        }
        readings = {"notice_categories": "only_those" if notice == "exclusive" else "those_first"}
        ruleset = RULESET
        if supported is not None:
            named = " ".join(CATEGORIES[name][0] for name in supported)
            ruleset = amend("categories_of_the_year", named)
        return tell_word(self.decide("claim", CLAIM, facts, readings, ruleset))

    def answer_may_claim(self, **flags: bool) -> list[object]:
        """Ask the claim, and the issue for what stands between claim and receipt."""
        claim = tell_verdict(self.decide("claim", CLAIM, gather_unmet(UNMET_CLAIM, flags)))
        later = {name: flags[name] for name in UNMET_ISSUE}
        issue = tell_verdict(self.decide("issue", ISSUE, gather_unmet(UNMET_ISSUE, later)))
        return [claim[0] and issue[0], sorted({*claim[1], *issue[1]})]

    def answer_claims_this_year(
        self,
        items_before: int,
        *,
        same_item_received: bool = False,
        received_before: bool | None = None,
        again: str | None = None,
    ) -> str:
        """Return the word for one more item of the round; ``again`` left out is the default."""
        if items_before < 0:
            raise InputError([])
        received = received_before if received_before is not None else same_item_received
        claims = [
            {"project": f"item_{n}", "provider": f"provider_{n}", "received": False}
            for n in range(items_before)
        ]
        if received:
            claims[0]["received"] = True
        if same_item_received:
            claims[0] |= {"project": "shop", "provider": "provider_a"}
        for item in claims:
            item["round"] = "first"
        readings = {} if again is None else {"again_this_year": AGAIN[again]}
        return tell_word(self.decide("claim", CLAIM, {"year_claims": claims}, readings))

    def answer_provider_is_new(
        self, provider: str, earlier: Collection[str], *, strict: bool = True
    ) -> bool:
        claims = [
            {"project": f"item_{n}", "provider": name, "received": False, "round": "first"}
            for n, name in enumerate(earlier)
        ]
        facts = {"claim.provider": provider, "year_claims": claims}
        readings = {"other_provider": "pairwise" if strict else "one_per_item"}
        return tell_verdict(self.decide("claim", CLAIM, facts, readings))[0]

    def answer_missing_claim_papers(
        self, papers: Collection[str], *, merged: bool = True
    ) -> list[str]:
        """Return what is missing; the old certificates are told one by one where all are asked."""
        facts = {"claim.papers": [name_of(CLAIM_PAPERS, name) for name in papers]}
        accepted = self.decide("claim", CLAIM, facts)
        every = self.decide("claim", CLAIM, facts, {"old_certificates": "every_certificate"})
        decision = accepted if merged and "merged_licence" in papers else every
        if decision is every and "merged_licence" not in papers:
            assert accepted.outcome == every.outcome
        names = {theirs: ours for ours, theirs in CLAIM_PAPERS.items()}
        return sorted(names[item] for item in list_papers(decision))

    def answer_first_time(
        self,
        applications: Sequence[tuple[date, bool]],
        applied_on: date,
        *,
        since: str = "ever",
        counts: str = "received",
    ) -> bool:
        earlier = [item for item in applications if item[0] <= applied_on]
        received = [day for day, got in earlier if got]
        facts = {
            **lay_out_claim(applied_on),
            "ledger.received_before": len(received),
            "ledger.received_this_year": sum(day.year == applied_on.year for day in received),
            "ledger.applied_before": len(earlier),
        }
        means = "received_in_year" if since == "year" else f"{counts}_ever"
        amount = to_fen(self.decide("claim", CLAIM, facts, {"first_means": means}))
        return {6_500_000: True, 4_000_000: False}[amount]

    def answer_enterprise_subsidy(
        self,
        contract_fen: int,
        *,
        first: bool,
        earlier_fen: int = 0,
        excess: str = "above",
        cap: str = "year",
    ) -> int:
        facts = {
            "contract.amount": to_yuan(contract_fen),
            "ledger.received_before": 0 if first else 1,
            "ledger.granted_this_year": to_yuan(earlier_fen),
        }
        readings = {
            "first_claim": EXCESS[excess],
            "cap_scope": "later_only" if cap == "later" else cap,
        }
        return to_fen(self.decide("claim", CLAIM, facts, readings))

    def answer_region_subsidy(self, contract_fen: int, same_item_fen: int = 0) -> int:
        facts = {
            "contract.amount": to_yuan(contract_fen),
            "ledger.bought_this_year": to_yuan(same_item_fen),
        }
        return to_fen(self.decide("purchase", PURCHASE, facts))

    def answer_own_share(self, contract_fen: int, face_fen: int) -> int:
        """Ask for a voucher of just this amount."""
        facts = {
            "contract.amount": to_yuan(contract_fen),
            "claim.requested_amount": to_yuan(face_fen),
        }
        decision = self.decide("claim", CLAIM, facts)
        assert decision.outcome in {"granted", "denied"}
        return contract_fen - to_fen(decision)

    def answer_queue(
        self, orders: Sequence[tuple[str, int, bool, bool]], *, by_time_only: bool = False
    ) -> list[str]:
        assert not by_time_only or not any(waited for _, _, waited, _ in orders)
        readings = {"queue_order": "time_first"} if by_time_only else {}

        def rank(order: tuple[str, int, bool, bool]) -> tuple[Any, ...]:
            _, place, waited, young = order
            moment = datetime.fromisoformat(CLAIM["claim.submitted_at"]) + timedelta(minutes=place)
            founded = date(2016, 1, 1) if young else date(2010, 1, 1)
            facts = {"claim.submitted_at": moment.isoformat(), "enterprise.founded_on": founded}
            if waited:
                facts |= {"claim.waitlisted": True, "claim.registered_at": moment.isoformat()}
            return put_in_order(self.decide("claim", CLAIM, facts, readings))

        return [name for name, *_ in sorted(orders, key=rank)]

    def answer_allot(
        self, amounts_fen: Sequence[int], funds_fen: int, *, last: str = "partial"
    ) -> list[int]:
        readings = {"pool_rest": "pays_part" if last == "partial" else "waits"}
        left, given_out = funds_fen, []
        for amount in amounts_fen:
            facts = {
                "claim.requested_amount": to_yuan(amount),
                "round.funds_left": to_yuan(left),
            }
            decision = self.decide("claim", CLAIM, facts, readings)
            given_out.append(to_fen(decision))
            left -= given_out[-1]
        return given_out

    def answer_use_allowed(self, use: str) -> bool:
        misuses = [] if use == "own_service" else [name_of(MISUSES, use)]
        return tell_verdict(self.decide("settle", SETTLE, {"voucher.misuses": misuses}))[0]

    def answer_last_valid_day(
        self, received_on: date, *, rest_days: Sequence[date] = (), rolls: bool = True
    ) -> object:
        """Return the last day; days off are those of the calendar and not passed on."""
        assert not rest_days or self.readings.get("validity_roll") != "stays"
        facts = {"issue.date": received_on, "issue.confirmed_on": received_on}
        readings = {} if rolls else {"validity_roll": "stays"}
        return self.decide("issue", ISSUE, facts, readings).values["voucher.last_day"]

    def answer_used_in_time(
        self,
        received_on: date,
        performed_on: date | None,
        settled_on: date | None = None,
        *,
        act: str = "performance",
    ) -> bool:
        facts = {
            "voucher.received_on": received_on,
            "voucher.confirmed_on": received_on,
            "contract.performed_on": performed_on or "none",
            "settlement.date": settled_on or performed_on or received_on,
        }
        return tell_verdict(self.decide("settle", SETTLE, facts, {"use_means": act}))[0]

    def answer_fraud_follows(self, *, established: bool, issued: bool) -> list[str]:
        facts = {
            "finding.collusion": established,
            "voucher.issued": issued,
            "finding.issue_cancelled": True,
            "finding.provider_disqualified": True,
        }
        words = {
            "voucher_becomes_void": "voucher_void",
            "issue_cancelled": "issue_stopped",
            "provider_loses_admission": "standing_lost",
            "provider_recorded": "bad_record",
        }
        followed = self.decide("sanction", SANCTION, facts).consequences
        return sorted(words[item.rule.id] for item in followed)

    def answer_missing_settlement_papers(self, papers: Collection[str]) -> list[str]:
        facts = {"settlement.papers": list(papers)}
        return sorted(list_papers(self.decide("settle", SETTLE, facts)))

    def answer_settled_amount(self, face_fen: int, contract_fen: int, invoiced_fen: int) -> int:
        facts = {
            "voucher.face_value": to_yuan(face_fen),
            "contract.amount": to_yuan(contract_fen),
            "settlement.invoiced": to_yuan(invoiced_fen),
        }
        decision = self.decide("settle", SETTLE, facts)
        return to_fen(decision)

    def answer_settlement_payer(self, level: str) -> object:
        region: object = {"league": False, "region": True}.get(level, level)
        decision = self.decide("settle", SETTLE, {"provider.region_level": region})
        payer = decision.values["settlement.payer"]
        return "region_treasury" if payer == "region" else payer

    def answer_work_fee(
        self, redeemed_fen: int, platform: str, *, region_level_fen: int = 0, hub_base: str = "all"
    ) -> int:
        facts = {
            "funds.platform": platform,
            "funds.redeemed_in_region": to_yuan(redeemed_fen + region_level_fen),
            "funds.redeemed_at_region_level": to_yuan(region_level_fen),
            "funds.redeemed_locally": to_yuan(redeemed_fen),
        }
        readings = {"hub_base": "whole" if hub_base == "all" else "leagues_only"}
        amount = self.decide("work_funds", FUNDS, facts, readings).values["funds.amount"]
        assert isinstance(amount, (int, Fraction))
        return int(amount)

    def answer_fee_budget_year(self, year: int) -> object:
        facts = {"funds.date": date(year, 12, 31)}
        return self.decide("work_funds", FUNDS, facts).values["funds.budget_year"]

    def answer_capital_enough(self, capital_fen: int) -> str:
        facts = {"provider.capital": to_yuan(capital_fen)}
        return tell_word(self.decide("admit_provider", ADMIT, facts))

    def answer_operated_a_year(self, since: date, on: date) -> bool:
        facts = {"provider.operating_since": since, "admission.date": on}
        return tell_verdict(self.decide("admit_provider", ADMIT, facts))[0]

    def answer_price_low_enough(self, price_fen: int, market_fen: int) -> bool:
        """Ask for the promise, and whether a contract at that price is pointed out."""
        discount = Fraction(market_fen - price_fen, market_fen)
        facts = {"provider.promised_discount": str(discount)}
        kept = tell_verdict(self.decide("admit_provider", ADMIT, facts))[0]
        if price_fen > 0:
            prices = {
                "contract.amount": to_yuan(price_fen),
                "contract.market_price": to_yuan(market_fen),
            }
            warnings = self.decide("claim", CLAIM, prices).warnings
            told = ("rule", "price_above_promise") in {x for w in warnings for x in w.arguments}
            assert told != kept
        return kept

    def answer_finance_staff(self, by_group: Mapping[str, int], *, together: bool = True) -> int:
        """Return the highest number asked for that is reached."""
        facts: Facts = {
            "provider.applied_class": "finance_tax",
            "provider.clients_last_year": 5,
            **dict.fromkeys(STAFF.values(), 0),
            **{name_of(STAFF, name): number for name, number in by_group.items()},
        }
        readings = {"finance_staff": "together" if together else "one_profession"}
        reached = 0
        while True:
            ruleset = RULESET
            if reached + 1 != second.KINDS["finance_and_tax"]["staff"]:
                ruleset = amend("least_finance_staff", f"{reached + 1}人")
            decision = self.decide("admit_provider", ADMIT, facts, readings, ruleset)
            if not tell_verdict(decision)[0]:
                return reached
            reached += 1

    def answer_able_in_kind(
        self,
        kind: str,
        counts: Mapping[str, int],
        qualities: Collection[str] = (),
        *,
        bare_included: bool = True,
    ) -> bool:
        facts: Facts = {
            "provider.applied_class": name_of(KINDS, kind),
            "provider.clients_last_year": "unknown",
            "provider.develops_products": True,
        }
        for name, number in counts.items():
            match kind, name:
                case "product", "cases":
                    facts["provider.has_client_cases"] = number > 0
                case "product", "projects":
                    facts["provider.has_development_cases"] = number > 0
                case _, "cases":
                    facts["provider.clients_last_year"] = number
                case _:
                    facts[KIND_COUNTS[kind].get(name, name)] = number
        if kind == "finance_and_tax":
            facts = {**dict.fromkeys(STAFF.values(), 0), **facts}
        for name, fact in KIND_QUALITIES.get(kind, {}).items():
            had = name in qualities
            facts[fact] = int(had) if fact == "provider.tutors" else had
        readings = {"bare_above": "included" if bare_included else "excluded"}
        return tell_verdict(self.decide("admit_provider", ADMIT, facts, readings))[0]

    def answer_provider_admissible(self, **flags: bool) -> list[object]:
        unmet = gather_unmet(UNMET_PROVIDER, flags)
        granted, articles = tell_verdict(self.decide("admit_provider", ADMIT, unmet))
        return [granted, articles]

    def answer_provider_goes_first(self, **grounds: bool) -> object:
        facts = {"provider.on_priority_list": any(grounds.values())}
        ((_, keys),) = self.decide("admit_provider", ADMIT, facts).result.ranking
        return keys[0]

    def answer_missing_provider_papers(
        self, papers: Collection[str], *, honoured: bool = True, all_asked: bool = False
    ) -> list[str]:
        facts = {
            "admission.papers": [name_of(PROVIDER_PAPERS, name) for name in papers],
            "provider.has_honours": honoured,
        }
        readings = {"optional_papers": "always" if all_asked else "where_held"}
        names = {theirs: ours for ours, theirs in PROVIDER_PAPERS.items()}
        decision = self.decide("admit_provider", ADMIT, facts, readings)
        return sorted(names[item] for item in list_papers(decision))

    def answer_standing(self, recognised_on: date, on: date) -> str:
        """Return the standing of a provider for a contract signed on the day."""
        facts = {
            **lay_out_claim(on),
            "provider.signed": on >= recognised_on,
            "provider.admitted_on": recognised_on,
        }
        return tell_word(self.decide("claim", CLAIM, facts))

    def answer_in_force(self, published_on: None, on: date) -> bool:
        assert published_on is None
        outcome = RULESET.decide("claim", {**CLAIM, "claim.date": on}).outcome
        assert outcome in {"granted", "not_in_force"}
        return outcome == "granted"


def list_papers(decision: Decision) -> list[str]:
    """Return the papers missing, of whatever checklist."""
    return list(decision.result.papers)


def put_in_order(decision: Decision) -> tuple[Any, ...]:
    """Return the keys of the queue so that the least goes first; highest goes yes before no."""
    ((rule, values),) = decision.result.ranking
    assert isinstance(rule.body, Rank)
    keys = zip(rule.body.keys, values, strict=True)
    return tuple(not value if key.highest_first else value for key, value in keys)


def settle_order(case: Case, answer: object) -> object:
    """Return an answer without the order of its list, which tells something of the queue only."""
    ordered = case["function"] in {"queue", "allot"}
    match answer:
        case [bool(granted), list(refs)]:
            return [granted, sorted(refs)]
        case list(items) if not ordered:
            return sorted(items)
    return answer


def expect_of_ruleset(case: Case) -> object:
    """Return the expected answer as the ruleset gives it: money in whole fen."""
    expected = case["expected"]
    if case["function"] == "work_fee" and expected != REFUSED:
        return int(Fraction(expected))
    return settle_order(case, expected)


def ask(case: Case, asked: Answerer) -> object:
    return settle_order(case, ask_answerer(case, asked))


def has_counterpart(case: Case) -> bool:
    function = case["function"]
    if function in NO_COUNTERPART or case["id"] in NOT_ASKED:
        return False
    return not has_option(case, WITHOUT_COUNTERPART)


DIFFERENCES: Final = Differences(APART, CHOICES, (READ_APART,))
ASKED: Final = [case for case in BOUNDARY if has_counterpart(case)]


@pytest.mark.parametrize("case", BOUNDARY, ids=name_case)
def test_the_second_reading_answers_its_own_cases(case: Case) -> None:
    check_own_answer(case, second)


@pytest.mark.parametrize("case", ASKED, ids=name_case)
def test_ruleset_and_second_reading_agree(case: Case) -> None:
    check_agreement(case, expect_of_ruleset(case), ask, Asked, DIFFERENCES)


def test_every_difference_belongs_to_a_case_that_is_asked() -> None:
    check_differences(ASKED, DIFFERENCES)
    assert set(NOT_ASKED) <= {case["id"] for case in BOUNDARY}


def test_every_choice_is_told_by_its_cases() -> None:
    check_choices(DIFFERENCES)


def test_every_option_without_counterpart_is_one_of_a_case() -> None:
    check_options(BOUNDARY, WITHOUT_COUNTERPART)


def test_every_function_is_asked_or_named() -> None:
    check_functions(BOUNDARY, ASKED, Asked, NO_COUNTERPART)


def test_a_later_round_of_the_year_is_where_the_two_defaults_part() -> None:
    """Another item, received in an earlier round: only the reading by item lets it pass."""
    claims = [{"project": "audit", "provider": "provider_b", "received": True, "round": "first"}]
    facts = {"claim.round": "second", "year_claims": claims}
    assert second.claims_this_year(1, received_before=True) == "yes"
    assert Asked(ITEM).decide("claim", CLAIM, facts).outcome == "granted"
    assert Asked().decide("claim", CLAIM, facts).outcome == "denied"


def test_a_last_day_that_is_off_rolls_and_tells_the_nominal_one() -> None:
    facts = {
        "voucher.received_on": date(2017, 10, 1),
        "voucher.confirmed_on": date(2017, 9, 20),
        "contract.performed_on": date(2018, 10, 8),
        "settlement.date": date(2018, 10, 8),
    }
    decision = Asked().decide("settle", SETTLE, facts)
    assert decision.outcome == "granted"
    (deadline,) = decision.deadlines
    assert deadline.nominal_day == date(2018, 10, 1)
    assert deadline.last_day == date(2018, 10, 8)


CONTRACTS: Final = draw_fen(1, 10**9, 5_000_000, 10_000_000, 30_000_000, 35_000_000, 40_000_000)
USED: Final = draw_fen(0, 25_000_000, 0, 15_000_000, 20_000_000)


@given(
    contract=CONTRACTS,
    first=st.booleans(),
    used=USED,
    excess=st.sampled_from(sorted(EXCESS)),
    cap=st.sampled_from(["year", "contract", "later"]),
)
def test_every_voucher_agrees(contract: int, first: bool, used: int, excess: str, cap: str) -> None:  # noqa: FBT001
    expected = second.enterprise_subsidy(
        contract, first=first, earlier_fen=used, excess=excess, cap=cap
    )
    asked = Asked().answer_enterprise_subsidy(
        contract, first=first, earlier_fen=used, excess=excess, cap=cap
    )
    assert asked == expected


@given(contract=draw_fen(1, 10**9, 125_000_000), used=draw_fen(0, 10**9, 100_000_000))
def test_every_purchase_agrees(contract: int, used: int) -> None:
    asked = Asked(PRODUCT_YEAR).answer_region_subsidy(contract, used)
    assert asked == second.region_subsidy(contract, used)


@given(received=st.dates(date(2010, 1, 1), date(2030, 12, 31)))
def test_every_validity_agrees_where_nothing_rolls(received: date) -> None:
    assert Asked(STAYS).answer_last_valid_day(received) == second.last_valid_day(received)


@given(data=st.data(), kind=st.sampled_from(sorted(second.KINDS)), bare=st.booleans())
def test_every_kind_of_provider_agrees(data: st.DataObject, kind: str, bare: bool) -> None:  # noqa: FBT001
    counts = {name: data.draw(st.integers(0, 12)) for name in second.KINDS[kind]}
    wanted = second.KIND_QUALITIES.get(kind, ())
    had = [name for name in wanted if data.draw(st.integers(0, 5))]
    expected = second.able_in_kind(kind, counts, had, bare_included=bare)
    assert Asked().answer_able_in_kind(kind, counts, had, bare_included=bare) == expected
