"""Comes in: logs, checkpoints and proofs in files. Goes out: proofs, and what they show.

Nothing is asked of a network, and no log is needed to check a proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from voucher_rules.arguments import PATH, PATHS, WHOLE, takes
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.checkpoints import compare_checkpoints as compare
from voucher_rules.record.checkpoints import load_checkpoint
from voucher_rules.record.entries import Key
from voucher_rules.record.key_files import KEYS, gather_keys
from voucher_rules.record.proof_checks import ProofReport, check_signed
from voucher_rules.record.proof_checks import check_proof as check
from voucher_rules.record.proof_files import (
    GrowthProof,
    load_proof,
    make_entry_proof,
    make_growth_proof,
)


@takes(log=PATH, seq=WHOLE, checkpoint=PATH)
def prove_entry(log: str | Path, seq: int, checkpoint: str | Path) -> dict[str, Any]:
    """Return a proof that entry ``seq`` stands in the log of a checkpoint, to be kept as JSON.

    It holds the entry itself. Raises :class:`~voucher_rules.RecordError`, also for a checkpoint the
    log does not agree with.
    """
    return make_entry_proof(log, seq, load_checkpoint(checkpoint))


@takes(log=PATH, first=WHOLE, last=WHOLE)
def prove_growth(log: str | Path, first: int, last: int) -> dict[str, Any]:
    """Return a proof that the log of ``last`` entries begins with that of ``first``, as for JSON.

    Raises :class:`~voucher_rules.RecordError` where there are no such entries.
    """
    return make_growth_proof(log, first, last)


@takes(proof=PATH, checkpoints=PATHS, trusted=KEYS.optional())
def check_proof(
    proof: str | Path,
    *checkpoints: str | Path,
    trusted: Sequence[str | Path | Key] | None = None,
) -> ProofReport:
    """Tell whether the proof in a file shows what it says.

    ``checkpoints`` are the files one holds: one for a proof of an entry, two for one of how a log
    grew. ``trusted`` are keys got elsewhere, or files of such: the checkpoints have to be signed by
    one of them. Raises :class:`~voucher_rules.RecordError` for a file that is no proof or no
    checkpoint.
    """
    held = [load_checkpoint(path) for path in checkpoints]
    return check(load_proof(proof), held, None if trusted is None else gather_keys(trusted))


@takes(one=PATH, other=PATH, proof=PATH.optional(), trusted=KEYS.optional())
def compare_checkpoints(
    one: str | Path,
    other: str | Path,
    proof: str | Path | None = None,
    *,
    trusted: Sequence[str | Path | Key] | None = None,
) -> str:
    """Tell what two checkpoints say of each other, without the log.

    ``same`` entries, ``continued`` (the ``proof`` of :func:`prove_growth` shows that the log of the
    larger begins with that of the smaller), ``different`` (two histories of one log),
    ``other_logs``, or ``unproven``. Raises :class:`~voucher_rules.RecordError`, also where
    ``trusted`` keys are given and a checkpoint is signed by none of them.
    """
    first, second = load_checkpoint(one), load_checkpoint(other)
    faults = list(check_signed([first, second], None if trusted is None else gather_keys(trusted)))
    if faults:
        raise RecordError(faults)
    found = None if proof is None else load_proof(proof)
    if found is not None and not isinstance(found, GrowthProof):
        raise RecordError([Diagnostic("proof-of-an-entry", {}, path=str(proof))])
    hashes = None if found is None else found.proof
    return str(compare(first.checkpoint, second.checkpoint, hashes))
