"""Notices as data and as law: what they may change, on which days, and how a decision tells it.

A line of a bad notice that ends in ``# error: code`` is one where that fault is reported.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import voucher_rules as vr
from voucher_rules.diagnostic_texts.notices import NOTICES
from voucher_rules.testing.load import load_cases

HERE: Final = Path(__file__).resolve().parent
MEASURE: Final = HERE / "test-yearly-voucher" / "2024.yaml"
FIRST: Final = HERE / "good" / "year-2024.notice.yaml"
SECOND: Final = HERE / "good" / "year-2024b.notice.yaml"
DRAFT: Final = HERE / "cn-nm-service-voucher"
BAD: Final = sorted((HERE / "bad").glob("*.notice.yaml"))
MARK: Final = re.compile(r"# error: ([a-z0-9 -]+)")
SHOWN_ELSEWHERE: Final = {"notice-named-twice", "changes-without-direction"}

CLAIM: Final[dict[str, Any]] = {
    "contract.amount": "20万元",
    "contract.signed": "2024-02-01",
    "enterprise.size": "small",
    "enterprise.staff": "10人",
    "service.category": "advice",
}


def find_marks(path: Path) -> list[tuple[int, str]]:
    lines = path.read_text("utf-8").split("\n")
    return [(n, code) for n, line in enumerate(lines, 1) for code in MARK.findall(line)]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name.split(".")[0])
def test_a_bad_notice_says_on_its_line_what_is_wrong(path: Path) -> None:
    with pytest.raises(vr.RulesetError) as caught:
        vr.load(MEASURE, notices=[path])
    found = caught.value.diagnostics
    assert [(item.span.line if item.span else 0, item.code) for item in found] == find_marks(path)
    lines = path.read_text("utf-8").split("\n")
    for item in found:
        assert item.span is not None
        assert item.span.file == str(path)
        assert item.source == lines[item.span.line - 1]


def test_every_fault_of_a_notice_has_an_example() -> None:
    shown = {code for path in BAD for _, code in find_marks(path)}
    assert set(NOTICES) - shown == SHOWN_ELSEWHERE


def test_what_forbids_it_is_named() -> None:
    with pytest.raises(vr.RulesetError) as caught:
        vr.load(MEASURE, notices=[HERE / "bad" / "raises_a_cap.notice.yaml"])
    assert caught.value.diagnostics[0].ref == "第六条"


def test_the_same_notice_twice_is_refused() -> None:
    with pytest.raises(vr.RulesetError) as caught:
        vr.load(MEASURE, notices=[FIRST, FIRST])
    assert [item.code for item in caught.value.diagnostics] == ["notice-named-twice"]


@pytest.mark.parametrize(
    ("day", "amount", "targets"),
    [
        ("2024-02-29", 50_000, []),
        ("2024-03-01", 30_000, ["cap[small]", "categories", "ratio"]),
        ("2024-06-30", 30_000, ["cap[small]", "categories", "ratio"]),
        ("2024-07-01", 40_000, ["cap[small]"]),
        ("2024-12-31", 40_000, ["cap[small]"]),
        ("2025-01-01", 50_000, []),
    ],
)
def test_a_notice_holds_on_its_days_and_gives_way_to_the_one_that_replaces_it(
    day: str, amount: int, targets: list[str]
) -> None:
    ruleset = vr.load(MEASURE, notices=[FIRST, SECOND])
    signed = {"contract.signed": "2024-03-01" if targets[1:] else "2024-02-29"}
    decision = ruleset.decide("claim", CLAIM | signed, on=day)
    assert decision.amounts["voucher.amount"].value == amount
    assert sorted(item.target for item in decision.overlays) == targets


def test_what_is_left_open_is_open_until_a_notice_sets_it() -> None:
    facts = {"contract.amount": "20万元"}
    without = vr.load(MEASURE).decide("bonus", facts, on="2024-04-01")
    assert without.outcome == "undetermined"
    assert list(without.missing) == ["bonus_cap"]
    ruleset = vr.load(MEASURE, notices=[FIRST])
    assert ruleset.decide("bonus", facts, on="2024-04-01").amounts["bonus.amount"].value == 1000
    assert ruleset.decide("bonus", facts, on="2025-01-01").outcome == "undetermined"


def test_a_bracket_and_a_whole_scale_can_be_set() -> None:
    facts = {"contract.amount": "11万元"}
    ruleset = vr.load(MEASURE, notices=[FIRST, SECOND]).amend({"bonus_cap": "9万元"})
    days = {"2024-02-01": 3_100, "2024-03-01": 3_200, "2024-07-01": 2_000, "2025-01-01": 3_100}
    for day, amount in days.items():
        decided = ruleset.decide("bonus", facts, on=day)
        assert decided.amounts["bonus.amount"].value == amount, day


def test_a_narrowed_set_shuts_out_what_it_leaves_out() -> None:
    ruleset = vr.load(MEASURE, notices=[FIRST])
    facts = CLAIM | {"service.category": "training"}
    assert ruleset.decide("claim", facts, on="2024-02-29").outcome == "granted"
    assert ruleset.decide("claim", facts, on="2024-03-01").outcome == "denied"


def test_a_decision_tells_which_notice_it_rests_on() -> None:
    decision = vr.load(MEASURE, notices=[FIRST]).decide("claim", CLAIM, on="2024-03-01")
    assert (
        "《2024年度通知》（虚构〔2024〕3号）第一条（2024-03-01 至 2024-12-31）"
        in decision.explain("zh")
    )
    assert "CNY 50,000 → CNY 30,000" in decision.explain("en")
    overlay = decision.to_data()["overlays"][0]
    assert overlay["kind"] == "notice"
    assert overlay["notice"] == {
        "id": "year-2024",
        "title": {"zh": "2024年度通知", "en": "Notice for 2024"},
        "number": "虚构〔2024〕3号",
        "digest": decision.result.overlays[0].notice.notice.digest,  # type: ignore[union-attr]
        "ref": "第一条",
        "from": "2024-03-01",
        "until": "2024-12-31",
    }


def test_a_shipped_measure_says_which_notice_leaves_a_category_out() -> None:
    cases = {case.name: case for case in load_cases(DRAFT / "2017.cases.yaml").cases}
    case = cases["category the notice leaves out"]
    decision = case.ruleset.decide("claim", case.facts, assume_in_force=True)
    told = [item.target for item in decision.overlays if item.kind == "notice"]
    assert sorted(told) == ["categories_of_the_year", "items_a_year"]
    assert "《2017年电子服务券申报通知》（虚构〔2017〕1号）一、" in decision.explain("zh")


def test_a_value_it_had_anyway_is_no_fault_and_changes_nothing() -> None:
    ruleset = vr.load(MEASURE, notices=[FIRST])
    assert [item.parameter for item in ruleset.notices if item.idle] == ["least_staff"]
    decision = ruleset.decide("claim", CLAIM, on="2024-03-01")
    assert "least_staff" not in [item.target for item in decision.overlays]


def test_a_what_if_stands_above_a_notice() -> None:
    ruleset = vr.load(MEASURE, notices=[FIRST]).amend({"cap[small]": "1万元"})
    decision = ruleset.decide("claim", CLAIM, on="2024-03-01")
    assert decision.amounts["voucher.amount"].value == 10_000
    kinds = {(item.kind, item.target) for item in decision.overlays}
    assert kinds == {("notice", "categories"), ("what_if", "cap[small]")}


def test_a_notice_beside_an_edition_belongs_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "test-yearly-voucher"
    folder.mkdir()
    (folder / "2024.yaml").write_bytes(MEASURE.read_bytes())
    (folder / "2024.first.notice.yaml").write_bytes(FIRST.read_bytes())
    (folder / "2023.other.notice.yaml").write_text("not: read")
    ruleset = vr.load("test-yearly-voucher", folders=[tmp_path])
    assert {item.notice.id for item in ruleset.notices} == {"year-2024"}
    assert [item.edition for item in vr.rulesets([tmp_path]) if item.id == ruleset.id] == ["2024"]
    again = vr.load(
        "test-yearly-voucher", folders=[tmp_path], notices=[folder / "2024.first.notice.yaml"]
    )
    assert len(again.notices) == len(ruleset.notices)


def test_a_day_that_is_not_known_may_be_a_day_of_the_notice() -> None:
    ruleset = vr.load(MEASURE, notices=[FIRST])
    facts = CLAIM | {"contract.signed": "unknown"}
    decision = ruleset.decide("claim", facts, on="2024-02-29")
    assert [item.target for item in decision.overlays] == ["ratio"]


def test_the_digest_of_the_file_stays_and_that_of_the_meaning_changes() -> None:
    plain, noticed = vr.load(MEASURE).checked, vr.load(MEASURE, notices=[FIRST]).checked
    assert plain.source_digest == noticed.source_digest
    assert plain.semantic_digest != noticed.semantic_digest


def test_a_case_file_names_its_notices(tmp_path: Path) -> None:
    facts = ", ".join(f"{name}: {value}" for name, value in CLAIM.items())
    text = f"""
ruleset: {MEASURE}
notices: [{FIRST}]
cases:
  - name: lowered
    decision: claim
    on: 2024-03-01
    given: {{{facts}}}
    expect: {{amount: 30000元, binding: by_size}}
    because: the notice
"""
    path = tmp_path / "a.cases.yaml"
    path.write_text(text, "utf-8")
    assert len(load_cases(path).cases) == 1
    path.write_text(text.replace(str(FIRST), "nowhere.yaml"), "utf-8")
    with pytest.raises(vr.InputError) as caught:
        load_cases(path)
    assert [(x.code, x.span.line if x.span else 0) for x in caught.value.diagnostics] == [
        ("file-not-found", 3)
    ]


NOTICE = """
notice: made
ruleset: test-yearly-voucher
edition: "2024"
language: 1
title: {{zh: 通知, en: notice}}
issuer: {{zh: 虚构机关, en: invented authority}}
holds: {{from: {start}, until: {until}}}
sets:
  - {{parameter: "cap[small]", ref: 一、, value: {cap}元}}
"""
START, END = date(2024, 1, 1), date(2026, 12, 31)
DAYS = st.dates(START, END)


@given(first=DAYS, second=DAYS, asked=DAYS, cap=st.integers(0, 50_000))
def test_a_notice_decides_as_its_value_would_on_its_days_and_not_at_all_on_others(
    tmp_path_factory: pytest.TempPathFactory, first: date, second: date, asked: date, cap: int
) -> None:
    start, until = min(first, second), max(first, second)
    path = tmp_path_factory.mktemp("notice") / "made.notice.yaml"
    path.write_text(NOTICE.format(start=start, until=until, cap=cap), "utf-8")
    plain = vr.load(MEASURE)
    noticed = vr.load(MEASURE, notices=[path])
    same = plain.amend({"cap[small]": f"{cap}元"}) if cap != 50_000 else plain
    for day in {asked, start, until, start - timedelta(days=1), until + timedelta(days=1)}:
        wanted = same if start <= day <= until else plain
        decided = noticed.decide("claim", CLAIM, on=day)
        other = wanted.decide("claim", CLAIM, on=day)
        assert (decided.outcome, decided.amounts) == (other.outcome, other.amounts)
