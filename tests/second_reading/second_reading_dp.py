"""An independent second reading of Inner Mongolia's measure on SME demonstration platforms.

The source is the provisional measure on public-service demonstration platforms for
small and medium enterprises, articles 1 to 21; the copy at hand names no day of
issue.  Every function states one rule in the reader's own words.  Amounts are whole
fen (100 fen to the yuan), days are calendar days.  Inputs that cannot describe a real
case raise ``ValueError`` and are never silently repaired.

References look like 五(三) or 十一.  Where the text is open, the default of a keyword
argument is the reading preferred here and its other values are the alternatives.
Periods are counted as in general civil law: the starting day is left out and a period
of years ends on the corresponding day, or on the last of the month if there is none.

The measure gives a title and no money.  What is 适当 or 优先 is left to people: the
first is referred, the second orders a queue and grants nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

ONE_DAY: Final = timedelta(days=1)

ASSETS_LEAST_FEN: Final = 200_000_000
OPERATED_YEARS: Final = 1
STAFF_LEAST: Final = 15
PROFESSIONAL_SHARE: Final = Fraction(50, 100)
SERVED_LEAST: Final = 80
SATISFIED_SHARE: Final = Fraction(70, 100)
PUBLICITY_WORKING_DAYS: Final = 15
REVIEW_CYCLE_YEARS: Final = 3
WINDOW_OPENS: Final = (1, 15)
WINDOW_CLOSES: Final = (2, 15)

LEGAL_PERSONS: Final[dict[str, bool]] = {
    "company": True,
    "public_institution": True,
    "social_organisation": True,
    "private_non_enterprise_unit": True,
    "branch": False,
    "partnership": False,
    "sole_trader": False,
}
"""Kind of body -> whether it is an independent legal person."""

NAMED_SERVICES: Final = (
    "information",
    "technology",
    "financing",
    "quality",
    "energy_saving",
    "environment",
    "start_up",
    "training",
    "management",
    "business",
    "logistics",
)

EDUCATION: Final = ("none", "secondary", "college", "bachelor", "master")
PROFESSIONAL_TITLES: Final = ("none", "junior", "intermediate", "senior")
LEVELS: Final = ("county", "league", "region", "nation")
AREA_KINDS: Final = ("old_revolutionary", "minority", "border", "poor")

CONDITIONS: Final[dict[str, str]] = {
    "legally_established": "五(一)",
    "independent_legal_person": "五(一)",
    "operated_a_year": "五(一)",
    "assets_sufficient": "五(一)",
    "finances_sound": "五(一)",
    "run_by_the_rules": "五(一)",
    "good_prospects": "五(一)",
    "serves_clusters": "五(二)",
    "meets_public_needs": "五(二)",
    "trade_influences_economy": "五(二)",
    "services_complete": "五(三)",
    "services_distinctive": "五(三)",
    "staff_sufficient": "五(三)",
    "professionals_sufficient": "五(三)",
    "premises_and_equipment": "五(三)",
    "served_sufficient": "五(四)",
    "served_grows": "五(四)",
    "satisfaction_sufficient": "五(四)",
    "performance_outstanding": "五(四)",
    "reputation": "五(四)",
    "management_system": "五(五)",
    "procedures_charges_quality": "五(五)",
    "plan_targets_brand": "五(五)",
    "leader_able": "五(六)",
    "honoured": "五(七)",
}
"""Flag name -> reference.  In every flag True means that the condition is met."""

FIGURES: Final = (
    "operated_a_year",
    "assets_sufficient",
    "staff_sufficient",
    "professionals_sufficient",
    "served_sufficient",
    "served_grows",
    "satisfaction_sufficient",
)
"""The conditions of items (一), (三), (四) that are about numbers."""

PAPERS: Final = (
    "application_report",
    "legal_person_document",
    "audit_report",
    "equipment_list",
    "staff_list",
    "client_list_and_evaluation",
    "plan",
    "quality_certificate",
    "certificates_and_honours",
    "government_support",
    "declaration_of_truth",
    "other_proof",
)
"""The papers of article 8.  Item (十一), other proof, stands last as it is open."""

REVIEW_PAPERS: Final = ("three_year_summary", "audit_report", "operation_form")

LEAGUE_STEPS: Final[dict[str, str]] = {
    "conditions_met": "五",
    "in_its_own_area": "六",
    "measured_by_league": "七",
    "form_filled_in": "七",
    "papers_attached": "八",
    "in_window": "十一",
    "league_not_suspended": "十五",
}
"""What a recommendation by the authority of a league or city needs."""

ASSOCIATION_STEPS: Final[dict[str, str]] = {
    "conditions_met": "五",
    "measured_by_association": "七",
    "form_filled_in": "七",
    "papers_attached": "八",
    "in_window": "十一",
    "association_region_wide": "十九",
    "recognised_by_association": "十九",
}
"""The same by an association, which recommends directly."""

TITLE_STEPS: Final[dict[str, str]] = {
    "recommended": "六",
    "review_passed": "九",
    "published_on_site": "九",
    "published_in_media": "九",
    "publicity_over": "九",
}


def _not_negative(**amounts: int) -> None:
    """Refuse a negative amount, naming it."""
    for name, amount in amounts.items():
        if amount < 0:
            raise ValueError(f"{name} must not be negative: {amount}")


def _one_of(value: str, allowed: Collection[str]) -> None:
    """Refuse a word outside a closed list."""
    if value not in allowed:
        raise ValueError(f"unknown value: {value!r}")


def _years_on(day: date, years: int) -> date:
    """Return the corresponding day, or the last of its month if there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _find_failed(articles: Mapping[str, str], flags: Mapping[str, bool]) -> list[str]:
    """Return the references of the flags that are not met, each once."""
    unknown = sorted(set(flags) - set(articles))
    missing = sorted(set(articles) - set(flags))
    if unknown or missing:
        raise ValueError(f"unknown flags {unknown}, missing flags {missing}")
    return list(dict.fromkeys(ref for name, ref in articles.items() if not flags[name]))


# Chapter 1: what a platform is


def legal_person(kind: str) -> bool:
    """Return whether the body can run a platform at all (二, 五(一)).

    Any kind of legal person may: article 8(二) takes a legal-person certificate as
    well as a business licence.  Branches, partnerships and sole traders are none.
    """
    _one_of(kind, LEGAL_PERSONS)
    return LEGAL_PERSONS[kind]


def services_admitted(services: Collection[str], *, closed_list: bool = False) -> bool:
    """Return whether the services are ones a platform may offer (二).

    Eleven kinds are named as the main ones, so others do not stand in the way and
    any one public service is enough; a single field makes a specialised platform.
    ``closed_list`` asks for at least one service that is named.
    """
    if not closed_list:
        return bool(services)
    return any(service in NAMED_SERVICES for service in services)


# Article 5: the conditions


def operated_a_year(since: date, day: date, *, boundary: str = "corresponding_day") -> bool:
    """Return whether a year of operation is full on that day (五(一)).

    以上 includes the year itself.  Preferred: it is full on the corresponding day, the
    last of the period; "day_after" asks for the day after, when the period has run
    out.  Before the beginning there is no operation and nothing is full.  The day is
    best read as that of the recommendation, when the conditions are tested (六).
    """
    _one_of(boundary, ("corresponding_day", "day_after"))
    full = _years_on(since, OPERATED_YEARS)
    return day >= full if boundary == "corresponding_day" else day > full


def assets_sufficient(total_assets_fen: int) -> bool:
    """Return whether total assets reach two million yuan, itself included (五(一))."""
    _not_negative(total_assets_fen=total_assets_fen)
    return total_assets_fen >= ASSETS_LEAST_FEN


def staff_sufficient(staff: int) -> bool:
    """Return whether at least fifteen persons work there (五(三))."""
    _not_negative(staff=staff)
    return staff >= STAFF_LEAST


def is_professional(education: str, title: str, *, combine: str = "either") -> bool:
    """Return whether one person counts as a professional (五(三)).

    College or higher, intermediate title or higher, each itself included.  和 between
    the two is best read as adding two groups together, so either is enough; "both"
    asks for the two in one person.
    """
    _one_of(education, EDUCATION)
    _one_of(title, PROFESSIONAL_TITLES)
    _one_of(combine, ("either", "both"))
    educated = EDUCATION.index(education) >= EDUCATION.index("college")
    titled = PROFESSIONAL_TITLES.index(title) >= PROFESSIONAL_TITLES.index("intermediate")
    return (educated or titled) if combine == "either" else (educated and titled)


def professionals_sufficient(
    staff: int, educated: int, titled: int, both: int, *, combine: str = "either"
) -> bool:
    """Return whether professionals make up half of the staff, the half included (五(三)).

    ``both`` are those who are among the educated and among the titled.  Preferred:
    nobody is counted twice.  "both" counts only these; "sum" adds the two groups up
    as they are.  The base is the whole staff.  Without staff there is no share.
    """
    _not_negative(staff=staff, educated=educated, titled=titled, both=both)
    _one_of(combine, ("either", "both", "sum"))
    united = educated + titled - both
    if staff == 0 or both > min(educated, titled) or united > staff:
        raise ValueError("the groups do not fit the staff")
    counted = {"either": united, "both": both, "sum": educated + titled}[combine]
    return Fraction(counted, staff) >= PROFESSIONAL_SHARE


def count_served(
    services: Sequence[tuple[str, bool]], *, distinct: bool = True, sme_only: bool = True
) -> int:
    """Return how many enterprises were served, from (name, is an SME) pairs (五(四)).

    The measure word is that of enterprises, so one that came twice counts once, and
    only small and medium ones are spoken of.
    """
    names = [name for name, is_sme in services if is_sme or not sme_only]
    return len(set(names)) if distinct else len(names)


def served_sufficient(served: int) -> bool:
    """Return whether at least eighty were served in the year (五(四))."""
    _not_negative(served=served)
    return served >= SERVED_LEAST


def service_year(day: date, *, span: str = "calendar_year") -> tuple[date, date]:
    """Return first and last day of the year whose services count (五(四), 八(三)).

    Preferred: the calendar year before, the one the audit report is of.
    "twelve_months" takes the year that ends on the eve of the day.
    """
    _one_of(span, ("calendar_year", "twelve_months"))
    if span == "calendar_year":
        return date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)
    return _years_on(day, -1), day - ONE_DAY


def served_grows(last_year: int, year_before: int, *, standstill_enough: bool = False) -> bool:
    """Return whether the number served grew in the last year (五(四)).

    Growth is more than before; a standstill is none, unless ``standstill_enough``.
    Whether it is steady is for a person to find.
    """
    _not_negative(last_year=last_year, year_before=year_before)
    return last_year > year_before or (standstill_enough and last_year == year_before)


def satisfaction_sufficient(satisfied: int, asked: int) -> bool:
    """Return whether at least seventy per cent of those asked are satisfied (五(四)).

    以上 includes the seventy.  Nobody asked gives no share.
    """
    _not_negative(satisfied=satisfied)
    if asked < 1 or satisfied > asked:
        raise ValueError("the satisfied must be among those asked")
    return Fraction(satisfied, asked) >= SATISFIED_SHARE


def honoured(honours: Collection[tuple[str, str]]) -> bool:
    """Return whether one honour of (kind, level) is enough (五(七)).

    Recognition or commendation, either will do, by a department of league level or
    higher, the league included; one of a county is not enough.
    """
    for kind, level in honours:
        _one_of(kind, ("recognition", "commendation"))
        _one_of(level, LEVELS)
    return any(LEVELS.index(level) >= LEVELS.index("league") for _, level in honours)


def conditions_failed(**flags: bool) -> list[str]:
    """Return the items of article 5 that fail; all flags must be given (五)."""
    return _find_failed(CONDITIONS, flags)


def may_be_relaxed(
    *,
    underdeveloped: bool,
    areas: Collection[str],
    performance_outstanding: bool,
    clear_example: bool,
    region_is_enough: bool = False,
) -> bool:
    """Return whether a person may relax items (一), (三), (四) (五(八)).

    All must come together: an economically underdeveloped area that is an old
    revolutionary, minority, border or poor one, outstanding services and a clear
    example to others.  ``region_is_enough``: the whole region is a minority area, so
    its being there takes the place of both halves about the area.
    """
    for area in areas:
        _one_of(area, AREA_KINDS)
    placed = region_is_enough or (underdeveloped and bool(areas))
    return placed and performance_outstanding and clear_example


def verdict(failed: Collection[str], *, relaxable: bool, relax: str = "items") -> str:
    """Return "met", "referred" or "refused" for the flags that are not met (五).

    All conditions hold together.  Where relaxation is possible and every failing one
    may be relaxed, how far is a person's decision.  Preferred: all of the three items
    but legal existence, which article 2 asks for anyhow, and outstanding performance,
    on which the relaxation itself rests.  "figures" relaxes numbers only, "whole"
    the three items without exception.
    """
    for name in failed:
        _one_of(name, CONDITIONS)
    _one_of(relax, ("items", "figures", "whole"))
    if not failed:
        return "met"
    whole = {name for name, ref in CONDITIONS.items() if ref in ("五(一)", "五(三)", "五(四)")}
    kept = {"legally_established", "independent_legal_person", "performance_outstanding"}
    soft = {"items": whole - kept, "figures": set(FIGURES), "whole": whole}[relax]
    return "referred" if relaxable and set(failed) <= soft else "refused"


# Chapter 3: the procedure


def league_recommendation_failed(**flags: bool) -> list[str]:
    """Return what a recommendation by a league or city lacks (五 to 八, 十一, 十五)."""
    return _find_failed(LEAGUE_STEPS, flags)


def association_recommendation_failed(**flags: bool) -> list[str]:
    """Return what a recommendation by an association lacks (五, 七, 八, 十一, 十九).

    The association acts for the whole region and chooses among platforms it has
    recognised itself.  It does the work as the measure lays it down, so it measures,
    fills in the form, attaches the papers and keeps to the season.  No league stands
    between, so area and suspension of leagues fall away.
    """
    return _find_failed(ASSOCIATION_STEPS, flags)


def comes_first(
    *, commended: str | None, recognised: str | None, stage: str = "at_first", exact: bool = True
) -> bool:
    """Return whether a platform is recommended before others (六).

    At first those commended by a league, later those recognised by one; this orders
    the queue only.  ``commended`` and ``recognised`` are levels or None.  The sentence
    speaks of the league's own honours, without 及以上; ``exact=False`` lets higher
    ones count as well.
    """
    _one_of(stage, ("at_first", "later"))
    level = commended if stage == "at_first" else recognised
    if level is None:
        return False
    _one_of(level, LEVELS)
    return level == "league" or (not exact and LEVELS.index(level) > LEVELS.index("league"))


def papers_missing(
    given: Collection[str], *, lenient: bool = False, catch_all: bool = False
) -> list[str]:
    """Return the papers of article 8 that are missing, in the order of ``PAPERS``.

    Preferred: all that are named must be in; where one item names two documents
    (certificate or licence, plan or programme, certificate or audit) either will do.
    Other proof (十一) cannot be missing, unless ``catch_all``.  ``lenient`` asks for
    the quality certificate and for government support only of those who have them,
    since article 5 makes neither a condition.
    """
    for name in given:
        _one_of(name, PAPERS)
    spared = set() if catch_all else {"other_proof"}
    if lenient:
        spared |= {"quality_certificate", "government_support"}
    return [name for name in PAPERS if name not in given and name not in spared]


def audit_year(day: date) -> int:
    """Return the year the special audit report is of: the one before (八(三), 十四)."""
    return day.year - 1


def end_window(year: int, *, rolls: bool = False, days_off: Collection[date] = ()) -> date:
    """Return the last day of a year's season, moved past ``days_off`` where it ``rolls``."""
    last = date(year, *WINDOW_CLOSES)
    while rolls and last in days_off:
        last += ONE_DAY
    return last


def in_window(day: date, *, rolls: bool = False, days_off: Collection[date] = ()) -> bool:
    """Return whether a recommendation falls in its season (十一).

    From 15 January to 15 February of every year, both included.  These are named days
    and no counted period, so the end stays where it is.  ``rolls`` moves an end that
    is a day off to the next day not among ``days_off``.
    """
    last = end_window(day.year, rolls=rolls, days_off=days_off)
    return date(day.year, *WINDOW_OPENS) <= day <= last


def application_open(day: date, *, rolls: bool = False, days_off: Collection[date] = ()) -> bool:
    """Return whether a platform may hand in papers (十一).

    From the beginning of the year, taken as 1 January, until recommending ends.
    """
    return in_window(max(day, date(day.year, *WINDOW_OPENS)), rolls=rolls, days_off=days_off)


def in_review_quarter(day: date) -> bool:
    """Return whether a review falls in the first quarter (十一), 31 March included."""
    return day.month <= 3


def publicity_last_day(
    posted: date,
    *,
    days_off: Collection[date] = (),
    made_up: Collection[date] = (),
    first_day_counts: bool = False,
) -> date:
    """Return the last of the fifteen working days of publicity (九).

    Saturdays, Sundays and ``days_off`` are left out, ``made_up`` weekend days count.
    Preferred: the day of posting is not counted; ``first_day_counts`` counts it where
    it is a working day.
    """
    left = PUBLICITY_WORKING_DAYS
    day = posted - ONE_DAY if first_day_counts else posted
    while left:
        day += ONE_DAY
        if day in made_up or (day.weekday() < 5 and day not in days_off):
            left -= 1
    return day


def title_failed(**flags: bool) -> list[str]:
    """Return what is lacking for the title (九, 十).

    Review, publication on the site and in media, and the end of the publicity; the
    title follows at the earliest on the day after its last day.  What an objection
    does is not said.
    """
    return _find_failed(TITLE_STEPS, flags)


def publicity_over(last_day: date, day: date) -> bool:
    """Return whether the publicity is over: from the day after its last (九)."""
    return day > last_day


def national_recommendation(*, recognised_in_region: bool) -> str:
    """Return how a candidate for the national title stands (十一).

    In principle it holds the title of the region; one without goes to a person.
    """
    return "open" if recognised_in_region else "referred"


# Chapter 4: holding the title


def is_review_year(
    recognised_on: date,
    year: int,
    *,
    full_years: bool = False,
    rolls: bool = False,
    days_off: Collection[date] = (),
) -> bool:
    """Return whether a platform is reviewed in that year (十四).

    Every three years, together with the yearly applications.  Preferred: counted by
    years, so a title of 2012 comes up in 2015, 2018 and so on.  ``full_years`` takes
    the first season that ends once three years have run, so a title given after 15
    February comes up a year later, but for one that is full by an end that ``rolls``.
    """
    if year < recognised_on.year:
        raise ValueError("no review before the title")
    first = recognised_on.year + REVIEW_CYCLE_YEARS
    last = end_window(first, rolls=rolls, days_off=days_off)
    if full_years and (recognised_on.month, recognised_on.day) > (last.month, last.day):
        first += 1
    return year >= first and (year - first) % REVIEW_CYCLE_YEARS == 0


def review_papers_missing(given: Collection[str]) -> list[str]:
    """Return what is missing of the three papers of the review (十四)."""
    for name in given:
        _one_of(name, REVIEW_PAPERS)
    return [name for name in REVIEW_PAPERS if name not in given]


def summary_years(review_year: int) -> tuple[int, int]:
    """Return first and last year the summary covers: the three before (十四)."""
    return review_year - REVIEW_CYCLE_YEARS, review_year - 1


def review_result(
    *, papers_in: bool, first_review_passed: bool, measured: bool, qualified: bool | None
) -> str:
    """Return "confirmed", "revoked" or "pending" (十四).

    The league looks first, the region measures and judges.  The qualified are
    confirmed, the others revoked by an announcement.  As long as a step or the
    judgement is lacking nothing follows; the text does not punish staying away.
    """
    if not (papers_in and first_review_passed and measured) or qualified is None:
        return "pending"
    return "confirmed" if qualified else "revoked"


def fraud_consequences(*, fraud: bool, titled: bool, route: str = "league") -> list[str]:
    """Return what follows where fraud is found (十五).

    It strikes platforms that already have the plaque.  The title goes, and the league
    or city that stands behind it may not apply in the next year, even for others.  A
    platform an association recommended has no league to suspend.
    """
    _one_of(route, ("league", "association"))
    if not (fraud and titled):
        return []
    return ["title_revoked"] + (["league_suspended"] if route == "league" else [])


def league_suspended(found_on: date, day: date, *, counted: str = "calendar_year") -> bool:
    """Return whether a league may not recommend on that day (十五).

    Preferred: the calendar year after the year of the finding, all of it and no more.
    "next_season" takes the first season that opens after the finding, which is still
    in the same year for a finding before 15 January.
    """
    _one_of(counted, ("calendar_year", "next_season"))
    barred = found_on.year + 1
    if counted == "next_season" and found_on < date(found_on.year, *WINDOW_OPENS):
        barred = found_on.year
    return day.year == barred
