"""Comes in: a log and one of its decisions. Goes out: a bundle to hand over; and verdicts on one.

A bundle is one zip with all it takes to check a recorded decision years later, without a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from voucher_rules.arguments import (
    FLAG,
    FOLDERS,
    PATH,
    PATHS,
    WHOLE,
    check_language,
    take_folders,
    takes,
)
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.bundle_checks import Beliefs, check_files
from voucher_rules.record.bundle_summary import summarize
from voucher_rules.record.bundle_verdicts import BundleFindings
from voucher_rules.record.bundle_zip import load_files
from voucher_rules.record.bundles import Enclosed, save_bundle
from voucher_rules.record.bundles import make_bundle as gather_bundle
from voucher_rules.record.checkpoints import Published, load_checkpoint
from voucher_rules.record.commitments import read_secrets
from voucher_rules.record.entries import Key
from voucher_rules.record.key_changes import follow_keys
from voucher_rules.record.key_files import KEYS, gather_keys
from voucher_rules.record.keys import Authenticity
from voucher_rules.record.scanning import telling
from voucher_rules.record.views import LogView
from voucher_rules.spans import Span

STAMP_SUFFIX: Final = ".tsr"


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What a check of a bundle found.

    ``verdicts`` are told apart by name, ``conclusion`` is the gravest finding: ``all_match``,
    ``mismatch``, ``not_sound`` or ``cannot_replay``.
    """

    findings: BundleFindings = field(repr=False)

    @property
    def verdicts(self) -> Mapping[str, str]:
        """Every verdict by its name, as ``docs/reference/bundles.md`` lists them."""
        return self.findings.verdicts.to_data()

    @property
    def conclusion(self) -> str:
        """The gravest finding."""
        return str(self.findings.conclusion)

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        """What is wrong, each with its file."""
        return self.findings.faults

    def to_data(self) -> dict[str, Any]:
        """Return the whole report as plain data."""
        return self.findings.to_data()

    def summary(self, language: str = "zh") -> str:
        """Return the report as a few lines, in ``zh`` or ``en``."""
        check_language(language)
        return summarize(self.findings, language)


@takes(
    log=PATH,
    seq=WHOLE,
    checkpoint=PATH,
    out=PATH,
    folders=FOLDERS,
    stamp=PATH.optional(),
    authorities=PATHS,
    secrets=PATH.optional(),
    with_secrets=FLAG,
)
def make_bundle(  # noqa: PLR0913 - each argument is one thing that goes in
    log: str | Path,
    seq: int,
    checkpoint: str | Path,
    out: str | Path,
    *,
    folders: Sequence[str | Path] = (),
    stamp: str | Path | None = None,
    authorities: Sequence[str | Path] = (),
    secrets: str | Path | None = None,
    with_secrets: bool = False,
) -> Path:
    """Write the bundle of the decision of entry ``seq`` into the new file ``out``.

    ``checkpoint`` is the file of a checkpoint that covers the entry and all that refers to it;
    ``stamp`` that of its time stamp (None: the file of the same name with ``.tsr`` after it, where
    there is one) and ``authorities`` those of the certificates behind it (PEM). ``folders`` hold
    rulesets and come before the shipped ones. What opens hidden facts goes in only
    ``with_secrets``, out of the file ``secrets``: both or neither; the bundle is then for its owner
    alone to read. Raises :class:`~voucher_rules.RecordError`, also where a key that the log names
    shows that a signature of the checkpoint is bad.
    """
    enclosed = Enclosed(
        stamp=_read_stamp(checkpoint, stamp),
        authorities=b"".join(map(_read, authorities)) or None,
        secrets=_read_secrets(secrets, with_secrets=with_secrets),
    )
    published = load_checkpoint(checkpoint)
    bundle = gather_bundle(log, seq, published, take_folders(folders), enclosed)
    _check_signed(log, published)
    save_bundle(bundle, out)
    return Path(out)


@takes(
    path=PATH,
    trusted=KEYS.optional(),
    authorities=PATHS,
    checkpoint=PATH.optional(),
    secrets=PATH.optional(),
)
def check_bundle(
    path: str | Path,
    *,
    trusted: Sequence[str | Path | Key] | None = None,
    authorities: Sequence[str | Path] = (),
    checkpoint: str | Path | None = None,
    secrets: str | Path | None = None,
) -> BundleReport:
    """Return the verdicts on a bundle: a zip, or the folder it was unpacked into.

    What the verifier brings along is asked for. ``trusted`` are keys got elsewhere, or files
    of such (PEM, named like the key, or JSON as in the header of a log): the checkpoint has to be
    signed by one of them. ``authorities`` are files of certificates (PEM): there has to
    be a time stamp by one of them. ``checkpoint`` is the checkpoint as the verifier holds it.
    ``secrets`` is a file that opens hidden facts. Raises :class:`~voucher_rules.RecordError` for a
    file that is no bundle, and for what the verifier brings and cannot be read.
    """
    opened = () if secrets is None else read_secrets(secrets)
    beliefs = Beliefs(
        keys=None if trusted is None else gather_keys(trusted),
        authorities=[_read(item) for item in authorities],
        held=None if checkpoint is None else load_checkpoint(checkpoint),
        texts={item.commitment: item.value for item in opened},
    )
    return BundleReport(check_files(load_files(path), beliefs))


def _check_signed(log: str | Path, published: Published) -> None:
    """Check that no signature of a checkpoint is bad by the keys of the log itself."""
    try:
        authenticity, _ = follow_keys(LogView(log)).judge(published)
    except RecordError as error:
        # A bundle can be made without the package that reads signatures; whoever checks it has it.
        if {item.code for item in error.diagnostics} == {"record-package-missing"}:
            return
        raise
    if authenticity is Authenticity.BAD:
        told = {"found": str(authenticity)}
        at = Span(published.place, 0, 0)
        raise RecordError([Diagnostic("checkpoint-signature-not-good", told, at)])


def _read_stamp(checkpoint: str | Path, stamp: str | Path | None) -> bytes | None:
    beside = Path(f"{checkpoint}{STAMP_SUFFIX}")
    if stamp is None:
        return _read(beside) if beside.is_file() else None
    return _read(stamp)


def _read_secrets(secrets: str | Path | None, *, with_secrets: bool) -> Any:  # noqa: ANN401
    if with_secrets == (secrets is not None):
        return () if secrets is None else read_secrets(secrets)
    # Half of it may be either of two things, and one of them hands over what names people.
    raise RecordError([Diagnostic("bundle-secrets-half-asked")])


def _read(path: str | Path) -> bytes:
    with telling(str(path)):
        return Path(path).read_bytes()
