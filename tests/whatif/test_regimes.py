"""A regime is a ruleset, a decision and a way to read it, held as one thing."""

from __future__ import annotations

import pytest

import voucher_rules as vr
from voucher_rules.checked.symbols import Wording

RULESET = vr.load("cn-nx-service-voucher", "2016")
OTHER = {"medium_enterprises": "excluded"}
FACTS = {"contract.amount": "4000元"}


def test_a_regime_decides_as_its_ruleset_does() -> None:
    regime = vr.Regime(RULESET, "claim", OTHER, assume_in_force=True)
    made = regime.decide(regime.read(FACTS))
    plain = RULESET.decide("claim", FACTS, readings=OTHER, assume_in_force=True)
    assert vr.Decision(made).to_data() == plain.to_data()


def test_a_regime_is_told_by_its_law_unless_it_has_a_name() -> None:
    changed = RULESET.amend({"item_cap": "4000元"})
    assert vr.Regime(RULESET, "claim").name.en == "cn-nx-service-voucher 2016"
    told = vr.Regime(changed, "claim", OTHER).name
    assert (
        told.zh == "cn-nx-service-voucher 2016（item_cap = 4000元、medium_enterprises = excluded）"
    )
    assert vr.Regime(RULESET, "claim", label="as it is").name == Wording("as it is", "as it is")
    both = Wording("现行", "as it is")
    assert vr.Regime(RULESET, "claim", label=both).name is both


def test_a_regime_keeps_the_readings_it_was_made_with() -> None:
    chosen = dict(OTHER)
    regime = vr.Regime(RULESET, "claim", chosen)
    chosen["medium_enterprises"] = "admitted"
    assert regime.readings == OTHER


@pytest.mark.parametrize(
    ("decision", "readings", "code"),
    [
        ("claims", {}, "unknown-decision"),
        ("claim", {"medium": "excluded"}, "unknown-reading"),
        ("claim", {"medium_enterprises": "exclude"}, "not-one-of"),
        ("claim", {"medium_enterprises": 1}, "bad-setting"),
    ],
)
def test_a_regime_is_refused_what_its_ruleset_does_not_know(
    decision: str, readings: dict[str, str], code: str
) -> None:
    with pytest.raises(vr.InputError) as caught:
        vr.Regime(RULESET, decision, readings)
    assert [item.code for item in caught.value.diagnostics] == [code]
