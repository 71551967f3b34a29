"""What-if files: what they may say, and what is told at its line where they say it wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr
from voucher_rules.catalog.find import list_rulesets
from voucher_rules.diagnostic_texts.whatifs import WHAT_IFS

HERE: Final = Path(__file__).resolve().parent
MEASURE: Final = HERE.parent / "notices" / "test-yearly-voucher" / "2024.yaml"
BAD: Final = sorted((HERE / "bad").glob("*.whatif.yaml"))
MARK: Final = re.compile(r"# error: ([a-z0-9-]+)")
SHOWN_ELSEWHERE: Final = {
    "change-of-nothing",
    "change-decides-nothing",
    "change-leaves-exception",
    "change-edition-first",
    "decision-unsaid",
}
HEAD: Final = """
ruleset: test-yearly-voucher
language: 1
title: {zh: 试, en: trial}
changes:
"""
CLAIM: Final = {
    "claim.date": "2024-02-01",
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
def test_a_bad_what_if_says_on_its_line_what_is_wrong(path: Path) -> None:
    with pytest.raises(vr.InputError) as caught:
        vr.load(MEASURE).amend_from(path)
    found = caught.value.diagnostics
    assert [(item.span.line if item.span else 0, item.code) for item in found] == find_marks(path)
    lines = path.read_text("utf-8").split("\n")
    for item in found:
        assert item.span is not None
        assert item.span.file == str(path)
        assert item.source == lines[item.span.line - 1]


def test_every_fault_of_a_what_if_has_an_example() -> None:
    shown = {code for path in BAD for _, code in find_marks(path)}
    assert set(WHAT_IFS) - shown == SHOWN_ELSEWHERE


def test_a_what_if_beside_an_edition_is_no_edition_and_never_applies(tmp_path: Path) -> None:
    folder = tmp_path / "test-yearly-voucher"
    folder.mkdir()
    (folder / "2024.yaml").write_bytes(MEASURE.read_bytes())
    text = f"{HEAD}  - {{parameter: 'cap[small]', value: 9万元}}\n"
    (folder / "2024.more.whatif.yaml").write_text(text, encoding="utf-8")
    assert [x.edition for x in list_rulesets([tmp_path]) if x.id == "test-yearly-voucher"] == [
        "2024"
    ]
    assert vr.load("test-yearly-voucher", folders=[tmp_path]).changes == ()


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(vr.RulesetNotFoundError):
        vr.load(MEASURE).amend_from(HERE / "none.whatif.yaml")


def test_a_table_and_a_scale_are_given_as_the_ruleset_writes_them() -> None:
    text = f"""{HEAD}
  - parameter: cap
    table: {{small: 6万元}}
  - parameter: step
    brackets:
      - {{up_to: 20万元, value: 2%}}
      - {{above: 20万元, value: 1%}}
"""
    amended = vr.load(MEASURE).amend_from(text)
    assert [x.target for x in amended.changes] == ["cap[small]", "step"]
    assert [x.place for x in amended.changes] == ["<what-if>:8:13", "<what-if>:9:16"]
    assert amended.decide("claim", CLAIM).amount.value == 60_000  # type: ignore[union-attr]
    assert amended.parameters["cap[micro]"].values[0].value == 2_000_000


def test_a_rule_of_a_what_if_cites_no_provision_anywhere() -> None:
    text = f"""{HEAD}
  - add:
      parameters:
        ceiling: {{type: money, value: 1万元, limit: at_most, label: {{zh: 顶格, en: ceiling}}}}
      rules:
        - {{id: ceiling, topic: cap, for: claim,
           limits: voucher.amount, at_most: ceiling,
           says: {{zh: 不超过顶格, en: at most the ceiling}}}}
  - add:
      in: 第四条
      rules:
        - {{id: few, topic: eligibility, for: claim,
           require: enterprise.staff <= fixed,
           says: {{zh: 人数少, en: few}}}}
"""
    amended = vr.load(MEASURE).amend_from(text)
    decision = amended.decide("claim", CLAIM)
    assert decision.amount is not None
    assert decision.amount.value == 10_000
    assert decision.articles == ("what-if",)
    assert amended.parameters["ceiling"].citation.ref == "what-if"
    assert amended.rules["few"].citation.ref == "what-if @ 第四条"
    told = {lang: decision.explain(lang, trace=True) for lang in ("zh", "en")}
    assert "不超过顶格（假设，无条文）" in told["zh"]
    assert "at most the ceiling (what-if, no provision)" in told["en"]
    assert "人数少（假设，无条文，置于第四条）" in told["zh"]
    assert "few (what-if, no provision, put at 第四条)" in told["en"]
    for form in ("markdown", "html"):
        assert "what-if, no provision" in decision.explain("en", form)
    assert "假设，无条文" in decision.letter("zh", "text")
    assert "what-if @" not in told["zh"] + told["en"]


def test_a_rule_that_was_rewritten_says_so_where_it_is_cited() -> None:
    text = f"{HEAD}  - {{rule: by_size, replace: {{at_most: contract.amount, when: unset}}}}\n"
    with pytest.raises(vr.InputError, match="setting-has-no-effect"):
        vr.load(MEASURE).amend_from(text)  # there is no condition to take away
    amended = vr.load(MEASURE).amend_from(text.replace(", when: unset", ""))
    assert amended.rules["by_size"].citation.ref == "第二条 (what-if)"
    told = amended.decide("claim", CLAIM)
    assert "第二条，经假设修改" in told.explain("zh")
    assert "第二条 as a what-if has it" in told.explain("en")


def test_marks_outlast_a_second_what_if() -> None:
    text = f"{HEAD}  - {{rule: by_size, replace: {{at_most: contract.amount}}}}\n"
    amended = vr.load(MEASURE).amend_from(text).amend({"cap[small]": "6万元"})
    assert amended.rules["by_size"].citation.ref == "第二条 (what-if)"
    assert [x.what for x in amended.changes] == ["part", "value"]


def test_a_reading_is_added_with_the_rule_that_rests_on_it() -> None:
    text = f"""{HEAD}
  - add:
      readings:
        counted:
          ref: 第四条
          question: {{zh: 是否计人数, en: is staff counted}}
          options: {{yes_all: {{zh: 计, en: yes}}, no_one: {{zh: 不计, en: no}}}}
          default: yes_all
          because: {{zh: 试, en: a trial}}
      rules:
        - {{id: counted, topic: eligibility, for: claim,
           when: reading.counted == 'no_one',
           require: enterprise.size == 'micro',
           says: {{zh: 微型, en: micro}}}}
"""
    amended = vr.load(MEASURE).amend_from(text)
    assert amended.decide("claim", CLAIM).outcome == "granted"
    other = amended.amend({"reading.counted": "no_one"})
    assert other.decide("claim", CLAIM).outcome == "denied"


def test_another_edition_is_a_reform_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "test-yearly-voucher"
    folder.mkdir()
    text = MEASURE.read_text("utf-8")
    (folder / "2024.yaml").write_text(text, encoding="utf-8")
    later = text.replace('edition: "2024"', 'edition: "2025"').replace(
        "small: 5万元", "small: 7万元"
    )
    (folder / "2025.yaml").write_text(later, encoding="utf-8")
    base = vr.load("test-yearly-voucher", "2024", folders=[tmp_path])
    what_if = f"{HEAD}  - {{edition: '2025'}}\n  - {{parameter: 'cap[micro]', value: 1万元}}\n"
    amended = base.amend_from(what_if)
    assert (amended.edition, [x.what for x in amended.changes]) == ("2025", ["edition", "value"])
    assert amended.decide("claim", CLAIM).amount.value == 70_000  # type: ignore[union-attr]
    assert "版本 2025" in amended.tell_changes("zh")
    with pytest.raises(vr.InputError, match="setting-has-no-effect"):
        base.amend_from(what_if.replace("2025", "2024"))
    with pytest.raises(vr.InputError, match="change-edition-first"):
        base.amend({"cap[small]": "6万元"}).amend_from(what_if)
    with pytest.raises(vr.RulesetNotFoundError):
        base.amend_from(what_if.replace("2025", "2026"))
