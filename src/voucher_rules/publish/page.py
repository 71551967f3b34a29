"""Comes in: all that is told of a ruleset. Goes out: its pages, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from voucher_rules.api import Ruleset
from voucher_rules.diagnostics import LANGUAGES, Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.markup import lay_out_page
from voucher_rules.explain.style import STYLE
from voucher_rules.explain.terms import TermWriter
from voucher_rules.publish.head import lay_out_head
from voucher_rules.publish.histories import lay_out_histories
from voucher_rules.publish.index import lay_out_decisions, lay_out_facts
from voucher_rules.publish.limits import lay_out_limits
from voucher_rules.publish.material import Material, gather_material
from voucher_rules.publish.provisions import lay_out_provisions
from voucher_rules.publish.scribe import Scribe
from voucher_rules.publish.style import PUBLISHED_STYLE
from voucher_rules.testing.load import Case


def publish_ruleset(
    ruleset: Ruleset,
    folder: str | Path,
    *,
    cases: Sequence[Case] | None = None,
    text: str | None = None,
) -> tuple[Path, ...]:
    """Write the pages of a ruleset into a folder, which is made where it is not there.

    ``text`` is the official text: with it the official words stand beside each provision, and the
    files are named `….local.zh.html`. Raises :class:`~voucher_rules.InputError` as
    :func:`gather_material` does, and where a file cannot be written.
    """
    pages = lay_out_pages(gather_material(ruleset, cases, text))
    made = tuple(Path(folder) / name for name in pages)
    for path, page in zip(made, pages.values(), strict=True):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page.encode("utf-8"))
        except OSError as error:
            arguments = {"path": str(path), "problem": error.strerror or type(error).__name__}
            raise InputError([Diagnostic("file-not-writable", arguments)]) from None
    return made


def lay_out_pages(material: Material) -> dict[str, str]:
    """Return the pages by the names of their files."""
    ruleset = material.ruleset
    local = ".local" if material.wording else ""
    files = {x: f"{ruleset.id}-{ruleset.edition}{local}.{x}.html" for x in LANGUAGES}
    return {files[x]: _lay_out(material, x, files) for x in LANGUAGES}


def _lay_out(material: Material, language: str, files: dict[str, str]) -> str:
    checked = material.ruleset.checked
    scribe = Scribe(material, language, TermWriter(checked, language), files)
    title = f"{checked.title.told(language)} · {checked.id} {checked.edition}"
    body = ["<main>", *_lay_out_body(scribe), "</main>"]
    return lay_out_page(title, language, f"{STYLE}{PUBLISHED_STYLE}", body)


def _lay_out_body(scribe: Scribe) -> Iterator[str]:
    yield from lay_out_head(scribe)
    limits = list(lay_out_limits(scribe))
    if limits:
        yield from _lay_out_part(scribe, "limits", limits)
    yield from _lay_out_part(scribe, "provisions", list(lay_out_provisions(scribe)))
    histories = list(lay_out_histories(scribe))
    if histories:
        yield from _lay_out_part(scribe, "histories", histories)
    yield from _lay_out_part(scribe, "decisions", [lay_out_decisions(scribe)])
    yield from _lay_out_part(scribe, "facts", [lay_out_facts(scribe)])


def _lay_out_part(scribe: Scribe, key: str, body: list[str]) -> Iterator[str]:
    yield f'<section class="vp-part" id="{key}">'
    yield f'<h2 class="vr-name">{scribe.say(f"section.{key}")}</h2>'
    yield from body
    yield "</section>"
