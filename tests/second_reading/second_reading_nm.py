"""An independent second reading of the Inner Mongolia draft on service vouchers.

The source is the draft for comment, articles 1 to 21.  Every function states
one rule in the reader's own words.  Amounts are whole fen (100 fen to the
yuan), fees are exact fractions of a fen, days are calendar days.  Inputs that
cannot describe a real case raise ``ValueError`` and are never silently
repaired.

Where the draft softens a rule (原则上, 一般) or leaves it to somebody (其他,
等), the answer is "person": neither met nor failed, somebody has to decide.
Where the text is open, the default of a keyword argument is the reading
preferred here and its other values are the alternatives.  Periods are counted
as in general civil law: the starting day is left out, a period of years ends
on the corresponding day, and on the last day of the month if there is none.

The draft sets ceilings.  Every subsidy below is the most that is possible.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

ONE_DAY: Final = timedelta(days=1)

FIRST_DIRECT_FEN: Final = 5_000_000
ENTERPRISE_SHARE: Final = Fraction(50, 100)
ENTERPRISE_CAP_FEN: Final = 20_000_000
REGION_SHARE: Final = Fraction(80, 100)
REGION_ITEM_CAP_FEN: Final = 100_000_000
HUB_FEE_SHARE: Final = Fraction(2, 100)
WINDOW_FEE_SHARE: Final = Fraction(3, 100)
ITEMS_A_YEAR: Final = 5
VALIDITY_YEARS: Final = 1
YOUNG_YEARS: Final = 3
STANDING_YEARS: Final = 3
CAPITAL_FEN: Final = 30_000_000
OPERATING_YEARS: Final = 1
PRICE_REDUCTION: Final = Fraction(20, 100)

SIZES: Final = ("micro", "small", "medium", "large")
LEVELS: Final = ("league", "region")
SERVICES: Final[dict[str, str]] = {
    "finance_and_tax": "第九条（一）",
    "credit_rating": "第九条（二）",
    "legal": "第九条（三）",
    "e_commerce": "第九条（四）",
    "management_diagnosis": "第九条（五）",
    "training": "第九条（六）",
    "technology_and_quality": "第九条（七）",
    "other_service": "第九条（八）",
    "information_product": "第十条（一）",
    "platform_product": "第十条（二）",
}
"""What vouchers are for, with the item that names it."""

CLAIM_FLAGS: Final[dict[str, str]] = {
    "registered_in_region": "第八条",
    "independent_legal_person": "第八条",
    "well_run": "第八条",
    "fits_industrial_policy": "第八条",
    "size_in_scope": "第八条",
    "not_mandatory_activity": "第八条",
    "not_subsidised_this_year": "第八条",
    "matter_in_scope": "第九条",
    "funds_left": "第十一条",
    "applied_in_system": "第十七条（一）",
    "initial_review_passed": "第十七条（二）",
    "provider_is_signed": "第十七条（三）",
    "contract_signed": "第十七条（三）",
    "papers_uploaded": "第十七条（三）",
    "hub_review_passed": "第十七条（三）",
    "confirmed_by_bureau": "第十七条（三）",
    "published": "第十七条（三）",
    "provider_new_this_year": "第十八条（二）",
    "contract_genuine": "第十八条（四）",
}
"""Flag name -> article.  In every flag True means that the condition is met."""

PROVIDER_FLAGS: Final[dict[str, str]] = {
    "no_bad_record": "第十二条（一）",
    "serves_willingly": "第十二条（一）",
    "registered_in_region": "第十二条（二）",
    "taxed_in_region": "第十二条（二）",
    "legal_person_or_licensed": "第十二条（二）",
    "operated_a_year": "第十二条（二）",
    "well_run": "第十二条（二）",
    "price_promised": "第十二条（四）",
    "able_in_its_kind": "第十二条（五）",
    "papers_handed_in": "第十三条",
    "initial_review_passed": "第十四条（二）",
    "expert_review_passed": "第十四条（三）",
    "recognised_by_bureau": "第十四条（四）",
    "published": "第十四条（四）",
    "not_disqualified": "第十八条（四）",
}
"""The same for a service provider that asks to be signed."""

KINDS: Final[dict[str, dict[str, int]]] = {
    "finance_and_tax": {"staff": 10, "cases": 5},
    "legal": {"staff": 3, "cases": 5},
    "e_commerce": {"cases": 3},
    "management_diagnosis": {"cases": 5},
    "credit_rating": {},
    "product": {"staff": 3, "cases": 1, "projects": 1},
    "training": {"cases": 5},
    "technology_and_quality": {"cases": 5},
    "other": {"staff": 5, "activities": 3},
}
"""Kind of provider -> what it has to count up to (art. 12(五)), each included.

``staff`` are the people the item names: accountants and the like, lawyers,
engineers of middle or senior rank, or people serving small business full
time.  ``cases`` are enterprises served, last year except for "product".
"""

KIND_QUALITIES: Final[dict[str, tuple[str, ...]]] = {
    "credit_rating": ("experienced_assessors", "central_bank_permit"),
    "product": ("qualified",),
    "training": ("professional_tutors",),
    "technology_and_quality": ("qualified", "service_team"),
    "other": ("service_team", "runs_activities_itself"),
}
"""Kind of provider -> what it has to have besides."""

BARE_OR_MORE: Final = (("e_commerce", "cases"), ("product", "staff"))
"""The two counts whose "以上" lacks the "（含）" that the others carry."""

CLAIM_PAPERS: Final = ("licence", "tax_registration", "organisation_code", "contract")
MERGED_LICENCE: Final = "merged_licence"
SETTLEMENT_PAPERS: Final = ("voucher", "contract", "invoice")
PROVIDER_PAPERS: Final = (
    "application_form",
    "registration",
    "client_proof",
    "honours",
    "other_proof",
)
FORBIDDEN_USES: Final = ("transfer", "circulation", "pledge", "other_purpose")


def _not_negative(**amounts: int) -> None:
    """Refuse a negative amount or count, naming it."""
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


def _find_failed(articles: Mapping[str, str], flags: Mapping[str, bool]) -> tuple[bool, list[str]]:
    """Return whether every flag is met, and the articles of the rest, each once."""
    unknown = sorted(set(flags) - set(articles))
    missing = sorted(set(articles) - set(flags))
    if unknown or missing:
        raise ValueError(f"unknown flags {unknown}, missing flags {missing}")
    failed = [article for name, article in articles.items() if not flags[name]]
    return not failed, list(dict.fromkeys(failed))


# Whom and what vouchers are for


def size_in_scope(size: str, *, medium_admitted: bool = True) -> bool:
    """Return whether an enterprise of this size may benefit (art. 8).

    Micro, small and medium, by the standard of 2011 (no. 300).  Article 16,
    on the yearly notice, speaks of small and micro enterprises only; read as
    a limit it would shut out the medium ones that title and article 8 name.
    """
    _one_of(size, SIZES)
    return size in ("micro", "small") or (size == "medium" and medium_admitted)


def young_enterprise(founded_on: date, applied_on: date, *, corresponding_day: bool = True) -> bool:
    """Return whether an enterprise goes first for being young (art. 8).

    Founded within three years, the corresponding day included.  It is a
    preference and no condition.  ``corresponding_day`` off: the third
    anniversary itself is too late.
    """
    if applied_on < founded_on:
        raise ValueError("no enterprise applies before it is founded")
    last = _years_on(founded_on, YOUNG_YEARS)
    return applied_on <= last if corresponding_day else applied_on < last


def matter_excluded(
    *, mandatory: bool, subsidised_this_year: bool, both_needed: bool = False
) -> bool:
    """Return whether the matter is outside the vouchers (art. 8, last paragraph).

    Two things side by side: an activity that law or a mandatory standard
    demands anyway, and an item that had public money in the same year.
    ``both_needed`` takes the first for the subject of the second.
    """
    if both_needed:
        return mandatory and subsidised_this_year
    return mandatory or subsidised_this_year


def subsidised_in_year(subsidised_on: date, applied_on: date, *, year: str = "calendar") -> bool:
    """Return whether an earlier subsidy falls into the year of the application (art. 8).

    The calendar year.  "rolling": within the twelve months before.
    """
    _one_of(year, ("calendar", "rolling"))
    if subsidised_on > applied_on:
        return False
    if year == "calendar":
        return subsidised_on.year == applied_on.year
    return applied_on <= _years_on(subsidised_on, 1)


def matter_in_scope(
    service: str,
    *,
    litigation: bool = False,
    supported: Collection[str] | None = None,
    notice: str = "exclusive",
) -> str:
    """Return "yes", "no" or "person" for a service or product (arts. 9, 10, 16).

    Ten items, two of them products.  Litigation is carved out of the legal
    services.  Other services are an open item that somebody must fill.
    ``supported`` is what the notice of the year names; None without a notice.
    "exclusive": what it does not name is out for the year.  "focus": the
    notice names what is supported above all, and the rest stays possible.
    """
    _one_of(service, SERVICES)
    _one_of(notice, ("exclusive", "focus"))
    if service == "legal" and litigation:
        return "no"
    if supported is not None and service not in supported and notice == "exclusive":
        return "no"
    return "person" if service == "other_service" else "yes"


def may_claim(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether an enterprise may claim, and the articles it fails.

    All flags of ``CLAIM_FLAGS`` must be given.  What is soft stands apart:
    the number of items a year in ``claims_this_year``.
    """
    return _find_failed(CLAIM_FLAGS, flags)


def claims_this_year(
    items_before: int,
    *,
    same_item_received: bool = False,
    received_before: bool | None = None,
    again: str = "same_item",
) -> str:
    """Return "yes", "person" or "no" for one more claim in the year (art. 18(二), (三)).

    Five different items a year, as a rule: with five before, the next goes to
    a person.  18(三) then says that who has received may not receive again
    that year, used or not.  Both can stand only if the second is about the
    same item, or if all items are received at once.  ``again``: "same_item"
    (preferred); "any" bars every later receipt of the year; "none" lets the
    five items prevail altogether.
    """
    _not_negative(items_before=items_before)
    _one_of(again, ("same_item", "any", "none"))
    received = received_before if received_before is not None else same_item_received
    if same_item_received and not received:
        raise ValueError("who received for the item has received")
    if again == "same_item" and same_item_received:
        return "no"
    if again == "any" and received:
        return "no"
    return "yes" if items_before < ITEMS_A_YEAR else "person"


def provider_is_new(provider: str, earlier: Collection[str], *, strict: bool = True) -> bool:
    """Return whether the year's items go to different providers (art. 18(二)).

    Each item to a provider of its own, so one that has a contract for another
    item of the year is out.  ``strict`` off: only that one item is not split
    among several providers, which a single contract never does.
    """
    return not strict or provider not in earlier


def missing_claim_papers(papers: Collection[str], *, merged: bool = True) -> list[str]:
    """Return what is lacking of the papers to be uploaded (art. 17(三)).

    Licence, tax registration, organisation code and the contract.  A licence
    that merges the three registrations stands for all three, as the others
    are no longer issued; ``merged`` off asks for them all the same.
    """
    for name in papers:
        _one_of(name, (*CLAIM_PAPERS, MERGED_LICENCE))
    stands_for = CLAIM_PAPERS[:3] if merged and MERGED_LICENCE in papers else ()
    return [name for name in CLAIM_PAPERS if name not in papers and name not in stands_for]


# How much


def first_time(
    applications: Sequence[tuple[date, bool]],
    applied_on: date,
    *,
    since: str = "ever",
    counts: str = "received",
) -> bool:
    """Return whether an application is the first one (art. 11(一)).

    An application is its day and whether a voucher was received on it.
    Preferred: the first voucher ever; an application that brought nothing
    (art. 18(二) puts it on a list) uses up nothing.  ``since="year"`` looks
    at the calendar year only, ``counts="applied"`` at every application.
    """
    _one_of(since, ("ever", "year"))
    _one_of(counts, ("received", "applied"))
    return not any(
        (received or counts == "applied") and (since == "ever" or day.year == applied_on.year)
        for day, received in applications
        if day <= applied_on
    )


def enterprise_subsidy(
    contract_fen: int,
    *,
    first: bool,
    earlier_fen: int = 0,
    excess: str = "above",
    cap: str = "year",
) -> int:
    """Return the most for one contract of an enterprise (art. 11(一)).

    First time: up to 50 000 yuan at full value; of what lies above, half.
    Later: half of the price.  Never above 200 000 yuan.

    ``excess``: "above" (preferred) halves what lies above the 50 000;
    "whole" gives half of the whole price once it is above 50 000 and never
    less than the 50 000; "added" gives half of the whole price on top.
    ``cap``: "year" (preferred) is one ceiling for all vouchers of the
    enterprise in the year, as (二) says per item and (一) does not; "contract"
    is per contract; "later" reads the ceiling as part of the half sentence on
    later applications, so each of these has it and a first time has none.
    ``earlier_fen`` is what the year's other vouchers took.
    """
    _not_negative(contract_fen=contract_fen, earlier_fen=earlier_fen)
    _one_of(excess, ("above", "whole", "added"))
    _one_of(cap, ("year", "contract", "later"))
    half = ENTERPRISE_SHARE * contract_fen
    direct = Fraction(min(contract_fen, FIRST_DIRECT_FEN))
    beyond = contract_fen - FIRST_DIRECT_FEN
    amount = half
    if first and beyond <= 0:
        amount = direct
    elif first and excess == "above":
        amount = direct + ENTERPRISE_SHARE * beyond
    elif first and excess == "whole":
        amount = max(direct, half)
    elif first:
        amount = min(direct + half, Fraction(contract_fen))
    if first and cap == "later":
        return int(amount)
    room = ENTERPRISE_CAP_FEN - (earlier_fen if cap == "year" else 0)
    return max(0, min(int(amount), room))


def region_subsidy(contract_fen: int, same_item_fen: int = 0) -> int:
    """Return the most for a purchase of the region's own platforms (art. 11(二)).

    Eighty percent of the price and a million yuan for one item.
    ``same_item_fen`` is what other contracts for the item took.
    """
    _not_negative(contract_fen=contract_fen, same_item_fen=same_item_fen)
    return max(0, min(int(REGION_SHARE * contract_fen), REGION_ITEM_CAP_FEN - same_item_fen))


def own_share(contract_fen: int, face_fen: int) -> int:
    """Return what the enterprise itself pays (art. 18(二)): the voucher counts at face."""
    _not_negative(contract_fen=contract_fen, face_fen=face_fen)
    if face_fen > contract_fen:
        raise ValueError("a voucher cannot exceed the price of its contract")
    return contract_fen - face_fen


def queue(
    orders: Sequence[tuple[str, int, bool, bool]], *, by_time_only: bool = False
) -> list[str]:
    """Return who is served in which order (arts. 8, 11, 18(二), 18(三)).

    An order is its name, its place in time, whether it waited from the last
    period, and whether the enterprise is young.  Who waited goes first, then
    who is young, then by time.  ``by_time_only``: the words of article 11.
    """
    if len({name for name, *_ in orders}) < len(orders):
        raise ValueError("every order has its own name")
    if by_time_only:
        return [name for name, *_ in sorted(orders, key=lambda order: order[1])]
    ranked = sorted(orders, key=lambda order: (not order[2], not order[3], order[1]))
    return [name for name, *_ in ranked]


def allot(amounts_fen: Sequence[int], funds_fen: int, *, last: str = "partial") -> list[int]:
    """Return what each order gets out of the year's funds (arts. 11, 18(二)).

    In order, until there is nothing left.  For the order at which the money
    ends: "partial" (preferred) gives the rest, "stop" gives nothing from
    there on, "skip" goes on to those that still fit.
    """
    _one_of(last, ("partial", "stop", "skip"))
    _not_negative(funds_fen=funds_fen, least=min(amounts_fen, default=0))
    left, given = funds_fen, []
    for amount in amounts_fen:
        share = amount if amount <= left else (left if last == "partial" else 0)
        if share < amount and last == "stop":
            left = 0
        left -= share
        given.append(share)
    return given


# The voucher


def use_allowed(use: str) -> bool:
    """Return whether a voucher may be used in this way (art. 4)."""
    _one_of(use, (*FORBIDDEN_USES, "own_service"))
    return use not in FORBIDDEN_USES


def last_valid_day(
    received_on: date,
    *,
    receipt_counts: bool = False,
    rest_days: Collection[date] = (),
    rolls: bool = True,
) -> date:
    """Return the last day of a voucher (arts. 4, 18(三)).

    One year from receipt, the day of receipt left out, so to the end of the
    corresponding day.  ``rest_days`` are those of the calendar; a last day
    among them moves on to the next that is not, as in general civil law,
    unless ``rolls`` is off.  ``receipt_counts`` makes the day of receipt the
    first of the year.
    """
    last = _years_on(received_on, VALIDITY_YEARS) - (ONE_DAY if receipt_counts else 0 * ONE_DAY)
    while rolls and last in rest_days:
        last += ONE_DAY
    return last


def used_in_time(
    received_on: date,
    performed_on: date | None,
    settled_on: date | None = None,
    *,
    act: str = "performance",
) -> bool:
    """Return whether a voucher has not lapsed (art. 18(三)).

    The contract must be performed within the validity; a voucher of a
    contract not performed by then is void.  ``act="settlement"``: the
    request for settlement must be made by then too.  Service done before the
    voucher was received is no use of it.
    """
    _one_of(act, ("performance", "settlement"))
    if performed_on is None or performed_on < received_on:
        return False
    if settled_on is not None and settled_on < performed_on:
        raise ValueError("settlement cannot come before performance")
    last = last_valid_day(received_on)
    if act == "settlement" and (settled_on is None or settled_on > last):
        return False
    return performed_on <= last


def fraud_follows(*, established: bool, issued: bool, provider_listed: bool = True) -> list[str]:
    """Return what may follow collusion or deceit about a contract (art. 18(四)).

    Before the issue it is stopped, after it the voucher is void.  The
    provider loses its standing, and there is an entry on the record.
    """
    if not established:
        return []
    follows = ["voucher_void" if issued else "issue_stopped"]
    return [*follows, *(["standing_lost"] if provider_listed else []), "bad_record"]


def missing_settlement_papers(papers: Collection[str]) -> list[str]:
    """Return what a provider's request for settlement lacks (art. 19)."""
    for name in papers:
        _one_of(name, SETTLEMENT_PAPERS)
    return [name for name in SETTLEMENT_PAPERS if name not in papers]


def settled_amount(
    face_fen: int, contract_fen: int, invoiced_fen: int, *, short: str = "refused"
) -> int:
    """Return what is settled on a voucher (arts. 18(二), 19).

    Its face, if the invoice shows that the enterprise has paid the rest of
    the price.  An invoice for less: nothing ("refused", preferred: the
    contract is not carried out), or the face in the proportion of what was
    paid ("pro_rata").
    """
    rest = own_share(contract_fen, face_fen)
    _not_negative(invoiced_fen=invoiced_fen)
    _one_of(short, ("refused", "pro_rata"))
    if invoiced_fen >= rest:
        return face_fen
    return 0 if short == "refused" else face_fen * invoiced_fen // rest


def settlement_payer(level: str) -> str:
    """Return who pays the provider (art. 19; art. 5 agrees).

    For the enterprises of a league the league, out of what the region passed
    on; for purchases of the region's own platforms the region's treasury.
    """
    _one_of(level, LEVELS)
    return "league" if level == "league" else "region_treasury"


def work_fee(
    redeemed_fen: int, platform: str, *, region_level_fen: int = 0, hub_base: str = "all"
) -> Fraction:
    """Return the yearly fee of a platform, exact (art. 7).

    The hub gets two percent of what was redeemed in the whole region, the
    window of a league three percent of what was redeemed at its own level.
    ``region_level_fen`` is what the region's own purchases redeemed; it is
    part of the whole ("all") unless "enterprises" leaves it out.
    """
    _not_negative(redeemed_fen=redeemed_fen, region_level_fen=region_level_fen)
    _one_of(platform, ("hub", "window"))
    _one_of(hub_base, ("all", "enterprises"))
    if platform == "window":
        return WINDOW_FEE_SHARE * redeemed_fen
    return HUB_FEE_SHARE * (redeemed_fen + (region_level_fen if hub_base == "all" else 0))


def fee_budget_year(year: int) -> int:
    """Return the budget in which the fee of a year stands (art. 7): the next one."""
    return year + 1


# Signed providers


def capital_enough(capital_fen: int, *, soft: bool = True) -> str:
    """Return "yes", "person" or "no" for the registered capital (art. 12(二)).

    300 000 yuan, included, as a general demand; less goes to a person, or
    fails outright if not ``soft``.
    """
    _not_negative(capital_fen=capital_fen)
    if capital_fen >= CAPITAL_FEN:
        return "yes"
    return "person" if soft else "no"


def operated_a_year(since: date, on: date, *, day_after: bool = False) -> bool:
    """Return whether a body has operated lawfully for a year (art. 12(二)).

    From the corresponding day on, that day included; ``day_after`` waits
    until that day is over.
    """
    if on < since:
        raise ValueError("no body applies before it has begun")
    due = _years_on(since, OPERATING_YEARS)
    return on > due if day_after else on >= due


def price_low_enough(price_fen: int, market_fen: int) -> bool:
    """Return whether a price lies at least 20 percent below the market's (art. 12(四))."""
    _not_negative(price_fen=price_fen)
    if market_fen <= 0:
        raise ValueError("a market price must be positive")
    return price_fen <= (1 - PRICE_REDUCTION) * market_fen


def finance_staff(by_group: Mapping[str, int], *, together: bool = True) -> int:
    """Return how many people count for finance and tax (art. 12(五)1).

    Accountants, auditors, appraisers and tax people together; ``together``
    off wants the number from one group alone.
    """
    for name, number in by_group.items():
        _one_of(name, ("accounting", "audit", "appraisal", "tax"))
        _not_negative(number=number)
    return sum(by_group.values()) if together else max(by_group.values(), default=0)


def able_in_kind(
    kind: str,
    counts: Mapping[str, int],
    qualities: Collection[str] = (),
    *,
    bare_included: bool = True,
) -> bool:
    """Return whether a provider has the strength its kind asks for (art. 12(五)).

    Numbers are included, and a figure left out is not taken for nought.  Two of
    them lack the "（含）" of the others; with ``bare_included`` off these are
    read as "more than".
    """
    _one_of(kind, KINDS)
    for name, number in counts.items():
        _one_of(name, KINDS[kind])
        _not_negative(number=number)
    for name in qualities:
        _one_of(name, KIND_QUALITIES.get(kind, ()))
    if set(counts) != set(KINDS[kind]):
        raise ValueError(f"a figure is missing: {set(KINDS[kind]) - set(counts)}")
    for name, least in KINDS[kind].items():
        strict = not bare_included and (kind, name) in BARE_OR_MORE
        if counts[name] < least + strict:
            return False
    return set(KIND_QUALITIES.get(kind, ())) <= set(qualities)


def provider_admissible(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether a body becomes a signed provider, and the articles it fails.

    All flags of ``PROVIDER_FLAGS`` must be given.  Capital is soft and stands
    in ``capital_enough``; article 12(三) is a preference and no condition.
    """
    return _find_failed(PROVIDER_FLAGS, flags)


def provider_goes_first(
    *, demonstration_platform: bool, demonstration_base: bool, federation: bool, association: bool
) -> bool:
    """Return whether a body goes first among providers (art. 12(三)): any one is enough."""
    return demonstration_platform or demonstration_base or federation or association


def missing_provider_papers(
    papers: Collection[str], *, honoured: bool = True, all_asked: bool = False
) -> list[str]:
    """Return what an application to be signed lacks (art. 13).

    Form, registration and proof of clients always; proof of honours only if
    there are any; other proof is what the body sees fit to add.
    ``all_asked`` takes the list of five literally.
    """
    for name in papers:
        _one_of(name, PROVIDER_PAPERS)
    wanted = PROVIDER_PAPERS[: 4 if honoured else 3]
    return [name for name in (PROVIDER_PAPERS if all_asked else wanted) if name not in papers]


def standing(recognised_on: date, on: date, *, soft: bool = True) -> str:
    """Return "yes", "person" or "no" for the standing of a signed provider (art. 15).

    Recognised every three years, as a rule: to the corresponding day it
    holds, afterwards somebody has to say, or it is over if not ``soft``.
    """
    if on < recognised_on:
        return "no"
    if on <= _years_on(recognised_on, STANDING_YEARS):
        return "yes"
    return "person" if soft else "no"


def in_force(published_on: date | None, on: date) -> bool:
    """Return whether the measure applies (art. 21): from publication; a draft never does."""
    return published_on is not None and on >= published_on
