"""Comes in: decisions. Goes out: drafts of the entries that a log takes of them.

What was decided under a what-if is no decision of anyone and is never recorded.
"""

from __future__ import annotations

import platform
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.result import DecisionResult
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.language.records import name_field, split_field
from voucher_rules.language.types import Kind
from voucher_rules.ledger.trails import Trail
from voucher_rules.record.body import Aside, make_record, state_balances
from voucher_rules.record.canonical import CanonicalError, point_at, write_canonical
from voucher_rules.record.commitments import SecretStore
from voucher_rules.record.entries import Draft, EntryKind, Recorder, Redaction
from voucher_rules.record.gists import WHAT_IF
from voucher_rules.record.log import Log

HIDEABLE: Final = frozenset({Kind.ID, Kind.TEXT})
"""Only names can be hidden: a number or a day shows in the steps that work with it."""
_PACKAGES: Final = ("pydantic", "python-dateutil", "pyyaml", "voucher-rules")


@dataclass(frozen=True, slots=True)
class Request:
    """What asks for an entry: a name of its own, when, by whom, and about whom.

    The same ``id`` asks for the same entry. ``hide`` names facts (``guests.name`` for a field of
    every record of a list) of which only commitments are recorded. Without ``traced`` the log keeps
    the digest of the trace and not the trace.
    """

    id: str
    at: datetime
    recorder: Recorder
    subject: str | None = None
    hide: tuple[str, ...] = ()
    traced: bool = True


@dataclass(frozen=True, slots=True)
class Referral:
    """What an entry does to an earlier one: its number, the digest of its decision, and why."""

    kind: EntryKind
    seq: int
    decision: str
    because: str


def draft_decision(
    result: DecisionResult,
    trails: Sequence[Trail],
    request: Request,
    hidden: Mapping[str, str],
    referral: Referral | None = None,
) -> Draft:
    """Return the draft of an entry that records a decision; ``hidden`` are its commitments.

    Raises :class:`RecordError` for a decision under a what-if, and for a fact that is no text in
    its normal form.
    """
    if any(item.kind == WHAT_IF for item in result.overlays):
        raise RecordError([Diagnostic("record-hypothetical")])
    aside = Aside(request.subject, hidden)
    try:
        record = make_record(result, state_balances(trails, result.ruleset), aside)
    except CanonicalError as error:
        arguments = {"problem": error.code}
        raise RecordError(
            [Diagnostic("record-not-canonical", arguments, path=error.pointer)]
        ) from (error)
    return Draft(
        kind=referral.kind if referral else EntryKind.DECISION,
        request_id=request.id,
        recorded_at=request.at,
        recorder=request.recorder,
        body=record.body,
        trace=record.trace if request.traced else None,
        refers_to=referral.decision if referral else None,
        refers_seq=referral.seq if referral else None,
        because=referral.because if referral else None,
        redactions=tuple(_list_redactions(hidden)),
        runtime=describe_runtime(),
    )


def check_same_matter(
    result: DecisionResult, subject: str | None, earlier: Mapping[str, Any], seq: int
) -> str | None:
    """Check that a decision is of the matter of an earlier one, and return whom it is about.

    ``earlier`` is the body of entry ``seq``; a ``subject`` of None is that of the entry, and an
    entry without one may be given it. Raises :class:`RecordError` for another ruleset, question or
    subject.
    """
    held = earlier["subject"]
    kept = held if subject is None else subject
    stated, asked, found = earlier["ruleset"]["id"], result.decision.name, list[Diagnostic]()
    if stated != result.ruleset.id:
        told = {"seq": str(seq), "found": result.ruleset.id, "held": stated}
        found.append(Diagnostic("record-of-another-ruleset", told))
    if earlier["decision"] != asked:
        told = {"seq": str(seq), "found": asked, "held": earlier["decision"]}
        found.append(Diagnostic("record-of-another-question", told))
    if held is not None and held != kept:
        told = {"seq": str(seq), "found": str(kept), "held": held}
        found.append(Diagnostic("record-of-another-subject", told))
    if found:
        raise RecordError(found)
    return kept


def _list_redactions(hidden: Mapping[str, str]) -> Iterator[Redaction]:
    for name, digest in sorted(hidden.items()):
        yield Redaction(point_at(("facts", *_find_path(name))), digest)


def _find_path(name: str) -> tuple[str | int, ...]:
    """Return where a fact, or a field of a record of a list, stands among the facts of a body."""
    listed, full = split_field(name)
    if not listed:
        return (name,)
    number = int(name.partition("[")[2].partition("]")[0])
    return (listed, number - 1, full.removeprefix(f"{listed}."))


def hide_facts(
    result: DecisionResult, request: Request, store: SecretStore, log: Log
) -> dict[str, str]:
    """Return commitments to the facts a request wants hidden, as far as they are stated.

    Of a request that the log holds nothing new is kept: what was erased would be there again.
    Raises :class:`RecordError` for a fact the ruleset does not have, or whose value is no text, or
    one that is not in its normal form.
    """
    values = {**result.case.values, **result.case.beside}
    names = [n for wanted in request.hide for n in _list_names(result.ruleset, values, wanted)]
    texts = {name: str(values[name]) for name in names if isinstance(values.get(name), str)}
    for name, text in texts.items():
        _check_canonical(name, text)
    held, log_id = log.find_request(request.id), log.header.log_id
    if held is None:
        return {n: store.hide(text, log_id, request.id, n) for n, text in texts.items()}
    found: dict[str, str] = {}
    for name, text in texts.items():
        commitment = store.find(text, log_id, request.id, name)
        if commitment is None:
            arguments = {"name": request.id, "seq": str(held.entry.seq)}
            raise RecordError([Diagnostic("log-request-taken", arguments, path=log.place)])
        found[name] = commitment
    return found


def _list_names(
    ruleset: CheckedRuleset, values: Mapping[str, object], wanted: str
) -> Iterator[str]:
    """Yield the names of the values a wanted name speaks of."""
    listed, _, field = wanted.partition(".")
    if listed in ruleset.lists and wanted in ruleset.lists[listed].fields:
        _check_hideable(wanted, ruleset.lists[listed].fields[wanted].type.kind)
        length = values.get(listed)
        for number in range(1, (length if isinstance(length, int) else 0) + 1):
            yield name_field(listed, number, field)
        return
    declared = ruleset.inputs.get(wanted)
    if declared is None:
        raise RecordError([Diagnostic("hidden-fact-unknown", {"name": wanted})])
    _check_hideable(wanted, declared.type.kind)
    yield wanted


def _check_canonical(name: str, text: str) -> None:
    """Check that a text can be committed to, before anything is kept of it."""
    try:
        write_canonical(text)
    except CanonicalError as error:
        path = point_at(_find_path(name))
        arguments = {"problem": error.code}
        raise RecordError([Diagnostic("record-not-canonical", arguments, path=path)]) from None


def _check_hideable(name: str, kind: Kind) -> None:
    if kind not in HIDEABLE:
        raise RecordError([Diagnostic("hidden-fact-no-text", {"name": name, "found": str(kind)})])


@cache
def describe_runtime() -> Mapping[str, str]:
    """Return what the library runs on, for an entry's envelope; no digest of a body knows it."""
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": platform.system().lower(),
        "unicode": unicodedata.unidata_version,
        **{name: _find_version(name) for name in _PACKAGES},
    }


def _find_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
