"""Comes in: a rule. Goes out: it in words as HTML, with its formulas as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from voucher_rules.checked.mechanics import (
    Body,
    Call,
    Consequence,
    Define,
    Documents,
    Exclude,
    Limit,
    Rank,
    Require,
    Rule,
    Waive,
    Warn,
    Window,
)
from voucher_rules.checked.reads import ASKED
from voucher_rules.explain.terms import list_names
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind
from voucher_rules.publish.scribe import Scribe, lay_out_pairs
from voucher_rules.publish.terms import lay_out_term

Row = tuple[str, str]
_MOMENTS: Final = ("latest", "earliest")
_ENDS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.BOOLEAN: ("yes", "no"),
    Kind.DATE: _MOMENTS,
    Kind.INSTANT: _MOMENTS,
    Kind.TIME: _MOMENTS,
}
"""What comes first in an order by such a key, from its highest end and from its lowest."""
FACTS: Final = (Role.FACT, Role.FIELD, Role.FINDING, Role.BALANCE)


def lay_out_rule(scribe: Scribe, rule: Rule, level: int) -> str:
    """Return what a rule asks, of whom, when, and what it goes before or gives way to."""
    says = scribe.write(scribe.name_rule(rule))
    rows = [(scribe.tell(f"row.{key}"), told) for key, told in _list_rows(scribe, rule)]
    parts = [
        f'<div class="vp-rule"{scribe.make_id("rule", rule.id)}>',
        f'<h{level} class="vp-says">{says}</h{level}>',
        f'<p class="vp-marks">{_lay_out_marks(scribe, rule)}</p>',
        lay_out_pairs(rows),
        "</div>",
    ]
    return "\n".join(part for part in parts if part)


def _lay_out_marks(scribe: Scribe, rule: Rule) -> str:
    marks = [f'<span class="vp-topic">{scribe.say(f"topic.{rule.topic}")}</span>']
    if rule.key:
        marks.append(f'<span class="vp-mark">{scribe.say("rule.substantive")}</span>')
    if rule.soft:
        marks.append(f'<span class="vp-mark vp-soft">{scribe.say("rule.soft")}</span>')
    return " ".join([*marks, f"<code>{scribe.write(rule.id)}</code>"])


def _list_rows(scribe: Scribe, rule: Rule) -> Iterator[Row]:
    yield "of", scribe.join(_tell_decision(scribe, name) for name in rule.decisions)
    when = rule.stated_when if rule.set_aside_by else rule.when
    if when is not None:
        yield "when", lay_out_term(scribe, when)
    yield from _list_body(scribe, rule.body)
    rules = scribe.ruleset.rules
    for key, names in (("sets_aside", rule.sets_aside), ("set_aside_by", rule.set_aside_by)):
        yield key, scribe.join(scribe.link_cited(rules[name]) for name in names if name in rules)
    if rule.next_step is not None:
        yield "next", scribe.write(rule.next_step.told(scribe.language))
    terms = (*((when,) if when else ()), *rule.formulas)
    yield "findings", _tell_findings(scribe, terms)
    yield "facts", _link_facts(scribe, terms)
    yield "rests", scribe.join(_link_grounds(scribe, terms))


def _tell_decision(scribe: Scribe, name: str) -> str:
    subject = scribe.checked.decisions[name].subject.told(scribe.language)
    return f'{scribe.link_decision(name)} <span class="vp-note">{scribe.write(subject)}</span>'


def _list_body(scribe: Scribe, body: Body) -> Iterator[Row]:
    match body:
        case Require(condition):
            yield "require", lay_out_term(scribe, condition)
        case Exclude(condition):
            yield "exclude", lay_out_term(scribe, condition)
        case Limit(output, at_most):
            words = {"output": name_output(scribe, output)}
            told = scribe.say("rule.whole_limit", **words, sum=scribe.writer.write_term(at_most))
            yield "limit", f"{told} {scribe.write_formula(at_most)}"
        case Define(name, formula):
            yield "define", f"{lay_out_term(scribe, formula)} <code>→ {scribe.write(name)}</code>"
        case Call():
            yield from _list_call(scribe, body)
        case Window():
            yield from _list_window(scribe, body)
        case Documents(fact, _, _):
            yield "papers", _lay_out_papers(scribe, body, fact)
        case Rank():
            yield "rank", _lay_out_keys(scribe, body)
        case Consequence():
            yield from _list_consequence(scribe, body)
        case Warn(message):
            yield "warn", scribe.write(message.told(scribe.language))
        case Waive():
            yield "define", scribe.say("rule.waive")


def name_output(scribe: Scribe, name: str) -> str:
    """Return the label of an output of some decision; a variable by what defines it."""
    found = [x.outputs[name] for x in scribe.checked.decisions.values() if name in x.outputs]
    return found[0].label.told(scribe.language) if found else scribe.writer.label_variable(name)


def _list_call(scribe: Scribe, body: Call) -> Iterator[Row]:
    used = scribe.checked.uses.get(body.uses)
    called = used.ruleset if used else scribe.checked
    spec = called.decisions[body.decision]
    output = spec.outputs.get(body.gives)
    granted = scribe.tell("rule.granted")
    told = {
        "decision": spec.label.told(scribe.language),
        "gives": output.label.told(scribe.language) if output else granted,
    }
    if used:
        told["ruleset"] = called.title.told(scribe.language)
    text = scribe.say("rule.called_other" if used else "rule.called", **told)
    yield "call", text if used else f"{text} ({scribe.link_decision(body.decision)})"
    asked = [
        f"<p>{scribe.write(name)} = {lay_out_term(scribe, term)}</p>" for name, term in body.asked
    ]
    yield "asked", "".join(asked)


def _list_window(scribe: Scribe, body: Window) -> Iterator[Row]:
    if body.act is not None:
        yield "act", lay_out_term(scribe, body.act)
    yield "opens", lay_out_term(scribe, body.opens)
    yield "lasts", lay_out_term(scribe, body.lasts)
    first = "counts" if body.counts_first_day else "does_not_count"
    counting = [scribe.say(f"rule.first_day.{first}")]
    if body.nominal is not None:
        counting.append(scribe.say("rule.rolls"))
    yield "counting", scribe.join(counting)
    if body.gives:
        yield "gives", f"{scribe.write(name_output(scribe, body.gives))}"


def _lay_out_papers(scribe: Scribe, body: Documents, fact: str) -> str:
    label = scribe.writer.label_input(fact)
    papers = [scribe.writer.name_option(paper, body.type) for paper in body.required]
    items = "".join(f"<li>{scribe.write(paper)}</li>" for paper in papers)
    return f"{scribe.say('rule.papers', fact=label)}<ul>{items}</ul>"


def _lay_out_keys(scribe: Scribe, body: Rank) -> str:
    items = []
    for item in body.keys:
        key = scribe.writer.write_term(item.key)
        first, last = _ENDS.get(item.key.type.kind, ("highest", "lowest"))
        told = scribe.say(f"rule.{first if item.highest_first else last}", key=key)
        items.append(f"<li>{told} {scribe.write_formula(item.key)}</li>")
    return f"<ol>{''.join(items)}</ol>"


def _list_consequence(scribe: Scribe, body: Consequence) -> Iterator[Row]:
    words = {
        x: y.told(scribe.language) for x, y in (("party", body.party), ("effect", body.effect))
    }
    yield "consequence", scribe.say("rule.consequence", **words)
    yield "begins", lay_out_term(scribe, body.start)
    endless = scribe.say("rule.endless")
    yield "ends", endless if body.until is None else lay_out_term(scribe, body.until)


def _tell_findings(scribe: Scribe, terms: tuple[Term, ...]) -> str:
    """Tell the judgements a rule waits for, each with who makes it."""
    told = []
    for name in list_names(terms, Role.FINDING):
        declared = scribe.checked.inputs.get(name.removesuffix(ASKED))
        by = declared.by.told(scribe.language) if declared and declared.by else ""
        maker = f' <span class="vp-note">{scribe.say("finding.by", by=by)}</span>' if by else ""
        told.append(f"{scribe.link_input(name)}{maker}")
    return scribe.join(told)


def _link_facts(scribe: Scribe, terms: tuple[Term, ...]) -> str:
    names = [n.removesuffix(ASKED) for n in list_names(terms, *FACTS) if not _is_finding(scribe, n)]
    return scribe.join(scribe.link_input(name) for name in dict.fromkeys(names))


def _is_finding(scribe: Scribe, name: str) -> bool:
    declared = scribe.checked.inputs.get(name.removesuffix(ASKED))
    return declared is not None and declared.role is Role.FINDING


def _link_grounds(scribe: Scribe, terms: tuple[Term, ...]) -> Iterator[str]:
    """Yield links to the parameters, readings and worked-out values that expressions read."""
    links: dict[str, None] = {}
    for term in terms:
        for part in term.walk():
            links.update(dict.fromkeys(_link_ground(scribe, part)))
    yield from links


def _link_ground(scribe: Scribe, term: Term) -> Iterator[str]:
    checked = scribe.checked
    if term.role is Role.PARAMETER and term.name in checked.parameters:
        table = checked.tables.get(checked.parameters[term.name].table)
        label = table.label.told(scribe.language) if table else ""
        yield (
            scribe.link("parameter", table.name, label)
            if table
            else scribe.link_parameter(term.name)
        )
    elif term.role is Role.READING:
        reading = checked.readings[term.name.removeprefix("reading.")]
        yield scribe.link("reading", reading.name, reading.question.told(scribe.language))
    elif term.role in {Role.VARIABLE, Role.OUTPUT}:
        yield scribe.link_variable(term.name)
