"""Government support measures as checked, cited, executable rulesets.

>>> import voucher_rules as vr
>>> ruleset = vr.load("cn-nx-service-voucher")
>>> decision = ruleset.decide("claim", {"contract.amount": "4000元"}, on="2017-03-01")
>>> decision.outcome == "undetermined"
True
"""

from voucher_rules.api import Amount, Decision, Ruleset, load, report, rulesets
from voucher_rules.decision.evaluate import Outcome
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetError, RulesetNotFoundError, VoucherRulesError
from voucher_rules.values.model import NONE, Period, PeriodUnit

__all__ = [
    "NONE",
    "Amount",
    "Decision",
    "Diagnostic",
    "InputError",
    "Outcome",
    "Period",
    "PeriodUnit",
    "Ruleset",
    "RulesetError",
    "RulesetNotFoundError",
    "VoucherRulesError",
    "load",
    "report",
    "rulesets",
]
