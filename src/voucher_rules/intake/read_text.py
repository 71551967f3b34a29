"""Comes in: a file with an official text. Goes out: the text, or why it cannot be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.intake.formats import read_docx, read_html, read_pdf
from voucher_rules.intake.text import OfficialText, take_text
from voucher_rules.sources.characters import name_character
from voucher_rules.spans import Span

MAX_TEXT: Final = 1 << 20
"""Bytes of a plain text: more than any measure, and what a draft of it can hold."""
MAX_FILE: Final = 20 << 20
"""Bytes of a file in another format, whose pictures count too."""

_READERS: Final[Mapping[str, Callable[[bytes, str], str]]] = {
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".html": read_html,
    ".htm": read_html,
}
_PLAIN: Final = frozenset({"", ".txt", ".text", ".md"})
_MEANT: Final = frozenset("\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85")
"""Control characters that part words, lines or pages; any other tells a file that is no text."""


def read_text(path: str | Path) -> OfficialText:
    """Read an official text: plain in UTF-8, or ``.docx``, ``.pdf``, ``.html`` by its suffix.

    Raises :class:`InputError` with what is wrong and what to do, and OSError as the file system
    does.
    """
    name, suffix = str(path), Path(path).suffix.lower()
    if suffix not in _PLAIN and suffix not in _READERS:
        raise InputError([Diagnostic("text-format-unknown", {"suffix": suffix}, path=name)])
    with Path(path).open("rb") as file:
        data = file.read(MAX_FILE + 1)
    return parse_text(data, name, suffix)


def parse_text(data: bytes, name: str, suffix: str = "") -> OfficialText:
    """Read the bytes of an official text. Raises :class:`InputError`."""
    reader = _READERS.get(suffix)
    limit = MAX_FILE if reader else MAX_TEXT
    if len(data) > limit:
        raise InputError([Diagnostic("text-too-large", {"limit": str(limit)}, path=name)])
    text = reader(data, name) if reader else _decode(data, name)
    if len(text.encode("utf-8", "replace")) > MAX_TEXT:
        raise InputError([Diagnostic("text-too-large", {"limit": str(MAX_TEXT)}, path=name)])
    made = take_text(text, name, f"sha256:{hashlib.sha256(data).hexdigest()}")
    if not made.words:
        raise InputError([Diagnostic("text-empty", {}, path=name)])
    return made


def _decode(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError([Diagnostic("not-utf8", {}, Span(name, line, 1))]) from None
    for at, character in enumerate(text):
        if character < " " and character not in _MEANT:
            line = text.count("\n", 0, at) + 1
            arguments = {"character": name_character(character)}
            raise InputError([Diagnostic("text-not-text", arguments, Span(name, line, 1))])
    return text
