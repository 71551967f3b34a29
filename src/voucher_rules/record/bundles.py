"""Comes in: a log, an entry of it and a checkpoint. Goes out: the bundle that shows the decision.

All of the log is read and held against the checkpoint first; nothing goes into a bundle that the
checkpoint does not vouch for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.ledger.stores.files import PRIVATE, SHARED, make_file
from voucher_rules.record.anchoring import Anchor
from voucher_rules.record.bundle_files import (
    Bundle,
    Proven,
    add_sums,
    lay_out,
    name_opening,
)
from voucher_rules.record.bundle_laws import gather_law
from voucher_rules.record.bundle_pages import write_pages
from voucher_rules.record.bundle_zip import pack_files
from voucher_rules.record.canonical import write_canonical
from voucher_rules.record.checkpoints import Published
from voucher_rules.record.commitments import Secret
from voucher_rules.record.entries import EntryKind, Recorded
from voucher_rules.record.entry_lines import write_header
from voucher_rules.record.merkle import prove_inclusion
from voucher_rules.record.scanning import telling
from voucher_rules.record.views import LogView
from voucher_rules.spans import Span

_HASH: Final = 32


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes into a bundle beside the log and the checkpoint.

    ``stamp`` is the time stamp of the checkpoint (DER), ``authorities`` the certificates (PEM) it
    rests on; ``secrets`` open what is hidden of the entry.
    """

    stamp: bytes | None = None
    authorities: bytes | None = None
    secrets: Sequence[Secret] = field(default_factory=tuple)


_NOTHING: Final = Enclosed()


def make_bundle(
    log: str | Path,
    seq: int,
    checkpoint: Published,
    folders: Sequence[Path] = (),
    enclosed: Enclosed = _NOTHING,
) -> Bundle:
    """Return the bundle of the decision of entry ``seq`` of a log.

    Raises :class:`RecordError` for a log that is not sound or not that of the checkpoint, an entry
    that holds no decision or that the checkpoint does not reach, later entries about it that the
    checkpoint does not reach, and a law that is not found.
    """
    reading = _Reading(LogView(log), checkpoint, seq)
    reading.read()
    entry, related = reading.entry, reading.related
    size = checkpoint.checkpoint.size
    for item in (entry, *related):
        if item.entry.seq > size:
            arguments = {"seq": str(item.entry.seq), "size": str(size)}
            raise RecordError([Diagnostic("bundle-not-anchored", arguments, path=checkpoint.place)])
    header = reading.view.header
    made = Bundle(
        header=header,
        header_line=write_header(header, Span(str(log), 1, 1)),
        entry=reading.prove(entry),
        checkpoint=checkpoint,
        related=tuple(map(reading.prove, related)),
        stamp=enclosed.stamp,
        authorities=enclosed.authorities,
        laws=gather_law(entry.entry.body or {}, folders),
    )
    return replace(made, openings=dict(_open(made, enclosed.secrets)))


def _open(bundle: Bundle, secrets: Sequence[Secret]) -> Iterator[tuple[str, bytes]]:
    """Yield what opens the redactions of the entry, as far as it is still there."""
    known = {item.commitment: item for item in secrets}
    for place, item in enumerate(bundle.entry.entry.redactions, start=1):
        secret = known.get(item.commitment)
        if secret is not None:
            yield name_opening(place), write_canonical([secret.salt, secret.value])


def write_bundle(bundle: Bundle, place: str) -> bytes:
    """Return the bytes of a bundle: the same for the same. Raises :class:`RecordError`."""
    files = lay_out(bundle)
    return pack_files(add_sums({**files, **write_pages(bundle)}), place)


def save_bundle(bundle: Bundle, path: str | Path) -> None:
    """Write a bundle into a new file. Raises :class:`RecordError`, also where there is one.

    One that opens what is hidden is for its owner alone to read, from the first moment.
    """
    mode = PRIVATE if bundle.openings else SHARED
    written = write_bundle(bundle, str(path))
    with telling(str(path)):
        try:
            make_file(Path(path), written, mode=mode)
        except FileExistsError:
            raise RecordError([Diagnostic("file-exists", {"path": str(path)})]) from None


class _Reading:
    """Reads a log once, and keeps what a bundle needs of it: 32 bytes of every entry."""

    def __init__(self, view: LogView, checkpoint: Published, seq: int) -> None:
        self.view = view
        self.related: list[Recorded] = []
        self._checkpoint = checkpoint
        self._seq = seq
        self._entry: Recorded | None = None
        self._leaves = bytearray()

    @property
    def entry(self) -> Recorded:
        """The entry asked for. Raises :class:`RecordError` where it holds no decision."""
        if self._entry is None or self._entry.entry.body is None:
            arguments = {"seq": str(self._seq)}
            raise RecordError(
                [Diagnostic("bundle-not-of-decision", arguments, path=self.view.place)]
            )
        return self._entry

    def read(self) -> None:
        """Read all of the log. Raises :class:`RecordError` at the first fault."""
        anchor = Anchor(self.view.reader, [self._checkpoint])
        about = {self._seq}
        for item in self.view.scan():
            if item.faults or item.entry is None:
                raise RecordError(item.faults)
            anchor.take(item)
            self._leaves += item.leaf
            recorded = Recorded(item.entry, item.written, item.digest, item.line, item.offset)
            if item.entry.seq == self._seq:
                self._entry = recorded
            elif item.entry.refers_seq in about or item.entry.kind is EntryKind.KEY_CHANGE:
                about |= {item.entry.seq} if item.entry.refers_seq else set()
                self.related.append(recorded)
        coverage = anchor.finish()
        if coverage.faults:
            raise RecordError(coverage.faults)

    def prove(self, recorded: Recorded) -> Proven:
        """Return an entry with the proof that the log of the checkpoint holds it."""
        size = self._checkpoint.checkpoint.size
        leaves = (self._leaves[x : x + _HASH] for x in range(0, size * _HASH, _HASH))
        proof = prove_inclusion(map(bytes, leaves), recorded.entry.seq - 1, size)
        return Proven(recorded.entry, recorded.written, tuple(proof))
