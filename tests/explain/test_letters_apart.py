"""Comes in: cases with things for officers, or left out. Goes out: what letters make of them.

An applicant is asked for nothing that a ledger tells, and told nothing that is for officers.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.explain.letters.model import Letter, LetterHead, Part
from voucher_rules.explain.letters.write import write_letter

CLAIM: Final[dict[str, Any]] = {
    "claim.date": "2017-03-01",
    "claim.made_online": True,
    "claim.requested_amount": "none",
    "contract.amount": "6000元",
    "contract.collusion_found": False,
    "contract.signed": True,
    "contract.signed_on": "2017-02-20",
    "enterprise.barred": False,
    "enterprise.legal_person": True,
    "enterprise.registered_in_region": True,
    "enterprise.registered_on_platform": True,
    "enterprise.responsible_person_barred": False,
    "enterprise.size": "medium",
    "finding.fits_industrial_policy": True,
    "finding.good_growth": True,
    "finding.online_information_sound": True,
    "finding.well_run": True,
    "ledger.claimed_for_item": "0元",
    "ledger.claimed_this_year": "0元",
    "period.funds_left": "none",
    "provider.is_operator": False,
    "provider.signed": True,
    "service.category": "legal",
    "service.litigation": False,
}
RULESET: Final = vr.load("cn-nx-service-voucher")


def decide(**changes: Any) -> vr.Decision:  # noqa: ANN401 - whatever a case states
    return RULESET.decide("claim", CLAIM | changes)


def write(made: vr.Decision, language: str = "en") -> Letter:
    return write_letter(made.result, language, LetterHead())


def find(letter: Letter, key: str) -> Part | None:
    found = [*letter.parts]
    for part in found:
        found += part.parts
    return next((part for part in found if part.key == key), None)


def tell(letter: Letter, key: str) -> list[str]:
    part = find(letter, key)
    return [] if part is None else [line.text for line in part.lines]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_for_officers_is_in_the_explanation_and_not_in_the_letter(language: str) -> None:
    made = decide(**{"ledger.claimed_for_item": "500元"})
    apart = [x for x in made.warnings if x.for_officers]
    messages = [x.message.told(language) for x in apart if x.message is not None]
    assert {dict(x.arguments)["rule"] for x in apart} == {"medium_needs_confirmation", "item_split"}
    said = made.letter(language, "text").casefold()
    explained = made.explain(language).casefold()
    assert len(messages) == 2
    for text in messages:
        assert text.casefold() in explained
        assert text.casefold() not in said
    assert [x["for_officers"] for x in made.to_data()["warnings"]].count(True) == 2


def test_what_everyone_may_know_stays_in_the_letter() -> None:
    assert any("so it was not checked" in text for text in tell(write(decide()), "warnings"))


def test_what_asks_officers_to_check_what_was_used_is_not_told_the_applicant() -> None:
    made = decide(**{"ledger.claimed_this_year": "9000元"})
    assert "over_used" in {x.code for x in made.warnings}
    assert not [text for text in tell(write(made), "warnings") if "have it checked" in text]


def test_what_was_left_out_is_told_in_one_and_not_as_none() -> None:
    for language, nothing in (
        ("zh", "下列各项没有写明内容：申请的服务券金额；当期服务券剩余额度"),
        (
            "en",
            (
                "Nothing was stated of the following: voucher amount asked for; vouchers left in "
                "the current period"
            ),
        ),
    ):
        part = find(write(decide(), language), "contest-facts")
        assert part is not None
        assert part.close == (nothing,)
        assert not [x for x in part.lines if x.text.endswith((": none", "：无"))]


def test_what_someone_said_was_left_out_is_told_with_who_says_so() -> None:
    said = {"value": "none", "declared_by": "某某"}
    part = find(write(decide(**{"claim.requested_amount": said})), "contest-facts")
    assert part is not None
    lines = [x for x in part.lines if x.text.startswith("Voucher amount asked for")]
    assert [(x.text, x.notes) for x in lines] == [
        ("Voucher amount asked for: not stated", ("Declared by: 某某",))
    ]


def test_a_letter_without_anything_left_out_says_nothing_of_it() -> None:
    changes = {"claim.requested_amount": "3000元", "period.funds_left": "90000元"}
    part = find(write(decide(**changes)), "contest-facts")
    assert part is not None
    assert part.close == ()


@pytest.mark.parametrize("name", ["ledger.claimed_this_year", "period.funds_left"])
def test_what_a_ledger_tells_is_not_asked_of_the_applicant(name: str) -> None:
    made = decide(**{name: "unknown"})
    assert made.missing == (name,)
    letter = write(made)
    assert letter.title == "Not to be decided yet: claim of a voucher"
    assert "you need not supply it" in letter.lead
    assert find(letter, "supply-facts") is None
    part = find(letter, "supply-others")
    assert part is not None
    notes = ("The deciding body looks it up in its ledger; you need not supply it",)
    assert [x.notes for x in part.lines] == [notes]
    supply = find(letter, "supply")
    assert supply is not None
    assert supply.title == "What is still missing"
    assert tell(letter, "next") == ["Wait until what is listed under “Set by others” has been set"]


def test_what_else_is_missing_is_still_asked_for() -> None:
    letter = write(decide(**{"ledger.claimed_this_year": "unknown", "contract.amount": "unknown"}))
    assert letter.title == "What is still needed: claim of a voucher"
    assert tell(letter, "supply-facts") == ["Price in the service contract"]
    assert tell(letter, "supply-others") == ["Vouchers the enterprise has claimed this year"]
