"""Comes in: an independent reading of the demonstration platform measure. Goes out: a failure.

The second reading was made from the official text alone, without the ruleset. Every boundary case
it names is decided with the ruleset wherever the ruleset asks that question. The only differences
allowed are those named here with their reason: a choice that was made, or a recorded reading under
whose other option both agree.

These functions of the second reading have no counterpart:

- ``legal_person``: whether the unit is a legal person of its own is asked as one fact.
- ``count_served``: the enterprises served are stated as a number for each of the readings.
- ``service_year``: the years are named in the labels of those facts and not worked out.
- ``summary_years``: the years a summary covers decide nothing.

Of the others, the options that ``WITHOUT_COUNTERPART`` names have none, nor has a calendar that was
never in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pytest
import second_reading_dp as second
from dateutil.relativedelta import relativedelta
from hypothesis import example, given, settings
from hypothesis import strategies as st
from second_reading_compare import (
    ONE_DAY,
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
    has_option,
    list_failed,
    load_boundary,
    name_case,
)

from voucher_rules import Decision, InputError, load

RULESET: Final = load("cn-nm-demonstration-platform", "undated")
BOUNDARY: Final[list[Case]] = load_boundary("dp")["cases"]


ARRANGEMENTS: Final = (
    "management_system",
    "service_process",
    "fee_standard",
    "quality_assurance",
    "development_plan",
    "yearly_goals",
    "brand_plan",
)
# Every fact is stated, also those that only another reading looks at.
CONDITIONS: Final[Mapping[str, Any]] = {
    "application.date": date(2023, 1, 10),
    "platform.services": ["training"],
    "platform.lawfully_established": True,
    "platform.legal_person": True,
    "platform.established_on": date(2009, 5, 1),
    "platform.operating_since": date(2009, 6, 1),
    "platform.total_assets": "3000000元",
    "platform.main_area": "cluster",
    "platform.fixed_premises": True,
    "platform.arrangements": list(ARRANGEMENTS),
    "platform.recognised_at": "none",
    "platform.commended_at": "league",
    "area.underdeveloped": False,
    "area.kinds": ["minority"],
    "employees": [],
    "staff.stated_by": "totals",
    "staff.total": 20,
    "staff.with_either": 14,
    "staff.with_education": 12,
    "staff.with_title": 8,
    "staff.with_both": 6,
    "served.last_year": 100,
    "served.year_before": 90,
    "served.recent": 100,
    "served.recent_before": 90,
    "served.all_last_year": 120,
    "served.all_year_before": 110,
    "served.satisfaction": "85%",
    "finding.other_service_public": True,
    "finding.finances_sound": True,
    "finding.run_regularly": True,
    "finding.prospects_good": True,
    "finding.area_concentrated": True,
    "finding.needs_met": True,
    "finding.trade_matters": True,
    "finding.services_complete": True,
    "finding.facilities_adequate": True,
    "finding.steady_growth": True,
    "finding.results_outstanding": True,
    "finding.well_known": True,
    "finding.arrangements_sound": True,
    "finding.leader_able": True,
    "finding.demonstration_clear": True,
}
PAPERS: Final[Mapping[str, tuple[str, ...]]] = {
    "application_report": ("application_report",),
    "legal_person_document": ("legal_certificate",),
    "audit_report": ("audit_report",),
    "equipment_list": ("equipment_list",),
    "staff_list": ("staff_list",),
    "client_list_and_evaluation": ("client_list", "client_evaluation"),
    "plan": ("plan",),
    "quality_certificate": ("quality_certificate",),
    "certificates_and_honours": ("honours",),
    "government_support": ("support_received",),
    "declaration_of_truth": ("truth_statement",),
    "other_proof": ("other_proof",),
}
RECOMMEND: Final[Mapping[str, Any]] = {
    **CONDITIONS,
    "application.papers": [paper for papers in PAPERS.values() for paper in papers],
    "application.audit_year": 2022,
    "recommendation.date": date(2023, 2, 1),
    "recommendation.channel": "league",
    "recommendation.own_area": True,
    "recommendation.evaluated": True,
    "recommendation.papers": ["recommendation_form", "application_papers"],
    "association.region_wide": True,
    "association.recognised_platform": True,
    "falsehoods": [],
    "title.revoked_on": "none",
}
RECOGNISE: Final[Mapping[str, Any]] = {
    **RECOMMEND,
    "review.date": date(2023, 2, 27),
    "publicity.started_on": date(2023, 3, 1),
    "publicity.ended_on": date(2023, 3, 22),
    "publicity.places": ["portal", "media"],
    "publicity.objections": False,
    "recognition.date": date(2023, 4, 3),
    "finding.review_passed": True,
}
REVERIFY: Final[Mapping[str, Any]] = {
    "reverification.date": date(2015, 2, 2),
    "reverification.papers": ["summary", "audit_report", "evaluation_form"],
    "reverification.audit_year": 2014,
    "reverification.first_review_by": "league",
    "reverification.evaluated": True,
    "recommendation.channel": "league",
    "falsehoods": [],
    "platform.meets_conditions": True,
    "title.awarded_on": date(2012, 4, 5),
    "title.confirmed_on": "none",
    "title.revoked_on": "none",
    "finding.first_review_passed": True,
    "finding.reverification_passed": True,
}
SANCTION: Final[Mapping[str, Any]] = {
    "violation.found_on": date(2013, 9, 10),
    "violation.revoked_on": date(2013, 10, 8),
    "recommendation.channel": "league",
    "title.awarded_on": date(2012, 4, 5),
    "finding.falsehood": True,
}


def leave_out(*missing: str) -> list[str]:
    """Return the arrangements but for these."""
    return [name for name in ARRANGEMENTS if name not in missing]


# What a flag of the second reading says in facts where its condition is not met.
UNMET_CONDITIONS: Final[Mapping[str, Facts]] = {
    "legally_established": {"platform.lawfully_established": False},
    "independent_legal_person": {"platform.legal_person": False},
    "operated_a_year": {"platform.operating_since": date(2022, 1, 11)},
    "assets_sufficient": {"platform.total_assets": "1999999.99元"},
    "finances_sound": {"finding.finances_sound": False},
    "run_by_the_rules": {"finding.run_regularly": False},
    "good_prospects": {"finding.prospects_good": False},
    "serves_clusters": {"platform.main_area": "not_concentrated"},
    "meets_public_needs": {"finding.needs_met": False},
    "trade_influences_economy": {"finding.trade_matters": False},
    "services_complete": {"finding.services_complete": False},
    "services_distinctive": {"finding.services_complete": False},
    "staff_sufficient": {"staff.total": 14},
    "professionals_sufficient": {"staff.with_either": 6},
    "premises_and_equipment": {"platform.fixed_premises": False},
    "served_sufficient": {"served.last_year": 79, "served.year_before": 78},
    "served_grows": {"served.year_before": 101},
    "satisfaction_sufficient": {"served.satisfaction": "69.99%"},
    "performance_outstanding": {"finding.results_outstanding": False},
    "reputation": {"finding.well_known": False},
    "management_system": {"platform.arrangements": leave_out("management_system")},
    "procedures_charges_quality": {"platform.arrangements": leave_out("fee_standard")},
    "plan_targets_brand": {"platform.arrangements": leave_out("brand_plan")},
    "leader_able": {"finding.leader_able": False},
    "honoured": {"platform.commended_at": "county"},
}
UNMET_RECOMMENDATION: Final[Mapping[str, Facts]] = {
    "conditions_met": {"finding.leader_able": False},
    "papers_attached": {
        "application.papers": [p for p in RECOMMEND["application.papers"] if p != "plan"]
    },
    "in_window": {"recommendation.date": date(2023, 2, 16)},
}
UNMET_LEAGUE: Final[Mapping[str, Facts]] = {
    **UNMET_RECOMMENDATION,
    "in_its_own_area": {"recommendation.own_area": False},
    "measured_by_league": {"recommendation.evaluated": False},
    "form_filled_in": {"recommendation.papers": ["application_papers"]},
    "league_not_suspended": {
        "falsehoods": [
            {"found_on": date(2022, 6, 1), "revoked_on": "none", "recommended_by": "league"}
        ]
    },
}
UNMET_ASSOCIATION: Final[Mapping[str, Facts]] = {
    **UNMET_RECOMMENDATION,
    "measured_by_association": {"recommendation.evaluated": False},
    "form_filled_in": {"recommendation.papers": ["application_papers"]},
    "association_region_wide": {"association.region_wide": False},
    "recognised_by_association": {"association.recognised_platform": False},
}
UNMET_TITLE: Final[Mapping[str, Facts]] = {
    "recommended": {"recommendation.own_area": False},
    "review_passed": {"finding.review_passed": False},
    "published_on_site": {"publicity.places": ["media"]},
    "published_in_media": {"publicity.places": ["portal"]},
    "publicity_over": {"publicity.ended_on": date(2023, 3, 21)},
}
EDUCATION: Final = {"none": "below_college", "secondary": "below_college"}
LEVELS: Final = {"nation": "national"}

NO_COUNTERPART: Final = frozenset({"legal_person", "count_served", "service_year", "summary_years"})
# Options (function, argument, value) that are no option of the ruleset, and why.
WITHOUT_COUNTERPART: Final[Mapping[tuple[str, str, object], str]] = {
    ("services_admitted", "closed_list", True): "the main services are named, not all of them",
    ("operated_a_year", "boundary", "day_after"): "a period is full on its corresponding day",
    ("professionals_sufficient", "combine", "sum"): "nobody is counted twice",
    ("served_grows", "standstill_enough", True): "a standstill is for a person or no growth",
    ("verdict", "relax", "whole"): "article 2 asks for a legal person whatever is relaxed",
    ("league_suspended", "counted", "next_season"): "the next year is the next calendar year",
}
# Arguments the ruleset is not told: its calendar knows the days, and its readings the rest.
NOT_TOLD: Final = frozenset({"days_off", "made_up", "exact", "lenient"})
# A calendar without a holiday that was ordered.
NEVER_IN_FORCE: Final = frozenset({"dp-318"})

# Where the two readings part, and why: each a choice that was made, not an oversight.
CHOICES: Final[Mapping[str, str]] = {
    "a": "totals that do not fit each other are taken as stated and warned of, not refused",
    "b": "the account of government support may say that there was none, so it is asked of all",
    "c": "an application older than its year is warned of, as the text names no consequence",
    "d": "asked about a time before the award, the ruleset tells the first year it falls due",
    "e": "where the commission found that the re-verification failed, the title goes at once",
    "f": "who has no quality certificate goes to a person rather than through",
}
# id -> what the ruleset answers, and the choice behind it.
APART: Final[Mapping[str, tuple[object, str]]] = {
    "dp-082": (False, "a"),
    "dp-083": (True, "a"),
    "dp-084": (True, "a"),
    "dp-085": (False, "a"),
    "dp-274": ("referred", "f"),
    "dp-275": (["government_support"], "b"),
    "dp-301": ("warned", "c"),
    "dp-350": (False, "d"),
    "dp-365": ("revoked", "e"),
}
# id -> the reading under which both agree; under its default the ruleset differs.
READ_APART: Final[Mapping[str, Readings]] = {
    "dp-106": {"standstill": "no_growth"},
    "dp-251": {"preference_level": "league_only"},
    "dp-267": {"quality_certificate": "required"},
    "dp-271": {"further_proof": "open_ended"},
    "dp-272": {"quality_certificate": "required"},
    "dp-291": {"round_end": "stays"},
    "dp-294": {"round_end": "stays"},
    "dp-295": {"round_end": "stays"},
    "dp-369": {"league_answerable": "recommending"},
}


def put_ref(ref: str) -> str:
    """Return a reference of the second reading as the ruleset writes it: 五(三) as 第五条（三）."""
    article, _, item = ref.partition("(")
    return f"第{article}条" + (f"（{item.rstrip(')')}）" if item else "")


def put_article(ref: str) -> str:
    """Return the article of a reference of the ruleset, without its item."""
    return ref.partition("（")[0]


def is_met(decision: Decision, *rules: str) -> bool:
    """Return whether none of these rules fails; no other may."""
    failed = list_failed(decision)
    assert failed <= set(rules), decision
    return not failed


def list_warnings(decision: Decision) -> set[str]:
    """Return the rules that warn."""
    return {dict(warning.arguments).get("rule", "") for warning in decision.warnings}


def list_articles(decision: Decision) -> list[str]:
    """Return the provisions against; none where it was granted."""
    assert decision.outcome in {"granted", "denied"}, decision
    return list(decision.articles) if decision.outcome == "denied" else []


def gather_unmet(unmet: Mapping[str, Facts], flags: Mapping[str, bool]) -> Facts:
    """Return the facts of unmet conditions; a flag left out is no case."""
    if set(flags) != set(unmet):
        raise InputError([])
    return merge_unmet(unmet, [name for name, met in flags.items() if not met])


def merge_unmet(unmet: Mapping[str, Facts], names: Iterable[str]) -> Facts:
    facts: Facts = {}
    for name in names:
        if name not in unmet:
            raise InputError([])
        facts |= unmet[name]
    return facts


def list_people(staff: int, educated: int, titled: int, both: int) -> list[Facts]:
    """Return a roll with so many persons of each kind."""
    kinds = [("college", "intermediate")] * both
    kinds += [("college", "untitled")] * (educated - both)
    kinds += [("below_college", "intermediate")] * (titled - both)
    kinds += [("below_college", "untitled")] * (staff - len(kinds))
    return [
        {"person": f"p{number}", "education": education, "technical_title": title}
        for number, (education, title) in enumerate(kinds)
    ]


def find_highest(honours: Sequence[tuple[str, str]], kind: str) -> str:
    """Return the highest level of one kind of honour, as the ruleset asks for it."""
    levels = [level for of, level in honours if of == kind]
    if not set(levels) <= set(second.LEVELS):
        raise InputError([])
    highest = max(levels, key=second.LEVELS.index, default="none")
    return LEVELS.get(highest, highest)


class Asked(Answerer):
    """The ruleset as it is asked, under a choice of readings."""

    ruleset = RULESET

    def meets(self, facts: Facts, *rules: str, **readings: str) -> bool:
        return is_met(self.decide("conditions", CONDITIONS, facts, readings), *rules)

    def answer_services_admitted(self, services: Sequence[str]) -> bool:
        """Ask with every service that is not named found to be a public one."""
        named = [name if name in second.NAMED_SERVICES else "other" for name in services]
        told = {"start_up": "founding", "business": "commerce"}
        facts = {"platform.services": [told.get(name, name) for name in named]}
        return self.meets(facts, "serves_publicly", "service_listed")

    def answer_operated_a_year(self, since: date, day: date) -> bool:
        facts = {"platform.operating_since": since, "application.date": day}
        return self.meets(facts, "operated_a_year")

    def answer_assets_sufficient(self, total_assets_fen: int) -> bool:
        yuan, fen = divmod(abs(total_assets_fen), 100)
        sign = "-" if total_assets_fen < 0 else ""
        return self.meets({"platform.total_assets": f"{sign}{yuan}.{fen:02}元"}, "assets_enough")

    def answer_staff_sufficient(self, staff: int) -> bool:
        return self.meets({"staff.total": staff, "staff.with_either": staff}, *STAFF_RULES)

    def answer_is_professional(self, education: str, title: str, combine: str = "either") -> bool:
        person = {
            "person": "p1",
            "education": EDUCATION.get(education, education),
            "technical_title": "untitled" if title == "none" else title,
        }
        facts = {"staff.stated_by": "records", "employees": [person]}
        readings = {"professional_share": combine}
        decision = self.decide("staff_share", CONDITIONS, facts, readings)
        return decision.values["staff.professional"] == 1

    def answer_professionals_sufficient(
        self, staff: int, educated: int, titled: int, both: int, combine: str = "either"
    ) -> bool:
        """Ask with totals and, where the groups fit the staff, person by person as well."""
        either = educated + titled - both
        facts: Facts = {
            "staff.total": staff,
            "staff.with_education": educated,
            "staff.with_title": titled,
            "staff.with_both": both,
            "staff.with_either": either,
        }
        answer = self.has_professionals(facts, combine)
        if both <= min(educated, titled) and either <= staff:
            people = list_people(staff, educated, titled, both)
            roll: Facts = {"staff.stated_by": "records", "employees": people}
            assert self.has_professionals(roll, combine) == answer
        return answer

    def has_professionals(self, facts: Facts, combine: str) -> bool:
        """Return whether they are enough, however few the staff are."""
        readings = {"professional_share": combine}
        failed = list_failed(self.decide("conditions", CONDITIONS, facts, readings))
        assert failed <= set(STAFF_RULES)
        return "professionals_enough" not in failed

    def answer_served_sufficient(self, served: int) -> bool:
        facts = {"served.last_year": served, "served.year_before": 0}
        failed = list_failed(self.decide("conditions", CONDITIONS, facts))
        assert failed <= {"served_enough", "served_more"}
        return "served_enough" not in failed

    def answer_served_grows(self, last_year: int, year_before: int) -> object:
        facts = {"served.last_year": last_year, "served.year_before": year_before}
        decision = self.decide("conditions", CONDITIONS, facts)
        if decision.outcome == "referred":
            return "referred"
        return is_met(decision, "served_not_fewer", "served_more", "served_no_standstill")

    def answer_satisfaction_sufficient(self, satisfied: int, asked: int) -> bool:
        return self.meets({"served.satisfaction": f"{satisfied}/{asked}"}, "users_satisfied")

    def answer_honoured(self, honours: Sequence[tuple[str, str]]) -> bool:
        facts = {
            "platform.recognised_at": find_highest(honours, "recognition"),
            "platform.commended_at": find_highest(honours, "commendation"),
        }
        return self.meets(facts, "recognised_or_commended")

    def answer_conditions_failed(self, **flags: bool) -> list[str]:
        unmet = gather_unmet(UNMET_CONDITIONS, flags)
        return list_articles(self.decide("conditions", CONDITIONS, unmet))

    def answer_may_be_relaxed(
        self,
        *,
        underdeveloped: bool,
        areas: Sequence[str],
        performance_outstanding: bool,
        clear_example: bool,
        region_is_enough: bool = False,
    ) -> bool:
        """Ask a platform that is short of assets, with the relaxation agreed to."""
        facts = {
            "platform.total_assets": "1000000元",
            "area.underdeveloped": underdeveloped,
            "area.kinds": ["minority"] if region_is_enough else list(areas),
            "finding.results_outstanding": performance_outstanding,
            "finding.demonstration_clear": clear_example,
            "finding.first_relaxed": True,
        }
        readings = {"relaxed_area": "any_kind"} if region_is_enough else {}
        failed = list_failed(self.decide("conditions", CONDITIONS, facts, readings))
        assert failed <= {"assets_enough", "results_outstanding"}
        return "assets_enough" not in failed

    def answer_verdict(
        self, failed: Sequence[str], *, relaxable: bool, relax: str = "items"
    ) -> str:
        """Ask with no relaxation judged yet."""
        facts = merge_unmet(UNMET_CONDITIONS, failed) | {"area.underdeveloped": relaxable}
        extent = {"items": "whole_items", "figures": "figures_only"}[relax]
        decision = self.decide("conditions", CONDITIONS, facts, {"relaxation_extent": extent})
        words = {"granted": "met", "referred": "referred", "denied": "refused"}
        return words[str(decision.outcome)]

    def answer_league_recommendation_failed(self, **flags: bool) -> list[str]:
        unmet = gather_unmet(UNMET_LEAGUE, flags)
        return [put_article(ref) for ref in list_articles(self.recommend(unmet))]

    def answer_association_recommendation_failed(self, **flags: bool) -> list[str]:
        unmet = gather_unmet(UNMET_ASSOCIATION, flags) | {"recommendation.channel": "association"}
        return [put_article(ref) for ref in list_articles(self.recommend(unmet))]

    def recommend(self, facts: Facts, **readings: str) -> Decision:
        return self.decide("recommend", RECOMMEND, facts, readings)

    def answer_comes_first(
        self,
        *,
        commended: str | None,
        recognised: str | None,
        stage: str = "at_first",
    ) -> object:
        """Ask the first key of the queue; the league's own honours where they alone count."""
        facts: Facts = {
            "platform.commended_at": LEVELS.get(commended or "", commended or "none"),
            "platform.recognised_at": LEVELS.get(recognised or "", recognised or "none"),
        }
        if self.readings.get("preference_level") == "league_only":
            facts["platform.commended_by_league"] = commended == "league"
            facts["platform.recognised_by_league"] = recognised == "league"
        stages = {"at_first": "commended_first", "later": "recognised_first"}
        decision = self.recommend(facts, preference_stage=stages[stage])
        ((_, keys),) = decision.result.ranking
        return keys[0]

    def answer_papers_missing(self, given: Sequence[str], *, catch_all: bool = False) -> object:
        if not set(given) <= set(PAPERS):
            raise InputError([])
        facts = {"application.papers": [paper for name in given for paper in PAPERS[name]]}
        readings = {"further_proof": "required"} if catch_all else {}
        decision = self.recommend(facts, **readings)
        if decision.outcome == "referred":
            return "referred"
        missing = set(decision.result.papers)
        return [name for name, papers in PAPERS.items() if missing.intersection(papers)]

    def answer_audit_year(self, day: date) -> int:
        """Return the one year that meets no doubt."""
        audits = {"audit_not_stale", "audit_of_last_year"}
        fitting = []
        for year in range(day.year - 4, day.year + 2):
            facts = {"recommendation.date": day, "application.audit_year": year}
            reasons = self.recommend(facts).reasons
            if not audits & {rule.id for reason in reasons for rule in reason.rules}:
                fitting.append(year)
        (year,) = fitting
        return year

    def answer_in_window(self, day: date, *, rolls: bool = False) -> bool:
        start = date(day.year, 1, 1)
        facts = {
            "recommendation.date": day,
            "application.date": start,
            "application.audit_year": day.year - 1,
        }
        readings = {"round_end": "rolls"} if rolls else {}
        return is_met(self.recommend(facts, **readings), "in_round", "in_round_without_roll")

    def answer_application_open(self, day: date) -> object:
        """Ask an application for the round of 2023."""
        facts = {"application.date": day, "recommendation.date": max(day, date(2023, 1, 15))}
        decision = self.recommend(facts)
        if "applied_last_year" in list_warnings(decision):
            return "warned"
        return is_met(decision, "in_round", "in_round_without_roll")

    def answer_in_review_quarter(self, day: date) -> bool:
        due = self.decide("round", {"round.date": day}).values["review.due_on"]
        assert isinstance(due, date)
        return day <= due

    def answer_publicity_last_day(
        self,
        posted: date,
        *,
        first_day_counts: bool = False,
    ) -> object:
        readings = {"publicity_start": "same_day"} if first_day_counts else {}
        facts = {"publicity.started_on": posted}
        return self.decide("publicise", {}, facts, readings).values["publicity.last_day"]

    def answer_publicity_over(self, last_day: date, day: date) -> bool:
        decision = self.decide("recognise", RECOGNISE, {"recognition.date": day})
        assert last_day in {deadline.last_day for deadline in decision.deadlines}
        return is_met(decision, "awarded_after_publicity")

    def answer_title_failed(self, **flags: bool) -> list[str]:
        unmet = gather_unmet(UNMET_TITLE, flags)
        return list_articles(self.decide("recognise", RECOGNISE, unmet))

    def answer_national_recommendation(self, *, recognised_in_region: bool) -> str:
        facts = {
            "nomination.date": date(2013, 6, 1),
            "title.awarded_on": date(2012, 4, 5) if recognised_in_region else "none",
            "title.revoked_on": "none",
        }
        decision = self.decide("nominate_national", {}, facts)
        return {"granted": "open", "referred": "referred"}[str(decision.outcome)]

    def answer_is_review_year(
        self, recognised_on: date, year: int, *, full_years: bool = False
    ) -> bool:
        """Follow the rounds from the award, each confirmed in the season it falls due."""
        due, confirmed = 0, None
        while due < year:
            facts = {
                "title.awarded_on": recognised_on,
                "title.confirmed_on": confirmed or "none",
                "status.date": date(year, 1, 1),
            }
            readings = {"reverification_due": "full_years"} if full_years else {}
            decision = self.decide("next_reverification", {}, facts, readings)
            opens = decision.values["round.opens_on"]
            assert isinstance(opens, date)
            due, confirmed = opens.year, date(opens.year, 2, 15)
        return due == year

    def answer_review_papers_missing(self, given: Sequence[str]) -> list[str]:
        told = {"three_year_summary": "summary", "operation_form": "evaluation_form"}
        facts = {"reverification.papers": [told.get(name, name) for name in given]}
        missing = set(self.decide("reverify", REVERIFY, facts).result.papers)
        return [name for name in second.REVIEW_PAPERS if told.get(name, name) in missing]

    def answer_review_result(
        self, *, papers_in: bool, first_review_passed: bool, measured: bool, qualified: bool | None
    ) -> str:
        facts: Facts = {
            "reverification.papers": REVERIFY["reverification.papers"] if papers_in else [],
            "finding.first_review_passed": first_review_passed,
            "reverification.evaluated": measured,
            "finding.reverification_passed": "unknown" if qualified is None else qualified,
        }
        decision = self.decide("reverify", REVERIFY, facts)
        if {item.rule.id for item in decision.consequences} == {"title_withdrawn"}:
            return "revoked"
        return "confirmed" if decision.outcome == "granted" else "pending"

    def answer_fraud_consequences(
        self, *, fraud: bool, titled: bool, route: str = "league"
    ) -> list[str]:
        facts = {
            "finding.falsehood": fraud,
            "title.awarded_on": SANCTION["title.awarded_on"] if titled else "none",
            "recommendation.channel": route,
        }
        followed = {item.rule.id for item in self.decide("sanction", SANCTION, facts).consequences}
        told = {"title_lost": "title_revoked", "league_suspended": "league_suspended"}
        assert followed <= set(told)
        return [word for rule, word in told.items() if rule in followed]

    def answer_league_suspended(self, found_on: date, day: date) -> bool:
        falsehood = {"found_on": found_on, "revoked_on": "none", "recommended_by": "league"}
        facts = {
            "recommendation.date": day,
            "application.date": date(day.year, 1, 1),
            "application.audit_year": day.year - 1,
            "falsehoods": [falsehood],
        }
        failed = list_failed(self.recommend(facts))
        assert failed <= {"in_round", "league_not_suspended"}
        return "league_not_suspended" in failed


STAFF_RULES: Final = ("staff_enough", "professionals_enough")


WITH_REFS: Final = frozenset(
    {
        "conditions_failed",
        "league_recommendation_failed",
        "association_recommendation_failed",
        "title_failed",
    }
)


def expect_of_ruleset(case: Case) -> object:
    """Return the expected answer as the ruleset gives it: its references, in any order."""
    expected = case["expected"]
    if case["function"] in WITH_REFS and isinstance(expected, list):
        return sorted(put_ref(ref) for ref in expected)
    return expected


def ask(case: Case, asked: Answerer) -> object:
    answer = ask_answerer(case, asked, left_out=NOT_TOLD)
    if case["function"] in WITH_REFS and isinstance(answer, list):
        return sorted(set(answer))
    return answer


def has_counterpart(case: Case) -> bool:
    function = case["function"]
    if function in NO_COUNTERPART or case["id"] in NEVER_IN_FORCE:
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


def test_every_choice_is_told_by_its_cases() -> None:
    check_choices(DIFFERENCES)


def test_every_option_without_counterpart_is_one_of_a_case() -> None:
    check_options(BOUNDARY, WITHOUT_COUNTERPART)


def test_every_function_is_asked_or_named() -> None:
    check_functions(BOUNDARY, ASKED, Asked, NO_COUNTERPART)


@pytest.mark.parametrize("id_", [name for name, (_, choice) in APART.items() if choice == "a"])
def test_totals_that_do_not_fit_are_warned_of_or_denied(id_: str) -> None:
    """What the second reading refuses is warned of, or the platform has too few staff anyhow."""
    (inputs,) = [case["inputs"] for case in BOUNDARY if case["id"] == id_]
    either = inputs["educated"] + inputs["titled"] - inputs["both"]
    facts = {"staff.total": inputs["staff"], "staff.with_either": either}
    decision = Asked().decide("conditions", CONDITIONS, facts)
    assert "totals_disagree" in list_warnings(decision) or decision.outcome == "denied"


@settings(max_examples=60)
@given(since=st.dates(date(2008, 1, 1), date(2025, 1, 1)), days=st.integers(-2, 2))
@example(since=date(2024, 2, 29), days=-1)
@example(since=date(2024, 2, 29), days=0)
@example(since=date(2023, 2, 28), days=0)
def test_every_year_of_operation_agrees(since: date, days: int) -> None:
    """Hold both together around the day on which the year is full."""
    day = since + relativedelta(years=1) + days * ONE_DAY
    expected = second.operated_a_year(since, day)
    assert Asked().answer_operated_a_year(since, day) == expected


@st.composite
def draw_staff(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """Draw a staff, those with the education, those with the title and those with both."""
    educated, titled, both, neither = (draw(st.integers(0, 12)) for _ in range(4))
    return max(educated + titled + both + neither, 1), educated + both, titled + both, both


@settings(max_examples=60)
@given(groups=draw_staff(), combine=st.sampled_from(["either", "both"]))
def test_every_professional_share_agrees(groups: tuple[int, int, int, int], combine: str) -> None:
    expected = second.professionals_sufficient(*groups, combine=combine)
    assert Asked().answer_professionals_sufficient(*groups, combine) == expected


@settings(max_examples=60)
@given(day=st.dates(date(2012, 1, 1), date(2026, 12, 31)))
@example(day=date(2024, 2, 29))
def test_every_day_of_a_season_agrees(day: date) -> None:
    expected = second.in_window(day)
    assert Asked({"round_end": "stays"}).answer_in_window(day) == expected


@settings(max_examples=60)
@given(
    award=st.dates(date(2004, 1, 1), date(2016, 12, 31)),
    later=st.integers(0, 9),
    full=st.booleans(),
)
@example(award=date(2012, 2, 15), later=3, full=True)
@example(award=date(2012, 2, 16), later=3, full=True)
@example(award=date(2012, 2, 29), later=4, full=True)
def test_every_year_of_review_agrees(award: date, later: int, full: bool) -> None:  # noqa: FBT001
    year = award.year + later
    expected = second.is_review_year(award, year, full_years=full)
    asked = Asked({"round_end": "stays"})
    assert asked.answer_is_review_year(award, year, full_years=full) == expected


@pytest.mark.parametrize("award", [date(2021, 2, day) for day in range(14, 21)])
@pytest.mark.parametrize("later", [3, 4])
def test_every_year_of_review_agrees_where_the_season_rolls(award: date, later: int) -> None:
    """The holiday of 2024 ran from 10 to 17 February; the Sunday after it was worked."""
    holiday = [date(2024, 2, day) for day in range(10, 18)]
    year = award.year + later
    expected = second.is_review_year(award, year, full_years=True, rolls=True, days_off=holiday)
    assert Asked().answer_is_review_year(award, year, full_years=True) == expected
