"""Decide several invented applications under the Ningxia ruleset, and write one HTML report.

Prints each decision explained in Chinese and in English and writes build/demo.html, a report of
all of them. Every enterprise, contract and amount here is invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import voucher_rules as vr

REPORT = Path("build/demo.html")
PERIOD = "2017-03-01"

SOUND_CLAIM: dict[str, Any] = {
    "enterprise.registered_in_region": {"value": True, "source": "营业执照（虚构）"},
    "enterprise.legal_person": True,
    "enterprise.size": "small",
    "enterprise.registered_on_platform": True,
    "enterprise.barred": False,
    "enterprise.responsible_person_barred": False,
    "enterprise.specialised": True,
    "enterprise.credit_grade": "aa",
    "finding.good_growth": {"value": True, "by": "运营单位（虚构）", "on": "2017-02-28"},
    "finding.well_run": {"value": True, "by": "运营单位（虚构）", "on": "2017-02-28"},
    "finding.fits_industrial_policy": {
        "value": True,
        "by": "运营单位（虚构）",
        "on": "2017-02-28",
    },
    "finding.online_information_sound": {
        "value": True,
        "by": "运营单位（虚构）",
        "on": "2017-02-28",
    },
    "service.category": "legal",
    "service.litigation": False,
    "service.funded_otherwise": "none",
    "provider.signed": True,
    "provider.is_operator": False,
    "contract.signed": True,
    "contract.signed_on": "2017-02-20",
    "contract.amount": {"value": "4000元", "document": "合同 DEMO-001（虚构）"},
    "contract.collusion_found": False,
    "claim.submitted_at": "2017-03-01T09:30:00",
    "claim.requested_amount": "none",
    "claim.made_online": True,
    "period.funds_left": "200000元",
    "ledger.claimed_this_year": "0元",
    "ledger.claimed_for_item": "0元",
}

SOUND_SETTLEMENT: dict[str, Any] = {
    "voucher.face_value": "2000元",
    "voucher.issued_on": "2017-03-01",
    "voucher.void": False,
    "voucher.transferred": False,
    "contract.amount": "4000元",
    "contract.collusion_found": False,
    "provider.is_operator": False,
    "deposit.paid": True,
    "service.completed_on": "2017-05-10",
    "enterprise.evaluated_service": True,
    "enterprise.satisfied": True,
    "finding.fully_performed": True,
    "finding.settlement_reduction": "unknown",
    "settlement.papers": ["service_contract", "operator_receipt"],
    "ledger.used_this_year": "0元",
    "ledger.used_for_item": "0元",
}

CLAIMS: dict[str, dict[str, Any]] = {
    "1 全额准予，比例限制 / granted, the ratio binds": {},
    "2 两个上限同时起作用 / two limits bind together": {"contract.amount": "6000元"},
    "3 单项上限 / the cap for one item binds": {"contract.amount": "20000元"},
    "4 年度上限 / the yearly cap binds": {
        "contract.amount": "20000元",
        "ledger.claimed_this_year": "3000元",
    },
    "5 当期余额 / the vouchers left in the period bind": {"period.funds_left": "1234.56元"},
    "6 申请金额较少 / less was asked for": {"claim.requested_amount": "1500元"},
    "7 两项理由不予 / denied for two reasons": {
        "enterprise.registered_in_region": False,
        "enterprise.size": "large",
    },
    "8 额度用完 / nothing left this year": {"ledger.claimed_this_year": "5000元"},
    "9 转人工认定 / referred: nobody has judged the growth": {"finding.good_growth": "unknown"},
    "10 合同金额未知 / undetermined: the price is not known": {"contract.amount": "unknown"},
    "11 事实不足 / undetermined: size and record are not known": {
        "enterprise.size": "unknown",
        "enterprise.barred": "unknown",
    },
}


def main() -> None:
    """Decide, print and write."""
    ruleset = vr.load("cn-nx-service-voucher")
    decisions = {
        name: ruleset.decide("claim", {**SOUND_CLAIM, **changed}, on=PERIOD)
        for name, changed in CLAIMS.items()
    }
    decisions["12 施行之前 / before the measure was in force"] = ruleset.decide(
        "claim", SOUND_CLAIM, on="2016-06-01"
    )
    decisions["13 结算，有效期未定 / settlement, the validity was never set"] = ruleset.decide(
        "settle", SOUND_SETTLEMENT, on="2017-05-20"
    )
    limited = ruleset.amend({"validity_period": "90天"})
    decisions["14 结算，设有效期90天 / settlement, validity 90 days"] = limited.decide(
        "settle", SOUND_SETTLEMENT, on="2017-05-20"
    )
    for name, decision in decisions.items():
        print("=" * 78, name, "-" * 78, sep="\n")
        print(decision.explain("zh"), "-" * 78, decision.explain("en"), sep="\n")
    REPORT.parent.mkdir(exist_ok=True)
    report = vr.report(decisions, title="示例（虚构申请）/ demo, invented applications")
    REPORT.write_text(report, encoding="utf-8")
    print(f"{len(decisions)} decisions; report: {REPORT}")


if __name__ == "__main__":
    main()
