"""Comes in: a log, folders of rulesets, checkpoints. Goes out: the verdicts on it, line by line.

The log is read once, in memory that hardly grows with it. Looking at lines and deciding again is
shared among processes; here lines are only held against each other, in their order. Nothing is
written and nothing is asked of a network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.record.anchoring import Anchor, Coverage
from voucher_rules.record.checkpoints import Published
from voucher_rules.record.currency import CurrencyJudge
from voucher_rules.record.entries import Entry, EntryKind, Header, Key
from voucher_rules.record.gists import Claim, Look, look_at
from voucher_rules.record.keys import Authenticity, KeyRing, SignatureVerdict
from voucher_rules.record.lines import Line
from voucher_rules.record.rechecking import recheck_record
from voucher_rules.record.scanning import Placed, Position
from voucher_rules.record.shelf import RulesetShelf
from voucher_rules.record.stamping import Stamping, StampVerdict, judge_stamp
from voucher_rules.record.verdicts import RecordVerdict, judge_record
from voucher_rules.record.views import LogView
from voucher_rules.record.workers import Crew, count_processors
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
    claim: Claim | None = None
    """What a line that is no entry says of itself, unchecked."""


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

    @property
    def checkpoint_faults(self) -> tuple[Diagnostic, ...]:
        """What is wrong with checkpoints themselves, each with its file.

        It is told of their signatures and their time stamps, and says nothing of the log's lines.
        """
        return tuple(
            x for item in self.checkpoints for x in _tell_checkpoint(item, self.keys_given)
        )


def _tell_checkpoint(item: CheckpointVerdict, keys_given: bool) -> Iterator[Diagnostic]:  # noqa: FBT001 - one of two sources of keys
    """Yield what is wrong with the signatures and the time stamp of a checkpoint."""
    at, found = Span(item.published.place, 1, 1), {"found": str(item.authenticity)}
    if keys_given and item.authenticity is not Authenticity.OK:
        yield Diagnostic("checkpoint-not-signed", found, at)
    elif item.authenticity not in {Authenticity.OK, Authenticity.ABSENT}:
        yield Diagnostic("checkpoint-signature-not-good", found, at)
    if item.stamp.stamping is Stamping.BAD:
        yield Diagnostic("checkpoint-stamp-bad", {"problem": item.stamp.problem}, at)


class Replay:
    """Goes through a log once: iterate over it, then ask for its :attr:`ending`.

    ``folders`` hold the rulesets, before the shipped ones; ``secrets`` map commitments to the texts
    they stand for; ``jobs`` is how many processes work (None: one for each processor). With
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

        given = (view.place, view.header.log_id, self._folders, self._secrets, self.decides)
        with Crew(_Desk, given, self._jobs, view.place) as crew:
            for item, verdict in view.scan_shared(crew, _judge_lines):
                anchor.take(item)
                if item.gist is not None:
                    kinds[item.gist.kind] += 1
                    key_faults += ring.follow(item.gist, Span(view.place, item.line, 1))
                yield _tell(item, verdict)
        tail = view.reader.tail
        judged = tuple(self._judge(item, ring) for item in anchors.checkpoints)
        believed = {item.published.digest for item in judged if self._believes(item)}
        held = {item.digest for item in anchors.checkpoints}
        self._ending = Ending(
            header=view.header,
            header_digest=view.reader.header_digest,
            kinds=dict(kinds),
            coverage=anchor.finish(held - believed),
            checkpoints=judged,
            key_faults=tuple(key_faults),
            torn=None if tail is None else tail.tell(view.place),
            keys_given=anchors.trusted is not None,
            size=view.size,
            head=view.head.digest,
        )

    def _believes(self, item: CheckpointVerdict) -> bool:
        """Tell whether a checkpoint may vouch: where keys were given, one of them signed it."""
        if item.authenticity is Authenticity.OK:
            return True
        return self._anchors.trusted is None and item.authenticity is Authenticity.ABSENT

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


class _Desk:
    """What a process that looks at lines has at hand; each ruleset is read once."""

    def __init__(
        self,
        place: str,
        log_id: str,
        folders: tuple[Path, ...],
        secrets: Mapping[str, str],
        decides: bool,  # noqa: FBT001 - given by place, as all that another process is given
    ) -> None:
        self.place = place
        self.log_id = log_id
        self.decides = decides
        self._shelf = RulesetShelf(folders)
        self._judge = CurrencyJudge(folders)
        self._secrets = secrets

    def judge(self, entry: Entry, parts: Mapping[str, bytes]) -> RecordVerdict | None:
        """Take the decision of an entry again; None where it holds none."""
        body, trace = entry.body, entry.trace
        if body is None:
            return None
        recheck = recheck_record(body, trace, self._shelf, self._secrets, parts)
        zone = recheck.law.ruleset.zone if recheck.law.ruleset else UTC
        currency = self._judge.judge(body, entry.recorded_at, zone)
        return judge_record(body, trace, recheck, currency)


def _judge_lines(desk: _Desk, lot: list[Line]) -> list[tuple[Look, RecordVerdict | None]]:
    """Look at lines, and take the decisions on them again."""
    return [_judge_line(desk, line) for line in lot]


def _judge_line(desk: _Desk, line: Line) -> tuple[Look, RecordVerdict | None]:
    looked = look_at(line, desk.place, desk.log_id)
    if not desk.decides or looked.entry is None:
        return looked.look, None
    return looked.look, desk.judge(looked.entry, looked.parts)


def _tell(item: Placed, verdict: RecordVerdict | None) -> Replayed:
    gist = item.gist
    return Replayed(
        line=item.line,
        seq=gist.seq if gist else 0,
        kind=gist.kind if gist else None,
        request_id=gist.request_id if gist else "",
        decision_digest=gist.decision_digest if gist else None,
        recorded_at=gist.recorded_at if gist else None,
        position=item.position,
        faults=item.faults,
        verdict=verdict,
        refers_seq=gist.refers_seq if gist else None,
        offset=item.offset,
        claim=item.claim,
    )
