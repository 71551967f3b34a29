"""Comes in: the results of a what-if. Goes out: them as objects to read, to tabulate and to draw.

Every study of the package is a :class:`Study`: its sheets hold all figures, exact; what people see
is laid out from them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from voucher_rules.arguments import check_language
from voucher_rules.batch.reading.frames import make_frame
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.html import PAGE
from voucher_rules.explain.markup import TAGS, lay_out_page, write
from voucher_rules.explain.replay_style import REPORT_STYLE
from voucher_rules.explain.sheets import (
    STUDY_STYLE,
    PlainFigure,
    Sheet,
    lay_out_sheet,
    make_plain_rows,
    tell_sheet,
)
from voucher_rules.explain.showing import Shown
from voucher_rules.explain.style import STYLE


class Study(ABC):
    """What a what-if came to: a headline and one or more sheets of figures.

    In a notebook it shows itself in Chinese; :meth:`show` takes the other language.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def sheets(self) -> tuple[Sheet, ...]:
        """Every figure, the most important sheet first."""

    @abstractmethod
    def title(self, language: str) -> str:
        """Return what was studied, in one line."""

    @abstractmethod
    def list_lines(self, language: str) -> Iterator[str]:
        """Yield what came of it, a sentence or two; then what a reader must know to trust it."""

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture. Raises :class:`~voucher_rules.InputError` where there is none."""
        check_language(language)
        arguments = {"name": type(self).__name__, "options": ", ".join(options)}
        raise InputError([Diagnostic("no-picture", arguments)])

    def summary(self, language: str = "zh") -> str:
        """Return the study as text. Raises ValueError for a language other than zh and en."""
        check_language(language)
        parts = ["\n".join([self.title(language), *self.list_lines(language)])]
        parts += ["\n".join(tell_sheet(sheet, language)) for sheet in self.sheets if sheet.rows]
        return "\n\n".join(parts) + "\n"

    def sheet(self, name: str = "") -> Sheet:
        """Return a sheet by its name; the first without one. Raises InputError for another."""
        named = {sheet.name: sheet for sheet in self.sheets}
        if name and name not in named:
            arguments = {"found": name, "options": ", ".join(named), "near": ""}
            raise InputError([Diagnostic("not-one-of", arguments, path="sheet")])
        return named[name] if name else self.sheets[0]

    def to_rows(self, sheet: str = "", language: str = "zh") -> list[dict[str, PlainFigure]]:
        """Return the rows of a sheet by column; money as exact ``Decimal`` of the main unit."""
        check_language(language)
        return make_plain_rows(self.sheet(sheet), language)

    def to_frame(self, sheet: str = "", kind: str = "pandas", language: str = "zh") -> Any:  # noqa: ANN401 - a table of another package
        """Return a sheet as a table of ``pandas``, ``polars`` or ``pyarrow`` (extra ``tables``)."""
        found = self.sheet(sheet)
        columns = [column.key for column in found.columns]
        return make_frame(columns, self.to_rows(found.name, language), kind)

    def to_html(self, language: str = "zh") -> str:
        """Return the study as one page that needs nothing else."""
        check_language(language)
        body = ['<main class="voucher-rules vr-study">', *self._lay_out(language, "h1"), "</main>"]
        style = PAGE + REPORT_STYLE + STUDY_STYLE
        return lay_out_page(self.title(language), language, style, body)

    def show(self, language: str = "zh") -> Shown:
        """Return what a notebook shows of the study in a language; ``zh`` or ``en``.

        Raises ValueError for another one.
        """
        text = self.summary(language)
        opening = f'<div class="voucher-rules vr-study" lang="{TAGS[language]}">'
        style = f"<style>\n{STYLE}{REPORT_STYLE}{STUDY_STYLE}</style>"
        parts = [opening, style, *self._lay_out(language, "h3"), "</div>", ""]
        return Shown("\n".join(parts), text)

    def _repr_html_(self) -> str:
        return self.show().html

    def _lay_out(self, language: str, heading: str) -> Iterator[str]:
        yield f'<{heading} class="vr-title">{write(self.title(language), language)}</{heading}>'
        yield from (f"<p>{write(line, language)}</p>" for line in self.list_lines(language))
        for sheet in self.sheets:
            if sheet.rows:
                yield f'<h4 class="vr-heading">{write(sheet.title.told(language), language)}</h4>'
                yield lay_out_sheet(sheet, language)
                if sheet.note is not None:
                    yield f'<p class="vr-soft">{write(sheet.note.told(language), language)}</p>'
