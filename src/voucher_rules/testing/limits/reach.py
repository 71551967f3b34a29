"""Comes in: a file of sides out of reach. Goes out: them, each with its reason, or its faults.

It stands beside a ruleset as ``<edition>.limits.yaml``. Whatever is pinned after all, or is no side
of a limit, is a fault: the list may only shrink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from voucher_rules.catalog.lookups import read_file
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ruleset.load import describe_shape_errors
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.tree import diagnose
from voucher_rules.sources.yaml import SourceError, read_yaml
from voucher_rules.testing.limits.sites import Side
from voucher_rules.testing.limits.survey import LimitReport
from voucher_rules.testing.model import LimitsDoc


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """A side of a limit on which no case can stand."""

    site: str
    side: Side
    because: str


def read_out_of_reach(path: Path, reports: Sequence[LimitReport]) -> tuple[OutOfReach, ...]:
    """Read the sides out of reach and hold them against a survey. Raises :class:`InputError`."""
    try:
        source = read_yaml(read_file(path), str(path))
        document = LimitsDoc.model_validate(source.root)
    except SourceError as error:
        raise InputError(error.diagnostics) from None
    except ValidationError as error:
        raise InputError(describe_shape_errors(source, LimitsDoc, error)) from None
    known = {report.site.id: report for report in reports}
    found: list[Diagnostic] = []
    for item in document.out_of_reach:
        report = known.get(str(item.site))
        if report is None:
            near = suggest_name(item.site, list(known))
            span = item.site.span
            found.append(diagnose(source, "unknown-limit", span, name=item.site, near=near))
        elif str(item.side) not in report.missing:
            arguments = {"name": str(item.site), "side": str(item.side)}
            found.append(diagnose(source, "side-not-missing", item.side.span, **arguments))
    if found:
        raise InputError(found)
    return tuple(
        OutOfReach(str(x.site), Side(str(x.side)), str(x.because)) for x in document.out_of_reach
    )
