"""An independent second reading of the Ningxia service-voucher measure of 2016.

The source is document no. 73 of 2016 of the authority, articles 1 to 12.
Every function states one rule in the reader's own words.  Amounts are whole
fen (100 fen to the yuan).  Inputs that cannot describe a real case (negative
amounts, a voucher larger than its contract, an unknown grade or size, an
adjustment upwards) raise ``ValueError`` and are never silently repaired.

The articles give ceilings only.  Article 3 leaves the scope, the standard and
the yearly amount of money to the authority, and article 9(二) leaves the
usable amount of a single case to the operator, so every amount below is the
most that is possible and not an entitlement.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

ITEM_CAP_FEN: Final = 300_000
YEAR_CAP_FEN: Final = 500_000
SIZES: Final = ("micro", "small", "medium", "large")
CREDIT_GRADES: Final = ("AAA", "AA", "A", "A-", "BBB", "BB", "B", "C")

CLAIM_FLAGS: Final[dict[str, str]] = {
    "for_own_use": "第二条",
    "registered_in_region": "第五条",
    "independent_legal_person": "第五条",
    "size_in_scope": "第五条",
    "growth_good": "第五条",
    "well_run": "第五条",
    "fits_industrial_policy": "第五条",
    "service_in_catalogue": "第七条",
    "not_litigation": "第七条（四）",
    "registered_on_platform": "第九条（一）",
    "provider_is_signed": "第九条（一）",
    "contract_signed_before_application": "第九条（一）",
    "applied_in_voucher_system": "第九条（一）",
    "initial_review_passed": "第九条（二）",
    "contract_genuine": "第十一条（一）",
    "no_bad_record": "第十一条（一）",
    "period_vouchers_left": "第十一条（三）",
    "provider_is_not_operator": "第十一条（四）",
}
"""Flag name -> article.  In every flag True means that the condition is met."""

PROVIDER_FLAGS: Final[dict[str, str]] = {
    "registered_in_region": "第四条",
    "capable_of_services": "第四条",
    "distinct_specialisation": "第四条",
    "willing_to_serve": "第四条",
    "meets_registration_rules": "第四条",
    "applied_on_platform": "第八条",
    "materials_submitted": "第八条",
    "operator_review_passed": "第八条",
    "expert_review_passed": "第八条",
    "filed_with_authority": "第八条",
    "published_on_platform": "第八条",
    "not_disqualified": "第十一条（一）",
}
"""The same for a provider."""


def _not_negative(**amounts: int) -> None:
    """Refuse a negative amount of money, naming it."""
    for name, amount in amounts.items():
        if amount < 0:
            raise ValueError(f"{name} must not be negative: {amount}")


def voucher_amount(
    contract_fen: int,
    claimed_this_year_fen: int,
    claimed_same_item_fen: int = 0,
) -> int:
    """Return the most that one claim may receive (art. 6).

    Three ceilings hold together and the lowest decides: half of the price in
    the service contract, 3000 yuan for one service item, and 5000 yuan for
    one enterprise in one year.  Each ceiling is inclusive.  The two money
    ceilings are reduced by what was claimed before; the half is taken of this
    contract alone.  ``claimed_same_item_fen`` is part of
    ``claimed_this_year_fen`` and is not deducted twice from the year.  The
    two are not compared, because the item ceiling itself knows no year and a
    caller may lawfully pass an amount from an earlier year.
    """
    _not_negative(
        contract_fen=contract_fen,
        claimed_this_year_fen=claimed_this_year_fen,
        claimed_same_item_fen=claimed_same_item_fen,
    )
    return max(
        0,
        min(
            contract_fen // 2,
            ITEM_CAP_FEN - claimed_same_item_fen,
            YEAR_CAP_FEN - claimed_this_year_fen,
        ),
    )


def settlement_amount(
    voucher_fen: int,
    contract_fen: int,
    used_this_year_fen: int,
    adjustment_fen: int = 0,
    used_same_item_fen: int = 0,
) -> int:
    """Return the most that may be settled (arts. 6, 10, 11(一), 11(三)).

    A voucher counts at its face value (11(三)), so never more than its face.
    Article 6 limits use as well as claiming, so its three ceilings are
    applied again to the contract as it stands at settlement, to what was used
    for the same service item ("单个服务项目可使用的") and to what was used in
    the year.  As with claiming, the item knows no year.  A reduction for poor
    performance (11(一)) is taken from the amount that would otherwise be
    settled, that is, after the ceilings.  A cancelled or expired voucher is
    passed in as 0.
    """
    _not_negative(
        voucher_fen=voucher_fen,
        contract_fen=contract_fen,
        used_this_year_fen=used_this_year_fen,
        used_same_item_fen=used_same_item_fen,
    )
    if adjustment_fen > 0:
        raise ValueError(f"adjustment_fen must not be positive: {adjustment_fen}")
    base = max(
        0,
        min(
            voucher_fen,
            contract_fen // 2,
            ITEM_CAP_FEN - used_same_item_fen,
            YEAR_CAP_FEN - used_this_year_fen,
        ),
    )
    return max(0, base + adjustment_fen)


def deposit(contract_fen: int, voucher_fen: int) -> int:
    """Return what the enterprise places with the operator (art. 9(二)).

    It is the part of the contract price which the voucher leaves open.  This
    is arithmetic only: whether the voucher respects article 6 is not tested.
    """
    _not_negative(contract_fen=contract_fen, voucher_fen=voucher_fen)
    if voucher_fen > contract_fen:
        raise ValueError("a voucher cannot exceed the price of its contract")
    return contract_fen - voucher_fen


def supervision_fee_range(contract_fen: int) -> tuple[Fraction, Fraction]:
    """Return the lowest and highest fee of the operator, exact (art. 11(四)).

    The operator is permitted, not obliged, to take between 3 and 6 percent,
    both inclusive.  The base is the whole contract price and not the voucher.
    No rounding is laid down, hence fractions of a fen.
    """
    _not_negative(contract_fen=contract_fen)
    return Fraction(3 * contract_fen, 100), Fraction(6 * contract_fen, 100)


def size_admitted(size: str, *, medium_admitted: bool) -> bool:
    """Return whether an enterprise of this size may benefit (art. 5).

    Micro and small are in under either reading and large under none.  Medium
    depends: article 5 names it among the beneficiaries, while the title and
    articles 1 and 2 speak of small and micro enterprises only.
    """
    if size not in SIZES:
        raise ValueError(f"unknown size: {size!r}")
    return size in ("micro", "small") or (size == "medium" and medium_admitted)


def priority(*, is_specialised: bool, credit_grade: str | None) -> bool:
    """Return whether a claim goes before the queue (art. 11(三)).

    Either ground is enough: the region's own "专精特新" title, or a grade in
    the region's credit rating of small and micro enterprises of A or better.
    A itself is included, as "以上" includes its starting point in legal
    usage.  A- ranks below A and is not enough.  None means not rated.
    """
    if credit_grade is not None and credit_grade not in CREDIT_GRADES:
        raise ValueError(f"unknown credit grade: {credit_grade!r}")
    return is_specialised or credit_grade in ("AAA", "AA", "A")


def may_claim(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether an enterprise may claim, and the articles it fails.

    The flags are those of ``CLAIM_FLAGS``; all must be given, and True always
    means that the condition is met.  A missing or unknown flag raises
    ``ValueError``: an open question is not a condition met.  The references
    come in the order of the text, each once.

    Article 2: the named enterprise buys for itself and passes nothing on.
    Article 5: registration in the region, own legal personality, size, and
    three evaluative conditions which are nevertheless part of the definition.
    Article 7: a service of the catalogue, the open last item included, and
    no litigation work.  Article 9: platform account, a signed provider, a
    contract that precedes the online application, the operator's first
    review.  Article 11: no sham contract, no earlier entry for bad faith,
    vouchers of the period not yet exhausted, and not the operator as
    provider.

    Not conditions of claiming: the deposit (9(二)), which follows the issue;
    the rating (10), which belongs to settlement; priority (11(三)), which
    only orders the queue.  The year ceiling (6) is in ``voucher_amount``.
    """
    return _find_failed(CLAIM_FLAGS, flags)


def provider_admissible(**flags: bool) -> tuple[bool, list[str]]:
    """Return whether a body is a signed provider, and the articles it fails.

    Article 4: registered inside the region (legal personality is not asked
    for), able to deliver, specialised, willing, and in line with the
    platform's own registration rules.  Article 8: application and papers, the
    operator's check that they are true and regular, the experts' overall
    judgement, filing with the authority, publication.  Publication is read as
    the last step that makes the status effective.  Article 11(一): a body
    struck off for collusion or deceit has lost the status.

    The operator itself is not shut out here: article 11(四) bars it from the
    single voucher item, which ``may_claim`` tests.
    """
    return _find_failed(PROVIDER_FLAGS, flags)


def _find_failed(articles: Mapping[str, str], flags: Mapping[str, bool]) -> tuple[bool, list[str]]:
    """Return whether every flag is met, and the articles of those that are not, each once."""
    unknown = sorted(set(flags) - set(articles))
    missing = sorted(set(articles) - set(flags))
    if unknown or missing:
        raise ValueError(f"unknown flags {unknown}, missing flags {missing}")
    failed = [article for name, article in articles.items() if not flags[name]]
    return not failed, list(dict.fromkeys(failed))
