"""Comes in: a call of a document. Goes out: the call with a type and typed questions, or faults.

What the called decision reads and the call does not give it is read from the same case: such
inputs become inputs of the caller, under their own names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from voucher_rules.checked.declarations import Declarations
from voucher_rules.checked.expressions import TermBuilder
from voucher_rules.checked.library import Library
from voucher_rules.checked.mechanics import GRANTED, Call
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.provisions import walk_provisions
from voucher_rules.checked.reads import list_behind, list_read
from voucher_rules.checked.symbols import Input
from voucher_rules.language.terms import Term
from voucher_rules.language.types import BOOLEAN, DATE, Kind, Type
from voucher_rules.ruleset.rules import CallDoc, RuleDoc
from voucher_rules.sources.tree import Scalar


def split_call(word: Scalar) -> tuple[str, str]:
    """Return the name a ruleset is used under (empty for this one) and the decision called."""
    used, _, decision = str(word).rpartition(".")
    return used, decision


def list_inputs_of(ruleset: CheckedRuleset, decision: str) -> dict[str, Input]:
    """Return what a decision of a checked ruleset reads of a case."""
    rules = [rule for rule in ruleset.rules.values() if decision in rule.decisions]
    spec = ruleset.decisions[decision]
    names = list_read(rules, spec, ruleset.inputs, ruleset.parameters)
    return {name: ruleset.inputs[name] for name in names if name in ruleset.inputs}


def inherit_inputs(made: Declarations, library: Library) -> None:
    """Take over the inputs, lists and choices that called decisions read and no call gives."""
    for item in walk_provisions(made.document.provisions):
        for rule in item.doc.rules:
            if rule.call is None:
                continue
            used, decision = split_call(rule.call.decision)
            ruleset = library.rulesets.get(used)
            if ruleset is None or decision not in ruleset.decisions:
                continue
            made.report.ref = str(item.doc.ref)
            given = {str(name) for name in rule.call.asked} | {ruleset.decisions[decision].as_of}
            read = list_inputs_of(ruleset, decision)
            for name in list_behind((x for x in read if x not in given), read, {}):
                if name in read:
                    _inherit(made, rule.call.decision, ruleset, read[name])
            made.report.ref = ""


def _inherit(made: Declarations, word: Scalar, ruleset: CheckedRuleset, declared: Input) -> None:
    own = made.inputs.get(declared.name)
    if own is not None:
        if not _same_values(own.type, declared.type):
            found, expected = str(own.type), str(declared.type)
            made.report.add(
                "inherited-otherwise", word, name=declared.name, found=found, expected=expected
            )
        return
    if declared.type.unit in ruleset.choices:
        made.choices.setdefault(declared.type.unit, ruleset.choices[declared.type.unit])
    if declared.name in ruleset.lists:
        made.lists.setdefault(declared.name, ruleset.lists[declared.name])
    made.inputs[declared.name] = replace(declared, inherited=ruleset.id)


def _same_values(one: Type, other: Type) -> bool:
    """Return whether values of one type are values of the other, by whatever name it goes."""
    if one.kind in {Kind.CHOICE, Kind.SET}:
        return one.kind is other.kind and one.options == other.options
    return one == other


@dataclass(frozen=True, slots=True)
class CallBuilder:
    """Builds calls over the names in scope."""

    made: Declarations
    library: Library
    builder: TermBuilder

    def build(self, rule: RuleDoc, doc: CallDoc) -> Call | None:
        """Return the call, or None once its faults are reported."""
        used, decision = split_call(doc.decision)
        kind = self._find_type(doc, used, decision)
        if kind is None:
            return None
        asked = self._read_asked(doc, used, decision)
        if asked is None:
            return None
        return Call(str(rule.define), used, decision, str(doc.gives), kind, asked)

    def _find_type(self, doc: CallDoc, used: str, decision: str) -> Type | None:
        ruleset = self.library.rulesets.get(used)
        if used and ruleset is None:
            near = self.made.report.suggest(used, self.library.rulesets)
            self.made.report.add("unknown-use", doc.decision, name=used, near=near)
            return None
        known = list(ruleset.decisions) if ruleset else list(self.made.outputs)
        if decision not in known:
            near = self.made.report.suggest(decision, known)
            self.made.report.add("unknown-decision", doc.decision, name=decision, near=near)
            return None
        if doc.gives == GRANTED:
            return BOOLEAN
        outputs = ruleset.decisions[decision].outputs if ruleset else self.made.outputs[decision]
        if doc.gives not in outputs:
            near = self.made.report.suggest(doc.gives, [*outputs, GRANTED])
            self.made.report.add(
                "unknown-output", doc.gives, name=doc.gives, decision=decision, near=near
            )
            return None
        kind = outputs[str(doc.gives)].type
        if ruleset is not None and kind.unit in ruleset.choices:
            self.made.choices.setdefault(kind.unit, ruleset.choices[kind.unit])
        return kind

    def _read_asked(
        self, doc: CallDoc, used: str, decision: str
    ) -> tuple[tuple[str, Term], ...] | None:
        known = self._list_known(used, decision)
        asked: dict[str, Term] = {}
        before = len(self.made.report.found)
        for name, word in doc.asked.items():
            declared = known.get(str(name))
            if declared is None:
                near = self.made.report.suggest(name, known)
                self.made.report.add("unknown-name", name, name=name, near=near)
                continue
            term = self._build_asked(word, declared.type)
            if term is not None:
                asked[str(name)] = term
        if doc.on is not None:
            term = self.builder.build(doc.on, DATE)
            if term is not None:
                asked[self._find_day(used, decision)] = term
        return tuple(asked.items()) if len(self.made.report.found) == before else None

    def _list_known(self, used: str, decision: str) -> Mapping[str, Input]:
        ruleset = self.library.rulesets.get(used)
        return list_inputs_of(ruleset, decision) if ruleset else self.made.inputs

    def _find_day(self, used: str, decision: str) -> str:
        ruleset = self.library.rulesets.get(used)
        if ruleset is not None:
            return ruleset.decisions[decision].as_of
        docs = self.made.document.decisions
        return next(str(doc.as_of) for name, doc in docs.items() if name == decision)

    def _build_asked(self, word: Scalar, kind: Type) -> Term | None:
        """Build one question; a choice may go by another name where its options are the same."""
        term = self.builder.build(word, None if kind.kind in {Kind.CHOICE, Kind.SET} else kind)
        if (
            term is None
            or _same_values(term.type, kind)
            or kind.kind not in {Kind.CHOICE, Kind.SET}
        ):
            return term
        found, expected = str(term.type), str(kind)
        self.made.report.add("type-mismatch", word, expected=expected, found=found)
        return None
