"""Comes in: diagnostics. Goes out: the exceptions of the library, one tree.

VoucherRulesError            anything this library raises on purpose
├── RulesetError             a ruleset cannot be used; ``.diagnostics`` says why, sorted by place
├── RulesetNotFoundError     no ruleset of that name or edition in the folders searched
├── InputError               facts, options or a case file refused at the door; ``.diagnostics``
├── LedgerError              an entry the history before it does not allow; ``.diagnostics``
├── RecordError              a log of decisions, or what goes with it, that does not hold good
└── StoreError               entries of a ledger that cannot be stored or read; ``.diagnostics``
    └── ConflictError        another writer was first, and nothing was stored: read on, then retry

Anything else that escapes is a defect of the library.
"""

from __future__ import annotations

from collections.abc import Iterable

from voucher_rules.diagnostics import Diagnostic, sort_diagnostics


class VoucherRulesError(Exception):
    """The root of every error the library raises on purpose."""


class DiagnosedError(VoucherRulesError):
    """An error that carries every mistake found, sorted by place."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = sort_diagnostics(list(diagnostics))
        super().__init__(self.render("en"))

    def render(self, language: str = "en") -> str:
        """Return every diagnostic in ``language``, one below the other."""
        return "\n".join(item.render(language) for item in self.diagnostics)


class RulesetError(DiagnosedError):
    """A ruleset that cannot be used."""


class InputError(DiagnosedError):
    """Facts or options refused at the door."""


class RulesetNotFoundError(DiagnosedError):
    """No ruleset of that name or edition in the folders searched."""


class LedgerError(DiagnosedError):
    """An entry that the history before it does not allow; nothing of its batch was taken."""


class StoreError(DiagnosedError):
    """Entries of a ledger that cannot be stored, or cannot be read back as they were."""


class ConflictError(StoreError):
    """Another writer was first. Nothing was stored; read what is new and try again."""


class RecordError(DiagnosedError):
    """A log of decisions, an entry of one or a checkpoint that does not hold good."""
