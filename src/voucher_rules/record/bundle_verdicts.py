"""Comes in: nothing. Goes out: what a check of a bundle found: verdicts, never one yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.record.bundle_files import Bundle, Proven
from voucher_rules.record.canonical import PROFILE, Data, write_again
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import EntryKind
from voucher_rules.record.index import TAKING
from voucher_rules.record.instants import write_instant
from voucher_rules.record.keys import Authenticity, SignatureVerdict
from voucher_rules.record.rechecking import Recheck, Reproduced
from voucher_rules.record.reports import Conclusion
from voucher_rules.record.stamping import Stamping

SCHEMA: Final = "voucher-rules/bundle-check/1"


class Check(StrEnum):
    """Whether a part of a bundle holds good."""

    OK = "ok"
    BAD = "bad"
    ABSENT = "absent"
    """It is not there, and need not be."""
    NOT_CHECKED = "not_checked"
    """It rests on a part that does not hold good, or on a certificate that nobody gave."""


class Standing(StrEnum):
    """What became of the decision later, as far as the bundle tells."""

    STANDS = "stands"
    REPLACED = "replaced"
    REVOKED = "revoked"


def find_standing(bundle: Bundle) -> tuple[Standing, int | None]:
    """Return what the later entries of a bundle made of its decision, and which of them last."""
    stands, by = Standing.STANDS, None
    seq = bundle.entry.entry.seq
    for item in bundle.related:
        if item.entry.kind in TAKING and item.entry.refers_seq == seq:
            seq = by = item.entry.seq
            revoked = item.entry.kind is EntryKind.REVOCATION
            stands = Standing.REVOKED if revoked else Standing.REPLACED
    return stands, by


@dataclass(frozen=True, slots=True)
class BundleVerdicts:
    """The verdicts on a bundle, each by itself.

    ``sums``: the files are those listed; ``layout``: all of them are there, no others, and each is
    what the entry, the checkpoint and the proofs make of it; ``header``, ``entry``, ``body`` and
    ``trace``: they are whole and belong together; ``inclusion``: the entry stands in the log of the
    checkpoint; ``checkpoint``: it is whole and of this log; ``held``: it is the one the verifier
    holds; ``authenticity``: of its signatures; ``time``: of its time stamp; ``related``: later
    entries are whole and in that log too; ``openings``: what is opened is what was committed to;
    ``ruleset``: the law is in the bundle; ``reproduced``: the decision comes out again;
    ``pages``: the instructions are the text this version writes.
    """

    sums: Check
    layout: Check
    header: Check
    entry: Check
    body: Check
    trace: Check
    checkpoint: Check
    held: Check
    inclusion: Check
    authenticity: Authenticity | Check
    time: Stamping | Check
    related: Check
    openings: Check
    ruleset: StrEnum
    reproduced: Reproduced | Check
    pages: Check

    def to_data(self) -> dict[str, str]:
        """Return every verdict by its name."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


WHOLE: Final = (
    "sums",
    "layout",
    "header",
    "entry",
    "body",
    "trace",
    "checkpoint",
    "held",
    "inclusion",
    "related",
    "openings",
)
"""The verdicts that have to be good, or to have nothing to say, for a bundle to be sound."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the verifier brought along, and so asks for."""

    keys: bool = False
    authorities: bool = False


@dataclass(frozen=True, slots=True)
class BundleFindings:
    """All that a check of a bundle found.

    ``bundle`` is None where its parts cannot be read; ``recheck`` is None where nothing was decided
    again. ``faults`` tell what is wrong, each with the file.
    """

    verdicts: BundleVerdicts
    asked: Asked
    faults: tuple[Diagnostic, ...]
    bundle: Bundle | None = None
    signatures: tuple[SignatureVerdict, ...] = ()
    stamped_at: datetime | None = None
    recheck: Recheck | None = None

    @property
    def is_sound(self) -> bool:
        """Whether all holds good that has to, and all is there that the verifier asks for."""
        verdicts = self.verdicts
        good = {Check.OK, Check.ABSENT}
        whole = all(getattr(verdicts, name) in good for name in WHOLE)
        signed = {Authenticity.OK} | (set() if self.asked.keys else {Authenticity.ABSENT})
        stamped: set[StrEnum] = {Stamping.OK}
        if not self.asked.authorities:
            stamped |= {Stamping.ABSENT, Check.NOT_CHECKED}
        return whole and verdicts.authenticity in signed and verdicts.time in stamped

    @property
    def conclusion(self) -> Conclusion:
        """The gravest finding."""
        if not self.is_sound:
            return Conclusion.NOT_SOUND
        if self.verdicts.reproduced is Reproduced.MISMATCH:
            return Conclusion.MISMATCH
        if self.verdicts.reproduced is not Reproduced.MATCH:
            return Conclusion.CANNOT_REPLAY
        return Conclusion.ALL_MATCH

    @property
    def standing(self) -> tuple[Standing, int | None]:
        """What became of the decision, and by which entry; only entries that are proven count."""
        if self.bundle is None or self.verdicts.related is not Check.OK:
            return Standing.STANDS, None
        return find_standing(self.bundle)

    @property
    def written(self) -> bytes:
        """The canonical bytes of the report."""
        return write_again(self.to_data())

    def to_data(self) -> dict[str, Data]:
        """Return the report as canonical data; ``docs/reference/bundles.md`` tells every field."""
        stands, by = self.standing
        return {
            "schema": SCHEMA,
            "profile": PROFILE,
            "conclusion": str(self.conclusion),
            "verdicts": self.verdicts.to_data(),
            "believed": {
                "keys": "verifier" if self.asked.keys else "bundle",
                "authorities": "verifier" if self.asked.authorities else "bundle",
            },
            "decision": _state_decision(self.bundle),
            "checkpoint": _state_checkpoint(self),
            "standing": {"state": str(stands), "by": by},
            "related": [_state_related(item) for item in self.bundle.related]
            if self.bundle
            else [],
            "again": _state_recheck(self.recheck),
            "faults": [_state_fault(item) for item in self.faults],
        }


def _state_decision(bundle: Bundle | None) -> Data:
    if bundle is None:
        return None
    entry = bundle.entry.entry
    body = entry.body or {}
    return {
        "log": bundle.header.log_id,
        "owner": bundle.header.owner,
        "seq": entry.seq,
        "kind": str(entry.kind),
        "request_id": entry.request_id,
        "recorded_at": write_instant(entry.recorded_at),
        "entry_digest": digest_bytes(DigestKind.ENTRY, bundle.entry.written),
        "decision_digest": entry.decision_digest,
        "outcome": read_outcome(body),
    }


def read_outcome(body: Mapping[str, Any]) -> str | None:
    """Return what a body says came out, or None where it says nothing that could be read."""
    outcome = body.get("outcome")
    status = outcome.get("status") if isinstance(outcome, dict) else None
    return status if isinstance(status, str) else None


def _state_checkpoint(found: BundleFindings) -> Data:
    if found.bundle is None:
        return None
    published = found.bundle.checkpoint
    stamped = found.stamped_at
    return {
        "digest": published.digest,
        "size": published.checkpoint.size,
        "issued_at": write_instant(published.checkpoint.issued_at),
        "stamped_at": write_instant(stamped.replace(microsecond=0)) if stamped else None,
        "signatures": [{"keyid": x.key, "verdict": str(x.authenticity)} for x in found.signatures],
    }


def _state_related(item: Proven) -> Data:
    return {
        "seq": item.entry.seq,
        "kind": str(item.entry.kind),
        "refers_seq": item.entry.refers_seq,
        "because": item.entry.because,
        "recorded_at": write_instant(item.entry.recorded_at),
    }


def _state_recheck(recheck: Recheck | None) -> Data:
    if recheck is None:
        return None
    return {
        "outcome": read_outcome(recheck.again.body) if recheck.again else None,
        "outcome_differs": recheck.outcome_differs,
        "first_rule": recheck.first_rule or None,
        "differences": [
            {"pointer": x.pointer, "recorded": x.recorded, "again": x.again}
            for x in recheck.differences
        ],
        "obstacle": str(recheck.obstacle) if recheck.obstacle else None,
        "detail": recheck.detail,
    }


def _state_fault(item: Diagnostic) -> Data:
    place = item.span.file if item.span else item.path
    arguments = {str(name): str(text) for name, text in item.arguments.items()}
    return {"code": item.code, "file": place, "arguments": arguments}
