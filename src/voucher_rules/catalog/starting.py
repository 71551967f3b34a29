"""Comes in: a ruleset whose document states no first day, and that day. Goes out: it in force.

The day is put where the text left it open and the whole is checked again, so that the last day
follows from it as if it had stood there; a mark tells that the document does not say so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from voucher_rules.catalog.alter import UNSET, get, put
from voucher_rules.catalog.amend import copy_root, shape_root
from voucher_rules.catalog.gather import recall_library
from voucher_rules.catalog.whatifs import UNTIDY
from voucher_rules.checked.check import check_ruleset
from voucher_rules.checked.model import WITHOUT_FORCE, CheckedRuleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetError
from voucher_rules.ruleset.load import LoadedRuleset
from voucher_rules.sources.tree import Mapping, Scalar

_PATH: Final = "in_force_from"


def state_first_day(
    loaded: LoadedRuleset, base: CheckedRuleset, day: date
) -> tuple[LoadedRuleset, CheckedRuleset]:
    """Return a ruleset as it is where its document is in force from ``day`` on.

    Raises :class:`InputError` where the document states its first day itself, or has no force.
    """
    _check_open(loaded, base)
    root = copy_root(loaded)
    effective = _find_effective(root)
    put(effective, "from", Scalar(day.isoformat(), effective.span, exact=False))
    try:
        dated = shape_root(loaded, root)
        checked = check_ruleset(dated, recall_library(base), UNTIDY)
    except RulesetError as error:
        raise InputError(error.diagnostics) from None
    marked = replace(
        checked,
        document=replace(checked.document, start_stated=True),
        parameters=base.parameters,
        rules=base.rules,
        notices=base.notices,
    )
    return dated, marked


def _check_open(loaded: LoadedRuleset, base: CheckedRuleset) -> None:
    document = base.document
    if document.status in WITHOUT_FORCE:
        arguments = {"name": f"{base.id} {base.edition}", "status": document.status}
        raise InputError([Diagnostic("start-without-force", arguments, path=_PATH)])
    if get(_find_effective(loaded.source.root), "from") != UNSET:
        days = ", ".join(sorted(day.isoformat() for day in document.starts.values()))
        arguments = {"name": f"{base.id} {base.edition}", "day": days}
        raise InputError([Diagnostic("start-already-stated", arguments, path=_PATH)])


def _find_effective(root: Mapping) -> Any:  # noqa: ANN401 - a node of the tree
    return get(get(root, "document"), "effective")
