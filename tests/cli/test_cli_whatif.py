"""The command ``whatif``: a table in, the study out as text, page and figures."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from cli_runner import RULESET, Run, run

from voucher_rules.cli.progress import PATIENCE, Progress

__all__ = ["run"]

TABLE = """\
企业,区县,金额,人数,claim.date,shop.size
甲,东,900,10,2021-03-01,small
乙,东,3000,60,2021-03-02,small
丙,西,5000,20,2021-03-03,small
丁,西,,20,2021-03-04,small
戊,西,x,20,2021-03-05,small
"""
GIVEN = ("--given", "finding.well_run=true", "--given", "ledger.claimed_before=0元")
COLUMNS = ("--column", "金额=contract.amount", "--column", "人数=shop.staff")


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def test_a_table_is_added_up(run: Run, table: str) -> None:
    done = run("whatif", str(RULESET), "claim", table, *COLUMNS, *GIVEN, "--by", "区县")
    assert done.code == 0
    assert done.out.startswith("4 applications under shop-voucher 2020\n")
    assert "CNY 1,950 settled" in done.out
    assert "1 rows cannot be read" in done.out
    assert "By 区县" in done.out
    assert done.err == ""
    told = run("whatif", str(RULESET), "claim", table, *COLUMNS, *GIVEN, lang="zh").out
    assert told.startswith("4 件申请，按 shop-voucher 2020\n")


def test_a_reform_is_written_as_page_and_figures(run: Run, table: str, tmp_path: Path) -> None:
    page, figures = tmp_path / "study.html", tmp_path / "study.json"
    words = ("--set", "cap=800元", "--budget", "1500元", "--arrives", "claim.date")
    files = ("--html", str(page), "--json", str(figures))
    bands = ("--by", "contract.amount=1000元,4000元")
    done = run("whatif", str(RULESET), "claim", table, *COLUMNS, *GIVEN, *words, *bands, *files)
    assert done.code == 0
    assert "before: the money runs out on 2021-03-03" in done.out
    assert done.err == f"written to {page}\nwritten to {figures}\n"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    data = json.loads(figures.read_text(encoding="utf-8"))
    assert data["study"] == "Reform"
    sheets = {sheet["name"]: sheet["rows"] for sheet in data["sheets"]}
    assert sheets["totals"][0]["before_greatest"] == "4950"
    assert sheets["before_exhaust"][0]["ran_out"] == "2021-03-03"
    assert [row["group"] for row in sheets["by_contract.amount"]][-1] is None


def test_values_and_readings_are_tried(run: Run, table: str) -> None:
    words = ("whatif", str(RULESET), "claim", table, *COLUMNS, *GIVEN)
    assert "values tried (share)" in run(*words, "--try", "share=40%,60%").out
    assert "cap_scope=each" in run(*words, "--all-readings").out
    paid = run(*words, "--budget", "10万元", "--arrives", "claim.date")
    assert "the money suffices" in paid.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--budget", "1元"), 3, "arrives-without-budget"),
        (("--arrives", "claim.date"), 3, "arrives-without-budget"),
        (("--set", "cap=1元", "--all-readings"), 3, "option-against"),
        (("--try", "cap=1元", "--budget", "1", "--arrives", "claim.date"), 3, "option-against"),
        (("--column", "金额=contract.amuont"), 3, "unknown-fact"),
        (("--by", "nothing"), 3, "not-one-of"),
        (("--html", "/no/such/folder/x.html"), 3, "file-not-writable"),
        (("--floats", "round"), 2, "invalid choice"),
    ],
)
def test_what_does_not_go_is_refused(
    run: Run, table: str, words: tuple[str, ...], code: int, said: str
) -> None:
    done = run("whatif", str(RULESET), "claim", table, *words)
    assert done.code == code
    assert said in done.err


def test_progress_is_told_where_it_is_asked_for() -> None:
    stream = io.StringIO()
    now = [0]
    progress = Progress("en", stream, lambda: now[0], always=True)
    progress.tell(1, 2, 1)
    assert stream.getvalue() == ""
    now[0] = PATIENCE
    progress.tell(1, 2, 1)
    assert "50%" in stream.getvalue()
    silent = io.StringIO()
    Progress("en", silent, lambda: now[0]).tell(1, 2, 1)
    assert silent.getvalue() == ""


@pytest.mark.parametrize(
    ("ending", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")]
)
def test_a_study_is_drawn_into_a_file(tmp_path: Path, run: Run, ending: str, start: bytes) -> None:
    table, plot = tmp_path / "fees.csv", tmp_path / f"fees.{ending}"
    table.write_text("town,contract.amount,fee.date\nA,4万元,2017-03-01\nB,,2017-03-02\n", "utf-8")
    words = ["whatif", "cn-nx-service-voucher", "supervision_fee", str(table), "--by", "town"]
    more = ["--plot", str(plot), "--picture", "outcomes", "--jobs", "1"]
    done = run(*words, *more)
    assert done.code == 0
    assert str(plot) in done.err
    assert plot.read_bytes().startswith(start)
    done = run(*words, "--plot", str(plot), "--picture", "spend")
    assert done.code == 3
    assert "not one of the options" in done.err


def test_a_cell_that_is_no_text_of_utf_8_is_refused_with_its_line(run: Run, tmp_path: Path) -> None:
    path, page = tmp_path / "table.jsonl", tmp_path / "study.html"
    path.write_text('{"name": "\\ud800", "contract.amount": 1}\n', encoding="utf-8")
    done = run("whatif", str(RULESET), "claim", str(path), "--by", "name", "--html", str(page))
    assert done.code != 0
    assert f"{path}:1:" in done.err
    assert "U+D800" in done.err
    assert not page.exists()
