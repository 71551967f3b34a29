"""Comes in: a log and its checkpoint. Goes out: a short proof of what it holds, or how it grew."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from voucher_rules.cli.exits import Answer
from voucher_rules.cli.log_options import add_log
from voucher_rules.cli.options import read_whole
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RecordError
from voucher_rules.record.anchoring import anchor_log
from voucher_rules.record.checkpoints import load_checkpoint, prove_entry, prove_growth
from voucher_rules.record.merkle import hash_leaves
from voucher_rules.record.scanning import LogReader

NAME: Final = "prove"
SUMMARY: Final = "Prove that an entry stands in a log, or that a log begins as it did before."


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument(
        "seq", metavar="SEQ", nargs="?", type=read_whole, help="number of the entry to prove"
    )
    parser.add_argument("--checkpoint", metavar="FILE", help="the checkpoint it is proven against")
    for name, text in (("--from", "the smaller number of entries"), ("--to", "the larger one")):
        parser.add_argument(
            name, dest=name.strip("-") + "_size", metavar="N", type=read_whole, help=text
        )


def run(arguments: argparse.Namespace) -> Answer:
    """Write the proof as JSON; it follows RFC 6962."""
    sizes = (arguments.from_size, arguments.to_size)
    if arguments.seq is not None:
        if any(sizes):
            told = {"option": "--from", "other": "SEQ"}
            raise InputError([Diagnostic("option-against", told, path="--from")])
        if arguments.checkpoint is None:
            told = {"option": "--checkpoint", "other": "SEQ"}
            raise InputError([Diagnostic("option-missing", told, path="--checkpoint")])
        return _answer(_prove_entry(arguments.log, arguments.seq, arguments.checkpoint))
    for option, size in zip(("--from", "--to"), sizes, strict=True):
        if size is None:
            told = {"option": option, "other": "prove"}
            raise InputError([Diagnostic("option-missing", told, path=option)])
    return _answer(_prove_growth(arguments.log, *sizes))


def _answer(data: dict[str, Any]) -> Answer:
    return Answer(json.dumps(data, ensure_ascii=False, indent=2))


def _prove_entry(path: str, seq: int, checkpoint: str) -> dict[str, Any]:
    """Return a proof against a checkpoint that the log agrees with."""
    reader = LogReader(path)
    published = load_checkpoint(checkpoint)
    coverage = anchor_log(reader, [published])
    if coverage.faults:
        raise RecordError(coverage.faults)
    size = published.checkpoint.size
    if seq > size:
        raise _refuse(seq, size)
    entry = next(islice(reader.read(seq - 1), 1))
    return {
        "schema": "voucher-rules/inclusion/1",
        "log_id": reader.header.log_id,
        "log_digest": reader.header_digest,
        "checkpoint": published.digest,
        "size": size,
        "root": _write_hash(published.checkpoint.root),
        "seq": seq,
        "entry": entry.digest,
        "decision_digest": entry.entry.decision_digest,
        "proof": _write_hashes(prove_entry(reader, seq, size)),
    }


def _prove_growth(path: str, first: int, second: int) -> dict[str, Any]:
    reader = LogReader(path)
    try:
        proof = prove_growth(reader, first, second)
    except ValueError:
        raise _refuse(first, second) from None
    roots = [hash_leaves(islice(reader.hash_leaves(), size)) for size in (first, second)]
    return {
        "schema": "voucher-rules/consistency/1",
        "log_id": reader.header.log_id,
        "log_digest": reader.header_digest,
        "from": {"size": first, "root": _write_hash(roots[0])},
        "to": {"size": second, "root": _write_hash(roots[1])},
        "proof": _write_hashes(proof),
    }


def _refuse(first: int, last: int) -> RecordError:
    return RecordError([Diagnostic("proof-of-nothing", {"first": str(first), "last": str(last)})])


def _write_hash(digest: bytes) -> str:
    return f"sha256:{digest.hex()}"


def _write_hashes(digests: Sequence[bytes]) -> list[str]:
    return [_write_hash(digest) for digest in digests]
