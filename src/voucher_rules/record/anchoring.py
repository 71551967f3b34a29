"""Comes in: a log line by line, and checkpoints of it. Goes out: how much of it they vouch for.

Read the log first and the checkpoints after, where it may be growing: a checkpoint that is newer
than the reading would seem to miss entries.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.record.checkpoints import Checkpoint, Published
from voucher_rules.record.instants import write_instant
from voucher_rules.record.merkle import Tree
from voucher_rules.record.scanning import LogReader, Placed
from voucher_rules.spans import Span


class Anchoring(StrEnum):
    """What a log is against one checkpoint."""

    OK = "ok"
    """It begins with the very entries the checkpoint was made over."""
    MISSING_TAIL = "missing_tail"
    """It is shorter than it was."""
    DIFFERS = "differs"
    """It begins with other entries: another history."""
    OTHER_LOG = "other_log"


@dataclass(frozen=True, slots=True)
class Anchored:
    """One checkpoint and the verdict on it."""

    published: Published
    anchoring: Anchoring


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the checkpoints say of a log of ``size`` lines.

    The entries 1 to ``verified`` are those of a checkpoint. ``missing`` is how many more a
    checkpoint of this log knew of, and ``missing_at_end`` how many of them come after the last
    entry there is; the others are missing before it. ``faults`` tell every checkpoint the log does
    not agree with, and those that do not follow each other.
    """

    size: int
    verified: int
    missing: int
    missing_at_end: int
    checkpoints: tuple[Anchored, ...]
    faults: tuple[Diagnostic, ...]

    @property
    def unanchored(self) -> tuple[int, int] | None:
        """The first and the last line that no checkpoint vouches for; None where there is none."""
        return (self.verified + 1, self.size) if self.verified < self.size else None


class Anchor:
    """Holds a log against checkpoints while it is read: give it every line, then ask."""

    def __init__(self, reader: LogReader, checkpoints: Iterable[Published]) -> None:
        self._reader = reader
        self._given = sorted(checkpoints, key=lambda item: item.checkpoint.size)
        self._tree = Tree()
        self._size = 0
        self._reached = 0
        """The number of the last entry; a line that is none counts as the one that comes next."""
        self._known: dict[int, tuple[bytes, str | None]] = {0: (self._tree.root(), None)}
        self._asked = {item.checkpoint.size for item in self._given}
        self._last = max(self._asked, default=0)

    def take(self, item: Placed) -> None:
        """Take in the next line."""
        self._size += 1
        self._reached = max(self._reached, item.gist.seq) if item.gist else self._reached + 1
        if self._size > self._last:
            return
        self._tree.append(item.leaf)
        if self._size in self._asked:
            self._known[self._size] = (self._tree.root(), item.digest)

    def finish(self, disbelieved: Container[str] = ()) -> Coverage:
        """Return what came of it; checkpoints whose digest is ``disbelieved`` vouch for nothing.

        Whatever the log does not agree with is told of them all the same.
        """
        judged = tuple(Anchored(item, self._judge(item)) for item in self._given)
        good = [
            item.published.checkpoint.size
            for item in judged
            if item.anchoring is Anchoring.OK and item.published.digest not in disbelieved
        ]
        largest = max(
            (
                item.published.checkpoint.size
                for item in judged
                if item.anchoring is not Anchoring.OTHER_LOG
            ),
            default=0,
        )
        missing = max(0, largest - self._size)
        return Coverage(
            size=self._size,
            verified=max(good, default=0),
            missing=missing,
            missing_at_end=min(missing, max(0, largest - self._reached)),
            checkpoints=judged,
            faults=(*self._tell(judged), *check_succession(self._given)),
        )

    def _judge(self, item: Published) -> Anchoring:
        checkpoint = item.checkpoint
        if checkpoint.log_digest != self._reader.header_digest:
            return Anchoring.OTHER_LOG
        if checkpoint.size > self._size:
            return Anchoring.MISSING_TAIL
        stands = self._known[checkpoint.size]
        agrees = stands == (checkpoint.root, checkpoint.last_entry)
        return Anchoring.OK if agrees else Anchoring.DIFFERS

    def _tell(self, judged: Sequence[Anchored]) -> list[Diagnostic]:
        found = []
        for item in judged:
            checkpoint, at = item.published.checkpoint, Span(item.published.place, 1, 1)
            if item.anchoring is Anchoring.OTHER_LOG:
                found.append(tell_other_log(checkpoint.log_id, self._reader.header.log_id, at))
            elif item.anchoring is Anchoring.MISSING_TAIL:
                arguments = {"size": str(self._size), "expected": str(checkpoint.size)}
                if self._reached < checkpoint.size:
                    found.append(Diagnostic("checkpoint-missing-tail", arguments, at))
                else:
                    found.append(Diagnostic("checkpoint-missing-entries", arguments, at))
            elif item.anchoring is Anchoring.DIFFERS:
                arguments = {"size": str(checkpoint.size)}
                found.append(Diagnostic("checkpoint-differs", arguments, at))
        return found


def tell_other_log(found: str, own: str, at: Span) -> Diagnostic:
    """Return what is to be told of a checkpoint whose log has another header."""
    if found == own:
        return Diagnostic("checkpoint-other-header", {"own": own}, at)
    return Diagnostic("checkpoint-of-another", {"found": found, "own": own}, at)


def check_succession(checkpoints: Iterable[Published]) -> list[Diagnostic]:
    """Check that checkpoints agree with each other, as far as can be told without the log.

    One may follow another only if it is of the same log, no smaller and no older. No two follow the
    same one, and no two of the same size have another root: there would be two histories.
    """
    given = {item.digest: item for item in checkpoints}
    followers: dict[str, Published] = {}
    sizes: dict[tuple[str, int], Published] = {}
    found = []
    for item in given.values():
        checkpoint, at = item.checkpoint, Span(item.place, 1, 1)
        beside = sizes.setdefault((checkpoint.log_digest, checkpoint.size), item)
        if beside.checkpoint.root != checkpoint.root:
            arguments = {"size": str(checkpoint.size), "other": beside.digest}
            found.append(Diagnostic("checkpoint-two-histories", arguments, at))
        if checkpoint.previous is None:
            continue
        if followers.setdefault(checkpoint.previous, item) is not item:
            other = followers[checkpoint.previous].digest
            found.append(Diagnostic("checkpoint-branch", {"other": other}, at))
        if checkpoint.previous in given:
            found += _check_follows(given[checkpoint.previous].checkpoint, checkpoint, at)
    return found


def _check_follows(before: Checkpoint, after: Checkpoint, at: Span) -> list[Diagnostic]:
    if before.log_digest != after.log_digest:
        arguments = {"found": before.log_id, "own": after.log_id}
        return [Diagnostic("checkpoint-of-another", arguments, at)]
    if before.size > after.size:
        arguments = {"size": str(after.size), "expected": str(before.size)}
        return [Diagnostic("checkpoint-shrunk", arguments, at)]
    if before.issued_at > after.issued_at:
        found, last = write_instant(after.issued_at), write_instant(before.issued_at)
        return [Diagnostic("checkpoint-before-previous", {"found": found, "last": last}, at)]
    return []


def anchor_log(reader: LogReader, checkpoints: Iterable[Published]) -> Coverage:
    """Hold a log against checkpoints, in one pass over it."""
    anchor = Anchor(reader, checkpoints)
    for item in reader.scan():
        anchor.take(item)
    return anchor.finish()
