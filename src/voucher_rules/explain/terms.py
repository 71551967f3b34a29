"""Comes in: an expression of a rule. Goes out: it in words, in general, with no case at hand.

Names are told by their labels and a parameter also by its value, so that the words of a rule can be
held against the text of the law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.mechanics import Define, name_set
from voucher_rules.checked.symbols import DatedValue, Parameter
from voucher_rules.decision.trace import Step
from voucher_rules.explain.sums import SumWriter, make_untold
from voucher_rules.explain.vocabulary import tell_word
from voucher_rules.language.terms import Role, Term
from voucher_rules.values.model import Scale

_FEW: Final = 3
"""A list of more options than this is told where it stands, not wherever it is read."""

_SHORT: Final = 40
"""A formula of more characters than this names nothing."""


@dataclass(frozen=True, slots=True)
class TermWriter(SumWriter):
    """Writes expressions of one ruleset in one language."""

    def write_term(self, term: Term) -> str:
        """Write an expression: `share (50%) × price in the contract`."""
        return self.write_body(make_untold(term, {}))

    def write_body(self, step: Step) -> str:
        """Write a step; which way a provision is read is told as that."""
        option = _find_option(step.term)
        if option is None:
            return SumWriter.write_body(self, step)
        reading, chosen = option
        slots = {
            "question": self.label(reading),
            "option": self.name_option(str(chosen.value), reading.type),
        }
        key = "is" if step.term.name == "==" else "is_not"
        return tell_word(self.language, f"reading.{key}", **slots)

    def label(self, term: Term) -> str:
        """Return what a name is called; a parameter with the value it has.

        A variable whose definition has no words is called by its formula, where that is short.
        """
        label = SumWriter.label(self, term)
        if term.role is Role.VARIABLE and label == term.name:
            formula = self.write_short(term.name)
            return self.tell("quoted", text=formula) if formula else label
        parameter = self.ruleset.parameters.get(term.name)
        if term.role is not Role.PARAMETER or parameter is None or parameter.entered is not None:
            return label
        values = [item.value for item in parameter.values]
        if any(isinstance(value, frozenset) and len(value) > _FEW for value in values):
            return label
        return self.tell("call", name=label, inner=self.write_values(parameter))

    def write_short(self, name: str) -> str:
        """Write the one formula of a variable or an output; nothing where it is long or not one."""
        bodies = [x.body for x in self.ruleset.rules.values() if name_set(x.body) == name]
        found = [body.formula for body in bodies if isinstance(body, Define)]
        text = self.write_term(found[0]) if len(bodies) == len(found) == 1 else ""
        return text if len(text) <= _SHORT else ""

    def write_values(self, parameter: Parameter) -> str:
        """Write every value a parameter takes, in the order of their days, without the days."""
        told = dict.fromkeys(self.write_dated(item, parameter) for item in parameter.values)
        return " / ".join(told)

    def write_dated(self, item: DatedValue, parameter: Parameter) -> str:
        """Write one value of a parameter, or that it is left open."""
        if item.value is None:
            return tell_word(self.language, "value.unset")
        if isinstance(item.value, Scale):
            return self.write_scale(item.value, parameter.name)
        return self.write_value(item.value, parameter.type)


def _find_option(term: Term) -> tuple[Term, Term] | None:
    """Return the reading and the option that a comparison is of, if it is one of these."""
    if term.role is not Role.OPERATOR or term.name not in {"==", "!="}:
        return None
    one, other = term.parts
    if one.role is not Role.READING:
        one, other = other, one
    fits = one.role is Role.READING and other.role is Role.CONSTANT
    return (one, other) if fits else None


def list_names(terms: tuple[Term, ...], *roles: Role) -> Iterator[str]:
    """Yield the names that expressions read in these roles, each once, in the order written."""
    return iter(dict.fromkeys(name for term in terms for name in term.names(*roles)))
