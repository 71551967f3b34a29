"""Comes in: what the ledger itself entered things for. Goes out: a failure where words lack it."""

from __future__ import annotations

import re

import pytest

from voucher_rules.explain.causes import CAUSES, tell_cause
from voucher_rules.ledger.causes import Cause


def test_every_cause_is_told_in_both_languages_with_the_same_parts() -> None:
    assert set(CAUSES) == set(Cause)
    for zh, en in CAUSES.values():
        assert re.findall(r"\$(\w+)", zh)[:1] == re.findall(r"\$(\w+)", en)[:1]
        assert sorted(re.findall(r"\$(\w+)", zh)) == sorted(re.findall(r"\$(\w+)", en))
        assert re.search("[\u4e00-\u9fff]", zh)
        assert en.isascii()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "期限 use.in_time 已于 2024-08-01 届满"),
        ("en", "the time limit use.in_time ended on 2024-08-01"),
    ],
)
def test_a_cause_is_told_with_its_parts(language: str, told: str) -> None:
    cause = {"code": "window_past", "window": "use.in_time", "last": "2024-08-01"}
    assert tell_cause(cause, language) == told


def test_a_cause_of_a_later_version_is_told_by_its_code() -> None:
    assert tell_cause({"code": "of_later"}, "zh") == "of_later"
    assert tell_cause({}, "zh") == ""
