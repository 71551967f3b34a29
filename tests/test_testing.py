"""Comes in: case files right and wrong. Goes out: what running them says, also under pytest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import (
    DiagnosedError,
    InputError,
    RulesetError,
    RulesetNotFoundError,
)
from voucher_rules.explain.words import WORDS
from voucher_rules.testing import CaseResult, load_cases, run_case, run_file
from voucher_rules.testing.expect import WARNING_CODES

pytest_plugins = ["pytester"]

RULESET: Final = Path(__file__).parent / "cli" / "shop-voucher" / "2020.yaml"
BASES: Final = """\
bases:
  shop: {shop.size: small, shop.staff: 20人, shop.first_claim: false, shop.loyal: true}
  contract: {contract.amount: 1800元, ledger.claimed_before: 100元, claim.at: 2021-03-01T09:00}
  run_well: {finding.well_run: true}
"""
CLAIM: Final = """\
  - name: half the price
    decision: claim
    on: 2021-03-01
    base: [shop, contract, run_well]
    because: half is below the cap
"""

Write: TypeAlias = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a case file beside the ruleset it is of."""
    shutil.copy(RULESET, tmp_path / "2020.yaml")

    def write_file(text: str) -> Path:
        path = tmp_path / "2020.cases.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def write_claim(*lines: str) -> str:
    """Return a case file with one case of the claim, with lines of its own."""
    return f"{BASES}cases:\n{CLAIM}" + "".join(f"    {line}\n" for line in lines)


def run_claim(write: Write, *lines: str) -> CaseResult:
    (result,) = run_file(write(write_claim(*lines)))
    return result


def list_differences(result: CaseResult) -> list[tuple[str, str, str]]:
    return [(item.key, item.expected, item.got) for item in result.differences]


def refuse(path: Path, kind: type[DiagnosedError] = InputError) -> list[tuple[str, int, int]]:
    """Return code and place of every mistake a file is refused for."""
    found = catch(path, kind)
    return [(item.code, item.span.line, item.span.column) for item in found if item.span]


def catch(path: Path, kind: type[DiagnosedError] = InputError) -> tuple[Diagnostic, ...]:
    with pytest.raises(kind) as caught:
        load_cases(path)
    return caught.value.diagnostics


# What a case may expect.

MET: Final = {
    "outcome": ["granted"],
    "amount": ["900元", "900", "900.00元"],
    "amounts": ["{voucher.amount: 900元}"],
    "otherwise": ["900元", "{voucher.amount: 900元}"],
    "range": ["[900元, 900元]", "{voucher.amount: [900元, 900元]}"],
    "exact": ["true"],
    "binding": ["[share_limit]", "share_limit"],
    "articles": ["[第二条]"],
    "reasons": ["[]"],
    "missing": ["[]"],
    "possible": ["[granted]"],
    "papers": ["[]"],
    "values": ["{own.share: 900元}"],
    "no_warnings": ["[first_claim_noted, start_disputed, status_draft]"],
    "consequences": ["[]"],
    "ranking": [
        "{queue: [true, 2021-03-01T09:00:00+08:00]}",
        "{queue: [true, 2021-03-01T09:00]}",
        "{queue: [true, 2021-03-01T01:00Z]}",
    ],
    "first": ["{queue: [highest, lowest]}"],
}
NOT_MET: Final = {
    "outcome": ("denied", "denied", "granted"),
    "amount": ("901元", "901元", "900元"),
    "otherwise": ("unknown", "unknown", "900元"),
    "range": ("[0元, 900元]", "[0元, 900元]", "[900元, 900元]"),
    "exact": ("false", "false", "true"),
    "binding": ("[share_limit, cap_limit]", "[share_limit, cap_limit]", "[share_limit]"),
    "articles": ("[]", "[]", "[第二条]"),
    "reasons": ("[is_small]", "[is_small]", "[]"),
    "missing": ("[contract.amount]", "[contract.amount]", "[]"),
    "possible": ("[granted, denied]", "[granted, denied]", "[granted]"),
    "warnings": ("[first_claim_noted]", "[first_claim_noted]", "[]"),
}


@pytest.mark.parametrize(
    ("key", "text"), [(key, text) for key, texts in MET.items() for text in texts]
)
def test_what_is_expected_and_comes_passes(write: Write, key: str, text: str) -> None:
    result = run_claim(write, f"expect: {{{key}: {text}}}")
    assert list_differences(result) == []
    assert result.passed


@pytest.mark.parametrize(("key", "texts"), NOT_MET.items(), ids=NOT_MET)
def test_what_is_expected_and_does_not_come_fails(
    write: Write, key: str, texts: tuple[str, str, str]
) -> None:
    text, expected, got = texts
    result = run_claim(write, f"expect: {{{key}: {text}}}")
    assert not result.passed
    assert list_differences(result) == [(key, expected, got)]


def test_every_difference_is_told_at_once(write: Write) -> None:
    result = run_claim(
        write,
        "expect:",
        "  outcome: denied",
        "  values: {own.share: none}",
        "  ranking: {queue: [false, unknown]}",
        "  first: {queue: [lowest, lowest]}",
    )
    assert list_differences(result) == [
        ("outcome", "denied", "granted"),
        ("values own.share", "none", "900元"),
        ("ranking queue", "[false, unknown]", "[true, 2021-03-01T09:00:00+08:00]"),
        ("first queue", "[lowest, lowest]", "[highest, lowest]"),
    ]


def test_an_order_without_keys_is_expected_not_to_apply(write: Write) -> None:
    result = run_claim(write, "expect: {ranking: {queue: []}}")
    assert list_differences(result) == [
        ("ranking queue", "none", "[true, 2021-03-01T09:00:00+08:00]")
    ]
    young_first = "{order_by_time: [], order_by_youth: [false, false, 2017-02-20T09:00]}"
    path = write(
        f"""\
ruleset: cn-nm-service-voucher
cases:
  - name: in the order of youth
    decision: claim
    readings: {{queue_order: young_first}}
    assume_in_force: true
    given:
      claim.submitted_at: "2017-02-20T09:00:00+08:00"
      claim.waitlisted: false
      enterprise.founded_on: 2010-05-04
    expect: {{ranking: {young_first}}}
    because: of two orders one applies
"""
    )
    (result,) = run_file(path)
    assert list_differences(result) == []


def test_a_denial_has_its_reasons_and_what_would_have_been(write: Write) -> None:
    for reasons in ("is_small", "failed:is_small", "[failed]", "[failed, is_small]"):
        result = run_claim(
            write,
            "given: {shop.size: large}",
            f"expect: {{outcome: denied, amount: 0元, otherwise: 900元, reasons: {reasons}}}",
        )
        assert list_differences(result) == []
    result = run_claim(write, "given: {shop.size: large}", "expect: {reasons: [exhausted]}")
    assert list_differences(result) == [("reasons", "[exhausted]", "[failed:is_small]")]


def test_a_reason_that_is_not_named_is_a_difference(write: Write) -> None:
    result = run_claim(
        write,
        "given: {shop.size: large, ledger.claimed_before: 1500元}",
        "expect: {reasons: [is_small]}",
    )
    assert list_differences(result) == [
        ("reasons", "[is_small]", "[failed:is_small, exhausted:cap_limit]")
    ]


def test_what_waits_for_a_person_is_unknown(write: Write) -> None:
    result = run_claim(
        write,
        "given: {finding.well_run: unknown, shop.loyal: unknown, claim.at: none}",
        "expect: {outcome: referred, reasons: open:is_well_run, ranking: {queue: [unknown, none]}}",
    )
    assert list_differences(result) == []


def test_a_fact_can_be_taken_away(write: Write) -> None:
    result = run_claim(
        write,
        "given: {contract.amount: unknown}",
        "expect:",
        "  outcome: undetermined",
        "  amount: unknown",
        "  otherwise: unknown",
        "  range: [0.5元, 1400元]",
        "  missing: [contract.amount]",
        "  possible: [granted]",
        "  values: {own.share: unknown}",
    )
    assert list_differences(result) == []


def test_a_later_base_lies_above_an_earlier(write: Write) -> None:
    text = write_claim("expect: {amount: 500元}").replace(
        "  run_well: {", "  run_well: {contract.amount: 1000元, "
    )
    assert [item.passed for item in run_file(write(text))] == [True]


def test_readings_parameters_and_assumptions_are_those_of_the_case(write: Write) -> None:
    path = write(
        "cases:\n"
        "  - name: readings\n"
        "    decision: claim\n"
        "    given: {claim.date: 2021-03-01, contract.amount: 9000元}\n"
        "    readings: {cap_scope: each}\n"
        "    expect: {otherwise: 1500元, binding: [cap_each]}\n"
        "    because: nothing claimed before counts\n"
        "  - name: parameters\n"
        "    decision: use\n"
        "    on: 2021-03-01\n"
        "    given: {voucher.issued_on: 2021-03-01, contract.papers: [receipt]}\n"
        "    set: {validity: 60天}\n"
        "    expect:\n"
        "      deadlines: {used_in_time: 2021-04-30}\n"
        "      papers: [contract]\n"
        "      reasons: [papers_handed_in]\n"
        "    because: the notice may set a period\n"
        "  - name: no period is set\n"
        "    decision: use\n"
        "    on: 2021-03-01\n"
        "    given: {voucher.issued_on: 2021-03-01, contract.papers: [contract, receipt]}\n"
        "    expect: {deadlines: {used_in_time: unknown}, missing: [validity, voucher.used_on]}\n"
        "    because: the notice may set none\n"
        "  - name: before its time\n"
        "    decision: bonus\n"
        "    on: 2019-03-01\n"
        "    given: {shop.cheated: false}\n"
        "    assume_in_force: true\n"
        "    expect:\n"
        "      amounts: {bonus.cash: 100元, bonus.voucher: 100元}\n"
        "      warnings: [assumed_in_force]\n"
        "    because: a draft may be tried\n"
        "  - name: out of force\n"
        "    decision: bonus\n"
        "    on: 2019-03-01\n"
        "    given: {shop.cheated: false}\n"
        "    expect: {outcome: not_in_force, reasons: not_in_force, articles: 第五条}\n"
        "    because: it starts in 2020\n"
        "  - name: sanction\n"
        "    decision: sanction\n"
        "    on: 2021-03-01\n"
        "    given: {shop.cheated: true, contract.papers: [receipt], shop.open_for: 1个月}\n"
        "    expect:\n"
        "      outcome: determined\n"
        "      consequences: shop_barred\n"
        "      periods: {shop_barred: [2021-03-01, endless]}\n"
        "      values: {papers.seen: [receipt]}\n"
        "      no_warnings: [old_shop]\n"
        "    because: cheating has its consequence\n"
    )
    failed = [item.render() for item in run_file(path) if not item.passed]
    assert not failed, "\n".join(failed)


def test_a_case_states_the_first_day_that_a_document_leaves_open(write: Write) -> None:
    shop = (write("").parent / "2020.yaml").read_text("utf-8")
    begun = "effective: {from: 2020-02-01"
    assert begun in shop
    path = write(
        "cases:\n"
        "  - name: nobody states it\n"
        "    decision: bonus\n"
        "    on: 2021-03-01\n"
        "    given: {shop.cheated: false}\n"
        "    expect: {outcome: undetermined, missing: [document.effective.from]}\n"
        "    because: the text has no first day\n"
        "  - name: before the day\n"
        "    decision: bonus\n"
        "    on: 2021-02-28\n"
        "    in_force_from: 2021-03-01\n"
        "    given: {shop.cheated: false}\n"
        "    expect: {outcome: not_in_force}\n"
        "    because: it was stated to begin a day later\n"
        "  - name: on the day, with a share of one's own\n"
        "    decision: claim\n"
        "    on: 2021-03-01\n"
        "    in_force_from: 2021-03-01\n"
        "    set: {share: 40%}\n"
        "    given: {contract.amount: 1000元, ledger.claimed_before: 0元}\n"
        "    expect: {otherwise: 400元}\n"
        "    because: parameters are set beside it\n"
        "  - name: the share alone\n"
        "    decision: claim\n"
        "    on: 2021-03-01\n"
        "    set: {share: 40%}\n"
        "    given: {contract.amount: 1000元, ledger.claimed_before: 0元}\n"
        "    expect: {missing: [document.effective.from, shop.size]}\n"
        "    because: what is set for one case is set for no other\n"
    )
    assert refuse(path) == [("start-already-stated", line, 20) for line in (11, 18)]
    (path.parent / "2020.yaml").write_text(
        shop.replace(begun, "effective: {from: unset"), encoding="utf-8"
    )
    failed = [item.render() for item in run_file(path) if not item.passed]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize(
    ("text", "expected", "got"),
    [
        ("[2021-03-01, 2021-12-31]", "[2021-03-01, 2021-12-31]", "[2021-03-01, endless]"),
        ("[2021-03-02, endless]", "[2021-03-02, endless]", "[2021-03-01, endless]"),
        ("[unknown, endless]", "[unknown, endless]", "[2021-03-01, endless]"),
    ],
)
def test_from_when_until_when_a_consequence_holds_is_compared(
    write: Write, text: str, expected: str, got: str
) -> None:
    path = write(
        "cases:\n"
        "  - name: sanction\n"
        "    decision: sanction\n"
        "    on: 2021-03-01\n"
        "    given: {shop.cheated: true}\n"
        f"    expect: {{periods: {{shop_barred: {text}}}}}\n"
        "    because: it holds from that day for good\n"
    )
    (result,) = run_file(path)
    assert list_differences(result) == [("periods shop_barred", expected, got)]


def test_a_consequence_that_does_not_follow_has_no_period(write: Write) -> None:
    path = write(
        "cases:\n"
        "  - name: nothing\n"
        "    decision: sanction\n"
        "    on: 2021-03-01\n"
        "    given: {shop.cheated: false}\n"
        "    expect: {periods: {shop_barred: [2021-03-01, endless]}}\n"
        "    because: nobody cheated\n"
    )
    (result,) = run_file(path)
    assert list_differences(result) == [("periods shop_barred", "[2021-03-01, endless]", "none")]


@pytest.mark.parametrize(("text", "code"), [("receipt", "set-expected"), ("[bill]", "not-one-of")])
def test_a_set_is_written_as_a_list(write: Write, text: str, code: str) -> None:
    path = write(
        "cases:\n"
        "  - name: papers\n"
        "    decision: sanction\n"
        f"    expect: {{values: {{papers.seen: {text}}}}}\n"
        "    because: sets are lists\n"
    )
    assert [item.code for item in catch(path)] == [code]


def test_a_set_that_came_is_told_as_a_list(write: Write) -> None:
    path = write(
        "cases:\n"
        "  - name: papers\n"
        "    decision: sanction\n"
        "    on: 2021-03-01\n"
        "    given: {shop.cheated: false, contract.papers: [receipt, contract]}\n"
        "    expect: {values: {papers.seen: []}}\n"
        "    because: sets are lists\n"
    )
    (result,) = run_file(path)
    assert list_differences(result) == [("values papers.seen", "[]", "[contract, receipt]")]


def test_a_failed_case_is_told_in_one_block(write: Write) -> None:
    result = run_claim(write, "expect: {amount: 800元, warnings: [first_claim_noted]}")
    lines = result.render().splitlines()
    assert lines[:6] == [
        "FAILED: half the price",
        f"  {result.case.place.file}:6",
        "  because: half is below the cap",
        "  amount: expected 800元, got 900元",
        "  warnings: expected at least [first_claim_noted], got []",
        "  the decision claim, explained:",
    ]
    assert lines[6] == "    Shop voucher (example) — claim"
    assert lines[-1] == "    …"
    assert len(lines) == 6 + 10 + 1
    zh = result.render("zh").splitlines()
    assert zh[0] == "未通过：half the price"
    assert zh[3] == "  amount：应为 800元，实为 900元"


def test_a_case_that_passed_is_told_in_short(write: Write) -> None:
    result = run_claim(write, "expect: {amount: 900元}")
    assert result.render().splitlines() == [
        "passed: half the price",
        f"  {result.case.place.file}:6",
        "  because: half is below the cap",
    ]


def test_a_case_can_be_run_by_itself(write: Write) -> None:
    loaded = load_cases(write(write_claim("expect: {outcome: granted}")), name="here")
    (case,) = loaded.cases
    assert (case.name, case.decision, str(case.place)) == ("half the price", "claim", "here:6:11")
    assert loaded.ruleset.id == "shop-voucher"
    assert run_case(case).decision.outcome == "granted"


def test_every_code_of_a_warning_is_known() -> None:
    told = {key.partition(".")[2] for key in WORDS if key.startswith("warning.")}
    assert told | {"doubt"} == set(WARNING_CODES)


# What is wrong in a file is told at its place.


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        ([], "case-asserts-nothing", (6, 11)),
        (["expect: {}"], "case-asserts-nothing", (6, 11)),
        (["expect: {outcom: granted}"], "unknown-key", (11, 14)),
        (["expect: {outcome: grant}"], "not-one-of", (11, 23)),
        (["expect: {outcome: [granted]}"], "text-expected", (11, 23)),
        (["expect: {amount: 5,00元}"], "comma-in-text", (11, 24)),
        (["expect: {amount: ten}"], "not-a-number", (11, 22)),
        (["expect: {amount: 5 USD}"], "unit-unknown", (11, 22)),
        (["expect: {amounts: {voucher: 1元}}"], "not-in-decision", (11, 24)),
        (["expect: {amounts: {own.share: 1元}}"], "not-in-decision", (11, 24)),
        (["expect: {amounts: {}}"], "too-few", (11, 23)),
        (["expect: {range: 1元}"], "list-expected", (11, 21)),
        (["expect: {range: [1元]}"], "wrong-number-of-values", (11, 21)),
        (["expect: {exact: yes}"], "not-a-boolean", (11, 21)),
        (["expect: {binding: [is_small]}"], "not-in-decision", (11, 24)),
        (["expect: {articles: [第九条]}"], "not-in-decision", (11, 25)),
        (["expect: {reasons: [small]}"], "not-in-decision", (11, 24)),
        (["expect: {reasons: ['open:small']}"], "not-in-decision", (11, 24)),
        (["expect: {missing: [shop.age]}"], "not-in-decision", (11, 24)),
        (["expect: {possible: []}"], "too-few", (11, 24)),
        (["expect: {papers: [contract]}"], "not-in-decision", (11, 23)),
        (["expect: {values: {share: 1元}}"], "not-in-decision", (11, 23)),
        (["expect: {values: {own.share: [1元]}}"], "text-expected", (11, 34)),
        (["expect: {warnings: [first_claim]}"], "not-in-decision", (11, 25)),
        (["expect: {no_warnings: [first_claim]}"], "not-in-decision", (11, 28)),
        (["expect: {consequences: [shop_barred]}"], "not-in-decision", (11, 29)),
        (["expect: {deadlines: {used_in_time: 2021-01-01}}"], "not-in-decision", (11, 26)),
        (["expect: {ranking: {queue: [true]}}"], "wrong-number-of-values", (11, 24)),
        (["expect: {ranking: {queue: [1, none]}}"], "not-a-boolean", (11, 32)),
        (["expect: {ranking: {line: [1]}}"], "not-in-decision", (11, 24)),
        (["expect: {first: {queue: [highest]}}"], "wrong-number-of-values", (11, 22)),
        (["expect: {first: {queue: [highest, last]}}"], "not-one-of", (11, 39)),
        (["expect: {first: {line: [highest]}}"], "not-in-decision", (11, 22)),
        (["expect: {periods: {shop_barred: [2021-03-01, endless]}}"], "not-in-decision", (11, 24)),
        (["given: {shop.age: 3}", "expect: {exact: true}"], "unknown-fact", (11, 13)),
        (["given: {shop.staff: 3家}", "expect: {exact: true}"], "unit-unknown", (11, 25)),
        (["given: {shop.staff: true}", "expect: {exact: true}"], "not-a-number", (11, 25)),
        (
            ["given: {claim.date: 2021-03-02}", "expect: {exact: true}"],
            "day-stated-twice",
            (11, 13),
        ),
        (["given: [x]", "expect: {exact: true}"], "mapping-expected", (11, 12)),
        (["readings: {scope: each}", "expect: {exact: true}"], "unknown-reading", (11, 16)),
        (["readings: {cap_scope: all}", "expect: {exact: true}"], "not-one-of", (11, 27)),
        (["set: {shore: 1%}", "expect: {exact: true}"], "unknown-parameter", (11, 11)),
        (["set: {share: 50%}", "expect: {exact: true}"], "setting-has-no-effect", (11, 11)),
        (["set: {share: half}", "expect: {exact: true}"], "not-a-number", (11, 18)),
        (["set: {share: 40%, shore: 1%}", "expect: {exact: true}"], "unknown-parameter", (11, 23)),
        (["assume_in_force: yes", "expect: {exact: true}"], "not-a-boolean", (11, 22)),
        (["in_force_from: soon", "expect: {exact: true}"], "not-a-date", (11, 20)),
        (["in_force_from: 2020-05-01", "expect: {exact: true}"], "start-already-stated", (11, 20)),
        (["note: x", "expect: {exact: true}"], "unknown-key", (11, 5)),
    ],
)
def test_a_mistake_is_told_at_its_place(
    write: Write, lines: list[str], code: str, place: tuple[int, int]
) -> None:
    assert (code, *place) in refuse(write(write_claim(*lines)))


@pytest.mark.parametrize(
    ("before", "after", "code", "place"),
    [
        ("    decision: claim\n", "", "case-without-decision", (6, 11)),
        ("decision: claim", "decision: clam", "unknown-decision", (7, 15)),
        ("decision: claim", "decision: bonus", "no-single-amount", (11, 22)),
        ("    because: half is below the cap\n", "", "missing-key", (6, 5)),
        ("because: half is below the cap", "because: ' '", "null-value", (10, 14)),
        ("name: half the price", "name: ''", "null-value", (6, 11)),
        ("on: 2021-03-01", "on: 2021-3-1", "not-a-date", (8, 9)),
        ("on: 2021-03-01", "on: 1989-03-01", "date-out-of-range", (8, 9)),
        ("base: [shop,", "base: [shops,", "unknown-base", (9, 12)),
        ("base: [shop, contract, run_well]", "base: []", "too-few", (9, 11)),
        ("shop: {shop.size: small,", "shop: {shop.size: tiny,", "not-one-of", (2, 21)),
        ("shop: {shop.size: small,", "shop: {shop.age: 3,", "unknown-fact", (2, 10)),
        ("bases:", "base:", "unknown-key", (1, 1)),
        ("bases:", "edition: '2020'\nruleset: [x]\nbases:", "text-expected", (2, 10)),
    ],
)
def test_a_mistake_around_the_case_is_told_at_its_place(
    write: Write, before: str, after: str, code: str, place: tuple[int, int]
) -> None:
    text = write_claim("expect: {amount: 900元}")
    assert before in text
    assert (code, *place) in refuse(write(text.replace(before, after)))


def test_every_mistake_of_a_file_is_told_once(write: Write) -> None:
    text = write_claim("expect: {amount: 900元, exact: yes}").replace("small", "tiny")
    path = write(text + CLAIM)
    assert refuse(path) == [
        ("not-one-of", 2, 21),
        ("not-a-boolean", 11, 35),
        ("case-asserts-nothing", 12, 11),
        ("case-duplicate-name", 12, 11),
    ]
    assert catch(path)[-1].arguments["first"] == "6"


def test_names_that_are_near_are_suggested(write: Write) -> None:
    path = write(write_claim("expect: {binding: [share_limits], outcom: x}"))
    assert "did you mean `outcome`?" in catch(path)[0].help()
    path = write(write_claim("expect: {binding: [share_limits]}"))
    assert "did you mean `share_limit`?" in catch(path)[0].help()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cases: []\n", "too-few"),
        ("cases:\n", "null-value"),
        ("bases: {}\n", "missing-key"),
        ("cases: [\n", "yaml-syntax"),
        ("", "empty-file"),
    ],
)
def test_a_file_without_cases_is_refused(write: Write, text: str, code: str) -> None:
    assert [item.code for item in catch(write(text))] == [code]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert catch(tmp_path / "x.cases.yaml")[0].code == "file-not-found"
    assert catch(tmp_path)[0].code == "file-not-readable"


# Which ruleset a file is of.


@pytest.mark.parametrize(
    ("head", "code", "place"),
    [
        ("ruleset: no-such-voucher\n", "ruleset-not-found", (1, 10)),
        ("ruleset: ./2021.yaml\n", "file-not-found", (1, 10)),
        ("edition: '2021'\n", "edition-not-found", (1, 10)),
        ("ruleset: 2020.yaml\nedition: '2021'\n", "edition-not-found", (2, 10)),
        ("ruleset: cn-nx-service-voucher\nedition: '1'\n", "edition-not-found", (2, 10)),
    ],
)
def test_a_ruleset_that_is_not_there_is_told_where_it_is_named(
    write: Write, head: str, code: str, place: tuple[int, int]
) -> None:
    path = write(head + write_claim("expect: {exact: true}"))
    assert refuse(path, RulesetNotFoundError) == [(code, *place)]


def test_a_case_file_without_a_ruleset_beside_it_is_told(write: Write, tmp_path: Path) -> None:
    path = write(write_claim("expect: {exact: true}"))
    (tmp_path / "2020.yaml").unlink()
    assert refuse(path, RulesetNotFoundError) == [("file-not-found", 1, 1)]


def test_a_ruleset_that_is_refused_is_told_at_its_own_places(write: Write, tmp_path: Path) -> None:
    path = write(write_claim("expect: {exact: true}"))
    (tmp_path / "2020.yaml").write_text("ruleset: x\n", encoding="utf-8")
    found = catch(path, RulesetError)
    assert {item.span.file for item in found if item.span} == {str(tmp_path / "2020.yaml")}


def test_a_ruleset_that_cannot_be_read_is_told_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "shop-voucher" / "2020.yaml").mkdir(parents=True)
    path = tmp_path / "shop-voucher" / "2020.cases.yaml"
    path.write_text(f"ruleset: shop-voucher\n{PASSING}", encoding="utf-8")
    assert refuse(path, RulesetNotFoundError) == [("file-not-readable", 1, 10)]


def test_a_ruleset_is_found_by_name_path_and_neighbourhood(tmp_path: Path) -> None:
    folder = tmp_path / "shop-voucher"
    shutil.copytree(RULESET.parent, folder)
    text = write_claim("expect: {exact: true}")
    beside, inside, outside = folder / "2020.cases.yaml", folder / "b.cases.yaml", tmp_path / "x"
    beside.write_text(text, encoding="utf-8")
    inside.write_text(f"ruleset: shop-voucher\nedition: '2020'\n{text}", encoding="utf-8")
    outside.write_text(f"ruleset: shop-voucher/2020.yaml\n{text}", encoding="utf-8")
    for path in (beside, inside, outside):
        assert load_cases(path).ruleset.path.samefile(folder / "2020.yaml")
    outside.write_text(f"ruleset: shop-voucher\n{text}", encoding="utf-8")
    with pytest.raises(RulesetNotFoundError):
        load_cases(outside)
    assert load_cases(outside, [tmp_path]).ruleset.id == "shop-voucher"


# The plugin.


def write_suite(pytester: pytest.Pytester, text: str) -> None:
    shutil.copy(RULESET, pytester.path / "2020.yaml")
    (pytester.path / "2020.cases.yaml").write_text(text, encoding="utf-8")


PASSING: Final = write_claim("expect: {outcome: granted}")
FAILING: Final = f"{CLAIM}    expect: {{outcome: denied}}\n".replace("half the", "not the")


def test_each_case_is_a_test(pytester: pytest.Pytester) -> None:
    write_suite(pytester, PASSING + FAILING)
    done = pytester.runpytest_subprocess("-W", "error", "-v", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=1, failed=1)
    done.stdout.fnmatch_lines(
        [
            "2020.cases.yaml::half the price PASSED*",
            "2020.cases.yaml::not the price FAILED*",
            "FAILED: not the price",
            "  2020.cases.yaml:12",
            "  because: half is below the cap",
            "  outcome: expected denied, got granted",
            "  the decision claim, explained:",
        ]
    )
    assert "Traceback" not in done.stdout.str()


def test_cases_can_be_chosen_by_name(pytester: pytest.Pytester) -> None:
    write_suite(pytester, PASSING + FAILING)
    pytester.runpytest_inprocess("-W", "error", "-k", "half").assert_outcomes(
        passed=1, deselected=1
    )
    pytester.runpytest_inprocess("2020.cases.yaml::not the price").assert_outcomes(failed=1)


def test_a_case_is_reported_at_its_line(pytester: pytest.Pytester) -> None:
    write_suite(pytester, PASSING)
    items, _ = pytester.inline_genitems()
    assert [item.reportinfo()[1:] for item in items] == [(5, "half the price")]


def test_a_file_at_fault_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    write_suite(pytester, write_claim("expect: {outcome: grant, amuont: 1}"))
    done = pytester.runpytest_inprocess("-W", "error")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*2020.cases.yaml:11:30: unknown-key: there is no key `amuont`*"])
    done.stdout.fnmatch_lines(["*did you mean `amount`?*"])


def test_a_ruleset_at_fault_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    write_suite(pytester, PASSING)
    (pytester.path / "2020.yaml").write_text("ruleset: x\n", encoding="utf-8")
    done = pytester.runpytest_inprocess("-W", "error")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*2020.yaml:1:1: missing-key: *"])


def test_a_defect_keeps_its_traceback(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        message = "this is a defect"
        raise LookupError(message)

    write_suite(pytester, PASSING)
    monkeypatch.setattr("voucher_rules.testing_plugin.run_case", fail)
    done = pytester.runpytest_inprocess("-W", "error")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*LookupError: this is a defect"])


def test_other_files_are_left_alone(pytester: pytest.Pytester) -> None:
    (pytester.path / "cases.yaml").write_text("x: 1\n", encoding="utf-8")
    done = pytester.runpytest_inprocess("-W", "error", ".", "cases.yaml")
    assert done.ret in {pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.USAGE_ERROR}
