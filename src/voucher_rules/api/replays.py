"""Comes in: a log of decisions. Goes out: whether they come out again, and what under another law.

Files are read here; nothing is written and nothing is asked of a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.arguments import (
    FLAG,
    FOLDERS,
    MAPPING,
    PATH,
    PATHS,
    WHOLE,
    Want,
    take_folders,
    takes,
)
from voucher_rules.decision.options import choose_options
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.checkpoints import Published, load_checkpoint
from voucher_rules.record.commitments import read_secrets
from voucher_rules.record.entries import Key
from voucher_rules.record.impact_reports import ImpactReport, report_impact
from voucher_rules.record.impacts import ImpactStudy, Reform
from voucher_rules.record.key_files import KEYS, gather_keys
from voucher_rules.record.replaying import Anchors, Replay
from voucher_rules.record.reports import ReplayReport, report_replay
from voucher_rules.record.scanning import telling
from voucher_rules.record.stamping import match_stamps


@takes(
    log=PATH,
    folders=FOLDERS,
    checkpoints=PATHS,
    stamps=PATHS,
    authorities=PATHS,
    trusted=KEYS.optional(),
    secrets=PATH.optional(),
    jobs=WHOLE.optional(),
)
def replay(  # noqa: PLR0913 - each argument is one thing a replay rests on
    log: str | Path,
    *,
    folders: Sequence[str | Path] = (),
    checkpoints: Sequence[str | Path] = (),
    stamps: Sequence[str | Path] = (),
    authorities: Sequence[str | Path] = (),
    trusted: Sequence[str | Path | Key] | None = None,
    secrets: str | Path | None = None,
    jobs: int | None = None,
) -> ReplayReport:
    """Check a log, take every decision in it again, and report what came of it.

    ``folders`` hold rulesets, before the shipped ones. ``checkpoints`` are files got from someone
    else, ``stamps`` their time stamps (RFC 3161) and ``authorities`` the certificates (PEM) of who
    may have made those. ``trusted`` are keys got elsewhere, or files of such (PEM, or JSON as
    in the header of a log); None takes those of the log itself, which shows less.
    ``secrets`` is the file that opens what is hidden. ``jobs`` is how many processes work (None:
    one for each processor); outside Linux a program that asks for several needs the usual
    ``if __name__ == "__main__"``.

    Raises :class:`~voucher_rules.RecordError` where a file cannot be used, the log only where its
    header cannot; whatever else is wrong with the log is in the report.
    """
    anchors = gather_anchors(checkpoints, stamps, authorities, trusted)
    return report_replay(Replay(log, take_folders(folders), anchors, open_secrets(secrets), jobs))


@takes(
    log=PATH,
    ruleset=Want((Ruleset,), "ruleset of this library"),
    readings=MAPPING.optional(),
    assume_in_force=FLAG,
    secrets=PATH.optional(),
    jobs=WHOLE.optional(),
)
def impact(  # noqa: PLR0913 - each argument is one thing the study rests on
    log: str | Path,
    ruleset: Ruleset,
    *,
    readings: Mapping[str, str] | None = None,
    assume_in_force: bool = False,
    secrets: str | Path | None = None,
    jobs: int | None = None,
) -> ImpactReport:
    """Report what would have come of the decisions of a log under another law. Hypothetical.

    ``ruleset`` may be another edition, or one amended by :meth:`Ruleset.amend`;
    ``readings`` take the place of those recorded. With ``assume_in_force`` every case is decided as
    if that law were in force on its day, so that earlier ones are told what it would have cost;
    the report says so. Only standing decisions of a ruleset of that name count. ``secrets`` and
    ``jobs`` are as for :func:`replay`.

    Raises :class:`~voucher_rules.RecordError` where the log is not sound, and
    :class:`~voucher_rules.InputError` for a reading there is not.
    """
    reform = prepare_reform(ruleset, readings or {}, assume_in_force=assume_in_force)
    return report_impact(ImpactStudy(log, reform, open_secrets(secrets), jobs))


def prepare_reform(
    ruleset: Ruleset, readings: Mapping[str, str], *, assume_in_force: bool = False
) -> Reform:
    """Return the law to decide under for :func:`impact`. Raises InputError."""
    choose_options(ruleset.checked, readings)
    return Reform(ruleset.checked, ruleset.overlays, dict(readings), assume_in_force)


def gather_anchors(
    checkpoints: Sequence[str | Path],
    stamps: Sequence[str | Path] = (),
    authorities: Sequence[str | Path] = (),
    trusted: Sequence[str | Path | Key] | None = None,
) -> Anchors:
    """Read what others hold of a log. Raises :class:`~voucher_rules.RecordError`."""
    published: list[Published] = [load_checkpoint(path) for path in checkpoints]
    if stamps and not authorities:
        raise RecordError([Diagnostic("stamp-without-authority", {"path": str(stamps[0])})])
    tokens = {str(path): read_bytes(path) for path in stamps}
    return Anchors(
        published,
        match_stamps(published, tokens),
        [read_bytes(path) for path in authorities],
        None if trusted is None else gather_keys(trusted),
    )


def open_secrets(path: str | Path | None) -> dict[str, str]:
    """Return the hidden texts by their commitments. Raises :class:`~voucher_rules.RecordError`."""
    return {} if path is None else {x.commitment: x.value for x in read_secrets(path)}


def read_bytes(path: str | Path) -> bytes:
    """Return a small file. Raises :class:`~voucher_rules.RecordError`."""
    with telling(str(path)):
        return Path(path).read_bytes()
