"""Comes in: a log, a number, folders of rulesets. Goes out: that decision, taken again as recorded.

What a letter says of a record has to be what was recorded: where the decision does not come out
again, or holds no longer, there is none to tell of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.result import DecisionResult
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.ledger.balances import Found
from voucher_rules.ledger.entries import Rested
from voucher_rules.ledger.lots import Lot, Thing
from voucher_rules.ledger.trails import Trail
from voucher_rules.record.entries import EntryKind, Recorded
from voucher_rules.record.rechecking import Obstacle, Recheck, Reproduced, recheck_record
from voucher_rules.record.shelf import RulesetShelf
from voucher_rules.record.views import LogView
from voucher_rules.values.read import read_money

_CODES: Final[Mapping[Obstacle, str]] = {
    Obstacle.RULESET_MISSING: "taken-again-ruleset-missing",
    Obstacle.RULESET_UNREADABLE: "taken-again-ruleset-unreadable",
    Obstacle.RULESET_DIFFERS: "taken-again-ruleset-differs",
    Obstacle.FACTS_ERASED: "taken-again-facts-hidden",
    Obstacle.SEMANTICS_UNSUPPORTED: "taken-again-impossible",
    Obstacle.DECISION_UNKNOWN: "taken-again-impossible",
    Obstacle.FACTS_REFUSED: "taken-again-impossible",
    Obstacle.BODY_MALFORMED: "taken-again-impossible",
}
"""What is told of each obstacle."""


@dataclass(frozen=True, slots=True)
class TakenAgain:
    """A decision of a log, taken again to the same bytes, and what its balances were made of."""

    recorded: Recorded
    result: DecisionResult
    trails: tuple[Trail, ...]


def take_again(
    log: str | Path,
    seq: int,
    folders: Sequence[Path] = (),
    secrets: Mapping[str, str] | None = None,
) -> TakenAgain:
    """Return the decision of entry ``seq``, taken again under the very ruleset it names.

    All of the log is read and checked first. ``folders`` hold rulesets, before the shipped ones;
    ``secrets`` map commitments to the texts they stand for. Raises :class:`RecordError` for a log
    that is not sound, an entry that holds no decision or whose place another took, and a decision
    that cannot be taken again or comes out otherwise.
    """
    recorded = _find(log, seq)
    entry, texts = recorded.entry, dict(secrets or {})
    body = entry.body or {}
    recheck = recheck_record(body, entry.trace, RulesetShelf(tuple(folders)), texts)
    if recheck.result is None or recheck.reproduced is not Reproduced.MATCH:
        broken = recheck.obstacle is Obstacle.RULESET_UNREADABLE
        faults = recheck.refused if broken else ()
        raise RecordError([_tell_why(seq, body, recheck, str(log)), *faults])
    trails = tuple(_list_trails(body["balances"], recheck.result.ruleset, texts))
    return TakenAgain(recorded, recheck.result, trails)


def _find(log: str | Path, seq: int) -> Recorded:
    """Return an entry of a sound log whose decision stands."""
    view = LogView(log)
    view.load()
    torn = view.reader.tell_torn()
    if torn is not None:
        raise RecordError([torn])
    found = view.find_entry(seq)
    arguments = {"seq": str(seq), "size": str(view.size)}
    if found is None:
        raise RecordError([Diagnostic("taken-again-no-entry", arguments, path=view.place)])
    if found.entry.body is None:
        raise RecordError([Diagnostic("taken-again-no-decision", arguments, path=view.place)])
    by = view.find_taking(seq)
    taking = view.find_entry(by) if by else None
    if taking is not None:
        revoked = taking.entry.kind is EntryKind.REVOCATION
        code = "taken-again-revoked" if revoked else "taken-again-replaced"
        raise RecordError([Diagnostic(code, {**arguments, "by": str(by)}, path=view.place)])
    return found


def _tell_why(seq: int, body: Mapping[str, Any], recheck: Recheck, place: str) -> Diagnostic:
    """Return why a decision did not come out again as it was recorded."""
    if recheck.reproduced is Reproduced.MISMATCH:
        found = recheck.differences or ((recheck.first_step,) if recheck.first_step else ())
        pointer = found[0].pointer if found else "/"
        return Diagnostic(
            "taken-again-otherwise", {"seq": str(seq), "pointer": pointer}, path=place
        )
    named = body.get("ruleset")
    named = named if isinstance(named, dict) else {}
    arguments = {
        "seq": str(seq),
        "detail": recheck.detail,
        "id": str(named.get("id")),
        "edition": str(named.get("edition")),
        "semantic_digest": str(named.get("semantic_digest")),
    }
    code = _CODES[recheck.obstacle or Obstacle.BODY_MALFORMED]
    return Diagnostic(code, arguments, path=place)


def _list_trails(
    balances: Sequence[Mapping[str, Any]], ruleset: CheckedRuleset, texts: Mapping[str, str]
) -> Iterator[Trail]:
    """Yield what each balance was made of, as far as a body says: of lots not since when."""
    histories = ruleset.histories
    for item in balances:
        balance = histories.balances.get(item["name"])
        if balance is None:
            continue
        currency = histories.lifecycles[balance.lifecycle].currency
        per = {n: tuple(texts.get(x, x) for x in names) for n, names in item["per"].items()}
        days = (_read_day(item["first"]), _read_day(item["last"]))
        rested = Rested(item["name"], str(item["value"]), per, *days)
        found = tuple(_restate_lot(lot, currency, texts) for lot in item["lots"])
        yield Trail(rested, found)


def _restate_lot(lot: Mapping[str, Any], currency: str, texts: Mapping[str, str]) -> Found:
    told = lot["amount"]
    amount = int(read_money(told, currency, unit_required=False)) if told is not None else 0
    name = texts.get(lot["thing"], lot["thing"])
    made = Lot(amount, lot["state"], {}, tuple(lot["entries"]))
    return Found(Thing(lot["ruleset"], "", lot["lifecycle"], name, {}, (made,)), made)


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
