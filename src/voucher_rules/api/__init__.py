"""Comes in: names, files and facts. Goes out: rulesets to ask and decisions to read."""

from voucher_rules.api.decisions import Amount, Decision, OtherReading
from voucher_rules.api.editions import (
    Catalog,
    Decided,
    Found,
    catalog,
    check_editions,
    leave_counted,
)
from voucher_rules.api.rulesets import (
    Ruleset,
    load,
    open_notice,
    read_ruleset,
    report,
    rulesets,
)
from voucher_rules.api.texts import coverage, draft

__all__ = [
    "Amount",
    "Catalog",
    "Decided",
    "Decision",
    "Found",
    "OtherReading",
    "Ruleset",
    "catalog",
    "check_editions",
    "coverage",
    "draft",
    "leave_counted",
    "load",
    "open_notice",
    "read_ruleset",
    "report",
    "rulesets",
]
