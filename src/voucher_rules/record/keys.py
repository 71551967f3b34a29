"""Comes in: keys one trusts, the entries that change them. Goes out: who may have signed what when.

A new key is believed because a key that was believed before signed the entry that adds it. Whoever
can write the log but has no key can therefore not bring in one of their own. Where the trust begins
(with the keys of the header, or with keys got elsewhere) is for the verifier to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.canonical import write_canonical
from voucher_rules.record.checkpoints import Published
from voucher_rules.record.entries import (
    CHECKPOINT_TYPE,
    KEY_CHANGE_TYPE,
    EntryKind,
    Key,
    KeyChange,
    Signature,
)
from voucher_rules.record.entry_lines import read_key_change, state_key_change
from voucher_rules.record.gists import Gist
from voucher_rules.record.signing import Signer, verify_signature
from voucher_rules.spans import Span


class Authenticity(StrEnum):
    """What a signature shows."""

    OK = "ok"
    BAD = "bad"
    """It is not of this key, or what was signed is not this."""
    ABSENT = "absent"
    UNKNOWN_KEY = "unknown_key"
    KEY_NOT_VALID_THEN = "key_not_valid_then"
    """It is of the key, which did not hold good when the checkpoint was issued."""


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """The verdict on one signature."""

    key: str
    authenticity: Authenticity


def write_key_change(log_id: str, change: KeyChange, at: Span) -> bytes:
    """Return what is signed of a change of keys. Raises :class:`RecordError`."""
    data = state_key_change(replace(change, signatures=()), at)
    del data["signatures"]
    return write_canonical({"schema": "voucher-rules/key-change/1", "log_id": log_id, **data})


def sign_key_change(log_id: str, change: KeyChange, *signers: Signer) -> KeyChange:
    """Return a change of the keys of a log with signatures added. Raises :class:`RecordError`."""
    payload = write_key_change(log_id, change, Span(log_id, 0, 0))
    made = tuple(signer.sign(KEY_CHANGE_TYPE, payload) for signer in signers)
    return replace(change, signatures=(*change.signatures, *made))


def check_signers(known: Iterable[Key], published: Published) -> None:
    """Check that whoever signed a checkpoint did so with keys of its log that hold good.

    ``known`` are the keys the log names; where it names none its keys are kept elsewhere, and
    nothing can be told. Raises :class:`RecordError`.
    """
    ring = KeyRing(known)
    verdicts = ring.judge(published)[1] if ring.keys else ()
    for item in verdicts:
        if item.authenticity is not Authenticity.OK:
            told = {"name": item.key, "found": str(item.authenticity)}
            raise RecordError([Diagnostic("checkpoint-key-unknown", told)])


class KeyRing:
    """The keys believed, and from which entry on (0: from the beginning)."""

    def __init__(self, trusted: Iterable[Key]) -> None:
        self._keys = {key.id: (key, 0) for key in trusted}

    def follow(self, entry: Gist, at: Span) -> list[Diagnostic]:
        """Take in an entry; one that changes keys counts where a believed key signed it.

        Raises :class:`RecordError` where that cannot be checked for want of a package.
        """
        if entry.kind is not EntryKind.KEY_CHANGE:
            return []
        change = read_key_change(entry.data)
        if not self.believes(change, entry, at):
            return [Diagnostic("log-key-change-not-signed", {"seq": str(entry.seq)}, at)]
        for key in change.add:
            self._keys.setdefault(key.id, (key, entry.seq))
        for name, until in change.end:
            self._end(name, until)
        return []

    def believes(self, change: KeyChange, entry: Gist, at: Span) -> bool:
        """Tell whether a key that was believed and good then signed the change of an entry.

        Raises :class:`RecordError` where that cannot be checked for want of a package.
        """
        payload = write_key_change(entry.log_id, change, at)
        return Authenticity.OK in {
            self._judge(item, KEY_CHANGE_TYPE, payload, entry.recorded_at, entry.seq)
            for item in change.signatures
        }

    @property
    def keys(self) -> Mapping[str, tuple[Key, int]]:
        """The keys believed by their ids, each with the entry that brought it in (0: none did)."""
        return dict(self._keys)

    def _end(self, name: str, until: datetime) -> None:
        if name in self._keys:
            key, seq = self._keys[name]
            if key.until is None or until <= key.until:
                self._keys[name] = (replace(key, until=until), seq)

    def judge(self, published: Published) -> tuple[Authenticity, tuple[SignatureVerdict, ...]]:
        """Return the verdict on a checkpoint, and on each of its signatures.

        One good signature is enough: anyone may add others to the file. Keys count as they were
        when the checkpoint was issued, so one that has run out since is as good as it was. Give
        the ring all entries of the log first: a key may have been ended for an earlier moment.
        """
        checkpoint = published.checkpoint
        verdicts = tuple(
            SignatureVerdict(
                item.key,
                self._judge(
                    item, CHECKPOINT_TYPE, published.payload, checkpoint.issued_at, checkpoint.size
                ),
            )
            for item in published.signatures
        )
        for best in (
            Authenticity.OK,
            Authenticity.BAD,
            Authenticity.KEY_NOT_VALID_THEN,
            Authenticity.UNKNOWN_KEY,
        ):
            if any(item.authenticity is best for item in verdicts):
                return best, verdicts
        return Authenticity.ABSENT, verdicts

    def _judge(
        self, signature: Signature, kind: str, payload: bytes, moment: datetime, size: int
    ) -> Authenticity:
        """Return the verdict on a signature made at a moment, when there were ``size`` entries."""
        if signature.key not in self._keys:
            return Authenticity.UNKNOWN_KEY
        key, since = self._keys[signature.key]
        if not verify_signature(key, kind, payload, signature.signature):
            return Authenticity.BAD
        if since > size or not key.is_valid_at(moment):
            return Authenticity.KEY_NOT_VALID_THEN
        return Authenticity.OK
