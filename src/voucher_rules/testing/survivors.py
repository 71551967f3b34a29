"""Comes in: a file that explains survivors. Goes out: why each of them cannot be noticed.

A mutant may survive for good: it can come out otherwise in no case that there may be. That has to
be said of it, with the reason; and what is said must be of a mutant that survives.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from voucher_rules.errors import InputError
from voucher_rules.ruleset.load import describe_shape_errors
from voucher_rules.ruleset.shapes import Doc, Word
from voucher_rules.testing.load import read_source
from voucher_rules.testing.mutation import MutantResult, MutationReport


class ReasonDoc(Doc):
    """Why some mutants survive, and which."""

    because: Word
    ids: Annotated[tuple[Word, ...], Field(min_length=1)]


class SurvivorsDoc(Doc):
    """A whole file of explanations."""

    survivors: tuple[ReasonDoc, ...]


def read_survivors(path: str | Path) -> dict[str, str]:
    """Return the reasons of a file by the ids of the mutants. Raises :class:`InputError`."""
    source = read_source(Path(path), str(path))
    try:
        document = SurvivorsDoc.model_validate(source.root)
    except ValidationError as error:
        raise InputError(describe_shape_errors(source, SurvivorsDoc, error)) from None
    return {str(name): str(doc.because) for doc in document.survivors for name in doc.ids}


def find_unexplained(
    report: MutationReport, reasons: Mapping[str, str]
) -> tuple[MutantResult, ...]:
    """Return the survivors without a reason."""
    return tuple(item for item in report.survivors if item.mutant.id not in reasons)


def find_stale(report: MutationReport, reasons: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids for which there is a reason and no survivor; what was not run may be one."""
    survived = {item.mutant.id for item in report.survivors}
    return tuple(name for name in reasons if name not in survived | report.left_out)
