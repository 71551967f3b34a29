"""Comes in: the file of an official text. Goes out: a draft of its ruleset, or what one lacks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voucher_rules.catalog.find import find_ruleset
from voucher_rules.catalog.lookups import read_file
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.intake.coverage import Coverage, cover
from voucher_rules.intake.draft import draft_ruleset
from voucher_rules.intake.read_text import read_text
from voucher_rules.intake.text import OfficialText
from voucher_rules.ruleset.load import load_ruleset


def open_text(path: str | Path) -> OfficialText:
    """Read an official text: plain in UTF-8, or ``.docx``, ``.pdf`` or ``.html``.

    Raises :class:`~voucher_rules.InputError`, also for a file that is not there.
    """
    try:
        return read_text(path)
    except FileNotFoundError:
        raise InputError([Diagnostic("file-not-found", {"path": str(path)})]) from None
    except OSError as error:
        arguments = {"path": str(path), "problem": error.strerror or type(error).__name__}
        raise InputError([Diagnostic("file-not-readable", arguments)]) from None


def draft(path: str | Path) -> str:
    """Return the skeleton of a ruleset for an official text, in YAML.

    It has the text's provisions in their order with fingerprints, and a parameter for each
    quantity; what an author must fill in says ``TODO``. Raises
    :class:`~voucher_rules.InputError` for a text that cannot be read.
    """
    return draft_ruleset(open_text(path))


def coverage(
    ruleset: str | Path,
    text: str | Path,
    edition: str | None = None,
    *,
    folders: Sequence[str | Path] = (),
) -> Coverage:
    """Hold a ruleset against the official text it was made from.

    ``ruleset`` is a name or a path, as for :func:`load`; it must have the right shape and need not
    pass its checks. Raises :class:`~voucher_rules.RulesetNotFoundError`,
    :class:`~voucher_rules.RulesetError` or, for the text, :class:`~voucher_rules.InputError`.
    """
    found = find_ruleset(ruleset, edition, [Path(folder) for folder in folders])
    return cover(load_ruleset(read_file(found.path), str(found.path)).document, open_text(text))
