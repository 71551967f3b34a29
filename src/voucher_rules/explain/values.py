"""Comes in: a value or a step of a trace. Goes out: how people write it, sums and all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Final

from voucher_rules.checked.domains import MOST_MONEY
from voucher_rules.checked.model import CheckedRuleset, Consequence, Define, Rule
from voucher_rules.decision.trace import Step
from voucher_rules.explain.words import tell
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import (
    Exact,
    Interval,
    Mark,
    Period,
    SetBetween,
    Unknown,
    Value,
)
from voucher_rules.values.write import (
    write_date,
    write_decimal,
    write_instant,
    write_money,
    write_period,
    write_ratio,
    write_time,
)

_SIGNS: Final = {"*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥", "!=": "≠", "==": "="}
_WORDS: Final = {
    "zh": {"and": "且", "or": "或", "not": "非", "in": "属于", "not in": "不属于"},
    "en": {"and": "and", "or": "or", "not": "not", "in": "in", "not in": "not in"},
}
_CALLS: Final = {
    "zh": {"min": "最小值", "max": "最大值", "given": "已有", "year": "年份", "day": "日期"},
    "en": {"min": "least of", "max": "greatest of", "given": "given", "year": "year", "day": "day"},
}
_BINDING: Final = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6, "neg": 7}
_COMPARING: Final = 4
_TIGHTEST: Final = 9


_TELLING: Final = MOST_MONEY // 100
"""A range of money that reaches further says no more than that the amount is not known."""


def _is_telling(domain: Interval, kind: Type) -> bool:
    return kind.kind is Kind.MONEY and all(
        isinstance(end, int | Fraction) and -_TELLING < end < _TELLING
        for end in (domain.low, domain.high)
    )


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes values and steps of one ruleset in one language."""

    ruleset: CheckedRuleset
    language: str

    def write_value(self, value: Value, kind: Type) -> str:
        """Write a value of a type, known or not."""
        if isinstance(value, Mark):
            return tell(self.language, f"value.{value.value}")
        if isinstance(value, Unknown):
            return self._write_unknown(value, kind)
        if isinstance(value, bool):
            return tell(self.language, "value.true" if value else "value.false")
        if isinstance(value, frozenset):
            ordered = [option for option in kind.options if option in value]
            names = [self.write_option(option, kind) for option in ordered]
            joined = tell(self.language, "joiner").join(names)
            return joined or tell(self.language, "value.empty")
        if isinstance(value, str):
            return " ".join(self.write_option(value, kind).split())
        return self._write_plain(value, kind)

    def _write_plain(self, value: object, kind: Type) -> str:
        if isinstance(value, datetime):
            return write_instant(value)
        if isinstance(value, time):
            return write_time(value)
        if isinstance(value, date):
            return write_date(value)
        if isinstance(value, Period):
            return write_period(value, self.language)
        number: Exact = value if isinstance(value, int | Fraction) else 0
        if kind.kind is Kind.MONEY:
            return write_money(number, kind.unit, self.language)
        if kind.kind is Kind.RATIO:
            return write_ratio(number)
        text = write_decimal(number, grouped=True)
        return f"{text}{kind.unit}" if kind.kind is Kind.COUNT else text

    def _write_unknown(self, value: Unknown, kind: Type) -> str:
        domain = value.domain
        if isinstance(domain, Interval) and not value.marks and _is_telling(domain, kind):
            low, high = (self._write_plain(end, kind) for end in (domain.low, domain.high))
            return tell(self.language, "value.between", low=low, high=high)
        if isinstance(domain, SetBetween) and domain.certain:
            known = self.write_value(domain.certain, kind)
            return f"{known}…"
        return tell(self.language, "value.unknown")

    def write_option(self, option: str, kind: Type) -> str:
        """Write an option of a choice by its label; anything else as it is."""
        choice = self.ruleset.choices.get(kind.unit)
        if choice is not None and option in choice.options:
            return choice.options[option].told(self.language)
        return option

    def label(self, term: Term) -> str:
        """Return what a name is called."""
        ruleset = self.ruleset
        if term.name in ruleset.inputs:
            return ruleset.inputs[term.name].label.told(self.language)
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

    def label_variable(self, name: str) -> str:
        """Return what a variable is called: what its definition says, or its name."""
        for rule in self.ruleset.rules.values():
            if isinstance(rule.body, Define) and rule.body.name == name:
                return rule.says.told(self.language) or name
        return name

    def say_rule(self, rule: Rule) -> str:
        """Return what a rule says: its own words, or the party and effect of a consequence."""
        if isinstance(rule.body, Consequence):
            party, effect = rule.body.party, rule.body.effect
            told = (party.told(self.language), effect.told(self.language))
            return tell(self.language, "source", label=told[0], value=told[1])
        return rule.says.told(self.language) or rule.id

    def write_fact(self, step: Step) -> str:
        """Write what a step read or worked out: `label: value` for a name, else the sum."""
        if step.term.name == "in" and step.parts[1].term.role is Role.CONSTANT:
            return self._write_wanted(*step.parts)
        if step.parts or step.term.role is Role.CONSTANT:
            key = "fact.holds" if step.value is True else "fact.fails"
            return tell(self.language, key, sum=self.write_step(step, result=False))
        value = self.write_value(step.value, step.term.type)
        return tell(self.language, "source", label=self.label(step.term), value=value)

    def _write_wanted(self, member: Step, options: Step) -> str:
        value = self.write_value(member.value, member.term.type)
        wanted = self.write_value(options.value, options.term.type)
        label = self.label(member.term)
        return tell(self.language, "fact.wanted", label=label, value=value, wanted=wanted)

    def write_step(self, step: Step, *, result: bool = True) -> str:
        """Write a step as a sum: `50% × 4,000元 = 2,000元`, each name with its label."""
        text = self._write_inner(step, 0)
        if result and step.parts:
            text += f" = {self.write_value(step.value, step.term.type)}"
        return text

    def _write_inner(self, step: Step, around: int) -> str:
        term = step.term
        if term.role is Role.CONSTANT:
            return self.write_value(step.value, term.type)
        if term.role is not Role.OPERATOR:
            return f"{self.label(term)} {self.write_value(step.value, term.type)}"
        if term.name == "if" and isinstance(step.parts[0].value, bool):
            return self._write_inner(step.parts[1 if step.parts[0].value else 2], around)
        text, tight = self._write_operator(step)
        return (
            f"（{text}）"
            if tight < around and self.language == "zh"
            else (f"({text})" if tight < around else text)
        )

    def _write_operator(self, step: Step) -> tuple[str, int]:
        name = step.term.name
        if name in _CALLS[self.language]:
            inner = tell(self.language, "joiner").join(self._write_inner(p, 0) for p in step.parts)
            brackets = "（{}）" if self.language == "zh" else "({})"
            left, right = brackets.split("{}")
            return f"{_CALLS[self.language][name]}{left}{inner}{right}", _TIGHTEST
        if name == "if":
            return self._write_choice(step), 0
        tight = _BINDING.get(name, _COMPARING)
        sign = _WORDS[self.language].get(name) or _SIGNS.get(name, name)
        if name in {"not", "neg"}:
            sign = "−" if name == "neg" else f"{sign} "
            return f"{sign}{self._write_inner(step.parts[0], tight + 1)}", tight
        parts = [self._write_inner(step.parts[0], tight)]
        parts += [self._write_inner(part, tight + 1) for part in step.parts[1:]]
        return f" {sign} ".join(parts), tight

    def _write_choice(self, step: Step) -> str:
        test, then, other = (self._write_inner(part, 1) for part in step.parts)
        if self.language == "zh":
            return f"若 {test} 则 {then} 否则 {other}"
        return f"{then} if {test}, else {other}"
