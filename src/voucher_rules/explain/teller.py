"""Comes in: a decision and a language. Goes out: the means its sections are told with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from voucher_rules.decision.result import Amount, DecisionResult, Missing, Reason
from voucher_rules.decision.trace import Step
from voucher_rules.explain.derive import Deriver
from voucher_rules.explain.sums import SumWriter
from voucher_rules.explain.words import tell
from voucher_rules.language.terms import Role
from voucher_rules.ledger.trails import Trail
from voucher_rules.spans import Citation
from voucher_rules.values.model import Value


def cite(citation: Citation | None) -> str:
    """Return the reference of a citation, or an empty string."""
    return str(citation) if citation else ""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells of one decision in one language; ``writer`` writes its values, labels and sums.

    ``trails`` tell the balances of a decision made from a ledger.
    """

    result: DecisionResult
    writer: SumWriter
    trails: tuple[Trail, ...] = ()

    @property
    def language(self) -> str:
        """The language told in."""
        return self.writer.language

    @property
    def exact(self) -> SumWriter:
        """Return a writer for comparisons, which tell money to the last fraction."""
        return replace(self.writer, exact=True)

    def tell(self, key: str, /, **arguments: str) -> str:
        """Return a fixed text."""
        return tell(self.language, key, **arguments)

    def join(self, texts: list[str]) -> str:
        """Return texts as one enumeration."""
        return self.tell("joiner").join(texts)

    def write_money(self, value: Value, amount: Amount) -> str:
        """Write money of an amount of the decision."""
        return self.writer.write_value(value, amount.output.type)

    def note_step(self, step: Step, seen: set[str] | None = None) -> Iterator[str]:
        """Tell how the values a step read came about."""
        deriver = Deriver(self.result.program, self.result.evaluation, self.writer)
        return deriver.note_step(step, seen)

    def name_papers(self, reason: Reason) -> str:
        """Return the papers a reason misses, by their labels."""
        kind = reason.rules[0].formulas[0].type
        return self.join([self.writer.name_option(paper, kind) for paper in reason.papers])

    def name_missing(self, item: Missing) -> str:
        """Return what is missing, and who supplies it where that is not the applicant."""
        label = item.label.told(self.language)
        if item.role is Role.PARAMETER:
            return self.tell("missing.parameter", label=label, by=self.name_setter(item))
        if item.role is Role.DOCUMENT:
            return self.tell("missing.document", label=label, by=self.name_setter(item))
        if item.role is Role.CALENDAR:
            return self.tell("missing.calendar", label=label)
        key = "missing.balance" if item.role is Role.BALANCE else "missing.fact"
        return self.tell(key, label=label)

    def name_finding(self, name: str) -> tuple[str, str]:
        """Return what a finding is called and who makes it."""
        declared = self.result.ruleset.inputs[name]
        by = declared.by.told(self.language) if declared.by else self.tell("finder")
        return declared.label.told(self.language), by

    def name_setter(self, item: Missing) -> str:
        """Return who sets, or can tell, what the document left open."""
        return item.set_by.told(self.language) if item.set_by else self.tell("finder")
