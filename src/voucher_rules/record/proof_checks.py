"""Comes in: a proof, and the checkpoints one holds. Goes out: whether it shows what it says.

Everything is taken from the checkpoint and the entry, and nothing is believed for standing in the
proof: what that claims has to be what they say. So no proof passes for another entry or log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.anchoring import check_succession
from voucher_rules.record.checkpoints import Comparison, Published, compare_checkpoints
from voucher_rules.record.entries import Key
from voucher_rules.record.keys import Authenticity, KeyRing
from voucher_rules.record.merkle import hash_leaf, verify_inclusion
from voucher_rules.record.proof_files import (
    EntryProof,
    GrowthProof,
    Proof,
    digest_entry,
    write_hash,
)
from voucher_rules.spans import Span


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What came of a proof: ``faults`` tell why it does not show what it says; none: it does.

    ``keys_given`` tells whether there were keys one believes, so that the checkpoints had to be
    signed by them; else it is for whoever holds the checkpoints to know whose they are.
    """

    proof: Proof
    keys_given: bool
    faults: tuple[Diagnostic, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it shows what it says."""
        return not self.faults

    @property
    def seq(self) -> int | None:
        """The entry it is of; None for one of how a log grew."""
        return self.proof.seq if isinstance(self.proof, EntryProof) else None

    @property
    def decision_digest(self) -> str | None:
        """The digest of the decision that entry records, None where it records none."""
        return self.proof.decision_digest if isinstance(self.proof, EntryProof) else None


def check_proof(
    proof: Proof, checkpoints: Sequence[Published], trusted: Sequence[Key] | None = None
) -> ProofReport:
    """Hold a proof against the checkpoint it is of, or against the two.

    ``trusted`` are keys one believes: each checkpoint has to be signed by one of them; None asks
    for no signature. Raises :class:`RecordError` for another number of checkpoints.
    """
    wanted = 1 if isinstance(proof, EntryProof) else 2
    if len(checkpoints) != wanted:
        arguments = {"wanted": str(wanted), "found": str(len(checkpoints))}
        raise RecordError([Diagnostic("proof-needs-checkpoints", arguments)])
    found = [*check_signed(checkpoints, trusted)]
    if isinstance(proof, EntryProof):
        found += _check_entry(proof, checkpoints[0])
    else:
        found += _check_growth(proof, checkpoints)
    return ProofReport(proof, trusted is not None, tuple(found))


def check_signed(
    checkpoints: Sequence[Published], trusted: Sequence[Key] | None
) -> Iterator[Diagnostic]:
    """Yield each checkpoint that no believed key signed; none where none is asked for."""
    for published in checkpoints if trusted is not None else ():
        verdict, _ = KeyRing(trusted or ()).judge(published)
        if verdict is not Authenticity.OK:
            at = Span(published.place, 1, 1)
            yield Diagnostic("checkpoint-not-signed", {"found": str(verdict)}, at)


def _check_entry(proof: EntryProof, published: Published) -> Iterator[Diagnostic]:
    held, entry, at = published.checkpoint, proof.entry, Span(published.place, 1, 1)
    digest = digest_entry(proof)
    claims = (
        ("log_id", proof.log_id, held.log_id),
        ("log_digest", proof.log_digest, held.log_digest),
        ("checkpoint", proof.checkpoint, published.digest),
        ("size", str(proof.size), str(held.size)),
        ("root", proof.root, write_hash(held.root)),
        ("seq", str(proof.seq), str(entry.seq)),
        ("digest", proof.digest, digest),
        ("decision_digest", str(proof.decision_digest), str(entry.decision_digest)),
        ("entry/log_id", entry.log_id, held.log_id),
    )
    yield from _compare(claims, at)
    if entry.seq == 1 and entry.prev != held.log_digest:
        yield from _compare([("entry/prev", entry.prev, held.log_digest)], at)
    if entry.seq == held.size and digest != held.last_entry:
        yield from _compare([("digest", digest, str(held.last_entry))], at)
    leaf = hash_leaf(proof.written)
    if not verify_inclusion(leaf, entry.seq - 1, held.size, proof.proof, held.root):
        yield Diagnostic("proof-shows-nothing", {"root": write_hash(held.root)}, at)


def _check_growth(proof: GrowthProof, published: Sequence[Published]) -> Iterator[Diagnostic]:
    first, last = sorted((item.checkpoint for item in published), key=lambda item: item.size)
    at = Span(published[-1].place, 1, 1)
    claims = (
        ("log_id", proof.log_id, last.log_id),
        ("log_digest", proof.log_digest, last.log_digest),
        ("from/size", str(proof.first), str(first.size)),
        ("from/root", proof.first_root, write_hash(first.root)),
        ("to/size", str(proof.last), str(last.size)),
        ("to/root", proof.last_root, write_hash(last.root)),
    )
    yield from _compare(claims, at)
    yield from check_succession(published)
    if compare_checkpoints(first, last, proof.proof) not in _GROWN:
        yield Diagnostic("proof-shows-nothing", {"root": write_hash(last.root)}, at)


_GROWN = frozenset({Comparison.CONTINUED, Comparison.SAME})


def _compare(claims: Sequence[tuple[str, str, str]], at: Span) -> Iterator[Diagnostic]:
    for name, found, held in claims:
        if found != held:
            arguments = {"name": name, "found": found, "held": held}
            yield Diagnostic("proof-of-another", arguments, at)
