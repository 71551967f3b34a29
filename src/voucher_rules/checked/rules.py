"""Comes in: the rules of a document and the names in scope. Goes out: typed rules, or faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from voucher_rules.checked.applies import build_applies
from voucher_rules.checked.bodies import BodyBuilder
from voucher_rules.checked.declarations import PLAIN_NAME, Declarations, word_text
from voucher_rules.checked.definitions import name_defined, sort_definitions
from voucher_rules.checked.expressions import TermBuilder
from voucher_rules.checked.library import Library
from voucher_rules.checked.mechanics import (
    Body,
    Define,
    Documents,
    Exclude,
    Limit,
    Require,
    Rule,
    Window,
)
from voucher_rules.checked.provisions import PlacedRule
from voucher_rules.checked.symbols import Symbol, Wording
from voucher_rules.language.terms import Role
from voucher_rules.language.types import BOOLEAN
from voucher_rules.ruleset.rules import RuleDoc, Topic
from voucher_rules.sources.tree import Scalar

TOPICS: Final = get_args(Topic)
NO_WORDS: Final = Wording("", "")


@dataclass(frozen=True, slots=True)
class RuleBuilder:
    """Builds typed rules over the names in scope; what rules define comes into it."""

    made: Declarations
    library: Library
    scope: dict[str, Symbol]

    def _make_builder(self, *, asked: bool = False) -> TermBuilder:
        return TermBuilder(self.scope, self.made.report, self.library.calendar, asked=asked)

    def build_rules(self, placed: list[PlacedRule]) -> dict[str, Rule]:
        """Build every rule: definitions first, in the order they depend on each other."""
        build_applies(self.made, self.scope, self._make_builder())
        found = sort_definitions(self.made, placed)
        for name in found.cyclic:
            self._break_name(name)
        first = {id(item.doc) for item in found.ordered}
        built: dict[str, Rule] = {}
        for item in (*found.ordered, *(item for item in placed if id(item.doc) not in first)):
            self._build_into(built, item)
        return {str(item.doc.id): built[item.doc.id] for item in placed if item.doc.id in built}

    def _build_into(self, built: dict[str, Rule], item: PlacedRule) -> None:
        self.made.report.ref = item.ref
        rule = self._build_rule(item)
        if rule is not None:
            built[rule.id] = rule
        elif name_defined(item.doc):
            self._break_name(name_defined(item.doc))
        self.made.report.ref = ""

    def _break_name(self, name: str) -> None:
        """Bring a name with a fault into scope, so that reading it is no second fault."""
        self.scope.setdefault(name, Symbol(name, Role.VARIABLE, BOOLEAN, broken=True))

    def _build_rule(self, item: PlacedRule) -> Rule | None:
        doc, made = item.doc, self.made
        made.check_name(doc.id, PLAIN_NAME, "item_cap", held=False)
        made.read_option(doc.topic, TOPICS)
        decisions = tuple(self._read_decision(word) for word in doc.decisions)
        builder = self._make_builder(asked=self._read_unanswered(doc))
        each = self._read_each(doc)
        when = builder.build(doc.when, BOOLEAN, each) if doc.when is not None else None
        bodies = BodyBuilder(made, self.library, self.scope, builder)
        body = bodies.build_each(doc, each, when) if each else bodies.build(doc)
        self._check_keys(doc, body)
        if body is None or (doc.when is not None and when is None):
            return None
        return Rule(
            id=str(doc.id),
            topic=str(doc.topic),
            citation=made.cite(item.ref),
            decisions=decisions,
            body=body,
            says=word_text(doc.says) if doc.says else NO_WORDS,
            span=doc.id.span,
            when=None if each else when,
            soft=made.read_flag(doc.soft),
            key=made.read_flag(doc.key),
            next_step=word_text(doc.next) if doc.next else None,
            sets_aside=tuple(str(word) for word in (doc.overrides or doc.waives or ())),
        )

    def _read_unanswered(self, doc: RuleDoc) -> bool:
        if doc.unanswered is None:
            return False
        if doc.mechanic not in {"require", "exclude", "limits", "define", "window"}:
            self.made.report.add(
                "key-does-not-fit", doc.unanswered, key="unanswered", type=doc.mechanic
            )
        return self.made.read_option(doc.unanswered, ("refer",)) == "refer"

    def _read_each(self, doc: RuleDoc) -> str:
        """Return the list whose every record a rule speaks of, or an empty string."""
        if doc.each is None:
            return ""
        if str(doc.each) not in self.made.lists:
            near = self.made.report.suggest(doc.each, self.made.lists)
            self.made.report.add("unknown-list", doc.each, name=doc.each, near=near)
            return ""
        if doc.mechanic not in {"require", "exclude"}:
            self.made.report.add("key-does-not-fit", doc.each, key="each", type=doc.mechanic)
            return ""
        return str(doc.each)

    def _read_decision(self, word: Scalar) -> str:
        known = [str(name) for name in self.made.document.decisions]
        if word not in known:
            near = self.made.report.suggest(word, known)
            self.made.report.add("unknown-decision", word, name=word, near=near)
        return str(word)

    def _check_keys(self, doc: RuleDoc, body: Body | None) -> None:
        conditions = Require | Exclude | Window | Documents
        if doc.soft is not None and body and not isinstance(body, conditions | Limit):
            self.made.report.add("key-does-not-fit", doc.soft, key="soft", type=doc.mechanic)
        if doc.of is not None and body and not isinstance(body, Define):
            self.made.report.add("key-does-not-fit", doc.of, key="of", type=doc.mechanic)
        if doc.key is not None and body and not isinstance(body, conditions):
            self.made.report.add("key-does-not-fit", doc.key, key="key", type=doc.mechanic)
        if doc.told_to is not None and doc.mechanic != "warn":
            self.made.report.add("key-does-not-fit", doc.told_to, key="told_to", type=doc.mechanic)
        needs_words = isinstance(body, conditions | Limit)
        if needs_words and doc.says is None:
            self.made.report.add("rule-without-words", doc.id)
