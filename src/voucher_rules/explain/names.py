"""Comes in: a name of a ruleset: a fact, a parameter, a rule. Goes out: what people call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.mechanics import (
    Call,
    Consequence,
    Define,
    Limit,
    Rank,
    Rule,
    Warn,
    Window,
    name_set,
)
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.reads import ASKED, LIVE
from voucher_rules.explain.words import tell
from voucher_rules.language.records import find_number, split_field
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Type

_COMPARED: Final = frozenset(
    {Role.FACT, Role.FIELD, Role.FINDING, Role.BALANCE, Role.VARIABLE, Role.OUTPUT}
)
"""What a case differs by from another: not what holds for every case alike."""


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
            return self.label_output(term.name)
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

    def label_output(self, name: str) -> str:
        """Return what an output of some decision is called; empty where there is none."""
        outputs = [spec.outputs.get(name) for spec in self.ruleset.decisions.values()]
        return next((item.label.told(self.language) for item in outputs if item), "")

    def label_variable(self, name: str) -> str:
        """Return what a variable is called: what its definition says, or its name."""
        if name.startswith(LIVE):
            rule = self.ruleset.rules[name.removeprefix(LIVE)]
            return self.tell("rule.counts", says=self.say_rule(rule))
        rules = self.ruleset.rules.values()
        found = [x for x in rules if not isinstance(x.body, Limit) and name_set(x.body) == name]
        return (self.describe_rule(found[0]) if found else "") or name

    def _label_called(self, body: Call) -> str:
        """Return what is taken of a called decision: the label of its output, or the question."""
        uses = self.ruleset.uses
        ruleset = uses[body.uses].ruleset if body.uses else self.ruleset
        spec = ruleset.decisions[body.decision]
        output = spec.outputs.get(body.gives)
        return (output.label if output else spec.label).told(self.language)

    def say_rule(self, rule: Rule) -> str:
        """Return what a rule says, in its own words or by what it does; failing that its id."""
        return self.describe_rule(rule) or rule.id

    def describe_rule(self, rule: Rule) -> str:
        """Return what a rule says; of one without words what it is about, empty for nothing.

        That is the party and effect of a consequence, a warning, what is taken of a called
        decision, the output it sets, or what it orders cases by.
        """
        told = rule.says.told(self.language)
        match rule.body:
            case Consequence(party, effect):
                slots = {"label": party.told(self.language), "value": effect.told(self.language)}
                return self.tell("source", **slots)
            case Call():
                return told or self._label_called(rule.body)
            case Define() | Window():
                return told or self.label_output(name_set(rule.body))
            case Rank():
                return told or self._describe_order(rule.body)
            case Warn(message):
                return told or message.told(self.language)
            case _:
                return told

    def _describe_order(self, body: Rank) -> str:
        parts = [part for item in body.keys for part in item.key.walk()]
        labels = dict.fromkeys(self.label(part) for part in parts if part.role in _COMPARED)
        return self.tell("rule.order", keys=self.tell("joiner").join(labels))

    def say_cited(self, rule: Rule) -> str:
        """Return what a rule says with its article behind it."""
        return self.say_rule(rule) + self.tell("article", ref=str(rule.citation))
