"""Comes in: a file of events. Goes out: the events, each with its place, entered all or none.

`docs/reference/ledger.md` describes the file. Its keys are strict, and every mistake that can be
told without the history is told at once; what the history does not allow is told at the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from pydantic import Field, ValidationError, model_validator

from voucher_rules.checked.domains import read_typed
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, LedgerError, StoreError
from voucher_rules.language.types import BOOLEAN, DATE, INSTANT, Kind, Type
from voucher_rules.ledger.entries import Body, Budgeted, Draft, Entry, Grouped, Moved, Withdrawn
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.shelf import Shelf
from voucher_rules.ruleset.load import describe_shape_errors
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.ruleset.shapes import Doc, Word, check_one_of
from voucher_rules.sources.tree import Scalar, Source, diagnose
from voucher_rules.values.read import TextValueError

KINDS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "event": (
        ("lifecycle", "thing"),
        ("amount", "source", "carries", "ruleset", "corrects", "because"),
    ),
    "pool": (("amount", "day"), ("envelope", "added", "ruleset", "corrects")),
    "party": (("carried", "group"), ("corrects",)),
    "withdraws": (("because",), ()),
}
"""The key that tells what an entry says, then those it needs and those it may have beside it."""
_ALWAYS: Final = frozenset({"at", "id"})


class EntryDoc(Doc):
    """One entry of the file. Which keys go together depends on what it says."""

    at: Word
    id: Word | None = None
    ruleset: Word | None = None
    corrects: Word | None = None
    lifecycle: Word | None = None
    thing: Word | None = None
    event: Word | None = None
    amount: Word | None = None
    source: Word | None = None
    carries: dict[Word, Word] | None = None
    because: Word | None = None
    pool: Word | None = None
    day: Word | None = None
    envelope: dict[Word, Word] | None = None
    added: Word | None = None
    carried: Word | None = None
    party: Word | None = None
    group: Word | None = None
    withdraws: Word | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> EntryDoc:
        check_one_of(self, *KINDS)
        return self


class EventFileDoc(Doc):
    """A whole file of events."""

    ruleset: Word | None = None
    known: Word | None = None
    events: tuple[EntryDoc, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Event:
    """An entry to be made, and where it stands: the place of its moment, and its path."""

    draft: Draft
    at: Scalar
    path: str


@dataclass(frozen=True, slots=True)
class Events:
    """What a file says: its entries, and when they became known, where it says so."""

    source: Source
    events: tuple[Event, ...]
    known: datetime | None


def read_events(source: Source, shelf: Shelf, ruleset: str = "") -> Events:
    """Read a file of events; ``ruleset`` is the one meant where the file names none (empty: none).

    Raises :class:`InputError` with every mistake of the file.
    """
    try:
        document = EventFileDoc.model_validate(source.root)
    except ValidationError as error:
        found = describe_shape_errors(source, EventFileDoc, error)
        raise InputError(_place_all(source, found)) from None
    reader = _Reader(source, shelf, ruleset)
    events = reader.read_all(document)
    if reader.found:
        raise InputError(_place_all(source, reader.found))
    return events


def list_named(source: Source) -> list[str]:
    """Return the names of the rulesets a file of events names, whatever else may be wrong in it."""
    told: dict[str, object] = {str(key): node for key, node in source.root.items()}
    events = told.get("events")
    entries = events if isinstance(events, list) else []
    words = [told.get("ruleset"), *(x.get("ruleset") for x in entries if isinstance(x, dict))]
    return list(dict.fromkeys(str(word) for word in words if isinstance(word, Scalar)))


def _place_all(source: Source, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Tell mistakes by their path where the file has no places: in JSON."""
    if all(key.exact for key in source.root):
        return list(found)
    return [replace(x, span=None, source="", path=f"{source.name}: {x.path}") for x in found]


def enter_events(
    keeper: Keeper, events: Events, known: datetime | None = None
) -> tuple[Entry, ...]:
    """Enter events in the order they happened, and what lapsed in between, as one batch.

    ``known`` is when they became known, before what the file says. Raises :class:`LedgerError` at
    the first that what went before does not allow; nothing is entered then.
    """
    aside = keeper.branch()
    for event in sorted(events.events, key=lambda item: item.draft.at):
        try:
            aside.enter([event.draft], known or events.known)
        except (LedgerError, StoreError) as error:
            raise LedgerError(_place_refusal(events.source, event, error.diagnostics)) from None
    return keeper.adopt(aside)


def _place_refusal(source: Source, event: Event, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Tell what the history does not allow at the event of the file that it is about."""
    span = event.at.span
    placed = [replace(x, span=span, source=source.line(span.line), path=event.path) for x in found]
    return _place_all(source, placed)


@dataclass(slots=True)
class _Reader:
    source: Source
    shelf: Shelf
    default: str
    place: str = ""
    found: list[Diagnostic] = field(default_factory=list)

    def refuse(self, code: str, word: Scalar, under: str, **arguments: str) -> None:
        """Refuse what is said under a key, ``word`` or the entry it stands in."""
        path = f"{self.place}{under}"
        self.found.append(diagnose(self.source, code, word.span, path=path, **arguments))

    def read_all(self, document: EventFileDoc) -> Events:
        """Read every entry; mistakes are collected."""
        home = self._find_ruleset(document.ruleset)
        events = []
        anyone = home or next(iter(self.shelf.rulesets.values()), None)
        known = self._read(document.known, "known", INSTANT, anyone)
        for number, doc in enumerate(document.events):
            self.place = f"events.{number}."
            ruleset = home if doc.ruleset is None else self._find_ruleset(doc.ruleset)
            if ruleset is None and doc.ruleset is None and document.ruleset is None:
                self.refuse("missing-key", doc.at, "ruleset", key="ruleset")
            if ruleset is not None:
                events += self._read_entry(doc, ruleset)
        return Events(self.source, tuple(events), known)

    def _find_ruleset(self, word: Scalar | None) -> CheckedRuleset | None:
        name = self.default if word is None else str(word)
        ruleset = self.shelf.find_ruleset(name, "")
        if ruleset is None and word is not None:
            near = suggest_name(name, list(self.shelf.histories))
            self.refuse("unknown-ledger-ruleset", word, "ruleset", name=name, near=near)
        return ruleset

    def _read(
        self, word: Scalar | None, key: str, kind: Type, ruleset: CheckedRuleset | None
    ) -> Any:  # noqa: ANN401 - of the kind asked for
        """Return the value of a word, or None where there is none or it cannot be read."""
        if word is None or ruleset is None:
            return None
        try:
            return read_typed(word, kind, ruleset.zone, bare=True)
        except TextValueError as error:
            self.refuse(error.code, word, key, **error.arguments)
            return None

    def _read_entry(self, doc: EntryDoc, ruleset: CheckedRuleset) -> list[Event]:
        kind = next(key for key in KINDS if getattr(doc, key) is not None)
        at = self._read(doc.at, "at", INSTANT, ruleset)
        if not self._check_keys(doc, kind):
            return []
        body = self._read_body(doc, kind, ruleset)
        if body is None or not isinstance(at, datetime):
            return []
        corrects = _tell(doc.withdraws if kind == "withdraws" else doc.corrects)
        path = self.place.removesuffix(".")
        return [Event(Draft(at, body, _tell(doc.id), corrects), doc.at, path)]

    def _check_keys(self, doc: EntryDoc, kind: str) -> bool:
        """Check that an entry has the keys of its kind and no others."""
        needed, optional = KINDS[kind]
        before = len(self.found)
        for key in needed:
            if getattr(doc, key) is None:
                self.refuse("missing-key", doc.at, key, key=key)
        allowed = {kind, *needed, *optional, *_ALWAYS}
        for key in sorted(doc.model_fields_set - allowed):
            word = getattr(doc, key)
            at = word if isinstance(word, Scalar) else doc.at
            self.refuse("key-of-other-kind", at, key, key=key, kind=kind)
        return len(self.found) == before

    def _read_body(self, doc: EntryDoc, kind: str, ruleset: CheckedRuleset) -> Body | None:
        match kind:
            case "event":
                return self._read_moved(doc, ruleset)
            case "pool":
                return self._read_budget(doc, ruleset)
            case "party":
                return self._read_group(doc, ruleset)
            case _:
                return Withdrawn(_tell(doc.because))

    def _read_moved(self, doc: EntryDoc, ruleset: CheckedRuleset) -> Moved | None:
        lifecycles = ruleset.histories.lifecycles
        lifecycle = lifecycles.get(_tell(doc.lifecycle))
        if lifecycle is None:
            name, near = _name(doc.lifecycle, lifecycles)
            self.refuse(
                "unknown-lifecycle",
                doc.lifecycle or doc.at,
                "lifecycle",
                name=name,
                near=near,
                ruleset=ruleset.id,
            )
            return None
        ways = lifecycle.transitions
        if _tell(doc.event) not in ways:
            name, near = _name(doc.event, ways)
            self.refuse(
                "unknown-event",
                doc.event or doc.at,
                "event",
                name=name,
                near=near,
                lifecycle=lifecycle.name,
            )
        money = Type(Kind.MONEY, unit=lifecycle.currency or ruleset.currency)
        return Moved(
            ruleset=ruleset.id,
            edition=ruleset.edition,
            lifecycle=lifecycle.name,
            thing=_tell(doc.thing),
            event=_tell(doc.event),
            amount=self._read(doc.amount, "amount", money, ruleset),
            source=_tell(doc.source),
            carries=_tell_all(doc.carries),
            because=_tell(doc.because),
        )

    def _read_budget(self, doc: EntryDoc, ruleset: CheckedRuleset) -> Budgeted | None:
        pools = ruleset.histories.pools
        if _tell(doc.pool) not in pools:
            name, near = _name(doc.pool, pools)
            self.refuse(
                "unknown-pool", doc.pool or doc.at, "pool", name=name, near=near, ruleset=ruleset.id
            )
            return None
        pool = pools[_tell(doc.pool)]
        kind = pool.type_in(ruleset.histories.lifecycles[pool.lifecycle])
        amount = self._read(doc.amount, "amount", kind, ruleset)
        day = self._read(doc.day, "day", DATE, ruleset)
        added = self._read(doc.added, "added", BOOLEAN, ruleset)
        if not isinstance(amount, int) or not isinstance(day, date):
            return None
        envelope = _tell_all(doc.envelope)
        return Budgeted(
            ruleset.id, ruleset.edition, pool.name, day, amount, added is True, envelope
        )

    def _read_group(self, doc: EntryDoc, ruleset: CheckedRuleset) -> Grouped:
        lifecycles = ruleset.histories.lifecycles.values()
        known = {name: None for item in lifecycles for name in item.carries}
        if _tell(doc.carried) not in known:
            name, near = _name(doc.carried, known)
            self.refuse("unknown-carried", doc.carried or doc.at, "carried", name=name, near=near)
        return Grouped(_tell(doc.carried), _tell(doc.party), _tell(doc.group))


def _name(word: Scalar | None, known: Mapping[str, object]) -> tuple[str, str]:
    """Return a name that is not known, and the nearest that is."""
    return _tell(word), suggest_name(_tell(word), list(known))


def _tell(word: Scalar | None) -> str:
    return "" if word is None else str(word)


def _tell_all(words: Mapping[Scalar, Scalar] | None) -> dict[str, str]:
    return {str(key): str(word) for key, word in (words or {}).items()}
