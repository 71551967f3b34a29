"""Government support measures as checked, cited, executable rulesets.

>>> import voucher_rules as vr
>>> ruleset = vr.load("cn-nx-service-voucher")
>>> decision = ruleset.decide("claim", {"contract.amount": "4000元"}, on="2017-03-01")
>>> decision.outcome == "undetermined"
True
"""

from voucher_rules.api import (
    Amount,
    Decision,
    OtherReading,
    Ruleset,
    coverage,
    draft,
    load,
    report,
    rulesets,
)
from voucher_rules.api.ledger import Ledger, LedgerDecision
from voucher_rules.catalog.find import RulesetFile
from voucher_rules.checked.cliffs import Cliff
from voucher_rules.checked.mechanics import Rule
from voucher_rules.checked.model import Provision
from voucher_rules.checked.symbols import Input, Notice, NoticeChange, Parameter, Reading
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import Caution, Deadline, Following, Missing, Overlay, Reason
from voucher_rules.decision.trace import RuleResult, Status, Step
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import (
    InputError,
    LedgerError,
    RulesetError,
    RulesetNotFoundError,
    VoucherRulesError,
)
from voucher_rules.intake.coverage import Coverage
from voucher_rules.ledger.allocating import Allocation, Place, Placement
from voucher_rules.ledger.deadlines import Due
from voucher_rules.ledger.entries import Draft, Entry
from voucher_rules.ledger.lots import Lot, Thing
from voucher_rules.program.build import Program
from voucher_rules.sources.tree import Source
from voucher_rules.values.model import NONE, OPEN, Mark, Period, PeriodUnit, Unknown

__all__ = [
    "NONE",
    "OPEN",
    "Allocation",
    "Amount",
    "Caution",
    "Cliff",
    "Coverage",
    "Deadline",
    "Decision",
    "Diagnostic",
    "Draft",
    "Due",
    "Entry",
    "Following",
    "Input",
    "InputError",
    "Ledger",
    "LedgerDecision",
    "LedgerError",
    "Lot",
    "Mark",
    "Missing",
    "Notice",
    "NoticeChange",
    "OtherReading",
    "Outcome",
    "Overlay",
    "Parameter",
    "Period",
    "PeriodUnit",
    "Place",
    "Placement",
    "Program",
    "Provision",
    "Reading",
    "Reason",
    "Rule",
    "RuleResult",
    "Ruleset",
    "RulesetError",
    "RulesetFile",
    "RulesetNotFoundError",
    "Source",
    "Status",
    "Step",
    "Thing",
    "Unknown",
    "VoucherRulesError",
    "coverage",
    "draft",
    "load",
    "report",
    "rulesets",
]
