"""Comes in: what a page tells, and a language. Goes out: the means its parts are written with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from voucher_rules.api import Decision, Ruleset
from voucher_rules.checked.mechanics import Define, Rule, name_set
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.reads import ASKED, LIVE
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.explain.markup import escape_text, write
from voucher_rules.explain.terms import TermWriter
from voucher_rules.language.terms import Term
from voucher_rules.publish.material import Material
from voucher_rules.publish.words import tell


def name_anchor(kind: str, name: str) -> str:
    """Return the name of a place on the page: `rule-item_cap`, without white space."""
    return f"{kind}-{'_'.join(name.split())}"


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes parts of the page of one ruleset in one language, as HTML."""

    material: Material
    language: str
    writer: TermWriter
    files: Mapping[str, str]
    """The names of the pages, by language."""

    @property
    def ruleset(self) -> Ruleset:
        """The ruleset the page is of."""
        return self.material.ruleset

    @property
    def checked(self) -> CheckedRuleset:
        """What was checked of it."""
        return self.ruleset.checked

    def tell(self, key: str, /, **arguments: str) -> str:
        """Return a fixed text, not yet as HTML."""
        return tell(self.language, key, **arguments)

    def write(self, text: str) -> str:
        """Return a text as HTML."""
        return write(text, self.language)

    def say(self, key: str, /, **arguments: str) -> str:
        """Return a fixed text as HTML."""
        return self.write(self.tell(key, **arguments))

    def join(self, parts: Iterable[str], key: str = "clause") -> str:
        """Return parts in HTML as one enumeration."""
        return escape_text(self.tell(key)).join(parts)

    def make_id(self, kind: str, name: str) -> str:
        """Return the attribute that makes an element the place of something."""
        return f' id="{escape_text(name_anchor(kind, name))}"'

    def link(self, kind: str, name: str, text: str) -> str:
        """Return a link to a place on the page."""
        target = escape_text(name_anchor(kind, name).replace("%", "%25"))
        return f'<a href="#{target}">{self.write(text)}</a>'

    def link_provision(self, ref: str) -> str:
        """Return a link to a provision."""
        return self.link("provision", ref, ref)

    def link_rule(self, rule: Rule) -> str:
        """Return a link to a rule by what it says."""
        return self.link("rule", rule.id, self.name_rule(rule))

    def name_rule(self, rule: Rule) -> str:
        """Return what a rule says; of one without words of its own what it is about.

        Where several without words set the same thing, each is told with its case; a value that
        has no label is told by its formula, if that is short, or by its topic.
        """
        told = self.writer.describe_rule(rule)
        if rule.says.told(self.language) or not isinstance(rule.body, Define):
            return told or self._name_by_topic(rule)
        if not told:
            return self.writer.write_short(rule.body.name) or self._name_by_topic(rule)
        when = rule.stated_when if rule.set_aside_by else rule.when
        if when is None or not self._has_twin(rule):
            return told
        return self.tell("rule.in_case", label=told, when=self.writer.write_term(when))

    def _name_by_topic(self, rule: Rule) -> str:
        return self.tell("rule.unnamed", topic=self.tell(f"topic.{rule.topic}"), rule=rule.id)

    def _has_twin(self, rule: Rule) -> bool:
        """Return whether another rule without words sets the same thing."""
        same = [x for x in self.ruleset.rules.values() if name_set(x.body) == name_set(rule.body)]
        return sum(not x.says.told(self.language) for x in same) > 1

    def link_cited(self, rule: Rule) -> str:
        """Return a link to a rule and one to its provision."""
        cited = f'<span class="vr-ref">{self.link_provision(rule.citation.ref)}</span>'
        return f"{self.link_rule(rule)} {cited}"

    def link_rules(self, names: Iterable[str]) -> str:
        """Return links to rules, those of the ruleset itself."""
        rules = self.ruleset.rules
        return self.join(self.link_rule(rules[name]) for name in names if name in rules)

    def link_parameter(self, name: str) -> str:
        """Return a link to a parameter by its label; of a cell to its table."""
        parameter = self.checked.parameters[name]
        label = parameter.label.told(self.language)
        return self.link("parameter", parameter.table or name, label)

    def link_decision(self, name: str) -> str:
        """Return a link to a decision by its label."""
        return self.link("decision", name, self.checked.decisions[name].label.told(self.language))

    def link_input(self, name: str) -> str:
        """Return a link to something a case may state."""
        name = name.removesuffix(ASKED)
        return self.link("fact", name, self.writer.label_input(name))

    def link_variable(self, name: str) -> str:
        """Return links to the rules that give a variable its value, or to one that counts."""
        if name.startswith(LIVE):
            return self.link_rule(self.ruleset.rules[name.removeprefix(LIVE)])
        rules = [x for x in self.ruleset.rules.values() if name_set(x.body) == name]
        return self.join(self.link_rule(rule) for rule in rules)

    def write_formula(self, term: Term) -> str:
        """Return an expression on one line, as its author wrote it."""
        text = " ".join((term.text or term.name).split())
        return f'<code class="vp-formula">{escape_text(text)}</code>'

    def write_result(self, decision: Decision) -> str:
        """Return the outcome of a decision with its amounts, or the values it gives."""
        result = decision.result
        told = [self.tell(f"limits.outcome.{result.outcome}")]
        settled = [x for x in result.amounts.values() if x.value is not None]
        if result.outcome not in {Outcome.GRANTED, Outcome.DETERMINED}:
            settled = []
        told += [self.writer.write_value(x.value or 0, x.output.type) for x in settled]
        outputs = result.decision.outputs
        if not result.amounts and len(outputs) == 1:
            for name, value in result.values.items():
                told.append(self.writer.write_value(value, outputs[name].type))
        return self.write(" ".join(told))


def lay_out_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    name: str = "",
    ids: Sequence[str] = (),
) -> str:
    """Return a table of cells in HTML; columns nothing stands in are left out.

    Headings are plain text: each cell carries its own, for screens too narrow for columns.
    """
    kept = [i for i, _ in enumerate(headings) if any(row[i] for row in rows)]
    cells = "".join(f'<th scope="col">{escape_text(headings[i])}</th>' for i in kept)
    lines = [f'<table class="vp-table {name}">', f"<thead><tr>{cells}</tr></thead>", "<tbody>"]
    for number, row in enumerate(rows):
        made = "".join(_lay_out_cell(headings[i], row[i], head=i == kept[0]) for i in kept)
        lines.append(f"<tr{ids[number] if ids else ''}>{made}</tr>")
    return "\n".join([*lines, "</tbody>", "</table>"])


def _lay_out_cell(heading: str, cell: str, *, head: bool) -> str:
    label = f' data-label="{escape_text(heading)}"'
    if head:
        return f'<th scope="row"{label}><div>{cell}</div></th>'
    return f"<td{label}><div>{cell}</div></td>" if cell else "<td></td>"


def lay_out_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """Return labels in plain text, each with what belongs to it in HTML, if there is something."""
    rows = [f"<div><dt>{escape_text(a)}</dt><dd>{b}</dd></div>" for a, b in pairs if b]
    return "\n".join(['<dl class="vp-pairs">', *rows, "</dl>"]) if rows else ""
