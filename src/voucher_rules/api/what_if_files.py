"""Comes in: a what-if file, and the ruleset it is to change. Goes out: it read, or the refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voucher_rules.catalog.lookups import read_file
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Change
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetNotFoundError
from voucher_rules.ruleset.whatif import LoadedWhatIf, load_what_if
from voucher_rules.sources.tree import Scalar, diagnose

TEXT: Final = "<what-if>"
"""What a text is called in messages that stands in no file."""


def open_what_if(what_if: Path | str) -> LoadedWhatIf:
    """Read a what-if: a file by its path, or the text of one, which has several lines.

    Raises :class:`~.errors.RulesetNotFoundError` or :class:`InputError`.
    """
    if isinstance(what_if, str) and "\n" in what_if:
        return load_what_if(what_if.encode("utf-8", errors="surrogatepass"), TEXT)
    if not isinstance(what_if, str | Path):
        arguments = {"found": type(what_if).__name__, "expected": "path"}  # type: ignore[unreachable]  # anyone may pass anything
        raise InputError([Diagnostic("wrong-python-type", arguments, path="what_if")])
    try:
        return load_what_if(read_file(Path(what_if)), str(what_if))
    except ValueError:  # a path no system can hold names no file
        raise RulesetNotFoundError([Diagnostic("file-not-found", {"path": str(what_if)})]) from None


def check_head(loaded: LoadedWhatIf, ruleset: CheckedRuleset) -> None:
    """Check that a what-if is about a ruleset and its edition. Raises :class:`InputError`."""
    doc = loaded.document
    wanted = f"{ruleset.id} {ruleset.edition}"
    if doc.ruleset != ruleset.id or doc.edition not in {None, ruleset.edition}:
        word = doc.ruleset if doc.ruleset != ruleset.id else doc.edition
        _refuse(loaded, "what-if-of-other-ruleset", word or doc.ruleset, expected=wanted)


def check_edition(loaded: LoadedWhatIf, ruleset: CheckedRuleset, *, amended: bool) -> None:
    """Check that another edition can take the place of a ruleset. Raises :class:`InputError`."""
    word = loaded.edition
    if word is None:
        return
    if amended:
        _refuse(loaded, "change-edition-first", word, name=str(word))
    if word == ruleset.edition:
        _refuse(loaded, "setting-has-no-effect", word, name="edition", value=str(word))


def describe_edition(loaded: LoadedWhatIf, ruleset: CheckedRuleset) -> Change:
    """Return the change from one edition to another."""
    word = loaded.edition or loaded.document.ruleset
    place = str(word.span)
    return Change("edition", "edition", ruleset.edition, str(word), place=place)


def _refuse(loaded: LoadedWhatIf, code: str, word: Scalar, **arguments: str) -> None:
    raise InputError([diagnose(loaded.source, code, word.span, **arguments)])
