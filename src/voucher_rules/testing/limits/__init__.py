"""Comes in: a ruleset and its cases. Goes out: each numeric limit, and who stands just beside it.

A limit is any place where a decision turns on a number, an amount, a day or a moment. It is pinned
where cases stand at it, just below and just above, by the smallest step there is.
"""

from voucher_rules.testing.limits.sites import Kind, Side, Site
from voucher_rules.testing.limits.study import LimitSurvey, study_limits
from voucher_rules.testing.limits.survey import LimitReport, Witness, survey_limits

__all__ = [
    "Kind",
    "LimitReport",
    "LimitSurvey",
    "Side",
    "Site",
    "Witness",
    "study_limits",
    "survey_limits",
]
