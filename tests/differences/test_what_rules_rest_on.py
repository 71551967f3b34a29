"""What two sets of rules rest on beside their wording, held against trying every case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.decision.case import read_case
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.values.model import Interval, Mark, OneOf, Unknown, Value

LANE: Final = Path(__file__).parent / "lane.yaml"
DAY: Final = "2024-05-01"
Facts = dict[str, Any]


def amend(folder: Path, *changes: tuple[str, str]) -> vr.Ruleset:
    text = LANE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "amended.yaml"
    path.write_text(text, encoding="utf-8")
    return vr.load(path)


def list_cases() -> Iterator[Facts]:
    for fen in range(61):
        row: Facts = {"claim.date": DAY, "stall.rent": f"{fen}分"}
        yield {**row, "stall.body": "person"}
        yield from ({**row, "stall.body": "firm", "stall.capital": x} for x in ("4.99元", "5元"))


def find_key(ruleset: vr.Ruleset, decision: str, facts: Facts) -> tuple[str, Any]:
    made = ruleset.decide(decision, facts)
    amounts = {n: x.value for n, x in made.amounts.items()} if made.outcome == "granted" else {}
    return str(made.outcome), amounts


def holds(box: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
    for name, part in box.items():
        domain, marks = split_value(part)
        value = values.get(name)
        if isinstance(value, Mark) and value not in marks:
            return False
        if isinstance(value, Unknown):  # what does not exist in this case
            continue
        if isinstance(domain, Interval) and not isinstance(value, Mark):
            if not domain.low <= value <= domain.high:  # type: ignore[operator] # of one type
                return False
        elif isinstance(domain, OneOf) and value not in domain.options:
            return False
    return True


CHANGES: Final = {
    "rounded otherwise": [("to: 1分", "to: 4分")],
    "rounded up": [("round: down", "round: up")],
    "lines a step apart": [("value: 30%", "value: 31%")],
    "a parameter": [("value: 5元", "value: 4元")],
}


@pytest.mark.parametrize("decision", ["claim", "second"])
@pytest.mark.parametrize("name", CHANGES)
def test_no_case_decided_otherwise_is_missed(tmp_path: Path, name: str, decision: str) -> None:
    before, after = vr.load(LANE), amend(tmp_path, *CHANGES[name])
    found = vr.difference(before, after, decision, on=DAY)
    differing, shared = 0, set(found.pair.conditions)
    for facts in list_cases():
        values = read_case(before.program(decision), facts).values
        here = [item for item in found.regions if holds(item.box, values)]
        results = [side.decide(decision, facts).result for side in (before, after)]
        failing = [item for result in results for item in result.reasons]
        unpaid = any(item.kind == "exhausted" for item in failing)
        if any(rule.id in shared for item in failing for rule in item.rules) or (
            unpaid and not found.pair.before.cut.decision.outputs
        ):
            continue  # told beside the regions: what both share stands against it
        if find_key(before, decision, facts) != find_key(after, decision, facts):
            differing += 1
            assert here or not found.complete, facts
        else:
            assert not any(item.exact for item in here), facts
    # a step more or less never brings the first claim about, or takes it away
    if (name, decision) != ("lines a step apart", "second"):
        assert differing
        assert found.regions or not found.complete


def test_that_something_must_be_left_to_pay_is_said() -> None:
    before = vr.load(LANE)
    found = vr.difference(before, before.amend(least="4元"), "claim", on=DAY)
    assert "leave something to pay" in found.summary("en")
    same = vr.difference(before, before.amend(share="31%"), "claim", on=DAY)
    assert "leave something to pay" not in same.summary("en")


def test_what_is_written_otherwise_and_means_the_same_is_no_difference(tmp_path: Path) -> None:
    spaced = amend(tmp_path, ("stall.capital >= least", "(stall.capital  >=  least)"))
    found = vr.difference(vr.load(LANE), spaced, "claim", on=DAY)
    assert (found.regions, found.complete, found.pair.altered) == ((), True, ())


def test_a_fact_that_exists_in_other_cases_is_a_difference(tmp_path: Path) -> None:
    other = amend(tmp_path, ("applies: stall.body == 'firm'", "applies: stall.body == 'person'"))
    found = vr.difference(vr.load(LANE), other, "claim", on=DAY)
    assert "capital" in found.pair.altered
    assert found.regions


@pytest.mark.parametrize("name", CHANGES)
def test_both_take_every_witness(tmp_path: Path, name: str) -> None:
    before, after = vr.load(LANE), amend(tmp_path, *CHANGES[name])
    found = vr.difference(before, after, "claim", on=DAY)
    cases = [case for case in found.witnesses if case is not None]
    assert cases
    for case in cases:
        assert find_key(before, "claim", dict(case)) != find_key(after, "claim", dict(case))


def test_records_are_not_gone_through_and_that_is_said(tmp_path: Path) -> None:
    before = vr.load(LANE)
    after = amend(tmp_path, ("value: 50%", "value: 60%"))
    found = vr.difference(before, after, "lights", on=DAY)
    assert not found.complete
    given = {"lamps": [{"cost": "3元"}, {"cost": "2元"}]}
    told = vr.difference(before, after, "lights", on=DAY, facts_fixed=given)
    assert [item.way for item in told.regions] == ["more_generous"]
    with pytest.raises(vr.InputError) as caught:
        vr.difference(before, after, "lights", on=DAY, facts_fixed={"lamps": [{"cots": 1}]})
    assert caught.value.diagnostics[0].code == "unknown-key"
