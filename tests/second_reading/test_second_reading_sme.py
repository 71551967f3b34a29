"""Comes in: the literal wording of the size standard of 2011. Goes out: a failure where we differ.

The wording tests the classes one after another: an SME is below the large bound on some indicator;
a medium enterprise is an SME that reaches the medium bound on all of them; a small one is no medium
one and reaches the small bound on all; a micro one is below the small bound on some. The ruleset
takes the lowest class of the indicators instead. Both are held together at every combination of
every bound of every industry: each bound and its neighbours one person or one fen away, and zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import pytest

from voucher_rules import load

RULESET: Final = load("cn-sme-size", "2011")
WAN: Final = 1_000_000
"""Fen in ten thousand yuan."""

# Industry, indicator (X persons, Y revenue, Z assets in ten thousand yuan), large, medium, small.
BOUNDS: Final = """
agri Y 20000 500 50
industry X 1000 300 20
industry Y 40000 2000 300
construction Y 80000 6000 300
construction Z 80000 5000 300
wholesale X 200 20 5
wholesale Y 40000 5000 1000
retail X 300 50 10
retail Y 20000 500 100
transport X 1000 300 20
transport Y 30000 3000 200
storage X 200 100 20
storage Y 30000 1000 100
post X 1000 300 20
post Y 30000 2000 100
hotel X 300 100 10
hotel Y 10000 2000 100
catering X 300 100 10
catering Y 10000 2000 100
telecom X 2000 100 10
telecom Y 100000 1000 100
software X 300 100 10
software Y 10000 1000 50
real_estate Y 200000 1000 100
real_estate Z 10000 5000 2000
property X 1000 300 100
property Y 5000 1000 500
leasing_business X 300 100 10
leasing_business Z 120000 8000 100
other_listed X 300 100 10
"""
FACTS: Final = {"X": "employees", "Y": "revenue", "Z": "assets"}


@dataclass(frozen=True)
class Indicator:
    """One indicator of an industry with its three lower bounds, in persons or in fen."""

    letter: str
    large: int
    medium: int
    small: int

    def values(self) -> list[int]:
        near = [b + step for b in (self.large, self.medium, self.small) for step in (-1, 0, 1)]
        return sorted({0, *near})


def read_bounds() -> Mapping[str, tuple[Indicator, ...]]:
    found: dict[str, tuple[Indicator, ...]] = {}
    for line in BOUNDS.strip().splitlines():
        industry, letter, *bounds = line.split()
        size = 1 if letter == "X" else WAN
        large, medium, small = (int(bound) * size for bound in bounds)
        held = found.get(industry, ())
        found[industry] = (*held, Indicator(letter, large, medium, small))
    return found


INDUSTRIES: Final = read_bounds()


def classify_literally(indicators: tuple[Indicator, ...], values: tuple[int, ...]) -> str:
    pairs = list(zip(indicators, values, strict=True))
    if not any(value < item.large for item, value in pairs):
        return "large"
    if all(value >= item.medium for item, value in pairs):
        return "medium"
    if all(value >= item.small for item, value in pairs):
        return "small"
    assert any(value < item.small for item, value in pairs)
    return "micro"


def list_combinations(industry: str) -> Iterator[tuple[int, ...]]:
    return product(*(item.values() for item in INDUSTRIES[industry]))


def state(letter: str, value: int) -> dict[str, Any]:
    if letter == "X":
        return {"enterprise.employees": value}
    return {f"enterprise.{FACTS[letter]}": f"{value // 100}.{value % 100:02d}元"}


def decide(industry: str, values: Mapping[str, int]) -> Any:  # noqa: ANN401
    facts: dict[str, Any] = {"enterprise.industry": industry}
    for letter, value in values.items():
        facts |= state(letter, value)
    return RULESET.decide("size", facts, on="2023-06-30")


def test_there_are_as_many_combinations_as_bounds_allow() -> None:
    assert len(INDUSTRIES) == 16
    assert sum(len(list(list_combinations(industry))) for industry in INDUSTRIES) == 1_420


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_the_lowest_class_is_the_class_of_the_wording(industry: str) -> None:
    indicators = INDUSTRIES[industry]
    letters = [item.letter for item in indicators]
    for values in list_combinations(industry):
        expected = classify_literally(indicators, values)
        decision = decide(industry, dict(zip(letters, values, strict=True)))
        assert decision.outcome == "determined"
        assert decision.missing == ()
        assert decision.values["enterprise.size"] == expected, (industry, values)
        assert decision.values["enterprise.is_sme"] is (expected != "large")


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_one_indicator_alone_tells_what_every_value_of_the_other_agrees_on(industry: str) -> None:
    indicators = INDUSTRIES[industry]
    for known, item in enumerate(indicators):
        others = [x for x in indicators if x is not item]
        for value in item.values():
            classes = set()
            for rest in product(*(other.values() for other in others)):
                values = [*rest[:known], value, *rest[known:]]
                classes.add(classify_literally(indicators, tuple(values)))
            decision = decide(industry, {item.letter: value})
            if len(classes) == 1:
                assert decision.outcome == "determined"
                assert decision.values["enterprise.size"] == next(iter(classes))
            else:
                assert decision.outcome == "undetermined"
                assert decision.exact
                assert set(decision.missing) == {f"enterprise.{FACTS[x.letter]}" for x in others}
                assert set(decision.values["enterprise.size"].domain.options) == classes


def test_what_the_industry_does_not_ask_for_is_left_aside() -> None:
    facts = {"enterprise.industry": "construction", "enterprise.employees": 3}
    facts |= {"enterprise.revenue": "6000万元", "enterprise.assets": "5000万元"}
    decision = RULESET.decide("size", facts, on="2023-06-30")
    assert decision.values["enterprise.size"] == "medium"


def test_an_industry_outside_the_list_is_for_a_person_to_judge() -> None:
    decision = RULESET.decide("size", {"enterprise.industry": "outside_list"}, on="2023-06-30")
    assert decision.outcome == "referred"
    assert decision.articles == ("第三条",)
