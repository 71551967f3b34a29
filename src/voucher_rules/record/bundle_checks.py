"""Comes in: the files of a bundle, from whoever. Goes out: the verdicts on it, each by itself.

Everything is bound to everything: the proof to the line of the entry, the line to the body and the
trace, the proof's root to the checkpoint, the checkpoint to the header and to its signatures. The
files that are made of others are made again and compared, so that no file says what others do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.bundle_files import (
    AUTHORITIES,
    BODY,
    CHECKPOINT,
    STAMP,
    SUMS,
    TRACE,
    Bundle,
    lay_out,
    name_opening,
    write_sums,
)
from voucher_rules.record.bundle_laws import recheck_alone
from voucher_rules.record.bundle_pages import PAGES, write_pages
from voucher_rules.record.bundle_reading import BundleReader, ReadBundle
from voucher_rules.record.bundle_verdicts import Asked, BundleFindings, BundleVerdicts, Check
from voucher_rules.record.canonical import CanonicalError, Data, read_canonical, write_again
from voucher_rules.record.checkpoints import Published
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import Entry, Key
from voucher_rules.record.gists import is_hypothetical, make_gist
from voucher_rules.record.keys import Authenticity, KeyRing, SignatureVerdict
from voucher_rules.record.rechecking import Recheck
from voucher_rules.record.stamping import ABSENT, Stamping, StampVerdict, judge_stamp
from voucher_rules.spans import Span

_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What a verifier got elsewhere, and so believes.

    ``keys`` may have signed checkpoints (None: take those of the bundle, which only shows that one
    hand signed all of it); ``authorities`` are certificates (PEM) of who may have stamped them;
    ``held`` is the checkpoint as the verifier holds it; ``texts`` are texts by their commitments.
    """

    keys: Sequence[Key] | None = None
    authorities: Sequence[bytes] = ()
    held: Published | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


NO_BELIEFS: Final = Beliefs()


def check_files(files: Mapping[str, bytes], beliefs: Beliefs = NO_BELIEFS) -> BundleFindings:
    """Return the verdicts on the files of a bundle, whatever they hold.

    Raises :class:`RecordError` only where a package is missing that a signature or a time stamp
    needs, or for a certificate of the verifier that cannot be read.
    """
    reader = BundleReader(files)
    made = reader.read()
    return _Checking(files, beliefs, made, reader.faults).check()


class _Checking:
    """One check of one bundle that was read; ``faults`` gathers what is wrong."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        beliefs: Beliefs,
        made: ReadBundle,
        faults: list[Diagnostic],
    ) -> None:
        self._files = files
        self._beliefs = beliefs
        self._made = made
        self._faults = faults

    def check(self) -> BundleFindings:
        made, entry = self._made, self._made.entry
        body, trace = (entry.body, entry.trace) if entry else (None, None)
        stamp, time = self._judge_time()
        authenticity, signatures = self._judge_signatures()
        openings, texts = self._open(entry)
        recheck = self._recheck(entry, texts)
        verdicts = BundleVerdicts(
            sums=self._check_sums(),
            layout=self._check_layout(made.bundle),
            header=Check.BAD if made.header is None else Check.OK,
            entry=made.entry_verdict,
            body=self._check_copy(BODY, body, entry),
            trace=self._check_copy(TRACE, trace, entry),
            checkpoint=made.checkpoint_verdict,
            held=self._check_held(),
            inclusion=made.inclusion,
            authenticity=authenticity,
            time=time,
            related=made.related,
            openings=openings,
            ruleset=recheck.law.verdict if recheck else Check.NOT_CHECKED,
            reproduced=recheck.reproduced if recheck else Check.NOT_CHECKED,
            pages=self._check_pages(made.bundle),
        )
        return BundleFindings(
            verdicts=verdicts,
            asked=Asked(self._beliefs.keys is not None, bool(self._beliefs.authorities)),
            faults=tuple(self._faults),
            bundle=made.bundle,
            signatures=signatures,
            stamped_at=stamp.moment,
            recheck=recheck,
        )

    def _check_sums(self) -> Check:
        """Hold the files against the list of their sums."""
        listed = dict(_read_sums(self._files.get(SUMS, b"")))
        others = {name: data for name, data in self._files.items() if name != SUMS}
        found = dict(_read_sums(write_sums(others)))
        wrong = sorted(n for n in {*listed, *found} if listed.get(n) != found.get(n))
        for name in wrong:
            self._faults.append(Diagnostic("bundle-sum-differs", {"name": name}, path=SUMS))
        same = not wrong and self._files.get(SUMS) == write_sums(others)
        return Check.OK if same else Check.BAD

    def _check_layout(self, bundle: Bundle | None) -> Check:
        """Make the files again that are made of others, and see that there are no more."""
        if bundle is None:
            return Check.NOT_CHECKED
        expected = lay_out(bundle)
        apart = {SUMS, BODY, TRACE, *PAGES}
        wrong = False
        for name in sorted({*expected, *self._files} - apart):
            wrong |= not self._is_same(name, expected.get(name))
        return Check.BAD if wrong else Check.OK

    def _is_same(self, name: str, expected: bytes | None) -> bool:
        """Tell whether a file is what it is expected to be; None for no file."""
        found = self._files.get(name)
        if found == expected:
            return True
        arguments = {"name": name}
        if found is None:
            self._faults.append(Diagnostic("bundle-file-missing", arguments, path=name))
        elif expected is None:
            self._faults.append(Diagnostic("bundle-file-unknown", arguments, path=name))
        else:
            self._faults.append(Diagnostic("bundle-file-differs", arguments, path=name))
        return False

    def _check_copy(self, name: str, part: Data, entry: Entry | None) -> Check:
        """Hold the copy of a part of the entry against the entry."""
        if entry is None:
            return Check.NOT_CHECKED
        same = self._is_same(name, None if part is None else write_again(part))
        if not same:
            return Check.BAD
        return Check.ABSENT if part is None else Check.OK

    def _check_pages(self, bundle: Bundle | None) -> Check:
        if bundle is None:
            return Check.NOT_CHECKED
        same = all(self._files.get(name) == page for name, page in write_pages(bundle).items())
        return Check.OK if same else Check.BAD

    def _check_held(self) -> Check:
        held, checkpoint = self._beliefs.held, self._made.checkpoint
        if held is None:
            return Check.ABSENT
        if checkpoint is not None and checkpoint.payload == held.payload:
            return Check.OK
        arguments = {"held": held.digest, "found": checkpoint.digest if checkpoint else "-"}
        self._faults.append(Diagnostic("bundle-other-checkpoint", arguments, path=CHECKPOINT))
        return Check.BAD

    def _judge_signatures(self) -> tuple[Authenticity | Check, tuple[SignatureVerdict, ...]]:
        """Judge the signatures of the checkpoint by the keys that are believed."""
        made, keys = self._made, self._beliefs.keys
        if made.checkpoint is None or (keys is None and made.header is None):
            return Check.NOT_CHECKED, ()
        named = {key.id: key for key in (made.header.keys if made.header else ())}
        believed = named.values() if keys is None else [_narrow(x, named.get(x.id)) for x in keys]
        ring = KeyRing(believed)
        for item in made.bundle.related if made.bundle else ():
            at = Span(f"{item.entry.seq}", 1, 1)
            self._faults += ring.follow(make_gist(item.entry), at)
        verdict, signatures = ring.judge(made.checkpoint)
        told = {"found": str(verdict)}
        if keys is not None and verdict is not Authenticity.OK:
            self._faults.append(Diagnostic("checkpoint-not-signed", told, path=CHECKPOINT))
        elif verdict not in {Authenticity.OK, Authenticity.ABSENT}:
            self._faults.append(Diagnostic("checkpoint-signature-not-good", told, path=CHECKPOINT))
        return verdict, signatures

    def _judge_time(self) -> tuple[StampVerdict, Stamping | Check]:
        """Judge the time stamp by the verifier's certificates, or else by those of the bundle."""
        stamp, made = self._files.get(STAMP), self._made
        if stamp is None:
            return ABSENT, Stamping.ABSENT
        own = self._files.get(AUTHORITIES)
        roots = self._beliefs.authorities or ([own] if own else [])
        if made.checkpoint is None or not roots:
            return ABSENT, Check.NOT_CHECKED
        try:
            verdict = judge_stamp(made.checkpoint.payload, stamp, roots)
        except RecordError as error:
            codes = {item.code for item in error.diagnostics}
            if self._beliefs.authorities or codes != {"certificate-not-readable"}:
                raise
            self._faults += error.diagnostics
            return ABSENT, Stamping.BAD
        if verdict.stamping is Stamping.BAD:
            arguments = {"problem": verdict.problem}
            self._faults.append(Diagnostic("bundle-stamp-bad", arguments, path=STAMP))
        return verdict, verdict.stamping

    def _open(self, entry: Entry | None) -> tuple[Check, dict[str, str]]:
        """Return the texts that are opened, by their commitments, and whether they are those."""
        texts = dict(self._beliefs.texts)
        verdict = Check.ABSENT if entry is not None else Check.NOT_CHECKED
        for place, item in enumerate(entry.redactions if entry else (), start=1):
            name = name_opening(place)
            if name not in self._files:
                continue
            text = _read_opening(self._files[name], item.commitment)
            if text is None:
                self._faults.append(Diagnostic("bundle-opening-bad", {"name": name}, path=name))
                verdict = Check.BAD
            else:
                texts[item.commitment] = text
                verdict = Check.OK if verdict is Check.ABSENT else verdict
        return verdict, texts

    def _recheck(self, entry: Entry | None, texts: Mapping[str, str]) -> Recheck | None:
        if entry is None or entry.body is None or is_hypothetical(entry.body):
            return None
        return recheck_alone(entry.body, entry.trace, self._files, texts)


def _narrow(key: Key, named: Key | None) -> Key:
    """Return a key that is believed, good for no longer than the header of the log says."""
    if named is None or named.public != key.public:
        return key
    ends = [item.until for item in (key, named) if item.until is not None]
    return replace(key, since=max(key.since, named.since), until=min(ends, default=None))


def _read_opening(written: bytes, commitment: str) -> str | None:
    """Return the text an opening shows, None where it is not that of the commitment."""
    try:
        data = read_canonical(written)
    except CanonicalError:
        return None
    pair = isinstance(data, list) and len(data) == _PAIR
    if not pair or not all(isinstance(item, str) for item in data):
        return None
    same = digest_bytes(DigestKind.COMMITMENT, written) == commitment
    return str(data[1]) if same else None


def _read_sums(written: bytes) -> Iterator[tuple[str, str]]:
    """Yield the name and the sum on each line of a list of sums."""
    for line in written.decode(errors="replace").split("\n"):
        digest, _, name = line.partition("  ")
        if name:
            yield name, digest
