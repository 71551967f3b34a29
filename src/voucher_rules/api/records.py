"""Comes in: decisions. Goes out: a log of them that an auditor can recheck years later.

This is the door that makes up ids and takes one thing at a time: threads may share a log.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from voucher_rules.api.decisions import Decision
from voucher_rules.api.log_desk import LogDesk
from voucher_rules.api.log_entries import (
    PLAIN,
    SYSTEM,
    LogEntry,
    RecordOptions,
    read_clock,
    show_appended,
    show_recorded,
)
from voucher_rules.arguments import MAPPING, MOMENT, PATH, TEXT, WHOLE, Want, takes
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.checkpoints import (
    Published,
    load_checkpoint,
    make_checkpoint,
    save_checkpoint,
)
from voucher_rules.record.commitments import SecretStore
from voucher_rules.record.entries import EntryKind, Header, Key, KeyChange, Recorded
from voucher_rules.record.key_changes import check_believed, sign_draft
from voucher_rules.record.key_files import KEYS, date_keys, gather_keys
from voucher_rules.record.keys import check_signers
from voucher_rules.record.log import Log
from voucher_rules.record.signing import Signer, sign_checkpoint

_DECISION: Final = Want((Decision,), "decision of this library")
_OPTIONS: Final = Want((RecordOptions,), "options of a record")
_SIGNERS: Final = Want((Signer,), "key to sign with", several=True)
_REFERRING: Final = {"seq": WHOLE, "request_id": TEXT, "because": TEXT, "options": _OPTIONS}


class RecordLog(LogDesk):
    """A log of decisions, open for adding to; made by :meth:`create` or :meth:`open`.

    One process has a log open at a time; its threads may share it. To be closed, or used in a
    ``with``. Everything raises :class:`~voucher_rules.RecordError`, or
    :class:`~voucher_rules.InputError` for an argument of another kind; then nothing was added.
    """

    @classmethod
    @takes(
        path=PATH,
        owner=TEXT,
        log_id=TEXT.optional(),
        keys=KEYS,
        secrets=PATH.optional(),
        system=TEXT,
    )
    def create(  # noqa: PLR0913 - each argument is one thing a log begins with
        cls,
        path: str | Path,
        owner: str,
        *,
        log_id: str | None = None,
        keys: Sequence[Key | str | Path] = (),
        secrets: str | Path | None = None,
        system: str = SYSTEM,
        clock: Callable[[], datetime] = read_clock,
    ) -> RecordLog:
        """Begin a log in a file that does not exist yet.

        ``owner`` is who keeps it, in words; ``keys`` may sign its checkpoints (``Key``, or files
        of such; one that says no time of its own counts from now); ``secrets`` is the file that
        keeps what opens the commitments to hidden facts, apart from the log. ``log_id`` is made up
        where none is given.
        """
        now = clock()
        header = Header(log_id or uuid.uuid4().hex, now, owner, date_keys(keys, now))
        return cls._open(Log.create(path, header), secrets, system, clock)

    @classmethod
    @takes(path=PATH, secrets=PATH.optional(), system=TEXT)
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

    @takes(decision=_DECISION, request_id=TEXT, options=_OPTIONS)
    def record(
        self, decision: Decision, request_id: str, options: RecordOptions = PLAIN
    ) -> LogEntry:
        """Record a decision, and return once it would outlive a loss of power.

        The same request asks for the same entry: it is returned, and nothing is added.
        """
        return self._decide(decision, request_id, options, None)

    @takes(**_REFERRING, decision=_DECISION)
    def correct(
        self,
        seq: int,
        decision: Decision,
        request_id: str,
        because: str,
        options: RecordOptions = PLAIN,
    ) -> LogEntry:
        """Record what should have been recorded in the place of entry ``seq``; both stay.

        It is of the same ruleset, question and subject, else it is refused; the subject of the
        earlier entry is kept where ``options`` name none.
        """
        with self._turn:
            referral = self._refer(EntryKind.CORRECTION, seq, because)
            return self._decide_anew(decision, request_id, options, referral)

    @takes(**_REFERRING, decision=_DECISION)
    def decide_again(
        self,
        seq: int,
        decision: Decision,
        request_id: str,
        because: str,
        options: RecordOptions = PLAIN,
    ) -> LogEntry:
        """Record a decision that takes the place of that of entry ``seq``, after an appeal, say.

        What holds of :meth:`correct` holds of it too.
        """
        with self._turn:
            referral = self._refer(EntryKind.REDECISION, seq, because)
            return self._decide_anew(decision, request_id, options, referral)

    @takes(**_REFERRING)
    def revoke(
        self, seq: int, request_id: str, because: str, options: RecordOptions = PLAIN
    ) -> LogEntry:
        """Record that the decision of entry ``seq`` holds no longer, and none in its place."""
        return self._note(EntryKind.REVOCATION, seq, request_id, because, options)

    @takes(**_REFERRING)
    def erase(
        self, seq: int, request_id: str, because: str, options: RecordOptions = PLAIN
    ) -> LogEntry:
        """Erase what opens the commitments of entry ``seq``, for good, and record that it was done.

        The log verifies as before; the decision can then no longer be taken again. Refused where
        the file of secrets opens nothing of the entry: it may well be elsewhere.
        """
        secrets = self._need_secrets()
        with self._turn:
            found = self.log.find_entry(seq)
            hidden = [item.commitment for item in found.entry.redactions] if found else []
            known = self.log.find_request(request_id) is not None
            if found and not known and not secrets.texts.keys() & set(hidden):
                arguments = {"seq": str(seq)}
                raise RecordError([Diagnostic("nothing-to-erase", arguments, path=secrets.place)])
            noted = self._note(EntryKind.ERASURE, seq, request_id, because, options)
            secrets.erase(hidden)
            return noted

    @takes(
        request_id=TEXT,
        signers=_SIGNERS,
        add=KEYS,
        end=MAPPING.optional(),
        because=TEXT.optional(),
        trusted=KEYS.optional(),
        options=_OPTIONS,
    )
    def change_keys(  # noqa: PLR0913 - each argument is one thing a change may say
        self,
        request_id: str,
        signers: Sequence[Signer],
        *,
        add: Sequence[Key | str | Path] = (),
        end: Mapping[str, datetime | None] | None = None,
        because: str | None = None,
        trusted: Sequence[Key | str | Path] | None = None,
        options: RecordOptions = PLAIN,
    ) -> LogEntry:
        """Record that keys are added, and until when others hold good (None: until now).

        ``signers`` sign it, one of them by a key that is believed already and holds good: one of
        the log itself, or, where it names none, one of ``trusted``. Else it is refused.
        """
        with self._turn:
            held = self.log.find_request(request_id)
            now = held.entry.recorded_at if held and not options.at else self._read_moment(options)
            ends = tuple((name, until or now) for name, until in (end or {}).items())
            base = self._draft(EntryKind.KEY_CHANGE, request_id, replace(options, at=now))
            change = KeyChange(date_keys(add, now), ends)
            draft = sign_draft(self.log, replace(base, because=because), change, signers)
            if held is None:
                check_believed(self.log, draft, None if trusted is None else gather_keys(trusted))
            return show_appended(self.log.append(draft))

    @takes(request_id=TEXT, because=TEXT.optional(), options=_OPTIONS)
    def end(
        self, request_id: str, because: str | None = None, options: RecordOptions = PLAIN
    ) -> LogEntry:
        """Record that nothing follows: the log takes no more entries."""
        with self._turn:
            draft = replace(self._draft(EntryKind.CLOSE, request_id, options), because=because)
            return show_appended(self.log.append(draft))

    @takes(path=PATH, previous=PATH.optional(), signers=_SIGNERS, at=MOMENT.optional())
    def checkpoint(
        self,
        path: str | Path,
        *,
        previous: str | Path | None = None,
        signers: Sequence[Signer] = (),
        at: datetime | None = None,
    ) -> Published:
        """Write a checkpoint of the log into a new file, to be handed to someone else.

        ``previous`` is the file of the one before, so that they follow each other. ``signers`` sign
        with keys the log names, under the ids they have there, else it is refused; where it names
        none any may sign.
        """
        before = None if previous is None else load_checkpoint(previous)
        with self._turn:
            made = make_checkpoint(self.log, at or self._clock(), before, str(path))
            known = list(self.log.head.keys.values())
        signed = sign_checkpoint(made, *signers) if signers else made
        check_signers(known, signed)
        save_checkpoint(signed, path)
        return signed

    def entries(self) -> Iterator[LogEntry]:
        """Yield every entry, the oldest first."""
        return (show_recorded(item) for item in self.log.read())

    @takes(seq=WHOLE)
    def entry(self, seq: int) -> LogEntry:
        """Return an entry by its number. Raises RecordError where the log has none of it."""
        with self._turn:
            return show_recorded(self._find_entry(seq))

    @takes(seq=WHOLE)
    def standing(self, seq: int) -> LogEntry | None:
        """Return what stands in the place of the decision of entry ``seq``; None once revoked.

        That of any other entry is the entry itself. Raises RecordError where the log has none.
        """
        with self._turn:
            self._find_entry(seq)
            found = self.log.find_standing(seq)
        return None if found is None else show_recorded(found)

    def _find_entry(self, seq: int) -> Recorded:
        found = self.log.find_entry(seq)
        if found is None:
            told = {"seq": str(seq), "size": str(self.log.size)}
            raise RecordError([Diagnostic("record-not-there", told, path=self.log.place)])
        return found

    def close(self) -> None:
        """Give the files back; closing twice does nothing."""
        with self._turn:
            self.log.close()
            if self._secrets is not None:
                self._secrets.close()

    def __enter__(self) -> RecordLog:  # noqa: PYI034 - no other kind of log is made of it
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<RecordLog {self.id}: {self.size} entries>"
