"""Comes in: the bytes of a .docx, .pdf or .html file. Goes out: its words, a paragraph a line.

The packages that read them are asked for when they are needed and not before; the extra ``intake``
names them. They do no more here than find the words: what the words mean is settled elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from typing import Any, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

_BLOCKS: Final = ["p", "div", "li", "tr", "br", "table", "h1", "h2", "h3", "h4", "h5", "h6"]
_UNSEEN: Final = ["script", "style", "head", "nav", "footer", "noscript", "template"]
_COUNTED_BY_WORD: Final = "./w:pPr/w:numPr"


def read_docx(data: bytes, name: str) -> str:
    """Return the paragraphs and table rows of a Word document, in their order.

    Numbers that Word counts by itself are not among its words, so a document with them is refused.
    """
    with _tell(".docx", "python-docx", name):
        document = import_module("docx").Document(BytesIO(data))
        return "\n".join(_list_blocks(document, name))


def _list_blocks(document: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - it has no types
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield "\t".join(cell.text for cell in row.cells)
            continue
        if block._p.xpath(_COUNTED_BY_WORD):  # noqa: SLF001 - the way to a paragraph's own XML
            raise InputError([Diagnostic("text-counts-itself", {}, path=name)])
        yield block.text


def read_pdf(data: bytes, name: str) -> str:
    """Return the lines of a PDF as its pages print them; a scanned page has none."""
    with _tell(".pdf", "pypdf", name):
        pages = import_module("pypdf").PdfReader(BytesIO(data)).pages
        return "\n".join(page.extract_text() for page in pages)


def read_html(data: bytes, name: str) -> str:
    """Return what a page shows, a block a line."""
    with _tell(".html", "beautifulsoup4", name):
        page = import_module("bs4").BeautifulSoup(data, "html.parser")
        for tag in page(_UNSEEN):
            tag.decompose()
        for tag in page(_BLOCKS):
            tag.insert_before("\n")
            tag.insert_after("\n")
        return str(page.get_text())


@contextmanager
def _tell(suffix: str, package: str, name: str) -> Iterator[None]:
    """Tell that a package is missing, or that it found the file damaged."""
    try:
        yield
    except InputError:
        raise
    except ImportError:
        arguments = {"suffix": suffix, "package": package}
        raise InputError([Diagnostic("reader-missing", arguments, path=name)]) from None
    except Exception as error:  # noqa: BLE001 - whatever the package finds wrong with the file
        problem = {"suffix": suffix, "problem": type(error).__name__}
        raise InputError([Diagnostic("text-damaged", problem, path=name)]) from None
