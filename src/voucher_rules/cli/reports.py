"""Comes in: a report of a log. Goes out: it in the form asked for, printed or in a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final, Protocol

from voucher_rules.cli.exits import Answer
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

FORMATS: Final = ("text", "json", "html")


class Told(Protocol):
    """A report that can be told in several forms."""

    @property
    def written(self) -> bytes:
        """Its canonical bytes."""
        ...

    @property
    def digest(self) -> str:
        """The digest that names it."""
        ...

    def html(self, language: str) -> str:
        """Return it as a page."""
        ...

    def summary(self, language: str) -> str:
        """Return it as lines of text."""
        ...


def add_report(parser: argparse.ArgumentParser) -> None:
    """Add the form of a report, and where it goes."""
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="form of the report (default: text)"
    )
    parser.add_argument("--out", metavar="FILE", help="write the report to a file")


def answer_report(report: Told, code: int, arguments: argparse.Namespace) -> Answer:
    """Return a report as the answer of a command, or write it to a file.

    Raises :class:`InputError` where the file cannot be written.
    """
    language = arguments.lang
    match arguments.format:
        case "json":
            data = report.written
        case "html":
            data = report.html(language).encode("utf-8", errors="backslashreplace")
        case _:
            data = report.summary(language).encode("utf-8", errors="backslashreplace")
    if arguments.out is None:
        return Answer(data.decode(), code)
    write_file(arguments.out, data)
    told = tell(language, "report.written", path=arguments.out, digest=report.digest)
    return Answer("", code, told)


def write_file(name: str, data: bytes) -> None:
    """Write bytes to a file. Raises :class:`InputError` where that cannot be done."""
    try:
        Path(name).write_bytes(data)
    except OSError as error:
        arguments = {"path": name, "problem": error.strerror or type(error).__name__}
        raise InputError([Diagnostic("file-not-writable", arguments)]) from None
