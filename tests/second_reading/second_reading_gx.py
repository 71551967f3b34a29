"""An independent second reading of the Guangxi service-voucher measure of 2024.

The source is the interim measure in eight chapters, articles 1 to 30.  Every
function states one rule in the reader's own words.  Amounts are whole fen
(100 fen to the yuan), days are calendar days.  Inputs that cannot describe a
real case raise ``ValueError`` and are never silently repaired.

References look like 第九条（一）.  Where the text is open, the default of a
keyword argument is the reading preferred here and its other values are the
alternatives.  The text says nothing on counting periods; the general civil-law
counting is used: the starting day is left out and a period of years ends on
the corresponding day, on the last day of the month if there is none.  The
term of the measure itself begins with the day of issue and so includes it.

The measure sets ceilings, and article 11 lets a yearly notice lower them.
Every amount below is the most that is possible.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

ONE_DAY: Final = timedelta(days=1)

TIER_CAPS_FEN: Final[dict[str, int]] = {
    "ordinary": 5_000_000,
    "growing": 10_000_000,
    "advanced": 20_000_000,
    "leading": 30_000_000,
}
TIERS: Final[dict[str, str]] = {
    "tech_sme": "growing",
    "innovative_sme": "growing",
    "digital_workshop": "growing",
    "integration_certified": "growing",
    "digital_level": "growing",
    "in_national_cluster": "growing",
    "newly_listed": "growing",
    "regional_champion": "advanced",
    "regional_specialised": "advanced",
    "gazelle": "advanced",
    "ip_advantage": "advanced",
    "quality_benchmark": "advanced",
    "famous_product": "advanced",
    "national_champion": "leading",
    "little_giant": "leading",
}
"""Class of enterprise -> group of article 9(一); an enterprise of none is ordinary."""

ENCOURAGED: Final = frozenset(
    {
        "little_giant",
        "regional_champion",
        "regional_specialised",
        "innovative_sme",
        "tech_sme",
        "gazelle",
        "ip_advantage",
        "in_national_cluster",
        "newly_listed",
    }
)
"""The classes article 5(一) encourages.  It admits nobody and shuts nobody out."""

DIAGNOSIS_RATIO: Final = Fraction(80, 100)
OTHER_RATIO: Final = Fraction(50, 100)
DEPOSIT_RATIO: Final = Fraction(20, 100)
PROVIDER_YEAR_FEN: Final = 500_000_000
DIGITAL_LEVEL: Final = 3
LISTING_YEARS: Final = 2
OPERATING_YEARS: Final = 3
INSURED_MONTHS: Final = 12
CORE_STAFF: Final = 8
CLIENTS_LAST_YEAR: Final = 10
REVENUE_LAST_YEAR_FEN: Final = 200_000_000
ROUNDS: Final = (1, 2)
TERM_YEARS: Final = 3

SIZES: Final = ("micro", "small", "medium", "large")
PROVIDER_FORMS: Final = ("company", "partnership", "public_institution", "other")
SPECIAL_KINDS: Final[dict[str, str]] = {
    "leading_enterprise": "第五条（二）1",
    "cluster_or_base": "第五条（二）2",
    "key_project": "第五条（二）3",
    "innovation_or_integration": "第五条（二）4",
    "other": "第五条（二）5",
}

CLAIM_FLAGS: Final[dict[str, str]] = {
    "industrial": "第五条（一）",
    "above_scale": "第五条（一）",
    "size_in_scope": "第五条（一）1",
    "registered_in_region": "第五条（一）2",
    "independent_legal_person": "第五条（一）2",
    "socially_insured": "第五条（一）3",
    "not_listed_dishonest": "第五条（一）3",
    "no_major_violation": "第五条（一）3",
    "fits_industrial_policy": "第五条（一）4",
    "registered_on_platform": "第十七条（一）",
    "applied_online": "第十七条（一）",
    "review_passed": "第十七条（二）",
    "not_disqualified": "第二十五条",
}
"""Flag name -> article.  In every flag True means that the condition is met."""

USE_FLAGS: Final[dict[str, str]] = {
    "own_voucher": "第二条",
    "service_in_scope": "第六条（一）",
    "product_listed": "第八条",
    "provider_signed": "第十七条（三）",
    "contract_on_platform": "第十七条（三）",
}
"""What a contract needs for a general voucher to be used on it."""

PAYMENT_FLAGS: Final[dict[str, str]] = {
    "deposit_paid": "第十七条（三）",
    "balance_paid": "第十七条（三）",
    "service_confirmed": "第十七条（三）",
    "materials_uploaded": "第二十条",
    "centre_review_passed": "第二十条",
    "department_approved": "第二十条",
    "published_without_objection": "第二十条",
    "contract_accepted": "第二十八条",
}
"""What stands between a used voucher and its payment to the provider."""

PROVIDER_FLAGS: Final[dict[str, str]] = {
    "registered_on_platform": "第十二条（一）",
    "good_service": "第十二条（一）",
    "no_bad_record": "第十二条（一）",
    "accepts_supervision": "第十二条（一）",
    "accepts_set_off": "第十二条（一）",
    "registered_in_region": "第十二条（二）",
    "pays_taxes": "第十二条（二）",
    "form_admitted": "第十二条（二）",
    "premises_in_region": "第十二条（三）",
    "products_in_scope": "第十二条（三）",
    "well_run": "第十二条（三）",
    "professional_strength": "第十二条（四）",
    "sound_business_and_credit": "第十二条（五）",
    "not_listed_dishonest": "第十二条（五）",
}
"""The conditions for a provider that are no numbers."""

PROVIDER_PAPERS: Final = (
    "application_form",
    "registration_certificate",
    "client_contracts",
    "qualification_proof",
    "insurance_proof",
    "tax_registration",
)
"""第十三条（一） to （六）.  Item （七） is open and asks for nothing definite."""

PRODUCT_FLAGS: Final[dict[str, str]] = {
    "complete_service_system": "第七条（一）",
    "content_clear": "第七条（二）",
    "price_standard_clear": "第七条（二）",
    "market_price_transparent": "第七条（二）",
    "aims_met": "第七条（三）",
}

PRODUCT_STEPS: Final = (
    "submitted",
    "expert_review_passed",
    "department_approved",
    "published_without_objection",
)
PROVIDER_STEPS: Final = (
    "applied",
    "compliance_checked",
    "division_agreed",
    "experts_recommended",
    "department_approved",
    "published_without_objection",
)
"""The steps of article 8 and of article 14, each standing on the one before it."""

SERVICES: Final[dict[int, tuple[str, ...]]] = {
    1: (
        "diagnosis_digital",
        "diagnosis_design",
        "diagnosis_ip",
        "diagnosis_management",
        "diagnosis_production",
        "diagnosis_green",
        "diagnosis_marketing",
        "diagnosis_financing",
        "diagnosis_competitiveness",
    ),
    2: ("identifier_resolution", "cloud", "digital_rebuild_software", "industrial_app"),
    3: ("technology_development", "industrial_design", "product_certification"),
    4: ("strategy", "governance", "tax_and_finance_consulting"),
    5: ("branding", "exhibition_planning", "customs_clearance"),
    6: ("credit_rating", "asset_appraisal", "listing_consulting"),
    7: ("security_testing", "process_testing", "standards_consulting"),
    8: ("legal_consulting", "standing_counsel", "labour_dispute_solution"),
    9: ("recruiting", "training", "labour_dispatch"),
    10: ("declaration_for_national_honour",),
}
"""Categories of article 6(一) with some of the examples each names."""

SHUT_OUT: Final[dict[str, str]] = {
    "mandatory_inspection": "第六条（一）7",
    "litigation": "第六条（一）8",
}
"""What the brackets of article 6(一) leave out.

Hardware is not among them: item 2 takes in the software part of a conversion
and says nothing on what other items or a notice may take in.
"""

VIOLATIONS: Final[dict[str, str]] = {
    "transferred": "第二十五条（一）",
    "given_away": "第二十五条（一）",
    "traded": "第二十五条（一）",
    "sham_transaction": "第二十五条（二）",
    "collusion_for_cash": "第二十五条（二）",
    "forged_contract": "第二十五条（二）",
    "price_inflated": "第二十五条（二）",
    "complaint_with_bad_effect": "第二十五条（三）",
    "reports_contradict": "第二十五条（四）",
    "refuses_inspection": "第二十五条（五）",
}


def _not_negative(**amounts: int | Fraction) -> None:
    """Refuse a negative amount, naming it."""
    for name, amount in amounts.items():
        if amount < 0:
            raise ValueError(f"{name} must not be negative: {amount}")


def _one_of(value: object, allowed: Collection[object]) -> None:
    """Refuse a value outside a closed list."""
    if value not in allowed:
        raise ValueError(f"unknown value: {value!r}")


def _years_on(day: date, years: int) -> date:
    """Return the corresponding day, or the last of its month if there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _find_failed(articles: Mapping[str, str], flags: Mapping[str, bool]) -> tuple[bool, list[str]]:
    """Return whether every flag is met, and the articles of the rest, each once."""
    unknown = sorted(set(flags) - set(articles))
    missing = sorted(set(articles) - set(flags))
    if unknown or missing:
        raise ValueError(f"unknown flags {unknown}, missing flags {missing}")
    failed = [article for name, article in articles.items() if not flags[name]]
    return not failed, list(dict.fromkeys(failed))


# Articles 2 and 5: who the vouchers are for


def size_in_scope(size: str | None, *, micro: str = "admitted") -> bool:
    """Return whether the size class is one the general vouchers are for (第五条（一）1).

    The classes of the national standard of 2011 (no. 300), by which micro
    enterprises are among the small and medium ones; an industrial enterprise
    above the scale of the statistics can be micro by its staff.  ``micro``
    "excluded" takes the text's 中小 as naming two classes only.  No class at
    all (None) is not in scope.
    """
    _one_of(micro, ("admitted", "excluded"))
    if size is None:
        return False
    _one_of(size, SIZES)
    return size in ("small", "medium") or (size == "micro" and micro == "admitted")


def may_claim(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether an enterprise may claim general vouchers, and what it fails.

    All flags of ``CLAIM_FLAGS`` must be given.  The scale of the statistics
    is not defined in the text and is taken as found by the register.  The
    violations of 5(一)3 have no period, so the flag says how the authority
    found them.  To be of an encouraged class is no condition.
    """
    return _find_failed(CLAIM_FLAGS, flags)


def is_encouraged(classes: Collection[str]) -> bool:
    """Return whether the enterprise is among those article 5(一) encourages."""
    for name in classes:
        _one_of(name, TIERS)
    return not ENCOURAGED.isdisjoint(classes)


def may_claim_special(
    kind: str | None,
    *,
    named: bool = True,
    on_project_list: bool = True,
    needed_by_deployment: bool = False,
) -> str:
    """Return "yes", "referred" or "no" for a claim to special vouchers (第五条（二）).

    A kind of article 5(二) is given, or None.  The lists are open: one that
    its item does not name (``named`` False) is for a person to judge.  A key
    project has no such opening and must be on the year's list of funded
    projects.  "other" is taken in where national or regional plans call for
    it, which a person says.  Neither size nor scale is asked here.
    """
    if kind is None:
        return "no"
    _one_of(kind, SPECIAL_KINDS)
    if kind == "other":
        return "yes" if needed_by_deployment else "no"
    if kind == "key_project":
        return "yes" if on_project_list else "no"
    return "yes" if named else "referred"


# Article 6: what the vouchers are for


def categories_of(service: str, *, in_notice: bool = False) -> list[int]:
    """Return the categories that take in a service (第六条（一）).

    Those that name it.  What a bracket leaves out is in no category, and the
    yearly notice of item 11 is not read as bringing it back.  Anything else,
    the hardware of a conversion among it, falls under 11 when the notice of
    the year supports it.
    """
    if service in SHUT_OUT:
        return []
    found = [number for number, names in SERVICES.items() if service in names]
    return found or ([11] if in_notice else [])


def declaration_in_scope(
    *, national: bool, obtained: bool, reading: str = "obtained_national"
) -> bool:
    """Return whether help with a declaration is covered (第六条（一）10).

    Only for honours of national rank that were obtained: the help is paid
    for once it has led to the title.  ``reading`` "open" takes the word for
    "including" as an opening for other declarations too.
    """
    _one_of(reading, ("obtained_national", "open"))
    return reading == "open" or (national and obtained)


def special_service_in_scope(service: str, notice: Collection[str] | None) -> bool | None:
    """Return whether special vouchers cover a service; None without a notice (第六条（二）)."""
    return None if notice is None else service in notice


# Articles 7 and 8: products


def product_aims_met(
    *,
    efficiency: bool,
    upgrading: bool,
    innovation: bool,
    crisis_response: bool,
    required: str = "any",
) -> bool:
    """Return whether a product serves the aims (第七条（三）).

    Four aims in one row.  "any" (preferred) is content with one, since legal
    or staffing services, which article 6 admits, could not meet all.
    "all" reads the row as cumulative.
    """
    _one_of(required, ("any", "all"))
    aims = (efficiency, upgrading, innovation, crisis_response)
    return any(aims) if required == "any" else all(aims)


def product_admissible(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether a product meets the basic conditions, and what it fails (第七条)."""
    return _find_failed(PRODUCT_FLAGS, flags)


def last_step(steps: Sequence[str], **passed: bool) -> str | None:
    """Return the last step passed in a row of steps, None if not even the first.

    No step can be passed before the one ahead of it.
    """
    if set(passed) != set(steps):
        raise ValueError(f"the steps are {list(steps)}")
    done = [name for name in steps if passed[name]]
    if done != list(steps[: len(done)]):
        raise ValueError("a step cannot be passed before the one ahead of it")
    return done[-1] if done else None


def product_stage(**passed: bool) -> str | None:
    """Return how far a product has come (第八条); only the last step lists it for the year."""
    return last_step(PRODUCT_STEPS, **passed)


def rounds_allowed(count: int) -> bool:
    """Return whether so many rounds in a year are foreseen: one or two.

    Calls for products (第八条) and settlements (第十九条) alike.
    """
    _not_negative(count=count)
    return ROUNDS[0] <= count <= ROUNDS[1]


# Articles 9 to 11 and 18: how much


def digital_level_counts(level: int) -> bool:
    """Return whether an online diagnosis reaches the third level (第九条（一）), three included."""
    _not_negative(level=level)
    return level >= DIGITAL_LEVEL


def newly_listed(entered_on: date, claimed_on: date, *, years: str = "two_before") -> bool:
    """Return whether the entry in the statistics register is new enough (第九条（一）).

    Calendar years, and the two before that of the claim.  An entry in the
    very year of the claim is not in them.  ``years`` "with_current" counts it
    too.
    """
    _one_of(years, ("two_before", "with_current"))
    if entered_on > claimed_on:
        raise ValueError("an entry cannot lie after the claim")
    ago = claimed_on.year - entered_on.year
    return ago <= LISTING_YEARS and (ago >= 1 or years == "with_current")


def ip_title_counts(*, national: bool, regional: bool, required: str = "either") -> bool:
    """Return whether titles in intellectual property lift the cap (第九条（一）).

    The text joins the two ranks by "and"; either is enough, because it lists
    enterprises of both kinds.  "both" asks for the two together.
    """
    _one_of(required, ("either", "both"))
    return (national or regional) if required == "either" else (national and regional)


def adjusted_value(
    base: int | Fraction, notice: int | Fraction | None = None, *, upwards: str = "barred"
) -> int | Fraction:
    """Return the value of a year under its notice (第十一条).

    Without a word of the notice the measure's own.  The notice may lower a
    ratio or a cap; more than the measure's own is refused.  Article 27 lets
    standards be adjusted without naming a direction; article 11 is the one
    made for figures and governs them.  ``upwards`` "allowed" lets article 27
    prevail.
    """
    _one_of(upwards, ("barred", "allowed"))
    _not_negative(base=base)
    if notice is None:
        return base
    _not_negative(notice=notice)
    if notice > base and upwards == "barred":
        raise ValueError("a notice must stay within the measure's own figures")
    return notice


def yearly_cap(
    classes: Collection[str],
    notice: Mapping[str, int] | None = None,
    *,
    several: str = "highest",
) -> int:
    """Return the most an enterprise may use in a year of general vouchers (第九条（一）).

    No class at all is ordinary.  With several the highest cap holds and caps
    do not add up: each is that of one enterprise for a year, and the titles
    build on one another.  Alternatives: "lowest" and "sum".  ``notice`` gives
    lower caps by group.
    """
    _one_of(several, ("highest", "lowest", "sum"))
    for name in classes:
        _one_of(name, TIERS)
    for tier in notice or {}:
        _one_of(tier, TIER_CAPS_FEN)
    of_classes = [TIERS[name] for name in sorted(set(classes))] or ["ordinary"]
    caps = [
        int(adjusted_value(TIER_CAPS_FEN[tier], (notice or {}).get(tier))) for tier in of_classes
    ]
    if several == "sum":
        return sum(caps)
    return max(caps) if several == "highest" else min(caps)


def special_cap(notice_fen: int | None) -> int | None:
    """Return the cap of special vouchers: the notice's, None without one (第九条（二）)."""
    if notice_fen is not None:
        _not_negative(notice_fen=notice_fen)
    return notice_fen


def item_ceiling(
    contract_fen: int, *, diagnosis: bool, notice_ratio: Fraction | None = None
) -> int:
    """Return the most one service item may use (第十条).

    Four fifths of the contract amount for a diagnosis, half for any other
    service, both inclusive; part of a fen is dropped, since a ceiling must
    not be passed.  The ratios hold for special vouchers as well: only their
    amount is left to the notice.
    """
    _not_negative(contract_fen=contract_fen)
    ratio = adjusted_value(DIAGNOSIS_RATIO if diagnosis else OTHER_RATIO, notice_ratio)
    return int(contract_fen * ratio)


def items_ceiling(items: Sequence[tuple[int, bool]]) -> int:
    """Return the most several items may use together (第十条).

    Items are amount and whether it is a diagnosis.  The single item is the
    unit of reckoning, so each has its own ratio and its own dropped fen.
    """
    return sum(item_ceiling(amount, diagnosis=diagnosis) for amount, diagnosis in items)


def remaining_quota(cap_fen: int, used_fen: int) -> int:
    """Return what is left of the year's cap, never below zero (第十八条（一）)."""
    _not_negative(cap_fen=cap_fen, used_fen=used_fen)
    return max(0, cap_fen - used_fen)


def voucher_amount(
    contract_fen: int,
    classes: Collection[str] = (),
    used_fen: int = 0,
    *,
    diagnosis: bool,
    partial: bool = True,
) -> int:
    """Return the most of general vouchers for one item (第九条（一）, 第十条, 第十八条（一）).

    The lower of the item's share and what is left of the year.  A rest of
    the quota that does not cover the whole share still serves in part; with
    ``partial`` False it does not.
    """
    full = item_ceiling(contract_fen, diagnosis=diagnosis)
    left = remaining_quota(yearly_cap(classes), used_fen)
    if full > left and not partial:
        return 0
    return min(full, left)


def special_amount(
    contract_fen: int, notice_cap_fen: int | None, used_fen: int = 0, *, diagnosis: bool
) -> int | None:
    """Return the most of special vouchers for one item; None without a notice."""
    _not_negative(used_fen=used_fen)
    cap = special_cap(notice_cap_fen)
    if cap is None:
        return None
    return min(item_ceiling(contract_fen, diagnosis=diagnosis), remaining_quota(cap, used_fen))


def usage_against_cap(general_fen: int, special_fen: int, *, counted: str = "apart") -> int:
    """Return what counts against the cap of general vouchers (第九条, 第十八条（一）).

    General vouchers only, because each kind has its own cap.  ``counted``
    "together" reads 18(一) as one limit over both kinds.
    """
    _not_negative(general_fen=general_fen, special_fen=special_fen)
    _one_of(counted, ("apart", "together"))
    return general_fen + (special_fen if counted == "together" else 0)


def settle_for_provider(
    settled_fen: int, amount_fen: int, *, notice_cap_fen: int | None = None, limit: str = "soft"
) -> str:
    """Return "within", "referred" or "denied" for one more settlement (第十条).

    Five million yuan of general vouchers settled for one provider in a
    service year, inclusive, whatever year the vouchers were used in.  "In
    principle" leaves exceptions, so beyond it a person decides; ``limit``
    "hard" denies.
    """
    _not_negative(settled_fen=settled_fen, amount_fen=amount_fen)
    _one_of(limit, ("soft", "hard"))
    if settled_fen + amount_fen <= adjusted_value(PROVIDER_YEAR_FEN, notice_cap_fen):
        return "within"
    return "referred" if limit == "soft" else "denied"


def settle_special(settled_fen: int, amount_fen: int, notice_cap_fen: int | None) -> int | None:
    """Return how much of special vouchers may be settled; None without a notice (第十条).

    Up to what is left of the notice's figure for the provider.
    """
    _not_negative(amount_fen=amount_fen)
    cap = special_cap(notice_cap_fen)
    return None if cap is None else min(amount_fen, remaining_quota(cap, settled_fen))


# Articles 12 to 15: providers


def form_admitted(form: str, *, institutions: str = "excluded") -> bool:
    """Return whether the legal form may sign up as provider (第十二条（二）).

    An enterprise with legal personality, or a partnership of the region.
    The text says enterprise, so a public institution is out, although the
    end of the article encourages recognised platforms "or institutions":
    those may be enterprises.  ``institutions`` "admitted" lets them in.
    """
    _one_of(form, PROVIDER_FORMS)
    _one_of(institutions, ("excluded", "admitted"))
    return form in ("company", "partnership") or (
        form == "public_institution" and institutions == "admitted"
    )


def has_operated_long_enough(
    started_on: date, applied_on: date, *, reached: str = "anniversary"
) -> bool:
    """Return whether three years of lawful business are reached (第十二条（三）).

    "Three years or more" includes three.  They are reached on the
    corresponding day, with which the period ends; "day_after" waits until
    that day is over.
    """
    _one_of(reached, ("anniversary", "day_after"))
    if started_on > applied_on:
        raise ValueError("a provider cannot apply before it exists")
    due = _years_on(started_on, OPERATING_YEARS)
    return applied_on > due or (applied_on == due and reached == "anniversary")


def core_staff(months_insured: Sequence[int]) -> int:
    """Return how many full-time core staff count: twelve months insured (第十二条（四）)."""
    for months in months_insured:
        _not_negative(months=months)
    return sum(months >= INSURED_MONTHS for months in months_insured)


def provider_strength_failed(
    staff: int, clients_last_year: int, revenue_last_year_fen: int
) -> list[str]:
    """Return which of the three figures of 第十二条（四） are missed.

    Eight staff, ten enterprises served and two million yuan, all inclusive.
    The ten are enterprises, so one served twice counts once.
    """
    _not_negative(staff=staff, clients=clients_last_year, revenue=revenue_last_year_fen)
    figures = (
        ("staff", staff, CORE_STAFF),
        ("clients", clients_last_year, CLIENTS_LAST_YEAR),
        ("revenue", revenue_last_year_fen, REVENUE_LAST_YEAR_FEN),
    )
    return [name for name, value, least in figures if value < least]


def provider_admissible(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether a provider meets what is no figure, and what it fails (第十二条)."""
    return _find_failed(PROVIDER_FLAGS, flags)


def provider_papers_missing(papers: Collection[str]) -> list[str]:
    """Return the papers of 第十三条（一） to （六） not handed in, in their order."""
    return [name for name in PROVIDER_PAPERS if name not in papers]


def provider_stage(**passed: bool) -> str | None:
    """Return how far a provider has come (第十四条); only the last step signs it for the year."""
    return last_step(PROVIDER_STEPS, **passed)


def standing_covers(certified_year: int, day: date) -> bool:
    """Return whether a standing won for a year covers a day (第十五条).

    It is given for one year at a time and must be won again; calendar years,
    as the text knows no other.
    """
    return day.year == certified_year


def may_reapply(found_on: date, applied_on: date, *, bar: str = "for_ever") -> bool:
    """Return whether a provider found to have lied may apply (第十五条).

    The bar has no end.  ``bar`` "year" limits it to the year of the finding.
    """
    _one_of(bar, ("for_ever", "year"))
    if applied_on < found_on:
        return True
    return bar == "year" and applied_on.year > found_on.year


# Articles 17 and 18: claim and use


def may_use(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether a general voucher may be used on a contract, and what fails."""
    return _find_failed(USE_FLAGS, flags)


def deposit(contract_fen: int) -> int:
    """Return the deposit due at signature: a fifth of the price (第十七条（三）).

    Part of a fen is dropped: a deposit beyond a fifth would not hold as one,
    and what is dropped falls to the final payment.
    """
    _not_negative(contract_fen=contract_fen)
    return int(contract_fen * DEPOSIT_RATIO)


def final_payment(contract_fen: int, voucher_fen: int) -> int:
    """Return what is due on completion: price less deposit and voucher (第十七条（三）)."""
    _not_negative(voucher_fen=voucher_fen)
    rest = contract_fen - deposit(contract_fen) - voucher_fen
    if rest < 0:
        raise ValueError("deposit and voucher cannot exceed the price")
    return rest


def used_in_year(
    voucher_year: int, signed_on: date, confirmed_on: date | None = None, *, by: str = "contract"
) -> bool:
    """Return whether a voucher was used in its year (第十八条（三）).

    Vouchers do not pass into another year.  Preferred: use is the signature
    of the contract on the platform, because article 24 names use after the
    contract and before its performance.  ``by`` "confirmation": the signed
    confirmation of service, with which the voucher's part falls away from
    the price.  The year is the calendar year unless a notice says otherwise.
    """
    _one_of(by, ("contract", "confirmation"))
    if confirmed_on is not None and confirmed_on < signed_on:
        raise ValueError("a service cannot be confirmed before its contract")
    day = signed_on if by == "contract" else confirmed_on
    return day is not None and day.year == voucher_year


def first_use(
    requests: Sequence[tuple[str, date, int]], pool_fen: int, *, last: str = "partial"
) -> list[tuple[str, int]]:
    """Return what each use receives while the money lasts (第十八条（三）).

    Earlier days go first, equal ones in the order given.  The use that meets
    too small a rest receives the rest ("partial"), nothing and ends it all
    ("stop"), or nothing and lets smaller ones by ("skip").
    """
    _one_of(last, ("partial", "stop", "skip"))
    _not_negative(pool_fen=pool_fen)
    granted: list[tuple[str, int]] = []
    left = pool_fen
    for name, _, amount in sorted(requests, key=lambda request: request[1]):
        _not_negative(amount=amount)
        given = amount
        if amount > left:
            given = left if last == "partial" else 0
            left = 0 if last == "stop" else left
        left -= given
        granted.append((name, given))
    return granted


# Articles 20 and 28: payment


def payable(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether a voucher may be paid to the provider, and what fails (第二十条)."""
    return _find_failed(PAYMENT_FLAGS, flags)


def settlement_amount(voucher_fen: int, contract_fen: int, *, diagnosis: bool) -> int:
    """Return the most that may be settled for one item (第十条, 第二十条).

    The voucher at its face, and no more than the ratio of the contract as it
    stands at the end.
    """
    _not_negative(voucher_fen=voucher_fen)
    return min(voucher_fen, item_ceiling(contract_fen, diagnosis=diagnosis))


# Article 25: breaches


def violations(facts: Collection[str]) -> list[str]:
    """Return the items of 第二十五条 that the facts fall under, in order, each once."""
    for name in facts:
        _one_of(name, VIOLATIONS)
    return list(dict.fromkeys(item for name, item in VIOLATIONS.items() if name in facts))


def loses_standing(facts: Collection[str], *, decided: bool | None = None) -> bool | None:
    """Return whether standing is lost for a breach (第二十五条).

    The centre has the right and no duty, so a breach alone settles nothing
    (None) until the centre has decided.  Without a breach nothing is lost.
    """
    if not violations(facts):
        return False
    return decided


def claim_barred(cancelled_on: date, claimed_on: date, *, until: str = "open") -> bool:
    """Return whether a claim is shut out after the standing was cancelled (第二十五条).

    The text gives no end.  ``until`` "year": only the year in which it was
    cancelled, since article 15 says expressly where one may not come back.
    """
    _one_of(until, ("open", "year"))
    if claimed_on < cancelled_on:
        return False
    return until == "open" or claimed_on.year == cancelled_on.year


def recovered_amount(affected_fen: int, all_fen: int, *, scope: str = "transaction") -> int:
    """Return the subsidy to be given back after a breach (第二十五条).

    That of the transaction concerned; ``scope`` "all" takes everything received.
    """
    _not_negative(affected_fen=affected_fen, all_fen=all_fen)
    _one_of(scope, ("transaction", "all"))
    if affected_fen > all_fen:
        raise ValueError("the part cannot exceed the whole")
    return affected_fen if scope == "transaction" else all_fen


# Article 30: the term of the measure


def last_day_in_force(issued_on: date, *, issue_day_counts: bool = True) -> date:
    """Return the last day of the three years (第三十条).

    The measure works from the day of issue, so that day is the first of the
    term and the last is the eve of the third anniversary, or the end of
    February if there is none.  ``issue_day_counts`` False lets the term end
    on the anniversary.  The day of issue does not stand in the text.
    """
    anniversary = _years_on(issued_on, TERM_YEARS)
    if not issue_day_counts or anniversary.day != issued_on.day:
        return anniversary
    return anniversary - ONE_DAY


def in_force(issued_on: date | None, day: date, *, issue_day_counts: bool = True) -> bool | None:
    """Return whether the measure is in force on a day; None without a day of issue (第三十条)."""
    if issued_on is None:
        return None
    return issued_on <= day <= last_day_in_force(issued_on, issue_day_counts=issue_day_counts)
