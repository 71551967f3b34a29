"""Comes in: rulesets. Goes out: what `list`, `show` and `facts` say of them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from string import Template

import pytest
from cli_runner import FOLDER, RULESET, Run, run

from voucher_rules.checked.check import ANSWERS, STATUSES
from voucher_rules.checked.parameters import PARAMETER_LIMITS
from voucher_rules.checked.rules import TOPICS
from voucher_rules.cli.words import WORDS
from voucher_rules.language.types import Kind
from voucher_rules.ruleset.model import NO_RULE_REASONS
from voucher_rules.ruleset.rules import MECHANICS

__all__ = ["run"]  # fixtures


def test_rulesets_are_listed(run: Run) -> None:
    done = run("list", "--rulesets", str(FOLDER))
    assert done.code == 0
    headings, _, *rows = done.out.splitlines()
    assert headings.split() == ["ruleset", "edition", "title", "decisions"]
    assert [row.split()[:2] for row in rows] == [
        ["cn-bj-service-voucher", "2023"],
        ["cn-gx-service-voucher", "2024"],
        ["cn-nm-demonstration-platform", "undated"],
        ["cn-nm-service-voucher", "draft"],
        ["cn-nx-service-voucher", "2016"],
        ["cn-sme-size", "2011"],
        ["shop-voucher", "2020"],
    ]
    assert rows[-1].endswith("claim, use, bonus, sanction")


def test_a_ruleset_that_cannot_be_used_is_listed_and_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "1.yaml").write_text("ruleset: broken\n", encoding="utf-8")
    done = run("list", "--rulesets", str(tmp_path), "--rulesets", str(FOLDER))
    assert done.code == 4
    assert f"see voucher-rules check {tmp_path / 'broken' / '1.yaml'}" in done.out
    assert "shop-voucher" in done.out


def test_a_folder_of_rulesets_must_be_there(run: Run) -> None:
    done = run("list", "--rulesets", "nowhere")
    assert done.code == 3
    assert done.err.startswith("--rulesets: folder-not-found: ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no-such-voucher"], "ruleset-not-found: "),
        (["./none.yaml"], "file-not-found: "),
        (["2020.cases.yaml"], "not-a-ruleset-file: "),
        (["shop-voucher", "--edition", "2021"], "edition-not-found: "),
        ([str(RULESET), "--edition", "2021"], "edition-not-found: "),
    ],
)
def test_a_ruleset_that_is_not_there_is_told(run: Run, words: list[str], told: str) -> None:
    done = run("show", *words, "--rulesets", str(FOLDER))
    assert done.code == 4
    assert done.out == ""
    assert done.err.startswith(told)


def test_a_ruleset_that_is_refused_is_told_at_its_places(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "2020.yaml"
    text = RULESET.read_text(encoding="utf-8").replace("shop.size ==", "shop.sise ==")
    path.write_text(text, encoding="utf-8")
    done = run("show", str(path))
    assert done.code == 4
    assert done.err.startswith(f"{path}:")
    assert "did you mean `shop.size`?" in done.err


def test_a_folder_in_place_of_a_ruleset_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "shop" / "1.yaml"
    path.mkdir(parents=True)
    for words in (["show", str(path)], ["show", "shop", "--rulesets", str(tmp_path)]):
        done = run(*words)
        assert done.code == 4
        assert "file-not" in done.err


def test_a_ruleset_is_shown_whole(run: Run) -> None:
    done = run("show", "shop-voucher", "--rulesets", str(FOLDER))
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "shop-voucher 2020 — Shop voucher (example)"
    assert [line for line in lines[1:] if line and not line.startswith(" ")] == [
        "document",
        "decisions",
        "provisions",
        "parameters",
        "readings",
    ]
    for told in (
        "in force until  2022-12-31",
        "第一条          purpose                                       says why the measure exists",
        "1000元 (2020-02-01 to 2020-12-31), 1500元 (2021-01-01 to …)",
        "unset, for the notice that issues it to set",
        "yearly (default), each",
    ):
        assert told in done.out


def test_a_start_that_is_disputed_is_shown_with_its_reading(run: Run) -> None:
    done = run("show", "cn-nx-service-voucher")
    assert "2016-06-24 (signed), 2016-06-27 (printed), by the reading promulgation_day" in done.out
    assert "in force until  not stated" in done.out


def test_a_provision_is_shown_with_its_rules(run: Run) -> None:
    done = run("show", str(RULESET), "第二条")
    assert done.code == 0
    for told in (
        "shop-voucher 2020 — 第二条\n  a shop may claim half the price, up to a cap\n",
        "share        50%",
        "  is_small [eligibility] claim\n    the shop must be small\n    require: shop.size ==",
        "\n    substantive\n    next: nothing can be done\n",
        "a limit in principle: beyond it a person decides",
        "limit: voucher.amount ≤ cap - ledger.claimed_before\n    when: reading.cap_scope ==",
        "define: own.share = contract.amount - voucher.amount",
        "warning: a first claim; check the papers",
        "order: shop.loyal, highest first, claim.at, lowest first",
        "- yearly (default): for a year\n    - each: for one claim\n",
    ):
        assert told in done.out


def test_every_mechanic_is_told(run: Run) -> None:
    refs = ("第二条", "第三条（一）", "第三条（二）", "第四条")
    told = "".join(run("show", str(RULESET), ref).out for ref in refs)
    lines = (
        "window: voucher.used_on within validity from voucher.issued_on",
        "papers: contract.papers must hold contract, receipt",
        "exclude: shop.cheated",
        "consequence: shop: barred from further claims, from claim.date until without end",
    )
    assert all(line in told for line in lines)
    # Nine mechanics: five named here and above by `require`, `limit`, `define`, `warn`, `rank`.
    assert len(MECHANICS) == 9


def test_a_provision_is_shown_with_its_parts(run: Run) -> None:
    done = run("show", str(RULESET), "第三条")
    assert "decided by the parts below it" in done.out
    assert "第三条（一）" in done.out
    assert "第三条（二）" in done.out
    assert "第四条" not in done.out


LIVES = FOLDER.parent / "ledger" / "rulesets" / "invented-voucher" / "1.yaml"


def test_histories_are_shown(run: Run) -> None:
    done = run("show", str(LIVES))
    assert done.code == 0
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    for told in (
        "history: voucher [voucher]",
        "amount it has one (CNY)",
        "carries enterprise: named when the event is entered",
        "not settled yet: how much of it is “accepted”",
        "expired [expired] run out",
        (
            "put on the waiting list [wait] new → “waiting” "
            "where nothing is left of “money of the year” 第五条"
        ),
        (
            "called up [call_up] “waiting” → “ordered” "
            "when something is left of “money of the year” again 第五条"
        ),
        "cancelled [cancel] “ordered” or “accepted” → “cancelled” entered by people",
        "settled [settle] “accepted” → “settled” when “settlement” comes out granted 第七条",
        "a part of it may move its amount is “settled”",
        (
            "lapsed unaccepted [time_out] “ordered” → “timed out” "
            "it comes by itself once this has ended: accepted within 48 hours (第六条) 第六条"
        ),
        "what it takes how many different “provider” among “voucher”",
        "whose the same “enterprise”, the same “provider”",
        "in which states “promised, not paid out”, “paid out”",
        "money: money of the year [funds]",
        "where nothing is left put to wait: voucher: put on the waiting list",
    ):
        assert told in lines
    assert not [line for line in done.out.splitlines() if line != line.rstrip()]


def test_a_provision_names_the_events_that_cite_it(run: Run) -> None:
    told = run("show", str(LIVES), "第五条").out
    here = told.partition("events and money\n")[2].splitlines()
    assert [line.strip() for line in here] == [
        "voucher: put on the waiting list",
        "voucher: called up",
        "money: money of the year",
    ]
    assert "events and money" not in run("show", str(LIVES), "第一条").out


@pytest.mark.parametrize(
    ("told", "of"),
    [
        ("everyone's", "funds.redeemed_in_region"),
        ("“announced” no later than “day the contract was signed”", "provider.signed"),
        ("it must fall within the first of these that applies:", "perform"),
    ],
)
def test_shipped_histories_are_shown(run: Run, told: str, of: str) -> None:
    done = run("show", "cn-nm-service-voucher")
    assert f"[{of}]" in done.out
    assert told in done.out


def test_an_unknown_provision_is_refused(run: Run) -> None:
    done = run("show", str(RULESET), "第三条(一)")
    assert done.code == 3
    assert done.err.startswith("第三条(一): unknown-provision: ")
    assert "did you mean `第三条（一）`?" in done.err


def test_facts_are_listed(run: Run) -> None:
    done = run("facts", str(RULESET), "claim")
    assert done.code == 0
    for told in (
        "shop.size              one of: small, large",
        "size of the shop         business licence",
        "count: 人, at most 500人",
        "money: CNY, at least 1元",
        "date and time, or none",
        "the district office",
        "the ledger",
    ):
        assert told in done.out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("ruleset", "decision"),
    [
        (str(RULESET), "claim"),
        (str(RULESET), "use"),
        (str(RULESET), "sanction"),
        ("cn-nx-service-voucher", "claim"),
        ("cn-nx-service-voucher", "admit_provider"),
    ],
)
def test_the_template_can_be_decided_as_it_is(
    run: Run, tmp_path: Path, lang: str, ruleset: str, decision: str
) -> None:
    template = run("facts", ruleset, decision, "--format", "yaml", lang=lang)
    path = tmp_path / "facts.yaml"
    path.write_text(template.out, encoding="utf-8")
    done = run("decide", ruleset, decision, "--facts", str(path))
    assert done.err == ""
    assert done.code == 12
    # What only the balances of a ledger go by stands in a comment.
    listed = re.findall(r"^(?:# )?([a-z_]+\.[a-z_.]+): (.*)$", template.out, re.MULTILINE)
    table = run("facts", ruleset, decision).out.splitlines()[2:]
    assert [name for name, _ in listed] == [row.split()[0] for row in table]
    assert {value for _, value in listed} == {"unknown"}


def test_the_template_says_what_may_be_written(run: Run) -> None:
    done = run("facts", str(RULESET), "use", "--format", "yaml")
    assert (
        "# papers handed in\n"
        "# some of: contract, receipt, e.g. [contract, receipt]\n"
        "contract.papers: unknown"
    ) in done.out


@pytest.mark.parametrize("command", ["list", "show", "facts"])
def test_results_are_told_in_both_languages(run: Run, command: str) -> None:
    words = {"list": [], "show": [str(RULESET)], "facts": [str(RULESET), "claim"]}[command]
    zh, en = (run(command, *words, lang=lang) for lang in ("zh", "en"))
    assert zh.code == en.code == 0
    assert zh.out != en.out
    assert len(zh.out.splitlines()) == len(en.out.splitlines())


def test_the_last_edition_is_taken(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "shop-voucher"
    shutil.copytree(RULESET.parent, folder)
    text = RULESET.read_text(encoding="utf-8").replace('edition: "2020"', 'edition: "2021"')
    (folder / "2021.yaml").write_text(text, encoding="utf-8")
    words = ("show", "shop-voucher", "--rulesets", str(tmp_path))
    assert run(*words).out.startswith("shop-voucher 2021 ")
    assert run(*words, "--edition", "2020").out.startswith("shop-voucher 2020 ")


def test_every_word_of_the_format_has_a_text() -> None:
    lists = {
        "no_rule": NO_RULE_REASONS,
        "topic": TOPICS,
        "kind": Kind,
        "status": STATUSES,
        "answers": ANSWERS,
        "limit": PARAMETER_LIMITS,
    }
    named = {f"{kind}.{word}" for kind, words in lists.items() for word in words}
    assert named <= set(WORDS)


def test_both_languages_have_the_same_slots() -> None:
    for key, (zh, en) in WORDS.items():
        slots = [sorted(Template(text).get_identifiers()) for text in (zh, en)]
        assert slots[0] == slots[1], key


def test_a_document_that_lasts_from_a_day_it_does_not_state_is_told_so(run: Run) -> None:
    told = run("show", "cn-gx-service-voucher").out
    assert "3 years from its first day, which is not stated" in told


def test_the_code_of_a_decision_is_shown(run: Run) -> None:
    told = run("show", "cn-nx-service-voucher", "--compiled", "supervision_fee").out
    lines = told.splitlines()
    assert lines[0] == "# supervision_fee 2016-06-27 – 2100-12-31"
    assert "# a1 contract.amount" in lines
    compile(told, "shown", "exec")


def test_the_code_of_a_decision_there_is_not_is_refused(run: Run) -> None:
    done = run("show", "cn-nx-service-voucher", "--compiled", "supervision_fees", "--lang", "en")
    assert done.code == 3
    assert "supervision_fee" in done.err
