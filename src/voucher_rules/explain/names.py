"""Comes in: a name of a ruleset: a fact, a parameter, a rule. Goes out: what people call it."""

from __future__ import annotations

from dataclasses import dataclass

from voucher_rules.checked.exceptions import LIVE
from voucher_rules.checked.mechanics import Call, Consequence, Limit, Rule, name_set
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.reads import ASKED
from voucher_rules.explain.words import tell
from voucher_rules.language.records import find_number, split_field
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Type


@dataclass(frozen=True, slots=True)
class Namer:
    """Says what the names of one ruleset are called, in one language."""

    ruleset: CheckedRuleset
    language: str
    among: str = ""
    """The list whose records are told one by one: their fields are then called without number."""

    def tell(self, key: str, /, **arguments: str) -> str:
        """Return a fixed text in the writer's language."""
        return tell(self.language, key, **arguments)

    def name_option(self, option: str, kind: Type) -> str:
        """Return the label of an option of a choice or a reading; anything else as it is."""
        choice = self.ruleset.choices.get(kind.unit)
        if choice is not None and option in choice.options:
            return choice.options[option].told(self.language)
        reading = self.ruleset.readings.get(kind.unit.removeprefix("reading."))
        if reading is not None and option in reading.options:
            return self.tell("quoted", text=reading.options[option].told(self.language))
        return option

    def label(self, term: Term) -> str:
        """Return what a name is called."""
        ruleset = self.ruleset
        name = term.name.removesuffix(ASKED)
        if name in ruleset.inputs or term.role is Role.FIELD or split_field(name)[0]:
            return self.label_input(name)
        if term.role is Role.PARAMETER:
            return ruleset.parameters[term.name].label.told(self.language)
        if term.role is Role.OUTPUT:
            outputs = [spec.outputs.get(term.name) for spec in ruleset.decisions.values()]
            return next(item.label.told(self.language) for item in outputs if item)
        if term.role is Role.READING:
            name = term.name.removeprefix("reading.")
            return ruleset.readings[name].question.told(self.language)
        if term.role is Role.VARIABLE:
            return self.label_variable(term.name)
        return term.name

    def label_input(self, name: str) -> str:
        """Return what an input is called; of a record also which one it is."""
        ruleset = self.ruleset
        listed, field = split_field(name)
        listed = listed or field.partition(".")[0]
        if listed in ruleset.lists and field in ruleset.lists[listed].fields:
            label = ruleset.lists[listed].fields[field].label.told(self.language)
            number = find_number(name)
            if not number or listed == self.among:
                return label
            return self.tell("field.of", label=label, record=self.name_record(listed, number))
        declared = ruleset.inputs.get(name)
        return declared.label.told(self.language) if declared else name

    def name_record(self, listed: str, number: int) -> str:
        """Return what one record of a list is called: `item 2`."""
        one = self.ruleset.lists[listed].one.told(self.language)
        return self.tell("record", one=one, number=str(number))

    def label_variable(self, name: str) -> str:
        """Return what a variable is called: what its definition says, or its name."""
        if name.startswith(LIVE):
            rule = self.ruleset.rules[name.removeprefix(LIVE)]
            return self.tell("rule.counts", says=self.say_rule(rule))
        for rule in self.ruleset.rules.values():
            if isinstance(rule.body, Call) and rule.body.name == name:
                return rule.says.told(self.language) or self._label_called(rule.body)
            if not isinstance(rule.body, Limit) and name_set(rule.body) == name:
                return rule.says.told(self.language) or name
        return name

    def _label_called(self, body: Call) -> str:
        """Return what is taken of a called decision: the label of its output, or the question."""
        uses = self.ruleset.uses
        ruleset = uses[body.uses].ruleset if body.uses else self.ruleset
        spec = ruleset.decisions[body.decision]
        output = spec.outputs.get(body.gives)
        return (output.label if output else spec.label).told(self.language)

    def say_rule(self, rule: Rule) -> str:
        """Return what a rule says: its own words, or the party and effect of a consequence."""
        if isinstance(rule.body, Consequence):
            party, effect = rule.body.party, rule.body.effect
            told = (party.told(self.language), effect.told(self.language))
            return self.tell("source", label=told[0], value=told[1])
        if isinstance(rule.body, Call):
            return rule.says.told(self.language) or self._label_called(rule.body)
        return rule.says.told(self.language) or rule.id

    def say_cited(self, rule: Rule) -> str:
        """Return what a rule says with its article behind it."""
        return self.say_rule(rule) + self.tell("article", ref=str(rule.citation))
