"""Comes in: what a case file says of its ruleset. Goes out: the ruleset, loaded and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from voucher_rules.api import Ruleset, load
from voucher_rules.catalog.find import CASES_SUFFIX
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetNotFoundError
from voucher_rules.sources.tree import Scalar, Source
from voucher_rules.spans import Span


@dataclass(frozen=True, slots=True)
class RulesetFinder:
    """Finds the ruleset of the case file at ``path``."""

    path: Path
    source: Source
    ruleset: Scalar | None
    edition: Scalar | None
    notices: Sequence[Scalar]
    folders: Sequence[str | Path]

    def find(self) -> Ruleset:
        """Return the ruleset.

        Raises :class:`RulesetNotFoundError`, told at the place where the case file names it, or
        :class:`~voucher_rules.RulesetError`.
        """
        edition = str(self.edition) if self.edition is not None else None
        try:
            found = load(
                self._choose_name(),
                edition,
                folders=self._list_folders(),
                notices=self._list_notices(),
            )
        except OSError as error:
            problem = error.strerror or type(error).__name__
            arguments = {"path": str(error.filename), "problem": problem}
            raise self._refuse(Diagnostic("file-not-readable", arguments)) from None
        except RulesetNotFoundError as error:
            raise self._refuse(error.diagnostics[0]) from None
        if edition is not None and edition != found.edition:
            arguments = {"name": found.id, "edition": edition, "known": found.edition}
            raise self._refuse(Diagnostic("edition-not-found", arguments))
        return found

    def _choose_name(self) -> str | Path:
        """Return a name, a path from where the case file stands, or the file beside it."""
        if self.ruleset is None:
            return self.path.with_name(f"{self.path.name.removesuffix(CASES_SUFFIX)}.yaml")
        if self.ruleset.endswith((".yaml", ".yml")) or "/" in self.ruleset:
            return self.path.parent / self.ruleset
        return str(self.ruleset)

    def _list_notices(self) -> list[Path]:
        """Return the paths of the notices from where the case file stands; each must be there.

        Raises :class:`InputError`.
        """
        paths = [self.path.parent / word for word in self.notices]
        missing = [
            place_diagnostic(
                Diagnostic("file-not-found", {"path": str(word)}), self.source, word.span
            )
            for word, path in zip(self.notices, paths, strict=True)
            if not path.is_file()
        ]
        if missing:
            raise InputError(missing)
        return paths

    def _list_folders(self) -> list[str | Path]:
        """Add the folder of rulesets that the case file itself stands in, where it does."""
        own = self.path.resolve().parent
        return [*self.folders, own.parent] if own.name == self.ruleset else [*self.folders]

    def _refuse(self, item: Diagnostic) -> RulesetNotFoundError:
        word = self.edition if item.code == "edition-not-found" else self.ruleset
        span = word.span if word is not None else Span(self.source.name, 1, 1)
        return RulesetNotFoundError([place_diagnostic(item, self.source, span)])


def place_diagnostic(item: Diagnostic, source: Source, span: Span) -> Diagnostic:
    """Give a diagnostic the place in a source that it is about."""
    return replace(item, span=span, source=source.line(span.line), path="")
