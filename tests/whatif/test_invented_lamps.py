"""Studies of a small invented measure, held against every completion of what is not known."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr

LAMPS: Final = Path(__file__).parent / "lamps.yaml"
RULESET: Final = vr.load(LAMPS)
DAY: Final = "2024-05-01"
ROW: Final[dict[str, Any]] = {
    "claim.date": DAY,
    "lamp.price": "36分",
    "lamp.count": 2,
    "lamp.lookup": True,
}


def leave_out(*names: str) -> dict[str, Any]:
    return {name: x for name, x in ROW.items() if name not in names}


def rewrite(folder: Path, *changes: tuple[str, str]) -> vr.Ruleset:
    text = LAMPS.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "rewritten.yaml"
    path.write_text(text, encoding="utf-8")
    return vr.load(path)


def pay(ruleset: vr.Ruleset, facts: dict[str, Any]) -> int:
    made = ruleset.decide("claim", facts)
    assert made.amount is not None
    return int((made.amount.value or 0) * 100) if made.outcome == "granted" else 0


def test_a_name_that_an_operator_has_inside_means_what_it_is_declared(tmp_path: Path) -> None:
    plain = rewrite(
        tmp_path,
        ("scale: {type: money", "cap: {type: money"),
        ("define: lookup, as: scale", "define: the_most, as: cap"),
        ("at_most: lookup", "at_most: the_most"),
        ("lamp.lookup", "lamp.seen"),
    )
    for price, count, known in product((0, 19, 20, 21, 40), (2, 3), (True, False, None)):
        facts = {"claim.date": DAY, "lamp.price": f"{price}分", "lamp.count": count}
        given = {} if known is None else {"lamp.lookup": known}
        seen = {} if known is None else {"lamp.seen": known}
        made, other = RULESET.decide("claim", facts | given), plain.decide("claim", facts | seen)
        assert (made.outcome, made.amount) == (other.outcome, other.amount)
        for language in ("zh", "en"):
            assert made.explain(language, "html", trace=True)
    with_fact = ("lamp.count", "lamp.price", "lamp.lookup")
    for ruleset, names in ((RULESET, with_fact), (plain, (*with_fact[:2], "lamp.seen"))):
        facts = {**leave_out("lamp.lookup"), names[2]: True}
        assert len(vr.vary(ruleset, "claim", facts, "lamp.price").pieces) == 3
        study = vr.counterfactual(ruleset, "claim", facts, amount="0.1元", facts=list(names))
        assert study.changes == ()


def test_a_fact_named_as_an_operator_is_inside_is_refused_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(vr.RulesetError) as caught:
        rewrite(tmp_path, ("lamp.count", "scale"), ("scale: {type: money", "cap: {type: money"))
    assert "bad-declared-name" in {item.code for item in caught.value.diagnostics}


@pytest.mark.parametrize("missing", [(), ("lamp.count",), ("lamp.price",), ("lamp.lookup",)])
def test_a_limit_costs_what_every_completion_says(missing: tuple[str, ...]) -> None:
    row = leave_out(*missing)
    study = vr.evaluate(RULESET, [row], decision="claim", jobs=1)
    costs = {item.rule: item.cost for item in study.limits}
    options: dict[str, list[Any]] = {
        "lamp.count": [2, 3],
        "lamp.price": [f"{fen}分" for fen in range(41)],
        "lamp.lookup": [True, False],
    }
    filled = [dict(zip(missing, x, strict=True)) for x in product(*(options[n] for n in missing))]
    for rule in ("by_price", "capped"):
        lifted = RULESET.amend({f"rule.{rule}": "off"})
        change = [pay(lifted, row | x) - pay(RULESET, row | x) for x in filled]
        low, high = (costs[rule].low, costs[rule].high) if rule in costs else (0, 0)
        assert low <= min(change), rule
        assert high >= max(change), rule


def test_a_change_for_some_days_is_taken_alone_on_those_days() -> None:
    later = RULESET.amend({"top": "25分", "scale": vr.Dated("10分", "2024-07-01")})
    rows = [ROW, ROW | {"claim.date": "2024-08-01"}]
    study = vr.reform(rows, RULESET, later, decision="claim", jobs=1, limits=False)
    parts = {item.name: item for item in study.parts or ()}
    assert parts["scale"].alone is not None
    assert (parts["scale"].alone.low, parts["scale"].alone.high) == (-10, -10)
    assert parts["top"].alone is not None
    assert parts["top"].alone.low == 0


def test_a_rule_left_out_is_taken_alone() -> None:
    changed = RULESET.amend({"rule.capped": "off", "rule.modest": "off"})
    study = vr.reform([ROW], RULESET, changed, decision="claim", jobs=1, limits=False)
    alone = {item.name: item.alone and item.alone.low for item in study.parts or ()}
    assert alone == {"rule.capped": -20, "rule.modest": 0}
    assert study.sums.whole.change.low == 16


def test_a_fact_of_all_rows_is_one_that_some_ruleset_knows(tmp_path: Path) -> None:
    with pytest.raises(vr.InputError) as caught:
        vr.evaluate(RULESET, [{}], decision="claim", facts={"lamp.prize": 1})
    assert [item.code for item in caught.value.diagnostics] == ["unknown-fact"]
    other = rewrite(tmp_path, ("lamp.lookup", "lamp.seen"))
    shared = {"lamp.lookup": True, "lamp.seen": False}
    rows = [leave_out("lamp.lookup")]
    study = vr.reform(rows, RULESET, other, decision="claim", facts=shared, jobs=1, limits=False)
    assert (study.before.table.rejected, study.after.table.rejected) == ((), ())
    assert study.sums.whole.change.low == -20


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("rule.modest.require", "(rate * grant.amount) <= rate*top"),
        ("rule.modest.soft", "false"),
        ("rule.capped.at_most", "(lookup)"),
    ],
)
def test_what_is_only_written_otherwise_is_no_change(target: str, text: str) -> None:
    with pytest.raises(vr.InputError) as caught:
        RULESET.amend({target: text})
    assert [item.code for item in caught.value.diagnostics] == ["setting-has-no-effect"]


def test_a_rule_keeps_its_name() -> None:
    with pytest.raises(vr.InputError) as caught:
        RULESET.amend({"rule.modest.id": "other"})
    assert [item.code for item in caught.value.diagnostics] == ["unknown-key"]


def test_no_invented_amount_is_above_what_is_declared() -> None:
    cases = vr.synthesise(RULESET, "claim", 40, seed=3, on=DAY, boundaries=True)
    for facts in cases:
        assert RULESET.decide("claim", facts).outcome in {"granted", "denied"}
