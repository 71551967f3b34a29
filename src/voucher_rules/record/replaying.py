"""Comes in: a log, folders of rulesets, checkpoints. Goes out: the verdicts on it, line by line.

The log is read once, in memory that does not grow with it; deciding again is shared among
processes. Nothing is written and nothing is asked of a network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.record.anchoring import Anchor, Coverage
from voucher_rules.record.canonical import Data
from voucher_rules.record.checkpoints import Published
from voucher_rules.record.currency import CurrencyJudge
from voucher_rules.record.entries import EntryKind, Header, Key
from voucher_rules.record.keys import Authenticity, KeyRing, SignatureVerdict
from voucher_rules.record.rechecking import recheck_record
from voucher_rules.record.scanning import Position, Scanned
from voucher_rules.record.shelf import RulesetShelf
from voucher_rules.record.stamping import Stamping, StampVerdict, judge_stamp
from voucher_rules.record.verdicts import RecordVerdict, judge_record
from voucher_rules.record.views import LogView
from voucher_rules.record.workers import count_processors, work_in_order
from voucher_rules.spans import Span


@dataclass(frozen=True, slots=True)
class Anchors:
    """What someone else holds of a log: its checkpoints, their time stamps, and whom to believe.

    ``stamps`` map the digest of a checkpoint to its RFC 3161 token (DER); ``authorities`` are
    certificates (PEM) of who may have made them. ``trusted`` are keys got elsewhere; None takes
    those of the log's own header, which only shows that one hand signed all of it.
    """

    checkpoints: Sequence[Published] = ()
    stamps: Mapping[str, bytes] = field(default_factory=dict)
    authorities: Sequence[bytes] = ()
    trusted: Sequence[Key] | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """One line of a log after the header: where it stands, what is wrong there, and the verdicts.

    ``seq`` is 0 where the line is no entry; ``verdict`` is None where it records no decision.
    """

    line: int
    seq: int
    kind: EntryKind | None
    request_id: str
    decision_digest: str | None
    recorded_at: datetime | None
    position: Position
    faults: tuple[Diagnostic, ...]
    verdict: RecordVerdict | None
    refers_seq: int | None = None
    offset: int = 0
    """Where the line begins in the file, in bytes."""


@dataclass(frozen=True, slots=True)
class CheckpointVerdict:
    """The verdicts on one checkpoint: whose signature it bears, and since when it is known."""

    published: Published
    authenticity: Authenticity
    signatures: tuple[SignatureVerdict, ...]
    stamp: StampVerdict


@dataclass(frozen=True, slots=True)
class Ending:
    """What can be told when all of a log has been gone through.

    ``torn`` tells of an unfinished end; ``kinds`` counts the entries by what they tell.
    """

    header: Header
    header_digest: str
    kinds: Mapping[EntryKind, int]
    coverage: Coverage
    checkpoints: tuple[CheckpointVerdict, ...]
    key_faults: tuple[Diagnostic, ...]
    torn: Diagnostic | None
    keys_given: bool
    """Whether the keys believed were got elsewhere, and not from the log itself."""
    size: int
    """How many entries there are, by the number of the last."""
    head: str
    """The digest of the last entry, that of the header where there is none."""


class Replay:
    """Goes through a log once: iterate over it, then ask for its :attr:`ending`.

    ``folders`` hold the rulesets, before the shipped ones; ``secrets`` map commitments to the texts
    they stand for; ``jobs`` is how many processes decide (None: one for each processor). With
    ``decides`` false the log is checked and nothing is decided again. Raises
    :class:`~voucher_rules.RecordError` where there is no log to go by.
    """

    def __init__(  # noqa: PLR0913 - each argument is one thing a replay rests on
        self,
        path: str | Path,
        folders: Sequence[Path] = (),
        anchors: Anchors | None = None,
        secrets: Mapping[str, str] | None = None,
        jobs: int | None = None,
        *,
        decides: bool = True,
    ) -> None:
        self._view = LogView(path)
        self._folders = tuple(folders)
        self._anchors = anchors or Anchors()
        self._secrets = dict(secrets or {})
        self._jobs = count_processors() if jobs is None else jobs
        self.decides = decides
        self._ending: Ending | None = None

    @property
    def ending(self) -> Ending:
        """What can only be told at the end. Raises ValueError before that."""
        if self._ending is None:
            message = "the log has not been gone through yet"
            raise ValueError(message)
        return self._ending

    def __iter__(self) -> Iterator[Replayed]:
        """Yield every line with the verdicts on it, in the order of the file; to be called once."""
        view, anchors = self._view, self._anchors
        trusted = view.header.keys if anchors.trusted is None else anchors.trusted
        ring, anchor = KeyRing(trusted), Anchor(view.reader, anchors.checkpoints)
        kinds: Counter[EntryKind] = Counter()
        key_faults: list[Diagnostic] = []

        def read() -> Iterator[Scanned]:
            for item in view.scan():
                anchor.take(item)
                if item.entry is not None:
                    kinds[item.entry.kind] += 1
                    at = Span(view.place, item.line, 1)
                    key_faults.extend(ring.follow(item.entry, at))
                # Who decides needs the entry alone, not its bytes as well.
                yield replace(item, written=b"")

        if self.decides:
            given = (self._folders, self._secrets)
            yield from work_in_order(_begin, given, _do, read(), self._jobs)
        else:
            yield from (_place(line, None) for line in read())
        tail = view.reader.tail
        self._ending = Ending(
            header=view.header,
            header_digest=view.reader.header_digest,
            kinds=dict(kinds),
            coverage=anchor.finish(),
            checkpoints=tuple(self._judge(item, ring) for item in anchors.checkpoints),
            key_faults=tuple(key_faults),
            torn=None if tail is None else tail.tell(view.place),
            keys_given=anchors.trusted is not None,
            size=view.size,
            head=view.head.digest,
        )

    def _judge(self, published: Published, ring: KeyRing) -> CheckpointVerdict:
        anchors = self._anchors
        token = anchors.stamps.get(published.digest)
        stamp = (
            StampVerdict(Stamping.ABSENT)
            if token is None
            else judge_stamp(published.payload, token, anchors.authorities)
        )
        authenticity, signatures = ring.judge(published)
        return CheckpointVerdict(published, authenticity, signatures, stamp)


_OWN: Final[dict[str, Any]] = {}
"""What a process keeps between two pieces of work: its rulesets and the texts that are hidden."""


def _begin(folders: tuple[Path, ...], secrets: Mapping[str, str]) -> None:
    _OWN["shelf"] = RulesetShelf(folders)
    _OWN["judge"] = CurrencyJudge(folders)
    _OWN["secrets"] = secrets


def _do(lines: list[Scanned]) -> list[Replayed]:
    return [_replay(line) for line in lines]


def _replay(item: Scanned) -> Replayed:
    entry = item.entry
    verdict = None
    if entry is not None and entry.body is not None:
        verdict = _judge_body(entry.body, entry.trace, entry.recorded_at)
    return _place(item, verdict)


def _place(item: Scanned, verdict: RecordVerdict | None) -> Replayed:
    entry = item.entry
    return Replayed(
        line=item.line,
        seq=entry.seq if entry else 0,
        kind=entry.kind if entry else None,
        request_id=entry.request_id if entry else "",
        decision_digest=entry.decision_digest if entry else None,
        recorded_at=entry.recorded_at if entry else None,
        position=item.position,
        faults=item.faults,
        verdict=verdict,
        refers_seq=entry.refers_seq if entry else None,
        offset=item.offset,
    )


def _judge_body(
    body: Mapping[str, Any], trace: Sequence[Data] | None, recorded_at: datetime
) -> RecordVerdict:
    recheck = recheck_record(body, trace, _OWN["shelf"], _OWN["secrets"])
    zone = recheck.law.ruleset.zone if recheck.law.ruleset else UTC
    currency = _OWN["judge"].judge(body, recorded_at, zone)
    return replace(judge_record(body, trace, recheck), currency=currency)
