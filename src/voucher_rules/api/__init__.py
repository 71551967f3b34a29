"""Comes in: names, files and facts. Goes out: rulesets to ask and decisions to read."""

import typing

from voucher_rules.front import open_front

if typing.TYPE_CHECKING:
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
]

_HOMES = {
    "api.decisions": (
        "Amount",
        "Decision",
        "OtherReading",
    ),
    "api.editions": (
        "Catalog",
        "Decided",
        "Found",
        "catalog",
        "check_editions",
        "leave_counted",
    ),
    "api.rulesets": (
        "Ruleset",
        "load",
        "open_notice",
        "read_ruleset",
        "report",
    ),
    "api.texts": (
        "coverage",
        "draft",
    ),
}

if not typing.TYPE_CHECKING:  # a checker knows the names above, and no others
    __getattr__, __dir__ = open_front(__name__, _HOMES)
