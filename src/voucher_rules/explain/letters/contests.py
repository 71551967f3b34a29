"""Comes in: a decision. Goes out: the parts of a letter on what it rests on and may be doubted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.stated import PROVENANCE_KEYS
from voucher_rules.explain.amounts import tell_amounts
from voucher_rules.explain.background import tell_list
from voucher_rules.explain.forms import Line
from voucher_rules.explain.letters.balances import tell_used
from voucher_rules.explain.letters.model import OtherWay, Part
from voucher_rules.explain.letters.terms import tell_evidence
from voucher_rules.explain.letters.words import tell_letter
from voucher_rules.explain.outline import tell_outcome, tell_possible
from voucher_rules.explain.results import tell_followings, tell_results
from voucher_rules.explain.sums import SumWriter
from voucher_rules.explain.teller import Teller
from voucher_rules.language.terms import Role
from voucher_rules.ledger.filling import FROM_LEDGER
from voucher_rules.values.model import NONE, Unknown


def write_contest_part(teller: Teller, others: Sequence[OtherWay]) -> Part:
    """Return what the letter rests on: facts, findings, balances, and how the law was read."""
    say = teller.language
    facts, findings = tuple(_tell_facts(teller)), tuple(_tell_findings(teller))
    nothing = tuple(_tell_nothing(teller))
    parts = [
        Part(
            "contest-facts",
            tell_letter(say, "part.contest.facts"),
            tell_letter(say, "contest.facts") if facts else "",
            facts,
            nothing,
            dense=True,
        ),
        Part("contest-findings", tell_letter(say, "part.contest.findings"), "", findings),
        Part(
            "contest-balances",
            tell_letter(say, "part.contest.balances"),
            "",
            tuple(tell_used(teller)),
        ),
        _write_readings(teller, others),
    ]
    shown = tuple(part for part in parts if part.says_something)
    lead = tell_letter(say, "contest.lead")
    return Part("contest", tell_letter(say, "part.contest"), lead, parts=shown)


def _list_stated(teller: Teller) -> Iterator[str]:
    """Yield what was stated of the case and is known, whatever a balance's own lines tell left out.

    It stands in the order of the ruleset, however it was stated. What was stated as not known is
    nothing to rest on.
    """
    case, told = teller.result.case, {trail.rested.name for trail in teller.trails}
    blank = teller.tell("value.unknown")
    given = set(case.given) & case.values.keys() - told
    for name in teller.result.ruleset.inputs:
        if name not in given:
            continue
        value = case.values[name]
        kind = teller.result.ruleset.inputs[name].type
        if isinstance(value, Unknown) and teller.writer.write_value(value, kind) == blank:
            continue
        yield name


def _tell_facts(teller: Teller) -> Iterator[Line]:
    """Tell every fact relied on, where it comes from, and what shows it."""
    for name in _list_stated(teller):
        if teller.result.ruleset.inputs[name].role is Role.FINDING:
            continue
        if not _is_left_out(teller, name):
            source = [*_tell_provenance(teller, name), *tell_evidence(teller, name)]
            note = teller.tell("clause").join(source)
            unstated = tell_letter(teller.language, "contest.unstated")
            notes = (*([note] if note else []), *tell_list(teller, name, unstated))
            yield Line(_tell_value(teller, name), notes=notes)


def _tell_nothing(teller: Teller) -> Iterator[str]:
    """Tell in one what was stated as `none`, which must not read as nothing left."""
    names = [name for name in _list_stated(teller) if _is_left_out(teller, name)]
    if names:
        labels = [teller.writer.label_input(name) for name in names]
        told = teller.tell("clause").join(labels)
        yield tell_letter(teller.language, "contest.nothing", labels=told)


def _is_left_out(teller: Teller, name: str) -> bool:
    """Return whether a fact is none, and nobody was named who says so; of balances that tells."""
    case, role = teller.result.case, teller.result.ruleset.inputs[name].role
    said = case.provenance.get(name) not in {None, FROM_LEDGER}
    return case.values[name] is NONE and role is not Role.BALANCE and not said


def _tell_findings(teller: Teller) -> Iterator[Line]:
    """Tell every finding relied on: who made it, when, on what; or that nobody said so."""
    for name in _list_stated(teller):
        if teller.result.ruleset.inputs[name].role is not Role.FINDING:
            continue
        source = teller.tell("clause").join(_tell_provenance(teller, name))
        notes = [source, _tell_finder(teller, name), *tell_evidence(teller, name)]
        yield Line(_tell_value(teller, name), notes=tuple(note for note in notes if note))


def _tell_finder(teller: Teller, name: str) -> str:
    """Tell that it was not said who made a finding, and whose it is to make; else nothing."""
    provenance = teller.result.case.provenance.get(name)
    said = dict(provenance.entries) if provenance else {}
    if "by" in said:
        return ""
    _, by = teller.name_finding(name)
    key = "contest.unnamed" if "on" in said else "contest.undated"
    return tell_letter(teller.language, key, by=by)


def _tell_value(teller: Teller, name: str) -> str:
    """Tell a fact, and of one stated as `none` that nothing was stated."""
    declared, value = teller.result.ruleset.inputs[name], teller.result.case.values[name]
    told = teller.writer.write_value(value, declared.type)
    if value is NONE and declared.role is not Role.BALANCE:
        told = tell_letter(teller.language, "contest.unstated")
    return teller.tell("source", label=declared.label.told(teller.language), value=told)


def _tell_provenance(teller: Teller, name: str) -> Iterator[str]:
    """Tell where a fact comes from, one text for each thing that was said of it."""
    provenance = teller.result.case.provenance.get(name)
    if provenance is None:
        return
    if provenance == FROM_LEDGER:
        ledger = tell_letter(teller.language, "contest.ledger")
        label = teller.tell("provenance.source")
        yield tell_letter(teller.language, "contest.part", label=label, value=ledger)
        return
    entries = dict(provenance.entries)
    for key in (key for key in PROVENANCE_KEYS if key in entries):
        label = teller.tell(f"provenance.{key}")
        yield tell_letter(teller.language, "contest.part", label=label, value=entries[key])


def _write_readings(teller: Teller, others: Sequence[OtherWay]) -> Part:
    """Return the disputed provisions that mattered, with what the other reading would give."""
    single = [way for way in others if len(way.chosen) == 1]
    names = dict.fromkeys(name for way in single if way.differs for name in way.chosen)
    lines = [_tell_reading(teller, name, single) for name in names]
    lines += [_tell_pair(teller, x) for x in others if len(x.chosen) > 1 and x.differs]
    same = dict.fromkeys(name for way in single for name in way.chosen if name not in names)
    say = teller.language
    lead = tell_letter(say, "contest.readings") if lines else ""
    title = tell_letter(say, "part.contest.readings")
    parts = (_write_idle(teller, tuple(same)),) if same else ()
    return Part("contest-readings", title, lead, tuple(lines), parts=parts)


def _write_idle(teller: Teller, names: Sequence[str]) -> Part:
    """Return the disputed provisions that come to the same here however each is read."""
    readings, chosen = teller.result.ruleset.readings, teller.result.options.readings
    lines = tuple(
        Line(_quote_option(teller, name, chosen[name]), str(readings[name].citation))
        for name in names
    )
    title = tell_letter(teller.language, "part.contest.same")
    waits = teller.result.outcome is Outcome.UNDETERMINED
    lead = tell_letter(teller.language, "contest.same.open" if waits else "contest.same")
    return Part("contest-same", title, lead, lines, dense=True)


def _tell_reading(teller: Teller, name: str, ways: Sequence[OtherWay]) -> Line:
    reading = teller.result.ruleset.readings[name]
    chosen = teller.result.options.readings[name]
    text = _quote_option(teller, name, chosen)
    notes = []
    if chosen == reading.default:
        notes.append(teller.tell("because", because=reading.because.told(teller.language)))
    for way in ways:
        if way.chosen.get(name) is not None and way.differs:
            option = reading.options[way.chosen[name]].told(teller.language)
            gives = _tell_gives(teller, way.result)
            notes.append(tell_letter(teller.language, "contest.other", option=option, gives=gives))
    return Line(text, str(reading.citation), "open", tuple(notes))


def _quote_option(teller: Teller, name: str, option: str) -> str:
    reading = teller.result.ruleset.readings[name]
    question = reading.question.told(teller.language)
    told = reading.options[option].told(teller.language)
    return tell_letter(teller.language, "contest.option", question=question, option=told)


def _tell_pair(teller: Teller, way: OtherWay) -> Line:
    options = [_quote_option(teller, name, option) for name, option in way.chosen.items()]
    told = teller.tell("clause").join(options)
    text = tell_letter(teller.language, "contest.both", options=told)
    gives = _tell_gives(teller, way.result)
    refs = teller.join(list(dict.fromkeys(_cite_readings(teller, way.chosen))))
    note = tell_letter(teller.language, "contest.gives", gives=gives)
    return Line(text, refs, "open", (note,))


def _cite_readings(teller: Teller, chosen: Mapping[str, str]) -> Iterator[str]:
    return (str(teller.result.ruleset.readings[name].citation) for name in chosen)


def _tell_gives(teller: Teller, other: DecisionResult) -> str:
    """Tell what another reading comes to: the outcome, and what else differs from this letter."""
    there = Teller(other, SumWriter(other.ruleset, teller.language))
    told = [x for x in (tell_outcome(there), tell_possible(there)) if x]
    told += [text for text in tell_amounts(there) if text not in told]
    told += [line.text for line in _list_apart(teller, there)]
    if len(told) == 1 and told[0] == tell_outcome(teller):
        told.append(tell_letter(teller.language, "contest.else"))
    return teller.tell("clause").join(told)


def _list_apart(teller: Teller, there: Teller) -> list[Line]:
    """Return the results and consequences that come out otherwise there."""
    here = {*tell_results(teller), *tell_followings(teller)}
    return [x for x in (*tell_results(there), *tell_followings(there)) if x not in here]
