"""Comes in: a ruleset without its edition, and cases. Goes out: the edition they fall under."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from voucher_rules.api import Ruleset
from voucher_rules.api.rulesets import rulesets
from voucher_rules.catalog.find import is_path
from voucher_rules.cli.inputs import check_folders, open_ruleset, read_facts, start_as_stated
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.sources.tree import Source

if TYPE_CHECKING:
    from voucher_rules.api import Found


@dataclass(slots=True)
class Cases:
    """The files of facts of a command, each read once: standard input can be read no second time.

    ``found`` is the edition chosen for all of them; None where it was not chosen by their days.
    """

    found: Found | None = None
    _read: dict[str, tuple[Mapping[str, Any], Source | None]] = field(default_factory=dict)

    @property
    def placed_by(self) -> str:
        """The rule of transition by which they fall under the edition, or nothing."""
        return "" if self.found is None else self.found.placed_by

    def read(self, name: str) -> tuple[Mapping[str, Any], Source | None]:
        """Read a file of facts. Raises :class:`InputError`."""
        if name not in self._read:
            self._read[name] = read_facts(name)
        return self._read[name]

    def read_for(self, name: str, ruleset: Ruleset) -> tuple[Mapping[str, Any], Source | None]:
        """Read a file of facts without the days that only found the edition."""
        facts, source = self.read(name)
        if self.found is None:
            return facts, source
        from voucher_rules.api import leave_counted

        return leave_counted(self.found, ruleset, facts), source


def open_for_cases(
    arguments: argparse.Namespace, readings: Mapping[str, str]
) -> tuple[Ruleset, Cases]:
    """Open the ruleset of a command that decides cases, and what its files of facts are read by.

    Where no edition is named and there are several, it is the one the cases fall under. Raises as
    :func:`open_ruleset` and :meth:`Catalog.find_for` do.
    """
    cases = Cases()
    known = read_known(arguments)
    edition = arguments.edition
    if edition is None and _has_several(arguments):
        cases.found = _find_edition(arguments, readings, cases, known)
        edition = cases.found.edition.edition
    folders, notices = arguments.rulesets, arguments.notice
    ruleset = open_ruleset(arguments.ruleset, edition, folders, notices, known)
    return start_as_stated(ruleset, arguments.in_force_from), cases


def read_known(arguments: argparse.Namespace) -> str | None:
    """Return the day of knowledge; with a ledger it is that of the moment."""
    known: str | None = arguments.known
    return known.partition("T")[0] if known is not None and arguments.ledger else known


def _has_several(arguments: argparse.Namespace) -> bool:
    name: str = arguments.ruleset
    known = [] if is_path(name) else rulesets(check_folders(arguments.rulesets))
    return sum(item.id == name for item in known) > 1


def _find_edition(
    arguments: argparse.Namespace, readings: Mapping[str, str], cases: Cases, known: str | None
) -> Found:
    from voucher_rules.api import catalog

    editions = catalog(check_folders(arguments.rulesets))
    found = [
        editions.find_for(
            arguments.ruleset,
            arguments.decision,
            cases.read(name)[0],
            on=arguments.on,
            known=known,
            readings=readings,
        )
        for name in arguments.facts
    ]
    names = sorted({item.edition.edition for item in found})
    if len(names) > 1 or len({item.placed_by for item in found}) > 1:
        told = {"name": arguments.ruleset, "editions": ", ".join(names)}
        raise InputError([Diagnostic("cases-of-several-editions", told, path="--facts")])
    if arguments.ledger is not None and found[0].placed_by:
        told = {"edition": names[0], "rule": found[0].placed_by}
        raise InputError([Diagnostic("transition-with-ledger", told, path="--ledger")])
    return found[0]
