"""Comes in: a log. Goes out: its last entries as a table, or one of them whole."""

from __future__ import annotations

import argparse
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from voucher_rules.cli.exits import DONE, NOT_SOUND, Answer
from voucher_rules.cli.inputs import check_folders
from voucher_rules.cli.log_options import add_log
from voucher_rules.cli.options import add_folders, read_whole
from voucher_rules.cli.words import tell
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.explain.columns import lay_out_pairs, lay_out_table
from voucher_rules.explain.deviations import tell_amount, tell_moment
from voucher_rules.explain.markup import clean_text
from voucher_rules.explain.record_values import tell_named, tell_raw, tell_value
from voucher_rules.record.canonical import read_canonical
from voucher_rules.record.entries import Entry, EntryKind
from voucher_rules.record.instants import write_instant
from voucher_rules.record.scanning import Scanned
from voucher_rules.record.shelf import RulesetShelf
from voucher_rules.record.stating import state_result
from voucher_rules.record.verdicts import sum_up
from voucher_rules.record.views import LogView

NAME: Final = "show"
SUMMARY: Final = "Show the entries of a log, or one of them."
HEADINGS: Final = ("entry", "recorded", "what", "decided", "outcome", "subject", "request")
USUAL: Final = 50


def fill_parser(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_log(parser)
    parser.add_argument(
        "seq", metavar="SEQ", nargs="?", type=read_whole, help="number of one entry"
    )
    parser.add_argument(
        "--last",
        metavar="N",
        type=read_whole,
        default=USUAL,
        help="how many entries, from the end (default: %(default)s)",
    )
    add_folders(parser)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="form (default: text)"
    )


def run(arguments: argparse.Namespace) -> Answer:
    """Show what the log holds; of one that is not sound what can be read."""
    folders = check_folders(arguments.rulesets)
    view = LogView(arguments.log)
    last: deque[Scanned] = deque(maxlen=arguments.last)
    faults = 0
    met: Scanned | None = None
    for item in view.scan():
        faults += bool(item.faults)
        last.append(item)
        if met is None and item.entry is not None and item.entry.seq == arguments.seq:
            met = item
    told = _LogTeller(view, folders, arguments.lang)
    messages = tell(arguments.lang, "log.faults", count=str(faults)) if faults else ""
    torn = view.reader.tell_torn()
    if torn is not None:
        messages = "\n".join(filter(None, (messages, torn.render(arguments.lang))))
    code = NOT_SOUND if faults or torn else DONE
    if arguments.seq is not None:
        # One out of its order is listed, and no entry can be found there by its number.
        found = view.find_entry(arguments.seq) or met
        if found is None or found.entry is None:
            absent = {"seq": str(arguments.seq), "size": str(view.size)}
            raise RecordError([Diagnostic("record-not-there", absent, path=arguments.log)])
        if arguments.format == "json":
            return Answer(_as_json([found]), code, messages)
        text = "\n".join(lay_out_pairs(list(told.list_pairs(found.entry, found.digest))))
        return Answer(clean_text(text), code, messages)
    if arguments.format == "json":
        return Answer(_as_json([item for item in last if item.entry]), code, messages)
    lines = [told.tell_head(), *told.list_rows(last)]
    if view.size > arguments.last:
        lines.append(tell(arguments.lang, "log.more", count=str(view.size - arguments.last)))
    return Answer(clean_text("\n".join(lines)), code, messages)


def _as_json(items: list[Any]) -> str:
    data = [{"digest": item.digest, **read_canonical(item.written)} for item in items]
    return json.dumps(data, ensure_ascii=False, indent=2)


class _LogTeller:
    """Tells of the entries of one log in one language."""

    def __init__(self, view: LogView, folders: Sequence[Path], language: str) -> None:
        self._view = view
        self._folders = folders
        self._language = language

    def tell(self, key: str, /, **slots: str) -> str:
        return tell(self._language, key, **slots)

    def tell_head(self) -> str:
        header = self._view.header
        slots = {"owner": header.owner, "id": header.log_id, "count": str(self._view.size)}
        return self.tell("log.head", **slots)

    def list_rows(self, items: deque[Scanned]) -> Iterator[str]:
        rows = [self._make_row(item) for item in items]
        if rows:
            yield ""
            yield from lay_out_table([self.tell(f"heading.{key}") for key in HEADINGS], rows)

    def _make_row(self, item: Scanned) -> list[str]:
        entry = item.entry
        if entry is None:
            return ["?", "", self.tell("log.unreadable", line=str(item.line)), "", "", "", ""]
        decided, outcome, subject = self._tell_decision(entry)
        what = self._tell_kind(entry)
        if item.faults:
            what = f"! {what}"
        at = tell_moment(write_instant(entry.recorded_at))
        return [str(entry.seq), at, what, decided, outcome, subject, entry.request_id]

    def _tell_kind(self, entry: Entry) -> str:
        """Tell what an entry is, what it changes, and what has changed it since."""
        told = self.tell(f"entry.{entry.kind}")
        if entry.refers_seq is not None:
            told = self.tell("log.of", what=told, seq=str(entry.refers_seq))
        by = self._view.find_taking(entry.seq)
        taking = self._view.find_entry(by) if by else None
        if taking is None:
            return told
        revoked = taking.entry.kind is EntryKind.REVOCATION
        return self.tell("log.revoked" if revoked else "log.taken", what=told, seq=str(by))

    def _tell_decision(self, entry: Entry) -> tuple[str, str, str]:
        body = entry.body
        if body is None:
            return "", "", ""
        named = body.get("ruleset")
        named = named if isinstance(named, dict) else {}
        law = f"{named.get('id')} {named.get('edition')} {body.get('decision')}"
        result = state_result(sum_up(body.get("outcome")))
        told = []
        if result is not None:
            told = [tell_named(result["outcome"], "outcome", self._language)]
            amounts = result["amounts"].values()
            told += [tell_amount(x, self._language) for x in amounts if x["value"]]
        return law, " ".join(told), tell_raw(body.get("subject") or "")

    def list_pairs(self, entry: Entry, digest: str) -> Iterator[tuple[str, str]]:
        """Yield what one entry says, name by name."""
        decided, outcome, subject = self._tell_decision(entry)
        body = entry.body or {}
        yield self.tell("heading.entry"), f"{entry.seq}  {digest}"
        yield self.tell("heading.recorded"), tell_moment(write_instant(entry.recorded_at))
        yield self.tell("heading.what"), self._tell_kind(entry)
        yield self.tell("heading.because"), entry.because or ""
        yield self.tell("heading.request"), entry.request_id
        yield self.tell("heading.by"), " ".join(filter(None, _list_recorders(entry)))
        yield self.tell("heading.subject"), subject
        yield self.tell("heading.decided"), decided
        yield self.tell("heading.as_of"), tell_raw(body.get("as_of") or "")
        yield self.tell("heading.outcome"), outcome
        yield self.tell("heading.digest"), entry.decision_digest or ""
        yield from self._list_facts(body)

    def _list_facts(self, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the facts, with their units where the ruleset of the time is at hand."""
        facts = body.get("facts")
        kinds = self._find_kinds(body) if isinstance(facts, dict) else {}
        for name, value in facts.items() if isinstance(facts, dict) else ():
            hidden = isinstance(value, dict) and "commitment" in value
            told = tell_value(value, kinds.get(name), self._language)
            yield f"  {name}", self.tell("log.hidden") if hidden else told

    def _find_kinds(self, body: Mapping[str, Any]) -> dict[str, dict[str, str]]:
        try:
            law = RulesetShelf(self._folders).find_law(body).ruleset
        except (KeyError, TypeError, ValueError, AttributeError):  # a body of another making
            law = None
        inputs = law.inputs.items() if law else ()
        return {name: {"kind": x.type.kind, "unit": x.type.unit} for name, x in inputs}


def _list_recorders(entry: Entry) -> list[str | None]:
    return [entry.recorder.system, entry.recorder.operator]
