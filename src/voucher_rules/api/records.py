"""Comes in: decisions. Goes out: a log of them that an auditor can recheck years later.

This is the door that reads the clock and makes up ids; everything behind it is told both.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from voucher_rules.api.decisions import Decision
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.checkpoints import (
    Published,
    load_checkpoint,
    make_checkpoint,
    save_checkpoint,
)
from voucher_rules.record.commitments import SecretStore
from voucher_rules.record.entries import Draft, Entry, EntryKind, Header, Key, Recorded, Recorder
from voucher_rules.record.instants import floor_instant
from voucher_rules.record.log import Appended, Log
from voucher_rules.record.recording import (
    Referral,
    Request,
    describe_runtime,
    draft_decision,
    hide_facts,
)
from voucher_rules.record.signing import Signer, sign_checkpoint

SYSTEM: Final = "voucher-rules"


def read_clock() -> datetime:
    """Return the present moment, to the millisecond."""
    return floor_instant(datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of a log: its number, its digest, and the entry itself.

    ``decision_digest`` names the decision it records, None where it records none; ``is_new`` tells
    whether it was added now, or had been there for the same request.
    """

    seq: int
    digest: str
    decision_digest: str | None
    entry: Entry = field(repr=False)
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """How a decision is recorded.

    ``at`` is the moment (None: now), ``operator`` whom the system acted for, ``subject`` whom the
    decision is about, both under names of the caller's own. ``hide`` names facts of which only
    commitments are recorded (ids and texts; ``guests.name`` for a field of a list). Without
    ``traced`` the log keeps the digest of the trace, not the trace.
    """

    at: datetime | None = None
    operator: str | None = None
    subject: str | None = None
    hide: Sequence[str] = ()
    traced: bool = True


_PLAIN: Final = RecordOptions()
_UNSURE: Final = frozenset({"log-failed", "log-broken", "log-replaced", "log-not-open"})
"""After these nobody knows what reached the disk."""


class RecordLog:
    """A log of decisions, open for adding to; made by :meth:`create` or :meth:`open`.

    One process has a log open at a time. To be closed, or used in a ``with``. Everything raises
    :class:`~voucher_rules.RecordError`, and then nothing was added.
    """

    def __init__(
        self, log: Log, secrets: SecretStore | None, system: str, clock: Callable[[], datetime]
    ) -> None:
        self.log = log
        self._secrets = secrets
        self._system = system
        self._clock = clock

    @classmethod
    def create(  # noqa: PLR0913 - each argument is one thing a log begins with
        cls,
        path: str | Path,
        owner: str,
        *,
        log_id: str | None = None,
        keys: Sequence[Key] = (),
        secrets: str | Path | None = None,
        system: str = SYSTEM,
        clock: Callable[[], datetime] = read_clock,
    ) -> RecordLog:
        """Begin a log in a file that does not exist yet.

        ``owner`` is who keeps it, in words; ``keys`` may sign its checkpoints; ``secrets`` is the
        file that keeps what opens the commitments to hidden facts, apart from the log. ``log_id``
        is made up where none is given.
        """
        header = Header(log_id or uuid.uuid4().hex, clock(), owner, tuple(keys))
        return cls._open(Log.create(path, header), secrets, system, clock)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        secrets: str | Path | None = None,
        system: str = SYSTEM,
        clock: Callable[[], datetime] = read_clock,
    ) -> RecordLog:
        """Open a log to add to; all of it is read and checked first."""
        return cls._open(Log.open(path), secrets, system, clock)

    @classmethod
    def _open(
        cls,
        log: Log,
        secrets: str | Path | None,
        system: str,
        clock: Callable[[], datetime],
    ) -> RecordLog:
        try:
            store = None if secrets is None else SecretStore.open(secrets)
        except BaseException:
            log.close()
            raise
        return cls(log, store, system, clock)

    @property
    def id(self) -> str:
        """The name of the log."""
        return self.log.header.log_id

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.log.size

    def record(
        self, decision: Decision, request_id: str, options: RecordOptions = _PLAIN
    ) -> LogEntry:
        """Record a decision, and return once it would outlive a loss of power.

        The same request asks for the same entry: it is returned, and nothing is added.
        """
        return self._decide(decision, request_id, options, None)

    def correct(
        self,
        seq: int,
        decision: Decision,
        request_id: str,
        because: str,
        options: RecordOptions = _PLAIN,
    ) -> LogEntry:
        """Record what should have been recorded in the place of entry ``seq``; both stay."""
        referral = self._refer(EntryKind.CORRECTION, seq, because)
        return self._decide(decision, request_id, options, referral)

    def decide_again(
        self,
        seq: int,
        decision: Decision,
        request_id: str,
        because: str,
        options: RecordOptions = _PLAIN,
    ) -> LogEntry:
        """Record a decision that takes the place of that of entry ``seq``, after an appeal, say."""
        referral = self._refer(EntryKind.REDECISION, seq, because)
        return self._decide(decision, request_id, options, referral)

    def revoke(
        self, seq: int, request_id: str, because: str, options: RecordOptions = _PLAIN
    ) -> LogEntry:
        """Record that the decision of entry ``seq`` holds no longer, and none in its place."""
        return self._note(EntryKind.REVOCATION, seq, request_id, because, options)

    def erase(
        self, seq: int, request_id: str, because: str, options: RecordOptions = _PLAIN
    ) -> LogEntry:
        """Erase what opens the commitments of entry ``seq``, for good, and record that it was done.

        The log verifies as before; the decision can then no longer be taken again.
        """
        if self._secrets is None:
            raise RecordError([Diagnostic("hiding-needs-secrets", path=self.log.place)])
        noted = self._note(EntryKind.ERASURE, seq, request_id, because, options)
        found = self.log.find_entry(seq)
        redactions = found.entry.redactions if found else ()
        self._secrets.erase(item.commitment for item in redactions)
        return noted

    def end(
        self, request_id: str, because: str | None = None, options: RecordOptions = _PLAIN
    ) -> LogEntry:
        """Record that nothing follows: the log takes no more entries."""
        draft = replace(self._draft(EntryKind.CLOSE, request_id, options), because=because)
        return _show(self.log.append(draft))

    def checkpoint(
        self,
        path: str | Path,
        *,
        previous: str | Path | None = None,
        signers: Sequence[Signer] = (),
        at: datetime | None = None,
    ) -> Published:
        """Write a checkpoint of the log into a new file, to be handed to someone else.

        ``previous`` is the file of the one before, so that they follow each other.
        """
        before = None if previous is None else load_checkpoint(previous)
        made = make_checkpoint(self.log, at or self._clock(), before, str(path))
        signed = sign_checkpoint(made, *signers) if signers else made
        save_checkpoint(signed, path)
        return signed

    def entries(self) -> Iterator[LogEntry]:
        """Yield every entry, the oldest first."""
        return (_show_recorded(item) for item in self.log.read())

    def entry(self, seq: int) -> LogEntry | None:
        """Return an entry by its number."""
        found = self.log.find_entry(seq)
        return None if found is None else _show_recorded(found)

    def standing(self, seq: int) -> LogEntry | None:
        """Return what stands in the place of the decision of entry ``seq``; None once revoked."""
        found = self.log.find_standing(seq)
        return None if found is None else _show_recorded(found)

    def close(self) -> None:
        """Give the files back; closing twice does nothing."""
        self.log.close()
        if self._secrets is not None:
            self._secrets.close()

    def __enter__(self) -> RecordLog:  # noqa: PYI034 - no other kind of log is made of it
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<RecordLog {self.id}: {self.size} entries>"

    def _decide(
        self,
        decision: Decision,
        request_id: str,
        options: RecordOptions,
        referral: Referral | None,
    ) -> LogEntry:
        request = Request(
            request_id,
            options.at or self._clock(),
            Recorder(self._system, options.operator),
            options.subject,
            tuple(options.hide),
            options.traced,
        )
        hidden = self._hide(decision, request)
        try:
            draft = draft_decision(decision.result, decision.trails, request, hidden, referral)
            return _show(self.log.append(draft))
        except RecordError as error:
            self._forget(hidden, request, error)
            raise

    def _hide(self, decision: Decision, request: Request) -> dict[str, str]:
        if not request.hide:
            return {}
        if self._secrets is None:
            raise RecordError([Diagnostic("hiding-needs-secrets", path=self.log.place)])
        return hide_facts(decision.result, request, self._secrets, self.log)

    def _forget(self, hidden: Mapping[str, str], request: Request, error: RecordError) -> None:
        """Erase what opens the commitments of an entry that surely was not recorded."""
        unsure = any(item.code in _UNSURE for item in error.diagnostics)
        if hidden and self._secrets and not unsure and self.log.find_request(request.id) is None:
            self._secrets.erase(hidden.values())

    def _refer(self, kind: EntryKind, seq: int, because: str) -> Referral:
        found = self.log.find_entry(seq)
        digest = found.entry.decision_digest if found else None
        if digest is None:
            raise RecordError([Diagnostic("record-not-of-decision", {"seq": str(seq)})])
        return Referral(kind, seq, digest, because)

    def _draft(self, kind: EntryKind, request_id: str, options: RecordOptions) -> Draft:
        return Draft(
            kind,
            request_id,
            options.at or self._clock(),
            Recorder(self._system, options.operator),
            runtime=describe_runtime(),
        )

    def _note(
        self, kind: EntryKind, seq: int, request_id: str, because: str, options: RecordOptions
    ) -> LogEntry:
        referral = self._refer(kind, seq, because)
        draft = replace(
            self._draft(kind, request_id, options),
            refers_to=referral.decision,
            refers_seq=referral.seq,
            because=because,
        )
        return _show(self.log.append(draft))


def _show(appended: Appended) -> LogEntry:
    return replace(_show_recorded(appended.recorded), is_new=appended.is_new)


def _show_recorded(recorded: Recorded) -> LogEntry:
    entry = recorded.entry
    return LogEntry(entry.seq, recorded.digest, entry.decision_digest, entry)
