"""Comes in: a proof, and checkpoints one holds. Goes out: whether it shows what it says."""

from __future__ import annotations

import argparse
from typing import Final

from voucher_rules.api.proofs import check_proof
from voucher_rules.cli.exits import NOT_SOUND, Answer
from voucher_rules.cli.log_options import add_keys, read_all_keys
from voucher_rules.cli.words import tell
from voucher_rules.errors import RecordError
from voucher_rules.record.proof_checks import ProofReport
from voucher_rules.record.proof_files import EntryProof

NAME: Final = "verify"
SUMMARY: Final = "Tell whether a proof made by `prove` shows what it says; no log is needed."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("proof", metavar="PROOF", help="file of the proof")
    parser.add_argument(
        "--checkpoint",
        metavar="FILE",
        action="append",
        required=True,
        help="checkpoint one holds: one for a proof of an entry, two for one of how a log grew",
    )
    add_keys(parser, "key got elsewhere, one of which has to have signed each checkpoint")


def run(arguments: argparse.Namespace) -> Answer:
    """Check the proof."""
    trusted = read_all_keys(arguments.key)
    report = check_proof(arguments.proof, *arguments.checkpoint, trusted=trusted)
    if not report.holds:
        told = RecordError(list(report.faults)).render(arguments.lang)
        return Answer(code=NOT_SOUND, messages=told)
    key = "log.signed" if report.keys_given else "log.not_asked"
    return Answer("\n".join((_tell(report, arguments.lang), tell(arguments.lang, key))))


def _tell(report: ProofReport, language: str) -> str:
    proof = report.proof
    if isinstance(proof, EntryProof):
        slots = {"seq": str(proof.seq), "id": proof.log_id, "size": str(proof.size)}
        told = tell(language, "log.proven", **slots)
        if proof.decision_digest is None:
            return told
        return "\n".join((told, tell(language, "log.proven_of", digest=proof.decision_digest)))
    slots = {"id": proof.log_id, "first": str(proof.first), "last": str(proof.last)}
    return tell(language, "log.grown", **slots)
