"""Files of every format: what is read from them, and what is said where that cannot be."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

import voucher_rules as vr
from voucher_rules.intake.provisions import split_provisions
from voucher_rules.intake.read_text import parse_text, read_text

PACKAGES = {".docx": "docx", ".pdf": "pypdf", ".html": "bs4"}


def refusal(path: Path) -> str:
    with pytest.raises(vr.InputError) as caught:
        read_text(path)
    return caught.value.diagnostics[0].code


def test_a_plain_text_is_read_with_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeff第一条 甲\r\n第二条 乙\r第三条 丙".encode())
    text = read_text(path)
    assert [piece.ref for piece in split_provisions(text)] == ["第一条", "第二条", "第三条"]
    assert text.digest.startswith("sha256:")
    assert text.place(text.words.index("丙")) == (3, 5)


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.png", "a.xlsx"])
def test_another_format_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path / name) == "text-format-unknown"


@pytest.mark.parametrize("suffix", PACKAGES)
def test_a_reader_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setitem(sys.modules, PACKAGES[suffix], None)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"x")
    assert refusal(path) == "reader-missing"


@pytest.mark.parametrize("suffix", PACKAGES)
def test_a_file_that_its_reader_refuses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    # A reader without any of its own names fails whatever it is asked, as one does on a bad file.
    monkeypatch.setitem(sys.modules, PACKAGES[suffix], ModuleType(PACKAGES[suffix]))
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"x")
    assert refusal(path) == "text-damaged"


def make_word(*, counted: bool) -> SimpleNamespace:
    """Stand in for the package that reads Word documents."""
    own = SimpleNamespace(xpath=lambda _: ["w:numPr"] if counted else [])
    paragraph = SimpleNamespace(text="第一条 甲", _p=own)
    row = SimpleNamespace(cells=[SimpleNamespace(text="第二条 乙"), SimpleNamespace(text="30%")])
    blocks = [paragraph, SimpleNamespace(rows=[row])]
    document = SimpleNamespace(iter_inner_content=lambda: iter(blocks))
    return SimpleNamespace(Document=lambda _: document)


def test_paragraphs_and_tables_of_a_word_document_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", make_word(counted=False))
    assert parse_text(b"x", "a.docx", ".docx").words == "第一条甲第二条乙30%"


def test_numbers_that_are_not_in_the_text_are_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", make_word(counted=True))
    with pytest.raises(vr.InputError) as caught:
        parse_text(b"x", "a.docx", ".docx")
    assert [x.code for x in caught.value.diagnostics] == ["text-counts-itself"]


def test_pages_of_a_pdf_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [SimpleNamespace(extract_text=lambda: "第一条 甲"), SimpleNamespace(extract_text=str)]
    reader = SimpleNamespace(PdfReader=lambda _: SimpleNamespace(pages=pages))
    monkeypatch.setitem(sys.modules, "pypdf", reader)
    assert parse_text(b"x", "a.pdf", ".pdf").words == "第一条甲"


@pytest.mark.skipif(not find_spec("bs4"), reason="beautifulsoup4 is not installed")
def test_a_page_is_read_block_by_block() -> None:
    page = "<head><title>x</title></head><p>第一条 甲<b>乙</b></p><div>第二条<br>丙</div>"
    text = parse_text(page.encode(), "a.html", ".html")
    assert [piece.ref for piece in split_provisions(text)] == ["第一条", "第二条"]
    assert text.words == "第一条甲乙第二条丙"


@pytest.mark.skipif(not find_spec("docx"), reason="python-docx is not installed")
def test_a_word_document_is_read(tmp_path: Path) -> None:
    import docx  # type: ignore[import-not-found]  # noqa: PLC0415 - not always there

    document = docx.Document()
    document.add_paragraph("第一条 甲")
    document.add_table(1, 1).cell(0, 0).text = "30%"
    document.save(str(tmp_path / "a.docx"))
    assert read_text(tmp_path / "a.docx").words == "第一条甲30%"


@pytest.mark.skipif(not find_spec("docx"), reason="python-docx is not installed")
def test_a_word_document_that_counts_itself_is_refused(tmp_path: Path) -> None:
    import docx  # noqa: PLC0415 - not always there

    document = docx.Document()
    paragraph = document.add_paragraph("甲")
    paragraph._p.get_or_add_pPr().get_or_add_numPr()
    document.save(str(tmp_path / "a.docx"))
    assert refusal(tmp_path / "a.docx") == "text-counts-itself"


@pytest.mark.skipif(not find_spec("pypdf"), reason="pypdf is not installed")
def test_a_pdf_without_words_is_told(tmp_path: Path) -> None:
    import pypdf  # type: ignore[import-not-found]  # noqa: PLC0415 - not always there

    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(str(tmp_path / "a.pdf"))
    assert refusal(tmp_path / "a.pdf") == "text-empty"
