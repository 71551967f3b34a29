"""Arguments of another kind than a study takes are told by name, before anything is decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.api.wants import MOST_JOBS

NX: Final = vr.load("cn-nx-service-voucher", "2016")
ROWS: Final = [
    dict(facts) | {"day": "2017-03-01"}
    for facts in vr.synthesise(NX, "claim", 2, seed=7, on="2017-03-01")
]
FACTS: Final = {name: x for name, x in ROWS[0].items() if name != "day"}
REGIME: Final = vr.Regime(NX, "claim")
LIST: Final = "argument-not-a-list"
KIND: Final = "argument-wrong-kind"


Call = tuple[Callable[..., Any], dict[str, Any]]
EVALUATE: Final[Call] = (
    vr.evaluate,
    {"ruleset": NX, "table": ROWS, "decision": "claim", "jobs": 1},
)
REFORM: Final[Call] = (
    vr.reform,
    {"table": ROWS, "baseline": NX, "changed": {"item_cap": "1元"}, "decision": "claim"},
)
TRIED: Final = {"table": ROWS, "ruleset": NX, "decision": "claim", "jobs": 1}
SWEEP: Final[Call] = (vr.sweep, TRIED | {"values": {"item_cap": ["1元"]}})
SLIDERS: Final[Call] = (vr.sliders, TRIED | {"values": {"item_cap": ["1元"]}})
REGIMES: Final[Call] = (vr.regimes, {"table": ROWS, "regimes": [REGIME]})
EXHAUST: Final[Call] = (vr.exhaust, TRIED | {"budget": "1元", "arrives": "day"})
COMPARE: Final[Call] = (
    vr.compare,
    {"facts": FACTS, "baseline": NX, "reform": NX, "decision": "claim"},
)
ASKED: Final = {"ruleset": NX, "decision": "claim", "case": FACTS}
NEEDS: Final[Call] = (vr.counterfactual, ASKED | {"outcome": "denied"})
VARY: Final[Call] = (vr.vary, ASKED | {"fact": "contract.amount"})
DIFFER: Final[Call] = (vr.difference, {"before": NX, "after": NX, "decision": "claim"})
INVENT: Final[Call] = (
    vr.synthesise,
    {"ruleset": NX, "decision": "claim", "count": 1, "seed": 1},
)
REGIME_OF: Final[Call] = (vr.Regime, {"ruleset": NX, "decision": "claim"})


def run(call: Call, argument: str, given: object) -> Any:  # noqa: ANN401 - whatever study it is
    function, told = call
    return function(**told | {argument: given})


CASES: Final[list[tuple[Call, str, object, str, str]]] = [
    *((EVALUATE, "columns", given, KIND, "columns") for given in (5, ["a"], "x")),
    *((EVALUATE, "facts", given, KIND, "facts") for given in (5, ["a"])),
    *((EVALUATE, "by", given, KIND, "by") for given in (5, None, b"day", 1.5)),
    (EVALUATE, "by", ["day", 5], KIND, "by[1]"),
    (EVALUATE, "by", {"contract.amount": 5}, LIST, "by[contract.amount]"),
    (EVALUATE, "by", {"contract.amount": "5"}, LIST, "by[contract.amount]"),
    (EVALUATE, "by", [{"contract.amount": "5"}], LIST, "by[0][contract.amount]"),
    (EVALUATE, "by", {5: ["1"]}, KIND, "by: 5"),
    *((EVALUATE, "jobs", given, KIND, "jobs") for given in ("2", True, 1.5)),
    (EVALUATE, "on", 5, KIND, "on"),
    (EVALUATE, "records", 5, KIND, "records"),
    (EVALUATE, "records", {"items": []}, KIND, "records[items]"),
    (EVALUATE, "floats", 5, KIND, "floats"),
    (EVALUATE, "readings", ["x"], KIND, "readings"),
    (EVALUATE, "assume_in_force", "yes", KIND, "assume_in_force"),
    (EVALUATE, "output", 5, KIND, "output"),
    (EVALUATE, "tell", 5, KIND, "tell"),
    (EVALUATE, "executor", 5, KIND, "executor"),
    (EVALUATE, "limits", "x", KIND, "limits"),
    (EVALUATE, "decision", 5, KIND, "decision"),
    (REFORM, "changed", 5, KIND, "changed"),
    (REFORM, "baseline", "x", KIND, "baseline"),
    (REFORM, "arrives", 5, KIND, "arrives"),
    (REFORM, "parts", 1, KIND, "parts"),
    *((SWEEP, "values", given, KIND, "values") for given in (5, None, ["x"])),
    (SWEEP, "values", {"item_cap": 5}, LIST, "values[item_cap]"),
    (SWEEP, "values", {"item_cap": "2000元"}, LIST, "values[item_cap]"),
    (SWEEP, "ruleset", "x", KIND, "ruleset"),
    (SLIDERS, "values", 5, KIND, "values"),
    (SLIDERS, "values", {"item_cap": "5元"}, LIST, "values[item_cap]"),
    (REGIMES, "regimes", 5, KIND, "regimes"),
    (REGIMES, "regimes", [NX], KIND, "regimes[0]"),
    (REGIMES, "regimes", REGIME, LIST, "regimes"),
    (REGIMES, "columns", 5, KIND, "columns"),
    (REGIMES, "columns", [5], KIND, "columns[0]"),
    (REGIMES, "facts", "x", KIND, "facts"),
    (EXHAUST, "carries", 5, KIND, "carries"),
    (EXHAUST, "carries", {"enterprise": 5}, KIND, "carries[enterprise]"),
    (EXHAUST, "thing", 5, KIND, "thing"),
    (EXHAUST, "ledger", 5, KIND, "ledger"),
    (COMPARE, "facts", 5, KIND, "facts"),
    (COMPARE, "baseline", 5, KIND, "baseline"),
    (COMPARE, "readings", 5, KIND, "readings"),
    (NEEDS, "ruleset", "x", KIND, "ruleset"),
    (NEEDS, "facts", 5, KIND, "facts"),
    (NEEDS, "facts", "contract.amount", LIST, "facts"),
    (NEEDS, "within", 5, KIND, "within"),
    (NEEDS, "count", True, KIND, "count"),
    (NEEDS, "output", 5, KIND, "output"),
    (VARY, "values", 5, LIST, "values"),
    (VARY, "values", "5元", LIST, "values"),
    (VARY, "fact", 5, KIND, "fact"),
    (DIFFER, "after", "x", KIND, "after"),
    (DIFFER, "facts_fixed", ["x"], KIND, "facts_fixed"),
    (DIFFER, "budget", "x", KIND, "budget"),
    (INVENT, "ruleset", "x", KIND, "ruleset"),
    (INVENT, "boundaries", "yes", KIND, "boundaries"),
    (REGIME_OF, "ruleset", "x", KIND, "ruleset"),
    (REGIME_OF, "label", 5, KIND, "label"),
]


@pytest.mark.parametrize(("call", "argument", "given", "code", "told"), CASES)
def test_an_argument_of_another_kind_is_told_by_name(
    call: Call, argument: str, given: object, code: str, told: str
) -> None:
    with pytest.raises(vr.InputError) as caught:
        run(call, argument, given)
    assert [(x.code, x.arguments["name"]) for x in caught.value.diagnostics] == [(code, told)]
    zh = caught.value.render("zh")
    assert not re.search(r"[a-z]{2,} [a-z]{2,}", zh), zh


@pytest.mark.parametrize(("jobs", "taken"), [(0, False), (1, True), (MOST_JOBS + 1, False)])
def test_jobs_are_at_least_one_and_not_too_many(*, jobs: int, taken: bool) -> None:
    if taken:
        run(EVALUATE, "jobs", jobs)
        return
    with pytest.raises(vr.InputError) as caught:
        run(EVALUATE, "jobs", jobs)
    assert [(x.code, x.path) for x in caught.value.diagnostics] == [("out-of-range", "jobs")]


def test_as_many_jobs_as_may_be_are_taken() -> None:
    # few rows are decided in one process, however many are allowed
    assert run(EVALUATE, "jobs", MOST_JOBS).numbers == (1, 2)


def test_an_option_there_is_not_is_refused_as_by_any_function() -> None:
    with pytest.raises(TypeError, match="nothing"):
        run(EVALUATE, "nothing", 1)


def test_what_is_a_list_in_any_package_is_taken() -> None:
    pandas = pytest.importorskip("pandas")
    values = pandas.Series(["2000元", "3000元"])
    assert len(run(SWEEP, "values", {"item_cap": values}).trials) == 3
    assert len(run(SWEEP, "ruleset", REGIME).trials) == 2
    assert len(run(EVALUATE, "by", ("day", "enterprise.size")).groupings) == 2
