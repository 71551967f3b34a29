"""Comes in: a decision. Goes out: what to say of it, in order, in one language; no layout yet.

The text, Markdown and HTML forms are all laid out from this one outline, so they say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from voucher_rules.checked.exceptions import LIVE
from voucher_rules.checked.model import Define, Documents, Window, name_set
from voucher_rules.decision.amounts import LimitResult
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import Amount, DecisionResult, Missing, Reason
from voucher_rules.decision.trace import Status, Step
from voucher_rules.explain.forms import Line, Outline, Section
from voucher_rules.explain.steps import TraceTeller
from voucher_rules.explain.values import Writer
from voucher_rules.explain.words import tell
from voucher_rules.language.records import name_field
from voucher_rules.language.terms import Role
from voucher_rules.spans import Citation
from voucher_rules.values.model import NONE, Mark, Unknown, Value

TONES: Final = {
    Outcome.GRANTED: "good",
    Outcome.DETERMINED: "good",
    Outcome.DENIED: "bad",
    Outcome.NOT_IN_FORCE: "bad",
    Outcome.REFERRED: "open",
    Outcome.UNDETERMINED: "open",
}


def outline_decision(result: DecisionResult, language: str) -> Outline:
    """Return the outline of a decision in ``language`` (``zh`` or ``en``)."""
    return _Outliner(result, language, Writer(result.ruleset, language)).outline()


def cite(citation: Citation | None) -> str:
    """Return the reference of a citation, or an empty string."""
    return str(citation) if citation else ""


@dataclass(frozen=True, slots=True)
class _Outliner:
    result: DecisionResult
    language: str
    writer: Writer

    def tell(self, key: str, /, **arguments: str) -> str:
        return tell(self.language, key, **arguments)

    def outline(self) -> Outline:
        result = self.result
        builders = (
            ("binding", self._tell_binding),
            ("reasons", self._tell_reasons),
            ("missing", self._tell_missing),
            ("next", self._tell_next),
            ("results", self._tell_results),
            ("following", self._tell_followings),
            ("deadlines", self._tell_deadlines),
            ("warnings", self._tell_warnings),
            ("overlays", self._tell_overlays),
            ("readings", self._tell_readings),
            ("facts", self._tell_facts),
        )
        sections = [
            Section(key, self.tell(f"section.{key}"), lines, folded=key in {"readings", "facts"})
            for key, build in builders
            if (lines := tuple(build()))
        ]
        return Outline(
            language=self.language,
            title=result.ruleset.title.told(self.language),
            question=result.decision.label.told(self.language),
            outcome=self.tell(f"outcome.{result.outcome}"),
            tone=TONES[result.outcome],
            amounts=tuple(self._tell_amounts()),
            possible=self._tell_possible(),
            as_of=self._tell_day(),
            sections=tuple(sections),
            trace=tuple(TraceTeller(result, self.writer).trace_rules()),
            trace_title=self.tell("section.rules"),
            document=self._tell_document(),
        )

    def _tell_document(self) -> tuple[str, ...]:
        document = self.result.ruleset.document
        lines = [
            document.title.told(self.language),
            document.issuer.told(self.language),
            document.number,
            f"{self.result.ruleset.id} · {self.result.ruleset.edition}",
            self.tell("digest", digest=self.result.ruleset.semantic_digest[:19] + "…"),
        ]
        return tuple(line for line in lines if line)

    def _tell_day(self) -> str:
        if self.result.as_of is None:
            return self.tell("as_of.unknown")
        return self.tell("as_of", day=self.result.as_of.isoformat())

    def _tell_possible(self) -> str:
        if self.result.outcome is not Outcome.UNDETERMINED or len(self.result.possible) == 1:
            return ""
        names = [self.tell(f"outcome.{item}") for item in self.result.possible]
        return self.tell("possible", outcomes=self.tell("joiner").join(names))

    def _money(self, value: Value, amount: Amount) -> str:
        return self.writer.write_value(value, amount.output.type)

    def _tell_amounts(self) -> Iterator[str]:
        for amount in self.result.amounts.values():
            label = amount.output.label.told(self.language)
            low, high = (self._money(x, amount) for x in (amount.range.low, amount.range.high))
            if amount.value is not None:
                yield self.tell(
                    "amount.payable", label=label, amount=self._money(amount.value, amount)
                )
            elif self.result.outcome is Outcome.REFERRED:
                waits = amount.range.low != amount.range.high
                key = "amount.at_most" if waits else "amount.proposed"
                yield self.tell(key, label=label, high=high)
            elif low == high:
                yield self.tell("amount.same", label=label, amount=low)
            else:
                quality = self.tell("range.exact" if self.result.exact else "range.sound")
                yield self.tell("amount.range", label=label, low=low, high=high, quality=quality)
            if self.result.outcome is Outcome.DENIED and amount.otherwise:
                otherwise = self._money(amount.otherwise, amount)
                yield self.tell("amount.otherwise", label=label, amount=otherwise)

    def _tell_binding(self) -> Iterator[Line]:
        for amount in self.result.amounts.values():
            decided = amount.otherwise is not None
            for limit in amount.result.limits:
                if limit.value is NONE:
                    continue
                name = limit.rule.id if limit.rule else "requested"
                yield self._tell_limit(amount, limit, binds=decided and name in amount.binding)
            yield from self._tell_rounding(amount)

    def _tell_limit(self, amount: Amount, limit: LimitResult, *, binds: bool) -> Line:
        together = len(amount.binding) > 1
        notes = (self.tell("limit.ties" if together else "limit.binds"),) if binds else ()
        tone = "good" if binds else "plain"
        if limit.rule is None:
            sum_ = self._money(limit.value, amount)
            text = self.tell("limit.line", says=self.tell("limit.requested"), sum=sum_)
            return Line(text, "", tone, notes)
        says = limit.rule.says.told(self.language)
        result = self.result.evaluation.rules[limit.rule.id]
        if result.status is Status.OPEN:
            text = self.tell("limit.waiting", says=says)
            return Line(text, str(limit.rule.citation), "open")
        step = result.steps[-1]
        text = self.tell("limit.line", says=says, sum=self.writer.write_step(step))
        notes = (*self._note_variables(step), *notes)
        return Line(text, str(limit.rule.citation), tone, notes)

    def _note_variables(self, step: Step, told: set[str] | None = None) -> Iterator[str]:
        """Tell how each variable that a step reads was worked out, each once."""
        seen = told if told is not None else set()
        for name in dict.fromkeys(_list_variables(step)):
            if name in seen or name.startswith(LIVE):
                continue
            seen.add(name)
            setters = self.result.program.setters[name]
            for result in (self.result.evaluation.rules[setter] for setter in setters):
                for inner in result.steps:
                    label = self.writer.label_variable(name)
                    yield self.tell("sum.of", label=label, sum=self.writer.write_step(inner))
                    yield from self._note_variables(inner, seen)

    def _tell_rounding(self, amount: Amount) -> Iterator[Line]:
        before, after = amount.result.least, amount.result.amount
        if before == after or isinstance(before, Mark | Unknown):
            return
        if isinstance(before, int | Fraction) and before < 0:
            yield Line(self.tell("clamped"))
            return
        rounding = amount.output.rounding
        step = self._money(rounding.to, amount)
        changed = self.tell(
            "rounded", before=self._money(before, amount), after=self._money(after, amount)
        )
        yield Line(self.tell(f"rounding.{rounding.mode}", step=step), notes=(changed,))

    def _tell_reasons(self) -> Iterator[Line]:
        for reason in self.result.reasons:
            yield self._tell_reason(reason)
        if self.result.outcome is Outcome.UNDETERMINED:
            yield from self._tell_unsure()

    def _tell_reason(self, reason: Reason) -> Line:
        says = self.tell("joiner").join(self.writer.say_rule(rule) for rule in reason.rules)
        says = says or self.tell("limit.requested")
        tone = "bad" if reason.kind in {"failed", "exhausted", "not_in_force"} else "open"
        text = self.tell(f"reason.{reason.kind}", says=says)
        return Line(text, cite(reason.citation), tone, tuple(self._note_reason(reason)))

    def _note_reason(self, reason: Reason) -> Iterator[str]:
        if reason.papers:
            yield self.tell("reason.papers", papers=self._name_papers(reason))
        for name in reason.findings:
            declared = self.result.ruleset.inputs[name]
            by = declared.by.told(self.language) if declared.by else ""
            label = declared.label.told(self.language)
            yield self.tell("reason.findings", findings=label, by=by)
        if reason.unanswered:
            told = [self.writer.label_input(name) for name in reason.unanswered]
            yield self.tell("reason.unanswered", facts=self.tell("joiner").join(told))
        if reason.kind == "failed" and not reason.papers:
            for rule in reason.rules:
                steps = self.result.evaluation.rules[rule.id].steps
                if isinstance(rule.body, Window):
                    yield self._tell_window(steps)
                    continue
                yield from (self.writer.write_fact(step) for step in steps)

    def _tell_window(self, steps: tuple[Step, ...]) -> str:
        """Tell when an act took place, and between which days it had to."""
        opens, last, act = steps[:3]
        kind = act.term.type
        told = {
            "opens": self.writer.write_value(opens.value, kind),
            "last": self.writer.write_value(last.value, kind),
            "act": self.writer.write_value(act.value, kind),
        }
        label = self.writer.write_step(act, result=False) if act.parts else ""
        return self.tell("fact.window", label=label or self.writer.label(act.term), **told)

    def _name_papers(self, reason: Reason) -> str:
        body = reason.rules[0].body
        kind = body.type if isinstance(body, Documents) else None
        names = [self.writer.write_option(p, kind) if kind else p for p in reason.papers]
        return self.tell("joiner").join(names)

    def _tell_unsure(self) -> Iterator[Line]:
        for rule in self.result.program.rules:
            result = self.result.evaluation.rules[rule.id]
            decides = Status.FAILED in result.statuses or Status.SOFT_FAILED in result.statuses
            if len(result.statuses) > 1 and decides:
                text = self.tell("reason.undetermined", says=self.writer.say_rule(rule))
                yield Line(text, str(rule.citation), "open")

    def _tell_missing(self) -> Iterator[Line]:
        for item in self.result.missing:
            ref = str(item.citation) if item.citation else ""
            yield Line(self._name_missing(item), ref, "open", (item.name,))

    def _name_missing(self, item: Missing) -> str:
        label = item.label.told(self.language)
        if item.role is Role.PARAMETER:
            by = item.set_by.told(self.language) if item.set_by else "—"
            return self.tell("missing.parameter", label=label, by=by)
        if item.role is Role.CALENDAR:
            return self.tell("missing.calendar", label=label)
        key = "missing.balance" if item.role is Role.BALANCE else "missing.fact"
        return self.tell(key, label=label)

    def _tell_next(self) -> Iterator[Line]:
        for item in self.result.missing:
            yield Line(self._tell_next_missing(item))
        for reason in self.result.reasons:
            if reason.papers:
                papers = self._name_papers(reason)
                yield Line(self.tell("next.papers", papers=papers), cite(reason.citation))
            for name in reason.findings:
                declared = self.result.ruleset.inputs[name]
                by = declared.by.told(self.language) if declared.by else ""
                label = declared.label.told(self.language)
                yield Line(self.tell("next.finding", by=by, label=label), cite(reason.citation))
            for rule in reason.rules:
                if rule.next_step is not None:
                    yield Line(rule.next_step.told(self.language), str(rule.citation))

    def _tell_next_missing(self, item: Missing) -> str:
        """Tell what to do about something missing: supply it, or wait for who sets it."""
        label = item.label.told(self.language)
        if item.role is Role.CALENDAR:
            return self.tell("next.calendar", label=label)
        if item.role is Role.PARAMETER:
            by = item.set_by.told(self.language) if item.set_by else "—"
            return self.tell("next.parameter", label=label, by=by)
        return self.tell("next.missing", label=self._name_missing(item))

    def _tell_results(self) -> Iterator[Line]:
        denied = self.result.outcome in {Outcome.DENIED, Outcome.NOT_IN_FORCE}
        for name, value in self.result.values.items():
            output = self.result.decision.outputs[name]
            if denied:
                continue
            written = self.writer.write_value(value, output.type)
            text = self.tell(
                "amount.payable", label=output.label.told(self.language), amount=written
            )
            yield Line(text, self._cite_definition(name), notes=tuple(self._tell_derivation(name)))

    def _tell_derivation(self, name: str) -> Iterator[str]:
        """Tell how an output was worked out, and the variables it was worked out from."""
        for rule in self.result.program.setters.get(name, ()):
            result = self.result.evaluation.rules[rule]
            if result.status is Status.NOT_APPLICABLE or not isinstance(result.rule.body, Define):
                continue
            for step in result.steps:
                if step.parts:
                    yield self.writer.write_step(step)
                yield from self._note_variables(step)

    def _cite_definition(self, name: str) -> str:
        for rule in self.result.program.rules:
            if name_set(rule.body) == name:
                return str(rule.citation)
        return ""

    def _tell_followings(self) -> Iterator[Line]:
        for item in self.result.followings:
            until = self.tell("following.endless")
            if isinstance(item.until, date):
                until = self.tell("following.until", day=item.until.isoformat())
            start = item.start.isoformat() if isinstance(item.start, date) else "—"
            text = self.tell(
                "following",
                party=item.consequence.party.told(self.language),
                effect=item.consequence.effect.told(self.language),
                start=start,
                until=until,
            )
            yield Line(text, str(item.rule.citation), "bad")

    def _tell_deadlines(self) -> Iterator[Line]:
        for item in self.result.deadlines:
            says, ref = self.writer.say_rule(item.rule), str(item.rule.citation)
            if item.last_day is None:
                yield Line(self.tell("deadline.unknown", says=says), ref, "open")
                continue
            key = {True: "kept", False: "missed", None: "open"}[item.kept]
            day = item.last_day.isoformat()
            tone = {True: "good", False: "bad", None: "open"}[item.kept]
            notes: tuple[str, ...] = ()
            if item.nominal_day is not None and item.nominal_day != item.last_day:
                notes = (self.tell("deadline.nominal", day=item.nominal_day.isoformat()),)
            yield Line(self.tell(f"deadline.{key}", says=says, day=day), ref, tone, notes)

    def _tell_warnings(self) -> Iterator[Line]:
        for item in self.result.warnings:
            ref = str(item.citation) if item.citation else ""
            if item.message is not None:
                yield Line(item.message.told(self.language), ref)
                continue
            arguments = dict(item.arguments)
            if "name" in arguments:
                arguments["name"] = self._label_input(arguments["name"])
            yield Line(self.tell(f"warning.{item.code}", **arguments), ref)

    def _label_input(self, name: str) -> str:
        declared = self.result.ruleset.inputs.get(name)
        return declared.label.told(self.language) if declared else name

    def _tell_overlays(self) -> Iterator[Line]:
        for item in self.result.overlays:
            arguments = {"target": item.target, "before": item.before, "after": item.after}
            yield Line(self.tell(f"overlay.{item.kind}", **arguments), tone="open")

    def _tell_readings(self) -> Iterator[Line]:
        for name in self.result.readings:
            reading = self.result.ruleset.readings[name]
            option = self.result.options.readings[name]
            text = self.tell(
                "reading.line",
                question=reading.question.told(self.language),
                option=reading.options[option].told(self.language),
            )
            because = self.tell("because", because=reading.because.told(self.language))
            notes = (because,) if option == reading.default else ()
            yield Line(text, str(reading.citation), "plain", notes)

    def _tell_facts(self) -> Iterator[Line]:
        case = self.result.case
        for name in case.given:
            if name not in case.values:
                continue
            declared = self.result.ruleset.inputs[name]
            value = self.writer.write_value(case.values[name], declared.type)
            text = self.tell("source", label=declared.label.told(self.language), value=value)
            yield Line(text + self._tell_provenance(name), notes=tuple(self._tell_records(name)))

    def _tell_records(self, name: str) -> Iterator[str]:
        """Tell each record of a list on a line of its own."""
        ruleset, values = self.result.ruleset, self.result.case.values
        length = values[name]
        if name not in ruleset.lists or not isinstance(length, int):
            return
        spec = ruleset.lists[name]
        for number in range(1, length + 1):
            told = []
            for full, field in spec.fields.items():
                key = name_field(name, number, full.removeprefix(f"{name}."))
                value = self.writer.write_value(values[key], field.type)
                label = field.label.told(self.language)
                told.append(self.tell("source", label=label, value=value))
            shown = self.tell("joiner").join(told)
            one = f"{spec.one.told(self.language)} {number}"
            yield self.tell("source", label=one, value=shown)

    def _tell_provenance(self, name: str) -> str:
        provenance = self.result.case.provenance.get(name)
        if provenance is None:
            return ""
        entries = [f"{self.tell(f'provenance.{key}')} {text}" for key, text in provenance.entries]
        return self.tell("provenance", entries=self.tell("joiner").join(entries))


def _list_variables(step: Step) -> Iterator[str]:
    """Yield the variables a step rests on; of a choice, those of the side that was chosen."""
    if step.term.role is Role.VARIABLE:
        yield step.term.name
    parts = step.parts
    if step.term.name == "if" and isinstance(parts[0].value, bool):
        parts = parts[1:]
    for part in parts:
        yield from _list_variables(part)
