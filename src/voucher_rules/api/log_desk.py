"""Comes in: decisions, and what is to be noted of them. Goes out: entries added to an open log.

Here stands what every way to add an entry shares; :mod:`.records` is the door before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import RLock
from typing import Final

from voucher_rules.api.decisions import Decision
from voucher_rules.api.log_entries import LogEntry, RecordOptions, show_appended
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.commitments import SecretStore
from voucher_rules.record.entries import Draft, EntryKind, Recorder
from voucher_rules.record.log import Log
from voucher_rules.record.recording import (
    Referral,
    Request,
    check_same_matter,
    describe_runtime,
    draft_decision,
    hide_facts,
)

_AHEAD: Final = timedelta(minutes=1)
"""So far a moment may lie ahead of the clock: the clocks of two machines are never quite alike."""
_UNSURE: Final = frozenset({"log-failed", "log-broken", "log-replaced", "log-not-open"})
"""After these nobody knows what reached the disk."""


class LogDesk:
    """An open log with its secrets and its clock, and what is done with them one at a time."""

    def __init__(
        self, log: Log, secrets: SecretStore | None, system: str, clock: Callable[[], datetime]
    ) -> None:
        self.log = log
        # The clock is read, names are hidden and an entry is added in one turn: else a later moment
        # might be written first, and a second try of a request erase what opens the first one.
        self._turn = RLock()
        self._secrets = secrets
        self._system = system
        self._clock = clock

    def _decide(
        self,
        decision: Decision,
        request_id: str,
        options: RecordOptions,
        referral: Referral | None,
    ) -> LogEntry:
        with self._turn:
            request = Request(
                request_id,
                self._read_moment(options),
                Recorder(self._system, options.operator),
                options.subject,
                tuple(options.hide),
                options.traced,
            )
            try:
                hidden = self._hide(decision, request)
                draft = draft_decision(decision.result, decision.trails, request, hidden, referral)
                return show_appended(self.log.append(draft))
            except RecordError as error:
                self._forget(request, error)
                raise

    def _decide_anew(
        self, decision: Decision, request_id: str, options: RecordOptions, referral: Referral
    ) -> LogEntry:
        """Record what takes the place of an entry, under the subject of that entry."""
        found = self.log.find_entry(referral.seq)
        body = found.entry.body if found else None
        if body is not None:
            subject = check_same_matter(decision.result, options.subject, body, referral.seq)
            options = replace(options, subject=subject)
        return self._decide(decision, request_id, options, referral)

    def _hide(self, decision: Decision, request: Request) -> dict[str, str]:
        if not request.hide:
            return {}
        return hide_facts(decision.result, request, self._need_secrets(), self.log)

    def _need_secrets(self) -> SecretStore:
        if self._secrets is None:
            raise RecordError([Diagnostic("hiding-needs-secrets", path=self.log.place)])
        return self._secrets

    def _read_moment(self, options: RecordOptions) -> datetime:
        """Return when an entry is recorded; one far ahead would keep out all until then."""
        now = self._clock()
        if options.at is None:
            return now
        if options.at.utcoffset() is not None and options.at > now + _AHEAD:
            told = {"found": options.at.isoformat(), "now": now.isoformat()}
            raise RecordError([Diagnostic("record-ahead-of-clock", told, path=self.log.place)])
        return options.at

    def _forget(self, request: Request, error: RecordError) -> None:
        """Erase what opens the commitments of an entry that surely was not recorded."""
        unsure = any(item.code in _UNSURE for item in error.diagnostics)
        if self._secrets and not unsure and self.log.find_request(request.id) is None:
            self._secrets.erase(self._secrets.list_made(self.log.header.log_id, request.id))

    def _refer(self, kind: EntryKind, seq: int, because: str) -> Referral:
        found = self.log.find_entry(seq)
        if found is None:
            told = {"seq": str(seq), "size": str(self.log.size)}
            raise RecordError([Diagnostic("record-not-there", told, path=self.log.place)])
        digest = found.entry.decision_digest
        if digest is None:
            raise RecordError([Diagnostic("record-not-of-decision", {"seq": str(seq)})])
        return Referral(kind, seq, digest, because)

    def _draft(self, kind: EntryKind, request_id: str, options: RecordOptions) -> Draft:
        return Draft(
            kind,
            request_id,
            self._read_moment(options),
            Recorder(self._system, options.operator),
            runtime=describe_runtime(),
        )

    def _note(
        self, kind: EntryKind, seq: int, request_id: str, because: str, options: RecordOptions
    ) -> LogEntry:
        with self._turn:
            referral = self._refer(kind, seq, because)
            draft = replace(
                self._draft(kind, request_id, options),
                refers_to=referral.decision,
                refers_seq=referral.seq,
                because=because,
            )
            return show_appended(self.log.append(draft))
