"""Comes in: spans and cases. Goes out: a failure where a balance looks at other days."""

from __future__ import annotations

from datetime import date

import pytest

from voucher_rules.checked.histories import SpanKind, Within
from voucher_rules.ledger.spans import Days, find_span
from voucher_rules.values.model import NONE, Value

SIGNED = date(2017, 3, 1)
UP_TO = Within(SpanKind.BETWEEN, closes="contract.signed_on")
OF_YEAR = Within(SpanKind.BETWEEN, opens="year.opens", closes="year.closes")


@pytest.mark.parametrize(
    ("within", "facts", "expected"),
    [
        (UP_TO, {"contract.signed_on": SIGNED}, (None, SIGNED)),
        (UP_TO, {"contract.signed_on": NONE}, None),
        (UP_TO, {}, None),
        (OF_YEAR, {"year.opens": SIGNED, "year.closes": date.max}, (SIGNED, date.max)),
        (OF_YEAR, {"year.opens": SIGNED}, None),
        (
            OF_YEAR,
            {"year.opens": NONE, "year.closes": NONE},
            (date(2018, 1, 1), date(2018, 12, 31)),
        ),
    ],
)
def test_a_span_of_the_case_is_found_where_the_case_says_enough(
    within: Within, facts: dict[str, Value], expected: Days | None
) -> None:
    assert find_span(within, facts.get, date(2018, 5, 5), {}) == expected
