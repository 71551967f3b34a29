"""Comes in: the mechanic of a rule in a document. Goes out: its typed body, or faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.calls import CallBuilder
from voucher_rules.checked.declarations import PLAIN_NAME, Declarations, word_text
from voucher_rules.checked.expressions import TermBuilder
from voucher_rules.checked.library import Library
from voucher_rules.checked.mechanics import (
    Body,
    Consequence,
    Define,
    Documents,
    Exclude,
    Limit,
    Rank,
    RankKey,
    Require,
    Waive,
    Warn,
)
from voucher_rules.checked.symbols import Symbol
from voucher_rules.checked.windows import WindowBuilder
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import BOOLEAN, DATE, NUMBER, ONE, ZERO, Kind, Type, fits_type
from voucher_rules.ruleset.rules import RuleDoc, WindowDoc
from voucher_rules.sources.tree import Scalar

OFFICERS: Final = "officers"
READERS: Final = ("everyone", OFFICERS)
"""Whom a warning is told to."""


@dataclass(frozen=True, slots=True)
class BodyBuilder:
    """Builds the bodies of rules; what one defines comes into scope."""

    made: Declarations
    library: Library
    scope: dict[str, Symbol]
    builder: TermBuilder

    def build(self, doc: RuleDoc) -> Body | None:
        """Return what a rule's mechanic holds, or None once its faults are reported."""
        match doc.mechanic:
            case "require" | "exclude":
                return self._build_condition(doc)
            case "limits":
                return self._build_limit(doc)
            case "define":
                return self._build_define(doc)
            case "window":
                return self._build_window(doc.window) if doc.window else None
            case "documents":
                return self._build_documents(doc)
            case "rank":
                return self._build_rank(doc)
            case "consequence":
                return self._build_consequence(doc)
            case "waives":
                return Waive()
            case _:
                return self._build_warning(doc)

    def _build_warning(self, doc: RuleDoc) -> Body | None:
        """Return a warning; where nobody is named it is told to everyone."""
        told_to = doc.told_to and self.made.read_option(doc.told_to, READERS)
        return Warn(word_text(doc.warn), told_to == OFFICERS) if doc.warn else None

    def _build_condition(self, doc: RuleDoc) -> Body | None:
        word = doc.exclude if doc.require is None else doc.require
        term = self.builder.build(word, BOOLEAN) if word is not None else None
        if term is None:
            return None
        return Exclude(term) if doc.exclude is not None else Require(term)

    def build_each(self, doc: RuleDoc, each: str, when: Term | None) -> Body | None:
        """Ask of every record: a condition must hold of all, an exclusion of none."""
        word = doc.exclude if doc.require is None else doc.require
        asked = self.builder.build(word, BOOLEAN, each) if word is not None else None
        if asked is None:
            return None
        whole = Term(Role.FACT, Type(Kind.LIST, each), each, text=each)
        parts = (whole, asked, when) if when is not None else (whole, asked)
        name = "all" if doc.exclude is None else "any"
        term = Term(Role.AGGREGATE, BOOLEAN, name, parts, text=asked.text)
        return Exclude(term) if doc.exclude is not None else Require(term)

    def _build_limit(self, doc: RuleDoc) -> Body | None:
        bound = doc.at_most if doc.at_most is not None else doc.at_least
        kind = self._find_output_type(doc)
        if doc.limits is None or bound is None or kind is None:
            return None
        term = self.builder.build(bound, kind)
        if term is None:
            return None
        name = str(doc.limits)
        if doc.at_most is not None:
            return Limit(name, term)
        given = Term(Role.OUTPUT, kind, name, text=name)
        text = f"{name} >= {bound}"
        return Require(Term(Role.OPERATOR, BOOLEAN, ">=", (given, term), text=text))

    def _find_output_type(self, doc: RuleDoc) -> Type | None:
        name = doc.limits
        if name is None:
            return None
        for decision in doc.decisions:
            outputs = self.made.outputs.get(str(decision), {})
            if name not in outputs:
                near = self.made.report.suggest(name, outputs)
                self.made.report.add(
                    "unknown-output", name, name=name, decision=str(decision), near=near
                )
                return None
        return self.scope[str(name)].type

    def _build_define(self, doc: RuleDoc) -> Body | None:
        if doc.define is None:
            return None
        name = str(doc.define)
        declared = self.scope.get(name)
        if declared is not None and declared.role not in {Role.OUTPUT, Role.VARIABLE}:
            self.made.report.add("defines-declared-name", doc.define, name=name)
            return None
        if doc.call is not None:
            call = CallBuilder(self.made, self.library, self.builder).build(doc, doc.call)
            fits = call is not None and self._bring_into_scope(doc.define, call.type, doc.define)
            return call if fits else None
        if doc.formula is None:
            return None
        expected = declared.type if declared else self._read_choice(doc)
        term = self.builder.build(doc.formula, expected)
        if term is None:
            return None
        kind = NUMBER if term.type in {ZERO, ONE} else term.type
        self._bring_into_scope(doc.define, kind, doc.formula)
        return Define(name, term)

    def _read_choice(self, doc: RuleDoc) -> Type | None:
        if doc.of is None:
            return None
        choice = self.made.choices.get(str(doc.of))
        if choice is None:
            near = self.made.report.suggest(doc.of, self.made.choices)
            self.made.report.add("unknown-choice", doc.of, name=doc.of, near=near)
            return None
        return Type(Kind.CHOICE, choice.name, tuple(choice.options), choice.ordered)

    def _bring_into_scope(self, word: Scalar, kind: Type, at: Scalar) -> bool:
        """Bring a variable into scope, or check that it keeps the type it has."""
        name = str(word)
        declared = self.scope.get(name)
        if declared is None:
            self.made.check_name(word, PLAIN_NAME, "eligible_cost")
            self.scope[name] = Symbol(name, Role.VARIABLE, kind)
        elif not declared.broken and not fits_type(kind, declared.type):
            found, expected = str(kind), str(declared.type)
            self.made.report.add("type-mismatch", at, expected=expected, found=found)
            return False
        return True

    def _build_window(self, doc: WindowDoc) -> Body | None:
        window = WindowBuilder(self.made, self.library, self.builder).build(doc)
        if window is not None and doc.gives is not None:
            declared = self.scope.get(window.gives)
            if declared is not None and declared.role not in {Role.OUTPUT, Role.VARIABLE}:
                self.made.report.add("defines-declared-name", doc.gives, name=doc.gives)
            else:
                self._bring_into_scope(doc.gives, window.last.type, doc.gives)
        return window

    def _build_documents(self, doc: RuleDoc) -> Body | None:
        if doc.documents is None:
            return None
        symbol = self.scope.get(str(doc.documents.fact))
        if symbol is None or symbol.type.kind is not Kind.SET:
            near = self.made.report.suggest(str(doc.documents.fact), self.scope)
            self.made.report.add("set-fact-expected", doc.documents.fact, near=near)
            return None
        for word in doc.documents.required:
            self.made.read_option(word, symbol.type.options)
        required = tuple(str(word) for word in doc.documents.required)
        return Documents(symbol.name, symbol.type, required)

    def _build_rank(self, doc: RuleDoc) -> Body | None:
        keys = []
        for item in doc.rank or ():
            term = self.builder.build(item.key)
            first = self.made.read_option(item.first, ("highest", "lowest"))
            if term is None:
                return None
            keys.append(RankKey(term, first == "highest"))
        return Rank(tuple(keys))

    def _build_consequence(self, doc: RuleDoc) -> Body | None:
        if doc.consequence is None:
            return None
        start = self.builder.build(doc.consequence.start, DATE)
        endless = doc.consequence.until == "endless"
        until = None if endless else self.builder.build(doc.consequence.until, DATE)
        if start is None or (until is None and not endless):
            return None
        party, effect = word_text(doc.consequence.party), word_text(doc.consequence.effect)
        return Consequence(party, effect, start, until)
