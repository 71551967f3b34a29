"""Comes in: facts in every form. Goes out: what `decide` prints, and the exit code it tells by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import GRANTED, RULESET, Run, facts, run, write_input

__all__ = ["facts", "run"]  # fixtures


def write_facts(folder: Path, *changes: str) -> str:
    """Write the facts of a granted claim with some lines replaced or added."""
    lines = {line.partition(":")[0]: line for line in [*GRANTED.splitlines(), *changes]}
    path = folder / "facts.yaml"
    path.write_text("\n".join(lines.values()) + "\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("changes", "code", "outcome"),
    [
        ((), 0, "✓ granted"),
        (("shop.size: large",), 10, "✗ denied"),
        (("finding.well_run: unknown",), 11, "? referred to a person"),
        (("shop.staff: 51人",), 11, "? referred to a person"),
        (("contract.amount: unknown",), 12, "? undetermined: facts are missing"),
        (("claim.date: 2023-01-01",), 13, "✗ the measure is not in force on that day"),
    ],
    ids=["granted", "denied", "referred", "soft", "undetermined", "not-in-force"],
)
def test_the_exit_code_tells_the_outcome(
    run: Run, tmp_path: Path, changes: tuple[str, ...], code: int, outcome: str
) -> None:
    done = run("decide", str(RULESET), "claim", "--facts", write_facts(tmp_path, *changes))
    assert done.code == code
    assert done.out.splitlines()[1] == outcome
    assert done.err == ""


def test_a_value_that_is_worked_out_is_determined(run: Run, tmp_path: Path) -> None:
    path = write_facts(tmp_path, "shop.cheated: false", "contract.papers: []")
    done = run("decide", str(RULESET), "sanction", "--facts", path)
    assert done.code == 0
    assert "determined" in done.out


def test_chinese_is_the_language_unless_another_is_named(run: Run, facts: Path) -> None:
    done = run("decide", str(RULESET), "claim", "--facts", str(facts), lang="")
    assert done.out.startswith("小店服务券（示例） — 申领\n✓ 准予\n")


def test_messages_are_in_the_language_of_the_results(run: Run, tmp_path: Path) -> None:
    path = write_facts(tmp_path, "shop.size: tiny")
    for lang, told in (
        ("zh", "「tiny」不在可选项之内"),
        ("en", "`tiny` is not one of the options"),
    ):
        done = run("decide", str(RULESET), "claim", "--facts", path, lang=lang)
        assert done.code == 3
        assert done.out == ""
        assert told in done.err


def test_a_refused_fact_is_told_at_its_place(run: Run, tmp_path: Path) -> None:
    path = write_facts(tmp_path, "contract.amount: 5,000元")
    done = run("decide", str(RULESET), "claim", "--facts", path)
    assert done.err.startswith(f"{path}:7:18: digit-separator: ")
    assert "  7 | contract.amount: 5,000元" in done.err


def test_every_refused_fact_is_told_at_once(run: Run, tmp_path: Path) -> None:
    path = write_facts(tmp_path, "shop.size: tiny", "shop.age: 3", "contract.amount: 0元")
    done = run("decide", str(RULESET), "claim", "--facts", path)
    assert [line.split(": ")[1] for line in done.err.splitlines() if line.startswith(path)] == [
        "not-one-of",
        "out-of-range",
        "unknown-fact",
    ]


def test_json_facts_give_the_same_decision(
    run: Run, tmp_path: Path, facts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = {
        "claim.date": "2021-03-01",
        "claim.at": "2021-03-01T09:00",
        "shop.size": "small",
        "shop.staff": 20,
        "shop.first_claim": False,
        "shop.loyal": True,
        "contract.amount": 1800.00,
        "finding.well_run": {"value": True, "by": "街道办", "on": "2021-02-01"},
        "ledger.claimed_before": "100元",
        "voucher.used_on": "unknown",
    }
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(stated), encoding="utf-8")
    words = ("decide", str(RULESET), "claim", "--format", "json", "--facts")
    from_json = json.loads(run(*words, str(path)).out)
    from_yaml = json.loads(run(*words, str(facts)).out)
    write_input(monkeypatch, f"\n {json.dumps(stated)}")
    from_input = json.loads(run(*words, "-").out)
    assert from_json == from_yaml | {"warnings": from_json["warnings"]}
    assert from_json == from_input
    assert from_json["amounts"]["voucher.amount"]["value"] == "900.00"


def test_unknown_and_none_are_words_in_json_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_input(monkeypatch, '{"claim.at": "none", "shop.size": "unknown", "claim.date": "none"}')
    done = run("decide", str(RULESET), "claim", "--facts", "-")
    assert done.err.startswith("claim.date: none-not-allowed: ")
    assert done.err.count("none-not-allowed") == 1


def test_yaml_is_read_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_input(monkeypatch, GRANTED)
    assert run("decide", str(RULESET), "claim", "--facts", "-").code == 0
    write_input(monkeypatch, "shop.size: [\n")
    done = run("decide", str(RULESET), "claim", "--facts", "-")
    assert done.code == 3
    assert done.err.startswith("<stdin>:")


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ('{"shop.size": null}', "facts.json", "null-value"),
        ('{"shop.size": }', "facts.json", "json-syntax"),
        ("[1]", "facts.json", "root-not-a-mapping"),
        ("", "facts.yaml", "empty-file"),
        ("- x", "facts.yml", "root-not-a-mapping"),
        ('{"shop.size": "tiny"}', "facts", "not-one-of"),
        ("owner: {name: x}", "facts", "facts-nested"),
    ],
)
def test_a_file_that_holds_no_facts_is_refused(
    run: Run, tmp_path: Path, text: str, name: str, code: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    done = run("decide", str(RULESET), "claim", "--facts", str(path))
    assert done.code == 3
    assert f": {code}: " in done.err


def test_a_file_of_facts_must_be_there_and_readable(run: Run, tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no.yaml", "file-not-found"), (tmp_path, "file-not-readable")):
        done = run("decide", str(RULESET), "claim", "--facts", str(path))
        assert done.code == 3
        assert done.err.startswith(f"{code}: ")


def test_the_day_may_be_given_beside_the_facts(run: Run, tmp_path: Path) -> None:
    path = write_facts(tmp_path, "claim.date: unknown")
    words = ("decide", str(RULESET), "claim", "--facts", path, "--on")
    assert run(*words, "2021-03-01").code == 0
    assert run(*words, "2019-03-01").code == 13
    done = run(*words, "2021-3-1")
    assert done.code == 3
    assert done.err.startswith("on: not-a-date: ")


def test_a_measure_may_be_assumed_to_be_in_force(run: Run, tmp_path: Path) -> None:
    path = write_facts(tmp_path, "claim.date: 2023-01-01")
    done = run("decide", str(RULESET), "claim", "--facts", path, "--assume-in-force")
    assert done.code == 0
    assert "assumed to be in force" in done.out


def test_a_reading_may_be_chosen(run: Run, facts: Path) -> None:
    words = ("decide", str(RULESET), "claim", "--facts", str(facts), "--reading")
    done = run(*words, "cap_scope=each")
    assert done.code == 0
    assert "“for one claim” (`each`) instead of “for a year” (`yearly`)" in done.out
    assert run(*words, "cap_scope=never").err.startswith("reading.cap_scope: not-one-of: ")
    assert run(*words, "scope=each").err.startswith("unknown-reading: ")


def test_a_parameter_may_be_set(run: Run, facts: Path) -> None:
    words = ("decide", str(RULESET), "claim", "--facts", str(facts), "--set")
    done = run(*words, "share=25%")
    assert done.code == 0
    assert "voucher amount: CNY 450" in done.out
    assert "(`share`) is 25% instead of 50%" in done.out


def test_a_setting_takes_the_place_of_every_dated_value(run: Run, facts: Path) -> None:
    done = run("decide", str(RULESET), "claim", "--facts", str(facts), "--set", "cap=900元")
    assert done.code == 0
    assert "voucher amount: CNY 800\n" in done.out


@pytest.mark.parametrize(
    ("option", "texts", "told"),
    [
        ("--set", ["share"], "--set: bad-setting: expected `NAME=VALUE`, found `share`"),
        ("--set", ["=1"], "--set: bad-setting: expected `NAME=VALUE`, found `=1`"),
        ("--set", ["share="], "--set: bad-setting: expected `NAME=VALUE`, found `share=`"),
        ("--set", ["share=1%", "share=2%"], "--set: duplicate-key: the key `share` appears twice"),
        ("--set", ["shore=1%"], "--set shore=1%: unknown-parameter: there is no parameter `shore`"),
        ("--set", ["share=50%"], "--set share=50%: setting-has-no-effect: "),
        ("--set", ["share=half"], "--set share=half: not-a-number: expected a number"),
        ("--reading", ["cap_scope"], "--reading: bad-setting: "),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(
    run: Run, facts: Path, option: str, texts: list[str], told: str
) -> None:
    words = [word for text in texts for word in (option, text)]
    done = run("decide", str(RULESET), "claim", "--facts", str(facts), *words)
    assert done.code == 3
    assert done.err.startswith(told)


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_every_form_can_be_had(run: Run, facts: Path, tmp_path: Path, form: str) -> None:
    words = ("decide", str(RULESET), "claim", "--facts", str(facts), "--format", form)
    printed = run(*words)
    output = tmp_path / "结果.txt"
    written = run(*words, "--output", str(output))
    assert (printed.code, written.code) == (0, 0)
    assert written.out == ""
    assert written.err == f"written to {output}\n"
    assert output.read_text(encoding="utf-8").rstrip("\n") == printed.out.rstrip("\n")


def test_a_result_that_cannot_be_written_is_told(run: Run, facts: Path, tmp_path: Path) -> None:
    output = tmp_path / "none" / "out.txt"
    words = ("decide", str(RULESET), "claim", "--facts", str(facts), "--output", str(output))
    done = run(*words)
    assert done.code == 3
    assert done.err.startswith(f"file-not-writable: the file `{output}` cannot be written")


def test_the_trace_tells_every_rule(run: Run, facts: Path) -> None:
    words = ("decide", str(RULESET), "claim", "--facts", str(facts))
    assert "[is_small]" not in run(*words).out
    assert "[is_small]" in run(*words, "--trace").out


def test_an_unknown_decision_is_refused(run: Run, facts: Path) -> None:
    done = run("decide", str(RULESET), "clam", "--facts", str(facts))
    assert done.code == 3
    assert done.err.startswith("unknown-decision: there is no decision `clam`")


def test_a_document_that_states_no_start_says_how_to_decide_all_the_same(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "none.json").write_text("{}", encoding="utf-8")
    facts = ("--facts", str(tmp_path / "none.json"))
    words = ("cn-gx-service-voucher", "quota", "--on", "2025-03-01", *facts)
    done = run("decide", *words)
    assert done.code == 12
    assert "add --in-force-from DATE" in done.err
    assert "it is not known whether it is in force" in done.out
    assert "in-force" not in run("decide", *words, "--assume-in-force").err
    assert "in-force" not in run("decide", *words, "--in-force-from", "2024-05-01").err


def test_a_draft_says_how_to_decide_all_the_same(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("{}", encoding="utf-8")
    words = ("cn-nm-service-voucher", "claim", "--on", "2025-03-01")
    done = run("decide", *words, "--facts", str(tmp_path / "none.json"))
    assert (done.code, "the document has no force" in done.err) == (13, True)


@pytest.mark.parametrize("day", ["2025-03-02", "2025-03-01", "2025-02-28", "2022-03-02"])
@pytest.mark.parametrize("on", ["2025-03-01", "2025-03-02"])
def test_a_first_day_is_stated_by_an_option(run: Run, tmp_path: Path, day: str, on: str) -> None:
    """The measure holds three years; what is not known beside it keeps the outcome open."""
    (tmp_path / "none.json").write_text("{}", encoding="utf-8")
    facts = ("--facts", str(tmp_path / "none.json"), "--in-force-from", day)
    done = run("decide", "cn-gx-service-voucher", "quota", "--on", on, *facts)
    outside = (day, on) in {("2025-03-02", "2025-03-01"), ("2022-03-02", "2025-03-02")}
    assert done.code == (13 if outside else 12)
    assert f"stated as {day}" in done.out


@pytest.mark.parametrize(
    ("ruleset", "day", "code"),
    [
        ("cn-nx-service-voucher", "2025-03-01", "start-already-stated"),
        ("cn-nm-service-voucher", "2025-03-01", "start-without-force"),
        ("cn-gx-service-voucher", "2025-02-30", "no-such-day"),
    ],
)
def test_a_first_day_that_cannot_be_stated_is_refused(
    run: Run, tmp_path: Path, ruleset: str, day: str, code: str
) -> None:
    (tmp_path / "none.json").write_text("{}", encoding="utf-8")
    decision = {"cn-gx-service-voucher": "quota"}.get(ruleset, "claim")
    facts = ("--facts", str(tmp_path / "none.json"), "--in-force-from", day)
    done = run("decide", ruleset, decision, "--on", "2025-03-01", *facts)
    assert done.code == 3
    assert done.err.startswith(f"--in-force-from: {code}")
