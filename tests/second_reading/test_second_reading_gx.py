"""Comes in: an independent reading of the Guangxi measure. Goes out: a failure where we differ.

The second reading was made from the official text alone, without the ruleset. Every boundary case
it names is decided with the ruleset wherever the ruleset asks that question. The only differences
allowed are those named here with their reason: a choice that was made, or a recorded reading under
whose other option both agree.

These functions of the second reading have no counterpart:

- ``rounds_allowed``: how many rounds there are in a year is told and decides nothing.
- ``usage_against_cap``: each kind of voucher has a balance and a cap of its own, so nothing is
  added up.

Of the others, the options that ``WITHOUT_COUNTERPART`` names have none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pytest
import second_reading_gx as second
from dateutil.relativedelta import relativedelta
from hypothesis import given
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

from voucher_rules import Decision, InputError, Ruleset, RulesetError, load
from voucher_rules.catalog.gather import recall_library
from voucher_rules.catalog.notices import apply_notices
from voucher_rules.ruleset.notice import load_notice

NAME: Final = "cn-gx-service-voucher"
RULESET: Final = load(NAME, "2024")
HUGE: Final = "100000000000元"
CLASSES: Final[Mapping[str, str]] = {
    "ordinary": "ordinary",
    "growing": "second",
    "advanced": "third",
    "leading": "fourth",
}
NO_QUOTA: Final = {f"annual_cap[{name}]": HUGE for name in CLASSES.values()}
"""Yearly quotas too high to hold: what is left is the share of the contract."""
BOUNDARY: Final[list[Case]] = load_boundary("gx")["cases"]


APPLY: Final[Mapping[str, Any]] = {
    "measure.published_on": "none",
    "application.date": date(2025, 3, 3),
    "application.submitted_at": "2025-03-03T09:00:00+08:00",
    "application.online": True,
    "application.meets_notice": "none",
    "application.commitment": True,
    "qualification.date": date(2025, 3, 3),
    "enterprise.above_scale": True,
    "enterprise.industry": "industry",
    "enterprise.employees": 100,
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
    "enterprise.disqualified_on": "none",
    "enterprise.holds_other_kind": False,
    "titles": [],
    "finding.fits_direction": True,
    "finding.qualification_passed": True,
}
SPECIAL: Final[Mapping[str, Any]] = {
    "measure.published_on": "none",
    "special.date": date(2025, 3, 3),
    "special.kind": "leading",
    "enterprise.real_name": True,
    "application.online": True,
    "finding.qualification_passed": True,
    "enterprise.disqualified_on": "none",
    "enterprise.holds_other_kind": False,
}
CONTRACT: Final[Mapping[str, Any]] = {
    "measure.published_on": "none",
    "contract.signed_on": date(2025, 4, 1),
    "contract.signed_at": "2025-04-01T10:00:00+08:00",
    "contract.on_platform": True,
    "contract.requested": "none",
    "contract.other_kind_used": 0,
    "qualification.date": date(2025, 3, 3),
    "enterprise.qualified": True,
    "enterprise.still_eligible": True,
    "enterprise.disqualified_on": "none",
    "provider.admitted_for": 2025,
    "provider.admitted_on": date(2025, 1, 1),
    "provider.false_papers_on": "none",
    "provider.disqualified_on": "none",
    "pool.funds_left": "none",
    "service_year.opens_on": "none",
    "service_year.closes_on": "none",
}
USE: Final[Mapping[str, Any]] = {
    **CONTRACT,
    "titles": [],
    "enterprise.maturity_level": "none",
    "enterprise.entered_list_on": "none",
    "ledger.used_this_year": 0,
    "ledger.confirmed_this_year": 0,
    "ledger.failed_this_year": 0,
}
USE_SPECIAL: Final[Mapping[str, Any]] = {
    **CONTRACT,
    "special.kind": "leading",
    "ledger.special_used_this_year": 0,
}
SETTLE: Final[Mapping[str, Any]] = {
    "measure.published_on": "none",
    "settlement.date": date(2025, 10, 20),
    "settlement.uploaded": True,
    "voucher.kind": "general",
    "voucher.transferred": False,
    "contract.signed_on": date(2025, 4, 1),
    "contract.accepted": True,
    "contract.violation": False,
    "contract.other_kind_used": 0,
    "service.confirmed_on": date(2025, 9, 1),
    "service.adverse_remarks": False,
    "service_year.closes_on": "none",
    "finding.settlement_sound": True,
    "ledger.provider_settled_this_year": 0,
    "ledger.provider_settled_of_use_year": 0,
    "ledger.provider_special_settled": 0,
}
PAY: Final[Mapping[str, Any]] = {
    "payment.date": date(2025, 12, 1),
    "payment.checked": True,
    "payment.approved": True,
    "payment.published": True,
    "payment.objection_open": False,
}
PAPERS: Final[Mapping[str, str]] = {
    "application_form": "application_form",
    "registration_certificate": "licence",
    "client_contracts": "client_contracts",
    "qualification_proof": "qualification_proof",
    "insurance_proof": "insurance_proof",
    "tax_registration": "tax_form",
}
APPLIED_ON: Final = date(2025, 2, 10)
CORE: Final = {"core": True, "insured_since": date(2015, 1, 1)}
PROVIDER: Final[Mapping[str, Any]] = {
    "measure.published_on": "none",
    "provider.applied_on": APPLIED_ON,
    "provider.on_platform": True,
    "provider.bad_record_on_file": False,
    "provider.any_bad_record": False,
    "provider.accepts_checks": True,
    "provider.accepts_face_value": True,
    "provider.kind": "company",
    "provider.registered_in_region": True,
    "provider.pays_tax": True,
    "provider.premises_in_region": True,
    "provider.categories": ["management"],
    "provider.operating_since": date(2015, 1, 1),
    "provider.clients_last_year": 10,
    "provider.revenue_last_year": "200万元",
    "staff": [CORE] * second.CORE_STAFF,
    "provider.serious_dishonesty": False,
    "provider.seriously_dishonest": False,
    "provider.papers": [*PAPERS.values(), "other_proof"],
    "provider.unified_licence": False,
    "provider.false_papers_on": "none",
    "provider.disqualified_on": "none",
    "finding.serves_well": True,
    "finding.runs_well": True,
    "finding.strong_ability": True,
    "finding.sound_business": True,
}
ADMIT: Final[Mapping[str, Any]] = {
    **PROVIDER,
    "admission.date": date(2025, 3, 3),
    "admission.compliance_checked": True,
    "admission.no_objection": True,
    "admission.approved": True,
    "admission.published": True,
    "admission.objection_open": False,
    "finding.recommended": True,
    "provider.public_platform": False,
}
PRODUCT: Final[Mapping[str, Any]] = {
    "measure.published_on": "none",
    "selection.date": date(2025, 2, 20),
    "selection.complete_system": True,
    "selection.clear_content": True,
    "selection.clear_fees": True,
    "selection.approved": True,
    "selection.published": True,
    "selection.objection_open": False,
    "finding.market_price": True,
    "finding.raises_efficiency": True,
    "finding.helps_transformation": False,
    "finding.raises_ability": False,
    "finding.panel_passed": True,
}
SANCTION: Final[Mapping[str, Any]] = {
    "violation.found_on": date(2025, 11, 15),
    "violation.deal_subsidy": "3000元",
    "violation.year_subsidy": "10000元",
    "finding.voucher_traded": False,
    "finding.sham_deal": False,
    "finding.grave_complaint": False,
    "finding.reports_disagree": False,
    "finding.hinders_checks": False,
    "finding.grave_circumstances": False,
    "finding.false_papers": False,
    "finding.enterprise_involved": True,
    "finding.provider_involved": True,
}
NOTICE: Final[Mapping[str, Any]] = {
    "notice.date": date(2025, 2, 1),
    "notice.in_document": True,
    "notice_caps": [],
    "notice.diagnosis_ratio": "none",
    "notice.other_ratio": "none",
    "notice.provider_cap": "none",
}

SIZES: Final[Mapping[str | None, Facts]] = {
    "micro": {"enterprise.employees": 15, "enterprise.revenue": "5000万元"},
    "small": {"enterprise.employees": 100, "enterprise.revenue": "5000万元"},
    "medium": {"enterprise.employees": 300, "enterprise.revenue": "5000万元"},
    "large": {"enterprise.employees": 1000, "enterprise.revenue": "4亿元"},
}
TITLES: Final[Mapping[str, str]] = {
    "tech_sme": "technology_sme",
    "innovative_sme": "innovative",
    "digital_workshop": "digital_workshop",
    "integration_certified": "integration_standard",
    "in_national_cluster": "cluster_member",
    "regional_champion": "regional_champion",
    "regional_specialised": "specialised",
    "gazelle": "gazelle",
    "ip_advantage": "ip_regional",
    "quality_benchmark": "quality_benchmark",
    "famous_product": "famous_products",
    "national_champion": "national_champion",
    "little_giant": "little_giant",
}
BY_FIGURES: Final[Mapping[str, Facts]] = {
    "digital_level": {"enterprise.maturity_level": 3},
    "newly_listed": {"enterprise.entered_list_on": date(2024, 5, 1)},
}
CATEGORIES: Final = (
    "diagnosis",
    "digital",
    "innovation",
    "management",
    "market",
    "finance",
    "testing",
    "legal",
    "talent",
    "honours",
    "other",
)
HOMES: Final = {name: number for number, names in second.SERVICES.items() for name in names}
SPECIAL_KINDS: Final[Mapping[str, str]] = {
    "leading_enterprise": "leading",
    "cluster_or_base": "cluster",
    "key_project": "project",
    "innovation_or_integration": "innovation",
    "other": "other",
}
FORMS: Final[Mapping[str, str]] = {"other": "branch"}
# What a flag of the second reading says in facts where its condition is not met.
UNMET_CLAIM: Final[Mapping[str, Facts]] = {
    "industrial": {"enterprise.above_scale": False},
    "above_scale": {"enterprise.above_scale": False},
    "size_in_scope": SIZES["large"],
    "registered_in_region": {"enterprise.registered_in_region": False},
    "independent_legal_person": {"enterprise.legal_person": False},
    "socially_insured": {"enterprise.insured": False},
    "not_listed_dishonest": {"enterprise.seriously_dishonest": True},
    "no_major_violation": {"enterprise.incidents": ["tax"]},
    "fits_industrial_policy": {"finding.fits_direction": False},
    "registered_on_platform": {"enterprise.real_name": False},
    "applied_online": {"application.online": False},
    "review_passed": {"finding.qualification_passed": False},
    "not_disqualified": {
        "enterprise.disqualified_on": date(2025, 1, 2),
        "finding.enterprise_restored": False,
    },
}
UNMET_PROVIDER: Final[Mapping[str, Facts]] = {
    "registered_on_platform": {"provider.on_platform": False},
    "good_service": {"finding.serves_well": False},
    "no_bad_record": {"provider.bad_record_on_file": True, "provider.any_bad_record": True},
    "accepts_supervision": {"provider.accepts_checks": False},
    "accepts_set_off": {"provider.accepts_face_value": False},
    "registered_in_region": {"provider.registered_in_region": False},
    "pays_taxes": {"provider.pays_tax": False},
    "form_admitted": {"provider.kind": "branch"},
    "premises_in_region": {"provider.premises_in_region": False},
    "products_in_scope": {"provider.categories": []},
    "well_run": {"finding.runs_well": False},
    "professional_strength": {"finding.strong_ability": False},
    "sound_business_and_credit": {"finding.sound_business": False},
    "not_listed_dishonest": {"provider.seriously_dishonest": True},
}
UNMET_PRODUCT: Final[Mapping[str, Facts]] = {
    "complete_service_system": {"selection.complete_system": False},
    "content_clear": {"selection.clear_content": False},
    "price_standard_clear": {"selection.clear_fees": False},
    "market_price_transparent": {"finding.market_price": False},
    "aims_met": {"finding.raises_efficiency": False},
}
UNMET_USE: Final[Mapping[str, Facts]] = {
    "own_voucher": {"voucher.transferred": True},
    "service_in_scope": {"named_in_notice": False},
    "product_listed": {"listed": False},
    "provider_signed": {"provider.admitted_for": 2024},
    "contract_on_platform": {"contract.on_platform": False},
}
UNMET_PAYMENT: Final[Mapping[str, Facts]] = {
    "deposit_paid": {"deposit.paid": 0, "balance.paid": "5000元"},
    "balance_paid": {"balance.paid": "2999.99元"},
    "service_confirmed": {"service.confirmed_on": "none"},
    "materials_uploaded": {"settlement.uploaded": False},
    "centre_review_passed": {"finding.settlement_sound": False},
    "department_approved": {"payment.approved": False},
    "published_without_objection": {"payment.published": False},
    "contract_accepted": {"contract.accepted": False},
}
PRODUCT_STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "expert_review_passed": ("finding.panel_passed", "panel_passed"),
    "department_approved": ("selection.approved", "product_approved"),
    "published_without_objection": ("selection.published", "product_published"),
}
PROVIDER_STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "compliance_checked": ("admission.compliance_checked", "compliance_checked"),
    "division_agreed": ("admission.no_objection", "division_agrees"),
    "experts_recommended": ("finding.recommended", "recommended"),
    "department_approved": ("admission.approved", "admission_approved"),
    "published_without_objection": ("admission.published", "admission_published"),
}
BREACHES: Final[Mapping[str, str]] = {
    "第二十五条（一）": "voucher_traded",
    "第二十五条（二）": "sham_deal",
    "第二十五条（三）": "grave_complaint",
    "第二十五条（四）": "reports_disagree",
    "第二十五条（五）": "hinders_checks",
}

NO_COUNTERPART: Final = frozenset({"rounds_allowed", "usage_against_cap"})
# Options (function, argument, value) that are no option of the ruleset, and why.
WITHOUT_COUNTERPART: Final[Mapping[tuple[str, str, object], str]] = {
    ("size_in_scope", "size", None): "the size is worked out from figures, and those are given",
    ("newly_listed", "years", "with_current"): "the other reading counts 24 months, not this year",
    ("yearly_cap", "several", "lowest"): "no careful reader would take the lowest cap",
    ("voucher_amount", "partial", False): "vouchers are used until none is left, so a rest serves",
    ("settle_for_provider", "limit", "hard"): "a limit in principle always goes to a person",
    ("has_operated_long_enough", "reached", "day_after"): "three years include the third",
    ("may_reapply", "bar", "year"): "the other reading counts a year from the day",
    ("product_stage", "submitted", False): "the ruleset begins with what was handed in",
    ("first_use", "last", "stop"): "the rest of the money is always given",
    ("first_use", "last", "skip"): "the rest of the money is always given",
}

# Where the two readings part, and why: each a choice that was made, not an oversight.
CHOICES: Final[Mapping[str, str]] = {
    "a": "a price of nothing is no contract, so the ruleset refuses it at the door",
    "b": "events in an impossible order are denied with their reason and not refused",
    "c": "where no voucher is asked for or held, there is nothing to grant",
    "d": "what is not covered leaves nothing to grant, and both articles are told",
    "e": "that only listed products count is told with the article that defines them",
    "f": "that the provider is one of the year is told with the article on its yearly admission",
    "g": "who asks for more than there is receives what there is and is not refused",
    "h": "the sums paid are taken as stated and not held against one another",
    "i": "where the day of issue cannot be found out, a warning says the term was not checked",
}
# id -> what the ruleset answers, and the choice behind it.
APART: Final[Mapping[str, tuple[object, str]]] = {
    "gx-094": ("submitted", "b"),
    "gx-114": (False, "b"),
    "gx-165": (REFUSED, "a"),
    "gx-183": (REFUSED, "a"),
    "gx-223": (REFUSED, "a"),
    "gx-237": ("denied", "c"),
    "gx-259": (False, "b"),
    "gx-269": (0, "b"),
    "gx-309": ("applied", "b"),
    "gx-323": ([False, ["第六条（一）", "第十条"]], "d"),
    "gx-324": ([False, ["第七条"]], "e"),
    "gx-325": ([False, ["第十五条"]], "f"),
    "gx-327": (REFUSED, "a"),
    "gx-337": (0, "g"),
    "gx-338": (None, "c"),
    "gx-347": (False, "b"),
    "gx-398": (2, "h"),
    "gx-410": (True, "i"),
}
# id -> the reading under which both agree; under its default the ruleset differs.
READ_APART: Final[Mapping[str, Readings]] = {"gx-346": {"use_means": "signed"}}


NOT_ALLOWED: Final = {"notice-does-not-tighten", "parameter-out-of-bounds"}


def put_ref(ref: str) -> str:
    """Return a reference of the second reading as the ruleset writes it: with a dot after 1."""
    return re.sub(r"(?<=）)(\d+)$", r"\1.", ref)


def make_item(fen: int, category: str, **fields: object) -> Facts:
    item: Facts = {
        "amount": to_yuan(fen),
        "category": category,
        "listed": True,
        "litigation": False,
        "mandatory": False,
        "title_won": False,
        "named_in_notice": False,
        "hardware": "none",
    }
    return item | fields


def make_contract(*items: Facts) -> Facts:
    return {"items": list(items), "contract.amount": sum(item["amount"] for item in items)}


def make_service(fen: int, *, diagnosis: bool) -> Facts:
    return make_contract(make_item(fen, "diagnosis" if diagnosis else "management"))


def make_settlement(face_fen: int, contract_fen: int, *, diagnosis: bool = False) -> Facts:
    """Return a contract paid as article 17 has it: the deposit, the voucher and the rest."""
    deposit = contract_fen // 5
    return {
        **make_service(contract_fen, diagnosis=diagnosis),
        "voucher.face": to_yuan(face_fen),
        "deposit.paid": to_yuan(deposit),
        "balance.paid": to_yuan(max(contract_fen - deposit - face_fen, 0)),
    }


def hold_titles(names: Sequence[str]) -> Facts:
    """Return the facts of an enterprise of these classes."""
    held = [TITLES.get(name, name) for name in names if name not in BY_FIGURES]
    begun, endless = date(2020, 1, 1), "none"
    facts: Facts = {
        "titles": [{"title": name, "valid_from": begun, "valid_until": endless} for name in held]
    }
    for name in names:
        facts |= BY_FIGURES.get(name, {})
    return facts


@functools.cache
def load_noticed(values: tuple[tuple[str, str], ...]) -> Any:  # noqa: ANN401
    """Return the ruleset under a notice that sets these values for 2025; refuse what it may not."""
    lines = [f'  - {{parameter: "{name}", ref: 一、, value: {value}}}' for name, value in values]
    head = f"""
notice: made
ruleset: {NAME}
edition: "2024"
language: 1
title: {{zh: 通知, en: notice}}
issuer: {{zh: 虚构机关, en: invented authority}}
holds: {{from: 2025-01-01, until: 2025-12-31}}
sets:
"""
    written = head + "\n".join(lines) + "\n"
    try:
        notice = load_notice(written.encode(), "made.notice.yaml")
        made = apply_notices(RULESET.loaded, recall_library(RULESET.checked), [notice])
    except RulesetError as refused:
        if {found.code for found in refused.diagnostics} <= NOT_ALLOWED:
            raise InputError([]) from refused
        raise
    return Ruleset(*made, RULESET.path, RULESET.folders)


@functools.cache
def load_without_quota(values: tuple[tuple[str, str], ...]) -> Any:  # noqa: ANN401
    return under_notice(dict(values)).amend(NO_QUOTA)


def under_notice(values: Mapping[str, str]) -> Any:  # noqa: ANN401
    return load_noticed(tuple(values.items())) if values else RULESET


def to_percent(ratio: Fraction) -> str:
    return f"{ratio * 100}%"


class Asked(Answerer):
    """The ruleset as it is asked, under a choice of readings."""

    ruleset = RULESET

    def apply(self, facts: Facts, readings: Readings | None = None) -> Decision:
        return self.decide("apply", APPLY, facts, readings)

    def answer_size_in_scope(self, size: str, *, micro: str = "admitted") -> bool:
        facts = SIZES.get(size, {"enterprise.industry": size})
        option = {"admitted": "included"}.get(micro, micro)
        return tell_verdict(self.apply(facts, {"micro_enterprises": option}))[0]

    def answer_may_claim(self, **flags: bool) -> list[object]:
        granted, articles = tell_verdict(self.apply(gather_unmet(UNMET_CLAIM, flags)))
        return [granted, articles]

    def answer_is_encouraged(self, classes: Sequence[str]) -> bool:
        """Return whether it goes first in the queue."""
        ((_, keys),) = self.apply(hold_titles(classes)).result.ranking
        return keys[0] is True

    def answer_may_claim_special(
        self,
        kind: str | None,
        *,
        named: bool = True,
        on_project_list: bool = True,
        needed_by_deployment: bool = False,
    ) -> str:
        """Ask with a quota set; what no item names is one of the others, not included."""
        facts: Facts = {"special.kind": "other" if kind is None else SPECIAL_KINDS.get(kind, kind)}
        match facts["special.kind"]:
            case "leading":
                facts |= {"special.named_type": named}
            case "cluster" | "innovation":
                facts |= {"special.named_type": named, "special.operator": True}
            case "project":
                facts |= {"special.project_listed": on_project_list}
            case "other":
                facts |= {"finding.included_by_decision": needed_by_deployment}
        caps = {f"special_cap[{name}]": "10万元" for name in SPECIAL_KINDS.values()}
        outcome = self.decide("apply_special", SPECIAL, facts, ruleset=under_notice(caps)).outcome
        return {"granted": "yes", "denied": "no"}.get(outcome, str(outcome))

    def covers(self, item: Facts, readings: Readings | None = None) -> bool:
        return to_fen(self.decide("use", USE, make_contract(item), readings)) > 0

    def answer_categories_of(self, service: str, *, in_notice: bool = False) -> list[int]:
        """Return the category the service is asked under, if it is covered there."""
        numbers = {"digital_rebuild_hardware": 2, "mandatory_inspection": 7, "litigation": 8}
        number = HOMES.get(service) or (11 if in_notice else numbers.get(service, 11))
        item = make_item(
            1_000_000,
            CATEGORIES[number - 1],
            title_won=True,
            named_in_notice=in_notice,
            litigation=service == "litigation",
            mandatory=service == "mandatory_inspection",
            hardware="10000元" if service == "digital_rebuild_hardware" else "none",
        )
        return [number] if self.covers(item) else []

    def answer_declaration_in_scope(
        self, *, national: bool, obtained: bool, reading: str = "obtained_national"
    ) -> bool:
        option = {"open": "in_progress", "obtained_national": "won_only"}[reading]
        item = make_item(1_000_000, "honours", title_won=national and obtained)
        return self.covers(item, {"honours": option})

    def answer_special_service_in_scope(
        self, service: str, notice: Sequence[str] | None
    ) -> bool | None:
        values = {"special_cap[leading]": "10万元"}
        if notice is not None:
            named = ", ".join(CATEGORIES[HOMES[name] - 1] for name in notice)
            values["special_categories"] = f"[{named}]"
        item = make_item(1_000_000, CATEGORIES[HOMES[service] - 1])
        decision = self.decide(
            "use_special", USE_SPECIAL, make_contract(item), ruleset=under_notice(values)
        )
        if decision.outcome == "undetermined":
            return None
        return "something_covered_specially" not in list_failed(decision)

    def answer_product_aims_met(
        self,
        *,
        efficiency: bool,
        upgrading: bool,
        innovation: bool,
        crisis_response: bool,
        required: str = "any",
    ) -> bool:
        """Ask with the last two aims as the one finding they are."""
        join = any if required == "any" else all
        facts = {
            "finding.raises_efficiency": efficiency,
            "finding.helps_transformation": upgrading,
            "finding.raises_ability": join((innovation, crisis_response)),
        }
        readings = {"product_aims": "one" if required == "any" else "every"}
        return tell_verdict(self.decide("select_product", PRODUCT, facts, readings))[0]

    def answer_product_admissible(self, **flags: bool) -> list[object]:
        facts = gather_unmet(UNMET_PRODUCT, flags)
        granted, articles = tell_verdict(self.decide("select_product", PRODUCT, facts))
        return [granted, articles]

    def answer_product_stage(self, **passed: bool) -> str:
        facts = {fact: passed[step] for step, (fact, _) in PRODUCT_STEPS.items()}
        failed = list_failed(self.decide("select_product", PRODUCT, facts))
        return find_last("submitted", PRODUCT_STEPS, failed)

    def answer_digital_level_counts(self, level: int) -> bool:
        return to_fen(self.apply({"enterprise.maturity_level": level})) == 10_000_000

    def answer_newly_listed(self, entered_on: date, claimed_on: date) -> bool:
        facts = {
            "application.date": claimed_on,
            "qualification.date": claimed_on,
            "enterprise.entered_list_on": entered_on,
        }
        return to_fen(self.apply(facts)) == 10_000_000

    def answer_ip_title_counts(
        self, *, national: bool, regional: bool, required: str = "either"
    ) -> bool:
        names = [
            name for name, held in (("ip_national", national), ("ip_regional", regional)) if held
        ]
        return to_fen(self.apply(hold_titles(names), {"ip_titles": required})) == 20_000_000

    def answer_adjusted_value(
        self, base: int | Fraction, notice: int | Fraction | None = None, *, upwards: str = "barred"
    ) -> object:
        """Ask whether the notice keeps within its bounds, lay it over, and find its value."""
        parameter, fact = {
            Fraction(4, 5): ("diagnosis_ratio", "notice.diagnosis_ratio"),
            Fraction(1, 2): ("other_ratio", "notice.other_ratio"),
            5_000_000: ("annual_cap[ordinary]", ""),
            500_000_000: ("provider_cap", "notice.provider_cap"),
        }[base]
        if notice is None:
            return self.find_value(parameter, {})
        value = to_percent(notice) if isinstance(notice, Fraction) else f"{to_yuan(notice)}元"
        stated = {"of_class": "ordinary", "amount": value}
        facts: Facts = {fact: value} if fact else {"notice_caps": [stated]}
        readings = {"adjustment": "free" if upwards == "allowed" else "within_ceilings"}
        outcome = self.decide("notice", NOTICE, facts, readings).outcome
        if upwards == "allowed":
            return notice if outcome == "granted" else outcome
        if outcome != "granted":
            under_notice({parameter: value})
            raise AssertionError(parameter)
        return self.find_value(parameter, {parameter: value})

    def find_value(self, parameter: str, values: Mapping[str, str]) -> object:
        """Return the value of a parameter under a notice, by what it decides."""
        ruleset = under_notice(values)
        if parameter.endswith("_ratio"):
            facts = make_service(10_000, diagnosis=parameter == "diagnosis_ratio")
            return Fraction(to_fen(self.decide("use", USE, facts, ruleset=ruleset)), 10_000)
        if parameter == "provider_cap":
            ((_, text),) = values.items()
            fen = int(Decimal(text.removesuffix("元")).scaleb(2))
            held = [
                self.answer_settle_for_provider(0, fen + more, notice_cap_fen=fen)
                for more in (0, 1)
            ]
            assert held == ["within", "referred"]
            return fen
        return to_fen(self.decide("apply", APPLY, ruleset=ruleset))

    def answer_yearly_cap(
        self,
        classes: Sequence[str],
        notice: Mapping[str, int] | None = None,
        *,
        several: str = "highest",
    ) -> int:
        values = {
            f"annual_cap[{CLASSES[tier]}]": f"{to_yuan(fen)}元"
            for tier, fen in (notice or {}).items()
        }
        readings = {"several_classes": several}
        return to_fen(
            self.decide("apply", APPLY, hold_titles(classes), readings, under_notice(values))
        )

    def answer_special_cap(self, notice_fen: int | None) -> int | None:
        values = {} if notice_fen is None else {"special_cap[leading]": f"{to_yuan(notice_fen)}元"}
        facts = {"special.named_type": True}
        decision = self.decide("apply_special", SPECIAL, facts, ruleset=under_notice(values))
        return None if decision.outcome == "undetermined" else to_fen(decision)

    def answer_item_ceiling(
        self, contract_fen: int, *, diagnosis: bool, notice_ratio: Fraction | None = None
    ) -> int:
        name = "diagnosis_ratio" if diagnosis else "other_ratio"
        values = {} if notice_ratio is None else {name: to_percent(notice_ratio)}
        ruleset = load_without_quota(tuple(values.items()))
        facts = make_service(contract_fen, diagnosis=diagnosis)
        return to_fen(self.decide("use", USE, facts, ruleset=ruleset))

    def answer_items_ceiling(self, items: Sequence[tuple[int, bool]]) -> int:
        facts = make_contract(
            *(make_item(fen, "diagnosis" if is_one else "market") for fen, is_one in items)
        )
        return to_fen(self.decide("use", USE, facts))

    def answer_remaining_quota(self, cap_fen: int, used_fen: int) -> int:
        assert cap_fen == second.TIER_CAPS_FEN["ordinary"]
        return self.answer_voucher_amount(100_000_000, used_fen=used_fen, diagnosis=False)

    def answer_voucher_amount(
        self,
        contract_fen: int,
        classes: Sequence[str] = (),
        used_fen: int = 0,
        *,
        diagnosis: bool,
    ) -> int:
        facts = {
            **make_service(contract_fen, diagnosis=diagnosis),
            **hold_titles(classes),
            "ledger.used_this_year": to_yuan(used_fen),
        }
        return to_fen(self.decide("use", USE, facts))

    def answer_special_amount(
        self, contract_fen: int, notice_cap_fen: int | None, used_fen: int = 0, *, diagnosis: bool
    ) -> int | None:
        values = {"special_categories": "[diagnosis, management]"}
        if notice_cap_fen is not None:
            values["special_cap[leading]"] = f"{to_yuan(notice_cap_fen)}元"
        facts = {
            **make_service(contract_fen, diagnosis=diagnosis),
            "ledger.special_used_this_year": to_yuan(used_fen),
        }
        decision = self.decide("use_special", USE_SPECIAL, facts, ruleset=under_notice(values))
        return None if decision.outcome == "undetermined" else to_fen(decision)

    def answer_settle_for_provider(
        self, settled_fen: int, amount_fen: int, *, notice_cap_fen: int | None = None
    ) -> str:
        values = {}
        if notice_cap_fen is not None:
            values["provider_cap"] = f"{to_yuan(notice_cap_fen)}元"
        facts = {
            **make_settlement(amount_fen, max(2 * amount_fen, 1)),
            "ledger.provider_settled_this_year": to_yuan(settled_fen),
        }
        outcome = self.decide("settle", SETTLE, facts, ruleset=under_notice(values)).outcome
        return "within" if outcome == "granted" else str(outcome)

    def answer_settle_special(
        self, settled_fen: int, amount_fen: int, notice_cap_fen: int | None
    ) -> int | None:
        values = {"special_categories": "[management]"}
        if notice_cap_fen is not None:
            values["special_provider_cap"] = f"{to_yuan(notice_cap_fen)}元"
        facts = {
            **make_settlement(amount_fen, 2 * amount_fen),
            "voucher.kind": "special",
            "ledger.provider_special_settled": to_yuan(settled_fen),
        }
        decision = self.decide("settle", SETTLE, facts, ruleset=under_notice(values))
        if decision.outcome == "undetermined":
            return None
        return to_fen(decision)

    def answer_form_admitted(self, form: str, *, institutions: str = "excluded") -> bool:
        option = {"excluded": "enterprises_only", "admitted": "legal_persons"}[institutions]
        facts = {"provider.kind": FORMS.get(form, form)}
        decision = self.decide("apply_as_provider", PROVIDER, facts, {"other_bodies": option})
        return tell_verdict(decision)[0]

    def answer_has_operated_long_enough(self, started_on: date, applied_on: date) -> bool:
        facts = {"provider.operating_since": started_on, "provider.applied_on": applied_on}
        decision = self.decide("apply_as_provider", PROVIDER, facts)
        return "operating_long_enough" not in list_failed(decision)

    def answer_core_staff(self, months_insured: Sequence[int]) -> int:
        """Return how many of the eight they are: what those added, who count, leave open."""
        staff = [
            {"core": True, "insured_since": APPLIED_ON - relativedelta(months=months)}
            for months in months_insured
        ]
        for added in range(second.CORE_STAFF + 1):
            facts = {"staff": [*staff, *[CORE] * added]}
            decision = self.decide("apply_as_provider", PROVIDER, facts)
            if "enough_staff" not in list_failed(decision):
                return second.CORE_STAFF - added
        raise AssertionError(months_insured)

    def answer_provider_strength_failed(
        self, staff: int, clients_last_year: int, revenue_last_year_fen: int
    ) -> list[str]:
        if staff < 0:  # no list has fewer than none
            raise InputError([])
        facts = {
            "staff": [CORE] * staff,
            "provider.clients_last_year": clients_last_year,
            "provider.revenue_last_year": to_yuan(revenue_last_year_fen),
        }
        failed = list_failed(self.decide("apply_as_provider", PROVIDER, facts))
        return [name for name in ("staff", "clients", "revenue") if f"enough_{name}" in failed]

    def answer_provider_admissible(self, **flags: bool) -> list[object]:
        facts = gather_unmet(UNMET_PROVIDER, flags)
        granted, articles = tell_verdict(self.decide("apply_as_provider", PROVIDER, facts))
        return [granted, articles]

    def answer_provider_papers_missing(self, papers: Sequence[str]) -> list[str]:
        facts = {"provider.papers": [PAPERS[name] for name in papers]}
        decision = self.decide("apply_as_provider", PROVIDER, facts)
        lacking = {paper for reason in decision.reasons for paper in reason.papers}
        if "tax_paper" in list_failed(decision):
            lacking.add("tax_form")
        return [name for name, paper in PAPERS.items() if paper in lacking]

    def answer_provider_stage(self, **passed: bool) -> str | None:
        facts: Facts = {fact: passed[step] for step, (fact, _) in PROVIDER_STEPS.items()}
        if not passed["applied"]:
            facts["provider.applied_on"] = ADMIT["admission.date"] + ONE_DAY
        failed = list_failed(self.decide("admit_provider", ADMIT, facts))
        return None if "applied_first" in failed else find_last("applied", PROVIDER_STEPS, failed)

    def answer_standing_covers(self, certified_year: int, day: date) -> bool:
        facts: Facts = {
            **make_service(1_000_000, diagnosis=False),
            "provider.admitted_for": certified_year,
            "contract.signed_on": day,
            "qualification.date": day,
        }
        return tell_verdict(self.decide("use", USE, facts))[0]

    def answer_may_reapply(self, found_on: date, applied_on: date) -> bool:
        facts = {"provider.applied_on": applied_on, "provider.false_papers_on": found_on}
        return tell_verdict(self.decide("apply_as_provider", PROVIDER, facts))[0]

    def answer_may_use(self, **flags: bool) -> list[object]:
        """Ask for the use and, of what it does not ask, for the settlement."""
        unmet = gather_unmet(UNMET_USE, flags)
        fields = {"named_in_notice": unmet.pop("named_in_notice", True)}
        fields |= {"listed": unmet.pop("listed", True)}
        passed_on = {name: unmet.pop(name) for name in list(unmet) if name.startswith("voucher.")}
        contract = make_contract(make_item(1_000_000, "other", **fields))
        verdicts = [
            tell_verdict(self.decide("use", USE, contract | unmet)),
            tell_verdict(
                self.decide("settle", SETTLE, make_settlement(500_000, 1_000_000) | passed_on)
            ),
        ]
        return join_verdicts(verdicts)

    def answer_deposit(self, contract_fen: int) -> object:
        facts = make_service(contract_fen, diagnosis=True)
        return count_fen(self.decide("use", USE, facts).values["deposit.amount"])

    def answer_final_payment(self, contract_fen: int, voucher_fen: int) -> object:
        facts = {
            **make_service(contract_fen, diagnosis=True),
            "contract.requested": to_yuan(voucher_fen),
        }
        return count_fen(self.decide("use", USE, facts).values.get("balance.amount"))

    def answer_used_in_year(
        self,
        voucher_year: int,
        signed_on: date,
        confirmed_on: date | None = None,
        by: str | None = None,
    ) -> bool:
        """Ask for the use and, of what is confirmed or must be, for the settlement."""
        contract: Facts = {
            **make_service(1_000_000, diagnosis=False),
            "contract.signed_on": signed_on,
            "qualification.date": date(voucher_year, 1, 1),
            "provider.admitted_for": signed_on.year,
        }
        used = tell_verdict(self.decide("use", USE, contract))[0]
        if confirmed_on is None and by is None:
            return used
        settled: Facts = {
            **make_settlement(500_000, 1_000_000),
            "contract.signed_on": signed_on,
            "service.confirmed_on": confirmed_on or "none",
            "settlement.date": date(voucher_year + 2, 1, 1),
        }
        readings = {"use_means": "confirmed"} if by == "confirmation" else {}
        return used and tell_verdict(self.decide("settle", SETTLE, settled, readings))[0]

    def answer_first_use(
        self, requests: Sequence[tuple[str, date, int]], pool_fen: int, last: str = "partial"
    ) -> list[list[object]]:
        """Serve the requests in the order of their rank, each from what the others have left."""
        assert last == "partial"

        def ask(request: tuple[str, date, int], left: int) -> Decision:
            facts = {
                **make_service(1_000_000, diagnosis=False),
                "contract.signed_at": f"{request[1]}T10:00:00+08:00",
                "contract.requested": to_yuan(request[2]),
                "pool.funds_left": to_yuan(left),
            }
            return self.decide("use", USE, facts)

        def rank(request: tuple[str, date, int]) -> Any:  # noqa: ANN401
            ((_, keys),) = ask(request, pool_fen).result.ranking
            return keys[0]

        granted: list[list[object]] = []
        left = pool_fen
        for request in sorted(requests, key=rank):
            amount = to_fen(ask(request, left))
            left -= amount
            granted.append([request[0], amount])
        return granted

    def answer_payable(self, **flags: bool) -> list[object]:
        """Ask for the settlement and for the payment."""
        unmet = gather_unmet(UNMET_PAYMENT, flags)
        pay = {name: value for name, value in unmet.items() if name.startswith("payment.")}
        settle = {name: value for name, value in unmet.items() if name not in pay}
        verdicts = [
            tell_verdict(
                self.decide("settle", SETTLE, make_settlement(500_000, 1_000_000) | settle)
            ),
            tell_verdict(self.decide("pay", PAY, pay)),
        ]
        return join_verdicts(verdicts)

    def answer_settlement_amount(
        self, voucher_fen: int, contract_fen: int, *, diagnosis: bool
    ) -> int:
        facts = make_settlement(voucher_fen, contract_fen, diagnosis=diagnosis)
        return to_fen(self.decide("settle", SETTLE, facts))

    def sanction(self, facts: Facts, readings: Readings | None = None) -> Decision:
        return self.decide("sanction", SANCTION, facts, readings)

    def answer_violations(self, facts: Sequence[str]) -> bool:
        """Return whether a violation is established; the ruleset does not tell the items apart."""
        found: Facts = {"finding.responses": []} | find_breaches(facts)
        return self.sanction(found).values["violation.established"] is True

    def answer_loses_standing(
        self, facts: Sequence[str], *, decided: bool | None = None
    ) -> bool | None:
        found = find_breaches(facts)
        if decided is not None:
            found["finding.responses"] = ["enterprise_standing"] if decided else []
        decision = self.sanction(found)
        if facts and decided is None:
            assert decision.outcome == "referred"
            return None
        return "enterprise_loses_standing" in {item.rule.id for item in decision.consequences}

    def answer_claim_barred(
        self, cancelled_on: date, claimed_on: date, *, until: str = "open"
    ) -> bool:
        facts = {
            "application.date": claimed_on,
            "qualification.date": claimed_on,
            "enterprise.disqualified_on": cancelled_on,
            "finding.enterprise_restored": False,
        }
        option = {"open": "open_ended", "year": "same_year"}[until]
        return not tell_verdict(self.apply(facts, {"disqualification_term": option}))[0]

    def answer_recovered_amount(
        self, affected_fen: int, all_fen: int, *, scope: str = "transaction"
    ) -> object:
        facts = {
            "violation.deal_subsidy": to_yuan(affected_fen),
            "violation.year_subsidy": to_yuan(all_fen),
            "finding.voucher_traded": True,
            "finding.responses": ["repayment"],
        }
        readings = {"repayment_scope": "deal" if scope == "transaction" else "year"}
        return count_fen(self.sanction(facts, readings).values["repayment.amount"])

    def answer_last_day_in_force(self, issued_on: date, *, issue_day_counts: bool = True) -> object:
        facts = {"life.asked_on": issued_on, "measure.published_on": issued_on}
        readings = {"life_end": "eve" if issue_day_counts else "anniversary"}
        return self.decide("life", facts, readings=readings).values["measure.last_day"]

    def answer_in_force(
        self, issued_on: date | None, day: date, *, issue_day_counts: bool = True
    ) -> bool:
        facts = {
            "measure.published_on": issued_on or "none",
            "application.date": day,
            "qualification.date": day,
        }
        readings = {"life_end": "eve" if issue_day_counts else "anniversary"}
        return tell_verdict(self.apply(facts, readings))[0]


def find_last(first: str, steps: Mapping[str, tuple[str, str]], failed: set[str]) -> str:
    """Return the last step before one that failed."""
    last = first
    for step, (_, rule) in steps.items():
        if rule in failed:
            break
        last = step
    return last


def find_breaches(facts: Sequence[str]) -> Facts:
    if unknown := set(facts) - set(second.VIOLATIONS):
        raise InputError([]) from ValueError(unknown)
    return {f"finding.{BREACHES[second.VIOLATIONS[name]]}": True for name in facts}


def join_verdicts(verdicts: Sequence[tuple[bool, list[str]]]) -> list[object]:
    articles = sorted({article for _, cited in verdicts for article in cited})
    return [all(granted for granted, _ in verdicts), articles]


def count_fen(value: object) -> object:
    """Return an amount worked out in whole fen; what a denial leaves out is told as None."""
    if value is None:
        return None
    assert isinstance(value, (int, Fraction)), value
    assert value == int(value)
    return int(value)


def encode(value: Any) -> Any:  # noqa: ANN401
    """Return an answer in the words of the file."""
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return str(value) if isinstance(value, date) else value


def expect_of_ruleset(case: Case) -> object:
    """Return the expected answer as the ruleset gives it."""
    expected = case["expected"]
    if expected == REFUSED:
        return REFUSED
    if case["function"] == "violations":
        return bool(expected)
    match expected:
        case [bool(granted), list(refs)]:
            return [granted, sorted(put_ref(ref) for ref in refs)]
    return expected


def ask(case: Case, asked: Answerer) -> object:
    return sort_refs(ask_answerer(case, asked, encode))


def has_counterpart(case: Case) -> bool:
    function = case["function"]
    if function in NO_COUNTERPART:
        return False
    return not has_option(case, WITHOUT_COUNTERPART)


DIFFERENCES: Final = Differences(APART, CHOICES, (READ_APART,))
ASKED: Final = [case for case in BOUNDARY if has_counterpart(case)]


@pytest.mark.parametrize("case", BOUNDARY, ids=name_case)
def test_the_second_reading_answers_its_own_cases(case: Case) -> None:
    check_own_answer(case, second, encode)


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


CAPS: Final = tuple(second.TIER_CAPS_FEN.values())
SHARED: Final = [cap * part // 4 for cap in CAPS for part in (5, 8)]
"""Contracts of which the share just reaches a quota."""
CONTRACTS: Final = draw_fen(1, 10**8, 4, *SHARED)
USED: Final = draw_fen(0, 35_000_000, 0, *CAPS)
HELD: Final = st.sets(st.sampled_from(sorted(second.TIERS))).map(sorted)


@given(contract=CONTRACTS, classes=HELD, used=USED, diagnosis=st.booleans())
def test_every_voucher_agrees(
    *, contract: int, classes: list[str], used: int, diagnosis: bool
) -> None:
    expected = second.voucher_amount(contract, classes, used, diagnosis=diagnosis)
    answer = Asked().answer_voucher_amount(contract, classes, used, diagnosis=diagnosis)
    assert answer == expected


@given(items=st.lists(st.tuples(draw_fen(1, 10**6, 4, 10), st.booleans()), min_size=1, max_size=5))
def test_every_contract_of_several_items_agrees(items: list[tuple[int, bool]]) -> None:
    expected = min(second.items_ceiling(items), second.TIER_CAPS_FEN["ordinary"])
    assert Asked().answer_items_ceiling(items) == expected


@given(contract=CONTRACTS, part=st.fractions(0, 1), diagnosis=st.booleans())
def test_every_settlement_agrees(*, contract: int, part: Fraction, diagnosis: bool) -> None:
    face = int(contract * part)
    expected = second.settlement_amount(face, contract, diagnosis=diagnosis)
    assert Asked().answer_settlement_amount(face, contract, diagnosis=diagnosis) == expected


@given(contract=st.integers(5, 6_250_000), part=st.fractions(0, 1))
def test_deposit_voucher_and_rest_make_up_the_price(contract: int, part: Fraction) -> None:
    """Ask for a diagnosis within the smallest quota."""
    voucher = max(int(second.item_ceiling(contract, diagnosis=True) * part), 1)
    assert Asked().answer_deposit(contract) == second.deposit(contract)
    rest = Asked().answer_final_payment(contract, voucher)
    assert rest == second.final_payment(contract, voucher)
    assert second.deposit(contract) + voucher + second.final_payment(contract, voucher) == contract


DAYS: Final = st.dates(date(2021, 1, 1), date(2028, 12, 31))


@given(first=DAYS, other=DAYS)
def test_every_newcomer_agrees(first: date, other: date) -> None:
    entered, claimed = min(first, other), max(first, other)
    expected = second.newly_listed(entered, claimed)
    assert Asked().answer_newly_listed(entered, claimed) == expected


@given(started=st.dates(date(2016, 1, 1), date(2022, 12, 31)), step=st.integers(-2, 2))
def test_every_age_of_a_provider_agrees(started: date, step: int) -> None:
    applied = started + relativedelta(years=second.OPERATING_YEARS) + step * ONE_DAY
    expected = second.has_operated_long_enough(started, applied)
    assert Asked().answer_has_operated_long_enough(started, applied) == expected


@given(issued=DAYS, step=st.integers(-2, 2), counts=st.booleans())
def test_every_term_agrees(*, issued: date, step: int, counts: bool) -> None:
    last = second.last_day_in_force(issued, issue_day_counts=counts)
    assert Asked().answer_last_day_in_force(issued, issue_day_counts=counts) == last
    day = last + step * ONE_DAY
    assert Asked().answer_in_force(issued, day, issue_day_counts=counts) == (step <= 0)
