"""Comes in: the files of a bundle, from whoever. Goes out: what they say, and what is wrong there.

Only files that say something of their own are read; those made of them are for others to compare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.bundle_files import (
    AUTHORITIES,
    ENTRY,
    ENVELOPE,
    HEADER,
    RELATED,
    STAMP,
    Bundle,
    Proven,
    name_folder,
    name_opening,
    name_proof,
)
from voucher_rules.record.bundle_laws import is_law
from voucher_rules.record.bundle_verdicts import Check
from voucher_rules.record.checkpoints import Published, read_checkpoint
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import Entry, EntryKind, Header
from voucher_rules.record.entry_lines import read_entry, read_header
from voucher_rules.record.gists import is_hypothetical
from voucher_rules.record.merkle import hash_leaf, verify_inclusion
from voucher_rules.spans import Span

Read = TypeVar("Read")
_FOLDER: Final = re.compile(rf"({RELATED}[^/]+/)")


@dataclass(slots=True)
class ReadBundle:
    """What the files of a bundle say, None for what cannot be read, and the verdicts on it.

    ``bundle`` holds of the related entries those that are whole and in the log of the checkpoint.
    """

    header: Header | None = None
    entry: Entry | None = None
    checkpoint: Published | None = None
    bundle: Bundle | None = None
    entry_verdict: Check = Check.BAD
    checkpoint_verdict: Check = Check.BAD
    inclusion: Check = Check.NOT_CHECKED
    related: Check = Check.NOT_CHECKED


class BundleReader:
    """Reads the files of one bundle; ``faults`` gathers what is wrong with them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self.faults: list[Diagnostic] = []

    def read(self) -> ReadBundle:
        """Return what the files say."""
        made = ReadBundle(
            header=self._read(HEADER, read_header),
            entry=self._read(ENTRY, read_entry),
            checkpoint=self._read(ENVELOPE, lambda data, at: read_checkpoint(data, at.file)),
        )
        if made.entry is not None and self._is_decision(made.entry, made.header):
            made.entry_verdict = Check.OK
        if made.checkpoint is not None and self._is_of(made.checkpoint, made):
            made.checkpoint_verdict = Check.OK
        if made.entry is not None and made.checkpoint is not None:
            self._follow_proofs(made, made.entry, made.checkpoint)
        return made

    def _read(self, name: str, read: Callable[[bytes, Span], Read]) -> Read | None:
        """Return what a file says, None where it is not there or cannot be read."""
        if name not in self._files:
            self.faults.append(Diagnostic("bundle-file-missing", {"name": name}, path=name))
            return None
        try:
            return read(self._files[name], Span(name, 1, 1))
        except RecordError as error:
            self.faults += error.diagnostics
            return None

    def _is_decision(self, entry: Entry, header: Header | None) -> bool:
        """Tell whether an entry holds a decision, and is of the log of the header."""
        sound = entry.body is not None
        if not sound:
            arguments = {"seq": str(entry.seq)}
            self.faults.append(Diagnostic("bundle-not-of-decision", arguments, path=ENTRY))
        if is_hypothetical(entry.body):
            sound = self._refuse_hypothetical(ENTRY)
        if header is not None and entry.log_id != header.log_id:
            sound = self._refuse_other(ENTRY, entry.log_id, header)
        begins = digest_bytes(DigestKind.LOG, self._files.get(HEADER, b""))
        if header is not None and entry.seq == 1 and entry.prev != begins:
            sound = self._refuse_other(ENTRY, entry.log_id, header)
        return sound

    def _is_of(self, checkpoint: Published, made: ReadBundle) -> bool:
        """Tell whether a checkpoint is of the log of the header, and of the entry it ends with."""
        told, header, entry = checkpoint.checkpoint, made.header, made.entry
        sound = header is not None
        begins = digest_bytes(DigestKind.LOG, self._files.get(HEADER, b""))
        if header is not None and (told.log_digest, told.log_id) != (begins, header.log_id):
            sound = self._refuse_other(ENVELOPE, told.log_id, header)
        if entry is not None and entry.seq == told.size:
            last = digest_bytes(DigestKind.ENTRY, self._files[ENTRY])
            if told.last_entry != last:
                arguments = {"size": str(told.size)}
                self.faults.append(Diagnostic("checkpoint-differs", arguments, path=ENVELOPE))
                sound = False
        return sound

    def _refuse_other(self, name: str, found: str, header: Header) -> bool:
        arguments = {"found": found, "own": header.log_id}
        self.faults.append(Diagnostic("bundle-of-another-log", arguments, path=name))
        return False

    def _refuse_hypothetical(self, name: str) -> bool:
        """Tell of a decision under a what-if: no log takes one, so none was ever recorded."""
        self.faults.append(Diagnostic("record-hypothetical", {}, path=name))
        return False

    def _follow_proofs(self, made: ReadBundle, entry: Entry, checkpoint: Published) -> None:
        proven = self._prove(entry, checkpoint, "")
        made.inclusion = Check.BAD if proven is None else Check.OK
        folders = sorted({x[1] for name in self._files if (x := _FOLDER.match(name))})
        found = list(self._read_related(folders, entry, checkpoint))
        if folders:
            made.related = Check.OK if len(found) == len(folders) else Check.BAD
        else:
            made.related = Check.ABSENT
        if proven is not None and made.header is not None:
            made.bundle = self._enclose(made.header, proven, checkpoint, tuple(found))

    def _prove(self, entry: Entry, checkpoint: Published, folder: str) -> Proven | None:
        """Return an entry with its proof, None where that does not lead to the checkpoint."""
        told, written = checkpoint.checkpoint, self._files[f"{folder}{ENTRY}"]
        names = name_proof(entry.seq, told.size, folder) if entry.seq <= told.size else []
        for name in names:
            if name not in self._files:
                self.faults.append(Diagnostic("bundle-file-missing", {"name": name}, path=name))
        proof = [self._files.get(name, b"") for name in names]
        if verify_inclusion(hash_leaf(written), entry.seq - 1, told.size, proof, told.root):
            return Proven(entry, written, tuple(proof))
        arguments = {"seq": str(entry.seq), "size": str(told.size)}
        self.faults.append(Diagnostic("bundle-not-included", arguments, path=f"{folder}{ENTRY}"))
        return None

    def _read_related(
        self, folders: list[str], entry: Entry, checkpoint: Published
    ) -> Iterator[Proven]:
        """Yield the related entries that hold good, by number."""
        decisions = {entry.seq: entry.decision_digest}
        for folder in folders:
            name = f"{folder}{ENTRY}"
            found = self._read(name, read_entry)
            if found is None:
                continue
            if is_hypothetical(found.body):
                self._refuse_hypothetical(name)
                continue
            about = found.refers_seq in decisions and found.refers_seq is not None
            told = about and found.refers_to == decisions[found.refers_seq or 0]
            placed = folder == name_folder(found.seq) and found.log_id == entry.log_id
            if not placed or not (told or found.kind is EntryKind.KEY_CHANGE):
                arguments = {"seq": str(found.seq)}
                self.faults.append(Diagnostic("bundle-not-related", arguments, path=name))
                continue
            proven = self._prove(found, checkpoint, folder)
            if proven is not None:
                decisions[found.seq] = found.decision_digest
                yield proven

    def _enclose(
        self, header: Header, proven: Proven, checkpoint: Published, related: tuple[Proven, ...]
    ) -> Bundle:
        """Return all that the files say."""
        places = range(1, len(proven.entry.redactions) + 1)
        openings = {name_opening(place) for place in places} & self._files.keys()
        return Bundle(
            header,
            self._files[HEADER],
            proven,
            checkpoint,
            related,
            self._files.get(STAMP),
            self._files.get(AUTHORITIES),
            {name: data for name, data in self._files.items() if is_law(name)},
            {name: self._files[name] for name in openings},
        )
