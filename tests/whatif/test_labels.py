"""Groups, parameters and readings are shown as rulesets call them; data keep their codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.api.studies import Study

NX: Final = vr.load("cn-nx-service-voucher", "2016")
ROWS: Final = [
    {
        **facts,
        "day": f"2017-03-{1 + at % 5:02d}",
        "district": "东",
        "规模": facts["enterprise.size"],
    }
    for at, facts in enumerate(vr.synthesise(NX, "claim", 12, seed=7, on="2017-03-01"))
]
RENAMED: Final = [
    {name: cell for name, cell in row.items() if name != "enterprise.size"} for row in ROWS
]
SIZES: Final = ("微型", "小型", "中型")
CODES: Final = ["micro", "small", "medium"]


def make_studies() -> dict[str, Study]:
    told: dict[str, Any] = {"decision": "claim", "by": "enterprise.size", "jobs": 1}
    changes = {"item_ratio": "60%", "item_cap": "2500元"}
    pair = [vr.Regime(NX, "claim"), vr.Regime(NX.amend({"item_cap": "1元"}), "claim")]
    return {
        "population": vr.evaluate(NX, ROWS, **told),
        "reform": vr.reform(ROWS, NX, changes, budget="1万元", arrives="day", **told),
        "sweep": vr.sweep(ROWS, NX, values={"item_cap": ["2000元", "3000元"]}, **told),
        "readings": vr.reading_study(ROWS[:4], NX, **told),
        "regimes": vr.regimes(ROWS, pair, by="enterprise.size", jobs=1),
        "exhaust": vr.exhaust(ROWS, NX, "1万元", arrives="day", **told),
    }


STUDIES: Final = make_studies()


@pytest.mark.parametrize("name", STUDIES)
def test_groups_are_called_by_their_labels_in_text_and_on_the_page(name: str) -> None:
    study = STUDIES[name]
    heading = {
        "zh": "按「企业规模（按2011年划型标准）」",
        "en": NX.checked.inputs["enterprise.size"].label.en,
    }
    for language in ("zh", "en"):
        for text in (study.summary(language), study.to_html(language)):
            assert heading[language] in text
            assert "enterprise.size" not in text
    assert any(size in study.summary("zh") for size in SIZES)
    words = study.summary("zh").replace("medium_enterprises", "").split()
    assert not set(words) & set(CODES)


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("population", "by_enterprise.size"),
        ("reform", "by_enterprise.size"),
        ("sweep", "by_enterprise.size"),
        ("readings", "by_enterprise.size"),
        ("regimes", "by_enterprise.size"),
        ("exhaust", "exhaust_by_enterprise.size"),
    ],
)
def test_a_table_of_data_keeps_the_codes_in_the_order_they_are_declared(
    name: str, sheet: str
) -> None:
    found = list(dict.fromkeys(row["group"] for row in STUDIES[name].to_rows(sheet)))
    assert found == [code for code in CODES if code in found]
    assert found
    frame = STUDIES[name].to_frame(sheet)
    assert set(frame["group"]) == set(found)


def test_rows_keep_codes_under_the_name_of_the_column() -> None:
    for row, facts in zip(STUDIES["population"].to_rows("rows"), ROWS, strict=True):
        assert row["enterprise.size"] == facts["enterprise.size"]


def test_a_column_of_another_name_is_called_as_its_fact_is() -> None:
    columns = {"规模": "enterprise.size"}
    study = vr.evaluate(NX, RENAMED, decision="claim", by="规模", columns=columns, jobs=1)
    assert study.sheet("by_规模").title.en == f"By {NX.checked.inputs['enterprise.size'].label.en}"
    assert "微型" in study.summary("zh")


def test_what_has_no_label_goes_by_its_own_name() -> None:
    study = vr.evaluate(NX, ROWS, decision="claim", by=["district", "规模"], jobs=1)
    assert study.sheet("by_district").title.zh == "按「district」分组"
    assert study.sheet("by_规模").title.zh == "按「规模」分组"
    assert [row[0] for row in study.sheet("by_district").rows] == ["东"]
    assert [row["group"] for row in study.to_rows("by_规模")] == sorted(CODES)


def test_truths_written_as_text_are_told_as_truths() -> None:
    rows = [{"contract.amount": "100元", "enterprise.barred": x} for x in ("true", "false")]
    study = vr.evaluate(NX, rows, decision="claim", by="enterprise.barred", on="2017-03-01", jobs=1)
    assert [row["group"] for row in study.to_rows("by_enterprise.barred")] == ["false", "true"]
    lines = study.summary("zh").split("分组\n")[1].splitlines()
    assert [line.split()[0] for line in lines[2:4]] == ["否", "是"]


def test_parameters_and_readings_are_called_by_their_labels() -> None:
    sweep = STUDIES["sweep"]
    assert sweep.title("zh").startswith("逐值试算（单项补贴金额上限）")
    assert sweep.sheet().columns[0].label.zh == "单项补贴金额上限"
    assert next(iter(sweep.to_frame().columns)) == "item_cap"
    readings = STUDIES["readings"]
    assert "中型企业是否属于补贴对象？「不属于" in readings.summary("zh")
    assert "medium_enterprises=excluded" in set(readings.to_frame()["reading"])
    changed = vr.Regime(
        NX.amend({"item_cap": "2500元"}), "claim", {"medium_enterprises": "excluded"}
    )
    parts = vr.reform(ROWS[:3], NX, changed, decision="claim", jobs=1)
    assert [row["change"] for row in parts.to_rows("parts")] == [
        "item_cap",
        "reading.medium_enterprises",
    ]
    assert parts.to_rows("parts")[1]["after"] == "excluded"
    assert "reading.medium_enterprises" not in parts.summary("en")


def test_parameters_of_one_label_are_told_apart_by_their_names(tmp_path: Path) -> None:
    lamps = (Path(__file__).parent / "lamps.yaml").read_text("utf-8")
    alike = lamps.replace("label: {zh: 顶格, en: top}", "label: {zh: 上限, en: cap}")
    (tmp_path / "1.yaml").write_text(alike, "utf-8")
    rows = [{"claim.date": "2024-05-01", "lamp.price": "10分", "lamp.count": "1盏"}]
    values = {"scale": ["1分"], "top": ["2分"]}
    study = vr.sweep(rows, vr.load(tmp_path / "1.yaml"), "claim", values, jobs=1)
    assert [x.label.zh for x in study.sheet().columns[:2]] == ["上限 · scale", "上限 · top"]


def test_a_fact_that_cannot_be_read_is_called_by_its_label() -> None:
    rows = [{"contract.amount": "many"}]
    study = vr.evaluate(NX, rows, decision="claim", on="2017-03-01", jobs=1)
    assert "服务合同金额" in study.summary("zh")
    assert [row["fact"] for row in study.to_rows("rejected")] == ["contract.amount"]


def test_cells_carry_their_headings_for_narrow_pages() -> None:
    for page in (STUDIES["population"].to_html("zh"), STUDIES["population"].show("zh").html):
        assert "rp-stack" in page
        assert 'data-label="已确定"' in page
        assert "@media screen and (max-width: 640px)" in page
