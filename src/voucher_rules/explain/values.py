"""Comes in: a value or a step of a trace. Goes out: how people write it, sums and all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Final

from voucher_rules.checked.domains import MOST_MONEY
from voucher_rules.checked.exceptions import LIVE
from voucher_rules.checked.mechanics import Call, Consequence, Limit, Rule, name_set
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.reads import ASKED
from voucher_rules.decision.trace import Step
from voucher_rules.explain.words import tell
from voucher_rules.language.records import find_number, split_field
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.scales import list_shares
from voucher_rules.values.model import (
    Exact,
    Interval,
    Mark,
    OneOf,
    Period,
    Scale,
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
    "zh": {
        "min": "最小值",
        "max": "最大值",
        "given": "已有",
        "year": "年份",
        "day": "日期",
        "month": "月份",
        "clock": "时刻",
        "floor": "取整",
        "ceil": "进位取整",
        "whole_months": "整月数",
        "workday": "工作日届满日",
        "roll": "遇休假日顺延",
        "overlaps": "有共同项",
        "includes": "全部包含",
        "members": "项数",
    },
    "en": {
        "min": "least of",
        "max": "greatest of",
        "given": "given",
        "year": "year",
        "day": "day",
        "month": "month",
        "clock": "time of day",
        "floor": "whole part of",
        "ceil": "rounded up",
        "whole_months": "whole months between",
        "workday": "end of the working days",
        "roll": "rolled to a working day",
        "overlaps": "some in common",
        "includes": "includes all",
        "members": "how many",
    },
}
_LOOKED_UP: Final = frozenset({"lookup", "lookup_max", "lookup_min", "lookup_sum", "scale"})
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
        unit = self.ruleset.lists[kind.unit].unit if kind.kind is Kind.LIST else kind.unit
        if self.language == "en" and not unit.isascii():
            # a Chinese measure word means nothing in English, where the label says what is counted
            return text
        if kind.kind is Kind.LIST:
            return f"{text}{unit}"
        return f"{text}{kind.unit}" if kind.kind is Kind.COUNT else text

    def _write_unknown(self, value: Unknown, kind: Type) -> str:
        domain = value.domain
        if isinstance(domain, Interval) and not value.marks and _is_telling(domain, kind):
            low, high = (self._write_plain(end, kind) for end in (domain.low, domain.high))
            return tell(self.language, "value.between", low=low, high=high)
        if (
            isinstance(domain, OneOf)
            and not value.marks
            and len(domain.options) < len(kind.options)
        ):
            told = [self.write_option(x, kind) for x in kind.options if x in domain.options]
            return tell(self.language, "value.or").join(told)
        if isinstance(domain, SetBetween) and domain.certain:
            known = self.write_value(domain.certain, kind)
            return f"{known}…"
        return tell(self.language, "value.unknown")

    def write_scale(self, scale: Scale, name: str) -> str:
        """Write the brackets of a scale, each with its ends and what it gives."""
        parameter = self.ruleset.parameters[name]
        entered = parameter.entered or parameter.type
        told = []
        for bracket in scale.brackets:
            start = end = ""
            if bracket.low is not None:
                key = "scale.from" if bracket.holds_low else "scale.above"
                start = tell(self.language, key, low=self._write_plain(bracket.low, entered))
            if bracket.high is not None:
                key = "scale.up_to" if bracket.holds_high else "scale.below"
                end = tell(self.language, key, high=self._write_plain(bracket.high, entered))
            value = self.write_value(bracket.value, parameter.type)
            slots = {"from": start, "to": end or "…", "value": value}
            told.append(tell(self.language, "scale.bracket", **slots))
        return tell(self.language, "scale.joiner").join(told)

    def write_option(self, option: str, kind: Type) -> str:
        """Write an option of a choice by its label; anything else as it is."""
        choice = self.ruleset.choices.get(kind.unit)
        if choice is not None and option in choice.options:
            return choice.options[option].told(self.language)
        return option

    def label(self, term: Term) -> str:
        """Return what a name is called."""
        ruleset = self.ruleset
        name = term.name.removesuffix(ASKED)
        if name in ruleset.inputs or split_field(name)[0]:
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
        if listed in ruleset.lists:
            spec = ruleset.lists[listed]
            told = {"one": spec.one.told(self.language), "number": str(find_number(name))}
            label = spec.fields[field].label.told(self.language)
            return tell(self.language, "field.of", label=label, **told)
        declared = ruleset.inputs.get(name)
        return declared.label.told(self.language) if declared else name

    def label_variable(self, name: str) -> str:
        """Return what a variable is called: what its definition says, or its name."""
        if name.startswith(LIVE):
            rule = self.ruleset.rules[name.removeprefix(LIVE)]
            return tell(self.language, "rule.counts", says=self.say_rule(rule))
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
            return tell(self.language, "source", label=told[0], value=told[1])
        if isinstance(rule.body, Call):
            return rule.says.told(self.language) or self._label_called(rule.body)
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
        if step.term.name == "if" and isinstance(step.parts[0].value, bool):
            return self.write_step(step.parts[1], result=result)
        text = self._write_inner(step, 0)
        if result and step.parts:
            text += f" = {self.write_value(step.value, step.term.type)}"
        return text

    def _write_inner(self, step: Step, around: int) -> str:
        term = step.term
        if term.role is Role.CONSTANT:
            return self.write_value(step.value, term.type)
        if term.role not in {Role.OPERATOR, Role.AGGREGATE}:
            return f"{self.label(term)} {self.write_value(step.value, term.type)}"
        if term.role is Role.AGGREGATE:
            return self._write_aggregate(step)
        if term.name in _LOOKED_UP:
            return self._write_look_up(step)
        if term.name == "if" and isinstance(step.parts[0].value, bool):
            return self._write_inner(step.parts[1], around)
        text, tight = self._write_operator(step)
        return (
            f"（{text}）"
            if tight < around and self.language == "zh"
            else (f"({text})" if tight < around else text)
        )

    def _write_aggregate(self, step: Step) -> str:
        """Write a question asked of a list with what it came to; the records are in the trace."""
        label = self.label(step.parts[0].term)
        asked = tell(self.language, f"asked.{step.term.name}", label=label)
        return f"{asked} {self.write_value(step.value, step.term.type)}"

    def _write_look_up(self, step: Step) -> str:
        """Write a cell or what a scale gives: where it was looked up, and what came of it."""
        value = self.write_value(step.value, step.term.type)
        if step.term.name == "scale":
            entered = [self._write_inner(part, 0) for part in step.parts[1:]]
            inner = tell(self.language, "joiner").join(entered)
            worked = self._write_brackets(step)
            told = (
                tell(self.language, "scale.worked", entered=inner, sum=worked) if worked else inner
            )
            return self._bracket(self.label(step.parts[0].term), told, value)
        reached = [part for part in _list_reached(step) if part.value == step.value]
        if reached and reached[0].parts:
            return self._write_look_up(reached[0])
        if reached and not isinstance(step.value, Unknown):
            return f"{self.label(reached[0].term)} {value}"
        table = self._find_table(step)
        inner = self._write_inner(step.parts[0], 0)
        return self._bracket(table, inner, value)

    def _write_brackets(self, step: Step) -> str:
        """Write what a scale multiplied: each part of a quantity with its bracket's value."""
        scale, *entered = (part.value for part in step.parts)
        exact = [value for value in entered if isinstance(value, int | Fraction)]
        if not isinstance(scale, Scale) or len(exact) < len(entered) or scale.applies == "level":
            return ""
        kind, rate = step.parts[1].term.type, self.ruleset.parameters[step.parts[0].term.name].type
        parts = [
            f"{self._write_plain(part, kind)} × {self.write_value(bracket.value, rate)}"
            for bracket, part in list_shares(scale, *exact)
        ]
        return " + ".join(parts)

    def _find_table(self, step: Step) -> str:
        cell = next(step.term.names(Role.PARAMETER))
        return self.ruleset.tables[self.ruleset.parameters[cell].table].label.told(self.language)

    def _bracket(self, label: str, inner: str, value: str) -> str:
        return (
            f"{label}（{inner}）{value}" if self.language == "zh" else f"{label} ({inner}) {value}"
        )

    def _write_operator(self, step: Step) -> tuple[str, int]:
        name = step.term.name
        if name in _CALLS[self.language]:
            told = [p for p in step.parts if p.term.type.kind is not Kind.CALENDAR]
            inner = tell(self.language, "joiner").join(self._write_inner(p, 0) for p in told)
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


def _list_reached(step: Step) -> tuple[Step, ...]:
    """Return the cells a look-up reached: by a set, those of the options known to be in it."""
    key, *cells = step.parts
    if not isinstance(key.value, frozenset):
        return tuple(cells)
    pairs = zip(key.term.type.options, cells, strict=True)
    return tuple(cell for option, cell in pairs if option in key.value)
