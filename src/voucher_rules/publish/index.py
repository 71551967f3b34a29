"""Comes in: what a ruleset decides and reads. Goes out: the two tables at the end of its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from voucher_rules.checked.symbols import DecisionSpec, Input
from voucher_rules.explain.types import describe_type
from voucher_rules.language.terms import Role
from voucher_rules.publish.scribe import Scribe, lay_out_table

FEW: Final = 3
"""Decisions that are named one by one even where all of them ask for something."""


def lay_out_decisions(scribe: Scribe) -> str:
    """Return the table of the questions the ruleset answers."""
    keys = ("decision", "subject", "as_of", "answers", "outputs", "rules")
    headings = [scribe.tell(f"heading.{key}") for key in keys]
    decisions = scribe.checked.decisions.values()
    rows = [_list_decision(scribe, item) for item in decisions]
    ids = [scribe.make_id("decision", item.name) for item in decisions]
    return lay_out_table(headings, rows, name="vp-decisions", ids=ids)


def _list_decision(scribe: Scribe, item: DecisionSpec) -> list[str]:
    outputs = [
        f"{scribe.write(x.label.told(scribe.language))} <code>{scribe.write(x.name)}</code>"
        for x in item.outputs.values()
    ]
    rules = [x for x in scribe.ruleset.rules.values() if item.name in x.decisions]
    refs = dict.fromkeys(rule.citation.ref for rule in rules)
    return [
        f"{scribe.write(item.label.told(scribe.language))} <code>{scribe.write(item.name)}</code>",
        scribe.write(item.subject.told(scribe.language)),
        scribe.link_input(item.as_of),
        scribe.say(f"answers.{item.answers}"),
        scribe.join(outputs),
        scribe.join((scribe.link_provision(ref) for ref in refs), "joiner"),
    ]


def lay_out_facts(scribe: Scribe) -> str:
    """Return the table of what a case may state; of lists also what each record states."""
    keys = ("label", "type", "decided", "readers")
    headings = [scribe.tell(f"heading.{key}") for key in keys]
    items = list(_list_inputs(scribe))
    rows = [_list_input(scribe, item) for item in items]
    ids = [scribe.make_id("fact", item.name) for item in items]
    return lay_out_table(headings, rows, name="vp-facts", ids=ids)


def _list_inputs(scribe: Scribe) -> Iterator[Input]:
    """Yield everything a case may state by name, the fields of a list behind it."""
    for item in scribe.checked.inputs.values():
        yield item
        listed = scribe.checked.lists.get(item.name)
        if listed is not None:
            yield from listed.fields.values()


def _list_input(scribe: Scribe, item: Input) -> list[str]:
    return [
        _tell_name(scribe, item),
        _tell_type(scribe, item),
        _link_decisions(scribe, item),
        scribe.link_rules(scribe.material.readers.get(item.name, ())),
    ]


def _link_decisions(scribe: Scribe, item: Input) -> str:
    """Return links to the decisions that ask for something; where many do and all, say so."""
    asked, names = item.within or item.name, scribe.ruleset.decisions
    found = [name for name in names if asked in scribe.ruleset.program(name).inputs]
    if len(found) == len(names) > FEW:
        return scribe.say("fact.everywhere")
    return scribe.join((scribe.link_decision(name) for name in found), "joiner")


def _tell_name(scribe: Scribe, item: Input) -> str:
    """Tell what a fact is called, and who or what shows it."""
    label = item.label.told(scribe.language)
    listed = scribe.checked.lists.get(item.within)
    if listed is not None:
        label = scribe.tell("fact.record", label=label, one=listed.one.told(scribe.language))
    told = [f"<p>{scribe.write(label)} <code>{scribe.write(item.name)}</code></p>"]
    by = scribe.tell("by.ledger") if item.role is Role.BALANCE else ""
    by = item.by.told(scribe.language) if item.by else by
    shown = item.evidence.told(scribe.language) if item.evidence else ""
    if shown:
        told.append(f'<p class="vp-note">{scribe.say("fact.evidence", evidence=shown)}</p>')
    if by:
        told.append(f'<p class="vp-note">{scribe.say("fact.by", by=by)}</p>')
    return "".join(told)


def _tell_type(scribe: Scribe, item: Input) -> str:
    told = [
        scribe.write(describe_type(item, scribe.language, scribe.writer.write_value, labelled=True))
    ]
    if item.note is not None:
        told.append(scribe.write(item.note.told(scribe.language)))
    if item.applies is not None:
        test = scribe.writer.write_term(item.applies)
        told.append(f"{scribe.say('fact.applies', test=test)} {scribe.write_formula(item.applies)}")
    return "".join(f"<p>{text}</p>" for text in told)
