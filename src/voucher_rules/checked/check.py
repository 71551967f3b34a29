"""Comes in: a loaded ruleset. Goes out: a checked one, or every fault at once, sorted by place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, timezone
from typing import Any, Final

from voucher_rules.calendars import find_last_day
from voucher_rules.checked.calls import inherit_inputs
from voucher_rules.checked.declarations import PLAIN_NAME, RULESET_ID, Declarations, word_text
from voucher_rules.checked.declare import declare_everything
from voucher_rules.checked.exceptions import Exceptions
from voucher_rules.checked.histories import Histories
from voucher_rules.checked.library import Library
from voucher_rules.checked.model import (
    CheckedRuleset,
    Document,
    Erratum,
    Provision,
    Succession,
    Used,
)
from voucher_rules.checked.parameters import read_parameters
from voucher_rules.checked.provisions import (
    check_digest,
    check_provisions,
    place_rules,
    walk_provisions,
)
from voucher_rules.checked.reach import check_conditions_can_hold
from voucher_rules.checked.read_histories import read_histories
from voucher_rules.checked.report import Report
from voucher_rules.checked.rules import RuleBuilder
from voucher_rules.checked.scope import open_scope
from voucher_rules.checked.structure import Structure, check_structure
from voucher_rules.checked.succession import check_fact, check_transitions, read_succession
from voucher_rules.checked.symbols import DecisionSpec
from voucher_rules.checked.to_do import check_nothing_to_do
from voucher_rules.checked.uses import check_uses
from voucher_rules.errors import RulesetError
from voucher_rules.language.types import DATE, Kind, Type
from voucher_rules.ruleset.load import LoadedRuleset
from voucher_rules.ruleset.model import EffectiveDoc, SuccessionDoc
from voucher_rules.sources.tree import Scalar
from voucher_rules.values import read
from voucher_rules.values.model import CURRENCIES, Known, Period, WorkingCalendar

LANGUAGE_VERSION: Final = 1
STATUSES: Final = ("issued", "draft", "repealed", "unknown")
_LASTS: Final = Type(Kind.PERIOD)
ANSWERS: Final = ("amount", "permission", "value")
_SUCCESSION: Final = frozenset(SuccessionDoc.model_fields)
_EACH: Final = "[]"
_RULES: Final = f"rules{_EACH}"
"""What each of a list of rules stands under."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """What was read of a document beside how its rules hang together."""

    uses: Mapping[str, Used]
    provisions: tuple[Provision, ...]
    document: Document
    succession: Succession
    histories: Histories


def check_ruleset(
    loaded: LoadedRuleset,
    library: Library | None = None,
    passed: frozenset[str] = frozenset(),
) -> CheckedRuleset:
    """Check a loaded ruleset whole; ``library`` holds what it rests on beside its own file.

    The codes ``passed`` are no faults of it. Raises :class:`RulesetError` with every fault found.
    """
    library = _stand_in(loaded, library or Library())
    report = Report(loaded.source, passed=passed)
    made = declare_everything(report, loaded.document, _check_head(report, loaded))
    uses = _read_uses(made, library)
    inherit_inputs(made, library)
    provisions = check_provisions(made)
    structure = _build_structure(made, library)
    document = _read_document(made)
    succession = read_succession(report, loaded.document, str(loaded.document.edition))
    check_transitions(made)
    _check_structure(structure)
    rest = _Rest(uses, provisions, document, succession, read_histories(structure))
    _check_refs_exist(made, {str(item.citation.ref) for item in provisions})
    check_nothing_to_do(report)
    if report.found:
        raise RulesetError(report.found)
    return _assemble(loaded, library, structure, rest)


def _build_structure(made: Declarations, library: Library) -> Structure:
    """Read parameters, rules and decisions, with what exceptions do to the rules."""
    parameters = read_parameters(made)
    placed = place_rules(made)
    rules = RuleBuilder(made, library, open_scope(made, parameters)).build_rules(placed)
    decisions = _read_decisions(made)
    docs = {str(item.doc.id): (item.doc, item.ref) for item in placed}
    rules = Exceptions(made.report, rules, docs).apply()
    return Structure(made, placed, rules, parameters, decisions)


def _assemble(
    loaded: LoadedRuleset, library: Library, structure: Structure, rest: _Rest
) -> CheckedRuleset:
    """Return the ruleset of all that was read and checked."""
    made, parameters = structure.made, structure.parameters
    return CheckedRuleset(
        id=str(loaded.document.ruleset),
        edition=str(loaded.document.edition),
        language=LANGUAGE_VERSION,
        title=word_text(loaded.document.title),
        document=rest.document,
        currency=str(loaded.document.currency),
        zone=made.zone,
        choices=made.choices,
        inputs=made.inputs,
        readings=made.readings,
        parameters=parameters.single,
        decisions=structure.decisions,
        provisions=rest.provisions,
        rules=structure.rules,
        errata=_read_errata(made),
        lists=made.lists,
        tables=parameters.tables,
        uses=rest.uses,
        calendar=library.calendar,
        histories=rest.histories,
        source_digest=loaded.source_digest,
        semantic_digest=digest_meaning(loaded, library),
        succession=rest.succession,
    )


def _check_structure(structure: Structure) -> None:
    """Check how rules hang together, where every rule could be built or nothing else is wrong."""
    built = all(rule.doc.id in structure.rules for rule in structure.placed)
    if structure.made.report.found and not built:
        return
    if check_structure(structure):
        check_uses(structure)
        check_conditions_can_hold(structure)


def digest_meaning(loaded: LoadedRuleset, library: Library) -> str:
    """Return the digest of what the document says, free of comments, layout and order of keys.

    The digests of the calendar and of every ruleset it uses go into it. What an edition says of
    its place among others decides no case under it and stays out, as does whom a warning is told.
    """
    held = {key: node for key, node in loaded.source.root.items() if key not in _SUCCESSION}
    root = _gather_meaning(held)
    rests = {name: item.semantic_digest for name, item in library.rulesets.items()}
    if library.calendar is not None:
        rests["calendar"] = library.calendar.digest
    whole = [root, rests] if rests else root
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _gather_meaning(node: Any, key: str = "") -> Any:  # noqa: ANN401 - a node of any kind
    """Return a document in which options are a list: their order is part of what they mean.

    Whom a warning is told is left out.
    """
    if isinstance(node, dict):
        if key == _RULES and "warn" in node:
            node = {name: value for name, value in node.items() if name != "told_to"}
        inner = {str(name): _gather_meaning(value, name) for name, value in node.items()}
        return [[name, value] for name, value in inner.items()] if key == "options" else inner
    if isinstance(node, list):
        return [_gather_meaning(item, f"{key}{_EACH}") for item in node]
    return str(node)


def _check_head(report: Report, loaded: LoadedRuleset) -> timezone:
    document = loaded.document
    if not RULESET_ID.fullmatch(document.ruleset):
        report.add("bad-ruleset-id", document.ruleset, name=document.ruleset)
    if document.language != str(LANGUAGE_VERSION):
        report.add("unknown-language", document.language, known=str(LANGUAGE_VERSION))
    if document.currency not in CURRENCIES:
        report.add("unknown-currency", document.currency, found=document.currency)
    try:
        return read.read_offset(document.utc_offset)
    except read.TextValueError as error:
        report.add_value_error(document.utc_offset, error)
        return UTC


def _stand_in(loaded: LoadedRuleset, library: Library) -> Library:
    """Return a library in which a calendar that was named and not found has something in its place.

    That it is missing is reported once, and not at every place that needs it.
    """
    name = loaded.document.calendar
    if name is None or library.calendar is not None:
        return library
    empty: frozenset[date] = frozenset()
    missing = WorkingCalendar(str(name), date.max, date.min, frozenset(), empty, empty, "")
    return replace(library, calendar=missing)


def _read_uses(made: Declarations, library: Library) -> dict[str, Used]:
    """Read what the document rests on, and check that all of it is there."""
    document = made.document
    found = library.calendar
    if document.calendar is not None and (found is None or not found.digest):
        made.report.add("unknown-calendar", document.calendar, name=document.calendar)
    uses = {}
    for name, doc in document.uses.items():
        made.check_name(name, PLAIN_NAME, "sme_size")
        ruleset = library.rulesets.get(str(name))
        if ruleset is None:
            made.report.add("unknown-use", doc.ruleset, name=doc.ruleset, near="")
            continue
        readings = {item.name: item.default for item in ruleset.readings.values()}
        for key, option in doc.readings.items():
            made.read_option(key, tuple(ruleset.readings))
            if str(key) in ruleset.readings:
                made.read_option(option, tuple(ruleset.readings[str(key)].options))
            readings[str(key)] = str(option)
        uses[str(name)] = Used(ruleset, readings)
    return uses


def _read_decisions(made: Declarations) -> dict[str, DecisionSpec]:
    decisions: dict[str, DecisionSpec] = {}
    for name, doc in made.document.decisions.items():
        check_fact(made, doc.as_of, Kind.DATE)
        declared = made.inputs.get(str(doc.as_of))
        if declared is not None and declared.optional:
            made.report.add("day-is-optional", doc.as_of, name=doc.as_of)
        for key, output in doc.outputs.items():
            if output.requested is not None:
                check_fact(made, output.requested, Kind.MONEY)
                _check_same_type(made, output.requested, str(key), str(name))
        decisions[str(name)] = DecisionSpec(
            name=str(name),
            label=word_text(doc.label),
            subject=word_text(doc.subject),
            as_of=str(doc.as_of),
            answers=made.read_option(doc.answers, ANSWERS),
            outputs=made.outputs[str(name)],
        )
    return decisions


def _check_same_type(made: Declarations, word: Scalar, output: str, decision: str) -> None:
    declared, wanted = made.inputs.get(str(word)), made.outputs[decision].get(output)
    if declared is None or wanted is None or declared.type.kind is not Kind.MONEY:
        return
    if declared.type != wanted.type:
        found, expected = str(declared.type), str(wanted.type)
        made.report.add("type-mismatch", word, expected=expected, found=found)


def _read_document(made: Declarations) -> Document:
    doc = made.document.document
    verified = None if doc.verified == "unset" else made.read_value(doc.verified, DATE)
    if doc.issued is not None:
        made.read_value(doc.issued, DATE)
    if doc.text is not None:
        check_digest(made, doc.text.sha256)
    effective = doc.effective
    starts = _read_starts(made, effective)
    lasts = made.read_value(effective.lasts, _LASTS) if effective.lasts is not None else None
    until = _read_end(made, effective, starts, lasts)
    if effective.until is not None and until and any(start > until for start in starts.values()):
        made.report.add("ends-before-start", effective.until)
    return Document(
        title=word_text(doc.title),
        issuer=word_text(doc.issuer),
        number=str(doc.number or ""),
        status=made.read_option(doc.status, STATUSES),
        starts=starts,
        start_reading=str(effective.by.reading) if effective.by else "",
        until=until,
        lasts=lasts if isinstance(lasts, Period) else None,
        effective_ref=made.cite(str(effective.ref)),
        verified=verified if isinstance(verified, date) else None,
        doubts=tuple(word_text(item) for item in doc.doubts),
        text_digest=str(doc.text.sha256) if doc.text else "",
    )


def _read_end(
    made: Declarations, effective: EffectiveDoc, starts: Mapping[str, date], lasts: Known | None
) -> date | None:
    """Return the last day in force: the one named, or the eve of the day a stated time leads to."""
    if isinstance(lasts, Period) and starts:
        return find_last_day(starts[""], lasts)
    if effective.until is None or effective.until == "unset":
        return None
    until = made.read_value(effective.until, DATE)
    return until if isinstance(until, date) else None


def _read_starts(made: Declarations, effective: EffectiveDoc) -> Mapping[str, date]:
    if effective.start is not None:
        if effective.start == "unset":
            return {}
        day = made.read_value(effective.start, DATE)
        return {"": day} if isinstance(day, date) else {}
    starts: dict[str, date] = {}
    if effective.by is not None:
        reading = made.readings.get(str(effective.by.reading))
        options = tuple(reading.options) if reading else ()
        if reading is None:
            near = made.report.suggest(effective.by.reading, made.readings)
            made.report.add(
                "unknown-name", effective.by.reading, name=effective.by.reading, near=near
            )
        for key, word in effective.by.dates.items():
            made.read_option(key, options)
            day = made.read_value(word, DATE)
            if isinstance(day, date):
                starts[str(key)] = day
        for option in options:
            if option not in starts:
                made.report.add("option-without-day", effective.by.reading, option=option)
    return starts


def _check_refs_exist(made: Declarations, known: set[str]) -> None:
    document = made.document
    words = [reading.ref for reading in document.readings.values()]
    words += [erratum.ref for erratum in document.errata]
    words.append(document.document.effective.ref)
    words += [item.ref for item in document.transition]
    words += [item.ref for item in document.pools.values() if item.ref is not None]
    events = [item for doc in document.lifecycles.values() for item in doc.events.values()]
    words += [item.ref for item in events if item.ref is not None]
    words += [x.ref for p in walk_provisions(document.provisions) for x in p.doc.ignores if x.ref]
    for word in words:
        if word not in known:
            near = made.report.suggest(word, sorted(known))
            made.report.add("unknown-provision", word, name=word, near=near)


def _read_errata(made: Declarations) -> tuple[Erratum, ...]:
    return tuple(
        Erratum(made.cite(str(item.ref)), word_text(item.note)) for item in made.document.errata
    )
