"""Comes in: a sheet of exact figures. Goes out: a failure where one is told or kept wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from voucher_rules.api.studies import Study
from voucher_rules.batch.reading.frames import make_frame
from voucher_rules.checked.symbols import Wording
from voucher_rules.errors import InputError
from voucher_rules.explain.sheets import Column, Figure, Sheet
from voucher_rules.language.types import DATE, RATIO, Kind, Type

MONEY = Type(Kind.MONEY, "CNY")
COUNT = Type(Kind.COUNT, "家")


def word(zh: str, en: str) -> Wording:
    return Wording(zh, en)


COLUMNS = (
    Column("who", word("谁", "who"), Type(Kind.TEXT)),
    Column("spent", word("支出", "spent"), MONEY),
    Column("change", word("变化", "change"), MONEY, signed=True),
    Column("share", word("占比", "share"), RATIO),
    Column("day", word("日期", "day"), DATE),
    Column("known", word("已知", "known"), Type(Kind.BOOLEAN)),
)


class Invented(Study):
    def __init__(self, *rows: tuple[Figure, ...]) -> None:
        self._rows = rows

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        note = word("虚构。", "Invented.")
        return (Sheet("spending", word("支出表", "Spending"), COLUMNS, self._rows, note),)

    def title(self, language: str) -> str:
        return word("虚构研究", "An invented study").told(language)

    def list_lines(self, language: str) -> Iterator[str]:
        yield word("没有什么变化。", "Nothing changed.").told(language)


STUDY = Invented(
    ("甲 <b>", 200_050, 100, Fraction(1, 3), date(2024, 5, 1), True),
    ("乙", Fraction(200, 3), -100, Fraction(1, 2), None, False),
)


def test_money_and_ratios_are_told_in_both_languages() -> None:
    zh, en = STUDY.summary("zh"), STUDY.summary("en")
    assert "2,000.50元" in zh
    assert "+1元" in zh
    assert "-1元" in zh
    assert "33.33%" in zh
    assert "CNY 2,000.50" in en
    assert "+CNY 1" in en
    assert "-CNY 1" in en
    assert "Invented." in en
    assert "—" in en


def test_rows_for_programs_are_exact() -> None:
    first, second = STUDY.to_rows()
    assert first["spent"] == Decimal("2000.50")
    assert first["share"] == Fraction(1, 3)
    assert second["spent"] == Fraction(2, 3)
    assert second["day"] is None


def test_html_escapes_what_people_wrote() -> None:
    page = STUDY.to_html("en")
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "rp-number" in STUDY._repr_html_()


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_frames_keep_money_exact(kind: str) -> None:
    pytest.importorskip(kind)
    rows: list[dict[str, Decimal | None]] = [
        {"spent": Decimal("0.10")},
        {"spent": Decimal("2000.55")},
        {"spent": None},
    ]
    frame = make_frame(["spent"], rows, kind)
    match kind:
        case "pandas":
            found = list(frame["spent"])
        case "polars":
            found = frame["spent"].to_list()
        case _:
            found = frame["spent"].to_pylist()
    assert found == [Decimal("0.10"), Decimal("2000.55"), None]


def test_there_is_no_frame_of_another_kind() -> None:
    with pytest.raises(InputError, match="not-one-of"):
        make_frame(["a"], [], "excel")


def test_a_study_without_a_picture_says_so() -> None:
    with pytest.raises(InputError, match="no-picture"):
        STUDY.plot()


def test_a_notebook_shows_a_study_in_the_language_asked() -> None:
    shown = STUDY.show("en")
    assert 'lang="en"' in shown._repr_html_()
    assert "An invented study" in shown._repr_html_()
    assert repr(shown) == STUDY.summary("en")
