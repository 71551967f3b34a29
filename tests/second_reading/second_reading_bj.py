"""An independent second reading of the Beijing service-voucher guide of 2023.

The source is annex 2, the working guide for the vouchers of the programme year
2023, parts 一 to 五.  Every function states one rule in the reader's own words.
Amounts are whole fen (100 fen to the yuan), days are calendar days in Beijing,
instants carry a time zone.  Inputs that cannot describe a real case raise
``ValueError`` and are never silently repaired.

References look like 一.3, 四(二)2 or 五.4(3).  Where the text is open, the
default of a keyword argument is the reading preferred here and its other values
are the alternatives.  The guide counts periods without saying how; the general
civil-law counting is used: the starting day is left out, a period of years ends
on the corresponding day, and on the last day of the month if there is none.

The guide sets ceilings.  Every amount below is the most that is possible.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))
ONE_DAY: Final = timedelta(days=1)

PROGRAMME_YEAR: Final = 2023
YEAR_CAPS_FEN: Final[dict[str, int]] = {
    "ordinary": 2_000_000,
    "specialised": 10_000_000,
    "little_giant": 20_000_000,
}
TRANSACTION_CAP_FEN: Final = 5_000_000
TRANSACTION_SHARE: Final = Fraction(30, 100)
VALIDITY_DAYS: Final = 30
VALIDITY_DAYS_MAX: Final = 60
ACCEPTANCE: Final = timedelta(hours=48)
REVIEW_WORKING_DAYS: Final = 7
LOOKBACK_YEARS: Final = 3
BAN_YEARS: Final = 3
SUBSIDISED_MONTHS: Final = 12

SIZES: Final = ("micro", "small", "medium", "large")
RECORD_FIELDS: Final = ("operation", "environment", "tax", "other")

CLAIM_FLAGS: Final[dict[str, str]] = {
    "registered_in_city": "一.1",
    "independent_legal_person": "一.1",
    "size_in_scope": "一.1",
    "no_serious_record": "一.2",
    "not_listed_as_debtor": "一.2",
    "service_in_directions": "二",
    "product_may_issue": "三.2",
    "identity_verified": "四(一)1",
    "size_confirmed_in_app": "四(一)1",
    "ordered_in_app": "四(一)2",
    "vouchers_left": "四(一)3",
    "not_barred": "五.4",
}
"""Flag name -> reference.  In every flag True means that the condition is met."""

CONTRACT_FORM_FLAGS: Final[dict[str, str]] = {
    "same_product": "四(二)2",
    "voucher_part_stated": "四(二)2",
    "self_paid_part_stated": "四(二)2",
    "table_order_number": "四(二)2",
    "table_order_time": "四(二)2",
    "table_product_name": "四(二)2",
}
"""What the contract itself has to show.  The table stands on its last page."""

FILING_PAPERS: Final = (
    "stamped_contract",
    "stamped_size_and_use_commitment",
    "receipt",
    "invoice",
)
"""The papers named in 四(三)1.  The list is open, so the app may ask for more."""

PAYMENT_FLAGS: Final[dict[str, str]] = {
    "service_found_valid": "四(三)2",
    "amount_confirmed": "四(三)2",
    "reported_to_bureau": "四(三)2",
    "use_summarised_by_bureau": "四(三)3",
    "published": "四(三)3",
    "publication_period_over": "四(三)3",
}
"""What stands between filing and payment."""

PRODUCT_FLAGS: Final[dict[str, str]] = {
    "full_intellectual_property": "三.3(1)",
    "full_sales_system": "三.3(1)",
    "after_sales_service": "三.3(1)",
    "meets_platform_provider_terms": "三.3(2)",
    "influence_and_good_name": "三.3(2)",
    "customers_satisfied": "三.3(2)",
    "aims_met": "三.3(3)",
    "raises_efficiency": "三.3(4)",
    "sold_well_last_year": "三.3(5)",
    "orders_grew_two_years": "三.3(5)",
}
"""The conditions of application.  三.3(6) is a preference and no condition."""

DIRECTIONS: Final[dict[int, tuple[str, ...]]] = {
    1: ("digital_diagnosis", "network_diagnosis", "intelligence_diagnosis"),
    2: ("cloud_for_design", "cloud_for_manufacturing"),
    3: (
        "recruiting",
        "talent_introduction",
        "headhunting",
        "human_resources_solution",
        "executive_training",
    ),
    4: ("technical_diagnosis", "testing", "result_evaluation"),
    5: ("innovation_assessment", "innovation_trial", "testing", "innovation_development"),
    6: (
        "concept_design",
        "scheme_design",
        "appearance_design",
        "structural_design",
        "industrial_prototyping",
        "production_process",
        "new_product_introduction",
    ),
    7: ("software_development", "iaas", "paas", "saas", "erp", "it_outsourcing", "it_consulting"),
    8: ("listing_guidance", "financing_matchmaking"),
    9: (
        "financial_audit",
        "tax_audit",
        "bookkeeping",
        "tax_planning",
        "finance_and_tax_consulting",
    ),
    10: (
        "brand_consulting",
        "new_media_promotion",
        "online_promotion",
        "market_channels",
        "international_exchange",
        "domestic_exhibition_provincial_or_higher",
        "international_exhibition",
    ),
    11: (
        "legal_consulting",
        "legal_documents",
        "labour_compliance",
        "standing_counsel",
        "commercial_litigation",
        "commercial_arbitration",
        "ip_dispute",
        "economic_crime_case",
        "labour_dispute",
    ),
    12: (),
}
"""The twelve directions of part 二 with the services each names as examples."""

DISPUTE_WORK: Final = (
    "commercial_litigation",
    "commercial_arbitration",
    "ip_dispute",
    "economic_crime_case",
    "labour_dispute",
)

VIOLATIONS: Final[dict[str, str]] = {
    "transferred": "五.4(1)",
    "given_away": "五.4(1)",
    "sold": "五.4(1)",
    "relation_deliberately_concealed": "五.4(2)",
    "sham_contract": "五.4(3)",
    "price_inflated": "五.4(3)",
    "other_scheme_for_funds": "五.4(3)",
    "refund_not_reported": "五.4(4)",
    "other_breach": "五.4(4)",
    "formal_defect": "五.4(4)",
}

STATUSES: Final = (
    "ordered",
    "accepted",
    "filed",
    "redeemed",
    "not_accepted",
    "cancelled",
    "expired",
    "rejected",
)


def _not_negative(**amounts: int | Fraction) -> None:
    """Refuse a negative amount, naming it."""
    for name, amount in amounts.items():
        if amount < 0:
            raise ValueError(f"{name} must not be negative: {amount}")


def _one_of(value: str, allowed: Collection[str]) -> None:
    """Refuse a word outside a closed list."""
    if value not in allowed:
        raise ValueError(f"unknown value: {value!r}")


def _utc(instant: datetime) -> datetime:
    """Return the instant in UTC, so that differences are elapsed time."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def _years_on(day: date, years: int) -> date:
    """Return the corresponding day, or the last of its month if there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _months_end(start: date, months: int) -> date:
    """Return the first day after so many months that include ``start`` itself.

    Normally the corresponding day.  Where that day does not exist the last
    month is used up to its end, so the day after is the first of the next.
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        year, month = divmod(index + 1, 12)
        return date(year, month + 1, 1)


def _find_failed(articles: Mapping[str, str], flags: Mapping[str, bool]) -> tuple[bool, list[str]]:
    """Return whether every flag is met, and the references of the rest, each once."""
    unknown = sorted(set(flags) - set(articles))
    missing = sorted(set(articles) - set(flags))
    if unknown or missing:
        raise ValueError(f"unknown flags {unknown}, missing flags {missing}")
    failed = [article for name, article in articles.items() if not flags[name]]
    return not failed, list(dict.fromkeys(failed))


# Part 一: who may claim, and how much


def beijing_day(instant: datetime) -> date:
    """Return the calendar day of an instant in Beijing (一.4, 四(二)2).

    The text speaks of the day of the order and of the order's time in the
    app; both are taken in local time.
    """
    return _utc(instant).astimezone(BEIJING).date()


def size_in_scope(size: str | None) -> bool:
    """Return whether the size class is one the vouchers are for (一.1).

    Micro, small and medium by the national standard of 2011 (no. 300).  A
    large enterprise is out, and so is one without a result (None).  The class
    is what the self-test in the app says; a wrong answer there is a matter
    for 五.3 and 五.4.  A title such as 专精特新 does not replace the size.
    """
    if size is None:
        return False
    _one_of(size, SIZES)
    return size != "large"


def lookback_start(check_day: date) -> date:
    """Return the first day of the three years before the check (一.2).

    The window is laid back from the day of the check, which is best read as
    the day of the order, because part 一 states conditions of claiming.
    """
    return _years_on(check_day, -LOOKBACK_YEARS)


def serious_record_counts(
    record_day: date,
    check_day: date,
    field: str,
    *,
    window: str = "closed",
    listed_fields_only: bool = False,
) -> bool:
    """Return whether one serious record stands in the way (一.2).

    ``window``: "closed" (preferred) counts a record made on the very day
    three years back; "open" lets that day go; "any_age" takes the query of
    the credit site as the whole test, so whatever it shows counts, however
    old.  The day is that of the record, not of the conduct.  A record made
    after the check does not count.

    Operation, environment and tax are named with an open ending, so any
    "other" field counts too; ``listed_fields_only`` closes the list.
    """
    _one_of(field, RECORD_FIELDS)
    _one_of(window, ("closed", "open", "any_age"))
    if record_day > check_day or (listed_fields_only and field == "other"):
        return False
    if window == "any_age":
        return True
    start = lookback_start(check_day)
    return record_day > start or (window == "closed" and record_day == start)


def debtor_listing_counts(
    listed_on: date,
    removed_on: date | None,
    check_day: date,
    *,
    three_years: bool = False,
) -> bool:
    """Return whether a listing as dishonest judgment debtor stands in the way (一.2).

    Preferred: only a listing in force on the day of the check, since the
    court's site is to show nothing then.  The day of removal is free.
    ``three_years`` extends the look-back of the first half of the sentence
    to the listing: then any listing in force within the window counts, its
    first day included.
    """
    if removed_on is not None and removed_on < listed_on:
        raise ValueError("a listing cannot be removed before it was made")
    if listed_on > check_day:
        return False
    from_day = lookback_start(check_day) if three_years else check_day
    return removed_on is None or removed_on > from_day


def may_claim(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether an enterprise may claim, and the references it fails.

    All flags of ``CLAIM_FLAGS`` must be given.  Legal personality of its own
    shuts out branches and sole traders.  Conditions are tested when the
    order is placed; at redemption only the stamped declaration of size
    returns (四(三)1).  Money ceilings are in ``voucher_amount``.
    """
    return _find_failed(CLAIM_FLAGS, flags)


def yearly_cap(classes: Collection[str], *, several: str = "highest") -> int:
    """Return the most an enterprise may receive in one year (一.3).

    "ordinary", "specialised" (title of the city of Beijing) and
    "little_giant" (national title, seated in Beijing); titles of other
    provinces do not count.  No class at all is ordinary.  With several
    classes the highest cap holds and caps do not add up: a little giant has
    normally been specialised before, so anything else would empty the third
    cap.  Alternatives: "lowest" and "sum" (of the classes given).  The class
    is that of the order day, and the whole year's use counts against it.
    """
    for name in classes:
        _one_of(name, YEAR_CAPS_FEN)
    caps = [YEAR_CAPS_FEN[name] for name in set(classes)] or [YEAR_CAPS_FEN["ordinary"]]
    _one_of(several, ("highest", "lowest", "sum"))
    if several == "sum":
        return sum(caps)
    return max(caps) if several == "highest" else min(caps)


def quota_year(order_day: date, redeemed_on: date | None = None, *, by: str = "order") -> int:
    """Return the year whose quota an order uses (一.3, 四(一)2).

    A calendar year.  Preferred: the year of the order, as the voucher uses
    the quota from the order on.  ``by="redemption"`` takes the year of
    redemption instead, since the cap of 一.3 is one of subsidy.
    """
    _one_of(by, ("order", "redemption"))
    if by == "order":
        return order_day.year
    if redeemed_on is None or redeemed_on < order_day:
        raise ValueError("redemption must be known and not before the order")
    return redeemed_on.year


def in_programme_year(order_day: date) -> bool:
    """Return whether an order falls under this guide (title, 二).

    The guide is for 2023 and gives no first and last day, so the calendar
    year is taken.  Redemption may run into the next year (四(三)1 looks only
    at validity).
    """
    return order_day.year == PROGRAMME_YEAR


def validity_days_allowed(days: int, *, special: bool, additional: bool = False) -> bool:
    """Return whether a validity of so many days is one the guide permits (一.4).

    Thirty for a product without special needs, no more and no fewer.  For
    one with special needs 30 to 60, the sixty being the total from the
    order.  ``additional`` reads the sixty as days on top of the thirty.  The
    need belongs to the product; who grants the extension is not said.
    """
    if days < 1:
        raise ValueError(f"days must be positive: {days}")
    if not special:
        return days == VALIDITY_DAYS
    most = VALIDITY_DAYS + VALIDITY_DAYS_MAX if additional else VALIDITY_DAYS_MAX
    return VALIDITY_DAYS <= days <= most


def last_valid_day(
    order_day: date,
    days: int = VALIDITY_DAYS,
    *,
    order_day_counts: bool = False,
    rest_days: Collection[date] = (),
) -> date:
    """Return the last day of a voucher's validity, to its midnight (一.4).

    Calendar days, rest days included.  Preferred: the order day is not
    counted, so a voucher of 4 April with thirty days is good through 4 May.
    ``order_day_counts`` makes the order day the first of the thirty.  A last
    day that is a rest day stays the last, as the app is always open;
    ``rest_days`` given, the end moves to the next day not among them.
    """
    if days < 1:
        raise ValueError(f"days must be positive: {days}")
    last = order_day + (days - 1 if order_day_counts else days) * ONE_DAY
    while last in rest_days:
        last += ONE_DAY
    return last


def within_validity(
    day: date,
    order_day: date,
    days: int = VALIDITY_DAYS,
    *,
    order_day_counts: bool = False,
) -> bool:
    """Return whether a day lies within the validity, both ends included (一.4)."""
    return order_day <= day <= last_valid_day(order_day, days, order_day_counts=order_day_counts)


def transaction_ceiling(base_fen: int | Fraction) -> int:
    """Return the most one transaction may receive (一.5).

    Thirty percent of the contract amount and 50,000 yuan, both inclusive and
    both at once.  The contract amount is the whole price, the voucher's part
    included; for a long contract it is the amount for one year (四(二)2).
    Part of a fen is dropped, since a ceiling must not be passed.
    """
    _not_negative(base_fen=base_fen)
    return min(TRANSACTION_CAP_FEN, int(base_fen * TRANSACTION_SHARE))


def remaining_quota(cap_fen: int, occupied_fen: int) -> int:
    """Return what is left of the year's cap, never below zero (一.3, 四(一)2)."""
    _not_negative(cap_fen=cap_fen, occupied_fen=occupied_fen)
    return max(0, cap_fen - occupied_fen)


def voucher_amount(
    contract_fen: int,
    classes: Collection[str] = (),
    occupied_fen: int = 0,
    months: int = SUBSIDISED_MONTHS,
    *,
    partial: bool = True,
) -> int:
    """Return the most a new voucher may be worth (一.3, 一.5, 四(二)2).

    The lowest of thirty percent of the amount for one year, 50,000 yuan, and
    what is left of the yearly cap.  Whether a quota that no longer covers
    the full amount still serves for the rest is not said; preferred: it
    does.  Without ``partial`` such an order receives nothing.
    """
    full = transaction_ceiling(subsidised_base(contract_fen, months))
    left = remaining_quota(yearly_cap(classes), occupied_fen)
    if full > left and not partial:
        return 0
    return min(full, left)


# Part 二: what the vouchers are for


def direction_admitted(number: int) -> bool:
    """Return whether a direction is one of the twelve (二.1 to 二.12)."""
    return number in DIRECTIONS


def directions_of(
    service: str, *, serves_growth: bool = False, solutions_only: bool = False
) -> list[int]:
    """Return the directions that take in a service (二).

    Services named as examples belong where they are named; testing is named
    twice (二.4, 二.5).  A service named nowhere comes in under 二.12 if small
    and medium enterprises need it to innovate or to start and grow
    (``serves_growth``), otherwise not at all; the example lists are open, but
    the direction must then be chosen by the issuer.

    Litigation and arbitration in commercial matters are inside (二.11),
    together with disputes over intellectual property, economic crime and
    labour, and conducting the case counts.  ``solutions_only`` lets the last
    words of 二.11 govern the whole row: then only the working out of a
    solution counts, and the dispute work as such is outside.
    """
    if solutions_only and service in DISPUTE_WORK:
        return []
    found = [number for number, names in DIRECTIONS.items() if service in names]
    return found or ([12] if serves_growth else [])


# Part 三: how products are selected


def product_aims_met(
    *,
    digital_upgrade: bool,
    innovation_capacity: bool,
    crisis_response: bool,
    all_required: bool = False,
) -> bool:
    """Return whether the product serves the aims (三.3(3)).

    Three aims in one row.  Preferred: one is enough, because bookkeeping or
    legal advice, which part 二 admits, could not meet all of them.
    ``all_required`` takes the row as cumulative, as its grammar suggests.
    """
    aims = (digital_upgrade, innovation_capacity, crisis_response)
    return all(aims) if all_required else any(aims)


def product_admissible(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether a product meets the conditions, and the references it fails.

    三.3(1) to (5), all of them.  The terms behind 三.3(2) are those of the
    platform's provider scheme and stand outside this text.  "Good" sales and
    "high" growth (三.3(5)) have no figure: the reviewers judge them.
    """
    return _find_failed(PRODUCT_FLAGS, flags)


def product_has_priority(*, served_specialised: bool, served_little_giant: bool) -> bool:
    """Return whether a product is preferred among those admissible (三.3(6)).

    Customers of either title will do.  It only orders, it never admits.
    """
    return served_specialised or served_little_giant


def product_stage(
    *, papers_submitted: bool, review_passed: bool, expert_deliberation_passed: bool
) -> str:
    """Return how far a product has come (三.1, 三.2).

    "none", "applied", "candidate" (passed the review of papers, 三.1) or
    "may_issue" (passed the experts, 三.2).  Only the last lets vouchers be
    claimed for it.  Nothing can be passed before what goes ahead of it.
    """
    if (review_passed and not papers_submitted) or (
        expert_deliberation_passed and not review_passed
    ):
        raise ValueError("a stage cannot be passed before the one ahead of it")
    if expert_deliberation_passed:
        return "may_issue"
    if review_passed:
        return "candidate"
    return "applied" if papers_submitted else "none"


def product_decider(stage: str) -> str | None:
    """Return who decides a stage of the selection (三.1, 三.2).

    "candidate": not named in the text, hence None.  "may_issue": the city's
    bureau of economy and information technology through experts it convenes,
    with an eye to the directions and to the money at hand.
    """
    _one_of(stage, ("candidate", "may_issue"))
    return "bureau_with_experts" if stage == "may_issue" else None


# Part 四(一) and 四(二): claiming and using


def first_come(
    requests: Sequence[tuple[str, datetime, int]],
    pool_fen: int,
    *,
    last: str = "partial",
) -> list[tuple[str, int]]:
    """Return what each request receives while the vouchers last (四(一)3).

    Earlier instants go first, equal ones in the order given.  The size of
    the pool is not in the guide.  The request that meets too small a rest
    receives the rest ("partial", preferred, as issue runs until all is
    gone), ends the issue ("stop"), or is passed over for later and smaller
    ones ("skip").
    """
    _one_of(last, ("partial", "stop", "skip"))
    _not_negative(pool_fen=pool_fen)
    granted: list[tuple[str, int]] = []
    left = pool_fen
    for name, _, amount in sorted(requests, key=lambda request: _utc(request[1])):
        _not_negative(amount=amount)
        given = amount
        if amount > left:
            given = left if last == "partial" else 0
            left = 0 if last == "stop" else left
        left -= given
        granted.append((name, given))
    return granted


def accepted_in_time(order_at: datetime, accepted_at: datetime) -> bool:
    """Return whether the provider took the order in time (四(二)1).

    Forty-eight elapsed hours from the order, rest days included.  The exact
    end is still in time, since only going beyond it cancels.
    """
    elapsed = _utc(accepted_at) - _utc(order_at)
    if elapsed < timedelta(0):
        raise ValueError("an order cannot be accepted before it is placed")
    return elapsed <= ACCEPTANCE


def acceptance_state(
    order_at: datetime,
    now: datetime,
    accepted_at: datetime | None = None,
    declined_at: datetime | None = None,
    *,
    decline_releases_at_once: bool = True,
) -> str:
    """Return "open", "accepted" or "cancelled" for an order at an instant (四(二)1).

    Silence cancels once the 48 hours are passed.  A refusal within them is
    foreseen, but not its effect; preferred: it cancels at once, otherwise
    (parameter False) the order lapses with the 48 hours.
    """
    if accepted_at is not None and declined_at is not None:
        raise ValueError("an order is accepted or declined, not both")
    current = _utc(now)
    if current < _utc(order_at):
        raise ValueError("the order is not placed yet")
    if declined_at is not None and _utc(declined_at) < _utc(order_at):
        raise ValueError("an order cannot be declined before it is placed")
    if accepted_at is not None and _utc(accepted_at) <= current:
        return "accepted" if accepted_in_time(order_at, accepted_at) else "cancelled"
    if declined_at is not None and decline_releases_at_once and _utc(declined_at) <= current:
        return "cancelled"
    return "open" if current - _utc(order_at) <= ACCEPTANCE else "cancelled"


def contract_dates_failed(order_day: date, contract_day: date, service_start: date) -> list[str]:
    """Return which of the two dates lies too early (四(二)2).

    Signature and start of service are each on the order day or later; days
    are compared, so the hour of the order does not matter.  Nothing is said
    about the order of these two, nor about the acceptance.
    """
    return [
        name
        for name, day in (("contract_day", contract_day), ("service_start", service_start))
        if day < order_day
    ]


def contract_form_complete(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether the contract shows what it must, and the reference if not (四(二)2)."""
    return _find_failed(CONTRACT_FORM_FLAGS, flags)


def contract_amounts_agree(contract_fen: int, voucher_fen: int, self_paid_fen: int) -> bool:
    """Return whether the two parts make up the price (四(二)2).

    The text asks that both be stated; that they add up to the price exactly
    is taken as implied.
    """
    _not_negative(contract_fen=contract_fen, voucher_fen=voucher_fen, self_paid_fen=self_paid_fen)
    return voucher_fen + self_paid_fen == contract_fen


def subsidised_base(contract_fen: int, months: int) -> Fraction:
    """Return the contract amount that counts, for a term in whole months (四(二)2).

    Up to twelve months the whole amount; beyond, its even share of twelve
    months.  The price is spread evenly, whatever instalments are agreed.
    """
    _not_negative(contract_fen=contract_fen)
    if months < 1:
        raise ValueError(f"months must be positive: {months}")
    return Fraction(contract_fen * SUBSIDISED_MONTHS, max(months, SUBSIDISED_MONTHS))


def last_day_of_year_from(start: date) -> date:
    """Return the last day of a term of one year that begins on ``start`` (四(二)2).

    The day before the anniversary.  From 29 February it is the 28th of the
    next February, which has no corresponding day.
    """
    return _months_end(start, SUBSIDISED_MONTHS) - ONE_DAY


def subsidised_base_by_dates(
    contract_fen: int,
    start: date,
    last_day: date,
    *,
    method: str = "whole_months",
    last_day_counts: bool = True,
) -> Fraction:
    """Return the contract amount that counts, for a term between two days (四(二)2).

    The contract's term and the term of service are taken as one.  The unit
    of the averaging is not given.  "whole_months" (preferred): by months if
    the term is a whole number of them, otherwise by days, the first year's
    real days over all days.  "days": always by days.  "days_365": by days,
    a year being 365.  A term of exactly one year is not over one year.
    ``last_day_counts`` False reads a term "from 1 March to 1 March" as one
    year.
    """
    _not_negative(contract_fen=contract_fen)
    _one_of(method, ("whole_months", "days", "days_365"))
    end = last_day + ONE_DAY if last_day_counts else last_day
    if end <= start:
        raise ValueError("a term must not end before it begins")
    year_end = _months_end(start, SUBSIDISED_MONTHS)
    if end <= year_end:
        return Fraction(contract_fen)
    months = (end.year - start.year) * 12 + end.month - start.month
    if method == "whole_months":
        for count in (months - 1, months):
            if _months_end(start, count) == end:
                return subsidised_base(contract_fen, count)
    year_days = 365 if method == "days_365" else (year_end - start).days
    return Fraction(contract_fen * year_days, (end - start).days)


# Part 四(三): redemption


def paper_dates_failed(
    contract_day: date, receipt_days: Sequence[date], invoice_days: Sequence[date]
) -> list[str]:
    """Return which payment papers are dated too early or are missing (四(三)1).

    Every receipt and every invoice is dated on the day of signature or
    later.  There must be one of each at least.
    """
    return [
        name
        for name, days in (("receipt", receipt_days), ("invoice", invoice_days))
        if not days or min(days) < contract_day
    ]


def invoice_covers(
    invoice_fen: int, voucher_fen: int, self_paid_fen: int, *, exact: bool = False
) -> bool:
    """Return whether the invoices cover both parts of the price (四(三)1).

    Together they reach the voucher's part plus the enterprise's own; more
    does no harm unless ``exact``.  No amount is laid down for the receipt.
    """
    _not_negative(invoice_fen=invoice_fen, voucher_fen=voucher_fen, self_paid_fen=self_paid_fen)
    due = voucher_fen + self_paid_fen
    return invoice_fen == due if exact else invoice_fen >= due


def filing_failed(
    filed_day: date,
    order_day: date,
    last_day: date,
    papers: Collection[str],
    *,
    completed_later: bool = False,
) -> list[str]:
    """Return what keeps a filing by the provider from being good (四(三)1, 四(一)3).

    "validity" if the day lies outside the validity, otherwise nothing for
    it; then the papers missing, in the order of the text.  Preferred: papers
    not in by the end of validity fail.  ``completed_later`` lets a timely
    filing stand and be completed afterwards.  Performance need not be over:
    the enterprise confirms that only at the end (四(四)).
    """
    failed = [] if order_day <= filed_day <= last_day else ["validity"]
    if not completed_later:
        failed += [name for name in FILING_PAPERS if name not in papers]
    return failed


def review_deadline(
    filed_day: date,
    non_working_days: Collection[date],
    *,
    make_up_days: Collection[date] = (),
    weekends_off: bool = True,
    filing_day_counts: bool = False,
) -> date:
    """Return the last day for the outside reviewer's confirmation (四(三)2).

    The seventh working day after the filing; the filing day is not counted
    unless ``filing_day_counts`` (and then only if it is a working day).
    Saturdays and Sundays are off unless declared working (``make_up_days``);
    with ``weekends_off`` False the list given is complete.  Passing the
    deadline costs the enterprise and the provider nothing.
    """
    day = filed_day if filing_day_counts else filed_day + ONE_DAY
    left = REVIEW_WORKING_DAYS
    while True:
        weekend = weekends_off and day.weekday() >= 5 and day not in make_up_days
        if day not in non_working_days and not weekend:
            left -= 1
        if left == 0:
            return day
        day += ONE_DAY


def redeemable_amount(
    face_fen: int, base_fen: int | Fraction, cap_fen: int, other_occupied_fen: int = 0
) -> int:
    """Return the most that may be redeemed (四(三)2 with 一.3 and 一.5).

    Never above the voucher's own amount; the ceilings are applied again to
    the contract as signed.  ``other_occupied_fen`` is the year's use by
    other vouchers.
    """
    _not_negative(face_fen=face_fen)
    return min(
        face_fen, transaction_ceiling(base_fen), remaining_quota(cap_fen, other_occupied_fen)
    )


def payable(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether the money may be paid to the provider, and what fails.

    四(三)2: the outside reviewer finds the service valid, confirms the amount
    and reports it.  四(三)3: the bureau summarises in batches, publishes
    provider, product and amount, and waits for the period to end; its length
    is not given.  The enterprise's rating (四(四)) is no condition.
    """
    return _find_failed(PAYMENT_FLAGS, flags)


# What uses the yearly quota and what sets it free


def voucher_status(
    order_at: datetime, now: datetime, last_day: date, **events: datetime | None
) -> str:
    """Return the state of a voucher at an instant (四(一)2, 四(一)3, 四(二)1, 四(三)1).

    Events are ``accepted_at``, ``cancelled_at``, ``filed_at``, ``rejected_at``
    and ``redeemed_at``; those after ``now`` have not happened.  A filing
    counts if made by the end of ``last_day`` in Beijing.  An order accepted
    but not filed by then has expired, and a filing in time outlives the
    validity until it is decided.  A cancellation counts before the filing.
    """
    known = ("accepted_at", "cancelled_at", "filed_at", "rejected_at", "redeemed_at")
    for name in events:
        _one_of(name, known)
    happened = {name: at for name, at in events.items() if at is not None and _utc(at) <= _utc(now)}
    accepted = happened.get("accepted_at")
    filed = happened.get("filed_at")
    state = acceptance_state(order_at, now, accepted)
    if "cancelled_at" in happened and filed is None:
        return "cancelled"
    if state != "accepted":
        return "ordered" if state == "open" else "not_accepted"
    if filed is None or beijing_day(filed) > last_day:
        return "accepted" if beijing_day(now) <= last_day else "expired"
    if "redeemed_at" in happened:
        return "redeemed"
    return "rejected" if "rejected_at" in happened else "filed"


def occupies_quota(
    status: str, *, live_only: bool = False, rejected_occupies: bool = False
) -> bool:
    """Return whether a voucher in this state uses the year's quota (四(一)2, 四(二)1).

    Vouchers in validity do, from the order on; those filed and redeemed go
    on doing so, or the cap on the year's subsidy (一.3) would limit nothing.
    ``live_only`` is the bare wording of 四(一)2: only while valid and unused.
    Not accepted, cancelled and expired vouchers set the quota free.  For a
    rejected filing the text has no rule; preferred: free, as nothing is paid.
    """
    _one_of(status, STATUSES)
    if status in ("ordered", "accepted"):
        return True
    if status in ("filed", "redeemed"):
        return not live_only
    return status == "rejected" and rejected_occupies


def occupied_quota(
    vouchers: Sequence[tuple[date, str, int, int]],
    year: int,
    *,
    redeemed_counts: str = "paid",
) -> int:
    """Return how much of a year's quota is in use (一.3, 四(一)2).

    A voucher is its order day, state, amount and sum paid.  An unredeemed
    voucher counts with its amount, a redeemed one with what was paid
    ("paid", preferred, because the cap is one of subsidy) or still with its
    amount ("face").  Money returned later does not free quota: no rule says
    that it does.
    """
    _one_of(redeemed_counts, ("paid", "face"))
    total = 0
    for order_day, status, face_fen, paid_fen in vouchers:
        _not_negative(face_fen=face_fen, paid_fen=paid_fen)
        if paid_fen > face_fen:
            raise ValueError("no more can be paid than the voucher is worth")
        if quota_year(order_day) == year and occupies_quota(status):
            by_paid = status == "redeemed" and redeemed_counts == "paid"
            total += paid_fen if by_paid else face_fen
    return total


# Part 五: after redemption, and breaches


def must_report(*, redeemed: bool, substantive_service: bool, refund_fen: int) -> bool:
    """Return whether the provider must report to the city's platform (五.3).

    After redemption, if there was no substantive service or any refund,
    whole or in part.  The duty is the provider's alone; no time is set.
    """
    _not_negative(refund_fen=refund_fen)
    return redeemed and (not substantive_service or refund_fen > 0)


def amount_to_return(
    paid_fen: int,
    contract_fen: int,
    refund_fen: int,
    *,
    substantive_service: bool = True,
    method: str = "self_paid",
) -> int:
    """Return what goes back of a subsidy already paid (五.3).

    Without substantive service, all.  For refunds the measure is not given.
    "self_paid" (preferred): in proportion to what the enterprise gets back
    of its own part of the price, so a full refund returns the whole subsidy.
    "contract": in proportion to the whole price.  "recompute": what exceeds
    thirty percent of the price left.  "all": any refund returns everything.
    A part of a fen is returned as a whole one.
    """
    _not_negative(paid_fen=paid_fen, contract_fen=contract_fen, refund_fen=refund_fen)
    _one_of(method, ("self_paid", "contract", "recompute", "all"))
    if paid_fen > contract_fen:
        raise ValueError("no more can be paid than the contract is worth")
    base = contract_fen - paid_fen if method == "self_paid" else contract_fen
    if refund_fen > base:
        raise ValueError("no more can be refunded than was paid")
    if not substantive_service:
        return paid_fen
    if refund_fen == 0:
        return 0
    if method == "all":
        return paid_fen
    if method == "recompute":
        return max(0, paid_fen - transaction_ceiling(contract_fen - refund_fen))
    return -(-paid_fen * refund_fen // base)


def violations(facts: Collection[str], *, formal_defects_count: bool = False) -> list[str]:
    """Return the items of 五.4 that the facts fall under, in order, each once.

    (1) passing a voucher on in any way; (2) deliberate concealment of
    something between the two sides that impairs fair dealing (the noun is
    missing in the text: a connection is meant); (3) sham or inflated
    contracts and like ways to get at the money, paid out or not; (4) any
    other breach of the guide, a refund kept silent (五.3) among them.

    A mere defect of form in contract or papers prevents redemption and is
    not treated as a breach with these consequences unless
    ``formal_defects_count``: read literally (4) covers it.  A refund that is
    reported is no breach.
    """
    for name in facts:
        _one_of(name, VIOLATIONS)
    return list(
        dict.fromkeys(
            article
            for name, article in VIOLATIONS.items()
            if name in facts and (name != "formal_defect" or formal_defects_count)
        )
    )


def sanctioned_parties(involved: Collection[str], *, always_both: bool = False) -> list[str]:
    """Return who loses the standing (五.4).

    Those of "enterprise" and "provider" that took part.  ``always_both``
    reads the opening words as meaning that both fall together.
    """
    for name in involved:
        _one_of(name, ("enterprise", "provider"))
    if involved and always_both:
        return ["enterprise", "provider"]
    return sorted(set(involved))


def recovered_amount(affected_fen: int, all_fen: int, *, all_transactions: bool = False) -> int:
    """Return the subsidy to be recovered after a breach (五.4).

    The whole subsidy of the transactions concerned, not a share of it;
    ``all_transactions`` extends this to all that was received.
    """
    _not_negative(affected_fen=affected_fen, all_fen=all_fen)
    if affected_fen > all_fen:
        raise ValueError("the part cannot exceed the whole")
    return all_fen if all_transactions else affected_fen


def ban_last_day(finding_day: date) -> date:
    """Return the last day on which applications are not accepted (五.4).

    The corresponding day three years on.  Preferred start: the day the
    breach is established; the text names none, so a caller may pass the day
    of the conduct instead.
    """
    return _years_on(finding_day, BAN_YEARS)


def application_barred(
    application_day: date, finding_day: date, *, last_day_barred: bool = True
) -> bool:
    """Return whether an application for public support is shut out (五.4).

    From the starting day to the last day, both included; without
    ``last_day_barred`` the last day is already free.  The bar covers the
    related public-policy support funds, not vouchers only.
    """
    last = ban_last_day(finding_day)
    if application_day == last:
        return last_day_barred
    return finding_day <= application_day < last


def voucher_claim_barred(order_day: date, finding_day: date, *, for_ever: bool = False) -> bool:
    """Return whether vouchers can no longer be claimed after a breach (五.4).

    The loss of standing has no term of its own.  Preferred: it ends with the
    three years, as vouchers are such funds themselves.  ``for_ever``: it
    does not end.
    """
    if for_ever:
        return order_day >= finding_day
    return application_barred(order_day, finding_day)
