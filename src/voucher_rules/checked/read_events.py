"""Comes in: the events of a lifecycle beside typed rules. Goes out: transitions, or faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.declarations import PLAIN_NAME, word_text
from voucher_rules.checked.histories import EventWindow, Follows, Lifecycle, Transition
from voucher_rules.checked.mechanics import Consequence, Window
from voucher_rules.checked.read_spans import read_names
from voucher_rules.checked.structure import Structure
from voucher_rules.language.types import Kind, Type
from voucher_rules.ruleset.histories import DeadlineDoc, EventDoc, FollowsDoc
from voucher_rules.sources.tree import Scalar

_GRANTING: Final = ("granted", "denied", "referred")
_OUTCOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "amount": _GRANTING,
    "permission": _GRANTING,
    "value": ("determined", "denied", "referred"),
}
"""Outcomes that something can follow from: nothing does from a decision that is not taken."""


@dataclass(frozen=True, slots=True)
class EventReader:
    """Reads the events of a lifecycle whose states and carried things are known."""

    structure: Structure
    lifecycle: Lifecycle

    def read(self, name: Scalar, doc: EventDoc) -> Transition:
        """Return an event; what has a fault is reported and left out of it."""
        made = self.structure.made
        made.check_name(name, PLAIN_NAME, "accept", held=False)
        made.report.ref = str(doc.ref or "")
        self._check_keys(name, doc)
        sources = [self._read_state(word) for word in doc.sources or ()]
        found = Transition(
            name=str(name),
            label=word_text(doc.label),
            sources=tuple(dict.fromkeys(sources)),
            target=self._read_state(doc.to),
            partial=made.read_flag(doc.partial),
            follows=self._read_follows(doc.follows) if doc.follows else None,
            by=self._read_deadline(doc.by) if doc.by else None,
            past=self._read_deadline(doc.past) if doc.past else None,
            citation=made.cite(str(doc.ref)) if doc.ref else None,
            rest=self._read_rest(doc),
            sets=read_names(self.structure, doc.sets or (), self.lifecycle.carries),
        )
        made.report.ref = ""
        return found

    def _check_keys(self, name: Scalar, doc: EventDoc) -> None:
        report, holds = self.structure.made.report, bool(self.lifecycle.currency)
        if doc.partial is not None and not holds:
            report.add("holds-nothing", doc.partial, name=self.lifecycle.name)
        if doc.follows is not None and doc.follows.per:
            for key, word in (("amount", doc.follows.amount), ("sets", (doc.sets or (None,))[0])):
                if word is not None:
                    report.add("key-does-not-fit", word, key=key, type="per")
        if doc.sets and doc.partial is not None:
            report.add("key-does-not-fit", doc.sets[0], key="sets", type="partial")
        if doc.sets and doc.past is not None:
            report.add("comes-by-itself", doc.sets[0], name=name, key="sets")
        if doc.past is not None:
            for key, other in (("follows", doc.follows), ("by", doc.by)):
                if other is not None:
                    report.add("comes-by-itself", other.decision, name=name, key=key)
        if holds and doc.sources is None and doc.follows and doc.follows.amount is None:
            report.add("opens-without-amount", doc.follows.decision, name=name)

    def _read_state(self, word: Scalar) -> str:
        if str(word) not in self.lifecycle.states:
            near = self.structure.made.report.suggest(word, self.lifecycle.states)
            self.structure.made.report.add("unknown-name", word, name=word, near=near)
        return str(word)

    def _read_rest(self, doc: EventDoc) -> str:
        """Return the state to which what a part leaves behind goes, another than it was in."""
        if doc.rest is None:
            return ""
        report, rest = self.structure.made.report, self._read_state(doc.rest)
        if str(doc.partial) == "false":
            report.add("key-does-not-fit", doc.rest, key="rest", type="partial: false")
        if rest in {str(word) for word in (doc.to, *(doc.sources or ()))}:
            report.add("rest-stays", doc.rest, name=rest)
        return rest

    def _read_follows(self, doc: FollowsDoc) -> Follows | None:
        """Return what an event follows from, or None once its faults are reported."""
        made = self.structure.made
        before = len(made.report.found)
        spec = self.structure.decisions.get(str(doc.decision))
        if spec is None:
            self._report_unknown_decision(doc.decision)
            return None
        options = _OUTCOMES.get(spec.answers, _GRANTING)
        outcomes = tuple(made.read_option(word, options) for word in doc.outcome or ())
        found = doc.rule is None or self._find_rule(doc.decision, doc.rule, "consequence")
        if doc.amount is not None:
            self._check_amount(doc.decision, doc.amount)
        per = read_names(self.structure, doc.per or (), self.lifecycle.carries)
        if not found or len(made.report.found) > before:
            return None
        return Follows(spec.name, outcomes, str(doc.amount or ""), str(doc.rule or ""), per)

    def _check_amount(self, decision: Scalar, word: Scalar) -> None:
        """What an event moves is an output of the decision, in the currency its things hold."""
        report, currency = self.structure.made.report, self.lifecycle.currency
        outputs = self.structure.decisions[str(decision)].outputs
        output, wanted = outputs.get(str(word)), Type(Kind.MONEY, currency)
        if not currency:
            report.add("holds-nothing", word, name=self.lifecycle.name)
        elif output is None:
            near = report.suggest(word, outputs)
            report.add("unknown-output", word, name=word, decision=decision, near=near)
        elif output.type != wanted:
            report.add("type-mismatch", word, expected=str(wanted), found=str(output.type))

    def _read_deadline(self, doc: DeadlineDoc) -> EventWindow | None:
        if str(doc.decision) not in self.structure.decisions:
            self._report_unknown_decision(doc.decision)
            return None
        found = [self._find_rule(doc.decision, word, "window") for word in doc.rule]
        return (
            EventWindow(str(doc.decision), tuple(str(word) for word in doc.rule))
            if all(found)
            else None
        )

    def _report_unknown_decision(self, word: Scalar) -> None:
        near = self.structure.made.report.suggest(word, self.structure.decisions)
        self.structure.made.report.add("unknown-decision", word, name=word, near=near)

    def _find_rule(self, decision: Scalar, word: Scalar, mechanic: str) -> bool:
        """Return whether a rule of a decision has the mechanic wanted; report where it has not."""
        report = self.structure.made.report
        wanted = Consequence if mechanic == "consequence" else Window
        rules = self.structure.rules.values()
        fitting = [
            rule.id
            for rule in rules
            if isinstance(rule.body, wanted) and str(decision) in rule.decisions
        ]
        if str(word) in fitting:
            return True
        if self.structure.is_built(word):
            near = report.suggest(word, fitting)
            report.add(
                "rule-does-not-fit",
                word,
                name=word,
                mechanic=mechanic,
                decision=decision,
                near=near,
            )
        return False
